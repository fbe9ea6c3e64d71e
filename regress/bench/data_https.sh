#!/usr/bin/env bash
# The open data interface over HTTPS, for bench.sh (parts data and download). BENCH_ROWS: street lights of the largest size,
# ten million of which take some minutes to make; DOWNLOAD_ROWS: rows of one download.
BENCH_ROWS=${BENCH_ROWS:-10000000}
DOWNLOAD_ROWS=${DOWNLOAD_ROWS:-1000000}
LIGHTS="$CBD_URL/api/v1/data/street-lights"
LIGHT_COLUMNS='light_id, lamp_code, lamp_type, power_watt, district_code, street_name, keeper_phone, installed_at, state, public.st_x(geom) AS longitude, public.st_y(geom) AS latitude'

# The demo datasets at a size. What the server still has to do for them is done before anything is measured; the bridge's connections meet them once.
demo_rows() {
    sql -v rows="$1" -v seed=1 -f "$TOP/regress/cluster/demo_data.sql" > "$work/demo.out"
    sql -c CHECKPOINT
    while [ "$(sql -c "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'autovacuum worker'")" != 0 ]; do sleep 1; done
    wrk -t2 -c"$CONNECTIONS" -d2s -s "$TOP/regress/bench/page.lua" "$LIGHTS" -- "$TOKEN" > /dev/null
}

pages_https() { https_rate -c "$1" --latency -s "$TOP/regress/bench/page.lua" "${2:-$LIGHTS}" -- "$TOKEN"; }

# Plain SQL of the same page: no authorisation, no audit, no paging.
pages_bare() {
    cat > "$work/page.sql" <<SQL
\\set d random(11, 19)
SELECT json_agg(row_to_json(p)) FROM (SELECT $LIGHT_COLUMNS FROM demo.street_light WHERE district_code = ('1101' || :d)::varchar ORDER BY light_id LIMIT 10) p;
SQL
    pgbench_rate postgres "$CONNECTIONS" "$work/page.sql"
}

# (octet_length: not printed as hexadecimal digits; the bridge takes the bytes as they are)
pages_direct() {
    local digest
    digest=$(printf '%s' "$TOKEN" | sha256sum | cut -d' ' -f1)
    cat > "$work/direct.sql" <<SQL
\\set d random(11, 19)
SELECT octet_length(citybigdata.rest_data_query('bench', '127.0.0.1', NULL, 'bearer', '\\x$digest'::bytea, 'street-lights', ARRAY['divisionCode', 'pageSize'], ARRAY['1101' || :d, '$1']));
SQL
    pgbench_rate citybigdata_bridge 2 "$work/direct.sql"
}

# The same page at each size: rate over HTTPS, and processor time, which the rest of the machine disturbs less.
bench_growth() {
    local rows rate_1 cpu_1 rates='' cpus=''
    for rows in ${BENCH_SIZES:-10000 1000000} "$BENCH_ROWS"; do
        demo_rows "$rows"
        pages_https "$CONNECTIONS"
        row "10-row page over HTTPS, $rows rows" "$(calc "$RATE" 0)" "pages/s" ""
        row "  processor time of a page, wrk's in it" "$EACH" "us" ""
        rate_1=${rate_1:-$RATE} cpu_1=${cpu_1:-$EACH}
        rates="$rates $(calc "$RATE / $rate_1")" cpus="$cpus $(calc "$EACH / $cpu_1")"
    done
    row "  rate at each size : at 10000" "$rates" "x" "within 20 %"
    row "  processor time at each size : at 10000" "$cpus" "x" "within 20 %"
}

