-- Event: reported city-management problems (tables A.3-A.5).
-- Nothing here refers to sender or application: a restore loads the tables one after the other.
CREATE SEQUENCE citybigdata.event_rec_id_seq AS integer;
COMMENT ON SEQUENCE citybigdata.event_rec_id_seq IS 'recID: table A.5 says int and deployed senders read 32 bits, so it ends at 2147483647';

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
    CONSTRAINT event_sender_code_other_task_num_key UNIQUE (sender_code, other_task_num)
);
CREATE INDEX event_geom_idx ON citybigdata.event USING gist (geom);
CREATE INDEX event_district_code_create_time_idx ON citybigdata.event (district_code, create_time);
CREATE INDEX event_sender_code_update_time_idx ON citybigdata.event (sender_code, update_time);
COMMENT ON TABLE citybigdata.event IS 'Event 问题/案件: one row per reported city-management problem (table A.4)';
COMMENT ON COLUMN citybigdata.event.rec_id IS 'recID (table A.5), from event_rec_id_seq';
COMMENT ON COLUMN citybigdata.event.task_num IS 'taskNum 我方问题唯一标识: platform code, yyyyMMdd of receipt, rec_id in 10 digits, check character (ISO 7064 MOD 37,36)';
COMMENT ON COLUMN citybigdata.event.sender_code IS 'senderCode 发送方标识';
COMMENT ON COLUMN citybigdata.event.other_task_num IS 'otherTaskNum 第三方问题唯一标识, unique per sender';
COMMENT ON COLUMN citybigdata.event.event_desc IS 'eventDesc 问题描述';
COMMENT ON COLUMN citybigdata.event.address IS 'address 地址描述';
COMMENT ON COLUMN citybigdata.event.geom IS 'The place, CGCS2000 longitude and latitude: from coordinateX and coordinateY, else from the map coordinates';
COMMENT ON COLUMN citybigdata.event.coordinate_x IS 'coordinateX in the business plane, metres; computed when only map coordinates were reported';
COMMENT ON COLUMN citybigdata.event.coordinate_y IS 'coordinateY in the business plane, metres; computed when only map coordinates were reported';
COMMENT ON COLUMN citybigdata.event.map_longitude IS 'lontitude as reported, in the system of the online map';
COMMENT ON COLUMN citybigdata.event.map_latitude IS 'latitude as reported, in the system of the online map';
COMMENT ON COLUMN citybigdata.event.district_code IS 'districtCode (GB/T 2260, 6 digits), from the boundary where it was missing';
COMMENT ON COLUMN citybigdata.event.district_name IS 'districtName as reported, else the name of district_code';
COMMENT ON COLUMN citybigdata.event.street_code IS 'streetCode, 9 digits';
COMMENT ON COLUMN citybigdata.event.street_name IS 'streetName as reported, else the name of street_code';
COMMENT ON COLUMN citybigdata.event.community_code IS 'communityCode, 12 digits';
COMMENT ON COLUMN citybigdata.event.community_name IS 'communityName as reported, else the name of community_code';
COMMENT ON COLUMN citybigdata.event.event_src_id IS 'eventSrcID 问题来源标识, code table event-src';
COMMENT ON COLUMN citybigdata.event.rec_type_id IS 'recTypeID 事项类型标识, code table rec-type';
COMMENT ON COLUMN citybigdata.event.event_level_id IS 'eventLevelID 问题级别标识, code table event-level';
COMMENT ON COLUMN citybigdata.event.event_type_code IS 'eventTypeCode 问题类型标识, code table event-type';
COMMENT ON COLUMN citybigdata.event.main_type_code IS 'mainTypeCode 问题大类标识, code table event-type';
COMMENT ON COLUMN citybigdata.event.sub_type_code IS 'subTypeCode 问题小类标识, code table event-type';
COMMENT ON COLUMN citybigdata.event.human_name IS 'humanName 上报人: personal data';
COMMENT ON COLUMN citybigdata.event.cellphone IS 'cellphone 上报人手机号: personal data';
COMMENT ON COLUMN citybigdata.event.create_time IS 'createTime 上报时间; time of receipt when the sender gave none';
COMMENT ON COLUMN citybigdata.event.receive_time IS 'When the platform received the report';
COMMENT ON COLUMN citybigdata.event.update_time IS
'When the row was last written: clock_timestamp() read after pg_current_xact_id(), else the feed of updated events could miss it';
COMMENT ON COLUMN citybigdata.event.state IS 'Case state, code table event-state: 1 待受理, 3 立案派遣, 4 处理中, 5 核查结案, 6 结案, 7 作废, 8 挂账, 9 督查';
COMMENT ON COLUMN citybigdata.event.app_id IS 'Application that reported it; null from an SQL session';
COMMENT ON COLUMN citybigdata.event.sender_task_num IS 'taskNum as the sender gave it: kept, not ours';
COMMENT ON COLUMN citybigdata.event.media_count IS 'Number of rows in event_media';
COMMENT ON COLUMN citybigdata.event.step_count IS 'Number of rows in event_step';
COMMENT ON COLUMN citybigdata.event.content_digest IS 'SHA-256 of the normalised event without taskNum: tells a repeat from a conflict';
COMMENT ON COLUMN citybigdata.event.warnings IS 'Remarks at acceptance: [{pointer, statusCode, message}]';
COMMENT ON COLUMN citybigdata.event.ext IS 'Fields that table A.4 does not name, kept as reported (profile egova)';

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
COMMENT ON TABLE citybigdata.event_media IS 'Pictures, videos, voice and attachments of events (medias of table A.4)';
COMMENT ON COLUMN citybigdata.event_media.rec_id IS 'The event';
COMMENT ON COLUMN citybigdata.event_media.media_no IS 'Place in medias, from 1';
COMMENT ON COLUMN citybigdata.event_media.media_name IS 'mediaName 文件名';
COMMENT ON COLUMN citybigdata.event_media.media_type IS 'mediaType: IMAGE, VIDEO, VOICE or ATTACH';
COMMENT ON COLUMN citybigdata.event_media.media_usage IS 'mediaUsage: 上报, 核查, 核实 or 处置';
COMMENT ON COLUMN citybigdata.event_media.media_url IS 'mediaURL as reported';
COMMENT ON COLUMN citybigdata.event_media.content IS 'content, decoded';
COMMENT ON COLUMN citybigdata.event_media.sender_task_num IS 'taskNum that the sender wrote into the medium';
COMMENT ON COLUMN citybigdata.event_media.ext IS 'Fields that table A.4 does not name (profile egova)';

