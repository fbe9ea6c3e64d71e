"""What gateways report: states of numbers and parts in any order, orphans, replies, opt-out; forged, repeated, malformed calls; what applications read."""
import itertools
import json
import time

import pytest
from rig import check_envelope
from sms_rig import Gateway, mobiles

WAITING = {"taken": 0, "repeated": 0, "waiting": 1}
TAKEN = {"taken": 1, "repeated": 0, "waiting": 0}
REPEATED = {"taken": 0, "repeated": 1, "waiting": 0}


@pytest.fixture(scope="module")
def app(platform):
    return platform.make_application(resources=["sms"])


@pytest.fixture(scope="module")
def token(platform, app):
    return platform.token(app)


@pytest.fixture(scope="module")
def gateway(platform):
    return Gateway(platform)


def kannel(gateway, sms_id, mobile, status, **more):
    """A call of Kannel's dlr-url."""
    return gateway.get("report", r=sms_id, to=mobile, status=status, id=more.pop("id", ""), time=int(time.time()), answer=more.pop("answer", "ACK/"), **more)


def audit(platform, action, object_name):
    return platform.sql("SELECT status_code, detail FROM citybigdata.audit_log WHERE action = %s AND object = %s", action, object_name)


# ---- reports ----

def test_kannel(app, gateway):
    numbers = mobiles(3)
    sms_id, _ = gateway.message(app, numbers)
    assert check_envelope(kannel(gateway, sms_id, numbers[0], 8), 200, 0).data == TAKEN
    assert gateway.states(sms_id) == ["sent", None, None]
    assert kannel(gateway, sms_id, numbers[0], 1, answer="id:1 stat:DELIVRD err:000 text:").data == TAKEN
    # later, but behind: nothing goes back
    assert kannel(gateway, sms_id, numbers[0], 8).data == REPEATED
    assert kannel(gateway, sms_id, numbers[0], 1).data == REPEATED
    assert kannel(gateway, sms_id, numbers[1], 2, answer="id:2 sub:001 dlvrd:000 stat:UNDELIV err:027 text:").data == TAKEN
    assert kannel(gateway, sms_id, numbers[2], 2, answer="id:3 sub:001 dlvrd:000 stat:EXPIRED err:031 text:").data == TAKEN
    assert gateway.states(sms_id) == ["delivered", "failed", "expired"]


def test_every_order_ends_alike(platform, app, gateway):
    """The state does not depend on the order in which reports come."""
    words = ["ACCEPTD", "UNKNOWN", "EXPIRED", "UNDELIV", "DELIVRD"]
    for count in (2, 3):
        for chosen in itertools.combinations(words, count):
            ends = set()
            for order in itertools.permutations(chosen):
                number, = mobiles(1)
                sms_id, _ = gateway.message(app, [number], ids={0: [f"o{number}"]})
                for word in order:
                    gateway.form("report", msgid=f"o{number}", status=word)
                ends.add(gateway.states(sms_id)[0])
            assert len(ends) == 1, (chosen, ends)


@pytest.mark.parametrize("stored, told", [("1a2b", "1A2B"), ("1a2b", "00001a2b"), ("1a2b", "6699"), ("6699", "1A2B"), ("6699", "0000001a2b"), ("m-7f", "M-7F"),
                                          ("ffffffffffffffff", "18446744073709551615"), ("0", "0000")])
def test_case_and_base(app, gateway, stored, told):
    """The gateway writes its number otherwise in the report than in its answer."""
    number, = mobiles(1)
    sms_id, _ = gateway.message(app, [number], ids={0: [stored]})
    try:
        assert check_envelope(gateway.form("report", msgid=told, phone=number, report_status="DELIVRD"), 200, 0).data == TAKEN
        assert gateway.states(sms_id) == ["delivered"]
    finally:
        gateway.platform.sql("DELETE FROM citybigdata.sms_part WHERE sms_id = %s", sms_id)


def test_base_is_not_guessed_against_the_number(app, gateway):
    """The same digits in the other base are another message's: the handset decides."""
    one, other = mobiles(2)
    first, _ = gateway.message(app, [one], ids={0: ["3039"]})      # 12345 in decimal
    second, _ = gateway.message(app, [other], ids={0: ["12345"]})
    assert gateway.form("report", id="12345", mobile=one, status="DELIVRD").data == TAKEN
    assert (gateway.states(first), gateway.states(second)) == (["delivered"], [None])
    assert gateway.form("report", id="12345", status="UNDELIV").data == TAKEN  # as it is written comes first
    assert gateway.states(second) == ["failed"]


