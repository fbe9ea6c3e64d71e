-- Events for analysts by data levels (clause 6.3): SELECT * of the table is refused, since some of its columns are personal data.
CREATE OR REPLACE FUNCTION citybigdata.analyst_level() RETURNS integer
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN pg_has_role('citybigdata_analyst_personal', 'USAGE') THEN 3 ELSE 2 END
$$;
COMMENT ON FUNCTION citybigdata.analyst_level() IS
'The data level at which event_masked shows events to the current role: 3 with the rights of citybigdata_analyst_personal, else 2';

-- Encrypted name and phone number. What opens them is the key file, what may ask is who has the bytes: analysts by event_masked, masked.
CREATE OR REPLACE FUNCTION citybigdata.event_person(rec_id integer, personal bytea, field text) RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_event_person' LANGUAGE c STABLE STRICT COST 100;
COMMENT ON FUNCTION citybigdata.event_person(integer, bytea, text) IS 'humanName or cellphone (field) of the column personal of an event; error when no key of citybigdata.key_file fits';
CREATE OR REPLACE FUNCTION citybigdata.seal_event_person(rec_id integer, human_name text, cellphone text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_seal_event_person' LANGUAGE c VOLATILE COST 100;
COMMENT ON FUNCTION citybigdata.seal_event_person(integer, text, text) IS 'The column personal of an event; part of encrypt_events()';
CREATE OR REPLACE FUNCTION citybigdata.seal_event_digest(rec_id integer, content_digest bytea) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_seal_event_digest' LANGUAGE c VOLATILE STRICT COST 100;
COMMENT ON FUNCTION citybigdata.seal_event_digest(integer, bytea) IS 'The column content_digest of an encrypted event; part of encrypt_events()';

-- The case is the same to every reader, so update_time stays.
CREATE OR REPLACE FUNCTION citybigdata.encrypt_events(after integer DEFAULT 0, portion integer DEFAULT 10000, OUT last integer, OUT encrypted bigint)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT current_setting('citybigdata.encrypt_personal')::boolean THEN
        PERFORM citybigdata.refuse(40900, citybigdata.say('citybigdata.encrypt_personal is off.'));
    END IF;
    SELECT max(p.rec_id) INTO last FROM (
        SELECT l.rec_id FROM ((SELECT e.rec_id FROM citybigdata.event e WHERE e.rec_id > after ORDER BY e.rec_id LIMIT portion)
            UNION ALL (SELECT e.rec_id FROM citybigdata.event_archive e WHERE e.rec_id > after ORDER BY e.rec_id LIMIT portion)) l ORDER BY l.rec_id LIMIT portion) p;
    UPDATE citybigdata.event e SET human_name = NULL, cellphone = NULL, personal = citybigdata.seal_event_person(e.rec_id, e.human_name, e.cellphone),
        content_digest = citybigdata.seal_event_digest(e.rec_id, e.content_digest)
    WHERE e.rec_id > after AND e.rec_id <= last AND e.personal IS NULL AND (e.human_name IS NOT NULL OR e.cellphone IS NOT NULL);
    GET DIAGNOSTICS encrypted = ROW_COUNT;
    WITH done AS (
        UPDATE citybigdata.event_archive e SET human_name = NULL, cellphone = NULL, personal = citybigdata.seal_event_person(e.rec_id, e.human_name, e.cellphone),
            content_digest = citybigdata.seal_event_digest(e.rec_id, e.content_digest)
        WHERE e.rec_id > after AND e.rec_id <= last AND e.personal IS NULL AND (e.human_name IS NOT NULL OR e.cellphone IS NOT NULL) RETURNING e.rec_id, e.content_digest
    ), keys AS (
        UPDATE citybigdata.event_archive_key k SET content_digest = d.content_digest FROM done d WHERE k.rec_id = d.rec_id
    )
    SELECT encrypted + count(*) INTO encrypted FROM done;
    IF encrypted > 0 THEN
        PERFORM citybigdata.audit_event('event.encrypt', NULL, format('%s events up to recID %s', encrypted, last));
    END IF;
END
$$;
COMMENT ON FUNCTION citybigdata.encrypt_events(integer, integer) IS
'Encrypts name and phone number of the next so many events, archived ones too, after a recID. last: where to go on, null at the end; encrypted: how many. Then VACUUM citybigdata.event. '
'Errors: 40900 citybigdata.encrypt_personal is off';

-- The levels are read once for each query; functions of a view run as who reads it, so the level is the reader's.
CREATE OR REPLACE VIEW citybigdata.event_masked AS
    SELECT
           e.rec_id,
           e.task_num,
           e.sender_code,
           e.other_task_num,
           CASE WHEN l.shown OPERATOR(pg_catalog.?) 'eventDesc' THEN e.event_desc
                ELSE citybigdata.mask_value(e.event_desc, l.masks OPERATOR(pg_catalog.->>) 'eventDesc', 3, 1) END AS event_desc,
           CASE WHEN l.shown OPERATOR(pg_catalog.?) 'address' THEN e.address
                ELSE citybigdata.mask_value(e.address, l.masks OPERATOR(pg_catalog.->>) 'address', 3, 1) END AS address,
           CASE WHEN l.shown OPERATOR(pg_catalog.?&) ARRAY['coordinateX', 'coordinateY', 'longitude', 'latitude'] THEN e.geom END AS geom,
           CASE WHEN l.shown OPERATOR(pg_catalog.?) 'coordinateX' THEN e.coordinate_x END AS coordinate_x,
           CASE WHEN l.shown OPERATOR(pg_catalog.?) 'coordinateY' THEN e.coordinate_y END AS coordinate_y,
           CASE WHEN l.shown OPERATOR(pg_catalog.?) 'longitude' THEN e.map_longitude END AS map_longitude,
           CASE WHEN l.shown OPERATOR(pg_catalog.?) 'latitude' THEN e.map_latitude END AS map_latitude,
           CASE WHEN l.shown OPERATOR(pg_catalog.?) 'districtCode' THEN e.district_code
                ELSE citybigdata.mask_value(e.district_code, l.masks OPERATOR(pg_catalog.->>) 'districtCode', 3, 1) END AS district_code,
           CASE WHEN l.shown OPERATOR(pg_catalog.?) 'districtName' THEN e.district_name
                ELSE citybigdata.mask_value(e.district_name, l.masks OPERATOR(pg_catalog.->>) 'districtName', 3, 1) END AS district_name,
           CASE WHEN l.shown OPERATOR(pg_catalog.?) 'streetCode' THEN e.street_code
                ELSE citybigdata.mask_value(e.street_code, l.masks OPERATOR(pg_catalog.->>) 'streetCode', 3, 1) END AS street_code,
           CASE WHEN l.shown OPERATOR(pg_catalog.?) 'streetName' THEN e.street_name
                ELSE citybigdata.mask_value(e.street_name, l.masks OPERATOR(pg_catalog.->>) 'streetName', 3, 1) END AS street_name,
           CASE WHEN l.shown OPERATOR(pg_catalog.?) 'communityCode' THEN e.community_code
                ELSE citybigdata.mask_value(e.community_code, l.masks OPERATOR(pg_catalog.->>) 'communityCode', 3, 1) END AS community_code,
           CASE WHEN l.shown OPERATOR(pg_catalog.?) 'communityName' THEN e.community_name
                ELSE citybigdata.mask_value(e.community_name, l.masks OPERATOR(pg_catalog.->>) 'communityName', 3, 1) END AS community_name,
           CASE WHEN l.shown OPERATOR(pg_catalog.?) 'eventSrcID' THEN e.event_src_id END AS event_src_id,
           CASE WHEN l.shown OPERATOR(pg_catalog.?) 'recTypeID' THEN e.rec_type_id END AS rec_type_id,
           CASE WHEN l.shown OPERATOR(pg_catalog.?) 'eventLevelID' THEN e.event_level_id END AS event_level_id,
           CASE WHEN l.shown OPERATOR(pg_catalog.?) 'eventTypeCode' THEN e.event_type_code
                ELSE citybigdata.mask_value(e.event_type_code, l.masks OPERATOR(pg_catalog.->>) 'eventTypeCode', 3, 1) END AS event_type_code,
           CASE WHEN l.shown OPERATOR(pg_catalog.?) 'mainTypeCode' THEN e.main_type_code
                ELSE citybigdata.mask_value(e.main_type_code, l.masks OPERATOR(pg_catalog.->>) 'mainTypeCode', 3, 1) END AS main_type_code,
           CASE WHEN l.shown OPERATOR(pg_catalog.?) 'subTypeCode' THEN e.sub_type_code
                ELSE citybigdata.mask_value(e.sub_type_code, l.masks OPERATOR(pg_catalog.->>) 'subTypeCode', 3, 1) END AS sub_type_code,
           citybigdata.mask_value(coalesce(e.human_name, citybigdata.event_person(e.rec_id, e.personal, 'humanName')), 'name', 3, l.caller) AS human_name,
           citybigdata.mask_value(coalesce(e.cellphone, citybigdata.event_person(e.rec_id, e.personal, 'cellphone')), 'phone', 3, l.caller) AS cellphone,
           CASE WHEN l.shown OPERATOR(pg_catalog.?) 'createTime' THEN e.create_time END AS create_time,
           e.receive_time,
           e.update_time,
           e.state,
           e.app_id,
           e.sender_task_num,
           e.media_count,
           e.step_count,
           CASE WHEN l.shown OPERATOR(pg_catalog.?) 'warnings' THEN e.warnings END AS warnings,
           CASE WHEN l.caller OPERATOR(pg_catalog.>=) 3 THEN e.ext END AS ext
    FROM citybigdata.event e
    CROSS JOIN (SELECT c.level AS caller,
                       coalesce(pg_catalog.jsonb_object_agg(f.field, true) FILTER (WHERE f.level OPERATOR(pg_catalog.<=) c.level), '{}') AS shown,
                       coalesce(pg_catalog.jsonb_object_agg(f.field, f.mask) FILTER (WHERE f.level OPERATOR(pg_catalog.<) 4), '{}') AS masks
                FROM citybigdata.event_field f CROSS JOIN (SELECT citybigdata.analyst_level() AS level) c GROUP BY c.level) l;
COMMENT ON VIEW citybigdata.event_masked IS
'Events as the table event_field lets the reading role see them, fields above its level masked or null; level 2, or 3 with citybigdata_analyst_personal. SELECT * works here';
COMMENT ON COLUMN citybigdata.event_masked.event_desc IS 'eventDesc, masked above the caller''s level';
COMMENT ON COLUMN citybigdata.event_masked.address IS 'address, masked above the caller''s level';
COMMENT ON COLUMN citybigdata.event_masked.geom IS 'The place, null above the caller''s level of any coordinate';
COMMENT ON COLUMN citybigdata.event_masked.coordinate_x IS 'coordinateX, null above the caller''s level';
COMMENT ON COLUMN citybigdata.event_masked.coordinate_y IS 'coordinateY, null above the caller''s level';
COMMENT ON COLUMN citybigdata.event_masked.map_longitude IS 'longitude, null above the caller''s level';
COMMENT ON COLUMN citybigdata.event_masked.map_latitude IS 'latitude, null above the caller''s level';
COMMENT ON COLUMN citybigdata.event_masked.district_code IS 'districtCode, masked above the caller''s level';
COMMENT ON COLUMN citybigdata.event_masked.district_name IS 'districtName, masked above the caller''s level';
COMMENT ON COLUMN citybigdata.event_masked.street_code IS 'streetCode, masked above the caller''s level';
COMMENT ON COLUMN citybigdata.event_masked.street_name IS 'streetName, masked above the caller''s level';
COMMENT ON COLUMN citybigdata.event_masked.community_code IS 'communityCode, masked above the caller''s level';
COMMENT ON COLUMN citybigdata.event_masked.community_name IS 'communityName, masked above the caller''s level';
COMMENT ON COLUMN citybigdata.event_masked.event_src_id IS 'eventSrcID, null above the caller''s level';
COMMENT ON COLUMN citybigdata.event_masked.rec_type_id IS 'recTypeID, null above the caller''s level';
COMMENT ON COLUMN citybigdata.event_masked.event_level_id IS 'eventLevelID, null above the caller''s level';
COMMENT ON COLUMN citybigdata.event_masked.event_type_code IS 'eventTypeCode, masked above the caller''s level';
COMMENT ON COLUMN citybigdata.event_masked.main_type_code IS 'mainTypeCode, masked above the caller''s level';
COMMENT ON COLUMN citybigdata.event_masked.sub_type_code IS 'subTypeCode, masked above the caller''s level';
COMMENT ON COLUMN citybigdata.event_masked.human_name IS 'humanName: level 3, masked below';
COMMENT ON COLUMN citybigdata.event_masked.cellphone IS 'cellphone: level 3, masked below';
COMMENT ON COLUMN citybigdata.event_masked.create_time IS 'createTime, null above the caller''s level';
COMMENT ON COLUMN citybigdata.event_masked.warnings IS 'warnings, null above the caller''s level';
COMMENT ON COLUMN citybigdata.event_masked.ext IS 'Fields that table A.4 does not name: level 3, since nobody knows what they hold; null below';
-- the others are those of the table
DO $$
DECLARE
    item record;
BEGIN
    FOR item IN
        SELECT a.attname, pg_catalog.col_description('citybigdata.event'::pg_catalog.regclass, a.attnum) AS comment FROM pg_catalog.pg_attribute a
        WHERE a.attrelid OPERATOR(pg_catalog.=) 'citybigdata.event'::pg_catalog.regclass
          AND a.attname OPERATOR(pg_catalog.=) ANY (ARRAY['rec_id', 'task_num', 'sender_code', 'other_task_num', 'receive_time', 'update_time',
                                                               'state', 'app_id', 'sender_task_num', 'media_count', 'step_count']::name[])
    LOOP
        EXECUTE pg_catalog.format('COMMENT ON COLUMN citybigdata.event_masked.%I IS %L', item.attname, item.comment);
    END LOOP;
END
$$;
