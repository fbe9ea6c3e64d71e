"""Data levels of cases: what a caller sees of somebody else's, and of its own."""
import urllib.parse

import pytest
from rig import check_envelope

MEDIA = [{"mediaName": "张三.jpg", "mediaType": "IMAGE", "mediaUsage": "上报", "mediaURL": "https://example.org/a.jpg"}]
PRIVATE = ("eventDesc", "address", "coordinateX", "coordinateY", "longitude", "latitude", "humanName", "cellphone", "medias", "warnings")


@pytest.fixture(scope="module")
def owner(platform):
    """An application whose grant has the lowest level, its event, and the event's number."""
    app = platform.make_application(level=1)
    event = platform.event(eventDesc="张三家门前积水", address="北京市东城区王府井大街1号", medias=MEDIA, mediaNum=1)
    app["token"] = platform.token(app)
    app["event"] = event
    app["taskNum"] = check_envelope(platform.report(event, app["token"], app["senders"][0]), 200, 0).data["taskNum"]
    return app


def case(platform, owner, token, **more):
    return check_envelope(platform.client.get(f"/events/{owner['taskNum']}", token=token, **more), 200, 0).data


def assert_masked(shown, whole):
    # a list has the tables once for all its cases
    shown, whole = ({n: v for n, v in one.items() if n != "codeTables"} for one in (shown, whole))
    assert list(shown) == list(whole)
    assert shown["eventDesc"] == "*******" and shown["address"] == "北京市东城区" + "*" * 7
    assert {n: shown[n] for n in ("coordinateX", "coordinateY", "longitude", "latitude")} == dict.fromkeys(
        ("coordinateX", "coordinateY", "longitude", "latitude"))
    assert shown["medias"] == [{"mediaName": "******", "mediaType": "IMAGE", "mediaUsage": "上报", "url": None}]
    assert shown["warnings"] == []
    assert {k: v for k, v in shown.items() if k not in PRIVATE} == {k: v for k, v in whole.items() if k not in PRIVATE}


def check_equal(shown, whole):
    assert shown == whole


def test_own_case_is_whole(platform, owner):
    shown = case(platform, owner, owner["token"])
    assert shown["address"] == owner["event"]["address"] and shown["eventDesc"] == owner["event"]["eventDesc"]
    assert shown["coordinateX"] == owner["event"]["coordinateX"] and shown["medias"][0]["mediaName"] == "张三.jpg"
    assert shown["medias"][0]["url"]


def test_case_of_another_is_masked(platform, owner):
    """By its number, by the sender's, in the feed, as XML, and through a sealed address."""
    whole = case(platform, owner, owner["token"])
    reader = platform.make_application(level=1, senderCodes=[], resources=["events", "cases"])
    token = platform.token(reader)
    assert_masked(case(platform, owner, token), whole)
    asked = urllib.parse.urlencode({"otherTaskNum": owner["event"]["otherTaskNum"], "senderCode": owner["senders"][0]})
    assert_masked(check_envelope(platform.client.get("/events?" + asked, token=token), 200, 0).data["items"][0], whole)
    feed = check_envelope(platform.client.get(f"/events?since={whole['createTime']}&senderCode={owner['senders'][0]}", token=token), 200, 0)
    assert_masked(feed.data["items"][0], whole)
    text = platform.client.get(f"/events/{owner['taskNum']}?format=xml", token=token).body.decode()
    assert "王府井大街" not in text and "张三" not in text and "<address>北京市东城区*******</address>" in text
    url = check_envelope(platform.client.post("/auth/sealed-url", {"resource": "events", "params": {"taskNum": owner["taskNum"]}},
                                              token=token), 200, 0).data["url"]
    platform.client.secrets.add(url.rsplit("/", 1)[1])
    assert_masked(check_envelope(platform.client.get("/s/" + url.rsplit("/", 1)[1]), 200, 0).data, whole)


def test_level_of_grant_and_token(platform, owner):
    """The higher grant shows it whole; a token narrowed to a lower level does not."""
    whole = case(platform, owner, owner["token"])
    reader = platform.make_application(level=3, senderCodes=[], resources=["events", "cases"])
    token = platform.token(reader)
    assert case(platform, owner, token) == whole
    code = platform.client.post("/auth/code", {"appCode": reader["appCode"], "method": "key", "key": reader["key"]}).data["authCode"]
    narrow = lambda app, **more: platform.client.post("/auth/token", {"appCode": app["appCode"], "authCode": platform.client.post(
        "/auth/code", {"appCode": app["appCode"], "method": "key", "key": app["key"]}).data["authCode"], **more}).data["accessToken"]
    narrowed = platform.client.post("/auth/token", {"appCode": reader["appCode"], "authCode": code, "level": 1}).data["accessToken"]
    platform.client.secrets.update((code, narrowed))
    assert_masked(case(platform, owner, narrowed), whole)
    # so do the cases of its own senders, and an address that is sealed with it
    own = narrow(owner, level=1)
    platform.client.secrets.add(own)
    assert_masked(case(platform, owner, own), whole)
    for given, masked in ((narrowed, True), (token, False)):
        url = check_envelope(platform.client.post("/auth/sealed-url", {"resource": "events", "params": {"taskNum": owner["taskNum"]}},
                                                  token=given), 200, 0).data["url"]
        platform.client.secrets.add(url.rsplit("/", 1)[1])
        shown = check_envelope(platform.client.get("/s/" + url.rsplit("/", 1)[1]), 200, 0).data
        assert_masked(shown, whole) if masked else check_equal(shown, whole)
    # a level that is changed counts at the very next request, in every session of the bridge
    try:
        platform.sql("SELECT citybigdata.set_event_level('address', 4, 'address')")
        for _ in range(8):
            assert case(platform, owner, token)["address"] is None and case(platform, owner, owner["token"])["address"] is None
    finally:
        platform.sql("SELECT citybigdata.set_event_level('address', 3, 'address')")
    assert case(platform, owner, token) == whole
