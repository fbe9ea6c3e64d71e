-- Cameras (extension/camera/camera.h): annex A.3.
COMMENT ON TABLE citybigdata.camera_provider IS 'Providers of camera pictures: media servers of the platform, and upstream platforms that are asked for addresses';
COMMENT ON COLUMN citybigdata.camera_provider.provider_code IS 'Short name';
COMMENT ON COLUMN citybigdata.camera_provider.title IS 'Name for people';
COMMENT ON COLUMN citybigdata.camera_provider.kind IS 'media: media servers of the platform; upstream: another platform with the Artemis interface';
COMMENT ON COLUMN citybigdata.camera_provider.state IS 'active, or disabled: its cameras are not given out';
COMMENT ON COLUMN citybigdata.camera_provider.secret IS 'Encrypted by the key file; media: what its media servers show when they ask the bridge; upstream: what signs requests to it';
COMMENT ON COLUMN citybigdata.camera_provider.rtsp_url IS 'media: where players open rtsp, without the closing /; null: not offered';
COMMENT ON COLUMN citybigdata.camera_provider.rtmp_url IS 'media: where players open rtmp, with the application name; null: not offered';
COMMENT ON COLUMN citybigdata.camera_provider.hls_url IS 'media: where players open hls (https); null: not offered';
COMMENT ON COLUMN citybigdata.camera_provider.ws_url IS 'media: where players open FLV over WebSocket (wss); null: not offered';
COMMENT ON COLUMN citybigdata.camera_provider.networks IS 'media: addresses that its media servers ask the bridge from; empty: this machine';
COMMENT ON COLUMN citybigdata.camera_provider.transcoders IS 'media: how many streams are transcoded at a time at most';
COMMENT ON COLUMN citybigdata.camera_provider.url IS 'upstream: base address of its interface, before /api/';
COMMENT ON COLUMN citybigdata.camera_provider.app_key IS 'upstream: X-Ca-Key that it knows this platform by';
COMMENT ON COLUMN citybigdata.camera_provider.version IS 'upstream: v1 or v2 of its preview path';
COMMENT ON COLUMN citybigdata.camera_provider.query IS 'upstream: query string of every request to it, for example domainId=0&userId=city; signed as it is';
COMMENT ON COLUMN citybigdata.camera_provider.unknown_codes IS 'upstream: its values of code that say: no such camera';
COMMENT ON COLUMN citybigdata.camera_provider.offline_codes IS 'upstream: its values of code that say: the camera is off line';
COMMENT ON COLUMN citybigdata.camera_provider.url_seconds IS 'upstream: for how many seconds its addresses may be opened';
COMMENT ON COLUMN citybigdata.camera_provider.failures IS 'upstream: requests in a row that it did not answer';
COMMENT ON COLUMN citybigdata.camera_provider.openings IS 'upstream: how many times in a row the breaker opened';
COMMENT ON COLUMN citybigdata.camera_provider.not_before IS 'upstream: it is not asked before (breaker)';
COMMENT ON COLUMN citybigdata.camera_provider.last_error IS 'upstream: why it could not be asked last';
COMMENT ON COLUMN citybigdata.camera_provider.listed_at IS 'upstream: when its list of cameras was taken over last';
COMMENT ON COLUMN citybigdata.camera_provider.updated_at IS 'When the row was changed last by an administrator';
COMMENT ON TABLE citybigdata.camera IS 'Cameras (annex A.3)';
COMMENT ON COLUMN citybigdata.camera.camera_index_code IS 'cameraIndexCode of table A.2';
COMMENT ON COLUMN citybigdata.camera.camera_name IS 'Name';
COMMENT ON COLUMN citybigdata.camera.gb_code IS 'Device id of GB/T 28181, 20 digits';
COMMENT ON COLUMN citybigdata.camera.gb_edition IS 'Edition of GB/T 28181 that the device speaks: 2011 (UDP alone), 2016, 2022; null: not a GB/T 28181 device, or not known';
COMMENT ON COLUMN citybigdata.camera.camera_type IS '0 fixed 枪机, 1 dome 半球, 2 fast dome 快球, 3 with pan and tilt 带云台枪机';
COMMENT ON COLUMN citybigdata.camera.division_code IS 'Division that it is in; found from the place when it is not given';
COMMENT ON COLUMN citybigdata.camera.address IS 'Where it is, for people';
COMMENT ON COLUMN citybigdata.camera.geom IS 'Place, CGCS2000 longitude and latitude';
COMMENT ON COLUMN citybigdata.camera.protocols IS 'Protocols by which it can be played: rtsp, rtmp, hls, ws';
COMMENT ON COLUMN citybigdata.camera.transports IS 'Transports of rtsp by which it can be played: udp, tcp';
COMMENT ON COLUMN citybigdata.camera.state IS 'online, offline, closed (given up; not shown to callers)';
COMMENT ON COLUMN citybigdata.camera.state_at IS 'Since when the state is this';
COMMENT ON COLUMN citybigdata.camera.level IS 'Data level 1 to 4: callers with a lower grant do not see it';
COMMENT ON COLUMN citybigdata.camera.provider_code IS 'Who provides its pictures';
COMMENT ON COLUMN citybigdata.camera.upstream_code IS 'Its cameraIndexCode at the upstream platform, as that writes it; null: the same code without dashes';
COMMENT ON COLUMN citybigdata.camera.listed_at IS 'When the upstream platform listed it last';
COMMENT ON COLUMN citybigdata.camera.created_at IS 'When it was registered';
COMMENT ON COLUMN citybigdata.camera.updated_at IS 'When the row was changed last';
COMMENT ON TABLE citybigdata.camera_stream IS 'Streams of cameras: main and sub stream';
COMMENT ON COLUMN citybigdata.camera_stream.camera_index_code IS 'The camera';
COMMENT ON COLUMN citybigdata.camera_stream.stream_type IS '0 main stream 主码流, 1 sub stream 子码流';
COMMENT ON COLUMN citybigdata.camera_stream.codec IS 'h264, h265';
COMMENT ON COLUMN citybigdata.camera_stream.width IS 'Pixels; null: not known';
COMMENT ON COLUMN citybigdata.camera_stream.height IS 'Pixels; null: not known';
COMMENT ON COLUMN citybigdata.camera_stream.source IS 'Address from which the media server takes it, encrypted by the key file; null: it is published to the media server';
COMMENT ON COLUMN citybigdata.camera_stream.source_place IS 'The same without user, password and query';
COMMENT ON TABLE citybigdata.camera_source IS 'Streams that run on demand; no row: asleep';
COMMENT ON COLUMN citybigdata.camera_source.camera_index_code IS 'The camera';
COMMENT ON COLUMN citybigdata.camera_source.stream_type IS '0 main stream, 1 sub stream';
COMMENT ON COLUMN citybigdata.camera_source.transcode IS 'Is it transcoded to H.264?';
COMMENT ON COLUMN citybigdata.camera_source.provider_code IS 'Media servers that run it';
COMMENT ON COLUMN citybigdata.camera_source.state IS 'waking, live, failed';
COMMENT ON COLUMN citybigdata.camera_source.woken_at IS 'When it was woken last';
COMMENT ON COLUMN citybigdata.camera_source.live_at IS 'When its pictures came; null: not yet';
COMMENT ON COLUMN citybigdata.camera_source.wanted_at IS 'When somebody was seen watching last';
COMMENT ON COLUMN citybigdata.camera_source.reason IS 'Why it failed';
COMMENT ON TABLE citybigdata.camera_play IS 'Preview addresses that were given, and what became of them';
COMMENT ON COLUMN citybigdata.camera_play.token_digest IS 'SHA-256 of the token in the address; of an upstream platform''s: of the whole address';
COMMENT ON COLUMN citybigdata.camera_play.play_id IS 'Number';
COMMENT ON COLUMN citybigdata.camera_play.camera_index_code IS 'The camera';
COMMENT ON COLUMN citybigdata.camera_play.provider_code IS 'Whose address it is';
COMMENT ON COLUMN citybigdata.camera_play.stream_type IS '0 main stream, 1 sub stream';
COMMENT ON COLUMN citybigdata.camera_play.protocol IS 'rtsp, rtmp, hls, ws';
COMMENT ON COLUMN citybigdata.camera_play.transport IS 'udp, tcp';
COMMENT ON COLUMN citybigdata.camera_play.transcode IS 'Is it transcoded to H.264?';
COMMENT ON COLUMN citybigdata.camera_play.app_id IS 'Application that it was given to; null: a caller from SQL';
COMMENT ON COLUMN citybigdata.camera_play.account_id IS 'Account that it was given to';
COMMENT ON COLUMN citybigdata.camera_play.user_name IS 'Its name, or the role of a caller from SQL';
COMMENT ON COLUMN citybigdata.camera_play.app_epoch IS 'Number of the application''s credentials at that time: the play ends when they are renewed';
COMMENT ON COLUMN citybigdata.camera_play.account_epoch IS 'Number of the account''s password at that time; null: it was not used';
COMMENT ON COLUMN citybigdata.camera_play.by_address IS 'Was the caller let in for its address alone?';
COMMENT ON COLUMN citybigdata.camera_play.access_token_digest IS 'Access token that it was asked with: the play ends when it is revoked; null: another credential';
COMMENT ON COLUMN citybigdata.camera_play.access_token_until IS 'End of that token: a play that runs goes on behind it, but for that of an operator';
COMMENT ON COLUMN citybigdata.camera_play.given_at IS 'When the address was given';
COMMENT ON COLUMN citybigdata.camera_play.given_to IS 'Client address that asked for it';
COMMENT ON COLUMN citybigdata.camera_play.open_until IS 'Until when it may be opened; a play that runs goes on';
COMMENT ON COLUMN citybigdata.camera_play.opened_at IS 'When it was opened first; null: not yet, or not known (upstream)';
COMMENT ON COLUMN citybigdata.camera_play.opened_from IS 'Client address that opened it: no other may open it again';
COMMENT ON COLUMN citybigdata.camera_play.seen_at IS 'When somebody was seen watching last';
COMMENT ON COLUMN citybigdata.camera_play.ended_at IS 'When it ended; null: it may be opened, or runs';
COMMENT ON COLUMN citybigdata.camera_play.end_reason IS
'stopped (the player left), silent (nobody seen any more), revoked, refused (rights that do not count any more), camera (off line, closed), source (sent nothing), busy, unused';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.camera_provider', '');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.camera', '');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.camera_stream', '');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.camera_source', '');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.camera_play', '');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.camera_play_play_id_seq', '');

