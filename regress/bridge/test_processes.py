"""Processes over HTTPS: the system administrator lists and saves them; what is wrong is told all at once."""
import json

import pytest
from rig import check_envelope, check_refused


@pytest.fixture(scope="module")
def token(platform):
    return platform.administrator("sysadmin")["token"]


def definition(code="bridge-lamps", **changes):
    return {"code": code, "title": "Street lamps", "titleZh": "路灯报修", "start": "new",
            "stages": [{"name": "new", "title": "New", "titleZh": "新报", "state": 1, "roles": ["desk"], "limit": {"amount": 0.5, "unit": 1}},
                       {"name": "done", "title": "Done", "titleZh": "办结", "state": 6}],
            "actions": [{"name": "close", "from": ["new"], "to": "done", "roles": ["desk"]},
                        {"name": "reopen", "from": ["done"], "to": "new", "roles": ["desk"]}], **changes}


def versions(client, token, query=""):
    return check_envelope(client.get("/admin/processes" + query, token=token), 200, 0).data


def test_shipped_and_own(client, token):
    shipped = versions(client, token, "?process=city-management&version=1")["items"]
    assert [(i["process"], i["version"], i["shipped"], i["titleZh"]) for i in shipped] == [("city-management", 1, True, "城市管理案件办理")]
    assert {s["name"] for s in shipped[0]["definition"]["stages"]} == {"accept", "file", "dispatch", "handle", "check", "closed", "void"}
    save = lambda body: check_envelope(client.post("/admin/processes", body, token=token), 200, 0).data
    assert save({"definition": definition(), "dryRun": True}) == {"process": "bridge-lamps", "dryRun": True}
    assert versions(client, token, "?process=bridge-lamps")["items"] == []
    assert save({"definition": definition()}) == {"process": "bridge-lamps", "version": 1, "changed": True}
    assert save({"definition": definition()}) == {"process": "bridge-lamps", "version": 1, "changed": False}
    assert save({"definition": definition(title="Lamps")}) == {"process": "bridge-lamps", "version": 2, "changed": True}
    # what was listed can be saved again as it is
    newest = max(i["version"] for i in versions(client, token, "?process=city-management&pageSize=1000")["items"])
    assert save({"definition": shipped[0]["definition"]}) == {"process": "city-management", "version": newest, "changed": False}
    page = versions(client, token, "?process=bridge-lamps&pageSize=1")
    assert [(i["version"], i["newest"], i["definition"]) for i in page["items"]] == [(1, False, None)]
    page = versions(client, token, f"?process=bridge-lamps&pageSize=1&cursor={page['nextCursor']}")
    assert [(i["version"], i["newest"], i["title"]) for i in page["items"]] == [(2, True, "Lamps")]
    assert versions(client, token, f"?process=bridge-lamps&pageSize=1&cursor={page['nextCursor']}") == {"items": [], "nextCursor": None}


def test_refused(client, platform, token):
    post = lambda body, who=token: client.post("/admin/processes", body, token=who)
    wrong = definition(start="nowhere", more=1)
    wrong["actions"][0].update(roles=["boss"], needs=["money"])
    refused = check_refused(post({"definition": wrong}))
    assert refused.status == 422 and set(refused.pointers()) == {"/definition/more", "/definition/actions/0/roles/0", "/definition/actions/0/needs/0", "/definition/start"}
    assert all(len(e["message"]) > 5 for e in refused.data["errors"])
    # a dead end, a stage that nobody reaches, nobody who may act
    dead = definition()
    dead["stages"].append({"name": "lost", "title": "Lost", "titleZh": "迷途", "state": 4, "roles": ["unit"]})
    assert {(e["pointer"], e["statusCode"]) for e in check_refused(post({"definition": dead})).data["errors"]} == {
        ("/definition/stages/2", 42241), ("/definition/stages/2", 42242), ("/definition/stages/2/roles", 42243)}
    for body in ({}, {"definition": None}, {"definition": ""}, {"definition": 7}, {"definition": []}, {"definition": {}}, {"definition": "{"}, {"definition": "\u0000"},
                 {"definition": definition(title="\u0000")}, {"definition": json.dumps(definition(title="\ud800"))}, {"definition": "[" * 10000}, {"definition": definition(stages=[None] * 1000)},
                 {"definition": definition(code="x" * 100000)}, {"definition": {**definition(), "stages": [{"state": 1e308, "limit": {"amount": 1e-308, "unit": 1e9}}]}}):
        reply = post(body)
        assert 400 <= reply.status < 500, (str(body)[:80], reply.status)
    for role, code in (("secadmin", 40307), ("auditor", 40307)):
        other = platform.administrator(role)["token"]
        assert check_refused(post({"definition": definition()}, other)).code == code
        assert check_refused(client.get("/admin/processes", token=other)).code == code
    assert check_refused(client.get("/admin/processes")).code == 40100
    assert set(check_refused(client.get("/admin/processes?version=x&pageSize=0", token=token)).pointers()) == {"/version", "/pageSize"}


def test_audited(platform, client, token):
    read = check_envelope(client.get("/admin/audit?action=process.%25&pageSize=1000", token=platform.administrator("auditor")["token"]), 200, 0).data["items"]
    assert {(r["action"], r["object"], r["detail"]) for r in read if r["statusCode"] == 0} >= {
        ("process.save", "bridge-lamps", "version 1"), ("process.save", "bridge-lamps", "version 1, as it was"), ("process.save", "bridge-lamps", "dry run")}
    assert any(r["action"] == "process.list" for r in read) and any(r["statusCode"] == 40307 for r in read)
