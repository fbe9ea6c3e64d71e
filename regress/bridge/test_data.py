"""The open data interface over HTTPS: parameters in every coding, formats, cursors, entity tags, levels, budgets, bad input."""
import csv
import glob
import gzip
import io
import json
import os
import re
import secrets
import threading
import urllib.parse
import xml.etree.ElementTree as ET

import pytest
from own_bridge import own_bridge
from platform_rig import TOP
from rig import API, check_envelope, check_refused, http_request, until
from test_engine import parallel

LIGHTS = "/data/street-lights"


@pytest.fixture(scope="module")
def lights(demo_data, client):
    """get(pairs or dict) on street-lights as the demo application; the data of the envelope."""
    token = demo_data.token()

    def get(query=(), path=LIGHTS, **more):
        return client.get(path + "?" + urllib.parse.urlencode(query), token=more.pop("token", token), **more)
    get.token, get.client = token, client
    return get


@pytest.fixture(scope="module")
def app(demo_data):
    """Level 1 on the street lights."""
    return demo_data.make_application(resources=["street-lights", "city-events"])


def items(reply):
    return check_envelope(reply, 200, 0).data["items"]


def ids(reply):
    return [item["lightId"] for item in items(reply)]


def stored(platform, condition="true", limit=100):
    return [row[0] for row in platform.sql(f"SELECT light_id FROM demo.street_light WHERE {condition} ORDER BY light_id LIMIT {limit}")]


def publish(platform, relation, options):
    return platform.value("SELECT code FROM citybigdata.publish(%s, %s::jsonb)", relation, json.dumps(options))


def grant(platform, app_code, resource, level=3):
    platform.sql("""INSERT INTO citybigdata.app_grant (app_id, resource, level, granted_by)
                    SELECT app_id, %s, %s, 'test' FROM citybigdata.application WHERE app_code = %s
                    ON CONFLICT (app_id, resource) DO UPDATE SET level = excluded.level""", resource, level, app_code)


@pytest.fixture(scope="module")
def benches(demo_data):
    """A table with a version column that the tests may change, granted to the demo application."""
    demo_data.sql("""DROP TABLE IF EXISTS demo.bench;
                     CREATE TABLE demo.bench (bench_id int PRIMARY KEY, name text, note text, changed_at timestamptz NOT NULL DEFAULT '2024-01-01 00:00:00+08');
                     ALTER TABLE demo.bench OWNER TO demo_analyst;
                     INSERT INTO demo.bench SELECT i, '长椅' || i, CASE i WHEN 2 THEN 'a,"b"' WHEN 3 THEN E'two\nlines' END FROM generate_series(1, 20) i""")
    publish(demo_data, "demo.bench", {"code": "benches", "versionColumn": "changed_at"})
    grant(demo_data, demo_data.env["CBD_APP_CODE"], "benches")
    return demo_data


def test_page(demo_data, lights):
    """Fields, order, code tables, cursor and the address of the next page."""
    reply = lights({"pageSize": 3})
    data = check_envelope(reply, 200, 0).data
    assert list(data) == ["items", "nextCursor", "codeTables"] and ids(reply) == [1, 2, 3]
    assert set(data["items"][0]) == {"lightId", "lampCode", "lampType", "powerWatt", "districtCode", "streetName", "keeperPhone", "installedAt",
                                     "state", "longitude", "latitude"}
    assert data["codeTables"] == {"lampType": "/api/v1/code-tables/lamp-type", "state": "/api/v1/code-tables/lamp-state",
                                  "districtCode": "/api/v1/divisions/{code}"}
    url, rel = re.fullmatch(r'<([^>]+)>; rel="(\w+)"', reply.header("Link")).groups()
    parts = urllib.parse.urlsplit(url)
    assert rel == "next" and parts.path == API + LIGHTS and f"{parts.scheme}://{parts.netloc}" == demo_data.env["CBD_URL"]
    assert urllib.parse.parse_qs(parts.query) == {"pageSize": ["3"], "cursor": [data["nextCursor"]]}
    following = demo_data.client.get("/" + parts.path + "?" + parts.query, token=lights.token)
    assert ids(following) == [4, 5, 6]


LISTS = [["110101"], ["110101", "110102"], ["110101", "110105", "110108"]]


@pytest.mark.parametrize("codes", LISTS, ids=len)
def test_codings(demo_data, lights, codes):
    """Single, array, joined by commas, repeated; in the query, in a form, in JSON, in multipart: one and the same page."""
    client, token = demo_data.client, lights.token
    wanted = stored(demo_data, f"district_code = ANY ('{{{','.join(codes)}}}')", 20)
    boundary = "b" + secrets.token_hex(8)
    parts = "".join(f'--{boundary}\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n'
                    for n, v in [("divisionCode", c) for c in codes] + [("pageSize", 20)]) + f"--{boundary}--\r\n"
    asked = [
        lights([("divisionCode", code) for code in codes] + [("pageSize", 20)]),
        lights({"divisionCode": ",".join(codes), "pageSize": 20}),
        lights({"divisionCode": json.dumps(codes), "pageSize": 20}),
        lights({"districtCode": ",".join(codes), "pageSize": 20}),
        lights({"districtCode.in": json.dumps(codes), "pageSize": 20}),
        client.form(LIGHTS, [("divisionCode", code) for code in codes] + [("pageSize", 20)], token=token),
        client.form(LIGHTS + "?pageSize=20", {"divisionCode": ",".join(codes)}, token=token),
        client.post(LIGHTS, {"divisionCode": codes, "pageSize": 20}, token=token),
        client.post(LIGHTS, {"divisionCode": ",".join(codes), "pageSize": "20", "timeRange": None}, token=token),
        client.request("POST", LIGHTS, parts.encode(), headers={"Content-Type": f"multipart/form-data; boundary={boundary}"}, token=token)]
    assert wanted and [ids(reply) for reply in asked] == [wanted] * len(asked)


