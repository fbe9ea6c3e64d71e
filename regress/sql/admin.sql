-- Endpoints of administration, and which role may what.
\set SHOW_CONTEXT never
\set VERBOSITY terse
SET client_min_messages = warning;
SET citybigdata.bcrypt_cost = 4;
SELECT citybigdata.approve_account(citybigdata.register_account('adm.' || r, 'Correct-1-horse', '市城管委', '张三', '13800138000'))
FROM unnest('{sysadmin,secadmin,auditor,user}'::text[]) r;
SELECT citybigdata.set_admin_role('adm.' || r, r) FROM unnest('{sysadmin,secadmin,auditor}'::text[]) r;
CREATE TABLE adm AS SELECT r AS role, split_part(citybigdata.rest_admin_login('adm', '192.0.2.1', NULL, 'none', NULL, 'adm.' || r, 'Correct-1-horse', NULL), E'\n', 3)::json ->> 'accessToken' AS token
FROM unnest('{sysadmin,secadmin,auditor}'::text[]) r;
SELECT citybigdata.request_access('adm.user', '{events}', '{key}') AS request, account_id AS id FROM citybigdata.account WHERE user_name = 'adm.user' \gset
SELECT citybigdata.approve_access(:request) AS app \gset
SELECT key FROM citybigdata.take_credentials(:request) \gset
-- one endpoint called by each role in turn; a state that is not changed any more is 40900
CREATE FUNCTION pg_temp.by_role(call text) RETURNS TABLE (role text, status text, data text) LANGUAGE plpgsql AS $$
DECLARE
    frame text;
    token text;
BEGIN
    FOR role, token IN SELECT a.role, a.token FROM adm a ORDER BY a.role LOOP
        EXECUTE 'SELECT citybigdata.' || regexp_replace(call, '\(', $x$('adm', '192.0.2.1', NULL, 'bearer', sha256($1::bytea), $x$) INTO frame USING token;
        status := split_part(split_part(frame, E'\n', 1), ' ', 1);
        data := regexp_replace(split_part(frame, E'\n', 3), '"accountId":\d+', '"accountId":n');
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
SELECT count(*) AS readings FROM citybigdata.audit_log WHERE action = 'audit.read' AND request_id = 'adm' AND status_code = 0;
DROP TABLE adm;
