#!/usr/bin/env python3
"""Prints the headers that sign a request: sign.py METHOD TARGET [BODY-FILE]

CBD_APP_CODE and CBD_SIGNING_SECRET are the application's; CBD_SIGNATURE_METHOD is HMAC-SHA256 (default) or HMAC-SM3
(needs a Python built with OpenSSL 1.1.1 or newer). Nothing but the standard library."""
import base64
import hashlib
import hmac
import os
import sys
import time
import uuid
from urllib.parse import quote, unquote_to_bytes

DIGESTS = {'HMAC-SHA256': 'sha256', 'HMAC-SM3': 'sm3'}


def encode(text):
    """A name or value decoded and encoded again."""
    return quote(unquote_to_bytes(text.replace('+', ' ')), safe='-._~')


def canonical_query(query):
    pairs = [pair.partition('=') for pair in query.split('&') if pair]
    return '&'.join(f'{name}={value}' for name, value in sorted((encode(name), encode(value)) for name, _, value in pairs))


def sign(app_code, secret, method, target, body=b'', algorithm='HMAC-SHA256', timestamp=None, nonce=None):
    """The five headers as a dictionary; target is the path with its query, body the bytes that are sent."""
    digest = DIGESTS[algorithm]
    path, _, query = target.partition('?')
    timestamp = str(timestamp or int(time.time()))
    nonce = nonce or str(uuid.uuid4())
    canonical = '\n'.join([method, path, canonical_query(query), hashlib.new(digest, body).hexdigest(), timestamp, nonce])
    mac = hmac.new(secret.encode('ascii'), canonical.encode('ascii'), digest).digest()
    return {'X-App-Code': app_code, 'X-Timestamp': timestamp, 'X-Nonce': nonce, 'X-Signature-Method': algorithm,
            'X-Signature': base64.b64encode(mac).decode('ascii')}


if __name__ == '__main__':
    content = b''
    if len(sys.argv) > 3:
        with open(sys.argv[3], 'rb') as file:
            content = file.read()
    headers = sign(os.environ['CBD_APP_CODE'], os.environ['CBD_SIGNING_SECRET'], sys.argv[1], sys.argv[2], content,
                   os.environ.get('CBD_SIGNATURE_METHOD', 'HMAC-SHA256'), os.environ.get('CBD_TIMESTAMP'), os.environ.get('CBD_NONCE'))
    for name, value in headers.items():
        print(f'{name}: {value}')
