"""OGC API - Features part 1: its abstract tests (17-069r4, annex A), each as one test of its name, by a token and behind a sealed base.

What the compliance suite of the standard cannot do, since it has no token, is done here: every conformance class that /conformance names.
"""
import html.parser
import re
import urllib.parse

import jsonschema
import pytest
from ogc_rig import CRS84, GEOJSON, HTML, JSON, OPENAPI, Ogc, links, refused, rows_of, sealed_base, valid

CLASSES = {f"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/{name}" for name in ("core", "oas30", "html", "geojson")}
COLLECTION = "street-lights"
ITEMS = f"/collections/{COLLECTION}/items"


@pytest.fixture(scope="module", params=["token", "sealed"])
def ogc(request, demo_data):
    token = demo_data.token()
    return Ogc(demo_data, token) if request.param == "token" else Ogc(demo_data, sealed=sealed_base(demo_data, token))


@pytest.fixture(scope="module")
def api(ogc):
    return ogc.json("/api", media=OPENAPI)


@pytest.fixture(scope="module")
def lights(demo_data):
    """What /data has of the collection, by id."""
    return {f["properties"]["lightId"]: f for f in rows_of(demo_data, demo_data.token(), COLLECTION)}


def parameter(api, name, path=ITEMS):
    found = [resolved(api, p) for p in api["paths"][path]["get"]["parameters"]]
    return next(p for p in found if p["name"] == name)


def resolved(api, value):
    while "$ref" in value:
        name = value["$ref"]
        value = api
        for part in name[2:].split("/"):
            value = value[part]
    return value


# ---- A.2 core ----

def test_core_http(ogc):
    """HTTP 1.1; HEAD is a GET without body; other methods are refused with what is allowed."""
    reply = ogc.client.request("HEAD", "/" + ogc.root + ITEMS, token=ogc.token)
    assert reply.status == 200 and reply.body == b"" and reply.header("Content-Type") == GEOJSON
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        reply = ogc.client.request(method, "/" + ogc.root + ITEMS, token=ogc.token)
        assert reply.header("Allow") == "GET, HEAD" and valid(reply.json, "exception")["code"] == "40500" and reply.status == 405, reply


def test_core_root_op(ogc):
    ogc.json("", "landing", JSON)


def test_core_root_success(ogc):
    landing = ogc.json("", "landing", JSON)
    assert {"self", "alternate", "service-desc", "service-doc", "conformance", "data"} == {link["rel"] for link in landing["links"]}
    for link in landing["links"]:
        reply = ogc.get(link["href"])
        assert reply.status == 200 and reply.header("Content-Type").startswith(link["type"]), (link, reply)


def test_core_api_definition_op(ogc):
    landing = ogc.json("")
    assert ogc.get(links(landing, "service-desc", OPENAPI)[0], headers={"Accept": OPENAPI}).header("Content-Type") == OPENAPI
    assert ogc.get(links(landing, "service-doc", HTML)[0]).header("Content-Type").startswith(HTML)


def test_core_api_definition_success(api):
    assert api["openapi"].startswith("3.0.") and api["servers"] and api["paths"]


def test_core_conformance_op(ogc):
    ogc.json(links(ogc.json(""), "conformance")[0], "conformance", JSON)


def test_core_conformance_success(ogc):
    assert CLASSES < set(ogc.json("/conformance", "conformance")["conformsTo"])


def test_core_fc_md_op(ogc):
    ogc.json(links(ogc.json(""), "data")[0], "collections", JSON)


def test_core_fc_md_success(ogc):
    ids = [c["id"] for c in ogc.json("/collections", "collections")["collections"]]
    assert COLLECTION in ids and "demo-divisions" in ids and len(ids) == len(set(ids)) and "dUmmYColLection" not in ids


def test_core_fc_md_links(ogc):
    document = ogc.json("/collections")
    assert links(document, "self", JSON) == [ogc.base + "/collections?f=json"] and links(document, "alternate", HTML) == [ogc.base + "/collections?f=html"]


