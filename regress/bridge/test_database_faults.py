"""The database hangs, moves, becomes read-only, is forgotten on the way: service comes back by itself, and readyz says what is wrong."""
import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import uuid

import pytest
from own_bridge import USER, as_user, free_port, own_bridge
from relay import relay, through
from rig import check_envelope, http_request, until

LONG = 90  # s: how long a test waits for what takes a few seconds on a machine that does nothing else


def good_conf(platform, more=""):
    return f"host={platform.env['PGHOST']} port={platform.env['PGPORT']} dbname=citybigdata user=citybigdata_bridge {more}"


def works(platform, bridge, token):
    """A report is stored and a read is answered."""
    return bridge.client.get("/divisions/110101", token=token).status == 200 and \
        platform.report(platform.event(), token, client=bridge.client).status == 200


def sessions(platform, name):
    """The server processes of the bridge whose connections have this application_name."""
    return {pid for (pid,) in platform.sql("SELECT pid FROM pg_stat_activity WHERE application_name = %s", name)}


def ready(bridge):
    return bridge.client.get("//readyz")


def problems(bridge, status=503):
    """{lane: message} of what /readyz complains of, or None while it answers otherwise."""
    reply = ready(bridge)
    if reply.status != status or not reply.data:
        return None
    return {problem["lane"]: problem["message"] for problem in reply.data["problems"]}


def said(bridge, text, before=0):
    return until(lambda: bridge.log_text().find(text, before) + 1, LONG)


# F2, 1.8: a reload keeps the old settings on any fault

BAD_DATABASES = ["host=/tmp dbname citybigdata", "host=/tmp nothing_like_it=1 dbname=citybigdata", "host='/tmp dbname=citybigdata",
                 "host=a,b port=1,2,3 dbname=citybigdata", "host=/tmp port=none dbname=citybigdata", "host=/tmp target_session_attrs=primry",
                 "host=/nowhere dbname=citybigdata user=citybigdata_bridge", "{good} dbname=no_such_database", "{good} user=postgres"]


def test_f2_reload_with_a_wrong_database(platform, token):
    """Not a string, no such server, no such database, a superuser: an error in the log, and not one session is lost."""
    name = f"f2-{uuid.uuid4().hex}"
    good = good_conf(platform, f"application_name={name}")
    with own_bridge(platform, database=good) as bridge:
        until(lambda: all(lane["connections"] == lane["of"] for lane in ready(bridge).data["lanes"].values()))
        before = sessions(platform, name)
        assert before
        for number, bad in enumerate(BAD_DATABASES):
            bridge.settings["database"] = bad.format(good=good)
            bridge.write_conf()
            bridge.signal(signal.SIGHUP)
            until(lambda: bridge.log_text().count("configuration not reloaded") == number + 1, LONG)
            assert "configuration reloaded" not in bridge.log_text(), bad
            until(lambda: sessions(platform, name) == before)  # that of the attempt ends in its own time
            assert works(platform, bridge, token)
        # and a right one is taken
        bridge.settings["database"] = good_conf(platform, f"application_name={name}-new")
        bridge.write_conf()
        bridge.signal(signal.SIGHUP)
        until(lambda: not sessions(platform, name) and sessions(platform, name + "-new"), LONG)
        assert works(platform, bridge, token)


@pytest.mark.parametrize("setting, value", [("listen", "127.0.0.1:99999"), ("trusted_proxies", "10.0.0.0/99"), ("tls_priorities", "NORMAL:+NONSENSE"),
                                            ("workers", "-1"), ("tls_cert", "/nowhere.pem"), ("tls_key", "/nowhere.key"), ("log_level", "loud"),
                                            ("metrics_token", "short"), ("plain_http", "perhaps")])
def test_f2_reload_is_all_or_nothing(platform, setting, value):
    """What --check-config refuses SIGHUP refuses, and takes nothing of what else has changed."""
    with own_bridge(platform, max_target="1KiB") as bridge:
        path = "/divisions/" + "1" * 1500
        bridge.settings.update({"max_target": "4KiB", setting: value})
        bridge.write_conf()
        code, text = bridge.run("--check-config")
        assert code != 0, text
        bridge.signal(signal.SIGHUP)
        said(bridge, "configuration not reloaded")
        assert bridge.client.get(path).status == 414 and ready(bridge).status == 200


