"""The walk: every route of the bridge's own table without a credential, with a wrong one, with one that does not reach.

`citybigdata-bridge --print-routes` says which routes there are and what each asks of its caller; here stands what a call of
each takes (CALLS), so that nothing but the credential is wrong with it. A route without an entry fails the walk.
"""
import itertools
import secrets
import urllib.parse
import xml.etree.ElementTree as ElementTree

import own_bridge
import pytest
from rig import check_envelope, until
from sms_rig import Gateway, mobiles
from walk_calls import BASE, CALLS, PUBLISHED, REDIRECT, base, register

WRONG_KEY = "6f2c1b1e-0000-4000-8000-000000000000"
WRONG_PASSWORD = "Wrong-1-password"
_serial = itertools.count(1)

# Routes that ask for nobody: what they show is everybody's, or (accounts) the caller cannot be known yet.
PUBLIC = {"POST /api/v1/accounts", "GET /api/v1/status-codes", "GET /.well-known/oauth-authorization-server", "GET /console/config.json", "GET /healthz",
          "GET /readyz", "GET /metrics", "GET /open311/discovery", "GET /openapi.json", "GET /docs", "POST /oauth/logout", "GET /ogc", "GET /ogc/conformance", "GET /ogc/api"}
NO_ENVELOPE, PLACE = {"open311", "ogc", "tile", "tile-text"}, {"z": 0, "x": 0, "y": 0}
# With a credential they show what its application may use, so it must be good.
MORE_WITH_TOKEN = {"GET /openapi.json", "GET /docs", "GET /ogc/api"}
# Without a grant these show the caller's own: what is not is not there, in the list as for its number.
HIDING = {"GET /api/v1/events", "GET /api/v1/events/{taskNum}", "GET /api/v1/events/{taskNum}/steps", "GET /api/v1/events/{taskNum}/actions",
          "POST /api/v1/events/{taskNum}/steps", "POST /api/v1/events/steps"}
# These are for who holds a post.
OPERATORS = {"GET /api/v1/todo"}


