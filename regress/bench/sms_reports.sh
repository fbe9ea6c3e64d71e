# Reports of delivery, of part sms of bench.sh. Sourced. Each request is the first report of another number, as Kannel makes it.
SMS_TOKEN=bench-token-bench-token-bench-token-bench-to

# sms_reports_fill COUNT: a gateway, and so many numbers in messages of 200 that it has; sets SMS_FIRST to the first message's number.
sms_reports_fill() {
    SMS_FIRST=$(sql -v count="$1" -v token="$SMS_TOKEN" <<'SQL'
WITH d AS (INSERT INTO citybigdata.outbox_destination (purpose, key) VALUES ('gateway', 'bench-' || clock_timestamp()) RETURNING destination_id)
INSERT INTO citybigdata.sms_gateway (gateway_code, title, kind, state, destination_id, url, token, token_digest, report_networks)
SELECT 'bench', 'bench', 'kannel', 'disabled', destination_id, 'https://gateway.example/', '\x00', sha256(convert_to(:'token', 'UTF8')), '{127.0.0.1/32}' FROM d
ON CONFLICT (gateway_code) DO NOTHING;
SELECT nextval('citybigdata.sms_id_seq') AS first \gset
SELECT setval('citybigdata.sms_id_seq', :first + :count / 200) \g /dev/null
INSERT INTO citybigdata.sms_message (sms_id, accepted_at, valid_until, app_id, parts, accepted, refused, need_reply, unicode, msg_id, content, digest, source)
SELECT :first + n, now(), now() + interval '1 day', 0, 1, 200, 0, false, true, 'bench-' || :first + n, '案件已办结', '\x00', 'sql' FROM generate_series(0, :count / 200 - 1) n;
INSERT INTO citybigdata.sms_number (sms_id, mobile, text_key, accepted_at, app_id, seq, ordinal)
SELECT :first + n / 200, 13000000000 + n, 1, now(), 0, :first, n % 200 FROM generate_series(0, :count - 1) n;
INSERT INTO citybigdata.sms_batch (sms_id, batch_id, first_ordinal, last_ordinal, gateway_id, state)
SELECT :first + n, 0, 0, 199, g.gateway_id, 'sent' FROM generate_series(0, :count / 200 - 1) n, citybigdata.sms_gateway g WHERE g.gateway_code = 'bench';
VACUUM ANALYZE citybigdata.sms_number, citybigdata.sms_batch;
SELECT :first;
SQL
)
}

# What the reports have changed.
sms_reports_taken() { sql -c "SELECT count(*) FROM citybigdata.sms_number WHERE sms_id >= $SMS_FIRST AND state IS NOT NULL"; }

bench_sms_reports() {
    local https https_cpu calls calls_cpu count=$((SECONDS_EACH * 10000 / 200 * 200)) digest
    digest=$(printf '%s' "$SMS_TOKEN" | sha256sum | cut -d' ' -f1)
    sms_reports_fill "$count"
    cat > "$work/sms_report.lua" <<LUA
local threads = 0
function setup(thread) thread:set("number", threads); threads = threads + 1 end
function init() serial = -1 end
function request()
   serial = serial + 1
   local n = (serial * 2 + number) % $count
   return wrk.format("GET", string.format("/gateway/sms/report/$SMS_TOKEN?r=%d&to=%.0f&status=1&id=%08x&answer=id:1%%20stat:DELIVRD%%20err:000", $SMS_FIRST + math.floor(n / 200), 13000000000 + n, n))
end
LUA
    https_rate -c "$CONNECTIONS" -s "$work/sms_report.lua" "$CBD_URL"
    https=$RATE https_cpu=$EACH
    row "reports of delivery over HTTPS, $CONNECTIONS connections, durable" "$(calc "$https" 0)" "reports/s" ""
    row "  of them the first of their number" "$(sms_reports_taken)" "numbers" ""
    sms_reports_fill "$count"
    cat > "$work/sms_report.sql" <<SQL
\\set n random(0, $count - 1)
SELECT octet_length(citybigdata.rest_sms_report('bench', '127.0.0.1'::inet, NULL, 'none', NULL, '\\x$digest'::bytea, '{r,to,status,id,answer}',
    ARRAY[($SMS_FIRST + :n / 200)::text, (13000000000 + :n)::text, '1', '1', 'DELIVRD']));
SQL
    pgbench_rate citybigdata_bridge "$CONNECTIONS" "$work/sms_report.sql"
    calls=$RATE calls_cpu=$EACH
    row "pgbench of rest_sms_report, $CONNECTIONS connections" "$(calc "$calls" 0)" "reports/s" ""
    row "  bridge : pgbench" "$(calc "$https / $calls")" "x" ">= 0.55"
    row "  processor time of a report, HTTPS" "$https_cpu" "us" ""
    row "  processor time of a report, pgbench" "$calls_cpu" "us" ""
    sms_reports_fill "$count"
    cat > "$work/sms_bare.sql" <<SQL
\\set n random(0, $count - 1)
UPDATE citybigdata.sms_number SET state = 'delivered', state_at = now() WHERE sms_id = $SMS_FIRST + :n / 200 AND ordinal = :n % 200;
SQL
    pgbench_rate postgres "$CONNECTIONS" "$work/sms_bare.sql"
    row "the bare UPDATE by key, $CONNECTIONS connections, no audit" "$(calc "$RATE" 0)" "updates/s" ""
    row "  reports over HTTPS : bare UPDATE" "$(calc "$https / $RATE")" "x" ""
}
