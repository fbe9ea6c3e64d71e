"""Signed requests (5.5-c) in both styles: what is accepted, sent again, changed on the way, or signed with another secret."""
import base64
import hashlib
import hmac
import importlib.util
import itertools
import json
import os
import subprocess
import threading
import time
import urllib.parse
import uuid

import pytest
from platform_rig import TOP
from rig import API, check_envelope, check_refused, http_request

SPEC = importlib.util.spec_from_file_location("sign", os.path.join(TOP, "docs", "samples", "sign.py"))
SAMPLE = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(SAMPLE)
SUITES = ("HMAC-SHA256", "HMAC-SM3")
JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded; charset=UTF-8"}
_sources = itertools.count(1)


@pytest.fixture(scope="module")
def app(platform):
    return platform.make_application()


@pytest.fixture
def here(client):
    """An address of its own: wrong signatures count against it."""
    return client.at(f"127.0.30.{next(_sources)}")


@pytest.fixture(autouse=True)
def unlock(platform):
    """Lifts what wrong signatures have locked, in a test and after it."""
    def lift():
        platform.sql("DELETE FROM citybigdata.lockout WHERE true")
    yield lift
    lift()


def report(platform, app, **changes):
    return {"data": platform.event(**changes), "senderCode": app["senders"][0], "actionType": "UP_REC_REPORT"}


def as_bytes(body):
    return body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode() if body is not None else b""


def sign(app, method, target, body=None, **more):
    """The headers of docs/samples/sign.py; target without the API prefix."""
    return SAMPLE.sign(app["appCode"], more.pop("secret", app["signingSecret"]), method, API + target, as_bytes(body), **more)


def send(client, app, method, target, body=None, headers=None, **more):
    return client.request(method, target, as_bytes(body) or None, headers={**sign(app, method, target, body, **more), **(headers or {})})


@pytest.mark.parametrize("suite", SUITES)
def test_signed_requests(platform, here, app, suite):
    event = platform.event()
    body = {**report(platform, app), "data": event}
    check_envelope(send(here, app, "POST", "/events", body, JSON, algorithm=suite), 200, 0)
    assert len(platform.stored(event, app["senders"][0])) == 1
    found = check_envelope(send(here, app, "GET", f"/events?otherTaskNum={event['otherTaskNum']}&crs=EPSG%3a4490", algorithm=suite), 200, 0)
    assert len(found.data["items"]) == 1
    check_envelope(send(here, app, "GET", f"/events/{found.data['items'][0]['taskNum']}", algorithm=suite), 200, 0)
    # a query in any order and spelling is the same query; a form counts as body
    check_envelope(send(here, app, "GET", f"/events?since=20240102000000&senderCode=%53-%e6%97%a0+x", algorithm=suite), 200, 0)
    form = urllib.parse.urlencode({"data": json.dumps(platform.event()), "senderCode": app["senders"][0]}).encode()
    check_envelope(send(here, app, "POST", "/events?actionType=UP_REC_REPORT", form, FORM, algorithm=suite), 200, 0)
    # HEAD is signed as HEAD
    assert send(here, app, "HEAD", "/code-tables", algorithm=suite).status == 200


def test_method_header_may_be_left_out(here, app):
    headers = sign(app, "GET", "/code-tables")
    del headers["X-Signature-Method"]
    check_envelope(here.get("/code-tables", headers=headers), 200, 0)
    check_envelope(here.get("/code-tables", headers={**sign(app, "GET", "/code-tables"), "X-Signature-Method": "HMAC-MD5"}), 400, 40018)


def test_body_in_chunks(platform, here, app):
    body = as_bytes(report(platform, app))
    pieces = (body[start:start + 100] for start in range(0, len(body), 100))
    check_envelope(here.request("POST", "/events", pieces, headers={**sign(app, "POST", "/events", body), **JSON}), 200, 0)


def test_large_body(platform, here, app):
    """Read in many pieces; the digest is that of the whole."""
    body = as_bytes({**report(platform, app), "padding": "路" * 1_000_000})
    check_envelope(here.request("POST", "/events", body, headers={**sign(app, "POST", "/events", body, algorithm="HMAC-SM3"), **JSON}), 200, 0)


