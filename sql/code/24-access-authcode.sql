-- One-time codes and tokens: from SQL and the endpoints. Refusals are rows or frames: a raised error would undo the counting.
COMMENT ON TABLE citybigdata.auth_code IS 'One-time authorisation codes 授权码 (clause 5.3.5); used ones are kept to recognise a replay';
COMMENT ON COLUMN citybigdata.auth_code.code_digest IS 'SHA-256 of the code';
COMMENT ON COLUMN citybigdata.auth_code.family_id IS 'Ties a code to the tokens made from it: a replay of the code revokes them';
COMMENT ON COLUMN citybigdata.auth_code.app_id IS 'The application that it was issued to';
COMMENT ON COLUMN citybigdata.auth_code.method IS 'How the application had authenticated: key, password, signature, ip';
COMMENT ON COLUMN citybigdata.auth_code.issued_at IS 'When it was issued';
COMMENT ON COLUMN citybigdata.auth_code.expires_at IS 'When it becomes void unused';
COMMENT ON COLUMN citybigdata.auth_code.used_at IS 'When it was spent; null = not yet';
COMMENT ON COLUMN citybigdata.auth_code.app_epoch IS 'Epoch of the application that it was issued in; void in another';
COMMENT ON COLUMN citybigdata.auth_code.account_epoch IS 'Epoch of the account, of method password; void in another';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.auth_code', '');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.auth_code_family_id_seq', '');

COMMENT ON TABLE citybigdata.access_token IS 'Bearer tokens 访问令牌 (clause 5.2-e)';
COMMENT ON COLUMN citybigdata.access_token.token_digest IS 'SHA-256 of the token';
COMMENT ON COLUMN citybigdata.access_token.family_id IS 'family_id of the code it was made from; null for an administrator''s log-in and for client credentials';
COMMENT ON COLUMN citybigdata.access_token.app_id IS 'The application; null for an administrator''s token';
COMMENT ON COLUMN citybigdata.access_token.account_id IS 'The account: owner of the application, or the administrator';
COMMENT ON COLUMN citybigdata.access_token.resources IS 'Only these of the application''s granted resources; null = all of them';
COMMENT ON COLUMN citybigdata.access_token.level IS 'Highest data level, where it is below that of the grant; null = that of the grant';
COMMENT ON COLUMN citybigdata.access_token.client_addr IS 'The only client address that it is accepted from; null = any';
COMMENT ON COLUMN citybigdata.access_token.issued_at IS 'When it was issued';
COMMENT ON COLUMN citybigdata.access_token.last_used_at IS
'About when it was last used: written at most once a minute, for the idle expiry (citybigdata.token_idle_ttl); null = not yet';
COMMENT ON COLUMN citybigdata.access_token.expires_at IS 'Refused from then on';
COMMENT ON COLUMN citybigdata.access_token.revoked_at IS 'When it was revoked; null = not';
COMMENT ON COLUMN citybigdata.access_token.app_epoch IS 'Epoch of the application that it was made in; refused in another';
COMMENT ON COLUMN citybigdata.access_token.account_epoch IS 'Epoch of the account whose password it was made with; refused in another; null = by no password';
COMMENT ON COLUMN citybigdata.access_token.by_address IS 'Made by method ip: accepted from the application''s address ranges only, as they are now';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.access_token', '');

CREATE OR REPLACE FUNCTION citybigdata.granted(app_id integer, token bytea, resource text, level integer) RETURNS boolean
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (SELECT FROM citybigdata.app_grant g WHERE g.app_id = $1 AND g.resource = $3 AND g.state = 'active'
                   AND (g.valid_until IS NULL OR g.valid_until > now()) AND g.level >= coalesce($4, 1))
       AND ($2 IS NULL OR EXISTS (SELECT FROM citybigdata.access_token t WHERE t.token_digest = $2
                                  AND (t.resources IS NULL OR $3 = ANY (t.resources)) AND coalesce(t.level, 4) >= coalesce($4, 1)))
$$;
COMMENT ON FUNCTION citybigdata.granted(integer, bytea, text, integer) IS
'May the application use a resource of this level (null: 1), and, where the digest of a narrowed token is given, may that token? For lists; every request is judged by itself';

CREATE OR REPLACE FUNCTION citybigdata.issue_auth_code(app_code text, method text, key text DEFAULT NULL, user_name text DEFAULT NULL,
    password text DEFAULT NULL, client_addr inet DEFAULT NULL,
    OUT status_code integer, OUT message text, OUT auth_code text, OUT expires_in integer, OUT retry_after integer)
    AS 'MODULE_PATHNAME', 'cbd_issue_auth_code' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.issue_auth_code(text, text, text, text, text, inet) IS
'Authenticates an application and makes a one-time code of 256 random bits (clauses 5.3.5, 5.5). method: key, password or ip (then client_addr). '
'status_code 0, or 40013, 40014, 40101, 40104, 40300, 40303, 42201, 42901 with retry_after; times in seconds. Code, key and password are secrets: '
'keep the statement out of logs';

CREATE OR REPLACE FUNCTION citybigdata.exchange_auth_code(app_code text, auth_code text, client_addr inet DEFAULT NULL,
    OUT status_code integer, OUT message text, OUT access_token text, OUT expires_in integer, OUT retry_after integer)
    AS 'MODULE_PATHNAME', 'cbd_exchange_auth_code' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.exchange_auth_code(text, text, inet) IS
'Exchanges a code for a bearer token, once (clauses 5.2-e, 5.3.5), one of method ip from the same address ranges (client_addr); a replay revokes the token. status_code 0, or 40012, 40013, 40300, 40104, '
'42201, 42901 with retry_after; expires_in in seconds';

