-- What the database refuses of cases, whoever asks: moves that are none of the case's process, and changes of its history.
\pset null '(null)'
SET client_min_messages = warning;
SET search_path = citybigdata, public;
\set VERBOSITY default
\set SHOW_CONTEXT never
-- cases without a process, as history is loaded: inserting is free
INSERT INTO event (rec_id, task_num, sender_code, other_task_num, event_desc, address, geom, coordinate_x, coordinate_y, event_src_id, rec_type_id,
    event_type_code, create_time, receive_time, update_time, content_digest, state)
SELECT 1900000000 + n, 'guard' || n, 'guard', 'G-' || n, 'x', 'x', 'SRID=4490;POINT(116 40)', 0, 0, 1, 1, '6', t, t, t, sha256(''), CASE n WHEN 2 THEN 4 WHEN 3 THEN 6 ELSE 1 END
FROM generate_series(1, 4) n, LATERAL (SELECT '2024-01-31 08:00:00+08'::timestamptz AS t) t;
-- a step as the engine does it, with what is wrong about it: members of `row` go into the case, of `said` into the step
CREATE FUNCTION pg_temp.step(n integer, action text, to_stage text DEFAULT NULL, "row" jsonb DEFAULT '{}', said jsonb DEFAULT '{}') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    b citybigdata.event;
    a citybigdata.event;
    s citybigdata.event_step;
    base integer;
    hint text;
    detail text;
BEGIN
    SELECT * INTO b FROM citybigdata.event e WHERE e.rec_id = 1900000000 + n;
    a := b;
    IF step.action = 'start' THEN
        a.process_code := 'city-management';
        a.process_version := 1;
    END IF;
    a.stage := coalesce(step.to_stage, b.stage);
    a.version := b.version + 1;
    a.step_count := b.step_count + 1;
    a := jsonb_populate_record(a, "row");
    SELECT p.state INTO base FROM citybigdata.process_stage p WHERE (p.process_code, p.version, p.stage) = (a.process_code, a.process_version, a.stage);
    IF NOT "row" ? 'base_state' THEN a.base_state := base; END IF;
    IF NOT "row" ? 'closed_at' THEN a.closed_at := CASE WHEN base = 6 THEN now() END; END IF;
    IF NOT "row" ? 'state' THEN a.state := CASE WHEN base IN (6, 7) THEN base WHEN a.suspended_until IS NOT NULL THEN 8 WHEN a.supervised THEN 9 ELSE coalesce(base, b.state) END; END IF;
    s.rec_id := b.rec_id; s.step_no := a.step_count; s.step_time := now(); s.action := step.action;
    s.from_stage := b.stage; s.to_stage := a.stage; s.from_state := b.state; s.to_state := a.state; s.version := a.version;
    s := jsonb_populate_record(s, said);
    INSERT INTO citybigdata.event_step SELECT s.*;
    UPDATE citybigdata.event e SET stage = a.stage, state = a.state, base_state = a.base_state, process_code = a.process_code, process_version = a.process_version,
        version = a.version, step_count = a.step_count, supervised = a.supervised, suspended_until = a.suspended_until, closed_at = a.closed_at WHERE e.rec_id = b.rec_id;
    RETURN format('%s %s v%s', a.stage, a.state, a.version);
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
    RETURN format('%s: %s', SQLSTATE, detail);
END
$$;
CREATE VIEW pg_temp.place AS SELECT rec_id - 1900000000 AS n, process_code, process_version, stage, state, base_state, version, step_count, supervised, suspended_until IS NOT NULL AS suspended,
    closed_at IS NOT NULL AS closed FROM citybigdata.event WHERE sender_code = 'guard';

-- without a process: nothing but entering one
UPDATE event SET state = 3 WHERE rec_id = 1900000001;
UPDATE event SET version = 5 WHERE rec_id = 1900000001;
UPDATE event SET supervised = true WHERE rec_id = 1900000001;
SELECT pg_temp.step(1, 'accept', 'file') AS no_process, pg_temp.step(1, 'start', 'handle') AS other_state, pg_temp.step(1, 'start', 'nowhere') AS no_stage,
    pg_temp.step(1, 'start', 'accept', '{"process_version": 77}') AS no_version, pg_temp.step(1, 'start', 'accept', '{"process_code": "none"}') AS no_such_process,
    pg_temp.step(1, 'accept', 'accept', '{"process_code": "city-management", "process_version": 1}') AS other_action;
SELECT pg_temp.step(1, 'start', 'accept') AS at_the_start, pg_temp.step(2, 'start', 'handle') AS with_its_state, pg_temp.step(3, 'start', 'closed') AS closed;
SELECT * FROM pg_temp.place ORDER BY 1;