def test_core_fc_md_items(ogc):
    """Every collection is reached by its id, and is the same there."""
    for collection in ogc.json("/collections")["collections"]:
        assert ogc.json(f"/collections/{collection['id']}", "collection", JSON) == collection


def test_core_fc_md_items_links(ogc):
    for collection in ogc.json("/collections")["collections"]:
        items = {link["type"]: link["href"] for link in collection["links"] if link["rel"] == "items"}
        assert set(items) == {GEOJSON, HTML}
        for media, address in items.items():
            assert ogc.get(address, limit=1).header("Content-Type").startswith(media)


def test_core_fc_md_extent(ogc):
    """The extent is a box of degrees that has all features; a time has an interval."""
    extent = ogc.json(f"/collections/{COLLECTION}")["extent"]
    west, south, east, north = extent["spatial"]["bbox"][0]
    assert -180 <= west < east <= 180 and -90 <= south < north <= 90 and extent["spatial"]["crs"] == CRS84
    for feature in ogc.all(COLLECTION, limit=1000):
        lon, lat = feature["geometry"]["coordinates"]
        assert west <= lon <= east and south <= lat <= north


def test_core_sfc_md_op(ogc):
    for collection in ogc.json("/collections")["collections"]:
        ogc.json(links(collection, "self")[0], "collection", JSON)


def test_core_sfc_md_success(ogc):
    collection = ogc.json(f"/collections/{COLLECTION}", "collection")
    assert collection["id"] == COLLECTION and collection["itemType"] == "feature" and collection["title"]


def test_core_crs84(ogc, lights):
    """Without crs places are WGS 84, longitude first."""
    reply = ogc.get(ITEMS, limit=5)
    assert reply.header("Content-Crs") == f"<{CRS84}>"
    for feature in reply.json["features"]:
        assert feature["geometry"]["coordinates"] == pytest.approx(lights[feature["id"]]["geometry"]["coordinates"], abs=1e-9)
        assert 115 < feature["geometry"]["coordinates"][0] < 118


def test_core_fc_op(ogc):
    for collection in ogc.json("/collections")["collections"]:
        for address in links(collection, "items", GEOJSON):
            ogc.json(address, "features", GEOJSON, limit=2)


@pytest.mark.parametrize("name, schema", [("bbox", {"type": "array", "minItems": 4, "maxItems": 6, "items": {"type": "number"}}), ("limit", {"type": "integer", "minimum": 1}),
                                          ("datetime", {"type": "string"})])
def test_core_fc_definitions(api, name, schema):
    """fc-bbox-definition, fc-limit-definition, fc-time-definition"""
    for path in (ITEMS, "/collections/{collectionId}/items"):
        found = parameter(api, name, path)
        assert found["in"] == "query" and not found["required"] and found["style"] == "form" and found["explode"] is False
        assert schema.items() <= found["schema"].items()
    assert {"maximum": 10000, "default": 100}.items() <= parameter(api, "limit")["schema"].items()


def test_core_fc_bbox_response(ogc, lights):
    box = 116.3, 39.8, 116.5, 40.0
    wanted = {i for i, f in lights.items() if box[0] <= f["geometry"]["coordinates"][0] <= box[2] and box[1] <= f["geometry"]["coordinates"][1] <= box[3]}
    for text in ("116.3,39.8,116.5,40.0", "116.3,39.8,-10,116.5,40.0,1000"):
        assert set(ogc.ids(COLLECTION, bbox=text)) == wanted and wanted
    assert ogc.ids(COLLECTION, bbox="10,10,11,11") == []
    # what the box only touches is meant too
    inside, east = ogc.ids("demo-divisions", bbox="116.39,39.91,116.4,39.92"), ogc.ids("demo-divisions", bbox="-180,-90,180,90")
    assert 0 < len(inside) < len(east)


