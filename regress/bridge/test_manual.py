"""The interface manual (clause A.1): OpenAPI document and page, by routes, catalogue and caller; nothing live is undocumented."""
import gzip
import html
import itertools
import json
import os
import re
import shutil
import subprocess

import jsonschema
import own_bridge
import pytest
from platform_rig import TOP
from rig import check_envelope, check_refused

LANGUAGES = ("en", "zh")
FRONT = "//openapi.json"
METHODS = ("get", "post")
# what the database tells is asked with a credential only
CREDENTIALS = {"authCode", "accessToken"}


def operations(spec):
    return [(path, method, item[method]) for path, item in spec["paths"].items() for method in METHODS if method in item]


def resolve(spec, value):
    """The object that a local reference names."""
    while "$ref" in value:
        target = spec
        for part in value["$ref"].removeprefix("#/").split("/"):
            target = target[part.replace("~1", "/").replace("~0", "~")]
        value = target
    return value


def references(value):
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value
        for name, member in value.items():
            if name not in ("example", "x-codeSamples"):
                yield from references(member)
    elif isinstance(value, list):
        for member in value:
            yield from references(member)


def schemas(value):
    """Every object that has a type, however deep."""
    if isinstance(value, dict):
        if isinstance(value.get("type"), (str, list)):
            yield value
        for member in value.values():
            yield from schemas(member)
    elif isinstance(value, list):
        for member in value:
            yield from schemas(member)


def parameters_of(spec, operation):
    """Names of all that an operation takes, in whatever place."""
    names = {resolve(spec, p)["name"] for p in operation.get("parameters", [])}
    for media in operation.get("requestBody", {}).get("content", {}).values():
        names |= set(resolve(spec, media["schema"])["properties"])
    return names


def codes_of(spec, operation):
    return {code for response in operation["responses"].values() for code in resolve(spec, response).get("x-statusCodes", [])}


@pytest.fixture(scope="module")
def documents(platform, demo_data):
    """{(language, who): the document} of nobody, the demo application and an administrator."""
    token = platform.token()
    who = {"nobody": None, "application": token, "administrator": platform.admin_token}
    found = {}
    for language, (name, bearer) in itertools.product(LANGUAGES, who.items()):
        reply = platform.client.get(f"{FRONT}?lang={language}", token=bearer)
        assert reply.status == 200 and reply.header("Content-Type") == "application/json; charset=utf-8", reply
        found[language, name] = reply.json
    return found


@pytest.fixture(scope="module")
def pages(platform, demo_data):
    return {language: platform.client.get(f"//docs?lang={language}").body.decode() for language in LANGUAGES}


def test_served_is_what_is_printed(platform, client):
    command = [own_bridge.program(platform), "--config", os.path.join(platform.folder, "bridge.conf"), "--print-openapi"]
    printed = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout
    assert json.loads(printed) == client.get(FRONT).json
    assert client.get(FRONT).json["servers"] == [{"url": platform.env["CBD_URL"]}]
    # no configuration, no database: the same but for the address
    bare = subprocess.run([own_bridge.program(platform), "--print-openapi"], capture_output=True, text=True, check=True, timeout=60, env={}).stdout
    assert json.loads(bare)["paths"] == client.get(FRONT).json["paths"]


def test_every_route_and_parameter(platform, documents):
    spec = documents["en", "nobody"]
    told = {(path, method.upper()): operation for path, method, operation in operations(spec)}
    routes = own_bridge.routes(platform)
    assert set(told) == {(r.path, r.method) for r in routes}
    for route in routes:
        missing = set(route.parameters) - parameters_of(spec, told[route.path, route.method])
        assert not missing, (route.path, missing)


