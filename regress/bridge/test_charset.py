"""Charsets: bodies in GBK, GB 2312 and GB 18030, replies in GB 18030 (2022 edition), what is refused and where."""
import json
import os
import re
import urllib.parse
import xml.etree.ElementTree as ET

import pytest
from rig import check_envelope
from test_signature import app, here, sign, unlock  # noqa: F401

# second bytes that are a backslash, braces, brackets, a bar and a tilde
TRAPS = b"\x81\x5c\x81\x7b\x81\x7d\x81\x5b\x81\x5d\x81\x7c\x81\x7e\xb5\x5c".decode("gbk")
GBK_TEXT = f"路灯不亮“{TRAPS}”\\\"夜间\"{{}}"
FOUR_BYTES = "湖㳇镇莫𡐓村㮾梨街道"
ROUTES = ["/events", "//openapi/v2/upstream", "//openapi/v2/upstream/uprecreport"]


def stored(platform, reply):
    """eventDesc and address as the database has them."""
    assert reply.status == 200 and reply.json["success"] is True, reply
    return platform.sql("SELECT event_desc, address FROM citybigdata.event WHERE task_num = %s", reply.data["taskNum"])[0]


def encode_form(fields, charset, raw=False):
    """A form as a program of that charset writes it; raw: bytes from 0x80 on (and what may follow them) not escaped."""
    def part(text):
        if not raw:
            return urllib.parse.quote_plus(text.encode(charset)).encode()
        return b"".join(urllib.parse.quote_plus(c).encode() if c.isascii() else c.encode(charset) for c in text)
    return b"&".join(part(name) + b"=" + part(value) for name, value in fields.items())


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("charset,text", [("GBK", GBK_TEXT), ("gb2312", "路灯不亮"), ("GB18030", GBK_TEXT + FOUR_BYTES), ('"gbk"', GBK_TEXT),
                                          ("utf-8", GBK_TEXT + FOUR_BYTES)])
def test_report_in_json(platform, client, token, route, charset, text):
    """A sender's JSON in his charset is stored as what he wrote; so is JSON inside of a JSON string."""
    for inner in (False, True):
        event = platform.event(eventDesc=text)
        body = {"senderCode": platform.sender, "actionType": "UP_REC_REPORT", "data": json.dumps(event, ensure_ascii=False) if inner else event}
        reply = client.post(route, json.dumps(body, ensure_ascii=False).encode(charset.strip('"')), token=token,
                            headers={"Content-Type": f"application/json; charset={charset}"})
        assert stored(platform, reply) == (text, event["address"])


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("raw", [False, True])
@pytest.mark.parametrize("charset,text", [("GBK", GBK_TEXT + "&=%+ 1"), ("GB18030", GBK_TEXT + FOUR_BYTES + "&=%+ 2")])
def test_report_in_a_form(platform, client, token, route, raw, charset, text):
    """What %XX stands for is in the form's charset, and so are bytes that are not escaped."""
    event = platform.event(eventDesc=text)
    fields = {"senderCode": platform.sender, "actionType": "UP_REC_REPORT", "data": json.dumps(event, ensure_ascii=False)}
    reply = client.post(route, encode_form(fields, charset, raw), token=token,
                        headers={"Content-Type": f"application/x-www-form-urlencoded;charset={charset}"})
    assert stored(platform, reply) == (text, event["address"])


def parts(fields, boundary=b"----x7"):
    """multipart of (name, type or None, bytes)."""
    return b"".join(b"--" + boundary + b"\r\nContent-Disposition: form-data; name=\"" + name + b"\"\r\n" +
                    (b"Content-Type: " + kind + b"\r\n" if kind else b"") + b"\r\n" + value + b"\r\n"
                    for name, kind, value in fields) + b"--" + boundary + b"--\r\n"


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("whole,part,charset", [(None, b"text/plain; charset=GBK", "gbk"), (None, b'application/json; charset="gb18030"', "gb18030"),
                                                ("GBK", None, "gbk"), ("GB18030", b"text/plain", "gb18030"),
                                                ("GBK", b"text/plain; charset=UTF-8", "utf-8"), (None, b"text/plain; charset=UTF-8", "utf-8")])
