"""A camera for tests and the demo: RTSP with a name and a password, H.264 or H.265, a moving test picture made by ffmpeg.

  camera.py PORT CODEC CLIP     rtsp://camera:demo-picture@127.0.0.1:PORT/main

CLIP is made when it is missing: ten seconds, played again and again, as a camera's encoder would send it, only while
somebody watches. SIGTERM ends it.
"""
import os
import signal
import subprocess
import sys
import threading

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtsp", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtsp, GstRtspServer  # noqa: E402

USER, PASSWORD = "camera", "demo-picture"
ENCODERS = {"h264": ["libx264", "-preset", "ultrafast"], "h265": ["libx265", "-preset", "ultrafast", "-x265-params", "log-level=none:keyint=10"]}

FORMATS = {"h264": "h264", "h265": "hevc"}  # without times: as they come


def make_clip(codec, path):
    subprocess.run(["ffmpeg", "-nostdin", "-loglevel", "error", "-y", "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=10", "-t", "10", "-c:v",
                    *ENCODERS[codec], "-pix_fmt", "yuv420p", "-g", "10", "-bf", "0", "-f", "mpegts", path + ".new"], check=True)
    os.replace(path + ".new", path)


class Lens:
    """ffmpeg that sends the clip into one pipeline."""

    def __init__(self, media, codec, clip):
        self.feed = media.get_element().get_by_name("feed")
        self.process = subprocess.Popen(["ffmpeg", "-nostdin", "-loglevel", "error", "-re", "-stream_loop", "-1", "-i", clip, "-c", "copy", "-f", FORMATS[codec],
                                         "pipe:1"], stdout=subprocess.PIPE)
        threading.Thread(target=self.run, daemon=True).start()
        media.connect("unprepared", lambda _: self.process.kill())

    def run(self):
        while data := self.process.stdout.read1(65536):
            self.feed.emit("push-buffer", Gst.Buffer.new_wrapped(data))
        self.process.wait()


def main():
    port, codec, clip = sys.argv[1:4]
    if not os.path.exists(clip):
        make_clip(codec, clip)
    Gst.init(None)
    server = GstRtspServer.RTSPServer.new()
    server.set_address("127.0.0.1")
    server.set_service(port)
    auth = GstRtspServer.RTSPAuth.new()
    token = GstRtspServer.RTSPToken.new()
    token.set_string("media.factory.role", "viewer")
    auth.add_basic(GstRtspServer.RTSPAuth.make_basic(USER, PASSWORD), token)
    server.set_auth(auth)
    factory = GstRtspServer.RTSPMediaFactory.new()
    factory.set_launch(f"( appsrc name=feed is-live=true format=time do-timestamp=true caps=video/x-{codec},stream-format=byte-stream"
                       f" ! {codec}parse ! rtp{codec}pay name=pay0 pt=96 config-interval=-1 )")
    factory.set_shared(True)
    factory.set_protocols(GstRtsp.RTSPLowerTrans.TCP)
    factory.add_role_from_structure(Gst.Structure.new_from_string("viewer, media.factory.access=(boolean)true, media.factory.construct=(boolean)true"))
    factory.connect("media-configure", lambda _, media: Lens(media, codec, clip))
    server.get_mount_points().add_factory("/main", factory)
    if server.attach(None) == 0:
        sys.exit(f"port {port} cannot be listened on")
    loop = GLib.MainLoop()
    GLib.unix_signal_add(GLib.PRIORITY_DEFAULT, signal.SIGTERM, loop.quit)
    print("ready", flush=True)
    loop.run()


main()
