-- Attacks on grants: what is had by an address stays there (s8), what is had by a credential ends with it (s9).
\set SHOW_CONTEXT never
\set VERBOSITY terse
SET client_min_messages = warning;
SET citybigdata.bcrypt_cost = 4;
CREATE FUNCTION pg_temp.status(frame bytea) RETURNS integer LANGUAGE sql AS $$ SELECT reply.status(frame)::int $$;
CREATE FUNCTION pg_temp.data(frame bytea) RETURNS json LANGUAGE sql AS $$ SELECT nullif(reply.data(frame), '')::json $$;
CREATE FUNCTION pg_temp.digest(text) RETURNS bytea LANGUAGE sql AS $$ SELECT sha256(convert_to($1, 'UTF8')) $$;
CREATE FUNCTION pg_temp.apply(name text, methods text[], ranges text[] DEFAULT '{}') RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    request bigint;
BEGIN
    IF NOT EXISTS (SELECT FROM citybigdata.account WHERE user_name = name) THEN
        PERFORM citybigdata.approve_account(citybigdata.register_account(name, 'Correct-1-horse', '城管', '张三', '13800138000'));
    END IF;
    request := citybigdata.request_access(name, '{events}', methods, ip_ranges => ranges, level => 2, redirect_uris => '{https://sec.example/cb}');
    PERFORM citybigdata.approve_access(request);
    RETURN request;
END
$$;
-- May this token call, from there? May this sealed address be opened?
CREATE FUNCTION pg_temp.call(token text, addr inet DEFAULT '203.0.113.1') RETURNS integer LANGUAGE sql AS
$$ SELECT pg_temp.status(citybigdata.rest_code_tables('c', addr, NULL, 'bearer', pg_temp.digest(token))) $$;
CREATE FUNCTION pg_temp.open(url text, addr inet DEFAULT '203.0.113.1') RETURNS integer LANGUAGE sql AS
$$ SELECT pg_temp.status(citybigdata.rest_open_url('o', addr, NULL, 'none', NULL, url)) $$;
CREATE FUNCTION pg_temp.seal(app text, scheme text, credential bytea, addr inet, ttl text DEFAULT '2592000', key text DEFAULT NULL) RETURNS json LANGUAGE sql AS
$$ SELECT pg_temp.data(citybigdata.rest_seal_url('s', addr, app, scheme, credential, 'events', NULL, ttl, NULL, NULL, key, NULL, NULL)) $$;
CREATE FUNCTION pg_temp.code(app text, method text, addr inet, key text DEFAULT NULL, user_name text DEFAULT NULL, password text DEFAULT NULL) RETURNS text
    LANGUAGE sql AS
$$ SELECT pg_temp.data(citybigdata.rest_auth_code('a', addr, app, 'none', NULL, method, key, user_name, password, false))->>'authCode' $$;
CREATE FUNCTION pg_temp.redeem(app text, code text, addr inet DEFAULT '203.0.113.1') RETURNS bytea LANGUAGE sql AS
$$ SELECT citybigdata.rest_auth_token('t', addr, app, 'none', NULL, pg_temp.digest(code)) $$;
SELECT pg_temp.apply('sec.addr', '{ip}', '{192.0.2.0/28}') AS one, pg_temp.apply('sec.key', '{key,password,signature}') AS two \gset
SELECT app_code AS ip_app FROM citybigdata.take_credentials(:one) \gset
SELECT app_code AS app, key FROM citybigdata.take_credentials(:two) \gset

-- s8: a code of method ip is redeemed and used inside the ranges only; so are its token and its sealed address.
SELECT pg_temp.code(:'ip_app', 'ip', '192.0.2.1') AS c1, pg_temp.code(:'ip_app', 'ip', '192.0.2.1') AS c2, pg_temp.code(:'ip_app', 'ip', '192.0.2.1') AS c3 \gset
SELECT pg_temp.status(pg_temp.redeem(:'ip_app', :'c1', '203.0.113.1')) AS s8_redeemed_outside, pg_temp.status(pg_temp.redeem(:'ip_app', :'c1', '192.0.2.1')) AS spent_by_that,
       pg_temp.status(citybigdata.rest_code_tables('c', '203.0.113.1', NULL, 'code', pg_temp.digest(:'c2'))) AS s8_code_outside;
