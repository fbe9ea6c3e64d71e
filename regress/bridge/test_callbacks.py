"""Call-backs over HTTPS: consent, signatures, order, retries, receivers that are dead, slow, rejecting, endless; where the bridge does not go."""
import contextlib
import json
import subprocess
import time

import own_bridge
import psycopg2
import pytest
from case_rig import Bureau
from own_bridge import OwnBridge, free_port, platform_settings
from receiver import Receiver, sign
from rig import check_envelope, until

# published with Standard Webhooks 1.0 (spec and reference libraries): secret, id, timestamp, payload, signature
VECTOR = ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}',
          "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"


def outbound(platform, **more):
    return {"outbound_connections": "64", "outbound_networks": "callback:127.0.0.0/8, callback:::1/128", "outbound_ca": platform.env["CBD_CA"], **more}


@pytest.fixture(scope="module")
def sender(platform):
    """The platform's own bridge sends nothing; one of the test's own does."""
    with platform_settings(platform, outbound_connections="0"):
        bridge = OwnBridge(platform, **outbound(platform)).start()
        try:
            yield bridge
        finally:
            bridge.stop()


@pytest.fixture(scope="module")
def receiver(platform):
    conf = own_bridge.read_conf(platform)
    one = Receiver(conf["tls_cert"], conf["tls_key"])
    yield one
    one.close()


@pytest.fixture(scope="module")
def bureau(platform, sender):
    return Bureau(platform, resources=["events", "callbacks"])


class Owner:
    """An application with call-backs."""

    def __init__(self, platform, token):
        self.platform, self.token = platform, token

    def post(self, path, body=None):
        return self.platform.client.post(f"/callbacks{path}", body, token=self.token)

    def get(self, path=""):
        return self.platform.client.get(f"/callbacks{path}", token=self.token)

    def register(self, url, events=("case.step",), wait="active", **more):
        """(callbackId, secret), once it is in that state."""
        data = check_envelope(self.post("", {"url": url, "events": list(events), **more}), 200, 0).data
        self.platform.client.secrets.add(data["secret"])
        if wait:
            until(lambda: self.state(data["callbackId"]) == wait, 30)
        return data["callbackId"], data["secret"]

    def state(self, number):
        return self.get(f"/{number}").data["state"]

    def deliveries(self, number, **query):
        return self.get(f"/{number}/deliveries?" + "&".join(f"{k}={v}" for k, v in query.items())).data["items"]


@pytest.fixture
def owner(platform, bureau):
    """The bureau's application, without call-backs of the test before."""
    platform.sql("UPDATE citybigdata.callback SET state = 'disabled', reason = 'owner', url = url || '#' || callback_id WHERE state <> 'disabled'")
    platform.sql("UPDATE citybigdata.outbox_destination SET state = 'disabled' WHERE purpose = 'callback'")
    platform.sql("UPDATE citybigdata.callback SET app_id = (SELECT min(app_id) FROM citybigdata.application)")
    return Owner(platform, bureau.sender_token)


# ---- the form ----
def test_register(owner, platform):
    """Everything that is wrong is told at once; the secret is shown once, and is nowhere in the clear."""
    bad = owner.post("", {"url": "https://user:pw@receiver.example/", "events": ["case.step", "nothing"], "senderCodes": ["not-mine"],
                          "secret": "whsec_short", "signatures": ["v2"]})
    check_envelope(bad, 422, 42200)
    assert bad.pointers() == {"/url": 42278, "/events/1": 42204, "/senderCodes/0": 40301, "/secret": 42279, "/signatures/0": 42204}
    number, secret = owner.register("https://receiver.invalid/x", wait=None)
    again = check_envelope(owner.post("", {"url": "https://receiver.invalid/x", "events": ["case.closed"]}), 200, 0).data
    assert again == {"callbackId": number, "state": "pending"}
    shown = owner.get(f"/{number}").data
    assert shown["events"] == ["case.closed"] and secret not in json.dumps(shown) and secret not in owner.get().body.decode()
    assert platform.value("SELECT position(%s in c::text) FROM citybigdata.callback c WHERE callback_id = %s", secret[6:], number) == 0