-- careless updates, of a superuser too
UPDATE event SET state = 6 WHERE rec_id = 1900000001;
UPDATE event SET stage = 'closed', state = 6, base_state = 6, closed_at = now() WHERE rec_id = 1900000001;
UPDATE event SET stage = NULL, process_code = NULL, process_version = NULL WHERE rec_id = 1900000001;
UPDATE event SET process_version = 2 WHERE rec_id = 1900000001;
UPDATE event SET version = version + 1, step_count = step_count + 1 WHERE rec_id = 1900000001;
UPDATE event SET closed_at = now() WHERE rec_id = 1900000001;
UPDATE event SET suspended_until = now() + interval '1 day' WHERE rec_id = 1900000001;
SET session_replication_role = replica;
UPDATE event SET state = 6 WHERE rec_id = 1900000001;
RESET session_replication_role;
-- a step of before does not count
UPDATE event SET state = 3, step_count = 1, version = 2 WHERE rec_id = 1900000001;
INSERT INTO event_step (rec_id, step_no, step_time, action, from_stage, to_stage, from_state, to_state, version) VALUES (1900000001, 2, now(), 'accept', 'accept', 'file', 1, 3, 2);
UPDATE event SET stage = 'file', state = 3, base_state = 3, step_count = 2, version = 2 WHERE rec_id = 1900000001;
SELECT reply.unguarded('DELETE FROM citybigdata.event_step WHERE rec_id = 1900000001 AND step_no = 2');

-- a step that says something else, or is none of the process
SELECT v.n, pg_temp.step(1, v.action, v.to_stage, v.row::jsonb, v.said::jsonb) FROM (VALUES
    (1, 'file', 'dispatch', '{}', '{}'), (2, 'accept', 'dispatch', '{}', '{}'), (3, 'accept', 'accept', '{}', '{}'), (4, 'accept', 'file', '{"version": 1}', '{}'), (5, 'accept', 'file', '{"version": 3}', '{}'),
    (6, 'accept', 'file', '{}', '{"version": 7}'), (7, 'accept', 'file', '{}', '{"to_stage": "dispatch"}'), (8, 'accept', 'file', '{}', '{"from_stage": "file"}'), (9, 'accept', 'file', '{}', '{"to_state": 1}'),
    (10, 'accept', 'file', '{"state": 4}', '{}'), (11, 'accept', 'file', '{"base_state": 4}', '{}'), (12, 'accept', 'file', '{"closed_at": "2024-02-01"}', '{}'), (13, 'accept', 'file', '{"step_count": 1}', '{"step_no": 9}'),
    (14, 'accept', 'file', '{}', '{"step_no": 9}'), (15, 'accept', 'file', '{"process_version": 2}', '{}'), (16, 'migrate', 'file', '{"process_code": "none"}', '{}'), (17, 'comment', 'accept', '{}', '{}'),
    (18, 'start', 'accept', '{}', '{}'), (19, 'dance', 'file', '{}', '{}'), (20, 'accept', 'nowhere', '{}', '{}')) v(n, action, to_stage, "row", said) ORDER BY 1;
SELECT * FROM pg_temp.place WHERE n = 1;
-- the way of a case, with its returns
SELECT v.n, pg_temp.step(1, v.action, v.to_stage, v.row::jsonb) FROM (VALUES
    (1, 'askVerify', NULL, '{}'), (2, 'verify', NULL, '{}'), (3, 'accept', 'file', '{}'), (4, 'return', 'accept', '{}'), (5, 'accept', 'file', '{}'), (6, 'file', 'dispatch', '{}'),
    (7, 'dispatch', 'handle', '{}'), (8, 'claim', NULL, '{}'),
    -- suspended and supervised: 8 lies over 9, 9 over the state of the stage
    (9, 'supervise', NULL, '{"supervised": true}'), (10, 'suspend', NULL, '{"suspended_until": "2124-02-01", "state": 9}'), (11, 'suspend', NULL, '{"suspended_until": "2124-02-01"}'),
    (12, 'handle', 'check', '{}'), (13, 'answer', NULL, '{"supervised": false}'), (14, 'supervise', NULL, '{"supervised": true}'), (15, 'resume', NULL, '{"suspended_until": null}'),
    (16, 'answer', NULL, '{"supervised": false, "state": 9}'), (17, 'answer', NULL, '{"supervised": false}'),
    (18, 'handle', 'check', '{}'), (19, 'rework', 'handle', '{}'), (20, 'handle', 'check', '{}'), (21, 'close', 'closed', '{"closed_at": null}'), (22, 'close', 'closed', '{}'),
    (23, 'handle', 'check', '{}'), (24, 'visit', NULL, '{"version": 99}'), (25, 'reopen', 'dispatch', '{"closed_at": "2024-02-01"}'), (26, 'reopen', 'dispatch', '{}')) v(n, action, to_stage, "row") ORDER BY 1;
