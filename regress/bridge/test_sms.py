"""Sending SMS over HTTPS to real gateways: table A.1, gateways that are down, slow, wrong; bridges that die; Kannel."""
import contextlib
import json
import os
import shutil
import sys
import tempfile
import threading
import time

import pytest
from own_bridge import OwnBridge, platform_settings, read_conf
from platform_rig import TOP
from rig import check_envelope, until
from sms_gateway import HttpGateway, reply
from sms_rig import mobiles

sys.path.insert(0, os.path.join(TOP, "regress", "sms"))
from kannel import Kannel  # noqa: E402
from message_centre import Behaviour, MessageCentre  # noqa: E402

TIMEOUT = 2  # seconds of a call in these tests
LEASE = TIMEOUT + 15  # and of a lease of the outbox


def settings(platform, **more):
    return {"outbound_connections": "64", "outbound_networks": "gateway:127.0.0.0/8", "outbound_ca": platform.env["CBD_CA"], "outbound_timeout": f"{TIMEOUT}s", **more}


@pytest.fixture(scope="module")
def quiet(platform):
    """The platform's own bridge sends nothing meanwhile."""
    with platform_settings(platform, outbound_connections="0"):
        yield


@pytest.fixture(scope="module")
def sender(platform, quiet):
    bridge = OwnBridge(platform, **settings(platform)).start()
    try:
        yield bridge
    finally:
        bridge.remove()


@pytest.fixture(scope="module")
def operator(platform):
    return platform.administrator("sysadmin")


@pytest.fixture(scope="module")
def app(platform):
    """An application without caps."""
    one = platform.make_application(resources=["sms"])
    platform.sql("INSERT INTO citybigdata.sms_policy (app_id, per_minute, per_hour, per_day, text_per_minute, text_per_hour, text_per_day)"
                 " SELECT app_id, 0, 0, 0, 0, 0, 0 FROM citybigdata.application WHERE app_code = %s", one["appCode"])
    return one


@pytest.fixture(scope="module")
def token(platform, app):
    return platform.token(app)


class Setup:
    """What one test sends by."""

    def __init__(self, platform, operator, token):
        self.platform, self.operator, self.token = platform, operator, token

    def save(self, code, url, **more):
        body = {"gateway": {"code": code, "title": code, "url": url, "userName": "city", "password": "s3cret-of-tests", "sender": "106912345",
                            "reportBase": self.platform.env["CBD_URL"], **more}}
        data = check_envelope(self.platform.client.post("/admin/gateways", body, token=self.operator["token"]), 200, 0).data
        if data["reportUrl"]:
            self.platform.client.secrets.update(data[name].rsplit("/", 1)[1] for name in ("reportUrl", "replyUrl"))
        return data

    def send(self, numbers, msg_id, content="您好，案件已办结", client=None, **more):
        answer = (client or self.platform.client).post("/sms/messages", {"mobileStr": ",".join(map(str, numbers)), "content": content, "msgId": msg_id, **more}, token=self.token)
        assert check_envelope(answer, 200, 0).data["accepted"] == len(numbers), answer
        return answer.data

    def batches(self, msg_id):
        """(state, calls, gateway, reason) of each."""
        return self.platform.sql("SELECT b.state, b.attempts, g.gateway_code, b.reason FROM citybigdata.sms_batch b JOIN citybigdata.sms_message m ON m.sms_id = b.sms_id"
                                 " JOIN citybigdata.sms_gateway g ON g.gateway_id = b.gateway_id WHERE m.msg_id = %s ORDER BY b.first_ordinal", msg_id)

    def state(self, msg_id, wanted, seconds=30):
        until(lambda: {row[0] for row in self.batches(msg_id)} == {wanted} or None, seconds)
        return self.batches(msg_id)