@pytest.mark.parametrize("url", [
    "http://receiver.example/", "ftp://receiver.example/", "https://", "https:///x", "//receiver.example/x", "https://0x7f.1/", "https://2130706433/",
    "https://127.1/", "https://0177.0.0.1/", "https://127.0.0.1.:8443/..", "https://receiver.example/#fragment", "https://a b.example/", "https://[::1/", "https://[fe80::1%25eth0]/",
    "https://receiver.example:0/", "https://receiver.example:99999/", "https://user@receiver.example/", "https://receiver.example\\@127.0.0.1/",
    "https://例え.example/", "https://receiver.example/%zz"])
def test_addresses_refused(owner, url):
    """Notations that one program reads as another address than the next one, user names, other schemes."""
    reply = owner.post("", {"url": url, "events": ["case.step"]})
    check_envelope(reply, 422, 42200)
    assert reply.pointers() == {"/url": 42278}


def test_own_only(owner, platform, stranger):
    """Another's call-back is not there; without the grant there are none."""
    number, _ = owner.register("https://receiver.invalid/own", wait=None)
    other = Owner(platform, platform.token(platform.make_application(resources=["events", "callbacks"])))
    for method, path in (("GET", ""), ("GET", "/deliveries"), ("POST", "/test"), ("POST", "/rotate"), ("POST", "/disable"), ("POST", "/enable"), ("POST", "/deliveries/1/replay")):
        check_envelope(platform.client.request(method, f"/callbacks/{number}{path}", token=other.token), 404, 40490)
    check_envelope(platform.client.get("/callbacks", token=platform.token(platform.make_application(resources=["events"]))), 403, 40300)


def test_many(platform, sender):
    """Twenty of an application, no more."""
    owner = Owner(platform, platform.token(platform.make_application(resources=["events", "callbacks"])))
    for i in range(20):
        owner.register(f"https://receiver.invalid/{i}", wait=None)
    check_envelope(owner.post("", {"url": "https://receiver.invalid/20", "events": ["case.step"]}), 409, 40990)
    platform.sql("DELETE FROM citybigdata.outbox_queue q USING citybigdata.callback c WHERE c.destination_id = q.destination_id AND c.url LIKE %s", "https://receiver.invalid/%")


# ---- consent ----
def test_consent_by_options(owner, receiver):
    number, _ = owner.register(receiver.url("/ok/consent"))
    asked = receiver.wait("/ok/consent", method="OPTIONS")
    assert asked[0].headers["webhook-request-origin"] == "localhost"
    assert owner.get(f"/{number}").data["consent"] == "options"


def test_consent_by_challenge(owner, receiver):
    number, secret = owner.register(receiver.url("/echo/consent"))
    challenge = receiver.wait("/echo/consent", events=False)[0]
    assert challenge.event["type"] == "callback.challenge" and challenge.signed_by(secret)
    assert owner.get(f"/{number}").data["consent"] == "challenge"


def test_no_consent(owner, receiver, bureau):
    """Who takes everything and consents to nothing gets no event."""
    number, _ = owner.register(receiver.url("/mute/x"), wait=None)
    until(lambda: owner.get(f"/{number}").data["note"] == "the reply does not hold the challenge")
    bureau.take("desk", bureau.report(), "accept")
    assert owner.state(number) == "pending" and not owner.deliveries(number, state="pending")
    assert all(d["type"].startswith("callback.") for d in owner.deliveries(number))


