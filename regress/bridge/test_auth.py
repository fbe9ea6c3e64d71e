"""From registration to a revoked token, over HTTPS; single use, lock-outs, and what is not told to whom."""
import base64
import os
import threading

import pytest
from rig import check_envelope, check_refused, until


def spend(client, app, code):
    return client.post("/auth/token", {"appCode": app["appCode"], "authCode": code})


def ask(client, app, **changes):
    return client.post("/auth/code", {"appCode": app["appCode"], "method": "key", "key": app["key"], **changes})


@pytest.fixture(scope="module")
def app(platform):
    return platform.make_application()


def test_registration_to_revocation(platform, client):
    account = platform.make_account(approve=False)
    # not approved yet: the account can do nothing
    reply, _ = platform.apply(account)
    assert check_refused(reply).status in (401, 403)
    check_envelope(client.post(f"/admin/accounts/{account['accountId']}/approve", {}, token=platform.admin_token), 200, 0)
    check_envelope(client.post(f"/admin/accounts/{account['accountId']}/approve", {}, token=platform.admin_token), 409, 40903)
    reply, body = platform.apply(account)
    number = check_envelope(reply, 200, 0).data["accessRequestId"]
    assert reply.data["state"] == "pending"
    path, basic = f"/access-requests/{number}", (account["userName"], account["password"])
    waiting = check_envelope(client.get(path, basic=basic), 200, 0)
    assert waiting.data["state"] == "pending" and "key" not in waiting.data
    check_envelope(client.post(f"/admin/access-requests/{number}/approve", {}, token=platform.admin_token), 200, 0)
    shown = check_envelope(client.get(path, basic=basic), 200, 0).data
    assert shown["state"] == "approved" and shown["appCode"].startswith("110000")
    assert len(shown["key"]) == 36 and shown["signingSecret"]
    client.secrets.update((shown["key"], shown["signingSecret"]))
    # the credentials are shown once
    again = check_envelope(client.get(path, basic=basic), 200, 0).data
    assert again["state"] == "approved" and not again.get("key") and not again.get("signingSecret")
    # somebody else's request is not there
    other = platform.make_account()
    check_envelope(client.get(path, basic=(other["userName"], other["password"])), 404)
    token = platform.token(shown)
    event = platform.event()
    check_envelope(platform.report(event, token, body["senderCodes"][0]), 200, 0)
    check_envelope(client.post("/auth/revoke", {"token": token}, token=token), 200, 0)
    check_envelope(platform.report(event, token, body["senderCodes"][0]), 401, 40102)


def test_reject(platform, client):
    account = platform.make_account(approve=False)
    check_envelope(client.post(f"/admin/accounts/{account['accountId']}/reject", {"reason": "资料不全"}, token=platform.admin_token), 200, 0)
    assert check_refused(platform.apply(account)[0]).status in (401, 403)
    account = platform.make_account()
    number = platform.apply(account)[0].data["accessRequestId"]
    check_envelope(client.post(f"/admin/access-requests/{number}/reject", {"reason": "no"}, token=platform.admin_token), 200, 0)
    state = client.get(f"/access-requests/{number}", basic=(account["userName"], account["password"]))
    assert check_envelope(state, 200, 0).data["state"] == "rejected" and not state.data.get("key")


def test_administrators_only(platform, client, token, stranger):
    account = platform.make_account(approve=False)
    path = f"/admin/accounts/{account['accountId']}/approve"
    check_envelope(client.post(path, {}, token=token), 403, 40304)
    assert check_refused(client.post(path, {})).status == 401
    assert check_refused(client.post("/admin/accounts/999999999/approve", {}, token=platform.admin_token)).status == 404
    assert check_refused(client.post("/admin/accounts/abc/approve", {}, token=platform.admin_token)).status in (400, 404)
    # an ordinary account cannot log in as an administrator, and learns nothing else
    usual = platform.make_account()
    wrong = check_refused(stranger.post("/admin/login", {"userName": usual["userName"], "password": usual["password"]}))
    unknown = check_refused(stranger.post("/admin/login", {"userName": "nobody-at-all", "password": usual["password"]}))
    assert (wrong.status, wrong.code) == (unknown.status, unknown.code)


