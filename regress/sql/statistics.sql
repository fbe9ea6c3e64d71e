-- The statistical functions against the vectors of regress/statistics/oracle.py, planted cases, refusals.
\set SHOW_CONTEXT never
\set VERBOSITY default
SET search_path = citybigdata, public;
\getenv regress PG_ABS_SRCDIR
CREATE TEMP TABLE vector AS
SELECT v ->> 'function' AS function, v ->> 'name' AS name, v FROM jsonb_array_elements(pg_read_file(:'regress' || '/statistics/vectors.json')::jsonb) v;
CREATE FUNCTION pg_temp.f(v jsonb) RETURNS float8[] LANGUAGE sql IMMUTABLE AS $$ SELECT coalesce(array_agg(e::float8 ORDER BY n), '{}') FROM jsonb_array_elements_text(v) WITH ORDINALITY t(e, n) $$;
CREATE FUNCTION pg_temp.i(v jsonb) RETURNS integer[] LANGUAGE sql IMMUTABLE AS $$ SELECT coalesce(array_agg(e::integer ORDER BY n), '{}') FROM jsonb_array_elements_text(v) WITH ORDINALITY t(e, n) $$;
CREATE FUNCTION pg_temp.b(v jsonb) RETURNS boolean[] LANGUAGE sql IMMUTABLE AS $$ SELECT coalesce(array_agg(e::boolean ORDER BY n), '{}') FROM jsonb_array_elements_text(v) WITH ORDINALITY t(e, n) $$;
-- equal to a relative difference, of numbers below 1 an absolute one; null is equal to null only
CREATE FUNCTION pg_temp.alike(a float8, b float8, tolerance float8 DEFAULT 1e-9) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN a IS NULL OR b IS NULL THEN a IS NULL AND b IS NULL ELSE abs(a - b) <= tolerance * greatest(1, abs(b)) END $$;
CREATE FUNCTION pg_temp.alike(a float8[], b float8[], tolerance float8 DEFAULT 1e-9) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT cardinality(a) = cardinality(b) AND coalesce((SELECT bool_and(pg_temp.alike(x, y, tolerance)) FROM unnest(a, b) u(x, y)), true) $$;

-- ---- against the oracles: to 1e-9 where nothing else is said ----
SELECT name, t.s = (v ->> 's')::bigint AS s, pg_temp.alike(t.variance, (v ->> 'variance')::float8) AS variance, pg_temp.alike(t.z, (v ->> 'z')::float8) AS z,
    pg_temp.alike(t.p, (v ->> 'p')::float8) AS p, pg_temp.alike(t.tau, (v ->> 'tau')::float8) AS tau
FROM vector, mann_kendall(pg_temp.f(v -> 'series')) t WHERE function = 'mann_kendall' ORDER BY name;
SELECT name, pg_temp.alike(t.slope, (v ->> 'slope')::float8) AS slope, pg_temp.alike(t.intercept, (v ->> 'intercept')::float8) AS intercept,
    pg_temp.alike(t.lower, (v ->> 'lower')::float8) AS lower, pg_temp.alike(t.upper, (v ->> 'upper')::float8) AS upper
FROM vector, sen_slope(pg_temp.f(v -> 'series')) t WHERE function = 'sen_slope' ORDER BY name;
SELECT name, pg_temp.alike(array_agg(t.value ORDER BY step), pg_temp.f(v -> 'value')) AS value, pg_temp.alike(array_agg(t.lower ORDER BY step), pg_temp.f(v -> 'lower')) AS lower,
    pg_temp.alike(array_agg(t.upper ORDER BY step), pg_temp.f(v -> 'upper')) AS upper
FROM vector, seasonal_naive(pg_temp.f(v -> 'series'), (v ->> 'season')::integer, (v ->> 'horizon')::integer) t WHERE function = 'seasonal_naive' GROUP BY name, v ORDER BY name;
-- The parameters are searched: squares within 1e-6 of the least that a global search finds. What follows from them, to 1e-6.
SELECT name, pg_temp.alike(t.begin_level, (v ->> 'begin_level')::float8) AND pg_temp.alike(t.begin_trend, (v ->> 'begin_trend')::float8) AND pg_temp.alike(t.begin_seasonal, pg_temp.f(v -> 'begin_seasonal')) AS beginning,
    t.squares <= (v ->> 'least_squares')::float8 * (1 + 1e-6) AS least, pg_temp.alike(t.squares, (v ->> 'squares')::float8, 1e-6) AS squares, pg_temp.alike(t.value, pg_temp.f(v -> 'value'), 1e-6) AS value,
    pg_temp.alike(t.lower, pg_temp.f(v -> 'lower'), 1e-6) AS lower, pg_temp.alike(t.upper, pg_temp.f(v -> 'upper'), 1e-6) AS upper
