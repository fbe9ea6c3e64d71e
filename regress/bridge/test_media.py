"""Pictures, videos and files by URL (5.4.4-b): stored media of cases, files of published data; ranges, conditions, refusals, slow readers."""
import base64
import json
import os
import threading
import time
import urllib.parse

import pytest
from own_bridge import keeps_freed, own_bridge
from rig import API, check_envelope, check_refused, http_request, until
from test_signature import send as send_signed

JPEG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000") + os.urandom(5000) + b"\xff\xd9"
PNG = b"\x89PNG\r\n\x1a\n" + os.urandom(700000)  # three slices
MP4 = bytes.fromhex("00000018667479706d70343200000000") + os.urandom(300)
HTML = "<html><script>alert(document.domain)</script>汉</html>".encode()
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
ELSEWHERE = "https://example.org/elsewhere.jpg"


def medium(name, kind, content=None, **more):
    return {"mediaName": name, "mediaType": kind, "mediaUsage": "上报", **({"content": base64.b64encode(content).decode()} if content else {}), **more}


class Case:
    """A reported event with stored media, and its addresses for an application."""

    def __init__(self, platform, medias, app=None):
        self.platform, self.client = platform, platform.client
        self.app = app or platform.make_application()
        self.token = platform.token(self.app)
        event = platform.event(medias=medias, mediaNum=len(medias))
        self.number = check_envelope(platform.report(event, self.token, self.app["senders"][0]), 200, 0).data["taskNum"]

    def paths(self, token=None, client=None):
        reply = check_envelope((client or self.client).get(f"/events/{self.number}", token=token or self.token), 200, 0)
        return [path_of(self.client, m["url"]) for m in reply.data["medias"]]


def path_of(client, url):
    """The path of an address; its token is a secret."""
    if url is None or not url.startswith(f"https://{client.host}:{client.port}{API}/media/"):
        return url
    client.secrets.add(url.rsplit("/", 1)[1])
    return url[url.index(API) + len(API):]


@pytest.fixture(scope="module")
def case(platform):
    return Case(platform, [medium("现场 1.jpg", "IMAGE", JPEG), medium("b.png", "IMAGE", PNG), medium("c.mp4", "VIDEO", MP4), medium('"页".html', "ATTACH", HTML),
                           medium("e.svg", "ATTACH", SVG), medium("f.jpg", "IMAGE", mediaURL=ELSEWHERE)])


@pytest.fixture(scope="module")
def paths(case):
    return case.paths()


def rows(platform, reply):
    return until(lambda: platform.sql("""SELECT action, status_code, app_code, object, detail FROM citybigdata.audit_log WHERE request_id = %s ORDER BY at""",
                                      reply.header("X-Request-Id")))


