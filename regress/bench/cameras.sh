# Part cameras of bench.sh: preview addresses over HTTPS beside pgbench of the bare function. Sourced.
# 1000 cameras; each address is a row of its own and an audit row, and durable.

# bench_cameras: addresses per second over HTTPS, and by the function that the bridge calls.
bench_cameras() {
    local https https_cpu lane digest
    sql > /dev/null <<'SQL'
INSERT INTO citybigdata.camera_provider (provider_code, title, kind, secret, rtsp_url, rtmp_url, hls_url, ws_url)
VALUES ('bench', 'bench', 'media', '\x00', 'rtsp://127.0.0.1', 'rtmp://127.0.0.1/live', 'https://127.0.0.1/hls', 'wss://127.0.0.1/ws') ON CONFLICT DO NOTHING;
INSERT INTO citybigdata.camera (camera_index_code, camera_name, provider_code, level) SELECT ('beefbeefbeefbeefbeefbeef' || lpad(to_hex(n), 8, '0'))::uuid, 'bench', 'bench', 1
FROM generate_series(1, 1000) n ON CONFLICT DO NOTHING;
INSERT INTO citybigdata.camera_stream (camera_index_code, stream_type) SELECT camera_index_code, 0 FROM citybigdata.camera WHERE provider_code = 'bench' ON CONFLICT DO NOTHING;
ANALYZE citybigdata.camera, citybigdata.camera_stream, citybigdata.camera_provider;
SQL
    sql -c "INSERT INTO citybigdata.app_grant (app_id, resource, level, granted_by) SELECT app_id, 'cameras', 2, 'bench' FROM citybigdata.application WHERE app_code = '$CBD_APP_CODE' ON CONFLICT DO NOTHING"
    digest=$(printf '%s' "$TOKEN" | sha256sum | cut -d' ' -f1)
    https_rate -c "$CONNECTIONS" -s "$TOP/regress/bench/preview.lua" "$CBD_URL/api/v1/cameras/previewURLs" -- "$TOKEN"
    https=$RATE https_cpu=$EACH
    lane=$(sql -c "SELECT count(DISTINCT pid) FROM pg_stat_activity WHERE usename = 'citybigdata_bridge' AND query LIKE '%rest_camera_preview%'")
    cat > "$work/preview.sql" <<SQL
\\set n random(1, 1000)
SELECT octet_length(citybigdata.rest_camera_preview('bench', '127.0.0.1'::inet, NULL, 'bearer', '\\x$digest'::bytea, 'beefbeefbeefbeefbeefbeef' || lpad(to_hex(:n::integer), 8, '0'), NULL, 'hls', NULL, NULL));
SQL
    pgbench_rate citybigdata_bridge "$lane" "$work/preview.sql"
    row "preview addresses over HTTPS, $CONNECTIONS connections, durable" "$(calc "$https" 0)" "addresses/s" ""
    row "pgbench of rest_camera_preview, $lane connections (the write lane)" "$(calc "$RATE" 0)" "calls/s" ""
    row "  bridge : pgbench $lane" "$(calc "$https / $RATE")" "x" ">= 0.65"
    row "  extra processor time of an address, wrk's in it" "$(calc "$https_cpu - $EACH" 1)" "us" ""
    row "  processor time of an address, pgbench" "$EACH" "us" ""
}
