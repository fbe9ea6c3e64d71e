"""Deliveries of call-backs read by the libraries that receivers use: standardwebhooks verifies, cloudevents parses."""
# /// script
# dependencies = ["standardwebhooks~=1.0", "cloudevents~=1.11"]
# ///
import contextlib
import os

import own_bridge
import pytest
from cloudevents.http import from_http
from own_bridge import OwnBridge
from receiver import Receiver
from rig import check_envelope, until
from standardwebhooks import Webhook, WebhookVerificationError


@pytest.fixture(scope="module")
def receiver(platform):
    conf = own_bridge.read_conf(platform)
    with contextlib.closing(Receiver(conf["tls_cert"], conf["tls_key"])) as one:
        yield one


@pytest.fixture(scope="module")
def owner(platform, receiver):
    """An application with a call-back that its receiver has consented to: (token, callbackId, secret)."""
    token = platform.token(platform.make_application(resources=["events", "callbacks"]))
    data = check_envelope(platform.client.post("/callbacks", {"url": receiver.url("/ok/client"), "events": ["case.step"], "signatures": ["v1", "v1sm3"]}, token=token), 200, 0).data
    # the platform's own bridge sends to public addresses only: messages wait there for ever, or are this one's at once
    bridge = OwnBridge(platform, outbound_networks="callback:127.0.0.0/8, callback:::1/128", outbound_ca=platform.env["CBD_CA"]).start()
    try:
        def active():
            if platform.client.get(f"/callbacks/{data['callbackId']}", token=token).data["state"] == "active":
                return True
            platform.sql("SELECT citybigdata.outbox_retry('callback', %s)", str(data["callbackId"]))
            platform.client.post(f"/callbacks/{data['callbackId']}/test", token=token)
            return False
        until(active, 60)
        yield token, data["callbackId"], data["secret"]
    finally:
        bridge.stop()


def delivery(platform, receiver, owner):
    """One that came."""
    token, number, _ = owner
    platform.client.post(f"/callbacks/{number}/test", token=token)

    def tests():
        return [g for g in receiver.of("/ok/client", events=False) if g.event["type"] == "callback.test"]

    def came():
        if not tests():
            platform.sql("SELECT citybigdata.outbox_retry('callback', %s)", str(number))
        return bool(tests())
    until(came, 60)
    return tests()[0]


def test_verified(platform, receiver, owner):
    got = delivery(platform, receiver, owner)
    assert Webhook(owner[2]).verify(got.body, got.headers)["type"] == "callback.test"
    with pytest.raises(WebhookVerificationError):
        Webhook(owner[2]).verify(got.body + b" ", got.headers)
    with pytest.raises(WebhookVerificationError):
        Webhook("whsec_" + "A" * 32).verify(got.body, got.headers)


def test_cloudevent(platform, receiver, owner):
    got = delivery(platform, receiver, owner)
    event = from_http(got.headers, got.body)
    assert event["specversion"] == "1.0" and event["type"] == "callback.test" and event["id"] == got.id
    assert event["source"].startswith("urn:citybigdata:platform:") and os.environ["CBD_URL"]
