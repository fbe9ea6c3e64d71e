-- Operators: up to which data level a role sees (clause 4, 业务支撑; 6.3). The roles are those of table post.
CREATE TABLE citybigdata.role_level (
    role    text NOT NULL CONSTRAINT role_level_pkey PRIMARY KEY CONSTRAINT role_level_role_check
        CHECK (role OPERATOR(pg_catalog.=) ANY (ARRAY['inspector', 'desk', 'filer', 'dispatcher', 'unit', 'handler', 'verifier', 'supervisor', 'leader'])),
    level   integer NOT NULL CONSTRAINT role_level_level_check CHECK (level BETWEEN 1 AND 3),
    shipped boolean NOT NULL DEFAULT false
);

-- Sessions of browsers that signed in at the operators' client; digests only.
CREATE TABLE citybigdata.login_session (
    session_id     bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT login_session_pkey PRIMARY KEY,
    session_digest bytea NOT NULL CONSTRAINT login_session_digest_key UNIQUE
        CONSTRAINT login_session_digest_check CHECK (pg_catalog.octet_length(session_digest) OPERATOR(pg_catalog.=) 32),
    account_id     bigint NOT NULL CONSTRAINT login_session_account_id_fkey REFERENCES citybigdata.account,
    account_epoch  integer NOT NULL,
    second_factor  boolean NOT NULL,
    began_at       timestamptz NOT NULL,
    last_used_at   timestamptz NOT NULL
);
CREATE INDEX login_session_account_id_idx ON citybigdata.login_session (account_id);