INSERT INTO citybigdata.resource AS r (resource_code, title, title_zh, shipped) VALUES
('cameras', 'Cameras: what there is to be seen, and addresses to watch it', '监控点：监控点目录与视频预览地址', true)
ON CONFLICT ON CONSTRAINT resource_pkey DO UPDATE SET title = excluded.title, title_zh = excluded.title_zh, shipped = true;

-- ---- words ----
CREATE OR REPLACE FUNCTION citybigdata.camera_uuid(code text) RETURNS uuid
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN code ~ '^([0-9A-Fa-f]{32}|[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12})$' THEN code::uuid END
$$;
COMMENT ON FUNCTION citybigdata.camera_uuid(text) IS 'cameraIndexCode as UUID, written with or without dashes; null: it is none';

-- GB/T 28181, coding rule A: 20 digits. centre: 8 digits, a GB/T 2260 code of 6 and the basic unit.
CREATE OR REPLACE FUNCTION citybigdata.gb28181(id text, OUT verdict text, OUT centre text, OUT industry text, OUT type text, OUT network text, OUT serial text) RETURNS record
    LANGUAGE sql STABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN id !~ '^[0-9]{20}$' THEN 'bad-format'
                WHEN substr(id, 3, 2) = '00' AND substr(id, 5, 4) <> '0000' OR substr(id, 5, 2) = '00' AND substr(id, 7, 2) <> '00' THEN 'bad-centre-padding'
                WHEN d.code IS NULL THEN 'unknown-division'
                WHEN substr(id, 11, 3) < '111' THEN 'bad-type'
                WHEN NOT d.current THEN 'retired-division'
                WHEN substr(id, 11, 3) IN ('215', '216') THEN 'ok-organisation'
                ELSE 'ok' END,
           p.centre, p.industry, p.type, p.network, p.serial
    FROM citybigdata.division_find(substr(id, 1, 6)) d
    LEFT JOIN (SELECT substr(id, 1, 8) AS centre, substr(id, 9, 2) AS industry, substr(id, 11, 3) AS type, substr(id, 14, 1) AS network, substr(id, 15, 6) AS serial) p
        ON id ~ '^[0-9]{20}$'
