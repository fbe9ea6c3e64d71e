-- Rules: what they match, what they do, and that one that fails loses nothing.
\set SHOW_CONTEXT never
\pset null '(null)'
SET search_path = citybigdata, public;
SET client_min_messages = warning;
INSERT INTO unit (unit_code, name, event_types) VALUES ('rule-light', '照明中心', '{6}'), ('rule-drain', '排水集团', '{7}');
INSERT INTO filing_condition (condition_code, event_type_code, condition_text, limit_amount, limit_unit) VALUES ('rule-1', '6', '路灯不亮（规则）', 4, 2);
CREATE FUNCTION pg_temp.report(number text, more jsonb DEFAULT '{}') RETURNS text LANGUAGE sql AS $$ SELECT task_num FROM citybigdata.report_event('rule-sender', (jsonb_build_object(
    'eventDesc', '路灯不亮', 'otherTaskNum', number, 'address', '东华门大街1号', 'districtCode', '110101', 'districtName', '东城区', 'coordinateX', 448400.5, 'coordinateY', 4418600.25,
    'eventSrcID', 1, 'recTypeID', 1, 'eventLevelID', 2, 'eventTypeCode', '6', 'createTime', '20240131083000') || more)::json) $$;
-- what became of a report: level, unit, condition, stage, state, its steps, the rules that acted
CREATE FUNCTION pg_temp.became(number text, more jsonb DEFAULT '{}') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    e citybigdata.event;
BEGIN
    IF pg_temp.report(number, more) IS NULL THEN RETURN 'lost'; END IF;
    SELECT * INTO e FROM citybigdata.event WHERE sender_code = 'rule-sender' AND other_task_num = number;
    RETURN concat_ws(' ', 'L' || e.event_level_id, e.unit_code, e.condition_code, e.stage, e.state,
        '[' || coalesce((SELECT string_agg(s.action, ' ' ORDER BY s.step_no) FROM citybigdata.event_step s WHERE s.rec_id = e.rec_id), '') || ']',
        (SELECT string_agg(a.rules::text, ' ') FROM citybigdata.rule_act a WHERE a.rec_id = e.rec_id));
END
$$;
-- a rule of this test: those before are ended, so that one is in force at a time
CREATE FUNCTION pg_temp.only(rules jsonb) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM citybigdata.save_rule(jsonb_build_object('code', f.rule_code, 'validTo', '20200101000000')) FROM citybigdata.rules_in_force f;
    PERFORM pg_sleep(0.002);
    RETURN (SELECT string_agg(s.rule_code || '/' || s.version, ' ') FROM jsonb_array_elements(rules) r(rule), citybigdata.save_rule(r.rule) s);
END
$$;

SELECT pg_temp.became('none') AS no_rule;
-- set, before the row is written: level, unit, condition; the task lies in the unit's pool, the digest of repeats is of what was reported
SELECT pg_temp.only('[{"code": "a", "order": 10, "when": {"types": ["6"]}, "then": [{"set": {"level": 1, "unit": "rule-light", "condition": "rule-1"}}]}]') AS saved;
SELECT pg_temp.became('set') AS set, (SELECT t.unit_code FROM case_task t JOIN event e USING (rec_id) WHERE other_task_num = 'set') AS task, pg_temp.report('set') IS NOT NULL AS repeated;
-- order, stop: the later one stays; after a stop nothing
SELECT pg_temp.only('[{"code": "b", "order": 20, "then": [{"set": {"level": 2}}]}, {"code": "a", "order": 10, "then": [{"set": {"level": 1, "unit": "rule-light"}}]}]') AS saved;
SELECT pg_temp.became('order') AS later_stays;
SELECT pg_temp.only('[{"code": "b", "order": 20, "then": [{"set": {"level": 2}}]}, {"code": "a", "order": 10, "stop": true, "then": [{"set": {"level": 1}}]}]') AS saved;
SELECT pg_temp.became('stop') AS stopped;
-- dispatch: accept, file by the condition that a rule set, dispatch to the unit; each a step of the process
SELECT pg_temp.only('[{"code": "c", "order": 10, "when": {"types": ["6"]}, "then": [{"dispatch": "rule-light"}, {"set": {"condition": "rule-1"}}]}]') AS saved;
SELECT pg_temp.became('dispatch') AS dispatched;
SELECT seq, action, from_stage, to_stage, step_by, note, to_unit FROM event e, case_history(e.task_num) h WHERE other_task_num = 'dispatch' AND sender_code = 'rule-sender' ORDER BY seq;
SELECT c.kind, c.limit_amount, c.limit_unit, c.stopped_at IS NULL AS runs FROM case_clock c JOIN event e USING (rec_id) WHERE other_task_num = 'dispatch' ORDER BY 1;
-- reject: void with the code as its reason, never refused
SELECT pg_temp.only('[{"code": "r", "order": 10, "when": {"path": "$.eventDesc like_regex \"广告\""}, "then": [{"reject": 42290}]}]') AS saved;
SELECT pg_temp.became('reject', '{"eventDesc": "办证广告"}') AS rejected, pg_temp.became('kept') AS kept;
SELECT h.reason, h.step_by FROM event e, case_history(e.task_num) h WHERE other_task_num = 'reject' AND sender_code = 'rule-sender';

