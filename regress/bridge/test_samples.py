"""The sample programs of the manual (docs/samples/query.*), each run as it stands against the platform."""
import os
import re
import shutil
import subprocess

import pytest
from platform_rig import TOP

SAMPLES = os.path.join(TOP, "docs", "samples")


def built_c(folder, source=os.path.join(SAMPLES, "query.c")):
    program = os.path.join(folder, "query")
    subprocess.run(["cc", "-Wall", "-Wextra", "-Werror", "-o", program, source, "-lcurl", "-ljansson"], check=True, timeout=120)
    return [program]


def built_java(folder, source=os.path.join(SAMPLES, "Query.java")):
    subprocess.run(["javac", "-Xlint:all", "-Werror", "-d", folder, source], check=True, timeout=120)
    return ["java", "-cp", folder, "Query"]


PROGRAMS = {"curl": lambda folder: ["bash", os.path.join(SAMPLES, "query.sh")], "python": lambda folder: ["python3", os.path.join(SAMPLES, "query.py")], "c": built_c}
if shutil.which("javac"):  # no JDK is among the packages that tests install
    PROGRAMS["java"] = built_java


@pytest.fixture(params=PROGRAMS)
def run(request, platform, demo_data, tmp_path):
    command = PROGRAMS[request.param](str(tmp_path))

    def start(**changes):
        # the programs know nothing but these
        given = {n: platform.env[n] for n in ("CBD_URL", "CBD_CA", "CBD_APP_CODE", "CBD_KEY", "CBD_SENDER_CODE")}
        given.update(PATH=os.environ["PATH"], LC_ALL="C.UTF-8", CBD_RESOURCE="street-lights", CBD_TIME_RANGE="[20120101000000,20300101000000)", **changes)
        return subprocess.run(command, env=given, capture_output=True, text=True, timeout=120, check=False)
    return start


def test_runs(platform, run):
    before = platform.value("SELECT count(*) FROM citybigdata.event WHERE other_task_num LIKE 'SAMPLE-%%'")
    rows = platform.value("SELECT count(*) FROM demo.street_light WHERE installed_at >= '2012-01-01 00:00+08' AND installed_at < '2030-01-01 00:00+08'")
    done = run()
    assert done.returncode == 0, done.stdout + done.stderr
    lines = done.stdout.splitlines()
    assert re.fullmatch(r"token: \d+ s", lines[0]), lines
    task = re.fullmatch(r"event: (\w+)", lines[1])[1]
    assert platform.sql("SELECT sender_code FROM citybigdata.event WHERE task_num = %s", task) == [(platform.sender,)]
    assert platform.value("SELECT count(*) FROM citybigdata.event WHERE other_task_num LIKE 'SAMPLE-%%'") == before + 1
    count, what = re.fullmatch(r"data: (\d+) (items|pages)", lines[2]).groups()
    assert rows > 200 and int(count) == (rows if what == "items" else -(-rows // 100))
    assert re.match(r"refused: HTTP 400, 40007 .+, request \w+", lines[3]), lines


def test_refused_key(run):
    """A wrong key: the program ends with the platform's number, and shows no key."""
    done = run(CBD_KEY="6f2c1b1e-0000-4000-8000-000000000000")
    told = done.stdout + done.stderr
    assert done.returncode != 0 and "40101" in told and "6f2c1b1e" not in told, told
