-- The endpoints for events: what the bridge sends and gets.
\pset null '(null)'
-- three applications: egova with a grant, strict with a grant, and one without
INSERT INTO citybigdata.account (user_name, password_digest, organization, contact_name, mobile, state)
VALUES ('event.test', '$2a$10$' || repeat('x', 53), '测试单位', '李四', '13800138000', 'active');
INSERT INTO citybigdata.application (app_code, account_id, methods, ip_ranges, profile, level)
SELECT a.code, account_id, ARRAY['ip'], ARRAY[a.range::cidr], a.profile, 3 FROM citybigdata.account,
    (VALUES ('11000099000001C', '192.0.2.1/32', 'egova'), ('11000099000002A', '192.0.2.2/32', 'strict'), ('110000990000038', '192.0.2.3/32', 'strict')) a (code, range, profile)
WHERE user_name = 'event.test' ORDER BY 1;
INSERT INTO citybigdata.app_grant (app_id, resource, level, granted_by)
SELECT app_id, r, 3, 'test' FROM citybigdata.application, unnest('{events,cases}'::text[]) r WHERE app_code IN ('11000099000001C', '11000099000002A');
INSERT INTO citybigdata.sender (sender_code, app_id)
SELECT s.sender, app_id FROM citybigdata.application a, (VALUES ('362200', '11000099000001C'), ('120110-02', '11000099000002A'), ('nogrant', '110000990000038')) s (sender, code)
WHERE a.app_code = s.code;
INSERT INTO citybigdata.access_token (token_digest, app_id, account_id, issued_at, expires_at)
SELECT sha256(convert_to('token@' || substr(app_code, 14, 1), 'UTF8')), app_id, account_id, now(), now() + interval '1 hour'
FROM citybigdata.application WHERE app_code LIKE '110000990000%';

CREATE FUNCTION pg_temp.event(number text, change jsonb DEFAULT '{}') RETURNS text LANGUAGE sql AS $$ SELECT jsonb_strip_nulls(jsonb_build_object(
    'eventDesc', '井盖破损', 'otherTaskNum', number, 'address', '东华门大街1号', 'coordinateX', 448400.5, 'coordinateY', 4418600.25,
    'eventSrcID', 1, 'recTypeID', 1, 'eventLevelID', 1, 'eventTypeCode', '6', 'createTime', '20240131083000') || change)::text $$;
-- the parts of a reply frame
CREATE FUNCTION pg_temp.frame(reply bytea, OUT status int, OUT audit boolean, OUT data jsonb) LANGUAGE sql AS $$
SELECT reply.status(reply)::int, reply.field(reply, 'audit') IS NOT NULL, nullif(reply.data(reply), '')::jsonb $$;
CREATE FUNCTION pg_temp.token(n text) RETURNS bytea LANGUAGE sql AS $$ SELECT sha256(convert_to('token' || n, 'UTF8')) $$;
CREATE FUNCTION pg_temp.report(sender text, data text, dry boolean DEFAULT NULL, key text DEFAULT NULL, action text DEFAULT 'UP_REC_REPORT', who text DEFAULT '@1') RETURNS bytea LANGUAGE sql AS $$
SELECT citybigdata.rest_event_report('req-1', '192.0.2.9', NULL, 'bearer', pg_temp.token(who), sender, action, data, dry, key, sha256(convert_to(coalesce(data, ''), 'UTF8'))) $$;
CREATE FUNCTION pg_temp.faults(reply bytea) RETURNS TABLE (status int, pointer text, code int, message text) LANGUAGE sql AS $$
SELECT f.status, e->>'pointer', (e->>'statusCode')::int, e->>'message' FROM pg_temp.frame(reply) f, jsonb_array_elements(f.data->'errors') e $$;

