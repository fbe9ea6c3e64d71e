-- Housekeeping: nobody's lock stops it, full portions are followed by the next, a month's end.
\set SHOW_CONTEXT never
\set VERBOSITY terse
SET client_min_messages = warning;
-- Advisory locks of others, of all keys that were ever used here, taken by another session.
CREATE EXTENSION dblink SCHEMA public;
CREATE ROLE maintain_stranger LOGIN;
SELECT public.dblink_connect('stranger', format('host=%s port=%s dbname=%s user=maintain_stranger', split_part(current_setting('unix_socket_directories'), ',', 1),
                                                current_setting('port'), current_database()));
SELECT * FROM public.dblink('stranger', $$SELECT count(*) FROM (VALUES (x'6362646175646974'::bigint), (hashtextextended('citybigdata.publish x', 0)),
    (hashtextextended('citybigdata.ingest x', 0))) k(key), LATERAL (SELECT pg_advisory_lock(k.key) OFFSET 0) l$$) AS t(session_locks bigint);
SELECT * FROM public.dblink('stranger', $$SELECT count(*) FROM (VALUES (hashtext('citybigdata.maintain'), 0), (hashtext('citybigdata.calendar'), 0), (7021833, 1)) k(key, n),
    LATERAL (SELECT pg_advisory_lock(k.key, k.n) OFFSET 0) l$$) AS t(session_locks bigint);
SET statement_timeout = '10s';
SELECT citybigdata.audit_seal() > 0 AS sealed;
SELECT citybigdata.maintain() ->> 'busy' AS busy;
SELECT citybigdata.own_lock('publish x');
SELECT has_function_privilege('maintain_stranger', 'citybigdata.own_lock(text)', 'EXECUTE') AS strangers_may;
-- What holds one of them is the extension itself.
BEGIN;
SELECT citybigdata.try_own_lock('maintain') AS mine;
SELECT public.dblink_connect('second', format('host=%s port=%s dbname=%s user=%s', split_part(current_setting('unix_socket_directories'), ',', 1),
                                              current_setting('port'), current_database(), current_user));
