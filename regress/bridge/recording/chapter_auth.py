"""Codes and tokens (5.2-e, 5.3.5, 5.5): got, used, narrowed, spent, ended, revoked; several credentials at once."""
from .player import FORM

ZERO_KEY = "6f2c1b1e-0000-4000-8000-000000000000"


def code(run, app, name, **more):
    """A code by key, under a name."""
    return run.ask(f"auth/code/{name}", "POST", "/auth/code", {"appCode": app["appCode"], "method": "key", "key": app["key"]},
                   keep={"authCode": f"code.{name}"}, **more).data["authCode"]


def token(run, app, name, source=None, **more):
    """A token by key; more: members of the order."""
    body = {"appCode": app["appCode"], "authCode": code(run, app, name), **more}
    found = run.ask(f"auth/token/{name}", "POST", "/auth/token", body, keep={"accessToken": f"token.{name}"}, source=source)
    run.tokens[name] = found.data["accessToken"]
    return run.tokens[name]


def codes(run, app):
    ask = lambda name, body, **more: run.ask(f"auth/code/{name}", "POST", "/auth/code", body,
                                            **{"source": "127.0.3.1", "keep": {"authCode": f"code.{name}"}, **more})
    right = {"appCode": app["appCode"], "method": "key", "key": app["key"]}
    ask("nothing", {})
    ask("no body", None)
    for name in right:
        ask(f"no {name}", {k: v for k, v in right.items() if k != name})
        ask(f"empty {name}", {**right, name: ""})
        ask(f"number for {name}", {**right, name: 5})
    last = app["appCode"][-1]
    ask("misspelt appCode", {**right, "appCode": app["appCode"][:-1] + ("0" if last != "0" else "1")})
    ask("long appCode", {**right, "appCode": "1" * 300})
    ask("unknown method", {**right, "method": "telepathy"})
    ask("wrong key", {**right, "key": ZERO_KEY})
    ask("no uuid", {**right, "key": "not-a-uuid"})
    ask("method not granted", {"appCode": run.apps["rec-ip"]["appCode"], "method": "key", "key": ZERO_KEY})
    ask("ip not granted", {"appCode": app["appCode"], "method": "ip"})
    ask("ip from elsewhere", {"appCode": run.apps["rec-ip"]["appCode"], "method": "ip"})
    ask("unsigned", {"appCode": app["appCode"], "method": "signature"})
    ask("unknown parameter", {**right, "nothing": 1})
    ask("key and password", {**right, "userName": "x", "password": "y"})
    run.unlock()
    password = {"appCode": app["appCode"], "method": "password", "userName": app["userName"], "password": app["password"]}
    for name in ("userName", "password"):
        ask(f"password without {name}", {k: v for k, v in password.items() if k != name})
    ask("wrong password", {**password, "password": "Wrong-1-password"}, source="127.0.3.2")
    ask("unknown user", {**password, "userName": "nobody-at-all"}, source="127.0.3.2")
    ask("another's password", {**password, "userName": "rec-strict"}, source="127.0.3.2")
    ask("form", password, kind=FORM)
    ask("password", password)
    ask("method in the query", {k: v for k, v in password.items() if k != "method"}, headers={"Accept": "application/xml"})
    run.ask("auth/code/key in the query", "POST", f"/auth/code?appCode={app['appCode']}&method=key&key={app['key']}")
    run.ask("auth/code/by address", "POST", "/auth/code", {"appCode": run.apps["rec-ip"]["appCode"], "method": "ip"}, source="127.0.2.9",
            keep={"authCode": "code.ip"})
    run.unlock()


def tokens(run, app):
    ask = lambda name, body, **more: run.ask(f"auth/token/{name}", "POST", "/auth/token", body, **more)
    other = run.apps["rec-strict"]
    ask("nothing", {})
    ask("no authCode", {"appCode": app["appCode"]})
    ask("no appCode", {"authCode": "B" * 43})
    for name, value in (("unknown", "B" * 43), ("short", "B"), ("long", "B" * 5000), ("number", 5), ("blank in it", "B B"), ("chinese", "汉")):
        ask(f"{name} code", {"appCode": app["appCode"], "authCode": value})
    ask("code of another", {"appCode": other["appCode"], "authCode": code(run, app, "for another")})
    for name, value in (("resources", ["no-such"]), ("resources", "events"), ("resources", []), ("resources", [5]), ("level", 0), ("level", 5),
                        ("level", "x"),
                        ("bindAddress", "yes"), ("bindAddress", "true")):
        ask(f"{name} {value!a}", {"appCode": app["appCode"], "authCode": code(run, app, f"for {name} {value!a}"), name: value},
            keep={"accessToken": f"token.{name}-{value!a}"})
    for name in ("demo", "rec-full", "rec-strict", "rec-low", "rec-limited", "rec-signed"):
        token(run, run.apps[name], name)
    token(run, app, "narrow", resources=["street-lights"], level=1)
    token(run, app, "bound", bindAddress=True)
    token(run, app, "spent")
    ask("spent again", {"appCode": app["appCode"], "authCode": {v: k for k, v in run.known.items()}["{code.spent}"]})
    run.ask("auth/use/revoked by a replay", "GET", "/code-tables/event-state", token=run.tokens["spent"])
    ask("form", {"appCode": app["appCode"], "authCode": code(run, app, "for a form"), "level": "2", "resources": "events,street-lights"}, kind=FORM,
        keep={"accessToken": "token.form"})


