"""Duplicates over HTTPS: candidates among the actions, merging, what the sender of a duplicate sees, who learns which number."""
import pytest
from case_rig import Bureau, later
from rig import check_envelope


@pytest.fixture(scope="module")
def bureau(platform):
    return Bureau(platform)


@pytest.fixture(scope="module")
def other(platform):
    """Another sender, who reports the same."""
    app = platform.make_application(methods=["key"])
    return {"app": app, "token": platform.token(app)}


def report(platform, other, **changes):
    reply = platform.report(platform.event(**changes), other["token"], sender=other["app"]["senders"][0])
    return check_envelope(reply, 200, 0).data["taskNum"]


def read(platform, task, token):
    return platform.client.get(f"/events/{task}", token=token)


def test_merge(platform, bureau, other):
    words = {"eventDesc": "井盖丢失 " + later(), "eventTypeCode": "6"}
    main, duplicate = bureau.report(**words), report(platform, other, **words)
    actions = check_envelope(platform.client.get(f"/events/{duplicate}/actions", token=bureau.tokens["desk"]), 200, 0).data
    merge = next(a for a in actions if a["action"] == "merge")
    assert merge["needs"] == ["version", "mainTaskNum"] and merge["to"][0]["taskNum"] == main
    assert list(merge["to"][0]) == ["taskNum", "state", "score", "distance", "minutes", "reasons"] and merge["to"][0]["score"] > 0.9
    assert {"sameType", "near", "recent", "similarText"} <= set(merge["to"][0]["reasons"])
    assert not any(a["action"] == "unmerge" for a in actions)
    bureau.take("desk", main, "accept")
    since = later(seconds=-1)
    case = bureau.take("desk", duplicate, "merge", mainTaskNum=main, note="同一问题")
    assert (case["mainTaskNum"], case["state"], case["stage"], case["light"], case["duplicates"]) == (main, 3, "accept", "paused", [])
    assert bureau.case("desk", main).data["duplicates"] == [duplicate]
    # the sender of the duplicate sees the number and how far it is, not the main case itself
    seen = read(platform, duplicate, other["token"]).data
    assert (seen["mainTaskNum"], seen["state"]) == (main, 3)
    assert read(platform, main, other["token"]).status == 404
    # the sender of the main case sees nothing of the other one
    assert bureau.case("sender", main).data["duplicates"] == []
    # nothing else is done with it; it is on no work list
    reply = bureau.step("desk", duplicate, "accept")
    assert (reply.status, reply.code) == (409, 40940) and "unmerge" in [a["action"] for a in reply.data["actions"]], reply
    todo = platform.client.get("/todo?pageSize=500", token=bureau.tokens["desk"]).data["items"]
    assert duplicate not in [i["taskNum"] for i in todo]
    # it moves as the main case does, and the feed tells
    bureau.take("filer", main, "file", conditionCode="CASE-1")
    bureau.take("dispatcher", main, "dispatch", to={"unit": "CASE-LIGHT-1"})
    bureau.take("unit", main, "handle")
    feed = platform.client.get(f"/events?since={since}", token=other["token"]).data["items"]
    assert [(i["taskNum"], i["state"], i["mainTaskNum"]) for i in feed if i["taskNum"] == duplicate] == [(duplicate, 5, main)]
    bureau.take("filer", main, "close")
    assert read(platform, duplicate, other["token"]).data["state"] == 6
    # undone: open again, as it was
    case = bureau.take("filer", duplicate, "unmerge")
    assert (case["mainTaskNum"], case["state"], case["stage"], case["light"]) == (None, 1, "accept", "green")
    assert bureau.case("desk", main).data["duplicates"] == []


