-- Archive: closed cases move, are still read, answer repeats, are erased and encrypted like others, and leave after their retention.
\set SHOW_CONTEXT never
\pset null '(null)'
SET citybigdata.time_zone = 'Asia/Shanghai';
SET timezone = 'Asia/Shanghai';
CREATE FUNCTION pg_temp.event(number text, change jsonb DEFAULT '{}') RETURNS json LANGUAGE sql AS $$ SELECT (jsonb_strip_nulls(jsonb_build_object(
    'eventDesc', '井盖破损', 'otherTaskNum', number, 'address', '东华门大街1号', 'coordinateX', 448400.5, 'coordinateY', 4418600.25,
    'eventSrcID', 1, 'recTypeID', 1, 'eventLevelID', 1, 'eventTypeCode', '6', 'createTime', '20190131083000') || change))::json $$;
-- the tables have the columns of those that they are filled from
SELECT t.name, (SELECT string_agg(a.attname || ' ' || a.atttypid::regtype || ' ' || a.attnotnull, ',' ORDER BY a.attnum) FROM pg_attribute a
                WHERE a.attrelid = ('citybigdata.' || t.name)::regclass AND a.attnum > 0 AND NOT a.attisdropped)
             = (SELECT string_agg(a.attname || ' ' || a.atttypid::regtype || ' ' || a.attnotnull, ',' ORDER BY a.attnum) FROM pg_attribute a
                WHERE a.attrelid = ('citybigdata.' || t.name || '_archive')::regclass AND a.attnum > 0 AND NOT a.attisdropped) AS same
FROM unnest(ARRAY['event', 'event_media', 'event_step', 'case_clock', 'case_clock_stop', 'case_request']) t (name);
INSERT INTO citybigdata.event_staging (data, state, receive_time, closed_time, steps) VALUES
    (pg_temp.event('A-1', '{"humanName": "赵归档", "cellphone": "13700137000", "mediaNum": 1, "medias": [{"mediaName": "a.png", "mediaUsage": "上报", "mediaType": "IMAGE", "content": "iVBORw0KGgo="}]}'),
     6, '2019-01-31 08:31', '2019-02-01 10:00', '[{"time": "20190131090000", "action": "close", "fromState": 1, "toState": 6, "by": "李值班", "note": "电话13700137000已回复赵归档"}]'),
    (pg_temp.event('A-2'), 7, '2019-01-31 08:31', '2020-02-01 10:00', NULL),
    (pg_temp.event('A-3'), 6, '2019-01-31 08:31', '2021-02-01 10:00', NULL),
    (pg_temp.event('A-4'), 3, '2019-01-31 08:31', NULL, NULL),
    (pg_temp.event('A-5'), 6, '2019-01-31 08:31', '2019-02-02 10:00', NULL);
