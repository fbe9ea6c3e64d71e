"""MapLibre GL in headless Chromium with the style that a layer has of the platform: what is drawn is what the caller may see. MAPLIBRE names the folder
with the package and the page, which is of another origin than the platform, as a map of somebody's own is."""
import functools
import http.server
import os
import ssl
import sys
import threading
import urllib.parse

import pytest
import selenium.webdriver as selenium
from selenium.webdriver.chrome.service import Service

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))), "bridge"))
from own_bridge import platform_settings, read_conf  # noqa: E402
from platform_rig import demo_data, platform  # noqa: E402,F401
from rig import check_envelope, until  # noqa: E402
from test_oauth_browser import DRIVER  # noqa: E402

PATIENCE = 90
LAYER = "street-lights"


@pytest.fixture(scope="module")
def origin(platform):  # noqa: F811
    """Origin of the page, which the platform allows to call."""
    handler = functools.partial(type("Quiet", (http.server.SimpleHTTPRequestHandler,), {"log_message": lambda *_: None}), directory=os.environ["MAPLIBRE"])
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    conf = read_conf(platform)
    context.load_cert_chain(conf["tls_cert"], conf["tls_key"])
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"https://localhost:{server.server_address[1]}"
    with platform_settings(platform, cors_origins=address):
        yield address
    server.shutdown()


@pytest.fixture
def browser(tmp_path):
    options = selenium.ChromeOptions()
    for argument in ("--headless=new", "--no-sandbox", "--ignore-certificate-errors", "--no-proxy-server", "--use-gl=angle", "--use-angle=swiftshader",
                     "--enable-unsafe-swiftshader", "--no-first-run", "--disable-quic", "--disable-background-networking", "--disable-component-update",
                     "--disable-sync", "--window-size=900,700", f"--user-data-dir={tmp_path}"):
        options.add_argument(argument)
    driver = selenium.Chrome(service=Service(DRIVER), options=options)
    yield driver
    driver.quit()


def show(browser, origin, platform, token, zoom, query=""):  # noqa: F811
    """Draws the layer around one of its points; the properties of what is drawn."""
    lon, lat = platform.sql("SELECT public.st_x(geom), public.st_y(geom) FROM demo.street_light WHERE light_id = 1")[0]
    style = f"{platform.env['CBD_URL']}/api/v1/tiles/{LAYER}/style.json{query}"
    browser.get("about:blank")  # a changed fragment alone loads nothing
    browser.get(f"{origin}/page.html#" + urllib.parse.urlencode({"style": style, "token": token, "center": f"{lon},{lat}", "zoom": zoom}))
    until(lambda: browser.execute_script("return window.idle === true || window.faults.length > 0"), PATIENCE, 0.2)
    assert browser.execute_script("return window.faults") == []
    return browser.execute_script("return window.rendered()")


def lights(platform, token):  # noqa: F811
    """The rows of the data interface by their number."""
    rows, cursor = {}, ""
    while cursor is not None:
        page = check_envelope(platform.client.get(f"/data/{LAYER}?pageSize=1000" + (f"&cursor={cursor}" if cursor else ""), token=token), 200, 0).data
        rows.update((row["lightId"], row) for row in page["items"])
        cursor = page["nextCursor"]
    return rows


def test_features_are_drawn(platform, demo_data, origin, browser):  # noqa: F811
    """Near, the features with the fields of the data interface; a picture that is not empty."""
    token = platform.token()
    drawn = show(browser, origin, platform, token, 16)
    rows = lights(platform, token)
    assert drawn and all(feature["layer"] == LAYER and feature["kind"] == "Point" for feature in drawn)
    assert 1 in {feature["lightId"] for feature in drawn}
    for feature in drawn:
        row = rows[feature["lightId"]]
        assert (feature["lampCode"], feature["keeperPhone"]) == (row["lampCode"], row["keeperPhone"])
    colours = browser.execute_script("""const gl = map.getCanvas().getContext("webgl2") || map.getCanvas().getContext("webgl");
        const p = new Uint8Array(gl.drawingBufferWidth * gl.drawingBufferHeight * 4);
        gl.readPixels(0, 0, gl.drawingBufferWidth, gl.drawingBufferHeight, gl.RGBA, gl.UNSIGNED_BYTE, p);
        const seen = new Set(); for (let i = 0; i < p.length; i += 4) seen.add(p[i] << 16 | p[i + 1] << 8 | p[i + 2]); return seen.size""")
    assert colours > 1


def test_masked_for_a_lower_level(platform, demo_data, origin, browser):  # noqa: F811
    """The same map with the token of an application of level 1: the phone number is masked, as on its pages."""
    app = platform.make_application(resources=[LAYER], level=1)
    token = platform.token(app)
    show(browser, origin, platform, platform.token(), 16)
    drawn = show(browser, origin, platform, token, 16)
    rows = lights(platform, token)
    assert drawn and all("*" in feature["keeperPhone"] and feature["keeperPhone"] == rows[feature["lightId"]]["keeperPhone"] for feature in drawn)


def test_filter_and_shift(platform, demo_data, origin, browser):  # noqa: F811
    """Filters of the style's address reach the tiles."""
    token = platform.token()
    kind = platform.value("SELECT lamp_type FROM demo.street_light WHERE light_id = 1")
    drawn = show(browser, origin, platform, token, 15, "?" + urllib.parse.urlencode({"lampType": kind, "crs": "GCJ02"}))
    assert drawn and {feature["lampType"] for feature in drawn} == {kind}
