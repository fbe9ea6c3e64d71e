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