SELECT pg_temp.data(pg_temp.redeem(:'ip_app', :'c3', '192.0.2.2'))->>'accessToken' AS ip_token \gset
SELECT pg_temp.call(:'ip_token', '192.0.2.9') AS s8_token_inside, pg_temp.call(:'ip_token', '203.0.113.1') AS s8_token_outside, pg_temp.call(:'ip_token', NULL) AS s8_token_from_nowhere;
SELECT pg_temp.seal(:'ip_app', 'none', NULL, '192.0.2.1')->>'url' AS ip_url, pg_temp.seal(:'ip_app', 'bearer', pg_temp.digest(:'ip_token'), '192.0.2.1')->>'url' AS ip_token_url \gset
SELECT pg_temp.open(:'ip_url', '192.0.2.14') AS s8_sealed_inside, pg_temp.open(:'ip_url', '203.0.113.1') AS s8_sealed_outside, pg_temp.open(:'ip_url', NULL) AS from_nowhere,
       pg_temp.open(:'ip_token_url', '192.0.2.14') AS s8_sealed_by_token_inside, pg_temp.open(:'ip_token_url', '203.0.113.1') AS s8_sealed_by_token_outside;
-- The ranges are those of now.
UPDATE citybigdata.application SET ip_ranges = '{198.51.100.0/24}' WHERE app_code = :'ip_app';
SELECT pg_temp.call(:'ip_token', '192.0.2.9') AS s8_old_range, pg_temp.open(:'ip_url', '192.0.2.14') AS old_sealed, pg_temp.open(:'ip_url', '198.51.100.1') AS new_sealed;

-- s9: no sealed address beyond the end of the token that made it; a revoked token ends it.
SELECT pg_temp.data(pg_temp.redeem(:'app', pg_temp.code(:'app', 'key', '203.0.113.1', :'key')))->>'accessToken' AS token \gset
SELECT r->>'url' AS url, (r->>'expiresIn')::int BETWEEN 7190 AND 7200 AS cut FROM pg_temp.seal(:'app', 'bearer', pg_temp.digest(:'token'), '203.0.113.1') AS r \gset
SELECT :'cut'::boolean AS s9_end_of_the_token, pg_temp.open(:'url') AS before, citybigdata.revoke_token(:'token') AS revoked;
SELECT pg_temp.open(:'url') AS s9_revoked;
-- s9: new credentials end codes, tokens, client credentials and sealed addresses of before; not what comes after.
SELECT pg_temp.code(:'app', 'key', '203.0.113.1', :'key') AS code, pg_temp.code(:'app', 'key', '203.0.113.1', :'key') AS direct,
       pg_temp.data(pg_temp.redeem(:'app', pg_temp.code(:'app', 'key', '203.0.113.1', :'key')))->>'accessToken' AS token,
       pg_temp.data(citybigdata.rest_oauth_token('k', '203.0.113.1', NULL, 'none', NULL, 'client_credentials', NULL, NULL, NULL, NULL, NULL, :'app', :'key'))->>'access_token' AS client_token,
       pg_temp.seal(:'app', 'none', NULL, '203.0.113.1', key => :'key')->>'url' AS url \gset
SELECT pg_temp.call(:'token') AS token, pg_temp.call(:'client_token') AS client_token, pg_temp.open(:'url') AS sealed, citybigdata.renew_credentials(:'app');
SELECT pg_temp.call(:'token') AS s9_token, pg_temp.call(:'client_token') AS s9_client_token, pg_temp.open(:'url') AS s9_sealed, pg_temp.status(pg_temp.redeem(:'app', :'code')) AS s9_code,
       pg_temp.status(citybigdata.rest_code_tables('c', '203.0.113.1', NULL, 'code', pg_temp.digest(:'direct'))) AS s9_direct_code,
       pg_temp.data(citybigdata.rest_auth_introspect('n', '203.0.113.1', NULL, 'bearer', pg_temp.digest(:'token'), pg_temp.digest(:'token'))) IS NULL AS s9_introspect;
