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
