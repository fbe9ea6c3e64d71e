"""Real clients of OGC API Features, as Debian has them, unchanged: GDAL's OAPIF driver (ogrinfo, ogr2ogr) and OWSLib, by a token in a header and behind a sealed base.

GDAL 3.6 asks for pages of 10, QGIS and later GDALs for 1000. What it gets must be what /data has; filters must reach the server.
"""
import json
import os
import re
import subprocess

import pytest
from ogc_rig import GEOJSON, OPENAPI, Ogc, rows_of, sealed_base

COLLECTION = "street-lights"


@pytest.fixture(scope="module")
def token(demo_data):
    return demo_data.token()


@pytest.fixture(scope="module", params=["token", "sealed"])
def service(request, demo_data, token):
    """Where the service is, and what GDAL needs to get in."""
    ogc = Ogc(demo_data, token) if request.param == "token" else Ogc(demo_data, sealed=sealed_base(demo_data, token))
    ogc.environment = {"GDAL_HTTP_HEADERS": f"Authorization: Bearer {token}"} if ogc.token else {}
    return ogc


@pytest.fixture(scope="module")
def lights(demo_data, token):
    return {f["properties"]["lightId"]: f for f in rows_of(demo_data, token, COLLECTION)}


def gdal(service, *command, debug=False):
    """Output of one of GDAL's programs; with `debug` also what it asked for, as addresses behind the base."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, env={
        "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "CURL_CA_BUNDLE": service.platform.env["CBD_CA"], **service.environment, **({"CPL_DEBUG": "HTTP"} if debug else {})})
    assert done.returncode == 0 and "ERROR" not in done.stderr, done.stderr
    asked = [address[len(service.base):] for address in re.findall(r"Fetch\((https://[^)]*)\)", done.stderr)]
    return (done.stdout, asked) if debug else done.stdout


def features(service, tmp_path, *options, collection=COLLECTION, debug=False):
    """What ogr2ogr makes of the collection, as GeoJSON features; what it asked for."""
    target = tmp_path / "out.geojson"
    target.unlink(missing_ok=True)
    said = gdal(service, "ogr2ogr", "-f", "GeoJSON", "-lco", "COORDINATE_PRECISION=9", str(target), "OAPIF:" + service.base, collection, *options, debug=debug)
    found = json.loads(target.read_text(encoding="utf-8"))["features"]
    return (found, said[1]) if debug else found


def test_ogrinfo(service):
    """All collections, and one with its fields, extent and number of features."""
    listed = gdal(service, "ogrinfo", "-ro", "-q", "OAPIF:" + service.base)
    assert {line.split(": ")[1].split(" ")[0] for line in listed.splitlines() if re.match(r"\d+: ", line)} == {c["id"] for c in service.json("/collections")["collections"]}
    told = gdal(service, "ogrinfo", "-ro", "-so", "OAPIF:" + service.base, COLLECTION)
    assert "Feature Count: 3000" in told and "Geometry: Point" in told and "TITLE=Street lights" in told
    for field in ("lightId: Integer", "lampCode: String", "powerWatt: Real", "installedAt: DateTime", "state: Integer"):
        assert field in told, told
    assert re.search(r"Extent: \(11\d\.\d+, 3\d\.\d+\) - \(11\d\.\d+, 4\d\.\d+\)", told), told


@pytest.mark.parametrize("size", [None, 10, 1000])
def test_every_page(service, tmp_path, lights, size):
    """All features, each once, whatever the pages: 300 of 10, 3 of 1000; GDAL's own size without the option."""
    found = features(service, tmp_path, *(["-oo", f"PAGE_SIZE={size}"] if size else []))
    assert len(found) == len(lights) and {f["properties"]["lightId"] for f in found} == set(lights)
    for feature in found:
        row = lights[feature["properties"]["lightId"]]
        assert feature["geometry"]["coordinates"] == pytest.approx(row["geometry"]["coordinates"], abs=1e-8)
        for name in ("lampCode", "lampType", "powerWatt", "districtCode", "streetName", "keeperPhone", "state"):
            assert feature["properties"][name] == row["properties"][name], name
        time = "".join(re.findall(r"\d", feature["properties"]["installedAt"]))[:14]
        assert time == row["properties"]["installedAt"]


def test_filters_reach_the_server(service, tmp_path, lights):
    """A box and an attribute are parameters of the request; what comes is what /data has of them."""
    found, asked = features(service, tmp_path, "-oo", "PAGE_SIZE=1000", "-spat", "116.3", "39.8", "116.5", "40.0", "-where", "districtCode = '110101'", debug=True)
    pages = [address for address in asked if "/items?" in address and "bbox=" in address]
    assert pages and all("districtCode=110101" in address and "limit=1000" in address for address in pages), asked
    wanted = {number for number, f in lights.items() if f["properties"]["districtCode"] == "110101" and 116.3 <= f["geometry"]["coordinates"][0] <= 116.5 and 39.8 <= f["geometry"]["coordinates"][1] <= 40}
    assert {f["properties"]["lightId"] for f in found} == wanted and wanted
    found, asked = features(service, tmp_path, "-oo", "PAGE_SIZE=1000", "-where", "lightId = 7", debug=True)
    assert [f["properties"]["lightId"] for f in found] == [7] and any("lightId=7" in address for address in asked)


