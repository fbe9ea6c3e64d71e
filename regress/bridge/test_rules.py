"""Rules over HTTPS: the system administrator saves, lists, explains and tries them; reports are judged; what is wrong is told all at once."""
import itertools
import json
import os

import pytest
from rig import check_envelope, check_refused

_serial = itertools.count(1)


@pytest.fixture(scope="module")
def token(platform):
    return platform.administrator("sysadmin")["token"]


@pytest.fixture(scope="module")
def sender(platform):
    """An application with a sender of its own: rules of this file are for it alone."""
    app = platform.make_application(methods=["key"])
    return app, platform.token(app)


def ok(reply):
    return check_envelope(reply, 200, 0).data


def rule(code, then, when=None, **more):
    return {"code": f"bridge-{code}", "order": 10, **({"when": when} if when else {}), "then": then, **more}


@pytest.fixture()
def save(client, token, sender):
    """Saves rules for the sender of this file; they are ended afterwards."""
    codes = set()

    def saved(*rules):
        for one in rules:
            one.setdefault("when", {})["senders"] = sender[0]["senders"]
            codes.add(one["code"])
        return ok(client.post("/admin/rules", {"rules": list(rules)}, token=token))["rules"]

    yield saved
    ok(client.post("/admin/rules", {"rules": [{"code": code, "validTo": "20200101000000"} for code in sorted(codes)]}, token=token))


@pytest.fixture()
def report(platform, sender):
    def reported(**changes):
        event = platform.event(otherTaskNum=f"rule-{os.getpid()}-{next(_serial)}", **changes)
        task = ok(platform.report(event, sender[1], sender=sender[0]["senders"][0]))["taskNum"]
        return task, ok(platform.client.get(f"/events/{task}", token=sender[1]))

    return reported


def test_save_and_act(client, token, platform, save, report):
    assert [(r["version"], r["changed"]) for r in save(rule("level", [{"set": {"level": 2}}]))] == [(1, True)]
    assert [(r["version"], r["changed"]) for r in save(rule("level", [{"set": {"level": 2}}]))] == [(1, False)]
    assert report(eventLevelID=1)[1]["eventLevelID"] == 2
    # the next version at once; a repeat of a report gets the first answer, whatever rules made of it
    assert [(r["version"], r["changed"]) for r in save(rule("level", [{"set": {"level": 1}}], title="级别"))] == [(2, True)]
    assert report(eventLevelID=2)[1]["eventLevelID"] == 1
    page = ok(client.get("/admin/rules?code=bridge-level&pageSize=1", token=token))
    assert [(i["version"], i["inForce"], i["failures"], i["lastFailure"]) for i in page["items"]] == [(1, False, 0, None)]
    page = ok(client.get(f"/admin/rules?code=bridge-level&cursor={page['nextCursor']}", token=token))
    assert [(i["version"], i["inForce"], i["rule"]["title"]) for i in page["items"]] == [(2, True, "级别")]
    assert [i["version"] for i in ok(client.get("/admin/rules?code=bridge-level&active=true", token=token))["items"]] == [2]


def test_reject_keeps_the_report(save, report):
    save(rule("spam", [{"reject": 42290}], {"path": '$.eventDesc like_regex "办证"'}, stop=True))
    task, case = report(eventDesc="办证刻章")
    assert (case["state"], [s["action"] for s in case["steps"]]) == (7, ["reject"]) and "42290" in json.dumps(case["steps"])
    assert report(eventDesc="路灯不亮")[1]["state"] == 1


def test_failing_rule_is_listed(client, token, platform, save, report):
    unit = platform.value("INSERT INTO citybigdata.unit (unit_code, name) VALUES ('BRIDGE-RULE', '规则测试') ON CONFLICT (unit_code) DO UPDATE SET state = 'active' RETURNING unit_code")
    save(rule("broken", [{"dispatch": unit}], order=1), rule("good", [{"set": {"level": 2}}], order=2))
    task, case = report(eventLevelID=1)
    assert (case["eventLevelID"], case["state"], case["steps"]) == (2, 1, [])
    failing = ok(client.get("/admin/rules?failing=true&code=bridge-broken", token=token))["items"]
    assert [(i["failures"], i["lastFailure"]["taskNum"], i["lastFailure"]["statusCode"]) for i in failing] == [(1, task, 42200)]
    assert "conditionCode" in failing[0]["lastFailure"]["message"]
    assert ok(client.get("/admin/rules?failing=true&code=bridge-good", token=token))["items"] == []


def test_explain_and_dry_run(client, token, save, report, sender):
    save(rule("night", [{"set": {"level": 1}}], {"time": {"hours": ["00:00-00:01"]}, "path": "$.mediaNum > 99"}), rule("all", [{"set": {"level": 2}}]))
    task, _ = report(eventLevelID=1)
    told = {r["code"]: r for r in ok(client.post("/admin/rules/explain", {"event": {"taskNum": task}}, token=token))["rules"]}
    assert told["bridge-all"]["acts"] and told["bridge-all"]["term"] is None
    assert not told["bridge-night"]["acts"] and told["bridge-night"]["term"] in ("time", "path")
    # the same event, not stored; another sender's has other candidates
    event = {"senderCode": sender[0]["senders"][0], "data": json.loads(json.dumps(_event(client)))}
    assert {r["code"] for r in ok(client.post("/admin/rules/explain", {"event": event}, token=token))["rules"]} >= {"bridge-all"}
    every = ok(client.post("/admin/rules/explain", {"event": {**event, "senderCode": "nobody"}, "every": True}, token=token))["rules"]
    assert {r["term"] for r in every if r["code"] == "bridge-all"} == {"senders"}
    changed = rule("all", [{"set": {"level": 1}}], {"senders": sender[0]["senders"]})
    tried = ok(client.post("/admin/rules/dry-run", {"rule": changed, "timeRange": "[20240101,20991231]"}, token=token))
    assert tried["changed"] == len(tried["items"]) >= 1 and tried["judged"] >= tried["changed"] and tried["more"] in (True, False)
    first = tried["items"][0]
    assert first["before"]["outcome"] == {"set": {"level": 2}, "then": []} and first["after"]["outcome"] == {"set": {"level": 1}, "then": []}
    assert ok(client.get("/admin/rules?code=bridge-all&active=true", token=token))["items"][0]["rule"]["then"] == [{"set": {"level": 2}}]


