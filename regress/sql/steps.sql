-- Steps of cases: the shipped process from report to closure, its returns and overlays, in the order in which a case lives.
\set SHOW_CONTEXT never
\pset null '(null)'
SET search_path = citybigdata, public;
SET client_min_messages = warning;
-- operators of each role; `west` works in another district, `other` in another unit
INSERT INTO account (user_name, password_digest, organization, contact_name, mobile, state)
SELECT 'step-' || r, '$2none', '东城区城管委', r, '13800138000', 'active' FROM unnest(ARRAY['desk', 'desk2', 'filer', 'filer2',
    'dispatcher', 'unit', 'handler', 'verifier', 'supervisor', 'leader', 'inspector', 'west', 'other', 'nobody']) r;
INSERT INTO unit (unit_code, name, event_types) VALUES ('step-light', '照明中心', '{6}'), ('step-drain', '排水集团', '{7}');
INSERT INTO unit (unit_code, name, parent_code) VALUES ('step-light-1', '照明一班', 'step-light');
INSERT INTO unit (unit_code, name, state) VALUES ('step-gone', '撤销的单位', 'closed');
-- whatever units other tests have left
INSERT INTO responsibility (event_type_code, division_code, unit_code) VALUES ('6', '110101', 'step-light');
INSERT INTO post (account_id, role, unit_code, division_code, given_by)
SELECT account_id, v.role, v.unit, v.division, 'test' FROM (VALUES ('desk', 'desk', NULL, '110101'), ('desk2', 'desk', NULL, '110101'), ('filer', 'filer', NULL, '110101'),
    ('filer2', 'filer', NULL, NULL), ('dispatcher', 'dispatcher', NULL, '110000'), ('unit', 'unit', 'step-light', NULL), ('handler', 'handler', 'step-light-1', NULL),
    ('verifier', 'verifier', NULL, '110101'), ('supervisor', 'supervisor', NULL, '110101'), ('leader', 'leader', NULL, NULL), ('inspector', 'inspector', NULL, '110101'),
    ('west', 'desk', NULL, '110102'), ('other', 'unit', 'step-drain', NULL)) v(name, role, unit, division) JOIN account ON user_name = 'step-' || v.name;
INSERT INTO filing_condition (condition_code, event_type_code, condition_text, limit_amount, limit_unit) VALUES
    ('step-1', '6', '路灯不亮', 1, 1), ('step-7', '7', '井盖丢失', 2, 12), ('step-old', '6', '停用的条件', 1, 1);
UPDATE filing_condition SET active = false WHERE condition_code = 'step-old';

CREATE FUNCTION pg_temp.report(number text) RETURNS text LANGUAGE sql AS $$ SELECT task_num FROM citybigdata.report_event('step-sender', jsonb_build_object(
    'eventDesc', '路灯不亮', 'otherTaskNum', number, 'address', '东华门大街1号', 'districtCode', '110101', 'districtName', '东城区', 'coordinateX', 448400.5, 'coordinateY', 4418600.25,
    'eventSrcID', 1, 'recTypeID', 1, 'eventLevelID', 1, 'eventTypeCode', '6', 'createTime', '20240131083000')::json) $$;
-- one step of the case of that number, at its version unless the step says another: what came of it, and who has the case then
CREATE FUNCTION pg_temp.step(number text, who text, action text, more jsonb DEFAULT '{}') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    e citybigdata.event;
    r record;
    t record;
BEGIN
    SELECT * INTO e FROM citybigdata.event WHERE sender_code = 'step-sender' AND other_task_num = number;
    SELECT * INTO r FROM citybigdata.advance_case(e.task_num, jsonb_build_object('action', action, 'version', e.version) || more, 'step-' || who);
    SELECT k.role, a.user_name, k.paused INTO t FROM citybigdata.case_task k LEFT JOIN citybigdata.account a ON a.account_id = k.holder WHERE k.rec_id = e.rec_id;
    RETURN CASE WHEN r.status_code <> 0 THEN concat_ws(' ', r.status_code, r.errors->0->>'statusCode', r.errors->0->>'pointer')
                ELSE concat_ws(' ', r.stage, r.state, 'v' || r.version, '/', t.role, substr(t.user_name, 6), CASE WHEN t.paused THEN 'paused' END, r.warnings->0->>'statusCode') END;
