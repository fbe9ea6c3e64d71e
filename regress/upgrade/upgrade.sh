#!/usr/bin/env bash
# upgrade.sh DIR [MAKE_ARGUMENT...]: an upgraded database is equal to a fresh one and has lost nothing. From each release that is frozen
# in sql/release/ to the version of the tree that this script is in, and from that version to a made-up next one (next.sh), which
# proves the machinery while there is no release, and that a wrong upgrade is found. A cluster in the folder DIR; prints `ok NAME` or
# `not ok NAME`. MAKE_ARGUMENTs: those that the tree was built with.
#
#   used_V          the demo database of version V, used
#   restored_V      its dump, restored into version V of the extension under the new version's files, then upgraded
#   direct_V        its dump, restored into the new version
#   fresh_V         version V as CREATE EXTENSION makes it
. "$(dirname "$0")/../cluster/lib.sh"
DIR=${1:?usage: upgrade.sh DIR [MAKE_ARGUMENT...]}
shift
MAKE_ARGS=("$@")
OUT=$DIR/upgrade
. "$TOP/regress/used.sh"
NEXT_TREE=$DIR/next

version_of() { sed -n "s/^default_version *= *'\(.*\)'/\1/p" "$1/citybigdata.control"; }
share() { echo "$DIR/pg$PG_SHARE/extension"; }
create() { sql "$1" -c 'SET client_min_messages = warning' -c "CREATE EXTENSION citybigdata VERSION '$2' CASCADE"; }
set_up() { sql "$1" -c "SELECT citybigdata.setup('$PLATFORM_CODE', '$PLATFORM_NAME', '$PLATFORM_CODE')"; }
# update DATABASE [VERSION]: then setup(), which makes what is new outside of the extension.
update() { sql "$1" -c "ALTER EXTENSION citybigdata UPDATE${2:+ TO '$2'}" && set_up "$1"; }

# used VERSION DEMO USE: the demo database of that version in a database of its own, used. Its credentials stay in a file.
used() {
    local name=used_$1
    database_new "$DIR" "$name" \
        && sed "s/^CREATE EXTENSION citybigdata CASCADE;/CREATE EXTENSION citybigdata VERSION '$1' CASCADE;/" "$2" \
            | sql "$name" -v platform_code="$PLATFORM_CODE" -v platform_name="$PLATFORM_NAME" > "$OUT/$name.env" || return 1
    eval "$(cat "$OUT/$name.env")"
    # setup() publishes cases by the levels of then: again, so that the one after the upgrade changes nothing
    use "$name" "$3" && set_up "$name"
}

# The queries that digest the site's rows of every table, by the columns that it has now, and the state of every sequence.
site_queries() {
    sql "$1" <<'SQL'
SELECT pg_catalog.format('SELECT %L, count(*), md5(coalesce(string_agg(md5(ROW(%s)::text), %L ORDER BY md5(ROW(%2$s)::text)), %3$L)) FROM %s t%s;',
    'table ' || c.oid::regclass, a.names, '', c.oid::regclass, CASE WHEN a.marked THEN ' WHERE NOT shipped' END)
FROM pg_catalog.pg_class c, LATERAL (
    SELECT string_agg('t.' || quote_ident(attname), ', ' ORDER BY attnum) AS names, bool_or(attname = 'shipped') AS marked
    FROM pg_catalog.pg_attribute WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped) a
WHERE c.relnamespace = 'citybigdata'::regnamespace AND c.relkind = 'r' AND c.relname <> ALL ('{status_code,bound_object,integrity_row,event_words,event_words_state,map_layer,map_cells,map_seen}') -- OIDs, codes of shipped rows, words: made anew
ORDER BY c.relname COLLATE "C";
SELECT pg_catalog.format('SELECT %L, last_value, is_called FROM %s;', 'sequence ' || c.oid::regclass, c.oid::regclass)
FROM pg_catalog.pg_class c WHERE c.relnamespace = 'citybigdata'::regnamespace AND c.relkind = 'S' AND c.relname <> 'integrity_row_change_no_seq' ORDER BY c.relname COLLATE "C";
SQL
}

# kept NAME VERSION [unused]: database NAME holds the rows that used_VERSION held before its upgrade, in the columns of then; unused:
# its reference data, beside which the new setup() makes rows of other tables.
kept() {
    local tables='.'
    [ -z "${3:-}" ] || tables='^table citybigdata\.(code_table|code_table_row|division|division_boundary|calendar|calendar_hours|calendar_year|calendar_day)\|'
    sql "$1" < "$OUT/$2.queries" | grep -E "$tables" | diff <(grep -E "$tables" "$OUT/$2.rows") -
}

