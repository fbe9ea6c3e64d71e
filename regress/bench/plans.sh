# Plans of the analyst's queries on many events; sourced by bench.sh. The queries are those of regress/sql/analyst_plans.sql, which `make test`
# runs on 30,000 rows: the plans must be the same, and each is timed. CBD_BENCH_CASES=10000000 for the size of a city; it fills within a
# transaction that is rolled back, in about half an hour and 15 GB.

bench_plans() {
    local rows=${CBD_BENCH_CASES:-500000} n ms query
    CBD_PLAN_ROWS=$rows sql -a -q -f "$TOP/regress/sql/analyst_plans.sql" > "$work/plans.out" 2>&1 || { tail -20 "$work/plans.out" >&2; die "the plans cannot be made"; }
    # what both have: `number|indexes`
    diff <(grep -E '^[0-9]+\|' "$TOP/regress/expected/analyst_plans.out") <(grep -E '^[0-9]+\|' "$work/plans.out") >&2 \
        && row "analyst's queries on $rows events: plans as on 30,000" yes "" yes || row "analyst's queries on $rows events: plans as on 30,000" no "" yes
    while IFS='|' read -r _ n ms query; do
        row "  $n: $(cut -c1-100 <<< "${query//citybigdata./}")" "$ms" ms "no sequential scan"
    done < <(grep '^took|' "$work/plans.out")
}
