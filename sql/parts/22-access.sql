-- Access: requests, the applications and grants that come of them (clauses 5.2-a, 5.3.3, 5.5).

-- What may be applied for. The catalogue of published data adds its own rows.
CREATE TABLE citybigdata.resource (
    resource_code text NOT NULL CONSTRAINT resource_pkey PRIMARY KEY
        CONSTRAINT resource_code_check CHECK (resource_code OPERATOR(pg_catalog.~) '^[a-z][a-z0-9-]{0,63}$'),
    title         text NOT NULL,
    title_zh      text NOT NULL,
    shipped       boolean NOT NULL DEFAULT false
);
COMMENT ON TABLE citybigdata.resource IS 'Service resources 服务资源 that can be applied for and granted';
COMMENT ON COLUMN citybigdata.resource.resource_code IS 'Code of the resource: small letters, digits, hyphens; at most 64';
COMMENT ON COLUMN citybigdata.resource.title IS 'English title';
COMMENT ON COLUMN citybigdata.resource.title_zh IS 'Chinese title';
COMMENT ON COLUMN citybigdata.resource.shipped IS 'Came with the extension (not dumped)';
INSERT INTO citybigdata.resource (resource_code, title, title_zh, shipped) VALUES
('events', 'City-management events: reporting and reading', '城市管理问题上报与查询', true);

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
    previous_valid_until timestamptz
);
CREATE INDEX application_account_id_idx ON citybigdata.application (account_id);
COMMENT ON TABLE citybigdata.application IS 'Applications: what an approved access request became';
COMMENT ON COLUMN citybigdata.application.app_id IS 'Number of the application, the serial in its appCode';
COMMENT ON COLUMN citybigdata.application.app_code IS 'appCode 应用识别码: platform code, 8-digit serial, ISO 7064 MOD 37,36 check character (clause 5.3.3)';
COMMENT ON COLUMN citybigdata.application.account_id IS 'The account that owns it';
COMMENT ON COLUMN citybigdata.application.key_digest IS 'SHA-256 of the UUID key; null until the credentials were collected';
COMMENT ON COLUMN citybigdata.application.signing_secret IS 'Signing secret under the master key (AES-256-GCM); null until collected or when signature is not granted';
COMMENT ON COLUMN citybigdata.application.methods IS 'How it may authenticate: key, password, signature, ip (clause 5.5 a-d)';
COMMENT ON COLUMN citybigdata.application.ip_ranges IS
'With method ip: the addresses that need no other credential. Without it, when not empty: the only addresses that its requests may come from';
COMMENT ON COLUMN citybigdata.application.profile IS 'How its event reports are validated: strict or egova';
COMMENT ON COLUMN citybigdata.application.level IS 'Highest data level, 1 to 4';
COMMENT ON COLUMN citybigdata.application.valid_until IS 'Refused from then on; null = no end';
COMMENT ON COLUMN citybigdata.application.redirect_uris IS 'OAuth redirect addresses, matched exactly';
COMMENT ON COLUMN citybigdata.application.client_type IS 'OAuth client type: confidential or public';
COMMENT ON COLUMN citybigdata.application.state IS 'active, suspended, or revoked (for good)';
COMMENT ON COLUMN citybigdata.application.created_at IS 'When its request was approved';
COMMENT ON COLUMN citybigdata.application.credentials_taken_at IS 'When key and secret were made and shown, once; null = not yet, or new ones wait to be collected';
COMMENT ON COLUMN citybigdata.application.rotation_overlap IS 'New credentials wait to be collected; those of before stay valid for so long after that';
COMMENT ON COLUMN citybigdata.application.previous_key_digest IS 'SHA-256 of the key before the last rotation';
COMMENT ON COLUMN citybigdata.application.previous_signing_secret IS 'The signing secret before the last rotation, encrypted as signing_secret is';
COMMENT ON COLUMN citybigdata.application.previous_valid_until IS 'Until when the credentials before the last rotation are accepted beside the new ones';

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
COMMENT ON TABLE citybigdata.access_request IS 'Applications for service resources and their review (clause 5.2-a)';
COMMENT ON COLUMN citybigdata.access_request.access_request_id IS 'Number of the request';
COMMENT ON COLUMN citybigdata.access_request.account_id IS 'The account that applies';
COMMENT ON COLUMN citybigdata.access_request.resources IS 'Resource codes applied for';
COMMENT ON COLUMN citybigdata.access_request.purpose IS 'What for, for the reviewer';
COMMENT ON COLUMN citybigdata.access_request.methods IS 'Authorisation methods applied for: key, password, signature, ip';
COMMENT ON COLUMN citybigdata.access_request.ip_ranges IS 'Address ranges, see application.ip_ranges';
COMMENT ON COLUMN citybigdata.access_request.sender_codes IS 'senderCodes that the application will report as';
COMMENT ON COLUMN citybigdata.access_request.profile IS 'strict or egova';
COMMENT ON COLUMN citybigdata.access_request.level IS 'Highest data level, 1 to 4';
COMMENT ON COLUMN citybigdata.access_request.valid_until IS 'Wanted end of validity; null = none';
COMMENT ON COLUMN citybigdata.access_request.redirect_uris IS 'OAuth redirect addresses';
COMMENT ON COLUMN citybigdata.access_request.client_type IS 'OAuth client type';
COMMENT ON COLUMN citybigdata.access_request.state IS 'pending, approved or rejected';
COMMENT ON COLUMN citybigdata.access_request.app_id IS 'The application that it became';
COMMENT ON COLUMN citybigdata.access_request.created_at IS 'When it was made';
COMMENT ON COLUMN citybigdata.access_request.reviewed_at IS 'When it was decided';
COMMENT ON COLUMN citybigdata.access_request.reviewed_by IS 'Who decided: an administrator''s user name, or role:<database role>';
COMMENT ON COLUMN citybigdata.access_request.review_note IS 'Reason of a rejection';