def test_parts(app, gateway):
    """A number is delivered when all its parts are, and failed with the first that is."""
    numbers = mobiles(3)
    sms_id, _ = gateway.message(app, numbers, parts=3, ids={n: [f"p{numbers[n]}-{k}" for k in "abc"] for n in range(3)})

    def part(n, k, word):
        return gateway.post("report", {"id": f"P{numbers[n]}-{k}", "state": word}).data
    for k in "cab":
        assert gateway.states(sms_id)[0] in (None, "sent")
        assert part(0, k, "DELIVRD") == TAKEN
    assert part(0, "a", "DELIVRD") == REPEATED
    part(1, "a", "DELIVRD"), part(1, "b", "UNDELIV"), part(1, "c", "DELIVRD")
    part(2, "a", "UNKNOWN"), part(2, "b", "DELIVRD"), part(2, "c", "UNKNOWN")
    assert gateway.states(sms_id) == ["delivered", "failed", "unknown"]
    # the part arrives after all
    assert part(1, "b", "DELIVRD") == TAKEN
    assert gateway.states(sms_id)[1] == "delivered"


def test_one_number_of_a_whole_call(app, gateway):
    """A vendor that has one id for all numbers of a call names the handset in the report."""
    numbers = mobiles(2)
    sms_id, _ = gateway.message(app, numbers, ids={-1: ["biz-1"]})
    reports = [{"biz_id": "biz-1", "phone_number": str(numbers[1]), "success": True, "report_time": time.strftime("%Y-%m-%d %H:%M:%S")},
               {"biz_id": "biz-1", "phone_number": f"+86{numbers[0]}", "success": False, "err_code": "MK:0013"},
               {"biz_id": "biz-1", "success": True}]
    reply = check_envelope(gateway.post("report", reports), 200, 0)
    assert (reply.data["taken"], reply.data["waiting"]) == (2, 1)
    assert gateway.states(sms_id) == ["failed", "delivered"]
    assert gateway.platform.value("SELECT reason FROM citybigdata.sms_number WHERE sms_id = %s AND ordinal = 0", sms_id) == "MK:0013"


def test_orphans(platform, app):
    """A report of what is not known is kept, once. (What becomes of it: test_sms_gateways.py.)"""
    gateway = Gateway(platform)
    number, = mobiles(1)
    assert gateway.form("report", msgid="00AB", phone=number, status="DELIVRD", time=int(time.time())).data == WAITING
    assert gateway.form("report", msgid="ab", phone=number, status="delivrd").data == REPEATED
    assert gateway.form("report", msgid="ab", phone=number, status="UNDELIV").data == WAITING
    assert gateway.orphans() == 2


def test_own_names(platform, app):
    """Fields and words of a vendor that are set for the gateway."""
    gateway = Gateway(platform, fields='{"id":"nr","state":"ergebnis","items":"berichte"}', states='{"zugestellt":"delivered","abgelaufen":"expired"}')
    number, = mobiles(1)
    sms_id, _ = gateway.message(app, [number], ids={0: ["x1"]})
    assert gateway.post("report", {"berichte": [{"nr": "X1", "ergebnis": "Zugestellt"}]}).data == TAKEN
    assert gateway.states(sms_id) == ["delivered"]
    # a word that nobody knows: unknown, with the word
    sms_id, _ = gateway.message(app, mobiles(1), ids={0: ["x2"]})
    assert gateway.post("report", {"nr": "x2", "ergebnis": "verloren"}).data == TAKEN
    assert platform.sql("SELECT state, reason FROM citybigdata.sms_number WHERE sms_id = %s", sms_id) == [("unknown", "verloren")]


def test_gb18030(app, gateway):
    """A vendor's form in GBK."""
    number, = mobiles(1)
    sms_id, _ = gateway.message(app, [number], ids={0: ["g1"]})
    body = b"msgid=g1&status=UNDELIV&err=" + "".join(f"%{b:02X}" for b in "空号".encode("gb18030")).encode()
    assert gateway.post("report", body, headers={"Content-Type": "application/x-www-form-urlencoded; charset=GBK"}).data == TAKEN
    assert gateway.platform.value("SELECT reason FROM citybigdata.sms_number WHERE sms_id = %s", sms_id) == "空号"


# ---- who may call ----

