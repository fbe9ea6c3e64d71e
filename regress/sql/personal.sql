-- Personal data: how long refused and staged records stay, and what is erased on a person's request.
\set SHOW_CONTEXT never
\set VERBOSITY terse
SELECT name, setting, min_val FROM pg_settings WHERE name ~ '^citybigdata.*(reject|staging)_retention' ORDER BY 1;
CREATE SCHEMA personal;
CREATE TABLE personal.lamp (code text PRIMARY KEY, power integer);
SELECT citybigdata.define_dataset('personal-lamps', 'personal.lamp');
SELECT accepted, rejected FROM citybigdata.ingest('personal-lamps', '[{"code": "1", "power": "x"}, {"code": "2", "power": "y"}, {"code": "3", "power": 1}]');
SELECT accepted, rejected FROM citybigdata.ingest('personal-lamps', '[{"code": "4", "power": "z"}]');
CREATE TEMP TABLE batch AS SELECT batch_id, row_number() OVER (ORDER BY batch_id) AS n FROM citybigdata.ingest_batch WHERE dataset_code = 'personal-lamps';
UPDATE citybigdata.ingest_batch b SET ingested_at = now() - interval '91 days' FROM batch WHERE b.batch_id = batch.batch_id AND n = 1;
INSERT INTO citybigdata.ingest_staging (dataset_code, record, staged_at) SELECT 'personal-lamps', '{}', now() - make_interval(days => d) FROM unnest(ARRAY[8, 7, 6]) d;
BEGIN;
SET LOCAL citybigdata.reject_retention_days = 0;
SET LOCAL citybigdata.staging_retention_days = 0;
SELECT citybigdata.expire_ingested() AS kept;
COMMIT;
SELECT citybigdata.expire_ingested(1) = 2 AS one_of_each;
SET ROLE citybigdata_sysadmin;
SELECT (citybigdata.maintain() ->> 'ingestRowsRemoved')::int >= 1 AS by_maintain;
RESET ROLE;
SELECT n, count(reject_id) AS rejects, rejected FROM batch JOIN citybigdata.ingest_batch USING (batch_id) LEFT JOIN citybigdata.ingest_reject USING (batch_id) GROUP BY 1, 3 ORDER BY 1;
SELECT min(staged_at) > now() - interval '7 days' AS none_older, count(*) >= 1 AS the_newest_stays FROM citybigdata.ingest_staging;
INSERT INTO citybigdata.ingest_staging (dataset_code, record, staged_at) VALUES ('x', '{}', now());
SET ROLE citybigdata_analyst;
INSERT INTO citybigdata.ingest_staging (dataset_code, record, staged_at) VALUES ('x', '{}', 'infinity');
RESET ROLE;
DELETE FROM citybigdata.ingest_staging WHERE dataset_code IN ('x', 'personal-lamps');
DELETE FROM citybigdata.ingest_reject USING batch WHERE ingest_reject.batch_id = batch.batch_id;
DROP SCHEMA personal CASCADE;
-- A person's data on request: the cases stay.
CREATE FUNCTION pg_temp.report(number text, change jsonb) RETURNS text LANGUAGE sql AS $$
    SELECT e.status_code || coalesce(e.errors::text, '') FROM citybigdata.report_event('erase-1', (jsonb_build_object('eventDesc', '井盖破损', 'otherTaskNum', number, 'address', '东华门大街1号',
        'coordinateX', 448400.5, 'coordinateY', 4418600.25, 'eventSrcID', 1, 'recTypeID', 1, 'eventLevelID', 1, 'eventTypeCode', '6', 'createTime', '20240131083000') || change)::json, 'egova') e $$;
SELECT pg_temp.report('E-1', '{"humanName": "王小明", "cellphone": "13900139001", "eventDesc": "王小明报告：井盖破损，请回电139-0013-9001", "reporterTel": 13900139001, "source": "app",
    "mediaNum": 1, "medias": [{"mediaName": "13900139001.jpg", "mediaType": "IMAGE", "mediaUsage": "上报", "mediaURL": "https://example.com/1.jpg"}]}') AS reporter,
    pg_temp.report('E-2', '{"humanName": "李四", "cellphone": "13900139002", "eventDesc": "联系+86 １３９００１３９００１，不是139001390012"}') AS mentioned,
    pg_temp.report('E-3', '{"humanName": "李四", "cellphone": "13900139002"}') AS other;