-- table A.5
CREATE TEMP TABLE first AS SELECT * FROM pg_temp.frame(pg_temp.report('362200', pg_temp.event('H-1')));
SELECT f.status, f.audit, (f.data->>'recID')::int = e.rec_id AS rec_id, f.data->>'taskNum' = e.task_num AS task_num, e.app_id = a.app_id AS app
FROM first f, citybigdata.event e, citybigdata.application a WHERE e.sender_code = '362200' AND e.other_task_num = 'H-1' AND a.app_code = '11000099000001C';
-- repeats
SELECT r.status, r.data->'recID' = f.data->'recID' AS first_id FROM first f, pg_temp.frame(pg_temp.report('362200', pg_temp.event('H-1'))) r;
SELECT r.status, r.data->'recID' = f.data->'recID' AS first_id, r.data - 'recID' - 'taskNum' AS more
FROM first f, pg_temp.frame(pg_temp.report('362200', pg_temp.event('H-1', '{"eventDesc":"x"}'))) r;
-- outer fields, and those of data, at once
SELECT * FROM pg_temp.faults(pg_temp.report(NULL, NULL, action => NULL));
SELECT * FROM pg_temp.faults(pg_temp.report(' ', pg_temp.event('H-2', '{"address":null}'), action => 'DOWN'));
SELECT * FROM pg_temp.faults(pg_temp.report('120110-02', pg_temp.event('H-2')));
-- the caller's profile
SELECT status FROM pg_temp.frame(pg_temp.report('362200', pg_temp.event('H-3', '{"newInstCondID": 1}')));
SELECT * FROM pg_temp.faults(pg_temp.report('120110-02', pg_temp.event('H-3', '{"newInstCondID": 1}'), who => '@2'));
-- nobody, and nobody with a grant
SELECT * FROM pg_temp.frame(pg_temp.report('362200', pg_temp.event('H-4'), who => '@9'));
SELECT * FROM pg_temp.frame(pg_temp.report('nogrant', pg_temp.event('H-4'), who => '@3'));
SELECT * FROM pg_temp.frame(citybigdata.rest_event_report('r', NULL, NULL, 'none', NULL, '362200', 'UP_REC_REPORT', '{}', NULL, NULL, NULL));
-- hostile JSON: 4xx with a position, never an error
SELECT * FROM pg_temp.faults(pg_temp.report('362200', '{"eventDesc":"a"'));
SELECT * FROM pg_temp.faults(pg_temp.report('362200', ''));
SELECT * FROM pg_temp.faults(pg_temp.report('362200', '[1]'));
SELECT * FROM pg_temp.faults(pg_temp.report('362200', '{"a":1,"a":2}'));
SELECT * FROM pg_temp.faults(pg_temp.report('362200', '{"a":"\u0000"}'));
SELECT * FROM pg_temp.faults(pg_temp.report('362200', '{"a":"\udc00"}'));
SELECT * FROM pg_temp.faults(pg_temp.report('362200', '{"a":"\x"}'));
SELECT * FROM pg_temp.faults(pg_temp.report('362200', '{"a":' || E'"\t"}'));
SELECT * FROM pg_temp.faults(pg_temp.report('362200', '{"a":Infinity}'));
SELECT * FROM pg_temp.faults(pg_temp.report('362200', repeat('{"a":', 50000)));
SELECT * FROM pg_temp.faults(pg_temp.report('362200', '[' || repeat('1,', 60000) || '1]'));
SELECT * FROM pg_temp.faults(pg_temp.report('362200', pg_temp.event('H-5', '{}') || ' x'));
SELECT * FROM pg_temp.faults(pg_temp.report('362200', replace(pg_temp.event('H-5'), '448400.5', '1e400')));
SELECT * FROM pg_temp.faults(pg_temp.report('362200', replace(pg_temp.event('H-5'), '448400.5', '"NaN"')));
SELECT * FROM pg_temp.faults(pg_temp.report('362200', pg_temp.event('H-5', '{"e": 1}') || ''));
SELECT * FROM pg_temp.faults(pg_temp.report('362200', replace(pg_temp.event('H-5', '{"zz": 7}'), '"zz": 7', '"zz": 1e999999')));
SELECT * FROM pg_temp.faults(pg_temp.report('362200', replace(pg_temp.event('H-5', '{"zz": 7}'), '"zz": 7', '"zz": [1e-999999]')));
SELECT * FROM pg_temp.faults(pg_temp.report('362200', pg_temp.event('H-5', jsonb_build_object('zz', repeat('x', 70000)))));
SELECT status, code, pointer FROM pg_temp.faults(pg_temp.report('362200', pg_temp.event('H-5', jsonb_build_object('eventDesc', repeat('长', 3000000)))));
-- dryRun: the same judgement, nothing stored
SELECT status, data->'dryRun' AS dry FROM pg_temp.frame(pg_temp.report('362200', pg_temp.event('D-1'), dry => true));
SELECT * FROM pg_temp.faults(pg_temp.report('362200', pg_temp.event('D-1', '{"cellphone":"1"}'), dry => true));
SELECT count(*) FROM citybigdata.event WHERE other_task_num IN ('D-1', 'H-2', 'H-4') AND sender_code = '362200';
-- Idempotency-Key: the first reply again; another body; a key is the application's own
CREATE TEMP TABLE keyed AS SELECT * FROM pg_temp.frame(pg_temp.report('362200', pg_temp.event('K-1'), key => 'key-1'));
SELECT status FROM keyed;
SELECT r.status, r.data = k.data AS first_reply FROM keyed k, pg_temp.frame(pg_temp.report('362200', pg_temp.event('K-1'), key => 'key-1')) r;
SELECT * FROM pg_temp.faults(pg_temp.report('362200', pg_temp.event('K-2'), key => 'key-1'));
SELECT status FROM pg_temp.frame(pg_temp.report('120110-02', pg_temp.event('K-2'), key => 'key-1', who => '@2'));
SELECT * FROM pg_temp.faults(pg_temp.report('362200', pg_temp.event('K-2'), key => repeat('k', 256)));
-- the path of deployed senders: egova whoever calls; no credential, but the sender's address
SELECT status FROM pg_temp.frame(citybigdata.rest_event_upstream('r', '192.0.2.9', NULL, 'bearer', pg_temp.token('@2'), '120110-02', 'UP_REC_REPORT', pg_temp.event('U-1', '{"maxTypeCode":"1"}')));
SELECT status FROM pg_temp.frame(citybigdata.rest_event_upstream('r', '192.0.2.2', NULL, 'none', NULL, '120110-02', 'UP_REC_REPORT', pg_temp.event('U-2')));
SELECT status, data FROM pg_temp.frame(citybigdata.rest_event_upstream('r', '192.0.2.1', NULL, 'none', NULL, '120110-02', 'UP_REC_REPORT', pg_temp.event('U-3')));
SELECT status, data FROM pg_temp.frame(citybigdata.rest_event_upstream('r', '192.0.2.2', NULL, 'none', NULL, NULL, 'UP_REC_REPORT', pg_temp.event('U-3')));
SELECT status, data FROM pg_temp.frame(citybigdata.rest_event_upstream('r', '192.0.2.3', NULL, 'none', NULL, 'nogrant', 'UP_REC_REPORT', pg_temp.event('U-3')));

