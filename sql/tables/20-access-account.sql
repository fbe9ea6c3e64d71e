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
    password_held   boolean NOT NULL DEFAULT false,
    technical       boolean NOT NULL DEFAULT false
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