def test_report_in_multipart(platform, client, token, route, whole, part, charset):
    """A part's own charset goes before that of the body; parts of ASCII may declare what they like."""
    event = platform.event(eventDesc=GBK_TEXT)
    body = parts([(b"senderCode", b"text/plain; charset=ISO-8859-1", platform.sender.encode()), (b"actionType", None, b"UP_REC_REPORT"),
                  (b"data", part, json.dumps(event, ensure_ascii=False).encode(charset))])
    kind = "multipart/form-data; boundary=----x7" + (f"; charset={whole}" if whole else "")
    reply = client.post(route, body, token=token, headers={"Content-Type": kind})
    assert stored(platform, reply) == (GBK_TEXT, event["address"])


def test_undeclared_gbk_is_refused(platform, client, token, nothing_stored):
    """Nothing is guessed: bytes that are not UTF-8 and not declared are refused with their place."""
    body = b'{"senderCode":"' + "城".encode("gbk")
    reply = check_envelope(client.post("/events", body, token=token, headers={"Content-Type": "application/json"}), 400)
    assert "byte 15:" in reply.data["errors"][0]["message"]


@pytest.mark.parametrize("body,offset", [
    (b'{"a":"\x80"}', 6), (b'{"a":"\xb3\xc7\xff"}', 8), (b'{"a":"\x81"}', 6), (b'{"a":"\x81\x30\x81"}', 6), (b'{"a":"\x84\x31\xa5\x30"}', 6),
    (b'{"a":"\xe3\x32\x9a\x36"}', 6), (b'{"a":"x\x00"}', 7), (b'{"a":"\xb3\xc7"}\xb3', 10), (b"\xff\xfe{\x00}\x00", 0)])
@pytest.mark.parametrize("charset", ["GB18030", "GBK"])
def test_bad_bytes(client, token, body, offset, charset):
    reply = check_envelope(client.post("/events", body, token=token, headers={"Content-Type": f"application/json; charset={charset}"}), 400)
    assert re.match(rf"body, byte {offset}: (not valid GB18030|U\+0000)$", reply.data["errors"][0]["message"]), reply


@pytest.mark.parametrize("body,offset", [
    (b"senderCode=%B3%C7&data=%80", 23), (b"a=%B3%C7%26&b=\xb3\xc7\xff", 16), (b"a=%81%3", 5), (b"a=%00", 2), (b"%ff=1", 0), (b"a=%2B%26%25%3D+%FF", 15),
    (b"a=%81&b=1", 2), (b"a=%zz", 2)])
def test_bad_bytes_of_a_form(client, token, body, offset):
    """The place is that in the bytes that were sent, escapes included."""
    reply = client.post("/events", body, token=token, headers={"Content-Type": "application/x-www-form-urlencoded; charset=gbk"})
    check_envelope(reply, 400)
    assert reply.data["errors"][0]["message"].startswith(f"body, byte {offset}:"), reply


def test_bad_bytes_of_a_part(client, token):
    body = parts([(b"data", b"text/plain; charset=gbk", b"ab\xff")])
    reply = check_envelope(client.post("/events", body, token=token, headers={"Content-Type": "multipart/form-data; boundary=----x7"}), 400)
    assert f"byte {body.index(0xff)}:" in reply.data["errors"][0]["message"]


@pytest.mark.parametrize("charset", ["big5", "utf-16", "iso-8859-1", "utf-8x", "gb", "GBK2", '""', "x" * 3000, "utf-8; charset=big5"])
@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_other_charsets(client, token, kind, charset):
    reply = client.post("/events", b"{}", token=token, headers={"Content-Type": f"{kind}; charset={charset}"})
    if charset == "utf-8; charset=big5":  # the first one counts
        assert reply.status in (400, 422), reply
        return
    check_envelope(reply, 415)
    assert all(name in reply.data["errors"][0]["message"] for name in ("UTF-8", "GB18030", "GBK", "GB2312"))


