"""OAuth 2.0 (RFC 6749, 7009, 7636, 7662, 8414): metadata, the page and its refusals, tokens, introspection, revocation."""
import base64
import hashlib
import html
import re
import urllib.parse

from .player import FORM

NATIVE = "http://127.0.0.1:9/callback"
WEB = "https://client.example/cb?tenant=1"
VERIFIER = "recording-verifier-recording-verifier-00001"
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")


def address(app, uri, **changes):
    fields = {"response_type": "code", "client_id": app["appCode"], "redirect_uri": uri, "state": "s", "code_challenge": CHALLENGE,
              "code_challenge_method": "S256", **changes}
    return "//oauth/authorize?" + urllib.parse.urlencode({k: v for k, v in fields.items() if v is not None})


class Page:
    """The page of a client: its form, and the cookie that belongs to it."""

    def __init__(self, run, name, app, uri, source="127.0.12.1", **changes):
        self.run, self.app, self.source = run, app, source
        reply = run.ask(f"oauth/page/{name}", "GET", address(app, uri, **changes), source=source)
        self.cookie = reply.header("Set-Cookie").partition(";")[0].partition("=")[2]
        self.fields = {n: html.unescape(v) for n, v in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', reply.text)}

    def send(self, name, user=None, password=None, decision="allow", cookie=True, headers=(), keep=None, **changes):
        fields = {**self.fields, "userName": user, "password": password, "decision": decision, **changes}
        rows = [*([("Cookie", f"__Host-cbd-form={self.cookie}")] if cookie is True else [("Cookie", cookie)] if cookie else []), *headers]
        hide = {self.cookie: "cookie", **({fields["form_token"]: "form token"} if fields["form_token"] else {})}
        return self.run.ask(f"oauth/decide/{name}", "POST", "//oauth/authorize", {k: v for k, v in fields.items() if v is not None}, kind=FORM,
                             headers=rows, source=self.source, keep=keep, hide=hide)

    def code(self, name):
        """Consent; the code."""
        reply = self.send(name, self.app["userName"], self.app["password"], keep={"code": f"code.{name}"})
        return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(reply.header("Location")).query))["code"]


def pages(run, web, native):
    for name, change in (("no client", {"client_id": None}), ("unknown client", {"client_id": "nobody"}),
                         ("other place", {"redirect_uri": "https://evil.example/"}), ("query added", {"redirect_uri": NATIVE + "?x"}),
                         ("no place", {"redirect_uri": None}),
                         ("long state", {"state": "s" * 5000}), ("token", {"response_type": "token"}), ("no response_type", {"response_type": None}),
                         ("no challenge", {"code_challenge": None, "code_challenge_method": None}),
                         ("plain", {"code_challenge_method": "plain"}), ("no method", {"code_challenge_method": None}),
                         ("short challenge", {"code_challenge": "x"}), ("other scope", {"scope": "others"}), ("no state", {"state": None}),
                         ("scope", {"scope": "events"}),
                         ("unknown parameter", {"unknown": "ignored"}), ("markup", {"state": "\"><script>alert(1)</script>'&"}),
                         ("english asked", {"ui_locales": "en"}), ("chinese asked", {"ui_locales": "zh-CN"}),
                         ("odd language", {"ui_locales": "xx yy"})):
        run.ask(f"oauth/authorize/{name}", "GET", address(native, NATIVE, **change))
    run.ask("oauth/authorize/chinese", "GET", address(native, NATIVE), headers={"Accept-Language": "zh-CN,zh;q=0.9"})
    run.ask("oauth/authorize/chinese fault", "GET", address(native, NATIVE, client_id="nobody"), headers={"Accept-Language": "zh-CN,zh;q=0.9"})
    run.ask("oauth/authorize/xml asked", "GET", address(native, NATIVE),
            headers={"Accept": "application/xml", "Accept-Charset": "GB18030", "Accept-Encoding": "gzip"})
    run.ask("oauth/authorize/web", "GET", address(web, WEB, code_challenge=None, code_challenge_method=None))
    run.ask("oauth/authorize/head", "HEAD", address(native, NATIVE))
    run.ask("oauth/authorize/twice", "GET", address(native, NATIVE) + "&state=t")
    run.ask("oauth/authorize/escape", "GET", "//oauth/authorize?state=%zz")
    run.ask("oauth/authorize/nothing", "GET", "//oauth/authorize")
    run.ask("oauth/authorize/put", "PUT", "//oauth/authorize")
    run.ask("oauth/decide/nothing", "POST", "//oauth/authorize", {}, kind=FORM)
    run.ask("oauth/decide/json", "POST", "//oauth/authorize", {})
    run.ask("oauth/decide/no body", "POST", "//oauth/authorize")
    run.ask("oauth/decide/escape", "POST", "//oauth/authorize", "state=%zz", kind=FORM)
    page = Page(run, "native", native, NATIVE)
    who = (native["userName"], native["password"])
    token = page.fields["form_token"]
    until, mac = token.split(".")
    for name, change in (("no form token", {"form_token": None}), ("empty form token", {"form_token": ""}),
                         ("later form token", {"form_token": f"{int(until) + 1}.{mac}"}), ("ended form token", {"form_token": f"1.{mac}"}),
                         ("cut form token", {"form_token": token[:-1]}), ("other state", {"state": "other"}), ("other scope", {"scope": "events"}),
                         ("other client", {"client_id": web["appCode"], "redirect_uri": WEB})):
        page.send(name, *who, **change)
    page.send("no cookie", *who, cookie=None)
    page.send("another cookie", *who, cookie="__Host-cbd-form=" + "A" * 43)
    page.send("wrong password", native["userName"], "Wrong-1-password")
    page.send("wrong password, chinese", native["userName"], "Wrong-1-password", headers=[("Accept-Language", "zh")])
    page.send("unknown user", "nobody-at-all", "Wrong-1-password")
    page.send("another's password", web["userName"], web["password"])
    page.send("empty password", native["userName"], "")
    page.send("no user", None, None)
    page.send("odd decision", *who, decision="perhaps")
    page.send("denied", native["userName"], "Wrong-1-password", decision="deny")
    run.unlock()


