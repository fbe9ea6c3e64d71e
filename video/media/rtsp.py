"""The RTSP server: GStreamer's, with every opening judged by the bridge and every play judged again while it runs.

  DESCRIBE rtsp://host:port/{token}/{stream}   the bridge judges (open), the stream is woken, its pictures are described;
            a connection has one play, which is the one that is judged while it runs
  SETUP     only of what the connection has described, and only by the transport that the address was asked for
  running   each JUDGE_SECONDS the bridge is asked (keep); when it says no, the sessions and the connection are ended
  closed    by the player, or by us: the bridge is told (end)

GStreamer's calls come in threads of its own, which may wait; streams live in the event loop of asyncio. All viewers of one
stream over one transport share a pipeline.
"""
import asyncio
import concurrent.futures
import re
import threading

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtsp", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtsp, GstRtspServer  # noqa: E402

from media.bridge import Refused  # noqa: E402
from media.streams import log  # noqa: E402

JUDGE_SECONDS = 3
THREADS = 32
PATH = re.compile(r"/([A-Za-z0-9_-]{43})/([0-9a-f]{32}_[01](?:_t)?)(?:/.*)?")
QUEUED_BYTES = 8 * 1024 * 1024
# From the feed to RTP; parameter sets go with every key frame, for whoever comes later.
LAUNCH = {
    "h264": "( appsrc name=feed is-live=true format=time ! rtph264pay name=pay0 pt=96 config-interval=-1 )",
    "h265": "( appsrc name=feed is-live=true format=time do-timestamp=true caps=video/x-h265,stream-format=byte-stream ! h265parse"
            " ! rtph265pay name=pay0 pt=96 config-interval=-1 )",
}
TRANSPORTS = {"udp": GstRtsp.RTSPLowerTrans.UDP, "tcp": GstRtsp.RTSPLowerTrans.TCP}
# what a player is told: RTSP has words for few of our reasons
STATUS = {401: GstRtsp.RTSPStatusCode.UNAUTHORIZED, 403: GstRtsp.RTSPStatusCode.FORBIDDEN, 404: GstRtsp.RTSPStatusCode.NOT_FOUND,
          503: GstRtsp.RTSPStatusCode.SERVICE_UNAVAILABLE, 504: GstRtsp.RTSPStatusCode.GATEWAY_TIMEOUT}


class Factory(GstRtspServer.RTSPMediaFactory):
    """Makes the pipeline of one stream over one transport."""

    def do_gen_key(self, _url):
        # whatever token the path has: the pipeline is shared
        return "stream"


class Push:
    """What a feed gives to, for one pipeline."""

    def __init__(self, feed):
        self.feed, self.begin = feed, None

    def __call__(self, data, time=None, shown=None):
        if self.feed.get_property("current-level-bytes") > QUEUED_BYTES // 2:
            self.begin = None
            return False
        buffer = Gst.Buffer.new_wrapped(data)
        if time is not None:
            # the first picture is shown when it comes
            if time == 0 or self.begin is None:
                self.begin = self.feed.get_current_running_time() - time * Gst.MSECOND
            buffer.dts, buffer.pts = (self.begin + at * Gst.MSECOND for at in (time, shown))
        return self.feed.emit("push-buffer", buffer) == Gst.FlowReturn.OK


class Viewer:
    """One connection and what it may play."""

    def __init__(self, address):
        self.address, self.play = address, None