-- terms, each on the value that holds and on one that does not
CREATE FUNCTION pg_temp.holds(term jsonb, more jsonb DEFAULT '{}') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    found record;
BEGIN
    PERFORM pg_temp.only(jsonb_build_array(jsonb_build_object('code', 't', 'order', 1, 'when', term, 'then', '[{"set": {"level": 1}}]'::jsonb)));
    SELECT * INTO found FROM citybigdata.explain_rules(jsonb_build_object('senderCode', 'rule-sender', 'data', jsonb_build_object(
        'eventDesc', '路灯不亮', 'otherTaskNum', 'explain', 'address', '东华门大街1号', 'districtCode', '110101', 'districtName', '东城区', 'coordinateX', 448400.5, 'coordinateY', 4418600.25,
        'eventSrcID', 1, 'recTypeID', 1, 'eventLevelID', 2, 'eventTypeCode', '60201', 'createTime', '20240131083000') || more)::json, true);
    RETURN CASE WHEN found.acts THEN 'acts' ELSE coalesce(found.term, 'no row') || coalesce(' ' || found.message, '') END;
END
$$;
SELECT pg_temp.holds('{"types": ["602"]}') AS prefix, pg_temp.holds('{"types": ["60201", "7"]}') AS itself, pg_temp.holds('{"types": ["601", "7"]}') AS other,
    pg_temp.holds('{"types": ["01"]}', '{"mainTypeCode": "01"}') AS main;
SELECT pg_temp.holds('{"levels": [1, 2]}') AS level, pg_temp.holds('{"levels": [1]}') AS other, pg_temp.holds('{"sources": [1]}') AS source, pg_temp.holds('{"sources": [56]}') AS other,
    pg_temp.holds('{"senders": ["rule-sender"]}') AS sender;
SELECT pg_temp.holds('{"divisions": ["110000"]}') AS province, pg_temp.holds('{"divisions": ["110101"]}') AS district, pg_temp.holds('{"divisions": ["110102"]}') AS other;
SELECT pg_temp.holds('{"time": {"days": [1, 2, 3, 4, 5, 6, 7]}}') AS days, pg_temp.holds(jsonb_build_object('time', jsonb_build_object('days', jsonb_build_array(
        1 + extract(isodow FROM now() AT TIME ZONE 'Asia/Shanghai')::integer % 7)))) AS tomorrow,
    pg_temp.holds('{"time": {"hours": ["00:00-24:00"]}}') AS all_day, pg_temp.holds(jsonb_build_object('time', jsonb_build_object('hours', jsonb_build_array(
        to_char(now() AT TIME ZONE 'Asia/Shanghai' + interval '2 hours', 'HH24:MI') || '-' || to_char(now() AT TIME ZONE 'Asia/Shanghai' + interval '1 hour', 'HH24:MI'))))) AS not_within_2_hours,
    pg_temp.holds(jsonb_build_object('time', jsonb_build_object('workday', work_between(date_trunc('day', now() AT TIME ZONE 'Asia/Shanghai') AT TIME ZONE 'Asia/Shanghai',
        (date_trunc('day', now() AT TIME ZONE 'Asia/Shanghai') + interval '1 day') AT TIME ZONE 'Asia/Shanghai') > interval '0'))) AS workday;
-- the place of the report is 116.3966, 39.9105 or so: a square around it, a point near it, a line further off
SELECT pg_temp.holds('{"within": {"geometry": {"type": "Polygon", "coordinates": [[[116.3, 39.8], [116.5, 39.8], [116.5, 40], [116.3, 40], [116.3, 39.8]]]}}}') AS inside,
    pg_temp.holds('{"within": {"geometry": {"type": "Polygon", "coordinates": [[[116.5, 39.8], [116.6, 39.8], [116.6, 40], [116.5, 40], [116.5, 39.8]]]}}}') AS outside,
    pg_temp.holds('{"within": {"geometry": {"type": "Polygon", "coordinates": [[[116.5, 39.8], [116.6, 39.8], [116.6, 40], [116.5, 40], [116.5, 39.8]]]}, "metres": 20000}}') AS near;
