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
COMMENT ON TABLE citybigdata.sealing_key IS 'Keys of sealed addresses; the first is made when one is needed';
COMMENT ON COLUMN citybigdata.sealing_key.key_id IS 'Number of the key, in every address that it sealed';
COMMENT ON COLUMN citybigdata.sealing_key.secret IS '32 random bytes, encrypted with the master key';
COMMENT ON COLUMN citybigdata.sealing_key.state IS 'active (seals and opens; one at most), retired (opens), revoked (what it sealed is void)';
COMMENT ON COLUMN citybigdata.sealing_key.created_at IS 'When it was made';
COMMENT ON COLUMN citybigdata.sealing_key.changed_at IS 'When its state last changed';

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
COMMENT ON TABLE citybigdata.sealed_use IS 'Sealed addresses with a maximum of uses; the others have no row';
COMMENT ON COLUMN citybigdata.sealed_use.seal_id IS 'Number inside the sealed address';
COMMENT ON COLUMN citybigdata.sealed_use.app_id IS 'The application that the address is bound to';
COMMENT ON COLUMN citybigdata.sealed_use.uses IS 'How often it was opened; one conditional UPDATE counts';
COMMENT ON COLUMN citybigdata.sealed_use.max_uses IS 'How often it may be opened';
COMMENT ON COLUMN citybigdata.sealed_use.expires_at IS 'When the address ends; expire_sealed_uses() then removes the row';
