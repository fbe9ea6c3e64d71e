-- SMS at gateways: the request of a batch, what an answer means, other gateways, what may be sent twice.
SET client_min_messages = warning;
\set VERBOSITY terse
DELETE FROM citybigdata.outbox_queue;
TRUNCATE citybigdata.sms_message, citybigdata.sms_number, citybigdata.sms_batch, citybigdata.sms_refusal, citybigdata.sms_policy, citybigdata.sms_template, citybigdata.sms_block, citybigdata.sms_gateway;
INSERT INTO citybigdata.sms_policy (app_id, per_minute, per_hour, per_day, text_per_minute, text_per_hour, text_per_day) VALUES (0, 0, 0, 0, 0, 0, 0);
SELECT set_config('citybigdata.public_url', 'https://platform.example', false) IS NULL AS url;
CREATE FUNCTION pg_temp.send(msg_id text, content text DEFAULT '您好', mobiles text DEFAULT '13800138001,13800138002') RETURNS integer LANGUAGE sql AS $$ SELECT accepted FROM citybigdata.send_sms(mobiles, content, msg_id) $$;
CREATE TEMP TABLE got (n serial, m jsonb);
CREATE FUNCTION pg_temp.take(lease integer DEFAULT 60000) RETURNS TABLE (gateway text, message text) LANGUAGE sql AS $$
    WITH g AS (INSERT INTO got (m) SELECT jsonb_array_elements(reply.data(citybigdata.rest_outbox_claim(100, 100, lease, '{}', '{}'))::jsonb -> 'messages') RETURNING m)
    SELECT d.key, o.subject FROM g JOIN citybigdata.outbox_destination d ON d.destination_id = (m ->> 'destination')::bigint
    JOIN citybigdata.outbox_message o ON o.message_id = (m ->> 'messageId')::bigint ORDER BY 2 $$;
-- what became of the message that was taken last of those of the msgId
CREATE FUNCTION pg_temp.told(msg_id text, more jsonb) RETURNS jsonb LANGUAGE sql AS $$
    SELECT reply.data(citybigdata.rest_outbox_record((SELECT jsonb_build_array(jsonb_build_object('messageId', m -> 'messageId', 'destination', m -> 'destination', 'lease', m -> 'lease') || more)
        FROM got JOIN citybigdata.outbox_message o ON o.message_id = (m ->> 'messageId')::bigint WHERE o.subject = msg_id ORDER BY n DESC LIMIT 1)::text))::jsonb $$;
CREATE VIEW pg_temp.batches AS SELECT m.msg_id, g.gateway_code AS gateway, b.state, b.attempts AS calls, cardinality(b.tried) AS tried, b.reason, q.message_id IS NOT NULL AS waits, r.state AS result, coalesce(q.attempts, r.attempts) AS attempts
    FROM citybigdata.sms_batch b JOIN citybigdata.sms_message m ON m.sms_id = b.sms_id JOIN citybigdata.sms_gateway g ON g.gateway_id = b.gateway_id
    LEFT JOIN citybigdata.outbox_queue q ON q.message_id = b.batch_id LEFT JOIN citybigdata.outbox_result r ON r.message_id = b.batch_id ORDER BY b.sms_id, b.first_ordinal;
SELECT gateway_code FROM citybigdata.save_gateway('{"code": "kannel", "title": "Kannel", "url": "http://127.0.0.1:13013/cgi-bin/sendsms", "userName": "city", "password": "s3cret", "sender": "106912345"}');

-- Kannel: a POST, neither numbers nor password in its address
SELECT pg_temp.send('k-1'), pg_temp.send('k-2', 'hello');
SELECT * FROM pg_temp.take();
SELECT m ->> 'purpose' AS purpose, m ->> 'method' AS method, m ->> 'url' AS url, m -> 'plain' AS plain, m -> 'timeout' AS timeout, m ->> 'body' AS body,
    regexp_replace(regexp_replace(m ->> 'headers', 'report/[^?]{43}', 'report/…'), 'r=\d+', 'r=…') AS headers FROM got ORDER BY n;
