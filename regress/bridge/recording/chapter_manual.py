"""The interface manual (A.1), the probes and the metrics."""
from .player import numbers


def play(run):
    run.sql("""CREATE TABLE public.manual_markup (markup_id int PRIMARY KEY);
        COMMENT ON TABLE public.manual_markup IS '<script>alert(1)</script>"''&';
        COMMENT ON COLUMN public.manual_markup.markup_id IS '</td><img src=x onerror=alert(1)>';
        SELECT citybigdata.publish('public.manual_markup', '{"code": "manual-markup"}')""")
    for path in ("//openapi.json", "//docs"):
        ask = lambda name, query="", method="GET", path=path, **more: run.ask(f"manual{path[1:]}/{name}", method, path + query, **more)
        for who, token in (("nobody", None), ("application", run.tokens["rec-full"]), ("small application", run.tokens["rec-strict"]),
                           ("administrator", run.tokens["secadmin"])):
            for language in ("en", "zh"):
                ask(f"{who} {language}", f"?lang={language}", token=token)
        tag = run.keep(f"tag{path[1:]}", ask("no language").header("ETag"))
        ask("chinese", headers={"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5"})
        ask("chinese, english asked", "?lang=en", headers={"Accept-Language": "zh"})
        ask("gzip", headers={"Accept-Encoding": "gzip"})
        ask("GB18030 asked", headers={"Accept-Charset": "GB18030", "Accept": "application/xml"})
        ask("head", method="HEAD")
        ask("head gzip", method="HEAD", headers={"Accept-Encoding": "gzip"})
        ask("tag same", headers={"If-None-Match": f'"other", {tag}'})
        ask("tag any", headers={"If-None-Match": "*"})
        ask("tag other", headers={"If-None-Match": '"other"'})
        ask("french", "?lang=fr")
        ask("unknown parameter", "?nothing=1")
        ask("format", "?format=xml")
        ask("charset", "?charset=GB18030")
        ask("wrong token", token="A" * 43, source="127.0.14.1")
        ask("wrong signature", headers={"X-App-Code": "nonsense", "X-Timestamp": "1", "X-Nonce": "12345678", "X-Signature": "AAAA"},
            source="127.0.14.1")
        ask("post", method="POST", body={})
    run.unlock()
    for path in ("//healthz", "//readyz"):
        for name, method, query, more in (("get", "GET", "", {}), ("head", "HEAD", "", {}), ("query", "GET", "?nothing=1", {}),
                                          ("token", "GET", "", {"token": "A" * 43}),
                                          ("xml", "GET", "", {"headers": {"Accept": "application/xml", "Accept-Language": "zh"}})):
            run.ask(f"manual{path[1:]}/{name}", method, path + query, loose=path == "//readyz", **more)
    for name, method, query in (("get", "GET", ""), ("head", "HEAD", ""), ("query", "GET", "?x=1")):
        run.ask(f"manual/metrics/{name}", method, "//metrics" + query, loose=True, change=numbers)
