"""Operators and administrators sign in at one client: off-the-shelf clients, the console's session, attacks on it."""
import re

import pytest
import requests
from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from test_oauth import Browser, authorize_url, error_of, keep, may_read, ours, post, query, token_request

LOOPBACK = "http://127.0.0.1:9/callback"  # nobody listens: the test reads the Location header
COOKIE = "__Host-cbd-session"


@pytest.fixture(scope="module")
def base(platform):
    return platform.env["CBD_URL"].rstrip("/")


@pytest.fixture(scope="module")
def client(platform):
    code = platform.value("SELECT citybigdata.operators_client()")
    assert platform.env["CBD_OPERATOR_CLIENT"] == code
    return {"appCode": code}


@pytest.fixture
def browser(platform):
    return Browser(platform.env["CBD_CA"])


def operator(platform, role="desk", **post_columns):
    """A new account with a post; its number as accountId."""
    account = platform.make_account()
    columns = {"account_id": platform.value("SELECT account_id FROM citybigdata.account WHERE user_name = %s", account["userName"]),
               "role": role, "given_by": "test", **post_columns}
    platform.sql(f"INSERT INTO citybigdata.post ({', '.join(columns)}) VALUES ({', '.join(['%s'] * len(columns))})", *columns.values())
    return {**account, "accountId": columns["account_id"]}


@pytest.fixture(scope="module")
def desk(platform):
    return operator(platform)


def console(base, client, verifier, **changes):
    fields = {"redirect_uri": f"{base}/console", "code_challenge": create_s256_code_challenge(verifier), **changes}
    return authorize_url(base, client, fields.pop("redirect_uri"), **fields)


def redeem(platform, base, client, location, verifier, uri=None):
    return token_request(platform, base, grant_type="authorization_code", client_id=client["appCode"], code=query(location)["code"],
                         redirect_uri=uri or f"{base}/console", code_verifier=verifier)


def sign_in(platform, base, client, browser, who, totp=None, **changes):
    """What the token endpoint gives after the log-in page of the console; the browser has its session."""
    verifier = generate_token(48)
    reply = browser.open(console(base, client, verifier, prompt="login", **changes))
    assert reply.status_code == 200, reply.text
    reply = browser.send(who["userName"], who["password"], totp=totp)
    assert reply.status_code == 303, reply.text
    keep(platform, query(reply.headers["Location"])["code"], browser.session.cookies.get(COOKIE))
    return redeem(platform, base, client, reply.headers["Location"], verifier).json()


def silent(platform, base, client, browser):
    """Another code without a password: the tokens, or the error."""
    verifier = generate_token(48)
    reply = browser.open(console(base, client, verifier, prompt="none"))
    assert reply.status_code == 303 and reply.headers["Location"].startswith(f"{base}/console?"), reply.text
    told = query(reply.headers["Location"])
    assert told["iss"] == base and told["state"] == "s"
    if "error" in told:
        return told["error"]
    keep(platform, told["code"])
    return redeem(platform, base, client, reply.headers["Location"], verifier).json()


def test_page_asks_for_no_consent(platform, base, client, browser):
    reply = browser.open(console(base, client, generate_token(48)))
    assert reply.status_code == 200 and browser.form.scripts == 0
    assert "Sign in" in browser.form.text and "asks for access" not in browser.form.text and client["appCode"] not in browser.form.text
    assert "default-src 'none'" in reply.headers["Content-Security-Policy"] and "frame-ancestors 'none'" in reply.headers["Content-Security-Policy"]
    chinese = Browser(platform.env["CBD_CA"], "zh-CN")
    chinese.open(console(base, client, generate_token(48)))
    assert "登录" in chinese.form.text and "申请访问" not in chinese.form.text