SELECT pg_temp.holds(jsonb_build_object('within', jsonb_build_object('geometry', st_asgeojson(st_project(e.geom::geography, 300, 1)::geometry, 9, 0)::jsonb, 'metres', 301))) AS point_300_m,
    pg_temp.holds(jsonb_build_object('within', jsonb_build_object('geometry', st_asgeojson(st_project(e.geom::geography, 300, 1)::geometry, 9, 0)::jsonb, 'metres', 298))) AS not_within_298_m
FROM event e WHERE other_task_num = 'none' AND sender_code = 'rule-sender';
-- paths: predicates and existence, ext, what is not known is not true
SELECT pg_temp.holds('{"path": "$.mediaNum == 0"}') AS predicate, pg_temp.holds('{"path": "$ ? (@.eventLevelID > 1)"}') AS filter, pg_temp.holds('{"path": "$.eventLevelID == 1"}') AS not_so,
    pg_temp.holds('{"path": "$.noSuchField == 1"}') AS absent, pg_temp.holds('{"path": "$.eventDesc starts with \"路灯\" && $.recTypeID == 1"}') AS "and", pg_temp.holds('{"path": "strict $.nothing.at.all"}') AS strict,
    pg_temp.holds('{"path": "exists($.cellphone) || exists($.humanName)"}', '{"humanName": "张三", "cellphone": "13800138000"}') AS nothing_personal;
-- the third within 24 hours and 50 m
SELECT pg_temp.only('[{"code": "n", "order": 1, "when": {"count": {"of": "type", "within": "PT24H", "metres": 50, "atLeast": 3}}, "then": [{"set": {"level": 1}}]}]') AS saved;
SELECT pg_temp.became('n1', '{"eventTypeCode": "60203"}') AS first, pg_temp.became('n2', '{"eventTypeCode": "60203", "coordinateX": 448430}') AS second,
    pg_temp.became('n3', '{"eventTypeCode": "60203", "coordinateX": 448500}') AS far, pg_temp.became('n4', '{"eventTypeCode": "60203"}') AS third, pg_temp.became('n5', '{"eventTypeCode": "60204"}') AS other_type;

-- a rule that fails is skipped and listed; the report and the other rules stay
SELECT pg_temp.only('[{"code": "f", "order": 1, "then": [{"set": {"unit": "rule-light", "level": 1}}, {"dispatch": "rule-light"}]}, {"code": "g", "order": 2, "then": [{"set": {"condition": "rule-1"}}]}]') AS saved;
UPDATE filing_condition SET active = false WHERE condition_code = 'rule-1';
SELECT pg_temp.became('failing') AS without_the_unit_and_level_of_the_failed;
SELECT rule_code, version, failures, task_num IS NOT NULL AS case, status_code, message FROM rule_failures();
UPDATE filing_condition SET active = true WHERE condition_code = 'rule-1';
-- even when something raises an error
CREATE FUNCTION pg_temp.raise() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.action = 'accept' THEN RAISE EXCEPTION 'no accept today'; END IF; RETURN NEW; END $$;
CREATE TRIGGER rule_test BEFORE INSERT ON event_step FOR EACH ROW EXECUTE FUNCTION pg_temp.raise();
SELECT pg_temp.became('raising') AS still_stored;
SELECT rule_code, failures, status_code, message FROM rule_failures();
DROP TRIGGER rule_test ON event_step;

-- at steps: after the step of an operator, in its transaction; the steps of rules are not judged again
SELECT pg_temp.only('[{"code": "s", "order": 1, "when": {"steps": ["accept"], "types": ["6"]}, "then": [{"set": {"condition": "rule-1"}}, {"dispatch": "rule-light"}]}, {"code": "s2", "order": 2, "when": {"steps": ["dispatch"]}, "then": [{"set": {"level": 1}}]}]') AS saved;
SELECT pg_temp.became('moves') AS reported;
SELECT r.status_code, r.stage, r.state, r.version FROM event e, advance_case(e.task_num, '{"action": "accept", "version": 0}') r WHERE other_task_num = 'moves' AND sender_code = 'rule-sender';
SELECT e.event_level_id, e.unit_code, e.condition_code, (SELECT string_agg(s.action || ' by ' || s.step_by, ', ' ORDER BY s.step_no) FROM event_step s WHERE s.rec_id = e.rec_id) AS steps,
    (SELECT string_agg(a.step || ' ' || a.rules::text, ', ') FROM rule_act a WHERE a.rec_id = e.rec_id) AS rules FROM event e WHERE other_task_num = 'moves' AND sender_code = 'rule-sender';
