"""Cameras on real media servers: nginx with RTMP, an RTSP server, two cameras of ffmpeg's (regress/video), played by ffprobe.

An address is judged when it is opened and while it plays (extension/camera/play.h). No test depends on how fast the machine is:
what a revocation ends must end, and the time it took is told.
"""
import contextlib
import glob
import http.client
import itertools
import json
import os
import random
import shlex
import signal
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.parse

import pytest
from own_bridge import read_conf
from platform_rig import TOP, shell
from rig import check_envelope, until

sys.path.insert(0, os.path.join(TOP, "regress", "video"))
from player import Player, probe  # noqa: E402
from video_rig import PROVIDER, VideoRig  # noqa: E402

H264, H265 = "2f1d6d3e-8f0b-4f0e-9d53-0c1b7a3e5f11", "7c9e6679-7425-40de-944b-e07fc1f90ae7"
GATEWAY = "//gateway/camera/"
PROTOCOLS = ("rtsp", "rtmp", "hls", "ws")


class Video:
    """The media servers, and an application that may watch."""

    def __init__(self, platform, rig):
        self.platform, self.rig, self.ca = platform, rig, platform.env["CBD_CA"]
        platform.client.secrets.update((rig.secret, "demo-picture"))
        shell(f". '{platform.folder}/env'; psql -X -q -v ON_ERROR_STOP=1 -f {shlex.quote(rig.path('psql'))} -f '{TOP}/regress/video/video.sql'")
        self.app = self.application()

    def application(self):
        app = self.platform.make_application(resources=["events", "cameras"])
        app["token"] = self.platform.token(app)
        return app

    def order(self, camera=H264, app=None, **form):
        return self.platform.client.post("/cameras/previewURLs", {"cameraIndexCode": camera, **form}, token=(app or self.app)["token"])

    def url(self, camera=H264, protocol="rtsp", **form):
        """An address; (url, playId)."""
        data = check_envelope(self.order(camera, protocol=protocol, **form), 200, 0).data
        self.platform.client.secrets.add(token_of(data["url"]))
        return data["url"], data["playId"]

    def probe(self, url, *more):
        return probe(url, self.ca, *more)

    def fetch(self, url):
        """What nginx answers: (HTTP status, body)."""
        parts = urllib.parse.urlsplit(url)
        connection = http.client.HTTPSConnection(parts.hostname, parts.port, timeout=60, context=ssl.create_default_context(cafile=self.ca))
        with contextlib.closing(connection):
            connection.request("GET", parts.path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode(errors="replace")

    def ask(self, what, **fields):
        """A question of a media server."""
        fields = {"provider": PROVIDER, "key": self.rig.secret, **fields}
        return self.platform.client.form(GATEWAY + what, {name: value for name, value in fields.items() if value is not None})

    def play(self, url, event="open", **changes):
        protocol = {"https": "hls", "wss": "ws"}.get(url.split(":")[0], url.split(":")[0])
        return self.ask("play", **{"event": event, "protocol": protocol, "token": token_of(url), "stream": stream_of(url), "client": "127.0.0.1", **changes})

    def row(self, play):
        return self.platform.sql("SELECT opened_at IS NOT NULL, ended_at IS NOT NULL, end_reason FROM citybigdata.camera_play WHERE play_id = %s", play)[0]

    def sources(self):
        return self.platform.value("SELECT count(*) FROM citybigdata.camera_source WHERE state <> 'failed'")

    def audited(self, what, *values):
        return self.platform.value(f"SELECT count(*) FROM citybigdata.audit_log WHERE action IN ('camera.play', 'camera.source', 'camera.report') AND {what}",
                                   *values)


def token_of(url):
    parts = urllib.parse.urlsplit(url)
    return parts.query.removeprefix("token=") if parts.query else parts.path.split("/")[1 if parts.scheme == "rtsp" else 2]


def stream_of(url):
    parts = urllib.parse.urlsplit(url)
    return parts.path.split("/")[2 if parts.scheme in ("rtmp", "rtsp") else 3].removesuffix(".flv")


@pytest.fixture(scope="module")
def video(platform):
    conf = read_conf(platform)
    rig = VideoRig(tempfile.mkdtemp(prefix="cbd-video-", dir="/tmp"), glob.glob(os.path.join(platform.folder, "pg", "**", "citybigdata-media", "citybigdata-media"), recursive=True)[0],
                   platform.env["CBD_URL"], platform.env["CBD_CA"], conf["tls_cert"], conf["tls_key"])
    try:
        yield Video(platform, rig.start())
    finally:
        rig.remove()
        platform.sql("DELETE FROM citybigdata.camera WHERE provider_code = %s", PROVIDER)
        platform.sql("DELETE FROM citybigdata.camera_provider WHERE provider_code = %s", PROVIDER)


@contextlib.contextmanager
def playing(video, orders):
    """Players of all of them, with pictures; {name: (player, playId)}."""
    players = {}
    try:
        for name, (camera, form) in orders.items():
            url, play = video.url(camera, **form)
            players[name] = (Player(url, video.ca), play)
        for player, _ in players.values():
            player.plays()
    except AssertionError as error:
        raise AssertionError(f"{error}: {video.rig.log('media')} {video.rig.log('nginx')}") from error
    else:
        yield players
    finally:
        for player, _ in players.values():
            player.stop()


EVERY = {"rtsp": (H264, {"protocol": "rtsp"}), "rtsp over UDP": (H264, {"protocol": "rtsp", "transmode": 0}), "rtmp": (H264, {"protocol": "rtmp"}),
         "hls": (H264, {"protocol": "hls"}), "ws": (H264, {"protocol": "ws"})}


# ---- plays ----
@pytest.mark.parametrize("camera, protocol, form, codec", [
    (H264, "rtsp", {}, "h264"), (H264, "rtsp", {"transmode": 0}, "h264"), (H264, "rtmp", {}, "h264"), (H264, "hls", {}, "h264"),
    (H265, "rtsp", {}, "hevc"), (H265, "hls", {}, "hevc"), (H265, "rtmp", {"expand": "transcode=1"}, "h264")])
def test_plays(video, camera, protocol, form, codec):
    url, play = video.url(camera, protocol, **form)
    assert video.probe(url) == [codec]
    assert video.row(play)[0]


# one that no other test has; all of them in the long form
COMBINATIONS = list(itertools.product((H264, H265), PROTOCOLS, (0, 1), (0, 1), (0, 1))) if os.environ.get("CBD_TEST_ALL") else [(H265, "rtsp", 1, 1, 0)]


@pytest.mark.parametrize("camera, protocol, stream, transmode, transcode", COMBINATIONS)
def test_every_combination(video, camera, protocol, stream, transmode, transcode):
    h265 = camera == H265 and stream == 0
    form = {"protocol": protocol, "streamType": stream, "transmode": transmode, "expand": f"transcode={transcode}"}
    if h265 and not transcode and protocol in ("rtmp", "ws"):
        check_envelope(video.order(camera, **form), 422)
        return
    url, _ = video.url(camera, **form)
    if protocol == "ws":
        player = Player(url, video.ca).plays()
        player.stop()
    else:
        assert video.probe(url) == ["hevc" if h265 and not transcode else "h264"]


def test_websocket(video):
    with playing(video, {"ws": EVERY["ws"], "transcoded": (H265, {"protocol": "ws", "expand": "transcode=1"})}):
        pass


def test_sleeps_until_watched(video):
    until(lambda: video.sources() == 0, 60, 0.2)
    assert video.rig.log("media").count("ready")
    with playing(video, {"rtsp": EVERY["rtsp"]}):
        until(lambda: video.platform.sql("SELECT state FROM citybigdata.camera_source") == [("live",)], 60, 0.2)
    until(lambda: video.sources() == 0, 60, 0.2)


@pytest.mark.parametrize("server, number", [("nginx", signal.SIGTERM), ("media", signal.SIGKILL)])
def test_servers_restart(video, server, number):
    """Players are let go, and open again; nothing of before is left."""
    with playing(video, {name: EVERY[name] for name in ("rtmp", "hls", "rtsp")}) as players:
        os.kill(video.rig.pid(server), number)
        until(lambda: video.rig.pid(server) is None or video.rig.dead(server), 30)
        if server == "media":
            until(lambda: not video.rig.takers(), 30)
        for name in ("rtmp", "rtsp") if server == "media" else ("rtmp",):
            players[name][0].ends()
        video.rig.start_one(server)
        video.rig.wait()
    with playing(video, {name: EVERY[name] for name in ("rtmp", "hls", "rtsp")}):
        pass


def test_feed_in_pieces(video):
    """However ffmpeg's output is cut, a viewer who comes later gets a stream of its own."""
    sys.path.insert(0, os.path.join(TOP, "video"))
    from media.feed import FlvFeed
    whole = subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=160x90:rate=10", "-t", "4", "-c:v", "libx264", "-g", "10",
                            "-f", "flv", "pipe:1"], capture_output=True, timeout=60, check=True).stdout
    feed, got, bare, at = FlvFeed(), [], [], 0
    pieces = random.Random(1)
    while at < len(whole):
        if at > len(whole) // 2 and not feed.viewers:
            feed.add("flv", lambda data: got.append(data) or True)
            feed.add("bare", lambda data, time, shown: bare.append((data, time, shown)) or True, bare=True)
        size = pieces.choice((1, 7, 500, 4096))
        feed.write(whole[at:at + size])
        at += size
    done = subprocess.run(["ffprobe", "-v", "error", "-count_frames", "-show_entries", "stream=codec_name,nb_read_frames,start_time", "-of", "csv=p=0", "-"],
                          input=b"".join(got), capture_output=True, timeout=60, check=True)
    codec, _, frames = done.stdout.decode().strip().split(",")
    assert codec == "h264" and not done.stderr and 5 <= int(frames) == len(bare)
    assert bare[0][1] == 0 and all(len(data) == sum_of_parts(data) for data, _, _ in bare) and feed.decoder[0] == 1


