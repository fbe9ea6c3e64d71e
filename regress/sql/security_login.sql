-- Attacks on log-ins: strangers lock nobody out (s12), the second factor (s12, s18, s24), narrowed tokens (s14), composed characters (d5).
\set SHOW_CONTEXT never
\set VERBOSITY terse
SET client_min_messages = warning;
SET citybigdata.bcrypt_cost = 4;
SET citybigdata.lockout_threshold = 3;
DELETE FROM citybigdata.lockout;
CREATE FUNCTION pg_temp.status(frame bytea) RETURNS integer LANGUAGE sql AS $$ SELECT reply.status(frame)::int $$;
CREATE FUNCTION pg_temp.data(frame bytea) RETURNS json LANGUAGE sql AS $$ SELECT nullif(reply.data(frame), '')::json $$;
CREATE FUNCTION pg_temp.digest(text) RETURNS bytea LANGUAGE sql AS $$ SELECT sha256(convert_to($1, 'UTF8')) $$;
CREATE FUNCTION pg_temp.make(name text, password text DEFAULT 'Correct-1-horse') RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE account bigint := citybigdata.register_account(name, password, '城管', '张三', '13800138000');
BEGIN
    PERFORM citybigdata.approve_account(account);
    RETURN account;
END
$$;
CREATE FUNCTION pg_temp.basic(name text, password text, addr inet, totp text DEFAULT NULL) RETURNS integer LANGUAGE sql AS $$
    SELECT pg_temp.status(citybigdata.rest_access_request_state('b', addr, NULL, 'basic', convert_to(name || ':' || password, 'UTF8'), '999999999', totp)) $$;
CREATE FUNCTION pg_temp.admin(name text, password text, totp text, addr inet) RETURNS integer LANGUAGE sql AS $$
    SELECT pg_temp.status(citybigdata.rest_admin_login('l', addr, NULL, 'none', NULL, name, password, totp)) $$;
CREATE FUNCTION pg_temp.code(steps integer DEFAULT 0) RETURNS text LANGUAGE sql AS $$
    SELECT citybigdata.totp_code('JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP', now() + steps * interval '30 seconds') $$;
