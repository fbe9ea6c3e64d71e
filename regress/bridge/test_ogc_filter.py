"""OGC API - Features parts 2 (18-058r1, annex A) and 3 (19-079r2, annex A) and CQL2 (21-065r2, annex A): each abstract test as one test of its name.

Coordinates are compared with what PostGIS makes of the stored ones, results of filters with rows of /data chosen in Python.
"""

import pytest
from ogc_rig import CRS84, EPSG, GEOJSON, REL_QUERYABLES, SCHEMA, Ogc, links, refused, rows_of, valid

COLLECTION = "street-lights"
ITEMS = f"/collections/{COLLECTION}/items"
NORTHING_FIRST = {EPSG + "4326", EPSG + "4490", EPSG + "4548"}
BOX = 116.3, 39.8, 116.5, 40.0


@pytest.fixture(scope="module")
def ogc(demo_data):
    return Ogc(demo_data, demo_data.token())


@pytest.fixture(scope="module")
def lights(ogc, demo_data):
    """What /data has of the collection, by id: properties, with lon and lat; times as the text of a date-time in Beijing."""
    made = {}
    for feature in rows_of(demo_data, ogc.token, COLLECTION):
        row = feature["properties"]
        row["lon"], row["lat"] = feature["geometry"]["coordinates"]
        at = row["installedAt"]
        row["installedAt"] = f"{at[:4]}-{at[4:6]}-{at[6:8]}T{at[8:10]}:{at[10:12]}:{at[12:14]}+08:00"
        made[row["lightId"]] = row
    return made


def chosen(lights, test):
    return {number for number, row in lights.items() if test(row)}


def in_box(row, box=BOX):
    return box[0] <= row["lon"] <= box[2] and box[1] <= row["lat"] <= box[3]


def stored(platform, number, srid):
    """x and y of a light in a system, easting or longitude first, as PostGIS makes them."""
    return platform.sql("SELECT public.ST_X(g), public.ST_Y(g) FROM (SELECT public.ST_Transform(geom, %s) AS g FROM demo.street_light WHERE light_id = %s) s", srid, number)[0]


def crs_of(ogc):
    return ogc.json(f"/collections/{COLLECTION}")["crs"]


# ---- part 2: coordinate reference systems by reference ----

def test_crs_uri(ogc):
    for uri in crs_of(ogc):
        assert uri == CRS84 or (uri.startswith(EPSG) and uri[len(EPSG):].isdigit())
    assert {EPSG + n for n in ("4326", "4490", "4548", "3857")} <= set(crs_of(ogc))


def test_crs_default_crs(ogc):
    for collection in ogc.json("/collections")["collections"]:
        assert collection["crs"][0] == CRS84


def test_crs_storageCrs(ogc):
    collection = ogc.json(f"/collections/{COLLECTION}")
    assert collection["storageCrs"] == EPSG + "4490" and collection["storageCrs"] in collection["crs"]


def test_crs_crs_parameter(ogc):
    for uri in crs_of(ogc):
        for path in (ITEMS + "?limit=3", ITEMS + "/1"):
            reply = ogc.get(path, {"crs": uri})
            assert reply.status == 200 and reply.header("Content-Type") == GEOJSON and reply.header("Content-Crs") == f"<{uri}>", reply


def test_crs_crs_parameter_default(ogc):
    assert ogc.get(ITEMS + "/1").json["geometry"] == ogc.get(ITEMS + "/1", crs=CRS84).json["geometry"]


@pytest.mark.parametrize("uri", ["x", "EPSG:4326", EPSG + "0", EPSG + "32633", EPSG + "99999999999", "http://www.opengis.net/def/crs/OGC/1.3/CRS85", "", CRS84 + "x"])
def test_crs_crs_parameter_invalid(ogc, uri):
    for path in (ITEMS, ITEMS + "/1"):
        refused(ogc.get(path, {"crs": uri}), 400, None, "crs")


def test_crs_crs_parameter_transform(ogc, demo_data):
    """Coordinates are those of the system, in the order of its own axes."""
    for uri in crs_of(ogc):
        x, y = stored(demo_data, 1, 4326 if uri == CRS84 else int(uri[len(EPSG):]))
        assert ogc.json(ITEMS + "/1", crs=uri)["geometry"]["coordinates"] == pytest.approx([y, x] if uri in NORTHING_FIRST else [x, y], rel=1e-9, abs=1e-3), uri


