"""gzip of replies: when it is used, and that it changes nothing; what carries a credential is not compressed."""
import gzip
import json

import pytest
from rig import check_envelope


def without_id(reply, body):
    """The envelope without what differs from call to call."""
    return json.loads(body.decode(reply.header("Content-Type").split("charset=")[1]).replace(reply.header("X-Request-Id"), ""))


@pytest.mark.parametrize("query", ["", "?charset=GB18030"])
def test_gzip_is_the_same_text(client, token, query):
    plain = client.get("/status-codes" + query, token=token)
    packed = client.get("/status-codes" + query, token=token, headers={"Accept-Encoding": "gzip"})
    assert plain.header("Content-Encoding") is None and packed.header("Content-Encoding") == "gzip"
    assert len(packed.body) * 3 < len(plain.body)
    assert without_id(packed, gzip.decompress(packed.body)) == without_id(plain, plain.body)
    assert packed.header("Content-Type") == plain.header("Content-Type")
    for reply in (plain, packed):
        assert "Accept-Encoding" in reply.header("Vary") and int(reply.header("Content-Length")) == len(reply.body)


@pytest.mark.parametrize("accept,packed", [
    ("gzip", True), ("GZIP", True), ("x-gzip", True), ("gzip, deflate, br", True), ("br;q=1.0, gzip;q=0.8, *;q=0.1", True), ("*", True), ("gzip;q=0.001", True),
    ("gzip;q=0", False), ("*;q=0", False), ("identity", False), ("identity, gzip;q=0.5", False), ("deflate, br", False), ("gzip;q=0, *", False),
    ("", False), ("gzip;q=2", False), (";;,", False), ("gzipped", False), ("a, " * 1000 + "gzip", True)])
def test_accept_encoding(client, accept, packed):
    reply = client.get("/status-codes", headers={"Accept-Encoding": accept})
    assert reply.status == 200 and (reply.header("Content-Encoding") == "gzip") == packed, reply
    json.loads(gzip.decompress(reply.body) if packed else reply.body)


def test_small_replies_are_sent_as_they_are(client):
    reply = check_envelope(client.get("//healthz", headers={"Accept-Encoding": "gzip"}), 200, 0)
    assert reply.header("Content-Encoding") is None and "Accept-Encoding" in reply.header("Vary")
    check_envelope(client.get("/nothing-here", headers={"Accept-Encoding": "gzip"}), 404)


def test_head_and_xml(client):
    get = client.get("/status-codes?format=xml", headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(get.body).startswith(b'<?xml version="1.0" encoding="UTF-8"?>')
    head = client.request("HEAD", "/status-codes?format=xml", headers={"Accept-Encoding": "gzip"})
    assert head.status == 200 and head.header("Content-Encoding") == "gzip" and head.body == b""


def test_replies_with_credentials_are_not_compressed(platform, client):
    """An Accept-Encoding on every way to a credential; long replies by what is sent back in them."""
    headers = {"Accept-Encoding": "gzip"}
    code = client.post("/auth/code", {"appCode": platform.env["CBD_APP_CODE"], "method": "key", "key": platform.env["CBD_KEY"]}, headers=headers)
    client.secrets.add(code.data["authCode"])
    token = client.post("/auth/token", {"appCode": platform.env["CBD_APP_CODE"], "authCode": code.data["authCode"]}, headers=headers)
    client.secrets.add(token.data["accessToken"])
    for reply in (code, token):
        assert check_envelope(reply, 200, 0).header("Content-Encoding") is None
    faults = {"x" * 50 + str(i): [] for i in range(50)}
    long = client.post("/auth/sealed-url", {"resource": {}, "params": faults, "expiresIn": [], "cidr": [], "maxUses": {}, "key": [], "userName": [],
                                            "password": []}, token=token.data["accessToken"], headers={**headers, "Accept-Language": "zh"})
    assert long.status == 400 and long.header("Content-Encoding") is None
    assert len(long.body) < 1024 or not long.body.startswith(b"\x1f\x8b")


def test_pages_of_data(platform, client, token):
    """Published data in every format, both charsets, compressed or not, is the same text; a byte order mark is of UTF-8 only."""
    rows = [[json.dumps({"name": f"湖㳇镇莫𡐓村{n}号", "n": n}, ensure_ascii=False) for n in range(60)]]
    platform.sql("CREATE TABLE public.charset_rows (id int PRIMARY KEY, name text NOT NULL)")
    try:
        platform.sql("INSERT INTO public.charset_rows SELECT (r::json->>'n')::int, r::json->>'name' FROM unnest(%s::text[]) r", rows[0])
        platform.sql("SELECT citybigdata.publish('public.charset_rows', '{\"code\":\"charset-rows\"}')")
        app = platform.make_application(resources=["charset-rows"])
        own = platform.token(app)
        for format in ("json", "xml", "csv", "ndjson"):
            texts = set()
            for charset in ("utf-8", "gb18030"):
                for headers in ({}, {"Accept-Encoding": "gzip"}):
                    reply = client.get(f"/data/charset-rows?format={format}&charset={charset}", token=own, headers=headers)
                    assert reply.status == 200 and charset in reply.header("Content-Type").lower(), reply
                    assert (reply.header("Content-Encoding") == "gzip") == bool(headers)
                    body = gzip.decompress(reply.body) if headers else reply.body
                    text = body.decode(charset).replace(reply.header("X-Request-Id"), "")
                    texts.add(text.replace("GB18030", "UTF-8", 1) if format == "xml" else text)
            assert reply.header("X-Code-Tables") == ("/api/v1/resources/charset-rows" if format in ("csv", "ndjson") else None)
            assert len(texts) == 1 and "湖㳇镇莫𡐓村59号" in texts.pop()
        csv = client.get("/data/charset-rows?format=csv&bom=true&charset=GB18030", token=own).body
        assert csv.decode("gb18030").startswith("id,name\r\n0,湖㳇镇")
        assert client.get("/data/charset-rows?format=csv&bom=true", token=own).body.startswith("\ufeffid,name".encode())
    finally:
        platform.sql("SELECT citybigdata.unpublish('charset-rows')")
        platform.sql("DROP TABLE public.charset_rows")
