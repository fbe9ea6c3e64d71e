"""Reference data: every format and charset, versions, entity tags and 304; authorised and recorded all the same."""
import csv
import gzip
import io
import json
import xml.etree.ElementTree as ET

import pytest
from rig import check_envelope, until

PATHS = ["/divisions/110101", "/code-tables", "/code-tables/event-state", "/status-codes"]
TABLES = PATHS[1:]
ODD = {"A,1": "逗号, \"引号\"", "A2": "两行\n换行", "A3": "湖㳇镇莫𡐓村", "A4": "=1+1"}


@pytest.fixture(scope="module")
def odd(platform):
    """A code table whose names need quotes, escapes and four bytes."""
    platform.sql("SELECT citybigdata.load_code_table('odd-names', %s::jsonb, version => '2024-01', title_zh => '怪名')",
                 json.dumps([{"code": code, "name": name, **({"parent": "A2"} if code == "A3" else {})} for code, name in ODD.items()]))
    yield "/code-tables/odd-names"
    platform.sql("DELETE FROM citybigdata.code_table_row WHERE table_name = 'odd-names'")
    platform.sql("DELETE FROM citybigdata.code_table WHERE name = 'odd-names'")


def with_query(path, query):
    return path + "?" + query


@pytest.mark.parametrize("charset", ["utf-8", "gb18030"])
@pytest.mark.parametrize("packed", [False, True])
def test_formats_agree(client, token, odd, charset, packed):
    """The same codes in JSON, XML, CSV and NDJSON, in both charsets, compressed or not; each shows the version."""
    found = {}
    for format in ("json", "xml", "csv", "ndjson"):
        reply = client.get(f"{odd}?format={format}&charset={charset}", token=token, headers={"Accept-Encoding": "gzip"} if packed else {})
        assert reply.status == 200 and charset in reply.header("Content-Type").lower(), reply
        body = gzip.decompress(reply.body) if reply.header("Content-Encoding") == "gzip" else reply.body
        text = body.decode(charset)
        if format == "json":
            data = json.loads(text)["data"]
            rows = [(row["code"], row["name"], row["parentCode"] or "", data["version"]) for row in data["items"]]
        elif format == "xml":
            data = ET.fromstring(text.partition("?>")[2]).find("data")
            rows = [(row.findtext("code"), row.findtext("name"), row.findtext("parentCode") or "", data.findtext("version")) for row in data.find("items")]
        elif format == "csv":
            assert "text/csv" in reply.header("Content-Type") and text.startswith("code,name,parentCode,version\r\n")
            rows = [tuple(row) for row in csv.reader(io.StringIO(text, newline=""))][1:]
        else:
            assert "application/x-ndjson" in reply.header("Content-Type") and text.endswith("\n")
            rows = [(row["code"], row["name"], row["parentCode"] or "", row["version"]) for row in map(json.loads, text.splitlines())]
        found[format] = rows
    assert found["json"] == [(code, name, "A2" if code == "A3" else "", "2024-01") for code, name in ODD.items()]
    assert all(rows == found["json"] for rows in found.values()), found


def test_bom(client, token):
    """The byte order mark that spreadsheets want, in UTF-8 only; nothing else of these texts changes."""
    path = "/code-tables/event-state"
    plain = client.get(with_query(path, "format=csv"), token=token).body
    assert not plain.startswith(b"\xef\xbb\xbf")
    assert client.get(with_query(path, "format=csv&bom=true"), token=token).body == b"\xef\xbb\xbf" + plain
    assert client.get(with_query(path, "format=csv&bom=false"), token=token).body == plain
    assert client.get(with_query(path, "format=csv&bom=true&charset=GB18030"), token=token).body == plain.decode().encode("gb18030")
    for path in TABLES:
        reply = check_envelope(client.get(with_query(path, "format=csv&bom=maybe"), token=token), 400)
        assert "/bom" in reply.pointers()


