"""Cameras over HTTPS (annex A.3): table A.2, the vendor's paths, lists, administration, plays; an upstream platform, which is a second bridge
of another database with its own Artemis paths."""
import base64
import contextlib
import hashlib
import hmac
import json
import re
import threading
import time
import uuid

import pytest
from case_rig import DISTRICT, Bureau
from own_bridge import OwnBridge, free_port, own_bridge, read_conf
from receiver import Receiver
from rig import check_envelope, until
from test_first_administrators import new_database, psql

CAMERA, H265, OLD, HIGH = (str(uuid.UUID(int=0x2f1d6d3e8f0b4f0e9d530c1b7a3e0000 + n)) for n in range(4))
OFFLINE, CLOSED, FAR = (str(uuid.UUID(int=0x2f1d6d3e8f0b4f0e9d530c1b7a3e0010 + n)) for n in range(3))
UP, UP_OFFLINE, UP_UNKNOWN = (str(uuid.UUID(int=0x2f1d6d3e8f0b4f0e9d530c1b7a3e0020 + n)) for n in range(3))
SECRET = "media-secret-0123456789"
MEDIA = {"provider": "media", "title": "媒体服务器", "kind": "media", "secret": SECRET, "rtspUrl": "rtsp://127.0.0.1:8554", "rtmpUrl": "rtmp://127.0.0.1/live",
         "hlsUrl": "https://127.0.0.1/hls", "wsUrl": "wss://127.0.0.1/ws"}
PREVIEW = "/cameras/previewURLs"
ARTEMIS = "//artemis/api/video/v2/cameras/previewURLs"
JSON = {"Content-Type": "application/json"}


def item(camera, name, **more):
    return {"camera": camera, "name": name, "provider": "media", "longitude": 116.41, "latitude": 39.914, **more}


CAMERAS = [item(CAMERA, "王府井大街", subCodec="h264", gbCode="11010100081320000001", gbEdition="2016"), item(H265, "高清", codec="h265", longitude="116.4105"),
           item(OLD, "老旧球机", gbEdition="2011", longitude=116.4102), item(HIGH, "机关", level=3), item(OFFLINE, "断线", state="offline"), item(CLOSED, "停用", state="closed"),
           item(FAR, "西城", longitude=116.36, latitude=39.91, protocols=["rtsp", "hls"], transports="udp", level=1)]


@pytest.fixture(scope="module")
def cameras(platform):
    """The platform's cameras, as its system administrator made them."""
    admin = platform.administrator("sysadmin")
    save = lambda path, body: check_envelope(platform.client.post(f"/admin/{path}", body, token=admin["token"]), 200, 0)
    platform.client.secrets.add(SECRET)
    save("camera-providers", MEDIA)
    assert save("cameras", {"items": CAMERAS}).data == {"changed": len(CAMERAS)}
    yield admin["token"]
    platform.sql("DELETE FROM citybigdata.camera; DELETE FROM citybigdata.camera_provider")


@pytest.fixture(scope="module")
def app(platform, cameras):
    return platform.make_application(resources=["cameras", "events"], methods=["key", "signature"], level=2)


@pytest.fixture(scope="module")
def viewer(platform, app):
    return platform.token(app)


def audit(platform, action, count=1):
    return platform.sql("SELECT object, status_code, detail FROM citybigdata.audit_log WHERE action = %s ORDER BY audit_id DESC LIMIT %s", action, count)


def good(platform, token, camera=CAMERA, **more):
    reply = check_envelope(platform.client.post(PREVIEW, {"cameraIndexCode": camera, **more}, token=token), 200, 0).data
    platform.client.secrets.add(reply["url"])
    return reply


def refused(reply, status, code, *pointers):
    check_envelope(reply, status, code)
    assert sorted(e["pointer"] for e in reply.data["errors"]) == sorted(pointers), reply
    return reply.data["errors"]


# ---- table A.2 ----

def test_defaults(platform, cameras, viewer):
    """Main stream, rtsp, TCP; the code with and without dashes, in any case; the token is stored as its digest alone."""
    for camera in (CAMERA, CAMERA.replace("-", ""), CAMERA.upper()):
        data = good(platform, viewer, camera)
        assert re.fullmatch(r"rtsp://127\.0\.0\.1:8554/[\w-]{43}/%s_0" % CAMERA.replace("-", ""), data["url"]), data
        assert {k: v for k, v in data.items() if k not in ("url", "playId")} == {"expiresIn": 300, "protocol": "rtsp", "streamType": 0, "transmode": 1, "transcode": 0}
    token = data["url"].split("/")[3]
    play = platform.sql("SELECT token_digest, protocol, transport, app_epoch, access_token_digest IS NOT NULL, user_name FROM citybigdata.camera_play WHERE play_id = %s", data["playId"])[0]
    assert bytes(play[0]) == hashlib.sha256(token.encode()).digest() and play[1:5] == ("rtsp", "tcp", 1, True)
    assert audit(platform, "camera.preview") == [(CAMERA, 0, f"rtsp/tcp, main stream, play {data['playId']}")]


