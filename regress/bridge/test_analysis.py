"""The algorithm service over HTTPS: results at once, jobs with progress, cancelling, owners, restarts, what is kept, sealed addresses, the manual."""
import re
import signal
import threading
import urllib.parse

import pytest
from analysis_rig import gate, job, make_job, register, wait
from case_rig import Bureau
from own_bridge import own_bridge
from rig import API, check_envelope, until

PERIOD = "[20240101,20240103)"


@pytest.fixture(scope="module")
def app(platform):
    return platform.make_application(resources=["events", *register(platform)], methods=["key"])


@pytest.fixture(scope="module")
def token(platform, app):
    return platform.token(app)


@pytest.fixture(scope="module")
def other(platform, app):
    """A token of another application with the same grants."""
    return platform.token(platform.make_application(resources=["events", *register(platform)], methods=["key"]))


def test_at_once(platform, client, token):
    """Rows with their columns, parameters with their defaults, stamps; the same from a body, with places and lists as JSON; kept for who asks again."""
    reply = check_envelope(client.get(f"/analysis/rig-rows?period={urllib.parse.quote(PERIOD)}&kinds=a,b", token=token), 200, 0)
    assert reply.data["result"]["rows"] == [{"dayNo": 1, "areaType": None, "kindCount": 2}, {"dayNo": 2, "areaType": None, "kindCount": 2}]
    assert [c["name"] for c in reply.data["result"]["columns"]] == ["dayNo", "areaType", "kindCount"]
    assert reply.data["parameters"] == {"period": "[20240101000000,20240103000000)", "kinds": ["a", "b"]} and reply.data["algorithm"] == "rig-rows"
    assert re.fullmatch("[0-9a-f]{64}", reply.data["codeHash"]) and reply.data["dataVersion"] and re.fullmatch("[0-9]{14}", reply.data["computedAt"])
    again = check_envelope(client.post("/analysis/rig-rows", {"kinds": ["a", "b"], "period": PERIOD}, token=token), 200, 0)
    assert again.data == reply.data
    place = {"type": "Polygon", "coordinates": [[[116, 39], [117, 39], [117, 40], [116, 39]]]}
    placed = check_envelope(client.post("/analysis/rig-rows", {"period": PERIOD, "area": place}, token=token), 200, 0).data
    assert placed["result"]["rows"][0]["areaType"] == "POLYGON" and placed["parameters"]["area"]["type"] == "Polygon"
    xml = client.get(f"/analysis/rig-rows?period={urllib.parse.quote(PERIOD)}&format=xml", token=token)
    assert xml.status == 200 and b"<dayNo>2</dayNo>" in xml.body


def test_listed(client, token, platform):
    """In /analysis, among the resources, with a manual of its own, in OpenAPI; not for who has no grant."""
    listed = check_envelope(client.get("/analysis", token=token), 200, 0).data["items"]
    assert [i["code"] for i in listed] == ["rig-job", "rig-rows", "rig-steps"]
    seconds = listed[2]["parameters"][0]
    assert (seconds["name"], seconds["type"], seconds["required"], seconds["min"], seconds["max"], seconds["unit"]) == ("seconds", "number", True, "0", "90", "s")
    resources = {i["code"]: i for i in check_envelope(client.get("/resources", token=token), 200, 0).data["items"]}
    assert resources["rig-job"]["kind"] == "algorithm" and resources["rig-job"]["address"] == API + "/analysis/rig-job" and resources["events"]["kind"] == "service"
    shown = check_envelope(client.get("/resources/rig-rows", token=token), 200, 0).data
    assert shown["kind"] == "algorithm" and shown["columns"][0]["name"] == "dayNo" and shown["parameters"][0]["type"] == "interval"
    spec = client.get("//openapi.json", token=token).json
    operation = spec["paths"][API + "/analysis/rig-steps"]["get"]
    assert operation["parameters"][0]["name"] == "seconds" and operation["parameters"][0]["schema"]["maximum"] == 90 and "202" in operation["responses"]
    assert API + "/analysis/rig-steps" not in client.get("//openapi.json", token=platform.token()).json["paths"]
    assert check_envelope(client.get("/analysis", token=platform.token()), 200, 0).data["items"] == []


