"""Reference data and how replies are put: formats, charsets, compression, languages, entity tags (5.4.3, 5.4.4-c)."""
PATHS = {"division": "/divisions/110101", "tables": "/code-tables", "table": "/code-tables/odd-names", "codes": "/status-codes"}


def formats(run, token):
    for name, path in PATHS.items():
        for form in ("json", "xml", "csv", "ndjson", "geojson", "yaml", "JSON", ""):
            run.ask(f"reference/{name}/format={form}", "GET", f"{path}?format={form}", token=token)
        for form in ("json", "xml", "csv", "ndjson"):
            run.ask(f"reference/{name}/GB18030 {form}", "GET", f"{path}?format={form}&charset=GB18030", token=token)
            run.ask(f"reference/{name}/gzip {form}", "GET", f"{path}?format={form}", token=token, headers={"Accept-Encoding": "gzip"})
        for accept in ("application/xml", "text/csv", "application/x-ndjson", "application/geo+json", "text/html"):
            run.ask(f"reference/{name}/Accept {accept}", "GET", path, token=token, headers={"Accept": accept})
        for bom in ("true", "false", "maybe"):
            run.ask(f"reference/{name}/bom={bom}", "GET", f"{path}?format=csv&bom={bom}", token=token)
        run.ask(f"reference/{name}/bom GB18030", "GET", f"{path}?format=csv&bom=true&charset=GB18030", token=token)
        run.ask(f"reference/{name}/chinese", "GET", path, token=token, headers={"Accept-Language": "zh-CN,zh;q=0.9"})
        run.ask(f"reference/{name}/gzip GB18030", "GET", f"{path}?charset=GB18030", token=token, headers={"Accept-Encoding": "gzip"})
        run.ask(f"reference/{name}/head", "HEAD", path, token=token)
        run.ask(f"reference/{name}/head gzip csv", "HEAD", f"{path}?format=csv", token=token, headers={"Accept-Encoding": "gzip"})
        run.ask(f"reference/{name}/nobody", "GET", path, source="127.0.5.1")
        run.ask(f"reference/{name}/nobody csv", "GET", path + "?format=csv", source="127.0.5.1")
        run.ask(f"reference/{name}/unknown parameter", "GET", path + "?nothing=1", token=token)


def tags(run, token):
    for name, path in PATHS.items():
        for form in ("json", "csv"):
            tag = run.ask(f"reference/{name}/tag {form}", "GET", f"{path}?format={form}", token=token).header("ETag") or '"none"'
            ask = lambda what, value, method="GET", **more: run.ask(f"reference/{name}/tag {form}/{what}", method, f"{path}?format={form}",
                                                                    headers={"If-None-Match": value}, **{"token": token, **more})
            ask("same", tag)
            ask("weak or strong", tag[2:] if tag.startswith("W/") else "W/" + tag)
            ask("in a list", f'"other", {tag}')
            ask("any", "*")
            ask("other", '"other"')
            ask("no tag", "x" * 50)
            ask("head", tag, method="HEAD")
            ask("nobody", tag, token=None, source="127.0.5.2")
    run.ask("reference/tag/unknown table, any", "GET", "/code-tables/no-such", token=token, headers={"If-None-Match": "*"})
    run.ask("reference/tag/healthz", "GET", "//healthz", headers={"If-None-Match": "*"})


def lookups(run, token):
    for name, path in (("province", "/divisions/110000"), ("retired", "/divisions/110103"), ("street", "/divisions/110101001"),
                       ("community", "/divisions/110101001001"), ("unknown", "/divisions/999999"),
                       ("letters", "/divisions/abc"), ("short", "/divisions/11"), ("long", "/divisions/" + "9" * 3000), ("zero", "/divisions/%00"),
                       ("escaped", "/divisions/11%30101"),
                       ("table", "/code-tables/event-state"), ("big table", "/code-tables/event-type"), ("empty table", "/code-tables/rec-type"),
                       ("no table", "/code-tables/no-such-table"),
                       ("table in chinese", "/code-tables/%E5%9F%8E"), ("table not utf-8", "/code-tables/%b3%c7"),
                       ("table by half an escape", "/code-tables/%"), ("table by a bad escape", "/code-tables/%zz"),
                       ("markup", "/code-tables/%3Cscript%3E%01?format=xml")):
        run.ask(f"reference/lookup/{name}", "GET", path, token=token)


def negotiation(run, token):
    for accept in ("text/xml", "application/json;q=0.5, application/xml", "application/json, application/xml;q=0.9", "*/*", "",
                   "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", ";;;q=q,", "application/xml;q=0", "application/*",
                   "application/xml, application/json"):
        run.ask(f"reference/Accept/{accept[:40]}", "GET", "/divisions/110101", token=token, headers={"Accept": accept})
    for header in ("GB18030", "gb18030", "GB18030, utf-8;q=0.7", "utf-8, GB18030", "GB18030;q=0", "*", "GBK", ";;,", "",
                   "iso-8859-1, *;q=0.1, GB18030"):
        run.ask(f"reference/Accept-Charset/{header}", "GET", "/divisions/110101", token=token, headers={"Accept-Charset": header})
    for value, header in (("gb18030", ""), ("UTF-8", "GB18030"), ("utf8", "GB18030"), ("big5", ""), ("GBK", ""), ("", ""), ("utf-8%00", ""),
                          ("x" * 5000, "")):
        run.ask(f"reference/charset/{value[:20]} {header}", "GET", f"/divisions/110101?charset={value}", token=token,
                headers={"Accept-Charset": header})
    for accept in ("GZIP", "x-gzip", "gzip, deflate, br", "br;q=1.0, gzip;q=0.8, *;q=0.1", "*", "gzip;q=0.001", "gzip;q=0", "*;q=0", "identity",
                   "identity, gzip;q=0.5", "deflate, br",
                   "gzip;q=0, *", "", "gzipped"):
        run.ask(f"reference/Accept-Encoding/{accept}", "GET", "/code-tables/event-state", token=token, headers={"Accept-Encoding": accept})
    for language in ("zh", "zh-CN,zh;q=0.9", "en", "en, zh;q=0.5", "", "zh;q=0", "*", ";;,", "fr"):
        run.ask(f"reference/Accept-Language/{language}", "GET", "/nothing-here", headers={"Accept-Language": language})
    run.ask("reference/refusal/GB18030 chinese", "GET", "/nothing-here?charset=GB18030", headers={"Accept-Language": "zh"})
    run.ask("reference/refusal/xml GB18030", "GET", "/divisions/999999?format=xml&charset=GB18030", token=token, headers={"Accept-Language": "zh"})
    run.ask("reference/refusal/twice", "GET", "/divisions/110101?format=xml&format=json", token=token)
    for value in ("one-of-mine-0001", "x" * 5000, "a b", "\"'<>", "short"):
        run.ask(f"reference/X-Request-Id/{value[:20]}", "GET", "/divisions/110101", token=token, headers={"X-Request-Id": value})


def play(run):
    token = run.tokens["rec-full"]
    formats(run, token)
    tags(run, token)
    lookups(run, token)
    negotiation(run, token)
