"""Events (A.4): strict and egova, in JSON, form and multipart, on the three addresses that take reports; read back, and refused."""
import base64
import json
import urllib.parse

from .player import FORM

UPSTREAM = ("//openapi/v2/upstream", "//openapi/v2/upstream/uprecreport")
JPEG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000") + bytes(range(200)) + b"\xff\xd9"
EVENT = {"eventDesc": "路灯不亮，\"夜间\"行走不便", "otherTaskNum": "R-1", "address": "东城区王府井大街1号", "coordinateX": 449696.524, "coordinateY": 4419668.374,
         "eventSrcID": 1, "recTypeID": 1, "eventLevelID": 1, "eventTypeCode": "6", "mainTypeCode": "602", "subTypeCode": "60201", "mediaNum": 0,
         "humanName": "李四", "cellphone": "13800138000", "createTime": "20240102030405"}
DEPLOYED = {"eventDesc": "井盖破损，存在安全隐患", "address": "东城区王府井大街", "lontitude": "116.4179409", "latitude": 39.9111022, "eventSrcID": "11", "recTypeID": 1,
            "eventLevelID": "1", "eventTypeCode": "6", "mainTypeCode": "602", "subTypeCode": "60201", "maxTypeCode": "6", "newInstCondID": "1",
            "mediaNum": "1",
            "createTime": "2024-01-02 03:04:05", "medias": [{"mediaName": "a.jpg", "mediaType": "jpg", "mediaUsage": "上报", "content": "",
                                                             "mediaURL": "http://192.168.1.5:8080/files/a.jpg"}]}


def event(**changes):
    return {k: v for k, v in {**EVENT, **changes}.items() if v is not None}


def medium(name, kind, content=None, **more):
    return {"mediaName": name, "mediaType": kind, "mediaUsage": "上报", **({"content": base64.b64encode(content).decode()} if content else {}), **more}


def report(run, name, data, sender="S-rec-full", token="rec-full", path="/events", headers=(), source=None, **more):
    """POST of an event in JSON."""
    body = {"senderCode": sender, "actionType": "UP_REC_REPORT", "data": data, **more}
    return run.ask(f"events/{name}", "POST", path, {k: v for k, v in body.items() if v is not None}, token=run.tokens.get(token), headers=headers,
                   source=source, keep={"taskNum": f"task.{name}"})


def multipart(fields, boundary="----x7"):
    """multipart/form-data of (name, type or None, value)."""
    head = lambda name, kind: f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n' + (f"Content-Type: {kind}\r\n" if kind else "")
    return ("".join(f"{head(name, kind)}\r\n{value}\r\n" for name, kind, value in fields) + f"--{boundary}--\r\n").encode()


def stored(run):
    """Reports that are taken."""
    first = report(run, "stored", event()).data
    run.task = first["taskNum"]
    report(run, "again", event())
    report(run, "again, other content", event(eventDesc="x"))
    report(run, "again, data as a text", json.dumps(event(), ensure_ascii=False))
    report(run, "with media", event(otherTaskNum="R-media", mediaNum=2,
                                    medias=[medium("现场 1.jpg", "IMAGE", JPEG), medium("b.jpg", "IMAGE", mediaURL="https://example.org/b.jpg")]))
    report(run, "defaults", event(otherTaskNum="R-defaults", coordinateX=None, coordinateY=None, lontitude=116.4179409, latitude=39.9111022,
                                  createTime=None, eventLevelID=None))
    report(run, "other district", event(otherTaskNum="R-district", districtCode="110108"))
    report(run, "xml", event(otherTaskNum="R-xml"), path="/events?format=xml")
    report(run, "GB18030", event(otherTaskNum="R-gb"), path="/events?charset=GB18030")
    report(run, "strict", event(otherTaskNum="R-strict"), "S-rec-strict", "rec-strict")
    report(run, "dry run", event(otherTaskNum="R-dry"), dryRun=True)
    report(run, "dry run in the query", event(otherTaskNum="R-dry"), path="/events?dryRun=true")
    fields = {"senderCode": "S-rec-full", "actionType": "UP_REC_REPORT", "data": json.dumps(event(otherTaskNum="R-form"), ensure_ascii=False)}
    ask = lambda name, body, kind, path="/events", **more: run.ask(f"events/{name}", "POST", path, body, kind=kind, token=run.tokens["rec-full"],
                                                                   keep={"taskNum": f"task.{name}"}, **more)
    ask("form", fields, FORM)
    ask("form, chunked", urllib.parse.urlencode({**fields, "data": fields["data"].replace("R-form", "R-chunks")}), FORM, chunked=100)
    ask("form, GBK", "&".join(f"{n}={urllib.parse.quote_plus(v.replace('R-form', 'R-gbk').encode('gbk'))}" for n, v in fields.items()),
        FORM + "; charset=GBK")
    ask("json, GB18030", json.dumps({**fields, "data": event(otherTaskNum="R-gb2")}, ensure_ascii=False).encode("gb18030"),
        "application/json; charset=GB18030")
    parts = [(n, "text/plain" if n == "data" else None, v.replace("R-form", "R-multipart")) for n, v in fields.items()]
    ask("multipart", multipart(parts), "multipart/form-data; boundary=----x7")
    ask("outer fields in the query", {"data": fields["data"].replace("R-form", "R-query")}, FORM,
        "/events?senderCode=S-rec-full&actionType=UP_REC_REPORT")
    key = {"Idempotency-Key": "recording-1"}
    report(run, "key", event(otherTaskNum="R-key"), headers=key)
    report(run, "key again", event(otherTaskNum="R-key"), headers=key)
    report(run, "key with another body", event(otherTaskNum="R-key2"), headers=key)
    report(run, "key too long", event(otherTaskNum="R-key2"), headers={"Idempotency-Key": "k" * 300})
    report(run, "key empty", event(otherTaskNum="R-key3"), headers={"Idempotency-Key": ""})


