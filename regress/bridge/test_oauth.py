"""OAuth 2.0 with clients from Debian (authlib, requests-oauthlib) and a browser made of requests and html.parser."""
import html.parser
import urllib.parse

import pytest
import requests
from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session as AuthlibSession
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from oauthlib.oauth2 import BackendApplicationClient
from requests_oauthlib import OAuth2Session as OauthlibSession
from rig import check_envelope

PUBLIC = "http://127.0.0.1:9/callback"  # nobody listens: the test reads the Location header
WEB = "https://client.example/cb?tenant=1"


def ours(session, ca):
    """The development CA, whatever bundle or proxy the environment names."""
    session.trust_env = False
    session.verify = ca
    return session


class Form(html.parser.HTMLParser):
    """The one form of a page: its fields by name, the page's visible text."""

    def __init__(self, page):
        super().__init__()
        self.fields, self.action, self.text, self.scripts = {}, None, "", 0
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "form":
            self.action = attrs["action"]
        elif tag == "input":
            self.fields[attrs["name"]] = attrs.get("value", "")
        elif tag == "script":
            self.scripts += 1

    def handle_data(self, data):
        self.text += data


class Browser:
    """Follows what a person would: opens the page, fills the form in, stops at the redirect to the client."""

    def __init__(self, ca, language="en"):
        self.session = ours(requests.Session(), ca)
        self.session.headers["Accept-Language"] = language

    def open(self, url):
        self.reply = self.session.get(url, allow_redirects=False, timeout=30)
        self.url, self.form = url, Form(self.reply.text)
        return self.reply

    def send(self, user=None, password=None, decision="allow", **changes):
        fields = {**self.form.fields, "userName": user, "password": password, "decision": decision, **changes}
        fields = {k: v for k, v in fields.items() if v is not None}
        self.reply = self.session.post(urllib.parse.urljoin(self.url, self.form.action), data=fields, allow_redirects=False, timeout=30)
        if self.reply.status_code != 303:
            self.form = Form(self.reply.text)
        return self.reply


def query(url):
    return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query))


@pytest.fixture(scope="module")
def base(platform):
    return platform.env["CBD_URL"].rstrip("/")


@pytest.fixture(scope="module")
def web(platform):
    """A confidential client."""
    return platform.make_application(redirectUris=[WEB])


@pytest.fixture(scope="module")
def native(platform):
    """A public client."""
    return platform.make_application(methods=["password"], redirectUris=[PUBLIC], clientType="public")


@pytest.fixture
def browser(platform):
    return Browser(platform.env["CBD_CA"])


def authlib(platform, app, **more):
    return ours(AuthlibSession(app["appCode"], scope="events", code_challenge_method="S256", **more), platform.env["CBD_CA"])


def keep(platform, *tokens):
    platform.client.secrets.update(t for t in tokens if t)


def consent(platform, base, browser, app, uri, verifier, **more):
    """The redirect after the account's consent."""
    fields = {"response_type": "code", "client_id": app["appCode"], "redirect_uri": uri, "state": "x y",
              "code_challenge": verifier and create_s256_code_challenge(verifier), "code_challenge_method": verifier and "S256", **more}
    reply = browser.open(f"{base}/oauth/authorize?" + urllib.parse.urlencode({k: v for k, v in fields.items() if v is not None}))
    assert reply.status_code == 200, reply.text
    reply = browser.send(app["userName"], app["password"])
    assert reply.status_code == 303, reply.text
    keep(platform, query(reply.headers["Location"])["code"])
    return reply.headers["Location"]


def post(platform, url, **more):
    return ours(requests.Session(), platform.env["CBD_CA"]).post(url, timeout=30, **more)


def token_request(platform, base, auth=None, **fields):
    reply = post(platform, f"{base}/oauth/token", data={k: v for k, v in fields.items() if v is not None}, auth=auth)
    assert reply.headers["Cache-Control"] == "no-store" and reply.headers["Pragma"] == "no-cache"
    assert reply.headers["Content-Type"] == "application/json"
    if reply.ok:
        keep(platform, reply.json()["access_token"], reply.json().get("refresh_token"))
    else:
        assert set(reply.json()) == {"error", "error_description"}, reply.text
    return reply


