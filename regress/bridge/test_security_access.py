"""Attacks on access over HTTPS: separation of administrators (s7), address grants (s8), epochs (s9), lock-out (s12), codes (s15), Basic (s18)."""
import pytest
from rig import check_envelope, check_refused, until


@pytest.fixture(scope="module")
def people(platform):
    return {name: platform.administrator(role) for name, role in (("sys", "sysadmin"), ("one", "secadmin"), ("two", "secadmin"))}


def test_s7a_security_administrator_alone(platform, client, people):
    """A puppet gets no role and no second factor; the proposer cannot confirm, a second one can, once; both are listed."""
    puppet = platform.make_account(approve=False)
    path, token = f"/admin/accounts/{puppet['accountId']}", people["one"]["token"]
    check_envelope(client.post(path + "/approve", {}, token=token), 200, 0)
    number = check_envelope(client.post(path + "/role", {"role": "sysadmin"}, token=token), 200, 0).data["proposalId"]
    assert platform.value("SELECT admin_role FROM citybigdata.account WHERE account_id = %s", puppet["accountId"]) is None
    confirm = f"/admin/proposals/{number}/confirm"
    assert check_refused(client.post(confirm, {}, token=token)).code == 40310
    assert check_refused(client.post(confirm, {}, token=people["sys"]["token"])).code == 40307
    listed = check_envelope(client.get("/admin/proposals?state=open&pageSize=1000", token=people["sys"]["token"]), 200, 0).data["items"]
    assert [(p["action"], p["role"], p["proposedBy"]) for p in listed if p["proposalId"] == number] == [("role", "sysadmin", people["one"]["userName"])]
    check_envelope(client.post(confirm, {}, token=people["two"]["token"]), 200, 0)
    assert check_refused(client.post(confirm, {}, token=people["two"]["token"])).code == 40900
    proposed = check_envelope(client.post(path + "/second-factor", {}, token=token), 200, 0).data
    assert "address" not in proposed
    assert check_refused(client.post(f"/admin/proposals/{proposed['proposalId']}/confirm", {}, token=token)).code == 40310
    refused = check_envelope(client.post(f"/admin/proposals/{proposed['proposalId']}/refuse", {"reason": "未核实"}, token=people["two"]["token"]), 200, 0)
    assert refused.data["state"] == "refused"
    # from the system administrator to the security administrator
    asked = {"action": "second-factor", "accountId": puppet["accountId"]}
    number = check_envelope(client.post("/admin/proposals", asked, token=people["sys"]["token"]), 200, 0).data["proposalId"]
    shown = check_envelope(client.post(f"/admin/proposals/{number}/confirm", {}, token=token), 200, 0).data
    client.secrets.add(shown["address"].split("secret=")[1].split("&")[0])
    assert shown["address"].startswith("otpauth://totp/")


def test_s7b_system_administrator_alone(platform, client, people):
    """After a reset nothing is collected or opened until a security administrator has confirmed; the owner sees why."""
    app = platform.make_application()
    reset = check_envelope(client.post(f"/admin/accounts/{app['accountId']}/reset-password", {}, token=people["sys"]["token"]), 200, 0).data
    client.secrets.update((reset["password"], "Stolen-1-password"))
    check_envelope(client.post("/accounts/password", {"userName": app["userName"], "password": reset["password"],
                                                      "newPassword": "Stolen-1-password"}), 200, 0)
    check_envelope(client.post(f"/admin/applications/{app['appCode']}/rotate", {}, token=people["sys"]["token"]), 200, 0)
    basic = (app["userName"], "Stolen-1-password")
    path = f"/access-requests/{app['accessRequestId']}"
    shown = check_envelope(client.get(path, basic=basic), 200, 0).data
    assert "key" not in shown and "signingSecret" not in shown and "reset" in shown["notice"]
    log_in = {"appCode": app["appCode"], "method": "password", "userName": app["userName"], "password": "Stolen-1-password"}
    assert check_refused(client.post("/auth/code", log_in)).code == 40311
    held = [p for p in check_envelope(client.get("/admin/proposals?state=open&pageSize=1000", token=people["one"]["token"]), 200, 0).data["items"]
            if p["action"] == "password" and p["accountId"] == app["accountId"]]
    check_envelope(client.post(f"/admin/proposals/{held[0]['proposalId']}/confirm", {}, token=people["one"]["token"]), 200, 0)
    shown = check_envelope(client.get(path, basic=basic), 200, 0).data
    client.secrets.update((shown["key"], shown["signingSecret"]))
    check_envelope(client.post("/auth/code", log_in), 200, 0)


def test_s8_address_grant_stays_there(platform, client):
    """Code, token and sealed address of method ip are no use outside the range."""
    app = platform.make_application(methods=["ip"], ipRanges=["127.0.44.0/24"])
    inside, outside = client.at("127.0.44.1"), client.at("127.0.45.1")
    code = lambda: check_envelope(inside.post("/auth/code", {"appCode": app["appCode"], "method": "ip"}), 200, 0).data["authCode"]
    assert check_refused(outside.post("/auth/token", {"appCode": app["appCode"], "authCode": code()})).code == 40104
    token = check_envelope(client.at("127.0.44.9").post("/auth/token", {"appCode": app["appCode"], "authCode": code()}), 200, 0).data["accessToken"]
    client.secrets.add(token)
    check_envelope(client.at("127.0.44.3").get("/code-tables", token=token), 200, 0)
    assert check_refused(outside.get("/code-tables", token=token)).code == 40104


