-- Suspend, resume, expire, revoke: account, application, grant; the very next request is refused. Rotation of credentials.
\set SHOW_CONTEXT never
\set VERBOSITY terse
SET client_min_messages = warning;
SET citybigdata.bcrypt_cost = 4;
SELECT citybigdata.approve_account(citybigdata.register_account('life.one', 'Correct-1-horse', '市城管委', '张三', '13800138000'));
SELECT citybigdata.request_access('life.one', '{events}', '{key,signature}', sender_codes => '{life-one}') AS request \gset
SELECT citybigdata.approve_access(:request) AS app \gset
SELECT key, signing_secret AS secret FROM citybigdata.take_credentials(:request) \gset
SELECT auth_code FROM citybigdata.issue_auth_code(:'app', 'key', :'key') \gset
SELECT access_token AS token FROM citybigdata.exchange_auth_code(:'app', :'auth_code') \gset
CREATE TABLE life AS SELECT :'token'::text AS token;
-- a token on a resource: a report that is let in has faults (42200)
CREATE FUNCTION pg_temp.ask() RETURNS integer LANGUAGE sql AS $$
    SELECT reply.status(citybigdata.rest_event_report('life', '192.0.2.7', NULL, 'bearer', sha256(convert_to(token, 'UTF8')), 'life-one', 'UP_REC_REPORT', '{}', true, NULL, NULL))::int FROM life $$;
CREATE FUNCTION pg_temp.code(app text, key text) RETURNS integer LANGUAGE sql AS $$ SELECT status_code FROM citybigdata.issue_auth_code(app, 'key', key) $$;
CREATE FUNCTION pg_temp.signed(app text, secret text) RETURNS integer LANGUAGE sql AS $$
    SELECT reply.status(citybigdata.rest_event_find('life', '192.0.2.7', app, 'signature', convert_to(format(E'method=GET\npath=/x\nquery=\ntimestamp=%s\nnonce=%s\nalgorithm=\nsha256=%s\nsm3=%s\nsignature=%s\n',
        t, n, encode(sha256(''), 'hex'), repeat('0', 64), citybigdata.sign_request(secret, 'GET', '/x', '', ''::bytea, t, n, 'HMAC-SHA256')), 'UTF8'), NULL, NULL, '1700000000', NULL, NULL))::int
    FROM (SELECT extract(epoch FROM clock_timestamp())::bigint AS t, gen_random_uuid()::text AS n) s $$;