# ---- deliveries ----
def test_events(owner, receiver, bureau):
    """CloudEvents of a case in their order, signed as Standard Webhooks has it; nothing personal."""
    number, secret = owner.register(receiver.url("/ok/events"), ["case.step", "case.closed"], secret=SECRET, signatures=["v1", "v1sm3"])
    assert secret == SECRET
    task = bureau.to("closed")
    got = receiver.wait("/ok/events", 6)
    assert [g.event["data"]["action"] for g in got] == ["accept", "file", "dispatch", "handle", "close", "close"]
    assert [g.event["type"] for g in got] == ["case.step"] * 5 + ["case.closed"]
    sequences = [g.event["sequence"] for g in got]
    assert sequences == sorted(sequences) and len(set(sequences)) == 6
    for one in got:
        assert one.signed_by(secret) and one.signed_by(secret, "v1sm3")
        event = one.event
        assert event["specversion"] == "1.0" and event["id"] == one.id and event["subject"] == task and event["source"] == "urn:citybigdata:platform:110000"
        assert abs(time.time() - int(one.headers["webhook-timestamp"])) < 60
        assert set(event["data"]) == {"taskNum", "otherTaskNum", "senderCode", "action", "state", "stage", "version", "time"}
    last = got[-1].event["data"]
    assert last["state"] == 6 and last["stage"] == "closed" and last["taskNum"] == task and last["senderCode"] == bureau.app["senders"][0]
    until(lambda: len(owner.deliveries(number, state="delivered")) == 7)  # with the question for consent


def test_vectors():
    """The published vector, by the code that checks the deliveries here."""
    secret, identity, timestamp, payload, signature = VECTOR
    assert "v1," + sign(secret, identity, timestamp, payload) == signature


def test_only_wanted(owner, receiver, bureau, platform):
    """Only the events asked for, only of the senderCodes asked for; none once the grant is gone."""
    number, _ = owner.register(receiver.url("/ok/wanted"), ["case.closed"], senderCodes=[bureau.app["senders"][0]])
    bureau.to("closed")
    assert [g.event["type"] for g in receiver.wait("/ok/wanted")] == ["case.closed"]
    app = bureau.app["appCode"]
    grant = "UPDATE citybigdata.app_grant SET state = %s WHERE resource = 'callbacks' AND app_id = (SELECT app_id FROM citybigdata.application WHERE app_code = %s)"
    platform.sql(grant, "suspended", app)
    try:
        bureau.to("closed")
    finally:
        platform.sql(grant, "active", app)
    time.sleep(1)
    assert len(receiver.of("/ok/wanted")) == 1


def test_overdue(owner, receiver, bureau, platform):
    """A deadline that passes is told by the clock job, whatever the process makes of it."""
    owner.register(receiver.url("/ok/overdue"), ["case.overdue"])
    task = bureau.to("handle")
    platform.sql("""UPDATE citybigdata.case_clock SET next_due = now() - interval '1 s', escalations = 1 WHERE kind = 'stage'
                    AND rec_id = (SELECT rec_id FROM citybigdata.event WHERE task_num = %s)""", task)
    platform.sql("SELECT citybigdata.run_clocks()")
    event = receiver.wait("/ok/overdue")[0].event
    assert event["type"] == "case.overdue" and event["subject"] == task and event["data"]["action"] == "escalate"


def test_notice_of_a_rule(owner, receiver, bureau, platform):
    """A rule tells the application's call-backs that asked for notices, in the report's transaction; who cannot be told keeps no report."""
    app = bureau.app["appCode"]
    owner.register(receiver.url("/ok/notice"), ["case.notice"])
    owner.register(receiver.url("/ok/notice-not"), ["case.step"])
    rule = {"code": "test-notice", "order": 1, "when": {"senders": [bureau.app["senders"][0]]},
            "then": [{"set": {"level": 2}}, {"notify": {"callback": app, "template": "{taskNum}: {type}, level {level}, {unit}"}}]}
    try:
        platform.sql("SELECT citybigdata.save_rule(%s::jsonb)", json.dumps(rule))
        task = bureau.report()
        one = receiver.wait("/ok/notice")[0].event
        assert one["type"] == "case.notice" and one["subject"] == task
        assert one["data"]["notice"] == {"by": "rule test-notice, version 1", "text": f"{task}: 60201, level 2, -"}
        assert {k for k in one["data"] if k != "notice"} == {"taskNum", "otherTaskNum", "senderCode", "action", "state", "stage", "version", "time"}
        platform.sql("UPDATE citybigdata.callback SET state = 'disabled', reason = 'owner' WHERE url LIKE %s", "%/ok/notice")
        lonely = bureau.report()
        failure = platform.sql("SELECT status_code FROM citybigdata.rule_failure f JOIN citybigdata.event e USING (rec_id) WHERE task_num = %s", lonely)
        assert failure == [(42288,)] and platform.value("SELECT event_level_id FROM citybigdata.event WHERE task_num = %s", lonely) == 2
    finally:
        platform.sql("SELECT citybigdata.save_rule(%s::jsonb)", json.dumps({"code": "test-notice", "validTo": "20200101000000"}))
    assert not [g for g in receiver.of("/ok/notice-not") if g.event["type"] == "case.notice"]


