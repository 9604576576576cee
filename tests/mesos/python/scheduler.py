"""A Mesos scheduler on pymesos, driven line by line.

usage: scheduler.py MASTER

The first line on standard input is a JSON object: {"framework": FrameworkInfo,
"principal": ..., "secret": ..., "executor": command line of executor.py}.
Every further line is a command, see `Session.COMMANDS`; closing the input is
the same as {"do": "stop"}. Everything seen is one JSON line on standard output.

Exit status: 0 after a stop, 2 when the master refused the subscription, 1 for
anything else.
"""

import base64
import json
import os
import select
import sys
import threading

from pymesos import MesosSchedulerDriver, Scheduler

EMIT_LOCK = threading.Lock()
# pymesos reports a failed subscription by interrupting the main thread without
# waking it from a system call, so the main thread must not block for long.
POLL_SECONDS = 0.05
# Offers that nobody needs are declined for good; a launch revives them.
DECLINE = {"refuse_seconds": 3600.0}


def emit(event, **fields):
    with EMIT_LOCK:
        print(json.dumps({"event": event, **fields}), flush=True)


def scalar(resources, name):
    return sum(
        r["scalar"]["value"] for r in resources if r["name"] == name
    )


class Session(Scheduler):
    """Holds what is asked for until an offer arrives that can carry it."""

    def __init__(self, executor):
        self.executor = executor
        self.lock = threading.Lock()
        self.wanted = []
        # pymesos calls itself connected a moment before it has the
        # framework's id, and fails on calls in between.
        self.subscribed = False

    # What pymesos calls, on its own thread.

    def registered(self, driver, framework_id, master_info):
        self.subscribed = True
        emit("registered", framework_id=framework_id["value"])

    def reregistered(self, driver, master_info):
        emit("reregistered")

    def disconnected(self, driver):
        emit("disconnected")

    def resourceOffers(self, driver, offers):
        for offer in offers:
            with self.lock:
                chosen = self.choose(offer)
            if not chosen:
                driver.declineOffer(offer["id"], DECLINE)
                continue
            operations = []
            for want in chosen:
                operations += want["operations"](offer)
            # An unused rest comes back at once with the next revive.
            emit(
                "accepting",
                offer_id=offer["id"]["value"],
                agent_id=offer["agent_id"]["value"],
                tasks=[t for want in chosen for t in want["tasks"]],
            )
            driver.acceptOffers(offer["id"], operations, DECLINE)
            with self.lock:
                if self.wanted:
                    driver.reviveOffers()

    def statusUpdate(self, driver, status):
        emit(
            "status",
            task_id=status["task_id"]["value"],
            state=status["state"],
            source=status.get("source"),
            reason=status.get("reason"),
            message=status.get("message"),
            agent_id=status.get("agent_id", {}).get("value"),
            executor_id=status.get("executor_id", {}).get("value"),
            uuid=status.get("uuid"),
        )

    def frameworkMessage(self, driver, executor_id, agent_id, message):
        emit("message", executor_id=executor_id["value"], data=message)

    def slaveLost(self, driver, agent_id):
        emit("agent_lost", agent_id=agent_id["value"])

    def executorLost(self, driver, executor_id, agent_id, status):
        emit("executor_lost", executor_id=executor_id["value"], status=status)

    def error(self, driver, message):
        emit("error", message=message)

    # What fits into an offer, in the order in which it was asked for.

    def choose(self, offer):
        left = {n: scalar(offer["resources"], n) for n in ("cpus", "mem")}
        role = offer.get("allocation_info", {}).get("role")
        chosen = []
        for want in list(self.wanted):
            fits = all(want[n] <= left[n] for n in left)
            if fits and want["role"] in (None, role):
                for n in left:
                    left[n] -= want[n]
                self.wanted.remove(want)
                chosen.append(want)
        return chosen

    # Commands, on the main thread.

    def launch(self, driver, tasks):
        """Each task: id, command; optional name, cpus, mem, role, labels,
        executor_id, status (fields of the status updates), task and executor
        (merged over what is made here, as is the executor's command)."""
        for task in tasks:
            self.want(
                cpus=task.get("cpus", 0.1) + 0.05,
                mem=task.get("mem", 32) + 32,
                role=task.get("role"),
                tasks=[task["id"]],
                operations=lambda offer, task=task: [
                    {
                        "type": "LAUNCH",
                        "launch": {"task_infos": [self.task(task, offer)]},
                    }
                ],
            )
        self.revive(driver)

    def operations(self, driver, operations, role=None):
        """Accepts the next offer with the given raw operations, in which
        the string "$AGENT_ID" stands for the offer's agent."""

        def fill(offer):
            text = json.dumps(operations)
            text = text.replace("$AGENT_ID", offer["agent_id"]["value"])
            return json.loads(text)

        self.want(cpus=0, mem=0, role=role, tasks=[], operations=fill)
        self.revive(driver)

    def want(self, **want):
        with self.lock:
            self.wanted.append(want)

    def revive(self, driver):
        # Until it is subscribed, the first offers are still to come.
        if self.subscribed:
            driver.reviveOffers()

    def task(self, task, offer):
        def resources(cpus, mem):
            return [
                {"name": name, "type": "SCALAR", "scalar": {"value": value}}
                for name, value in (("cpus", cpus), ("mem", mem))
            ]

        job = {"command": task["command"], "status": task.get("status", {})}
        data = json.dumps(job).encode()
        executor = dict(task.get("executor", {}))
        command = {"value": self.executor, **executor.pop("command", {})}
        executor_id = task.get("executor_id", "executor-" + task["id"])
        return {
            "name": task.get("name", task["id"]),
            "task_id": {"value": task["id"]},
            "agent_id": offer["agent_id"],
            "resources": resources(
                task.get("cpus", 0.1), task.get("mem", 32)
            ),
            "labels": {
                "labels": [
                    {"key": key, "value": value}
                    for key, value in task.get("labels", {}).items()
                ]
            },
            "data": base64.b64encode(data).decode(),
            "executor": {
                "type": "CUSTOM",
                "name": "testbed",
                "executor_id": {"value": executor_id},
                "resources": resources(0.05, 32),
                "command": command,
                **executor,
            },
            **task.get("task", {}),
        }

    def kill(self, driver, task_id):
        driver.killTask({"value": task_id})

    def call(self, driver, call):
        """Any v1 scheduler call; the framework's id is added."""
        driver._send({"framework_id": {"value": driver.framework_id}, **call})

    COMMANDS = {
        "launch": launch,
        "operations": operations,
        "kill": kill,
        "call": call,
    }


