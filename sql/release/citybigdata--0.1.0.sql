\echo Use "CREATE EXTENSION citybigdata CASCADE" to load this file. \quit

-- tables/00-core-schema.sql
-- What everything else stands on: the encoding, the schema, the roles.

-- Characters are UCS (clause 5.2): in a database of another encoding length() would count bytes and \u escapes fail.
DO $$
BEGIN
    IF pg_catalog.getdatabaseencoding() OPERATOR(pg_catalog.<>) 'UTF8' THEN
        RAISE EXCEPTION 'citybigdata needs a database with encoding UTF8, this one has %', pg_catalog.getdatabaseencoding()
            USING ERRCODE = 'feature_not_supported', HINT = 'createdb -T template0 -E UTF8 --locale=C.UTF-8 citybigdata';
    END IF;
END
$$;

-- The schema belongs to the extension: a planted one of that name stops the installation.
CREATE SCHEMA citybigdata;

-- Roles, made only where missing (they are shared by all databases of a cluster); none includes another.
DO $$
DECLARE
    wanted text;
BEGIN
    FOREACH wanted IN ARRAY ARRAY['citybigdata_owner', 'citybigdata_sysadmin', 'citybigdata_secadmin',
                                  'citybigdata_auditor', 'citybigdata_analyst', 'citybigdata_analyst_personal', 'citybigdata_bridge']
    LOOP
        IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = wanted) THEN
            EXECUTE pg_catalog.format('CREATE ROLE %I NOLOGIN', wanted);
            -- the bridge logs in by itself; how (peer, certificate, SCRAM) is the DBA's pg_hba.conf
            IF wanted = 'citybigdata_bridge' THEN
                ALTER ROLE citybigdata_bridge LOGIN;
                -- bind values carry digests and passwords: none may reach the server's log
                ALTER ROLE citybigdata_bridge SET log_parameter_max_length = 0;
                ALTER ROLE citybigdata_bridge SET log_parameter_max_length_on_error = 0;
                -- a redemption that waited for another one must see what that did, not fail
                ALTER ROLE citybigdata_bridge SET default_transaction_isolation = 'read committed';
            END IF;
        END IF;
    END LOOP;
END
$$;

-- tables/02-core-status.sql
-- Status codes (clause 5.4.3).
CREATE TABLE citybigdata.status_code (
    status_code integer NOT NULL CONSTRAINT status_code_pkey PRIMARY KEY,
    name        text    NOT NULL CONSTRAINT status_code_name_key UNIQUE,
    http_status integer NOT NULL,
    sqlstate    text    NOT NULL,
    message     text    NOT NULL,
    message_zh  text    NOT NULL
);

-- tables/04-core-platform.sql
-- What setup() records of the platform: one row.
CREATE TABLE citybigdata.platform (
    only_row      boolean NOT NULL DEFAULT true CONSTRAINT platform_pkey PRIMARY KEY CONSTRAINT platform_only_row_check CHECK (only_row),
    platform_code text NOT NULL CONSTRAINT platform_code_check CHECK (platform_code OPERATOR(pg_catalog.~) '^[0-9A-Z]{2,12}$'),
    platform_name text NOT NULL,
    division_code text NOT NULL,
    set_up_at     timestamptz NOT NULL DEFAULT pg_catalog.now()
);

-- tables/10-place-division.sql
-- GB/T 2260 divisions and their boundaries. Rows that ship are replaced, never changed: see the trigger in code/10-place-division.sql.
CREATE TABLE citybigdata.division (
    code           text    NOT NULL CONSTRAINT division_pkey PRIMARY KEY,
    name           text    NOT NULL,
    parent_code    text,
    level          integer NOT NULL,
    kind           text,
    revision       text,
    valid_from     date,
    valid_to       date,
    successor_code text,
    former_name    text,
    shipped        boolean NOT NULL DEFAULT false,
    CONSTRAINT division_code_check CHECK (code OPERATOR(pg_catalog.~) '^([0-9]{6}|[0-9]{9}|[0-9]{12})$'),
    CONSTRAINT division_level_check CHECK (level BETWEEN 1 AND 5),
    CONSTRAINT division_validity_check CHECK (valid_from < valid_to)
);
CREATE INDEX division_parent_code_idx ON citybigdata.division (parent_code);

CREATE TABLE citybigdata.division_boundary (
    code    text    NOT NULL CONSTRAINT division_boundary_pkey PRIMARY KEY,
    geom    geometry(MultiPolygon, 4490) NOT NULL,
    source  text,
    shipped boolean NOT NULL DEFAULT false
);
CREATE INDEX division_boundary_geom_idx ON citybigdata.division_boundary USING gist (geom);

-- tables/14-reference-code-table.sql
-- Code tables (clause 5.4.4-c): what a coded field may hold. An empty table accepts every value.
CREATE TABLE citybigdata.code_table (
    name     text    NOT NULL CONSTRAINT code_table_pkey PRIMARY KEY,
    title    text    NOT NULL,
    title_zh text    NOT NULL,
    version  text,
    shipped  boolean NOT NULL DEFAULT false,
    CONSTRAINT code_table_name_check CHECK (name OPERATOR(pg_catalog.~) '^[a-z][a-z0-9-]{0,62}$')
);

CREATE TABLE citybigdata.code_table_row (
    table_name  text    NOT NULL,
    code        text    NOT NULL,
    name        text    NOT NULL,
    parent_code text,
    sort        integer NOT NULL DEFAULT 0,
    shipped     boolean NOT NULL DEFAULT false,
    CONSTRAINT code_table_row_pkey PRIMARY KEY (table_name, code),
    CONSTRAINT code_table_row_code_check CHECK (pg_catalog.length(code) BETWEEN 1 AND 63)
);

-- tables/20-access-account.sql
-- Accounts: persons and organisations that registered (clause 5.2-a).
CREATE TABLE citybigdata.account (
    account_id      bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT account_pkey PRIMARY KEY,
    user_name       text NOT NULL
        CONSTRAINT account_user_name_check CHECK (user_name OPERATOR(pg_catalog.~) '^[A-Za-z0-9][A-Za-z0-9._@-]{2,63}$'),
    password_digest text NOT NULL CONSTRAINT account_password_digest_check CHECK (pg_catalog.starts_with(password_digest, '$2')),
    organization    text NOT NULL,
    contact_name    text NOT NULL,
    mobile          text NOT NULL,
    state           text NOT NULL DEFAULT 'pending'
        CONSTRAINT account_state_check CHECK (state OPERATOR(pg_catalog.=) ANY (ARRAY['pending', 'active', 'rejected', 'suspended', 'revoked'])),
    admin_role      text
        CONSTRAINT account_admin_role_check CHECK (admin_role OPERATOR(pg_catalog.=) ANY (ARRAY['sysadmin', 'secadmin', 'auditor'])),
    valid_until     timestamptz,
    password_changed_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
    password_temporary boolean NOT NULL DEFAULT false,
    former_digests  text[] NOT NULL DEFAULT '{}',
    created_at      timestamptz NOT NULL DEFAULT pg_catalog.now(),
    reviewed_at     timestamptz,
    reviewed_by     text,
    review_note     text,
    epoch           integer NOT NULL DEFAULT 1,
    approved_by     text,
    password_held   boolean NOT NULL DEFAULT false
);
-- Names that differ in case only would be one trap for users and another for reviewers.
CREATE UNIQUE INDEX account_user_name_key ON citybigdata.account (pg_catalog.lower(user_name COLLATE pg_catalog."C"));

-- Failed log-ins and registrations: of a client address (address empty), of a subject (user name, known or not, or appCode) from
-- one address, and of a user name or its second factor from wherever (address empty).
CREATE TABLE citybigdata.lockout (
    kind            text NOT NULL
        CONSTRAINT lockout_kind_check CHECK (kind OPERATOR(pg_catalog.=) ANY (ARRAY['address', 'account', 'application', 'registration', 'totp'])),
    subject         text NOT NULL,
    address         text NOT NULL DEFAULT '',
    failures        integer NOT NULL,
    confirmed       integer NOT NULL,
    last_attempt_at timestamptz NOT NULL,
    locked_until    timestamptz,
    succeeded_at    timestamptz,
    CONSTRAINT lockout_pkey PRIMARY KEY (kind, subject, address)
) WITH (fillfactor = 50);

-- Attempts that rest_login_reserve() counted and whose password is still to be checked.
CREATE UNLOGGED TABLE citybigdata.login_reservation (
    reservation_id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT login_reservation_pkey PRIMARY KEY,
    request_id     text NOT NULL,
    user_name      text NOT NULL,
    address        text NOT NULL,
    everywhere     boolean NOT NULL DEFAULT true,
    reserved_at    timestamptz NOT NULL DEFAULT pg_catalog.now()
);
CREATE INDEX login_reservation_request_id_idx ON citybigdata.login_reservation (request_id);

-- tables/22-access-application.sql
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
    epoch                integer NOT NULL DEFAULT 1
);
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

-- tables/24-access-authcode.sql
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

-- tables/26-oauth.sql
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
    account_epoch integer NOT NULL
);
CREATE INDEX oauth_grant_app_id_idx ON citybigdata.oauth_grant (app_id);

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
    account_epoch  integer NOT NULL
);
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

-- tables/28-access-signature.sql
-- Nonces of signed requests: each may be used once by an application while the request's timestamp is in the window.
CREATE TABLE citybigdata.auth_nonce (
    app_id     integer NOT NULL CONSTRAINT auth_nonce_app_id_fkey REFERENCES citybigdata.application ON DELETE CASCADE,
    nonce      text NOT NULL CONSTRAINT auth_nonce_nonce_check CHECK (pg_catalog.length(nonce) BETWEEN 8 AND 64),
    expires_at timestamptz NOT NULL,
    CONSTRAINT auth_nonce_pkey PRIMARY KEY (app_id, nonce)
);
CREATE INDEX auth_nonce_expires_at_idx ON citybigdata.auth_nonce (expires_at);

-- tables/30-access-seal.sql
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

-- tables/32-access-totp.sql
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

-- tables/33-access-proposal.sql
-- What one administrator proposes and another one decides.
CREATE TABLE citybigdata.admin_proposal (
    proposal_id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT admin_proposal_pkey PRIMARY KEY,
    action      text NOT NULL CONSTRAINT admin_proposal_action_check
        CHECK (action OPERATOR(pg_catalog.=) ANY (ARRAY['role', 'second-factor', 'account', 'access', 'grant', 'password'])),
    account_id  bigint NOT NULL CONSTRAINT admin_proposal_account_id_fkey REFERENCES citybigdata.account,
    access_request_id bigint CONSTRAINT admin_proposal_access_request_id_fkey REFERENCES citybigdata.access_request,
    role        text CONSTRAINT admin_proposal_role_check CHECK (role OPERATOR(pg_catalog.=) ANY (ARRAY['sysadmin', 'secadmin', 'auditor'])),
    app_code    text,
    resource    text,
    level       integer CONSTRAINT admin_proposal_level_check CHECK (level BETWEEN 1 AND 4),
    valid_until timestamptz,
    state       text NOT NULL DEFAULT 'open' CONSTRAINT admin_proposal_state_check
        CHECK (state OPERATOR(pg_catalog.=) ANY (ARRAY['open', 'confirmed', 'refused', 'expired'])),
    proposed_by text NOT NULL,
    proposer_id bigint,
    proposed_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
    expires_at  timestamptz NOT NULL,
    decided_by  text,
    decider_id  bigint,
    decided_at  timestamptz,
    note        text
);
-- One open proposal of a kind about one thing.
CREATE UNIQUE INDEX admin_proposal_open_key ON citybigdata.admin_proposal
    (action, account_id, coalesce(access_request_id, 0), coalesce(app_code, ''), coalesce(resource, '')) WHERE state OPERATOR(pg_catalog.=) 'open';

-- tables/40-audit.sql
-- The audit log itself is made by setup(): code/40-audit.sql. Which batches of records it has from whom:
CREATE TABLE citybigdata.audit_sender (
    sender     text        NOT NULL CONSTRAINT audit_sender_pkey PRIMARY KEY
                           CONSTRAINT audit_sender_sender_check CHECK (pg_catalog.length(sender) OPERATOR(pg_catalog.<=) 64),
    last_batch bigint      NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT pg_catalog.now()
) WITH (fillfactor = 10);

-- tables/42-audit-seal.sql
-- The chain that seals the audit log (clause 6.3): who changes, deletes or adds a sealed row breaks it.
CREATE TABLE citybigdata.audit_seal_block (
    block_no        bigint NOT NULL CONSTRAINT audit_seal_block_pkey PRIMARY KEY,
    sealed_at       timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
    first_id        bigint NOT NULL,
    last_id         bigint NOT NULL,
    first_at        timestamptz NOT NULL,
    last_at         timestamptz NOT NULL,
    row_count       integer NOT NULL,
    algorithm       text NOT NULL CONSTRAINT audit_seal_block_algorithm_check CHECK (algorithm OPERATOR(pg_catalog.=) ANY (ARRAY['SHA256', 'SM3'])),
    row_marks       bytea NOT NULL,
    rows_digest     bytea NOT NULL,
    integrity_digest bytea NOT NULL,
    previous_digest bytea NOT NULL,
    block_digest    bytea NOT NULL,
    CONSTRAINT audit_seal_block_ids_check CHECK (first_id OPERATOR(pg_catalog.<=) last_id),
    CONSTRAINT audit_seal_block_marks_check CHECK (pg_catalog.octet_length(row_marks) OPERATOR(pg_catalog.=) (16 OPERATOR(pg_catalog.*) row_count))
);

CREATE TABLE citybigdata.audit_seal_wait (
    only_row boolean NOT NULL DEFAULT true CONSTRAINT audit_seal_wait_pkey PRIMARY KEY CONSTRAINT audit_seal_wait_only_row_check CHECK (only_row),
    upper_id bigint NOT NULL,
    writers  text[] NOT NULL
);

-- tables/43-audit-integrity.sql
-- What the functions of the extension wrote last into the rows that decide who may do what, with a code over it.
CREATE TABLE citybigdata.integrity_row (
    change_no  bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT integrity_row_pkey PRIMARY KEY,
    relation   text NOT NULL,
    row_key    text NOT NULL,
    content    jsonb NOT NULL,
    code       bytea NOT NULL CONSTRAINT integrity_row_code_check CHECK (pg_catalog.octet_length(code) OPERATOR(pg_catalog.=) 37),
    replaced_code bytea CONSTRAINT integrity_row_replaced_code_check CHECK (pg_catalog.octet_length(replaced_code) OPERATOR(pg_catalog.=) 37),
    sealed_in  bigint,
    changed_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp()
);
CREATE UNIQUE INDEX integrity_row_current_key ON citybigdata.integrity_row (relation, row_key) WHERE replaced_code IS NULL;
CREATE INDEX integrity_row_unsealed_idx ON citybigdata.integrity_row (change_no) WHERE sealed_in IS NULL;

-- tables/44-calendar.sql
-- Working calendars (clause 4): hours of the weekdays, and the holidays and make-up working days of whole years.
CREATE TABLE citybigdata.calendar (
    code        text    NOT NULL CONSTRAINT calendar_pkey PRIMARY KEY,
    title       text    NOT NULL,
    title_zh    text    NOT NULL,
    day_minutes integer NOT NULL CONSTRAINT calendar_day_minutes_check CHECK (day_minutes BETWEEN 1 AND 1440),
    holidays    text    NOT NULL,
    shipped     boolean NOT NULL DEFAULT false,
    CONSTRAINT calendar_code_check CHECK (code OPERATOR(pg_catalog.~) '^[a-z][a-z0-9-]{0,62}$'
        AND code OPERATOR(pg_catalog.<>) ALL (ARRAY['own', 'none']))
);

-- weekday 0: make-up working days. The rows of one calendar and valid_from are replaced together.
CREATE TABLE citybigdata.calendar_hours (
    calendar   text    NOT NULL,
    valid_from date    NOT NULL,
    weekday    integer NOT NULL CONSTRAINT calendar_hours_weekday_check CHECK (weekday BETWEEN 0 AND 7),
    hours      text    NOT NULL,
    shipped    boolean NOT NULL DEFAULT false,
    CONSTRAINT calendar_hours_pkey PRIMARY KEY (calendar, valid_from, weekday)
);

CREATE TABLE citybigdata.calendar_year (
    calendar text    NOT NULL,
    year     integer NOT NULL CONSTRAINT calendar_year_year_check CHECK (year BETWEEN 1900 AND 2199),
    source   text,
    shipped  boolean NOT NULL DEFAULT false,
    CONSTRAINT calendar_year_pkey PRIMARY KEY (calendar, year)
);

CREATE TABLE citybigdata.calendar_day (
    calendar text    NOT NULL,
    day      date    NOT NULL,
    kind     text    NOT NULL CONSTRAINT calendar_day_kind_check CHECK (kind OPERATOR(pg_catalog.=) ANY (ARRAY['off', 'work'])),
    hours    text,
    name     text,
    name_en  text,
    shipped  boolean NOT NULL DEFAULT false,
    CONSTRAINT calendar_day_pkey PRIMARY KEY (calendar, day),
    CONSTRAINT calendar_day_hours_check CHECK (hours IS NULL OR kind OPERATOR(pg_catalog.=) 'work')
);

-- tables/50-event.sql
-- Event: reported city-management problems (tables A.3-A.5).
-- Nothing here refers to sender or application: a restore loads the tables one after the other.
CREATE SEQUENCE citybigdata.event_rec_id_seq AS integer;

CREATE TABLE citybigdata.event (
    rec_id           integer          NOT NULL CONSTRAINT event_pkey PRIMARY KEY,
    task_num         text             NOT NULL,
    sender_code      text             NOT NULL,
    other_task_num   text             NOT NULL,
    event_desc       text             NOT NULL,
    address          text             NOT NULL,
    geom             geometry(Point, 4490) NOT NULL,
    coordinate_x     double precision NOT NULL,
    coordinate_y     double precision NOT NULL,
    map_longitude    double precision,
    map_latitude     double precision,
    district_code    text,
    district_name    text,
    street_code      text,
    street_name      text,
    community_code   text,
    community_name   text,
    event_src_id     integer          NOT NULL,
    rec_type_id      integer          NOT NULL,
    event_level_id   integer,
    event_type_code  text             NOT NULL,
    main_type_code   text,
    sub_type_code    text,
    human_name       text,
    cellphone        text,
    create_time      timestamptz      NOT NULL,
    receive_time     timestamptz      NOT NULL,
    update_time      timestamptz      NOT NULL,
    state            integer          NOT NULL DEFAULT 1,
    app_id           integer,
    sender_task_num  text,
    media_count      integer          NOT NULL DEFAULT 0,
    step_count       integer          NOT NULL DEFAULT 0,
    content_digest   bytea            NOT NULL,
    warnings         jsonb,
    ext              jsonb,
    personal         bytea,
    CONSTRAINT event_sender_code_other_task_num_key UNIQUE (sender_code, other_task_num)
);
CREATE INDEX event_geom_idx ON citybigdata.event USING gist (geom);
CREATE INDEX event_district_code_create_time_idx ON citybigdata.event (district_code, create_time);
CREATE INDEX event_sender_code_update_time_idx ON citybigdata.event (sender_code, update_time);

CREATE TABLE citybigdata.event_media (
    rec_id          integer NOT NULL,
    media_no        integer NOT NULL CONSTRAINT event_media_no_check CHECK (media_no OPERATOR(pg_catalog.>) 0),
    media_name      text    NOT NULL,
    media_type      text    NOT NULL CONSTRAINT event_media_type_check CHECK (media_type OPERATOR(pg_catalog.=) ANY (ARRAY['IMAGE', 'VIDEO', 'VOICE', 'ATTACH'])),
    media_usage     text    NOT NULL,
    media_url       text,
    content         bytea,
    sender_task_num text,
    ext             jsonb,
    CONSTRAINT event_media_pkey PRIMARY KEY (rec_id, media_no),
    CONSTRAINT event_media_rec_id_fkey FOREIGN KEY (rec_id) REFERENCES citybigdata.event (rec_id) ON DELETE CASCADE,
    CONSTRAINT event_media_source_check CHECK (media_url IS NOT NULL OR content IS NOT NULL)
);
-- pictures, sound and video are compressed already
ALTER TABLE citybigdata.event_media ALTER COLUMN content SET STORAGE EXTERNAL;

CREATE TABLE citybigdata.event_step (
    rec_id     integer     NOT NULL,
    step_no    integer     NOT NULL CONSTRAINT event_step_no_check CHECK (step_no OPERATOR(pg_catalog.>) 0),
    step_time  timestamptz NOT NULL,
    action     text        NOT NULL,
    from_state integer     NOT NULL,
    to_state   integer     NOT NULL,
    step_by    text,
    note       text,
    CONSTRAINT event_step_pkey PRIMARY KEY (rec_id, step_no),
    CONSTRAINT event_step_rec_id_fkey FOREIGN KEY (rec_id) REFERENCES citybigdata.event (rec_id) ON DELETE CASCADE
);

CREATE TABLE citybigdata.event_idempotency (
    app_id      integer     NOT NULL,
    key         text        NOT NULL CONSTRAINT event_idempotency_key_check CHECK (pg_catalog.length(key) OPERATOR(pg_catalog.<=) 255),
    body_digest bytea       NOT NULL,
    data        text        NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT pg_catalog.now(),
    CONSTRAINT event_idempotency_pkey PRIMARY KEY (app_id, key)
);
CREATE INDEX event_idempotency_created_at_idx ON citybigdata.event_idempotency (created_at);

-- tables/52-event-level.sql
-- Data levels of the fields of a case (clause 6.3, DB11/T 1918; the levels: code/61-data-mask.sql). What identifies a case and says how far it is
-- (recID, taskNum, senderCode, otherTaskNum, receiveTime, state, stateName) has no row: it is open to every caller that may see the case.
CREATE TABLE citybigdata.event_field (
    field   text    NOT NULL CONSTRAINT event_field_pkey PRIMARY KEY,
    level   integer NOT NULL CONSTRAINT event_field_level_check CHECK (level BETWEEN 1 AND 4),
    mask    text CONSTRAINT event_field_mask_check
        CHECK (mask OPERATOR(pg_catalog.=) ANY (ARRAY['all', 'phone', 'name', 'address', 'id-number'])),
    shipped boolean NOT NULL DEFAULT false
);

-- tables/60-data-catalogue.sql
-- Catalogue: what is published as a data interface, version by version (clauses 5.1, 5.3, 5.4, A.1).

CREATE TABLE citybigdata.resource_version (
    resource_code    text NOT NULL CONSTRAINT resource_version_code_check
        CHECK (resource_code OPERATOR(pg_catalog.~) '^[a-z][a-z0-9-]{0,63}$'),
    version          integer NOT NULL CONSTRAINT resource_version_version_check CHECK (version OPERATOR(pg_catalog.>) 0),
    state            text NOT NULL CONSTRAINT resource_version_state_check
        CHECK (state OPERATOR(pg_catalog.=) ANY (ARRAY['current', 'superseded', 'withdrawn', 'proposed', 'refused'])),
    publisher        text NOT NULL,
    schema_name      text NOT NULL,
    relation_name    text NOT NULL,
    arguments        text,
    title            text NOT NULL,
    title_zh         text NOT NULL,
    description      text NOT NULL,
    description_zh   text NOT NULL,
    layer            text NOT NULL CONSTRAINT resource_version_layer_check
        CHECK (layer OPERATOR(pg_catalog.=) ANY (ARRAY['theme', 'industry', 'base'])),
    industry         text CONSTRAINT resource_version_industry_check CHECK (industry IS NOT NULL OR layer OPERATOR(pg_catalog.<>) 'industry'),
    source           text CONSTRAINT resource_version_source_check CHECK (source OPERATOR(pg_catalog.=) ANY (ARRAY['society', 'government', 'own'])),
    level            integer NOT NULL CONSTRAINT resource_version_level_check CHECK (level BETWEEN 1 AND 3),
    data_owner       text,
    update_cycle     text,
    sunset           date,
    key_columns      text[] NOT NULL CONSTRAINT resource_version_key_columns_check
        CHECK (pg_catalog.cardinality(key_columns) BETWEEN 1 AND 8),
    time_column      text,
    division_column  text,
    division_digits  integer CONSTRAINT resource_version_division_digits_check
        CHECK (division_digits OPERATOR(pg_catalog.=) ANY (ARRAY[6, 9, 12])),
    geometry_column  text,
    srid             integer,
    version_column   text,
    latency_budget   integer NOT NULL CONSTRAINT resource_version_latency_budget_check CHECK (latency_budget BETWEEN 10 AND 60000),
    published_at     timestamptz NOT NULL DEFAULT pg_catalog.now(),
    withdrawn_at     timestamptz,
    CONSTRAINT resource_version_pkey PRIMARY KEY (resource_code, version)
);
CREATE UNIQUE INDEX resource_version_current_idx ON citybigdata.resource_version (resource_code)
    WHERE state OPERATOR(pg_catalog.=) 'current';

CREATE TABLE citybigdata.resource_field (
    resource_code  text NOT NULL,
    version        integer NOT NULL,
    position       integer NOT NULL,
    name           text NOT NULL CONSTRAINT resource_field_name_check
        CHECK (name OPERATOR(pg_catalog.~) '^[a-z][A-Za-z0-9]{0,63}$' AND name OPERATOR(pg_catalog.!~*) '^xml'),
    column_name    text NOT NULL,
    type_name      text NOT NULL,
    title          text NOT NULL,
    title_zh       text NOT NULL,
    description    text NOT NULL,
    unit           text,
    level          integer NOT NULL CONSTRAINT resource_field_level_check CHECK (level BETWEEN 1 AND 3),
    code_table     text,
    mask           text,
    filterable     boolean NOT NULL,
    sortable       boolean NOT NULL,
    file           jsonb,
    CONSTRAINT resource_field_pkey PRIMARY KEY (resource_code, version, position),
    CONSTRAINT resource_field_name_key UNIQUE (resource_code, version, name),
    CONSTRAINT resource_field_column_name_key UNIQUE (resource_code, version, column_name),
    CONSTRAINT resource_field_resource_version_fkey FOREIGN KEY (resource_code, version) REFERENCES citybigdata.resource_version
);

CREATE TABLE citybigdata.resource_parameter (
    resource_code  text NOT NULL,
    version        integer NOT NULL,
    position       integer NOT NULL,
    name           text NOT NULL CONSTRAINT resource_parameter_name_check
        CHECK (name OPERATOR(pg_catalog.~) '^[a-z][A-Za-z0-9]{0,63}$' AND name OPERATOR(pg_catalog.!~*) '^xml'),
    column_name    text NOT NULL,
    type_name      text NOT NULL,
    operator       text NOT NULL CONSTRAINT resource_parameter_operator_check
        CHECK (operator OPERATOR(pg_catalog.=) ANY (ARRAY['eq', 'ne', 'lt', 'le', 'gt', 'ge', 'in', 'like', 'isNull'])),
    required       boolean NOT NULL,
    default_value  text,
    title          text NOT NULL,
    title_zh       text NOT NULL,
    description    text NOT NULL,
    CONSTRAINT resource_parameter_pkey PRIMARY KEY (resource_code, version, position),
    CONSTRAINT resource_parameter_name_key UNIQUE (resource_code, version, name),
    CONSTRAINT resource_parameter_resource_version_fkey FOREIGN KEY (resource_code, version) REFERENCES citybigdata.resource_version
);

-- What publish() and define_dataset() saw under the name: its OID, in this database of this cluster. Not in a dump, where it would
-- say nothing; bind_restored() writes it anew for what is the same by name, owner and columns.
CREATE TABLE citybigdata.bound_object (
    kind         text NOT NULL CONSTRAINT bound_object_kind_check CHECK (kind OPERATOR(pg_catalog.=) ANY (ARRAY['resource', 'dataset'])),
    code         text NOT NULL,
    version      integer NOT NULL,
    object_oid   oid NOT NULL,
    cluster_id   bigint NOT NULL,
    database_oid oid NOT NULL,
    CONSTRAINT bound_object_pkey PRIMARY KEY (kind, code, version)
);

-- Versions that show more than the ones before: they wait for the security administrator.
CREATE TABLE citybigdata.level_proposal (
    resource_code    text NOT NULL,
    version          integer NOT NULL,
    state            text NOT NULL DEFAULT 'waiting' CONSTRAINT level_proposal_state_check
        CHECK (state OPERATOR(pg_catalog.=) ANY (ARRAY['waiting', 'approved', 'refused', 'superseded'])),
    changes          text[] NOT NULL,
    proposed_by      text NOT NULL,
    proposed_session text NOT NULL,
    proposed_at      timestamptz NOT NULL DEFAULT pg_catalog.now(),
    decided_by       text,
    decided_at       timestamptz,
    proposal_id      bigint NOT NULL CONSTRAINT level_proposal_proposal_id_key UNIQUE,
    CONSTRAINT level_proposal_pkey PRIMARY KEY (resource_code, version),
    CONSTRAINT level_proposal_resource_version_fkey FOREIGN KEY (resource_code, version) REFERENCES citybigdata.resource_version,
    CONSTRAINT level_proposal_decided_check CHECK ((state OPERATOR(pg_catalog.=) 'waiting') OPERATOR(pg_catalog.=) (decided_at IS NULL))
);
CREATE UNIQUE INDEX level_proposal_waiting_idx ON citybigdata.level_proposal (resource_code) WHERE state OPERATOR(pg_catalog.=) 'waiting';

-- The key that authenticates page cursors: 32 random bytes, made by the first publish(). Who has it can choose where a
-- page starts and nothing else: it opens no data, so it may stand in a dump, where it keeps old cursors valid.
CREATE TABLE citybigdata.cursor_key (
    only_row boolean NOT NULL DEFAULT true CONSTRAINT cursor_key_pkey PRIMARY KEY CONSTRAINT cursor_key_only_row_check CHECK (only_row),
    key      bytea NOT NULL CONSTRAINT cursor_key_key_check CHECK (pg_catalog.octet_length(key) OPERATOR(pg_catalog.=) 32)
);

-- tables/66-data-ingest.sql
-- Data layer: datasets with their cleaning rules, what came in, what was refused (chapter 4).
CREATE TABLE citybigdata.dataset (
    dataset_code  text NOT NULL CONSTRAINT dataset_pkey PRIMARY KEY
        CONSTRAINT dataset_code_check CHECK (dataset_code OPERATOR(pg_catalog.~) '^[a-z][a-z0-9-]{0,63}$'),
    owner_role    text NOT NULL,
    schema_name   text NOT NULL,
    relation_name text NOT NULL,
    title         text NOT NULL,
    title_zh      text NOT NULL,
    layer         text NOT NULL CONSTRAINT dataset_layer_check CHECK (layer OPERATOR(pg_catalog.=) ANY (ARRAY['theme', 'industry', 'base'])),
    industry      text CONSTRAINT dataset_industry_check CHECK (industry IS NOT NULL OR layer OPERATOR(pg_catalog.<>) 'industry'),
    source        text CONSTRAINT dataset_source_check CHECK (source OPERATOR(pg_catalog.=) ANY (ARRAY['society', 'government', 'own'])),
    key_columns   text[],
    rules         jsonb NOT NULL CONSTRAINT dataset_rules_check CHECK (pg_catalog.jsonb_typeof(rules) OPERATOR(pg_catalog.=) 'array'),
    changed_at    timestamptz NOT NULL DEFAULT pg_catalog.now()
);

CREATE TABLE citybigdata.ingest_batch (
    batch_id     bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT ingest_batch_pkey PRIMARY KEY,
    dataset_code text NOT NULL CONSTRAINT ingest_batch_dataset_code_fkey REFERENCES citybigdata.dataset,
    accepted     bigint NOT NULL DEFAULT 0,
    rejected     bigint NOT NULL DEFAULT 0,
    ignored      jsonb NOT NULL DEFAULT '{}',
    ingested_by  text NOT NULL,
    ingested_at  timestamptz NOT NULL DEFAULT pg_catalog.now()
);

CREATE INDEX ingest_batch_ingested_at_idx ON citybigdata.ingest_batch (ingested_at);

CREATE TABLE citybigdata.ingest_reject (
    reject_id   bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT ingest_reject_pkey PRIMARY KEY,
    batch_id    bigint NOT NULL CONSTRAINT ingest_reject_batch_id_fkey REFERENCES citybigdata.ingest_batch,
    row_no      integer NOT NULL,
    record      jsonb NOT NULL,
    column_name text,
    rule        text NOT NULL,
    reason      text NOT NULL
);
CREATE INDEX ingest_reject_batch_id_idx ON citybigdata.ingest_reject (batch_id, row_no);

-- COPY citybigdata.ingest_staging (dataset_code, record) FROM STDIN, then ingest_staged(dataset).
CREATE TABLE citybigdata.ingest_staging (
    staged_id    bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT ingest_staging_pkey PRIMARY KEY,
    dataset_code text NOT NULL,
    record       jsonb NOT NULL,
    staged_by    name NOT NULL DEFAULT CURRENT_USER,
    staged_at    timestamptz NOT NULL DEFAULT pg_catalog.now()
);

-- tables/67-data-fuse.sql
-- Which records of which sources are one object, with what score: the lineage of fused data.
DO $$
BEGIN
    EXECUTE pg_catalog.format($table$
CREATE TABLE citybigdata.fusion_member (
    fusion_code  text NOT NULL,
    object_id    bigint NOT NULL,
    source_no    integer NOT NULL,
    dataset_code text NOT NULL,
    record_key   text NOT NULL,
    code         text,
    name         text,
    geom         %I.geometry(Point, 4490),
    score        double precision NOT NULL,
    method       text NOT NULL,
    fused_by     name NOT NULL DEFAULT CURRENT_USER,
    fused_at     timestamptz NOT NULL DEFAULT pg_catalog.now(),
    CONSTRAINT fusion_member_pkey PRIMARY KEY (fused_by, fusion_code, dataset_code, record_key),
    CONSTRAINT fusion_member_method_check CHECK (method OPERATOR(pg_catalog.=) ANY (ARRAY['new', 'code', 'place']))
)$table$, (SELECT n.nspname FROM pg_catalog.pg_extension x JOIN pg_catalog.pg_namespace n ON n.oid = x.extnamespace WHERE x.extname = 'postgis'));
END
$$;
CREATE INDEX fusion_member_geom_idx ON citybigdata.fusion_member USING gist (geom);
CREATE INDEX fusion_member_code_idx ON citybigdata.fusion_member (fusion_code, code);

-- code/00-core-schema.sql
-- The schema and the library.
COMMENT ON SCHEMA citybigdata IS 'Urban-management data platform: authorisation, open data interface, event reports';

CREATE OR REPLACE FUNCTION citybigdata.library_version() RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_library_version' LANGUAGE c STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.library_version() IS 'Version of the loaded library; should equal extversion in pg_extension';

-- code/02-core-status.sql
-- Status codes: the table that is shipped, and how SQL raises one as an error.
COMMENT ON TABLE citybigdata.status_code IS 'Unified status code table 状态信息编码表 (clause 5.4.3); shipped, made from status_codes.txt';
COMMENT ON COLUMN citybigdata.status_code.status_code IS 'HTTP status x 100 + nn; 0 is success';
COMMENT ON COLUMN citybigdata.status_code.name IS 'Name in the C sources, without CBD_';
COMMENT ON COLUMN citybigdata.status_code.http_status IS 'HTTP status of the reply';
COMMENT ON COLUMN citybigdata.status_code.sqlstate IS 'SQLSTATE when it is raised as an error: class UD';
COMMENT ON COLUMN citybigdata.status_code.message IS 'English message';
COMMENT ON COLUMN citybigdata.status_code.message_zh IS 'Chinese message';

CREATE OR REPLACE FUNCTION citybigdata.refuse(status_code integer, detail text) RETURNS void
    AS 'MODULE_PATHNAME', 'cbd_refuse' LANGUAGE c VOLATILE;
COMMENT ON FUNCTION citybigdata.refuse(integer, text) IS 'Raises a status code as an error (SQLSTATE class UD); for the functions of this extension only';

-- code/03-core-status-rows.sql
-- Made from extension/wire/status_codes.txt; do not edit.
DELETE FROM citybigdata.status_code;
INSERT INTO citybigdata.status_code (status_code, name, http_status, sqlstate, message, message_zh) VALUES
(0, 'OK', 200, '00000', 'OK', '成功'),
(40000, 'BAD_REQUEST', 400, 'UD000', 'Bad request', '请求有误'),
(40001, 'MALFORMED_JSON', 400, 'UD001', 'The body is not valid JSON', '请求体不是合法的 JSON'),
(40002, 'MALFORMED_FORM', 400, 'UD002', 'The body is not a valid form', '请求体不是合法的表单'),
(40003, 'INVALID_CHARACTER', 400, 'UD003', 'Invalid character or byte sequence', '字符或字节序列无效'),
(40004, 'DUPLICATE_KEY', 400, 'UD004', 'The same key occurs twice', '键重复'),
(40005, 'TOO_DEEP', 400, 'UD005', 'Nested too deeply', '嵌套层数过多'),
(40006, 'MISSING_PARAMETER', 400, 'UD006', 'A required parameter is missing', '缺少必需的参数'),
(40007, 'INVALID_PARAMETER', 400, 'UD007', 'A parameter has a wrong value', '参数值无效'),
(40008, 'UNKNOWN_PARAMETER', 400, 'UD008', 'Unknown parameter', '未知参数'),
(40009, 'REPEATED_PARAMETER', 400, 'UD009', 'A parameter is given more than once', '参数重复'),
(40010, 'INVALID_TIME', 400, 'UD00A', 'Invalid time', '时间无效'),
(40011, 'INVALID_INTERVAL', 400, 'UD00B', 'Invalid time interval', '时间区间无效'),
(40012, 'INVALID_GRANT', 400, 'UD00C', 'The authorisation code is invalid, expired or used', '授权码无效、过期或已使用'),
(40013, 'INVALID_APP_CODE', 400, 'UD00D', 'The application code is malformed', '应用识别码格式有误'),
(40014, 'UNSUPPORTED_METHOD', 400, 'UD00E', 'Unsupported authorisation method', '不支持的授权方式'),
(40015, 'CONFLICTING_CREDENTIALS', 400, 'UD00F', 'More than one credential was given', '提供了多种认证信息'),
(40016, 'INVALID_ACTION', 400, 'UD00G', 'actionType must be UP_REC_REPORT', 'actionType 应为 UP_REC_REPORT'),
(40017, 'INVALID_ENCODING', 400, 'UD00H', 'Invalid percent or transfer encoding', '百分号编码或传输编码无效'),
(40018, 'INVALID_HEADER', 400, 'UD00I', 'A header is missing, repeated or malformed', '请求头缺失、重复或格式有误'),
(40019, 'INVALID_COORDINATE', 400, 'UD00J', 'Invalid coordinate or coordinate system', '坐标或坐标系无效'),
(40020, 'UNAUTHORIZED_CLIENT', 400, 'UD00K', 'The client may not use this way of authorisation', '该客户端不得使用此授权方式'),
(40021, 'UNSUPPORTED_GRANT_TYPE', 400, 'UD00L', 'Unsupported grant_type', '不支持的 grant_type'),
(40022, 'INVALID_SCOPE', 400, 'UD00M', 'The scope is unknown, malformed or not granted', 'scope 未知、格式有误或未获授权'),
(40023, 'UNSUPPORTED_RESPONSE_TYPE', 400, 'UD00N', 'response_type must be code', 'response_type 应为 code'),
(40024, 'INVALID_REDIRECT_URI', 400, 'UD00O', 'redirect_uri is not registered for this client', 'redirect_uri 未登记'),
(40025, 'FORM_EXPIRED', 400, 'UD00P', 'The form has expired, or cookies are switched off', '页面已过期，或浏览器未启用 Cookie'),
(40100, 'UNAUTHORIZED', 401, 'UD02S', 'Authentication is required', '需要认证'),
(40101, 'INVALID_CREDENTIALS', 401, 'UD02T', 'Invalid credentials', '认证信息无效'),
(40102, 'INVALID_TOKEN', 401, 'UD02U', 'The access token is invalid, expired or revoked', '访问令牌无效、过期或已撤销'),
(40103, 'INVALID_SIGNATURE', 401, 'UD02V', 'Invalid signature', '签名无效'),
(40104, 'ADDRESS_NOT_ALLOWED', 401, 'UD02W', 'Not authorised from this client address', '该客户端地址未获授权'),
(40300, 'FORBIDDEN', 403, 'UD08C', 'Not authorised for this resource', '未获该资源的授权'),
(40301, 'SENDER_NOT_OWNED', 403, 'UD08D', 'The senderCode does not belong to this application', 'senderCode 不属于该应用'),
(40302, 'LEVEL_TOO_LOW', 403, 'UD08E', 'The data level is above that of the grant', '数据级别高于授权级别'),
(40303, 'METHOD_NOT_GRANTED', 403, 'UD08F', 'The authorisation method is not granted', '未授予该授权方式'),
(40304, 'NOT_ADMINISTRATOR', 403, 'UD08G', 'An administrator''s token is required', '需要管理员令牌'),
(40305, 'INSUFFICIENT_SCOPE', 403, 'UD08H', 'The access token does not cover this resource', '访问令牌不包含该资源'),
(40306, 'PASSWORD_EXPIRED', 403, 'UD08I', 'The password must be changed first', '须先修改口令'),
(40307, 'WRONG_ROLE', 403, 'UD08J', 'Another administrator''s role is required', '需要其他角色的管理员'),
(40308, 'NO_SECOND_FACTOR', 403, 'UD08K', 'The account has no second factor yet: a security administrator must enrol one', '该用户尚未登记第二因素，须由安全管理员登记'),
(40309, 'OWN_ACCOUNT', 403, 'UD08L', 'Not for one''s own account or application', '不得用于本人的账户或应用'),
(40310, 'SECOND_PERSON', 403, 'UD08M', 'A second administrator must decide this', '须由另一名管理员办理'),
(40311, 'PASSWORD_RESET', 403, 'UD08N', 'The password was reset by an administrator: a security administrator must confirm that first', '口令已由管理员重置，须先经安全管理员确认'),
(40400, 'NOT_FOUND', 404, 'UD0B4', 'Not found', '未找到'),
(40401, 'NO_SUCH_PATH', 404, 'UD0B5', 'No such path', '路径不存在'),
(40402, 'NO_SUCH_EVENT', 404, 'UD0B6', 'No such event', '问题不存在'),
(40403, 'NO_SUCH_DIVISION', 404, 'UD0B7', 'No such division', '行政区划不存在'),
(40404, 'NO_SUCH_CODE_TABLE', 404, 'UD0B8', 'No such code table', '代码表不存在'),
(40405, 'NO_SUCH_ACCOUNT', 404, 'UD0B9', 'No such account', '用户不存在'),
(40406, 'NO_SUCH_ACCESS_REQUEST', 404, 'UD0BA', 'No such access request', '授权申请不存在'),
(40407, 'NO_SUCH_RESOURCE', 404, 'UD0BB', 'No such resource', '服务资源不存在'),
(40408, 'NO_SUCH_MEDIUM', 404, 'UD0BC', 'No such picture, video or file', '图片、视频或文件不存在'),
(40409, 'NO_SUCH_CALENDAR', 404, 'UD0BD', 'No such working calendar', '工作日历不存在'),
(40410, 'NO_SUCH_PROPOSAL', 404, 'UD0BE', 'No such proposal', '提案不存在'),
(40500, 'METHOD_NOT_ALLOWED', 405, 'UD0DW', 'Method not allowed', '不支持该请求方式'),
(40600, 'NOT_ACCEPTABLE', 406, 'UD0GO', 'No acceptable format or charset', '没有可接受的格式或字符集'),
(40800, 'REQUEST_TIMEOUT', 408, 'UD0M8', 'The request took too long to arrive', '请求接收超时'),
(40900, 'CONFLICT', 409, 'UD0P0', 'Conflict', '冲突'),
(40901, 'EVENT_CONFLICT', 409, 'UD0P1', 'otherTaskNum was reported before with other content', '相同 otherTaskNum 已上报且内容不同'),
(40902, 'ACCOUNT_EXISTS', 409, 'UD0P2', 'The user name is taken', '用户名已存在'),
(40903, 'ALREADY_REVIEWED', 409, 'UD0P3', 'Already reviewed', '已审核'),
(40904, 'SENDER_TAKEN', 409, 'UD0P4', 'The senderCode belongs to another application', 'senderCode 已属于其他应用'),
(40905, 'CREDENTIALS_COLLECTED', 409, 'UD0P5', 'The credentials were shown before', '认证信息已领取'),
(40906, 'LAST_ADMINISTRATOR', 409, 'UD0P6', 'No other security administrator would be left', '不得移除最后一名安全管理员'),
(41300, 'TOO_LARGE', 413, 'UD104', 'The request is too large', '请求过大'),
(41400, 'URI_TOO_LONG', 414, 'UD12W', 'The request address is too long', '请求网址过长'),
(41500, 'UNSUPPORTED_MEDIA_TYPE', 415, 'UD15O', 'Unsupported content type', '不支持的内容类型'),
(41600, 'RANGE_NOT_SATISFIABLE', 416, 'UD18G', 'The range lies beyond the end', '请求的范围超出内容长度'),
(42200, 'VALIDATION_FAILED', 422, 'UD1P4', 'Validation failed', '校验未通过'),
(42201, 'FIELD_REQUIRED', 422, 'UD1P5', 'A required field is missing', '缺少必填字段'),
(42202, 'FIELD_TYPE', 422, 'UD1P6', 'Wrong type', '字段类型有误'),
(42203, 'FIELD_TOO_LONG', 422, 'UD1P7', 'Too long', '字段超长'),
(42204, 'FIELD_OUT_OF_RANGE', 422, 'UD1P8', 'Out of range', '超出取值范围'),
(42205, 'CODE_NOT_IN_TABLE', 422, 'UD1P9', 'The code is not in the code table', '代码不在代码表中'),
(42206, 'UNKNOWN_DIVISION', 422, 'UD1PA', 'Unknown division code', '未知的行政区划代码'),
(42207, 'DIVISION_HIERARCHY', 422, 'UD1PB', 'The division codes do not belong together', '区划代码上下级不一致'),
(42208, 'DISTRICT_MISMATCH', 422, 'UD1PC', 'The point is not in the given district', '坐标不在所给区域内'),
(42209, 'OUTSIDE_AREA', 422, 'UD1PD', 'The point is outside the platform''s area', '坐标超出平台管辖范围'),
(42210, 'AXES_SWAPPED', 422, 'UD1PE', 'The coordinates are swapped', '坐标轴颠倒'),
(42211, 'WRONG_COORDINATE_SYSTEM', 422, 'UD1PF', 'The coordinates are in another coordinate system', '坐标系不符'),
(42212, 'COORDINATES_DISAGREE', 422, 'UD1PG', 'The two coordinate pairs disagree', '两组坐标不一致'),
(42213, 'FIELD_TIME', 422, 'UD1PH', 'Invalid time', '时间无效'),
(42214, 'TIME_IN_FUTURE', 422, 'UD1PI', 'The time lies in the future', '时间晚于当前'),
(42215, 'INVALID_PHONE', 422, 'UD1PJ', 'Invalid phone number', '电话号码无效'),
(42216, 'MEDIA_COUNT', 422, 'UD1PK', 'mediaNum differs from the number of medias', 'mediaNum 与多媒体数量不符'),
(42217, 'MEDIA_WITHOUT_CONTENT', 422, 'UD1PL', 'A medium needs mediaURL or content', '媒体缺少 mediaURL 或 content'),
(42218, 'MEDIA_URL', 422, 'UD1PM', 'Invalid media URL', '媒体网址无效'),
(42219, 'MEDIA_BASE64', 422, 'UD1PN', 'Invalid base64 content', 'base64 内容无效'),
(42220, 'MEDIA_TYPE', 422, 'UD1PO', 'Invalid media type', '媒体类型无效'),
(42221, 'MEDIA_USAGE', 422, 'UD1PP', 'Invalid media usage', '媒体用途无效'),
(42222, 'MEDIA_TYPE_MISMATCH', 422, 'UD1PQ', 'The content is not of the given media type', '媒体内容与类型不符'),
(42223, 'MEDIA_TOO_LARGE', 422, 'UD1PR', 'The medium is too large', '媒体过大'),
(42224, 'TOO_MANY_MEDIAS', 422, 'UD1PS', 'Too many medias', '媒体过多'),
(42225, 'UNKNOWN_FIELD', 422, 'UD1PT', 'Unknown field', '未知字段'),
(42226, 'FIELD_CHARACTER', 422, 'UD1PU', 'A character that is not allowed', '含有不允许的字符'),
(42227, 'FIELD_DEFAULTED', 422, 'UD1PV', 'A default was used', '已使用默认值'),
(42228, 'IDEMPOTENCY_MISMATCH', 422, 'UD1PW', 'The Idempotency-Key was used with another body', 'Idempotency-Key 已用于其他内容'),
(42229, 'WEAK_PASSWORD', 422, 'UD1PX', 'The password does not satisfy the rules', '口令不符合规则'),
(42230, 'CALENDAR_HOURS', 422, 'UD1PY', 'The working hours overlap, are out of order or malformed', '工作时段重叠、次序有误或格式有误'),
(42231, 'CALENDAR_GAP', 422, 'UD1PZ', 'The working calendar has a gap', '工作日历不完整'),
(42232, 'CALENDAR_UNKNOWN', 422, 'UD1Q0', 'The holidays of that year are not known yet; Monday to Friday were assumed', '该年度节假日安排未知，按周一至周五计算'),
(42900, 'TOO_MANY_REQUESTS', 429, 'UD28K', 'Too many requests', '请求过多'),
(42901, 'LOCKED_OUT', 429, 'UD28L', 'Locked after repeated failures', '多次失败后已锁定'),
(42902, 'QUOTA_EXCEEDED', 429, 'UD28M', 'The quota is used up', '配额已用完'),
(43100, 'HEADER_TOO_LARGE', 431, 'UD2E4', 'The request header is too large', '请求头过大'),
(50000, 'INTERNAL_ERROR', 500, 'UD7PS', 'Internal error', '内部错误'),
(50300, 'UNAVAILABLE', 503, 'UD7Y4', 'Temporarily unavailable', '服务暂不可用'),
(50301, 'OVERLOADED', 503, 'UD7Y5', 'Too busy', '服务繁忙'),
(50302, 'DATABASE_UNAVAILABLE', 503, 'UD7Y6', 'The database is unavailable', '数据库不可用'),
(50303, 'NOT_SET_UP', 503, 'UD7Y7', 'The platform is not set up', '平台尚未初始化'),
(50304, 'RESOURCE_BROKEN', 503, 'UD7Y8', 'The data behind this resource cannot be read; its publisher must look at it', '资源背后的数据无法读取，需由发布方处理'),
(50400, 'TIMEOUT', 504, 'UD80W', 'The request took too long', '处理超时');

-- code/04-core-platform.sql
-- The platform: its one row, setting up, readiness.
COMMENT ON TABLE citybigdata.platform IS 'This platform (城市管理大数据平台标识): one row, written by setup()';
COMMENT ON COLUMN citybigdata.platform.only_row IS 'Always true: the table has one row';
COMMENT ON COLUMN citybigdata.platform.platform_code IS 'Platform identifier, 2 to 12 digits or capital letters; every appCode and taskNum starts with it';
COMMENT ON COLUMN citybigdata.platform.platform_name IS 'Platform name (平台标识信息)';
COMMENT ON COLUMN citybigdata.platform.division_code IS 'GB/T 2260 code of the city that the platform serves';
COMMENT ON COLUMN citybigdata.platform.set_up_at IS 'When setup() first ran';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.platform', '');

-- setup() runs the setup_* function of each chapter that has something to make outside the extension.
CREATE OR REPLACE FUNCTION citybigdata.setup(platform_code text, platform_name text, division text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    known text := (SELECT p.platform_code FROM citybigdata.platform p);
BEGIN
    IF platform_code IS NULL OR platform_code !~ '^[0-9A-Z]{2,12}$' THEN
        RAISE EXCEPTION 'invalid platform code: %', platform_code
            USING ERRCODE = 'invalid_parameter_value', HINT = '2 to 12 digits or capital letters, for example 110000.';
    END IF;
    IF known IS NOT NULL AND known <> platform_code THEN
        RAISE EXCEPTION 'the platform is already set up as %', known
            USING ERRCODE = 'object_in_use',
                  HINT = 'Application codes and task numbers were issued under that code; it cannot change.';
    END IF;
    INSERT INTO citybigdata.platform AS p (platform_code, platform_name, division_code)
    VALUES (setup.platform_code, setup.platform_name, setup.division)
    ON CONFLICT ON CONSTRAINT platform_pkey
    DO UPDATE SET platform_name = excluded.platform_name, division_code = excluded.division_code;
    PERFORM citybigdata.setup_audit();
    IF known IS NULL THEN
        PERFORM citybigdata.integrity_take_all();
    ELSE
        PERFORM citybigdata.integrity_version();
    END IF;
    PERFORM citybigdata.bind_restored();
END
$$;
COMMENT ON FUNCTION citybigdata.setup(text, text, text) IS
'Names the platform and makes what must not belong to the extension (audit partitions, keys). Once after CREATE EXTENSION; repeatable. '
'platform_code: 2 to 12 digits or capital letters, fixed for ever; division: GB/T 2260 code of the city';

-- The reply frames of the endpoint functions (extension/wire/frame.h).
CREATE OR REPLACE FUNCTION citybigdata.reply_frame(status integer, retry_after integer, data text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_reply_frame' LANGUAGE c IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.reply_frame(integer, integer, text) IS
'The reply frame of a function that is not written in C: status code, seconds after which the bridge may ask again (0 or null: nothing is said), data as JSON or null';
CREATE OR REPLACE FUNCTION citybigdata.read_reply_frame(frame bytea, OUT status integer, OUT fields jsonb, OUT body bytea)
    AS 'MODULE_PATHNAME', 'cbd_read_reply_frame' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.read_reply_frame(bytea) IS
'What an endpoint function rest_... returned, for tests and for whoever calls one from SQL: status code, the named values as a JSON object, the body; error 22P02 when it is no reply frame';

CREATE OR REPLACE FUNCTION citybigdata.rest_ready() RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_ready' LANGUAGE c STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_ready() IS
'Reply frame: 0 and {"extensionVersion","libraryVersion","calendarUnknownFrom","auditUnsealedSeconds"} when the platform can work, 50303 before setup()';

CREATE OR REPLACE FUNCTION citybigdata.require_own_transaction(name text) RETURNS void
    AS 'MODULE_PATHNAME', 'cbd_require_own_transaction' LANGUAGE c VOLATILE STRICT SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.require_own_transaction(text) IS
'First in a function in PL/pgSQL whose record must stay: errors 25001, 25006 unless it runs in a SELECT of its own, outside any block or function; tells the server''s log of the call';

-- Locks that nobody else can take, as everybody who can connect can take an advisory lock; granted to nobody.
CREATE OR REPLACE FUNCTION citybigdata.own_lock(name text) RETURNS void
    AS 'MODULE_PATHNAME', 'cbd_own_lock' LANGUAGE c VOLATILE STRICT SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.own_lock(text) IS 'Takes a lock of this extension until the transaction ends; for the functions of this extension only';
CREATE OR REPLACE FUNCTION citybigdata.try_own_lock(name text) RETURNS boolean
    AS 'MODULE_PATHNAME', 'cbd_try_own_lock' LANGUAGE c VOLATILE STRICT SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.try_own_lock(text) IS 'The same without waiting: false when another transaction holds it';

-- code/06-core-interval.sql
-- Times and intervals in the notation of the standard.
CREATE OR REPLACE FUNCTION citybigdata.time_point(text) RETURNS timestamptz
    AS 'MODULE_PATHNAME', 'cbd_time_point' LANGUAGE c STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.time_point(text) IS
'A time as the standard writes it (clause 5.3.4): yyyyMMddHHmmss in the zone citybigdata.time_zone, yyyyMMdd or yyyy-MM-dd for the begin of a day, Unix seconds of 9 or 10 digits, or an RFC 3339 date-time with its zone';

CREATE OR REPLACE FUNCTION citybigdata.time_range(text) RETURNS tstzrange
    AS 'MODULE_PATHNAME', 'cbd_time_range' LANGUAGE c STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.time_range(text) IS
'A time interval as the standard writes it (clause 5.3.4): (a,b) (a,b] [a,b) [a,b], both bounds calendar times (yyyyMMddHHmmss, yyyyMMdd, yyyy-MM-dd) or both instants (Unix seconds, RFC 3339 date-times); a closed bound that is a day holds the day; '
'blanks and full-width brackets and comma are allowed; equal bounds give empty unless closed on both sides';

CREATE OR REPLACE FUNCTION citybigdata.time_range_text(tstzrange) RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_time_range_text' LANGUAGE c STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.time_range_text(tstzrange) IS
'The canonical notation of an interval, [20240102000000,20240103000000), widened to whole seconds; NULL for empty and open-ended ranges, which the notation cannot say';

-- PostgreSQL 15 has no index for timestamptz <@ tstzrange. These are taken into the query that calls them; their bodies are parsed here, once.
CREATE OR REPLACE FUNCTION citybigdata.in_time(at timestamptz, during tstzrange) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN $1 OPERATOR(pg_catalog.>=) COALESCE(pg_catalog.lower($2), CASE WHEN pg_catalog.isempty($2) THEN 'infinity'::timestamptz ELSE '-infinity'::timestamptz END)
       AND $1 OPERATOR(pg_catalog.<=) COALESCE(pg_catalog.upper($2), 'infinity'::timestamptz) AND $1 OPERATOR(pg_catalog.<@) $2;
COMMENT ON FUNCTION citybigdata.in_time(timestamptz, tstzrange) IS
'Is the instant in the range? The same as at <@ during, but an index on the column of at serves it: the planner sees the bounds';

CREATE OR REPLACE FUNCTION citybigdata.in_time(at timestamptz, during text) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN $1 OPERATOR(pg_catalog.>=) COALESCE(pg_catalog.lower(citybigdata.time_range($2)), CASE WHEN pg_catalog.isempty(citybigdata.time_range($2)) THEN 'infinity'::timestamptz ELSE '-infinity'::timestamptz END)
       AND $1 OPERATOR(pg_catalog.<=) COALESCE(pg_catalog.upper(citybigdata.time_range($2)), 'infinity'::timestamptz) AND $1 OPERATOR(pg_catalog.<@) citybigdata.time_range($2);
COMMENT ON FUNCTION citybigdata.in_time(timestamptz, text) IS
'Is the instant in the interval, written as the standard does (clause 5.3.4; see time_range())? An index on the column of at serves it. Error: 40011';

-- code/08-core-maintain.sql
-- Housekeeping of all chapters: called by the bridge (one at a time) or by pg_cron, as often as one likes.
CREATE OR REPLACE FUNCTION citybigdata.maintain() RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    done jsonb := '{}';
BEGIN
    IF NOT citybigdata.try_own_lock('maintain') THEN
        RETURN jsonb_build_object('busy', true, 'auditUnsealedSeconds', citybigdata.audit_unsealed_seconds());
    END IF;
    PERFORM set_config('lock_timeout', '2s', true);
    done := jsonb_build_object('accessRowsRemoved', citybigdata.maintain_access(), 'consentsRemoved', citybigdata.maintain_oauth(),
                               'noncesRemoved', citybigdata.expire_nonces(), 'sealedUsesRemoved', citybigdata.expire_sealed_uses(),
                               'auditSendersRemoved', citybigdata.expire_audit_senders(),
                               'idempotencyKeysRemoved', citybigdata.maintain_event(),
                               'ingestRowsRemoved', citybigdata.expire_ingested(),
                               'auditRowsSealed', citybigdata.audit_seal(100000),
                               'calendarWarnings', (SELECT coalesce(jsonb_agg(jsonb_build_object('calendar', w.calendar, 'unknownFrom', w.unknown_from, 'statusCode', w.status_code)), '[]')
                                                    FROM citybigdata.calendar_warnings() w));
    -- Last, since whoever writes the log waits from here to the end: an audit partition is attached or dropped in an instant or next time.
    -- Each locks the whole log before any partition, as writers do: nobody waits in a circle.
    PERFORM set_config('lock_timeout', '200ms', true);
    BEGIN
        done := done || jsonb_build_object('auditRowsMoved', citybigdata.audit_sort_default()) || jsonb_build_object('auditMonthsDropped', citybigdata.audit_drop_months())
                     || jsonb_build_object('auditMonthsMade', citybigdata.audit_make_months());
    EXCEPTION WHEN lock_not_available THEN
        done := done || '{"auditMonths": "busy"}';
    END;
    RETURN done || jsonb_build_object('auditUnsealedSeconds', citybigdata.audit_unsealed_seconds());
END
$$;
COMMENT ON FUNCTION citybigdata.maintain() IS
'Housekeeping, harmless at any time: audit months ahead, audit months past retention, void codes, tokens, lock-outs, nonces and Idempotency-Keys, refused and staged records past retention, sealing of the audit log. Returns what it did, '
'and the working calendars whose next year must be loaded; '
'and how old the oldest audit row is that is not sealed; {"busy": true} when another one runs';

CREATE OR REPLACE FUNCTION citybigdata.rest_maintain() RETURNS bytea
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT citybigdata.reply_frame(0, CASE WHEN (done->>'auditRowsSealed')::bigint >= 100000
                                                OR EXISTS (SELECT FROM jsonb_each_text(done) d WHERE d.key LIKE '%Removed' AND d.value::bigint >= 10000)
                                           THEN 1 ELSE 0 END, done::text)
    FROM citybigdata.maintain() done
$$;
COMMENT ON FUNCTION citybigdata.rest_maintain() IS 'maintain() as a reply frame, for the bridge; retry-after is 1 when a portion was full: there may be more to do at once';

-- code/09-core-restore.sql
-- Whether a restore brought everything back.
-- Foreign keys between tables of an extension exist before the data come, and a parallel restore does not keep their order: it loses
-- rows, or with session_replication_role = replica takes rows that point nowhere. The *_keep triggers work there too (ENABLE ALWAYS).
CREATE OR REPLACE FUNCTION citybigdata.restore_problems(OUT subject text, OUT problem text) RETURNS SETOF record
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    link record;
    lost bigint;
    last timestamptz;
BEGIN
    FOR link IN
        SELECT c.conrelid::regclass AS child, c.confrelid::regclass AS parent,
               string_agg(format('p.%I = t.%I', p.attname, t.attname), ' AND ' ORDER BY k.n) AS joined,
               string_agg(format('t.%I IS NOT NULL', t.attname), ' AND ' ORDER BY k.n) AS given
        FROM pg_constraint c CROSS JOIN LATERAL unnest(c.conkey, c.confkey) WITH ORDINALITY k (child, parent, n)
        JOIN pg_attribute t ON t.attrelid = c.conrelid AND t.attnum = k.child JOIN pg_attribute p ON p.attrelid = c.confrelid AND p.attnum = k.parent
        WHERE c.contype = 'f' AND c.connamespace = 'citybigdata'::regnamespace GROUP BY c.oid, c.conrelid, c.confrelid ORDER BY c.conrelid::regclass::text, c.oid
    LOOP
        EXECUTE format('SELECT count(*) FROM %s t WHERE %s AND NOT EXISTS (SELECT FROM %s p WHERE %s)', link.child, link.given, link.parent, link.joined) INTO lost;
        IF lost > 0 THEN
            subject := link.child::text;
            problem := format('%s rows belong to no row of %s', lost, link.parent);
            RETURN NEXT;
        END IF;
    END LOOP;
    SELECT count(*) INTO lost FROM citybigdata.event e
    WHERE e.media_count <> (SELECT count(*) FROM citybigdata.event_media m WHERE m.rec_id = e.rec_id);
    IF lost > 0 THEN
        subject := 'citybigdata.event_media';
        problem := format('media of %s events are missing', lost);
        RETURN NEXT;
    END IF;
    IF (SELECT max(e.rec_id) > (SELECT s.last_value FROM citybigdata.event_rec_id_seq s) FROM citybigdata.event e) THEN
        subject := 'citybigdata.event_rec_id_seq';
        problem := 'is behind the numbers that were given';
        RETURN NEXT;
    END IF;
    FOR subject IN
        SELECT t.tgrelid::regclass::text FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
        WHERE c.relnamespace = 'citybigdata'::regnamespace AND t.tgname LIKE '%\_keep' AND t.tgenabled <> 'A' ORDER BY 1
    LOOP
        problem := 'its trigger *_keep does not work in every restore';
        RETURN NEXT;
    END LOOP;
    IF to_regclass('citybigdata.audit_log') IS NULL THEN
        subject := 'citybigdata.audit_log';
        problem := 'does not exist';
        RETURN NEXT;
        RETURN;
    END IF;
    -- codes and tokens stay for a day after their end
    SELECT max(l.at) INTO last FROM citybigdata.audit_log l;
    FOR subject IN
        SELECT DISTINCT CASE l.action WHEN 'auth.token' THEN 'citybigdata.access_token' ELSE 'citybigdata.auth_code' END FROM citybigdata.audit_log l
        WHERE l.at > last - interval '1 day' AND l.status_code = 0
          AND (l.action = 'auth.token' AND NOT EXISTS (SELECT FROM citybigdata.access_token)
               OR l.action = 'auth.code' AND NOT EXISTS (SELECT FROM citybigdata.auth_code)) ORDER BY 1
    LOOP
        problem := 'is empty, though the audit log tells of some of its last day';
        RETURN NEXT;
    END LOOP;
END
$$;
COMMENT ON FUNCTION citybigdata.restore_problems() IS
'What a restore did not bring back: rows that point nowhere, missing media, codes and tokens, a sequence behind; no row = whole. After every restore, with audit_verify() and catalogue_problems()';

-- code/10-place-division.sql
-- Divisions and their boundaries.
COMMENT ON TABLE citybigdata.division IS 'Administrative divisions 行政区划: GB/T 2260 codes, streets and communities, retired codes too; load_divisions() brings a newer table';
COMMENT ON COLUMN citybigdata.division.code IS '6 digits (province, prefecture, county), 9 (street 街道, town) or 12 (community 社区, village)';
COMMENT ON COLUMN citybigdata.division.name IS 'Name; of a retired code the last one';
COMMENT ON COLUMN citybigdata.division.parent_code IS 'Code of the division above; null for a province';
COMMENT ON COLUMN citybigdata.division.level IS '1 province, 2 prefecture, 3 county or district, 4 street, 5 community';
COMMENT ON COLUMN citybigdata.division.kind IS 'official, pseudo (市辖区 and the like), retired, superseded, statistical-zone (not in GB/T 2260), or the kind of street or community';
COMMENT ON COLUMN citybigdata.division.revision IS 'List and date that the row was taken from';
COMMENT ON COLUMN citybigdata.division.valid_from IS 'First day; null: before the lists begin, or not known';
COMMENT ON COLUMN citybigdata.division.valid_to IS 'First day on which the code is not listed any more; null: still valid';
COMMENT ON COLUMN citybigdata.division.successor_code IS 'Of a retired code: the code that took its place, where it is known';
COMMENT ON COLUMN citybigdata.division.former_name IS 'What the code named before, where a code was given to another division or renamed since 2016';
COMMENT ON COLUMN citybigdata.division.shipped IS 'The row came with CREATE EXTENSION; pg_dump leaves it out';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.division', 'WHERE NOT shipped');

COMMENT ON TABLE citybigdata.division_boundary IS 'Boundaries of divisions; load_boundaries() fills it';
COMMENT ON COLUMN citybigdata.division_boundary.code IS 'Division code';
COMMENT ON COLUMN citybigdata.division_boundary.geom IS 'Boundary in CGCS2000 longitude and latitude, EPSG:4490';
COMMENT ON COLUMN citybigdata.division_boundary.source IS 'Where the boundary comes from';
COMMENT ON COLUMN citybigdata.division_boundary.shipped IS 'The row came with CREATE EXTENSION; pg_dump leaves it out';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.division_boundary', 'WHERE NOT shipped');

-- Whoever changes a row that shipped makes it a row of the site: pg_dump keeps those, and a restore puts them in the
-- place of the shipped ones. Hence an update clears `shipped`, and an insert removes the shipped row of that key.
CREATE OR REPLACE FUNCTION citybigdata.division_keep() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        NEW.shipped := false;
    ELSIF NOT NEW.shipped THEN
        DELETE FROM citybigdata.division d WHERE d.code = NEW.code AND d.shipped;
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION citybigdata.division_keep() IS 'Trigger: a changed shipped row becomes a row of the site, and a row of the site replaces the shipped one';
CREATE OR REPLACE TRIGGER division_keep BEFORE INSERT OR UPDATE ON citybigdata.division
    FOR EACH ROW EXECUTE FUNCTION citybigdata.division_keep();
ALTER TABLE citybigdata.division ENABLE ALWAYS TRIGGER division_keep;

CREATE OR REPLACE FUNCTION citybigdata.reference_changed() RETURNS trigger
    AS 'MODULE_PATHNAME', 'cbd_reference_changed' LANGUAGE c;
COMMENT ON FUNCTION citybigdata.reference_changed() IS 'Trigger: every session forgets what it has cached of the table';
CREATE OR REPLACE TRIGGER division_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON citybigdata.division
    FOR EACH STATEMENT EXECUTE FUNCTION citybigdata.reference_changed();
CREATE OR REPLACE TRIGGER division_boundary_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON citybigdata.division_boundary
    FOR EACH STATEMENT EXECUTE FUNCTION citybigdata.reference_changed();

CREATE OR REPLACE FUNCTION citybigdata.division_find(wanted text, OUT code text, OUT name text, OUT parent_code text, OUT level integer,
                                                     OUT current boolean, OUT successor_code text) RETURNS record
    AS 'MODULE_PATHNAME', 'cbd_division_find' LANGUAGE c STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.division_find(text) IS
'The division of a code, retired ones too (current tells whether it is valid today); nulls when there is none. Cached per session';

CREATE OR REPLACE FUNCTION citybigdata.division_at(lon double precision, lat double precision) RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_division_at' LANGUAGE c STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.division_at(double precision, double precision) IS
'Code of the district that contains the point (EPSG:4490), else of the nearest within citybigdata.boundary_tolerance; null when there is none';
CREATE OR REPLACE FUNCTION citybigdata.division_at(lon double precision, lat double precision, tolerance double precision) RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_division_at' LANGUAGE c STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.division_at(double precision, double precision, double precision) IS
'Code of the district that contains the point (EPSG:4490), else of the nearest within `tolerance` metres; null when there is none';
CREATE OR REPLACE FUNCTION citybigdata.division_at(geometry) RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_division_at_geometry' LANGUAGE c STABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION citybigdata.division_at(geometry) IS
'Code of the district that contains the point, else of the nearest within citybigdata.boundary_tolerance. A point of another SRID is transformed to EPSG:4490; 0 counts as 4490';

CREATE OR REPLACE FUNCTION citybigdata.division_distance(code text, lon double precision, lat double precision) RETURNS double precision
    AS 'MODULE_PATHNAME', 'cbd_division_distance' LANGUAGE c STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.division_distance(text, double precision, double precision) IS
'Metres from the point (EPSG:4490) to the division''s boundary, 0 inside; null when no boundary of that code is loaded';
CREATE OR REPLACE FUNCTION citybigdata.area_distance(lon double precision, lat double precision) RETURNS double precision
    AS 'MODULE_PATHNAME', 'cbd_area_distance' LANGUAGE c STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.area_distance(double precision, double precision) IS
'Metres from the point (EPSG:4490) to the platform''s area, which is all districts with a boundary; 0 inside; null when there are none';

CREATE OR REPLACE FUNCTION citybigdata.rest_division(request_id text, client_addr inet, app_code text, scheme text, credential bytea, code text)
    RETURNS bytea AS 'MODULE_PATHNAME', 'cbd_rest_division' LANGUAGE c SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_division(text, inet, text, text, bytea, text) IS
'Endpoint GET /divisions/{code}: the division with the divisions directly below it (clause 5.4.3)';

-- code/11-place-division-rows.sql
-- Made from sql/data/divisions.tsv; do not edit.
DELETE FROM citybigdata.division WHERE shipped;
INSERT INTO citybigdata.division (code, name, parent_code, level, kind, revision, valid_from, valid_to, successor_code, former_name, shipped) VALUES
('110000', '北京市', NULL, 1, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('110100', '市辖区', '110000', 2, 'pseudo', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('110101', '东城区', '110100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('110102', '西城区', '110100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('110103', '崇文区', '110100', 3, 'retired', 'GB/T 2260 200912', NULL, '2010-01-01', '110101', NULL, true),
('110104', '宣武区', '110100', 3, 'retired', 'GB/T 2260 200912', NULL, '2010-01-01', '110102', NULL, true),
('110105', '朝阳区', '110100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('110106', '丰台区', '110100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('110107', '石景山区', '110100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('110108', '海淀区', '110100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('110109', '门头沟区', '110100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('110111', '房山区', '110100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('110112', '通州区', '110100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('110113', '顺义区', '110100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('110114', '昌平区', '110100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('110115', '大兴区', '110100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('110116', '怀柔区', '110100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('110117', '平谷区', '110100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('110118', '密云区', '110100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('110119', '延庆区', '110100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('110200', '县', '110000', 2, 'retired', 'GB/T 2260 201509', NULL, '2015-10-01', NULL, NULL, true),
('110228', '密云县', '110200', 3, 'retired', 'GB/T 2260 201509', NULL, '2015-10-01', '110118', NULL, true),
('110229', '延庆县', '110200', 3, 'retired', 'GB/T 2260 201509', NULL, '2015-10-01', '110119', NULL, true),
('120000', '天津市', NULL, 1, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('120100', '市辖区', '120000', 2, 'pseudo', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('120101', '和平区', '120100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('120102', '河东区', '120100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('120103', '河西区', '120100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('120104', '南开区', '120100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('120105', '河北区', '120100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('120106', '红桥区', '120100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('120107', '塘沽区', '120100', 3, 'retired', 'GB/T 2260 200812', NULL, '2009-01-01', NULL, NULL, true),
('120108', '汉沽区', '120100', 3, 'retired', 'GB/T 2260 200812', NULL, '2009-01-01', NULL, NULL, true),
('120109', '大港区', '120100', 3, 'retired', 'GB/T 2260 200812', NULL, '2009-01-01', NULL, NULL, true),
('120110', '东丽区', '120100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('120111', '西青区', '120100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('120112', '津南区', '120100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('120113', '北辰区', '120100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('120114', '武清区', '120100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('120115', '宝坻区', '120100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('120116', '滨海新区', '120100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('120117', '宁河区', '120100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('120118', '静海区', '120100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('120119', '蓟州区', '120100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('120200', '县', '120000', 2, 'retired', 'GB/T 2260 201509', NULL, '2015-10-01', NULL, NULL, true),
('120221', '宁河县', '120200', 3, 'retired', 'GB/T 2260 201410', NULL, '2014-11-01', NULL, NULL, true),
('120223', '静海县', '120200', 3, 'retired', 'GB/T 2260 201410', NULL, '2014-11-01', NULL, NULL, true),
('120225', '蓟县', '120200', 3, 'retired', 'GB/T 2260 201509', NULL, '2015-10-01', NULL, NULL, true),
('130000', '河北省', NULL, 1, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130100', '石家庄市', '130000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130102', '长安区', '130100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130103', '桥东区', '130100', 3, 'retired', 'GB/T 2260 201308', NULL, '2013-09-01', NULL, NULL, true),
('130104', '桥西区', '130100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130105', '新华区', '130100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130107', '井陉矿区', '130100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130108', '裕华区', '130100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130109', '藁城区', '130100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130110', '鹿泉区', '130100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130111', '栾城区', '130100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130121', '井陉县', '130100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130123', '正定县', '130100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130124', '栾城县', '130100', 3, 'retired', 'GB/T 2260 201308', NULL, '2013-09-01', NULL, NULL, true),
('130125', '行唐县', '130100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130126', '灵寿县', '130100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130127', '高邑县', '130100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130128', '深泽县', '130100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130129', '赞皇县', '130100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130130', '无极县', '130100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130131', '平山县', '130100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130132', '元氏县', '130100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130133', '赵县', '130100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130171', '石家庄高新技术产业开发区', '130100', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('130172', '石家庄循环化工园区', '130100', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('130181', '辛集市', '130100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130182', '藁城市', '130100', 3, 'retired', 'GB/T 2260 201308', NULL, '2013-09-01', NULL, NULL, true),
('130183', '晋州市', '130100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130184', '新乐市', '130100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130185', '鹿泉市', '130100', 3, 'retired', 'GB/T 2260 201308', NULL, '2013-09-01', NULL, NULL, true),
('130200', '唐山市', '130000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130202', '路南区', '130200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130203', '路北区', '130200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130204', '古冶区', '130200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130205', '开平区', '130200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130207', '丰南区', '130200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130208', '丰润区', '130200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130209', '曹妃甸区', '130200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130223', '滦县', '130200', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('130224', '滦南县', '130200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130225', '乐亭县', '130200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130227', '迁西县', '130200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130229', '玉田县', '130200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130230', '唐海县', '130200', 3, 'retired', 'GB/T 2260 201110', NULL, '2011-11-01', NULL, NULL, true),
('130271', '河北唐山芦台经济开发区', '130200', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('130272', '唐山市汉沽管理区', '130200', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('130273', '唐山高新技术产业开发区', '130200', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('130274', '河北唐山海港经济开发区', '130200', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('130281', '遵化市', '130200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130283', '迁安市', '130200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130284', '滦州市', '130200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130300', '秦皇岛市', '130000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130302', '海港区', '130300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130303', '山海关区', '130300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130304', '北戴河区', '130300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130306', '抚宁区', '130300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130321', '青龙满族自治县', '130300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130322', '昌黎县', '130300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130323', '抚宁县', '130300', 3, 'retired', 'GB/T 2260 201410', NULL, '2014-11-01', NULL, NULL, true),
('130324', '卢龙县', '130300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130371', '秦皇岛市经济技术开发区', '130300', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('130372', '北戴河新区', '130300', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('130400', '邯郸市', '130000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130402', '邯山区', '130400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130403', '丛台区', '130400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130404', '复兴区', '130400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130406', '峰峰矿区', '130400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130407', '肥乡区', '130400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130408', '永年区', '130400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130421', '邯郸县', '130400', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('130423', '临漳县', '130400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130424', '成安县', '130400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130425', '大名县', '130400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130426', '涉县', '130400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130427', '磁县', '130400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130428', '肥乡县', '130400', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('130429', '永年县', '130400', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('130430', '邱县', '130400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130431', '鸡泽县', '130400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130432', '广平县', '130400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130433', '馆陶县', '130400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130434', '魏县', '130400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130435', '曲周县', '130400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130471', '邯郸经济技术开发区', '130400', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('130473', '邯郸冀南新区', '130400', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('130481', '武安市', '130400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130500', '邢台市', '130000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130502', '襄都区', '130500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, '桥东区', true),
('130503', '信都区', '130500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, '桥西区', true),
('130505', '任泽区', '130500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130506', '南和区', '130500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130521', '邢台县', '130500', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('130522', '临城县', '130500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130523', '内丘县', '130500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130524', '柏乡县', '130500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130525', '隆尧县', '130500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130526', '任县', '130500', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('130527', '南和县', '130500', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('130528', '宁晋县', '130500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130529', '巨鹿县', '130500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130530', '新河县', '130500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130531', '广宗县', '130500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130532', '平乡县', '130500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130533', '威县', '130500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130534', '清河县', '130500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130535', '临西县', '130500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130571', '河北邢台经济开发区', '130500', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('130581', '南宫市', '130500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130582', '沙河市', '130500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130600', '保定市', '130000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130602', '竞秀区', '130600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130603', '北市区', '130600', 3, 'retired', 'GB/T 2260 201410', NULL, '2014-11-01', NULL, NULL, true),
('130604', '南市区', '130600', 3, 'retired', 'GB/T 2260 201410', NULL, '2014-11-01', NULL, NULL, true),
('130606', '莲池区', '130600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130607', '满城区', '130600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130608', '清苑区', '130600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130609', '徐水区', '130600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130621', '满城县', '130600', 3, 'retired', 'GB/T 2260 201410', NULL, '2014-11-01', NULL, NULL, true),
('130622', '清苑县', '130600', 3, 'retired', 'GB/T 2260 201410', NULL, '2014-11-01', NULL, NULL, true),
('130623', '涞水县', '130600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130624', '阜平县', '130600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130625', '徐水县', '130600', 3, 'retired', 'GB/T 2260 201410', NULL, '2014-11-01', NULL, NULL, true),
('130626', '定兴县', '130600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130627', '唐县', '130600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130628', '高阳县', '130600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130629', '容城县', '130600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130630', '涞源县', '130600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130631', '望都县', '130600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130632', '安新县', '130600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130633', '易县', '130600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130634', '曲阳县', '130600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130635', '蠡县', '130600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130636', '顺平县', '130600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130637', '博野县', '130600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130638', '雄县', '130600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130671', '保定高新技术产业开发区', '130600', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('130672', '保定白沟新城', '130600', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('130681', '涿州市', '130600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130682', '定州市', '130600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130683', '安国市', '130600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130684', '高碑店市', '130600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130700', '张家口市', '130000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130702', '桥东区', '130700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130703', '桥西区', '130700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130705', '宣化区', '130700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130706', '下花园区', '130700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130708', '万全区', '130700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130709', '崇礼区', '130700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130721', '宣化县', '130700', 3, 'retired', 'GB/T 2260 201509', NULL, '2015-10-01', NULL, NULL, true),
('130722', '张北县', '130700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130723', '康保县', '130700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130724', '沽源县', '130700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130725', '尚义县', '130700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130726', '蔚县', '130700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130727', '阳原县', '130700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130728', '怀安县', '130700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130729', '万全县', '130700', 3, 'retired', 'GB/T 2260 201509', NULL, '2015-10-01', NULL, NULL, true),
('130730', '怀来县', '130700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130731', '涿鹿县', '130700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130732', '赤城县', '130700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130733', '崇礼县', '130700', 3, 'retired', 'GB/T 2260 201509', NULL, '2015-10-01', NULL, NULL, true),
('130771', '张家口经济开发区', '130700', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('130772', '张家口市察北管理区', '130700', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('130773', '张家口市塞北管理区', '130700', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('130800', '承德市', '130000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130802', '双桥区', '130800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130803', '双滦区', '130800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130804', '鹰手营子矿区', '130800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130821', '承德县', '130800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130822', '兴隆县', '130800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130823', '平泉县', '130800', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('130824', '滦平县', '130800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130825', '隆化县', '130800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130826', '丰宁满族自治县', '130800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130827', '宽城满族自治县', '130800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130828', '围场满族蒙古族自治县', '130800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130871', '承德高新技术产业开发区', '130800', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('130881', '平泉市', '130800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130900', '沧州市', '130000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130902', '新华区', '130900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130903', '运河区', '130900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130921', '沧县', '130900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130922', '青县', '130900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130923', '东光县', '130900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130924', '海兴县', '130900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130925', '盐山县', '130900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130926', '肃宁县', '130900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130927', '南皮县', '130900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130928', '吴桥县', '130900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130929', '献县', '130900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130930', '孟村回族自治县', '130900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130971', '河北沧州经济开发区', '130900', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('130972', '沧州高新技术产业开发区', '130900', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('130973', '沧州渤海新区', '130900', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('130981', '泊头市', '130900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130982', '任丘市', '130900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130983', '黄骅市', '130900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('130984', '河间市', '130900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('131000', '廊坊市', '130000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('131002', '安次区', '131000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('131003', '广阳区', '131000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('131022', '固安县', '131000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('131023', '永清县', '131000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('131024', '香河县', '131000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('131025', '大城县', '131000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('131026', '文安县', '131000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('131028', '大厂回族自治县', '131000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('131071', '廊坊经济技术开发区', '131000', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('131081', '霸州市', '131000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('131082', '三河市', '131000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('131100', '衡水市', '130000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('131102', '桃城区', '131100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('131103', '冀州区', '131100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('131121', '枣强县', '131100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('131122', '武邑县', '131100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('131123', '武强县', '131100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('131124', '饶阳县', '131100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('131125', '安平县', '131100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('131126', '故城县', '131100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('131127', '景县', '131100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('131128', '阜城县', '131100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('131171', '河北衡水高新技术产业开发区', '131100', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('131172', '衡水滨湖新区', '131100', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('131181', '冀州市', '131100', 3, 'retired', 'GB/T 2260 201509', NULL, '2015-10-01', NULL, NULL, true),
('131182', '深州市', '131100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('139000', '省直辖县级行政区划', '130000', 2, 'retired', 'GB/T 2260 201607', '2015-09-01', '2016-08-01', NULL, NULL, true),
('139001', '定州市', '139000', 3, 'retired', 'GB/T 2260 201607', '2015-09-01', '2016-08-01', NULL, NULL, true),
('139002', '辛集市', '139000', 3, 'retired', 'GB/T 2260 201607', '2015-09-01', '2016-08-01', NULL, NULL, true),
('140000', '山西省', NULL, 1, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140100', '太原市', '140000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140105', '小店区', '140100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140106', '迎泽区', '140100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140107', '杏花岭区', '140100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140108', '尖草坪区', '140100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140109', '万柏林区', '140100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140110', '晋源区', '140100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140121', '清徐县', '140100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140122', '阳曲县', '140100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140123', '娄烦县', '140100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140171', '山西转型综合改革示范区', '140100', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('140181', '古交市', '140100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140200', '大同市', '140000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140202', '城区', '140200', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('140203', '矿区', '140200', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('140211', '南郊区', '140200', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('140212', '新荣区', '140200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140213', '平城区', '140200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140214', '云冈区', '140200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140215', '云州区', '140200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140221', '阳高县', '140200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140222', '天镇县', '140200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140223', '广灵县', '140200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140224', '灵丘县', '140200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140225', '浑源县', '140200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140226', '左云县', '140200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140227', '大同县', '140200', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('140271', '山西大同经济开发区', '140200', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('140300', '阳泉市', '140000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140302', '城区', '140300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140303', '矿区', '140300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140311', '郊区', '140300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140321', '平定县', '140300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140322', '盂县', '140300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140400', '长治市', '140000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140402', '城区', '140400', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('140403', '潞州区', '140400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140404', '上党区', '140400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140405', '屯留区', '140400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140406', '潞城区', '140400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140411', '郊区', '140400', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('140421', '长治县', '140400', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('140423', '襄垣县', '140400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140424', '屯留县', '140400', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('140425', '平顺县', '140400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140426', '黎城县', '140400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140427', '壶关县', '140400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140428', '长子县', '140400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140429', '武乡县', '140400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140430', '沁县', '140400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140431', '沁源县', '140400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140481', '潞城市', '140400', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('140500', '晋城市', '140000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140501', '晋城市市辖区', '140500', 3, 'retired', 'GB/T 2260 201210', '2012-10-01', '2012-11-01', NULL, NULL, true),
('140502', '城区', '140500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140521', '沁水县', '140500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140522', '阳城县', '140500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140524', '陵川县', '140500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140525', '泽州县', '140500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140581', '高平市', '140500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140600', '朔州市', '140000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140602', '朔城区', '140600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140603', '平鲁区', '140600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140621', '山阴县', '140600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140622', '应县', '140600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140623', '右玉县', '140600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140624', '怀仁县', '140600', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('140671', '山西朔州经济开发区', '140600', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('140681', '怀仁市', '140600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140700', '晋中市', '140000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140702', '榆次区', '140700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140703', '太谷区', '140700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140721', '榆社县', '140700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140722', '左权县', '140700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140723', '和顺县', '140700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140724', '昔阳县', '140700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140725', '寿阳县', '140700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140726', '太谷县', '140700', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('140727', '祁县', '140700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140728', '平遥县', '140700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140729', '灵石县', '140700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140781', '介休市', '140700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140800', '运城市', '140000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140802', '盐湖区', '140800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140821', '临猗县', '140800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140822', '万荣县', '140800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140823', '闻喜县', '140800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140824', '稷山县', '140800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140825', '新绛县', '140800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140826', '绛县', '140800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140827', '垣曲县', '140800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140828', '夏县', '140800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140829', '平陆县', '140800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140830', '芮城县', '140800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140881', '永济市', '140800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140882', '河津市', '140800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140900', '忻州市', '140000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140902', '忻府区', '140900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140921', '定襄县', '140900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140922', '五台县', '140900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140923', '代县', '140900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140924', '繁峙县', '140900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140925', '宁武县', '140900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140926', '静乐县', '140900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140927', '神池县', '140900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140928', '五寨县', '140900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140929', '岢岚县', '140900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140930', '河曲县', '140900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140931', '保德县', '140900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140932', '偏关县', '140900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('140971', '五台山风景名胜区', '140900', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('140981', '原平市', '140900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('141000', '临汾市', '140000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('141002', '尧都区', '141000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('141021', '曲沃县', '141000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('141022', '翼城县', '141000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('141023', '襄汾县', '141000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('141024', '洪洞县', '141000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('141025', '古县', '141000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('141026', '安泽县', '141000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('141027', '浮山县', '141000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('141028', '吉县', '141000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('141029', '乡宁县', '141000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('141030', '大宁县', '141000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('141031', '隰县', '141000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('141032', '永和县', '141000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('141033', '蒲县', '141000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('141034', '汾西县', '141000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('141081', '侯马市', '141000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('141082', '霍州市', '141000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('141100', '吕梁市', '140000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('141102', '离石区', '141100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('141121', '文水县', '141100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('141122', '交城县', '141100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('141123', '兴县', '141100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('141124', '临县', '141100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('141125', '柳林县', '141100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('141126', '石楼县', '141100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('141127', '岚县', '141100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('141128', '方山县', '141100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('141129', '中阳县', '141100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('141130', '交口县', '141100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('141181', '孝义市', '141100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('141182', '汾阳市', '141100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('142300', '吕梁地区', '140000', 2, 'retired', 'GB/T 2260 200306', NULL, '2003-07-01', NULL, NULL, true),
('142301', '孝义市', '142300', 3, 'retired', 'GB/T 2260 200306', NULL, '2003-07-01', NULL, NULL, true),
('142302', '离石市', '142300', 3, 'retired', 'GB/T 2260 200306', NULL, '2003-07-01', NULL, NULL, true),
('142303', '汾阳市', '142300', 3, 'retired', 'GB/T 2260 200306', NULL, '2003-07-01', NULL, NULL, true),
('142322', '文水县', '142300', 3, 'retired', 'GB/T 2260 200306', NULL, '2003-07-01', NULL, NULL, true),
('142323', '交城县', '142300', 3, 'retired', 'GB/T 2260 200306', NULL, '2003-07-01', NULL, NULL, true),
('142325', '兴县', '142300', 3, 'retired', 'GB/T 2260 200306', NULL, '2003-07-01', NULL, NULL, true),
('142326', '临县', '142300', 3, 'retired', 'GB/T 2260 200306', NULL, '2003-07-01', NULL, NULL, true),
('142327', '柳林县', '142300', 3, 'retired', 'GB/T 2260 200306', NULL, '2003-07-01', NULL, NULL, true),
('142328', '石楼县', '142300', 3, 'retired', 'GB/T 2260 200306', NULL, '2003-07-01', NULL, NULL, true),
('142329', '岚县', '142300', 3, 'retired', 'GB/T 2260 200306', NULL, '2003-07-01', NULL, NULL, true),
('142330', '方山县', '142300', 3, 'retired', 'GB/T 2260 200306', NULL, '2003-07-01', NULL, NULL, true),
('142332', '中阳县', '142300', 3, 'retired', 'GB/T 2260 200306', NULL, '2003-07-01', NULL, NULL, true),
('142333', '交口县', '142300', 3, 'retired', 'GB/T 2260 200306', NULL, '2003-07-01', NULL, NULL, true),
('150000', '内蒙古自治区', NULL, 1, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150100', '呼和浩特市', '150000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150102', '新城区', '150100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150103', '回民区', '150100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150104', '玉泉区', '150100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150105', '赛罕区', '150100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150121', '土默特左旗', '150100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150122', '托克托县', '150100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150123', '和林格尔县', '150100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150124', '清水河县', '150100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150125', '武川县', '150100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150172', '呼和浩特经济技术开发区', '150100', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('150200', '包头市', '150000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150202', '东河区', '150200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150203', '昆都仑区', '150200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150204', '青山区', '150200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150205', '石拐区', '150200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150206', '白云鄂博矿区', '150200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150207', '九原区', '150200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150221', '土默特右旗', '150200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150222', '固阳县', '150200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150223', '达尔罕茂明安联合旗', '150200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150271', '包头稀土高新技术产业开发区', '150200', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('150300', '乌海市', '150000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150302', '海勃湾区', '150300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150303', '海南区', '150300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150304', '乌达区', '150300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150400', '赤峰市', '150000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150402', '红山区', '150400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150403', '元宝山区', '150400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150404', '松山区', '150400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150421', '阿鲁科尔沁旗', '150400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150422', '巴林左旗', '150400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150423', '巴林右旗', '150400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150424', '林西县', '150400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150425', '克什克腾旗', '150400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150426', '翁牛特旗', '150400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150428', '喀喇沁旗', '150400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150429', '宁城县', '150400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150430', '敖汉旗', '150400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150500', '通辽市', '150000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150502', '科尔沁区', '150500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150521', '科尔沁左翼中旗', '150500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150522', '科尔沁左翼后旗', '150500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150523', '开鲁县', '150500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150524', '库伦旗', '150500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150525', '奈曼旗', '150500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150526', '扎鲁特旗', '150500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150571', '通辽经济技术开发区', '150500', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('150581', '霍林郭勒市', '150500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150600', '鄂尔多斯市', '150000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150602', '东胜区', '150600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150603', '康巴什区', '150600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150621', '达拉特旗', '150600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150622', '准格尔旗', '150600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150623', '鄂托克前旗', '150600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150624', '鄂托克旗', '150600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150625', '杭锦旗', '150600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150626', '乌审旗', '150600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150627', '伊金霍洛旗', '150600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150700', '呼伦贝尔市', '150000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150702', '海拉尔区', '150700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150703', '扎赉诺尔区', '150700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150721', '阿荣旗', '150700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150722', '莫力达瓦达斡尔族自治旗', '150700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150723', '鄂伦春自治旗', '150700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150724', '鄂温克族自治旗', '150700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150725', '陈巴尔虎旗', '150700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150726', '新巴尔虎左旗', '150700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150727', '新巴尔虎右旗', '150700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150781', '满洲里市', '150700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150782', '牙克石市', '150700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150783', '扎兰屯市', '150700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150784', '额尔古纳市', '150700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150785', '根河市', '150700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150800', '巴彦淖尔市', '150000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150802', '临河区', '150800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150821', '五原县', '150800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150822', '磴口县', '150800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150823', '乌拉特前旗', '150800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150824', '乌拉特中旗', '150800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150825', '乌拉特后旗', '150800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150826', '杭锦后旗', '150800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150900', '乌兰察布市', '150000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150902', '集宁区', '150900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150921', '卓资县', '150900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150922', '化德县', '150900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150923', '商都县', '150900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150924', '兴和县', '150900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150925', '凉城县', '150900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150926', '察哈尔右翼前旗', '150900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150927', '察哈尔右翼中旗', '150900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150928', '察哈尔右翼后旗', '150900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150929', '四子王旗', '150900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('150981', '丰镇市', '150900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('152200', '兴安盟', '150000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('152201', '乌兰浩特市', '152200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('152202', '阿尔山市', '152200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('152221', '科尔沁右翼前旗', '152200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('152222', '科尔沁右翼中旗', '152200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('152223', '扎赉特旗', '152200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('152224', '突泉县', '152200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('152500', '锡林郭勒盟', '150000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('152501', '二连浩特市', '152500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('152502', '锡林浩特市', '152500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('152522', '阿巴嘎旗', '152500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('152523', '苏尼特左旗', '152500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('152524', '苏尼特右旗', '152500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('152525', '东乌珠穆沁旗', '152500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('152526', '西乌珠穆沁旗', '152500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('152527', '太仆寺旗', '152500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('152528', '镶黄旗', '152500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('152529', '正镶白旗', '152500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('152530', '正蓝旗', '152500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('152531', '多伦县', '152500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('152571', '乌拉盖管理区管委会', '152500', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('152600', '乌兰察布盟', '150000', 2, 'retired', 'GB/T 2260 200403', NULL, '2004-04-01', NULL, NULL, true),
('152601', '集宁市', '152600', 3, 'retired', 'GB/T 2260 200306', NULL, '2003-07-01', NULL, NULL, true),
('152602', '丰镇市', '152600', 3, 'retired', 'GB/T 2260 200306', NULL, '2003-07-01', NULL, NULL, true),
('152624', '卓资县', '152600', 3, 'retired', 'GB/T 2260 200306', NULL, '2003-07-01', NULL, NULL, true),
('152625', '化德县', '152600', 3, 'retired', 'GB/T 2260 200306', NULL, '2003-07-01', NULL, NULL, true),
('152626', '商都县', '152600', 3, 'retired', 'GB/T 2260 200306', NULL, '2003-07-01', NULL, NULL, true),
('152627', '兴和县', '152600', 3, 'retired', 'GB/T 2260 200306', NULL, '2003-07-01', NULL, NULL, true),
('152629', '凉城县', '152600', 3, 'retired', 'GB/T 2260 200306', NULL, '2003-07-01', NULL, NULL, true),
('152630', '察哈尔右翼前旗', '152600', 3, 'retired', 'GB/T 2260 200306', NULL, '2003-07-01', NULL, NULL, true),
('152631', '察哈尔右翼中旗', '152600', 3, 'retired', 'GB/T 2260 200306', NULL, '2003-07-01', NULL, NULL, true),
('152632', '察哈尔右翼后旗', '152600', 3, 'retired', 'GB/T 2260 200306', NULL, '2003-07-01', NULL, NULL, true),
('152634', '四子王旗', '152600', 3, 'retired', 'GB/T 2260 200306', NULL, '2003-07-01', NULL, NULL, true),
('152800', '巴彦淖尔盟', '150000', 2, 'retired', 'GB/T 2260 200306', NULL, '2003-07-01', NULL, NULL, true),
('152801', '临河市', '152800', 3, 'retired', 'GB/T 2260 200306', NULL, '2003-07-01', NULL, NULL, true),
('152822', '五原县', '152800', 3, 'retired', 'GB/T 2260 200306', NULL, '2003-07-01', NULL, NULL, true),
('152823', '磴口县', '152800', 3, 'retired', 'GB/T 2260 200306', NULL, '2003-07-01', NULL, NULL, true),
('152824', '乌拉特前旗', '152800', 3, 'retired', 'GB/T 2260 200306', NULL, '2003-07-01', NULL, NULL, true),
('152825', '乌拉特中旗', '152800', 3, 'retired', 'GB/T 2260 200306', NULL, '2003-07-01', NULL, NULL, true),
('152826', '乌拉特后旗', '152800', 3, 'retired', 'GB/T 2260 200306', NULL, '2003-07-01', NULL, NULL, true),
('152827', '杭锦后旗', '152800', 3, 'retired', 'GB/T 2260 200306', NULL, '2003-07-01', NULL, NULL, true),
('152900', '阿拉善盟', '150000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('152921', '阿拉善左旗', '152900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('152922', '阿拉善右旗', '152900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('152923', '额济纳旗', '152900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('152971', '内蒙古阿拉善高新技术产业开发区', '152900', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('210000', '辽宁省', NULL, 1, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('210100', '沈阳市', '210000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('210102', '和平区', '210100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('210103', '沈河区', '210100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('210104', '大东区', '210100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('210105', '皇姑区', '210100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('210106', '铁西区', '210100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('210111', '苏家屯区', '210100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('210112', '浑南区', '210100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('210113', '沈北新区', '210100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('210114', '于洪区', '210100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('210115', '辽中区', '210100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('210122', '辽中县', '210100', 3, 'retired', 'GB/T 2260 201509', NULL, '2015-10-01', NULL, NULL, true),
('210123', '康平县', '210100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('210124', '法库县', '210100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('210181', '新民市', '210100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('210200', '大连市', '210000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('210202', '中山区', '210200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('210203', '西岗区', '210200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('210204', '沙河口区', '210200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('210211', '甘井子区', '210200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('210212', '旅顺口区', '210200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('210213', '金州区', '210200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('210214', '普兰店区', '210200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('210224', '长海县', '210200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('210281', '瓦房店市', '210200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('210282', '普兰店市', '210200', 3, 'retired', 'GB/T 2260 201509', NULL, '2015-10-01', NULL, NULL, true),
('210283', '庄河市', '210200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('210300', '鞍山市', '210000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('210302', '铁东区', '210300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('210303', '铁西区', '210300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('210304', '立山区', '210300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('210311', '千山区', '210300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('210321', '台安县', '210300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('210323', '岫岩满族自治县', '210300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('210381', '海城市', '210300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('210400', '抚顺市', '210000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('210402', '新抚区', '210400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('210403', '东洲区', '210400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('210404', '望花区', '210400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('210411', '顺城区', '210400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('210421', '抚顺县', '210400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('210422', '新宾满族自治县', '210400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('210423', '清原满族自治县', '210400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('210500', '本溪市', '210000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('210502', '平山区', '210500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('210503', '溪湖区', '210500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('210504', '明山区', '210500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('210505', '南芬区', '210500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('210521', '本溪满族自治县', '210500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('210522', '桓仁满族自治县', '210500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('210600', '丹东市', '210000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('210602', '元宝区', '210600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('210603', '振兴区', '210600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('210604', '振安区', '210600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('210624', '宽甸满族自治县', '210600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('210681', '东港市', '210600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('210682', '凤城市', '210600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('210700', '锦州市', '210000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('210702', '古塔区', '210700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('210703', '凌河区', '210700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('210711', '太和区', '210700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('210726', '黑山县', '210700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('210727', '义县', '210700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('210781', '凌海市', '210700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('210782', '北镇市', '210700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('210800', '营口市', '210000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('210802', '站前区', '210800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('210803', '西市区', '210800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('210804', '鲅鱼圈区', '210800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('210811', '老边区', '210800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('210881', '盖州市', '210800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('210882', '大石桥市', '210800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('210900', '阜新市', '210000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('210902', '海州区', '210900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('210903', '新邱区', '210900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('210904', '太平区', '210900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('210905', '清河门区', '210900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('210911', '细河区', '210900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('210921', '阜新蒙古族自治县', '210900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('210922', '彰武县', '210900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('211000', '辽阳市', '210000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('211002', '白塔区', '211000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('211003', '文圣区', '211000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('211004', '宏伟区', '211000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('211005', '弓长岭区', '211000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('211011', '太子河区', '211000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('211021', '辽阳县', '211000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('211081', '灯塔市', '211000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('211100', '盘锦市', '210000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('211102', '双台子区', '211100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('211103', '兴隆台区', '211100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('211104', '大洼区', '211100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('211121', '大洼县', '211100', 3, 'retired', 'GB/T 2260 201509', NULL, '2015-10-01', NULL, NULL, true),
('211122', '盘山县', '211100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('211200', '铁岭市', '210000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('211202', '银州区', '211200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('211204', '清河区', '211200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('211221', '铁岭县', '211200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('211223', '西丰县', '211200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('211224', '昌图县', '211200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('211281', '调兵山市', '211200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('211282', '开原市', '211200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('211300', '朝阳市', '210000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('211302', '双塔区', '211300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('211303', '龙城区', '211300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('211321', '朝阳县', '211300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('211322', '建平县', '211300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('211324', '喀喇沁左翼蒙古族自治县', '211300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('211381', '北票市', '211300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('211382', '凌源市', '211300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('211400', '葫芦岛市', '210000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('211402', '连山区', '211400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('211403', '龙港区', '211400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('211404', '南票区', '211400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('211421', '绥中县', '211400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('211422', '建昌县', '211400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('211481', '兴城市', '211400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('220000', '吉林省', NULL, 1, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('220100', '长春市', '220000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('220102', '南关区', '220100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('220103', '宽城区', '220100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('220104', '朝阳区', '220100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('220105', '二道区', '220100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('220106', '绿园区', '220100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('220112', '双阳区', '220100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('220113', '九台区', '220100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('220122', '农安县', '220100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('220171', '长春经济技术开发区', '220100', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('220172', '长春净月高新技术产业开发区', '220100', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('220173', '长春高新技术产业开发区', '220100', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('220174', '长春汽车经济技术开发区', '220100', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('220181', '九台市', '220100', 3, 'retired', 'GB/T 2260 201308', NULL, '2013-09-01', NULL, NULL, true),
('220182', '榆树市', '220100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('220183', '德惠市', '220100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('220184', '公主岭市', '220100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('220200', '吉林市', '220000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('220202', '昌邑区', '220200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('220203', '龙潭区', '220200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('220204', '船营区', '220200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('220211', '丰满区', '220200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('220221', '永吉县', '220200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('220271', '吉林经济开发区', '220200', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('220272', '吉林高新技术产业开发区', '220200', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('220273', '吉林中国新加坡食品区', '220200', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('220281', '蛟河市', '220200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('220282', '桦甸市', '220200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('220283', '舒兰市', '220200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('220284', '磐石市', '220200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('220300', '四平市', '220000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('220302', '铁西区', '220300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('220303', '铁东区', '220300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('220322', '梨树县', '220300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('220323', '伊通满族自治县', '220300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('220381', '公主岭市', '220300', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('220382', '双辽市', '220300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('220400', '辽源市', '220000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('220402', '龙山区', '220400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('220403', '西安区', '220400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('220421', '东丰县', '220400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('220422', '东辽县', '220400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('220500', '通化市', '220000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('220502', '东昌区', '220500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('220503', '二道江区', '220500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('220521', '通化县', '220500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('220523', '辉南县', '220500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('220524', '柳河县', '220500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('220581', '梅河口市', '220500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('220582', '集安市', '220500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('220600', '白山市', '220000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('220602', '浑江区', '220600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('220604', '江源区', '220600', 3, 'retired', 'GB/T 2260 200612', '2006-12-01', '2007-01-01', NULL, NULL, true),
('220605', '江源区', '220600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('220621', '抚松县', '220600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('220622', '靖宇县', '220600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('220623', '长白朝鲜族自治县', '220600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('220625', '江源县', '220600', 3, 'retired', 'GB/T 2260 200512', NULL, '2006-01-01', NULL, NULL, true),
('220681', '临江市', '220600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('220700', '松原市', '220000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('220702', '宁江区', '220700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('220721', '前郭尔罗斯蒙古族自治县', '220700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('220722', '长岭县', '220700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('220723', '乾安县', '220700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('220724', '扶余县', '220700', 3, 'retired', 'GB/T 2260 201210', NULL, '2012-11-01', NULL, NULL, true),
('220771', '吉林松原经济开发区', '220700', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('220781', '扶余市', '220700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('220800', '白城市', '220000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('220802', '洮北区', '220800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('220821', '镇赉县', '220800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('220822', '通榆县', '220800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('220871', '吉林白城经济开发区', '220800', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('220881', '洮南市', '220800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('220882', '大安市', '220800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('222400', '延边朝鲜族自治州', '220000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('222401', '延吉市', '222400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('222402', '图们市', '222400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('222403', '敦化市', '222400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('222404', '珲春市', '222400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('222405', '龙井市', '222400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('222406', '和龙市', '222400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('222424', '汪清县', '222400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('222426', '安图县', '222400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230000', '黑龙江省', NULL, 1, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230100', '哈尔滨市', '230000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230102', '道里区', '230100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230103', '南岗区', '230100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230104', '道外区', '230100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230105', '太平区', '230100', 3, 'retired', 'GB/T 2260 200312', NULL, '2004-01-01', NULL, NULL, true),
('230106', '香坊区', '230100', 3, 'retired', 'GB/T 2260 200512', NULL, '2006-01-01', NULL, NULL, true),
('230107', '动力区', '230100', 3, 'retired', 'GB/T 2260 200512', NULL, '2006-01-01', NULL, NULL, true),
('230108', '平房区', '230100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230109', '松北区', '230100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230110', '香坊区', '230100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230111', '呼兰区', '230100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230112', '阿城区', '230100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230113', '双城区', '230100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230121', '呼兰县', '230100', 3, 'retired', 'GB/T 2260 200312', NULL, '2004-01-01', NULL, NULL, true),
('230123', '依兰县', '230100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230124', '方正县', '230100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230125', '宾县', '230100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230126', '巴彦县', '230100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230127', '木兰县', '230100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230128', '通河县', '230100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230129', '延寿县', '230100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230181', '阿城市', '230100', 3, 'retired', 'GB/T 2260 200512', NULL, '2006-01-01', NULL, NULL, true),
('230182', '双城市', '230100', 3, 'retired', 'GB/T 2260 201410', NULL, '2014-11-01', NULL, NULL, true),
('230183', '尚志市', '230100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230184', '五常市', '230100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230200', '齐齐哈尔市', '230000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230202', '龙沙区', '230200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230203', '建华区', '230200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230204', '铁锋区', '230200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230205', '昂昂溪区', '230200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230206', '富拉尔基区', '230200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230207', '碾子山区', '230200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230208', '梅里斯达斡尔族区', '230200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230221', '龙江县', '230200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230223', '依安县', '230200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230224', '泰来县', '230200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230225', '甘南县', '230200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230227', '富裕县', '230200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230229', '克山县', '230200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230230', '克东县', '230200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230231', '拜泉县', '230200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230281', '讷河市', '230200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230300', '鸡西市', '230000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230302', '鸡冠区', '230300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230303', '恒山区', '230300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230304', '滴道区', '230300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230305', '梨树区', '230300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230306', '城子河区', '230300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230307', '麻山区', '230300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230321', '鸡东县', '230300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230381', '虎林市', '230300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230382', '密山市', '230300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230400', '鹤岗市', '230000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230402', '向阳区', '230400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230403', '工农区', '230400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230404', '南山区', '230400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230405', '兴安区', '230400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230406', '东山区', '230400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230407', '兴山区', '230400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230421', '萝北县', '230400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230422', '绥滨县', '230400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230500', '双鸭山市', '230000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230502', '尖山区', '230500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230503', '岭东区', '230500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230505', '四方台区', '230500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230506', '宝山区', '230500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230521', '集贤县', '230500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230522', '友谊县', '230500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230523', '宝清县', '230500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230524', '饶河县', '230500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230600', '大庆市', '230000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230602', '萨尔图区', '230600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230603', '龙凤区', '230600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230604', '让胡路区', '230600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230605', '红岗区', '230600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230606', '大同区', '230600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230621', '肇州县', '230600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230622', '肇源县', '230600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230623', '林甸县', '230600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230624', '杜尔伯特蒙古族自治县', '230600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230671', '大庆高新技术产业开发区', '230600', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('230700', '伊春市', '230000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230702', '伊春区', '230700', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('230703', '南岔区', '230700', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('230704', '友好区', '230700', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('230705', '西林区', '230700', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('230706', '翠峦区', '230700', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('230707', '新青区', '230700', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('230708', '美溪区', '230700', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('230709', '金山屯区', '230700', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('230710', '五营区', '230700', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('230711', '乌马河区', '230700', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('230712', '汤旺河区', '230700', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('230713', '带岭区', '230700', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('230714', '乌伊岭区', '230700', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('230715', '红星区', '230700', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('230716', '上甘岭区', '230700', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('230717', '伊美区', '230700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230718', '乌翠区', '230700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230719', '友好区', '230700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230722', '嘉荫县', '230700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230723', '汤旺县', '230700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230724', '丰林县', '230700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230725', '大箐山县', '230700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230726', '南岔县', '230700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230751', '金林区', '230700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230781', '铁力市', '230700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230800', '佳木斯市', '230000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230802', '永红区', '230800', 3, 'retired', 'GB/T 2260 200512', NULL, '2006-01-01', NULL, NULL, true),
('230803', '向阳区', '230800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230804', '前进区', '230800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230805', '东风区', '230800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230811', '郊区', '230800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230822', '桦南县', '230800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230826', '桦川县', '230800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230828', '汤原县', '230800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230833', '抚远县', '230800', 3, 'retired', 'GB/T 2260 201509', NULL, '2015-10-01', NULL, NULL, true),
('230881', '同江市', '230800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230882', '富锦市', '230800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230883', '抚远市', '230800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230900', '七台河市', '230000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230902', '新兴区', '230900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230903', '桃山区', '230900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230904', '茄子河区', '230900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('230921', '勃利县', '230900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('231000', '牡丹江市', '230000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('231002', '东安区', '231000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('231003', '阳明区', '231000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('231004', '爱民区', '231000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('231005', '西安区', '231000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('231024', '东宁县', '231000', 3, 'retired', 'GB/T 2260 201509', NULL, '2015-10-01', NULL, NULL, true),
('231025', '林口县', '231000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('231081', '绥芬河市', '231000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('231083', '海林市', '231000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('231084', '宁安市', '231000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('231085', '穆棱市', '231000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('231086', '东宁市', '231000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('231100', '黑河市', '230000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('231102', '爱辉区', '231100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('231121', '嫩江县', '231100', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('231123', '逊克县', '231100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('231124', '孙吴县', '231100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('231181', '北安市', '231100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('231182', '五大连池市', '231100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('231183', '嫩江市', '231100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('231200', '绥化市', '230000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('231202', '北林区', '231200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('231221', '望奎县', '231200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('231222', '兰西县', '231200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('231223', '青冈县', '231200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('231224', '庆安县', '231200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('231225', '明水县', '231200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('231226', '绥棱县', '231200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('231281', '安达市', '231200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('231282', '肇东市', '231200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('231283', '海伦市', '231200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('232700', '大兴安岭地区', '230000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('232701', '漠河市', '232700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, '加格达奇区', true),
('232702', '松岭区', '232700', 3, 'retired', 'GB/T 2260 200812', '2006-12-01', '2009-01-01', NULL, NULL, true),
('232703', '新林区', '232700', 3, 'retired', 'GB/T 2260 200812', '2006-12-01', '2009-01-01', NULL, NULL, true),
('232704', '呼中区', '232700', 3, 'retired', 'GB/T 2260 200812', '2006-12-01', '2009-01-01', NULL, NULL, true),
('232721', '呼玛县', '232700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('232722', '塔河县', '232700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('232723', '漠河县', '232700', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('232761', '加格达奇区', '232700', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('232762', '松岭区', '232700', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('232763', '新林区', '232700', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('232764', '呼中区', '232700', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('310000', '上海市', NULL, 1, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('310100', '市辖区', '310000', 2, 'pseudo', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('310101', '黄浦区', '310100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('310103', '卢湾区', '310100', 3, 'retired', 'GB/T 2260 201010', NULL, '2010-11-01', NULL, NULL, true),
('310104', '徐汇区', '310100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('310105', '长宁区', '310100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('310106', '静安区', '310100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('310107', '普陀区', '310100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('310108', '闸北区', '310100', 3, 'retired', 'GB/T 2260 201509', NULL, '2015-10-01', NULL, NULL, true),
('310109', '虹口区', '310100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('310110', '杨浦区', '310100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('310112', '闵行区', '310100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('310113', '宝山区', '310100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('310114', '嘉定区', '310100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('310115', '浦东新区', '310100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('310116', '金山区', '310100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('310117', '松江区', '310100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('310118', '青浦区', '310100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('310119', '南汇区', '310100', 3, 'retired', 'GB/T 2260 200812', NULL, '2009-01-01', NULL, NULL, true),
('310120', '奉贤区', '310100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('310151', '崇明区', '310100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('310200', '县', '310000', 2, 'retired', 'GB/T 2260 201509', NULL, '2015-10-01', NULL, NULL, true),
('310230', '崇明县', '310200', 3, 'retired', 'GB/T 2260 201509', NULL, '2015-10-01', NULL, NULL, true),
('320000', '江苏省', NULL, 1, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('320100', '南京市', '320000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('320102', '玄武区', '320100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('320103', '白下区', '320100', 3, 'retired', 'GB/T 2260 201210', NULL, '2012-11-01', NULL, NULL, true),
('320104', '秦淮区', '320100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('320105', '建邺区', '320100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('320106', '鼓楼区', '320100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('320107', '下关区', '320100', 3, 'retired', 'GB/T 2260 201210', NULL, '2012-11-01', NULL, NULL, true),
('320111', '浦口区', '320100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('320113', '栖霞区', '320100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('320114', '雨花台区', '320100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('320115', '江宁区', '320100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('320116', '六合区', '320100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('320117', '溧水区', '320100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('320118', '高淳区', '320100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('320124', '溧水县', '320100', 3, 'retired', 'GB/T 2260 201210', NULL, '2012-11-01', NULL, NULL, true),
('320125', '高淳县', '320100', 3, 'retired', 'GB/T 2260 201210', NULL, '2012-11-01', NULL, NULL, true),
('320200', '无锡市', '320000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('320202', '崇安区', '320200', 3, 'retired', 'GB/T 2260 201509', NULL, '2015-10-01', NULL, NULL, true),
('320203', '南长区', '320200', 3, 'retired', 'GB/T 2260 201509', NULL, '2015-10-01', NULL, NULL, true),
('320204', '北塘区', '320200', 3, 'retired', 'GB/T 2260 201509', NULL, '2015-10-01', NULL, NULL, true),
('320205', '锡山区', '320200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('320206', '惠山区', '320200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('320211', '滨湖区', '320200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('320213', '梁溪区', '320200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('320214', '新吴区', '320200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('320281', '江阴市', '320200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('320282', '宜兴市', '320200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('320300', '徐州市', '320000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('320302', '鼓楼区', '320300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('320303', '云龙区', '320300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('320304', '九里区', '320300', 3, 'retired', 'GB/T 2260 200912', NULL, '2010-01-01', NULL, NULL, true),
('320305', '贾汪区', '320300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('320311', '泉山区', '320300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('320312', '铜山区', '320300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('320321', '丰县', '320300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('320322', '沛县', '320300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('320323', '铜山县', '320300', 3, 'retired', 'GB/T 2260 200912', NULL, '2010-01-01', NULL, NULL, true),
('320324', '睢宁县', '320300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('320371', '徐州经济技术开发区', '320300', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('320381', '新沂市', '320300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('320382', '邳州市', '320300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('320400', '常州市', '320000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('320402', '天宁区', '320400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('320404', '钟楼区', '320400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('320405', '戚墅堰区', '320400', 3, 'retired', 'GB/T 2260 201410', NULL, '2014-11-01', NULL, NULL, true),
('320411', '新北区', '320400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('320412', '武进区', '320400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('320413', '金坛区', '320400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('320481', '溧阳市', '320400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('320482', '金坛市', '320400', 3, 'retired', 'GB/T 2260 201410', NULL, '2014-11-01', NULL, NULL, true),
('320500', '苏州市', '320000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('320502', '沧浪区', '320500', 3, 'retired', 'GB/T 2260 201110', NULL, '2011-11-01', NULL, NULL, true),
('320503', '平江区', '320500', 3, 'retired', 'GB/T 2260 201110', NULL, '2011-11-01', NULL, NULL, true),
('320504', '金阊区', '320500', 3, 'retired', 'GB/T 2260 201110', NULL, '2011-11-01', NULL, NULL, true),
('320505', '虎丘区', '320500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('320506', '吴中区', '320500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('320507', '相城区', '320500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('320508', '姑苏区', '320500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('320509', '吴江区', '320500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('320576', '苏州工业园区', '320500', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('320581', '常熟市', '320500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('320582', '张家港市', '320500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('320583', '昆山市', '320500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('320584', '吴江市', '320500', 3, 'retired', 'GB/T 2260 201110', NULL, '2011-11-01', NULL, NULL, true),
('320585', '太仓市', '320500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('320600', '南通市', '320000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('320602', '崇川区', '320600', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('320611', '港闸区', '320600', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('320612', '通州区', '320600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('320613', '崇川区', '320600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('320614', '海门区', '320600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('320621', '海安县', '320600', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('320623', '如东县', '320600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('320671', '南通经济技术开发区', '320600', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('320681', '启东市', '320600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('320682', '如皋市', '320600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('320683', '通州市', '320600', 3, 'retired', 'GB/T 2260 200812', NULL, '2009-01-01', NULL, NULL, true),
('320684', '海门市', '320600', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('320685', '海安市', '320600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('320700', '连云港市', '320000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('320703', '连云区', '320700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('320705', '新浦区', '320700', 3, 'retired', 'GB/T 2260 201308', NULL, '2013-09-01', NULL, NULL, true),
('320706', '海州区', '320700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('320707', '赣榆区', '320700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('320721', '赣榆县', '320700', 3, 'retired', 'GB/T 2260 201308', NULL, '2013-09-01', NULL, NULL, true),
('320722', '东海县', '320700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('320723', '灌云县', '320700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('320724', '灌南县', '320700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('320771', '连云港经济技术开发区', '320700', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('320800', '淮安市', '320000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('320802', '清河区', '320800', 3, 'retired', 'GB/T 2260 201509', NULL, '2015-10-01', NULL, NULL, true),
('320803', '淮安区', '320800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('320804', '淮阴区', '320800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('320811', '清浦区', '320800', 3, 'retired', 'GB/T 2260 201509', NULL, '2015-10-01', NULL, NULL, true),
('320812', '清江浦区', '320800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('320813', '洪泽区', '320800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('320826', '涟水县', '320800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('320829', '洪泽县', '320800', 3, 'retired', 'GB/T 2260 201509', NULL, '2015-10-01', NULL, NULL, true),
('320830', '盱眙县', '320800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('320831', '金湖县', '320800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('320871', '淮安经济技术开发区', '320800', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('320900', '盐城市', '320000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('320902', '亭湖区', '320900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('320903', '盐都区', '320900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('320904', '大丰区', '320900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('320921', '响水县', '320900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('320922', '滨海县', '320900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('320923', '阜宁县', '320900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('320924', '射阳县', '320900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('320925', '建湖县', '320900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('320928', '盐都县', '320900', 3, 'retired', 'GB/T 2260 200306', NULL, '2003-07-01', NULL, NULL, true),
('320971', '盐城经济技术开发区', '320900', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('320981', '东台市', '320900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('320982', '大丰市', '320900', 3, 'retired', 'GB/T 2260 201410', NULL, '2014-11-01', NULL, NULL, true),
('321000', '扬州市', '320000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('321002', '广陵区', '321000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('321003', '邗江区', '321000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('321011', '维扬区', '321000', 3, 'retired', 'GB/T 2260 201010', NULL, '2010-11-01', NULL, NULL, true),
('321012', '江都区', '321000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('321023', '宝应县', '321000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('321071', '扬州经济技术开发区', '321000', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('321081', '仪征市', '321000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('321084', '高邮市', '321000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('321088', '江都市', '321000', 3, 'retired', 'GB/T 2260 201010', NULL, '2010-11-01', NULL, NULL, true),
('321100', '镇江市', '320000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('321102', '京口区', '321100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('321111', '润州区', '321100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('321112', '丹徒区', '321100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('321171', '镇江新区', '321100', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('321181', '丹阳市', '321100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('321182', '扬中市', '321100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('321183', '句容市', '321100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('321200', '泰州市', '320000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('321202', '海陵区', '321200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('321203', '高港区', '321200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('321204', '姜堰区', '321200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('321281', '兴化市', '321200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('321282', '靖江市', '321200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('321283', '泰兴市', '321200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('321284', '姜堰市', '321200', 3, 'retired', 'GB/T 2260 201210', NULL, '2012-11-01', NULL, NULL, true),
('321300', '宿迁市', '320000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('321302', '宿城区', '321300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('321311', '宿豫区', '321300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('321321', '宿豫县', '321300', 3, 'retired', 'GB/T 2260 200312', NULL, '2004-01-01', NULL, NULL, true),
('321322', '沭阳县', '321300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('321323', '泗阳县', '321300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('321324', '泗洪县', '321300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('321371', '宿迁经济技术开发区', '321300', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('330000', '浙江省', NULL, 1, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('330100', '杭州市', '330000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('330102', '上城区', '330100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('330103', '下城区', '330100', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('330104', '江干区', '330100', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('330105', '拱墅区', '330100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('330106', '西湖区', '330100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('330108', '滨江区', '330100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('330109', '萧山区', '330100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('330110', '余杭区', '330100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('330111', '富阳区', '330100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('330112', '临安区', '330100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('330113', '临平区', '330100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('330114', '钱塘区', '330100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('330122', '桐庐县', '330100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('330127', '淳安县', '330100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('330182', '建德市', '330100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('330183', '富阳市', '330100', 3, 'retired', 'GB/T 2260 201410', NULL, '2014-11-01', NULL, NULL, true),
('330185', '临安市', '330100', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('330200', '宁波市', '330000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('330203', '海曙区', '330200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('330204', '江东区', '330200', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('330205', '江北区', '330200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('330206', '北仑区', '330200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('330211', '镇海区', '330200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('330212', '鄞州区', '330200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('330213', '奉化区', '330200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('330225', '象山县', '330200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('330226', '宁海县', '330200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('330281', '余姚市', '330200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('330282', '慈溪市', '330200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('330283', '奉化市', '330200', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('330300', '温州市', '330000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('330302', '鹿城区', '330300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('330303', '龙湾区', '330300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('330304', '瓯海区', '330300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('330305', '洞头区', '330300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('330322', '洞头县', '330300', 3, 'retired', 'GB/T 2260 201410', NULL, '2014-11-01', NULL, NULL, true),
('330324', '永嘉县', '330300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('330326', '平阳县', '330300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('330327', '苍南县', '330300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('330328', '文成县', '330300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('330329', '泰顺县', '330300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('330381', '瑞安市', '330300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('330382', '乐清市', '330300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('330383', '龙港市', '330300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('330400', '嘉兴市', '330000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('330402', '南湖区', '330400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('330411', '秀洲区', '330400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('330421', '嘉善县', '330400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('330424', '海盐县', '330400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('330481', '海宁市', '330400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('330482', '平湖市', '330400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('330483', '桐乡市', '330400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('330500', '湖州市', '330000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('330502', '吴兴区', '330500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('330503', '南浔区', '330500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('330521', '德清县', '330500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('330522', '长兴县', '330500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('330523', '安吉县', '330500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('330600', '绍兴市', '330000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('330602', '越城区', '330600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('330603', '柯桥区', '330600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('330604', '上虞区', '330600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('330621', '绍兴县', '330600', 3, 'retired', 'GB/T 2260 201308', NULL, '2013-09-01', NULL, NULL, true),
('330624', '新昌县', '330600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('330681', '诸暨市', '330600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('330682', '上虞市', '330600', 3, 'retired', 'GB/T 2260 201308', NULL, '2013-09-01', NULL, NULL, true),
('330683', '嵊州市', '330600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('330700', '金华市', '330000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('330702', '婺城区', '330700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('330703', '金东区', '330700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('330723', '武义县', '330700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('330726', '浦江县', '330700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('330727', '磐安县', '330700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('330781', '兰溪市', '330700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('330782', '义乌市', '330700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('330783', '东阳市', '330700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('330784', '永康市', '330700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('330800', '衢州市', '330000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('330802', '柯城区', '330800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('330803', '衢江区', '330800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('330822', '常山县', '330800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('330824', '开化县', '330800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('330825', '龙游县', '330800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('330881', '江山市', '330800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('330900', '舟山市', '330000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('330902', '定海区', '330900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('330903', '普陀区', '330900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('330921', '岱山县', '330900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('330922', '嵊泗县', '330900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('331000', '台州市', '330000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('331002', '椒江区', '331000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('331003', '黄岩区', '331000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('331004', '路桥区', '331000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('331021', '玉环县', '331000', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('331022', '三门县', '331000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('331023', '天台县', '331000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('331024', '仙居县', '331000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('331081', '温岭市', '331000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('331082', '临海市', '331000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('331083', '玉环市', '331000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('331100', '丽水市', '330000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('331102', '莲都区', '331100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('331121', '青田县', '331100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('331122', '缙云县', '331100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('331123', '遂昌县', '331100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('331124', '松阳县', '331100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('331125', '云和县', '331100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('331126', '庆元县', '331100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('331127', '景宁畲族自治县', '331100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('331181', '龙泉市', '331100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('340000', '安徽省', NULL, 1, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('340100', '合肥市', '340000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('340102', '瑶海区', '340100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('340103', '庐阳区', '340100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('340104', '蜀山区', '340100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('340111', '包河区', '340100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('340121', '长丰县', '340100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('340122', '肥东县', '340100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('340123', '肥西县', '340100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('340124', '庐江县', '340100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('340176', '合肥高新技术产业开发区', '340100', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('340177', '合肥经济技术开发区', '340100', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('340178', '合肥新站高新技术产业开发区', '340100', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('340181', '巢湖市', '340100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('340200', '芜湖市', '340000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('340202', '镜湖区', '340200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('340203', '弋江区', '340200', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('340204', '新芜区', '340200', 3, 'retired', 'GB/T 2260 200506', NULL, '2005-07-01', NULL, NULL, true),
('340207', '鸠江区', '340200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('340208', '三山区', '340200', 3, 'retired', 'GB/T 2260 201607', '2005-12-01', '2016-08-01', NULL, NULL, true),
('340209', '弋江区', '340200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('340210', '湾沚区', '340200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('340212', '繁昌区', '340200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('340221', '芜湖县', '340200', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('340222', '繁昌县', '340200', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('340223', '南陵县', '340200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('340225', '无为县', '340200', 3, 'retired', 'GB/T 2260 201607', '2011-10-01', '2016-08-01', NULL, NULL, true),
('340271', '芜湖经济技术开发区', '340200', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('340272', '安徽芜湖三山经济开发区', '340200', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('340281', '无为市', '340200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('340300', '蚌埠市', '340000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('340302', '龙子湖区', '340300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('340303', '蚌山区', '340300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('340304', '禹会区', '340300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('340311', '淮上区', '340300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('340321', '怀远县', '340300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('340322', '五河县', '340300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('340323', '固镇县', '340300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('340371', '蚌埠市高新技术开发区', '340300', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('340372', '蚌埠市经济开发区', '340300', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('340400', '淮南市', '340000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('340402', '大通区', '340400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('340403', '田家庵区', '340400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('340404', '谢家集区', '340400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('340405', '八公山区', '340400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('340406', '潘集区', '340400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('340421', '凤台县', '340400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('340422', '寿县', '340400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('340500', '马鞍山市', '340000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('340502', '金家庄区', '340500', 3, 'retired', 'GB/T 2260 201110', NULL, '2011-11-01', NULL, NULL, true),
('340503', '花山区', '340500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('340504', '雨山区', '340500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('340506', '博望区', '340500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('340521', '当涂县', '340500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('340522', '含山县', '340500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('340523', '和县', '340500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('340600', '淮北市', '340000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('340602', '杜集区', '340600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('340603', '相山区', '340600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('340604', '烈山区', '340600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('340621', '濉溪县', '340600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('340700', '铜陵市', '340000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('340702', '铜官山区', '340700', 3, 'retired', 'GB/T 2260 201509', NULL, '2015-10-01', NULL, NULL, true),
('340703', '狮子山区', '340700', 3, 'retired', 'GB/T 2260 201509', NULL, '2015-10-01', NULL, NULL, true),
('340705', '铜官区', '340700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('340706', '义安区', '340700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('340711', '郊区', '340700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('340721', '铜陵县', '340700', 3, 'retired', 'GB/T 2260 201509', NULL, '2015-10-01', NULL, NULL, true),
('340722', '枞阳县', '340700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('340800', '安庆市', '340000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('340802', '迎江区', '340800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('340803', '大观区', '340800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('340811', '宜秀区', '340800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('340822', '怀宁县', '340800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('340823', '枞阳县', '340800', 3, 'retired', 'GB/T 2260 201509', NULL, '2015-10-01', NULL, NULL, true),
('340824', '潜山县', '340800', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('340825', '太湖县', '340800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('340826', '宿松县', '340800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('340827', '望江县', '340800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('340828', '岳西县', '340800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('340871', '安徽安庆经济开发区', '340800', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('340881', '桐城市', '340800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('340882', '潜山市', '340800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('341000', '黄山市', '340000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('341002', '屯溪区', '341000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('341003', '黄山区', '341000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('341004', '徽州区', '341000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('341021', '歙县', '341000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('341022', '休宁县', '341000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('341023', '黟县', '341000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('341024', '祁门县', '341000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('341100', '滁州市', '340000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('341102', '琅琊区', '341100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('341103', '南谯区', '341100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('341122', '来安县', '341100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('341124', '全椒县', '341100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('341125', '定远县', '341100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('341126', '凤阳县', '341100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('341171', '中新苏滁高新技术产业开发区', '341100', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('341172', '滁州经济技术开发区', '341100', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('341181', '天长市', '341100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('341182', '明光市', '341100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('341200', '阜阳市', '340000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('341202', '颍州区', '341200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('341203', '颍东区', '341200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('341204', '颍泉区', '341200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('341221', '临泉县', '341200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('341222', '太和县', '341200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('341225', '阜南县', '341200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('341226', '颍上县', '341200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('341271', '阜阳合肥现代产业园区', '341200', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('341272', '阜阳经济技术开发区', '341200', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('341282', '界首市', '341200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('341300', '宿州市', '340000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('341302', '埇桥区', '341300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('341321', '砀山县', '341300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('341322', '萧县', '341300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('341323', '灵璧县', '341300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('341324', '泗县', '341300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('341371', '宿州马鞍山现代产业园区', '341300', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('341372', '宿州经济技术开发区', '341300', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('341400', '巢湖市', '340000', 2, 'retired', 'GB/T 2260 201010', NULL, '2010-11-01', NULL, NULL, true),
('341402', '居巢区', '341400', 3, 'retired', 'GB/T 2260 201010', NULL, '2010-11-01', NULL, NULL, true),
('341421', '庐江县', '341400', 3, 'retired', 'GB/T 2260 201010', NULL, '2010-11-01', NULL, NULL, true),
('341422', '无为县', '341400', 3, 'retired', 'GB/T 2260 201010', NULL, '2010-11-01', NULL, NULL, true),
('341423', '含山县', '341400', 3, 'retired', 'GB/T 2260 201010', NULL, '2010-11-01', NULL, NULL, true),
('341424', '和县', '341400', 3, 'retired', 'GB/T 2260 201010', NULL, '2010-11-01', NULL, NULL, true),
('341500', '六安市', '340000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('341502', '金安区', '341500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('341503', '裕安区', '341500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('341504', '叶集区', '341500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('341521', '寿县', '341500', 3, 'retired', 'GB/T 2260 201509', NULL, '2015-10-01', NULL, NULL, true),
('341522', '霍邱县', '341500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('341523', '舒城县', '341500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('341524', '金寨县', '341500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('341525', '霍山县', '341500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('341600', '亳州市', '340000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('341602', '谯城区', '341600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('341621', '涡阳县', '341600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('341622', '蒙城县', '341600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('341623', '利辛县', '341600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('341700', '池州市', '340000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('341702', '贵池区', '341700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('341721', '东至县', '341700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('341722', '石台县', '341700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('341723', '青阳县', '341700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('341800', '宣城市', '340000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('341802', '宣州区', '341800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('341821', '郎溪县', '341800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('341822', '广德县', '341800', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('341823', '泾县', '341800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('341824', '绩溪县', '341800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('341825', '旌德县', '341800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('341871', '宣城市经济开发区', '341800', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('341881', '宁国市', '341800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('341882', '广德市', '341800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350000', '福建省', NULL, 1, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350100', '福州市', '350000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350102', '鼓楼区', '350100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350103', '台江区', '350100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350104', '仓山区', '350100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350105', '马尾区', '350100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350111', '晋安区', '350100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350112', '长乐区', '350100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350121', '闽侯县', '350100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350122', '连江县', '350100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350123', '罗源县', '350100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350124', '闽清县', '350100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350125', '永泰县', '350100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350128', '平潭县', '350100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350181', '福清市', '350100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350182', '长乐市', '350100', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('350200', '厦门市', '350000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350202', '鼓浪屿区', '350200', 3, 'retired', 'GB/T 2260 200212', NULL, '2003-01-01', NULL, NULL, true),
('350203', '思明区', '350200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350204', '开元区', '350200', 3, 'retired', 'GB/T 2260 200212', NULL, '2003-01-01', NULL, NULL, true),
('350205', '海沧区', '350200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350206', '湖里区', '350200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350211', '集美区', '350200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350212', '同安区', '350200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350213', '翔安区', '350200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350300', '莆田市', '350000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350302', '城厢区', '350300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350303', '涵江区', '350300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350304', '荔城区', '350300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350305', '秀屿区', '350300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350322', '仙游县', '350300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350400', '三明市', '350000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350402', '梅列区', '350400', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('350403', '三元区', '350400', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('350404', '三元区', '350400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350405', '沙县区', '350400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350421', '明溪县', '350400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350423', '清流县', '350400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350424', '宁化县', '350400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350425', '大田县', '350400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350426', '尤溪县', '350400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350427', '沙县', '350400', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('350428', '将乐县', '350400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350429', '泰宁县', '350400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350430', '建宁县', '350400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350481', '永安市', '350400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350500', '泉州市', '350000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350502', '鲤城区', '350500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350503', '丰泽区', '350500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350504', '洛江区', '350500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350505', '泉港区', '350500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350521', '惠安县', '350500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350524', '安溪县', '350500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350525', '永春县', '350500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350526', '德化县', '350500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350527', '金门县', '350500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350581', '石狮市', '350500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350582', '晋江市', '350500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350583', '南安市', '350500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350600', '漳州市', '350000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350602', '芗城区', '350600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350603', '龙文区', '350600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350604', '龙海区', '350600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350605', '长泰区', '350600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350622', '云霄县', '350600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350623', '漳浦县', '350600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350624', '诏安县', '350600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350625', '长泰县', '350600', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('350626', '东山县', '350600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350627', '南靖县', '350600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350628', '平和县', '350600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350629', '华安县', '350600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350681', '龙海市', '350600', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('350700', '南平市', '350000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350702', '延平区', '350700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350703', '建阳区', '350700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350721', '顺昌县', '350700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350722', '浦城县', '350700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350723', '光泽县', '350700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350724', '松溪县', '350700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350725', '政和县', '350700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350781', '邵武市', '350700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350782', '武夷山市', '350700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350783', '建瓯市', '350700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350784', '建阳市', '350700', 3, 'retired', 'GB/T 2260 201410', NULL, '2014-11-01', NULL, NULL, true),
('350800', '龙岩市', '350000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350802', '新罗区', '350800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350803', '永定区', '350800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350821', '长汀县', '350800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350822', '永定县', '350800', 3, 'retired', 'GB/T 2260 201410', NULL, '2014-11-01', NULL, NULL, true),
('350823', '上杭县', '350800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350824', '武平县', '350800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350825', '连城县', '350800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350881', '漳平市', '350800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350900', '宁德市', '350000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350902', '蕉城区', '350900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350921', '霞浦县', '350900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350922', '古田县', '350900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350923', '屏南县', '350900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350924', '寿宁县', '350900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350925', '周宁县', '350900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350926', '柘荣县', '350900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350981', '福安市', '350900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('350982', '福鼎市', '350900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('360000', '江西省', NULL, 1, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('360100', '南昌市', '360000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('360102', '东湖区', '360100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('360103', '西湖区', '360100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('360104', '青云谱区', '360100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('360105', '湾里区', '360100', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('360111', '青山湖区', '360100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('360112', '新建区', '360100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('360113', '红谷滩区', '360100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('360121', '南昌县', '360100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('360122', '新建县', '360100', 3, 'retired', 'GB/T 2260 201410', NULL, '2014-11-01', NULL, NULL, true),
('360123', '安义县', '360100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('360124', '进贤县', '360100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('360200', '景德镇市', '360000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('360202', '昌江区', '360200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('360203', '珠山区', '360200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('360222', '浮梁县', '360200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('360281', '乐平市', '360200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('360300', '萍乡市', '360000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('360302', '安源区', '360300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('360313', '湘东区', '360300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('360321', '莲花县', '360300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('360322', '上栗县', '360300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('360323', '芦溪县', '360300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('360400', '九江市', '360000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('360402', '濂溪区', '360400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('360403', '浔阳区', '360400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('360404', '柴桑区', '360400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('360421', '九江县', '360400', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('360423', '武宁县', '360400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('360424', '修水县', '360400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('360425', '永修县', '360400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('360426', '德安县', '360400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('360427', '星子县', '360400', 3, 'retired', 'GB/T 2260 201509', NULL, '2015-10-01', NULL, NULL, true),
('360428', '都昌县', '360400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('360429', '湖口县', '360400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('360430', '彭泽县', '360400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('360481', '瑞昌市', '360400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('360482', '共青城市', '360400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('360483', '庐山市', '360400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('360500', '新余市', '360000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('360502', '渝水区', '360500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('360521', '分宜县', '360500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('360600', '鹰潭市', '360000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('360602', '月湖区', '360600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('360603', '余江区', '360600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('360622', '余江县', '360600', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('360681', '贵溪市', '360600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('360700', '赣州市', '360000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('360702', '章贡区', '360700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('360703', '南康区', '360700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('360704', '赣县区', '360700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('360721', '赣县', '360700', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('360722', '信丰县', '360700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('360723', '大余县', '360700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('360724', '上犹县', '360700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('360725', '崇义县', '360700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('360726', '安远县', '360700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('360727', '龙南县', '360700', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('360728', '定南县', '360700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('360729', '全南县', '360700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('360730', '宁都县', '360700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('360731', '于都县', '360700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('360732', '兴国县', '360700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('360733', '会昌县', '360700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('360734', '寻乌县', '360700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('360735', '石城县', '360700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('360781', '瑞金市', '360700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('360782', '南康市', '360700', 3, 'retired', 'GB/T 2260 201308', NULL, '2013-09-01', NULL, NULL, true),
('360783', '龙南市', '360700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('360800', '吉安市', '360000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('360802', '吉州区', '360800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('360803', '青原区', '360800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('360821', '吉安县', '360800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('360822', '吉水县', '360800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('360823', '峡江县', '360800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('360824', '新干县', '360800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('360825', '永丰县', '360800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('360826', '泰和县', '360800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('360827', '遂川县', '360800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('360828', '万安县', '360800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('360829', '安福县', '360800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('360830', '永新县', '360800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('360881', '井冈山市', '360800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('360900', '宜春市', '360000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('360902', '袁州区', '360900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('360921', '奉新县', '360900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('360922', '万载县', '360900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('360923', '上高县', '360900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('360924', '宜丰县', '360900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('360925', '靖安县', '360900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('360926', '铜鼓县', '360900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('360981', '丰城市', '360900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('360982', '樟树市', '360900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('360983', '高安市', '360900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('361000', '抚州市', '360000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('361002', '临川区', '361000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('361003', '东乡区', '361000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('361021', '南城县', '361000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('361022', '黎川县', '361000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('361023', '南丰县', '361000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('361024', '崇仁县', '361000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('361025', '乐安县', '361000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('361026', '宜黄县', '361000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('361027', '金溪县', '361000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('361028', '资溪县', '361000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('361029', '东乡县', '361000', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('361030', '广昌县', '361000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('361100', '上饶市', '360000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('361102', '信州区', '361100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('361103', '广丰区', '361100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('361104', '广信区', '361100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('361121', '上饶县', '361100', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('361122', '广丰县', '361100', 3, 'retired', 'GB/T 2260 201410', NULL, '2014-11-01', NULL, NULL, true),
('361123', '玉山县', '361100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('361124', '铅山县', '361100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('361125', '横峰县', '361100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('361126', '弋阳县', '361100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('361127', '余干县', '361100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('361128', '鄱阳县', '361100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('361129', '万年县', '361100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('361130', '婺源县', '361100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('361181', '德兴市', '361100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370000', '山东省', NULL, 1, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370100', '济南市', '370000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370102', '历下区', '370100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370103', '市中区', '370100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370104', '槐荫区', '370100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370105', '天桥区', '370100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370112', '历城区', '370100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370113', '长清区', '370100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370114', '章丘区', '370100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370115', '济阳区', '370100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370116', '莱芜区', '370100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370117', '钢城区', '370100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370124', '平阴县', '370100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370125', '济阳县', '370100', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('370126', '商河县', '370100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370176', '济南高新技术产业开发区', '370100', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('370181', '章丘市', '370100', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('370200', '青岛市', '370000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370202', '市南区', '370200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370203', '市北区', '370200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370205', '四方区', '370200', 3, 'retired', 'GB/T 2260 201210', NULL, '2012-11-01', NULL, NULL, true),
('370211', '黄岛区', '370200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370212', '崂山区', '370200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370213', '李沧区', '370200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370214', '城阳区', '370200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370215', '即墨区', '370200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370281', '胶州市', '370200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370282', '即墨市', '370200', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('370283', '平度市', '370200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370284', '胶南市', '370200', 3, 'retired', 'GB/T 2260 201210', NULL, '2012-11-01', NULL, NULL, true),
('370285', '莱西市', '370200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370300', '淄博市', '370000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370302', '淄川区', '370300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370303', '张店区', '370300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370304', '博山区', '370300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370305', '临淄区', '370300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370306', '周村区', '370300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370321', '桓台县', '370300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370322', '高青县', '370300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370323', '沂源县', '370300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370400', '枣庄市', '370000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370402', '市中区', '370400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370403', '薛城区', '370400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370404', '峄城区', '370400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370405', '台儿庄区', '370400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370406', '山亭区', '370400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370481', '滕州市', '370400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370500', '东营市', '370000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370502', '东营区', '370500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370503', '河口区', '370500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370505', '垦利区', '370500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370521', '垦利县', '370500', 3, 'retired', 'GB/T 2260 201509', NULL, '2015-10-01', NULL, NULL, true),
('370522', '利津县', '370500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370523', '广饶县', '370500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370571', '东营经济技术开发区', '370500', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('370572', '东营港经济开发区', '370500', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('370600', '烟台市', '370000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370602', '芝罘区', '370600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370611', '福山区', '370600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370612', '牟平区', '370600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370613', '莱山区', '370600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370614', '蓬莱区', '370600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370634', '长岛县', '370600', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('370671', '烟台高新技术产业开发区', '370600', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('370676', '烟台经济技术开发区', '370600', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('370681', '龙口市', '370600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370682', '莱阳市', '370600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370683', '莱州市', '370600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370684', '蓬莱市', '370600', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('370685', '招远市', '370600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370686', '栖霞市', '370600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370687', '海阳市', '370600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370700', '潍坊市', '370000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370702', '潍城区', '370700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370703', '寒亭区', '370700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370704', '坊子区', '370700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370705', '奎文区', '370700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370724', '临朐县', '370700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370725', '昌乐县', '370700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370772', '潍坊滨海经济技术开发区', '370700', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('370781', '青州市', '370700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370782', '诸城市', '370700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370783', '寿光市', '370700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370784', '安丘市', '370700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370785', '高密市', '370700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370786', '昌邑市', '370700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370800', '济宁市', '370000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370802', '市中区', '370800', 3, 'retired', 'GB/T 2260 201308', NULL, '2013-09-01', NULL, NULL, true),
('370811', '任城区', '370800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370812', '兖州区', '370800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370826', '微山县', '370800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370827', '鱼台县', '370800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370828', '金乡县', '370800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370829', '嘉祥县', '370800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370830', '汶上县', '370800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370831', '泗水县', '370800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370832', '梁山县', '370800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370871', '济宁高新技术产业开发区', '370800', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('370881', '曲阜市', '370800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370882', '兖州市', '370800', 3, 'retired', 'GB/T 2260 201308', NULL, '2013-09-01', NULL, NULL, true),
('370883', '邹城市', '370800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370900', '泰安市', '370000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370902', '泰山区', '370900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370903', '岱岳区', '370900', 3, 'retired', 'GB/T 2260 200612', NULL, '2007-01-01', NULL, NULL, true),
('370911', '岱岳区', '370900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370921', '宁阳县', '370900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370923', '东平县', '370900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370982', '新泰市', '370900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('370983', '肥城市', '370900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('371000', '威海市', '370000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('371002', '环翠区', '371000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('371003', '文登区', '371000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('371071', '威海火炬高技术产业开发区', '371000', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('371072', '威海经济技术开发区', '371000', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('371073', '威海临港经济技术开发区', '371000', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('371081', '文登市', '371000', 3, 'retired', 'GB/T 2260 201308', NULL, '2013-09-01', NULL, NULL, true),
('371082', '荣成市', '371000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('371083', '乳山市', '371000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('371100', '日照市', '370000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('371102', '东港区', '371100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('371103', '岚山区', '371100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('371121', '五莲县', '371100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('371122', '莒县', '371100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('371171', '日照经济技术开发区', '371100', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('371200', '莱芜市', '370000', 2, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('371202', '莱城区', '371200', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('371203', '钢城区', '371200', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('371300', '临沂市', '370000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('371302', '兰山区', '371300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('371311', '罗庄区', '371300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('371312', '河东区', '371300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('371321', '沂南县', '371300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('371322', '郯城县', '371300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('371323', '沂水县', '371300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('371324', '兰陵县', '371300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('371325', '费县', '371300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('371326', '平邑县', '371300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('371327', '莒南县', '371300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('371328', '蒙阴县', '371300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('371329', '临沭县', '371300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('371371', '临沂高新技术产业开发区', '371300', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('371400', '德州市', '370000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('371402', '德城区', '371400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('371403', '陵城区', '371400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('371421', '陵县', '371400', 3, 'retired', 'GB/T 2260 201308', NULL, '2013-09-01', NULL, NULL, true),
('371422', '宁津县', '371400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('371423', '庆云县', '371400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('371424', '临邑县', '371400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('371425', '齐河县', '371400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('371426', '平原县', '371400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('371427', '夏津县', '371400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('371428', '武城县', '371400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('371471', '德州天衢新区', '371400', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('371481', '乐陵市', '371400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('371482', '禹城市', '371400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('371500', '聊城市', '370000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('371502', '东昌府区', '371500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('371503', '茌平区', '371500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('371521', '阳谷县', '371500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('371522', '莘县', '371500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('371523', '茌平县', '371500', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('371524', '东阿县', '371500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('371525', '冠县', '371500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('371526', '高唐县', '371500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('371581', '临清市', '371500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('371600', '滨州市', '370000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('371602', '滨城区', '371600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('371603', '沾化区', '371600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('371621', '惠民县', '371600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('371622', '阳信县', '371600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('371623', '无棣县', '371600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('371624', '沾化县', '371600', 3, 'retired', 'GB/T 2260 201308', NULL, '2013-09-01', NULL, NULL, true),
('371625', '博兴县', '371600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('371626', '邹平县', '371600', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('371681', '邹平市', '371600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('371700', '菏泽市', '370000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('371702', '牡丹区', '371700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('371703', '定陶区', '371700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('371721', '曹县', '371700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('371722', '单县', '371700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('371723', '成武县', '371700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('371724', '巨野县', '371700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('371725', '郓城县', '371700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('371726', '鄄城县', '371700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('371727', '定陶县', '371700', 3, 'retired', 'GB/T 2260 201509', NULL, '2015-10-01', NULL, NULL, true),
('371728', '东明县', '371700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('371771', '菏泽经济技术开发区', '371700', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('371772', '菏泽高新技术开发区', '371700', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('410000', '河南省', NULL, 1, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410100', '郑州市', '410000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410102', '中原区', '410100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410103', '二七区', '410100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410104', '管城回族区', '410100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410105', '金水区', '410100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410106', '上街区', '410100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410108', '惠济区', '410100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410122', '中牟县', '410100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410171', '郑州经济技术开发区', '410100', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('410172', '郑州高新技术产业开发区', '410100', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('410173', '郑州航空港经济综合实验区', '410100', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('410181', '巩义市', '410100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410182', '荥阳市', '410100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410183', '新密市', '410100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410184', '新郑市', '410100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410185', '登封市', '410100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410200', '开封市', '410000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410202', '龙亭区', '410200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410203', '顺河回族区', '410200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410204', '鼓楼区', '410200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410205', '禹王台区', '410200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410211', '金明区', '410200', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('410212', '祥符区', '410200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410221', '杞县', '410200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410222', '通许县', '410200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410223', '尉氏县', '410200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410224', '开封县', '410200', 3, 'retired', 'GB/T 2260 201410', NULL, '2014-11-01', NULL, NULL, true),
('410225', '兰考县', '410200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410300', '洛阳市', '410000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410302', '老城区', '410300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410303', '西工区', '410300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410304', '瀍河回族区', '410300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410305', '涧西区', '410300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410306', '吉利区', '410300', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('410307', '偃师区', '410300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, '洛龙区', true),
('410308', '孟津区', '410300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410311', '洛龙区', '410300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410322', '孟津县', '410300', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('410323', '新安县', '410300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410324', '栾川县', '410300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410325', '嵩县', '410300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410326', '汝阳县', '410300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410327', '宜阳县', '410300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410328', '洛宁县', '410300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410329', '伊川县', '410300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410371', '洛阳高新技术产业开发区', '410300', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('410381', '偃师市', '410300', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('410400', '平顶山市', '410000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410402', '新华区', '410400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410403', '卫东区', '410400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410404', '石龙区', '410400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410411', '湛河区', '410400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410421', '宝丰县', '410400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410422', '叶县', '410400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410423', '鲁山县', '410400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410425', '郏县', '410400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410471', '平顶山高新技术产业开发区', '410400', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('410472', '平顶山市城乡一体化示范区', '410400', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('410481', '舞钢市', '410400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410482', '汝州市', '410400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410500', '安阳市', '410000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410502', '文峰区', '410500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410503', '北关区', '410500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410505', '殷都区', '410500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410506', '龙安区', '410500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410522', '安阳县', '410500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410523', '汤阴县', '410500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410526', '滑县', '410500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410527', '内黄县', '410500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410571', '安阳高新技术产业开发区', '410500', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('410581', '林州市', '410500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410600', '鹤壁市', '410000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410602', '鹤山区', '410600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410603', '山城区', '410600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410611', '淇滨区', '410600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410621', '浚县', '410600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410622', '淇县', '410600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410671', '鹤壁经济技术开发区', '410600', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('410700', '新乡市', '410000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410702', '红旗区', '410700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410703', '卫滨区', '410700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410704', '凤泉区', '410700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410711', '牧野区', '410700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410721', '新乡县', '410700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410724', '获嘉县', '410700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410725', '原阳县', '410700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410726', '延津县', '410700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410727', '封丘县', '410700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410728', '长垣县', '410700', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('410771', '新乡高新技术产业开发区', '410700', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('410772', '新乡经济技术开发区', '410700', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('410773', '新乡市平原城乡一体化示范区', '410700', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('410781', '卫辉市', '410700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410782', '辉县市', '410700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410783', '长垣市', '410700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410800', '焦作市', '410000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410802', '解放区', '410800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410803', '中站区', '410800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410804', '马村区', '410800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410811', '山阳区', '410800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410821', '修武县', '410800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410822', '博爱县', '410800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410823', '武陟县', '410800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410825', '温县', '410800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410871', '焦作城乡一体化示范区', '410800', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('410881', '济源市', '410800', 3, 'retired', 'GB/T 2260 200712', NULL, '2008-01-01', NULL, NULL, true),
('410882', '沁阳市', '410800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410883', '孟州市', '410800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410900', '濮阳市', '410000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410902', '华龙区', '410900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410922', '清丰县', '410900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410923', '南乐县', '410900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410926', '范县', '410900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410927', '台前县', '410900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410928', '濮阳县', '410900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('410971', '河南濮阳工业园区', '410900', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('410972', '濮阳经济技术开发区', '410900', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('411000', '许昌市', '410000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('411002', '魏都区', '411000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('411003', '建安区', '411000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('411023', '许昌县', '411000', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('411024', '鄢陵县', '411000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('411025', '襄城县', '411000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('411071', '许昌经济技术开发区', '411000', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('411081', '禹州市', '411000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('411082', '长葛市', '411000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('411100', '漯河市', '410000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('411102', '源汇区', '411100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('411103', '郾城区', '411100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('411104', '召陵区', '411100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('411121', '舞阳县', '411100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('411122', '临颍县', '411100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('411123', '郾城县', '411100', 3, 'retired', 'GB/T 2260 200403', NULL, '2004-04-01', NULL, NULL, true),
('411171', '漯河经济技术开发区', '411100', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('411200', '三门峡市', '410000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('411202', '湖滨区', '411200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('411203', '陕州区', '411200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('411221', '渑池县', '411200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('411222', '陕县', '411200', 3, 'retired', 'GB/T 2260 201509', NULL, '2015-10-01', NULL, NULL, true),
('411224', '卢氏县', '411200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('411271', '河南三门峡经济开发区', '411200', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('411281', '义马市', '411200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('411282', '灵宝市', '411200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('411300', '南阳市', '410000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('411302', '宛城区', '411300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('411303', '卧龙区', '411300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('411321', '南召县', '411300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('411322', '方城县', '411300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('411323', '西峡县', '411300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('411324', '镇平县', '411300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('411325', '内乡县', '411300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('411326', '淅川县', '411300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('411327', '社旗县', '411300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('411328', '唐河县', '411300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('411329', '新野县', '411300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('411330', '桐柏县', '411300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('411371', '南阳高新技术产业开发区', '411300', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('411372', '南阳市城乡一体化示范区', '411300', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('411381', '邓州市', '411300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('411400', '商丘市', '410000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('411402', '梁园区', '411400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('411403', '睢阳区', '411400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('411421', '民权县', '411400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('411422', '睢县', '411400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('411423', '宁陵县', '411400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('411424', '柘城县', '411400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('411425', '虞城县', '411400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('411426', '夏邑县', '411400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('411471', '豫东综合物流产业聚集区', '411400', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('411472', '河南商丘经济开发区', '411400', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('411481', '永城市', '411400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('411500', '信阳市', '410000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('411502', '浉河区', '411500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('411503', '平桥区', '411500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('411521', '罗山县', '411500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('411522', '光山县', '411500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('411523', '新县', '411500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('411524', '商城县', '411500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('411525', '固始县', '411500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('411526', '潢川县', '411500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('411527', '淮滨县', '411500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('411528', '息县', '411500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('411571', '信阳高新技术产业开发区', '411500', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('411600', '周口市', '410000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('411602', '川汇区', '411600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('411603', '淮阳区', '411600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('411621', '扶沟县', '411600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('411622', '西华县', '411600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('411623', '商水县', '411600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('411624', '沈丘县', '411600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('411625', '郸城县', '411600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('411626', '淮阳县', '411600', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('411627', '太康县', '411600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('411628', '鹿邑县', '411600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('411671', '周口临港开发区', '411600', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('411681', '项城市', '411600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('411700', '驻马店市', '410000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('411702', '驿城区', '411700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('411721', '西平县', '411700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('411722', '上蔡县', '411700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('411723', '平舆县', '411700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('411724', '正阳县', '411700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('411725', '确山县', '411700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('411726', '泌阳县', '411700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('411727', '汝南县', '411700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('411728', '遂平县', '411700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('411729', '新蔡县', '411700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('411771', '河南驻马店经济开发区', '411700', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('419000', '省直辖县级行政区划', '410000', 2, 'pseudo', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('419001', '济源市', '419000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('420000', '湖北省', NULL, 1, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('420100', '武汉市', '420000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('420102', '江岸区', '420100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('420103', '江汉区', '420100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('420104', '硚口区', '420100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('420105', '汉阳区', '420100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('420106', '武昌区', '420100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('420107', '青山区', '420100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('420111', '洪山区', '420100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('420112', '东西湖区', '420100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('420113', '汉南区', '420100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('420114', '蔡甸区', '420100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('420115', '江夏区', '420100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('420116', '黄陂区', '420100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('420117', '新洲区', '420100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('420200', '黄石市', '420000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('420202', '黄石港区', '420200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('420203', '西塞山区', '420200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('420204', '下陆区', '420200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('420205', '铁山区', '420200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('420222', '阳新县', '420200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('420281', '大冶市', '420200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('420300', '十堰市', '420000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('420302', '茅箭区', '420300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('420303', '张湾区', '420300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('420304', '郧阳区', '420300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('420321', '郧县', '420300', 3, 'retired', 'GB/T 2260 201308', NULL, '2013-09-01', NULL, NULL, true),
('420322', '郧西县', '420300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('420323', '竹山县', '420300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('420324', '竹溪县', '420300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('420325', '房县', '420300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('420381', '丹江口市', '420300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('420500', '宜昌市', '420000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('420502', '西陵区', '420500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('420503', '伍家岗区', '420500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('420504', '点军区', '420500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('420505', '猇亭区', '420500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('420506', '夷陵区', '420500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('420525', '远安县', '420500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('420526', '兴山县', '420500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('420527', '秭归县', '420500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('420528', '长阳土家族自治县', '420500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('420529', '五峰土家族自治县', '420500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('420581', '宜都市', '420500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('420582', '当阳市', '420500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('420583', '枝江市', '420500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('420600', '襄阳市', '420000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('420602', '襄城区', '420600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('420606', '樊城区', '420600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('420607', '襄州区', '420600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('420624', '南漳县', '420600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('420625', '谷城县', '420600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('420626', '保康县', '420600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('420682', '老河口市', '420600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('420683', '枣阳市', '420600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('420684', '宜城市', '420600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('420700', '鄂州市', '420000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('420702', '梁子湖区', '420700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('420703', '华容区', '420700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('420704', '鄂城区', '420700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('420800', '荆门市', '420000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('420802', '东宝区', '420800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('420804', '掇刀区', '420800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('420821', '京山县', '420800', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('420822', '沙洋县', '420800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('420881', '钟祥市', '420800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('420882', '京山市', '420800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('420900', '孝感市', '420000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('420902', '孝南区', '420900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('420921', '孝昌县', '420900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('420922', '大悟县', '420900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('420923', '云梦县', '420900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('420981', '应城市', '420900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('420982', '安陆市', '420900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('420984', '汉川市', '420900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('421000', '荆州市', '420000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('421002', '沙市区', '421000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('421003', '荆州区', '421000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('421022', '公安县', '421000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('421023', '监利县', '421000', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('421024', '江陵县', '421000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('421071', '荆州经济技术开发区', '421000', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('421081', '石首市', '421000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('421083', '洪湖市', '421000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('421087', '松滋市', '421000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('421088', '监利市', '421000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('421100', '黄冈市', '420000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('421102', '黄州区', '421100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('421121', '团风县', '421100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('421122', '红安县', '421100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('421123', '罗田县', '421100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('421124', '英山县', '421100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('421125', '浠水县', '421100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('421126', '蕲春县', '421100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('421127', '黄梅县', '421100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('421171', '龙感湖管理区', '421100', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('421181', '麻城市', '421100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('421182', '武穴市', '421100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('421200', '咸宁市', '420000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('421202', '咸安区', '421200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('421221', '嘉鱼县', '421200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('421222', '通城县', '421200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('421223', '崇阳县', '421200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('421224', '通山县', '421200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('421281', '赤壁市', '421200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('421300', '随州市', '420000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('421302', '曾都区', '421300', 3, 'retired', 'GB/T 2260 200812', NULL, '2009-01-01', NULL, NULL, true),
('421303', '曾都区', '421300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('421321', '随县', '421300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('421381', '广水市', '421300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('422800', '恩施土家族苗族自治州', '420000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('422801', '恩施市', '422800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('422802', '利川市', '422800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('422822', '建始县', '422800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('422823', '巴东县', '422800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('422825', '宣恩县', '422800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('422826', '咸丰县', '422800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('422827', '来凤县', '422800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('422828', '鹤峰县', '422800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('429000', '省直辖县级行政区划', '420000', 2, 'pseudo', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('429004', '仙桃市', '429000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('429005', '潜江市', '429000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('429006', '天门市', '429000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('429021', '神农架林区', '429000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('430000', '湖南省', NULL, 1, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('430100', '长沙市', '430000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('430102', '芙蓉区', '430100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('430103', '天心区', '430100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('430104', '岳麓区', '430100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('430105', '开福区', '430100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('430111', '雨花区', '430100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('430112', '望城区', '430100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('430121', '长沙县', '430100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('430122', '望城县', '430100', 3, 'retired', 'GB/T 2260 201010', NULL, '2010-11-01', NULL, NULL, true),
('430124', '宁乡县', '430100', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('430181', '浏阳市', '430100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('430182', '宁乡市', '430100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('430200', '株洲市', '430000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('430202', '荷塘区', '430200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('430203', '芦淞区', '430200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('430204', '石峰区', '430200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('430211', '天元区', '430200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('430212', '渌口区', '430200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('430221', '株洲县', '430200', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('430223', '攸县', '430200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('430224', '茶陵县', '430200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('430225', '炎陵县', '430200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('430281', '醴陵市', '430200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('430300', '湘潭市', '430000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('430302', '雨湖区', '430300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('430304', '岳塘区', '430300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('430321', '湘潭县', '430300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('430371', '湖南湘潭高新技术产业园区', '430300', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('430372', '湘潭昭山示范区', '430300', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('430373', '湘潭九华示范区', '430300', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('430381', '湘乡市', '430300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('430382', '韶山市', '430300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('430400', '衡阳市', '430000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('430405', '珠晖区', '430400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('430406', '雁峰区', '430400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('430407', '石鼓区', '430400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('430408', '蒸湘区', '430400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('430412', '南岳区', '430400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('430421', '衡阳县', '430400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('430422', '衡南县', '430400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('430423', '衡山县', '430400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('430424', '衡东县', '430400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('430426', '祁东县', '430400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('430473', '湖南衡阳松木经济开发区', '430400', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('430476', '湖南衡阳高新技术产业园区', '430400', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('430481', '耒阳市', '430400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('430482', '常宁市', '430400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('430500', '邵阳市', '430000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('430502', '双清区', '430500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('430503', '大祥区', '430500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('430511', '北塔区', '430500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('430521', '邵东县', '430500', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('430522', '新邵县', '430500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('430523', '邵阳县', '430500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('430524', '隆回县', '430500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('430525', '洞口县', '430500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('430527', '绥宁县', '430500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('430528', '新宁县', '430500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('430529', '城步苗族自治县', '430500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('430581', '武冈市', '430500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('430582', '邵东市', '430500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('430600', '岳阳市', '430000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('430602', '岳阳楼区', '430600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('430603', '云溪区', '430600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('430611', '君山区', '430600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('430621', '岳阳县', '430600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('430623', '华容县', '430600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('430624', '湘阴县', '430600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('430626', '平江县', '430600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('430671', '岳阳市屈原管理区', '430600', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('430681', '汨罗市', '430600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('430682', '临湘市', '430600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('430700', '常德市', '430000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('430702', '武陵区', '430700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('430703', '鼎城区', '430700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('430721', '安乡县', '430700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('430722', '汉寿县', '430700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('430723', '澧县', '430700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('430724', '临澧县', '430700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('430725', '桃源县', '430700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('430726', '石门县', '430700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('430771', '常德市西洞庭管理区', '430700', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('430781', '津市市', '430700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('430800', '张家界市', '430000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('430802', '永定区', '430800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('430811', '武陵源区', '430800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('430821', '慈利县', '430800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('430822', '桑植县', '430800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('430900', '益阳市', '430000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('430902', '资阳区', '430900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('430903', '赫山区', '430900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('430921', '南县', '430900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('430922', '桃江县', '430900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('430923', '安化县', '430900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('430971', '益阳市大通湖管理区', '430900', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('430972', '湖南益阳高新技术产业园区', '430900', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('430981', '沅江市', '430900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('431000', '郴州市', '430000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('431002', '北湖区', '431000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('431003', '苏仙区', '431000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('431021', '桂阳县', '431000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('431022', '宜章县', '431000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('431023', '永兴县', '431000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('431024', '嘉禾县', '431000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('431025', '临武县', '431000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('431026', '汝城县', '431000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('431027', '桂东县', '431000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('431028', '安仁县', '431000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('431081', '资兴市', '431000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('431100', '永州市', '430000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('431102', '零陵区', '431100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('431103', '冷水滩区', '431100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('431121', '祁阳县', '431100', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('431122', '东安县', '431100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('431123', '双牌县', '431100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('431124', '道县', '431100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('431125', '江永县', '431100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('431126', '宁远县', '431100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('431127', '蓝山县', '431100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('431128', '新田县', '431100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('431129', '江华瑶族自治县', '431100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('431171', '永州经济技术开发区', '431100', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('431173', '永州市回龙圩管理区', '431100', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('431181', '祁阳市', '431100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('431200', '怀化市', '430000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('431202', '鹤城区', '431200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('431221', '中方县', '431200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('431222', '沅陵县', '431200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('431223', '辰溪县', '431200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('431224', '溆浦县', '431200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('431225', '会同县', '431200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('431226', '麻阳苗族自治县', '431200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('431227', '新晃侗族自治县', '431200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('431228', '芷江侗族自治县', '431200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('431229', '靖州苗族侗族自治县', '431200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('431230', '通道侗族自治县', '431200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('431271', '怀化市洪江管理区', '431200', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('431281', '洪江市', '431200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('431300', '娄底市', '430000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('431302', '娄星区', '431300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('431321', '双峰县', '431300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('431322', '新化县', '431300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('431381', '冷水江市', '431300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('431382', '涟源市', '431300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('433100', '湘西土家族苗族自治州', '430000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('433101', '吉首市', '433100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('433122', '泸溪县', '433100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('433123', '凤凰县', '433100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('433124', '花垣县', '433100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('433125', '保靖县', '433100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('433126', '古丈县', '433100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('433127', '永顺县', '433100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('433130', '龙山县', '433100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('440000', '广东省', NULL, 1, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('440100', '广州市', '440000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('440102', '东山区', '440100', 3, 'retired', 'GB/T 2260 200412', NULL, '2005-01-01', NULL, NULL, true),
('440103', '荔湾区', '440100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('440104', '越秀区', '440100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('440105', '海珠区', '440100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('440106', '天河区', '440100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('440107', '芳村区', '440100', 3, 'retired', 'GB/T 2260 200412', NULL, '2005-01-01', NULL, NULL, true),
('440111', '白云区', '440100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('440112', '黄埔区', '440100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('440113', '番禺区', '440100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('440114', '花都区', '440100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('440115', '南沙区', '440100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('440116', '萝岗区', '440100', 3, 'retired', 'GB/T 2260 201410', '2005-06-01', '2014-11-01', NULL, NULL, true),
('440117', '从化区', '440100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('440118', '增城区', '440100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('440183', '增城市', '440100', 3, 'retired', 'GB/T 2260 201308', NULL, '2013-09-01', NULL, NULL, true),
('440184', '从化市', '440100', 3, 'retired', 'GB/T 2260 201308', NULL, '2013-09-01', NULL, NULL, true),
('440200', '韶关市', '440000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('440202', '北江区', '440200', 3, 'retired', 'GB/T 2260 200403', NULL, '2004-04-01', NULL, NULL, true),
('440203', '武江区', '440200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('440204', '浈江区', '440200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('440205', '曲江区', '440200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('440221', '曲江县', '440200', 3, 'retired', 'GB/T 2260 200403', NULL, '2004-04-01', NULL, NULL, true),
('440222', '始兴县', '440200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('440224', '仁化县', '440200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('440229', '翁源县', '440200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('440232', '乳源瑶族自治县', '440200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('440233', '新丰县', '440200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('440281', '乐昌市', '440200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('440282', '南雄市', '440200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('440300', '深圳市', '440000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('440303', '罗湖区', '440300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('440304', '福田区', '440300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('440305', '南山区', '440300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('440306', '宝安区', '440300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('440307', '龙岗区', '440300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('440308', '盐田区', '440300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('440309', '龙华区', '440300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('440310', '坪山区', '440300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('440311', '光明区', '440300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('440400', '珠海市', '440000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('440402', '香洲区', '440400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('440403', '斗门区', '440400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('440404', '金湾区', '440400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('440500', '汕头市', '440000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('440506', '达濠区', '440500', 3, 'retired', 'GB/T 2260 200212', NULL, '2003-01-01', NULL, NULL, true),
('440507', '龙湖区', '440500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('440508', '金园区', '440500', 3, 'retired', 'GB/T 2260 200212', NULL, '2003-01-01', NULL, NULL, true),
('440509', '升平区', '440500', 3, 'retired', 'GB/T 2260 200212', NULL, '2003-01-01', NULL, NULL, true),
('440510', '河浦区', '440500', 3, 'retired', 'GB/T 2260 200212', NULL, '2003-01-01', NULL, NULL, true),
('440511', '金平区', '440500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('440512', '濠江区', '440500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('440513', '潮阳区', '440500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('440514', '潮南区', '440500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('440515', '澄海区', '440500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('440523', '南澳县', '440500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('440582', '潮阳市', '440500', 3, 'retired', 'GB/T 2260 200212', NULL, '2003-01-01', NULL, NULL, true),
('440583', '澄海市', '440500', 3, 'retired', 'GB/T 2260 200212', NULL, '2003-01-01', NULL, NULL, true),
('440600', '佛山市', '440000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('440604', '禅城区', '440600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('440605', '南海区', '440600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('440606', '顺德区', '440600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('440607', '三水区', '440600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('440608', '高明区', '440600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('440700', '江门市', '440000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('440703', '蓬江区', '440700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('440704', '江海区', '440700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('440705', '新会区', '440700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('440781', '台山市', '440700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('440783', '开平市', '440700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('440784', '鹤山市', '440700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('440785', '恩平市', '440700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('440800', '湛江市', '440000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('440802', '赤坎区', '440800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('440803', '霞山区', '440800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('440804', '坡头区', '440800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('440811', '麻章区', '440800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('440823', '遂溪县', '440800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('440825', '徐闻县', '440800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('440881', '廉江市', '440800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('440882', '雷州市', '440800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('440883', '吴川市', '440800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('440900', '茂名市', '440000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('440902', '茂南区', '440900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('440903', '茂港区', '440900', 3, 'retired', 'GB/T 2260 201308', NULL, '2013-09-01', NULL, NULL, true),
('440904', '电白区', '440900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('440923', '电白县', '440900', 3, 'retired', 'GB/T 2260 201308', NULL, '2013-09-01', NULL, NULL, true),
('440981', '高州市', '440900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('440982', '化州市', '440900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('440983', '信宜市', '440900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('441200', '肇庆市', '440000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('441202', '端州区', '441200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('441203', '鼎湖区', '441200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('441204', '高要区', '441200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('441223', '广宁县', '441200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('441224', '怀集县', '441200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('441225', '封开县', '441200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('441226', '德庆县', '441200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('441283', '高要市', '441200', 3, 'retired', 'GB/T 2260 201410', NULL, '2014-11-01', NULL, NULL, true),
('441284', '四会市', '441200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('441300', '惠州市', '440000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('441302', '惠城区', '441300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('441303', '惠阳区', '441300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('441322', '博罗县', '441300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('441323', '惠东县', '441300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('441324', '龙门县', '441300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('441381', '惠阳市', '441300', 3, 'retired', 'GB/T 2260 200212', NULL, '2003-01-01', NULL, NULL, true),
('441400', '梅州市', '440000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('441402', '梅江区', '441400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('441403', '梅县区', '441400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('441421', '梅县', '441400', 3, 'retired', 'GB/T 2260 201308', NULL, '2013-09-01', NULL, NULL, true),
('441422', '大埔县', '441400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('441423', '丰顺县', '441400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('441424', '五华县', '441400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('441426', '平远县', '441400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('441427', '蕉岭县', '441400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('441481', '兴宁市', '441400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('441500', '汕尾市', '440000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('441502', '城区', '441500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('441521', '海丰县', '441500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('441523', '陆河县', '441500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('441581', '陆丰市', '441500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('441600', '河源市', '440000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('441602', '源城区', '441600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('441621', '紫金县', '441600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('441622', '龙川县', '441600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('441623', '连平县', '441600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('441624', '和平县', '441600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('441625', '东源县', '441600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('441700', '阳江市', '440000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('441702', '江城区', '441700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('441704', '阳东区', '441700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('441721', '阳西县', '441700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('441723', '阳东县', '441700', 3, 'retired', 'GB/T 2260 201410', NULL, '2014-11-01', NULL, NULL, true),
('441781', '阳春市', '441700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('441800', '清远市', '440000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('441802', '清城区', '441800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('441803', '清新区', '441800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('441821', '佛冈县', '441800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('441823', '阳山县', '441800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('441825', '连山壮族瑶族自治县', '441800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('441826', '连南瑶族自治县', '441800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('441827', '清新县', '441800', 3, 'retired', 'GB/T 2260 201210', NULL, '2012-11-01', NULL, NULL, true),
('441881', '英德市', '441800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('441882', '连州市', '441800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('441900', '东莞市', '440000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('442000', '中山市', '440000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('445100', '潮州市', '440000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('445102', '湘桥区', '445100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('445103', '潮安区', '445100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('445121', '潮安县', '445100', 3, 'retired', 'GB/T 2260 201210', NULL, '2012-11-01', NULL, NULL, true),
('445122', '饶平县', '445100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('445200', '揭阳市', '440000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('445202', '榕城区', '445200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('445203', '揭东区', '445200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('445221', '揭东县', '445200', 3, 'retired', 'GB/T 2260 201210', NULL, '2012-11-01', NULL, NULL, true),
('445222', '揭西县', '445200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('445224', '惠来县', '445200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('445281', '普宁市', '445200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('445300', '云浮市', '440000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('445302', '云城区', '445300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('445303', '云安区', '445300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('445321', '新兴县', '445300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('445322', '郁南县', '445300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('445323', '云安县', '445300', 3, 'retired', 'GB/T 2260 201308', NULL, '2013-09-01', NULL, NULL, true),
('445381', '罗定市', '445300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('450000', '广西壮族自治区', NULL, 1, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('450100', '南宁市', '450000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('450102', '兴宁区', '450100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('450103', '青秀区', '450100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('450104', '城北区', '450100', 3, 'retired', 'GB/T 2260 200403', NULL, '2004-04-01', NULL, NULL, true),
('450105', '江南区', '450100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('450106', '永新区', '450100', 3, 'retired', 'GB/T 2260 200403', NULL, '2004-04-01', NULL, NULL, true),
('450107', '西乡塘区', '450100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('450108', '良庆区', '450100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('450109', '邕宁区', '450100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('450110', '武鸣区', '450100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('450121', '邕宁县', '450100', 3, 'retired', 'GB/T 2260 200403', NULL, '2004-04-01', NULL, NULL, true),
('450122', '武鸣县', '450100', 3, 'retired', 'GB/T 2260 201410', NULL, '2014-11-01', NULL, NULL, true),
('450123', '隆安县', '450100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('450124', '马山县', '450100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('450125', '上林县', '450100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('450126', '宾阳县', '450100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('450127', '横县', '450100', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('450181', '横州市', '450100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('450200', '柳州市', '450000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('450202', '城中区', '450200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('450203', '鱼峰区', '450200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('450204', '柳南区', '450200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('450205', '柳北区', '450200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('450206', '柳江区', '450200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('450221', '柳江县', '450200', 3, 'retired', 'GB/T 2260 201509', NULL, '2015-10-01', NULL, NULL, true),
('450222', '柳城县', '450200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('450223', '鹿寨县', '450200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('450224', '融安县', '450200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('450225', '融水苗族自治县', '450200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('450226', '三江侗族自治县', '450200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('450300', '桂林市', '450000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('450302', '秀峰区', '450300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('450303', '叠彩区', '450300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('450304', '象山区', '450300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('450305', '七星区', '450300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('450311', '雁山区', '450300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('450312', '临桂区', '450300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('450321', '阳朔县', '450300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('450322', '临桂县', '450300', 3, 'retired', 'GB/T 2260 201210', NULL, '2012-11-01', NULL, NULL, true),
('450323', '灵川县', '450300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('450324', '全州县', '450300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('450325', '兴安县', '450300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('450326', '永福县', '450300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('450327', '灌阳县', '450300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('450328', '龙胜各族自治县', '450300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('450329', '资源县', '450300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('450330', '平乐县', '450300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('450331', '荔浦县', '450300', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('450332', '恭城瑶族自治县', '450300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('450381', '荔浦市', '450300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('450400', '梧州市', '450000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('450403', '万秀区', '450400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('450404', '蝶山区', '450400', 3, 'retired', 'GB/T 2260 201210', NULL, '2012-11-01', NULL, NULL, true),
('450405', '长洲区', '450400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('450406', '龙圩区', '450400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('450411', '市郊区', '450400', 3, 'retired', 'GB/T 2260 200212', NULL, '2003-01-01', NULL, NULL, true),
('450421', '苍梧县', '450400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('450422', '藤县', '450400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('450423', '蒙山县', '450400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('450481', '岑溪市', '450400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('450500', '北海市', '450000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('450502', '海城区', '450500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('450503', '银海区', '450500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('450512', '铁山港区', '450500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('450521', '合浦县', '450500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('450600', '防城港市', '450000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('450602', '港口区', '450600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('450603', '防城区', '450600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('450621', '上思县', '450600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('450681', '东兴市', '450600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('450700', '钦州市', '450000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('450702', '钦南区', '450700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('450703', '钦北区', '450700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('450721', '灵山县', '450700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('450722', '浦北县', '450700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('450800', '贵港市', '450000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('450802', '港北区', '450800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('450803', '港南区', '450800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('450804', '覃塘区', '450800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('450821', '平南县', '450800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('450881', '桂平市', '450800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('450900', '玉林市', '450000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('450902', '玉州区', '450900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('450903', '福绵区', '450900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('450921', '容县', '450900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('450922', '陆川县', '450900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('450923', '博白县', '450900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('450924', '兴业县', '450900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('450981', '北流市', '450900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('451000', '百色市', '450000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('451002', '右江区', '451000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('451003', '田阳区', '451000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('451021', '田阳县', '451000', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('451022', '田东县', '451000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('451023', '平果县', '451000', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('451024', '德保县', '451000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('451025', '靖西县', '451000', 3, 'retired', 'GB/T 2260 201410', NULL, '2014-11-01', NULL, NULL, true),
('451026', '那坡县', '451000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('451027', '凌云县', '451000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('451028', '乐业县', '451000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('451029', '田林县', '451000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('451030', '西林县', '451000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('451031', '隆林各族自治县', '451000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('451081', '靖西市', '451000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('451082', '平果市', '451000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('451100', '贺州市', '450000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('451102', '八步区', '451100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('451103', '平桂区', '451100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('451121', '昭平县', '451100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('451122', '钟山县', '451100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('451123', '富川瑶族自治县', '451100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('451200', '河池市', '450000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('451202', '金城江区', '451200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('451203', '宜州区', '451200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('451221', '南丹县', '451200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('451222', '天峨县', '451200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('451223', '凤山县', '451200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('451224', '东兰县', '451200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('451225', '罗城仫佬族自治县', '451200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('451226', '环江毛南族自治县', '451200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('451227', '巴马瑶族自治县', '451200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('451228', '都安瑶族自治县', '451200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('451229', '大化瑶族自治县', '451200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('451281', '宜州市', '451200', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('451300', '来宾市', '450000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('451302', '兴宾区', '451300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('451321', '忻城县', '451300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('451322', '象州县', '451300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('451323', '武宣县', '451300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('451324', '金秀瑶族自治县', '451300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('451381', '合山市', '451300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('451400', '崇左市', '450000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('451402', '江州区', '451400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('451421', '扶绥县', '451400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('451422', '宁明县', '451400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('451423', '龙州县', '451400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('451424', '大新县', '451400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('451425', '天等县', '451400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('451481', '凭祥市', '451400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('460000', '海南省', NULL, 1, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('460100', '海口市', '460000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('460105', '秀英区', '460100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('460106', '龙华区', '460100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('460107', '琼山区', '460100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('460108', '美兰区', '460100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('460200', '三亚市', '460000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('460202', '海棠区', '460200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('460203', '吉阳区', '460200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('460204', '天涯区', '460200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('460205', '崖州区', '460200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('460300', '三沙市', '460000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('460302', '西沙区', '460300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('460303', '南沙区', '460300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('460321', '西沙群岛', '460300', 3, 'superseded', 'pre-2020', NULL, '2015-10-01', NULL, NULL, true),
('460322', '南沙群岛', '460300', 3, 'superseded', 'pre-2020', NULL, '2015-10-01', NULL, NULL, true),
('460323', '中沙群岛的岛礁及其海域', '460300', 3, 'superseded', 'pre-2020', NULL, '2015-10-01', NULL, NULL, true),
('460400', '儋州市', '460000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('469000', '省直辖县级行政区划', '460000', 2, 'pseudo', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('469001', '五指山市', '469000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('469002', '琼海市', '469000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('469003', '儋州市', '469000', 3, 'retired', 'GB/T 2260 201509', NULL, '2015-10-01', NULL, NULL, true),
('469005', '文昌市', '469000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('469006', '万宁市', '469000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('469007', '东方市', '469000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('469021', '定安县', '469000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('469022', '屯昌县', '469000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('469023', '澄迈县', '469000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('469024', '临高县', '469000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('469025', '白沙黎族自治县', '469000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('469026', '昌江黎族自治县', '469000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('469027', '乐东黎族自治县', '469000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('469028', '陵水黎族自治县', '469000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('469029', '保亭黎族苗族自治县', '469000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('469030', '琼中黎族苗族自治县', '469000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('469031', '西沙群岛', '469000', 3, 'retired', 'GB/T 2260 201110', NULL, '2011-11-01', NULL, NULL, true),
('469032', '南沙群岛', '469000', 3, 'retired', 'GB/T 2260 201110', '2007-12-01', '2011-11-01', NULL, NULL, true),
('469033', '中沙群岛的岛礁及其海域', '469000', 3, 'retired', 'GB/T 2260 201110', NULL, '2011-11-01', NULL, NULL, true),
('469034', '陵水黎族自治县', '469000', 3, 'retired', 'GB/T 2260 200612', NULL, '2007-01-01', NULL, NULL, true),
('469035', '保亭黎族苗族自治县', '469000', 3, 'retired', 'GB/T 2260 200612', NULL, '2007-01-01', NULL, NULL, true),
('469036', '琼中黎族苗族自治县', '469000', 3, 'retired', 'GB/T 2260 200612', NULL, '2007-01-01', NULL, NULL, true),
('469037', '西沙群岛', '469000', 3, 'retired', 'GB/T 2260 200612', NULL, '2007-01-01', NULL, NULL, true),
('469038', '南沙群岛', '469000', 3, 'retired', 'GB/T 2260 200612', NULL, '2007-01-01', NULL, NULL, true),
('469039', '中沙群岛的岛礁及其海域', '469000', 3, 'retired', 'GB/T 2260 200612', NULL, '2007-01-01', NULL, NULL, true),
('500000', '重庆市', NULL, 1, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('500100', '市辖区', '500000', 2, 'pseudo', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('500101', '万州区', '500100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('500102', '涪陵区', '500100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('500103', '渝中区', '500100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('500104', '大渡口区', '500100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('500105', '江北区', '500100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('500106', '沙坪坝区', '500100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('500107', '九龙坡区', '500100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('500108', '南岸区', '500100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('500109', '北碚区', '500100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('500110', '綦江区', '500100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('500111', '大足区', '500100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('500112', '渝北区', '500100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('500113', '巴南区', '500100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('500114', '黔江区', '500100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('500115', '长寿区', '500100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('500116', '江津区', '500100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('500117', '合川区', '500100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('500118', '永川区', '500100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('500119', '南川区', '500100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('500120', '璧山区', '500100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('500151', '铜梁区', '500100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('500152', '潼南区', '500100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('500153', '荣昌区', '500100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('500154', '开州区', '500100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('500155', '梁平区', '500100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('500156', '武隆区', '500100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('500200', '县', '500000', 2, 'pseudo', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('500222', '綦江县', '500200', 3, 'retired', 'GB/T 2260 201010', NULL, '2010-11-01', NULL, NULL, true),
('500223', '潼南县', '500200', 3, 'retired', 'GB/T 2260 201410', NULL, '2014-11-01', NULL, NULL, true),
('500224', '铜梁县', '500200', 3, 'retired', 'GB/T 2260 201308', NULL, '2013-09-01', NULL, NULL, true),
('500225', '大足县', '500200', 3, 'retired', 'GB/T 2260 201010', NULL, '2010-11-01', NULL, NULL, true),
('500226', '荣昌县', '500200', 3, 'retired', 'GB/T 2260 201410', NULL, '2014-11-01', NULL, NULL, true),
('500227', '璧山县', '500200', 3, 'retired', 'GB/T 2260 201308', NULL, '2013-09-01', NULL, NULL, true),
('500228', '梁平县', '500200', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('500229', '城口县', '500200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('500230', '丰都县', '500200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('500231', '垫江县', '500200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('500232', '武隆县', '500200', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('500233', '忠县', '500200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('500234', '开县', '500200', 3, 'retired', 'GB/T 2260 201509', NULL, '2015-10-01', NULL, NULL, true),
('500235', '云阳县', '500200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('500236', '奉节县', '500200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('500237', '巫山县', '500200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('500238', '巫溪县', '500200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('500240', '石柱土家族自治县', '500200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('500241', '秀山土家族苗族自治县', '500200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('500242', '酉阳土家族苗族自治县', '500200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('500243', '彭水苗族土家族自治县', '500200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('500300', '市', '500000', 2, 'retired', 'GB/T 2260 200512', NULL, '2006-01-01', NULL, NULL, true),
('500381', '江津市', '500300', 3, 'retired', 'GB/T 2260 200512', NULL, '2006-01-01', NULL, NULL, true),
('500382', '合川市', '500300', 3, 'retired', 'GB/T 2260 200512', NULL, '2006-01-01', NULL, NULL, true),
('500383', '永川市', '500300', 3, 'retired', 'GB/T 2260 200512', NULL, '2006-01-01', NULL, NULL, true),
('500384', '南川市', '500300', 3, 'retired', 'GB/T 2260 200512', NULL, '2006-01-01', NULL, NULL, true),
('510000', '四川省', NULL, 1, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('510100', '成都市', '510000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('510104', '锦江区', '510100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('510105', '青羊区', '510100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('510106', '金牛区', '510100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('510107', '武侯区', '510100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('510108', '成华区', '510100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('510112', '龙泉驿区', '510100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('510113', '青白江区', '510100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('510114', '新都区', '510100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('510115', '温江区', '510100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('510116', '双流区', '510100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('510117', '郫都区', '510100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('510118', '新津区', '510100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('510121', '金堂县', '510100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('510122', '双流县', '510100', 3, 'retired', 'GB/T 2260 201509', NULL, '2015-10-01', NULL, NULL, true),
('510123', '温江县', '510100', 3, 'retired', 'GB/T 2260 200306', NULL, '2003-07-01', NULL, NULL, true),
('510124', '郫县', '510100', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('510129', '大邑县', '510100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('510131', '蒲江县', '510100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('510132', '新津县', '510100', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('510181', '都江堰市', '510100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('510182', '彭州市', '510100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('510183', '邛崃市', '510100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('510184', '崇州市', '510100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('510185', '简阳市', '510100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('510300', '自贡市', '510000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('510302', '自流井区', '510300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('510303', '贡井区', '510300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('510304', '大安区', '510300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('510311', '沿滩区', '510300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('510321', '荣县', '510300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('510322', '富顺县', '510300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('510400', '攀枝花市', '510000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('510402', '东区', '510400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('510403', '西区', '510400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('510411', '仁和区', '510400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('510421', '米易县', '510400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('510422', '盐边县', '510400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('510500', '泸州市', '510000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('510502', '江阳区', '510500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('510503', '纳溪区', '510500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('510504', '龙马潭区', '510500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('510521', '泸县', '510500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('510522', '合江县', '510500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('510524', '叙永县', '510500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('510525', '古蔺县', '510500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('510600', '德阳市', '510000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('510603', '旌阳区', '510600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('510604', '罗江区', '510600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('510623', '中江县', '510600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('510626', '罗江县', '510600', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('510681', '广汉市', '510600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('510682', '什邡市', '510600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('510683', '绵竹市', '510600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('510700', '绵阳市', '510000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('510703', '涪城区', '510700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('510704', '游仙区', '510700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('510705', '安州区', '510700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('510722', '三台县', '510700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('510723', '盐亭县', '510700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('510724', '安县', '510700', 3, 'retired', 'GB/T 2260 201509', NULL, '2015-10-01', NULL, NULL, true),
('510725', '梓潼县', '510700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('510726', '北川羌族自治县', '510700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('510727', '平武县', '510700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('510781', '江油市', '510700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('510800', '广元市', '510000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('510802', '利州区', '510800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('510811', '昭化区', '510800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('510812', '朝天区', '510800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('510821', '旺苍县', '510800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('510822', '青川县', '510800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('510823', '剑阁县', '510800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('510824', '苍溪县', '510800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('510900', '遂宁市', '510000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('510902', '市中区', '510900', 3, 'retired', 'GB/T 2260 200306', NULL, '2003-07-01', NULL, NULL, true),
('510903', '船山区', '510900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('510904', '安居区', '510900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('510921', '蓬溪县', '510900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('510922', '射洪县', '510900', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('510923', '大英县', '510900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('510981', '射洪市', '510900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('511000', '内江市', '510000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('511002', '市中区', '511000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('511011', '东兴区', '511000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('511024', '威远县', '511000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('511025', '资中县', '511000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('511028', '隆昌县', '511000', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('511083', '隆昌市', '511000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('511100', '乐山市', '510000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('511102', '市中区', '511100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('511111', '沙湾区', '511100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('511112', '五通桥区', '511100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('511113', '金口河区', '511100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('511123', '犍为县', '511100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('511124', '井研县', '511100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('511126', '夹江县', '511100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('511129', '沐川县', '511100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('511132', '峨边彝族自治县', '511100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('511133', '马边彝族自治县', '511100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('511181', '峨眉山市', '511100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('511300', '南充市', '510000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('511302', '顺庆区', '511300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('511303', '高坪区', '511300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('511304', '嘉陵区', '511300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('511321', '南部县', '511300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('511322', '营山县', '511300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('511323', '蓬安县', '511300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('511324', '仪陇县', '511300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('511325', '西充县', '511300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('511381', '阆中市', '511300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('511400', '眉山市', '510000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('511402', '东坡区', '511400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('511403', '彭山区', '511400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('511421', '仁寿县', '511400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('511422', '彭山县', '511400', 3, 'retired', 'GB/T 2260 201410', NULL, '2014-11-01', NULL, NULL, true),
('511423', '洪雅县', '511400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('511424', '丹棱县', '511400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('511425', '青神县', '511400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('511500', '宜宾市', '510000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('511502', '翠屏区', '511500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('511503', '南溪区', '511500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('511504', '叙州区', '511500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('511521', '宜宾县', '511500', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('511522', '南溪县', '511500', 3, 'retired', 'GB/T 2260 201010', NULL, '2010-11-01', NULL, NULL, true),
('511523', '江安县', '511500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('511524', '长宁县', '511500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('511525', '高县', '511500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('511526', '珙县', '511500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('511527', '筠连县', '511500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('511528', '兴文县', '511500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('511529', '屏山县', '511500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('511600', '广安市', '510000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('511602', '广安区', '511600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('511603', '前锋区', '511600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('511621', '岳池县', '511600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('511622', '武胜县', '511600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('511623', '邻水县', '511600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('511681', '华蓥市', '511600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('511700', '达州市', '510000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('511702', '通川区', '511700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('511703', '达川区', '511700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('511721', '达县', '511700', 3, 'retired', 'GB/T 2260 201210', NULL, '2012-11-01', NULL, NULL, true),
('511722', '宣汉县', '511700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('511723', '开江县', '511700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('511724', '大竹县', '511700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('511725', '渠县', '511700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('511781', '万源市', '511700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('511800', '雅安市', '510000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('511802', '雨城区', '511800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('511803', '名山区', '511800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('511821', '名山县', '511800', 3, 'retired', 'GB/T 2260 201110', NULL, '2011-11-01', NULL, NULL, true),
('511822', '荥经县', '511800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('511823', '汉源县', '511800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('511824', '石棉县', '511800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('511825', '天全县', '511800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('511826', '芦山县', '511800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('511827', '宝兴县', '511800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('511900', '巴中市', '510000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('511902', '巴州区', '511900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('511903', '恩阳区', '511900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('511921', '通江县', '511900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('511922', '南江县', '511900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('511923', '平昌县', '511900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('512000', '资阳市', '510000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('512002', '雁江区', '512000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('512021', '安岳县', '512000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('512022', '乐至县', '512000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('512081', '简阳市', '512000', 3, 'retired', 'GB/T 2260 201509', NULL, '2015-10-01', NULL, NULL, true),
('513200', '阿坝藏族羌族自治州', '510000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('513201', '马尔康市', '513200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('513221', '汶川县', '513200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('513222', '理县', '513200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('513223', '茂县', '513200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('513224', '松潘县', '513200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('513225', '九寨沟县', '513200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('513226', '金川县', '513200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('513227', '小金县', '513200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('513228', '黑水县', '513200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('513229', '马尔康县', '513200', 3, 'retired', 'GB/T 2260 201509', NULL, '2015-10-01', NULL, NULL, true),
('513230', '壤塘县', '513200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('513231', '阿坝县', '513200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('513232', '若尔盖县', '513200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('513233', '红原县', '513200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('513300', '甘孜藏族自治州', '510000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('513301', '康定市', '513300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('513321', '康定县', '513300', 3, 'retired', 'GB/T 2260 201410', NULL, '2014-11-01', NULL, NULL, true),
('513322', '泸定县', '513300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('513323', '丹巴县', '513300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('513324', '九龙县', '513300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('513325', '雅江县', '513300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('513326', '道孚县', '513300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('513327', '炉霍县', '513300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('513328', '甘孜县', '513300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('513329', '新龙县', '513300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('513330', '德格县', '513300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('513331', '白玉县', '513300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('513332', '石渠县', '513300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('513333', '色达县', '513300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('513334', '理塘县', '513300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('513335', '巴塘县', '513300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('513336', '乡城县', '513300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('513337', '稻城县', '513300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('513338', '得荣县', '513300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('513400', '凉山彝族自治州', '510000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('513401', '西昌市', '513400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('513402', '会理市', '513400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('513422', '木里藏族自治县', '513400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('513423', '盐源县', '513400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('513424', '德昌县', '513400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('513425', '会理县', '513400', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('513426', '会东县', '513400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('513427', '宁南县', '513400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('513428', '普格县', '513400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('513429', '布拖县', '513400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('513430', '金阳县', '513400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('513431', '昭觉县', '513400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('513432', '喜德县', '513400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('513433', '冕宁县', '513400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('513434', '越西县', '513400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('513435', '甘洛县', '513400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('513436', '美姑县', '513400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('513437', '雷波县', '513400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('520000', '贵州省', NULL, 1, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('520100', '贵阳市', '520000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('520102', '南明区', '520100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('520103', '云岩区', '520100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('520111', '花溪区', '520100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('520112', '乌当区', '520100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('520113', '白云区', '520100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('520114', '小河区', '520100', 3, 'retired', 'GB/T 2260 201210', NULL, '2012-11-01', NULL, NULL, true),
('520115', '观山湖区', '520100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('520121', '开阳县', '520100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('520122', '息烽县', '520100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('520123', '修文县', '520100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('520181', '清镇市', '520100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('520200', '六盘水市', '520000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('520201', '钟山区', '520200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('520203', '六枝特区', '520200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('520204', '水城区', '520200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('520221', '水城县', '520200', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('520222', '盘县', '520200', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('520281', '盘州市', '520200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('520300', '遵义市', '520000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('520302', '红花岗区', '520300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('520303', '汇川区', '520300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('520304', '播州区', '520300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('520321', '遵义县', '520300', 3, 'retired', 'GB/T 2260 201509', NULL, '2015-10-01', NULL, NULL, true),
('520322', '桐梓县', '520300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('520323', '绥阳县', '520300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('520324', '正安县', '520300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('520325', '道真仡佬族苗族自治县', '520300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('520326', '务川仡佬族苗族自治县', '520300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('520327', '凤冈县', '520300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('520328', '湄潭县', '520300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('520329', '余庆县', '520300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('520330', '习水县', '520300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('520381', '赤水市', '520300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('520382', '仁怀市', '520300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('520400', '安顺市', '520000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('520402', '西秀区', '520400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('520403', '平坝区', '520400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('520421', '平坝县', '520400', 3, 'retired', 'GB/T 2260 201410', NULL, '2014-11-01', NULL, NULL, true),
('520422', '普定县', '520400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('520423', '镇宁布依族苗族自治县', '520400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('520424', '关岭布依族苗族自治县', '520400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('520425', '紫云苗族布依族自治县', '520400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('520500', '毕节市', '520000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('520502', '七星关区', '520500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('520521', '大方县', '520500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('520522', '黔西县', '520500', 3, 'retired', 'GB/T 2260 201607', '2011-10-01', '2016-08-01', NULL, NULL, true),
('520523', '金沙县', '520500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('520524', '织金县', '520500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('520525', '纳雍县', '520500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('520526', '威宁彝族回族苗族自治县', '520500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('520527', '赫章县', '520500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('520581', '黔西市', '520500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('520600', '铜仁市', '520000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('520602', '碧江区', '520600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('520603', '万山区', '520600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('520621', '江口县', '520600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('520622', '玉屏侗族自治县', '520600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('520623', '石阡县', '520600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('520624', '思南县', '520600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('520625', '印江土家族苗族自治县', '520600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('520626', '德江县', '520600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('520627', '沿河土家族自治县', '520600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('520628', '松桃苗族自治县', '520600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('522200', '铜仁地区', '520000', 2, 'retired', 'GB/T 2260 201010', NULL, '2010-11-01', NULL, NULL, true),
('522201', '铜仁市', '522200', 3, 'retired', 'GB/T 2260 201010', NULL, '2010-11-01', NULL, NULL, true),
('522222', '江口县', '522200', 3, 'retired', 'GB/T 2260 201010', NULL, '2010-11-01', NULL, NULL, true),
('522223', '玉屏侗族自治县', '522200', 3, 'retired', 'GB/T 2260 201010', NULL, '2010-11-01', NULL, NULL, true),
('522224', '石阡县', '522200', 3, 'retired', 'GB/T 2260 201010', NULL, '2010-11-01', NULL, NULL, true),
('522225', '思南县', '522200', 3, 'retired', 'GB/T 2260 201010', NULL, '2010-11-01', NULL, NULL, true),
('522226', '印江土家族苗族自治县', '522200', 3, 'retired', 'GB/T 2260 201010', NULL, '2010-11-01', NULL, NULL, true),
('522227', '德江县', '522200', 3, 'retired', 'GB/T 2260 201010', NULL, '2010-11-01', NULL, NULL, true),
('522228', '沿河土家族自治县', '522200', 3, 'retired', 'GB/T 2260 201010', NULL, '2010-11-01', NULL, NULL, true),
('522229', '松桃苗族自治县', '522200', 3, 'retired', 'GB/T 2260 201010', NULL, '2010-11-01', NULL, NULL, true),
('522230', '万山特区', '522200', 3, 'retired', 'GB/T 2260 201010', NULL, '2010-11-01', NULL, NULL, true),
('522300', '黔西南布依族苗族自治州', '520000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('522301', '兴义市', '522300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('522302', '兴仁市', '522300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('522322', '兴仁县', '522300', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('522323', '普安县', '522300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('522324', '晴隆县', '522300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('522325', '贞丰县', '522300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('522326', '望谟县', '522300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('522327', '册亨县', '522300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('522328', '安龙县', '522300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('522400', '毕节地区', '520000', 2, 'retired', 'GB/T 2260 201010', NULL, '2010-11-01', NULL, NULL, true),
('522401', '毕节市', '522400', 3, 'retired', 'GB/T 2260 201010', NULL, '2010-11-01', NULL, NULL, true),
('522422', '大方县', '522400', 3, 'retired', 'GB/T 2260 201010', NULL, '2010-11-01', NULL, NULL, true),
('522423', '黔西县', '522400', 3, 'retired', 'GB/T 2260 201010', NULL, '2010-11-01', NULL, NULL, true),
('522424', '金沙县', '522400', 3, 'retired', 'GB/T 2260 201010', NULL, '2010-11-01', NULL, NULL, true),
('522425', '织金县', '522400', 3, 'retired', 'GB/T 2260 201010', NULL, '2010-11-01', NULL, NULL, true),
('522426', '纳雍县', '522400', 3, 'retired', 'GB/T 2260 201010', NULL, '2010-11-01', NULL, NULL, true),
('522427', '威宁彝族回族苗族自治县', '522400', 3, 'retired', 'GB/T 2260 201010', NULL, '2010-11-01', NULL, NULL, true),
('522428', '赫章县', '522400', 3, 'retired', 'GB/T 2260 201010', NULL, '2010-11-01', NULL, NULL, true),
('522600', '黔东南苗族侗族自治州', '520000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('522601', '凯里市', '522600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('522622', '黄平县', '522600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('522623', '施秉县', '522600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('522624', '三穗县', '522600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('522625', '镇远县', '522600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('522626', '岑巩县', '522600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('522627', '天柱县', '522600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('522628', '锦屏县', '522600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('522629', '剑河县', '522600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('522630', '台江县', '522600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('522631', '黎平县', '522600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('522632', '榕江县', '522600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('522633', '从江县', '522600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('522634', '雷山县', '522600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('522635', '麻江县', '522600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('522636', '丹寨县', '522600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('522700', '黔南布依族苗族自治州', '520000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('522701', '都匀市', '522700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('522702', '福泉市', '522700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('522722', '荔波县', '522700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('522723', '贵定县', '522700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('522725', '瓮安县', '522700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('522726', '独山县', '522700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('522727', '平塘县', '522700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('522728', '罗甸县', '522700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('522729', '长顺县', '522700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('522730', '龙里县', '522700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('522731', '惠水县', '522700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('522732', '三都水族自治县', '522700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('530000', '云南省', NULL, 1, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('530100', '昆明市', '530000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('530102', '五华区', '530100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('530103', '盘龙区', '530100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('530111', '官渡区', '530100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('530112', '西山区', '530100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('530113', '东川区', '530100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('530114', '呈贡区', '530100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('530115', '晋宁区', '530100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('530121', '呈贡县', '530100', 3, 'retired', 'GB/T 2260 201010', NULL, '2010-11-01', NULL, NULL, true),
('530122', '晋宁县', '530100', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('530124', '富民县', '530100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('530125', '宜良县', '530100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('530126', '石林彝族自治县', '530100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('530127', '嵩明县', '530100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('530128', '禄劝彝族苗族自治县', '530100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('530129', '寻甸回族彝族自治县', '530100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('530181', '安宁市', '530100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('530300', '曲靖市', '530000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('530302', '麒麟区', '530300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('530303', '沾益区', '530300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('530304', '马龙区', '530300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('530321', '马龙县', '530300', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('530322', '陆良县', '530300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('530323', '师宗县', '530300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('530324', '罗平县', '530300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('530325', '富源县', '530300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('530326', '会泽县', '530300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('530328', '沾益县', '530300', 3, 'retired', 'GB/T 2260 201509', NULL, '2015-10-01', NULL, NULL, true),
('530381', '宣威市', '530300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('530400', '玉溪市', '530000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('530402', '红塔区', '530400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('530403', '江川区', '530400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('530421', '江川县', '530400', 3, 'retired', 'GB/T 2260 201509', NULL, '2015-10-01', NULL, NULL, true),
('530422', '澄江县', '530400', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('530423', '通海县', '530400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('530424', '华宁县', '530400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('530425', '易门县', '530400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('530426', '峨山彝族自治县', '530400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('530427', '新平彝族傣族自治县', '530400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('530428', '元江哈尼族彝族傣族自治县', '530400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('530481', '澄江市', '530400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('530500', '保山市', '530000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('530502', '隆阳区', '530500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('530521', '施甸县', '530500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('530522', '腾冲县', '530500', 3, 'retired', 'GB/T 2260 201410', NULL, '2014-11-01', NULL, NULL, true),
('530523', '龙陵县', '530500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('530524', '昌宁县', '530500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('530581', '腾冲市', '530500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('530600', '昭通市', '530000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('530602', '昭阳区', '530600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('530621', '鲁甸县', '530600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('530622', '巧家县', '530600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('530623', '盐津县', '530600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('530624', '大关县', '530600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('530625', '永善县', '530600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('530626', '绥江县', '530600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('530627', '镇雄县', '530600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('530628', '彝良县', '530600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('530629', '威信县', '530600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('530630', '水富县', '530600', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('530681', '水富市', '530600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('530700', '丽江市', '530000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('530702', '古城区', '530700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('530721', '玉龙纳西族自治县', '530700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('530722', '永胜县', '530700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('530723', '华坪县', '530700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('530724', '宁蒗彝族自治县', '530700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('530800', '普洱市', '530000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('530802', '思茅区', '530800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('530821', '宁洱哈尼族彝族自治县', '530800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('530822', '墨江哈尼族自治县', '530800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('530823', '景东彝族自治县', '530800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('530824', '景谷傣族彝族自治县', '530800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('530825', '镇沅彝族哈尼族拉祜族自治县', '530800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('530826', '江城哈尼族彝族自治县', '530800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('530827', '孟连傣族拉祜族佤族自治县', '530800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('530828', '澜沧拉祜族自治县', '530800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('530829', '西盟佤族自治县', '530800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('530900', '临沧市', '530000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('530902', '临翔区', '530900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('530921', '凤庆县', '530900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('530922', '云县', '530900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('530923', '永德县', '530900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('530924', '镇康县', '530900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('530925', '双江拉祜族佤族布朗族傣族自治县', '530900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('530926', '耿马傣族佤族自治县', '530900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('530927', '沧源佤族自治县', '530900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('532300', '楚雄彝族自治州', '530000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('532301', '楚雄市', '532300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('532302', '禄丰市', '532300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('532322', '双柏县', '532300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('532323', '牟定县', '532300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('532324', '南华县', '532300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('532325', '姚安县', '532300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('532326', '大姚县', '532300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('532327', '永仁县', '532300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('532328', '元谋县', '532300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('532329', '武定县', '532300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('532331', '禄丰县', '532300', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('532500', '红河哈尼族彝族自治州', '530000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('532501', '个旧市', '532500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('532502', '开远市', '532500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('532503', '蒙自市', '532500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('532504', '弥勒市', '532500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('532522', '蒙自县', '532500', 3, 'retired', 'GB/T 2260 200912', NULL, '2010-01-01', NULL, NULL, true),
('532523', '屏边苗族自治县', '532500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('532524', '建水县', '532500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('532525', '石屏县', '532500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('532526', '弥勒县', '532500', 3, 'retired', 'GB/T 2260 201210', NULL, '2012-11-01', NULL, NULL, true),
('532527', '泸西县', '532500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('532528', '元阳县', '532500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('532529', '红河县', '532500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('532530', '金平苗族瑶族傣族自治县', '532500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('532531', '绿春县', '532500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('532532', '河口瑶族自治县', '532500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('532600', '文山壮族苗族自治州', '530000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('532601', '文山市', '532600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('532621', '文山县', '532600', 3, 'retired', 'GB/T 2260 201010', NULL, '2010-11-01', NULL, NULL, true),
('532622', '砚山县', '532600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('532623', '西畴县', '532600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('532624', '麻栗坡县', '532600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('532625', '马关县', '532600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('532626', '丘北县', '532600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('532627', '广南县', '532600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('532628', '富宁县', '532600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('532700', '思茅地区', '530000', 2, 'retired', 'GB/T 2260 200306', NULL, '2003-07-01', NULL, NULL, true),
('532701', '思茅市', '532700', 3, 'retired', 'GB/T 2260 200306', NULL, '2003-07-01', NULL, NULL, true),
('532722', '普洱哈尼族彝族自治县', '532700', 3, 'retired', 'GB/T 2260 200306', NULL, '2003-07-01', NULL, NULL, true),
('532723', '墨江哈尼族自治县', '532700', 3, 'retired', 'GB/T 2260 200306', NULL, '2003-07-01', NULL, NULL, true),
('532724', '景东彝族自治县', '532700', 3, 'retired', 'GB/T 2260 200306', NULL, '2003-07-01', NULL, NULL, true),
('532725', '景谷傣族彝族自治县', '532700', 3, 'retired', 'GB/T 2260 200306', NULL, '2003-07-01', NULL, NULL, true),
('532726', '镇沅彝族哈尼族拉祜族自治县', '532700', 3, 'retired', 'GB/T 2260 200306', NULL, '2003-07-01', NULL, NULL, true),
('532727', '江城哈尼族彝族自治县', '532700', 3, 'retired', 'GB/T 2260 200306', NULL, '2003-07-01', NULL, NULL, true),
('532728', '孟连傣族拉祜族佤族自治县', '532700', 3, 'retired', 'GB/T 2260 200306', NULL, '2003-07-01', NULL, NULL, true),
('532729', '澜沧拉祜族自治县', '532700', 3, 'retired', 'GB/T 2260 200306', NULL, '2003-07-01', NULL, NULL, true),
('532730', '西盟佤族自治县', '532700', 3, 'retired', 'GB/T 2260 200306', NULL, '2003-07-01', NULL, NULL, true),
('532800', '西双版纳傣族自治州', '530000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('532801', '景洪市', '532800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('532822', '勐海县', '532800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('532823', '勐腊县', '532800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('532900', '大理白族自治州', '530000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('532901', '大理市', '532900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('532922', '漾濞彝族自治县', '532900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('532923', '祥云县', '532900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('532924', '宾川县', '532900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('532925', '弥渡县', '532900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('532926', '南涧彝族自治县', '532900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('532927', '巍山彝族回族自治县', '532900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('532928', '永平县', '532900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('532929', '云龙县', '532900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('532930', '洱源县', '532900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('532931', '剑川县', '532900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('532932', '鹤庆县', '532900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('533100', '德宏傣族景颇族自治州', '530000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('533102', '瑞丽市', '533100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('533103', '芒市', '533100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('533122', '梁河县', '533100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('533123', '盈江县', '533100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('533124', '陇川县', '533100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('533300', '怒江傈僳族自治州', '530000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('533301', '泸水市', '533300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('533321', '泸水县', '533300', 3, 'retired', 'GB/T 2260 201509', NULL, '2015-10-01', NULL, NULL, true),
('533323', '福贡县', '533300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('533324', '贡山独龙族怒族自治县', '533300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('533325', '兰坪白族普米族自治县', '533300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('533400', '迪庆藏族自治州', '530000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('533401', '香格里拉市', '533400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('533421', '香格里拉县', '533400', 3, 'retired', 'GB/T 2260 201410', NULL, '2014-11-01', NULL, NULL, true),
('533422', '德钦县', '533400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('533423', '维西傈僳族自治县', '533400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('533500', '临沧地区', '530000', 2, 'retired', 'GB/T 2260 200306', NULL, '2003-07-01', NULL, NULL, true),
('533521', '临沧县', '533500', 3, 'retired', 'GB/T 2260 200306', NULL, '2003-07-01', NULL, NULL, true),
('533522', '凤庆县', '533500', 3, 'retired', 'GB/T 2260 200306', NULL, '2003-07-01', NULL, NULL, true),
('533523', '云县', '533500', 3, 'retired', 'GB/T 2260 200306', NULL, '2003-07-01', NULL, NULL, true),
('533524', '永德县', '533500', 3, 'retired', 'GB/T 2260 200306', NULL, '2003-07-01', NULL, NULL, true),
('533525', '镇康县', '533500', 3, 'retired', 'GB/T 2260 200306', NULL, '2003-07-01', NULL, NULL, true),
('533526', '双江拉祜族佤族布朗族傣族自治县', '533500', 3, 'retired', 'GB/T 2260 200306', NULL, '2003-07-01', NULL, NULL, true),
('533527', '耿马傣族佤族自治县', '533500', 3, 'retired', 'GB/T 2260 200306', NULL, '2003-07-01', NULL, NULL, true),
('533528', '沧源佤族自治县', '533500', 3, 'retired', 'GB/T 2260 200306', NULL, '2003-07-01', NULL, NULL, true),
('540000', '西藏自治区', NULL, 1, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('540100', '拉萨市', '540000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('540102', '城关区', '540100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('540103', '堆龙德庆区', '540100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('540104', '达孜区', '540100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('540121', '林周县', '540100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('540122', '当雄县', '540100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('540123', '尼木县', '540100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('540124', '曲水县', '540100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('540125', '堆龙德庆县', '540100', 3, 'retired', 'GB/T 2260 201509', NULL, '2015-10-01', NULL, NULL, true),
('540126', '达孜县', '540100', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('540127', '墨竹工卡县', '540100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('540171', '格尔木藏青工业园区', '540100', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('540172', '拉萨经济技术开发区', '540100', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('540173', '西藏文化旅游创意园区', '540100', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('540174', '达孜工业园区', '540100', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('540200', '日喀则市', '540000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('540202', '桑珠孜区', '540200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('540221', '南木林县', '540200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('540222', '江孜县', '540200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('540223', '定日县', '540200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('540224', '萨迦县', '540200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('540225', '拉孜县', '540200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('540226', '昂仁县', '540200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('540227', '谢通门县', '540200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('540228', '白朗县', '540200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('540229', '仁布县', '540200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('540230', '康马县', '540200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('540231', '定结县', '540200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('540232', '仲巴县', '540200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('540233', '亚东县', '540200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('540234', '吉隆县', '540200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('540235', '聂拉木县', '540200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('540236', '萨嘎县', '540200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('540237', '岗巴县', '540200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('540300', '昌都市', '540000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('540302', '卡若区', '540300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('540321', '江达县', '540300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('540322', '贡觉县', '540300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('540323', '类乌齐县', '540300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('540324', '丁青县', '540300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('540325', '察雅县', '540300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('540326', '八宿县', '540300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('540327', '左贡县', '540300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('540328', '芒康县', '540300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('540329', '洛隆县', '540300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('540330', '边坝县', '540300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('540400', '林芝市', '540000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('540402', '巴宜区', '540400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('540421', '工布江达县', '540400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('540422', '米林县', '540400', 3, 'retired', 'GB/T 2260 201607', '2015-09-01', '2016-08-01', NULL, NULL, true),
('540423', '墨脱县', '540400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('540424', '波密县', '540400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('540425', '察隅县', '540400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('540426', '朗县', '540400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('540481', '米林市', '540400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('540500', '山南市', '540000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('540502', '乃东区', '540500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('540521', '扎囊县', '540500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('540522', '贡嘎县', '540500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('540523', '桑日县', '540500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('540524', '琼结县', '540500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('540525', '曲松县', '540500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('540526', '措美县', '540500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('540527', '洛扎县', '540500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('540528', '加查县', '540500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('540529', '隆子县', '540500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('540530', '错那县', '540500', 3, 'retired', 'GB/T 2260 201607', '2016-07-01', '2016-08-01', NULL, NULL, true),
('540531', '浪卡子县', '540500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('540581', '错那市', '540500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('540600', '那曲市', '540000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('540602', '色尼区', '540600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('540621', '嘉黎县', '540600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('540622', '比如县', '540600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('540623', '聂荣县', '540600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('540624', '安多县', '540600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('540625', '申扎县', '540600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('540626', '索县', '540600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('540627', '班戈县', '540600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('540628', '巴青县', '540600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('540629', '尼玛县', '540600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('540630', '双湖县', '540600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('542100', '昌都地区', '540000', 2, 'retired', 'GB/T 2260 201410', NULL, '2014-11-01', NULL, NULL, true),
('542121', '昌都县', '542100', 3, 'retired', 'GB/T 2260 201410', NULL, '2014-11-01', NULL, NULL, true),
('542122', '江达县', '542100', 3, 'retired', 'GB/T 2260 201410', NULL, '2014-11-01', NULL, NULL, true),
('542123', '贡觉县', '542100', 3, 'retired', 'GB/T 2260 201410', NULL, '2014-11-01', NULL, NULL, true),
('542124', '类乌齐县', '542100', 3, 'retired', 'GB/T 2260 201410', NULL, '2014-11-01', NULL, NULL, true),
('542125', '丁青县', '542100', 3, 'retired', 'GB/T 2260 201410', NULL, '2014-11-01', NULL, NULL, true),
('542126', '察雅县', '542100', 3, 'retired', 'GB/T 2260 201410', NULL, '2014-11-01', NULL, NULL, true),
('542127', '八宿县', '542100', 3, 'retired', 'GB/T 2260 201410', NULL, '2014-11-01', NULL, NULL, true),
('542128', '左贡县', '542100', 3, 'retired', 'GB/T 2260 201410', NULL, '2014-11-01', NULL, NULL, true),
('542129', '芒康县', '542100', 3, 'retired', 'GB/T 2260 201410', NULL, '2014-11-01', NULL, NULL, true),
('542132', '洛隆县', '542100', 3, 'retired', 'GB/T 2260 201410', NULL, '2014-11-01', NULL, NULL, true),
('542133', '边坝县', '542100', 3, 'retired', 'GB/T 2260 201410', NULL, '2014-11-01', NULL, NULL, true),
('542200', '山南地区', '540000', 2, 'retired', 'GB/T 2260 201509', NULL, '2015-10-01', NULL, NULL, true),
('542221', '乃东县', '542200', 3, 'retired', 'GB/T 2260 201509', NULL, '2015-10-01', NULL, NULL, true),
('542222', '扎囊县', '542200', 3, 'retired', 'GB/T 2260 201509', NULL, '2015-10-01', NULL, NULL, true),
('542223', '贡嘎县', '542200', 3, 'retired', 'GB/T 2260 201509', NULL, '2015-10-01', NULL, NULL, true),
('542224', '桑日县', '542200', 3, 'retired', 'GB/T 2260 201509', NULL, '2015-10-01', NULL, NULL, true),
('542225', '琼结县', '542200', 3, 'retired', 'GB/T 2260 201509', NULL, '2015-10-01', NULL, NULL, true),
('542226', '曲松县', '542200', 3, 'retired', 'GB/T 2260 201509', NULL, '2015-10-01', NULL, NULL, true),
('542227', '措美县', '542200', 3, 'retired', 'GB/T 2260 201509', NULL, '2015-10-01', NULL, NULL, true),
('542228', '洛扎县', '542200', 3, 'retired', 'GB/T 2260 201509', NULL, '2015-10-01', NULL, NULL, true),
('542229', '加查县', '542200', 3, 'retired', 'GB/T 2260 201509', NULL, '2015-10-01', NULL, NULL, true),
('542231', '隆子县', '542200', 3, 'retired', 'GB/T 2260 201509', NULL, '2015-10-01', NULL, NULL, true),
('542232', '错那县', '542200', 3, 'retired', 'GB/T 2260 201509', NULL, '2015-10-01', NULL, NULL, true),
('542233', '浪卡子县', '542200', 3, 'retired', 'GB/T 2260 201509', NULL, '2015-10-01', NULL, NULL, true),
('542300', '日喀则地区', '540000', 2, 'retired', 'GB/T 2260 201308', NULL, '2013-09-01', NULL, NULL, true),
('542301', '日喀则市', '542300', 3, 'retired', 'GB/T 2260 201308', NULL, '2013-09-01', NULL, NULL, true),
('542322', '南木林县', '542300', 3, 'retired', 'GB/T 2260 201308', NULL, '2013-09-01', NULL, NULL, true),
('542323', '江孜县', '542300', 3, 'retired', 'GB/T 2260 201308', NULL, '2013-09-01', NULL, NULL, true),
('542324', '定日县', '542300', 3, 'retired', 'GB/T 2260 201308', NULL, '2013-09-01', NULL, NULL, true),
('542325', '萨迦县', '542300', 3, 'retired', 'GB/T 2260 201308', NULL, '2013-09-01', NULL, NULL, true),
('542326', '拉孜县', '542300', 3, 'retired', 'GB/T 2260 201308', NULL, '2013-09-01', NULL, NULL, true),
('542327', '昂仁县', '542300', 3, 'retired', 'GB/T 2260 201308', NULL, '2013-09-01', NULL, NULL, true),
('542328', '谢通门县', '542300', 3, 'retired', 'GB/T 2260 201308', NULL, '2013-09-01', NULL, NULL, true),
('542329', '白朗县', '542300', 3, 'retired', 'GB/T 2260 201308', NULL, '2013-09-01', NULL, NULL, true),
('542330', '仁布县', '542300', 3, 'retired', 'GB/T 2260 201308', NULL, '2013-09-01', NULL, NULL, true),
('542331', '康马县', '542300', 3, 'retired', 'GB/T 2260 201308', NULL, '2013-09-01', NULL, NULL, true),
('542332', '定结县', '542300', 3, 'retired', 'GB/T 2260 201308', NULL, '2013-09-01', NULL, NULL, true),
('542333', '仲巴县', '542300', 3, 'retired', 'GB/T 2260 201308', NULL, '2013-09-01', NULL, NULL, true),
('542334', '亚东县', '542300', 3, 'retired', 'GB/T 2260 201308', NULL, '2013-09-01', NULL, NULL, true),
('542335', '吉隆县', '542300', 3, 'retired', 'GB/T 2260 201308', NULL, '2013-09-01', NULL, NULL, true),
('542336', '聂拉木县', '542300', 3, 'retired', 'GB/T 2260 201308', NULL, '2013-09-01', NULL, NULL, true),
('542337', '萨嘎县', '542300', 3, 'retired', 'GB/T 2260 201308', NULL, '2013-09-01', NULL, NULL, true),
('542338', '岗巴县', '542300', 3, 'retired', 'GB/T 2260 201308', NULL, '2013-09-01', NULL, NULL, true),
('542400', '那曲地区', '540000', 2, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('542421', '那曲县', '542400', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('542422', '嘉黎县', '542400', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('542423', '比如县', '542400', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('542424', '聂荣县', '542400', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('542425', '安多县', '542400', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('542426', '申扎县', '542400', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('542427', '索县', '542400', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('542428', '班戈县', '542400', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('542429', '巴青县', '542400', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('542430', '尼玛县', '542400', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('542431', '双湖县', '542400', 3, 'retired', 'GB/T 2260 201607', '2013-08-01', '2016-08-01', NULL, NULL, true),
('542500', '阿里地区', '540000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('542521', '普兰县', '542500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('542522', '札达县', '542500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('542523', '噶尔县', '542500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('542524', '日土县', '542500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('542525', '革吉县', '542500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('542526', '改则县', '542500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('542527', '措勤县', '542500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('542600', '林芝地区', '540000', 2, 'retired', 'GB/T 2260 201410', NULL, '2014-11-01', NULL, NULL, true),
('542621', '林芝县', '542600', 3, 'retired', 'GB/T 2260 201410', NULL, '2014-11-01', NULL, NULL, true),
('542622', '工布江达县', '542600', 3, 'retired', 'GB/T 2260 201410', NULL, '2014-11-01', NULL, NULL, true),
('542623', '米林县', '542600', 3, 'retired', 'GB/T 2260 201410', NULL, '2014-11-01', NULL, NULL, true),
('542624', '墨脱县', '542600', 3, 'retired', 'GB/T 2260 201410', NULL, '2014-11-01', NULL, NULL, true),
('542625', '波密县', '542600', 3, 'retired', 'GB/T 2260 201410', NULL, '2014-11-01', NULL, NULL, true),
('542626', '察隅县', '542600', 3, 'retired', 'GB/T 2260 201410', NULL, '2014-11-01', NULL, NULL, true),
('542627', '朗县', '542600', 3, 'retired', 'GB/T 2260 201410', NULL, '2014-11-01', NULL, NULL, true),
('610000', '陕西省', NULL, 1, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610100', '西安市', '610000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610102', '新城区', '610100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610103', '碑林区', '610100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610104', '莲湖区', '610100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610111', '灞桥区', '610100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610112', '未央区', '610100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610113', '雁塔区', '610100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610114', '阎良区', '610100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610115', '临潼区', '610100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610116', '长安区', '610100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610117', '高陵区', '610100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610118', '鄠邑区', '610100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610122', '蓝田县', '610100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610124', '周至县', '610100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610125', '户县', '610100', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('610126', '高陵县', '610100', 3, 'retired', 'GB/T 2260 201410', NULL, '2014-11-01', NULL, NULL, true),
('610200', '铜川市', '610000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610202', '王益区', '610200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610203', '印台区', '610200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610204', '耀州区', '610200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610222', '宜君县', '610200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610300', '宝鸡市', '610000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610302', '渭滨区', '610300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610303', '金台区', '610300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610304', '陈仓区', '610300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610305', '凤翔区', '610300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610321', '宝鸡县', '610300', 3, 'retired', 'GB/T 2260 200212', NULL, '2003-01-01', NULL, NULL, true),
('610322', '凤翔县', '610300', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('610323', '岐山县', '610300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610324', '扶风县', '610300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610326', '眉县', '610300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610327', '陇县', '610300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610328', '千阳县', '610300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610329', '麟游县', '610300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610330', '凤县', '610300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610331', '太白县', '610300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610400', '咸阳市', '610000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610402', '秦都区', '610400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610403', '杨陵区', '610400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610404', '渭城区', '610400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610422', '三原县', '610400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610423', '泾阳县', '610400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610424', '乾县', '610400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610425', '礼泉县', '610400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610426', '永寿县', '610400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610427', '彬县', '610400', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('610428', '长武县', '610400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610429', '旬邑县', '610400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610430', '淳化县', '610400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610431', '武功县', '610400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610481', '兴平市', '610400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610482', '彬州市', '610400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610500', '渭南市', '610000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610502', '临渭区', '610500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610503', '华州区', '610500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610521', '华县', '610500', 3, 'retired', 'GB/T 2260 201509', NULL, '2015-10-01', NULL, NULL, true),
('610522', '潼关县', '610500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610523', '大荔县', '610500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610524', '合阳县', '610500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610525', '澄城县', '610500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610526', '蒲城县', '610500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610527', '白水县', '610500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610528', '富平县', '610500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610581', '韩城市', '610500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610582', '华阴市', '610500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610600', '延安市', '610000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610602', '宝塔区', '610600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610603', '安塞区', '610600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610621', '延长县', '610600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610622', '延川县', '610600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610623', '子长县', '610600', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('610624', '安塞县', '610600', 3, 'retired', 'GB/T 2260 201509', NULL, '2015-10-01', NULL, NULL, true),
('610625', '志丹县', '610600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610626', '吴起县', '610600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610627', '甘泉县', '610600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610628', '富县', '610600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610629', '洛川县', '610600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610630', '宜川县', '610600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610631', '黄龙县', '610600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610632', '黄陵县', '610600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610681', '子长市', '610600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610700', '汉中市', '610000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610702', '汉台区', '610700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610703', '南郑区', '610700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610721', '南郑县', '610700', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('610722', '城固县', '610700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610723', '洋县', '610700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610724', '西乡县', '610700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610725', '勉县', '610700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610726', '宁强县', '610700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610727', '略阳县', '610700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610728', '镇巴县', '610700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610729', '留坝县', '610700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610730', '佛坪县', '610700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610800', '榆林市', '610000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610802', '榆阳区', '610800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610803', '横山区', '610800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610821', '神木县', '610800', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('610822', '府谷县', '610800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610823', '横山县', '610800', 3, 'retired', 'GB/T 2260 201509', NULL, '2015-10-01', NULL, NULL, true),
('610824', '靖边县', '610800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610825', '定边县', '610800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610826', '绥德县', '610800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610827', '米脂县', '610800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610828', '佳县', '610800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610829', '吴堡县', '610800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610830', '清涧县', '610800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610831', '子洲县', '610800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610881', '神木市', '610800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610900', '安康市', '610000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610902', '汉滨区', '610900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610921', '汉阴县', '610900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610922', '石泉县', '610900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610923', '宁陕县', '610900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610924', '紫阳县', '610900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610925', '岚皋县', '610900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610926', '平利县', '610900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610927', '镇坪县', '610900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610928', '旬阳县', '610900', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('610929', '白河县', '610900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('610981', '旬阳市', '610900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('611000', '商洛市', '610000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('611002', '商州区', '611000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('611021', '洛南县', '611000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('611022', '丹凤县', '611000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('611023', '商南县', '611000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('611024', '山阳县', '611000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('611025', '镇安县', '611000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('611026', '柞水县', '611000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('620000', '甘肃省', NULL, 1, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('620100', '兰州市', '620000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('620102', '城关区', '620100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('620103', '七里河区', '620100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('620104', '西固区', '620100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('620105', '安宁区', '620100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('620111', '红古区', '620100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('620121', '永登县', '620100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('620122', '皋兰县', '620100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('620123', '榆中县', '620100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('620171', '兰州新区', '620100', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('620200', '嘉峪关市', '620000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('620201', '嘉峪关市', '620200', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('620300', '金昌市', '620000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('620302', '金川区', '620300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('620321', '永昌县', '620300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('620400', '白银市', '620000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('620402', '白银区', '620400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('620403', '平川区', '620400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('620421', '靖远县', '620400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('620422', '会宁县', '620400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('620423', '景泰县', '620400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('620500', '天水市', '620000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('620502', '秦州区', '620500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('620503', '麦积区', '620500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('620521', '清水县', '620500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('620522', '秦安县', '620500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('620523', '甘谷县', '620500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('620524', '武山县', '620500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('620525', '张家川回族自治县', '620500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('620600', '武威市', '620000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('620602', '凉州区', '620600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('620621', '民勤县', '620600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('620622', '古浪县', '620600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('620623', '天祝藏族自治县', '620600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('620700', '张掖市', '620000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('620702', '甘州区', '620700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('620721', '肃南裕固族自治县', '620700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('620722', '民乐县', '620700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('620723', '临泽县', '620700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('620724', '高台县', '620700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('620725', '山丹县', '620700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('620800', '平凉市', '620000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('620802', '崆峒区', '620800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('620821', '泾川县', '620800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('620822', '灵台县', '620800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('620823', '崇信县', '620800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('620824', '华亭县', '620800', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('620825', '庄浪县', '620800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('620826', '静宁县', '620800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('620881', '华亭市', '620800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('620900', '酒泉市', '620000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('620902', '肃州区', '620900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('620921', '金塔县', '620900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('620922', '瓜州县', '620900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('620923', '肃北蒙古族自治县', '620900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('620924', '阿克塞哈萨克族自治县', '620900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('620981', '玉门市', '620900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('620982', '敦煌市', '620900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('621000', '庆阳市', '620000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('621002', '西峰区', '621000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('621021', '庆城县', '621000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('621022', '环县', '621000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('621023', '华池县', '621000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('621024', '合水县', '621000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('621025', '正宁县', '621000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('621026', '宁县', '621000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('621027', '镇原县', '621000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('621100', '定西市', '620000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('621102', '安定区', '621100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('621121', '通渭县', '621100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('621122', '陇西县', '621100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('621123', '渭源县', '621100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('621124', '临洮县', '621100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('621125', '漳县', '621100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('621126', '岷县', '621100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('621200', '陇南市', '620000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('621202', '武都区', '621200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('621221', '成县', '621200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('621222', '文县', '621200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('621223', '宕昌县', '621200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('621224', '康县', '621200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('621225', '西和县', '621200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('621226', '礼县', '621200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('621227', '徽县', '621200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('621228', '两当县', '621200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('622400', '定西地区', '620000', 2, 'retired', 'GB/T 2260 200212', NULL, '2003-01-01', NULL, NULL, true),
('622421', '定西县', '622400', 3, 'retired', 'GB/T 2260 200212', NULL, '2003-01-01', NULL, NULL, true),
('622424', '通渭县', '622400', 3, 'retired', 'GB/T 2260 200212', NULL, '2003-01-01', NULL, NULL, true),
('622425', '陇西县', '622400', 3, 'retired', 'GB/T 2260 200212', NULL, '2003-01-01', NULL, NULL, true),
('622426', '渭源县', '622400', 3, 'retired', 'GB/T 2260 200212', NULL, '2003-01-01', NULL, NULL, true),
('622427', '临洮县', '622400', 3, 'retired', 'GB/T 2260 200212', NULL, '2003-01-01', NULL, NULL, true),
('622428', '漳县', '622400', 3, 'retired', 'GB/T 2260 200212', NULL, '2003-01-01', NULL, NULL, true),
('622429', '岷县', '622400', 3, 'retired', 'GB/T 2260 200212', NULL, '2003-01-01', NULL, NULL, true),
('622600', '陇南地区', '620000', 2, 'retired', 'GB/T 2260 200312', NULL, '2004-01-01', NULL, NULL, true),
('622621', '武都县', '622600', 3, 'retired', 'GB/T 2260 200312', NULL, '2004-01-01', NULL, NULL, true),
('622623', '宕昌县', '622600', 3, 'retired', 'GB/T 2260 200312', NULL, '2004-01-01', NULL, NULL, true),
('622624', '成县', '622600', 3, 'retired', 'GB/T 2260 200312', NULL, '2004-01-01', NULL, NULL, true),
('622625', '康县', '622600', 3, 'retired', 'GB/T 2260 200312', NULL, '2004-01-01', NULL, NULL, true),
('622626', '文县', '622600', 3, 'retired', 'GB/T 2260 200312', NULL, '2004-01-01', NULL, NULL, true),
('622627', '西和县', '622600', 3, 'retired', 'GB/T 2260 200312', NULL, '2004-01-01', NULL, NULL, true),
('622628', '礼县', '622600', 3, 'retired', 'GB/T 2260 200312', NULL, '2004-01-01', NULL, NULL, true),
('622629', '两当县', '622600', 3, 'retired', 'GB/T 2260 200312', NULL, '2004-01-01', NULL, NULL, true),
('622630', '徽县', '622600', 3, 'retired', 'GB/T 2260 200312', NULL, '2004-01-01', NULL, NULL, true),
('622900', '临夏回族自治州', '620000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('622901', '临夏市', '622900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('622921', '临夏县', '622900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('622922', '康乐县', '622900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('622923', '永靖县', '622900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('622924', '广河县', '622900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('622925', '和政县', '622900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('622926', '东乡族自治县', '622900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('622927', '积石山保安族东乡族撒拉族自治县', '622900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('623000', '甘南藏族自治州', '620000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('623001', '合作市', '623000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('623021', '临潭县', '623000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('623022', '卓尼县', '623000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('623023', '舟曲县', '623000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('623024', '迭部县', '623000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('623025', '玛曲县', '623000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('623026', '碌曲县', '623000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('623027', '夏河县', '623000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('630000', '青海省', NULL, 1, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('630100', '西宁市', '630000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('630102', '城东区', '630100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('630103', '城中区', '630100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('630104', '城西区', '630100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('630105', '城北区', '630100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('630106', '湟中区', '630100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('630121', '大通回族土族自治县', '630100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('630122', '湟中县', '630100', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('630123', '湟源县', '630100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('630200', '海东市', '630000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('630202', '乐都区', '630200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('630203', '平安区', '630200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('630221', '平安县', '630200', 3, 'retired', 'GB/T 2260 201410', '2013-08-01', '2014-11-01', NULL, NULL, true),
('630222', '民和回族土族自治县', '630200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('630223', '互助土族自治县', '630200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('630224', '化隆回族自治县', '630200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('630225', '循化撒拉族自治县', '630200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('632100', '海东地区', '630000', 2, 'retired', 'GB/T 2260 201210', NULL, '2012-11-01', NULL, NULL, true),
('632121', '平安县', '632100', 3, 'retired', 'GB/T 2260 201210', NULL, '2012-11-01', NULL, NULL, true),
('632122', '民和回族土族自治县', '632100', 3, 'retired', 'GB/T 2260 201210', NULL, '2012-11-01', NULL, NULL, true),
('632123', '乐都县', '632100', 3, 'retired', 'GB/T 2260 201210', NULL, '2012-11-01', NULL, NULL, true),
('632126', '互助土族自治县', '632100', 3, 'retired', 'GB/T 2260 201210', NULL, '2012-11-01', NULL, NULL, true),
('632127', '化隆回族自治县', '632100', 3, 'retired', 'GB/T 2260 201210', NULL, '2012-11-01', NULL, NULL, true),
('632128', '循化撒拉族自治县', '632100', 3, 'retired', 'GB/T 2260 201210', NULL, '2012-11-01', NULL, NULL, true),
('632200', '海北藏族自治州', '630000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('632221', '门源回族自治县', '632200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('632222', '祁连县', '632200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('632223', '海晏县', '632200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('632224', '刚察县', '632200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('632300', '黄南藏族自治州', '630000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('632301', '同仁市', '632300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('632321', '同仁县', '632300', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('632322', '尖扎县', '632300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('632323', '泽库县', '632300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('632324', '河南蒙古族自治县', '632300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('632500', '海南藏族自治州', '630000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('632521', '共和县', '632500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('632522', '同德县', '632500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('632523', '贵德县', '632500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('632524', '兴海县', '632500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('632525', '贵南县', '632500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('632600', '果洛藏族自治州', '630000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('632621', '玛沁县', '632600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('632622', '班玛县', '632600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('632623', '甘德县', '632600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('632624', '达日县', '632600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('632625', '久治县', '632600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('632626', '玛多县', '632600', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('632700', '玉树藏族自治州', '630000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('632701', '玉树市', '632700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('632721', '玉树县', '632700', 3, 'retired', 'GB/T 2260 201210', NULL, '2012-11-01', NULL, NULL, true),
('632722', '杂多县', '632700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('632723', '称多县', '632700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('632724', '治多县', '632700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('632725', '囊谦县', '632700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('632726', '曲麻莱县', '632700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('632800', '海西蒙古族藏族自治州', '630000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('632801', '格尔木市', '632800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('632802', '德令哈市', '632800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('632803', '茫崖市', '632800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('632821', '乌兰县', '632800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('632822', '都兰县', '632800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('632823', '天峻县', '632800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('632857', '大柴旦行政委员会', '632800', 3, 'statistical-zone', 'NBS-2023-06-30', NULL, NULL, NULL, NULL, true),
('640000', '宁夏回族自治区', NULL, 1, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('640100', '银川市', '640000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('640104', '兴庆区', '640100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('640105', '西夏区', '640100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('640106', '金凤区', '640100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('640121', '永宁县', '640100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('640122', '贺兰县', '640100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('640181', '灵武市', '640100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('640200', '石嘴山市', '640000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('640202', '大武口区', '640200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('640203', '石嘴山区', '640200', 3, 'retired', 'GB/T 2260 200306', NULL, '2003-07-01', NULL, NULL, true),
('640205', '惠农区', '640200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('640221', '平罗县', '640200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('640222', '陶乐县', '640200', 3, 'retired', 'GB/T 2260 200306', NULL, '2003-07-01', NULL, NULL, true),
('640223', '惠农县', '640200', 3, 'retired', 'GB/T 2260 200306', NULL, '2003-07-01', NULL, NULL, true),
('640300', '吴忠市', '640000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('640302', '利通区', '640300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('640303', '红寺堡区', '640300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('640321', '中卫县', '640300', 3, 'retired', 'GB/T 2260 200306', NULL, '2003-07-01', NULL, NULL, true),
('640322', '中宁县', '640300', 3, 'retired', 'GB/T 2260 200306', NULL, '2003-07-01', NULL, NULL, true),
('640323', '盐池县', '640300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('640324', '同心县', '640300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('640381', '青铜峡市', '640300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('640400', '固原市', '640000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('640402', '原州区', '640400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('640421', '海原县', '640400', 3, 'retired', 'GB/T 2260 200306', NULL, '2003-07-01', NULL, NULL, true),
('640422', '西吉县', '640400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('640423', '隆德县', '640400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('640424', '泾源县', '640400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('640425', '彭阳县', '640400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('640500', '中卫市', '640000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('640502', '沙坡头区', '640500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('640521', '中宁县', '640500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('640522', '海原县', '640500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('650000', '新疆维吾尔自治区', NULL, 1, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('650100', '乌鲁木齐市', '650000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('650102', '天山区', '650100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('650103', '沙依巴克区', '650100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('650104', '新市区', '650100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('650105', '水磨沟区', '650100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('650106', '头屯河区', '650100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('650107', '达坂城区', '650100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('650108', '东山区', '650100', 3, 'retired', 'GB/T 2260 200612', NULL, '2007-01-01', NULL, NULL, true),
('650109', '米东区', '650100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('650121', '乌鲁木齐县', '650100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('650200', '克拉玛依市', '650000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('650202', '独山子区', '650200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('650203', '克拉玛依区', '650200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('650204', '白碱滩区', '650200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('650205', '乌尔禾区', '650200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('650400', '吐鲁番市', '650000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('650402', '高昌区', '650400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('650421', '鄯善县', '650400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('650422', '托克逊县', '650400', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('650500', '哈密市', '650000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('650502', '伊州区', '650500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('650521', '巴里坤哈萨克自治县', '650500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('650522', '伊吾县', '650500', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('652100', '吐鲁番地区', '650000', 2, 'retired', 'GB/T 2260 201410', NULL, '2014-11-01', NULL, NULL, true),
('652101', '吐鲁番市', '652100', 3, 'retired', 'GB/T 2260 201410', NULL, '2014-11-01', NULL, NULL, true),
('652122', '鄯善县', '652100', 3, 'retired', 'GB/T 2260 201410', NULL, '2014-11-01', NULL, NULL, true),
('652123', '托克逊县', '652100', 3, 'retired', 'GB/T 2260 201410', NULL, '2014-11-01', NULL, NULL, true),
('652200', '哈密地区', '650000', 2, 'retired', 'GB/T 2260 201509', NULL, '2015-10-01', NULL, NULL, true),
('652201', '哈密市', '652200', 3, 'retired', 'GB/T 2260 201509', NULL, '2015-10-01', NULL, NULL, true),
('652222', '巴里坤哈萨克自治县', '652200', 3, 'retired', 'GB/T 2260 201509', NULL, '2015-10-01', NULL, NULL, true),
('652223', '伊吾县', '652200', 3, 'retired', 'GB/T 2260 201509', NULL, '2015-10-01', NULL, NULL, true),
('652300', '昌吉回族自治州', '650000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('652301', '昌吉市', '652300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('652302', '阜康市', '652300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('652303', '米泉市', '652300', 3, 'retired', 'GB/T 2260 200612', NULL, '2007-01-01', NULL, NULL, true),
('652323', '呼图壁县', '652300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('652324', '玛纳斯县', '652300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('652325', '奇台县', '652300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('652327', '吉木萨尔县', '652300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('652328', '木垒哈萨克自治县', '652300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('652700', '博尔塔拉蒙古自治州', '650000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('652701', '博乐市', '652700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('652702', '阿拉山口市', '652700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('652722', '精河县', '652700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('652723', '温泉县', '652700', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('652800', '巴音郭楞蒙古自治州', '650000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('652801', '库尔勒市', '652800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('652822', '轮台县', '652800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('652823', '尉犁县', '652800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('652824', '若羌县', '652800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('652825', '且末县', '652800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('652826', '焉耆回族自治县', '652800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('652827', '和静县', '652800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('652828', '和硕县', '652800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('652829', '博湖县', '652800', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('652900', '阿克苏地区', '650000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('652901', '阿克苏市', '652900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('652902', '库车市', '652900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('652922', '温宿县', '652900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('652923', '库车县', '652900', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('652924', '沙雅县', '652900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('652925', '新和县', '652900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('652926', '拜城县', '652900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('652927', '乌什县', '652900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('652928', '阿瓦提县', '652900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('652929', '柯坪县', '652900', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('653000', '克孜勒苏柯尔克孜自治州', '650000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('653001', '阿图什市', '653000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('653022', '阿克陶县', '653000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('653023', '阿合奇县', '653000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('653024', '乌恰县', '653000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('653100', '喀什地区', '650000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('653101', '喀什市', '653100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('653121', '疏附县', '653100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('653122', '疏勒县', '653100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('653123', '英吉沙县', '653100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('653124', '泽普县', '653100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('653125', '莎车县', '653100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('653126', '叶城县', '653100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('653127', '麦盖提县', '653100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('653128', '岳普湖县', '653100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('653129', '伽师县', '653100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('653130', '巴楚县', '653100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('653131', '塔什库尔干塔吉克自治县', '653100', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('653200', '和田地区', '650000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('653201', '和田市', '653200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('653221', '和田县', '653200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('653222', '墨玉县', '653200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('653223', '皮山县', '653200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('653224', '洛浦县', '653200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('653225', '策勒县', '653200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('653226', '于田县', '653200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('653227', '民丰县', '653200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('653228', '和康县', '653200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('653229', '和安县', '653200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('654000', '伊犁哈萨克自治州', '650000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('654002', '伊宁市', '654000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('654003', '奎屯市', '654000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('654004', '霍尔果斯市', '654000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('654021', '伊宁县', '654000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('654022', '察布查尔锡伯自治县', '654000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('654023', '霍城县', '654000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('654024', '巩留县', '654000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('654025', '新源县', '654000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('654026', '昭苏县', '654000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('654027', '特克斯县', '654000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('654028', '尼勒克县', '654000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('654200', '塔城地区', '650000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('654201', '塔城市', '654200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('654202', '乌苏市', '654200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('654203', '沙湾市', '654200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('654221', '额敏县', '654200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('654223', '沙湾县', '654200', 3, 'retired', 'GB/T 2260 201607', NULL, '2016-08-01', NULL, NULL, true),
('654224', '托里县', '654200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('654225', '裕民县', '654200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('654226', '和布克赛尔蒙古自治县', '654200', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('654300', '阿勒泰地区', '650000', 2, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('654301', '阿勒泰市', '654300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('654321', '布尔津县', '654300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('654322', '富蕴县', '654300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('654323', '福海县', '654300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('654324', '哈巴河县', '654300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('654325', '青河县', '654300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('654326', '吉木乃县', '654300', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('659000', '自治区直辖县级行政区划', '650000', 2, 'pseudo', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('659001', '石河子市', '659000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('659002', '阿拉尔市', '659000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('659003', '图木舒克市', '659000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('659004', '五家渠市', '659000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('659005', '北屯市', '659000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('659006', '铁门关市', '659000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('659007', '双河市', '659000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('659008', '可克达拉市', '659000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('659009', '昆玉市', '659000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('659010', '胡杨河市', '659000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('659011', '新星市', '659000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('659012', '白杨市', '659000', 3, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('710000', '台湾省', NULL, 1, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('810000', '香港特别行政区', NULL, 1, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true),
('820000', '澳门特别行政区', NULL, 1, 'official', 'MCA-2024-12-31', NULL, NULL, NULL, NULL, true)
ON CONFLICT ON CONSTRAINT division_pkey DO NOTHING;

-- code/12-place-coord.sql
-- Coordinate systems and distances.
-- `geometry` is found in the schema that PostGIS was installed in: CREATE EXTENSION puts it on the path.
CREATE OR REPLACE FUNCTION citybigdata.wgs84_to_gcj02(geometry) RETURNS geometry
    AS 'MODULE_PATHNAME', 'cbd_wgs84_to_gcj02' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 50;
COMMENT ON FUNCTION citybigdata.wgs84_to_gcj02(geometry) IS
'WGS-84 or CGCS2000 longitude/latitude to GCJ-02 (Chinese online maps): any geometry type, Z, M and SRID kept; identity outside China';

CREATE OR REPLACE FUNCTION citybigdata.gcj02_to_wgs84(geometry) RETURNS geometry
    AS 'MODULE_PATHNAME', 'cbd_gcj02_to_wgs84' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 50;
COMMENT ON FUNCTION citybigdata.gcj02_to_wgs84(geometry) IS
'The inverse of wgs84_to_gcj02, iterated to 1e-11 degree';

CREATE OR REPLACE FUNCTION citybigdata.gcj02_to_bd09(geometry) RETURNS geometry
    AS 'MODULE_PATHNAME', 'cbd_gcj02_to_bd09' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 50;
COMMENT ON FUNCTION citybigdata.gcj02_to_bd09(geometry) IS
'GCJ-02 to BD-09 (Baidu maps): any geometry type, Z, M and SRID kept; identity outside China';

CREATE OR REPLACE FUNCTION citybigdata.bd09_to_gcj02(geometry) RETURNS geometry
    AS 'MODULE_PATHNAME', 'cbd_bd09_to_gcj02' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 50;
COMMENT ON FUNCTION citybigdata.bd09_to_gcj02(geometry) IS
'The inverse of gcj02_to_bd09, iterated to 1e-11 degree';

CREATE OR REPLACE FUNCTION citybigdata.plane_to_lonlat(x double precision, y double precision) RETURNS geometry
    AS 'MODULE_PATHNAME', 'cbd_plane_to_lonlat' LANGUAGE c STABLE STRICT PARALLEL SAFE COST 50;
COMMENT ON FUNCTION citybigdata.plane_to_lonlat(double precision, double precision) IS
'A point of the business plane (citybigdata.business_srid, citybigdata.local_plane; x = easting, y = northing, metres) as EPSG:4490';

CREATE OR REPLACE FUNCTION citybigdata.plane_to_lonlat(geometry) RETURNS geometry
    AS 'MODULE_PATHNAME', 'cbd_plane_geometry_to_lonlat' LANGUAGE c STABLE STRICT PARALLEL SAFE COST 50;
COMMENT ON FUNCTION citybigdata.plane_to_lonlat(geometry) IS
'A geometry of the business plane as EPSG:4490: any type, Z and M kept';

CREATE OR REPLACE FUNCTION citybigdata.lonlat_to_plane(geometry) RETURNS geometry
    AS 'MODULE_PATHNAME', 'cbd_lonlat_to_plane' LANGUAGE c STABLE STRICT PARALLEL SAFE COST 50;
COMMENT ON FUNCTION citybigdata.lonlat_to_plane(geometry) IS
'A geometry of EPSG:4490 in the business plane, the inverse of plane_to_lonlat; SRID 0 when citybigdata.local_plane is set';

CREATE OR REPLACE FUNCTION citybigdata.metres_between(lon1 double precision, lat1 double precision, lon2 double precision, lat2 double precision)
    RETURNS double precision
    AS 'MODULE_PATHNAME', 'cbd_metres_between' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.metres_between(double precision, double precision, double precision, double precision) IS
'Metres between two points of longitude and latitude, on the sphere of the mean radius';

-- code/13-place-load.sql
-- Loading reference data: rows as JSON, so that any source will do, or files that were installed with the extension.
CREATE OR REPLACE FUNCTION citybigdata.data_file(file text) RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_data_file' LANGUAGE c STABLE STRICT;
COMMENT ON FUNCTION citybigdata.data_file(text) IS
'Text of a data file that was installed with the extension (see README.md there), for example divisions.tsv';

CREATE OR REPLACE FUNCTION citybigdata.data_rows(content text) RETURNS jsonb
    LANGUAGE plpgsql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    names text[];
    rows  jsonb;
    bad   bigint;
BEGIN
    WITH line AS (
        SELECT string_to_array(l.line, E'\t', '') AS cells, l.line, l.n
        FROM string_to_table(replace(content, E'\r\n', E'\n'), E'\n') WITH ORDINALITY l(line, n)
        WHERE l.line <> '' AND NOT starts_with(l.line, '#')
    ), heading AS (
        SELECT l.cells, l.n FROM line l ORDER BY l.n LIMIT 1
    )
    SELECT (SELECT h.cells FROM heading h),
           min(l.n) FILTER (WHERE cardinality(l.cells) <> cardinality(h.cells)),
           jsonb_agg(jsonb_strip_nulls(jsonb_object(h.cells, l.cells)) ORDER BY l.n) FILTER (WHERE cardinality(l.cells) = cardinality(h.cells))
    INTO names, bad, rows
    FROM line l CROSS JOIN heading h WHERE l.n > h.n;
    IF bad IS NOT NULL THEN
        RAISE EXCEPTION 'line % has not as many cells as the heading', bad USING ERRCODE = 'invalid_parameter_value',
            DETAIL = format('The columns are %s.', array_to_string(names, ', ')), HINT = 'Cells are separated by one tab each; an empty cell is nothing between two tabs.';
    END IF;
    RETURN coalesce(rows, '[]');
END
$$;
COMMENT ON FUNCTION citybigdata.data_rows(text) IS
'Tab-separated text as a JSON array of objects: the first line names the columns, lines from # are comments, empty cells are left out';

CREATE OR REPLACE FUNCTION citybigdata.load_divisions(rows jsonb, retire_missing boolean DEFAULT false) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    bad     record;
    changed integer;
    retired integer := 0;
BEGIN
    IF rows IS NULL OR jsonb_typeof(rows) <> 'array' THEN
        RAISE EXCEPTION 'the divisions must be a JSON array of objects' USING ERRCODE = 'invalid_parameter_value',
            HINT = 'For example [{"code":"110101","name":"东城区","parent":"110100"}].';
    END IF;
    -- Without a parent: the code shortened, for six digits the prefecture where there is one, else the province.
    WITH given AS MATERIALIZED (
        SELECT r.*, o.n, CASE length(r.code) WHEN 12 THEN 5 WHEN 9 THEN 4 ELSE
                   CASE WHEN r.code LIKE '%0000' THEN 1 WHEN r.code LIKE '%00' THEN 2 ELSE 3 END END AS level_of_code
        FROM jsonb_array_elements(rows) WITH ORDINALITY o(element, n)
        CROSS JOIN jsonb_to_record(CASE WHEN jsonb_typeof(o.element) = 'object' THEN o.element END)
            AS r(code text, name text, parent text, level integer, valid_from date, valid_to date, successor text)
    ), known AS (
        SELECT code FROM given UNION SELECT d.code FROM citybigdata.division d
    ), fault AS (
        SELECT g.n, g.code, CASE
            WHEN g.code IS NULL OR g.code !~ '^([0-9]{6}|[0-9]{9}|[0-9]{12})$' THEN 'a code has 6, 9 or 12 digits'
            WHEN coalesce(btrim(g.name), '') = '' THEN 'the name is missing'
            WHEN g.level <> g.level_of_code THEN format('the level of the code is %s', g.level_of_code)
            WHEN count(*) OVER (PARTITION BY g.code) > 1 THEN 'the code occurs more than once'
            WHEN g.valid_from >= g.valid_to THEN 'valid_from must be before valid_to'
            WHEN g.parent IS NOT NULL AND NOT EXISTS (SELECT FROM known k WHERE k.code = g.parent) THEN format('the parent %s is not known', g.parent)
            WHEN length(g.code) > 6 AND NOT starts_with(g.code, coalesce(g.parent, '')) THEN format('the code does not begin with its parent %s', g.parent)
            WHEN length(g.code) > 6 AND NOT EXISTS (SELECT FROM known k WHERE k.code = left(g.code, length(g.code) - 3)) THEN 'the division above is not known'
            WHEN g.successor IS NOT NULL AND NOT EXISTS (SELECT FROM known k WHERE k.code = g.successor) THEN format('the successor %s is not known', g.successor)
            END AS problem
        FROM given g
    )
    SELECT * INTO bad FROM fault f WHERE f.problem IS NOT NULL ORDER BY f.n LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'division %: %', coalesce(bad.code, '?'), bad.problem
            USING ERRCODE = 'invalid_parameter_value', DETAIL = format('Row %s of the array; nothing was loaded.', bad.n),
                  HINT = 'A valid row is {"code":"110101001","name":"东华门街道","parent":"110101"}.';
    END IF;

    WITH given AS MATERIALIZED (
        SELECT r.* FROM jsonb_to_recordset(rows)
            AS r(code text, name text, parent text, kind text, revision text, valid_from date, valid_to date, successor text, former_name text)
    ), placed AS (
        SELECT g.*, coalesce(g.parent, CASE
                   WHEN length(g.code) > 6 THEN left(g.code, length(g.code) - 3)
                   WHEN g.code LIKE '%0000' THEN NULL
                   WHEN g.code NOT LIKE '%00' AND (EXISTS (SELECT FROM given o WHERE o.code = left(g.code, 4) || '00')
                        OR EXISTS (SELECT FROM citybigdata.division d WHERE d.code = left(g.code, 4) || '00')) THEN left(g.code, 4) || '00'
                   ELSE left(g.code, 2) || '0000' END) AS parent_code,
               CASE length(g.code) WHEN 12 THEN 5 WHEN 9 THEN 4 ELSE
                   CASE WHEN g.code LIKE '%0000' THEN 1 WHEN g.code LIKE '%00' THEN 2 ELSE 3 END END AS level
        FROM given g
    ), fresh AS (
        -- rows that say the same as before stay as they are, shipped ones too
        SELECT p.* FROM placed p WHERE NOT EXISTS (
            SELECT FROM citybigdata.division d WHERE d.code = p.code
            AND (d.name, d.parent_code, d.kind, d.revision, d.valid_from, d.valid_to, d.successor_code, d.former_name)
                IS NOT DISTINCT FROM (p.name, p.parent_code, p.kind, p.revision, p.valid_from, p.valid_to, p.successor, p.former_name))
    )
    INSERT INTO citybigdata.division AS d
        (code, name, parent_code, level, kind, revision, valid_from, valid_to, successor_code, former_name)
    SELECT f.code, f.name, f.parent_code, f.level, f.kind, f.revision, f.valid_from, f.valid_to, f.successor, f.former_name FROM fresh f
    ON CONFLICT ON CONSTRAINT division_pkey DO UPDATE
    SET name = excluded.name, parent_code = excluded.parent_code, level = excluded.level, kind = excluded.kind, revision = excluded.revision,
        valid_from = excluded.valid_from, valid_to = excluded.valid_to, successor_code = excluded.successor_code, former_name = excluded.former_name;
    GET DIAGNOSTICS changed = ROW_COUNT;

    IF retire_missing THEN
        WITH given AS MATERIALIZED (
            SELECT r.code, left(r.code, 2) AS province, length(r.code) AS digits FROM jsonb_to_recordset(rows) AS r(code text)
        )
        UPDATE citybigdata.division d SET kind = 'retired', valid_to = current_date
        WHERE d.valid_to IS NULL
          AND EXISTS (SELECT FROM given g WHERE g.province = left(d.code, 2) AND g.digits = length(d.code))
          AND NOT EXISTS (SELECT FROM given g WHERE g.code = d.code);
        GET DIAGNOSTICS retired = ROW_COUNT;
    END IF;
    RETURN changed + retired;
END
$$;
COMMENT ON FUNCTION citybigdata.load_divisions(jsonb, boolean) IS
'Loads divisions, new or changed, and returns how many rows changed; an error in any row refuses all. Members of a row: code, name, parent, kind, '
'revision, valid_from, valid_to, successor, former_name (the level follows from the code). retire_missing: the table is complete for its provinces and '
'number of digits, valid codes that are not in it are retired today. From a file: CREATE TEMP TABLE t (code text, name text, …), '
'\copy t FROM new.tsv, SELECT citybigdata.load_divisions(jsonb_agg(t)) FROM t';

CREATE OR REPLACE FUNCTION citybigdata.load_divisions_file(file text, retire_missing boolean DEFAULT false) RETURNS integer
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$ SELECT citybigdata.load_divisions(citybigdata.data_rows(citybigdata.data_file(file)), retire_missing) $$;
COMMENT ON FUNCTION citybigdata.load_divisions_file(text, boolean) IS
'load_divisions with a data file that was installed with the extension, for example beijing_streets.tsv';

CREATE OR REPLACE FUNCTION citybigdata.load_boundaries(geojson jsonb, source text DEFAULT NULL, crs text DEFAULT 'EPSG:4490') RETURNS integer
    AS 'MODULE_PATHNAME', 'cbd_load_boundaries' LANGUAGE c SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.load_boundaries(jsonb, text, text) IS
'Loads boundaries from a GeoJSON FeatureCollection of polygons whose features have the property code (or adcode), and returns how many rows changed; '
'sessions see them at once. crs: EPSG:4490, EPSG:4326 (counts as the same), GCJ02 or BD09, which are converted';

CREATE OR REPLACE FUNCTION citybigdata.load_boundaries_file(file text, source text DEFAULT NULL, crs text DEFAULT 'EPSG:4490') RETURNS integer
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$ SELECT citybigdata.load_boundaries(citybigdata.data_file(file)::jsonb, source, crs) $$;
COMMENT ON FUNCTION citybigdata.load_boundaries_file(text, text, text) IS
'load_boundaries with a data file that was installed with the extension, for example beijing_districts.geojson';

-- code/14-reference-code-table.sql
-- Code tables: reading and loading.
COMMENT ON TABLE citybigdata.code_table IS 'Code tables 代码表 (clause 5.4.4-c); load_code_table() fills or replaces one';
COMMENT ON COLUMN citybigdata.code_table.name IS 'Name in addresses, for example event-state';
COMMENT ON COLUMN citybigdata.code_table.title IS 'English title';
COMMENT ON COLUMN citybigdata.code_table.title_zh IS 'Chinese title';
COMMENT ON COLUMN citybigdata.code_table.version IS 'Edition of the codes';
COMMENT ON COLUMN citybigdata.code_table.shipped IS 'The row came with CREATE EXTENSION; pg_dump leaves it out';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.code_table', 'WHERE NOT shipped');

COMMENT ON TABLE citybigdata.code_table_row IS 'The codes of the code tables';
COMMENT ON COLUMN citybigdata.code_table_row.table_name IS 'Code table';
COMMENT ON COLUMN citybigdata.code_table_row.code IS 'Code, as text';
COMMENT ON COLUMN citybigdata.code_table_row.name IS 'What the code means';
COMMENT ON COLUMN citybigdata.code_table_row.parent_code IS 'Code of the class above, where the table has classes';
COMMENT ON COLUMN citybigdata.code_table_row.sort IS 'Order in lists, then by code';
COMMENT ON COLUMN citybigdata.code_table_row.shipped IS 'The row came with CREATE EXTENSION; pg_dump leaves it out';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.code_table_row', 'WHERE NOT shipped');

-- As for divisions: a row of the site replaces a shipped one of the same key, and a changed shipped row is the site's.
CREATE OR REPLACE FUNCTION citybigdata.code_table_keep() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        NEW.shipped := false;
    ELSIF NOT NEW.shipped AND TG_TABLE_NAME = 'code_table' THEN
        DELETE FROM citybigdata.code_table t WHERE t.name = NEW.name AND t.shipped;
    ELSIF NOT NEW.shipped THEN
        DELETE FROM citybigdata.code_table_row r WHERE r.table_name = NEW.table_name AND r.code = NEW.code AND r.shipped;
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION citybigdata.code_table_keep() IS 'Trigger: a changed shipped row becomes a row of the site, and a row of the site replaces the shipped one';
CREATE OR REPLACE TRIGGER code_table_keep BEFORE INSERT OR UPDATE ON citybigdata.code_table
    FOR EACH ROW EXECUTE FUNCTION citybigdata.code_table_keep();
ALTER TABLE citybigdata.code_table ENABLE ALWAYS TRIGGER code_table_keep;
CREATE OR REPLACE TRIGGER code_table_row_keep BEFORE INSERT OR UPDATE ON citybigdata.code_table_row
    FOR EACH ROW EXECUTE FUNCTION citybigdata.code_table_keep();
ALTER TABLE citybigdata.code_table_row ENABLE ALWAYS TRIGGER code_table_row_keep;
CREATE OR REPLACE TRIGGER code_table_row_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON citybigdata.code_table_row
    FOR EACH STATEMENT EXECUTE FUNCTION citybigdata.reference_changed();

CREATE OR REPLACE FUNCTION citybigdata.code_known(table_name text, code text) RETURNS boolean
    AS 'MODULE_PATHNAME', 'cbd_code_known' LANGUAGE c STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.code_known(text, text) IS
'Is the code in the code table? Null when the table is empty or missing: it accepts every value. Cached per session';
CREATE OR REPLACE FUNCTION citybigdata.code_name(table_name text, code text) RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_code_name' LANGUAGE c STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.code_name(text, text) IS 'What a code means by its code table; null when it is not in the table. Cached per session';

CREATE OR REPLACE FUNCTION citybigdata.load_code_table(name text, rows jsonb, version text DEFAULT NULL, replace boolean DEFAULT true,
                                                       title text DEFAULT NULL, title_zh text DEFAULT NULL) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    bad     record;
    changed integer;
    removed integer := 0;
BEGIN
    IF name IS NULL OR name !~ '^[a-z][a-z0-9-]{0,62}$' THEN
        RAISE EXCEPTION 'invalid name of a code table: %', name USING ERRCODE = 'invalid_parameter_value',
            HINT = 'Small letters, digits and hyphens, for example event-type.';
    END IF;
    IF rows IS NULL OR jsonb_typeof(rows) <> 'array' THEN
        RAISE EXCEPTION 'the codes must be a JSON array of objects' USING ERRCODE = 'invalid_parameter_value',
            HINT = 'For example [{"code":"01","name":"市容环境"},{"code":"0102","name":"暴露垃圾","parent":"01"}].';
    END IF;
    WITH given AS MATERIALIZED (
        SELECT r.*, o.n FROM jsonb_array_elements(rows) WITH ORDINALITY o(element, n)
        CROSS JOIN jsonb_to_record(CASE WHEN jsonb_typeof(o.element) = 'object' THEN o.element END) AS r(code text, name text, parent text)
    ), fault AS (
        SELECT g.n, g.code, CASE
            WHEN g.code IS NULL OR length(g.code) NOT BETWEEN 1 AND 63 OR g.code <> btrim(g.code) THEN 'a code has 1 to 63 characters, no blanks around it'
            WHEN coalesce(btrim(g.name), '') = '' THEN 'the name is missing'
            WHEN count(*) OVER (PARTITION BY g.code) > 1 THEN 'the code occurs more than once'
            WHEN g.parent IS NOT NULL AND NOT EXISTS (SELECT FROM given o WHERE o.code = g.parent)
                 AND (replace OR NOT EXISTS (SELECT FROM citybigdata.code_table_row r WHERE r.table_name = load_code_table.name AND r.code = g.parent))
                THEN pg_catalog.format('the parent %s is not known', g.parent)
            END AS problem
        FROM given g
    )
    SELECT * INTO bad FROM fault f WHERE f.problem IS NOT NULL ORDER BY f.n LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'code %: %', coalesce(bad.code, '?'), bad.problem
            USING ERRCODE = 'invalid_parameter_value', DETAIL = pg_catalog.format('Row %s of the array; nothing was loaded.', bad.n),
                  HINT = 'A valid row is {"code":"0102","name":"暴露垃圾","parent":"01"}.';
    END IF;

    INSERT INTO citybigdata.code_table AS t (name, title, title_zh, version)
    SELECT load_code_table.name, coalesce(load_code_table.title, o.title, load_code_table.name),
           coalesce(load_code_table.title_zh, o.title_zh, load_code_table.name), coalesce(load_code_table.version, o.version)
    FROM (SELECT) one LEFT JOIN citybigdata.code_table o ON o.name = load_code_table.name
    WHERE (o.title, o.title_zh, o.version) IS DISTINCT FROM (coalesce(load_code_table.title, o.title, load_code_table.name),
           coalesce(load_code_table.title_zh, o.title_zh, load_code_table.name), coalesce(load_code_table.version, o.version))
    ON CONFLICT ON CONSTRAINT code_table_pkey DO UPDATE
    SET title = excluded.title, title_zh = excluded.title_zh, version = excluded.version;
    IF replace THEN
        DELETE FROM citybigdata.code_table_row r
        WHERE r.table_name = load_code_table.name
          AND NOT EXISTS (SELECT FROM jsonb_to_recordset(rows) AS g(code text) WHERE g.code = r.code);
        GET DIAGNOSTICS removed = ROW_COUNT;
    END IF;
    INSERT INTO citybigdata.code_table_row AS r (table_name, code, name, parent_code, sort)
    SELECT load_code_table.name, g.code, g.name, g.parent, coalesce(g.sort, 0)
    FROM jsonb_to_recordset(rows) AS g(code text, name text, parent text, sort integer)
    WHERE NOT EXISTS (SELECT FROM citybigdata.code_table_row o
                      WHERE o.table_name = load_code_table.name AND o.code = g.code
                        AND (o.name, o.parent_code, o.sort) IS NOT DISTINCT FROM (g.name, g.parent, coalesce(g.sort, 0)))
    ON CONFLICT ON CONSTRAINT code_table_row_pkey DO UPDATE
    SET name = excluded.name, parent_code = excluded.parent_code, sort = excluded.sort;
    GET DIAGNOSTICS changed = ROW_COUNT;
    RETURN changed + removed;
END
$$;
COMMENT ON FUNCTION citybigdata.load_code_table(text, jsonb, text, boolean, text, text) IS
'Loads a code table and returns how many rows changed; an error in any row refuses all. Members of a row: code, name, parent, sort. '
'replace: codes that are not given are removed, otherwise they stay; title and version stay as they are when null';

CREATE OR REPLACE FUNCTION citybigdata.load_code_table_file(name text, file text, version text DEFAULT NULL, replace boolean DEFAULT true,
                                                            title text DEFAULT NULL, title_zh text DEFAULT NULL) RETURNS integer
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$ SELECT citybigdata.load_code_table(name, citybigdata.data_rows(citybigdata.data_file(file)), version, replace, title, title_zh) $$;
COMMENT ON FUNCTION citybigdata.load_code_table_file(text, text, text, boolean, text, text) IS
'load_code_table with a data file that was installed with the extension, for example cjt214_events.tsv';

CREATE OR REPLACE FUNCTION citybigdata.rest_code_tables(request_id text, client_addr inet, app_code text, scheme text, credential bytea)
    RETURNS bytea AS 'MODULE_PATHNAME', 'cbd_rest_code_tables' LANGUAGE c SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_code_tables(text, inet, text, text, bytea) IS
'Endpoint GET /code-tables: name, titles, version and size of every code table (clause 5.4.4-c)';
CREATE OR REPLACE FUNCTION citybigdata.rest_code_table(request_id text, client_addr inet, app_code text, scheme text, credential bytea, name text)
    RETURNS bytea AS 'MODULE_PATHNAME', 'cbd_rest_code_table' LANGUAGE c SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_code_table(text, inet, text, text, bytea, text) IS
'Endpoint GET /code-tables/{name}: the codes of one code table (clause 5.4.4-c)';

-- code/15-reference-rows.sql
-- Code tables that ship. Dictionaries of the site (event-src, rec-type, event-level, event-type) ship empty; sites add industries of
-- their own with load_code_table(). Shipped rows are replaced as a whole by each version; a row of the site with the same key stays.
DELETE FROM citybigdata.code_table WHERE shipped;
INSERT INTO citybigdata.code_table (name, title, title_zh, version, shipped) VALUES
('event-state', 'State of an event', '案件状态', '1', true),
('event-src', 'Source of an event (eventSrcID)', '问题来源', NULL, true),
('rec-type', 'Record type (recTypeID)', '事项类型', NULL, true),
('event-level', 'Level of an event (eventLevelID)', '问题级别', NULL, true),
('event-type', 'Classes of events (eventTypeCode, mainTypeCode, subTypeCode)', '问题类型', NULL, true),
('media-type', 'Type of a medium (mediaType)', '多媒体类型', '1', true),
('media-usage', 'Usage of a medium (mediaUsage)', '多媒体用途', '1', true),
('industry', 'Industries of urban infrastructure', '行业', '1', true),
('data-layer', 'Layers of the data', '数据层次', '1', true)
ON CONFLICT ON CONSTRAINT code_table_pkey DO NOTHING;
DELETE FROM citybigdata.code_table_row WHERE shipped;
INSERT INTO citybigdata.code_table_row (table_name, code, name, sort, shipped) VALUES
('event-state', '1', '待受理', 1, true), ('event-state', '3', '立案派遣', 3, true), ('event-state', '4', '处理中', 4, true),
('event-state', '5', '核查结案', 5, true), ('event-state', '6', '结案', 6, true), ('event-state', '7', '作废', 7, true),
('event-state', '8', '挂账', 8, true), ('event-state', '9', '督查', 9, true),
('media-type', 'IMAGE', '图片', 1, true), ('media-type', 'VIDEO', '视频', 2, true),
('media-type', 'VOICE', '语音', 3, true), ('media-type', 'ATTACH', '附件', 4, true),
('media-usage', '上报', '上报时采集', 1, true), ('media-usage', '核查', '核查时采集', 2, true),
('media-usage', '核实', '核实时采集', 3, true), ('media-usage', '处置', '处置时采集', 4, true),
('industry', 'power', '电力', 1, true), ('industry', 'gas', '燃气', 2, true), ('industry', 'heat', '供热', 3, true), ('industry', 'grid', '网格', 4, true),
('industry', 'lighting', '照明', 5, true), ('industry', 'water', '供水', 6, true), ('industry', 'drainage', '排水', 7, true), ('industry', 'roads', '道路桥梁', 8, true),
('industry', 'waste', '环境卫生', 9, true), ('industry', 'greening', '园林绿化', 10, true), ('industry', 'pipe-gallery', '综合管廊', 11, true),
('industry', 'parking', '停车', 12, true), ('industry', 'signage', '户外广告与标识', 13, true),
('data-layer', 'theme', '专项数据', 1, true), ('data-layer', 'industry', '行业数据', 2, true), ('data-layer', 'base', '基础数据', 3, true)
ON CONFLICT ON CONSTRAINT code_table_row_pkey DO NOTHING;

-- code/20-access-account.sql
-- Accounts, failed log-ins: from SQL and the endpoints.
COMMENT ON TABLE citybigdata.account IS 'Accounts 用户: a person or organisation that registered (clause 5.2-a)';
COMMENT ON COLUMN citybigdata.account.account_id IS 'Number of the account';
COMMENT ON COLUMN citybigdata.account.user_name IS 'Name to log in with, 3 to 64 of A-Z a-z 0-9 . _ @ -; unique whatever the case';
COMMENT ON COLUMN citybigdata.account.password_digest IS 'bcrypt (pgcrypto) of the base64 of the SHA-256 of the password; the password itself is nowhere';
COMMENT ON COLUMN citybigdata.account.organization IS 'Organisation';
COMMENT ON COLUMN citybigdata.account.contact_name IS 'Person to contact';
COMMENT ON COLUMN citybigdata.account.mobile IS 'Mobile number of the contact';
COMMENT ON COLUMN citybigdata.account.state IS 'pending (waits for review), active, rejected, suspended, revoked (for good); only an active account is let in';
COMMENT ON COLUMN citybigdata.account.admin_role IS
'sysadmin (runs the platform), secadmin (reviews and grants), auditor (reads the audit log, nothing else); null: no administrator. One account has one role';
COMMENT ON COLUMN citybigdata.account.valid_until IS 'The account and its applications are refused from then on; null = no end';
COMMENT ON COLUMN citybigdata.account.password_changed_at IS 'When the password was last set; administrator''s tokens of before are void';
COMMENT ON COLUMN citybigdata.account.password_temporary IS 'Set by an administrator: good for changing it and nothing else';
COMMENT ON COLUMN citybigdata.account.former_digests IS 'Digests of former passwords, the newest first, as many as citybigdata.password_history needs';
COMMENT ON COLUMN citybigdata.account.created_at IS 'When it was registered';
COMMENT ON COLUMN citybigdata.account.reviewed_at IS 'When its state was last decided by an administrator';
COMMENT ON COLUMN citybigdata.account.reviewed_by IS 'Who decided: an administrator''s user name, or role:<database role>';
COMMENT ON COLUMN citybigdata.account.review_note IS 'Reason of a rejection or suspension';
COMMENT ON COLUMN citybigdata.account.approved_by IS 'Who approved it: an administrator''s user name, or role:<database role>';
COMMENT ON COLUMN citybigdata.account.password_held IS 'An administrator reset the password and no security administrator has confirmed that: credentials are not given out, and the password opens nothing';
COMMENT ON COLUMN citybigdata.account.epoch IS 'Raised by each change of the password: codes, tokens and sealed addresses that were had with the one before are void';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.account', '');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.account_account_id_seq', '');

COMMENT ON TABLE citybigdata.lockout IS 'Failed log-ins and what they locked (clause 5.2-e); maintain() removes stale rows';
COMMENT ON COLUMN citybigdata.lockout.kind IS 'address (IPv4, or IPv6 by /64), account (user name, known or not), application (appCode, known or not), registration (address, registrations), totp (user name, second factor)';
COMMENT ON COLUMN citybigdata.lockout.subject IS 'The address (of a registration too), the user name in small letters, or the appCode';
COMMENT ON COLUMN citybigdata.lockout.address IS 'The client address that the subject was tried from, - when it is unknown; empty: from wherever';
COMMENT ON COLUMN citybigdata.lockout.failures IS 'Attempts reserved and not yet undone by success; a password attempt is counted before it is checked';
COMMENT ON COLUMN citybigdata.lockout.confirmed IS 'How many of them were checked and found wrong; the difference is still being checked';
COMMENT ON COLUMN citybigdata.lockout.last_attempt_at IS 'The last attempt; the count starts anew citybigdata.lockout_duration after it, one from wherever after a day, that of a second factor after 30';
COMMENT ON COLUMN citybigdata.lockout.locked_until IS 'Every attempt is refused until then; null = not locked';
COMMENT ON COLUMN citybigdata.lockout.succeeded_at IS 'When the right password last came from this address: for 30 days failures elsewhere do not delay it here';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.lockout', '');

COMMENT ON TABLE citybigdata.login_reservation IS
'Log-in attempts counted in one transaction and checked in the next; unlogged: after a crash the count stays and the attempt is void';
COMMENT ON COLUMN citybigdata.login_reservation.reservation_id IS 'Number of the reservation';
COMMENT ON COLUMN citybigdata.login_reservation.request_id IS 'The request that made it and alone may use it, once';
COMMENT ON COLUMN citybigdata.login_reservation.user_name IS 'User name in small letters';
COMMENT ON COLUMN citybigdata.login_reservation.address IS 'Client address as in lockout.subject, empty when unknown';
COMMENT ON COLUMN citybigdata.login_reservation.everywhere IS 'It counts for the user name from wherever, too';
COMMENT ON COLUMN citybigdata.login_reservation.reserved_at IS 'When it was made';
-- reservations live for the length of one log-in
SELECT pg_catalog.pg_extension_config_dump('citybigdata.login_reservation', 'WHERE false');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.login_reservation_reservation_id_seq', '');

CREATE OR REPLACE FUNCTION citybigdata.register_account(user_name text, password text, organization text, contact_name text, mobile text)
    RETURNS bigint
    AS 'MODULE_PATHNAME', 'cbd_register_account' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.register_account(text, text, text, text, text) IS
'Registers an account, state pending (clause 5.2-a); returns account_id. user_name: 3 to 64 of A-Z a-z 0-9 . _ @ -. password: 8 to 256 '
'characters of three kinds (two from 16 on), a secret: keep the statement out of logs (psql \bind, log_statement). mobile: 11 digits. '
'Errors: 42200 with every error in the detail, 40902 name taken';

CREATE OR REPLACE FUNCTION citybigdata.approve_account(account_id bigint) RETURNS void
    AS 'MODULE_PATHNAME', 'cbd_approve_account' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.approve_account(bigint) IS 'Approves a pending account (clause 5.2-a). Errors: 40405 unknown, 40903 reviewed before';

CREATE OR REPLACE FUNCTION citybigdata.reject_account(account_id bigint, reason text DEFAULT NULL) RETURNS void
    AS 'MODULE_PATHNAME', 'cbd_reject_account' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.reject_account(bigint, text) IS 'Rejects a pending account. Errors: 40405 unknown, 40903 reviewed before';

-- One place for the changes of an account that is there.
CREATE OR REPLACE FUNCTION citybigdata.change_account(user_name text, from_states text[], to_state text, new_role text, note text, action text)
    RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE citybigdata.account AS a
    SET state = coalesce(to_state, a.state), admin_role = nullif(coalesce(new_role, a.admin_role), ''),
        reviewed_at = clock_timestamp(), reviewed_by = 'role:' || session_user, review_note = note
    WHERE lower(a.user_name COLLATE "C") = lower(change_account.user_name COLLATE "C") AND a.state = ANY (from_states);
    IF NOT FOUND THEN
        PERFORM citybigdata.refuse(40405, format('There is no account "%s" in state %s.', left(change_account.user_name, 64),
                                                 array_to_string(from_states, ' or ')));
    END IF;
    IF new_role IS NOT NULL THEN
        UPDATE citybigdata.access_token AS t SET revoked_at = clock_timestamp()
        FROM citybigdata.account a
        WHERE lower(a.user_name COLLATE "C") = lower(change_account.user_name COLLATE "C")
          AND t.account_id = a.account_id AND t.app_id IS NULL AND t.revoked_at IS NULL;
    END IF;
    PERFORM citybigdata.audit_event(action, change_account.user_name, note);
END
$$;
COMMENT ON FUNCTION citybigdata.change_account(text, text[], text, text, text, text) IS
'Changes state (null: not) or administrator''s role (null: not; empty: takes it away) of an account and writes the audit row; for the functions of this extension only';

CREATE OR REPLACE FUNCTION citybigdata.set_admin_role(user_name text, role text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF role <> ALL (ARRAY['sysadmin', 'secadmin', 'auditor']) THEN
        PERFORM citybigdata.refuse(42204, 'sysadmin, secadmin, auditor, or null.');
    END IF;
    IF role IS NOT NULL AND NOT (SELECT r.rolsuper FROM pg_roles r WHERE r.rolname = session_user) THEN
        PERFORM citybigdata.refuse(40310, 'Use propose_role(); another administrator confirms it.');
    END IF;
    PERFORM citybigdata.change_account(user_name, '{active}', NULL, coalesce(role, ''), role,
                                       CASE WHEN role IS NULL THEN 'account.demote' ELSE 'account.promote' END);
END
$$;
COMMENT ON FUNCTION citybigdata.set_admin_role(text, text) IS
'Makes an active account an administrator of one role, in place of the one it had: sysadmin, secadmin or auditor (kept apart as GB/T 22239 asks); '
'null: an ordinary account, and its administrator''s tokens are refused at once. Only a superuser makes one alone: see propose_role(). Errors: 40310; 40405; 42204';

CREATE OR REPLACE FUNCTION citybigdata.make_administrator(user_name text, administrator boolean DEFAULT true) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT citybigdata.set_admin_role(user_name, CASE WHEN administrator THEN 'secadmin' END)
$$;
COMMENT ON FUNCTION citybigdata.make_administrator(text, boolean) IS
'set_admin_role(user_name, ''secadmin''): makes an active account the administrator who reviews, or (false) an ordinary one. Error 40405';

CREATE OR REPLACE FUNCTION citybigdata.suspend_account(user_name text, reason text DEFAULT NULL) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT citybigdata.change_account(user_name, '{active}', 'suspended', NULL, reason, 'account.suspend')
$$;
COMMENT ON FUNCTION citybigdata.suspend_account(text, text) IS
'Suspends an active account: it and its applications are refused from the very next request on. Error 40405';

CREATE OR REPLACE FUNCTION citybigdata.resume_account(user_name text) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT citybigdata.change_account(user_name, '{suspended}', 'active', NULL, NULL, 'account.resume')
$$;
COMMENT ON FUNCTION citybigdata.resume_account(text) IS 'Lets a suspended account in again. Error 40405';

CREATE OR REPLACE FUNCTION citybigdata.revoke_account(user_name text, reason text DEFAULT NULL) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT citybigdata.change_account(user_name, '{pending,active,suspended}', 'revoked', '', reason, 'account.revoke')
$$;
COMMENT ON FUNCTION citybigdata.revoke_account(text, text) IS
'Closes an account for good: it and its applications are refused from the very next request on; its name stays taken. Error 40405';

CREATE OR REPLACE FUNCTION citybigdata.expire_account(user_name text, valid_until timestamptz DEFAULT clock_timestamp()) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE citybigdata.account AS a SET valid_until = expire_account.valid_until
    WHERE lower(a.user_name COLLATE "C") = lower(expire_account.user_name COLLATE "C");
    IF NOT FOUND THEN
        PERFORM citybigdata.refuse(40405, 'There is no such account.');
    END IF;
    PERFORM citybigdata.audit_event('account.expire', expire_account.user_name, coalesce(expire_account.valid_until::text, 'no end'));
END
$$;
COMMENT ON FUNCTION citybigdata.expire_account(text, timestamptz) IS
'Sets the end of an account, now unless said otherwise; null = no end. It and its applications are refused from then on. Error 40405';

CREATE OR REPLACE FUNCTION citybigdata.reset_password(user_name text) RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_reset_password' LANGUAGE c VOLATILE STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.reset_password(text) IS
'Gives an account a random password and returns it, this once; it must be changed before anything else (40306 until then). '
'An administrator''s tokens end. Errors: 40405; 40900 changed by somebody else meanwhile';

CREATE OR REPLACE FUNCTION citybigdata.change_password(user_name text, password text, new_password text, OUT status_code integer, OUT message text,
    OUT retry_after integer)
    AS 'MODULE_PATHNAME', 'cbd_change_password' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.change_password(text, text, text) IS
'Changes a password; needs the one of before (expired or temporary is no obstacle), whose failures count towards the lock-out. An administrator''s tokens end. '
'0; 40101; 42901 with retry_after; 40300 not active. Error 42200, 42229: the new one breaks a rule or is one of the last citybigdata.password_history. Secrets: keep the statement out of logs';

CREATE OR REPLACE FUNCTION citybigdata.unlock(kind text, subject text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    unlocked boolean;
BEGIN
    DELETE FROM citybigdata.lockout AS l
    WHERE l.kind = unlock.kind
      AND l.subject = CASE WHEN unlock.kind IN ('account', 'totp') THEN lower(unlock.subject COLLATE "C") ELSE unlock.subject END;
    unlocked := FOUND;
    PERFORM citybigdata.audit_event('account.unlock', unlock.kind || ' ' || unlock.subject, NULL);
    RETURN unlocked;
END
$$;
COMMENT ON FUNCTION citybigdata.unlock(text, text) IS
'Ends a lock-out and forgets its failures. from every address. kind: address, account, totp, application or registration; subject as in table lockout. False: there was nothing';

CREATE OR REPLACE FUNCTION citybigdata.unlock_account(user_name text) RETURNS boolean
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    -- both, whatever the first one finds
    SELECT citybigdata.unlock('account', user_name)::integer + citybigdata.unlock('totp', user_name)::integer > 0
$$;
COMMENT ON FUNCTION citybigdata.unlock_account(text) IS 'Ends the lock-out of a user name, of its password and of its second factor. False: there was nothing';

CREATE OR REPLACE FUNCTION citybigdata.lockout_subject(address inet) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN family(address) = 4 THEN host(address)
                WHEN address <<= inet '::ffff:0:0/96' THEN host(inet '0.0.0.0' + (set_masklen(address, 128) - inet '::ffff:0:0'))
                ELSE host(network(set_masklen(address, 64))) || '/64' END
$$;
COMMENT ON FUNCTION citybigdata.lockout_subject(inet) IS 'How a client address is counted in table lockout: IPv4 whole, IPv6 by its /64';

CREATE OR REPLACE FUNCTION citybigdata.unlock_address(address inet) RETURNS boolean
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT citybigdata.unlock('address', citybigdata.lockout_subject(address))
$$;
COMMENT ON FUNCTION citybigdata.unlock_address(inet) IS 'Ends the lock-out of a client address (IPv6: of its /64). False: there was nothing';

CREATE OR REPLACE FUNCTION citybigdata.rest_account_register(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    user_name text, password text, organization text, contact_name text, mobile text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_account_register' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_account_register(text, inet, text, text, bytea, text, text, text, text, text) IS
'POST /accounts: {accountId, state} (clause 5.2-a). 42200, 42229 with all errors; 40902 name taken; 42900 too many from this client address';

CREATE OR REPLACE FUNCTION citybigdata.rest_account_approve(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    id text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_account_approve' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_account_approve(text, inet, text, text, bytea, text) IS
'POST /admin/accounts/{id}/approve: {accountId, state}. 401nn, 40304; 40405; 40903';

CREATE OR REPLACE FUNCTION citybigdata.rest_account_reject(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    id text, reason text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_account_reject' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_account_reject(text, inet, text, text, bytea, text, text) IS
'POST /admin/accounts/{id}/reject: {accountId, state}; reason: at most 500 characters. 401nn, 40304; 40405; 40903';

CREATE OR REPLACE FUNCTION citybigdata.rest_account_password(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    user_name text, password text, new_password text, totp text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_account_password' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_account_password(text, inet, text, text, bytea, text, text, text, text) IS
'POST /accounts/password: changes a password, an expired or temporary one too; totp for an account that has a second factor. 40101 for whatever is wrong; '
'42901 locked; 42200, 42229 errors of the new one; 40300 the account is not active';

CREATE OR REPLACE FUNCTION citybigdata.rest_login_reserve(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    user_name text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_login_reserve' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_login_reserve(text, inet, text, text, bytea, text) IS
'Counts a log-in attempt before its password is checked, in a transaction of its own (clause 5.2-e): 0 = go on within a minute with the same '
'requestId, user name and address; 42901 locked. For scheme basic the user name is in the credential';

CREATE OR REPLACE FUNCTION citybigdata.rest_admin_login(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    user_name text, password text, totp text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_admin_login' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_admin_login(text, inet, text, text, bytea, text, text, text) IS
'POST /admin/login: {accessToken, tokenType, expiresIn} for administrators (clause 6.3). 40101 for whatever is wrong; 42901 locked; 40308 the password was right, but no second factor is enrolled';

-- code/22-access-application.sql
-- Access requests, applications and grants: from SQL and the endpoints.
COMMENT ON TABLE citybigdata.resource IS 'Service resources 服务资源 that can be applied for and granted';
COMMENT ON COLUMN citybigdata.resource.resource_code IS 'Code of the resource: small letters, digits, hyphens; at most 64';
COMMENT ON COLUMN citybigdata.resource.title IS 'English title';
COMMENT ON COLUMN citybigdata.resource.title_zh IS 'Chinese title';
COMMENT ON COLUMN citybigdata.resource.shipped IS 'Came with the extension (not dumped)';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.resource', 'WHERE NOT shipped');
-- grants name it, so it is never deleted
INSERT INTO citybigdata.resource AS r (resource_code, title, title_zh, shipped) VALUES
('events', 'City-management events: reporting and reading', '城市管理问题上报与查询', true)
ON CONFLICT ON CONSTRAINT resource_pkey DO UPDATE SET title = excluded.title, title_zh = excluded.title_zh WHERE r.shipped;

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
COMMENT ON COLUMN citybigdata.application.epoch IS 'Raised by renew_credentials(): codes, tokens and sealed addresses of before are void';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.application', '');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.application_app_id_seq', '');

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
SELECT pg_catalog.pg_extension_config_dump('citybigdata.access_request', '');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.access_request_access_request_id_seq', '');

COMMENT ON TABLE citybigdata.sender IS 'Which application reports as which senderCode; a senderCode belongs to one application';
COMMENT ON COLUMN citybigdata.sender.sender_code IS 'senderCode of table A.3, free text of the sending system';
COMMENT ON COLUMN citybigdata.sender.app_id IS 'The application that owns it';
COMMENT ON COLUMN citybigdata.sender.created_at IS 'When it was given';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.sender', '');

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
SELECT pg_catalog.pg_extension_config_dump('citybigdata.app_grant', '');

COMMENT ON TABLE citybigdata.rate_bucket IS 'What is left of the limits of grants that have one; shared by all bridges';
COMMENT ON COLUMN citybigdata.rate_bucket.app_id IS 'The application';
COMMENT ON COLUMN citybigdata.rate_bucket.resource IS 'Code of the resource';
COMMENT ON COLUMN citybigdata.rate_bucket.tokens IS 'Requests that were left at refilled_at';
COMMENT ON COLUMN citybigdata.rate_bucket.refilled_at IS 'When tokens was true';
COMMENT ON COLUMN citybigdata.rate_bucket.quota_day IS 'The day that quota_used is about';
COMMENT ON COLUMN citybigdata.rate_bucket.quota_used IS 'Requests of that day';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.rate_bucket', '');

CREATE OR REPLACE FUNCTION citybigdata.app_code_parts(app_code text, OUT platform_code text, OUT serial integer)
    AS 'MODULE_PATHNAME', 'cbd_app_code_parts' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.app_code_parts(text) IS
'Platform code and serial of an appCode (clause 5.3.3); error UD00D (40013) when it is malformed or its check character (ISO 7064 MOD 37,36) is wrong';
CREATE OR REPLACE FUNCTION citybigdata.request_access(user_name text, resources text[], methods text[], purpose text DEFAULT NULL,
    ip_ranges text[] DEFAULT '{}', sender_codes text[] DEFAULT '{}', profile text DEFAULT 'strict', level integer DEFAULT 1,
    valid_until timestamptz DEFAULT NULL, redirect_uris text[] DEFAULT '{}', client_type text DEFAULT 'confidential') RETURNS bigint
    AS 'MODULE_PATHNAME', 'cbd_request_access' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.request_access(text, text[], text[], text, text[], text[], text, integer, timestamptz, text[], text) IS
'Applies for resources in the name of an active account (clause 5.2-a); returns access_request_id. methods: key, password, signature, ip; '
'ip_ranges: CIDR, with method ip those that need no other credential, without it those that requests must come from. '
'Errors: 42200 with every error in the detail, 40904 a senderCode is taken, 40405';

CREATE OR REPLACE FUNCTION citybigdata.approve_access(access_request_id bigint) RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_approve_access' LANGUAGE c VOLATILE STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.approve_access(bigint) IS
'Approves a pending request: application, senders and grants; returns the appCode (clause 5.3.3). Errors: 40406, 40903, 40904 a senderCode is taken';

CREATE OR REPLACE FUNCTION citybigdata.reject_access(access_request_id bigint, reason text DEFAULT NULL) RETURNS void
    AS 'MODULE_PATHNAME', 'cbd_reject_access' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.reject_access(bigint, text) IS 'Rejects a pending request. Errors: 40406, 40903';

CREATE OR REPLACE FUNCTION citybigdata.take_credentials(access_request_id bigint, OUT app_code text, OUT key text, OUT signing_secret text)
    AS 'MODULE_PATHNAME', 'cbd_take_credentials' LANGUAGE c VOLATILE STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.take_credentials(bigint) IS
'Makes and returns the credentials of an approved request, exactly once: UUID key (null for a public client that did not ask for one) and '
'signing secret (null unless method signature). Kept are a digest and an encrypted form. Errors: 40406; 40900 not approved; 40905 taken before; '
'50303 no master key';

CREATE OR REPLACE FUNCTION citybigdata.renew_credentials(app_code text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM citybigdata.require_own_transaction('renew_credentials');
    UPDATE citybigdata.application AS a SET key_digest = NULL, signing_secret = NULL, credentials_taken_at = NULL,
        previous_key_digest = NULL, previous_signing_secret = NULL, previous_valid_until = NULL, rotation_overlap = NULL,
        epoch = a.epoch + 1
    WHERE a.app_code = renew_credentials.app_code;
    IF NOT FOUND THEN
        PERFORM citybigdata.refuse(40400, 'There is no such application.');
    END IF;
    PERFORM citybigdata.audit_event('access.renew', renew_credentials.app_code, NULL);
END
$$;
COMMENT ON FUNCTION citybigdata.renew_credentials(text) IS
'Voids key and signing secret of an application at once, with all codes, tokens, consents and sealed addresses of before; new ones are made when its owner collects them (take_credentials). Error 40400';

CREATE OR REPLACE FUNCTION citybigdata.rotate_credentials(INOUT app_code text, overlap interval DEFAULT '7 days', OUT key text, OUT signing_secret text,
    OUT previous_valid_until timestamptz)
    AS 'MODULE_PATHNAME', 'cbd_rotate_credentials' LANGUAGE c VOLATILE STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rotate_credentials(text, interval) IS
'Makes new credentials of an application and returns them, this once; those of before stay valid for overlap (0 to 90 days). Tokens stay as they are. '
'Errors: 40400 no such application, or revoked; 42204';

CREATE OR REPLACE FUNCTION citybigdata.change_application(app_code text, from_state text, to_state text, action text, note text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE citybigdata.application AS a SET state = to_state
    WHERE a.app_code = change_application.app_code AND a.state = from_state;
    IF NOT FOUND THEN
        PERFORM citybigdata.refuse(40400, format('There is no application "%s" in state %s.', left(change_application.app_code, 64), from_state));
    END IF;
    PERFORM citybigdata.audit_event(action, change_application.app_code, note);
END
$$;
COMMENT ON FUNCTION citybigdata.change_application(text, text, text, text, text) IS
'Changes the state of an application and writes the audit row; for the functions of this extension only';

CREATE OR REPLACE FUNCTION citybigdata.suspend_application(app_code text, reason text DEFAULT NULL) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT citybigdata.change_application(app_code, 'active', 'suspended', 'access.suspend', reason)
$$;
COMMENT ON FUNCTION citybigdata.suspend_application(text, text) IS 'Refuses an application from the very next request on. Error 40400';

CREATE OR REPLACE FUNCTION citybigdata.resume_application(app_code text) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT citybigdata.change_application(app_code, 'suspended', 'active', 'access.resume', NULL)
$$;
COMMENT ON FUNCTION citybigdata.resume_application(text) IS 'Lets a suspended application in again. Error 40400';

CREATE OR REPLACE FUNCTION citybigdata.revoke_grant(app_code text, resource text DEFAULT NULL) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    revoked integer;
BEGIN
    UPDATE citybigdata.app_grant AS g SET state = 'revoked', revoked_at = clock_timestamp()
    FROM citybigdata.application a
    WHERE a.app_code = revoke_grant.app_code AND g.app_id = a.app_id AND g.state <> 'revoked'
      AND (revoke_grant.resource IS NULL OR g.resource = revoke_grant.resource);
    GET DIAGNOSTICS revoked = ROW_COUNT;
    PERFORM citybigdata.audit_event('access.revoke', revoke_grant.app_code, coalesce(revoke_grant.resource, 'all resources'));
    RETURN revoked;
END
$$;
COMMENT ON FUNCTION citybigdata.revoke_grant(text, text) IS
'Revokes the grant of one resource, or of all (null), from the very next request on; returns how many it revoked';

CREATE OR REPLACE FUNCTION citybigdata.revoke_application(app_code text, reason text DEFAULT NULL) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE citybigdata.application AS a
    SET state = 'revoked', key_digest = NULL, signing_secret = NULL, previous_key_digest = NULL, previous_signing_secret = NULL,
        previous_valid_until = NULL, rotation_overlap = NULL
    WHERE a.app_code = revoke_application.app_code AND a.state <> 'revoked';
    IF NOT FOUND THEN
        PERFORM citybigdata.refuse(40400, 'There is no such application that is not revoked.');
    END IF;
    PERFORM citybigdata.audit_event('access.close', revoke_application.app_code, reason);
END
$$;
COMMENT ON FUNCTION citybigdata.revoke_application(text, text) IS
'Closes an application for good: refused from the very next request on, its credentials are gone. Its senderCodes stay its own. Error 40400';

CREATE OR REPLACE FUNCTION citybigdata.expire_application(app_code text, valid_until timestamptz DEFAULT clock_timestamp()) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE citybigdata.application AS a SET valid_until = expire_application.valid_until WHERE a.app_code = expire_application.app_code;
    IF NOT FOUND THEN
        PERFORM citybigdata.refuse(40400, 'There is no such application.');
    END IF;
    PERFORM citybigdata.audit_event('access.expire', expire_application.app_code, coalesce(expire_application.valid_until::text, 'no end'));
END
$$;
COMMENT ON FUNCTION citybigdata.expire_application(text, timestamptz) IS
'Sets the end of an application, now unless said otherwise; null = no end. Refused from then on. Error 40400';

CREATE OR REPLACE FUNCTION citybigdata.change_grant(app_code text, resource text, from_state text, to_state text, action text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE citybigdata.app_grant AS g SET state = to_state
    FROM citybigdata.application a
    WHERE a.app_code = change_grant.app_code AND g.app_id = a.app_id AND g.resource = change_grant.resource AND g.state = from_state;
    IF NOT FOUND THEN
        PERFORM citybigdata.refuse(40400, format('There is no such grant in state %s.', from_state));
    END IF;
    PERFORM citybigdata.audit_event(action, change_grant.app_code, change_grant.resource);
END
$$;
COMMENT ON FUNCTION citybigdata.change_grant(text, text, text, text, text) IS
'Changes the state of a grant and writes the audit row; for the functions of this extension only';

CREATE OR REPLACE FUNCTION citybigdata.grant_access(app_code text, resource text, level integer DEFAULT 1, valid_until timestamptz DEFAULT NULL) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF grant_access.level IS NULL OR grant_access.level NOT BETWEEN 1 AND 4 THEN
        PERFORM citybigdata.refuse(42204, 'level must be 1 to 4.');
    END IF;
    IF NOT EXISTS (SELECT FROM citybigdata.resource r WHERE r.resource_code = grant_access.resource) THEN
        PERFORM citybigdata.refuse(40407, format('There is no resource "%s".', left(grant_access.resource, 64)));
    END IF;
    IF EXISTS (SELECT FROM citybigdata.application a JOIN citybigdata.account c ON c.account_id = a.account_id
               WHERE a.app_code = grant_access.app_code AND c.approved_by = 'role:' || session_user
                 AND grant_access.level >= current_setting('citybigdata.second_person_level')::integer)
       AND NOT (SELECT r.rolsuper FROM pg_roles r WHERE r.rolname = session_user) THEN
        PERFORM citybigdata.refuse(40310, 'You approved the account: another administrator grants this level.');
    END IF;
    INSERT INTO citybigdata.app_grant AS g (app_id, resource, level, valid_until, granted_by)
    SELECT a.app_id, grant_access.resource, grant_access.level, grant_access.valid_until, 'role:' || session_user
    FROM citybigdata.application a WHERE a.app_code = grant_access.app_code AND a.state <> 'revoked'
    ON CONFLICT ON CONSTRAINT app_grant_pkey DO UPDATE SET level = excluded.level, valid_until = excluded.valid_until, state = 'active',
        granted_at = clock_timestamp(), granted_by = excluded.granted_by, revoked_at = NULL;
    IF NOT FOUND THEN
        PERFORM citybigdata.refuse(40400, format('There is no application "%s" that is not revoked.', left(grant_access.app_code, 64)));
    END IF;
    PERFORM citybigdata.audit_event('access.grant', grant_access.app_code, format('%s, level %s', grant_access.resource, grant_access.level));
END
$$;
COMMENT ON FUNCTION citybigdata.grant_access(text, text, integer, timestamptz) IS
'Gives an application that is there one more resource, from the very next request on, or changes level and end of a grant; a suspended or revoked '
'grant counts again, its limits stay. Errors: 40400 no such application, or revoked; 40407; 42204';

CREATE OR REPLACE FUNCTION citybigdata.suspend_grant(app_code text, resource text) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT citybigdata.change_grant(app_code, resource, 'active', 'suspended', 'access.suspend-grant')
$$;
COMMENT ON FUNCTION citybigdata.suspend_grant(text, text) IS 'Refuses an application one resource from the very next request on. Error 40400';

CREATE OR REPLACE FUNCTION citybigdata.resume_grant(app_code text, resource text) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT citybigdata.change_grant(app_code, resource, 'suspended', 'active', 'access.resume-grant')
$$;
COMMENT ON FUNCTION citybigdata.resume_grant(text, text) IS 'Puts a suspended grant back. Error 40400';

CREATE OR REPLACE FUNCTION citybigdata.expire_grant(app_code text, resource text, valid_until timestamptz DEFAULT clock_timestamp()) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE citybigdata.app_grant AS g SET valid_until = expire_grant.valid_until
    FROM citybigdata.application a
    WHERE a.app_code = expire_grant.app_code AND g.app_id = a.app_id AND g.resource = expire_grant.resource;
    IF NOT FOUND THEN
        PERFORM citybigdata.refuse(40400, 'There is no such grant.');
    END IF;
    PERFORM citybigdata.audit_event('access.expire-grant', expire_grant.app_code,
                                    expire_grant.resource || ': ' || coalesce(expire_grant.valid_until::text, 'no end'));
END
$$;
COMMENT ON FUNCTION citybigdata.expire_grant(text, text, timestamptz) IS
'Sets the end of a grant, now unless said otherwise; null = no end. Refused from then on. Error 40400';

CREATE OR REPLACE FUNCTION citybigdata.rest_access_request(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    platform_code text, resources text[], purpose text, methods text[], ip_ranges text[], sender_codes text[], profile text, level text,
    valid_until text, redirect_uris text[], client_type text, totp text DEFAULT NULL) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_access_request' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_access_request(text, inet, text, text, bytea, text, text[], text, text[], text[], text[], text, text, text, text[], text, text) IS
'POST /access-requests: {accessRequestId, state} (clause 5.2-a). 401nn; 42200 with all errors; 40904 a senderCode is taken';

CREATE OR REPLACE FUNCTION citybigdata.rest_access_request_state(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    id text, totp text DEFAULT NULL) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_access_request_state' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_access_request_state(text, inet, text, text, bytea, text, text) IS
'GET /access-requests/{id}: {accessRequestId, state, reason, appCode}, and once after approval, to its account by Basic, {key, signingSecret}. '
'40406 unknown or somebody else''s';

CREATE OR REPLACE FUNCTION citybigdata.rest_access_approve(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    id text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_access_approve' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_access_approve(text, inet, text, text, bytea, text) IS
'POST /admin/access-requests/{id}/approve: {accessRequestId, state, appCode}. 401nn, 40304; 40406; 40903; 40904 with the senderCodes';

CREATE OR REPLACE FUNCTION citybigdata.rest_access_reject(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    id text, reason text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_access_reject' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_access_reject(text, inet, text, text, bytea, text, text) IS
'POST /admin/access-requests/{id}/reject: {accessRequestId, state}; reason: at most 500 characters. 401nn, 40304; 40406; 40903';

-- code/23-access-limits.sql
-- Rate limits and quotas of grants.
CREATE OR REPLACE FUNCTION citybigdata.set_limit(app_code text, resource text, per_second double precision DEFAULT NULL, burst integer DEFAULT NULL,
    daily_quota integer DEFAULT NULL) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    -- one second's worth at once unless said otherwise
    size integer := coalesce(burst, greatest(ceil(least(per_second, 1000000)), 1)::integer);
BEGIN
    IF per_second <= 0 OR per_second > 1000000 OR per_second = 'NaN' OR size NOT BETWEEN 1 AND 1000000 OR daily_quota <= 0
       OR (per_second IS NULL AND burst IS NOT NULL) THEN
        PERFORM citybigdata.refuse(42204, 'per_second: above 0 to 1000000; burst, only beside it: 1 to 1000000; daily_quota: 1 and more. Null: none.');
    END IF;
    UPDATE citybigdata.app_grant AS g
    SET rate_per_second = per_second, rate_burst = CASE WHEN per_second IS NOT NULL THEN size END, daily_quota = set_limit.daily_quota
    FROM citybigdata.application a
    WHERE a.app_code = set_limit.app_code AND g.app_id = a.app_id AND g.resource = set_limit.resource;
    IF NOT FOUND THEN
        PERFORM citybigdata.refuse(40400, 'There is no such grant.');
    END IF;
    PERFORM citybigdata.audit_event('access.limit', set_limit.app_code,
        format('%s: %s per second, burst %s, %s per day', set_limit.resource, coalesce(per_second::text, 'no limit'),
               coalesce(CASE WHEN per_second IS NOT NULL THEN size END::text, '-'), coalesce(set_limit.daily_quota::text, 'no quota')));
END
$$;
COMMENT ON FUNCTION citybigdata.set_limit(text, text, double precision, integer, integer) IS
'Limits an application on a resource, from the very next request on: requests per second in the long run, how many may come at once (burst; default: '
'one second''s worth), requests per day of the platform''s zone; null = no such limit. Beyond them 42900 and 42902 with Retry-After. Errors: 40400 no such grant; 42204';

-- code/24-access-authcode.sql
-- One-time codes and tokens: from SQL and the endpoints. Refusals are rows or frames: a raised error would undo the counting.
COMMENT ON TABLE citybigdata.auth_code IS 'One-time authorisation codes 授权码 (clause 5.3.5); used ones are kept to recognise a replay';
COMMENT ON COLUMN citybigdata.auth_code.code_digest IS 'SHA-256 of the code';
COMMENT ON COLUMN citybigdata.auth_code.family_id IS 'Ties a code to the tokens made from it: a replay of the code revokes them';
COMMENT ON COLUMN citybigdata.auth_code.app_id IS 'The application that it was issued to';
COMMENT ON COLUMN citybigdata.auth_code.method IS 'How the application had authenticated: key, password, signature, ip';
COMMENT ON COLUMN citybigdata.auth_code.issued_at IS 'When it was issued';
COMMENT ON COLUMN citybigdata.auth_code.expires_at IS 'When it becomes void unused';
COMMENT ON COLUMN citybigdata.auth_code.used_at IS 'When it was spent; null = not yet';
COMMENT ON COLUMN citybigdata.auth_code.app_epoch IS 'Epoch of the application that it was issued in; void in another';
COMMENT ON COLUMN citybigdata.auth_code.account_epoch IS 'Epoch of the account, of method password; void in another';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.auth_code', '');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.auth_code_family_id_seq', '');

COMMENT ON TABLE citybigdata.access_token IS 'Bearer tokens 访问令牌 (clause 5.2-e)';
COMMENT ON COLUMN citybigdata.access_token.token_digest IS 'SHA-256 of the token';
COMMENT ON COLUMN citybigdata.access_token.family_id IS 'family_id of the code it was made from; null for an administrator''s log-in and for client credentials';
COMMENT ON COLUMN citybigdata.access_token.app_id IS 'The application; null for an administrator''s token';
COMMENT ON COLUMN citybigdata.access_token.account_id IS 'The account: owner of the application, or the administrator';
COMMENT ON COLUMN citybigdata.access_token.resources IS 'Only these of the application''s granted resources; null = all of them';
COMMENT ON COLUMN citybigdata.access_token.level IS 'Highest data level, where it is below that of the grant; null = that of the grant';
COMMENT ON COLUMN citybigdata.access_token.client_addr IS 'The only client address that it is accepted from; null = any';
COMMENT ON COLUMN citybigdata.access_token.issued_at IS 'When it was issued';
COMMENT ON COLUMN citybigdata.access_token.last_used_at IS
'About when it was last used: written at most once a minute, for the idle expiry (citybigdata.token_idle_ttl); null = not yet';
COMMENT ON COLUMN citybigdata.access_token.expires_at IS 'Refused from then on';
COMMENT ON COLUMN citybigdata.access_token.revoked_at IS 'When it was revoked; null = not';
COMMENT ON COLUMN citybigdata.access_token.app_epoch IS 'Epoch of the application that it was made in; refused in another';
COMMENT ON COLUMN citybigdata.access_token.account_epoch IS 'Epoch of the account whose password it was made with; refused in another; null = by no password';
COMMENT ON COLUMN citybigdata.access_token.by_address IS 'Made by method ip: accepted from the application''s address ranges only, as they are now';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.access_token', '');

CREATE OR REPLACE FUNCTION citybigdata.granted(app_id integer, token bytea, resource text, level integer) RETURNS boolean
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (SELECT FROM citybigdata.app_grant g WHERE g.app_id = $1 AND g.resource = $3 AND g.state = 'active'
                   AND (g.valid_until IS NULL OR g.valid_until > now()) AND g.level >= coalesce($4, 1))
       AND ($2 IS NULL OR EXISTS (SELECT FROM citybigdata.access_token t WHERE t.token_digest = $2
                                  AND (t.resources IS NULL OR $3 = ANY (t.resources)) AND coalesce(t.level, 4) >= coalesce($4, 1)))
$$;
COMMENT ON FUNCTION citybigdata.granted(integer, bytea, text, integer) IS
'May the application use a resource of this level (null: 1), and, where the digest of a narrowed token is given, may that token? For lists; every request is judged by itself';

CREATE OR REPLACE FUNCTION citybigdata.issue_auth_code(app_code text, method text, key text DEFAULT NULL, user_name text DEFAULT NULL,
    password text DEFAULT NULL, client_addr inet DEFAULT NULL,
    OUT status_code integer, OUT message text, OUT auth_code text, OUT expires_in integer, OUT retry_after integer)
    AS 'MODULE_PATHNAME', 'cbd_issue_auth_code' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.issue_auth_code(text, text, text, text, text, inet) IS
'Authenticates an application and makes a one-time code of 256 random bits (clauses 5.3.5, 5.5). method: key, password or ip (then client_addr). '
'status_code 0, or 40013, 40014, 40101, 40104, 40300, 40303, 42201, 42901 with retry_after; times in seconds. Code, key and password are secrets: '
'keep the statement out of logs';

CREATE OR REPLACE FUNCTION citybigdata.exchange_auth_code(app_code text, auth_code text, client_addr inet DEFAULT NULL,
    OUT status_code integer, OUT message text, OUT access_token text, OUT expires_in integer, OUT retry_after integer)
    AS 'MODULE_PATHNAME', 'cbd_exchange_auth_code' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.exchange_auth_code(text, text, inet) IS
'Exchanges a code for a bearer token, once (clauses 5.2-e, 5.3.5), one of method ip from the same address ranges (client_addr); a replay revokes the token. status_code 0, or 40012, 40013, 40300, 40104, '
'42201, 42901 with retry_after; expires_in in seconds';

CREATE OR REPLACE FUNCTION citybigdata.check_token(token text, OUT status_code integer, OUT message text, OUT app_code text, OUT user_name text,
    OUT administrator boolean, OUT profile text, OUT level integer)
    AS 'MODULE_PATHNAME', 'cbd_check_token' LANGUAGE c STABLE STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.check_token(text) IS
'Whom a bearer token stands for now; status_code 0, 40102 (unknown, expired, revoked, suspended) or 40104 (bound to other addresses)';

CREATE OR REPLACE FUNCTION citybigdata.revoke_token(token text) RETURNS boolean
    AS 'MODULE_PATHNAME', 'cbd_revoke_token' LANGUAGE c VOLATILE STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.revoke_token(text) IS 'Revokes a bearer token, or a refresh token with all tokens of its family; true when it was valid until now';

CREATE OR REPLACE FUNCTION citybigdata.rest_auth_code(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    method text, key text, user_name text, password text, reserved boolean, totp text DEFAULT NULL) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_auth_code' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_auth_code(text, inet, text, text, bytea, text, text, text, text, boolean, text) IS
'POST /auth/code: {authCode, expiresIn} (clauses 5.3.5, 5.5). 40013, 40014, 422nn fields; 40101 whatever is wrong; 40104, 40303, 40300; 42901 locked. '
'A reservation by rest_login_reserve() under the same requestId is used up; reserved itself decides nothing';

CREATE OR REPLACE FUNCTION citybigdata.rest_auth_token(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    auth_code bytea, resources text[] DEFAULT NULL, level text DEFAULT NULL, bind_address boolean DEFAULT NULL) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_auth_token' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_auth_token(text, inet, text, text, bytea, bytea, text[], text, boolean) IS
'POST /auth/token: {accessToken, tokenType, expiresIn}; auth_code: SHA-256 of the code (clause 5.2-e). resources, level (1-4), bind_address narrow the '
'token: to some of the granted resources, to a data level, to this client address. 40012 unknown, expired, used or another application''s; 40013; '
'40104; 40300; 422nn; 42901';

CREATE OR REPLACE FUNCTION citybigdata.rest_auth_revoke(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    token bytea) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_auth_revoke' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_auth_revoke(text, inet, text, text, bytea, bytea) IS
'POST /auth/revoke (RFC 7009 in the envelope): revokes a token of the caller, a refresh token with its family; token: its SHA-256. 401nn; 42201';

CREATE OR REPLACE FUNCTION citybigdata.rest_auth_introspect(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    token bytea) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_auth_introspect' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_auth_introspect(text, inet, text, text, bytea, bytea) IS
'POST /auth/introspect (RFC 7662 in the envelope): {active, scope, client_id, username, token_type, exp, iat, level} of a token of the caller; '
'administrators: of any. {active: false} for every other. token: its SHA-256. 401nn; 42201';
-- Housekeeping, for maintain().
CREATE OR REPLACE FUNCTION citybigdata.maintain_access() RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    token_ttl interval := current_setting('citybigdata.token_ttl')::interval;
    lock_time interval := current_setting('citybigdata.lockout_duration')::interval;
    removed bigint;
    total bigint := 0;
BEGIN
    -- a used code is kept as long as a token made from it can live, so that a replay is recognised
    DELETE FROM citybigdata.auth_code WHERE code_digest IN
        (SELECT code_digest FROM citybigdata.auth_code WHERE expires_at < now() - token_ttl - interval '1 day' LIMIT 10000);
    GET DIAGNOSTICS removed = ROW_COUNT;
    total := total + removed;
    DELETE FROM citybigdata.access_token WHERE token_digest IN
        (SELECT token_digest FROM citybigdata.access_token WHERE expires_at < now() - interval '1 day' LIMIT 10000);
    GET DIAGNOSTICS removed = ROW_COUNT;
    total := total + removed;
    -- a log-in locks its address row first, then its subject's: never wait for one of them here
    DELETE FROM citybigdata.lockout WHERE (kind, subject, address) IN
        (SELECT l.kind, l.subject, l.address FROM citybigdata.lockout l
         WHERE l.last_attempt_at < now() - CASE WHEN l.kind = 'totp' OR l.succeeded_at IS NOT NULL THEN interval '30 days'
                                                WHEN l.kind = 'account' AND l.address = '' THEN interval '1 day' ELSE lock_time END
           AND coalesce(l.locked_until < now(), true) LIMIT 10000 FOR UPDATE SKIP LOCKED);
    GET DIAGNOSTICS removed = ROW_COUNT;
    total := total + removed;
    UPDATE citybigdata.admin_proposal SET state = 'expired' WHERE state = 'open' AND expires_at < now();
    DELETE FROM citybigdata.login_reservation WHERE reserved_at < now() - interval '5 minutes';
    GET DIAGNOSTICS removed = ROW_COUNT;
    RETURN total + removed;
END
$$;
COMMENT ON FUNCTION citybigdata.maintain_access() IS 'Removes codes, tokens, lock-outs and reservations that have no effect any more; returns how many';

CREATE OR REPLACE FUNCTION citybigdata.rest_may_upload(request_id text, client_addr inet, app_code text, scheme text, credential bytea) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_may_upload' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_may_upload(text, inet, text, text, bytea) IS
'May more than the first 64 KiB of a body come? 0: a credential that counts, or (scheme none) a client address inside the range of an application that '
'reports by its address. Nothing is used up or decided: the request is authorised when its body is there. 401nn';

CREATE OR REPLACE FUNCTION citybigdata.rest_spend_code(request_id text, client_addr inet, app_code text, scheme text, credential bytea) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_spend_code' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_spend_code(text, inet, text, text, bytea) IS
'Spends the code (scheme code) of a request that the bridge has refused. 0, whether it was good or not; audited when it was, as auth.spend';

-- code/26-oauth.sql
-- OAuth 2.0: what the bridge's /oauth endpoints call. Replies are the RFCs' own shapes, refusals {error, error_description}.
COMMENT ON TABLE citybigdata.oauth_grant IS
'Consents: a family of refresh and access tokens that began with one authorisation code (RFC 6749 4.1, RFC 9700 4.14)';
COMMENT ON COLUMN citybigdata.oauth_grant.family_id IS 'Ties the tokens together: they are revoked together';
COMMENT ON COLUMN citybigdata.oauth_grant.app_id IS 'The client';
COMMENT ON COLUMN citybigdata.oauth_grant.account_id IS 'The account that consented: the one that owns the application';
COMMENT ON COLUMN citybigdata.oauth_grant.resources IS 'Resources consented to; what the application is granted now is checked on every request beside it';
COMMENT ON COLUMN citybigdata.oauth_grant.generation IS 'Generation of the refresh tokens that are good now: one more with each rotation';
COMMENT ON COLUMN citybigdata.oauth_grant.granted_at IS 'When the code was redeemed';
COMMENT ON COLUMN citybigdata.oauth_grant.rotated_at IS 'When a refresh token was last exchanged for the next';
COMMENT ON COLUMN citybigdata.oauth_grant.expires_at IS 'No refresh from then on, however often it was refreshed (citybigdata.refresh_absolute_ttl)';
COMMENT ON COLUMN citybigdata.oauth_grant.revoked_at IS 'When it was revoked, or a used token of it came back; null = not';
COMMENT ON COLUMN citybigdata.oauth_grant.app_epoch IS 'Epoch of the client when it was consented to; void in another';
COMMENT ON COLUMN citybigdata.oauth_grant.account_epoch IS 'Epoch of the account whose password consented; void in another';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.oauth_grant', '');

COMMENT ON TABLE citybigdata.oauth_code IS 'Authorisation codes of OAuth 2.0 (RFC 6749 4.1.2); used ones are kept to recognise a replay. Not accepted by /auth/token';
COMMENT ON COLUMN citybigdata.oauth_code.code_digest IS 'SHA-256 of the code';
COMMENT ON COLUMN citybigdata.oauth_code.family_id IS 'The family that its tokens will belong to; from the sequence of auth_code, so that families of both are distinct';
COMMENT ON COLUMN citybigdata.oauth_code.app_id IS 'The client that it was issued to';
COMMENT ON COLUMN citybigdata.oauth_code.account_id IS 'The account that consented';
COMMENT ON COLUMN citybigdata.oauth_code.redirect_uri IS 'redirect_uri of the request, which the redemption must repeat; null = it was left out';
COMMENT ON COLUMN citybigdata.oauth_code.code_challenge IS 'PKCE challenge, S256 (RFC 7636); null = a confidential client that sent none';
COMMENT ON COLUMN citybigdata.oauth_code.resources IS 'Resources consented to';
COMMENT ON COLUMN citybigdata.oauth_code.issued_at IS 'When it was issued';
COMMENT ON COLUMN citybigdata.oauth_code.expires_at IS 'When it becomes void unused';
COMMENT ON COLUMN citybigdata.oauth_code.used_at IS 'When it was redeemed, rightly or not; null = not yet';
COMMENT ON COLUMN citybigdata.oauth_code.app_epoch IS 'Epoch of the client when it was consented to';
COMMENT ON COLUMN citybigdata.oauth_code.account_epoch IS 'Epoch of the account whose password consented';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.oauth_code', '');

COMMENT ON TABLE citybigdata.refresh_token IS 'Refresh tokens: each can be used once; used ones are kept to recognise a replay (RFC 9700 4.14.2)';
COMMENT ON COLUMN citybigdata.refresh_token.token_digest IS 'SHA-256 of the token';
COMMENT ON COLUMN citybigdata.refresh_token.family_id IS 'The consent it belongs to';
COMMENT ON COLUMN citybigdata.refresh_token.generation IS 'Good while it equals that of its family';
COMMENT ON COLUMN citybigdata.refresh_token.issued_at IS 'When it was issued';
COMMENT ON COLUMN citybigdata.refresh_token.expires_at IS 'Refused from then on (citybigdata.refresh_ttl after its issue)';
COMMENT ON COLUMN citybigdata.refresh_token.used_at IS 'When it was exchanged; null = not yet';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.refresh_token', '');

CREATE OR REPLACE FUNCTION citybigdata.rest_oauth_authorize_check(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    response_type text, client_id text, redirect_uri text, scope text, state text, code_challenge text, code_challenge_method text,
    issuer text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_oauth_authorize_check' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_oauth_authorize_check(text, inet, text, text, bytea, text, text, text, text, text, text, text, text) IS
'GET /oauth/authorize (RFC 6749 4.1.1, 7636): {page: {clientId, organization, redirectUri, resources}} to show, or {redirect} with the error, state '
'and iss (RFC 9207) for the client. 40006, 40013, 40024, 40007: an error that goes to no client';

CREATE OR REPLACE FUNCTION citybigdata.rest_oauth_authorize_decide(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    response_type text, client_id text, redirect_uri text, scope text, state text, code_challenge text, code_challenge_method text,
    issuer text, user_name text, password text, decision text, totp text DEFAULT NULL) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_oauth_authorize_decide' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_oauth_authorize_decide(text, inet, text, text, bytea, text, text, text, text, text, text, text, text, text, text, text, text) IS
'POST /oauth/authorize: decision allow (by the account that owns the application, with its password) or deny; {redirect} with code or error, '
'state and iss. As authorize_check, and 40101, 42201, 42901 with the page to show again. A reservation by rest_login_reserve() is used up';

CREATE OR REPLACE FUNCTION citybigdata.rest_oauth_token(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    grant_type text, code bytea, redirect_uri text, code_verifier text, refresh_token bytea, scope text, client_id text,
    client_secret text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_oauth_token' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_oauth_token(text, inet, text, text, bytea, text, bytea, text, text, bytea, text, text, text) IS
'POST /oauth/token (RFC 6749 5): grant_type authorization_code, refresh_token or client_credentials; code and refresh_token as SHA-256. Codes and '
'refresh tokens can be used once: a replay revokes the family. 40101 invalid_client, 40012 invalid_grant, 40006, 40015 invalid_request, 40020, 40021, 40022, 42901';

CREATE OR REPLACE FUNCTION citybigdata.rest_oauth_revoke(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    token bytea, token_type_hint text, client_id text, client_secret text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_oauth_revoke' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_oauth_revoke(text, inet, text, text, bytea, bytea, text, text, text) IS
'POST /oauth/revoke (RFC 7009): an access token, or a refresh token with its family; token: its SHA-256. 40101, 40006, 40015, 42901';

CREATE OR REPLACE FUNCTION citybigdata.rest_oauth_introspect(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    token bytea, token_type_hint text, client_id text, client_secret text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_oauth_introspect' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_oauth_introspect(text, inet, text, text, bytea, bytea, text, text, text) IS
'POST /oauth/introspect (RFC 7662): a token of the authenticated client; {active: false} for every other. 40101, 40006, 40015, 42901';

CREATE OR REPLACE FUNCTION citybigdata.revoke_consent(app_code text) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    revoked integer;
BEGIN
    -- codes that were not redeemed yet first: this waits for a redemption under way, whose consent is then found below
    UPDATE citybigdata.oauth_code AS k SET used_at = clock_timestamp() FROM citybigdata.application a
    WHERE a.app_code = revoke_consent.app_code AND k.app_id = a.app_id AND k.used_at IS NULL;
    UPDATE citybigdata.oauth_grant AS o SET revoked_at = clock_timestamp() FROM citybigdata.application a
    WHERE a.app_code = revoke_consent.app_code AND o.app_id = a.app_id AND o.revoked_at IS NULL;
    GET DIAGNOSTICS revoked = ROW_COUNT;
    UPDATE citybigdata.access_token AS t SET revoked_at = clock_timestamp() FROM citybigdata.application a, citybigdata.oauth_grant o
    WHERE a.app_code = revoke_consent.app_code AND o.app_id = a.app_id AND t.family_id = o.family_id AND t.revoked_at IS NULL;
    PERFORM citybigdata.audit_event('oauth.revoke', revoke_consent.app_code, format('%s consents', revoked));
    RETURN revoked;
END
$$;
COMMENT ON FUNCTION citybigdata.revoke_consent(text) IS
'Revokes every consent given to an application, with its codes, all refresh and access tokens and sealed addresses that came of them; returns how many';

CREATE OR REPLACE FUNCTION citybigdata.maintain_oauth() RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    removed bigint;
    total bigint;
BEGIN
    -- a used code is kept as long as its family, so that a replay is recognised
    DELETE FROM citybigdata.oauth_grant WHERE family_id IN
        (SELECT family_id FROM citybigdata.oauth_grant WHERE expires_at < now() - interval '1 day' LIMIT 10000);
    GET DIAGNOSTICS total = ROW_COUNT;
    DELETE FROM citybigdata.oauth_code WHERE code_digest IN
        (SELECT k.code_digest FROM citybigdata.oauth_code k WHERE k.expires_at < now() - interval '1 day'
         AND NOT EXISTS (SELECT FROM citybigdata.oauth_grant o WHERE o.family_id = k.family_id) LIMIT 10000);
    GET DIAGNOSTICS removed = ROW_COUNT;
    RETURN total + removed;
END
$$;
COMMENT ON FUNCTION citybigdata.maintain_oauth() IS 'Removes consents that ended with their refresh tokens, and codes without effect; returns how many';

-- code/28-access-signature.sql
-- Signed requests: what is signed, and the nonces that were seen.
COMMENT ON TABLE citybigdata.auth_nonce IS 'Nonces of signed requests that were accepted (clause 5.5-c); a second request with the same one is a replay';
COMMENT ON COLUMN citybigdata.auth_nonce.app_id IS 'The application that signed';
COMMENT ON COLUMN citybigdata.auth_nonce.nonce IS 'X-Nonce or x-ca-nonce';
COMMENT ON COLUMN citybigdata.auth_nonce.expires_at IS 'From then on the timestamp alone refuses the request; expire_nonces() removes the row';
-- nonces are of the last minutes
SELECT pg_catalog.pg_extension_config_dump('citybigdata.auth_nonce', 'WHERE false');

CREATE OR REPLACE FUNCTION citybigdata.canonical_request(method text, path text, query text, body bytea, ts bigint, nonce text,
                                                         algorithm text DEFAULT 'HMAC-SHA256') RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_canonical_request' LANGUAGE c IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.canonical_request(text, text, text, bytea, bigint, text, text) IS
'What a request''s signature is made of (clause 5.5-c): six lines joined by one line feed: method; path as sent; query with its pairs encoded one way '
'and sorted by name, then value; lower-case hexadecimal digest of the body; Unix seconds; nonce. query and body may be NULL; '
'algorithm: HMAC-SHA256 or HMAC-SM3';

CREATE OR REPLACE FUNCTION citybigdata.sign_request(secret text, method text, path text, query text, body bytea, ts bigint, nonce text,
                                                    algorithm text DEFAULT 'HMAC-SHA256') RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_sign_request' LANGUAGE c IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.sign_request(text, text, text, text, bytea, bigint, text, text) IS
'X-Signature of a request: base64 of the HMAC of canonical_request() under the signing secret. For tests and for comparing with one''s own signer; '
'mind that a secret typed into a statement may be logged';

CREATE OR REPLACE FUNCTION citybigdata.artemis_string(method text, path text, query text, form text, headers text[], signed_headers text) RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_artemis_string' LANGUAGE c IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.artemis_string(text, text, text, text, text[], text) IS
'What an Artemis-style signature is made of: method; the values of Accept, Content-MD5, Content-Type, Date, absent ones without their line; the headers that '
'signed_headers (X-Ca-Signature-Headers) lists, sorted, as name:value; path with the sorted parameters of query and form. '
'headers: lines "Name: value"';

CREATE OR REPLACE FUNCTION citybigdata.sign_artemis(secret text, method text, path text, query text, form text, headers text[], signed_headers text) RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_sign_artemis' LANGUAGE c IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.sign_artemis(text, text, text, text, text, text[], text) IS
'X-Ca-Signature of a request: base64 of the HMAC-SHA256 of artemis_string() under the signing secret';

CREATE OR REPLACE FUNCTION citybigdata.expire_nonces(at_most integer DEFAULT 10000) RETURNS integer
    LANGUAGE sql VOLATILE STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH gone AS (
        DELETE FROM citybigdata.auth_nonce WHERE (app_id, nonce) IN (
            SELECT n.app_id, n.nonce FROM citybigdata.auth_nonce n WHERE n.expires_at < clock_timestamp() LIMIT at_most FOR UPDATE SKIP LOCKED)
        RETURNING 1)
    SELECT count(*)::integer FROM gone
$$;
COMMENT ON FUNCTION citybigdata.expire_nonces(integer) IS
'Housekeeping: removes nonces whose timestamp has left the window, at most so many; returns how many';

-- code/30-access-seal.sql
-- Sealed service addresses: sealing, opening, keys.
COMMENT ON TABLE citybigdata.sealing_key IS 'Keys of sealed addresses; the first is made when one is needed';
COMMENT ON COLUMN citybigdata.sealing_key.key_id IS 'Number of the key, in every address that it sealed';
COMMENT ON COLUMN citybigdata.sealing_key.secret IS '32 random bytes, encrypted with the master key';
COMMENT ON COLUMN citybigdata.sealing_key.state IS 'active (seals and opens; one at most), retired (opens), revoked (what it sealed is void)';
COMMENT ON COLUMN citybigdata.sealing_key.created_at IS 'When it was made';
COMMENT ON COLUMN citybigdata.sealing_key.changed_at IS 'When its state last changed';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.sealing_key', '');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.sealing_key_key_id_seq', '');

COMMENT ON TABLE citybigdata.sealed_use IS 'Sealed addresses with a maximum of uses; the others have no row';
COMMENT ON COLUMN citybigdata.sealed_use.seal_id IS 'Number inside the sealed address';
COMMENT ON COLUMN citybigdata.sealed_use.app_id IS 'The application that the address is bound to';
COMMENT ON COLUMN citybigdata.sealed_use.uses IS 'How often it was opened; one conditional UPDATE counts';
COMMENT ON COLUMN citybigdata.sealed_use.max_uses IS 'How often it may be opened';
COMMENT ON COLUMN citybigdata.sealed_use.expires_at IS 'When the address ends; expire_sealed_uses() then removes the row';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.sealed_use', '');

CREATE OR REPLACE FUNCTION citybigdata.seal_url(app_code text, resource text, params jsonb DEFAULT '{}', expires_in interval DEFAULT '1 hour',
                                                cidr cidr DEFAULT NULL, max_uses integer DEFAULT NULL) RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_seal_url' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.seal_url(text, text, jsonb, interval, cidr, integer) IS
'The sealed address (clause 5.2-c) under which this application reaches this resource with these parameters, without further credentials, until expires_in is over '
'(at most citybigdata.sealed_url_ttl), optionally from an address range only and so many times only. Whoever has it can use it';

CREATE OR REPLACE FUNCTION citybigdata.open_url(url text, client_addr inet DEFAULT pg_catalog.inet_client_addr(), OUT status_code integer, OUT message text,
                                                OUT app_code text, OUT resource text, OUT params jsonb, OUT expires_at timestamptz,
                                                OUT uses_left integer) RETURNS record
    AS 'MODULE_PATHNAME', 'cbd_open_url' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.open_url(text, inet) IS
'Opens a sealed address as GET /s/{sealed} does, its use counted: status_code 0 and what is inside, or one refusal for whatever reason (tampering, end, '
'another address, used up, application or grant no longer valid); the reason is in the audit log. url: the address or its token';

CREATE OR REPLACE FUNCTION citybigdata.rest_seal_url(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
                                                     resource text, params text, expires_in text, cidr text, max_uses text,
                                                     key text, user_name text, password text, totp text DEFAULT NULL) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_seal_url' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_seal_url(text, inet, text, text, bytea, text, text, text, text, text, text, text, text, text) IS
'POST /auth/sealed-url: {"url","expiresIn"}, for the caller of the request, or with scheme none for appCode with key or user_name and password';

CREATE OR REPLACE FUNCTION citybigdata.rest_open_url(request_id text, client_addr inet, app_code text, scheme text, credential bytea, sealed text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_open_url' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_open_url(text, inet, text, text, bytea, text) IS
'GET /s/{sealed}: {"appCode","resource","params","expiresAt"}; the bridge then calls the resource''s endpoint with those parameters, scheme sealed and '
'the token''s bytes as credential';

CREATE OR REPLACE FUNCTION citybigdata.rotate_sealing_key() RETURNS integer
    AS 'MODULE_PATHNAME', 'cbd_rotate_sealing_key' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rotate_sealing_key() IS
'Makes a new sealing key and returns its number; the one before it opens what it sealed, and seals no more';

CREATE OR REPLACE FUNCTION citybigdata.revoke_sealing_key(key_id integer) RETURNS boolean
    AS 'MODULE_PATHNAME', 'cbd_revoke_sealing_key' LANGUAGE c VOLATILE STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.revoke_sealing_key(integer) IS
'Makes void whatever this key sealed; false when there is no such key or it was revoked before';

CREATE OR REPLACE FUNCTION citybigdata.expire_sealed_uses(at_most integer DEFAULT 10000) RETURNS integer
    LANGUAGE sql VOLATILE STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH gone AS (
        DELETE FROM citybigdata.sealed_use WHERE seal_id IN (
            SELECT u.seal_id FROM citybigdata.sealed_use u WHERE u.expires_at < clock_timestamp() LIMIT at_most FOR UPDATE SKIP LOCKED)
        RETURNING 1)
    SELECT count(*)::integer FROM gone
$$;
COMMENT ON FUNCTION citybigdata.expire_sealed_uses(integer) IS
'Housekeeping: removes the counts of sealed addresses that have ended, at most so many; returns how many';

-- code/32-access-totp.sql
-- One-time password generators of accounts.
COMMENT ON TABLE citybigdata.account_totp IS 'One-time password generators of accounts (RFC 6238): six digits, 30 s; asked for by an administrator''s log-in, and by a change of password';
COMMENT ON COLUMN citybigdata.account_totp.account_id IS 'The account';
COMMENT ON COLUMN citybigdata.account_totp.secret IS 'The shared secret, encrypted with the master key';
COMMENT ON COLUMN citybigdata.account_totp.algorithm IS 'SHA1 (what every authenticator knows) or SHA256';
COMMENT ON COLUMN citybigdata.account_totp.last_step IS 'The last 30-second step whose password was used; it and those before it are void';
COMMENT ON COLUMN citybigdata.account_totp.enrolled_by IS 'Account of the administrator who was shown the secret: the two cannot confirm each other''s proposals; null = nobody over HTTPS';
COMMENT ON COLUMN citybigdata.account_totp.created_at IS 'When the secret was set';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.account_totp', '');

CREATE OR REPLACE FUNCTION citybigdata.totp_code(secret text, at timestamptz DEFAULT pg_catalog.now(), algorithm text DEFAULT 'SHA1') RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_totp_code' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.totp_code(text, timestamptz, text) IS
'The six-digit one-time password (RFC 6238) of a base32 secret at a time; algorithm: SHA1 or SHA256';

CREATE OR REPLACE FUNCTION citybigdata.enrol_totp(user_name text, secret text DEFAULT NULL, algorithm text DEFAULT 'SHA1') RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_enrol_totp' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.enrol_totp(text, text, text) IS
'Gives an account a second factor, or a new one, and returns the otpauth:// address for the authenticator, which is shown this once. An '
'administrator cannot log in without; tokens of an administrator''s log-in end. secret: base32 of 16 to 64 bytes; NULL makes a random one';

CREATE OR REPLACE FUNCTION citybigdata.remove_totp(user_name text) RETURNS boolean
    AS 'MODULE_PATHNAME', 'cbd_remove_totp' LANGUAGE c VOLATILE STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.remove_totp(text) IS 'Takes the second factor from an account, which then cannot log in as an administrator; its administrator''s tokens end. False: it had none';

-- code/33-access-proposal.sql
-- Proposals: what needs a second administrator (docs/access.md).
COMMENT ON TABLE citybigdata.admin_proposal IS 'What one administrator proposed and another one decides on: appointments, second factors of administrators, approvals that concern one''s own';
COMMENT ON COLUMN citybigdata.admin_proposal.proposal_id IS 'Number of the proposal';
COMMENT ON COLUMN citybigdata.admin_proposal.action IS
'role (make the account an administrator), second-factor (enrol one of an administrator), account and access (approve), grant, password (let a password that an administrator reset count)';
COMMENT ON COLUMN citybigdata.admin_proposal.account_id IS 'The account that it is about';
COMMENT ON COLUMN citybigdata.admin_proposal.access_request_id IS 'The access request, of access';
COMMENT ON COLUMN citybigdata.admin_proposal.role IS 'The role, of role';
COMMENT ON COLUMN citybigdata.admin_proposal.app_code IS 'The application, of grant';
COMMENT ON COLUMN citybigdata.admin_proposal.resource IS 'The resource, of grant';
COMMENT ON COLUMN citybigdata.admin_proposal.level IS 'The data level, of grant';
COMMENT ON COLUMN citybigdata.admin_proposal.valid_until IS 'The end, of grant; null = none';
COMMENT ON COLUMN citybigdata.admin_proposal.state IS 'open, confirmed, refused, expired';
COMMENT ON COLUMN citybigdata.admin_proposal.proposed_by IS 'Who proposed: an administrator''s user name, or role:<database role>';
COMMENT ON COLUMN citybigdata.admin_proposal.proposer_id IS 'Account of who proposed; null = a database role';
COMMENT ON COLUMN citybigdata.admin_proposal.proposed_at IS 'When it was proposed';
COMMENT ON COLUMN citybigdata.admin_proposal.expires_at IS 'From then on nobody can confirm it (citybigdata.proposal_ttl)';
COMMENT ON COLUMN citybigdata.admin_proposal.decided_by IS 'Who decided: an administrator''s user name, or role:<database role>';
COMMENT ON COLUMN citybigdata.admin_proposal.decider_id IS 'Account of who decided; null = a database role';
COMMENT ON COLUMN citybigdata.admin_proposal.decided_at IS 'When it was decided';
COMMENT ON COLUMN citybigdata.admin_proposal.note IS 'Reason of a refusal';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.admin_proposal', '');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.admin_proposal_proposal_id_seq', '');

CREATE OR REPLACE FUNCTION citybigdata.propose_role(user_name text, role text) RETURNS bigint
    AS 'MODULE_PATHNAME', 'cbd_propose_role' LANGUAGE c VOLATILE STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.propose_role(text, text) IS
'Proposes to make an active account an administrator: sysadmin, secadmin or auditor; returns the number of the proposal, which another administrator confirms. Errors: 40405; 42204; 40900 proposed before';

CREATE OR REPLACE FUNCTION citybigdata.propose_second_factor(user_name text) RETURNS bigint
    AS 'MODULE_PATHNAME', 'cbd_propose_second_factor' LANGUAGE c VOLATILE STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.propose_second_factor(text) IS
'Proposes a new second factor of an account; who confirms it is shown the address for the authenticator and hands it over. Errors: 40405; 40900 proposed before';

CREATE OR REPLACE FUNCTION citybigdata.confirm_proposal(proposal_id bigint) RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_confirm_proposal' LANGUAGE c VOLATILE STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.confirm_proposal(bigint) IS
'Confirms what somebody else proposed, once, and does it: returns the otpauth:// address of a second factor, shown this once, the appCode of an approved access request, else null. Number of a level_proposal: as approve_levels(). '
'Errors: 40410; 40310 one''s own, or of an administrator whose second factor one holds; 40900 decided or expired before, or not possible any more';

CREATE OR REPLACE FUNCTION citybigdata.refuse_proposal(proposal_id bigint, reason text DEFAULT NULL) RETURNS void
    AS 'MODULE_PATHNAME', 'cbd_refuse_proposal' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.refuse_proposal(bigint, text) IS 'Refuses a proposal, also a level_proposal, or takes back one''s own. Errors: 40410; 40900';

CREATE OR REPLACE FUNCTION citybigdata.rest_admin_proposals(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    state text, cursor text, page_size text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_admin_proposals' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_admin_proposals(text, inet, text, text, bytea, text, text, text) IS
'GET /admin/proposals: {items, nextCursor}. For sysadmin and secadmin, audited. 401nn, 40304, 40307; 42204';

CREATE OR REPLACE FUNCTION citybigdata.rest_proposal_add(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    action text, account_id text, role text, access_request_id text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_proposal_add' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_proposal_add(text, inet, text, text, bytea, text, text, text, text) IS
'POST /admin/proposals: {proposalId, state, expiresAt}; action role (account_id, role), second-factor, account, password (account_id), access (access_request_id). '
'For sysadmin and secadmin. 401nn, 40304, 40307; 40309 the own account; 40405, 40406; 40900 proposed before, or not in a state for it; 42200';

CREATE OR REPLACE FUNCTION citybigdata.rest_proposal_confirm(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    id text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_proposal_confirm' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_proposal_confirm(text, inet, text, text, bytea, text) IS
'POST /admin/proposals/{id}/confirm: {proposalId, state, address, appCode}. For secadmin. 401nn, 40304, 40307; 40310 one''s own; 40309; 40410; 40900 decided or expired before; 40904';

CREATE OR REPLACE FUNCTION citybigdata.rest_proposal_refuse(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    id text, reason text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_proposal_refuse' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_proposal_refuse(text, inet, text, text, bytea, text, text) IS
'POST /admin/proposals/{id}/refuse: {proposalId, state}. For secadmin, and for who proposed it. 401nn, 40304, 40307; 40410; 40900';

-- code/34-admin.sql
-- Endpoints of administration.
CREATE OR REPLACE FUNCTION citybigdata.rest_account_suspend(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    id text, reason text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_account_suspend' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_account_suspend(text, inet, text, text, bytea, text, text) IS
'POST /admin/accounts/{id}/suspend: {accountId, state}. For sysadmin and secadmin. 401nn, 40304, 40307; 40405; 40900 not active';

CREATE OR REPLACE FUNCTION citybigdata.rest_account_resume(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    id text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_account_resume' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_account_resume(text, inet, text, text, bytea, text) IS
'POST /admin/accounts/{id}/resume: {accountId, state}. For secadmin. 401nn, 40304, 40307; 40405; 40900 not suspended';

CREATE OR REPLACE FUNCTION citybigdata.rest_account_reset_password(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    id text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_account_reset_password' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_account_reset_password(text, inet, text, text, bytea, text) IS
'POST /admin/accounts/{id}/reset-password: {accountId, password}, shown this once. For sysadmin. 401nn, 40304, 40307; 40405; 40300 an administrator''s account';

CREATE OR REPLACE FUNCTION citybigdata.rest_account_unlock(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    id text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_account_unlock' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_account_unlock(text, inet, text, text, bytea, text) IS
'POST /admin/accounts/{id}/unlock: {accountId, unlocked}. For sysadmin and secadmin. 401nn, 40304, 40307; 40405';

CREATE OR REPLACE FUNCTION citybigdata.rest_application_suspend(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    application text, reason text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_application_suspend' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_application_suspend(text, inet, text, text, bytea, text, text) IS
'POST /admin/applications/{appCode}/suspend: {appCode, state}. For sysadmin and secadmin. 401nn, 40304, 40307; 40400; 40900 not active';

CREATE OR REPLACE FUNCTION citybigdata.rest_application_resume(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    application text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_application_resume' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_application_resume(text, inet, text, text, bytea, text) IS
'POST /admin/applications/{appCode}/resume: {appCode, state}. For secadmin. 401nn, 40304, 40307; 40400; 40900 not suspended';

CREATE OR REPLACE FUNCTION citybigdata.rest_application_revoke(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    application text, reason text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_application_revoke' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_application_revoke(text, inet, text, text, bytea, text, text) IS
'POST /admin/applications/{appCode}/revoke: {appCode, state}; for good. For secadmin. 401nn, 40304, 40307; 40400; 40900 revoked before';

CREATE OR REPLACE FUNCTION citybigdata.rest_application_rotate(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    application text, overlap text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_application_rotate' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_application_rotate(text, inet, text, text, bytea, text, text) IS
'POST /admin/applications/{appCode}/rotate: {appCode, state}; the owner collects the new credentials, the old ones stay valid for overlap seconds after that. For sysadmin and secadmin. 401nn, 40304, 40307; 40400; 42204';

CREATE OR REPLACE FUNCTION citybigdata.rest_application_limit(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    application text, resource text, per_second text, burst text, daily_quota text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_application_limit' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_application_limit(text, inet, text, text, bytea, text, text, text, text, text) IS
'POST /admin/applications/{appCode}/limit: null; see set_limit(). For sysadmin and secadmin. 401nn, 40304, 40307; 40400; 42204';

CREATE OR REPLACE FUNCTION citybigdata.rest_admin_audit(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    since text, until text, action text, cursor text, page_size text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_admin_audit' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_admin_audit(text, inet, text, text, bytea, text, text, text, text, text) IS
'GET /admin/audit: {items, nextCursor}; for auditors, audited itself. 401nn, 40304, 40307; 42200';

CREATE OR REPLACE FUNCTION citybigdata.rest_account_revoke(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    id text, reason text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_account_revoke' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_account_revoke(text, inet, text, text, bytea, text, text) IS
'POST /admin/accounts/{id}/revoke: {accountId, state}; for good. For secadmin. 401nn, 40304, 40307; 40405; 40309 the own account; 40906 the last security administrator; 40900 revoked or rejected before';

CREATE OR REPLACE FUNCTION citybigdata.rest_account_expire(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    id text, valid_until text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_account_expire' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_account_expire(text, inet, text, text, bytea, text, text) IS
'POST /admin/accounts/{id}/expire: {accountId, state}; valid_until: a time, or never. For secadmin. 401nn, 40304, 40307; 40405; 40309 the own account; 40906 the last security administrator';

CREATE OR REPLACE FUNCTION citybigdata.rest_account_role(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    id text, role text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_account_role' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_account_role(text, inet, text, text, bytea, text, text) IS
'POST /admin/accounts/{id}/role: {accountId, state}; role: sysadmin, secadmin, auditor, none; tokens of the role before end. For secadmin. 401nn, 40304, 40307; 40405; 40309 the own account; 40906 the last security administrator; 40900 not active';

CREATE OR REPLACE FUNCTION citybigdata.rest_account_second_factor(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    id text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_account_second_factor' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_account_second_factor(text, inet, text, text, bytea, text) IS
'POST /admin/accounts/{id}/second-factor: {accountId, userName, address}, the otpauth:// address of a new secret, shown this once. For secadmin. 401nn, 40304, 40307; 40405; 40309 the own account; 40900 not active';

CREATE OR REPLACE FUNCTION citybigdata.rest_application_expire(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    application text, valid_until text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_application_expire' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_application_expire(text, inet, text, text, bytea, text, text) IS
'POST /admin/applications/{appCode}/expire: {appCode}; valid_until: a time, or never. For secadmin. 401nn, 40304, 40307; 40400; 40309; 40900 revoked';

CREATE OR REPLACE FUNCTION citybigdata.rest_grant_add(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    application text, resource text, level text, valid_until text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_grant_add' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_grant_add(text, inet, text, text, bytea, text, text, text, text) IS
'POST /admin/applications/{appCode}/grants: {appCode, resource, state}; level 1 to 4 (1), valid_until: a time, or never (never). For secadmin. 401nn, 40304, 40307; 40400; 40309; 40407; 42200; 40900 the application is revoked';

CREATE OR REPLACE FUNCTION citybigdata.rest_grant_suspend(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    application text, resource text, reason text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_grant_suspend' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_grant_suspend(text, inet, text, text, bytea, text, text, text) IS
'POST /admin/applications/{appCode}/grants/{resource}/suspend: {appCode, resource, state}. For sysadmin and secadmin. 401nn, 40304, 40307; 40400; 40309; 40900 not active';

CREATE OR REPLACE FUNCTION citybigdata.rest_grant_resume(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    application text, resource text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_grant_resume' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_grant_resume(text, inet, text, text, bytea, text, text) IS
'POST /admin/applications/{appCode}/grants/{resource}/resume: {appCode, resource, state}. For secadmin. 401nn, 40304, 40307; 40400; 40309; 40900 not suspended';

CREATE OR REPLACE FUNCTION citybigdata.rest_grant_revoke(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    application text, resource text, reason text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_grant_revoke' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_grant_revoke(text, inet, text, text, bytea, text, text, text) IS
'POST /admin/applications/{appCode}/grants/{resource}/revoke: {appCode, resource, state}. For secadmin. 401nn, 40304, 40307; 40400; 40309; 40900 revoked before';

CREATE OR REPLACE FUNCTION citybigdata.rest_grant_expire(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    application text, resource text, valid_until text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_grant_expire' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_grant_expire(text, inet, text, text, bytea, text, text, text) IS
'POST /admin/applications/{appCode}/grants/{resource}/expire: {appCode, resource}. For secadmin. 401nn, 40304, 40307; 40400; 40309; 40900 revoked';

-- code/35-admin-list.sql
-- Endpoints of administration: what administrators look through.
CREATE OR REPLACE FUNCTION citybigdata.rest_admin_accounts(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    state text, user_name text, role text, cursor text, page_size text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_admin_accounts' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_admin_accounts(text, inet, text, text, bytea, text, text, text, text, text) IS
'GET /admin/accounts: {items, nextCursor}. For sysadmin and secadmin, audited. 401nn, 40304, 40307; 42204';

CREATE OR REPLACE FUNCTION citybigdata.rest_admin_access_requests(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    state text, account_id text, cursor text, page_size text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_admin_access_requests' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_admin_access_requests(text, inet, text, text, bytea, text, text, text, text) IS
'GET /admin/access-requests: {items, nextCursor}. For secadmin, audited. 401nn, 40304, 40307; 42204';

CREATE OR REPLACE FUNCTION citybigdata.rest_admin_applications(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    state text, account_id text, application text, cursor text, page_size text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_admin_applications' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_admin_applications(text, inet, text, text, bytea, text, text, text, text, text) IS
'GET /admin/applications: {items, nextCursor}, each with its senderCodes and grants. For sysadmin and secadmin, audited. 401nn, 40304, 40307; 42204';

CREATE OR REPLACE FUNCTION citybigdata.rest_admin_lockouts(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    kind text, cursor text, page_size text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_admin_lockouts' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_admin_lockouts(text, inet, text, text, bytea, text, text, text) IS
'GET /admin/lockouts: {items, nextCursor}. For sysadmin and secadmin, audited. 401nn, 40304, 40307; 42204';

CREATE OR REPLACE FUNCTION citybigdata.rest_lockout_unlock(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    kind text, subject text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_lockout_unlock' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_lockout_unlock(text, inet, text, text, bytea, text, text) IS
'POST /admin/lockouts/unlock: {kind, subject, unlocked}; kind: address, account, application, registration. For sysadmin and secadmin. 401nn, 40304, 40307; 42204';

-- code/40-audit.sql
-- Audit: citybigdata.audit_log itself is made by setup(), outside the extension's membership: partitions made later
-- under a parent that belongs to the extension do not come back from a dump. The parent has no key, index or
-- foreign key of its own for the same reason; partitions are made by LIKE and ATTACH, never by PARTITION OF.
CREATE OR REPLACE FUNCTION citybigdata.audit_refuse_change() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'the audit log is append-only'
        USING ERRCODE = 'insufficient_privilege', DETAIL = format('%s on %s was refused.', TG_OP, TG_TABLE_NAME),
              HINT = 'Old months leave as whole partitions: SELECT citybigdata.maintain();';
END
$$;
COMMENT ON FUNCTION citybigdata.audit_refuse_change() IS 'Trigger of the audit log: refuses UPDATE, DELETE and TRUNCATE, to the owner too';
-- A table of the audit log's shape with its own key and index, not attached yet.
CREATE OR REPLACE FUNCTION citybigdata.audit_create_partition(name text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    EXECUTE format('CREATE TABLE citybigdata.%I (LIKE citybigdata.audit_log INCLUDING DEFAULTS, CONSTRAINT %I PRIMARY KEY (audit_id))',
                   name, name || '_pkey');
    EXECUTE format('CREATE INDEX %I ON citybigdata.%I USING brin (at) WITH (autosummarize = on)', name || '_at_idx', name);
    EXECUTE format('CREATE TRIGGER audit_refuse_truncate BEFORE TRUNCATE ON citybigdata.%I '
                   'FOR EACH STATEMENT EXECUTE FUNCTION citybigdata.audit_refuse_change()', name);
    EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON citybigdata.%I FROM citybigdata_owner', name);
END
$$;
COMMENT ON FUNCTION citybigdata.audit_create_partition(text) IS 'Makes a table to be attached to the audit log';

-- LOCK TABLE would want a privilege to change rows, which the owner does not have.
CREATE OR REPLACE FUNCTION citybigdata.audit_lock() RETURNS void
    AS 'MODULE_PATHNAME', 'cbd_audit_lock' LANGUAGE c VOLATILE SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.audit_lock() IS 'Locks the audit log without its partitions, as DDL does, until the transaction ends; for the functions of this extension only';

-- The whole log is locked before its DEFAULT partition, in the order of its writers.
CREATE OR REPLACE FUNCTION citybigdata.audit_attach_partition(name text, lower_bound timestamptz, upper_bound timestamptz) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM citybigdata.audit_lock();
    IF lower_bound IS NULL THEN
        EXECUTE format('ALTER TABLE citybigdata.audit_log ATTACH PARTITION citybigdata.%I DEFAULT', name);
        EXECUTE format('COMMENT ON TABLE citybigdata.%I IS %L', name, 'Audit rows of months that maintain() had not prepared');
    ELSE
        -- no check of the bounds: a new table has nothing to read, and each insert would parse it again
        EXECUTE format('ALTER TABLE citybigdata.audit_log ATTACH PARTITION citybigdata.%I FOR VALUES FROM (%L) TO (%L)',
                       name, lower_bound, upper_bound);
        EXECUTE format('COMMENT ON TABLE citybigdata.%I IS %L', name, 'Audit rows of one month (UTC)');
    END IF;
END
$$;
COMMENT ON FUNCTION citybigdata.audit_attach_partition(text, timestamptz, timestamptz) IS
'Attaches a table to the audit log for [lower_bound, upper_bound); bounds null: as the DEFAULT partition';

CREATE OR REPLACE FUNCTION citybigdata.audit_make_partition(name text, lower_bound timestamptz, upper_bound timestamptz) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT citybigdata.audit_create_partition(name);
    SELECT citybigdata.audit_attach_partition(name, lower_bound, upper_bound);
$$;
COMMENT ON FUNCTION citybigdata.audit_make_partition(text, timestamptz, timestamptz) IS
'Makes one partition of the audit log with its own key and index and attaches it; bounds null: the DEFAULT partition';

-- Rows that came while their month had no partition: they are copied before the log is locked, and those that came meanwhile after.
-- Each keeps its number, so that its seal stays good.
CREATE OR REPLACE FUNCTION citybigdata.audit_sort_default() RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    months timestamp[] := ARRAY(SELECT DISTINCT date_trunc('month', d.at AT TIME ZONE 'UTC') FROM citybigdata.audit_log_default d);
    month timestamp;
    copy text := 'INSERT INTO citybigdata.%I SELECT d.* FROM citybigdata.audit_log_default d WHERE d.at >= $1 AND d.at < $2 ON CONFLICT (audit_id) DO NOTHING';
    moved bigint;
BEGIN
    IF months = '{}' THEN
        RETURN 0;
    END IF;
    FOREACH month IN ARRAY months LOOP
        PERFORM citybigdata.audit_create_partition(to_char(month, '"audit_log_"YYYYMM'));
        EXECUTE format(copy, to_char(month, '"audit_log_"YYYYMM')) USING month AT TIME ZONE 'UTC', (month + interval '1 month') AT TIME ZONE 'UTC';
    END LOOP;
    PERFORM citybigdata.audit_lock();
    FOREACH month IN ARRAY months LOOP
        EXECUTE format(copy, to_char(month, '"audit_log_"YYYYMM')) USING month AT TIME ZONE 'UTC', (month + interval '1 month') AT TIME ZONE 'UTC';
    END LOOP;
    ALTER TABLE citybigdata.audit_log DETACH PARTITION citybigdata.audit_log_default;
    FOREACH month IN ARRAY months LOOP
        PERFORM citybigdata.audit_attach_partition(to_char(month, '"audit_log_"YYYYMM'), month AT TIME ZONE 'UTC', (month + interval '1 month') AT TIME ZONE 'UTC');
    END LOOP;
    ALTER TABLE citybigdata.audit_log_default RENAME TO audit_log_sorted;
    ALTER INDEX citybigdata.audit_log_default_pkey RENAME TO audit_log_sorted_pkey;
    ALTER INDEX citybigdata.audit_log_default_at_idx RENAME TO audit_log_sorted_at_idx;
    PERFORM citybigdata.audit_make_partition('audit_log_default', NULL, NULL);
    -- what is of a month that began meanwhile
    INSERT INTO citybigdata.audit_log
        SELECT d.* FROM citybigdata.audit_log_sorted d WHERE NOT EXISTS (SELECT FROM citybigdata.audit_log l WHERE l.audit_id = d.audit_id);
    SELECT count(*) INTO moved FROM citybigdata.audit_log_sorted;
    DROP TABLE citybigdata.audit_log_sorted;
    PERFORM citybigdata.audit_event('audit.sort', 'audit_log_default', format('%s rows to their months', moved));
    RETURN moved;
END
$$;
COMMENT ON FUNCTION citybigdata.audit_sort_default() IS 'Moves rows of the DEFAULT partition of the audit log into partitions of their months; returns how many';

-- This month and the two after it. A month with rows in the DEFAULT partition is audit_sort_default()'s.
CREATE OR REPLACE FUNCTION citybigdata.audit_make_months() RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    this_month timestamptz := date_trunc('month', now(), 'UTC');
    lower_bound timestamptz;
    upper_bound timestamptz;
    name text;
    made integer := 0;
BEGIN
    FOR ahead IN 0 .. 2 LOOP
        lower_bound := (this_month AT TIME ZONE 'UTC' + make_interval(months => ahead)) AT TIME ZONE 'UTC';
        upper_bound := (this_month AT TIME ZONE 'UTC' + make_interval(months => ahead + 1)) AT TIME ZONE 'UTC';
        name := 'audit_log_' || to_char(lower_bound AT TIME ZONE 'UTC', 'YYYYMM');
        CONTINUE WHEN to_regclass('citybigdata.' || name) IS NOT NULL
                   OR EXISTS (SELECT FROM citybigdata.audit_log_default d WHERE d.at >= lower_bound AND d.at < upper_bound);
        PERFORM citybigdata.audit_make_partition(name, lower_bound, upper_bound);
        made := made + 1;
    END LOOP;
    RETURN made;
END
$$;
COMMENT ON FUNCTION citybigdata.audit_make_months() IS 'Makes the audit partitions of this month and the next two where missing; returns how many it made';

CREATE OR REPLACE FUNCTION citybigdata.setup_audit() RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF to_regclass('citybigdata.audit_log') IS NULL THEN
        CREATE SEQUENCE citybigdata.audit_log_audit_id_seq;
        COMMENT ON SEQUENCE citybigdata.audit_log_audit_id_seq IS 'Numbers of audit rows';
        CREATE TABLE citybigdata.audit_log (
            audit_id      bigint      NOT NULL DEFAULT nextval('citybigdata.audit_log_audit_id_seq'),
            at            timestamptz NOT NULL DEFAULT clock_timestamp(),
            request_id    text,
            app_code      text,
            user_name     text,
            authenticated boolean     NOT NULL DEFAULT false,
            client_addr   inet,
            scheme        text        NOT NULL DEFAULT 'sql',
            action        text        NOT NULL,
            object        text,
            status_code   integer     NOT NULL,
            detail        text,
            session_role  text        NOT NULL
        ) PARTITION BY RANGE (at);
        CREATE TRIGGER audit_refuse_change BEFORE UPDATE OR DELETE ON citybigdata.audit_log
            FOR EACH ROW EXECUTE FUNCTION citybigdata.audit_refuse_change();
        CREATE TRIGGER audit_refuse_statement BEFORE UPDATE OR DELETE OR TRUNCATE ON citybigdata.audit_log
            FOR EACH STATEMENT EXECUTE FUNCTION citybigdata.audit_refuse_change();
        REVOKE UPDATE, DELETE, TRUNCATE ON citybigdata.audit_log FROM citybigdata_owner;
        -- nobody else has it: the auditor reads by audit_read() and audit_export(), which are audited
        COMMENT ON TABLE citybigdata.audit_log IS
            'One row per call, allowed or refused (clause 6.3); append-only, by month (UTC), kept at least 180 days';
        COMMENT ON COLUMN citybigdata.audit_log.audit_id IS 'Number of the row';
        COMMENT ON COLUMN citybigdata.audit_log.at IS 'When the call was decided';
        COMMENT ON COLUMN citybigdata.audit_log.request_id IS 'requestId of the reply; null for a call from SQL';
        COMMENT ON COLUMN citybigdata.audit_log.app_code IS 'The calling application; with authenticated false: as the client claimed';
        COMMENT ON COLUMN citybigdata.audit_log.user_name IS 'The calling account (for an application: its owner); with authenticated false: as the client claimed';
        COMMENT ON COLUMN citybigdata.audit_log.authenticated IS 'Was the caller known?';
        COMMENT ON COLUMN citybigdata.audit_log.client_addr IS 'Address of the client, proxies resolved';
        COMMENT ON COLUMN citybigdata.audit_log.scheme IS 'How the caller authenticated: none, bearer, code, basic, signature; sql = not over HTTPS';
        COMMENT ON COLUMN citybigdata.audit_log.action IS 'What was asked for: chapter.verb';
        COMMENT ON COLUMN citybigdata.audit_log.object IS 'What it was about: a taskNum, a user name, an appCode; never a secret';
        COMMENT ON COLUMN citybigdata.audit_log.status_code IS 'The answer, see status_code; 0 = done';
        COMMENT ON COLUMN citybigdata.audit_log.detail IS 'More for the auditor';
        COMMENT ON COLUMN citybigdata.audit_log.session_role IS 'Database role of the session';
    END IF;
    IF to_regclass('citybigdata.audit_log_default') IS NULL THEN
        PERFORM citybigdata.audit_make_partition('audit_log_default', NULL, NULL);
    END IF;
    PERFORM citybigdata.audit_make_months();
END
$$;
COMMENT ON FUNCTION citybigdata.setup_audit() IS 'Called by setup(): the audit log, its DEFAULT partition and its first months; repeatable';

-- Reads are many: their records are taken apart here and not by json_to_record, which takes three times as long.
CREATE OR REPLACE FUNCTION citybigdata.audit_records(records text[], OUT at timestamptz, OUT request_id text, OUT app_code text, OUT user_name text,
    OUT authenticated boolean, OUT client_addr inet, OUT scheme text, OUT action text, OUT object text, OUT status_code integer, OUT detail text)
    RETURNS SETOF record AS 'MODULE_PATHNAME', 'cbd_audit_records' LANGUAGE c STABLE STRICT ROWS 200 SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.audit_records(text[]) IS
'The audit records of reply frames as rows; error 22P02 when one of them cannot be read';

-- Rows from the bridge. A record that cannot be read becomes a row of its own, so that nothing is lost.
CREATE OR REPLACE FUNCTION citybigdata.rest_audit_append(records text[]) RETURNS bytea
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    record text;
BEGIN
    BEGIN
        INSERT INTO citybigdata.audit_log (at, request_id, app_code, user_name, authenticated, client_addr, scheme,
                                           action, object, status_code, detail, session_role)
        SELECT x.at, x.request_id, x.app_code, x.user_name, coalesce(x.authenticated, false), x.client_addr, coalesce(x.scheme, 'none'),
               x.action, x.object, coalesce(x.status_code, 0), x.detail, session_user
        FROM citybigdata.audit_records(records) AS x;
    EXCEPTION WHEN data_exception OR integrity_constraint_violation THEN
        IF cardinality(records) = 1 THEN
            INSERT INTO citybigdata.audit_log (action, status_code, detail, session_role)
            VALUES ('audit.unreadable', 50000, left(records[array_lower(records, 1)], 1000), session_user);
        ELSE
            FOREACH record IN ARRAY records LOOP
                PERFORM citybigdata.rest_audit_append(ARRAY[record]);
            END LOOP;
        END IF;
    END;
    RETURN citybigdata.reply_frame(0, 0, NULL);
END
$$;
COMMENT ON FUNCTION citybigdata.rest_audit_append(text[]) IS
'Appends audit records of successful reads (`audit` of reply frames), in batches; an unreadable one is kept as action audit.unreadable. Returns a reply frame';

-- A sender has one batch under way at a time, and repeats it as it was until it knows that it is stored. One whose
-- answer was lost may be stored already, or be under way in a session that the sender has given up: then the row lock
-- makes the second one wait for the outcome of the first.
CREATE OR REPLACE FUNCTION citybigdata.rest_audit_batch(sender text, batch bigint, records text[]) RETURNS bytea
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO citybigdata.audit_sender AS s (sender, last_batch) VALUES (rest_audit_batch.sender, rest_audit_batch.batch)
    ON CONFLICT ON CONSTRAINT audit_sender_pkey
        DO UPDATE SET last_batch = excluded.last_batch, changed_at = excluded.changed_at WHERE s.last_batch < excluded.last_batch;
    IF NOT FOUND THEN
        RETURN citybigdata.reply_frame(0, 0, NULL);
    END IF;
    RETURN citybigdata.rest_audit_append(records);
END
$$;
COMMENT ON FUNCTION citybigdata.rest_audit_batch(text, bigint, text[]) IS
'Appends audit records of successful reads as rest_audit_append() does, once: a batch whose number the sender has reached before is taken as done. Returns a reply frame';

COMMENT ON TABLE citybigdata.audit_sender IS 'Who hands in audit records in batches (each worker of a bridge, anew at each start), and how far; maintain() removes those of long ago';
COMMENT ON COLUMN citybigdata.audit_sender.sender IS 'A random name';
COMMENT ON COLUMN citybigdata.audit_sender.last_batch IS 'Number of the last batch that is stored';
COMMENT ON COLUMN citybigdata.audit_sender.changed_at IS 'When it was stored';
-- senders of before a dump repeat nothing to the database that is made of it
SELECT pg_catalog.pg_extension_config_dump('citybigdata.audit_sender', 'WHERE false');

-- Housekeeping, for maintain().
CREATE OR REPLACE FUNCTION citybigdata.expire_audit_senders() RETURNS bigint
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH gone AS (DELETE FROM citybigdata.audit_sender WHERE changed_at < now() - interval '30 days' RETURNING 1)
    SELECT count(*) FROM gone
$$;
COMMENT ON FUNCTION citybigdata.expire_audit_senders() IS 'Removes the senders of audit records that were not heard of for 30 days; returns how many';

-- Whole months that ended before the retention time leave; the floor of 180 days is in the setting's range.
CREATE OR REPLACE FUNCTION citybigdata.audit_drop_months() RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    keep integer := current_setting('citybigdata.audit_retention_days')::integer;
    month record;
    unsealed boolean;
    dropped integer := 0;
BEGIN
    FOR month IN
        SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = 'citybigdata.audit_log'::regclass AND c.relname ~ '^audit_log_[0-9]{6}$'
          AND (to_date(right(c.relname, 6), 'YYYYMM') + interval '1 month') AT TIME ZONE 'UTC' < now() - make_interval(days => keep)
        ORDER BY c.relname
    LOOP
        -- a row that leaves unsealed would leave without a trace: then the month waits
        EXECUTE format('SELECT EXISTS (SELECT FROM citybigdata.%I l WHERE l.audit_id > $1)', month.relname)
            INTO unsealed USING coalesce((SELECT max(b.last_id) FROM citybigdata.audit_seal_block b), 0);
        CONTINUE WHEN unsealed;
        PERFORM citybigdata.audit_lock();
        EXECUTE format('DROP TABLE citybigdata.%I', month.relname);
        PERFORM citybigdata.audit_event('audit.drop', month.relname, format('older than %s days', keep));
        dropped := dropped + 1;
    END LOOP;
    RETURN dropped;
END
$$;
COMMENT ON FUNCTION citybigdata.audit_drop_months() IS
'Drops audit partitions of months that ended more than citybigdata.audit_retention_days (at least 180) ago, each with an audit row; returns how many';
CREATE OR REPLACE FUNCTION citybigdata.audit_event(action text, object text, detail text) RETURNS void
    AS 'MODULE_PATHNAME', 'cbd_audit_event' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.audit_event(text, text, text) IS 'Writes the audit row of an administration function; for the functions of this extension only';

-- code/42-audit-seal.sql
-- Sealing the audit log, verifying the seal, reading and exporting.
COMMENT ON TABLE citybigdata.audit_seal_block IS 'Sealed stretches of the audit log, each chained to the one before; written by audit_seal() alone';
COMMENT ON COLUMN citybigdata.audit_seal_block.block_no IS 'Number in the chain, from 1 without gaps';
COMMENT ON COLUMN citybigdata.audit_seal_block.sealed_at IS 'When it was sealed';
COMMENT ON COLUMN citybigdata.audit_seal_block.first_id IS 'First audit_id of the stretch: follows last_id of the block before';
COMMENT ON COLUMN citybigdata.audit_seal_block.last_id IS 'Last audit_id of the stretch; numbers of transactions that were rolled back have no row';
COMMENT ON COLUMN citybigdata.audit_seal_block.first_at IS 'Earliest time among its rows';
COMMENT ON COLUMN citybigdata.audit_seal_block.last_at IS 'Latest time among its rows';
COMMENT ON COLUMN citybigdata.audit_seal_block.row_count IS 'How many rows it seals';
COMMENT ON COLUMN citybigdata.audit_seal_block.algorithm IS 'SHA256 or SM3, as citybigdata.crypto_suite was';
COMMENT ON COLUMN citybigdata.audit_seal_block.row_marks IS 'Per row its audit_id and the first 8 bytes of its digest: they tell which row differs, the digests below prove it';
COMMENT ON COLUMN citybigdata.audit_seal_block.rows_digest IS 'Digest of the rows'' digests, in the order of audit_id; a row''s digest is that of its columns as a JSON array';
COMMENT ON COLUMN citybigdata.audit_seal_block.integrity_digest IS 'Digest of the codes of integrity_row that are sealed, in the order of change_no; zero bytes when they were not as the block before had them';
COMMENT ON COLUMN citybigdata.audit_seal_block.previous_digest IS 'block_digest of the block before; zero bytes in the first';
COMMENT ON COLUMN citybigdata.audit_seal_block.block_digest IS 'Digest of previous_digest, block_no, first_id, last_id, first_at, last_at, row_count, rows_digest and integrity_digest';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.audit_seal_block', '');

COMMENT ON TABLE citybigdata.audit_seal_wait IS
'How far the log can be sealed once the transactions that were writing it have ended: until then one of them may still add a row with a lower number';
COMMENT ON COLUMN citybigdata.audit_seal_wait.only_row IS 'Always true: the table has one row';
COMMENT ON COLUMN citybigdata.audit_seal_wait.upper_id IS 'Last audit_id that was handed out when the writers were listed';
COMMENT ON COLUMN citybigdata.audit_seal_wait.writers IS 'The transactions that were writing then (pg_locks.virtualtransaction)';
-- transactions of the server that was dumped mean nothing elsewhere
SELECT pg_catalog.pg_extension_config_dump('citybigdata.audit_seal_wait', 'WHERE false');
CREATE OR REPLACE TRIGGER audit_refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON citybigdata.audit_seal_block
    FOR EACH STATEMENT EXECUTE FUNCTION citybigdata.audit_refuse_change();

CREATE OR REPLACE FUNCTION citybigdata.audit_seal(at_most integer DEFAULT 1000000) RETURNS bigint
    AS 'MODULE_PATHNAME', 'cbd_audit_seal' LANGUAGE c VOLATILE STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.audit_seal(integer) IS
'Seals the audit log in a chain of digests (SHA-256, or SM3 with citybigdata.crypto_suite = sm) as far as no open transaction can still add a row below, about at_most '
'rows, and returns how many; what cannot be sealed yet is at a later call. One sealer at a time: a second one returns 0';

CREATE OR REPLACE FUNCTION citybigdata.audit_unsealed(OUT audit_id bigint, OUT at timestamptz, OUT age interval) RETURNS record
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF to_regclass('citybigdata.audit_log') IS NOT NULL THEN -- setup() makes it
        SELECT l.audit_id, l.at, clock_timestamp() - l.at INTO audit_id, at, age FROM citybigdata.audit_log l
        WHERE l.audit_id > coalesce((SELECT b.last_id FROM citybigdata.audit_seal_block b ORDER BY b.block_no DESC LIMIT 1), 0)
        ORDER BY l.audit_id LIMIT 1;
    END IF;
END
$$;
COMMENT ON FUNCTION citybigdata.audit_unsealed() IS
'The oldest audit row that is not sealed yet, and how old it is; NULLs when all are. It grows when sealing does not run, or a transaction that has written the log stays open';

CREATE OR REPLACE FUNCTION citybigdata.audit_unsealed_seconds() RETURNS bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(floor(extract(epoch FROM u.age))::bigint, 0) FROM citybigdata.audit_unsealed() u
$$;
COMMENT ON FUNCTION citybigdata.audit_unsealed_seconds() IS 'The age that audit_unsealed() tells, in whole seconds; 0: all rows are sealed. For maintain()';

CREATE OR REPLACE FUNCTION citybigdata.audit_head(OUT block_no bigint, OUT sealed_at timestamptz, OUT audit_id bigint, OUT digest text) RETURNS record
    AS 'MODULE_PATHNAME', 'cbd_audit_head' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.audit_head() IS
'The end of the chain: keep block_no and digest outside the database, for audit_verify(): then nobody can replace or shorten the chain unseen. NULLs while nothing is sealed';

CREATE OR REPLACE FUNCTION citybigdata.audit_verify(known_block bigint DEFAULT NULL, known_digest text DEFAULT NULL)
    RETURNS TABLE (block_no bigint, audit_id bigint, problem text)
    AS 'MODULE_PATHNAME', 'cbd_audit_verify' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.audit_verify(bigint, text) IS
'Checks the sealed part of the audit log; no row = all is as it was. problem: row changed, row missing, row inserted, rows changed, block changed, block missing, chain broken, '
'not sealed for 3 hours (sealing does not run, or an open transaction holds it up), known head not in the chain (known_block and known_digest: of an earlier audit_head()); '
'and with block_no null what integrity_problems() tells of accounts, applications, grants, levels and proposals. Rows older than citybigdata.audit_retention_days may have left. Audited';

CREATE OR REPLACE FUNCTION citybigdata.audit_read(since timestamptz, until timestamptz, action_like text DEFAULT '%', of_app_code text DEFAULT NULL,
                                                  of_user_name text DEFAULT NULL)
    RETURNS TABLE (audit_id bigint, at timestamptz, request_id text, app_code text, user_name text, authenticated boolean, client_addr inet,
                   scheme text, action text, object text, status_code integer, detail text, session_role text)
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM citybigdata.require_own_transaction('audit_read');
    PERFORM citybigdata.audit_event('audit.read', format('%s %s %s', since, until, action_like), NULL);
    RETURN QUERY
        SELECT l.audit_id, l.at, l.request_id, l.app_code, l.user_name, l.authenticated, l.client_addr, l.scheme, l.action, l.object,
               l.status_code, l.detail, l.session_role
        FROM citybigdata.audit_log l
        WHERE l.at >= since AND l.at < until AND l.action LIKE action_like
          AND (of_app_code IS NULL OR l.app_code = of_app_code) AND (of_user_name IS NULL OR l.user_name = of_user_name)
        ORDER BY l.at, l.audit_id;
END
$$;
COMMENT ON FUNCTION citybigdata.audit_read(timestamptz, timestamptz, text, text, text) IS
'The audit rows of [since, until), optionally of one kind of action (LIKE pattern, for example auth.%), application or account. The reading is audited itself';

CREATE OR REPLACE FUNCTION citybigdata.syslog_value(value text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT replace(replace(replace(regexp_replace(value, '[\x01-\x1f\x7f-\x9f]', ' ', 'g'), '\', '\\'), '"', '\"'), ']', '\]')
$$;
COMMENT ON FUNCTION citybigdata.syslog_value(text) IS
'A value as it stands between quotes in structured data of RFC 5424; control characters become blanks: one record is one line';

CREATE OR REPLACE FUNCTION citybigdata.audit_export(since timestamptz, until timestamptz) RETURNS SETOF text
    LANGUAGE plpgsql VOLATILE STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    host text := coalesce(substring(current_setting('citybigdata.public_url') FROM '^https?://([A-Za-z0-9.-]+)'), '-');
    sd_id text := 'audit@' || current_setting('citybigdata.syslog_enterprise_number');
BEGIN
    PERFORM citybigdata.require_own_transaction('audit_export');
    PERFORM citybigdata.audit_event('audit.export', format('%s %s', since, until), NULL);
    RETURN QUERY
        -- facility 13 (log audit); severity 6 information, 4 warning (refused), 3 error (failed)
        SELECT format('<%s>1 %s %s citybigdata - %s [%s id="%s"%s scheme="%s"%s status="%s" role="%s"]%s',
                      104 + CASE WHEN l.status_code = 0 THEN 6 WHEN l.status_code < 50000 THEN 4 ELSE 3 END,
                      to_char(l.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), host,
                      coalesce(nullif(left(regexp_replace(l.action, '[^!-~]', '', 'g'), 32), ''), '-'), sd_id, l.audit_id,
                      concat(' requestId="' || citybigdata.syslog_value(l.request_id) || '"',
                             ' appCode="' || citybigdata.syslog_value(l.app_code) || '"',
                             ' userName="' || citybigdata.syslog_value(l.user_name) || '"',
                             ' authenticated="' || l.authenticated::text || '"',
                             ' client="' || host(l.client_addr) || '"'),
                      citybigdata.syslog_value(l.scheme),
                      ' object="' || citybigdata.syslog_value(l.object) || '"',
                      l.status_code, citybigdata.syslog_value(l.session_role),
                      -- the mark of UTF-8 that the RFC wants before a text
                      ' ' || U&'\FEFF' || nullif(regexp_replace(l.detail, '[\x01-\x1f\x7f-\x9f]', ' ', 'g'), ''))
        FROM citybigdata.audit_log l
        WHERE l.at >= since AND l.at < until
        ORDER BY l.at, l.audit_id;
END
$$;
COMMENT ON FUNCTION citybigdata.audit_export(timestamptz, timestamptz) IS
'The audit rows of [since, until) as RFC 5424 syslog lines for security devices: facility 13, structured data audit@<citybigdata.syslog_enterprise_number>. '
'The export is audited itself';

-- code/43-audit-integrity.sql
-- Integrity codes of the rows that decide who may do what (extension/audit/integrity.h).
COMMENT ON TABLE citybigdata.integrity_row IS
'What functions of the extension wrote last into the rows of integrity_columns(), with a code over it. Written by trigger integrity_guard and by audit_seal()';
COMMENT ON COLUMN citybigdata.integrity_row.change_no IS 'Number of the change';
COMMENT ON COLUMN citybigdata.integrity_row.relation IS 'Table; empty: accept_integrity() was called; extension: the version whose shipped rows have codes';
COMMENT ON COLUMN citybigdata.integrity_row.row_key IS 'Its key columns, with blanks between them';
COMMENT ON COLUMN citybigdata.integrity_row.content IS 'Its columns that are looked after; of passwords, keys and secrets a digest';
COMMENT ON COLUMN citybigdata.integrity_row.code IS 'Kind (1 byte: 1 = SM3, 2 = keyed), key id (4), HMAC under the master key, or digest without one (32), over all of the above';
COMMENT ON COLUMN citybigdata.integrity_row.replaced_code IS 'Code that says that a later change took its place, or that the row was deleted; such rows stay until the next seal';
COMMENT ON COLUMN citybigdata.integrity_row.sealed_in IS 'Block of the audit log that has it in its integrity_digest; null: none yet';
COMMENT ON COLUMN citybigdata.integrity_row.changed_at IS 'When it was changed';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.integrity_row', '');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.integrity_row_change_no_seq', '');

CREATE OR REPLACE FUNCTION citybigdata.integrity_by_function() RETURNS boolean
    AS 'MODULE_PATHNAME', 'cbd_integrity_by_function' LANGUAGE c STABLE SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.integrity_by_function() IS 'Does a function of the extension, or its script, make the change that is under way?';
CREATE OR REPLACE FUNCTION citybigdata.integrity_code(change_no bigint, replaced boolean, relation text, row_key text, content jsonb) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_integrity_code' LANGUAGE c VOLATILE STRICT SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.integrity_code(bigint, boolean, text, text, jsonb) IS
'The code of a row of integrity_row; for functions of the extension only, refused to others. Errors: 50303 the key file is unsafe or malformed';
CREATE OR REPLACE FUNCTION citybigdata.integrity_code_fits(change_no bigint, replaced boolean, relation text, row_key text, content jsonb, code bytea) RETURNS boolean
    AS 'MODULE_PATHNAME', 'cbd_integrity_code_fits' LANGUAGE c STABLE STRICT SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.integrity_code_fits(bigint, boolean, text, text, jsonb, bytea) IS 'Is it the code of the row? Errors: 50303 the key file is unsafe or malformed';
CREATE OR REPLACE FUNCTION citybigdata.integrity_sealed_fits() RETURNS boolean
    AS 'MODULE_PATHNAME', 'cbd_integrity_sealed_fits' LANGUAGE c VOLATILE SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.integrity_sealed_fits() IS 'Are the sealed rows of integrity_row those that the newest block of the audit log has?';

-- What changes with every use of a credential is left out: it decides nothing.
CREATE OR REPLACE FUNCTION citybigdata.integrity_columns(OUT relation text, OUT keys text[], OUT columns text[]) RETURNS SETOF record
    LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    VALUES ('account', '{account_id}'::text[], '{user_name,state,admin_role,valid_until,epoch,approved_by,password_digest,password_temporary,password_held}'::text[]),
           ('account_totp', '{account_id}', '{secret,algorithm,enrolled_by}'),
           ('application', '{app_id}', '{app_code,account_id,key_digest,signing_secret,methods,ip_ranges,profile,level,valid_until,redirect_uris,client_type,state,'
                                       'previous_key_digest,previous_signing_secret,previous_valid_until,epoch}'),
           ('sender', '{sender_code}', '{app_id}'),
           ('access_request', '{access_request_id}', '{account_id,resources,methods,ip_ranges,sender_codes,profile,level,valid_until,redirect_uris,client_type,state,app_id}'),
           ('app_grant', '{app_id,resource}', '{level,valid_until,state,granted_by,rate_per_second,rate_burst,daily_quota}'),
           ('admin_proposal', '{proposal_id}', '{action,account_id,access_request_id,role,app_code,resource,level,valid_until,state,proposed_by,proposer_id,decided_by,decider_id}'),
           ('level_proposal', '{resource_code,version}', '{state,changes,proposed_by,proposed_session,decided_by}'),
           ('event_field', '{field}', '{level,mask}'),
           ('resource_version', '{resource_code,version}', '{state,publisher,schema_name,relation_name,level}'),
           ('resource_field', '{resource_code,version,position}', '{name,column_name,level,mask}')
$$;
COMMENT ON FUNCTION citybigdata.integrity_columns() IS 'The tables whose rows decide who may do what, their key columns, and the columns that have a code';

CREATE OR REPLACE FUNCTION citybigdata.integrity_content(relation text, row_values jsonb, OUT row_key text, OUT content jsonb) RETURNS record
    LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT (SELECT string_agg(row_values ->> k.name, ' ' ORDER BY k.n) FROM unnest(i.keys) WITH ORDINALITY k (name, n)),
           (SELECT jsonb_object_agg(c.name, CASE WHEN c.name ~ '(digest|secret)$' THEN to_jsonb(encode(sha256(convert_to(row_values ->> c.name, 'UTF8')), 'hex'))
                                                 ELSE row_values -> c.name END) FROM unnest(i.columns) c (name))
    FROM citybigdata.integrity_columns() i WHERE i.relation = integrity_content.relation
$$;
COMMENT ON FUNCTION citybigdata.integrity_content(text, jsonb) IS 'Key and content, for integrity_row, of a row of that table as to_jsonb() gives it in UTC';

-- Content null: the row is gone. A content whose code is not good stays, so that it is found.
CREATE OR REPLACE FUNCTION citybigdata.integrity_put(relation text, row_key text, content jsonb) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    number bigint;
BEGIN
    UPDATE citybigdata.integrity_row r SET replaced_code = citybigdata.integrity_code(r.change_no, true, r.relation, r.row_key, r.content)
    WHERE r.relation = integrity_put.relation AND r.row_key = integrity_put.row_key AND r.replaced_code IS NULL;
    -- taken out and put in again as it was, as shipped rows are by an upgrade
    UPDATE citybigdata.integrity_row u SET replaced_code = NULL
    WHERE u.change_no = (SELECT max(r.change_no) FROM citybigdata.integrity_row r WHERE r.relation = integrity_put.relation AND r.row_key = integrity_put.row_key)
      AND u.content = integrity_put.content AND citybigdata.integrity_code_fits(u.change_no, true, u.relation, u.row_key, u.content, u.replaced_code);
    IF FOUND THEN
        RETURN;
    END IF;
    IF content IS NOT NULL THEN
        number := nextval('citybigdata.integrity_row_change_no_seq');
        INSERT INTO citybigdata.integrity_row (change_no, relation, row_key, content, code) OVERRIDING SYSTEM VALUE
        VALUES (number, integrity_put.relation, integrity_put.row_key, integrity_put.content,
                citybigdata.integrity_code(number, false, integrity_put.relation, integrity_put.row_key, integrity_put.content));
    END IF;
END
$$;
COMMENT ON FUNCTION citybigdata.integrity_put(text, text, jsonb) IS 'Writes the content of a row into integrity_row; null: it was deleted. For functions of the extension only';

-- Only what this change changed is taken over: what somebody else changed before goes on to differ.
CREATE OR REPLACE FUNCTION citybigdata.integrity_guard() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    was record;
    now record;
    kept record;
BEGIN
    -- before setup() there are no codes
    IF NOT citybigdata.integrity_by_function() OR NOT EXISTS (SELECT FROM citybigdata.integrity_row) THEN
        RETURN NULL;
    END IF;
    IF TG_OP = 'INSERT' THEN
        SELECT * INTO now FROM citybigdata.integrity_content(TG_TABLE_NAME, to_jsonb(NEW));
        PERFORM citybigdata.integrity_put(TG_TABLE_NAME, now.row_key, now.content);
        RETURN NULL;
    END IF;
    SELECT * INTO was FROM citybigdata.integrity_content(TG_TABLE_NAME, to_jsonb(OLD));
    IF TG_OP = 'UPDATE' THEN
        SELECT * INTO now FROM citybigdata.integrity_content(TG_TABLE_NAME, to_jsonb(NEW));
        IF now.content = was.content THEN
            RETURN NULL;
        END IF;
    END IF;
    SELECT r.* INTO kept FROM citybigdata.integrity_row r WHERE r.relation = TG_TABLE_NAME AND r.row_key = was.row_key AND r.replaced_code IS NULL FOR UPDATE;
    IF NOT FOUND OR NOT citybigdata.integrity_code_fits(kept.change_no, false, kept.relation, kept.row_key, kept.content, kept.code) THEN
        RETURN NULL;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        kept.content := kept.content || (SELECT jsonb_object_agg(n.key, n.value) FROM jsonb_each(now.content) n WHERE n.value IS DISTINCT FROM was.content -> n.key);
    ELSE
        kept.content := NULL;
    END IF;
    PERFORM citybigdata.integrity_put(TG_TABLE_NAME, was.row_key, kept.content);
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION citybigdata.integrity_guard() IS 'Trigger of the tables of integrity_columns(): a change by a function of the extension goes into integrity_row, every other one does not';
DO $$
DECLARE
    guarded record;
BEGIN
    FOR guarded IN SELECT * FROM citybigdata.integrity_columns() LOOP
        EXECUTE pg_catalog.format('CREATE OR REPLACE TRIGGER integrity_guard AFTER INSERT OR DELETE OR UPDATE OF %s ON citybigdata.%I '
                                  'FOR EACH ROW EXECUTE FUNCTION citybigdata.integrity_guard()',
                                  (SELECT pg_catalog.string_agg(pg_catalog.quote_ident(c), ', ') FROM pg_catalog.unnest(guarded.columns) c), guarded.relation);
        EXECUTE pg_catalog.format('ALTER TABLE citybigdata.%I ENABLE ALWAYS TRIGGER integrity_guard', guarded.relation);
    END LOOP;
END
$$;

CREATE OR REPLACE FUNCTION citybigdata.integrity_problems(OUT problem text) RETURNS SETOF text
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    guarded record;
BEGIN
    FOR guarded IN SELECT * FROM citybigdata.integrity_columns() LOOP
        RETURN QUERY EXECUTE format($sql$
            SELECT format('%%s (%%s): %%s', $1, row_key, CASE WHEN i.content IS NULL THEN 'put in' WHEN t.content IS NULL THEN 'taken out'
                WHEN NOT i.fits THEN 'its code was changed'
                ELSE (SELECT string_agg(CASE WHEN k.key ~ '(digest|secret)$' THEN k.key || ' changed'
                                             ELSE format('%%s was %%s, is %%s', k.key, coalesce(k.value, 'null'), coalesce(t.content -> k.key, 'null')) END, '; ' ORDER BY k.key)
                      FROM jsonb_each(i.content) k WHERE k.value IS DISTINCT FROM t.content -> k.key) END)
            FROM (SELECT c.row_key, c.content FROM citybigdata.%I r, citybigdata.integrity_content($1, to_jsonb(r)) c) t
            FULL JOIN (SELECT r.row_key, r.content, citybigdata.integrity_code_fits(r.change_no, false, r.relation, r.row_key, r.content, r.code) AS fits
                       FROM citybigdata.integrity_row r WHERE r.relation = $1 AND r.replaced_code IS NULL) i USING (row_key)
            WHERE i.content IS DISTINCT FROM t.content OR NOT i.fits ORDER BY row_key$sql$, guarded.relation) USING guarded.relation;
    END LOOP;
    IF NOT citybigdata.integrity_sealed_fits() THEN
        problem := 'integrity codes are not those that were sealed';
        RETURN NEXT;
    END IF;
END
$$;
COMMENT ON FUNCTION citybigdata.integrity_problems() IS
'Rows of accounts, applications, grants, levels and proposals that somebody wrote without the functions of the extension: what was changed, put in or taken out; no row = none. For audit_verify()';

-- Everything as it is now.
CREATE OR REPLACE FUNCTION citybigdata.integrity_take_all() RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    guarded record;
BEGIN
    LOCK TABLE citybigdata.integrity_row IN SHARE ROW EXCLUSIVE MODE;
    DELETE FROM citybigdata.integrity_row;
    PERFORM citybigdata.integrity_put('', '', jsonb_build_object('at', clock_timestamp()));
    PERFORM citybigdata.integrity_put('extension', 'citybigdata', to_jsonb(x.extversion)) FROM pg_extension x WHERE x.extname = 'citybigdata';
    FOR guarded IN SELECT * FROM citybigdata.integrity_columns() LOOP
        EXECUTE format('SELECT count(citybigdata.integrity_put($1, c.row_key, c.content)) FROM citybigdata.%I r, citybigdata.integrity_content($1, to_jsonb(r)) c',
                       guarded.relation) USING guarded.relation;
    END LOOP;
END
$$;
COMMENT ON FUNCTION citybigdata.integrity_take_all() IS 'Makes all codes anew from the rows as they are; for setup() and accept_integrity()';

-- Shipped rows are those of the version that is installed: a dump of another one had others.
CREATE OR REPLACE FUNCTION citybigdata.integrity_version() RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    installed jsonb := (SELECT to_jsonb(x.extversion) FROM pg_extension x WHERE x.extname = 'citybigdata');
BEGIN
    IF NOT EXISTS (SELECT FROM citybigdata.integrity_row r WHERE r.relation = 'extension' AND r.replaced_code IS NULL AND r.content = installed) THEN
        PERFORM citybigdata.integrity_put('event_field', c.row_key, c.content)
        FROM citybigdata.event_field f, citybigdata.integrity_content('event_field', to_jsonb(f)) c WHERE f.shipped;
        PERFORM citybigdata.integrity_put('extension', 'citybigdata', installed);
    END IF;
END
$$;
COMMENT ON FUNCTION citybigdata.integrity_version() IS 'Makes the codes of shipped rows anew when another version of the extension made them; for setup()';

CREATE OR REPLACE FUNCTION citybigdata.accept_integrity(reason text) RETURNS bigint
    LANGUAGE plpgsql VOLATILE STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    problems text[];
BEGIN
    PERFORM citybigdata.require_own_transaction('accept_integrity');
    problems := ARRAY(SELECT p.problem FROM citybigdata.integrity_problems() p);
    PERFORM citybigdata.integrity_take_all();
    PERFORM citybigdata.audit_event('integrity.accept', left(reason, 200), format('%s differences: %s', cardinality(problems), array_to_string(problems, ' | ')));
    RETURN cardinality(problems);
END
$$;
COMMENT ON FUNCTION citybigdata.accept_integrity(text) IS
'Takes accounts, applications, grants, levels and proposals as they are now, after maintenance by a superuser or with a new key file, and returns how many differences there were. Audited with them';

-- code/44-calendar.sql
-- Working calendars: what the tables hold, and reckoning with them. Loading: 45-calendar-load.sql.
COMMENT ON TABLE citybigdata.calendar IS 'Working calendars 工作日历; load_calendar() makes and changes them';
COMMENT ON COLUMN citybigdata.calendar.code IS 'Name in calls, for example default';
COMMENT ON COLUMN citybigdata.calendar.title IS 'English title';
COMMENT ON COLUMN citybigdata.calendar.title_zh IS 'Chinese title';
COMMENT ON COLUMN citybigdata.calendar.day_minutes IS 'Working minutes that count as one working day (unit 1 天)';
COMMENT ON COLUMN citybigdata.calendar.holidays IS 'own: those in calendar_day; none: it has no holidays; else the calendar whose holidays count';
COMMENT ON COLUMN citybigdata.calendar.shipped IS 'The row came with CREATE EXTENSION; pg_dump leaves it out';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.calendar', 'WHERE NOT shipped');

COMMENT ON TABLE citybigdata.calendar_hours IS 'Working hours 作息时间 of the weekdays, from a day on until the next valid_from of the calendar';
COMMENT ON COLUMN citybigdata.calendar_hours.calendar IS 'Working calendar';
COMMENT ON COLUMN citybigdata.calendar_hours.valid_from IS 'First day of these hours; -infinity: always';
COMMENT ON COLUMN citybigdata.calendar_hours.weekday IS '1 Monday to 7 Sunday; 0: make-up working days';
COMMENT ON COLUMN citybigdata.calendar_hours.hours IS 'Shifts, for example 08:00-12:00,14:00-18:00; empty: no work';
COMMENT ON COLUMN citybigdata.calendar_hours.shipped IS 'The row came with CREATE EXTENSION; pg_dump leaves it out';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.calendar_hours', 'WHERE NOT shipped');

COMMENT ON TABLE citybigdata.calendar_year IS 'Years whose holidays a calendar knows, without a gap';
COMMENT ON COLUMN citybigdata.calendar_year.calendar IS 'Working calendar';
COMMENT ON COLUMN citybigdata.calendar_year.year IS 'Year';
COMMENT ON COLUMN citybigdata.calendar_year.source IS 'Where the holidays come from, for example the number of the notice';
COMMENT ON COLUMN citybigdata.calendar_year.shipped IS 'The row came with CREATE EXTENSION; pg_dump leaves it out';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.calendar_year', 'WHERE NOT shipped');

COMMENT ON TABLE citybigdata.calendar_day IS 'Holidays 节假日 and make-up working days 补班日';
COMMENT ON COLUMN citybigdata.calendar_day.calendar IS 'Working calendar';
COMMENT ON COLUMN citybigdata.calendar_day.day IS 'Day';
COMMENT ON COLUMN citybigdata.calendar_day.kind IS 'off: no work; work: a working day, also on a Saturday or Sunday';
COMMENT ON COLUMN citybigdata.calendar_day.hours IS 'Shifts of this day alone; null: those of its weekday, else of make-up days';
COMMENT ON COLUMN citybigdata.calendar_day.name IS 'Name of the holiday in Chinese';
COMMENT ON COLUMN citybigdata.calendar_day.name_en IS 'Name of the holiday in English';
COMMENT ON COLUMN citybigdata.calendar_day.shipped IS 'The row came with CREATE EXTENSION; pg_dump leaves it out';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.calendar_day', 'WHERE NOT shipped');

CREATE OR REPLACE FUNCTION citybigdata.calendar_hours_problem(hours text) RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_calendar_hours_problem' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.calendar_hours_problem(text) IS 'What is wrong with shifts; null: nothing. 08:00-12:00,14:00-18:00 is right';
CREATE OR REPLACE FUNCTION citybigdata.calendar_hours_minutes(hours text) RETURNS integer
    AS 'MODULE_PATHNAME', 'cbd_calendar_hours_minutes' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.calendar_hours_minutes(text) IS 'Minutes of shifts; null when they are wrong';

-- As for divisions: a row of the site replaces a shipped one of the same key, and a changed shipped row is the site's. A year is the
-- site's as a whole: none of its days is mixed with shipped ones. Hours that nobody could read are refused, whoever writes them.
CREATE OR REPLACE FUNCTION citybigdata.calendar_keep() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_TABLE_NAME IN ('calendar_hours', 'calendar_day') THEN
        IF citybigdata.calendar_hours_problem(NEW.hours) IS NOT NULL THEN
            PERFORM citybigdata.refuse(42230, format('%s: %s.', NEW.hours, citybigdata.calendar_hours_problem(NEW.hours)));
        END IF;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        IF TG_TABLE_NAME = 'calendar_year' AND OLD.shipped THEN
            UPDATE citybigdata.calendar_day d SET shipped = false
            WHERE d.calendar = OLD.calendar AND d.shipped AND extract(year FROM d.day) = OLD.year;
        END IF;
        NEW.shipped := false;
    ELSIF NEW.shipped THEN
        NULL;
    ELSIF TG_TABLE_NAME = 'calendar' THEN
        DELETE FROM citybigdata.calendar c WHERE c.code = NEW.code AND c.shipped;
    ELSIF TG_TABLE_NAME = 'calendar_hours' THEN
        DELETE FROM citybigdata.calendar_hours h
        WHERE h.calendar = NEW.calendar AND h.valid_from = NEW.valid_from AND h.weekday = NEW.weekday AND h.shipped;
    ELSIF TG_TABLE_NAME = 'calendar_year' THEN
        DELETE FROM citybigdata.calendar_year y WHERE y.calendar = NEW.calendar AND y.year = NEW.year AND y.shipped;
        DELETE FROM citybigdata.calendar_day d WHERE d.calendar = NEW.calendar AND extract(year FROM d.day) = NEW.year AND d.shipped;
    ELSE
        DELETE FROM citybigdata.calendar_day d WHERE d.calendar = NEW.calendar AND d.day = NEW.day AND d.shipped;
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION citybigdata.calendar_keep() IS
'Trigger: a changed shipped row becomes a row of the site, a row of the site replaces the shipped one, a year with all its days. Errors: 42230';
CREATE OR REPLACE TRIGGER calendar_keep BEFORE INSERT OR UPDATE ON citybigdata.calendar
    FOR EACH ROW EXECUTE FUNCTION citybigdata.calendar_keep();
ALTER TABLE citybigdata.calendar ENABLE ALWAYS TRIGGER calendar_keep;
CREATE OR REPLACE TRIGGER calendar_hours_keep BEFORE INSERT OR UPDATE ON citybigdata.calendar_hours
    FOR EACH ROW EXECUTE FUNCTION citybigdata.calendar_keep();
ALTER TABLE citybigdata.calendar_hours ENABLE ALWAYS TRIGGER calendar_hours_keep;
CREATE OR REPLACE TRIGGER calendar_year_keep BEFORE INSERT OR UPDATE ON citybigdata.calendar_year
    FOR EACH ROW EXECUTE FUNCTION citybigdata.calendar_keep();
ALTER TABLE citybigdata.calendar_year ENABLE ALWAYS TRIGGER calendar_year_keep;
CREATE OR REPLACE TRIGGER calendar_day_keep BEFORE INSERT OR UPDATE ON citybigdata.calendar_day
    FOR EACH ROW EXECUTE FUNCTION citybigdata.calendar_keep();
ALTER TABLE citybigdata.calendar_day ENABLE ALWAYS TRIGGER calendar_day_keep;

CREATE OR REPLACE FUNCTION citybigdata.calendar_changed() RETURNS trigger
    AS 'MODULE_PATHNAME', 'cbd_calendar_changed' LANGUAGE c;
COMMENT ON FUNCTION citybigdata.calendar_changed() IS 'Trigger: every session forgets what it has kept of the working calendars';
CREATE OR REPLACE TRIGGER calendar_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON citybigdata.calendar
    FOR EACH STATEMENT EXECUTE FUNCTION citybigdata.calendar_changed();
CREATE OR REPLACE TRIGGER calendar_hours_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON citybigdata.calendar_hours
    FOR EACH STATEMENT EXECUTE FUNCTION citybigdata.calendar_changed();
CREATE OR REPLACE TRIGGER calendar_year_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON citybigdata.calendar_year
    FOR EACH STATEMENT EXECUTE FUNCTION citybigdata.calendar_changed();
CREATE OR REPLACE TRIGGER calendar_day_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON citybigdata.calendar_day
    FOR EACH STATEMENT EXECUTE FUNCTION citybigdata.calendar_changed();

CREATE OR REPLACE FUNCTION citybigdata.add_work(start timestamptz, amount numeric, unit integer, calendar text DEFAULT 'default') RETURNS timestamptz
    AS 'MODULE_PATHNAME', 'cbd_add_work' LANGUAGE c STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.add_work(timestamptz, numeric, integer, text) IS
'When an amount of time is over. Unit (code table limit-unit): 1 working days, 2 working hours, 3 working minutes; 11, 12, 13 days, hours, minutes that run through nights and '
'holidays. Below zero: how long before; zero: start itself. add_work(now(), 4, 2). Errors: 40409 no such calendar, 42205 no such unit, 42204 before 1900 or after 2199';
CREATE OR REPLACE FUNCTION citybigdata.work_between("from" timestamptz, "to" timestamptz, calendar text DEFAULT 'default') RETURNS interval
    AS 'MODULE_PATHNAME', 'cbd_work_between' LANGUAGE c STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.work_between(timestamptz, timestamptz, text) IS
'Working time between two times, in hours, minutes and seconds; negative when the second is the earlier one. Errors: 40409, 42204 before 1900 or after 2199';

CREATE OR REPLACE FUNCTION citybigdata.calendar_unknown_from(calendar text DEFAULT 'default') RETURNS date
    AS 'MODULE_PATHNAME', 'cbd_calendar_unknown_from' LANGUAGE c STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.calendar_unknown_from(text) IS
'The day from which the calendar knows no holidays and ordinary weeks are assumed; null: it has none. Errors: 40409';
CREATE OR REPLACE FUNCTION citybigdata.calendar_known(at timestamptz, calendar text DEFAULT 'default') RETURNS boolean
    AS 'MODULE_PATHNAME', 'cbd_calendar_known' LANGUAGE c STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.calendar_known(timestamptz, text) IS
'Are the holidays of that year known? A reply with a deadline for which they are not has the warning 42232. Errors: 40409';
CREATE OR REPLACE FUNCTION citybigdata.calendar_version(calendar text DEFAULT 'default') RETURNS bigint
    AS 'MODULE_PATHNAME', 'cbd_calendar_version' LANGUAGE c STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.calendar_version(text) IS
'A number that changes when hours, holidays or the time zone do: what was computed with another one is to be computed again. It has no order. Errors: 40409';

CREATE OR REPLACE FUNCTION citybigdata.calendar_warnings(within interval DEFAULT '60 days')
    RETURNS TABLE (calendar text, unknown_from date, status_code integer, message text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT c.code, u.day, s.status_code, s.message
    FROM citybigdata.calendar c CROSS JOIN LATERAL citybigdata.calendar_unknown_from(c.code) u(day)
    JOIN citybigdata.status_code s ON s.status_code = 42232
    WHERE c.holidays = 'own' AND u.day <= now() + within
    ORDER BY c.code
$$;
COMMENT ON FUNCTION citybigdata.calendar_warnings(interval) IS
'Calendars whose next year must be loaded: its holidays are not known and it begins within that time. maintain() tells them';

-- Shipped rows are replaced as a whole by each version; a row of the site with the same key stays. The days: code/46-calendar-rows.sql.
INSERT INTO citybigdata.code_table (name, title, title_zh, version, shipped) VALUES
('limit-unit', 'Unit of a time limit', '时限单位', '1', true)
ON CONFLICT ON CONSTRAINT code_table_pkey DO NOTHING;
INSERT INTO citybigdata.code_table_row (table_name, code, name, sort, shipped) VALUES
('limit-unit', '1', '工作日', 1, true), ('limit-unit', '2', '工作时', 2, true), ('limit-unit', '3', '工作分钟', 3, true),
('limit-unit', '11', '紧急工作日', 11, true), ('limit-unit', '12', '紧急工作时', 12, true), ('limit-unit', '13', '紧急工作分钟', 13, true)
ON CONFLICT ON CONSTRAINT code_table_row_pkey DO NOTHING;
DELETE FROM citybigdata.calendar WHERE shipped;
INSERT INTO citybigdata.calendar (code, title, title_zh, day_minutes, holidays, shipped) VALUES
('default', 'Offices, holidays of the State Council', '机关作息，国务院节假日安排', 480, 'own', true)
ON CONFLICT ON CONSTRAINT calendar_pkey DO NOTHING;
DELETE FROM citybigdata.calendar_hours WHERE shipped;
INSERT INTO citybigdata.calendar_hours (calendar, valid_from, weekday, hours, shipped)
SELECT 'default', '-infinity', w.weekday, CASE WHEN w.weekday OPERATOR(pg_catalog.<) 6 THEN '08:00-12:00,14:00-18:00' ELSE '' END, true
FROM pg_catalog.generate_series(0, 7) w(weekday)
ON CONFLICT ON CONSTRAINT calendar_hours_pkey DO NOTHING;

-- code/45-calendar-load.sql
-- Loading working calendars: one document says what is to be, all of its errors are found before anything is changed.
CREATE OR REPLACE FUNCTION citybigdata.calendar_date(value text) RETURNS date
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN p.y BETWEEN 1900 AND 2199 AND p.m BETWEEN 1 AND 12 AND p.d BETWEEN 1 AND 31
                     AND (make_date(p.y, p.m, 1) + interval '1 month')::date > make_date(p.y, p.m, 1) + p.d - 1
                THEN make_date(p.y, p.m, 1) + p.d - 1 END
    FROM (SELECT m[1]::integer AS y, m[2]::integer AS m, m[3]::integer AS d
          FROM (SELECT coalesce(regexp_match(value, '^([0-9]{4})([0-9]{2})([0-9]{2})$'),
                                (SELECT ARRAY[r[1], r[3], r[4]] FROM regexp_match(value, '^([0-9]{4})([-/])([0-9]{1,2})\2([0-9]{1,2})$') r))) t(m)) p
$$;
COMMENT ON FUNCTION citybigdata.calendar_date(text) IS 'A day written 2027-01-01, 20270101 or 2027/1/1, from 1900 to 2199; null: none of these';

CREATE OR REPLACE FUNCTION citybigdata.calendar_shifts(value jsonb) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE jsonb_typeof(value)
        WHEN 'string' THEN value #>> '{}'
        WHEN 'array' THEN coalesce((SELECT string_agg(coalesce(s.shift #>> '{}', 'null'), ',' ORDER BY s.n)
                                    FROM jsonb_array_elements(value) WITH ORDINALITY s(shift, n)), '') END
$$;
COMMENT ON FUNCTION citybigdata.calendar_shifts(jsonb) IS 'Shifts from a JSON array or string as stored, not checked; null: of another type';

CREATE OR REPLACE FUNCTION citybigdata.calendar_week(hours jsonb) RETURNS TABLE (key text, weekday integer, shifts text)
    LANGUAGE sql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp AS $$
    SELECT e.key, CASE WHEN e.key = 'makeUp' THEN 0 ELSE d.weekday END, citybigdata.calendar_shifts(e.value)
    FROM jsonb_each(CASE WHEN jsonb_typeof(hours) = 'object' THEN hours ELSE '{}' END) e
    CROSS JOIN (SELECT ARRAY['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] AS list) names
    LEFT JOIN LATERAL generate_series(array_position(names.list, split_part(e.key, '-', 1)),
        array_position(names.list, CASE WHEN e.key ~ '^[a-z]{3}-[a-z]{3}$' THEN split_part(e.key, '-', 2) WHEN e.key ~ '^[a-z]{3}$' THEN e.key END)) d(weekday) ON true
$$;
COMMENT ON FUNCTION citybigdata.calendar_week(jsonb) IS 'Hours by weekday (0 make-up days, 1 Monday to 7 Sunday; null: the key is no weekday) of the member hours';

CREATE OR REPLACE FUNCTION citybigdata.calendar_hours_problems(hours jsonb) RETURNS TABLE (pointer text, status_code integer, message text)
    LANGUAGE sql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp AS $$
    SELECT '/hours', 42202, 'an object is expected, for example {"mon-fri":["08:00-12:00","14:00-18:00"],"sat":[],"sun":[]}'
    WHERE jsonb_typeof(hours) <> 'object'
    UNION ALL
    SELECT DISTINCT '/hours/' || w.key, CASE WHEN w.weekday IS NULL THEN 42225 WHEN w.shifts IS NULL THEN 42202 ELSE 42230 END,
           CASE WHEN w.weekday IS NULL THEN 'a weekday is mon, tue, wed, thu, fri, sat or sun; several are mon-fri; make-up days are makeUp'
                WHEN w.shifts IS NULL THEN 'shifts are expected, for example ["08:00-12:00","14:00-18:00"]'
                ELSE format('%s: %s; for example ["08:00-12:00","14:00-18:00"]', w.shifts, citybigdata.calendar_hours_problem(w.shifts)) END
    FROM citybigdata.calendar_week(hours) w
    WHERE w.weekday IS NULL OR w.shifts IS NULL OR citybigdata.calendar_hours_problem(w.shifts) IS NOT NULL
    UNION ALL
    SELECT '/hours/' || max(w.key), 42230, format('the weekday is in %s; each has its hours once', string_agg(w.key, ' and ' ORDER BY w.key))
    FROM citybigdata.calendar_week(hours) w GROUP BY w.weekday HAVING count(*) > 1 AND w.weekday IS NOT NULL
    UNION ALL
    SELECT '/hours', 42231, format('no hours for %s; a day without work has []', string_agg(d.name, ', ' ORDER BY d.n))
    FROM unnest(ARRAY['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']) WITH ORDINALITY d(name, n)
    WHERE jsonb_typeof(hours) = 'object' AND NOT EXISTS (SELECT FROM citybigdata.calendar_week(hours) w WHERE w.weekday = d.n)
    HAVING count(*) > 0
    UNION ALL
    SELECT '/hours', 42231, 'no weekday has any hours; for example {"mon-sun":["00:00-24:00"]}'
    FROM citybigdata.calendar_week(hours) w HAVING count(DISTINCT w.weekday) FILTER (WHERE w.weekday > 0 AND w.shifts IS NOT NULL) = 7 AND coalesce(max(w.shifts) FILTER (WHERE w.weekday > 0), '') = ''
$$;
COMMENT ON FUNCTION citybigdata.calendar_hours_problems(jsonb) IS 'Errors of the member hours of a calendar document';

CREATE OR REPLACE FUNCTION citybigdata.calendar_days(document jsonb)
    RETURNS TABLE (n bigint, element jsonb, day date, kind text, shifts text, name text, name_en text)
    LANGUAGE sql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp AS $$
    SELECT e.n - 1, e.element, citybigdata.calendar_date(e.element ->> 'date'),
           CASE e.element ->> 'kind' WHEN '休' THEN 'off' WHEN '班' THEN 'work' ELSE e.element ->> 'kind' END,
           citybigdata.calendar_shifts(CASE WHEN e.element ->> 'hours' IS NOT NULL THEN e.element -> 'hours' END),
           nullif(e.element ->> 'name', ''), nullif(e.element ->> 'nameEn', '')
    FROM jsonb_array_elements(CASE WHEN jsonb_typeof(document -> 'days') = 'array' THEN document -> 'days' ELSE '[]' END) WITH ORDINALITY e(element, n)
$$;
COMMENT ON FUNCTION citybigdata.calendar_days(jsonb) IS 'The days of a calendar document, not checked; n is their place from 0, day is null when the date is none';

CREATE OR REPLACE FUNCTION citybigdata.calendar_years(document jsonb) RETURNS SETOF integer
    LANGUAGE sql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp AS $$
    SELECT DISTINCT CASE WHEN y.year::text ~ '^(19|20|21)[0-9]{2}$' THEN y.year::text::integer END
    FROM jsonb_array_elements(CASE WHEN jsonb_typeof(document -> 'years') = 'array' THEN document -> 'years' ELSE '[]' END) y(year)
    UNION
    SELECT extract(year FROM d.day)::integer FROM citybigdata.calendar_days(document) d WHERE NOT document ? 'years' AND d.day IS NOT NULL
$$;
COMMENT ON FUNCTION citybigdata.calendar_years(jsonb) IS 'The years that a calendar document loads: its member years, else those of its days; null for what is no year';

CREATE OR REPLACE FUNCTION citybigdata.calendar_days_problems(document jsonb) RETURNS TABLE (pointer text, status_code integer, message text)
    LANGUAGE sql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp AS $$
    WITH given AS MATERIALIZED (
        SELECT d.*, count(*) OVER (PARTITION BY d.day) AS times, jsonb_typeof(d.element) = 'object' AS proper FROM citybigdata.calendar_days(document) d
    ), fault AS (
        SELECT g.n, g.element, f.* FROM given g CROSS JOIN LATERAL (VALUES
            (NOT g.proper, '', 42202, 'an object is expected, for example {"date":"2027-01-01","kind":"off","name":"元旦"}'),
            (g.proper AND g.element ->> 'date' IS NULL, '/date', 42201, 'the date is missing, for example "2027-01-01"'),
            (g.element ->> 'date' IS NOT NULL AND g.day IS NULL, '/date', 42213,
                format('%s is no day of the years 1900 to 2199, written 2027-01-01, 20270101 or 2027/1/1', left(g.element ->> 'date', 32))),
            (g.day IS NOT NULL AND g.times > 1, '/date', 42204, format('%s occurs %s times; each day occurs once', g.day, g.times)),
            (g.day IS NOT NULL AND NOT extract(year FROM g.day) IN (SELECT y FROM citybigdata.calendar_years(document) y WHERE y IS NOT NULL), '/date', 42204,
                format('%s is in none of the years that are loaded', g.day)),
            (g.proper AND g.kind IS NULL, '/kind', 42201, 'the kind is missing: off (休) or work (班)'),
            (g.kind NOT IN ('off', 'work'), '/kind', 42204, format('%s is not a kind: off (休) or work (班)', left(g.kind, 32))),
            (g.element ->> 'hours' IS NOT NULL AND g.shifts IS NULL, '/hours', 42202, 'shifts are expected, for example ["08:00-12:00"]'),
            (g.shifts IS NOT NULL AND g.kind = 'off', '/hours', 42230, 'a day off has no hours; a short day is of the kind work'),
            (g.shifts = '' AND g.kind = 'work', '/hours', 42230, 'a working day has hours; a day without is of the kind off'),
            (citybigdata.calendar_hours_problem(g.shifts) IS NOT NULL, '/hours', 42230,
                format('%s: %s; for example ["08:00-12:00"]', left(g.shifts, 64), citybigdata.calendar_hours_problem(g.shifts))),
            (length(g.name) > 64 OR length(g.name_en) > 64, '/name', 42203, 'a name has at most 64 characters')
        ) f(wrong, member, code, says) WHERE f.wrong
        UNION ALL
        SELECT g.n, g.element, true, '/' || k.member, 42225, 'the members of a day are date, kind, name, nameEn, hours'
        FROM given g CROSS JOIN LATERAL jsonb_object_keys(CASE WHEN g.proper THEN g.element ELSE '{}' END) k(member)
        WHERE k.member NOT IN ('date', 'kind', 'name', 'nameEn', 'hours', 'line')
    )
    SELECT format('/days/%s%s', f.n, f.member), f.code, CASE WHEN f.element ->> 'line' IS NULL THEN '' ELSE format('line %s: ', f.element ->> 'line') END || f.says
    FROM fault f
    UNION ALL
    -- more than half of a year's days: a list of every day, of which none may be missing
    SELECT '/days', 42231, format('%s days of %s are listed, and %s is missing; list every day, or only holidays and make-up days', l.days, l.year,
        (SELECT min(d)::date FROM generate_series(make_date(l.year, 1, 1), make_date(l.year, 12, 31), interval '1 day') d WHERE d::date NOT IN (SELECT g.day FROM given g WHERE g.day IS NOT NULL)))
    FROM (SELECT extract(year FROM g.day)::integer AS year, count(DISTINCT g.day) AS days FROM given g WHERE g.day IS NOT NULL GROUP BY 1) l
    WHERE l.days > 183 AND l.days < make_date(l.year + 1, 1, 1) - make_date(l.year, 1, 1)
$$;
COMMENT ON FUNCTION citybigdata.calendar_days_problems(jsonb) IS 'Errors of the member days of a calendar document';

CREATE OR REPLACE FUNCTION citybigdata.calendar_problems(document jsonb) RETURNS TABLE (pointer text, status_code integer, message text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    WITH given AS MATERIALIZED (
        SELECT g.*, g.document -> 'hours' AS hours, coalesce(g.document ->> 'calendar', 'default') AS code,
               coalesce(g.document ->> 'holidays', c.holidays, CASE WHEN g.document ? 'days' OR g.document ? 'years' THEN 'own' ELSE 'default' END) AS follows,
               c.code IS NOT NULL AS known, ARRAY(SELECT y FROM citybigdata.calendar_years(g.document) y ORDER BY y) AS years
        FROM (SELECT CASE WHEN jsonb_typeof(document) = 'object' THEN document ELSE '{}' END AS document) g
        LEFT JOIN citybigdata.calendar c ON c.code = coalesce(g.document ->> 'calendar', 'default')
    )
    SELECT '', 42202, 'an object is expected, for example {"calendar":"default","days":[{"date":"2027-01-01","kind":"off","name":"元旦"}]}'
    WHERE jsonb_typeof(document) IS DISTINCT FROM 'object'
    UNION ALL
    SELECT f.pointer, f.code, f.says FROM given g CROSS JOIN LATERAL (VALUES
        (jsonb_typeof(calendar_problems.document) = 'object' AND NOT g.document ?| ARRAY['hours', 'days', 'years', 'holidays', 'title', 'titleZh', 'dayMinutes'], '', 42201, 'there is nothing to load: hours, days or years are expected'),
        (g.code !~ '^[a-z][a-z0-9-]{0,62}$' OR g.code IN ('own', 'none'), '/calendar', 42204, 'a name has small letters, digits and hyphens, for example night-shift'),
        (g.code ~ '^[a-z][a-z0-9-]{0,62}$' AND NOT g.known AND g.hours IS NULL, '/calendar', 40409,
            format('there is no calendar %s; a new one needs hours, for example {"mon-fri":["08:00-12:00","14:00-18:00"],"sat":[],"sun":[]}', g.code)),
        (jsonb_typeof(g.document -> 'days') <> 'array', '/days', 42202, 'an array is expected, for example [{"date":"2027-01-01","kind":"off","name":"元旦"}]'),
        (jsonb_typeof(g.document -> 'years') <> 'array' OR array_position(g.years, NULL) > 0, '/years', 42204, 'years from 1900 to 2199 are expected, for example [2027]'),
        (g.document ? 'hoursFrom' AND citybigdata.calendar_date(g.document ->> 'hoursFrom') IS NULL, '/hoursFrom', 42213, 'a day is expected, for example "2027-05-01"'),
        (g.document ? 'hoursFrom' AND g.hours IS NULL, '/hours', 42201, 'hoursFrom says from when hours are valid, and there are none'),
        (g.document ? 'dayMinutes' AND CASE WHEN g.document ->> 'dayMinutes' ~ '^[1-9][0-9]{0,3}$' THEN (g.document ->> 'dayMinutes')::integer > 1440 ELSE true END,
            '/dayMinutes', 42204, 'the working minutes of a working day are expected, 1 to 1440, for example 480'),
        (NOT g.document ? 'dayMinutes' AND NOT g.known AND (SELECT count(DISTINCT citybigdata.calendar_hours_minutes(w.shifts)) > 1
             FROM citybigdata.calendar_week(g.hours) w WHERE w.weekday > 0 AND w.shifts <> ''), '/dayMinutes', 42201,
            'the weekdays have different hours: dayMinutes says how many minutes are one working day, for example 480'),
        (g.follows NOT IN ('own', 'none') AND (g.follows = g.code OR NOT EXISTS (SELECT FROM citybigdata.calendar o WHERE o.code = g.follows AND o.holidays = 'own')),
            '/holidays', 42204, format('%s: own, none, or a calendar that has its own holidays, for example default', left(g.follows, 64))),
        (g.known AND g.follows <> 'own' AND EXISTS (SELECT FROM citybigdata.calendar o WHERE o.holidays = g.code), '/holidays', 42204, 'other calendars use the holidays of this one'),
        (g.follows <> 'own' AND (g.document ? 'days' OR g.document ? 'years'), '/days', 42204,
            CASE WHEN g.follows = 'none' THEN 'the calendar has no holidays' ELSE format('the calendar uses the holidays of %s; load the days there', left(g.follows, 64)) END),
        (g.follows = 'own' AND cardinality(g.years) = 0 AND NOT EXISTS (SELECT FROM citybigdata.calendar_year y WHERE y.calendar = g.code), '/years', 42231,
            'a calendar with holidays of its own knows at least one year, for example [2027]')
    ) f(wrong, pointer, code, says) WHERE f.wrong
    UNION ALL
    SELECT '/' || t.name, 42204, 'a text of at most 255 characters is expected' FROM given g CROSS JOIN unnest(ARRAY['calendar', 'title', 'titleZh', 'holidays', 'source']) t(name)
    WHERE g.document ? t.name AND (jsonb_typeof(g.document -> t.name) <> 'string' OR length(g.document ->> t.name) NOT BETWEEN 1 AND 255)
    UNION ALL
    SELECT '/' || k.member, 42225, 'the members are calendar, title, titleZh, holidays, hours, hoursFrom, dayMinutes, years, days, source'
    FROM given g CROSS JOIN LATERAL jsonb_object_keys(g.document) k(member)
    WHERE k.member NOT IN ('calendar', 'title', 'titleZh', 'holidays', 'hours', 'hoursFrom', 'dayMinutes', 'years', 'days', 'source')
    UNION ALL
    SELECT p.* FROM given g CROSS JOIN LATERAL citybigdata.calendar_hours_problems(g.hours) p
    UNION ALL
    SELECT p.* FROM given g CROSS JOIN LATERAL citybigdata.calendar_days_problems(g.document) p
    UNION ALL
    -- known and new years together have no gap
    SELECT '/years', 42231, format('the calendar knows %s to %s, and %s would be missing between; load that first', k.first, k.last, string_agg(m.year::text, ', ' ORDER BY m.year))
    FROM given g CROSS JOIN LATERAL (SELECT min(y.year) AS first, max(y.year) AS last FROM citybigdata.calendar_year y WHERE y.calendar = g.code) k
    CROSS JOIN LATERAL generate_series(least(k.first, g.years[1]), greatest(k.last, (SELECT max(y) FROM unnest(g.years) y))) m(year)
    WHERE m.year <> ALL (g.years) AND cardinality(g.years) > 0 AND array_position(g.years, NULL) IS NULL
      AND NOT EXISTS (SELECT FROM citybigdata.calendar_year y WHERE y.calendar = g.code AND y.year = m.year)
    GROUP BY k.first, k.last
$$;
COMMENT ON FUNCTION citybigdata.calendar_problems(jsonb) IS
'Errors of a calendar document: where (RFC 6901 pointer), status code, and what would be right; no row: load_calendar() takes it';

-- code/46-calendar-rows.sql
-- Made from sql/data/cn_holidays.tsv; do not edit.
DELETE FROM citybigdata.calendar_day WHERE shipped;
DELETE FROM citybigdata.calendar_year WHERE shipped;
INSERT INTO citybigdata.calendar_year (calendar, year, source, shipped)
SELECT 'default', v.year, 'npm chinese-days 1.5.7', true FROM (VALUES (2004), (2005), (2006), (2007), (2008), (2009), (2010), (2011), (2012), (2013), (2014), (2015), (2016), (2017), (2018), (2019), (2020), (2021), (2022), (2023), (2024), (2025), (2026)) v(year)
ON CONFLICT ON CONSTRAINT calendar_year_pkey DO NOTHING;
INSERT INTO citybigdata.calendar_day (calendar, day, kind, name, name_en, shipped)
SELECT y.calendar, v.day, v.kind, v.name, v.name_en, true FROM (VALUES
(date '2004-01-01', 'off', '元旦', 'New Year''s Day'),
(date '2004-01-17', 'work', '春节', 'Spring Festival'),
(date '2004-01-18', 'work', '春节', 'Spring Festival'),
(date '2004-01-22', 'off', '春节', 'Spring Festival'),
(date '2004-01-23', 'off', '春节', 'Spring Festival'),
(date '2004-01-24', 'off', '春节', 'Spring Festival'),
(date '2004-01-25', 'off', '春节', 'Spring Festival'),
(date '2004-01-26', 'off', '春节', 'Spring Festival'),
(date '2004-01-27', 'off', '春节', 'Spring Festival'),
(date '2004-01-28', 'off', '春节', 'Spring Festival'),
(date '2004-05-01', 'off', '劳动节', 'Labour Day'),
(date '2004-05-02', 'off', '劳动节', 'Labour Day'),
(date '2004-05-03', 'off', '劳动节', 'Labour Day'),
(date '2004-05-04', 'off', '劳动节', 'Labour Day'),
(date '2004-05-05', 'off', '劳动节', 'Labour Day'),
(date '2004-05-06', 'off', '劳动节', 'Labour Day'),
(date '2004-05-07', 'off', '劳动节', 'Labour Day'),
(date '2004-05-08', 'work', '劳动节', 'Labour Day'),
(date '2004-05-09', 'work', '劳动节', 'Labour Day'),
(date '2004-10-01', 'off', '国庆节', 'National Day'),
(date '2004-10-02', 'off', '国庆节', 'National Day'),
(date '2004-10-03', 'off', '国庆节', 'National Day'),
(date '2004-10-04', 'off', '国庆节', 'National Day'),
(date '2004-10-05', 'off', '国庆节', 'National Day'),
(date '2004-10-06', 'off', '国庆节', 'National Day'),
(date '2004-10-07', 'off', '国庆节', 'National Day'),
(date '2004-10-09', 'work', '国庆节', 'National Day'),
(date '2004-10-10', 'work', '国庆节', 'National Day'),
(date '2005-01-01', 'off', '元旦', 'New Year''s Day'),
(date '2005-01-02', 'off', '元旦', 'New Year''s Day'),
(date '2005-01-03', 'off', '元旦', 'New Year''s Day'),
(date '2005-02-05', 'work', '春节', 'Spring Festival'),
(date '2005-02-06', 'work', '春节', 'Spring Festival'),
(date '2005-02-09', 'off', '春节', 'Spring Festival'),
(date '2005-02-10', 'off', '春节', 'Spring Festival'),
(date '2005-02-11', 'off', '春节', 'Spring Festival'),
(date '2005-02-12', 'off', '春节', 'Spring Festival'),
(date '2005-02-13', 'off', '春节', 'Spring Festival'),
(date '2005-02-14', 'off', '春节', 'Spring Festival'),
(date '2005-02-15', 'off', '春节', 'Spring Festival'),
(date '2005-04-30', 'work', '劳动节', 'Labour Day'),
(date '2005-05-01', 'off', '劳动节', 'Labour Day'),
(date '2005-05-02', 'off', '劳动节', 'Labour Day'),
(date '2005-05-03', 'off', '劳动节', 'Labour Day'),
(date '2005-05-04', 'off', '劳动节', 'Labour Day'),
(date '2005-05-05', 'off', '劳动节', 'Labour Day'),
(date '2005-05-06', 'off', '劳动节', 'Labour Day'),
(date '2005-05-07', 'off', '劳动节', 'Labour Day'),
(date '2005-05-08', 'work', '劳动节', 'Labour Day'),
(date '2005-10-01', 'off', '国庆节', 'National Day'),
(date '2005-10-02', 'off', '国庆节', 'National Day'),
(date '2005-10-03', 'off', '国庆节', 'National Day'),
(date '2005-10-04', 'off', '国庆节', 'National Day'),
(date '2005-10-05', 'off', '国庆节', 'National Day'),
(date '2005-10-06', 'off', '国庆节', 'National Day'),
(date '2005-10-07', 'off', '国庆节', 'National Day'),
(date '2005-10-08', 'work', '国庆节', 'National Day'),
(date '2005-10-09', 'work', '国庆节', 'National Day'),
(date '2006-01-01', 'off', '元旦', 'New Year''s Day'),
(date '2006-01-02', 'off', '元旦', 'New Year''s Day'),
(date '2006-01-03', 'off', '元旦', 'New Year''s Day'),
(date '2006-01-28', 'work', '春节', 'Spring Festival'),
(date '2006-01-29', 'off', '春节', 'Spring Festival'),
(date '2006-01-30', 'off', '春节', 'Spring Festival'),
(date '2006-01-31', 'off', '春节', 'Spring Festival'),
(date '2006-02-01', 'off', '春节', 'Spring Festival'),
(date '2006-02-02', 'off', '春节', 'Spring Festival'),
(date '2006-02-03', 'off', '春节', 'Spring Festival'),
(date '2006-02-04', 'off', '春节', 'Spring Festival'),
(date '2006-02-05', 'work', '春节', 'Spring Festival'),
(date '2006-04-29', 'work', '劳动节', 'Labour Day'),
(date '2006-04-30', 'work', '劳动节', 'Labour Day'),
(date '2006-05-01', 'off', '劳动节', 'Labour Day'),
(date '2006-05-02', 'off', '劳动节', 'Labour Day'),
(date '2006-05-03', 'off', '劳动节', 'Labour Day'),
(date '2006-05-04', 'off', '劳动节', 'Labour Day'),
(date '2006-05-05', 'off', '劳动节', 'Labour Day'),
(date '2006-05-06', 'off', '劳动节', 'Labour Day'),
(date '2006-05-07', 'off', '劳动节', 'Labour Day'),
(date '2006-09-30', 'work', '国庆节', 'National Day'),
(date '2006-10-01', 'off', '国庆节', 'National Day'),
(date '2006-10-02', 'off', '国庆节', 'National Day'),
(date '2006-10-03', 'off', '国庆节', 'National Day'),
(date '2006-10-04', 'off', '国庆节', 'National Day'),
(date '2006-10-05', 'off', '国庆节', 'National Day'),
(date '2006-10-06', 'off', '国庆节', 'National Day'),
(date '2006-10-07', 'off', '国庆节', 'National Day'),
(date '2006-10-08', 'work', '国庆节', 'National Day'),
(date '2006-12-30', 'work', '元旦', 'New Year''s Day'),
(date '2006-12-31', 'work', '元旦', 'New Year''s Day'),
(date '2007-01-01', 'off', '元旦', 'New Year''s Day'),
(date '2007-01-02', 'off', '元旦', 'New Year''s Day'),
(date '2007-01-03', 'off', '元旦', 'New Year''s Day'),
(date '2007-02-17', 'work', '春节', 'Spring Festival'),
(date '2007-02-18', 'off', '春节', 'Spring Festival'),
(date '2007-02-19', 'off', '春节', 'Spring Festival'),
(date '2007-02-20', 'off', '春节', 'Spring Festival'),
(date '2007-02-21', 'off', '春节', 'Spring Festival'),
(date '2007-02-22', 'off', '春节', 'Spring Festival'),
(date '2007-02-23', 'off', '春节', 'Spring Festival'),
(date '2007-02-24', 'off', '春节', 'Spring Festival'),
(date '2007-02-25', 'work', '春节', 'Spring Festival'),
(date '2007-04-28', 'work', '劳动节', 'Labour Day'),
(date '2007-04-29', 'work', '劳动节', 'Labour Day'),
(date '2007-05-01', 'off', '劳动节', 'Labour Day'),
(date '2007-05-02', 'off', '劳动节', 'Labour Day'),
(date '2007-05-03', 'off', '劳动节', 'Labour Day'),
(date '2007-05-04', 'off', '劳动节', 'Labour Day'),
(date '2007-05-05', 'off', '劳动节', 'Labour Day'),
(date '2007-05-06', 'off', '劳动节', 'Labour Day'),
(date '2007-05-07', 'off', '劳动节', 'Labour Day'),
(date '2007-09-29', 'work', '国庆节', 'National Day'),
(date '2007-09-30', 'work', '国庆节', 'National Day'),
(date '2007-10-01', 'off', '国庆节', 'National Day'),
(date '2007-10-02', 'off', '国庆节', 'National Day'),
(date '2007-10-03', 'off', '国庆节', 'National Day'),
(date '2007-10-04', 'off', '国庆节', 'National Day'),
(date '2007-10-05', 'off', '国庆节', 'National Day'),
(date '2007-10-06', 'off', '国庆节', 'National Day'),
(date '2007-10-07', 'off', '国庆节', 'National Day'),
(date '2007-12-29', 'work', '元旦', 'New Year''s Day'),
(date '2007-12-30', 'off', '元旦', 'New Year''s Day'),
(date '2007-12-31', 'off', '元旦', 'New Year''s Day'),
(date '2008-01-01', 'off', '元旦', 'New Year''s Day'),
(date '2008-02-02', 'work', '春节', 'Spring Festival'),
(date '2008-02-03', 'work', '春节', 'Spring Festival'),
(date '2008-02-06', 'off', '春节', 'Spring Festival'),
(date '2008-02-07', 'off', '春节', 'Spring Festival'),
(date '2008-02-08', 'off', '春节', 'Spring Festival'),
(date '2008-02-09', 'off', '春节', 'Spring Festival'),
(date '2008-02-10', 'off', '春节', 'Spring Festival'),
(date '2008-02-11', 'off', '春节', 'Spring Festival'),
(date '2008-02-12', 'off', '春节', 'Spring Festival'),
(date '2008-04-04', 'off', '清明', 'Tomb-sweeping Day'),
(date '2008-04-05', 'off', '清明', 'Tomb-sweeping Day'),
(date '2008-04-06', 'off', '清明', 'Tomb-sweeping Day'),
(date '2008-05-01', 'off', '劳动节', 'Labour Day'),
(date '2008-05-02', 'off', '劳动节', 'Labour Day'),
(date '2008-05-03', 'off', '劳动节', 'Labour Day'),
(date '2008-05-04', 'work', '劳动节', 'Labour Day'),
(date '2008-06-07', 'off', '端午', 'Dragon Boat Festival'),
(date '2008-06-08', 'off', '端午', 'Dragon Boat Festival'),
(date '2008-06-09', 'off', '端午', 'Dragon Boat Festival'),
(date '2008-09-13', 'off', '中秋', 'Mid-autumn Festival'),
(date '2008-09-14', 'off', '中秋', 'Mid-autumn Festival'),
(date '2008-09-15', 'off', '中秋', 'Mid-autumn Festival'),
(date '2008-09-27', 'work', '国庆节', 'National Day'),
(date '2008-09-28', 'work', '国庆节', 'National Day'),
(date '2008-09-29', 'off', '国庆节', 'National Day'),
(date '2008-09-30', 'off', '国庆节', 'National Day'),
(date '2008-10-01', 'off', '国庆节', 'National Day'),
(date '2008-10-02', 'off', '国庆节', 'National Day'),
(date '2008-10-03', 'off', '国庆节', 'National Day'),
(date '2008-10-04', 'off', '国庆节', 'National Day'),
(date '2008-10-05', 'off', '国庆节', 'National Day'),
(date '2009-01-01', 'off', '元旦', 'New Year''s Day'),
(date '2009-01-02', 'off', '元旦', 'New Year''s Day'),
(date '2009-01-03', 'off', '元旦', 'New Year''s Day'),
(date '2009-01-04', 'work', '元旦', 'New Year''s Day'),
(date '2009-01-24', 'work', '春节', 'Spring Festival'),
(date '2009-01-25', 'off', '春节', 'Spring Festival'),
(date '2009-01-26', 'off', '春节', 'Spring Festival'),
(date '2009-01-27', 'off', '春节', 'Spring Festival'),
(date '2009-01-28', 'off', '春节', 'Spring Festival'),
(date '2009-01-29', 'off', '春节', 'Spring Festival'),
(date '2009-01-30', 'off', '春节', 'Spring Festival'),
(date '2009-01-31', 'off', '春节', 'Spring Festival'),
(date '2009-02-01', 'work', '春节', 'Spring Festival'),
(date '2009-04-04', 'off', '清明', 'Tomb-sweeping Day'),
(date '2009-04-05', 'off', '清明', 'Tomb-sweeping Day'),
(date '2009-04-06', 'off', '清明', 'Tomb-sweeping Day'),
(date '2009-05-01', 'off', '劳动节', 'Labour Day'),
(date '2009-05-02', 'off', '劳动节', 'Labour Day'),
(date '2009-05-03', 'off', '劳动节', 'Labour Day'),
(date '2009-05-28', 'off', '端午', 'Dragon Boat Festival'),
(date '2009-05-29', 'off', '端午', 'Dragon Boat Festival'),
(date '2009-05-30', 'off', '端午', 'Dragon Boat Festival'),
(date '2009-05-31', 'work', '端午', 'Dragon Boat Festival'),
(date '2009-09-27', 'work', '国庆节', 'National Day'),
(date '2009-10-01', 'off', '国庆节', 'National Day'),
(date '2009-10-02', 'off', '国庆节', 'National Day'),
(date '2009-10-03', 'off', '中秋', 'Mid-autumn Festival'),
(date '2009-10-04', 'off', '国庆节', 'National Day'),
(date '2009-10-05', 'off', '国庆节', 'National Day'),
(date '2009-10-06', 'off', '国庆节', 'National Day'),
(date '2009-10-07', 'off', '国庆节', 'National Day'),
(date '2009-10-08', 'off', '国庆节', 'National Day'),
(date '2009-10-10', 'work', '国庆节', 'National Day'),
(date '2010-01-01', 'off', '元旦', 'New Year''s Day'),
(date '2010-01-02', 'off', '元旦', 'New Year''s Day'),
(date '2010-01-03', 'off', '元旦', 'New Year''s Day'),
(date '2010-02-13', 'off', '春节', 'Spring Festival'),
(date '2010-02-14', 'off', '春节', 'Spring Festival'),
(date '2010-02-15', 'off', '春节', 'Spring Festival'),
(date '2010-02-16', 'off', '春节', 'Spring Festival'),
(date '2010-02-17', 'off', '春节', 'Spring Festival'),
(date '2010-02-18', 'off', '春节', 'Spring Festival'),
(date '2010-02-19', 'off', '春节', 'Spring Festival'),
(date '2010-02-20', 'work', '春节', 'Spring Festival'),
(date '2010-02-21', 'work', '春节', 'Spring Festival'),
(date '2010-04-03', 'off', '清明', 'Tomb-sweeping Day'),
(date '2010-04-04', 'off', '清明', 'Tomb-sweeping Day'),
(date '2010-04-05', 'off', '清明', 'Tomb-sweeping Day'),
(date '2010-05-01', 'off', '劳动节', 'Labour Day'),
(date '2010-05-02', 'off', '劳动节', 'Labour Day'),
(date '2010-05-03', 'off', '劳动节', 'Labour Day'),
(date '2010-06-12', 'work', '端午', 'Dragon Boat Festival'),
(date '2010-06-13', 'work', '端午', 'Dragon Boat Festival'),
(date '2010-06-14', 'off', '端午', 'Dragon Boat Festival'),
(date '2010-06-15', 'off', '端午', 'Dragon Boat Festival'),
(date '2010-06-16', 'off', '端午', 'Dragon Boat Festival'),
(date '2010-09-19', 'work', '中秋', 'Mid-autumn Festival'),
(date '2010-09-22', 'off', '中秋', 'Mid-autumn Festival'),
(date '2010-09-23', 'off', '中秋', 'Mid-autumn Festival'),
(date '2010-09-24', 'off', '中秋', 'Mid-autumn Festival'),
(date '2010-09-25', 'work', '中秋', 'Mid-autumn Festival'),
(date '2010-09-26', 'work', '国庆节', 'National Day'),
(date '2010-10-01', 'off', '国庆节', 'National Day'),
(date '2010-10-02', 'off', '国庆节', 'National Day'),
(date '2010-10-03', 'off', '国庆节', 'National Day'),
(date '2010-10-04', 'off', '国庆节', 'National Day'),
(date '2010-10-05', 'off', '国庆节', 'National Day'),
(date '2010-10-06', 'off', '国庆节', 'National Day'),
(date '2010-10-07', 'off', '国庆节', 'National Day'),
(date '2010-10-09', 'work', '国庆节', 'National Day'),
(date '2011-01-01', 'off', '元旦', 'New Year''s Day'),
(date '2011-01-02', 'off', '元旦', 'New Year''s Day'),
(date '2011-01-03', 'off', '元旦', 'New Year''s Day'),
(date '2011-01-30', 'work', '春节', 'Spring Festival'),
(date '2011-02-02', 'off', '春节', 'Spring Festival'),
(date '2011-02-03', 'off', '春节', 'Spring Festival'),
(date '2011-02-04', 'off', '春节', 'Spring Festival'),
(date '2011-02-05', 'off', '春节', 'Spring Festival'),
(date '2011-02-06', 'off', '春节', 'Spring Festival'),
(date '2011-02-07', 'off', '春节', 'Spring Festival'),
(date '2011-02-08', 'off', '春节', 'Spring Festival'),
(date '2011-02-12', 'work', '春节', 'Spring Festival'),
(date '2011-04-02', 'work', '清明', 'Tomb-sweeping Day'),
(date '2011-04-03', 'off', '清明', 'Tomb-sweeping Day'),
(date '2011-04-04', 'off', '清明', 'Tomb-sweeping Day'),
(date '2011-04-05', 'off', '清明', 'Tomb-sweeping Day'),
(date '2011-04-30', 'off', '劳动节', 'Labour Day'),
(date '2011-05-01', 'off', '劳动节', 'Labour Day'),
(date '2011-05-02', 'off', '劳动节', 'Labour Day'),
(date '2011-06-04', 'off', '端午', 'Dragon Boat Festival'),
(date '2011-06-06', 'off', '端午', 'Dragon Boat Festival'),
(date '2011-09-10', 'off', '中秋', 'Mid-autumn Festival'),
(date '2011-09-11', 'off', '中秋', 'Mid-autumn Festival'),
(date '2011-09-12', 'off', '中秋', 'Mid-autumn Festival'),
(date '2011-10-01', 'off', '国庆节', 'National Day'),
(date '2011-10-02', 'off', '国庆节', 'National Day'),
(date '2011-10-03', 'off', '国庆节', 'National Day'),
(date '2011-10-04', 'off', '国庆节', 'National Day'),
(date '2011-10-05', 'off', '国庆节', 'National Day'),
(date '2011-10-06', 'off', '国庆节', 'National Day'),
(date '2011-10-07', 'off', '国庆节', 'National Day'),
(date '2011-10-08', 'work', '国庆节', 'National Day'),
(date '2011-10-09', 'work', '国庆节', 'National Day'),
(date '2011-12-31', 'work', '元旦', 'New Year''s Day'),
(date '2012-01-01', 'off', '元旦', 'New Year''s Day'),
(date '2012-01-02', 'off', '元旦', 'New Year''s Day'),
(date '2012-01-03', 'off', '元旦', 'New Year''s Day'),
(date '2012-01-21', 'work', '春节', 'Spring Festival'),
(date '2012-01-22', 'off', '春节', 'Spring Festival'),
(date '2012-01-23', 'off', '春节', 'Spring Festival'),
(date '2012-01-24', 'off', '春节', 'Spring Festival'),
(date '2012-01-25', 'off', '春节', 'Spring Festival'),
(date '2012-01-26', 'off', '春节', 'Spring Festival'),
(date '2012-01-27', 'off', '春节', 'Spring Festival'),
(date '2012-01-28', 'off', '春节', 'Spring Festival'),
(date '2012-01-29', 'work', '春节', 'Spring Festival'),
(date '2012-03-31', 'work', '清明', 'Tomb-sweeping Day'),
(date '2012-04-01', 'work', '清明', 'Tomb-sweeping Day'),
(date '2012-04-02', 'off', '清明', 'Tomb-sweeping Day'),
(date '2012-04-03', 'off', '清明', 'Tomb-sweeping Day'),
(date '2012-04-04', 'off', '清明', 'Tomb-sweeping Day'),
(date '2012-04-28', 'work', '劳动节', 'Labour Day'),
(date '2012-04-29', 'off', '劳动节', 'Labour Day'),
(date '2012-04-30', 'off', '劳动节', 'Labour Day'),
(date '2012-05-01', 'off', '劳动节', 'Labour Day'),
(date '2012-06-22', 'off', '端午', 'Dragon Boat Festival'),
(date '2012-06-24', 'off', '端午', 'Dragon Boat Festival'),
(date '2012-09-29', 'work', '国庆节', 'National Day'),
(date '2012-09-30', 'off', '中秋', 'Mid-autumn Festival'),
(date '2012-10-01', 'off', '国庆节', 'National Day'),
(date '2012-10-02', 'off', '国庆节', 'National Day'),
(date '2012-10-03', 'off', '国庆节', 'National Day'),
(date '2012-10-04', 'off', '国庆节', 'National Day'),
(date '2012-10-05', 'off', '国庆节', 'National Day'),
(date '2012-10-06', 'off', '国庆节', 'National Day'),
(date '2012-10-07', 'off', '国庆节', 'National Day'),
(date '2013-01-01', 'off', '元旦', 'New Year''s Day'),
(date '2013-01-02', 'off', '元旦', 'New Year''s Day'),
(date '2013-01-03', 'off', '元旦', 'New Year''s Day'),
(date '2013-01-05', 'work', '元旦', 'New Year''s Day'),
(date '2013-01-06', 'work', '元旦', 'New Year''s Day'),
(date '2013-02-09', 'off', '春节', 'Spring Festival'),
(date '2013-02-10', 'off', '春节', 'Spring Festival'),
(date '2013-02-11', 'off', '春节', 'Spring Festival'),
(date '2013-02-12', 'off', '春节', 'Spring Festival'),
(date '2013-02-13', 'off', '春节', 'Spring Festival'),
(date '2013-02-14', 'off', '春节', 'Spring Festival'),
(date '2013-02-15', 'off', '春节', 'Spring Festival'),
(date '2013-02-16', 'work', '春节', 'Spring Festival'),
(date '2013-02-17', 'work', '春节', 'Spring Festival'),
(date '2013-04-04', 'off', '清明', 'Tomb-sweeping Day'),
(date '2013-04-05', 'off', '清明', 'Tomb-sweeping Day'),
(date '2013-04-06', 'off', '清明', 'Tomb-sweeping Day'),
(date '2013-04-07', 'work', '清明', 'Tomb-sweeping Day'),
(date '2013-04-27', 'work', '劳动节', 'Labour Day'),
(date '2013-04-28', 'work', '劳动节', 'Labour Day'),
(date '2013-04-29', 'off', '劳动节', 'Labour Day'),
(date '2013-04-30', 'off', '劳动节', 'Labour Day'),
(date '2013-05-01', 'off', '劳动节', 'Labour Day'),
(date '2013-06-08', 'work', '端午', 'Dragon Boat Festival'),
(date '2013-06-09', 'work', '端午', 'Dragon Boat Festival'),
(date '2013-06-10', 'off', '端午', 'Dragon Boat Festival'),
(date '2013-06-11', 'off', '端午', 'Dragon Boat Festival'),
(date '2013-06-12', 'off', '端午', 'Dragon Boat Festival'),
(date '2013-09-19', 'off', '中秋', 'Mid-autumn Festival'),
(date '2013-09-20', 'off', '中秋', 'Mid-autumn Festival'),
(date '2013-09-21', 'off', '中秋', 'Mid-autumn Festival'),
(date '2013-09-22', 'work', '中秋', 'Mid-autumn Festival'),
(date '2013-09-29', 'work', '国庆节', 'National Day'),
(date '2013-10-01', 'off', '国庆节', 'National Day'),
(date '2013-10-02', 'off', '国庆节', 'National Day'),
(date '2013-10-03', 'off', '国庆节', 'National Day'),
(date '2013-10-04', 'off', '国庆节', 'National Day'),
(date '2013-10-05', 'off', '国庆节', 'National Day'),
(date '2013-10-06', 'off', '国庆节', 'National Day'),
(date '2013-10-07', 'off', '国庆节', 'National Day'),
(date '2013-10-12', 'work', '国庆节', 'National Day'),
(date '2014-01-01', 'off', '元旦', 'New Year''s Day'),
(date '2014-01-26', 'work', '春节', 'Spring Festival'),
(date '2014-01-31', 'off', '春节', 'Spring Festival'),
(date '2014-02-01', 'off', '春节', 'Spring Festival'),
(date '2014-02-02', 'off', '春节', 'Spring Festival'),
(date '2014-02-03', 'off', '春节', 'Spring Festival'),
(date '2014-02-04', 'off', '春节', 'Spring Festival'),
(date '2014-02-05', 'off', '春节', 'Spring Festival'),
(date '2014-02-06', 'off', '春节', 'Spring Festival'),
(date '2014-02-08', 'work', '春节', 'Spring Festival'),
(date '2014-04-05', 'off', '清明', 'Tomb-sweeping Day'),
(date '2014-04-06', 'off', '清明', 'Tomb-sweeping Day'),
(date '2014-04-07', 'off', '清明', 'Tomb-sweeping Day'),
(date '2014-05-01', 'off', '劳动节', 'Labour Day'),
(date '2014-05-02', 'off', '劳动节', 'Labour Day'),
(date '2014-05-03', 'off', '劳动节', 'Labour Day'),
(date '2014-05-04', 'work', '劳动节', 'Labour Day'),
(date '2014-06-02', 'off', '端午', 'Dragon Boat Festival'),
(date '2014-09-08', 'off', '中秋', 'Mid-autumn Festival'),
(date '2014-09-28', 'work', '国庆节', 'National Day'),
(date '2014-10-01', 'off', '国庆节', 'National Day'),
(date '2014-10-02', 'off', '国庆节', 'National Day'),
(date '2014-10-03', 'off', '国庆节', 'National Day'),
(date '2014-10-04', 'off', '国庆节', 'National Day'),
(date '2014-10-05', 'off', '国庆节', 'National Day'),
(date '2014-10-06', 'off', '国庆节', 'National Day'),
(date '2014-10-07', 'off', '国庆节', 'National Day'),
(date '2014-10-11', 'work', '国庆节', 'National Day'),
(date '2015-01-01', 'off', '元旦', 'New Year''s Day'),
(date '2015-01-02', 'off', '元旦', 'New Year''s Day'),
(date '2015-01-03', 'off', '元旦', 'New Year''s Day'),
(date '2015-01-04', 'work', '元旦', 'New Year''s Day'),
(date '2015-02-15', 'work', '春节', 'Spring Festival'),
(date '2015-02-18', 'off', '春节', 'Spring Festival'),
(date '2015-02-19', 'off', '春节', 'Spring Festival'),
(date '2015-02-20', 'off', '春节', 'Spring Festival'),
(date '2015-02-21', 'off', '春节', 'Spring Festival'),
(date '2015-02-22', 'off', '春节', 'Spring Festival'),
(date '2015-02-23', 'off', '春节', 'Spring Festival'),
(date '2015-02-24', 'off', '春节', 'Spring Festival'),
(date '2015-02-28', 'work', '春节', 'Spring Festival'),
(date '2015-04-05', 'off', '清明', 'Tomb-sweeping Day'),
(date '2015-04-06', 'off', '清明', 'Tomb-sweeping Day'),
(date '2015-05-01', 'off', '劳动节', 'Labour Day'),
(date '2015-06-20', 'off', '端午', 'Dragon Boat Festival'),
(date '2015-06-22', 'off', '端午', 'Dragon Boat Festival'),
(date '2015-09-03', 'off', '中国人民抗日战争暨世界反法西斯战争胜利70周年纪念日', 'Anti-Fascist 70th Day'),
(date '2015-09-04', 'off', '中国人民抗日战争暨世界反法西斯战争胜利70周年纪念日', 'Anti-Fascist 70th Day'),
(date '2015-09-06', 'work', '中国人民抗日战争暨世界反法西斯战争胜利70周年纪念日', 'Anti-Fascist 70th Day'),
(date '2015-09-27', 'off', '中秋', 'Mid-autumn Festival'),
(date '2015-10-01', 'off', '国庆节', 'National Day'),
(date '2015-10-02', 'off', '国庆节', 'National Day'),
(date '2015-10-03', 'off', '国庆节', 'National Day'),
(date '2015-10-04', 'off', '国庆节', 'National Day'),
(date '2015-10-05', 'off', '国庆节', 'National Day'),
(date '2015-10-06', 'off', '国庆节', 'National Day'),
(date '2015-10-07', 'off', '国庆节', 'National Day'),
(date '2015-10-10', 'work', '国庆节', 'National Day'),
(date '2016-01-01', 'off', '元旦', 'New Year''s Day'),
(date '2016-02-06', 'work', '春节', 'Spring Festival'),
(date '2016-02-07', 'off', '春节', 'Spring Festival'),
(date '2016-02-08', 'off', '春节', 'Spring Festival'),
(date '2016-02-09', 'off', '春节', 'Spring Festival'),
(date '2016-02-10', 'off', '春节', 'Spring Festival'),
(date '2016-02-11', 'off', '春节', 'Spring Festival'),
(date '2016-02-12', 'off', '春节', 'Spring Festival'),
(date '2016-02-13', 'off', '春节', 'Spring Festival'),
(date '2016-02-14', 'work', '春节', 'Spring Festival'),
(date '2016-04-04', 'off', '清明', 'Tomb-sweeping Day'),
(date '2016-05-01', 'off', '劳动节', 'Labour Day'),
(date '2016-05-02', 'off', '劳动节', 'Labour Day'),
(date '2016-06-09', 'off', '端午', 'Dragon Boat Festival'),
(date '2016-06-10', 'off', '端午', 'Dragon Boat Festival'),
(date '2016-06-11', 'off', '端午', 'Dragon Boat Festival'),
(date '2016-06-12', 'work', '端午', 'Dragon Boat Festival'),
(date '2016-09-15', 'off', '中秋', 'Mid-autumn Festival'),
(date '2016-09-16', 'off', '中秋', 'Mid-autumn Festival'),
(date '2016-09-17', 'off', '中秋', 'Mid-autumn Festival'),
(date '2016-09-18', 'work', '中秋', 'Mid-autumn Festival'),
(date '2016-10-01', 'off', '国庆节', 'National Day'),
(date '2016-10-02', 'off', '国庆节', 'National Day'),
(date '2016-10-03', 'off', '国庆节', 'National Day'),
(date '2016-10-04', 'off', '国庆节', 'National Day'),
(date '2016-10-05', 'off', '国庆节', 'National Day'),
(date '2016-10-06', 'off', '国庆节', 'National Day'),
(date '2016-10-07', 'off', '国庆节', 'National Day'),
(date '2016-10-08', 'work', '国庆节', 'National Day'),
(date '2016-10-09', 'work', '国庆节', 'National Day'),
(date '2017-01-01', 'off', '元旦', 'New Year''s Day'),
(date '2017-01-02', 'off', '元旦', 'New Year''s Day'),
(date '2017-01-22', 'work', '春节', 'Spring Festival'),
(date '2017-01-27', 'off', '春节', 'Spring Festival'),
(date '2017-01-28', 'off', '春节', 'Spring Festival'),
(date '2017-01-29', 'off', '春节', 'Spring Festival'),
(date '2017-01-30', 'off', '春节', 'Spring Festival'),
(date '2017-01-31', 'off', '春节', 'Spring Festival'),
(date '2017-02-01', 'off', '春节', 'Spring Festival'),
(date '2017-02-02', 'off', '春节', 'Spring Festival'),
(date '2017-02-04', 'work', '春节', 'Spring Festival'),
(date '2017-04-01', 'work', '清明', 'Tomb-sweeping Day'),
(date '2017-04-02', 'off', '清明', 'Tomb-sweeping Day'),
(date '2017-04-03', 'off', '清明', 'Tomb-sweeping Day'),
(date '2017-04-04', 'off', '清明', 'Tomb-sweeping Day'),
(date '2017-05-01', 'off', '劳动节', 'Labour Day'),
(date '2017-05-27', 'work', '端午', 'Dragon Boat Festival'),
(date '2017-05-28', 'off', '端午', 'Dragon Boat Festival'),
(date '2017-05-29', 'off', '端午', 'Dragon Boat Festival'),
(date '2017-05-30', 'off', '端午', 'Dragon Boat Festival'),
(date '2017-09-30', 'work', '国庆节', 'National Day'),
(date '2017-10-01', 'off', '国庆节', 'National Day'),
(date '2017-10-02', 'off', '国庆节', 'National Day'),
(date '2017-10-03', 'off', '国庆节', 'National Day'),
(date '2017-10-04', 'off', '中秋', 'Mid-autumn Festival'),
(date '2017-10-05', 'off', '国庆节', 'National Day'),
(date '2017-10-06', 'off', '国庆节', 'National Day'),
(date '2017-10-07', 'off', '国庆节', 'National Day'),
(date '2017-10-08', 'off', '国庆节', 'National Day'),
(date '2018-01-01', 'off', '元旦', 'New Year''s Day'),
(date '2018-02-11', 'work', '春节', 'Spring Festival'),
(date '2018-02-15', 'off', '春节', 'Spring Festival'),
(date '2018-02-16', 'off', '春节', 'Spring Festival'),
(date '2018-02-17', 'off', '春节', 'Spring Festival'),
(date '2018-02-18', 'off', '春节', 'Spring Festival'),
(date '2018-02-19', 'off', '春节', 'Spring Festival'),
(date '2018-02-20', 'off', '春节', 'Spring Festival'),
(date '2018-02-21', 'off', '春节', 'Spring Festival'),
(date '2018-02-24', 'work', '春节', 'Spring Festival'),
(date '2018-04-05', 'off', '清明', 'Tomb-sweeping Day'),
(date '2018-04-06', 'off', '清明', 'Tomb-sweeping Day'),
(date '2018-04-07', 'off', '清明', 'Tomb-sweeping Day'),
(date '2018-04-08', 'work', '清明', 'Tomb-sweeping Day'),
(date '2018-04-28', 'work', '劳动节', 'Labour Day'),
(date '2018-04-29', 'off', '劳动节', 'Labour Day'),
(date '2018-04-30', 'off', '劳动节', 'Labour Day'),
(date '2018-05-01', 'off', '劳动节', 'Labour Day'),
(date '2018-06-18', 'off', '端午', 'Dragon Boat Festival'),
(date '2018-09-24', 'off', '中秋', 'Mid-autumn Festival'),
(date '2018-09-29', 'work', '国庆节', 'National Day'),
(date '2018-09-30', 'work', '国庆节', 'National Day'),
(date '2018-10-01', 'off', '国庆节', 'National Day'),
(date '2018-10-02', 'off', '国庆节', 'National Day'),
(date '2018-10-03', 'off', '国庆节', 'National Day'),
(date '2018-10-04', 'off', '国庆节', 'National Day'),
(date '2018-10-05', 'off', '国庆节', 'National Day'),
(date '2018-10-06', 'off', '国庆节', 'National Day'),
(date '2018-10-07', 'off', '国庆节', 'National Day'),
(date '2018-12-29', 'work', '元旦', 'New Year''s Day'),
(date '2018-12-30', 'off', '元旦', 'New Year''s Day'),
(date '2018-12-31', 'off', '元旦', 'New Year''s Day'),
(date '2019-01-01', 'off', '元旦', 'New Year''s Day'),
(date '2019-02-02', 'work', '春节', 'Spring Festival'),
(date '2019-02-03', 'work', '春节', 'Spring Festival'),
(date '2019-02-04', 'off', '春节', 'Spring Festival'),
(date '2019-02-05', 'off', '春节', 'Spring Festival'),
(date '2019-02-06', 'off', '春节', 'Spring Festival'),
(date '2019-02-07', 'off', '春节', 'Spring Festival'),
(date '2019-02-08', 'off', '春节', 'Spring Festival'),
(date '2019-02-09', 'off', '春节', 'Spring Festival'),
(date '2019-02-10', 'off', '春节', 'Spring Festival'),
(date '2019-04-05', 'off', '清明', 'Tomb-sweeping Day'),
(date '2019-04-06', 'off', '清明', 'Tomb-sweeping Day'),
(date '2019-04-07', 'off', '清明', 'Tomb-sweeping Day'),
(date '2019-04-28', 'work', '劳动节', 'Labour Day'),
(date '2019-05-01', 'off', '劳动节', 'Labour Day'),
(date '2019-05-02', 'off', '劳动节', 'Labour Day'),
(date '2019-05-03', 'off', '劳动节', 'Labour Day'),
(date '2019-05-04', 'off', '劳动节', 'Labour Day'),
(date '2019-05-05', 'work', '劳动节', 'Labour Day'),
(date '2019-06-07', 'off', '端午', 'Dragon Boat Festival'),
(date '2019-06-08', 'off', '端午', 'Dragon Boat Festival'),
(date '2019-06-09', 'off', '端午', 'Dragon Boat Festival'),
(date '2019-09-13', 'off', '中秋', 'Mid-autumn Festival'),
(date '2019-09-14', 'off', '中秋', 'Mid-autumn Festival'),
(date '2019-09-15', 'off', '中秋', 'Mid-autumn Festival'),
(date '2019-09-29', 'work', '国庆节', 'National Day'),
(date '2019-10-01', 'off', '国庆节', 'National Day'),
(date '2019-10-02', 'off', '国庆节', 'National Day'),
(date '2019-10-03', 'off', '国庆节', 'National Day'),
(date '2019-10-04', 'off', '国庆节', 'National Day'),
(date '2019-10-05', 'off', '国庆节', 'National Day'),
(date '2019-10-06', 'off', '国庆节', 'National Day'),
(date '2019-10-07', 'off', '国庆节', 'National Day'),
(date '2019-10-12', 'work', '国庆节', 'National Day'),
(date '2020-01-01', 'off', '元旦', 'New Year''s Day'),
(date '2020-01-19', 'work', '春节', 'Spring Festival'),
(date '2020-01-24', 'off', '春节', 'Spring Festival'),
(date '2020-01-25', 'off', '春节', 'Spring Festival'),
(date '2020-01-26', 'off', '春节', 'Spring Festival'),
(date '2020-01-27', 'off', '春节', 'Spring Festival'),
(date '2020-01-28', 'off', '春节', 'Spring Festival'),
(date '2020-01-29', 'off', '春节', 'Spring Festival'),
(date '2020-01-30', 'off', '春节', 'Spring Festival'),
(date '2020-01-31', 'off', '春节', 'Spring Festival'),
(date '2020-02-01', 'off', '春节', 'Spring Festival'),
(date '2020-02-02', 'off', '春节', 'Spring Festival'),
(date '2020-04-04', 'off', '清明', 'Tomb-sweeping Day'),
(date '2020-04-05', 'off', '清明', 'Tomb-sweeping Day'),
(date '2020-04-06', 'off', '清明', 'Tomb-sweeping Day'),
(date '2020-04-26', 'work', '劳动节', 'Labour Day'),
(date '2020-05-01', 'off', '劳动节', 'Labour Day'),
(date '2020-05-02', 'off', '劳动节', 'Labour Day'),
(date '2020-05-03', 'off', '劳动节', 'Labour Day'),
(date '2020-05-04', 'off', '劳动节', 'Labour Day'),
(date '2020-05-05', 'off', '劳动节', 'Labour Day'),
(date '2020-05-09', 'work', '劳动节', 'Labour Day'),
(date '2020-06-25', 'off', '端午', 'Dragon Boat Festival'),
(date '2020-06-26', 'off', '端午', 'Dragon Boat Festival'),
(date '2020-06-27', 'off', '端午', 'Dragon Boat Festival'),
(date '2020-06-28', 'work', '端午', 'Dragon Boat Festival'),
(date '2020-09-27', 'work', '国庆节', 'National Day'),
(date '2020-10-01', 'off', '国庆节', 'National Day'),
(date '2020-10-02', 'off', '国庆节', 'National Day'),
(date '2020-10-03', 'off', '国庆节', 'National Day'),
(date '2020-10-04', 'off', '国庆节', 'National Day'),
(date '2020-10-05', 'off', '国庆节', 'National Day'),
(date '2020-10-06', 'off', '国庆节', 'National Day'),
(date '2020-10-07', 'off', '国庆节', 'National Day'),
(date '2020-10-08', 'off', '国庆节', 'National Day'),
(date '2020-10-10', 'work', '国庆节', 'National Day'),
(date '2021-01-01', 'off', '元旦', 'New Year''s Day'),
(date '2021-01-02', 'off', '元旦', 'New Year''s Day'),
(date '2021-01-03', 'off', '元旦', 'New Year''s Day'),
(date '2021-02-07', 'work', '春节', 'Spring Festival'),
(date '2021-02-11', 'off', '春节', 'Spring Festival'),
(date '2021-02-12', 'off', '春节', 'Spring Festival'),
(date '2021-02-13', 'off', '春节', 'Spring Festival'),
(date '2021-02-14', 'off', '春节', 'Spring Festival'),
(date '2021-02-15', 'off', '春节', 'Spring Festival'),
(date '2021-02-16', 'off', '春节', 'Spring Festival'),
(date '2021-02-17', 'off', '春节', 'Spring Festival'),
(date '2021-02-20', 'work', '春节', 'Spring Festival'),
(date '2021-04-03', 'off', '清明', 'Tomb-sweeping Day'),
(date '2021-04-04', 'off', '清明', 'Tomb-sweeping Day'),
(date '2021-04-05', 'off', '清明', 'Tomb-sweeping Day'),
(date '2021-04-25', 'work', '劳动节', 'Labour Day'),
(date '2021-05-01', 'off', '劳动节', 'Labour Day'),
(date '2021-05-02', 'off', '劳动节', 'Labour Day'),
(date '2021-05-03', 'off', '劳动节', 'Labour Day'),
(date '2021-05-04', 'off', '劳动节', 'Labour Day'),
(date '2021-05-05', 'off', '劳动节', 'Labour Day'),
(date '2021-05-08', 'work', '劳动节', 'Labour Day'),
(date '2021-06-12', 'off', '端午', 'Dragon Boat Festival'),
(date '2021-06-13', 'off', '端午', 'Dragon Boat Festival'),
(date '2021-06-14', 'off', '端午', 'Dragon Boat Festival'),
(date '2021-09-18', 'work', '中秋', 'Mid-autumn Festival'),
(date '2021-09-19', 'off', '中秋', 'Mid-autumn Festival'),
(date '2021-09-20', 'off', '中秋', 'Mid-autumn Festival'),
(date '2021-09-21', 'off', '中秋', 'Mid-autumn Festival'),
(date '2021-09-26', 'work', '国庆节', 'National Day'),
(date '2021-10-01', 'off', '国庆节', 'National Day'),
(date '2021-10-02', 'off', '国庆节', 'National Day'),
(date '2021-10-03', 'off', '国庆节', 'National Day'),
(date '2021-10-04', 'off', '国庆节', 'National Day'),
(date '2021-10-05', 'off', '国庆节', 'National Day'),
(date '2021-10-06', 'off', '国庆节', 'National Day'),
(date '2021-10-07', 'off', '国庆节', 'National Day'),
(date '2021-10-09', 'work', '国庆节', 'National Day'),
(date '2022-01-01', 'off', '元旦', 'New Year''s Day'),
(date '2022-01-02', 'off', '元旦', 'New Year''s Day'),
(date '2022-01-03', 'off', '元旦', 'New Year''s Day'),
(date '2022-01-29', 'work', '春节', 'Spring Festival'),
(date '2022-01-30', 'work', '春节', 'Spring Festival'),
(date '2022-01-31', 'off', '春节', 'Spring Festival'),
(date '2022-02-01', 'off', '春节', 'Spring Festival'),
(date '2022-02-02', 'off', '春节', 'Spring Festival'),
(date '2022-02-03', 'off', '春节', 'Spring Festival'),
(date '2022-02-04', 'off', '春节', 'Spring Festival'),
(date '2022-02-05', 'off', '春节', 'Spring Festival'),
(date '2022-02-06', 'off', '春节', 'Spring Festival'),
(date '2022-04-02', 'work', '清明', 'Tomb-sweeping Day'),
(date '2022-04-03', 'off', '清明', 'Tomb-sweeping Day'),
(date '2022-04-04', 'off', '清明', 'Tomb-sweeping Day'),
(date '2022-04-05', 'off', '清明', 'Tomb-sweeping Day'),
(date '2022-04-24', 'work', '劳动节', 'Labour Day'),
(date '2022-04-30', 'off', '劳动节', 'Labour Day'),
(date '2022-05-01', 'off', '劳动节', 'Labour Day'),
(date '2022-05-02', 'off', '劳动节', 'Labour Day'),
(date '2022-05-03', 'off', '劳动节', 'Labour Day'),
(date '2022-05-04', 'off', '劳动节', 'Labour Day'),
(date '2022-05-07', 'work', '劳动节', 'Labour Day'),
(date '2022-06-03', 'off', '端午', 'Dragon Boat Festival'),
(date '2022-06-04', 'off', '端午', 'Dragon Boat Festival'),
(date '2022-06-05', 'off', '端午', 'Dragon Boat Festival'),
(date '2022-09-10', 'off', '中秋', 'Mid-autumn Festival'),
(date '2022-09-11', 'off', '中秋', 'Mid-autumn Festival'),
(date '2022-09-12', 'off', '中秋', 'Mid-autumn Festival'),
(date '2022-10-01', 'off', '国庆节', 'National Day'),
(date '2022-10-02', 'off', '国庆节', 'National Day'),
(date '2022-10-03', 'off', '国庆节', 'National Day'),
(date '2022-10-04', 'off', '国庆节', 'National Day'),
(date '2022-10-05', 'off', '国庆节', 'National Day'),
(date '2022-10-06', 'off', '国庆节', 'National Day'),
(date '2022-10-07', 'off', '国庆节', 'National Day'),
(date '2022-10-08', 'work', '国庆节', 'National Day'),
(date '2022-10-09', 'work', '国庆节', 'National Day'),
(date '2022-12-31', 'off', '元旦', 'New Year''s Day'),
(date '2023-01-01', 'off', '元旦', 'New Year''s Day'),
(date '2023-01-02', 'off', '元旦', 'New Year''s Day'),
(date '2023-01-21', 'off', '春节', 'Spring Festival'),
(date '2023-01-22', 'off', '春节', 'Spring Festival'),
(date '2023-01-23', 'off', '春节', 'Spring Festival'),
(date '2023-01-24', 'off', '春节', 'Spring Festival'),
(date '2023-01-25', 'off', '春节', 'Spring Festival'),
(date '2023-01-26', 'off', '春节', 'Spring Festival'),
(date '2023-01-27', 'off', '春节', 'Spring Festival'),
(date '2023-01-28', 'work', '春节', 'Spring Festival'),
(date '2023-01-29', 'work', '春节', 'Spring Festival'),
(date '2023-04-05', 'off', '清明', 'Tomb-sweeping Day'),
(date '2023-04-23', 'work', '劳动节', 'Labour Day'),
(date '2023-04-29', 'off', '劳动节', 'Labour Day'),
(date '2023-04-30', 'off', '劳动节', 'Labour Day'),
(date '2023-05-01', 'off', '劳动节', 'Labour Day'),
(date '2023-05-02', 'off', '劳动节', 'Labour Day'),
(date '2023-05-03', 'off', '劳动节', 'Labour Day'),
(date '2023-05-06', 'work', '劳动节', 'Labour Day'),
(date '2023-06-22', 'off', '端午', 'Dragon Boat Festival'),
(date '2023-06-23', 'off', '端午', 'Dragon Boat Festival'),
(date '2023-06-24', 'off', '端午', 'Dragon Boat Festival'),
(date '2023-06-25', 'work', '端午', 'Dragon Boat Festival'),
(date '2023-09-29', 'off', '中秋', 'Mid-autumn Festival'),
(date '2023-09-30', 'off', '国庆节', 'National Day'),
(date '2023-10-01', 'off', '国庆节', 'National Day'),
(date '2023-10-02', 'off', '国庆节', 'National Day'),
(date '2023-10-03', 'off', '国庆节', 'National Day'),
(date '2023-10-04', 'off', '国庆节', 'National Day'),
(date '2023-10-05', 'off', '国庆节', 'National Day'),
(date '2023-10-06', 'off', '国庆节', 'National Day'),
(date '2023-10-07', 'work', '国庆节', 'National Day'),
(date '2023-10-08', 'work', '国庆节', 'National Day'),
(date '2024-01-01', 'off', '元旦', 'New Year''s Day'),
(date '2024-02-04', 'work', '春节', 'Spring Festival'),
(date '2024-02-10', 'off', '春节', 'Spring Festival'),
(date '2024-02-11', 'off', '春节', 'Spring Festival'),
(date '2024-02-12', 'off', '春节', 'Spring Festival'),
(date '2024-02-13', 'off', '春节', 'Spring Festival'),
(date '2024-02-14', 'off', '春节', 'Spring Festival'),
(date '2024-02-15', 'off', '春节', 'Spring Festival'),
(date '2024-02-16', 'off', '春节', 'Spring Festival'),
(date '2024-02-17', 'off', '春节', 'Spring Festival'),
(date '2024-02-18', 'work', '春节', 'Spring Festival'),
(date '2024-04-04', 'off', '清明', 'Tomb-sweeping Day'),
(date '2024-04-05', 'off', '清明', 'Tomb-sweeping Day'),
(date '2024-04-06', 'off', '清明', 'Tomb-sweeping Day'),
(date '2024-04-07', 'work', '清明', 'Tomb-sweeping Day'),
(date '2024-04-28', 'work', '劳动节', 'Labour Day'),
(date '2024-05-01', 'off', '劳动节', 'Labour Day'),
(date '2024-05-02', 'off', '劳动节', 'Labour Day'),
(date '2024-05-03', 'off', '劳动节', 'Labour Day'),
(date '2024-05-04', 'off', '劳动节', 'Labour Day'),
(date '2024-05-05', 'off', '劳动节', 'Labour Day'),
(date '2024-05-11', 'work', '劳动节', 'Labour Day'),
(date '2024-06-10', 'off', '端午', 'Dragon Boat Festival'),
(date '2024-09-14', 'work', '中秋', 'Mid-autumn Festival'),
(date '2024-09-15', 'off', '中秋', 'Mid-autumn Festival'),
(date '2024-09-16', 'off', '中秋', 'Mid-autumn Festival'),
(date '2024-09-17', 'off', '中秋', 'Mid-autumn Festival'),
(date '2024-09-29', 'work', '国庆节', 'National Day'),
(date '2024-10-01', 'off', '国庆节', 'National Day'),
(date '2024-10-02', 'off', '国庆节', 'National Day'),
(date '2024-10-03', 'off', '国庆节', 'National Day'),
(date '2024-10-04', 'off', '国庆节', 'National Day'),
(date '2024-10-05', 'off', '国庆节', 'National Day'),
(date '2024-10-06', 'off', '国庆节', 'National Day'),
(date '2024-10-07', 'off', '国庆节', 'National Day'),
(date '2024-10-12', 'work', '国庆节', 'National Day'),
(date '2025-01-01', 'off', '元旦', 'New Year''s Day'),
(date '2025-01-26', 'work', '春节', 'Spring Festival'),
(date '2025-01-28', 'off', '春节', 'Spring Festival'),
(date '2025-01-29', 'off', '春节', 'Spring Festival'),
(date '2025-01-30', 'off', '春节', 'Spring Festival'),
(date '2025-01-31', 'off', '春节', 'Spring Festival'),
(date '2025-02-01', 'off', '春节', 'Spring Festival'),
(date '2025-02-02', 'off', '春节', 'Spring Festival'),
(date '2025-02-03', 'off', '春节', 'Spring Festival'),
(date '2025-02-04', 'off', '春节', 'Spring Festival'),
(date '2025-02-08', 'work', '春节', 'Spring Festival'),
(date '2025-04-04', 'off', '清明', 'Tomb-sweeping Day'),
(date '2025-04-05', 'off', '清明', 'Tomb-sweeping Day'),
(date '2025-04-06', 'off', '清明', 'Tomb-sweeping Day'),
(date '2025-04-27', 'work', '劳动节', 'Labour Day'),
(date '2025-05-01', 'off', '劳动节', 'Labour Day'),
(date '2025-05-02', 'off', '劳动节', 'Labour Day'),
(date '2025-05-03', 'off', '劳动节', 'Labour Day'),
(date '2025-05-04', 'off', '劳动节', 'Labour Day'),
(date '2025-05-05', 'off', '劳动节', 'Labour Day'),
(date '2025-05-31', 'off', '端午', 'Dragon Boat Festival'),
(date '2025-06-01', 'off', '端午', 'Dragon Boat Festival'),
(date '2025-06-02', 'off', '端午', 'Dragon Boat Festival'),
(date '2025-09-28', 'work', '国庆节', 'National Day'),
(date '2025-10-01', 'off', '国庆节', 'National Day'),
(date '2025-10-02', 'off', '国庆节', 'National Day'),
(date '2025-10-03', 'off', '国庆节', 'National Day'),
(date '2025-10-04', 'off', '国庆节', 'National Day'),
(date '2025-10-05', 'off', '国庆节', 'National Day'),
(date '2025-10-06', 'off', '中秋', 'Mid-autumn Festival'),
(date '2025-10-07', 'off', '国庆节', 'National Day'),
(date '2025-10-08', 'off', '国庆节', 'National Day'),
(date '2025-10-11', 'work', '国庆节', 'National Day'),
(date '2026-01-01', 'off', '元旦', 'New Year''s Day'),
(date '2026-01-02', 'off', '元旦', 'New Year''s Day'),
(date '2026-01-03', 'off', '元旦', 'New Year''s Day'),
(date '2026-01-04', 'work', '元旦', 'New Year''s Day'),
(date '2026-02-14', 'work', '春节', 'Spring Festival'),
(date '2026-02-15', 'off', '春节', 'Spring Festival'),
(date '2026-02-16', 'off', '春节', 'Spring Festival'),
(date '2026-02-17', 'off', '春节', 'Spring Festival'),
(date '2026-02-18', 'off', '春节', 'Spring Festival'),
(date '2026-02-19', 'off', '春节', 'Spring Festival'),
(date '2026-02-20', 'off', '春节', 'Spring Festival'),
(date '2026-02-21', 'off', '春节', 'Spring Festival'),
(date '2026-02-22', 'off', '春节', 'Spring Festival'),
(date '2026-02-23', 'off', '春节', 'Spring Festival'),
(date '2026-02-28', 'work', '春节', 'Spring Festival'),
(date '2026-04-04', 'off', '清明', 'Tomb-sweeping Day'),
(date '2026-04-05', 'off', '清明', 'Tomb-sweeping Day'),
(date '2026-04-06', 'off', '清明', 'Tomb-sweeping Day'),
(date '2026-05-01', 'off', '劳动节', 'Labour Day'),
(date '2026-05-02', 'off', '劳动节', 'Labour Day'),
(date '2026-05-03', 'off', '劳动节', 'Labour Day'),
(date '2026-05-04', 'off', '劳动节', 'Labour Day'),
(date '2026-05-05', 'off', '劳动节', 'Labour Day'),
(date '2026-05-09', 'work', '劳动节', 'Labour Day'),
(date '2026-06-19', 'off', '端午', 'Dragon Boat Festival'),
(date '2026-06-20', 'off', '端午', 'Dragon Boat Festival'),
(date '2026-06-21', 'off', '端午', 'Dragon Boat Festival'),
(date '2026-09-20', 'work', '国庆节', 'National Day'),
(date '2026-09-25', 'off', '中秋', 'Mid-autumn Festival'),
(date '2026-09-26', 'off', '中秋', 'Mid-autumn Festival'),
(date '2026-09-27', 'off', '中秋', 'Mid-autumn Festival'),
(date '2026-10-01', 'off', '国庆节', 'National Day'),
(date '2026-10-02', 'off', '国庆节', 'National Day'),
(date '2026-10-03', 'off', '国庆节', 'National Day'),
(date '2026-10-04', 'off', '国庆节', 'National Day'),
(date '2026-10-05', 'off', '国庆节', 'National Day'),
(date '2026-10-06', 'off', '国庆节', 'National Day'),
(date '2026-10-07', 'off', '国庆节', 'National Day'),
(date '2026-10-10', 'work', '国庆节', 'National Day')) v(day, kind, name, name_en)
JOIN citybigdata.calendar_year y ON y.shipped AND y.calendar OPERATOR(pg_catalog.=) 'default'
    AND y.year OPERATOR(pg_catalog.=) pg_catalog.date_part('year', v.day)::integer
ON CONFLICT ON CONSTRAINT calendar_day_pkey DO NOTHING;

-- code/47-calendar-import.sql
-- load_calendar(): what calendar_problems() finds nothing wrong with.
CREATE OR REPLACE FUNCTION citybigdata.load_calendar(document jsonb)
    RETURNS TABLE (code text, changed bigint, unknown_from date, version bigint)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    target  text := coalesce(document ->> 'calendar', 'default');
    since   date := coalesce(citybigdata.calendar_date(document ->> 'hoursFrom'), '-infinity');
    bad     record;
    minutes integer;
    touched integer[];
    done    bigint := 0;
    part    bigint;
BEGIN
    -- one at a time: each is checked against what the one before has left
    PERFORM citybigdata.own_lock('calendar');
    SELECT min(p.status_code) AS code, string_agg(format('%s: %s.', coalesce(nullif(p.pointer, ''), 'The whole'), p.message), E'\n') AS says
    INTO bad FROM (SELECT * FROM citybigdata.calendar_problems(document) p ORDER BY p.status_code, p.pointer LIMIT 20) p;
    IF bad.code IS NOT NULL THEN
        PERFORM citybigdata.refuse(bad.code, bad.says || E'\nNothing was loaded.');
    END IF;

    -- hours; what is not given stays
    WITH week AS (
        SELECT target, since, d.weekday, coalesce(w.shifts, (SELECT m.shifts FROM citybigdata.calendar_week(document -> 'hours') m
                                                              WHERE m.weekday > 0 AND m.shifts <> '' ORDER BY m.weekday LIMIT 1)) AS hours
        FROM generate_series(0, 7) d(weekday) LEFT JOIN citybigdata.calendar_week(document -> 'hours') w ON w.weekday = d.weekday
        WHERE document ? 'hours'
    )
    INSERT INTO citybigdata.calendar_hours AS h (calendar, valid_from, weekday, hours)
    SELECT w.* FROM week w
    WHERE EXISTS (SELECT FROM week n WHERE NOT EXISTS (SELECT FROM citybigdata.calendar_hours o
        WHERE o.calendar = target AND o.valid_from = since AND o.weekday = n.weekday AND o.hours = n.hours))
    ON CONFLICT ON CONSTRAINT calendar_hours_pkey DO UPDATE SET hours = excluded.hours;
    GET DIAGNOSTICS done = ROW_COUNT;

    SELECT coalesce((document ->> 'dayMinutes')::integer, CASE WHEN document ? 'hours' AND count(DISTINCT m.minutes) = 1 THEN min(m.minutes) END, (SELECT c.day_minutes FROM citybigdata.calendar c WHERE c.code = target))
    INTO minutes FROM (SELECT citybigdata.calendar_hours_minutes(h.hours) AS minutes FROM citybigdata.calendar_hours h WHERE h.calendar = target AND h.weekday > 0 AND h.hours <> '') m;
    INSERT INTO citybigdata.calendar AS c (code, title, title_zh, day_minutes, holidays)
    SELECT target, coalesce(document ->> 'title', o.title, target), coalesce(document ->> 'titleZh', o.title_zh, target), minutes,
           coalesce(document ->> 'holidays', o.holidays, CASE WHEN document ?| ARRAY['days', 'years'] THEN 'own' ELSE 'default' END)
    FROM (SELECT) one LEFT JOIN citybigdata.calendar o ON o.code = target
    WHERE (o.title, o.title_zh, o.day_minutes, o.holidays) IS DISTINCT FROM (coalesce(document ->> 'title', o.title, target), coalesce(document ->> 'titleZh', o.title_zh, target), minutes,
           coalesce(document ->> 'holidays', o.holidays, CASE WHEN document ?| ARRAY['days', 'years'] THEN 'own' ELSE 'default' END))
    ON CONFLICT ON CONSTRAINT calendar_pkey DO UPDATE
    SET title = excluded.title, title_zh = excluded.title_zh, day_minutes = excluded.day_minutes, holidays = excluded.holidays;
    GET DIAGNOSTICS part = ROW_COUNT;
    done := done + part;

    -- years that are not the same already: shipped ones stay shipped
    WITH stored AS (
        SELECT d.day, d.kind, d.hours, d.name, d.name_en FROM citybigdata.calendar_day d WHERE d.calendar = target
    ), fresh AS (
        SELECT d.day, d.kind, d.shifts, d.name, d.name_en FROM citybigdata.calendar_days(document) d
    ), differs AS (
        (TABLE fresh EXCEPT TABLE stored) UNION ALL (TABLE stored EXCEPT TABLE fresh)
    )
    SELECT array_agg(y.year ORDER BY y.year), coalesce(sum(n.days + (k.year IS NULL)::integer), 0) INTO touched, part
    FROM citybigdata.calendar_years(document) y(year)
    CROSS JOIN LATERAL (SELECT count(*) AS days FROM differs d WHERE extract(year FROM d.day) = y.year) n
    LEFT JOIN citybigdata.calendar_year k ON k.calendar = target AND k.year = y.year
    WHERE n.days > 0 OR k.year IS NULL;
    done := done + part;
    DELETE FROM citybigdata.calendar_day d WHERE d.calendar = target AND extract(year FROM d.day) = ANY (touched);
    DELETE FROM citybigdata.calendar_year y WHERE y.calendar = target AND y.year = ANY (touched);
    INSERT INTO citybigdata.calendar_year (calendar, year, source) SELECT target, t.year, document ->> 'source' FROM unnest(touched) t(year);
    INSERT INTO citybigdata.calendar_day (calendar, day, kind, hours, name, name_en)
    SELECT target, d.day, d.kind, d.shifts, d.name, d.name_en FROM citybigdata.calendar_days(document) d WHERE extract(year FROM d.day) = ANY (touched);

    PERFORM citybigdata.audit_event('calendar.load', target, format('%s changes, years %s', done, coalesce(array_to_string(touched, ','), 'none')));
    RETURN QUERY SELECT target, done, citybigdata.calendar_unknown_from(target), citybigdata.calendar_version(target);
END
$$;
COMMENT ON FUNCTION citybigdata.load_calendar(jsonb) IS
'Makes or changes a working calendar: {"calendar", "title", "titleZh", "holidays", "hours", "hoursFrom", "dayMinutes", "years", "days", "source"}; a year is replaced as a whole. '
'Returns how many entries changed, the day from which holidays are not known, and the new version. Errors: those of calendar_problems(), and then nothing is loaded';

CREATE OR REPLACE FUNCTION citybigdata.calendar_table(content text, calendar text) RETURNS jsonb
    LANGUAGE plpgsql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    separator text;
    names     text[];
    days      jsonb;
    bad       bigint;
BEGIN
    content := ltrim(replace(content, E'\r', ''), chr(65279));
    SELECT CASE WHEN strpos(l.line, E'\t') > 0 THEN E'\t' ELSE ',' END, string_to_array(l.line, CASE WHEN strpos(l.line, E'\t') > 0 THEN E'\t' ELSE ',' END)
    INTO separator, names FROM string_to_table(content, E'\n') WITH ORDINALITY l(line, n)
    WHERE btrim(l.line, E' \t,') <> '' AND NOT starts_with(l.line, '#') ORDER BY l.n LIMIT 1;
    SELECT array_agg(coalesce(c.member, h.name) ORDER BY h.n) INTO names
    FROM unnest(names) WITH ORDINALITY h(name, n)
    LEFT JOIN (VALUES ('date', 'date'), ('kind', 'kind'), ('name', 'name'), ('name_en', 'nameEn'), ('hours', 'hours'),
                      ('日期', 'date'), ('类别', 'kind'), ('名称', 'name'), ('英文名称', 'nameEn'), ('工作时段', 'hours')) c(heading, member) ON c.heading = btrim(h.name);
    IF names IS NULL OR NOT names @> ARRAY['date', 'kind'] OR NOT names <@ ARRAY['date', 'kind', 'name', 'nameEn', 'hours'] THEN
        PERFORM citybigdata.refuse(40002, format('The first line names the columns: date, kind and, if need be, name, name_en, hours (日期、类别、名称、英文名称、工作时段); it is %s.',
                                                 coalesce(left(array_to_string(names, ' '), 100), 'missing')));
    END IF;
    WITH line AS (
        SELECT l.n, l.line, string_to_array(l.line, separator) AS cells
        FROM string_to_table(content, E'\n') WITH ORDINALITY l(line, n) WHERE btrim(l.line, E' \t,') <> '' AND NOT starts_with(l.line, '#')
    )
    SELECT min(l.n) FILTER (WHERE cardinality(l.cells) <> cardinality(names) OR strpos(l.line, '"') > 0),
           jsonb_agg(d.day || jsonb_build_object('line', l.n) ORDER BY l.n)
    INTO bad, days
    FROM line l CROSS JOIN LATERAL (
        SELECT jsonb_object_agg(c.name, CASE WHEN c.name = 'hours' THEN regexp_replace(btrim(c.cell), '[; ]+', ',', 'g') ELSE btrim(c.cell) END)
            FILTER (WHERE c.name IS NOT NULL AND btrim(c.cell) <> '') AS day
        FROM unnest(names, l.cells) c(name, cell)) d
    WHERE l.n > (SELECT min(f.n) FROM line f);
    IF bad IS NOT NULL THEN
        PERFORM citybigdata.refuse(40002, format('Line %s has not the %s cells of the first line, or has quotation marks. Cells are separated by %s; several shifts of a day are '
                                                 'written 08:00-12:00;14:00-18:00.', bad, cardinality(names), CASE separator WHEN ',' THEN 'a comma' ELSE 'a tab' END));
    END IF;
    RETURN jsonb_build_object('calendar', calendar, 'days', coalesce(days, '[]'));
END
$$;
COMMENT ON FUNCTION citybigdata.calendar_table(text, text) IS
'A list of days, tab-separated or CSV, as a calendar document: the first line names the columns, lines from # are comments. Errors: 40002';

CREATE OR REPLACE FUNCTION citybigdata.load_calendar(content text, calendar text DEFAULT 'default')
    RETURNS TABLE (code text, changed bigint, unknown_from date, version bigint)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    document jsonb;
BEGIN
    IF content IS NULL THEN
        PERFORM citybigdata.refuse(42201, 'The content is missing.');
    ELSIF content ~ '^\s*[{[]' THEN
        BEGIN
            document := content::jsonb;
        EXCEPTION WHEN data_exception THEN
            PERFORM citybigdata.refuse(40001, SQLERRM);
        END;
    ELSE
        document := citybigdata.calendar_table(content, calendar);
    END IF;
    RETURN QUERY SELECT * FROM citybigdata.load_calendar(document);
END
$$;
COMMENT ON FUNCTION citybigdata.load_calendar(text, text) IS
'load_calendar() of a JSON text, or of whole years as a list of their holidays and make-up days, tab-separated or CSV with the columns date, kind (off, work), name, name_en, hours. '
'Errors: 40001, 40002, those of calendar_problems()';

-- code/50-event.sql
-- Event: validating, reporting, reading. The same C code serves SQL and the endpoints.
-- SECURITY DEFINER: callers need no right on the tables, only on the function.
COMMENT ON SEQUENCE citybigdata.event_rec_id_seq IS 'recID: table A.5 says int and deployed senders read 32 bits, so it ends at 2147483647';
COMMENT ON TABLE citybigdata.event IS 'Event 问题/案件: one row per reported city-management problem (table A.4)';
COMMENT ON COLUMN citybigdata.event.rec_id IS 'recID 问题标识 (table A.5), from event_rec_id_seq';
COMMENT ON COLUMN citybigdata.event.task_num IS 'taskNum 我方问题唯一标识: platform code, yyyyMMdd of receipt, rec_id in 10 digits, check character (ISO 7064 MOD 37,36)';
COMMENT ON COLUMN citybigdata.event.sender_code IS 'senderCode 发送方标识';
COMMENT ON COLUMN citybigdata.event.other_task_num IS 'otherTaskNum 第三方问题唯一标识, unique per sender';
COMMENT ON COLUMN citybigdata.event.event_desc IS 'eventDesc 问题描述';
COMMENT ON COLUMN citybigdata.event.address IS 'address 地址描述';
COMMENT ON COLUMN citybigdata.event.geom IS 'The place, CGCS2000 longitude and latitude: from coordinateX and coordinateY, else from the map coordinates';
COMMENT ON COLUMN citybigdata.event.coordinate_x IS 'coordinateX x坐标 in the business plane, metres; computed when only map coordinates were reported';
COMMENT ON COLUMN citybigdata.event.coordinate_y IS 'coordinateY y坐标 in the business plane, metres; computed when only map coordinates were reported';
COMMENT ON COLUMN citybigdata.event.map_longitude IS 'lontitude 经度, as reported, in the system of the online map';
COMMENT ON COLUMN citybigdata.event.map_latitude IS 'latitude 纬度, as reported, in the system of the online map';
COMMENT ON COLUMN citybigdata.event.district_code IS 'districtCode 所属区域代码 (GB/T 2260, 6 digits), from the boundary where it was missing';
COMMENT ON COLUMN citybigdata.event.district_name IS 'districtName 所属区域, as reported, else the name of district_code';
COMMENT ON COLUMN citybigdata.event.street_code IS 'streetCode 所属街道代码, 9 digits';
COMMENT ON COLUMN citybigdata.event.street_name IS 'streetName 所属街道, as reported, else the name of street_code';
COMMENT ON COLUMN citybigdata.event.community_code IS 'communityCode 所属社区代码, 12 digits';
COMMENT ON COLUMN citybigdata.event.community_name IS 'communityName 所属社区, as reported, else the name of community_code';
COMMENT ON COLUMN citybigdata.event.event_src_id IS 'eventSrcID 问题来源标识, code table event-src';
COMMENT ON COLUMN citybigdata.event.rec_type_id IS 'recTypeID 事项类型标识, code table rec-type';
COMMENT ON COLUMN citybigdata.event.event_level_id IS 'eventLevelID 问题级别标识, code table event-level';
COMMENT ON COLUMN citybigdata.event.event_type_code IS 'eventTypeCode 问题类型标识, code table event-type';
COMMENT ON COLUMN citybigdata.event.main_type_code IS 'mainTypeCode 问题大类标识, code table event-type';
COMMENT ON COLUMN citybigdata.event.sub_type_code IS 'subTypeCode 问题小类标识, code table event-type';
COMMENT ON COLUMN citybigdata.event.human_name IS 'humanName 上报人: personal data; null when it is in personal';
COMMENT ON COLUMN citybigdata.event.cellphone IS 'cellphone 上报人手机号: personal data; null when it is in personal';
COMMENT ON COLUMN citybigdata.event.create_time IS 'createTime 上报时间; time of receipt when the sender gave none';
COMMENT ON COLUMN citybigdata.event.receive_time IS 'receiveTime 接收时间: when the platform received the report';
COMMENT ON COLUMN citybigdata.event.update_time IS
'When the row was last written: clock_timestamp() read after pg_current_xact_id(), else the feed of updated events could miss it';
COMMENT ON COLUMN citybigdata.event.state IS 'Case state, code table event-state: 1 待受理, 3 立案派遣, 4 处理中, 5 核查结案, 6 结案, 7 作废, 8 挂账, 9 督查';
COMMENT ON COLUMN citybigdata.event.app_id IS 'Application that reported it; null from an SQL session';
COMMENT ON COLUMN citybigdata.event.sender_task_num IS 'taskNum 问题任务号 of the sender: stored only';
COMMENT ON COLUMN citybigdata.event.media_count IS 'Number of rows in event_media';
COMMENT ON COLUMN citybigdata.event.step_count IS 'Number of rows in event_step';
COMMENT ON COLUMN citybigdata.event.content_digest IS 'SHA-256 of the normalised event without taskNum: tells a repeat from a conflict; encrypted where personal is';
COMMENT ON COLUMN citybigdata.event.warnings IS 'Warnings given at acceptance: [{pointer, statusCode, message}]';
COMMENT ON COLUMN citybigdata.event.personal IS 'human_name and cellphone encrypted by the key file (citybigdata.encrypt_personal); event_person() reads it';
COMMENT ON COLUMN citybigdata.event.ext IS 'Fields that table A.4 does not name, kept as reported (profile egova)';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.event', '');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.event_rec_id_seq', '');

COMMENT ON TABLE citybigdata.event_media IS 'Pictures, videos, voice and attachments of events (medias of table A.4)';
COMMENT ON COLUMN citybigdata.event_media.rec_id IS 'The event';
COMMENT ON COLUMN citybigdata.event_media.media_no IS 'Place in medias, from 1';
COMMENT ON COLUMN citybigdata.event_media.media_name IS 'mediaName 文件名';
COMMENT ON COLUMN citybigdata.event_media.media_type IS 'mediaType 多媒体类型: IMAGE, VIDEO, VOICE or ATTACH';
COMMENT ON COLUMN citybigdata.event_media.media_usage IS 'mediaUsage 多媒体用途: 上报, 核查, 核实 or 处置';
COMMENT ON COLUMN citybigdata.event_media.media_url IS 'mediaURL 多媒体网址, as reported';
COMMENT ON COLUMN citybigdata.event_media.content IS 'content, decoded';
COMMENT ON COLUMN citybigdata.event_media.sender_task_num IS 'taskNum that the sender wrote into the medium';
COMMENT ON COLUMN citybigdata.event_media.ext IS 'Fields that table A.4 does not name (profile egova)';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.event_media', '');

COMMENT ON TABLE citybigdata.event_step IS 'How an event moved from state to state after it was reported';
COMMENT ON COLUMN citybigdata.event_step.rec_id IS 'The event';
COMMENT ON COLUMN citybigdata.event_step.step_no IS 'Order of the steps, from 1; event.step_count is the last';
COMMENT ON COLUMN citybigdata.event_step.step_time IS 'When';
COMMENT ON COLUMN citybigdata.event_step.action IS 'What was done: dispatch, accept, handle, verify, close ...';
COMMENT ON COLUMN citybigdata.event_step.from_state IS 'State before, code table event-state';
COMMENT ON COLUMN citybigdata.event_step.to_state IS 'State after, code table event-state';
COMMENT ON COLUMN citybigdata.event_step.step_by IS 'Who did it';
COMMENT ON COLUMN citybigdata.event_step.note IS 'Note';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.event_step', '');

COMMENT ON TABLE citybigdata.event_idempotency IS 'First replies by Idempotency-Key; maintain() removes rows older than a day';
COMMENT ON COLUMN citybigdata.event_idempotency.app_id IS 'Application that used the key';
COMMENT ON COLUMN citybigdata.event_idempotency.key IS 'Idempotency-Key, at most 255 characters';
COMMENT ON COLUMN citybigdata.event_idempotency.body_digest IS 'SHA-256 of the body that the key was used with';
COMMENT ON COLUMN citybigdata.event_idempotency.data IS 'data of the first reply';
COMMENT ON COLUMN citybigdata.event_idempotency.created_at IS 'When the key was first used';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.event_idempotency', '');

CREATE OR REPLACE FUNCTION citybigdata.validate_event(data json, profile text DEFAULT 'strict',
        OUT pointer text, OUT status_code integer, OUT message text, OUT severity text) RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'cbd_validate_event' LANGUAGE c STABLE SECURITY DEFINER ROWS 3 COST 1000 SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.validate_event(json, text) IS
'Checks an event of table A.4: one row per error or warning (severity); no row = valid. '
'pointer: RFC 6901 into data; profile: strict or egova';

CREATE OR REPLACE FUNCTION citybigdata.validate_event(data text, profile text DEFAULT 'strict',
        OUT pointer text, OUT status_code integer, OUT message text, OUT severity text) RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'cbd_validate_event' LANGUAGE c STABLE SECURITY DEFINER ROWS 3 COST 1000 SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.validate_event(text, text) IS
'validate_event of a text: what is not JSON gives a row, not an error';

CREATE OR REPLACE FUNCTION citybigdata.validate_event(data jsonb, profile text DEFAULT 'strict',
        OUT pointer text, OUT status_code integer, OUT message text, OUT severity text) RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'cbd_validate_event_jsonb' LANGUAGE c STABLE SECURITY DEFINER ROWS 3 COST 1000 SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.validate_event(jsonb, text) IS
'validate_event of a jsonb, which has lost duplicate keys already';

CREATE OR REPLACE FUNCTION citybigdata.report_event(sender text, data json, profile text DEFAULT NULL,
        OUT rec_id integer, OUT task_num text, OUT status_code integer, OUT errors jsonb, OUT warnings jsonb) RETURNS record
    AS 'MODULE_PATHNAME', 'cbd_report_event' LANGUAGE c VOLATILE SECURITY DEFINER COST 10000 SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.report_event(text, json, text) IS
'Validates and stores one event of a sender. status_code 0: stored, or reported before with the same content; 40901: reported before with other '
'content, rec_id and task_num are the first ones; else errors tells why. profile: strict or egova; null = that of the sender''s application, else strict';

CREATE OR REPLACE FUNCTION citybigdata.report_event(sender text, data text, profile text DEFAULT NULL,
        OUT rec_id integer, OUT task_num text, OUT status_code integer, OUT errors jsonb, OUT warnings jsonb) RETURNS record
    AS 'MODULE_PATHNAME', 'cbd_report_event' LANGUAGE c VOLATILE SECURITY DEFINER COST 10000 SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.report_event(text, text, text) IS 'report_event of a text: what is not JSON is refused in a row, not by a raised error';

CREATE OR REPLACE FUNCTION citybigdata.report_event(sender text, data jsonb, profile text DEFAULT NULL,
        OUT rec_id integer, OUT task_num text, OUT status_code integer, OUT errors jsonb, OUT warnings jsonb) RETURNS record
    AS 'MODULE_PATHNAME', 'cbd_report_event_jsonb' LANGUAGE c VOLATILE SECURITY DEFINER COST 10000 SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.report_event(text, jsonb, text) IS 'report_event of a jsonb, which has lost duplicate keys already';

CREATE OR REPLACE FUNCTION citybigdata.report_events(sender text, data json[], profile text DEFAULT NULL,
        OUT rec_id integer, OUT task_num text, OUT status_code integer, OUT errors jsonb, OUT warnings jsonb) RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'cbd_report_events' LANGUAGE c VOLATILE SECURITY DEFINER COST 100000 SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.report_events(text, json[], text) IS
'report_event for each element, in one transaction: one row per element in their order; bad ones tell why, good ones are kept';

CREATE OR REPLACE FUNCTION citybigdata.report_events(sender text, data text[], profile text DEFAULT NULL,
        OUT rec_id integer, OUT task_num text, OUT status_code integer, OUT errors jsonb, OUT warnings jsonb) RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'cbd_report_events' LANGUAGE c VOLATILE SECURITY DEFINER COST 100000 SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.report_events(text, text[], text) IS 'report_events of texts';

-- Endpoints: see extension/rest.h for the call context and the reply frame.
CREATE OR REPLACE FUNCTION citybigdata.rest_event_report(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
        sender_code text, action_type text, data text, dry_run boolean, idempotency_key text, body_digest bytea) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_event_report' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_event_report(text, inet, text, text, bytea, text, text, text, boolean, text, bytea) IS
'POST /events (tables A.3-A.5): reply frame with data {recID, taskNum}';

CREATE OR REPLACE FUNCTION citybigdata.rest_event_upstream(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
        sender_code text, action_type text, data text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_event_upstream' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_event_upstream(text, inet, text, text, bytea, text, text, text) IS
'POST /openapi/v2/upstream[/uprecreport]: always profile egova; without a credential by senderCode and client address';

CREATE OR REPLACE FUNCTION citybigdata.rest_event_get(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
        task_num text, time_format text, crs text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_event_get' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_event_get(text, inet, text, text, bytea, text, text, text) IS
'GET /events/{taskNum}: reply frame with one case';

CREATE OR REPLACE FUNCTION citybigdata.rest_event_find(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
        other_task_num text, sender_code text, since text, time_format text, crs text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_event_find' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_event_find(text, inet, text, text, bytea, text, text, text, text, text) IS
'GET /events?otherTaskNum=, GET /events?since=: reply frame with {items: [case]}, those of the caller''s senders unless senderCode is given '
'(without senders of its own, a caller with a grant gets every sender''s). since: written at that time or later, with nextSince to ask for next; '
'each event comes at least once, none is skipped';

-- A key serves a client that repeats a request whose reply was lost: a day is plenty.
CREATE OR REPLACE FUNCTION citybigdata.maintain_event() RETURNS bigint
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH old AS (
        SELECT i.app_id, i.key FROM citybigdata.event_idempotency i WHERE i.created_at < now() - interval '1 day' LIMIT 10000
    ), removed AS (
        DELETE FROM citybigdata.event_idempotency i USING old WHERE i.app_id = old.app_id AND i.key = old.key RETURNING 1
    )
    SELECT count(*) FROM removed
$$;
COMMENT ON FUNCTION citybigdata.maintain_event() IS 'Removes Idempotency-Keys older than a day, 10000 at most; returns how many';

-- code/52-event-level.sql
-- Data levels of the fields of a case.
COMMENT ON TABLE citybigdata.event_field IS
'Data levels of the fields of a case; set_event_level() changes them. A caller whose grant or token is below a field''s level gets it masked, unless its application '
'owns the senderCode';
COMMENT ON COLUMN citybigdata.event_field.field IS 'JSON name in the case; of a medium or step after a dot';
COMMENT ON COLUMN citybigdata.event_field.level IS 'Data level 1 to 4; level 4 never leaves, whoever asks';
COMMENT ON COLUMN citybigdata.event_field.mask IS 'How a text is masked: all, phone, name, address, id-number; null, and for numbers and times always: left out (null; warnings: none)';
COMMENT ON COLUMN citybigdata.event_field.shipped IS 'The row came with CREATE EXTENSION; pg_dump leaves it out';
-- A restored row of the site takes the place of the shipped one: triggers *_keep.
SELECT pg_catalog.pg_extension_config_dump('citybigdata.event_field', 'WHERE NOT shipped');

CREATE OR REPLACE FUNCTION citybigdata.event_field_keep() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        NEW.shipped := false;
    ELSIF NOT NEW.shipped THEN
        DELETE FROM citybigdata.event_field f WHERE f.field = NEW.field AND f.shipped;
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION citybigdata.event_field_keep() IS 'Trigger: a changed shipped row becomes a row of the site, and a row of the site replaces the shipped one';
CREATE OR REPLACE TRIGGER event_field_keep BEFORE INSERT OR UPDATE ON citybigdata.event_field
    FOR EACH ROW EXECUTE FUNCTION citybigdata.event_field_keep();
ALTER TABLE citybigdata.event_field ENABLE ALWAYS TRIGGER event_field_keep;
CREATE OR REPLACE TRIGGER event_field_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON citybigdata.event_field
    FOR EACH STATEMENT EXECUTE FUNCTION citybigdata.reference_changed();

CREATE OR REPLACE FUNCTION citybigdata.set_event_level(field text, level integer, mask text DEFAULT NULL) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF level IS NULL OR level NOT BETWEEN 1 AND 4 THEN
        PERFORM citybigdata.refuse(42204, 'level: 1 to 4.');
    ELSIF mask NOT IN ('all', 'phone', 'name', 'address', 'id-number') THEN
        PERFORM citybigdata.refuse(42204, 'mask: all, phone, name, address, id-number, or null (left out).');
    END IF;
    UPDATE citybigdata.event_field AS f SET level = set_event_level.level, mask = set_event_level.mask
    WHERE f.field = set_event_level.field;
    IF NOT FOUND THEN
        PERFORM citybigdata.refuse(40400, format('A case has no field "%s" with a level.', left(set_event_level.field, 64)));
    END IF;
    PERFORM citybigdata.audit_event('event.set-level', field, format('level %s, mask %s', level, coalesce(mask, 'none')));
END
$$;
COMMENT ON FUNCTION citybigdata.set_event_level(text, integer, text) IS
'Sets the data level (1 to 4) and the mask of a field of cases, from the next request on; see table event_field. set_event_level(''address'', 2, ''address''). '
'Errors: 40400 no such field, 42204';

-- What a citizen wrote or photographed, and who handled it, can tell who it was about; the exact place is for the departments that
-- work there; classes, times and administrative units are open. Shipped rows are replaced as a whole; a row of the site stays.
DELETE FROM citybigdata.event_field WHERE shipped;
INSERT INTO citybigdata.event_field (field, level, mask, shipped) VALUES
('eventDesc', 3, 'all', true), ('address', 3, 'address', true),
('coordinateX', 2, NULL, true), ('coordinateY', 2, NULL, true), ('longitude', 2, NULL, true), ('latitude', 2, NULL, true),
('districtCode', 1, NULL, true), ('districtName', 1, NULL, true), ('streetCode', 1, NULL, true), ('streetName', 1, NULL, true),
('communityCode', 1, NULL, true), ('communityName', 1, NULL, true),
('eventSrcID', 1, NULL, true), ('recTypeID', 1, NULL, true), ('eventLevelID', 1, NULL, true),
('eventTypeCode', 1, NULL, true), ('mainTypeCode', 1, NULL, true), ('subTypeCode', 1, NULL, true), ('createTime', 1, NULL, true),
('medias.mediaName', 3, 'all', true), ('medias.url', 3, NULL, true),
('steps.by', 3, 'name', true), ('steps.note', 3, 'all', true), ('warnings', 3, NULL, true)
ON CONFLICT ON CONSTRAINT event_field_pkey DO NOTHING;

-- code/56-media.sql
-- Media by URL (clause 5.4.4-b): addresses of stored pictures, videos and files.

CREATE OR REPLACE FUNCTION citybigdata.media_url(app_code text, rec_id integer, media_no integer, expires_in interval DEFAULT '1 hour',
                                                 cidr cidr DEFAULT NULL) RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_media_url' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.media_url(text, integer, integer, interval, cidr) IS
'The address under which this application reads the stored content of a medium of an event, without further credentials, until expires_in is over (at most '
'citybigdata.sealed_url_ttl), optionally from an address range only; null when nothing is stored. Whoever has it can use it. GET /events/{taskNum} gives such addresses by itself';

CREATE OR REPLACE FUNCTION citybigdata.rest_media(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
                                                  id text, range text, if_none_match text, if_range text, head boolean) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_media' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_media(text, inet, text, text, bytea, text, text, text, text, boolean) IS
'GET /media/{id}: the first slice of a picture, video or file, id its sealed token; range, if_none_match and if_range: the headers as they came. '
'Reply frame: the bytes of the slice, and with `more` what rest_media_slice gives the next one for';

CREATE OR REPLACE FUNCTION citybigdata.rest_media_slice(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
                                                        id text, more text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_media_slice' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_media_slice(text, inet, text, text, bytea, text, text) IS
'The next slice of a download that rest_media began, more as the reply frame before said it; refused when it is no longer allowed or the medium has changed';

-- code/60-data-catalogue.sql
-- Publishing: what can be derived of a relation, and the catalogue rows that come of it.
COMMENT ON TABLE citybigdata.resource_version IS 'Published data interfaces 数据接口, one row a version; publish() writes it';
COMMENT ON COLUMN citybigdata.resource_version.resource_code IS 'Code of the resource, the address identifier of clause 5.3.3';
COMMENT ON COLUMN citybigdata.resource_version.version IS 'Version, from 1; publishing again makes the next one';
COMMENT ON COLUMN citybigdata.resource_version.state IS 'current, superseded, withdrawn; proposed: waits for the security administrator, see level_proposal; refused. At most one current version a resource';
COMMENT ON COLUMN citybigdata.resource_version.publisher IS 'Database role that owned the relation when it was published; the relation is read as that role, and only while it owns it';
COMMENT ON COLUMN citybigdata.resource_version.schema_name IS 'Schema of the relation or function';
COMMENT ON COLUMN citybigdata.resource_version.relation_name IS 'Name of the table, view or set-returning function';
COMMENT ON COLUMN citybigdata.resource_version.arguments IS 'Identity arguments of the function; null for a table or view';
COMMENT ON COLUMN citybigdata.resource_version.title IS 'English title';
COMMENT ON COLUMN citybigdata.resource_version.title_zh IS 'Chinese title';
COMMENT ON COLUMN citybigdata.resource_version.description IS 'English description for the interface manual';
COMMENT ON COLUMN citybigdata.resource_version.description_zh IS 'Chinese description for the interface manual';
COMMENT ON COLUMN citybigdata.resource_version.layer IS 'Layer of the data: theme 专项, industry 行业, base 基础 (chapter 4)';
COMMENT ON COLUMN citybigdata.resource_version.industry IS 'Code of code table industry: lighting, water, power ...; null where it does not apply';
COMMENT ON COLUMN citybigdata.resource_version.source IS 'Where base data come from: society 社会, government 政务, own 自有; null where it does not apply';
COMMENT ON COLUMN citybigdata.resource_version.level IS 'Data level 1 to 3; level 4 (classified 涉密) is never published';
COMMENT ON COLUMN citybigdata.resource_version.data_owner IS 'Who is responsible for the data';
COMMENT ON COLUMN citybigdata.resource_version.update_cycle IS 'How often the data change, for the manual';
COMMENT ON COLUMN citybigdata.resource_version.sunset IS 'Day from which the interface is no longer served; null = none planned';
COMMENT ON COLUMN citybigdata.resource_version.key_columns IS 'Unique, not null columns that order the pages';
COMMENT ON COLUMN citybigdata.resource_version.time_column IS 'Column that time and timeRange look at';
COMMENT ON COLUMN citybigdata.resource_version.division_column IS 'Column with GB/T 2260 codes that divisionCode looks at';
COMMENT ON COLUMN citybigdata.resource_version.division_digits IS 'Every code in it has so many digits (6, 9, 12); null = mixed. Known length allows equality instead of a range';
COMMENT ON COLUMN citybigdata.resource_version.geometry_column IS 'Column that bbox and crs look at';
COMMENT ON COLUMN citybigdata.resource_version.srid IS 'Its coordinate system';
COMMENT ON COLUMN citybigdata.resource_version.version_column IS 'Column whose greatest value tells the state of the data (ETag); null = none';
COMMENT ON COLUMN citybigdata.resource_version.latency_budget IS 'Milliseconds a page may take; beyond them 504';
COMMENT ON COLUMN citybigdata.resource_version.published_at IS 'When this version was published';
COMMENT ON COLUMN citybigdata.resource_version.withdrawn_at IS 'When it was superseded or withdrawn';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.resource_version', '');

COMMENT ON TABLE citybigdata.resource_field IS 'Fields of a published version, in order';
COMMENT ON COLUMN citybigdata.resource_field.resource_code IS 'Code of the resource';
COMMENT ON COLUMN citybigdata.resource_field.version IS 'Its version';
COMMENT ON COLUMN citybigdata.resource_field.position IS 'Place in the reply, from 1';
COMMENT ON COLUMN citybigdata.resource_field.name IS 'JSON name: camelCase, a valid XML name (clause 5.4.2)';
COMMENT ON COLUMN citybigdata.resource_field.column_name IS 'Column of the relation';
COMMENT ON COLUMN citybigdata.resource_field.type_name IS 'Its type at the time of publishing; another type later stops the interface';
COMMENT ON COLUMN citybigdata.resource_field.title IS 'English title';
COMMENT ON COLUMN citybigdata.resource_field.title_zh IS 'Chinese title';
COMMENT ON COLUMN citybigdata.resource_field.description IS 'Meaning, for the manual';
COMMENT ON COLUMN citybigdata.resource_field.unit IS 'Unit of measure; null = none';
COMMENT ON COLUMN citybigdata.resource_field.level IS 'Data level 1 to 3; a caller below it sees the masked value';
COMMENT ON COLUMN citybigdata.resource_field.code_table IS 'Code table of the values; divisions = GB/T 2260 codes';
COMMENT ON COLUMN citybigdata.resource_field.mask IS 'How it is masked: all, phone, name, address, id-number; null = left out (null)';
COMMENT ON COLUMN citybigdata.resource_field.filterable IS 'May be used as a filter';
COMMENT ON COLUMN citybigdata.resource_field.sortable IS 'May be used in sort';
COMMENT ON COLUMN citybigdata.resource_field.file IS 'The values are files, given by URL (clause 5.4.4-b): {type, typeColumn, nameColumn}, each may be missing; null = no file';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.resource_field', '');

COMMENT ON TABLE citybigdata.resource_parameter IS 'Parameters that a resource declares beyond those that all have; for a function: its arguments';
COMMENT ON COLUMN citybigdata.resource_parameter.resource_code IS 'Code of the resource';
COMMENT ON COLUMN citybigdata.resource_parameter.version IS 'Its version';
COMMENT ON COLUMN citybigdata.resource_parameter.position IS 'Place in the manual, from 1';
COMMENT ON COLUMN citybigdata.resource_parameter.name IS 'Name in the request: camelCase';
COMMENT ON COLUMN citybigdata.resource_parameter.column_name IS 'Column that it filters, or argument of the function';
COMMENT ON COLUMN citybigdata.resource_parameter.type_name IS 'Type of the column or argument';
COMMENT ON COLUMN citybigdata.resource_parameter.operator IS 'Comparison; eq for function arguments';
COMMENT ON COLUMN citybigdata.resource_parameter.required IS 'A request without it is refused';
COMMENT ON COLUMN citybigdata.resource_parameter.default_value IS 'Value when it is absent; null = no filter, or the function''s own default';
COMMENT ON COLUMN citybigdata.resource_parameter.title IS 'English title';
COMMENT ON COLUMN citybigdata.resource_parameter.title_zh IS 'Chinese title';
COMMENT ON COLUMN citybigdata.resource_parameter.description IS 'Meaning, for the manual';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.resource_parameter', '');

COMMENT ON TABLE citybigdata.cursor_key IS 'Key that authenticates page cursors (HMAC-SHA-256): one row';
COMMENT ON COLUMN citybigdata.cursor_key.only_row IS 'Always true: the table has one row';
COMMENT ON COLUMN citybigdata.cursor_key.key IS '32 random bytes';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.cursor_key', '');

COMMENT ON TABLE citybigdata.bound_object IS 'Which relation or function a resource or dataset means, by OID; a dump leaves it out, bind_restored() makes it again';
COMMENT ON COLUMN citybigdata.bound_object.kind IS 'resource or dataset';
COMMENT ON COLUMN citybigdata.bound_object.code IS 'Code of the resource or dataset';
COMMENT ON COLUMN citybigdata.bound_object.version IS 'Version of the resource; 0 for a dataset';
COMMENT ON COLUMN citybigdata.bound_object.object_oid IS 'OID of the table, view or function';
COMMENT ON COLUMN citybigdata.bound_object.cluster_id IS 'System identifier of the cluster in which that OID is valid';
COMMENT ON COLUMN citybigdata.bound_object.database_oid IS 'OID of the database in which that OID is valid';

-- Backends keep what they read of the catalogue; a change of it tells them to forget.
CREATE OR REPLACE FUNCTION citybigdata.catalogue_changed() RETURNS trigger
    AS 'MODULE_PATHNAME', 'cbd_catalogue_changed' LANGUAGE c VOLATILE;
COMMENT ON FUNCTION citybigdata.catalogue_changed() IS 'Trigger: every backend reads the catalogue again';
CREATE OR REPLACE TRIGGER resource_version_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON citybigdata.resource_version
    FOR EACH STATEMENT EXECUTE FUNCTION citybigdata.catalogue_changed();
CREATE OR REPLACE TRIGGER bound_object_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON citybigdata.bound_object
    FOR EACH STATEMENT EXECUTE FUNCTION citybigdata.catalogue_changed();
CREATE OR REPLACE TRIGGER resource_field_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON citybigdata.resource_field
    FOR EACH STATEMENT EXECUTE FUNCTION citybigdata.catalogue_changed();
CREATE OR REPLACE TRIGGER resource_parameter_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON citybigdata.resource_parameter
    FOR EACH STATEMENT EXECUTE FUNCTION citybigdata.catalogue_changed();

CREATE OR REPLACE FUNCTION citybigdata.publish(relation text, options jsonb DEFAULT '{}',
                                               OUT code text, OUT version integer, OUT address text, OUT advice text[])
    AS 'MODULE_PATHNAME', 'cbd_publish' LANGUAGE c VOLATILE STRICT;
COMMENT ON FUNCTION citybigdata.publish(text, jsonb) IS
'Publishes a table, view or set-returning function (name(argument types)) as a data interface, for its owner or a member of that role; it is read from now on as its owner. '
'Again: as a new version; one that shows more than the one before waits for approve_levels(). '
'Options, all with defaults derived from the relation: code, title, titleZh, description, descriptionZh, layer (theme, industry, base), industry, source (society, government, own), level (1-3), owner, '
'updateCycle, sunset, keyset, timeColumn, divisionColumn, divisionDigits, geometryColumn, srid, versionColumn, latencyBudget (ms), '
'fields {column: {name, title, titleZh, description, unit, level, codeTable, mask, filterable, sortable, exclude, file}}, '
'parameters [{name, column, operator, required, default, title, titleZh, description}]; publish_options() explains each. '
'A bytea column is published by URL with file: true, or {type, typeColumn, nameColumn} (content type; columns with type and file name); without it it is left out. '
'advice: what would make it faster or clearer';

CREATE OR REPLACE FUNCTION citybigdata.unpublish(code text) RETURNS void
    AS 'MODULE_PATHNAME', 'cbd_unpublish' LANGUAGE c VOLATILE STRICT;
COMMENT ON FUNCTION citybigdata.unpublish(text) IS 'Withdraws a data interface; its versions stay in the catalogue, its code can be published again';

-- The result columns of a relation or function, whoever may read it.
CREATE OR REPLACE FUNCTION citybigdata.relation_columns(schema_name text, relation_name text, arguments text,
    OUT place integer, OUT column_name text, OUT type_oid oid, OUT type_mod integer, OUT not_null boolean, OUT comment text)
    RETURNS SETOF record LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT a.attnum::integer, a.attname::text, a.atttypid, a.atttypmod, a.attnotnull, col_description(c.oid, a.attnum)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE $3 IS NULL AND n.nspname = $1 AND c.relname = $2 AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
      AND a.attnum > 0 AND NOT a.attisdropped
    UNION ALL
    SELECT o.place::integer, o.name, o.type, -1, false, NULL
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    CROSS JOIN unnest(p.proallargtypes, p.proargmodes, p.proargnames) WITH ORDINALITY AS o (type, mode, name, place)
    WHERE $3 IS NOT NULL AND n.nspname = $1 AND p.proname = $2 AND pg_get_function_identity_arguments(p.oid) = $3
      AND o.mode IN ('o', 'b', 't')
    UNION ALL
    SELECT a.attnum::integer, a.attname::text, a.atttypid, a.atttypmod, false, NULL
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    JOIN pg_type t ON t.oid = p.prorettype JOIN pg_attribute a ON a.attrelid = t.typrelid
    WHERE $3 IS NOT NULL AND n.nspname = $1 AND p.proname = $2 AND pg_get_function_identity_arguments(p.oid) = $3
      AND p.proallargtypes IS NULL AND a.attnum > 0 AND NOT a.attisdropped
    ORDER BY 1
$$;
COMMENT ON FUNCTION citybigdata.relation_columns(text, text, text) IS
'Result columns of a table, view or function (with its identity arguments); no row = it does not exist';

CREATE OR REPLACE FUNCTION citybigdata.camel_case(name text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT lower(left(joined, 1)) || substr(joined, 2)
    FROM (SELECT string_agg(CASE WHEN place = 1 THEN word ELSE upper(left(word, 1)) || substr(word, 2) END, '' ORDER BY place) AS joined
          -- all in capitals is a spelling, no word boundary
          FROM regexp_split_to_table(CASE WHEN $1 = upper($1) THEN lower($1) ELSE $1 END, '[^A-Za-z0-9一-龥]+') WITH ORDINALITY AS w (word, place) WHERE word <> '') j
$$;
COMMENT ON FUNCTION citybigdata.camel_case(text) IS 'The JSON name derived of a column name: street_light_id and STREET_LIGHT_ID give streetLightId';

-- A title in one language: what is given, else the comment's first sentence in that language, else the words of the name.
CREATE OR REPLACE FUNCTION citybigdata.derived_title(given text, comment text, name text, chinese boolean) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(nullif(btrim($1), ''),
        (SELECT nullif(btrim(substring($2 from '^[^\n。；;]*')), '') WHERE $4 = ($2 ~ '[一-龥]')),
        (SELECT nullif(btrim(substring($2 from '^[^\n。；;]*')), '') WHERE $4),
        upper(left($3, 1)) || substr(regexp_replace($3, '[_-]+', ' ', 'g'), 2))
$$;
COMMENT ON FUNCTION citybigdata.derived_title(text, text, text, boolean) IS 'Title of a resource or field where none is given';

-- Columns of the relation's key: option, primary key, or a unique index over columns that are not null.
CREATE OR REPLACE FUNCTION citybigdata.derived_key(relation oid, relation_kind "char") RETURNS text[]
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT array_agg(a.attname::text ORDER BY k.place)
    FROM (SELECT i.indexrelid, i.indkey FROM pg_index i
          WHERE i.indrelid = $1 AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL
            AND ($2 = 'm' OR NOT EXISTS (SELECT FROM pg_attribute n WHERE n.attrelid = $1 AND NOT n.attnotnull
                                         AND n.attnum = ANY (i.indkey::smallint[])))
          ORDER BY i.indisprimary DESC, i.indnkeyatts, i.indexrelid LIMIT 1) best
    CROSS JOIN unnest(best.indkey::smallint[]) WITH ORDINALITY AS k (attnum, place)
    JOIN pg_attribute a ON a.attrelid = $1 AND a.attnum = k.attnum
    JOIN pg_index x ON x.indexrelid = best.indexrelid AND k.place <= x.indnkeyatts
$$;
COMMENT ON FUNCTION citybigdata.derived_key(oid, "char") IS 'Key columns of a table: primary key, else a unique index over not null columns; null = none';

-- Column names that lead an index of the access method; `relation` null (a function) has none.
CREATE OR REPLACE FUNCTION citybigdata.index_leaders(relation oid, method name) RETURNS text[]
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(array_agg(DISTINCT a.attname::text), '{}')
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am m ON m.oid = c.relam
    JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
    WHERE i.indrelid = $1 AND m.amname = $2 AND i.indisvalid AND i.indpred IS NULL
$$;
COMMENT ON FUNCTION citybigdata.index_leaders(oid, name) IS 'Columns that lead an index of the access method (btree, gist)';

-- The type under all domains.
CREATE OR REPLACE FUNCTION citybigdata.base_type(type_oid oid) RETURNS oid
    LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp AS $$
    WITH RECURSIVE t AS (SELECT $1 AS oid UNION ALL SELECT y.typbasetype FROM t JOIN pg_type y ON y.oid = t.oid WHERE y.typtype = 'd')
    SELECT t.oid FROM t JOIN pg_type y ON y.oid = t.oid WHERE y.typtype <> 'd'
$$;
COMMENT ON FUNCTION citybigdata.base_type(oid) IS 'The type that a domain is made of, through all of them; any other type itself';

-- Types are judged by OID: a name may be anybody's.
CREATE OR REPLACE FUNCTION citybigdata.column_serves(type_oid oid, use text) RETURNS boolean
    AS 'MODULE_PATHNAME', 'cbd_column_serves' LANGUAGE c STABLE STRICT;
COMMENT ON FUNCTION citybigdata.column_serves(oid, text) IS
'May a column of the type be published at all (shown), and serve as key, time, division, place, version, filter, text (mask, like), file or argument? geography: is it that type of PostGIS?';
CREATE OR REPLACE FUNCTION citybigdata.place_srid(type_oid oid, type_mod integer) RETURNS integer
    AS 'MODULE_PATHNAME', 'cbd_place_srid' LANGUAGE c STABLE STRICT;
COMMENT ON FUNCTION citybigdata.place_srid(oid, integer) IS 'Coordinate system that the type of a PostGIS column declares; null = none, or no geometry';

-- The relation or function of that name now; null: there is none.
CREATE OR REPLACE FUNCTION citybigdata.named_object(schema_name text, relation_name text, arguments text, OUT object_oid oid, OUT owner name)
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT c.oid, pg_get_userbyid(c.relowner) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE $3 IS NULL AND n.nspname = $1 AND c.relname = $2 AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
    UNION ALL
    SELECT p.oid, pg_get_userbyid(p.proowner) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE $3 IS NOT NULL AND n.nspname = $1 AND p.proname = $2 AND pg_get_function_identity_arguments(p.oid) = $3
$$;
COMMENT ON FUNCTION citybigdata.named_object(text, text, text) IS 'OID and owner of the table, view or function of that name';

CREATE OR REPLACE FUNCTION citybigdata.cluster_id() RETURNS bigint
    AS 'MODULE_PATHNAME', 'cbd_cluster_id' LANGUAGE c STABLE;
COMMENT ON FUNCTION citybigdata.cluster_id() IS 'System identifier of this cluster: OIDs of another one mean nothing here';

CREATE OR REPLACE FUNCTION citybigdata.bind_object(kind text, code text, version integer, object_oid oid) RETURNS void
    LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO citybigdata.bound_object AS b (kind, code, version, object_oid, cluster_id, database_oid)
    SELECT $1, $2, $3, $4, citybigdata.cluster_id(), d.oid FROM pg_database d WHERE d.datname = current_database()
    ON CONFLICT ON CONSTRAINT bound_object_pkey DO UPDATE
    SET object_oid = excluded.object_oid, cluster_id = excluded.cluster_id, database_oid = excluded.database_oid
$$;
COMMENT ON FUNCTION citybigdata.bind_object(text, text, integer, oid) IS 'Remembers which object a resource or dataset means; for publish_as(), define_dataset_as() and bind_restored()';

-- After a restore or a copy of the database OIDs are others. What has name, owner and columns as recorded is taken for the same.
CREATE OR REPLACE FUNCTION citybigdata.bind_restored() RETURNS bigint
    LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
    WITH meant AS (
        SELECT 'resource' AS kind, v.resource_code AS code, v.version, v.publisher AS owner, v.schema_name, v.relation_name, v.arguments
        FROM citybigdata.resource_version v WHERE v.state IN ('current', 'proposed')
        UNION ALL
        SELECT 'dataset', d.dataset_code, 0, d.owner_role, d.schema_name, d.relation_name, NULL FROM citybigdata.dataset d),
    unbound AS (
        SELECT m.* FROM meant m WHERE NOT EXISTS (
            SELECT FROM citybigdata.bound_object b JOIN pg_database d ON d.oid = b.database_oid AND d.datname = current_database()
            WHERE b.cluster_id = citybigdata.cluster_id() AND (b.kind, b.code, b.version) = (m.kind, m.code, m.version)))
    SELECT count(*) FROM (
        SELECT citybigdata.bind_object(u.kind, u.code, u.version, o.object_oid)
        FROM unbound u CROSS JOIN LATERAL citybigdata.named_object(u.schema_name, u.relation_name, u.arguments) o
        WHERE o.owner = u.owner AND NOT EXISTS (
            SELECT FROM citybigdata.resource_field f WHERE u.kind = 'resource' AND f.resource_code = u.code AND f.version = u.version AND NOT EXISTS (
                SELECT FROM citybigdata.relation_columns(u.schema_name, u.relation_name, u.arguments) c
                WHERE c.column_name = f.column_name AND format_type(c.type_oid, NULL) = f.type_name)) OFFSET 0) bound
$$;
COMMENT ON FUNCTION citybigdata.bind_restored() IS
'Remembers by OID what resources and datasets mean where that is not known, after a restore: what has name, owner and columns as recorded. For setup() and maintain(); returns how many';

-- What is wrong with the object behind a name, for who reads catalogue_problems(); null: nothing.
CREATE OR REPLACE FUNCTION citybigdata.object_fault(kind text, code text, version integer, owner text, schema_name text, relation_name text, arguments text) RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    WITH bound AS (
        SELECT b.object_oid, CASE WHEN $7 IS NULL THEN (SELECT c.oid::regclass::text FROM pg_class c WHERE c.oid = b.object_oid)
                                  ELSE (SELECT p.oid::regprocedure::text FROM pg_proc p WHERE p.oid = b.object_oid) END AS called
        FROM citybigdata.bound_object b JOIN pg_database d ON d.oid = b.database_oid AND d.datname = current_database()
        WHERE b.cluster_id = citybigdata.cluster_id() AND b.kind = $1 AND b.code = $2 AND b.version = $3)
    SELECT CASE
        WHEN o.object_oid IS NULL AND b.called IS NOT NULL THEN 'the relation is called ' || b.called || ' now'
        WHEN o.object_oid IS NULL THEN 'the relation does not exist'
        WHEN b.object_oid <> o.object_oid AND b.called IS NOT NULL THEN 'another relation has its name; it is called ' || b.called || ' now'
        WHEN b.object_oid <> o.object_oid THEN 'the relation was dropped and made again'
        WHEN o.owner <> $4 THEN format('the relation belongs to %s; it was published as that of %s', o.owner, $4)
        WHEN NOT current_setting('citybigdata.superuser_code')::boolean AND (SELECT r.rolsuper FROM pg_roles r WHERE r.rolname = $4)
             AND ($7 IS NOT NULL OR EXISTS (SELECT FROM pg_class c WHERE c.oid = o.object_oid AND c.relkind IN ('v', 'f'))
                  OR $1 = 'dataset' AND EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = o.object_oid AND NOT t.tgisinternal))
            THEN format('it belongs to %s, a superuser, and its code would run with all rights: give it to a role of its own, or set citybigdata.superuser_code', o.owner)
        WHEN $7 IS NULL THEN (
            WITH RECURSIVE part AS (SELECT o.object_oid AS oid UNION SELECT i.inhrelid FROM part JOIN pg_inherits i ON i.inhparent = part.oid)
            SELECT format('its partition or child %s belongs to %s', c.oid::regclass, pg_get_userbyid(c.relowner))
            FROM part JOIN pg_class c ON c.oid = part.oid WHERE pg_get_userbyid(c.relowner) <> $4 ORDER BY c.oid LIMIT 1) END
    FROM (SELECT) one LEFT JOIN bound b ON true LEFT JOIN LATERAL citybigdata.named_object($5, $6, $7) o ON true
$$;
COMMENT ON FUNCTION citybigdata.object_fault(text, text, integer, text, text, text, text) IS
'Why the object of that name is not, or not rightfully, what a resource or dataset means; null = it is';

-- Refuses an option that nobody reads: a misspelt one must not be ignored.
CREATE OR REPLACE FUNCTION citybigdata.check_option_names(options jsonb, known text[], place text) RETURNS void
    LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    strange text;
BEGIN
    IF jsonb_typeof(options) <> 'object' THEN
        RAISE EXCEPTION '% must be a JSON object', place USING ERRCODE = 'invalid_parameter_value', HINT = 'For example {"level": 2}.';
    END IF;
    SELECT k INTO strange FROM jsonb_object_keys(options) k WHERE k <> ALL (known) ORDER BY k LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'unknown option "%" in %', strange, place
            USING ERRCODE = 'invalid_parameter_value', HINT = 'Known: ' || array_to_string(known, ', ') || '.';
    END IF;
END
$$;
COMMENT ON FUNCTION citybigdata.check_option_names(jsonb, text[], text) IS 'Refuses unknown members of an options object';

-- Which columns carry time, place and division, as far as names, types and indexes tell.
CREATE OR REPLACE FUNCTION citybigdata.derived_columns(schema_name text, relation_name text, arguments text, options jsonb, sorted text[],
    OUT time_column text, OUT division_column text, OUT division_digits integer, OUT geometry_column text, OUT srid integer)
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    length integer;
BEGIN
    SELECT c.column_name INTO time_column FROM citybigdata.relation_columns(schema_name, relation_name, arguments) c
    WHERE c.type_oid IN ('timestamptz'::regtype, 'timestamp'::regtype, 'date'::regtype) AND (c.column_name = ANY (sorted) OR c.column_name ~ '(time|date|_at)$')
      AND NOT coalesce((options #>> ARRAY['fields', c.column_name, 'exclude'])::boolean, false)
    ORDER BY c.column_name = ANY (sorted) DESC, c.type_oid = 'date'::regtype, c.place LIMIT 1;
    SELECT c.column_name INTO division_column FROM citybigdata.relation_columns(schema_name, relation_name, arguments) c
    WHERE c.type_oid IN ('text'::regtype, 'varchar'::regtype, 'bpchar'::regtype) AND c.column_name ~ '^(division|community|street|district)_?code$'
      AND NOT coalesce((options #>> ARRAY['fields', c.column_name, 'exclude'])::boolean, false)
    ORDER BY array_position(ARRAY['division', 'community', 'street', 'district'], substring(c.column_name from '^[a-z]+?(?=_?code$)')) LIMIT 1;
    SELECT c.column_name INTO geometry_column FROM citybigdata.relation_columns(schema_name, relation_name, arguments) c
    WHERE citybigdata.column_serves(c.type_oid, 'place') AND (citybigdata.place_srid(c.type_oid, c.type_mod) IS NOT NULL OR options ? 'srid')
      AND NOT coalesce((options #>> ARRAY['fields', c.column_name, 'exclude'])::boolean, false)
    ORDER BY c.place LIMIT 1;
    -- an option wins; null means: none
    IF options ? 'timeColumn' THEN time_column := options ->> 'timeColumn'; END IF;
    IF options ? 'divisionColumn' THEN division_column := options ->> 'divisionColumn'; END IF;
    IF options ? 'geometryColumn' THEN geometry_column := options ->> 'geometryColumn'; END IF;
    SELECT coalesce((options ->> 'srid')::integer, citybigdata.place_srid(c.type_oid, c.type_mod)) INTO srid
    FROM citybigdata.relation_columns(schema_name, relation_name, arguments) c WHERE c.column_name = geometry_column;
    IF geometry_column IS NOT NULL AND srid IS NULL THEN
        RAISE EXCEPTION 'the coordinate system of "%" is not known', geometry_column USING ERRCODE = 'invalid_parameter_value',
            HINT = 'Declare it in the column''s type, geometry(Point,4490), or by option: {"srid": 4490}.';
    END IF;
    SELECT c.type_mod - 4 INTO length FROM citybigdata.relation_columns(schema_name, relation_name, arguments) c
    WHERE c.column_name = division_column AND c.type_mod > 4;
    division_digits := coalesce((options ->> 'divisionDigits')::integer, CASE WHEN length = 6 THEN 6 END);
END
$$;
COMMENT ON FUNCTION citybigdata.derived_columns(text, text, text, jsonb, text[]) IS 'Time, division and geometry column of a relation, by option or derived';

-- What would make the interface faster or clearer.
CREATE OR REPLACE FUNCTION citybigdata.publish_advice(kind "char", schema_name text, relation_name text, key text[], time_column text, division_column text,
                                                      geometry_column text, sorted text[], spatial text[]) RETURNS text[]
    LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(array_agg(a.text ORDER BY a.place), '{}')
    FROM (SELECT (SELECT string_agg(quote_ident(k.name), ', ' ORDER BY k.place) FROM unnest($4) WITH ORDINALITY AS k (name, place)) AS columns,
                 format('%I.%I', $2, $3) AS name) r
    CROSS JOIN LATERAL (VALUES
        (1, CASE WHEN $1 IN ('r', 'p', 'm') AND NOT $4[1] = ANY ($8) THEN format('CREATE UNIQUE INDEX ON %s (%s);', r.name, r.columns) END),
        (2, CASE WHEN $1 IN ('r', 'p', 'm') AND $6 <> ALL ($8) AND $6 IS NOT NULL THEN format('CREATE INDEX ON %s (%I, %s);', r.name, $6, r.columns) END),
        (3, CASE WHEN $1 IN ('r', 'p', 'm') AND $5 <> ALL ($8) AND $5 IS NOT NULL THEN format('CREATE INDEX ON %s (%I, %s);', r.name, $5, r.columns) END),
        (4, CASE WHEN $1 IN ('r', 'p', 'm') AND $7 <> ALL ($9) AND $7 IS NOT NULL THEN format('CREATE INDEX ON %s USING gist (%I);', r.name, $7) END)) AS a (place, text)
    WHERE a.text IS NOT NULL
$$;
COMMENT ON FUNCTION citybigdata.publish_advice("char", text, text, text[], text, text, text, text[], text[]) IS 'Indexes that a published relation lacks, as commands';

CREATE OR REPLACE FUNCTION citybigdata.unpublish_as(publisher text, is_administrator boolean, code text) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    holder text;
BEGIN
    PERFORM citybigdata.own_lock('publish ' || code);
    SELECT v.publisher INTO holder FROM citybigdata.resource_version v WHERE v.resource_code = code AND v.state = 'current';
    IF NOT FOUND THEN
        RAISE EXCEPTION 'resource "%" is not published', code USING ERRCODE = 'undefined_object',
            HINT = coalesce('Published: ' || (SELECT string_agg(v.resource_code, ', ' ORDER BY 1) FROM citybigdata.resource_version v WHERE v.state = 'current') || '.',
                            'Nothing is published; SELECT citybigdata.publish(''public.street_light'') publishes a table.');
    ELSIF holder <> publisher AND NOT is_administrator
          AND NOT coalesce((SELECT pg_has_role(r.oid, h.oid, 'MEMBER') FROM pg_roles r, pg_roles h WHERE r.rolname = publisher AND h.rolname = holder), false) THEN
        RAISE EXCEPTION 'resource "%" was published by %', code, holder USING ERRCODE = 'insufficient_privilege',
            HINT = format('SET ROLE %I; or ask a member of citybigdata_sysadmin.', holder);
    END IF;
    UPDATE citybigdata.resource_version v SET state = 'withdrawn', withdrawn_at = now() WHERE v.resource_code = code AND v.state = 'current';
    PERFORM citybigdata.supersede_proposal(code, publisher);
    DELETE FROM citybigdata.resource r WHERE r.resource_code = code AND NOT r.shipped;
END
$$;
COMMENT ON FUNCTION citybigdata.unpublish_as(text, boolean, text) IS 'The work of unpublish(), after it has found out who calls';

CREATE OR REPLACE FUNCTION citybigdata.catalogue_problems(OUT code text, OUT version integer, OUT severity text, OUT subject text, OUT problem text, OUT remedy text)
    RETURNS SETOF record LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH published AS (
        SELECT v.*, r.oid AS role_oid, (SELECT n.oid FROM pg_namespace n WHERE n.nspname = v.schema_name) AS schema_oid,
            (SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE v.arguments IS NULL AND n.nspname = v.schema_name AND c.relname = v.relation_name AND c.relkind IN ('r', 'p', 'v', 'm', 'f')) AS relation_oid,
            (SELECT p.oid FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
             WHERE n.nspname = v.schema_name AND p.proname = v.relation_name AND pg_get_function_identity_arguments(p.oid) = v.arguments) AS function_oid
        FROM citybigdata.resource_version v LEFT JOIN pg_roles r ON r.rolname = v.publisher WHERE v.state = 'current'),
    columns AS (
        SELECT p.resource_code, c.* FROM published p CROSS JOIN LATERAL citybigdata.relation_columns(p.schema_name, p.relation_name, p.arguments) c)
    SELECT '-', NULL::integer, 'error', x.extname::text, format('the platform may not use its schema %I: reports and places fail', n.nspname),
           format('GRANT USAGE ON SCHEMA %I TO citybigdata_owner;', n.nspname)
    FROM pg_extension x JOIN pg_namespace n ON n.oid = x.extnamespace
    WHERE x.extname IN ('postgis', 'pgcrypto') AND NOT has_schema_privilege('citybigdata_owner', n.oid, 'USAGE')
    UNION ALL
    SELECT p.resource_code, p.version, 'error', format('%I.%I', p.schema_name, p.relation_name), o.fault,
           format(CASE WHEN p.relation_oid IS NULL AND p.function_oid IS NULL THEN 'Restore it, or SELECT citybigdata.unpublish(%L);'
                       ELSE 'Its owner publishes it again; or SELECT citybigdata.unpublish(%L);' END, p.resource_code)
    FROM published p
    CROSS JOIN LATERAL citybigdata.object_fault('resource', p.resource_code, p.version, p.publisher, p.schema_name, p.relation_name, p.arguments) o (fault)
    WHERE o.fault IS NOT NULL
    UNION ALL
    SELECT p.resource_code, w.version, 'warning', 'levels', 'version ' || w.version || ' shows more and waits for the security administrator: ' || array_to_string(w.changes, '; '),
           format('SELECT citybigdata.approve_levels(%L, %s); or refuse_levels(%1$L, %2$s).', p.resource_code, w.version)
    FROM published p JOIN citybigdata.level_proposal w ON w.resource_code = p.resource_code AND w.state = 'waiting'
    UNION ALL
    SELECT p.resource_code, p.version, 'error', p.publisher, 'the publishing role does not exist', 'Publish again as another role.'
    FROM published p WHERE p.role_oid IS NULL
    UNION ALL
    SELECT p.resource_code, p.version, 'error', p.publisher, 'the publishing role may no longer read it',
           CASE WHEN NOT has_schema_privilege(p.role_oid, p.schema_oid, 'USAGE') THEN format('GRANT USAGE ON SCHEMA %I TO %I;', p.schema_name, p.publisher)
                WHEN p.relation_oid IS NULL THEN format('GRANT EXECUTE ON FUNCTION %s TO %I;', p.function_oid::regprocedure, p.publisher)
                ELSE format('GRANT SELECT ON %I.%I TO %I;', p.schema_name, p.relation_name, p.publisher) END
    FROM published p
    WHERE p.role_oid IS NOT NULL AND p.schema_oid IS NOT NULL AND NOT (has_schema_privilege(p.role_oid, p.schema_oid, 'USAGE') AND coalesce(has_table_privilege(p.role_oid, p.relation_oid, 'SELECT'), has_function_privilege(p.role_oid, p.function_oid, 'EXECUTE'), true))
    UNION ALL
    SELECT p.resource_code, p.version, 'error', f.column_name,
           CASE WHEN c.column_name IS NULL THEN 'the column does not exist'
                WHEN NOT citybigdata.column_serves(c.type_oid, 'shown') THEN 'the column''s type belongs to a session' ELSE format('the column''s type was %s and is %s', f.type_name, format_type(c.type_oid, NULL)) END,
           'Publish again, or restore the column.'
    FROM published p JOIN citybigdata.resource_field f ON f.resource_code = p.resource_code AND f.version = p.version
    LEFT JOIN columns c ON c.resource_code = p.resource_code AND c.column_name = f.column_name
    WHERE (p.relation_oid IS NOT NULL OR p.function_oid IS NOT NULL) AND (c.column_name IS NULL OR format_type(c.type_oid, NULL) <> f.type_name OR NOT citybigdata.column_serves(c.type_oid, 'shown'))
    UNION ALL
    SELECT p.resource_code, p.version, 'error', format('%I.%I', p.schema_name, p.relation_name), 'the materialised view was never filled', format('REFRESH MATERIALIZED VIEW %I.%I;', p.schema_name, p.relation_name)
    FROM published p JOIN pg_class c ON c.oid = p.relation_oid WHERE c.relkind = 'm' AND NOT c.relispopulated
    UNION ALL
    SELECT p.resource_code, p.version, 'error', p.sunset::text, 'its sunset day is past', format('SELECT citybigdata.unpublish(%L); or publish again with a later day.', p.resource_code)
    FROM published p WHERE p.sunset <= (now() AT TIME ZONE current_setting('citybigdata.time_zone'))::date
    UNION ALL
    SELECT p.resource_code, p.version, 'warning', 'index', 'an index is missing', a.command
    FROM published p JOIN pg_class c ON c.oid = p.relation_oid
    CROSS JOIN LATERAL unnest(citybigdata.publish_advice(c.relkind, p.schema_name, p.relation_name, p.key_columns, p.time_column, p.division_column,
        p.geometry_column, citybigdata.index_leaders(c.oid, 'btree'), citybigdata.index_leaders(c.oid, 'gist'))) AS a (command)
    UNION ALL
    SELECT p.resource_code, p.version, 'error', array_to_string(p.key_columns, ', '), 'the key is none any more: ' || k.fault, 'Restore the unique index and NOT NULL, or publish again with another keyset.'
    FROM published p JOIN pg_class c ON c.oid = p.relation_oid CROSS JOIN LATERAL citybigdata.key_error(c.oid, c.relkind, p.key_columns) k (fault)
    WHERE k.fault IS NOT NULL AND p.key_columns <@ ARRAY(SELECT o.column_name FROM columns o WHERE o.resource_code = p.resource_code)
    UNION ALL
    SELECT p.resource_code, p.version, 'warning', f.name, 'its code table does not exist', format('SELECT citybigdata.load_code_table(%L, …);', f.code_table)
    FROM published p JOIN citybigdata.resource_field f ON f.resource_code = p.resource_code AND f.version = p.version
    WHERE f.code_table <> 'divisions' AND NOT EXISTS (SELECT FROM citybigdata.code_table t WHERE t.name = f.code_table)
    ORDER BY 1, 3, 4, 5, 6
$$;
COMMENT ON FUNCTION citybigdata.catalogue_problems() IS
'What is wrong with published interfaces: errors make them answer 503 (50304) or, with a key that is none any more, lose rows between pages; warnings make them slow or incomplete; with the remedy';

-- code/61-data-mask.sql
-- Masking. DB11/T 1918 has four data levels; a field and a resource carry one, a grant goes up to one:
--   1  open to society           shown to every authorised caller
--   2  for the departments       shown from level 2 on, masked below
--   3  sensitive, personal data  shown from level 3 on, masked below
--   4  most sensitive            never leaves by the open interface, not even masked
-- Classified data (涉密) has no level here: it must not be stored on this platform at all.
CREATE OR REPLACE FUNCTION citybigdata.mask_phone(text) RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_mask_phone' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.mask_phone(text) IS
'A phone number with the four digits before the last four masked: 138****5678, 010-****6666, +86138****5678. Of 5 to 8 digits the last two stay, of fewer '
'none, of more than 15 the last four; blanks, hyphens, brackets and the marks between several numbers stay, anything else is masked';

CREATE OR REPLACE FUNCTION citybigdata.mask_name(text) RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_mask_name' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.mask_name(text) IS
'A person''s name with the given name masked: 张*, 张**, 欧阳*; of names in several words the first character of each stays: J*** S****. '
'A single character is masked';

CREATE OR REPLACE FUNCTION citybigdata.mask_address(text) RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_mask_address' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.mask_address(text) IS
'An address down to its district (区, 县, 旗, else 市, within the first 15 characters), the rest masked: 北京市东城区*******. '
'Without a district the first third stays, at most six characters';

CREATE OR REPLACE FUNCTION citybigdata.mask_id_number(text) RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_mask_id_number' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.mask_id_number(text) IS
'An identity number: first three and last four of 15 and more characters stay (110***********4578), first and last of 5 to 14, none of fewer';

CREATE OR REPLACE FUNCTION citybigdata.mask_keep(value text, first integer, last integer) RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_mask_keep' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.mask_keep(text, integer, integer) IS
'The value with all but its first and last so many characters replaced by *; one of no more than first + last characters is masked entirely';

CREATE OR REPLACE FUNCTION citybigdata.mask_value(value text, kind text, field_level integer, caller_level integer) RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_mask_value' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.mask_value(text, text, integer, integer) IS
'A field''s value as a caller of that data level (1 to 4, DB11/T 1918) gets it: as it is up to the caller''s level, masked above, NULL at level 4 '
'whoever asks. kind: all, phone, name, address, id-number';

-- code/62-data-publish-options.sql
-- The options of publish(): one list that the checks and the manual are made of.

CREATE OR REPLACE FUNCTION citybigdata.publish_options(OUT place text, OUT name text, OUT kind text, OUT valid text, OUT default_value text, OUT example text, OUT meaning text)
    RETURNS SETOF record LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT * FROM (VALUES
    ('options', 'code', 'text', '0 200', 'name of the relation', '"street-lights"', 'Code of the resource, the last part of its address'),
    ('options', 'title', 'text', '0 200', 'first sentence of the comment, else the code', '"Street lights"', 'English title'),
    ('options', 'titleZh', 'text', '0 200', 'first Chinese sentence of the comment', '"路灯"', 'Chinese title'),
    ('options', 'description', 'text', '0 4000', 'comment of the relation', '"Every lamp of the city"', 'English description for the manual'),
    ('options', 'descriptionZh', 'text', '0 4000', 'description', '"全市路灯"', 'Chinese description for the manual'),
    ('options', 'layer', 'text', '0 200', 'industry when that is given, else base when source is, else theme', '"industry"', 'Layer of the data: theme 专项, industry 行业, base 基础'),
    ('options', 'industry', 'text', '0 200', 'none', '"lighting"', 'Code of code table industry; layer industry needs one'),
    ('options', 'source', 'text', '0 200', 'own for layer base, else none', '"government"', 'Where base data come from: society 社会, government 政务, own 自有'),
    ('options', 'level', 'integer', '-9 9', '1', '2', 'Data level of the resource and of its fields, 1 to 3'),
    ('options', 'owner', 'text', '1 200', 'the publishing role', '"城市照明管理中心"', 'Who is responsible for the data'),
    ('options', 'updateCycle', 'text', '1 200', 'none', '"daily"', 'How often the data change'),
    ('options', 'sunset', 'day', '', 'none', '"2030-01-01"', 'Day from which it is no longer served'),
    ('options', 'keyset', 'texts', '1 8', 'primary key, else a unique index over columns that are not null', '["light_id"]', 'Columns that order the pages: unique, never null'),
    ('options', 'timeColumn', 'text', '1 63', 'an indexed time column, else one named so; null: none', '"installed_at"', 'Column of time and timeRange'),
    ('options', 'divisionColumn', 'text', '1 63', 'by name; null: none', '"district_code"', 'Column of divisionCode'),
    ('options', 'divisionDigits', 'choice', '6 9 12', '6 for a column of type varchar(6), else mixed', '6', 'Digits of every code in it: makes divisionCode an equality'),
    ('options', 'geometryColumn', 'text', '1 63', 'the first geometry whose coordinate system is declared; null: none', '"geom"', 'Column of bbox and crs'),
    ('options', 'srid', 'integer', '1 999999', 'of the column''s type', '4490', 'Its coordinate system, EPSG code'),
    ('options', 'versionColumn', 'text', '1 63', 'none', '"changed_at"', 'Column whose greatest value tells the state of the data, for ETag'),
    ('options', 'latencyBudget', 'integer', '10 60000', '1000', '500', 'Milliseconds that a page may take'),
    ('options', 'fields', 'object', '', 'every column by its name', '{"keeper_phone": {"level": 2, "mask": "phone"}}', 'What is to be said of columns'),
    ('options', 'parameters', 'objects', '', 'none; for a function its arguments', '[{"name": "minPower", "column": "power_watt", "operator": "ge"}]', 'Parameters beyond those that all resources have'),
    ('fields', 'name', 'text', '1 200', 'camelCase of the column''s name', '"keeperPhone"', 'Name in JSON and XML'),
    ('fields', 'title', 'text', '0 200', 'first sentence of the comment', '"Phone of the keeper"', 'English title'),
    ('fields', 'titleZh', 'text', '0 200', 'first Chinese sentence of the comment', '"养护人电话"', 'Chinese title'),
    ('fields', 'description', 'text', '0 4000', 'comment of the column', '"Reachable day and night"', 'Meaning, for the manual'),
    ('fields', 'unit', 'text', '1 50', 'none', '"W"', 'Unit of measure'),
    ('fields', 'level', 'integer', '-9 9', 'level of the resource', '2', 'Data level, 1 to 3'),
    ('fields', 'codeTable', 'text', '1 200', 'divisions for division codes; null: none', '"lamp-type"', 'Code table of the values'),
    ('fields', 'mask', 'text', '0 200', 'none: left out (null)', '"phone"', 'What a caller below the level sees: all, phone, name, address, id-number'),
    ('fields', 'filterable', 'boolean', '', 'true', 'false', 'May be used as a filter'),
    ('fields', 'sortable', 'boolean', '', 'true for key columns and those that lead an index', 'true', 'May be used in sort'),
    ('fields', 'exclude', 'boolean', '', 'false', 'true', 'Leaves the column out'),
    ('fields', 'file', 'file', '', 'false: a bytea column is left out', '{"type": "image/jpeg"}', 'The bytea values are pictures, videos or files, given by URL; true, or what is known of them'),
    ('file', 'type', 'text', '3 100', 'by the leading bytes', '"image/jpeg"', 'Content type where the bytes do not tell it'),
    ('file', 'typeColumn', 'text', '1 63', 'none', '"photo_type"', 'Column of the relation with the content type'),
    ('file', 'nameColumn', 'text', '1 63', 'none', '"photo_name"', 'Column of the relation with the file''s name'),
    ('parameters', 'name', 'text', '1 64', 'camelCase of the column''s or argument''s name', '"minPower"', 'Name in the request'),
    ('parameters', 'column', 'text', '1 63', 'none', '"power_watt"', 'Column that it filters, or argument of the function'),
    ('parameters', 'operator', 'choice', 'eq ne lt le gt ge in like isNull', 'eq', '"ge"', 'Comparison'),
    ('parameters', 'required', 'boolean', '', 'false', 'true', 'A request without it is refused'),
    ('parameters', 'default', 'scalar', '', 'none', '"100"', 'Value when it is absent'),
    ('parameters', 'title', 'text', '0 200', 'its name', '"Least power in watts"', 'English title'),
    ('parameters', 'titleZh', 'text', '0 200', 'title', '"最小功率"', 'Chinese title'),
    ('parameters', 'description', 'text', '0 4000', 'empty', '"Lamps below are left out"', 'Meaning, for the manual')) o
$$;
COMMENT ON FUNCTION citybigdata.publish_options() IS
'Manual of the options of publish(): where an option stands (options, fields, file of a field, parameters), its kind, what is valid, its default and an example';

-- Is the text a day of the calendar?
CREATE OR REPLACE FUNCTION citybigdata.is_day(given text) RETURNS boolean
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN given ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'
        AND make_date(substr(given, 1, 4)::integer, substr(given, 6, 2)::integer, substr(given, 9, 2)::integer) IS NOT NULL;
EXCEPTION WHEN datetime_field_overflow THEN
    RETURN false;
END
$$;
COMMENT ON FUNCTION citybigdata.is_day(text) IS 'Is it a day that exists, written yyyy-MM-dd?';

-- What is wrong with a value of a kind; null: nothing. JSON null stands for the default.
CREATE OR REPLACE FUNCTION citybigdata.option_error(kind text, valid text, value jsonb) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN jsonb_typeof(value) = 'null' THEN NULL ELSE CASE kind
        WHEN 'text' THEN CASE WHEN jsonb_typeof(value) <> 'string' THEN 'must be a text'
            WHEN length(value #>> '{}') NOT BETWEEN split_part(valid, ' ', 1)::integer AND split_part(valid, ' ', 2)::integer
            THEN format('must have %s to %s characters', split_part(valid, ' ', 1), split_part(valid, ' ', 2))
            WHEN value #>> '{}' ~ '[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]' THEN 'has a control character' END
        WHEN 'integer' THEN CASE WHEN jsonb_typeof(value) <> 'number' OR value #>> '{}' !~ '^-?[0-9]{1,9}$'
                OR NOT (value #>> '{}')::numeric BETWEEN split_part(valid, ' ', 1)::numeric AND split_part(valid, ' ', 2)::numeric
            THEN CASE WHEN valid = '-9 9' THEN 'must be a whole number from 1 to 3' ELSE format('must be a whole number from %s to %s', split_part(valid, ' ', 1), split_part(valid, ' ', 2)) END END
        WHEN 'choice' THEN CASE WHEN jsonb_typeof(value) NOT IN ('string', 'number') OR (value #>> '{}') <> ALL (string_to_array(valid, ' '))
            THEN format('must be one of %s', replace(valid, ' ', ', ')) END
        WHEN 'boolean' THEN CASE WHEN jsonb_typeof(value) <> 'boolean' THEN 'must be true or false' END
        WHEN 'day' THEN CASE WHEN jsonb_typeof(value) <> 'string' OR NOT citybigdata.is_day(value #>> '{}') THEN 'must be a day, yyyy-MM-dd' END
        WHEN 'texts' THEN CASE WHEN jsonb_typeof(value) <> 'array' THEN 'must be an array of texts'
            WHEN NOT jsonb_array_length(value) BETWEEN split_part(valid, ' ', 1)::integer AND split_part(valid, ' ', 2)::integer
            THEN format('must have %s to %s members', split_part(valid, ' ', 1), split_part(valid, ' ', 2))
            WHEN EXISTS (SELECT FROM jsonb_array_elements(CASE WHEN jsonb_typeof(value) = 'array' THEN value ELSE '[]' END) m WHERE jsonb_typeof(m) <> 'string') THEN 'must be an array of texts'
            WHEN (SELECT count(*) <> count(DISTINCT m) FROM jsonb_array_elements(CASE WHEN jsonb_typeof(value) = 'array' THEN value ELSE '[]' END) m) THEN 'has a member twice' END
        WHEN 'scalar' THEN CASE WHEN jsonb_typeof(value) NOT IN ('string', 'number', 'boolean') THEN 'must be a text, a number, true or false' END
        WHEN 'file' THEN CASE WHEN jsonb_typeof(value) NOT IN ('boolean', 'object') THEN 'must be true, false or an object' END
        WHEN 'object' THEN CASE WHEN jsonb_typeof(value) <> 'object' THEN 'must be an object' END
        WHEN 'objects' THEN CASE WHEN jsonb_typeof(value) <> 'array' OR jsonb_array_length(value) > 64 THEN 'must be an array of at most 64 objects' END
        END END
$$;
COMMENT ON FUNCTION citybigdata.option_error(text, text, jsonb) IS 'What is wrong with the value of an option; null = nothing';

-- Refuses the first option of a place that is unknown or malformed. `shown`: how the place is called in messages.
CREATE OR REPLACE FUNCTION citybigdata.check_options(given jsonb, place text, shown text) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    wrong record;
BEGIN
    PERFORM citybigdata.check_option_names(given, (SELECT array_agg(o.name) FROM citybigdata.publish_options() o WHERE o.place = check_options.place), shown);
    SELECT o.name, f.fault, given -> o.name AS seen, o.example INTO wrong
    FROM citybigdata.publish_options() o CROSS JOIN LATERAL citybigdata.option_error(o.kind, o.valid, given -> o.name) f (fault)
    WHERE o.place = check_options.place AND given ? o.name AND f.fault IS NOT NULL ORDER BY o.name COLLATE "C" LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'option "%" in % %', wrong.name, shown, wrong.fault USING ERRCODE = 'invalid_parameter_value',
            DETAIL = format('It is %s.', left(wrong.seen::text, 100)), HINT = format('For example {"%s": %s}.', wrong.name, wrong.example);
    END IF;
END
$$;
COMMENT ON FUNCTION citybigdata.check_options(jsonb, text, text) IS 'Refuses unknown and malformed options of publish()';

-- Does a unique index make the columns a key: all its columns among them, and none of a table null?
CREATE OR REPLACE FUNCTION citybigdata.key_error(relation oid, relation_kind "char", key text[]) RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN $2 IS NULL OR $2 NOT IN ('r', 'p', 'm') THEN NULL
        -- an index of the parent does not see the children's rows
        WHEN $2 = 'r' AND EXISTS (SELECT FROM pg_inherits i WHERE i.inhparent = $1)
        THEN format('the table has children (INHERITS), for example %s, whose rows its index does not cover; publish them one by one, or a view that adds a column telling them apart',
                    (SELECT i.inhrelid::regclass FROM pg_inherits i WHERE i.inhparent = $1 ORDER BY i.inhrelid LIMIT 1))
        WHEN $2 <> 'm' AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = $1 AND a.attname = ANY ($3) AND NOT a.attnotnull)
        THEN (SELECT format('column "%s" may be null', a.attname) FROM pg_attribute a WHERE a.attrelid = $1 AND a.attname = ANY ($3) AND NOT a.attnotnull ORDER BY a.attnum LIMIT 1)
        WHEN NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = $1 AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL
            -- with all its columns among them
            AND NOT EXISTS (SELECT FROM unnest(i.indkey::smallint[]) WITH ORDINALITY k (attnum, place) JOIN pg_attribute a ON a.attrelid = $1 AND a.attnum = k.attnum
                            WHERE k.place <= i.indnkeyatts AND a.attname <> ALL ($3)))
        THEN 'no unique index covers them' END
$$;
COMMENT ON FUNCTION citybigdata.key_error(oid, "char", text[]) IS 'Why columns are no key of a table or materialised view; null = they are, or nobody can tell';

-- code/63-data-publish.sql
-- publish() behind the C function that knows who calls: derives, checks, writes the catalogue.

-- The option file of a field, as it is kept: null for none.
CREATE OR REPLACE FUNCTION citybigdata.file_option(schema_name text, relation_name text, arguments text, column_name text, base oid, given jsonb) RETURNS jsonb
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    file jsonb := CASE given -> 'file' WHEN 'true' THEN '{}' WHEN 'false' THEN NULL WHEN 'null' THEN NULL ELSE given -> 'file' END;
    role record;
    example constant text := '{"fields": {%s: {"file": {"type": "image/jpeg"}}}}';
BEGIN
    IF file IS NULL AND base IN ('bytea'::regtype, 'bytea[]'::regtype) THEN
        RAISE EXCEPTION 'column "%" has type %', column_name, format_type(base, NULL) USING ERRCODE = 'datatype_mismatch',
            DETAIL = 'Pictures and files are given by URL (clause 5.4.4-b).',
            HINT = CASE WHEN base = 'bytea'::regtype THEN 'Declare it: ' || format(example, to_json(column_name)) || '.' ELSE 'Publish a view with one file a row.' END;
    ELSIF file IS NULL THEN
        RETURN NULL;
    ELSIF base <> 'bytea'::regtype THEN
        RAISE EXCEPTION 'column "%" of type % is no file', column_name, format_type(base, NULL) USING ERRCODE = 'datatype_mismatch',
            HINT = 'The bytes of a file are in a column of type bytea; a column that holds a URL is published as it is.';
    ELSIF arguments IS NOT NULL THEN
        RAISE EXCEPTION 'file "%" is of a function', column_name USING ERRCODE = 'feature_not_supported',
            DETAIL = 'A file is read by the key of its row, which a function''s result cannot be looked up by.', HINT = 'Publish a table or a view.';
    ELSIF given ?| ARRAY['mask', 'codeTable', 'filterable', 'sortable'] THEN
        RAISE EXCEPTION 'file "%" has an option of values', column_name USING ERRCODE = 'invalid_parameter_value',
            HINT = 'A file takes name, title, titleZh, description, level and file.';
    END IF;
    PERFORM citybigdata.check_options(file, 'file', format('fields.%s.file', column_name));
    IF file ->> 'type' !~ '^[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+$' THEN
        RAISE EXCEPTION 'invalid content type "%" of file "%"', file ->> 'type', column_name USING ERRCODE = 'invalid_parameter_value',
            HINT = 'For example ' || format(example, to_json(column_name)) || '.';
    END IF;
    FOR role IN SELECT o.key AS option, o.value AS name, c.type_oid FROM jsonb_each_text(file - 'type') o
        LEFT JOIN citybigdata.relation_columns(schema_name, relation_name, arguments) c ON c.column_name = o.value WHERE o.value IS NOT NULL LOOP
        IF role.type_oid IS NULL THEN
            RAISE EXCEPTION '% "%" is no column', role.option, role.name USING ERRCODE = 'undefined_column',
                HINT = format('Of file "%s"; for example {"typeColumn": "photo_type", "nameColumn": "photo_name"}.', column_name);
        ELSIF NOT citybigdata.column_serves(role.type_oid, 'text') THEN
            RAISE EXCEPTION '% "%" has type %', role.option, role.name, format_type(role.type_oid, NULL) USING ERRCODE = 'datatype_mismatch',
                HINT = 'It holds text.';
        END IF;
    END LOOP;
    RETURN jsonb_strip_nulls(file);
END
$$;
COMMENT ON FUNCTION citybigdata.file_option(text, text, text, text, oid, jsonb) IS 'Checks the option file of a field; for publish_as()';

-- One field: its row, or a refusal with the reason.
CREATE OR REPLACE FUNCTION citybigdata.publish_field(code text, version integer, place integer, columns record, given jsonb,
                                                     resource_level integer, sortable boolean, file jsonb) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    column_name text := columns.column_name;
    type_name text := format_type(columns.type_oid, NULL);
    name text := coalesce(given ->> 'name', citybigdata.camel_case(column_name));
    level integer := coalesce((given ->> 'level')::integer, resource_level);
    comparable boolean := citybigdata.column_serves(columns.type_oid, 'filter');
    mask text := given ->> 'mask';
    code_table text := CASE WHEN given ? 'codeTable' THEN given ->> 'codeTable'
        WHEN column_name ~ '(^|_)(division|district|street|community)_?code$' AND citybigdata.column_serves(columns.type_oid, 'division') THEN 'divisions' END;
BEGIN
    IF NOT citybigdata.column_serves(columns.type_oid, 'shown') THEN
        RAISE EXCEPTION 'column "%" has a type of a session, %', column_name, type_name
            USING ERRCODE = 'datatype_mismatch', DETAIL = 'Types in pg_temp end with the session that made them.',
                  HINT = format('Give it a type that stays, or exclude it: {"fields": {%s: {"exclude": true}}}.', to_json(column_name));
    END IF;
    IF name !~ '^[a-z][A-Za-z0-9]{0,63}$' OR name ~* '^xml' THEN
        RAISE EXCEPTION 'column "%" cannot be named "%"', column_name, name
            USING ERRCODE = 'invalid_name', DETAIL = 'A JSON and XML name is a small letter, then at most 63 letters and digits; it does not begin with xml.',
                  HINT = format('Name it, for example options => ''{"fields": {%s: {"name": "streetName"}}}'', or exclude it: {"exclude": true}.',
                                to_json(column_name));
    END IF;
    IF level = 4 THEN
        RAISE EXCEPTION 'column "%" has level 4', column_name USING ERRCODE = 'invalid_parameter_value',
            DETAIL = 'Level 4 is classified 涉密 and is never published.', HINT = format('{"fields": {%s: {"exclude": true}}}', to_json(column_name));
    ELSIF level NOT BETWEEN 1 AND 3 THEN
        RAISE EXCEPTION 'invalid level % of column "%"', level, column_name USING ERRCODE = 'invalid_parameter_value', HINT = 'Levels are 1, 2 and 3.';
    END IF;
    IF mask IS NOT NULL AND mask <> ALL (ARRAY['all', 'phone', 'name', 'address', 'id-number']) THEN
        RAISE EXCEPTION 'unknown mask "%" of column "%"', mask, column_name
            USING ERRCODE = 'invalid_parameter_value', HINT = 'Masks are all, phone, name, address, id-number.';
    ELSIF mask IS NOT NULL AND NOT citybigdata.column_serves(columns.type_oid, 'text') THEN
        RAISE EXCEPTION 'column "%" of type % cannot be masked', column_name, type_name
            USING ERRCODE = 'datatype_mismatch', HINT = 'Masks are for texts; without one the column is left out (null) below its level.';
    END IF;
    INSERT INTO citybigdata.resource_field (resource_code, version, position, name, column_name, type_name, title, title_zh, description,
                                            unit, level, code_table, mask, filterable, sortable, file)
    VALUES (code, publish_field.version, place, name, column_name, type_name,
            citybigdata.derived_title(given ->> 'title', columns.comment, column_name, false),
            citybigdata.derived_title(given ->> 'titleZh', columns.comment, column_name, true),
            coalesce(given ->> 'description', columns.comment, ''), given ->> 'unit', level, code_table, mask,
            comparable AND coalesce((given ->> 'filterable')::boolean, true),
            comparable AND coalesce((given ->> 'sortable')::boolean, publish_field.sortable), file);
EXCEPTION WHEN unique_violation THEN
    RAISE EXCEPTION 'two columns are named "%"', name USING ERRCODE = 'duplicate_column', DETAIL = format('One is column "%s".', column_name),
        HINT = format('{"fields": {%s: {"name": "anotherName"}}}', to_json(column_name));
END
$$;
COMMENT ON FUNCTION citybigdata.publish_field(text, integer, integer, record, jsonb, integer, boolean, jsonb) IS 'Writes one field of a version; for publish_as()';

-- A parameter that is named like one of the standard could never be given.
CREATE OR REPLACE FUNCTION citybigdata.check_parameter_names(code text, version integer) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    taken record;
BEGIN
    SELECT p.name, p.column_name INTO taken FROM citybigdata.resource_parameter p
    WHERE p.resource_code = code AND p.version = check_parameter_names.version AND p.name = ANY (citybigdata.query_parameters()) ORDER BY p.position LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'parameter name "%" belongs to every resource', taken.name USING ERRCODE = 'duplicate_object',
            DETAIL = 'Names of the standard: ' || array_to_string(citybigdata.query_parameters(), ', ') || '.',
            HINT = format('{"parameters": [{"column": %s, "name": "another"}]}', to_json(taken.column_name));
    END IF;
END
$$;
COMMENT ON FUNCTION citybigdata.check_parameter_names(text, integer) IS 'Refuses declared parameters that are named like those every resource has; for publish_as()';

-- The declared parameters; a function's arguments are declared by themselves.
CREATE OR REPLACE FUNCTION citybigdata.publish_parameters(code text, version integer, function_oid oid, given jsonb) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    item record;
    argument record;
    type_name text;
    is_text boolean;
BEGIN
    FOR argument IN
        SELECT a.place, a.name, format_type(a.type, NULL) AS type_name, a.place <= p.pronargs - p.pronargdefaults AS required,
               y.typtype <> 'd' AND citybigdata.column_serves(a.type, 'argument') AND citybigdata.column_serves(a.type, 'shown') AS known
        FROM pg_proc p CROSS JOIN unnest(p.proargtypes::oid[]) WITH ORDINALITY AS t (type, place)
        CROSS JOIN LATERAL (SELECT t.type, t.place, p.proargnames[t.place] AS name) a
        JOIN pg_type y ON y.oid = a.type
        WHERE p.oid = function_oid ORDER BY a.place
    LOOP
        IF coalesce(argument.name, '') = '' THEN
            RAISE EXCEPTION 'argument % of the function has no name', argument.place
                USING ERRCODE = 'invalid_name', HINT = 'Parameters are passed by name: CREATE FUNCTION lights_near(longitude float8, latitude float8) ….';
        ELSIF NOT argument.known THEN
            RAISE EXCEPTION 'argument "%" has type %', argument.name, argument.type_name
                USING ERRCODE = 'datatype_mismatch', HINT = 'Numbers, texts, booleans, times, days, UUIDs and enumerations can be passed.';
        END IF;
        INSERT INTO citybigdata.resource_parameter (resource_code, version, position, name, column_name, type_name, operator, required, title, title_zh, description)
        VALUES (code, publish_parameters.version, argument.place, citybigdata.camel_case(argument.name), argument.name, argument.type_name, 'eq', argument.required,
                citybigdata.derived_title(NULL, NULL, argument.name, false), citybigdata.derived_title(NULL, NULL, argument.name, true), '');
    END LOOP;
    FOR item IN SELECT p.value AS parameter, p.ordinality AS place FROM jsonb_array_elements(given) WITH ORDINALITY p LOOP
        PERFORM citybigdata.check_options(item.parameter, 'parameters', format('parameters[%s]', item.place - 1));
        UPDATE citybigdata.resource_parameter p
        SET name = coalesce(item.parameter ->> 'name', p.name), required = coalesce((item.parameter ->> 'required')::boolean, p.required),
            default_value = item.parameter ->> 'default', title = coalesce(item.parameter ->> 'title', p.title),
            title_zh = coalesce(item.parameter ->> 'titleZh', item.parameter ->> 'title', p.title_zh), description = coalesce(item.parameter ->> 'description', '')
        WHERE p.resource_code = code AND p.version = publish_parameters.version AND p.position < 1000
          AND CASE WHEN item.parameter ? 'column' THEN p.column_name = item.parameter ->> 'column' ELSE p.name = item.parameter ->> 'name' END;
        CONTINUE WHEN FOUND;
        SELECT f.type_name, citybigdata.column_serves(c.type_oid, 'text') INTO type_name, is_text FROM citybigdata.resource_field f
        JOIN citybigdata.resource_version v ON v.resource_code = f.resource_code AND v.version = f.version
        JOIN citybigdata.relation_columns(v.schema_name, v.relation_name, v.arguments) c ON c.column_name = f.column_name
        WHERE f.resource_code = code AND f.version = publish_parameters.version AND f.filterable
          AND f.column_name = coalesce(item.parameter ->> 'column', '');
        IF NOT FOUND THEN
            RAISE EXCEPTION 'parameter % names no filterable column', coalesce(item.parameter ->> 'name', item.place::text)
                USING ERRCODE = 'undefined_column', HINT = '{"parameters": [{"name": "minPower", "column": "power", "operator": "ge"}]}';
        ELSIF item.parameter ->> 'operator' = 'like' AND NOT is_text THEN
            RAISE EXCEPTION 'operator like of column "%" of type %', item.parameter ->> 'column', type_name
                USING ERRCODE = 'datatype_mismatch', HINT = 'like is for texts; numbers and times have eq, ne, lt, le, gt, ge, in.';
        END IF;
        INSERT INTO citybigdata.resource_parameter (resource_code, version, position, name, column_name, type_name, operator, required, default_value, title, title_zh, description)
        SELECT code, publish_parameters.version, 1000 + item.place, name, item.parameter ->> 'column', type_name, coalesce(item.parameter ->> 'operator', 'eq'),
               coalesce((item.parameter ->> 'required')::boolean, false), item.parameter ->> 'default', coalesce(item.parameter ->> 'title', name),
               coalesce(item.parameter ->> 'titleZh', item.parameter ->> 'title', name), coalesce(item.parameter ->> 'description', '')
        FROM (SELECT coalesce(item.parameter ->> 'name', citybigdata.camel_case(item.parameter ->> 'column')) AS name) n;
    END LOOP;
    PERFORM citybigdata.check_parameter_names(code, version);
EXCEPTION WHEN unique_violation THEN
    RAISE EXCEPTION 'two parameters have one name' USING ERRCODE = 'duplicate_object', HINT = '{"parameters": [{"name": "minPower", "column": "power", "operator": "ge"}]}';
WHEN check_violation THEN
    RAISE EXCEPTION 'a parameter cannot be named so' USING ERRCODE = 'invalid_name',
        DETAIL = 'A parameter''s name is a small letter, then at most 63 letters and digits; it does not begin with xml.', HINT = '{"parameters": [{"column": "min_power", "name": "minPower"}]}';
END
$$;
COMMENT ON FUNCTION citybigdata.publish_parameters(text, integer, oid, jsonb) IS 'Writes the declared parameters of a version; for publish_as()';

-- Checks of the resource as a whole; raises with the reason.
CREATE OR REPLACE FUNCTION citybigdata.check_publishable(code text, publisher text, is_administrator boolean, options jsonb, layer text, source text, key text[], key_error text) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    holder text := (SELECT v.publisher FROM citybigdata.resource_version v WHERE v.resource_code = code AND v.state = 'current');
BEGIN
    IF code !~ '^[a-z][a-z0-9-]{0,63}$' THEN
        RAISE EXCEPTION 'invalid resource code "%"', code USING ERRCODE = 'invalid_name', HINT = 'Small letters, digits and hyphens: {"code": "street-lights"}.';
    ELSIF EXISTS (SELECT FROM citybigdata.resource r WHERE r.resource_code = code AND r.shipped) THEN
        RAISE EXCEPTION 'resource code "%" belongs to the platform', code USING ERRCODE = 'duplicate_object', HINT = '{"code": "city-events"}';
    ELSIF holder <> publisher AND NOT is_administrator
          AND NOT coalesce((SELECT pg_has_role(r.oid, h.oid, 'MEMBER') FROM pg_roles r, pg_roles h WHERE r.rolname = publisher AND h.rolname = holder), false) THEN
        RAISE EXCEPTION 'resource "%" was published by %', code, holder USING ERRCODE = 'insufficient_privilege', HINT = 'Choose another code: {"code": "street-lights-2"}.';
    ELSIF layer <> ALL (ARRAY['theme', 'industry', 'base']) THEN
        RAISE EXCEPTION 'unknown layer "%"', layer USING ERRCODE = 'invalid_parameter_value', HINT = 'Layers are theme 专项, industry 行业, base 基础.';
    ELSIF options ->> 'industry' NOT IN (SELECT c.code FROM citybigdata.code_table_row c WHERE c.table_name = 'industry') THEN
        RAISE EXCEPTION 'unknown industry "%"', options ->> 'industry' USING ERRCODE = 'invalid_parameter_value',
            HINT = 'Code table industry: ' || (SELECT string_agg(c.code, ', ' ORDER BY c.sort, c.code) FROM citybigdata.code_table_row c WHERE c.table_name = 'industry') || '.';
    ELSIF layer = 'industry' AND options ->> 'industry' IS NULL THEN
        RAISE EXCEPTION 'layer industry needs an industry' USING ERRCODE = 'invalid_parameter_value', HINT = '{"industry": "lighting"}; SELECT code, name FROM citybigdata.code_table_row WHERE table_name = ''industry'';';
    ELSIF source <> ALL (ARRAY['society', 'government', 'own']) THEN
        RAISE EXCEPTION 'unknown source "%"', source USING ERRCODE = 'invalid_parameter_value', HINT = 'Sources are society 社会, government 政务, own 自有.';
    ELSIF (options ->> 'level')::integer = 4 THEN
        RAISE EXCEPTION 'level 4 is never published' USING ERRCODE = 'invalid_parameter_value', DETAIL = 'Level 4 is classified 涉密.',
            HINT = 'Publish a view without the classified columns and rows: {"level": 3}.';
    ELSIF (options ->> 'level')::integer NOT BETWEEN 1 AND 3 THEN
        RAISE EXCEPTION 'invalid level %', options ->> 'level' USING ERRCODE = 'invalid_parameter_value', HINT = 'Levels are 1, 2 and 3.';
    ELSIF coalesce(cardinality(key), 0) = 0 THEN
        RAISE EXCEPTION 'the relation has no key' USING ERRCODE = 'invalid_table_definition',
            DETAIL = 'Pages need columns that are unique and not null to continue from.',
            HINT = 'Add a primary key, or name the columns: options => ''{"keyset": ["light_id"]}''.';
    ELSIF key_error IS NOT NULL THEN
        RAISE EXCEPTION 'keyset (%) is no key: %', array_to_string(key, ', '), key_error USING ERRCODE = 'invalid_table_definition',
            DETAIL = 'Rows with equal or no key values would be missing between two pages.',
            HINT = format('Set them NOT NULL and CREATE UNIQUE INDEX ON … (%s), or name columns that are a key.', (SELECT string_agg(quote_ident(k), ', ') FROM unnest(key) k));
    END IF;
END
$$;
COMMENT ON FUNCTION citybigdata.check_publishable(text, text, boolean, jsonb, text, text, text[], text) IS 'Refuses what may not be published; for publish_as()';

-- Every column that an option or the derivation names must be a published, comparable field of no higher level than the resource.
CREATE OR REPLACE FUNCTION citybigdata.check_column(code text, version integer, column_name text, role text, type_oid oid, use text, resource_level integer) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    field citybigdata.resource_field;
BEGIN
    IF column_name IS NULL THEN
        RETURN;
    END IF;
    SELECT * INTO field FROM citybigdata.resource_field f
    WHERE f.resource_code = code AND f.version = check_column.version AND f.column_name = check_column.column_name;
    IF NOT FOUND THEN
        RAISE EXCEPTION '% "%" is not a published column', role, column_name USING ERRCODE = 'undefined_column',
            HINT = coalesce('Columns: ' || (SELECT string_agg(f.column_name, ', ' ORDER BY f.position) FROM citybigdata.resource_field f
                                   WHERE f.resource_code = code AND f.version = check_column.version) || '.', 'It has no columns that could be published.');
    ELSIF NOT citybigdata.column_serves(type_oid, use) THEN
        RAISE EXCEPTION '% "%" has type %', role, column_name, field.type_name USING ERRCODE = 'datatype_mismatch',
            HINT = 'Publish a view that casts it.';
    ELSIF field.level > resource_level AND role <> 'geometryColumn' THEN
        RAISE EXCEPTION '% "%" has level %, above the resource''s %', role, column_name, field.level, resource_level
            USING ERRCODE = 'invalid_parameter_value', DETAIL = 'Everybody who may use the resource sees what it orders or selects by.',
                  HINT = format('{"level": %s}', field.level);
    END IF;
END
$$;
COMMENT ON FUNCTION citybigdata.check_column(text, integer, text, text, oid, text, integer) IS 'Refuses a column that cannot play its role; for publish_as()';

-- A point is shown in members of its own: a column that would have the name of one of them is left out, unless it is named otherwise.
CREATE OR REPLACE FUNCTION citybigdata.is_shown_by_point(column_name text, options jsonb, geometry_column text, needed text[]) RETURNS boolean
    LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    given jsonb := coalesce(options #> ARRAY['fields', column_name], '{}');
BEGIN
    IF geometry_column IS NULL OR coalesce(given ->> 'name', citybigdata.camel_case(column_name)) <> ALL (ARRAY['longitude', 'latitude', 'coordinateX', 'coordinateY']) THEN
        RETURN false;
    ELSIF column_name = ANY (needed) OR given <> '{}' THEN
        RAISE EXCEPTION 'column "%" is named like a member of the place', column_name USING ERRCODE = 'duplicate_column',
            DETAIL = format('%I is shown as longitude, latitude, in a plane as coordinateX, coordinateY.', geometry_column),
            HINT = format('{"fields": {%s: {"name": "%s"}}}', to_json(column_name), 'measured' || initcap(citybigdata.camel_case(column_name)));
    END IF;
    RETURN true;
END
$$;
COMMENT ON FUNCTION citybigdata.is_shown_by_point(text, jsonb, text, text[]) IS 'Is a column left out because the place is shown under its name? For publish_as()';

-- What is not wrong, but will surprise.
CREATE OR REPLACE FUNCTION citybigdata.field_advice(code text, version integer) RETURNS text[]
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(array_agg(a.text ORDER BY f.position, a.text), '{}')
    FROM citybigdata.resource_field f
    CROSS JOIN LATERAL (VALUES
        (CASE WHEN f.filterable AND f.name = ANY (citybigdata.query_parameters()) THEN format('field %s is named like a parameter: filter it by %1$s.eq=…', f.name) END),
        (CASE WHEN f.code_table <> 'divisions' AND NOT EXISTS (SELECT FROM citybigdata.code_table t WHERE t.name = f.code_table)
              THEN format('code table %s of field %s does not exist: SELECT citybigdata.load_code_table(%1$L, …);', f.code_table, f.name) END)) AS a (text)
    WHERE f.resource_code = $1 AND f.version = $2 AND a.text IS NOT NULL
$$;
COMMENT ON FUNCTION citybigdata.field_advice(text, integer) IS 'Fields whose name or code table will surprise the caller; for publish_as()';

CREATE OR REPLACE FUNCTION citybigdata.publish_as(publisher text, is_administrator boolean, relation oid, function_oid oid, schema_name text, relation_name text,
                                                  arguments text, options jsonb, OUT code text, OUT version integer, OUT address text, OUT advice text[])
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    kind "char" := (SELECT c.relkind FROM pg_class c WHERE c.oid = relation);
    remark text := coalesce(obj_description(relation, 'pg_class'), obj_description(function_oid, 'pg_proc'));
    layer text;
    source text;
    level integer;
    key text[];
    sorted text[] := citybigdata.index_leaders(relation, 'btree');
    spatial text[] := citybigdata.index_leaders(relation, 'gist');
    columns record;
    base oid;
    file jsonb;
    chosen record;
    place integer := 0;
BEGIN
    PERFORM citybigdata.check_options(options, 'options', 'options');
    PERFORM citybigdata.check_options(f.value, 'fields', format('fields.%s', f.key))
    FROM jsonb_each(CASE WHEN jsonb_typeof(options -> 'fields') = 'object' THEN options -> 'fields' ELSE '{}' END) f;
    -- null is the default; of these three columns: none
    options := (SELECT coalesce(jsonb_object_agg(o.key, o.value), '{}') FROM jsonb_each(options) o
                WHERE o.value <> 'null' OR o.key IN ('timeColumn', 'divisionColumn', 'geometryColumn'));
    layer := coalesce(options ->> 'layer', CASE WHEN options ? 'industry' THEN 'industry' WHEN options ? 'source' THEN 'base' ELSE 'theme' END);
    source := coalesce(options ->> 'source', CASE WHEN layer = 'base' THEN 'own' END);
    level := coalesce((options ->> 'level')::integer, 1);
    key := coalesce((SELECT array_agg(k ORDER BY n) FROM jsonb_array_elements_text(options -> 'keyset') WITH ORDINALITY t (k, n)), citybigdata.derived_key(relation, kind));
    code := coalesce(options ->> 'code', btrim(regexp_replace(lower(relation_name), '[^a-z0-9]+', '-', 'g'), '-'));
    PERFORM citybigdata.own_lock('publish ' || code);
    PERFORM citybigdata.check_publishable(code, publisher, is_administrator, options, layer, source, key, citybigdata.key_error(relation, kind, key));
    PERFORM citybigdata.check_option_names(coalesce(options -> 'fields', '{}'),
        (SELECT array_agg(c.column_name) FROM citybigdata.relation_columns(schema_name, relation_name, arguments) c), 'fields');
    version := coalesce((SELECT max(v.version) FROM citybigdata.resource_version v WHERE v.resource_code = code), 0) + 1;
    advice := ARRAY(SELECT format('it is read as %I, a superuser: give it to a role of its own', r.rolname)
                    FROM pg_roles r WHERE r.rolname = publisher AND r.rolsuper
                    UNION ALL SELECT format('GRANT citybigdata_analyst TO %I; its owner may not run the coordinate functions that crs=GCJ02 of a polygon needs', publisher)
                    WHERE NOT has_schema_privilege(publisher, 'citybigdata', 'USAGE'));
    SELECT * INTO chosen FROM citybigdata.derived_columns(schema_name, relation_name, arguments, options, sorted);

    UPDATE citybigdata.resource_version v SET state = 'superseded', withdrawn_at = now() WHERE v.resource_code = code AND v.state = 'current';
    INSERT INTO citybigdata.resource_version (resource_code, version, state, publisher, schema_name, relation_name, arguments, title, title_zh, description,
        description_zh, layer, industry, source, level, data_owner, update_cycle, sunset, key_columns, time_column, division_column, division_digits,
        geometry_column, srid, version_column, latency_budget)
    VALUES (code, publish_as.version, 'current', publisher, schema_name, relation_name, arguments,
        citybigdata.derived_title(options ->> 'title', remark, code, false), citybigdata.derived_title(options ->> 'titleZh', remark, code, true),
        coalesce(options ->> 'description', remark, ''), coalesce(options ->> 'descriptionZh', options ->> 'description', remark, ''), layer,
        options ->> 'industry', source, level, coalesce(options ->> 'owner', publisher), options ->> 'updateCycle', (options ->> 'sunset')::date, key, chosen.time_column,
        chosen.division_column, chosen.division_digits, chosen.geometry_column, chosen.srid, options ->> 'versionColumn',
        coalesce((options ->> 'latencyBudget')::integer, 1000));

    FOR columns IN SELECT * FROM citybigdata.relation_columns(schema_name, relation_name, arguments) c ORDER BY c.place LOOP
        CONTINUE WHEN coalesce((options #>> ARRAY['fields', columns.column_name, 'exclude'])::boolean, false);
        IF citybigdata.is_shown_by_point(columns.column_name, options, chosen.geometry_column, key || chosen.time_column || chosen.division_column) THEN
            advice := advice || format('column %I is left out: %I is shown as longitude, latitude, in a plane as coordinateX, coordinateY', columns.column_name, chosen.geometry_column);
            CONTINUE;
        END IF;
        base := citybigdata.base_type(columns.type_oid);
        IF base IN ('bytea'::regtype, 'bytea[]'::regtype) AND NOT coalesce(options -> 'fields' ? columns.column_name, false) THEN
            advice := advice || format('column %I (%s) is left out: files are given by URL (clause 5.4.4-b), {"fields": {%s: {"file": true}}}',
                                       columns.column_name, format_type(base, NULL), to_json(columns.column_name));
            CONTINUE;
        END IF;
        IF citybigdata.column_serves(base, 'geography') THEN
            advice := advice || format('column %I is a geography: bbox, crs and format=geojson are for geometry; publish a view with %1$I::geometry(Point, 4326), say', columns.column_name);
        END IF;
        file := citybigdata.file_option(schema_name, relation_name, arguments, columns.column_name, base,
                                        coalesce(options #> ARRAY['fields', columns.column_name], '{}'));
        -- a compressed value is read from its beginning for every piece of it
        IF file IS NOT NULL AND kind IN ('r', 'm') AND (SELECT a.attstorage IN ('x', 'm') FROM pg_attribute a WHERE a.attrelid = relation AND a.attname = columns.column_name) THEN
            advice := advice || format('ALTER %s %I.%I ALTER COLUMN %I SET STORAGE EXTERNAL;', CASE kind WHEN 'r' THEN 'TABLE' ELSE 'MATERIALIZED VIEW' END,
                                       schema_name, relation_name, columns.column_name);
        END IF;
        place := place + 1;
        PERFORM citybigdata.publish_field(code, publish_as.version, place, columns, coalesce(options #> ARRAY['fields', columns.column_name], '{}'), level,
                                          columns.column_name = ANY (sorted || key), file);
    END LOOP;
    PERFORM citybigdata.publish_parameters(code, publish_as.version, function_oid, coalesce(options -> 'parameters', '[]'));
    PERFORM citybigdata.check_column(code, publish_as.version, r.name, r.role, c.type_oid, r.use, level)
    FROM (SELECT n AS place, k AS name, 'key column' AS role, 'key' AS use FROM unnest(key) WITH ORDINALITY u (k, n)
          UNION ALL VALUES (101, chosen.time_column, 'timeColumn', 'time'), (102, chosen.division_column, 'divisionColumn', 'division'),
                           (103, chosen.geometry_column, 'geometryColumn', 'place'), (104, options ->> 'versionColumn', 'versionColumn', 'version')) r
    LEFT JOIN citybigdata.relation_columns(schema_name, relation_name, arguments) c ON c.column_name = r.name ORDER BY r.place;
    IF NOT EXISTS (SELECT FROM citybigdata.resource_field f WHERE f.resource_code = code AND f.version = publish_as.version) THEN
        RAISE EXCEPTION 'nothing to publish: no column' USING ERRCODE = 'invalid_table_definition', HINT = 'Leave at least the key: do not exclude every column.';
    END IF;

    INSERT INTO citybigdata.resource AS r (resource_code, title, title_zh)
    SELECT v.resource_code, v.title, v.title_zh FROM citybigdata.resource_version v WHERE v.resource_code = code AND v.state = 'current'
    ON CONFLICT ON CONSTRAINT resource_pkey DO UPDATE SET title = excluded.title, title_zh = excluded.title_zh;
    INSERT INTO citybigdata.cursor_key (key) SELECT uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())
    ON CONFLICT ON CONSTRAINT cursor_key_pkey DO NOTHING;
    PERFORM citybigdata.bind_object('resource', code, publish_as.version, coalesce(relation, function_oid));
    address := '/api/v1/data/' || code;
    advice := advice || citybigdata.field_advice(code, publish_as.version) || citybigdata.publish_advice(kind, schema_name, relation_name, key, chosen.time_column, chosen.division_column,
                                                   chosen.geometry_column, sorted, spatial);
END
$$;
COMMENT ON FUNCTION citybigdata.publish_as(text, boolean, oid, oid, text, text, text, jsonb) IS
'The work of publish(), after it has found out who calls and that he may read the relation';

-- code/64-data-query.sql
-- The open data interface: query() for analysts, rest_data_query() for the bridge.

CREATE OR REPLACE FUNCTION citybigdata.query(resource text, params jsonb DEFAULT '{}') RETURNS json
    AS 'MODULE_PATHNAME', 'cbd_query' LANGUAGE c VOLATILE STRICT;
COMMENT ON FUNCTION citybigdata.query(text, jsonb) IS
'One page of a published resource as GET /data/{resource} gives it: {items, nextCursor, codeTables}. params: {"divisionCode": "110101", "timeRange": '
'"[20240101000000,20240201000000)", "pageSize": 10, "cursor": …}. Who may not read the relation himself sees it as a caller of level 1';

CREATE OR REPLACE FUNCTION citybigdata.query_text(resource text, params jsonb DEFAULT '{}') RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_query' LANGUAGE c VOLATILE STRICT;
COMMENT ON FUNCTION citybigdata.query_text(text, jsonb) IS
'The same as text, for params with "format": csv, ndjson or geojson. CSV has its header line on the first page only';

CREATE OR REPLACE FUNCTION citybigdata.query_parameters() RETURNS text[]
    AS 'MODULE_PATHNAME', 'cbd_query_parameters' LANGUAGE c IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.query_parameters() IS 'Names of the parameters that every resource understands, as the engine has them; the manual documents each';

CREATE OR REPLACE FUNCTION citybigdata.rest_data_query(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
                                                       resource text, names text[], vals text[], if_none_match text DEFAULT NULL) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_data_query' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_data_query(text, inet, text, text, bytea, text, text[], text[], text) IS
'GET, POST /data/{resource}: parameters in the order and as often as given, format (json, csv, geojson, ndjson) among them. if_none_match: the header as it '
'came. Reply frame: the text of the page with its content type and entity tag, `link` with the cursor of the next page, and for a download `more`, the credential '
'of scheme continued for that page; http 304: the client has it';

-- code/65-data-resources.sql
-- Discovery: what the open data interface offers, to whom (clauses 5.1, 5.2-b, A.1).

-- The parameters that every resource understands; query_parameters() has their names, a test compares. One row a line, no quote inside:
-- bridge/data_parameters.sh reads them for the manual.
CREATE OR REPLACE FUNCTION citybigdata.standard_parameters(OUT place integer, OUT name text, OUT type_name text, OUT title text, OUT title_zh text,
                                                           OUT description text, OUT description_zh text, OUT example text)
    RETURNS SETOF record LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT * FROM (VALUES
    (1, 'appCode', 'text', 'Application code', '应用识别码', 'Optional beside a bearer token, and must match it when given', '有访问令牌时可省略；给出时须与令牌一致', '11000000000001R'),
    (2, 'authCode', 'text', 'Authorisation code', '授权码', 'One-time code in place of a bearer token; spent by the request', '一次性授权码，代替访问令牌；请求后即失效', NULL),
    (3, 'accessToken', 'text', 'Access token', '访问令牌', 'In place of the Authorization header, in a POST body only', '代替 Authorization 请求头，仅可用于 POST 请求体', NULL),
    (4, 'divisionCode', 'text[]', 'Division code', '行政区划代码', 'GB/T 2260 codes of 6, 9 or 12 digits; a code covers the divisions below it', 'GB/T 2260 的 6、9 或 12 位代码；上级代码包含其下级', '110101'),
    (5, 'platformCode', 'text[]', 'Platform code', '平台标识', 'Identifier of this platform', '本平台的标识', '110000'),
    (6, 'platformName', 'text[]', 'Platform name', '平台标识信息', 'Name of this platform', '本平台的名称', '北京市城市管理大数据平台'),
    (7, 'dataKind', 'text[]', 'Kind of data', '数据种类', 'Code, layer or industry of the resource', '资源代码、层次或行业', 'lighting'),
    (8, 'timeRange', 'interval', 'Time range', '时间段', 'Interval in any of the notations ( , ) ( , ] [ , ) [ , ]; yyyyMMddHHmmss or Unix seconds', '区间，可用 ( , ) ( , ] [ , ) [ , ] 四种写法；时间为 yyyyMMddHHmmss 或 Unix 秒', '[20240101000000,20240201000000)'),
    (9, 'time', 'time[]', 'Time', '时间', 'Time points, to the second; a day where the column holds days', '时间点，精确到秒；字段为日期时按日', '20240102030405'),
    (10, 'bbox', 'number[4]', 'Box', '空间范围', 'minX,minY,maxX,maxY; what touches the box', 'minX,minY,maxX,maxY；与该范围相交的数据', '116.3,39.8,116.5,40.0'),
    (11, 'bboxCrs', 'text', 'Coordinate system of bbox', '空间范围坐标系', 'EPSG:n, GCJ02, BD09; default EPSG:4490', 'EPSG:n、GCJ02、BD09；默认 EPSG:4490', 'GCJ02'),
    (12, 'crs', 'text', 'Coordinate system of the reply', '返回坐标系', 'EPSG:n, GCJ02, BD09; default EPSG:4490. Planes answer coordinateX, coordinateY', 'EPSG:n、GCJ02、BD09；默认 EPSG:4490。平面坐标系返回 coordinateX、coordinateY', 'EPSG:4548'),
    (13, 'fields', 'text[]', 'Fields', '返回字段', 'The fields wanted; default all', '需要的字段；默认全部', NULL),
    (14, 'sort', 'text[]', 'Order', '排序', 'Sortable fields, - before a descending one; default the key, with timeRange the time and then the key', '可排序字段，降序时前加 -；默认按主键，给出 timeRange 时先按时间再按主键', NULL),
    (15, 'pageSize', 'integer', 'Page size', '每页条数', '1 to 1000, default 100', '1 至 1000，默认 100', '100'),
    (16, 'cursor', 'text', 'Cursor', '游标', 'nextCursor of the page before, with the same filters and sort', '上一页的 nextCursor，筛选与排序须相同', NULL),
    (17, 'count', 'text', 'Count', '计数方式', 'none (default), estimate or exact: totalCount of all pages', 'none（默认）、estimate 或 exact：返回总条数 totalCount', 'estimate'),
    (18, 'expandCodes', 'boolean', 'Expand codes', '展开代码', 'true adds the name of each coded value: lampTypeName beside lampType', '为 true 时，为每个代码字段增加名称字段，如 lampType 之外的 lampTypeName', 'true'),
    (19, 'timeFormat', 'text', 'Time format', '时间格式', 'unix: Unix seconds; default yyyyMMddHHmmss', 'unix 表示 Unix 秒；默认 yyyyMMddHHmmss', 'unix'),
    (20, 'format', 'text', 'Format', '返回格式', 'json, xml, csv, geojson, ndjson; default by Accept, else json', 'json、xml、csv、geojson、ndjson；默认按 Accept，否则为 json', 'csv'),
    (21, 'charset', 'text', 'Charset', '字符集', 'UTF-8 (default) or GB18030', 'UTF-8（默认）或 GB18030', 'GB18030'),
    (22, 'bom', 'boolean', 'Byte order mark', '字节顺序标记', 'true puts one before CSV, and an apostrophe before texts that a spreadsheet would take for a formula', '为 true 时在 CSV 前加字节顺序标记，并在会被电子表格当作公式的文本前加撇号', 'true')) p
$$;
COMMENT ON FUNCTION citybigdata.standard_parameters() IS 'Manual of the parameters that every published resource understands';

-- What a filter operator is called with.
CREATE OR REPLACE FUNCTION citybigdata.json_type(type_name text) RETURNS text
    LANGUAGE sql STABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN $1 IN ('smallint', 'integer', 'bigint') THEN 'integer' WHEN $1 IN ('numeric', 'real', 'double precision') THEN 'number'
        WHEN $1 = 'boolean' THEN 'boolean' WHEN $1 IN ('timestamp without time zone', 'timestamp with time zone') THEN 'time' WHEN $1 = 'date' THEN 'day' WHEN $1 ~ '\[\]$' THEN 'array'
        WHEN $1 IN ('json', 'jsonb') THEN 'json' WHEN $1 = (SELECT quote_ident(n.nspname) || '.geometry' FROM pg_extension x JOIN pg_namespace n ON n.oid = x.extnamespace WHERE x.extname = 'postgis') THEN 'geometry' ELSE 'string' END
$$;
COMMENT ON FUNCTION citybigdata.json_type(text) IS 'Type of a field as the interface manual names it';

CREATE OR REPLACE FUNCTION citybigdata.resource_list(app_id integer, everything boolean, layers text[], industries text[], kinds text[], token bytea DEFAULT NULL) RETURNS json
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT json_build_object('items', coalesce(json_agg(json_build_object('code', r.resource_code, 'address', coalesce('/api/v1/data/' || v.resource_code, '/api/v1/' || r.resource_code),
        'title', r.title, 'titleZh', r.title_zh, 'layer', v.layer, 'industry', v.industry, 'source', v.source, 'level', v.level, 'version', v.version, 'updateCycle', v.update_cycle,
        'sunset', to_char(v.sunset, 'YYYYMMDD')) ORDER BY r.resource_code), '[]'))
    FROM citybigdata.resource r LEFT JOIN citybigdata.resource_version v ON v.resource_code = r.resource_code AND v.state = 'current'
    WHERE ($2 OR citybigdata.granted($1, $6, r.resource_code, v.level))
      AND ($3 IS NULL OR v.layer = ANY ($3)) AND ($4 IS NULL OR v.industry = ANY ($4)) AND ($5 IS NULL OR r.resource_code = ANY ($5) OR v.layer = ANY ($5) OR v.industry = ANY ($5))
$$;
COMMENT ON FUNCTION citybigdata.resource_list(integer, boolean, text[], text[], text[], bytea) IS
'The resources that an application, or its narrowed token, may use (everything: all), of these layers, industries and kinds (null: any), for GET /resources';

-- Fields, their place in two members where it is a point.
CREATE OR REPLACE FUNCTION citybigdata.resource_fields(code text) RETURNS json
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT json_agg(json_build_object('name', f.name, 'type', CASE WHEN f.file IS NULL THEN citybigdata.json_type(f.type_name) ELSE 'file' END, 'title', f.title, 'titleZh', f.title_zh, 'description', f.description,
        'unit', f.unit, 'level', f.level, 'masked', f.mask, 'filterable', f.filterable, 'sortable', f.sortable, 'isKey', f.column_name = ANY (v.key_columns),
        'isTime', f.column_name = v.time_column, 'isDivision', f.column_name = v.division_column, 'isPlace', f.column_name = v.geometry_column,
        'codeTable', CASE f.code_table WHEN 'divisions' THEN '/api/v1/divisions/{code}' ELSE '/api/v1/code-tables/' || f.code_table END,
        'contentType', f.file ->> 'type') ORDER BY f.position)
    FROM citybigdata.resource_field f JOIN citybigdata.resource_version v ON v.resource_code = f.resource_code AND v.version = f.version
    WHERE f.resource_code = $1 AND v.state = 'current'
$$;
COMMENT ON FUNCTION citybigdata.resource_fields(text) IS 'Fields of a published resource for its manual';

CREATE OR REPLACE FUNCTION citybigdata.resource_document(code text) RETURNS json
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT json_build_object('code', r.resource_code, 'address', coalesce('/api/v1/data/' || v.resource_code, '/api/v1/' || r.resource_code), 'methods', json_build_array('GET', 'POST'),
        'title', r.title, 'titleZh', r.title_zh, 'description', v.description, 'descriptionZh', v.description_zh, 'layer', v.layer, 'industry', v.industry, 'source', v.source,
        'level', v.level, 'version', v.version, 'owner', v.data_owner, 'updateCycle', v.update_cycle, 'sunset', to_char(v.sunset, 'YYYYMMDD'),
        'publishedAt', to_char(v.published_at AT TIME ZONE current_setting('citybigdata.time_zone'), 'YYYYMMDDHH24MISS'), 'latencyBudget', v.latency_budget, 'crs', CASE WHEN v.geometry_column IS NOT NULL THEN 'EPSG:4490' END,
        'parameters', CASE WHEN v.version IS NOT NULL THEN (SELECT json_agg(p.parameter ORDER BY p.kind, p.place) FROM (
            SELECT 1 AS kind, d.position AS place, json_build_object('name', d.name, 'type', citybigdata.json_type(d.type_name), 'operator', d.operator, 'required', d.required,
                'default', d.default_value, 'title', d.title, 'titleZh', d.title_zh, 'description', d.description) AS parameter
            FROM citybigdata.resource_parameter d WHERE d.resource_code = v.resource_code AND d.version = v.version
            UNION ALL
            SELECT 2, s.place, json_build_object('name', s.name, 'type', s.type_name, 'required', false, 'title', s.title, 'titleZh', s.title_zh, 'description', s.description, 'descriptionZh', s.description_zh, 'example', s.example)
            FROM citybigdata.standard_parameters() s
            WHERE (s.name NOT IN ('timeRange', 'time') OR v.time_column IS NOT NULL) AND (s.name <> 'divisionCode' OR v.division_column IS NOT NULL)
              AND (s.name NOT IN ('bbox', 'bboxCrs', 'crs') OR v.geometry_column IS NOT NULL)) p) END,
        'fields', citybigdata.resource_fields($1),
        'sample', CASE WHEN v.version IS NOT NULL THEN
            format('curl -H "Authorization: Bearer $TOKEN" "$CBD_URL/api/v1/data/%s?pageSize=10"', v.resource_code) END)
    FROM citybigdata.resource r LEFT JOIN citybigdata.resource_version v ON v.resource_code = r.resource_code AND v.state = 'current'
    WHERE r.resource_code = $1
$$;
COMMENT ON FUNCTION citybigdata.resource_document(text) IS 'Everything that the manual says of a resource, for GET /resources/{code}';

CREATE OR REPLACE FUNCTION citybigdata.rest_resources(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
                                                      layer text DEFAULT NULL, industry text DEFAULT NULL, data_kind text DEFAULT NULL) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_resources' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_resources(text, inet, text, text, bytea, text, text, text) IS
'GET /resources: the resources that the caller may use, administrators all; of the layers, industries and kinds of data asked for (clause 5.3.4), several joined by commas or as a JSON array';
CREATE OR REPLACE FUNCTION citybigdata.rest_resource(request_id text, client_addr inet, app_code text, scheme text, credential bytea, code text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_resource' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_resource(text, inet, text, text, bytea, text) IS
'GET /resources/{code}: address, parameters, fields, code tables and a sample call; 404 for a resource that the caller may not use';

-- code/66-data-ingest.sql
-- Cleaning and ingestion (chapter 4: data made by cleaning and fusion).
COMMENT ON TABLE citybigdata.dataset IS 'Datasets of the data layer: where records go and how they are cleaned on the way in';
COMMENT ON COLUMN citybigdata.dataset.dataset_code IS 'Code of the dataset';
COMMENT ON COLUMN citybigdata.dataset.owner_role IS 'Database role that owned the table when it was defined; rows are written as that role, and only while it owns the table';
COMMENT ON COLUMN citybigdata.dataset.schema_name IS 'Schema of the table';
COMMENT ON COLUMN citybigdata.dataset.relation_name IS 'Table that good rows go to';
COMMENT ON COLUMN citybigdata.dataset.title IS 'English title';
COMMENT ON COLUMN citybigdata.dataset.title_zh IS 'Chinese title';
COMMENT ON COLUMN citybigdata.dataset.layer IS 'theme 专项, industry 行业 or base 基础';
COMMENT ON COLUMN citybigdata.dataset.industry IS 'Industry: lighting, water, power ...';
COMMENT ON COLUMN citybigdata.dataset.source IS 'Source of base data: society 社会, government 政务, own 自有';
COMMENT ON COLUMN citybigdata.dataset.key_columns IS 'Key: a record whose key is there already changes it; null = always added';
COMMENT ON COLUMN citybigdata.dataset.rules IS 'Cleaning rules in order: [{"column", "rule", …arguments}]';
COMMENT ON COLUMN citybigdata.dataset.changed_at IS 'When it was last defined';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.dataset', '');

COMMENT ON TABLE citybigdata.ingest_batch IS 'Each call of ingest() with its counts';
COMMENT ON COLUMN citybigdata.ingest_batch.batch_id IS 'Number of the batch';
COMMENT ON COLUMN citybigdata.ingest_batch.dataset_code IS 'The dataset';
COMMENT ON COLUMN citybigdata.ingest_batch.accepted IS 'Records stored';
COMMENT ON COLUMN citybigdata.ingest_batch.rejected IS 'Records refused';
COMMENT ON COLUMN citybigdata.ingest_batch.ignored IS 'Members that no column of the table and no rule takes, with the number of records that have them';
COMMENT ON COLUMN citybigdata.ingest_batch.ingested_by IS 'Role that called';
COMMENT ON COLUMN citybigdata.ingest_batch.ingested_at IS 'When';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.ingest_batch', '');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.ingest_batch_batch_id_seq', '');

COMMENT ON TABLE citybigdata.ingest_reject IS 'Records refused by ingest(): one row for each error, with the record as it came; kept for citybigdata.reject_retention_days';
COMMENT ON COLUMN citybigdata.ingest_reject.reject_id IS 'Number of the row';
COMMENT ON COLUMN citybigdata.ingest_reject.batch_id IS 'The batch';
COMMENT ON COLUMN citybigdata.ingest_reject.row_no IS 'Place of the record in the batch, from 1';
COMMENT ON COLUMN citybigdata.ingest_reject.record IS 'The record as it came';
COMMENT ON COLUMN citybigdata.ingest_reject.column_name IS 'Column with the error; null = the whole record';
COMMENT ON COLUMN citybigdata.ingest_reject.rule IS 'Rule that it broke; insert = the table itself refused it';
COMMENT ON COLUMN citybigdata.ingest_reject.reason IS 'What is wrong';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.ingest_reject', '');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.ingest_reject_reject_id_seq', '');

COMMENT ON TABLE citybigdata.ingest_staging IS 'Records on their way in, for COPY; ingest_staged() takes those of the calling role';
COMMENT ON COLUMN citybigdata.ingest_staging.staged_id IS 'Order of arrival';
COMMENT ON COLUMN citybigdata.ingest_staging.dataset_code IS 'The dataset';
COMMENT ON COLUMN citybigdata.ingest_staging.record IS 'The record: a JSON object by column names';
COMMENT ON COLUMN citybigdata.ingest_staging.staged_by IS 'Role that put it here';
COMMENT ON COLUMN citybigdata.ingest_staging.staged_at IS 'When; maintain() removes what waits longer than citybigdata.staging_retention_days';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.ingest_staging', '');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.ingest_staging_staged_id_seq', '');

CREATE OR REPLACE FUNCTION citybigdata.clean_row(record jsonb, rules jsonb, OUT cleaned jsonb, OUT errors jsonb)
    AS 'MODULE_PATHNAME', 'cbd_clean_row' LANGUAGE c STABLE STRICT;
COMMENT ON FUNCTION citybigdata.clean_row(jsonb, jsonb) IS
'Applies cleaning rules to a record: required, default {value}, trim, halfWidth, upper, lower, phone, codeMap {map, others: keep}, codeTable {table}, division, '
'range {min, max}, time, point {x, y, crs, minX, minY, maxX, maxY} (column = where the point goes; the box in degrees that it must lie in). errors: [{column, rule, reason}], null when it is good';
CREATE OR REPLACE FUNCTION citybigdata.clean_text(text) RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_clean_text' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.clean_text(text) IS 'Full-width letters, digits and signs as ASCII, without blanks at both ends';
CREATE OR REPLACE FUNCTION citybigdata.clean_phone(text) RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_clean_phone' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.clean_phone(text) IS 'A phone number in one form: 13800138000, 010-62345678, 010-62345678-801, 400-810-1234, 12345; null when it is none';
CREATE OR REPLACE FUNCTION citybigdata.text_similarity(text, text) RETURNS double precision
    AS 'MODULE_PATHNAME', 'cbd_text_similarity' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.text_similarity(text, text) IS 'How alike two texts are, 0 to 1: Dice coefficient of their pairs of characters';

CREATE OR REPLACE FUNCTION citybigdata.define_dataset(code text, relation text, options jsonb DEFAULT '{}') RETURNS void
    AS 'MODULE_PATHNAME', 'cbd_define_dataset' LANGUAGE c VOLATILE STRICT;
COMMENT ON FUNCTION citybigdata.define_dataset(text, text, jsonb) IS
'Defines, or defines anew, where the records of a dataset go and how they are cleaned; for the owner of the table or a member of that role. Options: title, titleZh, layer, industry, source (society, government, own), '
'key [columns], rules [{"column": "phone", "rule": "phone"}, …] as clean_row() has them';
CREATE OR REPLACE FUNCTION citybigdata.ingest(dataset text, rows jsonb, OUT batch_id bigint, OUT accepted bigint, OUT rejected bigint)
    AS 'MODULE_PATHNAME', 'cbd_ingest' LANGUAGE c VOLATILE STRICT;
COMMENT ON FUNCTION citybigdata.ingest(text, jsonb) IS
'Cleans the records of a JSON array and stores the good ones as the owner of the table; the others go to ingest_reject with rule and reason. A record whose key is there already changes it: columns that it does not have stay. One call at a time for a dataset with a key';
CREATE OR REPLACE FUNCTION citybigdata.ingest_staged(dataset text, OUT batch_id bigint, OUT accepted bigint, OUT rejected bigint)
    AS 'MODULE_PATHNAME', 'cbd_ingest_staged' LANGUAGE c VOLATILE STRICT;
COMMENT ON FUNCTION citybigdata.ingest_staged(text) IS 'The same for the records that the calling role has copied into ingest_staging; batch_id is that of the last ten thousand';

-- Arguments of cleaning rules: a misspelt one must not be ignored, a rule without those it needs do nothing.
CREATE OR REPLACE FUNCTION citybigdata.check_rules(rules jsonb) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    item record;
    wrong record;
BEGIN
    FOR item IN SELECT r.rule, r.rule ->> 'rule' AS name, format('rules[%s]', r.n - 1) AS shown FROM jsonb_array_elements(rules) WITH ORDINALITY r (rule, n) LOOP
        WITH known AS (
            SELECT * FROM (VALUES ('default', 'value', 'scalar', '', true, '0'), ('codeMap', 'map', 'object', '', true, '{"钠灯": "HPS"}'), ('codeMap', 'others', 'choice', 'keep', false, '"keep"'),
                ('codeTable', 'table', 'text', '1 200', true, '"lamp-type"'), ('range', 'min', 'number', '', false, '1'), ('range', 'max', 'number', '', false, '2000'),
                ('point', 'x', 'text', '1 63', true, '"lng"'), ('point', 'y', 'text', '1 63', true, '"lat"'), ('point', 'crs', 'crs', '', false, '"GCJ02"'),
                ('point', 'minX', 'number', '', false, '115.4'), ('point', 'minY', 'number', '', false, '39.4'), ('point', 'maxX', 'number', '', false, '117.6'), ('point', 'maxY', 'number', '', false, '41.1'))
                AS k (rule, name, kind, valid, needed, example) WHERE k.rule = item.name)
        SELECT f.name, f.fault, f.example INTO wrong FROM (
            SELECT k.name, k.example, CASE WHEN NOT item.rule ? k.name OR item.rule -> k.name = 'null' THEN CASE WHEN k.needed THEN 'is missing' END
                WHEN k.kind = 'number' AND jsonb_typeof(item.rule -> k.name) <> 'number' THEN 'must be a number'
                WHEN k.kind = 'crs' AND coalesce(item.rule ->> k.name, '') !~ '^(WGS84|GCJ02|BD09|EPSG:[1-9][0-9]{0,5})$' THEN 'must be WGS84, GCJ02, BD09 or EPSG:n'
                WHEN k.kind = 'object' AND jsonb_typeof(item.rule -> k.name) <> 'object' THEN 'must be an object of texts'
                WHEN k.kind NOT IN ('number', 'crs', 'object') THEN citybigdata.option_error(k.kind, k.valid, item.rule -> k.name) END AS fault FROM known k
            UNION ALL
            SELECT o, '"' || coalesce((SELECT string_agg(k.name, ', ' ORDER BY k.name COLLATE "C") FROM known k), 'no other') || '"', 'is none of the rule' FROM jsonb_object_keys(item.rule) o
            WHERE o NOT IN ('column', 'rule') AND o NOT IN (SELECT k.name FROM known k)) f
        WHERE f.fault IS NOT NULL ORDER BY f.name COLLATE "C" LIMIT 1;
        IF FOUND THEN
            RAISE EXCEPTION 'argument "%" of rule % in % %', wrong.name, item.name, item.shown, wrong.fault USING ERRCODE = 'invalid_parameter_value',
                HINT = CASE wrong.fault WHEN 'is none of the rule' THEN format('Its arguments: %s.', btrim(wrong.example, '"')) ELSE format('For example {"%s": %s}.', wrong.name, wrong.example) END;
        END IF;
    END LOOP;
END
$$;
COMMENT ON FUNCTION citybigdata.check_rules(jsonb) IS 'Refuses cleaning rules with arguments that are missing, malformed or unknown; for define_dataset_as()';

-- Options of a dataset, refused with the reason.
CREATE OR REPLACE FUNCTION citybigdata.check_dataset_options(options jsonb) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    wrong record;
BEGIN
    PERFORM citybigdata.check_option_names(options, ARRAY['title', 'titleZh', 'layer', 'industry', 'source', 'key', 'rules'], 'options');
    SELECT o.name, f.fault, options -> o.name AS seen, o.example INTO wrong
    FROM (VALUES ('title', 'text', '0 200', '"Street lights"'), ('titleZh', 'text', '0 200', '"路灯"'), ('layer', 'choice', 'theme industry base', '"industry"'),
          ('industry', 'choice', (SELECT string_agg(c.code, ' ' ORDER BY c.sort, c.code) FROM citybigdata.code_table_row c WHERE c.table_name = 'industry'), '"lighting"'),
          ('source', 'choice', 'society government own', '"own"'), ('key', 'texts', '1 8', '["light_id"]'),
          ('rules', 'objects', '', '[{"column": "phone", "rule": "phone"}]')) AS o (name, kind, valid, example)
    CROSS JOIN LATERAL citybigdata.option_error(o.kind, o.valid, options -> o.name) f (fault)
    WHERE options ? o.name AND f.fault IS NOT NULL LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'option "%" %', wrong.name, wrong.fault USING ERRCODE = 'invalid_parameter_value',
            DETAIL = format('It is %s.', left(wrong.seen::text, 100)), HINT = format('For example {"%s": %s}.', wrong.name, wrong.example);
    END IF;
END
$$;
COMMENT ON FUNCTION citybigdata.check_dataset_options(jsonb) IS 'Refuses unknown and malformed options of define_dataset()';

CREATE OR REPLACE FUNCTION citybigdata.define_dataset_as(owner_role text, is_administrator boolean, code text, relation oid, options jsonb) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    holder text := (SELECT d.owner_role FROM citybigdata.dataset d WHERE d.dataset_code = code);
    rules jsonb := coalesce(nullif(options -> 'rules', 'null'), '[]');
    layer text := coalesce(options ->> 'layer', CASE WHEN options ->> 'industry' IS NOT NULL THEN 'industry' ELSE 'base' END);
    kind "char" := (SELECT c.relkind FROM pg_class c WHERE c.oid = relation);
    key text[];
    missing text;
BEGIN
    PERFORM citybigdata.check_dataset_options(options);
    IF code !~ '^[a-z][a-z0-9-]{0,63}$' THEN
        RAISE EXCEPTION 'invalid dataset code "%"', code USING ERRCODE = 'invalid_name', HINT = 'Small letters, digits and hyphens: street-lights.';
    ELSIF holder <> owner_role AND NOT is_administrator THEN
        RAISE EXCEPTION 'dataset "%" was defined by %', code, holder USING ERRCODE = 'insufficient_privilege', HINT = 'Choose another code.';
    END IF;
    IF NOT has_function_privilege(owner_role, 'citybigdata.ingest_insert(text, text, text[], jsonb[])', 'EXECUTE') THEN
        RAISE EXCEPTION 'role %, which owns the table, may not store records', owner_role USING ERRCODE = 'insufficient_privilege', HINT = format('GRANT citybigdata_analyst TO %I;', owner_role);
    ELSIF layer = 'industry' AND options ->> 'industry' IS NULL THEN
        RAISE EXCEPTION 'layer industry needs an industry' USING ERRCODE = 'invalid_parameter_value', HINT = '{"industry": "lighting"}; SELECT code, name FROM citybigdata.code_table_row WHERE table_name = ''industry'';';
    END IF;
    PERFORM citybigdata.clean_row('{}', rules); -- refuses what is no rule
    PERFORM citybigdata.check_rules(rules);
    SELECT r.rule ->> 'column' INTO missing FROM jsonb_array_elements(rules) WITH ORDINALITY r (rule, n)
    WHERE r.rule ->> 'rule' = 'point' AND NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = relation AND a.attname = r.rule ->> 'column' AND a.attnum > 0 AND NOT a.attisdropped) ORDER BY n LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'rule point puts the place into column "%", which does not exist', missing USING ERRCODE = 'undefined_column', HINT = '{"column": "geom", "rule": "point", "x": "lng", "y": "lat"}';
    END IF;
    key := coalesce((SELECT array_agg(k ORDER BY n) FROM jsonb_array_elements_text(nullif(options -> 'key', 'null')) WITH ORDINALITY t (k, n)), citybigdata.derived_key(relation, kind));
    SELECT k INTO missing FROM unnest(key) k WHERE NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = relation AND a.attname = k AND NOT a.attisdropped);
    IF FOUND THEN
        RAISE EXCEPTION 'key column "%" does not exist', missing USING ERRCODE = 'undefined_column', HINT = '{"key": ["light_id"]}';
    ELSIF kind <> 'f' AND key IS NOT NULL AND NOT EXISTS (
        SELECT FROM pg_index i WHERE i.indrelid = relation AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL AND i.indnkeyatts = cardinality(key)
          AND NOT EXISTS (SELECT FROM unnest(i.indkey::smallint[]) WITH ORDINALITY k (attnum, place) JOIN pg_attribute a ON a.attrelid = relation AND a.attnum = k.attnum
                          WHERE k.place <= i.indnkeyatts AND a.attname <> ALL (key))) THEN
        RAISE EXCEPTION 'key (%) has no unique index', array_to_string(key, ', ') USING ERRCODE = 'invalid_table_definition',
            HINT = format('CREATE UNIQUE INDEX ON %s (%s);', relation::regclass, (SELECT string_agg(quote_ident(k), ', ') FROM unnest(key) k));
    END IF;
    INSERT INTO citybigdata.dataset AS d (dataset_code, owner_role, schema_name, relation_name, title, title_zh, layer, industry, source, key_columns, rules)
    SELECT define_dataset_as.code, define_dataset_as.owner_role, n.nspname, c.relname, coalesce(options ->> 'title', code), coalesce(options ->> 'titleZh', options ->> 'title', code),
           layer, options ->> 'industry', coalesce(options ->> 'source', CASE WHEN layer = 'base' THEN 'own' END), key, rules
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = relation
    ON CONFLICT ON CONSTRAINT dataset_pkey DO UPDATE SET owner_role = excluded.owner_role, schema_name = excluded.schema_name, relation_name = excluded.relation_name,
        title = excluded.title, title_zh = excluded.title_zh, layer = excluded.layer, industry = excluded.industry, source = excluded.source,
        key_columns = excluded.key_columns, rules = excluded.rules, changed_at = now();
    PERFORM citybigdata.bind_object('dataset', code, 0, relation);
END
$$;
COMMENT ON FUNCTION citybigdata.define_dataset_as(text, boolean, text, oid, jsonb) IS 'The work of define_dataset(), after it has found out who calls';

-- A byte order mark glued to the name of the first member, as of a CSV file that begins with one: the value would be lost.
CREATE OR REPLACE FUNCTION citybigdata.ingest_mark_error(record jsonb, errors jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN m.name IS NULL THEN errors ELSE coalesce(errors, '[]') || jsonb_build_object('column', substr(m.name, 2), 'rule', 'name',
                'reason', format('the name of member "%s" begins with a byte order mark (U+FEFF)', substr(m.name, 2))) END
    FROM (SELECT min(k) AS name FROM jsonb_object_keys(CASE WHEN jsonb_typeof(record) = 'object' THEN record ELSE '{}' END) k WHERE starts_with(k, U&'\FEFF')) m
$$;
COMMENT ON FUNCTION citybigdata.ingest_mark_error(jsonb, jsonb) IS 'The errors of a record, with that of a member whose name begins with a byte order mark; for ingest_clean()';

-- Columns that a member of a record may go to. Of generated ones and identities GENERATED ALWAYS only a key's: its values are the records'.
CREATE OR REPLACE FUNCTION citybigdata.ingest_columns(relation oid, key text[]) RETURNS text[]
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(array_agg(a.attname::text ORDER BY a.attnum), '{}') FROM pg_attribute a
    WHERE a.attrelid = $1 AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' AND (a.attidentity <> 'a' OR coalesce(a.attname = ANY ($2), false))
$$;
COMMENT ON FUNCTION citybigdata.ingest_columns(oid, text[]) IS 'Columns of a table that ingested records fill';

-- Members that nothing takes, and how many records have them: a misspelt name must not lose a column in silence.
CREATE OR REPLACE FUNCTION citybigdata.ingest_ignored(dataset text, rows jsonb[]) RETURNS jsonb
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    WITH taken AS MATERIALIZED (
        SELECT citybigdata.ingest_columns((SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = d.schema_name AND c.relname = d.relation_name), d.key_columns)
               || ARRAY(SELECT m.value FROM jsonb_array_elements(d.rules) r, jsonb_each_text(r) m WHERE m.key IN ('column', 'x', 'y')) AS names
        FROM citybigdata.dataset d WHERE d.dataset_code = $1)
    SELECT coalesce(jsonb_object_agg(i.name, i.records), '{}')
    FROM (SELECT k.name, count(*) AS records FROM unnest($2) r CROSS JOIN LATERAL jsonb_object_keys(CASE WHEN jsonb_typeof(r) = 'object' THEN r ELSE '{}' END) k (name), taken t
          WHERE k.name <> ALL (t.names) GROUP BY k.name ORDER BY count(*) DESC, k.name COLLATE "C" LIMIT 100) i
$$;
COMMENT ON FUNCTION citybigdata.ingest_ignored(text, jsonb[]) IS 'Members of records that no column and no rule of the dataset takes, at most 100, with the number of records; for ingest_clean()';

-- First step, as the owner: the batch, its cleaned records with their places, the errors of the others.
CREATE OR REPLACE FUNCTION citybigdata.ingest_clean(dataset text, rows jsonb[], role text, OUT batch_id bigint, OUT places integer[], OUT records jsonb[])
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    rules jsonb := (SELECT d.rules FROM citybigdata.dataset d WHERE d.dataset_code = dataset);
    ignored jsonb := citybigdata.ingest_ignored(dataset, rows);
    marked boolean := EXISTS (SELECT FROM jsonb_object_keys(ignored) k WHERE starts_with(k, U&'\FEFF'));
BEGIN
    INSERT INTO citybigdata.ingest_batch AS b (dataset_code, ignored, ingested_by) VALUES (dataset, ignored, role) RETURNING b.batch_id INTO batch_id;
    IF ignored <> '{}' THEN
        RAISE WARNING 'members that no column and no rule of dataset "%" takes are left out: %', dataset,
            (SELECT string_agg(format('%s (%s records)', k.key, k.value), ', ') FROM jsonb_each_text(ignored) k)
            USING HINT = 'Names are compared as they are written; ingest_batch.ignored keeps the counts.';
    END IF;
    -- the composite once for each row: a function in FROM would keep its row in a tuple store of its own
    WITH made AS MATERIALIZED (
        SELECT r.place::integer AS n, citybigdata.clean_row(r.record, rules) AS c FROM unnest(rows) WITH ORDINALITY AS r (record, place)),
    cleaned AS (SELECT m.n, (m.c).cleaned, CASE WHEN marked THEN citybigdata.ingest_mark_error(rows[m.n], (m.c).errors) ELSE (m.c).errors END AS errors FROM made m),
    refused AS (
        INSERT INTO citybigdata.ingest_reject (batch_id, row_no, record, column_name, rule, reason)
        SELECT ingest_clean.batch_id, c.n, rows[c.n], f.fault ->> 'column', f.fault ->> 'rule', f.fault ->> 'reason'
        FROM cleaned c CROSS JOIN LATERAL jsonb_array_elements(c.errors) AS f (fault) WHERE c.errors IS NOT NULL ORDER BY c.n)
    SELECT array_agg(c.n ORDER BY c.n), array_agg(c.cleaned ORDER BY c.n) INTO places, records FROM cleaned c WHERE c.errors IS NULL;
END
$$;
COMMENT ON FUNCTION citybigdata.ingest_clean(text, jsonb[], text) IS 'First step of ingest(), as the owner: cleans, records the errors';

-- The INSERT of records ($1) that have these columns. Of two with one key the later one stays, which `once` sees to within a statement.
CREATE OR REPLACE FUNCTION citybigdata.ingest_command(target text, key text[], names text[], once boolean) RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT format('INSERT INTO %1$s (%2$s) OVERRIDING SYSTEM VALUE SELECT %3$s %4$s FROM (SELECT jsonb_populate_record(NULL::%1$s, u.record) AS p, u.n
        FROM unnest($1) WITH ORDINALITY u (record, n) OFFSET 0) q %5$s %6$s', target, l.names,
        CASE WHEN k.keys IS NOT NULL AND once THEN format('DISTINCT ON (%s)', k.keys) END, l.parts,
        CASE WHEN k.keys IS NOT NULL AND once THEN format('ORDER BY %s, q.n DESC', k.keys) END,
        CASE WHEN k.keys IS NOT NULL THEN format('ON CONFLICT (%s) DO %s', k.bare, coalesce('UPDATE SET ' || l.others, 'NOTHING')) END)
    FROM (SELECT string_agg(quote_ident(n), ', ' ORDER BY i) AS names, string_agg(format('(q.p).%I', n), ', ' ORDER BY i) AS parts,
                 string_agg(format('%I = excluded.%1$I', n), ', ' ORDER BY i) FILTER (WHERE n <> ALL (key)) AS others FROM unnest(names) WITH ORDINALITY u (n, i)) l,
         (SELECT string_agg(format('(q.p).%I', c), ', ' ORDER BY place) AS keys, string_agg(quote_ident(c), ', ' ORDER BY place) AS bare
          FROM unnest(key) WITH ORDINALITY AS k (c, place) WHERE key <@ names) k
$$;
COMMENT ON FUNCTION citybigdata.ingest_command(text, text[], text[], boolean) IS 'The command that stores records; for ingest_insert()';

-- Records that have the same columns, halved as long as one of them is refused: a fault costs a few statements, not one for each record.
CREATE OR REPLACE FUNCTION citybigdata.ingest_group(target text, key text[], names text[], records jsonb[], OUT errors integer[], OUT reasons text[])
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    command text := citybigdata.ingest_command(target, key, names, false);
    waiting integer[] := ARRAY[1, cardinality(records)]; -- first and last of each part, the next one first
    low integer;
    high integer;
    state text;
BEGIN
    errors := '{}';
    reasons := '{}';
    WHILE cardinality(waiting) > 0 LOOP
        low := waiting[1];
        high := waiting[2];
        waiting := waiting[3:];
        BEGIN
            EXECUTE command USING records[low:high];
        EXCEPTION
            WHEN cardinality_violation THEN -- a key twice
                command := citybigdata.ingest_command(target, key, names, true);
                waiting := low || (high || waiting);
            -- what a column's type, a constraint, a trigger or PostGIS says against a value
            WHEN data_exception OR integrity_constraint_violation OR plpgsql_error OR program_limit_exceeded OR internal_error OR insufficient_privilege THEN
                GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE;
                -- a row that a policy refuses is that row's error; a right that is missing (class 42) is everybody's
                IF state LIKE '42%' AND NOT (SELECT c.relrowsecurity FROM pg_class c WHERE c.oid = target::regclass) THEN
                    RAISE;
                ELSIF low = high THEN
                    errors := errors || low;
                    reasons := reasons || SQLERRM;
                ELSE
                    waiting := ARRAY[low, (low + high) / 2, (low + high) / 2 + 1, high] || waiting;
                END IF;
        END;
    END LOOP;
END
$$;
COMMENT ON FUNCTION citybigdata.ingest_group(text, text[], text[], jsonb[]) IS 'Stores records of the same columns and tells which the table refuses; for ingest_insert()';

-- Second step, as the owner of the table. A column that a record does not have keeps its value, or gets its default.
CREATE OR REPLACE FUNCTION citybigdata.ingest_insert(schema_name text, relation_name text, key text[], records jsonb[], OUT errors integer[], OUT reasons text[])
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    target text := format('%I.%I', schema_name, relation_name);
    columns text[] := citybigdata.ingest_columns(target::regclass, key);
    used text[] := ARRAY(SELECT c FROM unnest(columns) WITH ORDINALITY AS k (c, n) WHERE EXISTS (SELECT FROM unnest(records) r WHERE r ? c) ORDER BY n);
    part record;
    told record;
BEGIN
    errors := '{}';
    reasons := '{}';
    IF NOT EXISTS (SELECT FROM unnest(records) r WHERE NOT r ?& used) AND cardinality(used) > 0 THEN
        SELECT * INTO errors, reasons FROM citybigdata.ingest_group(target, key, used, records);
        RETURN;
    END IF;
    -- records of one key one after the other, as they came: the second of each key waits for the first of all
    FOR part IN
        SELECT s.names, array_agg(s.n::integer ORDER BY s.n) AS places, array_agg(s.record ORDER BY s.n) AS records
        FROM (SELECT u.n, u.record, ARRAY(SELECT c FROM unnest(used) WITH ORDINALITY AS k (c, i) WHERE u.record ? c ORDER BY i) AS names,
                     CASE WHEN key IS NULL THEN 1 ELSE row_number() OVER (PARTITION BY (SELECT array_agg(u.record ->> k ORDER BY i) FROM unnest(key) WITH ORDINALITY c (k, i)) ORDER BY u.n) END AS turn
              FROM unnest(ingest_insert.records) WITH ORDINALITY u (record, n)) s
        GROUP BY s.turn, s.names ORDER BY s.turn, min(s.n)
    LOOP
        IF cardinality(part.names) = 0 THEN
            errors := errors || part.places;
            reasons := reasons || array_fill('no member is a column of the table'::text, ARRAY[cardinality(part.places)]);
        ELSE
            SELECT * INTO told FROM citybigdata.ingest_group(target, key, part.names, part.records);
            errors := errors || ARRAY(SELECT part.places[f] FROM unnest(told.errors) WITH ORDINALITY AS t (f, n) ORDER BY n);
            reasons := reasons || told.reasons;
        END IF;
    END LOOP;
END
$$;
COMMENT ON FUNCTION citybigdata.ingest_insert(text, text, text[], jsonb[]) IS 'Second step of ingest(), as the dataset''s role: stores the cleaned records, tells the places of those that the table refuses';

-- Third step, as the owner again.
CREATE OR REPLACE FUNCTION citybigdata.ingest_finish(batch bigint, rows jsonb[], places integer[], errors integer[], reasons text[], OUT accepted bigint, OUT rejected bigint)
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO citybigdata.ingest_reject (batch_id, row_no, record, rule, reason)
    SELECT batch, places[f.place], rows[places[f.place]], 'insert', f.reason FROM unnest(errors, reasons) AS f (place, reason) ORDER BY 2;
    accepted := coalesce(cardinality(places), 0) - coalesce(cardinality(errors), 0);
    rejected := cardinality(rows) - accepted;
    UPDATE citybigdata.ingest_batch b SET accepted = ingest_finish.accepted, rejected = ingest_finish.rejected WHERE b.batch_id = batch;
END
$$;
COMMENT ON FUNCTION citybigdata.ingest_finish(bigint, jsonb[], integer[], integer[], text[]) IS 'Third step of ingest(), as the owner: keeps what the table refused, and the counts';

-- What was refused or left waiting may hold personal data: it goes in portions, oldest first. What a running ingest_staged() has locked stays.
CREATE OR REPLACE FUNCTION citybigdata.expire_ingested(portion integer DEFAULT 10000) RETURNS bigint
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH kept AS (SELECT current_setting('citybigdata.reject_retention_days')::integer AS rejects, current_setting('citybigdata.staging_retention_days')::integer AS staged),
    last AS MATERIALIZED (
        SELECT b.batch_id FROM citybigdata.ingest_batch b, kept k
        WHERE k.rejects > 0 AND b.ingested_at < now() - make_interval(days => k.rejects) ORDER BY b.ingested_at DESC LIMIT 1),
    old AS (SELECT r.reject_id FROM citybigdata.ingest_reject r WHERE r.batch_id <= (SELECT l.batch_id FROM last l)
            ORDER BY r.batch_id, r.row_no LIMIT portion FOR UPDATE SKIP LOCKED),
    refused AS (DELETE FROM citybigdata.ingest_reject r USING old WHERE r.reject_id = old.reject_id RETURNING 1),
    first AS (SELECT s.staged_id, s.staged_at FROM citybigdata.ingest_staging s ORDER BY s.staged_id LIMIT portion FOR UPDATE SKIP LOCKED),
    left_over AS (
        DELETE FROM citybigdata.ingest_staging s USING first f, kept k
        WHERE s.staged_id = f.staged_id AND k.staged > 0 AND f.staged_at < now() - make_interval(days => k.staged) RETURNING 1)
    SELECT (SELECT count(*) FROM refused) + (SELECT count(*) FROM left_over)
$$;
COMMENT ON FUNCTION citybigdata.expire_ingested(integer) IS
'Removes refused records older than citybigdata.reject_retention_days and staged ones older than citybigdata.staging_retention_days, so many of each at most; the counts of '
'ingest_batch stay. Returns how many; part of maintain()';

-- code/67-data-fuse.sql
-- Fusion: records of several sources that are one object.
COMMENT ON TABLE citybigdata.fusion_member IS 'Result of fuse(): which records of which datasets are one object, and why';
COMMENT ON COLUMN citybigdata.fusion_member.fusion_code IS 'Name of the fusion';
COMMENT ON COLUMN citybigdata.fusion_member.object_id IS 'The object; records of one object_id are one thing';
COMMENT ON COLUMN citybigdata.fusion_member.source_no IS 'Place of the dataset among the sources, from 1; earlier ones are trusted more';
COMMENT ON COLUMN citybigdata.fusion_member.dataset_code IS 'The dataset that the record is of';
COMMENT ON COLUMN citybigdata.fusion_member.record_key IS 'Its key there';
COMMENT ON COLUMN citybigdata.fusion_member.code IS 'Code that was compared';
COMMENT ON COLUMN citybigdata.fusion_member.name IS 'Name that was compared';
COMMENT ON COLUMN citybigdata.fusion_member.geom IS 'Place that was compared';
COMMENT ON COLUMN citybigdata.fusion_member.score IS '0 to 1: how sure that it belongs to the object; 1 for the same code and for the first record';
COMMENT ON COLUMN citybigdata.fusion_member.method IS 'new: first record of the object; code: the same code; place: near and of a similar name';
COMMENT ON COLUMN citybigdata.fusion_member.fused_by IS 'Role that fused';
COMMENT ON COLUMN citybigdata.fusion_member.fused_at IS 'When';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.fusion_member', '');

-- The place of a record in degrees: a point, or one inside of what is none.
CREATE OR REPLACE FUNCTION citybigdata.fuse_place(postgis text, place text) RETURNS text
    LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT format('(SELECT CASE WHEN %1$s.st_srid(q.p) IN (4490, 4326) THEN %1$s.st_setsrid(q.p, 4490) ELSE %1$s.st_transform(q.p, 4490) END
        FROM (SELECT CASE WHEN %1$s.st_geometrytype(r.%2$I) = ''ST_Point'' THEN r.%2$I ELSE %1$s.st_pointonsurface(r.%2$I) END AS p) q)', $1, $2)
$$;
COMMENT ON FUNCTION citybigdata.fuse_place(text, text) IS 'The expression of a record''s place; for fuse_source()';

-- `columns`: code, name, place. Casts are made by the query, so that nothing but texts and numbers leaves it.
CREATE OR REPLACE FUNCTION citybigdata.fuse_query(dataset text, columns jsonb) RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT format('SELECT t.key, t.code, t.name, %1$s.st_x(t.place)::pg_catalog.float8, %1$s.st_y(t.place)::pg_catalog.float8
        FROM (SELECT %2$s AS key, %3$s AS code, %4$s AS name, %5$s AS place FROM %6$I.%7$I r) t', g.postgis,
        CASE WHEN cardinality(d.key_columns) = 1 THEN format('r.%I::pg_catalog.text', d.key_columns[1])
             ELSE format('pg_catalog.jsonb_build_array(%s)::pg_catalog.text', (SELECT string_agg(format('r.%I', k), ', ' ORDER BY n) FROM unnest(d.key_columns) WITH ORDINALITY t (k, n))) END,
        CASE WHEN columns ? 'code' THEN format('r.%I::pg_catalog.text', columns ->> 'code') ELSE 'NULL::pg_catalog.text' END,
        CASE WHEN columns ? 'name' THEN format('r.%I::pg_catalog.text', columns ->> 'name') ELSE 'NULL::pg_catalog.text' END,
        CASE WHEN columns ? 'place' THEN citybigdata.fuse_place(g.postgis, columns ->> 'place') ELSE format('NULL::%s.geometry', g.postgis) END,
        d.schema_name, d.relation_name)
    FROM citybigdata.dataset d,
        (SELECT quote_ident(n.nspname) AS postgis FROM pg_extension x JOIN pg_namespace n ON n.oid = x.extnamespace WHERE x.extname = 'postgis') g
    WHERE d.dataset_code = $1
$$;
COMMENT ON FUNCTION citybigdata.fuse_query(text, jsonb) IS 'The query of fuse_records()';

CREATE OR REPLACE FUNCTION citybigdata.fuse_records(dataset text, columns jsonb, OUT key text, OUT code text, OUT name text, OUT x double precision, OUT y double precision)
    RETURNS SETOF record AS 'MODULE_PATHNAME', 'cbd_fuse_records' LANGUAGE c VOLATILE STRICT;
COMMENT ON FUNCTION citybigdata.fuse_records(text, jsonb) IS
'What fuse() compares of a dataset''s records, read as the owner of its table, for who may read the table: key, the columns code, name, place {"code": "lamp_code"}';

CREATE OR REPLACE FUNCTION citybigdata.fuse_source(fusion text, number integer, dataset text, options jsonb) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET enable_nestloop = off SET enable_mergejoin = off SET jit = off AS $$
DECLARE
    source citybigdata.dataset;
    postgis text := (SELECT quote_ident(n.nspname) FROM pg_extension x JOIN pg_namespace n ON n.oid = x.extnamespace WHERE x.extname = 'postgis');
    own jsonb := coalesce(options -> 'columns' -> dataset, options);
    distance double precision := coalesce((options ->> 'distance')::double precision, 50);
    similarity double precision := coalesce((options ->> 'similarity')::double precision, 0.5);
    missing text;
BEGIN
    SELECT * INTO source FROM citybigdata.dataset d WHERE d.dataset_code = dataset;
    IF NOT FOUND OR source.key_columns IS NULL THEN
        RAISE EXCEPTION 'dataset "%" is not defined, or has no key', dataset USING ERRCODE = 'undefined_object',
            HINT = 'SELECT citybigdata.define_dataset(''street-lights'', ''public.street_light'', ''{"key": ["light_id"]}'');';
    ELSIF NOT own ?| ARRAY['code', 'name'] THEN
        RAISE EXCEPTION 'nothing to compare of dataset "%"', dataset USING ERRCODE = 'invalid_parameter_value', HINT = '{"code": "lamp_code", "name": "street_name", "place": "geom", "distance": 30}';
    END IF;
    SELECT own ->> k INTO missing FROM unnest(ARRAY['code', 'name', 'place']) k WHERE own ? k AND NOT EXISTS (
        SELECT FROM citybigdata.relation_columns(source.schema_name, source.relation_name, NULL) c WHERE c.column_name = own ->> k);
    IF FOUND THEN
        RAISE EXCEPTION 'dataset "%" has no column "%"', dataset, missing USING ERRCODE = 'undefined_column',
            HINT = 'Columns: ' || (SELECT string_agg(c.column_name, ', ' ORDER BY c.place) FROM citybigdata.relation_columns(source.schema_name, source.relation_name, NULL) c) || '.';
    ELSIF NOT (SELECT citybigdata.column_serves(c.type_oid, 'place') FROM citybigdata.relation_columns(source.schema_name, source.relation_name, NULL) c WHERE c.column_name = own ->> 'place') THEN
        RAISE EXCEPTION 'column "%" of dataset "%" is no place', own ->> 'place', dataset USING ERRCODE = 'datatype_mismatch', HINT = 'A place is a column of PostGIS''s type geometry.';
    END IF;
    -- Near is: in the same square of the grid or in one of the eight around it. Squares are compared by equality, so that both joins are
    -- hash joins, whatever the planner knows of the table: each record costs the same however many there are.
    EXECUTE format($query$
        WITH record AS MATERIALIZED (
            SELECT s.key, s.code, s.name, s.place, s.x, s.y, floor(s.x / $6)::bigint AS square_x, floor(s.y / $6)::bigint AS square_y
            FROM (SELECT t.key, t.code, t.name, %1$s.st_setsrid(%1$s.st_makepoint(t.x, t.y), 4490) AS place,
                         CASE WHEN abs(t.x) <= 180 THEN t.x END AS x, CASE WHEN abs(t.y) <= 90 THEN t.y END AS y
                  FROM citybigdata.fuse_records($5, $7) t) s),
        member AS MATERIALIZED (
            SELECT m.object_id, m.code, m.name, m.x, m.y, floor(m.x / $6)::bigint AS square_x, floor(m.y / $6)::bigint AS square_y
            FROM (SELECT f.object_id, f.code, f.name, %1$s.st_x(f.geom) AS x, %1$s.st_y(f.geom) AS y FROM citybigdata.fusion_member f
                  WHERE f.fused_by = CURRENT_USER AND f.fusion_code = $1 AND f.source_no < $2) m),
        around AS (
            SELECT r.key, r.name, r.x, r.y, r.square_x + dx AS square_x, r.square_y + dy AS square_y
            FROM record r CROSS JOIN generate_series(-1, 1) dx CROSS JOIN generate_series(-1, 1) dy WHERE r.name IS NOT NULL),
        candidate AS (
            SELECT r.key, m.object_id, 1.0::double precision AS score, 'code' AS method FROM record r JOIN member m ON m.code = r.code
            UNION ALL
            SELECT r.key, m.object_id, 0.5 * (1 - d.metres / $3) + 0.5 * s.alike, 'place' FROM around r JOIN member m ON m.square_x = r.square_x AND m.square_y = r.square_y
            CROSS JOIN LATERAL (SELECT citybigdata.metres_between(m.x, m.y, r.x, r.y) AS metres) d
            CROSS JOIN LATERAL (SELECT CASE WHEN d.metres <= $3 THEN citybigdata.text_similarity(m.name, r.name) END AS alike) s
            WHERE d.metres <= $3 AND s.alike >= $4),
        best AS (
            SELECT DISTINCT ON (c.key) c.key, c.object_id, c.score, c.method FROM candidate c ORDER BY c.key, c.score DESC, c.object_id)
        INSERT INTO citybigdata.fusion_member (fusion_code, object_id, source_no, dataset_code, record_key, code, name, geom, score, method)
        SELECT $1, coalesce(b.object_id, (SELECT coalesce(max(f.object_id), 0) FROM citybigdata.fusion_member f WHERE f.fused_by = CURRENT_USER AND f.fusion_code = $1)
                                         + row_number() OVER (PARTITION BY b.object_id IS NULL ORDER BY r.key COLLATE "C")),
               $2, $5, r.key, r.code, r.name, r.place, coalesce(b.score, 1), coalesce(b.method, 'new')
        FROM record r LEFT JOIN best b ON b.key = r.key
        $query$, postgis)
    USING fusion, number, distance, similarity, dataset, distance / 50000, own;
END
$$;
COMMENT ON FUNCTION citybigdata.fuse_source(text, integer, text, jsonb) IS 'Adds the records of one dataset to a fusion; for fuse()';

CREATE OR REPLACE FUNCTION citybigdata.fuse(fusion text, sources text[], options jsonb, OUT objects bigint, OUT records bigint, OUT by_code bigint, OUT by_place bigint)
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM citybigdata.check_option_names(options, ARRAY['code', 'name', 'place', 'distance', 'similarity', 'columns'], 'options');
    IF coalesce(cardinality(sources), 0) = 0 THEN
        RAISE EXCEPTION 'no sources' USING ERRCODE = 'invalid_parameter_value', HINT = 'For example ARRAY[''street-lights'', ''lamp-survey''].';
    ELSIF coalesce((options ->> 'distance')::double precision, 1) <= 0 OR coalesce((options ->> 'similarity')::double precision, 0) NOT BETWEEN 0 AND 1 THEN
        RAISE EXCEPTION 'distance must be above 0 metres, similarity between 0 and 1' USING ERRCODE = 'invalid_parameter_value', HINT = '{"distance": 30, "similarity": 0.5}';
    END IF;
    DELETE FROM citybigdata.fusion_member m WHERE m.fused_by = CURRENT_USER AND m.fusion_code = fusion;
    FOR number IN 1..cardinality(sources) LOOP
        PERFORM citybigdata.fuse_source(fusion, number, sources[number], options);
    END LOOP;
    SELECT count(DISTINCT m.object_id), count(*), count(*) FILTER (WHERE m.method = 'code'), count(*) FILTER (WHERE m.method = 'place')
    INTO objects, records, by_code, by_place FROM citybigdata.fusion_member m WHERE m.fused_by = CURRENT_USER AND m.fusion_code = fusion;
END
$$;
COMMENT ON FUNCTION citybigdata.fuse(text, text[], jsonb) IS
'Finds records of several datasets that are one object: the same code, or within distance (metres, default 50) and of a similar name (similarity, default 0.5). '
'Sources in order of trust. Options: code, name, place (column names; per dataset in columns {dataset: {code, name, place}}), distance, similarity. '
'Read as the owners of the tables, for who may read them, stored as the calling role: fusion_member keeps each record''s object, score and method';

-- code/68-data-levels.sql
-- Levels of published data are lowered by two persons: who publishes proposes, a security administrator consents.
COMMENT ON TABLE citybigdata.level_proposal IS 'Published versions that show more than the versions before; not served before approve_levels()';
COMMENT ON COLUMN citybigdata.level_proposal.resource_code IS 'Code of the resource';
COMMENT ON COLUMN citybigdata.level_proposal.version IS 'The version that waits, or waited';
COMMENT ON COLUMN citybigdata.level_proposal.state IS 'waiting, approved, refused, superseded (published again or withdrawn meanwhile)';
COMMENT ON COLUMN citybigdata.level_proposal.changes IS 'What it shows more, a text each';
COMMENT ON COLUMN citybigdata.level_proposal.proposed_by IS 'Database role that published it';
COMMENT ON COLUMN citybigdata.level_proposal.proposed_session IS 'The role that had logged in';
COMMENT ON COLUMN citybigdata.level_proposal.proposed_at IS 'When';
COMMENT ON COLUMN citybigdata.level_proposal.decided_by IS 'Who approved, refused or superseded it';
COMMENT ON COLUMN citybigdata.level_proposal.decided_at IS 'When; null = it waits';
COMMENT ON COLUMN citybigdata.level_proposal.proposal_id IS 'Number among all proposals: drawn from the same sequence as those of admin_proposal';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.level_proposal', '');

-- What a version shows more to somebody than the versions that were in force before it. A column keeps the level that it had last, also
-- when a version between leaves it out; a column that was never published may be a restricted one by another name, so that where there
-- is a restricted one it needs the highest level of all.
CREATE OR REPLACE FUNCTION citybigdata.level_changes(code text, version integer) RETURNS text[]
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    WITH before AS (
        SELECT v.version, v.level FROM citybigdata.resource_version v
        WHERE v.resource_code = $1 AND v.version < $2 AND v.state IN ('current', 'superseded', 'withdrawn')),
    resource AS (
        SELECT n.level AS level, o.level AS old_level FROM citybigdata.resource_version n
        CROSS JOIN LATERAL (SELECT b.level FROM before b ORDER BY b.version DESC LIMIT 1) o
        WHERE n.resource_code = $1 AND n.version = $2),
    known AS ( -- each column as the last version had it that had it
        SELECT DISTINCT ON (f.column_name) f.column_name, f.name, f.level, f.mask, b.level AS resource_level
        FROM before b JOIN citybigdata.resource_field f ON f.resource_code = $1 AND f.version = b.version
        ORDER BY f.column_name, b.version DESC),
    field AS (
        SELECT f.position, f.name, f.level, f.mask, f.file, k.level AS old_level, k.mask AS old_mask, k.resource_level,
            (SELECT max(t.level) FROM known t WHERE t.level > t.resource_level) AS restricted
        FROM citybigdata.resource_field f
        LEFT JOIN LATERAL (SELECT k.level, k.mask, k.resource_level FROM known k WHERE k.column_name = f.column_name OR k.name = f.name
                           ORDER BY k.level DESC, k.column_name = f.column_name DESC LIMIT 1) k ON true
        WHERE f.resource_code = $1 AND f.version = $2),
    change AS (
        SELECT 0 AS place, format('level of the resource %s instead of %s', r.level, r.old_level) AS text FROM resource r WHERE r.level < r.old_level
        UNION ALL
        SELECT f.position, CASE
            WHEN f.level < f.old_level THEN format('field %s: level %s instead of %s', f.name, f.level, f.old_level)
            WHEN f.old_level IS NULL AND f.level < f.restricted THEN format('field %s: new, of level %s; others had %s', f.name, f.level, f.restricted)
            WHEN f.old_level > f.resource_level AND f.mask IS DISTINCT FROM f.old_mask AND NOT coalesce(f.mask = 'all' AND f.old_mask IS NOT NULL, false)
                THEN format('field %s: mask %s instead of %s', f.name, coalesce(f.mask, 'none'), coalesce(f.old_mask, 'none'))
            WHEN f.file IS NOT NULL AND EXISTS (SELECT FROM known k WHERE k.column_name IN (f.file ->> 'typeColumn', f.file ->> 'nameColumn') AND k.level > f.level)
                THEN format('file %s: of level %s, type and name of a column above it', f.name, f.level) END
        FROM field f CROSS JOIN resource)
    SELECT coalesce(array_agg(c.text ORDER BY c.place), '{}') FROM change c WHERE c.text IS NOT NULL
$$;
COMMENT ON FUNCTION citybigdata.level_changes(text, integer) IS 'What a version shows more than those in force before it; empty = nothing';

CREATE OR REPLACE FUNCTION citybigdata.supersede_proposal(code text, by text) RETURNS void
    LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
    WITH ended AS (
        UPDATE citybigdata.level_proposal p SET state = 'superseded', decided_by = $2, decided_at = now()
        WHERE p.resource_code = $1 AND p.state = 'waiting' RETURNING p.version)
    UPDATE citybigdata.resource_version v SET state = 'refused', withdrawn_at = now() FROM ended e WHERE v.resource_code = $1 AND v.version = e.version
$$;
COMMENT ON FUNCTION citybigdata.supersede_proposal(text, text) IS 'Ends the proposal that waits for a resource, if any; for publish() and unpublish()';

-- The title by which access requests know the resource: of the version in force; no version, no resource.
CREATE OR REPLACE FUNCTION citybigdata.name_resource(code text) RETURNS void
    LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO citybigdata.resource AS r (resource_code, title, title_zh)
    SELECT v.resource_code, v.title, v.title_zh FROM citybigdata.resource_version v WHERE v.resource_code = $1 AND v.state = 'current'
    ON CONFLICT ON CONSTRAINT resource_pkey DO UPDATE SET title = excluded.title, title_zh = excluded.title_zh;
    DELETE FROM citybigdata.resource r WHERE r.resource_code = $1 AND NOT r.shipped
      AND NOT EXISTS (SELECT FROM citybigdata.resource_version v WHERE v.resource_code = $1 AND v.state = 'current')
$$;
COMMENT ON FUNCTION citybigdata.name_resource(text) IS 'Writes or removes the row of table resource; for publish_finish() and decide_levels_as()';

-- Last step of publish(), after the new version was found to work: one that shows more gives way to the version before.
CREATE OR REPLACE FUNCTION citybigdata.publish_finish(by text, session text, code text, version integer, advice text[]) RETURNS text[]
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    changes text[] := citybigdata.level_changes(code, version);
    former record;
BEGIN
    PERFORM citybigdata.supersede_proposal(code, by);
    IF cardinality(changes) = 0 THEN
        RETURN advice;
    END IF;
    SELECT v.version, v.state INTO former FROM citybigdata.resource_version v
    WHERE v.resource_code = code AND v.version < publish_finish.version AND v.state IN ('superseded', 'withdrawn') ORDER BY v.version DESC LIMIT 1;
    UPDATE citybigdata.resource_version v SET state = 'proposed' WHERE v.resource_code = code AND v.version = publish_finish.version;
    UPDATE citybigdata.resource_version v SET state = 'current', withdrawn_at = NULL
    WHERE v.resource_code = code AND v.version = former.version AND former.state = 'superseded';
    PERFORM citybigdata.name_resource(code);
    INSERT INTO citybigdata.level_proposal (resource_code, version, changes, proposed_by, proposed_session, proposal_id)
    VALUES (code, publish_finish.version, changes, by, session, nextval('citybigdata.admin_proposal_proposal_id_seq'));
    PERFORM citybigdata.audit_event('data.propose-levels', code, format('version %s: %s', version, array_to_string(changes, '; ')));
    RETURN (format('version %s shows more than before and waits for a security administrator: %s. ', version, array_to_string(changes, '; '))
            || CASE former.state WHEN 'superseded' THEN format('Version %s stays in force. ', former.version) ELSE '' END
            || format('He consents by SELECT citybigdata.approve_levels(%L, %s);', code, version)) || advice;
END
$$;
COMMENT ON FUNCTION citybigdata.publish_finish(text, text, text, integer, text[]) IS 'Keeps a new version back that shows more than the one before; for publish()';

-- `by`, `session`: who decides, and the log-in behind it. Nobody consents to what he proposed himself.
CREATE OR REPLACE FUNCTION citybigdata.decide_levels_as(by text, session text, code text, version integer, consent boolean) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    proposal citybigdata.level_proposal;
BEGIN
    PERFORM citybigdata.own_lock('publish ' || code);
    SELECT * INTO proposal FROM citybigdata.level_proposal p WHERE p.resource_code = code AND p.version = decide_levels_as.version AND p.state = 'waiting' FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no version % of resource "%" waits', version, code USING ERRCODE = 'undefined_object',
            HINT = 'SELECT resource_code, version, changes FROM citybigdata.level_proposal WHERE state = ''waiting'';';
    ELSIF consent AND (proposal.proposed_by = by OR (proposal.proposed_session = session
                       AND NOT coalesce((SELECT r.rolsuper FROM pg_roles r WHERE r.rolname = session), false))) THEN
        RAISE EXCEPTION 'version % of resource "%" was proposed by the same person', version, code USING ERRCODE = 'insufficient_privilege',
            HINT = 'Another security administrator can consent.';
    END IF;
    IF consent THEN
        UPDATE citybigdata.resource_version v SET state = 'superseded', withdrawn_at = now() WHERE v.resource_code = code AND v.state = 'current';
    END IF;
    UPDATE citybigdata.resource_version v SET state = CASE WHEN consent THEN 'current' ELSE 'refused' END, withdrawn_at = CASE WHEN NOT consent THEN now() END
    WHERE v.resource_code = code AND v.version = decide_levels_as.version;
    UPDATE citybigdata.level_proposal p SET state = CASE WHEN consent THEN 'approved' ELSE 'refused' END, decided_by = by, decided_at = now()
    WHERE p.resource_code = code AND p.version = decide_levels_as.version;
    PERFORM citybigdata.name_resource(code);
    PERFORM citybigdata.audit_event(CASE WHEN consent THEN 'data.approve-levels' ELSE 'data.refuse-levels' END, code,
                                    format('version %s of %s: %s', version, proposal.proposed_by, array_to_string(proposal.changes, '; ')));
END
$$;
COMMENT ON FUNCTION citybigdata.decide_levels_as(text, text, text, integer, boolean) IS
'The work of approve_levels() and refuse_levels(), after it is known who decides: a database role, or the user name of an administrator';

CREATE OR REPLACE FUNCTION citybigdata.approve_levels(code text, version integer) RETURNS void
    AS 'MODULE_PATHNAME', 'cbd_approve_levels' LANGUAGE c VOLATILE STRICT;
COMMENT ON FUNCTION citybigdata.approve_levels(text, integer) IS
'Consents to a published version that shows more than before (table level_proposal): it is in force from now on. For security administrators, not for who proposed it';
CREATE OR REPLACE FUNCTION citybigdata.refuse_levels(code text, version integer) RETURNS void
    AS 'MODULE_PATHNAME', 'cbd_refuse_levels' LANGUAGE c VOLATILE STRICT;
COMMENT ON FUNCTION citybigdata.refuse_levels(text, integer) IS 'Refuses such a version: the one before stays in force';

-- code/69-data-manual.sql
-- The manual of all that an application may use, as GET /resources lists it; code tables go along while they are small enough to be read in it.
CREATE OR REPLACE FUNCTION citybigdata.manual_documents(app_id integer, everything boolean, token bytea DEFAULT NULL) RETURNS json
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    WITH may AS MATERIALIZED (
        SELECT r.resource_code AS code
        FROM citybigdata.resource r LEFT JOIN citybigdata.resource_version v ON v.resource_code = r.resource_code AND v.state = 'current'
        WHERE $2 OR citybigdata.granted($1, $3, r.resource_code, v.level)
    ), used AS (
        SELECT DISTINCT f.code_table FROM may
        JOIN citybigdata.resource_version v ON v.resource_code = may.code AND v.state = 'current'
        JOIN citybigdata.resource_field f ON f.resource_code = v.resource_code AND f.version = v.version
        UNION SELECT 'industry' -- that of a resource itself
    )
    SELECT json_build_object(
        'resources', (SELECT coalesce(json_agg(citybigdata.resource_document(may.code) ORDER BY may.code), '[]') FROM may),
        'codeTables', (SELECT coalesce(json_object_agg(t.table_name, t.codes), '{}') FROM (
            SELECT r.table_name, json_agg(json_build_object('code', r.code, 'name', r.name) ORDER BY r.sort, r.code) AS codes
            FROM citybigdata.code_table_row r JOIN used ON used.code_table = r.table_name GROUP BY r.table_name HAVING count(*) <= 60) t))
$$;
COMMENT ON FUNCTION citybigdata.manual_documents(integer, boolean, bytea) IS
'resource_document() of every resource that an application, or its narrowed token, may use (everything: all), and the codes of their small code tables';
CREATE OR REPLACE FUNCTION citybigdata.rest_manual(request_id text, client_addr inet, app_code text, scheme text, credential bytea) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_manual' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_manual(text, inet, text, text, bytea) IS
'GET /openapi.json and /docs with a credential: the documents of the resources that the caller may use, administrators all';

-- code/70-personal-events.sql
-- Events for analysts by data levels (clause 6.3): SELECT * of the table is refused, since some of its columns are personal data.
CREATE OR REPLACE FUNCTION citybigdata.analyst_level() RETURNS integer
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN pg_has_role('citybigdata_analyst_personal', 'USAGE') THEN 3 ELSE 2 END
$$;
COMMENT ON FUNCTION citybigdata.analyst_level() IS
'The data level at which event_masked shows events to the current role: 3 with the rights of citybigdata_analyst_personal, else 2';

-- Encrypted name and phone number. What opens them is the key file, what may ask is who has the bytes: analysts by event_masked, masked.
CREATE OR REPLACE FUNCTION citybigdata.event_person(rec_id integer, personal bytea, field text) RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_event_person' LANGUAGE c STABLE STRICT COST 100;
COMMENT ON FUNCTION citybigdata.event_person(integer, bytea, text) IS 'humanName or cellphone (field) of the column personal of an event; error when no key of citybigdata.key_file fits';
CREATE OR REPLACE FUNCTION citybigdata.seal_event_person(rec_id integer, human_name text, cellphone text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_seal_event_person' LANGUAGE c VOLATILE COST 100;
COMMENT ON FUNCTION citybigdata.seal_event_person(integer, text, text) IS 'The column personal of an event; part of encrypt_events()';
CREATE OR REPLACE FUNCTION citybigdata.seal_event_digest(rec_id integer, content_digest bytea) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_seal_event_digest' LANGUAGE c VOLATILE STRICT COST 100;
COMMENT ON FUNCTION citybigdata.seal_event_digest(integer, bytea) IS 'The column content_digest of an encrypted event; part of encrypt_events()';

-- The case is the same to every reader, so update_time stays.
CREATE OR REPLACE FUNCTION citybigdata.encrypt_events(after integer DEFAULT 0, portion integer DEFAULT 10000, OUT last integer, OUT encrypted bigint)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT current_setting('citybigdata.encrypt_personal')::boolean THEN
        PERFORM citybigdata.refuse(40900, 'citybigdata.encrypt_personal is off.');
    END IF;
    SELECT max(p.rec_id) INTO last FROM (SELECT e.rec_id FROM citybigdata.event e WHERE e.rec_id > after ORDER BY e.rec_id LIMIT portion) p;
    UPDATE citybigdata.event e SET human_name = NULL, cellphone = NULL, personal = citybigdata.seal_event_person(e.rec_id, e.human_name, e.cellphone),
        content_digest = citybigdata.seal_event_digest(e.rec_id, e.content_digest)
    WHERE e.rec_id > after AND e.rec_id <= last AND e.personal IS NULL AND (e.human_name IS NOT NULL OR e.cellphone IS NOT NULL);
    GET DIAGNOSTICS encrypted = ROW_COUNT;
    IF encrypted > 0 THEN
        PERFORM citybigdata.audit_event('event.encrypt', NULL, format('%s events up to recID %s', encrypted, last));
    END IF;
END
$$;
COMMENT ON FUNCTION citybigdata.encrypt_events(integer, integer) IS
'Encrypts name and phone number of the next so many events after a recID. last: where to go on, null at the end; encrypted: how many. Then VACUUM citybigdata.event. '
'Errors: 40900 citybigdata.encrypt_personal is off';

-- The levels are read once for each query; functions of a view run as who reads it, so the level is the reader's.
CREATE OR REPLACE VIEW citybigdata.event_masked AS
    SELECT
           e.rec_id,
           e.task_num,
           e.sender_code,
           e.other_task_num,
           CASE WHEN l.shown OPERATOR(pg_catalog.?) 'eventDesc' THEN e.event_desc
                ELSE citybigdata.mask_value(e.event_desc, l.masks OPERATOR(pg_catalog.->>) 'eventDesc', 3, 1) END AS event_desc,
           CASE WHEN l.shown OPERATOR(pg_catalog.?) 'address' THEN e.address
                ELSE citybigdata.mask_value(e.address, l.masks OPERATOR(pg_catalog.->>) 'address', 3, 1) END AS address,
           CASE WHEN l.shown OPERATOR(pg_catalog.?&) ARRAY['coordinateX', 'coordinateY', 'longitude', 'latitude'] THEN e.geom END AS geom,
           CASE WHEN l.shown OPERATOR(pg_catalog.?) 'coordinateX' THEN e.coordinate_x END AS coordinate_x,
           CASE WHEN l.shown OPERATOR(pg_catalog.?) 'coordinateY' THEN e.coordinate_y END AS coordinate_y,
           CASE WHEN l.shown OPERATOR(pg_catalog.?) 'longitude' THEN e.map_longitude END AS map_longitude,
           CASE WHEN l.shown OPERATOR(pg_catalog.?) 'latitude' THEN e.map_latitude END AS map_latitude,
           CASE WHEN l.shown OPERATOR(pg_catalog.?) 'districtCode' THEN e.district_code
                ELSE citybigdata.mask_value(e.district_code, l.masks OPERATOR(pg_catalog.->>) 'districtCode', 3, 1) END AS district_code,
           CASE WHEN l.shown OPERATOR(pg_catalog.?) 'districtName' THEN e.district_name
                ELSE citybigdata.mask_value(e.district_name, l.masks OPERATOR(pg_catalog.->>) 'districtName', 3, 1) END AS district_name,
           CASE WHEN l.shown OPERATOR(pg_catalog.?) 'streetCode' THEN e.street_code
                ELSE citybigdata.mask_value(e.street_code, l.masks OPERATOR(pg_catalog.->>) 'streetCode', 3, 1) END AS street_code,
           CASE WHEN l.shown OPERATOR(pg_catalog.?) 'streetName' THEN e.street_name
                ELSE citybigdata.mask_value(e.street_name, l.masks OPERATOR(pg_catalog.->>) 'streetName', 3, 1) END AS street_name,
           CASE WHEN l.shown OPERATOR(pg_catalog.?) 'communityCode' THEN e.community_code
                ELSE citybigdata.mask_value(e.community_code, l.masks OPERATOR(pg_catalog.->>) 'communityCode', 3, 1) END AS community_code,
           CASE WHEN l.shown OPERATOR(pg_catalog.?) 'communityName' THEN e.community_name
                ELSE citybigdata.mask_value(e.community_name, l.masks OPERATOR(pg_catalog.->>) 'communityName', 3, 1) END AS community_name,
           CASE WHEN l.shown OPERATOR(pg_catalog.?) 'eventSrcID' THEN e.event_src_id END AS event_src_id,
           CASE WHEN l.shown OPERATOR(pg_catalog.?) 'recTypeID' THEN e.rec_type_id END AS rec_type_id,
           CASE WHEN l.shown OPERATOR(pg_catalog.?) 'eventLevelID' THEN e.event_level_id END AS event_level_id,
           CASE WHEN l.shown OPERATOR(pg_catalog.?) 'eventTypeCode' THEN e.event_type_code
                ELSE citybigdata.mask_value(e.event_type_code, l.masks OPERATOR(pg_catalog.->>) 'eventTypeCode', 3, 1) END AS event_type_code,
           CASE WHEN l.shown OPERATOR(pg_catalog.?) 'mainTypeCode' THEN e.main_type_code
                ELSE citybigdata.mask_value(e.main_type_code, l.masks OPERATOR(pg_catalog.->>) 'mainTypeCode', 3, 1) END AS main_type_code,
           CASE WHEN l.shown OPERATOR(pg_catalog.?) 'subTypeCode' THEN e.sub_type_code
                ELSE citybigdata.mask_value(e.sub_type_code, l.masks OPERATOR(pg_catalog.->>) 'subTypeCode', 3, 1) END AS sub_type_code,
           citybigdata.mask_value(coalesce(e.human_name, citybigdata.event_person(e.rec_id, e.personal, 'humanName')), 'name', 3, l.caller) AS human_name,
           citybigdata.mask_value(coalesce(e.cellphone, citybigdata.event_person(e.rec_id, e.personal, 'cellphone')), 'phone', 3, l.caller) AS cellphone,
           CASE WHEN l.shown OPERATOR(pg_catalog.?) 'createTime' THEN e.create_time END AS create_time,
           e.receive_time,
           e.update_time,
           e.state,
           e.app_id,
           e.sender_task_num,
           e.media_count,
           e.step_count,
           CASE WHEN l.shown OPERATOR(pg_catalog.?) 'warnings' THEN e.warnings END AS warnings,
           CASE WHEN l.caller OPERATOR(pg_catalog.>=) 3 THEN e.ext END AS ext
    FROM citybigdata.event e
    CROSS JOIN (SELECT c.level AS caller,
                       coalesce(pg_catalog.jsonb_object_agg(f.field, true) FILTER (WHERE f.level OPERATOR(pg_catalog.<=) c.level), '{}') AS shown,
                       coalesce(pg_catalog.jsonb_object_agg(f.field, f.mask) FILTER (WHERE f.level OPERATOR(pg_catalog.<) 4), '{}') AS masks
                FROM citybigdata.event_field f CROSS JOIN (SELECT citybigdata.analyst_level() AS level) c GROUP BY c.level) l;
COMMENT ON VIEW citybigdata.event_masked IS
'Events as the table event_field lets the reading role see them, fields above its level masked or null; level 2, or 3 with citybigdata_analyst_personal. SELECT * works here';
COMMENT ON COLUMN citybigdata.event_masked.event_desc IS 'eventDesc, masked above the caller''s level';
COMMENT ON COLUMN citybigdata.event_masked.address IS 'address, masked above the caller''s level';
COMMENT ON COLUMN citybigdata.event_masked.geom IS 'The place, null above the caller''s level of any coordinate';
COMMENT ON COLUMN citybigdata.event_masked.coordinate_x IS 'coordinateX, null above the caller''s level';
COMMENT ON COLUMN citybigdata.event_masked.coordinate_y IS 'coordinateY, null above the caller''s level';
COMMENT ON COLUMN citybigdata.event_masked.map_longitude IS 'longitude, null above the caller''s level';
COMMENT ON COLUMN citybigdata.event_masked.map_latitude IS 'latitude, null above the caller''s level';
COMMENT ON COLUMN citybigdata.event_masked.district_code IS 'districtCode, masked above the caller''s level';
COMMENT ON COLUMN citybigdata.event_masked.district_name IS 'districtName, masked above the caller''s level';
COMMENT ON COLUMN citybigdata.event_masked.street_code IS 'streetCode, masked above the caller''s level';
COMMENT ON COLUMN citybigdata.event_masked.street_name IS 'streetName, masked above the caller''s level';
COMMENT ON COLUMN citybigdata.event_masked.community_code IS 'communityCode, masked above the caller''s level';
COMMENT ON COLUMN citybigdata.event_masked.community_name IS 'communityName, masked above the caller''s level';
COMMENT ON COLUMN citybigdata.event_masked.event_src_id IS 'eventSrcID, null above the caller''s level';
COMMENT ON COLUMN citybigdata.event_masked.rec_type_id IS 'recTypeID, null above the caller''s level';
COMMENT ON COLUMN citybigdata.event_masked.event_level_id IS 'eventLevelID, null above the caller''s level';
COMMENT ON COLUMN citybigdata.event_masked.event_type_code IS 'eventTypeCode, masked above the caller''s level';
COMMENT ON COLUMN citybigdata.event_masked.main_type_code IS 'mainTypeCode, masked above the caller''s level';
COMMENT ON COLUMN citybigdata.event_masked.sub_type_code IS 'subTypeCode, masked above the caller''s level';
COMMENT ON COLUMN citybigdata.event_masked.human_name IS 'humanName: level 3, masked below';
COMMENT ON COLUMN citybigdata.event_masked.cellphone IS 'cellphone: level 3, masked below';
COMMENT ON COLUMN citybigdata.event_masked.create_time IS 'createTime, null above the caller''s level';
COMMENT ON COLUMN citybigdata.event_masked.warnings IS 'warnings, null above the caller''s level';
COMMENT ON COLUMN citybigdata.event_masked.ext IS 'Fields that table A.4 does not name: level 3, since nobody knows what they hold; null below';
-- the others are those of the table
DO $$
DECLARE
    item record;
BEGIN
    FOR item IN
        SELECT a.attname, pg_catalog.col_description('citybigdata.event'::pg_catalog.regclass, a.attnum) AS comment FROM pg_catalog.pg_attribute a
        WHERE a.attrelid OPERATOR(pg_catalog.=) 'citybigdata.event'::pg_catalog.regclass
          AND a.attname OPERATOR(pg_catalog.=) ANY (ARRAY['rec_id', 'task_num', 'sender_code', 'other_task_num', 'receive_time', 'update_time',
                                                               'state', 'app_id', 'sender_task_num', 'media_count', 'step_count']::name[])
    LOOP
        EXECUTE pg_catalog.format('COMMENT ON COLUMN citybigdata.event_masked.%I IS %L', item.attname, item.comment);
    END LOOP;
END
$$;

-- code/72-personal-erase.sql
-- Erasing a person's data on request (Personal Information Protection Law, article 47; GB/T 35273). The case stays, the person goes.

-- A phone number however it is written: with +86, blanks or hyphens between, full-width digits; never a part of a longer number.
CREATE OR REPLACE FUNCTION citybigdata.phone_pattern(phone text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp AS $$
    SELECT '(?<![0-9０-９])([+＋]?(00)?86[- ]?)?' || string_agg('[' || d || translate(d, '0123456789', '０１２３４５６７８９') || ']', '[- ()]*' ORDER BY n) || '(?![0-9０-９])'
    FROM regexp_split_to_table(regexp_replace(citybigdata.clean_phone(phone), '[^0-9]', '', 'g'), '') WITH ORDINALITY AS t (d, n)
    HAVING count(*) >= 7
$$;
COMMENT ON FUNCTION citybigdata.phone_pattern(text) IS
'Regular expression that finds this phone number in a text; null for what is no phone number of 7 digits and more. Part of erase_person()';

-- A key that holds the person goes as a whole: what is left must still be JSON.
CREATE OR REPLACE FUNCTION citybigdata.without_person(data jsonb, pattern text, name text) RETURNS jsonb
    LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE jsonb_typeof(data)
        WHEN 'object' THEN (SELECT jsonb_object_agg(o.key, o.value) FROM jsonb_each(data) o
                            WHERE NOT (coalesce(concat(o.key, ' ', o.value::text) ~ pattern, false) OR coalesce(strpos(o.value::text, name) > 0, false)))
        WHEN 'array' THEN (SELECT jsonb_agg(a.value ORDER BY a.n) FROM jsonb_array_elements(data) WITH ORDINALITY AS a (value, n)
                           WHERE NOT (coalesce(a.value::text ~ pattern, false) OR coalesce(strpos(a.value::text, name) > 0, false)))
        ELSE data END
$$;
COMMENT ON FUNCTION citybigdata.without_person(jsonb, text, text) IS 'An object or array without the members that hold the pattern or the name; part of erase_person()';

CREATE OR REPLACE FUNCTION citybigdata.without_person(value text, pattern text, name text) RETURNS text
    LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN name IS NULL THEN t.value ELSE replace(t.value, name, '***') END
    FROM (SELECT CASE WHEN pattern IS NULL THEN without_person.value ELSE regexp_replace(without_person.value, pattern, '***', 'g') END) AS t (value)
$$;
COMMENT ON FUNCTION citybigdata.without_person(text, text, text) IS 'A text with *** in place of the pattern and the name; part of erase_person()';

CREATE OR REPLACE FUNCTION citybigdata.erase_event_person(reporter integer[], mentioned integer[], pattern text, name text) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    named integer[] := reporter || mentioned;
    -- in the texts of a case: the given name, else the reporter's own; one character would be everywhere
    persons text[] := ARRAY(SELECT coalesce(name, CASE WHEN e.rec_id = ANY (reporter) AND length(btrim(h.human_name)) >= 2 THEN btrim(h.human_name) END)
                            FROM unnest(named) WITH ORDINALITY AS n (rec_id, place) JOIN citybigdata.event e ON e.rec_id = n.rec_id
                                 CROSS JOIN LATERAL (SELECT coalesce(e.human_name, citybigdata.event_person(e.rec_id, e.personal, 'humanName'))) AS h (human_name) ORDER BY n.place);
BEGIN
    -- as update_time asks: readers of the feed get the changed case
    PERFORM pg_current_xact_id();
    -- with the old digest, the number could be found by trying all numbers
    UPDATE citybigdata.event e SET
        human_name = CASE WHEN e.rec_id = ANY (reporter) THEN NULL ELSE e.human_name END,
        cellphone = CASE WHEN e.rec_id = ANY (reporter) THEN NULL ELSE e.cellphone END,
        personal = CASE WHEN e.rec_id = ANY (reporter) THEN NULL ELSE e.personal END,
        event_desc = citybigdata.without_person(e.event_desc, pattern, p.person), address = citybigdata.without_person(e.address, pattern, p.person),
        ext = citybigdata.without_person(e.ext, pattern, p.person), warnings = citybigdata.without_person(e.warnings, pattern, p.person),
        content_digest = sha256(uuid_send(gen_random_uuid())), update_time = clock_timestamp()
    FROM unnest(named, persons) AS p (rec_id, person) WHERE e.rec_id = p.rec_id;
    UPDATE citybigdata.event_media m SET media_name = citybigdata.without_person(m.media_name, pattern, p.person),
        media_url = citybigdata.without_person(m.media_url, pattern, p.person), ext = citybigdata.without_person(m.ext, pattern, p.person)
    FROM unnest(named, persons) AS p (rec_id, person) WHERE m.rec_id = p.rec_id;
    UPDATE citybigdata.event_step s SET step_by = citybigdata.without_person(s.step_by, pattern, p.person), note = citybigdata.without_person(s.note, pattern, p.person)
    FROM unnest(named, persons) AS p (rec_id, person) WHERE s.rec_id = p.rec_id;
END
$$;
COMMENT ON FUNCTION citybigdata.erase_event_person(integer[], integer[], text, text) IS 'The part of erase_person() that changes events, their media and steps';

-- An account that is still open is its owner's: it is closed first (revoke_account).
CREATE OR REPLACE FUNCTION citybigdata.erase_account_person(accounts bigint[], pattern text, name text) RETURNS void
    LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
    UPDATE citybigdata.account a SET contact_name = '***', mobile = '***', former_digests = '{}', review_note = NULL,
        organization = citybigdata.without_person(a.organization, pattern, name)
    WHERE a.account_id = ANY (accounts);
    UPDATE citybigdata.access_request r SET purpose = NULL, review_note = NULL WHERE r.account_id = ANY (accounts);
    UPDATE citybigdata.access_request r SET purpose = citybigdata.without_person(r.purpose, pattern, NULL), review_note = citybigdata.without_person(r.review_note, pattern, NULL)
    WHERE r.purpose ~ pattern OR r.review_note ~ pattern
$$;
COMMENT ON FUNCTION citybigdata.erase_account_person(bigint[], text, text) IS 'The part of erase_person() that changes accounts and access requests';

CREATE OR REPLACE FUNCTION citybigdata.erase_person_as(phone text, reason text, name text, user_name text, dry_run boolean,
        OUT status_code integer, OUT result jsonb, OUT detail text)
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    pattern   text := citybigdata.phone_pattern(phone);
    person    text := nullif(btrim(name), '');
    reporter  integer[];
    mentioned integer[];
    rejects   bigint[];
    staged    bigint[];
    closed    bigint[];
    open      bigint;
    requests  bigint;
    fault     text := CASE
        WHEN nullif(btrim(reason), '') IS NULL OR length(reason) > 500 THEN 'reason: 1 to 500 characters.'
        WHEN phone IS NULL AND user_name IS NULL THEN 'phone or user_name is needed.'
        WHEN phone IS NOT NULL AND pattern IS NULL THEN 'phone: a phone number of at least 7 digits.'
        WHEN name IS NOT NULL AND coalesce(length(person), 0) NOT BETWEEN 2 AND 64 THEN 'name: 2 to 64 characters.'
        WHEN person IS NOT NULL AND phone IS NULL THEN 'name goes with a phone.'
        WHEN dry_run IS NULL THEN 'dry_run: true or false.' END;
BEGIN
    status_code := CASE WHEN fault IS NULL THEN 0 ELSE 42204 END;
    IF fault IS NOT NULL THEN
        result := jsonb_build_object('statusCode', status_code, 'message', fault);
        detail := fault;
        RETURN;
    END IF;
    reporter := ARRAY(SELECT e.rec_id FROM citybigdata.event e
                      WHERE coalesce(e.cellphone, citybigdata.event_person(e.rec_id, e.personal, 'cellphone')) ~ pattern
                        AND (person IS NULL OR coalesce(btrim(coalesce(e.human_name, citybigdata.event_person(e.rec_id, e.personal, 'humanName'))), person) = person) ORDER BY e.rec_id FOR UPDATE);
    mentioned := ARRAY(
        SELECT e.rec_id FROM citybigdata.event e
        WHERE (person IS NULL OR coalesce(btrim(coalesce(e.human_name, citybigdata.event_person(e.rec_id, e.personal, 'humanName'))), person) = person)
          AND (e.event_desc ~ pattern OR e.address ~ pattern OR e.ext::text ~ pattern OR e.warnings::text ~ pattern
               OR EXISTS (SELECT FROM citybigdata.event_media m WHERE m.rec_id = e.rec_id AND concat_ws(' ', m.media_name, m.media_url, m.ext::text) ~ pattern)
               OR EXISTS (SELECT FROM citybigdata.event_step s WHERE s.rec_id = e.rec_id AND concat_ws(' ', s.step_by, s.note) ~ pattern))
          AND e.rec_id <> ALL (reporter) ORDER BY e.rec_id FOR UPDATE);
    rejects := ARRAY(SELECT r.reject_id FROM citybigdata.ingest_reject r
                     WHERE concat_ws(' ', r.record::text, r.reason) ~ pattern AND (person IS NULL OR strpos(r.record::text, person) > 0));
    staged := ARRAY(SELECT s.staged_id FROM citybigdata.ingest_staging s WHERE s.record::text ~ pattern AND (person IS NULL OR strpos(s.record::text, person) > 0));
    SELECT array_agg(a.account_id) FILTER (WHERE a.state IN ('rejected', 'revoked')), count(*) FILTER (WHERE a.state NOT IN ('rejected', 'revoked'))
    INTO closed, open FROM citybigdata.account a
    WHERE lower(a.user_name COLLATE "C") = lower(erase_person_as.user_name COLLATE "C") OR a.mobile ~ pattern AND (person IS NULL OR btrim(a.contact_name) = person);
    SELECT count(*) INTO requests FROM citybigdata.access_request r WHERE r.account_id = ANY (closed) OR r.purpose ~ pattern OR r.review_note ~ pattern;
    IF NOT dry_run THEN
        PERFORM citybigdata.erase_event_person(reporter, mentioned, pattern, person);
        DELETE FROM citybigdata.ingest_reject r WHERE r.reject_id = ANY (rejects);
        DELETE FROM citybigdata.ingest_staging s WHERE s.staged_id = ANY (staged);
        PERFORM citybigdata.erase_account_person(closed, pattern, person);
    END IF;
    result := jsonb_build_object('statusCode', 0, 'dryRun', dry_run, 'eventsReported', cardinality(reporter), 'eventsMentioning', cardinality(mentioned),
        'refusedRecords', cardinality(rejects), 'stagedRecords', cardinality(staged), 'accounts', coalesce(cardinality(closed), 0), 'openAccounts', open, 'accessRequests', requests,
        'mediaToReview', (SELECT coalesce(jsonb_agg(jsonb_build_object('taskNum', m.task_num, 'media', m.media_count) ORDER BY m.rec_id), '[]')
                          FROM citybigdata.event m WHERE m.rec_id = ANY (reporter || mentioned) AND m.media_count > 0));
    detail := format('%s%s; %s', CASE WHEN dry_run THEN 'dry run; ' END, citybigdata.without_person(citybigdata.without_person(reason, pattern, person), NULL, nullif(user_name, '')),
                     (result - ARRAY['statusCode', 'dryRun'] || jsonb_build_object('mediaToReview', jsonb_array_length(result -> 'mediaToReview')))::text);
END
$$;
COMMENT ON FUNCTION citybigdata.erase_person_as(text, text, text, text, boolean) IS 'The work of erase_person()';

CREATE OR REPLACE FUNCTION citybigdata.erase_person(phone text, reason text, name text DEFAULT NULL, user_name text DEFAULT NULL, dry_run boolean DEFAULT true) RETURNS jsonb
    AS 'MODULE_PATHNAME', 'cbd_erase_person' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.erase_person(text, text, text, text, boolean) IS
'Erases a person by phone number (with name: only where the name is missing or this one) or user_name of a closed account, on request: name and number of who reported, the number wherever '
'it stands in texts of cases, refused and staged records, contact and number of closed accounts. Cases stay; pictures must be looked at (mediaToReview). dry_run, the default, only counts. '
'The audit row has who, why and how many, not the person. Returns counts; statusCode 42204 with message when an argument is wrong. A statement of its own, as SELECT citybigdata.erase_person(…)';

-- grants/00-core.sql
-- Ownership and what every chapter's grants stand on. Grants are all in this folder, with their reasons; nothing is granted elsewhere.

-- Nothing is for PUBLIC: every function is granted by name. The owner calls the chapters' inner functions; the bridge may execute the
-- endpoint functions and do nothing else. Tables, sequences and SECURITY DEFINER functions belong to a role that is no superuser, all
-- other functions to the owner of the extension. Only what belongs to the extension is touched.
DO $$
DECLARE
    object    record;
    path      text := pg_catalog.current_setting('search_path');
    extension oid;
    installer name;
    owner     name;
BEGIN
    -- no operator of another schema may take part
    PERFORM pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
    SELECT x.oid, pg_get_userbyid(x.extowner) INTO extension, installer FROM pg_extension x WHERE x.extname = 'citybigdata';
    FOR object IN
        SELECT c.oid::regclass AS name, c.relkind
        FROM pg_depend d JOIN pg_class c ON d.classid = 'pg_class'::regclass AND c.oid = d.objid
        WHERE d.refclassid = 'pg_extension'::regclass AND d.refobjid = extension AND d.deptype = 'e'
          AND c.relkind IN ('r', 'p', 'v', 'S') AND c.relowner <> 'citybigdata_owner'::regrole
          -- a sequence of a column follows its table
          AND NOT EXISTS (SELECT FROM pg_depend o WHERE o.classid = d.classid AND o.objid = c.oid AND o.deptype IN ('a', 'i'))
    LOOP
        EXECUTE format('ALTER %s %s OWNER TO citybigdata_owner',
                       CASE object.relkind WHEN 'S' THEN 'SEQUENCE' WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END, object.name);
    END LOOP;
    FOR object IN
        SELECT p.oid::regprocedure AS name, p.proname, p.prosecdef, p.proowner
        FROM pg_depend d JOIN pg_proc p ON d.classid = 'pg_proc'::regclass AND p.oid = d.objid
        WHERE d.refclassid = 'pg_extension'::regclass AND d.refobjid = extension AND d.deptype = 'e'
    LOOP
        owner := CASE WHEN object.prosecdef THEN 'citybigdata_owner' ELSE installer END;
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', object.name);
        IF pg_get_userbyid(object.proowner) <> owner THEN
            EXECUTE format('ALTER FUNCTION %s OWNER TO %I', object.name, owner);
        END IF;
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO citybigdata_owner', object.name);
        EXECUTE format(CASE WHEN object.prosecdef AND starts_with(object.proname, 'rest_')
                            THEN 'GRANT EXECUTE ON FUNCTION %s TO citybigdata_bridge'
                            ELSE 'REVOKE EXECUTE ON FUNCTION %s FROM citybigdata_bridge' END, object.name);
    END LOOP;
    PERFORM set_config('search_path', path, true);
END
$$;

-- The owner makes audit partitions in the schema.
GRANT USAGE, CREATE ON SCHEMA citybigdata TO citybigdata_owner;
GRANT USAGE ON SCHEMA citybigdata
    TO citybigdata_sysadmin, citybigdata_secadmin, citybigdata_auditor, citybigdata_analyst, citybigdata_analyst_personal, citybigdata_bridge;

-- Temporary objects: the bridge needs none, so PUBLIC loses what every database gives it; people who work in SQL keep it.
DO $$
BEGIN
    EXECUTE pg_catalog.format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', pg_catalog.current_database());
    EXECUTE pg_catalog.format('GRANT TEMPORARY ON DATABASE %I TO citybigdata_sysadmin, citybigdata_secadmin, citybigdata_auditor, '
                              'citybigdata_analyst, citybigdata_analyst_personal', pg_catalog.current_database());
END
$$;

-- PostGIS and pgcrypto may live in schemas of their own.
DO $$
DECLARE
    place record;
BEGIN
    FOR place IN
        SELECT n.nspname, r.rolname FROM pg_catalog.pg_extension x JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) x.extnamespace
        JOIN pg_catalog.pg_roles r ON r.rolname OPERATOR(pg_catalog.=) ANY (ARRAY['citybigdata_owner', 'citybigdata_analyst', 'citybigdata_sysadmin']::name[])
        WHERE x.extname OPERATOR(pg_catalog.=) ANY (ARRAY['postgis', 'pgcrypto']::name[]) AND NOT pg_catalog.has_schema_privilege(r.oid, n.oid, 'USAGE')
    LOOP
        EXECUTE pg_catalog.format('GRANT USAGE ON SCHEMA %I TO %I', place.nspname, place.rolname);
    END LOOP;
END
$$;

-- Reference data and arithmetic on times are for everybody who may look into the schema.
GRANT SELECT ON citybigdata.status_code, citybigdata.platform
    TO citybigdata_sysadmin, citybigdata_secadmin, citybigdata_auditor, citybigdata_analyst;
GRANT EXECUTE ON FUNCTION citybigdata.library_version(),
    citybigdata.time_point(text), citybigdata.time_range(text), citybigdata.time_range_text(tstzrange),
    citybigdata.in_time(timestamptz, tstzrange), citybigdata.in_time(timestamptz, text)
    TO citybigdata_sysadmin, citybigdata_secadmin, citybigdata_auditor, citybigdata_analyst;

-- System administrators run the platform.
GRANT EXECUTE ON FUNCTION citybigdata.setup(text, text, text), citybigdata.maintain(), citybigdata.restore_problems() TO citybigdata_sysadmin;

-- grants/10-place.sql
-- Divisions, boundaries and coordinates: arithmetic and public knowledge, for everybody who may look into the schema.
GRANT EXECUTE ON FUNCTION
    citybigdata.wgs84_to_gcj02(geometry), citybigdata.gcj02_to_wgs84(geometry),
    citybigdata.gcj02_to_bd09(geometry), citybigdata.bd09_to_gcj02(geometry),
    citybigdata.plane_to_lonlat(double precision, double precision), citybigdata.plane_to_lonlat(geometry),
    citybigdata.lonlat_to_plane(geometry),
    citybigdata.metres_between(double precision, double precision, double precision, double precision),
    citybigdata.division_find(text), citybigdata.division_at(double precision, double precision),
    citybigdata.division_at(double precision, double precision, double precision), citybigdata.division_at(geometry),
    citybigdata.division_distance(text, double precision, double precision),
    citybigdata.area_distance(double precision, double precision)
    TO citybigdata_sysadmin, citybigdata_secadmin, citybigdata_auditor, citybigdata_analyst;
GRANT SELECT ON citybigdata.division, citybigdata.division_boundary
    TO citybigdata_sysadmin, citybigdata_secadmin, citybigdata_auditor, citybigdata_analyst;

-- They are loaded by the functions of code/13-place-load.sql; that is the system administrator's.
GRANT EXECUTE ON FUNCTION citybigdata.data_file(text), citybigdata.data_rows(text),
    citybigdata.load_divisions(jsonb, boolean), citybigdata.load_divisions_file(text, boolean),
    citybigdata.load_boundaries(jsonb, text, text), citybigdata.load_boundaries_file(text, text, text)
    TO citybigdata_sysadmin;

-- grants/14-reference.sql
-- Codes are public knowledge; the system administrator loads them.
GRANT SELECT ON citybigdata.code_table, citybigdata.code_table_row
    TO citybigdata_sysadmin, citybigdata_secadmin, citybigdata_auditor, citybigdata_analyst;
GRANT EXECUTE ON FUNCTION citybigdata.code_known(text, text), citybigdata.code_name(text, text)
    TO citybigdata_sysadmin, citybigdata_secadmin, citybigdata_auditor, citybigdata_analyst;
GRANT EXECUTE ON FUNCTION citybigdata.load_code_table(text, jsonb, text, boolean, text, text),
    citybigdata.load_code_table_file(text, text, text, boolean, text, text)
    TO citybigdata_sysadmin;

-- grants/20-access.sql
-- Accounts, applications, grants, credentials: who may decide what.

-- System administrators run the platform and act for an account that asks them to; they decide on no access.
-- They hold what identifies users (GB/T 22239): accounts and passwords, not what these may do. Stopping somebody is either's.
GRANT EXECUTE ON FUNCTION citybigdata.unlock(text, text), citybigdata.unlock_account(text), citybigdata.unlock_address(inet),
    citybigdata.change_password(text, text, text),
    citybigdata.suspend_account(text, text), citybigdata.suspend_application(text, text), citybigdata.suspend_grant(text, text),
    citybigdata.register_account(text, text, text, text, text),
    citybigdata.request_access(text, text[], text[], text, text[], text[], text, integer, timestamptz, text[], text),
    citybigdata.check_token(text), citybigdata.revoke_token(text)
    TO citybigdata_sysadmin;

-- Security administrators decide who may what, and read what they decide on: never a digest or a secret.
GRANT EXECUTE ON FUNCTION citybigdata.approve_account(bigint), citybigdata.reject_account(bigint, text),
    citybigdata.make_administrator(text, boolean), citybigdata.set_admin_role(text, text),
    citybigdata.revoke_account(text, text), citybigdata.expire_account(text, timestamptz),
    citybigdata.revoke_application(text, text), citybigdata.expire_application(text, timestamptz),
    citybigdata.grant_access(text, text, integer, timestamptz),
    citybigdata.suspend_grant(text, text), citybigdata.resume_grant(text, text), citybigdata.expire_grant(text, text, timestamptz),
    citybigdata.unlock_account(text), citybigdata.unlock_address(inet),
    citybigdata.suspend_account(text, text), citybigdata.resume_account(text),
    citybigdata.approve_access(bigint), citybigdata.reject_access(bigint, text), citybigdata.renew_credentials(text),
    citybigdata.suspend_application(text, text), citybigdata.resume_application(text), citybigdata.revoke_grant(text, text),
    citybigdata.revoke_token(text), citybigdata.revoke_consent(text), citybigdata.unlock(text, text)
    TO citybigdata_secadmin;
GRANT SELECT ON citybigdata.access_request TO citybigdata_secadmin;

-- Who is there and what was granted both must see, the system administrator to stop and to unlock; as over HTTPS.
GRANT SELECT ON citybigdata.sender, citybigdata.app_grant, citybigdata.lockout TO citybigdata_sysadmin, citybigdata_secadmin;
GRANT SELECT (account_id, user_name, organization, contact_name, mobile, state, admin_role, valid_until, password_changed_at, password_temporary, created_at, reviewed_at, reviewed_by, review_note)
    ON citybigdata.account TO citybigdata_sysadmin, citybigdata_secadmin;
GRANT SELECT (app_id, app_code, account_id, methods, ip_ranges, profile, level, valid_until, redirect_uris, client_type, state, created_at,
              credentials_taken_at, rotation_overlap, previous_valid_until)
    ON citybigdata.application TO citybigdata_sysadmin, citybigdata_secadmin;

-- What can be applied for, and how an appCode is made up, everybody may know.
GRANT SELECT ON citybigdata.resource TO citybigdata_sysadmin, citybigdata_secadmin, citybigdata_auditor, citybigdata_analyst;
GRANT EXECUTE ON FUNCTION citybigdata.app_code_parts(text)
    TO citybigdata_sysadmin, citybigdata_secadmin, citybigdata_auditor, citybigdata_analyst;

-- How much a grant carries is no question of who may what: whoever runs the platform must be able to protect it.
GRANT EXECUTE ON FUNCTION citybigdata.set_limit(text, text, double precision, integer, integer) TO citybigdata_sysadmin, citybigdata_secadmin;

-- Signing and one-time passwords compute on their arguments alone.
GRANT EXECUTE ON FUNCTION
    citybigdata.canonical_request(text, text, text, bytea, bigint, text, text),
    citybigdata.sign_request(text, text, text, text, bytea, bigint, text, text),
    citybigdata.artemis_string(text, text, text, text, text[], text),
    citybigdata.sign_artemis(text, text, text, text, text, text[], text),
    citybigdata.totp_code(text, timestamptz, text)
    TO citybigdata_sysadmin, citybigdata_secadmin, citybigdata_analyst;

-- What makes access out of nothing (credentials, passwords, codes, sealed addresses) is for no administrator's role: who could call it
-- would have every application's data alone. It is left to the owner of the database, and over HTTPS to the accounts themselves.
-- Appointments take two: one proposes, another one confirms.
GRANT EXECUTE ON FUNCTION citybigdata.propose_role(text, text), citybigdata.propose_second_factor(text), citybigdata.refuse_proposal(bigint, text)
    TO citybigdata_sysadmin, citybigdata_secadmin;
GRANT EXECUTE ON FUNCTION citybigdata.confirm_proposal(bigint) TO citybigdata_secadmin;
GRANT SELECT ON citybigdata.admin_proposal TO citybigdata_sysadmin, citybigdata_secadmin;

-- Security administrators grant and take access: the keys of sealed addresses, second factors.
GRANT EXECUTE ON FUNCTION citybigdata.rotate_sealing_key(), citybigdata.revoke_sealing_key(integer),
    citybigdata.enrol_totp(text, text, text), citybigdata.remove_totp(text)
    TO citybigdata_secadmin;

-- Housekeeping is the system administrator's.
GRANT EXECUTE ON FUNCTION citybigdata.expire_nonces(integer), citybigdata.expire_sealed_uses(integer) TO citybigdata_sysadmin;

-- grants/40-audit.sql
-- The auditor reads and checks the audit log; sealing is housekeeping, and whoever seals cannot change what is sealed.
GRANT EXECUTE ON FUNCTION citybigdata.audit_verify(bigint, text), citybigdata.audit_head(), citybigdata.audit_unsealed(),
    citybigdata.audit_read(timestamptz, timestamptz, text, text, text), citybigdata.audit_export(timestamptz, timestamptz)
    TO citybigdata_auditor;
GRANT EXECUTE ON FUNCTION citybigdata.audit_seal(integer) TO citybigdata_sysadmin, citybigdata_auditor;
REVOKE UPDATE, DELETE, TRUNCATE ON citybigdata.audit_seal_block FROM citybigdata_owner;
-- What differs may be accepted by who answers for access, and is told to the auditor.
GRANT EXECUTE ON FUNCTION citybigdata.integrity_problems() TO citybigdata_auditor, citybigdata_secadmin;
GRANT EXECUTE ON FUNCTION citybigdata.accept_integrity(text) TO citybigdata_secadmin;

-- grants/44-calendar.sql
-- Working time is for everybody who reckons with it; the system administrator loads calendars.
GRANT SELECT ON citybigdata.calendar, citybigdata.calendar_hours, citybigdata.calendar_year, citybigdata.calendar_day
    TO citybigdata_sysadmin, citybigdata_secadmin, citybigdata_auditor, citybigdata_analyst;
GRANT EXECUTE ON FUNCTION citybigdata.add_work(timestamptz, numeric, integer, text), citybigdata.work_between(timestamptz, timestamptz, text),
    citybigdata.calendar_unknown_from(text), citybigdata.calendar_known(timestamptz, text), citybigdata.calendar_version(text), citybigdata.calendar_warnings(interval)
    TO citybigdata_sysadmin, citybigdata_secadmin, citybigdata_auditor, citybigdata_analyst;
-- calendar_problems() looks before loading; it calls the functions beside it as the caller.
GRANT EXECUTE ON FUNCTION citybigdata.load_calendar(jsonb), citybigdata.load_calendar(text, text), citybigdata.calendar_problems(jsonb)
    TO citybigdata_sysadmin;
GRANT EXECUTE ON FUNCTION citybigdata.calendar_date(text), citybigdata.calendar_shifts(jsonb), citybigdata.calendar_week(jsonb), citybigdata.calendar_days(jsonb),
    citybigdata.calendar_years(jsonb), citybigdata.calendar_hours_problem(text), citybigdata.calendar_hours_minutes(text), citybigdata.calendar_hours_problems(jsonb),
    citybigdata.calendar_days_problems(jsonb)
    TO citybigdata_sysadmin;

-- grants/50-event.sql
-- Analysts read what a case is about: no column that tells who reported it (name, phone number, what a sender said against their
-- spelling), who handled it, or shows somebody (pictures and sound, their names and addresses). content_digest is left out too: with all
-- else known, a phone number is found by trying them all. citybigdata_analyst_personal is for those who need the rest.
REVOKE SELECT ON citybigdata.event, citybigdata.event_media, citybigdata.event_step FROM citybigdata_analyst;
GRANT SELECT (rec_id, task_num, sender_code, other_task_num, event_desc, address, geom, coordinate_x, coordinate_y, map_longitude, map_latitude,
              district_code, district_name, street_code, street_name, community_code, community_name, event_src_id, rec_type_id, event_level_id,
              event_type_code, main_type_code, sub_type_code, create_time, receive_time, update_time, state, app_id, sender_task_num,
              media_count, step_count, ext)
    ON citybigdata.event TO citybigdata_analyst;
GRANT SELECT (rec_id, media_no, media_type, media_usage, sender_task_num) ON citybigdata.event_media TO citybigdata_analyst;
GRANT SELECT (rec_id, step_no, step_time, action, from_state, to_state) ON citybigdata.event_step TO citybigdata_analyst;
GRANT SELECT ON citybigdata.event, citybigdata.event_media, citybigdata.event_step TO citybigdata_analyst_personal;
-- The view shows each caller what the caller's role may see.
GRANT SELECT ON citybigdata.event_masked TO citybigdata_analyst, citybigdata_analyst_personal;
GRANT EXECUTE ON FUNCTION citybigdata.analyst_level() TO citybigdata_analyst, citybigdata_analyst_personal;
GRANT EXECUTE ON FUNCTION citybigdata.mask_value(text, text, integer, integer) TO citybigdata_analyst_personal;
GRANT EXECUTE ON FUNCTION citybigdata.event_person(integer, bytea, text) TO citybigdata_analyst, citybigdata_analyst_personal;
GRANT EXECUTE ON FUNCTION citybigdata.encrypt_events(integer, integer) TO citybigdata_sysadmin;
-- Validating is for analysts and for who reports.
GRANT EXECUTE ON FUNCTION citybigdata.validate_event(json, text), citybigdata.validate_event(text, text),
    citybigdata.validate_event(jsonb, text) TO citybigdata_analyst, citybigdata_sysadmin;
GRANT EXECUTE ON FUNCTION citybigdata.report_event(text, json, text), citybigdata.report_event(text, text, text),
    citybigdata.report_event(text, jsonb, text), citybigdata.report_events(text, json[], text),
    citybigdata.report_events(text, text[], text) TO citybigdata_sysadmin;

-- At what level the fields of a case are shown is a decision about access; what it is, everybody may know.
GRANT EXECUTE ON FUNCTION citybigdata.set_event_level(text, integer, text) TO citybigdata_secadmin;
GRANT SELECT ON citybigdata.event_field TO citybigdata_sysadmin, citybigdata_secadmin, citybigdata_auditor, citybigdata_analyst;

-- grants/56-media.sql
-- An address of a medium is access without further credentials: for no administrator's role, as sealed addresses (20-access.sql).

-- grants/60-data.sql
-- The open data interface and the data layer.

-- Masking computes on its arguments alone.
GRANT EXECUTE ON FUNCTION citybigdata.mask_phone(text), citybigdata.mask_name(text), citybigdata.mask_address(text),
    citybigdata.mask_id_number(text), citybigdata.mask_keep(text, integer, integer),
    citybigdata.mask_value(text, text, integer, integer)
    TO citybigdata_sysadmin, citybigdata_secadmin, citybigdata_analyst;

-- Analysts and system administrators publish what is theirs, and query what is published.
GRANT EXECUTE ON FUNCTION citybigdata.publish(text, jsonb), citybigdata.unpublish(text), citybigdata.query(text, jsonb),
    citybigdata.query_text(text, jsonb), citybigdata.query_parameters(), citybigdata.catalogue_problems()
    TO citybigdata_analyst, citybigdata_sysadmin;
GRANT SELECT ON citybigdata.resource_version, citybigdata.resource_field, citybigdata.resource_parameter
    TO citybigdata_analyst, citybigdata_sysadmin, citybigdata_secadmin, citybigdata_auditor;
GRANT EXECUTE ON FUNCTION citybigdata.publish_options(), citybigdata.option_error(text, text, jsonb), citybigdata.is_day(text)
    TO citybigdata_analyst, citybigdata_sysadmin;

-- What shows more than before needs the consent of another kind of administrator.
GRANT EXECUTE ON FUNCTION citybigdata.approve_levels(text, integer), citybigdata.refuse_levels(text, integer) TO citybigdata_secadmin;
GRANT SELECT ON citybigdata.level_proposal TO citybigdata_analyst, citybigdata_sysadmin, citybigdata_secadmin, citybigdata_auditor;

-- They define datasets, ingest and fuse. Staged rows carry the role's name, which nobody may choose; row security does the rest.
GRANT EXECUTE ON FUNCTION citybigdata.define_dataset(text, text, jsonb), citybigdata.ingest(text, jsonb), citybigdata.ingest_staged(text),
    citybigdata.ingest_insert(text, text, text[], jsonb[]), citybigdata.ingest_group(text, text[], text[], jsonb[]),
    citybigdata.ingest_columns(oid, text[]), citybigdata.ingest_command(text, text[], text[], boolean), citybigdata.clean_row(jsonb, jsonb), citybigdata.clean_text(text), citybigdata.clean_phone(text),
    citybigdata.text_similarity(text, text), citybigdata.check_option_names(jsonb, text[], text), citybigdata.fuse(text, text[], jsonb),
    citybigdata.fuse_source(text, integer, text, jsonb), citybigdata.fuse_records(text, jsonb), citybigdata.column_serves(oid, text),
    citybigdata.relation_columns(text, text, text)
    TO citybigdata_analyst, citybigdata_sysadmin;
GRANT SELECT ON citybigdata.dataset, citybigdata.ingest_batch, citybigdata.ingest_reject TO citybigdata_analyst, citybigdata_sysadmin;
GRANT INSERT (dataset_code, record) ON citybigdata.ingest_staging TO citybigdata_analyst, citybigdata_sysadmin;
GRANT SELECT, INSERT, DELETE ON citybigdata.fusion_member TO citybigdata_analyst, citybigdata_sysadmin;

-- Refused records may hold personal data: the dataset's owner sees them, nobody else of the analysts.
ALTER TABLE citybigdata.ingest_reject ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS ingest_reject_owner ON citybigdata.ingest_reject;
CREATE POLICY ingest_reject_owner ON citybigdata.ingest_reject FOR SELECT
    USING (EXISTS (SELECT FROM citybigdata.ingest_batch b JOIN citybigdata.dataset d ON d.dataset_code OPERATOR(pg_catalog.=) b.dataset_code
                   JOIN pg_catalog.pg_roles r ON r.rolname OPERATOR(pg_catalog.=) d.owner_role::name
                   WHERE b.batch_id OPERATOR(pg_catalog.=) ingest_reject.batch_id AND pg_catalog.pg_has_role(r.oid, 'MEMBER')));

-- Everybody fuses for himself and sees his own.
ALTER TABLE citybigdata.fusion_member ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS fusion_member_own ON citybigdata.fusion_member;
CREATE POLICY fusion_member_own ON citybigdata.fusion_member USING (fused_by OPERATOR(pg_catalog.=) CURRENT_USER);

-- Housekeeping is the system administrator's.
GRANT EXECUTE ON FUNCTION citybigdata.expire_ingested(integer) TO citybigdata_sysadmin;

-- grants/72-personal.sql
-- What is erased does not come back, and who runs the platform shall not choose it: the security administrator decides on a person's request.
GRANT EXECUTE ON FUNCTION citybigdata.erase_person(text, text, text, text, boolean) TO citybigdata_secadmin;