class World:
    """Applications and accounts in every state that refuses."""

    def __init__(self, platform):
        self.platform = platform
        self._victim, self._administrators, self._picture, self._callback, self._message, self._sms = None, {}, None, None, None, None
        platform.sql(PUBLISHED)
        self.app = platform.make_application(redirectUris=[REDIRECT], resources=["events", "callbacks", "cameras", "walk-seats", "walk-places", "open311", "sms", *register(platform)])
        self.other = platform.make_application()
        self.by_address = platform.make_application(methods=["ip"], ipRanges=["127.0.0.99/32"])
        self.accounts = [platform.make_account(approve=False) for _ in range(2)]
        self.requests = [platform.apply(self.other)[0].data["accessRequestId"] for _ in range(2)]
        self.event = platform.event()
        self.task_num = platform.report(self.event, platform.token(self.app), self.app["senders"][0]).data["taskNum"]

    def application_form(self):
        return {"platformCode": "110000", "resources": ["events"], "purpose": "walk", "methods": ["key"], "senderCodes": []}

    def unit(self):
        return self.platform.value("SELECT min(unit_code) FROM citybigdata.unit")

    def process(self):
        return self.platform.value("SELECT definition FROM citybigdata.process WHERE process_code = 'city-management' ORDER BY version LIMIT 1")

    def rule(self):
        return {"code": "walk", "order": 1, "when": {"senders": [self.app["senders"][0]]}, "then": [{"set": {"level": 1}}]}

    def report(self):
        return {"data": self.platform.event(), "senderCode": self.app["senders"][0], "actionType": "UP_REC_REPORT"}

    def callback_form(self):
        return {"url": f"https://receiver.invalid/{next(_serial)}", "events": ["case.step"]}

    def callback(self):
        if self._callback is None:
            self._callback = self.platform.client.post("/callbacks", self.callback_form(), token=self.platform.token(self.app)).data["callbackId"]
        return self._callback

    def delivery(self):
        return self.platform.client.get(f"/callbacks/{self.callback()}/deliveries", token=self.platform.token(self.app)).data["items"][0]

    def message(self):
        """msgId of a message of the application, at a gateway that takes no new ones."""
        if self._message is None:
            self._message = Gateway(self.platform).message(self.app, mobiles(1))[1]
        return self._message

    def sms(self):
        """A message, and a gateway to take it."""
        self._sms = self._sms or Gateway(self.platform)
        self.platform.sql("UPDATE citybigdata.sms_gateway SET state = 'active' WHERE gateway_id = %s", self._sms.gateway_id)
        return {"mobileStr": str(mobiles(1)[0]), "content": "walk"}

    def provider(self, code, kind="media"):
        self.platform.sql("""INSERT INTO citybigdata.camera_provider (provider_code, title, kind, secret, rtsp_url, url, app_key, version)
                             SELECT %s, 'walk', k, '\\x00', 'rtsp://127.0.0.1', CASE k WHEN 'upstream' THEN 'https://127.0.0.1/artemis' END, CASE k WHEN 'upstream' THEN 'K' END,
                                    CASE k WHEN 'upstream' THEN 'v2' END FROM (SELECT %s::text AS k) k ON CONFLICT DO NOTHING""", code, kind)
        return code

    def camera(self):
        self.platform.sql("""INSERT INTO citybigdata.camera (camera_index_code, camera_name, provider_code, level) VALUES (md5('walk')::uuid, 'walk', %s, 1) ON CONFLICT DO NOTHING;
                             INSERT INTO citybigdata.camera_stream (camera_index_code, stream_type) VALUES (md5('walk')::uuid, 0) ON CONFLICT DO NOTHING""", self.provider("walk-media"))
        return self.platform.value("SELECT md5('walk')::uuid::text")

    def play(self):
        reply = self.platform.client.post("/cameras/previewURLs", {"cameraIndexCode": self.camera()}, token=self.platform.token(self.app))
        self.platform.client.secrets.add(reply.data["url"])
        return reply.data["playId"]

    def client(self):
        """From an address of its own: failures of one call lock out no other."""
        number = next(_serial)
        return self.platform.client.at(f"127.3.{number // 250 + 1}.{number % 250 + 1}")

    @staticmethod
    def nobody():
        """A user name that nobody has, another one each time: wrong passwords for one name lock it."""
        return f"nobody-at-all-{next(_serial)}"

    def code(self, app):
        reply = self.platform.client.post("/auth/code", {"appCode": app["appCode"], "method": "key", "key": app["key"]})
        self.platform.client.secrets.add(reply.data["authCode"])
        return reply.data["authCode"]

    def token(self, app=None, **more):
        app = app or self.app
        reply = self.platform.client.post("/auth/token", {"appCode": app["appCode"], "authCode": self.code(app), **more})
        self.platform.client.secrets.add(reply.data["accessToken"])
        return reply.data["accessToken"]

    def changed(self, table, change, app=None):
        """The application, after a change of its row, its account's, its grant's or its tokens'."""
        app = app or self.platform.make_application(redirectUris=[REDIRECT])
        key, number = ("account_id", app["accountId"]) if table == "account" else ("app_id", self.platform.value(
            "SELECT app_id FROM citybigdata.application WHERE app_code = %s", app["appCode"]))
        self.platform.sql(f"UPDATE citybigdata.{table} SET {change} WHERE {key} = %s", number)
        return app

    def token_then(self, table, change):
        """A token that was good until the change."""
        app = self.platform.make_application()
        token = self.token(app)
        self.changed(table, change, app)
        return {"token": token}

    def code_then(self, change=None, spend=False):
        app = self.platform.make_application()
        code = self.code(app)
        if change:
            self.changed("auth_code", change, app)
        if spend:
            self.platform.client.secrets.add(self.platform.client.post(
                "/auth/token", {"appCode": app["appCode"], "authCode": code}).data["accessToken"])
        return {"query": {"appCode": app["appCode"], "authCode": code}}

    def revoked_token(self):
        token = self.token()
        assert self.platform.client.post("/auth/revoke", {"token": token}, token=token).status == 200
        return {"token": token}

    def victim(self, account="active", application="active"):
        """An application whose account and state administration changes, in the state that a call finds it in."""
        if self._victim is None:
            self._victim = self.platform.make_application()
        self.platform.sql("UPDATE citybigdata.account SET state = %s WHERE account_id = %s", account, self._victim["accountId"])
        self.platform.sql("UPDATE citybigdata.application SET state = %s WHERE app_code = %s", application, self._victim["appCode"])
        return self._victim

    def proposal(self):
        """An open proposal, and the account that it is about."""
        account = self.victim()["accountId"]
        self.platform.sql("UPDATE citybigdata.account SET password_held = true WHERE account_id = %s", account)
        self.platform.sql("DELETE FROM citybigdata.admin_proposal WHERE account_id = %s AND state = 'open'", account)
        return self.platform.value("""INSERT INTO citybigdata.admin_proposal (action, account_id, proposed_by, expires_at)
                                      VALUES ('password', %s, 'role:walk', now() + interval '1 day') RETURNING proposal_id""", account), account

    def grant(self, state):
        """The path of that application's grant, in the state that a call finds it in."""
        app = self.victim()
        self.platform.sql("""UPDATE citybigdata.app_grant g SET state = %s FROM citybigdata.application a
                             WHERE a.app_code = %s AND g.app_id = a.app_id""", state, app["appCode"])
        return {"application": app["appCode"], "resource": "events"}

    def administrator(self, role):
        """A token of an administrator of one role."""
        if role not in self._administrators:
            self._administrators[role] = self.platform.administrator(role)["token"]
        return self._administrators[role]

    def sealed(self, app=None, **more):
        """The token of a sealed address."""
        url = self.platform.client.post("/auth/sealed-url", {"resource": "events", "params": {"otherTaskNum": "x"}, **more},
                                        token=self.token(app)).data["url"]
        self.platform.client.secrets.add(url.rsplit("/", 1)[1])
        return url.rsplit("/", 1)[1]

    def sealed_then(self, table, change, **more):
        """An address that was good until the change."""
        app = self.platform.make_application()
        token = self.sealed(app, **more)
        self.changed(table, change, app)
        return token

    def media(self, app=None, cidr=None):
        """The token of a stored picture's address."""
        if self._picture is None:
            picture = {"mediaName": "a.jpg", "mediaType": "IMAGE", "mediaUsage": "上报", "content": "/9j/4AAQ"}
            reply = self.platform.report(self.platform.event(medias=[picture]), self.token(self.other), self.other["senders"][0])
            self._picture = check_envelope(reply, 200, 0).data["recID"]
        url = self.platform.value("SELECT citybigdata.media_url(%s, %s, 1, '10 minutes', %s)", (app or self.app)["appCode"], self._picture, cidr)
        self.platform.client.secrets.add(url.rsplit("/", 1)[1])
        return url.rsplit("/", 1)[1]

    def media_then(self, table, change):
        """An address of a picture that was good until the change."""
        app = self.platform.make_application(level=3)
        token = self.media(app)
        self.changed(table, change, app)
        return token

    def suspended_administrator(self):
        platform, account = self.platform, self.platform.make_account()
        digest = "sha256(convert_to(%s, 'UTF8'))"
        token = "walk-" + secrets.token_urlsafe(32)
        platform.client.secrets.add(token)
        platform.sql("UPDATE citybigdata.account SET admin_role = 'secadmin', state = 'suspended' WHERE account_id = %s", account["accountId"])
        platform.sql(f"""INSERT INTO citybigdata.access_token (token_digest, account_id, issued_at, expires_at)
                         VALUES ({digest}, %s, now(), now() + interval '1 hour')""", token, account["accountId"])
        return {"token": token}


