-- Access requests: applying, review, credentials once; who may what on the very next request.
SET client_min_messages = warning;
\set SHOW_CONTEXT never
-- details name row numbers: shown only where the faults are looked at
\set VERBOSITY terse
CREATE FUNCTION pg_temp.status(frame bytea) RETURNS integer LANGUAGE sql AS $$ SELECT reply.status(frame)::int $$;
CREATE FUNCTION pg_temp.data(frame bytea) RETURNS json LANGUAGE sql AS
$$ SELECT nullif(reply.data(frame), '')::json $$;
CREATE FUNCTION pg_temp.faults(frame bytea) RETURNS TABLE (pointer text, code int, message text) LANGUAGE sql AS
$$ SELECT e->>'pointer', (e->>'statusCode')::int, e->>'message' FROM json_array_elements(pg_temp.data(frame)->'errors') e ORDER BY 1, 2 $$;
CREATE FUNCTION pg_temp.basic(name text, password text) RETURNS bytea LANGUAGE sql AS $$ SELECT convert_to(name || ':' || password, 'UTF8') $$;

SELECT citybigdata.register_account('access.one', 'Correct-1-horse', '市城管委', '张三', '13800138000') AS one \gset
SELECT citybigdata.register_account('access.two', 'Correct-1-horse', '市城管委', '李四', '13800138000') AS two \gset
SELECT citybigdata.register_account('access.admin', 'Correct-1-admin', '平台管理处', '王五', '13800138000') AS admin \gset
-- a pending account may not apply: not from SQL, not with the right password
SELECT citybigdata.request_access('access.one', '{events}', '{key}');
SELECT pg_temp.status(citybigdata.rest_access_request('r1', '192.0.2.1', NULL, 'basic', pg_temp.basic('access.one', 'Correct-1-horse'),
    NULL, '{events}', NULL, '{key}', NULL, NULL, NULL, NULL, NULL, NULL, NULL)) = 40313 AS pending_is_told;
-- told with the right password only; a wrong one and a name that nobody has get one answer, here and when the state is asked for
CREATE FUNCTION pg_temp.apply(name text, password text) RETURNS text LANGUAGE sql AS $$ SELECT concat_ws(' ',
    pg_temp.status(citybigdata.rest_access_request('r1', '192.0.2.1', NULL, 'basic', pg_temp.basic(name, password), NULL, '{events}', NULL, '{key}', NULL, NULL, NULL, NULL, NULL, NULL, NULL)),
    pg_temp.status(citybigdata.rest_access_request_state('r1', '192.0.2.1', NULL, 'basic', pg_temp.basic(name, password), '1'))) $$;
SELECT pg_temp.apply('access.one', 'Correct-1-horse') AS pending, pg_temp.apply('access.one', 'Wrong-1-horse') AS wrong, pg_temp.apply('nobody.at.all', 'Correct-1-horse') AS nobody;
DELETE FROM citybigdata.lockout;
SELECT citybigdata.approve_account(:one), citybigdata.approve_account(:two), citybigdata.approve_account(:admin);
SELECT citybigdata.approve_account(:one); -- again
SELECT citybigdata.reject_account(:one, 'late');
SELECT citybigdata.approve_account(-1);
SELECT citybigdata.approve_account(NULL);
SELECT citybigdata.make_administrator('Access.Admin');
SELECT citybigdata.make_administrator('nobody');

-- Applying from SQL: all faults at once.
SELECT citybigdata.request_access('access.one', '{events}', '{key,signature}', 'test', '{}', '{acc-1,acc-2}', 'egova', 2) AS request \gset
\set VERBOSITY default
SELECT citybigdata.request_access('access.one', '{nothing}', '{telepathy}', repeat('x', 1001), '{10.0.0.1/8,x,0.0.0.0/0,10/8}',
    ARRAY['a', 'a', '', repeat('汉', 65)], 'lax', 5, '2001-01-01', '{http://example.org/,https://,https://ok.example/cb#x,http://localhost.evil/}', 'secret');
