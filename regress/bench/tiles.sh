#!/usr/bin/env bash
# Vector tiles, for bench.sh: cold ones of BENCH_ROWS points beside martin (crates.io) and tipg (PyPI) on the same table, in one run; and warm ones
# beside a trivial request with the same checks.
# The three do not do the same. The bridge judges each call; where a tile would have too many features it answers counts of all of them, where
# martin sends all features, however many, and tipg leaves features out (its default: beyond 10000). martin has no TLS.
TILE_ZOOMS=${TILE_ZOOMS:-8 12 16}
TILE_LAYER=street-lights
TILE_WARM=20 # some hundred features
MARTIN=martin@1.14.0
TIPG='tipg==1.6.1'

# set_tile_cache BYTES: the bridge's setting, taken at once.
set_tile_cache() {
    sed -i '/^tile_cache/d' "$DIR/bridge.conf"
    printf 'tile_cache = %s\n' "$1" >> "$DIR/bridge.conf"
    kill -HUP "$(bridge_pids "$DIR")"
    sleep 1
}

# tile_list ZOOM: up to 2000 tiles of that zoom which have points, in no order, as z/x/y lines.
tile_list() {
    sql -v z="$1" > "$work/tiles.$1" <<'SQL'
SELECT format('%s/%s/%s', :z, x, y) FROM (
    SELECT DISTINCT floor((public.st_x(geom) + 180) / 360 * 2 ^ :z)::int AS x,
        floor((1 - asinh(tan(radians(public.st_y(geom)))) / pi()) / 2 * 2 ^ :z)::int AS y
    FROM demo.street_light WHERE light_id <= 20000) t ORDER BY hashint8(x::bigint * 4194304 + y) LIMIT 2000;
SQL
}

# tiles_https ZOOM CONNECTIONS ADDRESS BEFORE BEHIND [TOKEN]
tiles_https() { https_rate -c "$2" --latency --timeout 30s -s "$TOP/regress/bench/tiles.lua" "$3" -- "$work/tiles.$1" "${@:4}"; }
our_tiles() { tiles_https "$1" "$2" "$CBD_URL" "/api/v1/tiles/$TILE_LAYER/" .mvt "$TOKEN"; }

# Each peer: NAME_install, NAME_start (sets PEER, PEER_PORT and PEER_SCHEME), NAME_before, NAME_behind.
martin_install() {
    command -v cargo > /dev/null || { say "no martin: cargo is not installed"; return 1; }
    [ -x "$work/martin/bin/martin" ] || cargo install --quiet --locked --root "$work/martin" --no-default-features --features postgres "$MARTIN" > "$work/cargo.log" 2>&1 \
        || { tail -5 "$work/cargo.log" >&2; say "no martin: it cannot be built here"; return 1; }
}
# (it has no TLS: what it is spared)
martin_start() {
    PEER_PORT=$(free_port) PEER_SCHEME=http
    cat > "$work/martin.yaml" <<YAML
listen_addresses: 127.0.0.1:$PEER_PORT
worker_processes: $(nproc)
cache_size_mb: 0
postgres:
  connection_string: postgresql://tile_peer:$PEER_PASSWORD@127.0.0.1:$PGPORT/$PGDATABASE
  pool_size: 4
  auto_bounds: skip
  auto_publish: {tables: {from_schemas: [demo]}, functions: false}
YAML
    RUST_LOG=error "$work/martin/bin/martin" --config "$work/martin.yaml" > "$work/martin.log" 2>&1 &
    PEER=$!
}
martin_before=/street_light/ martin_behind=

tipg_install() {
    [ -x "$work/tipg/bin/uvicorn" ] || { /usr/bin/python3 -m venv "$work/tipg" && "$work/tipg/bin/pip" install -q "$TIPG" uvicorn uvloop httptools; } > "$work/pip.log" 2>&1 \
        || { tail -5 "$work/pip.log" >&2; say "no tipg: it cannot be installed here"; return 1; }
}
tipg_start() {
    PEER_PORT=$(free_port) PEER_SCHEME=https
    cp "$DIR/tls/server.pem" "$DIR/tls/server.key" "$work/tipg/"
    DATABASE_URL="postgresql://tile_peer:$PEER_PASSWORD@127.0.0.1:$PGPORT/$PGDATABASE" TIPG_DB_SCHEMAS='["demo"]' DB_MIN_CONN_SIZE=2 DB_MAX_CONN_SIZE=2 \
        "$work/tipg/bin/uvicorn" tipg.main:app --host 127.0.0.1 --port "$PEER_PORT" --workers "$(nproc)" --log-level warning --no-access-log \
        --ssl-certfile "$work/tipg/server.pem" --ssl-keyfile "$work/tipg/server.key" > "$work/tipg.log" 2>&1 &
    PEER=$!
}
tipg_before=/collections/demo.street_light/tiles/WebMercatorQuad/ tipg_behind=

# tile_peer NAME: starts it; 1: there is none, which is told.
tile_peer() {
    local before=$1_before behind=$1_behind tries=0
    "$1_install" || return 1
    "$1_start"
    until curl -s --noproxy '*' -f -o /dev/null --cacert "$CBD_CA" "$PEER_SCHEME://localhost:$PEER_PORT${!before}$(head -1 "$work/tiles.16")${!behind}"; do
        tries=$((tries + 1))
        [ "$tries" -lt 60 ] && kill -0 "$PEER" 2> /dev/null || { tail -5 "$work/$1.log" >&2; peer_stop; say "no $1: it does not answer as it should"; return 1; }
        sleep 0.5
    done
}

