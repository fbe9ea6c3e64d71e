-- Microseconds per call of single functions, in one session: `name value` lines. Best of three runs each.
SET client_min_messages = warning;
CREATE TEMP TABLE events AS
SELECT (:'event' || ',"otherTaskNum":"V-' || n || '"}')::json AS data FROM generate_series(1, 5000) n;
CREATE TEMP TABLE intervals AS
SELECT format('[2024%s%s000000,2024%s%s120000)', lpad((n % 12 + 1)::text, 2, '0'), lpad((n % 28 + 1)::text, 2, '0'), lpad((n % 12 + 1)::text, 2, '0'), lpad((n % 28 + 1)::text, 2, '0')) AS ours,
       format('[2024-%s-%s 00:00:00,2024-%s-%s 12:00:00)', lpad((n % 12 + 1)::text, 2, '0'), lpad((n % 28 + 1)::text, 2, '0'), lpad((n % 12 + 1)::text, 2, '0'), lpad((n % 28 + 1)::text, 2, '0')) AS theirs
FROM generate_series(1, 200000) n;
CREATE TEMP TABLE times AS
SELECT '2026-01-01 00:00+08'::timestamptz + n % 365 * interval '1 day' + n % 1440 * interval '1 minute' AS t FROM generate_series(1, 200000) n;
CREATE TEMP TABLE points AS
SELECT public.ST_SetSRID(public.ST_MakePoint(116 + n % 1000 / 1000.0, 39.5 + n % 977 / 977.0), 4490) AS p FROM generate_series(1, 100000) n;
-- the usual plpgsql version: one step of the published formula, no iteration
CREATE FUNCTION pg_temp.gcj02_to_wgs84_plpgsql(g public.geometry) RETURNS public.geometry LANGUAGE plpgsql AS $$
DECLARE
    lon float8 := public.ST_X(g); lat float8 := public.ST_Y(g); x float8 := lon - 105; y float8 := lat - 35;
    dlat float8; dlon float8; rad float8; magic float8; root float8;
BEGIN
    dlat := -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + (20 * sin(6 * x * pi()) + 20 * sin(2 * x * pi())) * 2 / 3
        + (20 * sin(y * pi()) + 40 * sin(y / 3 * pi())) * 2 / 3 + (160 * sin(y / 12 * pi()) + 320 * sin(y * pi() / 30)) * 2 / 3;
    dlon := 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + (20 * sin(6 * x * pi()) + 20 * sin(2 * x * pi())) * 2 / 3
        + (20 * sin(x * pi()) + 40 * sin(x / 3 * pi())) * 2 / 3 + (150 * sin(x / 12 * pi()) + 300 * sin(x / 30 * pi())) * 2 / 3;
    rad := lat / 180 * pi(); magic := 1 - 0.00669342162296594323 * sin(rad) ^ 2; root := sqrt(magic);
    dlat := dlat * 180 / (6378245.0 * (1 - 0.00669342162296594323) / (magic * root) * pi());
    dlon := dlon * 180 / (6378245.0 / root * cos(rad) * pi());
    RETURN public.ST_SetSRID(public.ST_MakePoint(lon - dlon, lat - dlat), public.ST_SRID(g));
END
$$;
CREATE FUNCTION pg_temp.measure(name text, query text, calls bigint) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    best float8 := 'Infinity'; started timestamptz;
BEGIN
    FOR n IN 1 .. 3 LOOP
        started := clock_timestamp();
        EXECUTE query;
        best := least(best, extract(epoch FROM clock_timestamp() - started) * 1e6 / calls);
    END LOOP;
    RETURN name || ' ' || round(best::numeric, 4);
