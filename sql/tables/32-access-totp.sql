-- Second factor of administrators' log-in (RFC 6238): without a row there is no log-in.
CREATE TABLE citybigdata.account_totp (
    account_id bigint NOT NULL CONSTRAINT account_totp_pkey PRIMARY KEY
        CONSTRAINT account_totp_account_id_fkey REFERENCES citybigdata.account ON DELETE CASCADE,
    secret     bytea NOT NULL,
    algorithm  text NOT NULL CONSTRAINT account_totp_algorithm_check CHECK (algorithm OPERATOR(pg_catalog.=) ANY (ARRAY['SHA1', 'SHA256'])),
    last_step  bigint NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
    enrolled_by bigint
);
