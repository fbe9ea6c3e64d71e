"""Bytes on a TLS socket: one request out, the reply as it came, nothing interpreted but the length of its body."""
import gzip
import socket
import ssl

TIMEOUT = 60  # seconds; a machine that is busy is slow, not wrong


class Reply:
    """A reply as it was received.

    interim: status lines before it (100 Continue); line: its status line; headers: list of (name, value) in order;
    body: bytes, chunks joined; whole: did it end where it said that it ends?"""

    def __init__(self, interim, line, headers, body, whole):
        self.interim, self.line, self.headers, self.body, self.whole = interim, line, headers, body, whole

    @property
    def status(self):
        return int(self.line.split(" ")[1])

    def values(self, name):
        return [v for n, v in self.headers if n.lower() == name.lower()]

    def header(self, name):
        return next(iter(self.values(name)), None)

    @property
    def content(self):
        """The body without its coding."""
        return gzip.decompress(self.body) if self.header("Content-Encoding") == "gzip" and self.body else self.body


class Wire:
    """A TLS connection to the bridge from one client address (any of 127/8)."""

    def __init__(self, port, ca, source):
        context = ssl.create_default_context(cafile=ca)
        plain = socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT, source_address=(source, 0))
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sock = context.wrap_socket(plain, server_hostname="localhost")
        self.data = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.sock.close()

    def send(self, data):
        """A peer that refuses while it is sent to has answered already."""
        try:
            self.sock.sendall(data)
        except (BrokenPipeError, ConnectionResetError, ssl.SSLError):
            pass

    def more(self):
        """Reads; False at the end of the connection."""
        try:
            part = self.sock.recv(65536)
        except (ConnectionResetError, ssl.SSLEOFError, ssl.SSLZeroReturnError):
            part = b""
        self.data += part
        return bool(part)

    def take(self, length):
        """So many bytes, or what there was before the end."""
        while len(self.data) < length and self.more():
            pass
        part, self.data = self.data[:length], self.data[length:]
        return part

    def until(self, mark):
        """The bytes before a mark; None when the connection ends without it."""
        while mark not in self.data:
            if not self.more():
                return None
        part, _, self.data = self.data.partition(mark)
        return part

    def reply(self, method="GET"):
        """One reply; None when the connection ended without one."""
        interim = []
        while True:
            head = self.until(b"\r\n\r\n")
            if head is None:
                return None
            line, *rows = head.decode("latin-1").split("\r\n")
            if not line.split(" ")[1].startswith("1"):
                break
            interim.append(line)
        # the space after the colon is part of what is recorded: "Name: value" and nothing else
        headers = [tuple(row.split(": ", 1)) if ": " in row else (row, "") for row in rows]
        found = Reply(interim, line, headers, b"", True)
        if method == "HEAD" or found.status in (204, 304):
            return found
        if found.header("Transfer-Encoding") == "chunked":
            found.body, found.whole = self.chunks()
        elif found.header("Content-Length") is not None:
            length = int(found.header("Content-Length"))
            found.body = self.take(length)
            found.whole = len(found.body) == length
        else:
            while self.more():
                pass
            found.body, self.data = self.data, b""
        return found

    def chunks(self):
        body = b""
        while True:
            size = self.until(b"\r\n")
            if size is None:
                return body, False
            size = int(size.partition(b";")[0], 16)
            body += self.take(size)
            if self.until(b"\r\n") is None:
                return body, False
            if size == 0:
                return body, True


def request_bytes(method, target, headers, body):
    lines = [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in headers)]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + body