def test_f2_reload_while_the_database_is_away(platform, token):
    """The connection string is as it was and the server does not answer: other settings are taken, connections stay."""
    with relay(platform) as way, own_bridge(platform, database=through(way), max_target="1KiB") as bridge:
        path = "/divisions/" + "1" * 1500
        way.hang()
        bridge.settings["max_target"] = "4KiB"
        bridge.write_conf()
        bridge.signal(signal.SIGHUP)
        until(lambda: bridge.client.get(path).status != 414, LONG)
        said(bridge, "database connections are not renewed")
        way.go_on()
        until(lambda: works(platform, bridge, token), LONG)


# F3: read-only sessions and servers

def test_f3_read_only_sessions_are_renewed(platform, token):
    """Connections that were opened while the role could only read: they are made anew once it can write, without a signal."""
    platform.sql("ALTER ROLE citybigdata_bridge SET default_transaction_read_only = on")
    try:
        with own_bridge(platform, ready=503) as bridge:
            until(lambda: "write" in (problems(bridge) or {}), LONG)
            assert ready(bridge).data["lanes"]["write"]["writable"] is False
            check_envelope(platform.report(platform.event(), token, client=bridge.client), 503)
            platform.sql("ALTER ROLE citybigdata_bridge RESET default_transaction_read_only")
            until(lambda: works(platform, bridge, token), LONG)
            until(lambda: ready(bridge).status == 200, LONG)
    finally:
        platform.sql("ALTER ROLE citybigdata_bridge RESET default_transaction_read_only")


def test_f3_readyz_says_read_only(platform, token):
    """A server that becomes read-only under open connections: readyz says so in both languages, and goes back by itself."""
    with own_bridge(platform) as bridge:
        assert works(platform, bridge, token)
        with platform.setting("default_transaction_read_only", "on"):
            assert "read-only" in until(lambda: (problems(bridge) or {}).get("write"), LONG)
            reply = bridge.client.get("//readyz", headers={"Accept-Language": "zh-CN"})
            assert check_envelope(reply, 503, 50300).data["problems"][0]["message"].startswith("数据库为只读"), reply
            check_envelope(platform.report(platform.event(), token, client=bridge.client), 503)
        until(lambda: works(platform, bridge, token) and ready(bridge).status == 200, LONG)


# F4, 1.2: hosts that hang

@pytest.mark.parametrize("more", ["connect_timeout=2", ""])
def test_f4_hung_first_host(platform, token, more):
    """The first host is accepted by its kernel and never answers."""
    with relay(platform) as dead, relay(platform) as alive:
        dead.hang()
        with own_bridge(platform, database=through(dead, alive, more=more)) as bridge:
            until(lambda: works(platform, bridge, token), LONG)


def test_f4_host_stops_under_load(platform, token):
    """The host that is connected to stops: the next one is used, also by jobs' next connections, and back again."""
    with relay(platform) as first, relay(platform) as second:
        with own_bridge(platform, database=through(first, second), data_timeout="600s", slow_timeout="600s") as bridge:
            until(lambda: works(platform, bridge, token), LONG)
            for stopped in (first, second):
                stopped.hang()
                until(lambda: works(platform, bridge, token), LONG)
                until(lambda: ready(bridge).status == 200, LONG)
                stopped.go_on()


def test_f4_target_session_attrs(platform, token):
    """Wishes that this server does not fulfil leave the bridge without a connection, and it says why; those it does serve."""
    with own_bridge(platform, ready=503, database=good_conf(platform, "target_session_attrs=standby")) as bridge:
        until(lambda: "hot standby" in ready(bridge).data["lanes"]["write"].get("error", ""), LONG)
    for attrs in ("primary", "read-write", "prefer-standby", "any"):
        with own_bridge(platform, database=good_conf(platform, f"target_session_attrs={attrs}")) as bridge:
            until(lambda: works(platform, bridge, token), LONG)


# 1.3: names

@pytest.fixture
def lookup(tmp_path_factory):
    """The prefix of a bridge whose look-ups of *.test can be held up, and the file that does it."""
    folder = tmp_path_factory.mktemp("lookup")
    for path in (folder, *list(folder.parents)[:2]):
        os.chmod(path, 0o755)
    source = os.path.join(os.path.dirname(os.path.abspath(__file__)), "lookup.c")
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", folder / "lookup.so", source, "-ldl"], check=True)
    hang = folder / "hang"
    return lambda addresses: ["env", f"HANG={hang}", f"ADDRESSES={addresses}", f"LD_PRELOAD={folder / 'lookup.so'}",
                              "ASAN_OPTIONS=verify_asan_link_order=0"], hang


