-- Sealed service addresses: sealing, opening, keys.
COMMENT ON TABLE citybigdata.sealing_key IS 'Keys of sealed addresses; the first is made when one is needed';
COMMENT ON COLUMN citybigdata.sealing_key.key_id IS 'Number of the key, in every address that it sealed';
COMMENT ON COLUMN citybigdata.sealing_key.secret IS '32 random bytes, encrypted with the master key';
COMMENT ON COLUMN citybigdata.sealing_key.state IS 'active (seals and opens; one at most), retired (opens), revoked (what it sealed is void)';
COMMENT ON COLUMN citybigdata.sealing_key.created_at IS 'When it was made';
COMMENT ON COLUMN citybigdata.sealing_key.changed_at IS 'When its state last changed';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.sealing_key', '');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.sealing_key_key_id_seq', '');

COMMENT ON TABLE citybigdata.sealed_use IS 'Sealed addresses with a maximum of uses; the others have no row';
COMMENT ON COLUMN citybigdata.sealed_use.seal_id IS 'Number inside the sealed address';
COMMENT ON COLUMN citybigdata.sealed_use.app_id IS 'The application that the address is bound to';
COMMENT ON COLUMN citybigdata.sealed_use.uses IS 'How often it was opened; one conditional UPDATE counts';
COMMENT ON COLUMN citybigdata.sealed_use.max_uses IS 'How often it may be opened';
COMMENT ON COLUMN citybigdata.sealed_use.expires_at IS 'When the address ends; expire_sealed_uses() then removes the row';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.sealed_use', '');

CREATE OR REPLACE FUNCTION citybigdata.seal_url(app_code text, resource text, params jsonb DEFAULT '{}', expires_in interval DEFAULT '1 hour',
                                                cidr cidr DEFAULT NULL, max_uses integer DEFAULT NULL) RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_seal_url' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.seal_url(text, text, jsonb, interval, cidr, integer) IS
'The sealed address (clause 5.2-c) under which this application reaches this resource with these parameters, without further credentials, until expires_in is over '
'(at most citybigdata.sealed_url_ttl), optionally from an address range only and so many times only. Whoever has it can use it. resource /ogc: the base address of OGC API Features, below which '
'every collection is judged by its own grant; it has neither params nor max_uses';

CREATE OR REPLACE FUNCTION citybigdata.open_url(url text, client_addr inet DEFAULT pg_catalog.inet_client_addr(), OUT status_code integer, OUT message text,
                                                OUT app_code text, OUT resource text, OUT params jsonb, OUT expires_at timestamptz,
                                                OUT uses_left integer) RETURNS record
    AS 'MODULE_PATHNAME', 'cbd_open_url' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.open_url(text, inet) IS
'Opens a sealed address as GET /s/{sealed} does, its use counted: status_code 0 and what is inside, or one refusal for whatever reason (tampering, end, '
'another address, used up, application or grant no longer valid); the reason is in the audit log. url: the address or its token';

CREATE OR REPLACE FUNCTION citybigdata.rest_seal_url(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
                                                     resource text, params text, expires_in text, cidr text, max_uses text,
                                                     key text, user_name text, password text, totp text DEFAULT NULL) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_seal_url' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_seal_url(text, inet, text, text, bytea, text, text, text, text, text, text, text, text, text) IS
'POST /auth/sealed-url: {"url","expiresIn"}, for the caller of the request, or with scheme none for appCode with key or user_name and password';

CREATE OR REPLACE FUNCTION citybigdata.rest_open_url(request_id text, client_addr inet, app_code text, scheme text, credential bytea, sealed text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_open_url' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_open_url(text, inet, text, text, bytea, text) IS
'GET /s/{sealed}: {"appCode","resource","params","expiresAt"}; the bridge then calls the resource''s endpoint with those parameters, scheme sealed and '
'the token''s bytes as credential';

CREATE OR REPLACE FUNCTION citybigdata.rotate_sealing_key() RETURNS integer
    AS 'MODULE_PATHNAME', 'cbd_rotate_sealing_key' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rotate_sealing_key() IS
'Makes a new sealing key and returns its number; the one before it opens what it sealed, and seals no more';

CREATE OR REPLACE FUNCTION citybigdata.revoke_sealing_key(key_id integer) RETURNS boolean
    AS 'MODULE_PATHNAME', 'cbd_revoke_sealing_key' LANGUAGE c VOLATILE STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.revoke_sealing_key(integer) IS
'Makes void whatever this key sealed; false when there is no such key or it was revoked before';

CREATE OR REPLACE FUNCTION citybigdata.expire_sealed_uses(at_most integer DEFAULT 10000) RETURNS integer
    LANGUAGE sql VOLATILE STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH gone AS (
        DELETE FROM citybigdata.sealed_use WHERE seal_id IN (
            SELECT u.seal_id FROM citybigdata.sealed_use u WHERE u.expires_at < clock_timestamp() LIMIT at_most FOR UPDATE SKIP LOCKED)
        RETURNING 1)
    SELECT count(*)::integer FROM gone
$$;
COMMENT ON FUNCTION citybigdata.expire_sealed_uses(integer) IS
'Housekeeping: removes the counts of sealed addresses that have ended, at most so many; returns how many';
