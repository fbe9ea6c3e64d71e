"""Every route of the bridge without, with wrong and with a fitting credential; methods that it does not know."""
import re

from .player import numbers

# method, path, whose token fits (None: the endpoint is open)
ROUTES = (
    ("POST", "/api/v1/accounts", None),
    ("POST", "/api/v1/accounts/password", None),
    ("POST", "/api/v1/access-requests", "rec-full"),
    ("GET", "/api/v1/access-requests/{id}", "rec-full"),
    ("POST", "/api/v1/admin/login", None),
    ("POST", "/api/v1/admin/accounts/{id}/approve", "secadmin"),
    ("POST", "/api/v1/admin/accounts/{id}/reject", "secadmin"),
    ("POST", "/api/v1/admin/accounts/{id}/suspend", "sysadmin"),
    ("POST", "/api/v1/admin/accounts/{id}/resume", "secadmin"),
    ("POST", "/api/v1/admin/accounts/{id}/revoke", "secadmin"),
    ("POST", "/api/v1/admin/accounts/{id}/expire", "secadmin"),
    ("POST", "/api/v1/admin/accounts/{id}/role", "secadmin"),
    ("POST", "/api/v1/admin/accounts/{id}/second-factor", "secadmin"),
    ("GET", "/api/v1/admin/accounts", "sysadmin"),
    ("POST", "/api/v1/admin/accounts/{id}/reset-password", "sysadmin"),
    ("POST", "/api/v1/admin/accounts/{id}/unlock", "sysadmin"),
    ("POST", "/api/v1/admin/applications/{application}/suspend", "sysadmin"),
    ("POST", "/api/v1/admin/applications/{application}/resume", "secadmin"),
    ("POST", "/api/v1/admin/applications/{application}/revoke", "secadmin"),
    ("POST", "/api/v1/admin/applications/{application}/expire", "secadmin"),
    ("POST", "/api/v1/admin/applications/{application}/grants", "secadmin"),
    ("POST", "/api/v1/admin/applications/{application}/grants/{resource}/suspend", "sysadmin"),
    ("POST", "/api/v1/admin/applications/{application}/grants/{resource}/resume", "secadmin"),
    ("POST", "/api/v1/admin/applications/{application}/grants/{resource}/revoke", "secadmin"),
    ("POST", "/api/v1/admin/applications/{application}/grants/{resource}/expire", "secadmin"),
    ("GET", "/api/v1/admin/applications", "sysadmin"),
    ("POST", "/api/v1/admin/applications/{application}/rotate", "sysadmin"),
    ("POST", "/api/v1/admin/applications/{application}/limit", "sysadmin"),
    ("GET", "/api/v1/admin/proposals", "secadmin"),
    ("POST", "/api/v1/admin/proposals", "secadmin"),
    ("POST", "/api/v1/admin/proposals/{id}/confirm", "secadmin"),
    ("POST", "/api/v1/admin/proposals/{id}/refuse", "secadmin"),
    ("GET", "/api/v1/admin/lockouts", "sysadmin"),
    ("POST", "/api/v1/admin/lockouts/unlock", "sysadmin"),
    ("GET", "/api/v1/admin/audit", "auditor"),
    ("GET", "/api/v1/admin/access-requests", "secadmin"),
    ("POST", "/api/v1/admin/access-requests/{id}/approve", "secadmin"),
    ("POST", "/api/v1/admin/access-requests/{id}/reject", "secadmin"),
    ("POST", "/api/v1/auth/code", None),
    ("POST", "/api/v1/auth/token", None),
    ("POST", "/api/v1/auth/revoke", "rec-full"),
    ("POST", "/api/v1/auth/introspect", "rec-full"),
    ("POST", "/api/v1/auth/sealed-url", "rec-full"),
    ("GET", "/api/v1/s/{sealed}", None),
    ("GET", "/api/v1/media/{id}", None),
    ("GET", "/oauth/authorize", None),
    ("POST", "/oauth/authorize", None),
    ("POST", "/oauth/logout", None),
    ("POST", "/oauth/token", None),
    ("POST", "/oauth/revoke", None),
    ("POST", "/oauth/introspect", None),
    ("GET", "/.well-known/oauth-authorization-server", None),
    ("POST", "/api/v1/events", "rec-full"),
    ("POST", "/openapi/v2/upstream", "rec-full"),
    ("POST", "/openapi/v2/upstream/uprecreport", "rec-full"),
    ("GET", "/api/v1/events/{taskNum}", "rec-full"),
    ("GET", "/api/v1/events", "rec-full"),
    ("POST", "/api/v1/events/steps", "rec-full"),
    ("POST", "/api/v1/events/{taskNum}/steps", "rec-full"),
    ("GET", "/api/v1/events/{taskNum}/steps", "rec-full"),
    ("GET", "/api/v1/events/{taskNum}/actions", "rec-full"),
    ("GET", "/api/v1/todo", "rec-full"),
    ("GET", "/api/v1/data/{resource}", "rec-full"),
    ("POST", "/api/v1/data/{resource}", "rec-full"),
    ("GET", "/api/v1/resources", "rec-full"),
    ("GET", "/api/v1/resources/{code}", "rec-full"),
    ("GET", "/api/v1/resources/{code}/schema.xsd", "rec-full"),
    ("GET", "/api/v1/divisions/{code}", "rec-full"),
    ("GET", "/api/v1/code-tables", "rec-full"),
    ("GET", "/api/v1/code-tables/{name}", "rec-full"),
    ("GET", "/api/v1/status-codes", None),
    ("GET", "/openapi.json", None),
    ("GET", "/docs", None),
    ("GET", "/healthz", None),
    ("GET", "/readyz", None),
    ("GET", "/metrics", None),
    ("GET", "/api/v1/admin/conditions", "sysadmin"),
    ("POST", "/api/v1/admin/conditions", "sysadmin"),
    ("GET", "/api/v1/admin/calendars", "sysadmin"),
    ("POST", "/api/v1/admin/calendars", "sysadmin"),
    ("GET", "/api/v1/admin/units", "sysadmin"),
    ("POST", "/api/v1/admin/units", "sysadmin"),
    ("GET", "/api/v1/admin/posts", "secadmin"),
    ("POST", "/api/v1/admin/posts", "secadmin"),
    ("GET", "/api/v1/admin/grids", "sysadmin"),
    ("POST", "/api/v1/admin/grids", "sysadmin"),
    ("GET", "/api/v1/admin/responsibilities", "sysadmin"),
    ("POST", "/api/v1/admin/responsibilities", "sysadmin"),
    ("GET", "/api/v1/admin/processes", "sysadmin"),
    ("POST", "/api/v1/admin/processes", "sysadmin"),
    ("GET", "/open311/discovery", None),
    ("GET", "/open311/v2/services", "rec-full"),
    ("GET", "/open311/v2/services/{service_code}", "rec-full"),
    ("GET", "/open311/v2/requests", "rec-full"),
    ("POST", "/open311/v2/requests", "rec-full"),
    ("GET", "/open311/v2/requests/{service_request_id}", "rec-full"),
    ("GET", "/open311/v2/tokens/{token}", "rec-full"),
    ("GET", "/open311/v2/servicerequestupdates", "rec-full"),
    ("POST", "/open311/v2/servicerequestupdates", "rec-full"),
    ("GET", "/api/v1/admin/rules", "sysadmin"),
    ("POST", "/api/v1/admin/rules", "sysadmin"),
    ("POST", "/api/v1/admin/rules/explain", "sysadmin"),
    ("POST", "/api/v1/admin/rules/dry-run", "sysadmin"),
    ("GET", "/api/v1/admin/outbox", "sysadmin"),
    ("POST", "/api/v1/admin/outbox", "sysadmin"),
    ("POST", "/api/v1/callbacks", "rec-full"),
    ("GET", "/api/v1/callbacks", "rec-full"),
    ("GET", "/api/v1/callbacks/{id}", "rec-full"),
    ("GET", "/api/v1/callbacks/{id}/deliveries", "rec-full"),
    ("POST", "/api/v1/callbacks/{id}/test", "rec-full"),
    ("POST", "/api/v1/callbacks/{id}/rotate", "rec-full"),
    ("POST", "/api/v1/callbacks/{id}/disable", "rec-full"),
    ("POST", "/api/v1/callbacks/{id}/enable", "rec-full"),
    ("POST", "/api/v1/callbacks/{id}/deliveries/{deliveryId}/replay", "rec-full"),
    ("POST", "/gateway/camera/play", None),
    ("POST", "/gateway/camera/source", None),
    ("POST", "/gateway/camera/report", None),
    ("GET", "/console/config.json", None),
)