SELECT citybigdata.request_access('access.one', '{}', NULL, level => 0);
SELECT citybigdata.request_access('access.one', '{events}', '{ip}'); -- no ranges
\set VERBOSITY terse
SELECT citybigdata.request_access('access.one', '{events}', '{ip}', ip_ranges => '{127.0.0.1,2001:db8::/32,192.0.2.0/24}',
    redirect_uris => '{https://example.org/cb?x=1,http://127.0.0.1:8080/cb}') > 0 AS ranges_accepted;
-- Approval: application, senders, grants.
SELECT citybigdata.approve_access(:request) AS app_code \gset
SELECT (p).platform_code = '110000' AND (p).serial = a.app_id AS app_code_right, a.methods, a.profile, a.level, a.state, a.key_digest IS NULL AS no_key_yet
FROM citybigdata.application a, LATERAL (SELECT citybigdata.app_code_parts(a.app_code) AS p) s WHERE a.app_code = :'app_code';
SELECT array_agg(sender_code ORDER BY sender_code) FROM citybigdata.sender JOIN citybigdata.application USING (app_id) WHERE app_code = :'app_code';
SELECT g.resource, g.level, g.state FROM citybigdata.app_grant g JOIN citybigdata.application USING (app_id) WHERE app_code = :'app_code';
SELECT citybigdata.approve_access(:request); -- again
SELECT citybigdata.approve_access(-1);
SELECT citybigdata.reject_access(:request);
-- A senderCode belongs to one application: told when applying, and when it was taken in between.
SELECT citybigdata.request_access('access.two', '{events}', '{key}', sender_codes => '{acc-2}');
SELECT citybigdata.request_access('access.two', '{events}', '{key}', sender_codes => '{acc-4,acc-3}') AS slow \gset
SELECT citybigdata.approve_access(citybigdata.request_access('access.one', '{events}', '{key}', sender_codes => '{acc-3}')) IS NOT NULL AS fast;
SELECT citybigdata.approve_access(:slow);
SELECT count(*) = 0 AS nothing_half_made FROM citybigdata.sender WHERE sender_code = 'acc-4';
-- Credentials: made when collected, once, not kept.
SELECT app_code = :'app_code' AS same_code, key ~ '^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$' AS uuid,
       signing_secret ~ '^[A-Za-z0-9_-]{43}$' AS secret_256_bits FROM citybigdata.take_credentials(:request);
SELECT citybigdata.take_credentials(:request); -- again
SELECT citybigdata.take_credentials(:slow); -- not approved
SELECT octet_length(key_digest) = 32 AS digest_only, octet_length(signing_secret) = 1 + 4 + 12 + 43 + 16 AS encrypted
FROM citybigdata.application WHERE app_code = :'app_code';
-- Renewed: the old ones are void at once.
SELECT citybigdata.renew_credentials(:'app_code');
SELECT key_digest IS NULL AND signing_secret IS NULL AS void FROM citybigdata.application WHERE app_code = :'app_code';
SELECT key AS key FROM citybigdata.take_credentials(:request) \gset
SELECT citybigdata.renew_credentials('x');
-- Without a usable master key: a clean error, and nothing was taken.
SELECT citybigdata.renew_credentials(:'app_code');
SET citybigdata.key_file = 'PG_VERSION';
SELECT citybigdata.take_credentials(:request);
SET citybigdata.key_file = 'no-such-file';
SELECT citybigdata.take_credentials(:request);
RESET citybigdata.key_file;
SELECT key AS key FROM citybigdata.take_credentials(:request) \gset