def test_well_formed(documents):
    """What every reader of OpenAPI 3.1 relies on; make lint-openapi asks public linters."""
    for (language, who), spec in documents.items():
        assert spec["openapi"] == "3.1.0" and spec["info"]["version"]
        for value in references(spec):
            assert resolve(spec, value) is not None, value
        for schema in schemas(spec["components"]["schemas"]):
            assert "array" not in schema.get("type", ()) or "items" in schema, schema
        ids = [o["operationId"] for _, _, o in operations(spec)]
        assert len(ids) == len(set(ids))
        tags = {t["name"] for t in spec["tags"]}
        for path, method, operation in operations(spec):
            where = (who, path, method)
            own = [resolve(spec, p) for p in operation.get("parameters", [])]
            assert set(re.findall(r"{([^}]*)}", path)) == {p["name"] for p in own if p["in"] == "path"}, where
            assert len(own) == len({(p["name"], p["in"]) for p in own}), where
            assert all(p["required"] for p in own if p["in"] == "path") and all(p["description"] and p["schema"] is not None for p in own), where
            assert operation["summary"] and operation["tags"] and set(operation["tags"]) <= tags, where
            assert "200" in operation["responses"] and all(resolve(spec, r)["description"] for r in operation["responses"].values()), where
            for way in operation["security"]:
                assert set(way) <= set(spec["components"]["securitySchemes"]), where


def test_both_languages(documents):
    """Every description is in the language that was asked for."""
    def words(value):
        if isinstance(value, dict):
            for name, member in value.items():
                if name in ("description", "summary", "x-displayName") and isinstance(member, str):
                    yield member
                elif name == "properties":
                    yield from words(list(member.values()))
                elif name not in ("example", "securitySchemes", "responses", "x-codeSamples", "x-codes"):
                    yield from words(member)
        elif isinstance(value, list):
            for member in value:
                yield from words(member)
    hanzi = re.compile("[\u4e00-\u9fff]")
    english, chinese = list(words(documents["en", "nobody"])), list(words(documents["zh", "nobody"]))
    assert len(english) == len(chinese) > 300
    # names and values stand in both
    assert not [text for text in chinese if not hanzi.search(text) and re.search("[a-z] [a-z]", text)]
    assert not [text for text in english if hanzi.search(text) and not re.search("[a-z]", text)]


def test_examples_are_valid(documents):
    for (language, who), spec in documents.items():
        resolver = jsonschema.RefResolver.from_schema(spec)

        def check(where, media):
            if "example" in media:
                jsonschema.Draft202012Validator(media["schema"], resolver=resolver).validate(media["example"])
                return 1
            return 0
        count = 0
        for path, method, operation in operations(spec):
            for one in operation.get("parameters", []):
                count += check((path, one), resolve(spec, one))
            for response in [operation.get("requestBody", {}), *operation["responses"].values()]:
                for media in resolve(spec, response).get("content", {}).values():
                    count += check((path, method), media)
        assert count > 100


