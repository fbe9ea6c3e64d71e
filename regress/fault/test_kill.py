"""kill -9 of PostgreSQL and of the bridge while events are reported: what was acknowledged is there, exactly once."""
import http.client
import os
import signal
import threading
import uuid

import pytest
from platform_rig import shell
from rig import check_envelope, until

SENDERS = 8
ENOUGH = 40  # acknowledged reports before the kill, and again after the recovery


class Load:
    """Threads that report one event after the other; a report without an answer is sent again until it has one."""

    def __init__(self, platform, token):
        self.platform, self.token = platform, token
        self.name = f"kill-{uuid.uuid4().hex}"  # id(self) comes back once an earlier load is gone: its numbers are taken
        self.acknowledged = {}  # otherTaskNum: (recID, taskNum, requestId)
        self.events = {}
        self.statuses = set()
        self.faults = []
        self.lock = threading.Lock()
        self.stopping = threading.Event()
        self.threads = [threading.Thread(target=self.run, args=(n,)) for n in range(SENDERS)]
        for thread in self.threads:
            thread.start()

    def run(self, number):
        connection, serial = None, 0
        while not self.stopping.is_set():
            serial += 1
            event = self.platform.event(otherTaskNum=f"{self.name}-{number}-{serial}")
            self.events[event["otherTaskNum"]] = event
            while True:
                try:
                    connection = connection or self.platform.client.connection()
                    reply = self.platform.client.request(
                        "POST", "/events", {"data": event, "senderCode": self.platform.sender, "actionType": "UP_REC_REPORT"},
                        token=self.token, connection=connection)
                except (OSError, http.client.HTTPException):
                    connection = None  # killed or restarting: again
                    if self.stopping.wait(0.05):
                        return
                    continue
                with self.lock:
                    self.statuses.add(reply.status)
                    if reply.status == 200:
                        self.acknowledged[event["otherTaskNum"]] = (reply.data["recID"], reply.data["taskNum"], reply.json["requestId"])
                    elif reply.status != 503:
                        self.faults.append(reply)
                    elif not reply.header("Retry-After"):
                        self.faults.append(reply)
                if reply.status == 200 or self.stopping.wait(0.05):
                    break

    def wait_for_more(self):
        goal = len(self.acknowledged) + ENOUGH
        until(lambda: self.faults or len(self.acknowledged) >= goal, 60)
        assert not self.faults, self.faults[:3]

    def finish(self):
        self.stopping.set()
        for thread in self.threads:
            thread.join(60)
            assert not thread.is_alive(), "a sender hangs"

    def check(self):
        """Every acknowledged event once, with the numbers that were told; every answer a 200 or a 503 that says when to retry."""
        assert not self.faults, self.faults[:3]
        rows = self.platform.sql("SELECT other_task_num, rec_id, task_num FROM citybigdata.event WHERE sender_code = %s AND other_task_num LIKE %s",
                                 self.platform.sender, f"{self.name}-%")
        stored = {}
        for name, rec_id, task_num in rows:
            assert name not in stored, f"{name} is there twice"
            stored[name] = (rec_id, task_num)
        for name, (rec_id, task_num, _) in self.acknowledged.items():
            assert stored.get(name) == (rec_id, task_num), name
        assert len({v[0] for v in stored.values()}) == len(stored) == len({v[1] for v in stored.values()})
        # and each acknowledgement has its audit row
        missing = self.platform.value("SELECT count(*) FROM unnest(%s::text[]) r WHERE NOT EXISTS "
                                      "(SELECT FROM citybigdata.audit_log a WHERE a.request_id = r)", [v[2] for v in self.acknowledged.values()])
        assert missing == 0

    def repeat(self):
        """The same reports again, as often as the bridge says to come back (a worker may still be reconnecting): the first numbers."""
        def answer(name):
            reply = self.platform.report(self.events[name], self.token)
            if reply.status == 503 and reply.header("Retry-After"):
                return None
            return check_envelope(reply, 200, 0)

        for name in list(self.acknowledged)[:30]:
            reply = until(lambda: answer(name))
            assert (reply.data["recID"], reply.data["taskNum"]) == self.acknowledged[name][:2]


