"""Whole results as files, CSV and GeoJSON with download=true: complete, in the form of one file, named, and told when they break."""
import csv
import gzip
import io
import json
import time
import urllib.parse

import pytest
from rig import API, check_envelope, until
from test_data import grant, publish
from test_download import download, pages

TREES = 3500
CSV = "/data/file-trees?format=csv&download=true"
GEOJSON = "/data/file-trees?format=geojson&download=true"


@pytest.fixture(scope="module")
def trees(demo_data):
    """3,500 trees with Chinese columns, longitude and latitude apart, texts that CSV must quote, a 19-digit number."""
    demo_data.sql(f"""DROP TABLE IF EXISTS demo.树木 CASCADE;
        CREATE TABLE demo.树木 (编号 integer PRIMARY KEY, 树种 text, 栽植时间 timestamptz, 区划代码 varchar(6), 经度 double precision, 纬度 double precision, 档案号 bigint);
        INSERT INTO demo.树木 SELECT i, CASE i % 4 WHEN 0 THEN '国槐' WHEN 1 THEN '=银杏' WHEN 2 THEN '"柳", 垂' ELSE NULL END, '2020-01-01 08:00+08'::timestamptz + i * interval '1 hour', '110101', 116 + i / 10000.0, 39.5 + i / 10000.0, 9007199254740992 + i
        FROM generate_series(1, {TREES}) i;
        CREATE OR REPLACE FUNCTION demo.stick(id int) RETURNS text LANGUAGE plpgsql STABLE AS 'BEGIN PERFORM pg_catalog.pg_sleep(30); RETURN ''''; END'; ALTER FUNCTION demo.stick OWNER TO demo_analyst;
        CREATE OR REPLACE VIEW demo.stuck_tree AS SELECT 编号 AS tree_id, CASE WHEN 编号 = 2500 THEN demo.stick(编号) END AS nap, public.ST_SetSRID(public.ST_MakePoint(经度, 纬度), 4490)::public.geometry(Point, 4490) AS geom FROM demo.树木;
        ALTER TABLE demo.树木 OWNER TO demo_analyst; ALTER VIEW demo.stuck_tree OWNER TO demo_analyst; ANALYZE demo.树木""")
    publish(demo_data, "demo.树木", {"code": "file-trees", "names": "pinyin", "titleZh": "树木/名录"})
    publish(demo_data, "demo.stuck_tree", {"code": "file-stuck", "keyset": ["tree_id"], "latencyBudget": 300})
    for code in ("file-trees", "file-stuck"):
        grant(demo_data, demo_data.env["CBD_APP_CODE"], code)
    return demo_data


def whole(client, path, token=None, **headers):
    with download(client, path, token, headers) as going:
        going.read()
    assert not going.broken and going.reply.status == 200, going.text[:500]
    return going


def rows_of(text):
    return list(csv.reader(io.StringIO(text, newline="")))


def test_csv(trees, client, token):
    """One file: header line once, every row once, names of RFC 6266, one audit row a page."""
    got = whole(client, CSV, token)
    rows = rows_of(got.text.decode())
    assert rows[0] == ["bianHao", "shuZhong", "zaiZhiShiJian", "quHuaDaiMa", "longitude", "latitude", "dangAnHao"] and len(rows) == TREES + 1
    assert [int(row[0]) for row in rows[1:]] == list(range(1, TREES + 1)) and rows[2][1] == '"柳", 垂' and rows[1][1] == "=银杏" and rows[1][6] == "9007199254740993"
    assert got.reply.headers["Content-Type"] == "text/csv; charset=utf-8; header=present" and got.reply.headers["Link"] is None
    assert got.reply.headers["Content-Disposition"] == "attachment; filename=\"file-trees.csv\"; filename*=UTF-8''file-trees.csv"
    until(lambda: len(pages(trees, got.reply.headers["X-Request-Id"])) == 4)


