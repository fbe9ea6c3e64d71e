"""Administration over HTTPS: two factors, appointments, lists to work from, ends of accounts, applications and grants."""
import base64
import os
import threading
import urllib.parse

import pytest
from platform_rig import read_env, shell
from rig import check_envelope, check_refused, until


@pytest.fixture(scope="module")
def secadmin(platform):
    return platform.administrator("secadmin")


@pytest.fixture(scope="module")
def sysadmin(platform):
    return platform.administrator("sysadmin")


def all_items(client, path, token, **query):
    """Every item of a list, page by page."""
    items, cursor = [], None
    while True:
        asked = {**query, "pageSize": "7", **({"cursor": cursor} if cursor else {})}
        reply = check_envelope(client.get(f"{path}?{urllib.parse.urlencode(asked)}", token=token), 200, 0)
        items += reply.data["items"]
        cursor = reply.data["nextCursor"]
        if cursor is None:
            return items
        assert len(reply.data["items"]) == 7


def confirm(client, proposed, token):
    """What was proposed, confirmed by a second administrator."""
    assert proposed.data["state"] == "proposed" and "address" not in proposed.data, proposed
    return check_envelope(client.post(f"/admin/proposals/{proposed.data['proposalId']}/confirm", {}, token=token), 200, 0).data


def test_password_alone_is_no_log_in(platform, stranger, secadmin):
    """An administrator without a second factor gets nothing, and cannot give oneself one; a colleague can."""
    account = platform.make_account()
    path = f"/admin/accounts/{account['accountId']}"
    right = {"userName": account["userName"], "password": account["password"]}
    # no administrator yet: the answer of a wrong password
    assert check_refused(stranger.post("/admin/login", right)).code == 40101
    confirm(stranger, check_envelope(stranger.post(path + "/role", {"role": "auditor"}, token=secadmin["token"]), 200, 0), platform.admin_token)
    for body in (right, {**right, "totp": "123456"}):
        refused = check_refused(stranger.post("/admin/login", body))
        assert (refused.status, refused.code, refused.data) == (403, 40308, None)
    # who does not know the password is told what everybody is
    assert check_refused(stranger.post("/admin/login", {**right, "password": "Wrong-1-password"})).code == 40101
    assert not platform.value("SELECT count(*) FROM citybigdata.access_token WHERE account_id = %s AND app_id IS NULL", account["accountId"])
    shown = confirm(stranger, check_envelope(stranger.post(path + "/second-factor", {}, token=secadmin["token"]), 200, 0), platform.admin_token)
    address = urllib.parse.urlsplit(shown["address"])
    secret = urllib.parse.parse_qs(address.query)["secret"][0]
    platform.client.secrets.add(secret)
    assert (address.scheme, address.netloc, len(base64.b32decode(secret))) == ("otpauth", "totp", 20)
    token = platform.log_in(account, secret)
    check_envelope(stranger.get("/admin/audit?pageSize=1", token=token), 200, 0)
    # a new factor ends what the old one opened
    shown = confirm(stranger, check_envelope(stranger.post(path + "/second-factor", {}, token=secadmin["token"]), 200, 0), platform.admin_token)
    platform.client.secrets.add(urllib.parse.parse_qs(urllib.parse.urlsplit(shown["address"]).query)["secret"][0])
    assert check_refused(stranger.get("/admin/audit", token=token)).code == 40102


def test_nobody_raises_oneself(platform, client, secadmin, sysadmin):
    """Not one's own account or application; and only a security administrator appoints."""
    own = f"/admin/accounts/{secadmin['accountId']}"
    for what, body in (("role", {"role": "sysadmin"}), ("second-factor", {}), ("suspend", {}), ("revoke", {}), ("expire", {"validUntil": "never"})):
        assert check_refused(client.post(f"{own}/{what}", body, token=secadmin["token"])).code == 40309, what
    assert check_refused(client.post(f"/admin/accounts/{sysadmin['accountId']}/role", {"role": "secadmin"}, token=sysadmin["token"])).code == 40307
    # nor does the password alone apply for it
    assert check_refused(platform.apply(secadmin, level=4)[0]).code == 40101
    platform.sql("DELETE FROM citybigdata.lockout WHERE true")
    number = platform.value("SELECT citybigdata.request_access(%s, '{events}', '{key}', level => 4)", secadmin["userName"])
    assert check_refused(client.post(f"/admin/access-requests/{number}/approve", {}, token=secadmin["token"])).code == 40309
    assert platform.value("SELECT state FROM citybigdata.access_request WHERE access_request_id = %s", number) == "pending"


