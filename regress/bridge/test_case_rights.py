"""Cases over HTTPS: who reports from the operators' client, who decides and who does not, lists of many posts, suspensions that are over, archived cases."""
import threading
import time

import pytest
from case_rig import DISTRICT, Bureau, later
from rig import check_envelope


@pytest.fixture(scope="module")
def bureau(platform):
    return Bureau(platform)


def give_post(platform, account, role, unit=None, division=None):
    platform.sql("INSERT INTO citybigdata.post (account_id, role, unit_code, division_code, given_by) VALUES (%s, %s, %s, %s, 'test')", account["accountId"], role, unit, division)


def test_inspector_reports_and_deals_himself(bureau, platform):
    """POST /events with an operator's token: the platform's own sender, his account in the facts; then `direct`."""
    event = platform.event()
    reply = bureau.client.post("/events", {"data": event, "actionType": "UP_REC_REPORT"}, token=bureau.tokens["inspector"])
    task = check_envelope(reply, 200, 0).data["taskNum"]
    own = platform.value("SELECT platform_code FROM citybigdata.platform")
    sender, reporter = platform.sql("""SELECT e.sender_code, a.user_name FROM citybigdata.event e JOIN citybigdata.case_fact f USING (rec_id)
                                       JOIN citybigdata.account a ON a.account_id = f.reporter WHERE e.task_num = %s""", task)[0]
    assert (sender, reporter) == (own, bureau.name("inspector"))
    # again: the first answer; with the sender named, the same; with another one, refused
    again = bureau.client.post("/events", {"data": event, "senderCode": own, "actionType": "UP_REC_REPORT"}, token=bureau.tokens["inspector"])
    assert check_envelope(again, 200, 0).data["taskNum"] == task
    other = bureau.client.post("/events", {"data": platform.event(), "senderCode": bureau.app["senders"][0], "actionType": "UP_REC_REPORT"}, token=bureau.tokens["inspector"])
    check_envelope(other, 403, 40301)
    # nobody else reports from there, and no application gets that sender
    for who in ("desk", "leader"):
        check_envelope(bureau.client.post("/events", {"data": platform.event(), "actionType": "UP_REC_REPORT"}, token=bureau.tokens[who]), 403, 40320)
    check_envelope(platform.report(platform.event(), bureau.sender_token, sender=own), 403, 40301)
    assert platform.apply(platform.make_account(), senderCodes=[own])[0].code in (40904, 42200)
    case = bureau.take("inspector", task, "direct", note="当场处理")
    assert case["stage"] == "check" and case["facts"]["dispose"] == 1 and case["facts"]["dispatch"] == 0
    assert platform.sql("SELECT * FROM citybigdata.case_fact_differences() d JOIN citybigdata.event e USING (rec_id) WHERE e.task_num = %s", task) == []
    feed = bureau.client.get(f"/events?since={later(hours=-1)}&senderCode={own}", token=bureau.tokens["desk"])
    assert task in [i["taskNum"] for i in check_envelope(feed, 200, 0).data["items"]]


def test_inspector_sender_by_setting(bureau, platform):
    with platform.setting("citybigdata.operator_sender", "patrol-110000"):
        for _ in range(100):
            reply = check_envelope(bureau.client.post("/events", {"data": platform.event(), "actionType": "UP_REC_REPORT"}, token=bureau.tokens["inspector"]), 200, 0)
            if platform.value("SELECT sender_code FROM citybigdata.event WHERE task_num = %s", reply.data["taskNum"]) == "patrol-110000":
                break
            time.sleep(0.05)
        else:
            pytest.fail("the setting does not count")
    assert platform.value("""SELECT a.operators FROM citybigdata.sender s JOIN citybigdata.application a USING (app_id) WHERE s.sender_code = 'patrol-110000'""")


def test_who_asked_does_not_decide(bureau, platform):
    task = bureau.to("handle")
    bureau.take("unit", task, "askExtension", reason="备件晚到")
    give_post(platform, bureau.accounts["unit"], "filer", division=DISTRICT)
    try:
        reply = bureau.step("unit", task, "grantExtension")
        check_envelope(reply, 403, 40321)
        check_envelope(bureau.step("unit", task, "refuseExtension", reason="r"), 403, 40321)
        assert "grantExtension" not in [a["action"] for a in check_envelope(bureau.client.get(f"/events/{task}/actions", token=bureau.tokens["unit"]), 200, 0).data]
        bureau.take("filer", task, "grantExtension")
    finally:
        platform.sql("DELETE FROM citybigdata.post WHERE account_id = %s AND role = 'filer'", bureau.accounts["unit"]["accountId"])


def test_post_that_ended(bureau, platform):
    """The holder sees the case by a post that reaches it, and by no other."""
    account = platform.make_account()
    give_post(platform, account, "handler", unit="CASE-LIGHT-1")
    give_post(platform, account, "desk", division="110102")
    token = bureau._sign_in(platform.env["CBD_URL"].rstrip("/"), account)
    task = bureau.to("handle")
    bureau.take("unit", task, "assign", to={"account": account["userName"]})
    check_envelope(bureau.client.get(f"/events/{task}", token=token), 200, 0)
    assert task in [i["taskNum"] for i in check_envelope(bureau.client.get("/todo?mine=true", token=token), 200, 0).data["items"]]
    platform.sql("UPDATE citybigdata.post SET valid_from = now() - interval '2 days', valid_until = now() - interval '1 day' WHERE account_id = %s AND role = 'handler'", account["accountId"])
    check_envelope(bureau.client.get(f"/events/{task}", token=token), 404, 40402)
    check_envelope(bureau.client.post(f"/events/{task}/steps", {"action": "comment", "note": "n"}, token=token), 404, 40402)
    for path in ("/todo?mine=true", "/todo", f"/events?senderCode={bureau.app['senders'][0]}&pageSize=1000"):
        assert task not in [i["taskNum"] for i in check_envelope(bureau.client.get(path, token=token), 200, 0).data["items"]], path


