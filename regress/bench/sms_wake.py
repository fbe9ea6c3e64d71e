"""sms_wake.py URL CA TOKEN: how long a message takes from the reply of its request to its arrival at the gateway, at idle. The first line is the
port of the gateway, which the caller gives to the platform within five seconds; then median and greatest of 30, in ms."""
import http.client
import json
import os
import ssl
import statistics
import sys
import time
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "bridge"))
from sms_gateway import HttpGateway  # noqa: E402

url, ca, token = sys.argv[1:]
gateway = HttpGateway()
print(gateway.port, flush=True)
time.sleep(5)
platform = http.client.HTTPSConnection(urllib.parse.urlparse(url).netloc, context=ssl.create_default_context(cafile=ca))
times = []
for n in range(30):
    time.sleep(0.2)
    body = json.dumps({"mobileStr": str(17000000000 + n), "content": "x"})
    platform.request("POST", "/api/v1/sms/messages", body, {"Authorization": f"Bearer {token}", "Content-Type": "application/json"})
    platform.getresponse().read()
    replied = time.monotonic()
    times.append(max(gateway.wait(n + 1)[-1].at - replied, 0) * 1000)
print(f"{statistics.median(times):.1f} {max(times):.1f}")
