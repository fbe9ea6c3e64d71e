#!/usr/bin/env bash
# make demo-data ROWS=1000000 SEED=1: published demo datasets of that size in the platform that make up started.
. "$(dirname "$0")/lib.sh"
ROWS=${ROWS:-100000}; SEED=${SEED:-1} # an empty one is an absent one
case $ROWS$SEED in *[!0-9]*|'') die "ROWS and SEED must be whole numbers, for example ROWS=1000000 SEED=1" ;; esac
[ "$ROWS" -ge 1 ] && [ "$ROWS" -le 100000000 ] || die "ROWS must be from 1 to 100000000; it is $ROWS"
[ -f "$TOP/.run/env" ] || die "no platform is running here; run: make up"
. "$TOP/.run/env"
started=$SECONDS
psql -X -q -v rows="$ROWS" -v seed="$SEED" -f "$TOP/regress/cluster/demo_data.sql"
echo "made in $((SECONDS - started)) s"
