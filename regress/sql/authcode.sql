-- Application codes: platform code, 8 digits, ISO 7064 MOD 37,36.
SELECT * FROM citybigdata.app_code_parts('11000000000001R');
SELECT citybigdata.app_code_parts('11000000000001S');
SELECT citybigdata.app_code_parts('11000000000010R'); -- neighbours swapped
SELECT citybigdata.app_code_parts('');
SELECT citybigdata.app_code_parts('A12425GABC1234002M'); -- a valid check character, but no serial
SELECT citybigdata.app_code_parts(repeat('1', 1000000));

-- Codes, tokens and lock-outs. Thresholds small, so that they are reached; no address unless it is the point.
\set SHOW_CONTEXT never
\set VERBOSITY terse
SET client_min_messages = warning;
SET citybigdata.bcrypt_cost = 4;
SET citybigdata.lockout_threshold = 3;
CREATE FUNCTION pg_temp.status(frame bytea) RETURNS integer LANGUAGE sql AS $$ SELECT reply.status(frame)::int $$;
CREATE FUNCTION pg_temp.retry(frame bytea) RETURNS integer LANGUAGE sql AS $$ SELECT split_part(reply.outcome(frame), ' ', 2)::int $$;
CREATE FUNCTION pg_temp.data(frame bytea) RETURNS json LANGUAGE sql AS
$$ SELECT nullif(reply.data(frame), '')::json $$;
CREATE FUNCTION pg_temp.digest(text) RETURNS bytea LANGUAGE sql AS $$ SELECT sha256(convert_to($1, 'UTF8')) $$;
CREATE FUNCTION pg_temp.make_app(name text, methods text[], ranges text[] DEFAULT '{}') RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    request bigint;
BEGIN
    PERFORM citybigdata.approve_account(citybigdata.register_account(name, 'Correct-1-horse', '市城管委', '张三', '13800138000'));
    request := citybigdata.request_access(name, '{events}', methods, ip_ranges => ranges, sender_codes => ARRAY[name]);
    PERFORM citybigdata.approve_access(request);
    RETURN request;
END
$$;
SELECT pg_temp.make_app('code.one', '{key,password}') AS one, pg_temp.make_app('code.two', '{ip}', '{192.0.2.0/28,2001:db8::/64}') AS two,
       pg_temp.make_app('code.three', '{key}', '{198.51.100.0/24}') AS three \gset
SELECT app_code AS app, key FROM citybigdata.take_credentials(:one) \gset
SELECT app_code AS app2, key AS key2 FROM citybigdata.take_credentials(:two) \gset
SELECT app_code AS app3, key AS key3 FROM citybigdata.take_credentials(:three) \gset

-- By key: 256 bits in base64url, a digest in the table.
SELECT status_code, auth_code ~ '^[A-Za-z0-9_-]{43}$' AS base64url, expires_in, retry_after IS NULL AS no_wait, auth_code
FROM citybigdata.issue_auth_code(:'app', 'key', :'key') \gset code_
SELECT :code_status_code AS status, :'code_base64url' AS base64url, :code_expires_in AS expires_in;
SELECT count(*) AS by_digest FROM citybigdata.auth_code WHERE code_digest = sha256(:'code_auth_code') AND used_at IS NULL;
SELECT status_code, access_token ~ '^[A-Za-z0-9_-]{43}$' AS base64url, expires_in, access_token FROM citybigdata.exchange_auth_code(:'app', :'code_auth_code') \gset token_
SELECT :token_status_code AS status, :'token_base64url' AS base64url, :token_expires_in AS expires_in;
SELECT status_code FROM citybigdata.check_token(:'token_access_token');
-- A replay is refused and revokes what the code had made.
SELECT status_code, access_token IS NULL AS no_token, message FROM citybigdata.exchange_auth_code(:'app', :'code_auth_code');
SELECT status_code FROM citybigdata.check_token(:'token_access_token');
-- For another application: refused, and spent.
SELECT auth_code FROM citybigdata.issue_auth_code(:'app', 'key', upper(:'key')) \gset
-- May a large body come? A code is not used up, an address must be inside the range of an application with method ip.
SELECT pg_temp.status(citybigdata.rest_may_upload('u', '203.0.113.9', NULL, 'code', pg_temp.digest(:'auth_code'))) AS code,
       pg_temp.status(citybigdata.rest_may_upload('u', '203.0.113.9', NULL, 'code', pg_temp.digest('x'))) AS no_code,
       pg_temp.status(citybigdata.rest_may_upload('u', '203.0.113.9', NULL, 'code', '\x00')) AS short,
       pg_temp.status(citybigdata.rest_may_upload('u', '203.0.113.9', NULL, 'bearer', pg_temp.digest('x'))) AS no_token,
       pg_temp.status(citybigdata.rest_may_upload('u', '192.0.2.5', NULL, 'none', NULL)) AS inside,
       pg_temp.status(citybigdata.rest_may_upload('u', '192.0.2.16', NULL, 'none', NULL)) AS outside,
       pg_temp.status(citybigdata.rest_may_upload('u', NULL, NULL, 'none', NULL)) AS nobody,
       pg_temp.status(citybigdata.rest_may_upload('u', '192.0.2.5', '11000000000001S', 'signature', NULL)) AS no_application;
