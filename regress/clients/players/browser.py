"""HLS by hls.js and WebSocket-FLV by mpegts.js in headless Chromium, from the media servers of regress/video: pictures of the right
size that go on, and their end after a revocation. PLAYERS names the folder with the packages and the page."""
import functools
import http.server
import os
import ssl
import sys
import threading
import time
import urllib.parse

import pytest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))), "bridge"))
from own_bridge import read_conf  # noqa: E402
from platform_rig import platform  # noqa: E402,F401
from rig import check_envelope, until  # noqa: E402
from test_oauth_browser import chromium  # noqa: E402,F401
from test_video import H264, H265, video  # noqa: E402,F401

PATIENCE = 60


@pytest.fixture(scope="module")
def page(platform):  # noqa: F811
    """Address of the page: https, as wss must not come from elsewhere."""
    handler = functools.partial(type("Quiet", (http.server.SimpleHTTPRequestHandler,), {"log_message": lambda *_: None}), directory=os.environ["PLAYERS"])
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    conf = read_conf(platform)
    context.load_cert_chain(conf["tls_cert"], conf["tls_key"])
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"https://localhost:{server.server_address[1]}/page.html"
    server.shutdown()


def shown(browser):
    """(width, seconds played, faults)"""
    return browser.execute_script("const v = document.getElementById('video'); return [v.videoWidth, v.currentTime, window.faults]")


@pytest.mark.parametrize("camera, protocol, form", [(H264, "hls", {}), (H264, "ws", {}), (H265, "hls", {"expand": "transcode=1"}),
                                                    (H265, "ws", {"expand": "transcode=1"})])
def test_plays_in_a_browser(platform, video, page, chromium, camera, protocol, form):  # noqa: F811
    url, play = video.url(camera, protocol, **form)
    chromium.get(f"{page}?url={urllib.parse.quote(url)}")
    until(lambda: shown(chromium)[0] == 320, PATIENCE, 0.2)
    begun = shown(chromium)[1]
    until(lambda: shown(chromium)[1] > begun + 2, PATIENCE, 0.2)
    check_envelope(platform.client.post(f"/cameras/plays/{play}/revoke", {}, token=video.app["token"]), 200, 0)
    until(lambda: any("403" in fault or fault.startswith("fatal") for fault in shown(chromium)[2]), PATIENCE, 0.2)
    # what was loaded is shown to its end, then nothing comes
    time.sleep(3)
    stopped = shown(chromium)[1]
    time.sleep(3)
    assert shown(chromium)[1] - stopped < 3
