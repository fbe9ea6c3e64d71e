"""The consent page in headless Chromium: cookie, policy and redirect as a browser takes them."""
import http.server
import shutil
import threading
import urllib.parse

import pytest
import selenium.webdriver as selenium
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
