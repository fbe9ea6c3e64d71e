#!/usr/bin/env bash
# make test: every test, from a copy of the working tree, in private clusters and on free ports; nothing is left behind.
#   test.sh [--sanitize] [--only EXPRESSION] [PART...]     parts: static sql isolation dump bridge fault; none = all of them
#   EXPRESSION chooses among the tests of bridge and fault, as pytest -k does
# The last line is `N passed, N failed`; the exit code is 0 only when all passed and every part ran something.
. "$(dirname "$0")/cluster/lib.sh"
export LC_ALL=C.UTF-8 PYTHONDONTWRITEBYTECODE=1
CHECKOUT=$TOP
SANITIZE=
PARTS=
ONLY=
while [ $# -gt 0 ]; do
    case $1 in
        --sanitize) SANITIZE=yes ;;
        --only) shift; ONLY=${1:?} ;;
        static|sql|isolation|dump|bridge|fault) PARTS="$PARTS $1" ;;
        *) die "usage: test.sh [--sanitize] [--only EXPRESSION] [static|sql|isolation|dump|bridge|fault]..." ;;
    esac
    shift
done
PARTS=${PARTS:-static sql isolation dump bridge fault}

passed=0
failed=0
work=

# The work folder must be reachable by the database's user: a private TMPDIR is not.
make_work() {
    local base
    for base in "${TMPDIR:-/tmp}" /tmp /var/tmp; do
        [ -d "$base" ] && [ -w "$base" ] || continue
        work=$(mktemp -d "$base/cbd-test.XXXXXX") || continue
        chmod 0755 "$work"
        if as_db test -x "$work"; then return; fi
        rm -rf "$work"
    done
    die "no temporary folder that user $DB_USER can reach"
}

# Processes whose program lies in the work folder: all of them are ours, whatever became of their pid files.
our_processes() { find /proc -maxdepth 2 -name exe -lname "$work/*" 2>/dev/null | cut -d/ -f3; }

# Ends what still runs, by process id, and deletes everything.
clean_up() {
    local code=$? dir pid file tries=0
    trap - EXIT
    trap '' INT TERM HUP
    for dir in "$work"/*/; do
        [ -d "$dir/data" ] || continue
        platform_down "${dir%/}" >/dev/null 2>&1 || true
    done
    while [ -n "$(our_processes)" ] && [ "$tries" -lt 50 ]; do
        for pid in $(our_processes); do kill "$([ "$tries" -lt 20 ] && echo -TERM || echo -KILL)" "$pid" 2>/dev/null || true; done
        tries=$((tries + 1))
        sleep 0.1
    done
    for file in "$work"/*/socket; do
        [ -f "$file" ] || continue
        case $(cat "$file") in /tmp/cbd.*) rm -rf "$(cat "$file")" ;; esac
    done
    rm -rf "$work"
    exit "$code"
}

# tally PART PASSED FAILED: adds to the totals; a part that ran nothing is a failure.
tally() {
    local part=$1 good=$2 bad=$3
    if [ "$((good + bad))" = 0 ]; then say "$part: nothing ran"; bad=1; fi
    passed=$((passed + good)); failed=$((failed + bad))
    say "== $part: $good passed, $bad failed"
}

count() { grep -cE "$1" "$2" || true; }

# Copies what git would commit (and what is new and not ignored), so that the checkout gets no build products.
copy_tree() {
    mkdir -p "$work/src"
    if git -c safe.directory='*' -C "$CHECKOUT" rev-parse --git-dir >/dev/null 2>&1; then
        git -c safe.directory='*' -C "$CHECKOUT" ls-files -z -co --exclude-standard \
            | (cd "$CHECKOUT" && while IFS= read -r -d '' file; do
                   if [ -e "$file" ] || [ -L "$file" ]; then printf '%s\0' "$file"; fi
               done) > "$work/files"
        tar -C "$CHECKOUT" --null -T "$work/files" -cf - | tar -C "$work/src" --no-same-owner -xf -
    else
        # an archive of a release, without git
        tar -C "$CHECKOUT" --exclude=./.run --exclude='*.o' --exclude='*.so' -cf - . | tar -C "$work/src" --no-same-owner -xf -
    fi
    chmod -R u+rwX,a+rX "$work/src"
    TOP=$work/src
}

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

