"""Kannel 1.4.5 (bearerbox and smsbox of Debian), with the message centre behind it where wanted: all on 127.0.0.1, as an
ordinary user, one folder each.

    with Kannel(folder, centre_port=centre.port, reply_url=...) as kannel:   kannel.send("13800138000 13900139000", "文字", ...)
    kannel.kill_bearerbox(); kannel.start()

As a program it serves make up and make down, which run it as that user:
    kannel.py gateway FOLDER BASE CA     prints the SQL of the platform's row; BASE is the platform's address, CA who signed its certificate
    kannel.py start FOLDER [REPLY_URL]   starts what does not run of the message centre, bearerbox and smsbox
    kannel.py stop FOLDER                ends them: found by their command, so that no pid file can lie

Settings (settings.json, 0600): user, password of sendsms; centre_password; ports; reply_url (where replies go; may be empty);
ca (PEM file that reply_url and dlr-url are judged by).
"""
import json
import os
import pwd
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAMS = {"bearerbox": "/usr/sbin/bearerbox", "smsbox": "/usr/sbin/smsbox"}
SHORT_NUMBER = "106912345"
WAIT = 30
REPLY_FIELDS = "?id=%I&from=%p&to=%P&time=%T&text=%b"
USER = "postgres" if os.getuid() == 0 else pwd.getpwuid(os.getuid()).pw_name

# What is left out has Kannel's default. store-type file: what was accepted is on disk.
# max-messages: 990 characters are 15 parts, the default would cut after one. reply: max-messages 0, so that what the platform
# answers is not sent to the handset. mo-recode: texts come in UTF-8.
CONF = """\
group = core
admin-port = {admin}
admin-interface = "127.0.0.1"
admin-password = "{admin_password}"
status-password = "{admin_password}"
admin-deny-ip = "*.*.*.*"
admin-allow-ip = "127.0.0.1"
smsbox-port = {smsbox}
smsbox-interface = "127.0.0.1"
box-deny-ip = "*.*.*.*"
box-allow-ip = "127.0.0.1"
log-file = "{folder}/bearerbox.log"
log-level = 1
store-type = file
store-location = "{folder}/kannel.store"
sms-resend-freq = 2
dlr-storage = internal
{trust}
group = smsc
smsc = smpp
smsc-id = CENTRE
host = 127.0.0.1
port = {centre}
transceiver-mode = true
smsc-username = "city"
smsc-password = "{centre_password}"
system-type = "VMA"
source-addr-ton = 0
source-addr-npi = 1
dest-addr-ton = 1
dest-addr-npi = 1
enquire-link-interval = 10
reconnect-delay = 1
wait-ack = 5
wait-ack-expire = 1
max-pending-submits = 50

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {sendsms}
sendsms-interface = "127.0.0.1"
sendsms-chars = "0123456789+ -"
log-file = "{folder}/smsbox.log"
log-level = 1
http-request-retry = 20
http-queue-delay = 2
mo-recode = true

group = sendsms-user
username = "{user}"
password = "{password}"
user-deny-ip = "*.*.*.*"
user-allow-ip = "127.0.0.1"
default-sender = "{sender}"
max-messages = 20
concatenation = true

group = sms-service
keyword = default
catch-all = true
max-messages = 0
{reply}
"""