def test_code_by_signature(platform, here, app):
    """The third method of auth/code (5.5-c)."""
    body = {"appCode": app["appCode"], "method": "signature"}
    code = check_envelope(send(here, app, "POST", "/auth/code", body, JSON), 200, 0).data["authCode"]
    here.secrets.add(code)
    token = check_envelope(here.post("/auth/token", {"appCode": app["appCode"], "authCode": code}), 200, 0).data["accessToken"]
    here.secrets.add(token)
    check_envelope(here.get("/code-tables", token=token), 200, 0)
    check_envelope(send(here, app, "POST", "/auth/code", body, JSON, secret="x" * 32), 401, 40103)
    assert check_refused(here.post("/auth/code", body)).status in (400, 401)
    headers = sign(app, "POST", "/auth/code", body)
    check_envelope(here.post("/auth/code", body, headers=headers), 200, 0)
    check_envelope(here.post("/auth/code", body, headers=headers), 401, 40103)


def test_client_credentials(platform, here, app):
    """OAuth's client_credentials by signature in place of a key: both suites and Artemis; the form is what is signed."""
    def ask(app, sign=None, client=here, **fields):
        form = urllib.parse.urlencode({"grant_type": "client_credentials", **fields}).encode()
        headers = sign(form) if sign else SAMPLE.sign(app["appCode"], app["signingSecret"], "POST", "/oauth/token", form)
        return client.request("POST", "//oauth/token", form, headers={**FORM, **headers})

    def refused(reply, status, error):
        assert (reply.status, reply.json["error"]) == (status, error), reply
        assert (status == 401) == (reply.header("WWW-Authenticate") is not None) and reply.header("Cache-Control") == "no-store"

    only = platform.make_application(methods=["signature"])
    by_key = platform.make_application(methods=["key"])
    for how in (ask(app), ask(only, client_id=only["appCode"], scope="events"),
                ask(app, lambda form: SAMPLE.sign(app["appCode"], app["signingSecret"], "POST", "/oauth/token", form, algorithm="HMAC-SM3")),
                ask(app, lambda form: artemis(app, "POST", "/oauth/token", form, form=True))):
        assert how.status == 200 and set(how.json) == {"access_token", "token_type", "expires_in", "scope"}, how
        assert (how.json["token_type"], how.json["scope"], how.header("Cache-Control")) == ("Bearer", "events", "no-store")
        here.secrets.add(how.json["access_token"])
        check_envelope(here.get("/code-tables", token=how.json["access_token"]), 200, 0)
    # once; nothing changed; nobody else's; the key is no signature and does not stand beside one
    once = SAMPLE.sign(app["appCode"], app["signingSecret"], "POST", "/oauth/token", b"grant_type=client_credentials")
    assert ask(app, lambda form: once).status == 200
    refused(ask(app, lambda form: once), 401, "invalid_client")
    refused(ask(app, lambda form: SAMPLE.sign(app["appCode"], app["signingSecret"], "POST", "/oauth/token", form), scope="nothing"), 400, "invalid_scope")
    refused(ask(app, lambda form: SAMPLE.sign(app["appCode"], app["signingSecret"], "POST", "/oauth/token", b"grant_type=client_credentials"),
                scope="events"), 401, "invalid_client")
    refused(ask(app, lambda form: SAMPLE.sign(app["appCode"], only["signingSecret"], "POST", "/oauth/token", form)), 401, "invalid_client")
    refused(ask(app, client_id=only["appCode"]), 400, "invalid_request")
    refused(ask(app, client_secret=app["key"]), 400, "invalid_request")
    refused(ask({"appCode": by_key["appCode"], "signingSecret": by_key["key"]}), 401, "invalid_client")
    refused(ask(app, lambda form: {"X-App-Code": app["appCode"], "X-Signature": "AAAA"}), 401, "invalid_client")
    platform.sql("UPDATE citybigdata.application SET state = 'suspended' WHERE app_code = %s", only["appCode"])
    refused(ask(only), 401, "invalid_client")


@pytest.mark.parametrize("suite", SUITES)
def test_sent_again(platform, here, app, suite, nothing_stored):
    for method, target, body in (("GET", "/code-tables", None), ("POST", "/events?dryRun=true", report(platform, app))):
        headers = {**sign(app, method, target, body, algorithm=suite), **(JSON if body else {})}
        check_envelope(here.request(method, target, as_bytes(body) or None, headers=headers), 200, 0)
        check_envelope(here.request(method, target, as_bytes(body) or None, headers=headers), 401, 40103)


