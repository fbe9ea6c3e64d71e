"""Event reports: what deployed senders send, byte for byte (tables A.3 to A.5), and everything beside it."""
import base64
import datetime
import json
import threading
import urllib.parse

import pytest
from rig import check_envelope, check_refused, http_request

UPSTREAM = ("/openapi/v2/upstream", "/openapi/v2/upstream/uprecreport")
CHINA = datetime.timezone(datetime.timedelta(hours=8))


def deployed_event(platform, number, **changes):
    """An event as deployed senders write it: strings for numbers, lontitude only, extra keys, a bare media extension."""
    lon, lat = platform.wangfujing[2:]
    event = {
        "eventDesc": "井盖破损，存在安全隐患", "otherTaskNum": number, "address": "东城区王府井大街",
        "lontitude": str(lon), "latitude": lat, "eventSrcID": "11", "recTypeID": 1, "eventLevelID": "1",
        "eventTypeCode": "6", "mainTypeCode": "602", "subTypeCode": "60201", "maxTypeCode": "6", "newInstCondID": "1",
        "mediaNum": "1", "createTime": (datetime.datetime.now(CHINA) - datetime.timedelta(minutes=5)).strftime("%Y-%m-%d %H:%M:%S"),
        "medias": [{"mediaName": "a.jpg", "mediaType": "jpg", "mediaUsage": "上报", "content": "",
                    "mediaURL": "http://192.168.1.5:8080/files/a.jpg"}], **changes}
    return {k: v for k, v in event.items() if v is not None}


def apache_client(port, path, body):
    """The bytes that Apache HttpClient 4 sends."""
    return http_request("POST", path, body, [
        ("Content-Length", len(body)), ("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8"),
        ("Host", f"localhost:{port}"), ("Connection", "Keep-Alive"),
        ("User-Agent", "Apache-HttpClient/4.5.13 (Java/1.8.0_202)"), ("Accept-Encoding", "gzip,deflate")])


def numbers(reply):
    """The members that deployed callers read; recID is a JSON integer, taskNum a string."""
    assert reply.json["success"] is True and reply.json["code"] == 0 and reply.json["message"] == "OK"
    assert type(reply.data["recID"]) is int and 0 < reply.data["recID"] < 2**31
    assert type(reply.data["taskNum"]) is str
    return reply.data["recID"], reply.data["taskNum"]


@pytest.mark.parametrize("path", UPSTREAM)
def test_deployed_sender_three_fields_in_the_body(platform, client, path):
    event = deployed_event(platform, f"wire-three-{path.count('/')}")
    sender = platform.env["CBD_IP_SENDER_CODE"]
    body = urllib.parse.urlencode({"senderCode": sender, "actionType": "UP_REC_REPORT",
                                   "data": json.dumps(event, ensure_ascii=False)}).encode()
    reply = check_envelope(client.raw(apache_client(client.port, path, body)), 200, 0)
    assert reply.header("Content-Type").lower().startswith("application/json")
    rec_id, task_num = numbers(reply)
    # found in SQL by an analyst
    rows = platform.sql("""SELECT event_desc, event_src_id, district_code, public.ST_SRID(geom), ext ->> 'newInstCondID',
                                  public.ST_DistanceSphere(geom, public.ST_SetSRID(public.ST_MakePoint(116.4117, 39.9097), 4490)) < 1
                           FROM citybigdata.event WHERE rec_id = %s AND task_num = %s AND sender_code = %s""",
                        rec_id, task_num, sender, role="citybigdata_analyst")
    assert rows == [("井盖破损，存在安全隐患", 11, "110101", 4490, "1", True)]


@pytest.mark.parametrize("path", UPSTREAM)
def test_deployed_sender_two_fields_in_the_query(platform, client, path):
    event = deployed_event(platform, f"wire-query-{path.count('/')}")
    sender = platform.env["CBD_IP_SENDER_CODE"]
    body = urllib.parse.urlencode({"data": json.dumps(event, ensure_ascii=False)}).encode()
    query = urllib.parse.urlencode({"senderCode": sender, "actionType": "UP_REC_REPORT"})
    numbers(check_envelope(client.raw(apache_client(client.port, f"{path}?{query}", body)), 200, 0))
    assert len(platform.stored(event, sender)) == 1


def test_vendor_path_with_a_token(platform, client, token):
    event = deployed_event(platform, "wire-token")
    reply = client.form("/" + UPSTREAM[0], {"senderCode": platform.sender, "actionType": "UP_REC_REPORT",
                                            "data": json.dumps(event)}, token=token)
    numbers(check_envelope(reply, 200, 0))


