#!/usr/bin/env python3
"""Token by key, report of an event, published data page by page. Nothing but the standard library.

From the environment: CBD_URL, CBD_CA, CBD_APP_CODE, CBD_KEY, CBD_SENDER_CODE, CBD_RESOURCE, CBD_TIME_RANGE
Perhaps also CBD_LANGUAGE: en or zh, the language of what the platform says"""
import json
import os
import ssl
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

NEEDED = ('CBD_URL', 'CBD_CA', 'CBD_APP_CODE', 'CBD_KEY', 'CBD_SENDER_CODE', 'CBD_RESOURCE', 'CBD_TIME_RANGE')
MISSING = [name for name in NEEDED if not os.environ.get(name)]
if MISSING:
    sys.exit(f"not set: {', '.join(MISSING)}")
URL, CA, APP_CODE, KEY, SENDER_CODE, RESOURCE, TIME_RANGE = (os.environ[name] for name in NEEDED)
LANGUAGE = os.environ.get('CBD_LANGUAGE', 'en')
TLS = ssl.create_default_context(cafile=CA)


class Refused(Exception):
    """What the platform says: HTTP status and envelope."""

    def __init__(self, status, reply):
        faults = (reply['data'] or {}).get('errors', [])
        lines = [f"HTTP {status}, {reply['statusCode']} {reply['message']}, request {reply['requestId']}"]
        # every fault at once: where, its number, what would be right
        lines += [f"  {fault['pointer']}: {fault['statusCode']} {fault['message']}" for fault in faults]
        super().__init__('\n'.join(lines))
        self.status = status
        self.code = reply['statusCode']


def call(path, token=None, body=None, query=None, tries=4):
    """`data` of the reply; waits and asks again while the platform is busy."""
    headers = {'Accept': 'application/json', 'Accept-Language': LANGUAGE}
    if token:
        headers['Authorization'] = 'Bearer ' + token
    if body is not None:
        headers['Content-Type'] = 'application/json'
        body = json.dumps(body).encode()
    address = URL + path + ('?' + urllib.parse.urlencode(query) if query else '')
    for left in reversed(range(tries)):
        try:
            with urllib.request.urlopen(urllib.request.Request(address, body, headers), context=TLS, timeout=60) as reply:
                return json.load(reply)['data']
        except urllib.error.HTTPError as fault:
            if fault.code in (429, 503, 504) and left > 0:
                time.sleep(int(fault.headers.get('Retry-After', 1)))
                continue
            raise Refused(fault.code, json.load(fault)) from None


def token_by_key(app_code, key):
    code = call('/api/v1/auth/code', body={'appCode': app_code, 'method': 'key', 'key': key})
    return call('/api/v1/auth/token', body={'appCode': app_code, 'authCode': code['authCode']})


def items(token, resource, **query):
    """Every item, from cursor to cursor."""
    while True:
        page = call('/api/v1/data/' + resource, token, query=query)
        yield from page['items']
        if page['nextCursor'] is None:
            return
        query['cursor'] = page['nextCursor']


def main():
    granted = token_by_key(APP_CODE, KEY)
    token = granted['accessToken']
    print(f"token: {granted['expiresIn']} s")

    # a report as table A.4 asks for it: X and Y of the business plane, longitude and latitude of the online map
    event = {'eventDesc': '路灯不亮', 'otherTaskNum': f'SAMPLE-PY-{time.time_ns()}', 'address': '景山前街4号',
             'coordinateX': 448463.732, 'coordinateY': 4421118.659, 'lontitude': 116.403414, 'latitude': 39.924091,
             'eventSrcID': 1, 'recTypeID': 1, 'eventLevelID': 1, 'eventTypeCode': '6', 'mainTypeCode': '602',
             'subTypeCode': '60201', 'createTime': str(int(time.time()))}
    report = {'data': event, 'senderCode': SENDER_CODE, 'actionType': 'UP_REC_REPORT'}
    # sent again, it gets the same answer
    first, again = call('/api/v1/events', token, report), call('/api/v1/events', token, report)
    assert first['taskNum'] == again['taskNum']
    print(f"event: {first['taskNum']}")

    # published data of an interval
    count = sum(1 for _ in items(token, RESOURCE, timeRange=TIME_RANGE, pageSize=100))
    print(f'data: {count} items')

    # a refusal names every fault
    try:
        call('/api/v1/data/' + RESOURCE, token, query={'pageSize': 0})
    except Refused as refused:
        print(f'refused: {refused}')


if __name__ == '__main__':
    try:
        main()
    except Refused as refused:
        sys.exit(f'refused: {refused}')
