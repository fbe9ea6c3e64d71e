"""Signed requests (5.5-c): HMAC-SHA256, HMAC-SM3 and Artemis headers; sent again, changed, malformed, of another."""
import base64
import hashlib
import hmac
import importlib.util
import json
import os
import time
import urllib.parse
import uuid

from platform_rig import TOP

from .chapter_events import event
from .player import API, FORM
from .wire import request_bytes

SPEC = importlib.util.spec_from_file_location("sign", os.path.join(TOP, "docs", "samples", "sign.py"))
SAMPLE = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(SAMPLE)
VARIES = {"X-Timestamp": "timestamp", "X-Nonce": "nonce", "X-Signature": "signature", "X-Ca-Timestamp": "timestamp", "X-Ca-Nonce": "nonce",
          "X-Ca-Signature": "signature"}


def artemis(app, method, target, body=b"", form=False, listed="x-ca-key,x-ca-nonce,x-ca-timestamp", md5=None, secret=None, **headers):
    """The headers as Hikvision's SDK makes them; body is covered by Content-MD5, or as a form by its parameters."""
    sent = {"Accept": "*/*", "X-Ca-Key": app["appCode"], "X-Ca-Timestamp": str(int(time.time() * 1000)), "X-Ca-Nonce": str(uuid.uuid4()),
            "X-Ca-Signature-Headers": listed, **{k.replace("_", "-"): v for k, v in headers.items()}}
    if body:
        sent["Content-Type"] = FORM if form else "application/json"
    if body and not form and md5 is not False:
        sent["Content-MD5"] = md5 or base64.b64encode(hashlib.md5(body).digest()).decode()
    small = {k.lower(): v.strip() for k, v in sent.items()}
    text = method + "\n"
    text += "".join(small[n] + "\n" for n in ("accept", "content-md5", "content-type", "date") if n in small)
    text += "".join(f"{n}:{small.get(n.lower(), '')}\n" for n in sorted(listed.split(",")))
    path, _, query = target.partition("?")
    pairs = urllib.parse.parse_qsl(query, keep_blank_values=True) + (urllib.parse.parse_qsl(body.decode(), keep_blank_values=True) if form else [])
    joined = "&".join(n + ("=" + v if v.strip() else "") for n, v in sorted(pairs))
    text += path + ("?" + joined if joined else "")
    sent["X-Ca-Signature"] = base64.b64encode(hmac.digest((secret or app["signingSecret"]).encode(), text.encode(), "sha256")).decode()
    return sent


class Signer:
    """Sends signed requests, named under signed/."""

    def __init__(self, run, source):
        self.run, self.app, self.source = run, run.apps["rec-signed"], source

    def send(self, name, method, target, body=b"", kind=None, headers=None, **more):
        """headers: those of a signature, else made by the published signer."""
        if headers is None:
            headers = self.sign(method, target, body)
        hide = {v: VARIES[n] for n, v in headers.items() if n in VARIES and len(v) > 9}
        return self.run.ask(f"signed/{name}", method, target if target.startswith(API) is False else "/" + target, body or None, headers=headers,
                            kind=kind, hide=hide, source=self.source, **more)

    def sign(self, method, target, body=b"", **more):
        full = target[1:] if target.startswith("//") else API + target
        return SAMPLE.sign(more.pop("app", self.app)["appCode"], more.pop("secret", self.app["signingSecret"]), method, full, body, **more)


