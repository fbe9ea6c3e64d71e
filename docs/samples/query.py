#!/usr/bin/env python3
"""Token by key, report of an event, published data page by page. Nothing but the standard library.

From the environment: CBD_URL, CBD_CA, CBD_APP_CODE, CBD_KEY, CBD_SENDER_CODE, CBD_RESOURCE, CBD_TIME_RANGE"""
import json
import os
import ssl
import time
import urllib.error
import urllib.parse
import urllib.request

URL = os.environ['CBD_URL']
TLS = ssl.create_default_context(cafile=os.environ['CBD_CA'])


class Refused(Exception):
    """What the platform says: HTTP status and envelope."""

    def __init__(self, status, reply):
        super().__init__(f"HTTP {status}, {reply['statusCode']} {reply['message']}, request {reply['requestId']}")
        self.status = status
        self.code = reply['statusCode']
        self.faults = (reply['data'] or {}).get('errors', [])


def call(path, token=None, body=None, query=None, tries=4):
    """`data` of the reply; waits and asks again while the platform is busy."""
    headers = {'Accept': 'application/json'}
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
    granted = token_by_key(os.environ['CBD_APP_CODE'], os.environ['CBD_KEY'])
    token = granted['accessToken']
    print(f"token: {granted['expiresIn']} s")

    # a report; sent again it gets the same answer
    event = {'eventDesc': '路灯不亮', 'otherTaskNum': f'SAMPLE-PY-{time.time_ns()}', 'address': '景山前街4号', 'eventSrcID': 1, 'recTypeID': 1,
             'eventLevelID': 1, 'eventTypeCode': '6', 'mainTypeCode': '602', 'subTypeCode': '60201', 'lontitude': 116.403414,
             'latitude': 39.924091, 'createTime': str(int(time.time()))}
    report = {'data': event, 'senderCode': os.environ['CBD_SENDER_CODE'], 'actionType': 'UP_REC_REPORT'}
    first, again = call('/api/v1/events', token, report), call('/api/v1/events', token, report)
    assert first['taskNum'] == again['taskNum']
    print(f"event: {first['taskNum']}")

    resource = os.environ['CBD_RESOURCE']
    count = sum(1 for _ in items(token, resource, timeRange=os.environ['CBD_TIME_RANGE'], pageSize=100))
    print(f'data: {count} items')

    try:
        call('/api/v1/data/' + resource, token, query={'pageSize': 0})
    except Refused as refused:
        print(f'refused: {refused}')
        for fault in refused.faults:
            print(f"  {fault['pointer']}: {fault['message']}")


if __name__ == '__main__':
    main()
