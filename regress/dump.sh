#!/usr/bin/env bash
# dump.sh DIR: dump and restore of a used database lose nothing. Makes a cluster in the folder DIR (from the built tree that
# this script is in), uses the demo database, dumps and restores it both ways, compares. Prints `ok NAME` or `not ok NAME`.
. "$(dirname "$0")/cluster/lib.sh"
DIR=${1:?usage: dump.sh DIR}
OUT=$DIR/dump
. "$TOP/regress/used.sh"

# Row count and digest of the content of every table of the schema, members of the extension and others, partitions one by one,
# then the state of every sequence: one line each.
content() {
    sql "$1" <<'SQL'
SELECT pg_catalog.format($f$SELECT %L, count(*), md5(coalesce(string_agg(md5(t::text), '' ORDER BY md5(t::text)), '')) FROM %s t$f$,
                         'table ' || c.oid::regclass, c.oid::regclass)
FROM pg_catalog.pg_class c
WHERE c.relnamespace = 'citybigdata'::regnamespace AND c.relkind = 'r' AND c.relname NOT IN ('bound_object', -- OIDs: made anew, see rebound
    'map_layer', 'map_cells', 'map_seen', -- counted anew
    'event_words', 'event_words_state') -- made of the cases: left out of the dump
ORDER BY c.relname COLLATE "C" \gexec
SELECT pg_catalog.format($f$SELECT %L, last_value, is_called FROM %s$f$, 'sequence ' || c.oid::regclass, c.oid::regclass)
FROM pg_catalog.pg_class c
WHERE c.relnamespace = 'citybigdata'::regnamespace AND c.relkind = 'S'
ORDER BY c.relname COLLATE "C" \gexec
SQL
}

# same NAME: database NAME holds what the first one holds.
same() {
    content "$1" > "$OUT/$1.content" && diff "$OUT/$DATABASE.content" "$OUT/$1.content"
}
same_catalogue() { catalogue "$1" > "$OUT/$1.catalogue" && diff "$OUT/$DATABASE.catalogue" "$OUT/$1.catalogue"; }

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

# The recipe of docs/operations.md for several jobs: foreign keys do not hold while the data come.
restore_parallel() {
    tool pg_dump -Fd -j3 "$DATABASE" -f "$DIR/data/parallel.dump"
    tool createdb -T template0 -E UTF8 restored_parallel
    tool pg_restore -j3 --exit-on-error -d "dbname=restored_parallel options='-c session_replication_role=replica'" "$DIR/data/parallel.dump"
}

# tells_incomplete NAME: restore_problems() tells what a parallel restore without the recipe loses.
tells_incomplete() {
    is 'citybigdata.access_token
citybigdata.auth_code
citybigdata.event_media
citybigdata.event_step' "$1" "BEGIN; SET LOCAL session_replication_role = replica; DELETE FROM citybigdata.event_media; DELETE FROM citybigdata.auth_code;
        DELETE FROM citybigdata.access_token; ALTER TABLE citybigdata.event_step DISABLE TRIGGER event_step_keep; UPDATE citybigdata.event_step SET rec_id = -rec_id; ALTER TABLE citybigdata.event_step ENABLE ALWAYS TRIGGER event_step_keep;
        SELECT p.subject FROM citybigdata.restore_problems() p ORDER BY 1; ROLLBACK"
}

