-- Where cameras are is known to every administrator and analyst as far as the catalogue shows it to them (resource cameras); who
-- watched what is the auditor's. Secrets and sources are read by functions alone.
REVOKE ALL ON citybigdata.camera_provider, citybigdata.camera, citybigdata.camera_stream, citybigdata.camera_source, citybigdata.camera_play
    FROM citybigdata_analyst;
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
