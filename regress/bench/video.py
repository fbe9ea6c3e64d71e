"""video.py FOLDER BRIDGE CA SECONDS: measures plays at the media servers of FOLDER (regress/video/video_rig.py), with the token in
CBD_TOKEN. Prints lines `what|value|unit|aim`. Called by video.sh."""
import json
import os
import re
import shutil
import ssl
import statistics
import subprocess
import sys
import time
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "video"))
from player import Player, options  # noqa: E402
from video_rig import VideoRig, free_port  # noqa: E402

CAMERA = "2f1d6d3e-8f0b-4f0e-9d53-0c1b7a3e5f11"
STREAM = CAMERA.replace("-", "") + "_0"
# The next key frame is up to a second away, at random: RTSP, which begins with it, takes more turns than what begins with one that is kept.
TURNS = {"rtsp": 40, "rtmp": 10, "hls": 10}


class Bench:
    def __init__(self, folder, bridge, ca, seconds):
        self.rig, self.bridge, self.ca, self.seconds = VideoRig(folder), bridge, ca, int(seconds)
        self.context = ssl.create_default_context(cafile=ca)
        self.open_port = free_port()

    def post(self, path, body):
        request = urllib.request.Request(self.bridge + "/api/v1" + path, json.dumps(body).encode(),
                                         {"Authorization": "Bearer " + os.environ["CBD_TOKEN"], "Content-Type": "application/json"})
        with urllib.request.urlopen(request, context=self.context, timeout=30) as reply:
            return json.load(reply)["data"]

    def url(self, protocol, **form):
        data = self.post("/cameras/previewURLs", {"cameraIndexCode": CAMERA, "protocol": protocol, **form})
        return data["url"], data["playId"]

    def open_servers(self):
        """The same nginx without judging: an application that a copy is published to, a server for the same files."""
        path = self.rig.path("nginx.conf")
        with open(path, encoding="utf-8") as file:
            text = file.read()
        text = text.replace("        application live {\n", "        application open { live on; wait_key on; wait_video on; }\n        application live {\n", 1)
        server = (f"    server {{ listen 127.0.0.1:{self.open_port} ssl; ssl_certificate {self.rig.path('server.pem')}; "
                  f"ssl_certificate_key {self.rig.path('server.key')}; root {self.rig.path('state')}; add_header Cache-Control no-store; }}\n}}\n")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text.rstrip()[:-1] + server)
        self.rig.stop_one("nginx")
        self.rig.start_one("nginx")
        self.rig.wait()

    def first_frame(self, url):
        subprocess.run(["ffmpeg", "-nostdin", "-v", "error", *options(url, self.ca), "-fflags", "nobuffer", "-analyzeduration", "100000", "-i", url, "-frames:v", "1",
                        "-f", "null", "-"], check=True, timeout=60)

    def first_frames(self):
        direct = {"rtsp": self.rig.source("h264"), "rtmp": f"rtmp://127.0.0.1:{self.rig.ports['rtmp']}/open/{STREAM}",
                  "hls": f"https://localhost:{self.open_port}/hls/{STREAM}/index.m3u8"}
        warm = [Player(self.url(protocol)[0], self.ca) for protocol in direct] + [Player(direct["rtsp"], self.ca)]
        for player in warm:
            player.plays()
        copy = subprocess.Popen(["ffmpeg", "-nostdin", "-v", "error", "-i", self.url("rtmp")[0], "-c", "copy", "-f", "flv", direct["rtmp"]])
        time.sleep(8)
        for protocol, unjudged in direct.items():
            spent = {"judged": [], "direct": []}
            for _ in range(TURNS[protocol]):
                began = time.monotonic()
                self.first_frame(self.url(protocol)[0])
                spent["judged"].append(time.monotonic() - began)
                began = time.monotonic()
                self.first_frame(unjudged)
                spent["direct"].append(time.monotonic() - began)
            judged, plain = (statistics.median(spent[how]) for how in ("judged", "direct"))
            tell(f"{protocol}: request to first frame, warm (direct: {plain:.2f} s)", f"{judged:.2f}", "s", "")
            tell("  beside playing directly", f"{judged / plain:.2f}", "x", "<= 1.1")
        copy.terminate()
        copy.wait()
        for player in warm:
            player.stop()

    def segments(self):
        """The rate of one segment by wrk, by turns."""
        name = STREAM.replace("_0", "_1")
        folder = self.rig.path(f"state/hls/{name}")
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, "1.ts"), "wb") as file:
            file.write(os.urandom(60000))
        for path in (folder, os.path.join(folder, "1.ts")):
            os.chmod(path, 0o755)
        judged = self.url("hls", streamType=1)[0].replace("index.m3u8", "1.ts")
        rates = {judged: [], f"https://localhost:{self.open_port}/hls/{name}/1.ts": []}
        for _ in range(3):
            for url, found in rates.items():
                told = subprocess.run(["wrk", "-t1", "-c8", f"-d{max(self.seconds // 2, 2)}s", url], capture_output=True, text=True, check=True).stdout
                assert "Non-2xx" not in told, told
                found.append(float(re.search(r"Requests/sec: +([0-9.]+)", told)[1]))
        shutil.rmtree(folder)
        with_check, without = (statistics.median(found) for found in rates.values())
        tell(f"HLS segments of 60 kB a second, judged (unjudged: {without:.0f})", f"{with_check:.0f}", "1/s", "")
        tell("  beside nginx without the check", f"{with_check / without:.2f}", "x", ">= 0.8")

    def revocations(self):
        """Seconds from the revocation of an address to the last byte, the longest of some turns."""
        longest = {}
        for turn in range(3):
            plays = {name: self.url(name.split()[0], **form) for name, form in
                     {"rtsp": {}, "rtsp over UDP": {"transmode": 0}, "rtmp": {}, "hls": {}, "ws": {}}.items()}
            players = {name: Player(url, self.ca) for name, (url, _) in plays.items()}
            for player in players.values():
                player.plays()
            time.sleep(4 + turn * 0.7)
            began = time.monotonic()
            for _, play in plays.values():
                self.post(f"/cameras/plays/{play}/revoke", {})
            for name, player in players.items():
                player.ends()
                longest[name] = max(longest.get(name, 0), player.last - began)
        for name, seconds in longest.items():
            tell(f"{name}: revocation to the last byte", f"{seconds:.1f}", "s", "<= 5")


def tell(what, value, unit, aim):
    print(f"{what}|{value}|{unit}|{aim}", flush=True)


bench = Bench(*sys.argv[1:])
bench.open_servers()
bench.first_frames()
bench.segments()
bench.revocations()
