#!/usr/bin/env bash
# make bench: the figures that are worth watching, as ratios measured in one run on one machine. Nothing here passes or fails.
#   bench.sh [SECONDS [PART...]]    seconds of each measurement, 6 when not given; parts: PARTS below, all when none is named
. "$(dirname "$0")/../cluster/lib.sh"
. "$TOP/regress/work.sh"
export LC_ALL=C.UTF-8
SECONDS_EACH=${1:-6}
PARTS=(report process rules step todo get exchange functions calendar encode check rows growth data download plans tiles features load lists indicators duplicates analysis cameras outbox sms video disturbed idle)
[ $# -lt 2 ] || PARTS=("${@:2}")
CONNECTIONS=32
IDLE=10000
RUN=0

# row WHAT VALUE UNIT AIM
row() { printf '| %-64s | %12s | %-14s | %-26s |\n' "$@"; }
calc() { awk "BEGIN { printf \"%.${2:-2}f\", $1 }" 2>/dev/null || echo '?'; }

curl_json() { curl -s --noproxy '*' --cacert "$CBD_CA" -H 'Content-Type: application/json' "$@"; }
field() { sed -n "s/.*\"$1\":\"\\([^\"]*\\)\".*/\\1/p"; }

get_token() {
    local code
    code=$(curl_json "$CBD_URL/api/v1/auth/code" -d "{\"appCode\":\"$CBD_APP_CODE\",\"method\":\"key\",\"key\":\"$CBD_KEY\"}" | field authCode)
    curl_json "$CBD_URL/api/v1/auth/token" -d "{\"appCode\":\"$CBD_APP_CODE\",\"authCode\":\"$code\"}" | field accessToken
}

# ticks PID...: processor time of processes, in seconds; with the children that they have waited for.
ticks() {
    local pid
    for pid in "$@"; do cat "/proc/$pid/stat" 2>/dev/null || true; done \
        | sed 's/.*) //' | awk -v hz="$(getconf CLK_TCK)" '{ sum += $12 + $13 + $14 + $15 } END { print sum / hz }'
}

# What serves: the bridge, PostgreSQL and all its processes.
server_ticks() {
    local postmaster
    postmaster=$(head -1 "$DIR/data/postmaster.pid")
    ticks "$(bridge_pids "$DIR")" "$postmaster" $(cat "/proc/$postmaster/task/$postmaster/children")
}

# measured COMMAND...: runs it, its output goes to $work/measured.out; sets CPU to the seconds of processor time that it and the servers took.
# (Not the machine's: whatever else runs does not count.)
measured() {
    local before client TIMEFORMAT='%U %S'
    before=$(server_ticks)
    { time "$@" > "$work/measured.out" 2>&1; } 2> "$work/measured.time" || cat "$work/measured.out" >&2
    client=$(awk 'END { print $1 + $2 }' "$work/measured.time")
    CPU=$(calc "$(server_ticks) - $before + $client" 3)
}

# https_rate ARGUMENT...: sets RATE to wrk's requests per second, EACH to the processor time of one in us; replies that are not 200 are told.
https_rate() {
    measured wrk -t2 -d"${SECONDS_EACH}s" "$@"
    cp "$work/measured.out" "$work/wrk.out"
    grep -E 'Non-2xx|Socket errors' "$work/wrk.out" >&2 || true
    RATE=$(sed -n 's/^Requests\/sec: *//p' "$work/wrk.out")
    EACH=$(calc "$CPU * 1e6 / $(awk '/requests in/ { print $1 }' "$work/wrk.out")" 1)
}

# pgbench_rate USER CLIENTS SCRIPT: the same of pgbench.
pgbench_rate() {
    local threads=2
    [ "$2" -ge 2 ] || threads=1
    measured as_db "$DIR/pg$PG_BIN/pgbench" -n -M prepared -h "$PGHOST" -p "$PGPORT" -U "$1" -c "$2" -j "$threads" -T "$SECONDS_EACH" -f "$3" "$PGDATABASE"
    RATE=$(sed -n 's/^tps = \([0-9.]*\).*/\1/p' "$work/measured.out")
    EACH=$(calc "$CPU * 1e6 / $(sed -n 's/^number of transactions actually processed: \([0-9]*\).*/\1/p' "$work/measured.out")" 1)
}

sql() { as_db "$DIR/pg$PG_BIN/psql" -X -q -A -t -v ON_ERROR_STOP=1 -h "$PGHOST" -p "$PGPORT" -U postgres -d "$PGDATABASE" "$@"; }

report_https() {
    RUN=$((RUN + 1))
    https_rate -c "$CONNECTIONS" -s "$TOP/regress/bench/report.lua" "$CBD_URL/api/v1/events" -- "$TOKEN" "$CBD_SENDER_CODE" "w$RUN" "$EVENT"
}

report_pgbench() {
    RUN=$((RUN + 1))
    cat > "$work/report.sql" <<SQL
\\set n random(1, 9000000000000000)
SELECT * FROM citybigdata.report_event('$CBD_SENDER_CODE', ('$EVENT,"otherTaskNum":"p$RUN-' || :client_id || '-' || :n || '"}')::json);
SQL
    pgbench_rate postgres "$1" "$work/report.sql"
}

bench_report() {
    local lane https https_cpu own many many_cpu
    report_https
    https=$RATE https_cpu=$EACH
    lane=$(sql -c "SELECT count(DISTINCT pid) FROM pg_stat_activity WHERE usename = 'citybigdata_bridge' AND query LIKE '%rest_event_report%'")
    report_pgbench "$lane"
    own=$RATE
    report_pgbench "$CONNECTIONS"
    many=$RATE many_cpu=$EACH
    row "event reports over HTTPS, $CONNECTIONS connections, durable" "$(calc "$https" 0)" "reports/s" ""
    row "pgbench of report_event, $lane connections (the write lane)" "$(calc "$own" 0)" "reports/s" ""
    row "pgbench of report_event, $CONNECTIONS connections" "$(calc "$many" 0)" "reports/s" ""
    row "  bridge : pgbench $lane" "$(calc "$https / $own")" "x" ">= 0.65"
    row "  bridge : pgbench $CONNECTIONS" "$(calc "$https / $many")" "x" ">= 0.55"
    row "  processor time of a report, HTTPS" "$https_cpu" "us" ""
    row "  processor time of a report, pgbench $CONNECTIONS" "$many_cpu" "us" ""
}

bench_get() {
    local https https_cpu direct direct_cpu cores digest
    cores=$(nproc)
    digest=$(printf '%s' "$TOKEN" | sha256sum | cut -d' ' -f1)
    https_rate -c "$CONNECTIONS" -H "Authorization: Bearer $TOKEN" "$CBD_URL/api/v1/events/$TASK"
    https=$RATE https_cpu=$EACH
    # octet_length: a client of text would have the bytes printed as hexadecimal digits, which the bridge has not
    cat > "$work/get.sql" <<SQL
SELECT octet_length(citybigdata.rest_event_get('bench', '127.0.0.1'::inet, NULL, 'bearer', '\\x$digest'::bytea, '$TASK', NULL, NULL));
SQL
    pgbench_rate citybigdata_bridge 8 "$work/get.sql"
    direct=$RATE direct_cpu=$EACH
    row "GET /events/{taskNum} over HTTPS, $CONNECTIONS connections" "$(calc "$https" 0)" "requests/s" ""
    row "pgbench of rest_event_get, 8 connections" "$(calc "$direct" 0)" "calls/s" ""
    row "  bridge : pgbench" "$(calc "$https / $direct")" "x" "about 0.4"
    row "  extra time of a request: $cores cores x (1/HTTPS - 1/pgbench)" "$(calc "$cores * (1 / $https - 1 / $direct) * 1e6" 1)" "us" "<= 40"
    row "  extra processor time of a request, wrk's in it" "$(calc "$https_cpu - $direct_cpu" 1)" "us" "<= 40"
    peer_start || return 0
    https_rate -c "$CONNECTIONS" -H "Authorization: Bearer $TOKEN" "https://localhost:$PEER_PORT/api/v1/events/$TASK"
    peer_stop
    row "Fastify + node-postgres, the same function, $cores processes" "$(calc "$RATE" 0)" "requests/s" ""
    row "  bridge : Fastify" "$(calc "$https / $RATE")" "x" ">= 2"
}

peer_stop() { kill "$PEER" 2>/dev/null || true; wait "$PEER" 2>/dev/null || true; }

# The peers' programs in $work/peer, once; 1: there are none, which is told. A registry that lacks packages for other systems lets `npm ci` fail.
peer_install() {
    command -v npm >/dev/null || { say "no peers: npm is not installed"; return 1; }
    [ ! -d "$work/peer/node_modules" ] || return 0
    [ -d "$work/peer" ] || cp -r "$TOP/regress/bench/peer" "$work/peer"
    (cd "$work/peer" && { npm ci --no-audit --no-fund --ignore-scripts || npm install --no-save --no-audit --no-fund --ignore-scripts; }) > "$work/npm.log" 2>&1 \
        || { rm -rf "$work/peer/node_modules"; tail -5 "$work/npm.log" >&2; say "no peers: npm cannot install them here"; return 1; }
}

# Starts the peer at PEER_PORT, as PEER; 1: there is none, which is told.
peer_start() {
    local tries=0
    peer_install || return 1
    PEER_PORT=$(free_port)
    cp "$DIR/tls/server.pem" "$DIR/tls/server.key" "$work/peer/"
    (cd "$work/peer" && exec node server.js "$PEER_PORT" server.pem server.key "$PGHOST" "$PGPORT" "$PGDATABASE") > "$work/peer.log" 2>&1 &
    PEER=$!
    until curl -s --noproxy '*' -f -o /dev/null --cacert "$CBD_CA" -H "Authorization: Bearer $TOKEN" "https://localhost:$PEER_PORT/api/v1/events/$TASK"; do
        tries=$((tries + 1))
        [ "$tries" -lt 50 ] && kill -0 "$PEER" 2>/dev/null || { tail -5 "$work/peer.log" >&2; peer_stop; say "no peer: it does not answer as it should"; return 1; }
        sleep 0.2
    done
}

# median COLUMN FILE
median() { cut -d' ' -f"$1" "$2" | sort -g | awk '{ v[NR] = $1 } END { print (v[int((NR + 1) / 2)] + v[int(NR / 2) + 1]) / 2 }'; }

# One trivial request (trivial.c, in the place of an endpoint) with and without a bearer token: what checking costs. In short turns, of which the medians
# count, so that what else the machine does meets both alike.
bench_check() {
    local without without_cpu with with_cpu SECONDS_EACH=$(((SECONDS_EACH + 2) / 3))
    sql -c "CREATE OR REPLACE FUNCTION citybigdata.rest_code_tables(request_id text, client_addr inet, app_code text, scheme text, credential bytea)
                RETURNS bytea AS '\$libdir/citybigdata', 'cbd_bench_trivial' LANGUAGE c SECURITY DEFINER SET search_path = pg_catalog, pg_temp" \
        -c "CREATE OR REPLACE FUNCTION citybigdata.rest_code_table(request_id text, client_addr inet, app_code text, scheme text, credential bytea, name text)
                RETURNS bytea AS '\$libdir/citybigdata', 'cbd_bench_trivial' LANGUAGE c SECURITY DEFINER SET search_path = pg_catalog, pg_temp"
    # shellcheck disable=SC2034
    for turn in $(seq 9); do
        https_rate -c "$CONNECTIONS" "$CBD_URL/api/v1/code-tables"
        without=$RATE without_cpu=$EACH
        https_rate -c "$CONNECTIONS" -H "Authorization: Bearer $TOKEN" "$CBD_URL/api/v1/code-tables"
        with=$RATE with_cpu=$EACH
        https_rate -c "$CONNECTIONS" -H "Authorization: Bearer $TOKEN" "$CBD_URL/api/v1/code-tables/events"
        echo "$without $with $(calc "$with / $without" 3) $(calc "$without_cpu / $with_cpu" 3) $(calc "$with_cpu - $without_cpu" 1) $RATE"
    done > "$work/check"
    row "trivial request over HTTPS, nobody asked who calls" "$(calc "$(median 1 "$work/check")" 0)" "requests/s" ""
    row "the same, bearer token checked" "$(calc "$(median 2 "$work/check")" 0)" "requests/s" ""
    row "  with : without" "$(calc "$(median 3 "$work/check")")" "x" ">= 0.90"
    row "  the same by processor time: without / with" "$(calc "$(median 4 "$work/check")")" "x" ">= 0.90"
    row "  processor time of the check" "$(median 5 "$work/check")" "us" ""
    row "the same, token and grant checked, read audited" "$(calc "$(median 6 "$work/check")" 0)" "requests/s" ""
}

# What remembering the place of a row brings (extension/core/keyed_row.c): the library as it is, and one that always asks the index, by turns, each in
# sessions of its own; medians of the processor time.
bench_rows() {
    local library digest which
    library=$DIR/pg$("$PG_CONFIG" --pkglibdir)/citybigdata.so
    digest=$(printf '%s' "$TOKEN" | sha256sum | cut -d' ' -f1)
    cp "$library" "$work/place.so"
    touch "$TOP/extension/core/keyed_row.c"
    make -s -C "$TOP" citybigdata.so PG_CONFIG="$PG_CONFIG" CBD_CFLAGS=-DCBD_ROW_PLACES=0
    mv "$TOP/citybigdata.so" "$work/index.so"
    # shellcheck disable=SC2034
    for turn in $(seq 9); do
        for which in place index; do
            # never written in place: running sessions have it mapped
            cp "$work/$which.so" "$library.new" && mv "$library.new" "$library"
            sql -v token="$TOKEN" -v digest="\\x$digest" -v task="$TASK" -f "$TOP/regress/bench/rows.sql" | awk -v hz="$(getconf CLK_TCK)" \
                '{ at[$1] = $2 } END { printf "%.3f %.3f\n", (at["checks"] - at["start"]) / hz / 0.2, (at["gets"] - at["checks"]) / hz / 0.06 }' >> "$work/rows.$which"
        done
    done
    cp "$work/place.so" "$library.new" && mv "$library.new" "$library"
    row "token check, rows looked for at their remembered place" "$(median 1 "$work/rows.place")" "us" ""
    row "  always by the index" "$(median 1 "$work/rows.index")" "us" ""
    row "  index : place" "$(calc "$(median 1 "$work/rows.index") / $(median 1 "$work/rows.place")")" "x time" ">= 1.5"
    row "rest_event_get with its checks, remembered place" "$(median 2 "$work/rows.place")" "us" ""
    row "  always by the index" "$(median 2 "$work/rows.index")" "us" ""
    row "  index : place" "$(calc "$(median 2 "$work/rows.index") / $(median 2 "$work/rows.place")")" "x time" ">= 1.15"
}

# One-time codes, issued before, for tokens: each is a durable commit of its own.
bench_exchange() {
    local codes=$((SECONDS_EACH * 5000))
    PGOPTIONS='-c citybigdata.own_statement=off' sql -c "SELECT (citybigdata.issue_auth_code('$CBD_APP_CODE', 'key', '$CBD_KEY')).auth_code FROM generate_series(1, $codes)" > "$work/codes"
    https_rate -c "$CONNECTIONS" -s "$TOP/regress/bench/exchange.lua" "$CBD_URL/api/v1/auth/token" -- "$CBD_APP_CODE" "$work/codes"
    row "code for token over HTTPS, $CONNECTIONS connections, durable" "$(calc "$RATE" 0)" "exchanges/s" ""
}

bench_functions() {
    sql -v event="$EVENT" < "$TOP/regress/bench/functions.sql" > "$work/functions.out"
    local name value
    while read -r name value; do eval "local us_$name=$value"; done < "$work/functions.out"
    row "validate_event, all checks, 16 districts" "$(calc "$us_validate_event - $us_scan_events" 1)" "us" "<= 20"
    row "time_range of a text" "$(calc "($us_time_range - $us_scan_intervals) * 1000" 0)" "ns" ""
    row "tstzrange input of a text" "$(calc "($us_tstzrange - $us_scan_intervals) * 1000" 0)" "ns" ""
    row "  time_range : tstzrange" "$(calc "($us_time_range - $us_scan_intervals) / ($us_tstzrange - $us_scan_intervals)")" "x time" "<= 1"
    row "add_work, four hours in a year of working days" "$(calc "$us_add_work - $us_scan_times")" "us" "<= 5"
    row "work_between" "$(calc "$us_work_between - $us_scan_times")" "us" "<= 5"
    row "gcj02_to_wgs84, iterated" "$(calc "1e6 / $us_gcj02" 0)" "points/s" ""
    row "plpgsql version, one step" "$(calc "1e6 / $us_gcj02_plpgsql" 0)" "points/s" ""
    row "ST_Transform to EPSG:4548" "$(calc "1e6 / $us_st_transform" 0)" "points/s" ""
    row "  gcj02_to_wgs84 : plpgsql" "$(calc "$us_gcj02_plpgsql / $us_gcj02" 1)" "x" ""
    row "  gcj02_to_wgs84 : ST_Transform" "$(calc "$us_st_transform / $us_gcj02" 1)" "x" ""
    row "JSON of a row, nine members (pages of 1000 less pages of 10)" "$(calc "($us_page_1000 - $us_page_10) / 990")" "us" ""
    row "  the rows read without it" "$(calc "$us_scan_1000 / 1000")" "us" ""
    row "  json_agg(row_to_json) : this" "$(calc "$us_json_1000 / $us_page_1000" 1)" "x time" ""
    row "CSV of a row" "$(calc "($us_page_1000_csv - $us_page_10) / 990")" "us" ""
}

# Ten million random pairs against the model of minutes: a check more than a figure.
bench_calendar() {
    local pairs=10000000 started=$SECONDS
    gcc -std=gnu11 -D_GNU_SOURCE -O2 -I"$TOP/extension" "$TOP"/regress/calendar/check_calendar.c "$TOP"/extension/calendar/calendar_math.c -o "$work/check_calendar"
    if "$work/check_calendar" "$TOP/sql/data/cn_holidays.tsv" "$pairs" > "$work/calendar.out"; then
        row "working time against a model of minutes, $pairs pairs" "0" "differences" "0"
    else
        row "working time against a model of minutes, $pairs pairs" "$(tail -1 "$work/calendar.out")" "" "0"
    fi
    row "  the whole check" "$((SECONDS - started))" "s" ""
}

# A row of 257 bytes in the bridge: charset and gzip.
bench_encode() {
    local name us rate part us_to_gb18030 us_from_gb18030 us_icu us_iconv us_gzip_3 part_gzip_3
    gcc -std=gnu11 -D_GNU_SOURCE -O2 -I"$TOP/bridge" -I"$TOP/extension" "$TOP"/regress/bench/encode.c "$TOP"/bridge/base/charset.c -licuuc -lz -o "$work/encode"
    "$work/encode" > "$work/encode.out"
    while read -r name us rate part; do printf -v "us_$name" %s "$us"; printf -v "part_$name" %s "$part"; done < "$work/encode.out"
    row "a row of data to GB18030" "$us_to_gb18030" "us" ""
    row "  ICU : this" "$(calc "$us_icu / $us_to_gb18030" 1)" "x time" ""
    row "  iconv : this" "$(calc "$us_iconv / $us_to_gb18030" 1)" "x time" ""
    row "a row from GB18030" "$us_from_gb18030" "us" ""
    row "a row into gzip" "$us_gzip_3" "us" ""
    row "  bytes left" "$(calc "$part_gzip_3 * 100" 1)" "%" ""
}

bench_idle() {
    local before with open
    read -r before with open <<< "$(/usr/bin/python3 "$TOP/regress/bench/idle.py" "${CBD_URL##*:}" "$IDLE" "$(bridge_pids "$DIR")")"
    row "bridge memory before" "$(calc "$before / 1024" 1)" "MB" ""
    row "bridge memory at $open idle TLS connections" "$(calc "$with / 1024" 1)" "MB" ""
    row "  per connection" "$(calc "($with - $before) / $open" 1)" "kB" ""
}

# The 99th hundredth of the light GET, in ms.
p99() { sed -n 's/^ *99% *//p' "$work/wrk.out" | awk '/us$/ { print $1 / 1000; next } /ms$/ { print $1 + 0; next } { print $1 * 1000 }'; }

bench_disturbed() {
    local alone
    https_rate -c 8 --latency -H "Authorization: Bearer $TOKEN" "$CBD_URL/api/v1/events/$TASK"
    alone=$(p99)
    # slow queries: the vendor path's function sleeps for a second
    sql -c "CREATE OR REPLACE FUNCTION citybigdata.rest_event_upstream(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
                sender_code text, action_type text, data text) RETURNS bytea LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
            AS \$\$BEGIN PERFORM pg_sleep(1); RETURN citybigdata.reply_frame(0, 0, '{}'); END\$\$"
    /usr/bin/python3 "$TOP/regress/bench/disturb.py" "${CBD_URL##*:}" "$((SECONDS_EACH + 2))" "$CBD_SENDER_CODE" "$TOKEN" "$CBD_APP_CODE" 16 32 > "$work/disturb.out" 2>&1 &
    local pid=$!
    sleep 1
    https_rate -c 8 --latency -H "Authorization: Bearer $TOKEN" "$CBD_URL/api/v1/events/$TASK"
    row "p99 of the light GET, alone" "$(calc "$alone" 1)" "ms" ""
    row "p99 with 16 slow queries and 32 wrong passwords running" "$(calc "$(p99)" 1)" "ms" "<= 50"
    wait "$pid" || true
    row "  their replies" "" "" "$(tail -1 "$work/disturb.out")"
}

main() {
    begin wrk curl
    cp "$TOP/regress/bench/trivial.c" "$TOP/extension/bench_trivial.c"
    cp "$TOP/regress/bench/judge.c" "$TOP/extension/bench_judge.c"
    MAKE_ARGS=(-j2)
    platform_build || exit 1
    DIR=$work/bench
    # idle connections must last until the last of them is there
    BRIDGE_ENV=(CBD_IDLE_TIMEOUT=600s)
    platform_new "$DIR"
    . "$DIR/env"
    EVENT='{"eventDesc":"路灯不亮","address":"东城区王府井大街1号","lontitude":116.4179,"latitude":39.9110,"eventSrcID":1,"recTypeID":1,"eventLevelID":1,"eventTypeCode":"6","mainTypeCode":"602","subTypeCode":"60201","createTime":"20240102030405"'
    TOKEN=$(get_token)
    . "$TOP/regress/bench/data_https.sh"
    . "$TOP/regress/bench/history.sh"
    . "$TOP/regress/bench/plans.sh"
    . "$TOP/regress/bench/cases.sh"
    . "$TOP/regress/bench/rules.sh"
    . "$TOP/regress/bench/duplicates.sh"
    . "$TOP/regress/bench/analysis.sh"
    . "$TOP/regress/bench/indicators.sh"
    . "$TOP/regress/bench/cameras.sh"
    . "$TOP/regress/bench/outbox.sh"
    . "$TOP/regress/bench/sms.sh"
    . "$TOP/regress/bench/video.sh"
    . "$TOP/regress/bench/tiles.sh"
    . "$TOP/regress/bench/features.sh"
    [ -n "$TOKEN" ] || die "no token"
    TASK=$(curl_json "$CBD_URL/api/v1/events" -H "Authorization: Bearer $TOKEN" \
        -d "{\"senderCode\":\"$CBD_SENDER_CODE\",\"actionType\":\"UP_REC_REPORT\",\"data\":$EVENT,\"otherTaskNum\":\"bench-0\"}}" | field taskNum)
    [ -n "$TASK" ] || die "the event is not accepted"
    printf '\n%s cores, PostgreSQL %s, %s s each\n\n' "$(nproc)" "$(sql -c 'SHOW server_version')" "$SECONDS_EACH"
    row what value unit aim
    row --- ---: --- ---
    local part
    for part in "${PARTS[@]}"; do "bench_$part"; done
}
main