def test_notice_of_the_clock(owner, receiver, bureau, platform):
    """A rung of escalation of the process tells by call-back, once, when the clock passes it."""
    owner.register(receiver.url("/ok/rung"), ["case.notice"])
    before = platform.value("SELECT max(version) FROM citybigdata.process WHERE process_code = 'city-management'")
    definition = platform.value("SELECT definition FROM citybigdata.process WHERE process_code = 'city-management' AND version = %s", before)
    own = {**definition, "escalation": [{"at": "red", "roles": ["leader"], "notify": [{"callback": bureau.app["appCode"], "template": "{taskNum} is late in {stage}"}]}]}
    assert platform.sql("SELECT pointer, status_code FROM citybigdata.process_problems(%s::jsonb)", json.dumps(own)) == []
    platform.sql("SELECT citybigdata.save_process(%s::jsonb)", json.dumps(own))
    try:
        task = bureau.to("handle")
    finally:
        platform.sql("SELECT citybigdata.save_process(%s::jsonb)", json.dumps(definition))
    platform.sql("""UPDATE citybigdata.case_clock SET next_due = now() - interval '1 s', escalations = 1 WHERE kind = 'stage'
                    AND rec_id = (SELECT rec_id FROM citybigdata.event WHERE task_num = %s)""", task)
    platform.sql("SELECT citybigdata.run_clocks()")
    platform.sql("SELECT citybigdata.run_clocks()")
    got = receiver.wait("/ok/rung")
    assert got[0].event["data"]["notice"] == {"by": "clock: stage clock, red: leader", "text": f"{task} is late in handle"}
    time.sleep(1)
    assert len(receiver.of("/ok/rung")) == 1


def test_test_and_replay(owner, receiver, platform):
    """A test, and the same delivery again with the same webhook-id."""
    number, secret = owner.register(receiver.url("/ok/test"))
    delivery = check_envelope(owner.post(f"/{number}/test"), 200, 0).data["deliveryId"]
    first = receiver.wait("/ok/test", events=False)[0]
    assert first.event["type"] == "callback.test" and first.signed_by(secret)
    until(lambda: owner.deliveries(number, state="delivered")[-1]["deliveryId"] == delivery)
    check_envelope(owner.post(f"/{number}/deliveries/{delivery}/replay"), 200, 0)
    second = receiver.wait("/ok/test", 2, events=False)[1]
    assert second.id == first.id == f"msg_{delivery}" and second.body == first.body
    check_envelope(owner.post(f"/{number}/deliveries/999999999/replay"), 404, 40491)


def test_rotation(owner, receiver):
    """Old and new sign together until the overlap is over."""
    number, old = owner.register(receiver.url("/ok/rotate"))
    new = check_envelope(owner.post(f"/{number}/rotate", {"overlap": 3600}), 200, 0).data["secret"]
    owner.platform.client.secrets.add(new)
    owner.post(f"/{number}/test")
    both = receiver.wait("/ok/rotate", events=False)[0]
    assert new != old and both.signed_by(old) and both.signed_by(new)
    newest = check_envelope(owner.post(f"/{number}/rotate", {"overlap": 0, "secret": SECRET}), 200, 0).data["secret"]
    owner.post(f"/{number}/test")
    one = receiver.wait("/ok/rotate", 2, events=False)[1]
    assert newest == SECRET and one.signed_by(newest) and not one.signed_by(new) and len(one.headers["webhook-signature"].split(" ")) == 1