@pytest.mark.parametrize("fields,pattern", [
    ({"protocol": "hls"}, r"https://127\.0\.0\.1/hls/TOKEN/ID_0/index\.m3u8"), ({"protocol": "rtmp"}, r"rtmp://127\.0\.0\.1/live/ID_0\?token=TOKEN"),
    ({"protocol": "ws", "streamType": 1}, r"wss://127\.0\.0\.1/ws/TOKEN/ID_1\.flv"), ({"streamType": "1", "transmode": "0"}, r"rtsp://127\.0\.0\.1:8554/TOKEN/ID_1"),
    ({"expand": "transcode=1&streamform=rtp"}, r"rtsp://127\.0\.0\.1:8554/TOKEN/ID_0"), ({"expand": "streamform=rtp&transcode=1&videotype=h264"}, r"rtsp://127\.0\.0\.1:8554/TOKEN/ID_0"),
    ({"expand": "", "protocol": "", "streamType": None, "transmode": ""}, r"rtsp://127\.0\.0\.1:8554/TOKEN/ID_0")])
def test_addresses(platform, viewer, fields, pattern):
    data = good(platform, viewer, **fields)
    assert re.fullmatch(pattern.replace("TOKEN", r"[\w-]{43}").replace("ID", CAMERA.replace("-", "")), data["url"]), data
    assert data["transcode"] == 0  # of H.264 nothing is to be done


def test_transcoding(platform, viewer):
    """H.265 on rtmp and ws, or as H.264, takes transcode=1; on hls and rtsp it goes as it is."""
    for protocol in ("rtmp", "ws"):
        reply = platform.client.post(PREVIEW, {"cameraIndexCode": H265, "protocol": protocol}, token=viewer)
        assert refused(reply, 422, 42200, "/expand")[0]["statusCode"] == 42248
        data = good(platform, viewer, H265, protocol=protocol, expand="transcode=1")
        assert data["transcode"] == 1 and "_0_t" in data["url"]
    assert good(platform, viewer, H265, protocol="hls")["transcode"] == 0
    refused(platform.client.post(PREVIEW, {"cameraIndexCode": H265, "protocol": "hls", "expand": "videotype=h264"}, token=viewer), 422, 42200, "/expand")


def test_old_devices_send_over_udp(platform, viewer):
    """GB/T 28181-2011: UDP, and the reply says so, in both languages; so does a camera without TCP."""
    for camera, asked in ((OLD, {}), (OLD, {"transmode": 1}), (FAR, {"transmode": 1})):
        data = good(platform, viewer, camera, **asked)
        assert data["transmode"] == 0 and [(w["pointer"], w["statusCode"]) for w in data["warnings"]] == [("/transmode", 42246)], data
    assert "warnings" not in good(platform, viewer, OLD, transmode=0)
    chinese = platform.client.post(PREVIEW, {"cameraIndexCode": OLD}, token=viewer, headers={"Accept-Language": "zh"})
    platform.client.secrets.add(chinese.data["url"])
    assert "UDP" in chinese.data["warnings"][0]["message"] and re.search("[一-鿿]", chinese.data["warnings"][0]["message"])
    data = good(platform, viewer, transmode=0, protocol="hls")
    assert data["transmode"] == 1 and data["warnings"][0]["statusCode"] == 42246


def test_every_wrong_value_is_named(platform, viewer):
    body = {"cameraIndexCode": "7", "streamType": 2, "protocol": "RTSP", "transmode": "tcp", "expand": "transcode=2&streamform=udp&colour=red&transcode=1"}
    for language, pattern in (("en", "^[ -~]+$"), ("zh", "[一-鿿]")):
        errors = refused(platform.client.post(PREVIEW, body, token=viewer, headers={"Accept-Language": language}), 422, 42200,
                         "/cameraIndexCode", "/streamType", "/protocol", "/transmode", *["/expand"] * 4)
        assert all(re.search(pattern, e["message"]) for e in errors), errors
    assert [e["statusCode"] for e in errors] == [42245, 42204, 42204, 42204, 42255, 42255, 42255, 42255]
    assert audit(platform, "camera.preview")[0][1] == 42200
    assert refused(platform.client.post(PREVIEW, {}, token=viewer), 422, 42200, "/cameraIndexCode")[0]["statusCode"] == 42201


@pytest.mark.parametrize("value", ["2f1d6d3e-8f0b4f0e9d530c1b7a3e0000", "{" + CAMERA + "}", CAMERA + "0", " " + CAMERA, "g" * 32, "１" * 32, CAMERA.replace("-", ":"), "0" * 4000])
def test_no_camera_code(platform, viewer, value):
    refused(platform.client.post(PREVIEW, {"cameraIndexCode": value}, token=viewer), 422, 42200, "/cameraIndexCode")


@pytest.mark.parametrize("value", [{"a": 1}, [1], True, 1.0, -1, "00", "0 ", 10**30])
def test_no_stream_type(platform, viewer, value):
    reply = platform.client.post(PREVIEW, {"cameraIndexCode": CAMERA, "streamType": value}, token=viewer)
    assert reply.status in (400, 422), reply


@pytest.mark.parametrize("value", ["&", "transcode=1&", "=", "transcode", "transcode=", "streamform=rtp=1", "TRANSCODE=1", "transcode=1,streamform=rtp", "transcode=1&amp;streamform=rtp",
                                   "a" * 4000, "transcode=1%26streamform=rtp", "transcode=1&videotype=h265", "streamform=rtp\u0000"])
def test_no_expand(platform, viewer, value):
    reply = platform.client.post(PREVIEW, {"cameraIndexCode": CAMERA, "expand": value}, token=viewer)
    assert reply.status in (400, 422) and reply.status < 500, reply


