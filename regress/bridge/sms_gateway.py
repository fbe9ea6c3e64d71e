"""A small HTTP gateway for the tests of sending: real sockets, no library, so that it can be as wrong as gateways are.

It speaks Kannel's sendsms (a POST with X-Kannel headers) and keeps what it was given. What it answers is a function of the
tests: `answer(gateway, got)` returns the bytes to be sent, or does something else with got.socket and returns None.
"""
import collections
import socket
import threading
import time


def reply(status=202, text="0: Accepted for delivery", **headers):
    body = text.encode()
    lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(body)}", *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items())]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


class Got:
    """One call."""

    def __init__(self, sock, line, headers, body):
        self.socket, self.line, self.headers, self.body, self.at = sock, line, headers, body.decode(), time.monotonic()
        self.numbers = headers.get("x-kannel-to", "").split(" ")


class HttpGateway:
    """Listens on 127.0.0.1. Close it."""

    def __init__(self, answer=None):
        self.answer = answer or (lambda gateway, got: reply())
        self.got, self.changed = [], threading.Condition()
        self.port = None
        self.listener = None
        self.sockets = []
        self.open()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/cgi-bin/sendsms"

    def open(self):
        """Listens, again at the same port."""
        self.listener = socket.socket()
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.listener.bind(("127.0.0.1", self.port or 0))
        self.listener.listen(512)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, args=(self.listener,), daemon=True).start()

    def accept(self, listener):
        while True:
            try:
                sock, _ = listener.accept()
            except OSError:
                return
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.sockets.append(sock)
            threading.Thread(target=self.serve, args=(sock,), daemon=True).start()

    def serve(self, sock):
        """Requests on one connection, one after the other."""
        file = sock.makefile("rb")
        try:
            while True:
                line = file.readline().decode()
                if not line:
                    return
                headers = {}
                while (header := file.readline().decode().strip()):
                    name, value = header.split(":", 1)
                    headers[name.lower()] = value.strip()
                got = Got(sock, line.split(" ")[0:2], headers, file.read(int(headers.get("content-length", 0))))
                with self.changed:
                    self.got.append(got)
                    self.changed.notify_all()
                answer = self.answer(self, got)
                if answer is None:
                    return
                sock.sendall(answer)
        except OSError:
            pass
        finally:
            file.close()
            sock.close()

    def shut(self):
        """Nobody answers there; what is open is closed."""
        if self.listener.fileno() >= 0:
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for sock in self.sockets:
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    close = shut

    def wait(self, count, timeout=30):
        """At least so many calls."""
        end = time.monotonic() + timeout
        with self.changed:
            while len(self.got) < count:
                left = end - time.monotonic()
                assert left > 0 and self.changed.wait(left) or len(self.got) >= count, f"{len(self.got)} calls of {count}"
            return list(self.got)

    def times(self):
        """How often each number was given here."""
        with self.changed:
            return collections.Counter(number for got in self.got for number in got.numbers)

    def forget(self):
        with self.changed:
            self.got.clear()