def error_of(reply):
    return reply.status_code, reply.json()["error"]


def may_read(platform, token):
    return platform.client.get("/events/none", token=token).status == 404


def test_metadata(platform, base):
    reply = platform.client.get("//.well-known/oauth-authorization-server")
    assert reply.status == 200 and reply.header("Content-Type") == "application/json"
    data = reply.json
    assert data["issuer"] == base
    for name in ("authorization", "token", "revocation", "introspection"):
        assert data[f"{name}_endpoint"].startswith(f"{base}/oauth/"), name
    assert data["response_types_supported"] == ["code"] and data["code_challenge_methods_supported"] == ["S256"]
    assert data["authorization_response_iss_parameter_supported"] is True
    assert set(data["grant_types_supported"]) == {"authorization_code", "refresh_token", "client_credentials"}


def test_authlib_public_client(platform, base, native, browser):
    session = authlib(platform, native, redirect_uri=PUBLIC, token_endpoint_auth_method="none")
    verifier = generate_token(48)
    url, state = session.create_authorization_url(f"{base}/oauth/authorize", code_verifier=verifier)
    assert browser.open(url).status_code == 200
    location = browser.send(native["userName"], native["password"]).headers["Location"]
    assert location.startswith(PUBLIC + "?") and query(location)["state"] == state and query(location)["iss"] == base
    token = session.fetch_token(f"{base}/oauth/token", authorization_response=location, code_verifier=verifier)
    keep(platform, query(location)["code"], token["access_token"], token["refresh_token"])
    assert token["token_type"] == "Bearer" and token["scope"] == "events" and token["expires_in"] > 0
    assert session.get(f"{base}/api/v1/events/none").status_code == 404
    new = session.refresh_token(f"{base}/oauth/token", token["refresh_token"])
    keep(platform, new["access_token"], new["refresh_token"])
    assert new["refresh_token"] != token["refresh_token"] and may_read(platform, new["access_token"])
    assert session.revoke_token(f"{base}/oauth/revoke", new["refresh_token"], "refresh_token").status_code == 200
    assert not may_read(platform, new["access_token"]) and not may_read(platform, token["access_token"])


def test_public_client_without_methods(platform, base, browser):
    """Consent is enough: no method, no key; an application that nobody consents for must say how it authenticates itself."""
    app = platform.make_application(methods=None, redirectUris=[PUBLIC], clientType="public")
    assert "key" not in app and "signingSecret" not in app
    verifier = generate_token(48)
    location = consent(platform, base, browser, app, PUBLIC, verifier)
    reply = token_request(platform, base, grant_type="authorization_code", client_id=app["appCode"], code=query(location)["code"], redirect_uri=PUBLIC, code_verifier=verifier)
    assert reply.ok and may_read(platform, reply.json()["access_token"])
    account = platform.make_account()
    for more in ({"redirectUris": [PUBLIC]}, {"clientType": "public"}, {"methods": [], "redirectUris": [PUBLIC], "clientType": "confidential"}):
        refused, _ = platform.apply(account, **{"methods": None, **more})
        assert refused.status == 422 and refused.pointers() == {"/methods": 42201}, refused


@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post"])
def test_authlib_confidential_client(platform, base, web, browser, method):
    session = authlib(platform, web, client_secret=web["key"], redirect_uri=WEB, token_endpoint_auth_method=method)
    verifier = generate_token(48)
    url, _ = session.create_authorization_url(f"{base}/oauth/authorize", code_verifier=verifier)
    browser.open(url)
    location = browser.send(web["userName"], web["password"]).headers["Location"]
    assert location.startswith(WEB + "&code=")
    token = session.fetch_token(f"{base}/oauth/token", authorization_response=location, code_verifier=verifier)
    keep(platform, query(location)["code"], token["access_token"], token["refresh_token"])
    assert may_read(platform, token["access_token"])
    told = session.introspect_token(f"{base}/oauth/introspect", token["access_token"]).json()
    assert told["active"] is True and told["client_id"] == web["appCode"] and told["scope"] == "events"
    again = session.fetch_token(f"{base}/oauth/token", grant_type="client_credentials")
    keep(platform, again["access_token"])
    assert "refresh_token" not in again and may_read(platform, again["access_token"])


