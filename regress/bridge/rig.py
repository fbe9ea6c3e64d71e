"""A plain HTTPS client for the tests: http.client where a request is well-formed, bytes on a socket where it is not."""
import http.client
import json
import socket
import ssl
import time
import urllib.parse

API = "/api/v1"
TIMEOUT = 30  # generous: a hang is the fault that is looked for, not slowness


class Reply:
    """One HTTP reply, read whole."""

    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers  # list of (name, value)
        self.body = body

    def header(self, name):
        values = [v for n, v in self.headers if n.lower() == name.lower()]
        return values[0] if values else None

    @property
    def json(self):
        return json.loads(self.body.decode("utf-8"))

    @property
    def data(self):
        return self.json["data"]

    @property
    def code(self):
        return self.json["statusCode"]

    def pointers(self):
        """{pointer: statusCode} of data.errors."""
        return {e["pointer"]: e["statusCode"] for e in self.data["errors"]}

    def warnings(self):
        return {w["pointer"]: w["statusCode"] for w in self.data.get("warnings", [])}

    def __repr__(self):
        return f"<{self.status} {dict(self.headers)} {self.body[:2000]!r}>"


class Client:
    """Requests to one bridge from one client address (any of 127/8: lock-outs are per address)."""

    def __init__(self, host, port, ca, source="127.0.0.1"):
        self.host, self.port, self.ca, self.source = host, port, ca, source
        self.context = ssl.create_default_context(cafile=ca)
        self.secrets = set()  # whatever must not be found in a log afterwards

    def at(self, source):
        """The same bridge from another client address."""
        other = Client(self.host, self.port, self.ca, source)
        other.secrets = self.secrets
        return other

    def connect(self, timeout=TIMEOUT, context=None):
        plain = socket.create_connection(("127.0.0.1", self.port), timeout=timeout, source_address=(self.source, 0))
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return (context or self.context).wrap_socket(plain, server_hostname=self.host)

    def connection(self):
        """A keep-alive connection for several requests."""
        return http.client.HTTPSConnection(self.host, self.port, timeout=TIMEOUT, context=self.context,
                                           source_address=(self.source, 0))

    def request(self, method, path, body=None, headers=None, token=None, basic=None, connection=None):
        """path without a leading // gets the API prefix; a dict body is sent as JSON."""
        path = path[1:] if path.startswith("//") else API + path
        headers = dict(headers or {})
        if isinstance(body, (dict, list)):
            body = json.dumps(body, ensure_ascii=False).encode()
            headers.setdefault("Content-Type", "application/json")
        if token:
            headers["Authorization"] = "Bearer " + token
        if basic:
            import base64
            headers["Authorization"] = "Basic " + base64.b64encode(":".join(basic).encode()).decode()
        own = connection is None
        connection = connection or self.connection()
        try:
            connection.request(method, path, body=body, headers=headers)
            answer = connection.getresponse()
            return Reply(answer.status, answer.getheaders(), answer.read())
        finally:
            if own:
                connection.close()

    def get(self, path, **more):
        return self.request("GET", path, **more)

    def post(self, path, body=None, **more):
        return self.request("POST", path, body, **more)

    def form(self, path, fields, **more):
        """application/x-www-form-urlencoded as a browser or Apache HttpClient writes it."""
        headers = {"Content-Type": "application/x-www-form-urlencoded; charset=UTF-8", **more.pop("headers", {})}
        return self.request("POST", path, urllib.parse.urlencode(fields).encode(), headers=headers, **more)

    def raw(self, data, timeout=TIMEOUT):
        """Sends bytes as they are; the first reply, or None when the server only closed the connection."""
        with self.connect(timeout) as sock:
            try:
                sock.sendall(data)
            except (BrokenPipeError, ConnectionResetError, ssl.SSLError):
                pass  # refused while sending: the reply may be there already
            return read_reply(sock)


def read_reply(sock):
    """One reply from a socket; None when the peer closed without one. A time-out is raised: that is a hang."""
    data = b""
    while b"\r\n\r\n" not in data:
        part = receive(sock)
        if not part:
            return None
        data += part
    head, _, body = data.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    status = int(lines[0].split(" ", 2)[1])
    headers = [tuple(x.strip() for x in line.split(":", 1)) for line in lines[1:]]
    if status == 100:
        sock_rest = _Prefixed(sock, body)
        return read_reply(sock_rest)
    length = next((int(v) for n, v in headers if n.lower() == "content-length"), None)
    while length is None or len(body) < length:
        part = receive(sock)
        if not part:
            break
        body += part
    return Reply(status, headers, body)


class _Prefixed:
    """A socket with bytes already read put back."""

    def __init__(self, sock, data):
        self.sock, self.data = sock, data

    def recv(self, size):
        if self.data:
            data, self.data = self.data, b""
            return data
        return self.sock.recv(size)


def receive(sock):
    try:
        return sock.recv(65536)
    except (ConnectionResetError, ssl.SSLEOFError, ssl.SSLZeroReturnError):
        return b""


def http_request(method, path, body=b"", headers=()):
    """The bytes of one request, headers exactly as given (Host and Content-Length included by the caller's list)."""
    lines = [f"{method} {path} HTTP/1.1"] + [f"{name}: {value}" for name, value in headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + body


def until(condition, seconds=TIMEOUT, pause=0.02):
    """Waits for a condition, returns its value; fails the test when it never comes."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < end, f"never became true: {condition}"
        time.sleep(pause)


def check_envelope(reply, status, code=None):
    """Every reply: the envelope's members, the request's number, and a status that agrees with the HTTP status."""
    assert reply is not None, "connection closed without a reply"
    assert reply.status == status, reply
    value = reply.json
    assert list(value) == ["success", "code", "statusCode", "message", "requestId", "data"], reply
    assert value["requestId"] and value["requestId"] == reply.header("X-Request-Id"), reply
    if value["success"]:
        assert (value["code"], value["statusCode"]) == (0, 0), reply
    else:
        assert value["code"] == -1 and value["message"], reply
        if reply.status != 200:  # the vendor paths answer 200 for every application outcome
            assert value["statusCode"] // 100 == reply.status, reply
        assert value["data"] is None or {"errors", "recID", "lanes"} & set(value["data"]), reply
    if code is not None:
        assert value["statusCode"] == code, reply
    return reply


def check_refused(reply):
    """A refusal: 4xx in the envelope, whatever the reason."""
    assert reply is not None and 400 <= reply.status < 500, reply
    check_envelope(reply, reply.status)
    assert reply.json["success"] is False
    if reply.status == 401:
        assert reply.header("WWW-Authenticate", ).startswith("Bearer"), reply
    if reply.status == 429:
        assert int(reply.header("Retry-After")) > 0, reply
    return reply