def test_vendor_path_without_grant_or_token(platform, client, stranger, nothing_stored):
    """An IP grant holds for its addresses only, and for its senders only."""
    event = deployed_event(platform, "wire-nobody")
    fields = {"senderCode": platform.env["CBD_IP_SENDER_CODE"], "actionType": "UP_REC_REPORT", "data": json.dumps(event)}
    assert check_refused(stranger.form("/" + UPSTREAM[1], fields)).status == 401
    assert check_refused(client.form("/" + UPSTREAM[1], {**fields, "senderCode": "nobody-knows"})).status == 401


def test_vendor_path_says_no_with_200(platform, client, nothing_stored):
    """Deployed callers read only the body of a 200: application outcomes have that status."""
    event = deployed_event(platform, "wire-bad", address=None, eventSrcID="x1")
    reply = client.form("/" + UPSTREAM[1], {"senderCode": platform.env["CBD_IP_SENDER_CODE"], "actionType": "UP_REC_REPORT",
                                            "data": json.dumps(event)})
    assert reply.status == 200 and reply.json["success"] is False and reply.json["code"] == -1, reply
    assert reply.pointers() == {"/address": 42201, "/eventSrcID": 42202}
    reply = client.form("/" + UPSTREAM[1], {"senderCode": platform.env["CBD_IP_SENDER_CODE"], "actionType": "UP_REC_REPORT",
                                            "data": "{broken"})
    assert reply.status == 200 and reply.json["success"] is False, reply


def test_repeat_gives_the_first_numbers(platform, client):
    """Pollers re-send every few minutes: the same content gets the first answer, other content 409; no recID is used up."""
    event = deployed_event(platform, "wire-repeat")
    sender = platform.env["CBD_IP_SENDER_CODE"]
    send = lambda value: client.form("/" + UPSTREAM[1], {"senderCode": sender, "actionType": "UP_REC_REPORT", "data": json.dumps(value)})
    first = numbers(check_envelope(send(event), 200, 0))
    before = platform.events_state()
    for again in (event, {**event, "taskNum": "theirs-1"}, {**event, "eventSrcID": 11}):
        assert numbers(check_envelope(send(again), 200, 0)) == first
    other = send({**event, "eventDesc": "另一个问题"})
    assert other.status == 200 and other.code == 40901 and other.json["success"] is False, other
    assert (other.data["recID"], other.data["taskNum"]) == first
    assert platform.events_state() == before


def test_json_body(platform, client, token):
    event = platform.event()
    first = numbers(check_envelope(platform.report(event, token), 200, 0))
    # data as a string instead of an object is the same report
    reply = client.post("/events", {"data": json.dumps(event), "senderCode": platform.sender, "actionType": "UP_REC_REPORT"}, token=token)
    assert numbers(check_envelope(reply, 200, 0)) == first
    # other content under the same number
    reply = check_envelope(platform.report({**event, "eventDesc": "x"}, token), 409, 40901)
    assert (reply.data["recID"], reply.data["taskNum"]) == first and reply.pointers() == {"/eventDesc": 40901}
    # senderCode and actionType in the query
    query = urllib.parse.urlencode({"senderCode": platform.sender, "actionType": "UP_REC_REPORT"})
    assert numbers(check_envelope(client.post("/events?" + query, {"data": event}, token=token), 200, 0)) == first


def test_form_body(platform, client, token):
    event = platform.event()
    reply = client.form("/events", {"senderCode": platform.sender, "actionType": "UP_REC_REPORT", "data": json.dumps(event)}, token=token)
    numbers(check_envelope(reply, 200, 0))


def multipart(fields, boundary="----WebKitFormBoundaryx7"):
    body = b"".join(f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
                    for name, value in fields.items()) + f"--{boundary}--\r\n".encode()
    return body, {"Content-Type": "multipart/form-data; boundary=" + boundary}


def test_multipart_body(platform, client, token):
    event = platform.event(eventDesc="多部分 – 文本\r\n第二行")
    body, headers = multipart({"senderCode": platform.sender, "actionType": "UP_REC_REPORT", "data": json.dumps(event, ensure_ascii=False)})
    rec_id, _ = numbers(check_envelope(client.post("/events", body, headers=headers, token=token), 200, 0))
    assert platform.value("SELECT event_desc FROM citybigdata.event WHERE rec_id = %s", rec_id) == event["eventDesc"]


def test_chunked_body(platform, client, token):
    body = json.dumps({"data": platform.event(), "senderCode": platform.sender, "actionType": "UP_REC_REPORT"}).encode()
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(body[i:i + 7]), body[i:i + 7]) for i in range(0, len(body), 7)) + b"0\r\n\r\n"
    reply = client.raw(http_request("POST", "/api/v1/events", chunks, [
        ("Host", f"localhost:{client.port}"), ("Transfer-Encoding", "chunked"), ("Content-Type", "application/json"),
        ("Authorization", "Bearer " + token)]))
    numbers(check_envelope(reply, 200, 0))