def known(route):
    return route.authentication != "open"


def any_basic(route):
    return route.authentication == "basic"


def no_basic(route):
    return route.authentication == "caller"


def granted(route):
    """Behind a sealed base no other credential is taken."""
    return route.resource is not None and known(route)


def reading(route):
    return known(route) and route.method == "GET"


def administrators(route):
    return route.role is not None


PAST = "now() - interval '1 minute'"
NOBODY, VOID, NOT_YOU = {401}, {400}, {403}
# name: for which routes, what a call carries, the statuses that are right
CREDENTIALS = {
    "nothing": (known, lambda w: {}, NOBODY),
    "malformed bearer": (known, lambda w: {"headers": {"Authorization": "Bearer a b"}}, NOBODY),
    "empty bearer": (known, lambda w: {"headers": {"Authorization": "Bearer "}}, NOBODY),
    "malformed basic": (known, lambda w: {"headers": {"Authorization": "Basic !!!!"}}, NOBODY),
    "unknown scheme": (known, lambda w: {"headers": {"Authorization": "Digest username=x"}}, NOBODY),
    "wrong token": (known, lambda w: {"token": "A" * 43}, NOBODY),
    "shortened token": (known, lambda w: {"token": w.token()[:-1]}, NOBODY),
    "token of 10 kB": (known, lambda w: {"token": "A" * 10000}, NOBODY),
    "expired token": (known, lambda w: w.token_then("access_token", f"issued_at = {PAST}, expires_at = {PAST}"), NOBODY),
    "revoked token": (known, World.revoked_token, NOBODY),
    "suspended application": (known, lambda w: w.token_then("application", "state = 'suspended'"), NOBODY),
    "expired application": (known, lambda w: w.token_then("application", f"valid_until = {PAST}"), NOBODY),
    "suspended account": (known, lambda w: w.token_then("account", "state = 'suspended'"), NOBODY),
    "token of another address": (known, lambda w: {"token": w.token(bindAddress=True)}, NOBODY),
    "appCode of another application": (known, lambda w: {"token": w.token(), "query": {"appCode": w.other["appCode"]}}, NOBODY),
    "wrong code": (known, lambda w: {"query": {"appCode": w.app["appCode"], "authCode": "A" * 43}}, VOID),
    "used code": (known, lambda w: w.code_then(spend=True), VOID),
    "expired code": (known, lambda w: w.code_then(f"expires_at = {PAST}"), VOID),
    "code of another application": (known, lambda w: {"query": {"appCode": w.other["appCode"], "authCode": w.code(w.app)}}, VOID),
    "code beside a token": (known, lambda w: {"token": w.token(), "query": {"authCode": "A" * 43}}, VOID),
    "misspelt appCode": (known, lambda w: {"query": {"appCode": "110000000000010"}}, NOBODY | VOID),
    "address without a grant": (known, lambda w: {"query": {"appCode": w.by_address["appCode"]}}, NOBODY),
    "address of an application by key": (known, lambda w: {"query": {"appCode": w.app["appCode"]}}, NOBODY),
    "signature that is none": (known, lambda w: {"headers": {
        "X-App-Code": w.app["appCode"], "X-Timestamp": "1", "X-Nonce": "12345678", "X-Signature": "AAAA"}}, NOBODY),
    "artemis signature that is none": (known, lambda w: {"headers": {
        "X-Ca-Key": w.app["appCode"], "X-Ca-Timestamp": "1", "X-Ca-Nonce": "12345678", "X-Ca-Signature": "AAAA"}}, VOID),  # signs neither time nor nonce
    "artemis signature that is wrong": (reading, lambda w: {"headers": {
        "X-Ca-Key": w.app["appCode"], "X-Ca-Timestamp": "1", "X-Ca-Nonce": "12345678", "X-Ca-Signature": "AAAA",
        "X-Ca-Signature-Headers": "x-ca-timestamp,x-ca-nonce"}}, NOBODY),
    "password where none is taken": (no_basic, lambda w: {"basic": (w.app["userName"], w.app["password"])}, NOBODY),
    "wrong password": (any_basic, lambda w: {"basic": (w.app["userName"], WRONG_PASSWORD)}, NOBODY),
    "unknown user": (any_basic, lambda w: {"basic": (w.nobody(), WRONG_PASSWORD)}, NOBODY),
    "account not yet approved": (any_basic, lambda w: {"basic": (w.accounts[0]["userName"], w.accounts[0]["password"])}, NOT_YOU),
    "no grant": (granted, lambda w: w.token_then("app_grant", "resource = 'something-else'"), NOT_YOU),
    "revoked grant": (granted, lambda w: w.token_then("app_grant", "state = 'revoked'"), NOT_YOU),
    "expired grant": (granted, lambda w: w.token_then("app_grant", f"valid_until = {PAST}"), NOT_YOU),
    "narrowed token": (granted, lambda w: {"token": w.token(resources=["something-else"])}, NOT_YOU),
    "administrator": (granted, lambda w: {"token": w.platform.admin_token}, NOT_YOU),
    "no administrator": (administrators, lambda w: {"token": w.token()}, NOT_YOU),
    "system administrator": (lambda r: administrators(r) and "sysadmin" not in r.role, lambda w: {"token": w.administrator("sysadmin")}, NOT_YOU),
    "security administrator": (lambda r: administrators(r) and "secadmin" not in r.role, lambda w: {"token": w.administrator("secadmin")}, NOT_YOU),
    "auditor": (lambda r: administrators(r) and "auditor" not in r.role, lambda w: {"token": w.administrator("auditor")}, NOT_YOU),
    "suspended administrator": (administrators, World.suspended_administrator, NOBODY),
}