def test_s22_spreadsheets_get_no_formula(platform, client, token):
    """bom=true puts an apostrophe before a text that a spreadsheet would take for a formula; one apostrophe less gives the text."""
    texts = ["=1+1", "+1", "-1", "@sum", "\tx", "＝1", "'quoted", '=a,"b"', "plain=1", "a-b", "街道"]
    platform.sql("SELECT citybigdata.load_code_table('formula-names', %s::jsonb, version => '1', title_zh => '公式')",
                 json.dumps([{"code": f"F{n:02}", "name": text} for n, text in enumerate(texts)]))
    try:
        for charset in ("UTF-8", "GB18030"):
            plain, guarded = ([row[1] for row in csv.reader(io.StringIO(client.get(
                f"/code-tables/formula-names?format=csv&charset={charset}{bom}", token=token).body.decode(charset).lstrip("\ufeff"), newline=""))][1:]
                for bom in ("", "&bom=true"))
            assert plain == texts
            assert guarded == ["'" + text for text in texts[:8]] + texts[8:]
            assert [text[1:] if text.startswith("'") else text for text in guarded] == texts
        lines = client.get("/code-tables/formula-names?format=ndjson&bom=true", token=token).body.decode().splitlines()
        assert [json.loads(line)["name"] for line in lines] == texts
    finally:
        platform.sql("DELETE FROM citybigdata.code_table_row WHERE table_name = 'formula-names'")
        platform.sql("DELETE FROM citybigdata.code_table WHERE name = 'formula-names'")


@pytest.mark.parametrize("path,columns", [
    ("/code-tables", "name,title,titleZh,version,count"), ("/code-tables/event-state", "code,name,parentCode,version"),
    ("/status-codes", "statusCode,httpStatus,name,message,messageZh")])
def test_tables(client, token, path, columns):
    items = client.get(path, token=token).data["items"]
    lines = client.get(with_query(path, "format=csv"), token=token).body.decode().split("\r\n")
    assert lines[0] == columns and lines[-1] == "" and len(lines) == len(items) + 2
    rows = [json.loads(line) for line in client.get(with_query(path, "format=ndjson"), token=token).body.decode().splitlines()]
    assert [list(row) for row in rows] == [columns.split(",")] * len(items)
    assert [{name: row[name] for name in item} for row, item in zip(rows, items)] == [{name: item[name] for name in item} for item in items]
    # Accept asks for them too
    for accept, kind in [("text/csv", "text/csv"), ("application/x-ndjson", "application/x-ndjson"), ("application/geo+json", "application/json")]:
        assert client.get(path, token=token, headers={"Accept": accept}).header("Content-Type").startswith(kind)


def test_empty_table(client, token):
    """A dictionary that ships empty has its header line and no rows."""
    assert client.get("/code-tables/rec-type", token=token).status == 200
    platform_rows = client.get("/code-tables/rec-type", token=token).data["items"]
    lines = client.get("/code-tables/rec-type?format=csv", token=token).body.decode().split("\r\n")
    assert lines[0] == "code,name,parentCode,version" and len(lines) == len(platform_rows) + 2


@pytest.mark.parametrize("path,format", [("/divisions/110101", "csv"), ("/divisions/110101", "ndjson"), ("/code-tables", "geojson"), ("/code-tables", "yaml"),
                                         ("/status-codes", "geojson"), ("/code-tables/event-state", "")])
def test_other_formats(client, token, path, format):
    reply = check_envelope(client.get(with_query(path, "format=" + format), token=token), 400)
    assert "json" in reply.data["errors"][0]["message"] and "/format" in reply.pointers()


def test_refusals_are_in_the_envelope(client, token):
    """No CSV around a refusal."""
    check_envelope(client.get("/code-tables/no-such-table?format=csv", token=token), 404, 40404)
    check_envelope(client.get("/code-tables?format=ndjson"), 401)


