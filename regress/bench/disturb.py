"""disturb.py PORT SECONDS SENDER TOKEN APP_CODE SLOW WRONG: SLOW clients run slow requests and WRONG clients send wrong passwords,
each from addresses of its own (a lock-out would make them cheap). Prints `slow wrong other`: how many replies of each kind came."""
import collections
import http.client
import json
import ssl
import sys
import threading
import time

port, seconds = int(sys.argv[1]), float(sys.argv[2])
sender, token, app_code = sys.argv[3:6]
slow, wrong = int(sys.argv[6]), int(sys.argv[7])
context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
context.check_hostname = False
context.verify_mode = ssl.CERT_NONE
seen, lock, end = collections.Counter(), threading.Lock(), time.monotonic() + seconds


def send(source, path, body):
    connection = http.client.HTTPSConnection("127.0.0.1", port, timeout=60, context=context, source_address=(source, 0))
    headers = {"Content-Type": "application/json", "Authorization": "Bearer " + token} if "code" not in path else {"Content-Type": "application/json"}
    connection.request("POST", path, json.dumps(body), headers)
    status = connection.getresponse().status
    connection.close()
    return status


def slow_client(number):
    serial = 0
    while time.monotonic() < end:
        serial += 1
        # the function behind it sleeps (bench.sh has put that in its place)
        status = send(f"127.0.4.{number + 1}", "/openapi/v2/upstream", {"senderCode": sender, "actionType": "UP_REC_REPORT", "data": "{}"})
        with lock:
            seen["slow" if status == 200 else f"slow {status}"] += 1


def wrong_client(number):
    serial = 0
    while time.monotonic() < end:
        serial += 1
        status = send(f"127.{5 + number}.{serial // 200}.{serial % 200 + 1}", "/api/v1/auth/code",
                      {"appCode": app_code, "method": "password", "userName": f"nobody-{number}-{serial}", "password": "Wrong-1-password"})
        with lock:
            seen["wrong" if status == 401 else f"wrong {status}"] += 1


threads = [threading.Thread(target=slow_client, args=(n,)) for n in range(slow)] + [threading.Thread(target=wrong_client, args=(n,)) for n in range(wrong)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(", ".join(f"{kind}: {count}" for kind, count in sorted(seen.items())))
