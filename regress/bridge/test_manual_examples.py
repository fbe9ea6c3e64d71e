"""Whoever follows the manual to the letter: its example values, its example replies, its sample programs (clause A.1).

The examples are read from the OpenAPI document and sent as they stand. Only what nobody can know beforehand is put in: numbers
that the platform gave, credentials, one-time passwords. What comes back must have the shape of the example: no member missing, none
that is not described, values of the same kind, the same states.
"""
import html
import os
import re
import subprocess
import urllib.parse

import jsonschema
import pytest
from analysis_rig import make_job, register
from case_rig import Bureau
from platform_rig import TOP
from rig import API, check_envelope, until
from sms_rig import Gateway, mobiles
from test_manual import FRONT, LANGUAGES, resolve
from test_samples import PROGRAMS, built_c, built_java
from test_walk import CALLS, World

# What an example calls a thing that only exists once it was made.
ACCOUNT, REQUEST, APP, TASK = "lamp-office", 7, "11000000000001R", "110000202611240000000001D"
# These say how something stands: the example and the reply must agree.
STATES = {"state", "stateName", "stage", "tokenType", "token_type", "action", "unlocked", "success", "statusCode"}


@pytest.fixture(scope="module")
def spec(platform, demo_data):
    return platform.client.get(f"{FRONT}?lang=en", token=platform.admin_token).json


@pytest.fixture(scope="module")
def operations(spec):
    """{operationId: (method, path, operation)}"""
    return {o["operationId"]: (method, path, o) for path, item in spec["paths"].items() for method, o in item.items() if method in ("get", "post")}


def body_of(operations, name):
    return operations[name][2]["requestBody"]["content"]["application/json"]["example"]


def reply_of(operations, name):
    return operations[name][2]["responses"]["200"]["content"]["application/json"]["example"]["data"]


def same_kind(example, real, at=""):
    """What differs in kind between the example and what came, as lines."""
    if example is None or real is None:
        return []
    if isinstance(example, dict) and isinstance(real, dict):
        found = []
        for name in example.keys() & real.keys():
            if name in STATES and not re.search(r"/items/\d+$", at) and not isinstance(example[name], (dict, list)) and example[name] != real[name]:
                found.append(f"{at}/{name}: the example says {example[name]!r}, the platform {real[name]!r}")
            found += same_kind(example[name], real[name], f"{at}/{name}")
        return found + [f"{at}/{name}: only in the example" for name in example.keys() - real.keys()]
    if isinstance(example, list) and isinstance(real, list):
        # one of them is like the example
        return min((same_kind(example[0], one, f"{at}/{n}") for n, one in enumerate(real)), key=len) if example and real else []
    kinds = [(bool,), (int, float), (str,), (dict,), (list,)]
    return [] if any(isinstance(example, k) and isinstance(real, k) for k in kinds) else [f"{at}: {example!r} and {real!r}"]


def undescribed(spec, schema, real, at=""):
    """Members of a reply that its schema does not name."""
    schema = resolve(spec, schema)
    parts = [resolve(spec, part) for key in ("allOf", "anyOf", "oneOf") for part in schema.get(key, [])]
    properties = {name: s for part in [schema, *parts] for name, s in part.get("properties", {}).items()}
    if isinstance(real, list) and "items" in schema:
        return [line for n, item in enumerate(real) for line in undescribed(spec, schema["items"], item, f"{at}/{n}")]
    if not isinstance(real, dict) or not properties:
        return []
    more = [] if isinstance(schema.get("additionalProperties"), dict) else [f"{at}/{name}: not described" for name in real.keys() - properties.keys()]
    return more + [line for name in real.keys() & properties.keys() for line in undescribed(spec, properties[name], real[name], f"{at}/{name}")]


def check_reply(spec, operations, name, reply, states=True):
    """A reply as the document says it, and as its example shows it; states: the example is of the same state."""
    assert reply.status == 200, (name, reply)
    media = operations[name][2]["responses"]["200"]["content"]["application/json"]
    jsonschema.Draft202012Validator(media["schema"], resolver=jsonschema.RefResolver.from_schema(spec)).validate(reply.json)
    wrong = undescribed(spec, media["schema"], reply.json)
    if "example" in media and "data" in media["example"]:
        wrong += [line for line in same_kind(media["example"]["data"], reply.data) if states or not re.match("/state: the example", line)]
    elif "example" in media:
        wrong += same_kind(media["example"], reply.json)
    assert not wrong, (name, wrong, reply)
    return reply


