-- What is signed.
SELECT citybigdata.canonical_request('POST', '/api/v1/events', 'b=2&a=%e4%b8%ad+1&a=&c', '{"a":1}', 1735689600, 'nonce-0001');
SELECT citybigdata.canonical_request('GET', '/api/v1/events', NULL, NULL, 1735689600, 'nonce-0001', 'HMAC-SM3');
SELECT q, split_part(citybigdata.canonical_request('GET', '/', q, '', 0, 'n'), E'\n', 3) AS canonical
FROM unnest(ARRAY['', '&', 'a', 'a=', '=a', '=', 'a=1&&b=2&', 'b=1&a=2&a=1', 'a-=1&a=2', 'a%2D=1', '%41=%7e', 'a+b=c%20d', 'a=b=c', 'a=%3D%26',
    '%E4%B8%AD=1&z=2&~=3', 'x=%E4&x=z', 'a%00=1', '中=文', 'k=*!''()']) q;
-- the order is that of the encoded names: - before =, % before letters
SELECT split_part(citybigdata.canonical_request('GET', '/', 'ab=1&a=2&a-=3&a%20=4&a.=5', NULL, 0, 'n'), E'\n', 3);
SELECT citybigdata.canonical_request('GET', '/', 'a=%', NULL, 0, 'n');
SELECT citybigdata.canonical_request('GET', '/', 'a=%4', NULL, 0, 'n');
SELECT citybigdata.canonical_request('GET', '/', 'a=%4g', NULL, 0, 'n');
SELECT length(split_part(citybigdata.canonical_request('GET', '/', repeat('a&', 1000), NULL, 0, 'n'), E'\n', 3)) AS thousand;
SELECT citybigdata.canonical_request('GET', '/', repeat('a&', 1001), NULL, 0, 'n');
SELECT citybigdata.canonical_request('GET', NULL, 'a', NULL, 0, 'n');
SELECT citybigdata.canonical_request('GET', '/', 'a', NULL, 0, 'n', 'HMAC-SHA1');
-- six lines, whatever the query holds
SELECT bool_and(array_length(string_to_array(citybigdata.canonical_request('GET', '/', q, NULL, 0, 'n'), E'\n'), 1) = 6) AS six_lines
FROM unnest(ARRAY['a=%0A', 'a%0Ab', E'a\nb', '']) q;
-- The published vectors are checked against the openssl program by regress/samples.sh.
SELECT citybigdata.sign_request('0123456789abcdef0123456789abcdef', 'POST', '/api/v1/events', 'b=2&a=1', '{"a":1}', 1735689600, 'nonce-0001');
SELECT citybigdata.sign_request('0123456789abcdef0123456789abcdef', 'POST', '/api/v1/events', 'b=2&a=1', '{"a":1}', 1735689600, 'nonce-0001', 'hmac-sm3');
-- HMAC-SHA256 as pgcrypto has it
SELECT citybigdata.sign_request('key', 'GET', '/', 'a=1', NULL, 5, 'n') =
       encode(public.hmac(convert_to(citybigdata.canonical_request('GET', '/', 'a=1', NULL, 5, 'n'), 'UTF8'), 'key', 'sha256'), 'base64') AS same;
-- Artemis.
SELECT citybigdata.artemis_string('POST', '/artemis/api/video/v1/cameras/previewURLs', NULL, NULL,
    ARRAY['Accept: */*', 'Content-Type: application/json;charset=UTF-8', 'X-Ca-Key: 110000', 'x-ca-timestamp:1735689600000', 'X-Ca-Nonce: 2f6b0d8e-0001'],
    'x-ca-timestamp,x-ca-nonce,x-ca-key');
SELECT citybigdata.artemis_string('GET', '/artemis/a', 'qb=2&qa=%E4%B8%AD&qc&qd=', 'fa=+1', ARRAY['Date: Wed, 01 Jan 2025 00:00:00 GMT', 'Content-MD5: x', 'accept:'],
    ' X-B , x-a,,');
SELECT citybigdata.artemis_string('GET', '/artemis/a', 'a=1', 'a=2', NULL, '');
SELECT citybigdata.artemis_string('GET', '/artemis/a', 'a=%FF', '', NULL, '');
SELECT citybigdata.artemis_string('GET', '/artemis/a', 'a=%z', '', NULL, '');
SELECT citybigdata.artemis_string('GET', '/artemis/a', '', '', ARRAY['Accept'], '');
SELECT citybigdata.sign_artemis('secret', 'GET', '/artemis/a', 'b=2&a=1', NULL, ARRAY['Accept: */*'], NULL) =
       encode(public.hmac(E'GET\n*/*\n/artemis/a?a=1&b=2', 'secret', 'sha256'), 'base64') AS same;
-- The published vectors (docs/signature-vectors.json, written by a program of its own).
\getenv here PG_ABS_SRCDIR
\set file :here/../docs/signature-vectors.json
\set vectors `cat :'file'`
SELECT v->>'name' AS name,
       citybigdata.canonical_request(v->>'method', v->>'path', v->>'query', convert_to(v->>'body', 'UTF8'), (v->>'timestamp')::bigint, v->>'nonce',
                                     v->>'algorithm') = v->>'canonicalRequest' AS canonical,
       citybigdata.sign_request(v->>'secret', v->>'method', v->>'path', v->>'query', convert_to(v->>'body', 'UTF8'), (v->>'timestamp')::bigint, v->>'nonce',
                                v->>'algorithm') = v->>'signature' AS signature
FROM json_array_elements(:'vectors'::json->'signature') v;
SELECT v->>'name' AS name,
       citybigdata.artemis_string(v->>'method', v->>'path', v->>'query', v->>'form', h.lines, v->>'signedHeaders') = v->>'stringToSign' AS string,
       citybigdata.sign_artemis(v->>'secret', v->>'method', v->>'path', v->>'query', v->>'form', h.lines, v->>'signedHeaders') = v->>'signature' AS signature
FROM json_array_elements(:'vectors'::json->'artemis') v,
     LATERAL (SELECT array_agg(key || ': ' || value) AS lines FROM json_each_text(v->'headers')) h;
