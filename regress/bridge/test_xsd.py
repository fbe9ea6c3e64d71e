"""The XML schema of a published resource: what the platform answers as XML is valid against it (clause 5.4.1)."""
import copy

import pytest
from lxml import etree
from rig import check_envelope, check_refused


def schema_of(client, token, code):
    reply = client.get(f"/resources/{code}/schema.xsd", token=token)
    assert reply.status == 200 and reply.header("Content-Type") == "application/xml; charset=utf-8", reply
    return etree.XMLSchema(etree.fromstring(reply.body))


@pytest.fixture(scope="module")
def lamps(client, token, demo_data):
    return schema_of(client, token, "street-lights")


def reply_of(client, token, query, status=200):
    reply = client.get(f"/data/street-lights?format=xml&{query}", token=token)
    assert reply.status == status and reply.header("Content-Type").startswith("application/xml"), reply
    return etree.fromstring(reply.body)


@pytest.mark.parametrize("query", ["pageSize=20", "pageSize=3&count=exact", "pageSize=3&count=estimate&expandCodes=true", "fields=lampType,lightId&pageSize=2", "timeFormat=unix&pageSize=5",
                                   "crs=EPSG:4548&pageSize=5", "crs=GCJ02&pageSize=5", "lightId=-1", "sort=-lightId&pageSize=1000"])
def test_replies_are_valid(client, token, lamps, query):
    lamps.assertValid(reply_of(client, token, query))


def test_refusals_are_valid(client, token, lamps):
    lamps.assertValid(reply_of(client, token, "pageSize=0&nonsense=1", 400))
    lamps.assertValid(etree.fromstring(client.get("/data/street-lights?format=xml").body))  # no data at all


def test_masked_fields_and_nulls_are_valid(platform, client):
    """A grant of level 1 sees what is above it masked or as null."""
    app = platform.make_application(resources=["street-lights"], level=1)
    token = platform.token(app)
    page = reply_of(client, token, "pageSize=50")
    assert page.xpath("//item/*[@xsi:nil='true']", namespaces={"xsi": "http://www.w3.org/2001/XMLSchema-instance"}) or page.xpath("//item")
    schema_of(client, token, "street-lights").assertValid(page)


def test_says_more_than_any_element(client, token, lamps):
    """What the platform does not answer is not valid: another field, a text in place of a number, no cursor."""
    page = reply_of(client, token, "pageSize=2")
    for change in (lambda p: etree.SubElement(p.find("data/items/item"), "noSuchField"), lambda p: setattr(p.find("data/items/item/lightId"), "text", "x"),
                   lambda p: p.find("data").remove(p.find("data/nextCursor")), lambda p: etree.SubElement(p, "more")):
        changed = copy.deepcopy(page)
        change(changed)
        assert not lamps.validate(changed)


def test_every_field_is_declared(client, token, lamps):
    document = client.get("/resources/street-lights", token=token).data
    text = client.get("/resources/street-lights/schema.xsd", token=token).body.decode()
    for field in document["fields"]:
        assert f'<xs:element name="{field["name"]}"' in text and field["titleZh"] in text


def test_only_what_the_caller_may_see(platform, client, stranger, demo_data):
    token = platform.token(platform.make_application())
    check_envelope(client.get("/resources/street-lights/schema.xsd", token=token), 404, 40407)
    check_envelope(client.get("/resources/no-such-thing/schema.xsd", token=token), 404, 40407)
    assert check_refused(stranger.get("/resources/street-lights/schema.xsd")).status == 401
    # events are no table of fields: the envelope is all that is said
    events = schema_of(client, token, "events")
    events.assertValid(etree.fromstring(client.get("/events?otherTaskNum=none&format=xml", token=token).body))


def test_any_type_of_column(platform, client):
    """Every kind of field, nulls, markup in words and values."""
    platform.sql("""CREATE TABLE IF NOT EXISTS public.xsd_kind (kind_id int PRIMARY KEY, big_one bigint, real_one double precision, exact_one numeric, truth boolean, day_one date,
            at_one timestamptz, words text, texts text[], doc jsonb, place public.geometry(Point, 4490), area public.geometry(Polygon, 4490));
        COMMENT ON COLUMN public.xsd_kind.words IS 'a < b & "c"';
        INSERT INTO public.xsd_kind VALUES (1, 9007199254740993, 1e-7, 12345678901234567890.123, true, '2024-01-02', '2024-01-02 03:04:05+08', '<&>', '{a,b}', '{"x y": [1, null, {"z": "<"}]}',
            public.ST_SetSRID(public.ST_MakePoint(116.4, 39.9), 4490), public.ST_GeomFromText('POLYGON((116 39,117 39,117 40,116 39))', 4490)),
            (2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL), (3, -1, -1.5e300, 0.5, false, '1999-12-31', '1969-12-31 00:00:00+00', '', '{}', '[]', NULL, NULL)
            ON CONFLICT DO NOTHING;
        SELECT citybigdata.publish('public.xsd_kind', '{"code": "xsd-kinds"}')""")
    app = platform.make_application(resources=["xsd-kinds"])
    token = platform.token(app)
    schema = schema_of(client, token, "xsd-kinds")
    for query in ("", "&timeFormat=unix", "&crs=EPSG:4548", "&crs=BD09"):
        page = etree.fromstring(client.get("/data/xsd-kinds?format=xml" + query, token=token).body)
        assert len(page.findall("data/items/item")) == 3
        schema.assertValid(page)