def test_divisions_roll_up(demo_data, lights):
    """A province code covers its districts."""
    assert len(ids(lights({"divisionCode": "110000", "pageSize": 1000}))) == 1000
    assert ids(lights({"divisionCode": "110101", "pageSize": 1000})) == stored(demo_data, "district_code = '110101'", 1000)


@pytest.mark.parametrize("interval,condition", [
    ("(20120101000000,20150101000000)", "installed_at > '2012-01-01+08' AND installed_at < '2015-01-01+08'"),
    ("(20120101000000,20150101000000]", "installed_at > '2012-01-01+08' AND installed_at <= '2015-01-01+08'"),
    ("[20120101000000,20150101000000)", "installed_at >= '2012-01-01+08' AND installed_at < '2015-01-01+08'"),
    ("[1325347200,1420041600]", "installed_at >= '2012-01-01+08' AND installed_at <= '2015-01-01+08'")])
def test_time(demo_data, lights, interval, condition):
    """The four notations, both codings; the edges belong or not."""
    demo_data.sql("UPDATE demo.street_light SET installed_at = CASE light_id WHEN 1 THEN '2012-01-01+08'::timestamptz ELSE '2015-01-01+08' END WHERE light_id IN (1, 2)")
    wanted = sorted(stored(demo_data, condition, 5000))
    assert wanted and sorted(ids(lights({"timeRange": interval, "pageSize": 1000}))) == wanted
    assert sorted(ids(demo_data.client.post(LIGHTS, {"timeRange": interval, "pageSize": 1000}, token=lights.token))) == wanted
    assert ids(lights({"time": "20120101000000,20150101000000", "sort": "lightId"})) == [1, 2]
    assert items(lights({"lightId": 1, "timeFormat": "unix"}))[0]["installedAt"] == 1325347200


def test_places(demo_data, lights):
    box = "116.3,39.8,116.5,40.0"
    inside = "geom && st_makeenvelope(116.3, 39.8, 116.5, 40.0, 4490)"
    demo_data.sql("SET search_path = public, pg_catalog")
    try:
        wanted = stored(demo_data, inside, 1000)
        gcj = demo_data.sql("""SELECT st_x(p), st_y(p), st_x(q), st_y(q) FROM (SELECT citybigdata.wgs84_to_gcj02(geom) AS p, st_transform(geom, 4548) AS q
                               FROM demo.street_light WHERE light_id = 7) s""")[0]
    finally:
        demo_data.sql("RESET search_path")
    assert wanted and ids(lights({"bbox": box, "pageSize": 1000})) == wanted
    for form in ([116.3, 39.8, 116.5, 40.0], ["116.3", "39.8", "116.5", "40.0"], box):
        assert ids(demo_data.client.post(LIGHTS, {"bbox": form, "pageSize": 1000}, token=lights.token)) == wanted
    near = [gcj[0] - 1e-6, gcj[1] - 1e-6, gcj[0] + 1e-6, gcj[1] + 1e-6]
    assert ids(lights({"bbox": ",".join(map(str, near)), "bboxCrs": "GCJ02"})) == [7]
    shown = items(lights({"lightId": 7, "crs": "GCJ02"}))[0]
    assert abs(shown["longitude"] - gcj[0]) < 1e-6 and abs(shown["latitude"] - gcj[1]) < 1e-6
    plane = items(lights({"lightId": 7, "crs": "EPSG:4548"}))[0]
    assert "longitude" not in plane and abs(plane["coordinateX"] - gcj[2]) < 0.01 and abs(plane["coordinateY"] - gcj[3]) < 0.01


def test_fields_filters_sort_count_codes(demo_data, lights):
    assert [list(item) for item in items(lights({"fields": "lightId,state", "pageSize": 2}))] == [["lightId", "state"]] * 2
    assert ids(lights({"lightId.gt": 5, "lightId.le": 8})) == [6, 7, 8]
    assert ids(lights({"lampCode.like": "L00000001%"})) == list(range(10, 20))
    assert ids(lights({"minPower": 440, "pageSize": 1000})) == stored(demo_data, "power_watt >= 440", 1000)
    assert ids(lights({"keeperPhone.isNull": "true"})) == []
    assert ids(demo_data.client.post(LIGHTS, {"lightId": [5, 3, 4], "lightId.ne": 4}, token=lights.token)) == [3, 5]
    newest = [r[0] for r in demo_data.sql("SELECT light_id FROM demo.street_light ORDER BY installed_at DESC, light_id DESC LIMIT 5")]
    assert ids(lights({"sort": "-installedAt", "pageSize": 5})) == newest
    exact = check_envelope(lights({"divisionCode": "110101", "pageSize": 1, "count": "exact"}), 200, 0).data
    assert (exact["totalCount"], exact["countMethod"]) == (len(stored(demo_data, "district_code = '110101'", 5000)), "exact")
    assert check_envelope(lights({"count": "estimate"}), 200, 0).data["countMethod"] == "estimate"
    named = items(lights({"lightId": 1, "expandCodes": "true"}))[0]
    assert named["lampTypeName"] in ("发光二极管", "高压钠灯", "金属卤化物灯") and named["districtCodeName"].endswith("区")
    assert ids(lights({"dataKind": "lighting", "platformCode": "110000", "lightId": 1})) == [1]


