-- Sealed addresses: what opens, what does not; keys; over the bridge.
SET client_min_messages = warning;
\set VERBOSITY terse
CREATE FUNCTION pg_temp.status(frame bytea) RETURNS integer LANGUAGE sql AS $$ SELECT reply.status(frame)::int $$;
CREATE FUNCTION pg_temp.data(frame bytea) RETURNS json LANGUAGE sql AS
$$ SELECT nullif(reply.data(frame), '')::json $$;
CREATE FUNCTION pg_temp.token(url text) RETURNS text LANGUAGE sql AS $$ SELECT substring(url FROM '/s/([A-Za-z0-9_-]+)$') $$;
SELECT citybigdata.register_account('seal.one', 'Correct-1-horse', '市城管委', '张三', '13800138000') AS account \gset
SELECT citybigdata.approve_account(:account);
SELECT citybigdata.request_access('seal.one', '{events}', '{key,password}') AS request \gset
SELECT citybigdata.approve_access(:request) AS app_code \gset
SELECT key AS key FROM citybigdata.take_credentials(:request) \gset
SET citybigdata.public_url = 'https://data.example.org';
SELECT citybigdata.seal_url(:'app_code', 'events', '{"b": [1, "路"], "a": "x"}') AS url \gset
SELECT :'url' ~ '^https://data\.example\.org/api/v1/s/[A-Za-z0-9_-]{100,}$' AS address, :'url' !~ :'app_code' AS sealed;
SELECT status_code, message, app_code = :'app_code' AS same_app, resource, params, expires_at BETWEEN now() AND now() + interval '61 minutes' AS an_hour, uses_left
FROM citybigdata.open_url(:'url');
SELECT status_code FROM citybigdata.open_url(pg_temp.token(:'url'));
SELECT citybigdata.seal_url(:'app_code', 'events') <> citybigdata.seal_url(:'app_code', 'events') AS never_the_same;
-- both suites open, whichever seals now
SET citybigdata.crypto_suite = sm;
SELECT citybigdata.seal_url(:'app_code', 'events', '{"suite":"sm"}') AS sm_url \gset
SELECT o.status_code, o.params, (SELECT status_code FROM citybigdata.open_url(:'url')) AS international FROM citybigdata.open_url(:'sm_url') o;
RESET citybigdata.crypto_suite;
SELECT status_code, params FROM citybigdata.open_url(:'sm_url');
-- any character changed: refused, one answer
SELECT name, count(*) > 100 AS tried, min(status_code) AS least, max(status_code) AS most
FROM (VALUES ('international', pg_temp.token(:'url')), ('sm', pg_temp.token(:'sm_url'))) t(name, token), generate_series(1, length(token)) i,
     citybigdata.open_url(overlay(token PLACING CASE substr(token, i, 1) WHEN 'A' THEN 'B' ELSE 'A' END FROM i FOR 1))
GROUP BY name ORDER BY name;
SELECT bool_and(status_code = 40101) AS cut FROM generate_series(0, length(pg_temp.token(:'url')) - 1) i, citybigdata.open_url(left(pg_temp.token(:'url'), i));
SELECT n, (citybigdata.open_url(t)).status_code FROM unnest(ARRAY['', ' ', 'AQ', '!', '/s/', 'https://data.example.org/api/v1/s/', repeat('A', 100), repeat('A', 1000000), pg_temp.token(:'url') || '=', pg_temp.token(:'url') || 'A',
    ' ' || pg_temp.token(:'url'), NULL]) WITH ORDINALITY AS u(t, n) ORDER BY n;
SELECT DISTINCT status_code, detail FROM citybigdata.audit_log WHERE action = 'url.open' ORDER BY 1, 2;
-- end, address, uses
SELECT citybigdata.seal_url(:'app_code', 'events', expires_in => '1 second') AS short, citybigdata.seal_url(:'app_code', 'events', cidr => '192.0.2.0/24') AS bound,
       citybigdata.seal_url(:'app_code', 'events', cidr => '2001:db8::/32') AS bound6, citybigdata.seal_url(:'app_code', 'events', max_uses => 2) AS twice \gset
