"""The bridge as a service: the unit that is shipped, a port below 1024 with one capability, two bridges of one platform."""
import configparser
import os
import pwd
import socket
import subprocess

from own_bridge import USER, free_port, own_bridge
from rig import check_envelope, until

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
CAPABILITY = "CAP_NET_BIND_SERVICE"


def unit(name):
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str
    parser.read(os.path.join(TOP, "packaging", "systemd", name), encoding="utf-8")
    return parser


def low_port():
    """A free port below 1024, where this user may try one; another one elsewhere."""
    with open("/proc/sys/net/ipv4/ip_unprivileged_port_start", encoding="ascii") as file:
        if os.getuid() != 0 or int(file.read()) < 1024:
            return free_port()
    for port in range(700, 1000):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue
    raise AssertionError("no port below 1024 is free")


def capable(port):
    """The command prefix that gives what the unit with port-443.conf gives."""
    if os.getuid() != 0 or port >= 1024:
        return []
    return ["setpriv", f"--reuid={USER}", f"--regid={pwd.getpwnam(USER).pw_gid}", "--init-groups", "--no-new-privs", "--bounding-set=-all,+net_bind_service",
            "--inh-caps=-all,+net_bind_service", "--ambient-caps=+net_bind_service", "--"]


def test_unit():
    """No root, no capability, and with the drop-in exactly one; the names that operations.md uses."""
    service = unit("citybigdata-bridge.service")["Service"]
    assert service["User"] == "citybigdata" and service["CapabilityBoundingSet"] == "" and "AmbientCapabilities" not in service
    assert service["ExecStart"] == "@BINDIR@/citybigdata-bridge --config /etc/citybigdata/bridge.conf"
    assert service["ExecReload"] == "/bin/kill -HUP $MAINPID" and service["NoNewPrivileges"] == "yes"
    assert dict(unit("port-443.conf")["Service"]) == {"CapabilityBoundingSet": CAPABILITY, "AmbientCapabilities": CAPABILITY}


def test_port_below_1024(platform):
    """With the one capability it listens there, as the unprivileged user; without it says that it may not."""
    port = low_port()
    with own_bridge(platform, started=False, port=port) as bridge:
        if port < 1024:
            code, text = bridge.run()
            assert code == 1 and "Permission denied" in text
        with open(bridge.log, "ab") as log:
            bridge.process = subprocess.Popen([*capable(port), *bridge.command()], stdin=subprocess.DEVNULL, stdout=log, stderr=log)

        def answers():
            assert bridge.process.poll() is None, bridge.log_text()
            try:
                return bridge.client.get("//readyz").status == 200
            except OSError:
                return False
        until(answers)
        assert f"port {port}" in bridge.log_text()


def test_two_bridges(platform):
    """A code of one buys a token at the other, which the first one takes; a token that one revokes is void at both."""
    with own_bridge(platform) as first, own_bridge(platform) as second:
        env = platform.env
        code = check_envelope(first.client.post("/auth/code", {"appCode": env["CBD_APP_CODE"], "method": "key", "key": env["CBD_KEY"]}), 200, 0).data["authCode"]
        first.client.secrets.add(code)
        token = check_envelope(second.client.post("/auth/token", {"appCode": env["CBD_APP_CODE"], "authCode": code}), 200, 0).data["accessToken"]
        first.client.secrets.add(token)
        check_envelope(first.client.get("/events?since=20200101000000", token=token), 200, 0)
        check_envelope(second.client.post("/auth/revoke", {"token": token}, token=token), 200)
        check_envelope(first.client.get("/events?since=20200101000000", token=token), 401, 40102)