-- one case
CREATE FUNCTION pg_temp.get(task text, who text DEFAULT '@1', time_format text DEFAULT NULL, crs text DEFAULT NULL) RETURNS bytea LANGUAGE sql AS $$
SELECT citybigdata.rest_event_get('req-2', '192.0.2.9', NULL, 'bearer', pg_temp.token(who), task, time_format, crs) $$;
SELECT status FROM pg_temp.frame(pg_temp.report('362200', pg_temp.event('G-1', '{"streetName":"东华门街道","medias":[{"mediaName":"a \"1\".jpg","mediaURL":"https://example.org/a.jpg","mediaUsage":"上报","mediaType":"jpg"}]}')));
CREATE TEMP TABLE g AS SELECT * FROM citybigdata.event WHERE other_task_num = 'G-1';
INSERT INTO citybigdata.event_step SELECT rec_id, 1, '2024-01-31 09:00:00+08', 'accept', 1, 3, '受理员', E'转\n办' FROM g;
SELECT reply.unguarded('UPDATE citybigdata.event e SET state = 3, step_count = 1 FROM g WHERE e.rec_id = g.rec_id');
SELECT f.status, f.audit, f.data - 'recID' - 'taskNum' - 'receiveTime' - ARRAY['deadline', 'warningTime', 'remaining'] - 'longitude' - 'latitude' - 'warnings' - 'codeTables' AS data FROM g, pg_temp.frame(pg_temp.get(g.task_num)) f;
SELECT f.data->>'taskNum' = g.task_num AS task_num, (f.data->>'recID')::int = g.rec_id AS rec_id, f.data->>'receiveTime' ~ '^\d{14}$' AS received,
       abs((f.data->>'longitude')::float8 - ST_X(g.geom)) < 1e-12 AS longitude, abs((f.data->>'latitude')::float8 - ST_Y(g.geom)) < 1e-12 AS latitude,
       jsonb_typeof(f.data->'warnings') AS warnings FROM g, pg_temp.frame(pg_temp.get(g.task_num)) f;
