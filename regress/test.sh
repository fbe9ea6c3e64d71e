#!/usr/bin/env bash
# make test: every test, from a copy of the working tree, in private clusters and on free ports; nothing is left behind.
#   test.sh [--sanitize] [--only EXPRESSION] [PART...]     parts: static sql isolation dump upgrade bridge fault; none = all of them
#   EXPRESSION chooses among the tests of bridge and fault, as pytest -k does
#   CBD_TEST_ALL=1 (make test-all): the long forms of the tests that have one: days, kills and random pairs in full number
# The last line is `N passed, N failed`; the exit code is 0 only when all passed and every part ran something.
. "$(dirname "$0")/cluster/lib.sh"
. "$TOP/regress/work.sh"
. "$TOP/regress/cluster/video.sh"
export LC_ALL=C.UTF-8 PYTHONDONTWRITEBYTECODE=1
SANITIZE=
PARTS=
ONLY=
while [ $# -gt 0 ]; do
    case $1 in
        --sanitize) SANITIZE=yes ;;
        --only) shift; ONLY=${1:?} ;;
        static|sql|isolation|dump|upgrade|bridge|fault) PARTS="$PARTS $1" ;;
        *) die "usage: test.sh [--sanitize] [--only EXPRESSION] [static|sql|isolation|dump|upgrade|bridge|fault]..." ;;
    esac
    shift
done
PARTS=${PARTS:-static sql isolation dump upgrade bridge fault}

passed=0
failed=0
told=

# The last line, whatever happens: a run that broke off has failed.
at_end() {
    [ -n "$told" ] || printf '%d passed, %d failed\n' "$passed" "$((failed + 1))"
}

tell() {
    told=yes
    printf '%d passed, %d failed\n' "$passed" "$failed"
    [ "$failed" = 0 ] && [ "$passed" -gt 0 ]
}

# tally PART PASSED FAILED: adds to the totals; a part that ran nothing is a failure.
tally() {
    local part=$1 good=$2 bad=$3
    if [ "$((good + bad))" = 0 ]; then say "$part: nothing ran"; bad=1; fi
    passed=$((passed + good)); failed=$((failed + bad))
    say "== $part: $good passed, $bad failed"
}

count() { grep -cE "$1" "$2" || true; }

build() {
    local flags=-Werror link=
    if [ -n "$SANITIZE" ]; then
        flags="-O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=undefined"
        link="-fsanitize=address,undefined"
        . "$TOP/regress/sanitize.sh" --prepare "$work"
    fi
    MAKE_ARGS=(-j2 "CBD_CFLAGS=$flags" "CBD_LDFLAGS=$link")
    if platform_build; then tally build 1 0; else tally build 0 1; return 1; fi
}

# The files of the tree: what needs no database.
part_static() {
    (cd "$TOP" && regress/static.sh) > "$work/static.out" 2>&1 || echo "FAILED static.sh itself" >> "$work/static.out"
    (cd "$TOP" && regress/samples.sh) > "$work/samples.out" 2>&1 || grep -q '^not ok ' "$work/samples.out" || echo "not ok samples.sh itself" >> "$work/samples.out"
    sed 's/^not ok /FAILED /' "$work/samples.out" >> "$work/static.out"
    grep -v '^ok ' "$work/static.out" >&2 || true
    tally static "$(count '^ok ' "$work/static.out")" "$(count '^FAILED ' "$work/static.out")"
}

# pg_regress prints `test x ... ok`, from PostgreSQL 16 on TAP.
regress_tally() {
    local part=$1 out=$2
    tally "$part" "$(count '(\.\.\. +ok|^ok [0-9])' "$out")" "$(count '(\.\.\. +FAILED|^not ok )' "$out")"
}

sql_cluster() {
    [ -d "$work/sql" ] && return
    prefix "$work/sql"
    cluster_init "$work/sql"
    cluster_start "$work/sql" "$(free_port)"
    sql_host=$(cat "$work/sql/socket"); sql_port=$(sed -n 4p "$work/sql/data/postmaster.pid")
}

part_sql() {
    sql_cluster
    mkdir -p "$work/sql-out"
    # shellcheck disable=SC2046
    (cd "$work/sql-out" && LC_ALL=C "$PG_REGRESS" --bindir="$work/sql/pg$PG_BIN" --inputdir="$TOP/regress" \
        --outputdir="$work/sql-out" --host="$sql_host" --port="$sql_port" --user=postgres \
        --dbname=regression_citybigdata $(cat "$TOP/regress/schedule")) > "$work/sql.out" 2>&1 \
        || { cat "$work/sql.out"; head -300 "$work/sql-out/regression.diffs"; tail -40 "$work/sql/data/server.log"; } >&2
    regress_tally sql "$work/sql.out"
}

