"""Whatever a client sends: a 4xx in the envelope, no 5xx, no hang, nothing stored, no recID used up."""
import json
import re
import ssl
import urllib.parse

import pytest
from own_bridge import routes
from rig import check_envelope, check_refused, http_request

pytestmark = pytest.mark.usefixtures("nothing_stored")
DEEP = 200_000


def headers_for(client, token, length=None, kind="application/json", host=True):
    rows = [("Host", f"localhost:{client.port}")] if host else []
    rows += [("Authorization", "Bearer " + token), ("Content-Type", kind)]
    return rows + ([("Content-Length", length)] if length is not None else [])


@pytest.mark.parametrize("body,where", [
    (b'{"data": ', None), (b'{"senderCode": "a",}', "20"), (b"", None), (b"[1]", None), (b'"x"', None), (b"null", None),
    (b'{"a":1}x', None), (b"{'a':1}", None), (b'{"a":01}', None), (b'\xef\xbb\xbf{"a":nul}', None), (b'{"data": NaN}', None),
    (b'{"data": -Infinity}', None), (b'{"data": 1e400}', None), (b'{"data": "\x01"}', None), (b'{"data": "\\x"}', None)],
    ids=lambda v: repr(v)[:30] if isinstance(v, bytes) else "")
def test_malformed_json(client, token, body, where):
    reply = check_refused(client.post("/events", body, headers={"Content-Type": "application/json"}, token=token))
    assert reply.status == 400, reply
    if body.startswith(b"{'"):  # the position is told
        assert any(ch.isdigit() for ch in json.dumps(reply.data)) or any(ch.isdigit() for ch in reply.json["message"]), reply


@pytest.mark.parametrize("body,code", [
    (b'{"senderCode":"a","senderCode":"b"}', 40004), (b'{"senderCode":"\xff"}', 40003), (b'{"senderCode":"\xc0\xaf"}', 40003),
    (b'{"senderCode":"\xed\xa0\x80"}', 40003), (b'{"senderCode":"\\ud800"}', 40003), (b'{"senderCode":"\\u0000"}', 40003)])
def test_characters_and_keys(client, token, body, code):
    reply = check_refused(client.post("/events", body, headers={"Content-Type": "application/json"}, token=token))
    assert reply.status == 400, reply
    assert code in (reply.code, *(e["statusCode"] for e in (reply.data or {}).get("errors", []))) or reply.code == 40001, reply


@pytest.mark.parametrize("data", [
    "{broken", "", "[]", "5", "null", '"text"', '{"a":1,"a":2}', '{"eventDesc":"\\ud800"}', '{"eventDesc":"\\u0000"}', '{"coordinateX":NaN}',
    '{"coordinateX":1e400}', '{"coordinateX":Infinity}', '{"x":' + "[" * DEEP + "]" * DEEP + "}", '{"x":' + '{"a":' * DEEP + "1" + "}" * DEEP + "}"],
    ids=lambda v: v[:24] or "empty")
def test_event_text(platform, client, token, data):
    """The event is a JSON text inside a field: the same refusals one level down."""
    reply = client.post("/events", {"data": data, "senderCode": platform.sender, "actionType": "UP_REC_REPORT"}, token=token)
    assert check_refused(reply).status in (400, 422), reply
    reply = client.form("/events", {"data": data, "senderCode": platform.sender, "actionType": "UP_REC_REPORT"}, token=token)
    assert check_refused(reply).status in (400, 422), reply


@pytest.mark.parametrize("opening,closing", [(b"[", b"]"), (b'{"a":', b"}")])
def test_depth_bombs(client, token, opening, closing):
    for closed in (closing * DEEP, b""):
        body = b'{"data":' + opening * DEEP + b"1" + closed + b"}"
        assert check_refused(client.post("/events", body, headers={"Content-Type": "application/json"}, token=token)).status == 400


def test_json_of_many_parts(client, token):
    """More names or values than any endpoint takes: refused, and without a tree of them; a name is found again among many."""
    names = b",".join(b'"n%d":0' % i for i in range(20_000))
    many = b",".join(b'"n%d":0' % i for i in range(140_000))
    bodies = [(b"{%s,\"\\u006e7\":1}" % names, 40004), (b"{%s}" % many, 41300), (b'{"data":[%s0]}' % (b"0," * 250_000), 41300)]
    for body, code in bodies:
        reply = check_refused(client.post("/events", body, headers={"Content-Type": "application/json"}, token=token))
        assert reply.code == code and reply.status == code // 100, reply
        assert re.match(r"line 1, column \d+, byte \d+: ", reply.data["errors"][0]["message"]), reply


