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
    revoked_at timestamptz,
    app_epoch  integer NOT NULL,
    account_epoch integer NOT NULL,
    session_id bigint
);
CREATE INDEX oauth_grant_app_id_idx ON citybigdata.oauth_grant (app_id);
CREATE INDEX oauth_grant_account_id_idx ON citybigdata.oauth_grant (account_id);
CREATE INDEX oauth_grant_session_id_idx ON citybigdata.oauth_grant (session_id) WHERE session_id IS NOT NULL;

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
    used_at        timestamptz,
    app_epoch      integer NOT NULL,
    account_epoch  integer NOT NULL,
    session_id     bigint,
    administrator  boolean NOT NULL DEFAULT false
);
CREATE INDEX oauth_code_session_id_idx ON citybigdata.oauth_code (session_id) WHERE session_id IS NOT NULL;
CREATE INDEX oauth_code_expires_at_idx ON citybigdata.oauth_code (expires_at);

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