# equal NAME FRESH: the catalogue but for the rights of the database, which no upgrade touches (rights_stay), and the shipped rows except
# where the site has a row of that key.
equal() {
    catalogue "$1" > "$OUT/$1.facts" || return 1
    [ -s "$OUT/$2.facts" ] || catalogue "$2" > "$OUT/$2.facts" || return 1
    diff <(grep -vP '^((shipped|site)\t|database rights)' "$OUT/$2.facts") <(grep -vP '^((shipped|site)\t|database rights)' "$OUT/$1.facts") || return 1
    diff <(awk -F'\t' 'FNR == NR { if ($1 == "site") site[$2 FS $3]; next } $1 == "shipped" && !(($2 FS $3) in site)' \
            "$OUT/$1.facts" "$OUT/$2.facts" | LC_ALL=C sort) <(grep -P '^shipped\t' "$OUT/$1.facts" | LC_ALL=C sort)
}

dump() { tool pg_dump -Fc "$1" -f "$DIR/data/$1.dump"; }
restore() { tool pg_restore -1 --exit-on-error -d "$1" "$DIR/data/$2.dump"; }
restored() { database_new "$DIR" "$1" && create "$1" "$2" && restore "$1" "used_$2" && update "$1"; }
direct() { database_new "$DIR" "$1" && restore "$1" "used_$2" && set_up "$1"; }
fresh() { database_new "$DIR" "$1" && create "$1" "$2" && set_up "$1"; }

rights() { sql "$1" -c 'SELECT datacl FROM pg_database WHERE datname = current_database()'; }
rights_stay() { rights "used_$1" | diff "$OUT/$1.rights" -; }

# before VERSION: what must come through, read from used_VERSION.
before() {
    site_queries "used_$1" > "$OUT/$1.queries" && sql "used_$1" < "$OUT/$1.queries" > "$OUT/$1.rows" \
        && grep -qE '^table citybigdata.(event|code_table)\|[1-9]' "$OUT/$1.rows" && rights "used_$1" > "$OUT/$1.rights" && dump "used_$1"
}

# moves OLD NEW [unused]: used_OLD, its dump, and fresh_NEW; the installed files are those of NEW. unused: nobody has used it over REST.
moves() {
    local old=$1 new=$2 unused=${3:-} name
    check "$old to $new: ALTER EXTENSION UPDATE passes" update "used_$old"
    check "$old to $new: the rights of the database stay as they were" rights_stay "$old"
    check "$old to $new: a dump restored into $old is upgraded" restored "restored_$old" "$old"
    check "$old to $new: a dump is restored into $new" direct "direct_$old" "$old"
    for name in used restored direct; do
        check "$old to $new, $name: equal to a fresh database" equal "${name}_$old" "fresh_$new"
        check "$old to $new, $name: every row of the site is there" kept "${name}_$old" "$old" "$unused"
        [ -n "$unused" ] || goes_on "${name}_$old"
    done
    check "$old to $new: DROP EXTENSION passes" sql "direct_$old" -c 'SET client_min_messages = warning' -c 'DROP EXTENSION citybigdata CASCADE'
}

# from_release VERSION: the scripts of the release with the library of now, as a site has it between the new files and the upgrade.
# What works with the tables of then is used: reference data, divisions, boundaries and code tables of the site. (Reports and
# log-ins wait for the upgrade: the library writes the columns of now. What a used database keeps is tried from this version on.)
from_release() {
    local now
    now=$(version_of "$TOP")
    check "$1: the frozen script makes a database" fresh "used_$1" "$1"
    check "$1: the site's own reference data" sql "used_$1" -f "$TOP/regress/upgrade/use/$1-site.sql"
    check "$1: what it holds is noted and dumped" before "$1"
    moves "$1" "$now" unused
}

# next_make TARGET...: in the made-up version's tree.
next_make() { make -s -C "$NEXT_TREE" PG_CONFIG="$PG_CONFIG" "${MAKE_ARGS[@]}" "$@"; }

# refused TEXT COMMAND...: the command fails and says TEXT.
refused() {
    local text=$1 output
    shift
    ! output=$("$@" 2>&1) || { echo "it was not refused"; return 1; }
    grep -F "$text" <<< "$output" || { echo "$output"; return 1; }
}

