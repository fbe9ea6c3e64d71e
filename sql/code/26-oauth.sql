-- OAuth 2.0: what the bridge's /oauth endpoints call. Replies are the RFCs' own shapes, refusals {error, error_description}.
COMMENT ON TABLE citybigdata.oauth_grant IS
'Consents: a family of refresh and access tokens that began with one authorisation code (RFC 6749 4.1, RFC 9700 4.14)';
COMMENT ON COLUMN citybigdata.oauth_grant.family_id IS 'Ties the tokens together: they are revoked together';
COMMENT ON COLUMN citybigdata.oauth_grant.app_id IS 'The client';
COMMENT ON COLUMN citybigdata.oauth_grant.account_id IS 'The account that consented: the one that owns the application; of the operators'' client, the one that signed in';
COMMENT ON COLUMN citybigdata.oauth_grant.resources IS 'Resources consented to; what the application is granted now is checked on every request beside it';
COMMENT ON COLUMN citybigdata.oauth_grant.generation IS 'Generation of the refresh tokens that are good now: one more with each rotation';
COMMENT ON COLUMN citybigdata.oauth_grant.granted_at IS 'When the code was redeemed';
COMMENT ON COLUMN citybigdata.oauth_grant.rotated_at IS 'When a refresh token was last exchanged for the next';
COMMENT ON COLUMN citybigdata.oauth_grant.expires_at IS 'No refresh from then on, however often it was refreshed (citybigdata.refresh_absolute_ttl)';
COMMENT ON COLUMN citybigdata.oauth_grant.revoked_at IS 'When it was revoked, or a used token of it came back; null = not';
COMMENT ON COLUMN citybigdata.oauth_grant.app_epoch IS 'Epoch of the client when it was consented to; void in another';
COMMENT ON COLUMN citybigdata.oauth_grant.account_epoch IS 'Epoch of the account whose password consented; void in another';
COMMENT ON COLUMN citybigdata.oauth_grant.session_id IS 'The session of the browser that it came of (login_session) and ends with; null = none';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.oauth_grant', '');

COMMENT ON TABLE citybigdata.oauth_code IS 'Authorisation codes of OAuth 2.0 (RFC 6749 4.1.2); used ones are kept to recognise a replay. Not accepted by /auth/token';
COMMENT ON COLUMN citybigdata.oauth_code.code_digest IS 'SHA-256 of the code';
COMMENT ON COLUMN citybigdata.oauth_code.family_id IS 'The family that its tokens will belong to; from the sequence of auth_code, so that families of both are distinct';
COMMENT ON COLUMN citybigdata.oauth_code.app_id IS 'The client that it was issued to';
COMMENT ON COLUMN citybigdata.oauth_code.account_id IS 'The account that consented';
COMMENT ON COLUMN citybigdata.oauth_code.redirect_uri IS 'redirect_uri of the request, which the redemption must repeat; null = it was left out';
COMMENT ON COLUMN citybigdata.oauth_code.code_challenge IS 'PKCE challenge, S256 (RFC 7636); null = a confidential client that sent none';
COMMENT ON COLUMN citybigdata.oauth_code.resources IS 'Resources consented to';
COMMENT ON COLUMN citybigdata.oauth_code.issued_at IS 'When it was issued';
COMMENT ON COLUMN citybigdata.oauth_code.expires_at IS 'When it becomes void unused';
COMMENT ON COLUMN citybigdata.oauth_code.used_at IS 'When it was redeemed, rightly or not; null = not yet';
COMMENT ON COLUMN citybigdata.oauth_code.app_epoch IS 'Epoch of the client when it was consented to';
COMMENT ON COLUMN citybigdata.oauth_code.account_epoch IS 'Epoch of the account whose password consented';
COMMENT ON COLUMN citybigdata.oauth_code.session_id IS 'The session of the browser, which ends it; null = none';
COMMENT ON COLUMN citybigdata.oauth_code.administrator IS 'The account signed in as an administrator, with its second factor: redeemed for an administrator''s token, or not at all';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.oauth_code', '');

COMMENT ON TABLE citybigdata.refresh_token IS 'Refresh tokens: each can be used once; used ones are kept to recognise a replay (RFC 9700 4.14.2)';
COMMENT ON COLUMN citybigdata.refresh_token.token_digest IS 'SHA-256 of the token';
COMMENT ON COLUMN citybigdata.refresh_token.family_id IS 'The consent it belongs to';
COMMENT ON COLUMN citybigdata.refresh_token.generation IS 'Good while it equals that of its family';
COMMENT ON COLUMN citybigdata.refresh_token.issued_at IS 'When it was issued';
COMMENT ON COLUMN citybigdata.refresh_token.expires_at IS 'Refused from then on (citybigdata.refresh_ttl after its issue)';
COMMENT ON COLUMN citybigdata.refresh_token.used_at IS 'When it was exchanged; null = not yet';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.refresh_token', '');

CREATE OR REPLACE FUNCTION citybigdata.rest_oauth_authorize_check(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    response_type text, client_id text, redirect_uri text, scope text, state text, code_challenge text, code_challenge_method text,
    prompt text, issuer text, session bytea) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_oauth_authorize_check' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_oauth_authorize_check(text, inet, text, text, bytea, text, text, text, text, text, text, text, text, text, bytea) IS
'GET /oauth/authorize (RFC 6749 4.1.1, 7636): {page: {clientId, signIn, organization, redirectUri, resources}} to show, or {redirect} with the error, state '
'and iss (RFC 9207) for the client; for the console with a code, when session (SHA-256 of the cookie) is one that counts. prompt: none, login, consent, '
'select_account (OpenID Connect 3.1.2.1). 40006, 40013, 40024, 40007: an error that goes to no client';

