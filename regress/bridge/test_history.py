"""Lists of cases by filters, archived cases and loaded history, over HTTPS."""
import json
import urllib.parse

import pytest
from rig import check_envelope, check_refused

SENDER = "HISTORY-1"


def history(platform, number, description, state=6, closed="2012-03-01", created="20120131083000"):
    """A report of 2012 on its way into event_staging: (data, state, closed_time)."""
    data = {"eventDesc": description, "otherTaskNum": number, "address": "东城区王府井大街", "coordinateX": platform.wangfujing[0],
            "coordinateY": platform.wangfujing[1], "eventSrcID": 11, "recTypeID": 1, "eventLevelID": 1, "eventTypeCode": "6", "createTime": created}
    return json.dumps(data, ensure_ascii=False), state, closed


@pytest.fixture(scope="module")
def loaded(platform):
    """Seven cases of January 2012, one of them at work."""
    rows = [history(platform, f"y-{n}", "路灯不亮" if n % 2 else "井盖破损", created=f"201201{n + 10:02d}083000") for n in range(6)]
    rows.append(history(platform, "y-6", "井盖丢失", 4, None, "20120120083000"))
    for row in rows:
        platform.sql("INSERT INTO citybigdata.event_staging (data, state, closed_time) VALUES (%s, %s, %s)", *row)
    assert platform.sql("SELECT loaded, rejected FROM citybigdata.load_events(sender => %s, profile => 'strict')", SENDER) == [(7, 0)]
    return {number: task_num for number, task_num in
            platform.sql("SELECT other_task_num, task_num FROM citybigdata.event WHERE sender_code = %s", SENDER)}


def listed(client, token, **params):
    params = {"senderCode": SENDER, "timeRange": "[20120101000000,20120201000000)", **params}
    reply = check_envelope(client.get("/events?" + urllib.parse.urlencode(params), token=token), 200, 0)
    return [item["otherTaskNum"] for item in reply.data["items"]], reply


def test_list_by_filters(client, token, loaded):
    assert listed(client, token)[0] == ["y-6", "y-5", "y-4", "y-3", "y-2", "y-1", "y-0"]
    assert listed(client, token, q="井盖")[0] == ["y-6", "y-4", "y-2", "y-0"]
    assert listed(client, token, state="4")[0] == ["y-6"]
    assert listed(client, token, divisionCode="110101", type="6", state="6,7")[0][:2] == ["y-5", "y-4"]
    assert listed(client, token, bbox="0,0,1,1")[0] == []


def test_pages_by_link(client, token, loaded):
    found, reply = listed(client, token, pageSize=3)
    seen = list(found)
    while reply.header("Link"):
        address, relation = reply.header("Link").split(";")
        assert relation.strip() == 'rel="next"'
        target = urllib.parse.urlsplit(address.strip("<> "))
        reply = check_envelope(client.get(f"/{target.path}?{target.query}", token=token), 200, 0)
        seen += [item["otherTaskNum"] for item in reply.data["items"]]
    assert seen == ["y-6", "y-5", "y-4", "y-3", "y-2", "y-1", "y-0"] and reply.data["nextCursor"] is None


@pytest.mark.parametrize("query, pointer, code", [
    ("state=10", "/state", 40007), ("light=blue", "/light", 40007), ("bbox=1", "/bbox", 40019), ("timeRange=x", "/timeRange", 40011),
    ("divisionCode=1", "/divisionCode", 40007), ("q=%E4%BA%95", "/q", 40007), ("pageSize=0", "/pageSize", 40007), ("cursor=AAAA", "/cursor", 40007),
    ("q=%E4%BA%95%E7%9B%96&since=20120101000000", "/since", 40007), ("otherTaskNum=y-1&state=6", "/otherTaskNum", 40007)])
def test_wrong_filters(client, token, query, pointer, code):
    reply = check_refused(client.get("/events?" + query, token=token))
    assert reply.status == 400 and [(e["pointer"], e["statusCode"]) for e in reply.data["errors"]] == [(pointer, code)]


def test_archived_and_purged(platform, client, token, loaded):
    before = check_envelope(client.get(f"/events/{loaded['y-1']}", token=token), 200, 0).data
    assert platform.sql("SELECT citybigdata.archive_events('2013-01-01')") == [(6,)]
    assert check_envelope(client.get(f"/events/{loaded['y-1']}", token=token), 200, 0).data == before
    assert listed(client, token)[0] == ["y-6", "y-5", "y-4", "y-3", "y-2", "y-1", "y-0"]
    assert platform.sql("SELECT status_code, task_num FROM citybigdata.report_event(%s, %s::text, 'strict')", SENDER,
                        history(platform, "y-1", "路灯不亮", created="20120111083000")[0]) == [(0, loaded["y-1"])]
    platform.sql("SELECT citybigdata.purge_archive('2013-01-01')")
    assert check_refused(client.get(f"/events/{loaded['y-1']}", token=token)).code == 41000
    assert listed(client, token)[0] == ["y-6"]


def test_cases_as_data(platform, client, token, loaded):
    """The resource cases: as the grant says, in CSV too."""
    reply = client.get(f"/data/cases?senderCode={SENDER}&fields=otherTaskNum,state,cellphone&format=csv", token=token)
    assert reply.status == 200 and reply.body.decode().splitlines()[0].split(",")[:2] == ["otherTaskNum", "state"]
    assert "y-6,4" in reply.body.decode()
