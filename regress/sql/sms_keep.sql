-- SMS that rules send; retention; erasing a person.
SET client_min_messages = warning;
\set VERBOSITY terse
DELETE FROM citybigdata.outbox_queue;
TRUNCATE citybigdata.sms_message, citybigdata.sms_number, citybigdata.sms_batch, citybigdata.sms_refusal, citybigdata.sms_part, citybigdata.sms_reply, citybigdata.sms_policy, citybigdata.sms_template, citybigdata.sms_block, citybigdata.sms_gateway;
SELECT gateway_code FROM citybigdata.save_gateway('{"code": "keep", "title": "Keep", "url": "http://127.0.0.1:13013/cgi-bin/sendsms"}');
SELECT citybigdata.register_account('sms.keep', 'Correct-1-horse', '市城管委', '李四', '13800138077') AS account \gset
SELECT citybigdata.approve_account(:account);
SELECT citybigdata.request_access('sms.keep', '{events}', '{key}', sender_codes => '{sms-sender}') AS request \gset
SELECT citybigdata.approve_access(:request) IS NOT NULL AS approved;
CREATE FUNCTION pg_temp.report(number text, phone text) RETURNS integer LANGUAGE sql AS $$ SELECT status_code FROM citybigdata.report_event('sms-sender', (jsonb_build_object(
    'eventDesc', '路灯不亮', 'otherTaskNum', number, 'address', '一路一号', 'coordinateX', 448400.5, 'coordinateY', 4418600.25, 'eventSrcID', 1, 'recTypeID', 1, 'eventLevelID', 1, 'eventTypeCode', '6',
    'createTime', '20240101000000', 'humanName', '王五', 'cellphone', phone))::json, 'egova') $$;
-- what a rule may name
SELECT p.pointer, p.status_code, p.message FROM citybigdata.rule_problems('{"code": "sms-bad", "order": 1, "then": [{"notify": {"sms": "12345,@nobody.at.all,,holder", "template": "{taskNum}"}}]}') p;
SELECT p.pointer, p.status_code FROM citybigdata.rule_problems('{"code": "sms-bad", "order": 1, "then": [{"notify": {"sms": {}, "template": "{taskNum} {cellphone}"}}]}') p;
SELECT (citybigdata.save_rule('{"code": "sms-rule", "order": 1, "when": {"senders": ["sms-sender"]}, "then": [{"notify": {"sms": "reporter, holder, @sms.keep, +86 13800138078", "template": "{otherTaskNum}：{typeName}，{address}"}}]}')).version;
SELECT pg_temp.report('SMS-1', '13800138079');
SELECT m.source, m.subject = e.task_num AS of_case, m.content ~ '^SMS-1：.*一路一号$' AS content, m.app_id, m.accepted, m.refused, (SELECT array_agg(n.mobile ORDER BY n.ordinal) FROM citybigdata.sms_number n WHERE n.sms_id = m.sms_id) AS numbers
FROM citybigdata.sms_message m JOIN citybigdata.event e ON e.other_task_num = 'SMS-1';
-- nobody can be told: the report stays, the failure is listed
INSERT INTO citybigdata.sms_block (mobile, source) SELECT n.mobile, 'reply' FROM citybigdata.sms_number n;
SELECT pg_temp.report('SMS-2', '13800138079');
SELECT f.rule_code, f.status_code FROM citybigdata.rule_failures() f WHERE f.rule_code = 'sms-rule';
SELECT (citybigdata.save_rule('{"code": "sms-rule", "validTo": "20200101000000"}')).version;
-- erasing: counted first, then done; the block list stays, so that he gets nothing
DELETE FROM citybigdata.sms_block;
SELECT s.accepted FROM citybigdata.send_sms('13800138080,13800138081', '请与13800138080联系', 'keep-1') s;
SELECT s.accepted FROM citybigdata.send_sms('13800138080,x', '王先生，您好', 'keep-2') s;
INSERT INTO citybigdata.sms_block (mobile, source, note) VALUES (13800138080, 'administrator', '13800138080 asked by telephone');
UPDATE citybigdata.sms_batch b SET reason = '4: 13800138080 is not routable' FROM citybigdata.sms_message m WHERE m.sms_id = b.sms_id AND m.msg_id LIKE 'keep-%';
UPDATE citybigdata.sms_number n SET reason = 'no route to 13800138080' WHERE n.mobile = 13800138080;
INSERT INTO citybigdata.sms_reply (reply_id, mobile, sender, gateway_id, opt_out, content, digest) VALUES (nextval('citybigdata.sms_reply_id_seq'), 13800138080, '+8613800138080', 1, false, '我是王先生', 'a'), (nextval('citybigdata.sms_reply_id_seq'), 13800138081, '13800138081', 1, false, '请打 138 0013 8080', 'b');
SELECT e ->> 'smsNumbers' AS numbers, e ->> 'smsReplies' AS replies FROM citybigdata.erase_person('13800138080', 'asked for it') e;
SELECT e ->> 'smsNumbers' AS numbers, e ->> 'smsReplies' AS replies FROM citybigdata.erase_person('13800138080', 'asked for it', dry_run => false) e;
SELECT m.msg_id, m.content, array_agg(n.mobile ORDER BY n.ordinal) FROM citybigdata.sms_message m JOIN citybigdata.sms_number n ON n.sms_id = m.sms_id WHERE m.msg_id LIKE 'keep-%' GROUP BY m.sms_id ORDER BY 1;
SELECT mobile, sender, content FROM citybigdata.sms_reply ORDER BY reply_id;
SELECT note FROM citybigdata.sms_block WHERE mobile = 13800138080;
SELECT DISTINCT b.reason, n.reason FROM citybigdata.sms_batch b JOIN citybigdata.sms_number n ON n.sms_id = b.sms_id WHERE b.reason IS NOT NULL AND n.reason IS NOT NULL;
-- retention: oldest first, with all that hangs on it; a batch that the outbox has thrown away expires
SELECT count(*) FROM citybigdata.sms_message;
UPDATE citybigdata.sms_message SET accepted_at = now() - interval '181 days' WHERE msg_id = 'keep-2' OR source = 'rule';
DELETE FROM citybigdata.outbox_queue;
UPDATE citybigdata.sms_message SET valid_until = now() - interval '2 hours' WHERE msg_id = 'keep-1';
UPDATE citybigdata.sms_reply SET received_at = now() - interval '181 days' WHERE mobile IS NULL;
SELECT citybigdata.maintain_sms() AS removed, citybigdata.maintain_sms() AS again;
SELECT m.msg_id, b.state, (SELECT count(*) FROM citybigdata.sms_number) AS numbers, (SELECT count(*) FROM citybigdata.sms_refusal) AS refusals, (SELECT count(*) FROM citybigdata.sms_reply) AS replies
FROM citybigdata.sms_message m JOIN citybigdata.sms_batch b ON b.sms_id = m.sms_id;