@pytest.fixture
def setup(platform, operator, token, sender):
    """Without gateways and messages of the test before."""
    platform.sql("UPDATE citybigdata.sms_gateway SET state = 'disabled'")
    platform.sql("UPDATE citybigdata.outbox_destination SET state = 'disabled' WHERE purpose = 'gateway'")
    return Setup(platform, operator, token)


@pytest.fixture
def gateway(setup):
    one = HttpGateway()
    setup.code = f"g{one.port}-{time.monotonic_ns()}"
    setup.save(setup.code, one.url)
    yield one
    one.close()


_number = iter(range(1, 100000))


def name(prefix):
    return f"{prefix}-{os.getpid()}-{next(_number)}"


# ---- the call ----
def test_forms(platform, setup, gateway, app):
    """JSON and forms, a token or a key in Authorization or tokenId; what the gateway is given."""
    numbers = mobiles(6)
    fields = {"mobileStr": f"+86{numbers[0]}", "content": "表单 & JSON：100%", "msgId": name("form"), "needReply": "1"}
    check_envelope(platform.client.form("/sms/messages", {**fields, "tokenId": setup.token}), 200, 0)
    check_envelope(platform.client.form("/sms/messages", {**fields, "tokenId": app["key"]}), 200, 0)  # a repeat
    check_envelope(platform.client.post("/sms/messages", {"mobileStr": str(numbers[1]), "content": "hello", "tokenId": app["key"], "needReply": True}), 200, 0)
    check_envelope(platform.client.post("/sms/messages", {"mobileStr": str(numbers[2]), "content": "hello", "needReply": False}, token=setup.token), 200, 0)
    gb = json.dumps({"mobileStr": str(numbers[3]), "content": "国标", "msgId": name("gb")}, ensure_ascii=False).encode("gb18030")
    check_envelope(platform.client.post("/sms/messages", gb, token=setup.token, headers={"Content-Type": "application/json; charset=GB18030"}), 200, 0)
    got = {g.numbers[0]: g for g in gateway.wait(4)}
    assert got[str(numbers[0])].body == "表单 & JSON：100%" and got[str(numbers[3])].body == "国标"
    assert (got[str(numbers[0])].headers["x-kannel-coding"], got[str(numbers[1])].headers["x-kannel-coding"]) == ("2", "0")
    assert got[str(numbers[0])].headers["x-kannel-username"] == "city" and got[str(numbers[0])].headers["x-kannel-password"] == "s3cret-of-tests"
    assert set(gateway.times().values()) == {1}
    # two credentials, and a wrong one
    check_envelope(platform.client.post("/sms/messages", {"mobileStr": str(numbers[4]), "content": "x", "tokenId": app["key"]}, token=setup.token), 400, 40015)
    check_envelope(platform.client.post("/sms/messages", {"mobileStr": str(numbers[4]), "content": "x", "tokenId": "no such token"}), 401, 40101)
    check_envelope(platform.client.post("/sms/messages", {"mobileStr": str(numbers[4]), "content": "x"}), 401, 40100)
    check_envelope(platform.client.post("/sms/messages", {"mobileStr": str(numbers[4]), "content": "x"}, token=platform.token()), 403)


