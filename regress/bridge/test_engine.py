"""The engine: lanes, clients that leave or dawdle, signals, TLS, configuration. Most tests start a bridge of their own."""
import contextlib
import http.client
import os
import random
import signal
import socket
import ssl
import struct
import subprocess
import threading

import pytest
from own_bridge import own_bridge
from rig import check_envelope, http_request, read_reply, receive, until

SLOW = "BEGIN PERFORM pg_sleep({}); RETURN citybigdata.reply_frame(0, 0, '{{\"slow\":true}}'); END"


def parallel(count, action):
    """Runs action(n) in that many threads; what they returned, faults raised again."""
    results, faults = [None] * count, []

    def run(number):
        try:
            results[number] = action(number)
        except BaseException as fault:  # noqa: B902: shown by the test
            faults.append(fault)
    threads = [threading.Thread(target=run, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
    return results


def upstream(client, token, **more):
    """A request whose function the test has made slow."""
    return client.form("//openapi/v2/upstream", {"senderCode": "x", "actionType": "UP_REC_REPORT", "data": "{}"}, token=token, **more)


def test_flaky_clients_disturb_nobody(platform, client, token):
    """8 clients that vanish in the middle of a query and 8 good ones: no good request fails."""
    stopping = threading.Event()

    def flaky():
        chance = random.Random(threading.get_ident())
        while not stopping.is_set():
            try:
                sock = client.connect()
                sock.sendall(http_request("GET", "/api/v1/code-tables", b"", [("Host", "localhost"), ("Authorization", "Bearer " + token)]))
                stopping.wait(chance.random() * 0.02)
                if chance.random() < 0.5:  # a reset instead of a close
                    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                sock.close()
            except OSError:
                pass
    with platform.replaced("rest_code_tables", SLOW.format(0.005)):
        threads = [threading.Thread(target=flaky) for _ in range(8)]
        for thread in threads:
            thread.start()

        def good(_):
            connection = client.connection()
            for _ in range(20):
                check_envelope(client.request("GET", "/code-tables", token=token, connection=connection), 200, 0)
                check_envelope(client.request("GET", "/divisions/110101", token=token, connection=connection), 200, 0)
            connection.close()
        try:
            parallel(8, good)
        finally:
            stopping.set()
            for thread in threads:
                thread.join()


def test_client_gone_is_noticed(platform, token):
    """While its query still runs: the gauge of requests goes back before the query can have ended."""
    with platform.replaced("rest_event_upstream", SLOW.format(4)), own_bridge(platform) as bridge:
        sock = bridge.client.connect()
        body = b"senderCode=x&actionType=UP_REC_REPORT&data=%7B%7D"
        sock.sendall(http_request("POST", "/openapi/v2/upstream", body, [
            ("Host", "localhost"), ("Authorization", "Bearer " + token), ("Content-Length", len(body)),
            ("Content-Type", "application/x-www-form-urlencoded")]))
        sleeping = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'citybigdata_bridge' AND wait_event = 'PgSleep'"
        until(lambda: platform.value(sleeping) == 1)
        sock.close()
        gone = lambda: [line for line in bridge.client.get("//metrics").body.decode().splitlines()
                        if line.startswith("citybigdata_clients_gone_total") and line.split()[-1] != "0"]
        until(gone, 3)
        assert platform.value(sleeping) == 1, "noticed only when the query had ended"


def test_a_slow_lane_holds_up_no_other(platform, client, token):
    """Writes that hang do not delay reads."""
    with platform.replaced("rest_event_upstream", SLOW.format(2)):
        threads = [threading.Thread(target=upstream, args=(client, token)) for _ in range(20)]
        for thread in threads:
            thread.start()
        sleeping = "SELECT count(*) > 0 FROM pg_stat_activity WHERE usename = 'citybigdata_bridge' AND wait_event = 'PgSleep'"
        until(lambda: platform.value(sleeping))
        for _ in range(100):
            check_envelope(client.get("/divisions/110101", token=token), 200, 0)
        assert platform.value(sleeping)
        for thread in threads:
            thread.join()


def test_one_function_behind_two_paths(platform, token):
    """Both vendor paths share a prepared statement on one database connection."""
    with own_bridge(platform, write_connections=1) as bridge:
        for path in ("//openapi/v2/upstream", "//openapi/v2/upstream/uprecreport") * 2:
            reply = bridge.client.form(path, {"senderCode": platform.sender, "actionType": "UP_REC_REPORT", "data": "{}"}, token=token)
            assert reply.status == 200 and reply.json["success"] is False, reply


def test_audit_is_not_behind_slow_writes(platform, token):
    """Writes that hold every connection of their lane do not keep audit records from being written, nor reads from going on."""
    held = "BEGIN PERFORM pg_advisory_xact_lock_shared(8444); RETURN citybigdata.reply_frame(0, 0, '{\"slow\":true}'); END"
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'citybigdata_bridge' AND wait_event_type = 'Lock'"
    with platform.replaced("rest_event_upstream", held), contextlib.closing(platform.connect()) as holder, \
            own_bridge(platform, write_connections=1, write_timeout="120s", audit_queue=200) as bridge:
        holder.cursor().execute("SELECT pg_advisory_lock(8444)")
        threads = [threading.Thread(target=upstream, args=(bridge.client, token)) for _ in range(2)]
        for thread in threads:
            thread.start()
        until(lambda: platform.value(waiting) == 1)
        connection = bridge.client.connection()

        def read():
            """A reply, once there is room for its record: the queue is small, and how fast a disk is nobody knows."""
            return until(lambda: [reply for reply in [bridge.client.request("GET", "/divisions/110101", token=token, connection=connection)]
                                  if reply.status == 200])[0]
        last = [check_envelope(read(), 200, 0) for _ in range(400)][-1]
        connection.close()
        until(lambda: platform.sql("SELECT 1 FROM citybigdata.audit_log WHERE request_id = %s", last.json["requestId"]))
        assert platform.value(waiting) == 1, "the records were written only when a slow write had ended"
        holder.cursor().execute("SELECT pg_advisory_unlock(8444)")
        for thread in threads:
            thread.join()


def test_back_pressure(platform, token):
    """A full queue answers 503 with Retry-After at once; what was taken on is finished."""
    with platform.replaced("rest_event_upstream", SLOW.format(0.3)), own_bridge(platform, write_connections=1, write_queue=2) as bridge:
        replies = parallel(12, lambda n: upstream(bridge.client, token))
        assert {r.status for r in replies} == {200, 503}, replies
        for reply in replies:
            if reply.status == 503:
                check_envelope(reply, 503, 50301)
                assert int(reply.header("Retry-After")) > 0
        check_envelope(upstream(bridge.client, token), 200, 0)


def test_statement_timeout(platform, token):
    with platform.replaced("rest_code_tables", SLOW.format(30)), own_bridge(platform, fast_timeout="200ms") as bridge:
        reply = bridge.client.get("/code-tables", token=token)
        assert reply.status in (503, 504), reply
        check_envelope(reply, reply.status)
        check_envelope(bridge.client.get("/divisions/110101", token=token), 200, 0)


def test_stopped_backend(platform, token):
    """A backend that never answers (SIGSTOP): the request has a deadline of its own, later requests another connection."""
    with own_bridge(platform, fast_timeout="300ms", queue_timeout="300ms") as bridge:
        check_envelope(bridge.client.get("/divisions/110101", token=token), 200, 0)
        mine = [pid for (pid,) in platform.sql("SELECT pid FROM pg_stat_activity WHERE usename = 'citybigdata_bridge' AND query LIKE '%rest_division%'")]
        for pid in mine:
            os.kill(pid, signal.SIGSTOP)
        try:
            reply = bridge.client.get("/divisions/110101", token=token)
            assert reply.status in (503, 504), reply
            check_envelope(bridge.client.get("//healthz"), 200, 0)
        finally:
            for pid in mine:
                os.kill(pid, signal.SIGCONT)
        until(lambda: bridge.client.get("/divisions/110101", token=token).status == 200)


def closed(sock):
    """Reads until the server ends the connection; what it sent before."""
    data = b""
    while True:
        part = receive(sock)
        if not part:
            return data
        data += part


def test_slowloris(platform, token):
    """A header or body that comes byte by byte, a handshake that never comes, an idle connection: all are closed, by deadlines
    in all (one more byte does not prolong them); others are served meanwhile."""
    with own_bridge(platform, header_timeout="700ms", body_timeout="700ms", idle_timeout="700ms") as bridge:
        def dribble(opening, more):
            with bridge.client.connect() as sock:
                sock.sendall(opening)
                sock.settimeout(0.1)
                for _ in range(600):
                    try:
                        sock.sendall(more)
                        data = sock.recv(4096)
                    except (TimeoutError, ssl.SSLWantReadError):
                        continue
                    except OSError:
                        return b""
                    return data
            raise AssertionError("still open after a minute")

        def act(number):
            if number == 0:
                data = dribble(b"GET /healthz HTTP/1.1\r\nHost: x\r\n", b"A: b\r\n")
            elif number == 1:
                data = dribble(http_request("POST", "/api/v1/events", b"", [
                    ("Host", "x"), ("Authorization", "Bearer " + token), ("Content-Type", "application/json"), ("Content-Length", 100000)]), b" ")
            elif number == 2:
                with socket.create_connection(("127.0.0.1", bridge.port), timeout=30) as sock:
                    data = closed(sock)  # no handshake at all
            elif number == 3:
                with bridge.client.connect() as sock:
                    data = closed(sock)  # no request at all
            elif number == 4:
                with bridge.client.connect() as sock:
                    sock.sendall(http_request("GET", "/healthz", b"", [("Host", "x")]))
                    assert read_reply(sock).status == 200
                    data = closed(sock)  # no second request
            else:
                for _ in range(20):
                    check_envelope(bridge.client.get("/divisions/110101", token=token), 200, 0)
                data = b""
            return data
        answers = parallel(7, act)
        for data in answers[:2]:
            assert data == b"" or data.split(b" ")[1] in (b"408", b"400"), data


def test_connection_limit(platform):
    """Above the limit new connections wait or are refused; when others leave there is room again."""
    with own_bridge(platform, max_connections=8) as bridge:
        held = []
        for _ in range(30):
            try:
                held.append(bridge.client.connect(timeout=2))
            except OSError:
                break
        for sock in held:
            sock.close()
        until(lambda: bridge.client.get("//healthz").status == 200)


def test_bytes_in_flight(platform, token):
    """Bodies of all requests together are bounded: the one that would pass the bound gets 503, no memory is given."""
    with own_bridge(platform, max_bytes_in_flight="4MiB", client_share=100) as bridge:
        head = lambda size: http_request("POST", "/api/v1/events", b"", [
            ("Host", "x"), ("Authorization", "Bearer " + token), ("Content-Type", "application/json"), ("Content-Length", size)])

        def second():
            with bridge.client.connect() as sock:
                sock.sendall(head(3_000_000))
                try:
                    sock.sendall(b" " * 3_000_000)
                except OSError:
                    pass
                return read_reply(sock)
        with bridge.client.connect() as first:
            first.sendall(head(3_000_000) + b" " * 2_900_000)
            # only when it is held: two that grow together race for the room, and the first could be the one that is refused
            until(lambda: "\ncitybigdata_body_bytes 3000001\n" in bridge.client.get("//metrics").body.decode())
            reply = second()
            check_envelope(reply, 503)
            assert int(reply.header("Retry-After")) > 0
        until(lambda: "\ncitybigdata_body_bytes 0\n" in bridge.client.get("//metrics").body.decode())
        assert second().status == 400


def test_header_and_target_limits(platform, client, token):
    rows = [("Host", "localhost"), ("Authorization", "Bearer " + token)]
    reply = client.raw(http_request("GET", "/api/v1/divisions/110101", b"", rows + [("X-Long", "y" * 20000)]))
    assert reply is not None and reply.status == 431, reply
    reply = client.raw(http_request("GET", "/api/v1/divisions/" + "1" * 10000, b"", rows))
    assert reply is not None and reply.status == 414, reply


def certificate(folder, name):
    """A self-signed certificate for localhost; its serial number."""
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                    "-subj", "/CN=" + name, "-addext", "subjectAltName=DNS:localhost", "-keyout", os.path.join(folder, "server.key"),
                    "-out", os.path.join(folder, "server.pem")], check=True, capture_output=True)