@pytest.fixture(scope="module")
def newcomer(platform, spec, operations):
    """An application made by the examples of the manual, in its order; the variables that the samples take."""
    client = platform.client
    account = body_of(operations, "registerAccount")
    basic = (account["userName"], account["password"])
    client.secrets.add(account["password"])
    number = check_reply(spec, operations, "registerAccount", client.post("/accounts", account)).data["accountId"]
    form = body_of(operations, "requestAccess")
    # before the review: told that it waits, in the language asked for
    for language, word in (("en", "awaits review"), ("zh", "待管理员审核")):
        waiting = check_envelope(client.post("/access-requests", form, basic=basic, headers={"Accept-Language": language}), 403, 40313)
        assert word in waiting.json["message"]
    check_reply(spec, operations, "approveAccount", client.post(f"/admin/accounts/{number}/approve", {}, token=platform.admin_token))
    request = check_reply(spec, operations, "requestAccess", client.post("/access-requests", form, basic=basic)).data["accessRequestId"]
    assert client.get(f"/access-requests/{request}", basic=basic).data == {"accessRequestId": request, "state": "pending"}
    check_reply(spec, operations, "approveAccess", client.post(f"/admin/access-requests/{request}/approve", {}, token=platform.admin_token))
    app = check_reply(spec, operations, "getAccessRequest", client.get(f"/access-requests/{request}", basic=basic)).data
    client.secrets.add(app["key"])
    # again: the same without the key
    again = check_envelope(client.get(f"/access-requests/{request}", basic=basic), 200, 0)
    assert again.data == {n: v for n, v in app.items() if n not in ("key", "signingSecret")}
    return {"account": number, "basic": basic, "request": request, "app": app, "form": form}


def variables(platform, newcomer, **more):
    return {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "CBD_URL": platform.env["CBD_URL"], "CBD_CA": platform.env["CBD_CA"],
            "CBD_APP_CODE": newcomer["app"]["appCode"], "CBD_KEY": newcomer["app"]["key"], "CBD_SENDER_CODE": newcomer["form"]["senderCodes"][0],
            "CBD_RESOURCE": newcomer["form"]["resources"][1], "CBD_TIME_RANGE": "[20240101000000,20250101000000)", **more}


def sample_of(page, name, folder):
    """A sample program as the page shows it, in a file of its name."""
    code = re.search(rf"<code>docs/samples/{re.escape(name)}</code></p><pre><code>(.*?)</code></pre>", page, re.S)[1]
    path = os.path.join(folder, name)
    with open(path, "w", encoding="utf-8") as out:
        out.write(html.unescape(code))
    return path


FILES = {"curl": "query.sh", "python": "query.py", "c": "query.c", "java": "Query.java"}
STARTS = {"curl": lambda path, folder: ["bash", path], "python": lambda path, folder: ["python3", path], "c": lambda path, folder: built_c(folder, path),
          "java": lambda path, folder: built_java(folder, path)}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("program", PROGRAMS)
