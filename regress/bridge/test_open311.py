"""Open311 GeoReport v2: what public clients send and read, in both formats; rights; what is refused, in the shape of the specification.

The rules of the five schemas (services, service definition, requests, request, errors) are written down here as what each member is.
"""
import re
import urllib.parse
import uuid
import xml.etree.ElementTree as ElementTree

import pytest
from case_rig import Bureau
from rig import check_envelope

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
text, number, boolean = (str,), (int, float), (bool,)
nothing = (type(None),)
# member: types, is it required to have a value
SERVICE = {"service_code": text, "service_name": text, "description": text, "metadata": boolean, "type": text, "keywords": text, "group": text}
ATTRIBUTE = {"variable": boolean, "code": text, "datatype": text, "required": boolean, "datatype_description": text + nothing, "order": (int,),
             "description": text, "values": (list,)}
REQUEST = {"service_request_id": text, "status": text, "status_notes": text + nothing, "service_name": text + nothing, "service_code": text,
           "description": text + nothing, "agency_responsible": text + nothing, "service_notice": text + nothing, "requested_datetime": text,
           "updated_datetime": text, "expected_datetime": text + nothing, "address": text + nothing, "address_id": text + nothing,
           "zipcode": text + nothing, "lat": number + nothing, "long": number + nothing, "media_url": text + nothing}
UPDATE = {"update_id": text, "service_request_id": text, "status": text, "updated_datetime": text, "description": text, "media_url": text + nothing}


def fits(item, schema):
    """The members of the schema and no others, each of its types."""
    assert list(item) == list(schema), item
    for name, types in schema.items():
        assert isinstance(item[name], types) and (boolean == types or not isinstance(item[name], bool)), (name, item[name])
        if name.endswith("_datetime") and item[name] is not None:
            assert TIME.fullmatch(item[name]), (name, item[name])


class Geo:
    """A client of the endpoint with a key."""

    def __init__(self, platform, **changes):
        self.platform = platform
        self.app = platform.make_application(methods=["key"], **{"resources": ["open311", "events"], **changes})
        self.client = platform.client

    def get(self, path, key=True, **query):
        if key:
            query["api_key"] = self.app["key"] if key is True else key
        return self.client.get(f"//open311/v2/{path}?{urllib.parse.urlencode(query)}")

    def post(self, path, key=True, headers=None, **fields):
        if key:
            fields["api_key"] = self.app["key"] if key is True else key
        return self.client.form(f"//open311/v2/{path}", fields, headers=headers or {})

    def report(self, **changes):
        fields = {"service_code": "60201", "lat": "39.9097", "long": "116.4117", "address_string": "王府井大街1号", "description": "路灯不亮", **changes}
        return self.post("requests.json", **{k: v for k, v in fields.items() if v is not None})

    def new(self, **changes):
        reply = self.report(**changes)
        assert reply.status == 200, reply
        fits(reply.json[0], {"service_request_id": text, "service_notice": text + nothing, "account_id": text + nothing})
        return reply.json[0]["service_request_id"]


def refused(reply, status, *fields):
    """A refusal as the specification has it, naming those fields."""
    assert reply.status == status, reply
    if reply.header("Content-Type").startswith("text/xml"):
        root = ElementTree.fromstring(reply.body)
        assert root.tag == "errors" and all(e.tag == "error" and [m.tag for m in e] == ["code", "description"] for e in root), reply
        errors = [{"code": int(e[0].text), "description": e[1].text} for e in root]
    else:
        errors = reply.json
    assert errors and all(list(e) == ["code", "description"] and e["code"] == status and e["description"] for e in errors), reply
    for field in fields:
        assert any(e["description"].startswith(field + ": ") for e in errors), (field, errors)
    return errors


@pytest.fixture(scope="module")
def geo(platform, demo_data):
    return Geo(platform)


@pytest.fixture(scope="module")
def bureau(platform):
    return Bureau(platform)


