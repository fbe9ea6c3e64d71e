"""Downloads: whole results as NDJSON, page by page: complete, bounded in memory, judged at every page, and told when they break."""
import contextlib
import gzip
import http.client
import json
import re
import signal
import socket
import threading
import time
import urllib.parse

import pytest
from own_bridge import keeps_freed, own_bridge
from rig import API, check_envelope, check_refused, http_request, until
from test_data import grant, publish
from test_signature import send as send_signed

READINGS = "/data/readings?format=ndjson"
ROWS = 120_000
ACTIVE = """SELECT count(*) FROM pg_stat_activity WHERE usename = 'citybigdata_bridge' AND application_name ~ 'slow'
            AND (state <> 'idle' OR backend_xmin IS NOT NULL OR backend_xid IS NOT NULL)"""


@pytest.fixture(scope="module")
def readings(demo_data):
    """120,000 rows; the same as a view that takes about 0.4 s for a page; the same that gets stuck at row 2500."""
    demo_data.sql(f"""DROP TABLE IF EXISTS demo.reading CASCADE;
        CREATE TABLE demo.reading (reading_id int PRIMARY KEY, sensor text, value numeric(8,2), note text);
        INSERT INTO demo.reading SELECT i, '传感器' || i % 100, i % 1000 / 10.0, repeat('读数', 10) FROM generate_series(1, {ROWS}) i;
        CREATE OR REPLACE FUNCTION demo.nap(reading_id int, seconds float8) RETURNS text LANGUAGE plpgsql STABLE AS 'BEGIN PERFORM pg_catalog.pg_sleep(seconds); RETURN ''''; END';
        CREATE VIEW demo.slow_reading AS SELECT reading_id, sensor, CASE WHEN reading_id % 100 = 0 THEN demo.nap(reading_id, 0.04) END AS nap FROM demo.reading;
        CREATE VIEW demo.stuck_reading AS SELECT reading_id, CASE WHEN reading_id = 2500 THEN demo.nap(reading_id, 30) END AS nap FROM demo.reading;
        ALTER FUNCTION demo.nap OWNER TO demo_analyst; ALTER TABLE demo.reading OWNER TO demo_analyst; ALTER VIEW demo.slow_reading OWNER TO demo_analyst; ALTER VIEW demo.stuck_reading OWNER TO demo_analyst;
        ANALYZE demo.reading""")
    publish(demo_data, "demo.reading", {"code": "readings"})
    publish(demo_data, "demo.slow_reading", {"code": "slow-readings", "keyset": ["reading_id"], "latencyBudget": 5000})
    publish(demo_data, "demo.stuck_reading", {"code": "stuck-readings", "keyset": ["reading_id"], "latencyBudget": 300})
    for code in ("readings", "slow-readings", "stuck-readings"):
        grant(demo_data, demo_data.env["CBD_APP_CODE"], code)
    return demo_data


class Download:
    """A download that is read as one likes."""

    def __init__(self, client, path, token=None, headers=()):
        self.connection = client.connection()
        self.connection.sock = self.small_socket(client)
        if token:
            headers = {**dict(headers), "Authorization": "Bearer " + token}
        self.connection.request("GET", API + path, headers=dict(headers))
        self.reply = self.connection.getresponse()
        self.text, self.broken = b"", False

    @staticmethod
    def small_socket(client):
        """The kernel keeps little of what is not read: a reader that stalls is felt soon."""
        plain = socket.socket()
        plain.settimeout(30)
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        plain.bind((client.source, 0))
        plain.connect(("127.0.0.1", client.port))
        return client.context.wrap_socket(plain, server_hostname=client.host)

    def read(self, size=None):
        """At least so many bytes more (None: all there are); broken: it ended without its end."""
        wanted = None if size is None else len(self.text) + size
        try:
            while wanted is None or len(self.text) < wanted:
                part = self.reply.read1(65536)
                if not part:
                    break
                self.text += part
        except (http.client.IncompleteRead, http.client.HTTPException, ConnectionError, OSError) as fault:
            assert not isinstance(fault, TimeoutError), "the download hangs"
            self.broken = True
        return self

    def error(self):
        """The last line of a download that broke."""
        assert self.broken, "it claims to be complete"
        rows = self.rows()
        assert list(rows[-1]) == ["error"] and rows[-1]["error"]["requestId"] == self.reply.headers["X-Request-Id"]
        assert numbers(rows[:-1]) == list(range(1, len(rows))), "rows are missing or twice"
        return rows[-1]["error"]["statusCode"]

    def rows(self):
        assert self.text.endswith(b"\n")
        return [json.loads(line) for line in self.text.decode().splitlines()]

    def close(self):
        self.connection.close()


