-- Endpoints of administration, and which role may what.
\set SHOW_CONTEXT never
\set VERBOSITY terse
SET client_min_messages = warning;
SET citybigdata.bcrypt_cost = 4;
SELECT citybigdata.approve_account(citybigdata.register_account('adm.' || r, 'Correct-1-horse', '市城管委', '张三', '13800138000'))
FROM unnest('{sysadmin,secadmin,auditor,user}'::text[]) r;
SELECT citybigdata.set_admin_role('adm.' || r, r) FROM unnest('{sysadmin,secadmin,auditor}'::text[]) r;
SELECT count(citybigdata.enrol_totp('adm.' || r, 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ')) AS enrolled FROM unnest('{sysadmin,secadmin,auditor}'::text[]) r;
CREATE TABLE adm AS SELECT r AS role, reply.data(citybigdata.rest_admin_login('adm', '192.0.2.1', NULL, 'none', NULL, 'adm.' || r, 'Correct-1-horse', citybigdata.totp_code('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ')))::json ->> 'accessToken' AS token
FROM unnest('{sysadmin,secadmin,auditor}'::text[]) r;
SELECT citybigdata.request_access('adm.user', '{events}', '{key}') AS request, account_id AS id FROM citybigdata.account WHERE user_name = 'adm.user' \gset
SELECT citybigdata.approve_access(:request) AS app \gset
SELECT key FROM citybigdata.take_credentials(:request) \gset
-- one endpoint called by each role in turn; a state that is not changed any more is 40900
CREATE FUNCTION pg_temp.by_role(call text, only_role text DEFAULT NULL) RETURNS TABLE (role text, status text, data text) LANGUAGE plpgsql AS $$
DECLARE
    frame bytea;
    token text;
BEGIN
    FOR role, token IN SELECT a.role, a.token FROM adm a WHERE a.role = coalesce(only_role, a.role) ORDER BY a.role LOOP
        EXECUTE 'SELECT citybigdata.' || regexp_replace(call, '\(', $x$('adm', '192.0.2.1', NULL, 'bearer', sha256($1::bytea), $x$) INTO frame USING token;
        status := reply.status(frame);
        data := regexp_replace(regexp_replace(reply.data(frame), '"accountId":\d+', '"accountId":0'), '^{"appCode":"\w+"', '{"appCode":"c"');
        RETURN NEXT;
    END LOOP;
END
$$;
SELECT * FROM pg_temp.by_role(format('rest_account_suspend(%L, NULL)', :'id'));
SELECT * FROM pg_temp.by_role(format('rest_account_resume(%L)', :'id'));
SELECT role, status, regexp_replace(data, '"[\w-]{43}"', '"43 characters"') AS data FROM pg_temp.by_role(format('rest_account_reset_password(%L)', :'id'));
SELECT a.* FROM citybigdata.account c, LATERAL pg_temp.by_role(format('rest_account_reset_password(%L)', c.account_id)) a WHERE user_name = 'adm.secadmin' AND a.role = 'sysadmin';
INSERT INTO citybigdata.lockout (kind, subject, failures, confirmed, last_attempt_at, locked_until) VALUES ('account', 'adm.user', 5, 5, now(), now() + interval '1 hour');
SELECT role, status, data ~ 'true' AS unlocked FROM pg_temp.by_role(format('rest_account_unlock(%L)', :'id'));
SELECT role, status, data ~ 'suspended' AS done FROM pg_temp.by_role(format('rest_application_suspend(%L, %L)', :'app', 'test'));
SELECT role, status, data ~ 'active' AS done FROM pg_temp.by_role(format('rest_application_resume(%L)', :'app'));
SELECT * FROM pg_temp.by_role(format('rest_application_limit(%L, %L, %L, NULL, %L)', :'app', 'events', '2.5', '100'));
SELECT rate_per_second, rate_burst, daily_quota FROM citybigdata.app_grant JOIN citybigdata.application USING (app_id) WHERE app_code = :'app';
SELECT role, status, data FROM pg_temp.by_role(format('rest_application_limit(%L, NULL, %L, %L, %L)', :'app', '1e3', '0', '1.5')) WHERE role = 'secadmin';
SELECT role, status, data ~ 'waiting' AS done FROM pg_temp.by_role(format('rest_application_rotate(%L, %L)', :'app', '3600'));
SELECT role, status FROM pg_temp.by_role(format('rest_application_rotate(%L, %L)', :'app', '-1')) WHERE role = 'sysadmin';
-- Until the owner collects them, and for the overlap after it, the old credentials go on.
SELECT status_code AS before FROM citybigdata.issue_auth_code(:'app', 'key', :'key');
SELECT key AS key2 FROM citybigdata.take_credentials(:request) \gset
SELECT (citybigdata.issue_auth_code(:'app', 'key', :'key')).status_code AS old, (citybigdata.issue_auth_code(:'app', 'key', :'key2')).status_code AS new;
SELECT role, status, data ~ 'revoked' AS done FROM pg_temp.by_role(format('rest_application_revoke(%L, NULL)', :'app'));
SELECT * FROM pg_temp.by_role(format('rest_application_revoke(%L, NULL)', :'app')) WHERE role = 'secadmin';
SELECT * FROM pg_temp.by_role('rest_application_suspend(''x'', NULL)') WHERE role = 'secadmin';
SELECT role, status FROM pg_temp.by_role('rest_account_approve(''999999999'')');
SELECT role, status FROM pg_temp.by_role('rest_access_approve(''999999999'')');
SELECT role, status FROM pg_temp.by_role('rest_auth_introspect(sha256(''x''))');
-- The audit log, by pages; read by the auditor, and that was audited.
SELECT role, status, data = '' AS nothing FROM pg_temp.by_role('rest_admin_audit(NULL, NULL, NULL, NULL, NULL)');
SELECT d -> 'items' -> 0 ->> 'action' AS first, json_array_length(d -> 'items') AS rows, d ->> 'nextCursor' = d -> 'items' -> 1 ->> 'auditId' AS next
FROM (SELECT data::json AS d FROM pg_temp.by_role('rest_admin_audit(NULL, NULL, ''account.susp%'', NULL, ''2'')') WHERE role = 'auditor') s;
SELECT e ->> 'pointer' AS pointer, e ->> 'statusCode' AS code
FROM pg_temp.by_role('rest_admin_audit(''yesterday'', ''20260230000000'', repeat(''x'', 100), ''-1'', ''1001'')') r, json_array_elements(r.data::json -> 'errors') e WHERE role = 'auditor';
SELECT status, data::json -> 'items' AS items FROM pg_temp.by_role('rest_admin_audit(NULL, NULL, ''account\'', NULL, NULL)', 'auditor');
SELECT count(*) AS readings FROM citybigdata.audit_log WHERE action = 'audit.read' AND request_id = 'adm' AND status_code = 0;

-- Accounts: ended by a time, for good; their role; their second factor.
SELECT citybigdata.approve_account(citybigdata.register_account('adm.other', 'Correct-1-horse', '市城管委', '李四', '13800138000'));
SELECT account_id AS other FROM citybigdata.account WHERE user_name = 'adm.other' \gset
CREATE FUNCTION pg_temp.own(r text) RETURNS bigint LANGUAGE sql AS $$ SELECT account_id FROM citybigdata.account WHERE user_name = 'adm.' || r $$;
SELECT * FROM pg_temp.by_role(format('rest_account_expire(%L, %L)', :'other', '20300101000000'));
SELECT valid_until = '2030-01-01 00:00:00+08' AS ends FROM citybigdata.account WHERE account_id = :other;
SELECT * FROM pg_temp.by_role(format('rest_account_expire(%L, %L)', :'other', 'never')) WHERE role = 'secadmin';
SELECT valid_until IS NULL AS endless FROM citybigdata.account WHERE account_id = :other;
SELECT w.v, r.status, r.data::json -> 'errors' -> 0 ->> 'statusCode' AS code FROM unnest(ARRAY[NULL, '', 'tomorrow', '1767225600000', repeat('9', 100)]) WITH ORDINALITY AS w (v, n),
    LATERAL pg_temp.by_role(format('rest_account_expire(%L, %L)', :'other', w.v)) r WHERE r.role = 'secadmin' ORDER BY w.n;
SELECT role, status, regexp_replace(data, '"proposalId":[0-9]+', '"proposalId":N') AS data FROM pg_temp.by_role(format('rest_account_role(%L, %L)', :'other', 'auditor'));
SELECT citybigdata.confirm_proposal(max(proposal_id)) IS NULL AS confirmed FROM citybigdata.admin_proposal WHERE action = 'role' AND state = 'open';
SELECT admin_role FROM citybigdata.account WHERE account_id = :other;
SELECT w.v, r.status FROM unnest(ARRAY[NULL, '', 'root', 'SYSADMIN']) WITH ORDINALITY AS w (v, n), LATERAL pg_temp.by_role(format('rest_account_role(%L, %L)', :'other', w.v)) r
WHERE r.role = 'secadmin' ORDER BY w.n;
SELECT role, status, regexp_replace(data, '"proposalId":[0-9]+', '"proposalId":N') AS data FROM pg_temp.by_role(format('rest_account_second_factor(%L)', :'other'));
SELECT regexp_replace(citybigdata.confirm_proposal(max(proposal_id)), 'secret=[A-Z2-7]{32}&', 'secret=X&') AS address FROM citybigdata.admin_proposal WHERE action = 'second-factor' AND state = 'open';
SELECT citybigdata.enrol_totp('adm.other', 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ') ~ '^otpauth' AS enrolled;
SELECT reply.data(citybigdata.rest_admin_login('adm', '192.0.2.1', NULL, 'none', NULL, 'adm.other', 'Correct-1-horse', citybigdata.totp_code('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ')))::json ->> 'accessToken' AS token \gset
SELECT status_code AS before FROM citybigdata.check_token(:'token');
SELECT role, status FROM pg_temp.by_role(format('rest_account_role(%L, %L)', :'other', 'secadmin')) WHERE role = 'secadmin';
SELECT citybigdata.confirm_proposal(max(proposal_id)) IS NULL AS confirmed FROM citybigdata.admin_proposal WHERE action = 'role' AND state = 'open';
SELECT status_code AS role_changed FROM citybigdata.check_token(:'token');
-- Nobody does any of it to oneself, and the last security administrator stays: here there are two for a while.
SELECT c.f, r.status FROM unnest(ARRAY['rest_account_suspend(%L, NULL)', 'rest_account_revoke(%L, NULL)', 'rest_account_expire(%L, ''000000000'')', 'rest_account_role(%L, ''sysadmin'')',
    'rest_account_second_factor(%L)']) c (f), LATERAL pg_temp.by_role(format(c.f, pg_temp.own('secadmin')), 'secadmin') r;
UPDATE citybigdata.account SET state = 'suspended' WHERE admin_role = 'secadmin' AND account_id NOT IN (:other, pg_temp.own('secadmin'));
SELECT role, status FROM pg_temp.by_role(format('rest_account_suspend(%L, NULL)', :'other'), 'secadmin');
SELECT role, status FROM pg_temp.by_role(format('rest_account_resume(%L)', :'other'), 'secadmin');
SELECT role, status FROM pg_temp.by_role(format('rest_account_revoke(%L, %L)', :'other', '离职'));
SELECT role, status FROM pg_temp.by_role(format('rest_account_suspend(%L, NULL)', pg_temp.own('secadmin')), 'sysadmin');
SELECT state, admin_role, review_note FROM citybigdata.account WHERE account_id = :other;
SELECT role, status FROM pg_temp.by_role(format('rest_account_revoke(%L, NULL)', :'other')) WHERE role = 'secadmin';
SELECT role, status FROM pg_temp.by_role('rest_account_expire(''999999999'', ''never'')');
-- Grants one by one, and the end of an application.
SELECT citybigdata.request_access('adm.user', '{events}', '{key}') AS request2 \gset
SELECT citybigdata.approve_access(:request2) AS app2 \gset
SELECT * FROM pg_temp.by_role(format('rest_grant_suspend(%L, %L, NULL)', :'app2', 'events'));
SELECT role, status FROM pg_temp.by_role(format('rest_grant_resume(%L, %L)', :'app2', 'events'));
SELECT role, status, data FROM pg_temp.by_role(format('rest_grant_expire(%L, %L, %L)', :'app2', 'events', '20300101000000')) WHERE role <> 'auditor';
SELECT role, status FROM pg_temp.by_role(format('rest_grant_revoke(%L, %L, %L)', :'app2', 'events', '到期'));
SELECT g.state, g.revoked_at IS NOT NULL AS revoked, g.valid_until = '2030-01-01 00:00:00+08' AS ends FROM citybigdata.app_grant g JOIN citybigdata.application USING (app_id) WHERE app_code = :'app2';
SELECT role, status FROM pg_temp.by_role(format('rest_grant_revoke(%L, %L, NULL)', :'app2', 'events')) WHERE role = 'secadmin';
SELECT role, status FROM pg_temp.by_role(format('rest_grant_revoke(%L, %L, NULL)', :'app2', 'nothing')) WHERE role = 'secadmin';
SELECT role, status FROM pg_temp.by_role('rest_grant_revoke(''x'', ''events'', NULL)') WHERE role = 'secadmin';
-- Granted again, with another level and end; one more resource; what cannot be granted.
UPDATE citybigdata.account SET organization = '平台管理处' WHERE user_name = 'adm.secadmin';
SELECT * FROM pg_temp.by_role(format('rest_grant_add(%L, %L, %L, %L)', :'app2', 'events', '2', 'never'));
SELECT g.state, g.level, g.revoked_at, g.valid_until, g.granted_by FROM citybigdata.app_grant g JOIN citybigdata.application USING (app_id) WHERE app_code = :'app2';
SELECT w.*, r.status, r.data::json -> 'errors' -> 0 ->> 'statusCode' AS code FROM (VALUES (1, 'events', '5', NULL), (2, 'events', 'x', 'tomorrow'), (3, 'nothing', NULL, NULL), (4, NULL, '1', NULL), (5, repeat('x', 100), NULL, NULL))
    AS w (n, resource, level, ends), LATERAL pg_temp.by_role(format('rest_grant_add(%L, %L, %L, %L)', :'app2', w.resource, w.level, w.ends), 'secadmin') r ORDER BY w.n;
SELECT status FROM pg_temp.by_role('rest_grant_add(''x'', ''events'', NULL, NULL)', 'secadmin');
SELECT citybigdata.revoke_grant(:'app2', 'events'), citybigdata.grant_access(:'app2', 'events', 3, '2031-01-01 00:00:00+08');
SELECT g.state, g.level, g.revoked_at, g.valid_until = '2031-01-01 00:00:00+08' AS ends, g.granted_by = 'role:' || session_user AS by_role FROM citybigdata.app_grant g JOIN citybigdata.application USING (app_id) WHERE app_code = :'app2';
SELECT citybigdata.grant_access(:'app2', 'events', 5);
SELECT citybigdata.grant_access(:'app2', 'nothing');
SELECT citybigdata.grant_access('x', 'events');
SELECT role, status, data FROM pg_temp.by_role(format('rest_application_expire(%L, %L)', :'app2', '1893427200')) WHERE role <> 'auditor';
SELECT role, status FROM pg_temp.by_role(format('rest_application_expire(%L, NULL)', :'app2')) WHERE role = 'secadmin';
-- What belongs to an administrator's own account others decide on.
SELECT citybigdata.request_access('adm.secadmin', '{events}', '{key}') AS own_request, citybigdata.request_access('adm.secadmin', '{events}', '{key}') AS own_request2 \gset
SELECT citybigdata.approve_access(:own_request2) AS own_app \gset
SELECT role, status FROM pg_temp.by_role(format('rest_access_approve(%L)', :'own_request')) WHERE role = 'secadmin';
SELECT c.f, r.status FROM unnest(ARRAY['rest_application_limit(%L, ''events'', ''1'', NULL, NULL)', 'rest_application_expire(%L, ''never'')', 'rest_grant_resume(%L, ''events'')',
    'rest_application_rotate(%L, NULL)']) c (f), LATERAL pg_temp.by_role(format(c.f, :'own_app')) r WHERE r.role = 'secadmin';
-- From where administrators may come.
SET citybigdata.admin_addresses = '10.0.0.0/8, x';
SET citybigdata.admin_addresses = '10.0.0.0/33';
SET citybigdata.admin_addresses = '2001:db8::/129';
SET citybigdata.admin_addresses = '1.2.3';
CREATE FUNCTION pg_temp.from_where(list text, address inet) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('citybigdata.admin_addresses', list, false);
    RETURN (SELECT reply.status(citybigdata.rest_admin_lockouts('adm', address, NULL, 'bearer', sha256(a.token::bytea), NULL, NULL, NULL)) FROM adm a WHERE a.role = 'secadmin')
        || ' ' || reply.status(citybigdata.rest_admin_login('adm', address, NULL, 'none', NULL, 'adm.secadmin', 'Correct-1-horse', NULL));
END
$$;
SET citybigdata.lockout_threshold = 1000;
SELECT list, address, pg_temp.from_where(list, address) AS token_and_log_in FROM (VALUES (1, '', '192.0.2.1'::inet), (2, ' , ', '192.0.2.1'), (3, '192.0.2.1', '192.0.2.1'), (4, '192.0.2.0/31', '192.0.2.1'), (5, '192.0.2.0/32', '192.0.2.1'),
    (6, '10.0.0.0/8,192.0.0.0/15', '192.1.255.255'), (7, '10.0.0.0/8,192.0.0.0/15', '192.2.0.0'), (8, '0.0.0.0/0', '2001:db8::1'), (9, '::/0', '192.0.2.1'), (10, '2001:db8:0:8000::/49', '2001:db8:0:ffff::1'),
    (11, '2001:db8:0:8000::/49', '2001:db8:0:7fff::1'), (12, '192.0.2.0/24', '::ffff:192.0.2.9'), (13, '192.0.2.0/24', NULL)) v (n, list, address) ORDER BY n;
RESET citybigdata.admin_addresses;
RESET citybigdata.lockout_threshold;
SELECT citybigdata.unlock_account('adm.secadmin');
-- Lists, by pages; what they show and what never.
SELECT role, status FROM pg_temp.by_role('rest_admin_accounts(NULL, NULL, NULL, NULL, NULL)');
SELECT role, status FROM pg_temp.by_role('rest_admin_access_requests(NULL, NULL, NULL, NULL)');
SELECT role, status FROM pg_temp.by_role('rest_admin_applications(NULL, NULL, NULL, NULL, NULL)');
SELECT role, status FROM pg_temp.by_role('rest_admin_lockouts(NULL, NULL, NULL)');
CREATE FUNCTION pg_temp.list(call text) RETURNS jsonb LANGUAGE sql AS $$ SELECT data::jsonb FROM pg_temp.by_role(call, 'secadmin') $$;
SELECT d -> 'items' -> 0 ->> 'userName' AS name, d -> 'items' -> 0 ->> 'role' AS role, d -> 'items' -> 0 -> 'secondFactor' AS factor, jsonb_array_length(d -> 'items') AS rows, d -> 'nextCursor' AS next,
    (SELECT array_agg(k ORDER BY k) FROM jsonb_object_keys(d -> 'items' -> 0) k) AS members FROM pg_temp.list('rest_admin_accounts(NULL, ''ADM.Auditor'', NULL, NULL, NULL)') d;
WITH RECURSIVE page (n, d) AS (SELECT 1, pg_temp.list('rest_admin_accounts(''active'', NULL, NULL, NULL, ''2'')')
    UNION ALL SELECT n + 1, pg_temp.list(format('rest_admin_accounts(''active'', NULL, NULL, %L, ''2'')', d ->> 'nextCursor')) FROM page WHERE d ->> 'nextCursor' IS NOT NULL)
SELECT count(*) = (SELECT count(*) FROM citybigdata.account WHERE state = 'active') AS every_one, count(DISTINCT i) = count(*) AS once FROM page, jsonb_array_elements(d -> 'items') i;
SELECT jsonb_agg(i ->> 'accessRequestId') = to_jsonb(ARRAY[:'own_request']) AS pending_own, d -> 'items' -> 0 ->> 'userName' AS name FROM pg_temp.list(format('rest_admin_access_requests(''pending'', %L, NULL, NULL)', pg_temp.own('secadmin'))) d, jsonb_array_elements(d -> 'items') i GROUP BY d;
SELECT i ->> 'state' AS state, i ->> 'validUntil' AS ends, i -> 'grants' -> 0 ->> 'state' AS grant, i -> 'grants' -> 0 -> 'level' AS level FROM pg_temp.list(format('rest_admin_applications(NULL, NULL, %L, NULL, NULL)', :'app2')) d, jsonb_array_elements(d -> 'items') i;
SELECT string_agg(d::text, '') ~ '\$2[abxy]?\$|digest"|"(key|secret|signingSecret|password)":' AS shows_a_secret FROM (SELECT pg_temp.list('rest_admin_accounts(NULL, NULL, NULL, NULL, NULL)') UNION ALL SELECT pg_temp.list('rest_admin_applications(NULL, NULL, NULL, NULL, NULL)')) s (d);
INSERT INTO citybigdata.lockout (kind, subject, failures, confirmed, last_attempt_at, locked_until) SELECT k, s, 5, 5, now(), now() + interval '1 hour'
FROM (VALUES ('address', '203.0.113.7'), ('address', '2001:db8:1:2::/64'), ('account', 'adm.nobody'), ('application', 'x/y')) v (k, s);
WITH RECURSIVE page (n, d) AS (SELECT 1, pg_temp.list('rest_admin_lockouts(NULL, NULL, ''1'')')
    UNION ALL SELECT n + 1, pg_temp.list(format('rest_admin_lockouts(NULL, %L, ''1'')', d ->> 'nextCursor')) FROM page WHERE d ->> 'nextCursor' IS NOT NULL)
SELECT count(*) = (SELECT count(*) FROM citybigdata.lockout WHERE failures > 0) AS every_one, bool_or(i ->> 'subject' = 'x/y') AS slash FROM page, jsonb_array_elements(d -> 'items') i;
SELECT r.role, r.status, r.data FROM pg_temp.by_role('rest_lockout_unlock(''address'', ''2001:db8:1:2:3:4:5:6'')') r;
SELECT w.k, w.s, r.status, r.data FROM (VALUES (1, 'address', '::ffff:203.0.113.7'), (2, 'account', 'ADM.Nobody'), (3, 'application', 'x/y'), (4, 'address', 'not an address'), (5, 'address', '1.2.3'), (6, 'host', 'x'), (7, NULL, NULL)) w (n, k, s),
    LATERAL pg_temp.by_role(format('rest_lockout_unlock(%L, %L)', w.k, w.s), 'sysadmin') r ORDER BY w.n;
SELECT c.f, r.status FROM unnest(ARRAY['rest_admin_accounts(''x'', NULL, ''y'', ''z'', ''0'')', 'rest_admin_access_requests(''active'', ''-1'', NULL, ''1001'')', 'rest_admin_applications(''pending'', ''x'', repeat(''9'', 99), NULL, ''1e2'')',
    'rest_admin_lockouts(''x'', ''no slash'', ''1'')']) c (f), LATERAL pg_temp.by_role(c.f) r WHERE r.role = 'secadmin';
SELECT action, detail FROM citybigdata.audit_log WHERE request_id = 'adm' AND status_code = 0 AND action IN ('account.list', 'lockout.list') AND detail NOT LIKE '%cursor%' GROUP BY 1, 2 ORDER BY 1, 2;
SELECT action, count(*) FROM citybigdata.audit_log WHERE request_id = 'adm' AND status_code = 0 AND action IN ('account.role', 'account.revoke', 'account.expire', 'access.revoke', 'access.expire-grant', 'access.expire', 'totp.enrol', 'lockout.unlock') GROUP BY 1 ORDER BY 1;
UPDATE citybigdata.account SET state = 'active' WHERE admin_role = 'secadmin' AND state = 'suspended';
DROP TABLE adm;