SELECT * FROM pg_temp.place WHERE n = 1;
SELECT step_no, action, from_stage, to_stage, from_state, to_state, version FROM event_step WHERE rec_id = 1900000001 ORDER BY 1;

-- a comment: a step, neither version nor place; no other action does so, and nothing else moves step_count
CREATE FUNCTION pg_temp.remark(n integer, action text, version integer DEFAULT 0) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    detail text;
BEGIN
    INSERT INTO citybigdata.event_step (rec_id, step_no, step_time, action, from_stage, to_stage, from_state, to_state, version)
    SELECT e.rec_id, e.step_count + 1, now(), remark.action, e.stage, e.stage, e.state, e.state, e.version + remark.version FROM citybigdata.event e WHERE e.rec_id = 1900000000 + n;
    UPDATE citybigdata.event SET step_count = step_count + 1 WHERE rec_id = 1900000000 + n;
    RETURN 'done';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
    RETURN format('%s: %s', SQLSTATE, detail);
END
$$;
SELECT pg_temp.remark(1, 'comment') AS comment, pg_temp.remark(3, 'visit') AS visit, pg_temp.remark(4, 'comment') AS without_process;
SELECT pg_temp.remark(1, 'visit') AS not_here, pg_temp.remark(1, 'supervise') AS other_action, pg_temp.remark(1, 'dance') AS none, pg_temp.remark(1, 'comment', 1) AS other_version;
UPDATE event SET step_count = 0 WHERE rec_id = 1900000001;
UPDATE event SET step_count = step_count + 1 WHERE rec_id = 1900000001;
UPDATE event SET step_count = 7 WHERE rec_id = 1900000004;
-- every change moves update_time, whatever it says; encrypting does not
SELECT update_time AS before FROM event WHERE rec_id = 1900000004 \gset
UPDATE event SET address = 'y', update_time = '2000-01-01' WHERE rec_id = 1900000004;
SELECT update_time > now() - interval '1 minute' AS moved FROM event WHERE rec_id = 1900000004;
UPDATE event SET holder = 5, unit_code = 'x' WHERE rec_id = 1900000004 RETURNING update_time > now() - interval '1 minute' AS moved;
-- the feed shows it
SELECT bool_and(update_time > :'before') AS later, count(*) FROM event WHERE sender_code = 'guard' AND update_time > :'before';

-- history stays
UPDATE event_step SET note = 'x' WHERE rec_id = 1900000001;
DELETE FROM event_step WHERE rec_id = 1900000001;
DELETE FROM event WHERE rec_id = 1900000001;
TRUNCATE event_step;
TRUNCATE event CASCADE;
SET session_replication_role = replica;
DELETE FROM event WHERE rec_id = 1900000001;
UPDATE event_step SET note = 'x' WHERE rec_id = 1900000001;
RESET session_replication_role;
-- what erasing a person does, only it may; afterwards nobody again
BEGIN;
UPDATE event SET human_name = '王五', cellphone = '13911112222' WHERE rec_id = 1900000004;
INSERT INTO event_step (rec_id, step_no, step_time, action, from_state, to_state, note) VALUES (1900000004, 2, now(), 'comment', 1, 1, '王五 13911112222');
INSERT INTO event_step (rec_id, step_no, step_time, action, from_state, to_state, reason) VALUES (1900000003, 3, now(), 'comment', 6, 6, '致电 13911112222');
INSERT INTO case_request (rec_id, kind, asked_at, reason) VALUES (1900000002, 'extension', now(), '等 13911112222 回复');
SELECT e -> 'eventsReported' AS reported, e -> 'eventsMentioning' AS mentioning FROM erase_person('13911112222', '本人申请', dry_run => false) e;
SELECT rec_id - 1900000000 AS n, note, reason FROM event_step WHERE concat(note, reason) <> '' AND rec_id IN (1900000003, 1900000004) ORDER BY 1;
SELECT reason FROM case_request WHERE rec_id = 1900000002;
UPDATE event_step SET note = 'x' WHERE rec_id = 1900000004;
ROLLBACK;
-- the guards of a restore work in every session
SELECT tgname FROM pg_trigger WHERE tgname ~ '_keep$' AND tgenabled <> 'A' AND tgrelid IN ('event'::regclass, 'event_step'::regclass, 'process'::regclass);
SELECT tgname FROM pg_trigger WHERE tgrelid IN ('event'::regclass, 'event_step'::regclass) AND NOT tgisinternal AND tgtype & 4 <> 0;
SELECT reply.unguarded($$DELETE FROM citybigdata.event WHERE sender_code = 'guard'$$);