$$;
COMMENT ON FUNCTION citybigdata.gb28181(text) IS
'Takes a GB/T 28181 device id apart and judges it: ok, ok-organisation (a business group or virtual organisation, no device), retired-division (a warning), unknown-division, '
'bad-format (not 20 digits), bad-centre-padding, bad-type (digits 11 to 13 below 111). Code tables gb28181-type, gb28181-industry-2016, gb28181-industry-2022, gb28181-network have the names';

-- A place: GeoJSON point, or longitude and latitude. Swapped axes are told, never put right.
CREATE OR REPLACE FUNCTION citybigdata.camera_point(given text, longitude text, latitude text, OUT point geometry, OUT status_code integer, OUT problem text) RETURNS record
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    x double precision;
    y double precision;
BEGIN
    IF given IS NOT NULL THEN
        BEGIN
            SELECT (g.geom::jsonb -> 'coordinates' ->> 0), (g.geom::jsonb -> 'coordinates' ->> 1) INTO STRICT longitude, latitude
            FROM (SELECT given::jsonb AS geom) g WHERE g.geom ->> 'type' = 'Point' AND jsonb_typeof(g.geom -> 'coordinates') = 'array';
        EXCEPTION WHEN OTHERS THEN
            status_code := 42274;
            problem := citybigdata.say('a GeoJSON Point is expected, for example {example}', 'example', '{"type":"Point","coordinates":[116.4,39.9]}');
            RETURN;
        END;
    END IF;
    IF longitude IS NULL AND latitude IS NULL THEN
        RETURN;
    END IF;
    IF coalesce(longitude, '') !~ '^-?[0-9]{1,3}([.][0-9]{1,15})?$' OR coalesce(latitude, '') !~ '^-?[0-9]{1,3}([.][0-9]{1,15})?$' THEN
        status_code := 42204;
        problem := citybigdata.say('longitude and latitude in degrees of CGCS2000, for example 116.4 and 39.9');
        RETURN;
    END IF;
    x := longitude::double precision;
    y := latitude::double precision;
    IF abs(y) > 90 AND abs(x) <= 90 THEN
        status_code := 42210;
        problem := citybigdata.say('the axes are swapped: longitude comes first, then latitude');
    ELSIF abs(x) > 180 OR abs(y) > 90 THEN
        status_code := 42204;
        problem := citybigdata.say('longitude and latitude in degrees of CGCS2000, for example 116.4 and 39.9');
    ELSE
        -- read by the type's input function: no schema of PostGIS is searched here
        point := 'SRID=4490;POINT(' || x || ' ' || y || ')';
    END IF;