def test_disable_enable(owner, receiver, bureau):
    """What was put before waits, and goes on; while it is off nothing new is put."""
    number, _ = owner.register(receiver.url("/ok/off"))
    check_envelope(owner.post(f"/{number}/disable"), 200, 0)
    check_envelope(owner.post(f"/{number}/test"), 409, 40991)
    bureau.take("desk", bureau.report(), "accept")
    assert check_envelope(owner.post(f"/{number}/enable"), 200, 0).data["state"] == "active"
    task = bureau.report()
    bureau.take("desk", task, "accept")
    assert [g.event["subject"] for g in receiver.wait("/ok/off")] == [task]


# ---- receivers that fail ----
def attempt(owner, number, kind="case.step"):
    """The delivery of an event, once an attempt is over."""
    until(lambda: [d for d in owner.deliveries(number) if d["type"] == kind and (d["attempts"] > 0 or d["state"] != "pending")], 40)
    return [d for d in owner.deliveries(number) if d["type"] == kind][0]


def test_rejecting(owner, receiver, bureau):
    """500: again later; what comes behind it in the same case waits, another case does not."""
    number, _ = owner.register(receiver.url("/reject/x"))
    first, second = bureau.report(), bureau.report()
    bureau.take("desk", first, "accept")
    delivery = attempt(owner, number)
    assert delivery["state"] == "pending" and delivery["httpStatus"] == 500 and delivery["nextAttempt"]
    bureau.take("filer", first, "file", conditionCode="CASE-1")
    bureau.take("desk", second, "accept")
    until(lambda: second in [g.event["subject"] for g in receiver.of("/reject/x")])
    assert {g.event["data"]["action"] for g in receiver.of("/reject/x") if g.event["subject"] == first} == {"accept"}
    receiver.kinds["/reject/x"] = "ok"
    owner.platform.sql("SELECT citybigdata.outbox_retry('callback', %s)", str(number))
    until(lambda: [g.event["data"]["action"] for g in receiver.of("/reject/x") if g.event["subject"] == first][-1] == "file", 30)


def test_redirect(owner, receiver, bureau):
    """A redirect is a failure; nobody follows it."""
    number, _ = owner.register(receiver.url("/redirect/x"))
    bureau.take("desk", bureau.report(), "accept")
    assert attempt(owner, number)["httpStatus"] == 302
    assert not receiver.of("/ok/elsewhere")


def test_gone(owner, receiver, bureau):
    """410: the receiver wants no more; another call-back of the owner is told."""
    other, _ = owner.register(receiver.url("/ok/told"), ["case.closed"])
    number, _ = owner.register(receiver.url("/gone/x"))
    bureau.take("desk", bureau.report(), "accept")
    until(lambda: owner.state(number) == "disabled")
    data = owner.get(f"/{number}").data
    assert data["reason"] == "gone" and data["dead"] == 1
    told = receiver.wait("/ok/told", events=False)[0]
    assert told.event["type"] == "callback.disabled" and told.event["data"] == {"callbackId": number, "reason": "gone"}
    assert owner.platform.value("SELECT count(*) FROM citybigdata.audit_log WHERE action = 'callback.disable' AND object = %s", str(number)) == 1
    # and is asked for consent when it is switched on again
    assert check_envelope(owner.post(f"/{number}/enable"), 200, 0).data["state"] == "pending"


def test_retry_after(owner, receiver, bureau):
    """Retry-After is obeyed, by the message and by the destination."""
    number, _ = owner.register(receiver.url("/later/x"))
    bureau.take("desk", bureau.report(), "accept")
    attempt(owner, number)
    wait = owner.platform.value("""SELECT extract(epoch FROM d.not_before - now()) FROM citybigdata.outbox_destination d JOIN citybigdata.callback c USING (destination_id)
                                   WHERE c.callback_id = %s""", number)
    assert 100 < wait <= 121
    bureau.take("desk", bureau.report(), "accept")
    time.sleep(1.5)
    assert len(receiver.of("/later/x")) == 1


def test_endless(owner, receiver, bureau):
    """2xx and bytes without an end: the status counts, the rest is cut."""
    number, _ = owner.register(receiver.url("/endless/x"))
    bureau.take("desk", bureau.report(), "accept")
    assert attempt(owner, number)["state"] == "delivered"
    until(lambda: hasattr(receiver, "endless"))
    assert receiver.endless < 8 * 1024 * 1024


