-- OAuth 2.0: what an account consented to, the codes that lead there, and refresh tokens. Digests only.
CREATE TABLE citybigdata.oauth_grant (
    family_id  bigint NOT NULL CONSTRAINT oauth_grant_pkey PRIMARY KEY,
    app_id     integer NOT NULL CONSTRAINT oauth_grant_app_id_fkey REFERENCES citybigdata.application,
    account_id bigint NOT NULL CONSTRAINT oauth_grant_account_id_fkey REFERENCES citybigdata.account,
    resources  text[] NOT NULL,
    generation integer NOT NULL DEFAULT 1,
    granted_at timestamptz NOT NULL,
    rotated_at timestamptz,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz
);
CREATE INDEX oauth_grant_app_id_idx ON citybigdata.oauth_grant (app_id);
COMMENT ON TABLE citybigdata.oauth_grant IS
'Consents: a family of refresh and access tokens that began with one authorisation code (RFC 6749 4.1, RFC 9700 4.14)';
COMMENT ON COLUMN citybigdata.oauth_grant.family_id IS 'Ties the tokens together: they are revoked together';
COMMENT ON COLUMN citybigdata.oauth_grant.app_id IS 'The client';
COMMENT ON COLUMN citybigdata.oauth_grant.account_id IS 'The account that consented: the one that owns the application';
COMMENT ON COLUMN citybigdata.oauth_grant.resources IS 'Resources consented to; what the application is granted now is checked on every request beside it';
COMMENT ON COLUMN citybigdata.oauth_grant.generation IS 'Generation of the refresh tokens that are good now: one more with each rotation';
COMMENT ON COLUMN citybigdata.oauth_grant.granted_at IS 'When the code was redeemed';
COMMENT ON COLUMN citybigdata.oauth_grant.rotated_at IS 'When a refresh token was last exchanged for the next';
COMMENT ON COLUMN citybigdata.oauth_grant.expires_at IS 'No refresh from then on, however often it was refreshed (citybigdata.refresh_absolute_ttl)';
COMMENT ON COLUMN citybigdata.oauth_grant.revoked_at IS 'When it was revoked, or a used token of it came back; null = not';

CREATE TABLE citybigdata.oauth_code (
    code_digest    bytea NOT NULL CONSTRAINT oauth_code_pkey PRIMARY KEY
        CONSTRAINT oauth_code_digest_check CHECK (pg_catalog.octet_length(code_digest) OPERATOR(pg_catalog.=) 32),
    family_id      bigint NOT NULL CONSTRAINT oauth_code_family_id_key UNIQUE,
    app_id         integer NOT NULL CONSTRAINT oauth_code_app_id_fkey REFERENCES citybigdata.application,
    account_id     bigint NOT NULL CONSTRAINT oauth_code_account_id_fkey REFERENCES citybigdata.account,
    redirect_uri   text,
    code_challenge text,
    resources      text[] NOT NULL,
    issued_at      timestamptz NOT NULL,
    expires_at     timestamptz NOT NULL,
    used_at        timestamptz
);
CREATE INDEX oauth_code_expires_at_idx ON citybigdata.oauth_code (expires_at);
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

CREATE TABLE citybigdata.refresh_token (
    token_digest bytea NOT NULL CONSTRAINT refresh_token_pkey PRIMARY KEY
        CONSTRAINT refresh_token_digest_check CHECK (pg_catalog.octet_length(token_digest) OPERATOR(pg_catalog.=) 32),
    family_id    bigint NOT NULL CONSTRAINT refresh_token_family_id_fkey REFERENCES citybigdata.oauth_grant ON DELETE CASCADE,
    generation   integer NOT NULL,
    issued_at    timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    used_at      timestamptz
);
CREATE INDEX refresh_token_family_id_idx ON citybigdata.refresh_token (family_id);
COMMENT ON TABLE citybigdata.refresh_token IS 'Refresh tokens: each is good once; used ones are kept to recognise a replay (RFC 9700 4.14.2)';
COMMENT ON COLUMN citybigdata.refresh_token.token_digest IS 'SHA-256 of the token';
COMMENT ON COLUMN citybigdata.refresh_token.family_id IS 'The consent it belongs to';
COMMENT ON COLUMN citybigdata.refresh_token.generation IS 'Good while it equals that of its family';
COMMENT ON COLUMN citybigdata.refresh_token.issued_at IS 'When it was issued';
COMMENT ON COLUMN citybigdata.refresh_token.expires_at IS 'Refused from then on (citybigdata.refresh_ttl after its issue)';
COMMENT ON COLUMN citybigdata.refresh_token.used_at IS 'When it was exchanged; null = not yet';
