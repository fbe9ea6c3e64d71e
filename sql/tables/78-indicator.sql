-- Indicators (clause 4): counters of each case, 0 or 1, of which every rate is a quotient of sums.

-- Sources of reports (code table event-src) that count as reports of the public 公众上报; all others are inspectors' and systems'.
CREATE TABLE citybigdata.public_source (
    event_src_id integer NOT NULL CONSTRAINT public_source_pkey PRIMARY KEY
);

CREATE TABLE citybigdata.case_fact (
    rec_id           integer  NOT NULL CONSTRAINT case_fact_pkey PRIMARY KEY,
    report           smallint NOT NULL DEFAULT 1,
    public_report    smallint NOT NULL DEFAULT 0,
    valid_report     smallint NOT NULL DEFAULT 0,
    operate          smallint NOT NULL DEFAULT 0,
    inst             smallint NOT NULL DEFAULT 0,
    intime_inst      smallint NOT NULL DEFAULT 0,
    accur_inst       smallint NOT NULL DEFAULT 0,
    not_inst         smallint NOT NULL DEFAULT 0,
    need_dispatch    smallint NOT NULL DEFAULT 0,
    dispatch         smallint NOT NULL DEFAULT 0,
    intime_dispatch  smallint NOT NULL DEFAULT 0,
    accur_dispatch   smallint NOT NULL DEFAULT 0,
    wrong_dispatch   smallint NOT NULL DEFAULT 0,
    need_dispose     smallint NOT NULL DEFAULT 0,
    dispose          smallint NOT NULL DEFAULT 0,
    intime_dispose   smallint NOT NULL DEFAULT 0,
    overtime_dispose smallint NOT NULL DEFAULT 0,
    need_verify      smallint NOT NULL DEFAULT 0,
    verify           smallint NOT NULL DEFAULT 0,
    intime_verify    smallint NOT NULL DEFAULT 0,
    need_check       smallint NOT NULL DEFAULT 0,
    "check"          smallint NOT NULL DEFAULT 0,
    intime_check     smallint NOT NULL DEFAULT 0,
    archive          smallint NOT NULL DEFAULT 0,
    intime_archive   smallint NOT NULL DEFAULT 0,
    overtime_archive smallint NOT NULL DEFAULT 0,
    rework           smallint NOT NULL DEFAULT 0,
    multi_rework     smallint NOT NULL DEFAULT 0,
    back             smallint NOT NULL DEFAULT 0,
    hang             smallint NOT NULL DEFAULT 0,
    his_hang         smallint NOT NULL DEFAULT 0,
    postpone         smallint NOT NULL DEFAULT 0,
    exempt           smallint NOT NULL DEFAULT 0,
    cancel           smallint NOT NULL DEFAULT 0,
    visit            smallint NOT NULL DEFAULT 0,
    satisfied        smallint NOT NULL DEFAULT 0,
    neutral          smallint NOT NULL DEFAULT 0,
    unsatisfied      smallint NOT NULL DEFAULT 0,
    merged           smallint NOT NULL DEFAULT 0,
    reporter         bigint,
    verifier         bigint,
    filer            bigint,
    dispatcher       bigint,
    disposer         bigint,
    checker          bigint,
    closer           bigint,
    bundle_begin     timestamptz,
    bundle_end       timestamptz,
    dispose_begin    timestamptz,
    dispose_end      timestamptz,
    report_time      timestamptz NOT NULL,
    bundle_deadline  timestamptz,
    district_code    text,
    street_code      text,
    community_code   text,
    unit_code        text,
    event_src_id     integer NOT NULL,
    event_type_code  text NOT NULL,
    main_type_code   text,
    sub_type_code    text,
    folded           boolean  NOT NULL DEFAULT false
) WITH (fillfactor = 70);
CREATE INDEX case_fact_report_time_idx ON citybigdata.case_fact (report_time);
-- cases that the roll-ups do not hold; a step changes nothing of it, so that its new row is still a heap-only one
CREATE INDEX case_fact_unfolded_idx ON citybigdata.case_fact (report_time) WHERE NOT folded;

-- Formulas of rates: quotients of sums of counters. Some denominators are for each site to confirm, so they are data.
CREATE TABLE citybigdata.indicator (
    code        text NOT NULL CONSTRAINT indicator_pkey PRIMARY KEY
        CONSTRAINT indicator_code_check CHECK (code OPERATOR(pg_catalog.~) '^[a-z][a-z0-9_]{0,62}$'),
    title       text NOT NULL,
    title_zh    text NOT NULL,
    numerator   text[] NOT NULL,
    denominator text[] NOT NULL,
    confirmed   boolean NOT NULL DEFAULT true,
    sort        integer NOT NULL DEFAULT 0,
    shipped     boolean NOT NULL DEFAULT false
);
