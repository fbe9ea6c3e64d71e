"""What the media service asks the bridge: may this address be played, where does a stream come from; and what it tells.

Calls block for REPLY_SECONDS at most and may be made from any thread. A bridge that does not answer is a refusal: whoever
may not be judged does not watch.
"""
import http.client
import json
import ssl
import threading
import urllib.parse

REPLY_SECONDS = 4
KEPT = 8  # connections


class Refused(Exception):
    """A status code of the unified table; 50300 where the bridge could not be asked."""

    def __init__(self, code, message=""):
        super().__init__(f"{code} {message}".strip())
        self.code = code


UNAVAILABLE = 50300


class Bridge:
    """Its address and our credential."""

    def __init__(self, settings):
        parts = urllib.parse.urlsplit(settings.bridge_url)
        self.place = (parts.hostname, parts.port or 443)
        self.identity = {"provider": settings.bridge_provider, "key": settings.key}
        self.context = ssl.create_default_context(cafile=settings.bridge_ca)
        self.kept, self.lock = [], threading.Lock()

    def play(self, event, token, client, stream, protocol):
        """`event` open, keep or end: {codec, transport}; Refused."""
        return self._post("play", {"event": event, "token": token, "client": client, "stream": stream, "protocol": protocol})

    def source(self, name):
        """{url, codec}: the stream is to be run now; Refused, too many transcoders among the reasons."""
        return self._post("source", {"source": name})

    def report(self, sources):
        """[(name, state)]: how the streams are; plays that nobody was seen at are ended by it."""
        return self._post("report", {"sources": ",".join(f"{name}={state}" for name, state in sources)})

    def _post(self, what, fields):
        body = urllib.parse.urlencode({**self.identity, **fields})
        for fresh in (False, True):
            connection = self._take(fresh)
            try:
                connection.request("POST", f"/gateway/camera/{what}", body, {"Content-Type": "application/x-www-form-urlencoded"})
                reply = connection.getresponse()
                text = reply.read()
            except (OSError, http.client.HTTPException) as error:
                connection.close()
                if fresh:  # a kept one may have been closed meanwhile
                    raise Refused(UNAVAILABLE, str(error)) from error
                continue
            self._give_back(connection, reply)
            return _data(text)
        raise AssertionError

    def _take(self, fresh):
        with self.lock:
            if self.kept and not fresh:
                return self.kept.pop()
        return http.client.HTTPSConnection(*self.place, timeout=REPLY_SECONDS, context=self.context)

    def _give_back(self, connection, reply):
        with self.lock:
            if not reply.will_close and len(self.kept) < KEPT:
                self.kept.append(connection)
                return
        connection.close()


def _data(text):
    try:
        envelope = json.loads(text)
        code, data = envelope["statusCode"], envelope["data"]
    except (ValueError, KeyError, TypeError) as error:
        raise Refused(UNAVAILABLE, "the bridge's reply is no envelope") from error
    if code != 0:
        raise Refused(code, envelope.get("message", ""))
    return data or {}
