"""Streams: each is one ffmpeg that takes a camera's pictures while somebody watches, for all protocols at once.

  asleep --want()--> the bridge says from where (and whether one more may be transcoded) --> ffmpeg
    standard output   the feed: FLV for H.264, bare for H.265           -> rtsp.py, web.py
    nginx             H.264: RTMP, which has no H.265
    files             HLS, which nginx sends
  live --nobody for idle_seconds--> ended;  ffmpeg gone --> ended, and with it whoever watches: players open again

Names are those of the addresses: 32 hexadecimal digits of the camera, `_` and the number of its stream, `_t` where H.265
is transcoded to H.264. Nothing that a player sends reaches a command line: a name is looked up by the bridge before, and the
camera's address, which may hold a password, goes to ffmpeg's standard input, where no list of processes shows it.
"""
import asyncio
import contextlib
import os
import re
import secrets
import shutil
import sys
import time
import urllib.parse

from media.bridge import Refused
from media.feed import FeedError, BareFeed, FlvFeed

NAME = re.compile(r"[0-9a-f]{32}_[01](_t)?")
SCHEMES = ("rtsp", "rtsps", "rtmp", "rtmps", "http", "https")
PROTOCOLS = "pipe,fd,rtsp,rtsps,rtp,srtp,udp,tcp,tls,rtmp,rtmps,http,https,crypto"
TIMED_OUT = 50465  # status codes of the unified table
TOO_MANY = 50366
REPORT_SECONDS = 4
READ = 256 * 1024


def log(text):
    print(text, file=sys.stderr, flush=True)


class Stream:
    """One stream that is not asleep."""

    def __init__(self, name, now):
        self.name, self.state, self.reason, self.wanted, self.woken = name, "waking", None, now, now
        self.codec, self.feed, self.process, self.task, self.ended = None, None, None, None, []
        self.live = asyncio.get_running_loop().create_future()
        self.live.add_done_callback(lambda done: done.cancelled() or done.exception())
        self.publish_key, self.published = secrets.token_urlsafe(24), False
        self.ending = False  # ffmpeg is being stopped: it is of no use to anybody, and its name not free yet

    def fail(self, code, reason):
        self.state, self.reason = "failed", reason
        if not self.live.done():
            self.live.set_exception(Refused(code, reason))

    def check_live(self):
        """Whoever waits goes on once there are pictures, and nginx has them."""
        if self.feed.begun and (self.published or self.codec == "h265") and not self.live.done():
            self.state, self.wanted = "live", time.monotonic()
            self.live.set_result(self)

    @property
    def watched(self):
        return bool(self.feed is not None and self.feed.viewers)


