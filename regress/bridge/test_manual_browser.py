"""The manual's page in headless Chromium: policy, search, the resources of a token; and without script."""
import urllib.parse

import pytest
from rig import until
from test_oauth_browser import chromium  # noqa: F401


def violations(browser):
    return [line for line in browser.get_log("browser") if "Content Security Policy" in line["message"] or line["level"] == "SEVERE"]


@pytest.fixture
def page(platform, demo_data, chromium):  # noqa: F811
    chromium.get(platform.env["CBD_URL"] + "/docs?lang=en")
    return chromium


def shown(browser, selector):
    return [e for e in browser.find_elements("css selector", selector) if e.is_displayed()]


def test_opens(page):
    assert page.title == "Interface manual" and not violations(page)
    assert page.find_element("css selector", "header.top").value_of_css_property("background-color") == "rgba(22, 32, 43, 1)", "the style sheet is refused"
    assert len(shown(page, "main article.op")) > 40
    # one sample at a time
    assert len(shown(page, ".tab")) == 1 and "curl" in shown(page, ".tab")[0].text
    page.find_element("xpath", "//label[text()='Python']").click()
    assert len(shown(page, ".tab")) == 1 and "urllib" in shown(page, ".tab")[0].text
    page.find_element("link text", "中文").click()
    until(lambda: page.title == "接口说明书")
    assert not violations(page)


def test_search(page):
    box = page.find_element("id", "search")
    box.send_keys("otherTaskNum")
    found = shown(page, "main article.op")
    assert 0 < len(found) < 10 and all("otherTaskNum" in e.text for e in found)
    assert page.find_element("id", "found").text.endswith(" found")
    assert len(shown(page, "nav li")) < 20
    box.send_keys(" qqqqq")
    assert not shown(page, "main article") and page.find_element("id", "found").text == "nothing found"
    box.clear()
    box.send_keys("42210")
    assert [e.text for e in shown(page, ".status tbody tr td:first-child")] == ["42210"]
    box.send_keys("\ue00c")  # Escape
    assert len(shown(page, "main article.op")) > 40 and not violations(page)


def test_resources_of_a_token(platform, page):
    field = page.find_element("id", "token")
    field.send_keys("A" * 43 + "\n")
    until(lambda: page.find_element("id", "token-state").text.startswith("40102"))
    assert not shown(page, "#chapter-resources")
    page.get_log("browser")  # that the address answered 401 stands there
    field.clear()
    field.send_keys(platform.token() + "\n")
    until(lambda: shown(page, "[id='getData-street-lights']"))
    assert "resources are open to you" in page.find_element("id", "token-state").text
    assert page.find_elements("css selector", "nav a[href='#getData-street-lights']") and field.get_attribute("value") == ""
    page.find_element("id", "search").send_keys("lampType")
    assert shown(page, "[id='getData-street-lights']")
    assert page.execute_script("return localStorage.length + sessionStorage.length + document.cookie.length") == 0
    assert "token" not in page.current_url and not violations(page)


def test_refusal_in_the_language_of_the_page(platform, page):
    page.get(platform.env["CBD_URL"] + "/docs?lang=zh")
    page.find_element("id", "token").send_keys("A" * 43 + "\n")
    until(lambda: page.find_element("id", "token-state").text.startswith("40102"))
    assert "令牌" in page.find_element("id", "token-state").text


# what stands beyond the right edge, and what scrolls sideways for it; samples of code may
BEYOND = """const edge = document.documentElement.clientWidth, inside = (e) => e.closest('pre');
return [...document.querySelectorAll('body *')].filter((e) => !inside(e) && (e.getBoundingClientRect().right > edge + 1 || e.scrollWidth > e.clientWidth + 1)
    && e.getClientRects().length && getComputedStyle(e).display !== 'inline').map((e) => `${e.tagName}.${e.className} ${e.textContent.slice(0, 40)}`).slice(0, 5);"""


def narrow(browser, width, medium=""):
    """The window of a telephone, or a sheet of paper."""
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {"width": width, "height": 844, "deviceScaleFactor": 1, "mobile": medium == ""})
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": medium})


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("width, medium", [(390, ""), (718, "print")])  # a telephone; A4 within its margins, at 96 dots an inch
def test_narrow(platform, page, language, width, medium):
    """With the resources of a token too: nothing stands beyond the edge, no table scrolls sideways."""
    narrow(page, width, medium)
    page.get(platform.env["CBD_URL"] + f"/docs?lang={language}")
    assert not page.execute_script(BEYOND) and page.execute_script("return document.documentElement.scrollWidth") <= width
    narrow(page, width)  # on paper there is no field for it
    page.find_element("id", "token").send_keys(platform.token() + "\n")
    until(lambda: shown(page, "[id='getData-street-lights']"))
    narrow(page, width, medium)
    assert not page.execute_script(BEYOND) and page.execute_script("return document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_narrow_login(platform, page, language):
    """The page of consent, and the one that tells why there is none."""
    narrow(page, 390)
    app = platform.make_application(methods=["password"], redirectUris=["https://lamps.example.org/cb"], clientType="public")
    for address in ("https://lamps.example.org/cb", "https://lamps.example.org/other"):
        page.get(platform.env["CBD_URL"] + "/oauth/authorize?" + urllib.parse.urlencode({
            "response_type": "code", "client_id": app["appCode"], "redirect_uri": address, "state": "s", "code_challenge": "c" * 43, "code_challenge_method": "S256",
            "ui_locales": language}))
        assert shown(page, "main") and not page.execute_script(BEYOND), address
        assert page.execute_script("return document.documentElement.scrollWidth") <= 390


def test_without_script(platform, demo_data, chromium):  # noqa: F811
    chromium.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    chromium.get(platform.env["CBD_URL"] + "/docs?lang=zh")
    assert len(shown(chromium, "main article.op")) > 40 and not shown(chromium, "#token-form") and not shown(chromium, "#search")
