"""Media that are reported as an address: fetched, looked at, kept, served in the platform's name; what lies, is too large, or is where the bridge does not go."""
import contextlib
import hashlib
import json
import os
import signal
import struct
import subprocess
import time

import own_bridge
import pictures
import pytest
from media_server import MediaServer
from own_bridge import OwnBridge, free_port, platform_settings
from rig import API, check_envelope, until
from test_callbacks import INNER
from test_media import medium, path_of


def outbound(platform, **more):
    return {"outbound_connections": "64", "outbound_networks": "media:127.0.0.0/8, media:::1/128", "outbound_ca": platform.env["CBD_CA"], "outbound_timeout": "4s", **more}


@pytest.fixture(scope="module")
def sender(platform):
    """Fetching is on; the platform's own bridge sends nothing, one of the test's own does."""
    with platform_settings(platform, outbound_connections="0"), platform.setting("citybigdata.media_fetch", "on"):
        bridge = OwnBridge(platform, **outbound(platform)).start()
        try:
            yield bridge
        finally:
            bridge.stop()


@pytest.fixture(scope="module")
def server(platform):
    conf = own_bridge.read_conf(platform)
    one = MediaServer(conf["tls_cert"], conf["tls_key"])
    yield one
    one.close()


class Reporter:
    def __init__(self, platform):
        self.platform, self.app = platform, platform.make_application()
        self.token = platform.token(self.app)

    def report(self, *medias):
        event = self.platform.event(medias=list(medias), mediaNum=len(medias))
        return check_envelope(self.platform.report(event, self.token, self.app["senders"][0]), 200, 0).data["taskNum"]

    def medias(self, task, **more):
        return check_envelope(self.platform.client.get(f"/events/{task}", token=self.token, **more), 200, 0).data["medias"]

    def fetched(self, url, kind="IMAGE", seconds=20, done=lambda f: f["state"] != "waiting"):
        """The medium of a case whose address this is, once it is no longer waiting."""
        task = self.report(medium("现场.jpg", kind, mediaURL=url))
        until(lambda: done(self.medias(task)[0]["fetch"]), seconds)
        return task, self.medias(task)[0]

    def bytes(self, url, query=""):
        return self.platform.client.get(path_of(self.platform.client, url) + query)


@pytest.fixture(scope="module")
def reporter(platform, sender):
    return Reporter(platform)


def at(platform, metres):
    """The event's place, so many metres north of it."""
    return platform.value("""SELECT ARRAY[ST_X(p), ST_Y(p)] FROM (SELECT ST_Project(e.geom::geography, %s, 0)::geometry AS p
                             FROM citybigdata.event e ORDER BY rec_id DESC LIMIT 1) x""", metres)


# ---- what is kept ----
def test_kept(platform, reporter, server):
    """A JPEG: its pixels as they were, nothing of who took it where; a thumbnail the right side up; the address is the platform's own."""
    task = reporter.report()
    picture = pictures.jpeg(800, 600, exif=pictures.exif(*at(platform, 100), orientation=6), more=pictures.segment(0xFE, b"taken by Zhang San") + pictures.segment(0xED, b"IPTC")
                            + pictures.segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\x01\x01RGB of Zhang Li"),
                            tail=pictures.jpeg(exif=pictures.exif(1, 1)))
    task, one = reporter.fetched(server.put("/kept.jpg", picture))
    fetch = one["fetch"]
    assert fetch["state"] == "kept" and fetch["statusCode"] == 0 and fetch["message"] is None and fetch["httpStatus"] == 200 and fetch["thumbnail"]
    assert 90 <= fetch["distance"] <= 110 and fetch["contentType"] == "image/jpeg" and fetch["source"] == server.url("/kept.jpg")
    got = reporter.bytes(one["url"])
    assert got.status == 200 and got.header("Content-Type") == "image/jpeg" and len(got.body) == fetch["size"]
    for word in (b"Bureau", b"Zhang", b"IPTC"):
        assert word in picture and word not in got.body
    # scan and tables are bit by bit what they were; of EXIF the orientation alone is left
    assert got.body.endswith(picture[picture.index(b"\xff\xdb"):picture.index(b"\xff\xd9") + 2]) and got.body.count(b"Exif\0\0") == 1
    small = reporter.bytes(one["url"], "?thumbnail=true")
    assert small.status == 200 and small.header("Content-Type") == "image/jpeg" and small.header("ETag") != got.header("ETag") and b"Exif" not in small.body
    at_sof = small.body.index(b"\xff\xc0") + 5
    assert struct.unpack(">HH", small.body[at_sof:at_sof + 4]) == (320, 240)  # height, width: turned
    assert reporter.bytes(one["url"], "?thumbnail=maybe").status == 400
    assert platform.value("SELECT digest FROM citybigdata.media_copy c JOIN citybigdata.media_fetch f USING (digest) JOIN citybigdata.event e USING (rec_id) WHERE e.task_num = %s",
                          task).tobytes() == hashlib.sha256(picture).digest()
    # what was asked of the server: nothing that says who asks
    headers = dict(server.asked[-1][1])
    assert headers["User-Agent"].startswith("citybigdata/") and not {"Authorization", "Cookie", "Referer"} & set(headers)