def test_requests_oauthlib(platform, base, web, browser):
    session = ours(OauthlibSession(web["appCode"], redirect_uri=WEB, scope=["events"]), platform.env["CBD_CA"])
    url, state = session.authorization_url(f"{base}/oauth/authorize")
    browser.open(url)
    location = browser.send(web["userName"], web["password"]).headers["Location"]
    assert query(location)["state"] == state
    token = session.fetch_token(f"{base}/oauth/token", authorization_response=location, client_secret=web["key"], verify=session.verify)
    keep(platform, query(location)["code"], token["access_token"], token["refresh_token"])
    assert session.get(f"{base}/api/v1/events/none").status_code == 404
    new = session.refresh_token(f"{base}/oauth/token", auth=(web["appCode"], web["key"]), verify=session.verify)
    keep(platform, new["access_token"], new["refresh_token"])
    assert may_read(platform, new["access_token"])
    backend = ours(OauthlibSession(client=BackendApplicationClient(web["appCode"])), platform.env["CBD_CA"])
    token = backend.fetch_token(f"{base}/oauth/token", client_id=web["appCode"], client_secret=web["key"], verify=backend.verify)
    keep(platform, token["access_token"])
    assert may_read(platform, token["access_token"])


def test_code_is_good_once(platform, base, native, browser):
    verifier = generate_token(48)
    code = query(consent(platform, base, browser, native, PUBLIC, verifier))["code"]
    fields = {"grant_type": "authorization_code", "client_id": native["appCode"], "code": code, "redirect_uri": PUBLIC, "code_verifier": verifier}
    token = token_request(platform, base, **fields).json()
    assert may_read(platform, token["access_token"])
    assert error_of(token_request(platform, base, **fields)) == (400, "invalid_grant")
    # whoever was first may be the thief: nothing of the family is left
    assert not may_read(platform, token["access_token"])
    assert error_of(token_request(platform, base, grant_type="refresh_token", client_id=native["appCode"],
                                  refresh_token=token["refresh_token"])) == (400, "invalid_grant")


@pytest.mark.parametrize("change", [{"code_verifier": "w" * 43}, {"code_verifier": None}, {"code_verifier": "short"},
                                    {"redirect_uri": PUBLIC + "/"}, {"redirect_uri": None}])
def test_code_must_fit(platform, base, native, browser, change):
    verifier = generate_token(48)
    code = query(consent(platform, base, browser, native, PUBLIC, verifier))["code"]
    fields = {"grant_type": "authorization_code", "client_id": native["appCode"], "code": code, "redirect_uri": PUBLIC, "code_verifier": verifier}
    assert error_of(token_request(platform, base, **{**fields, **change})) == (400, "invalid_grant")
    assert error_of(token_request(platform, base, **fields)) == (400, "invalid_grant"), "spent by the wrong attempt"


def test_refresh_reuse_revokes(platform, base, native, browser):
    verifier = generate_token(48)
    code = query(consent(platform, base, browser, native, PUBLIC, verifier))["code"]
    first = token_request(platform, base, grant_type="authorization_code", client_id=native["appCode"], code=code,
                          redirect_uri=PUBLIC, code_verifier=verifier).json()

    def refresh(token):
        return token_request(platform, base, grant_type="refresh_token", client_id=native["appCode"], refresh_token=token)

    second = refresh(first["refresh_token"]).json()
    sibling = refresh(first["refresh_token"]).json()  # its reply may have been lost: forgiven for a moment
    assert len({first["refresh_token"], second["refresh_token"], sibling["refresh_token"]}) == 3
    third = refresh(sibling["refresh_token"]).json()
    assert error_of(refresh(second["refresh_token"])) == (400, "invalid_grant")
    assert error_of(refresh(third["refresh_token"])) == (400, "invalid_grant")
    assert not any(may_read(platform, t["access_token"]) for t in (first, second, sibling, third))