SELECT status_code FROM citybigdata.exchange_auth_code(:'app2', :'auth_code');
SELECT status_code FROM citybigdata.exchange_auth_code(:'app', :'auth_code');
-- Expired, unknown, malformed, absent: invalid_grant or a field; nothing of it counts.
SELECT auth_code FROM citybigdata.issue_auth_code(:'app', 'key', :'key') \gset
UPDATE citybigdata.auth_code SET expires_at = clock_timestamp() WHERE code_digest = sha256(:'auth_code');
SELECT status_code FROM citybigdata.exchange_auth_code(:'app', :'auth_code');
SELECT status_code FROM generate_series(1, 10) n, LATERAL citybigdata.exchange_auth_code(:'app', 'unknown-' || n) GROUP BY 1;
SELECT (citybigdata.exchange_auth_code('11000000000001S', 'x')).status_code AS malformed, (citybigdata.exchange_auth_code(NULL, 'x')).status_code AS no_app,
       (citybigdata.exchange_auth_code(:'app', NULL)).status_code AS no_code, (citybigdata.exchange_auth_code(:'app', repeat('x', 1000000))).status_code AS long;
SELECT count(*) AS counted FROM citybigdata.lockout WHERE failures > 0 AND subject IN (:'app', :'app2');
SELECT (citybigdata.issue_auth_code('11000000000001S', 'key', 'x')).status_code AS malformed, (citybigdata.issue_auth_code(:'app', 'telepathy')).status_code AS method,
       (citybigdata.issue_auth_code(:'app', 'key')).status_code AS no_key, (citybigdata.issue_auth_code(:'app', NULL)).status_code AS no_method;
-- A method that was not granted, told to whom holds the key only.
SELECT (citybigdata.issue_auth_code(:'app2', 'key', :'key2')).status_code AS not_granted;

-- By address: IPv4, IPv6, and IPv4 inside IPv6.
SELECT addr, status_code, auth_code IS NOT NULL AS code
FROM unnest('{192.0.2.1,192.0.2.16,2001:db8::7,2001:db8:0:1::7,::ffff:192.0.2.1}'::inet[]) WITH ORDINALITY AS u (addr, n),
     LATERAL citybigdata.issue_auth_code(:'app2', 'ip', client_addr => addr) ORDER BY n;
SELECT status_code AS without_address FROM citybigdata.issue_auth_code(:'app2', 'ip');
SELECT status_code AS unknown_application FROM citybigdata.issue_auth_code('11000099999999J', 'ip', client_addr => '192.0.2.1');
-- Ranges without the method ip bind every request of the application.
SELECT addr, status_code FROM unnest('{198.51.100.9,192.0.2.1}'::inet[]) AS addr, LATERAL citybigdata.issue_auth_code(:'app3', 'key', :'key3', client_addr => addr);
SELECT auth_code FROM citybigdata.issue_auth_code(:'app3', 'key', :'key3', client_addr => '198.51.100.9') \gset
SELECT pg_temp.data(citybigdata.rest_auth_token('b1', '198.51.100.9', :'app3', 'none', NULL, sha256(:'auth_code')))->>'accessToken' AS bound \gset
SELECT addr, pg_temp.status(citybigdata.rest_code_tables('b2', addr, NULL, 'bearer', sha256(:'bound'))) FROM unnest('{198.51.100.9,192.0.2.1}'::inet[]) AS addr;

