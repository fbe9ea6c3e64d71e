"""Settings of the media service: one file, docs/camera-servers.md says what stands in it.

Everything is checked at start. Paths and addresses go into nginx's configuration and into command lines of ffmpeg, so only
plain characters are taken.
"""
import configparser
import re
import types
import urllib.parse

PLAIN = re.compile(r"[A-Za-z0-9/._:\[\]-]+")
# section, name: default (None: must be given), what it is read as
KNOWN = {
    ("bridge", "url"): (None, "url"), ("bridge", "ca"): (None, "plain"), ("bridge", "provider"): (None, "code"), ("bridge", "key_file"): (None, "plain"),
    ("listen", "address"): ("127.0.0.1", "plain"), ("listen", "https_port"): (None, "number"), ("listen", "rtmp_port"): ("1935", "number"),
    ("listen", "rtsp_port"): ("8554", "number"), ("listen", "rtp_ports"): ("20000-20999", "range"), ("listen", "notify_port"): ("8088", "number"),
    ("listen", "tls_cert"): (None, "plain"), ("listen", "tls_key"): (None, "plain"),
    ("places", "state"): ("/var/lib/citybigdata-media", "plain"), ("places", "run"): ("/run/citybigdata-media", "plain"),
    ("sources", "idle_seconds"): ("15", "number"), ("sources", "wake_seconds"): ("15", "number"), ("sources", "at_most"): ("100", "number"),
}


class SettingError(Exception):
    """What is wrong, for the operator."""


def _number(text):
    if not re.fullmatch(r"[0-9]{1,5}", text) or not 1 <= int(text) <= 65535:
        raise ValueError("a number from 1 to 65535")
    return int(text)


def _range(text):
    found = re.fullmatch(r"([0-9]{4,5})-([0-9]{4,5})", text)
    if not found or not 1024 <= int(found[1]) < int(found[2]) <= 65535:
        raise ValueError("two ports, for example 20000-20999")
    return int(found[1]), int(found[2])


def _plain(text):
    if not PLAIN.fullmatch(text):
        raise ValueError("only letters, digits and / . _ : -")
    return text


def _code(text):
    if not re.fullmatch(r"[a-z][a-z0-9-]{0,31}", text):
        raise ValueError("the code of a provider")
    return text


def _url(text):
    parts = urllib.parse.urlsplit(_plain(text))
    if parts.scheme != "https" or not parts.hostname or parts.path not in ("", "/") or parts.query:
        raise ValueError("the address of the bridge, for example https://platform.example:8443")
    return text.rstrip("/")


READERS = {"number": _number, "range": _range, "plain": _plain, "code": _code, "url": _url}


def read(path):
    """The settings as a namespace of section_name; SettingError."""
    parser = configparser.ConfigParser(interpolation=None, inline_comment_prefixes=("#",))
    try:
        with open(path, encoding="utf-8") as file:
            parser.read_file(file)
    except (OSError, configparser.Error) as error:
        raise SettingError(f"{path}: {error}") from error
    given = {(section, name): value for section in parser.sections() for name, value in parser.items(section)}
    for section, name in given:
        if (section, name) not in KNOWN:
            raise SettingError(f"{path}: unknown setting [{section}] {name}")
    values = {}
    for (section, name), (default, kind) in KNOWN.items():
        text = given.get((section, name), default)
        if text is None:
            raise SettingError(f"{path}: [{section}] {name} is missing")
        try:
            values[f"{section}_{name}"] = READERS[kind](text)
        except ValueError as error:
            raise SettingError(f"{path}: [{section}] {name} = {text}: {error} is expected") from error
    settings = types.SimpleNamespace(**values)
    settings.key = _read_key(settings.bridge_key_file)
    settings.socket = f"{settings.places_run}/http.sock"
    settings.hls = f"{settings.places_state}/hls"
    return settings


def _read_key(path):
    """What the media servers show to the bridge, one line."""
    try:
        with open(path, encoding="ascii") as file:
            key = file.read().strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingError(f"{path}: {error}") from error
    if not re.fullmatch(r"[A-Za-z0-9_-]{32,128}", key):
        raise SettingError(f"{path}: the provider's key is expected, 32 to 128 letters, digits, _ and -")
    return key
