# Indicators of many cases: from the roll-ups, by the plain view, and as a dashboard tool asks a table; what the roll-ups cost a report and a
# step. Sourced by bench.sh. A database of its own, so that the other parts do not wait for its rows.

# CBD_BENCH_INDICATORS=10000000 for the size that the aim speaks of: some twenty minutes and 8 GB
INDICATOR_CASES=${CBD_BENCH_INDICATORS:-500000}

# ask SQL: milliseconds of a statement, the best of three in one session.
ask() {
    { echo '\timing on'; for _ in 1 2 3; do echo "$1;"; done; } > "$work/ask.sql"
    PGDATABASE=bench_indicators sql -f "$work/ask.sql" | sed -n 's/^Time: \([0-9.]*\) ms.*/\1/p' | sort -g | head -1
}

bench_indicators() {
    local what statement day first begun
    sql -c "CREATE DATABASE bench_indicators"
    PGDATABASE=bench_indicators sql -c "SET client_min_messages = warning; CREATE EXTENSION citybigdata CASCADE" -c "SELECT citybigdata.setup('110000', 'bench', '110000')" > /dev/null
    PGDATABASE=bench_indicators sql -v cases="$INDICATOR_CASES" -f "$TOP/regress/bench/indicators_fill.sql" > /dev/null
    begun=$(date +%s.%N)
    PGDATABASE=bench_indicators sql -c "SELECT citybigdata.rebuild_case_rollups()" -c "VACUUM (ANALYZE) citybigdata.case_rollup" > /dev/null
    row "roll-ups made anew, cases a second" "$(calc "$INDICATOR_CASES / ($(date +%s.%N) - $begun)" 0)" "cases/s" ""
    PGDATABASE=bench_indicators sql -c "UPDATE citybigdata.case_fact SET visit = 1 - visit WHERE rec_id <= 20200" -c "SELECT citybigdata.merge_rollups(100000)" > /dev/null
    begun=$(date +%s.%N)
    PGDATABASE=bench_indicators sql -c "SELECT citybigdata.fold_case_facts(20000)" > /dev/null
    row "folding, as maintain() does, 20,000 cases at a time" "$(calc "20000 / ($(date +%s.%N) - $begun)" 0)" "cases/s" ""
    PGDATABASE=bench_indicators sql -c "VACUUM (ANALYZE) citybigdata.case_rollup, citybigdata.case_fact"
    row "rows of case_rollup; cases that are not folded" "$(PGDATABASE=bench_indicators sql -c "SELECT (SELECT count(*) FROM citybigdata.case_rollup) || ' / ' || (SELECT count(*) FROM citybigdata.case_fact WHERE NOT folded)")" "" ""
    day=$(PGDATABASE=bench_indicators sql -c "SELECT current_date") first=$(PGDATABASE=bench_indicators sql -c "SELECT current_date - 1825")
    while IFS='|' read -r what statement; do
        row "indicators, $INDICATOR_CASES cases: $what" "$(ask "SELECT length(citybigdata.indicators($statement)::text)")" "ms" "<= 1000"
    done <<END
a month by district, compared with two others|date '$day' - 30, '$day', group_by => 'district'
five years in all|'$first', '$day', year_on_year => false, period_on_period => false
five years by district|'$first', '$day', group_by => 'district', year_on_year => false, period_on_period => false
five years by street|'$first', '$day', group_by => 'street', year_on_year => false, period_on_period => false
five years by unit, due in them|'$first', '$day', 'due', group_by => 'unit', year_on_year => false, period_on_period => false
five years by minor class, order and TopN|'$first', '$day', group_by => 'minor', order_by => 'closeInTime', top => 20, year_on_year => false, period_on_period => false
a month of a unit by type: no dimension|date '$day' - 30, '$day', group_by => 'minor', unit_code => 'bench-unit-1', year_on_year => false, period_on_period => false
END
    row "  five years by district, summed up from view case_facts" "$(ask "SELECT count(*) FROM citybigdata.case_indicators('$first', date '$day' + 1, 'district')")" "ms" ""
    row "  the same, five rates, as a dashboard tool asks" "$(ask "SELECT count(*) FROM (SELECT f.district_code, count(*), 100.0 * sum(f.archive) / nullif(sum(f.need_archive), 0), 100.0 * sum(f.intime_archive) / nullif(sum(f.need_archive), 0),
        100.0 * sum(f.intime_dispose) / nullif(sum(f.need_dispose), 0), 100.0 * sum(f.rework) / nullif(sum(f.dispose), 0), 100.0 * sum(f.satisfied) / nullif(sum(f.visit), 0)
        FROM citybigdata.case_facts f WHERE f.report_time >= '$first' AND f.report_time < date '$day' + 1 GROUP BY 1) x")" "ms" ""
    row "workload of units, a month" "$(ask "SELECT count(*) FROM citybigdata.workload(date '$day' - 30, '$day')")" "ms" ""
    row "indicators by person who closed, a month (a job)" "$(ask "SELECT length(citybigdata.indicators_by_person(date '$day' - 30, '$day', 'closer')::text)")" "ms" ""
    sql -c "DROP DATABASE bench_indicators"
    rollup_cost
}

# What a report and a step cost with the roll-ups and without (no index, no trigger), by turns, by processor time.
rollup_cost() {
    local report_with=0 report_without=0 step_with=0 step_without=0 turn which
    sql -c "CREATE TABLE IF NOT EXISTS bench_fact_case AS SELECT row_number() OVER () AS n, r.task_num FROM generate_series(1, 2000) n,
        LATERAL citybigdata.report_event('$CBD_SENDER_CODE', ('$EVENT,\"otherTaskNum\":\"fact-' || n || '\"}')::json) r; CREATE UNIQUE INDEX IF NOT EXISTS bench_fact_case_n ON bench_fact_case (n); ANALYZE bench_fact_case"
    # taken back, so that each case can be accepted again and again
    cat > "$work/fact_step.sql" <<'SQL'
\set n random(1, 2000)
BEGIN;
SELECT a.status_code FROM bench_fact_case b, citybigdata.advance_case(b.task_num, '{"action": "accept", "version": 0}') a WHERE b.n = :n;
ROLLBACK;
SQL
    for turn in 1 2 3; do
        for which in with without; do
            if [ "$which" = with ]; then
                sql -c "CREATE INDEX IF NOT EXISTS case_fact_unfolded_idx ON citybigdata.case_fact (report_time) WHERE NOT folded; ALTER TABLE citybigdata.case_fact ENABLE ALWAYS TRIGGER case_fact_unfold" > /dev/null
            else
                sql -c "DROP INDEX IF EXISTS citybigdata.case_fact_unfolded_idx; ALTER TABLE citybigdata.case_fact DISABLE TRIGGER case_fact_unfold" > /dev/null
            fi
            report_pgbench 8
            eval "report_$which=\$(calc \"\$report_$which + $EACH / 3\" 1)"
            pgbench_rate postgres 8 "$work/fact_step.sql"
            eval "step_$which=\$(calc \"\$step_$which + $EACH / 3\" 1)"
        done
    done
    row "processor time of a report, pgbench 8: without / with roll-ups" "$report_without / $report_with" "us" ""
    row "  of a step (accept, without its commit): without / with" "$step_without / $step_with" "us" ""
}
