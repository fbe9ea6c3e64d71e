-- Steps of cases (clause 4, 流程引擎): who has a case now, and what was asked for.

-- Work list 待办: one row of each case that waits for somebody, with what the list is filtered and ordered by. role: whose work it
-- is; holder: who claimed it or was assigned; null: it is in the pool of the role (and unit, division).
CREATE TABLE citybigdata.case_task (
    rec_id          integer NOT NULL CONSTRAINT case_task_pkey PRIMARY KEY,
    role            text NOT NULL,
    unit_code       text,
    division_code   text,
    holder          bigint,
    stage           text NOT NULL,
    state           integer NOT NULL,
    event_type_code text NOT NULL,
    paused          boolean NOT NULL DEFAULT false,
    deadline        timestamptz NOT NULL DEFAULT 'infinity',
    warning_time    timestamptz NOT NULL DEFAULT 'infinity',
    returned_from   text,
    since           timestamptz NOT NULL DEFAULT pg_catalog.now()
) WITH (fillfactor = 80);
CREATE INDEX case_task_role_idx ON citybigdata.case_task (role, paused, deadline, rec_id) WHERE holder IS NULL;
CREATE INDEX case_task_role_unit_code_idx ON citybigdata.case_task (role, unit_code, paused, deadline, rec_id) WHERE holder IS NULL AND unit_code IS NOT NULL;
CREATE INDEX case_task_holder_idx ON citybigdata.case_task (holder, paused, deadline, rec_id) WHERE holder IS NOT NULL;

-- What was asked for and waits for a decision, or was decided: verification, check, suspension, extension, supervision, appeal.
CREATE TABLE citybigdata.case_request (
    request_id   bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT case_request_pkey PRIMARY KEY,
    rec_id       integer NOT NULL,
    kind         text NOT NULL CONSTRAINT case_request_kind_check CHECK (kind OPERATOR(pg_catalog.=) ANY (ARRAY['verify', 'check', 'suspend', 'extension',
        'supervise', 'appeal'])),
    asked_at     timestamptz NOT NULL,
    asked_by     bigint,
    until        timestamptz,
    due          timestamptz,
    reason       text,
    state        text NOT NULL DEFAULT 'open' CONSTRAINT case_request_state_check CHECK (state OPERATOR(pg_catalog.=) ANY (ARRAY['open', 'granted', 'refused',
        'answered', 'withdrawn'])),
    decided_at   timestamptz,
    decided_by   bigint,
    first_by     bigint,
    first_result text CONSTRAINT case_request_first_result_check CHECK (first_result OPERATOR(pg_catalog.=) ANY (ARRAY['pass', 'fail'])),
    CONSTRAINT case_request_decided_check CHECK ((state OPERATOR(pg_catalog.=) 'open') OPERATOR(pg_catalog.=) (decided_at IS NULL)),
    CONSTRAINT case_request_first_check CHECK ((first_by IS NULL) OPERATOR(pg_catalog.=) (first_result IS NULL))
);
CREATE UNIQUE INDEX case_request_open_key ON citybigdata.case_request (rec_id, kind) WHERE state OPERATOR(pg_catalog.=) 'open';
CREATE INDEX case_request_rec_id_idx ON citybigdata.case_request (rec_id);