SELECT (citybigdata.open_url(:'bound', '192.0.2.77')).status_code AS inside, (citybigdata.open_url(:'bound', '192.0.3.1')).status_code AS outside,
       (citybigdata.open_url(:'bound', NULL)).status_code AS unknown, (citybigdata.open_url(:'bound6', '2001:db8:1::5')).status_code AS inside6,
       (citybigdata.open_url(:'bound6', '192.0.2.77')).status_code AS outside6;
SELECT status_code, uses_left FROM citybigdata.open_url(:'twice');
SELECT status_code, uses_left FROM citybigdata.open_url(:'twice');
SELECT status_code, uses_left FROM citybigdata.open_url(:'twice');
SELECT pg_sleep(1.1);
SELECT (citybigdata.open_url(:'short')).status_code AS ended;
-- the application, its account and its grant as they are now
SELECT citybigdata.suspend_application(:'app_code');
SELECT (citybigdata.open_url(:'url')).status_code AS suspended;
SELECT citybigdata.seal_url(:'app_code', 'events');
SELECT citybigdata.resume_application(:'app_code');
SELECT citybigdata.suspend_account('seal.one');
SELECT (citybigdata.open_url(:'url')).status_code AS account_suspended;
SELECT citybigdata.resume_account('seal.one');
SELECT (citybigdata.open_url(:'url')).status_code AS again;
-- keys: the old one opens, until it is revoked
SELECT citybigdata.rotate_sealing_key() AS new_key \gset
SELECT citybigdata.seal_url(:'app_code', 'events') AS newer \gset
SELECT (citybigdata.open_url(:'url')).status_code AS old, (citybigdata.open_url(:'newer')).status_code AS new;
SELECT state, count(*), bool_and(octet_length(secret) = 1 + 4 + 12 + 32 + 16) AS encrypted FROM citybigdata.sealing_key GROUP BY 1 ORDER BY 1;
SELECT citybigdata.revoke_sealing_key(:new_key) AS revoked, citybigdata.revoke_sealing_key(:new_key) AS again, citybigdata.revoke_sealing_key(0) AS unknown;
SELECT (citybigdata.open_url(:'url')).status_code AS old, (citybigdata.open_url(:'newer')).status_code AS new;
SELECT (citybigdata.open_url(citybigdata.seal_url(:'app_code', 'events'))).status_code AS a_new_key_is_made;
-- refused orders
SELECT citybigdata.seal_url('X', 'events');
SELECT citybigdata.seal_url(:'app_code', 'nothing');
SELECT citybigdata.seal_url(:'app_code', 'events', '[]');
SELECT citybigdata.seal_url(:'app_code', 'events', expires_in => '0');
SELECT citybigdata.seal_url(:'app_code', 'events', expires_in => '31 days');
SELECT citybigdata.seal_url(:'app_code', 'events', max_uses => 0);
SELECT citybigdata.seal_url(:'app_code', NULL);
SET citybigdata.public_url = 'https://data.example.org/';
SET citybigdata.public_url = 'data.example.org';

-- Over the bridge.
CREATE FUNCTION pg_temp.seal(app_code text, key text, resource text DEFAULT 'events', params text DEFAULT NULL, expires_in text DEFAULT NULL, cidr text DEFAULT NULL,
                             max_uses text DEFAULT NULL, user_name text DEFAULT NULL, password text DEFAULT NULL, scheme text DEFAULT 'none', credential bytea DEFAULT NULL)
RETURNS bytea LANGUAGE sql AS $$
    SELECT citybigdata.rest_seal_url('seal', '192.0.2.5', app_code, scheme, credential, resource, params, expires_in, cidr, max_uses, key, user_name, password) $$;