def test_refusals(platform, bureau, other):
    one, two, three = (report(platform, other) for _ in range(3))
    for fields, status, code, pointer in (
            ({}, 422, 42201, "/mainTaskNum"), ({"mainTaskNum": "x" * 65}, 422, 42203, "/mainTaskNum"), ({"mainTaskNum": "none"}, 422, 42297, "/mainTaskNum"),
            ({"mainTaskNum": one}, 422, 42298, "/mainTaskNum"), ({"mainTaskNum": ["a"]}, 400, None, "/mainTaskNum")):
        reply = bureau.step("desk", one, "merge", **fields)
        assert reply.status == status and pointer in reply.pointers() and (code is None or reply.data["errors"][0]["statusCode"] == code), reply
    assert bureau.step("dispatcher", one, "merge", mainTaskNum=two).code == 40320
    assert bureau.step("sender", one, "merge", mainTaskNum=two).status == 404
    assert bureau.step("desk", one, "merge", mainTaskNum=two, version=9).code == 40920
    assert bureau.step("desk", one, "unmerge").code == 40921
    bureau.take("desk", one, "merge", mainTaskNum=two)
    assert bureau.step("desk", two, "merge", mainTaskNum=one).code == 40941
    assert bureau.step("desk", one, "merge", mainTaskNum=three).code == 40940
    # the main case is merged: the chain is flattened
    assert bureau.take("desk", two, "merge", mainTaskNum=three)["mainTaskNum"] == three
    assert bureau.case("desk", one).data["mainTaskNum"] == three
    assert set(bureau.case("desk", three).data["duplicates"]) == {one, two}
    # void: its duplicates are on their own; nothing is merged into it
    bureau.take("desk", three, "reject", reason="不属实")
    assert [bureau.case("desk", n).data["mainTaskNum"] for n in (one, two)] == [None, None]
    assert bureau.step("desk", one, "merge", mainTaskNum=three).code == 40942
    # a withdrawn one as well: who withdraws his report withdraws nobody else's
    bureau.take("desk", one, "merge", mainTaskNum=two)
    token, bureau.sender_token = bureau.sender_token, other["token"]
    bureau.take("sender", two, "withdraw", reason="已自行处理")
    bureau.sender_token = token
    assert (bureau.case("desk", one).data["mainTaskNum"], bureau.case("desk", one).data["state"]) == (None, 1)


def test_hidden_main(platform, bureau, other):
    """An operator who does not reach the main case learns neither its number nor that it is there."""
    main, duplicate = bureau.report(), report(platform, other)
    bureau.take("desk", duplicate, "merge", mainTaskNum=main)
    platform.sql("UPDATE citybigdata.event SET district_code = '110102', street_code = NULL, community_code = NULL WHERE task_num = %s", duplicate)
    seen = bureau.case("west", duplicate).data
    assert (seen["mainTaskNum"], seen["state"]) == (None, 1)
    assert bureau.case("filer2", duplicate).data["mainTaskNum"] == main
    refused, unknown = (bureau.step("west", duplicate, "merge", mainTaskNum=n) for n in (main, "none"))
    assert refused.data["errors"][0]["statusCode"] == unknown.data["errors"][0]["statusCode"] == 42297
    bureau.take("filer2", duplicate, "unmerge")
    actions = platform.client.get(f"/events/{duplicate}/actions", token=bureau.tokens["west"]).data
    assert main not in [c["taskNum"] for a in actions if a["action"] == "merge" for c in a["to"]]


def test_many_at_once(platform, bureau, other):
    """POST /events/steps: several merges in one request, crosswise too."""
    tasks = [report(platform, other) for _ in range(4)]
    steps = [{"taskNum": tasks[0], "action": "merge", "version": 0, "mainTaskNum": tasks[3]},
             {"taskNum": tasks[3], "action": "merge", "version": 0, "mainTaskNum": tasks[0]},
             {"taskNum": tasks[1], "action": "merge", "version": 0, "mainTaskNum": tasks[0]},
             {"taskNum": tasks[2], "action": "merge", "version": 0, "mainTaskNum": tasks[2]}]
    data = check_envelope(platform.client.post("/events/steps", {"steps": steps}, token=bureau.tokens["desk"]), 200, 0).data
    assert [r["statusCode"] for r in data["results"]] == [0, 40941, 0, 42200], data
    assert set(bureau.case("desk", tasks[3]).data["duplicates"]) == set(tasks[:2])
