# Part sms of bench.sh: messages accepted, numbers handed to Kannel, reports taken in. Sourced. The application has no caps; each message is
# for 200 numbers that no other has.
. "$TOP/regress/cluster/sms.sh"
. "$TOP/regress/bench/sms_reports.sh"

# sms_setting: what the bridge may reach.
sms_setting() {
    sed -i '/^outbound_networks/d' "$DIR/bridge.conf"
    printf 'outbound_networks = callback:127.0.0.0/8, callback:::1/128, gateway:127.0.0.0/8\n' >> "$DIR/bridge.conf"
    kill -HUP "$(bridge_pids "$DIR")"
}

# sms_gateway CODE URL MORE: the only active gateway; MORE: further members of its definition.
sms_gateway() {
    sql -c "UPDATE citybigdata.sms_gateway SET state = 'disabled'" -c "UPDATE citybigdata.outbox_destination SET state = 'disabled' WHERE purpose = 'gateway'" \
        -c "SELECT gateway_code FROM citybigdata.save_gateway('{\"code\":\"$1\",\"title\":\"$1\",\"url\":\"$2\"${3:-}}')" > /dev/null
    GATEWAY=$1
}

# sms_open active|waiting: whether the gateway is sent to now; what waits there stays. (A disabled one would have messages refused.)
sms_open() {
    sql -c "UPDATE citybigdata.outbox_destination SET not_before = now() + CASE '$1' WHEN 'active' THEN interval '0' ELSE interval '1 day' END WHERE purpose = 'gateway' AND key = '$GATEWAY'" \
        -c "SELECT pg_notify('citybigdata_outbox', '')" > /dev/null
}