@pytest.mark.parametrize("query,errors", [
    ("", {"/seconds": 40006}), ("seconds=x", {"/seconds": 40007}), ("seconds=91", {"/seconds": 40007}), ("seconds=1&seconds=2", {"/seconds": 40009}),
    ("seconds=NaN&colour=1&word=a&word=b", {"/colour": 40008, "/seconds": 40007, "/word": 40009}), ("seconds=" + "9" * 500, {"/seconds": 40007})])
def test_bad_input(client, token, query, errors):
    """All that is wrong is told at once, in both languages."""
    reply = client.get(f"/analysis/rig-steps?{query}", token=token)
    assert reply.status == 400 and {e["pointer"]: e["statusCode"] for e in reply.json["data"]["errors"]} == errors
    chinese = client.get(f"/analysis/rig-steps?{query}", token=token, headers={"Accept-Language": "zh"}).json["data"]["errors"]
    assert all(re.search("[\u4e00-\u9fff]", e["message"]) for e in chinese)


def test_bad_bodies(client, token):
    for body, status in ((b"{", 400), (b"[1]", 400), (b'{"seconds": {"a": 1}}', 400), (b'{"seconds": [0]}', 400), (b'{"seconds": null}', 400)):
        assert client.post("/analysis/rig-steps", body, token=token, headers={"Content-Type": "application/json"}).status == status, body


def test_rights(platform, client, app, other):
    """Without a grant, a credential, at another's level; unknown; suspended."""
    check_envelope(client.get("/analysis/rig-steps?seconds=0", token=platform.token()), 403, 40300)
    check_envelope(client.get("/analysis/rig-steps?seconds=0"), 401, 40100)
    check_envelope(client.get("/analysis/no-such", token=other), 403, 40300)
    try:
        platform.sql("SELECT citybigdata.suspend_algorithm('rig-rows')")
        check_envelope(client.get("/analysis/rig-rows", token=other), 404, 40407)
    finally:
        platform.sql("SELECT citybigdata.suspend_algorithm('rig-rows', false)")


def test_operators(platform, client):
    """An operator whose posts reach every case may run what the console's client is granted; one of a district may not. A job is the operator's own."""
    platform.sql("""INSERT INTO citybigdata.app_grant (app_id, resource, level, granted_by) SELECT app_id, r, 3, 'test' FROM citybigdata.application, unnest(ARRAY['rig-job', 'rig-steps']) r
                    WHERE app_code = %s ON CONFLICT DO NOTHING""", platform.env["CBD_OPERATOR_CLIENT"])
    bureau = Bureau(platform)
    check_envelope(client.get("/analysis/rig-steps?seconds=0", token=bureau.tokens["leader"]), 200, 0)
    check_envelope(client.get("/analysis/rig-steps?seconds=0", token=bureau.tokens["desk"]), 403, 40300)
    mine = make_job(client, bureau.tokens["leader"], 0, "leader")
    assert wait(client, bureau.tokens["leader"], mine, "done")["resultUrl"] is None
    check_envelope(client.get(f"/jobs/{mine}", token=bureau.tokens["filer2"]), 404, 40415)