def ours(run):
    to = Signer(run, "127.0.13.1")
    app, sender = to.app, to.app["sender"]
    body = lambda number: json.dumps({"senderCode": sender, "actionType": "UP_REC_REPORT", "data": event(otherTaskNum=number)},
                                     ensure_ascii=False).encode()
    for suite in ("HMAC-SHA256", "HMAC-SM3"):
        by = lambda name, method, target, content=b"", kind=None, suite=suite, **more: to.send(f"{suite}/{name}", method, target, content, kind,
            to.sign(method, target, content, algorithm=suite, **more.pop("sign", {})), **more)
        by("report", "POST", "/events", body("S-" + suite), "application/json", keep={"taskNum": f"task.{suite}"})
        by("find", "GET", f"/events?otherTaskNum=S-{suite}&crs=EPSG%3a4490")
        by("odd spelling", "GET", "/events?since=20240102000000&senderCode=%53-%e6%97%a0+x")
        by("form", "POST", "/events?actionType=UP_REC_REPORT",
           urllib.parse.urlencode({"data": json.dumps(event(otherTaskNum="F-" + suite)), "senderCode": sender}).encode(), FORM,
           keep={"taskNum": f"task.form {suite}"})
        by("head", "HEAD", "/divisions/110101")
        by("data", "GET", "/data/street-lights?lightId=1&fields=lightId")
        by("sealed url", "POST", "/auth/sealed-url", b'{"resource":"events","params":{"otherTaskNum":"R-1"}}', "application/json")
        once = to.sign("GET", "/divisions/110101", algorithm=suite)
        to.send(f"{suite}/once", "GET", "/divisions/110101", headers=once)
        to.send(f"{suite}/again", "GET", "/divisions/110101", headers=once)
        by("wrong secret", "GET", "/divisions/110101", sign={"secret": "x" * 32})
        for name, method, target, content in (("other body", "POST", "/events?dryRun=true", body("other")),
                                              ("other query", "POST", "/events", body("one")),
                                              ("other path", "POST", "//openapi/v2/upstream?dryRun=true", body("one"))):
            to.send(f"{suite}/{name}", method, target, content, "application/json",
                    to.sign("POST", "/events?dryRun=true", body("one"), algorithm=suite))
            run.unlock()
    now = int(time.time())
    for name, stamp in (("old", now - 4000), ("future", now + 4000), ("one", 1), ("letters", "abc"), ("negative", "-5"),
                        ("milliseconds", f"{now}000"), ("fraction", f"{now}.5")):
        to.send(f"timestamp/{name}", "GET", "/divisions/110101", headers=to.sign("GET", "/divisions/110101", timestamp=stamp))
        run.unlock()
    for name, nonce in (("short", "short"), ("long", "n" * 65), ("blank", "blank in it"), ("tab", "a\tb-12345678")):
        to.send(f"nonce/{name}", "GET", "/divisions/110101", headers=to.sign("GET", "/divisions/110101", nonce=nonce))
    for name in ("X-App-Code", "X-Timestamp", "X-Nonce", "X-Signature-Method", "X-Signature"):
        headers = to.sign("GET", "/divisions/110101")
        to.send(f"without/{name}", "GET", "/divisions/110101", headers={k: v for k, v in headers.items() if k != name})
        run.raw(f"signed/twice/{name}", request_bytes("GET", API + "/divisions/110101",
                                                      [("Host", "localhost"), *headers.items(), (name.lower(), headers[name])], b""),
                source=to.source,
                hide={v: VARIES[n] for n, v in headers.items() if n in VARIES})
    run.unlock()
    change = lambda name, target="/divisions/110101", **more: to.send(name, "GET", target,
                                                                      headers={**to.sign("GET", target), **more.pop("change", {})}, **more)
    change("method MD5", change={"X-Signature-Method": "HMAC-MD5"})
    for number, value in enumerate(("", "!", "A" * 43, "A" * 44, "A" * 4000)):
        change(f"signature {number}", change={"X-Signature": value})
        run.unlock()
    change("misspelt appCode", change={"X-App-Code": app["appCode"][:-1] + ("0" if app["appCode"][-1] != "0" else "1")})
    change("another's appCode", change={"X-App-Code": run.apps["rec-strict"]["appCode"]})
    change("appCode of the query", f"/divisions/110101?appCode={app['appCode']}")
    change("other appCode of the query", f"/divisions/110101?appCode={run.apps['rec-strict']['appCode']}")
    change("and a token", token=run.tokens["rec-full"])
    change("and basic", basic="a:b")
    change("and a code", "/divisions/110101?authCode=" + "A" * 43)
    change("and Artemis", change=artemis(app, "GET", API + "/divisions/110101"))
    change("not granted", "/data/divisions")
    change("medium", "/media/A")
    methods = "UPDATE citybigdata.application SET methods = %s WHERE app_code = %s"
    run.sql(methods, ["key"], app["appCode"])
    to.send("signature not granted", "GET", "/divisions/110101")
    run.ask("signed/password not granted", "POST", "/auth/code", {"appCode": app["appCode"], "method": "password", "userName": app["userName"],
                                                                  "password": app["password"]})
    run.sql(methods, ["key", "password", "signature"], app["appCode"])
    to.send("method not granted", "GET", "/divisions/110101", headers=to.sign("GET", "/divisions/110101", app=run.apps["rec-ip"], secret="x" * 32))
    run.unlock()