def test_core_fc_limit_response(ogc, lights):
    for limit in (1, 10, 1000):
        page = ogc.items(COLLECTION, limit=limit)
        assert len(page["features"]) == page["numberReturned"] == min(limit, len(lights))
    # more than there may be is as many as there may be
    assert len(ogc.items(COLLECTION, limit=1000000)["features"]) == len(lights)
    assert len(ogc.items(COLLECTION)["features"]) == 100


def test_core_fc_time_response(ogc, lights):
    instant = lights[1]["properties"]["installedAt"]
    at = f"{instant[:4]}-{instant[4:6]}-{instant[6:8]}T{instant[8:10]}:{instant[10:12]}:{instant[12:14]}+08:00"
    assert 1 in ogc.ids(COLLECTION, datetime=at)
    counts = [len(ogc.ids(COLLECTION, datetime=text)) for text in ("2015-01-01T00:00:00Z/..", "../2015-01-01T00:00:00Z", "2014-06-01T00:00:00Z/2016-01-01T00:00:00Z", "2015-01-01T00:00:00Z/")]
    assert counts[0] == counts[3] and counts[0] + counts[1] in (len(lights), len(lights) + 1) and 0 < counts[2] < counts[0]
    for feature in ogc.all(COLLECTION, datetime="2015-01-01T00:00:00Z/2015-12-31T23:59:59Z", limit=1000):
        assert "2015-01-01T08:00:00" <= feature["properties"]["installedAt"] <= "2016-01-01T08:00:00"
    # a collection without a time has no condition
    assert len(ogc.items("demo-divisions", datetime="2015-01-01T00:00:00Z")["features"]) == len(ogc.items("demo-divisions")["features"])


def test_core_fc_response(ogc):
    for collection in ("demo-divisions", "city-events", COLLECTION):
        page = ogc.items(collection, limit=50)
        assert page["numberReturned"] == len(page["features"]) and len({f["id"] for f in page["features"]}) == page["numberReturned"]


def test_core_fc_links(ogc, lights):
    """self, alternate, next, collection; the links keep the parameters and lead through all features, each once."""
    page = ogc.items(COLLECTION, limit=700, districtCode="110116", f="json")
    own = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(links(page, "self", GEOJSON)[0]).query))
    assert own == {"limit": "700", "districtCode": "110116", "f": "json"} and len(links(page, "alternate", HTML)) == 1 and len(links(page, "collection")) == 1
    assert not links(page, "next")
    for limit in (7, 1000):
        features = ogc.all(COLLECTION, limit=limit, districtCode="110101")
        wanted = {i for i, f in lights.items() if f["properties"]["districtCode"] == "110101"}
        assert len(features) == len(wanted) > 7 and {f["id"] for f in features} == wanted
    assert len(ogc.ids(COLLECTION)) == len(set(ogc.ids(COLLECTION))) == len(lights)


def test_core_fc_timeStamp(ogc):
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", ogc.items(COLLECTION, limit=1)["timeStamp"])


def test_core_fc_numberMatched(ogc, lights):
    """Where it is told it is right, whatever the page."""
    for query in ({}, {"limit": 3}, {"bbox": "116.3,39.8,116.5,40.0"}, {"lampType": "LED"}, {"streetName": "none"}):
        page = ogc.items(COLLECTION, query)
        assert page.get("numberMatched", 0) in (0, len(ogc.ids(COLLECTION, {n: v for n, v in query.items() if n != "limit"})))


def test_core_fc_numberReturned(ogc):
    page = ogc.items(COLLECTION, streetName="none")
    assert page["numberReturned"] == 0 and page["features"] == [] and not links(page, "next")


def test_core_query_param_unknown(ogc):
    for path in ("", "/conformance", "/api", "/collections", f"/collections/{COLLECTION}", f"/collections/{COLLECTION}/queryables", ITEMS, ITEMS + "/1"):
        for name in ("unknown", "format", "charset", "offset"):
            refused(ogc.get(path, {name: "1"}), 400, 40008, name)


