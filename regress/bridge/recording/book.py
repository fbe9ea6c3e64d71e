"""The recording as files, and the comparison of two of them."""
import difflib
import hashlib
import importlib
import json
import os

from . import CHAPTERS
from .player import Run

FIRST = "first.txt"
EXPECTED = os.path.join(os.path.dirname(os.path.abspath(__file__)), "expected")


def play(platform, bodies=None):
    """{chapter: {name: text}} of a run."""
    run, chapters = Run(platform, bodies), {}
    for chapter in CHAPTERS:
        importlib.import_module(f"{__package__}.chapter_{chapter}").play(run)
        chapters[chapter] = {name: run.entries[name] for name in run.entries if not any(name in told for told in chapters.values())}
    return chapters


def load(chapter, folder=EXPECTED):
    """{name: text} of a recorded chapter, in order."""
    path = os.path.join(folder, chapter + ".txt")
    if not os.path.exists(path):
        return {}
    with open(path, encoding="utf-8", newline="\n") as file:
        entries = file.read().rstrip("\n").split("\n\n## ")
    return {name_of(entry): ("" if entry.startswith("## ") else "## ") + entry for entry in entries}


def name_of(entry):
    """The name in an entry's first line."""
    return entry.split("\n", 1)[0].removeprefix("## ").partition(" (from 127.")[0]


def save(chapter, entries, folder=EXPECTED):
    with open(os.path.join(folder, chapter + ".txt"), "w", encoding="utf-8", newline="\n") as file:
        file.write("\n\n".join(entries.values()) + "\n")


def digest(entry):
    return hashlib.sha256(entry.encode()).hexdigest()[:12]


def save_first(chapters, folder=EXPECTED):
    """The digests of all entries: what is recorded again later differs from them."""
    with open(os.path.join(folder, FIRST), "w", encoding="utf-8", newline="\n") as file:
        file.writelines(f"{digest(text)} {name}\n" for entries in chapters.values() for name, text in entries.items())


def recorded_again(folder=EXPECTED):
    """Names of the entries that are not as they were recorded first, or are gone."""
    now = {name: digest(text) for chapter in CHAPTERS for name, text in load(chapter, folder).items()}
    with open(os.path.join(folder, FIRST), encoding="utf-8", newline="\n") as file:
        first = dict(reversed(line.rstrip("\n").split(" ", 1)) for line in file)
    return [name for name, value in first.items() if now.get(name) != value]


def pretty(entry):
    """An entry with the members of JSON bodies on lines of their own."""
    lines = []
    for line in entry.split("\n"):
        mark = next((m for m in (">| ", "| ") if line.startswith(m)), None)
        try:
            value = json.loads(line[len(mark):]) if mark else None
        except ValueError:
            value = None
        # what is equal as a value may still differ as text
        lines += [line] if not isinstance(value, (dict, list)) or line[len(mark):] != json.dumps(value, ensure_ascii=False, separators=(",", ":")) \
            else [mark + part for part in json.dumps(value, ensure_ascii=False, indent=1).split("\n")]
    return lines


def differences(expected, played, most=20):
    """Text that shows what differs between two chapters; empty where nothing does."""
    names = [n for n in (*expected, *(n for n in played if n not in expected)) if expected.get(n) != played.get(n)]
    shown = []
    for name in names[:most]:
        if name not in played:
            shown.append(f"## {name}\nis recorded, but was not played")
        elif name not in expected:
            shown.append(f"{played[name]}\nwas played, but is not recorded")
        else:
            shown.append(f"## {name}\n" + "\n".join(list(difflib.unified_diff(pretty(expected[name]), pretty(played[name]), "recorded", "played",
                lineterm="", n=2))))
    if len(names) > most:
        shown.append(f"and {len(names) - most} more: " + ", ".join(names[most:most + 200]))
    return "\n\n".join(shown)
