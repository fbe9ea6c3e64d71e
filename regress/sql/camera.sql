-- Cameras: ids of GB/T 28181, loading from CSV, GeoJSON and an upstream platform's list, addresses to watch them, what is near.
\set SHOW_CONTEXT never
\set VERBOSITY default
SET search_path = citybigdata, public;
-- a role's own statement commits: what is made here is taken away at the end
SET citybigdata.own_statement = off;

-- ids of GB/T 28181: the vectors
SELECT v.id, g.verdict, g.centre, g.industry, g.type, g.network, g.serial, g.verdict = v.verdict AND (v.verdict NOT LIKE 'ok%' OR (g.centre, g.industry, g.type, g.network, g.serial) = (v.centre, v.industry, v.type, v.network, v.serial)) AS right
FROM (VALUES ('11010500081326000001', 'ok', '11010500', '08', '132', '6', '000001'), ('34020000001320000001', 'ok', '34020000', '00', '132', '0', '000001'),
    ('11000000002000000001', 'ok', '11000000', '00', '200', '0', '000001'), ('11010500082160000001', 'ok-organisation', '11010500', '08', '216', '0', '000001'),
    ('11010300081320000001', 'retired-division', '', '', '', '', ''), ('11012000081320000001', 'unknown-division', '', '', '', '', ''), ('11000500081320000001', 'bad-centre-padding', '', '', '', '', ''),
    ('11010500080000000001', 'bad-type', '', '', '', '', ''), ('1101050008132600001', 'bad-format', '', '', '', '', ''), ('1101050008132600000A', 'bad-format', '', '', '', '', ''),
    ('11010500081326000001 ', 'bad-format', '', '', '', '', ''), ('１１０１０５０００８１３２６００００１', 'bad-format', '', '', '', '', '')) v(id, verdict, centre, industry, type, network, serial), gb28181(v.id) g;
SELECT table_name, count(*), min(code), max(code) FROM code_table_row WHERE table_name LIKE 'gb28181%' GROUP BY 1 ORDER BY 1;
SELECT i.table_name, i.name FROM code_table_row i WHERE i.table_name LIKE 'gb28181-industry%' AND i.code = '46' ORDER BY 1;
SELECT camera_uuid('2f1d6d3e8f0b4f0e9d530c1b7a3e5f11') = camera_uuid('2F1D6D3E-8F0B-4F0E-9D53-0C1B7A3E5F11') AS same, camera_uuid('{2f1d6d3e-8f0b-4f0e-9d53-0c1b7a3e5f11}') AS braces,
       camera_uuid('2f1d6d3e8f0b-4f0e9d530c1b7a3e5f11') AS odd;

INSERT INTO camera_provider (provider_code, title, kind, secret, rtsp_url, rtmp_url, hls_url) VALUES ('media', '媒体服务器', 'media', '\x00', 'rtsp://127.0.0.1:8554', 'rtmp://127.0.0.1/live', 'https://127.0.0.1/hls');
INSERT INTO camera_provider (provider_code, title, kind, secret, url, app_key, version) VALUES ('upstream', '上级平台', 'upstream', '\x00', 'https://127.0.0.1/artemis', 'K', 'v2');

-- one by one
SELECT save_camera('2f1d6d3e8f0b4f0e9d530c1b7a3e5f11', '东长安街口', 'media', 116.4, 39.905, '11010100081320000001', 'h265');
SELECT camera_index_code, camera_name, gb_code, division_code, round(public.ST_X(geom)::numeric, 4) AS lon, protocols, transports, state, level, provider_code FROM camera;
SELECT save_camera('2f1d6d3e-8f0b-4f0e-9d53-0c1b7a3e5f11', '东长安街口', 'media', level => 4);
SELECT level, gb_code, round(public.ST_Y(geom)::numeric, 4) AS lat, (SELECT string_agg(s.stream_type || ' ' || s.codec, ',') FROM camera_stream s) AS streams FROM camera;
SELECT save_camera('not-a-uuid', '', 'nobody', 39.9, 116.4, '11010100081180000001', 'mpeg', state => 'asleep', level => 9);
SELECT save_camera('3f1d6d3e8f0b4f0e9d530c1b7a3e5f11', '另一路', 'media', gb_code => '11010100081320000001');
SELECT remove_camera('3f1d6d3e8f0b4f0e9d530c1b7a3e5f11');

