-- Running cases take another version of their process: chosen ones, each by itself, with a step.
\pset null '(null)'
SET client_min_messages = warning;
\set VERBOSITY terse
SET search_path = citybigdata, public;
CREATE TEMP TABLE v AS SELECT '{"code": "migration-test", "title": "Migration", "titleZh": "迁移", "start": "new", "stages": [
  {"name": "new", "title": "New", "titleZh": "新报", "state": 1, "roles": ["desk"]},
  {"name": "work", "title": "Work", "titleZh": "办理", "state": 4, "roles": ["unit"]},
  {"name": "done", "title": "Done", "titleZh": "办结", "state": 6}], "actions": [
  {"name": "dispatch", "from": ["new"], "to": "work", "roles": ["desk"]},
  {"name": "close", "from": ["work"], "to": "done", "roles": ["unit"]}]}'::jsonb AS d;
-- the second one has another name and state for work, and another role
SELECT version FROM save_process((SELECT d FROM v));
SELECT * FROM save_process((SELECT jsonb_set(jsonb_set(replace(jsonb_set(jsonb_set(d, '{stages,1,state}', '5'), '{stages,1,roles}', '["desk"]')::text, '"work"', '"handling"')::jsonb,
    '{actions,1,roles}', '["desk"]'), '{title}', '"Migration 2"') FROM v));
INSERT INTO event (rec_id, task_num, sender_code, other_task_num, event_desc, address, geom, coordinate_x, coordinate_y, event_src_id, rec_type_id, event_type_code,
    district_code, create_time, receive_time, update_time, content_digest, state, base_state, stage, process_code, process_version, version, closed_at, supervised, suspended_until)
SELECT 1900000100 + n, 'move' || n, 'migrate', 'M-' || n, 'x', 'x', 'SRID=4490;POINT(116 40)', 0, 0, 1, 1, CASE n WHEN 1 THEN '12' ELSE '6' END, CASE n WHEN 2 THEN '110102' ELSE '110101' END,
    t, t, t, sha256(''), CASE n WHEN 5 THEN 6 WHEN 6 THEN 9 WHEN 7 THEN 8 WHEN 1 THEN 1 ELSE 4 END, CASE n WHEN 5 THEN 6 WHEN 1 THEN 1 ELSE 4 END, CASE n WHEN 5 THEN 'done' WHEN 1 THEN 'new' ELSE 'work' END,
    'migration-test', 1, 1, CASE n WHEN 5 THEN t END, n IN (6, 7), CASE n WHEN 7 THEN '2124-01-01'::timestamptz END
FROM generate_series(1, 7) n, LATERAL (SELECT '2024-01-31 08:00:00+08'::timestamptz AS t) t;
INSERT INTO case_task (rec_id, role, holder, stage, state, event_type_code) SELECT rec_id, CASE stage WHEN 'new' THEN 'desk' ELSE 'unit' END, 7, stage, state, event_type_code FROM event WHERE sender_code = 'migrate' AND closed_at IS NULL;
CREATE VIEW pg_temp.place AS SELECT e.task_num, e.process_version AS process, e.stage, e.state, e.base_state, e.version, e.step_count, t.role, t.holder, t.stage AS task_stage, t.state AS task_state
FROM event e LEFT JOIN case_task t USING (rec_id) WHERE e.sender_code = 'migrate' ORDER BY 1;

-- only looking, the default
SELECT * FROM migrate_cases('migration-test', 1, 2);
SELECT * FROM migrate_cases('migration-test', 1, 2, '{"stageMap": {"work": "handling"}, "includeClosed": true}');
SELECT * FROM migrate_cases('migration-test', 1, 2, '{"stages": ["work"], "divisions": ["110102"]}') UNION ALL SELECT * FROM migrate_cases('migration-test', 1, 2, '{"types": ["1"]}')
UNION ALL SELECT * FROM migrate_cases('migration-test', 1, 2, '{"taskNums": ["move3", "nothing"]}') UNION ALL SELECT * FROM migrate_cases('migration-test', 1, 2, '{"units": ["x"]}');
SELECT count(*) AS moved FROM event WHERE sender_code = 'migrate' AND process_version <> 1;
-- what is wrong with the call
SELECT * FROM migrate_cases('migration-test', 1, 9);
SELECT * FROM migrate_cases('nothing', 1, 2);
\set VERBOSITY default
\set SHOW_CONTEXT never
SELECT * FROM migrate_cases('migration-test', 1, 1, '{"stageMap": {"work": "nowhere", "nothing": "new", "new": "done"}, "stages": "work", "taskNums": [1], "more": 1, "limit": 0, "includeClosed": 1}');
\set VERBOSITY terse
SELECT * FROM migrate_cases('migration-test', 1, 2, '[]');
-- done: chosen ones first, then the others; who has no such stage stays
SELECT * FROM migrate_cases('migration-test', 1, 2, '{"taskNums": ["move1", "move2"]}', false);
SELECT * FROM migrate_cases('migration-test', 1, 2, '{"stageMap": {"work": "handling"}}', false);
SELECT * FROM pg_temp.place;
SELECT s.rec_id - 1900000100 AS n, s.step_no, s.action, s.from_stage, s.to_stage, s.from_state, s.to_state, s.version, s.step_by, s.note FROM event_step s JOIN event e USING (rec_id) WHERE e.sender_code = 'migrate' ORDER BY 1, 2;
SELECT * FROM migrate_cases('migration-test', 1, 2, '{"stageMap": {"work": "handling"}, "includeClosed": true}', false);
-- and back
SELECT * FROM migrate_cases('migration-test', 2, 1, '{"stageMap": {"handling": "work"}, "limit": 2}', false);
SELECT object, detail FROM audit_log WHERE action = 'process.migrate' ORDER BY audit_id DESC LIMIT 3;
SET ROLE citybigdata_analyst;
SELECT * FROM migrate_cases('migration-test', 1, 2);
RESET ROLE;
DELETE FROM case_task t USING event e WHERE t.rec_id = e.rec_id AND e.sender_code = 'migrate';
SELECT reply.unguarded($$DELETE FROM citybigdata.event WHERE sender_code = 'migrate'$$);