def test_authlib_native_client(platform, base, client, desk, browser):
    session = ours(OAuth2Session(client["appCode"], code_challenge_method="S256", redirect_uri=LOOPBACK, token_endpoint_auth_method="none"),
                   platform.env["CBD_CA"])
    verifier = generate_token(48)
    url, state = session.create_authorization_url(f"{base}/oauth/authorize", code_verifier=verifier)
    browser.open(url)
    reply = browser.send(desk["userName"], desk["password"])
    location = reply.headers["Location"]
    assert location.startswith(LOOPBACK + "?") and query(location)["state"] == state
    # whoever listens there is not known: no session, the password each time
    assert COOKIE not in browser.session.cookies
    token = session.fetch_token(f"{base}/oauth/token", authorization_response=location, code_verifier=verifier)
    keep(platform, query(location)["code"], token["access_token"], token["refresh_token"])
    assert "cases" in token["scope"].split() and session.get(f"{base}/api/v1/events/none").status_code == 404
    new = session.refresh_token(f"{base}/oauth/token", token["refresh_token"])
    keep(platform, new["access_token"], new["refresh_token"])
    assert may_read(platform, new["access_token"])
    assert session.revoke_token(f"{base}/oauth/revoke", new["refresh_token"], "refresh_token").status_code == 200
    assert not may_read(platform, new["access_token"])


def test_reload_gets_a_new_code(platform, base, client, desk, browser):
    first = sign_in(platform, base, client, browser, desk)
    cookie = next(c for c in browser.session.cookies if c.name == COOKIE)
    assert cookie.secure and cookie.path == "/" and not cookie.domain_specified and cookie.expires is None
    assert cookie.has_nonstandard_attr("HttpOnly") and cookie.get_nonstandard_attr("SameSite") == "Strict"
    again = silent(platform, base, client, browser)
    assert again["access_token"] != first["access_token"] and may_read(platform, again["access_token"])
    # without prompt too; with login the page comes, and a loopback address gets it always
    assert browser.open(console(base, client, generate_token(48))).status_code == 303
    assert browser.open(console(base, client, generate_token(48), prompt="login")).status_code == 200
    assert "ui_locales=zh-CN" in browser.reply.text and "prompt=login&" in browser.reply.text, "the page in the other language asks, too"
    assert browser.open(authorize_url(base, client, LOOPBACK)).status_code == 200
    assert query(browser.open(authorize_url(base, client, LOOPBACK, prompt="none")).headers["Location"])["error"] == "login_required"
    assert query(browser.open(console(base, client, generate_token(48), prompt="none login")).headers["Location"])["error"] == "invalid_request"
    assert platform.value("SELECT count(*) FROM citybigdata.login_session WHERE encode(session_digest, 'hex') = %s OR session_digest = %s",
                          cookie.value, cookie.value.encode()) == 0


def test_cookie_counts_nowhere_else(platform, base, client, desk, browser):
    sign_in(platform, base, client, browser, desk)
    cookie = browser.session.cookies[COOKIE]
    header = {"Cookie": f"{COOKIE}={cookie}"}
    for path in ("/api/v1/events?since=20240101000000", "/api/v1/admin/accounts", "/api/v1/resources", "/api/v1/access-requests/1"):
        assert requests.get(base + path, headers=header, verify=platform.env["CBD_CA"], timeout=30).status_code == 401, path
    assert post(platform, f"{base}/oauth/introspect", data={"token": cookie}, headers=header).status_code == 401
    for wrong in ("x", cookie[:-1], cookie + "x", "A" * 43, ""):
        other = Browser(platform.env["CBD_CA"])
        other.session.headers["Cookie"] = f"{COOKIE}={wrong}"
        assert silent(platform, base, client, other) == "login_required"
    # the form's own cookie is none, and another client's page takes no notice
    native = platform.make_application(methods=["password"], redirectUris=[LOOPBACK], clientType="public")
    assert browser.open(authorize_url(base, native, LOOPBACK)).status_code == 200
    assert query(browser.open(authorize_url(base, native, LOOPBACK, prompt="none")).headers["Location"])["error"] == "login_required"


