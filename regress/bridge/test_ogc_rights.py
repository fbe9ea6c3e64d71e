"""Who sees what by OGC API Features: never more than his page of /data (levels, masks, filters; callers in turn), and what a sealed base is good for.

The property: for any caller and any filter, the features are the rows of /data with the same properties, and a property that /data does not show is
neither shown nor asked by. It is tried with random filters by callers of every level, one after the other on the same connections.
"""
import random
import urllib.parse

import pytest
from ogc_rig import Ogc, links, refused, rows_of, sealed_base
from rig import check_envelope, until
from test_data import publish

COLLECTION = "ogc-homes"
ITEMS = f"/collections/{COLLECTION}/items"
LEVELS = {"name": 2, "phone": 2, "note": 3}


@pytest.fixture(scope="module")
def homes(demo_data):
    """400 rows, of whose columns one is masked below level 2 and two are not shown at all below 2 and 3; the same with places for level 3."""
    demo_data.sql("""DROP TABLE IF EXISTS demo.home CASCADE;
        CREATE TABLE demo.home (home_id int PRIMARY KEY, street text, name text, phone text, note text, rooms int NOT NULL, built timestamptz NOT NULL, geom geometry(Point, 4490));
        INSERT INTO demo.home SELECT i, '街' || i % 20, '张三' || i, '1390000' || lpad(i::text, 4, '0'), '备注' || i, 1 + i % 7, '2020-01-01 00:00:00+08'::timestamptz + i * interval '1 day',
            CASE WHEN i % 50 = 0 THEN NULL ELSE public.ST_SetSRID(public.ST_MakePoint(116.3 + (i % 20) * 0.01, 39.8 + (i / 20) * 0.01), 4490) END FROM generate_series(1, 400) i;
        CREATE INDEX ON demo.home (built); CREATE INDEX ON demo.home USING gist (geom);
        ALTER TABLE demo.home OWNER TO demo_analyst""")
    fields = {"name": {"level": 2}, "phone": {"level": 2, "mask": "phone"}, "note": {"level": 3}}
    publish(demo_data, "demo.home", {"code": COLLECTION, "timeColumn": "built", "fields": fields})
    publish(demo_data, "demo.home", {"code": "ogc-hidden", "timeColumn": "built", "fields": {**fields, "geom": {"level": 3}}})
    publish(demo_data, "demo.home", {"code": "ogc-secret", "level": 3})
    return demo_data


@pytest.fixture(scope="module")
def callers(homes):
    """(level, client of OGC API Features, token) of every level, by a token and behind a sealed base; each sees its own alone."""
    made = []
    for level in (1, 2, 3):
        app = homes.make_application(level=level, resources=[COLLECTION, "ogc-hidden", "ogc-secret"], senderCodes=[])
        token = homes.token(app)
        made += [(level, Ogc(homes, token), token), (level, Ogc(homes, sealed=sealed_base(homes, token)), token)]
    return made


def beijing(text):
    return f"{text[:4]}-{text[4:6]}-{text[6:8]}T{text[8:10]}:{text[10:12]}:{text[12:14]}+08:00"


def as_data(rows, level):
    """What a feature must have of a row of /data: its own times, and no member for what is not shown at all."""
    return {row["properties"]["homeId"]: (row["geometry"], {**row["properties"], "built": beijing(row["properties"]["built"])}) for row in rows}


def same(features, rows, level):
    wanted = as_data(rows, level)
    assert [f["id"] for f in features] == sorted(wanted)
    for feature in features:
        geometry, properties = wanted[feature["id"]]
        assert feature["geometry"] == geometry
        for name, value in feature["properties"].items():
            assert value == properties[name], (name, value)
        # what is missing here is what /data shows as null, because it is above the level
        for name in properties.keys() - feature["properties"].keys():
            assert properties[name] is None and LEVELS.get(name, 0) > level, name


def random_filter(chance):
    """The same condition for both: of OGC API Features, and of /data."""
    street, low = f"街{chance.randrange(20)}", chance.randrange(1, 7)
    west, south = 116.3 + chance.randrange(15) * 0.01 - 0.005, 39.8 + chance.randrange(15) * 0.01 - 0.005
    return chance.choice([
        ({}, {}),
        ({"street": street}, {"street": street}),
        ({"filter": f"street = '{street}'"}, {"street": street}),
        ({"filter": f"rooms >= {low}"}, {"rooms.ge": low}),
        ({"filter": f"rooms >= {low} AND street = '{street}'"}, {"rooms.ge": low, "street": street}),
        ({"filter": f"rooms IN ({low},{low + 1})"}, {"rooms.in": f"{low},{low + 1}"}),
        ({"filter": f"geom IS NOT NULL AND S_INTERSECTS(geom,BBOX({west},{south},{west + 0.06},{south + 0.06}))"}, {"bbox": f"{west},{south},{west + 0.06},{south + 0.06}"}),
        ({"crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84", "limit": 37}, {})])


