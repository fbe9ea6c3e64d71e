-- Access: requests, the applications and grants that come of them (clauses 5.2-a, 5.3.3, 5.5).

-- What may be applied for. The catalogue of published data adds its own rows.
CREATE TABLE citybigdata.resource (
    resource_code text NOT NULL CONSTRAINT resource_pkey PRIMARY KEY
        CONSTRAINT resource_code_check CHECK (resource_code OPERATOR(pg_catalog.~) '^[a-z][a-z0-9-]{0,63}$'),
    title         text NOT NULL,
    title_zh      text NOT NULL,
    shipped       boolean NOT NULL DEFAULT false
);

CREATE TABLE citybigdata.application (
    app_id               integer GENERATED ALWAYS AS IDENTITY (MAXVALUE 99999999) CONSTRAINT application_pkey PRIMARY KEY,
    app_code             text NOT NULL CONSTRAINT application_app_code_key UNIQUE
        CONSTRAINT application_app_code_check CHECK (app_code OPERATOR(pg_catalog.~) '^[0-9A-Z]{2,12}[0-9]{8}[0-9A-Z]$'),
    account_id           bigint NOT NULL CONSTRAINT application_account_id_fkey REFERENCES citybigdata.account,
    key_digest           bytea CONSTRAINT application_key_digest_check CHECK (pg_catalog.octet_length(key_digest) OPERATOR(pg_catalog.=) 32),
    signing_secret       bytea,
    methods              text[] NOT NULL CONSTRAINT application_methods_check
        CHECK (methods OPERATOR(pg_catalog.<@) ARRAY['key', 'password', 'signature', 'ip']),
    ip_ranges            cidr[] NOT NULL DEFAULT '{}',
    profile              text NOT NULL CONSTRAINT application_profile_check
        CHECK (profile OPERATOR(pg_catalog.=) ANY (ARRAY['strict', 'egova'])),
    level                integer NOT NULL CONSTRAINT application_level_check CHECK (level BETWEEN 1 AND 4),
    valid_until          timestamptz,
    redirect_uris        text[] NOT NULL DEFAULT '{}',
    client_type          text NOT NULL DEFAULT 'confidential' CONSTRAINT application_client_type_check
        CHECK (client_type OPERATOR(pg_catalog.=) ANY (ARRAY['confidential', 'public'])),
    state                text NOT NULL DEFAULT 'active' CONSTRAINT application_state_check
        CHECK (state OPERATOR(pg_catalog.=) ANY (ARRAY['active', 'suspended', 'revoked'])),
    created_at           timestamptz NOT NULL DEFAULT pg_catalog.now(),
    credentials_taken_at timestamptz,
    rotation_overlap     interval,
    previous_key_digest  bytea CONSTRAINT application_previous_key_digest_check
        CHECK (pg_catalog.octet_length(previous_key_digest) OPERATOR(pg_catalog.=) 32),
    previous_signing_secret bytea,
    previous_valid_until timestamptz,
    epoch                integer NOT NULL DEFAULT 1,
    operators            boolean NOT NULL DEFAULT false
);
-- One operators' client; one that was revoked stays as history.
CREATE UNIQUE INDEX application_operators_key ON citybigdata.application (operators)
    WHERE operators AND state OPERATOR(pg_catalog.<>) 'revoked';
CREATE INDEX application_account_id_idx ON citybigdata.application (account_id);

CREATE TABLE citybigdata.access_request (
    access_request_id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT access_request_pkey PRIMARY KEY,
    account_id        bigint NOT NULL CONSTRAINT access_request_account_id_fkey REFERENCES citybigdata.account,
    resources         text[] NOT NULL,
    purpose           text,
    methods           text[] NOT NULL,
    ip_ranges         cidr[] NOT NULL,
    sender_codes      text[] NOT NULL,
    profile           text NOT NULL,
    level             integer NOT NULL,
    valid_until       timestamptz,
    redirect_uris     text[] NOT NULL,
    client_type       text NOT NULL,
    state             text NOT NULL DEFAULT 'pending' CONSTRAINT access_request_state_check
        CHECK (state OPERATOR(pg_catalog.=) ANY (ARRAY['pending', 'approved', 'rejected'])),
    app_id            integer CONSTRAINT access_request_app_id_fkey REFERENCES citybigdata.application
        CONSTRAINT access_request_app_id_key UNIQUE,
    created_at        timestamptz NOT NULL DEFAULT pg_catalog.now(),
    reviewed_at       timestamptz,
    reviewed_by       text,
    review_note       text,
    CONSTRAINT access_request_approved_check CHECK ((state OPERATOR(pg_catalog.=) 'approved') OPERATOR(pg_catalog.=) (app_id IS NOT NULL))
);
CREATE INDEX access_request_account_id_idx ON citybigdata.access_request (account_id);

CREATE TABLE citybigdata.sender (
    sender_code text NOT NULL CONSTRAINT sender_pkey PRIMARY KEY
        CONSTRAINT sender_code_check CHECK (pg_catalog.length(sender_code) BETWEEN 1 AND 64),
    app_id      integer NOT NULL CONSTRAINT sender_app_id_fkey REFERENCES citybigdata.application,
    created_at  timestamptz NOT NULL DEFAULT pg_catalog.now()
);
CREATE INDEX sender_app_id_idx ON citybigdata.sender (app_id);

CREATE TABLE citybigdata.app_grant (
    app_id      integer NOT NULL CONSTRAINT app_grant_app_id_fkey REFERENCES citybigdata.application,
    resource    text NOT NULL,
    level       integer NOT NULL CONSTRAINT app_grant_level_check CHECK (level BETWEEN 1 AND 4),
    valid_until timestamptz,
    state       text NOT NULL DEFAULT 'active' CONSTRAINT app_grant_state_check
        CHECK (state OPERATOR(pg_catalog.=) ANY (ARRAY['active', 'suspended', 'revoked'])),
    granted_at  timestamptz NOT NULL DEFAULT pg_catalog.now(),
    granted_by  text NOT NULL,
    revoked_at  timestamptz,
    rate_per_second double precision CONSTRAINT app_grant_rate_per_second_check CHECK (rate_per_second > 0 AND rate_per_second <= 1000000),
    rate_burst  integer CONSTRAINT app_grant_rate_burst_check CHECK (rate_burst BETWEEN 1 AND 1000000),
    daily_quota integer CONSTRAINT app_grant_daily_quota_check CHECK (daily_quota > 0),
    CONSTRAINT app_grant_rate_check CHECK ((rate_per_second IS NULL) OPERATOR(pg_catalog.=) (rate_burst IS NULL)),
    CONSTRAINT app_grant_pkey PRIMARY KEY (app_id, resource)
);

-- Written once per request of a limited grant: half-empty pages keep the updates in place.
CREATE TABLE citybigdata.rate_bucket (
    app_id      integer NOT NULL,
    resource    text NOT NULL,
    tokens      double precision NOT NULL,
    refilled_at timestamptz NOT NULL,
    quota_day   date NOT NULL,
    quota_used  integer NOT NULL,
    CONSTRAINT rate_bucket_pkey PRIMARY KEY (app_id, resource),
    CONSTRAINT rate_bucket_grant_fkey FOREIGN KEY (app_id, resource) REFERENCES citybigdata.app_grant ON DELETE CASCADE
) WITH (fillfactor = 50);