def test_csv_for_spreadsheets(trees, client, token):
    """bom, titles in Chinese by Accept-Language, a Chinese file name; formulas are guarded on every page."""
    got = whole(client, CSV + "&bom=true&headings=title", token, **{"Accept-Language": "zh-CN", "Accept-Encoding": "gzip"})
    text = gzip.decompress(got.text)
    assert text.startswith(b"\xef\xbb\xbf") and text.count(b"\xef\xbb\xbf") == 1
    rows = rows_of(text[3:].decode())
    assert rows[0] == ["编号", "树种", "栽植时间", "区划代码", "经度", "纬度", "档案号"] and len(rows) == TREES + 1
    assert {row[1] for row in rows[1:] if int(row[0]) % 4 == 1} == {"'=银杏"} and rows[1][2] == "20200101090000"
    assert got.reply.headers["Content-Disposition"].endswith("filename*=UTF-8''" + urllib.parse.quote("树木_名录.csv")) and "Accept-Language" in ", ".join(got.reply.headers.get_all("Vary"))
    english = whole(client, CSV + "&headings=title&lang=en", token, **{"Accept-Language": "zh-CN"})
    assert rows_of(english.text.decode())[0][4:6] == ["Longitude", "Latitude"] and 'filename="file-trees.csv"' in english.reply.headers["Content-Disposition"]
    short = client.get(CSV + "&bom=true&bianHao.le=10", token=token)
    assert short.body.startswith(b"\xef\xbb\xbf") and len(rows_of(short.body[3:].decode())) == 11 and short.header("Content-Disposition").startswith("attachment; ")


def test_csv_in_gb18030(trees, client, token):
    got = whole(client, CSV + "&bom=true&charset=GB18030&headings=title&lang=zh", token)
    rows = rows_of(got.text.decode("gb18030"))
    assert rows[0][0] == "编号" and len(rows) == TREES + 1 and "charset=GB18030" in got.reply.headers["Content-Type"]


def test_geojson(trees, client, token):
    """One FeatureCollection however many pages, readable by any reader; other systems say which."""
    document = json.loads(whole(client, GEOJSON, token).text)
    assert list(document) == ["type", "features"] and [f["id"] for f in document["features"]] == list(range(1, TREES + 1))
    assert document["features"][99]["geometry"] == {"type": "Point", "coordinates": [116.01, 39.51]}
    got = whole(client, GEOJSON + "&crs=EPSG:4548&headings=title&lang=zh&bigint=text", token, **{"Accept-Encoding": "gzip"})
    document = json.loads(gzip.decompress(got.text))
    assert document["crs"]["properties"]["name"].endswith("::4548") and len(document["features"]) == TREES
    assert document["features"][0]["properties"] == {"编号": 1, "树种": "=银杏", "栽植时间": "20200101090000", "区划代码": "110101", "档案号": "9007199254740993"}
    assert got.reply.headers["Content-Crs"] == "<http://www.opengis.net/def/crs/EPSG/0/4548>"
    none = client.get(GEOJSON + "&bianHao=0", token=token)
    assert json.loads(none.body) == {"type": "FeatureCollection", "features": []}
    exact = client.get(GEOJSON + "&bianHao.le=1000", token=token)
    assert len(json.loads(exact.body)["features"]) == 1000


def test_from_a_cursor_and_post(trees, client, token):
    """A cursor: the rest from there, CSV without its header as the next page has none. POST and sealed addresses do the same."""
    cursor = check_envelope(client.get("/data/file-trees?pageSize=1000", token=token), 200, 0).data["nextCursor"]
    rest = whole(client, f"{CSV}&cursor={cursor}", token)
    assert rest.text.startswith(b"1001,") and rest.text.count(b"\r\n") == TREES - 1000 and "header=absent" in rest.reply.headers["Content-Type"]
    part = json.loads(whole(client, f"{GEOJSON}&cursor={cursor}", token).text)
    assert [f["id"] for f in part["features"]] == list(range(1001, TREES + 1))
    posted = client.post("/data/file-trees", {"format": "csv", "download": True, "sort": "-bianHao", "fields": ["bianHao"]}, token=token)
    assert [int(row[0]) for row in rows_of(posted.body.decode())[1:]] == list(range(TREES, 0, -1))
    sealed = check_envelope(client.post("/auth/sealed-url", {"resource": "file-trees", "params": {"format": "geojson", "download": "true"}, "maxUses": 1}, token=token), 200, 0).data["url"]
    sealed = urllib.parse.urlsplit(sealed).path[len(API):]
    client.secrets.add(sealed.rsplit("/", 1)[1])
    assert len(json.loads(whole(client, sealed).text)["features"]) == TREES
    lines = whole(client, "/data/file-trees?format=ndjson&download=true", token)
    assert lines.text.count(b"\n") == TREES and lines.reply.headers["Content-Disposition"].startswith("attachment; filename=\"file-trees.ndjson\"")
    head = client.request("HEAD", CSV, token=token)
    assert head.status == 200 and head.body == b"" and head.header("Content-Type").startswith("text/csv")


@pytest.mark.parametrize("query, pointer", [
    ("download=true", "/download"), ("download=true&format=csv&pageSize=10", "/pageSize"), ("download=yes&format=csv", "/download"),
    ("headings=title", "/headings"), ("headings=titles&format=csv", "/headings"), ("lang=fr", "/lang"), ("bigint=string", "/bigint"), ("format=geojson&download=true&bbox=1", "/bbox")])