class Streams:
    def __init__(self, settings, bridge):
        self.settings, self.bridge, self.running, self.over = settings, bridge, {}, []

    async def want(self, name):
        """The stream, live; wakes it. Refused: why not."""
        if not NAME.fullmatch(name):
            raise Refused(40400)
        while (stream := self.running.get(name)) is not None and stream.ending:
            await asyncio.wait([stream.task])
        if stream is None:
            if len(self.running) >= self.settings.sources_at_most:
                raise Refused(TOO_MANY, "as many streams run as this media server takes")
            stream = self.running[name] = Stream(name, time.monotonic())
            stream.task = asyncio.create_task(self._run(stream))
        stream.wanted = time.monotonic()
        return await asyncio.shield(stream.live)

    def seen(self, name):
        """Somebody watches; False: the stream does not run any more."""
        stream = self.running.get(name)
        if stream is None or stream.ending:
            return False
        stream.wanted = time.monotonic()
        return True

    def publishing(self, name, key):
        """Is it our own ffmpeg that publishes this to nginx?"""
        stream = self.running.get(name)
        if stream is None or stream.published or not secrets.compare_digest(stream.publish_key.encode(), key.encode()):
            return False
        stream.published = True
        stream.check_live()
        return True

    async def hls(self, name):
        """Waits for the first playlist of the stream; Refused."""
        stream = await self.want(name)
        playlist = f"{self.settings.hls}/{name}/index.m3u8"
        end = time.monotonic() + self.settings.sources_wake_seconds
        while True:
            stream.wanted = time.monotonic()
            with contextlib.suppress(OSError):
                os.stat(playlist)
                return
            if time.monotonic() > end or self.running.get(name) is not stream:
                raise Refused(TIMED_OUT, "no playlist")
            await asyncio.sleep(0.1)

    async def _run(self, stream):
        try:
            told = await asyncio.to_thread(self.bridge.source, stream.name)
            stream.codec = told["codec"]
            stream.feed = FlvFeed() if stream.codec == "h264" else BareFeed()
            await self._play(stream, told["url"])
        except Refused as refused:
            stream.fail(refused.code, str(refused))
        except (OSError, FeedError, KeyError) as error:
            stream.fail(TIMED_OUT, str(error))
        finally:
            self._end(stream)

    async def _play(self, stream, url):
        if urllib.parse.urlsplit(url).scheme not in SCHEMES or any(c in url for c in "'\\\n\r") or not url.isprintable():
            raise OSError("the source's address cannot be used")
        shutil.rmtree(f"{self.settings.hls}/{stream.name}", ignore_errors=True)
        os.makedirs(f"{self.settings.hls}/{stream.name}", exist_ok=True)
        stream.process = await asyncio.create_subprocess_exec(
            *self._command(stream), stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
            limit=READ, env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}, cwd="/")
        errors = asyncio.create_task(_last_words(stream.process.stderr))
        try:
            stream.process.stdin.write(_script(url).encode())
            stream.process.stdin.close()
            await self._feed(stream)
        finally:
            stream.ending = True
            await _stop(stream.process)
            said = await errors
        if stream.state == "waking" or stream.reason is None and stream.wanted + self.settings.sources_idle_seconds > time.monotonic():
            stream.fail(TIMED_OUT, said.replace(url, "the source") or "the source ended")

    async def _feed(self, stream):
        """Reads until ffmpeg ends, nobody watches, or nothing comes."""
        patience = self.settings.sources_wake_seconds
        while True:
            try:
                data = await asyncio.wait_for(stream.process.stdout.read(READ), patience)
            except asyncio.TimeoutError:
                stream.fail(TIMED_OUT, f"no pictures for {patience} seconds")
                return
            if not data:
                return
            stream.feed.write(data)
            stream.check_live()
            if stream.watched:
                stream.wanted = time.monotonic()
            elif stream.state == "waking":
                if time.monotonic() - stream.woken > 2 * patience:
                    stream.fail(TIMED_OUT, "nginx does not take it")
                    return
            elif time.monotonic() - stream.wanted > self.settings.sources_idle_seconds:
                return

    def _command(self, stream):
        """ffmpeg's words: all are ours."""
        directory = f"{self.settings.hls}/{stream.name}"
        hls = "f=hls:onfail=abort:hls_time=1:hls_list_size=6:hls_flags=delete_segments+omit_endlist+temp_file"
        if stream.codec == "h265":
            copies = ("[f=hevc:onfail=abort:bsfs/v=hevc_mp4toannexb,dump_extra=freq=keyframe]pipe:1"
                      f"|[{hls}:hls_segment_type=fmp4:hls_fmp4_init_filename=init.mp4:hls_segment_filename={directory}/%d.m4s]{directory}/index.m3u8")
        else:
            copies = (f"[f=flv:onfail=abort]pipe:1|[f=flv:onfail=abort]rtmp://{self.settings.listen_address}:{self.settings.listen_rtmp_port}/live/{stream.name}?key={stream.publish_key}"
                      f"|[{hls}:hls_segment_filename={directory}/%d.ts]{directory}/index.m3u8")
        codec = ["-c:v", "copy"]
        if stream.name.endswith("_t"):
            codec = ["-c:v", "libx264", "-preset", "veryfast", "-tune", "zerolatency", "-pix_fmt", "yuv420p", "-g", "25", "-threads", "2"]
        # it must not outlive a service that was killed
        return ["setpriv", "--pdeathsig", "TERM", "--", "ffmpeg", "-hide_banner", "-loglevel", "error", "-fflags", "nobuffer", "-analyzeduration", "500000", "-probesize", "1000000",
                "-protocol_whitelist", PROTOCOLS, "-f", "concat", "-safe", "0", "-i", "pipe:0", "-map", "0:v:0", "-an", *codec,
                "-flags", "+global_header", "-f", "tee", copies]

    def _end(self, stream):
        if self.running.get(stream.name) is stream:
            del self.running[stream.name]
        if not stream.live.done():
            stream.fail(TIMED_OUT, "the source ended")
        shutil.rmtree(f"{self.settings.hls}/{stream.name}", ignore_errors=True)
        self.over.append((stream.name, "failed" if stream.state == "failed" else "ended"))
        log(f"{stream.name} ended{': ' + stream.reason if stream.reason else ''}")
        for tell in stream.ended:
            tell()

    async def report(self):
        """Tells the bridge, for as long as the service runs."""
        while True:
            await asyncio.sleep(REPORT_SECONDS)
            over, self.over = self.over, []
            told = [(stream.name, stream.state) for stream in self.running.values()] + [one for one in over if one[0] not in self.running]
            try:
                await asyncio.to_thread(self.bridge.report, told)
            except Refused as refused:
                self.over = over + self.over
                log(f"the bridge does not take reports: {refused}")

    async def stop(self):
        tasks = [stream.task for stream in self.running.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _script(url):
    """What ffmpeg's concat reader gets: one source, taken over TCP where it is RTSP."""
    transport = "option rtsp_transport tcp\n" if url.startswith("rtsp") else ""
    return f"ffconcat version 1.0\nfile '{url}'\n{transport}"


async def _last_words(stream):
    """The end of what ffmpeg complains of."""
    words = []
    while line := await stream.readline():
        words = [*words, line.decode(errors="replace").strip()][-4:]
    return "; ".join(words)[-600:]


async def _stop(process):
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        try:
            await asyncio.wait_for(process.wait(), 3)
        except asyncio.TimeoutError:
            process.kill()
            await process.wait()
