-- OAuth 2.0: consent, codes with PKCE, refresh tokens with rotation, client credentials; error shapes; replays.
\set SHOW_CONTEXT never
\set VERBOSITY terse
SET client_min_messages = warning;
SET citybigdata.bcrypt_cost = 4;
CREATE FUNCTION pg_temp.status(frame bytea) RETURNS integer LANGUAGE sql AS $$ SELECT reply.status(frame)::int $$;
CREATE FUNCTION pg_temp.data(frame bytea) RETURNS json LANGUAGE sql AS
$$ SELECT nullif(reply.data(frame), '')::json $$;
CREATE FUNCTION pg_temp.digest(text) RETURNS bytea LANGUAGE sql AS $$ SELECT sha256(convert_to($1, 'UTF8')) $$;
-- status, error: what a refusal comes to
CREATE FUNCTION pg_temp.told(frame bytea) RETURNS text LANGUAGE sql AS $$
SELECT concat_ws(' ', pg_temp.status(frame), coalesce(pg_temp.data(frame)->>'error', substring(pg_temp.data(frame)->>'redirect' from 'error=([a-z_]+)'))) $$;
CREATE FUNCTION pg_temp.make_app(name text, methods text[], uris text[], kind text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    request bigint;
BEGIN
    PERFORM citybigdata.approve_account(citybigdata.register_account(name, 'Correct-1-horse', '市城管委', '张三', '13800138000'));
    request := citybigdata.request_access(name, '{events}', methods, sender_codes => ARRAY[name], redirect_uris => uris, client_type => kind);
    PERFORM citybigdata.approve_access(request);
    RETURN request;
END
$$;
SELECT pg_temp.make_app('oauth.one', '{key}', '{https://one.example/cb?x=1}', 'confidential') AS one,
       pg_temp.make_app('oauth.two', '{password}', '{http://127.0.0.1:8080/cb,https://two.example/cb}', 'public') AS two \gset
SELECT app_code AS app, key FROM citybigdata.take_credentials(:one) \gset
SELECT app_code AS app2 FROM citybigdata.take_credentials(:two) \gset
\set verifier dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk
-- the example of RFC 7636, appendix B
\set challenge E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM
CREATE FUNCTION pg_temp.ask(client text, uri text, challenge text, scope text DEFAULT NULL, method text DEFAULT 'S256', type text DEFAULT 'code',
    state text DEFAULT 'a b&c') RETURNS bytea LANGUAGE sql AS $$
SELECT citybigdata.rest_oauth_authorize_check('o1', '192.0.2.1', NULL, 'none', NULL, type, client, uri, scope, state, challenge, method, NULL, 'https://p.example', NULL) $$;
CREATE FUNCTION pg_temp.decide(client text, uri text, challenge text, who text, password text, decision text DEFAULT 'allow') RETURNS bytea LANGUAGE sql AS $$
SELECT citybigdata.rest_oauth_authorize_decide('o2', '192.0.2.1', NULL, 'none', NULL, 'code', client, uri, NULL, 'a b&c', challenge,
    CASE WHEN challenge IS NOT NULL THEN 'S256' END, NULL, 'https://p.example', NULL, who, password, decision) $$;
CREATE FUNCTION pg_temp.code(client text, uri text, challenge text, who text) RETURNS text LANGUAGE sql AS $$
SELECT substring(pg_temp.data(pg_temp.decide(client, uri, challenge, who, 'Correct-1-horse'))->>'redirect' from 'code=([A-Za-z0-9_-]{43})') $$;
CREATE FUNCTION pg_temp.token(grant_type text, client text, secret text DEFAULT NULL, code text DEFAULT NULL, uri text DEFAULT NULL, verifier text DEFAULT NULL,
    refresh text DEFAULT NULL, scope text DEFAULT NULL) RETURNS bytea LANGUAGE sql AS $$
SELECT citybigdata.rest_oauth_token('o3', '192.0.2.1', NULL, 'none', NULL, grant_type, pg_temp.digest(code), uri, verifier, pg_temp.digest(refresh), scope, client, secret) $$;
CREATE FUNCTION pg_temp.use(token text) RETURNS integer LANGUAGE sql AS $$
SELECT pg_temp.status(citybigdata.rest_event_get('o4', '192.0.2.1', NULL, 'bearer', pg_temp.digest(token), 'none', NULL, NULL)) $$;
CREATE FUNCTION pg_temp.asked(client text, secret text, token text) RETURNS json LANGUAGE sql AS $$
SELECT pg_temp.data(citybigdata.rest_oauth_introspect('o5', '192.0.2.1', NULL, 'none', NULL, pg_temp.digest(token), NULL, client, secret)) $$;

-- What the page shows.
SELECT pg_temp.status(f) AS status, pg_temp.data(f)->'page'->>'clientId' = :'app2' AS client, pg_temp.data(f)->'page'->>'organization' AS organization,
       pg_temp.data(f)->'page'->>'redirectUri' AS redirect_uri, pg_temp.data(f)->'page'->'resources'->0->>'titleZh' AS title
FROM pg_temp.ask(:'app2', 'https://two.example/cb', :'challenge', 'events') f;
-- In doubt about client or address nobody is sent anywhere.
SELECT pg_temp.told(pg_temp.ask(NULL, 'https://two.example/cb', :'challenge')) AS no_client, pg_temp.told(pg_temp.ask('nobody', NULL, :'challenge')) AS malformed,
       pg_temp.told(pg_temp.ask('11000099999999J', NULL, :'challenge')) AS unknown, pg_temp.told(pg_temp.ask(:'app2', NULL, :'challenge')) AS which_address,
       pg_temp.told(pg_temp.ask(:'app2', 'https://two.example/cb/', :'challenge')) AS not_exact, pg_temp.told(pg_temp.ask(:'app2', 'http://127.0.0.1:8081/cb', :'challenge')) AS port,
       pg_temp.told(pg_temp.ask(:'app2', 'https://two.example/cb', :'challenge', state => repeat('x', 5000))) AS long_state;
-- The rest the client is told, with state and iss; the query of its address stays.
SELECT pg_temp.data(pg_temp.ask(:'app', NULL, NULL, type => 'token'))->>'redirect' AS redirect;
SELECT pg_temp.told(pg_temp.ask(:'app2', 'https://two.example/cb', NULL)) AS no_pkce, pg_temp.told(pg_temp.ask(:'app2', 'https://two.example/cb', :'challenge', method => 'plain')) AS plain,
       pg_temp.told(pg_temp.ask(:'app2', 'https://two.example/cb', :'challenge', method => NULL)) AS plain_by_default,
       pg_temp.told(pg_temp.ask(:'app2', 'https://two.example/cb', 'short')) AS short, pg_temp.told(pg_temp.ask(:'app2', 'https://two.example/cb', :'challenge', 'events others')) AS scope,
       pg_temp.told(pg_temp.ask(:'app', NULL, NULL, type => NULL)) AS no_type;
SELECT pg_temp.status(pg_temp.ask(:'app', NULL, NULL, method => NULL)) AS confidential_without_pkce;

-- The decision: denied, wrong, another account, missing, allowed.
SELECT pg_temp.data(pg_temp.decide(:'app2', 'https://two.example/cb', :'challenge', NULL, NULL, 'deny'))->>'redirect' AS denied;
SELECT pg_temp.told(f) AS wrong, pg_temp.data(f)->'page'->>'clientId' = :'app2' AS page_again FROM pg_temp.decide(:'app2', 'https://two.example/cb', :'challenge', 'oauth.two', 'wrong') f;
SELECT pg_temp.told(pg_temp.decide(:'app2', 'https://two.example/cb', :'challenge', 'oauth.one', 'Correct-1-horse')) AS another_account,
       pg_temp.told(pg_temp.decide(:'app2', 'https://two.example/cb', :'challenge', 'nobody', 'Correct-1-horse')) AS nobody,
       pg_temp.told(pg_temp.decide(:'app2', 'https://two.example/cb', :'challenge', 'oauth.two', NULL)) AS no_password,
       pg_temp.told(pg_temp.decide(:'app2', 'https://two.example/cb', :'challenge', 'oauth.two', 'Correct-1-horse', 'maybe')) AS neither;
SELECT regexp_replace(pg_temp.data(pg_temp.decide(:'app2', 'https://two.example/cb', :'challenge', 'OAuth.Two', 'Correct-1-horse'))->>'redirect', 'code=[A-Za-z0-9_-]{43}&', 'code=...&') AS allowed;

-- A public client: code and verifier; scope and refresh token in the reply.
SELECT pg_temp.code(:'app2', 'https://two.example/cb', :'challenge', 'oauth.two') AS code \gset
SELECT pg_temp.data(pg_temp.token('authorization_code', :'app2', NULL, :'code', 'https://two.example/cb', :'verifier')) AS reply \gset
SELECT :'reply'::json->>'token_type' AS token_type, :'reply'::json->>'expires_in' AS expires_in, :'reply'::json->>'scope' AS scope,
       :'reply'::json->>'access_token' AS access, :'reply'::json->>'refresh_token' AS refresh \gset
SELECT :'token_type' AS token_type, :expires_in AS expires_in, :'scope' AS scope, pg_temp.use(:'access') AS use;
SELECT count(*) = 0 AS digests_only FROM citybigdata.refresh_token r, citybigdata.oauth_code k
WHERE r::text LIKE '%' || :'refresh' || '%' OR k::text LIKE '%' || :'code' || '%';
-- A code is no authCode, and good once: a replay revokes the family.
SELECT status_code AS not_an_auth_code FROM citybigdata.exchange_auth_code(:'app2', :'code');
SELECT pg_temp.told(pg_temp.token('authorization_code', :'app2', NULL, :'code', 'https://two.example/cb', :'verifier')) AS replay;
SELECT pg_temp.use(:'access') AS revoked, pg_temp.told(pg_temp.token('refresh_token', :'app2', refresh => :'refresh')) AS revoked_too;
-- Whatever does not fit spends the code.
SELECT pg_temp.code(:'app2', 'https://two.example/cb', :'challenge', 'oauth.two') AS c1, pg_temp.code(:'app2', 'https://two.example/cb', :'challenge', 'oauth.two') AS c2,
       pg_temp.code(:'app2', 'https://two.example/cb', :'challenge', 'oauth.two') AS c3, pg_temp.code(:'app2', 'https://two.example/cb', :'challenge', 'oauth.two') AS c4,
       pg_temp.code(:'app2', 'https://two.example/cb', :'challenge', 'oauth.two') AS c5, pg_temp.code(:'app', NULL, NULL, 'oauth.one') AS c6 \gset
SELECT pg_temp.told(pg_temp.token('authorization_code', :'app2', NULL, :'c1', 'https://two.example/cb', reverse(:'verifier'))) AS verifier,
       pg_temp.told(pg_temp.token('authorization_code', :'app2', NULL, :'c2', 'https://two.example/cb')) AS no_verifier,
       pg_temp.told(pg_temp.token('authorization_code', :'app2', NULL, :'c3', 'http://127.0.0.1:8080/cb', :'verifier')) AS redirect_uri,
       pg_temp.told(pg_temp.token('authorization_code', :'app2', NULL, :'c4', NULL, :'verifier')) AS no_redirect_uri,
       pg_temp.told(pg_temp.token('authorization_code', :'app', :'key', :'c5', 'https://two.example/cb', :'verifier')) AS another_client,
       pg_temp.told(pg_temp.token('authorization_code', :'app', :'key', :'c6', NULL, :'verifier')) AS downgrade;
SELECT pg_temp.told(pg_temp.token('authorization_code', :'app2', NULL, c, 'https://two.example/cb', :'verifier')) AS spent
FROM unnest(ARRAY[:'c1', :'c2', :'c3', :'c4', :'c5']) c GROUP BY 1;
SELECT pg_temp.code(:'app2', 'https://two.example/cb', :'challenge', 'oauth.two') AS c1 \gset
UPDATE citybigdata.oauth_code SET expires_at = clock_timestamp() WHERE code_digest = sha256(:'c1');
SELECT pg_temp.told(pg_temp.token('authorization_code', :'app2', NULL, :'c1', 'https://two.example/cb', :'verifier')) AS expired,
       pg_temp.told(pg_temp.token('authorization_code', :'app2', NULL, NULL, 'https://two.example/cb', :'verifier')) AS no_code,
       pg_temp.told(pg_temp.token('authorization_code', :'app2', NULL, 'unknown', 'https://two.example/cb', :'verifier')) AS unknown;

-- Refresh: rotation, the grace of the token just used, then a replay.
SELECT pg_temp.data(pg_temp.token('authorization_code', :'app', :'key', pg_temp.code(:'app', NULL, NULL, 'oauth.one'))) AS reply \gset
SELECT :'reply'::json->>'access_token' AS a1, :'reply'::json->>'refresh_token' AS r1 \gset
SELECT pg_temp.told(pg_temp.token('refresh_token', :'app', :'key', refresh => :'r1', scope => 'others')) AS wider,
       pg_temp.told(pg_temp.token('refresh_token', :'app2', refresh => :'r1')) AS another_client, pg_temp.told(pg_temp.token('refresh_token', :'app', refresh => :'r1')) AS no_secret,
       pg_temp.told(pg_temp.token('refresh_token', :'app', :'key')) AS none, pg_temp.told(pg_temp.token('refresh_token', :'app', :'key', refresh => :'a1')) AS access_token;
SELECT pg_temp.data(pg_temp.token('refresh_token', :'app', :'key', refresh => :'r1')) AS reply \gset
SELECT :'reply'::json->>'access_token' AS a2, :'reply'::json->>'refresh_token' AS r2 \gset
SELECT pg_temp.data(pg_temp.token('refresh_token', :'app', :'key', refresh => :'r1'))->>'refresh_token' AS sibling \gset
SELECT :'r2' <> :'sibling' AS another_one, pg_temp.use(:'a1') AS a1, pg_temp.use(:'a2') AS a2;
SELECT pg_temp.asked(:'app', :'key', :'r1')->'active' AS r1, pg_temp.asked(:'app', :'key', :'r2')->'active' AS r2, pg_temp.asked(:'app', :'key', :'sibling')->>'scope' AS sibling,
       pg_temp.asked(:'app', :'key', :'a2')->>'token_type' AS a2;
-- whichever is used first makes the other old: a thief and the client cannot both go on
SELECT pg_temp.data(pg_temp.token('refresh_token', :'app', :'key', refresh => :'sibling'))->>'refresh_token' AS r3 \gset
SELECT pg_temp.told(pg_temp.token('refresh_token', :'app', :'key', refresh => :'r2')) AS replay;
SELECT pg_temp.use(:'a1') AS a1, pg_temp.use(:'a2') AS a2, pg_temp.told(pg_temp.token('refresh_token', :'app', :'key', refresh => :'r3')) AS r3;
SELECT action, status_code, detail FROM citybigdata.audit_log WHERE detail LIKE '%used again%' ORDER BY audit_id DESC LIMIT 2;
-- after the grace the token just used is a replay too
SELECT pg_temp.data(pg_temp.token('authorization_code', :'app', :'key', pg_temp.code(:'app', NULL, NULL, 'oauth.one')))->>'refresh_token' AS r1 \gset
SELECT pg_temp.data(pg_temp.token('refresh_token', :'app', :'key', refresh => :'r1'))->>'refresh_token' AS r2 \gset
UPDATE citybigdata.oauth_grant o SET rotated_at = now() - interval '11 seconds' FROM citybigdata.refresh_token r WHERE r.family_id = o.family_id AND r.token_digest = sha256(:'r1');
SELECT pg_temp.told(pg_temp.token('refresh_token', :'app', :'key', refresh => :'r1')) AS replay, pg_temp.told(pg_temp.token('refresh_token', :'app', :'key', refresh => :'r2')) AS revoked;
-- idle and absolute expiry
SELECT pg_temp.data(pg_temp.token('authorization_code', :'app', :'key', pg_temp.code(:'app', NULL, NULL, 'oauth.one')))->>'refresh_token' AS r1 \gset
UPDATE citybigdata.refresh_token SET expires_at = now() WHERE token_digest = sha256(:'r1');
SELECT pg_temp.told(pg_temp.token('refresh_token', :'app', :'key', refresh => :'r1')) AS expired;
UPDATE citybigdata.refresh_token SET expires_at = now() + interval '1 hour' WHERE token_digest = sha256(:'r1');
UPDATE citybigdata.oauth_grant o SET expires_at = now() FROM citybigdata.refresh_token r WHERE r.family_id = o.family_id AND r.token_digest = sha256(:'r1');
SELECT pg_temp.told(pg_temp.token('refresh_token', :'app', :'key', refresh => :'r1')) AS family_expired;
UPDATE citybigdata.oauth_grant o SET expires_at = now() + interval '1 hour' FROM citybigdata.refresh_token r WHERE r.family_id = o.family_id AND r.token_digest = sha256(:'r1');
SELECT pg_temp.data(pg_temp.token('refresh_token', :'app', :'key', refresh => :'r1'))->>'refresh_token' AS r2 \gset
SELECT r.expires_at <= o.expires_at AS never_beyond_the_family FROM citybigdata.refresh_token r JOIN citybigdata.oauth_grant o USING (family_id)
WHERE r.token_digest = sha256(:'r2');

-- Client credentials: for confidential clients with method key; no refresh token; Basic too.
SELECT pg_temp.data(pg_temp.token('client_credentials', :'app', :'key', scope => 'events')) AS reply \gset
SELECT :'reply'::json->>'access_token' AS access \gset
SELECT :'access' ~ '^[A-Za-z0-9_-]{43}$' AS token, :'reply'::json->>'scope' AS scope, :'reply'::json->'refresh_token' IS NULL AS no_refresh, pg_temp.use(:'access') AS use;
CREATE FUNCTION pg_temp.basic(pair text, body_client text DEFAULT NULL, body_secret text DEFAULT NULL) RETURNS text LANGUAGE sql AS $$
SELECT pg_temp.told(citybigdata.rest_oauth_token('o6', '192.0.2.1', NULL, 'basic', convert_to(pair, 'UTF8'), 'client_credentials', NULL, NULL, NULL, NULL, NULL, body_client, body_secret)) $$;
SELECT pg_temp.basic(:'app' || ':' || :'key') AS basic, pg_temp.basic(:'app' || ':' || replace(:'key', '-', '%2D'), :'app') AS encoded,
       pg_temp.basic(:'app' || ':' || :'key', :'app', :'key') AS twice, pg_temp.basic(:'app' || ':' || :'key', :'app2') AS two_clients, pg_temp.basic(:'app') AS no_colon;
SELECT pg_temp.told(pg_temp.token('client_credentials', :'app', :'key', scope => 'others')) AS scope, pg_temp.told(pg_temp.token('client_credentials', :'app')) AS no_secret,
       pg_temp.told(pg_temp.token('client_credentials', :'app2')) AS public_client, pg_temp.told(pg_temp.token('client_credentials', 'nobody', 'x')) AS nobody,
       pg_temp.told(pg_temp.token('client_credentials', NULL)) AS no_client, pg_temp.told(pg_temp.token('password', :'app', :'key')) AS password, pg_temp.told(pg_temp.token(NULL, :'app', :'key')) AS nothing;
-- Wrong secrets count and lock.
SET citybigdata.lockout_threshold = 3;
SELECT n, pg_temp.told(pg_temp.token('client_credentials', :'app', 'wrong')) FROM generate_series(1, 4) n;
SELECT pg_temp.told(pg_temp.token('client_credentials', :'app', :'key')) AS right_but_locked;
RESET citybigdata.lockout_threshold;
DELETE FROM citybigdata.lockout WHERE subject = :'app' OR kind = 'address';

-- Introspection and revocation.
SELECT pg_temp.data(pg_temp.token('authorization_code', :'app', :'key', pg_temp.code(:'app', NULL, NULL, 'oauth.one'))) AS reply \gset
SELECT :'reply'::json->>'access_token' AS a1, :'reply'::json->>'refresh_token' AS r1 \gset
SELECT j->'active' AS active, j->>'scope' AS scope, j->>'client_id' = :'app' AS client, j->>'username' AS username FROM pg_temp.asked(:'app', :'key', :'a1') j;
SELECT pg_temp.asked(:'app2', NULL, :'a1')->>'error' AS public_client, pg_temp.asked(:'app', 'wrong', :'a1')->>'error' AS wrong_secret, pg_temp.asked(:'app', :'key', NULL)->>'error' AS no_token;
CREATE FUNCTION pg_temp.revoke(client text, secret text, token text) RETURNS text LANGUAGE sql AS $$
SELECT pg_temp.told(citybigdata.rest_oauth_revoke('o7', '192.0.2.1', NULL, 'none', NULL, pg_temp.digest(token), 'refresh_token', client, secret)) $$;
SELECT pg_temp.revoke(:'app2', NULL, :'r1') AS another_client, pg_temp.revoke(:'app', NULL, :'r1') AS no_secret, pg_temp.revoke(:'app', :'key', 'unknown') AS unknown, pg_temp.revoke(:'app', :'key', NULL) AS none;
SELECT pg_temp.use(:'a1') AS still, pg_temp.revoke(:'app', :'key', :'r1') AS revoked;
SELECT pg_temp.use(:'a1') AS with_its_family, pg_temp.told(pg_temp.token('refresh_token', :'app', :'key', refresh => :'r1')) AS refresh;
-- by an administrator of the database, all at once
SELECT pg_temp.data(pg_temp.token('authorization_code', :'app', :'key', pg_temp.code(:'app', NULL, NULL, 'oauth.one')))->>'access_token' AS a1 \gset
SELECT citybigdata.revoke_consent(:'app') > 0 AS revoked, citybigdata.revoke_consent(:'app') AS again, citybigdata.revoke_consent('nobody') AS nobody;
SELECT pg_temp.use(:'a1') AS revoked;

-- Suspended: the very next request of any kind is refused.
SELECT pg_temp.data(pg_temp.token('authorization_code', :'app', :'key', pg_temp.code(:'app', NULL, NULL, 'oauth.one')))->>'refresh_token' AS r1 \gset
SELECT citybigdata.suspend_application(:'app', 'test');
SELECT pg_temp.told(pg_temp.token('refresh_token', :'app', :'key', refresh => :'r1')) AS refresh, pg_temp.told(pg_temp.token('client_credentials', :'app', :'key')) AS credentials,
       pg_temp.told(pg_temp.ask(:'app', NULL, NULL, method => NULL)) AS page;
SELECT citybigdata.resume_application(:'app');
-- What is past leaves.
UPDATE citybigdata.oauth_grant SET expires_at = now() - interval '2 days';
UPDATE citybigdata.oauth_code SET expires_at = now() - interval '2 days';
SELECT citybigdata.maintain_oauth() > 0 AS removed;
SELECT (SELECT count(*) FROM citybigdata.oauth_grant) + (SELECT count(*) FROM citybigdata.oauth_code) + (SELECT count(*) FROM citybigdata.refresh_token) AS left_over;
