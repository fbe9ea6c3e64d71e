# Loading history beside COPY, and lists of cases as the table grows; sourced by bench.sh.

LOADED_LINES=100000
FEW_CASES=10000
# CBD_BENCH_CASES=10000000 for the size that the aim speaks of: it takes half an hour and some 20 GB
MANY_CASES=${CBD_BENCH_CASES:-500000}

# cpu_of SQL FILE: runs the statement of the file in one session; prints the seconds of processor time of its backend.
cpu_of() {
    { echo 'SELECT pg_backend_pid() AS pid \gset'; echo '\setenv BACKEND :pid'
      echo '\! sed "s/.*) //" /proc/$BACKEND/stat | awk "{ print \"cpu\", \$12 + \$13 }"'
      cat "$1"
      echo '\! sed "s/.*) //" /proc/$BACKEND/stat | awk "{ print \"cpu\", \$12 + \$13 }"'; } > "$work/cpu.sql"
    sql -f "$work/cpu.sql" | awk -v hz="$(getconf CLK_TCK)" '$1 == "cpu" { if (first == "") first = $2; else print ($2 - first) / hz }'
}

# Rows each second of processor time: load_events() of lines in a table, then COPY of the same rows, with other numbers.
bench_load() {
    local loaded copied
    sql -c "CREATE TABLE public.bench_lines AS SELECT n AS line, jsonb_build_object('otherTaskNum', 'load-' || n, 'createTime', '2019' || lpad((1 + n % 12)::text, 2, '0') || '15083000') AS own, ('$EVENT}')::jsonb AS data
            FROM generate_series(1, $LOADED_LINES) n"
    sql -c "UPDATE public.bench_lines SET data = data || own"
    echo "SELECT 'loaded', loaded FROM citybigdata.load_events('public.bench_lines', 'bench-load', 'egova');" > "$work/load.sql"
    loaded=$(cpu_of "$work/load.sql")
    sql -c "CREATE TABLE public.bench_copy AS SELECT * FROM citybigdata.event WHERE sender_code = 'bench-load';
            UPDATE public.bench_copy SET rec_id = rec_id + 1000000000, sender_code = 'bench-copy'"
    as_db touch "$DIR/data/bench.copy"
    sql -c "COPY public.bench_copy TO '$DIR/data/bench.copy'"
    echo "COPY citybigdata.event FROM '$DIR/data/bench.copy';" > "$work/copy.sql"
    copied=$(cpu_of "$work/copy.sql")
    row "load_events, lines each second of processor time" "$(calc "$LOADED_LINES / $loaded" 0)" "lines/s" ""
    row "COPY of the same rows into event" "$(calc "$LOADED_LINES / $copied" 0)" "rows/s" ""
    row "  load_events beside COPY" "$(calc "$loaded / $copied")" "x" "<= 3"
    sql -c "DROP TABLE public.bench_lines, public.bench_copy"
}

# lists_ms: milliseconds of each list, `name value` lines.
lists_ms() {
    local digest
    # a fresh one: filling takes longer than a token lasts without being used
    digest=$(printf %s "$(get_token)" | sha256sum | cut -d' ' -f1)
    sql -c "SELECT set_config('bench.rounds', '20', false), set_config('bench.digest', '\\x$digest', false)" -f "$TOP/regress/bench/history_lists.sql" | grep -v '|'
}

# A page of a list over few cases and over many.
bench_lists() {
    local name before after
    sql -v cases="$FEW_CASES" -f "$TOP/regress/bench/history_fill.sql" > /dev/null
    lists_ms > "$work/lists.few"
    sql -v cases="$MANY_CASES" -f "$TOP/regress/bench/history_fill.sql" > /dev/null
    lists_ms > "$work/lists.many"
    while read -r name before; do
        after=$(awk -v name="$name" '$1 == name { print $2 }' "$work/lists.many")
        row "list of 100 cases: ${name//-/ }, $FEW_CASES / $((FEW_CASES + MANY_CASES)) cases" "$before / $after" "ms" \
            "$([ "$name" = word-of-a-type ] || echo 'within 20 %')"
    done < "$work/lists.few"
}