def test_wrong_certificate(owner, tmp_path):
    """A certificate of nobody who is trusted: nothing is sent to it, not even the question."""
    certificate, key = str(tmp_path / "pem"), str(tmp_path / "key")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key, "-out", certificate, "-days", "2",
                    "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"], check=True, capture_output=True)
    with contextlib.closing(Receiver(certificate, key)) as impostor:
        number, _ = owner.register(impostor.url("/ok/name"), wait=None)
        until(lambda: (owner.get(f"/{number}").data["lastError"] or "").startswith("tls:"))
        assert owner.state(number) == "pending" and not impostor.got


def test_breaker(owner, receiver, bureau):
    """Five failures one after the other open it; the next try is a single one."""
    number, _ = owner.register(receiver.url("/reject/breaker"))
    for _ in range(8):
        bureau.take("desk", bureau.report(), "accept")
    until(lambda: owner.get(f"/{number}").data["notBefore"], 30)
    data = owner.get(f"/{number}").data
    assert data["failures"] >= 5 and data["failingSince"] and data["lastError"] == "the answer was not 2xx"
    problem = owner.platform.value("SELECT to_jsonb(p) FROM citybigdata.outbox_problems() p WHERE p.destination = %s", str(number))
    assert problem["state"] == "active" and problem["waiting"] == 8


def test_failing_for_long(owner, receiver, bureau):
    """Nothing but failures for 120 hours: off, and its owner is told."""
    number, _ = owner.register(receiver.url("/reject/long"))
    bureau.take("desk", bureau.report(), "accept")
    attempt(owner, number)
    owner.platform.sql("""UPDATE citybigdata.outbox_destination SET failing_since = now() - interval '121 hours', not_before = '-infinity'
                          WHERE purpose = 'callback' AND key = %s""", str(number))
    owner.platform.sql("SELECT citybigdata.outbox_retry('callback', %s)", str(number))
    until(lambda: owner.state(number) == "disabled")
    assert owner.get(f"/{number}").data["reason"] == "failing"


def test_dead_letter(owner, receiver, bureau):
    """After the last delay it is given up, seen, and can be sent again."""
    number, _ = owner.register(receiver.url("/reject/dead"))
    task = bureau.report()
    bureau.take("desk", task, "accept")
    attempt(owner, number)
    owner.platform.sql("""UPDATE citybigdata.outbox_queue q SET attempts = 8 FROM citybigdata.callback c WHERE c.destination_id = q.destination_id AND c.callback_id = %s""", number)
    owner.platform.sql("SELECT citybigdata.outbox_retry('callback', %s)", str(number))
    until(lambda: owner.get(f"/{number}").data["dead"] == 1)
    dead = owner.deliveries(number, state="dead")[0]
    assert dead["attempts"] == 9 and dead["taskNum"] == task
    admin = owner.platform.administrator("sysadmin")["token"]
    listed = check_envelope(owner.platform.client.get(f"/admin/outbox?state=dead&destination={number}", token=admin), 200, 0).data["items"]
    assert [i["messageId"] for i in listed] == [dead["deliveryId"]]
    receiver.kinds["/reject/dead"] = "ok"
    check_envelope(owner.platform.client.post("/admin/outbox", {"action": "retry", "messageIds": [dead["deliveryId"]]}, token=admin), 200, 0)
    until(lambda: owner.deliveries(number)[-1]["state"] == "delivered", 30)


def test_nobody_starves(owner, receiver, bureau):
    """A dead, a slow, a rejecting and an endless receiver keep nothing from the good one."""
    good, _ = owner.register(receiver.url("/ok/good"))
    bad = [owner.register(receiver.url(f"/{kind}/starve"))[0] for kind in ("slow", "reject", "endless")]
    dead = free_port()
    gone, _ = owner.register(receiver.url("/ok/starve"))
    owner.platform.sql("UPDATE citybigdata.callback SET url = %s WHERE callback_id = %s", f"https://localhost:{dead}/", gone)
    tasks = [bureau.report() for _ in range(40)]
    started = time.monotonic()
    for task in tasks:
        bureau.take("desk", task, "accept")
    got = receiver.wait("/ok/good", 40, timeout=20)
    assert sorted(g.event["subject"] for g in got) == sorted(tasks)
    assert max(g.at for g in got) - started < 20
    assert bad


