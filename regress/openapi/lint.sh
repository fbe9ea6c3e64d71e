#!/usr/bin/env bash
# make lint-openapi: two public linters over the OpenAPI document that the bridge prints, and over those named. Needs npm and its registry.
#   lint.sh [FILE...]     for example one that was fetched with a token: curl -H "Authorization: Bearer $TOKEN" $CBD_URL/openapi.json > FILE
. "$(dirname "$0")/../cluster/lib.sh"
command -v npm >/dev/null || die "npm is needed: apt-get install npm"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$TOP"/regress/openapi/{package.json,package-lock.json,redocly.yaml,spectral.yaml} "$work"
cp -- "$@" "$work" 2>/dev/null || [ $# = 0 ] || die "cannot read $*"
make -s -C "$TOP" bridge >&2
"$TOP/bridge/citybigdata-bridge" --print-openapi > "$work/openapi.json"
cd "$work"
npm ci --no-audit --no-fund --ignore-scripts --loglevel=error >&2
bad=0
for file in openapi.json "${@##*/}"; do
    REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true npx redocly lint --config redocly.yaml "$file" || bad=1
    npx spectral lint --ruleset spectral.yaml --fail-severity=warn "$file" || bad=1
done
exit "$bad"
