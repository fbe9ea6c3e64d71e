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