# A copy of the server in DIR/pg with the extension installed.
prefix() {
    own_dir "$1"
    prefix_make "$1"
    if [ -n "$SANITIZE" ]; then sanitize_prefix "$1"; fi
    platform_install "$1" 2>"$work/install.log" || { cat "$work/install.log" >&2; die "install failed"; }
}

# The files of the tree: what needs no database.
part_static() {
    (cd "$TOP" && regress/static.sh) > "$work/static.out" 2>&1 || true
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
        -c "SELECT citybigdata.setup('110000', 'test', '110000')" >/dev/null
    # shellcheck disable=SC2046
    (cd "$work/isolation-out" && LC_ALL=C "$PG_ISOLATION" --bindir="$work/sql/pg$PG_BIN" --inputdir="$TOP/regress/isolation" \
        --outputdir="$work/isolation-out" --host="$sql_host" --port="$sql_port" --user=postgres --use-existing \
        --dbname=isolation_citybigdata $(sed 's/^test://' "$TOP/regress/isolation/schedule")) > "$work/isolation.out" 2>&1 \
        || { cat "$work/isolation.out"; head -200 "$work"/isolation-out/*regression.diffs; } >&2
    regress_tally isolation "$work/isolation.out"
}

# platform_new DIR: a running platform of the demo in DIR.
platform_new() {
    prefix "$1"
    platform_up "$1" "$(free_port)" "$(free_port)"
}

# pytest_part PART FOLDER DIR: the tests of FOLDER against the platform in DIR.
pytest_part() {
    local part=$1 folder=$2 dir=$3 code=0 name
    # -rA would list the passed ones too; -x is not wanted: all faults at once
    (cd "$folder" && CITYBIGDATA_TEST_DIR=$dir /usr/bin/python3 -m pytest -p no:cacheprovider -q --tb=short --show-capture=no \
        --junitxml="$work/$part.xml" ${ONLY:+-k "$ONLY"} .) > "$work/$part.out" 2>&1 || code=$?
    if [ "$code" != 0 ]; then
        tail -c 40000 "$work/$part.out" >&2
        for name in bridge.log data/server.log; do
            if [ -f "$dir/$name" ]; then say "-- end of $name"; tail -15 "$dir/$name" >&2; fi
        done
    fi
    read -r good bad <<< "$(/usr/bin/python3 - "$work/$part.xml" <<'PYTHON'
import sys
import xml.etree.ElementTree as ET
try:
    suites = list(ET.parse(sys.argv[1]).getroot().iter('testsuite'))
except (OSError, ET.ParseError):
    print(0, 1)
else:
    tests, bad = (sum(int(s.get(n, 0)) for s in suites for n in names) for names in (('tests',), ('failures', 'errors', 'skipped')))
    print(tests - bad, bad)
PYTHON
)"
    tally "$part" "$good" "$bad"
}

part_bridge() {
    platform_new "$work/bridge"
    pytest_part bridge "$TOP/regress/bridge" "$work/bridge"
    platform_down "$work/bridge"
}

part_fault() {
    platform_new "$work/fault"
    pytest_part fault "$TOP/regress/fault" "$work/fault"
    platform_down "$work/fault"
}

main() {
    local started=$SECONDS part
    "$CHECKOUT/regress/cluster/packages.sh" python3-pytest python3-psycopg2
    find_postgres
    make_work
    trap clean_up EXIT
    trap 'exit 130' INT TERM HUP
    export TMPDIR=$work/tmp
    mkdir "$TMPDIR"
    chmod 1777 "$TMPDIR"
    copy_tree
    build || { printf '%d passed, %d failed\n' "$passed" "$failed"; exit 1; }
    for part in $PARTS; do
        case $part in
            isolation) [ -f "$TOP/regress/isolation/schedule" ] || continue ;;
            dump) [ -f "$TOP/regress/dump.sh" ] || continue ;;
            bridge|fault) [ -f "$TOP/bridge/citybigdata-bridge" ] || continue ;;
        esac
        say "-- $part (after $((SECONDS - started)) s)"
        "part_$part"
    done
    say "finished after $((SECONDS - started)) s"
    printf '%d passed, %d failed\n' "$passed" "$failed"
    [ "$failed" = 0 ] && [ "$passed" -gt 0 ]
}
main