CREATE OR REPLACE FUNCTION citybigdata.rest_oauth_authorize_decide(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    response_type text, client_id text, redirect_uri text, scope text, state text, code_challenge text, code_challenge_method text,
    prompt text, issuer text, session bytea, user_name text, password text, decision text, totp text DEFAULT NULL) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_oauth_authorize_decide' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_oauth_authorize_decide(text, inet, text, text, bytea, text, text, text, text, text, text, text, text, text, bytea, text, text, text, text) IS
'POST /oauth/authorize: decision allow (by the account that owns the application, with its password; at the operators'' client by any account with a post or '
'an administrator''s role) or deny; {redirect} with code or error, state and iss, and {session} for the cookie of the console''s browser, whose session of '
'before ends. As authorize_check, and 40101, 40312, 42201, 42901 with the page to show again. A reservation by rest_login_reserve() is used up';

CREATE OR REPLACE FUNCTION citybigdata.rest_oauth_logout(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    session bytea) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_oauth_logout' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_oauth_logout(text, inet, text, text, bytea, bytea) IS
'POST /oauth/logout: ends the session of the cookie (its SHA-256) with the codes and tokens that came of it; the same answer when there is none';

CREATE OR REPLACE FUNCTION citybigdata.rest_oauth_token(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    grant_type text, code bytea, redirect_uri text, code_verifier text, refresh_token bytea, scope text, client_id text,
    client_secret text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_oauth_token' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_oauth_token(text, inet, text, text, bytea, text, bytea, text, text, bytea, text, text, text) IS
'POST /oauth/token (RFC 6749 5): grant_type authorization_code, refresh_token or client_credentials; code and refresh_token as SHA-256. Codes and '
'refresh tokens can be used once: a replay revokes the family. 40101 invalid_client, 40012 invalid_grant, 40006, 40015 invalid_request, 40020, 40021, 40022, 42901';

CREATE OR REPLACE FUNCTION citybigdata.rest_oauth_revoke(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    token bytea, token_type_hint text, client_id text, client_secret text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_oauth_revoke' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_oauth_revoke(text, inet, text, text, bytea, bytea, text, text, text) IS
'POST /oauth/revoke (RFC 7009): an access token, or a refresh token with its family; token: its SHA-256. 40101, 40006, 40015, 42901';

CREATE OR REPLACE FUNCTION citybigdata.rest_oauth_introspect(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    token bytea, token_type_hint text, client_id text, client_secret text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_oauth_introspect' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_oauth_introspect(text, inet, text, text, bytea, bytea, text, text, text) IS
'POST /oauth/introspect (RFC 7662): a token of the authenticated client; {active: false} for every other. 40101, 40006, 40015, 42901';

CREATE OR REPLACE FUNCTION citybigdata.revoke_consent(app_code text) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    revoked integer;
BEGIN
    -- codes that were not redeemed yet first: this waits for a redemption under way, whose consent is then found below
    UPDATE citybigdata.oauth_code AS k SET used_at = clock_timestamp() FROM citybigdata.application a
    WHERE a.app_code = revoke_consent.app_code AND k.app_id = a.app_id AND k.used_at IS NULL;
    UPDATE citybigdata.oauth_grant AS o SET revoked_at = clock_timestamp() FROM citybigdata.application a
    WHERE a.app_code = revoke_consent.app_code AND o.app_id = a.app_id AND o.revoked_at IS NULL;
    GET DIAGNOSTICS revoked = ROW_COUNT;
    UPDATE citybigdata.access_token AS t SET revoked_at = clock_timestamp() FROM citybigdata.application a, citybigdata.oauth_grant o
    WHERE a.app_code = revoke_consent.app_code AND o.app_id = a.app_id AND t.family_id = o.family_id AND t.revoked_at IS NULL;
    PERFORM citybigdata.audit_event('oauth.revoke', revoke_consent.app_code, format('%s consents', revoked));
    RETURN revoked;
END
$$;
COMMENT ON FUNCTION citybigdata.revoke_consent(text) IS
'Revokes every consent given to an application, with its codes, all refresh and access tokens and sealed addresses that came of them; returns how many';

CREATE OR REPLACE FUNCTION citybigdata.maintain_oauth() RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    removed bigint;
    total bigint;
BEGIN
    -- a used code is kept as long as its family, so that a replay is recognised
    DELETE FROM citybigdata.oauth_grant WHERE family_id IN
        (SELECT family_id FROM citybigdata.oauth_grant WHERE expires_at < now() - interval '1 day' LIMIT 10000);
    GET DIAGNOSTICS total = ROW_COUNT;
    DELETE FROM citybigdata.oauth_code WHERE code_digest IN
        (SELECT k.code_digest FROM citybigdata.oauth_code k WHERE k.expires_at < now() - interval '1 day'
         AND NOT EXISTS (SELECT FROM citybigdata.oauth_grant o WHERE o.family_id = k.family_id) LIMIT 10000);
    GET DIAGNOSTICS removed = ROW_COUNT;
    total := total + removed;
    -- a session of this age counts for nothing, whatever citybigdata.login_session_ttl was
    DELETE FROM citybigdata.login_session WHERE session_id IN
        (SELECT session_id FROM citybigdata.login_session WHERE began_at < now() - interval '8 days' LIMIT 10000);
    GET DIAGNOSTICS removed = ROW_COUNT;
    RETURN total + removed;
END
$$;
COMMENT ON FUNCTION citybigdata.maintain_oauth() IS
'Removes consents that ended with their refresh tokens, codes without effect, and old sessions; returns how many';