def tokens(run, web, native):
    basic = f"{web['appCode']}:{web['key']}"
    keep = lambda name: {"access_token": f"token.oauth {name}", "refresh_token": f"refresh.{name}"}
    ask = lambda name, fields, path="//oauth/token", **more: run.ask(f"oauth/token/{name}", "POST", path, fields,
                                                                     **{"kind": FORM, "source": "127.0.12.2", "keep": keep(name), **more})
    grant = {"grant_type": "client_credentials"}
    for name, fields, auth in (("nothing", {}, basic), ("password grant", {"grant_type": "password"}, basic), ("no client", grant, None),
                               ("wrong secret", grant, f"{web['appCode']}:wrong"), ("unknown client", grant, "nobody:wrong"),
                               ("secret twice", {**grant, "client_secret": web["key"]}, basic),
                               ("other scope", {**grant, "scope": "events others"}, basic),
                               ("public client", {**grant, "client_id": native["appCode"]}, None),
                               ("no code", {"grant_type": "authorization_code"}, basic),
                               ("unknown code", {"grant_type": "authorization_code", "code": "unknown"}, basic),
                               ("long refresh token", {"grant_type": "refresh_token", "refresh_token": "x" * 10000}, basic),
                               ("chinese grant", {"grant_type": "刷新"}, basic), ("no refresh token", {"grant_type": "refresh_token"}, basic),
                               ("other client_id", {**grant, "client_id": native["appCode"]}, basic),
                               ("unknown parameter", {**grant, "nothing": "1"}, basic), ("empty scope", {**grant, "scope": ""}, basic),
                               ("repeated", "grant_type=client_credentials&grant_type=x", basic)):
        ask(name, fields, basic=auth)
    run.unlock()
    ask("bad escape", b"%zz=1", basic=basic)
    ask("text", b"x", kind="text/plain", basic=basic)
    ask("json", {"grant_type": "client_credentials"}, kind=None, basic=basic)
    ask("no body", None, kind=None, basic=basic)
    ask("no base64", grant, headers={"Authorization": "Basic !!"})
    ask("bearer", grant, token="A" * 43)
    run.ask("oauth/token/get", "GET", "//oauth/token")
    run.ask("oauth/token/in the query", "POST", "//oauth/token?grant_type=client_credentials", "", kind=FORM, basic=basic)
    ask("chinese", {}, basic=basic, headers={"Accept-Language": "zh", "Accept": "application/xml"})
    run.unlock()
    first = ask("client credentials", {**grant, "scope": "events"}, basic=basic).json["access_token"]
    ask("client credentials in the body", {**grant, "client_id": web["appCode"], "client_secret": web["key"]})
    run.ask("oauth/use/allowed", "GET", "/events/none", token=first)
    run.ask("oauth/use/other resource", "GET", "/data/street-lights?lightId=1", token=first)
    code = Page(run, "consent", native, NATIVE).code("consent")
    fields = {"grant_type": "authorization_code", "client_id": native["appCode"], "code": code, "redirect_uri": NATIVE, "code_verifier": VERIFIER}
    given = ask("code", fields).json
    refresh = lambda name, value: ask(f"refresh {name}", {"grant_type": "refresh_token", "client_id": native["appCode"], "refresh_token": value}).json
    with run.setting("citybigdata.refresh_grace", "60s"):  # a busy machine needs more than ten seconds at times
        second = refresh("first", given["refresh_token"])
        sibling = refresh("again, forgiven", given["refresh_token"])
    third = refresh("of the sibling", sibling["refresh_token"])
    ask("refresh narrowed", {"grant_type": "refresh_token", "client_id": native["appCode"], "refresh_token": third["refresh_token"],
                             "scope": "others"})
    refresh("reused", second["refresh_token"])
    refresh("of a revoked family", third["refresh_token"])
    run.ask("oauth/use/revoked family", "GET", "/events/none", token=given["access_token"])
    for name, change in (("wrong verifier", {"code_verifier": "w" * 43}), ("no verifier", {"code_verifier": None}),
                         ("short verifier", {"code_verifier": "short"}), ("other place", {"redirect_uri": NATIVE + "/"}),
                         ("no place", {"redirect_uri": None}),
                         ("other client", {"client_id": web["appCode"]})):
        code = Page(run, name, native, NATIVE).code(f"for {name}")
        ask(f"code, {name}", {k: v for k, v in {**fields, "code": code, **change}.items() if v is not None})
        ask(f"code, {name}, spent", {**fields, "code": code})
    run.unlock()
    code = Page(run, "web consent", web, WEB).code("web consent")
    given = ask("code of a web client", {"grant_type": "authorization_code", "code": code, "redirect_uri": WEB, "code_verifier": VERIFIER},
                basic=basic).json
    for path in ("introspect", "revoke"):
        for name, value, auth in (("nothing", {}, basic), ("unknown", {"token": "A" * 43}, basic),
                                  ("another's", {"token": run.tokens["rec-strict"]}, basic), ("no client", {"token": given["access_token"]}, None),
                                  ("wrong secret", {"token": given["access_token"]}, f"{web['appCode']}:wrong"),
                                  ("refresh token", {"token": given["refresh_token"],
                                                     "token_type_hint": "refresh_token"} if path == "introspect" else {"token": "A" * 43,
                                                         "token_type_hint": "refresh_token"}, basic),
                                  ("odd hint", {"token": given["access_token"],
                                                "token_type_hint": "x"} if path == "introspect" else {"token": "B" * 43, "token_type_hint": "x"},
                                   basic),
                                  ("access token", {"token": given["access_token"]}, basic),
                                  ("access token again", {"token": given["access_token"]}, basic),
                                  ("unknown parameter", {"token": "A" * 43, "nothing": 1}, basic)):
            ask(f"{path}/{name}", value, f"//oauth/{path}", basic=auth)
        ask(f"{path}/json", {"token": "x"}, f"//oauth/{path}", kind=None, basic=basic)
        run.ask(f"oauth/{path}/get", "GET", f"//oauth/{path}")
    run.unlock()


