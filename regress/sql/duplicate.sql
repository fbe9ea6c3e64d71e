-- Duplicates: candidates with scores; merging into a main case and undoing it; what the database refuses.
\set SHOW_CONTEXT never
\pset null '(null)'
SET search_path = citybigdata, public;
SET client_min_messages = warning;
INSERT INTO account (user_name, password_digest, organization, contact_name, mobile, state)
SELECT 'dup-' || r, '$2none', '东城区城管委', r, '13800138000', 'active' FROM unnest(ARRAY['desk', 'filer', 'dispatcher', 'unit', 'west']) r;
INSERT INTO unit (unit_code, name, event_types) VALUES ('dup-light', '照明中心', '{dup6}');
INSERT INTO post (account_id, role, unit_code, division_code, given_by)
SELECT account_id, v.role, v.unit, v.division, 'test' FROM (VALUES ('desk', 'desk', NULL, '110101'), ('filer', 'filer', NULL, NULL), ('dispatcher', 'dispatcher', NULL, NULL),
    ('unit', 'unit', 'dup-light', NULL), ('west', 'desk', NULL, '110102')) v(name, role, unit, division) JOIN account ON user_name = 'dup-' || v.name;
INSERT INTO filing_condition (condition_code, event_type_code, condition_text, limit_amount, limit_unit) VALUES ('dup-1', 'dup6', '路灯不亮', 1, 1);

-- a report of some metres east, minutes later
CREATE FUNCTION pg_temp.event(number text, east float8 DEFAULT 0, later int DEFAULT 0, words text DEFAULT '路灯不亮', type text DEFAULT 'dup6') RETURNS json LANGUAGE sql AS $$
    SELECT json_build_object('eventDesc', words, 'otherTaskNum', number, 'address', '东华门大街1号', 'districtCode', '110101', 'coordinateX', 448400.5 + east, 'coordinateY', 4418600.25,
        'eventSrcID', 1, 'recTypeID', 1, 'eventLevelID', 1, 'eventTypeCode', type, 'createTime', to_char(timestamp '2024-01-31 08:30:00' + later * interval '1 minute', 'YYYYMMDDHH24MISS')) $$;
CREATE FUNCTION pg_temp.report(number text, east float8 DEFAULT 0, later int DEFAULT 0, words text DEFAULT '路灯不亮', type text DEFAULT 'dup6') RETURNS text LANGUAGE sql AS $$
    SELECT task_num FROM citybigdata.report_event('dup-sender', pg_temp.event(number, east, later, words, type), 'egova') $$;
CREATE FUNCTION pg_temp.task(number text) RETURNS text LANGUAGE sql AS $$ SELECT task_num FROM citybigdata.event WHERE sender_code = 'dup-sender' AND other_task_num = number $$;
CREATE FUNCTION pg_temp.name(task text) RETURNS text LANGUAGE sql AS $$ SELECT other_task_num FROM citybigdata.event WHERE task_num = task $$;
CREATE FUNCTION pg_temp.step(number text, who text, action text, more jsonb DEFAULT '{}') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    e citybigdata.event;
    r record;
BEGIN
    SELECT * INTO e FROM citybigdata.event WHERE sender_code = 'dup-sender' AND other_task_num = number;
    IF more ? 'main' THEN more := jsonb_build_object('mainTaskNum', coalesce(pg_temp.task(more->>'main'), more->>'main')) || (more - 'main'); END IF;
    SELECT * INTO r FROM citybigdata.advance_case(e.task_num, jsonb_build_object('action', action, 'version', e.version) || more, 'dup-' || who);
    RETURN CASE WHEN r.status_code <> 0 THEN concat_ws(' ', r.status_code, r.errors->0->>'statusCode', r.errors->0->>'pointer')
                ELSE concat_ws(' ', r.stage, r.state, 'v' || r.version) END;
END
$$;
-- how the cases stand: own stage, state that others see, main case, whose work, clock
CREATE VIEW pg_temp.stand AS SELECT e.other_task_num AS number, e.stage, e.state, e.base_state AS base, e.version AS v, m.other_task_num AS main, t.role,
    CASE WHEN c.running_since IS NOT NULL THEN 'runs' WHEN c.stopped_at IS NOT NULL THEN 'stopped' WHEN c.rec_id IS NOT NULL THEN 'stands' END AS clock, f.merged
    FROM citybigdata.event e LEFT JOIN citybigdata.case_link l USING (rec_id) LEFT JOIN citybigdata.event m ON m.rec_id = l.main_rec_id LEFT JOIN citybigdata.case_task t ON t.rec_id = e.rec_id
    LEFT JOIN citybigdata.case_clock c ON c.rec_id = e.rec_id AND c.kind = 'stage' LEFT JOIN citybigdata.case_fact f ON f.rec_id = e.rec_id WHERE e.sender_code = 'dup-sender';