def test_discovery(platform):
    reply = platform.client.get("//open311/discovery.json")
    assert reply.status == 200 and reply.header("Content-Type").startswith("application/json")
    assert list(reply.json) == ["changeset", "contact", "key_service", "endpoints"]
    endpoint = reply.json["endpoints"][0]
    assert endpoint["url"].endswith("/open311/v2") and endpoint["type"] == "production" and endpoint["formats"] == ["text/xml", "application/json"]
    for path in ("discovery", "discovery.xml"):
        reply = platform.client.get(f"//open311/{path}")
        root = ElementTree.fromstring(reply.body)
        assert reply.header("Content-Type").startswith("text/xml") and root.tag == "discovery"
        assert root.find("endpoints/endpoint/formats/format").text == "text/xml"
    assert platform.client.get("//open311/discovery.yaml").status == 404


def test_services(geo):
    reply = geo.get("services.json")
    assert reply.status == 200 and reply.json, reply
    for service in reply.json:
        fits(service, SERVICE)
        assert service["type"] == "realtime"
    codes = [s["service_code"] for s in reply.json]
    assert "60201" in codes and "6" not in codes and "602" not in codes and len(codes) == len(set(codes))
    lamp = next(s for s in reply.json if s["service_code"] == "60201")
    root = ElementTree.fromstring(geo.get("services").body)
    assert root.tag == "services" and len(root) == len(codes) and {c.tag for c in root} == {"service"}
    xml = next(s for s in root if s.find("service_code").text == "60201")
    assert [m.tag for m in xml] == list(SERVICE) and xml.find("service_name").text == lamp["service_name"] and xml.find("metadata").text == "true"
    # the definition; what stands above is no service
    definition = geo.get("services/60201.json").json
    assert definition["service_code"] == "60201"
    for attribute in definition["attributes"]:
        fits(attribute, ATTRIBUTE)
        assert all(list(v) == ["key", "name"] for v in attribute["values"])
    assert geo.platform.value("SELECT count(*) FROM citybigdata.code_table_row WHERE table_name = 'event-level'") == sum(
        len(a["values"]) for a in definition["attributes"])
    assert ElementTree.fromstring(geo.get("services/60201.xml").body).tag == "service_definition"
    refused(geo.get("services/602.json"), 404, "service_code")
    refused(geo.get("services/none"), 404, "service_code")


JPEG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000") + bytes(range(256)) * 4 + b"\r\n--x\xff\xd9"


def multipart(geo, file, key="first", name="lamp.jpg", **changes):
    """A request with a file, as public clients send it; where the key stands."""
    fields = [("service_code", "60201"), ("lat", "39.9097"), ("long", "116.4117"), ("description", "路灯不亮")] + list(changes.items())
    api_key = [("api_key", geo.app["key"])]
    parts = [f'Content-Disposition: form-data; name="{n}"\r\n\r\n{v}'.encode() for n, v in (api_key if key == "first" else []) + fields]
    parts.append(f'Content-Disposition: form-data; name="media"; filename="{name}"\r\nContent-Type: image/jpeg\r\n\r\n'.encode() + file)
    parts += [f'Content-Disposition: form-data; name="{n}"\r\n\r\n{v}'.encode() for n, v in (api_key if key == "last" else [])]
    body = b"".join(b"--cbd-part\r\n" + part + b"\r\n" for part in parts) + b"--cbd-part--\r\n"
    query = f"?api_key={geo.app['key']}" if key == "query" else ""
    return geo.client.request("POST", f"//open311/v2/requests.json{query}", body, headers={"Content-Type": "multipart/form-data; boundary=cbd-part"})


@pytest.mark.parametrize("length, key", [(0, "first"), (0, "last"), (300000, "first"), (300000, "query")])
def test_file(geo, length, key):
    """A picture in the request is kept byte by byte, large ones where the key is known before them."""
    picture = JPEG + b"\0" * length
    reply = multipart(geo, picture, key)
    assert reply.status == 200, reply
    number = reply.json[0]["service_request_id"]
    url = geo.get(f"requests/{number}.json").json[0]["media_url"]
    geo.client.secrets.add(url.rsplit("/", 1)[1])
    got = geo.client.get("//" + url.split("/", 3)[3])
    assert got.status == 200 and got.body == picture and got.header("Content-Type") == "image/jpeg"


def test_file_beside_an_address(geo):
    """Both: two media, the address first."""
    reply = multipart(geo, JPEG, media_url="https://example.cn/1.jpg")
    assert reply.status == 200, reply
    number = reply.json[0]["service_request_id"]
    assert geo.platform.value("SELECT media_count FROM citybigdata.event WHERE task_num = %s", number) == 2
    assert geo.get(f"requests/{number}.json").json[0]["media_url"] == "https://example.cn/1.jpg"