def test_becomes_a_job(platform, client, token, other):
    """Longer than a second: 202, progress, the result at its address and behind a sealed one; to others there is no such job."""
    with gate(platform):
        reply = check_envelope(client.get("/analysis/rig-steps?seconds=0&word=gate-slow", token=token), 202, 0)
        number = reply.data["jobId"]
        assert check_envelope(client.get("/analysis/rig-steps?word=gate-slow&seconds=0.0", token=token), 202, 0).data["jobId"] == number
        for method, path in (("GET", ""), ("GET", "/result"), ("POST", "/cancel")):
            check_envelope(client.request(method, f"/jobs/{number}{path}", token=other), 404, 40415)
        assert check_envelope(client.get(f"/jobs/{number}/result", token=token), 409, 40910).header("Retry-After")
        until(lambda: job(client, token, number)["progress"] == 0.5, 30)
    done = wait(client, token, number, "done")
    assert done["startedAt"] and done["endedAt"] and done["keepUntil"] > done["endedAt"]
    result = check_envelope(client.get(f"/jobs/{number}/result", token=token), 200, 0).data
    assert result["result"] == {"word": "gate-slow", "by": "rig_analyst"} and result["parameters"] == {"seconds": 0, "word": "gate-slow"}
    check_envelope(client.post(f"/jobs/{number}/cancel", token=token), 409, 40911)
    client.secrets.add(done["resultUrl"].rsplit("/", 1)[1])
    sealed = urllib.parse.urlsplit(done["resultUrl"]).path
    assert check_envelope(client.get("/" + sealed), 200, 0).data == result
    check_envelope(client.get("/" + sealed[:-3] + "AAA"), 401, 40101)


def test_sealed_algorithm(client, token):
    """An address of an algorithm with its parameters, as of any resource; it makes no jobs."""
    reply = check_envelope(client.post("/auth/sealed-url", {"resource": "rig-steps", "params": {"seconds": 0, "word": "sealed"}}, token=token), 200, 0)
    client.secrets.add(reply.data["url"].rsplit("/", 1)[1])
    assert check_envelope(client.get("/" + urllib.parse.urlsplit(reply.data["url"]).path), 200, 0).data["result"]["word"] == "sealed"
    reply = check_envelope(client.post("/auth/sealed-url", {"resource": "rig-job", "params": {"seconds": 0}}, token=token), 200, 0)
    client.secrets.add(reply.data["url"].rsplit("/", 1)[1])
    check_envelope(client.get("/" + urllib.parse.urlsplit(reply.data["url"]).path), 403, 40300)


def test_cancelled(platform, client, token):
    """One that runs is stopped soon, one that waits is not begun, and the next one runs on; the audit log has it."""
    with gate(platform):
        running, waiting, last = make_job(client, token, 0, "gate-running"), make_job(client, token, 0, "gate-waiting"), make_job(client, token, 0, "last")
        wait(client, token, running, "running")
        assert job(client, token, waiting)["state"] == "waiting"
        for number in (waiting, running):
            assert check_envelope(client.post(f"/jobs/{number}/cancel", token=token), 200, 0).data["state"] == "cancelled"
            check_envelope(client.get(f"/jobs/{number}/result", token=token), 409, 40913)
    wait(client, token, last, "done")
    assert job(client, token, running)["state"] == "cancelled"
    assert platform.value("SELECT count(*) FROM citybigdata.audit_log WHERE action = 'job.cancel' AND object = ANY (%s) AND status_code = 0", [running, waiting]) == 2


