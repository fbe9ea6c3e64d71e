"""Many guesses at once, rate limits and quotas, passwords and administrators' roles over HTTPS."""
import threading

import pytest
from own_bridge import own_bridge
from rig import check_envelope, check_refused, until

RATE = '"rate";q=2;w=2000'


@pytest.fixture(scope="module")
def app(platform):
    return platform.make_application()


@pytest.fixture(scope="module")
def admins(platform):
    """A token of an administrator of each role."""
    return {role: platform.administrator(role)["token"] for role in ("sysadmin", "secadmin", "auditor")}


def log_in(client, app, password):
    return client.post("/auth/code", {"appCode": app["appCode"], "method": "password", "userName": app["userName"], "password": password})


def test_fifty_guesses_at_once(platform, client):
    """However many come at the same time, no more than the threshold are checked; then the right one is refused too."""
    app = platform.make_application()
    limit = int(platform.value("SELECT current_setting('citybigdata.lockout_threshold')"))
    answers = []

    def guess(number):
        answers.append(log_in(client.at("127.0.30.1"), app, f"Wrong-1-password-{number}"))

    threads = [threading.Thread(target=guess, args=(n,)) for n in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    codes = [check_refused(a).code for a in answers]
    assert sorted(set(codes)) == [40101, 42901] and len(codes) == 50, codes
    assert codes.count(40101) <= limit, codes
    assert check_refused(log_in(client.at("127.0.30.1"), app, app["password"])).code == 42901
    assert platform.value("SELECT citybigdata.unlock_account(%s)", app["userName"])
    check_envelope(log_in(client.at("127.0.30.1"), app, app["password"]), 200, 0)


def test_rate_over_two_bridges(platform, client):
    """Two at once, then one in a thousand seconds, whichever bridge is asked."""
    app = platform.make_application()
    token = platform.token(app)
    ask = lambda client: client.get(f"/events?senderCode={app['senders'][0]}&since=1700000000", token=token)
    assert check_envelope(ask(client), 200, 0).header("RateLimit") is None
    platform.sql("SELECT citybigdata.set_limit(%s, 'events', 0.001, 2)", app["appCode"])
    with own_bridge(platform) as other:
        first, second, third = ask(client), ask(other.client), ask(client)
        check_envelope(first, 200, 0)
        assert (first.header("RateLimit-Policy"), first.header("RateLimit").split(";t=")[0]) == (RATE, '"rate";r=1')
        check_envelope(second, 200, 0)
        assert check_refused(third).code == 42900
        assert 900 <= int(third.header("Retry-After")) <= 1000 and third.header("RateLimit").startswith('"rate";r=0')
        platform.sql("SELECT citybigdata.set_limit(%s, 'events', daily_quota => 3)", app["appCode"])
        check_envelope(ask(other.client), 200, 0)
        over = check_refused(ask(other.client))
        assert over.code == 42902 and over.header("RateLimit-Policy") == '"day";q=3;w=86400'
    platform.sql("SELECT citybigdata.set_limit(%s, 'events')", app["appCode"])
    check_envelope(ask(client), 200, 0)


def test_password_change_and_reset(platform, client, admins):
    account = platform.make_account()
    fields = {"userName": account["userName"], "password": account["password"], "newPassword": "Another-1-password"}
    client.secrets.update(("Another-1-password", "Another-2-password"))
    assert check_refused(client.post("/accounts/password", {**fields, "password": "Wrong-1-password"})).code == 40101
    assert check_refused(client.post("/accounts/password", {**fields, "newPassword": account["password"]})).pointers() == {"/newPassword": 42229}
    check_envelope(client.post("/accounts/password", fields), 200, 0)
    assert check_refused(platform.apply(account)[0]).code == 40101
    path = f"/admin/accounts/{account['accountId']}/reset-password"
    for role in ("secadmin", "auditor"):
        assert check_refused(client.post(path, {}, token=admins[role])).code == 40307
    initial = check_envelope(client.post(path, {}, token=admins["sysadmin"]), 200, 0).data["password"]
    client.secrets.add(initial)
    account["password"] = initial
    assert check_refused(platform.apply(account)[0]).code == 40306
    check_envelope(client.post("/accounts/password", {**fields, "password": initial, "newPassword": "Another-2-password"}), 200, 0)
    account["password"] = "Another-2-password"
    check_envelope(platform.apply(account)[0], 200, 0)


def test_rotation(platform, client, admins):
    """The owner collects the new key; both are good until the overlap ends."""
    app = platform.make_application()
    check_envelope(client.post(f"/admin/applications/{app['appCode']}/rotate", {"overlap": 3600}, token=admins["sysadmin"]), 200, 0)
    platform.token(app)
    shown = check_envelope(client.get(f"/access-requests/{app['accessRequestId']}", basic=(app["userName"], app["password"])), 200, 0).data
    client.secrets.update((shown["key"], shown["signingSecret"]))
    assert shown["key"] != app["key"]
    platform.token(app)
    platform.token({**app, "key": shown["key"]})


def test_suspend_and_revoke(platform, client, admins, app):
    token = platform.token(app)
    path = f"/admin/applications/{app['appCode']}"
    report = lambda: platform.report(platform.event(), token, app["senders"][0])
    check_envelope(client.post(path + "/suspend", {"reason": "x"}, token=admins["sysadmin"]), 200, 0)
    check_envelope(report(), 401, 40102)
    assert check_refused(client.post(path + "/resume", {}, token=admins["sysadmin"])).code == 40307
    check_envelope(client.post(path + "/resume", {}, token=admins["secadmin"]), 200, 0)
    check_envelope(report(), 200, 0)
    check_envelope(client.post(path + "/revoke", {}, token=admins["secadmin"]), 200, 0)
    check_envelope(report(), 401, 40102)
    check_envelope(client.post(path + "/revoke", {}, token=admins["secadmin"]), 409, 40900)


def test_audit_pages(platform, client, admins):
    seen, cursor = [], ""
    for _ in range(3):
        reply = client.get(f"/admin/audit?action=admin.login&pageSize=1&cursor={cursor}", token=admins["auditor"])
        data = check_envelope(reply, 200, 0).data
        seen += data["items"]
        cursor = data["nextCursor"]
    assert len({row["auditId"] for row in seen}) == 3 and {row["action"] for row in seen} == {"admin.login"}
    # the reading is in the log itself
    until(lambda: platform.value("SELECT count(*) FROM citybigdata.audit_log WHERE action = 'audit.read' AND request_id = %s",
                                 reply.header("X-Request-Id")) == 1)
    for role in ("sysadmin", "secadmin"):
        assert check_refused(client.get("/admin/audit", token=admins[role])).code == 40307