def subject(port):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with socket.create_connection(("127.0.0.1", port), timeout=30) as plain, context.wrap_socket(plain, server_hostname="localhost") as sock:
        text = subprocess.run(["openssl", "x509", "-inform", "DER", "-noout", "-subject"], input=sock.getpeercert(True), capture_output=True, check=True)
        return text.stdout.decode().strip()


def test_certificate_reload(platform, token):
    """SIGHUP: new handshakes get the new certificate, connections go on; a broken file changes nothing."""
    with own_bridge(platform) as bridge:
        connection = bridge.client.connection()
        check_envelope(bridge.client.request("GET", "/divisions/110101", token=token, connection=connection), 200, 0)
        certificate(bridge.folder, "second")
        bridge.give()
        bridge.signal(signal.SIGHUP)
        until(lambda: "second" in subject(bridge.port))
        check_envelope(bridge.client.request("GET", "/divisions/110101", token=token, connection=connection), 200, 0)
        connection.close()
        with open(os.path.join(bridge.folder, "server.pem"), "w", encoding="ascii") as file:
            file.write("broken")
        before = len(bridge.log_text())
        bridge.signal(signal.SIGHUP)
        until(lambda: len(bridge.log_text()) > before)
        assert "second" in subject(bridge.port)
        assert bridge.process.poll() is None


