#!/usr/bin/env bash
# Pages of OGC API Features, for bench.sh: 10, 100 and 1000 features of a district, of BENCH_ROWS points, beside tipg and pygeoapi (PyPI) on the same
# table, all over TLS, in one run. Neither of the two judges who calls.
# (after tiles, which knows how to install tipg; shares its functions)
FEATURE_LIMITS=${FEATURE_LIMITS:-10 100 1000}
FEATURE_CONNECTIONS=8
PYGEOAPI='pygeoapi==0.20.0'

# features_https LIMIT ADDRESS BEFORE BEHIND [TOKEN]: BEFORE with %s in the place of the limit
features_https() {
    # shellcheck disable=SC2059
    https_rate -c "$FEATURE_CONNECTIONS" --latency -s "$TOP/regress/bench/features.lua" "$2" -- "$(printf "$3" "$1")" "$4" ${5:+"$5"}
}
our_features() { features_https "$1" "$CBD_URL" '/ogc/collections/street-lights/items?limit=%s&districtCode=' '' "$TOKEN"; }
tipg_features='/collections/demo.street_light/items?limit=%s&district_code='
pygeoapi_features='/collections/street-lights/items?f=json&skipGeometry=false&limit=%s&district_code='

pygeoapi_install() {
    [ -x "$work/pygeoapi/bin/gunicorn" ] || { /usr/bin/python3 -m venv "$work/pygeoapi" && "$work/pygeoapi/bin/pip" install -q "$PYGEOAPI" gunicorn psycopg2-binary 'sqlalchemy<3' geoalchemy2; } > "$work/pip.log" 2>&1 \
        || { tail -5 "$work/pip.log" >&2; say "no pygeoapi: it cannot be installed here"; return 1; }
}
pygeoapi_start() {
    PEER_PORT=$(free_port) PEER_SCHEME=https
    cp "$DIR/tls/server.pem" "$DIR/tls/server.key" "$work/pygeoapi/"
    cat > "$work/pygeoapi/config.yml" <<YAML
server: {bind: {host: 127.0.0.1, port: $PEER_PORT}, url: "https://localhost:$PEER_PORT", mimetype: application/json; charset=UTF-8, encoding: utf-8, gzip: false, languages: [en-US],
  limits: {default_items: 10, max_items: 10000}, limit: 10000, map: {url: "https://example.org/{z}/{x}/{y}.png", attribution: none}}
logging: {level: ERROR}
metadata:
  identification: {title: bench, description: bench, keywords: [bench], keywords_type: theme, terms_of_service: none, url: "https://example.org"}
  license: {name: none, url: "https://example.org"}
  provider: {name: bench, url: "https://example.org"}
  contact: {name: bench, position: none, address: none, city: none, stateorprovince: none, postalcode: none, country: none, phone: none, fax: none, email: a@example.org, url: "https://example.org", hours: none, instructions: none, role: none}
resources:
  street-lights:
    type: collection
    title: bench
    description: bench
    keywords: [bench]
    links: []
    extents: {spatial: {bbox: [115, 39, 118, 42], crs: "http://www.opengis.net/def/crs/OGC/1.3/CRS84"}}
    providers:
      - {type: feature, name: PostgreSQL, data: {host: 127.0.0.1, port: $PGPORT, dbname: $PGDATABASE, user: tile_peer, password: $PEER_PASSWORD, search_path: [demo, public]}, id_field: light_id, table: street_light, geom_field: geom}
YAML
    export PYGEOAPI_CONFIG=$work/pygeoapi/config.yml PYGEOAPI_OPENAPI=$work/pygeoapi/openapi.yml
    "$work/pygeoapi/bin/pygeoapi" openapi generate "$PYGEOAPI_CONFIG" --output-file "$PYGEOAPI_OPENAPI" > "$work/pygeoapi.log" 2>&1 || true
    "$work/pygeoapi/bin/gunicorn" --bind "127.0.0.1:$PEER_PORT" --workers "$(nproc)" --keep-alive 30 --worker-class gthread --threads 4 --log-level error \
        --certfile "$work/pygeoapi/server.pem" --keyfile "$work/pygeoapi/server.key" pygeoapi.flask_app:APP >> "$work/pygeoapi.log" 2>&1 &
    PEER=$!
}

# feature_peer NAME: starts it; 1: there is none, which is told.
feature_peer() {
    local path=$1_features tries=0
    "$1_install" || return 1
    "$1_start"
    # shellcheck disable=SC2059
    until curl -s --noproxy '*' -f --cacert "$CBD_CA" -H 'Accept: application/geo+json' "$PEER_SCHEME://localhost:$PEER_PORT$(printf "${!path}" 10)110112" | grep -q '"FeatureCollection"'; do
        tries=$((tries + 1))
        [ "$tries" -lt 60 ] && kill -0 "$PEER" 2> /dev/null || { tail -5 "$work/$1.log" >&2; peer_stop; say "no $1: it does not answer as it should"; return 1; }
        sleep 0.5
    done
}

# Processor time of a page: of the client and all servers, and of the peer with its workers.
peer_ticks() { ticks "$PEER" $(cat "/proc/$PEER/task/$PEER/children"); }

bench_features() {
    local limit name path before spent
    [ "$(sql -c "SELECT to_regclass('demo.street_light') IS NOT NULL")" = t ] && [ "$(sql -c "SELECT max(light_id) >= $BENCH_ROWS FROM demo.street_light")" = t ] || demo_rows "$BENCH_ROWS"
    # the two log in by TCP, with the role that the peers of tiles have
    PEER_PASSWORD=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
    sql -c "DROP ROLE IF EXISTS tile_peer" -c "CREATE ROLE tile_peer LOGIN SUPERUSER PASSWORD '$PEER_PASSWORD'" > /dev/null
    row "points of the collection; load of the machine before" "$BENCH_ROWS; $(cut -d' ' -f1 /proc/loadavg)" "" ""
    declare -A ours ours_cpu
    for limit in $FEATURE_LIMITS; do
        our_features "$limit"
        ours[$limit]=$RATE ours_cpu[$limit]=$EACH
        row "page of $limit features, $FEATURE_CONNECTIONS connections" "$(calc "$RATE" 0)" "pages/s" ""
        row "  p99; processor time of one, wrk's in it" "$(calc "$(p99)" 0) ms; $(calc "$EACH / 1000" 2)" "ms" ""
    done
    for name in tipg pygeoapi; do
        feature_peer "$name" || continue
        path=${name}_features
        for limit in $FEATURE_LIMITS; do
            before=$(peer_ticks)
            features_https "$limit" "$PEER_SCHEME://localhost:$PEER_PORT" "${!path}" ''
            spent=$(calc "$EACH / 1000 + ($(peer_ticks) - $before) * 1e3 / $(awk '/requests in/ { print $1 }' "$work/wrk.out")" 2)
            row "$name, page of $limit" "$(calc "$RATE" 0)" "pages/s" ""
            row "  bridge : $name" "$(calc "${ours[$limit]} / $RATE")" "x" "> 1"
            row "  p99; processor time of one" "$(calc "$(p99)" 0) ms; $spent" "ms" "ours: $(calc "${ours_cpu[$limit]} / 1000" 2)"
        done
        peer_stop
    done
}