def test_filters_of_the_client(service, tmp_path, lights):
    """What OGC API Features cannot be asked by name=value, GDAL picks out itself; with CQL it is asked, too."""
    wanted = {number for number, f in lights.items() if f["properties"]["powerWatt"] > 430 and f["properties"]["lampType"] != "LED"}
    found = features(service, tmp_path, "-oo", "PAGE_SIZE=1000", "-where", "powerWatt > 430 AND lampType <> 'LED'")
    assert {f["properties"]["lightId"] for f in found} == wanted
    found, asked = features(service, tmp_path, "-oo", "PAGE_SIZE=1000", "--config", "OGR_OAPIF_ALLOW_CQL_TEXT", "YES", "-where", "powerWatt > 430 AND lampType <> 'LED'", debug=True)
    assert {f["properties"]["lightId"] for f in found} == wanted and any("filter=" in address for address in asked), asked


def test_time_reaches_the_server(service, tmp_path, lights):
    found, asked = features(service, tmp_path, "-oo", "PAGE_SIZE=1000", "-where", "installedAt >= '2020/01/01 00:00:00' AND installedAt <= '2020/12/31 23:59:59'", debug=True)
    assert any("datetime=2020-01-01T00:00:00Z%2F2020-12-31T23:59:59Z" in address for address in asked), asked
    assert {f["properties"]["lightId"] for f in found} == {n for n, f in lights.items() if "20200101080000" <= f["properties"]["installedAt"] <= "20210101075959"}


def test_polygons(service, tmp_path, demo_data, token):
    """Multipolygons, and rows without a place."""
    found = features(service, tmp_path, "-oo", "PAGE_SIZE=1000", collection="demo-divisions")
    rows = rows_of(demo_data, token, "demo-divisions")
    assert len(found) == len(rows) and {f["properties"]["divisionCode"] for f in found} == {f["properties"]["divisionCode"] for f in rows}
    assert {f["geometry"] and f["geometry"]["type"] for f in found} == {f["geometry"] and f["geometry"]["type"] for f in rows}


def test_to_other_formats(service, tmp_path):
    """Into a GeoPackage, and out of it again."""
    target = tmp_path / "lights.gpkg"
    gdal(service, "ogr2ogr", "-f", "GPKG", str(target), "OAPIF:" + service.base, COLLECTION, "-oo", "PAGE_SIZE=1000")
    assert "Feature Count: 3000" in gdal(service, "ogrinfo", "-ro", "-so", str(target), COLLECTION)


def test_refused(service, demo_data):
    """GDAL says so when the caller may not: no token, another's seal."""
    done = subprocess.run(["ogrinfo", "-ro", f"OAPIF:https://{demo_data.client.host}:{demo_data.client.port}/ogc"], capture_output=True, text=True, timeout=60,
                          env={"PATH": os.environ["PATH"], "CURL_CA_BUNDLE": demo_data.env["CBD_CA"]})
    assert done.returncode != 0 and "40100" in done.stderr + done.stdout, done


def test_owslib(service, demo_data, lights, monkeypatch):
    """OWSLib walks the service: landing page, description, conformance, collections, queryables, items, one item."""
    from owslib import ogcapi
    from owslib.ogcapi.features import Features
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", demo_data.env["CBD_CA"])
    # it keeps the headers of one client for all of a process: a token would go along with a sealed base, which has its own credential
    monkeypatch.setattr(ogcapi, "REQUEST_HEADERS", dict(ogcapi.REQUEST_HEADERS))
    client = Features(service.base + "/", headers={"Authorization": f"Bearer {service.token}"} if service.token else {})
    assert {link["rel"] for link in client.links} >= {"service-desc", "conformance", "data"}
    assert client.api()["openapi"].startswith("3.0") and client.api()["servers"][0]["url"] == service.base
    assert any(name.endswith("/conf/core") for name in client.conformance()["conformsTo"])
    assert COLLECTION in client.feature_collections() and client.collection(COLLECTION)["id"] == COLLECTION
    assert "lampType" in client.collection_queryables(COLLECTION)["properties"]
    page = client.collection_items(COLLECTION, bbox=[116.3, 39.8, 116.5, 40.0], limit=50)
    assert page["numberReturned"] == len(page["features"]) > 10
    assert client.collection_items(COLLECTION, filter="lightId=7")["features"][0]["properties"]["lampCode"] == lights[7]["properties"]["lampCode"]
    assert client.collection_item(COLLECTION, "7")["geometry"]["coordinates"] == pytest.approx(lights[7]["geometry"]["coordinates"], abs=1e-8)
    assert service.get("/api", headers={"Accept": OPENAPI}).header("Content-Type") == OPENAPI and service.get(f"/collections/{COLLECTION}/items/7").header("Content-Type") == GEOJSON
