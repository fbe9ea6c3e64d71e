"""Vector tiles over HTTPS: what is in them against the pages of the data interface, their forms, TileJSON and style, audit, bad input."""
import gzip
import json
import math
import re
import urllib.parse

import jsonschema
import pytest
from mvt import lonlat, tile_of, tiles_of
from rig import API, check_envelope, check_refused, until
from tile_rig import BOX, COUNT, TREES, WELLS, ZOOM, check_equal, counts, features, get_tile, layer_of, make_trees, pages, publish, readers

MIDDLE = ((BOX[0] + BOX[2]) / 2, (BOX[1] + BOX[3]) / 2)
FILLED = (ZOOM, *tile_of(ZOOM, *MIDDLE))
EMPTY = (ZOOM, *tile_of(ZOOM, -30, 20))


@pytest.fixture(scope="module")
def trees(demo_data):
    make_trees(demo_data)
    yield demo_data
    demo_data.sql(f"SELECT citybigdata.unpublish('{TREES}'), citybigdata.unpublish('{WELLS}')")


@pytest.fixture(scope="module")
def apps(trees):
    return readers(trees, TREES, WELLS)


@pytest.mark.parametrize("level", [1, 2, 3])
def test_features_are_the_rows(client, apps, level):
    """Each level's tiles hold what its pages hold: masked where they mask, absent where they are silent."""
    token = apps[level]["token"]
    rows = pages(client, token, TREES)
    found = features(client, token, TREES)
    check_equal(found, rows)
    assert len(rows) == COUNT
    assert all((row["note"] is not None) == (level == 3) and ("*" in row["phone"]) == (level == 1) for row in rows)


FILTERS = [{"kind": "槐"}, {"height.ge": "20"}, {"treeId.le": "50"}, {"kind.in": "槐,柳", "felled": "true"}, {"height.isNull": "true"},
           {"timeRange": "[20200301000000,20200901000000)"}, {"divisionCode": "110101", "treeId.gt": "590"}, {"bbox": "116.35,39.87,116.45,39.95"},
           {"fields": "treeId,kind"}, {"kind": "无此树"}]


@pytest.mark.parametrize("query", FILTERS, ids=lambda query: ",".join(query))
def test_filters(client, apps, query):
    """The filters of the pages; what is not there is an empty tile."""
    token = apps[2]["token"]
    found = features(client, token, TREES, query)
    check = dict(query)
    if "fields" in check:
        assert all(set(properties) <= {"treeId", "kind"} for properties, _, _ in found.values()) and len(found) == COUNT
        return
    check_equal(found, pages(client, token, TREES, check))


def test_counts_per_cell(trees, client):
    """More features than a tile holds: their counts, which add up to the rows, in every zoom that counts; near, the features."""
    trees.sql("""DROP TABLE IF EXISTS demo.tile_lamp;
        CREATE TABLE demo.tile_lamp AS SELECT i AS lamp_id, i % 2 AS side, public.st_setsrid(public.st_point(116.3 + i % 173 / 900.0, 39.9 + i % 181 / 900.0), 4490)::public.geometry(Point, 4490) AS geom
            FROM generate_series(1, 30000) i;
        ALTER TABLE demo.tile_lamp ADD PRIMARY KEY (lamp_id); ALTER TABLE demo.tile_lamp OWNER TO demo_analyst;
        CREATE INDEX ON demo.tile_lamp USING gist (geom); ANALYZE demo.tile_lamp""")
    publish(trees, "demo.tile_lamp", {"code": "tile-lamps"})
    token = trees.token(trees.make_application(resources=["tile-lamps"], level=1))
    for zoom in (0, 4, 8):
        for query, rows in (((), 30000), ({"side": 1}, 15000)):
            found = counts(client, token, "tile-lamps", query, zoom, (116.3, 39.9, 116.5, 40.11))
            assert sum(count for count, *_ in found) == rows
            # at zoom 8 a tile of some may hold so few that it has the features
            kinds = {properties.get("aggregate") for _, properties, *_ in found}
            assert kinds == {"cell"} if zoom < 8 else "cell" in kinds
    west, north = lonlat(12, *tile_of(12, 116.35, 39.95), 4096, 0, 0)
    tile = layer_of(get_tile(client, token, "tile-lamps", (12, *tile_of(12, west + 0.001, north - 0.001))), "tile-lamps")
    assert "aggregate" not in tile.features[0].properties
    trees.sql("SELECT citybigdata.unpublish('tile-lamps'); DROP TABLE demo.tile_lamp")