# (the largest size of data and growth)
bench_tiles() {
    local zoom name before behind
    [ "$(sql -c "SELECT to_regclass('demo.street_light') IS NOT NULL AND (SELECT max(light_id) FROM demo.street_light) >= $BENCH_ROWS")" = t ] || demo_rows "$BENCH_ROWS"
    for zoom in $TILE_ZOOMS 16; do tile_list "$zoom"; done
    row "points of the layer; load of the machine before" "$BENCH_ROWS; $(cut -d' ' -f1 /proc/loadavg)" "" ""
    set_tile_cache 0
    # what housekeeping does for a large layer: counts for low zooms
    timed sql -c "SELECT citybigdata.count_layer('$TILE_LAYER')" > /dev/null
    row "counting the layer once, which housekeeping does" "$TOOK" "s" ""
    our_tiles 12 8
    declare -A ours ours_cpu
    for zoom in $TILE_ZOOMS; do
        our_tiles "$zoom" 8
        ours[$zoom]=$RATE ours_cpu[$zoom]=$EACH
        row "cold tile, zoom $zoom, 8 connections" "$(calc "$RATE" 0)" "tiles/s" ""
        row "  p99; processor time of one, wrk's in it" "$(calc "$(p99)" 0) ms; $(calc "$EACH / 1000" 1)" "ms" ""
    done
    # over TCP, which neither can do without a password
    PEER_PASSWORD=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
    sql -c "DROP ROLE IF EXISTS tile_peer" -c "CREATE ROLE tile_peer LOGIN SUPERUSER PASSWORD '$PEER_PASSWORD'" > /dev/null
    for name in martin tipg; do
        before=${name}_before behind=${name}_behind
        for zoom in $TILE_ZOOMS; do
            # each zoom anew: what martin still does for tiles of all features would go on in the next one
            tile_peer "$name" || continue 2
            tiles_https "$zoom" 8 "$PEER_SCHEME://localhost:$PEER_PORT" "${!before}" "${!behind}"
            peer_stop
            sql -c "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'tile_peer'" > /dev/null
            row "$name, zoom $zoom" "$(calc "$RATE" 1)" "tiles/s" ""
            row "  bridge : $name" "$(calc "${ours[$zoom]} / $RATE" 1)" "x" "> 1"
            row "  p99; processor time of one" "$(calc "$(p99)" 0) ms; $(calc "$EACH / 1000" 1)" "ms" "ours: $(calc "${ours_cpu[$zoom]} / 1000" 1)"
        done
    done
    bench_tiles_warm
}

# Warm tiles as a browser asks for them: deflated. (A tile for who takes no gzip is inflated each time.)
warm_tiles() { tiles_https warm "$1" "$CBD_URL" "/api/v1/tiles/$TILE_LAYER/" .mvt "$TOKEN" gzip; }

# Warm tiles beside a trivial endpoint that checks token and grant and records the read (bench_check), in short turns, of which the medians count.
bench_tiles_warm() {
    local trivial trivial_cpu bytes SECONDS_EACH=$(((SECONDS_EACH + 2) / 3))
    sql -c "CREATE OR REPLACE FUNCTION citybigdata.rest_code_table(request_id text, client_addr inet, app_code text, scheme text, credential bytea, name text)
                RETURNS bytea AS '\$libdir/citybigdata', 'cbd_bench_trivial' LANGUAGE c SECURITY DEFINER SET search_path = pg_catalog, pg_temp" \
        -c "ALTER SYSTEM SET citybigdata.tile_age = 3600" -c "SELECT pg_reload_conf()" > /dev/null
    set_tile_cache 64MiB
    tile_list "$TILE_WARM"
    head -50 "$work/tiles.$TILE_WARM" > "$work/tiles.warm"
    warm_tiles 4
    # shellcheck disable=SC2034
    for turn in $(seq 9); do
        https_rate -c "$CONNECTIONS" -H "Authorization: Bearer $TOKEN" "$CBD_URL/api/v1/code-tables/$TILE_LAYER"
        trivial=$RATE trivial_cpu=$EACH
        warm_tiles "$CONNECTIONS"
        bytes=$(awk '/requests in/ { n = $1; size = $5; sub(/[A-Z]+$/, "", size); unit = $5; sub(/^[0-9.]+/, "", unit); print size * (unit == "GB" ? 1e9 : unit == "MB" ? 1e6 : 1e3) / n }' "$work/wrk.out")
        echo "$trivial $RATE $(calc "$RATE / $trivial" 3) $(calc "$trivial_cpu / $EACH" 3) $EACH"
    done > "$work/warm"
    row "trivial request, token and grant checked, read audited" "$(calc "$(median 1 "$work/warm")" 0)" "requests/s" ""
    row "warm tile, zoom $TILE_WARM, gzip, $(calc "$bytes" 0) bytes with its header" "$(calc "$(median 2 "$work/warm")" 0)" "tiles/s" ""
    row "  warm tile : trivial request" "$(calc "$(median 3 "$work/warm")")" "x" ">= 0.90"
    row "  the same by processor time; that of a warm tile" "$(calc "$(median 4 "$work/warm")"); $(calc "$(median 5 "$work/warm")" 0)" "x; us" ">= 0.90"
    row "  shown from the cache, of all" "$(curl_json "$CBD_URL/metrics" | awk '/^citybigdata_tile_cache_hits/ { h = $2 } /^citybigdata_tile_cache_misses/ { m = $2 } END { printf "%.3f", h / (h + m) }')" "x" ""
    sql -c "ALTER SYSTEM RESET citybigdata.tile_age" -c "SELECT pg_reload_conf()" > /dev/null
}