@pytest.fixture
def load(platform, token):
    running = Load(platform, token)
    yield running
    running.finish()


def postmaster(platform):
    with open(os.path.join(platform.folder, "data", "postmaster.pid"), encoding="ascii") as file:
        return int(file.readline())


def status(pid):
    """State letter and parent of a process; None when there is none."""
    try:
        with open(f"/proc/{pid}/stat", encoding="latin-1") as file:
            fields = file.read().rsplit(")", 1)[1].split()
    except OSError:
        return None
    return fields[0], int(fields[1])


def alive(pid):
    found = status(pid)
    return found is not None and found[0] != "Z"


def children(pid):
    numbers = (int(name) for name in os.listdir("/proc") if name.isdigit())
    return [n for n in numbers if alive(n) and (status(n) or ("", 0))[1] == pid]


def bridge_pid(platform):
    return int(shell(f"bridge_pids '{platform.folder}'").split()[0])


def test_postgres_killed(platform, client, token, load):
    load.wait_for_more()
    pid = postmaster(platform)
    family = children(pid)
    for process in (pid, *family):
        try:
            os.kill(process, signal.SIGKILL)
        except ProcessLookupError:
            pass
    until(lambda: not any(alive(p) for p in (pid, *family)))
    # the bridge lives and says what is wrong; nothing hangs
    until(lambda: client.get("//readyz").status == 503)
    reply = check_envelope(client.get("/divisions/110101", token=token), 503)
    assert int(reply.header("Retry-After")) > 0
    reply = check_envelope(platform.report(platform.event(), token), 503)
    assert int(reply.header("Retry-After")) > 0
    check_envelope(client.get("//healthz"), 200, 0)
    check_envelope(client.get("/status-codes"), 200, 0)
    env = platform.env
    # where nobody reaps orphans (a container without an init) the dead number would still count as a running server
    for name in (os.path.join(platform.folder, "data", "postmaster.pid"), os.path.join(env["PGHOST"], f".s.PGSQL.{env['PGPORT']}.lock")):
        os.remove(name)
    shell(f"cluster_start '{platform.folder}' {env['PGPORT']}")
    until(lambda: client.get("//readyz").status == 200)
    load.wait_for_more()
    load.finish()
    assert load.statuses == {200, 503}
    load.check()
    load.repeat()


def test_backend_killed(platform, client, load):
    """kill -9 of one backend: PostgreSQL recovers by itself, and the bridge with it."""
    load.wait_for_more()
    pid = platform.value("SELECT pid FROM pg_stat_activity WHERE usename = 'citybigdata_bridge' ORDER BY pid LIMIT 1")
    os.kill(pid, signal.SIGKILL)
    until(lambda: not alive(pid))
    load.wait_for_more()
    until(lambda: client.get("//readyz").status == 200)
    load.finish()
    load.check()
    load.repeat()


def test_backends_terminated(platform, client, load):
    """An administrator ends the bridge's sessions: it connects again."""
    load.wait_for_more()
    platform.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'citybigdata_bridge'")
    load.wait_for_more()
    load.finish()
    load.check()
    load.repeat()


def test_bridge_killed(platform, client, token, load):
    load.wait_for_more()
    pid = bridge_pid(platform)
    os.kill(pid, signal.SIGKILL)
    until(lambda: not shell(f"bridge_pids '{platform.folder}'").split())
    shell(f"bridge_start '{platform.folder}' {client.port}")
    assert bridge_pid(platform) != pid
    load.wait_for_more()
    load.finish()
    load.check()
    load.repeat()
    # no session of the dead one stays behind
    until(lambda: platform.value("SELECT count(*) FROM pg_stat_activity WHERE usename = 'citybigdata_bridge' AND state = 'idle in transaction'") == 0)
