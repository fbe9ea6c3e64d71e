"""Accept-Language: every message of errors[] and warnings[] in Chinese, of every chapter; the same refusals as in English."""
import json
import re
import uuid

import pytest
from case_rig import Bureau
from rig import check_envelope

LIGHTS = "/data/street-lights"
CHINESE = re.compile("[\u4e00-\u9fff]")
# two English words in a row, beside what is quoted, code and names of the standards
ENGLISH = re.compile(r"(?<![\w/.])[a-z]{2,} [a-z]{2,}(?![\w(.])")
QUOTED = re.compile(r"“[^”]*”|例如.*|应为 \w+(?:、\w+)*")


@pytest.fixture(scope="module")
def bureau(platform):
    return Bureau(platform)


def told(reply):
    """{(pointer, statusCode): [messages]} of a reply's errors and warnings, those of steps and of the whole too."""
    found = {}

    def walk(value):
        if isinstance(value, dict):
            if isinstance(value.get("message"), str) and "statusCode" in value:
                found.setdefault((value.get("pointer"), value["statusCode"]), []).append(value["message"])
            for member in value.values():
                walk(member)
        elif isinstance(value, list):
            for member in value:
                walk(member)
    walk(reply.json)
    return found


def both(send, least=2):
    """Sends in English and in Chinese; the messages of both, compared. `send` takes the headers."""
    english, chinese = told(send({"Accept-Language": "en"})), told(send({"Accept-Language": "zh-CN, zh;q=0.9, en;q=0.5"}))
    assert list(english) == list(chinese) and len(english) >= least, (english, chinese)
    for place, messages in chinese.items():
        for message, plain in zip(messages, english[place]):
            assert CHINESE.search(message), (place, message)
            assert not ENGLISH.search(QUOTED.sub("", message)), (place, message)
            assert not re.search("[\u4e00-\u9fff][,;:!?]", message), (place, message)
            assert message != plain and re.search("[A-Za-z]{2}", plain), (place, plain)
    return chinese


def test_strict_report_with_many_faults(platform, client, strict, strict_token):
    event = {"eventDesc": "", "cellphone": "12", "longitude": 116.4, "createTime": "2024-13-02", "mediaNum": 3, "districtCode": "999999", "eventTypeCode": "x" * 300,
             "coordinateX": 4418300, "coordinateY": 446500, "eventSrcID": "x", "recTypeID": 1e10, "humanName": 5, "streetCode": "1", "surplus": 1,
             "medias": [{"mediaType": "FILM", "mediaURL": "gopher://x", "mediaUsage": "x"}, 5, {"mediaType": "IMAGE", "content": "?"}]}
    both(lambda headers: client.post("/events", {"data": event, "senderCode": strict["senders"][0], "actionType": "UP_REC_REPORT"}, token=strict_token, headers=headers), least=15)
    event = platform.event(coordinateX=4418300, coordinateY=446500)
    messages = both(lambda headers: client.post("/events", {"data": event, "senderCode": strict["senders"][0], "actionType": "UP_REC_REPORT"}, token=strict_token, headers=headers), least=0)
    assert messages.get(("/coordinateX", 42210)) == ["coordinateX 4418300 与 coordinateY 446500 颠倒：coordinateX 为东坐标，coordinateY 为北坐标"], messages
    both(lambda headers: client.post("/events", {"data": '{"a":', "senderCode": "x" * 300, "actionType": "y"}, token=strict_token, headers=headers), least=2)
    both(lambda headers: client.post("/events", {}, token=strict_token, headers=headers), least=2)


def test_warnings_of_a_report(platform, client, token):
    """What is told is in the client's language; what is kept with the case is English."""
    def send(headers):
        event = platform.event(createTime=None, mediaNum=2, otherTaskNum=uuid.uuid4().hex)
        reply = client.post("/events", {"data": event, "senderCode": platform.sender, "actionType": "UP_REC_REPORT"}, token=token, headers=headers)
        check_envelope(reply, 200, 0)
        send.tasks.append(reply.data["taskNum"])
        return reply
    send.tasks = []
    both(send)
    kept = platform.sql("SELECT warnings FROM citybigdata.event WHERE task_num = ANY (%s)", send.tasks)
    assert kept[0] == kept[1] and not CHINESE.search(json.dumps(kept[0], ensure_ascii=False))


@pytest.mark.parametrize("wrong", [
    {"pageSize": 0, "bbox": "1,2,3", "crs": "x", "nothing": 1, "sort": "x", "fields": "y", "lightId": "z", "timeRange": "[2020,2021)", "divisionCode": "999999", "count": "all",
     "expandCodes": "yes", "timeFormat": "iso", "dataKind": "water", "platformCode": "1", "cursor": "A", "time": "yesterday"},
    {"bbox": "39.8,116.3,40.0,116.5", "timeRange": "20240101000000", "lightId.between": "1,2", "bboxCrs": "GCJ02", "lightId.isNull": "x", "streetName.like": "a\\"},
    {"charset": "Big5"}, {"bom": "yes"}, {"format": "xlsx"}], ids=["many", "more", "charset", "bom", "format"])
def test_data_parameters(demo_data, client, lights, wrong):
    both(lambda headers: client.post(LIGHTS, wrong, token=lights, headers=headers), least=1 if len(wrong) == 1 else 4)


@pytest.fixture(scope="module")
def lights(demo_data, platform):
    return platform.token()


def test_events_parameters(bureau):
    for query in ("bbox=39.8,116.3,40.0,116.5&timeRange=[2,1]&divisionCode=1&state=77&light=x&type=?&unit=%20&pageSize=0&cursor=x&q=x", "since=2024&otherTaskNum=x&crs=x&timeFormat=x"):
        both(lambda headers, query=query: bureau.client.get("/events?" + query, token=bureau.tokens["desk"], headers=headers))


