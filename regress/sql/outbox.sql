-- The outbox: what is put in a transaction, leased, judged, recorded; order, fencing, back-off, breaker, retention.
SET client_min_messages = warning;
\set VERBOSITY terse
SELECT citybigdata.register_account('outbox.one', 'Correct-1-horse', '市城管委', '张三', '13800138000') AS account \gset
SELECT citybigdata.approve_account(:account);
SELECT citybigdata.request_access('outbox.one', '{events,callbacks}', '{key}', sender_codes => '{outbox-1}') AS request \gset
SELECT citybigdata.approve_access(:request) AS app_code \gset
SELECT key FROM citybigdata.take_credentials(:request) \gset
SELECT auth_code FROM citybigdata.issue_auth_code(:'app_code', 'key', :'key') \gset
SELECT access_token AS token FROM citybigdata.exchange_auth_code(:'app_code', :'auth_code') \gset
SELECT set_config('test.token', :'token', false) IS NULL AS token, set_config('citybigdata.public_url', 'https://platform.example', false) IS NULL AS url;
CREATE FUNCTION pg_temp.save(url text, events text[] DEFAULT '{case.step}') RETURNS jsonb LANGUAGE sql AS $$
    SELECT reply.data(citybigdata.rest_callback_save('o', '192.0.2.9', NULL, 'bearer', sha256(convert_to(current_setting('test.token'), 'UTF8')), url, events, NULL, NULL, NULL))::jsonb $$;
-- What a bridge is given, and what it tells of it: outcome is merged into what the message says of itself.
CREATE FUNCTION pg_temp.claim(free integer DEFAULT 100, each integer DEFAULT 100, lease integer DEFAULT 60000) RETURNS TABLE (m jsonb) LANGUAGE sql AS $$
    SELECT jsonb_array_elements(reply.data(citybigdata.rest_outbox_claim(free, each, lease, '{}', '{}'))::jsonb -> 'messages') $$;
CREATE FUNCTION pg_temp.record(VARIADIC outcomes jsonb[]) RETURNS jsonb LANGUAGE sql AS $$
    SELECT reply.data(citybigdata.rest_outbox_record(to_jsonb(outcomes)::text))::jsonb $$;
CREATE TEMP TABLE got (n serial, m jsonb);
CREATE FUNCTION pg_temp.take(free integer DEFAULT 100, each integer DEFAULT 100, lease integer DEFAULT 60000) RETURNS TABLE (message bigint, kind text) LANGUAGE sql AS $$
    INSERT INTO got (m) SELECT c.m FROM pg_temp.claim(free, each, lease) c RETURNING (m ->> 'messageId')::bigint, m ->> 'kind' $$;
-- The outcome of a message that was taken last.
CREATE FUNCTION pg_temp.told(message bigint, more jsonb) RETURNS jsonb LANGUAGE sql AS $$
    SELECT pg_temp.record((SELECT jsonb_build_object('messageId', g.m -> 'messageId', 'destination', g.m -> 'destination', 'lease', g.m -> 'lease') || more
                           FROM got g WHERE (g.m ->> 'messageId')::bigint = message ORDER BY g.n DESC LIMIT 1)) $$;
CREATE VIEW pg_temp.queue AS SELECT q.message_id, q.order_key, q.attempts, q.due_at IS NOT NULL AS waits, q.lease_token IS NOT NULL AS leased, q.http_status, q.error FROM citybigdata.outbox_queue q ORDER BY 1;
-- each run of this file has the same numbers
ALTER SEQUENCE citybigdata.outbox_message_id_seq RESTART 101;

