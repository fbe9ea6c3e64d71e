"""receiver.py PORT CERTIFICATE KEY: the receiver that deliveries are measured by: HTTP/1.1 over TLS, answers 200 with nothing to whatever comes, consents
to everything; GET /count tells how many POSTs came, and when the last one did."""
import asyncio
import sys
import time


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
            self.data = self.data[end + 4 + length:]
            self.answer(head)

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