def test_every_event_field(platform, token):
    """Each field missing, empty, null, of another type, too long, with characters that do not belong."""
    required = {"eventDesc", "otherTaskNum", "address", "eventSrcID", "recTypeID", "eventTypeCode"}
    event = platform.event(medias=[{"mediaName": "a.jpg", "mediaType": "IMAGE", "mediaUsage": "上报", "mediaURL": "https://x.example/a.jpg"}], mediaNum=1)
    for name in sorted(event):
        for value in ([], {}, [[1]], True, "长" * 10001, "\u0000", "a\u0000b", -1e308, 10**400, 1.5):
            if value is True and name not in required:
                continue
            changed = {**event, name: value}
            reply = platform.report(changed, token, dryRun=True)
            text = name in ("humanName", "mainTypeCode", "subTypeCode", "eventTypeCode", "eventDesc", "otherTaskNum", "address", "cellphone")
            if text and isinstance(value, (int, float)) and not isinstance(value, bool):
                assert reply.status in (200, 400, 422), (name, value, reply)  # egova takes a number for text
                continue
            if name == "medias" and value == []:
                continue  # then only mediaNum disagrees: a warning
            check_refused(reply)
            assert reply.status in (400, 422), (name, value, reply)
            if reply.status == 422:
                assert any(p.startswith("/" + name) or name.startswith("coordinate") for p in reply.pointers()), (name, value, reply)
        if name in required:
            for value in (None, "", "   "):
                reply = platform.report({**event, name: value}, token, dryRun=True)
                assert check_envelope(reply, 422, 42200).pointers().get("/" + name) == 42201, (name, value, reply)