@pytest.fixture(scope="module")
def routes(platform):
    rows = own_bridge.routes(platform)
    for row in rows:
        row.name = f"{row.method} {row.path}"
    assert len(rows) > 20
    return rows


@pytest.fixture(scope="module")
def world(platform):
    made = World(platform)
    yield made
    platform.sql("DELETE FROM citybigdata.lockout WHERE true")


def call(world, route, carried, client=None):
    """The call of CALLS with that credential."""
    asked = CALLS[route.name](world)
    path = "/" + route.path.format(**{k: urllib.parse.quote(str(v), safe="") for k, v in asked.get("path", {}).items()})
    query = {**asked.get("query", {}), **carried.get("query", {})}
    body = asked.get("body", {}) if route.method == "POST" else None
    return (client or world.client()).request(route.method, path + ("?" + urllib.parse.urlencode(query) if query else ""), body,
                                              **{k: v for k, v in carried.items() if k != "query"})


def refusal(route, reply):
    """The status of a refusal, after a look at its shape."""
    if route.kind == "open311":
        errors = ElementTree.fromstring(reply.body)
        assert errors.tag == "errors" and errors[0].find("code").text == str(reply.status) and errors[0].find("description").text, reply
        return reply.status
    if route.kind == "ogc":
        assert list(reply.json) == ["code", "description"] and int(reply.json["code"]) // 100 == reply.status and reply.json["description"], reply
        assert (reply.status == 401) == (reply.header("WWW-Authenticate") is not None) or reply.status == 403, reply
        return reply.status
    if route.kind == "artemis":
        text = reply.json
        assert list(text) == ["code", "msg", "data"] and text["code"] != "0" and text["msg"], reply
        status = int(text["code"]) // 100
        assert reply.status == (status if status in (401, 429) else 200), reply
        assert (reply.status == 401) == (reply.header("WWW-Authenticate") is not None) or status == 403, reply
        return status
    text = reply.json
    assert list(text) == ["success", "code", "statusCode", "message", "requestId", "data"] and text["success"] is False, reply
    assert text["code"] == -1 and text["message"] and text["requestId"] == reply.header("X-Request-Id"), reply
    status = text["statusCode"] // 100
    assert reply.status == (200 if route.kind == "vendor" and status != 401 else status), reply
    assert (reply.status == 401) == (reply.header("WWW-Authenticate") is not None) or status == 403, reply
    if status == 401:
        assert reply.header("WWW-Authenticate").startswith("Bearer "), reply
    assert text["data"] is None or list(text["data"]) == ["errors"], reply
    return status