def test_refused(trees, client, token, query, pointer):
    reply = check_envelope(client.get("/data/file-trees?" + query, token=token), 400)
    assert pointer in [error["pointer"] for error in reply.data["errors"]]


def test_rows_that_change(trees, client, token):
    """What stays is there once; GeoJSON stays one document when the rows of its last page are gone."""
    trees.sql("CREATE TABLE demo.volatile (id int PRIMARY KEY, lon float8, lat float8, note text); INSERT INTO demo.volatile SELECT i, 116, 39, repeat('x', 1000) FROM generate_series(1, 30000) i; ALTER TABLE demo.volatile OWNER TO demo_analyst")
    publish(trees, "demo.volatile", {"code": "file-volatile"})
    grant(trees, trees.env["CBD_APP_CODE"], "file-volatile")
    try:
        with download(client, "/data/file-volatile?format=geojson&download=true", token) as going:
            going.read(100_000)
            trees.sql("DELETE FROM demo.volatile WHERE id > 20000; INSERT INTO demo.volatile VALUES (0, 116, 39, ''); UPDATE demo.volatile SET note = 'y' WHERE id % 7 = 0")
            going.read()
        ids = [f["id"] for f in json.loads(going.text)["features"]]
        assert not going.broken and ids == sorted(set(ids)) and set(range(1, 20001)) <= set(ids)
    finally:
        trees.sql("SELECT citybigdata.unpublish('file-volatile'); DROP TABLE demo.volatile")


@pytest.mark.parametrize("form", ["csv", "geojson"])
def test_a_page_beyond_its_budget(trees, client, token, form):
    """Broken in the middle: no final chunk; CSV ends with a line of one cell, GeoJSON is no JSON."""
    with download(client, f"/data/file-stuck?format={form}&download=true", token) as stuck:
        stuck.read()
    assert stuck.broken
    if form == "csv":
        rows = rows_of(stuck.text.decode())
        assert len(rows) == 2002 and len(rows[-1]) == 1 and json.loads(rows[-1][0])["error"]["statusCode"] == 50400 and len(rows[-2]) == 4
    else:
        with pytest.raises(json.JSONDecodeError):
            json.loads(stuck.text)


def test_revoked_meanwhile(trees, client):
    """The right is judged at each page of a file too."""
    app = trees.make_application(resources=["file-trees"])
    token = trees.token(app)
    with download(client, CSV, token) as going:
        going.read(1000)
        check_envelope(client.post("/auth/revoke", {"token": token}, token=token), 200, 0)
        going.read()
    # the pages may all have been on their way
    assert going.broken or len(rows_of(going.text.decode())) == TREES + 1
    if going.broken:
        assert json.loads(rows_of(going.text.decode())[-1][0])["error"]["statusCode"] == 40102


def test_client_gone(trees, client, token):
    """Nothing is left behind, and the next one is served."""
    for path in (CSV, GEOJSON):
        with download(client, path, token) as going:
            going.read(1)
    time.sleep(0.2)
    assert len(rows_of(whole(client, CSV, token).text.decode())) == TREES + 1


def test_unknown_code_is_told(trees, client, token):
    """A code that the field's table has not: 400 with the valid ones, never a silent empty page."""
    reply = check_envelope(client.get("/data/file-trees?quHuaDaiMa=999999", token=token), 400)
    assert reply.data["errors"][0]["pointer"] == "/quHuaDaiMa"
    assert check_envelope(client.get("/data/file-trees?quHuaDaiMa=110102", token=token), 200, 0).data["items"] == []


def test_exact_numbers_in_openapi(trees, client, token):
    """bigint=text is in the document, and the schema lets such values be texts."""
    document = json.loads(client.get("//openapi.json", token=token).body)
    operation = document["paths"]["/api/v1/data/file-trees"]["get"]
    names = [p.get("name") or p["$ref"].rsplit("/", 1)[1] for p in operation["parameters"]]
    assert {"bigint", "download", "headings", "lang"} <= {name.rsplit(".", 1)[-1] for name in names}, names
    item = next(schema for name, schema in document["components"]["schemas"].items() if name.startswith("file-trees") and "dangAnHao" in schema.get("properties", {}))
    assert item["properties"]["dangAnHao"]["type"] == ["integer", "string", "null"] and item["properties"]["bianHao"]["type"] == ["integer", "null"]
    items = check_envelope(client.get("/data/file-trees?bigint=text&pageSize=1", token=token), 200, 0).data["items"]
    assert items[0]["dangAnHao"] == "9007199254740993" and items[0]["bianHao"] == 1