FROM vector, holt_winters(pg_temp.f(v -> 'series'), (v ->> 'season')::integer, (v ->> 'horizon')::integer, (v ->> 'damped')::boolean) t WHERE function = 'holt_winters' ORDER BY name;
SELECT name, false_discovery(pg_temp.f(v -> 'p'), 0.05) = pg_temp.b(v -> 'discovered') AS discovered, false_discovery(pg_temp.f(v -> 'p'), 0.05, true) = pg_temp.b(v -> 'discovered_dependent') AS dependent,
    pg_temp.alike(adjusted_p(pg_temp.f(v -> 'p')), pg_temp.f(v -> 'adjusted')) AS adjusted, pg_temp.alike(adjusted_p(pg_temp.f(v -> 'p'), true), pg_temp.f(v -> 'adjusted_dependent')) AS adjusted_dependent
FROM vector WHERE function = 'false_discovery' ORDER BY name;
SELECT name, pg_temp.alike(array_agg(t.z ORDER BY place), pg_temp.f(v -> 'z')) AS z, pg_temp.alike(array_agg(t.p ORDER BY place), pg_temp.f(v -> 'p')) AS p,
    array_agg(t.neighbours ORDER BY place) = pg_temp.i(v -> 'neighbours') AS neighbours, count(*) FILTER (WHERE t.z IS NULL) AS without_verdict
FROM vector, gi_star(pg_temp.i(v -> 'i'), pg_temp.i(v -> 'j'), pg_temp.f(v -> 'value'), v ->> 'grid', (v ->> 'reach')::integer) t WHERE function = 'gi_star' GROUP BY name, v ORDER BY name;
SELECT name, bool_and(t.class = c ->> 'class') AS class, bool_and(t.hot = (c ->> 'hot')::integer AND t.cold = (c ->> 'cold')::integer) AS counts, bool_and(pg_temp.alike(t.last_z, (c ->> 'last_z')::float8)) AS last_z,
    bool_and(pg_temp.alike(t.trend_z, (c ->> 'trend_z')::float8) AND pg_temp.alike(t.trend_p, (c ->> 'trend_p')::float8)) AS trend, count(DISTINCT t.class) > 2 AS several
FROM vector, emerging_hot_spots(pg_temp.i(v -> 'i'), pg_temp.i(v -> 'j'), pg_temp.f(v -> 'value'), v ->> 'grid') t, LATERAL (SELECT v -> 'cells' -> (t.place - 1)) e(c) WHERE function = 'emerging_hot_spots' GROUP BY name ORDER BY name;
SELECT name, count(*) = jsonb_array_length(v -> 'cells') AS cells, bool_and(pg_temp.alike(t.density * 1e6, (c ->> 2)::float8 * 1e6)) AS density,
    pg_temp.alike(silverman_bandwidth(pg_temp.f(v -> 'x'), pg_temp.f(v -> 'y')), (v ->> 'silverman')::float8) AS silverman
FROM vector, kernel_density(pg_temp.f(v -> 'x'), pg_temp.f(v -> 'y'), (v ->> 'size')::float8, (v ->> 'bandwidth')::float8) t
LEFT JOIN LATERAL (SELECT e FROM jsonb_array_elements(v -> 'cells') e WHERE (e ->> 0)::integer = t.i AND (e ->> 1)::integer = t.j) k(c) ON true WHERE function = 'kernel_density' GROUP BY name, v;
SELECT name, count(*) = jsonb_array_length(v -> 'steps') AS steps, bool_and(t.duration = (c ->> 'time')::float8 AND t.at_risk = (c ->> 'at_risk')::bigint AND t.events = (c ->> 'events')::bigint) AS counts,
    bool_and(pg_temp.alike(t.survival, (c ->> 'survival')::float8)) AS survival, bool_and(pg_temp.alike(t.error, (c ->> 'error')::float8)) AS error,
    bool_and(pg_temp.alike(t.lower, (c ->> 'lower')::float8) AND pg_temp.alike(t.upper, (c ->> 'upper')::float8)) AS bounds
