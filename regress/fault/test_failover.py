"""A primary that stops without a word, and its standby that is promoted: the bridge finds it by itself."""
import glob
import os
import shutil
import signal
import subprocess
import tempfile

import pytest
from own_bridge import USER, as_user, free_port, own_bridge
from rig import check_envelope, until

LONG = 90  # s: for what takes a few seconds on a machine that does nothing else


class Server:
    """A PostgreSQL of the test's own, copied from a running one by pg_basebackup."""

    def __init__(self, platform, source, standby):
        self.bin = os.path.dirname(glob.glob(os.path.join(platform.folder, "pg", "**", "pg_ctl"), recursive=True)[0])
        self.folder = tempfile.mkdtemp(prefix="cbd.", dir="/tmp")
        if os.getuid() == 0:
            shutil.chown(self.folder, USER)
        self.port = str(free_port())
        self.run("pg_basebackup", "-h", source[0], "-p", source[1], "-U", "postgres", "-D", f"{self.folder}/data", "-c", "fast", "-X", "stream",
                 *(["-R"] if standby else []))
        self.run("pg_ctl", "start", "-w", "-t", "120", "-D", f"{self.folder}/data", "-l", f"{self.folder}/server.log",
                 "-o", f"-p {self.port} -k {self.folder} -c listen_addresses=")

    def run(self, program, *arguments):
        done = subprocess.run(as_user([os.path.join(self.bin, program), *arguments]), stdout=subprocess.PIPE if program != "pg_ctl" else subprocess.DEVNULL,
                              stderr=subprocess.STDOUT if program != "pg_ctl" else subprocess.DEVNULL, cwd="/", check=False, timeout=300)
        assert done.returncode == 0, (program, arguments, done.stdout)

    @property
    def address(self):
        return self.folder, self.port

    def sql(self, query):
        return subprocess.run(as_user([os.path.join(self.bin, "psql"), "-XAtq", "-h", self.folder, "-p", self.port, "-U", "postgres", "-d", "citybigdata",
                                       "-c", query]), capture_output=True, text=True, cwd="/", check=True).stdout.strip()

    def processes(self):
        """All that work in its data directory."""
        found = []
        for name in glob.glob("/proc/[0-9]*/cwd"):
            try:
                if os.readlink(name) == f"{self.folder}/data":
                    found.append(int(name.split("/")[2]))
            except OSError:
                pass
        return found

    def signal(self, number):
        for pid in self.processes():
            os.kill(pid, number)

    def remove(self):
        self.signal(signal.SIGCONT)
        subprocess.run(as_user([os.path.join(self.bin, "pg_ctl"), "stop", "-m", "immediate", "-w", "-D", f"{self.folder}/data"]), cwd="/", check=False,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until(lambda: not self.processes())
        shutil.rmtree(self.folder)


@pytest.fixture
def pair(platform, token):
    """(primary, standby): copies of the platform's server, with the token in both."""
    conf = os.path.join(platform.folder, "data", "pg_hba.conf")
    with open(conf, encoding="ascii") as file:
        before = file.read()
    servers = []
    try:
        with open(conf, "a", encoding="ascii") as file:
            file.write("local replication all trust\n")
        platform.sql("SELECT pg_reload_conf()")
        servers.append(Server(platform, (platform.env["PGHOST"], platform.env["PGPORT"]), standby=False))
        servers.append(Server(platform, servers[0].address, standby=True))
        yield servers
    finally:
        for server in servers:
            server.remove()
        with open(conf, "w", encoding="ascii") as file:
            file.write(before)
        platform.sql("SELECT pg_reload_conf()")


@pytest.mark.parametrize("more", ["", "target_session_attrs=read-write"])
def test_failover_from_a_stopped_primary(platform, token, pair, more):
    """SIGSTOP of the whole primary, what a dead machine looks like; not ready while there is only a standby; then the promoted one."""
    primary, standby = pair
    conf = f"host='{primary.folder},{standby.folder}' port='{primary.port},{standby.port}' dbname=citybigdata user=citybigdata_bridge {more}"
    with own_bridge(platform, database=conf) as bridge:
        def works():
            return bridge.client.get("/divisions/110101", token=token).status == 200 and \
                platform.report(platform.event(), token, client=bridge.client).status == 200
        until(works, LONG)
        until(lambda: standby.sql("SELECT pg_last_wal_replay_lsn() IS NOT NULL") == "t")
        primary.signal(signal.SIGSTOP)
        until(lambda: bridge.client.get("//readyz").status == 503, LONG)
        event = platform.event()
        check_envelope(platform.report(event, token, client=bridge.client), 503)
        standby.run("pg_ctl", "promote", "-w", "-D", f"{standby.folder}/data")
        until(works, LONG)
        until(lambda: bridge.client.get("//readyz").status == 200, LONG)
        until(lambda: platform.report(event, token, client=bridge.client).status == 200, LONG)
        count = f"SELECT count(*) FROM citybigdata.event WHERE other_task_num = '{event['otherTaskNum']}'"
        assert standby.sql(count) == "1"


def test_standby_alone_is_not_ready(platform, token, pair):
    """A bridge whose only server is a standby says so, and serves once that is promoted, without a signal."""
    _, standby = pair
    conf = f"host={standby.folder} port={standby.port} dbname=citybigdata user=citybigdata_bridge"
    with own_bridge(platform, ready=503, database=conf) as bridge:
        until(lambda: any("read-only" in problem["message"] for problem in bridge.client.get("//readyz").data["problems"]), LONG)
        check_envelope(platform.report(platform.event(), token, client=bridge.client), 503)
        standby.run("pg_ctl", "promote", "-w", "-D", f"{standby.folder}/data")
        until(lambda: bridge.client.get("//readyz").status == 200, LONG)
        until(lambda: platform.report(platform.event(), token, client=bridge.client).status == 200, LONG)