def test_log_out(platform, base, client, desk, browser):
    token = sign_in(platform, base, client, browser, desk)
    stolen = browser.session.cookies[COOKIE]
    # a form of another site comes without the cookie: nothing happens, and the browser forgets nothing
    assert "Set-Cookie" not in post(platform, f"{base}/oauth/logout").headers
    assert may_read(platform, token["access_token"])
    reply = browser.session.post(f"{base}/oauth/logout", timeout=30)
    assert (reply.status_code, reply.content) == (200, b"{}") and reply.headers["Cache-Control"] == "no-store"
    assert reply.headers["Set-Cookie"].startswith(f"{COOKIE}=;") and "Max-Age=0" in reply.headers["Set-Cookie"]
    assert COOKIE not in browser.session.cookies
    browser.session.headers["Cookie"] = f"{COOKIE}={stolen}"
    assert silent(platform, base, client, browser) == "login_required"
    assert not may_read(platform, token["access_token"])
    assert error_of(token_request(platform, base, grant_type="refresh_token", client_id=client["appCode"],
                                  refresh_token=token["refresh_token"])) == (400, "invalid_grant")
    assert requests.get(f"{base}/oauth/logout", verify=platform.env["CBD_CA"], timeout=30).status_code == 405


def test_stolen_cookie_ends_with_the_password(platform, base, client, browser):
    who = operator(platform)
    token = sign_in(platform, base, client, browser, who)
    reply = platform.client.post("/accounts/password", {"userName": who["userName"], "password": who["password"], "newPassword": "Better-2-horses!"})
    assert reply.status == 200, reply.text
    assert silent(platform, base, client, browser) == "login_required"
    assert not may_read(platform, token["access_token"])


def test_fixation_and_login_csrf(platform, base, client, desk, browser):
    # a cookie that somebody planted is not taken over by the log-in: another one comes
    browser.session.cookies.set(COOKIE, "P" * 43, domain="localhost.local" if "localhost" in base else None, path="/", secure=True)
    sign_in(platform, base, client, browser, desk)
    values = [c.value for c in browser.session.cookies if c.name == COOKIE and c.value != "P" * 43]
    assert len(values) == 1
    planted = Browser(platform.env["CBD_CA"])
    planted.session.headers["Cookie"] = f"{COOKIE}=" + "P" * 43
    assert silent(platform, base, client, planted) == "login_required"
    # a form that another browser opened does not log this one in
    lured, attacker = Browser(platform.env["CBD_CA"]), Browser(platform.env["CBD_CA"])
    url = console(base, client, generate_token(48))
    attacker.open(url)
    lured.open(url)
    lured.form = attacker.form
    reply = lured.send(desk["userName"], desk["password"])
    assert reply.status_code == 400 and "Location" not in reply.headers and COOKIE not in lured.session.cookies


def test_two_accounts_in_one_browser(platform, base, client, desk, browser):
    first = sign_in(platform, base, client, browser, desk)
    other = operator(platform, "leader")
    second = sign_in(platform, base, client, browser, other)
    assert not may_read(platform, first["access_token"]) and may_read(platform, second["access_token"])
    again = silent(platform, base, client, browser)
    assert platform.value("SELECT user_name FROM citybigdata.check_token(%s)", again["access_token"]) == other["userName"]


def test_another_clients_code(platform, base, client, desk, browser):
    thief = platform.make_application(methods=["password"], redirectUris=[f"{base}/console"], clientType="public")
    verifier = generate_token(48)
    browser.open(console(base, client, verifier))
    location = browser.send(desk["userName"], desk["password"]).headers["Location"]
    assert error_of(redeem(platform, base, thief, location, verifier)) == (400, "invalid_grant")
    assert error_of(redeem(platform, base, client, location, verifier)) == (400, "invalid_grant"), "spent by the wrong attempt"
    # an operator does not log in to somebody's application, nor does its owner with an operator's session
    browser.open(authorize_url(base, thief, f"{base}/console", code_challenge=create_s256_code_challenge(verifier)))
    assert browser.reply.status_code == 200 and browser.send(desk["userName"], desk["password"]).status_code == 403


