"""Bridges of a test's own beside the platform's: other settings, certificates, signals."""
import contextlib
import glob
import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import types

from rig import Client, until

USER = "postgres" if os.getuid() == 0 else pwd.getpwuid(os.getuid()).pw_name


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def program(platform):
    return glob.glob(os.path.join(platform.folder, "pg", "**", "citybigdata-bridge"), recursive=True)[0]


def routes(platform):
    """The rows of the bridge's route table."""
    told = subprocess.run([program(platform), "--print-routes"], capture_output=True, text=True, check=True).stdout
    return [types.SimpleNamespace(**json.loads(line)) for line in told.splitlines()]


def as_user(command):
    """The command as the unprivileged user that bridges run as."""
    if os.getuid() == 0:
        return ["setpriv", f"--reuid={USER}", f"--regid={pwd.getpwnam(USER).pw_gid}", "--init-groups", "--", *command]
    return list(command)


def read_conf(platform):
    with open(os.path.join(platform.folder, "bridge.conf"), encoding="utf-8") as file:
        pairs = (line.split("=", 1) for line in file if "=" in line and not line.startswith("#"))
        return {name.strip(): value.strip() for name, value in pairs}


@contextlib.contextmanager
def platform_settings(platform, **settings):
    """The platform's own bridge with these settings meanwhile, taken up by SIGHUP; outbound_connections="0": it sends nothing, and passes the wakes on."""
    conf = os.path.join(platform.folder, "bridge.conf")
    with open(conf, encoding="utf-8") as file:
        before = file.read()

    def take(text):
        with open(conf, "w", encoding="utf-8") as file:
            file.write(text)
        with open(os.path.join(platform.folder, "bridge.pid"), encoding="utf-8") as file:
            os.kill(int(file.read()), signal.SIGHUP)
    kept = [line for line in before.splitlines(True) if line.split("=", 1)[0].strip() not in settings]
    take("".join(kept) + "".join(f"{name} = {value}\n" for name, value in settings.items()))
    try:
        yield
    finally:
        take(before)


class OwnBridge:
    """A bridge with the platform's database, settings that differ and a folder of its own."""

    def __init__(self, platform, **settings):
        self.platform = platform
        self.folder = tempfile.mkdtemp()
        self.port = settings.pop("port", None) or free_port()
        self.prefix = settings.pop("prefix", [])  # of the command: env NAME=value, prlimit
        self.settings = {**read_conf(platform), "listen": f"127.0.0.1:{self.port}", "workers": "1", "write_connections": "2", "analysis_jobs": "0",
                         "tls_cert": os.path.join(self.folder, "server.pem"), "tls_key": os.path.join(self.folder, "server.key"),
                         **{k: str(v) for k, v in settings.items()}}
        for name, source in (("server.pem", "tls_cert"), ("server.key", "tls_key")):
            shutil.copy(read_conf(platform)[source], os.path.join(self.folder, name))
        self.log = os.path.join(self.folder, "bridge.log")
        self.write_conf()
        self.process = None
        self.client = Client(platform.client.host, self.port, platform.client.ca)
        self.client.secrets = platform.client.secrets

    def write_conf(self):
        with open(os.path.join(self.folder, "bridge.conf"), "w", encoding="utf-8") as file:
            file.writelines(f"{name} = {value}\n" for name, value in self.settings.items())
        self.give()

    def give(self):
        """All files to the unprivileged user."""
        for name in (self.folder, *glob.glob(os.path.join(self.folder, "*"))):
            if os.getuid() == 0:
                shutil.chown(name, USER, pwd.getpwnam(USER).pw_gid)
            if os.path.isfile(name):
                os.chmod(name, 0o600)

    def command(self, *flags):
        return [program(self.platform), "--config", os.path.join(self.folder, "bridge.conf"), *flags]

    def run(self, *flags, user=True):
        """Runs it to its end; (exit code, what it printed)."""
        command = self.command(*flags)
        done = subprocess.run(as_user(command) if user else command, capture_output=True, text=True, timeout=60, check=False)
        return done.returncode, done.stdout + done.stderr

    def start(self, ready=200, stderr=None):
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen([*self.prefix, *as_user(self.command())], stdin=subprocess.DEVNULL, stdout=log,
                                            stderr=log if stderr is None else stderr)

        def answers():
            assert self.process.poll() is None, self.log_text()
            try:
                return self.client.get("//readyz").status == ready or ready is None
            except OSError:
                return False
        until(answers)
        return self

    def log_text(self):
        with open(self.log, encoding="utf-8") as file:
            return file.read()

    def signal(self, number):
        self.process.send_signal(number)

    def stop(self):
        """SIGTERM; the exit code."""
        if self.process is not None and self.process.poll() is None:
            self.signal(signal.SIGTERM)
            try:
                self.process.wait(40)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
                raise
        return self.process.returncode if self.process else None

    def remove(self):
        try:
            self.stop()
        finally:
            shutil.rmtree(self.folder)


@contextlib.contextmanager
def own_bridge(platform, started=True, ready=200, **settings):
    bridge = OwnBridge(platform, **settings)
    try:
        if started:
            bridge.start(ready)
        yield bridge
    finally:
        bridge.remove()


def keeps_freed(process):
    """Was it built with AddressSanitizer (make sanitize)? That keeps what was freed, so figures of memory say nothing."""
    with open(f"/proc/{process.pid}/maps", encoding="utf-8") as file:
        return "libasan" in file.read()