-- Lock-out by key: three wrong ones, then 42901, for the right one too; the redemption of a code is refused as well.
SELECT auth_code FROM citybigdata.issue_auth_code(:'app', 'key', :'key') \gset
SELECT n, status_code, retry_after BETWEEN 890 AND 900 AS wait FROM generate_series(1, 5) n,
    LATERAL citybigdata.issue_auth_code(:'app', 'key', gen_random_uuid()::text || left('', n)) ORDER BY n;
SELECT status_code AS right_key FROM citybigdata.issue_auth_code(:'app', 'key', :'key');
SELECT status_code AS redemption, retry_after > 890 AS wait FROM citybigdata.exchange_auth_code(:'app', :'auth_code');
-- It ends; the count starts anew, and it locks again.
UPDATE citybigdata.lockout SET locked_until = clock_timestamp() WHERE kind = 'application' AND subject = :'app';
SELECT status_code AS redemption FROM citybigdata.exchange_auth_code(:'app', :'auth_code');
SELECT n, status_code FROM generate_series(1, 4) n, LATERAL citybigdata.issue_auth_code(:'app', 'key', 'wrong' || n) ORDER BY n;
SELECT citybigdata.unlock('application', :'app') AS unlocked;
-- A success forgets the failures before it.
SELECT n, status_code FROM generate_series(1, 6) n, LATERAL citybigdata.issue_auth_code(:'app', 'key', CASE WHEN n % 3 = 0 THEN :'key' ELSE 'wrong' END) ORDER BY n;
-- Failures long ago are forgotten too.
SELECT status_code FROM generate_series(1, 2) n, LATERAL citybigdata.issue_auth_code(:'app', 'key', 'wrong' || n) GROUP BY 1;
UPDATE citybigdata.lockout SET last_attempt_at = last_attempt_at - interval '16 minutes';
SELECT n, status_code FROM generate_series(1, 3) n, LATERAL citybigdata.issue_auth_code(:'app', 'key', 'wrong' || n) ORDER BY n;
-- An application that does not exist gets the same answers.
SELECT n, status_code FROM generate_series(1, 4) n, LATERAL citybigdata.issue_auth_code('11000099999999J', 'key', :'key' || left('', n)) ORDER BY n;
DELETE FROM citybigdata.lockout;

-- By password: known and unknown user the same; case does not matter; another account's password is a wrong one.
SELECT n, a.status_code = b.status_code AS same, a.status_code FROM generate_series(1, 5) n,
    LATERAL citybigdata.issue_auth_code(:'app', 'password', user_name => 'Code.One', password => 'wrong' || n) a,
    LATERAL citybigdata.issue_auth_code(:'app', 'password', user_name => 'nobody', password => 'wrong' || n) b ORDER BY n;
SELECT status_code AS right_password FROM citybigdata.issue_auth_code(:'app', 'password', user_name => 'code.one', password => 'Correct-1-horse');
DELETE FROM citybigdata.lockout;
SELECT status_code AS right_password FROM citybigdata.issue_auth_code(:'app', 'password', user_name => 'CODE.one', password => 'Correct-1-horse');
SELECT status_code AS other_account FROM citybigdata.issue_auth_code(:'app', 'password', user_name => 'code.two', password => 'Correct-1-horse');
SELECT kind, subject, failures, confirmed FROM citybigdata.lockout ORDER BY 1, 2;
-- A digest of another cost is renewed by the first right password.
SET citybigdata.bcrypt_cost = 5;
SELECT status_code FROM citybigdata.issue_auth_code(:'app', 'password', user_name => 'code.one', password => 'Correct-1-horse');
SELECT left(password_digest, 7) FROM citybigdata.account WHERE user_name = 'code.one';
SELECT status_code FROM citybigdata.issue_auth_code(:'app', 'password', user_name => 'code.one', password => 'Correct-1-horse');
SET citybigdata.bcrypt_cost = 4;
DELETE FROM citybigdata.lockout;

