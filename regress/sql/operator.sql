-- Operators: posts, signing in at the operators' client, sessions of the console's browser, who reads cases.
\set SHOW_CONTEXT never
\set VERBOSITY terse
\pset null '(null)'
SET client_min_messages = warning;
SET citybigdata.bcrypt_cost = 4;
SET citybigdata.public_url = 'https://p.example';
CREATE FUNCTION pg_temp.status(frame bytea) RETURNS integer LANGUAGE sql AS $$ SELECT reply.status(frame)::int $$;
CREATE FUNCTION pg_temp.data(frame bytea) RETURNS json LANGUAGE sql AS $$ SELECT nullif(reply.data(frame), '')::json $$;
CREATE FUNCTION pg_temp.digest(text) RETURNS bytea LANGUAGE sql AS $$ SELECT sha256(convert_to($1, 'UTF8')) $$;
CREATE FUNCTION pg_temp.told(frame bytea) RETURNS text LANGUAGE sql AS $$
SELECT concat_ws(' ', pg_temp.status(frame), coalesce(pg_temp.data(frame)->>'error', substring(pg_temp.data(frame)->>'redirect' FROM 'error=([a-z_]+)'),
    CASE WHEN pg_temp.data(frame)->>'redirect' ~ 'code=' THEN 'code' WHEN pg_temp.data(frame)->'page' IS NOT NULL THEN 'page' END)) $$;