SELECT pg_temp.ask() AS token, pg_temp.code(:'app', :'key') AS key, pg_temp.signed(:'app', :'secret') AS signature;
-- The grant.
SELECT citybigdata.suspend_grant(:'app', 'events');
SELECT pg_temp.ask() AS suspended, pg_temp.code(:'app', :'key') AS application_goes_on;
SELECT citybigdata.suspend_grant(:'app', 'events');
SELECT citybigdata.resume_grant(:'app', 'events');
SELECT pg_temp.ask() AS resumed;
SELECT citybigdata.expire_grant(:'app', 'events');
SELECT pg_temp.ask() AS expired;
SELECT citybigdata.expire_grant(:'app', 'events', now() + interval '1 day');
SELECT pg_temp.ask() AS one_more_day;
SELECT citybigdata.expire_grant(:'app', 'events', NULL), citybigdata.expire_grant(:'app', 'nothing');
-- The application.
SELECT citybigdata.suspend_application(:'app');
SELECT pg_temp.ask() AS suspended, pg_temp.code(:'app', :'key') AS key, pg_temp.signed(:'app', :'secret') AS signature;
SELECT citybigdata.resume_application(:'app');
SELECT citybigdata.expire_application(:'app');
SELECT pg_temp.ask() AS expired, pg_temp.code(:'app', :'key') AS key, pg_temp.signed(:'app', :'secret') AS signature;
SELECT citybigdata.expire_application(:'app', NULL);
SELECT pg_temp.ask() AS no_end;
SELECT citybigdata.expire_application('x');
-- The account.
SELECT citybigdata.suspend_account('life.one', 'test');
SELECT pg_temp.ask() AS suspended, pg_temp.code(:'app', :'key') AS key, pg_temp.signed(:'app', :'secret') AS signature;
SELECT citybigdata.resume_account('life.one');
SELECT citybigdata.expire_account('LIFE.one');
SELECT pg_temp.ask() AS expired, pg_temp.code(:'app', :'key') AS key, pg_temp.signed(:'app', :'secret') AS signature;
SELECT reply.status(citybigdata.rest_access_request_state('life', '192.0.2.1', NULL, 'basic', 'life.one:Correct-1-horse', :'request')) AS log_in;
SELECT citybigdata.expire_account('life.one', now() + interval '1 day');
SELECT pg_temp.ask() AS one_more_day;
SELECT citybigdata.expire_account('nobody-there');
-- New credentials beside the old ones, until the overlap ends.
SELECT key AS key2, signing_secret AS secret2, previous_valid_until BETWEEN now() + interval '59 minutes' AND now() + interval '61 minutes' AS an_hour
FROM citybigdata.rotate_credentials(:'app', '1 hour') \gset
SELECT :'an_hour' AS an_hour, :'key' <> :'key2' AS other_key, :'secret' <> :'secret2' AS other_secret;
SELECT pg_temp.code(:'app', :'key') AS old_key, pg_temp.code(:'app', :'key2') AS new_key, pg_temp.signed(:'app', :'secret') AS old_secret, pg_temp.signed(:'app', :'secret2') AS new_secret, pg_temp.ask() AS token;
UPDATE citybigdata.application SET previous_valid_until = clock_timestamp() WHERE app_code = :'app';
SELECT pg_temp.code(:'app', :'key') AS old_key, pg_temp.code(:'app', :'key2') AS new_key, pg_temp.signed(:'app', :'secret') AS old_secret, pg_temp.signed(:'app', :'secret2') AS new_secret;
-- Without an overlap the old ones end at once.
SELECT key AS key3 FROM citybigdata.rotate_credentials(:'app', '0') \gset
SELECT pg_temp.code(:'app', :'key2') AS at_once, pg_temp.code(:'app', :'key3') AS new_key;
SELECT citybigdata.rotate_credentials(:'app', '-1 day');
SELECT citybigdata.rotate_credentials(:'app', '91 days');
SELECT citybigdata.rotate_credentials(:'app', '1 month');
SELECT citybigdata.rotate_credentials('x');
-- For good.
SELECT citybigdata.revoke_application(:'app', 'test');
SELECT pg_temp.ask() AS revoked, pg_temp.code(:'app', :'key3') AS key;
SELECT state, key_digest IS NULL AND signing_secret IS NULL AND previous_key_digest IS NULL AS nothing_left FROM citybigdata.application WHERE app_code = :'app';
SELECT citybigdata.resume_application(:'app');
SELECT citybigdata.rotate_credentials(:'app');
SELECT citybigdata.revoke_application(:'app');
SELECT citybigdata.set_admin_role('life.one', 'root');
SELECT citybigdata.set_admin_role('life.one', 'auditor');
SELECT admin_role FROM citybigdata.account WHERE user_name = 'life.one';
SELECT citybigdata.revoke_account('life.one', 'test');
SELECT state, admin_role FROM citybigdata.account WHERE user_name = 'life.one';
SELECT citybigdata.resume_account('life.one');
SELECT reply.status(citybigdata.rest_access_request_state('life', '192.0.2.1', NULL, 'basic', 'life.one:Correct-1-horse', :'request')) AS log_in;
SELECT citybigdata.register_account('Life.One', 'Correct-1-horse', '市城管委', '张三', '13800138000');
DROP TABLE life;
DELETE FROM citybigdata.lockout;