def lines():
    """Yields lines of standard input, None while there is nothing, and ends
    with the input."""
    pending = b""
    while True:
        if not select.select([sys.stdin], [], [], POLL_SECONDS)[0]:
            yield None
            continue
        chunk = os.read(sys.stdin.fileno(), 65536)
        if not chunk:
            return
        pending += chunk
        *complete, pending = pending.split(b"\n")
        yield from complete


def drive(session, driver, source):
    """Returns whether to leave without unregistering."""
    for line in source:
        if line is None:
            if driver.aborted:
                raise RuntimeError("the driver gave up")
            continue
        command = json.loads(line)
        what = command.pop("do")
        if what == "stop":
            return command.get("failover", False)
        try:
            Session.COMMANDS[what](session, driver, **command)
        except Exception as problem:  # e.g. a call that the master rejects
            emit("rejected", command=what, message=str(problem))
    return False


def main(master):
    source = lines()
    settings = json.loads(next(line for line in source if line))
    session = Session(settings["executor"])
    driver = MesosSchedulerDriver(
        session,
        settings["framework"],
        master,
        principal=settings.get("principal"),
        secret=settings.get("secret"),
    )
    try:
        driver.start()
        failover = drive(session, driver, source)
    except (Exception, KeyboardInterrupt) as problem:
        message = str(problem)
        refused = message.startswith("Failed with HTTP 4")
        emit("refused" if refused else "error", message=message)
        return 2 if refused else 1
    driver.stop(failover)
    driver.join()
    emit("stopped")
    return 0


if __name__ == "__main__":
    status = main(*sys.argv[1:])
    sys.stdout.flush()
    # pymesos leaves threads behind after a failure; none is worth waiting for.
    os._exit(status)
