"""The consent page in headless Chromium: cookie, policy and redirect as a browser takes them."""
import base64
import hashlib
import http.server
import json
import shutil
import socket
import threading
import urllib.parse

import pytest
import selenium.webdriver as selenium
from own_bridge import own_bridge
from rig import until

DRIVER = shutil.which("chromedriver")


@pytest.fixture
def seen():
    """A client that listens: what its callback was asked for."""
    requests = []

    class Callback(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            requests.append((self.path, self.headers.get("Referer"), self.headers.get("Cookie")))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *arguments):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Callback)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/callback", requests
    server.shutdown()


@pytest.fixture
def chromium(tmp_path):
    from selenium.webdriver.chrome.service import Service
    options = selenium.ChromeOptions()
    for argument in ("--headless=new", "--no-sandbox", "--ignore-certificate-errors", "--no-proxy-server", "--disable-gpu", "--no-first-run", "--disable-quic",
                     "--disable-background-networking", "--disable-component-update", "--disable-sync", f"--user-data-dir={tmp_path}"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = selenium.Chrome(service=Service(DRIVER), options=options)
    driver.implicitly_wait(10)
    yield driver
    driver.quit()


def test_consent_in_a_browser(platform, chromium, seen):
    address, requests = seen
    app = platform.make_application(methods=["password"], redirectUris=[address], clientType="public")
    url = platform.env["CBD_URL"] + "/oauth/authorize?" + urllib.parse.urlencode({
        "response_type": "code", "client_id": app["appCode"], "redirect_uri": address, "state": "s", "code_challenge": "c" * 43,
        "code_challenge_method": "S256", "ui_locales": "zh-CN"})
    chromium.get(url)
    assert chromium.title == "授权登录"
    style = chromium.find_element("css selector", "button").value_of_css_property("background-color")
    assert style != "rgba(0, 0, 0, 0)", "the style sheet is refused by the policy"
    chromium.find_element("id", "user").send_keys(app["userName"])
    chromium.find_element("id", "password").send_keys("Wrong-1-password\n")
    assert chromium.find_element("css selector", ".wrong").text
    assert [c["name"] for c in chromium.get_cookies()] == ["__Host-cbd-form"]
    chromium.find_element("link text", "English").click()
    until(lambda: chromium.title == "Allow access?")
    chromium.find_element("css selector", "button.plain").click()
    called = lambda: [r for r in requests if r[0].startswith("/callback")]
    until(called)  # else the next address cuts the redirect off
    chromium.get(url)
    chromium.find_element("id", "user").send_keys(app["userName"])
    chromium.find_element("id", "password").send_keys(app["password"] + "\n")
    until(lambda: len(called()) == 2)
    denied, allowed = called()
    assert "error=access_denied" in denied[0] and "code=" in allowed[0]
    # neither the address of the page nor its cookie goes to the client
    assert denied[1:] == (None, None) and allowed[1:] == (None, None)
    assert not [line for line in chromium.get_log("browser") if "Content Security Policy" in line["message"]]


VERIFIER = "v" * 64
PAGE = """<!DOCTYPE html><title>client</title><script>
const base = %s, client = %s, here = location.origin + "/callback.html";
function open_window(challenge) {
  window.shown = window.open(base + "/oauth/authorize?" + new URLSearchParams({response_type: "code", client_id: client, redirect_uri: here,
    state: "s", code_challenge: challenge, code_challenge_method: "S256"}), "login");
}
window.called = async query => {
  const body = new URLSearchParams({grant_type: "authorization_code", code: new URLSearchParams(query).get("code"), redirect_uri: here,
    client_id: client, code_verifier: "%s"});
  const token = await fetch(base + "/oauth/token", {method: "POST", body, headers: {"X-Requested-With": "XMLHttpRequest"}});
  const data = await fetch(base + "/api/v1/code-tables", {headers: {Authorization: "Bearer " + (await token.json()).access_token, "X-Ca-Stage": "x"}});
  const large = await fetch(base + "/api/v1/auth/code", {method: "POST", body: new Blob(["x".repeat(1500000)], {type: "application/json"})});
  const refused = await fetch(base + "/api/v1/events/none", {headers: {Authorization: "Bearer x"}});
  window.outcome = {token: token.status, data: data.status, number: data.headers.get("X-Request-Id") !== null, large: large.status,
    refused: refused.headers.get("WWW-Authenticate")};
};
</script>"""
CALLBACK = """<!DOCTYPE html><title>back</title><script>
if (window.opener) { window.opener.called(location.search); window.close(); } else document.title = "no opener";
</script>"""


@pytest.fixture
def site():
    """A web site of another origin: its pages, by path; what they answer may be a redirect."""
    pages = {}

    class Site(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            answer = pages.get(self.path.split("?")[0])
            self.send_response(302 if isinstance(answer, tuple) else 200 if answer else 404)
            if isinstance(answer, tuple):
                self.send_header("Location", answer[0])
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            if isinstance(answer, str):
                self.wfile.write(answer.encode())

        def log_message(self, *arguments):
            pass

    class Six(http.server.ThreadingHTTPServer):
        address_family = socket.AF_INET6

    servers = [http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site), Six(("::1", 0), Site)]
    for server in servers:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    yield pages, [server.server_port for server in servers]
    for server in servers:
        server.shutdown()


def log_in(chromium, app):
    chromium.find_element("id", "user").send_keys(app["userName"])
    chromium.find_element("id", "password").send_keys(app["password"] + "\n")


def test_a2_popup_with_pkce(platform, chromium, site):
    """Another origin's page opens the consent page in a window, is called back, and then calls with the token."""
    pages, (port, _) = site
    origin = f"http://127.0.0.1:{port}"
    app = platform.make_application(methods=["password"], redirectUris=[origin + "/callback.html"], clientType="public")
    challenge = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
    with own_bridge(platform, cors_origins=origin) as bridge:
        pages["/client.html"] = PAGE % (json.dumps(f"https://localhost:{bridge.port}"), json.dumps(app["appCode"]), VERIFIER)
        pages["/callback.html"] = CALLBACK
        chromium.get(origin + "/client.html")
        main = chromium.current_window_handle
        chromium.execute_script("open_window(arguments[0])", challenge)
        until(lambda: len(chromium.window_handles) == 2)
        chromium.switch_to.window(next(h for h in chromium.window_handles if h != main))
        log_in(chromium, app)
        until(lambda: len(chromium.window_handles) == 1)
        chromium.switch_to.window(main)
        outcome = until(lambda: chromium.execute_script("return window.outcome"))
        assert outcome == {"token": 200, "data": 200, "number": True, "large": 413, "refused": 'Bearer realm="citybigdata", error="invalid_token"'}


@pytest.mark.parametrize("host, place", [("127.0.0.1", 0), ("[::1]", 1)])
def test_f7_f8_redirects_complete(platform, chromium, site, host, place):
    """The client's address leads on to another origin; and [::1], for which a source expression has no grammar."""
    pages, ports = site
    address = f"http://{host}:{ports[place]}/callback"
    pages["/callback"] = (f"http://localhost:{ports[0]}/application",)
    pages["/application"] = "<!DOCTYPE html><title>arrived</title>"
    app = platform.make_application(methods=["password"], redirectUris=[address], clientType="public")
    url = platform.env["CBD_URL"] + "/oauth/authorize?" + urllib.parse.urlencode({
        "response_type": "code", "client_id": app["appCode"], "redirect_uri": address, "state": "s", "code_challenge": "c" * 43,
        "code_challenge_method": "S256"})
    chromium.get(url)
    log_in(chromium, app)
    until(lambda: chromium.title == "arrived")
    chromium.get(url)
    chromium.find_element("css selector", "button.plain").click()
    until(lambda: chromium.title == "arrived")


def test_f7_f8_policy(platform, client):
    """The page with the form says nothing of where it leads; the one without has none."""
    app = platform.make_application(methods=["password"], redirectUris=["https://my-app.example/cb"], clientType="public")
    query = {"response_type": "code", "client_id": app["appCode"], "redirect_uri": "https://my-app.example/cb", "code_challenge": "c" * 43,
             "code_challenge_method": "S256"}
    policy = lambda query: client.get("//oauth/authorize?" + urllib.parse.urlencode(query)).header("Content-Security-Policy")
    assert "form-action" not in policy(query) and "default-src 'none'" in policy(query) and "frame-ancestors 'none'" in policy(query)
    assert "form-action 'none'" in policy({**query, "client_id": "none"})


def test_sign_in_and_reload_in_a_browser(platform, chromium):
    """The console's way: sign in, a code; the address again, a code without a page; log out, the page."""
    base = platform.env["CBD_URL"]
    account = platform.make_account()
    platform.sql("INSERT INTO citybigdata.post (account_id, role, given_by) SELECT account_id, 'desk', 'test' FROM citybigdata.account WHERE user_name = %s",
                 account["userName"])
    url = base + "/oauth/authorize?" + urllib.parse.urlencode({
        "response_type": "code", "client_id": platform.env["CBD_OPERATOR_CLIENT"], "redirect_uri": base + "/console", "state": "s",
        "code_challenge": "c" * 43, "code_challenge_method": "S256", "ui_locales": "zh-CN"})
    landed = lambda: urllib.parse.urlsplit(chromium.current_url).path == "/console" and "code=" in chromium.current_url
    chromium.get(url)
    assert chromium.title == "登录"
    chromium.find_element("id", "user").send_keys(account["userName"])
    chromium.find_element("id", "password").send_keys(account["password"] + "\n")
    until(landed)
    first = chromium.current_url
    session = next(c for c in chromium.get_cookies() if c["name"] == "__Host-cbd-session")
    assert session["httpOnly"] and session["secure"] and session["sameSite"] == "Strict" and "expiry" not in session
    assert "cbd-session" not in (chromium.execute_script("return document.cookie") or "")
    chromium.get(url)
    until(landed)
    assert chromium.current_url != first
    # as the console logs out
    status = chromium.execute_async_script("fetch('/oauth/logout', {method: 'POST'}).then(r => arguments[0](r.status), e => arguments[0](String(e)))")
    assert status == 200 and not [c for c in chromium.get_cookies() if c["name"] == "__Host-cbd-session"]
    chromium.get(url)
    until(lambda: chromium.title == "登录")
    assert not [line for line in chromium.get_log("browser") if "Content Security Policy" in line["message"]]
