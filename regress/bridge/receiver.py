"""A receiver of call-backs: a real HTTPS server with the certificate of the platform's own name, that keeps what it gets.

What a path answers is chosen by its first word: see Receiver.ANSWERS. Signatures are checked here by the letter of Standard
Webhooks 1.0, with Python's own hmac; SM3 by OpenSSL's.
"""
import base64
import hashlib
import hmac
import http.server
import json
import ssl
import threading
import time


def sign(secret, identity, timestamp, body, digest="sha256"):
    """The signature of Standard Webhooks 1.0: base64 of the HMAC over id.timestamp.body."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    return base64.b64encode(hmac.new(key, f"{identity}.{timestamp}.".encode() + body, digest).digest()).decode()


class Got:
    """One request as it came."""

    def __init__(self, handler, body):
        self.method, self.path, self.body, self.at = handler.command, handler.path, body, time.monotonic()
        self.headers = {name.lower(): value for name, value in handler.headers.items()}
        self.event = json.loads(body) if body and self.headers.get("content-type", "").startswith("application/cloudevents+json") else None

    @property
    def id(self):
        return self.headers["webhook-id"]

    def signed_by(self, secret, kind="v1"):
        digest = {"v1": "sha256", "v1sm3": lambda data=b"": hashlib.new("sm3", data)}[kind]
        wanted = f"{kind},{sign(secret, self.id, self.headers['webhook-timestamp'], self.body, digest)}"
        return wanted in self.headers["webhook-signature"].split(" ")


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_OPTIONS(self):
        self.answer()

    def do_POST(self):
        self.answer()

    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        got = Got(self, body)
        receiver = self.server.receiver
        with receiver.changed:
            receiver.got.append(got)
            receiver.changed.notify_all()
        kind = receiver.kinds.get(got.path, got.path.split("/")[1])
        getattr(receiver, f"answer_{kind}")(self, got)

    def reply(self, status, body=b"", headers=()):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 512

    def finish_request(self, request, client_address):
        try:
            with self.context.wrap_socket(request, server_side=True) as secure:
                self.RequestHandlerClass(secure, client_address, self)
        except OSError:
            pass  # the other side has closed, as it may

    def handle_error(self, request, client_address):
        pass


class Receiver:
    """Listens on 127.0.0.1; `url(path)` has the name that the certificate is of. Close it."""

    def __init__(self, certificate, key, host="localhost"):
        self.host, self.got, self.kinds, self.changed = host, [], {}, threading.Condition()
        self.server = _Server(("127.0.0.1", 0), _Handler)
        self.server.receiver = self
        self.server.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.server.context.load_cert_chain(certificate, key)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def url(self, path):
        return f"https://{self.host}:{self.port}{path}"

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def of(self, path, method="POST", events=True):
        """What came to the path; without the questions for consent."""
        with self.changed:
            return [g for g in self.got if g.path == path and g.method == method
                    and (not events or g.event is None or not g.event["type"].startswith("callback."))]

    def wait(self, path, count=1, timeout=20, **which):
        """At least so many of them."""
        end = time.monotonic() + timeout
        with self.changed:
            while True:
                found = [g for g in self.of(path, **which)]
                if len(found) >= count:
                    return found
                left = end - time.monotonic()
                assert left > 0, f"{len(found)} of {count} came to {path}: {[(g.method, g.path, g.event and g.event['type']) for g in self.got][-10:]}"
                self.changed.wait(left)

    # ---- answers ----
    def answer_ok(self, handler, got):
        """Consents by OPTIONS, takes everything."""
        headers = [("WebHook-Allowed-Origin", got.headers["webhook-request-origin"]), ("WebHook-Allowed-Rate", "*")] if got.method == "OPTIONS" else []
        handler.reply(200, b"", headers)

    def answer_echo(self, handler, got):
        """Knows no OPTIONS; echoes the challenge."""
        if got.method == "OPTIONS":
            handler.reply(405, b"no")
        elif got.event["type"] == "callback.challenge":
            handler.reply(200, json.dumps({"challenge": got.event["data"]["challenge"]}).encode())
        else:
            handler.reply(204)

    def answer_mute(self, handler, got):
        """Takes everything and consents to nothing."""
        handler.reply(200, b"thank you")

    def answer_reject(self, handler, got):
        self.answer_ok(handler, got) if got.method == "OPTIONS" else handler.reply(500, b"no")

    def answer_redirect(self, handler, got):
        self.answer_ok(handler, got) if got.method == "OPTIONS" else handler.reply(302, b"", [("Location", self.url("/ok/elsewhere"))])

    def answer_gone(self, handler, got):
        self.answer_ok(handler, got) if got.method == "OPTIONS" else handler.reply(410)

    def answer_later(self, handler, got):
        self.answer_ok(handler, got) if got.method == "OPTIONS" else handler.reply(429, b"", [("Retry-After", "120")])

    def answer_slow(self, handler, got):
        """Begins to answer and never ends."""
        if got.method == "OPTIONS":
            self.answer_ok(handler, got)
            return
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        for _ in range(60):
            time.sleep(1)
            handler.wfile.write(b".")

    def answer_endless(self, handler, got):
        """2xx, and bytes as long as somebody reads them."""
        if got.method == "OPTIONS":
            self.answer_ok(handler, got)
            return
        handler.send_response(200)
        handler.end_headers()
        sent = 0
        try:
            while sent < 100 * 1024 * 1024:
                sent += handler.wfile.write(b"x" * 65536)
        finally:
            self.endless = sent
            handler.close_connection = True