END
$$;

-- a report is in the process at once, in the pool of the desk, with a deadline
SELECT pg_temp.report('A') IS NOT NULL AS reported;
SELECT process_code, stage, state, base_state, version, step_count, unit_code, holder FROM event WHERE sender_code = 'step-sender';
SELECT t.role, t.holder, t.division_code, t.stage, t.deadline > now() AS deadline, t.warning_time < t.deadline AS warned FROM case_task t JOIN event e USING (rec_id) WHERE sender_code = 'step-sender';

-- to closure, everybody his part
SELECT pg_temp.step('A', 'desk', 'claim') AS claim, pg_temp.step('A', 'desk', 'askVerify', '{"note": "请核实"}') AS ask_verify,
    pg_temp.step('A', 'verifier', 'verify', '{"result": "pass"}') AS verify, pg_temp.step('A', 'desk', 'accept') AS accept,
    pg_temp.step('A', 'filer', 'file', '{"conditionCode": "step-1"}') AS file, pg_temp.step('A', 'dispatcher', 'dispatch', '{"to": {"unit": "step-light-1"}}') AS dispatch,
    pg_temp.step('A', 'unit', 'assign', '{"to": {"account": "step-handler"}}') AS assign, pg_temp.step('A', 'handler', 'handle', '{"note": "已修复"}') AS handle,
    pg_temp.step('A', 'filer', 'askCheck') AS ask_check, pg_temp.step('A', 'verifier', 'check', '{"result": "fail"}') AS "check",
    pg_temp.step('A', 'filer', 'rework', '{"reason": "仍不亮"}') AS rework, pg_temp.step('A', 'handler', 'handle') AS again, pg_temp.step('A', 'filer', 'close') AS close,
    pg_temp.step('A', 'desk', 'visit', '{"evaluation": 5}') AS visit \gx
SELECT seq, action, result, from_stage, to_stage, from_state, to_state, by_role, by_unit, step_by, to_unit, to_account, note, reason, evaluation, h.version
FROM event e, case_history(e.task_num) h WHERE other_task_num = 'A' AND sender_code = 'step-sender' ORDER BY seq;
SELECT stage, state, version, step_count, rework_count, unit_code, condition_code, closed_at IS NOT NULL AS closed, update_time > receive_time AS updated FROM event WHERE other_task_num = 'A' AND sender_code = 'step-sender';
SELECT count(*) AS tasks FROM case_task t JOIN event e USING (rec_id) WHERE other_task_num = 'A' AND sender_code = 'step-sender';

-- returns: to the holder before, who may not push past the one who returned
SELECT pg_temp.report('B') IS NOT NULL AS reported;
SELECT pg_temp.step('B', 'desk', 'accept') AS accept, pg_temp.step('B', 'filer', 'return', '{"reason": "地址不清"}') AS to_desk, pg_temp.step('B', 'desk2', 'accept') AS held,
    pg_temp.step('B', 'inspector', 'direct') AS past, pg_temp.step('B', 'desk', 'accept') AS accept_again, pg_temp.step('B', 'filer', 'file', '{"conditionCode": "step-1"}') AS file,
    pg_temp.step('B', 'dispatcher', 'return', '{"reason": "条件不符"}') AS to_filer, pg_temp.step('B', 'filer', 'file', '{"conditionCode": "step-1"}') AS file_again,
    pg_temp.step('B', 'dispatcher', 'dispatch', '{"to": {"unit": "step-drain"}}') AS warned, pg_temp.step('B', 'other', 'return', '{"reason": "非我单位"}') AS to_dispatcher,
    pg_temp.step('B', 'dispatcher', 'dispatch', '{"to": {"unit": "step-light"}}') AS dispatch, pg_temp.step('B', 'unit', 'take') AS take,
    pg_temp.step('B', 'unit', 'handle') AS handle, pg_temp.step('B', 'filer', 'close') AS close \gx

