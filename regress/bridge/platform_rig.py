"""Fixtures: one platform (cluster, extension, demo data, bridge over HTTPS) for the whole run.

make test starts the platform with the functions of regress/cluster and names its folder in CITYBIGDATA_TEST_DIR; address and
credentials are read from the env file that `make up` writes too.
"""
import base64
import contextlib
import datetime
import hmac
import itertools
import os
import re
import secrets
import shlex
import subprocess
import time
import urllib.parse
import uuid

import psycopg2
import pytest
from rig import Client, check_envelope

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
_serial = itertools.count(1)
_addresses = itertools.count(10)


def read_env(path):
    """The variables of a shell file of `NAME=value` lines, `export` allowed."""
    values = {}
    with open(path, encoding="utf-8") as file:
        for line in file:
            match = re.match(r"(?:export\s+)?([A-Z_]+)=(.*)$", line.strip())
            if match:
                values[match[1]] = "".join(shlex.split(match[2]))
    return values


class Platform:
    """A running platform and its demo application."""

    def __init__(self, folder):
        self.folder = folder
        self.env = read_env(os.path.join(folder, "env"))
        url = urllib.parse.urlsplit(self.env["CBD_URL"])
        self.client = Client(url.hostname, url.port, self.env["CBD_CA"])
        self.client.secrets.update(self.env.get(n, "unset-secret") for n in ("CBD_KEY", "CBD_PASSWORD", "CBD_SIGNING_SECRET", "CBD_ADMIN_PASSWORD",
                                                                            "CBD_ADMIN_TOTP_SECRET"))
        self._admin = None
        self._step = 0
        self._db = None

    def connect(self, role=None):
        """A database session as the superuser, or as one of the extension's roles (the bridge's one can log in)."""
        bridge = role == "citybigdata_bridge"
        session = psycopg2.connect(host=self.env["PGHOST"], port=self.env["PGPORT"], dbname=self.env["PGDATABASE"],
                                   user=role if bridge else self.env["PGUSER"])
        session.autocommit = True
        if role and not bridge:
            with session.cursor() as cursor:
                cursor.execute(f"SET SESSION AUTHORIZATION {role}")  # SET ROLE leaves the superuser's way back open
        return session

    def sql(self, query, *values, role=None):
        """All rows of a query."""
        if role:
            with contextlib.closing(self.connect(role)) as session:
                return self._run(session, query, values)
        if self._db is None or self._db.closed:
            self._db = self.connect()
        try:
            return self._run(self._db, query, values)
        except psycopg2.Error as fault:
            if fault.pgcode is not None:
                raise
            # the server was killed by a test: a session of before is gone
            self._db = self.connect()
            return self._run(self._db, query, values)

    @staticmethod
    def _run(session, query, values):
        with session.cursor() as cursor:
            cursor.execute(query, values or None)
            return cursor.fetchall() if cursor.description else []

    def value(self, query, *values, **more):
        return self.sql(query, *values, **more)[0][0]

    @property
    def sender(self):
        return self.env["CBD_SENDER_CODE"]

    def totp(self):
        """The demo administrator's one-time password (RFC 6238): of a step not used before, so perhaps the next one's."""
        while self._step >= int(time.time()) // 30 + 1:
            time.sleep(0.2)
        self._step = max(int(time.time()) // 30, self._step + 1)
        mac = hmac.digest(base64.b32decode(self.env["CBD_ADMIN_TOTP_SECRET"]), self._step.to_bytes(8, "big"), "sha1")
        start = mac[-1] & 15
        return f"{(int.from_bytes(mac[start:start + 4], 'big') & 0x7fffffff) % 10**6:06}"

    def administrator(self, role):
        """A new account that is an administrator of a role, with a second factor and a token."""
        account = self.make_account(organization="平台管理处二科")
        self.sql("SELECT citybigdata.set_admin_role(%s, %s)", account["userName"], role)
        secret = base64.b32encode(secrets.token_bytes(20)).decode()
        self.client.secrets.add(secret)
        self.sql("SELECT citybigdata.enrol_totp(%s, %s)", account["userName"], secret)
        return {**account, "secret": secret, "token": self.log_in(account, secret)}

    def log_in(self, account, secret):
        """A token of an administrator whose second factor was not used in this step."""
        reply = self.client.post("/admin/login", {"userName": account["userName"], "password": account["password"],
                                                  "totp": self.value("SELECT citybigdata.totp_code(%s)", secret)})
        self.client.secrets.add(check_envelope(reply, 200, 0).data["accessToken"])
        return reply.data["accessToken"]

    @property
    def admin_token(self):
        if self._admin is None:
            reply = self.client.post("/admin/login", {"userName": self.env["CBD_ADMIN_USER"],
                                                      "password": self.env["CBD_ADMIN_PASSWORD"], "totp": self.totp()})
            check_envelope(reply, 200, 0)
            self._admin = reply.data["accessToken"]
            self.client.secrets.add(self._admin)
        return self._admin

    def forget_admin(self):
        """The demo administrator's token has ended."""
        self._admin, self._step = None, 0

    def token(self, app=None, client=None):
        """A fresh access token of an application (the demo's when none is named), by its key."""
        client = client or self.client
        app = app or {"appCode": self.env["CBD_APP_CODE"], "key": self.env["CBD_KEY"]}
        code = check_envelope(client.post("/auth/code", {"appCode": app["appCode"], "method": "key", "key": app["key"]}), 200, 0)
        reply = check_envelope(client.post("/auth/token", {"appCode": app["appCode"], "authCode": code.data["authCode"]}), 200, 0)
        client.secrets.update((code.data["authCode"], reply.data["accessToken"]))
        return reply.data["accessToken"]

    def make_account(self, approve=True, organization="测试单位"):
        """Registers an account over HTTPS and approves it as the administrator."""
        name = f"user-{os.getpid()}-{next(_serial)}"
        password = "Aa1!" + secrets.token_urlsafe(12)
        self.client.secrets.add(password)
        reply = check_envelope(self.client.post("/accounts", {
            "userName": name, "password": password, "organization": organization, "contactName": "张三",
            "mobile": "13800138000"}), 200, 0)
        assert reply.data["state"] == "pending" and reply.data["accountId"]
        account = {"userName": name, "password": password, "accountId": reply.data["accountId"]}
        if approve:
            check_envelope(self.client.post(f"/admin/accounts/{account['accountId']}/approve", {}, token=self.admin_token), 200, 0)
        return account

    def apply(self, account, **changes):
        """An access request of an account; the reply."""
        body = {"platformCode": "110000", "resources": ["events"], "purpose": "测试",
                "methods": ["key", "password", "signature"], "senderCodes": [f"S-{os.getpid()}-{next(_serial)}"],
                "profile": "egova", **changes}
        return self.client.post("/access-requests", {k: v for k, v in body.items() if v is not None},
                                basic=(account["userName"], account["password"])), body

    def make_application(self, **changes):
        """Account, access request, approval, credentials: the whole way over HTTPS."""
        account = self.make_account()
        reply, body = self.apply(account, **changes)
        number = check_envelope(reply, 200, 0).data["accessRequestId"]
        check_envelope(self.client.post(f"/admin/access-requests/{number}/approve", {}, token=self.admin_token), 200, 0)
        reply = check_envelope(self.client.get(f"/access-requests/{number}",
                                               basic=(account["userName"], account["password"])), 200, 0)
        app = {**account, **reply.data, "accessRequestId": number, "senders": body["senderCodes"]}
        self.client.secrets.update(str(app[n]) for n in ("key", "signingSecret") if app.get(n))
        return app

    def place(self, lon, lat):
        """X/Y of the business plane and longitude/latitude of the online map for a CGCS2000 point."""
        return self.sql("""SELECT round(public.ST_X(b)::numeric, 3)::float8, round(public.ST_Y(b)::numeric, 3)::float8,
                                  round(public.ST_X(m)::numeric, 7)::float8, round(public.ST_Y(m)::numeric, 7)::float8
                           FROM (SELECT public.ST_Transform(p, 4548) AS b, citybigdata.wgs84_to_gcj02(p) AS m
                                 FROM public.ST_SetSRID(public.ST_MakePoint(%s, %s), 4490) p) s""", lon, lat)[0]

    def event(self, **changes):
        """A report that is valid in both profiles (王府井, 东城区); None removes a field."""
        x, y = self.wangfujing[:2]
        now = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8)))
        event = {
            "eventDesc": "路灯不亮，\"夜间\"行走不便", "otherTaskNum": f"T-{uuid.uuid4().hex[:12]}-{next(_serial)}",
            "address": "东城区王府井大街1号", "coordinateX": x, "coordinateY": y, "eventSrcID": 1, "recTypeID": 1,
            "eventLevelID": 1, "eventTypeCode": "6", "mainTypeCode": "602", "subTypeCode": "60201", "mediaNum": 0,
            "humanName": "李四", "cellphone": "13800138000",
            "createTime": (now - datetime.timedelta(hours=1)).strftime("%Y%m%d%H%M%S"), **changes}
        return {k: v for k, v in event.items() if v is not None}

    @property
    def wangfujing(self):
        if not hasattr(self, "_wangfujing"):
            self._wangfujing = self.place(116.4117, 39.9097)
        return self._wangfujing

    def report(self, event, token, sender=None, client=None, **more):
        """POST /events with the event as an object."""
        return (client or self.client).post("/events", {"data": event, "senderCode": sender or self.sender,
                                                        "actionType": "UP_REC_REPORT", **more}, token=token)

    def stored(self, event, sender=None):
        return self.sql("SELECT rec_id, task_num FROM citybigdata.event WHERE sender_code = %s AND other_task_num = %s",
                        sender or self.sender, event["otherTaskNum"])

    def events_state(self):
        """Number of events and of the last recID: unchanged when nothing was stored and no number used up."""
        sequence = self.value("SELECT pg_get_serial_sequence('citybigdata.event', 'rec_id')") or "citybigdata.event_rec_id_seq"
        return self.value("SELECT count(*) FROM citybigdata.event"), self.value(f"SELECT last_value FROM {sequence}")

    @contextlib.contextmanager
    def replaced(self, function, body):
        """An endpoint function with another plpgsql body for a while (the same signature, so plans stay)."""
        definition, oid = self.sql("""SELECT pg_get_functiondef(oid), oid::int FROM pg_proc
                                      WHERE proname = %s AND pronamespace = 'citybigdata'::regnamespace""", function)[0]
        head = re.match(r"(CREATE OR REPLACE FUNCTION .*?\n RETURNS \w+)\n", definition, re.S)[1]
        self.sql(head + "\n LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $replaced$\n"
                 + body + "\n$replaced$")
        try:
            yield oid
        finally:
            self.sql(definition)

    def alter_system(self, change, *values):
        """ALTER SYSTEM of a setting; at the end every open session takes it over with its next statement.

        The postmaster tells its sessions in one go before it accepts another connection: a connection that was opened later and
        knows the new file's time is the proof that all have been told.
        """
        before = self.value("SELECT clock_timestamp()")
        self.sql(f"ALTER SYSTEM {change}", *values)
        self.sql("SELECT pg_reload_conf()")
        while True:
            with contextlib.closing(self.connect()) as session:
                if self._run(session, "SELECT pg_conf_load_time()", ())[0][0] > before:
                    return
            time.sleep(0.01)

    @contextlib.contextmanager
    def setting(self, name, value):
        """A server setting for a while; what it was before comes back, also a value that the cluster was made with."""
        kept = self.sql("SELECT setting FROM pg_file_settings WHERE name = %s AND sourcefile LIKE '%%postgresql.auto.conf'", name)
        self.alter_system(f"SET {name} = %s", value)
        try:
            yield
        finally:
            if kept:
                self.alter_system(f"SET {name} = %s", kept[-1][0])
            else:
                self.alter_system(f"RESET {name}")


