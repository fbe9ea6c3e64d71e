-- Archive: old cases as they were, and batch history (clause 4, business support).

-- Who owns the views that setup() publishes (sql/code/86-archive-resources.sql); roles are shared by all databases of a cluster.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname OPERATOR(pg_catalog.=) 'citybigdata_publisher') THEN
        CREATE ROLE citybigdata_publisher NOLOGIN;
    END IF;
END
$$;

-- Each table has the columns of the one that its rows come from, in the same order: rows are moved whole. No foreign keys: what is
-- moved was checked where it came from, and a purge removes a case from all of them.
CREATE TABLE citybigdata.event_archive (LIKE citybigdata.event INCLUDING DEFAULTS INCLUDING STORAGE,
    CONSTRAINT event_archive_pkey PRIMARY KEY (rec_id));
CREATE INDEX event_archive_sender_code_update_time_idx ON citybigdata.event_archive (sender_code, update_time);
CREATE INDEX event_archive_closed_idx ON citybigdata.event_archive ((coalesce(closed_at, update_time)), rec_id);
CREATE INDEX event_archive_create_time_idx ON citybigdata.event_archive (create_time, rec_id);
CREATE INDEX event_archive_event_type_code_idx ON citybigdata.event_archive (event_type_code, create_time, rec_id);
CREATE INDEX event_archive_unit_code_idx ON citybigdata.event_archive (unit_code, create_time, rec_id) WHERE unit_code IS NOT NULL;
CREATE INDEX event_archive_district_code_create_time_idx ON citybigdata.event_archive (district_code, create_time);
CREATE INDEX event_archive_street_code_idx ON citybigdata.event_archive (street_code, create_time, rec_id) WHERE street_code IS NOT NULL;
CREATE INDEX event_archive_sender_code_create_time_idx ON citybigdata.event_archive (sender_code, create_time, rec_id);
CREATE INDEX event_archive_geom_idx ON citybigdata.event_archive USING gist (geom);

CREATE TABLE citybigdata.event_media_archive (LIKE citybigdata.event_media INCLUDING DEFAULTS INCLUDING STORAGE,
    CONSTRAINT event_media_archive_pkey PRIMARY KEY (rec_id, media_no));

CREATE TABLE citybigdata.event_step_archive (LIKE citybigdata.event_step INCLUDING DEFAULTS INCLUDING STORAGE,
    CONSTRAINT event_step_archive_pkey PRIMARY KEY (rec_id, step_no));

CREATE TABLE citybigdata.case_clock_archive (LIKE citybigdata.case_clock INCLUDING DEFAULTS,
    CONSTRAINT case_clock_archive_pkey PRIMARY KEY (rec_id, kind));

CREATE TABLE citybigdata.case_clock_stop_archive (LIKE citybigdata.case_clock_stop INCLUDING DEFAULTS,
    CONSTRAINT case_clock_stop_archive_pkey PRIMARY KEY (rec_id, kind, stopped_at));

CREATE TABLE citybigdata.case_request_archive (LIKE citybigdata.case_request INCLUDING DEFAULTS,
    CONSTRAINT case_request_archive_pkey PRIMARY KEY (request_id));
CREATE INDEX case_request_archive_rec_id_idx ON citybigdata.case_request_archive (rec_id);

-- What a repeat is answered from, also after the case was purged.
CREATE TABLE citybigdata.event_archive_key (
    sender_code    text        NOT NULL,
    other_task_num text        NOT NULL,
    rec_id         integer     NOT NULL CONSTRAINT event_archive_key_rec_id_key UNIQUE,
    task_num       text        NOT NULL,
    content_digest bytea       NOT NULL,
    archived_at    timestamptz NOT NULL DEFAULT pg_catalog.now(),
    purged_at      timestamptz,
    CONSTRAINT event_archive_key_pkey PRIMARY KEY (sender_code, other_task_num)
);

-- Lists of cases (GET /events, resource cases): newest first, of all cases, those at work, a type, a unit, a street, a sender.
CREATE INDEX event_create_time_idx ON citybigdata.event (create_time, rec_id);
CREATE INDEX event_open_idx ON citybigdata.event (create_time, rec_id) WHERE state OPERATOR(pg_catalog.<>) ALL (ARRAY[6, 7]);
CREATE INDEX event_event_type_code_idx ON citybigdata.event (event_type_code, create_time, rec_id);
CREATE INDEX event_unit_code_idx ON citybigdata.event (unit_code, create_time, rec_id) WHERE unit_code IS NOT NULL;
CREATE INDEX event_street_code_idx ON citybigdata.event (street_code, create_time, rec_id) WHERE street_code IS NOT NULL;
CREATE INDEX event_sender_code_create_time_idx ON citybigdata.event (sender_code, create_time, rec_id);
-- For analysts and published resources that look a case up by its number; the platform itself works the recID out of it.
CREATE INDEX event_task_num_idx ON citybigdata.event (task_num);
CREATE INDEX event_archive_task_num_idx ON citybigdata.event_archive (task_num);
-- Steps by their time (resource case-steps).
CREATE INDEX event_step_step_time_idx ON citybigdata.event_step (step_time, rec_id, step_no);
CREATE INDEX event_step_archive_step_time_idx ON citybigdata.event_step_archive (step_time, rec_id, step_no);
-- Lights: the clocks that run or stand, by their deadline; and those that stand.
CREATE INDEX case_clock_open_idx ON citybigdata.case_clock (deadline, warning_time, rec_id) WHERE stopped_at IS NULL;
CREATE INDEX case_clock_paused_idx ON citybigdata.case_clock (rec_id) WHERE stopped_at IS NULL AND running_since IS NULL;
-- Which closed and void cases are due.
CREATE INDEX event_closed_idx ON citybigdata.event ((coalesce(closed_at, update_time))) WHERE state OPERATOR(pg_catalog.=) ANY (ARRAY[6, 7]);

-- COPY citybigdata.event_staging (data) FROM STDIN, then load_events().
CREATE TABLE citybigdata.event_staging (
    line         bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT event_staging_pkey PRIMARY KEY,
    sender_code  text,
    data         text        NOT NULL,
    state        integer,
    receive_time timestamptz,
    closed_time  timestamptz,
    steps        text,
    staged_by    name        NOT NULL DEFAULT CURRENT_USER,
    staged_at    timestamptz NOT NULL DEFAULT pg_catalog.now()
);

CREATE TABLE citybigdata.event_load (
    load_id     bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT event_load_pkey PRIMARY KEY,
    source      text        NOT NULL,
    sender_code text,
    loaded      bigint      NOT NULL DEFAULT 0,
    repeated    bigint      NOT NULL DEFAULT 0,
    rejected    bigint      NOT NULL DEFAULT 0,
    loaded_by   text        NOT NULL,
    loaded_at   timestamptz NOT NULL DEFAULT pg_catalog.now()
);
CREATE INDEX event_load_loaded_at_idx ON citybigdata.event_load (loaded_at);

CREATE TABLE citybigdata.event_load_reject (
    reject_id   bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT event_load_reject_pkey PRIMARY KEY,
    load_id     bigint  NOT NULL CONSTRAINT event_load_reject_load_id_fkey REFERENCES citybigdata.event_load,
    line        bigint  NOT NULL,
    sender_code text,
    data        text,
    status_code integer NOT NULL,
    errors      jsonb
);
CREATE INDEX event_load_reject_load_id_idx ON citybigdata.event_load_reject (load_id, line);
