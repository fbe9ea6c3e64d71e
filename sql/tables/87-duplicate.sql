-- Duplicates (clause 4): reports of one problem, and which case stands for them.

-- A case that is merged into another one, its main case; never a chain. A row ends when the merge is undone; the history of both is in
-- event_step (merge, unmerge, main_rec_id).
CREATE TABLE citybigdata.case_link (
    rec_id      integer NOT NULL CONSTRAINT case_link_pkey PRIMARY KEY
        CONSTRAINT case_link_rec_id_fkey REFERENCES citybigdata.event (rec_id) ON DELETE CASCADE,
    main_rec_id integer NOT NULL CONSTRAINT case_link_main_rec_id_fkey REFERENCES citybigdata.event (rec_id) ON DELETE CASCADE,
    linked_at   timestamptz NOT NULL,
    CONSTRAINT case_link_self_check CHECK (rec_id OPERATOR(pg_catalog.<>) main_rec_id)
);
CREATE INDEX case_link_main_rec_id_idx ON citybigdata.case_link (main_rec_id, rec_id);
CREATE TABLE citybigdata.case_link_archive (LIKE citybigdata.case_link INCLUDING DEFAULTS,
    CONSTRAINT case_link_archive_pkey PRIMARY KEY (rec_id));
CREATE INDEX case_link_archive_main_rec_id_idx ON citybigdata.case_link_archive (main_rec_id, rec_id);

-- What counts as near and recent, by type: the row with the longest code that the type begins with; '' is for all.
CREATE TABLE citybigdata.duplicate_setting (
    event_type_code text NOT NULL CONSTRAINT duplicate_setting_pkey PRIMARY KEY,
    radius          integer NOT NULL CONSTRAINT duplicate_setting_radius_check CHECK (radius BETWEEN 1 AND 2000),
    open_days       integer NOT NULL CONSTRAINT duplicate_setting_open_days_check CHECK (open_days BETWEEN 1 AND 3660),
    closed_days     integer NOT NULL CONSTRAINT duplicate_setting_closed_days_check CHECK (closed_days BETWEEN 0 AND 3660),
    also_types      text[] NOT NULL DEFAULT '{}'
        CONSTRAINT duplicate_setting_also_types_check CHECK (pg_catalog.cardinality(also_types) OPERATOR(pg_catalog.<=) 20),
    shipped         boolean NOT NULL DEFAULT false
);

-- Candidates: the cases of a type in a square of 0.005 degrees, by time. Each look reads a bounded number of rows, however many cases
-- there are at one place; open and closed ones apart, so that neither hides the others. Void ones are in neither.
CREATE INDEX event_duplicate_open_idx ON citybigdata.event (event_type_code, (pg_catalog.floor(st_x(geom) OPERATOR(pg_catalog.*) 200)::integer),
    (pg_catalog.floor(st_y(geom) OPERATOR(pg_catalog.*) 200)::integer), create_time) WHERE state OPERATOR(pg_catalog.<>) ALL (ARRAY[6, 7]);
CREATE INDEX event_duplicate_closed_idx ON citybigdata.event (event_type_code, (pg_catalog.floor(st_x(geom) OPERATOR(pg_catalog.*) 200)::integer),
    (pg_catalog.floor(st_y(geom) OPERATOR(pg_catalog.*) 200)::integer), create_time) WHERE state OPERATOR(pg_catalog.=) 6;
