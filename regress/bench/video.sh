# Cameras on media servers; sourced by bench.sh. The judged way beside the same servers unjudged, by turns: RTMP and HLS of the same
# nginx (a second application and server of its configuration), RTSP of the demo camera, which is the same server software.
. "$TOP/regress/cluster/video.sh"

bench_video() {
    video_packages
    video_up "$DIR" "${CBD_URL##*:}"
    . "$DIR/env"
    local name value
    CBD_TOKEN=$TOKEN PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 "$TOP/regress/bench/video.py" "$DIR/video" "$CBD_URL" "$CBD_CA" "$SECONDS_EACH" > "$work/video.out"
    video_down "$DIR"
    while IFS='|' read -r name value unit aim; do row "$name" "$value" "$unit" "$aim"; done < "$work/video.out"
}