def test_crs_bbox_crs_parameter(ogc, lights, demo_data):
    """A box in any system of the list, in the order of its axes, finds what lies in it."""
    wanted = chosen(lights, in_box)
    for uri in crs_of(ogc):
        srid = 4326 if uri == CRS84 else int(uri[len(EPSG):])
        west, south, east, north = BOX if srid in (4326, 4490) else demo_data.sql("""SELECT public.ST_XMin(g), public.ST_YMin(g), public.ST_XMax(g), public.ST_YMax(g)
            FROM (SELECT public.ST_Transform(public.ST_MakeEnvelope(%s, %s, %s, %s, 4490), %s) AS g) s""", *BOX, srid)[0]
        box = (south, west, north, east) if uri in NORTHING_FIRST else (west, south, east, north)
        found = set(ogc.ids(COLLECTION, {"bbox": ",".join(map(repr, box)), "bbox-crs": uri}))
        # the box of a plane is not quite the box of degrees
        assert found == wanted if srid in (4326, 4490) else len(found ^ wanted) <= len(wanted) // 10, uri


def test_crs_bbox_crs_parameter_default(ogc, lights):
    text = ",".join(map(str, BOX))
    assert set(ogc.ids(COLLECTION, {"bbox": text})) == set(ogc.ids(COLLECTION, {"bbox": text, "bbox-crs": CRS84})) == chosen(lights, in_box)


@pytest.mark.parametrize("uri", ["x", "EPSG:4326", EPSG + "32633", ""])
def test_crs_bbox_crs_parameter_invalid(ogc, uri):
    refused(ogc.get(ITEMS, {"bbox": "116,39,117,40", "bbox-crs": uri}), 400, None, "bbox-crs")
    refused(ogc.get(ITEMS, {"bbox-crs": uri}), 400, None, "bbox-crs")


# ---- part 3: queryables and filters ----

def test_queryables_get_queryables_uris(ogc):
    for collection in ogc.json("/collections")["collections"]:
        addresses = links(collection, REL_QUERYABLES, SCHEMA)
        assert len(addresses) == 1
        ogc.json(addresses[0], "queryables", SCHEMA)


def test_queryables_get_queryables_response(ogc):
    schema = ogc.json(f"/collections/{COLLECTION}/queryables", "queryables")
    assert schema["$id"] == f"{ogc.base}/collections/{COLLECTION}/queryables" and schema["additionalProperties"] is False
    properties = schema["properties"]
    assert properties["lightId"]["type"] == "integer" and properties["powerWatt"]["type"] == "number" and properties["geom"]["format"] == "geometry-point"
    assert properties["installedAt"] == {"type": "string", "format": "date-time", **{n: properties["installedAt"][n] for n in ("title", "x-ogc-role")}}


def test_queryables_query_parameters(ogc, lights):
    """Every queryable but a place is a parameter of its own; several hold together."""
    row = lights[7]
    for name in ("lightId", "lampCode", "lampType", "powerWatt", "districtCode", "streetName", "state"):
        assert set(ogc.ids(COLLECTION, {name: row[name]})) == chosen(lights, lambda r: r[name] == row[name]), name
    assert set(ogc.ids(COLLECTION, lampType="LED", districtCode="110101")) == chosen(lights, lambda r: r["lampType"] == "LED" and r["districtCode"] == "110101")
    refused(ogc.get(ITEMS, lightId="x"), 400, None, "lightId")


def test_filter_filter_param(ogc, lights):
    assert set(ogc.ids(COLLECTION, filter="powerWatt>440")) == chosen(lights, lambda r: r["powerWatt"] > 440)
    for text in ("", "(", "powerWatt>", "powerWatt > 1 AND", "noSuchProperty=1", "powerWatt ~ 1", "DROP TABLE x", "'", "powerWatt>440;SELECT 1"):
        refused(ogc.get(ITEMS, {"filter": text}), 400, None, "filter")


def test_filter_filter_lang_param(ogc):
    assert ogc.items(COLLECTION, {"filter": "state=0", "filter-lang": "cql2-text"})["features"]
    for language in ("cql2-json", "sql", ""):
        refused(ogc.get(ITEMS, {"filter": "state=0", "filter-lang": language}), 400, None, "filter-lang")