-- In two steps, as the bridge does: reserved and committed, then checked. The reservation serves once.
SELECT pg_temp.status(citybigdata.rest_login_reserve('two-1', '203.0.113.1', NULL, 'none', NULL, 'Code.One')) AS reserved;
SELECT kind, subject, failures, confirmed, locked_until IS NULL AS open FROM citybigdata.lockout ORDER BY 1;
SELECT pg_temp.status(citybigdata.rest_auth_code('two-1', '203.0.113.1', :'app', 'none', NULL, 'password', NULL, 'Code.One', 'wrong', true)) AS wrong;
SELECT kind, failures, confirmed FROM citybigdata.lockout ORDER BY 1;
SELECT pg_temp.status(citybigdata.rest_auth_code('two-1', '203.0.113.1', :'app', 'none', NULL, 'password', NULL, 'Code.One', 'wrong', true)) AS no_reservation_left;
SELECT kind, failures, confirmed FROM citybigdata.lockout ORDER BY 1;
-- the third reserves and locks; others wait a second until it is checked; it goes on, and its success opens the account
SELECT pg_temp.status(citybigdata.rest_login_reserve('two-2', '203.0.113.1', NULL, 'basic', convert_to('Code.One:x', 'UTF8'), NULL)) AS reserved;
SELECT pg_temp.status(f) AS meanwhile, pg_temp.retry(f) AS wait FROM citybigdata.rest_login_reserve('two-3', '203.0.113.1', NULL, 'none', NULL, 'code.one') AS f;
SELECT pg_temp.status(citybigdata.rest_auth_code('two-2', '203.0.113.1', :'app', 'none', NULL, 'password', NULL, 'Code.One', 'Correct-1-horse', true)) AS right_one;
SELECT kind, failures, confirmed, locked_until IS NULL AS open FROM citybigdata.lockout ORDER BY 1;
-- a reservation of another request, name or address is none; nothing to reserve is no refusal
SELECT count(*) AS left_over FROM citybigdata.login_reservation;
SELECT pg_temp.status(citybigdata.rest_login_reserve('two-4', '203.0.113.1', NULL, 'none', NULL, NULL)) AS no_name,
       pg_temp.status(citybigdata.rest_login_reserve('two-4', '203.0.113.1', NULL, 'none', NULL, repeat('x', 1000000))) AS long_name,
       pg_temp.status(citybigdata.rest_login_reserve('two-4', '203.0.113.1', NULL, 'basic', '\x00ff', NULL)) AS no_basic;
DELETE FROM citybigdata.lockout;
-- a request that is refused before its password is looked at gives its reservation back; Basic is for access requests only
SELECT pg_temp.status(citybigdata.rest_login_reserve('three-' || n, '203.0.113.1', NULL, 'none', NULL, 'Code.One')) AS reserved FROM generate_series(1, 3) n;
SELECT kind, failures, confirmed, locked_until IS NULL AS open FROM citybigdata.lockout ORDER BY 1;
SELECT pg_temp.status(citybigdata.rest_auth_code('three-1', '203.0.113.1', :'app', 'none', NULL, 'key', :'key', 'Code.One', 'x', true)) AS by_key,
       pg_temp.status(citybigdata.rest_admin_login('three-2', '203.0.113.1', NULL, 'none', NULL, 'Code.One', 'x', repeat('1', 20))) AS a_fault,
       pg_temp.status(citybigdata.rest_code_tables('three-3', '203.0.113.1', NULL, 'basic', 'Code.One:Correct-1-horse')) AS basic_elsewhere;