def test_one_security_administrator_stays(platform, client, secadmin, sysadmin):
    """Two who suspend each other at the same time: one of them succeeds."""
    other = platform.administrator("secadmin")
    rest = platform.sql("""UPDATE citybigdata.account SET state = 'suspended' WHERE admin_role = 'secadmin' AND state = 'active'
                           AND account_id NOT IN (%s, %s) RETURNING account_id""", secadmin["accountId"], other["accountId"])
    try:
        for _ in range(5):
            replies = []
            ask = lambda who, whom: replies.append(client.post(f"/admin/accounts/{whom['accountId']}/suspend", {}, token=who["token"]))
            threads = [threading.Thread(target=ask, args=pair) for pair in ((secadmin, other), (other, secadmin))]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            assert sorted(r.status for r in replies) in ([200, 401], [200, 409]), replies
            assert {r.code for r in replies} - {0} <= {40102, 40906}
            platform.sql("UPDATE citybigdata.account SET state = 'active' WHERE account_id IN (%s, %s)", secadmin["accountId"], other["accountId"])
        check_envelope(client.post(f"/admin/accounts/{other['accountId']}/role", {"role": "none"}, token=secadmin["token"]), 200, 0)
        assert check_refused(client.post(f"/admin/accounts/{secadmin['accountId']}/suspend", {}, token=sysadmin["token"])).code == 40906
        assert check_refused(client.get("/admin/accounts", token=other["token"])).code == 40102
    finally:
        platform.sql("UPDATE citybigdata.account SET state = 'active' WHERE account_id = ANY (%s)", [n for (n,) in rest])


def test_review_from_the_lists(platform, client, secadmin, sysadmin):
    """What waits is found in the lists, decided, and found decided."""
    account = platform.make_account(approve=False)
    waiting = {a["accountId"]: a for a in all_items(client, "/admin/accounts", secadmin["token"], state="pending")}
    assert waiting[account["accountId"]]["userName"] == account["userName"] and waiting[account["accountId"]]["contactName"] == "张三"
    check_envelope(client.post(f"/admin/accounts/{account['accountId']}/approve", {}, token=secadmin["token"]), 200, 0)
    reply, body = platform.apply(account, level=2, ipRanges=["192.0.2.0/24"])
    number = check_envelope(reply, 200, 0).data["accessRequestId"]
    request = {r["accessRequestId"]: r for r in all_items(client, "/admin/access-requests", secadmin["token"], state="pending")}[number]
    assert {k: request[k] for k in ("resources", "methods", "senderCodes", "profile", "ipRanges")} == \
        {k: body[k] for k in ("resources", "methods", "senderCodes", "profile", "ipRanges")}
    assert (request["level"], request["userName"], request["purpose"], request["appCode"]) == (2, account["userName"], "测试", None)
    code = check_envelope(client.post(f"/admin/access-requests/{number}/approve", {}, token=secadmin["token"]), 200, 0).data["appCode"]
    found = check_envelope(client.get(f"/admin/applications?application={code}", token=sysadmin["token"]), 200, 0).data["items"]
    assert len(found) == 1 and found[0]["senderCodes"] == body["senderCodes"] and found[0]["credentialsTakenAt"] is None
    assert [(g["resource"], g["level"], g["state"], g["grantedBy"]) for g in found[0]["grants"]] == [("events", 2, "active", secadmin["userName"])]
    found = check_envelope(client.get("/admin/accounts?userName=" + account["userName"].upper(), token=sysadmin["token"]), 200, 0).data["items"]
    assert [(a["state"], a["reviewedBy"], a["secondFactor"]) for a in found] == [("active", secadmin["userName"], False)]
    assert check_refused(client.get("/admin/access-requests", token=sysadmin["token"])).code == 40307
    read = check_envelope(client.get("/admin/audit?action=access.list%25", token=platform.administrator("auditor")["token"]), 200, 0).data["items"]
    assert {r["userName"] for r in read} >= {secadmin["userName"], sysadmin["userName"]}


