"""What varies from run to run, and by what it is replaced. Nothing else is: every other byte of a reply counts.

Values that a run made and handed out (tokens, codes, keys, numbers of cases, cursors) are replaced wherever they occur by the
name that the chapter gave them when it saw them first: `{token.demo}`. The rules here are for the rest.
"""
import calendar
import re
import time

TEN_MINUTES = 600


def _distance(seconds):
    """A time as its distance from now, to ten minutes: {now}, {now+2h}, {now-1d}."""
    steps = round((seconds - time.time()) / TEN_MINUTES)
    for unit, size in (("d", 144), ("h", 6)):
        if steps and steps % size == 0:
            return f"{{now{steps // size:+d}{unit}}}"
    return f"{{now{steps * 10:+d}min}}" if steps else "{now}"


def _china(match):
    """A time of this run in 14 digits, of the time zone that the platform has (UTC+8)."""
    text = match[0]
    try:
        seconds = calendar.timegm(time.strptime(text, "%Y%m%d%H%M%S")) - 8 * 3600
    except (ValueError, OverflowError):
        return text
    return _distance(seconds) if abs(seconds - time.time()) < 400 * 86400 else text


def _unix(match):
    seconds = int(match[0])
    return _distance(seconds) if abs(seconds - time.time()) < 400 * 86400 else match[0]


# name: (where, pattern, replacement, why). where: "Name:" = that header of a reply, "body", "reply" = headers and body,
# "any" = what was sent too.
RULES = {
    "address": ("any", r"(localhost(?::|%3A))\d{4,5}\b", r"\1{port}", "the platform listens on a free port"),
    "date": ("Date:", r"^\w{3}, \d{2} \w{3} \d{4} \d{2}:\d{2}:\d{2} GMT$", "{date}", "the clock"),
    "time": ("any", r"(?<![\w.])20\d{12}(?![\w.])", _china, "times of the run in 14 digits: kept as their distance from now; others stay"),
    "unix": ("reply", r"(?<![\w.])1[78]\d{8}(?![\w.])", _unix, "the same in Unix seconds"),
    "limit": ("RateLimit:", r";t=\d+", ";t={seconds}", "seconds until a bucket or a day is full again"),
    "wait": ("Retry-After:", r"^\d+$", "{seconds}", "seconds until a lock-out or a limit ends"),
    "sealed": ("any", r"(/api/v1/(?:media|s)/)(?!\{)[\w-]{60,}", r"\1{sealed}", "sealed with a random nonce"),
    "cursor": ("any", r'((?:nextCursor":"|nextCursor>|[?&]cursor=))(?!\{)[\w-]{20,}', r"\1{cursor}", "authenticated with a key of the platform"),
    "form cookie": ("Set-Cookie:", r"(__Host-cbd-form=)[\w-]+", r"\1{cookie}", "random"),
    "form token": ("body", r'(name="form_token" value=")\d+\.[\w-]+', r"\1{form token}", "the time, and a code over the random cookie"),
}
_compiled = {name: (where, re.compile(pattern), new) for name, (where, pattern, new, _) in RULES.items()}


def apply(text, where):
    """The text of a place ("sent", "body", or "Name:" of a header) by the rules for that place."""
    for place, pattern, new in _compiled.values():
        if place in ("any", where) or (place == "reply" and where != "sent"):
            text = pattern.sub(new, text)
    return text