SELECT kind, failures, confirmed, locked_until IS NULL AS open FROM citybigdata.lockout ORDER BY 1;
DELETE FROM citybigdata.lockout;
-- An address: counted whatever the user name, IPv6 by /64, IPv4 inside IPv6 as IPv4; a success gives its own attempt back only.
SET citybigdata.lockout_address_threshold = 4;
SELECT n, addr, pg_temp.status(citybigdata.rest_login_reserve('a' || n, addr, NULL, 'none', NULL, 'ghost' || n))
FROM unnest('{2001:db8::1,2001:db8::2,2001:db8:0:1::1,2001:db8::3:4:5:6,2001:db8::4,2001:db8::5,::ffff:203.0.113.5}'::inet[]) WITH ORDINALITY AS u (addr, n) ORDER BY n;
SELECT subject, failures, locked_until IS NOT NULL AS locked FROM citybigdata.lockout WHERE kind = 'address' ORDER BY 1;
SELECT status_code AS key_from_there FROM citybigdata.issue_auth_code(:'app', 'key', :'key', client_addr => '2001:db8::9');
SELECT status_code AS key_from_elsewhere FROM citybigdata.issue_auth_code(:'app', 'key', :'key', client_addr => '2001:db8:9::9');
SELECT status_code FROM citybigdata.issue_auth_code(:'app', 'password', user_name => 'ghost', password => 'x', client_addr => '203.0.113.5');
SELECT status_code FROM citybigdata.issue_auth_code(:'app', 'password', user_name => 'code.one', password => 'Correct-1-horse', client_addr => '203.0.113.5');
SELECT failures FROM citybigdata.lockout WHERE subject = '203.0.113.5';
RESET citybigdata.lockout_address_threshold;
DELETE FROM citybigdata.lockout;

-- The endpoints: the fields, all at once.
SELECT pg_temp.status(f), e->>'pointer' AS pointer, e->>'statusCode' AS code FROM (VALUES
    (citybigdata.rest_auth_code('e1', NULL, NULL, 'none', NULL, NULL, NULL, NULL, NULL, NULL)),
    (citybigdata.rest_auth_code('e2', NULL, 'bad', 'none', NULL, 'password', NULL, repeat('x', 1000000), E'\u0001', NULL)),
    (citybigdata.rest_auth_code('e3', NULL, :'app', 'none', NULL, 'key', repeat('汉', 100), NULL, NULL, NULL)),
    (citybigdata.rest_auth_code('e4', NULL, :'app', 'none', NULL, 'telepathy', NULL, NULL, NULL, NULL)),
    (citybigdata.rest_auth_code('e5', NULL, '11000000000001S', 'none', NULL, 'key', :'key', NULL, NULL, NULL)),
    (citybigdata.rest_auth_token('e6', NULL, NULL, 'none', NULL, NULL)),
    (citybigdata.rest_admin_login('e7', NULL, NULL, 'none', NULL, NULL, '', repeat('1', 100)))) AS v (f),
    LATERAL json_array_elements(pg_temp.data(f)->'errors') e;
SELECT pg_temp.status(citybigdata.rest_admin_login('e8', NULL, NULL, 'none', NULL, 'code.one', 'Correct-1-horse', NULL)) AS no_administrator,
       pg_temp.status(citybigdata.rest_admin_login('e9', NULL, NULL, 'none', NULL, 'nobody', 'Correct-1-horse', '123456')) AS nobody,
       pg_temp.status(citybigdata.rest_auth_token('e10', NULL, :'app', 'none', NULL, '\x00')) AS short_digest;