def test_one_of_16_at_once(here, app):
    headers, replies, gate = sign(app, "GET", "/code-tables"), [], threading.Barrier(16)

    def run():
        gate.wait()
        replies.append(here.get("/code-tables", headers=headers).status)
    threads = [threading.Thread(target=run) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(replies) == [200] + [401] * 15


def test_time_and_nonce(platform, here, app):
    now, window = int(time.time()), int(platform.value("SELECT extract(epoch FROM current_setting('citybigdata.signature_window')::interval)"))
    for stamp in (now - window - 60, now + window + 60, 1):
        check_envelope(send(here, app, "GET", "/code-tables", timestamp=stamp), 401, 40103)
    for stamp in ("abc", "-5", str(now) + "000", " ", str(now) + ".5"):
        check_envelope(send(here, app, "GET", "/code-tables", timestamp=stamp), 400, 40018)
    for nonce in ("short", "n" * 65, "blank in it", "a\tb-12345678"):
        check_envelope(send(here, app, "GET", "/code-tables", nonce=nonce), 400, 40018)
    for name in ("X-Timestamp", "X-Nonce", "X-App-Code"):
        headers = sign(app, "GET", "/code-tables")
        del headers[name]
        check_envelope(here.get("/code-tables", headers=headers), 400, 40018)


@pytest.mark.parametrize("suite", SUITES)
def test_changed_on_the_way(platform, client, app, suite, nothing_stored):
    """One answer, whatever was changed. Each from an address of its own, and the lock of the application lifted."""
    body, other = as_bytes(report(platform, app)), as_bytes(report(platform, app))
    post = ("POST", "/events?dryRun=false", body)
    get = ("GET", "/events?otherTaskNum=a&senderCode=b", b"")
    now = str(int(time.time()) - 7)
    changes = [(post, post[:2] + (other,)), (post, post[:2] + (body + b" ",)), (post, ("POST", "/events", body)),
               (post, ("POST", "/events?dryRun=0", body)), (post, post, {"X-Timestamp": now}),
               (post, post, {"X-Nonce": uuid.uuid4().hex}), (post, ("POST", "//openapi/v2/upstream?dryRun=false", body)),
               (get, ("GET", "/events?otherTaskNum=b&senderCode=b", b"")), (get, ("GET", "/events?otherTaskNum=a", b"")),
               (get, ("GET", get[1] + "&since=20240101000000", b"")), (get, ("GET", "/events?otherTaskNum=b&senderCode=a", b"")),
               (get, ("HEAD", get[1], b"")), (("GET", "/code-tables", b""), ("GET", "/code-tables/event-state", b"")),
               (get, get[:2] + (b"{}",)), (get, get, {"X-Signature-Method": SUITES[suite == SUITES[0]]})]
    for number, (signed, sent, *more) in enumerate(changes):
        headers = {**sign(app, *signed, algorithm=suite), **(JSON if sent[2] else {}), **(more[0] if more else {})}
        reply = client.at(f"127.0.31.{number + 1}").request(sent[0], sent[1], sent[2] or None, headers=headers)
        assert reply.status == 401, (signed, sent, more, reply)
        if sent[0] != "HEAD":
            check_envelope(reply, 401, 40103)
        platform.sql("DELETE FROM citybigdata.lockout WHERE true")


def test_unknown_application(here, app, unlock):
    """A wrong secret, an application without one and none at all: the same answer."""
    fictive = {"appCode": "110000999999990", "signingSecret": "x" * 32}
    table = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    for last in table:  # the check character
        reply = send(here, {**fictive, "appCode": fictive["appCode"][:-1] + last}, "GET", "/code-tables")
        if reply.code != 40013:
            break
    wrong = send(here, app, "GET", "/code-tables", secret="x" * 32)
    check_envelope(wrong, 401, 40103)
    drop = lambda r: {k: v for k, v in r.json.items() if k != "requestId"}
    assert drop(reply) == drop(wrong)
    for value in ("", "!", "A" * 43, "A" * 44, app["signingSecret"], "A" * 4000):
        check_envelope(here.get("/code-tables", headers={**sign(app, "GET", "/code-tables"), "X-Signature": value}), 401, 40103)
        unlock()


def test_wrong_secret_locks(platform, client):
    """As many wrong signatures as wrong keys lock the application where they came from; others, and elsewhere, go on."""
    app, other = platform.make_application(), platform.make_application()
    limit = int(platform.value("SELECT current_setting('citybigdata.lockout_threshold')"))
    for number in range(limit):
        reply = send(client.at("127.0.32.99"), app, "GET", "/code-tables", secret="wrong" * 6)
        check_envelope(reply, 401, 40103)
    reply = check_envelope(send(client.at("127.0.32.99"), app, "GET", "/code-tables"), 429, 42901)
    assert int(reply.header("Retry-After")) > 0
    check_envelope(send(client.at("127.0.32.99"), other, "GET", "/code-tables"), 200, 0)
    check_envelope(send(client.at("127.0.32.98"), app, "GET", "/code-tables"), 200, 0)
    platform.sql("DELETE FROM citybigdata.lockout WHERE true")
    check_envelope(send(client.at("127.0.32.99"), app, "GET", "/code-tables"), 200, 0)


def test_method_not_granted(platform, here):
    app = platform.make_application()
    platform.sql("UPDATE citybigdata.application SET methods = '{key}' WHERE app_code = %s", app["appCode"])
    check_envelope(send(here, app, "GET", "/code-tables"), 403, 40303)
    platform.sql("UPDATE citybigdata.application SET methods = '{key,signature}', state = 'suspended' WHERE app_code = %s", app["appCode"])
    assert check_refused(send(here, app, "GET", "/code-tables")).status == 403


def test_no_grant(platform, here):
    app = platform.make_application()
    platform.sql("DELETE FROM citybigdata.app_grant WHERE app_id = (SELECT app_id FROM citybigdata.application WHERE app_code = %s)", app["appCode"])
    check_envelope(send(here, app, "POST", "/events", report(platform, app), JSON), 403, 40300)


def test_repeated_headers(here, app):
    """Which of two did the client sign? Nobody knows."""
    for name in ("X-App-Code", "X-Timestamp", "X-Nonce", "X-Signature-Method", "X-Signature"):
        headers = sign(app, "GET", "/code-tables")
        lines = [("Host", "localhost"), *headers.items(), (name.lower(), headers[name])]
        check_envelope(here.raw(http_request("GET", API + "/code-tables", headers=lines)), 400, 40018)


def test_two_credentials(platform, here, app, token):
    headers = sign(app, "GET", "/code-tables")
    check_envelope(here.get("/code-tables", headers=headers, token=token), 400, 40015)
    check_envelope(here.get("/code-tables", headers={**headers, **artemis(app, "GET", API + "/code-tables")}), 400, 40015)
    target = "/code-tables?authCode=" + "A" * 43
    check_envelope(here.get(target, headers=sign(app, "GET", target)), 400, 40015)
    check_envelope(here.post("/access-requests", {}, headers=sign(app, "POST", "/access-requests", {}), basic=("a", "b")), 400, 40015)
    # the nonce was not looked at
    check_envelope(here.get("/code-tables", headers=headers), 200, 0)


def test_another_app_code(here, app, strict):
    """appCode in query or body must be that of the header."""
    target = f"/code-tables?appCode={strict['appCode']}"
    check_envelope(here.get(target, headers=sign(app, "GET", target)), 400, 40009)
    target = f"/code-tables?appCode={app['appCode']}"
    check_envelope(here.get(target, headers=sign(app, "GET", target)), 200, 0)


@pytest.mark.parametrize("suite", SUITES)
@pytest.mark.parametrize("signer", ["bash sign.sh", "/usr/bin/python3 sign.py"])
def test_samples(platform, app, tmp_path, signer, suite):
    """The published signers with curl, as their comments say."""
    (tmp_path / "event.json").write_bytes(as_bytes(report(platform, app)))
    environment = {"PATH": os.environ["PATH"], "CBD_APP_CODE": app["appCode"], "CBD_SIGNING_SECRET": app["signingSecret"],
                   "CBD_SIGNATURE_METHOD": suite, "CBD_URL": platform.env["CBD_URL"], "CBD_CA": platform.env["CBD_CA"]}
    program, name = signer.split()
    command = f"{program} {TOP}/docs/samples/{name}"
    query = "/api/v1/events?otherTaskNum=%e4%ba%95+1&senderCode=a%2Bb"
    for call in (f"""-H @<({command} POST /api/v1/events event.json) -H 'Content-Type: application/json' --data-binary @event.json "$CBD_URL/api/v1/events" """,
                 f"""-H @<({command} GET '{query}') "$CBD_URL{query}" """):
        done = subprocess.run(["bash", "-c", f'curl -sS --noproxy "*" --cacert "$CBD_CA" {call}'], cwd=tmp_path, env=environment,
                              capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["success"], done.stdout


# Artemis style

def artemis(app, method, target, body=b"", form=False, listed="x-ca-key,x-ca-nonce,x-ca-timestamp", md5=None, secret=None, **headers):
    """The headers as Hikvision's SDK makes them; body is covered by Content-MD5, or as a form by its parameters."""
    sent = {"Accept": "*/*", "X-Ca-Key": app["appCode"], "X-Ca-Timestamp": str(int(time.time() * 1000)), "X-Ca-Nonce": str(uuid.uuid4()),
            "X-Ca-Signature-Headers": listed, **{k.replace("_", "-"): v for k, v in headers.items()}}
    if body:
        sent["Content-Type"] = FORM["Content-Type"] if form else "application/json"
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


def artemis_send(client, app, method, target, body=b"", **more):
    return client.request(method, "/" + target, body or None, headers=artemis(app, method, target, body, **more))


def test_artemis(platform, here, app):
    check_envelope(artemis_send(here, app, "GET", API + "/code-tables"), 200, 0)
    check_envelope(artemis_send(here, app, "GET", API + "/events?otherTaskNum=%e4%ba%95%E7%9B%96&senderCode=&crs=GCJ02", Date="Wed, 01 Jan 2025 00:00:00 GMT"), 200, 0)
    check_envelope(artemis_send(here, app, "POST", API + "/events", as_bytes(report(platform, app))), 200, 0)
    form = urllib.parse.urlencode({"data": json.dumps(platform.event(), ensure_ascii=False), "senderCode": app["senders"][0]}).encode()
    reply = artemis_send(here, app, "POST", "/openapi/v2/upstream?actionType=UP_REC_REPORT", form, form=True)
    assert check_envelope(reply, 200, 0).data["recID"]
    # more signed headers, in any case and order
    check_envelope(artemis_send(here, app, "GET", API + "/code-tables", listed="X-Custom,x-ca-timestamp,x-absent,x-ca-nonce,x-ca-key", X_Custom=" a b "), 200, 0)


def test_artemis_refusals(platform, here, app, unlock):
    target, body = API + "/events?dryRun=true", as_bytes(report(platform, app))
    good = artemis(app, "POST", target, body)
    check_envelope(here.request("POST", "/" + target, body, headers=good), 200, 0)
    check_envelope(here.request("POST", "/" + target, body, headers=good), 401, 40103)
    for name, value in (("Accept", "text/html"), ("Date", "Wed, 01 Jan 2025 00:00:00 GMT"), ("X-Ca-Nonce", "another-nonce"), ("X-Ca-Signature", "AAAA"),
                        ("Content-Type", "application/json; charset=UTF-8")):
        fresh = artemis(app, "POST", target, body)
        check_envelope(here.request("POST", "/" + target, body, headers={**fresh, name: value}), 401, 40103)
        unlock()
    wrong = base64.b64encode(hashlib.md5(b"another body").digest()).decode()
    for more in ({"md5": wrong}, {"md5": False}, {"md5": "no base64"}, {"listed": "x-ca-key"}, {"listed": "x-ca-nonce"}, {"X_Ca_Timestamp": "now"}):
        check_envelope(artemis_send(here, app, "POST", target, body, **more), 400, 40018)
    old = str(int(time.time() - 4000) * 1000)
    check_envelope(artemis_send(here, app, "POST", target, body, X_Ca_Timestamp=old), 401, 40103)
    check_envelope(artemis_send(here, app, "POST", target, body, secret="wrong" * 6), 401, 40103)
    for name in ("X-Ca-Key", "X-Ca-Nonce", "X-Ca-Timestamp", "X-Ca-Signature-Headers", "X-Ca-Signature", "Accept"):
        headers = artemis(app, "GET", API + "/code-tables")
        lines = [("Host", "localhost"), *headers.items(), (name.lower(), headers[name])]
        check_envelope(here.raw(http_request("GET", API + "/code-tables", headers=lines)), 400, 40018)
    headers = artemis(app, "GET", API + "/code-tables")
    check_envelope(here.get("/code-tables", headers={**headers, "X-App-Code": platform.env["CBD_APP_CODE"]}), 400, 40018)
    many = ",".join(f"x-{n}" for n in range(40))
    check_envelope(artemis_send(here, app, "GET", API + "/code-tables", listed=many, **{f"X_{n}": "v" for n in range(40)}), 400, 40018)
    # a form's body, changed
    form = b"a=1&b=%0a2\n"
    headers = artemis(app, "POST", "/openapi/v2/upstream", form, form=True)
    check_envelope(here.request("POST", "//openapi/v2/upstream", form.replace(b"1", b"2"), headers=headers), 401, 40103)
    check_envelope(here.request("POST", "//openapi/v2/upstream", form * 200_000, headers=artemis(app, "POST", "/openapi/v2/upstream", form, form=True)), 413)
