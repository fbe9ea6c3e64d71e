"""receiver.py PORT CERTIFICATE KEY [SECRET]: the receiver that deliveries are measured by: HTTP/1.1 over TLS, answers 200 with nothing to whatever
comes, consents to everything; GET /count tells how many POSTs came, and when the last one did. With SECRET it does what a receiver must do: reads the
JSON, checks the signature, writes a line into a file and that to the disk each hundred lines."""
import asyncio
import base64
import hashlib
import hmac
import json
import os
import sys
import tempfile
import time

SECRET = base64.b64decode(sys.argv[4].removeprefix("whsec_")) if len(sys.argv) > 4 else None
KEPT = tempfile.TemporaryFile()


class Receiver(asyncio.Protocol):
    count, last = 0, 0.0

    def connection_made(self, transport):
        self.transport, self.data = transport, b""

    def data_received(self, data):
        self.data += data
        while True:
            end = self.data.find(b"\r\n\r\n")
            if end < 0:
                return
            head = self.data[:end]
            at = head.lower().find(b"\r\ncontent-length:")
            length = int(head[at + 17:].split(b"\r\n", 1)[0]) if at >= 0 else 0
            if len(self.data) < end + 4 + length:
                return
            body = self.data[end + 4:end + 4 + length]
            self.data = self.data[end + 4 + length:]
            if SECRET is not None and head.startswith(b"POST"):
                self.keep(head, body)
            self.answer(head)

    def keep(self, head, body):
        headers = dict(line.split(": ", 1) for line in head.decode("latin-1").split("\r\n")[1:])
        headers = {name.lower(): value for name, value in headers.items()}
        signed = f"{headers.get('webhook-id')}.{headers.get('webhook-timestamp')}.".encode() + body
        right = b"v1," + base64.b64encode(hmac.new(SECRET, signed, hashlib.sha256).digest())
        good = any(hmac.compare_digest(right, given.encode()) for given in headers.get("webhook-signature", "").split(" "))
        KEPT.write(json.dumps({"good": good, "id": headers.get("webhook-id"), "event": json.loads(body)}).encode() + b"\n")
        if Receiver.count % 100 == 0:
            KEPT.flush()
            os.fsync(KEPT.fileno())

    def answer(self, head):
        body, more = b"", b""
        if head.startswith(b"POST"):
            Receiver.count += 1
            Receiver.last = time.time()
        elif head.startswith(b"OPTIONS"):
            more = b"WebHook-Allowed-Origin: *\r\n"
        else:
            body = b"%d %.6f\n" % (Receiver.count, Receiver.last)
        self.transport.write(b"HTTP/1.1 200 OK\r\n%bContent-Length: %d\r\n\r\n%b" % (more, len(body), body))


async def main():
    import ssl
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[2], sys.argv[3])
    server = await asyncio.get_running_loop().create_server(Receiver, "127.0.0.1", int(sys.argv[1]), ssl=context, backlog=1024)
    await server.serve_forever()


asyncio.run(main())
