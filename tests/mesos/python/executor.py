"""A Mesos executor on pymesos: runs each task's command as a child process.

The command line to run is in the task's `data`, as JSON {"command": "..."},
beside which there may be fields for its status updates, as "status".
A task that has a command of its own (one of a group) is run as Mesos's default
executor does it: in a container within the executor's, which the agent is asked
for. The executor leaves by itself once the last of its tasks is over.
"""

import json
import os
import signal
import subprocess
import threading
import time
import urllib.request
import uuid

from pymesos import Executor, MesosExecutorDriver, decode_data

# How long an idle executor stays. The agent must have handled the last status
# update before it sees the executor exit, or it would report a lost task.
LINGER_SECONDS = 0.5
# Between SIGTERM and SIGKILL for a command that is being killed.
KILL_GRACE_SECONDS = 2.0


class Driver(MesosExecutorDriver):
    """Talks to the agent's own path, as Mesos's C++ executor library does.

    pymesos asks for `/api/v1/executor`, which a process that holds a master
    and an agent answers as the master.
    """

    def __init__(self, executor):
        super().__init__(executor)
        agent, _, _ = os.environ["MESOS_SLAVE_PID"].partition("@")
        self.path = f"/{agent}/api/v1/executor"
        # pymesos takes the "0" that Mesos writes here for true, and would
        # outlive its agent for a day, trying to reconnect.
        self.checkpoint = os.environ.get("MESOS_CHECKPOINT") == "1"

        # What the agent gave it to log in with, if executors must.
        token = os.environ.get("MESOS_EXECUTOR_AUTHENTICATION_TOKEN")
        self.login = {"Authorization": f"Bearer {token}"} if token else {}

    def gen_request(self):
        head = "".join(f"{name}: {self.login[name]}\r\n" for name in self.login)
        return (
            super()
            .gen_request()
            .replace(b"/api/v1/executor", self.path.encode(), 1)
            .replace(b"Accept:", head.encode() + b"Accept:", 1)
        )

    def _send(self, body, path=None, method="POST", headers=None):
        headers = {**(headers or {}), **self.login}
        return super()._send(body, self.path, method, headers)

    def ask_agent(self, call):
        """Makes a call of the agent's v1 operator API; returns its answer."""
        url = f"http://{self.master}{self.path.removesuffix('/executor')}"
        json_both = dict.fromkeys(("Content-Type", "Accept"), "application/json")
        request = urllib.request.Request(
            url, json.dumps(call).encode(), {**json_both, **self.login}
        )
        with urllib.request.urlopen(request) as answer:
            return json.loads(answer.read() or b"{}")


class CommandExecutor(Executor):
    def __init__(self):
        self.lock = threading.Lock()
        self.children = {}
        self.killed = set()
        self.active = 0

    def launchTask(self, driver, task):
        task_id = task["task_id"]["value"]
        with self.lock:
            self.active += 1
        if "command" in task:
            run, job = self.run_nested, task["command"]
        else:
            run, job = self.run, json.loads(decode_data(task["data"]))
        threading.Thread(
            target=run, args=(driver, task_id, job), daemon=True
        ).start()

    def launchTaskGroup(self, driver, tasks):
        for task in tasks:
            self.launchTask(driver, task)

    def run(self, driver, task_id, job):
        def update(state, message):
            fields = {"message": message, **job.get("status", {})}
            self.update(driver, task_id, state, fields)

        # Its own process group, so that a kill reaches what it starts too.
        child = subprocess.Popen(
            job["command"], shell=True, start_new_session=True
        )
        with self.lock:
            self.children[task_id] = child
        update("TASK_RUNNING", f"pid {child.pid}")

        status = child.wait()
        with self.lock:
            del self.children[task_id]
            killed = task_id in self.killed
        if killed:
            update("TASK_KILLED", "killed on request")
        elif status == 0:
            update("TASK_FINISHED", "exit status 0")
        else:
            update("TASK_FAILED", f"exit status {status}")
        self.leave_if_idle(driver)

    def leave_if_idle(self, driver):
        time.sleep(LINGER_SECONDS)
        with self.lock:
            self.active -= 1
            idle = self.active == 0
        if idle:
            driver.stop()

    def run_nested(self, driver, task_id, command):
        own = os.path.basename(os.path.realpath(os.environ["MESOS_DIRECTORY"]))
        container = {"value": str(uuid.uuid4()), "parent": {"value": own}}

        def update(state, message):
            status = {"container_id": container}
            fields = {"message": message, "container_status": status}
            self.update(driver, task_id, state, fields)

        def ask(what, **more):
            name = what.lower()
            call = {"type": what, name: {"container_id": container, **more}}
            return driver.ask_agent(call).get(name, {})

        try:
            ask("LAUNCH_NESTED_CONTAINER", command=command)
            update("TASK_RUNNING", "in a container of its own")
            status = ask("WAIT_NESTED_CONTAINER").get("exit_status")
            state = "TASK_FAILED" if status else "TASK_FINISHED"
            update(state, f"exit status {status}")
        except OSError as problem:
            update("TASK_FAILED", str(problem))
        self.leave_if_idle(driver)

    @staticmethod
    def update(driver, task_id, state, fields):
        driver.sendStatusUpdate(
            {
                "task_id": {"value": task_id},
                "state": state,
                "timestamp": time.time(),
                **fields,
            }
        )

    def killTask(self, driver, task_id):
        task_id = task_id["value"]
        with self.lock:
            self.killed.add(task_id)
            child = self.children.get(task_id)
        if child is not None:
            self.end(child)

    def shutdown(self, driver):
        with self.lock:
            children = list(self.children.values())
        for child in children:
            self.end(child)

    @staticmethod
    def end(child):
        def signal_group(number):
            try:
                os.killpg(child.pid, number)
            except ProcessLookupError:
                pass

        signal_group(signal.SIGTERM)
        timer = threading.Timer(
            KILL_GRACE_SECONDS, signal_group, args=(signal.SIGKILL,)
        )
        timer.daemon = True
        timer.start()


if __name__ == "__main__":
    Driver(CommandExecutor()).run()
