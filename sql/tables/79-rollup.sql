-- Daily roll-ups of case facts (clause 4, 统计指标): sums of counters by day, so that indicators of ten million cases are sums of these.

-- Rows are only added: those of portions of cases that were folded, and with their sign turned those of cases that were taken out again.
-- The sum of the rows of a group counts; maintain() puts them together (appended false). What of a dimension is not asked for is null.
CREATE TABLE citybigdata.case_rollup (
    dimension       text    NOT NULL CONSTRAINT case_rollup_dimension_check CHECK (dimension OPERATOR(pg_catalog.=) ANY (ARRAY['community', 'street', 'unit', 'type', 'source'])),
    cohort          text    NOT NULL CONSTRAINT case_rollup_cohort_check CHECK (cohort OPERATOR(pg_catalog.=) ANY (ARRAY['reported', 'due'])),
    day             date    NOT NULL,
    appended        boolean NOT NULL DEFAULT true,
    event_src_id    integer,
    district_code   text,
    street_code     text,
    community_code  text,
    unit_code       text,
    event_type_code text,
    main_type_code  text,
    sub_type_code   text,
    cases           integer NOT NULL,
    counters        integer[] NOT NULL
);
CREATE INDEX case_rollup_day_idx ON citybigdata.case_rollup (dimension, cohort, day);
CREATE INDEX case_rollup_appended_idx ON citybigdata.case_rollup (dimension, cohort, day) WHERE appended;