-- registered: consent is asked for by OPTIONS, with the host of the platform's address
SELECT pg_temp.save('https://receiver.example/a') - 'secret' - 'callbackId' AS saved;
SELECT c.destination_id AS d, c.callback_id AS c FROM citybigdata.callback c WHERE c.url = 'https://receiver.example/a' \gset
SELECT m ->> 'kind' AS kind, m ->> 'method' AS method, m ->> 'url' AS url, m -> 'headers' AS headers, m ? 'body' AS body, m ->> 'purpose' AS purpose, m -> 'timeout' AS timeout, m -> 'plain' AS plain
FROM pg_temp.claim() m;
-- under a lease: nobody else gets it, and nobody who has not its token records
SELECT count(*) AS second FROM pg_temp.claim();
SELECT pg_temp.record(jsonb_build_object('messageId', 101, 'destination', :d, 'lease', 1, 'http', 200)) AS forged;
UPDATE citybigdata.outbox_queue SET lease_until = now() - interval '1 s';
-- taken over when it has run out: the attempt of before counts, and comes too late
INSERT INTO got (m) SELECT jsonb_build_object('messageId', message_id, 'destination', destination_id, 'lease', lease_token) FROM citybigdata.outbox_queue;
SELECT * FROM pg_temp.take();
SELECT attempts FROM pg_temp.queue;
SELECT pg_temp.record((SELECT m || '{"http": 200, "headers": {"webhook-allowed-origin": "*"}}' FROM got ORDER BY n LIMIT 1)) AS late;
SELECT state FROM citybigdata.callback WHERE callback_id = :c;
SELECT pg_temp.told(101, '{"http": 200, "headers": {"webhook-allowed-origin": "PLATFORM.example", "webhook-allowed-rate": "120"}}') AS recorded;
SELECT c.state, c.consent, d.rate_per_minute FROM citybigdata.callback c JOIN citybigdata.outbox_destination d USING (destination_id) WHERE callback_id = :c;
UPDATE citybigdata.outbox_destination SET rate_per_minute = NULL;

-- order: of one key only the first one; another key, and none, is not held up
CREATE FUNCTION pg_temp.put(destination bigint, key text, kind text DEFAULT 'case.step') RETURNS bigint LANGUAGE sql AS $$
    WITH m AS (INSERT INTO citybigdata.outbox_message (message_id, destination_id, kind, subject, payload)
               VALUES (nextval('citybigdata.outbox_message_id_seq'), destination, kind, key, '{"n":1}') RETURNING message_id)
    INSERT INTO citybigdata.outbox_queue (message_id, destination_id, order_key) SELECT message_id, destination, key FROM m RETURNING message_id $$;
SELECT pg_temp.put(:d, k) AS put FROM unnest(ARRAY['case-1', 'case-1', 'case-2', NULL, 'case-1']) k;
SELECT * FROM pg_temp.take();
SELECT count(*) AS held FROM pg_temp.claim();
-- a signed POST; what it says is what was put
SELECT m ->> 'method' AS method, m ->> 'body' AS body, jsonb_array_length(m -> 'headers') AS headers, m -> 'headers' ->> 1 AS id FROM got WHERE n > 1 AND m ->> 'body' IS NOT NULL ORDER BY n LIMIT 1;
-- the first one fails: later, and what is behind it waits; the others are done
SELECT pg_temp.told(102, '{"http": 500}') AS failed, pg_temp.told(104, '{"http": 204}') AS done, pg_temp.told(105, '{"http": 200}') AS done;
SELECT * FROM pg_temp.queue;
SELECT count(*) AS waiting FROM pg_temp.claim();
SELECT due_at BETWEEN now() + interval '3.5 s' AND now() + interval '6.5 s' AS after_five_seconds FROM citybigdata.outbox_queue WHERE message_id = 102;
UPDATE citybigdata.outbox_queue SET due_at = now() WHERE due_at IS NOT NULL;
SELECT * FROM pg_temp.take();
SELECT pg_temp.told(102, '{"http": 200}') AS done;
SELECT message_id, state, attempts, http_status, error FROM citybigdata.outbox_result WHERE destination_id = :d ORDER BY 1;
SELECT * FROM pg_temp.take();
-- released: as if it had never been taken
SELECT pg_temp.told(103, '{"released": true}') AS released;
SELECT * FROM pg_temp.queue;
SELECT * FROM pg_temp.take();
-- recorded twice: the second time is late, and changes nothing
SELECT pg_temp.told(103, '{"http": 200}') AS once, pg_temp.told(103, '{"error": "timeout: no answer in time"}') AS twice;
SELECT * FROM pg_temp.take();

-- Retry-After: of the message and of the destination
SELECT pg_temp.told(106, '{"http": 503, "retryAfter": 600}') AS busy;
SELECT due_at > now() + interval '590 s' AS due, (SELECT not_before > now() + interval '590 s' FROM citybigdata.outbox_destination WHERE destination_id = :d) AS destination
FROM citybigdata.outbox_queue WHERE message_id = 106;
SELECT pg_temp.put(:d, NULL) AS put;
SELECT count(*) AS none FROM pg_temp.claim();
-- the breaker: five failures in a row; those that were under way then do not open it further; one at a time afterwards
UPDATE citybigdata.outbox_destination SET not_before = '-infinity', failures = 0;
SELECT count(pg_temp.put(:d, NULL)) AS more FROM generate_series(1, 8);
SELECT count(*) AS taken FROM pg_temp.take();
SELECT pg_temp.record(VARIADIC (SELECT array_agg(jsonb_build_object('messageId', m -> 'messageId', 'destination', m -> 'destination', 'lease', m -> 'lease', 'error', 'connect: nobody answers there'))
                                FROM (SELECT m FROM got ORDER BY n DESC LIMIT 9) g)) AS all_failed;