-- overlays: suspended until a date, supervised; both together
SELECT pg_temp.report('C') IS NOT NULL AS reported;
SELECT pg_temp.step('C', 'desk', 'accept') AS accept, pg_temp.step('C', 'filer', 'file', '{"conditionCode": "step-1"}') AS file,
    pg_temp.step('C', 'dispatcher', 'dispatch', '{"to": {"unit": "step-light"}}') AS dispatch,
    pg_temp.step('C', 'unit', 'askSuspend', jsonb_build_object('reason', '等待配件', 'until', to_char(now() + interval '10 days', 'YYYYMMDDHH24MISS'))) AS ask_suspend,
    pg_temp.step('C', 'filer', 'suspend', jsonb_build_object('until', to_char(now() + interval '10 days', 'YYYYMMDDHH24MISS'))) AS suspend,
    pg_temp.step('C', 'unit', 'handle') AS while_suspended, pg_temp.step('C', 'supervisor', 'supervise', '{"reason": "市民来信"}') AS supervise,
    pg_temp.step('C', 'supervisor', 'supervise', '{"reason": "再督办"}') AS twice, pg_temp.step('C', 'filer', 'resume') AS resume,
    pg_temp.step('C', 'unit', 'answer', '{"note": "已到货"}') AS answer, pg_temp.step('C', 'unit', 'askExtension', '{"reason": "备件晚到"}') AS ask_extension,
    pg_temp.step('C', 'filer', 'refuseExtension', '{"reason": "不必"}') AS refuse, pg_temp.step('C', 'filer', 'grantExtension') AS nothing_asked,
    pg_temp.step('C', 'unit', 'askExtension', '{"reason": "备件晚到"}') AS ask_again, pg_temp.step('C', 'filer', 'grantExtension') AS "grant",
    pg_temp.step('C', 'handler', 'claim') AS other_unit, pg_temp.step('C', 'unit', 'claim') AS claim, pg_temp.step('C', 'unit', 'release') AS release,
    pg_temp.step('C', 'unit', 'handle') AS handle, pg_temp.step('C', 'filer', 'close') AS close, pg_temp.step('C', 'unit', 'appeal', '{"reason": "非我方原因"}') AS appeal,
    pg_temp.step('C', 'filer', 'decideAppeal', '{"result": "pass"}') AS first, pg_temp.step('C', 'filer', 'decideAppeal', '{"result": "pass"}') AS same_reviewer,
    pg_temp.step('C', 'filer2', 'decideAppeal', '{"result": "pass"}') AS second, pg_temp.step('C', 'unit', 'appeal', '{"reason": "再申诉"}') AS once,
    pg_temp.step('C', 'filer', 'reopen', '{"reason": "又不亮"}') AS reopen \gx
SELECT kind, r.state, asked_by IS NOT NULL AS asked, decided_by IS NOT NULL AS decided, first_result, until IS NOT NULL AS until, due IS NOT NULL AS due
FROM case_request r JOIN event e USING (rec_id) WHERE other_task_num = 'C' AND sender_code = 'step-sender' ORDER BY request_id;

-- refusals in their order: unseen; malformed and missing, all at once; no post; stale; not from this stage
SELECT pg_temp.report('D') AS task \gset
SELECT status_code FROM advance_case('110000202611240000000001D', '{"action": "accept", "version": 0}');
SELECT status_code FROM advance_case(:'task', '{"action": "accept", "version": 0}', 'step-west');
SELECT status_code, errors FROM advance_case(:'task', '{"result": "maybe", "evaluation": 9, "until": "someday", "to": [], "note": 1, "medias": {}, "version": "x"}', 'step-desk');
SELECT pg_temp.step('D', 'desk', 'fly') AS unknown, pg_temp.step('D', 'desk', 'merge') AS no_main, pg_temp.step('D', 'unit', 'accept') AS unseen, pg_temp.step('D', 'filer', 'accept', '{"version": 7}') AS no_post,
    pg_temp.step('D', 'filer', 'reject', '{"version": 7}') AS need_first, pg_temp.step('D', 'desk', 'accept', '{"version": 7}') AS stale, pg_temp.step('D', 'filer', 'close', '{"version": 7}') AS stale_first,
    pg_temp.step('D', 'filer', 'close') AS not_from_here, pg_temp.step('D', 'desk', 'accept', '{"version": null}') AS no_version,
    pg_temp.step('D', 'desk', 'comment', '{"note": "看过", "version": null}') AS comment, pg_temp.step('D', 'nobody', 'accept') AS nobody \gx
