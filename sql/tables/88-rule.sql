-- Rules (clause 4, 规则引擎): a version is one row, which is never changed again. valid_to null: until the next version, or for ever.
-- ended: no rule, but the end of those before. geom: the place of `within`, read when the rule was saved; area: its box as west, east,
-- south, north.
CREATE TABLE citybigdata.rule (
    rule_no    bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT rule_pkey PRIMARY KEY,
    rule_code  text NOT NULL CONSTRAINT rule_code_check CHECK (rule_code OPERATOR(pg_catalog.~) '^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$'),
    version    integer NOT NULL CONSTRAINT rule_version_check CHECK (version OPERATOR(pg_catalog.>) 0),
    rule_order integer NOT NULL,
    valid_from timestamptz NOT NULL,
    valid_to   timestamptz,
    ended      boolean NOT NULL DEFAULT false,
    definition jsonb NOT NULL,
    geom       geometry(Geometry, 4490),
    area       double precision[],
    saved_at   timestamptz NOT NULL DEFAULT pg_catalog.now(),
    saved_by   text NOT NULL,
    CONSTRAINT rule_code_version_key UNIQUE (rule_code, version),
    CONSTRAINT rule_time_check CHECK (valid_to OPERATOR(pg_catalog.>) valid_from)
);

-- Which rules acted on a case, when it was reported or after a step. Written with the report, so without a foreign key: maintain()
-- removes what belongs to no case any more.
CREATE TABLE citybigdata.rule_act (
    rec_id   integer NOT NULL,
    acted_at timestamptz NOT NULL,
    step     text,
    rules    text[] NOT NULL
);
CREATE INDEX rule_act_rec_id_idx ON citybigdata.rule_act (rec_id);

-- Rules that failed, and were skipped.
CREATE TABLE citybigdata.rule_failure (
    failure_no  bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT rule_failure_pkey PRIMARY KEY,
    rule_code   text NOT NULL,
    version     integer NOT NULL,
    rec_id      integer NOT NULL,
    step        text,
    failed_at   timestamptz NOT NULL,
    status_code integer NOT NULL,
    message     text NOT NULL
);
CREATE INDEX rule_failure_rule_code_idx ON citybigdata.rule_failure (rule_code, version, failure_no);

-- The term `count`: squares of 1/500 degree, about 200 m, and the time of receipt. Trying a rule on past events: the time alone, which
-- grows with the table.
CREATE INDEX event_place_time_idx ON citybigdata.event ((pg_catalog.floor(st_x(geom) OPERATOR(pg_catalog.*) 500)::integer),
    (pg_catalog.floor(st_y(geom) OPERATOR(pg_catalog.*) 500)::integer), receive_time);
CREATE INDEX event_receive_time_idx ON citybigdata.event USING brin (receive_time);
