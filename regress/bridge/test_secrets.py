"""No secret that this run used is in a log, in a statistics view, on a command line or in a table in the clear. Runs last (see conftest.py)."""
import base64
import contextlib
import glob
import hashlib
import hmac
import os
import struct
import subprocess
import time
import urllib.parse

import pytest
from authlib.common.security import generate_token
from rig import check_envelope
from test_oauth import WEB, Browser, consent, token_request


def one_time_password(secret):
    """RFC 6238 of a base32 secret, now."""
    digest = hmac.new(base64.b32decode(secret + "=" * (-len(secret) % 8)), struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at:at + 4])[0] & 0x7fffffff) % 1000000:06d}"


def written(secrets):
    """Each secret as it could have been written: as it is, as the bytes of a bytea, as HTTP Basic has it, as a URL has it."""
    return {form for s in secrets for form in (s.encode(), s.encode().hex().encode(), base64.b64encode(s.encode()).rstrip(b"="),
                                               urllib.parse.quote(s, safe="").encode())}


def test_every_kind_is_used(platform, client):
    """With every statement logged: what the following tests look for is there to be found."""
    base = platform.env["CBD_URL"].rstrip("/")
    with platform.setting("log_min_duration_statement", "0"):
        app = platform.make_application(redirectUris=[WEB])
        basic, browser, verifier = (app["appCode"], app["key"]), Browser(platform.env["CBD_CA"]), generate_token(48)
        code = urllib.parse.parse_qs(urllib.parse.urlsplit(consent(platform, base, browser, app, WEB, verifier)).query)["code"][0]
        tokens = token_request(platform, base, auth=basic, grant_type="authorization_code", code=code, redirect_uri=WEB,
                               code_verifier=verifier).json()
        newer = token_request(platform, base, auth=basic, grant_type="refresh_token", refresh_token=tokens["refresh_token"]).json()
        cookie = browser.session.cookies.get("__Host-cbd-form")
        platform.token(app)
        administrator = platform.make_account()
        platform.sql("SELECT citybigdata.make_administrator(%s)", administrator["userName"])
        shown = platform.value("SELECT citybigdata.enrol_totp(%s)", administrator["userName"])
        factor = urllib.parse.parse_qs(urllib.parse.urlsplit(shown).query)["secret"][0]
        log_in = check_envelope(client.post("/admin/login", {"userName": administrator["userName"], "password": administrator["password"],
                                                             "totp": one_time_password(factor)}), 200, 0)
        # a password mistyped is nearly one
        mistyped = administrator["password"] + "-mistyped"
        check_envelope(client.at("127.0.0.66").post("/admin/login", {"userName": administrator["userName"], "password": mistyped}), 401, 40101)
        sealed = platform.value("SELECT citybigdata.seal_url(%s, 'events')", app["appCode"]).rsplit("/", 1)[1]
        picture = {"mediaName": "a.jpg", "mediaType": "IMAGE", "mediaUsage": "上报", "content": "/9j/4AAQ"}
        number = check_envelope(platform.report(platform.event(medias=[picture]), platform.token(app), app["senders"][0]), 200, 0).data["taskNum"]
        medium = client.get(f"/events/{number}", token=platform.token(app)).data["medias"][0]["url"].rsplit("/", 1)[1]
        assert client.get("/media/" + medium).status == 200
        check_envelope(client.get("/media/" + medium + "/mistyped"), 404)
        check_envelope(client.get("/media/" + medium[:-1]), 401)
    kinds = {"password": administrator["password"], "mistyped password": mistyped, "key": app["key"], "signing secret": app["signingSecret"],
             "authorisation code": code, "verifier": verifier, "access token": newer["access_token"], "refresh token": newer["refresh_token"],
             "spent refresh token": tokens["refresh_token"], "form cookie": cookie, "second factor": factor, "sealed address": sealed, "address of a medium": medium,
             "administrator's token": log_in.data["accessToken"]}
    for name, secret in kinds.items():
        assert secret and len(secret) >= 16, name
    client.secrets.update(kinds.values())
    platform.sql("DELETE FROM citybigdata.lockout WHERE true")


def files(platform):
    names = [os.path.join(platform.folder, "data", "server.log")]
    names += glob.glob(os.path.join(platform.folder, "**", "*.log"), recursive=True)
    return sorted({n for n in names if os.path.isfile(n)})


def test_no_secret_in_a_log(platform, client):
    seen = files(platform)
    assert any(os.path.getsize(n) for n in seen)
    assert len(client.secrets) > 20
    for name in seen:
        with open(name, "rb") as file:
            text = file.read()
        for secret in written(client.secrets):
            assert secret not in text, f"a secret is in {name}"


def test_no_secret_on_a_command_line(client):
    """Anybody on the machine reads those, and the titles of the server's processes."""
    seen, secrets = 0, written(client.secrets)
    for name in glob.glob("/proc/[0-9]*/cmdline"):
        try:
            with open(name, "rb") as file:
                text = file.read()
        except OSError:
            continue  # it has ended
        seen += b"citybigdata" in text
        assert not any(secret in text for secret in secrets), text.split(b"\0")[0]
    assert seen


def test_no_secret_in_statement_statistics(platform, client):
    """pg_stat_statements, nested statements too (regress/test.sh loads it): constants and parameters are not there."""
    platform.sql("CREATE EXTENSION pg_stat_statements SCHEMA public")
    try:
        statements = [query for (query,) in platform.sql("SELECT query FROM public.pg_stat_statements")]
        assert any("rest_auth_code" in query for query in statements) and platform.value("SHOW pg_stat_statements.track") == "all"
        text = "\n".join(statements).encode()
        assert not any(secret in text for secret in written(client.secrets))
    finally:
        platform.sql("DROP EXTENSION pg_stat_statements")