def test_forged(platform, app, gateway):
    number, = mobiles(1)
    sms_id, _ = gateway.message(app, [number])
    fields = {"r": sms_id, "to": number, "status": 1}
    for wrong in ("x", gateway.token[:-1], gateway.token + "A", gateway.token.swapcase()):
        check_envelope(gateway.get("report", token=wrong, **fields), 404, 40485)
        check_envelope(gateway.get("reply", token=wrong, **{"from": number, "text": "TD", "id": "1"}), 404, 40485)
    # the right token from an address that is not listed
    elsewhere = platform.client.at("127.0.0.77")
    check_envelope(gateway.get("report", client=elsewhere, **fields), 403, 40385)
    check_envelope(gateway.get("reply", client=elsewhere, **{"from": number, "text": "TD", "id": "1"}), 403, 40385)
    assert elsewhere.get(gateway.path("report") + "?status=1", headers={"Accept-Language": "zh"}).json["message"].endswith("网关的来源地址不在登记范围内")
    nobody = Gateway(platform, networks="{}")
    check_envelope(nobody.get("report", **fields), 403, 40385)
    # another gateway knows nothing of this one's message
    other = Gateway(platform)
    assert other.get("report", **fields).data == WAITING
    assert gateway.states(sms_id) == [None]
    assert platform.value("SELECT count(*) FROM citybigdata.sms_block WHERE mobile = %s", number) == 0
    assert 40385 in [row[0] for row in audit(platform, "sms.report", gateway.code)]
    # a HEAD must not change anything
    assert platform.client.request("HEAD", gateway.path("report") + f"?r={sms_id}&to={number}&status=1").status == 405


@pytest.mark.parametrize("fields, code", [
    ({}, 42200), ({"r": 1, "status": 1}, 42200), ({"status": 1, "to": "13010000000"}, 42200), ({"id": "a", "to": "123", "status": 1}, 42200),
    ({"id": "a b", "status": 1}, 42200), ({"id": "x" * 129, "status": 1}, 42200), ({"id": "a"}, 42200), ({"id": "a", "status": "x" * 41}, 42200),
    ({"id": "a", "status": 1, "time": "yesterday"}, 42200), ({"id": "a", "status": 1, "time": 1}, 42200), ({"id": "a", "status": 1, "time": 1600000000}, 42200),
    ({"id": "a", "status": 1, "time": 4000000000}, 42200)])
def test_malformed_report(gateway, fields, code):
    before = gateway.orphans()
    reply = check_envelope(gateway.get("report", **fields), 422, code)
    assert reply.data["errors"] and gateway.orphans() == before


@pytest.mark.parametrize("body, headers, status", [
    (b"[", None, 400), (b"[]", None, 422), (b"[1,2]", None, 422), (b'{"items":"["}', None, 400), (b'{"id":"a","id":"b"}', None, 400), (b"\xff", None, 400), (b"<a/>", "text/xml", 415),
    (b"[" * 1000, None, 400), (b'{"items":[' + b",".join(b'{}' for _ in range(1001)) + b"]}", None, 422), (b"id=%zz", "application/x-www-form-urlencoded", 400),
    (b"id=a%00b&status=1", "application/x-www-form-urlencoded", 400)])
def test_malformed_body(gateway, body, headers, status):
    for what in ("report", "reply"):
        reply = gateway.post(what, body, headers={"Content-Type": headers or "application/json"})
        assert reply.status in (status, 422) and reply.status < 500, reply


def test_good_ones_stay(app, gateway):
    number, = mobiles(1)
    sms_id, _ = gateway.message(app, [number], ids={0: ["good1"]})
    reply = check_envelope(gateway.post("report", [{"id": "good1", "status": "DELIVRD"}, {"id": "a b", "status": 1}, 7]), 200, 0)
    assert (reply.data["taken"], {e["pointer"] for e in reply.data["errors"]}) == (1, {"/items/1/id", "/items/2/id", "/items/2/state"} | {e["pointer"] for e in reply.data["errors"]})
    assert gateway.states(sms_id) == ["delivered"]


# ---- replies ----

