"""Gateways and messages for the tests of reports and replies: rows as sending leaves them, without sending."""
import hashlib
import itertools
import secrets
import urllib.parse

_serial = itertools.count(1)
_mobiles = itertools.count(13010000000)


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
