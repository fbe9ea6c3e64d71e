-- Passwords: history, age, change, reset; cost; administrators' tokens after it.
\set SHOW_CONTEXT never
\set VERBOSITY default
SET client_min_messages = warning;
SET citybigdata.bcrypt_cost = 4;
SET citybigdata.lockout_threshold = 3;
SET citybigdata.password_history = 3;
CREATE FUNCTION pg_temp.status(frame bytea) RETURNS integer LANGUAGE sql AS $$ SELECT reply.status(frame)::int $$;
CREATE FUNCTION pg_temp.basic(name text, password text) RETURNS bytea LANGUAGE sql AS $$ SELECT convert_to(name || ':' || password, 'UTF8') $$;
CREATE FUNCTION pg_temp.log_in(password text) RETURNS integer LANGUAGE sql AS $$
    SELECT pg_temp.status(citybigdata.rest_access_request_state('p', '192.0.2.1', NULL, 'basic', pg_temp.basic('pass.one', password), '999999999')) $$;
CREATE FUNCTION pg_temp.admin_log_in(password text, totp text DEFAULT NULL) RETURNS bytea LANGUAGE sql AS $$
    SELECT citybigdata.rest_admin_login('p', '192.0.2.1', NULL, 'none', NULL, 'pass.one', password, totp) $$;
SELECT citybigdata.approve_account(citybigdata.register_account('pass.one', 'Correct-1-horse', '市城管委', '张三', '13800138000'));
SELECT pg_temp.log_in('Correct-1-horse') AS right_one, pg_temp.log_in('Correct-1-hors') AS wrong_one;
-- Change: needs the old one; none of the last three again, the current one among them.
SELECT * FROM citybigdata.change_password('pass.one', 'wrong', 'Second-2-horse');
SELECT * FROM citybigdata.change_password('nobody-there', 'Correct-1-horse', 'Second-2-horse');
SELECT * FROM citybigdata.change_password('Pass.One', 'Correct-1-horse', 'Second-2-horse');
SELECT pg_temp.log_in('Correct-1-horse') AS old, pg_temp.log_in('Second-2-horse') AS new;
SELECT * FROM citybigdata.change_password('pass.one', 'Second-2-horse', 'Second-2-horse');
SELECT * FROM citybigdata.change_password('pass.one', 'Second-2-horse', 'Third-3-horse');
SELECT * FROM citybigdata.change_password('pass.one', 'Third-3-horse', 'Correct-1-horse');
SELECT status_code FROM citybigdata.change_password('pass.one', 'Third-3-horse', 'Fourth-4-horse');
SELECT status_code FROM citybigdata.change_password('pass.one', 'Fourth-4-horse', 'Correct-1-horse');
SELECT cardinality(former_digests) AS kept, password_digest <> ALL (former_digests) AS new FROM citybigdata.account WHERE user_name = 'pass.one';
SELECT * FROM citybigdata.change_password('pass.one', 'x', 'pass.one-A-1');
SELECT * FROM citybigdata.change_password(NULL, NULL, NULL);
-- Over HTTPS, with all faults at once.
SELECT reply.data(citybigdata.rest_account_password('p', '192.0.2.1', NULL, 'none', NULL, NULL, NULL, 'short', NULL));
SELECT pg_temp.status(citybigdata.rest_account_password('p', '192.0.2.1', NULL, 'none', NULL, 'pass.one', repeat('x', 1000000), 'Fifth-5-horse', NULL)) AS long,
       pg_temp.status(citybigdata.rest_account_password('p', '192.0.2.1', NULL, 'none', NULL, 'pass.one', 'Correct-1-horse', 'Fifth-5-horse', NULL)) AS done;
