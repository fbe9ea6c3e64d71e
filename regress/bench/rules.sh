# Rules: what judging a report takes with few and with many, beside the engines of others on the same rules, and what it leaves of the rate of
# reports. Part of bench.sh.
RULES_FEW=10
RULES_MANY=10000

# rules_fill FROM TO: rules of a type, a district and a level each.
rules_fill() {
    sql -c "SELECT count(*) FROM generate_series($1, $2) n, LATERAL citybigdata.save_rule(jsonb_build_object('code', 'bench-' || n, 'order', n, 'when', jsonb_build_object(
        'types', jsonb_build_array('B' || n % 1000 + 1000), 'levels', jsonb_build_array(n % 3 + 1), 'divisions', jsonb_build_array((ARRAY['110101', '110102', '110105', '110106', '110107',
        '110108', '110109', '110111', '110112', '110113', '110114', '110115', '110116', '110117', '110118', '110119'])[n % 16 + 1])), 'then', '[{\"set\": {\"level\": 1}}]'::jsonb)) s" > /dev/null
}

# judged RULES: microseconds of processor time of one report.
judged() { sql -c "SET client_min_messages = warning" -c "SELECT public.bench_judge($1, 200000)"; }

# Reports by turns without rules and with all of them, one of which acts on every report.
rules_reports() {
    local with=0 without=0 i
    for i in 1 2; do
        sql -c "SELECT count(*) FROM citybigdata.rules_in_force f, citybigdata.save_rule(jsonb_build_object('code', f.rule_code, 'validTo', '20200101000000')) s" > /dev/null
        report_https; without=$(calc "$without + $RATE")
        rules_fill 1 "$RULES_MANY"
        sql -c "SELECT count(*) FROM citybigdata.save_rule('{\"code\": \"bench-all\", \"order\": 1, \"when\": {\"types\": [\"6\"]}, \"then\": [{\"set\": {\"level\": 1}}]}')" > /dev/null
        report_https; with=$(calc "$with + $RATE")
    done
    row "reports over HTTPS with $RULES_MANY rules, one acts on each" "$(calc "$with / 2" 0)" "reports/s" ""
    row "reports over HTTPS without rules" "$(calc "$without / 2" 0)" "reports/s" ""
    row "  with : without" "$(calc "$with / $without")" "x" ">= 0.7"
}

# The same rules in json-rules-engine and zen-engine.
rules_peers() {
    local name count us
    peer_install || return 0
    (cd "$work/peer" && node rules.js) > "$work/peer.rules" || { say "the peers failed"; return; }
    while read -r name count us; do
        row "  the same by $name, $count rules" "$us" "us" ""
        row "  $name : this" "$(calc "$us / $([ "$count" = "$RULES_FEW" ] && echo "$1" || echo "$2")" 0)" "x time" ""
    done < "$work/peer.rules"
}

bench_rules() {
    local few many
    sql -c "CREATE OR REPLACE FUNCTION public.bench_judge(subjects integer, calls integer) RETURNS double precision AS '\$libdir/citybigdata', 'cbd_bench_judge' LANGUAGE c"
    rules_fill 1 "$RULES_FEW"
    few=$(judged "$RULES_FEW")
    rules_fill "$((RULES_FEW + 1))" "$RULES_MANY"
    many=$(judged "$RULES_MANY")
    row "judging a report, $RULES_FEW rules, processor time" "$(calc "$few")" "us" ""
    row "judging a report, $RULES_MANY rules, processor time" "$(calc "$many")" "us" "<= 50"
    row "  $RULES_MANY : $RULES_FEW rules" "$(calc "$many / $few")" "x time" "<= 2"
    rules_peers "$few" "$many"
    rules_reports
}
