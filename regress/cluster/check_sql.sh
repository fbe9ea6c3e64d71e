#!/usr/bin/env bash
# check_sql.sh TEST...: builds, installs into a private cluster under /tmp, runs the named pg_regress tests
# (after `setup`, which every test needs) and shows the differences. For developers; make test runs everything.
. "$(dirname "$0")/lib.sh"
find_postgres
DIR=${CBD_DEV_DIR:-/tmp/cbd-dev-$(echo "$TOP" | md5sum | cut -c1-8)}
if [ ! -d "$DIR/pg" ]; then mkdir -p "$DIR"; prefix_make "$DIR"; cluster_init "$DIR"; fi
make -s -C "$TOP" -j2 all >"$DIR/build.log" 2>&1 || { tail -40 "$DIR/build.log" >&2; die "build failed"; }
grep -n 'warning:' "$DIR/build.log" >&2 || true
make -s -C "$TOP" install DESTDIR="$DIR/pg" >>"$DIR/build.log" 2>&1 || { tail -20 "$DIR/build.log" >&2; die "install failed"; }
if [ ! -f "$DIR/port" ]; then free_port > "$DIR/port"; fi
cluster_stop "$DIR"; cluster_start "$DIR" "$(cat "$DIR/port")"
trap 'cluster_stop "$DIR"' EXIT
mkdir -p "$DIR/out"
tests="$*"; [ -n "$tests" ] || tests=$(tr '\n' ' ' < "$TOP/regress/schedule")
case " $tests " in *" setup "*) ;; *) tests="setup $tests" ;; esac
# a new test has no expected output yet: start from an empty one and show what came
for test in $tests; do [ -f "$TOP/regress/expected/$test.out" ] || : > "$TOP/regress/expected/$test.out"; done
# shellcheck disable=SC2086
(cd "$DIR/out" && LC_ALL=C "$PG_REGRESS" --bindir="$DIR/pg$PG_BIN" --inputdir="$TOP/regress" --outputdir="$DIR/out" \
    --host="$(cat "$DIR/socket")" --port="$(cat "$DIR/port")" --user=postgres --dbname=regression_citybigdata $tests) \
    || { head -200 "$DIR/out/regression.diffs"; echo "results: $DIR/out/results"; exit 1; }
