#!/usr/bin/env bash
# Two public linters (npm) over the OpenAPI document of the running platform: as everybody gets it, and as the demo's application does.
set -eu
folder=$1
top=$(cd "$(dirname "$0")/../.." && pwd -P)
post() { curl -s -f --noproxy '*' --cacert "$CBD_CA" "$CBD_URL/api/v1/auth/$1" "${@:2}"; }
code=$(post code -d appCode="$CBD_APP_CODE" -d method=key -d key="$CBD_KEY" | sed 's/.*"authCode":"\([^"]*\)".*/\1/')
token=$(post token -d appCode="$CBD_APP_CODE" -d authCode="$code" | sed 's/.*"accessToken":"\([^"]*\)".*/\1/')
get() { curl -s -f --noproxy '*' --cacert "$CBD_CA" "$CBD_URL/openapi.json" "$@"; }
get > "$folder/everybody.json"
get -H "Authorization: Bearer $token" > "$folder/application.json"
if "$top/regress/openapi/lint.sh" "$folder/everybody.json" "$folder/application.json" >&2; then echo "ok redocly and spectral"; else echo "not ok redocly and spectral"; fi
