"""The player: sends the requests of the chapters to a fresh platform, one after the other, and writes down what came.

A chapter (chapter_*.py) is a function play(run) that asks; each question has a name that stays (`media/range/first byte`), so
that entries can be compared, and recorded again, one by one. expected/CHAPTER.txt holds what was recorded, as text:

    ## NAME                     what is asked; (from ADDRESS) where it is not 127.0.0.1
    > METHOD TARGET             the request line, then headers (without Host and Content-Length where they are the usual ones)
    >| body                     a body that was sent, line by line
    < STATUS LINE               with its reason, then all headers of the reply in order; *NAME stands for the lines in BLOCKS
    | body                      of the reply: decompressed, decoded, control characters as Unicode's pictures of them
    = sha256 LENGTH             in place of a body of more than LONG characters, after its beginning

What must vary is replaced first: normal.py. Everything is played each time, since later answers depend on earlier requests.
"""
import base64
import contextlib
import hashlib
import json
import os
import re
import time
import urllib.parse

from rig import until

from . import normal
from .wire import Wire, request_bytes

API = "/api/v1"
LONG = 800
SHOWN = 200
FORM = "application/x-www-form-urlencoded"
# Lines that most replies have, in this order and with these values.
BLOCKS = {
    "*json": ["Date: {date}", "Content-Type: application/json; charset=utf-8", "X-Request-Id: {id}", "Cache-Control: no-store",
              "X-Content-Type-Options: nosniff"],
    "*vary": ["Vary: Accept, Accept-Charset, Accept-Encoding, Accept-Language"],
}


class Answer:
    """What the chapters read of a reply."""

    def __init__(self, reply):
        self.reply = reply

    @property
    def text(self):
        return self.reply.content.decode("utf-8")

    @property
    def json(self):
        return json.loads(self.text)

    @property
    def data(self):
        assert self.reply.status == 200, f"{self.reply.line}: {self.text[:2000]}"
        return self.json["data"]

    def header(self, name):
        return self.reply.header(name)


