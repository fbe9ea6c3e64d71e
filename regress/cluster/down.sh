#!/usr/bin/env bash
# make down: stops the bridge, then the cluster, of make up. The data stays; make up goes on with it.
. "$(dirname "$0")/lib.sh"
. "$TOP/regress/cluster/place.sh"
. "$TOP/regress/cluster/sms.sh"
. "$TOP/regress/cluster/video.sh"
[ -d "$RUN" ] || { say "nothing to stop: there is no $RUN"; exit 0; }
make_run
take_lock
[ -d "$RUN/platform" ] || { say "nothing to stop"; exit 0; }
find_postgres
find_place
sms_down "$DIR"
video_down "$DIR"
platform_down "$DIR"
say "stopped; the data stays in $DIR"