# (after growth: the largest size is there)
bench_data() {
    local https https_cpu
    [ "$(sql -c "SELECT to_regclass('demo.street_light') IS NOT NULL")" = t ] || demo_rows "$BENCH_ROWS"
    pages_https "$CONNECTIONS"
    https=$RATE https_cpu=$EACH
    row "authorised 10-row page over HTTPS, $CONNECTIONS connections" "$(calc "$https" 0)" "pages/s" ""
    pages_bare
    row "pgbench of the bare json_agg, $CONNECTIONS connections" "$(calc "$RATE" 0)" "queries/s" ""
    row "  bridge : pgbench" "$(calc "$https / $RATE")" "x" ">= 0.4"
    row "  processor time of a page: HTTPS, wrk's in it / pgbench" "$https_cpu / $EACH" "us" ""
    if peer_start; then
        pages_https "$CONNECTIONS" "https://localhost:$PEER_PORT/api/v1/data/street-lights"
        peer_stop
        row "Fastify + node-postgres, token checked and the bare query, 1 statement" "$(calc "$RATE" 0)" "pages/s" ""
        row "  bridge : Fastify" "$(calc "$https / $RATE")" "x" ">= 2"
    fi
    pages_https 256
    row "p99 of the page at 256 connections" "$(calc "$(p99)" 1)" "ms" "far below 1000"
    pages_direct 10
    row "rest_data_query of 10 rows, processor time of a call" "$EACH" "us" ""
    https_cpu=$EACH
    pages_direct 1000
    row "JSON of a row, processor time" "$(calc "($EACH - $https_cpu) / 990" 2)" "us" ""
}

# kb FIELD PID: memory of a process, in kB.
kb() { sed -n "s/^$1:[^0-9]*\([0-9]*\).*/\1/p" "/proc/$2/status" 2>/dev/null || true; }

# timed COMMAND...: sets TOOK to its seconds.
timed() {
    local start
    start=$(date +%s.%N)
    "$@"
    TOOK=$(calc "$(date +%s.%N) - $start" 3)
}

download_https() { curl -s --noproxy '*' --cacert "$CBD_CA" -H "Authorization: Bearer $TOKEN" "$@" > "$work/download.ndjson"; }
download_copy() {
    sql -c "COPY (SELECT row_to_json(p) FROM (SELECT $LIGHT_COLUMNS FROM demo.street_light WHERE light_id <= $1 ORDER BY light_id) p) TO STDOUT" > "$work/copy.json"
}

# In turns, so that what else the machine does hits both.
bench_download() {
    local rows turn https=0 copy=0 bridge backend=0 pid before_bridge gzip
    [ "$(sql -c "SELECT to_regclass('demo.street_light') IS NOT NULL")" = t ] || demo_rows "$DOWNLOAD_ROWS"
    rows=$(sql -c "SELECT least($DOWNLOAD_ROWS, max(light_id)) FROM demo.street_light")
    bridge=$(bridge_pids "$DIR")
    download_https "$LIGHTS?format=ndjson&lightId.le=10000"
    before_bridge=$(kb VmHWM "$bridge")
    # shellcheck disable=SC2034
    for turn in 1 2 3; do
        timed download_https "$LIGHTS?format=ndjson&lightId.le=$rows"
        https=$(calc "$https + $TOOK" 3)
        [ "$(wc -l < "$work/download.ndjson")" = "$rows" ] || say "the download is not complete"
        timed download_copy "$rows"
        copy=$(calc "$copy + $TOOK" 3)
    done
    for pid in $(sql -c "SELECT pid FROM pg_stat_activity WHERE usename = 'citybigdata_bridge' AND application_name ~ 'slow'"); do
        turn=$(kb RssAnon "$pid")
        [ "${turn:-0}" -le "$backend" ] || backend=$turn
    done
    row "NDJSON download of $rows rows over HTTPS" "$(calc "3 * $rows / $https" 0)" "rows/s" ""
    row "COPY (SELECT row_to_json(...)) TO STDOUT of the same rows" "$(calc "3 * $rows / $copy" 0)" "rows/s" ""
    row "  download : COPY" "$(calc "$copy / $https")" "x" ">= 0.8"
    row "  bridge memory, most: before / after" "$before_bridge / $(kb VmHWM "$bridge")" "kB" "no growth"
    row "  memory of the backend afterwards, its own" "$backend" "kB" ""
    timed download_https -H 'Accept-Encoding: gzip' "$LIGHTS?format=ndjson&lightId.le=$rows"
    gzip=$TOOK
    row "the same with gzip" "$(calc "$rows / $gzip" 0)" "rows/s" ""
    timed download_https "$LIGHTS?format=ndjson&charset=GB18030&lightId.le=$rows"
    row "the same in GB18030" "$(calc "$rows / $TOOK" 0)" "rows/s" ""
}