# rebound NAME: housekeeping knows again by OID what resources and datasets mean, and knows a table that takes the place of one.
rebound() {
    sql "$1" -c 'SELECT citybigdata.bind_restored()' || return 1
    is t "$1" "SELECT count(*) > 0 AND bool_and(coalesce(to_regclass(format('%I.%I', v.schema_name, v.relation_name))::oid = b.object_oid, true)) FROM citybigdata.resource_version v
        JOIN citybigdata.bound_object b ON (b.kind, b.code, b.version) = ('resource', v.resource_code, v.version) WHERE v.state = 'current'" || return 1
    is dump-algorithm "$1" "SELECT string_agg(a.algorithm_code, ' ') FROM citybigdata.algorithm a JOIN citybigdata.bound_object b ON (b.kind, b.code) = ('algorithm', a.algorithm_code)
        WHERE NOT a.shipped AND b.cluster_id = citybigdata.cluster_id() AND b.object_oid = to_regprocedure(format('%I.%I(%s)', a.schema_name, a.function_name, 'integer'))" || return 1
    is 2 "$1" "SELECT citybigdata.run_algorithm('dump-algorithm', '{\"n\": 1}') ->> 'result'" || return 1
    is 'the relation was dropped and made again' "$1" "BEGIN; CREATE TABLE public.other (LIKE public.dump_lamp INCLUDING ALL); DROP TABLE public.dump_lamp; ALTER TABLE public.other RENAME TO dump_lamp;
        SELECT problem FROM citybigdata.catalogue_problems() WHERE code = 'dump-lamps' AND severity = 'error'; ROLLBACK"
}

# A schema that somebody planted must stop the installation and stay as it is.
planted() {
    tool createdb -T template0 -E UTF8 planted
    sql planted -c 'CREATE SCHEMA citybigdata'
    ! sql planted -c 'SET client_min_messages = warning' -c 'CREATE EXTENSION citybigdata CASCADE' || return 1
    is 0 planted "SELECT count(*) FROM pg_extension WHERE extname = 'citybigdata'" || return 1
    sql planted -c 'DROP SCHEMA citybigdata' -c 'SET client_min_messages = warning' -c 'CREATE EXTENSION citybigdata CASCADE'
}

# PostGIS and pgcrypto in schemas of their own: reports, places and published geometries work; a right that is taken away is told.
own_schemas() {
    tool createdb -T template0 -E UTF8 schemas
    sql schemas -c 'SET client_min_messages = warning' -c 'CREATE SCHEMA gis' -c 'CREATE SCHEMA crypto' -c 'CREATE EXTENSION postgis SCHEMA gis' \
        -c 'CREATE EXTENSION pgcrypto SCHEMA crypto' -c 'CREATE EXTENSION citybigdata' -c "SELECT citybigdata.setup('110000', 'x', '110000')" || return 1
    is 0 schemas "SELECT status_code FROM citybigdata.report_event('gis', '$(event GIS-1 路灯不亮)'::json, 'egova')" || return 1
    sql schemas -c "SELECT citybigdata.register_account('gis.one', 'Correct-1-horse', 'x', 'x', '13800138000')" || return 1
    sql schemas -c 'CREATE TABLE public.spot (id integer PRIMARY KEY, geom gis.geometry(Point, 4326))' \
        -c "INSERT INTO public.spot VALUES (1, gis.ST_SetSRID(gis.ST_MakePoint(116.4, 39.9), 4326))" \
        -c "SELECT citybigdata.publish('public.spot', '{\"code\": \"spots\"}')" || return 1
    is t schemas "SELECT citybigdata.query('spots', '{\"bbox\": \"116,39,117,40\"}')::text ~ '\"id\": ?1'" || return 1
    is 0 schemas "SELECT count(*) FROM citybigdata.catalogue_problems() WHERE severity = 'error'" || return 1
    is 'gis|50300' schemas "BEGIN; REVOKE USAGE ON SCHEMA gis FROM citybigdata_owner;
        SELECT substring(p.remedy FROM 'SCHEMA (\w+)'), (citybigdata.read_reply_frame(citybigdata.rest_ready())).status FROM citybigdata.catalogue_problems() p WHERE p.code = '-'; ROLLBACK" || return 1
    is 'the platform may not use the schema of pgcrypto; catalogue_problems() has the remedy' schemas "BEGIN; REVOKE USAGE ON SCHEMA crypto FROM citybigdata_owner;
        SELECT convert_from((citybigdata.read_reply_frame(citybigdata.rest_ready())).body, 'UTF8')::jsonb #>> '{errors,0,message}'; ROLLBACK"
}