-- CSV, with Chinese headings, and all errors of all lines
SELECT load_cameras(E'监控点编号,监控点名称,提供方,经度,纬度,主码流编码,子码流编码,国标版本,数据级别,传输协议\n'
    '3f1d6d3e8f0b4f0e9d530c1b7a3e5f12,王府井大街,media,116.411,39.914,h264,h264,2016,2,"udp,tcp"\n'
    '4f1d6d3e8f0b4f0e9d530c1b7a3e5f13,老旧球机,media,116.412,39.914,h264,,2011,1,udp\n'
    '5f1d6d3e8f0b4f0e9d530c1b7a3e5f14,上级监控点,upstream,116.413,39.914,,,,,\n');
SELECT camera_name, gb_edition, level, transports, provider_code, (SELECT string_agg(s.stream_type || ' ' || s.codec, ',' ORDER BY s.stream_type) FROM camera_stream s WHERE s.camera_index_code = c.camera_index_code) AS streams
FROM camera c ORDER BY camera_index_code;
SELECT load_cameras(E'camera,name,provider,longitude,latitude,nonsense\nx,一,media,200,39,1\n3f1d6d3e8f0b4f0e9d530c1b7a3e5f12,,media,,,1\n');
SELECT load_cameras(E'camera,name,provider,longitude,latitude\nx,一,media,200,39\n3f1d6d3e8f0b4f0e9d530c1b7a3e5f12,=cmd,gone,116.4,\n');
SELECT load_cameras('{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Point","coordinates":[116.42,39.92]},"properties":{"camera":"6f1d6d3e8f0b4f0e9d530c1b7a3e5f15","name":"点要素","provider":"media","extra":1}}]}'::jsonb);
SELECT load_cameras('{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Polygon","coordinates":[]},"properties":{"camera":"6f1d6d3e8f0b4f0e9d530c1b7a3e5f16","name":"面","provider":"media"}}]}'::jsonb);
SELECT load_cameras('[]'::jsonb);

-- an upstream platform's list: codes that are no UUID, wrong places and ids are left out; a camera of another provider stays its
SELECT * FROM camera_take_list('upstream', '[{"cameraIndexCode":"abc-1","cameraName":"甲","longitude":"116.5","latitude":"39.9","status":1,"gbIndexCode":"110"},
    {"cameraIndexCode":"3f1d6d3e8f0b4f0e9d530c1b7a3e5f12","cameraName":"抢"}, {"cameraIndexCode":"7f1d6d3e8f0b4f0e9d530c1b7a3e5f17","name":"乙","longitude":"39.9","latitude":"116.5","status":2}, {"nothing":1}, 5]',
    '2026-01-01 00:00+08', false);
SELECT * FROM camera_take_list('upstream', '[{"cameraIndexCode":"7f1d6d3e8f0b4f0e9d530c1b7a3e5f17","name":"乙","status":1}]', '2026-01-02 00:00+08', true);
UPDATE camera SET state = 'closed' WHERE camera_name = '甲';
SELECT * FROM camera_take_list('upstream', '[{"cameraIndexCode":"abc-1","cameraName":"甲","status":1}]', '2026-01-02 00:00+08', false);
SELECT state AS given_up FROM camera WHERE camera_name = '甲';
UPDATE camera SET state = 'offline' WHERE camera_name = '甲';
SELECT * FROM camera_take_list('upstream', '"no list"', '2026-01-02 00:00+08', false);
SELECT camera_name, upstream_code, state, geom IS NOT NULL AS placed, gb_code, listed_at FROM camera WHERE provider_code = 'upstream' ORDER BY camera_name COLLATE "C";

-- addresses: an analyst's level is 2
GRANT citybigdata_analyst TO CURRENT_USER;
SELECT regexp_replace(camera_preview_url('3F1D6D3E-8F0B-4F0E-9D53-0C1B7A3E5F12'), '[A-Za-z0-9_-]{43}', 'TOKEN') AS rtsp,
       regexp_replace(camera_preview_url('3f1d6d3e8f0b4f0e9d530c1b7a3e5f12', 1, 'hls', 1, 'transcode=1'), '[A-Za-z0-9_-]{43}', 'TOKEN') AS h264_is_not_transcoded,
       regexp_replace(camera_preview_url('4f1d6d3e8f0b4f0e9d530c1b7a3e5f13'), '[A-Za-z0-9_-]{43}', 'TOKEN') AS rtsp_2011;
