"""Accounts, administrators' log-in, access requests and their credentials (5.2-a)."""
PASSWORD = "Recording-1-password"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # of second factors
ACCOUNT = {"userName": "rec-full", "password": PASSWORD, "organization": "录制单位", "contactName": "王五", "mobile": "13800138000"}


def account(run, user, **changes):
    """Registers an account and approves it; its number."""
    reply = run.ask(f"accounts/register/{user}", "POST", "/accounts", {**ACCOUNT, "userName": user, **changes})
    number = run.accounts[user] = reply.data["accountId"]
    if run.tokens.get("secadmin"):
        run.ask(f"accounts/approve/{user}", "POST", f"/admin/accounts/{number}/approve", {}, token=run.tokens["secadmin"])
    else:
        run.sql("SELECT citybigdata.approve_account(%s)", number)
    return number


def application(run, user, **changes):
    """Asks for access, approves it, collects the credentials: {appCode, key, signingSecret, userName, senders}."""
    number = account(run, user)
    body = {"platformCode": "110000", "resources": ["events"], "purpose": "录制", "methods": ["key", "password", "signature"],
            "senderCodes": [f"S-{user}"], "profile": "egova", **changes}
    body = {k: v for k, v in body.items() if v is not None}
    reply = run.ask(f"accounts/apply/{user}", "POST", "/access-requests", body, basic=f"{user}:{PASSWORD}")
    request = reply.data["accessRequestId"]
    run.ask(f"accounts/apply/{user}/approve", "POST", f"/admin/access-requests/{request}/approve", {}, token=run.tokens["secadmin"])
    shown = run.sql("SELECT app_code, key, signing_secret FROM citybigdata.take_credentials(%s)", request) \
        if user not in ("rec-full", "rec-public") else None
    if shown is None:
        data = run.ask(f"accounts/credentials/{user}", "GET", f"/access-requests/{request}", basic=f"{user}:{PASSWORD}",
                       keep={"key": f"key.{user}", "signingSecret": f"secret.{user}"}).data
        shown = [(data["appCode"], data.get("key"), data.get("signingSecret"))]
    code, key, secret = shown[0]
    run.keep(f"key.{user}", key)  # None where the application has none
    run.keep(f"secret.{user}", secret)
    run.apps[user] = {"appCode": code, "key": key, "signingSecret": secret, "userName": user, "password": PASSWORD, "sender": f"S-{user}",
                      "accountId": number, "accessRequestId": request}
    return run.apps[user]


def administrators(run):
    """One of each role, with a token."""
    run.sql("SELECT citybigdata.enrol_totp('admin', %s)", SECRET)
    for role in ("secadmin", "sysadmin", "auditor"):
        user = f"rec-{role}"
        account(run, user, organization="平台管理处")  # nobody decides on the own organisation
        run.sql("SELECT citybigdata.set_admin_role(%s, %s)", user, role)
    log_in = lambda name, body, **more: run.ask(f"accounts/login/{name}", "POST", "/admin/login", body, **more)
    right = {"userName": "rec-secadmin", "password": PASSWORD}
    log_in("no second factor yet", right)
    for role in ("secadmin", "sysadmin", "auditor"):
        run.sql("SELECT citybigdata.enrol_totp(%s, %s)", f"rec-{role}", SECRET)
    log_in("no totp", right, source="127.0.1.1")
    log_in("malformed totp", {**right, "totp": "12a456"}, source="127.0.1.1")
    log_in("totp of another length", {**right, "totp": "12345678901"}, source="127.0.1.1")
    log_in("wrong password", {**right, "password": "Wrong-1-password", "totp": "123456"}, source="127.0.1.2")
    log_in("unknown user", {**right, "userName": "nobody-at-all"}, source="127.0.1.2")
    log_in("an ordinary account", {"userName": "demo", "password": "Wrong-1-password"}, source="127.0.1.2")
    log_in("nothing", {})
    log_in("wrong types", {"userName": 5, "password": [], "totp": {}})
    log_in("an array", [1])
    log_in("form", {"userName": "x", "password": "y"}, kind="application/x-www-form-urlencoded", source="127.0.1.3")
    log_in("unknown parameter", {**right, "nothing": 1})
    run.unlock()
    for role in ("secadmin", "sysadmin", "auditor"):
        totp = run.platform.value("SELECT citybigdata.totp_code(%s)", SECRET)
        run.tokens[role] = log_in(role, {"userName": f"rec-{role}", "password": PASSWORD, "totp": totp}, hide={totp: "totp"},
                                  keep={"accessToken": f"token.{role}"}).data["accessToken"]
    log_in("totp used before", {**right, "totp": totp}, hide={totp: "totp"}, source="127.0.1.4")
    run.unlock()