def sum_of_parts(picture):
    """Bytes of H.264 as in MP4: a length of four bytes before each part."""
    at = 0
    while at < len(picture):
        at += 4 + int.from_bytes(picture[at:at + 4], "big")
    return at


# ---- ends ----
def revoke_grant(video, app, plays):
    video.platform.sql("SELECT citybigdata.revoke_grant(%s, 'cameras')", app["appCode"])


def revoke_application(video, app, plays):
    check_envelope(video.platform.client.post(f"/admin/applications/{app['appCode']}/revoke", {"reason": "test"}, token=video.platform.admin_token), 200, 0)


def revoke_addresses(video, app, plays):
    for play in plays:
        check_envelope(video.platform.client.post(f"/cameras/plays/{play}/revoke", {}, token=app["token"]), 200, 0)


@pytest.mark.parametrize("revoke", [revoke_grant, revoke_application, revoke_addresses])
def test_revocation_ends_plays(video, revoke):
    video.app = video.application()
    with playing(video, EVERY) as players:
        began = time.monotonic()
        revoke(video, video.app, [play for _, play in players.values()])
        for player, _ in players.values():
            player.ends()
        for name, (player, play) in players.items():
            print(f"{name}: last byte {max(player.last - began, 0):.1f} s after {revoke.__name__}")
            until(lambda play=play: video.row(play)[1], 30)
            assert video.row(play)[2] in ("revoked", "refused")
    video.app = video.application()


