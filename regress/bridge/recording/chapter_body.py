"""Bodies, headers, targets and framing that are refused before anybody looks at what they mean."""
from .player import FORM
from .wire import request_bytes

JSON = "application/json"


def json_bodies(run, token):
    ask = lambda name, body, kind=JSON, **more: run.ask(f"body/json/{name}", "POST", "/events", body, kind=kind, token=token, **more)
    for name, body in (("cut", b'{"data": '), ("comma", b'{"senderCode": "a",}'), ("empty", b""), ("array", b"[1]"), ("text", b'"x"'),
                       ("null", b"null"), ("more behind", b'{"a":1}x'), ("quotes", b"{'a':1}"),
                       ("zero ahead", b'{"a":01}'), ("mark and word", b'\xef\xbb\xbf{"a":nul}'), ("mark", b'\xef\xbb\xbf{"senderCode":"a"}'),
                       ("NaN", b'{"data": NaN}'), ("infinity", b'{"data": -Infinity}'),
                       ("beyond double", b'{"data": 1e400}'), ("control", b'{"data": "\x01"}'), ("escape", b'{"data": "\\x"}'),
                       ("same key", b'{"senderCode":"a","senderCode":"b"}'),
                       ("same key within", b'{"data":{"a":1,"a":2},"senderCode":"S-rec-full","actionType":"UP_REC_REPORT"}'),
                       ("not utf-8", b'{"senderCode":"\xff"}'), ("overlong", b'{"senderCode":"\xc0\xaf"}'),
                       ("surrogate", b'{"senderCode":"\xed\xa0\x80"}'), ("half a pair", b'{"senderCode":"\\ud800"}'),
                       ("zero", b'{"senderCode":"\\u0000"}'), ("zero byte", b'{"a":"\x00"}'),
                       ("long key", b'{"' + b"k" * 70000 + b'":1}'), ("deep arrays", b'{"data":' + b"[" * 3000 + b"]" * 3000 + b"}"),
                       ("deep objects", b'{"data":' + b'{"a":' * 3000 + b"1" + b"}" * 3000 + b"}"),
                       ("deep, open", b'{"data":' + b"[" * 200000),
                       ("two thousand names", b"{" + b",".join(b'"p%d":1' % n for n in range(2000)) + b"}"), ("blank", b"  \r\n"),
                       ("minus", b'{"a":-}'), ("nested too deep by one", b'{"data":' + b"[" * 64 + b"]" * 64 + b"}")):
        ask(name, body)
    ask("open endpoint, cut", b'{"x', source="127.0.7.1")
    run.ask("body/json/guarded, cut, nobody", "POST", "/events", b'{"x', kind=JSON, source="127.0.7.1")
    run.ask("body/json/open, cut", "POST", "/auth/code", b'{"x', kind=JSON)
    run.ask("body/json/open, same key", "POST", "/auth/code", b'{"appCode":"1","appCode":"2"}', kind=JSON)
    run.ask("body/json/xml, chinese", "POST", "/events", b'{"x', kind=JSON, token=token,
            headers={"Accept": "application/xml", "Accept-Language": "zh"})


def charsets(run, token):
    for charset in ("GB18030", "GBK", "gb2312", '"gbk"', "big5", "utf-16", "iso-8859-1", "gb", '""', "x" * 3000, "utf-8; charset=big5"):
        for name, body in (("ascii", b"{}"), ("city", b'{"a":"\xb3\xc7"}'), ("bad", b'{"a":"\x81"}')):
            run.ask(f"body/charset/{charset[:20]} {name}", "POST", "/events", body, kind=f"{JSON}; charset={charset}", token=token)
    for number, body in enumerate((b"senderCode=%B3%C7&data=%80", b"a=%B3%C7%26&b=\xb3\xc7\xff", b"a=%81%3", b"a=%00", b"%ff=1", b"a=%81&b=1")):
        run.ask(f"body/charset/form {number}", "POST", "/events", body, kind=FORM + "; charset=gbk", token=token)
    run.ask("body/charset/undeclared GBK", "POST", "/events", b'{"senderCode":"' + "城".encode("gbk"), kind=JSON, token=token)


def forms(run, token):
    for number, body in enumerate((b"data=%zz", b"data=%", b"data=%0", b"data=%ff%fe", b"data=%00", b"data=a&data=b", b"=&=&=", b"\xff\xfe",
                                   b"data=%ed%a0%80", b"senderCode=%c0%af", b"&" * 100000, b"a=" * 100000, b"")):
        run.ask(f"body/form/{number}", "POST", "/events", body, kind=FORM, token=token)
    kind = "multipart/form-data; boundary=x"
    part = b'--x\r\nContent-Disposition: form-data; name="data"\r\n'
    typed = part + b"Content-Type: text/plain; charset=%s\r\n\r\nab\xff\r\n--x--\r\n"
    for number, (body, kind) in enumerate((
            (b"", kind), (b"--x--\r\n", "multipart/form-data"), (b"no boundary", kind),
            (b"--x\r\nContent-Disposition: form-data\r\n\r\nv\r\n--x--\r\n", kind), (part + b"\r\nnever ends", kind),
            (part + b"\r\n\xff\xfe\r\n--x--\r\n", kind), (b"--x\r\n" + b"A: b\r\n" * 20000, "multipart/form-data; boundary=" + "x" * 300),
            (typed % b"gbk", kind), (typed % b"big5", kind), (part + b"\r\n1\r\n" + part + b"\r\n2\r\n--x--\r\n", kind),
            (b'--x\r\nContent-Disposition: form-data; name="f"; filename="a"\r\nContent-Type: image/png\r\n\r\n1\r\n--x--\r\n', kind))):
        run.ask(f"body/multipart/{number}", "POST", "/events", body, kind=kind, token=token)
    for kind in ("text/plain", "application/xml", "application/octet-stream", "image/png", "application/jsonx", "json", "a/b; c",
                 "application/x-www-form-urlencoded; charset=utf-16"):
        run.ask(f"body/type/{kind}", "POST", "/events", b"{}", kind=kind, token=token)
    run.ask("body/type/none", "POST", "/events", b"{}", token=token)
    run.ask("body/type/none, no body", "POST", "/events", None, token=token, length=False)
    run.ask("body/type/on a GET", "GET", "/divisions/110101", b"{}", kind="text/plain", token=token)
    run.ask("body/type/json on a GET", "GET", "/divisions/110101", b'{"a":1}', kind=JSON, token=token)
    run.ask("body/type/coded", "POST", "/events", b"{}", kind=JSON, headers={"Content-Encoding": "gzip"}, token=token)


