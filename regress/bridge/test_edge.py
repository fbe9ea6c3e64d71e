"""The edge: what networks, proxies, browsers and strangers do before anything is asked of the database."""
import json
import socket
import ssl
import threading
import time

import pytest
from own_bridge import keeps_freed, own_bridge, routes
from rig import check_envelope, check_refused, http_request, until

PORTAL = "https://portal.example"


@pytest.fixture(scope="module")
def cross(platform):
    with own_bridge(platform, cors_origins=PORTAL) as bridge:
        yield bridge.client


def names(reply, header):
    return {name.strip().lower() for name in (reply.header(header) or "").split(",")}


def test_f1_preflight(platform, cross):
    """Every address: answered, whatever comes with it; the program is there afterwards."""
    for path in sorted({row.path for row in routes(platform)}):
        reply = cross.request("OPTIONS", "/" + path.replace("{", "").replace("}", ""), headers={
            "Origin": PORTAL, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"})
        assert (reply.status, reply.body) == (204, b""), (path, reply)
        assert reply.header("Access-Control-Allow-Origin") == PORTAL and reply.header("Vary") == "Origin"
        assert names(reply, "Access-Control-Allow-Methods") & {"get", "post"}
    for headers in ({"Authorization": "Bearer x"}, {"Authorization": "Basic x"}, {"X-Signature": "x"}, {"X-Ca-Signature": "x", "X-Ca-Key": "y"},
                    {"X-App-Code": "x"}, {"Accept": "application/xml"}, {"Expect": "100-continue"}, {"Connection": "close"}):
        reply = cross.request("OPTIONS", "/events?format=csv&charset=none&x=%zz", headers={"Origin": PORTAL, **headers})
        assert reply.status == 204, (headers, reply)
    for length in (1, 100_000):
        for type in ("application/json", "text/x-other"):
            reply = cross.request("OPTIONS", "/events", b"x" * length, headers={"Origin": PORTAL, "Content-Type": type})
            assert reply.status == 204, (length, reply)
    assert check_refused(cross.request("OPTIONS", "/nothing", headers={"Origin": PORTAL})).status == 404
    assert check_refused(cross.request("OPTIONS", "/events", headers={"Origin": "https://other.example"})).status == 405
    assert cross.get("//healthz").status == 200


def test_f1_any_origin(platform):
    with own_bridge(platform, cors_origins="*") as bridge:
        assert bridge.client.request("OPTIONS", "/events", headers={"Origin": "https://anyone.example"}).status == 204
        assert bridge.client.get("//healthz").status == 200


def test_f16_headers_of_cors(cross, token):
    asked = names(cross.request("OPTIONS", "/events", headers={"Origin": PORTAL}), "Access-Control-Allow-Headers")
    assert asked >= {"authorization", "content-type", "idempotency-key", "x-requested-with", "x-ca-key", "x-ca-signature", "x-ca-signature-headers",
                     "x-ca-timestamp", "x-ca-nonce", "x-signature", "x-timestamp", "x-nonce"}
    reply = cross.get("/code-tables", token=token, headers={"Origin": PORTAL})
    assert names(reply, "Access-Control-Expose-Headers") >= {"x-code-tables", "www-authenticate", "link", "ratelimit", "ratelimit-policy", "retry-after",
                                                             "x-request-id", "etag"}
    # told while the body still comes (no length was announced)
    chunk = b"10000\r\n" + b"x" * 65536 + b"\r\n"
    reply = cross.raw(http_request("POST", "/api/v1/auth/code", headers=[("Host", "localhost"), ("Origin", PORTAL), ("Content-Type", "application/json"),
                                                                         ("Transfer-Encoding", "chunked")]) + 17 * chunk)
    assert reply.status == 413 and reply.header("Access-Control-Allow-Origin") == PORTAL, reply


@pytest.fixture(scope="module")
def behind(platform):
    with own_bridge(platform, trusted_proxies="127.0.0.1, 10.0.0.0/8, ::ffff:192.0.2.0/120") as bridge:
        yield bridge.client


def address_of(platform, client, token, forwarded):
    address = "SELECT host(client_addr) FROM citybigdata.audit_log WHERE request_id = %s"
    number = check_envelope(client.get("/divisions/110101", token=token, headers={"X-Forwarded-For": forwarded}), 200, 0).json["requestId"]
    until(lambda: platform.sql(address, number))
    return platform.value(address, number)


@pytest.mark.parametrize("forwarded, seen", [
    ("203.0.113.9:4711", "203.0.113.9"), ("[2001:db8::9]", "2001:db8::9"), ("[2001:db8::9]:443", "2001:db8::9"), ("2001:db8::9", "2001:db8::9"),
    ("203.0.113.9\t", "203.0.113.9"), ("\t203.0.113.9 , 10.0.0.1:80\t", "203.0.113.9"), ("203.0.113.9, 192.0.2.7", "203.0.113.9"),
    ("::ffff:203.0.113.9", "203.0.113.9"), ("10.0.0.2, 10.0.0.1", "10.0.0.2")] + [(text, None) for text in (
        "unknown", "", ",", "203.0.113.9,", "203.0.113.9, ,10.0.0.1", "_hidden", "203.0.113.9:", "203.0.113.9:x", "203.0.113.9:99999", "[203.0.113.9]",
        "[2001:db8::9", "[2001:db8::9]x", "[2001:db8::9]:", "010.0.0.1", "127.0.0.1;", "203.0.113.9 127.0.0.1", "[]", ":80", "127.1")])
def test_f6_forwarded_addresses(platform, behind, token, forwarded, seen):
    assert address_of(platform, behind, token, forwarded) == seen


@pytest.mark.parametrize("forwarded", ["203.0.113.9", "203.0.113.9:5000", "unknown", "[2001:db8::9]:443", "", "203.0.113.9,", "x, 203.0.113.9:1"])
def test_f6_nobody_has_the_proxys_rights(platform, behind, forwarded):
    """Neither its address grants nor what is for loopback."""
    report = {"senderCode": platform.env["CBD_IP_SENDER_CODE"], "actionType": "UP_REC_REPORT", "data": "{}"}
    assert check_refused(behind.form("//openapi/v2/upstream", report, headers={"X-Forwarded-For": forwarded})).status == 401
    assert behind.get("//metrics", headers={"X-Forwarded-For": forwarded}).status == 401
    number = check_refused(behind.get("/events?x=%zz", headers={"X-Forwarded-For": forwarded, "Authorization": "Bearer x"})).json["requestId"]
    refusal = "SELECT host(client_addr) IS DISTINCT FROM '127.0.0.1' FROM citybigdata.audit_log WHERE request_id = %s"
    until(lambda: platform.sql(refusal, number))  # what the program itself refuses is written down for nobody too
    assert platform.value(refusal, number)


@pytest.mark.parametrize("line", [b"X-Forwarded-For: 127.0.0.1\0, 203.0.113.9", b"X-Other: a\0b", b"X-Other: a\x01b", b"X-Other: \0", b"Accept: a\rb",
                                  b"X-Other: a\0", b"X-Other: a\r\n b: c"])
def test_f6_control_characters(behind, token, line):
    """A value that others read further than the program does: 400, in any header, the last one too."""
    rows = [b"Host: localhost", b"Authorization: Bearer " + token.encode()]
    for order in ([line] + rows, rows + [line]):
        reply = behind.raw(b"\r\n".join([b"GET /metrics HTTP/1.1", *order, b"", b""]))
        assert reply.status == 400, (line, reply)
    for line in (b"X-Other:  a \t b  ", b"X-Other:", b"X-Other: \t"):
        for order in ([line] + rows, rows + [line]):
            assert behind.raw(b"\r\n".join([b"GET /healthz HTTP/1.1", *order, b"", b""])).status == 200, line


@pytest.mark.parametrize("value", ["::ffff:10.0.0.0/8", "::ffff:10.0.0.0/95", "010.0.0.0/8"])
def test_f15_ranges_of_proxies(platform, value):
    with own_bridge(platform, started=False, trusted_proxies=value) as bridge:
        code, told = bridge.run("--check-config")
        assert code != 0 and "trusted_proxies" in told, told


@pytest.mark.parametrize("value", ["::ffff:127.0.0.0/104", "::ffff:7f00:0/104", "010.0.0.0/8", "10.00.0.0/16", "10.0.0.0/8", "2001:db8::/32"])
def test_f15_ranges_of_grants(platform, value):
    reply = platform.apply(platform.make_account(), methods=["ip"], ipRanges=[value])[0]
    if value in ("10.0.0.0/8", "2001:db8::/32"):
        check_envelope(reply, 200, 0)
    else:
        assert check_refused(reply).pointers() == {"/ipRanges/0": 40007}, reply


# bodies of strangers

def peak(process):
    with open(f"/proc/{process.pid}/status", encoding="utf-8") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmHWM")) // 1024


@pytest.mark.parametrize("path", ["//api/v1/events", "//openapi/v2/upstream", "//openapi/v2/upstream/uprecreport"])
@pytest.mark.parametrize("kind, start", [("application/json", b'{"x":"'), ("application/x-www-form-urlencoded", b"x="), ("multipart/form-data; boundary=b", b"--b\r\n")])
def test_finding3_strangers(platform, path, kind, start):
    """No credential, no grant of the address: refused after 64 KiB, readably, whatever was announced."""
    with own_bridge(platform, trusted_proxies="127.0.0.1") as bridge:
        outside = {"Content-Type": kind, "X-Forwarded-For": "203.0.113.9"}
        before = peak(bridge.process)
        for extra in ({}, {"Authorization": "Bearer none"}, {"X-App-Code": "x", "X-Signature": "x", "X-Timestamp": "1", "X-Nonce": "n"}):
            reply = check_refused(bridge.client.request("POST", path, start + b"a" * 20_000_000, headers={**outside, **extra}))
            assert reply.status in (400, 401), reply
        assert peak(bridge.process) < before + 20 or keeps_freed(bridge.process)


def test_finding3_credentials(platform, client, token):
    """In a header, the query or the first 64 KiB: a large body comes, and the request is judged as ever."""
    app = platform.make_application()
    data = json.dumps({"x": "a" * 300_000})

    def code():
        return check_envelope(client.post("/auth/code", {"appCode": app["appCode"], "method": "key", "key": app["key"]}), 200, 0).data["authCode"]
    fields = {"senderCode": app["senders"][0], "actionType": "UP_REC_REPORT", "dryRun": "true"}
    for reply in (client.post("/events", {**fields, "data": data}, token=token), client.form("/events", {**fields, "data": data}, token=token),
                  client.post("/events?authCode=" + code(), {**fields, "data": data}), client.post("/events", {"authCode": code(), **fields, "data": data}),
                  client.form("/events", {"authCode": code(), **fields, "data": data})):
        assert reply.status in (400, 403, 422), reply
    for reply in (client.form("/events", {**fields, "data": data, "authCode": code()}), client.post("/events", {"authCode": "none", **fields, "data": data})):
        assert reply.status in (400, 401) and reply.code in (40012, 40100), reply
    report = {"senderCode": platform.env["CBD_IP_SENDER_CODE"], "actionType": "UP_REC_REPORT", "data": data}
    assert client.form("//openapi/v2/upstream", report).status != 401


def test_finding3_open_routes(client):
    """Who is nobody yet has nothing large to say."""
    for path in ("/auth/code", "/accounts", "/access-requests", "//oauth/token"):
        reply = client.request("POST", path, b"x" * 65537, headers={"Content-Type": "application/x-www-form-urlencoded"})
        assert reply.status == 413, (path, reply)


@pytest.mark.parametrize("kind, body", [
    ("application/json", b'{"x":[' + b"{}," * 700_000 + b"0]}"), ("application/json", b'{"x":[' + b"{}," * 5_500_000 + b"0]}"),
    ("application/json", b"{" + b",".join(b'"%d":0' % n for n in range(1_000_000)) + b"}"), ("application/x-www-form-urlencoded", b"data=1&" * 2_000_000),
    ("application/json", b'{"x":' + b"[" * 8_000_000)], ids=["2 MB", "16 MB", "names", "pairs", "depth"])
def test_finding3_values(platform, token, kind, body):
    """With a credential: values, names, pairs and depth have limits; little memory beyond the body, and others are answered meanwhile."""
    with own_bridge(platform) as bridge:
        before, worst, replies = peak(bridge.process), 0, []
        thread = threading.Thread(target=lambda: replies.append(bridge.client.request("POST", "/events", body, token=token, headers={"Content-Type": kind})))
        thread.start()
        while thread.is_alive():
            start = time.monotonic()
            assert bridge.client.get("//healthz").status == 200
            worst = max(worst, time.monotonic() - start)
        print(f"{len(body)} bytes: {before} -> {peak(bridge.process)} MiB, /healthz at most {worst:.2f} s, {replies[0].status}")
        assert replies[0].status in (400, 413), replies
        # a buffer that grows is there twice for a moment
        assert peak(bridge.process) - before < 3 * len(body) // 1_000_000 + 20 or keeps_freed(bridge.process)


def hold(client, token, count, sent):
    """Connections with half a body of theirs."""
    socks = []
    for _ in range(count):
        sock = client.connect()
        sock.sendall(http_request("POST", "/api/v1/events", headers=[("Host", "localhost"), ("Authorization", "Bearer " + token),
                                                                     ("Content-Type", "application/json"), ("Content-Length", "60000000")]) + b"x" * sent)
        socks.append(sock)
    return socks


def test_finding4_share_of_the_pool(platform, token):
    """One client's half bodies leave room for the reports of others."""
    with own_bridge(platform, max_bytes_in_flight="8MiB", trusted_proxies="127.0.0.9") as bridge:
        held = hold(bridge.client.at("127.0.0.66"), token, 6, 900_000)
        reply = platform.report(platform.event(), token, client=bridge.client.at("127.0.0.67"))
        check_envelope(reply, 200, 0)
        large = json.dumps({"x": "a" * 1_500_000})
        assert bridge.client.at("127.0.0.66").post("/events", large.encode(), token=token, headers={"Content-Type": "application/json"}).status == 503
        assert bridge.client.at("127.0.0.67").post("/events", large.encode(), token=token, headers={"Content-Type": "application/json"}).status != 503
        for sock in held:
            sock.close()


def test_finding4_connections(platform):
    with own_bridge(platform, max_client_connections=20, trusted_proxies="127.0.0.9") as bridge:
        held = [bridge.client.at("127.0.0.66").connect() for _ in range(20)]
        with pytest.raises((OSError, ssl.SSLError)):
            bridge.client.at("127.0.0.66").connect()
        assert bridge.client.at("127.0.0.67").get("//healthz").status == 200
        proxied = [bridge.client.at("127.0.0.9").connect() for _ in range(30)]
        for sock in held + proxied:
            sock.close()

        def there():
            try:
                return bridge.client.at("127.0.0.66").get("//healthz").status == 200
            except OSError:
                return False
        until(there)


def test_finding4_least_rate(platform, token):
    """A body that comes by drops ends long before body_timeout."""
    with own_bridge(platform, min_body_rate="1MiB") as bridge:
        sock = hold(bridge.client, token, 1, 1000)[0]
        sock.settimeout(15)
        try:
            assert sock.recv(1) == b""
        except (ConnectionResetError, ssl.SSLError):
            pass


@pytest.mark.parametrize("value", ["city.example", "http://city.example", "https://city.example # ours", 'https://city.example/"', "https://",
                                   "https://city.example/?a", "https://city.example:x", "https://city.example:", "https://a b", "https://user@city.example"])
def test_f14_public_url(platform, value):
    with own_bridge(platform, started=False, public_url=value) as bridge:
        code, told = bridge.run("--check-config")
        assert code != 0 and "public_url" in told, told


@pytest.mark.parametrize("value", ["https://city.example", "https://city.example:8443/", "https://city.example/data/v1"])
def test_f14_public_url_right(platform, value):
    with own_bridge(platform, started=False, public_url=value) as bridge:
        assert bridge.run("--check-config")[0] == 0


# connections that say nothing, and how connections end

def ticks(process):
    with open(f"/proc/{process.pid}/stat", encoding="utf-8") as file:
        return sum(int(n) for n in file.read().rsplit(")", 1)[1].split()[11:13])


def hello():
    """The first message of a handshake."""
    out = ssl.MemoryBIO()
    with pytest.raises(ssl.SSLWantReadError):
        ssl.create_default_context().wrap_bio(ssl.MemoryBIO(), out, server_hostname="localhost").do_handshake()
    return out.read()


@pytest.mark.parametrize("sent", ["nothing", "a byte", "half", "all"])
def test_f5_silent_connections(platform, sent):
    """Thirty that do not go on with the handshake cost no processor, and nobody else is held up."""
    with own_bridge(platform) as bridge:
        first = hello()
        part = {"nothing": b"", "a byte": first[:1], "half": first[:len(first) // 2], "all": first}[sent]
        socks = [socket.create_connection(("127.0.0.1", bridge.port)) for _ in range(30)]
        for sock in socks:
            sock.sendall(part)
        time.sleep(0.5)
        before = ticks(bridge.process)
        time.sleep(3)
        assert ticks(bridge.process) - before < 30, "hundredths of a second in three seconds"
        assert bridge.client.get("//healthz").status == 200
        for sock in socks:
            sock.close()


def strictly(bridge):
    context = ssl.create_default_context(cafile=bridge.client.ca)
    plain = socket.create_connection(("127.0.0.1", bridge.port), timeout=20)
    return context.wrap_socket(plain, server_hostname="localhost", suppress_ragged_eofs=False)


def to_the_end(sock):
    """What comes until close_notify; an end without one is an error."""
    data = b""
    while part := sock.recv(65536):
        data += part
    return data


@pytest.mark.parametrize("request_text", [
    b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", b"GET /healthz HTTP/1.0\r\n\r\n", b"GET /status HTTP/1.1\r\n\r\n",
    b"POST /api/v1/auth/code HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 99999999\r\n\r\n", b""])
def test_f12_close_notify(platform, request_text):
    with own_bridge(platform, header_timeout="1s", idle_timeout="1s") as bridge, strictly(bridge) as sock:
        sock.sendall(request_text)
        reply = to_the_end(sock)
        assert reply.startswith(b"HTTP/1.1 ") == (request_text != b"")


def test_f12_close_notify_idle_and_drain(platform):
    with own_bridge(platform, idle_timeout="1s") as bridge, strictly(bridge) as sock:
        sock.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert to_the_end(sock).startswith(b"HTTP/1.1 200")
        with strictly(bridge) as second:
            second.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert second.recv(65536).startswith(b"HTTP/1.1 200")
            assert bridge.stop() == 0
            assert b"HTTP" not in to_the_end(second)


@pytest.mark.parametrize("path, type, size, status", [
    ("/auth/code", "application/json", 2_000_000, 413), ("/auth/code", "application/json", 20_000_000, 413), ("/events", "application/json", 70_000_000, 413),
    ("/nothing", "application/json", 5_000_000, 404), ("/events", "text/x-other", 5_000_000, 415), ("/code-tables", "application/json", 5_000_000, 405)])
def test_f10_refused_bodies(platform, path, type, size, status):
    """Whoever sends all of a body before he reads has the reply, with its headers, every time."""
    with own_bridge(platform, cors_origins=PORTAL) as bridge:
        for _ in range(5):
            with strictly(bridge) as sock:
                sock.sendall(http_request("POST", "/api/v1" + path, headers=[("Host", "localhost"), ("Origin", PORTAL), ("Content-Type", type),
                                                                               ("Content-Length", str(size))]))
                sock.sendall(b"x" * size)
                reply = to_the_end(sock)
            assert reply.startswith(b"HTTP/1.1 %d " % status), reply[:200]
            assert b"Connection: close" in reply and b"Access-Control-Allow-Origin" in reply and json.loads(reply.partition(b"\r\n\r\n")[2])


# what a body may be

@pytest.mark.parametrize("coding", ["gzip", "br", "deflate, gzip", "zstd"])
def test_f13_content_encoding(client, token, coding):
    for length in (10, 100_000):
        reply = client.request("POST", "/events", b" " * length, token=token, headers={"Content-Type": "application/json", "Content-Encoding": coding})
        assert check_refused(reply).status == 415 and reply.header("Accept-Encoding") == "identity", reply
    assert client.request("POST", "/events", b"{}", token=token, headers={"Content-Type": "application/json", "Content-Encoding": "identity"}).status == 400


def test_d1_half_closing_client(platform, token, client):
    """A client that ends its side behind the request counts as gone: the report is stored, its repetition gets the numbers."""
    event = platform.event()
    body = json.dumps({"senderCode": platform.sender, "actionType": "UP_REC_REPORT", "data": event}).encode()
    sock = client.connect()
    sock.sendall(http_request("POST", "/api/v1/events", headers=[("Host", "localhost"), ("Authorization", "Bearer " + token), ("Content-Type", "application/json"),
                                                                 ("Content-Length", str(len(body)))]) + body)
    sock.shutdown(socket.SHUT_WR)
    until(lambda: platform.value("SELECT count(*) FROM citybigdata.event WHERE other_task_num = %s", event["otherTaskNum"]) == 1)
    sock.close()
    check_envelope(platform.report(event, token), 200, 0)
    assert platform.value("SELECT count(*) FROM citybigdata.event WHERE other_task_num = %s", event["otherTaskNum"]) == 1


def test_a7_byte_order_mark(platform, token, client):
    """Before a JSON body and in `data`, in every form of body: as if it was not there."""
    mark = "\ufeff"
    report = lambda: {"senderCode": platform.sender, "actionType": "UP_REC_REPORT", "dryRun": "true"}
    event = lambda: json.dumps(platform.event(), ensure_ascii=False)
    whole = (mark + json.dumps({**report(), "data": event()})).encode()
    check_envelope(client.post("/events", whole, token=token, headers={"Content-Type": "application/json"}), 200, 0)
    check_envelope(client.post("/events", {**report(), "data": mark + event()}, token=token), 200, 0)
    check_envelope(client.form("/events", {**report(), "data": mark + event()}, token=token), 200, 0)
    for body in (mark * 2 + "{}", "{}" + mark, mark):
        assert check_refused(client.post("/events", body.encode(), token=token, headers={"Content-Type": "application/json"})).status == 400


def test_f18_multipart_names(platform, client):
    """Parameters behind quoted strings that look like parameters; a boundary that is another parameter's end."""
    app = platform.make_application()

    def log_in(type, *parts):
        body = b"".join(b"--b\r\nContent-Disposition: form-data; %s\r\n\r\n%s\r\n" % part for part in parts) + b"--b--\r\n"
        return client.request("POST", "/auth/code", body, headers={"Content-Type": type})
    fields = [(b'filename="x; name=evil"; name="appCode"', app["appCode"].encode()), (b'x="a\\"; name=evil; "; name=method', b"key"),
              (b'name="key"; filename="name=x"', app["key"].encode())]
    check_envelope(log_in('multipart/form-data; xboundary=c; y="; boundary=d"; boundary="b"', *fields), 200, 0)
    assert check_refused(log_in("multipart/form-data; xboundary=b", *fields)).status == 400
    assert check_refused(log_in('multipart/form-data; boundary="b', *fields)).status == 400


# settings, log lines, ciphers

@pytest.mark.parametrize("line, wrong", [("log_level = info   # or debug", True), ("cors_origins = https://a.example\t# ours", True),
                                         ('metrics_token = "a value with # in it"', False), ("metrics_token = '" + "x" * 9000 + "'", False),
                                         ("metrics_token = " + "x" * 20 + "\0", True)])
def test_d7_lines(platform, line, wrong):
    with own_bridge(platform, started=False) as bridge:
        with open(bridge.folder + "/bridge.conf", "a", encoding="utf-8") as file:
            file.write(line + "\n")
        code, told = bridge.run("--check-config")
        assert (code != 0) == wrong and ("bridge.conf line" in told) == wrong, told


def test_d7_directory(platform):
    with own_bridge(platform, started=False) as bridge:
        code, told = bridge.run("--config=" + bridge.folder, "--check-config")
        assert code != 0 and "cannot read" in told, told


def test_finding20_log_lines(platform):
    """Whatever the path's bytes, a line is JSON; what is as long as a token is not shown."""
    token = "T0ken" * 20
    with own_bridge(platform) as bridge:
        for path in (b"/\xff\xfe", b"/a\xe4\xb8", b"/\xed\xa0\x80", "/中文".encode(), b"/x\xf0\x9f\x98\x80"):
            bridge.client.raw(b"GET " + path + b" HTTP/1.1\r\nHost: localhost\r\n\r\n")
        for path in ("//api/v1/s/", "/api/v1//s/", "/api/v1/S/", "/api/v2/s/", "/s/", "/api/v1/s./"):
            bridge.client.raw(f"GET {path}{token} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        bridge.stop()
        with open(bridge.log, "rb") as file:
            lines = [json.loads(line.decode("utf-8")) for line in file]
        assert sum(line.get("http") in (400, 404) for line in lines) == 11 and "T0ken" not in json.dumps(lines)


def test_finding21_ciphers(platform):
    with own_bridge(platform) as bridge:
        context = ssl.create_default_context(cafile=bridge.client.ca)
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        bridge.client.connect(context=context).close()
        context.set_ciphers("AES128-SHA:ECDHE-ECDSA-AES128-SHA:ECDHE-ECDSA-AES256-SHA:ECDHE-RSA-AES128-SHA:ECDHE-ECDSA-AES128-SHA256:ECDHE-RSA-AES256-SHA384")
        with pytest.raises((ssl.SSLError, OSError)):
            bridge.client.connect(context=context)


@pytest.mark.parametrize("text", [
    b"GET /healthz HTTP/1.1\nHost: localhost\n\n", b"GET /healthz HTTP/1.1\r\nHost: localhost\nX: y\r\n\r\n",
    b"POST /api/v1/auth/code HTTP/1.0\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"])
def test_finding19_framing(client, text):
    reply = client.raw(text)
    assert reply is None or reply.status == 400, reply