def test_expect_continue(platform, client, token):
    """curl waits for 100 Continue with a body above 1 MB."""
    picture = base64.b64encode(b"\xff\xd8\xff\xe0" + bytes(1_200_000)).decode()
    event = platform.event(mediaNum=1, medias=[{"mediaName": "p.jpg", "mediaType": "IMAGE", "mediaUsage": "上报", "content": picture}])
    body = json.dumps({"data": event, "senderCode": platform.sender, "actionType": "UP_REC_REPORT"}).encode()
    head = http_request("POST", "/api/v1/events", b"", [
        ("Host", f"localhost:{client.port}"), ("Content-Length", len(body)), ("Content-Type", "application/json"),
        ("Expect", "100-continue"), ("Authorization", "Bearer " + token)])
    with client.connect() as sock:
        sock.sendall(head)
        assert sock.recv(100).startswith(b"HTTP/1.1 100 ")
        from rig import read_reply
        sock.sendall(body)
        rec_id, _ = numbers(check_envelope(read_reply(sock), 200, 0))
    assert platform.value("SELECT count(*) FROM citybigdata.event_media WHERE rec_id = %s", rec_id) == 1


def test_strict_profile(platform, strict, strict_token, client):
    """A new application is held to the letter of A.4, and to all its faults at once."""
    sender = strict["senders"][0]
    numbers(check_envelope(platform.report(platform.event(), strict_token, sender), 200, 0))
    before = platform.events_state()
    event = platform.event(coordinateX=None, coordinateY=None, eventSrcID="1", eventLevelID=None, createTime=None, extra=1,
                           cellphone="123", mediaNum=2,
                           medias=[{"mediaName": "x.jpg", "mediaType": "jpg", "mediaUsage": "上报", "mediaURL": "https://x.example/x.jpg"}])
    reply = check_envelope(platform.report(event, strict_token, sender), 422, 42200)
    assert reply.pointers() == {"/coordinateX": 42201, "/coordinateY": 42201, "/eventSrcID": 42202, "/eventLevelID": 42201,
                                "/createTime": 42201, "/extra": 42225, "/cellphone": 42215, "/mediaNum": 42216,
                                "/medias/0/mediaType": 42220}
    assert all(e["message"] for e in reply.data["errors"])
    assert platform.events_state() == before


def test_egova_profile_defaults(platform, token):
    lon, lat = platform.wangfujing[2:]
    event = platform.event(coordinateX=None, coordinateY=None, lontitude=lon, latitude=lat, createTime=None, eventLevelID=None)
    reply = check_envelope(platform.report(event, token), 200, 0)
    assert reply.warnings()["/createTime"] == 42227
    row = platform.sql("SELECT district_code, create_time = receive_time, event_level_id IS NOT NULL FROM citybigdata.event WHERE rec_id = %s",
                       reply.data["recID"])
    assert row == [("110101", True, True)]


def test_space(platform, token, nothing_stored):
    """Never silently corrected: swapped axes, a wrong plane, a point outside, two places that disagree."""
    x, y = platform.wangfujing[:2]
    lon, lat = platform.place(116.30, 39.98)[2:]
    for changes, pointer, code in (
            ({"coordinateX": y, "coordinateY": x}, "/coordinateX", 42210),
            ({"coordinateX": 116.4117, "coordinateY": 39.9097}, "/coordinateX", 42211),
            ({"coordinateX": x + 300000, "coordinateY": y}, "/coordinateX", 42209),
            ({"lontitude": lon, "latitude": lat}, "/lontitude", 42212)):
        reply = check_envelope(platform.report(platform.event(**changes), token), 422, 42200)
        assert reply.pointers().get(pointer) == code, reply


def test_district(platform, token, strict, strict_token):
    """The district of the polygon counts: a fault in strict, a warning in egova, filled in where it is missing."""
    reply = check_envelope(platform.report(platform.event(districtCode="110108"), token), 200, 0)
    assert reply.warnings()["/districtCode"] == 42208
    assert platform.value("SELECT district_code FROM citybigdata.event WHERE rec_id = %s", reply.data["recID"]) == "110101"
    reply = check_envelope(platform.report(platform.event(districtCode="110108"), strict_token, strict["senders"][0]), 422, 42200)
    assert reply.pointers() == {"/districtCode": 42208}