def test_samples_run(platform, newcomer, tmp_path, program, language):
    """As the page shows it, for an application of the strict profile that was made as the page says."""
    page = platform.client.get(f"//docs?lang={language}").body.decode()
    path = sample_of(page, FILES[program], str(tmp_path))
    command = STARTS[program](path, str(tmp_path))

    def run(**more):
        return subprocess.run(command, env=variables(platform, newcomer, **more), capture_output=True, text=True, timeout=120, check=False)
    done = run()
    assert done.returncode == 0, done.stdout + done.stderr
    lines = done.stdout.splitlines()
    assert re.fullmatch(r"token: \d+ s", lines[0]) and re.fullmatch(r"event: \w{25}", lines[1]) and re.fullmatch(r"data: \d+ (items|pages)", lines[2]), lines
    # the fault that it makes on purpose is told with its place, in the language of the page
    assert lines[3].startswith("refused: HTTP 400, 40007 ") and re.match(r"  /pageSize: \d{5} \S", lines[4]), lines
    # what is refused names its reason; nothing is sent before all is known that is needed
    refused = run(CBD_TIME_RANGE="[2020,2021)")
    told = refused.stdout + refused.stderr
    assert refused.returncode != 0 and "refused: HTTP 400" in told and "/timeRange: " in told and "Traceback" not in told and "Exception" not in told, told
    other = run(CBD_LANGUAGE="zh")
    assert re.search("[\u4e00-\u9fff]", other.stdout.splitlines()[3]), other.stdout
    before = platform.value("SELECT count(*) FROM citybigdata.event")
    for name in ("CBD_RESOURCE", "CBD_TIME_RANGE", "CBD_KEY"):
        lacking = {n: v for n, v in variables(platform, newcomer).items() if n != name}
        done = subprocess.run(command, env=lacking, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode != 0 and name in done.stderr and "Traceback" not in done.stderr, done.stderr
    assert platform.value("SELECT count(*) FROM citybigdata.event") == before


def test_samples_say_what_they_take(platform):
    """Every variable that a sample or an example of the page takes is explained on the page; those of the demo are in its env file."""
    for language in LANGUAGES:
        page = platform.client.get(f"//docs?lang={language}").body.decode()
        told = set(re.findall(r"<tr><td><code>(CBD_[A-Z_]+|TOKEN)</code></td><td>[^<]+</td></tr>", page))
        used = set(re.findall(r"CBD_[A-Z_]+|\$TOKEN", page.partition("<script>")[0]))
        assert {name.strip("$") for name in used} == told, (used, told)
        demo = {"CBD_URL", "CBD_CA", "CBD_APP_CODE", "CBD_KEY", "CBD_SENDER_CODE", "CBD_RESOURCE", "CBD_TIME_RANGE", "CBD_USER", "CBD_PASSWORD"}
        assert demo <= set(platform.env) and demo <= told


def test_samples_are_translated():
    """Comments of the samples: Chinese ones in what the Chinese page shows, the same code."""
    hanzi = re.compile("[\u4e00-\u9fff]")
    with open(os.path.join(TOP, "docs", "samples", "zh.tsv"), encoding="utf-8") as file:
        table = [line.rstrip("\n").split("\t") for line in file if not line.startswith("#")]
    assert all(len(row) == 2 and hanzi.search(row[1]) or row[1].endswith(("'zh')", ":-zh}", '"zh")', '"zh"')) for row in table)
    sources = {name: open(os.path.join(TOP, "docs", "samples", name), encoding="utf-8").read() for name in FILES.values()}
    assert not [english for english, _ in table if not any(english in text for text in sources.values())]
    for name, text in sources.items():
        with open(os.path.join(TOP, "bridge", "manual", "samples.zh", name), encoding="utf-8") as file:
            chinese = file.read()
        comment = re.compile(r'^\s*(#(?!!|include)|//|/\*|""")\s*(?=.*[a-z]{3})|^\s*\* [A-Z]|"""[^"]*"""')
        for english, line in zip(text.splitlines(), chinese.splitlines(), strict=True):
            assert not comment.match(english) or hanzi.search(line), (name, english)


def replaced(value, known):
    """The value with what is known put in for what the examples call it."""
    if isinstance(value, dict):
        return {name: replaced(member, known) for name, member in value.items()}
    if isinstance(value, list):
        return [replaced(member, known) for member in value]
    return known.get(value, value) if isinstance(value, str) else value


class Made(World):
    """Somebody of every state, for the examples of administration; `call` asks for one operation by its example."""

    def __init__(self, platform, spec, operations, newcomer):
        super().__init__(platform)
        self.spec, self.operations, self.newcomer = spec, operations, newcomer

    def call(self, name, token=None, path=None, known=None, query=None, basic=None, body=None, states=True):
        method, route, operation = self.operations[name]
        for parameter, value in (path or {}).items():
            route = route.replace("{%s}" % parameter, urllib.parse.quote(str(value), safe=""))
        assert "{" not in route, route
        if method == "post" and body is None and "requestBody" in operation:
            body = replaced(body_of(self.operations, name), known or {})
        if query:
            route += "?" + urllib.parse.urlencode(query)
        return check_reply(self.spec, self.operations, name, self.client().request(method.upper(), "/" + route, body if method == "post" else None, token=token, basic=basic), states)


@pytest.fixture(scope="module")
def made(platform, spec, operations, newcomer):
    world = Made(platform, spec, operations, newcomer)
    yield world
    platform.sql("DELETE FROM citybigdata.lockout WHERE true")


def test_sender(platform, made, newcomer):
    """Codes, tokens, reports, cases, data: what the newcomer's application may do."""
    app, senders = newcomer["app"], newcomer["form"]["senderCodes"]
    known = {APP: app["appCode"], "KEY": app["key"]}
    code = made.call("issueAuthCode", known=known).data["authCode"]
    token = made.call("issueToken", known={**known, "ONE-TIME-CODE": code}).data["accessToken"]
    platform.client.secrets.update((code, token))
    report = made.call("reportEvent", token=token).data
    # the same again is the same case; the newcomer's profile is strict, so what egova takes is for another application
    assert made.call("reportEvent", token=token).data == report
    case = made.call("getEvent", token=token, path={"taskNum": report["taskNum"]}).data
    assert case["senderCode"] == senders[0] and case["address"] == body_of(made.operations, "reportEvent")["data"]["address"]
    listed = made.call("findEvents", token=token, query={"otherTaskNum": "20240102-7", "senderCode": senders[0]}).data
    assert [item["taskNum"] for item in listed["items"]] == [report["taskNum"]]
    made.call("findEvents", token=token, query={"since": "20240102000000"})
    filters = {p["name"]: p["example"] for p in made.operations["findEvents"][2]["parameters"] if p.get("name") in
               ("bbox", "divisionCode", "timeRange", "state", "type", "q", "pageSize")}
    made.call("findEvents", token=token, query=filters)
    made.call("getSteps", token=token, path={"taskNum": report["taskNum"]})
    for name, path in (("getData", {"resource": "street-lights"}), ("postData", {"resource": "street-lights"}), ("getResource", {"code": "street-lights"}),
                       ("getDivision", {"code": "110101"}), ("getCodeTable", {"name": "event-state"})):
        made.call(name, token=token, path=path)
    made.call("listResources", token=token, query={"layer": "industry", "industry": "lighting", "dataKind": "lighting"})
    for name in ("listResources", "listCodeTables", "listStatusCodes", "getHealth", "getReady", "consoleConfig"):
        made.call(name, token=token)
    url = made.call("sealUrl", token=token).data["url"]
    made.call("openSealedUrl", path={"sealed": url.rsplit("/", 1)[1]})
    assert made.call("introspectToken", token=token, known={"ACCESS-TOKEN": token}).data["client_id"] == app["appCode"]
    made.call("revokeToken", token=token, known={"ACCESS-TOKEN": token})


def test_deployed_sender(platform, made):
    """The examples of the vendor's paths, by an application of the profile egova; numbers of the sender are its own."""
    app = platform.make_application(profile="egova")
    for name in ("upstream", "upstreamReport"):
        reply = made.call(name, token=platform.token(app), known={"LAMP-01": app["senders"][0]})
        assert reply.json["success"] is True and reply.data["recID"]


def test_oauth(platform, made, newcomer):
    app = newcomer["app"]
    known = {APP: app["appCode"], "KEY": app["key"]}

    def form(name, **more):
        example = made.operations[name][2]["requestBody"]["content"]["application/x-www-form-urlencoded"]["example"]
        return check_reply(made.spec, made.operations, name, platform.client.form("/" + made.operations[name][1], replaced(example, {**known, **more})))
    token = form("oauthToken").json["access_token"]
    platform.client.secrets.add(token)
    assert form("oauthIntrospect", **{"ACCESS-TOKEN": token}).json["active"] is True
    assert platform.client.form("//oauth/revoke", {"token": token, "client_id": app["appCode"], "client_secret": app["key"]}).status == 200
    check_reply(made.spec, made.operations, "oauthMetadata", platform.client.get("//.well-known/oauth-authorization-server"))


def test_case(platform, made, newcomer):
    """A step, many steps, what may be done, the work list: an operator of the demo."""
    desk = Bureau(platform).tokens["desk"]
    tasks = [platform.report(platform.event(), platform.token(made.app), made.app["senders"][0]).data["taskNum"] for _ in range(2)]
    made.call("getActions", token=desk, path={"taskNum": tasks[0]})
    made.call("takeStep", token=desk, path={"taskNum": tasks[0]}, body={k: v for k, v in body_of(made.operations, "takeStep").items() if k in ("action", "version", "note")})
    made.call("takeSteps", token=desk, known={TASK: tasks[1]})
    made.call("getSteps", token=desk, path={"taskNum": tasks[0]})
    made.call("getTodo", token=desk, query={"role": "desk", "pageSize": 50})


def test_rules_explained(platform, made, operations):
    made.call("explainRules", token=made.administrator(role_of(platform, "explainRules", operations)), known={"11000020240102000000000120": made.task_num})


def test_callbacks(platform, made, operations):
    """The receiver of the example does not answer: what is asked of it waits."""
    token, path = platform.token(made.app), {}
    path["id"] = made.call("saveCallback", token=token).data["callbackId"]
    made.call("listCallbacks", token=token)
    for name in ("getCallback", "listDeliveries"):
        made.call(name, token=token, path=path, states=False)
    delivery = made.call("testCallback", token=token, path=path).data["deliveryId"]
    made.call("listOutbox", token=made.administrator("sysadmin"))
    made.call("changeOutbox", token=made.administrator("sysadmin"), body={**body_of(operations, "changeOutbox"), "messageIds": [delivery]})
    made.call("replayDelivery", token=token, path={**path, "deliveryId": delivery})
    for name in ("rotateCallback", "disableCallback", "enableCallback"):
        made.call(name, token=token, path=path, states=name == "disableCallback")


def test_sms(platform, made, operations):
    """A gateway, a message, what is read of it; what a gateway calls with."""
    token, administrator = platform.token(made.app), made.administrator("sysadmin")
    saved = made.call("saveGateway", token=administrator, body={"gateway": {**body_of(operations, "saveGateway")["gateway"], "newToken": True}}).data
    platform.client.secrets.update(saved[name].rsplit("/", 1)[1] for name in ("reportUrl", "replyUrl"))
    made.call("changeSmsBlocks", token=administrator, body={**body_of(operations, "changeSmsBlocks"), "mobileStr": "13900139000"})
    made.call("sendSms", token=token)
    platform.sql("UPDATE citybigdata.sms_number n SET state = 'delivered', state_at = now() FROM citybigdata.sms_message m WHERE m.sms_id = n.sms_id AND m.msg_id = 'NOTICE-1'")
    made.call("getSmsMessage", token=token, path={"msgId": "NOTICE-1"}, states=False)
    for name in ("listGateways", "listSmsBlocks"):
        made.call(name, token=administrator)
    for save, listed in (("saveSmsTemplate", "listSmsTemplates"), ("saveSmsPolicy", "listSmsPolicies")):
        made.call(save, token=administrator)
        made.call(listed, token=administrator)
    gateway, numbers = Gateway(platform, networks="{127.0.0.0/8}"), mobiles(1)
    sms_id, _ = gateway.message(made.app, numbers, ids={0: ["1a"]})
    path = {"token": gateway.token}
    made.call("takeSmsReport", path=path, query={"r": sms_id, "to": numbers[0], "status": 8})
    report = {n: v for n, v in body_of(operations, "postSmsReport").items() if n != "time"}
    made.call("postSmsReport", path=path, body={**report, "mobile": str(numbers[0])})
    made.call("takeSmsReply", path=path, query={"id": "4712", "from": numbers[0], "to": "106912345", "text": "收到"})
    made.call("postSmsReply", path=path, body={**body_of(operations, "postSmsReply"), "from": str(numbers[0])})
    made.call("listSmsReplies", token=token, query={"timeRange": "[20240101000000,20990101000000)"})
    platform.sql("DELETE FROM citybigdata.sms_policy WHERE app_id = 0")
    platform.sql("UPDATE citybigdata.sms_gateway SET state = 'disabled'")


def test_cameras(platform, made, operations):
    """A provider, a camera, addresses to watch it; what a media server asks of them."""
    token, administrator, secret = platform.token(made.app), made.administrator("sysadmin"), body_of(operations, "saveCameraProvider")["secret"]
    made.call("saveCameraProvider", token=administrator, body={**body_of(operations, "saveCameraProvider"), "networks": ["127.0.0.0/8"]})
    made.call("saveCameras", token=administrator, body={"items": [{**body_of(operations, "saveCameras")["items"][0], "source": "rtsp://192.0.2.20/main"}]})
    platform.sql("UPDATE citybigdata.camera SET state = 'online', level = 1 WHERE provider_code = 'media'")
    for name in ("listCameraProviders", "listAdminCameras"):
        made.call(name, token=administrator)
    for name in ("listCameras", "artemisCameras"):
        made.call(name, token=token)
    plays = [made.call(name, token=token) for name in ("previewCamera", "artemisPreviewV1", "artemisPreviewV2")]
    addresses = [play.json["data"]["url"] for play in plays]
    opened = re.search(r"/([\w-]{43})/(\w+)/", addresses[0])
    platform.client.secrets.update(re.search(r"[\w-]{43}", address)[0] for address in addresses)
    server = {"provider": "media", "key": secret}
    made.call("mediaServerSource", body={**server, "source": opened[2]}, states=False)
    made.call("mediaServerPlay", body={**body_of(operations, "mediaServerPlay"), **server, "event": "open", "token": opened[1], "stream": opened[2]}, states=False)
    made.call("mediaServerReport", body={**server, "sources": [f"{opened[2]}=live"]})
    made.call("listPlays", token=made.administrator("auditor"))
    number = str(plays[0].data["playId"])
    made.call("revokePlay", token=token, path={"playId": number})
    made.call("revokeAnyPlay", token=made.administrator("secadmin"), path={"playId": number}, states=False)
    made.call("saveCameraProvider", token=administrator, body={"provider": "city", "title": "市局视频平台", "kind": "upstream", "secret": secret, "url": "https://video.example/artemis",
                                                               "appKey": "11000000000001R", "version": "v2"})
    made.call("takeCameraList", token=administrator, path={"provider": "city"})
    made.call("removeCameraProvider", token=administrator, path={"provider": "city"})


def test_analysis(platform, made):
    """An algorithm like that of the examples, at once and as a job; a job that is cancelled."""
    granted = [*register(platform), "lamps-by-day", "lamps-job"]
    platform.sql("""SET ROLE rig_analyst;
        CREATE OR REPLACE FUNCTION rig_analysis.by_day(from_day date, min_power numeric) RETURNS TABLE (day date, lamps bigint) LANGUAGE sql STABLE AS 'SELECT from_day, 17::bigint';
        SELECT citybigdata.register_algorithm('rig_analysis.by_day(date, numeric)', jsonb_build_object('code', c, 'cost', k, 'source', 'own', 'cacheFor', 300,
            'parameters', '[{"name": "minPower", "default": 0, "unit": "W", "min": 0, "max": 1000}]'::jsonb)) FROM (VALUES ('lamps-by-day', 'quick'), ('lamps-job', 'job')) v (c, k);
        RESET ROLE""")
    platform.sql("""INSERT INTO citybigdata.app_grant (app_id, resource, level, granted_by) SELECT a.app_id, r, 1, 'test' FROM citybigdata.application a, unnest(%s) r
                    WHERE a.app_code = %s ON CONFLICT DO NOTHING""", granted, made.app["appCode"])
    token, path = platform.token(made.app), {"algorithm": "lamps-by-day"}
    made.call("listAlgorithms", token=token)
    made.call("runAlgorithm", token=token, path=path, query={"fromDay": "20240101"})
    made.call("runAlgorithmPost", token=token, path=path)
    number = {"id": platform.client.get("/analysis/lamps-job?fromDay=20240102", token=token).data["jobId"]}
    until(lambda: made.call("getJob", token=token, path=number, states=False).data["state"] == "done")
    made.call("getJobResult", token=token, path=number)
    made.call("cancelJob", token=token, path={"id": make_job(platform.client, token, 30, "manual")})


# Administration: whom it is about; the body is the example's.
ABOUT = {
    "rejectAccount": lambda w: {"id": w.accounts[1]["accountId"]}, "suspendAccount": lambda w: {"id": w.victim("active")["accountId"]},
    "resumeAccount": lambda w: {"id": w.victim("suspended")["accountId"]}, "resetPassword": lambda w: {"id": w.victim("active")["accountId"]},
    "revokeAccount": lambda w: {"id": w.victim("active")["accountId"]}, "expireAccount": lambda w: {"id": w.victim("active")["accountId"]},
    "setRole": lambda w: {"id": w.platform.make_account()["accountId"]}, "enrolSecondFactor": lambda w: {"id": w.victim("active")["accountId"]},
    "rejectAccess": lambda w: {"id": w.requests[1]}, "suspendApplication": lambda w: {"application": w.victim(application="active")["appCode"]},
    "resumeApplication": lambda w: {"application": w.victim(application="suspended")["appCode"]}, "revokeApplication": lambda w: {"application": w.victim(application="active")["appCode"]},
    "expireApplication": lambda w: {"application": w.victim(application="active")["appCode"]}, "addGrant": lambda w: {"application": w.victim(application="active")["appCode"]},
    "rotateCredentials": lambda w: {"application": w.victim(application="active")["appCode"]}, "limitApplication": lambda w: {"application": w.victim(application="active")["appCode"]},
    "suspendGrant": lambda w: w.grant("active"), "resumeGrant": lambda w: w.grant("suspended"), "revokeGrant": lambda w: w.grant("active"), "expireGrant": lambda w: w.grant("active"),
    "confirmProposal": lambda w: {"id": w.proposal()[0]}, "refuseProposal": lambda w: {"id": w.proposal()[0]},
    "saveUnits": lambda w: {}, "savePosts": lambda w: {}, "saveGrids": lambda w: {}, "saveResponsibilities": lambda w: {}, "saveProcess": lambda w: {},
    "saveConditions": lambda w: {}, "saveCalendar": lambda w: {}, "saveRules": lambda w: {}, "dryRunRule": lambda w: {}}
LISTS = ("listAccounts", "listApplications", "listProposals", "listLockouts", "listProcesses", "listConditions", "listCalendars", "listAccessRequests", "readAudit",
         "listUnits", "listPosts", "listGrids", "listResponsibilities", "listRules", "listOutbox", "listMediaFetches")


def role_of(platform, name, operations):
    """The role that the route asks for."""
    import own_bridge
    method, path, _ = operations[name]
    return next(r.role for r in own_bridge.routes(platform) if (r.method, r.path) == (method.upper(), path)).split(", ")[-1]


@pytest.mark.parametrize("name", ABOUT)
def test_administration(platform, made, operations, name):
    made.call(name, token=made.administrator(role_of(platform, name, operations)), path=ABOUT[name](made))


def test_propose_and_unlock(platform, made, operations):
    account = platform.make_account()["accountId"]
    made.call("propose", token=made.administrator("sysadmin"), known={"12": str(account)})
    # who is locked out, and is let in again
    platform.sql("""INSERT INTO citybigdata.lockout (kind, subject, failures, confirmed, last_attempt_at, locked_until)
                    VALUES ('address', '203.0.113.7', 5, 5, now(), now() + interval '10 minutes') ON CONFLICT DO NOTHING""")
    made.call("listLockouts", token=made.administrator("secadmin"), query={"kind": "address"})
    made.call("unlock", token=made.administrator("secadmin"))
    victim = made.victim("active")
    platform.sql("""INSERT INTO citybigdata.lockout (kind, subject, failures, confirmed, last_attempt_at, locked_until)
                    VALUES ('account', %s, 5, 5, now(), now() + interval '10 minutes') ON CONFLICT DO NOTHING""", victim["userName"])
    made.call("unlockAccount", token=made.administrator("secadmin"), path={"id": victim["accountId"]})


@pytest.mark.parametrize("name", LISTS)
def test_lists(platform, made, operations, name):
    """With all there is, and with the filters of the example."""
    token = made.administrator(role_of(platform, name, operations))
    made.call(name, token=token)
    parameters = [resolve(made.spec, p) for p in operations[name][2].get("parameters", [])]
    made.call(name, token=token, query={p["name"]: p["example"] for p in parameters if p["in"] == "query" and "example" in p})


def test_log_in_and_password(platform, made, newcomer, operations):
    """The last of the newcomer: another password, as the example says."""
    administrator = platform.administrator("auditor")
    made.call("adminLogin", known={"admin": administrator["userName"], "PASSWORD": administrator["password"], "123456": "000000"},
              body={"userName": administrator["userName"], "password": administrator["password"], "totp": platform.value(
                  "SELECT citybigdata.totp_code(%s, now() + interval '30 seconds')", administrator["secret"])})
    made.call("changePassword")
    platform.client.secrets.add(body_of(operations, "changePassword")["newPassword"])


def test_every_example_was_sent(operations):
    """An operation with an example that no test here sends: add it."""
    import inspect
    import sys
    text = inspect.getsource(sys.modules[__name__])
    pages = {"getMedia", "oauthAuthorize", "oauthDecide", "oauthLogout", "oauthRevoke", "getOpenapi", "getDocs", "getMetrics", "getResourceXsd"}  # no JSON, or nothing in it
    pages |= {"getTile", "getSealedTile", "getTileJson", "getTileStyle"}  # no envelope: test_tiles.py
    others = ("getData-", "postData-", "getAnalysis-", "postAnalysis-", "open311", "ogc")  # test_open311.py and test_ogc.py have the examples of their specifications
    assert not [name for name in operations if f'"{name}"' not in text and name not in pages and not name.startswith(others)]
    assert CALLS and API