# ---- where the bridge does not go ----
# the address is what a name means or what the row says: registration refuses most of them before
INNER = ["https://127.0.0.1:%d/ok/ssrf", "https://localhost:%d/ok/ssrf", "https://[::1]:%d/ok/ssrf", "https://[::ffff:127.0.0.1]:%d/ok/ssrf", "https://0.0.0.0:%d/ok/ssrf",
         "https://[::]:%d/ok/ssrf", "https://127.1:%d/ok/ssrf", "https://2130706433:%d/ok/ssrf", "https://0x7f000001:%d/ok/ssrf", "https://0177.0.0.1:%d/ok/ssrf",
         "https://[64:ff9b::7f00:1]:%d/ok/ssrf", "https://[2002:7f00:1::]:%d/ok/ssrf", "https://169.254.169.254:%d/ok/ssrf", "https://[fd00:ec2::254]:%d/ok/ssrf",
         "https://100.100.100.200:%d/ok/ssrf", "https://10.0.0.1:%d/ok/ssrf", "https://172.16.0.1:%d/ok/ssrf", "https://192.168.1.1:%d/ok/ssrf", "https://224.0.0.1:%d/ok/ssrf",
         "https://user@localhost:%d/ok/ssrf", "http://localhost:%d/ok/ssrf", "file:///etc/passwd?%d", "gopher://localhost:%d/", "https://localhost:22/?%d", "https://localhost:25/?%d",
         "https://192.0.2.1:%d/", "https://198.18.0.1:%d/", "https://255.255.255.255:%d/", "https://[ff02::1]:%d/", "https://[fe80::1]:%d/", "https://[2001:db8::1]:%d/", "https://[2001::1]:%d/"]


def test_inner_addresses(platform, owner, receiver, sender):
    """With no network listed, none of these is connected to, whatever stands in the row: refused at once, as one that may be told later."""
    numbers = []
    for i, url in enumerate(INNER):
        number, _ = owner.register(f"https://receiver.invalid/ssrf{i}", wait=None)
        numbers.append(number)
        platform.sql("DELETE FROM citybigdata.outbox_queue q USING citybigdata.callback c WHERE c.destination_id = q.destination_id AND c.callback_id = %s", number)
        platform.sql("UPDATE citybigdata.callback SET url = %s, state = 'active' WHERE callback_id = %s", url % receiver.port, number)
        platform.sql("UPDATE citybigdata.callback SET app_id = app_id WHERE callback_id = %s", number)
        if i % 15 == 14:
            _judge_inner(platform, owner, receiver, sender, numbers)
            numbers = []
    _judge_inner(platform, owner, receiver, sender, numbers)


def _judge_inner(platform, owner, receiver, sender, numbers):
    before = len(receiver.got)
    sender.stop()
    plain = OwnBridge(platform, **outbound(platform, outbound_networks=""))
    try:
        plain.start()
        for number in numbers:
            check_envelope(owner.post(f"/{number}/test"), 200, 0)
        for number in numbers:
            delivery = attempt(owner, number, "callback.test")
            assert delivery["httpStatus"] is None and (delivery["error"].startswith("refused:") or delivery["error"] == "http:// addresses are switched off"), delivery
        assert len(receiver.got) == before
    finally:
        plain.stop()
        sender.start()
        platform.sql("""UPDATE citybigdata.callback SET state = 'disabled', reason = 'owner', app_id = (SELECT min(app_id) FROM citybigdata.application), url = url || '#' || callback_id
                        WHERE callback_id = ANY (%s)""", numbers)
        platform.sql("UPDATE citybigdata.outbox_destination SET state = 'disabled' WHERE key = ANY (%s)", [str(n) for n in numbers])