@pytest.mark.parametrize("level", [1, 2])
def test_places_above_the_level(client, apps, level):
    """A geometry above the caller's level: counts per district at every zoom, and no filter that would find places out."""
    token = apps[level]["token"]
    seen = set()
    for zoom in (0, 6, 10, 14, 18):
        found = counts(client, token, WELLS, (), zoom) if zoom <= 14 else \
            [c for place in tiles_of(18, 116.4, 39.9, 116.402, 39.902) for c in counts_of(client, token, place)]
        for count, properties, lon, lat in found:
            assert properties["aggregate"] == "district" and set(properties) <= {"aggregate", "count", "divisionCode", "divisionName"}, properties
            seen.add((round(lon, 1), round(lat, 1)))
    assert len(seen) <= 2  # one district, at one place
    assert sum(count for count, *_ in counts(client, token, WELLS, (), 0)) == COUNT
    assert sum(count for count, *_ in counts(client, token, WELLS, {"kind": "槐"}, 0)) == COUNT // 3
    reply = get_tile(client, token, WELLS, (6, *tile_of(6, *MIDDLE)), {"bbox": "116.3,39.8,116.4,39.9"})
    page = client.get(f"/data/{WELLS}?bbox=116.3,39.8,116.4,39.9", token=token)
    assert (check_refused(reply).status, reply.code) == (page.status, page.code)


def counts_of(client, token, place):
    tile = layer_of(get_tile(client, token, WELLS, place), WELLS)
    return [] if tile is None else [(f.properties["count"], f.properties, *lonlat(*place, tile.extent, *f.parts[0])) for f in tile.features]


def test_places_at_the_level(client, apps):
    """The same layer for who may see its places."""
    token = apps[3]["token"]
    check_equal(features(client, token, WELLS), pages(client, token, WELLS))


def test_gcj02(trees, client, apps):
    """crs=GCJ02: shifted as the database shifts, none lost at the edges of the tiles."""
    token = apps[1]["token"]
    box = (BOX[0] + 0.002, BOX[1], BOX[2] + 0.01, BOX[3] + 0.005)
    found = features(client, token, TREES, {"crs": "GCJ02"}, box=box)
    shifted = dict((n, (x, y)) for n, x, y in trees.sql("""SELECT tree_id, public.st_x(g), public.st_y(g) FROM demo.tile_tree,
        LATERAL (SELECT citybigdata.wgs84_to_gcj02(geom) AS g) s"""))
    assert set(found) == set(shifted)
    for number, (_, lon, lat) in found.items():
        assert abs(lon - shifted[number][0]) < 4e-6 and abs(lat - shifted[number][1]) < 4e-6
    plain = features(client, token, TREES, {"crs": "EPSG:3857", "treeId": 1})
    assert math.dist(plain[1][1:], found[1][1:]) > 0.003


def test_forms(client, apps):
    """gzip or not, the same tile; tags, 304, HEAD, Vary, private."""
    token = apps[2]["token"]
    plain = get_tile(client, token, TREES, (10, *tile_of(10, *MIDDLE)))
    packed = get_tile(client, token, TREES, (10, *tile_of(10, *MIDDLE)), headers={"Accept-Encoding": "gzip"})
    assert packed.header("Content-Encoding") == "gzip" and gzip.decompress(packed.body) == plain.body
    assert plain.header("Content-Encoding") is None and len(packed.body) < len(plain.body)
    for reply in (plain, packed):
        assert reply.header("Cache-Control") == "private, no-cache"
        assert {"Authorization", "Accept-Encoding"} <= set(re.split(r", *", ", ".join(v for n, v in reply.headers if n == "Vary")))
        for tags in (reply.header("ETag"), f'"other", {reply.header("ETag")}', f'{reply.header("ETag")}, "unclosed', "*"):
            same = get_tile(client, token, TREES, (10, *tile_of(10, *MIDDLE)), headers={"If-None-Match": tags, "Accept-Encoding": "gzip"})
            assert (same.status, same.body) == (304, b"") and same.header("ETag"), same
    for tags in ('"other"', '"unclosed', "nothing", '""'):
        assert get_tile(client, token, TREES, (10, *tile_of(10, *MIDDLE)), headers={"If-None-Match": tags}).body == plain.body
    head = client.request("HEAD", f"/tiles/{TREES}/{'/'.join(map(str, (10, *tile_of(10, *MIDDLE))))}.mvt", token=token)
    assert (head.status, head.body) == (200, b"") and head.header("ETag") == plain.header("ETag")
    assert int(head.header("Content-Length")) == len(plain.body)


