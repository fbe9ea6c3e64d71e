"""Gateways and messages for the tests of reports and replies: rows as sending leaves them, without sending."""
import hashlib
import http.server
import itertools
import secrets
import threading
import time
import urllib.parse

_serial = itertools.count(1)
_mobiles = itertools.count(13010000000 + secrets.randbelow(5000000) * 1000)


def mobiles(count):
    """So many numbers that no other test uses."""
    return [next(_mobiles) for _ in range(count)]


class Gateway:
    """A row of sms_gateway, and how that gateway calls the platform."""

    def __init__(self, platform, networks="{127.0.0.1/32}", fields=None, states=None, kind="http"):
        self.platform, self.token = platform, secrets.token_urlsafe(32)
        self.code = f"test-{next(_serial)}-{secrets.token_hex(3)}"
        platform.client.secrets.add(self.token)
        destination = platform.value("INSERT INTO citybigdata.outbox_destination (purpose, key) VALUES ('gateway', %s) RETURNING destination_id", self.code)
        self.gateway_id = platform.value(
            "INSERT INTO citybigdata.sms_gateway (gateway_code, title, kind, state, destination_id, url, token, token_digest, report_networks, report_fields, report_states)"
            " VALUES (%s, %s, %s, 'disabled', %s, 'https://gateway.example/send', '\\x00', %s, %s, %s, %s) RETURNING gateway_id",
            self.code, self.code, kind, destination, hashlib.sha256(self.token.encode()).digest(), networks, fields, states)

    def path(self, what, token=None):
        return f"//gateway/sms/{what}/{token or self.token}"

    def get(self, what, client=None, token=None, **fields):
        return (client or self.platform.client).get(self.path(what, token) + "?" + urllib.parse.urlencode(fields))

    def post(self, what, body, client=None, **more):
        return (client or self.platform.client).post(self.path(what), body, **more)

    def form(self, what, **fields):
        return self.platform.client.form(self.path(what), fields)

    def message(self, app, numbers, need_reply=False, parts=1, state="sent", ids=None, days=0):
        """A message that this gateway has; ids: {ordinal: [its numbers of it]}. Returns (sms_id, msgId)."""
        sql, value = self.platform.sql, self.platform.value
        msg_id = f"M-{next(_serial)}-{secrets.token_hex(4)}"
        app_id = value("SELECT app_id FROM citybigdata.application WHERE app_code = %s", app["appCode"])
        sms_id = value("INSERT INTO citybigdata.sms_message (sms_id, accepted_at, valid_until, app_id, parts, accepted, refused, need_reply, unicode, msg_id, content, digest, source)"
                       " VALUES (nextval('citybigdata.sms_id_seq'), now() - make_interval(days => %s), now() + interval '1 day', %s, %s, %s, 0, %s, true, %s, '案件已办结', '\\x00', 'api') RETURNING sms_id",
                       days, app_id, parts, len(numbers), need_reply, msg_id)
        for ordinal, mobile in enumerate(numbers):
            sql("INSERT INTO citybigdata.sms_number (sms_id, mobile, text_key, accepted_at, app_id, seq, ordinal) SELECT sms_id, %s, 1, accepted_at, app_id,"
                " (SELECT count(*) FROM citybigdata.sms_number n WHERE n.mobile = %s AND n.app_id = m.app_id), %s FROM citybigdata.sms_message m WHERE sms_id = %s",
                mobile, mobile, ordinal, sms_id)
        sql("INSERT INTO citybigdata.sms_batch (sms_id, batch_id, first_ordinal, last_ordinal, gateway_id, state) VALUES (%s, 1, 0, %s, %s, %s)",
            sms_id, len(numbers) - 1, self.gateway_id, state)
        for ordinal, own in (ids or {}).items():
            for part, number in enumerate(own, 1):
                sql("INSERT INTO citybigdata.sms_part (sms_id, gateway_id, ordinal, part, id_key) VALUES (%s, %s, %s, %s, %s)",
                    sms_id, self.gateway_id, ordinal, part, number)
        return sms_id, msg_id

    def states(self, sms_id):
        """What was reported of the message's numbers, in their order."""
        return [row[0] for row in self.platform.sql("SELECT state FROM citybigdata.sms_number WHERE sms_id = %s ORDER BY ordinal", sms_id)]

    def orphans(self):
        return self.platform.value("SELECT count(*) FROM citybigdata.sms_orphan WHERE gateway_id = %s", self.gateway_id)


class _VendorHandler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self):
        path, _, query = self.path.partition("?")
        fields = {k: v[0] for k, v in urllib.parse.parse_qs(query, keep_blank_values=True).items()}
        vendor = self.server.vendor
        with vendor.changed:
            vendor.got.append(fields)
            vendor.changed.notify_all()
        getattr(vendor, "answer_" + (vendor.kind or path.split("/")[1]))(self, fields)

    def reply(self, status, body, length=None):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class _VendorServer(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 512

    def handle_error(self, request, client_address):
        pass


class Vendor:
    """A gateway of another make on 127.0.0.1, that keeps what it gets and answers as `kind` says. Close it."""

    def __init__(self):
        self.got, self.kind, self.changed, self.port = [], "ok", threading.Condition(), 0
        self.serial, self.before_answer = itertools.count(0xA0), None
        self.start()

    def start(self):
        """Listens (again), at the same port."""
        self.server = _VendorServer(("127.0.0.1", self.port), _VendorHandler)
        self.port, self.server.vendor = self.server.server_address[1], self
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def numbers(self, msg=None):
        """Numbers that came, in their order, once for each time."""
        with self.changed:
            return [n for fields in self.got for n in fields["to"].split(",")]

    # ---- answers ----
    def answer_ok(self, handler, fields):
        ids = [f"{next(self.serial):08X}" for _ in fields["to"].split(",")]
        if self.before_answer is not None:
            self.before_answer(ids, fields)
        handler.reply(200, ('{"code":0,"ids":["' + '","'.join(ids) + '"]}').encode())

    def answer_refuse(self, handler, fields):
        handler.reply(200, '{"code":7,"msg":"余额不足"}'.encode())

    def answer_fault(self, handler, fields):
        handler.reply(500, b"oops")

    def answer_proxy(self, handler, fields):
        handler.reply(502, b"bad gateway")

    def answer_rubbish(self, handler, fields):
        handler.reply(200, bytes(range(256)) * 8)

    def answer_half(self, handler, fields):
        handler.reply(200, b'{"code":0,"i', 1000)
        handler.close_connection = True

    def answer_mute(self, handler, fields):
        handler.close_connection = True

    def answer_slow(self, handler, fields):
        time.sleep(4)
        handler.reply(200, b'{"code":0,"ids":[]}')

    def answer_redirect(self, handler, fields):
        handler.send_response(302)
        handler.send_header("Location", f"http://127.0.0.1:{self.port}/ok/elsewhere?to=1&text=2")
        handler.send_header("Content-Length", "0")
        handler.end_headers()
