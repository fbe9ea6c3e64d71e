"""Schemas that are locked down: a hardened schema public changes nothing; one that is closed to the platform is told by /readyz and catalogue_problems()."""
from rig import check_envelope
from test_data import LIGHTS


def test_hardened_public(demo_data, client, token):
    """REVOKE ALL ON SCHEMA public FROM PUBLIC, the usual step: places, coordinate systems and readiness stay."""
    demo_data.sql("REVOKE ALL ON SCHEMA public FROM PUBLIC")
    try:
        assert client.get("//readyz").status == 200
        page = check_envelope(client.get(LIGHTS + "?bbox=116,39,117,41&crs=EPSG:4548&pageSize=1", token=token), 200, 0)
        assert "coordinateX" in page.data["items"][0]
        assert demo_data.value("SELECT count(*) FROM citybigdata.catalogue_problems() WHERE code = '-'") == 0
    finally:
        demo_data.sql("GRANT USAGE ON SCHEMA public TO PUBLIC")


def test_closed_to_the_platform(demo_data, client):
    """Not even the platform's own role may use it: 503 with the reason, and the remedy in SQL."""
    demo_data.sql("REVOKE ALL ON SCHEMA public FROM PUBLIC; REVOKE USAGE ON SCHEMA public FROM citybigdata_owner")
    try:
        told = check_envelope(client.get("//readyz"), 503, 50300)
        assert "schema of pgcrypto, postgis" in told.data["errors"][0]["message"] or "schema of postgis, pgcrypto" in told.data["errors"][0]["message"]
        remedies = {row[0] for row in demo_data.sql("SELECT remedy FROM citybigdata.catalogue_problems() WHERE code = '-' AND severity = 'error'")}
        assert remedies == {"GRANT USAGE ON SCHEMA public TO citybigdata_owner;"}
    finally:
        demo_data.sql("GRANT USAGE ON SCHEMA public TO PUBLIC, citybigdata_owner")
    assert client.get("//readyz").status == 200
