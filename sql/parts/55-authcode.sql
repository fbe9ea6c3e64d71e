-- One-time codes and tokens: from SQL and the endpoints. Refusals are rows or frames: a raised error would undo the counting.
CREATE FUNCTION citybigdata.issue_auth_code(app_code text, method text, key text DEFAULT NULL, user_name text DEFAULT NULL,
    password text DEFAULT NULL, client_addr inet DEFAULT NULL,
    OUT status_code integer, OUT message text, OUT auth_code text, OUT expires_in integer, OUT retry_after integer)
    AS 'MODULE_PATHNAME', 'cbd_issue_auth_code' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.issue_auth_code(text, text, text, text, text, inet) IS
'Authenticates an application and makes a one-time code of 256 random bits (clauses 5.3.5, 5.5). method: key, password or ip (then client_addr). '
'status_code 0, or 40013, 40014, 40101, 40104, 40300, 40303, 42201, 42901 with retry_after; times in seconds. Code, key and password are secrets: '
'keep the statement out of logs';

CREATE FUNCTION citybigdata.exchange_auth_code(app_code text, auth_code text,
    OUT status_code integer, OUT message text, OUT access_token text, OUT expires_in integer, OUT retry_after integer)
    AS 'MODULE_PATHNAME', 'cbd_exchange_auth_code' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.exchange_auth_code(text, text) IS
'Exchanges a code for a bearer token, once (clauses 5.2-e, 5.3.5); a replay revokes the token. status_code 0, or 40012, 40013, 40300, 40104, '
'42201, 42901 with retry_after; expires_in in seconds';

CREATE FUNCTION citybigdata.check_token(token text, OUT status_code integer, OUT message text, OUT app_code text, OUT user_name text,
    OUT administrator boolean, OUT profile text, OUT level integer)
    AS 'MODULE_PATHNAME', 'cbd_check_token' LANGUAGE c STABLE STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.check_token(text) IS
'Whom a bearer token stands for now; status_code 0, 40102 (unknown, expired, revoked, suspended) or 40104 (bound to other addresses)';

CREATE FUNCTION citybigdata.revoke_token(token text) RETURNS boolean
    AS 'MODULE_PATHNAME', 'cbd_revoke_token' LANGUAGE c VOLATILE STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.revoke_token(text) IS 'Revokes a bearer token, or a refresh token with all tokens of its family; true when it was valid until now';

CREATE FUNCTION citybigdata.rest_auth_code(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    method text, key text, user_name text, password text, reserved boolean) RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_rest_auth_code' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_auth_code(text, inet, text, text, bytea, text, text, text, text, boolean) IS
'POST /auth/code: {authCode, expiresIn} (clauses 5.3.5, 5.5). 40013, 40014, 422nn fields; 40101 whatever is wrong; 40104, 40303, 40300; 42901 locked. '
'A reservation by rest_login_reserve() under the same requestId is used up; reserved itself decides nothing';

CREATE FUNCTION citybigdata.rest_auth_token(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    auth_code bytea, resources text[] DEFAULT NULL, level text DEFAULT NULL, bind_address boolean DEFAULT NULL) RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_rest_auth_token' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_auth_token(text, inet, text, text, bytea, bytea, text[], text, boolean) IS
'POST /auth/token: {accessToken, tokenType, expiresIn}; auth_code: SHA-256 of the code (clause 5.2-e). resources, level (1-4), bind_address narrow the '
'token: to some of the granted resources, to a data level, to this client address. 40012 unknown, expired, used or another application''s; 40013; '
'40104; 40300; 422nn; 42901';

CREATE FUNCTION citybigdata.rest_auth_revoke(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    token bytea) RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_rest_auth_revoke' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_auth_revoke(text, inet, text, text, bytea, bytea) IS
'POST /auth/revoke (RFC 7009 in the envelope): revokes a token of the caller, a refresh token with its family; token: its SHA-256. 401nn; 42201';

CREATE FUNCTION citybigdata.rest_auth_introspect(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    token bytea) RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_rest_auth_introspect' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_auth_introspect(text, inet, text, text, bytea, bytea) IS
'POST /auth/introspect (RFC 7662 in the envelope): {active, scope, client_id, username, token_type, exp, iat, level} of a token of the caller; '
'administrators: of any. {active: false} for every other. token: its SHA-256. 401nn; 42201';