def upstream(run):
    """Deployed senders: known by their address, told everything with 200."""
    sender = run.platform.env["CBD_IP_SENDER_CODE"]
    fields = {"senderCode": sender, "actionType": "UP_REC_REPORT"}
    kind = FORM + "; charset=UTF-8"
    for number, path in enumerate(UPSTREAM):
        ask = lambda name, body, path=path, number=number, **more: run.ask(f"events/upstream {number}/{name}", "POST", path + more.pop("query", ""),
            body,
                                                                           **{"kind": kind, **more},
                                                                           keep={"taskNum": f"task.upstream {number} {name}"})
        data = json.dumps({**DEPLOYED, "otherTaskNum": f"U-{number}"}, ensure_ascii=False)
        ask("stored", {**fields, "data": data})
        ask("again", {**fields, "data": data})
        ask("other content", {**fields, "data": data.replace("井盖", "路灯")})
        ask("fields in the query", {"data": data.replace("U-", "Q-")}, query="?" + urllib.parse.urlencode(fields))
        ask("data in the query", None, query="?" + urllib.parse.urlencode({**fields, "data": data.replace("U-", "D-")}), kind=None)
        ask("json", {**fields, "data": {**DEPLOYED, "otherTaskNum": f"J-{number}"}}, kind=None)
        ask("multipart", multipart([(n, None, v) for n, v in {**fields, "data": data.replace("U-", "M-")}.items()]),
            kind="multipart/form-data; boundary=----x7")
        ask("faults", {**fields, "data": json.dumps({"eventDesc": "x", "eventSrcID": "x1"})})
        ask("broken", {**fields, "data": "{broken"})
        ask("no data", fields)
        ask("no action", {"senderCode": sender, "data": data})
        ask("wrong action", {**fields, "actionType": "X", "data": data})
        ask("unknown sender", {**fields, "senderCode": "nobody-knows", "data": data})
        ask("stranger", {**fields, "data": data}, source="127.0.6.1")
        ask("empty", b"")
        ask("bad escape", b"data=%zz")
        ask("text", b"hello", kind="text/plain")
        ask("nothing", None, kind=None)
        ask("repeated", "data=1&data=2")
        ask("xml and GB18030 asked for", {**fields, "data": "{}"},
            headers={"Accept": "application/xml", "Accept-Charset": "GB18030", "Accept-Language": "zh"}, query="?format=xml")
        ask("wrong token", {**fields, "data": data}, token="A" * 43, source="127.0.6.2")
        ask("with a token", {**fields, "senderCode": "S-rec-full", "data": data.replace("U-", "T-")}, token=run.tokens["rec-full"])
        ask("another's sender with a token", {**fields, "data": data}, token=run.tokens["rec-full"])
    run.unlock()


