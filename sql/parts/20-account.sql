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
    review_note     text
);
-- Names that differ in case only would be one trap for users and another for reviewers.
CREATE UNIQUE INDEX account_user_name_key ON citybigdata.account (pg_catalog.lower(user_name COLLATE pg_catalog."C"));
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

-- Failed log-ins and registrations. One row per client address, per user name (known or not) and per appCode.
CREATE TABLE citybigdata.lockout (
    kind            text NOT NULL
        CONSTRAINT lockout_kind_check CHECK (kind OPERATOR(pg_catalog.=) ANY (ARRAY['address', 'account', 'application', 'registration'])),
    subject         text NOT NULL,
    failures        integer NOT NULL,
    confirmed       integer NOT NULL,
    last_attempt_at timestamptz NOT NULL,
    locked_until    timestamptz,
    CONSTRAINT lockout_pkey PRIMARY KEY (kind, subject)
) WITH (fillfactor = 50);
COMMENT ON TABLE citybigdata.lockout IS 'Failed log-ins and what they locked (clause 5.2-e); maintain() removes stale rows';
COMMENT ON COLUMN citybigdata.lockout.kind IS 'address (IPv4, or IPv6 by /64), account (user name, known or not), application (appCode, known or not), registration (address, registrations)';
COMMENT ON COLUMN citybigdata.lockout.subject IS 'The address (of a registration too), the user name in small letters (totp:name for the second factor), or the appCode';
COMMENT ON COLUMN citybigdata.lockout.failures IS 'Attempts reserved and not yet undone by success; a password attempt is counted before it is checked';
COMMENT ON COLUMN citybigdata.lockout.confirmed IS 'How many of them were checked and found wrong; the difference is still being checked';
COMMENT ON COLUMN citybigdata.lockout.last_attempt_at IS 'The last attempt; the count starts anew citybigdata.lockout_duration after it';
COMMENT ON COLUMN citybigdata.lockout.locked_until IS 'Every attempt is refused until then; null = not locked';

-- Attempts that rest_login_reserve() counted and whose password is still to be checked.
CREATE UNLOGGED TABLE citybigdata.login_reservation (
    reservation_id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT login_reservation_pkey PRIMARY KEY,
    request_id     text NOT NULL,
    user_name      text NOT NULL,
    address        text NOT NULL,
    reserved_at    timestamptz NOT NULL DEFAULT pg_catalog.now()
);
CREATE INDEX login_reservation_request_id_idx ON citybigdata.login_reservation (request_id);
COMMENT ON TABLE citybigdata.login_reservation IS
'Log-in attempts counted in one transaction and checked in the next; unlogged: after a crash the count stays and the attempt is void';
COMMENT ON COLUMN citybigdata.login_reservation.reservation_id IS 'Number of the reservation';
COMMENT ON COLUMN citybigdata.login_reservation.request_id IS 'The request that made it and alone may use it, once';
COMMENT ON COLUMN citybigdata.login_reservation.user_name IS 'User name in small letters';
COMMENT ON COLUMN citybigdata.login_reservation.address IS 'Client address as in lockout.subject, empty when unknown';
COMMENT ON COLUMN citybigdata.login_reservation.reserved_at IS 'When it was made';