def test_files_refused(geo, platform):
    """What is no image; a large one whose sender is not known before it, or is nobody; a file in another field."""
    refused(multipart(geo, b"MZ\x90\0 no image at all"), 400, "media")
    empty = multipart(geo, b"", name="")  # a form in which nobody has chosen a file
    assert geo.platform.value("SELECT media_count FROM citybigdata.event WHERE task_num = %s", empty.json[0]["service_request_id"]) == 0
    assert multipart(geo, JPEG + b"\0" * 300000, "last").status in (401, 403)
    nobody = Geo(platform)
    nobody.app = {**nobody.app, "key": str(uuid.uuid4())}
    assert multipart(nobody, JPEG + b"\0" * 300000, "first").status in (401, 403)
    limit = int(platform.value("SELECT setting FROM pg_settings WHERE name = 'citybigdata.media_limit'"))
    refused(multipart(geo, JPEG + b"\0" * (limit * 1024)), 400, "media")


def test_report_and_follow(geo):
    number = geo.new(first_name="三", last_name="张", phone="13800138000", email="z@example.cn", media_url="https://example.cn/1.jpg",
                     jurisdiction_id="bj", device_id="x", **{"attribute[level]": "1"})
    case = geo.platform.sql("""SELECT sender_code, event_type_code, main_type_code, sub_type_code, event_level_id, address, media_count,
        public.ST_DistanceSphere(geom, public.ST_SetSRID(public.ST_MakePoint(116.4117, 39.9097), 4490)) < 0.1 FROM citybigdata.event WHERE task_num = %s""", number)[0]
    assert case == (geo.app["senders"][0], "6", "602", "60201", 1, "王府井大街1号", 1, True)
    for path in (f"requests/{number}.json", f"requests.json?service_request_id={number}"):
        path, _, query = path.partition("?")
        reply = geo.get(path, **dict(urllib.parse.parse_qsl(query)))
        assert reply.status == 200 and len(reply.json) == 1, reply
        fits(reply.json[0], REQUEST)
        assert reply.json[0]["status"] == "open" and reply.json[0]["service_code"] == "60201" and reply.json[0]["media_url"] == "https://example.cn/1.jpg"
        assert abs(reply.json[0]["lat"] - 39.9097) < 1e-6 and abs(reply.json[0]["long"] - 116.4117) < 1e-6
    root = ElementTree.fromstring(geo.get(f"requests/{number}").body)
    assert root.tag == "service_requests" and root[0].tag == "request" and root[0].find("service_request_id").text == number
    assert root[0].find("address_id").text is None
    token = geo.get(f"tokens/{number}.json").json
    assert token == [{"service_request_id": number, "token": number}]
    assert ElementTree.fromstring(geo.post("requests", service_code="60201", lat="39.91", long="116.41", description="x").body).find(
        "request/service_request_id").text
    # the same Idempotency-Key is the same request; another one is another
    key = {"Idempotency-Key": uuid.uuid4().hex}
    first, second = (geo.post("requests.json", headers=key, service_code="60201", lat="39.91", long="116.41", description="x") for _ in range(2))
    assert first.json == second.json
    refused(geo.post("requests.json", headers=key, service_code="60201", lat="39.91", long="116.41", description="y"), 400)


def test_lists(geo):
    numbers = [geo.new(description=f"列表 {i}") for i in range(5)]
    page = geo.get("requests.json", page_size=2).json
    assert [r["service_request_id"] for r in page] == numbers[:2:-1]
    assert [r["service_request_id"] for r in geo.get("requests.json", page_size=2, page=2).json] == numbers[2:0:-1]
    assert {r["service_request_id"] for r in geo.get("requests.json", service_request_id=",".join(numbers[:3]) + ",none").json} == set(numbers[:3])
    assert geo.get("requests.json", service_request_id="none").json == []
    assert geo.get("requests.json", status="closed").json == []
    assert len(geo.get("requests.json", status="open,closed").json) >= 5
    assert geo.get("requests.json", service_code="6,602").json == []
    assert geo.get("requests.json", start_date="2001-01-01T00:00:00Z", end_date="2001-02-01T00:00:00Z").json == []
    assert geo.get("requests.json", updated_after="2099-01-01T00:00:00Z").json == []
    assert len(geo.get("requests.json", updated_after="2020-01-01T00:00:00Z", updated_before="2099-01-01T00:00:00Z", service_code="60201").json) >= 5
    for name, wrong in (("status", "fixed"), ("start_date", "yesterday"), ("page", "0"), ("page_size", "201"), ("page", "9999999"), ("updated_after", "-1")):
        refused(geo.get("requests.json", **{name: wrong}), 400, name)
    refused(geo.get("requests", page_size="all"), 400, "page_size")
    refused(geo.get("requests.json", service_code=",".join("x" * 201)), 400, "service_code")