def test_formats(reporter, server):
    """Other formats: PNG, WebP, GIF, MP4 without what they tell of places; TIFF, AVIF, HEIC as JPEG; sound and files as they are."""
    place = pictures.exif(116.41, 39.91)
    cases = [("p.png", "IMAGE", pictures.png(more=pictures.chunk(b"eXIf", place) + pictures.chunk(b"tEXt", b"Author\0Zhang San")), "image/png", True),
             ("w.webp", "IMAGE", pictures.webp(pictures.piece(b"EXIF", place) + pictures.piece(b"XMP ", b"<x>Zhang San</x>")), "image/webp", True),
             ("g.gif", "IMAGE", pictures.GIF[:-1] + b"\x21\xfe\x09Zhang San\x00;", "image/gif", True),
             ("t.tif", "IMAGE", pictures.tiff(116.41, 39.91), "image/jpeg", True), ("a.avif", "IMAGE", pictures.AVIF, "image/jpeg", True),
             ("h.heic", "IMAGE", pictures.HEIC, "image/jpeg", True), ("m.mp4", "VIDEO", pictures.mp4(), "video/mp4", False),
             ("s.amr", "VOICE", b"#!AMR\n" + bytes(200), "audio/amr", False),
             ("d.pdf", "ATTACH", b"%PDF-1.7 Zhang San", "application/pdf", False)]
    task = reporter.report(*(medium(name, kind, mediaURL=server.put("/" + name, body)) for name, kind, body, _, _ in cases))
    until(lambda: all(m["fetch"]["state"] != "waiting" for m in reporter.medias(task)))
    for (name, kind, body, content_type, small), one in zip(cases, reporter.medias(task)):
        assert (one["fetch"]["state"], one["fetch"]["contentType"], one["fetch"]["thumbnail"]) == ("kept", content_type, small), (name, one)
        got = reporter.bytes(one["url"])
        assert got.status == 200 and got.header("Content-Type") == content_type
        if kind in ("VOICE", "ATTACH"):
            assert got.body == body
        else:
            assert b"Zhang San" not in got.body and b"+39.9" not in got.body and b"Bureau" not in got.body, name
        assert reporter.bytes(one["url"], "?thumbnail=true").status == (200 if small else 404)
    assert [m["fetch"]["distance"] is not None for m in reporter.medias(task)] == [True, True, False, True] + [False] * 5
    assert len(reporter.bytes(reporter.medias(task)[6]["url"]).body) == len(pictures.mp4())


def test_place(platform, reporter, server):
    """Taken elsewhere: kept, with a finding, in the reader's language; citybigdata.media_distance decides."""
    reporter.report()
    where = at(platform, 5000)
    task, one = reporter.fetched(server.put("/far.jpg", pictures.jpeg(exif=pictures.exif(*where))))
    assert one["fetch"]["state"] == "kept" and one["fetch"]["statusCode"] == 42253 and 4950 <= one["fetch"]["distance"] <= 5050
    assert str(one["fetch"]["distance"]) in one["fetch"]["message"] and reporter.bytes(one["url"]).status == 200
    chinese = reporter.medias(task, headers={"Accept-Language": "zh"})[0]["fetch"]["message"]
    assert "米" in chinese and str(one["fetch"]["distance"]) in chinese
    with platform.setting("citybigdata.media_distance", "10000"):
        assert reporter.fetched(server.url("/far.jpg"))[1]["fetch"]["statusCode"] == 0


