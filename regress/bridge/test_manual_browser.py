"""The manual's page in headless Chromium: policy, search, the resources of a token; and without script."""
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


def test_narrow(page):
    page.set_window_size(500, 900)
    assert page.execute_script("return document.documentElement.scrollWidth <= window.innerWidth"), "the page is wider than the window"
    wide = "return [...document.querySelectorAll('.table')].filter((e) => e.scrollWidth > e.clientWidth).length"
    assert page.execute_script(wide) == 0, "tables scroll sideways"


def test_without_script(platform, demo_data, chromium):  # noqa: F811
    chromium.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    chromium.get(platform.env["CBD_URL"] + "/docs?lang=zh")
    assert len(shown(chromium, "main article.op")) > 40 and not shown(chromium, "#token-form") and not shown(chromium, "#search")
