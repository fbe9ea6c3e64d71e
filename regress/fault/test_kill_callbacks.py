"""kill -9 of PostgreSQL, its backends and the bridges, at random, while steps are taken and their call-backs are sent: every one comes at least once,
with a stable number, those of a case in their order.

CBD_TEST_ALL=1 kills 60 times, else a few times.
"""
import os
import random

import own_bridge
import pytest
from case_rig import Bureau
from own_bridge import OwnBridge, platform_settings
from receiver import Receiver
from rig import check_envelope, until
from test_kill import alive
from test_kill_steps import Work, kill_backend, kill_server

KILLS = 60 if os.environ.get("CBD_TEST_ALL") else 6


@pytest.fixture
def senders(platform):
    """Two bridges that send beside the platform's own, which works too; a lease is short, so that what a dead one held is soon another's."""
    settings = {"outbound_networks": "callback:127.0.0.0/8, callback:::1/128", "outbound_ca": platform.env["CBD_CA"], "outbound_timeout": "2s"}
    with platform_settings(platform, **settings):
        bridges = [OwnBridge(platform, **settings).start() for _ in range(2)]
        yield bridges
        for bridge in bridges:
            bridge.stop()


@pytest.fixture
def receiver(platform):
    conf = own_bridge.read_conf(platform)
    one = Receiver(conf["tls_cert"], conf["tls_key"])
    yield one
    one.close()


def kill_sender(bridge):
    bridge.process.kill()
    bridge.process.wait()
    bridge.start()


def test_callbacks_survive(platform, senders, receiver):
    """What a step has put is told, whatever is killed between the step and the receiver's answer."""
    bureau = Bureau(platform, resources=["events", "callbacks"])
    data = check_envelope(platform.client.post("/callbacks", {"url": receiver.url("/ok/kill"), "events": ["case.step"]}, token=bureau.sender_token), 200, 0).data
    platform.client.secrets.add(data["secret"])
    until(lambda: platform.client.get(f"/callbacks/{data['callbackId']}", token=bureau.sender_token).data["state"] == "active", 60)
    work = Work(bureau)
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
    finally:
        work.finish()
    assert not work.faults, work.faults[:3]
    steps = work.steps

    def told():
        return {(g.event["subject"], int(g.event["sequence"])): g for g in receiver.of("/ok/kill")}
    # a lease of a bridge that died is over after 17 s; failures while the server was away are tried again
    until(lambda: set(steps) <= set(told()), 180)
    numbers, order = {}, {}
    for got in receiver.of("/ok/kill"):
        key = (got.event["subject"], int(got.event["sequence"]))
        assert numbers.setdefault(key, got.id) == got.id and got.signed_by(data["secret"])
        order.setdefault(key[0], []).append(key[1])
    assert len(set(numbers.values())) == len(numbers)
    for sequence in order.values():
        first = list(dict.fromkeys(sequence))
        assert first == sorted(first)
        # what comes again has come before: nothing later has been told meanwhile but itself
        assert all(n <= max(sequence[:i + 1]) for i, n in enumerate(sequence))
    assert all(alive(bridge.process.pid) for bridge in senders)
