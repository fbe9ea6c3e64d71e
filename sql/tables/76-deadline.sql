-- Deadlines (clause 4): filing conditions and the clocks of cases.

-- Filing conditions 立案条件: several for a type; the limit hangs on the condition. limit_unit: 1 working days, 2 working hours,
-- 3 working minutes; 11, 12, 13 the same as running time (紧急). warning_share: part of the limit after which the light is yellow.
CREATE TABLE citybigdata.filing_condition (
    condition_code    text NOT NULL CONSTRAINT filing_condition_pkey PRIMARY KEY
        CONSTRAINT filing_condition_code_check CHECK (condition_code OPERATOR(pg_catalog.~) '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$'),
    event_type_code   text NOT NULL,
    condition_text    text NOT NULL,
    limit_amount      numeric NOT NULL CONSTRAINT filing_condition_limit_amount_check CHECK (limit_amount OPERATOR(pg_catalog.>) 0),
    limit_unit        integer NOT NULL CONSTRAINT filing_condition_limit_unit_check CHECK (limit_unit OPERATOR(pg_catalog.=) ANY (ARRAY[1, 2, 3, 11, 12, 13])),
    warning_share     double precision NOT NULL DEFAULT 0.75
        CONSTRAINT filing_condition_warning_share_check CHECK (warning_share OPERATOR(pg_catalog.>) 0 AND warning_share OPERATOR(pg_catalog.<=) 1),
    closing_condition text,
    unit_code         text,
    calendar          text,
    active            boolean NOT NULL DEFAULT true,
    updated_at        timestamptz NOT NULL DEFAULT pg_catalog.now(),
    CONSTRAINT filing_condition_text_key UNIQUE (event_type_code, condition_text)
);

-- Clocks of cases: of the stage that a case is in, and of the whole chain since it was filed. Times used are microseconds, of working
-- time unless running. The clock runs since running_since; else it stands (until resumes_at, null: without an end), or was stopped at
-- stopped_at. deadline and warning_time follow from budget, warning, consumed and running_since (resumes_at) by the calendar, and stay
-- as they were once they are over. next_due: when the clock job has something to do. No foreign key to event: a clock is written with
-- each report, which the key's check and its lock of the row would make dearer by a tenth; archive_events() takes clocks along.
CREATE TABLE citybigdata.case_clock (
    rec_id           integer NOT NULL,
    kind             text NOT NULL CONSTRAINT case_clock_kind_check CHECK (kind OPERATOR(pg_catalog.=) ANY (ARRAY['stage', 'chain'])),
    calendar         text NOT NULL,
    running          boolean NOT NULL,
    limit_amount     numeric NOT NULL,
    limit_unit       integer NOT NULL,
    limit_time       bigint NOT NULL CONSTRAINT case_clock_limit_time_check CHECK (limit_time OPERATOR(pg_catalog.>) 0),
    budget           bigint NOT NULL CONSTRAINT case_clock_budget_check CHECK (budget OPERATOR(pg_catalog.>) 0),
    warning          bigint NOT NULL,
    consumed         bigint NOT NULL DEFAULT 0 CONSTRAINT case_clock_consumed_check CHECK (consumed OPERATOR(pg_catalog.>=) 0),
    started_at       timestamptz NOT NULL,
    running_since    timestamptz,
    resumes_at       timestamptz,
    stopped_at       timestamptz,
    deadline         timestamptz,
    warning_time     timestamptz,
    extensions       integer NOT NULL DEFAULT 0 CONSTRAINT case_clock_extensions_check CHECK (extensions BETWEEN 0 AND 2),
    calendar_version bigint NOT NULL DEFAULT 0,
    guessed          boolean NOT NULL DEFAULT false,
    next_due         timestamptz,
    escalations      integer NOT NULL DEFAULT 0,
    CONSTRAINT case_clock_pkey PRIMARY KEY (rec_id, kind),
    CONSTRAINT case_clock_state_check CHECK (pg_catalog.num_nonnulls(running_since, resumes_at, stopped_at) OPERATOR(pg_catalog.<=) 1)
) WITH (fillfactor = 70);
CREATE INDEX case_clock_next_due_idx ON citybigdata.case_clock (next_due) WHERE next_due IS NOT NULL;
-- for deadlines that a loaded calendar changes, and for the cohort of those that were due in a time
CREATE INDEX case_clock_calendar_idx ON citybigdata.case_clock (calendar, calendar_version) WHERE stopped_at IS NULL AND NOT running;
CREATE INDEX case_clock_deadline_idx ON citybigdata.case_clock (deadline) WHERE kind OPERATOR(pg_catalog.=) 'chain';

-- How clocks ended: what is known of timeliness after the clock of the next stage took the place.
CREATE TABLE citybigdata.case_clock_stop (
    rec_id     integer NOT NULL,
    kind       text NOT NULL,
    stopped_at timestamptz NOT NULL,
    started_at timestamptz NOT NULL,
    deadline   timestamptz,
    budget     bigint NOT NULL,
    consumed   bigint NOT NULL,
    late       boolean NOT NULL,
    CONSTRAINT case_clock_stop_pkey PRIMARY KEY (rec_id, kind, stopped_at),
    CONSTRAINT case_clock_stop_rec_id_fkey FOREIGN KEY (rec_id) REFERENCES citybigdata.event (rec_id) ON DELETE CASCADE
);

-- Steps of escalation that were taken: each once for a run of a clock.
CREATE TABLE citybigdata.case_escalation (
    rec_id       integer NOT NULL,
    kind         text NOT NULL,
    started_at   timestamptz NOT NULL,
    rung         integer NOT NULL,
    at           text NOT NULL,
    roles        text NOT NULL,
    due          timestamptz NOT NULL,
    escalated_at timestamptz NOT NULL,
    CONSTRAINT case_escalation_pkey PRIMARY KEY (rec_id, kind, started_at, rung),
    CONSTRAINT case_escalation_rec_id_fkey FOREIGN KEY (rec_id) REFERENCES citybigdata.event (rec_id) ON DELETE CASCADE
);

-- Suspensions that are over, of cases that have no clock.
CREATE INDEX event_suspended_until_idx ON citybigdata.event (suspended_until) WHERE suspended_until IS NOT NULL;