class Run:
    """One run against one platform (platform_rig.Platform)."""

    def __init__(self, platform, bodies=None):
        self.platform = platform
        self.port, self.ca = platform.client.port, platform.client.ca
        self.entries = {}  # name: text
        self.known = {}    # a value of this run: its name
        self.bodies = bodies
        self.source = "127.0.0.1"
        self.tokens, self.apps, self.accounts = {}, {}, {}  # by user name or role

    def keep(self, name, value):
        """A value that this run has made gets a name."""
        if value is not None and str(value) not in self.known:
            self.known[str(value)] = "{" + name + "}"
        return value

    def sql(self, *query):
        return self.platform.sql(*query)

    def unlock(self):
        """Lifts what wrong credentials have locked."""
        self.sql("DELETE FROM citybigdata.lockout WHERE true")

    @contextlib.contextmanager
    def setting(self, name, value):
        """A server setting for a while. Other sessions are told at the same moment as ours, and look before their next statement."""
        show = lambda: self.platform.value("SELECT current_setting(%s)", name)
        before = show()
        with self.platform.setting(name, value):
            until(lambda: show() != before)
            time.sleep(0.3)
            yield
        until(lambda: show() == before)
        time.sleep(0.3)

    def normal(self, text, where, hide=None):
        for values in ({v: "{" + n + "}" for v, n in (hide or {}).items()}, self.known):
            for value in sorted((v for v in values if v in text), key=len, reverse=True):
                text = text.replace(value, values[value])
        return normal.apply(text, where)

    def ask(self, name, method, target, body=None, headers=(), token=None, basic=None, kind=None, source=None, hide=None, length=True,
            loose=False, chunked=0, keep=None, change=None):
        """Sends a request and writes the exchange down; the Answer, or None when the connection was closed without one.

        target: a path without a leading // gets the API prefix. body: bytes, a text, or a dict that is sent as JSON (kind None)
        or as a form (kind FORM). headers: (name, value) in the order in which they are sent. hide: {value: name} of what is
        sent this once. length: is a Content-Length sent? loose: the length of the reply varies. chunked: bytes of a chunk.
        keep: {member of the reply, "ETag", or a parameter of its Location: name} of what the run made, named before the reply
        is written down. change: of the text of the reply's body, before all other replacing."""
        target = target[1:] if target.startswith("//") else API + target
        rows = [("Host", f"localhost:{self.port}"), *(headers.items() if isinstance(headers, dict) else headers)]
        if token is not None:
            rows.append(("Authorization", "Bearer " + token))
        if basic is not None:
            rows.append(("Authorization", "Basic " + base64.b64encode(basic.encode()).decode()))
            hide = {**(hide or {}), rows[-1][1][6:]: "base64 of " + self.normal(basic, "sent", hide)}
        if isinstance(body, (dict, list)) and kind == FORM:
            body = urllib.parse.urlencode(body)
        elif isinstance(body, (dict, list)):
            body, kind = json.dumps(body, ensure_ascii=False, separators=(",", ":")), kind or "application/json"
        body = body.encode() if isinstance(body, str) else body
        if kind:
            rows.append(("Content-Type", kind))
        if chunked:
            rows.append(("Transfer-Encoding", "chunked"))
        elif body is not None and length:
            rows.append(("Content-Length", len(body)))
        sent = body or b""
        if chunked:
            sent = b"".join(b"%x\r\n%s\r\n" % (len(sent[i:i + chunked]), sent[i:i + chunked]) for i in range(0, len(sent), chunked)) + b"0\r\n\r\n"
        told = [f"> {method} {target}", *(f"> {n}: {v}" for n, v in rows if n not in ("Host", "Content-Length"))]
        lines = self.normal("\n".join(told), "sent", hide).split("\n") + (self.sent_lines(body, hide) if body else [])
        return self.exchange(name, request_bytes(method, target, rows, sent), lines, method, source, loose, keep=keep, change=change)

    def raw(self, name, data, method="GET", source=None, hide=None, replies=1):
        """Bytes as they are."""
        return self.exchange(name, data, self.sent_lines(data, hide), method, source, replies=replies)

    def sent_lines(self, data, hide):
        text = decoded(data, "utf-8")
        mark = ">| " if text is not None else ">| latin-1: "
        return text_lines(self.normal(data.decode("latin-1") if text is None else text, "sent", hide), mark, "> = ")

    def exchange(self, name, data, told, method, source=None, loose=False, replies=1, keep=None, change=None):
        source, name = source or self.source, visible(name)
        assert name not in self.entries, f"{name} twice"
        with Wire(self.port, self.ca, source) as wire:
            wire.send(data)
            got = [wire.reply(method) for _ in range(replies)]
        self.keep_members(got[0], keep or {})
        lines = ["## " + name + (f" (from {source})" if source != "127.0.0.1" else ""), *map(visible, told)]
        lines += [line for reply in got for line in self.lines_of(name, reply, loose, change)]
        self.entries[name] = "\n".join(lines)
        return Answer(got[0]) if got[0] is not None else None

    def keep_members(self, reply, members):
        """The values of members of a reply in JSON or XML, or of parameters of its Location."""
        if not members or reply is None or reply.status not in (200, 303):
            return
        if "ETag" in members:
            self.keep(members["ETag"], reply.header("ETag"))
        text = (reply.header("Location") or "") + "\n" + reply.content.decode("utf-8", "replace")
        for member, name in members.items():
            found = re.search(rf'"{member}":"([^"]+)"|<{member}>([^<]+)</|[?&]{member}=([^&\n]+)', text)
            if found:
                self.keep(name, found[1] or found[2] or found[3])

    def lines_of(self, name, reply, loose=False, change=None):
        """A reply, normal, as lines."""
        if reply is None:
            return ["< (closed)"]
        number = reply.header("X-Request-Id")
        loose = loose or reply.header("Content-Encoding") is not None
        rows = []
        for header, value in reply.headers:
            if loose and header == "Content-Length" and value.isdigit() and (int(value) == len(reply.body) or not reply.body):
                value = "{length}"
            elif header == "X-Request-Id":
                value = "{id}"
            rows.append(f"{header}: {self.normal(value, header + ':')}")
        text = "\n".join(rows)
        for block, block_lines in BLOCKS.items():
            text = re.sub("^" + re.escape("\n".join(block_lines)) + "$", block, text, flags=re.M)
        lines = ["< " + line for line in (*reply.interim, reply.line, *text.split("\n"))]
        if not reply.whole:
            lines.append("< (broken off)")
        body = reply.content
        if body:
            charset = re.search(r"charset=([\w-]+)", reply.header("Content-Type") or "charset=utf-8")
            shown = decoded(body, charset[1] if charset else "utf-8")
            if shown is None:
                return [*lines, f"= sha256 {hashlib.sha256(body).hexdigest()} {len(body)} bytes"]
            shown = change(shown) if change else shown
            shown = self.normal(shown.replace(number, "{id}") if number else shown, "body")
            if self.bodies:
                path = os.path.join(self.bodies, re.sub(r"[^\w.-]+", "_", name))
                with open(path, "w", encoding="utf-8") as file:
                    file.write(shown)
            lines += text_lines(shown, "| ", "= ")
        return lines


def numbers(text):
    """Metrics without their values."""
    return re.sub(r" [\d.e+-]+$", " {number}", text, flags=re.M)


def audit(text):
    """Audit rows carry the numbers of other requests; the log's own numbers depend on what was written first."""
    text = re.sub(r'("requestId":"|<requestId>)[0-9a-f]{24}', r"\1{id}", text)
    return re.sub(r'("auditId":|<auditId>|"nextCursor":")\d+', r"\1{number}", text)


def decoded(body, charset):
    """The text of bytes, or None where they are not a text of that charset, exactly."""
    try:
        text = body.decode(charset)
        return text if text.encode(charset) == body else None
    except (UnicodeError, LookupError):
        return None


def visible(text):
    """Control characters but the line feed as their pictures, what else cannot be seen by its number."""
    return "".join(c if c == "\n" or c.isprintable() else chr(0x2400 + ord(c)) if ord(c) < 32 else f"<U+{ord(c):04X}>" for c in text)


def text_lines(text, mark, digest_mark):
    if len(text) > LONG:
        digest = hashlib.sha256(text.encode()).hexdigest()
        return [mark + line for line in visible(text[:SHOWN]).split("\n")] + [f"{digest_mark}sha256 {digest} {len(text)} characters"]
    return [mark + line for line in visible(text).split("\n")]