# Accepting in the database: send_sms() and the bare INSERT of its 200 rows, turn by turn.
bench_sms_insert() {
    local figures
    figures=$(sql <<'SQL'
CREATE TABLE citybigdata.sms_bare (LIKE citybigdata.sms_number INCLUDING ALL);
CREATE TEMP TABLE took (what text, ms float8);
DO $$
DECLARE started timestamptz; mobiles text; answered integer;
BEGIN
    FOR i IN 1..200 LOOP
        mobiles := (SELECT string_agg((14000000000 + i * 200 + n)::text, ',') FROM generate_series(1, 200) n);
        started := clock_timestamp();
        SELECT s.status_code INTO answered FROM citybigdata.send_sms(mobiles, '您好，案件已办结') s;
        INSERT INTO took SELECT 'send', extract(epoch FROM clock_timestamp() - started) * 1000;
        IF answered <> 0 THEN RAISE EXCEPTION 'send_sms() answers %', answered; END IF;
        started := clock_timestamp();
        INSERT INTO citybigdata.sms_bare (sms_id, mobile, text_key, accepted_at, app_id, seq, ordinal)
        SELECT i, m::bigint, 1, now(), 0, 1, n - 1 FROM unnest(string_to_array(mobiles, ',')) WITH ORDINALITY u (m, n);
        INSERT INTO took SELECT 'bare', extract(epoch FROM clock_timestamp() - started) * 1000;
    END LOOP;
END $$;
DROP TABLE citybigdata.sms_bare;
SELECT string_agg(round(p::numeric, 3)::text, ' ' ORDER BY what DESC) FROM (SELECT what, percentile_cont(0.5) WITHIN GROUP (ORDER BY ms) AS p FROM took GROUP BY 1) t;
SQL
)
    row "send_sms() of 200 numbers, without the commit" "${figures% *}" "ms" ""
    row "INSERT of 200 rows into the same table, one statement" "${figures#* }" "ms" ""
    row "  send_sms() : INSERT" "$(calc "${figures% *} / ${figures#* }")" "x" ""
}

# Accepting over HTTPS.
bench_sms_accept() {
    cat > "$work/sms_send.lua" <<'LUA'
local threads = 0
function setup(thread) thread:set("number", threads); threads = threads + 1 end
function init(args)
   serial = 0
   wrk.method = "POST"
   wrk.headers["Content-Type"] = "application/json"
   wrk.headers["Authorization"] = "Bearer " .. args[1]
end
function request()
   local list = {}
   serial = serial + 1
   for n = 1, 200 do list[n] = string.format("%.0f", 15000000000 + number * 1e9 + serial * 200 + n) end
   return wrk.format(nil, nil, nil, '{"mobileStr":"' .. table.concat(list, ",") .. '","content":"您好，案件已办结","msgId":"b' .. number .. "-" .. serial .. '"}')
end
LUA
    https_rate -c "$CONNECTIONS" -s "$work/sms_send.lua" "$CBD_URL/api/v1/sms/messages" -- "$TOKEN"
    row "messages of 200 numbers accepted over HTTPS, $CONNECTIONS connections, durable" "$(calc "$RATE" 1)" "messages/s" ""
    row "  numbers" "$(calc "$RATE * 200" 0)" "numbers/s" ""
    row "  processor time of a message" "$EACH" "us" ""
}

# sms_fill COUNT: so many messages of 200 numbers that wait.
sms_fill() {
    sql -c "SELECT 1 / (count(*) FILTER (WHERE s.status_code = 0) = $1)::int FROM generate_series(1, $1) i, LATERAL citybigdata.send_sms((SELECT string_agg((16000000000 + $RUN * 100000000::bigint + i * 200 + n)::text, ',') FROM generate_series(1, 200) n), '案件已办结') s" > /dev/null
    RUN=$((RUN + 1))
}

sms_sent() { sql -c "SELECT coalesce(sum(last_ordinal - first_ordinal + 1), 0) FROM citybigdata.sms_batch b JOIN citybigdata.sms_gateway g ON g.gateway_id = b.gateway_id WHERE g.gateway_code = '$GATEWAY' AND b.state = 'sent'"; }

# Handing over to Kannel, beside wrk that makes the same calls.
bench_sms_kannel() {
    local url before started direct handed
    [ -d "$DIR/sms" ] || db_dir "$DIR/sms"
    install -d -m 0755 "$DIR/sms/program"
    install -m 0644 "$TOP"/regress/sms/*.py "$DIR/sms/program/"
    sms_kannel "$DIR" gateway "$CBD_URL" "$CBD_CA" | sql > /dev/null
    sms_kannel "$DIR" start > /dev/null
    url=$(sql -c "SELECT url FROM citybigdata.sms_gateway WHERE gateway_code = 'kannel'")
    GATEWAY=kannel
    sql -c "UPDATE citybigdata.sms_gateway SET state = CASE gateway_code WHEN 'kannel' THEN 'active' ELSE 'disabled' END"
    sms_open waiting
    cat > "$work/sms_kannel.lua" <<LUA
local settings = [[$(cat "$DIR/sms/settings.json")]]
wrk.method = "POST"
wrk.body = "案件已办结"
wrk.headers["Content-Type"] = "text/plain; charset=utf-8"
wrk.headers["X-Kannel-Username"] = settings:match('"user": "([^"]*)"')
wrk.headers["X-Kannel-Password"] = settings:match('"password": "([^"]*)"')
wrk.headers["X-Kannel-Coding"] = "2"
local threads = 0
function setup(thread) thread:set("number", threads); threads = threads + 1 end
function init() serial = 0 end
function request()
   local list = {}
   serial = serial + 1
   for n = 1, 200 do list[n] = string.format("%.0f", 18000000000 + number * 1e9 + serial * 200 + n) end
   wrk.headers["X-Kannel-To"] = table.concat(list, " ")
   return wrk.format()
end
LUA
    # turn by turn, since Kannel's queue grows
    sms_setting
    sms_fill 2000
    handed=0 direct=0
    for _ in 1 2; do
        https_rate -c 16 -s "$work/sms_kannel.lua" "$url"
        direct=$(calc "$direct + $RATE * 200 / 2" 0)
        before=$(sms_sent) started=$(date +%s.%N)
        sms_open active
        sleep "$SECONDS_EACH"
        handed=$(calc "$handed + ($(sms_sent) - $before) / ($(date +%s.%N) - $started) / 2" 0)
        sms_open waiting
    done
    row "wrk to Kannel, 200 numbers a call, 16 connections" "$direct" "numbers/s" ""
    row "numbers handed to Kannel" "$handed" "numbers/s" ""
    row "  handed over : wrk" "$(calc "$handed / $direct")" "x" ">= 0.8"
    sql -c "DELETE FROM citybigdata.outbox_queue"
    sms_kannel "$DIR" stop > /dev/null
}

bench_sms() {
    sql -c "INSERT INTO citybigdata.app_grant (app_id, resource, level, granted_by) SELECT app_id, 'sms', 4, 'bench' FROM citybigdata.application WHERE app_code = '$CBD_APP_CODE' ON CONFLICT DO NOTHING" \
        -c "INSERT INTO citybigdata.sms_policy (app_id, per_minute, per_hour, per_day, text_per_minute, text_per_hour, text_per_day) VALUES (0, 0, 0, 0, 0, 0, 0)"
    sms_gateway accept https://gateway.example/sendsms
    sms_open waiting
    bench_sms_insert
    bench_sms_accept
    sql -c "DELETE FROM citybigdata.outbox_queue"
    sms_setting
    /usr/bin/python3 "$TOP/regress/bench/sms_wake.py" "$CBD_URL" "$CBD_CA" "$TOKEN" > "$work/wake.sql.pipe" &
    until [ -s "$work/wake.sql.pipe" ]; do sleep 0.1; done
    sms_gateway idle "http://127.0.0.1:$(head -1 "$work/wake.sql.pipe")/cgi-bin/sendsms"
    sms_open active
    wait $!
    row "from the reply of a message's request to its gateway, at idle" "$(tail -1 "$work/wake.sql.pipe" | cut -d' ' -f1)" "ms, median" "<= 50"
    row "  the slowest of 30" "$(tail -1 "$work/wake.sql.pipe" | cut -d' ' -f2)" "ms" ""
    bench_sms_kannel
    bench_sms_reports
}
