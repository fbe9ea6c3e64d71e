# Cases: steps over HTTPS beside the same function, reports with and without the process, the work list at two sizes. Part of bench.sh.
BENCH_CASES=${BENCH_CASES:-1000000} # of the larger work list
STEP_CASES=5000

bench_step() {
    local https https_cpu lane own own_cpu
    sql -c "CREATE TABLE IF NOT EXISTS bench_case AS SELECT row_number() OVER () AS n, r.task_num FROM generate_series(1, $STEP_CASES) n,
        LATERAL citybigdata.report_event('$CBD_SENDER_CODE', ('$EVENT,\"otherTaskNum\":\"step-' || n || '\"}')::json) r;
        CREATE UNIQUE INDEX IF NOT EXISTS bench_case_n ON bench_case (n); ANALYZE bench_case"
    sql -c "SELECT task_num FROM bench_case" > "$work/cases.txt"
    https_rate -c "$CONNECTIONS" -s "$TOP/regress/bench/step.lua" "$CBD_URL/" -- "$TOKEN" "$work/cases.txt"
    https=$RATE https_cpu=$EACH
    lane=$(sql -c "SELECT count(DISTINCT pid) FROM pg_stat_activity WHERE usename = 'citybigdata_bridge' AND query LIKE '%rest_case_step%'")
    cat > "$work/step.sql" <<SQL
\\set n random(1, $STEP_CASES)
SELECT octet_length(citybigdata.rest_case_step('bench', '127.0.0.1'::inet, NULL, 'bearer', '\\x$(printf '%s' "$TOKEN" | sha256sum | cut -d' ' -f1)'::bytea, b.task_num,
    'comment', NULL, NULL, '巡查员已到现场', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)) FROM public.bench_case b WHERE b.n = :n;
SQL
    sql -c "GRANT SELECT ON bench_case TO citybigdata_bridge"
    pgbench_rate citybigdata_bridge "$lane" "$work/step.sql"
    own=$RATE own_cpu=$EACH
    cat > "$work/step.sql" <<SQL
\\set n random(1, $STEP_CASES)
SELECT a.status_code FROM bench_case b, citybigdata.advance_case(b.task_num, '{"action": "comment", "note": "巡查员已到现场"}') a WHERE b.n = :n;
SQL
    pgbench_rate postgres "$lane" "$work/step.sql"
    row "steps over HTTPS, $CONNECTIONS connections, durable" "$(calc "$https" 0)" "steps/s" ""
    row "pgbench of rest_case_step, $lane connections (the write lane)" "$(calc "$own" 0)" "steps/s" ""
    row "  bridge : pgbench of the same function" "$(calc "$https / $own")" "x" ">= 0.65"
    row "pgbench of advance_case: no token, no reply, no audit line" "$(calc "$RATE" 0)" "steps/s" ""
    row "  processor time of a step, HTTPS" "$https_cpu" "us" ""
    row "  processor time of a step, pgbench of rest_case_step" "$own_cpu" "us" ""
    row "  processor time of a step, pgbench of advance_case" "$EACH" "us" ""
}

# Reports with and without the process, in turn, so that both have the same moments of the machine.
bench_process() {
    local with=0 without=0 with_cpu=0 without_cpu=0 i
    for i in 1 2; do
        sql -c "ALTER SYSTEM SET citybigdata.process = ''" -c "SELECT pg_reload_conf()" > /dev/null; sleep 1
        report_https; without=$(calc "$without + $RATE") without_cpu=$(calc "$without_cpu + $EACH")
        sql -c "ALTER SYSTEM RESET citybigdata.process" -c "SELECT pg_reload_conf()" > /dev/null; sleep 1
        report_https; with=$(calc "$with + $RATE") with_cpu=$(calc "$with_cpu + $EACH")
    done
    row "reports over HTTPS with the process started" "$(calc "$with / 2" 0)" "reports/s" ""
    row "reports over HTTPS without" "$(calc "$without / 2" 0)" "reports/s" ""
    row "  with : without" "$(calc "$with / $without")" "x" ">= 0.85"
    row "  by processor time: without / with" "$(calc "$without_cpu / $with_cpu")" "x" ">= 0.85"
}

# todo_fill FROM TO: made-up cases in the pools of the desks of 16 districts.
todo_fill() {
    sql -c "INSERT INTO citybigdata.event (rec_id, task_num, sender_code, other_task_num, event_desc, address, geom, coordinate_x, coordinate_y, district_code, event_src_id, rec_type_id,
            event_type_code, create_time, receive_time, update_time, content_digest, process_code, process_version, stage, base_state)
        SELECT n, 'bench-' || n, 'bench', 'todo-' || n, '路灯不亮', '王府井大街', public.ST_SetSRID(public.ST_MakePoint(116 + n % 1000 / 1000.0, 40), 4490), 0, 0, '1101' || lpad((1 + n % 16)::text, 2, '0'), 1, 1,
            '6', now(), now(), now() - n * interval '1 second', '\\x00', 'city-management', 1, 'accept', 1 FROM generate_series(1000000000 + $1, 1000000000 + $2) n;
        INSERT INTO citybigdata.case_task (rec_id, role, division_code, stage, state, event_type_code, deadline, warning_time)
        SELECT n, 'desk', '1101' || lpad((1 + n % 16)::text, 2, '0'), 'accept', 1, '6', now() + (n % 86400) * interval '1 second', now() + (n % 86400) * interval '0.75 second'
        FROM generate_series(1000000000 + $1, 1000000000 + $2) n" -c "ANALYZE citybigdata.case_task" -c "ANALYZE citybigdata.event"
}

bench_todo() {
    local small
    sql -c "INSERT INTO citybigdata.account (user_name, password_digest, organization, contact_name, mobile, state) VALUES ('bench-desk', '\$2none', 'x', 'x', '13800138000', 'active');
        INSERT INTO citybigdata.post (account_id, role, division_code, given_by) SELECT account_id, 'desk', '110101', 'bench' FROM citybigdata.account WHERE user_name = 'bench-desk'"
    echo "SELECT count(*) FROM citybigdata.case_todo('bench-desk', page_size => 50);" > "$work/todo.sql"
    todo_fill 1 10000
    pgbench_rate postgres 1 "$work/todo.sql"
    small=$RATE
    todo_fill 10001 "$BENCH_CASES"
    pgbench_rate postgres 1 "$work/todo.sql"
    row "pages of the work list of a district, 10000 cases" "$(calc "$small" 0)" "pages/s" ""
    row "pages of the work list of a district, $BENCH_CASES cases" "$(calc "$RATE" 0)" "pages/s" ""
    row "  larger : smaller" "$(calc "$RATE / $small")" "x" ">= 0.8"
}
