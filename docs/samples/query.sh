#!/usr/bin/env bash
# Token by key, report of an event, published data page by page. Needs bash and curl.
# From the environment: CBD_URL, CBD_CA, CBD_APP_CODE, CBD_KEY, CBD_SENDER_CODE, CBD_RESOURCE, CBD_TIME_RANGE
# Perhaps also CBD_LANGUAGE: en or zh, the language of what the platform says
set -eu
: "$CBD_URL" "$CBD_CA" "$CBD_APP_CODE" "$CBD_KEY" "$CBD_SENDER_CODE" "$CBD_RESOURCE" "$CBD_TIME_RANGE"
language=${CBD_LANGUAGE:-en}

# member NAME: a string member of the JSON on standard input
member() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p"; }
# number NAME: a number
number() { sed -n "s/.*\"$1\":\(-\{0,1\}[0-9]*\).*/\1/p"; }

# faults: every fault of a refusal on standard input: where, its number, what would be right
faults() {
    grep -oE '"pointer":"([^"\\]|\\.)*","statusCode":[0-9]+,"message":"([^"\\]|\\.)*"' \
        | sed -E 's/^"pointer":"(.*)","statusCode":([0-9]+),"message":"(.*)"$/  \1: \2 \3/' || true
}

# call PATH [CURL-OPTION...]: sets reply to the body; false after a refusal, which it prints with the request's number.
call() {
    local path=$1 tries=0 status pause envelope; shift
    while :; do
        reply=$(curl -sS --cacert "$CBD_CA" -H "Accept-Language: $language" -D "$headers" "$@" "$CBD_URL$path")
        status=$(sed -n 's/^HTTP\/[0-9.]* \([0-9]*\).*/\1/p' "$headers" | tail -1)
        case $status in 429|503|504) ;; *) break ;; esac
        # busy: as long as the platform says, three times
        tries=$((tries + 1)); [ "$tries" -le 3 ] || break
        pause=$(tr -d '\r' < "$headers" | sed -n 's/^[Rr]etry-[Aa]fter: //p')
        sleep "${pause:-1}"
    done
    [ "$status" != 200 ] || return 0
    envelope=${reply%%,\"data\":*}
    echo "refused: HTTP $status, $(number statusCode <<< "$envelope") $(member message <<< "$envelope"), request $(member requestId <<< "$envelope")"
    faults <<< "$reply"
    return 1
}

headers=$(mktemp)
trap 'rm -f "$headers"' EXIT

# 1. a one-time code by key, a token for it
call /api/v1/auth/code -d appCode="$CBD_APP_CODE" -d method=key --data-urlencode key="$CBD_KEY"
call /api/v1/auth/token -d appCode="$CBD_APP_CODE" -d authCode="$(member authCode <<< "$reply")"
token=$(member accessToken <<< "$reply")
echo "token: $(number expiresIn <<< "$reply") s"

# 2. a report as table A.4 asks for it: X and Y of the business plane, longitude and latitude of the online map;
#    sent again it gets the same answer
event='{"eventDesc":"路灯不亮","otherTaskNum":"SAMPLE-SH-'$(date +%s%N)'","address":"景山前街4号",
  "coordinateX":448463.732,"coordinateY":4421118.659,"lontitude":116.403414,"latitude":39.924091,
  "eventSrcID":1,"recTypeID":1,"eventLevelID":1,"eventTypeCode":"6","mainTypeCode":"602",
  "subTypeCode":"60201","createTime":"'$(date +%s)'"}'
call /api/v1/events -H "Authorization: Bearer $token" -d senderCode="$CBD_SENDER_CODE" \
    -d actionType=UP_REC_REPORT --data-urlencode data="$event"
echo "event: $(member taskNum <<< "$reply")"

# 3. published data of an interval, from cursor to cursor
next=(); pages=0
while :; do
    call "/api/v1/data/$CBD_RESOURCE" -G -H "Authorization: Bearer $token" \
        --data-urlencode timeRange="$CBD_TIME_RANGE" -d pageSize=100 "${next[@]}"
    pages=$((pages + 1))
    cursor=$(member nextCursor <<< "$reply")
    [ -n "$cursor" ] || break
    next=(--data-urlencode "cursor=$cursor")
done
echo "data: $pages pages"

# 4. a refusal names every fault
if call "/api/v1/data/$CBD_RESOURCE" -G -H "Authorization: Bearer $token" -d pageSize=0; then echo "not refused"; exit 1; fi