def test_cursor_walk(benches, client, token):
    """Every row once, whatever is inserted and deleted meanwhile behind and before; page size, fields and format may change."""
    seen, cursor, sizes = [], None, [3, 5, 2, 7, 50]
    for n, size in enumerate(sizes):
        query = {"pageSize": size, "fields": "benchId" if n % 2 else "benchId,name", **({"cursor": cursor} if cursor else {})}
        reply = client.get("/data/benches?" + urllib.parse.urlencode(query), token=token)
        seen += [item["benchId"] for item in items(reply)]
        cursor = reply.data["nextCursor"]
        benches.sql("INSERT INTO demo.bench (bench_id) VALUES (%s)", -n)
        benches.sql("DELETE FROM demo.bench WHERE bench_id = %s", seen[-1])
        assert (cursor is None) == (reply.header("Link") is None) == (n == len(sizes) - 1)
    assert seen == list(range(1, 21))
    benches.sql("DELETE FROM demo.bench WHERE bench_id <= 0")
    benches.sql("INSERT INTO demo.bench (bench_id, name) VALUES (3, '长椅3'), (8, '长椅8'), (10, '长椅10'), (17, '长椅17'), (20, '长椅20') ON CONFLICT DO NOTHING")


def test_formats(demo_data, lights):
    """The same rows in each format, chosen by format= or by Accept; format= wins."""
    first = {"pageSize": 2, "fields": "lightId,streetName,longitude,latitude"}
    rows = items(lights(first))
    types = {"csv": "text/csv; charset=utf-8; header=present", "geojson": "application/geo+json; charset=utf-8", "ndjson": "application/x-ndjson; charset=utf-8",
             "xml": "application/xml; charset=utf-8", "json": "application/json; charset=utf-8"}
    accepts = {"csv": "text/csv", "geojson": "application/geo+json;q=0.9, application/json;q=0.1", "ndjson": "application/x-ndjson", "xml": "application/xml",
               "json": "text/csv;q=0.5, application/json"}
    for name, media_type in types.items():
        asked = lights({**first, "format": name}, headers={"Accept": "application/xml" if name != "xml" else "text/csv"})
        accepted = lights(first, headers={"Accept": accepts[name]})
        for reply in (asked, accepted):
            assert reply.status == 200 and reply.header("Content-Type") == media_type, (name, reply)
            assert 'rel="next"' in reply.header("Link") and reply.header("X-Content-Type-Options") == "nosniff"
            assert made_of(name, reply.body.decode()) == rows, reply
        head = demo_data.client.request("HEAD", LIGHTS + "?" + urllib.parse.urlencode({**first, "format": name}), token=lights.token)
        assert head.status == 200 and head.body == b"" and head.header("Content-Type") == media_type and head.header("Link"), head


def test_charset_and_gzip(lights):
    """GB 18030 and gzip in every format, by parameter in query or body, or by header."""
    first = {"pageSize": 50, "fields": "lightId,streetName,longitude,latitude"}
    rows = items(lights(first))
    for name in ("json", "xml", "csv", "geojson", "ndjson"):
        for reply in (lights({**first, "format": name, "charset": "GB18030"}, headers={"Accept-Encoding": "gzip"}),
                      lights.client.post(LIGHTS, {**first, "format": name, "charset": "GB18030"}, token=lights.token),
                      lights({**first, "format": name}, headers={"Accept-Charset": "GB18030"})):
            assert reply.status == 200 and "charset=GB18030" in reply.header("Content-Type") and "Accept-Charset" in reply.header("Vary"), reply
            body = gzip.decompress(reply.body) if reply.header("Content-Encoding") == "gzip" else reply.body
            text = body.decode("gb18030").replace('encoding="GB18030"', 'encoding="UTF-8"')
            assert made_of(name, text) == rows, reply
    assert check_refused(lights.client.post(LIGHTS, {"charset": "Big5"}, token=lights.token)).pointers() == {"/charset": 40007}


def made_of(name, text):
    """The rows of a reply of that format, as JSON has them."""
    number = {"lightId": int, "longitude": float, "latitude": float}
    if name == "json":
        return json.loads(text)["data"]["items"]
    if name == "ndjson":
        assert text.endswith("\n")
        return [json.loads(line) for line in text.splitlines()]
    if name == "geojson":
        features = json.loads(text)["features"]
        assert {f["type"] for f in features} == {"Feature"} and [f["id"] for f in features] == [f["properties"]["lightId"] for f in features]
        return [{**f["properties"], "longitude": f["geometry"]["coordinates"][0], "latitude": f["geometry"]["coordinates"][1]} for f in features]
    if name == "csv":
        assert text.endswith("\r\n")
        return [{k: number.get(k, str)(v) for k, v in row.items()} for row in csv.DictReader(io.StringIO(text))]
    root = ET.fromstring(text)
    assert root.tag == "response" and root.find("data/nextCursor").text
    return [{child.tag: number.get(child.tag, str)(child.text) for child in item} for item in root.findall("data/items/item")]


