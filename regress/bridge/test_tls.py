"""Records of TLS as they come: cut anywhere, several at once, with pauses. The bridge reads its sockets itself (bridge/request/client_tls.c)."""
import json
import random
import socket
import ssl
import time

import pytest

from own_bridge import own_bridge
from rig import until
from test_edge import ticks


class Records:
    """A TLS client that hands out what it would send, so that a test sends it as it likes."""

    def __init__(self, bridge, version=ssl.TLSVersion.TLSv1_3):
        context = ssl.create_default_context(cafile=bridge.ca)
        context.minimum_version = context.maximum_version = version
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = context.wrap_bio(self.incoming, self.outgoing, server_hostname="localhost")
        self.sock = socket.create_connection(("127.0.0.1", bridge.port), timeout=20)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.rest = b""

    def take(self):
        """From the socket into the session."""
        data = self.sock.recv(65536)
        assert data, "the bridge closed the connection"
        self.incoming.write(data)

    def shake(self, send, before=lambda: None, last=True):
        """The handshake; `last` false: its last message is returned and not sent."""
        while True:
            try:
                self.tls.do_handshake()
                break
            except ssl.SSLWantReadError:
                send(self.outgoing.read())
                self.take()
                before()
        if not last:
            return self.outgoing.read()
        send(self.outgoing.read())
        return b""

    def record(self, data):
        self.tls.write(data)
        return self.outgoing.read()

    def reply(self):
        """The next one: its status and its body."""
        while True:
            head, end, body = self.rest.partition(b"\r\n\r\n")
            if end:
                length = next(int(line.partition(b":")[2]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
                if len(body) >= length:
                    self.rest = body[length:]
                    return int(head.split()[1]), body[:length]
            try:
                self.rest += self.tls.read(65536)
            except ssl.SSLWantReadError:
                self.take()


def one_by_one(sock):
    def send(data):
        for at in range(len(data)):
            sock.sendall(data[at:at + 1])
            if at % 16 == 0:
                time.sleep(0.001)
    return send


def ask(path, token=None, name=""):
    authorization = f"Authorization: Bearer {token}\r\n" if token else ""
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: {name}\r\n{authorization}\r\n".encode()


@pytest.fixture(scope="module")
def bridge(platform):
    with own_bridge(platform) as bridge:
        bridge.ca = bridge.client.ca
        yield bridge


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_byte_by_byte(bridge, token, version):
    records = Records(bridge, version)
    send = one_by_one(records.sock)
    records.shake(send)
    for _ in range(3):
        send(records.record(ask("/api/v1/code-tables", token, "bytes")))
        status, body = records.reply()
        assert status == 200 and json.loads(body)["requestId"] == "bytes"
    records.sock.close()


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
@pytest.mark.parametrize("path", ["/api/v1/code-tables", "/healthz"])
def test_many_at_once(bridge, token, version, path):
    """Requests that come together, the first of them (TLS 1.3) with the end of the handshake: each in a record, or cut across records."""
    records = Records(bridge, version)
    last = records.shake(records.sock.sendall, last=version == ssl.TLSVersion.TLSv1_2)
    wanted = [f"many-{number}" for number in range(30)]
    asked = b"".join(ask(path, token, name) for name in wanted)
    records.sock.sendall(last + b"".join(records.record(ask(path, token, name)) for name in wanted))
    for name in wanted:
        status, body = records.reply()
        assert status == 200 and (path == "/healthz" or json.loads(body)["requestId"] == name)
    generator = random.Random(7)
    at = 0
    while at < len(asked):
        size = generator.choice([1, 5, 100, 700, 1024, 1500, 4000])
        records.sock.sendall(records.record(asked[at:at + size]))
        at += size
    for name in wanted:
        status, body = records.reply()
        assert status == 200 and (path == "/healthz" or json.loads(body)["requestId"] == name)
    records.sock.close()


def test_body_in_odd_records(bridge, platform, token):
    """300 KB of a body in records of any size, sent in pieces of another one: taken as they are."""
    body = json.dumps({"senderCode": platform.sender, "actionType": "UP_REC_REPORT", "dryRun": True, "data": platform.event()}, ensure_ascii=False).encode()
    generator = random.Random(11)
    for _ in range(3):
        padded = body + b" " * 300_000
        records = Records(bridge)
        records.shake(records.sock.sendall)
        out = records.record(f"POST /api/v1/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n"
                             f"Content-Length: {len(padded)}\r\n\r\n".encode())
        at = 0
        while at < len(padded):
            size = generator.choice([1, 13, 1019, 1024, 1029, 5000, 16384])
            out += records.record(padded[at:at + size])
            at += size
        at = 0
        while at < len(out):
            size = generator.choice([3, 1029, 2048, 30_000])
            records.sock.sendall(out[at:at + size])
            at += size
        status, reply = records.reply()
        assert status == 200 and json.loads(reply)["statusCode"] == 0, reply
        records.sock.close()


def test_slow_handshakes(bridge):
    """A handshake whose client takes its time is not tried again and again meanwhile."""
    before = ticks(bridge.process)
    for _ in range(100):
        records = Records(bridge)
        records.shake(records.sock.sendall, before=lambda: time.sleep(0.01))
        records.sock.sendall(records.record(ask("/healthz")))
        assert records.reply()[0] == 200
        records.sock.close()
    assert ticks(bridge.process) - before < 25, "hundredths of a second for a hundred"


def test_first_request_with_nagle(bridge):
    """A client that keeps Nagle's algorithm sends its first request when its Finished is acknowledged: at once, not by
    the kernel's delayed acknowledgement, which would take 40 ms each time. The fastest of many counts, however busy the machine is."""
    fastest = 1.0
    for _ in range(40):
        records = Records(bridge)
        records.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 0)
        records.shake(records.sock.sendall)
        begun = time.monotonic()
        records.sock.sendall(records.record(ask("/healthz")))
        assert records.reply()[0] == 200
        fastest = min(fastest, time.monotonic() - begun)
        records.sock.close()
    assert fastest < 0.035


def test_left_in_the_handshake(bridge):
    """Clients that leave in it are let go at once."""
    for _ in range(20):
        records = Records(bridge)
        with pytest.raises(ssl.SSLWantReadError):
            records.tls.do_handshake()
        records.sock.sendall(records.outgoing.read())
        records.sock.recv(65536)
        records.sock.close()
    until(lambda: b"\ncitybigdata_clients 1\n" in bridge.client.get("//metrics").body)