INSERT INTO citybigdata.event_step (rec_id, step_no, step_time, action, from_state, to_state, step_by, note)
SELECT rec_id, 1, now(), 'accept', 1, 3, '赵五', '已致电13900139001' FROM citybigdata.event WHERE sender_code = 'erase-1' AND other_task_num = 'E-1';
CREATE TEMP TABLE before AS SELECT * FROM citybigdata.event WHERE sender_code = 'erase-1';
CREATE SCHEMA personal;
CREATE TABLE personal.lamp (code text PRIMARY KEY, power integer);
SELECT citybigdata.define_dataset('personal-lamps', 'personal.lamp');
SELECT accepted, rejected FROM citybigdata.ingest('personal-lamps', '[{"code": "1", "power": "x", "tel": 13900139001}, {"code": "2", "power": "x", "tel": 139001390013}]');
INSERT INTO citybigdata.ingest_staging (dataset_code, record) VALUES ('personal-lamps', '{"tel": "8613900139001"}'), ('personal-lamps', '{}');
SELECT citybigdata.register_account('erase.closed', 'Long-Enough-1', '某某公司', '王小明', '13900139001') > 0 AS closed, citybigdata.register_account('erase.open', 'Long-Enough-1', '某某公司', '王小明', '13900139001') > 0 AS open;
UPDATE citybigdata.account SET state = 'rejected', review_note = '电话13900139001无人接听' WHERE user_name = 'erase.closed';
CREATE VIEW pg_temp.state AS SELECT e.other_task_num, e.human_name, e.cellphone, e.event_desc, e.ext, m.media_name, s.step_by, s.note, e.content_digest = b.content_digest AS same_digest, e.update_time = b.update_time AS same_time,
    to_jsonb(e) - ARRAY['human_name', 'cellphone', 'event_desc', 'ext', 'content_digest', 'update_time', 'warnings'] = to_jsonb(b) - ARRAY['human_name', 'cellphone', 'event_desc', 'ext', 'content_digest', 'update_time', 'warnings'] AS case_stays
    FROM citybigdata.event e JOIN before b USING (rec_id) LEFT JOIN citybigdata.event_media m USING (rec_id) LEFT JOIN citybigdata.event_step s USING (rec_id);
SET ROLE citybigdata_secadmin;
-- counted, nothing changed
SELECT citybigdata.erase_person('139 0013 9001', '本人申请，电话13900139001') - 'mediaToReview' AS counted;
RESET ROLE;
SELECT count(*) FILTER (WHERE same_digest AND same_time) AS same FROM pg_temp.state;
-- a name narrows it: somebody else has the number too
SET ROLE citybigdata_secadmin;
SELECT citybigdata.erase_person('13900139001', '本人申请', '王大明') - 'mediaToReview' AS another_name;
SELECT citybigdata.erase_person('13900139002', '本人申请', '李四') ->> 'eventsReported' AS this_name;
-- arguments
SELECT citybigdata.erase_person(NULL, 'x') AS nobody;
SELECT citybigdata.erase_person('12345', 'x') AS too_short;
SELECT citybigdata.erase_person('.*', 'x') AS no_phone;
SELECT citybigdata.erase_person('13900139001', ' ') AS no_reason;
SELECT citybigdata.erase_person('13900139001', 'x', '王') AS one_character;
SELECT citybigdata.erase_person(NULL, 'x', '王小明') AS name_alone;
-- a statement of its own, so that its audit row stays
RESET ROLE;
BEGIN;
SET LOCAL citybigdata.own_statement = on;
SELECT citybigdata.erase_person('13900139001', 'x');
ROLLBACK;
SET ROLE citybigdata_secadmin;
SELECT citybigdata.erase_person('13900139001', '本人申请，电话13900139001，王小明', dry_run => false) AS erased \gset
RESET ROLE;
SELECT :'erased'::jsonb - 'mediaToReview' AS erased, :'erased'::jsonb -> 'mediaToReview' = jsonb_build_array(jsonb_build_object('taskNum', task_num, 'media', 1)) AS review FROM before WHERE other_task_num = 'E-1';
SELECT * FROM pg_temp.state ORDER BY 1;
SELECT record FROM citybigdata.ingest_reject r JOIN citybigdata.ingest_batch b USING (batch_id) WHERE b.dataset_code = 'personal-lamps';
SELECT record FROM citybigdata.ingest_staging WHERE dataset_code = 'personal-lamps';
SELECT user_name, contact_name, mobile, state, review_note FROM citybigdata.account WHERE user_name ~ '^erase' ORDER BY 1;
-- the sender's repetition brings nothing back: a conflict
SELECT pg_temp.report('E-1', '{"humanName": "王小明", "cellphone": "13900139001"}') ~ '^40901' AS conflict;
-- nothing of the person is left but what is still open, and the audit log never had it
SET ROLE citybigdata_secadmin;
SELECT citybigdata.erase_person('13900139001', '复核') AS left_over;
RESET ROLE;
UPDATE citybigdata.account SET state = 'revoked' WHERE user_name = 'erase.open';
SELECT citybigdata.erase_person(NULL, '本人申请', user_name => 'Erase.Open', dry_run => false) -> 'accounts' AS by_user_name;
SELECT contact_name, mobile FROM citybigdata.account WHERE user_name = 'erase.open';
SELECT count(*) > 5 AS rows, count(*) FILTER (WHERE concat_ws(' ', object, detail) ~ '13900139001') AS with_number FROM citybigdata.audit_log WHERE action = 'person.erase';
SELECT status_code, detail FROM citybigdata.audit_log WHERE action = 'person.erase' AND detail !~ '^dry' ORDER BY audit_id;
-- who may
SELECT r.rolname FROM pg_roles r WHERE r.rolname ~ '^citybigdata_' AND has_function_privilege(r.oid, 'citybigdata.erase_person(text,text,text,text,boolean)', 'EXECUTE') ORDER BY 1;
-- away
DELETE FROM citybigdata.ingest_staging WHERE dataset_code = 'personal-lamps';
DELETE FROM citybigdata.ingest_reject r USING citybigdata.ingest_batch b WHERE r.batch_id = b.batch_id AND b.dataset_code = 'personal-lamps';
SELECT reply.unguarded($$DELETE FROM citybigdata.event WHERE sender_code = 'erase-1'$$);
DELETE FROM citybigdata.account WHERE user_name ~ '^erase';
DROP SCHEMA personal CASCADE;
-- Name and phone number encrypted by the key file: nothing of them is in the row, and all works as before.
SELECT pg_temp.report('C-1', '{"humanName": "王小明", "cellphone": "13900139001"}') AS clear;
SET citybigdata.encrypt_personal = on;
SELECT pg_temp.report('C-2', '{"humanName": "王小明", "cellphone": "13900139001"}') AS sealed, pg_temp.report('C-3', '{"cellphone": "13900139003"}') AS phone_alone, pg_temp.report('C-4', '{}') AS nobody;
CREATE VIEW pg_temp.stored AS SELECT other_task_num, human_name, cellphone, personal IS NOT NULL AS sealed, length(content_digest) AS digest,
    e::text ~ '王小明|1390013900' OR coalesce(position('1390013900'::bytea IN personal) > 0 OR position(convert_to('小明', 'UTF8') IN personal) > 0, false) AS shown FROM citybigdata.event e WHERE sender_code = 'erase-1';