SELECT pg_temp.make('lock.user') AS account, pg_temp.make('lock.admin') AS admin_account \gset
SELECT citybigdata.set_admin_role('lock.admin', 'sysadmin');
SELECT citybigdata.enrol_totp('lock.admin', 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP') ~ '^otpauth' AS enrolled;
SELECT citybigdata.request_access('lock.user', '{events}', '{key,signature}', level => 2) AS request \gset
SELECT citybigdata.approve_access(:request) AS app \gset
SELECT key, signing_secret AS secret FROM citybigdata.take_credentials(:request) \gset

-- s12: wrong keys lock their own address out, not the key, its signatures or codes.
SELECT auth_code AS code FROM citybigdata.issue_auth_code(:'app', 'key', :'key', client_addr => '192.0.2.1') \gset
SELECT n, status_code FROM generate_series(1, 5) n, LATERAL citybigdata.issue_auth_code(:'app', 'key', gen_random_uuid()::text || left('', n), client_addr => '203.0.113.9') ORDER BY n;
SELECT (citybigdata.issue_auth_code(:'app', 'key', :'key', client_addr => '203.0.113.9')).status_code AS there,
       (citybigdata.issue_auth_code(:'app', 'key', :'key', client_addr => '192.0.2.1')).status_code AS s12_key_elsewhere,
       (citybigdata.exchange_auth_code(:'app', :'code', '192.0.2.1')).status_code AS s12_code_elsewhere;
SELECT count(*) AS by_subject_alone FROM citybigdata.lockout WHERE kind = 'application' AND address = '';
-- s12: wrong passwords from many addresses bring a delay, and that not upon an address that the account has logged in from.
SET citybigdata.lockout_subject_threshold = 6;
SELECT pg_temp.basic('lock.user', 'Correct-1-horse', '192.0.2.1') AS known_from_now;
SELECT pg_temp.basic('lock.user', 'wrong', ('203.0.113.' || n)::inet) AS guess, count(*) FROM generate_series(1, 8) n GROUP BY 1 ORDER BY 1;
SELECT pg_temp.basic('lock.user', 'Correct-1-horse', '198.51.100.1') AS unknown_address, pg_temp.basic('lock.user', 'Correct-1-horse', '192.0.2.1') AS s12_known_address;
-- The delay grows with each further guess, up to lockout_duration.
DELETE FROM citybigdata.lockout;
CREATE TEMPORARY TABLE delay (n int, seconds int);
DO $$
BEGIN
    FOR n IN 1..14 LOOP
        PERFORM pg_temp.basic('lock.user', 'wrong', ('203.0.113.' || n)::inet);
        INSERT INTO delay SELECT n, extract(epoch FROM locked_until - last_attempt_at) FROM citybigdata.lockout WHERE kind = 'account' AND address = '';
        UPDATE citybigdata.lockout SET locked_until = clock_timestamp() WHERE locked_until IS NOT NULL;
    END LOOP;
END
$$;
SELECT array_agg(seconds ORDER BY n) AS delays FROM delay;
DELETE FROM citybigdata.lockout;
RESET citybigdata.lockout_subject_threshold;

-- s12: names that cannot exist are nobody's; only their address counts.
SELECT pg_temp.basic('totp' || ':lock.admin', 'x', '203.0.113.1') AS colon, pg_temp.admin('totp:lock.admin', 'x', '000000', '203.0.113.1') AS as_a_name,
       pg_temp.status(citybigdata.rest_login_reserve('r', '203.0.113.1', NULL, 'none', NULL, 'totp:lock.admin')) AS reserved FROM generate_series(1, 4);
SELECT kind, subject, failures FROM citybigdata.lockout WHERE kind <> 'address' AND subject LIKE '%:%';
SELECT pg_temp.admin('lock.admin', 'Correct-1-horse', pg_temp.code(), '192.0.2.1') AS s12_administrator;
DELETE FROM citybigdata.lockout;
-- s12: from where administrators may not come, nobody delays them, and the right password is no use.
SET citybigdata.admin_addresses = '192.0.2.0/24';
SET citybigdata.lockout_subject_threshold = 2;
SELECT pg_temp.status(citybigdata.rest_account_password('p', ('203.0.113.' || n)::inet, NULL, 'none', NULL, 'lock.admin', 'wrong', 'Better-2-horses', NULL)) AS guess
FROM generate_series(1, 4) n;
SELECT pg_temp.status(citybigdata.rest_account_password('p', '203.0.113.77', NULL, 'none', NULL, 'lock.admin', 'Correct-1-horse', 'Better-2-horses', pg_temp.code(1))) AS both_factors_outside,
       pg_temp.admin('lock.admin', 'Correct-1-horse', pg_temp.code(1), '192.0.2.1') AS s12_inside;
SELECT count(*) AS from_wherever FROM citybigdata.lockout WHERE subject = 'lock.admin' AND address = '' AND failures > 0;
RESET citybigdata.admin_addresses;
RESET citybigdata.lockout_subject_threshold;
DELETE FROM citybigdata.lockout;

-- s24: guesses of the second factor: three, then one behind each delay, which doubles; from whatever address. The right one ends that.
TRUNCATE delay;
DO $$
BEGIN
    FOR n IN 1..8 LOOP
        PERFORM pg_temp.admin('lock.admin', 'Correct-1-horse', 'abcdef', ('203.0.113.' || n)::inet);
        INSERT INTO delay SELECT n, extract(epoch FROM locked_until - last_attempt_at) FROM citybigdata.lockout WHERE kind = 'totp';
        UPDATE citybigdata.lockout SET locked_until = clock_timestamp() WHERE locked_until IS NOT NULL;
    END LOOP;
END
$$;
SELECT array_agg(seconds ORDER BY n) AS s24_delays FROM delay;
UPDATE citybigdata.lockout SET locked_until = clock_timestamp() + interval '1 hour' WHERE kind = 'totp';
SELECT pg_temp.admin('lock.admin', 'Correct-1-horse', pg_temp.code(1), '192.0.2.1') AS locked, citybigdata.unlock_account('lock.admin') AS unlocked;
UPDATE citybigdata.account_totp SET last_step = 0 WHERE account_id = :admin_account;
SELECT pg_temp.admin('lock.admin', 'Correct-1-horse', pg_temp.code(), '192.0.2.1') AS right_one;

-- s18: the password of an administrator alone is refused wherever a password is taken.
SELECT citybigdata.request_access('lock.admin', '{events}', '{password}', redirect_uris => '{https://lock.example/cb}') AS admin_request \gset
SELECT citybigdata.approve_access(:admin_request) AS admin_app \gset
SELECT pg_temp.basic('lock.admin', 'Correct-1-horse', '192.0.2.1') AS s18_basic,
       pg_temp.status(citybigdata.rest_auth_code('a', '192.0.2.1', :'admin_app', 'none', NULL, 'password', NULL, 'lock.admin', 'Correct-1-horse', false)) AS s18_code;
SELECT pg_temp.status(citybigdata.rest_seal_url('s', '192.0.2.2', :'admin_app', 'none', NULL, 'events', NULL, NULL, NULL, NULL, NULL, 'lock.admin', 'Correct-1-horse')) AS s18_sealed;
SELECT citybigdata.unlock_account('lock.admin') AS unlocked;
UPDATE citybigdata.account_totp SET last_step = 0 WHERE account_id = :admin_account;
SELECT pg_temp.status(citybigdata.rest_oauth_authorize_decide('d', '192.0.2.3', NULL, 'none', NULL, 'code', :'admin_app', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'lock.admin', 'Correct-1-horse', 'allow')) AS s18_consent,
       pg_temp.status(citybigdata.rest_oauth_authorize_decide('d', '192.0.2.3', NULL, 'none', NULL, 'code', :'admin_app', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'lock.admin', 'Correct-1-horse', 'allow', pg_temp.code(-1))) AS with_both,
       pg_temp.basic('lock.admin', 'Correct-1-horse', '192.0.2.3', pg_temp.code()) AS basic_with_both;
-- Where the bureau demands it, every account needs both.
SET citybigdata.second_factor = 'all';
SELECT pg_temp.basic('lock.user', 'Correct-1-horse', '192.0.2.1') AS not_enrolled, citybigdata.enrol_totp('lock.user', 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP') ~ '^otpauth' AS enrolled;
SELECT pg_temp.basic('lock.user', 'Correct-1-horse', '192.0.2.1') AS password_alone, pg_temp.basic('lock.user', 'Correct-1-horse', '192.0.2.1', pg_temp.code()) AS both;
RESET citybigdata.second_factor;

-- s14: a narrowed token files no access request, sees none, revokes and inspects nothing but itself.
CREATE FUNCTION pg_temp.token(app text, key text, resources text[], level text) RETURNS text LANGUAGE sql AS $$
    SELECT pg_temp.data(citybigdata.rest_auth_token('t', '192.0.2.1', app, 'none', NULL,
        pg_temp.digest(pg_temp.data(citybigdata.rest_auth_code('a', '192.0.2.1', app, 'none', NULL, 'key', key, NULL, NULL, false))->>'authCode'), resources, level))->>'accessToken' $$;
SELECT pg_temp.token(:'app', :'key', '{events}', NULL) AS by_resource, pg_temp.token(:'app', :'key', NULL, '1') AS by_level, pg_temp.token(:'app', :'key', NULL, NULL) AS wide,
       pg_temp.data(citybigdata.rest_oauth_token('k', '192.0.2.1', NULL, 'none', NULL, 'client_credentials', NULL, NULL, NULL, NULL, NULL, :'app', :'key'))->>'access_token' AS oauth \gset
SELECT name, pg_temp.status(citybigdata.rest_access_request('f', '192.0.2.1', NULL, 'bearer', pg_temp.digest(token), NULL, '{events}', NULL, '{key}', '{}', '{}', NULL, '4', NULL, '{}', NULL)) AS s14_file,
       pg_temp.status(citybigdata.rest_access_request_state('f', '192.0.2.1', NULL, 'bearer', pg_temp.digest(token), :'request')) AS s14_see,
       pg_temp.data(citybigdata.rest_auth_introspect('f', '192.0.2.1', NULL, 'bearer', pg_temp.digest(token), pg_temp.digest(:'wide'))) AS s14_inspect,
       pg_temp.status(citybigdata.rest_auth_revoke('f', '192.0.2.1', NULL, 'bearer', pg_temp.digest(token), pg_temp.digest(:'wide'))) AS revoke
FROM (VALUES ('resource', :'by_resource'), ('level', :'by_level'), ('oauth', :'oauth')) AS v (name, token);
SELECT (citybigdata.check_token(:'wide')).status_code AS s14_not_revoked,
       pg_temp.status(citybigdata.rest_auth_revoke('f', '192.0.2.1', NULL, 'bearer', pg_temp.digest(:'by_level'), pg_temp.digest(:'by_level'))) AS itself;
SELECT (citybigdata.check_token(:'by_level')).status_code AS itself_revoked,
       pg_temp.status(citybigdata.rest_access_request('f', '192.0.2.1', NULL, 'bearer', pg_temp.digest(:'wide'), NULL, '{events}', NULL, '{key}', '{}', '{}', NULL, '4', NULL, '{}', NULL)) AS wide_files;

-- d5: composed and decomposed characters, wide blanks: one password (RFC 8265). A digest of before is taken, and renewed.
SELECT pg_temp.make('nfc.user', E'M\u00fcnchen 1-x') AS nfc \gset
SELECT pg_temp.basic('nfc.user', E'M\u00fcnchen 1-x', '192.0.2.1') AS composed, pg_temp.basic('nfc.user', E'Mu\u0308nchen 1-x', '192.0.2.1') AS d5_decomposed,
       pg_temp.basic('nfc.user', E'M\u00fcnchen\u3000' || '1-x', '192.0.2.1') AS d5_wide_blank, pg_temp.basic('nfc.user', 'Munchen 1-x', '192.0.2.1') AS other;
UPDATE citybigdata.account SET password_digest = (SELECT public.crypt(encode(sha256(convert_to(E'Mu\u0308nchen 1-x', 'UTF8')), 'base64'), public.gen_salt('bf', 4))) WHERE account_id = :nfc;
SELECT pg_temp.basic('nfc.user', E'M\u00fcnchen 1-x', '192.0.2.1') AS other_form, pg_temp.basic('nfc.user', E'Mu\u0308nchen 1-x', '192.0.2.1') AS d5_old_digest;
SELECT pg_temp.basic('nfc.user', E'M\u00fcnchen 1-x', '192.0.2.1') AS d5_renewed;
DELETE FROM citybigdata.lockout;

-- s14: lists of a narrowed token hold what it covers.
INSERT INTO citybigdata.resource (resource_code, title, title_zh) VALUES ('lights-14', 'Lights', '灯');
SELECT citybigdata.grant_access(:'app', 'lights-14', 2);
SELECT v.name, (SELECT array_agg(i->>'code' ORDER BY i->>'code') FROM json_array_elements(pg_temp.data(citybigdata.rest_resources('f', '192.0.2.1', NULL, 'bearer', pg_temp.digest(v.token), NULL, NULL, NULL))->'items') AS i) AS listed,
       pg_temp.status(citybigdata.rest_resource('f', '192.0.2.1', NULL, 'bearer', pg_temp.digest(v.token), 'lights-14')) AS shown,
       json_array_length(pg_temp.data(citybigdata.rest_manual('f', '192.0.2.1', NULL, 'bearer', pg_temp.digest(v.token)))->'resources') AS documents
FROM (VALUES ('wide', :'wide'), ('resource', :'by_resource'), ('oauth', :'oauth')) AS v (name, token);
DELETE FROM citybigdata.app_grant WHERE resource = 'lights-14';
DELETE FROM citybigdata.resource WHERE resource_code = 'lights-14';
