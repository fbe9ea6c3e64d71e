"""Published data (5.1, 5.3, 5.4): parameters in every coding, formats, cursors, entity tags, levels, downloads, the catalogue, refusals."""
import urllib.parse

from .chapter_events import multipart
from .player import FORM

LIGHTS = "/data/street-lights"


def grant(run, user, resource, level):
    run.sql("""INSERT INTO citybigdata.app_grant (app_id, resource, level, granted_by)
               SELECT app_id, %s, %s, 'recording' FROM citybigdata.application WHERE app_code = %s
               ON CONFLICT (app_id, resource) DO UPDATE SET level = excluded.level""", resource, level, run.apps[user]["appCode"])


class Asker:
    """get, post, head of a path as one application, named under data/."""

    def __init__(self, run, token="rec-full", path=LIGHTS):
        self.run, self.token, self.path = run, run.tokens[token], path

    def get(self, name, query=(), path=None, **more):
        text = query if isinstance(query, str) else urllib.parse.urlencode(query)
        return self.run.ask(f"data/{name}", more.pop("method", "GET"), (path or self.path) + ("?" + text if text else ""),
                            **{"token": self.token, **more})

    def post(self, name, body, path=None, **more):
        return self.run.ask(f"data/{name}", "POST", path or self.path, body, **{"token": self.token, **more})


def pages(run):
    to = Asker(run)
    to.get("page", "pageSize=3")
    for form in ("json", "xml", "csv", "geojson", "ndjson"):
        first = {"pageSize": 2, "format": form}
        to.get(f"format/{form}", first)
        to.get(f"format/{form} GB18030", {**first, "charset": "GB18030"})
        to.get(f"format/{form} gzip", {**first, "pageSize": 30}, headers={"Accept-Encoding": "gzip"})
        to.get(f"format/{form} head", first, method="HEAD")
        to.get(f"format/{form} chinese", first, headers={"Accept-Language": "zh"})
        to.get(f"format/{form} codes", {**first, "expandCodes": "true"})
        to.get(f"format/{form} every type", {"format": form}, path="/data/kinds")
        to.get(f"format/{form} every type, unix, plane", {"format": form, "timeFormat": "unix", "crs": "EPSG:4548"}, path="/data/kinds")
        to.get(f"format/{form} nothing", {"format": form, "lightId": -1})
        to.get(f"format/{form} count", {**first, "count": "exact"})
        to.get(f"format/{form} odd text", {"format": form, "pageSize": 5}, path="/data/benches")
        to.get(f"format/{form} file", {"format": form, "fields": "monumentId,name,site"}, path="/data/monuments")
        to.post(f"format/{form} post GB18030", {**first, "charset": "GB18030"})
    for accept in ("text/csv", "application/geo+json;q=0.9, application/json;q=0.1", "application/x-ndjson", "application/xml",
                   "text/csv;q=0.5, application/json", "text/html"):
        to.get(f"Accept/{accept[:30]}", "pageSize=1", headers={"Accept": accept})
    to.get("format wins", "pageSize=1&format=csv", headers={"Accept": "application/xml", "Accept-Charset": "GB18030"})
    for name, query in (("bom", "bom=true"), ("bom, GB18030", "bom=true&charset=GB18030"), ("no bom", "bom=false")):
        to.get(f"csv/{name}", "format=csv&pageSize=2&fields=benchId,name,note&" + query, path="/data/benches")
    for name, query in (("fields", "fields=lightId,state&pageSize=2"), ("fields in another order", "fields=state,lightId&pageSize=2"),
                        ("range", "lightId.gt=5&lightId.le=8&fields=lightId"), ("like", "lampCode.like=L00000001%25&fields=lightId"),
                        ("null", "keeperPhone.isNull=true"), ("not null", "keeperPhone.isNull=false&pageSize=1"),
                        ("own parameter", "minPower=440&fields=lightId,powerWatt"),
                        ("sort", "sort=-installedAt&pageSize=5&fields=lightId,installedAt"),
                        ("unlike", "lightId.ne=1&fields=lightId&pageSize=2"),
                        ("time range", "timeRange=%5B20120101000000,20130101000000)&fields=lightId,installedAt"),
                        ("unix range", "timeRange=(1325347200,1330000000%5D&fields=lightId,installedAt&timeFormat=unix"),
                        ("time", "time=20120101000000,20150101000000&fields=lightId"), ("division", "divisionCode=110101&fields=lightId"),
                        ("divisions", "divisionCode=110101,110102&fields=lightId&pageSize=5"),
                        ("province", "divisionCode=110000&fields=lightId&pageSize=5"),
                        ("box", "bbox=116.3,39.8,116.5,40.0&fields=lightId&pageSize=5"),
                        ("box in GCJ02", "bbox=116.3,39.8,116.5,40.0&bboxCrs=GCJ02&fields=lightId&pageSize=5"), ("GCJ02", "lightId=7&crs=GCJ02"),
                        ("BD09", "lightId=7&crs=BD09"), ("plane", "lightId=7&crs=EPSG:4548"),
                        ("exact", "count=exact&divisionCode=110101&pageSize=1"),
                        ("kind, platform", "dataKind=lighting&platformCode=110000&lightId=1"), ("sql", "streetName='%3B%20DROP%20TABLE%20x%3B--"),
                        ("array", "lightId=%5B1,2%5D&fields=lightId")):
        to.get(f"query/{name}", query)
    to.get("query/polygons", "pageSize=3&fields=divisionCode,name&sort=divisionCode", path="/data/demo-divisions")
    to.get("query/events of the city", "pageSize=2&timeRange=%5B20240301000000,20240401000000)", path="/data/city-events")
    to.get("query/estimate", "count=estimate&pageSize=1&fields=lightId")
    to.post("post/json", {"divisionCode": ["110101", "110102"], "pageSize": 2})
    to.post("post/json, texts", {"divisionCode": "110101,110102", "pageSize": "2", "timeRange": None})
    to.post("post/json list of numbers", {"lightId": [5, 3, 4], "lightId.ne": 4, "fields": ["lightId"]})
    to.post("post/form", [("divisionCode", "110101"), ("divisionCode", "110102"), ("pageSize", "2")], kind=FORM)
    to.post("post/form and query", "divisionCode=110101", LIGHTS + "?pageSize=2", kind=FORM)
    to.post("post/multipart", multipart([("divisionCode", None, "110101"), ("pageSize", None, "2")]), kind="multipart/form-data; boundary=----x7")
    to.post("post/nothing", None)
    to.post("post/token in the body", {"pageSize": 1, "accessToken": to.token}, token=None)
    to.post("post/token in the form", {"pageSize": 1, "accessToken": to.token, "appCode": run.apps["rec-full"]["appCode"]}, kind=FORM, token=None)
    to.post("post/token twice", {"accessToken": to.token})
    to.post("post/wrong token in the body", {"accessToken": "A" * 43}, token=None, source="127.0.8.1")