def audited(platform, replies):
    """Each reply's request has left its row, which says that it was refused."""
    ids = [reply.header("X-Request-Id") for reply in replies]
    until(lambda: platform.value("""SELECT count(DISTINCT request_id) FROM citybigdata.audit_log
                                    WHERE request_id = ANY (%s) AND status_code <> 0""", ids) == len(set(ids)), 10)


def test_every_route_is_walked(routes):
    names = {route.name for route in routes}
    assert len(names) == len(routes)
    assert {r.name for r in routes if known(r)} == set(CALLS), "routes that ask who calls, and the calls of the walk"
    assert {r.name for r in routes if not known(r)} == PUBLIC | set(OPEN), "open routes, and what is known of them"
    assert not set(OPEN) & PUBLIC


@pytest.mark.parametrize("credential", CREDENTIALS)
def test_refused(platform, world, routes, credential):
    applies, make, wanted = CREDENTIALS[credential]
    chosen = [route for route in routes if applies(route)]
    assert chosen
    replies, wrong = [], []
    reusable = make(world)
    for route in chosen:
        # a code is void after its first use whatever became of it: every route gets its own
        carried = make(world) if "authCode" in reusable.get("query", {}) else reusable
        reply = call(world, route, carried)
        hiding = route.name in HIDING and credential in ("no grant", "revoked grant", "expired grant")
        if hiding and "{" not in route.path:
            # many steps at once have a result for each
            hidden = reply.data["failed"] == 1 if route.method == "POST" else reply.data["items"] == []
            if reply.status != 200 or not hidden:
                wrong.append((route.name, reply))
            continue
        replies.append(reply)
        # Open311 tells who is not known by 403
        fitting = {404} if hiding else {403 if route.kind == "open311" and status == 401 else status for status in wanted}
        if refusal(route, reply) not in fitting:
            wrong.append((route.name, reply))
    assert not wrong, wrong
    audited(platform, replies)


