"""Limited grants, quotas, lock-outs: what is told of them, and when."""
from .chapter_accounts import ACCOUNT

SHOWN = "/divisions/110101"


def play(run):
    app, token = run.apps["rec-limited"], run.tokens["rec-limited"]
    code = app["appCode"]
    limit = lambda resource, *values: run.sql(f"SELECT citybigdata.set_limit(%s, %s{', %s' * len(values)})", code, resource, *values)
    find = lambda name, **more: run.ask(f"limits/{name}", more.pop("method", "GET"),
                                        more.pop("path", f"/events?senderCode={app['sender']}&since=1700000000"), token=token, **more)
    data = lambda name, query="lightId=1&fields=lightId", **more: run.ask(f"limits/{name}", more.pop("method", "GET"), "/data/street-lights?" + query,
        **{"token": token, **more})
    find("events, no limit")
    limit("events", 0.001, 3)
    find("events, first")
    find("events, refused for a fault", path="/events?nothing=1")
    find("events, not found", path="/events/none")
    find("events, over")
    find("events, over, xml, chinese", headers={"Accept": "application/xml", "Accept-Language": "zh"})
    find("events, over, head", method="HEAD")
    run.ask("limits/events, over, report", "POST", "/events", {"senderCode": app["sender"], "actionType": "UP_REC_REPORT", "data": {}}, token=token)
    run.ask("limits/events, over, another resource", "GET", "/data/street-lights?lightId=1&fields=lightId", token=token)
    run.ask("limits/events, over, reference data", "GET", SHOWN, token=token)
    run.sql("SELECT citybigdata.set_limit(%s, 'events', daily_quota => 5)", code)
    find("events, quota")
    run.ask("limits/events, quota, report", "POST", "/events", {"senderCode": app["sender"], "actionType": "UP_REC_REPORT", "data": {}}, token=token)
    limit("events", 0.001, 3)
    run.sql("SELECT citybigdata.set_limit(%s, 'events', 0.001, 9, 1)", code)
    find("events, both")
    find("events, quota over")
    run.sql("SELECT citybigdata.set_limit(%s, 'street-lights', 0.001, 8)", code)
    data("data, page")
    for form in ("csv", "ndjson", "xml", "geojson"):
        data(f"data, page in {form}", f"lightId=1&fields=lightId&format={form}")
    data("data, download", "format=ndjson&fields=lightId&lightId.le=2")
    data("data, fault", "nothing=1")
    data("data, head", method="HEAD")
    data("data, last")
    data("data, over")
    data("data, over, csv asked for", "format=csv", headers={"Accept-Language": "zh"})
    run.sql("SELECT citybigdata.set_limit(%s, 'street-lights', daily_quota => 1)", code)
    data("data, quota over")
    data("data, quota over, post", method="POST")
    sealed = run.sql("SELECT citybigdata.seal_url(%s, 'street-lights', '{\"lightId\":1}'::jsonb, '10 minutes')", code)[0][0].partition("/api/v1")[2]
    run.ask("limits/data, quota over, sealed", "GET", sealed)
    locks(run)


def locks(run):
    """From addresses that no other chapter uses; the limits are low enough to be reached."""
    run.unlock()
    app = run.apps["rec-limited"]
    wrong = {"appCode": app["appCode"], "method": "password", "userName": app["userName"], "password": "Wrong-1-password"}
    for number in range(5):
        run.ask(f"limits/lock/wrong {number}", "POST", "/auth/code", wrong, source="127.0.15.9")
    right = {**wrong, "password": app["password"]}
    run.ask("limits/lock/right", "POST", "/auth/code", right, source="127.0.15.9")
    run.ask("limits/lock/right, xml, chinese", "POST", "/auth/code", right, source="127.0.15.9",
            headers={"Accept": "application/xml", "Accept-Language": "zh"})
    run.ask("limits/lock/basic", "POST", "/access-requests", {}, source="127.0.15.9", basic=f"{app['userName']}:{app['password']}")
    run.ask("limits/lock/password", "POST", "/accounts/password", {"userName": app["userName"], "password": app["password"], "newPassword": "x"},
            source="127.0.15.9")
    run.ask("limits/lock/log-in", "POST", "/admin/login", {"userName": app["userName"], "password": app["password"], "totp": "123456"},
            source="127.0.15.9")
    run.ask("limits/lock/key of the same", "POST", "/auth/code",
            {"appCode": app["appCode"], "method": "key", "key": "6f2c1b1e-0000-4000-8000-000000000000"}, source="127.0.15.10")
    run.ask("limits/lock/token goes on", "GET", SHOWN, token=run.tokens["rec-limited"])
    run.ask("limits/lock/list", "GET", "/admin/lockouts?kind=account", token=run.tokens["sysadmin"])
    run.ask("limits/lock/list of addresses", "GET", "/admin/lockouts?kind=address&pageSize=2", token=run.tokens["secadmin"])
    run.ask("limits/lock/unlocked", "POST", "/admin/lockouts/unlock", {"kind": "account", "subject": app["userName"]}, token=run.tokens["sysadmin"])
    run.ask("limits/lock/unlocked again", "POST", "/admin/lockouts/unlock", {"kind": "account", "subject": app["userName"]},
            token=run.tokens["sysadmin"])
    run.unlock()
    with run.setting("citybigdata.registration_limit", "1"):
        for number in range(3):
            run.ask(f"limits/registration/{number}", "POST", "/accounts", {**ACCOUNT, "userName": f"rec-flood-{number}"}, source="127.0.15.20")
    run.unlock()
