-- Where cameras are is known to every administrator and analyst as far as the catalogue shows it to them (resource cameras); who
-- watched what is the auditor's. Secrets and sources are read by functions alone.
GRANT SELECT ON citybigdata.camera TO citybigdata_sysadmin, citybigdata_secadmin, citybigdata_auditor;
GRANT SELECT (camera_index_code, stream_type, codec, width, height, source_place) ON citybigdata.camera_stream
    TO citybigdata_sysadmin, citybigdata_secadmin, citybigdata_auditor;
GRANT SELECT ON citybigdata.camera_source TO citybigdata_sysadmin, citybigdata_secadmin, citybigdata_auditor;
GRANT SELECT (provider_code, title, kind, state, rtsp_url, rtmp_url, hls_url, ws_url, networks, transcoders, url, app_key, version, query,
    url_seconds, failures, openings, not_before, last_error, listed_at, updated_at) ON citybigdata.camera_provider
    TO citybigdata_sysadmin, citybigdata_secadmin, citybigdata_auditor;
GRANT SELECT (play_id, camera_index_code, provider_code, stream_type, protocol, transport, transcode, app_id, account_id, user_name, given_at,
    given_to, open_until, opened_at, opened_from, seen_at, ended_at, end_reason) ON citybigdata.camera_play
    TO citybigdata_secadmin, citybigdata_auditor;
ALTER VIEW citybigdata.published_camera OWNER TO citybigdata_publisher;
GRANT SELECT (camera_index_code, camera_name, gb_code, camera_type, division_code, address, geom, protocols, transports, state, state_at, level, updated_at)
    ON citybigdata.camera TO citybigdata_publisher;

-- Cameras are the system administrator's; an address to watch one is for whoever analyses, at that role's data level; to end one is
-- the security administrator's.
GRANT EXECUTE ON FUNCTION citybigdata.save_camera(text, text, text, double precision, double precision, text, text, text, text, integer), citybigdata.remove_camera(text),
    citybigdata.load_cameras(text), citybigdata.load_cameras(jsonb) TO citybigdata_sysadmin;
GRANT EXECUTE ON FUNCTION citybigdata.camera_play_revoke(bigint) TO citybigdata_secadmin;
GRANT EXECUTE ON FUNCTION citybigdata.camera_preview_url(text, integer, text, integer, text), citybigdata.cameras_near(geometry, double precision),
    citybigdata.cameras_near(text, double precision) TO citybigdata_analyst, citybigdata_analyst_personal;
GRANT EXECUTE ON FUNCTION citybigdata.gb28181(text), citybigdata.camera_uuid(text) TO citybigdata_sysadmin, citybigdata_secadmin, citybigdata_auditor, citybigdata_analyst;

-- A platform that was set up before: its upgrade publishes what is new, of all chapters.
DO $$
BEGIN
    IF EXISTS (SELECT FROM citybigdata.platform) THEN
        PERFORM citybigdata.publish_cases();
    END IF;
END
$$;