def test_other_charset_of_a_part(client, token):
    body = parts([(b"data", b"text/plain; charset=big5", "城".encode("big5"))])
    reply = check_envelope(client.post("/events", body, token=token, headers={"Content-Type": "multipart/form-data; boundary=----x7"}), 415)
    assert "GB18030" in reply.data["errors"][0]["message"]


def test_edition_of_2022(platform, client, token):
    """A6D9 and FE59 are public characters since 2022; their old private ones have four bytes now."""
    event = platform.event(eventDesc="@")
    body = json.dumps({"senderCode": platform.sender, "actionType": "UP_REC_REPORT", "data": event}).encode()
    body = body.replace(b'"@"', b'"\xa6\xd9\xa6\xda\xa6\xdb\xfe\x59\x84\x31\x82\x36\xa8\xbc\xfe\x51"')
    reply = client.post("/events", body, token=token, headers={"Content-Type": "application/json; charset=GB18030"})
    assert stored(platform, reply)[0] == "\ufe10\ufe12\ufe11\u9fb4\ue78d\u1e3f\ue816"
    back = client.get(f"/events/{reply.data['taskNum']}?charset=GB18030", token=token)
    assert b'"\xa6\xd9\xa6\xda\xa6\xdb\xfe\x59\x84\x31\x82\x36\xa8\xbc\xfe\x51"' in back.body


def test_signature_is_over_the_bytes_as_sent(platform, here, app, unlock):
    """The digest of a signed body is that of the sender's own bytes."""
    event = platform.event(eventDesc=GBK_TEXT)
    body = json.dumps({"senderCode": app["senders"][0], "actionType": "UP_REC_REPORT", "data": event}, ensure_ascii=False)
    kind = {"Content-Type": "application/json; charset=GBK"}
    reply = here.post("/events", body.encode("gbk"), headers={**sign(app, "POST", "/events", body.encode("gbk")), **kind})
    assert stored(platform, reply)[0] == GBK_TEXT
    reply = here.post("/events", body.encode("gbk"), headers={**sign(app, "POST", "/events", body.encode()), **kind})
    check_envelope(reply, 401)


def test_idempotency_key_is_over_the_bytes_as_sent(platform, client, token):
    event = platform.event(eventDesc=GBK_TEXT)
    body = json.dumps({"senderCode": platform.sender, "actionType": "UP_REC_REPORT", "data": event}, ensure_ascii=False).encode("gbk")
    headers = {"Content-Type": "application/json; charset=GBK", "Idempotency-Key": event["otherTaskNum"]}
    first, second = (client.post("/events", body, token=token, headers=headers) for _ in range(2))
    assert stored(platform, first) == stored(platform, second) and first.data == second.data


@pytest.mark.parametrize("header,gb", [
    ("GB18030", True), ("gb18030", True), ("GB18030, utf-8;q=0.7", True), ("GB18030;q=0.5", True), ("utf-8, GB18030", False), ("GB18030;q=0", False),
    ("GB18030;q=0.5, *;q=0.8", False), ("*", False), ("GBK", False), ("GB2312, GBK", False), ("GB18030;q=2", False), (";;,", False), ("", False),
    ("big5, gb18030, gbk, gb2312, iso-8859-1, us-ascii, utf-16, utf-8", False), ("iso-8859-1, *;q=0.1, GB18030", True)])
def test_accept_charset(client, token, header, gb):
    """GB 18030 where it is asked for before UTF-8; a list of everything that a program knows asks for nothing."""
    reply = client.get("/divisions/110101", token=token, headers={"Accept-Charset": header})
    assert reply.status == 200 and reply.header("Content-Type") == f"application/json; charset={'GB18030' if gb else 'utf-8'}", reply
    assert json.loads(reply.body.decode("gb18030" if gb else "utf-8"))["data"]["name"] == "东城区"
    assert "Accept-Charset" in reply.header("Vary")