def test_code_by_key_password_and_address(platform, client, app):
    for changes in ({}, {"method": "password", "key": None, "userName": app["userName"], "password": app["password"]}):
        reply = check_envelope(client.post("/auth/code", {k: v for k, v in {
            "appCode": app["appCode"], "method": "key", "key": app["key"], **changes}.items() if v is not None}), 200, 0)
        code = reply.data["authCode"]
        client.secrets.add(code)
        assert reply.data["expiresIn"] > 0
        # 256 bits, base64url
        assert len(base64.urlsafe_b64decode(code + "=" * (-len(code) % 4))) >= 32
        token = check_envelope(spend(client, app, code), 200, 0)
        assert token.data["tokenType"] == "Bearer" and token.data["expiresIn"] > 0
        client.secrets.add(token.data["accessToken"])
        check_envelope(client.get("/code-tables", token=token.data["accessToken"]), 200, 0)
    # method ip was not granted to this application
    assert check_refused(client.post("/auth/code", {"appCode": app["appCode"], "method": "ip"})).status in (401, 403)
    by_address = platform.make_application(methods=["ip"], ipRanges=["127.0.0.1/32"])
    reply = check_envelope(client.post("/auth/code", {"appCode": by_address["appCode"], "method": "ip"}), 200, 0)
    client.secrets.add(reply.data["authCode"])
    check_envelope(spend(client, by_address, reply.data["authCode"]), 200, 0)
    elsewhere = client.at("127.0.0.9").post("/auth/code", {"appCode": by_address["appCode"], "method": "ip"})
    assert check_refused(elsewhere).status in (401, 403)


def test_code_is_spent_once_and_replay_revokes(platform, client, app):
    code = check_envelope(ask(client, app), 200, 0).data["authCode"]
    client.secrets.add(code)
    token = check_envelope(spend(client, app, code), 200, 0).data["accessToken"]
    client.secrets.add(token)
    check_envelope(client.get("/code-tables", token=token), 200, 0)
    check_envelope(spend(client, app, code), 400, 40012)
    # the replay revoked what the code had made
    check_envelope(client.get("/code-tables", token=token), 401, 40102)


