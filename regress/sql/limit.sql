-- Rate limits and quotas of grants, as the bridge asks for them.
\set SHOW_CONTEXT never
\set VERBOSITY terse
SET client_min_messages = warning;
SET citybigdata.bcrypt_cost = 4;
CREATE FUNCTION pg_temp.line(frame bytea, n integer) RETURNS text LANGUAGE sql AS $$ SELECT coalesce(CASE n WHEN 1 THEN reply.outcome(frame) WHEN 2 THEN reply.field(frame, 'rate-policy') ELSE reply.field(frame, 'rate') END, '') $$;
SELECT citybigdata.approve_account(citybigdata.register_account('limit.one', 'Correct-1-horse', '市城管委', '张三', '13800138000'));
SELECT citybigdata.request_access('limit.one', '{events}', '{ip}', ip_ranges => '{192.0.2.7/32}', sender_codes => '{limit-one}') AS request \gset
SELECT citybigdata.approve_access(:request) AS app \gset
CREATE TABLE limit_app AS SELECT :'app'::text AS app;
-- one request for an event that is not there: counted, since it was authorised
CREATE FUNCTION pg_temp.ask() RETURNS bytea LANGUAGE sql AS $$
    SELECT citybigdata.rest_event_get('lim', '192.0.2.7', app, 'none', NULL, 'x', NULL, NULL) FROM limit_app $$;
-- Without a limit no field of it and no bucket.
SELECT pg_temp.line(pg_temp.ask(), 1) AS status, pg_temp.line(pg_temp.ask(), 2) AS policy, count(*) AS buckets FROM citybigdata.rate_bucket;
-- Three at once, then one in a thousand seconds.
SELECT citybigdata.set_limit(:'app', 'events', 0.001, 3);
SELECT n, pg_temp.line(f, 1) AS status, pg_temp.line(f, 2) AS policy, split_part(pg_temp.line(f, 3), ';t', 1) AS state FROM generate_series(1, 2) n, LATERAL (SELECT pg_temp.ask() AS f OFFSET 0 * n) s;
SELECT pg_temp.line(pg_temp.ask(), 1) AS third;
SELECT split_part(pg_temp.line(f, 1), ' ', 1) AS status, split_part(pg_temp.line(f, 1), ' ', 2)::int BETWEEN 900 AND 1000 AS retry_after,
       pg_temp.line(f, 3) ~ '^"rate";r=0;t=[0-9]+$' AS state FROM pg_temp.ask() f;
SELECT round(tokens) AS tokens, quota_used FROM citybigdata.rate_bucket;
SELECT action, object = :'app' AS of_app, status_code FROM citybigdata.audit_log WHERE request_id = 'lim' AND status_code = 42900;
-- It fills with time, never beyond the burst; a clock set back takes nothing away.
UPDATE citybigdata.rate_bucket SET refilled_at = now() - interval '1100 seconds';
SELECT pg_temp.line(pg_temp.ask(), 1) AS one_more, split_part(pg_temp.line(pg_temp.ask(), 1), ' ', 1) AS none;
UPDATE citybigdata.rate_bucket SET refilled_at = now() - interval '1 year';
SELECT split_part(pg_temp.line(f, 1), ' ', 1) AS status, count(*) FROM generate_series(1, 5) n, LATERAL (SELECT pg_temp.ask() AS f OFFSET 0 * n) s GROUP BY 1 ORDER BY 1;
UPDATE citybigdata.rate_bucket SET tokens = 2, refilled_at = now() + interval '1 hour';
SELECT split_part(pg_temp.line(f, 1), ' ', 1) AS status, count(*) FROM generate_series(1, 3) n, LATERAL (SELECT pg_temp.ask() AS f OFFSET 0 * n) s GROUP BY 1 ORDER BY 1;
-- A quota: by day.
SELECT citybigdata.set_limit(:'app', 'events', daily_quota => 2);
UPDATE citybigdata.rate_bucket SET quota_used = 0;
SELECT n, split_part(pg_temp.line(f, 1), ' ', 1) AS status, pg_temp.line(f, 2) AS policy, split_part(pg_temp.line(f, 3), ';t', 1) AS state,
       split_part(pg_temp.line(f, 1), ' ', 2)::int BETWEEN 1 AND 86400 AS retry_after