SELECT pg_temp.data(pg_temp.seal(:'app_code', :'key', params => '{"z":1,"a":{"y":2,"b":[]}}', expires_in => '60', cidr => '192.0.2.0/24', max_uses => '1')) AS reply \gset
SELECT (:'reply'::json)->>'expiresIn' AS expires_in, pg_temp.token((:'reply'::json)->>'url') AS sealed \gset
SELECT :expires_in AS expires_in;
-- dispatch: opened and counted once, then the resource's endpoint with scheme sealed
SELECT citybigdata.rest_open_url('open', '192.0.2.6', NULL, 'none', NULL, :'sealed') AS frame \gset
SELECT pg_temp.status(:'frame'), d->>'appCode' = :'app_code' AS app, d->>'resource' AS resource, d->'params' AS params, reply.field(:'frame', 'audit') ~ '"action":"url.open"' AS audited
FROM pg_temp.data(:'frame') d;
SELECT pg_temp.status(citybigdata.rest_open_url('open', '192.0.2.6', NULL, 'none', NULL, :'sealed')) AS used_up;
CREATE FUNCTION pg_temp.report(sealed text, address inet DEFAULT '192.0.2.5') RETURNS integer LANGUAGE sql AS $$
    SELECT pg_temp.status(citybigdata.rest_event_report('report', address, NULL, 'sealed', convert_to(sealed, 'UTF8'), 'x', 'UP_REC_REPORT', '{}', true, NULL, NULL)) $$;
INSERT INTO citybigdata.app_grant (app_id, resource, level, granted_by) SELECT app_id, 'seal-other', 1, 'test' FROM citybigdata.application WHERE app_code = :'app_code';
SELECT pg_temp.report(:'sealed') AS let_in_and_not_the_sender, pg_temp.report(:'sealed', '198.51.100.1') AS from_elsewhere, pg_temp.report('') AS nothing,
       pg_temp.report(citybigdata.seal_url(:'app_code', 'seal-other')) AS another_resource,
       pg_temp.status(pg_temp.seal(NULL, NULL, scheme => 'sealed', credential => convert_to(:'sealed', 'UTF8'))) AS seals_no_more;
SELECT pg_temp.status(pg_temp.seal(:'app_code', NULL, user_name => 'seal.one', password => 'Correct-1-horse')) AS by_password,
       pg_temp.status(pg_temp.seal(:'app_code', NULL, user_name => 'seal.one', password => 'wrong')) AS wrong_password,
       pg_temp.status(pg_temp.seal(:'app_code', 'wrong')) AS wrong_key, pg_temp.status(pg_temp.seal(:'app_code', NULL)) AS nothing,
       pg_temp.status(pg_temp.seal(NULL, :'key')) AS no_app_code, pg_temp.status(pg_temp.seal('X', :'key')) AS bad_app_code,
       pg_temp.status(pg_temp.seal(:'app_code', :'key', user_name => 'seal.one')) AS both,
       pg_temp.status(pg_temp.seal(:'app_code', :'key', scheme => 'bearer', credential => sha256('x'))) AS key_and_token,
       pg_temp.status(pg_temp.seal(:'app_code', :'key', 'nothing')) AS no_grant;
SELECT f->>'pointer' AS pointer, f->>'statusCode' AS code, f->>'message' AS message
FROM json_array_elements(pg_temp.data(pg_temp.seal(:'app_code', :'key', params => '[1]', expires_in => '0', cidr => '10.1.2.3/8', max_uses => 'many'))->'errors') f;
SELECT params, pg_temp.status(pg_temp.seal(:'app_code', :'key', params => params)) FROM unnest(ARRAY['', '{', 'null', '"x"', '{"a":"\u0000"}', '{"a":1e999999}', '{}']) params;
SELECT pg_temp.status(pg_temp.seal(:'app_code', :'key', params => '{"a":"' || repeat('x', 5000) || '"}')) AS long_params,
       pg_temp.status(pg_temp.seal(:'app_code', :'key', params => repeat('[', 100000))) AS deep,
       pg_temp.status(pg_temp.seal(:'app_code', :'key', NULL)) AS no_resource, pg_temp.status(pg_temp.seal(:'app_code', :'key', expires_in => '99999999999999999999')) AS long_time,
       pg_temp.status(pg_temp.seal(:'app_code', :'key', cidr => '10.0.0.0')) AS no_mask, pg_temp.status(pg_temp.seal(:'app_code', :'key', cidr => 'x/8')) AS no_address;
-- housekeeping
SELECT citybigdata.expire_sealed_uses() AS none_yet;
UPDATE citybigdata.sealed_use SET expires_at = now() - interval '1 second';
SELECT citybigdata.expire_sealed_uses(1) AS one, citybigdata.expire_sealed_uses() > 0 AS the_rest;
