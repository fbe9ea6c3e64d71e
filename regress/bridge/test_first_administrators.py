"""The page docs/first-administrators.md, in both languages: its commands are executed, on a platform of a new database."""
import contextlib
import json
import os
import re
import secrets
import subprocess
import time

import pytest

from own_bridge import own_bridge
from rig import check_envelope

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PASSWORD = "Correct-1-horse"


@contextlib.contextmanager
def new_database(platform, name="first_administrators", before=()):
    """Another platform in a database of its own, with a bridge; `before`: what is executed before CREATE EXTENSION."""
    url = platform.value("SELECT current_setting('citybigdata.public_url')")
    session = platform.connect()
    session.autocommit = True
    run = session.cursor()
    run.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
    try:
        psql(platform, name, "SET client_min_messages = warning", *before, "CREATE EXTENSION citybigdata CASCADE",
             "SELECT citybigdata.setup('110000', '北京市城市管理大数据平台', '110000')", f"ALTER DATABASE {name} SET citybigdata.public_url = '{url}'")
        with own_bridge(platform, started=False) as bridge:
            bridge.settings["database"] = re.sub(r"dbname=\S+", f"dbname={name}", bridge.settings["database"])
            bridge.write_conf()
            bridge.start()
            yield bridge
    finally:
        run.execute(f"DROP DATABASE {name} WITH (FORCE)")
        session.close()


def psql(platform, database, *commands):
    arguments = [part for command in commands for part in ("-c", command)]
    return shell(platform, f"psql -X -v ON_ERROR_STOP=1 -d {database} \"$@\"", {}, *arguments)


def shell(platform, text, variables, *arguments):
    """The command with the platform's env file and the variables; what it printed."""
    done = subprocess.run(["bash", "-c", f". '{platform.folder}/env'; set -eu; {assigned(variables)}\n{text}", "bash", *arguments],
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, text + done.stdout + done.stderr
    return done.stdout


def assigned(variables):
    return " ".join(f"{name}='{value}';" for name, value in variables.items())


class Page:
    """The commands of the page, one after the other."""

    def __init__(self, platform, bridge, name):
        with open(os.path.join(TOP, name), encoding="utf-8") as file:
            self.blocks = re.findall(r"^```sh\n(.*?)^```$", file.read(), re.M | re.S)
        self.platform, self.variables = platform, {"CBD_URL": f"https://localhost:{bridge.port}", "CBD_CA": bridge.client.ca}

    def run(self, block, **variables):
        text = self.blocks[block].replace("-d citybigdata", "-d first_administrators")
        return shell(self.platform, text, {**self.variables, **variables})

    def call(self, block, code=0, **variables):
        reply = json.loads(self.run(block, **variables))
        assert reply["statusCode"] == code, reply
        return reply["data"]

    def totp(self, address):
        return self.platform.value("SELECT citybigdata.totp_code(%s)", re.search(r"secret=([A-Z2-7]+)", address)[1])

    def log_in(self, name, address):
        return self.call(2, NAME=name, PASSWORD=PASSWORD, TOTP=self.totp(address))["accessToken"]


@pytest.mark.parametrize("name", ["docs/first-administrators.md", "docs/zh/first-administrators.md"])
def test_page(platform, name):
    with new_database(platform) as bridge:
        page = Page(platform, bridge, name)
        rows = re.findall(r"^ (\w+) +\| (\S+) +\| (\S{43}) \|", page.run(0), re.M)
        assert [row[:2] for row in rows] == [("sysadmin", "zhao.min"), ("secadmin", "qian.li"), ("auditor", "sun.wei")]
        addresses = {}
        for role, user, one_time in rows:
            page.call(2, 40306, NAME=user, PASSWORD=one_time, TOTP="")
            lost = page.call(1, NAME=user, ONE_TIME=one_time, PASSWORD="Another-1-horse")["secondFactor"]
            addresses[role] = page.call(1, NAME=user, ONE_TIME="Another-1-horse", PASSWORD=PASSWORD)["secondFactor"]
            assert lost != addresses[role]
        tokens = {role: page.log_in(user, addresses[role]) for role, user, _ in rows}
        page.call(1, 40101, NAME="qian.li", ONE_TIME=PASSWORD, PASSWORD="Another-2-horse")
        number = page.call(3, PASSWORD=PASSWORD)["accountId"]
        shown = None
        for block, action in ((4, "account"), (5, ""), (4, "second-factor")):
            proposal = page.call(block, SYSADMIN=tokens["sysadmin"], ACTION=action, ID=number)["proposalId"]
            shown = page.call(6, SECADMIN=tokens["secadmin"], PROPOSAL=proposal).get("address")
        assert page.log_in("li.na", shown)
        # the auditor reads who did it, and no secret
        told = bridge.client.get("/admin/audit?pageSize=1000", token=tokens["auditor"])
        told = [item for item in check_envelope(told, 200, 0).data["items"]]
        assert [item["object"] for item in told if item["action"] == "account.first-administrator"] == ["zhao.min", "qian.li", "sun.wei"]
        assert not any(secret in json.dumps(told) for row in rows for secret in (row[2],))


def test_no_secret_in_statistics_or_logs(platform):
    """One-time passwords and second factors are in neither pg_stat_statements nor the server's log."""
    with new_database(platform) as bridge:
        page = Page(platform, bridge, "docs/first-administrators.md")
        psql(platform, "first_administrators", "CREATE EXTENSION pg_stat_statements")
        rows = re.findall(r"^ (\w+) +\| (\S+) +\| (\S{43}) \|", page.run(0), re.M)
        chosen = "Aa1-" + secrets.token_urlsafe(12)
        address = page.call(1, NAME="qian.li", ONE_TIME=rows[1][2], PASSWORD=chosen)["secondFactor"]
        seen = psql(platform, "first_administrators", "SELECT query FROM pg_stat_statements")
        with open(os.path.join(platform.folder, "data", "server.log"), encoding="utf-8", errors="replace") as file:
            seen += file.read()
        seen += bridge.log_text()
        assert "first_administrators" in seen
        for secret in [row[2] for row in rows] + [chosen, re.search(r"secret=([A-Z2-7]+)", address)[1]]:
            assert secret not in seen


def test_pending_account_is_told(platform):
    """Who has registered and not been reviewed is told so, in both languages, with the right password only; a stranger learns nothing."""
    account = platform.make_account(approve=False)
    body = {"resources": ["events"], "methods": ["key"]}
    right = (account["userName"], account["password"])
    for path in ("/access-requests", "/access-requests/1"):
        ask = lambda basic, **more: platform.client.post(path, body, basic=basic, **more) if path == "/access-requests" else platform.client.get(path, basic=basic, **more)
        told = check_envelope(ask(right), 403, 40313)
        assert "awaits review" in told.json["message"]
        assert "待管理员审核" in check_envelope(ask(right, headers={"Accept-Language": "zh"}), 403, 40313).json["message"]
        wrong = check_envelope(ask((account["userName"], "Wrong-1-horse")), 401, 40101)
        nobody = check_envelope(ask((f"nobody.{int(time.time())}", "Wrong-1-horse")), 401, 40101)
        assert wrong.json["message"] == nobody.json["message"]
    platform.sql("SELECT citybigdata.unlock_address('127.0.0.1')")
