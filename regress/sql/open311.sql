-- Open311: who calls by a key, and the bodies of the endpoints; over HTTPS see bridge/test_open311.py.
\set SHOW_CONTEXT never
SET search_path = citybigdata, public;
SET client_min_messages = warning;
SELECT resource_code, title_zh FROM resource WHERE resource_code = 'open311';
-- an application is found by an index, whatever the size of the table
SET enable_seqscan = off;
EXPLAIN (COSTS OFF) SELECT app_id FROM application WHERE key_digest = '\x00' OR previous_key_digest = '\x00' AND previous_valid_until > now();
RESET enable_seqscan;
-- nobody, a wrong key, a key of a wrong length, each endpoint
CREATE FUNCTION pg_temp.say(frame bytea) RETURNS text LANGUAGE sql AS $$ SELECT reply.status(frame) $$;
SELECT pg_temp.say(rest_open311_services('r1', '192.0.2.77', NULL, 'none', NULL, NULL)) AS nobody,
    pg_temp.say(rest_open311_services('r2', '192.0.2.77', NULL, 'none', NULL, sha256('x'))) AS wrong, pg_temp.say(rest_open311_services('r3', '192.0.2.77', NULL, 'none', NULL, '\x00')) AS short,
    pg_temp.say(rest_open311_service('r4', '192.0.2.77', NULL, 'none', NULL, '6', NULL)) AS service,
    pg_temp.say(rest_open311_report('r5', '192.0.2.77', NULL, 'none', NULL, NULL, NULL, '6', '39.9', '116.4', NULL, 'x', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)) AS report,
    pg_temp.say(rest_open311_requests('r6', '192.0.2.77', NULL, 'none', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)) AS requests,
    pg_temp.say(rest_open311_request('r7', '192.0.2.77', NULL, 'none', NULL, 'x', NULL)) AS request, pg_temp.say(rest_open311_token('r8', '192.0.2.77', NULL, 'none', NULL, 'x', NULL)) AS token,
    pg_temp.say(rest_open311_updates('r9', '192.0.2.77', NULL, 'none', NULL, NULL, NULL, NULL, NULL)) AS updates,
    pg_temp.say(rest_open311_update('ra', '192.0.2.77', NULL, 'none', NULL, NULL, NULL, 'x', NULL, NULL, 'x', NULL)) AS update \gx
DELETE FROM lockout WHERE subject = 'open311' OR subject LIKE '192.0.2.77%';
