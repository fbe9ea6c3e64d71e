"""Administration: lists, ends of accounts, applications and grants, rotation, limits, roles, the audit log."""
from .player import FORM, audit

LISTS = ("accounts", "access-requests", "applications", "lockouts", "audit")


def lists(run):
    get = lambda name, path, role="secadmin", **more: run.ask(f"admin/list/{name}", more.pop("method", "GET"), "/admin/" + path,
                                                              token=run.tokens.get(role), **more)
    for path in LISTS:
        for role in ("secadmin", "sysadmin", "auditor", "rec-full", None):
            more = {"audit": "&action=admin.login", "lockouts": "&kind=registration"}.get(path, "")
            get(f"{path} by {role or 'nobody'}", f"{path}?pageSize=1{more}", role, source=None if role else "127.0.16.1",
                change=audit if path == "audit" else None)
    get("accounts, whole", "accounts")
    get("accounts, xml", "accounts?format=xml&pageSize=2")
    get("accounts, csv", "accounts?format=csv")
    for query in ("state=pending", "state=rejected", "userName=REC-FULL", "role=secadmin", "role=none&pageSize=1", "userName=nobody"):
        get(f"accounts, {query}", f"accounts?{query}")
    first = get("accounts, first page", "accounts?pageSize=2").data
    get("accounts, second page", f"accounts?pageSize=2&cursor={first['nextCursor']}")
    for query in ("state=rejected", f"accountId={run.accounts['rec-full']}", "state=pending"):
        get(f"access-requests, {query}", f"access-requests?{query}")
    get("applications, one", f"applications?application={run.apps['rec-limited']['appCode']}")
    get("applications, of an account", f"applications?accountId={run.accounts['rec-full']}")
    get("applications, state", "applications?state=suspended")
    get("head", "accounts", method="HEAD")
    for path in ("accounts?state=x&role=y&cursor=z&pageSize=0", "access-requests?state=active&accountId=-1&pageSize=1001",
                 "applications?state=%E4%B8%AD&accountId=1e3&application=x", "lockouts?kind=x&cursor=none&pageSize=" + "9" * 400,
                 "accounts?nothing=1", "accounts?state=active&state=active"):
        get(f"wrong/{path[:40]}", path)
    for query in ("since=x&until=y&cursor=z&pageSize=0", "since=20250101000000&until=20240101000000", "action=" + "x" * 300, "nothing=1",
                  "since=20240101000000&until=20240102000000"):
        get(f"audit, {query[:40]}", "audit?" + query, "auditor")
    get("audit, log-ins", "audit?action=admin.login&pageSize=2", "auditor", change=audit)
    get("audit, xml", "audit?action=admin.login&pageSize=1&format=xml", "auditor", change=audit)