SELECT * FROM pg_temp.batches;
SELECT n.mobile, n.state FROM citybigdata.sms_number_now n ORDER BY n.sms_id, n.ordinal LIMIT 2;
-- taken: at once, or queued because the SMSC is down
SELECT pg_temp.told('k-1', '{"http": 202, "reply": "0: Accepted for delivery"}') AS accepted, pg_temp.told('k-2', '{"http": 202, "reply": "3: Queued for later delivery"}') AS queued;
SELECT * FROM pg_temp.batches;
SELECT n.state, count(*) FROM citybigdata.sms_number_now n GROUP BY 1;
-- a state that was reported; none within the time for reports
UPDATE citybigdata.sms_number SET state = 'delivered', state_at = now() WHERE mobile = 13800138001 AND seq = 1;
UPDATE citybigdata.sms_number SET accepted_at = accepted_at - interval '73 hours' WHERE seq = 2;
SELECT n.mobile, n.state FROM citybigdata.sms_number_now n ORDER BY n.sms_id, n.ordinal;

-- not taken: no connection, or an answer that says so; with one gateway alone it is tried again
SELECT pg_temp.send('n-' || n) FROM generate_series(1, 4) n;
SELECT count(*) FROM pg_temp.take();
SELECT pg_temp.told('n-1', '{"error": "connect: nobody answers there"}'), pg_temp.told('n-2', '{"http": 503, "reply": "4: Temporal failure"}'), pg_temp.told('n-3', '{"http": 403, "reply": "Authorization failed"}');
-- refused: it would be again
SELECT pg_temp.told('n-4', '{"http": 400, "reply": "Not routable. Do not try again."}');
SELECT * FROM pg_temp.batches WHERE msg_id LIKE 'n-%';
SELECT n.state, n.reason FROM citybigdata.sms_number_now n JOIN citybigdata.sms_message m ON m.sms_id = n.sms_id WHERE m.msg_id = 'n-4' AND n.ordinal = 0;
-- the answer was lost: the request had begun, somebody in front lost it, it cannot be read
DELETE FROM citybigdata.outbox_queue;
SELECT citybigdata.outbox_retry('gateway', 'kannel');
SELECT pg_temp.send('l-' || n) FROM generate_series(1, 4) n;
SELECT count(*) FROM pg_temp.take();
SELECT pg_temp.told('l-1', '{"error": "timeout: no answer in time", "began": true}'), pg_temp.told('l-2', '{"http": 504}'), pg_temp.told('l-3', '{"http": 200, "reply": "<html>rubbish"}'), pg_temp.told('l-4', '{"http": 200}');
SELECT * FROM pg_temp.batches WHERE msg_id LIKE 'l-%';
-- an administrator who has the outbox try again does not send it twice
SELECT citybigdata.outbox_retry(batch_id) FROM citybigdata.sms_batch b JOIN citybigdata.sms_message m ON m.sms_id = b.sms_id WHERE m.msg_id = 'l-1';
UPDATE citybigdata.outbox_destination SET not_before = '-infinity', failures = 0 WHERE key = 'kannel';
SELECT count(*) FROM pg_temp.take() WHERE message LIKE 'l-%';
SELECT n.state, count(*) FROM citybigdata.sms_number_now n JOIN citybigdata.sms_message m ON m.sms_id = n.sms_id WHERE m.msg_id LIKE 'l-%' GROUP BY 1;
-- a bridge that died while it sent: its lease runs out, and the batch is found sending
SELECT citybigdata.outbox_retry('gateway', 'kannel') >= 0 AS open;
SELECT pg_temp.send('d-1'), pg_temp.send('d-2');
SELECT count(*) FROM pg_temp.take();
UPDATE citybigdata.outbox_queue SET lease_until = now() - interval '1 s' WHERE lease_token IS NOT NULL;
SELECT * FROM pg_temp.take() WHERE message LIKE 'd-%';
SELECT * FROM pg_temp.batches WHERE msg_id LIKE 'd-%';
-- its outcome comes late, and changes nothing
SELECT pg_temp.told('d-1', '{"http": 202, "reply": "0: Accepted for delivery"}');
-- one that was not sent when the bridge ended waits as before
SELECT pg_temp.send('d-3');
SELECT * FROM pg_temp.take() WHERE message = 'd-3';
SELECT pg_temp.told('d-3', '{"released": true}');
SELECT * FROM pg_temp.batches WHERE msg_id = 'd-3';
SELECT * FROM pg_temp.take() WHERE message = 'd-3';
SELECT pg_temp.told('d-3', '{"http": 202, "reply": "0: Accepted for delivery"}');
-- where the gateway says so it is sent once more, and the row says it
UPDATE citybigdata.sms_gateway SET resend_doubtful = true;
SELECT pg_temp.send('r-1');
SELECT * FROM pg_temp.take() WHERE message = 'r-1';
SELECT pg_temp.told('r-1', '{"error": "closed: the receiver closed the connection", "began": true}');
SELECT * FROM pg_temp.batches WHERE msg_id = 'r-1';
UPDATE citybigdata.outbox_queue SET due_at = now() WHERE due_at IS NOT NULL;
SELECT * FROM pg_temp.take() WHERE message = 'r-1';
UPDATE citybigdata.outbox_queue SET lease_until = now() - interval '1 s' WHERE lease_token IS NOT NULL;
SELECT * FROM pg_temp.take() WHERE message = 'r-1';
SELECT * FROM pg_temp.batches WHERE msg_id = 'r-1';
SELECT pg_temp.told('r-1', '{"http": 202, "reply": "0: Accepted for delivery"}');
SELECT * FROM pg_temp.batches WHERE msg_id = 'r-1';
UPDATE citybigdata.sms_gateway SET resend_doubtful = false;
-- too late, and without numbers
SELECT pg_temp.send('e-1'), pg_temp.send('e-2');
UPDATE citybigdata.sms_message SET valid_until = now() - interval '1 s' WHERE msg_id = 'e-1';
UPDATE citybigdata.sms_number n SET mobile = NULL FROM citybigdata.sms_message m WHERE m.sms_id = n.sms_id AND m.msg_id = 'e-2';
SELECT * FROM pg_temp.take() WHERE message LIKE 'e-%';
SELECT * FROM pg_temp.batches WHERE msg_id LIKE 'e-%';

