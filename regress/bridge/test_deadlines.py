"""Filing conditions and working calendars over HTTPS: the system administrator lists and saves them; what is wrong is told all at once."""
from urllib.parse import quote

import pytest
from rig import check_envelope, check_refused


BRIDGE = quote("桥上")


@pytest.fixture(scope="module")
def token(platform):
    return platform.administrator("sysadmin")["token"]


def ok(reply):
    return check_envelope(reply, 200, 0).data


def audited(platform, action):
    return platform.value("SELECT detail FROM citybigdata.audit_log WHERE action = %s AND request_id IS NOT NULL ORDER BY audit_id DESC LIMIT 1", action)


def test_conditions(client, platform, token):
    saved = ok(client.post("/admin/conditions", {"conditions": [{"type": "6", "condition": "桥上路灯不亮", "limit": "4小时", "closing": "路灯亮"},
                                                                {"type": "6", "condition": "桥上灯杆倾斜", "limit": 2, "limitUnit": 12}]}, token=token))
    assert saved["added"] == 2 and saved["changed"] == 0 and len(saved["codes"]) == 2
    assert audited(platform, "condition.save") == "2 conditions, 2 new, 0 changed"
    # a list of the site as CSV: the code stays, the limit is another one
    again = ok(client.post("/admin/conditions", {"csv": "\ufeff小类\t立案条件\t处置时限\t单位\r\n6\t桥上路灯不亮\t1\t紧急工作日\r\n"}, token=token))
    assert again == {"added": 0, "changed": 1, "codes": saved["codes"][:1]}
    page = ok(client.get(f"/admin/conditions?type=6&q={BRIDGE}&pageSize=1", token=token))
    assert [(i["code"], i["condition"], i["limit"], i["limitUnit"], i["limitUnitName"], i["closing"], i["active"]) for i in page["items"]] == [
        (saved["codes"][0], "桥上路灯不亮", 1, 11, "紧急工作日", "路灯亮", True)]
    assert audited(platform, "condition.list") == "type=6 q=桥上 pageSize=1"
    page = ok(client.get(f"/admin/conditions?type=6&q={BRIDGE}&pageSize=1&cursor={page['nextCursor']}", token=token))
    assert [i["code"] for i in page["items"]] == saved["codes"][1:]
    assert ok(client.get(f"/admin/conditions?type=6&q={BRIDGE}&active=false", token=token)) == {"items": [], "nextCursor": None}


def test_conditions_refused(client, platform, token):
    post = lambda body, who=token: client.post("/admin/conditions", body, token=who)
    refused = check_refused(post({"conditions": [{"type": "6", "condition": "桥下", "limit": "4小时"}, {"type": "no-such", "condition": "", "limit": "4 周", "colour": 1},
                                                 {"type": "6", "condition": "桥下", "limit": 0, "limitUnit": 4, "warningShare": 2}]}))
    assert refused.status == 422 and {(e["pointer"], e["statusCode"]) for e in refused.data["errors"]} >= {
        ("/conditions/1/type", 42205), ("/conditions/1/condition", 42201), ("/conditions/1/limit", 42205), ("/conditions/1/colour", 42225),
        ("/conditions/2/condition", 42204), ("/conditions/2/limit", 42204), ("/conditions/2/limitUnit", 42205), ("/conditions/2/warningShare", 42204)}
    refused = check_refused(post({"csv": "小类,立案条件,处置时限\n6,桥下,4小时\n6,桥旁,很快\n"}))
    assert [(e["pointer"], e["statusCode"], e["message"][:12]) for e in refused.data["errors"]] == [("/csv", 42263, "line 3, 处置时限")]
    assert platform.value("SELECT count(*) FROM citybigdata.filing_condition WHERE condition_text ~ '^桥[下旁]'") == 0
    assert check_refused(post({"conditions": '[{"type": "6", "type": "6", "condition": "桥下", "limit": "1天"}]'})).code == 40004
    for body in ({}, {"conditions": None}, {"conditions": [], "csv": "x"}, {"conditions": []}, {"conditions": {}}, {"conditions": 7}, {"conditions": "["}, {"conditions": [None]}, {"conditions": [[]]},
                 {"csv": ""}, {"csv": '"'}, {"csv": "\u0000"}, {"csv": ["x"]}, {"conditions": [{"type": "6", "condition": "\u0000", "limit": "1天"}]},
                 {"conditions": [{"type": "6", "condition": "x" * 10000, "limit": "9" * 10000 + "天"}]}, {"conditions": [{"type": "6", "condition": "x", "limit": 1e300}]}):
        reply = post(body)
        assert 400 <= reply.status < 500, (str(body)[:80], reply.status)
    for query in ("?active=maybe", "?pageSize=0", "?pageSize=1001", "?type=" + "x" * 65, "?cursor=" + "x" * 65, "?q="):
        assert client.get("/admin/conditions" + query, token=token).status in (200, 422), query
    for role in ("secadmin", "auditor"):
        other = platform.administrator(role)["token"]
        assert check_refused(post({"csv": "小类,立案条件,处置时限\n6,桥下,4小时\n"}, other)).status == 403
        assert check_refused(client.get("/admin/conditions", token=other)).status == 403
    assert check_refused(post({"csv": "小类,立案条件,处置时限\n6,桥下,4小时\n"}, platform.token())).status == 403
    assert check_refused(client.get("/admin/conditions")).status == 401