def test_once(platform, reporter, server):
    """The same bytes from anywhere are one copy; a purge of one case leaves the other's."""
    picture = pictures.jpeg(120, 80, exif=pictures.exif(116.4, 39.9))
    first, _ = reporter.fetched(server.put("/once/a.jpg", picture))
    second, _ = reporter.fetched(server.put("/once/b.jpg", picture))
    digest = hashlib.sha256(picture).digest()
    count = lambda: platform.value("SELECT count(*) FROM citybigdata.media_copy WHERE digest = %s", digest)
    assert count() == 1
    for task, left in ((first, 1), (second, 0)):
        platform.sql("SELECT citybigdata.forget_fetched(ARRAY[citybigdata.task_rec_id(%s)])", task)
        assert count() == left


def test_hostile_exif(reporter, server):
    """Lengths, counts and offsets that lie: the picture is kept, without any of it."""
    blocks = list(pictures.hostile_exif())
    task = reporter.report(*(medium(f"{i}.jpg", "IMAGE", mediaURL=server.put(f"/hostile/{i}.jpg", pictures.jpeg(exif=block))) for i, block in enumerate(blocks)))
    until(lambda: all(m["fetch"]["state"] != "waiting" for m in reporter.medias(task)))
    for one in reporter.medias(task):
        assert one["fetch"]["state"] == "kept", one
        assert b"Exif" not in reporter.bytes(one["url"]).body


# ---- what is refused ----
def sized(picture, width, height):
    """A JPEG that says that it has other sides."""
    at_sof = picture.index(b"\xff\xc0") + 5
    return picture[:at_sof] + struct.pack(">HH", height, width) + picture[at_sof + 4:]


LIES = {"page.jpg": ("IMAGE", b"<html><script>alert(1)</script></html>", 42222), "svg.jpg": ("IMAGE", b"<svg xmlns='http://www.w3.org/2000/svg'/>", 42222),
        "film.jpg": ("IMAGE", pictures.mp4(), 42222), "picture.mp4": ("VIDEO", pictures.jpeg(), 42222), "picture.amr": ("VOICE", pictures.png(), 42222), "empty.jpg": ("IMAGE", b"", 42222),
        "begin.jpg": ("IMAGE", b"\xff\xd8\xff\xe0" + b"<?php system($_GET[0]);" * 100, 42252), "begin.png": ("IMAGE", b"\x89PNG\r\n\x1a\n" + b"\0" * 100, 42252),
        "cut.png": ("IMAGE", pictures.png()[:80], 42252), "boxes.mp4": ("VIDEO", b"\0\0\0\x18ftypmp42" + b"\xff" * 100, 42252),
        "heic.jpg": ("IMAGE", b"\0\0\0\x18ftypheic" + bytes(200), 42252), "tiff.jpg": ("IMAGE", b"II*\0" + b"\xff" * 500, 42252),
        "bomb.png": ("IMAGE", pictures.png(20000, 20000, depth=1), 42252), "bomb.jpg": ("IMAGE", sized(pictures.jpeg(), 65500, 65500), 42252),
        "bomb.gif": ("IMAGE", b"GIF89a\xff\xff\xff\xff" + pictures.GIF[10:], 42252), "attached.pdf": ("ATTACH", b"\xff\xd8\xff\xe0junk", 42252)}


def test_lies(reporter, server, sender):
    """Not what it says, no picture, or a bomb: refused at the first look, with the code; the bridge and its neighbours do not notice."""
    task = reporter.report(*(medium(name, kind, mediaURL=server.put("/lies/" + name, body)) for name, (kind, body, _) in LIES.items()))
    until(lambda: all(m["fetch"]["state"] != "waiting" for m in reporter.medias(task)), 60)
    for name, one in zip(LIES, reporter.medias(task)):
        assert (name, one["fetch"]["state"], one["fetch"]["statusCode"]) == (name, "refused", LIES[name][2])
        assert one["url"] == server.url("/lies/" + name) and server.count("/lies/" + name) == 1
    assert reporter.fetched(server.put("/well.jpg", pictures.jpeg()))[1]["fetch"]["state"] == "kept" and sender.process.poll() is None


def test_pixels_within(reporter, server):
    """A large picture is no bomb: a JPEG of 100 million pixels is kept, with a thumbnail."""
    one = reporter.fetched(server.put("/big.jpg", sized(pictures.jpeg(), 12000, 9000)))[1]
    assert one["fetch"]["state"] == "kept" and one["fetch"]["thumbnail"]