def operators(run):
    """Signing in at the operators' client: the page, a code and a session, a code by the session, logging out."""
    app = {"appCode": run.sql("SELECT citybigdata.operators_client()")[0][0], "userName": "rec-public", "password": "Wrong-1-password"}
    console = f"https://localhost:{run.port}/console"
    for name, change in (("page", {}), ("page in Chinese", {"ui_locales": "zh-CN"}), ("prompt none", {"prompt": "none"}), ("prompt x", {"prompt": "x"}),
                         ("prompt none login", {"prompt": "none login"}), ("other place", {"redirect_uri": console + "/"}),
                         ("no place", {"redirect_uri": None}), ("loopback", {"redirect_uri": NATIVE})):
        run.ask(f"oauth/operators/{name}", "GET", address(app, console, **change))
    page = Page(run, "operators", app, console, source="127.0.12.9")
    page.send("operator, wrong password", app["userName"], app["password"])
    run.ask("oauth/logout/nobody", "POST", "//oauth/logout", {}, kind=FORM)
    run.ask("oauth/logout/unknown", "POST", "//oauth/logout", headers=[("Cookie", "__Host-cbd-session=" + "A" * 43)])
    run.ask("oauth/logout/get", "GET", "//oauth/logout")
    run.unlock()


def play(run):
    for name, headers in (("metadata", {}), ("metadata, everything asked for",
                                             {"Accept": "application/xml", "Accept-Charset": "GB18030", "Accept-Encoding": "gzip",
                                              "Accept-Language": "zh"})):
        run.ask(f"oauth/{name}", "GET", "//.well-known/oauth-authorization-server", headers=headers)
    run.ask("oauth/metadata head", "HEAD", "//.well-known/oauth-authorization-server")
    run.ask("oauth/metadata with a query", "GET", "//.well-known/oauth-authorization-server?x=1")
    run.ask("oauth/metadata post", "POST", "//.well-known/oauth-authorization-server", {})
    web, native = run.apps["rec-full"], run.apps["rec-public"]
    pages(run, web, native)
    tokens(run, web, native)
    operators(run)
