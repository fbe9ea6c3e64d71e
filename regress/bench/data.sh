#!/usr/bin/env bash
# data.sh [SECONDS [ROWS...]]: the open data interface inside the database of the platform that make up started: a page of the
# endpoint function beside the bare query of the same rows. The demo datasets are made anew at each size (default 10000 1000000).
. "$(dirname "$0")/../cluster/lib.sh"
SECONDS_EACH=${1:-5}; shift || true
[ $# -gt 0 ] || set -- 10000 1000000
[ -f "${BENCH_ENV:-$TOP/.run/env}" ] || die "no platform is running here; run: make up"
. "${BENCH_ENV:-$TOP/.run/env}"
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
columns='light_id, lamp_code, lamp_type, power_watt, district_code, street_name, keeper_phone, installed_at, state, public.st_x(geom) AS longitude, public.st_y(geom) AS latitude'

# An access token of the demo application, for the calls of this script.
psql -X -q -c "INSERT INTO citybigdata.access_token (token_digest, app_id, account_id, issued_at, expires_at)
    SELECT sha256('bench data'), a.app_id, a.account_id, now(), now() + interval '1 hour' FROM citybigdata.application a JOIN citybigdata.account c USING (account_id)
    WHERE c.user_name = 'demo' AND 'key' = ANY (a.methods) LIMIT 1 ON CONFLICT DO NOTHING"

# script NAME TEXT
script() { printf '\\set d random(11, 19)\n%s\n' "$2" > "$work/$1.sql"; }
# octet_length: psql would have the bytes printed as hexadecimal digits, which the bridge has not
call() { printf "SELECT octet_length(citybigdata.rest_data_query('bench', '127.0.0.1', NULL, 'bearer', sha256('bench data'), 'street-lights', ARRAY[%s], ARRAY[%s]));" "$1" "$2"; }
bare() { printf "SELECT json_agg(row_to_json(p)) FROM (SELECT %s FROM demo.street_light WHERE %s ORDER BY light_id LIMIT %s) p;" "$columns" "$1" "$2"; }
script page "$(call "'divisionCode', 'pageSize'" "'1101' || :d, '10'")"
script bare "$(bare "district_code = ('1101' || :d)::varchar" 10)"
script time_page "$(call "'timeRange', 'pageSize'" "'[201' || (:d - 10) || '0601000000,201' || (:d - 10) || '0601120000)', '10'")"
script large "$(call "'divisionCode', 'pageSize'" "'1101' || :d, '1000'")"
script large_bare "$(bare "district_code = ('1101' || :d)::varchar" 1000)"
script token "SELECT octet_length(citybigdata.rest_division('bench', '127.0.0.1', NULL, 'bearer', sha256('bench data'), '110101'));"

# micros NAME: microseconds of the backend's CPU per call (one connection, prepared).
micros() {
    local pgbench pid before=0 now calls
    pgbench -n -M prepared -c 1 -T "$SECONDS_EACH" -f "$work/$1.sql" > "$work/out" 2>&1 &
    pgbench=$!
    sleep 0.5
    pid=$(psql -X -A -t -c "SELECT pid FROM pg_stat_activity WHERE application_name = 'pgbench' AND backend_type = 'client backend' ORDER BY backend_start DESC LIMIT 1")
    while kill -0 $pgbench 2>/dev/null; do
        now=$(cut -d' ' -f1 "/proc/$pid/schedstat" 2>/dev/null || true); [ -z "$now" ] || before=$now
        sleep 0.05
    done
    wait $pgbench || { cat "$work/out" >&2; return 1; }
    calls=$(sed -n 's/^number of transactions actually processed: \([0-9]*\).*/\1/p' "$work/out")
    awk "BEGIN { printf \"%.0f\", $before / $calls / 1000 }"
}

printf '%10s | %s\n' rows 'microseconds of backend CPU per call: page of 10 (authorised) / bare json_agg / token check alone / by time / page of 1000 / bare 1000'
for rows; do
    psql -X -q -v rows="$rows" -v seed=1 -f "$TOP/regress/cluster/demo_data.sql" > "$work/made"
    page=$(micros page); base=$(micros bare); page2=$(micros page); base2=$(micros bare)
    printf '%10s | %s %s / %s %s / %s / %s / %s / %s\n' "$rows" "$page" "$page2" "$base" "$base2" "$(micros token)" "$(micros time_page)" "$(micros large)" "$(micros large_bare)"
done
