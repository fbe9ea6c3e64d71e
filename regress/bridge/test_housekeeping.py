"""What the bridge does beside requests: housekeeping of the database, secrets kept out of core dumps, HEAD that shows nothing."""
import os

from own_bridge import own_bridge, program
from rig import check_envelope, until

STALE = """INSERT INTO citybigdata.lockout (kind, subject, failures, confirmed, last_attempt_at)
           VALUES ('address', %s, 1, 1, now() - interval '400 days')"""
LEFT = "SELECT count(*) FROM citybigdata.lockout WHERE subject = %s"


def test_housekeeping_soon_and_again(platform):
    """Shortly after the start, and every maintain_interval: what has no effect any more is gone."""
    with own_bridge(platform, maintain_interval="200ms"):
        for address in ("198.51.100.1", "198.51.100.2"):
            platform.sql(STALE, address)
            until(lambda: platform.value(LEFT, address) == 0)


def test_housekeeping_can_be_left_to_others(platform):
    with own_bridge(platform, maintain_interval="0ms", log_level="debug") as idle, \
            own_bridge(platform, maintain_interval="200ms", log_level="debug") as busy:
        until(lambda: busy.log_text().count("housekeeping done") >= 3)
        assert "housekeeping" not in idle.log_text()


def test_failing_housekeeping_is_said_once_and_hurts_nobody(platform, client):
    with platform.replaced("rest_maintain", "BEGIN RAISE EXCEPTION 'the disk is full' USING ERRCODE = '53100'; END"), \
            own_bridge(platform, maintain_interval="100ms") as own:
        until(lambda: "housekeeping failed" in own.log_text())
        check_envelope(own.client.get("/code-tables", token=platform.token()), 200, 0)
        with platform.replaced("rest_maintain", "BEGIN RETURN citybigdata.reply_frame(0, 0, '{}'); END"):
            until(lambda: "housekeeping done" in own.log_text())
        assert own.log_text().count("housekeeping failed") == 1


def test_only_one_works_at_a_time(platform):
    """While another session does it, the bridge is told that it is busy, and waits for its next turn."""
    session = platform.connect()
    session.autocommit = False
    try:
        with session.cursor() as cursor:
            cursor.execute("SELECT citybigdata.maintain()")
            assert "busy" not in cursor.fetchone()[0]
        with own_bridge(platform, maintain_interval="100ms", log_level="debug") as own:
            until(lambda: '"busy": true' in own.log_text().replace('\\"', '"'))
    finally:
        session.rollback()
        session.close()


CASE = """SELECT rec_id FROM citybigdata.report_event('clock-job', json_build_object('eventDesc', '井盖破损', 'otherTaskNum', gen_random_uuid()::text,
          'address', '东华门大街1号', 'coordinateX', 448400.5, 'coordinateY', 4418600.25, 'eventSrcID', 1, 'recTypeID', 1, 'eventLevelID', 1,
          'eventTypeCode', '6', 'createTime', '20240131083000'), 'egova')"""
RUNGS = "SELECT count(*) FROM citybigdata.case_escalation WHERE rec_id = %s"


def test_clock_job(platform):
    """Every clock_interval: the points that a case's clock passed are told, each once, by one of the bridges."""
    case = platform.value(CASE)
    with own_bridge(platform, clock_interval="0ms", log_level="debug") as idle, own_bridge(platform, clock_interval="100ms", log_level="debug") as busy, \
            own_bridge(platform, clock_interval="100ms"):
        platform.sql("SELECT citybigdata.start_clock(%s, 'stage', 1, 12, now() - interval '70 minutes')", case)
        until(lambda: platform.value(RUNGS, case) == 2)
        seen = busy.log_text().count("clock job done")
        until(lambda: busy.log_text().count("clock job done") >= seen + 2)
        assert platform.value(RUNGS, case) == 2
        assert "clock job" not in idle.log_text()


def test_age_of_the_unsealed_in_the_metrics(platform):
    """By what readyz and housekeeping tell: it grows while nothing is sealed, and is 0 again afterwards."""
    def age(own):
        line = next(line for line in own.client.get("//metrics").body.decode().splitlines() if line.startswith("citybigdata_audit_unsealed_seconds "))
        return int(line.split()[1])
    with own_bridge(platform, maintain_interval="0ms") as own:
        platform.sql("INSERT INTO citybigdata.audit_log (at, action, status_code, session_role) VALUES (clock_timestamp() - interval '2 hours', 'test.old', 0, 'x')")
        platform.sql("SELECT citybigdata.audit_seal()")
        platform.sql("INSERT INTO citybigdata.audit_log (at, action, status_code, session_role) VALUES (clock_timestamp() - interval '5 hours', 'test.old', 0, 'x')")
        check_envelope(own.client.get("//readyz"), 200, 0)
        first = age(own)
        assert 3600 <= first <= 20000
        until(lambda: age(own) > first)
    with own_bridge(platform, maintain_interval="100ms") as own:
        until(lambda: "housekeeping" not in own.log_text() and age(own) < 3600)


def test_no_core_dump(platform):
    """Requests under way hold passwords and tokens: no core file, and /proc/PID/mem belongs to root."""
    with own_bridge(platform) as own:
        with open(f"/proc/{own.process.pid}/limits", encoding="ascii") as file:
            assert next(line for line in file if line.startswith("Max core file size")).split()[4:6] == ["0", "0"]
        # AddressSanitizer's search for leaks needs what this forbids: such a build leaves it out
        with open(program(platform), "rb") as file:
            if b"__asan_init" not in file.read():
                assert os.stat(f"/proc/{own.process.pid}/mem").st_uid == 0


def test_head_collects_no_credentials(platform, client):
    """The reply of a HEAD is thrown away: credentials that are shown once would be lost with it."""
    account = platform.make_account()
    number = platform.apply(account)[0].data["accessRequestId"]
    check_envelope(client.post(f"/admin/access-requests/{number}/approve", {}, token=platform.admin_token), 200, 0)
    path, basic = f"/access-requests/{number}", (account["userName"], account["password"])
    reply = client.request("HEAD", path, basic=basic)
    assert reply.status == 405 and reply.header("Allow") == "GET", reply
    assert client.request("OPTIONS", path).header("Allow") is not None
    shown = check_envelope(client.get(path, basic=basic), 200, 0).data
    assert shown["key"] and shown["signingSecret"]
    client.secrets.update((shown["key"], shown["signingSecret"]))