def test_audited_whole(client, platform, token):
    """What the audit log says of a change is kept until it is written, whatever the reply takes of memory meanwhile."""
    hours = {"mon-fri": ["08:00-12:00", "14:00-18:00"], "sat": [], "sun": []}
    for serial in range(12):
        conditions = [{"type": "6", "condition": f"路灯不亮{serial}-{n}", "limit": "4小时"} for n in range(1 + 40 * (serial % 3))]
        ok(client.post("/admin/conditions", {"conditions": conditions}, token=token))
        assert audited(platform, "condition.save") == f"{len(conditions)} conditions, {len(conditions)} new, 0 changed"
        days = [{"date": f"2026-01-{n + 1:02}", "kind": "off", "name": f"{serial}"} for n in range(1 + 9 * (serial % 3))]
        ok(client.post("/admin/calendars", {"calendar": "bridge-audit", "titleZh": "审计", "hours": hours, "days": days}, token=token))
        assert audited(platform, "calendar.save").endswith(" changes, years 2026")


def test_calendars(client, platform, token):
    hours = {"mon-fri": ["08:00-12:00", "14:00-18:00"], "sat": [], "sun": []}
    made = ok(client.post("/admin/calendars", {"calendar": "bridge-test", "titleZh": "测试", "hours": hours, "days": [{"date": "2026-01-01", "kind": "off", "name": "元旦"}]}, token=token))
    assert made["calendar"] == "bridge-test" and made["unknownFrom"] == "2027-01-01" and made["changed"] > 0
    assert audited(platform, "calendar.save").endswith("changes, years 2026")
    more = ok(client.post("/admin/calendars", {"calendar": "bridge-test", "csv": "日期,类别,名称\n2027-01-01,休,元旦\n2027-01-02,班,\n"}, token=token))
    assert more["unknownFrom"] == "2028-01-01" and more["version"] != made["version"]
    item, = ok(client.get("/admin/calendars?calendar=bridge-test&year=2027", token=token))["items"]
    assert item["years"] == [2026, 2027] and item["titleZh"] == "测试" and item["dayMinutes"] == 480 and len(item["hours"]) == 8
    assert item["days"] == [{"date": "2027-01-01", "kind": "off", "name": "元旦", "nameEn": None, "hours": None}, {"date": "2027-01-02", "kind": "work", "name": None, "nameEn": None, "hours": None}]
    page = ok(client.get("/admin/calendars?pageSize=1", token=token))
    assert len(page["items"]) == 1 and page["nextCursor"] == page["items"][0]["calendar"] and page["items"][0]["days"] is None


def test_calendars_refused(client, platform, token):
    post = lambda body: client.post("/admin/calendars", body, token=token)
    refused = check_refused(post({"calendar": "bridge-wrong", "hours": {"mon-fri": ["08:00-12:00", "11:00-18:00"], "sat": []}, "days": [{"date": "2026-02-30", "kind": "off"}], "dayMinutes": 0}))
    assert refused.status == 422 and {e["pointer"] for e in refused.data["errors"]} >= {"/hours/mon-fri", "/hours", "/days/0/date", "/dayMinutes"}
    refused = check_refused(post({"csv": "日期,类别\n2027-13-01,休\n"}))
    assert {e["pointer"] for e in refused.data["errors"]} == {"/csv"}
    assert check_refused(post({"csv": "日期,类别\n2027-01-01\n"})).data["errors"][0]["pointer"] == "/csv"
    for body in ({}, {"calendar": ""}, {"hours": 7}, {"hours": "["}, {"hours": []}, {"days": "x"}, {"days": {}}, {"days": [None]}, {"years": [1]}, {"years": "2027"}, {"csv": ""}, {"csv": "x"}, {"days": [], "csv": "日期,类别\n"},
                 {"calendar": "no-such", "days": []}, {"title": "\u0000"}, {"days": '[{"date": "2027-01-01", "date": "2027-01-02", "kind": "off"}]'}, {"unknown": 1}, {"dayMinutes": {}}):
        reply = post(body)
        assert 400 <= reply.status < 500, (str(body)[:80], reply.status)
    for query in ("?year=1800", "?year=x", "?calendar=" + "x" * 64):
        assert check_refused(client.get("/admin/calendars" + query, token=token)).status == 422
    assert check_refused(client.get("/admin/calendars", token=platform.administrator("secadmin")["token"])).status == 403
    assert platform.value("SELECT count(*) FROM citybigdata.calendar WHERE code = 'bridge-wrong'") == 0