def code_and_token(run):
    to = Signer(run, "127.0.13.2")
    app = to.app
    body = json.dumps({"appCode": app["appCode"], "method": "signature"}).encode()
    to.send("code", "POST", "/auth/code", body, "application/json", keep={"authCode": "code.signed"})
    to.send("code, wrong secret", "POST", "/auth/code", body, "application/json", to.sign("POST", "/auth/code", body, secret="x" * 32))
    headers = to.sign("POST", "/auth/code", body)
    to.send("code, once", "POST", "/auth/code", body, "application/json", headers, keep={"authCode": "code.signed once"})
    to.send("code, again", "POST", "/auth/code", body, "application/json", headers)
    run.unlock()
    form = b"grant_type=client_credentials"
    for name, content, headers in (("sha256", form, {}), ("sm3", form, {"algorithm": "HMAC-SM3"}), ("wrong secret", form, {"secret": "x" * 32}),
                                   ("other client_id", form + b"&client_id=" + run.apps["rec-strict"]["appCode"].encode(), {}),
                                   ("scope", form + b"&scope=nothing", {})):
        to.send(f"oauth/{name}", "POST", "//oauth/token", content, FORM, to.sign("POST", "//oauth/token", content, **headers),
                keep={"access_token": f"token.signed {name}"})
        run.unlock()
    to.send("oauth/artemis", "POST", "//oauth/token", form, None, artemis(app, "POST", "/oauth/token", form, form=True),
            keep={"access_token": "token.signed artemis"})


def theirs(run):
    to = Signer(run, "127.0.13.3")
    app = to.app
    body = json.dumps({"senderCode": app["sender"], "actionType": "UP_REC_REPORT", "data": event(otherTaskNum="S-artemis")},
                      ensure_ascii=False).encode()
    by = lambda name, method, target, content=b"", **more: to.send(f"artemis/{name}", method,
                                                                   target[len(API):] if target.startswith(API) else "/" + target, content, None,
                                                                   artemis(app, method, target, content,
                                                                       **{k: v for k, v in more.items() if k != "keep"}), keep=more.get("keep"))
    target = API + "/divisions/110101"
    by("get", "GET", target)
    by("query", "GET", API + "/events?otherTaskNum=%e4%ba%95%E7%9B%96&senderCode=&crs=GCJ02", Date="Wed, 01 Jan 2025 00:00:00 GMT")
    by("report", "POST", API + "/events", body, keep={"taskNum": "task.artemis"})
    by("more signed headers", "GET", target, listed="X-Custom,x-ca-timestamp,x-absent,x-ca-nonce,x-ca-key", X_Custom=" a b ")
    form = urllib.parse.urlencode({"data": json.dumps(event(otherTaskNum="S-artemis-2")), "senderCode": app["sender"]}).encode()
    by("upstream form", "POST", "/openapi/v2/upstream?actionType=UP_REC_REPORT", form, form=True, keep={"taskNum": "task.artemis 2"})
    for name, more in (("other md5", {"md5": base64.b64encode(hashlib.md5(b"x").digest()).decode()}), ("no md5", {"md5": False}),
                       ("odd md5", {"md5": "no base64"}), ("nonce alone signed", {"listed": "x-ca-nonce"}),
                       ("key alone signed", {"listed": "x-ca-key"}),
                       ("odd time", {"X_Ca_Timestamp": "now"}), ("old", {"X_Ca_Timestamp": str(int(time.time() - 4000) * 1000)}),
                       ("wrong secret", {"secret": "wrong" * 6}), ("forty headers", {"listed": ",".join(f"x-{n}" for n in range(40))})):
        by(f"wrong/{name}", "POST", API + "/events?dryRun=true", body, **more)
        run.unlock()
    for name, value in (("Accept", "text/html"), ("X-Ca-Nonce", "another-nonce"), ("X-Ca-Signature", "AAAA"), ("X-App-Code", app["appCode"]),
                        ("X-Ca-Key", "1")):
        to.send(f"artemis/changed/{name}", "GET", "/divisions/110101", headers={**artemis(app, "GET", target), name: value})
        run.unlock()
    for name in ("X-Ca-Key", "X-Ca-Nonce", "X-Ca-Timestamp", "X-Ca-Signature-Headers", "X-Ca-Signature"):
        headers = artemis(app, "GET", target)
        run.raw(f"signed/artemis/twice/{name}", request_bytes("GET", target, [("Host", "localhost"), *headers.items(), (name.lower(), headers[name])],
                                                              b""), source=to.source, hide={v: VARIES[n] for n, v in headers.items() if n in VARIES})
        to.send(f"artemis/without/{name}", "GET", "/divisions/110101", headers={k: v for k, v in headers.items() if k != name})
    once = artemis(app, "GET", target)
    to.send("artemis/once", "GET", "/divisions/110101", headers=once)
    to.send("artemis/again", "GET", "/divisions/110101", headers=once)
    run.unlock()


def play(run):
    ours(run)
    code_and_token(run)
    theirs(run)