def test_somebody_elses(platform, world):
    """A credential that is good, for what belongs to another account."""
    path = f"/access-requests/{world.requests[0]}"
    replies = [world.client().get(path, basic=(world.app["userName"], world.app["password"])), world.client().get(path, token=world.token())]
    assert [reply.status for reply in replies] == [404, 404], replies
    audited(platform, replies)


def form(fields):
    return {"form": {k: v for k, v in fields.items() if v is not None}}


def code_request(app, **changes):
    body = {"appCode": app["appCode"], "method": "key", "key": app.get("key"), **changes}
    return {"body": {k: v for k, v in body.items() if v is not None}}


def log_in(app, password=None, **changes):
    return code_request(app, **{"method": "password", "key": None, "userName": app["userName"],
                                "password": password or app["password"], **changes})


def code_spent(w, **more):
    asked = w.code_then(**more)["query"]
    return {"body": asked}


def client_of(app, **fields):
    return form({"client_id": app["appCode"], "client_secret": app["key"], **fields})


def bad_clients(**fields):
    return [lambda w: form({"client_id": w.app["appCode"], "client_secret": WRONG_KEY, **fields}),
            lambda w: form({"client_id": w.app["appCode"], "client_secret": w.other["key"], **fields}),
            lambda w: form({"client_id": "110000999999990", "client_secret": WRONG_KEY, **fields}),
            lambda w: form({"client_id": "nobody", "client_secret": WRONG_KEY, **fields}),
            lambda w: client_of(w.changed("application", "state = 'suspended'"), **fields),
            lambda w: client_of(w.changed("application", f"valid_until = {PAST}"), **fields),
            lambda w: client_of(w.changed("account", "state = 'suspended'"), **fields)]


def authorize(w, **changes):
    return {"response_type": "code", "client_id": w.app["appCode"], "redirect_uri": REDIRECT, "state": "s",
            "code_challenge": "c" * 43, "code_challenge_method": "S256", **changes}


