-- Audit: one append-only row per call, allowed or refused.
\set SHOW_CONTEXT never
SET client_min_messages = warning;
-- Credentials, refusals, administration: written with the call.
SELECT max(audit_id) AS before FROM citybigdata.audit_log \gset
SELECT reply.outcome(citybigdata.rest_account_register('audit-1', '::ffff:192.0.2.7', NULL, 'none', NULL, 'audit.one', 'Correct-1-horse', '市', '张三', '13800138000')) AS registered;
SELECT reply.outcome(citybigdata.rest_account_register('audit-2', '192.0.2.7', NULL, 'none', NULL, repeat('名', 1000), 'Secret-pass-1', '市', '张三', '1')) AS refused;
SELECT reply.outcome(citybigdata.rest_account_approve('audit-3', NULL, '11000000000001S', 'none', NULL, '1')) AS refused;
SELECT reply.outcome(citybigdata.rest_account_approve('audit-4', NULL, '11000000000001R', 'bearer', sha256('x'), '1')) AS refused;
SELECT citybigdata.approve_account(account_id) FROM citybigdata.account WHERE user_name = 'audit.one';
SELECT reply.outcome(citybigdata.rest_access_request_state('audit-5', '2001:db8::1', NULL, 'basic', 'audit.one:wrong', '1')) AS refused;
SELECT reply.outcome(citybigdata.rest_access_request_state('audit-6', '2001:db8::1', NULL, 'basic', 'audit.one:Correct-1-horse', '999999')) AS not_there;
SELECT request_id, app_code, user_name, authenticated, client_addr, scheme, action, CASE WHEN scheme <> 'sql' THEN octet_length(object) END AS object_bytes,
       status_code, detail, session_role = session_user AS role
FROM citybigdata.audit_log WHERE audit_id > :before ORDER BY audit_id;
SELECT count(*) AS with_a_secret FROM citybigdata.audit_log a WHERE a::text ~ 'Correct-1|Secret-pass|wrong';
-- A row has an action.
SELECT citybigdata.audit_event(NULL, 'object', 'detail');
-- An error raised to an SQL caller takes its row with it: nothing was done.
SELECT citybigdata.approve_account(-1);
-- Reads: appended in batches; one that cannot be read is kept as it is, and takes no other with it.
SELECT reply.outcome(citybigdata.rest_audit_append(ARRAY[
    '{"at":1700000000123456,"request_id":"read-1","app_code":"11000000000001R","user_name":"x","authenticated":true,"client_addr":"192.0.2.1","scheme":"bearer","action":"event.get","object":"名称"}',
    'no json', '{"at":1700000000123456}', NULL, '{"at":1e400,"action":"x"}', '{"at":1700000000123457,"action":"x","client_addr":"nowhere"}', '{"at":1700000000123457,"action":"a\u0000b"}',
    '{"at":1700000000123458,"request_id":"read-2","scheme":"none","action":"division.get"}'])) AS outcome;
SELECT request_id, extract(epoch FROM at)::text AS epoch, app_code, user_name, authenticated, client_addr, scheme, action, object, status_code
FROM citybigdata.audit_log WHERE request_id ~ '^read-' ORDER BY request_id;
-- Written otherwise it is read all the same; members of other names are nobody's; the last one is cut off.
SELECT reply.outcome(citybigdata.rest_audit_append(ARRAY['{ "action" : "event.get", "at" : 1700000000123459 , "request_id":"read-3","object":"a \"b\" \u540d","detail":null}',
    '{"action":"event.get","request_id":"read-4","at":1700000000123460,"status_code":40402,"authenticated":false,"other":"x","client_addr":"2001:db8::1"}',
    '{"at":0,"action":"x","request_id":"read-5","detail":"","n":-1.5e2,"l":[1,{"m":2}]}',
    '{"at":1700000000123459,"action":"x",}', '{"at":1700000000123459,"action":"x"}}', '{"at":01,"action":"x"}', '{"at":"1","action":"x"}', '[]', '{}', '',
    '{"at":9300000000000000000,"action":"x"}', '{"at":1,"action":"x","authenticated":"yes"}', '{"at":1,"action":"x","status_code":3000000000}', '{"at":1,"action":"x'])) AS outcome;