def test_a_long_job_holds_nobody_up(platform, client, token):
    with gate(platform):
        number = make_job(client, token, 0, "gate-long")
        wait(client, token, number, "running")
        replies = []
        threads = [threading.Thread(target=lambda: replies.append(client.get("/analysis/rig-steps?seconds=0", token=token).status)) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert replies == [200] * 8
        check_envelope(client.post(f"/jobs/{number}/cancel", token=token), 200, 0)


def test_too_many(platform, client, token):
    """A caller's jobs that wait or run are counted."""
    with gate(platform):
        first = make_job(client, token, 0, "gate-first")
        wait(client, token, first, "running")
        numbers = [first, *(make_job(client, token, 0, f"gate-more-{n}") for n in range(9))]
        refused = check_envelope(client.get("/analysis/rig-job?seconds=0&word=gate-beyond", token=token), 429, 42903)
        assert int(refused.header("Retry-After")) > 0
        for number in reversed(numbers):
            check_envelope(client.post(f"/jobs/{number}/cancel", token=token), 200, 0)


def test_restart(platform, client, token):
    """A bridge that is stopped gives its job back, which is no try; another one runs it again."""
    with own_bridge(platform, analysis_jobs="4") as own:
        with gate(platform):
            # the platform's own runner takes one of them, these all the others
            numbers = [make_job(client, token, 0, f"gate-restart-{n}") for n in range(5)]
            for number in numbers:
                wait(client, token, number, "running")
            assert own.stop() == 0
            assert platform.value("SELECT count(*) FROM citybigdata.analysis_job WHERE state = 'waiting' AND tries = 0 AND claim = 1 AND job_id = ANY (%s::uuid[])", numbers) >= 3
        own.start()
        for number in numbers:
            wait(client, token, number, "done", seconds=90)
        assert platform.value("SELECT count(*) FROM citybigdata.analysis_result r JOIN citybigdata.analysis_job j USING (result_id) WHERE j.job_id = ANY (%s::uuid[])", numbers) == 5


def test_killed(platform, client, token):
    """kill -9 of the bridge that runs a job: its session ends, and another bridge begins it again, once."""
    with gate(platform):
        own_first = make_job(client, token, 0, "gate-own")
        wait(client, token, own_first, "running")
        with own_bridge(platform, analysis_jobs="1") as own:
            number = make_job(client, token, 0, "gate-killed")
            wait(client, token, number, "running")
            own.signal(signal.SIGKILL)
            own.process.wait()
            check_envelope(client.post(f"/jobs/{own_first}/cancel", token=token), 200, 0)
            until(lambda: platform.value("SELECT claim FROM citybigdata.analysis_job WHERE job_id = %s", number) == 2, 90)
    wait(client, token, number, "done", seconds=90)
    assert platform.sql("SELECT tries, claim FROM citybigdata.analysis_job WHERE job_id = %s", number) == [(2, 2)]


def test_expired(platform, client, token):
    """A result past its days is gone, by its job and behind its sealed address."""
    number = make_job(client, token, 0, "old")
    done = wait(client, token, number, "done")
    client.secrets.add(done["resultUrl"].rsplit("/", 1)[1])
    platform.sql("UPDATE citybigdata.analysis_job SET keep_until = now() - interval '1 s' WHERE job_id = %s", number)
    check_envelope(client.get(f"/jobs/{number}/result", token=token), 410, 41010)
    check_envelope(client.get("/" + urllib.parse.urlsplit(done["resultUrl"]).path), 410, 41010)
    assert job(client, token, number)["state"] == "expired"


def test_sql_runs_jobs_too(platform, client, token):
    """Without a bridge that does: CALL run_jobs()."""
    with gate(platform):
        first = make_job(client, token, 0, "gate-held")
        wait(client, token, first, "running")
        number = make_job(client, token, 0, "sql")
        platform.sql("CALL citybigdata.run_jobs()")
        assert job(client, token, number)["state"] == "done"
        check_envelope(client.post(f"/jobs/{first}/cancel", token=token), 200, 0)


def test_metrics(client, token):
    wait(client, token, make_job(client, token, 0, "metrics"), "done")

    def figures():
        return dict(re.findall(r'^(citybigdata_analysis_\w+(?:\{[^}]*\})?) ([\d.]+)$', client.get("//metrics").body.decode(), re.M))
    assert {'citybigdata_analysis_jobs{state="waiting"}', 'citybigdata_analysis_jobs{state="running"}', 'citybigdata_analysis_jobs{state="failed"}',
            "citybigdata_analysis_job_seconds_total"} <= set(figures())
    until(lambda: float(figures()['citybigdata_analysis_jobs_total{state="done"}']) >= 1)