-- candidates: same text beside; other text; 240 m away; beyond the radius; another type; a year before
SELECT count(pg_temp.report(n, e, l, w, t)) AS reported FROM (VALUES ('A', 0, 0, '路灯不亮', 'dup6'), ('B', 5, 30, '路灯不亮了', 'dup6'), ('C', 5, 40, '流浪狗', 'dup6'), ('D', 240, 30, '路灯不亮', 'dup6'), ('E', 400, 30, '路灯不亮', 'dup6'),
    ('F', 5, 30, '路灯不亮', 'dup7'), ('G', 5, -525600, '路灯不亮', 'dup6'), ('H', 0, 60, '路灯不亮', 'dup6')) v(n, e, l, w, t);
SELECT pg_temp.name(task_num) AS number, score, distance_m, minutes, reasons FROM find_duplicates(pg_temp.task('A'));
-- a report that is not stored; as text too
SELECT pg_temp.name(task_num) AS number, score, distance_m, minutes, reasons FROM find_duplicates(pg_temp.event('new', 0, 30)) LIMIT 2;
SELECT count(*) FROM find_duplicates(pg_temp.event('new', 0, 30)::text);
SELECT * FROM find_duplicates('110000-no-such');
SELECT * FROM find_duplicates('{"eventDesc": "x"}'::json);
SELECT * FROM find_duplicates('{');
SELECT count(*) FROM find_duplicates(NULL::text);
-- by type: a small radius, the other type as well; no row with the empty code: none for other types
INSERT INTO duplicate_setting VALUES ('dup6', 20, 3, 3, '{dup7}');
SELECT pg_temp.name(task_num) AS number, score, reasons FROM find_duplicates(pg_temp.task('A'));
DELETE FROM duplicate_setting WHERE event_type_code = '';
SELECT count(*) FROM find_duplicates(pg_temp.task('F'));
INSERT INTO duplicate_setting VALUES ('', 250, 30, 14);
DELETE FROM duplicate_setting WHERE event_type_code = 'dup6';
INSERT INTO duplicate_setting VALUES ('8', 2001, 1, 1);
INSERT INTO duplicate_setting VALUES ('8', 1, 0, 1);

-- merging: needs, who may, which case
SELECT pg_temp.step('B', 'desk', 'merge') AS without, pg_temp.step('B', 'desk', 'merge', '{"main": "no-such"}') AS unknown, pg_temp.step('B', 'desk', 'merge', '{"main": "B"}') AS itself,
    pg_temp.step('B', 'dispatcher', 'merge', '{"main": "A"}') AS not_his, pg_temp.step('B', 'west', 'merge', '{"main": "A"}') AS unseen, pg_temp.step('B', 'desk', 'merge', '{"main": "A", "version": 7}') AS stale,
    pg_temp.step('B', 'desk', 'unmerge') AS not_merged;
-- who does not see the main case learns nothing of it
SELECT pg_temp.report('W', 0, 0, 'x') IS NOT NULL AS reported;
SELECT reply.unguarded($$UPDATE citybigdata.event SET district_code = '110102', street_code = NULL, community_code = NULL WHERE sender_code = 'dup-sender' AND other_task_num = 'W'$$);
SELECT pg_temp.step('W', 'west', 'merge', '{"main": "A"}') AS main_unseen;
SELECT pg_temp.step('A', 'desk', 'accept') AS accept, pg_temp.step('A', 'filer', 'file', '{"conditionCode": "dup-1"}') AS file;
SELECT pg_temp.step('B', 'desk', 'merge', '{"main": "A", "note": "同一盏灯"}') AS merge, pg_temp.step('C', 'desk', 'accept') AS accept, pg_temp.step('C', 'filer', 'merge', '{"main": "B"}') AS of_a_merged_one;
SELECT * FROM pg_temp.stand WHERE number IN ('A', 'B', 'C') ORDER BY 1;
-- while it is merged, only remarks; not twice
SELECT pg_temp.step('B', 'desk', 'accept') AS accept, pg_temp.step('B', 'desk', 'merge', '{"main": "H"}') AS again, pg_temp.step('B', 'desk', 'comment', '{"note": "x"}') AS comment,
    pg_temp.step('A', 'filer', 'merge', '{"main": "B"}') AS circle;