def test_csv_of_any_text(benches, client, token):
    """Quotes, commas, line ends, null (RFC 4180); byte order mark and header line on the first page alone."""
    first = client.get("/data/benches?format=csv&bom=true&pageSize=4&fields=benchId,name,note", token=token)
    assert first.body.startswith(b"\xef\xbb\xbfbenchId,name,note\r\n")
    cursor = re.search(r"cursor=([\w-]+)>", first.header("Link"))[1]
    second = client.get(f"/data/benches?format=csv&bom=true&pageSize=50&fields=benchId,name,note&cursor={cursor}", token=token)
    assert second.header("Content-Type") == "text/csv; charset=utf-8; header=absent" and second.header("Link") is None
    rows = list(csv.reader(io.StringIO((first.body + second.body).decode("utf-8-sig"), newline="")))
    assert rows[0] == ["benchId", "name", "note"] and len(rows) == 21
    assert rows[2] == ["2", "长椅2", 'a,"b"'] and rows[4] == ["4", "长椅4", ""]
    xml = client.get("/data/benches?format=xml&pageSize=1&fields=note", token=token)
    assert ET.fromstring(xml.body).find("data/items/item/note").attrib == {"{http://www.w3.org/2001/XMLSchema-instance}nil": "true"}


def test_s22_spreadsheets_get_no_formula(platform, demo_data, client):
    """bom=true: texts that begin like a formula have an apostrophe, codes' names and lists too; numbers, times and JSON have none."""
    texts = ["=HYPERLINK(1)", "+1", "-1", "@x", "\tx", "\rx", "\nx", "＝1", "－1", "'x", "x=1", "", None]
    platform.sql("CREATE TABLE demo.formula (id int PRIMARY KEY, note text, amount numeric, ratio float8, count int, span interval, kept jsonb)")
    for number, text in enumerate(texts):
        platform.sql("INSERT INTO demo.formula VALUES (%s, %s, -1.5, -0.25, -3, '-1 day', '-7')", number, text)
    try:
        publish(platform, "demo.formula", {"code": "formulas"})
        own = platform.token(platform.make_application(resources=["formulas"]))
        ask = lambda query: list(csv.reader(io.StringIO(client.get(  # noqa: E731
            "/data/formulas?format=csv&sort=id" + query, token=own).body.decode("utf-8-sig"), newline="")))[1:]
        plain, guarded = ask(""), ask("&bom=true")
        assert all(ask("") == plain for _ in range(5))  # nothing of a request stays for the next one
        assert [row[1] for row in plain] == [text or "" for text in texts]
        assert [row[1] for row in guarded] == ["'" + text for text in texts[:10]] + ["x=1", "", ""]
        assert all(row[2:5] == ["-1.5", "-0.25", "-3"] and row[6] == "-7" for row in plain + guarded)
        assert [row[5] for row in guarded] == [row[5] for row in plain]
        assert client.get("/data/formulas?format=ndjson&bom=true&sort=id", token=own).body == client.get("/data/formulas?format=ndjson&sort=id", token=own).body
    finally:
        platform.sql("SELECT citybigdata.unpublish('formulas')")
        platform.sql("DROP TABLE demo.formula")


def test_entity_tags(benches, client, token):
    """304 while the version column stands still and the request is the same one."""
    path = "/data/benches?pageSize=5"
    reply = client.get(path, token=token)
    tag = reply.header("ETag")
    assert re.fullmatch(r'W/"[0-9a-f]{32}"', tag) and reply.header("Cache-Control") == "private, no-cache"
    for header in (tag, tag[2:], f'"other", {tag}', "*"):
        same = client.get(path, token=token, headers={"If-None-Match": header})
        assert same.status == 304 and same.body == b"" and same.header("ETag") == tag and same.header("Content-Type") is None, same
    for other in (client.get(path, token=token, headers={"If-None-Match": '"other"'}),
                  client.get(path + "&format=csv", token=token, headers={"If-None-Match": tag}),
                  client.get("/data/benches?pageSize=6", token=token, headers={"If-None-Match": tag})):
        assert other.status == 200 and other.header("ETag")
    benches.sql("UPDATE demo.bench SET changed_at = changed_at + interval '1 second' WHERE bench_id = 1")
    changed = client.get(path, token=token, headers={"If-None-Match": tag})
    assert changed.status == 200 and changed.header("ETag") != tag
    assert client.get(LIGHTS + "?pageSize=1", token=token).header("ETag") is None


def test_levels(demo_data, client, app, lights):
    """A caller below a field's level sees it masked, in every format, and may neither filter nor sort by it."""
    token = demo_data.token(app)
    whole = items(lights({"lightId": 1}))[0]["keeperPhone"]
    masked = items(client.get(LIGHTS + "?lightId=1", token=token))[0]["keeperPhone"]
    assert re.fullmatch(r"139\d{8}", whole) and masked == whole[:3] + "****" + whole[-4:]
    for name in ("csv", "ndjson", "geojson", "xml"):
        body = client.get(f"{LIGHTS}?lightId=1&format={name}", token=token).body.decode()
        assert masked in body and whole not in body
    for query in (f"keeperPhone={whole}", "keeperPhone.like=139%25", "sort=keeperPhone"):
        assert check_refused(client.get(f"{LIGHTS}?{query}", token=token)).status in (400, 403)


