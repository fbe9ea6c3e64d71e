"""One append-only audit row per call, allowed or refused; batched reads too."""
import psycopg2
import pytest
from own_bridge import own_bridge
from rig import check_envelope, until


def rows(platform, reply):
    return platform.sql("SELECT * FROM citybigdata.audit_log WHERE request_id = %s", reply.header("X-Request-Id"))


def test_a_row_per_call(platform, client, token, stranger):
    event = platform.event()
    calls = [platform.report(event, token), platform.report(event, token), platform.report(platform.event(address=None), token),
             client.get("/divisions/110101", token=token), client.get("/divisions/999999", token=token),
             client.get("/code-tables", token=token), stranger.get("/code-tables"), stranger.get("/code-tables", token="A" * 43),
             stranger.post("/auth/code", {"appCode": platform.env["CBD_APP_CODE"], "method": "key", "key": "6f2c1b1e-0000-4000-8000-000000000000"}),
             stranger.post("/auth/token", {"appCode": platform.env["CBD_APP_CODE"], "authCode": "B" * 43}),
             client.post("/admin/accounts/999999/approve", {}, token=platform.admin_token)]
    for reply in calls:
        until(lambda: rows(platform, reply), 10)
        assert len(rows(platform, reply)) == 1, reply
    platform.sql("DELETE FROM citybigdata.lockout WHERE true")


def test_what_a_row_says(platform, client, token):
    reply = check_envelope(client.at("127.0.0.77").get("/divisions/110101", token=token), 200, 0)
    until(lambda: rows(platform, reply), 10)
    row = platform.sql("SELECT client_addr::text, status_code FROM citybigdata.audit_log WHERE request_id = %s", reply.header("X-Request-Id"))
    assert row[0][0].startswith("127.0.0.77") and row[0][1] == 0


def test_many_reads_many_rows(platform, client, token):
    """Batches lose nothing: 300 reads on one connection, 300 rows."""
    connection, numbers = client.connection(), []
    for _ in range(300):
        numbers.append(check_envelope(client.request("GET", "/divisions/110102", token=token, connection=connection), 200, 0).json["requestId"])
    connection.close()
    seen = lambda: platform.value("SELECT count(DISTINCT request_id) = 300 FROM citybigdata.audit_log WHERE request_id = ANY (%s)", numbers)
    until(seen, 10)


def test_audit_that_cannot_be_written(platform, token):
    """Fail-closed: reads are refused until the records can be written again; none of an answered read is lost."""
    def read():
        return bridge.client.get("/divisions/110102", token=token)

    def refused():
        reply = read()
        if reply.status == 200:
            answered.append(reply.json["requestId"])
            return False
        check_envelope(reply, 503, 50300)
        return True
    answered = []
    with own_bridge(platform) as bridge:
        with platform.replaced("rest_audit_append", "BEGIN RAISE EXCEPTION 'disk full'; END"):
            until(refused, 10)
            assert refused() and answered
            assert bridge.client.get("//healthz").status == 200
        until(lambda: not refused(), 10)
        until(lambda: not refused(), 10)
        assert bridge.stop() == 0
        assert bridge.log_text().count("disk full") < 100, "tried again without a pause"
    assert platform.value("SELECT count(DISTINCT request_id) FROM citybigdata.audit_log WHERE request_id = ANY (%s)", answered) == len(answered)


def test_what_the_bridge_refuses(platform, client, token):
    """Calls that never reach a function leave their row too."""
    calls = [client.post("/events", b"{", headers={"Content-Type": "application/json"}, token=token),
             client.post("/auth/code", b"x=%zz&appCode=%ff", headers={"Content-Type": "application/x-www-form-urlencoded"}),
             client.post("/auth/code", b'{"appCode":"1","appCode":"2"}', headers={"Content-Type": "application/json"})]
    for reply in calls:
        assert reply.status == 400, reply
        until(lambda: rows(platform, reply), 10)
        assert platform.sql("SELECT action, status_code FROM citybigdata.audit_log WHERE request_id = %s", reply.header("X-Request-Id")) \
            == [("bridge.refuse", reply.code)]


@pytest.mark.parametrize("role", ["citybigdata_sysadmin", "citybigdata_secadmin", "citybigdata_auditor", "citybigdata_analyst",
                                  "citybigdata_bridge"])
def test_append_only(platform, role):
    for statement in ("UPDATE citybigdata.audit_log SET request_id = 'x'", "DELETE FROM citybigdata.audit_log",
                      "TRUNCATE citybigdata.audit_log", "INSERT INTO citybigdata.audit_log (request_id) VALUES ('forged')"):
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            platform.sql(statement, role=role)


def test_owner_cannot_change_rows(platform):
    """Not even the role that endpoint functions run as."""
    for statement in ("UPDATE citybigdata.audit_log SET request_id = 'x'", "DELETE FROM citybigdata.audit_log"):
        with pytest.raises(psycopg2.Error):
            platform.sql(statement, role="citybigdata_owner")


def test_the_bridge_can_do_nothing_else(platform):
    """The bridge's role executes endpoint functions: no table, no other function, no schema of its own."""
    for statement in ("SELECT * FROM citybigdata.event", "SELECT * FROM citybigdata.access_token", "SELECT * FROM citybigdata.account",
                      "SELECT * FROM citybigdata.audit_log", "DELETE FROM citybigdata.event", "CREATE TABLE citybigdata.t (a int)",
                      "CREATE SCHEMA s", "SELECT citybigdata.report_event('x', '{}'::json)", "SELECT * FROM citybigdata.validate_event('{}'::json)",
                      "SELECT pg_read_file('/etc/passwd')", "COPY citybigdata.event TO PROGRAM 'cat'", "SET ROLE citybigdata_owner"):
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            platform.sql(statement, role="citybigdata_bridge")
