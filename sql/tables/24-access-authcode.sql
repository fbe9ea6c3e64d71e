-- One-time codes and access tokens: digests only (clauses 5.2-e, 5.3.5).
CREATE TABLE citybigdata.auth_code (
    code_digest bytea NOT NULL CONSTRAINT auth_code_pkey PRIMARY KEY
        CONSTRAINT auth_code_digest_check CHECK (pg_catalog.octet_length(code_digest) OPERATOR(pg_catalog.=) 32),
    family_id   bigint GENERATED ALWAYS AS IDENTITY,
    app_id      integer NOT NULL CONSTRAINT auth_code_app_id_fkey REFERENCES citybigdata.application,
    method      text NOT NULL,
    issued_at   timestamptz NOT NULL,
    expires_at  timestamptz NOT NULL,
    used_at     timestamptz,
    app_epoch   integer NOT NULL DEFAULT 1,
    account_epoch integer
);
CREATE INDEX auth_code_expires_at_idx ON citybigdata.auth_code (expires_at);

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
    revoked_at   timestamptz,
    app_epoch    integer NOT NULL DEFAULT 1,
    account_epoch integer,
    by_address   boolean NOT NULL DEFAULT false
) WITH (fillfactor = 80);
CREATE INDEX access_token_family_id_idx ON citybigdata.access_token (family_id) WHERE family_id IS NOT NULL;
CREATE INDEX access_token_expires_at_idx ON citybigdata.access_token (expires_at);
CREATE INDEX access_token_account_id_idx ON citybigdata.access_token (account_id) WHERE app_id IS NULL;