def test_steps(bureau):
    task = bureau.report()
    token = bureau.tokens["desk"]
    wrong = [{}, {"action": "dance", "version": 0}, {"action": "accept", "version": 77}, {"action": "accept", "version": "x", "until": "2024-13-01", "evaluation": 9, "result": "x", "to": 5,
             "note": "x" * 5000, "to ": 1}, {"action": "close", "version": 0}, {"action": "file", "version": 0, "conditionCode": "no", "to": {"unit": "no", "account": 5}}]
    for body in wrong:
        both(lambda headers, body=body: bureau.client.post(f"/events/{task}/steps", body, token=token, headers=headers))
    both(lambda headers: bureau.client.post("/events/steps", {"steps": [{"taskNum": task, "action": "close", "version": 0}, {"taskNum": "x", "action": 5}, 5]}, token=token, headers=headers))
    both(lambda headers: bureau.client.get("/todo?role=x&state=77&light=x&pageSize=0&cursor=x", token=token, headers=headers))


@pytest.fixture(scope="module")
def officers(platform):
    """Tokens of administrators, by role."""
    return {role: platform.administrator(role)["token"] for role in ("sysadmin", "secadmin")}


def test_administration(client, officers):
    token = officers["secadmin"]
    for path in ("/admin/accounts?state=x&pageSize=0&cursor=x&role=x", "/admin/access-requests?state=x&accountId=x", "/admin/lockouts?kind=x&cursor=x", "/admin/proposals?state=x&action=x",
                 "/admin/applications?state=x&accountId=0"):
        both(lambda headers, path=path: client.get(path, token=token, headers=headers))


@pytest.mark.parametrize("path,body", [
    ("/admin/calendars", {"calendar": "X", "hours": '{"mon":["9-8"],"x":5}', "days": '[{"date":"2027-13-01","kind":"x"},5]', "years": "[1]"}),
    ("/admin/calendars", {"calendar": "default", "csv": "day\n1"}),
    ("/admin/units", {"items": '[{"unit":"a b","name":"","parent":"zz","state":"x","telephone":"?","divisions":"9"},{"unit":5},5]'}),
    ("/admin/units", {"csv": "unit,name,colour\na,b\nc,d,e,f"}), ("/admin/units", {"items": "{}"}),
    ("/admin/posts", {"items": '[{"account":"nobody","role":"x","unit":"zz","division":"9","from":"yesterday"},{"postId":"77777"}]'}),
    ("/admin/responsibilities", {"items": '[{"type":"zz","division":"9"}]'}), ("/admin/grids", {"items": '[{"grid":"?","division":"9","inspector":"nobody"}]'}),
    ("/admin/conditions", {"conditions": '[{"type":"nothing","condition":"x","limit":"soon","warningShare":"7"},{"limit":"9 years"},5]'}),
    ("/admin/conditions", {"csv": "小类,立案条件,处置时限\nnothing,x,9 years\nnothing,x,"}),
    ("/admin/processes", {"definition": '{"code":"X","stages":[{"name":"A","state":77,"roles":["x"]},5],"actions":[{"name":"x"}],"start":"y","surplus":1}'})],
    ids=lambda v: v if isinstance(v, str) else "")
def test_what_administrators_save(platform, officers, path, body):
    token = officers["secadmin" if path == "/admin/posts" else "sysadmin"]
    both(lambda headers: platform.client.post(path, body, token=token, headers=headers))


def test_authorisation(platform, client, stranger):
    both(lambda headers: stranger.post("/auth/code", {"appCode": "x", "method": "key", "key": ""}, headers=headers))
    both(lambda headers: stranger.post("/auth/code", {"method": "dance"}, headers=headers))
    both(lambda headers: stranger.post("/auth/token", {}, headers=headers))
    both(lambda headers: stranger.post("/accounts", {"userName": "ä b", "password": "short", "mobile": "1", "contactName": "x" * 300}, headers=headers))
    # OAuth: ASCII for programs (RFC 6749 5.2)
    reply = stranger.form("//oauth/token", {"grant_type": "x"}, headers={"Accept-Language": "zh"})
    assert set(reply.json) == {"error", "error_description"} and reply.json["error_description"].isascii(), reply
    page = stranger.get("//oauth/authorize?client_id=x&response_type=code", headers={"Accept-Language": "zh"})
    assert CHINESE.search(page.body.decode()) and page.status >= 400, page


def test_what_the_bridge_refuses(client, token, platform):
    json_ = {"Content-Type": "application/json"}
    for body in (b'{"data": ', b'{"a":1,"a":2}', b'{"a":"\xff"}', b"[1]", b'{"a":"\\ud800"}', b'{"a":"\x01"}', b'{"resources":[1,2'):
        both(lambda headers, body=body: client.post("/events", body, token=token, headers={**headers, **json_}))
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    both(lambda headers: client.post("/events", b"a=%zz", token=token, headers={**headers, **form}))
    both(lambda headers: client.post("/events", b"senderCode=a&senderCode=b", token=token, headers={**headers, **form}))
    both(lambda headers: client.post("/events", b"x", token=token, headers={**headers, "Content-Type": "multipart/form-data; boundary=b"}))
    both(lambda headers: client.post("/events", {"data": {}, "senderCode": ["x"], "actionType": {"x": 1}}, token=token, headers=headers))
    for path in ("/code-tables?appCode=a&appCode=b", "/code-tables?accessToken=x", "/divisions/1", "/code-tables?charset=Big5"):
        both(lambda headers, path=path: client.get(path, token=token, headers=headers))
    both(lambda headers: client.post("/auth/code", {"resources": "[1,2"}, headers=headers))