def shell(command, **more):
    """A shell command with regress/cluster/lib.sh loaded; its output is shown when it fails."""
    done = subprocess.run(["bash", "-c", f". '{TOP}/regress/cluster/lib.sh'; find_postgres; {command}"],
                          capture_output=True, text=True, **more)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="session")
def platform():
    folder = os.environ.get("CITYBIGDATA_TEST_DIR")
    assert folder, "run by regress/test.sh, or with CITYBIGDATA_TEST_DIR naming the folder of a running platform"
    return Platform(folder)


@pytest.fixture(scope="session")
def demo_data(platform):
    """The demo datasets, 3000 street lights: published, and granted to the demo application."""
    shell(f". '{platform.folder}/env'; psql -X -q -v rows=3000 -v seed=1 -f '{TOP}/regress/cluster/demo_data.sql'")
    return platform


@pytest.fixture(scope="session")
def client(platform):
    return platform.client


@pytest.fixture(scope="session")
def token(platform):
    return platform.token()


@pytest.fixture(scope="session")
def strict(platform):
    """An application of profile strict."""
    return platform.make_application(profile="strict")


@pytest.fixture(scope="session")
def strict_token(platform, strict):
    return platform.token(strict)


@pytest.fixture
def stranger(client):
    """A client from an address that no other test uses: its failures lock out nobody else."""
    number = next(_addresses)
    return client.at(f"127.0.{number // 250 + 1}.{number % 250 + 1}")


@pytest.fixture
def nothing_stored(platform):
    """The test may not store an event nor use up a recID."""
    before = platform.events_state()
    yield
    assert platform.events_state() == before
