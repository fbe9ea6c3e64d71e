#!/usr/bin/env bash
# Players of browsers (npm: hls.js, mpegts.js) in headless Chromium, from the media servers of cameras.
set -eu
folder=$1
top=$(cd "$(dirname "$0")/../.." && pwd -P)
. "$top/regress/cluster/lib.sh" 2>/dev/null
. "$top/regress/cluster/video.sh"
command -v npm >/dev/null || { echo "not ok npm is needed: apt-get install npm"; exit 0; }
# shellcheck disable=SC2086
"$top/regress/cluster/packages.sh" $VIDEO_PACKAGES python3-pytest python3-psycopg2 python3-selenium chromium chromium-driver >&2
cp "$top"/regress/clients/players/{package.json,package-lock.json,page.html} "$folder"
(cd "$folder" && npm ci --no-audit --no-fund --ignore-scripts --loglevel=error >&2 && cp node_modules/hls.js/dist/hls.min.js node_modules/mpegts.js/dist/mpegts.js .)
PLAYERS=$folder PYTHONDONTWRITEBYTECODE=1 CITYBIGDATA_TEST_DIR=$CITYBIGDATA_TEST_DIR \
    /usr/bin/python3 -m pytest -p no:cacheprovider -q --tb=short -rA --color=no "$top/regress/clients/players/browser.py" > "$folder/out" 2>&1 || true
cat "$folder/out" >&2
grep -E '^(PASSED|FAILED|ERROR) ' "$folder/out" | sed -E 's/ - .*//; s/^PASSED .*::/ok /; s/^(FAILED|ERROR) .*::/not ok /'
