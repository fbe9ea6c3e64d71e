# Shell functions for a database that is used, and for checks of it; sourced by dump.sh and upgrade/upgrade.sh after cluster/lib.sh.
# They need DIR (a cluster's folder), OUT (a folder for what is compared) and PGPORT, and set failed, token, auth_code, url, cursor.

failed=0
token=
auth_code=
url=
cursor=

# result CODE NAME: prints the line.
result() {
    if [ "$1" = 0 ]; then echo "ok $2"; else echo "not ok $2"; failed=1; fi
}

# check NAME COMMAND...
check() {
    local name=$1 code=0
    shift
    "$@" >"$OUT/check.log" 2>&1 || code=$?
    [ "$code" = 0 ] || sed 's/^/# /' "$OUT/check.log" >&2
    result "$code" "$name"
}

sql() { local database=$1; shift; db_psql "$DIR" -d "$database" "$@"; }
# is TEXT DATABASE QUERY: the query's result is TEXT.
is() { local seen; seen=$(sql "$2" -c "$3") && [ "$seen" = "$1" ] || { echo "expected: $1"; echo "seen:     $seen"; return 1; }; }
tool() { local name=$1; shift; as_db "$DIR/pg$PG_BIN/$name" -h "$(cat "$DIR/socket")" -p "$PGPORT" -U postgres "$@"; }

# catalogue DATABASE: everything that the catalogue says of the extension, and the reference rows; a line each.
catalogue() { sql "$1" < "$TOP/regress/upgrade/catalogue.sql"; }

# use DATABASE FILE: real reports and everything else that leaves rows; the script prints a token, a code, an address and a cursor
# that are valid. The demo application's credentials are in the environment, as demo.env has them.
use() {
    sql "$1" -v sender="$CBD_SENDER_CODE" -v app="$CBD_APP_CODE" -v key="$CBD_KEY" -v first="$(event DUMP-1 路灯不亮)" \
        < "$2" > "$OUT/credentials" || return 1
    { read -r token; read -r auth_code; read -r url; read -r cursor; } < "$OUT/credentials"
    [ -n "$cursor" ]
}

# goes_on NAME: the platform in database NAME, restored or upgraded, repeats an old answer, refuses a conflict with the first numbers,
# and continues the numbers; what use() printed is good there.
goes_on() {
    local name=$1 next
    next=$(($(sql "$name" -c "SELECT max(rec_id) FROM citybigdata.event") + 1))
    check "$name: a repeat gets its first numbers" is "t" "$name" \
        "SELECT (r.rec_id, r.task_num, r.status_code) = (e.rec_id, e.task_num, 0)
         FROM citybigdata.event e, citybigdata.report_event('$CBD_SENDER_CODE', '$(event DUMP-1 路灯不亮)'::json, 'egova') r WHERE e.other_task_num = 'DUMP-1'"
    check "$name: other content is a conflict with the first numbers" is "t" "$name" \
        "SELECT (r.rec_id, r.task_num, r.status_code) = (e.rec_id, e.task_num, 40901)
         FROM citybigdata.event e, citybigdata.report_event('$CBD_SENDER_CODE', '$(event DUMP-1 别的问题)'::json, 'egova') r WHERE e.other_task_num = 'DUMP-1'"
    check "$name: a new report gets the next number" is "0|$next" "$name" \
        "SELECT r.status_code, r.rec_id FROM citybigdata.report_event('$CBD_SENDER_CODE', '$(event DUMP-NEW 新问题)'::json, 'egova') r"
    check "$name: a token is still good" is 0 "$name" "SELECT status_code FROM citybigdata.check_token('$token')"
    check "$name: a code buys a token, once" is "0|40012" "$name" \
        "SET citybigdata.own_statement = off; SELECT x.status_code, y.status_code FROM citybigdata.exchange_auth_code('$CBD_APP_CODE', '$auth_code') x,
         LATERAL (SELECT * FROM citybigdata.exchange_auth_code('$CBD_APP_CODE', '$auth_code') WHERE x.status_code = 0) y"
    check "$name: the key opens, a wrong one does not" is "0|40101" "$name" \
        "SET citybigdata.own_statement = off; SELECT x.status_code, y.status_code FROM citybigdata.issue_auth_code('$CBD_APP_CODE', 'key', '$CBD_KEY') x,
         citybigdata.issue_auth_code('$CBD_APP_CODE', 'key', '00000000-0000-4000-8000-000000000000') y"
    check "$name: a sealed address opens, its uses go on counting" is "0|1" "$name" "SELECT status_code, uses_left FROM citybigdata.open_url('$url')"
    check "$name: the sealed audit log verifies" is 0 "$name" "SELECT count(*) FROM citybigdata.audit_verify()"
    check "$name: a published resource is whole" is 0 "$name" "SELECT count(*) FROM citybigdata.catalogue_problems() WHERE severity = 'error'"
    check "$name: a cursor of before goes on" is '[{"id":1,"name":"路灯"}]' "$name" \
        "SELECT citybigdata.query('dump-lamps', '{\"pageSize\": 1, \"sort\": \"-id\", \"fields\": \"id,name\", \"cursor\": \"$cursor\"}') -> 'items'"
    check "$name: what was staged goes in, what was refused is there" is '0|1|1|id 2' "$name" \
        "SELECT i.accepted, i.rejected, b.rejected, 'id ' || (r.record ->> 'id') FROM citybigdata.ingest_staged('dump-lamps') i,
         citybigdata.ingest_batch b JOIN citybigdata.ingest_reject r USING (batch_id) WHERE b.accepted = 2"
    check "$name: setup() again does no harm" sql "$name" -c "SELECT citybigdata.setup('$PLATFORM_CODE', '$PLATFORM_NAME', '$PLATFORM_CODE')"
}

# event NUMBER TEXT: an event in Dongcheng, as JSON without blanks or quotes that SQL would mind.
event() {
    printf '%s' "{\"eventDesc\":\"$2\",\"otherTaskNum\":\"$1\",\"address\":\"景山前街4号\",\"longitude\":116.403414,\"latitude\":39.924091," \
        "\"eventSrcID\":1,\"recTypeID\":1,\"eventLevelID\":1,\"eventTypeCode\":\"6\",\"createTime\":\"20240102030405\"}"
}