@contextlib.contextmanager
def download(client, path=READINGS, token=None, headers=()):
    made = Download(client, path, token, headers)
    try:
        yield made
    finally:
        made.close()


def numbers(rows):
    return [row["readingId"] for row in rows]


def memory(pid, field="VmHWM"):
    """KiB."""
    with open(f"/proc/{pid}/status", encoding="utf-8") as file:
        return int(re.search(field + r":\s+(\d+)", file.read())[1])


def pages(platform, number):
    return platform.sql("SELECT status_code, scheme FROM citybigdata.audit_log WHERE request_id = %s AND action = 'data.query' ORDER BY at", number)


def test_whole(readings, client, token):
    """Every row once and in order, one record for each page; memory of bridge and backend does not follow the size."""
    with own_bridge(readings, slow_connections=1) as bridge:
        with download(bridge.client, READINGS + "&readingId.le=3000", token) as small:
            assert numbers(small.read().rows()) == list(range(1, 3001)) and not small.broken
        backend = readings.value("SELECT pid FROM pg_stat_activity WHERE usename = 'citybigdata_bridge' AND application_name ~ 'slow' ORDER BY query_start DESC LIMIT 1")
        before, backend_before, most = memory(bridge.process.pid), memory(backend, "RssAnon"), 0
        with download(bridge.client, READINGS, token) as whole:
            assert whole.reply.status == 200 and whole.reply.headers["Content-Type"] == "application/x-ndjson; charset=utf-8"
            assert whole.reply.headers["Transfer-Encoding"] == "chunked" and whole.reply.headers["Link"] is None
            while not whole.reply.isclosed() and not whole.broken:
                most = max(most, memory(backend, "RssAnon"))  # shared buffers are not the backend's
                whole.read(1_000_000)
            rows = whole.rows()
        assert not whole.broken and numbers(rows) == list(range(1, ROWS + 1))
        assert rows[-1] == {"readingId": ROWS, "sensor": f"传感器{ROWS % 100}", "value": ROWS % 1000 / 10, "note": "读数" * 10}
        assert len(whole.text) > 10_000_000
        assert keeps_freed(bridge.process) or memory(bridge.process.pid) - before < 4096, "the bridge grows with the download"
        # the backend's memory is AddressSanitizer's too, where the bridge's is
        assert keeps_freed(bridge.process) or most - backend_before < 8192, "the backend grows with the download"
        number = whole.reply.headers["X-Request-Id"]
        until(lambda: len(pages(readings, number)) == ROWS // 1000)
        assert set(pages(readings, number)) == {(0, "bearer"), (0, "continued")}


def test_page_size_cursor_head(readings, client, token):
    """pageSize: one page, with the address of the next. A cursor: the rest from there. HEAD: what it would be."""
    page = client.get(READINGS + "&pageSize=1000", token=token)
    assert page.status == 200 and page.body.count(b"\n") == 1000
    cursor = re.search(r"cursor=([\w-]+)>", page.header("Link"))[1]
    with download(client, f"{READINGS}&cursor={cursor}", token) as rest:
        assert numbers(rest.read().rows()) == list(range(1001, ROWS + 1)) and not rest.broken
    head = client.request("HEAD", READINGS, token=token)
    assert head.status == 200 and head.body == b"" and head.header("Content-Type").startswith("application/x-ndjson")
    short = client.get(READINGS + "&readingId.le=10", token=token)
    assert numbers([json.loads(line) for line in short.body.decode().splitlines()]) == list(range(1, 11))
    check_envelope(client.get(READINGS + "&fields=nothing", token=token), 400)
    posted = client.post("/data/readings", {"format": "ndjson", "readingId.le": 2500, "sort": "-readingId", "fields": ["readingId"], "sensor": ["传感器1", "传感器2"]}, token=token)
    assert numbers([json.loads(line) for line in posted.body.decode().splitlines()]) == [n for n in range(2500, 0, -1) if n % 100 in (1, 2)]
    accepted = client.get("/data/readings?readingId.le=2100", token=token, headers={"Accept": "application/x-ndjson"})
    assert accepted.body.count(b"\n") == 2100


def test_gzip_and_charset(readings, client, token):
    with download(client, READINGS + "&charset=GB18030", token, {"Accept-Encoding": "gzip"}) as coded:
        coded.read()
    assert not coded.broken and coded.reply.headers["Content-Encoding"] == "gzip" and coded.reply.headers["Content-Type"].endswith("charset=GB18030")
    text = gzip.decompress(coded.text).decode("gb18030")
    assert numbers([json.loads(line) for line in text.splitlines()]) == list(range(1, ROWS + 1)) and "传感器" in text
    assert len(coded.text) < len(text) / 4


def test_old_client(readings, client, token):
    """HTTP/1.0 knows no chunks: the end of the connection is the end."""
    with client.connect() as sock:
        sock.sendall(http_request("GET", API + READINGS + "&readingId.le=2500", b"", [("Authorization", "Bearer " + token)]).replace(b"HTTP/1.1", b"HTTP/1.0"))
        text = b""
        while part := sock.recv(65536):
            text += part
    head, _, body = text.partition(b"\r\n\r\n")
    assert b" 200 " in head.split(b"\r\n")[0] and b"chunked" not in head.lower() and body.count(b"\n") == 2500


def test_stalled_readers(readings, token):
    """They hold no backend, no snapshot, and little memory; others are served; who reads on gets everything."""
    with own_bridge(readings, reply_timeout="10min") as bridge, contextlib.ExitStack() as stack:
        before = memory(bridge.process.pid, "VmRSS")
        stalled = [stack.enter_context(download(bridge.client, READINGS, token)) for _ in range(30)]
        until(lambda: all(readings.value(ACTIVE) == 0 and not time.sleep(0.1) for _ in range(20)))  # what the kernel takes is taken
        for _ in range(20):
            check_envelope(bridge.client.get("/data/readings?pageSize=10", token=token), 200, 0)
            assert readings.value(ACTIVE) == 0
        assert keeps_freed(bridge.process) or memory(bridge.process.pid, "VmRSS") - before < 30 * 1024, "more than 1 MiB for a stalled reader"
        for one in stalled[:3]:
            assert numbers(one.read().rows()) == list(range(1, ROWS + 1)) and not one.broken


def test_slow_readers_and_deadline(readings, token):
    """Who makes progress may take longer than reply_timeout in all; who makes none is ended."""
    with own_bridge(readings, reply_timeout="2s") as bridge:
        with download(bridge.client, READINGS, token) as stalled, download(bridge.client, READINGS, token) as slow:
            pauses = 0
            while not slow.broken and slow.reply.isclosed() is False and len(slow.text) < 100_000_000:
                length = len(slow.text)
                slow.read(200_000)
                if len(slow.text) - length < 200_000:
                    break
                pauses += 1
                time.sleep(0.05)
            assert numbers(slow.rows()) == list(range(1, ROWS + 1)) and not slow.broken
            assert pauses * 0.05 > 3, "it took no longer than reply_timeout in all"
            stalled.read()
            assert stalled.broken and len(stalled.text) < len(slow.text)


def test_revoked_meanwhile(readings, client):
    """The right is judged at each page: token, grant, application."""
    app = readings.make_application(resources=["readings"])
    for change in (None, "UPDATE citybigdata.app_grant SET state = 'revoked' WHERE app_id = %s", "UPDATE citybigdata.application SET state = 'suspended' WHERE app_id = %s"):
        token = readings.token(app)
        with download(client, READINGS, token) as going:
            going.read(1000)
            if change is None:
                check_envelope(client.post("/auth/revoke", {"token": token}, token=token), 200, 0)
            else:
                readings.sql(change, readings.value("SELECT app_id FROM citybigdata.application WHERE app_code = %s", app["appCode"]))
            assert going.read().error() in ((40102,) if change is None else (40300,) if "grant" in change else (40102, 40300))
            assert len(going.text) < 10_000_000
            number = going.reply.headers["X-Request-Id"]
            until(lambda: any(row[0] != 0 for row in pages(readings, number)))
        readings.sql("UPDATE citybigdata.app_grant SET state = 'active' WHERE app_id = (SELECT app_id FROM citybigdata.application WHERE app_code = %s)", app["appCode"])


def test_credentials_that_are_used_up(readings, client, stranger):
    """A one-time code, a nonce, a sealed address for one use, an address grant: each is good for the whole of one download."""
    app = readings.make_application(resources=["readings"])
    token = readings.token(app)
    code = check_envelope(client.post("/auth/code", {"appCode": app["appCode"], "method": "key", "key": app["key"]}), 200, 0).data["authCode"]
    client.secrets.add(code)
    one_shot = f"{READINGS}&appCode={app['appCode']}&authCode={code}"
    sealed = check_envelope(client.post("/auth/sealed-url", {"resource": "readings", "params": {"format": "ndjson"}, "maxUses": 1}, token=token), 200, 0).data["url"]
    sealed = urllib.parse.urlsplit(sealed).path[len(API):]
    client.secrets.add(sealed.rsplit("/", 1)[1])
    for where, path in ((client, one_shot), (stranger, sealed)):
        with download(where, path) as once:
            assert numbers(once.read().rows()) == list(range(1, ROWS + 1)) and not once.broken
        assert check_refused(where.get(path)).status in (400, 401)
    signed = send_signed(client, app, "GET", READINGS + "&readingId.le=5000")
    assert signed.status == 200 and signed.body.count(b"\n") == 5000
    by_address = readings.make_application(resources=["readings"], methods=["ip"], ipRanges=["127.0.0.88/32"])
    with download(client.at("127.0.0.88"), f"{READINGS}&appCode={by_address['appCode']}") as known:
        assert numbers(known.read().rows()) == list(range(1, ROWS + 1))


def test_no_wider_than_the_first_page(readings, client, stranger):
    """An address sealed with a token of level 1 masks on every page, though the application may see more."""
    app = readings.make_application(resources=["street-lights"], level=2)
    phones = lambda got: {row["keeperPhone"][3:7] == "****" for row in got.read().rows()}
    with download(client, "/data/street-lights?format=ndjson", readings.token(app)) as whole:
        assert phones(whole) == {False}
    code = check_envelope(client.post("/auth/code", {"appCode": app["appCode"], "method": "key", "key": app["key"]}), 200, 0).data["authCode"]
    narrow = check_envelope(client.post("/auth/token", {"appCode": app["appCode"], "authCode": code, "level": 1}), 200, 0).data["accessToken"]
    client.secrets.update((code, narrow))
    sealed = check_envelope(client.post("/auth/sealed-url", {"resource": "street-lights", "params": {"format": "ndjson"}}, token=narrow), 200, 0).data["url"]
    sealed = urllib.parse.urlsplit(sealed).path[len(API):]
    client.secrets.add(sealed.rsplit("/", 1)[1])
    for where, path, token in ((client, "/data/street-lights?format=ndjson", narrow), (stranger, sealed, None)):
        with download(where, path, token) as masked:
            assert phones(masked) == {True} and len(masked.rows()) == 3000 and not masked.broken


def test_counts_once(readings, client):
    """A download is one request of the grant's quota, however many pages it has."""
    app = readings.make_application(resources=["readings"])
    token = readings.token(app)
    readings.sql("SELECT citybigdata.set_limit(%s, 'readings', daily_quota => 2)", app["appCode"])
    for _ in range(2):
        with download(client, READINGS + "&readingId.le=9000", token) as going:
            assert len(going.read().rows()) == 9000 and not going.broken
    check_envelope(client.get(READINGS, token=token), 429)


def test_a_page_beyond_its_budget(readings, client, token):
    """In the middle: the last line says so, and the reply is not complete."""
    with download(client, "/data/stuck-readings?format=ndjson", token) as stuck:
        assert stuck.read().error() == 50400 and len(stuck.rows()) == 2001


def test_lost_database(readings, token):
    """A server process that ends while it reads a page."""
    with own_bridge(readings) as bridge, download(bridge.client, "/data/slow-readings?format=ndjson&fields=readingId,nap", token) as going:
        going.read(1)
        until(lambda: readings.value("""SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
                                        WHERE usename = 'citybigdata_bridge' AND application_name ~ 'slow' AND state = 'active'""") > 0)
        assert going.read().error() == 50302
        until(lambda: bridge.client.get("/data/readings?pageSize=1", token=token).status == 200)


def test_drain(readings, token):
    """SIGTERM: what can end within drain_timeout does, the others get a last line; the bridge ends."""
    # the long one takes 48 s by itself, the short one far less than ten, however busy the machine is
    with own_bridge(readings, drain_timeout="10s") as bridge:
        with download(bridge.client, "/data/slow-readings?format=ndjson&fields=readingId,nap", token) as long, \
                download(bridge.client, READINGS + "&readingId.le=20000", token) as short:
            long.read(1)
            bridge.signal(signal.SIGTERM)
            assert len(short.read().rows()) == 20000 and not short.broken
            assert long.read().error() == 50300
        assert bridge.process.wait(60) == 0


def test_client_gone(readings, token):
    """Its page is cancelled, no other one is asked for."""
    with own_bridge(readings) as bridge:
        going = Download(bridge.client, "/data/slow-readings?format=ndjson&fields=readingId,nap", token).read(1)
        until(lambda: readings.value(ACTIVE) > 0)
        number = going.reply.headers["X-Request-Id"]
        going.connection.sock.shutdown(socket.SHUT_RDWR)
        going.close()
        until(lambda: readings.value(ACTIVE) == 0, 5)
        count = len(pages(readings, number))
        time.sleep(1)
        assert readings.value(ACTIVE) == 0 and len(pages(readings, number)) - count <= 1
        assert bridge.client.get("//healthz").status == 200


def test_many_at_once(readings, token):
    """More downloads than the slow lane has connections: all complete, and pages of others are quick."""
    with own_bridge(readings, workers=2, slow_connections=2) as bridge:
        results = [None] * 12

        def one(n):
            with download(bridge.client, READINGS + "&readingId.le=40000", token) as going:
                results[n] = numbers(going.read().rows()) == list(range(1, 40001)) and not going.broken
        threads = [threading.Thread(target=one, args=(n,)) for n in range(len(results))]
        for thread in threads:
            thread.start()
        for _ in range(30):
            check_envelope(bridge.client.get("/data/street-lights?pageSize=10", token=token), 200, 0)
        for thread in threads:
            thread.join()
        assert all(results), results