-- the tables that are named are there, and so are the fields
SELECT count(*) AS named, bool_and(t.address = '/api/v1/divisions/{code}' OR EXISTS (SELECT FROM citybigdata.code_table c WHERE t.address = '/api/v1/code-tables/' || c.name)) AS there,
       bool_and(f.data ? t.field OR f.data->'medias'->0 ? t.field OR f.data->'steps'->0 ? t.field) AS fields
FROM g, pg_temp.frame(pg_temp.get(g.task_num)) f, jsonb_each_text(f.data->'codeTables') t (field, address);
-- the order of the members is the printed one
SELECT string_agg(k, ' ' ORDER BY n) FROM g, json_object_keys(reply.data(pg_temp.get(g.task_num))::json) WITH ORDINALITY k (k, n);
SELECT f.data->'createTime' AS unix, f.data->'steps'->0->'time' AS step FROM g, pg_temp.frame(pg_temp.get(g.task_num, time_format => 'unix')) f;
SELECT round((f.data->>'longitude')::numeric, 3) AS x, round((f.data->>'latitude')::numeric, 3) AS y FROM g, pg_temp.frame(pg_temp.get(g.task_num, crs => 'EPSG:4548')) f;
SELECT round(((f.data->>'longitude')::float8 - ST_X(g.geom))::numeric, 3) AS gcj, round(((b.data->>'longitude')::float8 - ST_X(g.geom))::numeric, 3) AS bd
FROM g, pg_temp.frame(pg_temp.get(g.task_num, crs => 'GCJ02')) f, pg_temp.frame(pg_temp.get(g.task_num, crs => 'bd09')) b;
SELECT f.* FROM g, pg_temp.faults(pg_temp.get(g.task_num, time_format => 'iso', crs => 'EPSG:x')) f;
SELECT f.* FROM g, pg_temp.faults(pg_temp.get(g.task_num, crs => 'EPSG:999999')) f;
-- wrong numbers: 404 with nothing in it
SELECT f.* FROM g, pg_temp.frame(pg_temp.get(left(task_num, -1) || CASE right(task_num, 1) WHEN 'A' THEN 'B' ELSE 'A' END)) f;
SELECT f.* FROM pg_temp.frame(pg_temp.get('')) f;
SELECT f.* FROM pg_temp.frame(pg_temp.get(NULL)) f;
SELECT f.* FROM pg_temp.frame(pg_temp.get(repeat('9', 100000))) f;
-- a grant reads every case; without one only those of the own senders
SELECT f.status, f.data->>'otherTaskNum' AS found FROM g, pg_temp.frame(pg_temp.get(g.task_num, '@2')) f;
SELECT f.status, f.data FROM g, pg_temp.frame(pg_temp.get(g.task_num, '@3')) f;
UPDATE citybigdata.event e SET sender_code = 'nogrant' FROM g WHERE e.rec_id = g.rec_id;
SELECT f.status, f.data->>'otherTaskNum' AS found FROM g, pg_temp.frame(pg_temp.get(g.task_num, '@3')) f;
SELECT f.status, f.data FROM g, pg_temp.frame(pg_temp.get(g.task_num, '@9')) f;

