#!/usr/bin/env bash
# make up: from a machine with only git and make to a running platform. Again = no harm; a killed run can be repeated;
# a second one waits for the first.
. "$(dirname "$0")/lib.sh"
. "$TOP/regress/cluster/place.sh"
. "$TOP/regress/cluster/sms.sh"
. "$TOP/regress/cluster/video.sh"

# The two ports: those asked for, else those of last time, else the usual ones.
choose_ports() {
    local saved_port='' saved_pgport=''
    if [ -f "$DIR/ports" ]; then read -r saved_port saved_pgport < "$DIR/ports"; fi
    PORT=${WANTED_PORT:-${saved_port:-8443}}
    PGPORT=${WANTED_PGPORT:-$saved_pgport}
    if [ -z "$PGPORT" ]; then
        PGPORT=15432
        # nobody types this one: PGHOST and PGPORT are in the env file
        if port_taken "$PGPORT"; then PGPORT=$(free_port); fi
    fi
    check_port CBD_PORT "$PORT"
    check_port CBD_PGPORT "$PGPORT"
    [ "$PORT" != "$PGPORT" ] || die "CBD_PORT and CBD_PGPORT must differ"
    if [ "$saved_port $saved_pgport" != "$PORT $PGPORT" ]; then echo "$PORT $PGPORT" > "$DIR/ports"; fi
}

check_port() {
    case $2 in
        *[!0-9]*|'') die "$1 must be a port number, for example 8443; it is '$2'" ;;
    esac
    [ "$2" -ge 1024 ] && [ "$2" -le 65535 ] || die "$1 must be from 1024 to 65535; it is $2"
}

# The lines to copy and paste. The reports have fixed content: sent again, they get their first answer.
print_lines() {
    local place='"districtCode":"110101","longitude":116.403414,"latitude":39.924091'
    local env ca host
    . "$RUN/env"
    env=$(printf %q "$RUN/env"); ca=$(printf %q "$CBD_CA"); host=$PGHOST
    case $host in *[!A-Za-z0-9/._-]*) host="'$host'" ;; esac
    cat <<LINES

The platform runs at $CBD_URL
  settings and demo credentials   . $env
  interface manual                $CBD_URL/docs
  log of the bridge               $DIR/bridge.log
  stop it                         make down

Report an event as a deployed sender does (its address is granted: no token):
  curl -w '\n' --cacert $ca $CBD_URL/openapi/v2/upstream -d senderCode=$CBD_IP_SENDER_CODE -d actionType=UP_REC_REPORT --data-urlencode 'data={"eventDesc":"路灯不亮","otherTaskNum":"DEMO-1","address":"景山前街4号","eventSrcID":1,"recTypeID":1,"eventLevelID":1,"eventTypeCode":"6","mainTypeCode":"602","subTypeCode":"60201",$place,"createTime":"20240102030405"}'

Find it in SQL:
  psql "host=$host port=$PGPORT dbname=$PGDATABASE user=$PGUSER" -c "SELECT rec_id, task_num, event_desc, address, district_code, public.ST_AsText(geom, 6) AS place, create_time FROM citybigdata.event WHERE other_task_num = 'DEMO-1'"

The same with the application's key, a one-time code and a bearer token:
  . $env
  code=\$(curl -s --cacert "\$CBD_CA" \$CBD_URL/api/v1/auth/code -d appCode=\$CBD_APP_CODE -d method=key -d key=\$CBD_KEY | sed 's/.*"authCode":"\\([^"]*\\)".*/\\1/')
  token=\$(curl -s --cacert "\$CBD_CA" \$CBD_URL/api/v1/auth/token -d appCode=\$CBD_APP_CODE -d authCode=\$code | sed 's/.*"accessToken":"\\([^"]*\\)".*/\\1/')
  curl -w '\n' --cacert "\$CBD_CA" \$CBD_URL/api/v1/events -H "Authorization: Bearer \$token" -d senderCode=\$CBD_SENDER_CODE -d actionType=UP_REC_REPORT --data-urlencode 'data={"eventDesc":"井盖缺失","otherTaskNum":"DEMO-2","address":"景山前街4号","eventSrcID":1,"recTypeID":1,"eventLevelID":2,"eventTypeCode":"6",$place,"createTime":"20240102030405"}'