def test_filter_filter_crs_param(ogc, lights):
    """Geometries of a filter are of filter-crs, in its axis order; CRS84 unless given (filter-crs-wgs84)."""
    west, south, east, north = BOX
    wanted = chosen(lights, in_box)
    for uri, box in ((None, (west, south, east, north)), (CRS84, (west, south, east, north)), (EPSG + "4326", (south, west, north, east)), (EPSG + "4490", (south, west, north, east))):
        query = {"filter": "S_INTERSECTS(geom,BBOX({},{},{},{}))".format(*box), **({"filter-crs": uri} if uri else {})}
        assert set(ogc.ids(COLLECTION, query)) == wanted, uri
    refused(ogc.get(ITEMS, {"filter": "state=0", "filter-crs": "x"}), 400, None, "filter-crs")


def test_filter_mixing_expressions(ogc, lights):
    """A filter and the other parameters hold together."""
    found = ogc.ids(COLLECTION, {"filter": "lampType='LED'", "bbox": ",".join(map(str, BOX)), "datetime": "2015-01-01T00:00:00+08:00/..", "state": 0})
    assert set(found) == chosen(lights, lambda r: r["lampType"] == "LED" and in_box(r) and r["installedAt"] >= "2015-01-01" and r["state"] == 0) and found


def test_features_filter(ogc):
    """The parameters of filters are declared for the features of every collection, and the links keep them."""
    api = ogc.json("/api")
    for path in (ITEMS, "/collections/{collectionId}/items"):
        names = {p["$ref"].rsplit("/", 1)[1] for p in api["paths"][path]["get"]["parameters"] if "$ref" in p}
        assert {"filter", "filter-lang", "filter-crs"} <= names
    assert api["components"]["parameters"]["filter-lang"]["schema"]["enum"] == ["cql2-text"]
    page = ogc.items(COLLECTION, {"filter": "powerWatt>400 AND streetName LIKE '%路1%'", "limit": 5})
    assert all(f["properties"]["powerWatt"] > 400 and "路1" in f["properties"]["streetName"] for f in ogc.json(links(page, "next")[0], "features")["features"])


# ---- CQL2 text ----

COMPARISONS = {
    "lightId = 5": lambda r: r["lightId"] == 5,
    "lightId <> 5": lambda r: r["lightId"] != 5,
    "powerWatt < 100": lambda r: r["powerWatt"] < 100,
    "powerWatt<=100.5": lambda r: r["powerWatt"] <= 100.5,
    "powerWatt >= 4e2": lambda r: r["powerWatt"] >= 400,
    "lampType = 'LED'": lambda r: r["lampType"] == "LED",
    "\"lampType\" = 'LED'": lambda r: r["lampType"] == "LED",
    "streetName > '海'": None,
    "installedAt > TIMESTAMP('2015-01-01T00:00:00Z')": lambda r: r["installedAt"] > "2015-01-01T08:00:00+08:00",
    "installedAt < DATE('2015-01-01')": lambda r: r["installedAt"] < "2015-01-01",
    "streetName IS NULL": lambda r: r["streetName"] is None,
    "streetName IS NOT NULL": lambda r: r["streetName"] is not None,
}
LOGIC = {
    "lampType='LED' AND state=0": lambda r: r["lampType"] == "LED" and r["state"] == 0,
    "lampType='LED' OR lampType='MH'": lambda r: r["lampType"] in ("LED", "MH"),
    "NOT lampType='LED'": lambda r: r["lampType"] != "LED",
    "NOT (lampType='LED' OR state=0)": lambda r: not (r["lampType"] == "LED" or r["state"] == 0),
    "lampType='LED' AND state=0 OR powerWatt>430": lambda r: r["lampType"] == "LED" and r["state"] == 0 or r["powerWatt"] > 430,
    "lampType='LED' AND (state=0 OR powerWatt>430)": lambda r: r["lampType"] == "LED" and (r["state"] == 0 or r["powerWatt"] > 430),
    "((((lightId=1))))": lambda r: r["lightId"] == 1,
}
ADVANCED = {
    "lampCode LIKE 'L00000001_'": lambda r: r["lampCode"].startswith("L00000001") and len(r["lampCode"]) == 10,
    "streetName LIKE '%路1'": lambda r: r["streetName"].endswith("路1"),
    "streetName NOT LIKE '%1%'": lambda r: "1" not in r["streetName"],
    "powerWatt BETWEEN 100 AND 200": lambda r: 100 <= r["powerWatt"] <= 200,
    "powerWatt NOT BETWEEN 100 AND 200": lambda r: not 100 <= r["powerWatt"] <= 200,
    "lampType IN ('LED','MH')": lambda r: r["lampType"] in ("LED", "MH"),
    "lightId NOT IN (1,2,3)": lambda r: r["lightId"] not in (1, 2, 3),
}
SPATIAL = {
    "S_INTERSECTS(geom, BBOX(116.3,39.8,116.5,40.0))": in_box,
    "S_INTERSECTS(geom, POLYGON((116.3 39.8,116.5 39.8,116.5 40.0,116.3 40.0,116.3 39.8)))": in_box,
    "S_WITHIN(geom, POLYGON((116.3 39.8,116.5 39.8,116.5 40.0,116.3 40.0,116.3 39.8)))": in_box,
    "S_DISJOINT(geom, BBOX(116.3,39.8,116.5,40.0))": lambda r: not in_box(r),
    "NOT S_INTERSECTS(geom, BBOX(116.3,39.8,116.5,40.0))": lambda r: not in_box(r),
}