def test_error_shapes(platform, base, web, native):
    good = (web["appCode"], web["key"])
    for fields, auth, wanted in [
            ({}, good, (400, "invalid_request")),
            ({"grant_type": "password"}, good, (400, "unsupported_grant_type")),
            ({"grant_type": "client_credentials"}, None, (401, "invalid_client")),
            ({"grant_type": "client_credentials"}, (web["appCode"], "wrong"), (401, "invalid_client")),
            ({"grant_type": "client_credentials"}, ("nobody", "wrong"), (401, "invalid_client")),
            ({"grant_type": "client_credentials", "client_secret": web["key"]}, good, (400, "invalid_request")),
            ({"grant_type": "client_credentials", "scope": "events others"}, good, (400, "invalid_scope")),
            ({"grant_type": "client_credentials", "client_id": native["appCode"]}, None, (401, "invalid_client")),
            ({"grant_type": "authorization_code"}, good, (400, "invalid_request")),
            ({"grant_type": "authorization_code", "code": "unknown"}, good, (400, "invalid_grant")),
            ({"grant_type": "refresh_token", "refresh_token": "x" * 50000}, good, (400, "invalid_grant")),
            ({"grant_type": "刷新"}, good, (400, "unsupported_grant_type"))]:
        reply = token_request(platform, base, auth=auth, **fields)
        assert error_of(reply) == wanted, (fields, reply.text)
        assert (reply.status_code == 401) == reply.headers.get("WWW-Authenticate", "").startswith("Basic ")
    # what never gets as far as the database has the same shape
    reply = post(platform, f"{base}/oauth/token", data=b"%zz=1", headers={"Content-Type": "application/x-www-form-urlencoded"})
    assert error_of(reply) == (400, "invalid_request")
    reply = post(platform, f"{base}/oauth/token", data="x", headers={"Content-Type": "text/plain"})
    assert error_of(reply) == (415, "invalid_request")
    reply = post(platform, f"{base}/oauth/token", data={"grant_type": "client_credentials"}, headers={"Authorization": "Basic !!"})
    assert error_of(reply) == (401, "invalid_client")
    reply = post(platform, f"{base}/oauth/revoke", data={"token": "unknown"}, auth=good)
    assert (reply.status_code, reply.content) == (200, b"")


def test_f17_repeated_parameter(platform, base, web):
    """RFC 6749 3.2: a parameter that stands twice is refused, alike or not, in body and query."""
    good, form = (web["appCode"], web["key"]), {"Content-Type": "application/x-www-form-urlencoded"}
    for body in ("grant_type=client_credentials&grant_type=client_credentials", "grant_type=client_credentials&grant_type=refresh_token",
                 "grant_type=authorization_code&code=a&code=a", "grant_type=refresh_token&refresh_token=a&refresh_token=a",
                 "grant_type=client_credentials&scope=events&scope=events"):
        reply = post(platform, f"{base}/oauth/token", data=body, headers=form, auth=good)
        assert error_of(reply) == (400, "invalid_request"), body
    for fields in ("client_id={0}&client_id={0}&client_secret={1}", "client_id={0}&client_secret={1}&client_secret={1}"):
        reply = post(platform, f"{base}/oauth/token", data="grant_type=client_credentials&" + fields.format(*good), headers=form)
        assert error_of(reply) == (400, "invalid_request"), fields.split("=")[0]
    for path in ("revoke", "introspect"):
        reply = post(platform, f"{base}/oauth/{path}", data="token=a&token=a", headers=form, auth=good)
        assert error_of(reply) == (400, "invalid_request"), path
    for repeated in ("state=a&state=a", "client_id={0}&client_id={0}", "scope=events&scope=events"):
        reply = ours(requests.Session(), platform.env["CBD_CA"]).get(f"{base}/oauth/authorize?response_type=code&" + repeated.format(web["appCode"]), timeout=30)
        assert reply.status_code == 400, repeated