def play(run):
    changes = {"/metrics": {"loose": True, "change": numbers}, "/readyz": {"loose": True}}
    for number, (method, path, who) in enumerate(ROUTES):
        where = "/" + re.sub("{[^}]*}", "no-such-1", path)
        body = {} if method == "POST" else None
        ask = lambda name, verb=method, content=body, query="", **more: run.ask(f"routes/{method} {path}/{name}", verb, where + query, content,
            **{"source": f"127.0.17.{number + 1}", **changes.get(path, {}), **more})
        ask("nobody")
        ask("wrong token", token="A" * 43)
        if who:
            # the rows of an audit log of everything are in no order that could be told before
            ask("fitting token", token=run.tokens[who], query="?action=none" if path.endswith("/audit") else "")
            ask("another's token", token=run.tokens["rec-low" if who in ("secadmin", "sysadmin", "auditor") else "auditor"])
        ask("unknown parameter", query="?nothing=1", token=run.tokens[who] if who else None)
        if method == "POST":
            ask("no body", content=None, token=run.tokens[who] if who else None)
    for number, path in enumerate(dict.fromkeys(path for _, path, _ in ROUTES)):
        where = "/" + re.sub("{[^}]*}", "no-such-1", path)
        for verb in ("PUT", "OPTIONS", "HEAD"):
            run.ask(f"routes/{path}/{verb}", verb, where, source=f"127.0.18.{number + 1}", loose=path in changes)
    run.unlock()