def test_lists_refuse_nonsense(client, secadmin):
    for path, pointers in (("accounts?state=x&role=y&cursor=z&pageSize=0", {"/state", "/role", "/cursor", "/pageSize"}),
                           ("access-requests?state=active&accountId=-1&pageSize=1001", {"/state", "/accountId", "/pageSize"}),
                           ("applications?state=%E4%B8%AD&accountId=1e3", {"/state", "/accountId"}),
                           ("lockouts?kind=x&cursor=none&pageSize=" + "9" * 400, {"/kind", "/cursor", "/pageSize"})):
        assert set(check_refused(client.get("/admin/" + path, token=secadmin["token"])).pointers()) == pointers, path


def test_address_is_unlocked(platform, client, sysadmin):
    """Locked after many wrong passwords, listed, let in again."""
    app = platform.make_application()
    guest = client.at("127.9.8.7")
    log_in = lambda password: guest.post("/auth/code", {"appCode": app["appCode"], "method": "password", "userName": app["userName"], "password": password})
    with platform.setting("citybigdata.lockout_address_threshold", "3"):
        while check_refused(log_in("Wrong-1-password")).code != 42901:
            pass
        assert check_refused(log_in(app["password"])).code == 42901
        locked = {(l["kind"], l["subject"]): l for l in all_items(client, "/admin/lockouts", sysadmin["token"])}
        assert locked["address", "127.9.8.7"]["locked"] is True
        assert not [l for l in all_items(client, "/admin/lockouts", sysadmin["token"], kind="application") if l["kind"] != "application"]
        reply = client.post("/admin/lockouts/unlock", {"kind": "address", "subject": "::ffff:127.9.8.7"}, token=sysadmin["token"])
        assert check_envelope(reply, 200, 0).data == {"kind": "address", "subject": "127.9.8.7", "unlocked": True}
        check_envelope(log_in(app["password"]), 200, 0)
    platform.sql("DELETE FROM citybigdata.lockout WHERE true")


@pytest.mark.parametrize("what", ["grant/suspend", "grant/revoke", "grant/expire", "application/expire", "account/expire", "account/revoke"])
def test_the_very_next_request(platform, client, secadmin, what):
    """Whatever is taken away is refused from then on; what can be given back comes back with the old token."""
    app = platform.make_application()
    token = platform.token(app)
    use = lambda: client.get(f"/events?since=1700000000&senderCode={app['senders'][0]}", token=token)
    report = lambda: platform.report(platform.event(), token, app["senders"][0])
    check_envelope(report(), 200, 0)
    kind, verb = what.split("/")
    path = {"grant": f"/admin/applications/{app['appCode']}/grants/events", "application": f"/admin/applications/{app['appCode']}",
            "account": f"/admin/accounts/{app['accountId']}"}[kind]
    change = lambda verb, body={}: check_envelope(client.post(f"{path}/{verb}", body, token=secadmin["token"]), 200, 0)
    change(verb, {"validUntil": "1700000000"} if verb == "expire" else {})
    assert check_refused(report()).code == (40300 if kind == "grant" else 40102)
    if kind != "grant":
        assert check_refused(use()).code == 40102
    if verb == "expire":
        change("expire", {"validUntil": "never"})
    elif verb == "suspend":
        change("resume")
    else:
        assert check_refused(client.post(f"{path}/{verb}", {}, token=secadmin["token"])).code == 40900
        return
    check_envelope(report(), 200, 0)


