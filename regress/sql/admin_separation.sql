-- Separation of administrators as people (s7): what takes two takes two persons, however one goes about it.
\set SHOW_CONTEXT never
\set VERBOSITY terse
SET client_min_messages = warning;
SET citybigdata.bcrypt_cost = 4;
CREATE FUNCTION pg_temp.status(frame bytea) RETURNS integer LANGUAGE sql AS $$ SELECT reply.status(frame)::int $$;
CREATE FUNCTION pg_temp.data(frame bytea) RETURNS json LANGUAGE sql AS $$ SELECT nullif(reply.data(frame), '')::json $$;
CREATE FUNCTION pg_temp.digest(text) RETURNS bytea LANGUAGE sql AS $$ SELECT sha256(convert_to($1, 'UTF8')) $$;
CREATE FUNCTION pg_temp.make(name text, organization text DEFAULT '某单位') RETURNS bigint LANGUAGE sql AS $$
    SELECT citybigdata.register_account(name, 'Correct-1-horse', organization, '张三', '13800138000') $$;
-- A token of an administrator, made by the superuser: the first ones.
CREATE FUNCTION pg_temp.first(name text, role text, organization text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE account bigint := pg_temp.make(name, organization);
BEGIN
    PERFORM citybigdata.approve_account(account), citybigdata.set_admin_role(name, role), citybigdata.enrol_totp(name, 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP');
    RETURN pg_temp.log_in(name, 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP');
END
$$;
CREATE FUNCTION pg_temp.log_in(name text, secret text) RETURNS text LANGUAGE sql AS $$
    SELECT pg_temp.data(citybigdata.rest_admin_login('l', '192.0.2.1', NULL, 'none', NULL, name, 'Correct-1-horse', citybigdata.totp_code(secret)))->>'accessToken' $$;
CREATE FUNCTION pg_temp.propose(token text, action text, account bigint, role text DEFAULT NULL) RETURNS json LANGUAGE sql AS $$
    SELECT json_build_object('status', pg_temp.status(f), 'id', pg_temp.data(f)->>'proposalId')
    FROM citybigdata.rest_proposal_add('p', '192.0.2.1', NULL, 'bearer', pg_temp.digest(token), action, account::text, role, NULL) AS f $$;
CREATE FUNCTION pg_temp.confirm(token text, id text) RETURNS bytea LANGUAGE sql AS $$
    SELECT citybigdata.rest_proposal_confirm('c', '192.0.2.1', NULL, 'bearer', pg_temp.digest(token), id) $$;
CREATE FUNCTION pg_temp.basic(name text) RETURNS bytea LANGUAGE sql AS $$ SELECT convert_to(name || ':Correct-1-horse', 'UTF8') $$;
SELECT pg_temp.first('sep.sys', 'sysadmin', '平台管理处') AS sys, pg_temp.first('sep.sec1', 'secadmin', '平台管理处') AS sec1, pg_temp.first('sep.sec2', 'secadmin', '安全处') AS sec2 \gset
SELECT max(account_id) FILTER (WHERE user_name = 'sep.sec1') AS sec1_id, max(account_id) FILTER (WHERE user_name = 'sep.sec2') AS sec2_id FROM citybigdata.account \gset

-- s7a: one security administrator makes no administrator alone, by none of the ways.
SELECT pg_temp.make('sep.puppet') AS puppet \gset
SELECT pg_temp.status(citybigdata.rest_account_approve('a', '192.0.2.1', NULL, 'bearer', pg_temp.digest(:'sec1'), :'puppet')) AS approved;
SELECT pg_temp.status(f) AS role, pg_temp.data(f)->>'proposalId' AS role_id, pg_temp.data(f)->>'state' AS state
FROM citybigdata.rest_account_role('r', '192.0.2.1', NULL, 'bearer', pg_temp.digest(:'sec1'), :'puppet', 'sysadmin') AS f \gset
SELECT :role AS role, :'state' AS state, admin_role AS s7a_still_none FROM citybigdata.account WHERE account_id = :puppet;
SELECT pg_temp.status(pg_temp.confirm(:'sec1', :'role_id')) AS s7a_own, pg_temp.status(pg_temp.confirm(:'sys', :'role_id')) AS sysadmin_confirms,
       pg_temp.propose(:'sec1', 'role', :puppet, 'secadmin')->>'status' AS twice, pg_temp.propose(:'sec1', 'role', :sec1_id, 'sysadmin')->>'status' AS oneself;
-- a second factor that was enrolled alone, before the appointment, goes with it
SELECT pg_temp.data(citybigdata.rest_account_second_factor('f', '192.0.2.1', NULL, 'bearer', pg_temp.digest(:'sec1'), :'puppet'))->>'address' ~ '^otpauth' AS as_ordinary_account;
SELECT pg_temp.status(pg_temp.confirm(:'sec2', :'role_id')) AS second_person, pg_temp.status(pg_temp.confirm(:'sec2', :'role_id')) AS once;
SELECT a.admin_role, count(t.*) AS s7a_factors FROM citybigdata.account a LEFT JOIN citybigdata.account_totp t ON t.account_id = a.account_id WHERE a.account_id = :puppet GROUP BY 1;
SELECT pg_temp.data(f)->>'proposalId' AS factor_id, pg_temp.data(f)->>'address' IS NULL AS no_secret
FROM citybigdata.rest_account_second_factor('f', '192.0.2.1', NULL, 'bearer', pg_temp.digest(:'sec2'), :'puppet') AS f \gset
SELECT :'no_secret'::boolean AS no_secret, pg_temp.status(pg_temp.confirm(:'sec2', :'factor_id')) AS s7a_own_factor,
       substring(pg_temp.data(pg_temp.confirm(:'sec1', :'factor_id'))->>'address' FROM 'secret=([A-Z2-7]+)') AS secret \gset
SELECT :s7a_own_factor AS s7a_own_factor, pg_temp.log_in('sep.puppet', :'secret') AS puppet_token \gset
-- who was shown the second factor of an administrator confirms nothing of that one's
SELECT pg_temp.make('sep.other') AS other \gset
SELECT pg_temp.status(citybigdata.rest_account_approve('a', '192.0.2.1', NULL, 'bearer', pg_temp.digest(:'sec2'), :'other')) AS approved;
SELECT pg_temp.propose(:'puppet_token', 'role', :other, 'auditor')->>'id' AS by_puppet \gset
SELECT pg_temp.status(pg_temp.confirm(:'sec1', :'by_puppet')) AS s7a_holds_the_factor, pg_temp.status(pg_temp.confirm(:'sec2', :'by_puppet')) AS somebody_else;
-- expired, refused, unknown; taken back
SELECT pg_temp.propose(:'sys', 'role', :other, 'sysadmin')->>'id' AS late \gset
UPDATE citybigdata.admin_proposal SET expires_at = clock_timestamp() WHERE proposal_id = :late;
SELECT pg_temp.status(pg_temp.confirm(:'sec1', :'late')) AS expired, pg_temp.propose(:'sys', 'role', :other, 'sysadmin')->>'id' AS again \gset
SELECT :expired AS expired, pg_temp.status(citybigdata.rest_proposal_refuse('x', '192.0.2.1', NULL, 'bearer', pg_temp.digest(:'sys'), :'again', NULL)) AS taken_back,
       pg_temp.status(pg_temp.confirm(:'sec1', :'again')) AS after_that, pg_temp.status(pg_temp.confirm(:'sec1', '999999999')) AS unknown;
SELECT i->>'action' AS action, i->>'userName' AS about, i->>'role' AS role, i->>'state' AS state, i->>'proposedBy' AS by, i->>'decidedBy' AS decided
FROM json_array_elements(pg_temp.data(citybigdata.rest_admin_proposals('g', '192.0.2.1', NULL, 'bearer', pg_temp.digest(:'sys'), NULL, NULL, NULL))->'items') AS i WHERE i->>'userName' LIKE 'sep.%';

-- s7a: access: of the own organisation at any level, and of a high level for an account that one has approved, takes two.
SELECT pg_temp.make('sep.colleague', ' 平台管理处 ') AS colleague, pg_temp.make('sep.app') AS app_account \gset
SELECT pg_temp.data(citybigdata.rest_account_approve('a', '192.0.2.1', NULL, 'bearer', pg_temp.digest(:'sec1'), :'colleague'))->>'proposalId' AS account_id \gset
SELECT state AS s7a_own_organisation FROM citybigdata.account WHERE account_id = :colleague;
SELECT pg_temp.status(pg_temp.confirm(:'sec1', :'account_id')) AS own, pg_temp.status(pg_temp.confirm(:'sec2', :'account_id')) AS another,
       pg_temp.status(citybigdata.rest_account_approve('a', '192.0.2.1', NULL, 'bearer', pg_temp.digest(:'sec1'), :'app_account')) AS other_organisation;
SELECT citybigdata.request_access('sep.app', '{events}', '{key}', level => 4) AS high, citybigdata.request_access('sep.app', '{events}', '{key}', level => 2) AS low \gset
SELECT pg_temp.data(citybigdata.rest_access_approve('a', '192.0.2.1', NULL, 'bearer', pg_temp.digest(:'sec1'), :'high'))->>'proposalId' AS high_id,
       pg_temp.data(citybigdata.rest_access_approve('a', '192.0.2.1', NULL, 'bearer', pg_temp.digest(:'sec1'), :'low'))->>'appCode' AS low_app \gset
SELECT state AS s7a_high_level FROM citybigdata.access_request WHERE access_request_id = :high;
SELECT pg_temp.status(pg_temp.confirm(:'sec1', :'high_id')) AS own, pg_temp.data(pg_temp.confirm(:'sec2', :'high_id'))->>'appCode' IS NOT NULL AS another;
SELECT pg_temp.data(citybigdata.rest_grant_add('g', '192.0.2.1', NULL, 'bearer', pg_temp.digest(:'sec1'), :'low_app', 'events', '3', NULL))->>'proposalId' AS grant_id \gset
SELECT g.level AS s7a_grant_stays, pg_temp.status(pg_temp.confirm(:'sec1', :'grant_id')) AS own, pg_temp.status(pg_temp.confirm(:'sec2', :'grant_id')) AS another
FROM citybigdata.app_grant g JOIN citybigdata.application a USING (app_id) WHERE a.app_code = :'low_app';
SELECT g.level FROM citybigdata.app_grant g JOIN citybigdata.application a USING (app_id) WHERE a.app_code = :'low_app';

-- s7b: a password that an administrator reset opens nothing until a security administrator has confirmed it; the owner is told.
SELECT account_id AS app_owner FROM citybigdata.account WHERE user_name = 'sep.app' \gset
SELECT pg_temp.data(citybigdata.rest_account_reset_password('w', '192.0.2.1', NULL, 'bearer', pg_temp.digest(:'sys'), :'app_owner'))->>'password' AS initial \gset
SELECT pg_temp.status(citybigdata.rest_account_password('w', '192.0.2.1', NULL, 'none', NULL, 'sep.app', :'initial', 'Another-1-horse', NULL)) AS changed,
       pg_temp.status(citybigdata.rest_application_rotate('w', '192.0.2.1', NULL, 'bearer', pg_temp.digest(:'sys'), :'low_app', '0')) AS rotated;
UPDATE citybigdata.application SET methods = '{key,password}', redirect_uris = '{https://sep.example/cb}' WHERE app_code = :'low_app';
SELECT pg_temp.data(citybigdata.rest_access_request_state('s', '192.0.2.1', NULL, 'basic', convert_to('sep.app:Another-1-horse', 'UTF8'), :'low'))::jsonb - 'accessRequestId' - 'appCode' AS s7b_collect;
SELECT pg_temp.status(citybigdata.rest_auth_code('s', '192.0.2.1', :'low_app', 'none', NULL, 'password', NULL, 'sep.app', 'Another-1-horse', false)) AS s7b_code,
       pg_temp.status(citybigdata.rest_seal_url('s', '192.0.2.1', :'low_app', 'none', NULL, 'events', NULL, NULL, NULL, NULL, NULL, 'sep.app', 'Another-1-horse')) AS s7b_sealed,
       pg_temp.status(citybigdata.rest_oauth_authorize_decide('d', '192.0.2.1', NULL, 'none', NULL, 'code', :'low_app', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'sep.app', 'Another-1-horse', 'allow')) AS s7b_consent;
SELECT proposal_id AS held FROM citybigdata.admin_proposal WHERE action = 'password' AND state = 'open' AND account_id = :app_owner \gset
SELECT pg_temp.status(pg_temp.confirm(:'sys', :'held')) AS s7b_sysadmin, pg_temp.status(pg_temp.confirm(:'sec2', :'held')) AS secadmin;
SELECT pg_temp.data(citybigdata.rest_access_request_state('s', '192.0.2.1', NULL, 'basic', convert_to('sep.app:Another-1-horse', 'UTF8'), :'low'))->>'key' IS NOT NULL AS collected,
       pg_temp.status(citybigdata.rest_auth_code('s', '192.0.2.1', :'low_app', 'none', NULL, 'password', NULL, 'sep.app', 'Another-1-horse', false)) AS code;

-- s7c: no administrator's database role makes access; appointments from SQL take two log-ins.
SELECT r AS role, p.oid::regprocedure AS s7c_mints FROM unnest('{citybigdata_sysadmin,citybigdata_secadmin,citybigdata_auditor,citybigdata_analyst}'::text[]) AS r, pg_proc p
WHERE p.pronamespace = 'citybigdata'::regnamespace AND has_function_privilege(r, p.oid, 'EXECUTE')
  AND p.proname IN ('seal_url', 'open_url', 'media_url', 'rotate_credentials', 'take_credentials', 'reset_password', 'issue_auth_code', 'exchange_auth_code');
CREATE ROLE sep_sec1 LOGIN IN ROLE citybigdata_secadmin;
CREATE ROLE sep_sec2 LOGIN IN ROLE citybigdata_secadmin;
SET SESSION AUTHORIZATION sep_sec1;
SELECT citybigdata.set_admin_role('sep.other', 'sysadmin');
SELECT citybigdata.make_administrator('sep.other');
SELECT citybigdata.enrol_totp('sep.puppet');
SELECT citybigdata.propose_role('sep.other', 'sysadmin') AS sql_id \gset
SELECT citybigdata.confirm_proposal(:sql_id);
SET SESSION AUTHORIZATION sep_sec2;
SELECT citybigdata.confirm_proposal(:sql_id);
SELECT citybigdata.confirm_proposal(:sql_id);
RESET SESSION AUTHORIZATION;
SELECT admin_role FROM citybigdata.account WHERE user_name = 'sep.other';
SELECT action, status_code, count(*) FROM citybigdata.audit_log WHERE action LIKE 'proposal.%' GROUP BY 1, 2 ORDER BY 1, 2;
DROP ROLE sep_sec1, sep_sec2;