def test_rights(platform, geo):
    number = geo.new()
    other, reader, ungranted = Geo(platform), Geo(platform, resources=["open311", "cases"], level=3), Geo(platform, resources=["events"])
    refused(other.get(f"requests/{number}.json"), 404, "service_request_id")
    refused(other.get(f"tokens/{number}"), 404, "token")
    assert other.get("requests.json").json == [] and other.get("requests.json", service_request_id=number).json == []
    assert other.get("servicerequestupdates.json", service_request_id=number).json == []
    assert reader.get(f"requests/{number}.json").json[0]["service_request_id"] == number
    refused(other.post("servicerequestupdates.json", service_request_id=number, description="伪造"), 404, "service_request_id")
    refused(reader.post("servicerequestupdates.json", service_request_id=number, description="伪造"), 403)
    for path in ("services", "services/60201", "requests", f"requests/{number}", f"tokens/{number}", "servicerequestupdates"):
        for suffix in ("", ".json", ".xml"):
            refused(ungranted.get(path + suffix), 403)
            refused(geo.get(path + suffix, key=False), 403)
    refused(ungranted.report(), 403)
    # a token of the application serves as well; an application by password alone has no key that counts
    assert check_envelope(platform.client.get("/events?since=20200101", token=platform.token(geo.app)), 200, 0)
    reply = platform.client.get("//open311/v2/services.json", token=platform.token(geo.app))
    assert reply.status == 200, reply
    no_key = platform.make_application(methods=["key", "password"], resources=["open311"])
    platform.sql("UPDATE citybigdata.application SET methods = '{password}' WHERE app_code = %s", no_key["appCode"])
    refused(platform.client.get(f"//open311/v2/services.json?api_key={no_key['key']}"), 403)
    platform.sql("UPDATE citybigdata.application SET state = 'suspended' WHERE app_code = %s", other.app["appCode"])
    refused(other.get("services.json"), 403)


def test_wrong_keys_lock_the_address(platform, geo):
    client = platform.client.at("127.9.9.9")
    path = "//open311/v2/services.json?api_key="
    statuses = [client.get(path + str(uuid.uuid4())).status for _ in range(30)]
    assert statuses[0] == 403 and statuses[-1] == 429, statuses
    reply = client.get(path + geo.app["key"])
    refused(reply, 429)
    assert int(reply.header("Retry-After")) > 0
    assert platform.client.get(path + geo.app["key"]).status == 200
    platform.sql("DELETE FROM citybigdata.lockout WHERE true")