def test_configuration_reload(platform):
    with own_bridge(platform, max_target="1KiB") as bridge:
        path = "/divisions/" + "1" * 1500
        assert bridge.client.get(path).status == 414
        bridge.settings["max_target"] = "4KiB"
        bridge.write_conf()
        bridge.signal(signal.SIGHUP)
        until(lambda: bridge.client.get(path).status != 414)
        bridge.settings["max_target"] = "rubbish"  # refused, and the bridge goes on with what it had
        bridge.write_conf()
        before = len(bridge.log_text())
        bridge.signal(signal.SIGHUP)
        until(lambda: "max_target" in bridge.log_text()[before:])
        assert bridge.client.get(path).status == 401


def test_drain(platform, token):
    """SIGTERM: requests in flight are finished, the connection is closed behind them, the exit code is 0."""
    held = "BEGIN PERFORM pg_advisory_xact_lock_shared(8443); RETURN citybigdata.reply_frame(0, 0, '{\"slow\":true}'); END"
    with platform.replaced("rest_event_upstream", held), contextlib.closing(platform.connect()) as holder, \
            own_bridge(platform, write_connections=8, write_timeout="60s", drain_timeout="60s") as bridge:
        # 8: whichever worker takes all three has a connection for each
        lock = holder.cursor()
        lock.execute("SELECT pg_advisory_lock(8443)")
        replies = []
        threads = [threading.Thread(target=lambda: replies.append(upstream(bridge.client, token))) for _ in range(3)]
        for thread in threads:
            thread.start()
        idle = bridge.client.connect()
        until(lambda: platform.value("SELECT count(*) FROM pg_stat_activity WHERE usename = 'citybigdata_bridge' AND wait_event = 'advisory'") == 3)
        bridge.signal(signal.SIGTERM)
        assert closed(idle) == b""  # it drains
        lock.execute("SELECT pg_advisory_unlock(8443)")
        for thread in threads:
            thread.join()
        assert [r.status for r in replies] == [200] * 3, replies
        assert {(r.header("Connection") or "").lower() for r in replies} == {"close"}
        assert bridge.process.wait(30) == 0, bridge.log_text()
        with pytest.raises(OSError):
            bridge.client.connect()