def test_access(demo_data, client, app):
    """Not granted, unknown, withdrawn, of a level too high; the methods of showing who one is."""
    token = demo_data.token(app)
    check_envelope(client.get("/data/divisions", token=token), 403, 40300)
    check_envelope(client.get("/data/no-such-thing", token=token), 403)
    check_envelope(client.get("/data/no-such-thing", token=demo_data.token()), 403)
    publish(demo_data, "demo.division", {"code": "secret-divisions", "level": 3})
    grant(demo_data, app["appCode"], "secret-divisions", 2)
    check_envelope(client.get("/data/secret-divisions", token=token), 403, 40302)
    grant(demo_data, app["appCode"], "secret-divisions", 3)
    check_envelope(client.get("/data/secret-divisions", token=token), 200, 0)
    demo_data.sql("SELECT citybigdata.unpublish('secret-divisions')")
    assert check_refused(client.get("/data/secret-divisions", token=token)).status in (403, 404)
    code = check_envelope(client.post("/auth/code", {"appCode": app["appCode"], "method": "key", "key": app["key"]}), 200, 0).data["authCode"]
    client.secrets.add(code)
    one_shot = f"{LIGHTS}?pageSize=1&appCode={app['appCode']}&authCode={code}"
    check_envelope(client.get(one_shot), 200, 0)
    check_envelope(client.get(one_shot), 400, 40012)
    check_envelope(client.post(LIGHTS, {"pageSize": 1, "accessToken": token}), 200, 0)
    check_envelope(client.form(LIGHTS, {"pageSize": 1, "accessToken": token, "appCode": app["appCode"]}), 200, 0)
    check_envelope(client.form(LIGHTS, {"accessToken": token}, token=token), 400)
    assert check_refused(client.get(f"{LIGHTS}?accessToken={token}")).pointers() == {"/accessToken": 40007}


def test_discovery(demo_data, client, app, lights):
    token = demo_data.token(app)
    listed = {r["code"]: r for r in check_envelope(client.get("/resources", token=token), 200, 0).data["items"]}
    assert listed.keys() == {"street-lights", "city-events"} and listed["street-lights"]["address"] == API + LIGHTS
    manual = check_envelope(client.get("/resources/street-lights", token=token), 200, 0).data
    assert manual["titleZh"] == "路灯" and manual["layer"] == "industry" and manual["industry"] == "lighting"
    names = {p["name"] for p in manual["parameters"]}
    assert {"divisionCode", "timeRange", "bbox", "cursor", "minPower", "accessToken"} <= names
    assert [f["name"] for f in manual["fields"] if f["isKey"]] == ["lightId"]
    check_envelope(client.get("/resources/divisions", token=token), 404)
    check_envelope(client.get("/resources/no-such-thing", token=token), 404)
    assert client.get("/resources/street-lights?format=xml", token=token).header("Content-Type").startswith("application/xml")
    # every parameter of the manual is one that the address takes
    samples = {"divisionCode": "110101", "platformCode": "110000", "platformName": demo_data.value("SELECT platform_name FROM citybigdata.platform"),
               "dataKind": "lighting", "timeRange": "[20100101000000,20300101000000)", "time": "20240102030405", "bbox": "116.3,39.8,116.5,40.0",
               "crs": "EPSG:4548", "fields": "lightId", "sort": "-lightId", "pageSize": "2", "count": "estimate", "expandCodes": "true", "timeFormat": "unix",
               "format": "csv", "charset": "UTF-8", "bom": "true", "minPower": "1", "headings": "name", "lang": "zh", "download": "false", "bigint": "text"}
    for name, value in samples.items():
        assert name in names and lights({name: value}).status == 200, name
    assert names - set(samples) == {"appCode", "authCode", "accessToken", "bboxCrs", "cursor"}


def test_sealed(demo_data, client, stranger, lights):
    """A sealed address holds parameters of every form, and a format; who has it needs nothing else."""
    params = {"divisionCode": ["110101", "110102"], "lightId.gt": 10, "fields": ["lightId", "state"], "pageSize": 4, "timeRange": "[20100101000000,20300101000000)",
              "sort": "lightId"}
    wanted = items(client.post(LIGHTS, params, token=lights.token))
    assert len(wanted) == 4
    for name in ("json", "csv", "ndjson", "xml"):
        reply = check_envelope(client.post("/auth/sealed-url", {"resource": "street-lights", "params": {**params, "format": name}}, token=lights.token), 200, 0)
        path = urllib.parse.urlsplit(reply.data["url"]).path
        client.secrets.add(path.rsplit("/", 1)[1])
        opened = stranger.get("/" + path)
        assert opened.status == 200 and opened.header("Link") is None, opened
        assert [str(r["lightId"]) for r in made_of(name, opened.body.decode())] == [str(r["lightId"]) for r in wanted]
    reply = client.post("/auth/sealed-url", {"resource": "street-lights", "params": {"lightid": 1}}, token=lights.token)
    if reply.status == 200:
        path = urllib.parse.urlsplit(reply.data["url"]).path
        client.secrets.add(path.rsplit("/", 1)[1])
        assert check_refused(stranger.get("/" + path)).pointers() == {"/lightid": 40008}


@pytest.fixture(scope="module")
def naps(demo_data):
    """A published function that takes as long as one asks it to, with a budget of 300 ms."""
    demo_data.sql("""DROP FUNCTION IF EXISTS demo.naps;
                     CREATE FUNCTION demo.naps(seconds double precision) RETURNS TABLE (nap_id int, nap text) LANGUAGE sql
                     AS $$ SELECT 1, pg_catalog.pg_sleep(seconds)::text $$;
                     ALTER FUNCTION demo.naps OWNER TO demo_analyst""")
    publish(demo_data, "demo.naps(double precision)", {"code": "naps", "keyset": ["nap_id"], "latencyBudget": 300, "titleZh": "小睡"})
    grant(demo_data, demo_data.env["CBD_APP_CODE"], "naps")
    return demo_data