-- for B the candidates are not its own main case; for others B stands behind A
SELECT pg_temp.name(task_num) AS number, reasons FROM find_duplicates(pg_temp.task('B')) ORDER BY 1;
SELECT pg_temp.name(task_num) AS number, reasons FROM find_duplicates(pg_temp.task('H')) ORDER BY 1;
-- the main case moves: the others follow, and show in the feed
CREATE TEMP TABLE before AS SELECT rec_id, update_time FROM event WHERE sender_code = 'dup-sender';
SELECT pg_temp.step('A', 'dispatcher', 'dispatch', '{"to": {"unit": "dup-light"}}') AS dispatch;
SELECT number, state, base FROM pg_temp.stand WHERE number IN ('A', 'B', 'C') ORDER BY 1;
SELECT e.other_task_num AS moved FROM event e JOIN before USING (rec_id) WHERE e.update_time > before.update_time ORDER BY 1;
-- a main case that is merged itself takes its duplicates with it; each has a step of that
SELECT pg_temp.step('A', 'desk', 'merge', '{"main": "H"}') AS chain;
SELECT * FROM pg_temp.stand WHERE number IN ('A', 'B', 'C', 'H') ORDER BY 1;
SELECT e.other_task_num AS number, s.step_no, s.action, s.from_state, s.to_state, s.step_by, m.other_task_num AS main FROM event_step s JOIN event e USING (rec_id) LEFT JOIN event m ON m.rec_id = s.main_rec_id
WHERE e.other_task_num IN ('B', 'C') AND e.sender_code = 'dup-sender' AND s.action LIKE '%merge' ORDER BY 1, 2;
-- undone: where it was, the clock goes on, in the pool again
SELECT pg_temp.step('C', 'filer', 'unmerge') AS unmerge, pg_temp.step('A', 'desk', 'unmerge') AS unmerge;
SELECT * FROM pg_temp.stand WHERE number IN ('A', 'B', 'C', 'H') ORDER BY 1;
SELECT count(*) AS differences FROM case_fact_differences() d JOIN event e USING (rec_id) WHERE e.sender_code = 'dup-sender';
-- merged cases are not what had to be done
SELECT f.need_dispose, f.to_operate, f.merged FROM case_facts f JOIN event e USING (rec_id) WHERE e.other_task_num = 'B' AND e.sender_code = 'dup-sender';
-- closed: what was reported before can be merged, what was reported afterwards is a case of its own
SELECT pg_temp.step('A', 'unit', 'handle') AS handle, pg_temp.step('A', 'filer', 'close') AS close;
SELECT pg_temp.step('C', 'filer', 'merge', '{"main": "A"}') AS before_it_closed;
SELECT number, stage, state, base, main FROM pg_temp.stand WHERE number = 'C';
SELECT status_code FROM report_event('dup-sender', (pg_temp.event('late')::jsonb || jsonb_build_object('createTime', to_char((now() + interval '5 minutes') AT TIME ZONE 'Asia/Shanghai', 'YYYYMMDDHH24MISS')))::json, 'egova');
SELECT pg_temp.step('late', 'desk', 'merge', '{"main": "A"}') AS after_it_closed;
SELECT pg_temp.name(task_num) AS number, 'closed' = ANY (reasons) AS closed FROM find_duplicates(pg_temp.event('new', 0, 30)) ORDER BY 1;
-- reopened: the duplicate is open again
SELECT pg_temp.step('A', 'filer', 'reopen', '{"reason": "又灭了"}') AS reopen;
SELECT number, stage, state, base, main FROM pg_temp.stand WHERE number = 'C';
-- void: the reports of others stay, on their own; a void case is no main case and no candidate
SELECT pg_temp.step('H', 'desk', 'reject', '{"reason": "不属实"}') AS reject;
SELECT * FROM pg_temp.stand WHERE number IN ('B', 'H') ORDER BY 1;
SELECT pg_temp.step('B', 'desk', 'merge', '{"main": "H"}') AS void_main, pg_temp.step('H', 'filer', 'merge', '{"main": "A"}') AS void_case;
SELECT count(*) FILTER (WHERE pg_temp.name(task_num) = 'H') AS void_ones FROM find_duplicates(pg_temp.task('B'));
SELECT h.step_by, h.reason FROM case_history(pg_temp.task('B')) h ORDER BY seq DESC LIMIT 1;

-- what may be done: candidates to choose
SELECT a->>'needs' AS needs, jsonb_array_length(a->'to') AS candidates, a->'to'->0->'reasons' AS reasons
FROM advance_case(pg_temp.task('B'), '{"action": "close", "version": 99}', 'dup-desk') r, jsonb_array_elements(coalesce(r.actions, '[]')) a WHERE a->>'action' = 'merge';
SELECT a->>'needs' AS needs, jsonb_array_length(a->'to') AS candidates, a->'to'->0->'reasons' AS reasons
FROM event e, advance_case(e.task_num, jsonb_build_object('action', 'unmerge', 'version', e.version), 'dup-desk') r, jsonb_array_elements(r.actions) a
WHERE e.task_num = pg_temp.task('B') AND a->>'action' = 'merge';