SELECT * FROM pg_temp.stored ORDER BY 1;
-- repeats and conflicts are told as before
SELECT pg_temp.report('C-2', '{"humanName": "王小明", "cellphone": "13900139001"}') AS repeated, pg_temp.report('C-2', '{"humanName": "王小明", "cellphone": "13900139002"}') ~ '^40901' AS conflict;
-- those of before, in portions
CREATE TEMP TABLE stamps AS SELECT rec_id, update_time FROM citybigdata.event WHERE sender_code = 'erase-1';
SELECT min(rec_id) - 1 AS before FROM stamps \gset
SET citybigdata.encrypt_personal = off;
SELECT citybigdata.encrypt_events();
SET citybigdata.encrypt_personal = on;
SET ROLE citybigdata_sysadmin;
SELECT last - :before AS last, encrypted FROM citybigdata.encrypt_events(:before, 2);
SELECT last - :before AS last, encrypted FROM citybigdata.encrypt_events(:before, 2);
SELECT last, encrypted FROM citybigdata.encrypt_events(:before + 4, 2);
RESET ROLE;
SELECT * FROM pg_temp.stored ORDER BY 1;
SELECT count(*) FILTER (WHERE e.update_time = s.update_time) AS same_time FROM citybigdata.event e JOIN stamps s USING (rec_id);
SELECT pg_temp.report('C-1', '{"humanName": "王小明", "cellphone": "13900139001"}') AS repeated;
-- who may see it, sees it; switched off too
SET citybigdata.encrypt_personal = off;
SET ROLE citybigdata_analyst;
SELECT other_task_num, human_name, cellphone FROM citybigdata.event_masked WHERE sender_code = 'erase-1' ORDER BY 1;
SELECT citybigdata.event_person(rec_id, personal, 'cellphone') FROM citybigdata.event;
SET ROLE citybigdata_analyst_personal;
SELECT other_task_num, human_name, cellphone FROM citybigdata.event_masked WHERE sender_code = 'erase-1' ORDER BY 1;
RESET ROLE;
-- bound to their row: bytes of another event do not open
SELECT citybigdata.event_person(rec_id + 1, personal, 'cellphone') FROM citybigdata.event WHERE sender_code = 'erase-1' AND other_task_num = 'C-2';
-- and are erased
SELECT citybigdata.erase_person('13900139001', '本人申请', '李四') -> 'eventsReported' AS another, citybigdata.erase_person('13900139001', '本人申请', '王小明') -> 'eventsReported' AS this_name;
SELECT citybigdata.erase_person('13900139001', '本人申请', dry_run => false) -> 'eventsReported' AS erased;
SELECT * FROM pg_temp.stored ORDER BY 1;
SELECT reply.unguarded($$DELETE FROM citybigdata.event WHERE sender_code = 'erase-1'$$);