def test_unknown_offline_level(platform, viewer):
    """Distinct codes; each refusal is audited, and nothing is given."""
    plays = platform.value("SELECT count(*) FROM citybigdata.camera_play")
    for camera, status, code in ((str(uuid.uuid4()), 404, 40460), (CLOSED, 404, 40460), (OFFLINE, 409, 40980), (HIGH, 403, 40360)):
        refused(platform.client.post(PREVIEW, {"cameraIndexCode": camera}, token=viewer), status, code, "/cameraIndexCode")
        assert audit(platform, "camera.preview")[0][:2] == (camera, code)
    errors = refused(platform.client.post(PREVIEW, {"cameraIndexCode": FAR, "protocol": "rtmp", "streamType": 1}, token=viewer), 422, 42200, "/protocol", "/streamType")
    assert sorted(e["statusCode"] for e in errors) == [42247, 42256]
    assert platform.value("SELECT count(*) FROM citybigdata.camera_play") == plays


def test_provider_disabled(platform, cameras, viewer):
    switch = lambda state: check_envelope(platform.client.post("/admin/camera-providers", {"provider": "media", "state": state}, token=cameras), 200, 0)
    switch("disabled")
    refused(platform.client.post(PREVIEW, {"cameraIndexCode": CAMERA}, token=viewer), 409, 40980, "/cameraIndexCode")
    switch("active")
    good(platform, viewer)


def test_without_the_right(platform, app, token):
    """No credential, another's grant, a token for other resources, an operator's post without the grant of its client."""
    check_envelope(platform.client.post(PREVIEW, {"cameraIndexCode": CAMERA}), 401, 40100)
    check_envelope(platform.client.post(PREVIEW, {"cameraIndexCode": CAMERA}, token=token), 403, 40300)
    check_envelope(platform.client.get("/cameras", token=token), 403, 40300)
    code = check_envelope(platform.client.post("/auth/code", {"appCode": app["appCode"], "method": "key", "key": app["key"]}), 200, 0).data["authCode"]
    narrow = check_envelope(platform.client.post("/auth/token", {"appCode": app["appCode"], "authCode": code, "resources": ["events"]}), 200, 0).data["accessToken"]
    platform.client.secrets.update((code, narrow))
    check_envelope(platform.client.post(PREVIEW, {"cameraIndexCode": CAMERA}, token=narrow), 403, 40305)
    assert audit(platform, "camera.preview")[0][1] == 40305


# ---- lists ----

def names(reply):
    return [c["cameraName"] for c in check_envelope(reply, 200, 0).data["items"]]


def test_list(platform, cameras, viewer):
    """Up to the level of the grant, never those given up; by pages, filters, place."""
    client = platform.client
    assert sorted(names(client.get("/cameras", token=viewer))) == sorted(["王府井大街", "高清", "老旧球机", "断线", "西城"])
    first = client.get("/cameras?pageSize=2", token=viewer).data
    rest = client.get(f"/cameras?pageSize=1000&cursor={first['nextCursor']}", token=viewer).data
    assert len(first["items"]) == 2 and len(rest["items"]) == 3 and rest["nextCursor"] is None
    assert names(client.get("/cameras?divisionCode=110102", token=viewer)) == ["西城"] and len(names(client.get("/cameras?divisionCode=110000", token=viewer))) == 5
    assert names(client.get("/cameras?state=offline", token=viewer)) == ["断线"]
    assert names(client.get("/cameras?bbox=116.35,39.9,116.37,39.92", token=viewer)) == ["西城"]
    near = client.get("/cameras?near=116.4102,39.914&metres=30", token=viewer)
    assert names(near) == ["老旧球机", "王府井大街", "断线", "高清"][:len(names(near))] and near.data["items"][0]["metres"] < 1
    one = client.get("/cameras?near=116.41,39.914&pageSize=1", token=viewer).data["items"][0]
    assert one["cameraIndexCode"] == CAMERA and one["streams"][0] == {"streamType": 0, "codec": "h264", "width": None, "height": None} and one["divisionCode"] == "110101"
    for query in ("bbox=1,2,3", "bbox=116,39,115,40", "bbox=500,39,501,40", "divisionCode=x", "state=asleep", "near=116.4", "near=a,b", "near=200,39", "metres=30", "near=116.4,39.9&metres=0",
                  "near=116.4,39.9&metres=1e9", "near=116.4,39.9&metres=nan", "pageSize=0", "cursor=x", f"near=116.4,39.9&cursor={CAMERA}"):
        assert client.get(f"/cameras?{query}", token=viewer).status in (400, 422), query


def test_resource(platform, viewer):
    """The catalogue has them as a published resource, with its formats."""
    reply = check_envelope(platform.client.get("/data/cameras?divisionCode=110102", token=viewer), 200, 0)
    assert [c["cameraName"] for c in reply.data["items"]] == ["西城"] and reply.data["items"][0]["longitude"] == 116.36
    assert platform.client.get("/data/cameras?format=geojson", token=viewer).json["type"] == "FeatureCollection"
    # cameras of level 2 are among them: who is of level 1 is not told which they are, nor where
    low = platform.token(platform.make_application(resources=["cameras"], methods=["key"], level=1))
    items = check_envelope(platform.client.get("/data/cameras", token=low), 200, 0).data["items"]
    assert items and not {"cameraName", "gbCode", "address", "longitude"} & {name for one in items for name, value in one.items() if value is not None}, items[0]
    assert [c["cameraName"] for c in check_envelope(platform.client.get("/cameras", token=low), 200, 0).data["items"]] == ["西城"]