-- by the sender's number
CREATE FUNCTION pg_temp.find(number text, sender text DEFAULT NULL, who text DEFAULT '@1', since text DEFAULT NULL) RETURNS bytea LANGUAGE sql AS $$
SELECT citybigdata.rest_event_find('req-3', '192.0.2.9', NULL, 'bearer', pg_temp.token(who), number, sender, since, NULL, NULL) $$;
SELECT f.status, f.audit, jsonb_array_length(f.data->'items') AS items, f.data->'items'->0->>'senderCode' AS sender FROM pg_temp.frame(pg_temp.find('H-1')) f;
SELECT f.status, f.data->'items'->0->>'senderCode' AS sender FROM pg_temp.frame(pg_temp.find('K-2', '120110-02')) f;
SELECT f.status, f.data->'items'->0->>'senderCode' AS sender FROM pg_temp.frame(pg_temp.find('G-1', who => '@3')) f;
SELECT f.* FROM pg_temp.frame(pg_temp.find('H-1', '362200', '@3')) f;
SELECT f.* FROM pg_temp.frame(pg_temp.find('H-1', who => '@2')) f;
SELECT f.* FROM pg_temp.frame(pg_temp.find('nothing')) f;
SELECT f.* FROM pg_temp.faults(pg_temp.find(NULL)) f;
-- since: what was written from then on, and where to go on
SELECT f.status, f.audit, jsonb_path_query_array(f.data, '$.items[*].otherTaskNum') AS items, f.data->>'nextSince' ~ '^\d{14}$' AS next
FROM pg_temp.frame(pg_temp.find(NULL, since => '20240101000000', who => '@2')) f;
SELECT f.status, f.data FROM pg_temp.frame(pg_temp.find(NULL, since => '29990101000000')) f;
SELECT f.status, jsonb_array_length(f.data->'items') > 3 AS items FROM pg_temp.frame(pg_temp.find(NULL, since => '1704067200')) f;
SELECT f.status, jsonb_array_length(f.data->'items') > 3 AS items FROM pg_temp.frame(pg_temp.find(NULL, '362200', since => '1704067200', who => '@2')) f;
SELECT f.status, f.data->'items' AS items FROM pg_temp.frame(pg_temp.find(NULL, '362200', since => '1704067200', who => '@3')) f;
SELECT s, f.* FROM unnest(ARRAY['x', '20260230000000', '1767225600000', '-1', '']) s, pg_temp.faults(pg_temp.find(NULL, since => s)) f;
SELECT f.* FROM pg_temp.faults(pg_temp.find('H-1', since => '20240101000000')) f;
-- pages end with a whole second; following nextSince to the end gives every event, none twice when they are old enough
INSERT INTO citybigdata.event (rec_id, task_num, sender_code, other_task_num, event_desc, address, geom, coordinate_x, coordinate_y, event_src_id, rec_type_id,
    event_type_code, create_time, receive_time, update_time, content_digest)
SELECT 2000000000 + n, 't' || n, 'nogrant', 'P-' || n, 'x', 'x', 'SRID=4490;POINT(116 40)', 0, 0, 1, 1, '6', t, t, t, sha256('')
FROM generate_series(1, 900) n, LATERAL (SELECT '2024-01-31 08:00:00+08'::timestamptz + least(n / 100, 6) * interval '0.9 s' AS t) t;
WITH RECURSIVE page (n, data) AS (
    SELECT 1, (pg_temp.frame(pg_temp.find(NULL, since => '20240101000000', who => '@3'))).data
    UNION ALL SELECT n + 1, (pg_temp.frame(pg_temp.find(NULL, since => data->>'nextSince', who => '@3'))).data FROM page
    WHERE n < 20 AND jsonb_array_length(data->'items') > 1)