SELECT loaded FROM citybigdata.load_events(sender => 'arch-1', profile => 'strict');
CREATE TEMP TABLE numbers AS SELECT other_task_num AS number, rec_id, task_num, update_time FROM citybigdata.event WHERE sender_code = 'arch-1';
GRANT SELECT ON numbers TO PUBLIC;
-- A-5 still waits for an appeal
INSERT INTO citybigdata.case_request (rec_id, kind, asked_at) SELECT rec_id, 'appeal', now() FROM numbers WHERE number = 'A-5';
INSERT INTO citybigdata.case_request (rec_id, kind, asked_at, state, decided_at, reason) SELECT rec_id, 'appeal', now(), 'refused', now(), '赵归档来电' FROM numbers WHERE number = 'A-1';
-- two applications: one reads every case, one only those of its sender
INSERT INTO citybigdata.account (user_name, password_digest, organization, contact_name, mobile, state)
VALUES ('archive.test', '$2a$10$' || repeat('x', 53), '测试单位', '李四', '13800138000', 'active');
INSERT INTO citybigdata.application (app_code, account_id, methods, ip_ranges, profile, level)
SELECT a.code, account_id, '{ip}', '{192.0.2.0/24}', 'strict', 3 FROM citybigdata.account, (VALUES ('11000088000001X'), ('11000088000002X')) a (code) WHERE user_name = 'archive.test';
INSERT INTO citybigdata.app_grant (app_id, resource, level, granted_by)
SELECT app_id, r, 3, 'test' FROM citybigdata.application, unnest('{events,cases}'::text[]) r WHERE app_code = '11000088000001X' OR app_code = '11000088000002X' AND r = 'events';
INSERT INTO citybigdata.sender (sender_code, app_id) SELECT s, app_id FROM citybigdata.application, unnest('{arch-1}'::text[]) s WHERE app_code = '11000088000001X';
INSERT INTO citybigdata.access_token (token_digest, app_id, account_id, issued_at, expires_at)
SELECT sha256(convert_to('token!' || app_code, 'UTF8')), app_id, account_id, now(), now() + interval '1 hour' FROM citybigdata.application WHERE app_code LIKE '11000088%';
CREATE FUNCTION pg_temp.token(code text) RETURNS bytea LANGUAGE sql AS $$ SELECT sha256(convert_to('token!' || code, 'UTF8')) $$;
CREATE FUNCTION pg_temp.get(number text, path jsonpath DEFAULT '$.taskNum', app text DEFAULT '11000088000001X') RETURNS text LANGUAGE sql AS $$
    SELECT reply.status(r) || coalesce(' ' || jsonb_path_query_first(nullif(reply.data(r), '')::jsonb, path)::text, '')
    FROM citybigdata.rest_event_get('req', '192.0.2.9', NULL, 'bearer', pg_temp.token(app), (SELECT n.task_num FROM numbers n WHERE n.number = get.number), NULL, NULL) r $$;
CREATE TEMP TABLE shown AS SELECT pg_temp.get('A-1', '$') AS reply;
SELECT count(*) FROM citybigdata.archive_events(now(), 0);
SELECT count(*) FROM citybigdata.archive_events(NULL);
-- oldest first, in portions
CREATE TEMP TABLE before AS SELECT to_jsonb(e) AS event, (SELECT jsonb_agg(to_jsonb(m)) FROM citybigdata.event_media m WHERE m.rec_id = e.rec_id) AS media,
    (SELECT jsonb_agg(to_jsonb(s)) FROM citybigdata.event_step s WHERE s.rec_id = e.rec_id) AS steps FROM citybigdata.event e WHERE e.other_task_num = 'A-1' AND e.sender_code = 'arch-1';
SELECT citybigdata.archive_events('2020-06-01', 1) AS moved;
SELECT citybigdata.archive_events('2020-06-01') AS moved;
SELECT citybigdata.archive_events('2020-06-01') AS moved;
SELECT n.number, e.rec_id IS NOT NULL AS live, a.rec_id IS NOT NULL AS archived, k.task_num = n.task_num AS key, k.purged_at, a.update_time = n.update_time AS untouched
FROM numbers n LEFT JOIN citybigdata.event e USING (rec_id) LEFT JOIN citybigdata.event_archive a USING (rec_id) LEFT JOIN citybigdata.event_archive_key k USING (rec_id) ORDER BY 1;
SELECT b.event = to_jsonb(a) AS event, b.media = (SELECT jsonb_agg(to_jsonb(m)) FROM citybigdata.event_media_archive m WHERE m.rec_id = a.rec_id) AS media,
    b.steps = (SELECT jsonb_agg(to_jsonb(s)) FROM citybigdata.event_step_archive s WHERE s.rec_id = a.rec_id) AS steps,
    (SELECT array_agg(q.reason) FROM citybigdata.case_request_archive q WHERE q.rec_id = a.rec_id) AS requests