# ---- waking, several bridges, the end ----
def test_wake(owner, receiver, bureau, sender):
    """At idle a message leaves long before the next look: told by the bridge that carried the step, or by NOTIFY of one that does not send."""
    owner.register(receiver.url("/ok/wake"))
    times = []
    for client in (sender.client, owner.platform.client):
        for _ in range(8):
            task = bureau.report()
            time.sleep(0.3)
            count = len(receiver.of("/ok/wake"))
            body = {"action": "accept", "version": bureau.version(task)}
            connection = client.connection()
            connection.connect()
            check_envelope(client.post(f"/events/{task}/steps", body, token=bureau.tokens["desk"], connection=connection), 200, 0)
            answered = time.monotonic()
            times.append(receiver.wait("/ok/wake", count + 1)[-1].at - answered)
            connection.close()
    # a poll alone would take half a second in the mean: no measurement, but sure not to be one
    assert sorted(times)[len(times) // 2] < 0.25, times


def test_two_bridges(owner, receiver, bureau, platform):
    """Two bridges drain one outbox: every event once, those of a case in their order."""
    number, _ = owner.register(receiver.url("/ok/two"))
    with contextlib.closing(_Closing(OwnBridge(platform, **outbound(platform)).start())):
        tasks = [bureau.to("handle") for _ in range(10)]
        got = receiver.wait("/ok/two", 30, timeout=30)
        until(lambda: not owner.deliveries(number, state="pending"))
    assert len({g.id for g in got}) == len(receiver.of("/ok/two")) == 30
    for task in tasks:
        assert [g.event["data"]["action"] for g in got if g.event["subject"] == task] == ["accept", "file", "dispatch"]


class _Closing:
    def __init__(self, bridge):
        self.bridge = bridge

    def close(self):
        self.bridge.stop()


def test_stop(owner, receiver, bureau, platform, sender):
    """SIGTERM while a receiver does not end its answer: the message goes back into the queue, without an attempt."""
    sender.stop()
    own = OwnBridge(platform, drain_timeout="500ms", **outbound(platform)).start()
    try:
        number, _ = owner.register(receiver.url("/slow/stop"))
        bureau.take("desk", bureau.report(), "accept")
        receiver.wait("/slow/stop")
        assert own.stop() == 0
        delivery = [d for d in owner.deliveries(number) if d["type"] == "case.step"][0]
        assert delivery["state"] == "pending" and delivery["attempts"] == 0
        assert platform.value("""SELECT q.lease_token IS NULL FROM citybigdata.outbox_queue q JOIN citybigdata.callback c USING (destination_id)
                                 WHERE c.callback_id = %s""", number)
        receiver.kinds["/slow/stop"] = "ok"
    finally:
        own.stop()
        sender.start()
    receiver.wait("/slow/stop", 2)


def test_metrics(owner, sender):
    """Queue, oldest, dead letters, breakers on /metrics; the same for who looks after the bridge on /readyz."""
    text = sender.client.get("//metrics").body.decode()
    for name in ("outbox_waiting", "outbox_oldest_seconds", "outbox_dead", "outbox_failing_destinations", "sms_waiting", "sms_doubtful", "outbound_delivered_total", "outbound_up"):
        assert f"\ncitybigdata_{name} " in text
    assert "citybigdata_outbound_up 1" in text
    ready = sender.client.get("//readyz").data["outbound"]
    assert ready["sends"] is True and ready["connected"] is True
    assert owner.platform.client.get("//readyz").data["outbound"]["sends"] is False


def test_database_gone(owner, receiver, bureau, platform, sender):
    """The engine's session is ended while a message is under way: it connects again, and the outcome is recorded."""
    number, _ = owner.register(receiver.url("/ok/session"))
    for _ in range(3):
        platform.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'citybigdata-bridge outbound'")
        bureau.take("desk", bureau.report(), "accept")
    receiver.wait("/ok/session", 3, timeout=40)
    until(lambda: len([d for d in owner.deliveries(number, state="delivered") if d["type"] == "case.step"]) == 3, 80)


def test_secrets_kept(platform, sender, receiver):
    """Neither secrets nor addresses of receivers are in the log of the bridge."""
    text = sender.log_text()
    assert SECRET not in text and str(receiver.port) + "/ok" not in text
    with contextlib.suppress(psycopg2.Error):
        platform.sql("SELECT 1")