SELECT request_id, extract(epoch FROM at)::text AS epoch, authenticated, client_addr, scheme, action, object, status_code, detail
FROM citybigdata.audit_log WHERE request_id ~ '^read-[345]' ORDER BY request_id;
SELECT action, status_code, detail FROM citybigdata.audit_log WHERE action = 'audit.unreadable' ORDER BY audit_id;
SELECT reply.outcome(citybigdata.rest_audit_append('{}')) AS empty_batch;
-- A batch is stored once, whatever is sent again: by its sender and number.
SELECT reply.outcome(citybigdata.rest_audit_batch('sender-1', 1, ARRAY['{"at":1700000000123456,"action":"x","request_id":"batch-1"}'])) AS first,
       reply.outcome(citybigdata.rest_audit_batch('sender-1', 2, ARRAY['{"at":1700000000123456,"action":"x","request_id":"batch-2"}', 'no json'])) AS second,
       reply.outcome(citybigdata.rest_audit_batch('sender-1', 2, ARRAY['{"at":1700000000123456,"action":"x","request_id":"batch-2"}', 'no json'])) AS second_again,
       reply.outcome(citybigdata.rest_audit_batch('sender-1', 1, ARRAY['{"at":1700000000123456,"action":"x","request_id":"batch-1"}'])) AS first_again,
       reply.outcome(citybigdata.rest_audit_batch('sender-2', 1, ARRAY['{"at":1700000000123456,"action":"x","request_id":"batch-1-of-2"}'])) AS another_sender;
SELECT request_id, count(*) FROM citybigdata.audit_log WHERE request_id ~ '^batch-' GROUP BY request_id ORDER BY request_id;
SELECT sender, last_batch FROM citybigdata.audit_sender WHERE sender ~ '^sender-' ORDER BY sender;
UPDATE citybigdata.audit_sender SET changed_at = now() - interval '31 days' WHERE sender = 'sender-2';
SELECT citybigdata.expire_audit_senders() AS gone;
SELECT sender FROM citybigdata.audit_sender WHERE sender ~ '^sender-';
-- Months: this one and two ahead, a DEFAULT partition for every other; each with its own key and index.
SELECT count(*) = 4 AS partitions, bool_and(EXISTS (SELECT FROM pg_index x WHERE x.indrelid = i.inhrelid AND x.indisprimary)) AS keys,
       NOT EXISTS (SELECT FROM pg_index WHERE indrelid = 'citybigdata.audit_log'::regclass) AS none_on_the_parent
FROM pg_inherits i WHERE i.inhparent = 'citybigdata.audit_log'::regclass;
SELECT count(*) AS in_default FROM citybigdata.audit_log_default WHERE request_id ~ '^read-';
SELECT NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = 'citybigdata.audit_log'::regclass AND deptype = 'e') AS no_member;
-- Append-only, for the superuser and the owner too.
UPDATE citybigdata.audit_log SET object = 'x' WHERE request_id = 'read-1';
DELETE FROM citybigdata.audit_log WHERE false;
TRUNCATE citybigdata.audit_log;
TRUNCATE citybigdata.audit_log_default;
DELETE FROM citybigdata.audit_log_default;
SET ROLE citybigdata_owner;
UPDATE citybigdata.audit_log SET object = 'x';
DELETE FROM citybigdata.audit_log_default;
RESET ROLE;
-- The auditor reads, and that is audited; he writes nothing, and others do not read.
SET ROLE citybigdata_auditor;
SELECT count(*) > 0 AS readable FROM citybigdata.audit_read(now() - interval '1 day', 'infinity');
SELECT count(*) > 0 AS audited FROM citybigdata.audit_read(now() - interval '1 day', 'infinity', 'audit.read');
SELECT count(*) FROM citybigdata.audit_log;
SELECT count(*) FROM citybigdata.audit_log_default;
INSERT INTO citybigdata.audit_log (action, status_code, session_role) VALUES ('x', 0, 'x');
UPDATE citybigdata.audit_log SET object = 'x';
SET ROLE citybigdata_secadmin;
SELECT count(*) FROM citybigdata.audit_log;
SELECT count(*) FROM citybigdata.audit_read(now() - interval '1 day', 'infinity');
SET ROLE citybigdata_sysadmin;
SELECT count(*) FROM citybigdata.audit_log;
RESET ROLE;
-- maintain(): a month that is missing is made; one that ended before the retention time leaves, with a row of its own.
SELECT citybigdata.audit_make_partition('audit_log_200001', '2000-01-01+00', '2000-02-01+00');
DO $$ BEGIN EXECUTE format('DROP TABLE citybigdata.%I', 'audit_log_' || to_char((now() AT TIME ZONE 'UTC') + interval '2 months', 'YYYYMM')); END $$;
SELECT m->'auditMonthsMade' AS made, m->'auditMonthsDropped' AS dropped FROM citybigdata.maintain() AS m;
SELECT action, object, detail FROM citybigdata.audit_log WHERE action = 'audit.drop';
SET citybigdata.audit_retention_days = 179;
-- setup() again changes nothing.
SELECT citybigdata.setup('110000', '北京市城市管理大数据平台', '110000');
SELECT count(*) FROM pg_inherits WHERE inhparent = 'citybigdata.audit_log'::regclass;
-- Before setup(): clear words, and the frame that readiness shows.
BEGIN;
DROP TABLE citybigdata.audit_log;
SELECT reply.outcome(citybigdata.rest_ready()) AS ready;
SELECT citybigdata.rest_account_register('audit-9', NULL, NULL, 'none', NULL, 'audit.two', 'Correct-1-horse', '市', '张三', '13800138000');
ROLLBACK;
DELETE FROM citybigdata.lockout;
