"""Open311 with `three` of PyPI, as it is: discovery, services, create, list, get, token. It was written for Python 2, whose itertools had
`ifilter`: that name is given to it; nothing of the client is changed."""
# /// script
# dependencies = ["three~=0.8", "requests"]
# ///
import itertools
import uuid

import pytest

itertools.ifilter = filter
from three import Three  # noqa: E402


@pytest.fixture(scope="module")
def city(platform, demo_data):
    app = platform.make_application(methods=["key"], resources=["open311"])
    base = platform.env["CBD_URL"].rstrip("/")
    three = Three(f"{base}/open311/v2", api_key=app["key"], jurisdiction="bj", discovery=f"{base}/open311/discovery.json")
    three.session.verify = platform.env["CBD_CA"]
    three.key = app["key"]
    return three


def test_discovery(city):
    assert city.discovery()["endpoints"][0]["url"].endswith("/open311/v2")


def test_services(city):
    codes = [s["service_code"] for s in city.services(api_key=city.key)]
    assert "60201" in codes
    assert city.services("60201", api_key=city.key)["service_code"] == "60201"


def test_create_list_get(city):
    words = f"路灯不亮 {uuid.uuid4().hex}"
    created = city.post("60201", address="王府井大街1号", lat="39.9097", long="116.4117", name="Zach Williams", phone="13800138000", description=words)
    number = created[0]["service_request_id"]
    assert [r["description"] for r in city.requests("60201", api_key=city.key, count=1)] == [words]
    assert number in [r["service_request_id"] for r in city.requests(api_key=city.key, start="01-01-2020", end="12-31-2099")]
    request = city.request(number, api_key=city.key)[0]
    assert (request["status"], request["address"], round(request["lat"], 4), round(request["long"], 4)) == ("open", "王府井大街1号", 39.9097, 116.4117)
    assert city.token(number, api_key=city.key) == [{"service_request_id": number, "token": number}]


def test_with_a_picture(city, tmp_path):
    """It sends pictures as multipart; what is not of the specification is not taken, the request is."""
    picture = tmp_path / "lamp.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    with picture.open("rb") as file:
        assert city.post("60201", lat="39.9097", long="116.4117", description="路灯不亮", media=file)[0]["service_request_id"]


def test_refused(city):
    assert {e["code"] for e in city.post("none", description="x")} == {400}
    assert city.request("none", api_key=city.key)[0]["code"] == 404
    assert city.requests(api_key="none")[0]["code"] == 403