def test_features_are_the_rows_of_data(callers):
    """Random filters, callers in turn, whatever the pages are."""
    chance = random.Random(14)
    for _ in range(40):
        level, ogc, token = chance.choice(callers)
        query, data = random_filter(chance)
        same(ogc.all(COLLECTION, {"limit": chance.choice([7, 100, 1000]), **query}), rows_of(ogc.platform, token, COLLECTION, **data), level)


def test_above_the_level(callers):
    """What is above the caller's level is no property, no queryable, no parameter, and not in the description; what is masked cannot be asked by."""
    for level, ogc, _ in callers:
        hidden = {name for name, least in LEVELS.items() if least > level}
        queryables = set(ogc.json(f"/collections/{COLLECTION}/queryables")["properties"])
        described = {p["name"] for p in ogc.json("/api")["paths"][ITEMS]["get"]["parameters"] if "name" in p}
        shown = set().union(*(f["properties"] for f in ogc.items(COLLECTION)["features"]))
        assert not hidden & (queryables | described) and shown & hidden <= {"phone"}
        for name in hidden:
            for query in ({name: "x"}, {"filter": f"{name} = 'x'"}, {"filter": f"NOT {name} IS NULL"}):
                refused(ogc.get(ITEMS, query), 400)
        if "phone" in hidden:
            assert all("*" in f["properties"].get("phone", "*") for f in ogc.items(COLLECTION)["features"])
        page = ogc.get(ITEMS, f="html", limit=1000).body.decode()
        assert ("备注1" in page) == (level >= 3) and ("张三1" in page) == (level >= 2) and ("13900000001" in page) == (level >= 2)


def test_place_above_the_level(callers):
    """A place above the level is null, no box and no filter asks by it, and the extent does not tell it."""
    for level, ogc, _ in callers:
        path = "/collections/ogc-hidden/items"
        if level >= 3:
            assert any(f["geometry"] for f in ogc.items("ogc-hidden")["features"]) and ogc.get(path, bbox="116,39,117,40").status == 200
            continue
        assert all(f["geometry"] is None for f in ogc.all("ogc-hidden", limit=1000))
        assert "spatial" not in ogc.json("/collections/ogc-hidden").get("extent", {})
        refused(ogc.get(path, bbox="116,39,117,40"), 403, 40302)
        for text in ("S_INTERSECTS(geom,BBOX(116,39,117,40))", "geom IS NULL"):
            refused(ogc.get(path, filter=text), 400)


def test_collections_of_the_caller(callers, homes):
    """In the list, and by its name, only what the caller may read; as /data refuses it."""
    for level, ogc, token in callers:
        listed = {c["id"] for c in ogc.json("/collections")["collections"]}
        assert listed == {COLLECTION, "ogc-hidden"} | ({"ogc-secret"} if level == 3 else set())
        for code in ("ogc-secret", "street-lights", "events", "nothing", "x'y"):
            for path in ("", "/queryables", "/items", "/items/1"):
                reply = ogc.get(f"/collections/{urllib.parse.quote(code)}{path}")
                data = homes.client.get(f"/data/{urllib.parse.quote(code)}", token=token)
                if reply.status != 200:
                    refused(reply, data.status, data.code)
                else:
                    assert data.status == 200 and code in listed


def test_level_of_a_token(homes):
    """A token that is narrowed to a level or to resources sees no more, nor does the base that is sealed with it."""
    app = homes.make_application(level=3, resources=[COLLECTION, "ogc-secret"], senderCodes=[])
    code = homes.client.post("/auth/code", {"appCode": app["appCode"], "method": "key", "key": app["key"]}).data["authCode"]
    token = homes.client.post("/auth/token", {"appCode": app["appCode"], "authCode": code, "level": 1, "resources": [COLLECTION]}).data["accessToken"]
    homes.client.secrets.update((code, token))
    for ogc in (Ogc(homes, token), Ogc(homes, sealed=sealed_base(homes, token))):
        assert {c["id"] for c in ogc.json("/collections")["collections"]} == {COLLECTION}
        assert not {"note", "name"} & set(ogc.items(COLLECTION)["features"][0]["properties"])
        refused(ogc.get("/collections/ogc-secret/items"), 403)


# ---- sealed bases ----

def test_base_is_sealed_by_any_credential(homes):
    app = homes.make_application(resources=[COLLECTION], senderCodes=[])
    for body in ({"appCode": app["appCode"], "key": app["key"]}, {"appCode": app["appCode"], "userName": app["userName"], "password": app["password"]}):
        reply = check_envelope(homes.client.post("/auth/sealed-url", {"resource": "/ogc", "expiresIn": 600, **body}), 200, 0)
        homes.client.secrets.add(reply.data["url"].rsplit("/", 1)[1])
        assert reply.data["expiresIn"] == 600 and Ogc(homes, sealed=reply.data["url"].rsplit("/", 1)[1]).items(COLLECTION)["features"]
    for wrong, code in (({"maxUses": 1}, 40007), ({"params": {"a": 1}}, 40007)):
        check_envelope(homes.client.post("/auth/sealed-url", {"resource": "/ogc", **wrong}, token=homes.token(app)), 400, code)
    check_envelope(homes.client.post("/auth/sealed-url", {"resource": "/ogc"}), 401)
    check_envelope(homes.client.post("/auth/sealed-url", {"resource": "/ogc"}, token=homes.admin_token), 403)