FROM vector, LATERAL (SELECT k.*, row_number() OVER () AS n FROM kaplan_meier(pg_temp.f(v -> 'durations'), pg_temp.b(v -> 'ended')) k) t, LATERAL (SELECT v -> 'steps' -> (t.n - 1)::integer) e(c)
WHERE function = 'kaplan_meier' GROUP BY name, v ORDER BY name;
SELECT name, q ->> 'quantile' AS quantile, pg_temp.alike(t.value, (q ->> 'value')::float8) AS value, pg_temp.alike(t.lower, (q ->> 'lower')::float8) AS lower, pg_temp.alike(t.upper, (q ->> 'upper')::float8) AS upper
FROM vector, jsonb_array_elements(v -> 'quantiles') q, survival_quantile(pg_temp.f(v -> 'durations'), pg_temp.b(v -> 'ended'), (q ->> 'quantile')::float8) t WHERE function = 'kaplan_meier' ORDER BY name, 2;
SELECT name, bool_and(pg_temp.alike(t.high, (c ->> 'high')::float8) AND pg_temp.alike(t.low, (c ->> 'low')::float8)) AS sums, bool_and(t.signal = (c ->> 'signal')::integer) AS signals,
    bool_and(t.begun IS NOT DISTINCT FROM (c ->> 'begun')::integer AND pg_temp.alike(t.level, (c ->> 'level')::float8)) AS changes
FROM vector, cusum(pg_temp.f(v -> 'series'), (v ->> 'mean')::float8, (v ->> 'sigma')::float8) t, LATERAL (SELECT v -> 'steps' -> (t.place - 1)) e(c) WHERE function = 'cusum' GROUP BY name ORDER BY name;
-- the book: 5.28 at the 29th value, begun with the 23rd, new level 11.25
SELECT t.place, round(t.high::numeric, 2) AS high, t.begun, round(t.level::numeric, 2) AS level FROM vector, cusum(pg_temp.f(v -> 'series'), 10, 1) t WHERE name = 'Montgomery 9.1' AND t.signal <> 0;
SELECT name, jsonb_array_length(v -> 'changes') AS changes,
    coalesce((SELECT bool_and(t.change = (c ->> 'change')::integer AND t.signal = (c ->> 'signal')::integer AND pg_temp.alike(t.before, (c ->> 'before')::float8) AND pg_temp.alike(t.sigma, (c ->> 'sigma')::float8)
                  AND pg_temp.alike(t.after, (c ->> 'after')::float8)) AND count(*) = jsonb_array_length(v -> 'changes')
              FROM (SELECT p.*, row_number() OVER () AS n FROM change_points(pg_temp.f(v -> 'series'), (v ->> 'baseline')::integer) p) t, LATERAL (SELECT v -> 'changes' -> (t.n - 1)::integer) e(c)), jsonb_array_length(v -> 'changes') = 0) AS alike
FROM vector WHERE function = 'change_points' ORDER BY name;
SELECT name, connected_groups((v ->> 'items')::integer, pg_temp.i(v -> 'a'), pg_temp.i(v -> 'b')) = pg_temp.i(v -> 'groups') AS groups FROM vector WHERE function = 'connected_groups';
SELECT connected_groups(4, '{}', '{}'), connected_groups(5, '{5,2}', '{4,5}');

-- ---- grids: as PostGIS numbers them, and every point is in its cell ----
CREATE TEMP TABLE point AS SELECT n, (n * 7919::bigint % 10007 / 10007.0 - 0.5) * 4000 AS x, (n * 104729::bigint % 10009 / 10009.0 - 0.5) * 4000 AS y FROM generate_series(1, 2000) n;
SELECT bool_and(st_contains(st_square(300, c.i, c.j), st_point(p.x, p.y))) AS squares, bool_and(st_contains(st_hexagon(300 / sqrt(3), h.i, h.j), st_point(p.x, p.y))) AS hexagons,
    bool_and(st_distance(st_centroid(st_square(300, c.i, c.j)), st_point(m.x, m.y)) < 1e-6) AS square_centres, bool_and(st_distance(st_centroid(st_hexagon(300 / sqrt(3), h.i, h.j)), st_point(k.x, k.y)) < 1e-6) AS hexagon_centres
