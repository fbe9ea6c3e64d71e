"""Kannel itself, over SMPP to the tests' message centre: its reports and replies reach the platform over HTTPS."""
import time

import pytest
from kannel_rig import Behaviour, new_centre, running_kannel
from rig import check_envelope, until
from sms_rig import Gateway, mobiles

import smpp

SHORT = "106912345"


@pytest.fixture(scope="module")
def app(platform):
    return platform.make_application(resources=["sms"])


@pytest.fixture(scope="module")
def token(platform, app):
    return platform.token(app)


@pytest.fixture(scope="module")
def gateway(platform):
    return Gateway(platform, kind="kannel")


@pytest.fixture(scope="module")
def centre():
    one = new_centre()
    yield one
    one.close()


@pytest.fixture(scope="module")
def kannel(platform, gateway, centre):
    url = platform.env["CBD_URL"]
    with running_kannel(platform, centre, f"{url}/gateway/sms/reply/{gateway.token}") as one:
        one.dlr = lambda sms_id: f"{url}/gateway/sms/report/{gateway.token}?r={sms_id}&to=%p&status=%d&id=%F&time=%T&answer=%A"
        yield one


@pytest.fixture(autouse=True)
def quiet(centre):
    """Nothing of one test is left for the next; numbers have no meaning by their ending."""
    centre.forget()
    centre.script = lambda short: Behaviour()


def hand_over(kannel, sms_id, numbers, text="井盖缺失，请处理"):
    status, told = kannel.send(" ".join(map(str, numbers)), text, **{"dlr-mask": "31", "dlr-url": kannel.dlr(sms_id)})
    assert (status, told.split(":")[0]) in ((202, "0"), (202, "3")), told


def ends(gateway, sms_id, wanted):
    """The message's numbers come to these states."""
    end = time.monotonic() + 30
    while gateway.states(sms_id) != wanted and time.monotonic() < end:
        time.sleep(0.05)
    assert gateway.states(sms_id) == wanted


def test_states(app, gateway, kannel, centre):
    """Delivered, undeliverable, throttled once, refused, expired, reported twice, in one call."""
    outcomes = [Behaviour(), Behaviour(receipts=("UNDELIV",), error="027"), None, Behaviour(status=smpp.RINVDSTADR), Behaviour(receipts=("EXPIRED",)),
                Behaviour(receipts=("DELIVRD", "DELIVRD")), Behaviour(receipts=("ENROUTE", "DELIVRD")), Behaviour(receipts=())]
    numbers = mobiles(len(outcomes))
    throttled = []

    def script(short):
        outcome = outcomes[numbers.index(int(short.destination))]
        if outcome is None:
            throttled.append(short.destination)
            return Behaviour(status=smpp.RTHROTTLED) if len(throttled) == 1 else Behaviour()
        return outcome
    centre.script = script
    sms_id, _ = gateway.message(app, numbers)
    hand_over(kannel, sms_id, numbers)
    ends(gateway, sms_id, ["delivered", "failed", "delivered", "failed", "expired", "delivered", "delivered", "sent"])
    assert len(throttled) == 2
    reasons = [row[0] for row in gateway.platform.sql("SELECT reason FROM citybigdata.sms_number WHERE sms_id = %s ORDER BY ordinal", sms_id)]
    assert reasons[1] == "UNDELIV 027" and reasons[3].startswith("NACK"), reasons


@pytest.mark.parametrize("submit, receipt", [("a{:x}", "A{:x}"), ("a{:x}", "a{:x}"), ("{:d}", "{:d}")])
def test_ids(app, gateway, kannel, centre, submit, receipt):
    """Kannel's own match of ids; those that it cannot match stay sent."""
    centre.script = lambda short: Behaviour(submit_id=submit, receipt_id=receipt)
    numbers = mobiles(1)
    sms_id, _ = gateway.message(app, numbers)
    hand_over(kannel, sms_id, numbers)
    ends(gateway, sms_id, ["delivered" if submit == receipt else "sent"])


