-- Signed requests: what is signed, and the nonces that were seen.
COMMENT ON TABLE citybigdata.auth_nonce IS 'Nonces of signed requests that were accepted (clause 5.5-c); a second request with the same one is a replay';
COMMENT ON COLUMN citybigdata.auth_nonce.app_id IS 'The application that signed';
COMMENT ON COLUMN citybigdata.auth_nonce.nonce IS 'X-Nonce or x-ca-nonce';
COMMENT ON COLUMN citybigdata.auth_nonce.expires_at IS 'From then on the timestamp alone refuses the request; expire_nonces() removes the row';
-- nonces are of the last minutes
SELECT pg_catalog.pg_extension_config_dump('citybigdata.auth_nonce', 'WHERE false');

CREATE OR REPLACE FUNCTION citybigdata.canonical_request(method text, path text, query text, body bytea, ts bigint, nonce text,
                                                         algorithm text DEFAULT 'HMAC-SHA256') RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_canonical_request' LANGUAGE c IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.canonical_request(text, text, text, bytea, bigint, text, text) IS
'What a request''s signature is made of (clause 5.5-c): six lines joined by one line feed: method; path as sent; query with its pairs encoded one way '
'and sorted by name, then value; lower-case hexadecimal digest of the body; Unix seconds; nonce. query and body may be NULL; '
'algorithm: HMAC-SHA256 or HMAC-SM3';

CREATE OR REPLACE FUNCTION citybigdata.sign_request(secret text, method text, path text, query text, body bytea, ts bigint, nonce text,
                                                    algorithm text DEFAULT 'HMAC-SHA256') RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_sign_request' LANGUAGE c IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.sign_request(text, text, text, text, bytea, bigint, text, text) IS
'X-Signature of a request: base64 of the HMAC of canonical_request() under the signing secret. For tests and for comparing with one''s own signer; '
'mind that a secret typed into a statement may be logged';

CREATE OR REPLACE FUNCTION citybigdata.artemis_string(method text, path text, query text, form text, headers text[], signed_headers text) RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_artemis_string' LANGUAGE c IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.artemis_string(text, text, text, text, text[], text) IS
'What an Artemis-style signature is made of: method; the values of Accept, Content-MD5, Content-Type, Date, absent ones without their line; the headers that '
'signed_headers (X-Ca-Signature-Headers) lists, sorted, as name:value; path with the sorted parameters of query and form. '
'headers: lines "Name: value"';

CREATE OR REPLACE FUNCTION citybigdata.sign_artemis(secret text, method text, path text, query text, form text, headers text[], signed_headers text) RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_sign_artemis' LANGUAGE c IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.sign_artemis(text, text, text, text, text, text[], text) IS
'X-Ca-Signature of a request: base64 of the HMAC-SHA256 of artemis_string() under the signing secret';

CREATE OR REPLACE FUNCTION citybigdata.expire_nonces(at_most integer DEFAULT 10000) RETURNS integer
    LANGUAGE sql VOLATILE STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH gone AS (
        DELETE FROM citybigdata.auth_nonce WHERE (app_id, nonce) IN (
            SELECT n.app_id, n.nonce FROM citybigdata.auth_nonce n WHERE n.expires_at < clock_timestamp() LIMIT at_most FOR UPDATE SKIP LOCKED)
        RETURNING 1)
    SELECT count(*)::integer FROM gone
$$;
COMMENT ON FUNCTION citybigdata.expire_nonces(integer) IS
'Housekeeping: removes nonces whose timestamp has left the window, at most so many; returns how many';