FROM before b, citybigdata.event_archive a WHERE a.other_task_num = 'A-1';
SELECT count(*) AS left_behind FROM numbers n WHERE n.number IN ('A-1', 'A-2') AND (EXISTS (SELECT FROM citybigdata.event_media m WHERE m.rec_id = n.rec_id)
    OR EXISTS (SELECT FROM citybigdata.event_step s WHERE s.rec_id = n.rec_id) OR EXISTS (SELECT FROM citybigdata.case_request q WHERE q.rec_id = n.rec_id));
SELECT action, status_code, detail FROM citybigdata.audit_log WHERE action = 'event.archive' AND detail LIKE '%2020%' ORDER BY detail, audit_id LIMIT 1;
-- archived rows are kept like those at work, also from a superuser
DELETE FROM citybigdata.event_archive;
UPDATE citybigdata.event_step_archive SET note = 'x';
TRUNCATE citybigdata.event_archive_key;
-- it is read as before, with media and steps, by who may; found by the sender's number; and stays in the feed
SELECT regexp_replace(pg_temp.get('A-1', '$'), '"url": "[^"]*"', '') = regexp_replace(s.reply, '"url": "[^"]*"', '') AS same, pg_temp.get('A-1', '$.medias.size()') AS medias, pg_temp.get('A-1', '$.steps[0].note') AS note FROM shown s;
SELECT pg_temp.get('A-1', app => '11000088000002X') AS other_application;
SELECT jsonb_path_query_array(reply.data(citybigdata.rest_event_find('req', '192.0.2.9', NULL, 'bearer', pg_temp.token('11000088000001X'), 'A-2', NULL, NULL, NULL, NULL))::jsonb, '$.items[*].otherTaskNum') AS found;
SELECT count(*) AS in_feed FROM jsonb_path_query(reply.data(citybigdata.rest_event_find('req', '192.0.2.9', NULL, 'bearer', pg_temp.token('11000088000001X'), NULL, 'arch-1', '20000101000000', NULL, NULL))::jsonb,
    '$.items[*] ? (@.otherTaskNum starts with "A-")') i;
SELECT citybigdata.media_url('11000088000001X', rec_id, 1, interval '1 minute') IS NOT NULL AS media_url FROM numbers WHERE number = 'A-1';
-- a repeat gets its first answer, other content a conflict, by reports and by loads; no recID is used up
SELECT r.status_code, r.rec_id = n.rec_id AS first_id, r.task_num = n.task_num AS first_number FROM numbers n, citybigdata.report_event('arch-1', pg_temp.event('A-2')) r WHERE n.number = 'A-2';
SELECT r.status_code, r.rec_id = n.rec_id AS first_id FROM numbers n, citybigdata.report_event('arch-1', pg_temp.event('A-2', '{"address": "别处"}')) r WHERE n.number = 'A-2';
INSERT INTO citybigdata.event_staging (data) VALUES (pg_temp.event('A-2')), (pg_temp.event('A-2', '{"address": "别处"}'));
SELECT loaded, repeated, rejected FROM citybigdata.load_events(sender => 'arch-1', profile => 'strict');
-- settings decide what maintain() moves
SELECT * FROM citybigdata.maintain_archive();
SET citybigdata.archive_after_days = 365;
SELECT * FROM citybigdata.maintain_archive();
RESET citybigdata.archive_after_days;
SELECT count(*) FROM citybigdata.event WHERE sender_code = 'arch-1';
-- erasing a person reaches the archive; the repeat is a conflict then
SELECT citybigdata.erase_person('13700137000', '本人申请', '赵归档') - 'mediaToReview' AS counted;
SELECT citybigdata.erase_person('13700137000', '本人申请', '赵归档', dry_run => false) -> 'archivedEvents' AS erased;
SELECT e.human_name, e.cellphone, s.note, q.reason, e.content_digest = k.content_digest AS digest, e.update_time > n.update_time AS in_feed
FROM numbers n JOIN citybigdata.event_archive e USING (rec_id) JOIN citybigdata.event_step_archive s USING (rec_id) JOIN citybigdata.case_request_archive q USING (rec_id)
     JOIN citybigdata.event_archive_key k USING (rec_id) WHERE n.number = 'A-1';
