"""Players: ffprobe for a look, ffmpeg for a play that goes on, a WebSocket for FLV. All verify certificates by the CA given."""
import asyncio
import ssl
import subprocess
import threading
import time

import websockets

PATIENCE = 60  # seconds on a slow machine


def options(url, ca):
    """What ffmpeg needs beside the address."""
    return ["-ca_file", ca, "-tls_verify", "1"] if url.startswith("https") else []


def probe(url, ca, *more):
    """Names of the codecs in a stream; what ffprobe complains of, when it cannot be played."""
    done = subprocess.run(["ffprobe", "-v", "error", *options(url, ca), *more, "-show_entries", "stream=codec_name", "-of", "csv=p=0", url],
                          capture_output=True, text=True, timeout=PATIENCE, stdin=subprocess.DEVNULL, check=False)
    return sorted(set(done.stdout.split())) if done.returncode == 0 else done.stderr.strip()


class Player:
    """A play in the background: bytes that came, when the last of them, and whether it is over."""

    def __init__(self, url, ca, codec="h264"):
        self.url, self.total, self.last, self.over = url, 0, None, threading.Event()
        self.process = None
        if url.startswith("ws"):
            work = lambda: asyncio.run(self._websocket(ca))  # noqa: E731
        else:
            self.process = subprocess.Popen(["ffmpeg", "-nostdin", "-v", "error", *options(url, ca), "-i", url, "-c", "copy", "-map", "0:v",
                                             "-f", "hevc" if codec == "h265" else "h264", "pipe:1"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            work = self._ffmpeg
        self.thread = threading.Thread(target=work, daemon=True)
        self.leave = False
        self.thread.start()

    def _came(self, data):
        self.total += len(data)
        self.last = time.monotonic()

    def _ffmpeg(self):
        while data := self.process.stdout.read1(65536):
            self._came(data)
        self.process.wait()
        self.over.set()

    async def _websocket(self, ca):
        try:
            async with websockets.connect(self.url, ssl=ssl.create_default_context(cafile=ca), max_size=None, open_timeout=PATIENCE) as socket:
                while not self.leave:
                    data = await socket.recv()
                    if self.total == 0:
                        assert data[:3] == b"FLV", data[:20]
                    self._came(data)
        except (websockets.WebSocketException, OSError):
            pass
        finally:
            self.over.set()

    def plays(self, seconds=PATIENCE):
        """Waits until pictures come, from now on."""
        before, end = self.total, time.monotonic() + seconds
        while self.total <= before:
            assert time.monotonic() < end and not self.over.is_set(), f"no pictures: {self.url}"
            time.sleep(0.05)
        return self

    def ends(self, seconds=PATIENCE):
        assert self.over.wait(seconds), f"goes on: {self.url}"

    def stop(self):
        self.leave = True
        if self.process is not None:
            self.process.terminate()
        self.over.wait(10)