-- the database itself refuses links that cannot be, whoever it is
\set VERBOSITY terse
CREATE FUNCTION pg_temp.rec(number text) RETURNS int LANGUAGE sql AS $$ SELECT rec_id FROM citybigdata.event WHERE sender_code = 'dup-sender' AND other_task_num = number $$;
INSERT INTO case_link VALUES (pg_temp.rec('B'), pg_temp.rec('B'), now());
INSERT INTO case_link VALUES (pg_temp.rec('B'), 0, now());
INSERT INTO case_link VALUES (pg_temp.rec('B'), pg_temp.rec('H'), now());
INSERT INTO case_link VALUES (pg_temp.rec('H'), pg_temp.rec('B'), now());
INSERT INTO case_link VALUES (pg_temp.rec('B'), pg_temp.rec('C'), now());
INSERT INTO case_link VALUES (pg_temp.rec('A'), pg_temp.rec('B'), now());
INSERT INTO case_link VALUES (pg_temp.rec('C'), pg_temp.rec('B'), now());
UPDATE case_link SET main_rec_id = pg_temp.rec('B');
DELETE FROM case_link;
TRUNCATE case_link;
-- nor the state of a case that is merged, but that of its main case
\set VERBOSITY sqlstate
UPDATE event SET state = 5 WHERE rec_id = pg_temp.rec('C');
UPDATE event SET state = 5 WHERE rec_id = pg_temp.rec('B');
\set VERBOSITY terse

-- at one place 10,000 of them: the best one is found all the same, and few rows are read
SELECT reply.unguarded($$INSERT INTO citybigdata.event SELECT (jsonb_populate_record(e, jsonb_build_object('rec_id', 2000000000 + n, 'task_num', 'hot-' || n, 'other_task_num', 'hot-' || n, 'event_desc', '占道经营',
    'create_time', e.create_time + n * interval '10 seconds'))).* FROM citybigdata.event e, generate_series(1, 10000) n WHERE e.sender_code = 'dup-sender' AND e.other_task_num = 'A'$$);
ANALYZE event;
SELECT task_num, score > 0.8 AS high, distance_m, reasons FROM find_duplicates((pg_temp.event('new', 0, 1000, '占道经营')::jsonb)::text) LIMIT 1;
-- an old closed one is not hidden by open ones that came later
SELECT reply.unguarded($$UPDATE citybigdata.event SET state = 6, event_desc = '路灯不亮', create_time = '2024-01-31 08:31+08' WHERE task_num = 'hot-1'$$);
SELECT task_num, distance_m, reasons FROM find_duplicates(pg_temp.event('new', 0, 1000)::text) WHERE 'closed' = ANY (reasons);

-- archived with its link; the main case last
SELECT reply.unguarded($$DELETE FROM citybigdata.event WHERE task_num LIKE 'hot-%'$$);
SELECT pg_temp.step('A', 'dispatcher', 'dispatch', '{"to": {"unit": "dup-light"}}') AS dispatch, pg_temp.step('A', 'unit', 'handle') AS handle, pg_temp.step('A', 'filer', 'close') AS close;
SELECT archive_events(now() + interval '1 hour') > 0 AS archived;
SELECT e.other_task_num AS live FROM event e WHERE sender_code = 'dup-sender' AND other_task_num IN ('A', 'C');
SELECT archive_events(now() + interval '1 hour') > 0 AS archived;
SELECT a.other_task_num, m.other_task_num AS main FROM event_archive a JOIN case_link_archive l USING (rec_id) JOIN event_archive m ON m.rec_id = l.main_rec_id WHERE a.sender_code = 'dup-sender';

-- what analysts may
SET ROLE citybigdata_analyst;
SELECT count(*) >= 0 AS found FROM citybigdata.find_duplicates(pg_temp.event('new')::text);
SELECT count(*) >= 0 AS links FROM citybigdata.case_link;
INSERT INTO citybigdata.case_link VALUES (1, 2, now());
RESET ROLE;

SELECT reply.unguarded($$DELETE FROM citybigdata.event WHERE sender_code = 'dup-sender'$$);
SELECT reply.unguarded($$DELETE FROM citybigdata.event_archive WHERE sender_code = 'dup-sender'; DELETE FROM citybigdata.case_link_archive; DELETE FROM citybigdata.event_step_archive s WHERE NOT EXISTS (SELECT FROM citybigdata.event_archive a WHERE a.rec_id = s.rec_id)$$);
DELETE FROM post WHERE given_by = 'test' AND account_id IN (SELECT account_id FROM account WHERE user_name LIKE 'dup-%');
DELETE FROM filing_condition WHERE condition_code LIKE 'dup-%';
DELETE FROM unit WHERE unit_code LIKE 'dup-%';
