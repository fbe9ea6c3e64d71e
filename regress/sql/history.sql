-- Batch history: load_events() from the staging table and from a view of one's own.
\pset null '(null)'
SET citybigdata.time_zone = 'Asia/Shanghai';
SET timezone = 'Asia/Shanghai';
CREATE FUNCTION pg_temp.event(number text, change jsonb DEFAULT '{}') RETURNS text LANGUAGE sql AS $$ SELECT (jsonb_strip_nulls(jsonb_build_object(
    'eventDesc', '井盖破损', 'otherTaskNum', number, 'address', '东华门大街1号', 'coordinateX', 448400.5, 'coordinateY', 4418600.25,
    'eventSrcID', 1, 'recTypeID', 1, 'eventLevelID', 1, 'eventTypeCode', '6', 'createTime', '20190131083000') || change))::text $$;
-- a closed case with its steps, a void one, one without anything, and each kind of refusal
INSERT INTO citybigdata.event_staging (data, state, receive_time, closed_time, steps) VALUES
    (pg_temp.event('H-1', '{"humanName": "王小明", "cellphone": "13800138000", "mediaNum": 1, "medias": [{"mediaName": "a.jpg", "mediaURL": "https://example.org/a.jpg", "mediaUsage": "上报", "mediaType": "IMAGE"}]}'),
     6, '2019-01-31 08:31', '2019-02-01 10:00',
     '[{"time": "20190131090000", "action": "file", "fromState": 1, "toState": 3, "by": "李值班"}, {"time": 1548986400, "action": "close", "fromState": 5, "toState": 6, "note": "已修复"}]'),
    (pg_temp.event('H-2'), 7, '2019-01-31 08:31', NULL, NULL),
    (pg_temp.event('H-3'), NULL, NULL, NULL, NULL),
    (pg_temp.event('H-4', '{"address": null, "eventSrcID": "x"}'), NULL, NULL, NULL, NULL),
    ('{"eventDesc"', NULL, NULL, NULL, NULL),
    (pg_temp.event('H-5'), 8, NULL, NULL, NULL),
    (pg_temp.event('H-5'), 3, NULL, '2019-02-01', NULL),
    (pg_temp.event('H-5'), 6, '2019-01-31 08:31', '2019-01-01', NULL),
    (pg_temp.event('H-5'), 6, '2999-01-31 08:31', '2999-01-01', NULL),
    (pg_temp.event('H-5'), 6, NULL, NULL, '{}'),
    (pg_temp.event('H-5'), 6, NULL, NULL, '[{"time": "yesterday", "action": 1, "fromState": 0, "toState": "3", "who": "x"}, 7, {"action": "close"}]'),
    (pg_temp.event('H-5'), 6, NULL, NULL, '[{"time": "20180131090000", "action": "close", "fromState": 5, "toState": 7}]'),
    (pg_temp.event('H-1', '{"eventDesc": "其他"}'), 6, '2019-01-31 08:31', NULL, NULL),
    (pg_temp.event('H-3'), NULL, NULL, NULL, NULL);
SELECT load_id IS NOT NULL AS load, loaded, repeated, rejected, last > 0 AS last FROM citybigdata.load_events(sender => 'hist-1', profile => 'strict');
SELECT row_number() OVER (ORDER BY line) AS n, status_code, jsonb_path_query_array(errors, '$[*].pointer') AS pointers, errors -> 0 ->> 'message' AS message
FROM citybigdata.event_load_reject WHERE sender_code = 'hist-1' ORDER BY line;
SELECT e.other_task_num, e.state, e.base_state, e.create_time, e.receive_time, e.closed_at, e.process_code, e.version, e.step_count, e.media_count, e.human_name, e.district_code,
       e.task_num ~ ('^110000' || to_char(e.receive_time, 'YYYYMMDD') || lpad(e.rec_id::text, 10, '0')) AS task_num, e.update_time > now() - interval '1 minute' AS updated_now