@pytest.mark.parametrize("query", ["limit=0", "limit=-1", "limit=x", "limit=1.5", "limit=", "bbox=1,2,3", "bbox=1,2,3,4,5", "bbox=a,b,c,d", "bbox=116.5,40,116.3,39", "bbox=0,0,0,91", "bbox=,,,",
                                   "datetime=yesterday", "datetime=2015-01-01T00:00:00Z/2014-01-01T00:00:00Z", "datetime=2015-13-01T00:00:00Z", "datetime=", "f=xml", "f=", "f=json&f=html", "limit=1&limit=2"])
def test_core_query_param_invalid(ogc, query):
    refused(ogc.get(f"{ITEMS}?{query}"), 400, None, query.split("=")[0])


def test_core_f_op(ogc):
    for identifier in ogc.ids(COLLECTION, districtCode="110101")[:5]:
        assert ogc.json(f"{ITEMS}/{identifier}", "feature", GEOJSON)["id"] == identifier


def test_core_f_success(ogc):
    """A feature is the same alone and on its page; one that does not exist is 404."""
    for feature in ogc.items(COLLECTION, limit=3)["features"] + ogc.items("demo-divisions", limit=3)["features"]:
        collection = COLLECTION if "lightId" in feature["properties"] else "demo-divisions"
        alone = ogc.json(f"/collections/{collection}/items/{feature['id']}", "feature")
        assert {n: alone[n] for n in ("id", "geometry", "properties")} == {n: feature[n] for n in ("id", "geometry", "properties")}
    for wrong in ("0", "x", "1,2", "%20", "1%2F2"):
        refused(ogc.get(f"{ITEMS}/{wrong}"), 404)


def test_core_f_links(ogc):
    feature = ogc.json(f"{ITEMS}/1")
    assert links(feature, "self", GEOJSON) == [f"{ogc.base}{ITEMS}/1?f=json"] and links(feature, "alternate", HTML) and links(feature, "collection") == [f"{ogc.base}/collections/{COLLECTION}?f=json"]


# ---- A.3 GeoJSON ----

def test_geojson_definition(ogc):
    for accept in (GEOJSON, f"{GEOJSON}, {JSON}", "application/*", "*/*", "text/html;q=0.5, application/geo+json"):
        assert ogc.get(ITEMS, headers={"Accept": accept}, limit=1).header("Content-Type") == GEOJSON
        assert ogc.get(ITEMS + "/1", headers={"Accept": accept}).header("Content-Type") == GEOJSON


def test_geojson_content(ogc):
    for collection in ogc.json("/collections")["collections"]:
        valid(ogc.json(f"/collections/{collection['id']}/items", limit=20), "features")


# ---- A.4 HTML ----

class Page(html.parser.HTMLParser):
    """Text and addresses of a page, whose tags are well-formed."""
    VOID = {"meta", "link", "br", "input", "img", "hr"}

    def __init__(self, text):
        super().__init__()
        self.open, self.text, self.addresses, self.scripts = [], "", [], 0
        self.feed(text)
        assert self.open == [], self.open

    def handle_starttag(self, tag, attrs):
        self.scripts += tag == "script" or any(name.startswith("on") or name == "style" for name, _ in attrs)
        self.addresses += [value for name, value in attrs if name == "href"]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] != "style":
            self.text += data


DOCUMENTS = ["", "/conformance", "/api", "/collections", f"/collections/{COLLECTION}", f"/collections/{COLLECTION}/queryables", ITEMS + "?limit=5", ITEMS + "/1", "/collections/demo-divisions/items?limit=3"]