def test_long_strings(platform, client, token):
    """10 MB in one string of the event: within the body's limit, refused by the field's length."""
    reply = platform.report(platform.event(eventDesc="长" * (10 * 1024 * 1024 // 3)), token)
    assert check_envelope(reply, 422, 42200).pointers() == {"/eventDesc": 42203}
    reply = platform.report(platform.event(), token, sender="s" * (10 * 1024 * 1024))
    assert check_refused(reply).status in (400, 403, 422)


def test_body_of_65_megabytes(client, token):
    """413, told by the length alone; of a chunked body what passes the limit is not kept, and its end gets the 413."""
    size = 65 * 1024 * 1024
    reply = client.raw(http_request("POST", "/api/v1/events", b"", headers_for(client, token, size)))
    check_envelope(reply, 413, 41300)
    rows = headers_for(client, token) + [("Transfer-Encoding", "chunked")]
    with client.connect() as sock:
        from rig import read_reply
        chunk = b"100000\r\n" + b"x" * 0x100000 + b"\r\n"
        sock.sendall(http_request("POST", "/api/v1/events", b"", rows))
        try:
            for _ in range(66):
                sock.sendall(chunk)
            sock.sendall(b"0\r\n\r\n")
        except (BrokenPipeError, ConnectionResetError, ssl.SSLError):
            pass
        reply = read_reply(sock)
    assert reply is None or reply.status == 413, reply


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "application/octet-stream", "image/png", "application/jsonx", "json", "a/b; c"])
def test_wrong_content_type(client, token, kind):
    check_envelope(client.post("/events", b"{}", headers={"Content-Type": kind}, token=token), 415, 41500)


def test_no_content_type(client, token):
    rows = [("Host", "localhost"), ("Authorization", "Bearer " + token), ("Content-Length", 2)]
    assert check_refused(client.raw(http_request("POST", "/api/v1/events", b"{}", rows))).status in (400, 415, 422)


@pytest.mark.parametrize("body", [b"data=%zz", b"data=%", b"data=%0", b"data=%ff%fe", b"data=%00", b"data=a&data=b", b"=&=&=", b"\xff\xfe",
                                  b"data=%ed%a0%80", b"senderCode=%c0%af", b"&" * 100000, b"a=" * 100000])
def test_malformed_form(client, token, body):
    reply = client.post("/events", body, headers={"Content-Type": "application/x-www-form-urlencoded"}, token=token)
    assert check_refused(reply).status in (400, 422), reply
    if body in (b"data=%zz", b"data=%"):
        assert reply.status == 400 and reply.data["errors"], reply


@pytest.mark.parametrize("body,kind", [
    (b"", "multipart/form-data; boundary=x"), (b"--x--\r\n", "multipart/form-data"), (b"no boundary", "multipart/form-data; boundary=x"),
    (b"--x\r\nContent-Disposition: form-data\r\n\r\nv\r\n--x--\r\n", "multipart/form-data; boundary=x"),
    (b"--x\r\nContent-Disposition: form-data; name=\"data\"\r\n\r\nnever ends", "multipart/form-data; boundary=x"),
    (b"--x\r\nContent-Disposition: form-data; name=\"data\"\r\n\r\n\xff\xfe\r\n--x--\r\n", "multipart/form-data; boundary=x"),
    (b"--x\r\n" + b"A: b\r\n" * 20000, "multipart/form-data; boundary=" + "x" * 300)])
def test_malformed_multipart(client, token, body, kind):
    assert check_refused(client.post("/events", body, headers={"Content-Type": kind}, token=token)).status in (400, 415, 422)


@pytest.mark.parametrize("path", ["/code-tables/a%00b", "/code-tables/%zz", "/code-tables/%", "/code-tables/%ff", "/code-tables/%ed%a0%80",
                                  "/divisions/%00", "/divisions/110101%00", "/code-tables?x=%00", "/code-tables?x=%zz", "/code-tables?x=%ff",
                                  "/events?otherTaskNum=%00", "/events?otherTaskNum=a%00b", "/events?otherTaskNum=%c3%28",
                                  "/divisions/" + "9" * 3000, "/events/" + "%41" * 1000, "/events?timeFormat=%"])
def test_request_target(client, token, path):
    reply = check_refused(client.get(path, token=token))
    assert reply.status in (400, 404, 414), reply
    if "%00" in path or "%zz" in path:
        assert reply.status == 400, reply


def test_repeated_parameter(client, token):
    check_envelope(client.get("/events?otherTaskNum=a&otherTaskNum=b", token=token), 400, 40009)
    check_envelope(client.post("/events?senderCode=a", {"senderCode": "b", "actionType": "UP_REC_REPORT", "data": {}}, token=token), 400, 40009)


FRAMING = {
    "length and chunked": [("Content-Length", 2), ("Transfer-Encoding", "chunked")],
    "two lengths": [("Content-Length", 2), ("Content-Length", 5)],
    "two hosts": [("Host", "other.example"), ("Content-Length", 2)],
    "gzip framing": [("Transfer-Encoding", "gzip")],
    "negative length": [("Content-Length", -1)],
    "length in letters": [("Content-Length", "two")],
    "huge length": [("Content-Length", 10**30)],
    "length with a list": [("Content-Length", "2, 2")],
}


@pytest.mark.parametrize("rows", FRAMING.values(), ids=FRAMING.keys())
def test_framing(client, token, rows):
    """What could be read in two ways (request smuggling) is refused and the connection closed."""
    reply = client.raw(http_request("POST", "/api/v1/events", b"{}", headers_for(client, token) + rows))
    assert reply is None or 400 <= reply.status < 500, reply


def test_no_host(client, token):
    reply = client.raw(http_request("GET", "/api/v1/code-tables", b"", headers_for(client, token, host=False)))
    assert reply is None or reply.status == 400, reply


@pytest.mark.parametrize("data", [b"GARBAGE\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                                  b"\r\n\r\n", b"GET / HTTP/1.1\r\n" + b"\x00" * 200 + b"\r\n\r\n", b"GET /\xff HTTP/1.1\r\nHost: x\r\n\r\n",
                                  b"GET / HTTP/1.1\r\nno colon\r\n\r\n", b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 5000 + b"\r\n",
                                  b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 200_000 + b"\r\n\r\n",
                                  b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n"], ids=lambda d: repr(d[:24]))
def test_not_http(client, data):
    """May be answered by the HTTP library without the envelope, or by closing; the bridge lives on."""
    with client.connect(timeout=60) as sock:
        from rig import read_reply
        try:
            sock.sendall(data)
            sock.unwrap() if data == b"\r\n\r\n" else None
        except (BrokenPipeError, ConnectionResetError, ssl.SSLError, OSError):
            pass
        reply = None if data == b"\r\n\r\n" else read_reply(sock)
    assert reply is None or 400 <= reply.status < 500 or reply.status == 505, reply
    check_envelope(client.get("//healthz"), 200, 0)


def fuzz_values():
    return [None, "", " ", "a" * 1_000_000, "汉字" * 200, "\u202e\u0007", "' OR 1=1 --", "\\", "%s%n", "../..", 5, -1, 1.5, True, [], ["x"], {"a": 1},
            "😀"]


ACCOUNT_BODIES = {
    "/accounts": {"userName": "fuzz", "password": "Abc-12345678", "organization": "x", "contactName": "y", "mobile": "13800138000"},
    "/admin/login": {"userName": "fuzz-admin", "password": "Abc-12345678", "totp": "123456"},
    "/auth/code": {"appCode": "110000000000010", "method": "key", "key": "6f2c1b1e-0000-4000-8000-000000000000", "userName": "fuzz", "password": "x"},
    "/auth/token": {"appCode": "110000000000010", "authCode": "A" * 43},
    "/auth/sealed-url": {"appCode": "110000000000010", "resource": "events", "params": {"otherTaskNum": "x"}, "expiresIn": 60, "cidr": "10.0.0.0/8",
                         "maxUses": 1, "key": "6f2c1b1e-0000-4000-8000-000000000000"},
}


@pytest.mark.parametrize("path", ACCOUNT_BODIES)
def test_fuzz_of_open_endpoints(platform, client, path):
    """Each field missing, empty, 1 MB, of another type, beyond ASCII: never a 5xx."""
    number = 0
    for name in ACCOUNT_BODIES[path]:
        for value in fuzz_values():
            number += 1
            body = {**ACCOUNT_BODIES[path], name: value}
            if path == "/accounts" and name != "userName":
                body["userName"] = f"fuzz-{name}-{number}"
            here = client.at(f"127.1.{hash(path) % 200 + 1}.{number % 250 + 1}")
            text = json.dumps({k: v for k, v in body.items() if v is not None}).encode()
            reply = here.post(path, text, headers={"Content-Type": "application/json"})
            assert reply.status < 500, (path, name, value, reply)
            check_envelope(reply, reply.status)
            if value is None and not (path == "/auth/code" and name in ("userName", "password")) and name != "totp":
                assert 400 <= reply.status < 500, (path, name, reply)
    platform.sql("DELETE FROM citybigdata.lockout WHERE true")


def test_fuzz_of_guarded_endpoints(platform, client):
    account = platform.make_account()
    _, body = platform.apply(account)
    for name in ("platformCode", "resources", "methods", "ipRanges", "senderCodes", "profile", "level", "validUntil", "redirectUris", "clientType", "purpose"):
        # each of them is a password check: few values
        for value in ("", "a" * 100_000, "汉字" * 200, "\u202e\u0007", 10**30, {"a": 1}, [None, [5]], ["999.1.1.1/33"], "19991301000000"):
            reply, _ = platform.apply(account, **{name: value})
            assert reply.status < 500, (name, value, reply)
            check_envelope(reply, reply.status)
    for path in ("/admin/accounts/{}/approve", "/admin/access-requests/{}/reject"):
        for number in ("0", "-1", "9" * 40, "1%20", "%e6%b1%89", "1.5", "0x1", "null"):
            reply = check_refused(client.post(path.format(number), {}, token=platform.admin_token))
            assert reply.status in (400, 404, 422), (path, number, reply)
    for value in fuzz_values():
        reply = client.post("/auth/revoke", {"token": value}, token=platform.token())
        assert reply.status < 500, (value, reply)


# Fields of the other auth endpoints that make a call well-formed; the credential in them is wrong.
AUTH_FIELDS = {"client_id": "110000000000010", "client_secret": "6f2c1b1e-0000-4000-8000-000000000000", "token": "A" * 43,
               "grant_type": "authorization_code", "code": "A" * 43, "redirect_uri": "https://client.example/cb", "code_verifier": "v" * 43,
               "response_type": "code", "code_challenge": "c" * 43, "code_challenge_method": "S256", "userName": "fuzz", "password": "x",
               "decision": "allow", "form_token": "1.A"}
AUTH_PATH = re.compile(r"/(auth|oauth|admin|accounts|s)/")


def fuzz_targets(platform):
    """The auth routes of the bridge's own table that the tests above do not fuzz, with the parameters that each takes."""
    for route in routes(platform):
        if AUTH_PATH.search(route.path) and route.path.removeprefix("/api/v1") not in ACCOUNT_BODIES:
            in_path = re.findall(r"{(\w+)}", route.path)
            yield route, [name for name in route.parameters if name not in in_path]


def test_fuzz_of_every_other_auth_endpoint(platform, client):
    """Each parameter missing, empty, 1 MB, of another type, beyond ASCII, repeated: an answer with a code, never a 5xx, never a token."""
    asked = 0
    administrators = {role: platform.administrator(role)["token"] for role in ("sysadmin", "secadmin", "auditor")}
    for route, parameters in fuzz_targets(platform):
        path = "/" + re.sub(r"{\w+}", "999999999", route.path)
        token = None if route.authentication == "open" else administrators[route.role.split(", ")[0]] if route.role else platform.token()
        base = {name: AUTH_FIELDS[name] for name in parameters if name in AUTH_FIELDS}
        for name in parameters:
            for value in (*fuzz_values(), [base.get(name, "a"), "b"]):
                asked += 1
                fields = {k: v for k, v in {**base, name: value}.items() if v is not None}
                here = client.at(f"127.2.{asked // 250 % 250 + 1}.{asked % 250 + 1}")
                pairs = urllib.parse.urlencode({k: v if isinstance(v, list) else str(v) for k, v in fields.items()}, doseq=True,
                                               errors="surrogatepass")
                if route.method == "GET":
                    # the address may be too long to be read to its end
                    rows = [("Host", "localhost"), *([("Authorization", "Bearer " + token)] if token else [])]
                    reply = here.raw(http_request("GET", path[1:] + "?" + pairs, b"", rows))
                    if reply is None and len(pairs) > 100_000:
                        continue
                elif route.kind in ("oauth", "page"):
                    reply = here.post(path, pairs.encode(), headers={"Content-Type": "application/x-www-form-urlencoded"})
                else:
                    reply = here.post(path, json.dumps(fields).encode(), headers={"Content-Type": "application/json"}, token=token)
                assert reply.status < 500, (route.path, name, value, reply)
                assert b"access_token\"" not in reply.body and b"refresh_token\"" not in reply.body, (route.path, name, reply)
                if reply.status in (414, 431) and reply.header("Content-Type") is None:
                    continue  # a request line beyond the HTTP library's memory: it answers by itself
                if route.kind == "ogc":  # exceptions of OGC API Features, or the envelope where no route is known yet
                    assert reply.status == 200 or "code" in json.loads(reply.body), (route.path, name, value, reply)
                elif route.kind not in ("oauth", "page"):
                    check_envelope(reply, reply.status)
                elif route.kind == "page":
                    assert reply.status in (400, 413, 414, 422) and reply.header("Content-Type").startswith("text/html"), (name, value, reply)
                else:
                    assert 400 <= reply.status and set(reply.json) == {"error", "error_description"}, (route.path, name, value, reply)
        platform.sql("DELETE FROM citybigdata.lockout WHERE true")
    assert asked > 300


def test_fuzz_of_credential_headers(platform, client, token):
    """Headers that say who calls, empty, long, beyond ASCII: 4xx, and not a word of which part was wrong."""
    names = ("Authorization", "X-App-Code", "X-Timestamp", "X-Nonce", "X-Signature", "X-Signature-Method", "X-Ca-Key", "X-Ca-Signature",
             "X-Ca-Timestamp", "X-Ca-Nonce", "X-Ca-Signature-Headers")
    good = {"X-App-Code": platform.env["CBD_APP_CODE"], "X-Timestamp": "1", "X-Nonce": "12345678", "X-Signature": "AAAA"}
    for name in names:
        for value in ("", " ", "a", "a" * 8000, "\xff\xfe", "æ±\x89", "Basic " + "A" * 3000, "Bearer \xff", "Basic /w==", "-1", "9" * 30, "%00", "' OR 1=1"):
            rows = [("Host", "localhost"), *{**good, name: value}.items()]
            reply = client.at("127.2.255.1").raw(http_request("GET", "/api/v1/code-tables", b"", rows))
            assert reply is not None and check_refused(reply).status in (400, 401, 429), (name, value, reply)
    platform.sql("DELETE FROM citybigdata.lockout WHERE true")


@pytest.mark.parametrize("parameter", ["a", "a=", "p=1", "lightId.in=1", "%61=%62"])
def test_many_parameters(client, token, parameter):
    """As many parameters as an address holds have a reply: libmicrohttpd has no memory for a list of them, and needs none."""
    for length in (2000, 8000, 12000):
        query = "&".join([parameter] * (length // (len(parameter) + 1)))
        for path in ("//healthz", "/events"):
            reply = client.get(f"{path}?{query}", token=token)
            assert reply.status in ((200, 400) if length < 8192 else (414,)), (length, reply)
