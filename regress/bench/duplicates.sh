# Candidates for duplicates among many cases, scattered ones and 10,000 at one point; sourced by bench.sh. A database of its own, so that the
# other parts do not wait for its rows.

# CBD_BENCH_DUPLICATES=10000000 for the size that the aim speaks of: some ten minutes and 6 GB
DUPLICATE_CASES=${CBD_BENCH_DUPLICATES:-1000000}

bench_duplicates() {
    local place radius mean p99 found
    sql -c "CREATE DATABASE bench_duplicates"
    PGDATABASE=bench_duplicates sql -c "SET client_min_messages = warning; CREATE EXTENSION citybigdata CASCADE" -c "SELECT citybigdata.setup('110000', 'bench', '110000')" > /dev/null
    PGDATABASE=bench_duplicates sql -v cases="$DUPLICATE_CASES" -f "$TOP/regress/bench/duplicates_fill.sql" > /dev/null
    for radius in 250 1000; do
        for place in false true; do
            read -r mean p99 found < <(PGDATABASE=bench_duplicates sql -c "SELECT mean, p99, candidates FROM public.bench_find($place, $radius)" | tr '|' ' ')
            row "find_duplicates, $DUPLICATE_CASES cases, $radius m, $([ $place = true ] && echo '10,000 at one point' || echo scattered)" "$mean" "ms" "<= 2"
            row "  99th of a hundred; candidates found" "$p99" "ms" "$found"
        done
    done
    sql -c "DROP DATABASE bench_duplicates"
}