def test_drain_has_an_end(platform, token):
    """A query that outlasts the drain: its client gets 503, the bridge ends."""
    with platform.replaced("rest_event_upstream", SLOW.format(4)), own_bridge(platform, drain_timeout="300ms") as bridge:
        replies = []
        thread = threading.Thread(target=lambda: replies.append(upstream(bridge.client, token)))
        thread.start()
        until(lambda: platform.value("SELECT count(*) FROM pg_stat_activity WHERE usename = 'citybigdata_bridge' AND wait_event = 'PgSleep'") == 1)
        bridge.signal(signal.SIGTERM)
        thread.join()
        assert bridge.process.wait(30) == 0, bridge.log_text()
        assert replies[0].status == 503, replies


def test_drain_writes_the_audit(platform, token):
    """Audit records of reads that still wait are written before the end."""
    with own_bridge(platform) as bridge:
        numbers = [bridge.client.get("/divisions/110101", token=token).json["requestId"] for _ in range(20)]
        assert bridge.stop() == 0
        assert platform.value("SELECT count(DISTINCT request_id) FROM citybigdata.audit_log WHERE request_id = ANY (%s)", numbers) == 20


def test_second_bridge_on_the_port(platform, client, token):
    with own_bridge(platform, started=False, port=client.port) as bridge:
        code, text = bridge.run()
        assert code != 0 and str(client.port) in text, text
    check_envelope(client.get("/divisions/110101", token=token), 200, 0)


if os.getuid() == 0:
    def test_refuses_root(platform):
        with own_bridge(platform, started=False) as bridge:
            code, text = bridge.run(user=False)
            assert code != 0 and "root" in text, text


@pytest.mark.parametrize("version,accepted", [("TLSv1", False), ("TLSv1_1", False), ("TLSv1_2", True), ("TLSv1_3", True)])
def test_tls_versions(client, version, accepted):
    context = ssl.create_default_context(cafile=client.ca)
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = getattr(ssl.TLSVersion, version)
    if accepted:
        with client.connect(context=context) as sock:
            assert sock.version() == version.replace("_", ".")
    else:
        with pytest.raises((ssl.SSLError, ConnectionResetError)):
            client.connect(context=context)