def test_with_a_case(platform, app, cameras):
    """The nearest cameras stand with a case, for who holds the right and sees its place."""
    bureau = Bureau(platform, resources=["events"])
    event = platform.event(**dict(zip(("coordinateX", "coordinateY"), platform.place(116.4101, 39.9141))))
    own = platform.make_application(resources=["events", "cameras"], methods=["key"], level=2)
    mine = platform.token(own)
    task = check_envelope(platform.report(event, mine, own["senders"][0]), 200, 0).data["taskNum"]
    shown = check_envelope(platform.client.get(f"/events/{task}", token=mine), 200, 0).data["cameras"]
    assert [c["cameraName"] for c in shown][:1] == ["王府井大街"] and "机关" not in [c["cameraName"] for c in shown] and len(shown) <= 5, shown
    assert all(set(c) == {"cameraIndexCode", "cameraName", "state", "metres"} and c["metres"] <= 200 for c in shown)
    # an operator of the district has it too; an application without the grant has not
    assert "cameras" in check_envelope(platform.client.get(f"/events/{task}", token=bureau.tokens["desk"]), 200, 0).data
    without = platform.make_application(resources=["events", "cases"], methods=["key"], level=3)
    assert "cameras" not in check_envelope(platform.client.get(f"/events/{task}", token=platform.token(without)), 200, 0).data


# ---- the vendor's paths ----

def artemis(app, target, body, secret=None, **headers):
    """Headers of a request signed as Artemis has it: the query as it is sent, without Content-MD5, as deployed callers do."""
    sent = {"Accept": "*/*", "Content-Type": "application/json", "X-Ca-Key": app["appCode"], "X-Ca-Timestamp": str(int(time.time() * 1000)), "X-Ca-Nonce": str(uuid.uuid4()), **headers}
    names = sorted(n.lower() for n in sent if n.lower().startswith("x-ca-"))
    lines = ["POST", sent["Accept"], sent["Content-Type"], *[f"{n}:{next(v for k, v in sent.items() if k.lower() == n)}" for n in names], target]
    sign = hmac.digest((secret or app["signingSecret"]).encode(), "\n".join(lines).encode(), "sha256")
    return {**sent, "X-Ca-Signature-Headers": ",".join(names), "X-Ca-Signature": base64.b64encode(sign).decode()}


def vendor(client, app, target, body, **more):
    return client.request("POST", "/" + target, json.dumps(body).encode(), headers=artemis(app, target, body, **more))


@pytest.mark.parametrize("target", ["/artemis/api/video/v1/cameras/previewURLs", "/artemis/api/video/v2/cameras/previewURLs", "/artemis/api/video/v2/cameras/previewURLs?domainId=0&userId=admin"])
def test_artemis_preview(platform, cameras, app, target):
    reply = vendor(platform.client, app, target, {"cameraIndexCode": CAMERA.replace("-", ""), "streamType": 0, "protocol": "hls", "transmode": 1, "expand": "transcode=0", "vendorField": 1})
    assert reply.status == 200 and reply.json["code"] == "0" and reply.json["msg"] == "success", reply
    platform.client.secrets.add(reply.json["data"]["url"])
    assert reply.json["data"]["url"].startswith("https://127.0.0.1/hls/")


def test_artemis_refusals(platform, cameras, app, token, unlock):
    """The vendor's envelope, HTTP 200; what a library acts upon stays as it is."""
    target = "/artemis/api/video/v2/cameras/previewURLs"
    reply = vendor(platform.client, app, target, {"cameraIndexCode": str(uuid.uuid4())})
    assert (reply.status, reply.json["code"], reply.json["msg"]) == (200, "40460", "No such camera"), reply
    reply = vendor(platform.client, app, target, {"cameraIndexCode": CAMERA, "protocol": "flv", "transmode": 5})
    assert reply.json["code"] == "42200" and sorted(e["pointer"] for e in reply.json["data"]["errors"]) == ["/protocol", "/transmode"]
    assert vendor(platform.client, app, target, {"cameraIndexCode": CAMERA}, secret="x" * 32).status == 401
    # signed for another query than it is sent with
    headers = artemis(app, target, {})
    reply = platform.client.request("POST", f"/{target}?userId=other", b"{}", headers=headers)
    assert reply.status == 401 and reply.json["code"] == "40103", reply
    reply = platform.client.request("POST", f"/{target}", b"{}", headers={**JSON, "access_token": token})
    assert (reply.status, reply.json["code"]) == (200, "40300")
    assert platform.client.request("POST", f"/{target}", b"{}", headers={**JSON, "access_token": "x"}).status == 401
    assert platform.client.request("GET", f"/{target}").status == 405


@pytest.fixture
def unlock(platform):
    yield
    platform.sql("DELETE FROM citybigdata.lockout")


def test_artemis_token_header(platform, cameras, viewer):
    """access_token in place of a signature: on the vendor's paths, and on no other."""
    headers = {**JSON, "access_token": viewer}
    reply = platform.client.request("POST", ARTEMIS, json.dumps({"cameraIndexCode": CAMERA}).encode(), headers=headers)
    platform.client.secrets.add(reply.json["data"]["url"])
    assert reply.json["code"] == "0"
    check_envelope(platform.client.request("POST", PREVIEW, b"{}", headers=headers), 401, 40100)
    check_envelope(platform.client.request("GET", "/cameras", headers=headers), 401, 40100)