SELECT jsonb_path_query_array(actions, '$[*].action') AS actions FROM advance_case(:'task', '{"action": "close", "version": 0}', 'step-filer');
SELECT status_code FROM advance_case(:'task', '{"action": "accept", "version": 0}', 'no-such-account');
SELECT pg_temp.step('D', 'desk', 'claim', '{"version": null}') AS claim, pg_temp.step('D', 'desk', 'claim') AS again, pg_temp.step('D', 'desk2', 'claim') AS other, pg_temp.step('D', 'desk2', 'release') AS others,
    pg_temp.step('D', 'desk', 'release') AS release, pg_temp.step('D', 'desk2', 'claim') AS claimed, pg_temp.step('D', 'desk2', 'accept') AS accept, pg_temp.step('D', 'filer', 'file', '{"conditionCode": "none"}') AS no_condition,
    pg_temp.step('D', 'filer', 'file', '{"conditionCode": "step-7"}') AS other_type, pg_temp.step('D', 'filer', 'file', '{"conditionCode": "step-old"}') AS not_in_use, pg_temp.step('D', 'filer', 'file', '{"conditionCode": "step-1"}') AS file,
    pg_temp.step('D', 'dispatcher', 'dispatch', '{"to": {"unit": "step-gone"}}') AS closed_unit, pg_temp.step('D', 'dispatcher', 'dispatch') AS no_unit, pg_temp.step('D', 'dispatcher', 'dispatch', '{"to": {"unit": "step-light"}}') AS dispatch,
    pg_temp.step('D', 'unit', 'assign', '{"to": {"account": "step-other"}}') AS other_account, pg_temp.step('D', 'unit', 'assign', '{"to": {"account": "nobody-there"}}') AS no_account,
    pg_temp.step('D', 'unit', 'askSuspend', '{"reason": "r", "until": "20200101"}') AS past, pg_temp.step('D', 'unit', 'askSuspend', jsonb_build_object('reason', 'r', 'until', to_char(now() + interval '400 days', 'YYYYMMDDHH24MISS'))) AS too_far \gx
-- a closed case stays closed
SELECT pg_temp.step('A', 'desk', 'accept') AS accept, pg_temp.step('A', 'unit', 'handle') AS handle, pg_temp.step('A', 'desk', 'visit', '{"evaluation": 6}') AS six, pg_temp.step('A', 'desk', 'visit') AS none;

-- media of a step follow those of the report, checked as there
SELECT pg_temp.step('D', 'unit', 'handle', '{"medias": [{"mediaName": "a.jpg", "mediaUsage": "处置", "mediaType": "IMAGE", "content": "aGVsbG8="}]}') AS no_picture,
    pg_temp.step('D', 'unit', 'handle', '{"medias": [{"mediaName": "a.jpg", "mediaURL": "https://example.org/a.jpg", "mediaUsage": "处置", "mediaType": "IMAGE"}, {"mediaName": "b.png", "mediaUsage": "处置", "mediaType": "IMAGE", "content": "iVBORw0KGgo="}]}') AS pictures;
SELECT media_no, media_name, media_url, length(content) AS bytes, media_count FROM event_media m JOIN event e USING (rec_id) WHERE other_task_num = 'D' AND sender_code = 'step-sender' ORDER BY 1;
SELECT action, media_from, media_to FROM event_step s JOIN event e USING (rec_id) WHERE other_task_num = 'D' AND sender_code = 'step-sender' AND media_from IS NOT NULL;

-- what an account holds goes to the pool when it does not act any more
SELECT pg_temp.report('E') AS task \gset
SELECT pg_temp.step('E', 'desk', 'claim') AS claim;
UPDATE account SET state = 'suspended' WHERE user_name = 'step-desk';
SELECT stage, version, holder, (SELECT count(*) FROM case_task t WHERE t.rec_id = e.rec_id AND t.holder IS NULL AND t.role = 'desk') AS in_pool FROM event e WHERE task_num = :'task';
UPDATE account SET state = 'active' WHERE user_name = 'step-desk';
SELECT pg_temp.step('E', 'desk2', 'claim') AS claim;
UPDATE post SET valid_from = now() - interval '2 days', valid_until = now() - interval '1 day' WHERE account_id = (SELECT account_id FROM account WHERE user_name = 'step-desk2');
SELECT maintain_cases() AS released, maintain_cases() AS nothing_left;
SELECT seq, action, step_by, reason FROM case_history(:'task') ORDER BY 1;

