-- The first administrators, made by first_administrators(): who waits for the first log-in. One of each role.
CREATE TABLE citybigdata.first_administrator (
    admin_role  text NOT NULL CONSTRAINT first_administrator_pkey PRIMARY KEY
        CONSTRAINT first_administrator_admin_role_check CHECK (admin_role OPERATOR(pg_catalog.=) ANY (ARRAY['sysadmin', 'secadmin', 'auditor'])),
    account_id  bigint NOT NULL CONSTRAINT first_administrator_account_id_key UNIQUE
        CONSTRAINT first_administrator_account_id_fkey REFERENCES citybigdata.account ON DELETE CASCADE,
    made_at     timestamptz NOT NULL DEFAULT pg_catalog.now(),
    enrol_until timestamptz NOT NULL,
    enrolled_at timestamptz
);
