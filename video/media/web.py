"""What nginx asks the media service, on a socket of files that only nginx's user reaches: GET without a body, or a WebSocket.

  /rtmp/play?name=       after the bridge has judged: wakes the stream, answers when it is live
  /rtmp/update?name=     every 4 seconds of a running play: it is still watched
  /rtmp/done             the player has left
  /rtmp/publish?name=&key=   only our own ffmpeg publishes
  /hls/NAME              wakes the stream; nginx then sends the playlist itself (X-Accel-Redirect)
  /ws/NAME               FLV over WebSocket; X-Play-Token and X-Play-Client say whose play it is

nginx has asked the bridge before it comes here, but for publish. A WebSocket is judged again every JUDGE_SECONDS.

Of RTMP nginx judges what a connection asked for last, while it may go on sending what was asked for first: so a connection
has one play. What a player writes behind the name of its stream stands at the end of nginx's query: the first value counts.
"""
import asyncio
import contextlib
import http
import json
import time
import urllib.parse

import websockets

from media.bridge import Refused
from media.streams import TIMED_OUT

JUDGE_SECONDS = 3
FORGET_SECONDS = 60  # a connection of RTMP that nobody hears of is gone
QUEUED = 200  # pictures that a slow WebSocket may lag behind: then it goes on with the next key frame
# What players are told beside the code, as the table of status codes has it. What ffmpeg says may name the camera's address: it
# is for the log.
WORDS = {40465: ("No source of pictures is known for this stream", "该码流没有可用的视频源"),
         50300: ("Temporarily unavailable", "服务暂不可用"),
         50365: ("As many streams are being transcoded as may be", "转码路数已达上限"),
         50366: ("The media server runs as many streams as it takes", "流媒体服务器的码流数量已达上限"),
         50465: ("The camera sent no pictures in time", "监控点未按时送出图像")}


class Web:
    def __init__(self, settings, bridge, streams):
        self.settings, self.bridge, self.streams = settings, bridge, streams
        self.connections = {}  # of RTMP: number -> [(stream, token), when it was heard of last]

    async def serve(self):
        return await websockets.unix_serve(self.watch, self.settings.socket, process_request=self.answer, compression=None, max_size=4096,
                                           ping_interval=10, ping_timeout=10, server_header=None)

    async def answer(self, path, headers):
        """An HTTP reply, or None: a WebSocket is opened."""
        parts = urllib.parse.urlsplit(path)
        values = dict(reversed(urllib.parse.parse_qsl(parts.query, keep_blank_values=True)))
        name = values.get("name") or parts.path.rsplit("/", 1)[-1]
        try:
            return await self._answer(parts.path, name, values)
        except Refused as refused:
            status = http.HTTPStatus(refused.code // 100 if refused.code // 100 in set(http.HTTPStatus) else 503)
            said = WORDS.get(refused.code, WORDS[50300])[headers.get("Accept-Language", "").lower().startswith("zh")]
            body = json.dumps({"success": False, "code": -1, "statusCode": refused.code, "message": said, "data": None}).encode()
            return status, [("Content-Type", "application/json")], body

    async def _answer(self, path, name, values):
        if path == "/rtmp/play":
            self._enter(values.get("clientid"), (name, values.get("token")))
            await self.streams.want(name)
        elif path == "/rtmp/update":
            self._hear(values.get("clientid"))
            if values.get("call") != "update_publish" and not self.streams.seen(name):
                raise Refused(TIMED_OUT, "the stream has ended")
        elif path == "/rtmp/done":
            self.connections.pop(values.get("clientid"), None)  # the bridge was told
        elif path == "/rtmp/publish":
            if not self.streams.publishing(name, values.get("key", "")):
                raise Refused(40300)
        elif path.startswith("/hls/"):
            await self.streams.hls(name)
            return http.HTTPStatus.OK, [("X-Accel-Redirect", f"/_hls/{name}/index.m3u8")], b""
        elif path.startswith("/ws/"):
            await self.streams.want(name)
            return None
        else:
            raise Refused(40401)
        return http.HTTPStatus.OK, [], b""

    def _enter(self, number, play):
        """The connection's one play; Refused: it has another."""
        now = time.monotonic()
        if number is None:
            raise Refused(40300)
        self.connections = {key: kept for key, kept in self.connections.items() if now - kept[1] < FORGET_SECONDS}
        if self.connections.setdefault(number, [play, now])[0] != play:
            raise Refused(40300)

    def _hear(self, number):
        if number in self.connections:
            self.connections[number][1] = time.monotonic()

    async def watch(self, socket, path):
        """One viewer, until he leaves, the stream ends or the bridge says no."""
        name = urllib.parse.urlsplit(path).path.rsplit("/", 1)[-1]
        play = (socket.request_headers["X-Play-Token"], socket.request_headers["X-Play-Client"], name, "ws")
        stream = self.streams.running.get(name)
        if stream is None or stream.codec != "h264":
            await socket.close(1011)
            return
        queue = asyncio.Queue(QUEUED)
        over = asyncio.Event()
        stream.feed.add(socket, lambda data: _offer(queue, data))
        stream.ended.append(over.set)
        tasks = [asyncio.create_task(work) for work in (_send(socket, queue), self._judge(play), over.wait(), socket.wait_closed())]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stream.feed.remove(socket)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await socket.close(1008)
            with contextlib.suppress(Refused):
                await asyncio.to_thread(self.bridge.play, "end", *play)

    async def _judge(self, play):
        """Returns when the play may not go on."""
        while True:
            await asyncio.sleep(JUDGE_SECONDS)
            try:
                await asyncio.to_thread(self.bridge.play, "keep", *play)
            except Refused:
                return


def _offer(queue, data):
    if queue.full():
        return False
    queue.put_nowait(data)
    return True


async def _send(socket, queue):
    while True:
        await socket.send(await queue.get())
