"""The envelope in JSON and XML, the request's number, languages, media types."""
import re
import xml.etree.ElementTree as ET

import pytest
from rig import check_envelope


def test_members(client, token):
    reply = check_envelope(client.get("/code-tables", token=token), 200, 0)
    assert reply.json["message"] == "OK"
    assert re.match(r"application/json; *charset=utf-8$", reply.header("Content-Type"), re.I)
    assert reply.header("Server") is None or not re.search(r"\d", reply.header("Server"))


def test_request_id(platform, client, token):
    """One number: header, body and audit row; a caller's own is not taken for ours unless it is safe, and never twice."""
    first, second = client.get("/code-tables", token=token), client.get("/code-tables", token=token)
    assert first.json["requestId"] != second.json["requestId"]
    for value in ("x" * 5000, "a b", "\"'<>", "a%0d%0aSet-Cookie: x"):
        reply = check_envelope(client.get("/code-tables", token=token, headers={"X-Request-Id": value}), 200, 0)
        assert reply.json["requestId"] != value
    refused = client.get("/nothing-here")
    check_envelope(refused, 404)


@pytest.mark.parametrize("accept,kind", [
    ("application/xml", "xml"), ("text/xml", "xml"), ("application/json;q=0.5, application/xml", "xml"),
    ("application/json, application/xml;q=0.9", "json"), ("*/*", "json"), ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "xml"),
    ("", "json"), (";;;q=q,", "json"), ("application/xml;q=0", "json"), ("application/xml;q=2", "json"), ("application/*", "json"),
    ("application/xml, application/json", "json")])
def test_accept(client, token, accept, kind):
    """JSON unless XML ranks above everything that JSON matches; what cannot be parsed is ignored."""
    reply = client.get("/divisions/110101", token=token, headers={"Accept": accept})
    assert reply.status == 200 and kind in reply.header("Content-Type"), reply


def test_xml(client, token):
    reply = client.get("/divisions/110101?format=xml", token=token)
    assert re.match(r"application/xml; *charset=utf-8$", reply.header("Content-Type"), re.I)
    assert reply.body.startswith(b"<?xml") and b"UTF-8" in reply.body[:60]
    root = ET.fromstring(reply.body)
    assert root.tag == "response"
    assert [child.tag for child in root][:5] == ["success", "code", "statusCode", "message", "requestId"]
    assert (root.findtext("success"), root.findtext("code"), root.findtext("statusCode")) == ("true", "0", "0")
    assert root.findtext("data/name") == "东城区" and root.findtext("requestId") == reply.header("X-Request-Id")
    # lists are <item>s; names as clause 5.4.2 wants them
    listed = ET.fromstring(client.get("/code-tables/event-state?format=xml", token=token).body)
    assert len(listed.findall(".//item")) >= 8
    assert all(re.match(r"[A-Za-z_][A-Za-z0-9_]*$", element.tag) for element in listed.iter())


def test_xml_of_faults(platform, client, token, nothing_stored):
    """What is not allowed in XML is escaped or replaced; markup in a value stays a value."""
    event = platform.event(address=None, mediaName="<x>&]]>")
    reply = client.post("/events?format=xml", {"data": event, "senderCode": platform.sender, "actionType": "WRONG<&>"}, token=token)
    root = ET.fromstring(reply.body)
    assert reply.status in (400, 422) and root.findtext("success") == "false" and root.findtext("code") == "-1"
    assert root.find(".//item/pointer") is not None
    reply = client.get("/code-tables/%3Cscript%3E%01?format=xml", token=token)
    assert 400 <= reply.status < 500
    ET.fromstring(reply.body)


def test_unknown_format(client, token):
    reply = client.get("/divisions/110101?format=yaml", token=token)
    assert reply.status in (400, 406), reply
    check_envelope(reply, reply.status)


def test_vendor_path_is_always_json(platform, client, token):
    import json
    fields = {"senderCode": platform.sender, "actionType": "UP_REC_REPORT", "data": json.dumps({"eventDesc": "x"})}
    reply = client.form("//openapi/v2/upstream?format=xml", fields, token=token, headers={"Accept": "application/xml"})
    assert reply.status == 200 and reply.json["success"] is False


@pytest.mark.parametrize("language,chinese", [("zh", True), ("zh-CN,zh;q=0.9", True), ("en", False), ("en, zh;q=0.5", False),                                               ("", False), ("zh;q=0", False), ("*", False), (";;,", False)])
def test_language(client, language, chinese):
    reply = check_envelope(client.get("/nothing-here", headers={"Accept-Language": language}), 404)
    assert (re.search("[\u4e00-\u9fff]", reply.json["message"]) is not None) == chinese, reply


def test_status_codes_are_one_table(platform, client):
    """What the bridge says and what the database says is one table."""
    data = check_envelope(client.get("/status-codes"), 200, 0).data
    rows = data["items"] if isinstance(data, dict) else data
    ours = {(r["statusCode"], r["message"]) for r in rows}
    assert ours == set(platform.sql("SELECT status_code, message FROM citybigdata.status_code"))


def test_keep_alive(client, token):
    """Many requests on one connection, refusals between them."""
    connection = client.connection()
    for number in range(20):
        reply = client.request("GET", "/divisions/110101" if number % 2 else "/nothing", token=token, connection=connection)
        assert reply.status == (200 if number % 2 else 404)
    connection.close()


def test_pipelined_requests(client, token):
    """Three requests sent at once on one connection are answered in order."""
    from rig import http_request
    rows = [("Host", f"localhost:{client.port}"), ("Authorization", "Bearer " + token)]
    paths = ("/api/v1/divisions/110101", "/api/v1/nothing", "/api/v1/divisions/110102")
    with client.connect() as sock:
        sock.sendall(b"".join(http_request("GET", p, b"", rows) for p in paths))
        data = b""
        while data.count(b"HTTP/1.1 ") < 3 or not data.endswith(b"}"):
            part = sock.recv(65536)
            if not part:
                break
            data += part
    found = [data.index(mark.encode()) for mark in ("东城区", '"statusCode":40401', "西城区")]
    assert found == sorted(found)