@pytest.mark.parametrize("body, wrong", [
    ({"mobileStr": ",".join(f"139{n:08}" for n in range(201)), "content": "x"}, {"/mobileStr": 42204}),
    ({"mobileStr": "13900000000", "content": "汉" * 991}, {"/content": 42203}),
    ({"mobileStr": "13900000000", "content": "😀" * 991}, {"/content": 42203}),
    ({"mobileStr": "13900000000", "content": "e\u0301" * 991}, {"/content": 42203}),
    ({"mobileStr": "13900000000", "content": "x", "msgId": "号" * 51}, {"/msgId": 42203}),
    ({"mobileStr": "", "content": "x"}, {"/mobileStr": 42201}),
    ({"mobileStr": " , ", "content": "x"}, {"/mobileStr": 42215}),
    ({"mobileStr": "13900000000,", "content": "x"}, {"/mobileStr": 42215}),
    ({"mobileStr": ",13900000000", "content": "x"}, {"/mobileStr": 42215}),
    ({"mobileStr": "1390000000O", "content": "x"}, {"/mobileStr": 42215}),
    ({"mobileStr": "13900000000，13900000001", "content": "x"}, {"/mobileStr": 42215}),
    ({"mobileStr": "13900000000", "content": "a\u0007"}, {"/content": 42226}),
    ({"mobileStr": "13900000000", "content": "a\u009f"}, {"/content": 42226}),
    ({"mobileStr": "13900000000", "content": "x", "msgId": "a\u0001"}, {"/msgId": 42226}),
    ({"mobileStr": "13900000000", "content": "x", "needReply": "perhaps"}, {"/needReply": 42204}),
    ({}, {"/mobileStr": 42201, "/content": 42201}),
    ({"mobileStr": ",".join(f"139{n:08}" for n in range(201)), "content": "汉" * 991, "msgId": "x" * 51, "needReply": "2"},
     {"/mobileStr": 42204, "/content": 42203, "/msgId": 42203, "/needReply": 42204})])
def test_refused(platform, setup, gateway, body, wrong):
    """All that is wrong at once, in both languages, audited, nothing stored and nothing sent."""
    before = platform.value("SELECT count(*) FROM citybigdata.sms_message")
    said = []
    for language in ("en", "zh"):
        answer = platform.client.post("/sms/messages", body, token=setup.token, headers={"Accept-Language": language})
        check_envelope(answer, 422, 42200)
        assert answer.pointers() == wrong
        said.append([e["message"] for e in answer.data["errors"]])
    assert all(en != zh and any(ord(c) > 0x4E00 for c in zh) for en, zh in zip(*said)), said
    assert platform.value("SELECT count(*) FROM citybigdata.sms_message") == before
    until(lambda: platform.value("SELECT status_code FROM citybigdata.audit_log WHERE request_id = %s", answer.json["requestId"]) == 42200 or None)
    assert not gateway.got


@pytest.mark.parametrize("raw, kind, status, code", [
    (b'{"mobileStr": "13900000000", "content": "\xba\xba\xd7\xd6"}', "application/json; charset=utf-8", 400, 40003),
    (b'{"mobileStr": "13900000000", "content": "\xff\xfe"}', "application/json; charset=GB18030", 400, 40003),
    (b'{"mobileStr": "13900000000", "content": "a\\u0000b"}', "application/json", 400, 40003),
    (b'{"mobileStr": "13900000000", "content": "\\ud800"}', "application/json", 400, None),
    (b'mobileStr=13900000000&content=%ba%ba', "application/x-www-form-urlencoded; charset=utf-8", 400, None),
    (b'{"mobileStr": ["13900000000"], "content": {}}', "application/json", 400, None),
    (b'{"mobileStr": "13900000000"', "application/json", 400, 40001)])
def test_bodies_that_lie(platform, setup, gateway, raw, kind, status, code):
    answer = platform.client.post("/sms/messages", raw, token=setup.token, headers={"Content-Type": kind})
    check_envelope(answer, status, code)
    assert not gateway.got


