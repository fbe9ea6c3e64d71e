#!/usr/bin/env bash
# dump.sh DIR: dump and restore of a used database lose nothing. Makes a cluster in the folder DIR (from the built tree that
# this script is in), uses the demo database, dumps and restores it both ways, compares. Prints `ok NAME` or `not ok NAME`.
. "$(dirname "$0")/cluster/lib.sh"
DIR=${1:?usage: dump.sh DIR}
token=
auth_code=
url=
cursor=
OUT=$DIR/dump
failed=0

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

# Row count and digest of the content of every table of the schema, members of the extension and others, partitions one by one,
# then the state of every sequence: one line each.
content() {
    sql "$1" <<'SQL'
SELECT pg_catalog.format($f$SELECT %L, count(*), md5(coalesce(string_agg(md5(t::text), '' ORDER BY md5(t::text)), '')) FROM %s t$f$,
                         'table ' || c.oid::regclass, c.oid::regclass)
FROM pg_catalog.pg_class c
WHERE c.relnamespace = 'citybigdata'::regnamespace AND c.relkind = 'r'
ORDER BY c.relname COLLATE "C" \gexec
SELECT pg_catalog.format($f$SELECT %L, last_value, is_called FROM %s$f$, 'sequence ' || c.oid::regclass, c.oid::regclass)
FROM pg_catalog.pg_class c
WHERE c.relnamespace = 'citybigdata'::regnamespace AND c.relkind = 'S'
ORDER BY c.relname COLLATE "C" \gexec
SQL
}

# Which partition hangs where, with its bounds; and what belongs to whom.
shape() {
    sql "$1" <<'SQL'
SELECT 'partition', i.inhparent::regclass, i.inhrelid::regclass, pg_catalog.pg_get_expr(c.relpartbound, c.oid)
FROM pg_catalog.pg_inherits i JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid
WHERE c.relnamespace = 'citybigdata'::regnamespace AND c.relkind IN ('r', 'p') ORDER BY c.relname COLLATE "C";
SELECT c.relkind, c.oid::regclass, c.relowner::regrole, c.relacl
FROM pg_catalog.pg_class c WHERE c.relnamespace = 'citybigdata'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'S', 'i', 'I')
ORDER BY c.relname COLLATE "C";
SELECT p.oid::regprocedure, p.proowner::regrole, p.proacl
FROM pg_catalog.pg_proc p WHERE p.pronamespace = 'citybigdata'::regnamespace ORDER BY p.oid::regprocedure::text COLLATE "C";
SELECT t.tgrelid::regclass, t.tgname FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
WHERE c.relnamespace = 'citybigdata'::regnamespace AND NOT t.tgisinternal ORDER BY c.relname COLLATE "C", t.tgname;
SELECT c.conrelid::regclass, c.conname, pg_catalog.pg_get_constraintdef(c.oid) FROM pg_catalog.pg_constraint c
WHERE c.connamespace = 'citybigdata'::regnamespace ORDER BY c.conrelid::regclass::text COLLATE "C", c.conname;
SQL
}

# Real reports and everything else that leaves rows; prints a token and a code that are valid.
use() {
    sql "$DATABASE" -v sender="$CBD_SENDER_CODE" -v app="$CBD_APP_CODE" -v key="$CBD_KEY" \
        -v first="$(event DUMP-1 路灯不亮)" < "$TOP/regress/dump_use.sql" > "$OUT/credentials"
    { read -r token; read -r auth_code; read -r url; read -r cursor; } < "$OUT/credentials"
    [ -n "$cursor" ]
}

# same NAME: database NAME holds what the first one holds.
same() {
    content "$1" > "$OUT/$1.content" && diff "$OUT/$DATABASE.content" "$OUT/$1.content"
}
same_shape() { shape "$1" > "$OUT/$1.shape" && diff "$OUT/$DATABASE.shape" "$OUT/$1.shape"; }

