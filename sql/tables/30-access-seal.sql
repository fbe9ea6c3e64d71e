-- Sealed service addresses (clause 5.2-c, d): the keys that seal, and the uses of those addresses that are counted.
CREATE TABLE citybigdata.sealing_key (
    key_id     integer GENERATED ALWAYS AS IDENTITY CONSTRAINT sealing_key_pkey PRIMARY KEY,
    secret     bytea NOT NULL,
    state      text NOT NULL DEFAULT 'active'
        CONSTRAINT sealing_key_state_check CHECK (state OPERATOR(pg_catalog.=) ANY (ARRAY['active', 'retired', 'revoked'])),
    created_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
    changed_at timestamptz NOT NULL DEFAULT pg_catalog.now()
);
CREATE UNIQUE INDEX sealing_key_active_key ON citybigdata.sealing_key (state) WHERE state OPERATOR(pg_catalog.=) 'active';

CREATE TABLE citybigdata.sealed_use (
    seal_id    uuid NOT NULL CONSTRAINT sealed_use_pkey PRIMARY KEY,
    app_id     integer NOT NULL CONSTRAINT sealed_use_app_id_fkey REFERENCES citybigdata.application ON DELETE CASCADE,
    uses       integer NOT NULL DEFAULT 0,
    max_uses   integer NOT NULL CONSTRAINT sealed_use_max_uses_check CHECK (max_uses OPERATOR(pg_catalog.>) 0),
    expires_at timestamptz NOT NULL,
    CONSTRAINT sealed_use_uses_check CHECK (uses BETWEEN 0 AND max_uses)
);
CREATE INDEX sealed_use_expires_at_idx ON citybigdata.sealed_use (expires_at);
CREATE INDEX sealed_use_app_id_idx ON citybigdata.sealed_use (app_id);