def check(ogc, lights, text, test):
    if test is not None:
        assert set(ogc.ids(COLLECTION, filter=text)) == chosen(lights, test)
    else:  # order of texts is the database's
        both = ogc.ids(COLLECTION, filter=text), ogc.ids(COLLECTION, filter=f"NOT ({text})")
        assert sorted(both[0] + both[1]) == sorted(lights)


@pytest.mark.parametrize("text", COMPARISONS)
def test_cql2_basic_comparison(ogc, lights, text):
    check(ogc, lights, text, COMPARISONS[text])


@pytest.mark.parametrize("text", LOGIC)
def test_cql2_basic_logical(ogc, lights, text):
    check(ogc, lights, text, LOGIC[text])


@pytest.mark.parametrize("text", ADVANCED)
def test_cql2_advanced_comparison_operators(ogc, lights, text):
    check(ogc, lights, text, ADVANCED[text])


@pytest.mark.parametrize("text", SPATIAL)
def test_cql2_spatial_functions(ogc, lights, text):
    check(ogc, lights, text, SPATIAL[text])


def test_cql2_text_keywords(ogc, lights):
    """Words of the language are written in any case; names are not."""
    assert set(ogc.ids(COLLECTION, filter="lampType in ('LED') and not state between 1 and 2")) == chosen(lights, lambda r: r["lampType"] == "LED" and not 1 <= r["state"] <= 2)
    refused(ogc.get(ITEMS, filter="LAMPTYPE='LED'"), 400, None, "filter")


# as much as an address holds: 8 kB
BOMBS = {"depth": "(" * 1200 + "state=0" + ")" * 1200, "not": "NOT " * 1200 + "state=0", "and": " AND ".join(["state=0"] * 500), "in": f"lightId IN ({','.join(map(str, range(900)))})",
         "like": "streetName LIKE '" + "%a" * 1500 + "'", "polygon": "S_INTERSECTS(geom,POLYGON((" + ",".join(f"{116 + i / 10000} 39" for i in range(400)) + ")))"}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs(ogc, name):
    """A filter that is too deep, too long or too large is refused, or answered within the resource's budget, beyond which it would be a 504."""
    reply = ogc.get(ITEMS, filter=BOMBS[name])
    assert reply.status in (200, 400), reply
    valid(reply.json, "features" if reply.status == 200 else "exception")
    assert reply.status == 400 or name in ("in", "and", "like"), reply


@pytest.mark.parametrize("box", ["0,0,0,90.5", "0,-91,0,0", "0,0,0,1e400", "nan,0,1,1", "inf,0,1,1"])
def test_box_over_the_pole(ogc, box):
    refused(ogc.get(ITEMS, bbox=box), 400, None, "bbox")


def test_box_over_the_date_line(ogc, lights):
    """From the greater longitude to the smaller one is over the date line (17-069r4 7.15.3)."""
    assert ogc.ids(COLLECTION, bbox="170,-90,-170,90") == []
    assert set(ogc.ids(COLLECTION, bbox="116.4,-90,-170,90")) == chosen(lights, lambda r: r["lon"] >= 116.4)