def test_tls_resumption(client):
    """Session tickets, whichever worker takes the second connection."""
    context = ssl.create_default_context(cafile=client.ca)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    with client.connect(context=context) as sock:
        session = sock.session
    for _ in range(4):
        plain = socket.create_connection(("127.0.0.1", client.port), timeout=30)
        with context.wrap_socket(plain, server_hostname=client.host, session=session) as sock:
            assert sock.session_reused


def test_plain_http_is_not_served(client):
    with socket.create_connection(("127.0.0.1", client.port), timeout=30) as sock:
        sock.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        assert not closed(sock).startswith(b"HTTP/1.1 200")


def test_check_config(platform):
    with own_bridge(platform, started=False) as bridge:
        code, text = bridge.run("--check-config")
        assert code == 0, text
        for flag, word in (("--max-body=lots", "max_body"), ("--nothing-like-it=1", "nothing"), ("--workers=-1", "workers"),
                           ("--listen=127.0.0.1:99999", "listen"), ("--tls-cert=/nowhere.pem", "nowhere"), ("--log-level=loud", "log_level"),
                           ("--trusted-proxies=10.0.0.0/99", "trusted_proxies")):
            code, text = bridge.run("--check-config", flag)
            assert code != 0 and word in text, (flag, text)
        code, text = bridge.run("--check-config", "--plain-http", "--listen=0.0.0.0:8080")
        assert code != 0, text
        code, text = bridge.run("--help")
        assert code == 0
        for name in bridge.settings:
            assert name in text, name


def test_no_database(platform):
    """Up without a database: alive, not ready, 503 with Retry-After for everything else."""
    with own_bridge(platform, ready=503, database="host=/nowhere dbname=x user=citybigdata_bridge") as bridge:
        check_envelope(bridge.client.get("//healthz"), 200, 0)
        check_envelope(bridge.client.get("/status-codes"), 200, 0)
        reply = check_envelope(bridge.client.get("/divisions/110101", token="A" * 43), 503, 50302)
        assert int(reply.header("Retry-After")) > 0


def test_not_set_up(platform):
    """A database whose platform was never named."""
    name = f"bare_{os.getpid()}"
    platform.sql(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
    try:
        from platform_rig import Platform
        bare = Platform(platform.folder)
        bare.env = {**bare.env, "PGDATABASE": name}
        bare.sql("CREATE EXTENSION citybigdata CASCADE")
        conf = f"host={platform.env['PGHOST']} port={platform.env['PGPORT']} dbname={name} user=citybigdata_bridge"
        with own_bridge(platform, ready=503, database=conf) as bridge:
            until(lambda: bridge.client.get("//readyz").code == 50303)
        bare._db.close()
    finally:
        platform.sql(f"DROP DATABASE {name} WITH (FORCE)")


def test_forwarded_addresses(platform, client, token):
    """X-Forwarded-For counts from configured proxies only, read from the right."""
    address = "SELECT host(client_addr) FROM citybigdata.audit_log WHERE request_id = %s"

    def seen(bridge_client, forwarded):
        number = check_envelope(bridge_client.get("/divisions/110101", token=token, headers={"X-Forwarded-For": forwarded}), 200, 0).json["requestId"]
        until(lambda: platform.sql(address, number))
        return platform.value(address, number)
    assert seen(client, "203.0.113.7") == "127.0.0.1"
    with own_bridge(platform, trusted_proxies="127.0.0.1, 10.0.0.0/8") as bridge:
        assert seen(bridge.client, "198.51.100.1, 203.0.113.7, 10.1.1.1") == "203.0.113.7"
        assert seen(bridge.client, "rubbish") is None
        assert seen(bridge.client.at("127.0.0.66"), "203.0.113.7") == "127.0.0.66"


def test_log_lines(platform, token):
    """One JSON object a line; a refused request carries its number; no query string, no credential."""
    import json
    with own_bridge(platform, log_level="debug") as bridge:
        number = bridge.client.get("/code-tables/none?secret=tell-nobody", token=token).json["requestId"]
        until(lambda: number in bridge.log_text())
        lines = [json.loads(line) for line in bridge.log_text().splitlines()]
        assert all(isinstance(line, dict) for line in lines)
        assert "tell-nobody" not in bridge.log_text() and token not in bridge.log_text()


def test_keep_alive_survives_refusals(client, token):
    """A refused body is read or the connection closed: the next request never reads leftovers."""
    connection = client.connection()
    for _ in range(5):
        try:
            reply = client.request("POST", "/divisions/110101", b"x" * 100_000, token=token, connection=connection)
            assert reply.status == 405, reply
        except (http.client.HTTPException, OSError):
            connection = client.connection()
        reply = client.request("GET", "/divisions/110101", token=token, connection=connection)
        check_envelope(reply, 200, 0)
