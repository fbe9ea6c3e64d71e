-- Reporting from SQL: numbers, repeats, conflicts, batches.
\pset null '(null)'
CREATE FUNCTION pg_temp.event(number text, change jsonb DEFAULT '{}') RETURNS json LANGUAGE sql AS $$ SELECT jsonb_strip_nulls(jsonb_build_object(
    'eventDesc', '井盖破损', 'otherTaskNum', number, 'address', '东华门大街1号', 'coordinateX', 448400.5, 'coordinateY', 4418600.25,
    'eventSrcID', 1, 'recTypeID', 1, 'eventLevelID', 1, 'eventTypeCode', '6', 'createTime', '20240131083000') || change)::json $$;
-- a stored event, and what its numbers look like
CREATE TEMP TABLE first AS SELECT * FROM citybigdata.report_event('sql-1', pg_temp.event('R-1'));
SELECT f.status_code, f.errors, f.rec_id > 0 AS numbered, f.task_num = e.task_num AS same_number,
       f.task_num ~ ('^110000' || to_char(e.receive_time AT TIME ZONE 'Asia/Shanghai', 'YYYYMMDD') || lpad(f.rec_id::text, 10, '0') || '[0-9A-Z]$') AS shape
FROM first f JOIN citybigdata.event e USING (rec_id);
SELECT sender_code, other_task_num, event_desc, address, coordinate_x, coordinate_y, ST_SRID(geom) AS srid, round(ST_X(geom)::numeric, 3) AS lon,
       round(ST_Y(geom)::numeric, 3) AS lat, event_src_id, rec_type_id, event_level_id, event_type_code, main_type_code, create_time AT TIME ZONE 'Asia/Shanghai' AS create_time,
       receive_time > now() - interval '1 minute' AS received_now, state, app_id, sender_task_num, media_count, step_count, length(content_digest) AS digest, ext
FROM citybigdata.event WHERE rec_id = (SELECT rec_id FROM first);
-- the same content: the first numbers, whatever the order, the spelling of numbers and times, and taskNum
SELECT r.status_code, r.rec_id = f.rec_id AS first_id, r.task_num = f.task_num AS first_number
FROM first f, citybigdata.report_event('sql-1', pg_temp.event('R-1')) r;
SELECT r.status_code, r.rec_id = f.rec_id AS first_id FROM first f,
     citybigdata.report_event('sql-1', pg_temp.event('R-1', '{"createTime": "1706661000", "coordinateX": 4484005e-1, "taskNum": "sender-1"}')) r;
SELECT r.status_code, r.rec_id = f.rec_id AS first_id FROM first f,
     citybigdata.report_event('sql-1', pg_temp.event('R-1', '{"createTime": "2024-01-31 08:30:00", "eventSrcID": "1", "mainTypeCode": " "}'), 'egova') r;
-- other content: a conflict with the first numbers
SELECT r.status_code, r.rec_id = f.rec_id AS first_id, r.task_num = f.task_num AS first_number
FROM first f, citybigdata.report_event('sql-1', pg_temp.event('R-1', '{"eventDesc": "井盖丢失"}')) r;
-- another sender's number is another event, and repeats and refusals used up no recID
SELECT rec_id, task_num, status_code, errors->0->>'pointer' AS pointer FROM citybigdata.report_event('sql-1', pg_temp.event('R-2', '{"address": null}'));
SELECT r.status_code, r.rec_id - f.rec_id AS ids_used FROM first f, citybigdata.report_event('sql-2', pg_temp.event('R-1')) r;
-- overloads
SELECT r.status_code, r.rec_id = f.rec_id AS first_id FROM first f, citybigdata.report_event('sql-1', pg_temp.event('R-1')::jsonb) r;
SELECT r.status_code, r.rec_id = f.rec_id AS first_id FROM first f, citybigdata.report_event('sql-1', pg_temp.event('R-1')::text) r;
SELECT rec_id, status_code, errors->0->>'message' AS message FROM citybigdata.report_event('sql-1', '{"eventDesc"'::text);
SELECT rec_id, status_code, errors FROM citybigdata.report_event('sql-1', NULL::json);
SELECT status_code FROM citybigdata.report_event(' ', pg_temp.event('R-1'));
SELECT status_code FROM citybigdata.report_event('sql-1', pg_temp.event('R-1'), 'loose');
-- a batch: one row each, in their order; the bad one tells why, the good ones are kept
SELECT b.ordinality, b.status_code, b.rec_id - f.rec_id AS id, b.errors->0->>'pointer' AS pointer, b.errors->0->>'statusCode' AS code
FROM first f, citybigdata.report_events('sql-1', ARRAY[pg_temp.event('B-1'), pg_temp.event('B-2', '{"cellphone": "123"}'),
     pg_temp.event('B-1'), pg_temp.event('B-1', '{"eventDesc": "another"}'), NULL, pg_temp.event('R-1'), pg_temp.event('B-3')]) WITH ORDINALITY b ORDER BY 1;