-- refused lines and those that wait are the person's too
INSERT INTO citybigdata.event_staging (data) VALUES ('{"cellphone": "13700137000"}');
SELECT rejected FROM citybigdata.load_events(sender => 'arch-1', profile => 'strict');
INSERT INTO citybigdata.event_staging (data) VALUES ('{"cellphone": "13700137000"}');
SELECT r -> 'refusedRecords' AS refused, r -> 'stagedRecords' AS staged FROM citybigdata.erase_person('13700137000', '本人申请', dry_run => false) r;
SELECT (SELECT count(*) FROM citybigdata.event_staging) AS staged, (SELECT count(*) FROM citybigdata.event_load_reject WHERE data ~ '13700137000') AS refused;
-- rights: analysts read the same columns as of the tables, and nobody but the system administrator moves
SELECT string_agg(t.name, ' ' ORDER BY t.name) FROM unnest(ARRAY['event', 'event_media', 'event_step']) t (name)
WHERE (SELECT array_agg(a.attname ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = ('citybigdata.' || t.name)::regclass AND a.attnum > 0 AND has_column_privilege('citybigdata_analyst', a.attrelid, a.attnum, 'SELECT'))
    = (SELECT array_agg(a.attname ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = ('citybigdata.' || t.name || '_archive')::regclass AND a.attnum > 0 AND has_column_privilege('citybigdata_analyst', a.attrelid, a.attnum, 'SELECT'));
SET ROLE citybigdata_analyst;
SELECT other_task_num FROM citybigdata.event_archive WHERE sender_code = 'arch-1' ORDER BY 1;
SELECT cellphone FROM citybigdata.event_archive;
SELECT citybigdata.archive_events(now());
SELECT citybigdata.purge_archive(now());
SET ROLE citybigdata_sysadmin;
SELECT citybigdata.archive_events('2000-01-01'), citybigdata.purge_archive('2000-01-01');
RESET ROLE;
-- purge: the case goes, the key and its answer stay
SELECT citybigdata.purge_archive('2020-06-01', 1) AS removed;
SET citybigdata.archive_retention_days = 365;
SELECT * FROM citybigdata.maintain_archive();
RESET citybigdata.archive_retention_days;
SELECT n.number, e.rec_id IS NOT NULL AS archived, k.purged_at IS NOT NULL AS purged FROM numbers n LEFT JOIN citybigdata.event_archive e USING (rec_id) LEFT JOIN citybigdata.event_archive_key k USING (rec_id) ORDER BY 1;
SELECT (SELECT count(*) FROM citybigdata.event_media_archive JOIN numbers USING (rec_id)), (SELECT count(*) FROM citybigdata.event_step_archive JOIN numbers USING (rec_id)),
       (SELECT count(*) FROM citybigdata.case_request_archive JOIN numbers USING (rec_id));
SELECT r.status_code, r.rec_id = n.rec_id AS first_id FROM numbers n, citybigdata.report_event('arch-1', pg_temp.event('A-2')) r WHERE n.number = 'A-2';
SELECT pg_temp.get('A-2', '$') AS gone, pg_temp.get('A-2', '$', '11000088000002X') AS not_seen, pg_temp.get('A-4', '$.state') AS live;
SELECT detail FROM citybigdata.audit_log WHERE action = 'event.purge' AND detail LIKE '%2020%' ORDER BY audit_id LIMIT 1;
SELECT (citybigdata.maintain() - 'x') ?& ARRAY['eventsArchived', 'eventsPurged', 'loadRowsRemoved'] AS told;
DELETE FROM citybigdata.case_request q USING numbers n WHERE q.rec_id = n.rec_id;
