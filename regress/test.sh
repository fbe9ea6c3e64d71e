#!/usr/bin/env bash
# make test: every test, from a copy of the working tree, in private clusters and on free ports; nothing is left behind.
#   test.sh [--sanitize] [PART...]     parts: static sql isolation dump bridge fault; none = all of them
# The last line is `N passed, N failed`; the exit code is 0 only when all passed and every part ran something.
. "$(dirname "$0")/cluster/lib.sh"
for name in $(compgen -e | grep -E '^CBD_' || true); do unset "$name"; done
export LC_ALL=C.UTF-8 PYTHONDONTWRITEBYTECODE=1
CHECKOUT=$TOP
SANITIZE=
PARTS=
for argument in "$@"; do
    case $argument in
        --sanitize) SANITIZE=yes ;;
        static|sql|isolation|dump|bridge|fault) PARTS="$PARTS $argument" ;;
        *) die "usage: test.sh [--sanitize] [static|sql|isolation|dump|bridge|fault]..." ;;
    esac
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

# Ends what still runs, by process id, and deletes everything.
clean_up() {
    local code=$? dir pid
    trap - EXIT INT TERM HUP
    [ -n "$work" ] || exit "$code"
    for pid in $(jobs -p); do kill "$pid" 2>/dev/null || true; done
    # every pid file in the work folder names a process of ours
    for file in $(find "$work" -name '*.pid' -not -name postmaster.pid 2>/dev/null); do
        pid=$(head -1 "$file" 2>/dev/null | tr -cd 0-9)
        [ -n "$pid" ] && kill "$pid" 2>/dev/null || true
    done
    for file in $(find "$work" -name postmaster.pid 2>/dev/null); do
        dir=$(dirname "$(dirname "$file")")
        cluster_stop "$dir" || true
        pid=$(head -1 "$file" 2>/dev/null | tr -cd 0-9)
        [ -n "$pid" ] && kill -9 "$pid" 2>/dev/null || true
    done
    for file in $(find "$work" -name socket -type f 2>/dev/null); do
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
    chmod -R a+rX "$work/src"
    TOP=$work/src
}

build() {
    local flags=-Werror link=
    if [ -n "$SANITIZE" ]; then
        flags="-O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=undefined"
        link="-fsanitize=address,undefined"
        . "$TOP/regress/sanitize.sh" --prepare "$work"
    fi
    say "building"
    make -s -C "$TOP" -j2 all CBD_CFLAGS="$flags" CBD_LDFLAGS="$link" >"$work/build.log" 2>&1 \
        || { tail -60 "$work/build.log" >&2; say "build failed"; tally build 0 1; return 1; }
    # one prefix with the server and our extension, copied for every cluster
    export CBD_TEST_CFLAGS=$flags CBD_TEST_LDFLAGS=$link
    tally build 1 0
}

# A cluster with the extension's files installed: cluster DIR
cluster() {
    local dir=$1
    mkdir -p "$dir"
    prefix_make "$dir"
    if [ -n "$SANITIZE" ]; then sanitize_prefix "$dir"; fi
    make -s -C "$TOP" install DESTDIR="$dir/pg" CBD_CFLAGS="$CBD_TEST_CFLAGS" CBD_LDFLAGS="$CBD_TEST_LDFLAGS" >"$work/install.log" 2>&1 \
        || { tail -20 "$work/install.log" >&2; die "install failed"; }
    cluster_init "$dir"
    cluster_start "$dir" "$(free_port)"
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
    cluster "$work/sql"
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

main() {
    local started=$SECONDS part
    "$CHECKOUT/regress/cluster/packages.sh" python3-pytest python3-psycopg2
    find_postgres
    make_work
    trap clean_up EXIT
    trap 'exit 130' INT TERM HUP
    copy_tree
    build || { printf '%d passed, %d failed\n' "$passed" "$failed"; exit 1; }
    for part in $PARTS; do
        case $part in
            isolation) [ -f "$TOP/regress/isolation/schedule" ] || continue ;;
            dump|bridge|fault) continue ;;
        esac
        say "-- $part (after $((SECONDS - started)) s)"
        "part_$part"
    done
    say "finished after $((SECONDS - started)) s"
    printf '%d passed, %d failed\n' "$passed" "$failed"
    [ "$failed" = 0 ] && [ "$passed" -gt 0 ]
}
main