def authorize_url(base, app, uri, **changes):
    fields = {"response_type": "code", "client_id": app["appCode"], "redirect_uri": uri, "state": "s",
              "code_challenge": "c" * 43, "code_challenge_method": "S256", **changes}
    return f"{base}/oauth/authorize?" + urllib.parse.urlencode({k: v for k, v in fields.items() if v is not None})


@pytest.mark.parametrize("change", [{"client_id": None}, {"client_id": "nobody"}, {"redirect_uri": "https://evil.example/"},
                                    {"redirect_uri": PUBLIC + "?x"}, {"state": "s" * 5000}])
def test_nobody_is_sent_to_an_unknown_place(base, native, browser, change):
    reply = browser.open(authorize_url(base, native, PUBLIC, **change))
    assert reply.status_code == 400 and "Location" not in reply.headers and browser.form.action is None
    assert reply.headers["Content-Type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize("change,error", [
    ({"response_type": "token"}, "unsupported_response_type"), ({"response_type": None}, "invalid_request"),
    ({"code_challenge": None, "code_challenge_method": None}, "invalid_request"), ({"code_challenge_method": "plain"}, "invalid_request"),
    ({"code_challenge_method": None}, "invalid_request"), ({"scope": "others"}, "invalid_scope")])
def test_client_is_told(base, native, browser, change, error):
    reply = browser.open(authorize_url(base, native, PUBLIC, **change))
    assert reply.status_code == 303, reply.text
    told = query(reply.headers["Location"])
    assert reply.headers["Location"].startswith(PUBLIC + "?") and (told["error"], told["state"], told["iss"]) == (error, "s", base)


def test_page(base, native, browser, platform):
    reply = browser.open(authorize_url(base, native, PUBLIC, unknown="ignored", state="\"><script>alert(1)</script>'&"))
    assert reply.status_code == 200 and reply.headers["Content-Type"] == "text/html; charset=utf-8"
    assert browser.form.scripts == 0 and browser.form.fields["state"] == "\"><script>alert(1)</script>'&"
    policy = reply.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none';") and "frame-ancestors 'none'" in policy
    assert "form-action" not in policy  # Chromium would hold it against the client's own redirects
    assert reply.headers["Cache-Control"] == "no-store" and reply.headers["Referrer-Policy"] == "no-referrer"
    assert reply.headers["X-Frame-Options"] == "DENY" and reply.headers["X-Content-Type-Options"] == "nosniff"
    cookie = reply.headers["Set-Cookie"]
    assert cookie.startswith("__Host-") and all(x in cookie for x in ("; Path=/", "; Secure", "; HttpOnly", "; SameSite="))
    assert native["appCode"] in browser.form.text and "测试单位" in browser.form.text
    chinese = Browser(platform.env["CBD_CA"], "zh-CN,zh;q=0.9")
    chinese.open(authorize_url(base, native, PUBLIC))
    assert "登录并授权" in chinese.form.text and 'lang="zh-CN"' in chinese.reply.text
    chinese.open(authorize_url(base, native, PUBLIC, ui_locales="en"))
    assert "Log in and allow" in chinese.form.text


def test_form_is_tied_to_browser_and_parameters(platform, base, native, web, browser):
    def refused(reply):
        return reply.status_code == 400 and "Location" not in reply.headers and "<form" not in reply.text

    who = (native["userName"], native["password"])
    browser.open(authorize_url(base, native, PUBLIC))
    token = browser.form.fields["form_token"]
    until, mac = token.split(".")
    for change in ({"form_token": None}, {"form_token": ""}, {"form_token": f"{int(until) + 1}.{mac}"}, {"form_token": f"1.{mac}"},
                   {"form_token": token[:-1]}, {"state": "other"}, {"scope": "events"}, {"client_id": web["appCode"], "redirect_uri": WEB}):
        form = browser.form
        assert refused(browser.send(*who, **change)), change
        browser.form = form
    # another browser's form, and none: a page that lures people here has nothing to send
    other = Browser(platform.env["CBD_CA"])
    other.open(authorize_url(base, native, PUBLIC))
    form = other.form
    assert refused(other.send(*who, form_token=token))
    other.form = form
    other.session.cookies.clear()
    assert refused(other.send(*who))
    # a second page of the same browser does not spoil the first
    second = browser.form
    browser.open(authorize_url(base, native, PUBLIC, state="t"))
    browser.form = second
    assert browser.send(*who).status_code == 303