FROM point p, grid_cell(p.x, p.y, 300) c, grid_cell(p.x, p.y, 300, 'hexagon') h, grid_centre(c.i, c.j, 300) m, grid_centre(h.i, h.j, 300, 'hexagon') k;
SELECT g.grid, sum(t.cases) AS cases, count(*) = count(DISTINCT (t.i, t.j)) AS once, bool_and(t.cases = n.cases) AS alike
FROM (VALUES ('square'), ('hexagon')) g(grid), (SELECT array_agg(x::float8) AS x, array_agg(y::float8) AS y FROM point) a, grid_count(a.x, a.y, 300, g.grid) t,
    LATERAL (SELECT count(*) AS cases FROM point p, grid_cell(p.x, p.y, 300, g.grid) c WHERE c.i = t.i AND c.j = t.j) n GROUP BY g.grid ORDER BY g.grid;

-- ---- planted cases: what is there is found, and of noise no more than the rate says ----
-- counts of a cell from a generator of its own, so that the result is the same everywhere
CREATE FUNCTION pg_temp.chance(n bigint, seed bigint) RETURNS float8 LANGUAGE sql IMMUTABLE AS $$ SELECT (hashint8extended(n, seed) & 9007199254740991) / 9007199254740992.0 $$;
CREATE FUNCTION pg_temp.poisson(mean float8, u float8) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
    WITH RECURSIVE t(k, p, c) AS (SELECT 0, exp(-mean), exp(-mean) UNION ALL SELECT k + 1, p * mean / (k + 1), c + p * mean / (k + 1) FROM t WHERE c < u AND k < 100) SELECT max(k) FROM t $$;
CREATE FUNCTION pg_temp.cells(planted boolean, mean float8, seed bigint, OUT i integer[], OUT j integer[], OUT value float8[]) LANGUAGE sql AS $$
    SELECT array_agg(n / 20 ORDER BY n), array_agg(n % 20 ORDER BY n), array_agg(pg_temp.poisson(CASE WHEN planted AND n / 20 BETWEEN 8 AND 10 AND n % 20 BETWEEN 5 AND 7 THEN 3 * mean ELSE mean END, pg_temp.chance(n, seed))::float8 ORDER BY n)
    FROM generate_series(0, 399) n $$;
-- a block of three by three among 400 cells: its centre is hot, nothing far from it
SELECT bool_or(d.hot[g.place] AND c.i[g.place] = 9 AND c.j[g.place] = 6 AND g.z > 0) AS centre_found, count(*) FILTER (WHERE d.hot[g.place] AND g.z > 0) BETWEEN 5 AND 25 AS block_found,
    count(*) FILTER (WHERE d.hot[g.place] AND (abs(c.i[g.place] - 9) > 2 OR abs(c.j[g.place] - 6) > 2)) AS elsewhere
FROM pg_temp.cells(true, 3, 1) c, gi_star(c.i, c.j, c.value) g, (SELECT false_discovery(array_agg(g.p ORDER BY g.place)) AS hot FROM pg_temp.cells(true, 3, 1) c, gi_star(c.i, c.j, c.value) g) d;
-- noise, a hundred times: at most one grid in twenty has a discovery at all; of few cases a cell the normal distribution is less right, and Yekutieli's rule is asked for
SELECT t.mean, t.dependent, count(*) FILTER (WHERE d.found > 0) <= 5 AS quiet
FROM (VALUES (10, false), (3, true)) t(mean, dependent), generate_series(100, 199) s,
    LATERAL (SELECT count(*) FILTER (WHERE u) AS found FROM (SELECT false_discovery(array_agg(g.p ORDER BY g.place), 0.05, t.dependent) AS hot FROM pg_temp.cells(false, t.mean, s) c, gi_star(c.i, c.j, c.value) g) f, unnest(f.hot) u) d
