#!/usr/bin/env bash
# check_isolation.sh SPEC...: builds, installs into the private cluster of check_sql.sh and runs the named isolation specs (all of
# regress/isolation/schedule when none is named). For developers; make test runs everything.
. "$(dirname "$0")/lib.sh"
find_postgres
DIR=${CBD_DEV_DIR:-/tmp/cbd-dev-$(echo "$TOP" | md5sum | cut -c1-8)}
[ -d "$DIR/pg" ] || die "run make check-sql first: it makes the cluster"
make -s -C "$TOP" -j2 all >"$DIR/build.log" 2>&1 || { tail -40 "$DIR/build.log" >&2; die "build failed"; }
make -s -C "$TOP" install DESTDIR="$DIR/pg" >>"$DIR/build.log" 2>&1 || { tail -20 "$DIR/build.log" >&2; die "install failed"; }
cluster_stop "$DIR"; cluster_start "$DIR" "$(cat "$DIR/port")"
trap 'cluster_stop "$DIR"' EXIT
psql="psql -X -q -v ON_ERROR_STOP=1 -h $(cat "$DIR/socket") -p $(cat "$DIR/port") -U postgres"
$psql -d postgres -c 'DROP DATABASE IF EXISTS isolation_citybigdata' -c 'CREATE DATABASE isolation_citybigdata' 2>/dev/null
$psql -d isolation_citybigdata -c 'SET client_min_messages = warning' -c 'CREATE EXTENSION citybigdata CASCADE' \
    -c 'ALTER DATABASE isolation_citybigdata SET citybigdata.own_statement = off' \
    -c "SELECT citybigdata.setup('110000', 'test', '110000')" -f "$TOP/regress/reply.sql" >/dev/null
specs="$*"; [ -n "$specs" ] || specs=$(cat "$TOP/regress/isolation/schedule")
for spec in $specs; do [ -f "$TOP/regress/isolation/expected/$spec.out" ] || : > "$TOP/regress/isolation/expected/$spec.out"; done
mkdir -p "$DIR/iso"
# shellcheck disable=SC2086
(cd "$DIR/iso" && LC_ALL=C "$PG_ISOLATION" --bindir="$DIR/pg$PG_BIN" --inputdir="$TOP/regress/isolation" --outputdir="$DIR/iso" \
    --host="$(cat "$DIR/socket")" --port="$(cat "$DIR/port")" --user=postgres --use-existing --dbname=isolation_citybigdata $specs) \
    || { cat "$DIR"/iso/*regression.diffs; exit 1; }