@pytest.mark.parametrize("path", DOCUMENTS)
def test_html_definition(ogc, path):
    """Every document is HTML for who wants it: by f, which wins, and by Accept as browsers send it."""
    browser = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
    for query, accept, media in (({"f": "html"}, "application/json", HTML), ({}, browser, HTML), ({}, "text/html", HTML), ({"f": "json"}, browser, None), ({}, "application/xml, */*;q=0.1", None)):
        reply = ogc.get(path, query, headers={"Accept": accept})
        assert reply.status == 200 and (reply.header("Content-Type") == "text/html; charset=utf-8") == (media == HTML), reply
        assert "Accept" in reply.header("Vary")
    refused(ogc.get(path, headers={"Accept": "image/png"}), 406, 40600)


@pytest.mark.parametrize("path", DOCUMENTS)
@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_html_content(ogc, path, language):
    """A page says what the document does, in the reader's language, without script; its links are pages too, and keep the seal."""
    reply = ogc.get(path, {"f": "html"}, headers={"Accept-Language": language})
    page = Page(reply.body.decode())
    assert f'<html lang="{language}">' in reply.body.decode() and page.scripts == 0
    policy = reply.header("Content-Security-Policy")
    assert policy.startswith("default-src 'none'; style-src 'sha256-") and "frame-ancestors 'none'" in policy and "script" not in policy
    assert reply.header("Referrer-Policy") == "no-referrer" and reply.header("X-Content-Type-Options") == "nosniff"
    for address in page.addresses:
        shown = ogc.get(address)
        assert shown.status == 200 and shown.header("Content-Type").startswith(HTML) == ("f=html" in address), address
    document = ogc.json(path)
    for feature in document.get("features", []):
        for value in feature["properties"].values():
            assert value is None or isinstance(value, (int, float, dict, list)) or value in page.text
    for title in [document.get("title")] + [c["id"] for c in document.get("collections", [])]:
        assert title is None or title in page.text or language != "en"


def test_html_limit(ogc):
    """A page of HTML has at most 1000 features; the next ones are a page on."""
    for limit, shown in (("10000", 1000), ("1001", 1000), ("0000000999", 999)):
        text = ogc.get(ITEMS, limit=limit, f="html").body.decode()
        assert text.count("<tr>") == shown + 1 and 'rel="next"' in text and f"limit={shown if shown == 1000 else limit}" in text
    assert ogc.get(ITEMS, limit="1e3", f="html").status == 400


def test_html_exceptions(ogc):
    """A browser is told in a page, with the same status; nothing of the request is markup there."""
    for path, status, code in ((ITEMS + "?limit=0", 400, "40007"), ("/collections/%3Cscript%3E", None, None), ("/nothing", 404, "40401"), (ITEMS + "?%3Cscript%3Ealert(1)%3C/script%3E=1", 400, "40008")):
        reply = ogc.get(path, headers={"Accept": "text/html"})
        page = Page(reply.body.decode())
        assert page.scripts == 0 and reply.header("Content-Type") == "text/html; charset=utf-8"
        assert reply.status == (status or reply.status) >= 400 and (code or "40") in page.text


# ---- A.7 OpenAPI 3.0 ----

def test_oas30_completeness(ogc, api):
    """Every path of the service is described, with the parameters that it takes."""
    described = set(api["paths"])
    assert {"/", "/conformance", "/api", "/collections", "/collections/{collectionId}", "/collections/{collectionId}/queryables", "/collections/{collectionId}/items",
            "/collections/{collectionId}/items/{featureId}"} <= described
    for collection in ogc.json("/collections")["collections"]:
        path = f"/collections/{collection['id']}/items"
        names = {resolved(api, p)["name"] for p in api["paths"][path]["get"]["parameters"]}
        queryables = ogc.json(f"/collections/{collection['id']}/queryables", "queryables")["properties"]
        assert {n for n, s in queryables.items() if not s.get("format", "").startswith("geometry")} <= names
    assert api["components"]["parameters"]["collectionId"]["schema"]["enum"] == [c["id"] for c in ogc.json("/collections")["collections"]]