# The tree of a made-up next version: this one frozen, then changed by next.sh. What is forgotten on the way stops the build.
next_tree() {
    local now=$1 next=$2 install=sql/citybigdata--$1.sql upgrade=sql/citybigdata--$1--$2.sql tables
    rm -rf "$NEXT_TREE"
    mkdir -p "$NEXT_TREE"
    tar -C "$TOP" --exclude=./.git --exclude=./.run -cf - . | tar -C "$NEXT_TREE" -xf -
    tables=$NEXT_TREE/sql/tables
    if [ ! -f "$NEXT_TREE/sql/release/citybigdata--$now.sql" ]; then check "make freeze keeps $now" next_make freeze; fi
    check 'a frozen version is not frozen again' refused "$now is released; what is frozen does not change" next_make freeze
    echo '-- changed' >> "$tables/04-core-platform.sql"
    check 'released SQL that changes under the same version stops the build' refused 'raise default_version' next_make "$install"
    sed -i '$d' "$tables/04-core-platform.sql"
    (cd "$NEXT_TREE" && "$TOP/regress/upgrade/next.sh" "$next")
    # objects that hold the version
    grep -rl --include='*.c' CBD_VERSION "$NEXT_TREE/extension" | sed 's/c$/o/' | xargs rm -f
    check 'a changed table without a delta stops the build' refused "tables/04-core-platform.sql was changed since $now was released" next_make "$upgrade"
    (cd "$NEXT_TREE" && "$TOP/regress/upgrade/next.sh" deltas)
    mv "$tables/24-access-authcode.sql" "$tables/.away"
    check 'a table that is gone without a delta stops the build' refused "tables/24-access-authcode.sql was there when $now was released" next_make "$upgrade"
    mv "$tables/.away" "$tables/24-access-authcode.sql"
    touch "$NEXT_TREE/sql/upgrade/$now--$next/99-rehearsal.sql"
    check 'a delta for a new file stops the build' refused "tables/99-rehearsal.sql is new since $now and needs no delta" next_make "$upgrade"
    rm "$NEXT_TREE/sql/upgrade/$now--$next/99-rehearsal.sql"
    check 'the next version is built' next_make citybigdata.so "sql/citybigdata--$next.sql" "$upgrade"
}

# Its files in the place of this version's; sessions of before the restart keep the old library, as at a site.
next_install() {
    install -m 0755 "$NEXT_TREE/citybigdata.so" "$DIR/pg$("$PG_CONFIG" --pkglibdir)/citybigdata.so.new" \
        && mv "$DIR/pg$("$PG_CONFIG" --pkglibdir)/citybigdata.so.new" "$DIR/pg$("$PG_CONFIG" --pkglibdir)/citybigdata.so" \
        && install -m 0644 "$NEXT_TREE"/citybigdata.control "$NEXT_TREE"/sql/citybigdata--*.sql "$(share)/" \
        && cluster_stop "$DIR" && cluster_start "$DIR" "$PGPORT"
}

