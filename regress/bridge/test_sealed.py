"""Sealed service addresses (5.2-c, d): made, used, counted, ended, tampered with, bound to an address, made void."""
import threading
import urllib.parse

import pytest
from rig import API, check_envelope, check_refused, until
from test_signature import JSON, send as send_signed


@pytest.fixture(scope="module")
def app(platform):
    return platform.make_application()


@pytest.fixture(scope="module")
def app_token(platform, app):
    return platform.token(app)


@pytest.fixture(scope="module")
def event(platform, app, app_token):
    """An event of the application, with its taskNum."""
    event = platform.event()
    reply = check_envelope(platform.report(event, app_token, app["senders"][0]), 200, 0)
    return {**event, "taskNum": reply.data["taskNum"]}


def seal(client, token=None, **body):
    return client.post("/auth/sealed-url", {"resource": "events", **body}, token=token)


def path_of(client, reply):
    """The path of a sealed address; the token is a secret."""
    url = urllib.parse.urlsplit(check_envelope(reply, 200, 0).data["url"])
    assert url.scheme == "https" and url.netloc == f"{client.host}:{client.port}" and url.path.startswith(API + "/s/")
    client.secrets.add(url.path.rsplit("/", 1)[1])
    return url.path[len(API):]


def rows(platform, reply):
    return platform.sql("SELECT action, status_code, app_code, scheme FROM citybigdata.audit_log WHERE request_id = %s ORDER BY at",
                        reply.header("X-Request-Id"))


