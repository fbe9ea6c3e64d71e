# Part outbox of bench.sh: deliveries of call-backs to a local receiver. Sourced.
# CBD_BENCH_SNAPSHOT: seconds of deliveries under an open snapshot, three measurements when not given.
# The receiver is one process of Python (receiver.py): once it answers and does nothing else, once it does what a receiver must do, checks the
# signature, reads the JSON and keeps it.
RECEIVER_SECRET=whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw

# receiver_count: POSTs that came.
receiver_count() { curl -s --noproxy '*' --cacert "$CBD_CA" "https://localhost:$RECEIVER_PORT/count" | cut -d' ' -f1; }

# receiver_start [SECRET]: a receiver, and the call-back to it.
receiver_start() {
    RECEIVER_PORT=$(free_port)
    /usr/bin/python3 "$TOP/regress/bench/receiver.py" "$RECEIVER_PORT" "$DIR/tls/server.pem" "$DIR/tls/server.key" "$@" &
    RECEIVER=$!
    until receiver_count > /dev/null; do sleep 0.1; done
    grep -q outbound_ca "$DIR/bridge.conf" || printf 'outbound_networks = callback:127.0.0.0/8, callback:::1/128\noutbound_ca = %s\n' "$CBD_CA" >> "$DIR/bridge.conf"
    kill -HUP "$(bridge_pids "$DIR")"
    sql -c "INSERT INTO citybigdata.app_grant (app_id, resource, level, granted_by) SELECT app_id, 'callbacks', 1, 'bench' FROM citybigdata.application WHERE app_code = '$CBD_APP_CODE' ON CONFLICT DO NOTHING"
    curl_json "$CBD_URL/api/v1/callbacks" -H "Authorization: Bearer $TOKEN" \
        -d "{\"url\":\"https://localhost:$RECEIVER_PORT/bench\",\"events\":[\"case.step\"],\"secret\":\"$RECEIVER_SECRET\"}" > /dev/null
    until [ "$(sql -c "SELECT state FROM citybigdata.callback ORDER BY callback_id DESC LIMIT 1")" = active ]; do sleep 0.2; done
    DESTINATION=$(sql -c "SELECT destination_id FROM citybigdata.callback ORDER BY callback_id DESC LIMIT 1")
}

receiver_stop() {
    kill "$RECEIVER"; wait "$RECEIVER" 2>/dev/null || true
    sql -c "DELETE FROM citybigdata.outbox_queue WHERE destination_id = $DESTINATION"
}

# outbox_fill COUNT: so many messages that wait, four to a case.
outbox_fill() {
    sql -c "UPDATE citybigdata.outbox_destination SET state = 'disabled' WHERE destination_id = $DESTINATION" -c "
        WITH m AS (INSERT INTO citybigdata.outbox_message (message_id, destination_id, kind, subject, payload)
                   SELECT nextval('citybigdata.outbox_message_id_seq'), $DESTINATION, 'case.step', 'case-' || n / 4, '{\"x\":\"' || repeat('x', 600) || '\"}' FROM generate_series(1, $1) n RETURNING *)
        INSERT INTO citybigdata.outbox_queue (message_id, destination_id, order_key) SELECT message_id, destination_id, subject FROM m" -c "ANALYZE citybigdata.outbox_queue"
}

# outbox_drain SECONDS: sets RATE to deliveries per second, EACH to the processor time of one in us (bridge and PostgreSQL), while there are enough.
outbox_drain() {
    local count ticks started
    sql -c "UPDATE citybigdata.outbox_destination SET state = 'active' WHERE destination_id = $DESTINATION"
    sleep 1.5
    count=$(receiver_count); ticks=$(server_ticks); started=$(date +%s.%N)
    sleep "$1"
    count=$(($(receiver_count) - count))
    RATE=$(calc "$count / ($(date +%s.%N) - $started)" 0)
    EACH=$(calc "($(server_ticks) - $ticks) * 1e6 / ($count + 1)" 0)
}

# outbox_beside WHAT: deliveries beside wrk to the receiver that runs.
outbox_beside() {
    local each
    https_rate -c 16 -s "$work/post.lua" "https://localhost:$RECEIVER_PORT/wrk"
    row "wrk to a receiver that $1, 16 connections" "$(calc "$RATE" 0)" "requests/s" ""
    each=$RATE
    # more than can be delivered until the end of the measurement
    outbox_fill "$(calc "$RATE * ($SECONDS_EACH + 2)" 0)"
    outbox_drain "$SECONDS_EACH"
    row "deliveries of call-backs to it" "$RATE" "deliveries/s" ""
    row "  deliveries : wrk" "$(calc "$RATE / $each")" "x" ">= 0.6"
}