def test_dry_run(platform, client, token, nothing_stored):
    reply = check_envelope(platform.report(platform.event(), token, dryRun=True), 200, 0)
    assert not (reply.data or {}).get("recID"), reply
    reply = client.post("/events?dryRun=true", {"data": platform.event(address=None), "senderCode": platform.sender,
                                                "actionType": "UP_REC_REPORT"}, token=token)
    assert check_envelope(reply, 422, 42200).pointers() == {"/address": 42201}


def test_outer_fields(platform, client, token, nothing_stored):
    event = platform.event()
    for body, pointer in (({"data": event, "senderCode": platform.sender}, "/actionType"),
                          ({"data": event, "senderCode": platform.sender, "actionType": "X"}, "/actionType"),
                          ({"data": event, "actionType": "UP_REC_REPORT"}, "/senderCode"),
                          ({"senderCode": platform.sender, "actionType": "UP_REC_REPORT"}, "/data")):
        reply = check_refused(client.post("/events", body, token=token))
        assert reply.status in (400, 422) and pointer in reply.pointers(), reply
    # a senderCode of somebody else
    reply = platform.report(event, token, sender=platform.env["CBD_IP_SENDER_CODE"])
    check_envelope(reply, 403, 40301)


def test_read_back(platform, client, token, strict_token):
    x, y = platform.wangfujing[:2]
    event = platform.event(mediaNum=1, medias=[{"mediaName": "a.jpg", "mediaType": "IMAGE", "mediaUsage": "上报",
                                                "mediaURL": "https://files.example/a.jpg"}])
    reply = check_envelope(platform.report(event, token), 200, 0)
    task = reply.data["taskNum"]
    case = check_envelope(client.get("/events/" + task, token=token), 200, 0).data
    for name in ("recID", "taskNum", "senderCode", "otherTaskNum", "eventDesc", "address", "coordinateX", "coordinateY", "longitude",
                 "latitude", "districtCode", "districtName", "eventSrcID", "recTypeID", "eventLevelID", "eventTypeCode",
                 "createTime", "receiveTime", "state", "stateName", "medias", "steps"):
        assert name in case, name
    assert (case["recID"], case["taskNum"]) == (reply.data["recID"], task)
    assert (case["otherTaskNum"], case["eventDesc"], case["districtCode"]) == (event["otherTaskNum"], event["eventDesc"], "110101")
    assert case["createTime"] == event["createTime"] and case["state"] == 1 and case["stateName"] == "待受理"
    assert abs(case["longitude"] - 116.4117) < 1e-6 and abs(case["latitude"] - 39.9097) < 1e-6
    assert abs(case["coordinateX"] - x) < 0.01 and abs(case["coordinateY"] - y) < 0.01
    assert [m["mediaType"] for m in case["medias"]] == ["IMAGE"]
    # as Unix seconds; in the online map's system
    unix = client.get(f"/events/{task}?timeFormat=unix", token=token).data
    seconds = datetime.datetime.strptime(event["createTime"], "%Y%m%d%H%M%S").replace(tzinfo=CHINA).timestamp()
    assert int(unix["createTime"]) == seconds
    moved = client.get(f"/events/{task}?crs=GCJ02", token=token).data
    assert abs(moved["longitude"] - platform.wangfujing[2]) < 1e-6
    # by the sender's own number
    found = check_envelope(client.get("/events?" + urllib.parse.urlencode({"otherTaskNum": event["otherTaskNum"]}), token=token), 200, 0)
    assert event["otherTaskNum"] in json.dumps(found.data) and task in json.dumps(found.data)
    # not everybody's business
    check_envelope(client.get("/events/" + task[:-1] + ("0" if task[-1] != "0" else "1"), token=token), 404)


def test_idempotency_key(platform, client, token):
    body = {"data": platform.event(), "senderCode": platform.sender, "actionType": "UP_REC_REPORT"}
    send = lambda value: client.post("/events", value, token=token, headers={"Idempotency-Key": "key-" + body["data"]["otherTaskNum"]})
    first = numbers(check_envelope(send(body), 200, 0))
    assert numbers(check_envelope(send(body), 200, 0)) == first
    check_envelope(send({**body, "data": platform.event()}), 422, 42228)


def test_concurrent_duplicates(platform):
    """32 senders of one report at once: one event, one answer."""
    event, token, replies = platform.event(), platform.token(), []
    gate = threading.Barrier(32)

    def send():
        gate.wait()
        replies.append(platform.report(event, token))
    before = platform.events_state()
    threads = [threading.Thread(target=send) for _ in range(32)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({numbers(check_envelope(reply, 200, 0)) for reply in replies}) == 1 and len(replies) == 32
    assert len(platform.stored(event)) == 1
    assert platform.events_state()[0] == before[0] + 1