def test_artemis_list(platform, cameras, app, viewer):
    target = "/artemis/api/resource/v1/cameras"
    reply = vendor(platform.client, app, target, {"pageNo": 1, "pageSize": 3, "treeCode": "0"})
    data = reply.json["data"]
    assert reply.json["code"] == "0" and (data["total"], data["pageNo"], data["pageSize"], len(data["list"])) == (5, 1, 3, 3), reply
    assert len(vendor(platform.client, app, target, {"pageNo": 2, "pageSize": 3}).json["data"]["list"]) == 2
    one = next(c for c in vendor(platform.client, app, target, {"pageNo": 1, "pageSize": 1000, "regionIndexCode": "110102"}).json["data"]["list"])
    assert (one["cameraName"], one["cameraIndexCode"], one["regionIndexCode"], one["status"], one["longitude"]) == ("西城", FAR.replace("-", ""), "110102", 1, "116.36")
    for body in ({"pageNo": 0}, {"pageSize": 1001}, {"pageSize": "x"}, {"pageNo": 10**12}, {"regionIndexCode": "root"}):
        reply = vendor(platform.client, app, target, body)
        assert reply.status == 200 and reply.json["code"].startswith(("4", "422")), reply


# ---- plays ----

def test_plays(platform, cameras, app, viewer):
    """Who watched what, for auditors and security administrators; an application ends its own, a security administrator any."""
    auditor, security = platform.administrator("auditor")["token"], platform.administrator("secadmin")["token"]
    one, two = good(platform, viewer, protocol="hls"), good(platform, viewer)
    plays = check_envelope(platform.client.get(f"/admin/camera-plays?application={app['appCode']}&pageSize=2", token=auditor), 200, 0).data
    assert [p["playId"] for p in plays["items"]] == [two["playId"], one["playId"]] and plays["items"][0]["state"] == "given" and plays["items"][0]["givenTo"] == "127.0.0.1"
    assert check_envelope(platform.client.get(f"/admin/camera-plays?cursor={plays['nextCursor']}&camera={CAMERA}", token=security), 200, 0).data["items"][0]["playId"] < one["playId"]
    assert "token" not in json.dumps(plays).lower()
    check_envelope(platform.client.get("/admin/camera-plays", token=cameras), 403, 40307)
    other = platform.token(platform.make_application(resources=["cameras"], methods=["key"]))
    check_envelope(platform.client.post(f"/cameras/plays/{one['playId']}/revoke", token=other), 404, 40463)
    assert check_envelope(platform.client.post(f"/cameras/plays/{one['playId']}/revoke", token=viewer), 200, 0).data == {"state": "ended"}
    check_envelope(platform.client.post(f"/admin/camera-plays/{two['playId']}/revoke", token=security), 200, 0)
    check_envelope(platform.client.post(f"/admin/camera-plays/{two['playId']}/revoke", token=auditor), 403, 40307)
    for number in ("0", "x", "99999999999999999999", "-1"):
        check_envelope(platform.client.post(f"/cameras/plays/{number}/revoke", token=viewer), 404, 40463)
    ended = check_envelope(platform.client.get("/admin/camera-plays?state=ended&pageSize=2", token=auditor), 200, 0).data["items"]
    assert {p["playId"] for p in ended} == {one["playId"], two["playId"]} and {p["endReason"] for p in ended} == {"revoked"}
    for query in ("state=x", "camera=x", "cursor=x", "pageSize=0"):
        assert platform.client.get(f"/admin/camera-plays?{query}", token=auditor).status in (400, 422)


# ---- administration ----

def test_saving_cameras(platform, cameras):
    save = lambda body, token=cameras: platform.client.post("/admin/cameras", body, token=token)
    errors = refused(save({"items": [item("x", ""), item(CAMERA, "甲", gbCode="123", level=7, nonsense=1), item(CAMERA, "乙")]}), 422, 42200, "/items/0/camera", "/items/0/name", "/items/1/camera",
                     "/items/1/gbCode", "/items/1/level", "/items/1/nonsense", "/items/2/camera")
    assert {e["statusCode"] for e in errors} == {42245, 42201, 42204, 42254, 42225}
    csv = f"监控点编号,监控点名称,提供方,经度,纬度\n{uuid.uuid4()},新,media,116.4,39.9\nx,,none,39.9,116.4\n"
    errors = check_envelope(save({"csv": csv}), 422, 42200).data["errors"]
    assert {e["pointer"] for e in errors} == {"/csv"} and all("line 3" in e["message"] for e in errors)
    point = {"type": "Feature", "geometry": {"type": "Point", "coordinates": [116.39, 39.9]}, "properties": {"camera": str(uuid.uuid4()), "name": "要素", "provider": "media", "source": "rtsp://u:p@192.0.2.1/1?k=s"}}
    assert check_envelope(save({"features": [point]}), 200, 0).data == {"changed": 1}
    assert refused(save({"features": [{**point, "geometry": {"type": "LineString", "coordinates": []}}]}), 422, 42200, "/features/0/geometry")
    for body in ({}, {"items": [], "csv": "x"}, {"items": "x"}, {"items": [1]}, {"csv": ""}, {"items": [{"camera": CAMERA, "name": "a\u0001"}]}, {"features": [{}]}):
        assert save(body).status in (400, 422), body
    check_envelope(save({"items": []}, platform.administrator("auditor")["token"]), 403, 40307)
    found = check_envelope(platform.client.get("/admin/cameras?q=%E8%A6%81%E7%B4%A0", token=cameras), 200, 0).data["items"][0]
    assert found["source"] == "rtsp://192.0.2.1/1" and found["codec"] == "h264" and found["subCodec"] is None
    stored = bytes(platform.value("SELECT source FROM citybigdata.camera_stream WHERE camera_index_code = %s", found["camera"]))
    assert b"u:p@" not in stored
    # passwords that were written as they are
    for given, shown in (("rtsp://u:p@ss@192.0.2.1/1", "rtsp://192.0.2.1/1"), ("rtsp://u:p/ss@192.0.2.1/1", "rtsp://…"), ("rtsp://u:p?ss@192.0.2.1/1", "rtsp://…"), ("rtsp://u:p#ss@192.0.2.1/1", "rtsp://…"),
                         ("http://192.0.2.1/1?u=a@b", "http://…"), ("http://192.0.2.1?u=p", "http://192.0.2.1")):
        check_envelope(save({"items": [{"camera": found["camera"], "source": given}]}), 200, 0)
        assert platform.client.get("/admin/cameras?q=%E8%A6%81%E7%B4%A0", token=cameras).data["items"][0]["source"] == shown, given
    assert check_envelope(save({"items": [{"camera": found["camera"], "remove": True}]}), 200, 0).data == {"changed": 1}
    refused(save({"items": [{"camera": found["camera"], "remove": "true"}]}), 404, 40460, "/items/0/camera")


