"""Replies are what they were, byte for byte: the requests of recording/ to a fresh platform, against recording/expected/.

What is intended to differ is recorded again by name: regress/bridge/recording/record.sh 'limits/data*' 'manual/*'. With
CITYBIGDATA_RECORD_BODIES=FOLDER the bodies that are kept as digests are written there, normal, to be compared by diff -r."""
import fnmatch
import os

import own_bridge
import pytest
from recording import CHAPTERS, DEVIATIONS, book
from recording.stage import stage

PATTERNS = os.environ.get("CITYBIGDATA_RECORD", "").split("\n") if "CITYBIGDATA_RECORD" in os.environ else None


@pytest.fixture(scope="module")
def played(platform):
    with stage(platform) as own:
        return book.play(own, os.environ.get("CITYBIGDATA_RECORD_BODIES"))


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_recorded(played, chapter):
    expected = book.load(chapter)
    if PATTERNS is not None:
        again = lambda name: any(fnmatch.fnmatchcase(name, p) for p in PATTERNS)
        expected = {name: text if again(name) or name not in expected else expected[name] for name, text in played[chapter].items()}
        book.save(chapter, expected, os.environ["CITYBIGDATA_RECORD_TO"])
        if "CITYBIGDATA_RECORD_FIRST" in os.environ:
            book.save_first(played, os.environ["CITYBIGDATA_RECORD_TO"])
    told = book.differences(expected, played[chapter])
    assert not told, "\n" + told


def test_every_route_is_asked(platform, played):
    """A route that the bridge has and the recording does not know is a hole in it."""
    asked = {name.split("/", 1)[1].rsplit("/", 1)[0] for name in played["routes"]}
    assert {f"{r.method} {r.path}" for r in own_bridge.routes(platform)} - asked == set()


def test_what_differs_from_the_first_recording_is_named():
    """Recorded again on purpose: in the table, with its reason; and nothing else is."""
    again = book.recorded_again(os.environ.get("CITYBIGDATA_RECORD_TO", book.EXPECTED))
    named = {pattern: fnmatch.filter(again, pattern) for pattern in DEVIATIONS}
    assert [name for name in again if not any(name in names for names in named.values())] == []
    assert [pattern for pattern, names in named.items() if not names] == []