END
$$;
SET max_parallel_workers_per_gather = 0;
SELECT pg_temp.measure('scan_events', 'SELECT count(data::text) FROM events', 5000);
SELECT pg_temp.measure('validate_event', $$SELECT count(v.pointer) FROM events e LEFT JOIN LATERAL citybigdata.validate_event(e.data, 'egova') v ON true$$, 5000);
SELECT pg_temp.measure('scan_intervals', 'SELECT count(ours) FROM intervals', 200000);
SELECT pg_temp.measure('time_range', 'SELECT count(citybigdata.time_range(ours)) FROM intervals', 200000);
SELECT pg_temp.measure('tstzrange', 'SELECT count(theirs::tstzrange) FROM intervals', 200000);
SELECT pg_temp.measure('scan_times', 'SELECT count(t) FROM times', 200000);
SELECT pg_temp.measure('add_work', 'SELECT count(citybigdata.add_work(t, 4, 2)) FROM times', 200000);
SELECT pg_temp.measure('work_between', $$SELECT count(citybigdata.work_between(t, '2026-06-30 12:00+08')) FROM times$$, 200000);
SELECT pg_temp.measure('gcj02', 'SELECT count(citybigdata.gcj02_to_wgs84(p)) FROM points', 100000);
SELECT pg_temp.measure('st_transform', 'SELECT count(public.ST_Transform(p, 4548)) FROM points', 100000);
SELECT pg_temp.measure('gcj02_plpgsql', 'SELECT count(pg_temp.gcj02_to_wgs84_plpgsql(p)) FROM (SELECT p FROM points LIMIT 10000) q', 10000);
-- Pages of a thousand rows of eight fields and a point: what of a page grows with its rows, beside row_to_json of the same rows.
SET client_min_messages = error;
DROP SCHEMA IF EXISTS bench CASCADE;
CREATE SCHEMA bench;
CREATE TABLE bench.lamp AS
SELECT n AS light_id, 'L' || lpad(n::text, 9, '0') AS lamp_code, (ARRAY['LED', 'HPS', 'MH'])[1 + n % 3] AS lamp_type, (50 + n % 400)::numeric(6,1) AS power_watt,
       '东城路' || n % 200 AS street_name, '2020-01-01 00:00:00+08'::timestamptz + n * interval '1 minute' AS installed_at, n % 3 AS state,
       public.ST_SetSRID(public.ST_MakePoint(116 + n % 1000 / 1000.0, 39.5 + n % 977 / 977.0), 4490)::public.geometry(Point, 4490) AS geom
FROM generate_series(1, 100000) n;
ALTER TABLE bench.lamp ADD PRIMARY KEY (light_id);
ANALYZE bench.lamp;
CREATE FUNCTION pg_temp.publish_bench() RETURNS void LANGUAGE sql AS $$ SELECT citybigdata.publish('bench.lamp', '{"code": "bench-lamps", "latencyBudget": 60000}') $$;
DO $$ BEGIN PERFORM pg_temp.publish_bench(); END $$;
BEGIN; -- the audit rows go with it
SELECT pg_temp.measure('page_10', $$SELECT count(citybigdata.query('bench-lamps', '{"pageSize": 10}')) FROM generate_series(1, 200)$$, 200);
SELECT pg_temp.measure('page_1000', $$SELECT count(citybigdata.query('bench-lamps', '{"pageSize": 1000}')) FROM generate_series(1, 200)$$, 200);
SELECT pg_temp.measure('page_1000_csv', $$SELECT count(citybigdata.query_text('bench-lamps', '{"pageSize": 1000, "format": "csv"}')) FROM generate_series(1, 200)$$, 200);
SELECT pg_temp.measure('json_1000', $$SELECT count((SELECT json_agg(row_to_json(p)) FROM (SELECT light_id, lamp_code, lamp_type, power_watt, street_name, installed_at, state,
    public.ST_X(geom) AS longitude, public.ST_Y(geom) AS latitude FROM bench.lamp WHERE light_id > n ORDER BY light_id LIMIT 1000) p)) FROM generate_series(1, 200) n$$, 200);
SELECT pg_temp.measure('scan_1000', $$SELECT sum((SELECT count(light_id + length(lamp_code) + power_watt + state + public.ST_X(geom)) FROM (SELECT * FROM bench.lamp WHERE light_id > n ORDER BY light_id LIMIT 1000) p)) FROM generate_series(1, 200) n$$, 200);
ROLLBACK;
DO $$ BEGIN PERFORM citybigdata.unpublish('bench-lamps'); END $$;
DROP SCHEMA bench CASCADE;