def refused(run):
    full = run.tokens["rec-full"]
    outer = {"senderCode": "S-rec-full", "actionType": "UP_REC_REPORT", "data": event(otherTaskNum="R-no")}
    ask = lambda name, body, **more: run.ask(f"events/outer/{name}", "POST", more.pop("path", "/events"), body, token=full, **more)
    for name in outer:
        ask(f"no {name}", {k: v for k, v in outer.items() if k != name})
        ask(f"null {name}", {**outer, name: None})
        ask(f"number {name}", {**outer, name: 5})
        ask(f"empty {name}", {**outer, name: ""})
        ask(f"array {name}", {**outer, name: []})
    ask("wrong action", {**outer, "actionType": "X"})
    ask("another's sender", {**outer, "senderCode": "S-rec-strict"})
    ask("unknown parameter", {**outer, "nothing": 1})
    ask("dryRun maybe", {**outer, "dryRun": "maybe"})
    ask("repeated across", outer, path="/events?senderCode=S-rec-full")
    ask("nothing", {})
    run.ask("events/outer/not granted", "POST", "/events", outer, token=run.tokens["narrow"])
    run.ask("events/outer/no token", "POST", "/events", outer, source="127.0.6.3")
    run.ask("events/outer/administrator", "POST", "/events", outer, token=run.tokens["secadmin"])
    one = [medium("a.jpg", "IMAGE", mediaURL="https://x.example/a.jpg")]
    odd = {"eventDesc": ["", "长" * 10001, "a\u0000b", "\u202e", 5, [], None], "otherTaskNum": ["", "x" * 200, 5, None], "address": [None, "   "],
           "coordinateX": [None, "449696.524", "x", 116.4117, 749696, 1e300, True],
           "coordinateY": [449696.524, None], "lontitude": [116.3060829, "east"], "latitude": [39.9812634, 95],
           "eventSrcID": [None, "1", 99, 1.5, "x1", 10**30], "recTypeID": [None, 77], "eventLevelID": [9, "1"],
           "eventTypeCode": [None, "ZZ", 6], "mainTypeCode": ["999"], "subTypeCode": ["60202", 1], "mediaNum": [1, -1, "x"],
           "humanName": ["x" * 200, 5], "cellphone": ["123", "+8613800138000"],
           "createTime": ["20240230000000", "20990101000000", "2024-01-02T03:04:05Z", 1704164645, "yesterday", None],
           "districtCode": ["110108", "999999", 110101], "streetCode": ["110108001", "x"], "extra": [1, "x" * 5000, {"a": [1]}],
           "medias": [{}, "x", [{}], [5], one * 21, [medium("a.jpg", "jpg", JPEG)], [medium("a.png", "IMAGE", b"no picture")],
                      [medium("a.jpg", "IMAGE")],
                      [{**one[0], "mediaUsage": "x"}], [{**one[0], "mediaURL": "ftp://x"}], [{**one[0], "content": "!!"}], [{**one[0], "more": 1}]]}
    for profile, sender in (("rec-full", "S-rec-full"), ("rec-strict", "S-rec-strict")):
        for name, values in odd.items():
            for number, value in enumerate(values):
                data = {**EVENT, "otherTaskNum": "R-no", **({"mediaNum": len(value)} if name == "medias" and isinstance(value, list) else {}),
                        name: value}
                report(run, f"field/{profile[4:]}/{name} {number}", {k: v for k, v in data.items() if v is not None}, sender, profile, dryRun=True)
    report(run, "field/swapped", event(coordinateX=EVENT["coordinateY"], coordinateY=EVENT["coordinateX"]), dryRun=True)
    report(run, "field/degrees", event(coordinateX=116.4117, coordinateY=39.9097), dryRun=True)
    report(run, "field/places disagree", event(lontitude=116.3060829, latitude=39.9812634), dryRun=True)
    street, community = run.sql("""SELECT (SELECT min(code) FROM citybigdata.division WHERE parent_code = '110105' AND length(code) = 9),
                                          (SELECT min(code) FROM citybigdata.division WHERE code LIKE '110105%%' AND length(code) = 12)""")[0]
    for profile, sender in (("rec-full", "S-rec-full"), ("rec-strict", "S-rec-strict")):
        for name, more in (("street", {"districtCode": "110101", "streetCode": street}),
                           ("community", {"streetCode": "110101001", "communityCode": community}),
                           ("right street", {"districtCode": "110105", "streetCode": street})):
            report(run, f"field/{profile[4:]}/{name} elsewhere", event(**more), sender, profile, dryRun=True)
    for number, url in enumerate(("javascript:alert(1)", "http://", "https://a b/", "x" * 3000, "https://user:pw@host/", "/relative.jpg")):
        report(run, f"field/media address {number}", event(mediaNum=1, medias=[medium("a.jpg", "IMAGE", mediaURL=url)]), "S-rec-strict", "rec-strict",
               dryRun=True)
    with run.setting("citybigdata.media_count_limit", "2"):
        report(run, "field/too many medias", event(mediaNum=3, medias=one * 3), dryRun=True)
    with run.setting("citybigdata.media_limit", "64kB"):
        report(run, "field/medium too large", event(mediaNum=1, medias=[medium("a.jpg", "IMAGE", JPEG + bytes(70000))]), dryRun=True)
    report(run, "field/many at once", {"eventDesc": "", "medias": [{}], "coordinateX": "x", "nothing": 1}, dryRun=True)
    report(run, "field/many at once, chinese xml", {"eventDesc": "", "medias": [{}], "coordinateX": "x"}, dryRun=True, path="/events?format=xml",
           headers={"Accept-Language": "zh"})
    report(run, "field/strict, nothing", {}, "S-rec-strict", "rec-strict")
    for number, text in enumerate(("{broken", "", "[]", "5", "null", '"text"', '{"a":1,"a":2}', '{"eventDesc":"\\ud800"}', '{"eventDesc":"\\u0000"}',
                                   '{"coordinateX":NaN}', '{"coordinateX":1e400}',
                                   '{"x":' + "[" * 5000 + "]" * 5000 + "}")):
        report(run, f"text/json {number}", text)
        run.ask(f"events/text/form {number}", "POST", "/events", {"senderCode": "S-rec-full", "actionType": "UP_REC_REPORT", "data": text}, kind=FORM,
                token=full)