@pytest.mark.parametrize("path", PATHS)
def test_unchanged(client, token, path):
    """A client that has it gets 304 and no body; the tag of the envelope, which names the request, is a weak one."""
    first = client.get(path, token=token)
    tag = first.header("ETag")
    assert tag.startswith('W/"') and tag == client.get(path, token=token).header("ETag")
    assert first.header("Cache-Control") == "private, no-cache"
    for given in (tag, tag[2:], f'"x", {tag}', f'"x",W/"y" , {tag}', "*"):
        for method in ("GET", "HEAD"):
            reply = client.request(method, path, token=token, headers={"If-None-Match": given})
            assert (reply.status, reply.body, reply.header("ETag")) == (304, b"", tag), (given, reply)
            assert reply.header("X-Request-Id") and "Accept-Charset" in reply.header("Vary") and reply.header("Content-Type") is None
            # of a 304 it would have to be that of the 200 (RFC 9110 8.6)
            assert reply.header("Content-Encoding") is None and reply.header("Content-Length") is None
    for given in ('"x"', tag.strip('W/"'), tag[:-2] + '"', "", "W/", '"', tag[:-1], "x" * 3000):
        assert client.get(path, token=token, headers={"If-None-Match": given}).status == 200, given


def test_tags_differ(client, token, odd):
    """Every form of it has its own tag."""
    forms = [(query, headers) for query in ("format=json", "format=xml", "format=csv", "format=ndjson", "format=csv&charset=GB18030", "format=csv&bom=true")
             for headers in ({}, {"Accept-Encoding": "gzip"}, {"Accept-Language": "zh"})]
    tags = [client.get(with_query(odd, query), token=token, headers=headers).header("ETag") for query, headers in forms]
    assert len(set(tags)) == len(forms)
    assert all(tag.startswith("W/") == ("csv" not in query and "ndjson" not in query) for tag, (query, _) in zip(tags, forms))


def test_strong_tag_is_of_the_bytes(client, token, odd):
    first, second = (client.get(with_query(odd, "format=csv"), token=token) for _ in range(2))
    assert first.body == second.body and first.header("ETag") == second.header("ETag")
    reply = client.get(with_query(odd, "format=csv"), token=token, headers={"If-None-Match": first.header("ETag")})
    assert reply.status == 304 and reply.body == b""


def test_a_change_changes_the_tag(platform, client, token, odd):
    before = client.get(odd, token=token).header("ETag")
    platform.sql("UPDATE citybigdata.code_table SET version = '2024-02' WHERE name = 'odd-names'")
    reply = client.get(odd, token=token, headers={"If-None-Match": before})
    assert reply.status == 200 and reply.data["version"] == "2024-02" and reply.header("ETag") != before
    platform.sql("UPDATE citybigdata.code_table_row SET name = name || '。' WHERE table_name = 'odd-names' AND code = 'A3'")
    assert client.get(odd, token=token).header("ETag") != reply.header("ETag")
    platform.sql("UPDATE citybigdata.code_table SET version = '2024-01' WHERE name = 'odd-names'")
    platform.sql("UPDATE citybigdata.code_table_row SET name = rtrim(name, '。') WHERE table_name = 'odd-names' AND code = 'A3'")
    assert client.get(odd, token=token).header("ETag") == before


def test_unchanged_is_authorised_and_recorded(platform, client, token):
    """Without a token 401 whatever the client has; a 304 leaves its audit row."""
    tag = client.get("/code-tables/event-state", token=token).header("ETag")
    check_envelope(client.get("/code-tables/event-state", headers={"If-None-Match": tag}), 401)
    check_envelope(client.get("/code-tables/event-state", headers={"If-None-Match": "*"}), 401)
    check_envelope(client.get("/code-tables/no-such", token=token, headers={"If-None-Match": "*"}), 404)
    reply = client.get("/code-tables/event-state", token=token, headers={"If-None-Match": tag})
    assert reply.status == 304
    until(lambda: platform.value("SELECT count(*) FROM citybigdata.audit_log WHERE request_id = %s AND action = 'code-table.get' AND status_code = 0",
                                 reply.header("X-Request-Id")) == 1)


def test_posts_have_no_tag(platform, client, token):
    assert client.post("/auth/introspect", {"token": token}, token=token).header("ETag") is None
    assert client.get("//healthz", headers={"If-None-Match": "*"}).status == 200
