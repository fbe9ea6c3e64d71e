"""Cases over HTTPS: steps, their refusals, actions, history, the work list, many steps at once."""
import concurrent.futures
import uuid

import pytest
from case_rig import OPERATORS, ROLES, Bureau, later
from rig import check_envelope

EVERYTHING = {"result": "pass", "note": "n", "reason": "r", "conditionCode": "CASE-1", "evaluation": 4, "to": {"unit": "CASE-LIGHT-1"}}


@pytest.fixture(scope="module")
def bureau(platform):
    return Bureau(platform)


def test_report_to_closure(bureau):
    task = bureau.report()
    case = check_envelope(bureau.case("desk", task), 200, 0).data
    assert (case["stage"], case["state"], case["baseState"], case["version"], case["process"], case["light"]) == ("accept", 1, 1, 0, "city-management", "green")
    assert case["deadline"] and case["warningTime"] < case["deadline"] and 0 < case["remaining"] <= 120 and case["chainDeadline"] is None
    assert case["facts"]["report"] == 1 and case["facts"]["operate"] == 0 and case["supervised"] is False and case["reworkCount"] == 0
    # name and phone number are whole for the desk, masked for others
    assert case["humanName"] == "李四" and case["cellphone"] == "13800138000"
    assert check_envelope(bureau.case("filer", task), 200, 0).data["version"] == 0
    case = bureau.take("desk", task, "accept", note="受理")
    assert (case["stage"], case["state"], case["version"], case["holder"]) == ("file", 3, 1, None)
    case = bureau.take("filer", task, "file", conditionCode="CASE-1")
    assert case["conditionCode"] == "CASE-1" and case["chainDeadline"] is not None and case["facts"]["inst"] == 1
    case = bureau.take("dispatcher", task, "dispatch", to={"unit": "CASE-LIGHT-1"})
    assert (case["stage"], case["unit"], case["state"]) == ("handle", "CASE-LIGHT-1", 4)
    case = bureau.take("unit", task, "assign", to={"account": bureau.name("handler")})
    assert case["holder"] == bureau.name("handler") and case["steps"][-1]["to"] == {"unit": None, "account": bureau.name("handler")}
    case = bureau.take("handler", task, "handle", note="已更换灯泡", medias=[
        {"mediaName": "after.png", "mediaUsage": "处置", "mediaType": "IMAGE", "content": "iVBORw0KGgo="}])
    step = case["steps"][-1]
    assert [m["mediaName"] for m in case["medias"]] == ["after.png"] == [m["mediaName"] for m in step["medias"]]
    assert (step["byRole"], step["byUnit"], step["by"], step["fromStage"], step["toStage"], step["fromState"], step["toState"], step["version"]) == \
        ("handler", "CASE-LIGHT-1", bureau.name("handler"), "handle", "check", 4, 5, case["version"])
    case = bureau.take("filer", task, "close")
    assert (case["stage"], case["state"], case["light"], case["deadline"]) == ("closed", 6, None, None) and case["facts"]["archive"] == 1
    case = bureau.take("desk", task, "visit", evaluation=5)
    assert case["facts"]["satisfied"] == 1 and case["steps"][-1]["evaluation"] == 5
    steps = check_envelope(bureau.client.get(f"/events/{task}/steps", token=bureau.tokens["desk"]), 200, 0).data
    assert [s["action"] for s in steps] == ["accept", "file", "dispatch", "assign", "handle", "close", "visit"]
    assert [{**s, "medias": len(s["medias"])} for s in steps] == [{**s, "medias": len(s["medias"])} for s in case["steps"]]
    assert [s["seq"] for s in steps] == list(range(1, 8)) and [s["version"] for s in steps] == [1, 2, 3, 4, 5, 6, 6]
    # the medium is there for whoever may see the case
    url = case["medias"][0]["url"].split("/api/v1", 1)[1]
    assert bureau.client.get(url).body.startswith(b"\x89PNG")


def test_feed_shows_each_step(bureau):
    since = bureau.platform.value("SELECT to_char(clock_timestamp() AT TIME ZONE 'Asia/Shanghai', 'YYYYMMDDHH24MISS')")
    task = bureau.report()
    bureau.take("desk", task, "accept")
    for who in ("sender", "desk"):
        sender = bureau.app["senders"][0]
        items = check_envelope(bureau.client.get(f"/events?since={since}&senderCode={sender}", token=bureau.sender_token if who == "sender" else bureau.tokens[who]), 200, 0).data["items"]
        assert [i["stage"] for i in items if i["taskNum"] == task] == ["file"]
    west = check_envelope(bureau.client.get(f"/events?since={since}&senderCode={bureau.app['senders'][0]}", token=bureau.tokens["west"]), 200, 0).data["items"]
    assert not [i for i in west if i["taskNum"] == task]


