# /// script
# dependencies = ["openapi-spec-validator~=0.7", "requests~=2.32"]
# ///
"""The description of OGC API Features against the schema of OpenAPI 3.0: for everybody, with a caller's collections, and behind a sealed base."""
import os
import sys

import pytest
import requests
from openapi_spec_validator import OpenAPIV30SpecValidator

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "bridge"))
from platform_rig import demo_data, platform  # noqa: E402,F401


@pytest.fixture(scope="module")
def addresses(demo_data):
    """Address and header of each of the three."""
    url, token = demo_data.env["CBD_URL"], demo_data.token()
    base = demo_data.client.post("/auth/sealed-url", {"resource": "/ogc"}, token=token).data["url"]
    return {"nobody": (url + "/ogc/api", {}), "caller": (url + "/ogc/api", {"Authorization": f"Bearer {token}"}), "sealed": (base + "/api", {})}


@pytest.mark.parametrize("who", ["nobody", "caller", "sealed"])
@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_valid(demo_data, addresses, who, language):
    address, headers = addresses[who]
    reply = requests.get(address, headers={**headers, "Accept-Language": language}, verify=demo_data.env["CBD_CA"], timeout=30)
    assert reply.status_code == 200 and reply.headers["Content-Type"] == "application/vnd.oai.openapi+json;version=3.0"
    errors = list(OpenAPIV30SpecValidator(reply.json()).iter_errors())
    assert not errors, errors
    assert ("/collections/street-lights/items" in reply.json()["paths"]) == (who != "nobody")