CREATE TABLE citybigdata.sender (
    sender_code text NOT NULL CONSTRAINT sender_pkey PRIMARY KEY
        CONSTRAINT sender_code_check CHECK (pg_catalog.length(sender_code) BETWEEN 1 AND 64),
    app_id      integer NOT NULL CONSTRAINT sender_app_id_fkey REFERENCES citybigdata.application,
    created_at  timestamptz NOT NULL DEFAULT pg_catalog.now()
);
CREATE INDEX sender_app_id_idx ON citybigdata.sender (app_id);
COMMENT ON TABLE citybigdata.sender IS 'Which application reports as which senderCode; a senderCode belongs to one application';
COMMENT ON COLUMN citybigdata.sender.sender_code IS 'senderCode of table A.3, free text of the sending system';
COMMENT ON COLUMN citybigdata.sender.app_id IS 'The application that owns it';
COMMENT ON COLUMN citybigdata.sender.created_at IS 'When it was given';

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
COMMENT ON TABLE citybigdata.app_grant IS 'Grants 授权: this application may use this resource, until when, up to which level; read on every request (clause 5.5)';
COMMENT ON COLUMN citybigdata.app_grant.app_id IS 'The application';
COMMENT ON COLUMN citybigdata.app_grant.resource IS 'Code of the resource';
COMMENT ON COLUMN citybigdata.app_grant.level IS 'Highest data level of this resource, 1 to 4';
COMMENT ON COLUMN citybigdata.app_grant.valid_until IS 'Refused from then on; null = no end';
COMMENT ON COLUMN citybigdata.app_grant.state IS 'active, suspended or revoked';
COMMENT ON COLUMN citybigdata.app_grant.granted_at IS 'When it was granted';
COMMENT ON COLUMN citybigdata.app_grant.granted_by IS 'Who granted it: an administrator''s user name, or role:<database role>';
COMMENT ON COLUMN citybigdata.app_grant.revoked_at IS 'When it was revoked';
COMMENT ON COLUMN citybigdata.app_grant.rate_per_second IS 'Requests per second in the long run; null = no rate limit';
COMMENT ON COLUMN citybigdata.app_grant.rate_burst IS 'Requests that may come at once';
COMMENT ON COLUMN citybigdata.app_grant.daily_quota IS 'Requests per day of the platform''s zone; null = no quota';

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
COMMENT ON TABLE citybigdata.rate_bucket IS 'What is left of the limits of grants that have one; shared by all bridges';
COMMENT ON COLUMN citybigdata.rate_bucket.app_id IS 'The application';
COMMENT ON COLUMN citybigdata.rate_bucket.resource IS 'Code of the resource';
COMMENT ON COLUMN citybigdata.rate_bucket.tokens IS 'Requests that were left at refilled_at';
COMMENT ON COLUMN citybigdata.rate_bucket.refilled_at IS 'When tokens was true';
COMMENT ON COLUMN citybigdata.rate_bucket.quota_day IS 'The day that quota_used is about';
COMMENT ON COLUMN citybigdata.rate_bucket.quota_used IS 'Requests of that day';