def test_bad_input(platform, geo):
    for name, wrong in (("service_code", None), ("service_code", "none"), ("service_code", "6"), ("service_code", "x" * 10000), ("description", None),
                        ("description", "  "), ("description", "字" * 4001), ("lat", None), ("long", None), ("lat", "north"), ("lat", "91"), ("long", "181"),
                        ("lat", "nan"), ("long", "1e999"), ("lat", "116.4117"), ("phone", "no number"), ("media_url", "javascript:alert(1)"),
                        ("description", "a\x00b"), ("attribute[level]", "many")):
        reply = geo.report(**{name: wrong})
        assert 400 <= reply.status < 500, (name, wrong, reply)
        refused(reply, reply.status)
    # all at once
    refused(geo.post("requests.json"), 400, "service_code", "description", "lat", "long")
    refused(geo.report(lat="31.2", long="121.5"), 400)  # Shanghai
    refused(geo.post("requests", service_code="none", lat="x", long="y", description=""), 400, "service_code", "lat", "long", "description")
    assert geo.report(description="字" * 4000).status == 200
    reply = geo.client.post("//open311/v2/requests.json?api_key=" + geo.app["key"], b"{", headers={"Content-Type": "application/json"})
    refused(reply, 400)
    refused(geo.client.request("POST", "//open311/v2/requests.json?api_key=" + geo.app["key"], b"<request/>", headers={"Content-Type": "text/xml"}), 415)
    assert geo.client.request("PUT", "//open311/v2/requests.json").status == 405
    # text that XML cannot hold does not break the list
    number = geo.new(description="<b>&\"'\ud7ff</b>")
    assert ElementTree.fromstring(geo.get(f"requests/{number}").body)[0].find("description").text.startswith("<b>&\"'")
    with platform.setting("citybigdata.open311_anonymous", "off"):
        refused(geo.report(), 400, "phone")
        assert geo.report(first_name="三", last_name="张", email="z@example.cn").status == 200
    nobody = Geo(platform, senderCodes=[])
    refused(nobody.report(), 403)


def test_updates(geo, bureau):
    number = geo.new()
    bureau.take("desk", number, "accept", note="受理")
    bureau.take("filer", number, "file", conditionCode="CASE-1")
    updates = geo.get("servicerequestupdates.json").json
    mine = [u for u in updates if u["service_request_id"] == number]
    for update in mine:
        fits(update, UPDATE)
    assert [u["status"] for u in mine] == ["ACTION_SCHEDULED", "ACTION_SCHEDULED"] and mine[0]["description"] == "受理"
    root = ElementTree.fromstring(geo.get("servicerequestupdates.xml", service_request_id=number).body)
    assert root.tag == "service_request_updates" and [u.tag for u in root] == ["request_update"] * 2
    assert [m.tag for m in root[0]] == list(UPDATE)
    # a client comments, and closes nothing; the same update again is none
    fields = {"service_request_id": number, "update_id": "17", "status": "FIXED", "updated_datetime": "2026-01-31T08:30:00Z", "description": "已修好"}
    first, second = (geo.post("servicerequestupdates.json", **fields) for _ in range(2))
    assert first.status == 200 and first.json == second.json == [{"update_id": f"{number}-3"}], (first, second)
    assert ElementTree.fromstring(geo.post("servicerequestupdates", service_request_id=number, description="再看看").body).find(
        "request_update/update_id").text == f"{number}-4"
    last = bureau.case("desk", number).data["steps"][-2:]
    assert [(s["action"], s["note"]) for s in last] == [("comment", "[FIXED] 已修好"), ("comment", "再看看")]
    assert geo.get(f"requests/{number}.json").json[0]["status"] == "open"
    for name, wrong in (("status", "DONE"), ("updated_datetime", "soon"), ("description", None), ("description", "字" * 4001), ("update_id", "x" * 101)):
        reply = geo.post("servicerequestupdates.json", **{k: v for k, v in {**fields, name: wrong}.items() if v is not None})
        refused(reply, 400, name)
    refused(geo.post("servicerequestupdates.json", **{**fields, "service_request_id": "none"}), 404, "service_request_id")
    refused(geo.post("servicerequestupdates.json", **{**fields, "description": "another"}), 400)
    refused(geo.get("servicerequestupdates.json", start_date="2020-01-01T00:00:00Z"), 400, "start_date")
    # a duplicate tells which case stands for it, and is closed when that is
    other = geo.new()
    bureau.take("desk", other, "merge", mainTaskNum=number)
    request = geo.get(f"requests/{other}.json").json[0]
    assert request["status"] == "open" and number in request["status_notes"]
    bureau.take("dispatcher", number, "dispatch", to={"unit": "CASE-LIGHT-1"})
    bureau.take("unit", number, "handle")
    bureau.take("filer", number, "close")
    assert [geo.get(f"requests/{n}.json").json[0]["status"] for n in (number, other)] == ["closed", "closed"]
    assert {r["service_request_id"] for r in geo.get("requests.json", status="closed").json} == {number, other}
    assert geo.get("servicerequestupdates.json", service_request_id=other).json[-1]["status"] == "DUPLICATE"
    assert geo.get("servicerequestupdates.json", service_request_id=number).json[-1]["status"] == "FIXED"
