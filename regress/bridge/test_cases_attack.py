"""What a hostile caller tries at cases: names of accounts from refusals, replies that outlive the right to see them."""
import json
import uuid

import pytest
from case_rig import Bureau
from rig import check_envelope


@pytest.fixture(scope="module")
def bureau(platform):
    return Bureau(platform)


def refused_target(bureau, token, task, action, account):
    """Status of the step, and what is said of the account that it goes to, without the account as it was sent."""
    reply = bureau.client.post(f"/events/{task}/steps", {"action": action, "version": bureau.version(task), "to": {"account": account}}, token=token)
    errors = [e for e in (reply.data or {}).get("errors", []) if e["pointer"] == "/to/account"]
    return reply.code, [(e["statusCode"], e["message"].replace(f'"{account}"', "")) for e in errors]


def test_refusals_name_no_accounts(bureau):
    """An account that is there, by name or number, is answered like one that is not; whoever has not the action has none looked up."""
    task = bureau.report()
    verifier, desk = bureau.accounts["verifier"], bureau.accounts["desk"]
    # the sender of the case, and an operator without the action
    for token in (bureau.sender_token, bureau.tokens["filer"]):
        answers = [refused_target(bureau, token, task, "askVerify", a) for a in
                   (bureau.platform.env["CBD_ADMIN_USER"], "1", "nobody-at-all", "999999999", desk["userName"], verifier["userName"], str(verifier["accountId"]))]
        assert answers == [(40320, [a for a in answers[0][1]])] * len(answers), answers
    # who has the action learns only whether the account has a fitting post
    answers = [refused_target(bureau, bureau.tokens["desk"], task, "askVerify", a) for a in
               (bureau.platform.env["CBD_ADMIN_USER"], str(desk["accountId"]), "1", "nobody-at-all", "999999999")]
    assert answers == [(42200, [(42283, answers[0][1][0][1])])] * len(answers), answers
    assert refused_target(bureau, bureau.tokens["desk"], task, "askVerify", verifier["userName"])[0] == 0
    # many at once
    step = {"taskNum": bureau.report(), "action": "askVerify", "version": 0, "to": {"account": "1"}}
    result = check_envelope(bureau.client.post("/events/steps", {"steps": [step]}, token=bureau.sender_token), 200, 0).data["results"][0]
    assert result["statusCode"] == 40320 and "/to/account" not in json.dumps(result)


def test_repeated_step_needs_the_case_in_sight(bureau):
    """The Idempotency-Key of a step that was taken shows the case no longer once the post has ended; what is kept with the key is not who reported."""
    task, key, platform = bureau.report(), uuid.uuid4().hex, bureau.platform
    account = bureau.accounts["desk2"]["accountId"]

    def send():
        return bureau.step("desk2", task, "comment", version=0, note="n", headers={"Idempotency-Key": key})

    assert check_envelope(send(), 200, 0).data["humanName"] == "李四"
    kept = platform.value("SELECT data FROM citybigdata.event_idempotency WHERE key = %s", key)
    assert "李四" not in kept and "13800138000" not in kept
    again = check_envelope(send(), 200, 0).data
    assert len(again["steps"]) == 1 and again["humanName"] == "李四"
    platform.sql("UPDATE citybigdata.post SET valid_until = clock_timestamp() WHERE account_id = %s", account)
    platform.sql("INSERT INTO citybigdata.post (account_id, role, division_code, given_by) VALUES (%s, 'leader', '110102', 'test')", account)
    try:
        check_envelope(bureau.case("desk2", task), 404, 40402)
        check_envelope(send(), 404, 40402)
    finally:
        platform.sql("DELETE FROM citybigdata.post WHERE account_id = %s AND role = 'leader'", account)
        platform.sql("UPDATE citybigdata.post SET valid_until = NULL WHERE account_id = %s", account)


def test_csv_has_as_many_rows_as_a_list(platform):
    """More rows than a list may have are refused before the database works on them until the time is up."""
    tokens = {"units": platform.administrator("sysadmin")["token"], "posts": platform.administrator("secadmin")["token"]}
    for kind, first in (("units", "unit,name"), ("posts", "account,role")):
        reply = platform.client.post(f"/admin/{kind}", {"csv": first + "\n" + "u,x\n" * 200000}, token=tokens[kind])
        check_envelope(reply, 422, 42200)
        assert reply.pointers() == {"/csv": 42204}, reply