def targets(run, token):
    for path in ("/code-tables?x=%00", "/code-tables?x=%zz", "/code-tables?x=%ff", "/code-tables?nothing=1", "/code-tables?", "/code-tables?&&",
                 "/code-tables?=1", "/code-tables?format", "/code-tables#part", "/code-tables;x=1",
                 "/code-tables?format=json&format=json", "/code-tables?" + "&".join(f"p{n}=1" for n in range(300)), "/code-tables?x=" + "a" * 9000,
                 "/s/" + "A" * 10000, "/code-tables/", "/CODE-TABLES", "/code%2dtables", "/code-tables/a/b/c/d/e/f/g/h/i/j/k/l/m",
                 "//", "/", "/nothing", "//api", "//api/v2/events", "//api/v1/../v1/events", "/..%2f..%2fetc/passwd", "//openapi/v2/upstream/other",
                 "//favicon.ico", "//healthz/x", "///healthz", "/events/1/2/3", "/accounts/1", "/admin/accounts/1/promote"):
        run.ask(f"body/target/{path[:50]}", "GET", path, token=token)
        if len(path) < 40:
            run.ask(f"body/target/{path[:50]}, nobody", "GET", path, source="127.0.7.2")
    run.unlock()


def framing(run, token):
    host, bearer = ("Host", f"localhost:{run.port}"), ("Authorization", "Bearer " + token)
    hide = {token: "token.rec-full"}
    base = [host, bearer, ("Content-Type", JSON)]
    raw = lambda name, data, **more: run.raw(f"body/framing/{name}", data, hide=hide, **more)
    for name, rows in (("length and chunked", [("Content-Length", 2), ("Transfer-Encoding", "chunked")]),
                       ("two lengths", [("Content-Length", 2), ("Content-Length", 5)]),
                       ("two hosts", [("Host", "other.example"), ("Content-Length", 2)]),
                       ("gzip framing", [("Transfer-Encoding", "gzip")]), ("negative length", [("Content-Length", -1)]),
                       ("length in letters", [("Content-Length", "two")]), ("huge length", [("Content-Length", 10**30)]),
                       ("length with a list", [("Content-Length", "2, 2")]), ("65 MB announced", [("Content-Length", 65 << 20)])):
        raw(name, request_bytes("POST", "/api/v1/events", base + rows, b"{}"), method="POST")
    raw("no host", request_bytes("GET", "/api/v1/code-tables", [bearer], b""))
    raw("other host", request_bytes("GET", "/api/v1/divisions/110101", [("Host", "other.example"), bearer], b""))
    raw("HTTP/1.0", b"GET /healthz HTTP/1.0\r\n\r\n")
    raw("garbage", b"GARBAGE\r\n\r\n")
    raw("method alone", b"GET\r\n\r\n")
    raw("version 9.9", b"GET / HTTP/9.9\r\n\r\n")
    raw("absolute form", request_bytes("GET", f"https://localhost:{run.port}/healthz", [host], b""))
    raw("no colon", b"GET / HTTP/1.1\r\nno colon\r\n\r\n")
    raw("not ascii", b"GET /\xff HTTP/1.1\r\nHost: x\r\n\r\n")
    raw("many headers", b"GET / HTTP/1.1\r\nHost: x\r\n" + b"A: b\r\n" * 5000 + b"\r\n")
    raw("long header", b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 200_000 + b"\r\n\r\n")
    raw("header of 20 kB", request_bytes("GET", "/healthz", [host, ("X-Long", "y" * 20000)], b""))
    raw("expect", request_bytes("POST", "/api/v1/events", [*base, ("Content-Length", 2), ("Expect", "100-continue")], b"{}"), method="POST")
    raw("connection close", request_bytes("GET", "/healthz", [host, ("Connection", "close")], b""))
    raw("three at once", b"".join(request_bytes("GET", path, [host, bearer], b"") for path in ("/api/v1/divisions/110101", "/api/v1/nothing",
        "/healthz")), replies=3)
    raw("refused body, then another", request_bytes("POST", "/api/v1/events", [host, bearer, ("Content-Type", "text/plain"), ("Content-Length", 2)],
                                                    b"{}")
        + request_bytes("GET", "/healthz", [host], b""), method="POST", replies=2)
    for method in ("TRACE", "CONNECT", "PROPFIND", "get", "PATCH"):
        raw(f"method {method}", request_bytes(method, "/api/v1/divisions/110101", [host, bearer], b""))


def play(run):
    token = run.tokens["rec-full"]
    json_bodies(run, token)
    charsets(run, token)
    forms(run, token)
    targets(run, token)
    framing(run, token)
