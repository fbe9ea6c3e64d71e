-- Second factor of administrators' log-in (RFC 6238): without a row there is no log-in.
CREATE TABLE citybigdata.account_totp (
    account_id bigint NOT NULL CONSTRAINT account_totp_pkey PRIMARY KEY
        CONSTRAINT account_totp_account_id_fkey REFERENCES citybigdata.account ON DELETE CASCADE,
    secret     bytea NOT NULL,
    algorithm  text NOT NULL CONSTRAINT account_totp_algorithm_check CHECK (algorithm OPERATOR(pg_catalog.=) ANY (ARRAY['SHA1', 'SHA256'])),
    last_step  bigint NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT pg_catalog.now()
);
COMMENT ON TABLE citybigdata.account_totp IS 'One-time password generators of accounts (RFC 6238): six digits, 30 s; asked for by an administrator''s log-in, and by a change of password';
COMMENT ON COLUMN citybigdata.account_totp.account_id IS 'The account';
COMMENT ON COLUMN citybigdata.account_totp.secret IS 'The shared secret, encrypted with the master key';
COMMENT ON COLUMN citybigdata.account_totp.algorithm IS 'SHA1 (what every authenticator knows) or SHA256';
COMMENT ON COLUMN citybigdata.account_totp.last_step IS 'The last 30-second step whose password was used; it and those before it are void';
COMMENT ON COLUMN citybigdata.account_totp.created_at IS 'When the secret was set';