part_isolation() {
    local psql
    sql_cluster
    mkdir -p "$work/isolation-out"
    psql="$work/sql/pg$PG_BIN/psql -X -q -v ON_ERROR_STOP=1 -h $sql_host -p $sql_port -U postgres"
    $psql -d postgres -c 'CREATE DATABASE isolation_citybigdata' >&2
    $psql -d isolation_citybigdata -c 'SET client_min_messages = warning' -c 'CREATE EXTENSION citybigdata CASCADE' \
        -c 'ALTER DATABASE isolation_citybigdata SET citybigdata.own_statement = off' \
        -c "SELECT citybigdata.setup('110000', 'test', '110000')" -f "$TOP/regress/reply.sql" >/dev/null
    # shellcheck disable=SC2046
    (cd "$work/isolation-out" && LC_ALL=C "$PG_ISOLATION" --bindir="$work/sql/pg$PG_BIN" --inputdir="$TOP/regress/isolation" \
        --outputdir="$work/isolation-out" --host="$sql_host" --port="$sql_port" --user=postgres --use-existing \
        --dbname=isolation_citybigdata $(sed 's/^test://' "$TOP/regress/isolation/schedule")) > "$work/isolation.out" 2>&1 \
        || { cat "$work/isolation.out"; head -200 "$work"/isolation-out/*regression.diffs; } >&2
    regress_tally isolation "$work/isolation.out"
}

# script_part PART SCRIPT ARGUMENT...: a script that prints `ok NAME` or `not ok NAME`; one that broke off has failed.
script_part() {
    local part=$1 code=0
    shift
    prefix "$work/$part"
    "$@" > "$work/$part.out" 2> "$work/$part.err" || code=$?
    if [ "$code" != 0 ]; then
        grep -q '^not ok ' "$work/$part.out" || echo "not ok $1 itself" >> "$work/$part.out"
        { grep '^not ok ' "$work/$part.out"; cat "$work/$part.err"; } >&2
    fi
    tally "$part" "$(count '^ok ' "$work/$part.out")" "$(count '^not ok ' "$work/$part.out")"
}
part_dump() { script_part dump "$TOP/regress/dump.sh" "$work/dump"; }
part_upgrade() { script_part upgrade "$TOP/regress/upgrade/upgrade.sh" "$work/upgrade" "${MAKE_ARGS[@]}"; }

# pytest_run PART FOLDER DIR ARGUMENT...: the tests of FOLDER against the platform in DIR; their end in $work/PART.code.
pytest_run() {
    local part=$1 folder=$2 dir=$3 code=0
    shift 3
    # -rA would list the passed ones too; -x is not wanted: all faults at once
    (cd "$folder" && CITYBIGDATA_TEST_DIR=$dir /usr/bin/python3 -m pytest -p no:cacheprovider -q --tb=short --show-capture=no \
        --junitxml="$work/$part.xml" ${ONLY:+-k "$ONLY"} "$@") > "$work/$part.out" 2>&1 || code=$?
    echo "$code" > "$work/$part.code"
}

# pytest_tell PART DIR: what became of them.
pytest_tell() {
    local part=$1 dir=$2 name
    if [ "$(cat "$work/$part.code")" != 0 ]; then
        tail -c 40000 "$work/$part.out" >&2
        for name in bridge.log data/server.log; do
            if [ -f "$dir/$name" ]; then say "-- end of $name"; tail -15 "$dir/$name" >&2; fi
        done
    fi
    read -r good bad <<< "$(junit_counts "$work/$part.xml")"
    tally "$part" "$good" "$bad"
}

# run_beside PART FILE...: tests of the bridge that run beside the others, against a platform of their own; told by tell_beside.
run_beside() {
    local part=$1
    shift
    platform_new "$work/$part"
    pytest_run "$part" "$TOP/regress/bridge" "$work/$part" "$@" &
    printf '%s\n' "$!" > "$work/$part.pid"
}
tell_beside() {
    wait "$(cat "$work/$1.pid")"
    pytest_tell "$1" "$work/$1"
    platform_down "$work/$1"
}

# Tests wait most of the time, those of media servers for pictures, others for the age of tiles and for jobs: three parts side by side.
part_bridge() {
    # what administrators load to watch statements must not see secrets either
    CLUSTER_CONF=$(printf '%s\n' "shared_preload_libraries = 'pg_stat_statements'" 'pg_stat_statements.track = all')
    platform_new "$work/bridge"
    CLUSTER_CONF=
    if [ -n "$ONLY" ]; then
        pytest_run bridge "$TOP/regress/bridge" "$work/bridge" .
    else
        run_beside video test_video.py
        # shellcheck disable=SC2046
        run_beside services $(cd "$TOP/regress/bridge" && ls test_tile*.py test_ogc*.py test_analysis*.py)
        pytest_run bridge "$TOP/regress/bridge" "$work/bridge" --ignore=test_video.py --ignore-glob='test_tile*' --ignore-glob='test_ogc*' \
            --ignore-glob='test_analysis*' .
        tell_beside video
        tell_beside services
    fi
    pytest_tell bridge "$work/bridge"
    platform_down "$work/bridge"
}

part_fault() {
    platform_new "$work/fault"
    pytest_run fault "$TOP/regress/fault" "$work/fault" .
    pytest_tell fault "$work/fault"
    platform_down "$work/fault"
}

# What the sanitizers wrote, and whether they were there at all.
part_sanitizer() {
    local pid file bad=0
    pid=$(head -1 "$work/sql/data/postmaster.pid")
    grep -q libasan "/proc/$pid/maps" || { say "PostgreSQL runs without AddressSanitizer"; bad=1; }
    if [ -f "$TOP/bridge/citybigdata-bridge" ]; then
        ldd "$TOP/bridge/citybigdata-bridge" | grep -q libasan || { say "the bridge was built without AddressSanitizer"; bad=$((bad + 1)); }
    fi
    for file in $(sanitize_reports); do
        bad=$((bad + 1))
        say "-- $file"
        head -60 "$file" >&2
    done
    tally sanitizer 1 "$bad"
}

main() {
    local started=$SECONDS part
    begin clang-format-14 python3-pytest python3-psycopg2 python3-jsonschema python3-lxml python3-authlib python3-requests-oauthlib python3-selenium chromium chromium-driver pgbouncer kannel gdal-bin python3-owslib $VIDEO_PACKAGES
    build || { tell; exit 1; }
    for part in $PARTS; do
        say "-- $part (after $((SECONDS - started)) s)"
        "part_$part"
    done
    if [ -n "$SANITIZE" ]; then sql_cluster; part_sanitizer; fi
    say "finished after $((SECONDS - started)) s"
    tell
}
main