-- Age: told to whom knows it only, and good for the change alone.
UPDATE citybigdata.account SET password_changed_at = now() - interval '91 days' WHERE user_name = 'pass.one';
SELECT pg_temp.log_in('Fifth-5-horse') AS expired, pg_temp.log_in('wrong') AS wrong;
SET citybigdata.password_max_age_days = 0;
SELECT pg_temp.log_in('Fifth-5-horse') AS no_maximum;
RESET citybigdata.password_max_age_days;
SELECT pg_temp.status(citybigdata.rest_account_password('p', '192.0.2.1', NULL, 'none', NULL, 'pass.one', 'Fifth-5-horse', 'Sixth-6-horse', NULL)) AS changed, pg_temp.log_in('Sixth-6-horse') AS again;
-- Reset: shown once, good for the change alone.
DELETE FROM citybigdata.lockout;
SELECT citybigdata.reset_password('PASS.one') AS initial \gset
SELECT length(:'initial') AS length, pg_temp.log_in('Sixth-6-horse') AS old, pg_temp.log_in(:'initial') AS initial, password_temporary FROM citybigdata.account WHERE user_name = 'pass.one';
SELECT status_code FROM citybigdata.change_password('pass.one', :'initial', 'Sixth-6-horse');
SELECT status_code FROM citybigdata.change_password('pass.one', :'initial', 'Seventh-7-horse');
SELECT pg_temp.log_in(:'initial') AS initial, pg_temp.log_in('Seventh-7-horse') AS new;
SELECT citybigdata.reset_password('nobody-there');
-- An administrator: a new password ends the tokens of before; with a second factor expiry is told to whom has both only.
SELECT citybigdata.make_administrator('pass.one');
SELECT pg_temp.status(pg_temp.admin_log_in('Seventh-7-horse')) AS password_alone, citybigdata.enrol_totp('pass.one', 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP') ~ '^otpauth' AS enrolled;
SELECT reply.data(pg_temp.admin_log_in('Seventh-7-horse', citybigdata.totp_code('JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP')))::json ->> 'accessToken' AS token \gset
SELECT status_code FROM citybigdata.check_token(:'token');
SELECT status_code FROM citybigdata.change_password('pass.one', 'Seventh-7-horse', 'Eighth-8-horse');
SELECT status_code FROM citybigdata.check_token(:'token');
SELECT reply.data(pg_temp.admin_log_in('Eighth-8-horse', citybigdata.totp_code('JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP', now() + interval '30 seconds')))::json ->> 'accessToken' AS token \gset
SELECT status_code FROM citybigdata.check_token(:'token');
SELECT length(citybigdata.reset_password('pass.one')) AS reset;
SELECT status_code FROM citybigdata.check_token(:'token');
UPDATE citybigdata.account SET password_temporary = false, password_changed_at = now() - interval '91 days' WHERE user_name = 'pass.one';
UPDATE citybigdata.account a SET password_digest = public.crypt(encode(sha256('Ninth-9-horse'), 'base64'), public.gen_salt('bf', 4)) WHERE user_name = 'pass.one';
SELECT citybigdata.enrol_totp('pass.one', 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ') ~ '^otpauth' AS enrolled;
SELECT pg_temp.status(pg_temp.admin_log_in('Ninth-9-horse')) AS no_factor, pg_temp.status(pg_temp.admin_log_in('wrong', citybigdata.totp_code('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'))) AS wrong,
       pg_temp.status(pg_temp.admin_log_in('Ninth-9-horse', citybigdata.totp_code('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'))) AS both;
SELECT pg_temp.status(citybigdata.rest_account_password('p', '192.0.2.1', NULL, 'none', NULL, 'pass.one', 'Ninth-9-horse', 'Tenth-10-horse', NULL)) AS no_factor,
       pg_temp.status(citybigdata.rest_account_password('p', '192.0.2.1', NULL, 'none', NULL, 'pass.one', 'Ninth-9-horse', 'Tenth-10-horse', 'x')) AS wrong_factor;
SELECT citybigdata.unlock_account('Pass.One') AS unlocked;
SELECT pg_temp.status(citybigdata.rest_account_password('p', '192.0.2.1', NULL, 'none', NULL, 'pass.one', 'Ninth-9-horse', 'Tenth-10-horse',
       citybigdata.totp_code('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', now() + interval '30 seconds'))) AS next_factor;
-- A wrong password costs as much whether somebody has that name or not, and whatever the cost of the digest was: here 1 and then 4, 5, 6, 7.
SET track_functions = 'all';
SET citybigdata.bcrypt_cost = 8;
CREATE FUNCTION pg_temp.crypts(name text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    before bigint;
BEGIN
    SELECT coalesce(sum(calls), 0) INTO before FROM pg_stat_xact_user_functions WHERE funcname = 'crypt';
    PERFORM citybigdata.rest_access_request_state('p', '192.0.2.1', NULL, 'basic', pg_temp.basic(name, 'wrong'), '999999999');
    RETURN (SELECT sum(calls) FROM pg_stat_xact_user_functions WHERE funcname = 'crypt') - before;
END
$$;
SELECT left(password_digest, 7) AS cost, pg_temp.crypts('pass.one') AS one, pg_temp.crypts('nobody-anywhere') AS nobody FROM citybigdata.account WHERE user_name = 'pass.one';
RESET track_functions;
-- The cost of the digest follows the setting at the next log-in.
SET citybigdata.bcrypt_cost = 5;
SELECT citybigdata.set_admin_role('pass.one', NULL);
SELECT pg_temp.log_in('Tenth-10-horse') AS log_in, left(password_digest, 7) AS before FROM citybigdata.account WHERE user_name = 'pass.one';
SELECT left(password_digest, 7) AS after FROM citybigdata.account WHERE user_name = 'pass.one';
SELECT pg_temp.log_in('Tenth-10-horse') AS log_in;
SET citybigdata.bcrypt_cost = 4;
-- Wrong old passwords lock; then the right one is refused too. An administrator unlocks name and address.
SELECT n, status_code, retry_after > 890 AS wait FROM generate_series(1, 4) n, LATERAL citybigdata.change_password('pass.one', 'wrong' || n, 'Eleventh-11-horse') ORDER BY n;
SELECT status_code FROM citybigdata.change_password('pass.one', 'Tenth-10-horse', 'Eleventh-11-horse');
SELECT citybigdata.unlock_account('pass.one') AS unlocked, citybigdata.unlock_account('pass.one') AS again, citybigdata.unlock_account('nobody-there') AS nobody;
SELECT status_code FROM citybigdata.change_password('pass.one', 'Tenth-10-horse', 'Eleventh-11-horse');
DELETE FROM citybigdata.lockout;
SET citybigdata.lockout_address_threshold = 2;
SELECT n, pg_temp.status(citybigdata.rest_auth_code('p', a, '11000099999999J', 'none', NULL, 'password', NULL, 'ghost' || n, 'x', false)) AS status
FROM unnest('{192.0.2.1,192.0.2.1,::ffff:192.0.2.1,2001:db8:1:2::7,2001:db8:1:2::8,2001:db8:1:2:3::}'::inet[]) WITH ORDINALITY AS u (a, n) ORDER BY n;
SELECT a, citybigdata.unlock_address(a) AS unlocked FROM unnest('{192.0.2.2,::ffff:192.0.2.1,192.0.2.1,2001:db8:1:2::9,2001:db8:1:2::7}'::inet[]) WITH ORDINALITY AS u (a, n) ORDER BY n;
SELECT count(*) AS locked FROM citybigdata.lockout WHERE kind = 'address';
DELETE FROM citybigdata.lockout;
-- The rows: who, what, how it ended; never a secret.
SELECT action, status_code, count(*) FROM citybigdata.audit_log WHERE action IN ('account.change-password', 'account.reset-password') GROUP BY 1, 2 ORDER BY 1, 2;
SELECT count(*) AS secrets FROM citybigdata.audit_log WHERE action ~ '^account\.(change|reset)' AND concat(object, detail) ~ '(horse|wrong)';