SELECT r.* FROM event e, explain_rules(json_build_object('taskNum', e.task_num, 'step', 'dispatch'), true) r WHERE other_task_num = 'moves' AND sender_code = 'rule-sender';

-- a report that is one of a problem reported before is merged into it; the first one is not, nor one too far off
SELECT pg_temp.only('[{"code": "l", "order": 1, "when": {"types": ["60205"]}, "then": [{"linkDuplicate": {"minScore": 0.6, "metres": 50, "within": "PT24H"}}]}]') AS saved;
SELECT pg_temp.became('l1', '{"eventTypeCode": "60205", "createTime": null}'::jsonb || jsonb_build_object('createTime', to_char(now() AT TIME ZONE 'Asia/Shanghai', 'YYYYMMDDHH24MISS'))) AS first,
    pg_temp.became('l2', jsonb_build_object('eventTypeCode', '60205', 'coordinateX', 448402, 'createTime', to_char(now() AT TIME ZONE 'Asia/Shanghai', 'YYYYMMDDHH24MISS'))) AS second,
    pg_temp.became('l3', jsonb_build_object('eventTypeCode', '60205', 'coordinateX', 448900, 'createTime', to_char(now() AT TIME ZONE 'Asia/Shanghai', 'YYYYMMDDHH24MISS'))) AS far;
SELECT e.other_task_num, m.other_task_num AS main FROM case_link k JOIN event e USING (rec_id) JOIN event m ON m.rec_id = k.main_rec_id WHERE e.sender_code = 'rule-sender';

-- versions: from when to when; the end; what overlaps
SELECT pg_temp.only('[]');
SELECT * FROM save_rule('{"code": "v", "order": 1, "validFrom": "20300101000000", "then": [{"set": {"level": 1}}]}');
SELECT * FROM save_rule('{"code": "v", "order": 1, "validFrom": "20300101000000", "then": [{"set": {"level": 1}}]}');
SELECT * FROM save_rule('{"code": "v", "order": 1, "then": [{"set": {"level": 2}}]}');
SELECT * FROM save_rule('{"code": "v", "order": 1, "validTo": "20300101000000", "then": [{"set": {"level": 2}}]}');
SELECT rule_code, version, valid_to FROM rules_in_force;
SELECT * FROM save_rule('{"code": "v", "validTo": "20200101000000"}');
SELECT count(*) AS in_force FROM rules_in_force;
SELECT * FROM save_rule('{"code": "v", "order": 1, "validFrom": "20290101000000", "then": [{"set": {"level": 2}}]}');
SELECT * FROM save_rule('{"code": "no-such", "validTo": "20200101000000"}');
UPDATE rule SET rule_order = 2;
DELETE FROM rule;
-- a save that is rolled back is forgotten; a version that begins later does not act yet
BEGIN;
SELECT count(*) FROM save_rule('{"code": "w", "order": 1, "then": [{"set": {"level": 1}}]}');
SELECT pg_temp.became('w1') AS acts;
ROLLBACK;
SELECT pg_temp.became('w2') AS forgotten;

-- what a rule would change: nothing is written
SELECT count(*) AS changed, min(outcome_before::text) AS before, min(outcome_after::text) AS after, min(rules_after::text) AS by
FROM dry_run_rule('{"code": "d", "order": 1, "when": {"types": ["602"], "senders": ["rule-sender"]}, "then": [{"set": {"level": 1}}, {"dispatch": "rule-drain"}]}', tstzrange(now() - interval '1 day', NULL));
SELECT count(*) AS changed FROM dry_run_rule('{"code": "d", "order": 1, "when": {"types": ["602"], "senders": ["rule-sender"]}, "then": [{"set": {"level": 1}}]}', tstzrange(NULL, now() - interval '10 years'));
SELECT count(*) AS steps_changed FROM dry_run_rule('{"code": "d", "order": 1, "when": {"steps": ["accept"], "senders": ["rule-sender"]}, "then": [{"set": {"level": 1}}]}', tstzrange(now() - interval '1 day', NULL));
SELECT count(*) AS rules FROM rule WHERE rule_code = 'd';
SELECT maintain_rules();
-- nothing of this test is for others
SELECT count(*) FROM rules_in_force;
DELETE FROM unit WHERE unit_code LIKE 'rule-%';
DELETE FROM filing_condition WHERE condition_code = 'rule-1';