def test_empty(client, apps):
    """Nothing in the tile: 204, the first time and kept; with its tag 304."""
    token = apps[1]["token"]
    for _ in range(3):
        reply = get_tile(client, token, TREES, EMPTY)
        assert (reply.status, reply.body) == (204, b"") and reply.header("ETag") and reply.header("Content-Type") is None
    assert get_tile(client, token, TREES, EMPTY, headers={"If-None-Match": reply.header("ETag")}).status == 304
    assert client.request("HEAD", f"/tiles/{TREES}/{'/'.join(map(str, EMPTY))}.mvt", token=token).status == 204


def test_address_of_a_version(client, apps):
    """v makes the address new and changes nothing."""
    token = apps[1]["token"]
    one, other = (get_tile(client, token, TREES, FILLED, {"v": v}) for v in ("1", "another"))
    assert one.body == other.body == get_tile(client, token, TREES, FILLED).body


def test_credentials(trees, client, apps):
    """What /data takes, tiles take: a code that is used up by its tile, an address, a signature (test_signature.py has the signing)."""
    app = apps[1]
    code = check_envelope(client.post("/auth/code", {"appCode": app["appCode"], "method": "key", "key": app["key"]}), 200, 0).data["authCode"]
    path = f"/tiles/{TREES}/{'/'.join(map(str, FILLED))}.mvt?"
    asked = urllib.parse.urlencode({"appCode": app["appCode"], "authCode": code})
    get_tile(client, app["token"], TREES, FILLED)  # the cache has it: the code must be spent all the same
    assert client.get(path + asked).status == 200
    assert client.get(path + asked).status == 400
    by_address = trees.make_application(methods=["ip"], ipRanges=["127.0.0.77/32"], resources=[TREES], level=1)
    assert client.at("127.0.0.77").get(path + "appCode=" + by_address["appCode"]).status == 200
    assert client.at("127.0.0.78").get(path + "appCode=" + by_address["appCode"]).status == 401


def test_sealed_address(trees, client, apps):
    """The sealed address of a layer is one of tiles, too: with the sealed filters, judged and counted each time, and no more than its resource."""
    app = apps[2]

    def sealed(**more):
        data = check_envelope(client.post("/auth/sealed-url", {"resource": TREES, "params": {"kind": "槐"}, **more}, token=app["token"]), 200, 0).data
        client.secrets.add(data["url"].rsplit("/", 1)[1])
        return "/s/" + data["url"].rsplit("/", 1)[1]
    path, place = sealed(), "/".join(map(str, FILLED)) + ".mvt"
    wanted = get_tile(client, app["token"], TREES, FILLED, {"kind": "槐"})
    for _ in range(2):
        reply = client.get(f"{path}/{place}")
        assert (reply.status, reply.body, reply.header("ETag")) == (200, wanted.body, wanted.header("ETag"))
    assert client.get(f"{path}/{place}", headers={"If-None-Match": wanted.header("ETag")}).status == 304
    assert check_refused(client.get(f"{path}/{place}", token=app["token"])).code == 40015
    assert check_refused(client.get(f"{path}/3/8/0.mvt")).status == 400
    assert client.request("HEAD", f"{path}/{place}").status == 405
    assert check_refused(client.get(f"{path}/{place}?kind=" + urllib.parse.quote("杨"))).status in (400, 401) or \
        client.get(f"{path}/{place}?kind=" + urllib.parse.quote("杨")).body == wanted.body
    twice = sealed(maxUses=2)
    assert [client.get(f"{twice}/{place}").status for _ in range(3)] == [200, 200, 401]
    check_envelope(client.get(f"{sealed(cidr='192.0.2.0/24')}/{place}"), 401, 40101)


# ---- TileJSON and style ----

