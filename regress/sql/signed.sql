-- Signed requests: what opens, what does not, replay, lock-out; the HMAC and Artemis schemes over the credential block.
SET client_min_messages = warning;
\set VERBOSITY terse
CREATE FUNCTION pg_temp.status(frame bytea) RETURNS integer LANGUAGE sql AS $$ SELECT reply.status(frame)::int $$;
SELECT citybigdata.register_account('signed.one', 'Correct-1-horse', '市城管委', '张三', '13800138000') AS account \gset
SELECT citybigdata.approve_account(:account);
SELECT citybigdata.request_access('signed.one', '{events}', '{signature}') AS request \gset
SELECT citybigdata.approve_access(:request) AS app_code \gset
SELECT signing_secret AS secret FROM citybigdata.take_credentials(:request) \gset
SELECT citybigdata.request_access('signed.one', '{events}', '{key,signature}') AS request \gset
SELECT citybigdata.approve_access(:request) AS other_code \gset
SELECT signing_secret AS other_secret FROM citybigdata.take_credentials(:request) \gset
SELECT set_config('test.app', :'app_code', false) IS NULL, set_config('test.secret', :'secret', false) IS NULL;

-- A block as the bridge writes it, correctly signed; `change` replaces lines (key → line, '' = leave out).
CREATE FUNCTION pg_temp.block(nonce text, change jsonb DEFAULT '{}', path text DEFAULT '/api/v1/events', query text DEFAULT 'b=2&a=1',
                              body text DEFAULT '', ts bigint DEFAULT extract(epoch FROM clock_timestamp())::bigint,
                              algorithm text DEFAULT 'HMAC-SHA256', secret text DEFAULT current_setting('test.secret')) RETURNS bytea LANGUAGE sql AS $$
    SELECT convert_to(string_agg(coalesce(change->>key, key || '=' || value || E'\n'), '' ORDER BY n), 'UTF8')
    FROM (VALUES (1, 'method', 'GET'), (2, 'path', path), (3, 'query', query), (4, 'sha256', encode(sha256(convert_to(body, 'UTF8')), 'hex')),
                 (5, 'sm3', split_part(citybigdata.canonical_request('GET', '/', '', convert_to(body, 'UTF8'), 0, 'n', 'HMAC-SM3'), E'\n', 4)),
                 (6, 'timestamp', ts::text), (7, 'nonce', nonce), (8, 'algorithm', algorithm),
                 (9, 'signature', citybigdata.sign_request(secret, 'GET', path, query, convert_to(body, 'UTF8'), ts, nonce, algorithm))) v(n, key, value) $$;
CREATE FUNCTION pg_temp.call(block bytea, app_code text DEFAULT current_setting('test.app'), scheme text DEFAULT 'signature') RETURNS integer LANGUAGE sql AS $$
    SELECT pg_temp.status(citybigdata.rest_seal_url('s1', '192.0.2.9', app_code, scheme, block, 'events', NULL, NULL, NULL, NULL, NULL, NULL, NULL)) $$;

-- right
SELECT pg_temp.call(pg_temp.block('nonce-0001')) AS sha256, pg_temp.call(pg_temp.block('nonce-0002', algorithm => 'HMAC-SM3')) AS sm3,
       pg_temp.call(pg_temp.block('nonce-0003', '{"algorithm": ""}')) AS default_algorithm, pg_temp.call(pg_temp.block('nonce-0004', '{"sm3": ""}')) AS without_sm3,
       pg_temp.call(pg_temp.block('nonce-0005', body => '{"x":1}')) AS body;
-- for a code as well
SELECT pg_temp.status(citybigdata.rest_auth_code('s2', '192.0.2.9', :'app_code', 'signature', pg_temp.block('nonce-code'), 'signature', NULL, NULL, NULL, NULL)) AS code,
       pg_temp.status(citybigdata.rest_auth_code('s2', '192.0.2.9', :'app_code', 'none', NULL, 'signature', NULL, NULL, NULL, NULL)) AS unsigned,
       pg_temp.status(citybigdata.rest_auth_code('s2', '192.0.2.9', :'app_code', 'signature', pg_temp.block('nonce-0001'), 'signature', NULL, NULL, NULL, NULL)) AS replayed;
