-- The algorithm service: functions that are registered as interfaces, what they have computed, and jobs (clause 4, 算法服务).

-- Who the shipped algorithms belong to and run as; roles are shared by all databases of a cluster.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname OPERATOR(pg_catalog.=) 'citybigdata_algorithm') THEN
        CREATE ROLE citybigdata_algorithm NOLOGIN;
    END IF;
END
$$;

CREATE TABLE citybigdata.algorithm (
    algorithm_code text NOT NULL CONSTRAINT algorithm_pkey PRIMARY KEY
        CONSTRAINT algorithm_code_check CHECK (algorithm_code OPERATOR(pg_catalog.~) '^[a-z][a-z0-9-]{0,63}$'),
    state          text NOT NULL CONSTRAINT algorithm_state_check
        CHECK (state OPERATOR(pg_catalog.=) ANY (ARRAY['active', 'suspended', 'withdrawn'])),
    publisher      text NOT NULL,
    schema_name    text NOT NULL,
    function_name  text NOT NULL,
    arguments      text NOT NULL,
    title          text NOT NULL,
    title_zh       text NOT NULL,
    description    text NOT NULL,
    description_zh text NOT NULL,
    source         text NOT NULL,
    result         text NOT NULL CONSTRAINT algorithm_result_check CHECK (result OPERATOR(pg_catalog.=) ANY (ARRAY['table', 'json'])),
    level          integer NOT NULL CONSTRAINT algorithm_level_check CHECK (level BETWEEN 1 AND 3),
    cost           text NOT NULL CONSTRAINT algorithm_cost_check CHECK (cost OPERATOR(pg_catalog.=) ANY (ARRAY['quick', 'job'])),
    timeout        integer NOT NULL CONSTRAINT algorithm_timeout_check CHECK (timeout BETWEEN 100 AND 86400000),
    cache_for      integer NOT NULL CONSTRAINT algorithm_cache_for_check CHECK (cache_for BETWEEN 0 AND 31536000),
    keep_days      integer NOT NULL CONSTRAINT algorithm_keep_days_check CHECK (keep_days BETWEEN 1 AND 3660),
    data_version   jsonb,
    shipped        boolean NOT NULL DEFAULT false,
    registered_at  timestamptz,
    registered_by  text NOT NULL
);

CREATE TABLE citybigdata.algorithm_parameter (
    algorithm_code text NOT NULL CONSTRAINT algorithm_parameter_algorithm_code_fkey REFERENCES citybigdata.algorithm ON DELETE CASCADE,
    position       integer NOT NULL,
    name           text NOT NULL CONSTRAINT algorithm_parameter_name_check
        CHECK (name OPERATOR(pg_catalog.~) '^[a-z][A-Za-z0-9]{0,63}$' AND name OPERATOR(pg_catalog.!~*) '^xml'),
    argument       text NOT NULL,
    type_name      text NOT NULL,
    title          text NOT NULL,
    title_zh       text NOT NULL,
    description    text NOT NULL,
    description_zh text NOT NULL,
    unit           text,
    least          text,
    greatest       text,
    code_table     text,
    choices        text[],
    required       boolean NOT NULL,
    default_value  jsonb,
    CONSTRAINT algorithm_parameter_pkey PRIMARY KEY (algorithm_code, position),
    CONSTRAINT algorithm_parameter_name_key UNIQUE (algorithm_code, name),
    CONSTRAINT algorithm_parameter_argument_key UNIQUE (algorithm_code, argument)
);

CREATE TABLE citybigdata.algorithm_column (
    algorithm_code text NOT NULL CONSTRAINT algorithm_column_algorithm_code_fkey REFERENCES citybigdata.algorithm ON DELETE CASCADE,
    position       integer NOT NULL,
    name           text NOT NULL CONSTRAINT algorithm_column_name_check
        CHECK (name OPERATOR(pg_catalog.~) '^[a-z][A-Za-z0-9]{0,63}$' AND name OPERATOR(pg_catalog.!~*) '^xml'),
    column_name    text NOT NULL,
    type_name      text NOT NULL,
    title          text NOT NULL,
    title_zh       text NOT NULL,
    unit           text,
    CONSTRAINT algorithm_column_pkey PRIMARY KEY (algorithm_code, position),
    CONSTRAINT algorithm_column_name_key UNIQUE (algorithm_code, name)
);

-- What was computed. One row serves every caller who asks the same while it is fresh, and the jobs that made it.
CREATE TABLE citybigdata.analysis_result (
    result_id      bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT analysis_result_pkey PRIMARY KEY,
    algorithm_code text NOT NULL,
    request_digest bytea NOT NULL CONSTRAINT analysis_result_request_digest_check CHECK (pg_catalog.octet_length(request_digest) OPERATOR(pg_catalog.=) 32),
    document       text NOT NULL,
    seconds        double precision NOT NULL,
    computed_at    timestamptz NOT NULL,
    fresh_until    timestamptz NOT NULL,
    keep_until     timestamptz NOT NULL
);
CREATE INDEX analysis_result_request_idx ON citybigdata.analysis_result (request_digest, fresh_until);
CREATE INDEX analysis_result_keep_until_idx ON citybigdata.analysis_result (keep_until);

CREATE TABLE citybigdata.analysis_job (
    job_no         bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT analysis_job_pkey PRIMARY KEY,
    job_id         uuid NOT NULL CONSTRAINT analysis_job_job_id_key UNIQUE,
    algorithm_code text NOT NULL,
    app_id         integer NOT NULL CONSTRAINT analysis_job_app_id_fkey REFERENCES citybigdata.application,
    account_id     bigint CONSTRAINT analysis_job_account_id_fkey REFERENCES citybigdata.account,
    parameters     text NOT NULL,
    request_digest bytea NOT NULL CONSTRAINT analysis_job_request_digest_check CHECK (pg_catalog.octet_length(request_digest) OPERATOR(pg_catalog.=) 32),
    state          text NOT NULL DEFAULT 'waiting' CONSTRAINT analysis_job_state_check
        CHECK (state OPERATOR(pg_catalog.=) ANY (ARRAY['waiting', 'running', 'done', 'failed', 'cancelled', 'expired'])),
    tries          integer NOT NULL DEFAULT 0,
    claim          integer NOT NULL DEFAULT 0,
    created_at     timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
    started_at     timestamptz,
    ended_at       timestamptz,
    keep_until     timestamptz,
    status_code    integer,
    message        text,
    message_zh     text,
    result_id      bigint CONSTRAINT analysis_job_result_id_fkey REFERENCES citybigdata.analysis_result ON DELETE SET NULL,
    CONSTRAINT analysis_job_ended_check CHECK ((ended_at IS NULL) OPERATOR(pg_catalog.=) (state OPERATOR(pg_catalog.=) ANY (ARRAY['waiting', 'running'])))
);
CREATE INDEX analysis_job_open_idx ON citybigdata.analysis_job (job_no) WHERE state OPERATOR(pg_catalog.=) ANY (ARRAY['waiting', 'running']);
CREATE INDEX analysis_job_ended_at_idx ON citybigdata.analysis_job (ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX analysis_job_result_id_idx ON citybigdata.analysis_job (result_id) WHERE result_id IS NOT NULL;