def test_repeats_at_once(platform, setup, gateway):
    """The same msgId from many at once: one message, the first answer to all; another text: 409."""
    msg_id, numbers = name("once"), mobiles(3)
    answers = []

    def call():
        answers.append(platform.client.post("/sms/messages", {"mobileStr": ",".join(map(str, numbers)) + ",x", "content": "同一条", "msgId": msg_id}, token=setup.token))
    threads = [threading.Thread(target=call) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {json.dumps(check_envelope(a, 200, 0).data) for a in answers} == {json.dumps(answers[0].data)}
    conflict = platform.client.post("/sms/messages", {"mobileStr": str(numbers[0]), "content": "另一条", "msgId": msg_id}, token=setup.token)
    check_envelope(conflict, 409, 40950)
    setup.state(msg_id, "sent")
    assert gateway.times() == {str(n): 1 for n in numbers}


def test_caps_at_once(platform, setup, gateway):
    """A cap is not outrun by calls at the same time, and the call itself is never 429."""
    other = platform.make_application(resources=["sms"])
    token = platform.token(other)
    number = mobiles(1)[0]
    answers = []

    def call(n):
        answers.append(platform.client.post("/sms/messages", {"mobileStr": str(number), "content": "相同内容"}, token=token))
    threads = [threading.Thread(target=call, args=(n,)) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    outcomes = [check_envelope(a, 200, 0).data for a in answers]
    assert sum(o["accepted"] for o in outcomes) == 2
    assert {r["statusCode"] for o in outcomes for r in o["rejected"]} == {42235}


def test_at_once(setup, gateway):
    """Accepted to handed over while nothing else happens."""
    took = []
    for _ in range(10):
        begin = time.monotonic()
        setup.send(mobiles(1), name("idle"))
        took.append(gateway.wait(len(took) + 1)[-1].at - begin)
        time.sleep(0.1)
    print("accept to gateway, ms:", sorted(round(t * 1000) for t in took))
    assert sorted(took)[5] < 0.25  # 50 ms on a machine that is not shared


def test_from_sql(platform, setup, gateway):
    """send_sms() wakes the bridge by itself."""
    begin = time.monotonic()
    row = platform.sql("SELECT accepted FROM citybigdata.send_sms(%s, '来自数据库', %s)", str(mobiles(1)[0]), name("sql"))
    assert row[0][0] == 1
    assert gateway.wait(1)[0].at - begin < 0.9


# ---- gateways that fail ----
def rubbish(_, got):
    got.socket.sendall(b"\x00\x01 this is no HTTP\r\n\r\n")


def half(_, got):
    got.socket.sendall(b"HTTP/1.1 202 Accepted\r\nContent-Length: 100\r\n\r\n0: Acc")


def closes(_, got):
    pass


def slow(_, got):
    time.sleep(TIMEOUT + 1)


@pytest.mark.parametrize("answer, state", [
    (rubbish, "doubtful"), (half, "doubtful"), (closes, "doubtful"), (slow, "doubtful"),
    (lambda *_: reply(504, "gateway timeout"), "doubtful"), (lambda *_: reply(200, "<html>log in</html>"), "doubtful"),
    (lambda *_: reply(400, "no such number"), "failed"), (lambda *_: reply(202, "3: Queued for later delivery"), "sent"), (lambda *_: reply(200, "0: Accepted"), "sent")])
def test_answers(setup, gateway, answer, state):
    """No number gets it twice, whatever the gateway answers."""
    gateway.answer = answer
    msg_id, numbers = name("answer"), mobiles(2)
    setup.send(numbers, msg_id)
    rows = setup.state(msg_id, state)
    assert rows[0][1] == 1, rows
    time.sleep(1.2)  # another look of the engine
    assert gateway.times() == {str(n): 1 for n in numbers}


@pytest.mark.parametrize("wrong", [lambda *_: reply(500, "internal"), lambda *_: reply(503, "4: later"), lambda *_: reply(403, "Authorization failed"), lambda *_: reply(429, "slowly")])
def test_later(platform, setup, gateway, wrong):
    """An answer that says that it was not taken: once more, and then it is sent."""
    gateway.answer = wrong
    msg_id = name("later")
    setup.send(mobiles(1), msg_id)
    until(lambda: setup.batches(msg_id)[0][3])
    gateway.answer = lambda *_: reply()
    platform.sql("UPDATE citybigdata.outbox_queue q SET due_at = now() FROM citybigdata.sms_batch b JOIN citybigdata.sms_message m ON m.sms_id = b.sms_id"
                 " WHERE q.message_id = b.batch_id AND m.msg_id = %s AND due_at IS NOT NULL", msg_id)
    platform.sql("UPDATE citybigdata.outbox_destination SET not_before = '-infinity' WHERE key = %s", setup.code)
    assert setup.state(msg_id, "sent")[0][1] == 2


def test_down_and_back(platform, setup, gateway):
    """Nobody answers: what waits is sent when it is there again; no number is lost, none gets it twice."""
    gateway.shut()
    numbers = mobiles(20)
    names = [name("down") for _ in numbers]
    for number, msg_id in zip(numbers, names):
        setup.send([number], msg_id)
    until(lambda: platform.value("SELECT failures FROM citybigdata.outbox_destination WHERE key = %s", setup.code) >= 5 or None)
    gateway.open()
    platform.sql("SELECT citybigdata.outbox_retry('gateway', %s)", setup.code)
    for msg_id in names:
        setup.state(msg_id, "sent", 60)
    assert gateway.times() == {str(n): 1 for n in numbers}


def test_other_gateway(setup, gateway):
    """What one does not take goes to the next rank at once; a broken one is left alone."""
    second = HttpGateway()
    code = setup.code + "-b"
    setup.save(code, second.url, rank=2)
    gateway.shut()
    names = [name("other") for _ in range(30)]
    numbers = mobiles(30)
    for number, msg_id in zip(numbers, names):
        setup.send([number], msg_id)
    rows = [setup.state(msg_id, "sent")[0] for msg_id in names]
    assert {row[2] for row in rows} == {code} and second.times() == {str(n): 1 for n in numbers}
    second.close()


def test_template(setup, sender):
    """Another vendor's interface: JSON in a POST, a pattern of success."""
    vendor = HttpGateway(lambda _, got: reply(200, '{"code":0,"id":"A-1"}') if json.loads(got.body)["text"] == "好" else reply(200, '{"code":7}'))
    code = name("vendor")
    setup.save(code, f"http://127.0.0.1:{vendor.port}/v2/send?u={{userName}}", kind="http", method="POST",
               headers=["Content-Type: application/json", "X-Key: {password}"], body='{"phones":["{numbers}"],"text":"{text}"}', numberSeparator='","',
               success='"code":0', refusal='"code":[1-9]')
    good, bad = name("vendor"), name("vendor")
    numbers = mobiles(3)
    setup.send(numbers, good, content="好")
    setup.send(mobiles(1), bad, content='"坏"\n')
    assert setup.state(good, "sent")[0][1] == 1 and setup.state(bad, "failed")[0][3] == '{"code":7}'
    got = [g for g in vendor.got if json.loads(g.body)["text"] == "好"][0]
    assert json.loads(got.body)["phones"] == [str(n) for n in numbers] and got.line == ["POST", "/v2/send?u=city"] and got.headers["x-key"] == "s3cret-of-tests"
    vendor.close()


# ---- bridges that die ----
@contextlib.contextmanager
def only(platform, sender, count=1):
    """Bridges of the test's own instead of the module's."""
    sender.stop()
    bridges = [OwnBridge(platform, **settings(platform)).start() for _ in range(count)]
    try:
        yield bridges
    finally:
        for bridge in bridges:
            bridge.remove()
        sender.start()


@pytest.mark.parametrize("again", [False, True])
def test_kill(platform, setup, gateway, sender, again):
    """kill -9 while the gateway has not answered: doubtful, or once more where the gateway says so; the others are sent."""
    setup.save(setup.code, gateway.url, resendDoubtful=again)
    held = threading.Event()

    def hold(_, got):
        if not held.is_set():
            held.set()
            time.sleep(5)
            return None
        return reply()
    with only(platform, sender) as (bridge,):
        gateway.answer = hold
        msg_id, rest, numbers = name("kill"), name("rest"), mobiles(4)
        setup.send(numbers[:3], msg_id)
        assert held.wait(20)
        bridge.process.kill()
        bridge.process.wait()
        setup.send(numbers[3:], rest)
        bridge.start()
        setup.state(rest, "sent")
        assert setup.batches(msg_id)[0][0] == "sending"
        rows = setup.state(msg_id, "sent" if again else "doubtful", LEASE + 20)
        assert rows[0][1] == (2 if again else 1)
        assert gateway.times() == {**{str(n): 2 if again else 1 for n in numbers[:3]}, str(numbers[3]): 1}
        assert (rows[0][3] is not None) is True


def test_stop(platform, setup, gateway, sender):
    """A bridge that ends orderly while the gateway does not answer: the answer is lost, and the row says it."""
    with only(platform, sender) as (bridge,):
        gateway.answer = lambda *_: time.sleep(60)
        msg_id = name("stop")
        setup.send(mobiles(1), msg_id)
        gateway.wait(1)
        bridge.stop()
        assert setup.batches(msg_id)[0][0] == "doubtful"
        bridge.start()


def test_two_bridges(platform, setup, gateway, sender):
    """Two that send: each number once."""
    numbers = mobiles(120)
    with only(platform, sender, 2):
        names = [name("two") for _ in range(60)]
        for i, msg_id in enumerate(names):
            setup.send(numbers[2 * i:2 * i + 2], msg_id)
        for msg_id in names:
            setup.state(msg_id, "sent")
        assert gateway.times() == {str(n): 1 for n in numbers}


# ---- Kannel ----
@pytest.fixture(scope="module")
def kannel(platform):
    folder = tempfile.mkdtemp(dir="/tmp")
    os.chmod(folder, 0o711)
    centre = MessageCentre()
    one = Kannel(os.path.join(folder, "kannel"), centre_port=centre.port, ca=read_conf(platform)["tls_cert"] if "CBD_CA" not in platform.env else platform.env["CBD_CA"])
    one.start()
    one.centre = centre
    yield one
    one.stop()
    centre.close()
    shutil.rmtree(folder)


def test_kannel(platform, setup, kannel):
    """Through Kannel over SMPP and back: Chinese of 990 characters, GSM-7, 200 numbers; states as the centre reports them."""
    setup.save(name("kannel"), kannel.url, userName=kannel.user, password=kannel.password, reportNetworks=["127.0.0.1"])
    numbers = mobiles(200)
    kannel.centre.script = lambda short: Behaviour(receipts=("UNDELIV",)) if int(short.destination) == numbers[7] else Behaviour()
    long_text = "汉字" * 494 + "😀a"
    msg_id, short = name("kannel"), name("kannel")
    assert setup.send(numbers, msg_id, content=long_text)["parts"] == 15
    setup.send(mobiles(1), short, content="hello {x} €")
    setup.state(msg_id, "sent")
    setup.state(short, "sent")

    def ended():
        data = platform.client.get(f"/sms/messages/{msg_id}", token=setup.token).data
        states = [n["state"] for n in data["numbers"]]
        return states if "sent" not in states and "queued" not in states else None
    states = until(ended, 60)
    assert states == ["failed" if n == numbers[7] else "delivered" for n in numbers]


def test_kannel_without_centre(platform, setup, kannel):
    """The message centre is gone: Kannel queues it (3:), which counts as taken, and delivers it later."""
    setup.save(name("kannel"), kannel.url, userName=kannel.user, password=kannel.password, reportNetworks=["127.0.0.1"])
    kannel.centre.script = lambda short: Behaviour()
    kannel.centre.stop()
    until(lambda: "connecting" in kannel.status() or "re-connecting" in kannel.status(), 30)
    msg_id = name("queued")
    setup.send(mobiles(1), msg_id)
    assert setup.state(msg_id, "sent")[0][1] == 1
    kannel.centre.start()
    until(lambda: platform.client.get(f"/sms/messages/{msg_id}", token=setup.token).data["numbers"][0]["state"] == "delivered" or None, 60)


# ---- administration ----
def test_administration(platform, operator, token, setup):
    """Lists and saves; passwords and tokens are shown in no list; who else asks is refused."""
    client, own = platform.client, operator["token"]
    code = name("admin")
    saved = setup.save(code, "https://gateway.example/cgi-bin/sendsms")
    assert saved["added"] and not setup.save(code, "https://gateway.example/cgi-bin/sendsms")["added"]
    shown = client.get("/admin/gateways?pageSize=1000", token=own)
    assert code in [g["code"] for g in check_envelope(shown, 200, 0).data["items"]]
    assert b"s3cret-of-tests" not in shown.body and saved["reportUrl"].rsplit("/", 1)[1].encode() not in shown.body
    bad = client.post("/admin/gateways", {"gateway": {"code": "X", "kind": "smpp", "url": "ftp://x"}}, token=own)
    check_envelope(bad, 422, 42200)
    assert set(bad.pointers()) >= {"/gateway/code", "/gateway/title", "/gateway/kind", "/gateway/url"}
    check_envelope(client.post("/admin/sms/templates", {"code": "adm", "title": "A", "content": "案件{taskNum}"}, token=own), 200, 0)
    assert check_envelope(client.get("/admin/sms/templates?state=active", token=own), 200, 0).data["items"]
    policy = {"policy": {"signature": "城管委", "perDay": 20, "quietFrom": "00:00", "quietTo": "00:00"}}
    check_envelope(client.post("/admin/sms/policies", policy, token=own), 200, 0)
    every = [p for p in client.get("/admin/sms/policies", token=own).data["items"] if p["appCode"] is None][0]
    assert every["now"]["perDay"] == 20 and every["now"]["perHour"] == 30 and every["now"]["quietFrom"] is None
    check_envelope(client.post("/admin/sms/policies", {"policy": {"quietFrom": "25:00", "perDay": -1, "signature": "【x】", "appCode": "none"}}, token=own), 422, 42200)
    # as it is stored: composed to one character, decomposed to forty; control characters
    for signature in ("e\u0301", "\u0958" * 20, "城\n管", "城\u0085管"):
        refused = client.post("/admin/sms/policies", {"policy": {"signature": signature}}, token=own)
        check_envelope(refused, 422, 42200)
        assert set(refused.pointers()) == {"/policy/signature"}, signature
    platform.sql("DELETE FROM citybigdata.sms_policy WHERE app_id = 0")
    number = mobiles(1)[0]
    assert check_envelope(client.get("/admin/sms/blocks?cursor=19999999999%209999999999", token=own), 200, 0).data["items"] == []
    assert client.post("/admin/sms/blocks", {"action": "block", "mobileStr": str(number)}, token=own).data == {"changed": 1}
    assert client.get(f"/admin/sms/blocks?mobile=%2B86{number}", token=own).data["items"][0]["source"] == "administrator"
    assert platform.value("SELECT detail FROM citybigdata.audit_log WHERE action = 'sms.blocks' ORDER BY audit_id DESC LIMIT 1") == f"mobile={str(number)[:3]}****{str(number)[7:]}"
    setup.save(code, "https://gateway.example/cgi-bin/sendsms")
    answer = client.post("/sms/messages", {"mobileStr": str(number), "content": "x"}, token=token)
    assert answer.data["rejected"][0]["statusCode"] == 42233
    assert client.post("/admin/sms/blocks", {"action": "unblock", "mobileStr": str(number)}, token=own).data == {"changed": 1}
    for path in ("gateways", "sms/policies", "sms/templates", "sms/blocks"):
        check_envelope(client.get(f"/admin/{path}", token=token), 403, 40304)
        check_envelope(client.post(f"/admin/{path}", {}, token=token), 403, 40304)