def test_outlives_the_time_to_open(video):
    """Expiry refuses opening alone."""
    with playing(video, EVERY) as players:
        video.platform.sql("UPDATE citybigdata.camera_play SET open_until = now() - interval '1 second' WHERE play_id = ANY (%s)",
                           [play for _, play in players.values()])
        time.sleep(8)  # longer than any answer is kept, and than any two questions lie apart
        for player, _ in players.values():
            player.plays()
        for name in ("rtsp", "rtmp"):
            assert "h264" not in video.probe(players[name][0].url), name
        reply = video.play(players["rtmp"][0].url)
        check_envelope(reply, 403, 40366)


def test_end_is_audited(video):
    with playing(video, {"rtmp": EVERY["rtmp"], "hls": EVERY["hls"]}) as players:
        plays = {name: play for name, (_, play) in players.items()}
    for name, reason in (("rtmp", "stopped"), ("hls", "silent")):
        until(lambda name=name: video.row(plays[name])[1], 60, 0.2)
        assert video.row(plays[name])[2] == reason
        assert video.audited("status_code = 0 AND detail LIKE %s AND app_code = %s AND host(client_addr) = '127.0.0.1'", f"{name}, stream %, opened %, {reason}",
                             video.app["appCode"])


# ---- what is refused ----
def test_forged_calls(video):
    """Who is no media server learns nothing, and is written down."""
    url, play = video.url(protocol="rtmp")
    for what, fields in (("play", {"event": "open", "protocol": "rtmp", "token": token_of(url), "stream": stream_of(url), "client": "127.0.0.1"}),
                         ("source", {"source": stream_of(url)}), ("report", {"sources": ""})):
        for forged in ({"key": "x" * 43}, {"provider": "other"}, {"key": None}, {"provider": None}):
            reply = video.ask(what, **{**fields, **forged})
            check_envelope(reply, 401, 40101)
            until(lambda reply=reply: video.platform.value("SELECT count(*) FROM citybigdata.audit_log WHERE request_id = %s AND status_code = 40101",
                                                           reply.header("X-Request-Id")) == 1)
    video.platform.sql("UPDATE citybigdata.camera_provider SET networks = '{192.0.2.0/24}' WHERE provider_code = %s", PROVIDER)
    try:
        check_envelope(video.play(url), 401, 40104)
        assert "h264" not in video.probe(url)
    finally:
        video.platform.sql("UPDATE citybigdata.camera_provider SET networks = '{}' WHERE provider_code = %s", PROVIDER)
    assert video.row(play) == (False, False, None)