SELECT other_task_num FROM citybigdata.event WHERE sender_code = 'sql-1' AND other_task_num LIKE 'B%' ORDER BY 1;
SELECT status_code FROM citybigdata.report_events('sql-1', ARRAY['{"a":1', pg_temp.event('B-3')::text]);
SELECT count(*) FROM citybigdata.report_events('sql-1', '{}'::json[]);
SELECT count(*) FROM citybigdata.report_events('sql-1', array_fill('{}'::json, ARRAY[5001]));
SELECT count(*) FROM citybigdata.report_events('sql-1', NULL::json[]);
-- media: one by address, one by content
SELECT status_code, errors FROM citybigdata.report_event('sql-1', pg_temp.event('M-1', '{"mediaNum": 2, "medias": [
    {"mediaName": "a.jpg", "mediaURL": "https://example.org/a.jpg", "mediaUsage": "上报", "mediaType": "IMAGE", "taskNum": "S-9"},
    {"mediaName": "b.png", "mediaUsage": "处置", "mediaType": "IMAGE", "content": "iVBORw0KGgo="}]}'));
SELECT media_no, media_name, media_type, media_usage, media_url, content, m.sender_task_num FROM citybigdata.event_media m JOIN citybigdata.event e USING (rec_id)
WHERE e.other_task_num = 'M-1' ORDER BY media_no;
SELECT media_count FROM citybigdata.event WHERE other_task_num = 'M-1';
-- egova: unknown fields are kept, the level is filled in, the time is that of receipt
SELECT status_code, errors, jsonb_path_query_array(warnings, '$[*].pointer') AS remarks FROM citybigdata.report_event('sql-1',
    pg_temp.event('E-1', '{"createTime": null, "eventLevelID": null, "maxTypeCode": "9", "newInstCondID": 3}'), 'egova');
SELECT ext, event_level_id, create_time = receive_time AS at_receipt FROM citybigdata.event WHERE other_task_num = 'E-1';
-- the same again, later: the time of receipt is no content
SELECT status_code FROM citybigdata.report_event('sql-1', pg_temp.event('E-1', '{"createTime": "", "eventLevelID": "", "newInstCondID": 3, "maxTypeCode": "9"}'), 'egova');
SELECT status_code FROM citybigdata.report_event('sql-1', pg_temp.event('E-1', '{"createTime": "", "eventLevelID": "", "newInstCondID": 4, "maxTypeCode": "9"}'), 'egova');
-- every call left an audit row
SELECT action, status_code, count(*) > 0 AS audited FROM citybigdata.audit_log WHERE action = 'event.report' AND detail LIKE 'sender sql-1%' GROUP BY 1, 2 ORDER BY 2;
-- rights: an analyst reads and validates, but does not report; a system administrator reports
SET ROLE citybigdata_analyst;
SELECT count(*) > 0 AS reads FROM citybigdata.event;
SELECT count(*) = 10 AS validates FROM citybigdata.validate_event('{}'::json) WHERE severity = 'error';
SELECT status_code FROM citybigdata.report_event('sql-1', '{}'::json);
RESET ROLE;
SET ROLE citybigdata_sysadmin;
SELECT status_code FROM citybigdata.report_event('sql-1', '{}'::json);
SELECT count(*) FROM citybigdata.event;
RESET ROLE;