def test_saving_providers(platform, cameras):
    save = lambda **body: platform.client.post("/admin/camera-providers", body, token=cameras)
    refused(save(provider="X y", kind="cloud", state="on", secret="short", rtspUrl="http://x", hlsUrl="https://x/?a", wsUrl="wss://u@x", networks=["x"], transcoders="-1", version="v3"), 422, 42200,
            "/provider", "/title", "/kind", "/state", "/secret", "/rtspUrl", "/hlsUrl", "/wsUrl", "/networks/0", "/transcoders", "/version")
    refused(save(provider="up-one", title="上级", kind="upstream", secret="0123456789abcdef"), 422, 42200, "/url", "/appKey")
    refused(save(provider="up-one", title="上级", kind="upstream", secret="0123456789abcdef", url="ftp://x", appKey="K", query="a b#c"), 422, 42200, "/url", "/query")
    refused(save(provider="media", kind="upstream"), 422, 42200, "/kind", "/url", "/appKey")
    check_envelope(save(provider="media", transcoders=3, wsUrl=""), 200, 0)
    listed = {p["provider"]: p for p in check_envelope(platform.client.get("/admin/camera-providers", token=cameras), 200, 0).data["items"]}
    assert listed["media"]["transcoders"] == 3 and listed["media"]["wsUrl"] is None and listed["media"]["hlsUrl"] == MEDIA["hlsUrl"] and SECRET not in json.dumps(listed)
    check_envelope(save(**MEDIA), 200, 0)
    check_envelope(platform.client.post("/admin/camera-providers/media/remove", token=cameras), 409, 40982)
    check_envelope(platform.client.post("/admin/camera-providers/none/remove", token=cameras), 404, 40462)
    check_envelope(platform.client.post("/admin/camera-providers/media/list", token=cameras), 404, 40462)


# ---- an upstream platform ----

@pytest.fixture(scope="module")
def upstream(platform):
    """Another platform in a database of its own, with cameras and an application; its bridge."""
    with new_database(platform, "upstream_cameras") as bridge:
        run = lambda *commands: psql(platform, "upstream_cameras", *commands)
        run("SELECT citybigdata.approve_account(citybigdata.register_account('up.one', 'Correct-1-horse', 'x', 'x', '13800138000'))",
            "SELECT citybigdata.request_access('up.one', '{cameras}', '{signature}', level => 2)", "SELECT citybigdata.approve_access(1)")
        bridge.app, bridge.secret = run("SELECT 'got', app_code, signing_secret FROM citybigdata.take_credentials(1)").split("got")[1].split("\n")[0].replace("|", " ").split()
        platform.client.secrets.add(bridge.secret)
        run("INSERT INTO citybigdata.camera_provider (provider_code, title, kind, secret, rtsp_url, hls_url) VALUES ('media', 'x', 'media', '\\x00', 'rtsp://192.0.2.9:554', 'https://192.0.2.9/hls')",
            f"SELECT citybigdata.save_camera('{UP}', '上级一', 'media', 116.42, 39.92), citybigdata.save_camera('{UP_OFFLINE}', '上级二', 'media', 116.43, 39.92, state => 'offline')")
        bridge.run_sql = run
        yield bridge


@pytest.fixture(scope="module")
def asker(platform):
    """A bridge of the platform that may reach upstream platforms on this machine."""
    with own_bridge(platform, outbound_connections="8", outbound_networks="camera:127.0.0.0/8, camera:::1/128", outbound_ca=platform.env["CBD_CA"], outbound_timeout="3s", workers="2") as bridge:
        yield bridge


