"""wake.py URL CA TOKEN PORT: how long a message takes from the reply of the request that put it to its arrival at the receiver, at idle: median and
greatest of 30, in ms. What is put is a test delivery of the newest call-back."""
import http.client
import json
import ssl
import statistics
import sys
import time
import urllib.parse

url, ca, token, port = sys.argv[1:]
context = ssl.create_default_context(cafile=ca)
platform = http.client.HTTPSConnection(urllib.parse.urlparse(url).netloc, context=context)
receiver = http.client.HTTPSConnection(f"localhost:{port}", context=context)


def ask(connection, method, path):
    connection.request(method, path, headers={"Authorization": f"Bearer {token}"})
    return connection.getresponse().read()


def arrived():
    count, last = ask(receiver, "GET", "/count").split()
    return int(count), float(last)


number = max(c["callbackId"] for c in json.loads(ask(platform, "GET", "/api/v1/callbacks"))["data"]["items"])
times = []
for _ in range(30):
    before = arrived()[0]
    time.sleep(0.2)
    ask(platform, "POST", f"/api/v1/callbacks/{number}/test")
    replied = time.time()
    while arrived()[0] == before:
        time.sleep(0.002)
    times.append(max(arrived()[1] - replied, 0) * 1000)
print(f"{statistics.median(times):.1f} {max(times):.1f}")
