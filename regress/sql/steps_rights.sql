-- Steps: who may not decide, who sees no more, what refusals must not tell; suspensions that are over, calendars of units and calendars that are gone; archived cases.
\set SHOW_CONTEXT never
\pset null '(null)'
SET search_path = citybigdata, public;
SET client_min_messages = warning;
CREATE FUNCTION pg_temp.report(number text, type text DEFAULT '6') RETURNS text LANGUAGE sql AS $$ SELECT task_num FROM citybigdata.report_event('right-sender', jsonb_build_object(
    'eventDesc', '路灯不亮', 'otherTaskNum', number, 'address', '东华门大街1号', 'districtCode', '110101', 'districtName', '东城区', 'coordinateX', 448400.5, 'coordinateY', 4418600.25,
    'eventSrcID', 1, 'recTypeID', 1, 'eventLevelID', 1, 'eventTypeCode', type, 'createTime', '20240131083000')::json) $$;
-- one step of the case of that number, at its version unless the step says another: what came of it
CREATE FUNCTION pg_temp.step(number text, who text, action text, more jsonb DEFAULT '{}') RETURNS text LANGUAGE sql AS $$
    SELECT CASE WHEN r.status_code <> 0 THEN concat_ws(' ', r.status_code, r.errors->0->>'pointer') ELSE concat_ws(' ', r.stage, r.state, 'v' || r.version) END
    FROM citybigdata.event e, citybigdata.advance_case(e.task_num, jsonb_build_object('action', action, 'version', e.version) || more, 'right-' || who) r
    WHERE e.sender_code = 'right-sender' AND e.other_task_num = number $$;
-- with a role's right, as far as the steps lead; codes of what went wrong
CREATE FUNCTION pg_temp.go(number text, VARIADIC actions text[]) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    action text;
    r record;
BEGIN
    FOREACH action IN ARRAY actions LOOP
        SELECT a.* INTO r FROM citybigdata.event e, citybigdata.advance_case(e.task_num, jsonb_build_object('action', action, 'version', e.version, 'conditionCode', 'right-1', 'note', 'n', 'reason', 'r',
            'to', CASE WHEN action = 'dispatch' THEN '{"unit": "right-light"}'::jsonb ELSE '{}' END)) a WHERE e.sender_code = 'right-sender' AND e.other_task_num = number;
        IF r.status_code <> 0 THEN RETURN action || ' ' || r.status_code; END IF;
    END LOOP;
    RETURN r.stage;
END
$$;
INSERT INTO account (user_name, password_digest, organization, contact_name, mobile, state)
SELECT 'right-' || r, '$2none', '东城区城管委', r, '13800138000', 'active' FROM unnest(ARRAY['desk', 'filer', 'dispatcher', 'both', 'mover', 'handler']) r;
INSERT INTO unit (unit_code, name, event_types) VALUES ('right-light', '照明中心', '{6}'), ('right-drain', '排水集团', '{7}');
INSERT INTO post (account_id, role, unit_code, division_code, given_by)
SELECT account_id, v.role, v.unit, v.division, 'test' FROM (VALUES ('desk', 'desk', NULL, '110101'), ('filer', 'filer', NULL, '110101'), ('dispatcher', 'dispatcher', NULL, '110101'),
    ('both', 'unit', 'right-light', NULL), ('both', 'filer', NULL, '110101'), ('mover', 'handler', 'right-light', NULL), ('mover', 'desk', NULL, '110102'), ('handler', 'handler', 'right-light', NULL))
    v(name, role, unit, division) JOIN account ON user_name = 'right-' || v.name;
-- whatever units other tests have left
DELETE FROM responsibility WHERE unit_code = 'step-light';
INSERT INTO responsibility (event_type_code, division_code, unit_code) VALUES ('6', '110101', 'right-light');
INSERT INTO filing_condition (condition_code, event_type_code, condition_text, limit_amount, limit_unit) VALUES ('right-1', '6', '路灯不亮, 一个工作日', 1, 1);