-- used before: whatever else is in the request; another application has its own nonces
SELECT pg_temp.call(pg_temp.block('nonce-0001', path => '/api/v1/other')) AS replayed,
       pg_temp.call(pg_temp.block('nonce-0001', secret => :'other_secret'), :'other_code') AS of_another;
-- the query's order may be that of the decoded names too
SELECT pg_temp.call(pg_temp.block('nonce-0010', query => 'z=1&%E4%BA%95=2&~=3')) AS encoded_order,
       pg_temp.call(convert_to('method=GET' || E'\n' || 'path=/p' || E'\n' || 'query=%E4%BA%95=2&z=1&~=3' || E'\nsha256=' || encode(sha256(''), 'hex')
           || E'\ntimestamp=' || t || E'\nnonce=nonce-0011\nsignature='
           || encode(public.hmac(convert_to(E'GET\n/p\nz=1&~=3&%E4%BA%95=2\n' || encode(sha256(''), 'hex') || E'\n' || t || E'\nnonce-0011', 'UTF8'),
                                 convert_to(:'secret', 'UTF8'), 'sha256'), 'base64') || E'\n', 'UTF8')) AS decoded_order
FROM (SELECT extract(epoch FROM clock_timestamp())::bigint) c(t);
-- wrong: one part changed after signing (each counts; four, below the threshold), then a right one clears the count
SELECT key, pg_temp.call(pg_temp.block('nonce-002' || n, jsonb_build_object(key, line || E'\n')))
FROM (VALUES (1, 'path', 'path=/api/v1/events/'), (2, 'query', 'query=a=1&b=3'), (3, 'method', 'method=POST'),
             (4, 'sha256', 'sha256=' || repeat('0', 64))) v(n, key, line);
SELECT pg_temp.call(pg_temp.block('nonce-0029')) AS right_clears;
SELECT key, line, pg_temp.call(pg_temp.block('nonce-003' || n, jsonb_build_object(key, line)))
FROM (VALUES (1, 'signature', ''), (2, 'signature', E'signature=\n'), (3, 'signature', E'signature=AAAA\n'),
             (4, 'signature', 'signature=' || repeat('A', 43) || E'=\n')) v(n, key, line);
SELECT pg_temp.call(pg_temp.block('nonce-0039')) AS right_clears;
-- stale and future: refused, not counted, nonce not used up
SELECT pg_temp.call(pg_temp.block('nonce-0040', ts => extract(epoch FROM clock_timestamp())::bigint + d)) AS late FROM unnest(ARRAY[-310, -1000000, 360, 100000]) d;
SELECT pg_temp.call(pg_temp.block('nonce-0040', ts => extract(epoch FROM clock_timestamp())::bigint - 240)) AS within,
       pg_temp.call(pg_temp.block('nonce-0041', ts => extract(epoch FROM clock_timestamp())::bigint + 240)) AS ahead;
-- malformed: told so, not counted
SELECT key, line, pg_temp.call(pg_temp.block('nonce-0050', jsonb_build_object(key, line)))
FROM (VALUES ('timestamp', ''), ('timestamp', E'timestamp=\n'), ('timestamp', E'timestamp=1735689600000\n'), ('timestamp', E'timestamp=-5\n'), ('timestamp', E'timestamp=1e9\n'),
             ('nonce', ''), ('nonce', E'nonce=seven77\n'), ('nonce', E'nonce=has blank\n'), ('nonce', E'nonce=中文中文中文中文\n'), ('algorithm', E'algorithm=HMAC-MD5\n'),
             ('sha256', ''), ('sha256', E'sha256=00\n'), ('method', ''), ('path', ''), ('query', E'query=%zz\n'), ('query', E'query=a\nquery=b\n'), ('query', E'unknown=1\n'),
             ('query', 'noequals'), ('query', E'noequals\n')) v(key, line);