FROM citybigdata.event e WHERE sender_code = 'hist-1' ORDER BY 1;
SELECT s.step_no, s.step_time, s.action, s.from_state, s.to_state, s.step_by, s.note FROM citybigdata.event_step s JOIN citybigdata.event e USING (rec_id)
WHERE e.sender_code = 'hist-1' ORDER BY 1;
SELECT m.media_no, m.media_name, m.media_url FROM citybigdata.event_media m JOIN citybigdata.event e USING (rec_id) WHERE e.sender_code = 'hist-1';
SELECT count(*) AS left_in_staging FROM citybigdata.event_staging;
-- a report of the same content is a repeat of what was loaded, other content a conflict
SELECT r.status_code, r.rec_id = e.rec_id AS first_id FROM citybigdata.event e, citybigdata.report_event('hist-1', pg_temp.event('H-3')) r WHERE e.sender_code = 'hist-1' AND e.other_task_num = 'H-3';
SELECT r.status_code, r.rec_id = e.rec_id AS first_id FROM citybigdata.event e, citybigdata.report_event('hist-1', pg_temp.event('H-3', '{"address": "别处"}')) r
WHERE e.sender_code = 'hist-1' AND e.other_task_num = 'H-3';
-- from a view, in portions; again: all repeated
CREATE TABLE public.old_cases (id bigint PRIMARY KEY, descr text, done timestamptz);
INSERT INTO public.old_cases SELECT i, '路灯不亮 ' || i, timestamptz '2018-06-01' + i * interval '1 minute' FROM generate_series(1, 2500) i;
CREATE VIEW public.old_case_view AS SELECT id AS line, pg_catalog.json_build_object('eventDesc', descr, 'otherTaskNum', 'V-' || id, 'address', '某路', 'coordinateX', 448400.5, 'coordinateY', 4418600.25,
    'eventSrcID', 1, 'recTypeID', 1, 'eventLevelID', 1, 'eventTypeCode', '6', 'createTime', '20180501000000') AS data, done AS closed_time FROM public.old_cases;
SELECT loaded, repeated, rejected, last FROM citybigdata.load_events('public.old_case_view', 'hist-2', 'strict', portion => 1200);
SELECT loaded, repeated, rejected, last FROM citybigdata.load_events('public.old_case_view', 'hist-2', 'strict', after => 1200);
SELECT loaded, repeated, rejected, last FROM citybigdata.load_events('public.old_case_view', 'hist-2', 'strict');
SELECT count(*), count(DISTINCT update_time) > 1250 AS spread, count(closed_at), min(closed_at) FROM citybigdata.event WHERE sender_code = 'hist-2';
-- each line may have its own sender; without a number a line is its place
CREATE TABLE public.old_lines AS SELECT pg_temp.event('L-' || i) AS data, CASE WHEN i < 3 THEN 'hist-' || i + 2 END AS sender_code FROM generate_series(1, 3) i;
SELECT loaded, repeated, rejected, last FROM citybigdata.load_events('public.old_lines', profile => 'strict');
SELECT line, sender_code, errors -> 0 ->> 'pointer' AS pointer FROM citybigdata.event_load_reject ORDER BY reject_id DESC LIMIT 1;
-- what the source must be
SELECT * FROM citybigdata.load_events('public.old_cases', 'hist-2');
SELECT * FROM citybigdata.load_events('public.old_lines', 'hist-2', portion => 2);
SELECT * FROM citybigdata.load_events('public.old_lines', 'hist-2', portion => 0);
SELECT * FROM citybigdata.load_events('citybigdata.event_rec_id_seq', 'hist-2');
SELECT * FROM citybigdata.load_events(NULL, 'hist-2');
SELECT * FROM citybigdata.load_events('public.old_lines', 'hist-2', 'loose');
CREATE TABLE public.old_typed (data text, state text);
SELECT * FROM citybigdata.load_events('public.old_typed', 'hist-2');
SELECT action, status_code, detail FROM citybigdata.audit_log WHERE action = 'event.load' AND detail LIKE 'public%' ORDER BY detail LIMIT 2;
-- rights: a system administrator loads what he may read, and sees his own staged lines only
SET ROLE citybigdata_sysadmin;
SELECT * FROM citybigdata.load_events('public.old_lines', 'hist-2');
INSERT INTO citybigdata.event_staging (data) VALUES (pg_temp.event('S-1'));
INSERT INTO citybigdata.event_staging (data, staged_by) VALUES (pg_temp.event('S-1'), 'postgres');
SELECT * FROM citybigdata.event_staging;
RESET ROLE;
SELECT loaded FROM citybigdata.load_events(sender => 'hist-5', profile => 'strict');
SET ROLE citybigdata_sysadmin;
SELECT loaded, rejected FROM citybigdata.load_events(sender => 'hist-5', profile => 'strict');
RESET ROLE;
SET ROLE citybigdata_analyst;
SELECT * FROM citybigdata.load_events('public.old_lines', 'hist-2');
RESET ROLE;
SELECT loaded, rejected FROM citybigdata.event_load WHERE sender_code = 'hist-5' ORDER BY load_id;
-- the facts that were loaded are those that a recount makes of the cases and their history
SELECT count(*) AS cases, count(f.rec_id) AS facts FROM citybigdata.event e LEFT JOIN citybigdata.case_fact f USING (rec_id) WHERE e.sender_code LIKE 'hist-_';
SELECT d.member, count(*), min(e.other_task_num), min(d.stored), min(d.recounted) FROM citybigdata.case_fact_differences() d JOIN citybigdata.event e USING (rec_id) WHERE e.sender_code LIKE 'hist-_' GROUP BY 1 ORDER BY 1;
DROP VIEW public.old_case_view;
DROP TABLE public.old_cases, public.old_lines, public.old_typed;