def test_names_are_looked_up_aside(platform, token, lookup):
    """A name server that does not answer holds up no worker; what was found last is used meanwhile."""
    prefix, hang = lookup
    name = f"name-{uuid.uuid4().hex}"
    with relay(platform, tcp=True) as way:
        conf = f"host=db.test port={way.port} dbname=citybigdata user=citybigdata_bridge application_name={name}"
        with own_bridge(platform, database=conf, prefix=prefix("127.0.0.1")) as bridge:
            until(lambda: works(platform, bridge, token), LONG)
            hang.touch()
            before = sessions(platform, name)
            platform.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = %s", name)
            check_envelope(bridge.client.get("//healthz"), 200, 0)
            until(lambda: works(platform, bridge, token), LONG)
            assert not before & sessions(platform, name)
            assert bridge.stop() == 0  # although look-ups still hang
            hang.unlink()


def test_name_that_is_not_found_at_first(platform, token, lookup):
    prefix, hang = lookup
    hang.touch()
    with relay(platform, tcp=True) as way:
        conf = f"host=db.test port={way.port} dbname=citybigdata user=citybigdata_bridge"
        with own_bridge(platform, ready=503, database=conf, prefix=prefix("127.0.0.1")) as bridge:
            check_envelope(bridge.client.get("//healthz"), 200, 0)
            check_envelope(platform.report(platform.event(), token, client=bridge.client), 503, 50302)
            hang.unlink()
            until(lambda: works(platform, bridge, token), LONG)


def test_name_with_several_addresses(platform, token, lookup):
    """The first address of a name hangs: the second is used."""
    prefix, _ = lookup
    with relay(platform, tcp=True) as way, socket.create_server(("127.0.0.9", int(way.port))):
        conf = f"host=db.test port={way.port} dbname=citybigdata user=citybigdata_bridge"
        with own_bridge(platform, database=conf, prefix=prefix("127.0.0.9,127.0.0.1")) as bridge:
            until(lambda: works(platform, bridge, token), LONG)


def test_names_are_verified(platform, token, lookup):
    """The address is looked up aside, and the certificate must still have the name (sslmode=verify-full)."""
    prefix, _ = lookup
    tls = os.path.join(platform.folder, "data")
    for name in ("server.pem", "server.key"):
        shutil.copy(os.path.join(platform.folder, "tls", name), os.path.join(tls, name))
        os.chmod(os.path.join(tls, name), 0o600)
        if os.getuid() == 0:
            shutil.chown(os.path.join(tls, name), USER)
    secret = uuid.uuid4().hex
    platform.sql("ALTER ROLE citybigdata_bridge PASSWORD %s", secret)
    root = f"port={platform.env['PGPORT']} dbname=citybigdata user=citybigdata_bridge password={secret} sslmode=verify-full"
    try:
        with platform.setting("ssl_cert_file", "server.pem"), platform.setting("ssl_key_file", "server.key"), platform.setting("ssl", "on"), \
                own_bridge(platform, started=False, prefix=[*prefix("127.0.0.1"), "HOME=/"]) as bridge:
            ca = os.path.join(bridge.folder, "ca.pem")
            shutil.copy(platform.env["CBD_CA"], ca)
            bridge.settings["database"] = f"host=localhost {root} sslrootcert={ca}"
            bridge.write_conf()
            bridge.start()
            until(lambda: works(platform, bridge, token), LONG)
            assert platform.value("SELECT count(*) > 0 FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE ssl AND usename = 'citybigdata_bridge'")
            # another name for the same address: refused, and what was stays
            bridge.settings["database"] = f"host=db.test {root} sslrootcert={ca}"
            bridge.write_conf()
            bridge.signal(signal.SIGHUP)
            assert said(bridge, "does not match host name")
            said(bridge, "configuration not reloaded")
            assert works(platform, bridge, token)
            assert secret not in bridge.log_text()
    finally:
        platform.sql("ALTER ROLE citybigdata_bridge PASSWORD NULL")


# 1.6: a database that does not answer