GROUP BY t.mean, t.dependent ORDER BY t.mean;
-- a change of level after 60 values is found near its place; of noise nothing
SELECT t.change BETWEEN 58 AND 64 AS place, t.before < 7 AND t.after > 7 AS level FROM change_points((SELECT array_agg(pg_temp.poisson(CASE WHEN n <= 60 THEN 5 ELSE 10 END, pg_temp.chance(n, 7))::float8 ORDER BY n) FROM generate_series(1, 100) n), 30) t;
SELECT count(*) AS changes_of_noise FROM change_points((SELECT array_agg(pg_temp.poisson(5, pg_temp.chance(n, 8))::float8 ORDER BY n) FROM generate_series(1, 100) n), 30) t;
-- a weekly pattern without noise goes on; so does its back-test. The better one of noisy ones is named by the caller.
SELECT pg_temp.alike(array_agg(t.value ORDER BY t.step), ARRAY[6, 7, 1, 2, 3, 4, 5, 6, 7, 1], 1e-6) AS naive, pg_temp.alike((SELECT h.value FROM holt_winters(s.v, 7, 10) h), ARRAY[6, 7, 1, 2, 3, 4, 5, 6, 7, 1], 1e-6) AS holt_winters
FROM (SELECT array_agg(((n + 3) % 7 + 1)::float8 ORDER BY n) AS v FROM generate_series(1, 43) n) s, seasonal_naive(s.v, 7, 10) t GROUP BY s.v;
SELECT t.method, t.tried, round(t.mae::numeric, 6) AS mae, t.mape IS NULL AS no_mape, round(t.smape::numeric, 4) AS smape, t.coverage
FROM (SELECT array_agg((n % 7)::float8 ORDER BY n) AS v FROM generate_series(1, 43) n) s, forecast_back_test(s.v, 7, 7) t;
-- errors of a back-test by hand: the last value of each origin stands for the next two
SELECT t.tried, t.mae, round(t.mape::numeric, 6) AS mape, round(t.smape::numeric, 6) AS smape FROM forecast_back_test(ARRAY[1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 4, 5, 8, 2], 1, 2) t WHERE t.method = 'seasonal-naive';
SELECT t.method, t.tried, t.mae FROM forecast_back_test(ARRAY[1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 3], 1, 2) t;

-- ---- no verdict ----
-- fewer than 30 cells; equal values; a cell alone; every cell a neighbour of every other
SELECT count(*) AS cells, count(t.z) AS judged FROM (SELECT array_agg(n / 6) AS i, array_agg(n % 6) AS j, array_agg(n::float8) AS v FROM generate_series(0, 28) n) a, gi_star(a.i, a.j, a.v) t;
SELECT count(*) AS cells, count(t.z) AS judged FROM (SELECT array_agg(n / 6) AS i, array_agg(n % 6) AS j, array_agg(0.1::float8) AS v FROM generate_series(0, 35) n) a, gi_star(a.i, a.j, a.v) t;
SELECT t.place, t.neighbours FROM (SELECT array_agg(n / 6 + CASE n WHEN 35 THEN 10 ELSE 0 END ORDER BY n) AS i, array_agg(n % 6 ORDER BY n) AS j, array_agg(n::float8 ORDER BY n) AS v FROM generate_series(0, 35) n) a, gi_star(a.i, a.j, a.v) t WHERE t.z IS NULL;
SELECT count(*) AS cells, count(t.z) AS judged FROM (SELECT array_agg(n / 6) AS i, array_agg(n % 6) AS j, array_agg(n::float8) AS v FROM generate_series(0, 35) n) a, gi_star(a.i, a.j, a.v, 'square', 5) t;
SELECT false_discovery('{NULL,0.001,NULL}'), adjusted_p('{NULL,0.001,NULL}'), false_discovery('{}'), adjusted_p('{}');
SELECT * FROM mann_kendall('{2,2,2}');
SELECT silverman_bandwidth('{1,1,1}', '{2,2,2}');
SELECT count(*) FROM kernel_density('{}', '{}', 1, 1);
SELECT * FROM survival_quantile('{1,2,3}', '{f,f,f}');
SELECT count(*) AS steps FROM kaplan_meier('{}', '{}');
SELECT * FROM survival_quantile('{1,2,3,4}', '{t,t,t,t}', 0.5);
-- a baseline that does not vary ends the search of measured ones; of counts it does not
SELECT count(*) FILTER (WHERE p.poisson) AS poisson, count(*) FILTER (WHERE NOT p.poisson) AS measured FROM (VALUES (true), (false)) p(poisson), change_points('{3,3,3,3,3,3,3,3,3,3,12,12,12,12}', 10, 0.5, 5, p.poisson);