def test_list_of_many_posts(bureau, platform):
    """More posts than are conditions of their own: the same cases, page by page, and no page names another one."""
    few, many = platform.make_account(), platform.make_account()
    for division in ("110101", "110102"):
        give_post(platform, few, "desk", division=division)
        give_post(platform, many, "desk", division=division)
    for number in range(20):
        give_post(platform, many, "dispatcher", division=f"1201{number + 1:02}")
    give_post(platform, many, "handler", unit="CASE-DRAIN")
    base = platform.env["CBD_URL"].rstrip("/")
    tokens = [bureau._sign_in(base, account) for account in (few, many)]
    inside = [bureau.report() for _ in range(5)]
    # cases that neither reaches lie between them
    outside = [bureau.report(districtCode="110105", districtName="朝阳区", coordinateX=None, coordinateY=None, lontitude=116.486, latitude=39.921) for _ in range(5)]
    platform.sql("UPDATE citybigdata.event SET district_code = '110105', street_code = NULL, community_code = NULL WHERE task_num = ANY (%s)", outside)
    found = []
    for token in tokens:
        tasks, cursor, pages = [], None, 0
        while pages == 0 or cursor:
            path = f"/events?senderCode={bureau.app['senders'][0]}&pageSize=2" + (f"&cursor={cursor}" if cursor else "")
            data = check_envelope(bureau.client.get(path, token=token), 200, 0).data
            assert len(data["items"]) == 2 or data["nextCursor"] is None  # a short page would tell of cases that are not shown
            tasks += [i["taskNum"] for i in data["items"]]
            cursor, pages = data["nextCursor"], pages + 1
        assert len(tasks) == len(set(tasks))
        found.append(tasks)
    assert found[0] == found[1] and set(inside) <= set(found[0]) and not set(outside) & set(found[0])


def test_bulk_waits_for_nobody_unseen(bureau, platform):
    """A case that the caller must not see is not locked, so that nobody waits for it and it does not tell that it is there."""
    task = bureau.to("accept")
    session = platform.connect()
    session.autocommit = False
    try:
        with session.cursor() as cursor:
            cursor.execute("SELECT FROM citybigdata.event WHERE task_num = %s FOR UPDATE", (task,))
        replies = []
        thread = threading.Thread(target=lambda: replies.append(bureau.client.post("/events/steps", {"steps": [{"taskNum": task, "action": "comment", "note": "n"}]}, token=bureau.tokens["west"])))
        thread.start()
        thread.join(5)
        assert not thread.is_alive(), "it waits for a row that it must not see"
        assert check_envelope(replies[0], 200, 0).data["results"][0]["statusCode"] == 40402
    finally:
        session.rollback()
        session.close()


def test_suspension_that_is_over(bureau, platform):
    task = bureau.to("handle")
    bureau.take("filer", task, "suspend", until=later(seconds=2))
    seen = bureau.version(task)
    until = platform.value("SELECT suspended_until FROM citybigdata.event WHERE task_num = %s", task)
    platform.sql("SELECT pg_sleep_until(%s + interval '20 ms')", until)
    actions = [a["action"] for a in check_envelope(bureau.client.get(f"/events/{task}/actions", token=bureau.tokens["handler"]), 200, 0).data]
    assert "handle" in actions
    # the clock job may have been quicker, which is a step that the handler has not seen
    reply = bureau.step("handler", task, "handle", version=seen)
    if reply.code == 40920:
        reply = bureau.step("handler", task, "handle")
    case = check_envelope(reply, 200, 0).data
    assert case["stage"] == "check" and [s["action"] for s in case["steps"]][-2:] == ["resume", "handle"] and case["suspendedUntil"] is None


def test_archived_case(bureau, platform):
    task = bureau.to("closed")
    before = check_envelope(bureau.case("desk", task), 200, 0).data
    platform.sql("SELECT citybigdata.archive_events(now() + interval '1 hour', 100000)")
    assert check_envelope(bureau.case("desk", task), 200, 0).data == before
    reply = bureau.step("desk", task, "visit", version=before["version"], evaluation=5)
    check_envelope(reply, 409, 40927)
    assert reply.data["event"]["taskNum"] == task and reply.data["actions"] == [] and "archived" in reply.json["message"]
    assert check_envelope(bureau.client.get(f"/events/{task}/actions", token=bureau.tokens["desk"]), 200, 0).data == []
    steps = check_envelope(bureau.client.get(f"/events/{task}/steps", token=bureau.tokens["desk"]), 200, 0).data
    assert [s["action"] for s in steps] == ["accept", "file", "dispatch", "handle", "close"]
    bulk = bureau.client.post("/events/steps", {"steps": [{"taskNum": task, "action": "visit", "evaluation": 5}]}, token=bureau.tokens["desk"])
    assert check_envelope(bulk, 200, 0).data["results"][0]["statusCode"] == 40927
    check_envelope(bureau.step("west", task, "visit", version=before["version"], evaluation=5), 404, 40402)