-- a template of another vendor: values are encoded for their place
DELETE FROM citybigdata.outbox_queue;
SELECT gateway_code FROM citybigdata.save_gateway('{"code": "vendor", "title": "Vendor", "kind": "http", "rank": 2, "method": "POST", "url": "https://sms.example/v1/send?id={smsId}&u={userName}&t={text}",
    "headers": ["Content-Type: application/json; charset=utf-8", "X-Key: {password}"], "body": "{\"phones\":[\"{numbers}\"],\"text\":\"{text}\",\"sign\":{\"from\":\"{sender}\"},\"cb\":\"{reportUrl}\",\"ref\":\"{msgId}\",\"ucs2\":{unicode}}",
    "numberSeparator": "\",\"", "success": "\"code\": *0[,}]", "refusal": "\"code\": *[1-9]", "idPattern": "\"id\": *\"([^\"]+)\"", "userName": "u&1", "password": "p\"1", "sender": "106"}');
SELECT state FROM citybigdata.save_gateway('{"code": "kannel", "title": "Kannel", "state": "disabled", "url": "http://127.0.0.1:13013/cgi-bin/sendsms"}'), LATERAL (SELECT 'disabled' AS state) s;
SELECT pg_temp.send('v-1', E'a"b\\c\n<&> {text} {x}');
SELECT * FROM pg_temp.take() WHERE message = 'v-1';
SELECT m ->> 'url' AS url, m ->> 'body' AS body, m -> 'headers' AS headers FROM (SELECT regexp_replace(regexp_replace(m::text, 'report/[^?]{43}', 'report/…'), '(r|id)=\d+', '\1=…', 'g')::jsonb AS m FROM got ORDER BY n DESC LIMIT 1) g;
SELECT (m ->> 'body')::jsonb ->> 'text' = E'a"b\\c\n<&> {text} {x}' AS same FROM (SELECT m FROM got ORDER BY n DESC LIMIT 1) g;
SELECT pg_temp.told('v-1', '{"http": 200, "reply": "{\"code\": 0, \"id\": \"77\"}"}');
SELECT pg_temp.send('v-' || n) FROM generate_series(2, 3) n;
SELECT count(*) FROM pg_temp.take();
SELECT pg_temp.told('v-2', '{"http": 200, "reply": "{\"code\": 1002, \"msg\": \"no credit\"}"}'), pg_temp.told('v-3', '{"http": 200, "reply": "login page"}');
SELECT * FROM pg_temp.batches WHERE msg_id LIKE 'v-%';
-- fall-back: the gateway of the lowest rank that works; what one does not take goes to the next at once
SELECT state FROM citybigdata.save_gateway('{"code": "kannel", "title": "Kannel", "url": "http://127.0.0.1:13013/cgi-bin/sendsms"}'), LATERAL (SELECT 'active' AS state) s;
SELECT pg_temp.send('f-' || n) FROM generate_series(1, 3) n;
SELECT * FROM pg_temp.take();
SELECT pg_temp.told('f-1', '{"error": "connect: nobody answers there"}'), pg_temp.told('f-2', '{"http": 400, "reply": "no"}'), pg_temp.told('f-3', '{"http": 202, "reply": "0: Accepted for delivery"}');
SELECT * FROM pg_temp.batches WHERE msg_id LIKE 'f-%';
SELECT * FROM pg_temp.take();
-- both have refused one: it has failed; the other one is tried again from the beginning
SELECT pg_temp.told('f-1', '{"http": 500}'), pg_temp.told('f-2', '{"http": 422, "reply": "no way"}');
SELECT * FROM pg_temp.batches WHERE msg_id LIKE 'f-%';
-- a breaker that opens: what waits there goes to the other one, and what comes goes there
DELETE FROM citybigdata.outbox_queue;
SELECT pg_temp.send('b-' || n) FROM generate_series(1, 9) n;
INSERT INTO got (m) SELECT jsonb_array_elements(reply.data(citybigdata.rest_outbox_claim(100, 5, 60000, '{}', '{}'))::jsonb -> 'messages');
SELECT pg_temp.told('b-' || n, '{"error": "connect: nobody answers there"}') FROM generate_series(1, 5) n;
SELECT gateway, state, count(*) FROM pg_temp.batches WHERE msg_id LIKE 'b-%' GROUP BY 1, 2;
SELECT d.failures, d.openings FROM citybigdata.outbox_destination d WHERE d.key = 'kannel';
SELECT pg_temp.send('b-10');
SELECT gateway FROM pg_temp.batches WHERE msg_id = 'b-10';
-- its pause is over: it may be tried
UPDATE citybigdata.outbox_destination SET not_before = now() - interval '1 s' WHERE key = 'kannel';
SELECT pg_temp.send('b-11');
SELECT gateway FROM pg_temp.batches WHERE msg_id = 'b-11';
-- by weight within a rank
SELECT g.gateway_code FROM citybigdata.save_gateway('{"code": "light", "title": "Light", "weight": 1, "url": "http://127.0.0.1:13014/cgi-bin/sendsms"}') g, citybigdata.save_gateway('{"code": "kannel", "title": "Kannel", "weight": 9, "url": "http://127.0.0.1:13013/cgi-bin/sendsms"}') k;
SELECT count(pg_temp.send('w-' || n)) FROM generate_series(1, 100) n;
SELECT count(*) FILTER (WHERE gateway = 'kannel') > 75 AS heavy, count(*) FILTER (WHERE gateway = 'light') BETWEEN 1 AND 25 AS light FROM pg_temp.batches WHERE msg_id LIKE 'w-%';
-- disabled: what waits there leaves it
SELECT moved > 0 AS moved FROM citybigdata.save_gateway('{"code": "light", "title": "Light", "state": "disabled", "url": "http://127.0.0.1:13014/cgi-bin/sendsms"}');
SELECT count(*) FROM pg_temp.batches WHERE gateway = 'light';
-- so many numbers a minute: the next batch when these are over
DELETE FROM citybigdata.outbox_queue;
SELECT gateway_code FROM citybigdata.save_gateway('{"code": "kannel", "title": "Kannel", "ratePerMinute": 600, "url": "http://127.0.0.1:13013/cgi-bin/sendsms"}');
SELECT pg_temp.send('p-1', '您好', (SELECT string_agg('139' || lpad(n::text, 8, '0'), ',') FROM generate_series(1, 100) n)), pg_temp.send('p-2');
SELECT * FROM pg_temp.take();
SELECT round(extract(epoch FROM d.not_before - now())) AS seconds FROM citybigdata.outbox_destination d WHERE d.key = 'kannel';
SELECT count(*) FROM pg_temp.take();
-- a body without Content-Type is sent as a form; its kind counts in any case of letters: nothing gets out of its place
DELETE FROM citybigdata.outbox_queue;
UPDATE citybigdata.sms_gateway SET state = 'disabled';
SELECT gateway_code FROM citybigdata.save_gateway('{"code": "form", "title": "Form", "kind": "http", "method": "POST", "url": "https://sms.example/send", "body": "to={numbers}&text={text}"}');
SELECT pg_temp.send('x-1', 'a&to=13900139000', '13800138031');
SELECT * FROM pg_temp.take();
SELECT m ->> 'body' AS body FROM got ORDER BY n DESC LIMIT 1;
SELECT gateway_code FROM citybigdata.save_gateway('{"code": "form", "title": "Form", "kind": "http", "method": "POST", "url": "https://sms.example/send", "headers": ["content-type: Application/JSON"], "body": "{\"to\":\"{numbers}\",\"text\":\"{text}\"}"}');
SELECT pg_temp.send('x-2', 'a","to":"13900139000', '13800138032');
SELECT * FROM pg_temp.take();
SELECT m ->> 'body' AS body FROM got ORDER BY n DESC LIMIT 1;
-- who opts out while the message waits gets nothing; the others do
SELECT pg_temp.send('o-1', '您好', '13800138033,13800138034'), pg_temp.send('o-2', '您好', '13800138035');
INSERT INTO citybigdata.sms_block (mobile, app_id, source) VALUES (13800138033, 0, 'reply'), (13800138034, 1000000, 'reply'), (13800138035, 0, 'administrator');
SELECT * FROM pg_temp.take();
SELECT m ->> 'body' AS body FROM got ORDER BY n DESC LIMIT 1;
SELECT pg_temp.told('o-1', '{"error": "connect: nobody answers there"}');
UPDATE citybigdata.outbox_queue SET due_at = now() WHERE due_at IS NOT NULL;
SELECT * FROM pg_temp.take();
SELECT m ->> 'body' AS body FROM got ORDER BY n DESC LIMIT 1;
SELECT pg_temp.told('o-1', '{"http": 200}');
SELECT m.msg_id, n.mobile, n.state, n.reason FROM citybigdata.sms_number_now n JOIN citybigdata.sms_message m ON m.sms_id = n.sms_id WHERE m.msg_id LIKE 'o-%' ORDER BY n.mobile;
