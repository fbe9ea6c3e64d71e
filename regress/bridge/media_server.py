"""A server of pictures: real HTTPS with the certificate of the platform's own name; what a path answers is registered, or named by its first word."""
import time

from receiver import Receiver, _Handler


class _MediaHandler(_Handler):
    def do_GET(self):
        server = self.server.receiver
        with server.changed:
            server.asked.append((self.path, dict(self.headers)))
            server.changed.notify_all()
        if self.path in server.files:
            answer = server.files[self.path]
            if callable(answer):
                answer(self)
            else:
                self.reply(200, answer, [("Content-Type", "text/html")])
        else:
            getattr(server, "media_" + self.path.split("/")[1], server.media_none)(self)


class MediaServer(Receiver):
    """`files`: path to bytes, or to a function of the handler. The declared type is wrong on purpose: nobody may believe it."""

    def __init__(self, certificate, key, host="localhost"):
        super().__init__(certificate, key, host)
        self.files, self.asked = {}, []
        self.server.RequestHandlerClass = _MediaHandler

    def put(self, path, answer):
        self.files[path] = answer
        return self.url(path)

    def count(self, path):
        with self.changed:
            return sum(p == path for p, _ in self.asked)

    def media_none(self, handler):
        handler.reply(404, b"no such picture")

    def media_error(self, handler):
        handler.reply(500, b"not now")

    def media_gone(self, handler):
        handler.reply(410)

    def media_loop(self, handler):
        handler.reply(302, b"", [("Location", self.url(handler.path))])

    def media_slow(self, handler):
        """A byte a second, without an end."""
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        for _ in range(60):
            time.sleep(1)
            handler.wfile.write(b"\xff")
            handler.wfile.flush()

    def media_endless(self, handler):
        """No length, and bytes as long as somebody reads them."""
        handler.send_response(200)
        handler.end_headers()
        handler.close_connection = True
        self.endless = 0
        while self.endless < 200 * 1024 * 1024:
            self.endless += handler.wfile.write(b"\xff\xd8\xff" + b"x" * 65536)

    def media_large(self, handler):
        """A length beyond the limit, said in advance."""
        handler.send_response(200)
        handler.send_header("Content-Length", str(1 << 40))
        handler.end_headers()
        handler.close_connection = True

    def media_cut(self, handler):
        """Less than was promised."""
        handler.send_response(200)
        handler.send_header("Content-Length", "100000")
        handler.end_headers()
        handler.wfile.write(b"\xff\xd8\xff" + b"x" * 1000)
        handler.close_connection = True