@pytest.fixture(scope="module")
def connected(platform, cameras, upstream, asker):
    """The upstream platform as a provider, with three of its cameras: one is there, one off line, one it does not know."""
    provider(platform, cameras, upstream)
    body = {"items": [{"camera": c, "name": n, "provider": "city"} for c, n in ((UP, "上级一"), (UP_OFFLINE, "上级二"), (UP_UNKNOWN, "上级三"))]}
    check_envelope(platform.client.post("/admin/cameras", body, token=cameras), 200, 0)
    return asker


def provider(platform, token, upstream, **changes):
    body = {"provider": "city", "title": "上级平台", "kind": "upstream", "secret": upstream.secret, "url": f"https://localhost:{upstream.port}/artemis", "appKey": upstream.app,
            "query": "domainId=0&userId=city%20x", **changes}
    check_envelope(platform.client.post("/admin/camera-providers", body, token=token), 200, 0)


def test_upstream(platform, upstream, connected, viewer):
    """The address is the upstream platform's own, of its Artemis path, and stands in its audit log as in ours."""
    for protocol, begin in (("hls", "https://192.0.2.9/hls/"), ("rtsp", "rtsp://192.0.2.9:554/")):
        data = check_envelope(connected.client.post(PREVIEW, {"cameraIndexCode": UP, "protocol": protocol}, token=viewer), 200, 0).data
        connected.client.secrets.add(data["url"])
        assert data["url"].startswith(begin) and data["expiresIn"] == 300, data
    digest = platform.value("SELECT token_digest FROM citybigdata.camera_play WHERE play_id = %s", data["playId"])
    assert bytes(digest) == hashlib.sha256(data["url"].encode()).digest()
    assert audit(platform, "camera.preview")[0] == (UP, 0, f"rtsp/tcp, main stream, play {data['playId']}")
    assert upstream.app in upstream.run_sql("SELECT app_code, action FROM citybigdata.audit_log WHERE action = 'camera.preview'")


def test_upstream_by_the_vendor_path(connected, app):
    """A one-time nonce signs the caller's request, and the answer comes under a page token."""
    reply = vendor(connected.client, app, "/artemis/api/video/v2/cameras/previewURLs", {"cameraIndexCode": UP, "protocol": "hls"})
    assert reply.json["code"] == "0", reply
    connected.client.secrets.add(reply.json["data"]["url"])


def test_upstream_says_no(platform, cameras, upstream, connected, viewer):
    """Unknown there, off line there, refused: a code each; what was asked for wrongly never gets there."""
    ask = lambda camera, **more: connected.client.post(PREVIEW, {"cameraIndexCode": camera, **more}, token=viewer)
    check_envelope(ask(UP_UNKNOWN), 404, 40461)
    check_envelope(ask(UP_OFFLINE), 409, 40981)
    refused(ask(UP, protocol="ws"), 422, 42200, "")  # it has no such address
    assert "code 42200" in audit(platform, "camera.preview")[0][2]
    refused(ask(UP, protocol="flv"), 422, 42200, "/protocol")
    provider(platform, cameras, upstream, secret="another-secret-0123456789")
    check_envelope(ask(UP), 502, 50260)
    provider(platform, cameras, upstream, appKey="11000000999999X")
    check_envelope(ask(UP), 502, 50260)
    provider(platform, cameras, upstream, unknownCodes=["40980"], offlineCodes=["40460"])
    check_envelope(ask(UP_OFFLINE), 404, 40461)
    provider(platform, cameras, upstream, unknownCodes=["40460"], offlineCodes=["40980"])
    check_envelope(ask(UP), 200, 0)
    upstream.run_sql("DELETE FROM citybigdata.lockout")


def test_upstream_list(platform, cameras, upstream, connected):
    """Its list comes page by page by the outbox; what it does not list any more goes off line."""
    upstream.run_sql("INSERT INTO citybigdata.camera (camera_index_code, camera_name, provider_code, geom) SELECT md5('up ' || i)::uuid, '上级 ' || i, 'media', "
                     "'SRID=4490;POINT(116.4 39.9)' FROM generate_series(1, 450) i")
    take = lambda: check_envelope(connected.client.post("/admin/camera-providers/city/list", token=cameras), 200, 0)
    states = lambda: dict(platform.sql("SELECT state, count(*) FROM citybigdata.camera WHERE provider_code = 'city' GROUP BY 1"))
    take()
    until(lambda: states().get("online") == 452 and platform.value("SELECT listed_at IS NOT NULL FROM citybigdata.camera_provider WHERE provider_code = 'city'"))
    assert states() == {"online": 452, "offline": 1}  # UP, 450 new ones, the unknown one stays; UP_OFFLINE
    upstream.run_sql("DELETE FROM citybigdata.camera WHERE camera_name LIKE '上级 %' AND camera_name > '上级 2'")
    time.sleep(1.1)  # lists are told apart by the second
    take()
    until(lambda: states().get("offline", 0) > 200)
    assert {a[1] for a in audit(platform, "camera-provider.take-list", 3)} == {0}
    assert platform.value("SELECT division_code FROM citybigdata.camera WHERE camera_index_code = md5('up 1')::uuid") == "110101"