SELECT failures, openings, not_before BETWEEN now() + interval '20 s' AND now() + interval '40 s' AS open, last_error, failing_since IS NOT NULL AS since FROM citybigdata.outbox_destination WHERE destination_id = :d;
SELECT purpose, state, waiting, dead, failures, last_error FROM citybigdata.outbox_problems() WHERE destination = :'c';
UPDATE citybigdata.outbox_destination SET not_before = '-infinity' WHERE destination_id = :d;
UPDATE citybigdata.outbox_queue SET due_at = now() WHERE destination_id = :d;
SELECT count(*) AS one FROM pg_temp.take();
SELECT pg_temp.told((SELECT (m ->> 'messageId')::bigint FROM got ORDER BY n DESC LIMIT 1), '{"error": "connect: nobody answers there"}') AS failed;
SELECT openings, not_before > now() + interval '45 s' AS longer FROM citybigdata.outbox_destination WHERE destination_id = :d;
SELECT citybigdata.outbox_retry('callback', :'c') > 0 AS retried;
SELECT count(*) AS taken FROM pg_temp.take();
SELECT pg_temp.record(VARIADIC (SELECT array_agg(jsonb_build_object('messageId', m -> 'messageId', 'destination', m -> 'destination', 'lease', m -> 'lease', 'http', 200))
                                FROM (SELECT m FROM got ORDER BY n DESC LIMIT 10) g)) -> 'recorded' AS delivered;
SELECT failures, openings, failing_since, last_error, not_before FROM citybigdata.outbox_destination WHERE destination_id = :d;
SELECT count(*) AS left FROM pg_temp.queue;

-- the delays; then it is dead, and what was behind it goes on
SELECT pg_temp.put(:d, 'case-9') AS put, pg_temp.put(:d, 'case-9') AS behind;
DO $$
BEGIN
    FOR i IN 1..9 LOOP
        UPDATE citybigdata.outbox_queue SET due_at = now() WHERE due_at IS NOT NULL;
        UPDATE citybigdata.outbox_destination SET not_before = '-infinity', failures = 0, openings = 0;
        PERFORM pg_temp.told(t.message, '{"http": 500}') FROM (SELECT message FROM pg_temp.take()) t;
    END LOOP;
END
$$;
SELECT state, attempts, http_status, error FROM citybigdata.outbox_result WHERE state = 'dead';
UPDATE citybigdata.outbox_destination SET not_before = '-infinity', failures = 0, openings = 0;
SELECT count(*) AS behind FROM pg_temp.take();
-- sent again, with its number; the one behind it has gone
SELECT citybigdata.outbox_retry((SELECT message_id FROM citybigdata.outbox_result WHERE state = 'dead')) AS again, citybigdata.outbox_retry(1) AS nothing;
SELECT count(*) FILTER (WHERE kind = 'case.step') AS once_more FROM pg_temp.take();
SELECT citybigdata.outbox_change('discard', NULL, 'callback', :'c') AS none_under_way;
UPDATE citybigdata.outbox_queue SET lease_until = now() - interval '1 s';
SELECT citybigdata.outbox_change('discard', NULL, 'callback', :'c') AS discarded;

-- fair: a part of the free slots for one destination, the rest for the next one
SELECT pg_temp.save('https://receiver.example/b') ->> 'state' AS other;
SELECT c.destination_id AS e FROM citybigdata.callback c WHERE c.url = 'https://receiver.example/b' \gset
DELETE FROM citybigdata.outbox_queue;
SELECT count(pg_temp.put(x, NULL)) AS put FROM (VALUES (:d), (:e)) v (x), generate_series(1, 20);
SELECT count(*) FILTER (WHERE (m ->> 'destination')::bigint = :d) > 0 AS one, count(*) FILTER (WHERE (m ->> 'destination')::bigint = :e) > 0 AS other, count(*) < 16 AS rest_is_free FROM pg_temp.claim(16, 16);
-- what a bridge may not ask for
SELECT reply.status(citybigdata.rest_outbox_claim(-1, 10, 60000, '{}', '{}')), reply.status(citybigdata.rest_outbox_claim(10, 0, 60000, '{}', '{}')),
       reply.status(citybigdata.rest_outbox_claim(10, 10, 1, '{}', '{}')), reply.status(citybigdata.rest_outbox_claim(10, 10, 60000, '{1}', '{}')),
       reply.status(citybigdata.rest_outbox_claim(10, 10, 60000, '{NULL}', '{1}'));

