"""Sealed service addresses (5.2-c, d): ordered, opened, counted, bound, tampered with."""
import time
import urllib.parse


def play(run):
    app, token, seen = run.apps["rec-full"], run.tokens["rec-full"], "127.0.11.1"

    def order(name, params=None, resource="events", **body):
        """Orders an address; its path."""
        more = {k: body.pop(k) for k in ("token", "source", "headers", "kind") if k in body}
        whole = {"resource": resource, **({"params": params} if params is not None else {}), **body}
        reply = run.ask(f"sealed/order/{name}", "POST", "/auth/sealed-url", whole, **{"token": token, **more})
        return urllib.parse.urlsplit(reply.data["url"]).path.partition("/api/v1")[2] if reply.reply.status == 200 else None

    get = lambda name, path, method="GET", **more: run.ask(f"sealed/open/{name}", method, path, **{"source": seen, **more})
    good = {"otherTaskNum": "R-1"}
    path = order("by token", good, expiresIn=600)
    get("events", path)
    get("xml", path + "?format=xml")
    get("GB18030", path + "?charset=GB18030")
    get("csv", path + "?format=csv")
    get("chinese", path, headers={"Accept-Language": "zh"})
    get("parameter beside", path + "?otherTaskNum=R-2")
    get("appCode beside", path + "?appCode=110000000000010&authCode=x")
    get("with a token", path, token=token)
    for method in ("HEAD", "POST", "PUT", "OPTIONS"):
        get(f"method {method}", path, method)
    order("by key", good, token=None, appCode=app["appCode"], key=app["key"])
    order("by password", good, token=None, appCode=app["appCode"], userName=app["userName"], password=app["password"])
    get("one case", order("one case", {"taskNum": run.task, "crs": "GCJ02"}))
    for name, params in (("nonsense", {"nonsense": 1}), ("odd values", {"otherTaskNum": {"a": 1}, "since": "never"}),
                         ("list", {"since": ["20240101000000", "20250101000000"]}), ("nothing", {}),
                         ("odd text", {"otherTaskNum": "a&b=c ?#/汉%\"\\", "senderCode": None}), ("path", {"taskNum": "../code-tables"})):
        get(f"params/{name}", order(f"params/{name}", params))
    for form in ("json", "csv", "ndjson", "xml", "geojson"):
        get(f"lights {form}", order(f"lights {form}", {"divisionCode": ["110101", "110102"], "lightId.gt": 10, "fields": ["lightId", "state"],
                                                       "pageSize": 2, "format": form}, "street-lights"))
    get("lights, wrong parameter", order("lights, wrong parameter", {"lightid": 1}, "street-lights"))
    get("lights, whole", order("lights, whole", {"format": "ndjson", "fields": "lightId"}, "street-lights"))
    get("masked", order("masked", {"lightId": 1}, "street-lights", token=run.tokens["narrow"]))
    counted = order("counted", good, maxUses=2)
    for use in ("first", "second", "third"):
        get(f"counted, {use}", counted)
    bound = order("bound", good, cidr="127.0.11.0/30")
    get("bound, here", bound)
    get("bound, elsewhere", bound, source="127.0.11.9")
    ended = order("ended", good, expiresIn=1)
    time.sleep(2.1)
    get("ended", ended)
    for name, body in (("expiresIn 0", {"expiresIn": 0}), ("expiresIn soon", {"expiresIn": "soon"}), ("expiresIn long", {"expiresIn": 10**12}),
                       ("maxUses 0", {"maxUses": 0}), ("maxUses 1.5", {"maxUses": 1.5}), ("params text", {"params": "no object"}),
                       ("params list", {"params": [1]}), ("params long", {"params": {"a": "x" * 5000}}), ("cidr without bits", {"cidr": "10.0.0.1"}),
                       ("cidr nowhere", {"cidr": "nowhere/8"}), ("not granted", {"resource": "not-granted"}),
                       ("key beside a token", {"key": app["key"]}), ("unknown parameter", {"nothing": 1}), ("number for resource", {"resource": 5}),
                       ("no resource", {"resource": ""}), ("many at once", {"expiresIn": "x", "maxUses": "x", "cidr": "x", "params": 5})):
        order(f"wrong/{name}", **{"params": good, **body})
    order("wrong/bound token", good, token=run.tokens["bound"], cidr="0.0.0.0/0")
    order("wrong/chinese xml", {"a": "x" * 5000}, expiresIn="x", headers={"Accept": "application/xml", "Accept-Language": "zh"})
    for name, body in (("appCode alone", {"appCode": app["appCode"]}),
                       ("wrong key", {"appCode": app["appCode"], "key": "6f2c1b1e-0000-4000-8000-000000000000"}), ("nobody", {}),
                       ("wrong password", {"appCode": app["appCode"], "userName": app["userName"], "password": "Wrong-1-password"}),
                       ("key and password", {"appCode": app["appCode"], "key": app["key"], "userName": "x", "password": "y"})):
        order(f"wrong/{name}", good, token=None, source="127.0.11.2", **body)
    order("wrong/nobody, wrong fields", 5, "nothing", token=None, source="127.0.11.2", expiresIn="x")
    run.unlock()
    sealed = path.rsplit("/", 1)[1]
    for name, changed in (("last cut off", sealed[:-1]), ("first cut off", sealed[1:]), ("longer", sealed + "AAAA"),
                          ("one changed", sealed[:50] + ("A" if sealed[50] not in "ABCD" else "z") + sealed[51:]), ("A", "A"), ("equals", "="),
                          ("blank", "%20"),
                          ("long", "A" * 5000), ("too long", "A" * 10000), ("chinese", "%e6%b1%89"), ("zero", sealed + "%00"),
                          ("more of a path", sealed + "/x")):
        get(f"changed/{name}", f"/s/{changed}", source="127.0.11.3",
            hide={changed: "sealed, changed"} if len(changed) > 50 and set(changed) != {"A"} else None)
    get("changed/none", "/s/", source="127.0.11.3")
    get("changed/as a medium", f"/media/{sealed}", source="127.0.11.3", hide={sealed: "sealed"})
    grant = """UPDATE citybigdata.app_grant SET state = %s
               WHERE resource = 'events' AND app_id = (SELECT app_id FROM citybigdata.application WHERE app_code = %s)"""
    run.sql(grant, "revoked", app["appCode"])
    get("void/grant revoked", path)
    run.sql(grant, "active", app["appCode"])
    run.unlock()