def test_too_large(platform, reporter, server):
    with platform.setting("citybigdata.media_limit", "100kB"):
        for path in ("/large/said.jpg", "/endless/x.jpg"):
            one = reporter.fetched(server.url(path))[1]
            assert one["fetch"]["state"] == "refused" and one["fetch"]["statusCode"] == 42223, one
        assert server.endless < 20 * 1024 * 1024
        assert reporter.fetched(server.put("/just.png", pictures.png(640, 480, more=pictures.chunk(b"tEXt", os.urandom(90000)))))[1]["fetch"]["state"] == "kept"


def test_failures(platform, reporter, server):
    """Nobody there, errors, slow, cut short, too many redirects: said with the case, tried again; 410 is the end of it."""
    urls = {"/nothing/x.jpg": 404, "/error/x.jpg": 500, "/slow/x.jpg": None, "/cut/x.jpg": None, "/loop/x.jpg": None}
    task = reporter.report(*(medium("x.jpg", "IMAGE", mediaURL=server.url(path)) for path in urls), medium("x.jpg", "IMAGE", mediaURL=f"https://localhost:{free_port()}/x.jpg"),
                           medium("x.jpg", "IMAGE", mediaURL="https://nobody.invalid/x.jpg"), medium("x.jpg", "IMAGE", mediaURL=server.url("/gone/x.jpg")))
    until(lambda: all(m["fetch"]["statusCode"] for m in reporter.medias(task)), 30)
    medias = reporter.medias(task)
    for one, status in zip(medias, [*urls.values(), None, None]):
        assert (one["fetch"]["state"], one["fetch"]["statusCode"], one["fetch"]["httpStatus"]) == ("waiting", 42251, status), one
        assert one["fetch"]["message"] and one["url"] == one["fetch"]["source"]
    assert (medias[-1]["fetch"]["state"], medias[-1]["fetch"]["httpStatus"]) == ("failed", 410)
    # it comes back: tried again by itself, after the first delay
    server.put("/nothing/x.jpg", pictures.jpeg())
    until(lambda: reporter.medias(task)[0]["fetch"]["state"] == "kept", 30)
    listed = check_envelope(platform.client.get(f"/admin/media-fetches?taskNum={task}", token=platform.administrator("sysadmin")["token"]), 200, 0).data["items"]
    assert len(listed) == len(medias) - 1 and {i["statusCode"] for i in listed} == {42251} and all(i["error"] and i["host"].startswith(("localhost", "nobody")) for i in listed)
    chinese = check_envelope(platform.client.get(f"/admin/media-fetches?taskNum={task}&state=failed", token=platform.administrator("sysadmin")["token"], headers={"Accept-Language": "zh"}), 200, 0).data["items"]
    assert [i["message"] for i in chinese] == ["未能抓取媒体文件"]
    # by hand, through the outbox
    server.put("/gone/x.jpg", pictures.jpeg())
    check_envelope(platform.client.post("/admin/outbox", {"action": "retry", "messageIds": [chinese[0]["messageId"]]}, token=platform.administrator("sysadmin")["token"]), 200, 0)
    until(lambda: reporter.medias(task)[-1]["fetch"]["state"] == "kept")
    assert not [d for d in platform.sql("SELECT failures FROM citybigdata.outbox_destination WHERE purpose = 'media' AND failures > 0")]


# ---- where it goes ----
def test_redirect(reporter, server):
    """Redirects are followed from https to https, three at most; where they lead is judged like the address itself."""
    hop = lambda to: lambda handler: handler.reply(302, b"<html>moved</html>", [("Location", to)])
    end = server.put("/r/end.jpg", pictures.jpeg())
    server.put("/r/one.jpg", hop("/r/end.jpg"))
    server.put("/r/three.jpg", hop(server.put("/r/two.jpg", hop("/r/one.jpg"))))
    assert reporter.fetched(end)[1]["fetch"]["state"] == reporter.fetched(server.url("/r/three.jpg"))[1]["fetch"]["state"] == "kept"
    before = server.count("/r/end.jpg")
    for i, to in enumerate([f"http://localhost:{server.port}/r/end.jpg", "https://169.254.169.254/latest/meta-data", "https://10.0.0.1/", "https://localhost:22/", "file:///etc/passwd",
                            f"https://[::ffff:10.1.1.1]:{server.port}/r/end.jpg", "gopher://localhost/", "https://192.168.1.1:8443/"]):
        one = reporter.fetched(server.put(f"/r/bad{i}.jpg", hop(to)), done=lambda f: f["statusCode"])[1]
        assert one["fetch"]["state"] in ("refused", "waiting") and one["fetch"]["statusCode"] in (42250, 42251), (to, one)
    assert server.count("/r/end.jpg") == before