def test_stalled_database_gets_no_more_sessions(platform, token):
    """Commits that wait for a standby that never comes: the number of sessions stays within twice what is configured."""
    name = f"stall-{uuid.uuid4().hex}"
    stopping = threading.Event()

    def report(bridge):
        while not stopping.is_set():
            with contextlib.suppress(OSError):
                platform.report(platform.event(), token, client=bridge.client)
    with own_bridge(platform, database=good_conf(platform, f"application_name={name}"), write_timeout="200ms", queue_timeout="200ms") as bridge:
        # those of the lanes, and the one of what is sent
        configured = until(lambda: sum(lane["of"] for lane in ready(bridge).data["lanes"].values())) + 1
        threads = [threading.Thread(target=report, args=(bridge,)) for _ in range(4)]
        most = 0
        try:
            with platform.setting("synchronous_standby_names", "ghost"):
                for thread in threads:
                    thread.start()
                stalls = 0
                while stalls < 24:
                    stalls = until(lambda: bridge.log_text().count("no answer within statement_timeout") > stalls and
                                   bridge.log_text().count("no answer within statement_timeout"), LONG)
                    most = max(most, len(sessions(platform, name)))
            assert most <= 2 * configured, (most, configured)
        finally:
            stopping.set()
            for thread in threads:
                thread.join()
        until(lambda: works(platform, bridge, token), LONG)
        until(lambda: len(sessions(platform, name)) <= configured, LONG)


# 1.9: audit batches

def test_audit_batch_is_stored_once(platform, token):
    """The server stores a batch and its answer is lost: it is sent again, and stands in the log once."""
    rows = "SELECT count(*) FROM citybigdata.audit_log WHERE request_id = %s"
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE application_name ~ 'audit' AND wait_event_type = 'Lock'"

    def written():
        return b"citybigdata_audit_waiting 0" in bridge.client.get("//metrics").body
    with relay(platform) as way, own_bridge(platform, database=through(way), write_timeout="10s") as bridge, \
            contextlib.closing(platform.connect()) as holder:
        until(lambda: works(platform, bridge, token), LONG)
        until(written, LONG)
        holder.autocommit = False
        holder.cursor().execute("LOCK TABLE citybigdata.audit_sender IN SHARE MODE")
        number = check_envelope(bridge.client.get("/divisions/110101", token=token), 200, 0).json["requestId"]
        until(lambda: platform.value(waiting), LONG)
        way.mute()
        holder.rollback()
        until(lambda: platform.value(rows, number), LONG)
        said(bridge, "gives a connection up")
        until(lambda: works(platform, bridge, token) and written(), LONG)
        assert platform.value(rows, number) == 1


# 1.7: readyz

def test_readyz_without_audit(platform, token):
    with own_bridge(platform) as bridge:
        with platform.replaced("rest_audit_append", "BEGIN RAISE EXCEPTION 'disk full'; END"):
            bridge.client.get("/divisions/110101", token=token)
            assert "audit" in until(lambda: problems(bridge), LONG)
        until(lambda: ready(bridge).status == 200, LONG)


def test_readyz_tells_outsiders_no_addresses(platform):
    with own_bridge(platform, trusted_proxies="127.0.0.1") as bridge:
        inside = ready(bridge).data["lanes"]["fast"]
        assert inside["database"].endswith(f":{platform.env['PGPORT']}") and inside["connections"] == 1 and inside["serverVersion"]
        outside = bridge.client.get("//readyz", headers={"X-Forwarded-For": "203.0.113.5"}).data["lanes"]["fast"]
        assert outside == {"usable": True, "writable": True}


def test_too_few_connections_leave_no_lane_without(platform, token):
    """A server with fewer connections than the lanes want: each lane has one, the audit's among them."""
    with relay(platform) as way:
        way.limit = 8
        with own_bridge(platform, ready=None, database=through(way), write_connections=8, data_connections=8, slow_connections=4) as bridge:
            until(lambda: all(lane["usable"] for lane in ready(bridge).data["lanes"].values()), LONG)
            until(lambda: works(platform, bridge, token), LONG)
            way.limit = None
            until(lambda: all(lane["connections"] == lane["of"] for lane in ready(bridge).data["lanes"].values()), LONG)


# F9, 1.11: a log that nobody reads