def refused(platform, client, path, status=401, **more):
    """Refused in the envelope, audited once."""
    reply = check_envelope(check_refused(client.get(path, **more)), status)
    seen = rows(platform, reply)
    assert [(row[0], row[1] // 100) for row in seen] == [("media.get", status)], (reply, seen)
    return reply


def test_reported_and_fetched(platform, stranger, case, paths):
    """Bytes as reported, without a credential; type and disposition; one audit row however many slices."""
    assert paths[5] == ELSEWHERE and len(set(paths)) == 6
    for path, content, kind, shown, name in zip(paths, (JPEG, PNG, MP4, HTML, SVG), ("image/jpeg", "image/png", "video/mp4", "application/octet-stream", "application/octet-stream"),
                                                ("inline", "inline", "inline", "attachment", "attachment"), ("现场 1.jpg", "b.png", "c.mp4", '"页".html', "e.svg")):
        reply = stranger.get(path)
        assert reply.status == 200 and reply.body == content, (name, reply.status)
        assert reply.header("Content-Type") == kind and reply.header("Content-Length") == str(len(content)), reply.headers
        disposition = reply.header("Content-Disposition")
        assert disposition.startswith(shown + "; filename=") and disposition.endswith("filename*=UTF-8''" + urllib.parse.quote(name, safe="")), disposition
        assert disposition.isascii() and disposition.count('"') == 2
        assert reply.header("X-Content-Type-Options") == "nosniff" and reply.header("Content-Security-Policy") == "default-src 'none'; sandbox"
        assert reply.header("Cache-Control") == "private, no-cache" and reply.header("Accept-Ranges") == "bytes"
        assert reply.header("Content-Encoding") is None and reply.header("X-Request-Id")
        audited = rows(platform, reply)
        assert [(r[0], r[1], r[2]) for r in audited] == [("media.get", 0, case.app["appCode"])] and audited[0][3].startswith("events/medias/")


def test_compression_is_not_asked_for(stranger, paths):
    reply = stranger.get(paths[3], headers={"Accept-Encoding": "gzip", "Accept": "image/avif,image/*,*/*;q=0.8", "Accept-Charset": "GB18030"})
    assert reply.status == 200 and reply.body == HTML and reply.header("Content-Encoding") is None


def test_in_lists_and_feed(platform, client, stranger, case):
    event = platform.sql("SELECT other_task_num, sender_code FROM citybigdata.event WHERE task_num = %s", case.number)[0]
    asked = urllib.parse.urlencode({"otherTaskNum": event[0], "senderCode": event[1]})
    for query in (asked, f"since=20240101000000&senderCode={event[1]}"):
        item = check_envelope(client.get("/events?" + query, token=case.token), 200, 0).data["items"][0]
        assert stranger.get(path_of(client, item["medias"][0]["url"])).body == JPEG
        assert item["medias"][5]["url"] == ELSEWHERE
    xml = client.get(f"/events/{case.number}?format=xml", token=case.token).body.decode()
    assert xml.count("/media/") == 5
    client.secrets.update(part.split("<", 1)[0] for part in xml.split("/media/")[1:])


@pytest.mark.parametrize("asked,first,last", [("0-0", 0, 0), ("100-199", 100, 199), ("5000-", 5000, None), ("-7", -7, None), ("0-99999999", 0, None), ("-99999999", 0, None),
                                              ("262143-262144", 262143, 262144), ("1-699999", 1, 699999)])
def test_range(stranger, paths, asked, first, last):
    reply = stranger.get(paths[1], headers={"Range": "bytes=" + asked})
    start = first if first >= 0 else len(PNG) + first
    end = len(PNG) - 1 if last is None else last
    assert reply.status == 206 and reply.header("Content-Range") == f"bytes {start}-{end}/{len(PNG)}", reply.headers
    assert reply.body == PNG[start:end + 1] and reply.header("Content-Length") == str(end - start + 1)
    assert reply.header("Content-Type") == "image/png" and reply.header("Accept-Ranges") == "bytes"


@pytest.mark.parametrize("header", ["bytes=5-4", "bytes=", "bytes=a-", "items=0-1", "bytes=0-1,5-6", "0-1", "bytes=1-2-3", "汉".encode().decode("latin-1"), "x" * 5000])
def test_range_ignored(stranger, paths, header):
    reply = stranger.get(paths[2], headers={"Range": header})
    assert reply.status == 200 and reply.body == MP4 and reply.header("Content-Range") is None


def test_range_beyond_the_end(platform, stranger, paths):
    for asked in (f"bytes={len(MP4)}-", "bytes=99999999999999999999999-", "bytes=-0"):
        reply = refused(platform, stranger, paths[2], 416, headers={"Range": asked})
        assert reply.code == 41600 and reply.header("Content-Range") == f"bytes */{len(MP4)}" and reply.header("ETag") is None
        assert list(reply.pointers()) == ["/Range"] and str(len(MP4)) in reply.data["errors"][0]["message"]
    xml = stranger.get(paths[2] + "?format=xml", headers={"Range": "bytes=9999-"})
    assert xml.status == 416 and xml.body.startswith(b"<?xml") and xml.header("Content-Range") == f"bytes */{len(MP4)}"


def test_conditions(stranger, paths):
    tag = stranger.get(paths[0]).header("ETag")
    assert tag.startswith('"') and tag.endswith('"') and stranger.get(paths[0]).header("ETag") == tag != stranger.get(paths[1]).header("ETag")
    for value in (tag, f'"x", {tag}', "W/" + tag, "*"):
        reply = stranger.get(paths[0], headers={"If-None-Match": value})
        assert reply.status == 304 and reply.body == b"" and reply.header("ETag") == tag and reply.header("Cache-Control") == "private, no-cache", reply
    assert stranger.get(paths[0], headers={"If-None-Match": '"x"'}).status == 200
    assert stranger.get(paths[0], headers={"If-None-Match": tag, "Range": "bytes=0-1"}).status == 304
    for value, status in ((tag, 206), ('"x"', 200), ("W/" + tag, 200), ("Tue, 15 Nov 1994 12:45:26 GMT", 200), ("", 200)):
        reply = stranger.get(paths[0], headers={"If-Range": value, "Range": "bytes=0-99"})
        assert reply.status == status and reply.body == (JPEG[:100] if status == 206 else JPEG), value


def test_head(stranger, paths):
    for path in paths[:5]:
        get, head = stranger.get(path), stranger.request("HEAD", path, headers={"Range": "bytes=0-1"})
        assert head.status == 200 and head.body == b""
        for name in ("Content-Length", "Content-Type", "ETag", "Content-Disposition", "Accept-Ranges", "Content-Security-Policy"):
            assert head.header(name) == get.header(name), name
    assert stranger.request("HEAD", paths[0][:-2]).status == 401


def test_keep_alive(stranger, paths):
    """Several on one connection, large and small, and an envelope after them."""
    connection = stranger.connection()
    for path, content in ((paths[1], PNG), (paths[0], JPEG), (paths[1], PNG)):
        assert stranger.request("GET", path, connection=connection).body == content
    check_envelope(stranger.request("GET", "/media/A", connection=connection), 401)
    assert stranger.request("GET", paths[2], connection=connection).body == MP4
    connection.close()


def test_the_only_credential(client, stranger, case, paths):
    check_envelope(client.get(paths[0], token=case.token), 400, 40015)
    check_envelope(send_signed(client, case.app, "GET", paths[0]), 400, 40015)
    for method in ("POST", "PUT", "DELETE"):
        reply = check_envelope(client.request(method, paths[0]), 405, 40500)
        assert reply.header("Allow") == "GET, HEAD"
    check_envelope(stranger.get(paths[0] + "?nonsense=1"), 400, 40008)
    assert stranger.get(paths[0]).status == 200


def test_tampered(platform, stranger, paths):
    """Any character; cut, longer, of another purpose."""
    token, connection = paths[0].rsplit("/", 1)[1], stranger.connection()
    for at, character in enumerate(token):
        changed = token[:at] + ("A" if character not in "ABCD" else "z") + token[at + 1:]
        check_envelope(stranger.request("GET", "/media/" + changed, connection=connection), 401, 40101)
    connection.close()
    for changed in (token[:-1], token[1:], token + "A", token + "AAAA", token[:40], "A", "=", "%20", "A" * 5000, token + token, "%e6%b1%89"):
        refused(platform, stranger, "/media/" + changed)
    sealed = platform.value("SELECT citybigdata.seal_url(%s, 'events')", platform.env["CBD_APP_CODE"]).rsplit("/", 1)[1]
    platform.client.secrets.add(sealed)
    refused(platform, stranger, "/media/" + sealed)
    check_envelope(stranger.get("/s/" + token), 401, 40101)
    for wrong in ("/media/", "/media", f"/media/{token}/x"):
        check_envelope(stranger.get(wrong), 404)
    check_envelope(stranger.get("/media/" + token + "%00"), 400)


def test_ended(platform, client, stranger, case):
    with platform.setting("citybigdata.media_url_ttl", "1"):
        path = until(lambda: next((p for p in [case.paths()[0]] if not time.sleep(1.2) and stranger.get(p).status == 401), None))
    refused(platform, stranger, path)
    assert stranger.get(case.paths()[0]).status == 200


def test_another_address(platform, client, case):
    rec_id = platform.value("SELECT rec_id FROM citybigdata.event WHERE task_num = %s", case.number)
    url = platform.value("SELECT citybigdata.media_url(%s, %s, 1, '10 minutes', '127.0.42.0/30')", case.app["appCode"], rec_id)
    path = path_of(client, url)
    assert client.at("127.0.42.1").get(path).body == JPEG
    refused(platform, client.at("127.0.42.5"), path)
    # bound to whoever asks, by setting; and for an application that is known by its address alone always
    with platform.setting("citybigdata.media_url_bound", "on"):
        bound = until(lambda: next((p for p in [case.paths(client=client.at("127.0.42.9"))[0]] if client.get(p).status == 401), None))
    assert client.at("127.0.42.9").get(bound).body == JPEG
    app = platform.make_application(methods=["ip"], ipRanges=["127.0.43.0/24"], level=3, resources=["events", "cases"])
    here = client.at("127.0.43.1")
    reply = check_envelope(here.get(f"/events/{case.number}?appCode={app['appCode']}"), 200, 0)
    path = path_of(client, reply.data["medias"][0]["url"])
    assert here.get(path).body == JPEG
    refused(platform, client.at("127.0.43.2"), path)


def test_void(platform, stranger, case):
    """Application, account, key: the very next use is refused. Another's grant likewise; one's own media need none."""
    own, reader = case.paths()[0], platform.make_application(level=3, resources=["events", "cases"])
    path = case.paths(token=platform.token(reader))[0]
    number = platform.value("SELECT app_id FROM citybigdata.application WHERE app_code = %s", reader["appCode"])
    for table, key, value, change, back in (("application", "app_id", number, "state = 'suspended'", "state = 'active'"),
                                            ("account", "account_id", reader["accountId"], "state = 'suspended'", "state = 'active'"),
                                            ("app_grant", "app_id", number, "state = 'revoked'", "state = 'active'"),
                                            ("app_grant", "app_id", number, "level = 1", "level = 3")):
        assert stranger.get(path).body == JPEG
        platform.sql(f"UPDATE citybigdata.{table} SET {change} WHERE {key} = %s", value)
        refused(platform, stranger, path)
        platform.sql(f"UPDATE citybigdata.{table} SET {back} WHERE {key} = %s", value)
    platform.sql("UPDATE citybigdata.app_grant SET state = 'revoked' FROM citybigdata.application a WHERE a.app_id = app_grant.app_id AND a.app_code = %s", case.app["appCode"])
    try:
        assert stranger.get(own).body == JPEG
    finally:
        platform.sql("UPDATE citybigdata.app_grant SET state = 'active' FROM citybigdata.application a WHERE a.app_id = app_grant.app_id AND a.app_code = %s", case.app["appCode"])
    old = platform.value("SELECT max(key_id) FROM citybigdata.sealing_key")
    platform.sql("SELECT citybigdata.rotate_sealing_key()")
    assert stranger.get(own).body == JPEG
    platform.sql("SELECT citybigdata.revoke_sealing_key(%s)", old)
    refused(platform, stranger, own)
    assert stranger.get(case.paths()[0]).body == JPEG


def test_gone(platform, stranger):
    case = Case(platform, [medium("a.jpg", "IMAGE", JPEG)])
    path = case.paths()[0]
    assert stranger.get(path).status == 200
    platform.sql("DELETE FROM citybigdata.event_media USING citybigdata.event e WHERE e.rec_id = event_media.rec_id AND e.task_num = %s", case.number)
    assert refused(platform, stranger, path, 404).code == 40408


def test_published_file(platform, demo_data, client, stranger):
    """A table with a picture column: addresses in every format, read as the publisher, under the levels."""
    platform.sql("""DROP TABLE IF EXISTS demo.monument;
                    CREATE TABLE demo.monument (monument_id int PRIMARY KEY, name text, photo bytea, plan bytea, plan_type text, site text);
                    ALTER TABLE demo.monument ALTER COLUMN photo SET STORAGE EXTERNAL;
                    ALTER TABLE demo.monument OWNER TO demo_analyst""")
    platform.sql("INSERT INTO demo.monument VALUES (1, '钟楼', %s, %s, 'text/html', 'https://example.org/1'), (2, '鼓楼', NULL, NULL, NULL, NULL)", PNG, HTML)
    options = {"code": "monuments", "fields": {"photo": {"file": {"type": "image/jpeg"}}, "plan": {"level": 3, "file": {"typeColumn": "plan_type", "nameColumn": "name"}}}}
    platform.sql("SELECT citybigdata.publish('demo.monument', %s::jsonb)", json.dumps(options))
    app = platform.make_application(resources=["monuments"], level=3)
    token = platform.token(app)
    items = check_envelope(client.get("/data/monuments", token=token), 200, 0).data["items"]
    assert items[0]["site"] == "https://example.org/1" and items[1]["photo"] is None and items[1]["plan"] is None
    photo, plan = path_of(client, items[0]["photo"]), path_of(client, items[0]["plan"])
    reply = stranger.get(photo)
    assert reply.body == PNG and reply.header("Content-Type") == "image/png" and reply.header("Content-Disposition").startswith("inline; filename=\"photo.png\"")
    assert [r[3] for r in rows(platform, reply)] == ["monuments/photo/1"]
    assert stranger.get(photo, headers={"Range": "bytes=300000-300009"}).body == PNG[300000:300010]
    reply = stranger.get(plan)
    assert reply.body == HTML and reply.header("Content-Type") == "text/html" and reply.header("Content-Disposition").startswith("attachment; ")
    for name in ("csv", "ndjson", "xml"):
        text = client.get(f"/data/monuments?format={name}&fields=photo", token=token).body.decode()
        found = text[text.index("/media/") + 7:].split("<")[0].split('"')[0].split("\r")[0].split("\n")[0]
        client.secrets.add(found)
        assert stranger.get("/media/" + found).body == PNG, name
    fields = {f["name"]: f for f in check_envelope(client.get("/resources/monuments", token=token), 200, 0).data["fields"]}
    assert (fields["photo"]["type"], fields["photo"]["contentType"], fields["site"]["type"]) == ("file", "image/jpeg", "string")
    # the level of the field, the relation, the row
    platform.sql("UPDATE citybigdata.app_grant SET level = 2 WHERE resource = 'monuments'")
    assert check_envelope(client.get("/data/monuments", token=token), 200, 0).data["items"][0]["plan"] is None
    refused(platform, stranger, plan)
    assert stranger.get(photo).status == 200
    platform.sql("ALTER TABLE demo.monument RENAME photo TO picture")
    check_envelope(stranger.get(photo), 503, 50304)
    platform.sql("ALTER TABLE demo.monument RENAME picture TO photo")
    platform.sql("UPDATE demo.monument SET photo = %s WHERE monument_id = 1", JPEG)
    assert stranger.get(photo).body == JPEG
    platform.sql("DELETE FROM demo.monument WHERE monument_id = 1")
    refused(platform, stranger, photo, 404)


BIG = bytes.fromhex("00000018667479706d70343200000000") + os.urandom(1 << 20) * 20
BIG = BIG[:20 << 20]


@pytest.fixture(scope="module")
def big(platform):
    """A case with a medium of 20 MiB."""
    return Case(platform, [medium("big.mp4", "VIDEO", BIG)])


def test_large(platform, stranger, big):
    path = big.paths()[0]
    reply = stranger.get(path)
    assert reply.status == 200 and reply.body == BIG
    assert len(rows(platform, reply)) == 1
    assert stranger.get(path, headers={"Range": f"bytes={len(BIG) - 5}-"}).body == BIG[-5:]


def resident(process):
    """Bytes of memory that a process holds."""
    with open(f"/proc/{process.pid}/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def test_slow_readers(platform, big):
    """Forty who do not read hold no database connection and little memory; others are served meanwhile, and they too in the end."""
    with own_bridge(platform) as bridge:
        path = big.paths()[0]
        before = resident(bridge.process)
        request = http_request("GET", API + path, headers=[("Host", bridge.client.host), ("Connection", "close")])
        stalled = []
        for _ in range(40):
            sock = bridge.client.connect()
            sock.sendall(request)
            assert sock.recv(1000).startswith(b"HTTP/1.1 200")
            stalled.append(sock)
        # what fits into the sockets is on its way first
        until(lambda: platform.value("""SELECT count(*) FROM pg_stat_activity WHERE usename = 'citybigdata_bridge' AND (state <> 'idle' OR backend_xmin IS NOT NULL)""") == 0)
        assert keeps_freed(bridge.process) or resident(bridge.process) - before < 40 * (1 << 20), (before, resident(bridge.process))
        assert bridge.client.get(path).body == BIG
        read = 0
        while part := stalled[0].recv(1 << 20):
            read += len(part)
        assert read > len(BIG) - 1000
        for sock in stalled:
            sock.close()
        assert bridge.client.get(path, headers={"Range": "bytes=0-9"}).body == BIG[:10]
        assert bridge.stop() == 0


def test_ends_with_the_application(platform, big):
    """What is void while it is read is cut off before its announced end."""
    app = platform.make_application(level=3, resources=["events", "cases"])
    path = big.paths(token=platform.token(app))[0]
    request = http_request("GET", API + path, headers=[("Host", platform.client.host), ("Connection", "close"), ("X-Request-Id", "cut-off-download")])
    with platform.client.connect() as sock:
        sock.sendall(request)
        read = len(sock.recv(1000))
        platform.sql("UPDATE citybigdata.application SET state = 'suspended' WHERE app_code = %s", app["appCode"])
        try:
            while part := sock.recv(1 << 20):
                read += len(part)
        except OSError:
            pass
    assert read < len(BIG)
    seen = until(lambda: platform.sql("SELECT status_code FROM citybigdata.audit_log WHERE action = 'media.get' AND request_id = 'cut-off-download' ORDER BY 1")[1:] or None)
    assert seen == [(40101,)]


def test_clients_that_leave(platform, big):
    """Half a download, then gone: nothing stays behind, the next is served."""
    path = big.paths()[0]
    request = http_request("GET", API + path, headers=[("Host", platform.client.host)])
    for size in (1, 1000, 300000, 3000000):
        with platform.client.connect() as sock:
            sock.sendall(request)
            got = 0
            while got < size:
                got += len(sock.recv(65536))
    assert platform.client.at("127.0.44.1").get(path).body == BIG


def test_many_at_once(platform, big, case, paths):
    wrong = []

    def fetch(number):
        client = platform.client.at(f"127.0.45.{number + 1}")
        for path, content in ((paths[1], PNG), (paths[0], JPEG)) * 3:
            if client.get(path).body != content:
                wrong.append(number)
    path = case.paths()
    paths = path
    threads = [threading.Thread(target=fetch, args=(n,)) for n in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