END
$$;
COMMENT ON FUNCTION citybigdata.camera_point(text, text, text) IS 'The place of a camera as an administrator gives it, or what is wrong with it; all null: no place was given';

CREATE OR REPLACE FUNCTION citybigdata.camera_network(value text) RETURNS cidr
    LANGUAGE plpgsql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN value::cidr;
EXCEPTION WHEN data_exception THEN
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION citybigdata.camera_network(text) IS 'A range of addresses; null: it is none';

-- ---- watching ----
CREATE OR REPLACE FUNCTION citybigdata.camera_preview_url(camera text, stream_type integer DEFAULT 0, protocol text DEFAULT 'rtsp', transmode integer DEFAULT 1, expand text DEFAULT NULL) RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_camera_preview_url' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.camera_preview_url(text, integer, text, integer, text) IS
'Table A.2: an address to watch a camera, which may be opened for citybigdata.preview_url_ttl. camera: its UUID, with or without dashes; stream_type 0 main, 1 sub; protocol rtsp, rtmp, hls, ws; '
'transmode 0 UDP, 1 TCP; expand: transcode=0|1, streamform=rtp, videotype=h264|h265, joined by &. Call it in a statement of its own. '
'Errors: 42200 with every wrong value in the detail; 40460 no such camera, 40360, 40980 off line, 50260 a camera of an upstream platform, which only the bridge can ask';

