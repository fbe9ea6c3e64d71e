"""kill -9 of PostgreSQL, its backends and the bridges, at random, while messages are accepted and handed over to Kannel: no number is lost, and none
gets a message twice; what nobody can know is doubtful.

CBD_TEST_ALL=1 kills 60 times, else a few times.
"""
import http.client
import json
import os
import random
import threading
import uuid

import pytest
from kannel_rig import new_centre, running_kannel
from own_bridge import OwnBridge, platform_settings
from rig import until
from sms_rig import mobiles
from test_kill import alive
from test_kill_steps import kill_backend, kill_server

KILLS = 60 if os.environ.get("CBD_TEST_ALL") else 5
WORKERS = 3
ENOUGH = 6   # accepted messages between two kills
NUMBERS = 5  # of a message


class Work:
    """Threads that send messages; one without an answer is sent again with its msgId."""

    def __init__(self, platform, app):
        self.platform, self.app = platform, app
        self.accepted, self.faults = {}, []
        self.lock, self.stopping = threading.Lock(), threading.Event()
        self.threads = [threading.Thread(target=self.run) for _ in range(WORKERS)]
        for thread in self.threads:
            thread.start()

    def run(self):
        while not self.stopping.is_set():
            with self.lock:
                numbers = [str(n) for n in mobiles(NUMBERS)]
            form = {"tokenId": self.app["key"], "msgId": uuid.uuid4().hex, "mobileStr": ",".join(numbers), "content": "案件已办结"}
            while not self.stopping.is_set():
                try:
                    reply = self.platform.client.post("/sms/messages", form)
                except (OSError, http.client.HTTPException):
                    self.stopping.wait(0.05)
                    continue
                if reply.status == 200 and reply.data["accepted"] == NUMBERS:
                    with self.lock:
                        self.accepted[form["msgId"]] = numbers
                    break
                if reply.status != 503:
                    self.faults.append(reply)
                    return
                self.stopping.wait(0.05)

    def wait_for_more(self):
        goal = len(self.accepted) + ENOUGH
        until(lambda: self.faults or len(self.accepted) >= goal, 90)
        assert not self.faults, self.faults[:3]

    def finish(self):
        self.stopping.set()
        for thread in self.threads:
            thread.join()


@pytest.fixture
def senders(platform):
    """Two bridges that hand over beside the platform's own, which does so too; a lease is short."""
    settings = {"outbound_networks": "gateway:127.0.0.0/8", "outbound_timeout": "2s"}
    with platform_settings(platform, **settings):
        bridges = [OwnBridge(platform, **settings).start() for _ in range(2)]
        yield bridges
        for bridge in bridges:
            bridge.stop()


@pytest.fixture
def centre():
    one = new_centre()
    yield one
    one.close()


def kill_sender(bridge):
    bridge.process.kill()
    bridge.process.wait()
    bridge.start()


def test_no_number_is_lost(platform, senders, centre):
    app = platform.make_application(resources=["sms"])
    with running_kannel(platform, centre) as kannel:
        definition = {"code": "kannel", "title": "Kannel", "url": kannel.url, "userName": kannel.user, "password": kannel.password, "batchSize": 2, "timeout": 2,
                      "reportBase": platform.env["CBD_URL"], "reportNetworks": ["127.0.0.1/32"], "newToken": True}
        platform.client.secrets.update((kannel.password, platform.value("SELECT report_url FROM citybigdata.save_gateway(%s)", json.dumps(definition)).rsplit("/", 1)[1]))
        work = Work(platform, app)
        try:
            for _ in range(KILLS):
                work.wait_for_more()
                kind = random.choice(("server", "backend", "sender", "sender"))
                if kind == "server":
                    kill_server(platform)
                elif kind == "backend":
                    kill_backend(platform)
                else:
                    kill_sender(random.choice(senders))
            work.wait_for_more()
        finally:
            work.finish()
        assert not work.faults, work.faults[:3]
        token = platform.token(app)

        def states():
            return {n["mobile"]: n["state"] for msg_id in work.accepted for n in platform.client.get("/sms/messages/" + msg_id, token=token).data["numbers"]}
        # a lease of a bridge that died is over after 17 s; Kannel tries its reports again
        until(lambda: set(states().values()) <= {"delivered", "doubtful"}, 120, 1)
        found = states()
        assert set(found) == {n for numbers in work.accepted.values() for n in numbers}
        counts = {n: len(centre.of(n)) for n in found}
        assert not [n for n, state in found.items() if state == "delivered" and counts[n] != 1]
        assert not [n for n in found if counts[n] > 1]
    assert all(alive(bridge.process.pid) for bridge in senders)