def test_oas30_exception_codes(api):
    for path, item in api["paths"].items():
        codes = set(item["get"]["responses"])
        assert {"200", "400", "406", "default"} <= codes and (path.count("/") < 2 or "404" in codes), path
        for response in item["get"]["responses"].values():
            assert HTML in resolved(api, response)["content"]


def test_oas30_definition_1(ogc, api):
    assert ogc.get("/api", headers={"Accept": OPENAPI}).header("Content-Type") == OPENAPI and api["info"]["title"] and api["info"]["version"]


def test_oas30_definition_2(api):
    """What OpenAPI 3.0 asks of a document: names, references, operations. (test-clients has the whole schema.)"""
    operations = [item["get"] for item in api["paths"].values()]
    assert len({o["operationId"] for o in operations}) == len(operations)
    references = re.findall(r"'\$ref': '(#/[^']+)'", str(api))
    assert references and all(resolved(api, {"$ref": name}) for name in references)
    for path, item in api["paths"].items():
        found = [resolved(api, p) for p in item["get"]["parameters"]]
        assert len({(p["in"], p["name"]) for p in found}) == len(found) and {p["name"] for p in found if p["in"] == "path"} == set(re.findall(r"\{(\w+)\}", path)), path
        assert all("schema" in p and not isinstance(p["schema"].get("type"), list) for p in found)
        assert all("description" in resolved(api, r) for r in item["get"]["responses"].values())


def test_oas30_oas_impl(ogc, api):
    """Each document is as its schema in the description says."""
    for path, real in (("/", ""), ("/conformance", "/conformance"), ("/collections", "/collections"), ("/collections/{collectionId}", f"/collections/{COLLECTION}"),
                       ("/collections/{collectionId}/queryables", f"/collections/{COLLECTION}/queryables"), ("/collections/{collectionId}/items", ITEMS), (ITEMS, ITEMS),
                       ("/collections/{collectionId}/items/{featureId}", ITEMS + "/1")):
        reply = ogc.get(real)
        content = resolved(api, api["paths"][path]["get"]["responses"]["200"])["content"]
        schema = content[reply.header("Content-Type")]["schema"]
        jsonschema.Draft4Validator(plain(api, schema)).validate(reply.json)
    assert ogc.base == api["servers"][0]["url"]


def plain(api, value):
    """A schema of OpenAPI 3.0 as JSON Schema: without references and `nullable`."""
    if isinstance(value, list):
        return [plain(api, v) for v in value]
    if not isinstance(value, dict):
        return value
    value = resolved(api, value) if isinstance(value.get("$ref"), str) else value
    made = {n: plain(api, v) for n, v in value.items() if n != "nullable"}
    return {"anyOf": [made, {"type": "null"}]} if value.get("nullable") is True else made


def test_oas30_security(ogc, api):
    """The scheme that is needed is declared; behind a sealed base none is."""
    assert ("security" in api) == (ogc.token is not None) == ("securitySchemes" in api["components"])
    if ogc.token:
        assert api["security"] == [{"bearer": []}] and api["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
        nobody = Ogc(ogc.platform)
        for path in ("", "/conformance", "/api"):
            assert nobody.get(path).status == 200 and api["paths"][path or "/"]["get"]["security" if path != "/api" else "tags"] is not None
        for path in ("/collections", f"/collections/{COLLECTION}", f"/collections/{COLLECTION}/queryables", ITEMS, ITEMS + "/1"):
            refused(nobody.get(path), 401, 40100)
        assert COLLECTION not in nobody.get("/api").body.decode()


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_languages(ogc, language):
    """Titles are in the reader's language in JSON too."""
    headers = {"Accept-Language": language}
    title = ogc.get("", headers=headers).json["title"]
    assert ("城市管理" in title) == (language == "zh-CN")
    assert (ogc.get(f"/collections/{COLLECTION}", headers=headers).json["title"] == "路灯") == (language == "zh-CN")
    assert ("未知" in refused(ogc.get(ITEMS, {"no": "1"}, headers=headers), 400).json["description"]) == (language == "zh-CN")