def test_no_secret_in_a_statement_or_table(platform, client, tmp_path):
    """Digests only: the dump of the whole schema as text holds none of them."""
    running = str(platform.sql("SELECT query FROM pg_stat_activity WHERE usename LIKE 'citybigdata%'"))
    assert not any(secret in running for secret in client.secrets)
    # a row as text, bytes as the characters that they are; of 20 MiB of picture, which nothing but the tests makes, none
    tables = platform.sql("""SELECT c.oid::regclass::text, string_agg(CASE WHEN (c.relname, a.attname) = ('event_media', 'content')
                                        THEN 'CASE WHEN octet_length(content) <= 65536 THEN encode(content, ''escape'') END'
                                        WHEN a.atttypid = 'bytea'::regtype THEN format('encode(%I, ''escape'')', a.attname)
                                        ELSE quote_ident(a.attname) END, ', ')
                             FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                             WHERE c.relnamespace = 'citybigdata'::regnamespace AND c.relkind = 'r' GROUP BY c.oid""")
    assert any(table == "citybigdata.event_media" for table, _ in tables)
    # thousands of secrets in millions of characters: all at once, as grep looks for fixed strings
    (tmp_path / "secrets").write_text("\n".join(client.secrets) + "\n", encoding="utf-8")
    rows = 0
    for table, columns in tables:
        text = "\n".join(row for (row,) in platform.sql(f"SELECT t::text FROM (SELECT {columns} FROM {table}) t"))
        found = subprocess.run(["grep", "-c", "-F", "-f", tmp_path / "secrets"], input=text.encode(), stdout=subprocess.PIPE, check=False)
        assert (found.returncode, found.stdout) == (1, b"0\n"), table
        rows += len(text)
    assert rows > 100_000


def test_logged_slow_statements_hide_parameters(platform, client, token):
    """With every statement logged, bind values of the bridge stay out of the log."""
    with platform.setting("log_min_duration_statement", "0"):
        code = client.post("/auth/code", {"appCode": platform.env["CBD_APP_CODE"], "method": "password",
                                          "userName": platform.env["CBD_USER"], "password": platform.env["CBD_PASSWORD"]})
        assert code.status == 200, code
        platform.token()
        client.post("/accounts", {"userName": "log-me", "password": "Zz9-never-logged-anywhere", "organization": "x",
                                  "contactName": "y", "mobile": "13800138000"})
        client.secrets.add("Zz9-never-logged-anywhere")
    with open(os.path.join(platform.folder, "data", "server.log"), "rb") as file:
        text = file.read()
    assert b"duration:" in text
    assert not any(secret in text for secret in written(client.secrets))


def test_passwords_of_refused_statements(platform):
    """Finding 16: the server logs the text of statements that fail, but not of those with a secret in them."""
    secret = "Geheim-7-" + generate_token(20)
    refused_ones = [("SELECT citybigdata.register_account('x', %s, '', '', '')", secret),
                    ("SELECT citybigdata.change_password('nobody.there', %s, 'short')", secret),
                    ("SELECT 1 / 0 FROM citybigdata.change_password('nobody.there', %s, 'Better-2-horses')", secret),
                    ("SELECT citybigdata.issue_auth_code('x', 'key', %s) UNION ALL SELECT NULL", secret),
                    ("DO $$ BEGIN PERFORM citybigdata.exchange_auth_code('x', '" + secret + "'); END $$",),
                    ("SELECT (citybigdata.check_token(%s)).message::integer", secret), ("SELECT count(citybigdata.revoke_token(%s))", secret),
                    ("SELECT citybigdata.open_url(%s, NULL) LIMIT 1 + 0 * random()", secret), ("SELECT citybigdata.enrol_totp('nobody.there', %s)", secret),
                    ("SELECT citybigdata.totp_code(%s, now(), 'x')", secret),
                    ("SELECT citybigdata.sign_request(%s, 'GET', '/', NULL, NULL, 1, 'n', 'HMAC-MD5')", secret)]
    name = os.path.join(platform.folder, "data", "server.log")
    before = os.path.getsize(name)
    for statement in refused_ones:
        with pytest.raises(Exception):
            platform.sql(*statement)
    with pytest.raises(Exception):
        platform.sql("SELECT 1 / 0 AS shown_as_ever")
    with open(name, "rb") as file:
        file.seek(before)
        text = file.read().decode()
    assert "shown_as_ever" in text and text.count("ERROR:") > len(refused_ones)
    assert secret not in text


def test_query_in_a_block_is_in_the_servers_log(platform):
    """Finding 5: a ROLLBACK takes the audit row of query() back, not the line in the server's log."""
    name = os.path.join(platform.folder, "data", "server.log")
    platform.sql("CREATE TABLE public.log_line AS SELECT 1 AS id")
    platform.sql("ALTER TABLE public.log_line ADD PRIMARY KEY (id)")
    platform.sql("SELECT citybigdata.publish('public.log_line', '{\"code\": \"log-line\"}')")
    before = os.path.getsize(name)
    with contextlib.closing(platform.connect()) as session, session.cursor() as cursor:
        for begin in ("BEGIN", "BEGIN READ ONLY"):
            cursor.execute(begin)
            cursor.execute("SELECT citybigdata.query('log-line', '{}')")
            assert cursor.fetchone()[0]
            cursor.execute("ROLLBACK")
    with open(name, "rb") as file:
        file.seek(before)
        assert file.read().count(b'citybigdata: query() by role "postgres": log-line') == 2
    platform.sql("SELECT citybigdata.unpublish('log-line')")
    platform.sql("DROP TABLE public.log_line")