CREATE FUNCTION pg_temp.account(name text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    account bigint := citybigdata.register_account(name, 'Correct-1-horse', '市城管委', '张三', '13800138000');
BEGIN
    PERFORM citybigdata.approve_account(account);
    RETURN account;
END
$$;
SELECT pg_temp.account('op.desk') AS desk, pg_temp.account('op.two') AS two, pg_temp.account('op.none') AS none, pg_temp.account('op.admin') AS admin \gset
SELECT citybigdata.make_administrator('op.admin');
\set secret GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ
SELECT citybigdata.enrol_totp('op.admin', :'secret') AS enrolled \gset
-- one client, of an account that nobody can log in to; made once, a revoked one is followed by another
SELECT citybigdata.operators_client() AS client \gset
SELECT a.app_code = citybigdata.make_app_code('110000', a.app_id) AS app_code, client_type, redirect_uris, methods, c.technical, c.user_name,
       (SELECT string_agg(resource || ' ' || level, ',' ORDER BY resource) FROM citybigdata.app_grant g WHERE g.app_id = a.app_id) AS grants
FROM citybigdata.application a JOIN citybigdata.account c USING (account_id) WHERE a.operators;
SELECT citybigdata.setup_operators();
SELECT count(*) FROM citybigdata.application WHERE operators;
BEGIN;
SELECT citybigdata.revoke_application(:'client');
SELECT citybigdata.operators_client() IS NULL AS none_left;
SELECT citybigdata.setup_operators();
SELECT citybigdata.operators_client() <> :'client' AS another, (SELECT count(*) FROM citybigdata.application WHERE operators) AS clients, (SELECT count(*) FROM citybigdata.account WHERE technical) AS owners;
ROLLBACK;
BEGIN;
SELECT citybigdata.reset_password('operators') AS initial \gset
SELECT status_code AS even_so FROM citybigdata.change_password('operators', :'initial', 'Other-1-horses');
ROLLBACK;

-- the log-in
\set verifier dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk
\set challenge E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM
CREATE FUNCTION pg_temp.ask(session text DEFAULT NULL, prompt text DEFAULT NULL, uri text DEFAULT 'https://p.example/console', scope text DEFAULT NULL,
    client text DEFAULT citybigdata.operators_client(), addr inet DEFAULT '192.0.2.1') RETURNS bytea LANGUAGE sql AS $$
SELECT citybigdata.rest_oauth_authorize_check('op1', addr, NULL, 'none', NULL, 'code', client, uri, scope, 'x', 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM', 'S256',
    prompt, 'https://p.example', pg_temp.digest(session)) $$;
CREATE FUNCTION pg_temp.log_in(who text, password text DEFAULT 'Correct-1-horse', totp text DEFAULT NULL, session text DEFAULT NULL, uri text DEFAULT 'https://p.example/console',
    scope text DEFAULT NULL) RETURNS bytea LANGUAGE sql AS $$
SELECT citybigdata.rest_oauth_authorize_decide('op2', '192.0.2.1', NULL, 'none', NULL, 'code', citybigdata.operators_client(), uri, scope, 'x',
    'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM', 'S256', NULL, 'https://p.example', pg_temp.digest(session), who, password, 'allow', totp) $$;
CREATE FUNCTION pg_temp.code(frame bytea) RETURNS text LANGUAGE sql AS $$ SELECT substring(pg_temp.data(frame)->>'redirect' FROM 'code=([A-Za-z0-9_-]{43})') $$;
CREATE FUNCTION pg_temp.redeem(code text, client text DEFAULT citybigdata.operators_client(), uri text DEFAULT 'https://p.example/console') RETURNS bytea LANGUAGE sql AS $$
SELECT citybigdata.rest_oauth_token('op3', '192.0.2.1', NULL, 'none', NULL, 'authorization_code', pg_temp.digest(code), uri, 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk',
    NULL, NULL, client, NULL) $$;
CREATE FUNCTION pg_temp.refresh(token text, scope text DEFAULT NULL) RETURNS bytea LANGUAGE sql AS $$
SELECT citybigdata.rest_oauth_token('op4', '192.0.2.1', NULL, 'none', NULL, 'refresh_token', NULL, NULL, NULL, pg_temp.digest(token), scope, citybigdata.operators_client(), NULL) $$;
-- a case that is not there: 40402 is let in
CREATE FUNCTION pg_temp.cases(token text) RETURNS integer LANGUAGE sql AS $$
SELECT pg_temp.status(citybigdata.rest_event_get('op5', '192.0.2.1', NULL, 'bearer', pg_temp.digest(token), 'none', NULL, NULL)) $$;
CREATE FUNCTION pg_temp.admin(token text) RETURNS integer LANGUAGE sql AS $$
SELECT pg_temp.status(citybigdata.rest_admin_accounts('op6', '192.0.2.1', NULL, 'bearer', pg_temp.digest(token), NULL, NULL, NULL, NULL, NULL)) $$;
CREATE FUNCTION pg_temp.code_of_now(shift int DEFAULT 0) RETURNS text LANGUAGE sql AS $$ SELECT citybigdata.totp_code('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', clock_timestamp() + shift * interval '30 seconds') $$;

SELECT pg_temp.data(pg_temp.ask()) #>> '{page,signIn}' AS sign_in, pg_temp.told(pg_temp.ask(uri => 'https://p.example/console/')) AS not_exact, pg_temp.told(pg_temp.ask(uri => NULL)) AS no_uri,
       pg_temp.told(pg_temp.ask(uri => 'http://127.0.0.1:5555/callback')) AS loopback, pg_temp.told(pg_temp.ask(uri => 'http://127.0.0.1:5555/other')) AS other, pg_temp.told(pg_temp.ask(uri => 'https://evil.example/console')) AS evil;
SELECT pg_temp.told(pg_temp.log_in('op.desk')) AS no_post, pg_temp.told(pg_temp.log_in('op.desk', 'wrong')) AS wrong, pg_temp.told(pg_temp.log_in('operators', 'x')) AS owner,
       pg_temp.told(pg_temp.log_in('op.admin')) AS admin_without_totp, pg_temp.told(pg_temp.log_in('op.admin', totp => '000000')) AS admin_wrong_totp;
INSERT INTO citybigdata.post (account_id, role, given_by) VALUES (:desk, 'desk', 'test') RETURNING post_id AS post \gset
SELECT pg_temp.data(pg_temp.log_in('op.desk')) AS reply \gset
SELECT pg_temp.told(pg_temp.log_in('op.desk', uri => 'http://127.0.0.1:5555/callback')) AS loopback, pg_temp.data(pg_temp.log_in('op.desk', uri => 'http://127.0.0.1:5555/callback'))->>'session' AS session,
       pg_temp.told(pg_temp.log_in('op.desk', scope => 'events')) AS not_granted, :'reply'::json->>'session' ~ '^[A-Za-z0-9_-]{43}$' AS console_session;
SELECT :'reply'::json->>'session' AS session, substring(:'reply'::json->>'redirect' FROM 'code=([^&]+)') AS code \gset
-- another client's code, and the code at another client
SELECT citybigdata.request_access('op.none', '{events}', '{password}', redirect_uris => '{https://p.example/console}', client_type => 'public') AS request \gset
SELECT citybigdata.approve_access(:request) AS public_app \gset
SELECT pg_temp.told(pg_temp.redeem(:'code', :'public_app')) AS another_client;
SELECT pg_temp.told(pg_temp.redeem(:'code')) AS spent_by_that;
SELECT citybigdata.rest_oauth_authorize_decide('op2', '192.0.2.1', NULL, 'none', NULL, 'code', :'public_app', NULL, NULL, NULL, :'challenge', 'S256', NULL, NULL, NULL, 'op.none', 'Correct-1-horse', 'allow') AS other \gset
SELECT pg_temp.data(:'other')->>'session' AS no_session, pg_temp.told(pg_temp.redeem(pg_temp.code(:'other'))) AS code_of_another_client, pg_temp.told(pg_temp.ask(:'session', client => :'public_app')) AS page_of_another_client;
SELECT pg_temp.data(pg_temp.redeem(pg_temp.code(pg_temp.log_in('op.desk', session => :'session')))) AS tokens, pg_temp.told(pg_temp.ask(:'session')) AS replaced_by_the_next \gset
SELECT :'replaced_by_the_next' AS replaced_by_the_next;
SELECT :'tokens'::json->>'access_token' AS token, :'tokens'::json->>'refresh_token' AS refresh, :'tokens'::json->>'scope' AS scope \gset
SELECT pg_temp.data(pg_temp.refresh(:'refresh')) AS tokens \gset
SELECT :'tokens'::json->>'access_token' AS token, :'tokens'::json->>'refresh_token' AS refresh \gset
SELECT :'scope' AS scope, pg_temp.cases(:'token') AS cases, pg_temp.admin(:'token') AS admin, (SELECT user_name FROM citybigdata.check_token(:'token')) AS of;

-- the posts as they are at each request
UPDATE citybigdata.post SET valid_until = clock_timestamp() WHERE post_id = :post;
SELECT pg_temp.cases(:'token') AS ended, pg_temp.told(pg_temp.refresh(:'refresh')) AS refresh, pg_temp.told(pg_temp.log_in('op.desk')) AS log_in;
UPDATE citybigdata.post SET valid_until = NULL, valid_from = clock_timestamp() + interval '1 hour' WHERE post_id = :post;
SELECT pg_temp.cases(:'token') AS not_begun;
UPDATE citybigdata.post SET valid_from = now() - interval '1 day' WHERE post_id = :post;
SELECT pg_temp.cases(:'token') AS again;
UPDATE citybigdata.post SET delegate_id = :two, delegate_from = now() - interval '1 hour', delegate_until = clock_timestamp() + interval '1 hour' WHERE post_id = :post;
SELECT pg_temp.data(pg_temp.log_in('op.two')) AS two \gset two_
SELECT pg_temp.data(pg_temp.redeem(substring(:'two_two'::json->>'redirect' FROM 'code=([^&]+)')))->>'access_token' AS token \gset two_
SELECT pg_temp.cases(:'token') AS delegated_away, pg_temp.cases(:'two_token') AS delegate;
UPDATE citybigdata.post SET delegate_until = clock_timestamp() WHERE post_id = :post;
SELECT pg_temp.cases(:'token') AS back, pg_temp.cases(:'two_token') AS delegate_no_more;
UPDATE citybigdata.post SET delegate_id = NULL, delegate_from = NULL, delegate_until = NULL WHERE post_id = :post;
-- data level: that of the roles, never above the client's grant; narrowed scopes
SELECT role, level FROM citybigdata.role_level ORDER BY role;
CREATE FUNCTION pg_temp.level(token text) RETURNS integer LANGUAGE sql AS $$ SELECT level FROM citybigdata.check_token(token) $$;
SELECT pg_temp.level(:'token') AS desk;
SELECT citybigdata.set_role_level('desk', 1);
SELECT pg_temp.level(:'token') AS lowered, (SELECT shipped FROM citybigdata.role_level WHERE role = 'desk') AS shipped;
INSERT INTO citybigdata.post (account_id, role, given_by) VALUES (:desk, 'leader', 'test') RETURNING post_id AS leader \gset
SELECT pg_temp.level(:'token') AS the_highest;
DELETE FROM citybigdata.post WHERE post_id = :leader;
SELECT citybigdata.set_role_level('desk', 3);
SELECT citybigdata.set_role_level('desk', 4);
SELECT citybigdata.set_role_level('boss', 2);
SELECT citybigdata.grant_access(:'client', 'events');
SELECT pg_temp.data(pg_temp.redeem(pg_temp.code(pg_temp.log_in('op.desk', scope => 'events'))))->>'access_token' AS narrow \gset
SELECT pg_temp.cases(:'narrow') AS narrowed, pg_temp.cases(:'token') AS before_the_grant, pg_temp.told(pg_temp.ask(scope => 'cases events')) AS both;
SELECT citybigdata.revoke_grant(:'client', 'events');

-- the session of the browser: a code without a password, for the console alone
SELECT pg_temp.data(pg_temp.log_in('op.desk'))->>'session' AS session \gset
SELECT pg_temp.told(pg_temp.ask(:'session')) AS silent, pg_temp.told(pg_temp.ask(:'session', 'none')) AS none, pg_temp.told(pg_temp.ask(:'session', 'login')) AS login, pg_temp.told(pg_temp.ask(:'session', 'select_account consent')) AS select_account,
       pg_temp.told(pg_temp.ask(:'session', 'none login')) AS both, pg_temp.told(pg_temp.ask(:'session', 'x')) AS unknown, pg_temp.told(pg_temp.ask(NULL, 'none')) AS nobody, pg_temp.told(pg_temp.ask('x', 'none')) AS no_such,
       pg_temp.told(pg_temp.ask(:'session', uri => 'http://127.0.0.1:5555/callback')) AS loopback, pg_temp.told(pg_temp.ask(:'session', 'none', uri => 'http://127.0.0.1:5555/callback')) AS loopback_none;
SELECT count(*) FILTER (WHERE session_digest = pg_temp.digest(:'session')) AS digest, count(*) FILTER (WHERE encode(session_digest, 'escape') = :'session') AS text FROM citybigdata.login_session;
-- it authorises nothing else
SELECT pg_temp.cases(:'session') AS as_a_token, pg_temp.admin(:'session') AS as_an_administrator;
-- idle, unless a token that came of it was used; and never beyond its end
SELECT session_id FROM citybigdata.login_session WHERE session_digest = pg_temp.digest(:'session') \gset
SELECT pg_temp.data(pg_temp.redeem(pg_temp.code(pg_temp.ask(:'session')))) AS tokens \gset
SELECT :'tokens'::json->>'access_token' AS token, :'tokens'::json->>'refresh_token' AS refresh \gset
UPDATE citybigdata.login_session SET last_used_at = now() - interval '31 minutes' WHERE session_id = :session_id;
SELECT pg_temp.told(pg_temp.ask(:'session', 'none')) AS used_by_its_token;
UPDATE citybigdata.login_session SET last_used_at = now() - interval '31 minutes' WHERE session_id = :session_id;
UPDATE citybigdata.access_token SET issued_at = now() - interval '31 minutes', last_used_at = NULL WHERE token_digest = pg_temp.digest(:'token');
SELECT pg_temp.told(pg_temp.ask(:'session', 'none')) AS idle;
UPDATE citybigdata.login_session SET last_used_at = now(), began_at = now() - interval '13 hours' WHERE session_id = :session_id;
SELECT pg_temp.told(pg_temp.ask(:'session', 'none')) AS old;
UPDATE citybigdata.login_session SET began_at = now() WHERE session_id = :session_id;
SET citybigdata.second_factor = 'all';
SELECT pg_temp.told(pg_temp.ask(:'session', 'none')) AS without_second_factor, pg_temp.told(pg_temp.log_in('op.desk')) AS log_in;
RESET citybigdata.second_factor;
SET citybigdata.password_max_age_days = 1;
UPDATE citybigdata.account SET password_changed_at = now() - interval '2 days' WHERE account_id = :desk;
SELECT pg_temp.told(pg_temp.ask(:'session', 'none')) AS password_too_old;
UPDATE citybigdata.account SET password_changed_at = now() WHERE account_id = :desk;
RESET citybigdata.password_max_age_days;
SET citybigdata.login_session_idle_ttl = 0;
SELECT pg_temp.told(pg_temp.ask(:'session', 'none')) AS switched_off, pg_temp.data(pg_temp.log_in('op.desk'))->>'session' AS session;
RESET citybigdata.login_session_idle_ttl;
-- log-out: session, codes, tokens; the same answer to everybody
UPDATE citybigdata.access_token SET issued_at = now() WHERE token_digest = pg_temp.digest(:'token');
SELECT pg_temp.cases(:'token') AS before, pg_temp.code(pg_temp.ask(:'session')) AS pending \gset
CREATE FUNCTION pg_temp.log_out(session text) RETURNS integer LANGUAGE sql AS $$ SELECT pg_temp.status(citybigdata.rest_oauth_logout('op7', '192.0.2.1', NULL, 'none', NULL, pg_temp.digest(session))) $$;
SELECT :before AS before, pg_temp.log_out(:'session') AS out, pg_temp.log_out(:'session') AS again, pg_temp.log_out(NULL) AS nobody;
SELECT pg_temp.told(pg_temp.ask(:'session', 'none')) AS session, pg_temp.cases(:'token') AS token, pg_temp.told(pg_temp.refresh(:'refresh')) AS refresh, pg_temp.told(pg_temp.redeem(:'pending')) AS code;
-- another log-in in the same browser ends the one before, with its tokens
CREATE FUNCTION pg_temp.begin(who text, totp text DEFAULT NULL, before text DEFAULT NULL, OUT session text, OUT token text, OUT refresh text, OUT scope text) LANGUAGE sql AS $$
SELECT r->>'session', t->>'access_token', t->>'refresh_token', t->>'scope' FROM (SELECT pg_temp.data(pg_temp.log_in(who, totp => totp, session => before)) AS r OFFSET 0) l,
    LATERAL (SELECT pg_temp.data(pg_temp.redeem(substring(r->>'redirect' FROM 'code=([^&]+)'))) AS t) s $$;
INSERT INTO citybigdata.post (account_id, role, given_by) VALUES (:two, 'leader', 'test');
SELECT * FROM pg_temp.begin('op.desk') \gset one_
SELECT * FROM pg_temp.begin('op.two', before => :'one_session') \gset two_
SELECT pg_temp.told(pg_temp.ask(:'one_session', 'none')) AS one_session, pg_temp.cases(:'one_token') AS one_token, pg_temp.told(pg_temp.ask(:'two_session', 'none')) AS two_session, pg_temp.cases(:'two_token') AS two_token,
       (SELECT user_name FROM citybigdata.check_token(:'two_token')) AS two;
-- a password, a suspension, by whatever way
SELECT * FROM pg_temp.begin('op.desk') \gset
SELECT status_code AS changed FROM citybigdata.change_password('op.desk', 'Correct-1-horse', 'Better-2-horses');
SELECT pg_temp.told(pg_temp.ask(:'session', 'none')) AS session, pg_temp.cases(:'token') AS token, pg_temp.told(pg_temp.refresh(:'refresh')) AS refresh,
       (SELECT count(*) FROM citybigdata.login_session WHERE account_id = :desk) AS sessions;
SELECT * FROM pg_temp.begin('op.two') \gset
UPDATE citybigdata.account SET state = 'suspended' WHERE account_id = :two;
SELECT pg_temp.told(pg_temp.ask(:'session', 'none')) AS session, pg_temp.cases(:'token') AS token, pg_temp.told(pg_temp.log_in('op.two')) AS log_in, pg_temp.told(pg_temp.log_in('op.two', 'wrong')) AS wrong;
UPDATE citybigdata.account SET state = 'active' WHERE account_id = :two;
SELECT pg_temp.told(pg_temp.ask(:'session', 'none')) AS session, pg_temp.cases(:'token') AS token, pg_temp.told(pg_temp.refresh(:'refresh')) AS refresh;

-- an administrator: an /admin token, no refresh token, no cases; the session asks for no second factor again
SELECT * FROM pg_temp.begin('op.admin', pg_temp.code_of_now()) \gset adm_
SELECT pg_temp.data(pg_temp.redeem(pg_temp.code(pg_temp.ask(:'adm_session'))))->>'access_token' AS silent \gset
SELECT :'adm_scope' AS scope, :{?adm_refresh} AS refresh, pg_temp.admin(:'adm_token') AS admin, pg_temp.cases(:'adm_token') AS cases,
       pg_temp.admin(:'silent') AS by_the_session;
SET citybigdata.admin_addresses = '10.0.0.0/8';
SELECT pg_temp.told(pg_temp.ask(:'adm_session', 'none')) AS from_elsewhere, pg_temp.told(pg_temp.log_in('op.admin', totp => pg_temp.code_of_now(1))) AS log_in;
RESET citybigdata.admin_addresses;
-- the client that got it gives it back; another one cannot
SELECT pg_temp.status(citybigdata.rest_oauth_revoke('op8', '192.0.2.1', NULL, 'none', NULL, pg_temp.digest(:'adm_token'), NULL, :'client', NULL)) AS revoked, pg_temp.admin(:'adm_token') AS admin;
-- one account does not hold both
INSERT INTO citybigdata.post (account_id, role, given_by) VALUES (:admin, 'desk', 'test');
UPDATE citybigdata.post SET delegate_id = :admin, delegate_from = now(), delegate_until = now() + interval '1 day' WHERE post_id = :post;
INSERT INTO citybigdata.post (account_id, role, given_by, valid_from, valid_until) VALUES (:admin, 'desk', 'test', now() - interval '2 days', now() - interval '1 day');
SELECT citybigdata.set_admin_role('op.desk', 'auditor');
UPDATE citybigdata.post SET delegate_id = :none, delegate_from = now(), delegate_until = now() + interval '1 day' WHERE post_id = :post;
SELECT citybigdata.set_admin_role('op.none', 'auditor');
UPDATE citybigdata.post SET delegate_id = NULL, delegate_from = NULL, delegate_until = NULL WHERE post_id = :post;
-- a code is redeemed as what it was made for: an operator that became an administrator in between proved too little
SELECT pg_temp.code(pg_temp.log_in('op.two')) AS code \gset
DELETE FROM citybigdata.post WHERE account_id = :two;
SELECT citybigdata.set_admin_role('op.two', 'auditor');
SELECT pg_temp.told(pg_temp.redeem(:'code')) AS as_an_operator, (SELECT count(*) FROM citybigdata.login_session WHERE account_id = :two) AS sessions;
SELECT * FROM pg_temp.begin('op.admin', pg_temp.code_of_now(1)) \gset adm_
SELECT citybigdata.set_admin_role('op.admin', NULL);
SELECT pg_temp.told(pg_temp.ask(:'adm_session', 'none')) AS session, pg_temp.admin(:'adm_token') AS token;

-- who reads cases: events reads one's own, cases all; a token that was narrowed to one of them is that
SELECT citybigdata.request_access('op.none', '{events}', '{ip}', ip_ranges => '{198.51.100.81}', sender_codes => '{OP-1}', profile => 'egova', level => 2) AS own_request,
       citybigdata.request_access('op.none', '{cases}', '{ip}', ip_ranges => '{198.51.100.82}', profile => 'egova', level => 2) AS all_request \gset
SELECT citybigdata.approve_access(:own_request) AS own, citybigdata.approve_access(:all_request) AS every \gset
SELECT task_num FROM citybigdata.report_event('OP-1', '{"eventDesc": "井盖缺失", "otherTaskNum": "O-1", "address": "景山前街4号", "eventSrcID": 1, "recTypeID": 1, "eventTypeCode": "6",
    "longitude": 116.403414, "latitude": 39.924091, "createTime": "20240131083000"}'::json, 'egova') \gset
INSERT INTO citybigdata.sender (sender_code, app_id) SELECT 'OP-2', app_id FROM citybigdata.application WHERE app_code = :'every';
SELECT task_num AS other FROM citybigdata.report_event('OP-2', '{"eventDesc": "井盖缺失", "otherTaskNum": "O-2", "address": "景山前街4号", "eventSrcID": 1, "recTypeID": 1, "eventTypeCode": "6",
    "longitude": 116.403414, "latitude": 39.924091, "createTime": "20240131083000"}'::json, 'egova') \gset
CREATE FUNCTION pg_temp.reads(app text, addr inet, task text) RETURNS integer LANGUAGE sql AS $$ SELECT pg_temp.status(citybigdata.rest_event_get('op9', addr, app, 'none', NULL, task, NULL, NULL)) $$;
SELECT pg_temp.reads(:'own', '198.51.100.81', :'task_num') AS own, pg_temp.reads(:'own', '198.51.100.81', :'other') AS not_own, pg_temp.reads(:'every', '198.51.100.82', :'task_num') AS every;
SELECT status_code FROM citybigdata.set_limit(:'own', 'events', NULL, NULL, 1) l, LATERAL (SELECT 0) s (status_code);
SELECT pg_temp.reads(:'own', '198.51.100.81', :'task_num') AS counted, pg_temp.reads(:'own', '198.51.100.81', :'task_num') AS limited;
SELECT app_id, account_id FROM citybigdata.application WHERE app_code = :'own' \gset
UPDATE citybigdata.app_grant SET daily_quota = NULL WHERE app_id = :app_id;
INSERT INTO citybigdata.access_token (token_digest, app_id, account_id, issued_at, expires_at, resources)
SELECT pg_temp.digest('op@' || r), :app_id, :account_id, now(), now() + interval '1 hour', ARRAY[r] FROM unnest('{cases,events,benches}'::text[]) r;
SELECT r, pg_temp.status(citybigdata.rest_event_get('op9', '198.51.100.81', NULL, 'bearer', pg_temp.digest('op@' || r), :'task_num', NULL, NULL)) AS own FROM unnest('{cases,events,benches}'::text[]) r;
-- whoever holds a token of the operators' client without an account behind it is nobody
INSERT INTO citybigdata.access_token (token_digest, app_id, account_id, issued_at, expires_at)
SELECT pg_temp.digest('op@owner'), app_id, account_id, now(), now() + interval '1 hour' FROM citybigdata.application WHERE operators;
SELECT pg_temp.cases('op@owner') AS owner, (citybigdata.issue_auth_code(:'client', 'ip', client_addr => '192.0.2.1')).status_code AS by_address;
-- the audit log names who signed in, and holds no secret
SELECT action, status_code, user_name, count(*) FROM citybigdata.audit_log WHERE request_id LIKE 'op_' AND action LIKE 'oauth.%' AND user_name LIKE 'op.%' GROUP BY 1, 2, 3 ORDER BY 1, 2, 3;
SELECT count(*) AS secrets FROM citybigdata.audit_log WHERE request_id LIKE 'op_' AND concat(object, detail) ~ concat_ws('|', :'session', :'token', :'code');

-- roles of the database: what is for setup and the endpoints is for nobody else
SELECT r.role, string_agg(f.name, ' ' ORDER BY f.name) FILTER (WHERE has_function_privilege(r.role, f.id, 'EXECUTE')) AS may
FROM unnest('{citybigdata_sysadmin,citybigdata_secadmin,citybigdata_auditor,citybigdata_analyst,citybigdata_bridge}'::text[]) r (role),
     (SELECT oid, proname FROM pg_proc WHERE pronamespace = 'citybigdata'::regnamespace AND proname IN ('setup_operators', 'operators_client', 'make_app_code', 'set_role_level',
      'account_signs_out', 'post_without_administrator', 'administrator_without_post', 'rest_oauth_logout', 'rest_oauth_authorize_check', 'rest_oauth_authorize_decide')) f (id, name)
GROUP BY 1 ORDER BY 1;
SELECT r.role, has_table_privilege(r.role, 'citybigdata.login_session', 'SELECT, INSERT, UPDATE, DELETE') OR has_any_column_privilege(r.role, 'citybigdata.login_session', 'SELECT') AS sessions,
       has_table_privilege(r.role, 'citybigdata.role_level', 'SELECT') AS levels, has_table_privilege(r.role, 'citybigdata.role_level', 'INSERT, UPDATE, DELETE') AS changes
FROM unnest('{citybigdata_sysadmin,citybigdata_secadmin,citybigdata_auditor,citybigdata_analyst,citybigdata_bridge}'::text[]) r (role);
SELECT citybigdata.maintain_oauth() >= 0 AS maintained;