-- whoever asked does not decide, whatever posts he holds beside; that is said before a stale version
SELECT pg_temp.report('A') IS NOT NULL AS reported, pg_temp.go('A', 'accept', 'file', 'dispatch') AS stage;
SELECT pg_temp.step('A', 'both', 'askExtension', '{"reason": "备件晚到"}') AS ask, pg_temp.step('A', 'both', 'grantExtension') AS own, pg_temp.step('A', 'both', 'refuseExtension', '{"reason": "r"}') AS refuse_own,
    pg_temp.step('A', 'both', 'grantExtension', '{"version": 99}') AS before_stale, pg_temp.step('A', 'filer', 'grantExtension') AS other \gx
SELECT pg_temp.step('A', 'both', 'askSuspend', jsonb_build_object('reason', 'r', 'until', to_char(now() + interval '3 days', 'YYYYMMDDHH24MISS'))) AS ask,
    pg_temp.step('A', 'both', 'suspend', jsonb_build_object('until', to_char(now() + interval '3 days', 'YYYYMMDDHH24MISS'))) AS own, pg_temp.step('A', 'both', 'refuseSuspend', '{"reason": "r"}') AS refuse_own \gx
SELECT jsonb_path_exists(a.actions, '$[*] ? (@.action == "suspend")') AS offered FROM event e, advance_case(e.task_num, jsonb_build_object('action', 'close', 'version', e.version), 'right-both') a WHERE e.sender_code = 'right-sender' AND e.other_task_num = 'A';
SELECT pg_temp.step('A', 'filer', 'refuseSuspend', '{"reason": "r"}') AS other, pg_temp.step('A', 'both', 'handle') AS handle, pg_temp.step('A', 'filer', 'close') AS close, pg_temp.step('A', 'both', 'appeal', '{"reason": "非我方原因"}') AS appeal,
    pg_temp.step('A', 'both', 'decideAppeal', '{"result": "pass"}') AS own, pg_temp.step('A', 'filer', 'decideAppeal', '{"result": "pass"}') AS first, pg_temp.step('A', 'both', 'decideAppeal', '{"result": "pass"}') AS own_second \gx

-- who holds a case by a post that has ended sees no more of it than his other posts reach, and it goes back to the pool
SELECT pg_temp.report('B') IS NOT NULL AS reported, pg_temp.go('B', 'accept', 'file', 'dispatch') AS stage, pg_temp.step('B', 'both', 'assign', '{"to": {"account": "right-mover"}}') AS assign;
SELECT count(*) AS mine FROM case_todo('right-mover', mine => true);
UPDATE post SET valid_from = now() - interval '2 days', valid_until = now() - interval '1 day' WHERE role = 'handler' AND account_id = (SELECT account_id FROM account WHERE user_name = 'right-mover');
SELECT pg_temp.step('B', 'mover', 'comment', '{"note": "n"}') AS unseen, (SELECT count(*) FROM case_todo('right-mover', mine => true)) AS mine, pg_temp.step('B', 'handler', 'comment', '{"note": "n"}') AS of_the_unit;
SELECT maintain_cases() >= 1 AS released;
SELECT t.role, t.holder FROM case_task t JOIN event e USING (rec_id) WHERE e.sender_code = 'right-sender' AND e.other_task_num = 'B';

-- which conditions, units and accounts there are is told to those who may name them only
SELECT pg_temp.report('C') IS NOT NULL AS reported, pg_temp.go('C', 'accept') AS stage;
SELECT pg_temp.step('C', 'desk', 'file', '{"conditionCode": "no-such"}') AS condition, pg_temp.step('C', 'desk', 'file', '{"conditionCode": "right-1"}') AS same, pg_temp.step('C', 'filer', 'file', '{"conditionCode": "no-such"}') AS told,
    pg_temp.step('C', 'desk', 'dispatch', '{"to": {"unit": "no-such"}}') AS unit, pg_temp.step('C', 'desk', 'dispatch', '{"to": {"unit": "right-light"}}') AS same_unit, pg_temp.step('C', 'dispatcher', 'dispatch', '{"to": {"unit": "no-such"}}') AS told_unit,
    pg_temp.step('C', 'desk', 'dispatch') AS missing_first \gx

