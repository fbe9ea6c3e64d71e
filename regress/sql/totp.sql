-- RFC 6238, appendix B: the last six of the eight digits.
SELECT t, citybigdata.totp_code('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', to_timestamp(t)) AS sha1, sha1 AS expected,
       citybigdata.totp_code('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZA', to_timestamp(t), 'SHA256') AS sha256, sha256 AS expected
FROM (VALUES (59::bigint, '287082', '119246'), (1111111109, '081804', '084774'), (1111111111, '050471', '062674'),
             (1234567890, '005924', '819424'), (2000000000, '279037', '698825'), (20000000000, '353130', '737706')) v(t, sha1, sha256);
SELECT citybigdata.totp_code('gezd gnbv-gy3t qojq====', to_timestamp(59)) = citybigdata.totp_code('GEZDGNBVGY3TQOJQ', to_timestamp(30)) AS same_step;
SELECT citybigdata.totp_code('GEZDGNBVGY3TQOJ1', to_timestamp(59));
SELECT citybigdata.totp_code('GEZDGNBV', to_timestamp(59));
SELECT citybigdata.totp_code('GEZDGNBVGY3TQOJQ', to_timestamp(59), 'MD5');
SELECT citybigdata.totp_code('GEZDGNBVGY3TQOJQ', '1969-12-31 00:00:00+00');
SELECT citybigdata.totp_code('GEZDGNBVGY3TQOJQ', 'infinity');
-- The second factor of an administrator's log-in.
SET client_min_messages = warning;
\set VERBOSITY terse
CREATE FUNCTION pg_temp.login(totp text, name text DEFAULT 'totp.admin', password text DEFAULT 'Correct-1-admin') RETURNS integer LANGUAGE sql AS $$
    SELECT reply.status(citybigdata.rest_admin_login('t1', '192.0.2.7', NULL, 'none', NULL, name, password, totp))::int $$;
-- the code of a step from now
CREATE FUNCTION pg_temp.code(steps int DEFAULT 0, algorithm text DEFAULT 'SHA1') RETURNS text LANGUAGE sql AS $$
    SELECT citybigdata.totp_code('JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP', clock_timestamp() + steps * interval '30 s', algorithm) $$;
SELECT citybigdata.register_account('totp.admin', 'Correct-1-admin', '市城管委', '张三', '13800138000') AS account \gset
SELECT citybigdata.approve_account(:account);
SELECT citybigdata.make_administrator('totp.admin');
-- without one there is no log-in over HTTPS, and no way to get one with the password alone
SELECT pg_temp.login(NULL) AS not_enrolled, pg_temp.login('123456') AS whatever, pg_temp.login(NULL, password => 'wrong') AS wrong_password;
SELECT count(*) AS tokens FROM citybigdata.access_token WHERE account_id = :account;
SELECT regexp_replace(citybigdata.enrol_totp('TOTP.admin'), 'secret=[A-Z2-7]{32}&', 'secret=X&') AS address;
SELECT citybigdata.enrol_totp('totp.admin') <> citybigdata.enrol_totp('totp.admin') AS random;
SELECT citybigdata.enrol_totp('totp.admin', 'jbsw y3dp ehpk 3pxp jbsw y3dp ehpk 3pxp') AS address;
SELECT octet_length(secret) = 1 + 4 + 12 + 20 + 16 AS encrypted FROM citybigdata.account_totp WHERE account_id = :account;
SELECT pg_temp.login(NULL) AS missing, pg_temp.login('') AS empty;
SELECT pg_temp.login(pg_temp.code(10)) AS another_time;
SELECT pg_temp.login(pg_temp.code(), password => 'wrong') AS wrong_password;
SELECT pg_temp.code() AS code \gset
SELECT pg_temp.login(:'code') AS right;
SELECT pg_temp.login(:'code') AS used_before;
SELECT pg_temp.login(pg_temp.code(-1)) AS earlier_than_used;
SELECT pg_temp.login(pg_temp.code(1)) AS clock_ahead;
-- another secret, from the beginning; a clock that is late
SELECT citybigdata.enrol_totp('totp.admin', 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP', 'SHA256') LIKE '%algorithm=SHA256%' AS sha256;
SELECT pg_temp.login(pg_temp.code()) AS of_sha1, pg_temp.login(pg_temp.code(0, 'SHA256')) AS of_sha256;
-- guesses lock, though the password was right each time; the right one is refused while it lasts
SET citybigdata.lockout_threshold = 3;
SELECT citybigdata.unlock('totp', 'totp.admin');
SELECT pg_temp.login('abcdef') AS wrong FROM generate_series(1, 4);
SELECT pg_temp.login(pg_temp.code(1, 'SHA256')) AS right_while_locked;
SELECT citybigdata.unlock('totp', 'totp.admin');
SELECT pg_temp.login(pg_temp.code(1, 'SHA256')) AS unlocked;
RESET citybigdata.lockout_threshold;
-- taken away: the tokens that it has made end
SELECT bool_or(revoked_at IS NULL) AS before FROM citybigdata.access_token WHERE account_id = :account;
SELECT citybigdata.remove_totp('totp.admin') AS removed, citybigdata.remove_totp('totp.admin') AS again, citybigdata.remove_totp('nobody') AS unknown;
SELECT bool_or(revoked_at IS NULL) AS after FROM citybigdata.access_token WHERE account_id = :account;
SELECT pg_temp.login(NULL) AS not_enrolled;
SELECT citybigdata.enrol_totp('nobody');
SELECT citybigdata.enrol_totp('totp.admin', 'JBSWY3DPEHPK3PXP');
SELECT citybigdata.enrol_totp('totp.admin', algorithm => 'SHA512');
SELECT citybigdata.enrol_totp(NULL);
SELECT action, object, bool_and(detail IS NULL) AS no_secret FROM citybigdata.audit_log WHERE action LIKE 'totp.%' AND object ILIKE 'totp.admin' GROUP BY 1, 2 ORDER BY 1, 2;
