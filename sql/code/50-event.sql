-- Event: validating, reporting, reading. The same C code serves SQL and the endpoints.
-- SECURITY DEFINER: callers need no right on the tables, only on the function.
COMMENT ON SEQUENCE citybigdata.event_rec_id_seq IS 'recID: table A.5 says int and deployed senders read 32 bits, so it ends at 2147483647';
COMMENT ON TABLE citybigdata.event IS 'Event 问题/案件: one row per reported city-management problem (table A.4)';
COMMENT ON COLUMN citybigdata.event.rec_id IS 'recID 问题标识 (table A.5), from event_rec_id_seq';
COMMENT ON COLUMN citybigdata.event.task_num IS 'taskNum 我方问题唯一标识: platform code, yyyyMMdd of receipt, rec_id in 10 digits, check character (ISO 7064 MOD 37,36)';
COMMENT ON COLUMN citybigdata.event.sender_code IS 'senderCode 发送方标识';
COMMENT ON COLUMN citybigdata.event.other_task_num IS 'otherTaskNum 第三方问题唯一标识, unique per sender';
COMMENT ON COLUMN citybigdata.event.event_desc IS 'eventDesc 问题描述';
COMMENT ON COLUMN citybigdata.event.address IS 'address 地址描述';
COMMENT ON COLUMN citybigdata.event.geom IS 'The place, CGCS2000 longitude and latitude: from coordinateX and coordinateY, else from the map coordinates';
COMMENT ON COLUMN citybigdata.event.coordinate_x IS 'coordinateX x坐标 in the business plane, metres; computed when only map coordinates were reported';
COMMENT ON COLUMN citybigdata.event.coordinate_y IS 'coordinateY y坐标 in the business plane, metres; computed when only map coordinates were reported';
COMMENT ON COLUMN citybigdata.event.map_longitude IS 'lontitude 经度, as reported, in the system of the online map';
COMMENT ON COLUMN citybigdata.event.map_latitude IS 'latitude 纬度, as reported, in the system of the online map';
COMMENT ON COLUMN citybigdata.event.district_code IS 'districtCode 所属区域代码 (GB/T 2260, 6 digits), from the boundary where it was missing';
COMMENT ON COLUMN citybigdata.event.district_name IS 'districtName 所属区域, as reported, else the name of district_code';
COMMENT ON COLUMN citybigdata.event.street_code IS 'streetCode 所属街道代码, 9 digits';
COMMENT ON COLUMN citybigdata.event.street_name IS 'streetName 所属街道, as reported, else the name of street_code';
COMMENT ON COLUMN citybigdata.event.community_code IS 'communityCode 所属社区代码, 12 digits';
COMMENT ON COLUMN citybigdata.event.community_name IS 'communityName 所属社区, as reported, else the name of community_code';
COMMENT ON COLUMN citybigdata.event.event_src_id IS 'eventSrcID 问题来源标识, code table event-src';
COMMENT ON COLUMN citybigdata.event.rec_type_id IS 'recTypeID 事项类型标识, code table rec-type';
COMMENT ON COLUMN citybigdata.event.event_level_id IS 'eventLevelID 问题级别标识, code table event-level';
COMMENT ON COLUMN citybigdata.event.event_type_code IS 'eventTypeCode 问题类型标识, code table event-type';
COMMENT ON COLUMN citybigdata.event.main_type_code IS 'mainTypeCode 问题大类标识, code table event-type';
COMMENT ON COLUMN citybigdata.event.sub_type_code IS 'subTypeCode 问题小类标识, code table event-type';
COMMENT ON COLUMN citybigdata.event.human_name IS 'humanName 上报人: personal data; null when it is in personal';
COMMENT ON COLUMN citybigdata.event.cellphone IS 'cellphone 上报人手机号: personal data; null when it is in personal';
COMMENT ON COLUMN citybigdata.event.create_time IS 'createTime 上报时间; time of receipt when the sender gave none';
COMMENT ON COLUMN citybigdata.event.receive_time IS 'receiveTime 接收时间: when the platform received the report';
COMMENT ON COLUMN citybigdata.event.update_time IS
'When the row was last written: clock_timestamp() read after pg_current_xact_id(), else the feed of updated events could miss it';
COMMENT ON COLUMN citybigdata.event.state IS 'Case state, code table event-state: 1 待受理, 3 立案派遣, 4 处理中, 5 核查结案, 6 结案, 7 作废, 8 挂账, 9 督查';
COMMENT ON COLUMN citybigdata.event.app_id IS 'Application that reported it; null from an SQL session';
COMMENT ON COLUMN citybigdata.event.sender_task_num IS 'taskNum 问题任务号 of the sender: stored only';
COMMENT ON COLUMN citybigdata.event.media_count IS 'Number of rows in event_media';
COMMENT ON COLUMN citybigdata.event.step_count IS 'Number of rows in event_step';
COMMENT ON COLUMN citybigdata.event.content_digest IS 'SHA-256 of the normalised event without taskNum: tells a repeat from a conflict; encrypted where personal is';
COMMENT ON COLUMN citybigdata.event.warnings IS 'Warnings given at acceptance: [{pointer, statusCode, message}]';
COMMENT ON COLUMN citybigdata.event.personal IS 'human_name and cellphone encrypted by the key file (citybigdata.encrypt_personal); event_person() reads it';
COMMENT ON COLUMN citybigdata.event.ext IS 'Fields that table A.4 does not name, kept as reported (profile egova)';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.event', '');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.event_rec_id_seq', '');

