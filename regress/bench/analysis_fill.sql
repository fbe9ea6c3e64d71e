-- What regress/bench/analysis.py measures: counts of 100 by 100 cells, and twelve months of them; series of 52 and 1000 values; 100,000 durations; 20,000 points.
CREATE FUNCTION bench_analysis.chance(n bigint, seed bigint) RETURNS float8 LANGUAGE sql IMMUTABLE AS $$ SELECT (hashint8extended(n, seed) & 9007199254740991) / 9007199254740992.0 $$;
CREATE TABLE bench_analysis.cell AS SELECT n / 100 AS i, n % 100 AS j, floor(-8 * ln(bench_analysis.chance(n, 1) + 1e-12)) AS value FROM generate_series(0, 9999) n;
CREATE TABLE bench_analysis.slice AS SELECT s, n / 100 AS i, n % 100 AS j, floor(-8 * ln(bench_analysis.chance(n, 10 + s) + 1e-12)) AS value FROM generate_series(0, 9999) n, generate_series(1, 12) s;
CREATE TABLE bench_analysis.series AS SELECT t, 10 + t * 0.01 + (ARRAY[3, 1, 0, -1, 0, 2, -5])[1 + t % 7] + 4 * (bench_analysis.chance(t, 2) - 0.5) AS value FROM generate_series(0, 999) t;
CREATE TABLE bench_analysis.duration AS SELECT n, round((-40 * ln(bench_analysis.chance(n, 3) + 1e-12))::numeric, 2)::float8 AS took, bench_analysis.chance(n, 4) < 0.7 AS ended FROM generate_series(1, 100000) n;
CREATE TABLE bench_analysis.point AS SELECT n, 20000 * bench_analysis.chance(n, 5) AS x, 20000 * bench_analysis.chance(n, 6) AS y FROM generate_series(1, 20000) n;
ANALYZE;