def test_no_post(platform, base, client, browser):
    who = platform.make_account()
    browser.open(console(base, client, generate_token(48)))
    reply = browser.send(who["userName"], who["password"])
    assert reply.status_code == 403 and "post" in browser.form.text and COOKIE not in browser.session.cookies
    wrong = browser.send(who["userName"], "Wrong-1-password")
    assert wrong.status_code == 403 and "Wrong user name" in browser.form.text


def test_post_ends_moves_and_is_delegated(platform, base, client, browser):
    who, deputy = operator(platform), platform.make_account()
    token = sign_in(platform, base, client, browser, who)["access_token"]
    set_post = lambda columns, *values: platform.sql(f"UPDATE citybigdata.post SET {columns} WHERE account_id = %s", *values, who["accountId"])
    status = lambda t: platform.client.get("/events/none", token=t).data and None or platform.client.get("/events/none", token=t).json["statusCode"]
    assert status(token) == 40402
    set_post("valid_until = clock_timestamp()")
    assert status(token) == 40312 and silent(platform, base, client, browser) == "login_required"
    set_post("valid_until = NULL")
    set_post("delegate_id = (SELECT account_id FROM citybigdata.account WHERE user_name = %s), delegate_from = now(), delegate_until = now() + interval '1 hour'",
             deputy["userName"])
    assert status(token) == 40312
    theirs = sign_in(platform, base, client, Browser(platform.env["CBD_CA"]), deputy)["access_token"]
    assert status(theirs) == 40402
    set_post("delegate_until = clock_timestamp()")
    assert (status(token), status(theirs)) == (40402, 40312)


def test_suspension_counts_at_once(platform, base, client, browser):
    who = operator(platform)
    token = sign_in(platform, base, client, browser, who)["access_token"]
    path = f"/admin/accounts/{who['accountId']}"
    assert platform.client.post(f"{path}/suspend", {}, token=platform.admin_token).status == 200
    assert platform.client.get("/events/none", token=token).status == 401
    assert silent(platform, base, client, browser) == "login_required"
    browser.open(console(base, client, generate_token(48)))
    assert browser.send(who["userName"], who["password"]).status_code == 403
    assert platform.client.post(f"{path}/resume", {}, token=platform.admin_token).status == 200
    # what was ended stays ended
    assert platform.client.get("/events/none", token=token).status == 401
    assert silent(platform, base, client, browser) == "login_required"


def test_operator_is_no_administrator(platform, base, client, desk, browser):
    token = sign_in(platform, base, client, browser, desk)["access_token"]
    for path in ("/admin/accounts", "/admin/audit"):
        reply = platform.client.get(path, token=token)
        assert reply.status == 403 and reply.json["statusCode"] == 40304


def test_administrator_signs_in(platform, base, client, browser):
    admin = platform.administrator("secadmin")
    who = {"userName": admin["userName"], "password": admin["password"]}
    totp = lambda: platform.value("SELECT citybigdata.totp_code(%s, clock_timestamp() + interval '30 seconds')", admin["secret"])
    verifier = generate_token(48)
    browser.open(console(base, client, verifier))
    assert browser.send(who["userName"], who["password"]).status_code == 403, "no second factor"
    assert browser.send(who["userName"], who["password"], totp="000000").status_code == 403
    token = sign_in(platform, base, client, browser, who, totp=totp())
    assert "refresh_token" not in token and token["scope"] == "admin"
    assert platform.client.get("/admin/accounts", token=token["access_token"]).status == 200
    assert platform.client.get("/events/none", token=token["access_token"]).status == 403
    assert platform.client.get("/data/street-lights", token=token["access_token"]).status == 403
    again = silent(platform, base, client, browser)
    assert platform.client.get("/admin/accounts", token=again["access_token"]).status == 200
    # one account does not hold both
    number = platform.value("SELECT account_id FROM citybigdata.account WHERE user_name = %s", who["userName"])
    with pytest.raises(Exception, match="does not hold both"):
        platform.sql("INSERT INTO citybigdata.post (account_id, role, given_by) VALUES (%s, 'desk', 'test')", number)
    assert browser.session.post(f"{base}/oauth/logout", timeout=30).status_code == 200
    for ended in (token, again):
        assert platform.client.get("/admin/accounts", token=ended["access_token"]).status == 401