def test_refusals_in_their_order(bureau):
    task = bureau.report()
    # unseen before anything else
    assert bureau.step("west", task, "accept", version=99).status == 404
    assert bureau.client.post("/events/110000202611240000000001D/steps", {"action": "accept"}, token=bureau.tokens["desk"]).code == 40402
    # malformed and missing, all at once
    reply = bureau.step("filer", task, "reject", version="x", result="maybe", evaluation=9, until="someday", to=[1], medias={"a": 1})
    check_envelope(reply, 422, 42200)
    assert set(reply.pointers()) == {"/version", "/result", "/evaluation", "/until", "/to", "/medias", "/reason"}
    check_envelope(bureau.step("desk", task, "fly"), 422, 42200)
    # no post has it; then stale, with the case; then not from here, with what may be done
    check_envelope(bureau.step("filer", task, "accept", version=5), 403, 40320)
    reply = bureau.step("desk", task, "accept", version=5)
    check_envelope(reply, 409, 40920)
    assert reply.data["event"]["version"] == 0 and reply.pointers() == {"/version": 40920} and "accept" in [a["action"] for a in reply.data["actions"]]
    reply = bureau.step("filer", task, "close")
    check_envelope(reply, 409, 40921)
    assert reply.data["event"]["stage"] == "accept" and [a["action"] for a in reply.data["actions"]] == ["merge", "comment"]
    assert bureau.version(task) == 0 and bureau.case("desk", task).data["steps"] == []


def test_version_by_header_or_member(bureau):
    task = bureau.report()
    check_envelope(bureau.client.post(f"/events/{task}/steps", {"action": "accept"}, token=bureau.tokens["desk"]), 422, 42200)
    check_envelope(bureau.step("desk", task, "accept", headers={"If-Match": '"7"'}), 409, 40920)
    check_envelope(bureau.step("desk", task, "accept", version=0, headers={"If-Match": '"1"'}), 400, 40018)
    check_envelope(bureau.step("desk", task, "accept", headers={"If-Match": "*"}), 422, 42200)
    assert check_envelope(bureau.step("desk", task, "accept", headers={"If-Match": '"0"'}), 200, 0).data["version"] == 1


def test_idempotency_key_per_account(bureau):
    task, other, key = bureau.report(), bureau.report(), uuid.uuid4().hex
    first = check_envelope(bureau.step("desk", task, "accept", version=0, headers={"Idempotency-Key": key}), 200, 0)
    again = check_envelope(bureau.step("desk", task, "accept", version=0, headers={"Idempotency-Key": key}), 200, 0)
    assert {**first.data, "remaining": 0} == {**again.data, "remaining": 0} and bureau.version(task) == 1
    check_envelope(bureau.step("desk", task, "accept", version=1, headers={"Idempotency-Key": key}), 422, 42228)
    # the same body for another case is another request; another account has keys of its own
    check_envelope(bureau.step("desk", other, "accept", version=0, headers={"Idempotency-Key": key}), 422, 42228)
    assert check_envelope(bureau.step("desk2", other, "accept", version=0, headers={"Idempotency-Key": key}), 200, 0).data["version"] == 1


def test_sender_withdraws_and_comments_its_own(bureau, platform):
    task = bureau.report()
    case = bureau.take("sender", task, "comment", note="市民来电催办")
    assert case["version"] == 0 and case["steps"][-1]["byRole"] is None and case["steps"][-1]["by"] == bureau.app["appCode"]
    check_envelope(bureau.step("sender", task, "accept"), 403, 40320)
    stranger = platform.token(platform.make_application(methods=["key"]))
    for body in ({"action": "withdraw"}, {"action": "comment", "note": "x"}):
        check_envelope(bureau.client.post(f"/events/{task}/steps", body, token=stranger), 404, 40402)
    assert bureau.client.get(f"/events/{task}/steps", token=stranger).status == 404 and bureau.client.get(f"/events/{task}/actions", token=stranger).status == 404
    case = check_envelope(bureau.client.post(f"/events/{task}/steps", {"action": "withdraw"}, token=bureau.sender_token), 200, 0).data
    assert (case["stage"], case["state"]) == ("void", 7)
    check_envelope(bureau.client.post(f"/events/{task}/steps", {"action": "withdraw"}, token=bureau.sender_token), 409, 40921)
    # once it is accepted it is not the sender's any more
    check_envelope(bureau.step("sender", bureau.to("file"), "withdraw"), 409, 40921)
    # who reads all cases does nothing with them
    reader = platform.token(platform.make_application(methods=["key"], resources=["cases"]))
    assert bureau.client.get(f"/events/{task}", token=reader).status == 200
    check_envelope(bureau.client.post(f"/events/{task}/steps", {"action": "comment", "note": "x"}, token=reader), 403, 40320)


