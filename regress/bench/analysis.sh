# The statistical functions beside their Python peers, on the same data in one run: esda, pymannkendall, scipy, statsmodels (PyPI). Sourced by bench.sh.
# The peers are handed arrays in memory; ours are asked by SQL and read the same rows from a table. Times are the least of five turns, by turns.

bench_analysis() {
    local venv=$work/venv-analysis
    sql -c "CREATE SCHEMA bench_analysis" > /dev/null
    sql -f "$TOP/regress/bench/analysis_fill.sql" > /dev/null
    if [ ! -x "$venv/bin/python" ]; then
        if ! { /usr/bin/python3 -m venv "$venv" && "$venv/bin/pip" install -q esda libpysal pymannkendall statsmodels scipy numpy pandas psycopg2-binary; } > "$work/analysis.pip" 2>&1; then
            tail -3 "$work/analysis.pip" >&2
            say "no peers of the analysis: PyPI is not in reach"
            rm -rf "$venv"
            sql -c "DROP SCHEMA bench_analysis CASCADE" > /dev/null
            return 0
        fi
    fi
    "$venv/bin/python" -W ignore "$TOP/regress/bench/analysis.py" "$PGHOST" "$PGPORT" "$PGDATABASE" | while IFS='|' read -r what value unit aim; do row "$what" "$value" "$unit" "$aim"; done
    sql -c "DROP SCHEMA bench_analysis CASCADE" > /dev/null
}