def changes(run):
    """Every verb on a throw-away application, by whom it is for and by whom it is not."""
    from .chapter_accounts import application
    app = application(run, "rec-gone")
    token = run.tokens["secadmin"]
    post = lambda name, path, body=None, role="secadmin", **more: run.ask(f"admin/{name}", "POST", "/admin/" + path, {} if body is None else body,
        token=run.tokens[role], **more)
    code, number = app["appCode"], app["accountId"]
    account, application_, grant = f"accounts/{number}", f"applications/{code}", f"applications/{code}/grants/events"
    for kind, path in (("account", account), ("application", application_), ("grant", grant)):
        post(f"{kind}/suspended", path + "/suspend", {"reason": "停用"}, "sysadmin")
        post(f"{kind}/suspended again", path + "/suspend", {}, "secadmin")
        post(f"{kind}/suspended by the auditor", path + "/suspend", {}, "auditor")
        post(f"{kind}/resumed by the wrong role", path + "/resume", {}, "sysadmin")
        post(f"{kind}/resumed", path + "/resume")
        post(f"{kind}/resumed again", path + "/resume")
        post(f"{kind}/expires", path + "/expire", {"validUntil": "20991231235959"})
        post(f"{kind}/expires, query", path + "/expire?validUntil=never", {})
        post(f"{kind}/expires, nothing", path + "/expire")
        post(f"{kind}/expires, soon", path + "/expire", {"validUntil": "soon"})
        post(f"{kind}/expires, number", path + "/expire", {"validUntil": 5})
        post(f"{kind}/reason of 5000", path + "/suspend", {"reason": "x" * 5000})
        post(f"{kind}/unknown parameter", path + "/suspend", {"nothing": 1})
        post(f"{kind}/form", path + "/resume", "", kind=FORM)
        for verb in ("suspend", "resume", "revoke", "expire"):
            post(f"{kind}/{verb} of an unknown one", path.replace(str(number), "999999").replace(code, "110000999999990").replace("events",
                "no-such") + "/" + verb, {"validUntil": "never"} if verb == "expire" else {})
    post("account/number", "accounts/abc/suspend")
    post("account/big number", f"accounts/{'9' * 40}/suspend")
    post("application/chinese", "applications/%E5%9F%8E/suspend")
    for name, body in (("given", {"resource": "street-lights", "level": 3, "validUntil": "20991231235959"}),
                       ("given again", {"resource": "street-lights", "level": 1}), ("nothing", {}), ("level x", {"resource": "events", "level": "x"}),
                       ("level 9", {"resource": "events", "level": 9}),
                       ("no such resource", {"resource": "no-such"}), ("soon", {"resource": "events", "validUntil": "soon"}),
                       ("ended", {"resource": "events", "validUntil": "20200101000000"})):
        post(f"grants/{name}", application_ + "/grants", body)
    post("grants/wrong role", application_ + "/grants", {"resource": "events"}, "sysadmin")
    post("grants/query", application_ + "/grants?resource=city-events&level=1")
    for name, body in (("set", {"resource": "events", "perSecond": 5, "burst": 10, "dailyQuota": 100}), ("lifted", {"resource": "events"}),
                       ("nothing", {}), ("zero", {"resource": "events", "perSecond": 0}), ("negative", {"resource": "events", "burst": -1}),
                       ("text", {"resource": "events", "dailyQuota": "many"}),
                       ("huge", {"resource": "events", "perSecond": 1e300, "burst": 10**30}),
                       ("no such grant", {"resource": "divisions", "perSecond": 1})):
        post(f"limit/{name}", application_ + "/limit", body, "sysadmin")
    post("limit/by the auditor", application_ + "/limit", {"resource": "events"}, "auditor")
    post("limit/unknown application", "applications/110000999999990/limit", {"resource": "events"})
    for name, body in (("an hour", {"overlap": 3600}), ("default", {}), ("negative", {"overlap": -1}), ("too long", {"overlap": 10**9}),
                       ("text", {"overlap": "soon"})):
        post(f"rotate/{name}", application_ + "/rotate", body, "sysadmin")
    run.ask("admin/rotate/collected", "GET", f"/access-requests/{app['accessRequestId']}", basic=f"rec-gone:{app['password']}",
            keep={"key": "key.rotated", "signingSecret": "secret.rotated"})
    for name, body in (("auditor", {"role": "auditor"}), ("again", {"role": "auditor"}), ("query", None), ("none", {"role": "none"}),
                       ("unknown", {"role": "king"}), ("nothing", {})):
        post(f"role/{name}", account + ("/role?role=sysadmin" if name == "query" else "/role"), body)
    for verb in ("confirm", "refuse"):
        post(f"proposals/{verb}/unknown", f"proposals/999999/{verb}", {"reason": "x"} if verb == "refuse" else {})
        post(f"proposals/{verb}/no number", f"proposals/x/{verb}")
        post(f"proposals/{verb}/wrong role", f"proposals/1/{verb}", {}, "auditor")
    post("proposals/nothing", "proposals")
    post("proposals/unknown", "proposals", {"action": "crown", "accountId": "x", "role": "king", "accessRequestId": "y"})
    get_proposals = lambda name, query: run.ask(f"admin/proposals/list/{name}", "GET", "/admin/proposals" + query, token=run.tokens["secadmin"])
    get_proposals("all", "?pageSize=100")
    get_proposals("wrong", "?state=x&cursor=y&pageSize=0")
    post("role/wrong role", account + "/role", {"role": "auditor"}, "sysadmin")
    post("role/own", f"accounts/{run.accounts['rec-secadmin']}/role", {"role": "none"})
    post("role/unknown account", "accounts/999999/role", {"role": "auditor"})
    post("second factor/no administrator", account + "/second-factor", keep={"address": "otpauth address of none"})
    post("role/auditor again", account + "/role", {"role": "auditor"})
    post("second factor/made", account + "/second-factor", keep={"address": "otpauth address"})
    post("second factor/own", f"accounts/{run.accounts['rec-secadmin']}/second-factor")
    post("second factor/wrong role", account + "/second-factor", {}, "sysadmin")
    post("role/none again", account + "/role", {"role": "none"})
    for verb, body in (("suspend", {}), ("revoke", {}), ("expire", {"validUntil": "never"})):
        post(f"own account/{verb}", f"accounts/{run.accounts['rec-secadmin']}/{verb}", body)
    run.sql("UPDATE citybigdata.account SET state = 'suspended' WHERE user_name = 'admin'")
    post("last security administrator/suspended", f"accounts/{run.accounts['rec-secadmin']}/suspend", {}, "sysadmin")
    run.sql("UPDATE citybigdata.account SET state = 'active' WHERE user_name = 'admin'")
    for name, path in (("known", account), ("unknown", "accounts/999999")):
        post(f"unlock/{name}", path + "/unlock", {}, "sysadmin")
    post("unlock/auditor", account + "/unlock", {}, "auditor")
    for name, body in (("nothing", {}), ("kind", {"kind": "x", "subject": "y"}), ("address", {"kind": "address", "subject": "::ffff:127.9.8.7"}),
                       ("no address", {"kind": "address", "subject": "nowhere"}), ("application", {"kind": "application", "subject": code}),
                       ("long", {"kind": "account", "subject": "x" * 5000})):
        post(f"unlock/{name}", "lockouts/unlock", body, "sysadmin")
    with run.setting("citybigdata.admin_addresses", "127.0.0.1"):
        run.ask("admin/elsewhere/token", "GET", "/admin/lockouts?kind=registration", token=token, source="127.0.16.2")
        run.ask("admin/elsewhere/log-in", "POST", "/admin/login", {"userName": "rec-secadmin", "password": "Wrong-1-password", "totp": "123456"},
                source="127.0.16.2")
        run.ask("admin/elsewhere/here", "GET", "/admin/lockouts?kind=registration", token=token)
    for kind, path in (("grant", grant), ("application", application_), ("account", account)):
        post(f"{kind}/revoked by the wrong role", path + "/revoke", {}, "sysadmin")
        post(f"{kind}/revoked", path + "/revoke", {"reason": "结束"})
        post(f"{kind}/revoked again", path + "/revoke")
        post(f"{kind}/resumed after", path + "/resume")
    run.ask("admin/application token of no administrator", "POST", f"/admin/{account}/suspend", {}, token=run.tokens["rec-full"])


def play(run):
    run.unlock()
    lists(run)
    changes(run)
    run.unlock()