SELECT pg_temp.call(pg_temp.block(repeat('n', 64))) AS nonce_64, pg_temp.call(pg_temp.block(repeat('n', 65))) AS nonce_65, pg_temp.call(pg_temp.block('12345678')) AS nonce_8,
       pg_temp.call(NULL) AS no_block, pg_temp.call('') AS empty_block, pg_temp.call(pg_temp.block('nonce-0060'), NULL) AS no_app_code,
       pg_temp.call(pg_temp.block('nonce-0061'), 'X') AS bad_app_code;
-- another application's secret, an unknown application: the same answer
SELECT pg_temp.call(pg_temp.block('nonce-0070'), :'other_code') AS other_secret,
       pg_temp.call(pg_temp.block('nonce-0071'), '11000099999999J') AS unknown_application,
       pg_temp.call(pg_temp.block('nonce-0072'), '11000099999999K') AS malformed_code;
SELECT citybigdata.unlock('application', :'other_code');
-- not granted, suspended, no grant: the very next request
UPDATE citybigdata.application SET methods = '{key}' WHERE app_code = :'app_code';
SELECT pg_temp.call(pg_temp.block('nonce-0080')) AS method_not_granted,
       pg_temp.status(citybigdata.rest_auth_code('s3', '192.0.2.9', :'app_code', 'signature', pg_temp.block('nonce-0081'), 'signature', NULL, NULL, NULL, NULL)) AS for_a_code;
UPDATE citybigdata.application SET methods = '{signature}' WHERE app_code = :'app_code';
SELECT citybigdata.suspend_application(:'app_code');
SELECT pg_temp.call(pg_temp.block('nonce-0082')) AS suspended;
SELECT citybigdata.resume_application(:'app_code');
SELECT citybigdata.revoke_grant(:'app_code', 'events');
SELECT pg_temp.call(pg_temp.block('nonce-0083')) AS no_grant;
UPDATE citybigdata.app_grant SET state = 'active' WHERE app_id = (SELECT app_id FROM citybigdata.application WHERE app_code = :'app_code');
-- lock-out: wrong signatures count towards the application; a right one is refused while it lasts
SET citybigdata.lockout_threshold = 3;
SELECT pg_temp.call(pg_temp.block('nonce-009' || n, '{"method": "method=PUT\n"}')) AS wrong FROM generate_series(1, 4) n;
SELECT pg_temp.call(pg_temp.block('nonce-0099')) AS right_while_locked;
SELECT citybigdata.unlock('application', :'app_code');
SELECT pg_temp.call(pg_temp.block('nonce-0099')) AS unlocked;
RESET citybigdata.lockout_threshold;

-- Artemis: X-Ca-Key is the appCode.
CREATE FUNCTION pg_temp.artemis(nonce text, extra text[] DEFAULT '{}', signed text DEFAULT 'x-ca-key,x-ca-nonce,x-ca-timestamp', path text DEFAULT '/artemis/api/x',
                                query text DEFAULT '', form text DEFAULT '', body text DEFAULT '{}', ms bigint DEFAULT (extract(epoch FROM clock_timestamp()) * 1000)::bigint,
                                tail text DEFAULT '') RETURNS bytea LANGUAGE sql AS $$
    WITH headers AS (SELECT ARRAY['accept: */*', 'x-ca-key: ' || current_setting('test.app'), 'x-ca-nonce: ' || nonce, 'x-ca-timestamp: ' || ms] || extra AS lines)
    SELECT convert_to(concat(E'method=POST\npath=', path, E'\nquery=', query, E'\nsha256=', encode(sha256(convert_to(body, 'UTF8')), 'hex'), E'\nmd5=', md5(body),
        CASE WHEN form <> '' THEN E'\nform=' || form END, E'\nsigned=', signed, E'\nsignature=',
        citybigdata.sign_artemis(current_setting('test.secret'), 'POST', path, query, form, lines, signed), E'\n',
        (SELECT string_agg('header.' || regexp_replace(line, ': *', '=') || E'\n', '') FROM unnest(lines) line), tail), 'UTF8') FROM headers $$;