CREATE OR REPLACE FUNCTION citybigdata.cameras_near_level(place geometry, metres double precision, level integer)
    RETURNS TABLE (camera_index_code uuid, camera_name text, state text, metres_away double precision)
    AS 'MODULE_PATHNAME', 'cbd_cameras_near' LANGUAGE c STABLE STRICT SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.cameras_near_level(geometry, double precision, integer) IS 'Cameras up to a data level near a point, nearest first; for cameras_near()';

CREATE OR REPLACE FUNCTION citybigdata.cameras_near(place geometry, metres double precision DEFAULT 500)
    RETURNS TABLE (camera_index_code uuid, camera_name text, state text, metres_away double precision)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT n.* FROM citybigdata.cameras_near_level(place, metres, CASE WHEN pg_has_role(session_user, 'citybigdata_analyst_personal', 'USAGE') THEN 3 ELSE 2 END) n
$$;
COMMENT ON FUNCTION citybigdata.cameras_near(geometry, double precision) IS
'Cameras within so many metres (at most 20000) of a point in CGCS2000 longitude and latitude (EPSG:4490), nearest first, at most 1000, up to the data level of the role that asks. Error: 42204 metres. '
'SELECT * FROM citybigdata.cameras_near(''SRID=4490;POINT(116.4 39.9)'', 300)';

CREATE OR REPLACE FUNCTION citybigdata.cameras_near(task_num text, metres double precision DEFAULT 500)
    RETURNS TABLE (camera_index_code uuid, camera_name text, state text, metres_away double precision)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    place record;
BEGIN
    SELECT e.geom INTO place FROM (SELECT v.task_num, v.geom FROM citybigdata.event v UNION ALL SELECT a.task_num, a.geom FROM citybigdata.event_archive a) e WHERE e.task_num = cameras_near.task_num;
    IF NOT FOUND THEN
        PERFORM citybigdata.refuse(40402, citybigdata.say('There is no case {taskNum}.', 'taskNum', left(task_num, 64)));
    END IF;
    RETURN QUERY SELECT n.* FROM citybigdata.cameras_near(place.geom, cameras_near.metres) n;
END
$$;
COMMENT ON FUNCTION citybigdata.cameras_near(text, double precision) IS 'The same near a case, by its taskNum. Errors: 40402 no such case, 42204 metres';

