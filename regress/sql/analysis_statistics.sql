-- The shipped statistical algorithms over cases: what is planted is found, no verdict where there is none, refusals, rights.
\set SHOW_CONTEXT never
\set VERBOSITY default
\pset null '(null)'
SET search_path = citybigdata, public;
SET client_min_messages = warning;
SET citybigdata.time_zone = 'Asia/Shanghai';
SET timezone = 'Asia/Shanghai';
SELECT load_boundaries_file('beijing_districts.geojson', 'echarts 4.9.0') >= 0 AS boundaries;
SELECT algorithm_code, level, publisher, array_length(string_to_array(data_version #>> '{}', '.'), 1) = 2 AS own_version,
    (SELECT string_agg(p.name || coalesce('=' || (p.default_value #>> '{}'), ''), ' ' ORDER BY p.position) FROM algorithm_parameter p WHERE p.algorithm_code = a.algorithm_code) AS parameters
FROM algorithm a WHERE shipped AND function_name ~ '^analysis_(trend|forecast|change_points|closing_time|hot_spots|emerging_hot_spots|density|clusters|duplicates)$' ORDER BY 1;
-- the role that they run as: places, times and types, and nothing that names somebody or tells what was written
SELECT bool_and(has_column_privilege('citybigdata_algorithm', 'citybigdata.published_case', c, 'SELECT')) AS reads FROM unnest(ARRAY['rec_id', 'geom', 'create_time', 'event_type_code']) c;
SELECT bool_or(has_column_privilege('citybigdata_algorithm', 'citybigdata.published_case', c, 'SELECT')) AS reads_people FROM unnest(ARRAY['human_name', 'cellphone', 'event_desc', 'address']) c;
SELECT bool_or(has_any_column_privilege('citybigdata_algorithm', c.oid, 'SELECT')) AS reads_tables FROM pg_class c WHERE c.relnamespace = 'citybigdata'::regnamespace AND c.relname = ANY (ARRAY['event', 'event_archive', 'event_step', 'event_media', 'case_fact', 'account', 'application', 'audit_log']);

BEGIN;
-- ---- cases of types st-1 … over 2023 (before those of other tests' types): at[], how many of each, from a generator that gives the same everywhere ----
CREATE SEQUENCE pg_temp.number START 1500000000;
CREATE FUNCTION pg_temp.add(type text, at timestamptz, lon float8, lat float8, closed timestamptz DEFAULT NULL, state integer DEFAULT 1) RETURNS void LANGUAGE plpgsql AS $$
DECLARE id integer := nextval('pg_temp.number');
BEGIN
    INSERT INTO event (rec_id, task_num, sender_code, other_task_num, event_desc, address, geom, coordinate_x, coordinate_y, district_code, event_src_id, rec_type_id, event_type_code, create_time, receive_time, update_time,
        state, base_state, content_digest)
    VALUES (id, 'st-' || id, 'st', 'st-' || id, 'x', 'x', st_setsrid(st_makepoint(lon, lat), 4490), 0, 0, '110101', 1, 1, type, at, at, at, CASE WHEN closed IS NULL THEN state ELSE 6 END, 1, '\x00');
    INSERT INTO case_fact (rec_id, report_time, district_code, event_src_id, event_type_code, archive, bundle_end, cancel) VALUES (id, at, '110101', 1, type, (closed IS NOT NULL)::integer, closed, (state = 7)::integer);
END $$;
CREATE FUNCTION pg_temp.chance(n bigint, seed bigint) RETURNS float8 LANGUAGE sql IMMUTABLE AS $$ SELECT (hashint8extended(n, seed) & 9007199254740991) / 9007199254740992.0 $$;
-- the parts of a result that are no long lists
CREATE FUNCTION pg_temp.brief(r jsonb) RETURNS jsonb LANGUAGE sql AS $$ SELECT r - 'series' - 'spots' - 'methods' - 'changes' - 'clusters' - 'densities' - 'groups' - 'message' - 'messageZh' $$;
\set year '''[2023-01-01 00:00+08,2024-01-01 00:00+08)'''

-- trend: in week n there are 2 + n / 5 cases
SELECT count(pg_temp.add('st-1-1', timestamptz '2023-01-02 09:00+08' + w * interval '1 week' + k * interval '37 minutes', 116.4, 39.92)) FROM generate_series(0, 51) w, generate_series(1, 2 + w / 5) k;
SELECT r ->> 'verdict' AS verdict, r -> 'count' AS count, r -> 'cases' AS cases, round((r ->> 'slope')::numeric, 1) AS slope, (r ->> 'p')::float8 < 1e-10 AS sure, r -> 'series' -> 0 AS first, r -> 'series' -> -1 AS last
FROM analysis_trend(:year, '110101', 'st-1') r;
-- the type's end, and divisions above and beside
SELECT analysis_trend(:year, d, t) ->> 'verdict' AS verdict FROM (VALUES ('110000', 'st-1-1'), ('110100', 'st-1-'), (NULL, 'st-1'), ('110102', 'st-1'), ('110101', 'st-1-12')) v(d, t);
SELECT r ->> 'verdict' AS verdict, r ->> 'reason' AS reason, r -> 'count' AS count FROM analysis_trend('[2023-01-02 00:00+08,2023-02-06 00:00+08)', NULL, 'st-1') r;
-- intervals that are not whole are left out: of days from noon to noon the first and the last
SELECT count(*), min(at), max(at), sum(cases) FROM case_series('[2023-01-02 12:00+08,2023-01-09 12:00+08)', NULL, 'st-1', 'day');
SELECT at::date, cases FROM case_series('[2023-01-15 00:00+08,2023-04-01 00:00+08)', NULL, 'st-1', 'month');
SELECT count(*) FROM case_series('[2999-01-01 00:00+08,3000-01-01 00:00+08)', NULL, 'st-1', 'day');

-- forecast: five cases a working day, one at the weekend, without noise
SELECT count(pg_temp.add('st-2', d + interval '8 hours' + k * interval '5 minutes', 116.4, 39.92)) FROM generate_series(timestamptz '2023-01-02 00:00+08', '2023-03-26 00:00+08', interval '1 day') d, generate_series(1, CASE WHEN extract(isodow FROM d) < 6 THEN 5 ELSE 1 END) k;
SELECT pg_temp.brief(r) AS r, jsonb_path_query_array(r, '$.methods[*].method') AS methods, jsonb_path_query_array(r -> 'methods' -> 0, '$.forecast[*].value') AS forecast, r -> 'methods' -> 0 -> 'forecast' -> 0 ->> 'at' AS first_day,
    jsonb_path_query_array(r, '$.methods[*].origins') AS origins, (SELECT bool_and((m ->> 'mae')::float8 < 1e-6) FROM jsonb_array_elements(r -> 'methods') m) AS without_error
FROM analysis_forecast('[2023-01-02 00:00+08,2023-03-27 00:00+08)', NULL, 'st-2', 'day', 7) r;
-- too short for a season: none; too short for a back-test: no verdict
SELECT r ->> 'verdict' AS verdict, r -> 'season' AS season FROM analysis_forecast('[2023-01-02 00:00+08,2023-01-20 00:00+08)', NULL, 'st-2', 'day', 7) r;
SELECT r ->> 'verdict' AS verdict, r ->> 'reason' AS reason, r -> 'needed' AS needed FROM analysis_forecast('[2023-01-02 00:00+08,2023-01-15 00:00+08)', NULL, 'st-2', 'day', 7) r;

-- change-points: 4 cases a day, from 1 March on 12
SELECT count(pg_temp.add('st-3', d + interval '8 hours' + k * interval '5 minutes', 116.4, 39.92)) FROM generate_series(timestamptz '2023-01-01 00:00+08', '2023-03-31 00:00+08', interval '1 day') d,
    generate_series(1, CASE WHEN d < '2023-03-01 00:00+08' THEN 3 ELSE 11 END + (pg_temp.chance(extract(epoch FROM d)::bigint, 1) * 3)::integer) k;
SELECT r ->> 'verdict' AS verdict, jsonb_array_length(r -> 'changes') AS changes, r -> 'changes' -> 0 ->> 'at' AS at, r -> 'changes' -> 0 ->> 'direction' AS direction, r -> 'overdispersed' AS overdispersed
FROM analysis_change_points('[2023-01-01 00:00+08,2023-04-01 00:00+08)', NULL, 'st-3', 'day') r;
SELECT analysis_change_points('[2023-01-01 00:00+08,2023-03-01 00:00+08)', NULL, 'st-3', 'day', 20, 0.5, 5, 'measured') ->> 'verdict' AS before;
SELECT analysis_change_points('[2023-01-01 00:00+08,2023-01-20 00:00+08)', NULL, 'st-3', 'day') ->> 'reason' AS short;

-- closing time: 10, 20, 30 hours, one open for 40, one void: a quarter is closed within 10 hours, half within 20; working hours of Friday evening to Monday morning
SELECT pg_temp.add('st-4', '2023-05-08 08:00+08', 116.4, 39.92, timestamptz '2023-05-08 08:00+08' + h * interval '1 hour') FROM unnest(ARRAY[10, 20, 30]) h;
SELECT pg_temp.add('st-4', '2023-05-08 08:00+08', 116.4, 39.92), pg_temp.add('st-4', '2023-05-08 08:00+08', 116.4, 39.92, NULL, 7);
SELECT pg_temp.brief(r), jsonb_path_query_array(r, '$.groups[0].quantiles[*].hours') AS hours FROM analysis_closing_time(:year, NULL, 'st-4', NULL, 'natural', '2023-05-10 00:00+08') r;
-- as it stood after 25 hours: the third was open
SELECT g -> 'closed' AS closed, g -> 'open' AS open, g -> 'quantiles' -> 2 -> 'hours' AS three_quarters FROM analysis_closing_time(:year, NULL, 'st-4', 'district', 'natural', '2023-05-09 09:00+08') r, jsonb_array_elements(r -> 'groups') g;
SELECT pg_temp.add('st-5', '2023-05-12 17:00+08', 116.4, 39.92, '2023-05-15 09:30+08');
SELECT r -> 'groups' -> 0 -> 'quantiles' -> 1 -> 'hours' AS working FROM analysis_closing_time(:year, NULL, 'st-5', NULL, 'working') r;
SELECT analysis_closing_time(:year, NULL, 'st-2') ->> 'reason' AS none_closed, analysis_closing_time(:year, NULL, 'st-9') ->> 'reason' AS none_there;

-- hot-spots: noise over the district, and a place with four hundred cases more
SELECT count(pg_temp.add('st-6', timestamptz '2023-01-01 00:00+08' + (n % 364) * interval '1 day', st_x(p.geom), st_y(p.geom)))
FROM (SELECT d.n, d.geom FROM division_boundary b, st_dump(st_generatepoints(b.geom, 1500, 1)) WITH ORDINALITY d(path, geom, n) WHERE b.code = '110101') p;
SELECT r ->> 'verdict' AS verdict, (r ->> 'hotCells')::integer <= 2 AS quiet FROM analysis_hot_spots(:year, '110101', 'st-6', 'square', 500) r;
SELECT count(pg_temp.add('st-6', timestamptz '2023-01-01 00:00+08' + (n % 364) * interval '1 day', 116.400 + pg_temp.chance(n, 3) * 0.004, 39.918 + pg_temp.chance(n, 4) * 0.004)) FROM generate_series(1, 400) n;
SELECT g.grid, r ->> 'verdict' AS verdict, (r ->> 'cases')::integer + (r ->> 'outside')::integer AS cases, (r ->> 'outside')::integer = 0 AS inside, (r ->> 'cells')::integer > 150 AS cells,
    st_distance(st_centroid(st_geomfromgeojson(r -> 'spots' -> 0 -> 'geometry')), st_setsrid(st_makepoint(116.402, 39.92), 4326)) < 0.008 AS first_is_planted,
    (SELECT bool_and(st_distance(st_centroid(st_geomfromgeojson(s -> 'geometry')), st_setsrid(st_makepoint(116.402, 39.92), 4326)) < 0.02) FROM jsonb_array_elements(r -> 'spots') s WHERE s ->> 'kind' = 'hot') AS near,
    (SELECT bool_and((s ->> 'pAdjusted')::float8 <= 0.05) FROM jsonb_array_elements(r -> 'spots') s) AS within_rate, jsonb_array_length(r -> 'spots') = (r ->> 'hotCells')::integer + (r ->> 'coldCells')::integer AS all_shown
FROM (VALUES ('square'), ('hexagon')) g(grid), analysis_hot_spots(:year, '110101', 'st-6', g.grid, 500) r;
-- Yekutieli finds no more; fewer are shown than there are; cells that nothing happened in are in
SELECT (d ->> 'hotCells')::integer <= (r ->> 'hotCells')::integer AS fewer, jsonb_array_length(l -> 'spots') AS shown, l -> 'hotCells' = r -> 'hotCells' AS counted
FROM analysis_hot_spots(:year, '110101', 'st-6', 'square', 500) r, analysis_hot_spots(:year, '110101', 'st-6', 'square', 500, 1, 0.05, true) d, analysis_hot_spots(:year, '110101', 'st-6', 'square', 500, 1, 0.05, false, 1) l;
SELECT (analysis_hot_spots(:year, '110101', 'st-4', 'square', 500) ->> 'cells')::integer > 150 AS empty_cells;
SELECT count(*) = count(DISTINCT (i, j)) AS once, bool_and(st_intersects(st_square(1000, i, j), a.area)) AS touches FROM analysis_cells('110100', 'square', 1000), (SELECT st_setsrid(st_union(lonlat_to_plane(geom)), 0) AS area FROM division_boundary WHERE code LIKE '1101%') a;
SELECT r ->> 'verdict' AS verdict, r ->> 'reason' AS reason FROM (VALUES ('110101', 'st-6', 5000), ('110101', 'st-9', 500), ('650000', 'st-6', 500)) v(d, t, size), analysis_hot_spots(:year, v.d, v.t, 'square', v.size) r;

-- emerging: another place, from July on
SELECT count(pg_temp.add('st-6', timestamptz '2023-07-01 00:00+08' + (n % 183) * interval '1 day', 116.420 + pg_temp.chance(n, 5) * 0.002, 39.940 + pg_temp.chance(n, 6) * 0.002)) FROM generate_series(1, 200) n;
SELECT r ->> 'verdict' AS verdict, r -> 'count' AS count, r ->> 'from' AS "from", r ->> 'to' AS "to",
    (SELECT bool_and(s ->> 'class' = 'hot-consecutive') FROM jsonb_array_elements(r -> 'spots') s WHERE st_contains(st_geomfromgeojson(s -> 'geometry'), st_setsrid(st_makepoint(116.421, 39.941), 4326))) AS later,
    (SELECT bool_and(s ->> 'class' IN ('hot-persistent', 'hot-diminishing', 'hot-intensifying')) FROM jsonb_array_elements(r -> 'spots') s WHERE st_contains(st_geomfromgeojson(s -> 'geometry'), st_setsrid(st_makepoint(116.402, 39.92), 4326))) AS always
FROM analysis_emerging_hot_spots(:year, '110101', 'st-6', 'month', 'square', 500) r;
SELECT r ->> 'verdict' AS verdict, r ->> 'reason' AS reason FROM analysis_emerging_hot_spots('[2023-01-01 00:00+08,2023-06-01 00:00+08)', '110101', 'st-6', 'month') r;

-- density: its sum over the cells is the number of cases; the densest cell is the planted one
SELECT pg_temp.brief(r) ->> 'bandwidthRule' AS rule, abs((SELECT sum((d ->> 'density')::float8) FROM jsonb_array_elements(r -> 'densities') d) * 0.01 - 600 - 1500) < 20 AS cases,
    st_distance(st_centroid(st_geomfromgeojson(r -> 'densities' -> 0 -> 'geometry')), st_setsrid(st_collect(st_makepoint(116.402, 39.92), st_makepoint(116.421, 39.941)), 4326)) < 0.004 AS densest
FROM analysis_density(:year, NULL, 'st-6', 100, 400) r;
SELECT r ->> 'bandwidthRule' AS rule, (r ->> 'bandwidth')::float8 BETWEEN 500 AND 3000 AS bandwidth FROM analysis_density(:year, NULL, 'st-6', 250) r;
SELECT analysis_density(:year, NULL, 'st-4') ->> 'reason' AS one_place, analysis_density(:year, NULL, 'st-9') ->> 'reason' AS none, analysis_density(:year, NULL, 'st-4', 250, 100) ->> 'verdict' AS given;

-- clusters: two dense places, the rest is noise or small
SELECT r ->> 'verdict' AS verdict, (r ->> 'noise')::integer > 500 AS noise, c ->> 'cases' >= '150' AS large, c ->> 'commonestType' AS type, c -> 'centre' ->> 'type' AS centre, c -> 'hull' ->> 'type' AS hull, c ->> 'firstTime' AS first
FROM analysis_clusters(:year, NULL, 'st-6', 60, 10) r, LATERAL (SELECT r -> 'clusters' -> 0) k(c);
SELECT pg_temp.brief(r) - 'noise' FROM analysis_clusters(:year, NULL, 'st-4', 60, 10) r;
SELECT analysis_clusters(:year, NULL, 'st-9') ->> 'reason' AS none;

-- duplicates: three beside each other, one far away, one closed; the score is that of find_duplicates()
CREATE FUNCTION pg_temp.report(number text, east float8, words text) RETURNS text LANGUAGE sql AS $$
    SELECT task_num FROM report_event('st-sender', json_build_object('eventDesc', words, 'otherTaskNum', number, 'address', '东华门大街1号', 'districtCode', '110101', 'coordinateX', 448400.5 + east, 'coordinateY', 4418600.25,
        'eventSrcID', 1, 'recTypeID', 1, 'eventLevelID', 1, 'eventTypeCode', 'st-7', 'createTime', '20231031083000')) $$;
SELECT count(pg_temp.report('st-7-' || n, e, w)) FROM (VALUES (1, 0, '路灯不亮影响夜间通行'), (2, 5, '路灯不亮影响夜间通行'), (3, 15, '路灯不亮，影响通行'), (4, 1000, '路灯不亮影响夜间通行')) v(n, e, w);
SELECT r ->> 'verdict' AS verdict, r -> 'openCases' AS open, r -> 'groupCount' AS groups, jsonb_array_length(r -> 'groups' -> 0 -> 'cases') AS cases, jsonb_array_length(r -> 'groups' -> 0 -> 'pairs') AS pairs,
    (SELECT bool_and(EXISTS (SELECT FROM find_duplicates(p ->> 'taskNum') d WHERE d.task_num = p ->> 'otherTaskNum' AND d.score = (p ->> 'score')::float8)) FROM jsonb_array_elements(r -> 'groups' -> 0 -> 'pairs') p) AS same_score
FROM analysis_duplicates('[2023-10-01 00:00+08,2023-11-01 00:00+08)', NULL, 'st-7') r;
SELECT analysis_duplicates('[2023-10-01 00:00+08,2023-11-01 00:00+08)', NULL, 'st-7', 1) ->> 'verdict' AS all_different, analysis_duplicates(:year, NULL, 'st-9') ->> 'reason' AS none;

-- by the service: the same result as citybigdata_algorithm, with defaults, and a data version that follows the cases
SELECT a.code, r -> 'result' ->> 'verdict' AS verdict, r -> 'parameters' ? 'timeRange' AS parameters, length(r ->> 'dataVersion') AS version
FROM unnest(ARRAY['trend', 'forecast', 'change-points', 'closing-time', 'hot-spots', 'emerging-hot-spots', 'density', 'clusters', 'duplicates']) WITH ORDINALITY a(code, n),
    run_algorithm(a.code, jsonb_build_object('timeRange', '[20230101,20240101)', 'typeCode', 'st-' || CASE a.code WHEN 'trend' THEN '1' WHEN 'forecast' THEN '1' WHEN 'change-points' THEN '3' WHEN 'closing-time' THEN '4' WHEN 'duplicates' THEN '7' ELSE '6' END)
        || CASE WHEN a.code ~ 'spots' THEN '{"divisionCode": "110101"}' ELSE '{}' END::jsonb || CASE WHEN a.code IN ('emerging-hot-spots') THEN '{"interval": "month"}' ELSE '{}' END::jsonb) r ORDER BY a.n;
SELECT r -> 'result' = (SELECT analysis_hot_spots(:year, '110101', 'st-6')) AS same, r -> 'parameters' AS parameters FROM run_algorithm('hot-spots', '{"timeRange": "[20230101,20240101)", "typeCode": "st-6", "divisionCode": "110101"}') r;
CREATE FUNCTION pg_temp.version(code text, type text) RETURNS text LANGUAGE sql AS $$ SELECT run_algorithm(code, jsonb_build_object('timeRange', '[20230101,20240101)', 'typeCode', type)) ->> 'dataVersion' $$;
SELECT pg_temp.version('trend', 'st-4') AS trend, pg_temp.version('clusters', 'st-4') AS clusters \gset
SELECT pg_temp.version('trend', 'st-4') = :'trend' AS same, pg_temp.version('trend', 'st-5') = :'trend' AS of_others;
SELECT pg_temp.add('st-4', '2023-05-08 08:00+08', 116.4, 39.92);
SELECT pg_temp.version('trend', 'st-4') = :'trend' AS trend, pg_temp.version('clusters', 'st-4') = :'clusters' AS clusters;
ROLLBACK;

-- ---- refused ----
\set year '''[2023-01-01 00:00+08,2024-01-01 00:00+08)'''
SELECT analysis_trend('[2023-01-01 00:00+08,)');
SELECT analysis_trend('empty');
SELECT analysis_trend(NULL);
SELECT analysis_trend(:year, NULL, NULL, 'hour');
SELECT analysis_trend('[2000-01-01 00:00+08,2020-01-01 00:00+08)', NULL, NULL, 'day');
SELECT analysis_change_points(:year, NULL, NULL, 'week', 20, 0.5, 5, 'normal');
SELECT analysis_closing_time(:year, NULL, NULL, 'reporter');
SELECT analysis_closing_time(:year, NULL, NULL, NULL, 'official');
SELECT analysis_hot_spots(:year, NULL, NULL, 'square', 100);
SELECT analysis_hot_spots(:year, NULL, NULL, 'triangle', 1000);
SELECT analysis_hot_spots(:year, NULL, NULL, 'square', 1);
SELECT analysis_emerging_hot_spots('[2023-01-01 00:00+08,2024-01-01 00:00+08)', NULL, NULL, 'day', 'square', 1000);
SELECT analysis_density(:year, NULL, NULL, 250, 1);
SELECT analysis_clusters(:year, NULL, NULL, 0);
SELECT analysis_duplicates(:year, NULL, NULL, 2);
SELECT run_algorithm('hot-spots', '{"timeRange": "[20230101,20240101)", "cellSize": 100}');
-- places, or times, of a level above that of the algorithm
BEGIN;
UPDATE event_field SET level = 3 WHERE field = 'longitude';
SELECT analysis_trend(:year, '110101', 'st-9') ->> 'verdict' AS trend;
SAVEPOINT here;
SELECT analysis_hot_spots(:year, '110101', NULL, 'square', 500);
ROLLBACK TO here;
SELECT analysis_emerging_hot_spots(:year, '110101');
ROLLBACK TO here;
SELECT analysis_density(:year, '110101');
ROLLBACK TO here;
SELECT analysis_clusters(:year, '110101');
ROLLBACK TO here;
SELECT analysis_duplicates(:year, '110101');
ROLLBACK TO here;
UPDATE event_field SET level = 2 WHERE field = 'createTime';
SELECT analysis_trend(:year, '110101', 'st-9');
ROLLBACK TO here;
UPDATE event_field SET level = 2 WHERE field = 'createTime';
SELECT analysis_closing_time(:year, '110101');
ROLLBACK;
SELECT run_algorithm('hot-spots', '{"cellSize": 5, "grid": "triangle", "reach": 9, "rate": "much", "colour": 1}');
SET citybigdata.language = 'zh';
SELECT run_algorithm('hot-spots', '{"timeRange": "[20230101,20240101)", "cellSize": 100}');
RESET citybigdata.language;