# Open routes that look at a credential in their body or path: groups of calls that get one and the same answer, and which.
UNKNOWN_GATEWAY = [(404, 40485, [lambda w: {"path": {"token": "A" * 43}}, lambda w: {"path": {"token": "B"}}])]
OPEN = {
    **{f"{method} /gateway/sms/{what}/{{token}}": UNKNOWN_GATEWAY for method in ("GET", "POST") for what in ("report", "reply")},
    # media servers show the key of their provider
    **{f"POST /gateway/camera/{what}": [(401, 40101, [lambda w: form({"provider": "media-1", "key": WRONG_KEY, "source": "a", "event": "keep"}),
                                                      lambda w: form({"provider": "nobody", "key": w.app["key"]}),
                                                      lambda w: {"body": {"provider": "media-1", "key": w.app["key"]}},
                                                      lambda w: form({})])] for what in ("play", "source", "report")},
    "POST /api/v1/accounts/password": [(401, 40101, [
        lambda w: {"body": {"userName": w.app["userName"], "password": WRONG_PASSWORD, "newPassword": "Another-1-password"}},
        lambda w: {"body": {"userName": w.nobody(), "password": WRONG_PASSWORD, "newPassword": "Another-1-password"}}])],
    "POST /api/v1/admin/login": [(401, 40101, [
        lambda w: {"body": {"userName": w.platform.env["CBD_ADMIN_USER"], "password": WRONG_PASSWORD}},
        lambda w: {"body": {"userName": w.nobody(), "password": WRONG_PASSWORD}},
        lambda w: {"body": {"userName": w.app["userName"], "password": w.app["password"]}},
        lambda w: {"body": {"userName": w.app["userName"], "password": w.app["password"], "totp": "123456"}}])],
    "POST /api/v1/auth/code": [(401, 40101, [
        lambda w: code_request(w.app, key=WRONG_KEY),
        lambda w: code_request(w.app, key=w.other["key"]),
        lambda w: log_in(w.app, WRONG_PASSWORD),
        lambda w: log_in(w.app, userName=w.nobody()),
        lambda w: log_in(w.other, appCode=w.app["appCode"])]),
        # only who has shown the right credential is told that it does not count now
        (403, 40300, [
            lambda w: code_request(w.changed("application", "state = 'suspended'")),
            lambda w: code_request(w.changed("application", f"valid_until = {PAST}")),
            lambda w: code_request(w.changed("account", "state = 'suspended'")),
            lambda w: log_in(w.changed("account", "state = 'suspended'")),
            lambda w: log_in(w.changed("application", "state = 'suspended'"))]),
        (401, 40104, [lambda w: code_request(w.by_address, method="ip", key=None),
                      lambda w: code_request(w.app, method="ip", key=None)])],
    "POST /api/v1/auth/token": [(400, 40012, [
        lambda w: {"body": {"appCode": w.app["appCode"], "authCode": "A" * 43}},
        lambda w: {"body": {"appCode": w.other["appCode"], "authCode": w.code(w.app)}},
        lambda w: code_spent(w, spend=True),
        lambda w: code_spent(w, change=f"expires_at = {PAST}")])],
    "GET /api/v1/s/{sealed}": [(401, 40101, [
        lambda w: {"path": {"sealed": "A" * 200}},
        lambda w: {"path": {"sealed": w.sealed()[:-3]}},
        lambda w: {"path": {"sealed": w.sealed_then("application", "state = 'suspended'")}},
        lambda w: {"path": {"sealed": w.sealed_then("app_grant", "state = 'revoked'")}},
        lambda w: {"path": {"sealed": w.sealed(cidr="192.0.2.0/24")}}])],
    # a seal of another purpose is none, whatever it opens elsewhere; which collection is asked for says nothing
    **{f"GET /ogc/s/{{sealed}}{path}": [(401, 40101, [
        lambda w: base("A" * 200),
        lambda w: base(w.sealed(**BASE)[:-3]),
        lambda w: base(w.sealed()),
        lambda w: base(w.media()),
        lambda w: base(w.sealed_then("application", "state = 'suspended'", **BASE)),
        lambda w: base(w.sealed(cidr="192.0.2.0/24", **BASE)),
        lambda w: {"path": {"sealed": "A" * 200, "collection": "nothing", "fid": "1"}}])]
       for path in ("", "/conformance", "/api", "/collections", "/collections/{collection}", "/collections/{collection}/queryables", "/collections/{collection}/items",
                    "/collections/{collection}/items/{fid}")},
    "GET /api/v1/s/{sealed}/{z}/{x}/{y}.mvt": [(401, 40101, [lambda w: {"path": {"sealed": w.sealed_then("app_grant", "state = 'revoked'"), **PLACE}},
                                                             lambda w: {"path": {"sealed": w.sealed(cidr="192.0.2.0/24"), **PLACE}}])],
    "GET /api/v1/media/{id}": [(401, 40101, [
        lambda w: {"path": {"id": "A" * 200}},
        lambda w: {"path": {"id": w.media()[:-3]}},
        lambda w: {"path": {"id": w.sealed()}},
        lambda w: {"path": {"id": w.media_then("application", "state = 'suspended'")}},
        lambda w: {"path": {"id": w.media_then("app_grant", "state = 'revoked'")}},
        lambda w: {"path": {"id": w.media_then("app_grant", "level = 1")}},
        lambda w: {"path": {"id": w.media(cidr="192.0.2.0/24")}}])],
    "POST /oauth/token": [
        (401, "invalid_client", bad_clients(grant_type="client_credentials")),
        (400, "invalid_grant", [
            lambda w: client_of(w.app, grant_type="authorization_code", code="A" * 43, redirect_uri=REDIRECT, code_verifier="v" * 43),
            lambda w: client_of(w.app, grant_type="authorization_code", code=w.code(w.app), redirect_uri=REDIRECT)]),
        (400, "invalid_grant", [lambda w: client_of(w.app, grant_type="refresh_token", refresh_token="A" * 43),
                                lambda w: client_of(w.app, grant_type="refresh_token", refresh_token=w.token())])],
    "POST /oauth/revoke": [(401, "invalid_client", bad_clients(token="A" * 43))],
    "POST /oauth/introspect": [(401, "invalid_client", bad_clients(token="A" * 43))],
    "GET /oauth/authorize": [(400, None, [lambda w: {"query": authorize(w, client_id="nobody")},
                                          lambda w: {"query": authorize(w, client_id="110000999999990")}]),
                             (400, None, [lambda w: {"query": authorize(w, redirect_uri="https://evil.example/")}])],
    "POST /oauth/authorize": [(400, None, [
        lambda w: form({**authorize(w), "userName": w.app["userName"], "password": w.app["password"], "decision": "allow"}),
        lambda w: form({**authorize(w), "userName": w.app["userName"], "password": w.app["password"], "decision": "allow",
                        "form_token": "1.A"})])],
}


