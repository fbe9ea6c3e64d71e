-- Nonces of signed requests: each may be used once by an application while the request's timestamp is in the window.
CREATE TABLE citybigdata.auth_nonce (
    app_id     integer NOT NULL CONSTRAINT auth_nonce_app_id_fkey REFERENCES citybigdata.application ON DELETE CASCADE,
    nonce      text NOT NULL CONSTRAINT auth_nonce_nonce_check CHECK (pg_catalog.length(nonce) BETWEEN 8 AND 64),
    expires_at timestamptz NOT NULL,
    CONSTRAINT auth_nonce_pkey PRIMARY KEY (app_id, nonce)
);
CREATE INDEX auth_nonce_expires_at_idx ON citybigdata.auth_nonce (expires_at);