SELECT camera_index_code, stream_type, protocol, transport, transcode, app_id, user_name, round(extract(epoch FROM open_until - given_at)) AS seconds, opened_at, ended_at FROM camera_play ORDER BY play_id;
SELECT camera_preview_url('x', 7, 'flv', 3, 'transcode=2&streamform=udp&colour=red&transcode=1&');
SELECT camera_preview_url('3f1d6d3e8f0b4f0e9d530c1b7a3e5f12', 0, 'ws');
SELECT camera_preview_url('4f1d6d3e8f0b4f0e9d530c1b7a3e5f13', 1);
SELECT camera_preview_url('3f1d6d3e8f0b4f0e9d530c1b7a3e5f12', expand => 'transcode=1&videotype=h265');
SELECT camera_preview_url('3f1d6d3e8f0b4f0e9d530c1b7a3e5f12', expand => repeat('a', 300));
SELECT camera_preview_url('99999999999999999999999999999999');
-- above the role's level, off line, given up, of a provider that is disabled, of an upstream platform
SELECT camera_preview_url('2f1d6d3e8f0b4f0e9d530c1b7a3e5f11');
UPDATE camera SET level = 2 WHERE camera_name = '东长安街口';
SELECT camera_preview_url('2f1d6d3e8f0b4f0e9d530c1b7a3e5f11', protocol => 'rtmp');
SELECT camera_preview_url('2f1d6d3e8f0b4f0e9d530c1b7a3e5f11', protocol => 'hls', expand => 'videotype=h264');
SELECT regexp_replace(camera_preview_url('2f1d6d3e8f0b4f0e9d530c1b7a3e5f11', protocol => 'rtmp', expand => 'streamform=rtp&transcode=1&videotype=h264'), '[A-Za-z0-9_-]{43}', 'TOKEN') AS transcoded;
SELECT save_camera('2f1d6d3e8f0b4f0e9d530c1b7a3e5f11', '东长安街口', 'media', state => 'offline');
SELECT camera_preview_url('2f1d6d3e8f0b4f0e9d530c1b7a3e5f11');
SELECT save_camera('2f1d6d3e8f0b4f0e9d530c1b7a3e5f11', '东长安街口', 'media', state => 'closed');
SELECT camera_preview_url('2f1d6d3e8f0b4f0e9d530c1b7a3e5f11');
UPDATE camera_provider SET state = 'disabled' WHERE provider_code = 'media';
SELECT camera_preview_url('3f1d6d3e8f0b4f0e9d530c1b7a3e5f12');
UPDATE camera_provider SET state = 'active' WHERE provider_code = 'media';
SELECT camera_preview_url('7f1d6d3e8f0b4f0e9d530c1b7a3e5f17');
SET citybigdata.language = 'zh';
SELECT camera_preview_url('x', 7, 'flv');
SELECT camera_preview_url('99999999999999999999999999999999');
RESET citybigdata.language;
-- not without the right, and nobody reads secrets
SELECT has_function_privilege('citybigdata_bridge', 'camera_preview_url(text,integer,text,integer,text)', 'EXECUTE') AS bridge, has_table_privilege('citybigdata_analyst', 'camera', 'SELECT') AS analyst_table,
       has_column_privilege('citybigdata_sysadmin', 'camera_provider', 'secret', 'SELECT') AS secret, has_column_privilege('citybigdata_sysadmin', 'camera_stream', 'source', 'SELECT') AS source,
       has_any_column_privilege('citybigdata_sysadmin', 'camera_play', 'SELECT') AS plays, has_column_privilege('citybigdata_auditor', 'camera_play', 'token_digest', 'SELECT') AS digest;
SELECT DISTINCT action, object, status_code FROM audit_log WHERE action LIKE 'camera%' ORDER BY 1, 2;

-- near a place; levels count
SELECT camera_name, state, round(metres_away) AS metres FROM cameras_near('SRID=4490;POINT(116.411 39.914)'::geometry, 300);
SELECT count(*) FROM cameras_near('SRID=4490;POINT(116.411 39.914)'::geometry, 0);
SELECT count(*) FROM cameras_near('no-such-case');

-- plays end: by their number, and the unused ones by housekeeping
SELECT camera_play_revoke(play_id) FROM camera_play ORDER BY play_id LIMIT 1;
SELECT camera_play_revoke(0);
UPDATE camera_play SET open_until = now() - interval '1 hour' WHERE ended_at IS NULL;
SELECT maintain_cameras();
UPDATE camera_play SET ended_at = NULL, end_reason = NULL, opened_at = now() - interval '3 hours', seen_at = now() - interval '2 hours' WHERE play_id = (SELECT min(play_id) FROM camera_play);
SELECT maintain_cameras();
SELECT end_reason, ended_at = seen_at AS when_seen, count(*) FROM camera_play GROUP BY 1, 2 ORDER BY 1;
UPDATE camera_play SET ended_at = now() - interval '1 year';
SELECT maintain_cameras();

DELETE FROM camera; DELETE FROM camera_provider; DELETE FROM camera_play;
REVOKE citybigdata_analyst FROM CURRENT_USER;