-- a message that cannot be made holds up nothing: one failure, told in the log
DELETE FROM citybigdata.outbox_queue;
UPDATE citybigdata.callback SET secret = '\x00' WHERE destination_id = :e;
SELECT count(pg_temp.put(x, NULL)) AS put FROM (VALUES (:d), (:e)) v (x);
SELECT count(*) AS good FROM pg_temp.take();
SELECT attempts, error FROM pg_temp.queue WHERE error IS NOT NULL;
-- one that shall not be sent any more is dead
UPDATE citybigdata.app_grant SET state = 'suspended' WHERE resource = 'callbacks' AND app_id = (SELECT app_id FROM citybigdata.callback WHERE callback_id = :c);
SELECT pg_temp.put(:d, NULL) AS put;
SELECT count(*) AS none FROM pg_temp.take();
SELECT error FROM citybigdata.outbox_result ORDER BY message_id DESC LIMIT 1;
UPDATE citybigdata.app_grant SET state = 'active' WHERE resource = 'callbacks' AND app_id = (SELECT app_id FROM citybigdata.callback WHERE callback_id = :c);

-- a row that came late, below the floor of the session, is found by the look from the beginning
DELETE FROM citybigdata.outbox_queue;
SELECT nextval('citybigdata.outbox_message_id_seq') AS early \gset
SELECT count(pg_temp.put(:d, NULL)) AS put FROM generate_series(1, 3);
SELECT count(*) AS taken FROM pg_temp.take();
SELECT count(pg_temp.told((m ->> 'messageId')::bigint, '{"http": 200}')) AS done FROM (SELECT m FROM got ORDER BY n DESC LIMIT 3) g;
DO $$ BEGIN FOR i IN 1..3 LOOP PERFORM pg_sleep(0.6); PERFORM pg_temp.claim(); END LOOP; END $$;
INSERT INTO citybigdata.outbox_message VALUES (:early, :d, 'case.step', NULL, '{}');
INSERT INTO citybigdata.outbox_queue (message_id, destination_id) VALUES (:early, :d);
DO $$ BEGIN FOR i IN 1..4 LOOP PERFORM pg_temp.take(); PERFORM pg_sleep(0.4); END LOOP; END $$;
SELECT (m ->> 'messageId')::bigint = :early AS found FROM got ORDER BY n DESC LIMIT 1;

-- retention
SELECT count(*) > 10 AS results FROM citybigdata.outbox_result;
UPDATE citybigdata.outbox_result SET finished_at = now() - interval '8 days';
SELECT citybigdata.maintain_outbox() > 10 AS removed;
SELECT DISTINCT state FROM citybigdata.outbox_result;
UPDATE citybigdata.outbox_result SET finished_at = now() - interval '91 days';
SELECT citybigdata.maintain_outbox() > 0 AS dead_removed, (SELECT count(*) FROM citybigdata.outbox_result) AS left;
UPDATE citybigdata.outbox_queue SET lease_until = NULL;
UPDATE citybigdata.outbox_destination SET state = 'disabled', changed_at = now() - interval '8 days';
UPDATE citybigdata.outbox_message SET created_at = now() - interval '8 days';
SELECT citybigdata.maintain_outbox() AS kept;
SELECT state, error FROM citybigdata.outbox_result;
SELECT waiting, dead FROM citybigdata.outbox_counts();
SELECT reply.data(citybigdata.rest_outbox_state());
SELECT reply.status(citybigdata.rest_outbox_wake());

-- nobody but the functions
SET ROLE citybigdata_sysadmin;
SELECT count(*) >= 0 AS may FROM citybigdata.outbox_problems();
SELECT payload FROM citybigdata.outbox_message;
SELECT secret FROM citybigdata.callback;
SELECT citybigdata.outbox_change('retry', NULL, 'callback', '1');
RESET ROLE;
DELETE FROM citybigdata.outbox_queue;
DELETE FROM citybigdata.outbox_result;
DELETE FROM citybigdata.outbox_message;
DELETE FROM citybigdata.callback WHERE url LIKE 'https://receiver.example/%';
DELETE FROM citybigdata.outbox_destination;
