"""kill -9 of PostgreSQL and of the bridge, at random, while cases are reported and worked on: what was acknowledged happened, once.

CBD_TEST_ALL=1 kills 60 times, else a few times.
"""
import http.client
import os
import random
import signal
import threading
import uuid

import pytest
from case_rig import Bureau
from platform_rig import shell
from rig import until
from test_kill import alive, bridge_pid, children, postmaster

KILLS = 60 if os.environ.get("CBD_TEST_ALL") else 4
WORKERS = 6
ENOUGH = 20  # acknowledged requests between two kills
WAY = (("desk", "accept", {}), ("filer", "file", {"conditionCode": "CASE-1"}), ("dispatcher", "dispatch", {"to": {"unit": "CASE-LIGHT-1"}}),
       ("unit", "comment", {"note": "已派人"}), ("unit", "handle", {"note": "已处置"}), ("filer", "close", {}))


class Work:
    """Threads that report a case and take it to its closure; a request without an answer is sent again with its Idempotency-Key."""

    def __init__(self, bureau):
        self.bureau, self.client = bureau, bureau.client
        self.name = f"work-{uuid.uuid4().hex}"
        self.reports, self.steps, self.faults = {}, {}, []
        self.lock, self.stopping = threading.Lock(), threading.Event()
        self.threads = [threading.Thread(target=self.run, args=(n,)) for n in range(WORKERS)]
        for thread in self.threads:
            thread.start()

    def send(self, path, body, token, key=None):
        """The reply that is neither lost nor a 503; None when the work is to end."""
        while not self.stopping.is_set():
            try:
                reply = self.client.post(path, body, token=token, headers={"Idempotency-Key": key} if key else None)
            except (OSError, http.client.HTTPException):
                self.stopping.wait(0.05)
                continue
            if reply.status == 503 and reply.header("Retry-After"):
                self.stopping.wait(0.05)
                continue
            if reply.status != 200:
                self.faults.append(reply)
                return None
            return reply.data
        return None

    def run(self, number):
        serial = 0
        while not self.stopping.is_set():
            serial += 1
            name = f"{self.name}-{number}-{serial}"
            event = self.bureau.platform.event(otherTaskNum=name)
            data = self.send("/events", {"data": event, "senderCode": self.bureau.app["senders"][0], "actionType": "UP_REC_REPORT"}, self.bureau.sender_token)
            if data is None:
                return
            with self.lock:
                self.reports[name] = data["taskNum"]
            version = 0
            for who, action, fields in WAY:
                case = self.send(f"/events/{data['taskNum']}/steps", {"action": action, "version": version, **fields}, self.bureau.tokens[who], uuid.uuid4().hex)
                if case is None:
                    return
                version = case["version"]
                with self.lock:
                    self.steps[(data["taskNum"], len(case["steps"]))] = (action, version)

    def count(self):
        return len(self.reports) + len(self.steps)

    def wait_for_more(self):
        goal = self.count() + ENOUGH
        until(lambda: self.faults or self.count() >= goal, 90)
        assert not self.faults, self.faults[:3]

    def finish(self):
        self.stopping.set()
        for thread in self.threads:
            thread.join(60)
            assert not thread.is_alive(), "a worker hangs"


@pytest.fixture
def work(platform):
    running = Work(Bureau(platform))
    yield running
    running.finish()


def kill_server(platform):
    pid = postmaster(platform)
    family = (pid, *children(pid))
    for process in family:
        try:
            os.kill(process, signal.SIGKILL)
        except ProcessLookupError:
            pass
    until(lambda: not any(alive(p) for p in family))
    env = platform.env
    # where nobody reaps orphans (a container without an init) the dead number would still count as a running server
    for name in (os.path.join(platform.folder, "data", "postmaster.pid"), os.path.join(env["PGHOST"], f".s.PGSQL.{env['PGPORT']}.lock")):
        os.remove(name)
    shell(f"cluster_start '{platform.folder}' {env['PGPORT']}")


def kill_backend(platform):
    pid = platform.value("SELECT pid FROM pg_stat_activity WHERE usename = 'citybigdata_bridge' ORDER BY random() LIMIT 1")
    os.kill(pid, signal.SIGKILL)
    until(lambda: not alive(pid))


def kill_bridge(platform):
    port = platform.client.port
    os.kill(bridge_pid(platform), signal.SIGKILL)
    until(lambda: not shell(f"bridge_pids '{platform.folder}'").split())
    shell(f"bridge_start '{platform.folder}' {port}")


def test_killed_while_cases_are_worked_on(platform, client, work):
    chance = random.Random(20261127)
    ways = [kill_backend, kill_bridge, kill_server]
    for kill in ways[:KILLS] + [chance.choice(ways) for _ in range(KILLS - len(ways))]:
        work.wait_for_more()
        kill(platform)
        until(lambda: client.get("//readyz").status == 200)
        # closed cases into the roll-ups while others are worked on
        platform.sql("SELECT citybigdata.fold_case_facts(), citybigdata.merge_rollups()")
    work.wait_for_more()
    work.finish()
    assert not work.faults, work.faults[:3]
    # every report once, with the number that was told
    stored = platform.sql("SELECT other_task_num, task_num FROM citybigdata.event WHERE other_task_num LIKE %s", f"{work.name}-%")
    assert len(stored) == len(dict(stored)) and work.reports.items() <= dict(stored).items()
    # every step once: that number of the case's history is that action, with that version
    history = dict(platform.sql("""SELECT e.task_num || '/' || s.step_no, s.action || '/' || s.version FROM citybigdata.event e JOIN citybigdata.event_step s USING (rec_id)
                                   WHERE e.other_task_num LIKE %s""", f"{work.name}-%"))
    assert {f"{task}/{number}": f"{action}/{version}" for (task, number), (action, version) in work.steps.items()}.items() <= history.items()
    # nothing half-done: the case stands where its last step led, its task and its counters agree
    assert platform.sql("""SELECT e.task_num FROM citybigdata.event e LEFT JOIN citybigdata.case_task t USING (rec_id) WHERE e.other_task_num LIKE %s AND (
        e.step_count <> (SELECT count(*) FROM citybigdata.event_step s WHERE s.rec_id = e.rec_id) OR (t.rec_id IS NULL) <> (e.stage = 'closed') OR t.stage <> e.stage
        OR e.stage <> coalesce((SELECT s.to_stage FROM citybigdata.event_step s WHERE s.rec_id = e.rec_id ORDER BY s.step_no DESC LIMIT 1), 'accept'))""", f"{work.name}-%") == []
    assert platform.sql("SELECT DISTINCT d.member FROM citybigdata.case_fact_differences() d JOIN citybigdata.event e USING (rec_id) WHERE e.other_task_num LIKE %s", f"{work.name}-%") == []
    # the roll-ups and the cases that are not in them are all cases
    assert platform.value("SELECT count(*) FROM citybigdata.case_fact WHERE folded") > 0
    assert platform.sql("SELECT * FROM citybigdata.case_rollup_differences()") == []
    today = "(now() AT TIME ZONE current_setting('citybigdata.time_zone'))::date"
    assert platform.value(f"SELECT (citybigdata.indicators({today} - 3650, {today} + 1) #>> '{{total,cases}}')::integer - (SELECT count(*) FROM citybigdata.case_fact)") == 0
    # and each acknowledged step has its audit row
    audited = platform.value("SELECT count(*) FROM citybigdata.audit_log WHERE action = 'case.step' AND status_code = 0 AND object = ANY(%s)", list(work.reports.values()))
    assert audited >= len(work.steps)
