"""A day in the life of many cases: operators do what the platform says they may, until each case has ended or the day is over.

CBD_TEST_ALL=1 lives the day of 200 cases, else of a few.
"""
import concurrent.futures
import os
import random

import pytest
from case_rig import ROLES, Bureau, later
from rig import check_envelope

CASES = 200 if os.environ.get("CBD_TEST_ALL") else 16
KEEP_VERSION = {"comment", "visit"}
# what brings a case on is done more often than what holds it up
# which need another case of the same problem: test_duplicates.py
MERGES = ("merge", "unmerge")
WEIGHTS = {"accept": 8, "file": 8, "dispatch": 8, "handle": 6, "close": 5, "reject": 1, "void": 1, "direct": 1, "comment": 1, "supervise": 1, "reopen": 1}

# every action of the process once, in four lives; "!": the last member is what the case must be in then
SCRIPTS = (
    [("desk", "claim"), ("desk", "release"), ("desk", "claim"), ("desk", "askVerify"), ("verifier", "verify"), ("desk", "accept"), ("filer", "return"), ("desk", "accept"), ("filer", "file"),
     ("dispatcher", "return"), ("filer", "file"), ("dispatcher", "dispatch"), ("unit", "return"), ("dispatcher", "dispatch"), ("unit", "take"), ("unit", "assign"), ("handler", "handle"),
     ("filer", "askCheck"), ("verifier", "claim"), ("verifier", "check"), ("filer", "rework"), ("handler", "handle"), ("filer", "close"), ("desk", "visit"), ("filer", "reopen"),
     ("dispatcher", "dispatch"), ("unit", "handle"), ("filer", "close")],
    [("desk", "accept"), ("filer", "file"), ("dispatcher", "dispatch"), ("unit", "askExtension"), ("filer", "refuseExtension"), ("unit", "askExtension"), ("filer", "grantExtension"),
     ("unit", "askSuspend"), ("filer", "refuseSuspend"), ("unit", "askSuspend"), ("filer", "suspend"), ("leader", "supervise"), ("filer", "resume"), ("unit", "answer"), ("unit", "handle"),
     ("filer", "close"), ("unit", "appeal"), ("filer", "decideAppeal"), ("filer2", "decideAppeal"), ("desk", "comment")],
    [("inspector", "direct"), ("filer", "close"), ("desk", "visit")],
    [("desk", "reject"), ("filer", "reopen"), ("desk", "accept"), ("filer", "void")],
    [("sender", "comment"), ("sender", "withdraw")],
)


@pytest.fixture(scope="module")
def bureau(platform):
    return Bureau(platform)


def fields(bureau, action, to=None):
    """What a step with the action needs."""
    return {"reason": {"reason": "原因"}, "note": {"note": "说明"}}.get(action, {}) | {
        "file": {"conditionCode": "CASE-1"}, "dispatch": {"to": {"unit": "CASE-LIGHT-1"}}, "assign": {"to": {"account": to or bureau.name("handler")}},
        "verify": {"result": "pass"}, "check": {"result": "fail"}, "visit": {"evaluation": 4}, "suspend": {"until": later(days=3)}, "askSuspend": {"until": later(days=3), "reason": "r"},
        "decideAppeal": {"result": "pass"}, "comment": {"note": "批注"}, "answer": {"note": "已办"}, "supervise": {"reason": "领导批示", "until": later(days=2)}}.get(action, {"reason": "原因", "note": "说明"})


def go(bureau, who, task, action, case):
    """One step; the case afterwards."""
    reply = check_envelope(bureau.step(who, task, action, version=case["version"], **fields(bureau, action)), 200, 0)
    after = reply.data
    assert after["version"] == case["version"] + (action not in KEEP_VERSION) and len(after["steps"]) == len(case["steps"]) + 1, (action, after)
    assert after["steps"][-1]["action"] == action and after["steps"][-1]["fromStage"] == case["stage"] and after["steps"][-1]["toStage"] == after["stage"]
    overlay = 8 if after["suspendedUntil"] else 9 if after["supervised"] else after["baseState"]
    assert after["state"] == overlay
    return after