def _event(client):
    return {"eventDesc": "路灯不亮", "otherTaskNum": "explain", "address": "东城区王府井大街1号", "lontitude": 116.4179, "latitude": 39.9110, "eventSrcID": 1, "recTypeID": 1,
            "eventLevelID": 1, "eventTypeCode": "6", "createTime": "20240102030405"}


def test_refused(client, platform, token):
    post = lambda body, who=token, path="/admin/rules": client.post(path, body, token=who)
    wrong = {"code": "bridge-x", "order": -1, "colour": 1, "when": {"types": [], "divisions": ["1"], "path": "$.**"}, "then": [{"set": {"unit": "no-such"}}, {"explode": 1}]}
    refused = check_refused(post({"rules": [rule("fine", [{"set": {"level": 1}}]), wrong]}))
    assert refused.status == 422 and {(e["pointer"], e["statusCode"]) for e in refused.data["errors"]} == {
        ("/rules/1/order", 42204), ("/rules/1/colour", 42225), ("/rules/1/when/types", 42204), ("/rules/1/when/divisions/0", 42206), ("/rules/1/when/path", 42291),
        ("/rules/1/then/0/set/unit", 42270), ("/rules/1/then/1/explode", 42292)}
    assert all(len(e["message"]) > 5 for e in refused.data["errors"])
    # none of them is saved when one is wrong, nor in a dry run
    assert ok(client.get("/admin/rules?code=bridge-fine", token=token))["items"] == []
    assert ok(post({"rules": [rule("fine", [{"set": {"level": 1}}])], "dryRun": True})) == {"rules": [{"code": "bridge-fine", "version": 1, "changed": True}], "dryRun": True}
    assert ok(client.get("/admin/rules?code=bridge-fine", token=token))["items"] == []
    assert check_refused(post({"rules": '[{"code": "bridge-x", "code": "bridge-y", "order": 1, "then": [{"set": {"level": 1}}]}]'})).data["errors"][0]["statusCode"] == 40004
    for body in ({}, {"rules": None}, {"rules": []}, {"rules": {}}, {"rules": 7}, {"rules": "["}, {"rules": [None]}, {"rules": [[]]}, {"rules": [7]}, {"rules": [{}] * 501}, {"rules": ["\u0000"]},
                 {"rules": [rule("x", [{"set": {"level": 1e308}}])]}, {"rules": [rule("x", [{"set": {"level": 1}}], {"path": "$" + ".a" * 5000})]}, {"rules": [rule("x" * 100000, [])]},
                 {"rules": [rule("x", [{"set": {"level": 1}}], {"within": {"geometry": {"type": "Point", "coordinates": ["a"]}, "metres": 5}})]}, {"rules": [rule("x", [[]] * 10)]},
                 {"rules": [rule("x", [{"set": {"level": 1}}], {"within": {"resource": "'; DROP TABLE x", "metres": 5}})]}, {"rules": "[" * 10000}):
        reply = post(body)
        assert 400 <= reply.status < 500, (str(body)[:80], reply.status)
    for body in ({}, {"event": None}, {"event": []}, {"event": {}}, {"event": {"taskNum": "x"}}, {"event": {"senderCode": 7, "data": {}}}, {"event": "\u0000"}, {"event": {"data": "["}}):
        assert 400 <= post(body, path="/admin/rules/explain").status < 500, body
    for body in ({}, {"rule": rule("x", [{"set": {"level": 1}}])}, {"rule": {}, "timeRange": "[20240101,20240102]"}, {"rule": rule("x", [{"set": {"level": 1}}]), "timeRange": "yesterday"},
                 {"rule": rule("x", [{"set": {"level": 1}}]), "timeRange": "[20240102,20240101]"}):
        assert 400 <= post(body, path="/admin/rules/dry-run").status < 500, body
    assert set(check_refused(client.get("/admin/rules?active=x&failing=y&pageSize=0", token=token)).pointers()) == {"/active", "/failing", "/pageSize"}
    for role in ("secadmin", "auditor"):
        other = platform.administrator(role)["token"]
        for path, body in (("/admin/rules", {"rules": []}), ("/admin/rules/explain", {}), ("/admin/rules/dry-run", {})):
            assert check_refused(post(body, other, path)).code == 40307
        assert check_refused(client.get("/admin/rules", token=other)).code == 40307
    assert check_refused(client.get("/admin/rules")).code == 40100


def test_audited(platform, client, token, save):
    save(rule("audited", [{"set": {"level": 1}}]))
    read = ok(client.get("/admin/audit?action=rule.%25&pageSize=1000", token=platform.administrator("auditor")["token"]))["items"]
    assert ("rule.save", "bridge-audited", "1 rules, 1 changed") in {(r["action"], r["object"], r["detail"]) for r in read if r["statusCode"] == 0}
    assert {"rule.list", "rule.explain", "rule.dryRun"} <= {r["action"] for r in read} and any(r["statusCode"] == 40307 for r in read)