@pytest.mark.parametrize("number", ["1e200000", "9" * 200000])
def test_upstream_list_no_database_can_hold(platform, cameras, connected, number):
    """Such a list is a failure of that platform, which is tried again and ends: no error of the statement that records."""
    conf = read_conf(platform)

    class Platform(Receiver):
        def answer_artemis(self, handler, got):
            handler.reply(200, b'{"code":"0","msg":"","data":{"total":%s,"list":[]}}' % number.encode())

    with contextlib.closing(Platform(conf["tls_cert"], conf["tls_key"])) as other:
        body = {"provider": "odd", "title": "x", "kind": "upstream", "secret": SECRET, "url": other.url("/artemis"), "appKey": "K"}
        check_envelope(platform.client.post("/admin/camera-providers", body, token=cameras), 200, 0)
        message = check_envelope(connected.client.post("/admin/camera-providers/odd/list", token=cameras), 200, 0).data["messageId"]
        until(lambda: platform.value("SELECT error FROM citybigdata.outbox_queue WHERE message_id = %s", message), 20)
        assert platform.value("SELECT error FROM citybigdata.outbox_queue WHERE message_id = %s", message) == "the answer is no list of cameras"
    platform.sql("DELETE FROM citybigdata.outbox_queue WHERE message_id = %s", message)
    check_envelope(platform.client.post("/admin/camera-providers/odd/remove", token=cameras), 200, 0)


def test_upstream_down(platform, cameras, upstream, connected, viewer):
    """Nobody answers: its own code, after a second attempt; then the breaker answers at once, and it closes again."""
    ask = lambda: connected.client.post(PREVIEW, {"cameraIndexCode": UP}, token=viewer)
    upstream.stop()
    reply = check_envelope(ask(), 503, 50360)
    assert reply.header("Retry-After") and "connect" in audit(platform, "camera.preview")[0][2]
    assert platform.value("SELECT failures FROM citybigdata.camera_provider WHERE provider_code = 'city'") == 2
    for _ in range(3):
        check_envelope(ask(), 503, 50360)
    started = time.monotonic()
    assert int(check_envelope(ask(), 503, 50360).header("Retry-After")) > 1 and time.monotonic() - started < 0.5
    until(lambda: platform.value("SELECT not_before > now() AND failures >= 5 FROM citybigdata.camera_provider WHERE provider_code = 'city'"))
    upstream.start()
    until(lambda: ask().status == 200, 30, 0.5)
    assert platform.value("SELECT failures FROM citybigdata.camera_provider WHERE provider_code = 'city'") == 0


def test_upstream_slow(platform, cameras, upstream, connected, viewer):
    """One that never answers holds up nobody: other requests of the same bridge go on, the caller gets a code within its time, one who leaves leaves nothing behind."""
    check_envelope(platform.client.post("/admin/camera-providers", {"provider": "city", "state": "active"}, token=cameras), 200, 0)
    upstream.signal(19)  # SIGSTOP: it accepts and says nothing
    try:
        replies = []
        threads = [threading.Thread(target=lambda: replies.append(connected.client.post(PREVIEW, {"cameraIndexCode": UP}, token=viewer))) for _ in range(4)]
        for thread in threads:
            thread.start()
        time.sleep(0.5)
        started = time.monotonic()
        for _ in range(5):
            check_envelope(connected.client.get("/cameras?pageSize=1", token=viewer), 200, 0)
        assert time.monotonic() - started < 2.5
        with contextlib.closing(connected.client.connect(timeout=5)) as leaving:  # leaves at once
            leaving.sendall(b"POST /api/v1" + PREVIEW.encode() + b" HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nAuthorization: Bearer " + viewer.encode()
                            + b"\r\nContent-Length: %d\r\n\r\n" % len(json.dumps({"cameraIndexCode": UP})) + json.dumps({"cameraIndexCode": UP}).encode())
        for thread in threads:
            thread.join(30)
        assert {(r.status, r.code) for r in replies} <= {(503, 50360)} and len(replies) == 4, replies
    finally:
        upstream.signal(18)
    until(lambda: connected.client.post(PREVIEW, {"cameraIndexCode": UP}, token=viewer).status == 200, 60, 0.5)
    until(lambda: b"citybigdata_asks_under_way 0" in connected.client.get("//metrics").body)


def test_upstream_revoked_while_it_is_asked(platform, cameras, upstream, connected):
    """The caller is judged again when the answer has come."""
    app = platform.make_application(resources=["cameras"], methods=["key"], level=2)
    token = platform.token(app)
    upstream.signal(19)
    replies = []
    thread = threading.Thread(target=lambda: replies.append(connected.client.post(PREVIEW, {"cameraIndexCode": UP}, token=token)))
    thread.start()
    time.sleep(0.5)
    platform.sql("SELECT citybigdata.revoke_grant(%s, 'cameras')", app["appCode"])
    upstream.signal(18)
    thread.join(30)
    assert replies[0].status in (401, 403), replies
    assert platform.value("SELECT count(*) FROM citybigdata.camera_play p JOIN citybigdata.application a USING (app_id) WHERE a.app_code = %s", app["appCode"]) == 0


def test_where_the_bridge_does_not_go(platform, cameras, upstream, viewer):
    """An upstream platform inside the house is reached where outbound_networks says so; the platform's own bridge has no such line."""
    with own_bridge(platform, outbound_connections="0", outbound_ca=platform.env["CBD_CA"]) as bridge:
        check_envelope(bridge.client.post(PREVIEW, {"cameraIndexCode": UP}, token=viewer), 503, 50360)
        assert "outbound_networks" in audit(platform, "camera.preview")[0][2]
    check_envelope(platform.client.post("/admin/camera-providers", {"provider": "city", "state": "active"}, token=cameras), 200, 0)