def read(run):
    get = lambda name, path, token="rec-full", **more: run.ask(f"events/read/{name}", more.pop("method", "GET"), path, token=run.tokens.get(token),
                                                               **more)
    task = run.task
    for name, query in (("", ""), (" unix", "?timeFormat=unix"), (" GCJ02", "?crs=GCJ02"), (" plane", "?crs=EPSG:4548"), (" xml", "?format=xml"),
                        (" csv", "?format=csv"), (" wrong crs", "?crs=EPSG:1"),
                        (" wrong time", "?timeFormat=iso"), (" twice", "?crs=GCJ02&crs=GCJ02"), (" GB18030", "?charset=GB18030")):
        get("case" + name, f"/events/{task}{query}")
        get("find" + name, "/events?otherTaskNum=R-1" + query.replace("?", "&"))
    get("head", f"/events/{task}", method="HEAD")
    get("chinese", f"/events/{task}", headers={"Accept-Language": "zh"})
    get("gzip", f"/events/{task}", headers={"Accept-Encoding": "gzip"})
    get("of another", f"/events/{task}", "rec-low")
    get("of another, found", "/events?otherTaskNum=R-1&senderCode=S-rec-full", "rec-low")
    get("of another, xml", f"/events/{task}?format=xml", "rec-low")
    get("own media", "/events?otherTaskNum=R-media")
    get("sender's", "/events?since=20240101000000&senderCode=S-rec-full&timeFormat=unix")
    get("unknown", "/events/1100002026010100000000010")
    get("no number", "/events/%41%00")
    get("long", "/events/" + "%41" * 1000)
    get("no token", f"/events/{task}", "nobody", source="127.0.6.4")
    get("not granted", f"/events/{task}", "narrow")
    for name, query in (("nothing", "?senderCode=nobody"), ("empty", "?otherTaskNum="), ("unknown parameter", "?nothing=1"), ("no day", "?since=20260230000000"),
                        ("both", "?otherTaskNum=a&since=20240101000000"),
                        ("none", "?otherTaskNum=never-reported"), ("zero", "?otherTaskNum=a%00b"), ("not utf-8", "?otherTaskNum=%c3%28"),
                        ("another's sender", "?otherTaskNum=R-1&senderCode=S-rec-strict"),
                        ("unknown sender", "?since=20240101000000&senderCode=nobody"), ("since alone", "?since=20240101000000"),
                        ("future", "?since=20990101000000&senderCode=S-rec-full"), ("unix since", "?since=1704067200&senderCode=S-rec-strict")):
        get(f"find/{name}", "/events" + query)
    # lists by filters: one of one case, and what is no filter
    for name, query in (("one", "?senderCode=S-rec-full&q=%E4%B8%8D%E4%BE%BF&pageSize=1&timeRange=[20000101000000,20300101000000)"), ("state", "?state=99"),
                        ("light", "?light=blue&state=x"), ("box", "?bbox=1,2,3"), ("range", "?timeRange=x"), ("division", "?divisionCode=1"),
                        ("one character", "?q=%E4%BA%95"), ("page size", "?pageSize=0"), ("cursor", "?cursor=AAAA"), ("with since", "?since=20240101000000&q=%E4%BA%95%E7%9B%96"),
                        ("with a number", "?otherTaskNum=R-1&state=6"), ("xml", "?senderCode=nobody&format=xml")):
        get(f"list/{name}", "/events" + query)
    get("list/level", "/events?q=%E4%BA%95%E7%9B%96&bbox=116,39,117,41", "rec-low")


def play(run):
    stored(run)
    upstream(run)
    refused(run)
    read(run)
