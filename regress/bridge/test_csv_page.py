"""docs/csv-to-interface.md as a reader follows it: every command as it is printed, and what it prints."""
import fnmatch
import json
import os
import re
import subprocess

import pytest
from platform_rig import TOP

BLOCK = re.compile(r"^```(sh|text)\n(.*?)^```$", re.M | re.S)


def blocks(name):
    with open(os.path.join(TOP, "docs", name), encoding="utf-8") as page:
        return BLOCK.findall(page.read())


@pytest.fixture
def nobody_there(platform):
    clean = """SELECT citybigdata.unpublish(v.resource_code) FROM citybigdata.resource_version v WHERE v.resource_code = 'trees' AND v.state = 'current';
        DELETE FROM citybigdata.app_grant WHERE resource = 'trees';
        DELETE FROM citybigdata.ingest_reject r USING citybigdata.ingest_batch b WHERE b.batch_id = r.batch_id AND b.dataset_code = 'trees';
        DELETE FROM citybigdata.ingest_batch WHERE dataset_code = 'trees'; DELETE FROM citybigdata.dataset WHERE dataset_code = 'trees';
        DROP SCHEMA IF EXISTS greening CASCADE; DROP ROLE IF EXISTS tree_office"""
    platform.sql(clean)
    yield
    platform.sql(clean)


@pytest.mark.parametrize("page", ["csv-to-interface.md", "zh/csv-to-interface.md"])
def test_page_is_followed(platform, nobody_there, tmp_path, page):
    """The blocks of commands in one shell, in their order; what a page shows below a block is what came, … standing for anything."""
    expected, script = [], "set -eu\n"
    for kind, text in blocks(page):
        if kind == "sh":
            script += text + "echo '--end--'\n"
            expected.append(None)
        else:
            expected[-1] = text
    given = {**os.environ, "LC_ALL": "C.UTF-8", **platform.env}
    done = subprocess.run(["bash", "-c", script], cwd=tmp_path, env=given, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    came = done.stdout.split("--end--\n")[:-1]
    assert len(came) == len(expected) >= 8
    for text, got in zip(expected, came):
        for line, shown in zip(got.splitlines(), text.splitlines() if text else []):
            assert fnmatch.fnmatchcase(line.rstrip(), re.sub(r"([][*?])", r"[\1]", shown.rstrip()).replace("…", "*")), (line, shown)
        assert text is None or got.count("\n") == text.count("\n"), got
    features = json.loads((tmp_path / "trees.geojson").read_text(encoding="utf-8"))["features"]
    assert [f["id"] for f in features] == ["T-001", "T-002", "T-003", "T-004"] and features[0]["geometry"]["coordinates"] == [116.397, 39.918]
    assert (tmp_path / "trees-zh.csv").read_bytes().startswith(b"\xef\xbb\xbf\xe7\xbc\x96")


def test_both_languages_say_the_same():
    """The same commands, behind the one that sets the language of SQL."""
    english, chinese = ([text for kind, text in blocks(page) if kind == "sh"] for page in ("csv-to-interface.md", "zh/csv-to-interface.md"))
    assert chinese == ["export PGOPTIONS='-c citybigdata.language=zh'\n", *english]
