-- What dump.sh uses the demo database for: rows in every table that can have some. Variables: sender, app, key, first (an event).
\set QUIET on
\o /dev/null
\set ON_ERROR_STOP on
SET citybigdata.own_statement = off; -- expect() raises by what it is given
CREATE FUNCTION pg_temp.expect(seen integer, wanted integer) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF seen IS DISTINCT FROM wanted THEN RAISE EXCEPTION 'status code %, expected %', seen, wanted; END IF;
END
$$;

-- reports: plain, with media and extra keys, repeated, in conflict, refused, in a batch of which one is refused
SELECT pg_temp.expect(r.status_code, 0) FROM citybigdata.report_event(:'sender', :'first'::json, 'egova') r;
SELECT pg_temp.expect(r.status_code, 0) FROM citybigdata.report_event(:'sender', :'first'::json, 'egova') r;
SELECT pg_temp.expect(r.status_code, 40901) FROM citybigdata.report_event(:'sender', jsonb_set(:'first'::jsonb, '{address}', '"别处"')::json, 'egova') r;
SELECT pg_temp.expect(r.status_code, 42200) FROM citybigdata.report_event(:'sender', '{"otherTaskNum":"DUMP-BAD"}'::json, 'egova') r;
SELECT pg_temp.expect(r.status_code, 0) FROM citybigdata.report_event(:'sender', (:'first'::jsonb || jsonb_build_object(
    'otherTaskNum', 'DUMP-2', 'maxTypeCode', '06', 'newInstCondID', 7, 'humanName', '张三', 'cellphone', '13800138000', 'taskNum', 'THEIRS-1',
    'medias', jsonb_build_array(
        jsonb_build_object('mediaName', 'a.png', 'mediaType', 'IMAGE', 'mediaUsage', '上报',
                           'content', 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='),
        jsonb_build_object('mediaName', 'b.jpg', 'mediaType', 'jpg', 'mediaUsage', '核实', 'mediaURL', 'https://city.example/b.jpg', 'content', ''))))::json, 'egova') r;
SELECT pg_temp.expect(count(*) FILTER (WHERE r.status_code = 0)::integer, 20)
FROM citybigdata.report_events(:'sender', (SELECT array_agg((:'first'::jsonb || jsonb_build_object('otherTaskNum', 'DUMP-B' || n,
    'eventDesc', CASE WHEN n = 7 THEN NULL ELSE E'批量 ''"\\\t' || n END))::json) FROM generate_series(1, 21) n), 'egova') r;
INSERT INTO citybigdata.event_step (rec_id, step_no, step_time, action, from_state, to_state, step_by, note)
SELECT rec_id, 1, now(), 'accept', 1, 3, 'admin', '受理' FROM citybigdata.event WHERE other_task_num = 'DUMP-1';

-- history of past years: loaded with its steps, archived, purged but for its key; a refused line, and one that waits
INSERT INTO citybigdata.event_staging (data, closed_time, steps) SELECT (:'first'::jsonb || jsonb_build_object('otherTaskNum', 'DUMP-OLD' || n, 'createTime', '20100102030405', 'medias', jsonb_build_array(
        jsonb_build_object('mediaName', 'c.jpg', 'mediaType', 'IMAGE', 'mediaUsage', '上报', 'mediaURL', 'https://city.example/c.jpg'))))::text, timestamptz '2010-02-01' + n * interval '1 year',
    '[{"time": "20100103030405", "action": "close", "fromState": 5, "toState": 6, "by": "核查员"}]' FROM generate_series(1, 3) n;
INSERT INTO citybigdata.event_staging (data) VALUES ('{"otherTaskNum": "DUMP-OLD-BAD"}');
SELECT pg_temp.expect((l.loaded * 10 + l.rejected)::integer, 31) FROM citybigdata.load_events(sender => :'sender', profile => 'egova') l;
SELECT pg_temp.expect(citybigdata.archive_events('2011-06-01')::integer, 1);
SELECT pg_temp.expect(citybigdata.purge_archive('2011-06-01')::integer, 1);
SELECT pg_temp.expect(citybigdata.archive_events('2012-06-01')::integer, 1);
INSERT INTO citybigdata.event_staging (data) VALUES ('{"otherTaskNum": "DUMP-WAITS"}');
SELECT citybigdata.maintain_words();
SELECT citybigdata.maintain_words();

-- reference data of the site: a new division, a shipped one changed, a boundary, a code table and codes of its own
SELECT citybigdata.load_divisions('[{"code":"110199","name":"新设区"},{"code":"110101","name":"东城区（改）"}]');
SELECT citybigdata.load_code_table('site-table', '[{"code":"a","name":"甲"},{"code":"b","name":"乙","parent":"a"}]', '1', true, 'Site table', '本地代码表');

-- a year and a calendar of the site, a shipped year changed
SELECT l.changed FROM citybigdata.load_calendar('{"years": [2027], "days": [{"date": "2027-01-01", "kind": "off", "name": "元旦"}, {"date": "2027-01-03", "kind": "work", "hours": ["08:00-12:00"]}]}'::jsonb) l;
SELECT l.changed FROM citybigdata.load_calendar('{"calendar": "dump-night", "holidays": "default", "hours": {"mon-fri": ["18:00-24:00"], "sat-sun": ["20:00-22:00"]}, "dayMinutes": 360}'::jsonb) l;
SELECT l.changed FROM citybigdata.calendar_day d, LATERAL citybigdata.load_calendar(jsonb_build_object('years', '[2025]'::jsonb, 'days', (SELECT jsonb_agg(jsonb_build_object(
    'date', o.day, 'kind', o.kind, 'name', o.name)) FROM citybigdata.calendar_day o WHERE o.calendar = 'default' AND extract(year FROM o.day) = 2025))) l WHERE d.calendar = 'default' AND d.day = '2025-01-01';

-- a filing condition of the site; clocks that run, stand and were stopped, an escalation, facts; a formula and a source of the site
SELECT citybigdata.save_condition('{"type": "6", "condition": "本地条件", "limit": "3 紧急工作时"}');
SELECT citybigdata.start_clock(rec_id, 'stage', 1, 12, now() - interval '50 minutes'), citybigdata.start_clock(rec_id, 'chain', 4, 2, now() - interval '50 minutes') FROM citybigdata.event WHERE other_task_num = 'DUMP-B1';
SELECT citybigdata.start_clock(rec_id, 'stage', 4, 2), citybigdata.pause_clocks(rec_id, now() + interval '1 day') FROM citybigdata.event WHERE other_task_num = 'DUMP-B2';
SELECT pg_temp.expect((r.escalated > 0)::integer, 1) FROM citybigdata.run_clocks() r;
SELECT citybigdata.stop_clock(rec_id, 'stage') FROM citybigdata.event WHERE other_task_num = 'DUMP-B1';
SELECT citybigdata.recount_case_facts();
SELECT citybigdata.save_indicator('rework', '{rework}', '{archive}');
INSERT INTO citybigdata.public_source VALUES (11);

-- a call-back, with a message that waits and a dead one
INSERT INTO citybigdata.outbox_destination (purpose, key) VALUES ('callback', nextval('citybigdata.callback_id_seq'));
INSERT INTO citybigdata.callback (callback_id, app_id, destination_id, url, events, secret) SELECT d.key::bigint, (SELECT min(app_id) FROM citybigdata.application), d.destination_id,
    'https://receiver.example/dump', '{case.step}', '\x00' FROM citybigdata.outbox_destination d;
INSERT INTO citybigdata.outbox_message (message_id, destination_id, kind, payload) SELECT nextval('citybigdata.outbox_message_id_seq'), d.destination_id, 'case.step', '{}'
    FROM citybigdata.outbox_destination d, generate_series(1, 2);
INSERT INTO citybigdata.outbox_queue (destination_id, message_id) SELECT m.destination_id, m.message_id FROM citybigdata.outbox_message m;
SELECT pg_temp.expect(citybigdata.outbox_change('discard', (SELECT array_agg(m.message_id) FROM (SELECT message_id FROM citybigdata.outbox_message LIMIT 1) m), NULL, NULL), 1);
-- a gateway, a policy, a template, blocked numbers; a message with its numbers, batch and refusals
INSERT INTO citybigdata.outbox_destination (purpose, key) VALUES ('gateway', 'dump');
INSERT INTO citybigdata.sms_gateway (gateway_code, title, kind, destination_id, url, token, token_digest)
    SELECT 'dump', 'Dump', 'kannel', d.destination_id, 'https://gateway.example/cgi-bin/sendsms', '\x00', '\x01' FROM citybigdata.outbox_destination d WHERE d.purpose = 'gateway';
INSERT INTO citybigdata.sms_policy (app_id, signature, per_day, quiet_from, quiet_to) VALUES (0, '城市管理', 20, '22:00', '07:00');
INSERT INTO citybigdata.sms_template (template_code, title, content) VALUES ('dump', 'Dump', '案件{taskNum}已办结');
INSERT INTO citybigdata.sms_block (mobile, source) VALUES (13800000009, 'administrator');
INSERT INTO citybigdata.sms_message (sms_id, accepted_at, valid_until, app_id, parts, accepted, refused, need_reply, unicode, msg_id, content, digest, source)
    VALUES (nextval('citybigdata.sms_id_seq'), now(), now() + interval '1 day', 0, 1, 2, 1, true, true, 'dump', '案件已办结', '\x00', 'sql');
INSERT INTO citybigdata.sms_number (sms_id, mobile, text_key, accepted_at, app_id, seq, ordinal, state)
    SELECT m.sms_id, 13800000000 + n, 1, m.accepted_at, 0, 1, n, CASE n WHEN 1 THEN 'delivered' END FROM citybigdata.sms_message m, generate_series(0, 1) n;
INSERT INTO citybigdata.sms_batch (sms_id, batch_id, first_ordinal, last_ordinal, gateway_id, state) SELECT m.sms_id, 1, 0, 1, g.gateway_id, 'sent' FROM citybigdata.sms_message m, citybigdata.sms_gateway g;
INSERT INTO citybigdata.sms_refusal (sms_id, ordinal, status_code, mobile) SELECT m.sms_id, 0, 42215, 'abc' FROM citybigdata.sms_message m;
INSERT INTO citybigdata.sms_part (sms_id, gateway_id, ordinal, part, id_key, state) SELECT b.sms_id, b.gateway_id, 1, 1, '1a2b', 'delivered' FROM citybigdata.sms_batch b;
INSERT INTO citybigdata.sms_orphan (gateway_id, id_keys, mobile, state, reported_at, digest) SELECT b.gateway_id, '{77,119}', 13800000000, 'failed', now(), '\x00' FROM citybigdata.sms_batch b;
INSERT INTO citybigdata.sms_reply (reply_id, gateway_id, sms_id, ordinal, app_id, mobile, opt_out, content, digest)
    SELECT nextval('citybigdata.sms_reply_id_seq'), b.gateway_id, b.sms_id, 0, 0, 13800000000, true, 'TD', '\x00' FROM citybigdata.sms_batch b;
-- cameras: with streams and a place, of media servers and of an upstream platform; a play, a stream that runs
INSERT INTO citybigdata.camera_provider (provider_code, title, kind, secret, rtsp_url) VALUES ('media', '媒体服务器', 'media', '\x00', 'rtsp://media.example');
INSERT INTO citybigdata.camera_provider (provider_code, title, kind, secret, url, app_key, version) VALUES ('city', '上级平台', 'upstream', '\x00', 'https://city.example/artemis', 'K', 'v2');
SELECT pg_temp.expect(citybigdata.load_cameras(E'camera,name,provider,longitude,latitude,codec,subCodec,gbCode\n2f1d6d3e8f0b4f0e9d530c1b7a3e5f11,甲,media,116.4,39.9,h265,h264,11010100081320000001\n3f1d6d3e8f0b4f0e9d530c1b7a3e5f11,乙,city,,,,,\n'), 2);
SELECT pg_temp.expect(length(citybigdata.camera_preview_url('2f1d6d3e8f0b4f0e9d530c1b7a3e5f11')) , 20 + 1 + 43 + 1 + 34);
INSERT INTO citybigdata.camera_source (camera_index_code, stream_type, transcode, provider_code) SELECT camera_index_code, 0, true, 'media' FROM citybigdata.camera WHERE camera_name = '甲';
-- a medium that was fetched, and one that was refused
INSERT INTO citybigdata.media_copy (digest, content, thumbnail, content_type, width, height) VALUES (sha256('dump'), '\xffd8ffe0', '\xffd8ffe1', 'image/jpeg', 640, 480);
INSERT INTO citybigdata.media_fetch (rec_id, media_no, state, status_code, digest) SELECT min(m.rec_id), s.n, s.state, s.code, s.digest FROM citybigdata.event_media m,
    (VALUES (1, 'kept', 0, sha256('dump')), (2, 'refused', 42250, NULL)) s (n, state, code, digest) GROUP BY s.n, s.state, s.code, s.digest;
-- algorithms: one of a role of its own, a result that is kept, jobs that wait, are done, failed
DO $$ BEGIN CREATE ROLE dump_analyst IN ROLE citybigdata_analyst; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
CREATE SCHEMA dump_analysis AUTHORIZATION dump_analyst;
SET ROLE dump_analyst;
CREATE FUNCTION dump_analysis.next(n integer) RETURNS jsonb LANGUAGE sql STABLE AS 'SELECT to_jsonb(n + 1)';
SELECT citybigdata.register_algorithm('dump_analysis.next(integer)', '{"code": "dump-algorithm", "cost": "job", "cacheFor": 3600, "parameters": [{"name": "n", "min": 0, "required": true}]}') ->> 'code' AS algorithm;
RESET ROLE;
INSERT INTO citybigdata.analysis_job (job_id, algorithm_code, app_id, parameters, request_digest)
SELECT gen_random_uuid(), 'dump-algorithm', (SELECT min(a.app_id) FROM citybigdata.application a), format('{"n":%s}', n), sha256(n::text::bytea) FROM unnest(ARRAY[1, -1]) n;
CALL citybigdata.run_jobs();
SELECT pg_temp.expect(count(*)::integer, 2) FROM citybigdata.analysis_job j WHERE (j.state, j.result_id IS NULL) IN (('done', false), ('failed', true));
INSERT INTO citybigdata.analysis_job (job_id, algorithm_code, app_id, parameters, request_digest) SELECT gen_random_uuid(), 'dump-algorithm', (SELECT min(a.app_id) FROM citybigdata.application a), '{"n":3}', sha256('3');
-- rules: in force with a place, with a version that begins later, one that has ended, one that fails
SELECT citybigdata.save_rule('{"code": "dump-place", "order": 1, "when": {"within": {"geometry": {"type": "Point", "coordinates": [116.4, 39.9]}, "metres": 50000}}, "then": [{"set": {"level": 1}}]}');
SELECT citybigdata.save_rule('{"code": "dump-place", "order": 2, "validFrom": "20990101000000", "then": [{"set": {"level": 2}}]}');
SELECT citybigdata.save_unit('dump-rule', '规则单位');
SELECT citybigdata.save_rule('{"code": "dump-fails", "order": 3, "then": [{"dispatch": "dump-rule"}]}');
SELECT pg_temp.expect(r.status_code, 0) FROM citybigdata.report_event(:'sender', jsonb_set(:'first'::jsonb, '{otherTaskNum}', '"DUMP-RULE"')::json, 'egova') r;
SELECT pg_temp.expect(count(*)::integer, 1) FROM citybigdata.rule_failures();
SELECT citybigdata.save_rule('{"code": "dump-fails", "validTo": "20200101000000"}');

-- a process of the site, and a version of its own of the shipped one, that a case is in
SELECT pg_temp.expect(s.version, 1) FROM citybigdata.process p, citybigdata.save_process(p.definition || '{"code": "dump-process"}') s WHERE p.process_code = 'city-management' AND p.version = 1;
SELECT pg_temp.expect(s.version, 1001) FROM citybigdata.process p, citybigdata.save_process(p.definition || '{"title": "Dump"}') s WHERE p.process_code = 'city-management' AND p.version = 1;
-- a post that is delegated, one that has ended, a unit that is closed
SELECT citybigdata.delegate_post(p.post_id, 'op.filer', now() - interval '1 hour', '2099-12-31 18:00+08') FROM citybigdata.post p WHERE p.role = 'dispatcher';
SELECT citybigdata.save_post('demo', 'supervisor') AS post \gset
SELECT citybigdata.end_post(:post);
SELECT citybigdata.save_unit('closed', '撤并的单位', 'city', state => 'closed');

-- a process of the site, and a version of its own of the shipped one, that a case is in

-- a case that is merged into another one, an archived one, what is near for a type of the site
SELECT pg_temp.expect(a.status_code, 0) FROM citybigdata.event e, citybigdata.event m, citybigdata.advance_case(e.task_num, jsonb_build_object('action', 'merge', 'version', e.version, 'mainTaskNum', m.task_num)) a
WHERE e.other_task_num = 'DUMP-B2' AND m.other_task_num = 'DUMP-B1';
INSERT INTO citybigdata.case_link_archive SELECT a.rec_id, a.rec_id + 1, now() FROM citybigdata.event_archive a LIMIT 1;
INSERT INTO citybigdata.duplicate_setting VALUES ('6', 60, 90, 30, '{7}');

-- a level of the site
SELECT citybigdata.set_event_level('address', 2, 'address');
SELECT citybigdata.set_role_level('leader', 3);
-- a browser that is signed in
INSERT INTO citybigdata.login_session (session_digest, account_id, account_epoch, second_factor, began_at, last_used_at)
SELECT public.digest('dump-session', 'sha256'), account_id, epoch, false, now(), now() FROM citybigdata.account WHERE user_name = 'demo';

-- credentials: a token in use, a code spent, a code unspent, failed log-ins, an account and a request that wait, a revoked grant
SELECT auth_code FROM citybigdata.issue_auth_code(:'app', 'key', :'key') \gset
SELECT pg_temp.expect(x.status_code, 0) FROM citybigdata.exchange_auth_code(:'app', :'auth_code') x;
SELECT auth_code FROM citybigdata.issue_auth_code(:'app', 'key', :'key') \gset
SELECT access_token FROM citybigdata.exchange_auth_code(:'app', :'auth_code') \gset
SELECT auth_code FROM citybigdata.issue_auth_code(:'app', 'key', :'key') \gset
SELECT pg_temp.expect(c.status_code, 40101) FROM citybigdata.issue_auth_code(:'app', 'key', '00000000-0000-4000-8000-000000000000') c;
SELECT citybigdata.register_account('waiting', 'Hen-Chang-Yi-Ge-11', '某单位', '王五', '13700137000');
SELECT citybigdata.request_access('demo', '{events}', '{key}', sender_codes => '{dump-revoked}') AS request \gset
SELECT citybigdata.approve_access(:request) AS revoked_app \gset
SELECT citybigdata.revoke_grant(:'revoked_app');
SELECT citybigdata.request_access('demo', '{events}', '{key}', sender_codes => '{dump-waiting}');

-- a report by the endpoint, with an Idempotency-Key
SELECT citybigdata.rest_event_report('dump-1', '127.0.0.1', NULL, 'bearer', public.digest(:'access_token', 'sha256'), :'sender', 'UP_REC_REPORT',
    jsonb_set(:'first'::jsonb, '{otherTaskNum}', '"DUMP-REST"')::text, false, 'dump-key', public.digest('body', 'sha256')) AS frame \gset
SELECT pg_temp.expect((citybigdata.read_reply_frame(:'frame')).status, 0);

-- a sealed address with a use left, an older sealing key, a second factor, the audit log sealed so far
SELECT citybigdata.seal_url(:'app', 'events', '{"a":"路"}', max_uses => 3) AS url \gset
SELECT citybigdata.rotate_sealing_key();
SELECT pg_temp.expect(o.status_code, 0) FROM citybigdata.open_url(:'url') o;
SELECT citybigdata.enrol_totp('waiting', 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP');
-- as first_administrators() would have made it, had there been no administrator
INSERT INTO citybigdata.first_administrator (admin_role, account_id, enrol_until) SELECT 'secadmin', account_id, now() + interval '7 days' FROM citybigdata.account WHERE user_name = 'waiting';
SELECT pg_temp.expect((citybigdata.audit_seal() > 10)::integer, 1);

-- a published table in two versions, a dataset with refused and staged records, a fusion
CREATE TABLE public.dump_lamp (id int PRIMARY KEY, name text NOT NULL, district_code varchar(6), seen_at timestamptz, geom public.geometry(Point, 4490));
SELECT citybigdata.publish('public.dump_lamp', '{"code": "dump-lamps", "parameters": [{"name": "lamp", "column": "name"}]}'),
       citybigdata.publish('public.dump_lamp', '{"code": "dump-lamps", "level": 2}'), citybigdata.publish('public.dump_lamp', '{"code": "dump-lamps", "level": 1}');
SELECT citybigdata.define_dataset('dump-lamps', 'public.dump_lamp', '{"rules": [{"column": "name", "rule": "required"}]}');
SELECT pg_temp.expect(i.rejected::integer, 1) FROM citybigdata.ingest('dump-lamps', '[{"id": 1, "name": "路灯"}, {"id": 2}, {"id": 4, "name": "灯"}]') i;
INSERT INTO citybigdata.ingest_staging (dataset_code, record) VALUES ('dump-lamps', '{"id": 3}');
SELECT pg_temp.expect(f.objects::integer, 2) FROM citybigdata.fuse('dump', ARRAY['dump-lamps'], '{"name": "name"}') f;

SELECT citybigdata.query('dump-lamps', '{"pageSize": 1, "sort": "-id"}') ->> 'nextCursor' AS cursor \gset

-- an audit row that no month's partition takes
INSERT INTO citybigdata.audit_log
SELECT (jsonb_populate_record(a, '{"audit_id": 1000000000, "at": "2020-02-02T00:00:00Z"}')).* FROM citybigdata.audit_log a LIMIT 1;
\o
\echo :access_token
\echo :auth_code
\echo :url
\echo :cursor