SELECT key FROM citybigdata.take_credentials(:two) \gset
SELECT pg_temp.data(pg_temp.redeem(:'app', pg_temp.code(:'app', 'key', '203.0.113.1', :'key')))->>'accessToken' AS token \gset
SELECT pg_temp.call(:'token') AS with_the_new_key;
-- s9: a new password ends what the old one made: codes, tokens, sealed addresses, consents with their refresh tokens. What the key made goes on.
SELECT pg_temp.code(:'app', 'password', '203.0.113.1', NULL, 'sec.key', 'Correct-1-horse') AS code,
       pg_temp.data(pg_temp.redeem(:'app', pg_temp.code(:'app', 'password', '203.0.113.1', NULL, 'sec.key', 'Correct-1-horse')))->>'accessToken' AS token,
       pg_temp.data(pg_temp.redeem(:'app', pg_temp.code(:'app', 'key', '203.0.113.1', :'key')))->>'accessToken' AS key_token,
       pg_temp.data(citybigdata.rest_seal_url('s', '203.0.113.1', :'app', 'none', NULL, 'events', NULL, NULL, NULL, NULL, NULL, 'sec.key', 'Correct-1-horse'))->>'url' AS url \gset
CREATE FUNCTION pg_temp.consent(app text, password text) RETURNS text LANGUAGE sql AS $$
    SELECT substring(pg_temp.data(citybigdata.rest_oauth_authorize_decide('d', '203.0.113.1', NULL, 'none', NULL, 'code', app, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
                                                                          'sec.key', password, 'allow'))->>'redirect' FROM 'code=([^&]+)')
$$;
CREATE FUNCTION pg_temp.grant(app text, key text, code text, refresh text DEFAULT NULL) RETURNS bytea LANGUAGE sql AS $$
    SELECT citybigdata.rest_oauth_token('g', '203.0.113.1', NULL, 'none', NULL, CASE WHEN refresh IS NULL THEN 'authorization_code' ELSE 'refresh_token' END,
                                        pg_temp.digest(code), NULL, NULL, pg_temp.digest(refresh), NULL, app, key)
$$;
SELECT pg_temp.consent(:'app', 'Correct-1-horse') AS oauth_code, r->>'access_token' AS oauth_token, r->>'refresh_token' AS refresh
FROM pg_temp.data(pg_temp.grant(:'app', :'key', pg_temp.consent(:'app', 'Correct-1-horse'))) AS r \gset
SELECT pg_temp.call(:'token') AS token, pg_temp.call(:'oauth_token') AS oauth_token, pg_temp.open(:'url') AS sealed;
SELECT status_code FROM citybigdata.change_password('sec.key', 'Correct-1-horse', 'Better-2-horses');
SELECT pg_temp.call(:'token') AS s9_token, pg_temp.call(:'key_token') AS by_key, pg_temp.open(:'url') AS s9_sealed, pg_temp.status(pg_temp.redeem(:'app', :'code')) AS s9_code,
       pg_temp.call(:'oauth_token') AS s9_oauth_token, pg_temp.status(pg_temp.grant(:'app', :'key', NULL, :'refresh')) AS s9_refresh, pg_temp.status(pg_temp.grant(:'app', :'key', :'oauth_code')) AS s9_oauth_code;