SELECT count(*) FILTER (WHERE number LIKE 'P-%') AS items, count(DISTINCT number) FILTER (WHERE number LIKE 'P-%') AS events, max(n) BETWEEN 4 AND 9 AS pages
FROM page, jsonb_path_query(data, '$.items[*].otherTaskNum') i, LATERAL (SELECT i #>> '{}' AS number) x;
SELECT reply.unguarded('DELETE FROM citybigdata.event WHERE rec_id > 2000000000');
-- more than the largest page (25,000) in one second: nextSince is a place within it, and nothing stands still
SELECT s, f.* FROM unnest(ARRAY['20240131080000_', '20240131080000_1', '20240131080000_1000000_1', '20240131080000_1_2147483648', '20240131080000_1_-1', '20240131080000_1_1_1', '_1_1']) s, pg_temp.faults(pg_temp.find(NULL, since => s)) f;
BEGIN;
INSERT INTO citybigdata.event (rec_id, task_num, sender_code, other_task_num, event_desc, address, geom, coordinate_x, coordinate_y, event_src_id, rec_type_id,
    event_type_code, create_time, receive_time, update_time, content_digest)
SELECT 2000000000 + n, 't' || n, 'nogrant', 'P-' || n, 'x', 'x', 'SRID=4490;POINT(116 40)', 0, 0, 1, 1, '6', t, t, t, sha256('')
FROM generate_series(1, 26010) n, LATERAL (SELECT '2024-01-31 08:00:00+08'::timestamptz + (n % 13) * interval '0.05 s' + n / 26001 * interval '5 s' AS t) t;
CREATE TEMP TABLE walked (n int, next text, numbers text[]) ON COMMIT DROP;
DO $$
DECLARE
    next text := '20240131000000';
    data jsonb;
BEGIN
    FOR i IN 1..6 LOOP
        data := (pg_temp.frame(pg_temp.find(NULL, since => next, who => '@3'))).data;
        next := data ->> 'nextSince';
        INSERT INTO walked SELECT i, next, ARRAY(SELECT jsonb_path_query(data, '$.items[*].otherTaskNum') #>> '{}');
    END LOOP;
END $$;
SELECT n, cardinality(numbers) AS items, CASE WHEN next > '20240131080006' THEN '(later)' ELSE next END AS next FROM walked WHERE n <= 2 ORDER BY n;
SELECT count(*) FILTER (WHERE number LIKE 'P-%') AS items, count(DISTINCT number) FILTER (WHERE number LIKE 'P-%') AS events FROM walked, unnest(numbers) number;
SELECT (pg_temp.frame(citybigdata.rest_event_find('req-3', '192.0.2.9', NULL, 'bearer', pg_temp.token('@3'), NULL, NULL, '1706659199', 'unix', NULL))).data ->> 'nextSince' AS unix;
ROLLBACK;
-- housekeeping: a key of yesterday leaves, one of today stays
INSERT INTO citybigdata.event_idempotency (app_id, key, body_digest, data, created_at)
SELECT min(app_id), k.key, sha256(''), '{}', k.at FROM citybigdata.application, (VALUES ('old', now() - interval '25 hours'), ('new', now() - interval '23 hours')) k (key, at)
GROUP BY k.key, k.at;
SELECT citybigdata.maintain() @> '{"idempotencyKeysRemoved": 1}' AS one_key;
DELETE FROM citybigdata.event_idempotency WHERE key IN ('old', 'new') RETURNING key;
-- the bridge's role may call them, and touch nothing
SET ROLE citybigdata_bridge;
SELECT reply.outcome(citybigdata.rest_event_get('r', NULL, NULL, 'none', NULL, 'x', NULL, NULL));
SELECT count(*) FROM citybigdata.event;
SELECT citybigdata.validate_event('{}'::json);
RESET ROLE;
-- every outcome left its audit row, reads that succeeded excepted: their record went with the frame
SELECT action, status_code, count(*) FROM citybigdata.audit_log WHERE action LIKE 'event.%' AND request_id IN ('req-1', 'req-2', 'req-3', 'r') GROUP BY 1, 2 ORDER BY 1, 2;