def test_altered_addresses(video):
    url, play = video.url(protocol="rtmp")
    other, _ = video.url(H265, protocol="rtmp", expand="transcode=1")
    token = token_of(url)
    for changes in ({"token": token[:-1] + ("A" if token[-1] != "A" else "B")}, {"token": ""}, {"token": None}, {"stream": stream_of(other)},
                    {"stream": stream_of(url).replace("_0", "_1")}, {"stream": "../../etc"}, {"protocol": "hls"}, {"protocol": None}):
        check_envelope(video.play(url, **changes), 403, 40365)
    for changes, code in (({"client": "here"}, 40007), ({"event": "steal"}, 40007), ({"event": None}, 40007)):
        check_envelope(video.play(url, **changes), 400, code)
    check_envelope(video.play(url, "keep"), 403, 40365)  # nothing runs that was not opened
    for changed in (url.replace(token, token[::-1]), url.replace("_0", "_1"), url.split("?")[0], other.split("?")[0] + "?token=" + token):
        assert "h264" not in video.probe(changed)
    hls, _ = video.url(protocol="hls")
    for changed in (hls.replace(token_of(hls), token), hls.replace("/hls/", "/_hls/"),
                    f"{video.rig.urls['hls'][:-4]}/_hls/{stream_of(hls)}/index.m3u8"):
        assert video.fetch(changed)[0] in (403, 404)
    assert video.row(play) == (False, False, None)


def test_another_client(video):
    """The first that opens an address is the only one."""
    url, play = video.url(protocol="rtmp")
    check_envelope(video.play(url, client="192.0.2.7"), 200, 0)
    check_envelope(video.play(url), 403, 40367)
    assert "h264" not in video.probe(url)
    check_envelope(video.play(url, client="192.0.2.7", event="end"), 200, 0)
    check_envelope(video.play(url, client="192.0.2.7"), 200, 0)  # the same may open again while it may be opened
    video.platform.sql("SELECT citybigdata.camera_play_revoke(%s)", play)
    check_envelope(video.play(url, client="192.0.2.7"), 403, 40368)


def test_no_publishing(video):
    """Only the media service publishes: a stranger's pictures are shown to nobody."""
    done = subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=160x90:rate=5", "-t", "5", "-c:v", "libx264", "-f", "flv",
                           f"{video.rig.urls['rtmp']}/{H264.replace('-', '')}_0?key=forged"], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode != 0 or "error" in done.stderr.lower(), done


def test_transcoders_are_limited(video):
    url, play = video.url(H265, "hls", expand="transcode=1")
    until(lambda: video.sources() == 0, 60, 0.2)
    video.platform.sql("UPDATE citybigdata.camera_provider SET transcoders = 0 WHERE provider_code = %s", PROVIDER)
    try:
        status, body = video.fetch(url)
        assert status == 503 and json.loads(body)["statusCode"] == 50365
        assert video.audited("status_code = 50365 AND object = %s", stream_of(url))
        check_envelope(video.order(H265, protocol="hls", expand="transcode=1"), 503, 50365)
    finally:
        video.platform.sql("UPDATE citybigdata.camera_provider SET transcoders = 2 WHERE provider_code = %s", PROVIDER)
    assert video.probe(url) == ["h264"], video.rig.log("media") + video.rig.log("nginx")


def test_source_that_never_comes(video):
    until(lambda: video.sources() == 0, 60, 0.2)
    video.rig.stop_one("camera-h264")
    try:
        url, _ = video.url(protocol="hls")
        status, body = video.fetch(url)
        assert status == 504 and json.loads(body)["statusCode"] == 50465
    finally:
        video.rig.start_one("camera-h264")
        video.rig.wait()
    assert video.probe(url) == ["h264"], video.rig.log("media") + video.rig.log("nginx")


def test_camera_goes_off_line(video):
    with playing(video, {"rtsp": EVERY["rtsp"], "hls": EVERY["hls"]}) as players:
        video.platform.sql("UPDATE citybigdata.camera SET state = 'offline' WHERE camera_index_code = %s", H264)
        try:
            for player, _ in players.values():
                player.ends()
            check_envelope(video.play(players["rtsp"][0].url), 403, 40369)
        finally:
            video.platform.sql("UPDATE citybigdata.camera SET state = 'online' WHERE camera_index_code = %s", H264)


def test_nothing_secret_is_told(video):
    """Neither logs nor command lines have a camera's password."""
    for name in video.rig.commands():
        assert "demo-picture" not in video.rig.log(name), name
    with playing(video, {"rtsp": EVERY["rtsp"]}):
        for path in glob.glob("/proc/[0-9]*/cmdline"):
            with contextlib.suppress(OSError), open(path, "rb") as file:
                assert b"demo-picture" not in file.read()
