# Rules: what judging a report takes with few and with many, beside the engines of others on the same rules, and what it leaves of the rate of
# reports. Part of bench.sh.
RULES_FEW=10
RULES_MANY=10000

# The codes that the rules are about: save_rule() takes no others.
rules_codes() {
    sql -c "INSERT INTO citybigdata.code_table_row (table_name, code, name) SELECT 'event-type', 'B' || n, 'bench' FROM generate_series(1000, 1999) n
            UNION ALL SELECT 'event-level', n::text, 'bench' FROM generate_series(1, 3) n ON CONFLICT DO NOTHING"
}

# rules_fill FROM TO: rules of a type, a district and a level each.
rules_fill() {
    sql -c "SELECT count(*) FROM generate_series($1, $2) n, LATERAL citybigdata.save_rule(jsonb_build_object('code', 'bench-' || n, 'order', n, 'when', jsonb_build_object(
        'types', jsonb_build_array('B' || n % 1000 + 1000), 'levels', jsonb_build_array(n % 3 + 1), 'divisions', jsonb_build_array((ARRAY['110101', '110102', '110105', '110106', '110107',
        '110108', '110109', '110111', '110112', '110113', '110114', '110115', '110116', '110117', '110118', '110119'])[n % 16 + 1])), 'then', '[{\"set\": {\"level\": 1}}]'::jsonb)) s" > /dev/null
}

# judged RULES: microseconds of processor time of one report.
judged() { sql -c "SET client_min_messages = warning" -c "SELECT public.bench_judge($1, 200000)"; }

# Reports by turns, each at a place of its own: without rules and process; with all rules, one of which acts on every report, and the process; with
# a rule beside them that looks for the case that each report repeats, within 20 m, and links it.
rules_reports() {
    local rates="0 0 0" times="0 0 0" turn EVENT=${EVENT/\"lontitude\":116.4179,\"latitude\":39.9110,/}
    # shellcheck disable=SC2034
    for turn in 1 2; do
        sql -c "SELECT count(*) FROM citybigdata.rules_in_force f, citybigdata.save_rule(jsonb_build_object('code', f.rule_code, 'validTo', '20200101000000')) s" \
            -c "ALTER SYSTEM SET citybigdata.process = ''" -c "SELECT pg_reload_conf()" > /dev/null
        report_https; rates=$(rules_add "$rates" 1 "$RATE"); times=$(rules_add "$times" 1 "$EACH")
        sql -c "ALTER SYSTEM RESET citybigdata.process" -c "SELECT pg_reload_conf()" > /dev/null
        rules_fill 1 "$RULES_MANY"
        rules_save '{"code": "bench-all", "order": 1, "when": {"types": ["6"]}, "then": [{"set": {"level": 1}}]}'
        report_https # every session reads the rules
        report_https; rates=$(rules_add "$rates" 2 "$RATE"); times=$(rules_add "$times" 2 "$EACH")
        rules_save '{"code": "bench-link", "order": 2, "when": {"types": ["6"]}, "then": [{"linkDuplicate": {"metres": 20, "within": "PT1H"}}]}'
        report_https
        report_https; rates=$(rules_add "$rates" 3 "$RATE"); times=$(rules_add "$times" 3 "$EACH")
    done
    read -r rate_0 rate_1 rate_2 <<< "$rates"
    read -r time_0 time_1 time_2 <<< "$times"
    row "reports over HTTPS without rules and process" "$(calc "$rate_0 / 2" 0)" "reports/s" ""
    row "  processor time of a report" "$(calc "$time_0 / 2" 1)" "us" ""
    row "with $RULES_MANY rules and the process" "$(calc "$rate_1 / 2" 0)" "reports/s" ""
    row "  with : without" "$(calc "$rate_1 / $rate_0")" "x" ">= 0.7"
    row "  by processor time, without : with" "$(calc "$time_0 / $time_1")" "x" ">= 0.7"
    row "duplicates looked for and linked at each report beside that" "$(calc "$rate_2 / 2" 0)" "reports/s" ""
    row "  by processor time, without : with" "$(calc "$time_0 / $time_2")" "x" ""
}

# rules_save JSON; rules_add LIST PLACE NUMBER: the list with the number added at that place.
rules_save() { sql -c "SELECT count(*) FROM citybigdata.save_rule('$1')" > /dev/null; }
rules_add() { awk -v list="$1" -v at="$2" -v n="$3" 'BEGIN { split(list, v, " "); v[at] += n; print v[1], v[2], v[3] }'; }

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
    rules_codes
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
