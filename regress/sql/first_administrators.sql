-- the first administrators, from nothing to the first log-in with two factors.
\set SHOW_CONTEXT never
\set VERBOSITY terse
SET client_min_messages = warning;
SET citybigdata.bcrypt_cost = 4;
-- while there is an administrator, two of them make others; nobody but a superuser may
SELECT citybigdata.set_admin_role('first.before', 'auditor') FROM (SELECT citybigdata.approve_account(citybigdata.register_account('first.before', 'Correct-1-horse', '市城管委', '张三', '13800138000'))) made;
SELECT * FROM citybigdata.first_administrators('first.sys', 'first.sec', 'first.aud', '市城管委');
SET citybigdata.own_statement = on;
BEGIN;
SELECT * FROM citybigdata.first_administrators('first.sys', 'first.sec', 'first.aud', '市城管委');
ROLLBACK;
SET citybigdata.own_statement = off;
SELECT r.rolname FROM pg_roles r WHERE r.rolname ~ '^citybigdata_' AND r.rolname <> 'citybigdata_owner'
    AND has_function_privilege(r.oid, 'citybigdata.first_administrators(text,text,text,text,text[],text[])', 'EXECUTE');
DO $$ BEGIN PERFORM citybigdata.revoke_account(user_name, 'test') FROM citybigdata.account WHERE admin_role IS NOT NULL AND state IN ('pending', 'active', 'suspended'); END $$;
SELECT count(*) AS administrators FROM citybigdata.account WHERE admin_role IS NOT NULL;
-- every fault at once: a name that is none, one that is taken, the same twice, no organisation
SELECT * FROM citybigdata.first_administrators('x', 'First.Before', 'first.aud', '');
SELECT * FROM citybigdata.first_administrators('first.one', 'first.sec', 'FIRST.ONE', '市城管委');
SELECT * FROM citybigdata.first_administrators('first.sys', NULL, 'first.aud', '市城管委', mobiles => '{1}');
SELECT count(*) AS nothing_made FROM citybigdata.account WHERE user_name ~ '^first' AND user_name <> 'first.before';
CREATE TEMP TABLE made AS SELECT * FROM citybigdata.first_administrators('first.sys', 'first.sec', 'first.aud', '市城管委', '{赵敏,钱丽}', '{13800138001}');
SELECT admin_role, user_name, length(password) > 40 AS one_time, enrol_until BETWEEN now() + interval '6 days' AND now() + interval '8 days' AS a_week FROM made;
SELECT user_name, admin_role, state, contact_name, mobile, password_temporary FROM citybigdata.account WHERE user_name ~ '^first[.](sys|sec|aud)$' ORDER BY account_id;
SELECT count(*) FROM citybigdata.audit_log WHERE action = 'account.first-administrator' AND status_code = 0;
SELECT * FROM citybigdata.first_administrators('a.second', 'b.second', 'c.second', '市城管委');
-- the one-time password opens nothing but its own change, which shows the second factor; until it was used, again
CREATE FUNCTION pg_temp.log_in(name text, password text, totp text) RETURNS text LANGUAGE sql AS
$$ SELECT reply.status(citybigdata.rest_admin_login('first', '192.0.2.1', NULL, 'none', NULL, name, password, totp)) $$;
CREATE FUNCTION pg_temp.change(name text, password text, new_password text, totp text DEFAULT NULL) RETURNS bytea LANGUAGE sql AS
$$ SELECT citybigdata.rest_account_password('first', '192.0.2.1', NULL, 'none', NULL, name, password, new_password, totp) $$;
CREATE FUNCTION pg_temp.code(frame bytea, ago interval DEFAULT '0') RETURNS text LANGUAGE sql AS
$$ SELECT citybigdata.totp_code(substring(reply.data(frame) from 'secret=([A-Z2-7]+)'), clock_timestamp() - ago) $$;
SELECT password AS one_time FROM made WHERE admin_role = 'secadmin' \gset
SELECT pg_temp.log_in('first.sec', :'one_time', NULL) AS must_change, pg_temp.log_in('first.sec', 'Wrong-1-horse', NULL) AS wrong,
       reply.status(pg_temp.change('first.sec', 'Wrong-1-horse', 'Better-2-horses')) AS wrong_too;
SELECT pg_temp.change('first.sec', :'one_time', 'Better-2-horses') AS lost \gset
SELECT reply.status(:'lost'::bytea), reply.data(:'lost'::bytea) ~ '^{"secondFactor":"otpauth://totp/citybigdata:first.sec[?]secret=[A-Z2-7]{32}&' AS shown;
SELECT pg_temp.log_in('first.sec', 'Better-2-horses', NULL) AS without, pg_temp.log_in('first.sec', :'one_time', NULL) AS void;
SELECT pg_temp.change('first.sec', 'Better-2-horses', 'Better-3-horses') AS kept \gset
SELECT pg_temp.log_in('first.sec', 'Better-3-horses', pg_temp.code(:'lost'::bytea)) AS of_the_lost_one;
DELETE FROM citybigdata.lockout;
SELECT pg_temp.log_in('first.sec', 'Better-3-horses', pg_temp.code(:'kept'::bytea)) AS both;
SELECT admin_role, enrolled_at IS NOT NULL AS enrolled FROM citybigdata.first_administrator ORDER BY 1;
-- from then on: no other second factor by the password alone
SELECT reply.status(pg_temp.change('first.sec', 'Better-3-horses', 'Better-4-horses')) AS without, reply.status(pg_temp.change('first.sec', 'Better-3-horses', 'Better-4-horses', '000000')) AS wrong;
DELETE FROM citybigdata.lockout;
-- who comes too late
UPDATE citybigdata.first_administrator SET enrol_until = clock_timestamp() WHERE admin_role = 'auditor';
SELECT password AS one_time FROM made WHERE admin_role = 'auditor' \gset
SELECT pg_temp.log_in('first.aud', :'one_time', NULL) AS no_second_factor;
SELECT f AS frame FROM pg_temp.change('first.aud', :'one_time', 'Better-2-horses') f \gset
SELECT reply.status(:'frame'::bytea), reply.data(:'frame'::bytea) AS nothing_shown;
-- the database's readers see who waits, and nothing secret
SELECT citybigdata.revoke_account(user_name, 'test') FROM made;
DELETE FROM citybigdata.lockout;
SELECT citybigdata.accept_integrity('first_administrators.sql') >= 0 AS accepted;
