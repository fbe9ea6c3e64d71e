-- Tokens: narrowed to resources, level, address; idle and absolute expiry; introspection; the one-shot form of a code.
\set SHOW_CONTEXT never
\set VERBOSITY terse
SET client_min_messages = warning;
SET citybigdata.bcrypt_cost = 4;
CREATE FUNCTION pg_temp.status(frame bytea) RETURNS integer LANGUAGE sql AS $$ SELECT reply.status(frame)::int $$;
CREATE FUNCTION pg_temp.data(frame bytea) RETURNS json LANGUAGE sql AS
$$ SELECT nullif(reply.data(frame), '')::json $$;
CREATE FUNCTION pg_temp.digest(text) RETURNS bytea LANGUAGE sql AS $$ SELECT sha256(convert_to($1, 'UTF8')) $$;
CREATE FUNCTION pg_temp.make_app(name text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    request bigint;
BEGIN
    PERFORM citybigdata.approve_account(citybigdata.register_account(name, 'Correct-1-horse', '市城管委', '张三', '13800138000'));
    request := citybigdata.request_access(name, '{events}', '{key}', sender_codes => ARRAY[name], level => 3);
    PERFORM citybigdata.approve_access(request);
    RETURN request;
END
$$;
SELECT pg_temp.make_app('token.one') AS one, pg_temp.make_app('token.two') AS two \gset
SELECT app_code AS app, key FROM citybigdata.take_credentials(:one) \gset
SELECT app_code AS app2, key AS key2 FROM citybigdata.take_credentials(:two) \gset
-- code and token in one step; reads an event as what the token is good for: 40402 = let in, and there is no such event
CREATE FUNCTION pg_temp.token(app text, key text, resources text[] DEFAULT NULL, level text DEFAULT NULL, bind boolean DEFAULT NULL) RETURNS text LANGUAGE sql AS $$
SELECT pg_temp.data(citybigdata.rest_auth_token('r1', '192.0.2.1', app, 'none', NULL,
    pg_temp.digest((SELECT auth_code FROM citybigdata.issue_auth_code(app, 'key', key))), resources, level, bind))->>'accessToken' $$;
CREATE FUNCTION pg_temp.use(token text, addr inet DEFAULT '192.0.2.1') RETURNS integer LANGUAGE sql AS $$
SELECT pg_temp.status(citybigdata.rest_event_get('r2', addr, NULL, 'bearer', pg_temp.digest(token), 'none', NULL, NULL)) $$;
CREATE FUNCTION pg_temp.ask(token text, about text) RETURNS json LANGUAGE sql AS $$
SELECT pg_temp.data(citybigdata.rest_auth_introspect('r3', '192.0.2.1', NULL, 'bearer', pg_temp.digest(token), pg_temp.digest(about))) $$;

-- Narrowed to resources: only to those, and never beyond the grant.
SELECT pg_temp.token(:'app', :'key') AS wide, pg_temp.token(:'app', :'key', '{events}', '2') AS same, pg_temp.token(:'app', :'key', '{others}') AS other,
       pg_temp.token(:'app', :'key', '{}') AS nothing, pg_temp.token(:'app', :'key', NULL, '4') AS above \gset
SELECT pg_temp.use(:'wide') AS wide, pg_temp.use(:'same') AS same, pg_temp.use(:'other') AS other, pg_temp.use(:'nothing') AS nothing;
-- The level of a token lowers that of the grant, never raises it.
SELECT (citybigdata.check_token(:'wide')).level AS wide, (citybigdata.check_token(:'same')).level AS lower, (citybigdata.check_token(:'above')).level AS above;
-- Bound to the address it was issued to.
SELECT pg_temp.token(:'app', :'key', NULL, NULL, true) AS bound \gset
SELECT pg_temp.use(:'bound') AS same_address, pg_temp.use(:'bound', '192.0.2.2') AS another, pg_temp.use(:'bound', NULL) AS unknown, pg_temp.use(:'bound', '::192.0.2.1') AS version_6;
-- What cannot be meant.
SELECT auth_code FROM citybigdata.issue_auth_code(:'app', 'key', :'key') \gset
SELECT pg_temp.status(r) AS status, pg_temp.data(r)->'errors' AS errors FROM citybigdata.rest_auth_token('r1', '192.0.2.1', :'app', 'none', NULL,
    pg_temp.digest(:'auth_code'), ARRAY['Events', '', repeat('x', 65), 'ok'], '5', NULL) r;
SELECT status_code AS not_spent_by_that FROM citybigdata.exchange_auth_code(:'app', :'auth_code');

-- The one-shot form: the code stands in for a token once, whatever the outcome.
CREATE FUNCTION pg_temp.one_shot(app text, code text) RETURNS integer LANGUAGE sql AS $$
SELECT pg_temp.status(citybigdata.rest_event_get('r4', '192.0.2.1', app, 'code', pg_temp.digest(code), 'none', NULL, NULL)) $$;
SELECT auth_code FROM citybigdata.issue_auth_code(:'app', 'key', :'key') \gset
SELECT pg_temp.one_shot(:'app', :'auth_code') AS first, pg_temp.one_shot(:'app', :'auth_code') AS again;
SELECT status_code AS exchange FROM citybigdata.exchange_auth_code(:'app', :'auth_code');
SELECT auth_code FROM citybigdata.issue_auth_code(:'app', 'key', :'key') \gset
SELECT pg_temp.one_shot(:'app2', :'auth_code') AS another_application, pg_temp.one_shot(:'app', :'auth_code') AS spent_by_that;
SELECT auth_code FROM citybigdata.issue_auth_code(:'app', 'key', :'key') \gset
SELECT pg_temp.one_shot('garbled', :'auth_code') AS malformed_app_code, pg_temp.one_shot(:'app', :'auth_code') AS spent_by_that;

-- Idle expiry: a use is noted at most once a minute; from SQL a token is only looked at.
SELECT last_used_at IS NULL AS not_noted_yet FROM citybigdata.access_token WHERE token_digest = sha256(:'wide');
UPDATE citybigdata.access_token SET issued_at = issued_at - interval '10 minutes' WHERE token_digest = sha256(:'wide');
SELECT (citybigdata.check_token(:'wide')).status_code;
SELECT last_used_at IS NULL AS only_looked_at FROM citybigdata.access_token WHERE token_digest = sha256(:'wide');
SELECT pg_temp.use(:'wide');
SELECT last_used_at AS noted, xmin AS version FROM citybigdata.access_token WHERE token_digest = sha256(:'wide') \gset
SELECT :'noted' > now() - interval '1 minute' AS noted;
SELECT pg_temp.use(:'wide');
SELECT last_used_at = :'noted' AND xmin = :'version' AS not_written_again FROM citybigdata.access_token WHERE token_digest = sha256(:'wide');
-- a refused use is none
UPDATE citybigdata.access_token SET issued_at = issued_at - interval '10 minutes' WHERE token_digest = sha256(:'bound');
SELECT pg_temp.use(:'bound', '192.0.2.2');
SELECT last_used_at IS NULL AS refused_is_not_use FROM citybigdata.access_token WHERE token_digest = sha256(:'bound');
BEGIN READ ONLY;
SELECT (citybigdata.check_token(:'bound')).status_code AS bound_without_address, (citybigdata.check_token(:'same')).status_code AS read_only;
COMMIT;
UPDATE citybigdata.access_token SET last_used_at = now() - interval '29 minutes' WHERE token_digest = sha256(:'wide');
SELECT pg_temp.use(:'wide') AS in_time;
UPDATE citybigdata.access_token SET last_used_at = now() - interval '31 minutes' WHERE token_digest = sha256(:'wide');
SELECT pg_temp.use(:'wide') AS idle, (citybigdata.check_token(:'wide')).status_code, pg_temp.ask(:'same', :'wide');
SET citybigdata.token_idle_ttl = 0;
SELECT pg_temp.use(:'wide') AS idle_allowed;
RESET citybigdata.token_idle_ttl;
SET citybigdata.token_idle_ttl = -1;
-- Absolute expiry does not care for use.
SELECT pg_temp.token(:'app', :'key') AS wide \gset
UPDATE citybigdata.access_token SET expires_at = now(), last_used_at = now() WHERE token_digest = sha256(:'wide');
SELECT pg_temp.use(:'wide') AS expired;

-- Introspection: of the caller's own tokens; of every other the same answer.
SELECT pg_temp.token(:'app', :'key') AS full \gset
SELECT pg_temp.token(:'app2', :'key2') AS foreign \gset
SELECT j->'active' AS active, j->>'scope' AS scope, j->>'client_id' = :'app' AS client_id, j->>'username' AS username, j->>'token_type' AS token_type,
       (j->>'exp')::bigint - (j->>'iat')::bigint AS seconds, j->'level' AS level FROM pg_temp.ask(:'same', :'same') j;
SELECT pg_temp.ask(:'full', :'other')->>'scope' = '' AS no_scope, pg_temp.ask(:'full', :'bound')->>'client_addr' AS client_addr;
-- A narrowed token is told of itself alone.
SELECT pg_temp.ask(:'same', :'bound') AS s14_another;
SELECT pg_temp.ask(:'same', :'foreign') AS foreign, pg_temp.ask(:'same', 'unknown') AS unknown, pg_temp.ask(:'foreign', :'same') AS other_way;
SELECT pg_temp.status(citybigdata.rest_auth_introspect('r5', NULL, NULL, 'bearer', pg_temp.digest(:'same'), NULL)) AS no_token,
       pg_temp.status(citybigdata.rest_auth_introspect('r5', NULL, NULL, 'none', NULL, pg_temp.digest(:'same'))) AS nobody,
       pg_temp.status(citybigdata.rest_auth_introspect('r5', NULL, NULL, 'basic', convert_to('token.one:Correct-1-horse', 'UTF8'), pg_temp.digest(:'same'))) AS account_alone;
SELECT citybigdata.revoke_token(:'same') AS was_valid, citybigdata.revoke_token(:'same') AS again;
SELECT pg_temp.use(:'same') AS revoked;
-- an administrator may ask about any
SELECT citybigdata.approve_account(citybigdata.register_account('token.admin', 'Correct-1-admin', '市城管委', '王五', '13800138000'));
SELECT citybigdata.make_administrator('token.admin');
INSERT INTO citybigdata.access_token (token_digest, account_id, issued_at, expires_at)
SELECT sha256('admin-token'), account_id, now(), now() + interval '1 hour' FROM citybigdata.account WHERE user_name = 'token.admin';
SELECT pg_temp.ask('admin-token', :'foreign')->>'client_id' = :'app2' AS administrator, pg_temp.ask('admin-token', 'admin-token')->>'username' AS own;