def test_live_replies_fit_their_schemas(platform, client, token, documents):
    """What the platform answers is what the document says."""
    spec = documents["en", "application"]
    resolver = jsonschema.RefResolver.from_schema(spec)
    event = platform.event()
    task = check_envelope(platform.report(event, token), 200, 0).data["taskNum"]
    calls = {"/api/v1/events/{taskNum}": f"/events/{task}", "/api/v1/events": f"/events?otherTaskNum={event['otherTaskNum']}", "/api/v1/code-tables": "/code-tables",
             "/api/v1/divisions/{code}": "/divisions/110101", "/api/v1/code-tables/{name}": "/code-tables/event-state", "/api/v1/status-codes": "/status-codes",
             "/api/v1/resources": "/resources", "/api/v1/resources/{code}": "/resources/street-lights", "/api/v1/data/{resource}": "/data/street-lights?pageSize=5",
             "/api/v1/data/street-lights": "/data/street-lights?count=exact&expandCodes=true", "/healthz": "//healthz", "/readyz": "//readyz"}
    for path, call in calls.items():
        reply = check_envelope(client.get(call, token=token), 200, 0)
        schema = spec["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        jsonschema.Draft202012Validator(schema, resolver=resolver).validate(reply.json)
    refused = check_envelope(client.get("/data/street-lights?pageSize=0", token=token), 400)
    jsonschema.Draft202012Validator({"$ref": "#/components/schemas/Failure"}, resolver=resolver).validate(refused.json)
    # members that are answered are described
    item = client.get("/data/street-lights?pageSize=1", token=token).data["items"][0]
    assert set(item) <= set(spec["components"]["schemas"]["street-lights.Item"]["properties"])
    case = client.get(f"/events/{task}", token=token).data
    assert set(case) <= set(spec["components"]["schemas"]["Case"]["properties"])


def test_refusals_have_documented_codes(platform, stranger, token, documents):
    """Calls that lack everything, and calls that have too much: whatever the number, it is in the document."""
    spec, unknown = documents["en", "nobody"], []
    for number, (path, method, operation) in enumerate(operations(spec)):
        client = stranger.at(f"127.9.1.{number + 1}")
        where = re.sub("{[^}]*}", "no-such-1", path)
        body = {} if method == "post" else None
        replies = [client.request(method.upper(), "/" + where, body), client.request(method.upper(), "/" + where, body, token=token),
                   client.request(method.upper(), "/" + where, body, token="A" * 43),
                   client.request(method.upper(), "/" + where + "?nonsense=1", body, token=token)]
        for reply in replies:
            if not reply.header("Content-Type").startswith("application/json") or "statusCode" not in reply.json:
                continue
            assert reply.status < 500, (path, reply)
            if reply.code != 0 and reply.code not in codes_of(spec, operation):
                unknown.append((method, path, reply.code))
    assert not unknown, "add them to \"codes\" of the entry in bridge/web/manual/*.json"


def test_data_parameters_are_those_of_the_catalogue(platform, documents):
    """The words of the platform's part come from the same rows that the database shows."""
    live = {row[0]: row[1:] for row in platform.sql("SELECT name, title, description, title_zh, description_zh FROM citybigdata.standard_parameters()")}
    assert set(live) == {name for name, in platform.sql("SELECT unnest(citybigdata.query_parameters())")}
    for language, (title, text) in (("en", (0, 1)), ("zh", (2, 3))):
        spec = documents[language, "nobody"]
        shown = {name.removeprefix("data."): s["description"] for name, s in spec["components"]["schemas"].items() if name.startswith("data.")}
        assert set(shown) == set(live) - {"authCode"}  # that is a way of authorisation
        for name, description in shown.items():
            assert live[name][title] in description and live[name][text] in description, name
    spec = documents["en", "nobody"]
    assert set(live) - CREDENTIALS <= parameters_of(spec, spec["paths"]["/api/v1/data/{resource}"]["get"])
    assert set(live) - {"authCode"} <= parameters_of(spec, spec["paths"]["/api/v1/data/{resource}"]["post"])


def test_resource_is_documented_as_it_is(platform, client, token, documents):
    document = check_envelope(client.get("/resources/street-lights", token=token), 200, 0).data
    for language in LANGUAGES:
        spec = documents[language, "application"]
        operation = spec["paths"]["/api/v1/data/street-lights"]["get"]
        assert operation["summary"] == document["titleZh" if language == "zh" else "title"]
        assert {p["name"] for p in document["parameters"]} - CREDENTIALS <= parameters_of(spec, operation)
        assert {f["name"] for f in document["fields"] if f["filterable"]} <= parameters_of(spec, operation)
        shown = spec["components"]["schemas"]["street-lights.Item"]["properties"]
        assert {f["name"] for f in document["fields"]} <= set(shown)
        for field in document["fields"]:
            assert shown[field["name"]].get("x-codeTable") == field["codeTable"]
    lamp = spec["components"]["schemas"]["street-lights.Item"]["properties"]["lampType"]
    codes = {c["code"]: c["name"] for c in check_envelope(client.get("/" + lamp["x-codeTable"], token=token), 200, 0).data["items"]}
    assert {c["code"]: c["name"] for c in lamp["x-codes"]} == codes


def data_paths(spec):
    return {p.rsplit("/", 1)[1] for p in spec["paths"] if p.startswith("/api/v1/data/") and "{" not in p}


def test_only_what_the_caller_may_see(platform, client, documents):
    granted = {r["code"] for r in check_envelope(client.get("/resources", token=platform.token()), 200, 0).data["items"]}
    platform.sql("""CREATE TABLE IF NOT EXISTS public.manual_secret (secret_id int PRIMARY KEY, hidden_treasure text);
                    SELECT citybigdata.publish('public.manual_secret', '{"code": "manual-secrets"}')""")
    other = platform.make_application()
    token = platform.token(other)
    for path in (FRONT, "//docs"):
        assert "manual-secrets" in client.get(path, token=platform.admin_token).body.decode()
        for bearer in (None, token, platform.token()):
            assert not re.search("manual.secret|hiddenTreasure", client.get(path, token=bearer).body.decode())
    assert data_paths(documents["en", "nobody"]) == set() == data_paths(client.get(FRONT, token=token).json)
    assert "street-lights" in granted and data_paths(documents["en", "application"]) == granted - {"events"}
    # a grant that is suspended shows nothing from the next request on
    lamps = platform.make_application(resources=["events", "street-lights"])
    token = platform.token(lamps)
    assert data_paths(client.get(FRONT, token=token).json) == {"street-lights"}
    platform.sql("SELECT citybigdata.suspend_grant(%s, 'street-lights')", lamps["appCode"])
    assert data_paths(client.get(FRONT, token=token).json) == set()
    assert "street-lights" not in [p for p in client.get(FRONT, token=token).json["paths"]]


def test_bad_credentials(client, stranger):
    """A token that does not hold gets no manual, rather than one that lacks what was asked for."""
    for path in (FRONT, "//docs"):
        assert check_refused(stranger.get(path, token="A" * 43)).status == 401
        assert check_refused(stranger.get(path, headers={"X-App-Code": "nonsense", "X-Timestamp": "1", "X-Nonce": "12345678", "X-Signature": "AAAA"})).status in (400, 401)
        check_envelope(stranger.get(path + "?lang=fr"), 400, 40007)
        check_envelope(stranger.get(path + "?nonsense=1"), 400, 40008)
        check_envelope(stranger.post(path, {}), 405, 40500)


def test_language(client):
    for path, english, chinese in ((FRONT, "Register an account", "注册用户"), ("//docs", "Interface manual", "接口说明书")):
        for accept, wanted in (({}, english), ({"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5"}, chinese), ({"Accept-Language": "en"}, english)):
            assert wanted in client.get(path, headers=accept).body.decode()
        assert english in client.get(path + "?lang=en", headers={"Accept-Language": "zh"}).body.decode()
        assert "Accept-Language" in ", ".join(v for n, v in client.get(path).headers if n.lower() == "vary")


def test_page_has_everything(platform, documents, pages):
    for language, page in pages.items():
        spec = documents[language, "nobody"]
        text = html.unescape(re.sub("<[^>]*>", "", page))
        for path, method, operation in operations(spec):
            assert f'id="{operation["operationId"]}"' in page and operation["summary"] in text and path in text
            for name in parameters_of(spec, operation):
                assert name in text, (path, name)
        for code, message, chinese in platform.sql("SELECT status_code, message, message_zh FROM citybigdata.status_code"):
            assert f'id="s{code}"' in page and message in text and chinese in text
        for name in ("query.sh", "query.py", "Query.java", "query.c"):
            folder = "bridge/manual/samples.zh" if language == "zh" else "docs/samples"
            with open(f"{TOP}/{folder}/{name}", encoding="utf-8") as file:
                assert file.read() in text
        # every link inside leads somewhere, and every name is there once
        page = page.partition("<script>")[0]
        names = re.findall(r' id="([^"]+)"', page)
        assert len(names) == len(set(names))
        assert set(re.findall(r'href="#([^"]+)"', page)) <= set(names)
        # nothing is fetched from elsewhere
        assert not re.search(r'(src|href)="(https?:)?//', page)


def test_page_of_an_application(platform, client, token, demo_data):
    page = client.get("//docs?lang=zh", token=token).body.decode().partition("<script>")[0]
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(re.findall(r' id="([^"]+)"', page))
    assert 'id="getData-street-lights"' in page and "/api/v1/data/street-lights" in page
    lamp_codes = platform.sql("SELECT code, name FROM citybigdata.code_table_row WHERE table_name = 'lamp-type'")
    assert lamp_codes and all(name in page for _, name in lamp_codes)
    # codes of the catalogue in words, a filter with its field's type
    lamps = html.unescape(re.sub("<[^>]*>", " ", page.partition('id="getData-street-lights"')[2].partition("</article>")[0]))
    assert "层次 行业 · 行业 照明 · " in lamps and " · 更新周期 每日 · " in lamps and re.search(r"发布时间 20\d\d-\d\d-\d\d \d\d:\d\d:\d\d · ", lamps)
    assert re.search(r"powerWatt\s+查询\s+数值", lamps) and re.search(r"lampCode\s+查询\s+字符串", lamps)


def test_markup_in_the_catalogue_stays_text(platform, client, documents):
    platform.sql("""CREATE TABLE IF NOT EXISTS public.manual_markup (markup_id int PRIMARY KEY);
        COMMENT ON TABLE public.manual_markup IS '<script>alert(1)</script>"''&';
        COMMENT ON COLUMN public.manual_markup.markup_id IS '</td><img src=x onerror=alert(1)>';
        SELECT citybigdata.publish('public.manual_markup', '{"code": "manual-markup"}')""")
    page = client.get("//docs", token=platform.admin_token).body.decode()
    assert "manual-markup" in page and "&#60;script&#62;alert(1)" in page
    assert "<script>alert" not in page and "<img" not in page and "\\&#60;" not in page
    # descriptions are CommonMark: no reader may take what a publisher wrote for HTML
    operation = client.get(FRONT, token=platform.admin_token).json["paths"]["/api/v1/data/manual-markup"]["get"]
    words = [operation["description"], *(resolve(documents["en", "administrator"], p)["description"] for p in operation["parameters"])]
    assert any("\\<script>" in w for w in words) and not [w for w in words if re.search(r"(?<!\\)<[a-z/]", w)]


def test_headers(client, token):
    for path in (FRONT, "//docs"):
        for bearer in (None, token):
            reply = client.get(path, token=bearer)
            assert reply.status == 200 and reply.header("Cache-Control") == "private, no-cache" and reply.header("X-Content-Type-Options") == "nosniff"
            assert {"Authorization", "Accept-Language"} <= {w.strip() for n, v in reply.headers if n.lower() == "vary" for w in v.split(",")}
            tag = reply.header("ETag")
            again = client.get(path, token=bearer, headers={"If-None-Match": f'"other", {tag}'})
            assert again.status == 304 and again.body == b"" and again.header("ETag") == tag
            assert client.get(path, token=bearer, headers={"If-None-Match": '"other"'}).status == 200
            packed = client.get(path, token=bearer, headers={"Accept-Encoding": "gzip"})
            assert packed.header("Content-Encoding") == "gzip" and gzip.decompress(packed.body) == reply.body
            head = client.request("HEAD", path, token=bearer)
            assert head.status == 200 and head.body == b"" and head.header("ETag") == tag
        assert client.get(path).header("ETag") != client.get(path + "?lang=zh").header("ETag")
    policy = client.get("//docs").header("Content-Security-Policy")
    assert policy.startswith("default-src 'none'; ") and "unsafe" not in policy and "frame-ancestors 'none'" in policy
    assert client.get("//docs").header("X-Frame-Options") == "DENY"


def test_two_callers_never_get_each_other_s(platform, client, demo_data):
    """Finished manuals are kept for callers who ask again: under what was told to them."""
    lamps = platform.token(platform.make_application(resources=["street-lights"]))
    divisions = platform.token(platform.make_application(resources=["demo-divisions"]))
    for _ in range(3):
        for token, wanted in ((lamps, {"street-lights"}), (divisions, {"demo-divisions"})):
            for language in LANGUAGES:
                assert data_paths(client.get(f"{FRONT}?lang={language}", token=token).json) == wanted
                page = client.get(f"//docs?lang={language}", token=token, headers={"Accept-Encoding": "gzip"})
                page = gzip.decompress(page.body).decode()
                assert {p.removeprefix("getData-") for p in re.findall(r'id="(getData-[^"]+)"', page)} == wanted
                assert f'<html lang="{"zh-CN" if language == "zh" else "en"}">' in page
    # what the catalogue says now counts
    platform.sql("UPDATE citybigdata.resource SET title = 'Lamps of the city' WHERE resource_code = 'street-lights'")
    assert "Lamps of the city" in client.get("//docs?lang=en", token=lamps).body.decode()


def test_without_a_database(platform):
    """Anonymous callers read the manual while the database is away."""
    with own_bridge.own_bridge(platform, ready=503, database="host=/nonexistent dbname=none user=none") as bridge:
        assert bridge.client.get("//docs").status == 200 and bridge.client.get(FRONT).status == 200
        check_envelope(bridge.client.get(FRONT, token="A" * 43), 503)


def test_address_follows_the_configuration(platform):
    import signal

    from rig import until
    with own_bridge.own_bridge(platform) as bridge:
        bridge.settings["public_url"] = "https://city.example:8443/"
        bridge.write_conf()
        bridge.signal(signal.SIGHUP)
        until(lambda: bridge.client.get(FRONT).json["servers"][0]["url"] == "https://city.example:8443")
        assert "https://city.example:8443" in bridge.client.get("//docs").body.decode()


def test_what_is_not_documented_is_found(tmp_path):
    """The check that make test runs over the tree (static.sh) says what is missing, and where it belongs."""
    for name in ("extension", "sql", "docs"):
        os.symlink(os.path.join(TOP, name), tmp_path / name)
    shutil.copytree(os.path.join(TOP, "bridge"), tmp_path / "bridge")  # times kept: only what is changed is built
    if b"__asan" in (tmp_path / "bridge" / "manual" / "messages.o").read_bytes():  # make sanitize: these do not link without its flags
        for made in (tmp_path / "bridge").rglob("*.o"):
            made.unlink()
    chapter = tmp_path / "bridge" / "web" / "manual" / "events.json"
    words = json.loads(chapter.read_text(encoding="utf-8"))
    entries = words["operations"]
    del entries["POST /api/v1/events"]["parameters"]["dryRun"]
    del entries["GET /api/v1/events/{taskNum}"]
    entries["GET /api/v1/events"]["parameters"]["colour"] = {"text": ["Colour", "颜色"]}
    entries["GET /api/v1/nothing"] = {"id": "nothing", "title": ["Nothing", "无"], "text": ["Nothing", "无"]}
    entries["POST /openapi/v2/upstream"]["title"] = ["English only"]
    entries["POST /openapi/v2/upstream"]["codes"].append(49999)
    chapter.write_text(json.dumps(words, ensure_ascii=False), encoding="utf-8")
    subprocess.run(["make", "-s", "-C", tmp_path / "bridge"], check=True, capture_output=True, timeout=300)
    done = subprocess.run([tmp_path / "bridge" / "citybigdata-bridge", "--print-openapi"], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1 and done.stdout == ""
    for wanted in ('events.json: "POST /api/v1/events" takes the parameter dryRun', 'the route "GET /api/v1/events/{taskNum}" is not documented: add',
                   '"GET /api/v1/events" documents the parameter colour', 'events.json: "GET /api/v1/nothing" is documented, but there is no such route',
                   '"POST /openapi/v2/upstream" needs a "title"', "there is no status code 49999"):
        assert wanted in done.stderr, done.stderr


def test_mistakes_in_a_page_are_found(tmp_path):
    """A template that names what is not there is told by file and line, before anything is served."""
    for name in ("extension", "sql", "docs"):
        os.symlink(os.path.join(TOP, name), tmp_path / name)
    shutil.copytree(os.path.join(TOP, "bridge"), tmp_path / "bridge")
    build = ["make", "-s", "-C", tmp_path / "bridge"]
    if b"__asan" in (tmp_path / "bridge" / "manual" / "messages.o").read_bytes():
        build += ["CBD_CFLAGS=-fsanitize=address,undefined", "CBD_LDFLAGS=-fsanitize=address,undefined"]
    table = tmp_path / "bridge" / "web" / "manual" / "table.html"
    good = table.read_text(encoding="utf-8")
    for old, new, wanted in (("word.meaning", "word.meanings", 'bridge/web/manual/table.html line 2: there is no word "meanings"'),
                             ("{{about}}", "{{abuot}}", "bridge/web/manual/table.html line 4: {{abuot}} is not given")):
        table.write_text(good.replace(old, new), encoding="utf-8")
        subprocess.run(build, check=True, capture_output=True, timeout=300)
        done = subprocess.run([tmp_path / "bridge" / "citybigdata-bridge", "--print-openapi"], capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 1 and done.stdout == "" and wanted in done.stderr, done.stderr
