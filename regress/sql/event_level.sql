-- Fields of cases by data level: who sees what of a case of somebody else, and of its own.
\pset null '(null)'
SET client_min_messages = warning;
\set VERBOSITY terse
SET citybigdata.bcrypt_cost = 4;
SELECT citybigdata.approve_account(citybigdata.register_account('level.user', 'Correct-1-horse', '市城管委', '张三', '13800138000'));
-- an application of each level, known by its address; the first one reports
CREATE TEMP TABLE app AS SELECT l AS level, citybigdata.approve_access(citybigdata.request_access('level.user', '{events,cases}', '{ip}',
    ip_ranges => ARRAY['198.51.100.' || l], sender_codes => ARRAY['level-' || l], profile => 'egova', level => l)) AS code FROM generate_series(1, 4) l;
SELECT status_code, rec_id, task_num FROM citybigdata.report_event('level-1', '{"eventDesc": "张三家门前积水", "otherTaskNum": "L-1", "address": "北京市东城区王府井大街1号",
    "coordinateX": 448400.5, "coordinateY": 4418600.25, "eventSrcID": 1, "recTypeID": 1, "eventLevelID": 1, "eventTypeCode": "6", "createTime": "20240131083000",
    "medias": [{"mediaName": "张三.jpg", "mediaURL": "https://example.org/a.jpg", "mediaUsage": "上报", "mediaType": "IMAGE"}], "mediaNum": 1}'::json, 'egova') \gset
SELECT :status_code AS reported;
INSERT INTO citybigdata.event_step VALUES (:rec_id, 1, '2024-01-31 09:00:00+08', 'accept', 1, 3, '欧阳修', '电话 13800138000');
SELECT reply.unguarded(format($$UPDATE citybigdata.event SET state = 3, step_count = 1, warnings = '[{"pointer": "/address", "statusCode": 42227, "message": "x"}]' WHERE rec_id = %s$$, :rec_id));
CREATE FUNCTION pg_temp.frame_data(frame bytea) RETURNS jsonb LANGUAGE sql AS $$ SELECT nullif(reply.data(frame), '')::jsonb $$;
CREATE FUNCTION pg_temp.get(task text, l int) RETURNS jsonb LANGUAGE sql AS $$
SELECT pg_temp.frame_data(citybigdata.rest_event_get('level', ('198.51.100.' || l)::inet, code, 'none', NULL, task, NULL, NULL)) FROM app WHERE level = l $$;
CREATE FUNCTION pg_temp.shown(c jsonb) RETURNS text LANGUAGE sql AS $$ SELECT concat_ws(' | ', c ->> 'eventDesc', c ->> 'address', coalesce(c ->> 'longitude', '-'),
    coalesce(c ->> 'coordinateY', '-'), c -> 'medias' -> 0 ->> 'mediaName', coalesce(c -> 'medias' -> 0 ->> 'url', '-'),
    c -> 'steps' -> 0 ->> 'by', c -> 'steps' -> 0 ->> 'note', jsonb_array_length(c -> 'warnings')) $$;