def refused(platform, client, path):
    """401 in the envelope, audited."""
    reply = check_envelope(check_refused(client.get(path)), 401)
    until(lambda: rows(platform, reply))
    assert [(row[0], row[1] // 100) for row in rows(platform, reply)] == [("url.open", 401)], reply
    return reply


def test_made_by_any_credential_and_used(platform, client, stranger, app, app_token, event):
    params = {"otherTaskNum": event["otherTaskNum"], "timeFormat": "unix"}
    whole = {"resource": "events", "params": params}
    made = [seal(client, app_token, params=params, expiresIn=600),
            client.post("/auth/sealed-url", {**whole, "appCode": app["appCode"], "key": app["key"]}),
            client.post("/auth/sealed-url", {**whole, "appCode": app["appCode"], "userName": app["userName"], "password": app["password"]}),
            send_signed(client, app, "POST", "/auth/sealed-url", whole, JSON)]
    assert made[0].data["expiresIn"] == 600
    direct = check_envelope(client.get("/events?" + urllib.parse.urlencode(params), token=app_token), 200, 0)
    assert len(direct.data["items"]) == 1
    for reply in made:
        path = path_of(client, reply)
        # nothing of it can be read, and two are never alike
        assert event["otherTaskNum"] not in path and app["appCode"] not in path
        used = check_envelope(stranger.get(path), 200, 0)
        assert used.data == direct.data
        until(lambda: len(rows(platform, used)) == 2)
        assert {row[0]: row[1] for row in rows(platform, used)}["url.open"] == 0
        assert {row[2] for row in rows(platform, used)} == {app["appCode"]}
    assert len({reply.data["url"] for reply in made}) == 4


def test_one_case(platform, client, stranger, app_token, event):
    path = path_of(client, seal(client, app_token, params={"taskNum": event["taskNum"], "crs": "GCJ02"}))
    direct = check_envelope(client.get(f"/events/{event['taskNum']}?crs=GCJ02", token=app_token), 200, 0)
    assert check_envelope(stranger.get(path), 200, 0).data == direct.data
    xml = stranger.get(path + "?format=xml")
    assert xml.status == 200 and event["taskNum"].encode() in xml.body and xml.header("Content-Type").startswith("application/xml")


def test_what_is_inside_counts(client, stranger, app_token, event):
    """Parameters of the caller's own change nothing; sealed ones are checked as if they came in a query."""
    path = path_of(client, seal(client, app_token, params={"otherTaskNum": "nothing-of-this-name"}))
    check_envelope(stranger.get(f"{path}?otherTaskNum={event['otherTaskNum']}"), 400)
    check_envelope(stranger.get(f"{path}?appCode=110000000000010&authCode=x"), 200, 0)
    for params in ({"nonsense": 1}, {"otherTaskNum": {"a": 1}, "since": "never"}, {"since": ["20240101000000", "20250101000000"]}):
        check_envelope(stranger.get(path_of(client, seal(client, app_token, params=params))), 400)
    odd = "a&b=c ?#/汉%\"\\"
    check_envelope(stranger.get(path_of(client, seal(client, app_token, params={"otherTaskNum": odd, "senderCode": None}))), 200, 0)
    check_envelope(stranger.get(path_of(client, seal(client, app_token, params={"taskNum": "../code-tables"}))), 404)


def test_the_only_credential(platform, client, app, app_token, event):
    path = path_of(client, seal(client, app_token, params={"otherTaskNum": event["otherTaskNum"]}))
    check_envelope(client.get(path, token=app_token), 400, 40015)
    check_envelope(send_signed(client, app, "GET", path), 400, 40015)
    assert client.request("HEAD", path).status == 405
    for method in ("POST", "PUT", "DELETE"):
        check_envelope(client.request(method, path), 405, 40500)
    check_envelope(client.get(path), 200, 0)


def test_counted(platform, client, stranger, app_token, event):
    path = path_of(client, seal(client, app_token, params={"otherTaskNum": event["otherTaskNum"]}, maxUses=2))
    for _ in range(2):
        check_envelope(stranger.get(path), 200, 0)
    refused(platform, stranger, path)
    path = path_of(client, seal(client, app_token, params={"otherTaskNum": event["otherTaskNum"]}, maxUses=5))
    replies, gate = [], threading.Barrier(16)

    def use():
        gate.wait()
        replies.append(stranger.get(path).status)
    threads = [threading.Thread(target=use) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(replies) == [200] * 5 + [401] * 11


def test_ended(platform, client, stranger, app_token):
    path = path_of(client, seal(client, app_token, params={"otherTaskNum": "x"}, expiresIn=1))
    until(lambda: stranger.get(path).status == 401)
    refused(platform, stranger, path)


def test_another_address(platform, client, app_token):
    path = path_of(client, seal(client, app_token, params={"otherTaskNum": "x"}, cidr="127.0.40.0/30"))
    check_envelope(client.at("127.0.40.1").get(path), 200, 0)
    refused(platform, client.at("127.0.40.5"), path)
    refused(platform, client, path)


def test_bound_as_the_token_is(platform):
    """A token that is bound to a client address seals for that address alone."""
    app, client = platform.make_application(), platform.client
    code = client.post("/auth/code", {"appCode": app["appCode"], "method": "key", "key": app["key"]}).data["authCode"]
    token = client.post("/auth/token", {"appCode": app["appCode"], "authCode": code, "bindAddress": True}).data["accessToken"]
    client.secrets.update((code, token))
    order = {"resource": "events", "params": {"otherTaskNum": "x"}}
    for cidr in ("0.0.0.0/0", "127.0.0.0/24", "127.0.0.2/32"):
        assert check_envelope(client.post("/auth/sealed-url", {**order, "cidr": cidr}, token=token), 422).pointers() == {"/cidr": 42204}
    for more in ({}, {"cidr": "127.0.0.1/32"}):
        sealed = check_envelope(client.post("/auth/sealed-url", {**order, **more}, token=token), 200, 0).data["url"].rsplit("/", 1)[1]
        client.secrets.add(sealed)
        check_envelope(client.get("/s/" + sealed), 200, 0)
        check_envelope(client.at("127.0.0.77").get("/s/" + sealed), 401, 40101)


@pytest.mark.parametrize("suite", ["international", "sm"])
def test_tampered(platform, client, stranger, app_token, suite):
    """Every character: version, suite, key number, nonce, text, tag."""
    with platform.setting("citybigdata.crypto_suite", suite):
        until(lambda: platform.value("SELECT current_setting('citybigdata.crypto_suite')") == suite)
        # the bridge's sessions take the setting over before their next statement
        head = {"international": "AQE", "sm": "AQI"}[suite]
        path = until(lambda: next(iter(p for p in [path_of(client, seal(client, app_token, params={"otherTaskNum": "x"}))]
                                       if p.startswith("/s/" + head)), None))
    check_envelope(stranger.get(path), 200, 0)
    token, connection = path[3:], stranger.connection()
    for at, character in enumerate(token):
        # the last character may have bits of no meaning: the first of another value is taken
        changed = token[:at] + ("A" if character not in "ABCD" else "z") + token[at + 1:]
        reply = stranger.request("GET", "/s/" + changed, connection=connection)
        check_envelope(reply, 401, 40101)
    connection.close()
    for changed in (token[:-1], token[1:], token + "A", token + "AAAA", token[:40], "A", "=", "%20", "A" * 5000, token + token, "%e6%b1%89"):
        refused(platform, stranger, "/s/" + changed)
    check_envelope(stranger.get("/s/" + token + "%00"), 400)
    for wrong in ("/s/", "/s", f"/s/{token}/x"):
        check_envelope(stranger.get(wrong), 404)
    check_envelope(stranger.get("/s/" + "A" * 10000), 414)


def test_void(platform, client, stranger):
    """Application, account or grant revoked, the key revoked: the very next use is refused."""
    app = platform.make_application()
    number = platform.value("SELECT app_id FROM citybigdata.application WHERE app_code = %s", app["appCode"])
    path = path_of(client, seal(client, platform.token(app), params={"otherTaskNum": "x"}))
    check_envelope(stranger.get(path), 200, 0)
    for table, key, value, state in (("application", "app_id", number, "suspended"), ("account", "account_id", app["accountId"], "suspended"),
                                     ("app_grant", "app_id", number, "revoked")):
        before = platform.value(f"SELECT state FROM citybigdata.{table} WHERE {key} = %s", value)
        platform.sql(f"UPDATE citybigdata.{table} SET state = %s WHERE {key} = %s", state, value)
        refused(platform, stranger, path)
        platform.sql(f"UPDATE citybigdata.{table} SET state = %s WHERE {key} = %s", before, value)
        check_envelope(stranger.get(path), 200, 0)
    old = platform.value("SELECT max(key_id) FROM citybigdata.sealing_key")
    platform.sql("SELECT citybigdata.rotate_sealing_key()")
    check_envelope(stranger.get(path), 200, 0)
    newer = path_of(client, seal(client, platform.token(app), params={"otherTaskNum": "x"}))
    platform.sql("SELECT citybigdata.revoke_sealing_key(%s)", old)
    refused(platform, stranger, path)
    check_envelope(stranger.get(newer), 200, 0)


def test_made_by_sql(platform, client, stranger, app, event):
    url = platform.value("SELECT citybigdata.seal_url(%s, 'events', jsonb_build_object('otherTaskNum', %s::text), '10 minutes')",
                         app["appCode"], event["otherTaskNum"])
    client.secrets.add(url.rsplit("/", 1)[1])
    assert url.startswith(platform.env["CBD_URL"] + API + "/s/")
    assert len(check_envelope(stranger.get(url[len(platform.env["CBD_URL"] + API):]), 200, 0).data["items"]) == 1


def test_refused_orders(platform, client, stranger, app, app_token):
    for body, code in (({"expiresIn": 0}, 42203), ({"expiresIn": "soon"}, 42202), ({"maxUses": 0}, None), ({"maxUses": 1.5}, None),
                       ({"params": "no object"}, None), ({"params": [1]}, None), ({"params": {"a": "x" * 5000}}, None), ({"cidr": "10.0.0.1"}, None),
                       ({"cidr": "nowhere/8"}, None), ({"expiresIn": 10**12}, None)):
        reply = check_refused(seal(client, app_token, **body))
        assert reply.status in (400, 422) and list(reply.pointers()) == ["/" + next(iter(body))], (body, reply)
    check_envelope(seal(client, app_token, resource="not-granted"), 403, 40300)
    check_envelope(seal(client, app_token, key=app["key"]), 400, 40015)
    check_envelope(client.post("/auth/sealed-url", {"resource": "events", "appCode": app["appCode"], "key": app["key"], "userName": "x", "password": "y"}), 400, 40015)
    # whoever has no credential learns nothing of resources and fields
    for body in ({"appCode": app["appCode"]}, {"appCode": app["appCode"], "key": "6f2c1b1e-0000-4000-8000-000000000000"},
                 {"appCode": app["appCode"], "userName": app["userName"], "password": "Wrong-1-password"}, {"params": 5}, {}):
        assert check_refused(stranger.post("/auth/sealed-url", {"resource": "events", **body})).status == 401, body
        assert check_refused(stranger.post("/auth/sealed-url", {"resource": "nothing", "expiresIn": "x", **body})).status == 401, body
    platform.sql("DELETE FROM citybigdata.lockout WHERE true")


def test_wrong_passwords_lock(platform, client):
    """The password of an order is counted as that of a log-in, once each, where it came from."""
    app = platform.make_application()
    limit = int(platform.value("SELECT current_setting('citybigdata.lockout_threshold')"))
    ask = lambda number, password: client.at(f"127.0.41.{number + 1}").post("/auth/sealed-url", {
        "resource": "events", "appCode": app["appCode"], "userName": app["userName"], "password": password})
    for number in range(limit):
        check_envelope(ask(99, "Wrong-1-password"), 401, 40101)
    check_envelope(ask(99, app["password"]), 429, 42901)
    path_of(client, ask(97, app["password"]))  # a stranger locks nobody out elsewhere
    platform.sql("DELETE FROM citybigdata.lockout WHERE true")
    path_of(client, ask(98, app["password"]))
    assert platform.value("SELECT count(*) FROM citybigdata.login_reservation WHERE user_name = %s", app["userName"]) == 0
