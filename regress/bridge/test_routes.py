"""Every route of interface.md: methods, unknown paths, credentials. The list here is written by hand, not read from the bridge."""
import re

import pytest
from rig import check_envelope, check_refused

# path, methods, must one be authorised
ROUTES = [
    ("/accounts", "POST", False),
    ("/access-requests", "POST", True),
    ("/access-requests/1", "GET", True),
    ("/admin/login", "POST", False),
    ("/admin/accounts/1/approve", "POST", True),
    ("/admin/accounts/1/reject", "POST", True),
    ("/admin/access-requests/1/approve", "POST", True),
    ("/admin/access-requests/1/reject", "POST", True),
    ("/auth/code", "POST", False),
    ("/auth/token", "POST", False),
    ("/auth/revoke", "POST", True),
    ("/auth/sealed-url", "POST", True),
    ("/events", "GET POST", True),
    ("/events/1100002026010100000000010", "GET", True),
    ("//openapi/v2/upstream", "POST", True),
    ("//openapi/v2/upstream/uprecreport", "POST", True),
    ("/data/street-lights", "GET POST", True),
    ("/resources", "GET", True),
    ("/resources/events", "GET", True),
    ("/divisions/110101", "GET", True),
    ("/code-tables", "GET", True),
    ("/code-tables/event-state", "GET", True),
    ("/status-codes", "GET", False),
    ("/resources/events/schema.xsd", "GET", True),
    ("//openapi.json", "GET", False),
    ("//docs", "GET", False),
    ("//healthz", "GET", False),
    ("//readyz", "GET", False),
]
each_route = pytest.mark.parametrize("path,methods,guarded", ROUTES, ids=[r[0] for r in ROUTES])


@each_route
def test_wrong_method(client, token, path, methods, guarded):
    """405 with Allow, whoever asks; HEAD goes with GET."""
    wanted = set(methods.split()) | ({"HEAD"} if "GET" in methods.split() else set())
    for method in {"GET", "POST", "PUT", "DELETE", "PATCH", "PROPFIND"} - set(methods.split()):
        reply = client.request(method, path, token=token)
        assert reply.status == 405, (method, reply)
        check_envelope(reply, 405, 40500)
        allowed = {m.strip() for m in reply.header("Allow").split(",")}
        assert wanted <= allowed | {"HEAD"} and not allowed & {"PUT", "DELETE", "PATCH"}, reply


@each_route
def test_options(client, path, methods, guarded):
    """OPTIONS names the methods, or is refused like any other method; it never does anything."""
    reply = client.request("OPTIONS", path)
    assert reply.status in (200, 204, 405) and reply.header("Allow"), reply


@each_route
def test_no_credentials(stranger, path, methods, guarded, nothing_stored):
    for method in methods.split():
        reply = stranger.request(method, path, {} if method == "POST" else None)
        if guarded:
            assert check_refused(reply).status == 401, reply
            assert reply.data is None or "errors" in reply.data
        else:
            assert reply.status != 401 and reply.status < 500, reply


@each_route
def test_bad_token(stranger, path, methods, guarded):
    if not guarded:
        return
    for method in methods.split():
        reply = check_refused(stranger.request(method, path, {} if method == "POST" else None, token="A" * 43))
        assert reply.status == 401 and "invalid_token" in reply.header("WWW-Authenticate"), reply


@pytest.mark.parametrize("path", ["//", "/", "/nothing", "/events/1/2/3", "/event", "/EVENTS", "/events/", "//api/v2/events", "//api",
                                  "/accounts/1", "//openapi/v2/upstream/other", "/admin/accounts/1/promote", "/code-tables/a/b",
                                  "/divisions", "/divisions/", "//healthz/x", "/..%2f..%2fetc/passwd", "//api/v1/../v1/events"])
def test_unknown_path(client, token, path):
    check_envelope(client.get(path, token=token), 404)


@pytest.mark.parametrize("path", [r[0] for r in ROUTES if "GET" in r[1].split() and r[0] != "/access-requests/1"])
def test_head(client, token, path):
    """HEAD answers what GET answers, without the body; not where it would collect what is shown once (test_housekeeping.py)."""
    head, get = client.request("HEAD", path, token=token), client.get(path, token=token)
    assert head.body == b"" and head.status == get.status, (head, get)
    assert head.header("Content-Type") == get.header("Content-Type")


def test_reference_data(client, token):
    district = check_envelope(client.get("/divisions/110101", token=token), 200, 0).data
    assert (district["code"], district["name"], district["parentCode"]) == ("110101", "东城区", "110100") \
        or (district["code"], district["name"]) == ("110101", "东城区")
    retired = check_envelope(client.get("/divisions/110103", token=token), 200, 0).data
    assert retired["successorCode"] == "110101", retired
    check_envelope(client.get("/divisions/999999", token=token), 404, 40403)
    tables = check_envelope(client.get("/code-tables", token=token), 200, 0).data
    assert "event-state" in str(tables)
    states = check_envelope(client.get("/code-tables/event-state", token=token), 200, 0).data
    assert "立案派遣" in str(states)
    check_envelope(client.get("/code-tables/no-such-table", token=token), 404, 40404)
    codes = check_envelope(client.get("/status-codes"), 200, 0).data
    assert "42210" in str(codes)  # the numeric table of clause 5.4.3


def test_events_find(platform, client, token):
    for query in ("?otherTaskNum=", "?nonsense=1", "?since=20260230000000"):
        assert check_refused(client.get("/events" + query, token=token)).status == 400
    assert check_envelope(client.get("/events?otherTaskNum=never-reported", token=token), 200, 0).data["items"] == []
    event = platform.event()
    check_envelope(platform.report(event, token), 200, 0)
    found = check_envelope(client.get(f"/events?otherTaskNum={event['otherTaskNum']}", token=token), 200, 0).data
    assert event["otherTaskNum"] in str(found)


def test_probes(platform, client):
    check_envelope(client.get("//healthz"), 200, 0)
    ready = check_envelope(client.get("//readyz"), 200, 0).data
    assert ready["extensionVersion"] == ready["libraryVersion"]
    assert re.fullmatch(r"\d{8}", ready["calendarUnknownFrom"])
    metrics = client.get("//metrics")
    assert metrics.status == 200 and metrics.header("Content-Type").startswith("text/plain")
    names = {line.split("{")[0].split(" ")[0] for line in metrics.body.decode().splitlines() if line and not line.startswith("#")}
    assert names and all(n.startswith("citybigdata_") or n.startswith("process_") for n in names), names