def test_64_redemptions_make_one_token(platform, client, app):
    code = check_envelope(ask(client, app), 200, 0).data["authCode"]
    client.secrets.add(code)
    replies, gate = [], threading.Barrier(64)

    def redeem():
        connection = client.connection()
        connection.connect()
        gate.wait()
        replies.append(client.request("POST", "/auth/token", {"appCode": app["appCode"], "authCode": code}, connection=connection))
        connection.close()
    threads = [threading.Thread(target=redeem) for _ in range(64)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(r.status for r in replies) == [200] + [400] * 63
    assert {r.code for r in replies if r.status == 400} == {40012}


def test_code_in_one_shot(platform, client, app):
    """authCode= stands for a credential once, whatever comes of the request."""
    event = platform.event()
    for outcome in (200, 422):
        code = check_envelope(ask(client, app), 200, 0).data["authCode"]
        client.secrets.add(code)
        body = {"data": {**event, **({"address": 5} if outcome == 422 else {}), "otherTaskNum": f"shot-{code[:10]}"},
                "senderCode": app["senders"][0], "actionType": "UP_REC_REPORT"}
        if outcome == 422:
            del body["data"]["address"]
        path = f"/events?appCode={app['appCode']}&authCode={code}"
        check_envelope(client.post(path, body), outcome)
        assert check_refused(client.post(path, body)).status in (400, 401)


def test_code_belongs_to_its_application(platform, client, app, strict):
    code = check_envelope(ask(client, app), 200, 0).data["authCode"]
    client.secrets.add(code)
    check_envelope(spend(client, strict, code), 400, 40012)
    # appCode beside a token must be that of the token
    token = platform.token(app)
    check_envelope(client.get(f"/code-tables?appCode={app['appCode']}", token=token), 200, 0)
    assert check_refused(client.get(f"/code-tables?appCode={strict['appCode']}", token=token)).status in (400, 401, 403)


def test_wrong_app_code(client, app, stranger):
    """A misspelt code fails its check character before any table is read; an unknown one is a wrong credential."""
    code = app["appCode"]
    misspelt = code[:-1] + ("0" if code[-1] != "0" else "1")
    check_envelope(stranger.post("/auth/code", {"appCode": misspelt, "method": "key", "key": app["key"]}), 400, 40013)
    check_envelope(stranger.post("/auth/code", {"appCode": code, "method": "telepathy", "key": app["key"]}), 400, 40014)
    assert check_refused(stranger.post("/auth/code", {"appCode": code, "method": "key", "key": "not-a-uuid"})).status in (400, 401)


def test_unknown_user_gets_the_same_answer(platform, client, app, stranger):
    wrong = stranger.post("/auth/code", {"appCode": app["appCode"], "method": "password", "userName": app["userName"], "password": "Wrong-1-password"})
    unknown = stranger.post("/auth/code", {"appCode": app["appCode"], "method": "password", "userName": "no-such-user", "password": "Wrong-1-password"})
    check_envelope(wrong, 401, 40101)
    check_envelope(unknown, 401, 40101)
    drop = lambda reply: {k: v for k, v in reply.json.items() if k != "requestId"}
    assert drop(wrong) == drop(unknown)


def test_lock_out_of_an_account(platform, client):
    """Repeated failures lock the account, where they came from, for the right password too; it opens again."""
    app = platform.make_application()
    limit = int(platform.value("SELECT current_setting('citybigdata.lockout_threshold')"))
    log_in = lambda source, password: client.at(source).post("/auth/code", {
        "appCode": app["appCode"], "method": "password", "userName": app["userName"], "password": password})
    check_envelope(log_in("127.0.8.1", app["password"]), 200, 0)
    for number in range(limit):
        check_envelope(log_in("127.0.8.10", "Wrong-1-password"), 401, 40101)
    reply = check_refused(log_in("127.0.8.10", app["password"]))
    assert reply.status == 429 and reply.code == 42901, reply
    # a stranger locks nobody out elsewhere
    check_envelope(log_in("127.0.8.2", app["password"]), 200, 0)
    # other users are not locked out by it
    check_envelope(ask(client, platform.make_application()), 200, 0)
    # the lock expires (put back by hand: a test does not wait)
    platform.sql("DELETE FROM citybigdata.lockout WHERE true")
    check_envelope(log_in("127.0.8.10", app["password"]), 200, 0)


def test_lock_out_of_an_address(platform, client, app):
    """Many user names from one address: the address is locked, others go on."""
    here = client.at("127.0.9.1")
    guess = lambda number: here.post("/auth/code", {"appCode": app["appCode"], "method": "password", "userName": f"ghost-{number}",
                                                    "password": "Wrong-1-password"}).status
    with platform.setting("citybigdata.lockout_address_threshold", "10"):
        until(lambda: platform.value("SELECT current_setting('citybigdata.lockout_address_threshold')") == "10")
        seen = [guess(number) for number in range(11)]
        assert seen[0] == 401 and seen[-1] == 429, seen
        check_envelope(ask(client, app), 200, 0)
    platform.sql("DELETE FROM citybigdata.lockout WHERE true")


def test_unknown_codes_do_not_lock(platform, client, app):
    """A wrong authCode is invalid_grant and never counts."""
    here = client.at("127.0.9.2")
    for number in range(40):
        check_envelope(spend(here, app, f"{number:043d}"), 400, 40012)
    check_envelope(ask(here, app), 200, 0)


def test_revoked_grant(platform, client):
    app = platform.make_application()
    token = platform.token(app)
    check_envelope(platform.report(platform.event(), token, app["senders"][0]), 200, 0)
    platform.sql("DELETE FROM citybigdata.app_grant WHERE app_id = (SELECT app_id FROM citybigdata.application WHERE app_code = %s)", app["appCode"])
    check_envelope(platform.report(platform.event(), token, app["senders"][0]), 403, 40300)


def test_bad_tokens(client, token, stranger):
    for value in ("Bearer ", "Bearer x", "Bearer " + token[:-1], "Bearer " + token + "x", "Bearer " + "A" * 4000, "Digest x", "Basic !!!!",
                  "Basic " + base64.b64encode(b"no-colon").decode(), "bearer", "Bearer a b c"):
        reply = stranger.get("/code-tables", headers={"Authorization": value})
        assert check_refused(reply).status in (400, 401), (value, reply)
    # the scheme's name has no case
    check_envelope(client.get("/code-tables", headers={"Authorization": "bearer " + token}), 200, 0)
    # two credentials at once
    assert check_refused(client.get("/code-tables?authCode=" + "A" * 43, token=token)).code == 40015


def test_registrations_of_one_address(platform, stranger):
    """Who registers without end is told to wait; another address goes on."""
    body = lambda n: {"userName": f"flood-{os.getpid()}-{n}", "password": "Right-1-password", "organization": "x", "contactName": "y", "mobile": "13800138000"}
    with platform.setting("citybigdata.registration_limit", "3"):
        replies = [stranger.post("/accounts", body(n)) for n in range(8)]
        codes = [r.code for r in replies]
        assert codes[:3] == [0, 0, 0] and codes[3:] == [42900] * 5, codes
        assert int(check_refused(replies[-1]).header("Retry-After")) > 800
        check_envelope(stranger.at("127.0.77.1").post("/accounts", body(100)), 200, 0)
    platform.sql("DELETE FROM citybigdata.lockout WHERE true")


def test_taken_names(platform, client):
    account = platform.make_account(approve=False)
    body = {"userName": account["userName"], "password": "Another-1-pass!", "organization": "x", "contactName": "y", "mobile": "13800138000"}
    check_envelope(client.post("/accounts", body), 409, 40902)
    reply = check_refused(client.post("/accounts", {**body, "userName": account["userName"] + "2", "password": "short"}))
    assert reply.status == 422, reply
    app = platform.make_application()
    taken, _ = platform.apply(platform.make_account(), senderCodes=app["senders"])
    if taken.status == 200:  # told at the application or at the approval
        taken = client.post(f"/admin/access-requests/{taken.data['accessRequestId']}/approve", {}, token=platform.admin_token)
    check_envelope(taken, 409, 40904)