SELECT level, pg_temp.shown(pg_temp.get(:'task_num', level)) FROM app ORDER BY 1;
-- the members are the same whoever asks, and so is what identifies the case
SELECT count(DISTINCT (SELECT array_agg(k ORDER BY k) FROM jsonb_object_keys(c) k)) AS shapes, count(DISTINCT c - '{eventDesc,address,longitude,latitude,coordinateX,coordinateY,medias,steps,warnings}'::text[]) AS rest
FROM app, LATERAL (SELECT pg_temp.get(:'task_num', level) AS c) s;
-- the same by the sender's number and in the feed
CREATE FUNCTION pg_temp.find(l int, number text, since text) RETURNS jsonb LANGUAGE sql AS $$
SELECT pg_temp.frame_data(citybigdata.rest_event_find('level', ('198.51.100.' || l)::inet, code, 'none', NULL, number, 'level-1', since, NULL, NULL)) -> 'items' -> 0 FROM app WHERE level = l $$;
SELECT level, pg_temp.find(level, 'L-1', NULL) = pg_temp.get(:'task_num', level) - 'codeTables' AS by_number, pg_temp.find(level, NULL, '20240101000000') = pg_temp.get(:'task_num', level) - 'codeTables' AS feed FROM app ORDER BY 1;
-- a grant that is lowered counts from the next request on; one that is gone leaves the own cases
UPDATE citybigdata.app_grant g SET level = 1 FROM citybigdata.application a, app WHERE a.app_code = app.code AND app.level = 3 AND g.app_id = a.app_id;
SELECT pg_temp.shown(pg_temp.get(:'task_num', 3)) AS lowered;
SELECT citybigdata.revoke_grant(code) FROM app WHERE level IN (1, 3);
SELECT pg_temp.get(:'task_num', 3) AS nothing, pg_temp.get(:'task_num', 1) ->> 'address' AS own;
-- a coordinate system without a place for the case does not tell that it is there, nor where it is
SELECT citybigdata.set_event_level('longitude', 1);
SELECT level, reply.status(citybigdata.rest_event_get('level', ('198.51.100.' || level)::inet, code, 'none', NULL, :'task_num', NULL, 'EPSG:999999')) AS status FROM app ORDER BY 1;
SELECT citybigdata.set_event_level('longitude', 3), citybigdata.set_event_level('latitude', 3);
SELECT reply.status(citybigdata.rest_event_get('level', '198.51.100.2', code, 'none', NULL, :'task_num', NULL, 'EPSG:999999')) AS masked FROM app WHERE level = 2;
SELECT citybigdata.set_event_level('longitude', 2), citybigdata.set_event_level('latitude', 2);
-- other levels: from the next request on, in a session that has cached the old ones
SELECT citybigdata.set_event_level('address', 1), citybigdata.set_event_level('eventDesc', 3, 'name'), citybigdata.set_event_level('eventTypeCode', 3, 'all'), citybigdata.set_event_level('createTime', 3, 'all');
SELECT c ->> 'address' AS address, c ->> 'eventDesc' AS description, c ->> 'eventTypeCode' AS type, c ->> 'createTime' AS created FROM app, LATERAL (SELECT pg_temp.get(:'task_num', level) AS c) s WHERE level IN (2, 4) ORDER BY level;
-- level 4 never leaves: not for a grant of level 4, not for its owner
SELECT citybigdata.set_event_level('address', 4, 'address'), citybigdata.set_event_level('longitude', 4), citybigdata.set_event_level('warnings', 4);
SELECT level, c ->> 'address' AS address, c ->> 'longitude' AS longitude, c -> 'warnings' AS warnings, c ->> 'latitude' IS NOT NULL AS latitude FROM app, LATERAL (SELECT pg_temp.get(:'task_num', level) AS c) s WHERE level IN (1, 4) ORDER BY level;
-- what is wrong
SELECT citybigdata.set_event_level('recID', 2);
SELECT citybigdata.set_event_level('address', 5);
SELECT citybigdata.set_event_level('address', NULL);
SELECT citybigdata.set_event_level('address', 2, 'stars');
SELECT field, level, mask, shipped FROM citybigdata.event_field WHERE NOT shipped ORDER BY 1;
SELECT object, detail FROM citybigdata.audit_log WHERE action = 'event.set-level' ORDER BY audit_id LIMIT 2;
-- every row is about a field that a case has, and every field with a level has a row
SELECT field FROM citybigdata.event_field WHERE split_part(field, '.', 1) NOT IN (SELECT jsonb_object_keys(pg_temp.get(:'task_num', 4)));
SELECT k FROM jsonb_object_keys(pg_temp.get(:'task_num', 4)) k WHERE k NOT IN (SELECT split_part(field, '.', 1) FROM citybigdata.event_field) ORDER BY 1;
DELETE FROM citybigdata.event_media WHERE rec_id = :rec_id;
SELECT reply.unguarded(format('DELETE FROM citybigdata.event WHERE rec_id = %s', :rec_id));
SELECT citybigdata.set_event_level('address', 3, 'address'), citybigdata.set_event_level('eventDesc', 3, 'all'), citybigdata.set_event_level('eventTypeCode', 1), citybigdata.set_event_level('createTime', 1),
       citybigdata.set_event_level('longitude', 2), citybigdata.set_event_level('warnings', 3);