def test_f9_log_reader_stands_still(platform, token):
    """Standard error is a pipe that nobody reads: service goes on, lines are dropped and counted, and SIGTERM ends the bridge."""
    reading, writing = os.pipe()
    with own_bridge(platform, started=False, log_level="debug") as bridge:
        bridge.start(stderr=writing)
        os.close(writing)

        def dropped():
            bridge.client.get("/no-such-path-" + "x" * 500)
            figures = bridge.client.get("//metrics").body.decode()
            return int(next(line.split()[1] for line in figures.splitlines() if line.startswith("citybigdata_log_lines_dropped_total ")))
        until(dropped, LONG, pause=0)
        check_envelope(bridge.client.get("/divisions/110101", token=token), 200, 0)
        text = b""
        os.set_blocking(reading, False)

        def goes_on():
            nonlocal text
            with contextlib.suppress(BlockingIOError):
                text += os.read(reading, 1 << 20)
            return b"lines were dropped" in text
        until(goes_on, LONG)
        for line in text.decode().splitlines()[:-1]:
            json.loads(line)
        until(dropped, LONG, pause=0)
        assert bridge.stop() == 0
        os.close(reading)


# 1.12: cancels

@contextlib.contextmanager
def stopped_postmaster(platform):
    """The postmaster stands still: no session begins, no cancel is taken; the sessions there are go on."""
    with open(os.path.join(platform.folder, "data", "postmaster.pid"), encoding="ascii") as file:
        pid = int(file.readline())
    platform.sql("SELECT 1")
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def test_cancels_have_a_limit(platform, demo_data, token):
    """Clients leave their pages while no cancel gets through: further pages are served, and SIGTERM ends the bridge."""
    page = "/data/street-lights?pageSize=1"
    sleeping = "SELECT count(*) FROM pg_stat_activity WHERE application_name ~ 'data' AND wait_event = 'PgSleep'"
    nap = "BEGIN PERFORM pg_sleep(2); RETURN citybigdata.reply_frame(0, 0, '[]'); END"
    with own_bridge(platform, data_connections=1) as bridge:
        check_envelope(bridge.client.get(page, token=token), 200, 0)
        with platform.replaced("rest_data_query", nap):
            sock = bridge.client.connect()
            sock.sendall(http_request("GET", "/api/v1" + page, b"", [("Host", "localhost"), ("Authorization", "Bearer " + token)]))
            until(lambda: platform.value(sleeping) == 1)
            with stopped_postmaster(platform):
                sock.close()
                # the function's own reply is none of a page: what counts is that one comes
                assert bridge.client.get(page, token=token).status in (200, 500)
                assert bridge.client.get(page, token=token).status in (200, 500)
                assert bridge.stop() == 0


# D2: poolers

@contextlib.contextmanager
def pgbouncer(platform, mode):
    """Debian's pgbouncer with its defaults, in front of the test database: (folder of its socket, port)."""
    folder = tempfile.mkdtemp(prefix="cbd.", dir="/tmp")
    os.chmod(folder, 0o755)
    port = free_port()
    with open(os.path.join(folder, "users.txt"), "w", encoding="ascii") as file:
        file.write('"citybigdata_bridge" ""\n')
    with open(os.path.join(folder, "pgbouncer.ini"), "w", encoding="ascii") as file:
        file.write(f"""[databases]
citybigdata = host={platform.env['PGHOST']} port={platform.env['PGPORT']} pool_size=60
[pgbouncer]
listen_addr =
listen_port = {port}
unix_socket_dir = {folder}
auth_type = trust
auth_file = {folder}/users.txt
pool_mode = {mode}
""")
    if os.getuid() == 0:
        for name in (folder, f"{folder}/users.txt", f"{folder}/pgbouncer.ini"):
            shutil.chown(name, USER)
    with open(os.path.join(folder, "log"), "wb") as log:
        process = subprocess.Popen(as_user(["/usr/sbin/pgbouncer", f"{folder}/pgbouncer.ini"]), stdout=log, stderr=log)
    try:
        until(lambda: os.path.exists(f"{folder}/.s.PGSQL.{port}"))
        yield f"host={folder} port={port} dbname=citybigdata user=citybigdata_bridge"
    finally:
        process.terminate()
        process.wait(30)
        shutil.rmtree(folder)


def test_d2_pgbouncer_session_pooling(platform, token):
    """Works with pgbouncer's defaults, and the lanes have their time limits."""
    nap = "BEGIN PERFORM pg_sleep(60); RETURN citybigdata.reply_frame(0, 0, '{}'); END"
    with pgbouncer(platform, "session") as conf, own_bridge(platform, database=conf, fast_timeout="300ms") as bridge:
        until(lambda: works(platform, bridge, token), LONG)
        with platform.replaced("rest_code_tables", nap):
            check_envelope(bridge.client.get("/code-tables", token=token), 504, 50400)
        assert works(platform, bridge, token)