def cursors(run):
    to = Asker(run)
    cursor = to.get("cursor/first", "divisionCode=110101&pageSize=2&fields=lightId").data["nextCursor"]
    run.keep("cursor.1", cursor)
    query = {"divisionCode": "110101", "fields": "lightId", "cursor": cursor}
    second = to.get("cursor/second", {**query, "pageSize": 3}).data
    run.keep("cursor.2", second["nextCursor"])
    to.get("cursor/second in csv", {**query, "pageSize": 3, "format": "csv", "bom": "true"})
    to.get("cursor/rest", {**query, "pageSize": 1000, "cursor": second["nextCursor"]})
    changed = cursor[:-2] + ("A" if cursor[-2] != "A" else "B") + cursor[-1]
    for name, more in (("changed", {"cursor": changed}), ("other filter", {"divisionCode": "110102"}), ("other order", {"sort": "-lightId"}),
                       ("short", {"cursor": "AAAA"}), ("empty", {"cursor": ""}), ("long", {"cursor": "A" * 5000}),
                       ("no base64", {"cursor": "汉"})):
        to.get(f"cursor/{name}", {**query, **more}, hide={changed: "cursor.1 changed"})
    to.get("cursor/other resource", query, path="/data/city-events")


def tags(run):
    to = Asker(run, path="/data/benches")
    tag = run.keep("tag.benches", to.get("tag", "pageSize=2").header("ETag"))
    for name, value in (("same", tag), ("strong", tag[2:]), ("in a list", f'"other", {tag}'), ("any", "*"), ("other", '"other"'), ("no tag", "x")):
        to.get(f"tag/{name}", "pageSize=2", headers={"If-None-Match": value}, hide={tag[2:]: "tag.benches, strong"})
    to.get("tag/head", "pageSize=2", method="HEAD", headers={"If-None-Match": tag})
    to.get("tag/other size", "pageSize=3", headers={"If-None-Match": tag})
    to.get("tag/other format", "pageSize=2&format=csv", headers={"If-None-Match": tag})
    to.get("tag/other format's own", "pageSize=2&format=csv")
    to.get("tag/nobody", "pageSize=2", headers={"If-None-Match": tag}, token=None, source="127.0.8.2")
    run.sql("UPDATE demo.bench SET changed_at = '2024-01-01 00:00:01+08' WHERE bench_id = 1")
    to.get("tag/changed", "pageSize=2", headers={"If-None-Match": tag})