CREATE OR REPLACE FUNCTION citybigdata.check_token(token text, OUT status_code integer, OUT message text, OUT app_code text, OUT user_name text,
    OUT administrator boolean, OUT profile text, OUT level integer)
    AS 'MODULE_PATHNAME', 'cbd_check_token' LANGUAGE c STABLE STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.check_token(text) IS
'Whom a bearer token stands for now; status_code 0, 40102 (unknown, expired, revoked, suspended) or 40104 (bound to other addresses)';

CREATE OR REPLACE FUNCTION citybigdata.revoke_token(token text) RETURNS boolean
    AS 'MODULE_PATHNAME', 'cbd_revoke_token' LANGUAGE c VOLATILE STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.revoke_token(text) IS 'Revokes a bearer token, or a refresh token with all tokens of its family; true when it was valid until now';

CREATE OR REPLACE FUNCTION citybigdata.rest_auth_code(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    method text, key text, user_name text, password text, reserved boolean, totp text DEFAULT NULL) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_auth_code' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_auth_code(text, inet, text, text, bytea, text, text, text, text, boolean, text) IS
'POST /auth/code: {authCode, expiresIn} (clauses 5.3.5, 5.5). 40013, 40014, 422nn fields; 40101 whatever is wrong; 40104, 40303, 40300; 42901 locked. '
'A reservation by rest_login_reserve() under the same requestId is used up; reserved itself decides nothing';

CREATE OR REPLACE FUNCTION citybigdata.rest_auth_token(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    auth_code bytea, resources text[] DEFAULT NULL, level text DEFAULT NULL, bind_address boolean DEFAULT NULL) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_auth_token' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_auth_token(text, inet, text, text, bytea, bytea, text[], text, boolean) IS
'POST /auth/token: {accessToken, tokenType, expiresIn}; auth_code: SHA-256 of the code (clause 5.2-e). resources, level (1-4), bind_address narrow the '
'token: to some of the granted resources, to a data level, to this client address. 40012 unknown, expired, used or another application''s; 40013; '
'40104; 40300; 422nn; 42901';

CREATE OR REPLACE FUNCTION citybigdata.rest_auth_revoke(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    token bytea) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_auth_revoke' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_auth_revoke(text, inet, text, text, bytea, bytea) IS
'POST /auth/revoke (RFC 7009 in the envelope): revokes a token of the caller, a refresh token with its family; token: its SHA-256. 401nn; 42201';

CREATE OR REPLACE FUNCTION citybigdata.rest_auth_introspect(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    token bytea) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_auth_introspect' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_auth_introspect(text, inet, text, text, bytea, bytea) IS
'POST /auth/introspect (RFC 7662 in the envelope): {active, scope, client_id, username, token_type, exp, iat, level} of a token of the caller; '
'administrators: of any. {active: false} for every other. token: its SHA-256. 401nn; 42201';
-- Housekeeping, for maintain().
CREATE OR REPLACE FUNCTION citybigdata.maintain_access() RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    token_ttl interval := current_setting('citybigdata.token_ttl')::interval;
    lock_time interval := current_setting('citybigdata.lockout_duration')::interval;
    removed bigint;
    total bigint := 0;
BEGIN
    -- a used code is kept as long as a token made from it can live, so that a replay is recognised
    DELETE FROM citybigdata.auth_code WHERE code_digest IN
        (SELECT code_digest FROM citybigdata.auth_code WHERE expires_at < now() - token_ttl - interval '1 day' LIMIT 10000);
    GET DIAGNOSTICS removed = ROW_COUNT;
    total := total + removed;
    DELETE FROM citybigdata.access_token WHERE token_digest IN
        (SELECT token_digest FROM citybigdata.access_token WHERE expires_at < now() - interval '1 day' LIMIT 10000);
    GET DIAGNOSTICS removed = ROW_COUNT;
    total := total + removed;
    -- a log-in locks its address row first, then its subject's: never wait for one of them here
    DELETE FROM citybigdata.lockout WHERE (kind, subject, address) IN
        (SELECT l.kind, l.subject, l.address FROM citybigdata.lockout l
         WHERE l.last_attempt_at < now() - CASE WHEN l.kind = 'totp' OR l.succeeded_at IS NOT NULL THEN interval '30 days'
                                                WHEN l.kind = 'account' AND l.address = '' THEN interval '1 day' ELSE lock_time END
           AND coalesce(l.locked_until < now(), true) LIMIT 10000 FOR UPDATE SKIP LOCKED);
    GET DIAGNOSTICS removed = ROW_COUNT;
    total := total + removed;
    UPDATE citybigdata.admin_proposal SET state = 'expired' WHERE state = 'open' AND expires_at < now();
    DELETE FROM citybigdata.login_reservation WHERE reserved_at < now() - interval '5 minutes';
    GET DIAGNOSTICS removed = ROW_COUNT;
    RETURN total + removed;
END
$$;
COMMENT ON FUNCTION citybigdata.maintain_access() IS 'Removes codes, tokens, lock-outs and reservations that have no effect any more; returns how many';

CREATE OR REPLACE FUNCTION citybigdata.rest_may_upload(request_id text, client_addr inet, app_code text, scheme text, credential bytea) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_may_upload' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_may_upload(text, inet, text, text, bytea) IS
'May more than the first 64 KiB of a body come? 0: a credential that counts, or (scheme none) a client address inside the range of an application that '
'reports by its address. Nothing is used up or decided: the request is authorised when its body is there. 401nn';

CREATE OR REPLACE FUNCTION citybigdata.rest_spend_code(request_id text, client_addr inet, app_code text, scheme text, credential bytea) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_spend_code' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_spend_code(text, inet, text, text, bytea) IS
'Spends the code (scheme code) of a request that the bridge has refused. 0, whether it was good or not; audited when it was, as auth.spend';