@pytest.mark.parametrize("mode", ["transaction", "statement"])
def test_d2_pgbouncer_transaction_pooling(platform, token, mode):
    """Refused with a line that says why; never a fault of the bridge's own."""
    with pgbouncer(platform, mode) as conf, own_bridge(platform, ready=None, database=conf) as bridge:
        said(bridge, "the bridge needs session pooling")
        until(lambda: ready(bridge).status == 503, LONG)
        for _ in range(20):
            assert bridge.client.get("/divisions/110101", token=token).status in (200, 503)
            assert platform.report(platform.event(), token, client=bridge.client).status in (200, 503)


# D3: connections forgotten on the way

def test_d3_forgotten_connections(platform, demo_data, token):
    """A firewall that lost its table: no connection ends, none answers. Idle ones are looked at, so that no lane waits for its limit."""
    page = "/data/street-lights?pageSize=1"
    with relay(platform) as way, own_bridge(platform, database=through(way), data_timeout="600s", slow_timeout="600s", login_timeout="600s") as bridge:
        until(lambda: works(platform, bridge, token) and bridge.client.get(page, token=token).status == 200, LONG)
        way.forget()
        until(lambda: works(platform, bridge, token), LONG)
        until(lambda: bridge.client.get(page, token=token).status == 200, LONG)
        until(lambda: all(lane["connections"] == lane["of"] for lane in ready(bridge).data["lanes"].values()), LONG)


# D9: descriptors

def test_d9_few_descriptors(platform, token):
    """A limit that is lower than max_connections: fewer clients are let in, and those are served; nothing spins."""
    with own_bridge(platform, prefix=["prlimit", "--nofile=140:140"]) as bridge:
        assert "max_connections is" in bridge.log_text()
        clients = [bridge.client.connection() for _ in range(4)]
        for connection in clients:
            check_envelope(bridge.client.request("GET", "//healthz", connection=connection), 200, 0)
        idle = []
        for _ in range(200):
            plain = socket.create_connection(("127.0.0.1", bridge.port))
            idle.append(plain)
        for _ in range(5):
            for connection in clients:
                check_envelope(bridge.client.request("GET", "/divisions/110101", token=token, connection=connection), 200, 0)
        for plain in idle:
            plain.close()
        until(lambda: works(platform, bridge, token), LONG)
        assert len(os.listdir(f"/proc/{bridge.process.pid}/fd")) < 140


# 1.14, 1.15

def test_durability_is_kept(platform, token):
    """A server with synchronous_commit off: the bridge's sessions wait for the disk all the same, and it says so."""
    tell = "BEGIN RETURN citybigdata.reply_frame(0, 0, jsonb_build_object('commit', current_setting('synchronous_commit'))::text); END"
    fields = {"senderCode": "x", "actionType": "UP_REC_REPORT", "data": "{}"}
    with platform.replaced("rest_event_upstream", tell):
        for value, kept in (("off", "local"), ("local", "local"), ("remote_apply", "remote_apply")):
            with platform.setting("synchronous_commit", value), own_bridge(platform) as bridge:
                assert bridge.client.form("//openapi/v2/upstream", fields, token=token).data == {"commit": kept}
                told = [problem["message"] for problem in ready(bridge).data["problems"]]
                assert bool(told) == (value == "off") == ("synchronous_commit" in bridge.log_text()), told


def test_large_reports_have_more_time(platform, token):
    """write_timeout is for a small report: each MiB more has half a second of its own, in its own transaction only."""
    tell = "BEGIN RETURN citybigdata.reply_frame(0, 0, jsonb_build_object('limit', current_setting('statement_timeout'))::text); END"
    with platform.replaced("rest_event_upstream", tell), own_bridge(platform, write_connections=1, write_timeout="5s") as bridge:
        for size, limit in ((10, "5s"), (6 << 20, "8s"), (10, "5s")):
            fields = {"senderCode": "x", "actionType": "UP_REC_REPORT", "data": json.dumps({"eventDesc": "x" * size})}
            assert bridge.client.form("//openapi/v2/upstream", fields, token=token).data == {"limit": limit}