def levels(run):
    low, full = Asker(run, "rec-low"), Asker(run)
    for form in ("json", "xml", "csv", "geojson", "ndjson"):
        low.get(f"level/masked {form}", f"lightId=1&format={form}")
    for query in ("keeperPhone=13900000000", "keeperPhone.like=139%25", "sort=keeperPhone", "fields=keeperPhone&lightId=1"):
        low.get(f"level/{query}", query)
    full.get("level/narrowed", "lightId=1", token=run.tokens["narrow"])
    low.get("access/not granted", path="/data/divisions")
    low.get("access/unknown", path="/data/no-such-thing")
    low.get("access/events", path="/data/events")
    low.get("access/no token", token=None, source="127.0.8.3")
    low.get("access/wrong token", token="A" * 43, source="127.0.8.3")
    low.get("access/administrator", "pageSize=1", token=run.tokens["secadmin"])
    low.get("access/by address", f"pageSize=1&appCode={run.apps['rec-ip']['appCode']}", token=None, source="127.0.2.5")
    grant(run, "rec-low", "secret-divisions", 2)
    low.get("access/level too low", path="/data/secret-divisions")
    low.get("access/in the path", path="/data/%00")
    low.get("access/chinese", path="/data/%E5%9F%8E")
    run.sql("ALTER TABLE demo.bench RENAME COLUMN note TO remark")
    full.get("broken/column gone", path="/data/benches")
    full.get("broken/column gone, csv asked for", "format=csv", path="/data/benches", headers={"Accept-Language": "zh"})
    run.sql("ALTER TABLE demo.bench RENAME COLUMN remark TO note")
    full.get("broken/back", "pageSize=1", path="/data/benches")
    full.get("budget/within", "seconds=0", path="/data/naps")
    full.get("budget/beyond", "seconds=20", path="/data/naps")
    full.get("budget/no parameter", path="/data/naps")


WRONG = [{"divisionCode": "999999"}, {"divisionCode": "1101"}, {"divisionCode": ",".join(["110101"] * 1001)}, {"DivisionCode": "110101"},
         {"lightID": 1}, {"lightId": "one"}, {"lightId": "1 OR 1=1"}, {"lightId.between": "1,2"},
         {"lightId": list(range(1001))}, {"timeRange": "[20250101000000,20240101000000)"}, {"timeRange": "20240101000000"},
         {"timeRange": "[20240230000000,20240301000000)"}, {"timeRange": "[1704067200000,1704067300000)"},
         {"time": "yesterday"}, {"bbox": "500,39.8,600,40.0"}, {"bbox": "1,2,3"}, {"bbox": "116.5,39.8,116.3,40.0"}, {"bbox": [1, 2]},
         {"bboxCrs": "GCJ02"}, {"crs": "EPSG:1"}, {"crs": "gcj-02"}, {"fields": "lightId,nothing"}, {"fields": ""},
         {"sort": "streetName"}, {"sort": "-lightId,lightId"}, {"pageSize": 0}, {"pageSize": 1001}, {"pageSize": "ten"}, {"count": "all"},
         {"expandCodes": "yes"}, {"timeFormat": "iso"}, {"format": "JSON"}, {"format": "xlsx"}, {"bom": "yes"},
         {"charset": "Big5"}, {"dataKind": "water"}, {"platformCode": "120000"}, {"platformName": "x"}, {"minPower": "much"}, {"nothing": 1},
         {"x" * 100: 1}, {"lampCode": "x" * 9000}, {"lightId": {"gt": 1}}, {"lampCode": [["L1"]]}, {"lightId": "[1,2"},
         {"pageSize": 0, "lightid": 1, "count": 1}, {"lampCode": "a\u0000b"}, {"lightId": 10**30}, {"lightId": True}, {"lightId": 1.5},
         {"powerWatt": "1e400"}, {"installedAt": "x"}]


