#!/usr/bin/env bash
# MapLibre GL (npm: maplibre-gl) in headless Chromium: vector tiles by the style of a layer, with a bearer token.
set -eu
folder=$1
top=$(cd "$(dirname "$0")/../.." && pwd -P)
command -v npm >/dev/null || { echo "not ok npm is needed: apt-get install npm"; exit 0; }
"$top/regress/cluster/packages.sh" python3-pytest python3-psycopg2 python3-selenium chromium chromium-driver >&2
cp "$top"/regress/clients/maplibre/{package.json,package-lock.json,page.html} "$folder"
(cd "$folder" && npm ci --no-audit --no-fund --ignore-scripts --loglevel=error >&2 && cp node_modules/maplibre-gl/dist/maplibre-gl.{js,css} .)
MAPLIBRE=$folder PYTHONDONTWRITEBYTECODE=1 CITYBIGDATA_TEST_DIR=$CITYBIGDATA_TEST_DIR \
    /usr/bin/python3 -m pytest -p no:cacheprovider -q --tb=short -rA --color=no "$top/regress/clients/maplibre/browser.py" > "$folder/out" 2>&1 || true
cat "$folder/out" >&2
grep -E '^(PASSED|FAILED|ERROR) ' "$folder/out" | sed -E 's/ - .*//; s/^PASSED .*::/ok /; s/^(FAILED|ERROR) .*::/not ok /'