def shown(route, reply, code):
    """What a refusal shows, without what differs from request to request."""
    if route.kind == "page":
        assert reply.header("Content-Type").startswith("text/html") and "<form" not in reply.body.decode(), reply
        return reply.body.replace(reply.header("X-Request-Id").encode(), b"")
    if route.kind == "oauth":
        assert set(reply.json) == {"error", "error_description"} and reply.json["error"] == code, reply
        assert (reply.status == 401) == (reply.header("WWW-Authenticate") is not None), reply
        assert reply.header("Cache-Control") == "no-store", reply
        return reply.json
    refusal(route, reply)
    if route.kind == "ogc":
        assert reply.json["code"] == str(code), reply
        return reply.json
    assert reply.code == code, reply
    return {k: v for k, v in reply.json.items() if k != "requestId"}


def test_open_routes_tell_nothing(platform, world, routes):
    """Whichever part of a credential is wrong, void or of somebody else: one answer."""
    for route in (r for r in routes if r.name in OPEN):
        for status, code, calls in OPEN[route.name]:
            replies = []
            for make in calls:
                asked = make(world)
                path = "/" + route.path.format(**asked.get("path", {})) + ("?" + urllib.parse.urlencode(asked["query"]) if "query" in asked else "")
                client = world.client()
                replies.append(client.form(path, asked["form"]) if "form" in asked else client.request(route.method, path, asked.get("body")))
            assert [r.status for r in replies] == [status] * len(calls), (route.name, replies)
            told = [shown(route, reply, code) for reply in replies]
            assert all(t == told[0] for t in told), (route.name, told)
            audited(platform, replies)


def test_public_routes_need_nobody(world, routes):
    """A credential is neither needed nor looked up; one that is malformed may be told."""
    for route in (r for r in routes if r.name in PUBLIC and r.method == "GET"):
        for carried in ({}, {"token": "A" * 43}, {"basic": ("nobody", "x")}, {"headers": {"Authorization": "Bearer a b"}}):
            reply = world.client().get("/" + route.path, **carried)
            refused = "headers" in carried or ("token" in carried and route.name in MORE_WITH_TOKEN)
            unknown = 403 if route.kind == "open311" else 401
            assert reply.status == (unknown if refused else 200) or ("headers" in carried and reply.status == 200), (route.name, carried, reply)


def test_nothing_has_happened(platform, world):
    """The refused calls have changed nothing."""
    assert {a["accountId"] for a in world.accounts} == {n for (n,) in platform.sql(
        "SELECT account_id FROM citybigdata.account WHERE account_id = ANY (%s) AND state = 'pending'", [a["accountId"] for a in world.accounts])}
    assert platform.value("SELECT count(*) FROM citybigdata.access_request WHERE access_request_id = ANY (%s) AND state = 'pending'",
                          world.requests) == len(world.requests)
    assert platform.value("SELECT count(*) FROM citybigdata.event WHERE sender_code = %s", world.app["senders"][0]) == 1


def test_good_credentials_are_enough(platform, world, routes):
    """The same calls with a right credential: it was the credential that was refused."""
    for route in (r for r in routes if known(r)):
        carried = {"token": world.administrator(route.role.split(", ")[0]) if route.role else world.token()}
        if route.authentication == "basic":
            carried = {"basic": (world.app["userName"], world.app["password"])}
        reply = call(world, route, carried)
        if route.name in OPERATORS:
            assert (reply.status, reply.code) == (403, 40312), (route.name, reply)
            continue
        assert reply.status == 200 and (route.path.endswith(".xsd") or route.kind in NO_ENVELOPE or reply.json.get("success") is True or reply.json["code"] == "0"), (route.name, reply)
