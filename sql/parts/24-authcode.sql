-- One-time codes and access tokens: digests only (clauses 5.2-e, 5.3.5).
CREATE TABLE citybigdata.auth_code (
    code_digest bytea NOT NULL CONSTRAINT auth_code_pkey PRIMARY KEY
        CONSTRAINT auth_code_digest_check CHECK (pg_catalog.octet_length(code_digest) OPERATOR(pg_catalog.=) 32),
    family_id   bigint GENERATED ALWAYS AS IDENTITY,
    app_id      integer NOT NULL CONSTRAINT auth_code_app_id_fkey REFERENCES citybigdata.application,
    method      text NOT NULL,
    issued_at   timestamptz NOT NULL,
    expires_at  timestamptz NOT NULL,
    used_at     timestamptz
);
CREATE INDEX auth_code_expires_at_idx ON citybigdata.auth_code (expires_at);
COMMENT ON TABLE citybigdata.auth_code IS 'One-time authorisation codes 授权码 (clause 5.3.5); used ones are kept to recognise a replay';
COMMENT ON COLUMN citybigdata.auth_code.code_digest IS 'SHA-256 of the code';
COMMENT ON COLUMN citybigdata.auth_code.family_id IS 'Ties a code to the tokens made from it: a replay of the code revokes them';
COMMENT ON COLUMN citybigdata.auth_code.app_id IS 'The application that it was issued to';
COMMENT ON COLUMN citybigdata.auth_code.method IS 'How the application had authenticated: key, password, signature, ip';
COMMENT ON COLUMN citybigdata.auth_code.issued_at IS 'When it was issued';
COMMENT ON COLUMN citybigdata.auth_code.expires_at IS 'When it becomes void unused';
COMMENT ON COLUMN citybigdata.auth_code.used_at IS 'When it was spent; null = not yet';

CREATE TABLE citybigdata.access_token (
    token_digest bytea NOT NULL CONSTRAINT access_token_pkey PRIMARY KEY
        CONSTRAINT access_token_digest_check CHECK (pg_catalog.octet_length(token_digest) OPERATOR(pg_catalog.=) 32),
    family_id    bigint,
    app_id       integer CONSTRAINT access_token_app_id_fkey REFERENCES citybigdata.application,
    account_id   bigint NOT NULL CONSTRAINT access_token_account_id_fkey REFERENCES citybigdata.account,
    resources    text[],
    level        integer CONSTRAINT access_token_level_check CHECK (level BETWEEN 1 AND 4),
    client_addr  inet,
    issued_at    timestamptz NOT NULL,
    last_used_at timestamptz,
    expires_at   timestamptz NOT NULL,
    revoked_at   timestamptz
) WITH (fillfactor = 80);
CREATE INDEX access_token_family_id_idx ON citybigdata.access_token (family_id) WHERE family_id IS NOT NULL;
CREATE INDEX access_token_expires_at_idx ON citybigdata.access_token (expires_at);
CREATE INDEX access_token_account_id_idx ON citybigdata.access_token (account_id) WHERE app_id IS NULL;
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