def use(run, app):
    """What a credential opens, in what place it may stand."""
    get = lambda name, path="/divisions/110101", **more: run.ask(f"auth/use/{name}", "GET", path, **more)
    full, seen = run.tokens["rec-full"], "127.0.3.3"
    get("bearer", token=full)
    for name, value in (("scheme in small letters", "bearer " + full), ("scheme alone", "Bearer"), ("blank alone", "Bearer "),
                        ("two blanks", "Bearer  " + full),
                        ("cut", "Bearer " + full[:-1]), ("longer", "Bearer " + full + "x"), ("unknown", "Bearer " + "A" * 43),
                        ("very long", "Bearer " + "A" * 4000),
                        ("three words", "Bearer a b c"), ("digest", "Digest x"), ("basic", "Basic ZGVtbzp4"), ("not utf-8", "Bearer \xff\xfe"),
                        ("empty", "")):
        get(f"header/{name}", headers={"Authorization": value}, source=seen, hide={full: "token.rec-full", full[:-1]: "token.rec-full cut"})
    run.unlock()
    get("two headers", headers=[("Authorization", "Bearer " + full), ("authorization", "Bearer " + full)])
    get("token and code", "/divisions/110101?authCode=" + "A" * 43, token=full)
    get("token in the query", "/divisions/110101?accessToken=" + full)
    get("appCode beside", f"/divisions/110101?appCode={app['appCode']}", token=full)
    get("another's appCode beside", f"/divisions/110101?appCode={run.apps['rec-strict']['appCode']}", token=full)
    get("misspelt appCode beside", "/divisions/110101?appCode=12345", token=full)
    once = code(run, app, "one shot")
    get("one shot", f"/divisions/110101?appCode={app['appCode']}&authCode={once}")
    get("one shot again", f"/divisions/110101?appCode={app['appCode']}&authCode={once}")
    get("code without appCode", "/divisions/110101?authCode=" + "A" * 43)
    get("appCode alone", f"/divisions/110101?appCode={app['appCode']}")
    get("granted address", f"/divisions/110101?appCode={run.apps['rec-ip']['appCode']}", source="127.0.2.1")
    get("granted address, no appCode", source="127.0.2.1")
    get("other address", f"/divisions/110101?appCode={run.apps['rec-ip']['appCode']}", source="127.0.4.1")
    get("narrowed, covered", "/data/street-lights?lightId=1", token=run.tokens["narrow"])
    get("narrowed, not covered", "/events/none", token=run.tokens["narrow"])
    get("bound, here", token=run.tokens["bound"])
    get("bound, elsewhere", token=run.tokens["bound"], source="127.0.3.4")
    get("administrator's token", token=run.tokens["secadmin"])
    ended = token(run, app, "ended")
    run.sql("""UPDATE citybigdata.access_token SET expires_at = now() - interval '1 second'
               WHERE issued_at = (SELECT max(issued_at) FROM citybigdata.access_token)""")
    get("ended", token=ended)
    for name, state in (("application suspended", "application"), ("account suspended", "account")):
        key = "app_code" if state == "application" else "user_name"
        value = run.apps["rec-strict"]["appCode" if state == "application" else "userName"]
        run.sql(f"UPDATE citybigdata.{state} SET state = 'suspended' WHERE {key} = %s", value)
        get(name, token=run.tokens["rec-strict"])
        run.sql(f"UPDATE citybigdata.{state} SET state = 'active' WHERE {key} = %s", value)
    run.unlock()


def ends(run, app):
    ask = lambda name, path, body, **more: run.ask(f"auth/{name}", "POST", path, body, **more)
    full = run.tokens["rec-full"]
    for name, value in (("own", full), ("narrow", run.tokens["narrow"]), ("bound", run.tokens["bound"]), ("another's", run.tokens["rec-strict"]),
                        ("unknown", "A" * 43),
                        ("short", "x"), ("empty", ""), ("number", 5)):
        ask(f"introspect/{name}", "/auth/introspect", {"token": value}, token=full)
    ask("introspect/of anybody's by an administrator", "/auth/introspect", {"token": full}, token=run.tokens["sysadmin"])
    ask("introspect/by the auditor", "/auth/introspect", {"token": full}, token=run.tokens["auditor"])
    ask("introspect/accessToken", "/auth/introspect", {"accessToken": full}, token=full)
    ask("introspect/nothing", "/auth/introspect", {}, token=full)
    ask("introspect/accessToken as credential", "/auth/introspect", {"accessToken": full})
    ask("introspect/form", "/auth/introspect", {"token": full}, token=full, kind=FORM)
    ask("introspect/xml", "/auth/introspect?format=xml", {"token": full}, token=full)
    last = token(run, app, "to be revoked")
    ask("revoke/another's", "/auth/revoke", {"token": run.tokens["rec-strict"]}, token=full)
    ask("revoke/nothing", "/auth/revoke", {}, token=full)
    ask("revoke/unknown", "/auth/revoke", {"token": "A" * 43}, token=full)
    ask("revoke/done", "/auth/revoke", {"token": last}, token=last)
    ask("revoke/again", "/auth/revoke", {"token": last}, token=last)
    ask("revoke/again by another token", "/auth/revoke", {"token": last}, token=full)


def play(run):
    run.apps["demo"] = {"appCode": run.platform.env["CBD_APP_CODE"], "key": run.platform.env["CBD_KEY"],
                        "signingSecret": run.platform.env["CBD_SIGNING_SECRET"], "sender": run.platform.sender}
    run.keep("key.demo", run.platform.env["CBD_KEY"])
    app = run.apps["rec-full"]
    codes(run, app)
    tokens(run, app)
    use(run, app)
    ends(run, app)
