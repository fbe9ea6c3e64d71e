#!/usr/bin/env bash
# record.sh [PATTERN...]: records again what the bridge of this tree answers: the entries whose names fit one of the patterns
# ('limits/data*' 'manual/*'; none = all), and those that are new. Look at the difference before you commit it, and name what
# is intended in DEVIATIONS (__init__.py). record.sh --first: all, as the recording that later ones are measured by.
. "$(dirname "$0")/../../cluster/lib.sh"
. "$TOP/regress/work.sh"
export LC_ALL=C.UTF-8 PYTHONDONTWRITEBYTECODE=1
expected=$TOP/regress/bridge/recording/expected
begin python3-pytest python3-psycopg2 python3-authlib python3-requests-oauthlib kannel
MAKE_ARGS=(-j2 CBD_CFLAGS=-Werror)
platform_build
platform_new "$work/bridge"
cd "$TOP/regress/bridge"
if [ "${1:-}" = --first ]; then shift; export CITYBIGDATA_RECORD_FIRST=yes; fi
CITYBIGDATA_RECORD=$(if [ $# = 0 ]; then echo '*'; else printf '%s\n' "$@"; fi)
export CITYBIGDATA_RECORD CITYBIGDATA_RECORD_TO=$expected CITYBIGDATA_TEST_DIR=$work/bridge
/usr/bin/python3 -m pytest -p no:cacheprovider -q --tb=short test_recording.py