DELETE FROM citybigdata.lockout;
-- Revoking: by its application only, once; another one's token gets the same answer and stays.
SELECT pg_temp.data(citybigdata.rest_auth_token('v1', NULL, :'app', 'none', NULL, pg_temp.digest(pg_temp.data(citybigdata.rest_auth_code('v0', NULL, :'app', 'none', NULL, 'key', :'key', NULL, NULL, NULL))->>'authCode')))->>'accessToken' AS mine \gset
SELECT pg_temp.data(citybigdata.rest_auth_token('v1', '192.0.2.1', :'app2', 'none', NULL, pg_temp.digest(pg_temp.data(citybigdata.rest_auth_code('v0', '192.0.2.1', :'app2', 'none', NULL, 'ip', NULL, NULL, NULL, NULL))->>'authCode')))->>'accessToken' AS other \gset
SELECT pg_temp.status(citybigdata.rest_auth_revoke('v2', '192.0.2.1', NULL, 'bearer', sha256(:'other'), sha256(:'mine'))) AS not_mine;
SELECT (citybigdata.check_token(:'mine')).status_code;
SELECT pg_temp.status(citybigdata.rest_auth_revoke('v3', NULL, NULL, 'bearer', sha256(:'mine'), NULL)) AS missing;
SELECT pg_temp.status(citybigdata.rest_auth_revoke('v3', NULL, NULL, 'bearer', sha256(:'mine'), sha256(:'mine'))) AS mine;
SELECT (citybigdata.check_token(:'mine')).status_code;
SELECT pg_temp.status(citybigdata.rest_auth_revoke('v4', NULL, NULL, 'bearer', sha256(:'mine'), sha256(:'mine'))) AS void,
       pg_temp.status(citybigdata.rest_auth_revoke('v4', NULL, NULL, 'none', NULL, sha256(:'mine'))) AS nobody,
       pg_temp.status(citybigdata.rest_auth_revoke('v4', NULL, NULL, 'bearer', '\x00', sha256(:'mine'))) AS short,
       pg_temp.status(citybigdata.rest_auth_revoke('v4', NULL, NULL, 'magic', NULL, sha256(:'mine'))) AS scheme;
-- appCode beside a token must be the token's.
SELECT pg_temp.status(citybigdata.rest_code_tables('v5', '192.0.2.1', app, 'bearer', sha256(:'other'))) FROM unnest(ARRAY[NULL, :'app2', :'app', 'bad']) WITH ORDINALITY AS u (app, n) ORDER BY n;
-- One shot: a code stands for a credential once, whatever comes of the request.
SELECT auth_code AS shot FROM citybigdata.issue_auth_code(:'app', 'key', :'key') \gset
SELECT pg_temp.status(citybigdata.rest_code_table('s1', NULL, :'app', 'code', sha256(:'shot'), 'no-such-table')) AS first,
       pg_temp.status(citybigdata.rest_code_table('s2', NULL, :'app', 'code', sha256(:'shot'), 'event-state')) AS second;
SELECT auth_code AS shot FROM citybigdata.issue_auth_code(:'app', 'key', :'key') \gset
SELECT pg_temp.status(citybigdata.rest_code_tables('s3', NULL, 'bad', 'code', sha256(:'shot'))) AS bad_app_code,
       pg_temp.status(citybigdata.rest_code_tables('s4', NULL, NULL, 'code', sha256(:'shot'))) AS spent;
-- By address alone: appCode and a client address in its ranges.
SELECT addr, pg_temp.status(citybigdata.rest_code_tables('i1', addr, :'app2', 'none', NULL)) FROM unnest('{192.0.2.1,192.0.2.99,::ffff:192.0.2.1,NULL}'::inet[]) AS addr;
SELECT pg_temp.status(citybigdata.rest_code_tables('i2', '192.0.2.1', :'app', 'none', NULL)) AS no_such_method, pg_temp.status(citybigdata.rest_code_tables('i3', '192.0.2.1', NULL, 'none', NULL)) AS no_app_code;
-- Housekeeping removes what is void and nothing else.
UPDATE citybigdata.auth_code SET expires_at = now() - interval '3 days' WHERE code_digest = sha256(:'shot');
UPDATE citybigdata.access_token SET expires_at = now() - interval '3 days' WHERE token_digest = sha256(:'mine');
SELECT citybigdata.maintain() @> '{"auditMonthsMade": 0, "auditMonthsDropped": 0, "accessRowsRemoved": 2}' AS two_rows;
SELECT count(*) = 0 AS removed FROM citybigdata.auth_code WHERE code_digest = sha256(:'shot');
SELECT count(*) AS stays FROM citybigdata.access_token WHERE token_digest = sha256(:'other');
SELECT reply.outcome(f) = '0 0' AND reply.data(f) ~ '^{' AS frame FROM citybigdata.rest_maintain() f;
