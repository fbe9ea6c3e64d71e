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


@pytest.mark.parametrize("path, role, first, row", [
    ("/admin/units", "sysadmin", "unit,name", "u,x"), ("/admin/posts", "secadmin", "account,role", "u,x"), ("/admin/conditions", "sysadmin", "立案条件,处置时限", "u,1")])
def test_csv_has_as_many_rows_as_a_list(platform, path, role, first, row):
    """More rows, or more columns, are refused before the database works on them until the time is up."""
    token = platform.administrator(role)["token"]
    for csv in (first + "\n" + (row + "\n") * 200000, first + "," * 400000):
        reply = platform.client.post(path, {"csv": csv}, token=token)
        assert check_envelope(reply, 422, 42200).pointers() == {"/csv": 42204}, reply


def check_character(text):
    """ISO 7064 MOD 37,36."""
    letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    p = 36
    for character in text:
        s = (p + letters.index(character)) % 36 or 36
        p = s * 2 % 37
    return letters[(37 - p) % 36]


def test_purged_case_is_told_to_who_reaches_every_case(bureau):
    """Where a purged case was is not kept: an operator of one district or unit is not told that it was there."""
    platform = bureau.platform
    number = platform.value("SELECT nextval('citybigdata.event_rec_id_seq')")
    task = bureau.report()[:14] + f"{number:010}"
    task += check_character(task)
    platform.sql("INSERT INTO citybigdata.event_archive_key (sender_code, other_task_num, rec_id, task_num, content_digest, purged_at) "
                 "VALUES (%s, %s, %s, %s, '', now())", bureau.app["senders"][0], task, number, task)
    for who, code in {"desk": 40402, "west": 40402, "other": 40402, "dispatcher": 40402, "leader": 41000, "sender": 41000}.items():
        assert bureau.case(who, task).code == code, who


def test_resources_of_cases_are_for_who_reaches_every_case(bureau):
    """Steps and facts of all cases, where the operators' client is granted them."""
    platform, client = bureau.platform, bureau.platform.env["CBD_OPERATOR_CLIENT"]
    resources = ("case-steps", "case-facts")
    try:
        for resource in resources:
            platform.sql("SELECT citybigdata.grant_access(%s, %s, 3)", client, resource)
        west, leader = (bureau._sign_in(platform.env["CBD_URL"].rstrip("/"), bureau.accounts[who]) for who in ("west", "leader"))
        for resource in ("cases", *resources):
            check_envelope(bureau.client.get(f"/data/{resource}", token=west), 403, 40300)
            check_envelope(bureau.client.get(f"/data/{resource}", token=leader), 200, 0)
    finally:
        for resource in resources:
            platform.sql("SELECT citybigdata.revoke_grant(%s, %s)", client, resource)