def test_reply(platform, app, token, gateway):
    number, stranger = mobiles(2)
    _, silent = gateway.message(app, [number])
    _, asked = gateway.message(app, [number], need_reply=True)
    _, later = gateway.message(app, [number])
    fields = {"from": number, "to": "106912345", "time": int(time.time()), "text": "已处理  谢谢", "id": "r-1"}
    assert check_envelope(gateway.get("reply", **fields), 200, 0).data == {"taken": 1, "repeated": 0}
    assert gateway.get("reply", **fields).data == {"taken": 0, "repeated": 1}
    check_envelope(gateway.get("reply", **{**fields, "text": "别的"}), 409, 40955)
    # nobody asked this one
    assert gateway.get("reply", **{**fields, "from": stranger, "id": "r-2"}).data["taken"] == 1
    items = check_envelope(platform.client.get("/sms/replies?msgId=" + asked, token=token), 200, 0).data["items"]
    assert [(i["mobile"], i["content"], i["msgId"], i["optOut"]) for i in items] == [(str(number), "已处理  谢谢", asked, False)]
    for msg_id in (silent, later):
        assert platform.client.get("/sms/replies?msgId=" + msg_id, token=token).data["items"] == []
    assert platform.value("SELECT count(*) FROM citybigdata.sms_reply WHERE mobile = %s AND app_id IS NULL", stranger) == 1


@pytest.mark.parametrize("text, out", [("TD", True), ("td", True), ("T", True), (" ｔｄ。", True), ("退订", True), ("回复TD", True), ("“退订”", False), ("TD了", False), ("今天", False), ("", False),
                                       ("STOP", True), ("拒收", True), ("不要退订", False), ("T" * 100, False)])
def test_opt_out(platform, app, gateway, text, out):
    number, = mobiles(1)
    gateway.message(app, [number])
    assert gateway.post("reply", {"from": f"+86{number}", "text": text, "id": f"o-{number}"}).data["taken"] == 1
    app_id = platform.value("SELECT app_id FROM citybigdata.application WHERE app_code = %s", app["appCode"])
    assert platform.sql("SELECT app_id, source FROM citybigdata.sms_block WHERE mobile = %s", number) == ([(app_id, "reply")] if out else [])


def test_opt_out_under_a_number_of_another(platform, gateway):
    """A gateway that begins its numbers anew: refused, so that it is heard of; not taken for the reply of somebody else."""
    one, other = mobiles(2)
    first = {"from": str(one), "text": "TD", "id": f"again-{one}"}
    assert gateway.post("reply", first).data["taken"] == 1 and gateway.post("reply", first).data["repeated"] == 1
    check_envelope(gateway.post("reply", {**first, "from": str(other)}), 409, 40955)
    assert gateway.post("reply", {**first, "from": str(other), "id": f"new-{other}"}).data["taken"] == 1
    assert platform.sql("SELECT mobile FROM citybigdata.sms_block WHERE mobile = ANY (%s) ORDER BY 1", [one, other]) == [(one,), (other,)]


def test_opt_out_of_everything(platform, gateway):
    """Somebody to whom nothing is known to have been sent."""
    number, = mobiles(1)
    gateway.post("reply", {"from": str(number), "text": "退订", "id": f"o-{number}"})
    assert platform.sql("SELECT app_id FROM citybigdata.sms_block WHERE mobile = %s", number) == [(0,)]


def test_reply_of_a_service(platform, gateway):
    """10086 is no mobile number: kept as it writes itself, and not on a list of numbers."""
    assert gateway.post("reply", {"from": "10086", "text": "TD", "id": "s-1"}).data["taken"] == 1
    assert platform.sql("SELECT mobile, sender FROM citybigdata.sms_reply WHERE gateway_id = %s AND sender IS NOT NULL", gateway.gateway_id) == [(None, "10086")]


def test_malformed_reply(gateway):
    for fields in ({}, {"from": "13010000000", "text": "a"}, {"from": "", "text": "a", "id": "1"}, {"from": "1" * 33, "text": "a", "id": "1"},
                   {"from": "13010000000", "text": "长" * 2001, "id": "1"}, {"from": "13010000000", "text": "a", "time": "soon"}, {"from": "x\u0001", "id": "1"}):
        check_envelope(gateway.post("reply", fields), 422, 42200)


# ---- what applications read ----

def test_states_of_a_message(platform, app, token, gateway):
    numbers = mobiles(2)
    sms_id, msg_id = gateway.message(app, numbers, state="doubtful")
    kannel(gateway, sms_id, numbers[1], 1)
    data = check_envelope(platform.client.get("/sms/messages/" + msg_id, token=token), 200, 0).data
    assert [(n["mobile"], n["state"]) for n in data["numbers"]] == [(str(numbers[0]), "doubtful"), (str(numbers[1]), "delivered")]
    assert (data["msgId"], data["accepted"], data["rejected"]) == (msg_id, 2, [])
    other = platform.make_application(resources=["sms"])
    check_envelope(platform.client.get("/sms/messages/" + msg_id, token=platform.token(other)), 404, 40486)
    check_envelope(platform.client.get("/sms/messages/none", token=token), 404, 40486)
    check_envelope(platform.client.get("/sms/messages/" + msg_id), 401)
    check_envelope(platform.client.get("/sms/messages/" + msg_id, token=platform.token(platform.make_application())), 403)


