#!/usr/bin/env python3
"""Prints docs/signature-vectors.json: requests, what is signed of them, and the signatures.

Written from the rule alone, with nothing of the extension's code, so that the two check each other."""
import base64
import hashlib
import hmac
import json
from urllib.parse import quote, unquote_to_bytes

SECRET = 'q3Zt8mN0bX5rLw2YvKc7TgUe1JhFsDpA'
KEPT = '-._~'  # besides letters and digits


def part(text):
    return quote(unquote_to_bytes(text.replace('+', ' ')), safe=KEPT)


def canonical_query(query):
    pairs = []
    for pair in query.split('&'):
        if pair:
            name, _, value = pair.partition('=')
            pairs.append((part(name).encode(), part(value).encode()))
    return b'&'.join(name + b'=' + value for name, value in sorted(pairs)).decode()


def sign(secret, text, digest):
    return base64.b64encode(hmac.new(secret.encode(), text.encode(), digest).digest()).decode()


def vector(name, method, path, query='', body='', algorithm='HMAC-SHA256', timestamp=1735689600, nonce='5f2b8c1e-0001'):
    digest = {'HMAC-SHA256': 'sha256', 'HMAC-SM3': 'sm3'}[algorithm]
    body_digest = hashlib.new(digest, body.encode()).hexdigest()
    text = '\n'.join([method, path, canonical_query(query), body_digest, str(timestamp), nonce])
    return {'name': name, 'secret': SECRET, 'method': method, 'path': path, 'query': query, 'body': body,
            'timestamp': timestamp, 'nonce': nonce, 'algorithm': algorithm, 'bodyDigest': body_digest,
            'canonicalRequest': text, 'signature': sign(SECRET, text, digest)}


def artemis_value(text):
    return unquote_to_bytes(text.replace('+', ' ')).decode()


def artemis(name, method, path, query, form, headers, signed):
    small = {key.lower(): value for key, value in headers.items()}
    text = method + '\n'
    for key in ('accept', 'content-md5', 'content-type', 'date'):
        if key in small:
            text += small[key] + '\n'
    for key in sorted(signed.split(',')):
        text += key + ':' + small.get(key.lower(), '') + '\n'
    parameters = {}
    for pair in (query + '&' + form).split('&'):
        if pair:
            key, _, value = pair.partition('=')
            parameters[artemis_value(key)] = artemis_value(value)
    joined = '&'.join(key + ('=' + parameters[key] if parameters[key].strip() else '') for key in sorted(parameters))
    text += path + ('?' + joined if joined else '')
    return {'name': name, 'secret': SECRET, 'method': method, 'path': path, 'query': query, 'form': form, 'headers': headers,
            'signedHeaders': signed, 'stringToSign': text, 'signature': sign(SECRET, text, 'sha256')}


EVENT = json.dumps({'senderCode': 'demo-sender', 'actionType': 'UP_REC_REPORT',
                    'data': {'eventDesc': '井盖破损', 'otherTaskNum': 'T-0001'}}, ensure_ascii=False)
SYSTEM = {'x-ca-key': '110000000000010', 'x-ca-timestamp': '1735689600000', 'x-ca-nonce': '5f2b8c1e-0001'}
SIGNED = 'x-ca-key,x-ca-nonce,x-ca-timestamp'

print(json.dumps({
    'signature': [
        vector('get without query', 'GET', '/api/v1/code-tables'),
        vector('get without query, SM3', 'GET', '/api/v1/code-tables', algorithm='HMAC-SM3'),
        vector('post json', 'POST', '/api/v1/events', body=EVENT),
        vector('post json, SM3', 'POST', '/api/v1/events', body=EVENT, algorithm='HMAC-SM3'),
        vector('sorted by name, then value', 'GET', '/api/v1/data/street-lights', 'b=2&a=2&a=1&ab=3&a-=4'),
        vector('encoded one way', 'GET', '/api/v1/events', 'otherTaskNum=%e4%ba%95%E7%9b%96+%2b1&%41=%7e&x=a*b%28c)'),
        vector('blank value, no value, empty pair', 'GET', '/api/v1/events', 'c&&b=&a=1&'),
        vector('names beyond ASCII', 'GET', '/api/v1/events', 'z=1&~=2&%E5%90%8D=3&_=4'),
        vector('equals sign in a value', 'GET', '/api/v1/events', 'cursor=abc==&pageSize=10'),
        vector('interval', 'GET', '/api/v1/data/street-lights',
               'timeRange=[20240102000000,20240103000000)&divisionCode=110101', algorithm='HMAC-SM3'),
        vector('path as sent', 'GET', '/api/v1/data/%e8%b7%af%E7%81%AF', 'pageSize=10', nonce='0123456789' * 6 + '0123'),
        vector('form body counts as body only', 'POST', '/openapi/v2/upstream', 'actionType=UP_REC_REPORT',
               'senderCode=demo-sender&data=%7B%7D', nonce='12345678'),
    ],
    'artemis': [
        artemis('json to the camera interface', 'POST', '/artemis/api/video/v1/cameras/previewURLs', '', '',
                {'Accept': '*/*', 'Content-Type': 'application/json', 'Content-MD5': 'mZFLkyvTelC5g8XnyQrpOw==', **SYSTEM}, SIGNED),
        artemis('get with parameters', 'GET', '/artemis/api/video/v1/cameras/previewURLs',
                'streamType=0&cameraIndexCode=%E4%B8%9C-1&expand=&protocol=hls', '',
                {'Accept': '*/*', 'Date': 'Wed, 01 Jan 2025 00:00:00 GMT', **SYSTEM}, SIGNED),
        artemis('form', 'POST', '/artemis/api/video/v1/cameras/previewURLs', 'v=1', 'protocol=rtsp&cameraIndexCode=a+b',
                {'Accept': 'application/json', 'Content-Type': 'application/x-www-form-urlencoded;charset=UTF-8', **SYSTEM},
                'x-ca-timestamp,x-ca-nonce,x-ca-key'),
    ]}, ensure_ascii=False, indent=1))