-- a condition without a calendar runs by that of the unit that will have the case, then by that of the one that has it
SELECT changed > 0 AS loaded FROM load_calendar('{"calendar": "right-day", "title": "Every day", "titleZh": "每天", "hours": {"mon-fri": ["00:00-24:00"], "sat": ["00:00-24:00"], "sun": ["00:00-24:00"]}, "holidays": "none"}');
SELECT save_unit('right-light', '照明中心', calendar => 'right-day', types => '{6}') IS NOT NULL AS saved;
SELECT pg_temp.go('C', 'file') AS stage;
SELECT c.kind, c.calendar FROM event e, case_clocks(e.rec_id) c WHERE e.sender_code = 'right-sender' AND e.other_task_num = 'C' ORDER BY 1;
SELECT pg_temp.step('C', 'dispatcher', 'dispatch', '{"to": {"unit": "right-drain"}}') AS other_unit, pg_temp.report('C2') IS NOT NULL AS reported, pg_temp.go('C2', 'accept', 'file', 'dispatch') AS this_unit;
SELECT e.other_task_num, c.kind, c.calendar FROM event e, case_clocks(e.rec_id) c WHERE e.sender_code = 'right-sender' AND e.other_task_num IN ('C', 'C2') ORDER BY 1, 2;
SELECT save_condition('{"code": "right-1", "type": "6", "condition": "路灯不亮, 一个工作日", "limit": "1天", "calendar": "right-day"}') AS own;
SELECT calendar FROM filing_condition WHERE condition_code = 'right-1';
SELECT save_condition('{"code": "right-1", "type": "6", "condition": "路灯不亮, 一个工作日", "limit": "1天", "calendar": ""}') AS none;
SELECT calendar FROM filing_condition WHERE condition_code = 'right-1';

-- a calendar that is gone: the step is refused, and nothing of it is done; a report is not lost
SELECT start_clock(e.rec_id, 'stage', 1, 1, warning_share => 'NaN') FROM event e WHERE e.sender_code = 'right-sender' AND e.other_task_num = 'C';
SELECT start_clock(e.rec_id, 'stage', 1, 1, warning_share => 1.5) FROM event e WHERE e.sender_code = 'right-sender' AND e.other_task_num = 'C';
SELECT * FROM save_process('{"code": "right-gone", "title": "t", "titleZh": "t", "start": "new", "chainLimit": "none",
    "stages": [{"name": "new", "title": "New", "titleZh": "新", "state": 1, "roles": ["desk"], "limit": {"amount": 1, "unit": 2}}, {"name": "work", "title": "Work", "titleZh": "办", "state": 4, "roles": ["desk"], "limit": {"amount": 1, "unit": 1, "calendar": "right-day"}},
               {"name": "done", "title": "Done", "titleZh": "完", "state": 6}],
    "actions": [{"name": "accept", "from": ["new"], "to": "work", "roles": ["desk"]}, {"name": "close", "from": ["work"], "to": "done", "roles": ["desk"]}]}') p(process, version);
SET citybigdata.process = 'right-gone';
SELECT pg_temp.report('G') IS NOT NULL AS reported;
BEGIN;
DELETE FROM calendar_day WHERE calendar = 'right-day';
DELETE FROM calendar_year WHERE calendar = 'right-day';
DELETE FROM calendar_hours WHERE calendar = 'right-day';
DELETE FROM calendar WHERE code = 'right-day';
SELECT pg_temp.step('G', 'desk', 'accept') AS refused;
SELECT e.stage, e.version, c.kind, c.stopped_at, (SELECT count(*) FROM case_clock_stop s WHERE s.rec_id = e.rec_id) AS stops, (SELECT count(*) FROM event_step s WHERE s.rec_id = e.rec_id) AS steps
FROM event e, case_clocks(e.rec_id) c WHERE e.sender_code = 'right-sender' AND e.other_task_num = 'G';
ROLLBACK;
SELECT pg_temp.step('G', 'desk', 'accept') AS accept;
RESET citybigdata.process;