COMMENT ON TABLE citybigdata.event_media IS 'Pictures, videos, voice and attachments of events (medias of table A.4)';
COMMENT ON COLUMN citybigdata.event_media.rec_id IS 'The event';
COMMENT ON COLUMN citybigdata.event_media.media_no IS 'Place in medias, from 1';
COMMENT ON COLUMN citybigdata.event_media.media_name IS 'mediaName 文件名';
COMMENT ON COLUMN citybigdata.event_media.media_type IS 'mediaType 多媒体类型: IMAGE, VIDEO, VOICE or ATTACH';
COMMENT ON COLUMN citybigdata.event_media.media_usage IS 'mediaUsage 多媒体用途: 上报, 核查, 核实 or 处置';
COMMENT ON COLUMN citybigdata.event_media.media_url IS 'mediaURL 多媒体网址, as reported';
COMMENT ON COLUMN citybigdata.event_media.content IS 'content, decoded';
COMMENT ON COLUMN citybigdata.event_media.sender_task_num IS 'taskNum that the sender wrote into the medium';
COMMENT ON COLUMN citybigdata.event_media.ext IS 'Fields that table A.4 does not name (profile egova)';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.event_media', '');

COMMENT ON TABLE citybigdata.event_step IS 'How an event moved from state to state after it was reported';
COMMENT ON COLUMN citybigdata.event_step.rec_id IS 'The event';
COMMENT ON COLUMN citybigdata.event_step.step_no IS 'Order of the steps, from 1; event.step_count is the last';
COMMENT ON COLUMN citybigdata.event_step.step_time IS 'When';
COMMENT ON COLUMN citybigdata.event_step.action IS 'What was done: dispatch, accept, handle, verify, close ...';
COMMENT ON COLUMN citybigdata.event_step.from_state IS 'State before, code table event-state';
COMMENT ON COLUMN citybigdata.event_step.to_state IS 'State after, code table event-state';
COMMENT ON COLUMN citybigdata.event_step.step_by IS 'Who did it';
COMMENT ON COLUMN citybigdata.event_step.note IS 'Note';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.event_step', '');

COMMENT ON TABLE citybigdata.event_idempotency IS 'First replies by Idempotency-Key; maintain() removes rows older than a day';
COMMENT ON COLUMN citybigdata.event_idempotency.app_id IS 'Application that used the key';
COMMENT ON COLUMN citybigdata.event_idempotency.account_id IS 'Operator that used the key; 0: the application''s own key';
COMMENT ON COLUMN citybigdata.event_idempotency.key IS 'Idempotency-Key, at most 255 characters';
COMMENT ON COLUMN citybigdata.event_idempotency.body_digest IS 'SHA-256 of the body that the key was used with';
COMMENT ON COLUMN citybigdata.event_idempotency.data IS 'data of the first reply; of a step of a case its warnings';
COMMENT ON COLUMN citybigdata.event_idempotency.created_at IS 'When the key was first used';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.event_idempotency', '');

CREATE OR REPLACE FUNCTION citybigdata.validate_event(data json, profile text DEFAULT 'strict',
        OUT pointer text, OUT status_code integer, OUT message text, OUT severity text) RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'cbd_validate_event' LANGUAGE c STABLE SECURITY DEFINER ROWS 3 COST 1000 SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.validate_event(json, text) IS
'Checks an event of table A.4: one row per error or warning (severity); no row = valid. '
'pointer: RFC 6901 into data; profile: strict or egova';

CREATE OR REPLACE FUNCTION citybigdata.validate_event(data text, profile text DEFAULT 'strict',
        OUT pointer text, OUT status_code integer, OUT message text, OUT severity text) RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'cbd_validate_event' LANGUAGE c STABLE SECURITY DEFINER ROWS 3 COST 1000 SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.validate_event(text, text) IS
'validate_event of a text: what is not JSON gives a row, not an error';

CREATE OR REPLACE FUNCTION citybigdata.validate_event(data jsonb, profile text DEFAULT 'strict',
        OUT pointer text, OUT status_code integer, OUT message text, OUT severity text) RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'cbd_validate_event_jsonb' LANGUAGE c STABLE SECURITY DEFINER ROWS 3 COST 1000 SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.validate_event(jsonb, text) IS
'validate_event of a jsonb, which has lost duplicate keys already';

CREATE OR REPLACE FUNCTION citybigdata.report_event(sender text, data json, profile text DEFAULT NULL,
        OUT rec_id integer, OUT task_num text, OUT status_code integer, OUT errors jsonb, OUT warnings jsonb) RETURNS record
    AS 'MODULE_PATHNAME', 'cbd_report_event' LANGUAGE c VOLATILE SECURITY DEFINER COST 10000 SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.report_event(text, json, text) IS
