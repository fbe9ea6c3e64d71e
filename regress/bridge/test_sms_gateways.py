"""Gateways that are down, slow, faulty, that answer rubbish or half a reply: no number is lost, and none is sent twice unless somebody said so."""
import json
import threading

import pytest
from own_bridge import OwnBridge, platform_settings
from rig import check_envelope, until
from sms_rig import Vendor, mobiles


@pytest.fixture(scope="module")
def app(platform):
    return platform.make_application(resources=["sms"])


@pytest.fixture(scope="module")
def token(platform, app):
    return platform.token(app)


@pytest.fixture(scope="module")
def bridge(platform):
    """A bridge that hands over; the platform's own sends nothing."""
    with platform_settings(platform, outbound_connections="0"):
        one = OwnBridge(platform, outbound_connections="16", outbound_networks="gateway:127.0.0.0/8").start()
        yield one
        one.stop()


@pytest.fixture
def vendor():
    one = Vendor()
    yield one
    one.stop()


@pytest.fixture(autouse=True)
def alone(platform, bridge):
    """No gateway but the test's own."""
    platform.sql("UPDATE citybigdata.sms_gateway SET state = 'disabled'")
    yield
    platform.sql("UPDATE citybigdata.sms_gateway SET state = 'disabled'")


def save(platform, vendor, code, **more):
    definition = {"code": code, "title": code, "kind": "http", "url": f"http://127.0.0.1:{vendor.port}/ok?to={{numbers}}&text={{text}}", "success": '"code":0', "refusal": '"code":[1-9]',
                  "idPattern": '"([0-9A-F]{8})"', "timeout": 2, "reportBase": platform.env["CBD_URL"], "reportNetworks": ["127.0.0.1/32"], "newToken": True, **more}
    url = platform.value("SELECT report_url FROM citybigdata.save_gateway(%s)", json.dumps(definition))
    platform.client.secrets.add(url.rsplit("/", 1)[1])
    return url.split("://", 1)[1].split("/", 1)[1]


def send(platform, token, numbers, **more):
    reply = platform.client.post("/sms/messages", {"mobileStr": ",".join(map(str, numbers)), "content": "案件已办结", **more}, token=token)
    data = check_envelope(reply, 200, 0).data
    assert data["accepted"] == len(numbers), data
    return data["msgId"]


def states(platform, token, msg_id):
    return [n["state"] for n in check_envelope(platform.client.get("/sms/messages/" + msg_id, token=token), 200, 0).data["numbers"]]


def ends(platform, token, msg_id, wanted, seconds=30):
    until(lambda: states(platform, token, msg_id) == wanted, seconds)


def test_report_before_the_answer(platform, token, vendor):
    """The gateway reports before it answers, in other digits than it answers with: kept, and taken with the answer."""
    path = save(platform, vendor, "early")
    numbers = mobiles(3)

    def report(ids, fields):
        if len(ids) == 3:
            for written, number in zip((ids[0].lower(), str(int(ids[1], 16)), ids[2].lstrip("0")), fields["to"].split(",")):
                assert platform.client.post("//" + path, {"msgid": written, "phone": number, "status": "DELIVRD"}).data["waiting"] == 1
    vendor.before_answer = report
    msg_id = send(platform, token, numbers)
    ends(platform, token, msg_id, ["delivered"] * 3)
    assert platform.value("SELECT count(*) FROM citybigdata.sms_orphan WHERE mobile = ANY (%s)", numbers) == 0


def test_reports_beside_the_answer(platform, token, vendor):
    """Reports and answers that come at the same time: whichever is first, none is lost."""
    path = save(platform, vendor, "beside", batchSize=1)
    threads = []

    def report(ids, fields):
        threads.append(threading.Thread(target=platform.client.post, args=("//" + path, {"msgid": ids[0], "phone": fields["to"], "status": "DELIVRD"})))
        threads[-1].start()
    vendor.before_answer = report
    messages = [send(platform, token, mobiles(20)) for _ in range(3)]
    for msg_id in messages:
        ends(platform, token, msg_id, ["delivered"] * 20)
    for thread in threads:
        thread.join()


@pytest.mark.parametrize("kind, state", [("slow", "doubtful"), ("half", "doubtful"), ("mute", "doubtful"), ("rubbish", "doubtful"), ("proxy", "doubtful"), ("refuse", "failed")])
def test_answers(platform, token, vendor, kind, state):
    """An answer that was lost leaves the number doubtful; it is not sent again, whatever comes."""
    save(platform, vendor, "answers")
    vendor.kind = kind
    numbers = mobiles(2)
    msg_id = send(platform, token, numbers)
    ends(platform, token, msg_id, [state] * 2)
    vendor.kind = "ok"
    other = send(platform, token, mobiles(1))
    ends(platform, token, other, ["sent"])
    assert [vendor.numbers().count(str(n)) for n in numbers] == [1, 1]


@pytest.mark.parametrize("kind", ["fault", "redirect"])
def test_not_taken(platform, token, vendor, kind):
    """What was certainly not taken is tried again."""
    save(platform, vendor, "faulty")
    vendor.kind = kind
    numbers = mobiles(2)
    msg_id = send(platform, token, numbers)
    until(lambda: vendor.numbers())
    until(lambda: states(platform, token, msg_id) == ["queued"] * 2)
    vendor.kind = "ok"
    ends(platform, token, msg_id, ["sent"] * 2)
    assert [vendor.numbers().count(str(n)) for n in numbers] == [2, 2]


def test_down(platform, token, vendor):
    """Nobody listens: the numbers wait, and go once when it is there again."""
    save(platform, vendor, "down")
    vendor.stop()
    numbers = mobiles(3)
    msg_id = send(platform, token, numbers)
    until(lambda: platform.value("SELECT count(*) FROM citybigdata.outbox_queue WHERE attempts > 0") > 0)
    assert states(platform, token, msg_id) == ["queued"] * 3
    vendor.start()
    ends(platform, token, msg_id, ["sent"] * 3, 60)
    assert sorted(vendor.numbers()) == sorted(map(str, numbers))


def test_doubtful_once_more(platform, token, vendor):
    """Where the gateway says so, what is doubtful is sent again."""
    save(platform, vendor, "again", resendDoubtful=True)
    vendor.kind = "mute"
    numbers = mobiles(1)
    msg_id = send(platform, token, numbers)
    until(lambda: vendor.numbers())
    vendor.kind = "ok"
    ends(platform, token, msg_id, ["sent"], 60)
    assert len(vendor.numbers()) >= 2


def test_a_report_settles_the_doubt(platform, token, vendor):
    """The gateway had taken it after all."""
    path = save(platform, vendor, "settles")
    vendor.kind = "mute"
    number, = mobiles(1)
    msg_id = send(platform, token, [number])
    ends(platform, token, msg_id, ["doubtful"])
    sms_id = platform.value("SELECT sms_id FROM citybigdata.sms_message WHERE msg_id = %s", msg_id)
    assert platform.client.get(f"//{path}?r={sms_id}&to={number}&status=1").data["taken"] == 1
    ends(platform, token, msg_id, ["delivered"])


def test_other_gateway(platform, token, vendor):
    """What the first certainly did not take goes to the second at once."""
    second = Vendor()
    try:
        save(platform, vendor, "first", rank=1)
        save(platform, second, "second", rank=2)
        vendor.kind = "fault"
        numbers = mobiles(2)
        msg_id = send(platform, token, numbers)
        ends(platform, token, msg_id, ["sent"] * 2)
        assert sorted(second.numbers()) == sorted(map(str, numbers))
    finally:
        second.stop()