SELECT * FROM public.dblink('second', 'SELECT citybigdata.maintain() - ''auditUnsealedSeconds''') AS t(done jsonb);
COMMIT;
SELECT public.dblink_disconnect('second'), public.dblink_disconnect('stranger');
DROP EXTENSION dblink;
DROP ROLE maintain_stranger;
-- Locks that a published view leaves in a session of the bridge end with the request.
CREATE ROLE lock_bridge IN ROLE citybigdata_bridge;
CREATE ROLE lock_publisher IN ROLE citybigdata_analyst;
CREATE SCHEMA lock_test AUTHORIZATION lock_publisher;
SET SESSION AUTHORIZATION lock_publisher;
CREATE TABLE lock_test.taken AS SELECT 1 AS id;
ALTER TABLE lock_test.taken ADD PRIMARY KEY (id);
CREATE VIEW lock_test.locking AS SELECT id, pg_advisory_lock(4711)::text AS lock FROM lock_test.taken;
SELECT code FROM citybigdata.publish('lock_test.locking', '{"code": "locking", "keyset": ["id"]}');
SELECT citybigdata.query('locking', '{}') IS NOT NULL AS page;
SELECT count(*) AS people_keep_theirs FROM pg_locks WHERE locktype = 'advisory';
SELECT pg_advisory_unlock_all();
RESET SESSION AUTHORIZATION;
GRANT USAGE ON SCHEMA citybigdata TO lock_bridge;
GRANT EXECUTE ON FUNCTION citybigdata.query(text, jsonb) TO lock_bridge;
GRANT SELECT ON lock_test.locking TO lock_bridge;
GRANT USAGE ON SCHEMA lock_test TO lock_bridge;
SET SESSION AUTHORIZATION lock_bridge;
SELECT citybigdata.query('locking', '{}') IS NOT NULL AS page;
SELECT count(*) AS left_in_the_bridge FROM pg_locks WHERE locktype = 'advisory';
RESET SESSION AUTHORIZATION;
SELECT citybigdata.unpublish('locking');
DROP SCHEMA lock_test CASCADE;
REVOKE ALL ON SCHEMA citybigdata FROM lock_bridge;
REVOKE ALL ON FUNCTION citybigdata.query(text, jsonb) FROM lock_bridge;
DROP ROLE lock_bridge, lock_publisher;
-- The age of what is not sealed.
SELECT citybigdata.audit_seal() >= 0 AS sealed;
SELECT * FROM citybigdata.audit_unsealed();
INSERT INTO citybigdata.audit_log (at, action, status_code, session_role) VALUES (now() - interval '4 hours', 'test.late', 0, 'x');
SELECT age BETWEEN interval '4 hours' AND interval '5 hours' AS four_hours FROM citybigdata.audit_unsealed();
SELECT (reply.data(citybigdata.rest_ready())::jsonb ->> 'auditUnsealedSeconds')::int BETWEEN 14400 AND 18000 AS told;
SELECT block_no, problem FROM citybigdata.audit_verify() WHERE block_no IS NOT NULL;
SELECT citybigdata.audit_seal() > 0 AS sealed;
SELECT count(block_no) AS problems FROM citybigdata.audit_verify();
-- A full portion of anything is followed by the next at once: retry-after 1.
CREATE FUNCTION pg_temp.again() RETURNS text LANGUAGE sql AS $$ SELECT reply.outcome(citybigdata.rest_maintain()) $$;
SELECT pg_temp.again() AS nothing_to_do;
BEGIN;
INSERT INTO citybigdata.auth_nonce (app_id, nonce, expires_at) SELECT a.app_id, 'maintain-' || n, now() - interval '1 hour'
FROM generate_series(1, 10001) n, (SELECT min(app_id) AS app_id FROM citybigdata.application) a;
SELECT pg_temp.again() AS nonces, pg_temp.again() AS the_rest;
ROLLBACK;
BEGIN;
INSERT INTO citybigdata.sealed_use (seal_id, app_id, max_uses, expires_at) SELECT md5(n::text)::uuid, a.app_id, 1, now() - interval '1 hour'
FROM generate_series(1, 10001) n, (SELECT min(app_id) AS app_id FROM citybigdata.application) a;
SELECT pg_temp.again() AS sealed_uses, pg_temp.again() AS the_rest;
ROLLBACK;
BEGIN;
INSERT INTO citybigdata.oauth_grant (family_id, app_id, account_id, resources, generation, granted_at, expires_at, app_epoch, account_epoch)
SELECT -n, a.app_id, a.account_id, '{events}', 1, now() - interval '9 days', now() - interval '2 days', 1, 1 FROM generate_series(1, 10001) n, (SELECT * FROM citybigdata.application ORDER BY app_id LIMIT 1) a;
SELECT pg_temp.again() AS consents, pg_temp.again() AS the_rest;
ROLLBACK;
-- Rows that came while their month had no partition go to it, with their numbers; what is sealed stays good.
INSERT INTO citybigdata.audit_log (at, action, status_code, session_role) VALUES
    ('2001-03-31 23:59:59.999999+00', 'test.default', 1, 'x'), ('2001-04-01+00', 'test.default', 2, 'x'), ('2031-01-15+00', 'test.default', 3, 'x');
SELECT count(*) AS in_default FROM citybigdata.audit_log_default;
SELECT citybigdata.audit_seal() > 0 AS sealed;
SELECT citybigdata.audit_sort_default() AS moved;
SELECT tableoid::regclass AS partition, status_code FROM citybigdata.audit_log WHERE action = 'test.default' ORDER BY status_code;
SELECT count(*) AS in_default FROM citybigdata.audit_log_default;
SELECT count(block_no) AS problems FROM citybigdata.audit_verify();
UPDATE citybigdata.audit_log_200103 SET detail = 'x';
-- maintain() at a month's end: what is in DEFAULT, what is past retention, what is ahead, in one call.
INSERT INTO citybigdata.audit_log (at, action, status_code, session_role) VALUES ('2002-05-01+00', 'test.default', 4, 'x');
SELECT citybigdata.maintain() @> '{"auditMonthsDropped": 3, "auditRowsMoved": 1, "auditMonthsMade": 0}' AS done;
SELECT citybigdata.maintain() @> '{"auditMonthsDropped": 0, "auditRowsMoved": 0, "auditMonthsMade": 0}' AS done;
DROP TABLE citybigdata.audit_log_203101;