'Validates and stores one event of a sender. status_code 0: stored, or reported before with the same content; 40901: reported before with other '
'content, rec_id and task_num are the first ones; else errors tells why. profile: strict or egova; null = that of the sender''s application, else strict';

CREATE OR REPLACE FUNCTION citybigdata.report_event(sender text, data text, profile text DEFAULT NULL,
        OUT rec_id integer, OUT task_num text, OUT status_code integer, OUT errors jsonb, OUT warnings jsonb) RETURNS record
    AS 'MODULE_PATHNAME', 'cbd_report_event' LANGUAGE c VOLATILE SECURITY DEFINER COST 10000 SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.report_event(text, text, text) IS 'report_event of a text: what is not JSON is refused in a row, not by a raised error';

CREATE OR REPLACE FUNCTION citybigdata.report_event(sender text, data jsonb, profile text DEFAULT NULL,
        OUT rec_id integer, OUT task_num text, OUT status_code integer, OUT errors jsonb, OUT warnings jsonb) RETURNS record
    AS 'MODULE_PATHNAME', 'cbd_report_event_jsonb' LANGUAGE c VOLATILE SECURITY DEFINER COST 10000 SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.report_event(text, jsonb, text) IS 'report_event of a jsonb, which has lost duplicate keys already';

CREATE OR REPLACE FUNCTION citybigdata.report_events(sender text, data json[], profile text DEFAULT NULL,
        OUT rec_id integer, OUT task_num text, OUT status_code integer, OUT errors jsonb, OUT warnings jsonb) RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'cbd_report_events' LANGUAGE c VOLATILE SECURITY DEFINER COST 100000 SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.report_events(text, json[], text) IS
'report_event for each element, in one transaction: one row per element in their order; bad ones tell why, good ones are kept';

CREATE OR REPLACE FUNCTION citybigdata.report_events(sender text, data text[], profile text DEFAULT NULL,
        OUT rec_id integer, OUT task_num text, OUT status_code integer, OUT errors jsonb, OUT warnings jsonb) RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'cbd_report_events' LANGUAGE c VOLATILE SECURITY DEFINER COST 100000 SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.report_events(text, text[], text) IS 'report_events of texts';

-- Endpoints: see extension/rest.h for the call context and the reply frame.
CREATE OR REPLACE FUNCTION citybigdata.rest_event_report(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
        sender_code text, action_type text, data text, dry_run boolean, idempotency_key text, body_digest bytea) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_event_report' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_event_report(text, inet, text, text, bytea, text, text, text, boolean, text, bytea) IS
'POST /events (tables A.3-A.5): reply frame with data {recID, taskNum}';

CREATE OR REPLACE FUNCTION citybigdata.rest_event_upstream(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
        sender_code text, action_type text, data text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_event_upstream' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_event_upstream(text, inet, text, text, bytea, text, text, text) IS
'POST /openapi/v2/upstream[/uprecreport]: always profile egova; without a credential by senderCode and client address';

CREATE OR REPLACE FUNCTION citybigdata.rest_event_get(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
        task_num text, time_format text, crs text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_event_get' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_event_get(text, inet, text, text, bytea, text, text, text) IS
'GET /events/{taskNum}: reply frame with one case';

CREATE OR REPLACE FUNCTION citybigdata.rest_event_find(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
        other_task_num text, sender_code text, since text, time_format text, crs text, bbox text DEFAULT NULL, division_code text DEFAULT NULL,
        time_range text DEFAULT NULL, state text DEFAULT NULL, light text DEFAULT NULL, type text DEFAULT NULL, unit text DEFAULT NULL, q text DEFAULT NULL,
        page_size text DEFAULT NULL, cursor text DEFAULT NULL) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_event_find' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_event_find(text, inet, text, text, bytea, text, text, text, text, text, text, text, text, text, text, text, text, text, text, text) IS
'GET /events by filters: reply frame with {items: [case], nextCursor}, newest first, archived cases as well; filters on fields above the caller''s level are refused. '
'GET /events?otherTaskNum=, GET /events?since=: reply frame with {items: [case]}, those of the caller''s senders unless senderCode is given '
'(without senders of its own, a caller with a grant gets every sender''s). since: written at that time or later, with nextSince to ask for next; '
'each event comes at least once, none is skipped';

-- A key serves a client that repeats a request whose reply was lost: a day is plenty.
CREATE OR REPLACE FUNCTION citybigdata.maintain_event() RETURNS bigint
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH old AS (
        SELECT i.app_id, i.account_id, i.key FROM citybigdata.event_idempotency i WHERE i.created_at < now() - interval '1 day' LIMIT 10000
    ), removed AS (
        DELETE FROM citybigdata.event_idempotency i USING old WHERE i.app_id = old.app_id AND i.account_id = old.account_id AND i.key = old.key RETURNING 1
    )
    SELECT count(*) FROM removed
$$;
COMMENT ON FUNCTION citybigdata.maintain_event() IS 'Removes Idempotency-Keys older than a day, 10000 at most; returns how many';