# The usual hardening step, before and after the installation: what PUBLIC may do with schema public does not matter.
hardened() {
    tool createdb -T template0 -E UTF8 hardened
    sql hardened -c 'SET client_min_messages = warning' -c 'CREATE EXTENSION citybigdata CASCADE' -c "SELECT citybigdata.setup('110000', 'x', '110000')" \
        -c 'REVOKE ALL ON SCHEMA public FROM PUBLIC' || return 1
    is 0 hardened "SELECT status_code FROM citybigdata.report_event('hard', '$(event H-1 路灯不亮)'::json, 'egova')" || return 1
    sql hardened -c 'CREATE TABLE public.spot (id integer PRIMARY KEY, geom public.geometry(Point, 4326))' -c "INSERT INTO public.spot VALUES (1, public.ST_SetSRID(public.ST_MakePoint(116.4, 39.9), 4326))" \
        -c "SELECT citybigdata.publish('public.spot', '{\"code\": \"spots\"}')" || return 1
    is t hardened "SELECT citybigdata.query('spots', '{\"bbox\": \"116,39,117,40\", \"crs\": \"EPSG:4548\"}')::text ~ 'coordinateX'" || return 1
    is '0|0' hardened "SELECT (SELECT count(*) FROM citybigdata.catalogue_problems() WHERE severity = 'error'), (citybigdata.read_reply_frame(citybigdata.rest_ready())).status"
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

# The recipe of docs/operations.md for a new major version, from a cluster to one of the same version: two databases, the used one and a
# restored one.
pg_upgraded() {
    local name socket
    for name in $(sql postgres -c "SELECT datname FROM pg_database WHERE datallowconn AND datname NOT IN ('postgres', 'template1', '$DATABASE', 'restored_custom')"); do
        sql postgres -c "DROP DATABASE $name" || return 1
    done
    content "$DATABASE" > "$OUT/$DATABASE.content"
    catalogue "$DATABASE" > "$OUT/$DATABASE.catalogue"
    socket=$(cat "$DIR/socket")
    cluster_stop "$DIR"
    mv "$DIR/data" "$DIR/data.old"
    cluster_init "$DIR"
    as_db sh -c 'cd "$1" && shift && exec "$@"' sh "$DIR/data" "$DIR/pg$PG_BIN/pg_upgrade" -b "$DIR/pg$PG_BIN" -B "$DIR/pg$PG_BIN" -d "$DIR/data.old" -D "$DIR/data" \
        -U postgres -s "$socket" -p "$PGPORT" -P "$PGPORT" || { cat "$DIR"/data/pg_upgrade_output.d/*/log/*.log | tail -20; return 1; }
    cluster_start "$DIR" "$PGPORT"
    content "$DATABASE" | diff "$OUT/$DATABASE.content" - || return 1
    catalogue "$DATABASE" | diff "$OUT/$DATABASE.catalogue" - || return 1
    sql "$DATABASE" -c "SELECT citybigdata.setup('$PLATFORM_CODE', '$PLATFORM_NAME', '$PLATFORM_CODE')" || return 1
    is 0 "$DATABASE" "SELECT count(*) FROM citybigdata.restore_problems()" || return 1
    is 0 "$DATABASE" "SELECT count(*) FROM citybigdata.catalogue_problems() WHERE severity = 'error'" || return 1
    is 0 "$DATABASE" "SELECT count(*) FROM citybigdata.audit_verify()" || return 1
    is ok "$DATABASE" "SELECT citybigdata.master_key_state()"
}

# uninstall() in every database: the roles go with the last one, with what a DBA gave them; persons stay.
uninstalled() {
    local name
    sql "$DATABASE" -c 'CREATE ROLE zhang LOGIN' -c 'GRANT citybigdata_analyst TO zhang' -c 'CREATE TABLE public.of_zhang (id integer)' \
        -c 'GRANT SELECT ON public.of_zhang TO citybigdata_analyst' || return 1
    for name in $(sql postgres -c "SELECT datname FROM pg_database WHERE datallowconn AND datname NOT IN ('postgres', 'template1')"); do
        [ "$(sql "$name" -c "SELECT count(*) FROM pg_extension WHERE extname = 'citybigdata'")" = 1 ] || continue
        is 8 postgres "SELECT count(*) - 1 FROM pg_roles WHERE rolname ~ '^citybigdata_'" || return 1
        sql "$name" <<'SQL' || return 1
SET client_min_messages = warning;
SELECT (SELECT quote_nullable(platform_code) FROM citybigdata.platform) AS code \gset
\if :{?code}
\else
\set code NULL
\endif
SELECT citybigdata.uninstall(:code, dependents => true);
SQL
        is 0 "$name" "SELECT count(*) FROM pg_extension WHERE extname = 'citybigdata'" || return 1
    done
    is '0|1' postgres "SELECT count(*) FILTER (WHERE rolname ~ '^citybigdata_'), count(*) FILTER (WHERE rolname = 'zhang') FROM pg_roles" || return 1
    is 1 "$DATABASE" "SELECT count(*) FROM pg_class WHERE oid = 'public.of_zhang'::regclass" || return 1
    sql "$DATABASE" -c 'SET client_min_messages = warning' -c 'CREATE EXTENSION citybigdata' -c "SELECT citybigdata.setup('$PLATFORM_CODE', '$PLATFORM_NAME', '$PLATFORM_CODE')"
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
    check 'the database is used' use "$DATABASE" "$TOP/regress/dump_use.sql"
    content "$DATABASE" > "$OUT/$DATABASE.content"
    catalogue "$DATABASE" > "$OUT/$DATABASE.catalogue"
    for name in event event_media event_step event_idempotency account access_request application sender app_grant auth_code access_token role_level login_session \
        lockout media_fetch media_copy audit_log audit_log_default division_boundary code_table_row calendar calendar_hours calendar_year calendar_day process process_stage process_move case_task case_link case_link_archive duplicate_setting sealing_key sealed_use account_totp first_administrator audit_seal_block \
        resource_version resource_field resource_parameter bound_object level_proposal cursor_key dataset ingest_batch ingest_reject ingest_staging fusion_member; do
        check "there are rows in $name" is t "$DATABASE" "SELECT count(*) > 0 FROM citybigdata.$name"
    done
    check 'pg_dump | psql -1 passes' restore_plain
    check 'pg_dump -Fc | pg_restore -1 --exit-on-error passes' restore_custom
    check 'parallel: pg_dump -Fd | pg_restore -j with session_replication_role = replica passes' restore_parallel
    for name in restored_plain restored_custom restored_parallel; do
        check "$name: restore_problems() finds none" is 0 "$name" "SELECT count(*) FROM citybigdata.restore_problems()"
        check "$name: every row of every table, every sequence" same "$name"
        check "$name: the whole catalogue, with owners and grants" same_catalogue "$name"
        check "$name: published relations are known again" rebound "$name"
        goes_on "$name"
        check "$name: archived and purged cases still answer for their numbers" is "40901|2" "$name" \
            "SELECT min(r.status_code), count(*) FROM citybigdata.event_archive_key k, citybigdata.report_event(k.sender_code,
             jsonb_set('$(event DUMP-1 别的问题)', '{otherTaskNum}', to_jsonb(k.other_task_num))::json, 'egova') r WHERE r.rec_id = k.rec_id AND k.other_task_num LIKE 'DUMP-OLD%'"
    done
    check 'an incomplete restore is told' tells_incomplete restored_parallel
    check 'a planted schema stops CREATE EXTENSION' planted
    check 'PostGIS and pgcrypto in schemas of their own' own_schemas
    check 'a database that is not UTF8 is refused' not_utf8
    check 'DROP EXTENSION leaves nothing, and it can be created again' dropped
    check 'pg_upgrade into a new cluster loses nothing' pg_upgraded
    check 'uninstall() takes the platform out of every database, and the roles with the last one' uninstalled
    exit "$failed"
}
main