def test_actions_tell_what_is_needed(bureau, platform):
    task = bureau.to("dispatch")
    actions = {a["action"]: a for a in check_envelope(bureau.client.get(f"/events/{task}/actions", token=bureau.tokens["dispatcher"]), 200, 0).data}
    assert set(actions) == {"dispatch", "return", "comment"} and actions["return"]["needs"] == ["version", "reason"]
    assert actions["dispatch"]["needs"] == ["version", "to.unit"] and {"unit": "CASE-LIGHT", "name": "照明中心"} in actions["dispatch"]["to"]
    assert actions["dispatch"]["to"][0]["unit"] == platform.value("SELECT citybigdata.responsible_unit('6', '110101')")
    bureau.take("dispatcher", task, "dispatch", to={"unit": "CASE-LIGHT-1"})
    actions = {a["action"]: a for a in check_envelope(bureau.client.get(f"/events/{task}/actions", token=bureau.tokens["unit"]), 200, 0).data}
    assert {"account": bureau.name("handler"), "name": "张三"} in actions["assign"]["to"] and "close" not in actions
    assert bureau.client.get(f"/events/{task}/actions", token=bureau.tokens["other"]).status == 404


def test_unit_that_does_not_answer_is_a_warning(bureau):
    task = bureau.to("dispatch")
    reply = check_envelope(bureau.step("dispatcher", task, "dispatch", to={"unit": "CASE-DRAIN"}), 200, 0)
    assert reply.warnings()["/to/unit"] == 42281 and reply.data["unit"] == "CASE-DRAIN"
    check_envelope(bureau.step("dispatcher", bureau.to("dispatch"), "dispatch", to={"unit": "NOBODY"}), 422, 42200)


def test_suspension_and_supervision_lie_over_the_state(bureau):
    task = bureau.to("handle")
    until = later(days=10)
    bureau.take("unit", task, "askSuspend", reason="等待配件", until=until)
    case = bureau.take("filer", task, "suspend", until=until)
    assert (case["state"], case["baseState"], case["light"], case["suspendedUntil"]) == (8, 4, "paused", until)
    check_envelope(bureau.step("unit", task, "handle"), 409, 40921)
    case = bureau.take("leader", task, "supervise", reason="领导批示", until=later(days=1))
    assert (case["state"], case["supervised"]) == (8, True)
    case = bureau.take("filer", task, "resume")
    assert (case["state"], case["baseState"], case["suspendedUntil"], case["light"]) == (9, 4, None, "green")
    case = bureau.take("unit", task, "answer", note="配件已到")
    assert (case["state"], case["supervised"]) == (4, False)
    check_envelope(bureau.step("unit", task, "askSuspend", reason="r", until="20200101000000"), 422, 42200)


def test_bulk_good_ones_stay(bureau):
    tasks = [bureau.report() for _ in range(4)]
    bureau.take("desk", tasks[2], "accept")
    steps = [{"taskNum": t, "action": "accept", "version": 0} for t in tasks] + [
        {"taskNum": "110000202611240000000001D", "action": "accept", "version": 0}, {"taskNum": tasks[3], "action": "comment", "note": "x"},
        {"taskNum": tasks[3], "action": "reject", "version": 1}, {"action": "accept", "version": 0}, 7, {"taskNum": tasks[0], "action": "accept", "action": "close"}]
    reply = check_envelope(bureau.client.post("/events/steps", {"steps": steps}, token=bureau.tokens["desk"]), 200, 0)
    assert [r["statusCode"] for r in reply.data["results"]] == [0, 0, 40920, 0, 40402, 0, 42200, 40402, 40402, 42200]
    assert reply.data["succeeded"] == 4 and reply.data["failed"] == 6 and [r["stage"] for r in reply.data["results"][:2]] == ["file", "file"]
    for body, pointer in (({}, "/steps"), ({"steps": []}, "/steps"), ({"steps": {}}, "/steps"), ({"steps": [{}] * 501}, "/steps")):
        reply = bureau.client.post("/events/steps", body, token=bureau.tokens["desk"])
        assert reply.status == 422 and list(reply.pointers()) == [pointer]
    assert bureau.client.post("/events/steps", {"steps": [{"taskNum": tasks[1], "action": "file", "version": 1, "conditionCode": "CASE-1"}]}, token=bureau.sender_token).data["results"][0]["statusCode"] == 40320


def test_two_operators_one_step(bureau):
    for _ in range(5):
        task = bureau.report()
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            replies = list(pool.map(lambda who: bureau.step(who, task, "accept", version=0), ["desk", "desk2"] * 2))
        assert sorted(r.status for r in replies) == [200, 409, 409, 409] and bureau.version(task) == 1