FROM generate_series(1, 3) n, LATERAL (SELECT pg_temp.ask() AS f OFFSET 0 * n) s ORDER BY n;
UPDATE citybigdata.rate_bucket SET quota_day = quota_day - 1;
SELECT pg_temp.line(pg_temp.ask(), 1) AS next_day, quota_used FROM citybigdata.rate_bucket;
SELECT quota_used FROM citybigdata.rate_bucket;
-- Both; what the other refuses is counted by neither.
SELECT citybigdata.set_limit(:'app', 'events', 1000, 5, 1000000);
UPDATE citybigdata.rate_bucket SET quota_used = 999999, tokens = 5, refilled_at = now() + interval '1 hour';
SELECT split_part(pg_temp.line(pg_temp.ask(), 1), ' ', 1) AS last, split_part(pg_temp.line(pg_temp.ask(), 1), ' ', 1) AS over;
SELECT tokens, quota_used FROM citybigdata.rate_bucket;
-- By its address as a deployed sender: the same bucket.
SELECT split_part(pg_temp.line(citybigdata.rest_event_upstream('lim', '192.0.2.7', NULL, 'none', NULL, 'limit-one', 'UP_REC_REPORT', '{}'), 1), ' ', 1) AS upstream;
-- What is refused before (here the address) is not counted.
UPDATE citybigdata.rate_bucket SET quota_used = 0;
SELECT reply.status(citybigdata.rest_event_get('lim', '192.0.2.8', :'app', 'none', NULL, 'x', NULL, NULL)) AS other_address, quota_used FROM citybigdata.rate_bucket;
-- The count of an allowed read alone does not make a commit wait for the disk. A refusal with its audit row does, as does whatever else the transaction writes.
SET synchronous_commit = local;
CREATE FUNCTION pg_temp.find() RETURNS bytea LANGUAGE sql AS $$
    SELECT citybigdata.rest_event_find('lim', '192.0.2.7', app, 'none', NULL, 'nothing', NULL, NULL, NULL, NULL) FROM limit_app $$;
UPDATE citybigdata.rate_bucket SET quota_used = 0, tokens = 5;
SELECT pg_temp.line(pg_temp.find(), 1) AS read, current_setting('synchronous_commit') AS commit;
SHOW synchronous_commit;
SELECT split_part(pg_temp.line(pg_temp.ask(), 1), ' ', 1) AS refused, current_setting('synchronous_commit') AS commit;
SELECT pg_temp.line(pg_temp.find(), 1) AS read, current_setting('synchronous_commit') AS between,
       split_part(pg_temp.line(pg_temp.ask(), 1), ' ', 1) AS refused, current_setting('synchronous_commit') AS commit;
-- What cannot be counted is not given: READ ONLY switches no limit off.
BEGIN READ ONLY;
SELECT pg_temp.line(pg_temp.find(), 1) AS read_only;
ROLLBACK;
BEGIN;
SELECT pg_temp.line(pg_temp.find(), 1) AS read, current_setting('synchronous_commit') AS commit;
COMMIT;
UPDATE citybigdata.rate_bucket SET tokens = 5;
CREATE TEMPORARY TABLE limit_read AS SELECT pg_temp.line(pg_temp.find(), 1) AS read, current_setting('synchronous_commit') AS commit;
TABLE limit_read;
RESET synchronous_commit;
-- No limit again.
SELECT citybigdata.set_limit(:'app', 'events');
SELECT pg_temp.line(pg_temp.ask(), 1) AS status, pg_temp.line(pg_temp.ask(), 2) AS policy;
-- Bad input, the last of it right.
SELECT citybigdata.set_limit(:'app', 'events', 0);
SELECT citybigdata.set_limit(:'app', 'events', 'NaN');
SELECT citybigdata.set_limit(:'app', 'events', 'Infinity');
SELECT citybigdata.set_limit(:'app', 'events', 1, 0);
SELECT citybigdata.set_limit(:'app', 'events', NULL, 1);
SELECT citybigdata.set_limit(:'app', 'events', 1, 1, 0);
SELECT citybigdata.set_limit(:'app', 'nothing', 1);
SELECT citybigdata.set_limit('x', 'events', 1);
SELECT citybigdata.set_limit(NULL, NULL);
SELECT citybigdata.set_limit(:'app', 'events', 2.5);
SELECT rate_per_second, rate_burst, daily_quota FROM citybigdata.app_grant g JOIN citybigdata.application a USING (app_id) WHERE app_code = :'app';
SET ROLE citybigdata_analyst;
SELECT citybigdata.set_limit('x', 'events', 1);
SET ROLE citybigdata_sysadmin;
SELECT citybigdata.set_limit('x', 'events', 1);
RESET ROLE;
DROP TABLE limit_app;