def live(bureau, serial):
    """A case from its report until it has ended, or enough was done."""
    chance = random.Random(serial)
    task = bureau.report()
    case = check_envelope(bureau.case("desk", task), 200, 0).data
    if serial < len(SCRIPTS):
        for who, action in SCRIPTS[serial]:
            case = go(bureau, who, task, action, case)
        return task
    for _ in range(40):
        if case["stage"] in ("closed", "void") and chance.random() < 0.6:
            break
        operators = [*ROLES]
        chance.shuffle(operators)
        for who in operators:
            reply = bureau.client.get(f"/events/{task}/actions", token=bureau.tokens[who])
            actions = [a["action"] for a in reply.data
                       if a["action"] not in MERGES and (a["action"] not in ("suspend", "reopen") or chance.random() < 0.2)] if reply.status == 200 else []
            if not actions or (actions == ["comment"] and chance.random() < 0.9):
                continue
            action = chance.choices(actions, [WEIGHTS.get(a, 2) for a in actions])[0]
            reply = bureau.step(who, task, action, version=case["version"], **fields(bureau, action))
            if reply.status == 409 and action == "grantExtension":
                break  # two were granted: the clock's refusal
            case = check_envelope(reply, 200, 0).data
            break
    return task


def test_day_in_the_life(bureau, platform):
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        tasks = list(pool.map(lambda serial: live(bureau, serial), range(CASES)))
    assert len(set(tasks)) == CASES
    numbers = [r for (r,) in platform.sql("SELECT rec_id FROM citybigdata.event WHERE task_num = ANY(%s)", tasks)]
    # every action of the process was taken by somebody
    taken = {a for (a,) in platform.sql("SELECT DISTINCT action FROM citybigdata.event_step WHERE rec_id = ANY(%s)", numbers)}
    known = {a for (a,) in platform.sql("SELECT DISTINCT action FROM citybigdata.process_move WHERE process_code = 'city-management' AND shipped")}
    assert known - taken <= {"escalate", *MERGES}, known - taken
    # each step begins where the one before ended, and the case is where the last one led
    assert platform.sql("""SELECT e.task_num FROM citybigdata.event e WHERE e.rec_id = ANY(%s) AND (e.step_count <> (SELECT count(*) FROM citybigdata.event_step s WHERE s.rec_id = e.rec_id)
        OR EXISTS (SELECT FROM (SELECT s.from_stage, lag(s.to_stage) OVER w AS before, s.version - coalesce(lag(s.version) OVER w, 0) AS up, s.action FROM citybigdata.event_step s
                                WHERE s.rec_id = e.rec_id WINDOW w AS (ORDER BY s.step_no)) h WHERE h.from_stage <> coalesce(h.before, 'accept') OR h.up <> (h.action NOT IN ('comment', 'visit'))::int)
        OR e.stage <> (SELECT s.to_stage FROM citybigdata.event_step s WHERE s.rec_id = e.rec_id ORDER BY s.step_no DESC LIMIT 1))""", numbers) == []
    # whoever waits for something is in somebody's list, once; what has ended is in nobody's
    assert platform.sql("""SELECT e.task_num, e.stage, t.role, t.holder, e.holder FROM citybigdata.event e LEFT JOIN citybigdata.case_task t USING (rec_id) WHERE e.rec_id = ANY(%s)
        AND ((t.rec_id IS NULL) <> (e.stage IN ('closed', 'void')) OR t.stage <> e.stage OR t.state <> e.state OR t.holder IS DISTINCT FROM e.holder)""", numbers) == []
    # every counter is what a recount from the history says
    assert platform.sql("SELECT d.* FROM citybigdata.case_fact_differences(%s, %s) d WHERE d.rec_id = ANY(%s)", min(numbers), max(numbers), numbers) == []
    # and nobody heard of an error of the platform's own
    with open(os.path.join(platform.folder, "bridge.log"), encoding="utf-8", errors="replace") as log:
        assert not [line for line in log if '"http":5' in line and "/events" in line]