-- The same over the bridge. The administrator:
SELECT citybigdata.enrol_totp('access.admin', 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ') ~ '^otpauth' AS enrolled;
SELECT pg_temp.data(citybigdata.rest_admin_login('r2', '192.0.2.1', NULL, 'none', NULL, 'access.admin', 'Correct-1-admin', citybigdata.totp_code('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ')))->>'accessToken' AS token \gset
SELECT sha256(:'token') AS admin_token \gset
SELECT pg_temp.status(citybigdata.rest_account_approve('r3', '192.0.2.1', NULL, 'bearer', :'admin_token', id)), left(id, 12) AS id
FROM unnest(ARRAY['999999999', '0', '-1', 'abc', repeat('9', 40), '1.5', '', NULL]) WITH ORDINALITY AS u (id, n) ORDER BY n;
SELECT pg_temp.data(citybigdata.rest_account_register('r4', '192.0.2.1', NULL, 'none', NULL, 'access.three', 'Correct-1-horse', '市', '赵六', '8613800138000'))->>'accountId' AS three \gset
SELECT pg_temp.data(citybigdata.rest_account_reject('r4', '192.0.2.1', NULL, 'bearer', :'admin_token', :'three', '资料不全'))->>'state' AS state;
SELECT state, reviewed_by, review_note FROM citybigdata.account WHERE account_id = :three;
SELECT * FROM pg_temp.faults(citybigdata.rest_account_reject('r4', '192.0.2.1', NULL, 'bearer', :'admin_token', :'three', repeat('x', 501)));
-- Applying by Basic
SELECT pg_temp.data(citybigdata.rest_access_request('r5', '192.0.2.1', NULL, 'basic', pg_temp.basic('access.two', 'Correct-1-horse'),
    '110000', '{events}', '测试', '{key,password,signature}', NULL, '{acc-5}', 'egova', '3', to_char(now() + interval '1 year', 'YYYYMMDDHH24MISS'), NULL, NULL))->>'accessRequestId' AS request2 \gset
SELECT * FROM pg_temp.faults(citybigdata.rest_access_request('r6', '192.0.2.1', NULL, 'basic', pg_temp.basic('access.two', 'Correct-1-horse'),
    '440300', ARRAY['events', 'events', NULL, repeat('x', 1000000)], E'\u0007', '{}', '{999.1.1.1/33}', '{acc-1}', 'x', '10', '20240230000000', '{javascript:alert(1)}', '汉'));
SELECT count(*) AS one_request FROM citybigdata.access_request WHERE account_id = :two AND sender_codes = '{acc-5}';
-- Who may see it: its account; the administrator without credentials; nobody else.
SELECT who, pg_temp.status(frame), pg_temp.data(frame)->>'state' AS state, json_object_keys FROM (
    VALUES ('owner', citybigdata.rest_access_request_state('r7', '192.0.2.1', NULL, 'basic', pg_temp.basic('access.two', 'Correct-1-horse'), :'request2')),
           ('other', citybigdata.rest_access_request_state('r8', '192.0.2.1', NULL, 'basic', pg_temp.basic('access.one', 'Correct-1-horse'), :'request2')),
           ('admin', citybigdata.rest_access_request_state('r9', '192.0.2.1', NULL, 'bearer', :'admin_token', :'request2')),
           ('none', citybigdata.rest_access_request_state('r10', '192.0.2.1', NULL, 'none', NULL, :'request2'))) AS v (who, frame),
    LATERAL (SELECT string_agg(k, ' ') AS json_object_keys FROM json_object_keys(pg_temp.data(frame)) k) keys;
SELECT pg_temp.status(citybigdata.rest_access_approve('r11', '192.0.2.1', NULL, 'basic', pg_temp.basic('access.admin', 'Correct-1-admin'), :'request2')) AS basic_is_no_login,
       pg_temp.status(citybigdata.rest_access_approve('r11', '192.0.2.1', NULL, 'none', NULL, :'request2')) AS nobody,
       pg_temp.status(citybigdata.rest_access_approve('r11', '192.0.2.1', NULL, 'bearer', :'admin_token', :'slow')) AS taken,
       pg_temp.status(citybigdata.rest_access_approve('r11', '192.0.2.1', NULL, 'bearer', :'admin_token', :'request2')) AS approved,
       pg_temp.status(citybigdata.rest_access_approve('r11', '192.0.2.1', NULL, 'bearer', :'admin_token', :'request2')) AS again,
       pg_temp.status(citybigdata.rest_access_approve('r11', '192.0.2.1', NULL, 'bearer', :'admin_token', 'x')) AS unknown;
SELECT pg_temp.data(citybigdata.rest_access_reject('r12', '192.0.2.1', NULL, 'bearer', :'admin_token', :'slow', 'no')) ->> 'state' AS rejected;
-- once with credentials, then without
SELECT pg_temp.data(citybigdata.rest_access_request_state('r13', '192.0.2.1', NULL, 'bearer', :'admin_token', :'request2'))->>'key' IS NULL AS not_for_the_administrator;
SELECT d->>'state' AS state, length(d->>'key') AS key, length(d->>'signingSecret') AS secret
FROM (SELECT pg_temp.data(citybigdata.rest_access_request_state('r14', '192.0.2.1', NULL, 'basic', pg_temp.basic('access.two', 'Correct-1-horse'), :'request2')) AS d
      FROM generate_series(1, 2)) s;
SELECT pg_temp.data(citybigdata.rest_access_request_state('r15', '192.0.2.1', NULL, 'basic', pg_temp.basic('access.two', 'Correct-1-horse'), :'slow')) ->> 'reason' AS reason;

-- Every request is judged: what changes is refused at the next one. Here by a token of the first application.
SELECT auth_code FROM citybigdata.issue_auth_code(:'app_code', 'key', :'key') \gset
SELECT access_token AS app_token FROM citybigdata.exchange_auth_code(:'app_code', :'auth_code') \gset
SELECT status_code, app_code = :'app_code' AS app, user_name, administrator, profile, level FROM citybigdata.check_token(:'app_token');
SELECT status_code, app_code, user_name, administrator, profile, level FROM citybigdata.check_token(:'token');
SELECT status_code, message FROM citybigdata.check_token('nonsense');
SELECT pg_temp.status(citybigdata.rest_account_approve('r16', '192.0.2.1', NULL, 'bearer', sha256(:'app_token'), :'one')) AS no_administrator;
SELECT citybigdata.suspend_application(:'app_code', 'test');
SELECT status_code FROM citybigdata.check_token(:'app_token');
SELECT status_code FROM citybigdata.issue_auth_code(:'app_code', 'key', :'key');
SELECT citybigdata.suspend_application(:'app_code');
SELECT citybigdata.resume_application(:'app_code');
SELECT status_code FROM citybigdata.check_token(:'app_token');
SELECT citybigdata.suspend_account('access.one', 'test');
SELECT status_code FROM citybigdata.check_token(:'app_token');
SELECT citybigdata.resume_account('access.one');
SELECT status_code FROM citybigdata.check_token(:'app_token');
UPDATE citybigdata.application SET valid_until = now() - interval '1 second' WHERE app_code = :'app_code';
SELECT status_code FROM citybigdata.check_token(:'app_token');
UPDATE citybigdata.application SET valid_until = NULL WHERE app_code = :'app_code';
SELECT citybigdata.make_administrator('access.admin', false);
SELECT status_code FROM citybigdata.check_token(:'token');
SELECT citybigdata.revoke_grant(:'app_code', 'events') AS one, citybigdata.revoke_grant(:'app_code') AS none_left, citybigdata.revoke_grant('x') AS unknown;
SELECT citybigdata.revoke_token(:'app_token') AS revoked, citybigdata.revoke_token(:'app_token') AS again;
SELECT status_code FROM citybigdata.check_token(:'app_token');
DELETE FROM citybigdata.lockout;