CREATE TABLE citybigdata.event_step (
    rec_id     integer     NOT NULL,
    step_no    integer     NOT NULL CONSTRAINT event_step_no_check CHECK (step_no OPERATOR(pg_catalog.>) 0),
    step_time  timestamptz NOT NULL,
    action     text        NOT NULL,
    from_state integer     NOT NULL,
    to_state   integer     NOT NULL,
    step_by    text,
    note       text,
    CONSTRAINT event_step_pkey PRIMARY KEY (rec_id, step_no),
    CONSTRAINT event_step_rec_id_fkey FOREIGN KEY (rec_id) REFERENCES citybigdata.event (rec_id) ON DELETE CASCADE
);
COMMENT ON TABLE citybigdata.event_step IS 'How an event moved from state to state after it was reported';
COMMENT ON COLUMN citybigdata.event_step.rec_id IS 'The event';
COMMENT ON COLUMN citybigdata.event_step.step_no IS 'Order of the steps, from 1; event.step_count is the last';
COMMENT ON COLUMN citybigdata.event_step.step_time IS 'When';
COMMENT ON COLUMN citybigdata.event_step.action IS 'What was done: dispatch, accept, handle, verify, close ...';
COMMENT ON COLUMN citybigdata.event_step.from_state IS 'State before, code table event-state';
COMMENT ON COLUMN citybigdata.event_step.to_state IS 'State after, code table event-state';
COMMENT ON COLUMN citybigdata.event_step.step_by IS 'Who did it';
COMMENT ON COLUMN citybigdata.event_step.note IS 'Remark';

CREATE TABLE citybigdata.event_idempotency (
    app_id      integer     NOT NULL,
    key         text        NOT NULL CONSTRAINT event_idempotency_key_check CHECK (pg_catalog.length(key) OPERATOR(pg_catalog.<=) 255),
    body_digest bytea       NOT NULL,
    data        text        NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT pg_catalog.now(),
    CONSTRAINT event_idempotency_pkey PRIMARY KEY (app_id, key)
);
CREATE INDEX event_idempotency_created_at_idx ON citybigdata.event_idempotency (created_at);
COMMENT ON TABLE citybigdata.event_idempotency IS 'First replies by Idempotency-Key; maintain() removes rows older than a day';
COMMENT ON COLUMN citybigdata.event_idempotency.app_id IS 'Application that used the key';
COMMENT ON COLUMN citybigdata.event_idempotency.key IS 'Idempotency-Key, at most 255 characters';
COMMENT ON COLUMN citybigdata.event_idempotency.body_digest IS 'SHA-256 of the body that the key was used with';
COMMENT ON COLUMN citybigdata.event_idempotency.data IS 'data of the first reply';
COMMENT ON COLUMN citybigdata.event_idempotency.created_at IS 'When the key was first used';