def register(run):
    ask = lambda name, body, **more: run.ask(f"accounts/register/{name}", "POST", "/accounts", body, **more)
    new = {**ACCOUNT, "userName": "rec-new"}
    for name in ACCOUNT:
        ask(f"no {name}", {k: v for k, v in new.items() if k != name})
        ask(f"empty {name}", {**new, name: ""})
    for name, value in (("userName", "a" * 65), ("userName", "has blank"), ("userName", "\u202e"), ("userName", "汉字"), ("organization", "长" * 300),
                        ("contactName", "a\tb"), ("mobile", "12345"),
                        ("mobile", "+86 138 0013 8000"), ("password", "short1A"), ("password", "alllowercaseonly"), ("password", "Rec-new-1-x"),
                        ("password", "x" * 257), ("password", "汉字口令一二三四五六七八"), ("userName", 5), ("mobile", 13800138000), ("organization", None),
                        ("contactName", ["x"])):
        ask(f"{name} {str(value)[:12]!a}", {**new, "userName": "rec-odd", name: value})
    ask("name taken", {**new, "userName": "rec-auditor"})
    ask("name taken, other case", {**new, "userName": "REC-AUDITOR"})
    ask("many faults", {"userName": "", "password": "x", "mobile": "y", "nothing": 1})
    ask("repeated in query", None)
    ask("xml", {**new, "mobile": "1"}, headers={"Accept": "application/xml"})
    ask("chinese", {**new, "mobile": "1"}, headers={"Accept-Language": "zh-CN"})
    ask("form", new, kind="application/x-www-form-urlencoded")


def passwords(run):
    number = account(run, "rec-password")
    fields = {"userName": "rec-password", "password": PASSWORD, "newPassword": "Another-1-password"}
    ask = lambda name, body, **more: run.ask(f"accounts/password/{name}", "POST", "/accounts/password", body, **more)
    ask("wrong", {**fields, "password": "Wrong-1-password"}, source="127.0.1.5")
    ask("the same", {**fields, "newPassword": PASSWORD})
    ask("weak", {**fields, "newPassword": "weak"})
    ask("nothing", {})
    ask("unknown user", {**fields, "userName": "nobody-at-all"}, source="127.0.1.5")
    ask("administrator without totp", {**fields, "userName": "rec-auditor"}, source="127.0.1.6")
    ask("changed", fields)
    ask("back to the old one", {"userName": "rec-password", "password": "Another-1-password", "newPassword": PASSWORD})
    path = f"/admin/accounts/{number}/reset-password"
    run.ask("accounts/reset/wrong role", "POST", path, {}, token=run.tokens["secadmin"])
    run.ask("accounts/reset/own", "POST", f"/admin/accounts/{run.accounts['rec-sysadmin']}/reset-password", {}, token=run.tokens["sysadmin"])
    run.ask("accounts/reset/unknown", "POST", "/admin/accounts/999999/reset-password", {}, token=run.tokens["sysadmin"])
    answer = run.ask("accounts/reset/done", "POST", path, {}, token=run.tokens["sysadmin"], keep={"password": "password.reset"}).data["password"]
    run.ask("accounts/reset/must be changed", "POST", "/access-requests", {}, basic=f"rec-password:{answer}")
    run.ask("accounts/reset/changed", "POST", "/accounts/password", {**fields, "password": answer, "newPassword": "Another-2-password"})
    run.unlock()