-- ---- refused ----
SELECT mann_kendall('{1,2}');
SELECT mann_kendall('{1,NULL,3}');
SELECT mann_kendall('{{1,2},{3,4}}');
SELECT mann_kendall('{1,2,NaN}');
SELECT mann_kendall('{1,2,Infinity}');
SELECT mann_kendall(array_fill(1::float8, ARRAY[4001]));
SELECT sen_slope('{1,2,3}', 1);
SELECT sen_slope('{1,2,3}', 'NaN');
SELECT seasonal_naive('{1,2,3,4,5,6,7,8,9}', 1, 1);
SELECT seasonal_naive(array_fill(1::float8, ARRAY[13]), 7, 1);
SELECT seasonal_naive(array_fill(1::float8, ARRAY[14]), 0, 1);
SELECT holt_winters(array_fill(1::float8, ARRAY[14]), 7, 401);
SELECT forecast_back_test(array_fill(1::float8, ARRAY[14]), 7, 1, 51);
SELECT gi_star('{1,2}', '{1}', '{1,2}');
SELECT gi_star('{1,2}', '{1,1}', '{1,2,3}');
SELECT gi_star('{1,1}', '{1,1}', '{1,2}');
SELECT gi_star('{1,2}', '{1,1}', '{1,2}', 'triangle');
SELECT gi_star('{1,2}', '{1,1}', '{1,2}', 'square', 6);
SELECT gi_star('{2147483647}', '{-2147483648}', '{1}');
SELECT gi_star('{1,NULL}', '{1,1}', '{1,2}');
SELECT emerging_hot_spots('{1,2}', '{1,1}', '{1,2}');
SELECT emerging_hot_spots('{1,2}', '{1,1}', array_fill(1::float8, ARRAY[21]));
SELECT false_discovery('{0.1}', 0);
SELECT grid_cell(1, 1, 0);
SELECT grid_cell(1e300, 1, 1);
SELECT grid_cell('NaN', 1, 1);
SELECT kernel_density('{1,2}', '{1}', 1, 1);
SELECT kernel_density('{0,1000000}', '{0,1000000}', 1, 1);
SELECT kaplan_meier('{1,2}', '{t}');
SELECT kaplan_meier('{1,2}', '{t,NULL}');
SELECT cusum('{1,2}', 1, 0);
SELECT change_points('{1,2}', 1);
SELECT connected_groups(2, '{1}', '{3}');
SELECT connected_groups(-1, '{}', '{}');
SET citybigdata.language = 'zh';
SELECT mann_kendall('{1,2}');
SELECT kernel_density('{0,1000000}', '{0,1000000}', 1, 1);
RESET citybigdata.language;
-- strict: null in, null out
SELECT mann_kendall(NULL) IS NULL AS none;

-- ---- numbers at the ends: nothing raises, nothing is endless ----
SELECT t.slope, t.slopes FROM sen_slope(array_fill(1e308::float8, ARRAY[50])) t;
SELECT t.p < 1e-10 AS sure FROM mann_kendall((SELECT array_agg(n::float8 ORDER BY n) FROM generate_series(1, 4000) n)) t;
SELECT t.slope, t.lower, t.upper, t.slopes FROM sen_slope((SELECT array_agg(n::float8 ORDER BY n) FROM generate_series(1, 4000) n)) t;
SELECT cardinality(t.value) FROM holt_winters((SELECT array_agg(CASE n % 2 WHEN 0 THEN 1e150 ELSE -1e150 END ORDER BY n) FROM generate_series(1, 100) n), 7, 3) t;
SELECT count(*), count(t.z) FROM (SELECT array_agg(n / 400) AS i, array_agg(n % 400) AS j, array_agg((n % 7)::float8) AS v FROM generate_series(0, 159999) n) a, gi_star(a.i, a.j, a.v) t;
-- a query that is cancelled ends
SET statement_timeout = '50ms';
SELECT count(*) FROM generate_series(1, 100) s, sen_slope((SELECT array_agg((n * s % 97)::float8 ORDER BY n) FROM generate_series(1, 4000) n)) t;
RESET statement_timeout;