def test_budget(naps, client, lights):
    """Beyond its budget a page is a 504 with a code and advice; however many do that, pages of others and other reads go on."""
    check_envelope(client.get("/data/naps?seconds=0", token=lights.token), 200, 0)
    reply = check_envelope(client.get("/data/naps?seconds=20", token=lights.token), 504, 50400)
    assert "300 ms" in reply.data["errors"][0]["message"]
    stopping, refusals = threading.Event(), []

    def sleepy():
        while not stopping.is_set():
            refusals.append(client.get("/data/naps?seconds=20", token=lights.token))
    threads = [threading.Thread(target=sleepy) for _ in range(24)]
    for thread in threads:
        thread.start()
    try:
        until(lambda: len(refusals) >= 24)
        for n in range(1, 101):
            assert ids(lights({"lightId": n})) == [n]
            check_envelope(client.get("/divisions/110101", token=lights.token), 200, 0)
    finally:
        stopping.set()
        for thread in threads:
            thread.join()
    assert {r.status for r in refusals} <= {503, 504} and 504 in {r.status for r in refusals}, refusals
    until(lambda: naps.value("SELECT count(*) FROM pg_stat_activity WHERE usename = 'citybigdata_bridge' AND state = 'active'") == 0)


def test_back_pressure(naps, lights):
    """A full lane: 503 with Retry-After at once, what was taken on is answered; other lanes go on."""
    with own_bridge(naps, data_connections=1, data_queue=2, slow_connections=1, slow_queue=1) as bridge:
        def nap(_):
            return bridge.client.get("/data/naps?seconds=0.25", token=lights.token)
        replies = parallel(12, nap)
        assert {r.status for r in replies} == {200, 503}, replies
        for reply in replies:
            if reply.status == 503:
                check_envelope(reply, 503, 50301)
                assert int(reply.header("Retry-After")) > 0
        check_envelope(bridge.client.get("/divisions/110101", token=lights.token), 200, 0)
        check_envelope(bridge.client.get("/data/street-lights?pageSize=1", token=lights.token), 200, 0)


def test_client_gone(naps, lights):
    """A long page is stopped when its client leaves; the connection serves the next one."""
    with own_bridge(naps, data_connections=1) as bridge:
        naps.sql("UPDATE citybigdata.resource_version SET latency_budget = 60000 WHERE resource_code = 'naps'")
        sleeping = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'citybigdata_bridge' AND wait_event = 'PgSleep'"
        sock = bridge.client.connect()
        sock.sendall(http_request("GET", API + "/data/naps?seconds=50", b"", [("Host", "localhost"), ("Authorization", "Bearer " + lights.token)]))
        until(lambda: naps.value(sleeping) == 1)
        sock.close()
        until(lambda: naps.value(sleeping) == 0, 5)
        check_envelope(bridge.client.get("/data/street-lights?pageSize=1", token=lights.token), 200, 0)
        naps.sql("UPDATE citybigdata.resource_version SET latency_budget = 300 WHERE resource_code = 'naps'")


def test_xml_of_free_keys(benches, client, token):
    """Keys of a JSON value that are no XML names stay readable: the attribute key has them."""
    benches.sql("""DROP TABLE IF EXISTS demo.keyed; CREATE TABLE demo.keyed (id int PRIMARY KEY, jb jsonb, j json); ALTER TABLE demo.keyed OWNER TO demo_analyst;
                   INSERT INTO demo.keyed VALUES (1, '{"长安": 1, "大街": 2, "a b": 3, "a_b": 4, "a/b": null}', '{"\\u957f\\u5b89": 5, "x<\\"": 6}')""")
    publish(benches, "demo.keyed", {"code": "keyed"})
    grant(benches, benches.env["CBD_APP_CODE"], "keyed")
    root = ET.fromstring(client.get("/data/keyed?format=xml", token=token).body)
    item = root.find("data/items/item")
    assert [(e.get("key", e.tag), e.text) for e in item.find("jb")] == [("a b", "3"), ("a/b", None), ("a_b", "4"), ("大街", "2"), ("长安", "1")]
    assert [(e.get("key"), e.text) for e in item.find("j")] == [("长安", "5"), ('x<"', "6")]
    benches.sql("SELECT citybigdata.unpublish('keyed'); DROP TABLE demo.keyed")


def test_tag_of_deleted_and_late_rows(benches, client, token):
    """The tag changes when an older row goes, and when one commits behind a newer one; Content-Crs tells another system."""
    benches.sql("DROP TABLE IF EXISTS demo.tagged; CREATE TABLE demo.tagged (id int PRIMARY KEY, changed_at timestamptz NOT NULL, geom geometry(Point, 4490));"
                "ALTER TABLE demo.tagged OWNER TO demo_analyst; INSERT INTO demo.tagged VALUES (1, '2024-01-01'), (2, '2024-01-02')")
    publish(benches, "demo.tagged", {"code": "tagged", "versionColumn": "changed_at"})
    grant(benches, benches.env["CBD_APP_CODE"], "tagged")
    for change in ("DELETE FROM demo.tagged WHERE id = 1", "INSERT INTO demo.tagged VALUES (3, '2024-01-01 12:00')",
                   "UPDATE demo.tagged SET changed_at = '2024-01-01 13:00' WHERE id = 3"):
        tag = client.get("/data/tagged", token=token).header("ETag")
        assert client.get("/data/tagged", token=token, headers={"If-None-Match": tag}).status == 304
        benches.sql(change)
        assert client.get("/data/tagged", token=token, headers={"If-None-Match": tag}).status == 200, change
    assert client.get("/data/tagged", token=token).header("Content-Crs") is None
    assert client.get("/data/tagged?format=geojson&crs=EPSG:4548", token=token).header("Content-Crs") == "<http://www.opengis.net/def/crs/EPSG/0/4548>"
    assert "GCJ02" in client.get("/data/tagged?crs=GCJ02", token=token).header("Content-Crs")
    benches.sql("SELECT citybigdata.unpublish('tagged'); DROP TABLE demo.tagged")