# Run again, on their own result, code and grants change nothing.
replays() {
    local version=$1 script
    for script in "$version--replay" replay--again; do
        cat "$NEXT_TREE"/sql/code/*.sql "$NEXT_TREE"/sql/grants/*.sql > "$(share)/citybigdata--$script.sql" || return 1
    done
    fresh replayed "$version" && update replayed replay && update replayed again || return 1
    catalogue replayed > "$OUT/replayed.facts" && diff <(grep -v '^version: ' "$OUT/fresh_$version.facts") <(grep -v '^version: ' "$OUT/replayed.facts")
}

# tried OLD NEW EXPRESSION: an upgrade with a script that sed changed; exit code 0 when the database is equal to a fresh one, 1 when
# not, 2 when that was not found out.
tried() {
    local script code=0
    script=$(share)/citybigdata--$1--$2.sql
    cp "$script" "$OUT/good.sql"
    sed -i -E "$3" "$script"
    if cmp -s "$script" "$OUT/good.sql"; then echo "sed changed nothing"; return 2; fi
    sql postgres -c 'SET client_min_messages = warning' -c 'DROP DATABASE IF EXISTS tried' -c "CREATE DATABASE tried TEMPLATE \"fresh_$1\""
    update tried || code=2
    cp "$OUT/good.sql" "$script"
    if [ "$code" = 0 ]; then equal tried "fresh_$2" || code=1; fi
    return "$code"
}
wrong() { local code=0; tried "$@" || code=$?; [ "$code" = 1 ]; }

# spoilt OLD NEW: what may be forgotten or done too much, one at a time.
spoilt() {
    local name expression
    check 'an upgrade with another comment line is right' tried "$1" "$2" 's,^-- code/00-core-schema.sql$,-- code,'
    while IFS='|' read -r name expression; do
        check "a wrong upgrade is found: $name" wrong "$1" "$2" "$expression"
    done <<'LIST'
a comment differs|s/^(COMMENT ON SCHEMA citybigdata IS) .*/\1 'something else';/
a column is missing|/^ALTER TABLE citybigdata.platform ADD COLUMN/,/;$/d; /platform_contact_idx/d
an index is missing|/^CREATE INDEX rehearsal_code_idx/,/;$/d
a constraint is missing|s/CONSTRAINT rehearsal_app_id_fkey REFERENCES citybigdata.application ON DELETE CASCADE//
a default differs|s/(rehearsal_state NOT NULL DEFAULT) 'open'/\1 'closed'/
a function has another body|s/the audit log only grows/the audit log may shrink/
a function is left over|/^DROP FUNCTION citybigdata.rest_lockout_unlock/d
a function reads names where it should not|/FUNCTION citybigdata.rehearse\(/,/;$/s/ SET search_path = pg_catalog, pg_temp//
a function is everybody's|$s/$/\nGRANT EXECUTE ON FUNCTION citybigdata.rehearse(citybigdata.rehearsal_code, integer) TO PUBLIC;/
a right is left over|/^REVOKE EXECUTE ON FUNCTION citybigdata.app_code_parts/d
a right on a column is missing|s/^GRANT SELECT \(code, state\)/GRANT SELECT (state)/
an owner differs|$s/$/\nALTER TABLE citybigdata.rehearsal OWNER TO postgres;/
a trigger is missing|/^CREATE OR REPLACE TRIGGER rehearsal_changed/,/;$/d
a policy is missing|/^CREATE POLICY rehearsal_open/,/;$/d
row security is off|/^ALTER TABLE citybigdata.rehearsal ENABLE ROW/d
a view differs|s/pg_catalog.count\(\*\) AS times/pg_catalog.count(r.app_id) AS times/
a comment is missing|/^COMMENT ON VIEW citybigdata.rehearsals/d
a table is not dumped|/pg_extension_config_dump\('citybigdata.rehearsal'/d
a dump has other rows|s/('citybigdata.rehearsal', )'WHERE NOT shipped'/\1''/
a shipped row is missing|s/, \(-2, 'b', true\)//
a shipped row is left over|/^DELETE FROM citybigdata.code_table_row WHERE shipped/d
a table belongs to nobody|$s/$/\nALTER EXTENSION citybigdata DROP VIEW citybigdata.rehearsals;/
LIST
}

rehearse() {
    local now next
    now=$(version_of "$TOP")
    next=${now%.*}.$((${now##*.} + 1))
    next_tree "$now" "$next"
    check "$now: the demo database is used" used "$now" "$TOP/regress/cluster/demo.sql" "$TOP/regress/dump_use.sql"
    check "$now: what it holds is noted and dumped" before "$now"
    check "the files of $next are installed" next_install
    check "$now: a fresh database under the new files" fresh "fresh_$now" "$now"
    check "$next: a fresh database" fresh "fresh_$next" "$next"
    moves "$now" "$next"
    check 'code and grants can be run again and again' replays "$next"
    spoilt "$now" "$next"
}

main() {
    local version now
    find_postgres
    now=$(version_of "$TOP")
    PGPORT=$(free_port)
    if [ -d "$DIR/data" ]; then cluster_remove "$DIR"; fi
    own_dir "$DIR"
    mkdir -p "$OUT"
    trap 'cluster_stop "$DIR"' EXIT
    prefix_make "$DIR"
    platform_install "$DIR" >&2
    cluster_init "$DIR"
    cluster_start "$DIR" "$PGPORT"
    if compgen -G "$TOP/sql/release/*.tables" >/dev/null; then
        check "$now: a fresh database" fresh "fresh_$now" "$now"
        for version in $(cd "$TOP/sql/release" && ls -- *.tables | sed 's/^citybigdata--//; s/\.tables$//' | grep -vxF "$now" | sort -V); do
            from_release "$version"
        done
    fi
    rehearse
    exit "$failed"
}
main