def test_tilejson(trees, client, apps):
    """TileJSON 3.0: its tiles answer, its fields are those that the level sees."""
    for level, app in apps.items():
        reply = client.get(f"/tiles/{TREES}.json?" + urllib.parse.urlencode({"kind": "槐"}), token=app["token"])
        assert reply.status == 200 and reply.header("Content-Type").startswith("application/json"), reply
        told = reply.json
        assert told["tilejson"] == "3.0.0" and told["minzoom"] == 0 and 0 < told["maxzoom"] <= 22 and told["name"]
        (address,) = told["tiles"]
        assert address.startswith(trees.env["CBD_URL"] + API + f"/tiles/{TREES}/{{z}}/{{x}}/{{y}}.mvt"), address
        path = urllib.parse.urlsplit(address.format(z=FILLED[0], x=FILLED[1], y=FILLED[2]))
        tile = layer_of(client.get("/" + path.path + "?" + path.query, token=app["token"]), TREES)
        assert {feature.properties["kind"] for feature in tile.features} == {"槐"}
        west, south, east, north = told["bounds"]
        assert west <= BOX[0] + 0.01 and south <= BOX[1] + 0.01 and east >= BOX[2] - 0.01 and north >= BOX[3] - 0.01
        assert west <= told["center"][0] <= east and south <= told["center"][1] <= north
        (layer,) = told["vector_layers"]
        assert layer["id"] == TREES and set(layer["fields"]) >= {"treeId", "kind", "phone"} and ("note" in layer["fields"]) == (level == 3)
        assert {name for feature in tile.features for name in feature.properties} <= set(layer["fields"])
        assert client.get(f"/tiles/{TREES}.json?" + urllib.parse.urlencode({"kind": "槐"}), token=app["token"],
                          headers={"If-None-Match": reply.header("ETag")}).status == 304


def test_style(trees, client, apps):
    """A style of MapLibre: version 8, a vector source by its TileJSON, layers of that source alone, nothing from elsewhere."""
    reply = client.get(f"/tiles/{TREES}/style.json", token=apps[1]["token"])
    assert reply.status == 200 and reply.header("Content-Type").startswith("application/json"), reply
    told = reply.json
    assert told["version"] == 8 and told["layers"] and "glyphs" not in told and "sprite" not in told
    (name, source), = told["sources"].items()
    assert source["type"] == "vector" and urllib.parse.urlsplit(source["url"]).path == API + f"/tiles/{TREES}.json"
    ids = [layer["id"] for layer in told["layers"]]
    assert len(ids) == len(set(ids))
    for layer in told["layers"]:
        assert layer["type"] in ("circle", "line", "fill", "symbol", "background")
        if layer["type"] != "background":
            assert layer["source"] == name and layer["source-layer"] == TREES
    assert urllib.parse.urlsplit(trees.env["CBD_URL"]).netloc == urllib.parse.urlsplit(source["url"]).netloc
    assert "树木" in json.dumps(told, ensure_ascii=False)


