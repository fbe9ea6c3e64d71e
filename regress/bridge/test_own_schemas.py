"""PostGIS and pgcrypto in schemas of their own: the installation grants what the platform needs, and everything with places works."""
import json

import pytest

from rig import check_envelope
from test_first_administrators import new_database, psql

PLACE = {"longitude": 116.403414, "latitude": 39.924091}
EVENT = {"eventDesc": "路灯不亮", "otherTaskNum": "GIS-1", "address": "景山前街4号", "eventSrcID": 1, "recTypeID": 1, "eventLevelID": 1, "eventTypeCode": "6",
         "createTime": "20240102030405", **PLACE}
SPOTS = """DROP ROLE IF EXISTS gis_owner;
CREATE ROLE gis_owner IN ROLE citybigdata_analyst;
CREATE SCHEMA spots AUTHORIZATION gis_owner;
SET ROLE gis_owner;
CREATE TABLE spots.spot (id integer PRIMARY KEY, name text, district varchar(6), seen timestamptz, geom gis.geometry(Point, 4490));
INSERT INTO spots.spot SELECT i, 'spot ' || i, citybigdata.division_at(116.38 + i * 0.01, 39.92), '2024-01-02 03:04:05+08', gis.ST_SetSRID(gis.ST_MakePoint(116.38 + i * 0.01, 39.92), 4490) FROM generate_series(1, 5) i;
SELECT citybigdata.publish('spots.spot', '{"code": "spots", "divisionColumn": "district", "timeColumn": "seen"}');
RESET ROLE;"""


@pytest.fixture(scope="module")
def apart(platform):
    """A bridge of a platform whose PostGIS is in gis and whose pgcrypto is in crypto, with the boundaries of Beijing; the key of an application."""
    with new_database(platform, "own_schemas", ["CREATE SCHEMA gis", "CREATE SCHEMA crypto", "CREATE EXTENSION postgis SCHEMA gis", "CREATE EXTENSION pgcrypto SCHEMA crypto"]) as bridge:
        run = lambda *commands: psql(platform, "own_schemas", *commands)
        run("SET ROLE citybigdata_sysadmin", "SELECT citybigdata.load_divisions_file('beijing_streets.tsv')", "SELECT citybigdata.load_boundaries_file('beijing_districts.geojson')")
        run("SELECT citybigdata.approve_account(citybigdata.register_account('gis.one', 'Correct-1-horse', 'x', 'x', '13800138000'))")
        run(*SPOTS.splitlines())
        run("SELECT citybigdata.request_access('gis.one', '{events,cases,spots}', '{key}', sender_codes => '{GIS}', profile => 'egova', level => 3)", "SELECT citybigdata.approve_access(1)")
        bridge.app, bridge.key = run("SELECT 'got', app_code, key FROM citybigdata.take_credentials(1)").split("got")[1].split("\n")[0].replace("|", " ").split()
        bridge.sql = run
        try:
            yield bridge
        finally:
            psql(platform, "own_schemas", "REASSIGN OWNED BY gis_owner TO postgres", "DROP OWNED BY gis_owner", "DROP ROLE gis_owner")


@pytest.fixture(scope="module")
def gis_token(apart):
    code = check_envelope(apart.client.post("/auth/code", {"appCode": apart.app, "method": "key", "key": apart.key}), 200, 0).data["authCode"]
    return check_envelope(apart.client.post("/auth/token", {"appCode": apart.app, "authCode": code}), 200, 0).data["accessToken"]


def test_ready(apart):
    check_envelope(apart.client.get("//readyz"), 200, 0)
    assert "(0 rows)" in apart.sql("SELECT * FROM citybigdata.catalogue_problems() WHERE severity = 'error'")


def test_report_finds_its_district(apart, gis_token):
    """report_event over HTTPS and in SQL: the district comes from the polygon."""
    reply = check_envelope(apart.client.post("/events", {"data": json.dumps(EVENT), "senderCode": "GIS", "actionType": "UP_REC_REPORT"}, token=gis_token), 200, 0)
    case = check_envelope(apart.client.get(f"/events/{reply.data['taskNum']}", token=gis_token), 200, 0).data
    assert case["districtCode"] == "110101" and abs(case["longitude"] - PLACE["longitude"]) < 0.01
    check_envelope(apart.client.get("/events?bbox=116.3,39.9,116.5,40.0", token=gis_token), 200, 0)


@pytest.mark.parametrize("role", ["citybigdata_analyst", "citybigdata_sysadmin"])
def test_division_at(apart, role):
    assert "110101" in apart.sql(f"SET ROLE {role}", "SELECT citybigdata.division_at(116.403414, 39.924091)",
                                 *["SELECT gis.ST_AsText(geom), citybigdata.wgs84_to_gcj02(geom) FROM citybigdata.event LIMIT 1"] * (role == "citybigdata_analyst"))


@pytest.mark.parametrize("query", ["bbox=116.385,39.91,116.415,39.93", "divisionCode=110101", "crs=EPSG:3857", "crs=GCJ02", "format=geojson", "fields=id,longitude,latitude",
                                   "timeRange=[20240101000000,20250101000000)", "format=csv", "name.like=spot%25"])
def test_data(apart, gis_token, query):
    """Published data with places over HTTPS, as a role that is no superuser has published them."""
    reply = apart.client.get(f"/data/spots?{query}", token=gis_token)
    assert reply.status == 200 and b"spot" in reply.body or b"\"id\"" in reply.body, reply


def test_case_resources(apart, gis_token):
    """The views that citybigdata_publisher owns."""
    assert check_envelope(apart.client.get("/data/cases?fields=taskNum,longitude,latitude", token=gis_token), 200, 0).data["items"]


def test_grids_and_areas(apart):
    """What computes with areas in SQL."""
    assert "110101" in apart.sql("SELECT * FROM citybigdata.validate_event('{\"districtCode\": \"110102\", \"longitude\": 116.403414, \"latitude\": 39.924091}', 'egova')")
    apart.sql("SELECT citybigdata.area_distance(116.4, 39.9), citybigdata.plane_to_lonlat(500000, 4400000)")