def test_long_text(app, gateway, kannel, centre):
    """990 characters, astral ones too: all parts, and one state."""
    numbers = mobiles(2)
    text = ("请处理" * 330)[:988] + "😀"
    sms_id, _ = gateway.message(app, numbers, parts=15)
    hand_over(kannel, sms_id, numbers, text)
    ends(gateway, sms_id, ["delivered", "delivered"])
    assert centre.sent(str(numbers[0])) == [text] and len(centre.of(str(numbers[0]))) == 15


def test_two_hundred(app, gateway, kannel, centre):
    numbers = mobiles(200)
    sms_id, _ = gateway.message(app, numbers)
    hand_over(kannel, sms_id, numbers)
    ends(gateway, sms_id, ["delivered"] * 200)


@pytest.mark.parametrize("text", ["收到，马上处理", "ok  thanks & bye?=%", "长" * 150, "plain text " * 20])
@pytest.mark.parametrize("sar", [False, True])
def test_reply(platform, app, token, gateway, kannel, centre, text, sar):
    """Blanks, marks of addresses, several parts numbered in either way."""
    number, = mobiles(1)
    _, msg_id = gateway.message(app, [number], need_reply=True)
    assert set(centre.mo(f"86{number}", SHORT, text, sar=sar, wait=20)) == {0}
    items = until(lambda: check_envelope(platform.client.get("/sms/replies?msgId=" + msg_id, token=token), 200, 0).data["items"])
    assert [(i["mobile"], i["content"], i["optOut"]) for i in items] == [(str(number), text, False)]


def test_opt_out(platform, app, gateway, kannel, centre):
    number, = mobiles(1)
    gateway.message(app, [number])
    centre.mo(str(number), SHORT, "TD", wait=20)
    until(lambda: platform.value("SELECT count(*) FROM citybigdata.sms_block WHERE mobile = %s", number) == 1)
    assert centre.taken == []  # what the platform answers is not sent to the handset


def test_centre_away(app, gateway, kannel, centre):
    """While the centre is away Kannel queues (3: Queued), and hands over when it is there again; nothing is sent twice."""
    numbers = mobiles(3)
    sms_id, _ = gateway.message(app, numbers)
    centre.stop()
    try:
        until(lambda: "online" not in kannel.status().split("SMSC connections")[1], 30)
        hand_over(kannel, sms_id, numbers)
    finally:
        centre.start()
    ends(gateway, sms_id, ["delivered"] * 3)
    assert [len(centre.of(str(n))) for n in numbers] == [1, 1, 1]


def test_centre_disconnects(app, gateway, kannel, centre):
    """The centre cuts the connection instead of answering: Kannel sends again, and every number ends."""
    numbers = mobiles(4)
    cut = []

    def script(short):
        if len(cut) < 2:
            cut.append(short.destination)
            return Behaviour(close=True, receipts=())
        return Behaviour()
    centre.script = script
    sms_id, _ = gateway.message(app, numbers)
    hand_over(kannel, sms_id, numbers)
    ends(gateway, sms_id, ["delivered"] * 4)


def test_bearerbox_killed(app, gateway, kannel, centre):
    """
    kill -9 of bearerbox while messages wait in it: its store has those that came one by one. (Of numbers that came in one call
    Kannel 1.4.5 gives all the same number, and its store keeps one: docs/sms-gateways.md.)
    """
    numbers = mobiles(5)
    sms_id, _ = gateway.message(app, numbers)
    centre.stop()
    try:
        until(lambda: "online" not in kannel.status().split("SMSC connections")[1], 30)
        for number in numbers:
            hand_over(kannel, sms_id, [number])
        kannel.kill("bearerbox")
    finally:
        centre.start()
    kannel.start()
    ends(gateway, sms_id, ["delivered"] * 5)


def test_platform_away(platform, app, gateway, kannel, centre):
    """Reports that the platform did not take are tried again by Kannel."""
    numbers = mobiles(3)
    sms_id, _ = gateway.message(app, numbers)
    with platform.replaced("rest_sms_report", "BEGIN RAISE EXCEPTION 'away'; END"):
        hand_over(kannel, sms_id, numbers)
        centre.wait_parts(3)
        until(lambda: gateway.states(sms_id) == [None] * 3)
    ends(gateway, sms_id, ["delivered"] * 3)
