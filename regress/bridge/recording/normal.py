"""What varies from run to run, and by what it is replaced. Nothing else is: every other byte of a reply counts.

Values that a run made and handed out (tokens, codes, keys, numbers of cases, cursors) are replaced wherever they occur by the
name that the chapter gave them when it saw them first: `{token.demo}`. The rules here are for the rest.
"""
import calendar
import re
import time

# What the platform counts from now: (seconds from, seconds to, what it is called). A run lasts a few minutes at most.
DISTANCES = ((-3600, 300, "{now}"), (300, 900, "{now+10min}"), (3600, 7260, "{now+2h}"), (14 * 86400 - 3600, 14 * 86400 + 60, "{now+14d}"))


def _distance(seconds, text):
    """The name of a time of this run; other times stay."""
    return next((name for first, last, name in DISTANCES if first < seconds - time.time() <= last), text)


def _china(match):
    """A time in 14 digits, of the time zone that the platform has (UTC+8)."""
    try:
        return _distance(calendar.timegm(time.strptime(match[0], "%Y%m%d%H%M%S")) - 8 * 3600, match[0])
    except (ValueError, OverflowError):
        return match[0]


def _readable(match):
    """The same as the manual's page writes it."""
    digits = re.sub(r"\D", "", match[0])
    name = _china({0: digits})
    return match[0] if name == digits else name


def _task(match):
    """The number of a case of this run: the day of its report is in it, and in its check character."""
    day = calendar.timegm(time.strptime(match[1], "%Y%m%d")) - 8 * 3600
    return f"110000{{day}}{match[2]}{{check}}" if -3600 < time.time() - day < 86400 + 3600 else match[0]


def _unix(match):
    return _distance(int(match[0]), match[0])


# name: (where, pattern, replacement, why). where: "Name:" = that header of a reply, "body", "reply" = headers and body,
# "any" = what was sent too.
RULES = {
    "address": ("any", r"(localhost(?::|%3A))\d{4,5}\b", r"\1{port}", "the platform listens on a free port"),
    "date": ("Date:", r"^\w{3}, \d{2} \w{3} \d{4} \d{2}:\d{2}:\d{2} GMT$", "{date}", "the clock"),
    "date in a body": ("body", r"(?m)^(Date: )\w{3}, \d{2} \w{3} \d{4} \d{2}:\d{2}:\d{2} GMT\b", r"\1{date}",
                       "the HTTP library repeats a head as the body of what it refuses itself"),
    "manual tag": ("ETag:", r'^W/"[0-9a-f]{16}"$', 'W/"{tag}"', "of the manual, whose text has the platform's address in it"),
    "proposal": ("body", r'("expiresAt":"|<expiresAt>)20\d{12}', r"\1{a week}", "when a proposal made by the run ends"),
    "deadline": ("body", r'("(?:deadline|warningTime|chainDeadline)":"|<(?:deadline|warningTime|chainDeadline)>)20\d{12}', r"\1{deadline}",
                 "in working time: how far it is from now depends on the hour"),
    "unix deadline": ("body", r'("(?:deadline|warningTime|chainDeadline)":|<(?:deadline|warningTime|chainDeadline)>)[12]\d{9}', r"\1{deadline}", "the same"),
    "remaining": ("body", r'("remaining":|<remaining>)-?\d+', r"\1{minutes}", "the same"),
    "time": ("any", r"(?<![\w.])20\d{12}(?![\w.])", _china, "times of the run in 14 digits: kept as their distance from now; others stay"),
    "task": ("any", r"\b110000(20\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))(\d{10})[0-9A-Z]\b", _task, "numbers of cases of the run have its day"),
    "readable time": ("body", r"\b20\d\d-\d\d-\d\d \d\d:\d\d:\d\d\b", _readable, "the same as people read it"),
    "unix": ("reply", r"(?<![\w.])1[78]\d{8}(?![\w.])", _unix, "the same in Unix seconds"),
    "connections": ("body", r'("(?:connections|of)":|<(?:connections|of)>)\d+', r"\1{number}",
                    "of the bridge to the database, opened as they are needed, as many as there are processors for"),
    "unsealed": ("body", r'("auditUnsealedSeconds":|<auditUnsealedSeconds>)\d+', r"\1{seconds}", "how long the oldest record waits for its seal"),
    "server": ("body", r'("(?:database|serverVersion)":"|<(?:database|serverVersion)>)[^"<]+', r"\1{server}",
               "where the test's server is, and which"),
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