def test_call_backs(platform, gateway):
    """sms.report when a number has come to an end, sms.reply when somebody replies; nothing personal in either, and only for who wants them."""
    app = platform.make_application(resources=["sms", "callbacks"])
    token = platform.token(app)
    data = check_envelope(platform.client.post("/callbacks", {"url": "https://receiver.invalid/sms", "events": ["sms.report", "sms.reply"]}, token=token), 200, 0).data
    platform.client.secrets.add(data["secret"])
    destination = platform.value("UPDATE citybigdata.callback SET state = 'active', consent = 'options', consented_at = now() WHERE callback_id = %s RETURNING destination_id",
                                 data["callbackId"])
    platform.sql("UPDATE citybigdata.outbox_destination SET state = 'disabled' WHERE destination_id = %s", destination)
    numbers = mobiles(2)
    sms_id, msg_id = gateway.message(app, numbers, need_reply=True)
    for status in (8, 2, 2):
        kannel(gateway, sms_id, numbers[1], status, answer="id:1 stat:UNDELIV err:027 text:")
    gateway.post("reply", {"from": str(numbers[0]), "text": "TD", "id": f"cb-{numbers[0]}"})
    told = [json.loads(row[0]) for row in platform.sql("SELECT payload FROM citybigdata.outbox_message WHERE destination_id = %s AND kind LIKE 'sms.%%' ORDER BY message_id", destination)]
    assert [(t["type"], t["subject"]) for t in told] == [("sms.report", msg_id), ("sms.reply", msg_id)]
    report, reply = (t["data"] for t in told)
    hidden = str(numbers[1])[:3] + "****" + str(numbers[1])[-4:]
    assert {k: report[k] for k in ("msgId", "ordinal", "mobile", "state", "reason")} == {
        "msgId": msg_id, "ordinal": 1, "mobile": hidden, "state": "failed", "reason": "UNDELIV 027"}
    assert (reply["msgId"], reply["ordinal"], reply["optOut"]) == (msg_id, 0, True) and reply["replyId"]
    assert not any(str(n) in json.dumps(told) for n in numbers) and "TD" not in reply.values()
    # an application without a call-back, or whose grant is gone, is told nothing
    platform.sql("UPDATE citybigdata.app_grant SET state = 'revoked', revoked_at = now() WHERE resource = 'callbacks' AND app_id ="
                 " (SELECT app_id FROM citybigdata.application WHERE app_code = %s)", app["appCode"])
    kannel(gateway, sms_id, numbers[0], 1)
    assert gateway.states(sms_id) == ["delivered", "failed"]
    assert platform.value("SELECT count(*) FROM citybigdata.outbox_message WHERE destination_id = %s AND kind LIKE 'sms.%%'", destination) == 2


def test_pages_of_replies(platform, app, token, gateway):
    number, = mobiles(1)
    _, msg_id = gateway.message(app, [number], need_reply=True)
    gateway.post("reply", [{"from": str(number), "text": str(n), "id": f"{number}-{n}"} for n in range(5)])
    seen, cursor = [], ""
    while cursor is not None:
        page = check_envelope(platform.client.get(f"/sms/replies?msgId={msg_id}&pageSize=2&cursor={cursor}", token=token), 200, 0).data
        assert len(page["items"]) <= 2
        seen += [i["content"] for i in page["items"]]
        cursor = page["nextCursor"]
    assert seen == [str(n) for n in range(5)]
    day = time.strftime("%Y%m%d", time.gmtime(time.time() + 8 * 3600))
    assert len(platform.client.get(f"/sms/replies?msgId={msg_id}&timeRange=[{day},{day}]", token=token).data["items"]) == 5
    assert platform.client.get(f"/sms/replies?msgId={msg_id}&timeRange=[20200101,20200102]", token=token).data["items"] == []
    for wrong in ("timeRange=x", "cursor=x", "cursor=1-2-3", "cursor=99999999999999999999-1", "pageSize=0", "pageSize=1001", "msgId=" + "x" * 51, "msgid=1"):
        assert 400 <= platform.client.get("/sms/replies?" + wrong, token=token).status < 500