def test_inner_addresses(platform, reporter, server, sender):
    """With no network listed none of these is connected to: inner addresses in all notations, other services' ports, http."""
    sender.stop()
    plain = OwnBridge(platform, **outbound(platform, outbound_networks="callback:127.0.0.0/8"))
    before = len(server.asked)
    try:
        plain.start()
        urls = [url % server.port for url in INNER if url.startswith("http")] + [f"https://localhost:{server.port}/x.jpg", "ftp://localhost/x.jpg", "HTTPS://127.0.0.1/x.jpg"]
        tasks = [reporter.report(*(medium("x.jpg", "IMAGE", mediaURL=url) for url in urls[i:i + 25] if "@" not in url)) for i in range(0, len(urls), 25)]
        for task in tasks:
            until(lambda: all(m["fetch"]["statusCode"] for m in reporter.medias(task)), 30)
            for one in reporter.medias(task):
                assert (one["fetch"]["state"], one["fetch"]["statusCode"]) == ("refused", 42250), one
        assert len(server.asked) == before
    finally:
        plain.stop()
        sender.start()


def test_plain_http(platform, reporter, server):
    """http:// is fetched when citybigdata.outbound_http says so, and then inside the listed networks alone; else refused before anything is sent."""
    assert reporter.fetched(f"http://localhost:{server.port}/x.jpg")[1]["fetch"]["statusCode"] == 42250
    with platform.setting("citybigdata.outbound_http", "on"):
        # the server speaks TLS: reached, and not understood
        assert reporter.fetched(f"http://localhost:{server.port}/x.jpg", done=lambda f: f["statusCode"])[1]["fetch"]["statusCode"] == 42251


def test_written_badly(reporter, server):
    """Addresses as senders write them: blanks, Chinese, a fragment; encoded before they are sent."""
    server.put("/%E8%B7%AF%E7%81%AF%20%5B1%5D.jpg?a=%7C", pictures.jpeg())
    assert reporter.fetched(server.url("/路灯%20[1].jpg?a=|#top"))[1]["fetch"]["state"] == "kept"


# ---- off, rights, the end ----
def test_off(platform, reporter, server):
    with platform.setting("citybigdata.media_fetch", "off"):
        task = reporter.report(medium("x.jpg", "IMAGE", mediaURL=server.url("/kept.jpg")))
        assert "fetch" not in reporter.medias(task)[0]
        assert platform.value("SELECT count(*) FROM citybigdata.media_fetch WHERE rec_id = citybigdata.task_rec_id(%s)", task) == 0


def test_rights(platform, reporter, server):
    """A copy is read with the right of the case: not by another application, not while its own is suspended."""
    task, one = reporter.fetched(server.put("/right.jpg", pictures.jpeg()))
    assert check_envelope(platform.client.get(f"/events/{task}", token=platform.token(platform.make_application())), 404)
    path = path_of(platform.client, one["url"])
    assert platform.client.get(path[:-3] + "AAA").status == 401
    platform.sql("UPDATE citybigdata.application SET state = 'suspended' WHERE app_code = %s", reporter.app["appCode"])
    try:
        assert platform.client.get(path).status == platform.client.get(path + "?thumbnail=true").status == 401
    finally:
        platform.sql("UPDATE citybigdata.application SET state = 'active' WHERE app_code = %s", reporter.app["appCode"])


def test_shut_in(platform, tmp_path):
    """The picture program, while it has strangers' bytes in hand: no privilege to gain, system calls filtered, three descriptors, limits; it ends with its time."""
    path = tmp_path / "picture.png"
    path.write_bytes(pictures.png(600, 400, more=pictures.chunk(b"iCCP", os.urandom(400000))))
    with open(path, "rb") as medium_, subprocess.Popen([program_of(platform)], stdin=medium_, stdout=subprocess.PIPE, env={"SECRET": "x"}) as process:
        # it waits until somebody takes its result
        status = lambda: dict(line.split(":\t", 1) for line in open(f"/proc/{process.pid}/status", encoding="ascii").read().splitlines())
        until(lambda: status()["Seccomp"] == "2" and status()["State"].startswith("S"))
        assert status()["NoNewPrivs"] == "1" and status()["Threads"] == "1"
        # its user may not look at it either
        assert os.getuid() != 0 or sorted(os.listdir(f"/proc/{process.pid}/fd")) == ["0", "1", "2"]
        limits = {line[:26].strip(): line[26:].split()[:2] for line in open(f"/proc/{process.pid}/limits", encoding="ascii").read().splitlines()}
        assert limits["Max cpu time"] == ["10", "10"] and limits["Max core file size"] == ["0", "0"] and limits["Max open files"] == ["3", "3"]
        assert int(limits["Max file size"][1]) <= 160 << 20
        process.stdout.close()
        assert process.wait(30) != 0