def test_charset_parameter(client, token):
    """`charset` of the query goes before the header, on every path under /api/v1 and on its refusals."""
    for value, header, charset in [("GB18030", "utf-8", "gb18030"), ("gb18030", "", "gb18030"), ("UTF-8", "GB18030", "utf-8"), ("utf8", "GB18030", "utf-8")]:
        reply = client.get(f"/divisions/110101?charset={value}", token=token, headers={"Accept-Charset": header})
        assert reply.status == 200 and json.loads(reply.body.decode(charset))["data"]["name"] == "东城区", reply
        assert reply.header("Content-Type").lower().endswith(charset)
    reply = client.get("/nothing-here?charset=GB18030", headers={"Accept-Language": "zh"})
    assert reply.status == 404 and re.search("[一-鿿]", json.loads(reply.body.decode("gb18030"))["message"])
    for value in ("big5", "GBK", "", "utf-8%00", "x" * 5000):
        reply = check_envelope(client.get(f"/divisions/110101?charset={value}", token=token), 400)
        assert reply.pointers()["/charset"] and "GB18030" in reply.body.decode() and "UTF-8" in reply.body.decode()


def test_xml_declares_its_charset(client, token):
    reply = client.get("/divisions/110101?format=xml&charset=GB18030", token=token)
    assert reply.header("Content-Type") == "application/xml; charset=GB18030"
    assert reply.body.startswith(b'<?xml version="1.0" encoding="GB18030"?>')
    text = reply.body.decode("gb18030")
    assert ET.fromstring(text.partition("?>")[2]).findtext("data/name") == "东城区"
    assert client.get("/divisions/110101?format=xml", token=token).body.startswith(b'<?xml version="1.0" encoding="UTF-8"?>')


def test_every_edge_comes_back(platform, client, token):
    """A report in GB 18030 read back in it: place names outside GBK, the first and last of every length."""
    with open(os.path.join(os.path.dirname(__file__), "../charset/gb18030_placenames.tsv"), encoding="utf-8") as file:
        names = [line.split("\t")[1] for line in file if not line.startswith(("#", "code"))]
    text = "".join(names) + "\u0080\u07ff\u0800\ud7ff\ue000\ufffd\U00010000\U0010fffd"
    event = platform.event(eventDesc=text)
    body = json.dumps({"senderCode": platform.sender, "actionType": "UP_REC_REPORT", "data": event}, ensure_ascii=False).encode("gb18030")
    reply = client.post("/events", body, token=token, headers={"Content-Type": "application/json; charset=GB18030"})
    assert stored(platform, reply)[0] == text
    back = client.get(f"/events/{reply.data['taskNum']}", token=token, headers={"Accept-Charset": "GB18030"})
    assert json.loads(back.body.decode("gb18030"))["data"]["eventDesc"] == text


def test_vendor_path_in_gb18030(platform, client, token):
    """The vendor paths read no `charset` of the query, but do what the header says."""
    reply = client.form("//openapi/v2/upstream?charset=big5", {"senderCode": platform.sender}, token=token)
    assert reply.status == 200 and reply.header("Content-Type") == "application/json; charset=utf-8"
    reply = client.form("//openapi/v2/upstream", {"senderCode": platform.sender}, token=token, headers={"Accept-Charset": "GB18030"})
    assert reply.status == 200 and reply.header("Content-Type") == "application/json; charset=GB18030"


def test_query_is_utf8(client, token):
    """The query is UTF-8 whatever the body is in."""
    reply = check_envelope(client.get("/code-tables/" + urllib.parse.quote("城".encode("gbk")), token=token), 400)
    assert "byte" in reply.data["errors"][0]["message"]


def test_conversion_counts_as_held(platform, client, token):
    """A body of 20 MB in GBK is converted and refused for what it is, not for what it took."""
    body = b'{"senderCode":"' + "城".encode("gbk") * 5_000_000 + b'"}'
    reply = client.post("/events", body, token=token, headers={"Content-Type": "application/json; charset=GBK"})
    assert 400 <= reply.status < 500, reply
    check_envelope(reply, reply.status)