class Rtsp:
    def __init__(self, settings, bridge, streams, loop):
        self.settings, self.bridge, self.streams, self.loop = settings, bridge, streams, loop
        self.viewers, self.factories, self.lock = {}, {}, threading.Lock()
        self.asking = concurrent.futures.ThreadPoolExecutor(THREADS)
        Gst.init(None)
        self.context = GLib.MainContext.new()
        self.main = GLib.MainLoop.new(self.context, False)
        self.server = self._make_server()

    def _make_server(self):
        server = GstRtspServer.RTSPServer.new()
        server.set_address(self.settings.listen_address)
        server.set_service(str(self.settings.listen_rtsp_port))
        threads = GstRtspServer.RTSPThreadPool.new()
        threads.set_max_threads(THREADS)
        server.set_thread_pool(threads)
        # without it the pictures of UDP would leave from every address
        self.ports = GstRtspServer.RTSPAddressPool.new()
        first, last = self.settings.listen_rtp_ports
        self.ports.add_range(self.settings.listen_address, self.settings.listen_address, first, last, 0)
        server.connect("client-connected", self._connected)
        return server

    def start(self):
        if self.server.attach(self.context) == 0:
            raise OSError(f"port {self.settings.listen_rtsp_port} of {self.settings.listen_address} cannot be listened on")
        source = GLib.timeout_source_new_seconds(JUDGE_SECONDS)
        source.set_callback(self._judge_all)
        source.attach(self.context)
        threading.Thread(target=self.main.run, daemon=True).start()

    # ---- a connection ----
    def _connected(self, _server, client):
        self.viewers[client] = Viewer(client.get_connection().get_ip())
        client.connect("pre-describe-request", self._describe)
        client.connect("pre-setup-request", self._setup)
        client.connect("closed", self._closed)

    def _describe(self, client, context):
        """The first request of a play."""
        found = PATH.fullmatch(context.uri.abspath) if context.uri is not None else None
        viewer = self.viewers.get(client)
        if found is None or viewer is None:
            return GstRtsp.RTSPStatusCode.NOT_FOUND
        play = (found[1], viewer.address, found[2], "rtsp")
        if viewer.play not in (None, play):  # what is judged while it runs is one play: another is another connection's
            return GstRtsp.RTSPStatusCode.FORBIDDEN
        try:
            told = self.bridge.play("open", *play)
            stream = asyncio.run_coroutine_threadsafe(self.streams.want(found[2]), self.loop).result()
        except Refused as refused:
            return STATUS.get(refused.code // 100, GstRtsp.RTSPStatusCode.FORBIDDEN)
        viewer.play = play
        self._mount(stream, told["transport"], f"/{found[1]}/{found[2]}")
        return GstRtsp.RTSPStatusCode.OK

    def _setup(self, client, context):
        viewer = self.viewers.get(client)
        if viewer is None or viewer.play is None or context.uri is None \
                or not f"{context.uri.abspath}/".startswith(f"/{viewer.play[0]}/{viewer.play[2]}/"):
            return GstRtsp.RTSPStatusCode.FORBIDDEN
        return GstRtsp.RTSPStatusCode.OK

    def _closed(self, client):
        viewer = self.viewers.pop(client, None)
        self._end_sessions(client)
        if viewer is not None and viewer.play is not None:
            self.server.get_mount_points().remove_factory(f"/{viewer.play[0]}/{viewer.play[2]}")
            self.asking.submit(self._tell_end, viewer.play)

    def _tell_end(self, play):
        try:
            self.bridge.play("end", *play)
        except Refused as refused:
            log(f"the end of a play was not taken: {refused}")

    # ---- a pipeline ----
    def _mount(self, stream, transport, path):
        with self.lock:
            factory = self.factories.get((stream.name, transport))
            if factory is None or factory.stream is not stream:
                factory = Factory()
                factory.stream = stream
                factory.set_launch(LAUNCH[stream.codec])
                factory.set_shared(True)
                factory.set_protocols(TRANSPORTS[transport])
                factory.set_address_pool(self.ports)
                factory.connect("media-configure", self._feed_media, stream)
                self.factories[stream.name, transport] = factory
        self.server.get_mount_points().add_factory(path, factory)

    def _feed_media(self, _factory, media, stream):
        """Joins the pipeline to the feed for as long as it is there."""
        feed = media.get_element().get_by_name("feed")
        feed.set_property("max-bytes", QUEUED_BYTES)
        if stream.codec == "h264":
            feed.set_property("caps", Gst.Caps.from_string(
                f"video/x-h264,stream-format=avc,alignment=au,codec_data=(buffer){stream.feed.decoder.hex()}"))
        push = Push(feed)
        self.loop.call_soon_threadsafe(lambda: stream.feed.add(media, push, bare=True))
        self.loop.call_soon_threadsafe(stream.ended.append, lambda: self._later(lambda: self._end_stream(stream)))
        media.connect("unprepared", lambda _: self.loop.call_soon_threadsafe(stream.feed.remove, media))

    # ---- ending ----
    def _later(self, work):
        source = GLib.idle_source_new()
        source.set_callback(lambda *_: work() and False)
        source.attach(self.context)

    def _judge_all(self, *_):
        for client, viewer in list(self.viewers.items()):
            if viewer.play is not None:
                self.asking.submit(self._judge, client, viewer)
        return True

    def _judge(self, client, viewer):
        try:
            self.bridge.play("keep", *viewer.play)
        except Refused:
            self._later(lambda: self._end(client))

    def _end(self, client):
        self._end_sessions(client)
        client.close()

    def _end_sessions(self, client):
        """A session would go on over UDP without its connection."""
        pool = self.server.get_session_pool()
        for session in client.session_filter(None) or []:
            pool.remove(session)

    def _end_stream(self, stream):
        with self.lock:
            for key in [key for key, factory in self.factories.items() if factory.stream is stream]:
                del self.factories[key]
        for client, viewer in list(self.viewers.items()):
            if viewer.play is not None and viewer.play[2] == stream.name:
                self._end(client)

    def stop(self):
        self.main.quit()
        self.asking.shutdown(wait=False)
