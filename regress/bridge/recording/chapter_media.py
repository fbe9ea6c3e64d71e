"""Pictures, videos and files by address (5.4.4-b): ranges, conditions, types, refusals."""
from .chapter_events import JPEG, event, medium, report

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 1200  # two slices
MP4 = bytes.fromhex("00000018667479706d70343200000000") + bytes(300)
HTML = "<html><script>alert(document.domain)</script>汉</html>".encode()
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def play(run):
    medias = [medium("现场 1.jpg", "IMAGE", JPEG), medium("b.png", "IMAGE", PNG), medium("c.mp4", "VIDEO", MP4), medium('"页".html', "ATTACH", HTML),
              medium("e.svg", "ATTACH", SVG), medium("f.jpg", "IMAGE", mediaURL="https://example.org/elsewhere.jpg")]
    task = report(run, "media", event(otherTaskNum="R-pictures", mediaNum=6, medias=medias)).data["taskNum"]
    text = run.ask("media/case", "GET", f"/events/{task}", token=run.tokens["rec-full"]).data["medias"]
    paths = [m["url"].partition("/api/v1")[2] for m in text[:5]]
    get = lambda name, path, method="GET", **more: run.ask(f"media/{name}", method, path, **more)
    for name, path in zip(("jpg", "png", "mp4", "html", "svg"), paths):
        # what is long has a tag of the place where it is stored
        get(f"whole/{name}", path, keep={"ETag": "tag.png"} if name == "png" else None)
        get(f"head/{name}", path, "HEAD")
    get("asked for otherwise", paths[3], headers={"Accept-Encoding": "gzip", "Accept": "image/avif,*/*;q=0.8", "Accept-Charset": "GB18030",
                                                  "Accept-Language": "zh"})
    for asked in ("0-0", "100-199", "200-", "-7", "0-99999999", "-99999999", "262143-262144"):
        get(f"range/{asked}", paths[1], headers={"Range": "bytes=" + asked})
    for number, header in enumerate(("bytes=5-4", "bytes=", "bytes=a-", "items=0-1", "bytes=0-1,5-6", "0-1", "bytes=1-2-3", "x" * 5000)):
        get(f"range/ignored {number}", paths[2], headers={"Range": header})
    for asked in (f"bytes={len(MP4)}-", "bytes=99999999999999999999999-", "bytes=-0"):
        get(f"range/beyond {asked}", paths[2], headers={"Range": asked})
    get("range/beyond, xml, chinese", paths[2] + "?format=xml", headers={"Range": "bytes=9999-", "Accept-Language": "zh"})
    get("range/head", paths[0], "HEAD", headers={"Range": "bytes=0-1"})
    tag = get("tag", paths[0]).header("ETag")
    for name, value in (("same", tag), ("in a list", f'"x", {tag}'), ("weak", "W/" + tag), ("any", "*"), ("other", '"x"')):
        get(f"tag/{name}", paths[0], headers={"If-None-Match": value})
    get("tag/same, range", paths[0], headers={"If-None-Match": tag, "Range": "bytes=0-1"})
    get("tag/same, head", paths[0], "HEAD", headers={"If-None-Match": tag})
    for name, value in (("same", tag), ("other", '"x"'), ("weak", "W/" + tag), ("date", "Tue, 15 Nov 1994 12:45:26 GMT"), ("empty", "")):
        get(f"If-Range/{name}", paths[0], headers={"If-Range": value, "Range": "bytes=0-9"})
    sealed = paths[0].rsplit("/", 1)[1]
    seen = "127.0.9.1"
    for name, changed in (("last cut off", sealed[:-1]), ("first cut off", sealed[1:]), ("longer", sealed + "A"), ("twice", sealed + sealed),
                          ("one changed", sealed[:50] + ("A" if sealed[50] not in "ABCD" else "z") + sealed[51:]),
                          ("A", "A"), ("equals", "="), ("blank", "%20"), ("long", "A" * 5000), ("chinese", "%e6%b1%89"), ("zero", sealed + "%00"),
                          ("more of a path", sealed + "/x"), ("too long", "A" * 10000)):
        get(f"changed/{name}", f"/media/{changed}", source=seen,
            hide={changed: "sealed, changed"} if len(changed) > 50 and set(changed) != {"A"} else None)
    get("changed/none", "/media/", source=seen)
    get("changed/no slash", "/media", source=seen)
    get("changed/head", f"/media/{sealed[:-2]}", "HEAD", source=seen, hide={sealed[:-2]: "sealed, changed"})
    get("changed/xml chinese", "/media/A?format=xml", source=seen, headers={"Accept-Language": "zh"})
    get("changed/as a sealed address", f"/s/{sealed}", source=seen, hide={sealed: "sealed"})
    get("with a token", paths[0], token=run.tokens["rec-full"])
    get("with appCode", paths[0] + "?appCode=" + run.apps["rec-full"]["appCode"])
    get("unknown parameter", paths[0] + "?nothing=1")
    for method in ("POST", "PUT", "DELETE", "OPTIONS"):
        get(f"method {method}", paths[0], method)
    rec_id = run.platform.value("SELECT rec_id FROM citybigdata.event WHERE task_num = %s", task)
    bound = run.platform.value("SELECT citybigdata.media_url(%s, %s, 1, '10 minutes', '127.0.10.0/30')",
                               run.apps["rec-full"]["appCode"], rec_id).partition("/api/v1")[2]
    get("bound/here", bound, source="127.0.10.1")
    get("bound/elsewhere", bound, source="127.0.10.5")
    run.sql("UPDATE citybigdata.application SET state = 'suspended' WHERE app_code = %s", run.apps["rec-full"]["appCode"])
    get("void/application suspended", paths[0])
    run.sql("UPDATE citybigdata.application SET state = 'active' WHERE app_code = %s", run.apps["rec-full"]["appCode"])
    rows = run.ask("media/published", "GET", "/data/monuments", token=run.tokens["rec-full"]).data["items"]
    photo, plan = (rows[0][n].partition("/api/v1")[2] for n in ("photo", "plan"))
    get("published/photo", photo)
    get("published/plan", plan)
    get("published/range", photo, headers={"Range": "bytes=1-2"})
    for form in ("csv", "xml", "ndjson", "geojson"):
        get(f"published/{form}", f"/data/monuments?format={form}&fields=monumentId,photo", token=run.tokens["rec-full"])
    run.sql("ALTER TABLE demo.monument RENAME photo TO picture")
    get("published/column gone", photo)
    run.sql("ALTER TABLE demo.monument RENAME picture TO photo")
    run.sql("DELETE FROM demo.monument WHERE monument_id = 1")
    get("published/row gone", photo)
    run.sql("DELETE FROM citybigdata.event_media USING citybigdata.event e WHERE e.rec_id = event_media.rec_id AND e.task_num = %s", task)
    get("gone", paths[4])
    run.unlock()