def test_changed_relation(benches, client, token):
    """A column that is gone: 503 with its code, nothing of the database's words; published again, it is another version."""
    benches.sql("ALTER TABLE demo.bench RENAME COLUMN note TO remark")
    reply = check_envelope(client.get("/data/benches", token=token), 503, 50304)
    assert "note" not in reply.body.decode() and benches.sql("SELECT * FROM citybigdata.catalogue_problems() WHERE code = 'benches'")
    publish(benches, "demo.bench", {"code": "benches", "versionColumn": "changed_at"})
    assert "remark" in items(client.get("/data/benches", token=token))[0]
    benches.sql("ALTER TABLE demo.bench RENAME COLUMN remark TO note")
    publish(benches, "demo.bench", {"code": "benches", "versionColumn": "changed_at"})


A_MEGABYTE = "9" * 1_000_000
# What is wrong, where the fault points, what its text shows of a right value.
WRONG = [
    ({"divisionCode": "999999"}, "/divisionCode", "divisionCode="), ({"divisionCode": "1101"}, "/divisionCode", ""),
    ({"divisionCode": ",".join(["110101"] * 1001)}, "/divisionCode", "64"), ({"DivisionCode": "110101"}, "/DivisionCode", "divisionCode"),
    ({"lightID": 1}, "/lightID", "lightId"), ({"lightId": "one"}, "/lightId", ""), ({"lightId": "1 OR 1=1"}, "/lightId", ""),
    ({"lightId.between": "1,2"}, "/lightId.between", "eq"), ({"lightId": list(range(1001))}, "/lightId", "1000"),
    ({"timeRange": "[20250101000000,20240101000000)"}, "/timeRange", ""), ({"timeRange": "20240101000000"}, "/timeRange", "["),
    ({"timeRange": "[20240230000000,20240301000000)"}, "/timeRange", ""), ({"timeRange": "[1704067200000,1704067300000)"}, "/timeRange", ""),
    ({"time": "yesterday"}, "/time", ""), ({"bbox": "500,39.8,600,40.0"}, "/bbox", "116.3,39.8,116.5,40.0"), ({"bbox": "1,2,3"}, "/bbox", "116.3,39.8,116.5,40.0"),
    ({"bbox": "116.5,39.8,116.3,40.0"}, "/bbox", "116.3,39.8,116.5,40.0"), ({"bbox": [1, 2]}, "/bbox", "116.3,39.8,116.5,40.0"),
    ({"bboxCrs": "GCJ02"}, "/bboxCrs", "bbox="), ({"crs": "EPSG:1"}, "/crs", "EPSG:4490"), ({"crs": "gcj-02"}, "/crs", "GCJ02"),
    ({"fields": "lightId,nothing"}, "/fields", "lampCode"), ({"fields": ""}, "/fields", ""), ({"sort": "streetName"}, "/sort", "lightId"), ({"sort": "-lightId,lightId"}, "/sort", ""),
    ({"pageSize": 0}, "/pageSize", "1000"), ({"pageSize": 1001}, "/pageSize", "1000"), ({"pageSize": "ten"}, "/pageSize", "pageSize="),
    ({"cursor": "AAAA"}, "/cursor", "nextCursor"), ({"count": "all"}, "/count", "estimate"), ({"expandCodes": "yes"}, "/expandCodes", "true"),
    ({"timeFormat": "iso"}, "/timeFormat", "unix"), ({"format": "JSON"}, "/format", "json, xml, csv, geojson or ndjson"), ({"format": "xlsx"}, "/format", "ndjson"),
    ({"bom": "yes"}, "/bom", "true"), ({"charset": "Big5"}, "/charset", "GB18030"), ({"dataKind": "water"}, "/dataKind", "lighting"), ({"platformCode": "120000"}, "/platformCode", "110000"),
    ({"minPower": "much"}, "/minPower", ""), ({"nothing": 1}, "/nothing", "divisionCode"), ({"x" * 100: 1}, "/" + "x" * 64, ""),
    ({"lampCode": "x" * 9000}, "/lampCode", "8192"), ({"lampCode": A_MEGABYTE}, "/lampCode", "8192"), ({"lightId": {"gt": 1}}, "/lightId", "object"),
    ({"lampCode": [["L1"]]}, "/lampCode", '["a","b"]'), ({"lightId": "[1,2"}, "/lightId", '["a","b"]')]


@pytest.mark.parametrize("wrong,pointer,shown", WRONG, ids=[str(w[0])[:60] for w in WRONG])
def test_wrong(demo_data, client, lights, wrong, pointer, shown):
    """A 4xx that names the parameter and shows what is valid; in the query as in a body."""
    replies = [client.post(LIGHTS, wrong, token=lights.token)]
    if len(str(wrong)) < 5000 and not any(isinstance(v, (dict, list)) for v in wrong.values()):
        replies.append(lights(wrong))
        replies.append(client.form(LIGHTS, wrong, token=lights.token))
    for reply in replies:
        check_refused(reply)
        assert reply.status == 400, reply
        fault = next(e for e in reply.data["errors"] if e["pointer"] == pointer)
        assert shown in fault["message"] and fault["statusCode"] // 100 == 400, reply