CREATE FUNCTION pg_temp.ca(block bytea) RETURNS integer LANGUAGE sql AS $$ SELECT pg_temp.call(block, scheme => 'artemis') $$;
SELECT pg_temp.ca(pg_temp.artemis('artemis-0001')) AS vendor_path, pg_temp.ca(pg_temp.artemis('artemis-0001')) AS replayed,
       pg_temp.ca(pg_temp.artemis('artemis-0002', signed => 'X-Ca-Nonce,X-Ca-Timestamp')) AS capitals,
       pg_temp.ca(pg_temp.artemis('artemis-0003', query => 'b=2&a=%E4%B8%AD')) AS query,
       pg_temp.ca(pg_temp.artemis('artemis-0004', path => '/api/v1/x', form => 'b=2&a=1', body => 'b=2&a=1')) AS form,
       pg_temp.ca(pg_temp.artemis('artemis-0005', path => '/api/v1/x', body => '')) AS no_body,
       pg_temp.ca(pg_temp.artemis('artemis-0006', ARRAY['content-md5: ' || encode(decode(md5('{}'), 'hex'), 'base64')], path => '/api/v1/x')) AS content_md5;
-- a nonce is used up for both schemes
SELECT pg_temp.call(pg_temp.block('artemis-0001')) AS nonce_of_artemis;
SELECT pg_temp.ca(pg_temp.artemis('artemis-0010', path => '/api/v1/x')) AS body_not_covered,
       pg_temp.ca(pg_temp.artemis('artemis-0011', ARRAY['content-md5: ' || encode(decode(md5('other'), 'hex'), 'base64')])) AS another_body,
       pg_temp.ca(pg_temp.artemis('artemis-0012', signed => 'x-ca-key,x-ca-nonce')) AS timestamp_unsigned,
       pg_temp.ca(pg_temp.artemis('artemis-0013', signed => 'x-ca-key,x-ca-timestamp')) AS nonce_unsigned,
       pg_temp.ca(pg_temp.artemis('artemis-0014', signed => '')) AS nothing_listed,
       pg_temp.ca(pg_temp.artemis('short')) AS short_nonce,
       pg_temp.ca(pg_temp.artemis('artemis-0015', ms => 1735689600000)) AS stale,
       pg_temp.ca(pg_temp.artemis('artemis-0016', tail => E'header.x-ca-nonce=artemis-0017\n')) AS header_twice,
       pg_temp.ca(pg_temp.artemis('artemis-0018', tail => E'form=a=1\n')) AS form_added;
SELECT pg_temp.ca(pg_temp.artemis('artemis-0019')) AS right_clears;
-- housekeeping
SELECT count(*) > 0 AS kept, bool_and(expires_at > now()) AS all_within FROM citybigdata.auth_nonce;
SELECT citybigdata.expire_nonces() AS none_yet;
UPDATE citybigdata.auth_nonce SET expires_at = now() - interval '1 second' WHERE nonce LIKE 'artemis-%';
SELECT citybigdata.expire_nonces(2) AS at_most_two, citybigdata.expire_nonces() > 2 AS the_rest;
SELECT count(*) FROM citybigdata.auth_nonce WHERE nonce LIKE 'artemis-%';
-- no secret, nonce or signature in the audit log
SELECT count(*) > 0 AS audited, bool_or(l::text LIKE '%' || :'secret' || '%') AS secret_told FROM citybigdata.audit_log l WHERE scheme IN ('signature', 'artemis');
