-- Event: reported city-management problems (tables A.3-A.5).
-- Nothing here refers to sender or application: a restore loads the tables one after the other.
CREATE SEQUENCE citybigdata.event_rec_id_seq AS integer;

CREATE TABLE citybigdata.event (
    rec_id           integer          NOT NULL CONSTRAINT event_pkey PRIMARY KEY,
    task_num         text             NOT NULL,
    sender_code      text             NOT NULL,
    other_task_num   text             NOT NULL,
    event_desc       text             NOT NULL,
    address          text             NOT NULL,
    geom             geometry(Point, 4490) NOT NULL,
    coordinate_x     double precision NOT NULL,
    coordinate_y     double precision NOT NULL,
    map_longitude    double precision,
    map_latitude     double precision,
    district_code    text,
    district_name    text,
    street_code      text,
    street_name      text,
    community_code   text,
    community_name   text,
    event_src_id     integer          NOT NULL,
    rec_type_id      integer          NOT NULL,
    event_level_id   integer,
    event_type_code  text             NOT NULL,
    main_type_code   text,
    sub_type_code    text,
    human_name       text,
    cellphone        text,
    create_time      timestamptz      NOT NULL,
    receive_time     timestamptz      NOT NULL,
    update_time      timestamptz      NOT NULL,
    state            integer          NOT NULL DEFAULT 1,
    app_id           integer,
    sender_task_num  text,
    media_count      integer          NOT NULL DEFAULT 0,
    step_count       integer          NOT NULL DEFAULT 0,
    content_digest   bytea            NOT NULL,
    warnings         jsonb,
    ext              jsonb,
    personal         bytea,
    version          integer NOT NULL DEFAULT 0,
    process_code     text,
    process_version  integer,
    stage            text,
    base_state       integer,
    unit_code        text,
    holder           bigint,
    condition_code   text,
    part_code        text,
    supervised       boolean NOT NULL DEFAULT false,
    suspended_until  timestamptz,
    rework_count     integer NOT NULL DEFAULT 0,
    closed_at        timestamptz,
    CONSTRAINT event_sender_code_other_task_num_key UNIQUE (sender_code, other_task_num)
);
CREATE INDEX event_geom_idx ON citybigdata.event USING gist (geom);
CREATE INDEX event_district_code_create_time_idx ON citybigdata.event (district_code, create_time);
CREATE INDEX event_sender_code_update_time_idx ON citybigdata.event (sender_code, update_time);

CREATE TABLE citybigdata.event_media (
    rec_id          integer NOT NULL,
    media_no        integer NOT NULL CONSTRAINT event_media_no_check CHECK (media_no OPERATOR(pg_catalog.>) 0),
    media_name      text    NOT NULL,
    media_type      text    NOT NULL CONSTRAINT event_media_type_check CHECK (media_type OPERATOR(pg_catalog.=) ANY (ARRAY['IMAGE', 'VIDEO', 'VOICE', 'ATTACH'])),
    media_usage     text    NOT NULL,
    media_url       text,
    content         bytea,
    sender_task_num text,
    ext             jsonb,
    CONSTRAINT event_media_pkey PRIMARY KEY (rec_id, media_no),
    CONSTRAINT event_media_rec_id_fkey FOREIGN KEY (rec_id) REFERENCES citybigdata.event (rec_id) ON DELETE CASCADE,
    CONSTRAINT event_media_source_check CHECK (media_url IS NOT NULL OR content IS NOT NULL)
);
-- pictures, sound and video are compressed already
ALTER TABLE citybigdata.event_media ALTER COLUMN content SET STORAGE EXTERNAL;

CREATE TABLE citybigdata.event_step (
    rec_id     integer     NOT NULL,
    step_no    integer     NOT NULL CONSTRAINT event_step_no_check CHECK (step_no OPERATOR(pg_catalog.>) 0),
    step_time  timestamptz NOT NULL,
    action     text        NOT NULL,
    from_state integer     NOT NULL,
    to_state   integer     NOT NULL,
    step_by    text,
    note       text,
    result     text CONSTRAINT event_step_result_check CHECK (result OPERATOR(pg_catalog.=) ANY (ARRAY['pass', 'fail'])),
    from_stage text,
    to_stage   text,
    by_role    text,
    by_unit    text,
    by_account bigint,
    by_app     integer,
    to_unit    text,
    to_account bigint,
    reason     text,
    until      timestamptz,
    evaluation integer CONSTRAINT event_step_evaluation_check CHECK (evaluation BETWEEN 1 AND 5),
    media_from integer,
    media_to   integer,
    version    integer NOT NULL DEFAULT 0,
    main_rec_id integer,
    CONSTRAINT event_step_pkey PRIMARY KEY (rec_id, step_no),
    CONSTRAINT event_step_rec_id_fkey FOREIGN KEY (rec_id) REFERENCES citybigdata.event (rec_id) ON DELETE CASCADE
);

CREATE TABLE citybigdata.event_idempotency (
    app_id      integer     NOT NULL,
    key         text        NOT NULL CONSTRAINT event_idempotency_key_check CHECK (pg_catalog.length(key) OPERATOR(pg_catalog.<=) 255),
    body_digest bytea       NOT NULL,
    data        text        NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT pg_catalog.now(),
    account_id  bigint      NOT NULL DEFAULT 0,
    CONSTRAINT event_idempotency_pkey PRIMARY KEY (app_id, account_id, key)
);
CREATE INDEX event_idempotency_created_at_idx ON citybigdata.event_idempotency (created_at);
