# Shell functions for the media servers of a platform, sourced by up.sh and down.sh: `make up VIDEO=nginx` starts nginx, the media
# service and two demo cameras (regress/video/video_rig.py) in DIR/video; `make down` ends them.
#   video_up DIR PORT     everything that is missing, the demo's cameras in the database, and the names of both in DIR/env

# What they need beside the packages of every build; regress/test.sh names them too.
VIDEO_PACKAGES="nginx libnginx-mod-rtmp ffmpeg gstreamer1.0-plugins-base gstreamer1.0-plugins-good gstreamer1.0-plugins-bad
    gir1.2-gst-rtsp-server-1.0 python3-gi python3-websockets"

video_packages() {
    # shellcheck disable=SC2086
    "$TOP/regress/cluster/packages.sh" $VIDEO_PACKAGES
}

video_rig() { /usr/bin/python3 "$TOP/regress/video/video_rig.py" "$@"; }

video_database() {
    local dir=$1
    cat "$dir/video/psql" "$TOP/regress/video/video.sql" - <<'SQL' | db_psql "$dir" -d "$DATABASE" -v app="$(sed -n 's/^CBD_APP_CODE=//p' "$dir/demo.env")"
\o /dev/null
SELECT citybigdata.grant_access(:'app', 'cameras', 4);
SQL
}

video_up() {
    local dir=$1 port=$2
    step "starting media servers and two cameras" video_rig up "$dir/video" "$dir/pg$PG_SHARE/citybigdata-media/citybigdata-media" \
        "https://localhost:$port" "$dir/tls/ca.pem" "$dir/tls/server.pem" "$dir/tls/server.key" || return 1
    video_database "$dir"
    { printf 'export CBD_CAMERA_H264=%s\n' 2f1d6d3e-8f0b-4f0e-9d53-0c1b7a3e5f11
      printf 'export CBD_CAMERA_H265=%s\n' 7c9e6679-7425-40de-944b-e07fc1f90ae7; } >> "$dir/env"
}

video_down() { [ ! -d "$1/video" ] || video_rig down "$1/video"; }
