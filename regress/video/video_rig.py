"""Media servers and two cameras beside a platform: nginx, the media service, a camera of H.264 and one of H.265, all on
127.0.0.1 and free ports, as the unprivileged user, with their files in one folder.

  video_rig.py up FOLDER PROGRAM BRIDGE CA CERTIFICATE KEY    starts what does not run; FOLDER/psql: variables for video.sql
  video_rig.py down FOLDER                                    ends what `up` started

make up VIDEO=nginx calls it so; tests and measurements use the class. PROGRAM is an installed citybigdata-media.
"""
import json
import os
import pwd
import random
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
USER = "postgres" if os.getuid() == 0 else pwd.getpwuid(os.getuid()).pw_name
PROVIDER = "media-1"
CODECS = ("h264", "h265")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def as_user(command):
    if os.getuid() == 0:
        return ["setpriv", f"--reuid={USER}", f"--regid={pwd.getpwnam(USER).pw_gid}", "--init-groups", "--", *command]
    return list(command)


def listening(port):
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


class VideoRig:
    def __init__(self, folder, program=None, bridge=None, ca=None, certificate=None, key=None):
        self.folder, self.program, self.bridge, self.tls = folder, program, bridge, {"ca.pem": ca, "server.pem": certificate, "server.key": key}
        os.makedirs(folder, mode=0o700, exist_ok=True)
        self.ports = self._kept("ports.json", self._choose_ports)
        self.secret = self._kept("secret.json", lambda: secrets.token_urlsafe(32))
        self.settings = {"idle_seconds": 4, "wake_seconds": 15}

    # ---- files ----
    def path(self, name):
        return os.path.join(self.folder, name)

    def _kept(self, name, make):
        """A value that stays the same while the folder is there."""
        if not os.path.exists(self.path(name)):
            with open(self.path(name), "w", encoding="utf-8", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
                json.dump(make(), file)
        with open(self.path(name), encoding="utf-8") as file:
            return json.load(file)

    @staticmethod
    def _choose_ports():
        first = random.randrange(30000, 59000, 100)
        return {**{name: free_port() for name in ("https", "rtmp", "rtsp", "notify", *CODECS)}, "rtp": [first, first + 99]}

    @property
    def urls(self):
        return {"rtsp": f"rtsp://127.0.0.1:{self.ports['rtsp']}", "rtmp": f"rtmp://127.0.0.1:{self.ports['rtmp']}/live",
                "hls": f"https://localhost:{self.ports['https']}/hls", "ws": f"wss://localhost:{self.ports['https']}/ws"}

    def source(self, codec):
        return f"rtsp://camera:demo-picture@127.0.0.1:{self.ports[codec]}/main"

    def write_files(self):
        for name, source in self.tls.items():
            shutil.copy(source, self.path(name))
        shutil.copy(os.path.join(HERE, "camera.py"), self.path("camera.py"))
        text = {
            "media.key": self.secret + "\n",
            "media.conf": "\n".join([
                "[bridge]", f"url = {self.bridge}", f"ca = {self.path('ca.pem')}", f"provider = {PROVIDER}", f"key_file = {self.path('media.key')}",
                "[listen]", f"https_port = {self.ports['https']}", f"rtmp_port = {self.ports['rtmp']}", f"rtsp_port = {self.ports['rtsp']}",
                f"notify_port = {self.ports['notify']}", "rtp_ports = {}-{}".format(*self.ports["rtp"]),
                f"tls_cert = {self.path('server.pem')}", f"tls_key = {self.path('server.key')}",
                "[places]", f"state = {self.path('state')}", f"run = {self.path('run')}",
                "[sources]", *(f"{name} = {value}" for name, value in self.settings.items())]) + "\n",
            # what video.sql is given: addresses, the key, and where the cameras are
            "psql": "".join(f"\\set {name} '{value}'\n" for name, value in {
                "provider": PROVIDER, "secret": self.secret, **{f"{name}_url": url for name, url in self.urls.items()},
                **{f"{codec}_source": self.source(codec) for codec in CODECS}}.items())}
        for name in ("state", "run"):
            os.makedirs(self.path(name), exist_ok=True)
        for name, content in text.items():
            with open(self.path(name), "w", encoding="utf-8") as file:
                file.write(content)
        if os.getuid() == 0:
            for folder, _, names in os.walk(self.folder):
                for one in (folder, *(os.path.join(folder, name) for name in names)):
                    shutil.chown(one, USER, pwd.getpwnam(USER).pw_gid)
        for name in (*text, *self.tls):
            os.chmod(self.path(name), 0o600)
        done = subprocess.run(as_user([self.program, "--config", self.path("media.conf"), "--print-nginx"]), capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        with open(self.path("nginx.conf"), "w", encoding="utf-8", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
            file.write(done.stdout)
        if os.getuid() == 0:
            shutil.chown(self.path("nginx.conf"), USER)

    # ---- processes ----
    def commands(self):
        return {**{f"camera-{codec}": ["/usr/bin/python3", self.path("camera.py"), str(self.ports[codec]), codec, self.path(f"{codec}.ts")]
                   for codec in CODECS},
                "media": ["/usr/bin/python3", self.program, "--config", self.path("media.conf")],
                "nginx": ["/usr/sbin/nginx", "-e", "stderr", "-c", self.path("nginx.conf")]}

    def pid(self, name):
        """Of what runs; None: it does not."""
        try:
            with open(self.path(f"{name}.pid"), encoding="ascii") as file:
                pid = int(file.read())
            with open(f"/proc/{pid}/cmdline", encoding="utf-8") as file:
                return pid if self.folder in file.read() else None
        except (OSError, ValueError):
            return None

    def dead(self, name):
        """Ended, and not yet waited for? It is now."""
        try:
            return os.waitpid(self.pid(name), os.WNOHANG)[0] != 0
        except (ChildProcessError, TypeError):
            return True

    def takers(self):
        """Numbers of the ffmpeg processes of the media service."""
        found = []
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{pid}/cmdline", "rb") as file:
                    words = file.read().split(b"\0")
            except OSError:
                continue
            if words[0] == b"ffmpeg" and any(self.path("state").encode() in word for word in words):
                found.append(int(pid))
        return found

    def start(self):
        self.write_files()
        for name in self.commands():
            self.start_one(name)
        self.wait()
        return self

    def start_one(self, name):
        if self.pid(name) is not None:
            return
        with open(self.path(f"{name}.log"), "ab") as log:
            process = subprocess.Popen(as_user(self.commands()[name]), stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
                                       cwd="/", env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8", "HOME": self.folder})
        with open(self.path(f"{name}.pid"), "w", encoding="ascii") as file:
            file.write(str(process.pid))

    def wait(self):
        end = time.monotonic() + 60
        for name, port in (("camera-h264", "h264"), ("camera-h265", "h265"), ("media", "rtsp"), ("nginx", "rtmp"), ("nginx", "https")):
            while not listening(self.ports[port]):
                assert time.monotonic() < end, f"{name} does not listen: {self.log(name)}"
                time.sleep(0.1)

    def log(self, name):
        with open(self.path(f"{name}.log"), encoding="utf-8", errors="replace") as file:
            return file.read()[-3000:]

    def stop_one(self, name):
        pid = self.pid(name)
        if pid is None:
            return
        os.kill(pid, signal.SIGTERM)
        end = time.monotonic() + 10
        while self.pid(name) is not None:
            try:
                if os.waitpid(pid, os.WNOHANG)[0] == pid:
                    return
            except ChildProcessError:
                pass  # of an earlier run
            if time.monotonic() > end:
                os.kill(pid, signal.SIGKILL)
            time.sleep(0.05)

    def stop(self):
        for name in ("nginx", "media", *(f"camera-{codec}" for codec in CODECS)):
            self.stop_one(name)

    def remove(self):
        self.stop()
        shutil.rmtree(self.folder)


if __name__ == "__main__":
    if sys.argv[1] == "up":
        VideoRig(*sys.argv[2:]).start()
    elif os.path.isdir(sys.argv[2]):
        VideoRig(sys.argv[2]).stop()
