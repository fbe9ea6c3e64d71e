"""kill -9 of PostgreSQL, of backends that run jobs and of a bridge that does, at random, while jobs are made and run: every job is done, with one result.

CBD_TEST_ALL=1 kills 60 times, else a few times.
"""
import http.client
import os
import random
import threading
import uuid

import pytest
from analysis_rig import register
from own_bridge import OwnBridge
from rig import until
from test_kill import alive
from test_kill_steps import kill_server

KILLS = 60 if os.environ.get("CBD_TEST_ALL") else 4
ENOUGH = 5  # jobs made between two kills


class Work:
    """A thread that makes jobs of some tenths of a second; one without an answer is asked for again, which finds the job that was made."""

    def __init__(self, platform, token):
        self.platform, self.token = platform, token
        self.jobs, self.faults = {}, []
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def run(self):
        while not self.stopping.is_set():
            word = uuid.uuid4().hex
            while not self.stopping.is_set():
                try:
                    reply = self.platform.client.get(f"/analysis/rig-job?seconds=0.4&word={word}", token=self.token)
                except (OSError, http.client.HTTPException):
                    self.stopping.wait(0.05)
                    continue
                if reply.status == 202:
                    self.jobs[word] = reply.data["jobId"]
                    break
                if reply.status not in (503, 429):  # as many as may be open: some are done soon
                    self.faults.append(reply)
                    return
                self.stopping.wait(0.1)

    def wait_for_more(self):
        goal = len(self.jobs) + ENOUGH
        until(lambda: self.faults or len(self.jobs) >= goal, 120)
        assert not self.faults, self.faults[:3]

    def finish(self):
        self.stopping.set()
        self.thread.join(60)
        assert not self.thread.is_alive()


@pytest.fixture
def runner(platform):
    """A bridge that runs jobs beside the platform's own."""
    own = OwnBridge(platform, analysis_jobs="2").start()
    yield own
    own.stop()


def kill_runner(own):
    own.process.kill()
    own.process.wait()
    own.start()


def kill_running(platform):
    """The backend of a job that runs now; the server starts anew, as after any such death."""
    found = platform.sql("""SELECT l.pid FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE l.locktype = 'advisory' AND l.objsubid = 3
                            AND a.application_name = 'citybigdata-bridge jobs' LIMIT 1""")
    for (pid,) in found:
        os.kill(pid, 9)
        until(lambda: not alive(pid))


def test_killed_while_jobs_run(platform, client, runner):
    # a job is begun as often as it takes: the kills are not its fault
    platform.sql("ALTER SYSTEM SET citybigdata.analysis_tries = 100")
    platform.sql("SELECT pg_reload_conf()")
    try:
        app = platform.make_application(resources=["events", *register(platform)], methods=["key"])
        work = Work(platform, platform.token(app))
        try:
            chance = random.Random(20261127)
            ways = [lambda: kill_running(platform), lambda: kill_runner(runner), lambda: kill_server(platform)]
            for kill in ways[:KILLS] + [chance.choice(ways) for _ in range(KILLS - len(ways))]:
                work.wait_for_more()
                kill()
                until(lambda: client.get("//readyz").status == 200, 60)
            work.wait_for_more()
        finally:
            work.finish()
        made = list(work.jobs.values())
        left = "SELECT count(*) FROM citybigdata.analysis_job WHERE state <> 'done' AND job_id = ANY (%s::uuid[])"
        until(lambda: platform.value(left, made) == 0, 180)
        # one result each, and none that belongs to no job
        assert platform.value("SELECT count(DISTINCT result_id) FROM citybigdata.analysis_job WHERE job_id = ANY (%s::uuid[])", made) == len(made)
        assert platform.value("""SELECT count(*) FROM citybigdata.analysis_result r WHERE r.algorithm_code = 'rig-job'
                                 AND NOT EXISTS (SELECT FROM citybigdata.analysis_job j WHERE j.result_id = r.result_id)""") == 0
        for word, number in work.jobs.items():
            assert platform.value("SELECT r.document::jsonb #>> '{result,word}' FROM citybigdata.analysis_job j JOIN citybigdata.analysis_result r USING (result_id) WHERE j.job_id = %s", number) == word
        assert alive(runner.process.pid)
    finally:
        platform.sql("ALTER SYSTEM RESET citybigdata.analysis_tries")
        platform.sql("SELECT pg_reload_conf()")
