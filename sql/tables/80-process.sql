-- Processes (clause 4, 流程引擎): a process is data, versioned; a running case keeps its version.
CREATE TABLE citybigdata.process (
    process_code text NOT NULL CONSTRAINT process_code_check CHECK (process_code OPERATOR(pg_catalog.~) '^[a-z][a-z0-9-]{0,62}$'),
    version      integer NOT NULL CONSTRAINT process_version_check CHECK (version OPERATOR(pg_catalog.>) 0),
    title        text NOT NULL,
    title_zh     text NOT NULL,
    definition   jsonb NOT NULL,
    shipped      boolean NOT NULL DEFAULT false,
    saved_at     timestamptz,
    saved_by     text NOT NULL,
    CONSTRAINT process_pkey PRIMARY KEY (process_code, version)
);

-- What the definitions come to, for the trigger that refuses an illegal move: stages with their states, and moves. A move whose
-- stages are equal stays.
CREATE TABLE citybigdata.process_stage (
    process_code text NOT NULL,
    version      integer NOT NULL,
    stage        text NOT NULL,
    state        integer NOT NULL,
    shipped      boolean NOT NULL DEFAULT false,
    CONSTRAINT process_stage_pkey PRIMARY KEY (process_code, version, stage)
);
CREATE TABLE citybigdata.process_move (
    process_code text NOT NULL,
    version      integer NOT NULL,
    from_stage   text NOT NULL,
    action       text NOT NULL,
    to_stage     text NOT NULL,
    shipped      boolean NOT NULL DEFAULT false,
    CONSTRAINT process_move_pkey PRIMARY KEY (process_code, version, from_stage, action, to_stage)
);

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
    since           timestamptz NOT NULL DEFAULT pg_catalog.now()
) WITH (fillfactor = 80);
CREATE INDEX case_task_role_idx ON citybigdata.case_task (role, unit_code, paused, deadline, rec_id);
CREATE INDEX case_task_holder_idx ON citybigdata.case_task (holder, paused, deadline, rec_id) WHERE holder IS NOT NULL;

-- What was asked for and waits for a decision, or was decided: verification, check, suspension, extension, supervision, appeal.
CREATE TABLE citybigdata.case_request (
    request_id  bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT case_request_pkey PRIMARY KEY,
    rec_id      integer NOT NULL,
    kind        text NOT NULL CONSTRAINT case_request_kind_check CHECK (kind OPERATOR(pg_catalog.=) ANY (ARRAY['verify', 'check', 'suspend', 'extension',
        'supervise', 'appeal'])),
    asked_at    timestamptz NOT NULL,
    asked_by    bigint,
    until       timestamptz,
    reason      text,
    state       text NOT NULL DEFAULT 'open' CONSTRAINT case_request_state_check CHECK (state OPERATOR(pg_catalog.=) ANY (ARRAY['open', 'granted', 'refused',
        'answered', 'withdrawn'])),
    decided_at  timestamptz,
    decided_by  bigint,
    first_by    bigint,
    due         timestamptz,
    CONSTRAINT case_request_decided_check CHECK ((state OPERATOR(pg_catalog.=) 'open') OPERATOR(pg_catalog.=) (decided_at IS NULL))
);
CREATE UNIQUE INDEX case_request_open_key ON citybigdata.case_request (rec_id, kind) WHERE state OPERATOR(pg_catalog.=) 'open';
CREATE INDEX case_request_rec_id_idx ON citybigdata.case_request (rec_id);