CREATE OR REPLACE FUNCTION citybigdata.camera_play_revoke(play_id bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    -- one that has stopped might be opened again: it is revoked as well
    UPDATE citybigdata.camera_play p SET ended_at = coalesce(p.ended_at, clock_timestamp()), end_reason = 'revoked' WHERE p.play_id = camera_play_revoke.play_id;
    IF NOT FOUND THEN
        PERFORM citybigdata.refuse(40463, citybigdata.say('There is no preview address of that number.'));
    END IF;
    PERFORM citybigdata.audit_event('camera.revoke', play_id::text, NULL);
END
$$;
COMMENT ON FUNCTION citybigdata.camera_play_revoke(bigint) IS 'Ends a preview address: it is not opened any more, and a play that runs is cut within some seconds. Error: 40463 no such play';

CREATE OR REPLACE FUNCTION citybigdata.maintain_cameras() RETURNS integer
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    removed integer;
BEGIN
    UPDATE citybigdata.camera_play p SET ended_at = p.open_until, end_reason = 'unused' WHERE p.ended_at IS NULL AND p.opened_at IS NULL AND p.open_until < now() - interval '1 minute';
    -- watched at media servers that do not report any more
    UPDATE citybigdata.camera_play p SET ended_at = p.seen_at, end_reason = 'silent' WHERE p.ended_at IS NULL AND p.seen_at < now() - interval '1 hour';
    DELETE FROM citybigdata.camera_play p WHERE p.token_digest IN (SELECT o.token_digest FROM citybigdata.camera_play o
        WHERE o.ended_at < now() - make_interval(days => current_setting('citybigdata.camera_play_retention_days')::integer) LIMIT 10000);
    GET DIAGNOSTICS removed = ROW_COUNT;
    RETURN removed;
END
$$;
COMMENT ON FUNCTION citybigdata.maintain_cameras() IS 'Closes preview addresses that nobody opened, and plays that no media server reports any more, and removes plays past citybigdata.camera_play_retention_days; part of maintain()';

-- ---- what the catalogue shows (resource cameras) ----
CREATE OR REPLACE VIEW citybigdata.published_camera AS
SELECT c.camera_index_code, c.camera_name, c.gb_code, c.camera_type, c.division_code, c.address, c.geom, c.protocols, c.transports, c.state, c.state_at, c.updated_at
FROM citybigdata.camera c WHERE c.level OPERATOR(pg_catalog.<=) 2 AND c.state OPERATOR(pg_catalog.<>) 'closed';
COMMENT ON VIEW citybigdata.published_camera IS 'Cameras as resource cameras shows them: those of level 1 and 2';
COMMENT ON COLUMN citybigdata.published_camera.camera_index_code IS 'cameraIndexCode of table A.2';
COMMENT ON COLUMN citybigdata.published_camera.camera_name IS 'Name';
COMMENT ON COLUMN citybigdata.published_camera.gb_code IS 'Device id of GB/T 28181, 20 digits';
COMMENT ON COLUMN citybigdata.published_camera.camera_type IS '0 fixed 枪机, 1 dome 半球, 2 fast dome 快球, 3 with pan and tilt 带云台枪机';
COMMENT ON COLUMN citybigdata.published_camera.division_code IS 'Division that it is in';
COMMENT ON COLUMN citybigdata.published_camera.address IS 'Where it is, for people';
COMMENT ON COLUMN citybigdata.published_camera.geom IS 'Place, CGCS2000 longitude and latitude';
COMMENT ON COLUMN citybigdata.published_camera.protocols IS 'Protocols by which it can be played: rtsp, rtmp, hls, ws';
COMMENT ON COLUMN citybigdata.published_camera.transports IS 'Transports of rtsp by which it can be played: udp, tcp';
COMMENT ON COLUMN citybigdata.published_camera.state IS 'online, offline';
COMMENT ON COLUMN citybigdata.published_camera.state_at IS 'Since when the state is this';
COMMENT ON COLUMN citybigdata.published_camera.updated_at IS 'When it was changed last';

-- ---- endpoints ----
CREATE OR REPLACE FUNCTION citybigdata.rest_camera_preview(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    camera_index_code text, stream_type text, protocol text, transmode text, expand text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_camera_preview' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_camera_preview(text, inet, text, text, bytea, text, text, text, text, text) IS
'POST /cameras/previewURLs and the vendor''s paths: {url, expiresIn, playId, protocol, streamType, transmode, transcode, warnings}; or a frame with ask, which the bridge sends to the upstream platform. '
'401nn, 40300; 42200 with every wrong value; 40460, 40360, 40980; 50360 an upstream platform that did not answer lately';

CREATE OR REPLACE FUNCTION citybigdata.rest_camera_preview_answer(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    camera_index_code text, outcome text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_camera_preview_answer' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_camera_preview_answer(text, inet, text, text, bytea, text, text) IS
'The same request, with what came of asking the upstream platform (JSON); scheme continued. As rest_camera_preview(), and 40461 unknown there, 40981 off line there, 50260 it refuses, 50360 it does not answer';

CREATE OR REPLACE FUNCTION citybigdata.rest_cameras(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    bbox text, division_code text, state text, near text, metres text, page_size text, cursor text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_cameras' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_cameras(text, inet, text, text, bytea, text, text, text, text, text, text, text) IS
'GET /cameras: {items, nextCursor}, up to the caller''s data level; near: nearest first, one page. 401nn, 40300; 40019, 422nn';

CREATE OR REPLACE FUNCTION citybigdata.rest_artemis_cameras(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    page_no text, page_size text, region_index_code text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_artemis_cameras' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_artemis_cameras(text, inet, text, text, bytea, text, text, text) IS
'POST /artemis/api/resource/v1/cameras: {total, pageNo, pageSize, list}. 401nn, 40300; 422nn';

CREATE OR REPLACE FUNCTION citybigdata.rest_camera_play_revoke(request_id text, client_addr inet, app_code text, scheme text, credential bytea, play_id text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_camera_play_revoke' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_camera_play_revoke(text, inet, text, text, bytea, text) IS 'POST /cameras/plays/{playId}/revoke: the application ends an address of its own. 401nn, 40300; 40463';

CREATE OR REPLACE FUNCTION citybigdata.rest_admin_cameras(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    provider text, state text, q text, cursor text, page_size text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_admin_cameras' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_admin_cameras(text, inet, text, text, bytea, text, text, text, text, text) IS 'GET /admin/cameras: {items, nextCursor}. 401nn, 40304, 40307; 42200';

CREATE OR REPLACE FUNCTION citybigdata.rest_camera_save(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    items text, csv text, features text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_camera_save' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_camera_save(text, inet, text, text, bytea, text, text, text) IS 'POST /admin/cameras: {changed}; all or nothing. 401nn, 40304, 40307; 42200 with every error';

CREATE OR REPLACE FUNCTION citybigdata.rest_admin_camera_providers(request_id text, client_addr inet, app_code text, scheme text, credential bytea, cursor text, page_size text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_admin_camera_providers' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_admin_camera_providers(text, inet, text, text, bytea, text, text) IS 'GET /admin/camera-providers: {items, nextCursor}, without secrets. 401nn, 40304, 40307; 42200';

CREATE OR REPLACE FUNCTION citybigdata.rest_camera_provider_save(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    provider text, title text, kind text, state text, secret text, rtsp_url text, rtmp_url text, hls_url text, ws_url text, networks text[], transcoders text,
    url text, app_key text, version text, query text, unknown_codes text[], offline_codes text[]) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_camera_provider_save' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_camera_provider_save(text, inet, text, text, bytea, text, text, text, text, text, text, text, text, text, text[], text, text, text, text, text, text[], text[]) IS
'POST /admin/camera-providers: {provider}; what is absent stays as it is. 401nn, 40304, 40307; 42200';

CREATE OR REPLACE FUNCTION citybigdata.rest_camera_provider_remove(request_id text, client_addr inet, app_code text, scheme text, credential bytea, provider text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_camera_provider_remove' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_camera_provider_remove(text, inet, text, text, bytea, text) IS 'POST /admin/camera-providers/{provider}/remove. 401nn, 40304, 40307; 40462, 40982';

CREATE OR REPLACE FUNCTION citybigdata.rest_camera_provider_list(request_id text, client_addr inet, app_code text, scheme text, credential bytea, provider text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_camera_provider_list' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_camera_provider_list(text, inet, text, text, bytea, text) IS
'POST /admin/camera-providers/{provider}/list: {messageId, state}; the upstream platform''s list is taken over by the outbox. 401nn, 40304, 40307; 40462 no upstream platform of that code that is active';

CREATE OR REPLACE FUNCTION citybigdata.rest_admin_camera_plays(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    camera text, application text, state text, cursor text, page_size text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_admin_camera_plays' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_admin_camera_plays(text, inet, text, text, bytea, text, text, text, text, text) IS
'GET /admin/camera-plays: {items, nextCursor}, the latest first, for security administrators and auditors. 401nn, 40304, 40307; 42200';

CREATE OR REPLACE FUNCTION citybigdata.rest_admin_camera_play_revoke(request_id text, client_addr inet, app_code text, scheme text, credential bytea, play_id text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_admin_camera_play_revoke' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_admin_camera_play_revoke(text, inet, text, text, bytea, text) IS 'POST /admin/camera-plays/{playId}/revoke. 401nn, 40304, 40307; 40463';