def test_links_keep_the_seal(homes):
    """No link of any document behind a base leads out of it, and none of the others into one."""
    app = homes.make_application(resources=[COLLECTION], senderCodes=[])
    token = homes.token(app)
    for ogc, other in ((Ogc(homes, sealed=sealed_base(homes, token)), None), (Ogc(homes, token), "/s/")):
        for path in ("", "/collections", f"/collections/{COLLECTION}", ITEMS + "?limit=3", ITEMS + "/1"):
            for link in ogc.json(path)["links"]:
                assert link["href"].startswith(ogc.base) and (other is None or other not in link["href"])
        assert ogc.json(f"/collections/{COLLECTION}/queryables")["$id"].startswith(ogc.base + "/") and ogc.json("/api")["servers"] == [{"url": ogc.base}]
        assert links(ogc.items(COLLECTION, limit=3), "next")


def test_base_ends(homes, stranger):
    """With its time, its address range, its token, its application's grants and state; all refusals are one."""
    app = homes.make_application(resources=[COLLECTION], senderCodes=[])
    token = homes.token(app)
    short, bound, good = (sealed_base(homes, token, **more) for more in ({"expiresIn": 1}, {"cidr": "127.0.40.0/30"}, {}))
    until(lambda: Ogc(homes, sealed=short).get(ITEMS).status == 401)
    refused(Ogc(homes, sealed=bound).get(ITEMS), 401, 40101)
    assert Ogc(homes, sealed=bound, client=homes.client.at("127.0.40.1")).get(ITEMS).status == 200
    # a grant that goes ends its own collection alone
    homes.sql("UPDATE citybigdata.app_grant SET state = 'suspended' WHERE resource = %s AND app_id = (SELECT app_id FROM citybigdata.application WHERE app_code = %s)", COLLECTION, app["appCode"])
    refused(Ogc(homes, sealed=good).get(ITEMS), 403, 40300)
    assert Ogc(homes, sealed=good).json("/collections")["collections"] == []
    homes.sql("UPDATE citybigdata.app_grant SET state = 'active' WHERE resource = %s", COLLECTION)
    assert Ogc(homes, sealed=good).get(ITEMS).status == 200
    check_envelope(homes.client.post("/auth/revoke", {"token": token}, token=token), 200, 0)
    for path in ("", "/conformance", "/api", "/collections", ITEMS, ITEMS + "/1", "/collections/nothing"):
        refused(Ogc(homes, sealed=good).get(path), 401, 40101)
    # with a browser it says how to get in
    assert "/api/v1/auth/sealed-url" in Ogc(homes, sealed=good).get(ITEMS, headers={"Accept": "text/html"}).body.decode()


def test_seals_are_of_one_purpose(homes):
    """A sealed address of data opens no base, and the seal of a base opens nothing else; a second credential is refused."""
    app = homes.make_application(resources=[COLLECTION, "events"])
    token = homes.token(app)
    address = check_envelope(homes.client.post("/auth/sealed-url", {"resource": COLLECTION, "params": {"homeId": "1"}}, token=token), 200, 0).data["url"].rsplit("/", 1)[1]
    base = sealed_base(homes, token)
    homes.client.secrets.add(address)
    refused(Ogc(homes, sealed=address).get(ITEMS), 401, 40101)
    for path in (f"/s/{base}", f"/media/{base}"):
        check_envelope(homes.client.get(path), 401)
    both = Ogc(homes, sealed=base)
    both.token = token
    refused(both.get(ITEMS), 400, 40015)
    assert homes.sql("SELECT status_code FROM citybigdata.open_url(%s, '127.0.0.1')", base)[0][0] == 40101


def test_base_by_sql(homes):
    app = homes.make_application(resources=[COLLECTION], senderCodes=[])
    sealed = homes.value("SELECT citybigdata.seal_url(%s, '/ogc')", app["appCode"]).rsplit("/", 1)[1]
    homes.client.secrets.add(sealed)
    assert Ogc(homes, sealed=sealed).items(COLLECTION)["features"]
    homes.sql("SELECT citybigdata.rotate_sealing_key()")
    assert Ogc(homes, sealed=sealed).get(ITEMS).status == 200


def test_audited(homes, callers):
    """Every call has a row that names the collection; the seal is in none."""
    for _, ogc, _ in callers[:2]:
        for path, action, named in (("/collections", "ogc.collections", None), (f"/collections/{COLLECTION}", "ogc.collection", COLLECTION), (ITEMS, "ogc.items", COLLECTION), (ITEMS + "/1", "ogc.item", COLLECTION)):
            reply = ogc.get(path)
            row = until(lambda: homes.sql("SELECT action, object, status_code, scheme FROM citybigdata.audit_log WHERE request_id = %s", reply.header("X-Request-Id")))
            assert row == [(action, named, 0, "bearer" if ogc.token else "base")], row
