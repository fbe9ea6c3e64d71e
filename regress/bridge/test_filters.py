"""Filters of published resources: the OpenAPI document, the resource's own document and the manual name those that the engine takes."""
import pytest
from rig import check_envelope

OPERATORS = ("eq", "ne", "lt", "le", "gt", "ge", "in", "like", "isNull")
ORDERED = {"eq", "ne", "lt", "le", "gt", "ge", "in", "isNull"}
# column: type, its operators, a value, the type of the value in the document
COLUMNS = {
    "id": ("integer PRIMARY KEY", ORDERED, "1", "integer"), "big": ("bigint", ORDERED, "9007199254740993", "integer"), "amount": ("numeric(10,2)", ORDERED, "1.5", "number"),
    "weight": ("double precision", ORDERED, "1e3", "number"), "lit": ("boolean", ORDERED, "true", "boolean"), "note": ("text", set(OPERATORS), "灯", "string"),
    "code": ("varchar(20)", set(OPERATORS), "A", "string"), "filled": ("char(6)", set(OPERATORS), "A", "string"), "label": ("filters.label", set(OPERATORS), "A", "string"),
    "day": ("date", ORDERED, "20240102", "string"), "seen": ("timestamptz", ORDERED, "20240102030405", "string"), "uuid": ("uuid", ORDERED, "0e37df36-f698-11e6-8dd4-cb9ced3df976", "string"),
    "stage": ("filters.stage", ORDERED, "open", "string"), "time": ("timestamptz", ORDERED, "20240102030405", "string"),
    "more": ("jsonb", {"isNull"}, "{}", None), "tags": ("text[]", {"isNull"}, "a", None), "geom": ("geometry(Point, 4490)", {"isNull"}, "x", None), "host": ("inet", {"isNull"}, "10.0.0.1", None)}


@pytest.fixture(scope="module")
def filters(demo_data):
    """A resource with a column of each kind, one of them named like a parameter; a token for it."""
    demo_data.sql("DROP SCHEMA IF EXISTS filters CASCADE; CREATE SCHEMA filters; CREATE DOMAIN filters.label AS text; CREATE TYPE filters.stage AS ENUM ('new', 'open', 'done');"
                  f"CREATE TABLE filters.every ({', '.join(f'{name} {kind[0]}' for name, kind in COLUMNS.items())})")
    demo_data.sql("SELECT citybigdata.publish('filters.every', '{\"code\": \"every-filter\", \"timeColumn\": \"seen\"}')")
    yield demo_data.token(demo_data.make_application(resources=["every-filter"]))
    demo_data.sql("SELECT citybigdata.unpublish('every-filter'); DROP SCHEMA filters CASCADE")


def test_documented_filters(filters, client):
    """Each operator of each field is a parameter, and no other."""
    operation = client.get("//openapi.json?lang=en", token=filters).json["paths"]["/api/v1/data/every-filter"]["get"]
    own = {p["name"]: p for p in operation["parameters"] if "name" in p}
    wanted = {f"{name}.{op}" for name, (_, ops, _, _) in COLUMNS.items() for op in ops if op != "eq"} | {name for name, kind in COLUMNS.items() if "eq" in kind[1]} - {"time"} | {"time.eq"}
    assert set(own) == wanted
    for name, (_, ops, _, kind) in COLUMNS.items():
        for op in ops - {"isNull", "in"}:
            parameter = own[name if op == "eq" and name != "time" else f"{name}.{op}"]
            assert parameter["schema"]["type"] == kind, parameter
        assert own[f"{name}.isNull"]["schema"]["type"] == "boolean"
        if "in" in ops:
            assert own[f"{name}.in"]["schema"]["items"]["type"] == kind and own[f"{name}.in"]["explode"] is False


def test_documented_body(filters, client):
    """The body of POST has the same members as the query, by a schema of its own."""
    document = client.get("//openapi.json?lang=en", token=filters).json
    path = document["paths"]["/api/v1/data/every-filter"]
    body = {media: content["schema"]["$ref"] for media, content in path["post"]["requestBody"]["content"].items()}
    assert set(body.values()) == {"#/components/schemas/every-filter.Query"} and set(body) == {"application/json", "application/x-www-form-urlencoded"}
    members = document["components"]["schemas"]["every-filter.Query"]["properties"]
    assert {p["name"] for p in path["get"]["parameters"] if "name" in p} <= set(members)


def test_titles_are_no_names(filters, demo_data, client):
    """A reader of headings asks by the title: the field's name is told, for a filter, for `fields` and for `sort`."""
    demo_data.sql("COMMENT ON COLUMN filters.every.note IS '树种'; SELECT citybigdata.publish('filters.every', '{\"code\": \"every-filter\", \"timeColumn\": \"seen\"}')")
    for query, pointer in (({"树种": "国槐"}, "/树种"), ({"fields": "树种"}, "/fields"), ({"sort": "-树种"}, "/sort")):
        reply = client.post("/data/every-filter", query, token=filters)
        assert reply.status == 400 and [e["pointer"] for e in reply.json["data"]["errors"]] == [pointer]
        assert reply.json["data"]["errors"][0]["message"] == '"树种" is a title; the name of that field is note'


@pytest.mark.parametrize("name", COLUMNS)
def test_engine_takes_what_is_documented(filters, client, name):
    """field.op is taken where it is documented, and refused with the reason where it is not."""
    _, ops, value, _ = COLUMNS[name]
    fields = {f["name"]: f for f in check_envelope(client.get("/resources/every-filter", token=filters), 200, 0).data["fields"]}
    assert set(fields[name]["operators"]) == ops
    for op in OPERATORS:
        query = {f"{name}.{op}": "true" if op == "isNull" else value}
        reply = client.post("/data/every-filter", query, token=filters)
        if op in ops:
            check_envelope(reply, 200, 0)
        else:
            assert reply.status == 400 and [e["pointer"] for e in reply.json["data"]["errors"]] == [f"/{name}.{op}"], reply.body


def test_manual_names_operators(filters, client):
    """The manual has one row for a field, with its operators, and none for each operator."""
    for language, word in (("en", "Operators"), ("zh", "运算符")):
        page = client.get(f"//docs?lang={language}", token=filters).body.decode()
        section = page[page.index('id="getData-every-filter"'):].partition("</article>")[0]
        assert f"{word} <code>eq</code>" in section and "<code>like</code>" in section
        assert "note.like" not in section and section.count("<td><code>note</code>") == 1
