"""A Mesos executor on pymesos: runs each task's command as a child process.

The command line to run is in the task's `data`, as JSON {"command": "..."},
beside which there may be fields for its status updates, as "status".
The executor leaves by itself once the last of its tasks is over.
"""

import json
import os
import signal
import subprocess
import threading
import time

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

    def gen_request(self):
        return super().gen_request().replace(
            b"/api/v1/executor", self.path.encode(), 1
        )

    def _send(self, body, path=None, method="POST", headers=None):
        return super()._send(body, self.path, method, headers or {})


class CommandExecutor(Executor):
    def __init__(self):
        self.lock = threading.Lock()
        self.children = {}
        self.killed = set()
        self.active = 0

    def launchTask(self, driver, task):
        task_id = task["task_id"]["value"]
        job = json.loads(decode_data(task["data"]))
        with self.lock:
            self.active += 1
        threading.Thread(
            target=self.run, args=(driver, task_id, job), daemon=True
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

        time.sleep(LINGER_SECONDS)
        with self.lock:
            self.active -= 1
            idle = self.active == 0
        if idle:
            driver.stop()

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