def test_granted_again(platform, client, secadmin):
    """A revoked grant given again, with another level: seen by the very next request; what cannot be granted is not."""
    app = platform.make_application()
    token = platform.token(app)
    grants = f"/admin/applications/{app['appCode']}/grants"
    report = lambda: platform.report(platform.event(), token, app["senders"][0])
    check_envelope(client.post(grants + "/events/revoke", {}, token=secadmin["token"]), 200, 0)
    assert check_refused(report()).code == 40300
    reply = check_envelope(client.post(grants, {"resource": "events", "level": 3, "validUntil": "20991231235959"}, token=secadmin["token"]), 200, 0)
    assert reply.data == {"appCode": app["appCode"], "resource": "events", "state": "active"}
    check_envelope(report(), 200, 0)
    for body, code in (({}, 42201), ({"resource": "events", "level": "x"}, 42204), ({"resource": "no-such"}, 40407),
                       ({"resource": "events", "validUntil": "soon"}, None)):
        refused = check_refused(client.post(grants, body, token=secadmin["token"]))
        assert code in (None, refused.data["errors"][0]["statusCode"]), refused
    shown = check_envelope(client.get(f"/admin/applications?application={app['appCode']}", token=secadmin["token"]), 200, 0).data["items"][0]["grants"]
    assert [(g["resource"], g["level"], g["state"], g["validUntil"]) for g in shown] == [("events", 3, "active", "20991231235959")]


def test_administrators_addresses(platform, client, secadmin):
    """From elsewhere neither the log-in nor a token that was made before is good; applications go on."""
    elsewhere, token = client.at("127.0.66.1"), platform.token()
    check_envelope(elsewhere.get("/admin/lockouts", token=secadmin["token"]), 200, 0)
    with platform.setting("citybigdata.admin_addresses", "127.0.0.1, 2001:db8::/32"):
        until(lambda: elsewhere.get("/admin/lockouts", token=secadmin["token"]).code == 40104)
        credentials = {"userName": secadmin["userName"], "password": secadmin["password"], "totp": "123456"}
        replies = [elsewhere.post("/admin/login", {**credentials, "password": word}) for word in (secadmin["password"], "Wrong-1-password")]
        assert [check_refused(r).code for r in replies] == [40104, 40104]
        check_envelope(client.get("/admin/lockouts", token=secadmin["token"]), 200, 0)
        check_envelope(elsewhere.get("/code-tables", token=token), 200, 0)
    until(lambda: elsewhere.get("/admin/lockouts", token=secadmin["token"]).code == 0)


def test_platform_of_before_is_repaired(platform):
    """`make up` gives the demo administrator of an older platform a second factor: the one of the env file, else a new one."""
    file, admin = os.path.join(platform.folder, "demo.env"), platform.env["CBD_ADMIN_USER"]
    kept = open(file, encoding="utf-8").read()
    credentials = {"userName": admin, "password": platform.env["CBD_ADMIN_PASSWORD"]}
    repair = lambda: shell(f"platform_second_factor '{platform.folder}' 2>&1")
    try:
        assert repair() == ""
        platform.sql("SELECT citybigdata.remove_totp(%s)", admin)
        assert "had no second factor" in repair() and open(file, encoding="utf-8").read() == kept and repair() == ""
        platform.log_in(credentials, platform.env["CBD_ADMIN_TOTP_SECRET"])
        platform.sql("SELECT citybigdata.remove_totp(%s)", admin)
        with open(file, "w", encoding="utf-8") as out:
            out.writelines(line for line in kept.splitlines(True) if "TOTP" not in line)
        assert "had no second factor" in repair()
        secret = read_env(file)["CBD_ADMIN_TOTP_SECRET"]
        platform.client.secrets.add(secret)
        assert secret != platform.env["CBD_ADMIN_TOTP_SECRET"] and os.stat(file).st_mode & 0o77 == 0
        platform.log_in(credentials, secret)
    finally:
        with open(file, "w", encoding="utf-8") as out:
            out.write(kept)
        platform.sql("SELECT citybigdata.enrol_totp(%s, %s)", admin, platform.env["CBD_ADMIN_TOTP_SECRET"])
        platform.forget_admin()