def wrong(run):
    to = Asker(run)
    for number, fault in enumerate(WRONG):
        name = f"wrong/{number} " + ", ".join(f"{k[:20]}={str(v)[:20]}" for k, v in fault.items())
        to.post(name + " json", fault)
        if all(not isinstance(v, (dict, list)) for v in fault.values()):
            to.get(name, fault)
    to.post("wrong/form", {"pageSize": "0", "nothing": "1"}, kind=FORM)
    to.get("wrong/chinese xml", "pageSize=0&format=xml", headers={"Accept-Language": "zh"})
    to.get("wrong/csv asked for", "pageSize=0&format=csv")
    to.get("wrong/GB18030", "pageSize=0&charset=GB18030", headers={"Accept-Language": "zh"})
    to.get("wrong/twice", "pageSize=1&pageSize=2")
    to.post("wrong/twice across", {"pageSize": 1}, LIGHTS + "?pageSize=1")
    to.get("wrong/many values", [("lightId", n) for n in range(65)])
    to.post("wrong/many names", {f"p{n}": n for n in range(2000)})
    to.post("wrong/deep", b'{"lightId":' + b"[" * 3000 + b"]" * 3000 + b"}", kind="application/json")
    to.post("wrong/broken json", b'{"lightId":', kind="application/json")
    to.post("wrong/type", b"x", kind="text/plain")
    to.get("wrong/not utf-8", "lampCode=%ff")
    to.get("wrong/escape", "lampCode=%zz")


def catalogue(run):
    to = Asker(run, path="/resources")
    for form in ("json", "xml"):
        to.get(f"catalogue/all {form}", f"format={form}")
    to.get("catalogue/csv", "format=csv")
    for query in ("layer=industry", "layer=base,theme", "industry=lighting", "layer=theme&industry=lighting", "dataKind=lighting,base",
                  'dataKind=%5B%22city-events%22%5D', "layer=Industry", "industry=magic", "dataKind=a%20b", "layer=&industry=%5B",
                  "layer=" + "theme," * 70 + "theme", "nothing=1", "layer=base&layer=theme"):
        to.get(f"catalogue/{query[:40]}", query)
    to.get("catalogue/of another", token=run.tokens["rec-strict"])
    to.get("catalogue/nobody", token=None, source="127.0.8.4")
    to.get("catalogue/administrator", token=run.tokens["secadmin"])
    for code in ("street-lights", "demo-divisions", "kinds", "monuments", "naps", "events", "no-such-thing", "secret-divisions", "%00", "%E5%9F%8E"):
        to.get(f"resource/{code}", path=f"/resources/{code}")
        to.get(f"schema/{code}", path=f"/resources/{code}/schema.xsd")
    to.get("resource/xml", "format=xml", path="/resources/street-lights")
    to.get("resource/chinese", path="/resources/street-lights", headers={"Accept-Language": "zh"})
    to.get("resource/GB18030", "charset=GB18030", path="/resources/street-lights")
    to.get("resource/nobody", path="/resources/street-lights", token=None, source="127.0.8.4")
    to.get("schema/nobody", path="/resources/street-lights/schema.xsd", token=None, source="127.0.8.4")
    to.get("schema/GB18030", "charset=GB18030", path="/resources/street-lights/schema.xsd")
    to.get("schema/gzip", path="/resources/street-lights/schema.xsd", headers={"Accept-Encoding": "gzip"})
    to.get("schema/head", path="/resources/street-lights/schema.xsd", method="HEAD")
    to.get("schema/format", "format=json", path="/resources/street-lights/schema.xsd")
    tag = to.get("schema/tag", path="/resources/street-lights/schema.xsd").header("ETag")
    if tag:
        to.get("schema/tag same", path="/resources/street-lights/schema.xsd", headers={"If-None-Match": tag})


def downloads(run):
    to = Asker(run, path="/data/readings")
    to.get("download/whole", "format=ndjson")
    to.get("download/gzip GB18030", "format=ndjson&charset=GB18030", headers={"Accept-Encoding": "gzip"})
    to.get("download/head", "format=ndjson", method="HEAD")
    to.get("download/page", "format=ndjson&pageSize=3")
    to.get("download/small", "format=ndjson&readingId.le=2")
    to.get("download/Accept", "readingId.le=2", headers={"Accept": "application/x-ndjson"})
    to.get("download/HTTP refusal", "format=ndjson&nothing=1")
    to.get("download/breaks off", "format=ndjson", path="/data/stuck-readings")
    to.get("download/of a limited number", "format=ndjson&count=exact&readingId.le=2")
    to.post("download/post", {"format": "ndjson", "readingId.le": 2})


def play(run):
    for resource in ("benches", "kinds", "monuments", "readings", "stuck-readings", "naps"):
        grant(run, "rec-full", resource, 4)
    pages(run)
    cursors(run)
    tags(run)
    levels(run)
    wrong(run)
    catalogue(run)
    downloads(run)