def requests(run):
    """Access requests and what is said of them."""
    full = application(run, "rec-full", level=4, resources=["events", "cases", "street-lights", "demo-divisions", "city-events"],
                       redirectUris=["https://client.example/cb?tenant=1"])
    number = full["accessRequestId"]
    basic = f"rec-full:{PASSWORD}"
    ask = lambda name, body, **more: run.ask(f"accounts/apply/{name}", "POST", "/access-requests", body, **{"basic": basic, **more})
    right = {"platformCode": "110000", "resources": ["events"], "purpose": "录制", "methods": ["key"], "senderCodes": ["S-other"], "profile": "egova"}
    for name in right:
        ask(f"no {name}", {k: v for k, v in right.items() if k != name})
    for name, value in (("platformCode", "120000"), ("platformCode", "x"), ("resources", []), ("resources", ["no-such"]), ("resources", "events"),
                        ("resources", [["events"]]),
                        ("methods", ["telepathy"]), ("methods", []), ("methods", ["ip"]), ("ipRanges", ["999.1.1.1/33"]), ("ipRanges", ["127.0.0.1"]),
                        ("senderCodes", ["S-rec-full"]), ("senderCodes", ["", "x" * 200]), ("profile", "other"), ("level", 5), ("level", "x"),
                        ("level", 0),
                        ("validUntil", "19991301000000"), ("validUntil", "20200101000000"), ("validUntil", 1), ("redirectUris", ["ftp://x"]),
                        ("redirectUris", ["https://x/#f"]),
                        ("redirectUris", ["http://example.org/"]), ("clientType", "secret"), ("purpose", "x" * 3000), ("purpose", "a\u0000b")):
        ask(f"{name} {str(value)[:30]!a}", {**right, name: value})
    ask("form", {**right, "methods": "key,password", "resources": "events"}, kind="application/x-www-form-urlencoded")
    ask("unknown parameter", {**right, "nothing": 1})
    ask("public client by key", {**right, "clientType": "public"})
    for name, value in (("no credential", None), ("wrong password", "rec-full:Wrong-1-password"), ("unknown user", "nobody-at-all:x"),
                        ("no colon", "no-colon"),
                        ("empty", ":")):
        ask(f"basic/{name}", right, basic=value, source="127.0.1.7")
    for name, value in (("no base64", "Basic !!!!"), ("not utf-8", "Basic /zovOg=="), ("bearer", "Bearer " + "A" * 43), ("other scheme", "Digest x"),
                        ("empty", "")):
        ask(f"header/{name}", right, basic=None, headers={"Authorization": value}, source="127.0.1.7")
    run.unlock()
    state = lambda name, path, **more: run.ask(f"accounts/request/{name}", more.pop("method", "GET"), path, **{"basic": basic, **more})
    state("collected", f"/access-requests/{number}")
    state("collected, xml, chinese", f"/access-requests/{number}?format=xml", headers={"Accept-Language": "zh"})
    state("head", f"/access-requests/{number}", method="HEAD")
    state("of another", "/access-requests/1")
    state("unknown", "/access-requests/999999")
    state("no number", "/access-requests/abc")
    state("beyond numbers", "/access-requests/" + "9" * 40)
    state("by the security administrator", f"/access-requests/{number}", basic=None, token=run.tokens["secadmin"])
    state("by the auditor", f"/access-requests/{number}", basic=None, token=run.tokens["auditor"])
    account(run, "rec-reader")
    waiting = run.ask("accounts/apply/rec-reader/waits", "POST", "/access-requests", right, basic=f"rec-reader:{PASSWORD}").data["accessRequestId"]
    run.ask("accounts/request/pending", "GET", f"/access-requests/{waiting}", basic=f"rec-reader:{PASSWORD}")
    review = lambda name, path, body, role="secadmin": run.ask(f"accounts/review/{name}", "POST", path, body, token=run.tokens[role])
    review("wrong role", f"/admin/access-requests/{waiting}/approve", {}, "sysadmin")
    review("rejected", f"/admin/access-requests/{waiting}/reject", {"reason": "资料不全"})
    review("rejected before", f"/admin/access-requests/{waiting}/reject", {})
    review("approved after", f"/admin/access-requests/{waiting}/approve", {})
    review("unknown", "/admin/access-requests/999999/approve", {})
    review("no number", "/admin/access-requests/1%20/approve", {})
    run.ask("accounts/request/rejected", "GET", f"/access-requests/{waiting}", basic=f"rec-reader:{PASSWORD}")
    for verb in ("reject", "approve"):
        review(f"account {verb} again", f"/admin/accounts/{run.accounts['rec-reader']}/{verb}", {"reason": "x"} if verb == "reject" else {})
    new = run.platform.value("SELECT account_id FROM citybigdata.account WHERE user_name = 'rec-new'")
    run.ask("accounts/apply/not approved yet", "POST", "/access-requests", right, basic=f"rec-new:{PASSWORD}")
    review("account rejected", f"/admin/accounts/{new}/reject?reason=%E4%B8%8D", None)
    run.ask("accounts/apply/rejected account", "POST", "/access-requests", right, basic=f"rec-new:{PASSWORD}")


def play(run):
    administrators(run)
    register(run)
    requests(run)
    passwords(run)
    application(run, "rec-strict", profile="strict")
    application(run, "rec-low", level=1, resources=["events", "cases", "street-lights"], senderCodes=[])
    application(run, "rec-limited", resources=["events", "street-lights"])
    application(run, "rec-signed", resources=["events", "cases", "street-lights"])
    application(run, "rec-ip", methods=["ip"], ipRanges=["127.0.2.0/24"], resources=["events", "cases", "street-lights"], level=3)
    application(run, "rec-public", methods=["password"], clientType="public", redirectUris=["http://127.0.0.1:9/callback"])