-- a suspension that is over: the step brings the case back first, and is meant for the version that was seen
SELECT pg_temp.report('S') IS NOT NULL AS reported, pg_temp.go('S', 'accept', 'file', 'dispatch') AS stage;
SELECT pg_temp.step('S', 'filer', 'suspend', jsonb_build_object('until', to_char(clock_timestamp() AT TIME ZONE 'Asia/Shanghai' + interval '2 s', 'YYYYMMDDHH24MISS'))) ~ '^handle 8 v4' AS suspended, pg_temp.step('S', 'handler', 'handle') AS too_early;
SELECT pg_sleep_until((SELECT suspended_until + interval '10 ms' FROM event WHERE sender_code = 'right-sender' AND other_task_num = 'S'));
SELECT jsonb_path_query_array(a.actions, '$[*].action') @> '["suspend"]' AS offered FROM event e, advance_case(e.task_num, jsonb_build_object('action', 'close', 'version', e.version), 'right-filer') a WHERE e.sender_code = 'right-sender' AND e.other_task_num = 'S';
SELECT state, version, suspended_until IS NOT NULL AS suspended FROM event WHERE sender_code = 'right-sender' AND other_task_num = 'S';
SELECT pg_temp.step('S', 'handler', 'handle', '{"version": 3}') AS stale, pg_temp.step('S', 'handler', 'handle') AS handled;
SELECT h.seq, h.action, h.step_by, h.version FROM event e, case_history(e.task_num) h WHERE e.sender_code = 'right-sender' AND e.other_task_num = 'S' AND h.seq > 3 ORDER BY 1;
SELECT run_clocks() IS NOT NULL AS nothing_left, (SELECT count(*) FROM event_step s JOIN event e USING (rec_id) WHERE e.sender_code = 'right-sender' AND e.other_task_num = 'S' AND s.action = 'resume') AS resumed;

-- archived: who may see the case is told so, others as before that it is not there; clocks and facts are those that it had
SELECT pg_temp.go('S', 'close') AS stage;
SELECT task_num AS archived, rec_id AS number FROM event WHERE sender_code = 'right-sender' AND other_task_num = 'S' \gset
CREATE TEMP TABLE before AS SELECT * FROM case_clocks(:number) c;
SELECT reply.unguarded($$UPDATE citybigdata.event SET closed_at = '1990-01-01' WHERE sender_code = 'right-sender' AND other_task_num = 'S'$$);
SELECT archive_events('1990-02-01') AS moved;
SELECT status_code, version, stage, state FROM advance_case(:'archived', '{"action": "visit", "evaluation": 5}', 'right-desk');
SELECT status_code, version, stage, state FROM advance_case(:'archived', '{"action": "visit", "evaluation": 5}', 'right-mover');
SELECT status_code, stage FROM start_process(:'archived');
SELECT count(*) AS clocks, count(*) FILTER (WHERE (c.kind, c.deadline, c.stopped_at, c.budget) = (b.kind, b.deadline, b.stopped_at, b.budget)) AS same FROM case_clocks(:number) c FULL JOIN before b USING (kind);
SELECT archive, intime_archive FROM case_fact WHERE rec_id = :number;
SELECT e.other_task_num, d.* FROM case_fact_differences() d JOIN event e USING (rec_id) WHERE e.sender_code = 'right-sender';
SELECT purge_archive('1990-02-01') AS purged;
DELETE FROM responsibility WHERE unit_code = 'right-light';