def test_documents_are_as_the_manual_says(client, apps):
    """TileJSON and style fit their schemas, and every member of TileJSON that the manual names is there."""
    spec = client.get("//openapi.json").json
    for path in ("/tiles/{layer}.json", "/tiles/{layer}/style.json"):
        schema = spec["paths"][API + path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        told = client.get(path.format(layer=TREES), token=apps[2]["token"]).json
        jsonschema.validate(told, schema)
        assert set(schema["properties"]) <= set(told)


# ---- audit ----

def test_one_audit_row_a_minute(trees, client):
    """One row for a token, a layer and a minute, however many tiles; another token has its own; each refusal has one."""
    app = trees.make_application(resources=[TREES], level=1)
    tokens = [trees.token(app), trees.token(app)]
    asked = [get_tile(client, token, TREES, place) for token in tokens for place in tiles_of(12, *BOX)]
    asked += [get_tile(client, tokens[0], TREES, place) for place in tiles_of(12, *BOX)]
    assert {reply.status for reply in asked} <= {200, 204} and len(asked) > 20
    ids = [reply.header("X-Request-Id") for reply in asked]
    rows = "SELECT count(*) FROM citybigdata.audit_log WHERE request_id = ANY (%s)"
    # where they were asked for in one minute, else one more for each token and minute
    minutes = "SELECT count(DISTINCT date_trunc('minute', at)) FROM citybigdata.audit_log WHERE request_id = ANY (%s)"
    until(lambda: trees.value(rows, ids) >= 2)
    refused = [get_tile(client, tokens[0], TREES, (3, 9, 0)) for _ in range(3)]
    until(lambda: trees.value(rows + " AND status_code <> 0", [check_refused(reply).header("X-Request-Id") for reply in refused]) == 3)
    assert 2 <= trees.value(rows, ids) <= 2 * trees.value(minutes, ids) < len(asked)


# ---- bad input ----

BAD = [("0/0/1", ()), ("1/2/0", ()), ("1/0/2", ()), ("3/8/0", ()), ("23/0/0", ()), ("-1/0/0", ()), ("1/-1/0", ()), ("a/0/0", ()), ("1/b/0", ()), ("1/0/c", ()),
       ("1.0/0/0", ()), ("1e0/0/0", ()), ("0x1/0/0", ()), ("%201/0/0", ()), ("99999999999999999999/0/0", ()), ("22/4194304/0", ()), ("1/0/18446744073709551616", ()),
       ("14/{x}/{y}", {"pageSize": 10}), ("14/{x}/{y}", {"cursor": "x"}), ("14/{x}/{y}", {"sort": "treeId"}), ("14/{x}/{y}", {"count": "exact"}),
       ("14/{x}/{y}", {"format": "csv"}), ("14/{x}/{y}", {"download": "true"}), ("14/{x}/{y}", {"crs": "EPSG:4326"}), ("14/{x}/{y}", {"crs": "BD09"}),
       ("14/{x}/{y}", {"crs": "'; DROP"}), ("14/{x}/{y}", {"nothing": "1"}), ("14/{x}/{y}", {"note": "备注1"}), ("14/{x}/{y}", {"phone": "13900000000"}),
       ("14/{x}/{y}", {"height": "tall"}), ("14/{x}/{y}", {"bbox": "1,2,3"}), ("14/{x}/{y}", {"bbox": "116,39,115,40"}), ("14/{x}/{y}", {"bbox": "0,89,10,91"}),
       ("14/{x}/{y}", {"bbox": "179,10,-179,20"}), ("14/{x}/{y}", {"timeRange": "[20250101000000,20240101000000)"}), ("14/{x}/{y}", {"timeRange": "yesterday"}),
       ("14/{x}/{y}", {"layer": "divisions"}), ("14/{x}/{y}", {"z": "1"})]


@pytest.mark.parametrize("place, query", BAD, ids=lambda value: str(value))
def test_bad_input(client, apps, place, query):
    """4xx with a pointer, never a tile, never a 5xx; as the page says it where the page takes the same."""
    place = place.format(x=FILLED[1], y=FILLED[2])
    reply = check_refused(client.get(f"/tiles/{TREES}/{place}.mvt?" + urllib.parse.urlencode(query), token=apps[1]["token"]))
    (name,) = query or ("",)
    assert reply.status == (403 if name in ("note", "phone") else 400) and reply.pointers(), reply
    if name in ("nothing", "note", "phone", "height", "bbox", "timeRange"):
        page = client.get(f"/data/{TREES}?" + urllib.parse.urlencode(query), token=apps[1]["token"])
        assert (page.status, page.code, page.pointers()) == (reply.status, reply.code, reply.pointers())


def test_no_such_layer(trees, client, apps):
    """Layers that are not there, not granted or have no places are told as the data interface tells them."""
    token = apps[1]["token"]
    for layer in ("nothing", "street-lights", "events", "a'b", "%2e%2e", "x" * 200):
        page = client.get(f"/data/{layer}", token=token)
        for path in (f"/tiles/{layer}/0/0/0.mvt", f"/tiles/{layer}.json", f"/tiles/{layer}/style.json"):
            reply = check_refused(client.get(path, token=token))
            assert (reply.status, reply.code) == (page.status, page.code), (path, reply, page)
    for path in (f"/tiles/{TREES}/0/0/0.mvt", f"/tiles/{TREES}.json", f"/tiles/{TREES}/style.json"):
        check_envelope(client.get(path), 401)
        assert client.post(path, {}, token=token).status == 405
    for path in (f"/tiles/{TREES}/0/0/0", f"/tiles/{TREES}/0/0/0.png", f"/tiles/{TREES}/0/0/.mvt", f"/tiles/{TREES}/0/0.mvt", f"/tiles/{TREES}", "/tiles/.json", "/tiles//0/0/0.mvt",
                 f"/tiles/{TREES}/0/0/0.mvt.json", f"/tiles/{TREES}/0/0/0/0.mvt"):
        assert check_refused(client.get(path, token=token)).status in (400, 404)
    for path in (f"/tiles/{TREES}.json", f"/tiles/{TREES}/style.json"):
        assert check_refused(client.get(path + "?nothing=1", token=token)).status == 400


def test_raw_bytes(client, apps):
    """Percent signs, NUL and bytes that are no UTF-8 in the path."""
    for path in ("/tiles/%00/0/0/0.mvt", "/tiles/%ff/0/0/0.mvt", f"/tiles/{TREES}/%30/0/0%00.mvt", f"/tiles/{TREES}/0/0/%zz.mvt"):
        assert check_refused(client.get(path, token=apps[1]["token"])).status in (400, 403, 404)
    same = client.get(f"/tiles/{TREES}/%31%34/{FILLED[1]}/{FILLED[2]}.mvt", token=apps[1]["token"])
    assert same.body == get_tile(client, apps[1]["token"], TREES, FILLED).body