def test_many_against_many_and_single(bureau):
    """The same cases in opposite orders and one by one: nobody waits in a circle, each case is accepted once."""
    tasks = [bureau.report() for _ in range(10)]
    bulk = lambda who, order: [r["statusCode"] for r in check_envelope(bureau.client.post("/events/steps", {"steps": [
        {"taskNum": t, "action": "accept", "version": 0} for t in order]}, token=bureau.tokens[who]), 200, 0).data["results"]]
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        first, second = pool.submit(bulk, "desk", tasks), pool.submit(bulk, "desk2", tasks[::-1])
        single = pool.submit(lambda: [bureau.step("desk", t, "accept", version=0).code for t in tasks])
        codes = list(zip(first.result(), second.result()[::-1], single.result()))
    assert [sorted(c) for c in codes] == [[0, 40920, 40920]] * 10 and [bureau.version(t) for t in tasks] == [1] * 10


def test_claim_twice(bureau):
    for _ in range(5):
        task = bureau.report()
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            replies = list(pool.map(lambda who: bureau.client.post(f"/events/{task}/steps", {"action": "claim"}, token=bureau.tokens[who]), ["desk", "desk2"]))
        assert sorted(r.code for r in replies) == [0, 40922]


def test_todo_pages_and_counts(bureau, platform):
    tasks = [bureau.report() for _ in range(7)]
    bureau.take("desk", tasks[0], "claim")
    seen, cursor, pages = [], None, 0
    while True:
        reply = check_envelope(bureau.client.get(f"/todo?pageSize=3{'&cursor=' + cursor if cursor else ''}", token=bureau.tokens["desk"]), 200, 0)
        seen += [i["taskNum"] for i in reply.data["items"]]
        cursor, pages = reply.data["nextCursor"], pages + 1
        if not cursor:
            break
    assert len(seen) == len(set(seen)) and set(tasks) <= set(seen) and pages == (len(seen) + 2) // 3
    assert tasks[0] not in [i["taskNum"] for i in bureau.client.get("/todo?pageSize=500", token=bureau.tokens["desk2"]).data["items"]]
    mine = check_envelope(bureau.client.get("/todo?mine=true", token=bureau.tokens["desk"]), 200, 0).data["items"]
    assert tasks[0] in [i["taskNum"] for i in mine] and {i["holder"] for i in mine} == {bureau.name("desk")}
    data = bureau.client.get("/todo?pageSize=500", token=bureau.tokens["desk"]).data
    assert data["counts"]["total"] >= 7 and data["counts"]["total"] == sum(s["total"] for s in data["counts"]["stages"].values())
    assert {i["light"] for i in data["items"]} <= {"green", "yellow", "red"} and data["items"] == sorted(data["items"], key=lambda i: (i["deadline"], i["taskNum"]))
    for change, code in (("light=blue", 40007), ("role=king", 40007), ("state=x", 40007), ("pageSize=0", 40007), ("cursor=1.2", 40007), ("colour=red", 40008)):
        check_envelope(bureau.client.get(f"/todo?{change}", token=bureau.tokens["desk"]), 400, code)
    assert bureau.client.get("/todo?light=red", token=bureau.tokens["west"]).data["items"] == []
    check_envelope(bureau.client.get("/todo", token=bureau.sender_token), 403, 40312)
    assert bureau.client.get("/todo").status == 401


@pytest.mark.parametrize("place", ["accept", "file", "dispatch", "handle", "check", "closed", "void"])
def test_rights_of_every_role(bureau, platform, place):
    """Every action from every stage by every role: what the process does not give is refused, and nothing moves."""
    task = bureau.to(place)
    given = {(a, r) for a, roles in platform.sql("""SELECT a->>'name', ARRAY(SELECT jsonb_array_elements_text(a->'roles')) FROM citybigdata.process p,
             jsonb_array_elements(p.definition->'actions') a WHERE p.process_code = 'city-management' AND p.shipped AND jsonb_typeof(a->'roles') = 'array'
             AND (a->'from' IN ('"all"', '"open"') OR a->'from' @> to_jsonb(%s::text))""", place) for r in roles}
    actions = [a for (a,) in platform.sql("SELECT code FROM citybigdata.code_table_row WHERE table_name = 'case-action' ORDER BY 1")]
    version = bureau.version(task)
    for who in ROLES:
        steps = [{"taskNum": task, "action": action, "version": version, **EVERYTHING, "until": later(days=3)} for action in actions if (action, who) not in given]
        results = check_envelope(bureau.client.post("/events/steps", {"steps": steps}, token=bureau.tokens[who]), 200, 0).data["results"]
        codes = {(s["action"], r["statusCode"]) for s, r in zip(steps, results)}
        assert {c for _, c in codes} <= {40320, 40402, 40921, 42200}, (who, codes)
    assert bureau.version(task) == version
    assert set(OPERATORS) >= set(ROLES)