def test_log_in(platform, base, native, web, browser):
    browser.open(authorize_url(base, native, PUBLIC))
    for user, password, status in [(native["userName"], "Wrong-1-password", 403), (web["userName"], web["password"], 403),
                                   ("nobody-here", "Wrong-1-password", 403), (native["userName"], "", 422)]:
        reply = browser.send(user, password)
        assert reply.status_code == status and "WWW-Authenticate" not in reply.headers, reply.text
        assert browser.form.fields["userName"] == user and browser.form.fields["password"] == ""
        if status == 403:
            assert "Wrong user name or password" in browser.form.text
    denied = browser.send(native["userName"], "Wrong-1-password", decision="deny")
    told = query(denied.headers["Location"])
    assert (told["error"], told["state"], told["iss"]) == ("access_denied", "s", base)
    assert browser.send(native["userName"], native["password"]).status_code == 303


def test_lock_out(platform, base, browser):
    app = platform.make_application(methods=["password"], redirectUris=[PUBLIC], clientType="public")
    threshold = int(platform.value("SHOW citybigdata.lockout_threshold"))
    browser.open(authorize_url(base, app, PUBLIC))
    for _ in range(threshold + 2):
        browser.send(app["userName"], "any-thing", decision="deny")  # no log-in: counts nothing
    for _ in range(threshold):
        assert browser.send(app["userName"], "Wrong-1-password").status_code == 403
    reply = browser.send(app["userName"], app["password"])
    assert reply.status_code == 429 and int(reply.headers["Retry-After"]) > 0 and "Try again in" in browser.form.text


def test_challenges(platform, base, web):
    """RFC 6750 3."""
    reply = platform.client.get("/events/none")
    assert reply.header("WWW-Authenticate") == 'Bearer realm="citybigdata"'
    reply = platform.client.get("/events/none", token="unknown")
    assert reply.header("WWW-Authenticate") == 'Bearer realm="citybigdata", error="invalid_token"'
    code = check_envelope(platform.client.post("/auth/code", {"appCode": web["appCode"], "method": "key", "key": web["key"]}), 200, 0).data["authCode"]
    reply = platform.client.post("/auth/token", {"appCode": web["appCode"], "authCode": code, "resources": ["others"], "level": 1, "bindAddress": True})
    token = check_envelope(reply, 200, 0).data["accessToken"]
    keep(platform, token, code)
    reply = check_envelope(platform.client.get("/events/none", token=token), 403, 40305)
    assert reply.header("WWW-Authenticate") == 'Bearer realm="citybigdata", error="insufficient_scope"'
    check_envelope(platform.client.at("127.0.0.77").get("/code-tables", token=token), 401, 40104)
    told = check_envelope(platform.client.post("/auth/introspect", {"token": token}, token=token), 200, 0).data
    assert told["active"] is True and told["scope"] == "" and told["level"] == 1 and told["client_addr"] == "127.0.0.1"


def test_one_shot_code(platform, web):
    """appCode and authCode on a data request, in place of a token: once."""
    code = check_envelope(platform.client.post("/auth/code", {"appCode": web["appCode"], "method": "key", "key": web["key"]}), 200, 0).data["authCode"]
    keep(platform, code)
    path = f"/code-tables?appCode={web['appCode']}&authCode={code}"
    check_envelope(platform.client.get(path), 200, 0)
    check_envelope(platform.client.get(path), 400, 40012)
    check_envelope(platform.client.post("/auth/token", {"appCode": web["appCode"], "authCode": code}), 400, 40012)