def test_operator_made_administrator(platform, base, client, browser):
    who = operator(platform)
    token = sign_in(platform, base, client, browser, who)["access_token"]
    reply = platform.client.post(f"/admin/accounts/{who['accountId']}/role", {"role": "auditor"}, token=platform.admin_token)
    assert reply.status == 409 and reply.json["statusCode"] == 40907
    platform.sql("DELETE FROM citybigdata.post WHERE account_id = %s", who["accountId"])
    platform.sql("SELECT citybigdata.set_admin_role(%s, 'auditor')", who["userName"])
    assert platform.client.get("/events/none", token=token).status == 401 and silent(platform, base, client, browser) == "login_required"


def test_narrowed_and_level(platform, base, client, browser):
    who = operator(platform, "leader")
    platform.sql("SELECT citybigdata.grant_access(%s, 'events', 2)", client["appCode"])
    wide = sign_in(platform, base, client, browser, who)
    assert {"cases", "events"} <= set(wide["scope"].split())
    narrow = sign_in(platform, base, client, Browser(platform.env["CBD_CA"]), who, scope="events")["access_token"]
    assert platform.client.get("/events/none", token=narrow).json["statusCode"] == 40305
    assert platform.value("SELECT level FROM citybigdata.check_token(%s)", wide["access_token"]) == 2
    listed = {r["code"] for r in platform.client.get("/resources", token=narrow).data["items"]}
    assert "events" in listed and "cases" not in listed
    platform.sql("SELECT citybigdata.revoke_grant(%s, 'events')", client["appCode"])


def test_console_finds_its_client(platform, base, client):
    reply = ours(requests.Session(), platform.env["CBD_CA"]).get(f"{base}/console/config.json", timeout=30)
    assert reply.status_code == 200 and reply.headers["Content-Type"] == "application/json" and reply.json() == {"clientId": client["appCode"]}


def test_client_is_public_and_for_people_only(platform, base, client):
    assert error_of(token_request(platform, base, grant_type="client_credentials", client_id=client["appCode"])) == (401, "invalid_client")
    assert error_of(token_request(platform, base, grant_type="client_credentials", client_id=client["appCode"], client_secret="x"))[1] == "invalid_client"
    assert platform.client.post("/auth/code", {"appCode": client["appCode"], "method": "ip"}).status in (401, 403)
    browser = Browser(platform.env["CBD_CA"])
    owner = platform.value("SELECT user_name FROM citybigdata.account WHERE technical")
    initial = platform.value("SELECT citybigdata.reset_password(%s)", owner)
    browser.open(console(base, client, generate_token(48)))
    assert browser.send(owner, initial).status_code == 403 and "Wrong user name" in browser.form.text
    for change in ({"code_challenge": None, "code_challenge_method": None}, {"redirect_uri": f"{base}/console/"}, {"redirect_uri": f"{base}/console?x"},
                   {"redirect_uri": "https://evil.example/console"}, {"redirect_uri": None}, {"redirect_uri": "http://localhost:9/callback"}):
        reply = browser.open(console(base, client, generate_token(48), **change))
        assert reply.status_code in (303, 400) and "<form" not in reply.text, change
        assert reply.status_code == 400 or query(reply.headers["Location"])["error"] == "invalid_request"


def test_analysts_may_not_call(platform):
    for role in ("citybigdata_analyst", "citybigdata_auditor", "citybigdata_sysadmin"):
        for call in ("setup_operators()", "make_app_code('110000', 1)", "rest_oauth_logout('r', NULL, NULL, 'none', NULL, NULL)", "set_role_level('desk', 1)"):
            with pytest.raises(Exception, match="permission denied"):
                platform.sql(f"SELECT citybigdata.{call}", role=role)
        with pytest.raises(Exception, match="permission denied"):
            platform.sql("SELECT * FROM citybigdata.login_session", role=role)
        assert re.fullmatch(r"[0-9A-Z]+", platform.value("SELECT citybigdata.operators_client()", role=role))