def program_of(platform):
    return os.path.join(os.path.dirname(own_bridge.program(platform)), "citybigdata-picture")


def test_program_gone(platform, reporter, server, sender):
    """Without the picture program nothing is looked at, so nothing is kept; it is tried again when it is there."""
    program = program_of(platform)
    os.rename(program, program + ".away")
    try:
        task, one = reporter.fetched(server.put("/away.jpg", pictures.jpeg()), done=lambda f: f["statusCode"])
        assert one["fetch"]["statusCode"] == 42251 and "cannot be started" in sender.log_text()
    finally:
        os.rename(program + ".away", program)
    until(lambda: reporter.medias(task)[0]["fetch"]["state"] == "kept", 30)


def test_killed(platform, reporter, server, sender):
    """kill -9 of the bridge in the middle of fetches: every medium is kept once its lease is over, none twice, no process is left."""
    gate = {"open": False}

    def wait(handler):
        end = time.monotonic() + 20
        while not gate["open"] and time.monotonic() < end:
            time.sleep(0.05)
        handler.reply(200, pictures.jpeg(200, 100))
    paths = [f"/killed/{i}.jpg" for i in range(10)]
    task = reporter.report(*(medium("x.jpg", "IMAGE", mediaURL=server.put(path, wait)) for path in paths))
    until(lambda: sum(server.count(path) for path in paths) >= 5)
    os.kill(sender.process.pid, signal.SIGKILL)
    sender.process.wait()
    gate["open"] = True
    sender.start()
    platform.sql("UPDATE citybigdata.outbox_queue SET lease_until = now() WHERE lease_until > now()")
    until(lambda: all(m["fetch"]["state"] == "kept" for m in reporter.medias(task)), 40)
    assert platform.value("SELECT count(*) FROM citybigdata.media_fetch WHERE rec_id = citybigdata.task_rec_id(%s)", task) == 10
    assert platform.value("SELECT count(*) FROM citybigdata.outbox_queue q JOIN citybigdata.outbox_message m USING (message_id) WHERE m.kind = 'media.fetch' AND m.payload LIKE"
                          " citybigdata.task_rec_id(%s) || '/%%'", task) == 0


def test_two_bridges(platform, reporter, server):
    """Two bridges drain one queue: every medium is kept, and asked for once."""
    paths = [f"/two/{i}.jpg" for i in range(40)]
    with contextlib.ExitStack() as stack:
        second = OwnBridge(platform, **outbound(platform)).start()
        stack.callback(second.stop)
        task = reporter.report(*(medium("x.jpg", "IMAGE", mediaURL=server.put(path, pictures.jpeg(64 + i, 48))) for i, path in enumerate(paths)))
        until(lambda: all(m["fetch"]["state"] == "kept" for m in reporter.medias(task)), 30)
    assert [server.count(path) for path in paths] == [1] * 40


def test_metrics(sender):
    def told():
        text = sender.client.get("//metrics").body.decode()
        return {line.split()[0]: float(line.split()[1]) for line in text.splitlines() if line.startswith("citybigdata_media")}
    # what other tests had left to be tried again ends
    until(lambda: told()["citybigdata_media_under_way"] == 0, 60)
    assert told()["citybigdata_media_stored_total"] > 0


def test_admin(platform, reporter, token):
    admin = platform.administrator("sysadmin")["token"]
    get = lambda query="", **more: platform.client.get("/admin/media-fetches" + query, **{"token": admin, **more})
    first = check_envelope(get("?state=kept&pageSize=2"), 200, 0).data
    assert len(first["items"]) == 2 and all(i["state"] == "kept" for i in first["items"])
    second = check_envelope(get(f"?state=kept&pageSize=2&cursor={first['nextCursor']}"), 200, 0).data["items"]
    assert second[0]["fetchId"] > first["items"][1]["fetchId"]
    assert "http" not in json.dumps([{k: v for k, v in i.items() if k != "httpStatus"} for i in first["items"]])
    assert check_envelope(get("?state=nothing"), 422).code == 42200 and get(token=token).status == 403 and API