Ask for published data with that token (a thousand made-up street lights; more: make demo-data ROWS=1000000):
  curl -w '\n' --cacert "\$CBD_CA" "\$CBD_URL/api/v1/data/street-lights?divisionCode=110101&pageSize=3" -H "Authorization: Bearer \$token"
LINES
    if [ -n "$SMS_GATEWAY" ]; then sms_lines; fi
    if [ -n "${CBD_CAMERA_H264:-}" ]; then video_lines; fi
}

# The same for the SMS gateway.
sms_lines() {
    cat <<LINES

Send a message with that token, and see what became of it (numbers that end with 90 reply, 91 opts out, 99 is undeliverable):
  curl -w '\n' --cacert "\$CBD_CA" \$CBD_URL/api/v1/sms/messages -d tokenId=\$token -d msgId=DEMO-1 -d needReply=true -d mobileStr=13800138000,13800138090,13800138099 --data-urlencode content=您好，景山前街4号的路灯已修复
  curl -w '\n' --cacert "\$CBD_CA" \$CBD_URL/api/v1/sms/messages/DEMO-1 -H "Authorization: Bearer \$token"
  curl -w '\n' --cacert "\$CBD_CA" \$CBD_URL/api/v1/sms/replies -H "Authorization: Bearer \$token"
LINES
}

# The same for the demo cameras.
video_lines() {
    cat <<LINES

Watch a camera with that token (its source wakes; /usr/bin/ffplay or VLC shows it):
  url=\$(curl -s --cacert "\$CBD_CA" \$CBD_URL/api/v1/cameras/previewURLs -H "Authorization: Bearer \$token" -d cameraIndexCode=\$CBD_CAMERA_H264 -d protocol=rtsp | sed 's/.*"url":"\\([^"]*\\)".*/\\1/')
  ffprobe -rtsp_transport tcp "\$url"
LINES
}

# Builds. A compiler that is killed leaves half an object file with a fresh date, which make would take for done: what a
# build that did not end has written is deleted first.
build() {
    local mark=$RUN/building
    if [ -f "$mark" ]; then
        find "$TOP" -path "$RUN" -prune -o -type f \( -name '*.o' -o -name '*.so' -o -name citybigdata-bridge -o -name citybigdata-picture \) -newer "$mark" -exec rm -f {} +
    fi
    touch "$mark"
    MAKE_ARGS=("-j$(nproc)")
    platform_build
    MAKE_ARGS=()
    rm "$mark"
}

demo_fill() { db_psql "$1" -d "$DATABASE" -v rows=1000 -v seed=1 < "$TOP/regress/cluster/demo_data.sql"; }

# demo_datasets DIR: published datasets to begin with, once for a platform: who drops them has dropped them.
demo_datasets() {
    local mark=$1/demo.data
    [ ! -f "$mark" ] || [ "$mark" -ot "$1/demo.env" ] || return 0
    if [ "$(db_psql "$1" -d "$DATABASE" -c "SELECT count(*) FROM pg_namespace WHERE nspname = 'demo'")" = 0 ]; then
        step "making the demo datasets" demo_fill "$1" || return 1
    fi
    touch "$mark"
}

main() {
    make_run
    take_lock
    case ${VIDEO:-} in ''|nginx) ;; *) die "VIDEO=nginx is the only choice; it is '$VIDEO'" ;; esac
    find_place
    SMS_GATEWAY=$(sms_choice "$DIR")
    "$TOP/regress/cluster/packages.sh" $SMS_GATEWAY
    if [ "${VIDEO:-}" = nginx ]; then video_packages; fi
    find_postgres
    choose_ports
    build
    if [ -n "$SMS_GATEWAY" ]; then BRIDGE_CONF=$SMS_CONF; else sms_down "$DIR"; fi
    platform_up "$DIR" "$PORT" "$PGPORT"
    if [ -n "$SMS_GATEWAY" ]; then sms_up "$DIR" "https://localhost:$PORT"; fi
    demo_datasets "$DIR"
    if [ "${VIDEO:-}" = nginx ]; then video_up "$DIR" "$PORT"; fi
    (umask 077; cp "$DIR/env" "$RUN/env.new")
    if cmp -s "$RUN/env.new" "$RUN/env"; then rm "$RUN/env.new"; else mv "$RUN/env.new" "$RUN/env"; fi
    print_lines
}
main
