"""Players that ask for what no player asks: RTMP and RTSP word by word, so that one connection can ask twice."""
import os
import socket
import struct
import threading

CHUNK = 128  # bytes of a message between two headers, where nothing else was agreed on


def _text(value):
    return b"\x02" + struct.pack(">H", len(value)) + value.encode()


def _number(value):
    return b"\x00" + struct.pack(">d", value)


class RawRtmp:
    """A connection of RTMP: how many bytes came since it asked last, and whether it is over. The handshake is the plain one, commands are AMF0."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        first = b"\0" * 8 + os.urandom(1528)
        self.socket.sendall(b"\x03" + first)
        self.socket.sendall(self._read(1 + 1536 + 1536)[1:1537])
        self.total, self.over = 0, threading.Event()
        members = {"app": "live", "flashVer": "raw", "tcUrl": f"rtmp://127.0.0.1:{port}/live"}
        self._command("connect", 1, b"\x03" + b"".join(_text(name)[1:] + _text(value) for name, value in members.items()) + b"\0\0\x09")
        self._command("createStream", 2, b"\x05")
        threading.Thread(target=self._take, daemon=True).start()

    def _read(self, length):
        data = b""
        while len(data) < length:
            more = self.socket.recv(length - len(data))
            assert more, "closed"
            data += more
        return data

    def _command(self, name, number, rest, stream=0):
        body = _text(name) + _number(number) + rest
        pieces = [body[at:at + CHUNK] for at in range(0, len(body), CHUNK)]
        self.socket.sendall(b"\x03\0\0\0" + len(body).to_bytes(3, "big") + b"\x14" + struct.pack("<I", stream) + b"\xc3".join(pieces))

    def _take(self):
        try:
            while data := self.socket.recv(65536):
                self.total += len(data)
        except OSError:
            pass
        self.over.set()

    def play(self, name, stream=1):
        self.total = 0
        self._command("play", 3, b"\x05" + _text(name), stream)

    def close(self):
        self.socket.close()


class RawRtsp:
    """A connection of RTSP."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self.number = 0

    def ask(self, method, url, **headers):
        """The status of the answer."""
        self.number += 1
        lines = [f"{method} {url} RTSP/1.0", f"CSeq: {self.number}", *(f"{name}: {value}" for name, value in headers.items())]
        self.socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        data = b""
        while b"\r\n\r\n" not in data:
            more = self.socket.recv(65536)
            assert more, "closed"
            data += more
        head, _, body = data.partition(b"\r\n\r\n")
        length = next((int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0)
        while len(body) < length:
            body += self.socket.recv(65536)
        return int(head.split()[1])

    def close(self):
        self.socket.close()