def test_s9_new_credentials_end_the_old(platform, client):
    """renew_credentials() ends bearer tokens and unspent codes at the very next request."""
    app = platform.make_application()
    token = platform.token(app)
    code = check_envelope(client.post("/auth/code", {"appCode": app["appCode"], "method": "key", "key": app["key"]}), 200, 0).data["authCode"]
    check_envelope(client.get("/code-tables", token=token), 200, 0)
    platform.sql("SELECT citybigdata.renew_credentials(%s)", app["appCode"])
    assert check_refused(client.get("/code-tables", token=token)).code == 40102
    assert check_refused(client.post("/auth/token", {"appCode": app["appCode"], "authCode": code})).code == 40012


def test_s12_strangers_lock_nobody_out(platform, client):
    """Wrong keys lock the address that they come from; the valid key goes on elsewhere."""
    app = platform.make_application()
    log_in = lambda source, key: client.at(source).post("/auth/code", {"appCode": app["appCode"], "method": "key", "key": key})
    codes = [check_refused(log_in("127.0.46.1", "00000000-0000-4000-8000-000000000000")).code for _ in range(7)]
    assert codes[0] == 40101 and codes[-1] == 42901
    assert check_refused(log_in("127.0.46.1", app["key"])).code == 42901
    check_envelope(log_in("127.0.46.2", app["key"]), 200, 0)


def test_s18_administrator_by_basic(platform, client, people):
    """The password alone is refused; with the one-time password in X-TOTP it is a log-in like another."""
    who = people["two"]
    path, basic = "/access-requests/999999999", (who["userName"], who["password"])
    assert check_refused(client.get(path, basic=basic)).code == 40101
    code = platform.value("SELECT citybigdata.totp_code(%s, now() + interval '30 seconds')", who["secret"])
    assert check_refused(client.get(path, basic=basic, headers={"X-TOTP": code})).code == 40406


@pytest.mark.parametrize("refused", ("query", "path", "method", "body", "form", "large", "encoding", "conflict"))
def test_s15_a_refusal_spends_the_code(platform, client, refused):
    """A request that the bridge refuses by itself voids the code that it carries, as any other."""
    app = platform.make_application()
    code = check_envelope(client.post("/auth/code", {"appCode": app["appCode"], "method": "key", "key": app["key"]}), 200, 0).data["authCode"]
    client.secrets.add(code)
    query = f"?authCode={code}"
    ask = {"query": lambda: client.get(f"/code-tables{query}&x=%zz"),
           "path": lambda: client.get(f"/nowhere{query}"),
           "method": lambda: client.request("DELETE", f"/code-tables{query}"),
           "body": lambda: client.post("/events", f'{{"authCode": "{code}", "data": {{'.encode(), headers={"Content-Type": "application/json"}),
           "form": lambda: client.post("/events", f"data=%zz&authCode={code}".encode(), headers={"Content-Type": "application/x-www-form-urlencoded"}),
           "large": lambda: client.post(f"/auth/introspect{query}", b"x" * 200_000, headers={"Content-Type": "application/json"}),
           "encoding": lambda: client.post(f"/events{query}", b"{}", headers={"Content-Type": "application/json", "Content-Encoding": "gzip"}),
           "conflict": lambda: client.get(f"/code-tables{query}", token="0" * 43)}
    check_refused(ask[refused]())
    row = "SELECT count(*) FROM citybigdata.audit_log WHERE action = 'auth.spend' AND app_code = %s AND authenticated AND status_code = 0"
    until(lambda: platform.value(row, app["appCode"]) == 1)
    check_envelope(client.post("/auth/token", {"appCode": app["appCode"], "authCode": code}), 400, 40012)


def test_s15_what_is_no_code_leaves_no_row(platform, client):
    before = platform.value("SELECT count(*) FROM citybigdata.audit_log WHERE action = 'auth.spend'")
    for junk in ("x", "A" * 43, "A" * 5000, "%00" * 30, "%zz"):
        check_refused(client.get(f"/nowhere?authCode={junk}"))
    assert platform.value("SELECT count(*) FROM citybigdata.audit_log WHERE action = 'auth.spend'") == before


def test_levels_are_among_the_proposals(platform, client, people):
    """A version that shows more waits in the list of /admin/proposals, and a security administrator decides there."""
    platform.sql("DO $$ BEGIN CREATE ROLE levels_pub LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$")
    platform.sql("GRANT citybigdata_analyst TO levels_pub")
    platform.sql("CREATE SCHEMA levels_pub AUTHORIZATION levels_pub")
    publish = "SELECT citybigdata.publish('levels_pub.lamp', '{\"code\": \"levels-lamps\", \"fields\": {\"phone\": {\"level\": %s}}}'::jsonb)"
    try:
        platform.sql("CREATE TABLE levels_pub.lamp (id int PRIMARY KEY, phone text)", role="levels_pub")
        platform.sql(publish % 2, role="levels_pub")
        for decision, state in (("refuse", "refused"), ("confirm", "current")):
            platform.sql(publish % 1, role="levels_pub")
            items = check_envelope(client.get("/admin/proposals?state=open&pageSize=1000", token=people["sys"]["token"]), 200, 0).data["items"]
            proposal = next(p for p in items if p["action"] == "levels" and p["resource"] == "levels-lamps")
            assert proposal["proposedBy"] == "role:levels_pub" and proposal["changes"] == ["field phone: level 1 instead of 2"]
            path = f"/admin/proposals/{proposal['proposalId']}/{decision}"
            check_envelope(client.post(path, {}, token=people["two"]["token"]), 200, 0)
            assert check_refused(client.post(path, {}, token=people["one"]["token"])).code == 40900
            assert platform.value("SELECT state FROM citybigdata.resource_version WHERE resource_code = 'levels-lamps' AND version = %s", proposal["version"]) == state
    finally:
        platform.sql("SELECT citybigdata.unpublish('levels-lamps')")
        platform.sql("DROP SCHEMA levels_pub CASCADE")