def free_ports(count):
    """So many TCP ports of 127.0.0.1 that nothing listens on."""
    probes = [socket.socket() for _ in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def listens(port):
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def as_user(command):
    """The command as the ordinary user: postgres when we are root, else ourselves."""
    if os.getuid() != 0:
        return list(command)
    return ["setpriv", f"--reuid={USER}", f"--regid={pwd.getpwnam(USER).pw_gid}", "--init-groups", "--", *command]


def until(condition, what, seconds=WAIT):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(what)
        time.sleep(0.02)


def processes(folder):
    """{program: process id} of what runs for the folder: one of its arguments is a file in there."""
    found = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/cmdline", "rb") as file:
                words = [os.fsdecode(w) for w in file.read().split(b"\0")]
        except OSError:
            continue
        program = {"bearerbox": "bearerbox", "smsbox": "smsbox", "message_centre.py": "centre"}.get(
            os.path.basename(words[1] if len(words) > 1 and words[1].endswith("message_centre.py") else words[0]))
        if program and any(os.path.dirname(word) == folder for word in words[1:]):
            found[program] = int(name)
    return found


def end(pid, seconds=10):
    """SIGTERM, SIGKILL when that does nothing."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.kill(pid, number)
            until(lambda: not alive(pid), f"process {pid} lives on", seconds)
            return
        except ProcessLookupError:
            return
        except TimeoutError:
            continue


def alive(pid):
    """Does it run? A dead process that nobody has reaped does not."""
    try:
        with open(f"/proc/{pid}/stat", encoding="latin-1") as file:
            return file.read().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


class Kannel:
    """bearerbox and smsbox of one folder; with centre_port 0 the message centre too, as a process of its own."""

    def __init__(self, folder, **settings):
        self.folder = os.path.abspath(folder)
        os.makedirs(self.folder, mode=0o700, exist_ok=True)
        self.file = os.path.join(self.folder, "settings.json")
        self.settings = {"user": "city", "password": secrets.token_hex(16), "admin_password": secrets.token_hex(16), "centre_password": "smpppw",
                         "sender": SHORT_NUMBER, "reply_url": "", "ca": "", "centre_port": 0, "ports": {}}
        if os.path.exists(self.file):
            with open(self.file, encoding="utf-8") as file:
                self.settings.update(json.load(file))
        self.settings.update(settings)
        self.children = {}

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()

    @property
    def url(self):
        """Where messages are handed over."""
        return f"http://127.0.0.1:{self.settings['ports']['sendsms']}/cgi-bin/sendsms"

    @property
    def user(self):
        return self.settings["user"]

    @property
    def password(self):
        return self.settings["password"]

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self):
        """settings.json and kannel.conf; both have passwords in them."""
        ports = dict(self.settings["ports"], **({"centre": self.settings["centre_port"]} if self.settings["centre_port"] else {}))
        reply = f'get-url = "{self.settings["reply_url"]}"' if self.settings["reply_url"] else 'text = ""'
        trust = f'ssl-trusted-ca-file = "{self.settings["ca"]}"\n' if self.settings["ca"] else ""
        conf = CONF.format(folder=self.folder, reply=reply, trust=trust, **{**self.settings, **ports})
        for name, text in (("settings.json", json.dumps(self.settings, indent=1)), ("kannel.conf", conf)):
            with open(os.open(self.path(name), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
                file.write(text + "\n")
        if os.getuid() == 0:
            for place, _, names in os.walk(self.folder):
                for name in (place, *(os.path.join(place, n) for n in names)):
                    os.chown(name, pwd.getpwnam(USER).pw_uid, pwd.getpwnam(USER).pw_gid)

    def choose_ports(self):
        """Those of last time where nobody else has taken them."""
        running, ports = processes(self.folder), self.settings["ports"]
        owners = {"centre": "centre", "admin": "bearerbox", "smsbox": "bearerbox", "sendsms": "smsbox"}
        free = iter(free_ports(len(owners)))
        self.settings["ports"] = {name: ports[name] if name in ports and (owner in running or not listens(ports[name])) else next(free)
                                  for name, owner in owners.items()}

    def spawn(self, name, command, log):
        with open(self.path(log), "ab") as out:
            self.children[name] = subprocess.Popen(as_user(command), stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True, cwd="/")

    def listening(self, name, port):
        """Waits until the program listens; what it wrote is told when it ends instead."""
        def ready():
            if name in self.children and self.children[name].poll() is not None:
                with open(self.path(f"{name}.out"), encoding="utf-8", errors="replace") as file:
                    raise RuntimeError(f"{name} has ended: " + " / ".join(line.strip() for line in file if "ERROR" in line or "Error" in line))
            return listens(port)
        until(ready, f"{name} does not listen; see {self.path(name)}.log")

    def start(self):
        """Starts what does not run, and waits until messages are taken and the message centre is bound."""
        self.choose_ports()
        self.write()
        running, ports = processes(self.folder), self.settings["ports"]
        if not self.settings["centre_port"] and "centre" not in running:
            self.spawn("centre", ["/usr/bin/python3", os.path.join(HERE, "message_centre.py"), self.file], "centre.out")
            self.listening("centre", ports["centre"])
        for name, port in (("bearerbox", "smsbox"), ("smsbox", "sendsms")):
            if name not in running:
                self.spawn(name, [PROGRAMS[name], "-v", "3", self.path("kannel.conf")], f"{name}.out")
            self.listening(name, ports[port])
        until(lambda: self.status().count("online"), f"no message centre is bound; see {self.path('bearerbox')}.log")
        return self

    def stop(self):
        """smsbox first: what it holds goes back to bearerbox."""
        running = processes(self.folder)
        for name in ("smsbox", "bearerbox", "centre"):
            if name in running:
                end(running[name])
        for child in self.children.values():
            child.wait()

    def kill(self, name):
        """kill -9 of bearerbox or smsbox; smsbox ends with bearerbox."""
        running = processes(self.folder)
        os.kill(running[name], signal.SIGKILL)
        if name == "bearerbox" and "smsbox" in running:
            end(running["smsbox"])
        for gone in [n for n in self.children if n == name or name == "bearerbox" and n == "smsbox"]:
            self.children.pop(gone).wait()

    def status(self):
        """bearerbox's own account of itself."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.settings['ports']['admin']}/status.txt?password={self.settings['admin_password']}", timeout=5) as reply:
            return reply.read().decode()

    def send(self, to, text, **more):
        """(HTTP status, text) of sendsms; numbers are separated by a blank."""
        query = {"username": self.user, "password": self.password, "to": to, "text": text, "charset": "utf-8", "coding": "2", **more}
        try:
            with urllib.request.urlopen(self.url + "?" + urllib.parse.urlencode(query), timeout=10) as reply:
                return reply.status, reply.read().decode()
        except urllib.error.HTTPError as fault:
            return fault.code, fault.read().decode()


    def gateway(self, base, ca):
        """The SQL that makes the platform's row of it; a new token where none of that address is known."""
        self.settings["ca"] = ca
        self.choose_ports()
        self.write()
        definition = {"code": "kannel", "title": "Kannel", "kind": "kannel", "url": self.url, "userName": self.user, "password": self.password,
                      "sender": self.settings["sender"], "reportBase": base, "reportNetworks": ["127.0.0.1/32"],
                      "newToken": not self.settings["reply_url"].startswith(base + "/")}
        return f"SELECT reply_url FROM citybigdata.save_gateway($definition${json.dumps(definition)}$definition$);"

    def take_reply_url(self, url):
        """Where replies go from now on; empty: as before."""
        if url and url + REPLY_FIELDS != self.settings["reply_url"]:
            self.stop()
            self.settings["reply_url"] = url + REPLY_FIELDS


def main():
    command, folder, *more = sys.argv[1:]
    kannel = Kannel(folder)
    if command == "gateway":
        print(kannel.gateway(*more))
    elif command == "start":
        kannel.take_reply_url(more[0] if more else "")
        kannel.start()
    elif command == "stop":
        kannel.stop()
    else:
        sys.exit("kannel.py gateway FOLDER BASE CA | start FOLDER [REPLY_URL] | stop FOLDER")


if __name__ == "__main__":
    main()