-- the work list: by deadline, suspended last; pools of one's posts and what one holds
SELECT task_num = :'task' AS the_case, stage, task_role, unit_code, holder, case_light, deadline IS NOT NULL AS deadline FROM case_todo('step-desk') WHERE task_num IN (SELECT task_num FROM event WHERE sender_code = 'step-sender') ORDER BY deadline, task_num;
SELECT count(*) AS west FROM case_todo('step-west') t JOIN event e USING (task_num) WHERE sender_code = 'step-sender';
SELECT t.stage, t.task_role, t.unit_code FROM case_todo('step-dispatcher') t JOIN event e USING (task_num) WHERE sender_code = 'step-sender' ORDER BY 1;
SELECT count(*) FROM case_todo('step-desk', role => 'filer');
SELECT count(*) FROM case_todo('step-desk', light => 'red') t JOIN event e USING (task_num) WHERE sender_code = 'step-sender';
SELECT count(*) FROM case_todo('step-desk', light => 'blue');
-- page by page each once, in order; tests before this one have taken cases away past all guards, whose tasks are left
DELETE FROM case_task t WHERE NOT EXISTS (SELECT FROM event e WHERE e.rec_id = t.rec_id);
SELECT count(*) AS made FROM generate_series(1, 25) n, pg_temp.report('P' || n);
WITH RECURSIVE page AS (SELECT 0 AS n, NULL::text AS task, NULL::text AS next UNION ALL SELECT p.n + 1, t.task_num, t.next_cursor FROM page p, LATERAL (SELECT * FROM case_todo('step-desk', page_size => 1, cursor => p.next)) t)
SELECT count(*) = count(DISTINCT task) AS each_once, count(*) = (SELECT count(*) FROM case_todo('step-desk', page_size => 500)) AS all_of_them, count(*) > 25 AS many FROM page WHERE task IS NOT NULL;

-- reported before there were processes, or loaded: start_process() puts it in, at the stage that has its state
SET citybigdata.process = '';
SELECT pg_temp.report('S1') AS plain \gset
SELECT process_code, stage, (SELECT count(*) FROM case_task t WHERE t.rec_id = e.rec_id) AS tasks FROM event e WHERE task_num = :'plain';
SELECT pg_temp.step('S1', 'desk', 'accept') AS no_process;
SELECT status_code, stage, state, version FROM start_process(:'plain', 'city-management');
SELECT status_code, stage FROM start_process(:'plain', 'city-management');
SELECT status_code FROM start_process(:'plain', 'nowhere');
SELECT status_code FROM start_process('none');
SELECT pg_temp.step('S1', 'desk', 'accept') AS accept;
SELECT count(*) AS loaded FROM unnest(ARRAY['L6', 'L4', 'L8', 'L7']) n, pg_temp.report(n);
SELECT reply.unguarded($$UPDATE citybigdata.event SET state = right(other_task_num, 1)::integer WHERE sender_code = 'step-sender' AND other_task_num LIKE 'L_'$$);
RESET citybigdata.process;
SELECT e.other_task_num, s.status_code, s.stage, s.state FROM event e, start_process(e.task_num) s WHERE e.sender_code = 'step-sender' AND e.other_task_num LIKE 'L_' ORDER BY 1;

-- the sender's application withdraws and comments, of its own cases and nothing else: over REST, regress/bridge/test_cases.py
-- as database roles
SET ROLE citybigdata_analyst;
SELECT status_code FROM advance_case('none', '{}');
RESET ROLE;
SET ROLE citybigdata_sysadmin;
SELECT a.status_code, h.step_by LIKE 'role:%' AS by_role FROM advance_case(:'task', '{"action": "comment", "note": "系统管理员"}') a, case_history(:'task') h ORDER BY seq DESC LIMIT 1;
RESET ROLE;
-- every counter of every case here is what its history says
SELECT e.other_task_num, d.* FROM case_fact_differences() d JOIN event e USING (rec_id) WHERE e.sender_code = 'step-sender';