# goes_on NAME: the restored platform repeats an old answer, refuses a conflict with the first numbers, and continues the numbers.
goes_on() {
    local name=$1 next
    next=$(($(sql "$DATABASE" -c "SELECT max(rec_id) FROM citybigdata.event") + 1))
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
        "SELECT x.status_code, y.status_code FROM citybigdata.exchange_auth_code('$CBD_APP_CODE', '$auth_code') x,
         LATERAL (SELECT * FROM citybigdata.exchange_auth_code('$CBD_APP_CODE', '$auth_code') WHERE x.status_code = 0) y"
    check "$name: the key opens, a wrong one does not" is "0|40101" "$name" \
        "SELECT x.status_code, y.status_code FROM citybigdata.issue_auth_code('$CBD_APP_CODE', 'key', '$CBD_KEY') x,
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

restore_plain() {
    tool pg_dump "$DATABASE" -f "$DIR/data/plain.sql"
    tool createdb -T template0 -E UTF8 restored_plain
    tool psql -X -q -1 -v ON_ERROR_STOP=1 -d restored_plain -f "$DIR/data/plain.sql"
}

restore_custom() {
    tool pg_dump -Fc "$DATABASE" -f "$DIR/data/custom.dump"
    tool createdb -T template0 -E UTF8 restored_custom
    tool pg_restore -1 --exit-on-error -d restored_custom "$DIR/data/custom.dump"
}

# A schema that somebody planted must stop the installation and stay as it is.
planted() {
    tool createdb -T template0 -E UTF8 planted
    sql planted -c 'CREATE SCHEMA citybigdata'
    ! sql planted -c 'SET client_min_messages = warning' -c 'CREATE EXTENSION citybigdata CASCADE' || return 1
    is 0 planted "SELECT count(*) FROM pg_extension WHERE extname = 'citybigdata'" || return 1
    sql planted -c 'DROP SCHEMA citybigdata' -c 'SET client_min_messages = warning' -c 'CREATE EXTENSION citybigdata CASCADE'
}

not_utf8() {
    tool createdb -T template0 -E SQL_ASCII --locale=C ascii
    ! sql ascii -c 'SET client_min_messages = warning' -c 'CREATE EXTENSION citybigdata CASCADE' 2>"$OUT/ascii.log" || return 1
    grep 'needs a database with encoding UTF8' "$OUT/ascii.log"
}

dropped() {
    sql restored_plain -c 'SET client_min_messages = warning' -c 'DROP EXTENSION citybigdata CASCADE'
    is 0 restored_plain "SELECT (SELECT count(*) FROM pg_namespace WHERE nspname = 'citybigdata')
        + (SELECT count(*) FROM pg_depend d WHERE d.refclassid = 'pg_extension'::regclass
            AND NOT EXISTS (SELECT FROM pg_extension x WHERE x.oid = d.refobjid))" || return 1
    sql restored_plain -c 'CREATE EXTENSION citybigdata' -c "SELECT citybigdata.setup('$PLATFORM_CODE', '$PLATFORM_NAME', '$PLATFORM_CODE')"
}

main() {
    local name
    find_postgres
    PGPORT=$(free_port)
    if [ -d "$DIR/data" ]; then cluster_remove "$DIR"; fi
    own_dir "$DIR"
    mkdir -p "$OUT"
    trap 'cluster_stop "$DIR"' EXIT
    prefix_make "$DIR"
    platform_install "$DIR" >&2
    cluster_init "$DIR"
    cluster_start "$DIR" "$PGPORT"
    platform_database "$DIR"
    eval "$(cat "$DIR/demo.env")"
    check 'the database is used' use
    content "$DATABASE" > "$OUT/$DATABASE.content"
    shape "$DATABASE" > "$OUT/$DATABASE.shape"
    for name in event event_media event_step event_idempotency account access_request application sender app_grant auth_code access_token \
        lockout audit_log audit_log_default division_boundary code_table_row sealing_key sealed_use account_totp audit_seal_block \
        resource_version resource_field resource_parameter cursor_key dataset ingest_batch ingest_reject ingest_staging fusion_member; do
        check "there are rows in $name" is t "$DATABASE" "SELECT count(*) > 0 FROM citybigdata.$name"
    done
    check 'pg_dump | psql -1 passes' restore_plain
    check 'pg_dump -Fc | pg_restore -1 --exit-on-error passes' restore_custom
    for name in restored_plain restored_custom; do
        check "$name: every row of every table, every sequence" same "$name"
        check "$name: owners, grants, partitions, constraints, triggers" same_shape "$name"
        goes_on "$name"
    done
    check 'a planted schema stops CREATE EXTENSION' planted
    check 'a database that is not UTF8 is refused' not_utf8
    check 'DROP EXTENSION leaves nothing, and it can be created again' dropped
    exit "$failed"
}
main