-- s9: a withdrawn consent ends its codes, tokens and sealed addresses.
SELECT pg_temp.consent(:'app', 'Better-2-horses') AS oauth_code, r->>'access_token' AS oauth_token, r->>'refresh_token' AS refresh
FROM pg_temp.data(pg_temp.grant(:'app', :'key', pg_temp.consent(:'app', 'Better-2-horses'))) AS r \gset
SELECT pg_temp.seal(NULL, 'bearer', pg_temp.digest(:'oauth_token'), '203.0.113.1')->>'url' AS url \gset
SELECT pg_temp.open(:'url') AS sealed, citybigdata.revoke_consent(:'app') AS consents;
SELECT pg_temp.open(:'url') AS s9_sealed, pg_temp.call(:'oauth_token') AS s9_token, pg_temp.status(pg_temp.grant(:'app', :'key', NULL, :'refresh')) AS s9_refresh,
       pg_temp.status(pg_temp.grant(:'app', :'key', :'oauth_code')) AS s9_code;

-- s17: redirect addresses that browsers and programs read differently, or that show another host than they lead to.
SELECT uri, NOT EXISTS (SELECT FROM json_array_elements(pg_temp.data(citybigdata.rest_access_request('u', '192.0.2.1', NULL, 'basic', convert_to('sec.key:Better-2-horses', 'UTF8'),
    NULL, '{no-such-resource}', NULL, '{key}', '{}', '{}', NULL, NULL, NULL, ARRAY[uri], NULL))->'errors') e WHERE e->>'pointer' = '/redirectUris/0') AS accepted
FROM unnest(ARRAY['https://city.gov.cn/cb', 'https://city.gov.cn:8443/cb?x=%20', 'https://[2001:db8::1]:8443/', 'http://localhost:80/', 'http://127.0.0.1/cb', 'http://[::1]:1/', 'https://xn--55qx5d.cn/cb',
    'https://city.gov.cn@evil.example/cb', 'http://localhost:80@evil.example/', 'https://[x', 'https://[x]/', 'https://a_b.example/', 'https://-a.example/', 'https://a-.example/', 'https://a..b/', 'https://',
    'https:///cb', 'https://a.example:', 'https://a.example:0/', 'https://a.example:65536/', 'https://a.example:x/', 'https://1.2.3.256/', 'https://1.2.3/', 'https://0x7f.1/', 'https://a.1/', 'https://[fe80::1%eth0]/',
    'https://a.example/#f', 'https://a.example/%zz', E'https://a.example\\@evil.example/', 'https://a.example/a b', 'http://city.gov.cn/cb', 'http://127.0.0.2/', 'http://localhost.evil.example/', 'javascript:alert(1)',
    'https://城管.cn/', 'https://a.example/路']) WITH ORDINALITY AS v (uri, n) ORDER BY n;
-- f11: a loopback address is matched but for its port (RFC 8252 7.3); the name localhost and everything else exactly.
UPDATE citybigdata.application SET redirect_uris = '{http://127.0.0.1/cb,http://[::1]:7777/cb,http://localhost:80/cb,https://sec.example/cb}' WHERE app_code = :'app';
SELECT uri, coalesce(pg_temp.data(citybigdata.rest_oauth_authorize_check('u', '192.0.2.1', NULL, 'none', NULL, 'code', :'app', uri, NULL, NULL, NULL, NULL, NULL, NULL, NULL))->'page'->>'redirectUri' = uri, false) AS f11_matches
FROM unnest(ARRAY['http://127.0.0.1/cb', 'http://127.0.0.1:51234/cb', 'http://[::1]:51234/cb', 'http://[::1]/cb', 'http://localhost:80/cb', 'https://sec.example/cb', 'http://localhost:51234/cb', 'http://127.0.0.1:51234/cbx',
    'http://127.0.0.1:51234/cb?x', 'http://127.0.0.1:0/cb', 'http://127.0.0.1:99999/cb', 'http://127.0.0.2:51234/cb', 'https://127.0.0.1:51234/cb', 'http://127.0.0.1:80@evil.example/cb', 'https://sec.example:443/cb',
    'http://127.0.0.1:51234/cb#x', 'http://127.0.0.1.evil.example/cb']) WITH ORDINALITY AS v (uri, n) ORDER BY n;