def test_wrong_repeated_and_together(client, lights):
    """What may stand once, twice; all faults at once; SQL in a value is a value."""
    assert check_refused(lights([("pageSize", 1), ("pageSize", 2)])).pointers() == {"/pageSize": 40009}
    assert check_refused(client.post(LIGHTS + "?pageSize=1", {"pageSize": 1}, token=lights.token)).pointers() == {"/pageSize": 40009}
    assert set(check_refused(lights({"pageSize": 0, "lightid": 1, "count": 1})).pointers()) == {"/pageSize", "/lightid", "/count"}
    assert items(lights({"streetName": "'; DROP TABLE demo.street_light; --"})) == []
    assert items(lights({"streetName.like": "%' OR '1'='1"})) == []
    assert check_refused(lights([(f"lightId", n) for n in range(65)])).status == 400
    assert check_refused(client.post(LIGHTS, {f"p{n}": n for n in range(2000)}, token=lights.token)).status == 400
    deep = b'{"lightId":' + b"[" * 3000 + b"]" * 3000 + b"}"
    assert check_refused(client.request("POST", LIGHTS, deep, headers={"Content-Type": "application/json"}, token=lights.token)).status == 400
    assert check_refused(client.get(LIGHTS + "?lampCode=%ff", token=lights.token)).status == 400


def test_cursor_of_another(lights):
    """Changed by one character, of other filters, of another order, of another resource."""
    cursor = check_envelope(lights({"divisionCode": "110101", "pageSize": 1}), 200, 0).data["nextCursor"]
    assert lights({"divisionCode": "110101", "cursor": cursor, "pageSize": 7, "fields": "state"}).status == 200
    changed = cursor[:-2] + ("A" if cursor[-2] != "A" else "B") + cursor[-1]
    for query in ({"divisionCode": "110101", "cursor": changed}, {"divisionCode": "110102", "cursor": cursor}, {"cursor": cursor},
                  {"divisionCode": "110101", "sort": "-lightId", "cursor": cursor}):
        assert check_refused(lights(query)).pointers() == {"/cursor": 40007}
    assert check_refused(lights({"divisionCode": "110101", "cursor": cursor}, path="/data/city-events")).pointers() == {"/cursor": 40007}


def test_audited(demo_data, lights):
    """One record of each page, also of a refused one."""
    for reply, status in ((lights({"lightId": 1}), 0), (lights({"pageSize": 0}), 40007)):
        rows = until(lambda: demo_data.sql("SELECT action, object, status_code FROM citybigdata.audit_log WHERE request_id = %s", reply.header("X-Request-Id")))
        assert rows == [("data.query", "street-lights", status)]


@pytest.mark.parametrize("query, wanted", [
    ("layer=industry", {"street-lights"}), ("layer=base", {"demo-divisions"}), ("layer=base,theme", {"demo-divisions", "city-events"}), ("industry=lighting", {"street-lights"}),
    ("layer=theme&industry=lighting", set()), ("dataKind=lighting,base", {"street-lights", "demo-divisions"}), ('dataKind=["city-events"]', {"city-events"})])
def test_catalogue_filters(demo_data, client, query, wanted):
    listed = check_envelope(client.get("/resources?" + urllib.parse.quote(query, safe="=&"), token=demo_data.token()), 200, 0).data["items"]
    assert {r["code"] for r in listed} & {"street-lights", "demo-divisions", "city-events"} == wanted
    assert all(r["source"] == "government" for r in listed if r["code"] == "demo-divisions")


@pytest.mark.parametrize("query, faults", [("layer=Industry", {"/layer"}), ("industry=magic", {"/industry"}), ("dataKind=a%20b", {"/dataKind"}),
                                           ("layer=&industry=%5B", {"/layer", "/industry"}), ("layer=" + "theme," * 70 + "theme", {"/layer"})])
def test_catalogue_filters_wrong(demo_data, client, query, faults):
    reply = check_refused(client.get("/resources?" + query, token=demo_data.token()))
    assert reply.status == 400 and set(reply.pointers()) == faults


@pytest.mark.parametrize("page, language", [("docs/data.md", "en"), ("docs/zh/data.md", "zh")])
def test_manual_has_every_option(demo_data, page, language):
    """The page for analysts has the options of publish(), the parameters and the rules as the database has them."""
    with open(os.path.join(TOP, page), encoding="utf-8") as manual:
        text = manual.read()
    demo_data.sql(f"SET citybigdata.language = {language}")
    options = demo_data.sql("SELECT name, default_value, example, meaning FROM citybigdata.publish_options()")
    demo_data.sql("RESET citybigdata.language")
    known = {(name, default, example, meaning) for name, default, example, meaning in options}
    rows = re.findall(r"^\| `(\w+)` \| [^|]+ \| ([^|]+) \| `([^`]+)` \| ([^|]+) \|$", text, re.M)
    assert len(rows) > 40 and set(rows) <= known
    if language == "zh":
        return
    pages = "".join(open(page, encoding="utf-8").read() for page in glob.glob(os.path.join(TOP, "docs", "*.md")))
    assert [option[0] for option in options if not re.search(rf"[`\"]{option[0]}[`\"]", pages)] == []
    queried = text[text.index("## Query"):text.index("## Ingest")]
    for (name,) in demo_data.sql("SELECT name FROM citybigdata.standard_parameters()"):
        assert name in ("appCode", "authCode", "charset") or f"`{name}`" in queried or f"{name}=" in queried, name
    hint = demo_data.value("SELECT description FROM pg_description WHERE objoid = 'citybigdata.clean_row(jsonb, jsonb)'::regprocedure")
    rules = set(re.findall(r"\b(required|default|trim|halfWidth|upper|lower|phone|codeMap|codeTable|division|number|range|time|point)\b", hint))
    assert len(rules) == 14 and all(re.search(rf"^\| .*`{rule}`", text[text.index("## Ingest"):], re.M) for rule in rules)