# outbox_worker DELIVERIES PROCESSOR_TIME: graphile-worker with jobs as the outbox has messages, to the receiver that runs.
outbox_worker() {
    local count started tries=0
    peer_install || return 0
    (cd "$work/peer" && exec node worker.js "https://localhost:$RECEIVER_PORT/worker" "$CBD_CA" "$RECEIVER_SECRET" "$PGHOST" "$PGPORT" "$PGDATABASE") > "$work/worker.log" 2>&1 &
    PEER=$!
    until [ "$(sql -c "SELECT to_regprocedure('graphile_worker.add_job(text, json, text, timestamptz, integer, text, integer, text[], text)') IS NOT NULL")" = t ]; do
        tries=$((tries + 1))
        [ "$tries" -lt 50 ] && kill -0 "$PEER" 2>/dev/null || { tail -5 "$work/worker.log" >&2; peer_stop; say "no graphile-worker: it does not start"; return 0; }
        sleep 0.2
    done
    sql -c "SELECT count(graphile_worker.add_job('deliver', json_build_object('x', repeat('x', 600)), 'case-' || n / 4)) FROM generate_series(1, $SECONDS_EACH * 4000) n" > /dev/null
    count=$(receiver_count); started=$(date +%s.%N); CPU=$(ticks "$PEER"); EACH=$(server_ticks)
    sleep "$SECONDS_EACH"
    count=$(($(receiver_count) - count))
    RATE=$(calc "$count / ($(date +%s.%N) - $started)" 0)
    EACH=$(calc "($(server_ticks) - $EACH + $(ticks "$PEER") - $CPU) * 1e6 / ($count + 1)" 0)
    peer_stop
    sql -c "SET client_min_messages = warning" -c "DROP SCHEMA graphile_worker CASCADE"
    row "graphile-worker, the same deliveries, 32 at a time" "$RATE" "deliveries/s" ""
    row "  outbox : graphile-worker" "$(calc "$1 / ($RATE + 0.001)")" "x" ">= 1"
    row "  processor time of a delivery, graphile-worker : outbox" "$(calc "$EACH / $2")" "x" ">= 1"
}

bench_outbox() {
    local normal normal_cpu holder left snapshot=${CBD_BENCH_SNAPSHOT:-$((SECONDS_EACH * 3))}
    printf 'wrk.method = "POST"; wrk.body = "{\\"x\\":\\"" .. string.rep("x", 600) .. "\\"}"; wrk.headers["Content-Type"] = "application/cloudevents+json"\n' > "$work/post.lua"
    receiver_start "$RECEIVER_SECRET"
    outbox_beside "checks and keeps"
    receiver_stop
    receiver_start
    outbox_beside "only answers"
    normal=$RATE normal_cpu=$EACH
    row "  processor time of a delivery, bridge and PostgreSQL" "$normal_cpu" "us" ""
    outbox_worker "$normal" "$normal_cpu"
    # an old snapshot is kept, and what is delivered cannot be cleared away
    mkfifo "$work/holder"
    sql < "$work/holder" > /dev/null &
    holder=$!
    exec 4> "$work/holder"
    printf 'BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM citybigdata.platform;\n' >&4
    sql -c "DELETE FROM citybigdata.outbox_queue"
    # as many messages as are delivered meanwhile, bit by bit
    outbox_fill "$(calc "$normal * $SECONDS_EACH * 2 + 10000" 0)"
    outbox_drain "$SECONDS_EACH"
    left=$((snapshot - SECONDS_EACH))
    while [ "$left" -gt 0 ]; do
        # more than is delivered until the measurement ends: a queue that runs empty measures nothing
        outbox_fill "$(calc "$RATE * ($SECONDS_EACH + 3) + 1000" 0)"
        outbox_drain "$SECONDS_EACH"
        left=$((left - SECONDS_EACH))
    done
    row "  deliveries after $snapshot s under an open snapshot" "$RATE" "deliveries/s" ""
    row "  under a snapshot : without" "$(calc "$RATE / $normal")" "x" ">= 0.8"
    row "  processor time of a delivery, without : under a snapshot" "$(calc "$normal_cpu / $EACH")" "x" ">= 0.8"
    kill "$holder" 2>/dev/null || true
    exec 4>&-
    sql -c "DELETE FROM citybigdata.outbox_queue" -c "UPDATE citybigdata.outbox_destination SET state = 'active'"
    /usr/bin/python3 "$TOP/regress/bench/wake.py" "$CBD_URL" "$CBD_CA" "$TOKEN" "$RECEIVER_PORT" > "$work/wake.out"
    row "from the reply of a test delivery's request to its arrival, at idle" "$(cut -d' ' -f1 "$work/wake.out")" "ms, median" "<= 50"
    row "  the slowest of 30" "$(cut -d' ' -f2 "$work/wake.out")" "ms" ""
    receiver_stop
}
