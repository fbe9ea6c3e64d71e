-- The shipped statistical algorithms over the city's cases: docs/statistics.md. They run as citybigdata_algorithm, which reads what it
-- needs and nothing else; the arithmetic is that of 71-statistics.sql. A report counts when it was made, whatever became of it: leaving
-- out what was void later would bend the end of every series.

CREATE OR REPLACE FUNCTION citybigdata.division_prefix(division_code text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN length($1) <> 6 THEN $1 WHEN right($1, 4) = '0000' THEN left($1, 2) WHEN right($1, 2) = '00' THEN left($1, 4) ELSE $1 END
$$;
COMMENT ON FUNCTION citybigdata.division_prefix(text) IS 'What the codes of a division and of all below it begin with';

CREATE OR REPLACE FUNCTION citybigdata.analysis_time(at timestamptz) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT to_char($1 AT TIME ZONE current_setting('citybigdata.time_zone'), 'YYYYMMDDHH24MISS')
$$;
COMMENT ON FUNCTION citybigdata.analysis_time(timestamptz) IS 'A time as the interface writes it, yyyyMMddHHmmss in the platform''s zone';

CREATE OR REPLACE FUNCTION citybigdata.no_verdict(reason text) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT jsonb_build_object('verdict', 'no-verdict', 'reason', r.code, 'message', r.message, 'messageZh', r.message_zh)
    FROM (VALUES
        ('no-data', 'There are no cases of that time, place and type.', '该时间、区划和类型没有案件。'),
        ('too-short', 'There are too few whole intervals within timeRange.', 'timeRange 内的完整周期太少。'),
        ('no-variance', 'All values are equal.', '各值均相等。'),
        ('few-cells', 'The grid has fewer than 30 cells.', '网格不足 30 个单元。'),
        ('no-boundary', 'No boundary of the division is loaded.', '没有加载该区划的边界。'),
        ('one-place', 'All cases are at one place: no bandwidth follows from them.', '案件均在同一地点，无法得出带宽。'),
        ('none-closed', 'No case has been closed.', '没有已结案的案件。')) AS r (code, message, message_zh)
    WHERE r.code = $1
$$;
COMMENT ON FUNCTION citybigdata.no_verdict(text) IS 'What an algorithm returns when nothing can be told from the data: {verdict, reason, message, messageZh}';

-- What an algorithm shows follows from fields of the cases: when their level is raised above its own, it shows nothing.
CREATE OR REPLACE FUNCTION citybigdata.check_analysis(time_range tstzrange, step text DEFAULT 'day', level integer DEFAULT 1) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    above record;
BEGIN
    SELECT f.field, f.level INTO above FROM citybigdata.event_field f
    WHERE f.level > check_analysis.level AND f.field = ANY (ARRAY['createTime', 'eventTypeCode', 'mainTypeCode', 'eventSrcID', 'districtCode', 'streetCode', 'communityCode']
        || CASE WHEN check_analysis.level > 1 THEN ARRAY['longitude', 'latitude', 'coordinateX', 'coordinateY'] END) ORDER BY f.level DESC, f.field LIMIT 1;
    IF FOUND THEN
        PERFORM citybigdata.refuse(40302, citybigdata.say('{field} of cases is of level {level}, above that of the algorithm', 'field', above.field, 'level', above.level));
    ELSIF time_range IS NULL OR isempty(time_range) OR lower_inf(time_range) OR upper_inf(time_range) OR NOT isfinite(lower(time_range)) OR NOT isfinite(upper(time_range)) THEN
        PERFORM citybigdata.refuse(42204, citybigdata.say('{name} must have a begin and an end', 'name', 'timeRange'));
    ELSIF step IS NULL OR step NOT IN ('day', 'week', 'month') THEN
        PERFORM citybigdata.refuse(42204, citybigdata.say('{name} must be day, week or month', 'name', 'interval'));
    END IF;
END
$$;
COMMENT ON FUNCTION citybigdata.check_analysis(tstzrange, text, integer) IS
'Refuses a time range without ends, an interval that is none, and an algorithm of a level below that of a field of cases (set_event_level) that it shows. Errors: 40302, 42204';

-- ---- series ----
-- The begins of the whole intervals within the range, as local times; the last one has ended by now.
CREATE OR REPLACE FUNCTION citybigdata.whole_intervals(time_range tstzrange, step text, OUT "from" timestamp, OUT "to" timestamp) RETURNS record
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN date_trunc($2, l.first) = l.first THEN l.first ELSE date_trunc($2, l.first) + ('1 ' || $2)::interval END, date_trunc($2, l.last)
    FROM (SELECT lower($1) AT TIME ZONE current_setting('citybigdata.time_zone') AS first, least(upper($1), now()) AT TIME ZONE current_setting('citybigdata.time_zone') AS last) l
$$;
COMMENT ON FUNCTION citybigdata.whole_intervals(tstzrange, text) IS 'Begin of the first and end of the last whole day, week (from Monday) or month within a range, in the platform''s zone';

CREATE OR REPLACE FUNCTION citybigdata.case_series(time_range tstzrange, division_code text DEFAULT NULL, type_code text DEFAULT NULL, step text DEFAULT 'day', OUT at timestamptz, OUT cases bigint) RETURNS SETOF record
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp ROWS 366 AS $$
DECLARE
    zone  text := current_setting('citybigdata.time_zone');
    span  record;
    count integer;
BEGIN
    PERFORM citybigdata.check_analysis(time_range, step);
    SELECT * INTO span FROM citybigdata.whole_intervals(time_range, step);
    count := CASE WHEN span."to" <= span."from" THEN 0 ELSE (extract(epoch FROM span."to" - span."from") / CASE step WHEN 'day' THEN 86400 WHEN 'week' THEN 604800 ELSE 2629746 END)::integer END;
    IF count > 4000 THEN
        PERFORM citybigdata.refuse(42204, citybigdata.say('{count} intervals are too many: at most {limit}', 'count', count, 'limit', 4000));
    END IF;
    RETURN QUERY
        SELECT b.at AT TIME ZONE zone, coalesce(c.cases, 0)
        FROM generate_series(span."from", span."to" - interval '1 microsecond', ('1 ' || step)::interval) b(at)
        LEFT JOIN (SELECT date_trunc(step, f.report_time AT TIME ZONE zone) AS at, count(*) AS cases FROM citybigdata.published_case_fact f
                   WHERE f.report_time >= span."from" AT TIME ZONE zone AND f.report_time < span."to" AT TIME ZONE zone
                     AND (case_series.division_code IS NULL OR starts_with(f.division_code, citybigdata.division_prefix(case_series.division_code)))
                     AND (type_code IS NULL OR starts_with(f.event_type_code, type_code)) GROUP BY 1) c ON c.at = b.at
        ORDER BY b.at;
END
$$;
COMMENT ON FUNCTION citybigdata.case_series(tstzrange, text, text, text) IS
'Reports of each whole day, week or month within a time range, those without any too; of a division and all below it, of a type and all that begin with it. Errors: 42204 no ends, more than 4000 intervals';

CREATE OR REPLACE FUNCTION citybigdata.series_rows(at timestamptz[], cases double precision[]) RETURNS jsonb
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(jsonb_agg(jsonb_build_object('at', citybigdata.analysis_time(u.at), 'cases', u.cases) ORDER BY u.at), '[]') FROM unnest($1, $2) u(at, cases)
$$;
COMMENT ON FUNCTION citybigdata.series_rows(timestamptz[], double precision[]) IS 'A series as [{at, cases}]; for the algorithms';

CREATE OR REPLACE FUNCTION citybigdata.analysis_trend(time_range tstzrange, division_code text DEFAULT NULL, type_code text DEFAULT NULL, step text DEFAULT 'week',
                                                      significance double precision DEFAULT 0.05, confidence double precision DEFAULT 0.95) RETURNS jsonb
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    series double precision[];
    times  timestamptz[];
    test   record; slope record;
BEGIN
    SELECT coalesce(array_agg(s.cases::double precision ORDER BY s.at), '{}'), array_agg(s.at ORDER BY s.at) INTO series, times FROM citybigdata.case_series(time_range, division_code, type_code, step) s;
    IF cardinality(series) < 10 THEN
        RETURN citybigdata.no_verdict('too-short') || jsonb_build_object('interval', step, 'count', cardinality(series));
    ELSIF (SELECT min(v) = max(v) FROM unnest(series) v) THEN
        RETURN citybigdata.no_verdict(CASE WHEN series[1] = 0 THEN 'no-data' ELSE 'no-variance' END) || jsonb_build_object('interval', step, 'count', cardinality(series));
    END IF;
    SELECT * INTO test FROM citybigdata.mann_kendall(series);
    SELECT * INTO slope FROM citybigdata.sen_slope(series, confidence);
    RETURN jsonb_build_object('verdict', CASE WHEN test.p > significance THEN 'none' WHEN test.s > 0 THEN 'rising' ELSE 'falling' END, 'interval', step, 'count', cardinality(series),
        'cases', (SELECT sum(v) FROM unnest(series) v), 's', test.s, 'variance', test.variance, 'z', test.z, 'p', test.p, 'tau', test.tau, 'slope', slope.slope, 'slopeLower', slope.lower,
        'slopeUpper', slope.upper, 'intercept', slope.intercept, 'series', citybigdata.series_rows(times, series));
END
$$;
COMMENT ON FUNCTION citybigdata.analysis_trend(tstzrange, text, text, text, double precision, double precision) IS
'Trend of reports by day, week or month: Mann-Kendall, and Sen''s slope in cases an interval. verdict rising, falling, none; no-verdict for fewer than 10 intervals or equal values. Errors: 42204';

-- The season of a series: that of the calendar when the series is long enough to show two of them and a horizon more.
CREATE OR REPLACE FUNCTION citybigdata.season_of(step text, count integer, horizon integer) RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN $2 >= greatest(2 * s.length, 10) + $3 THEN s.length ELSE 1 END FROM (SELECT CASE $1 WHEN 'day' THEN 7 WHEN 'week' THEN 52 ELSE 12 END AS length) s
$$;
COMMENT ON FUNCTION citybigdata.season_of(text, integer, integer) IS 'Steps of a season: 7 days, 52 weeks, 12 months; 1 (none) when the series is too short for it';

-- The forecasts of all methods, as JSON by their names; a count is never below 0.
CREATE OR REPLACE FUNCTION citybigdata.forecast_rows(series double precision[], season integer, horizon integer, confidence double precision, "from" timestamptz, step text) RETURNS TABLE (method text, rows jsonb)
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT f.method, jsonb_agg(jsonb_build_object('at', citybigdata.analysis_time((($5 AT TIME ZONE current_setting('citybigdata.time_zone')) + (f.n - 1) * ('1 ' || $6)::interval) AT TIME ZONE current_setting('citybigdata.time_zone')),
        'value', greatest(f.value, 0), 'lower', greatest(f.lower, 0), 'upper', greatest(f.upper, 0)) ORDER BY f.n)
    FROM (SELECT 'seasonal-naive' AS method, s.step AS n, s.value, s.lower, s.upper FROM citybigdata.seasonal_naive($1, $2, $3, $4) s
          UNION ALL
          SELECT d.method, u.n::integer, u.value, u.lower, u.upper
          FROM (VALUES ('holt-winters', false), ('holt-winters-damped', true)) d(method, damped), citybigdata.holt_winters($1, $2, $3, d.damped, $4) h,
              unnest(h.value, h.lower, h.upper) WITH ORDINALITY u(value, lower, upper, n)) f
    GROUP BY f.method
$$;
COMMENT ON FUNCTION citybigdata.forecast_rows(double precision[], integer, integer, double precision, timestamptz, text) IS 'Forecasts of a series by each method, as [{at, value, lower, upper}]; for the algorithms';

CREATE OR REPLACE FUNCTION citybigdata.analysis_forecast(time_range tstzrange, division_code text DEFAULT NULL, type_code text DEFAULT NULL, step text DEFAULT 'day', horizon integer DEFAULT 14,
                                                         season integer DEFAULT NULL, confidence double precision DEFAULT 0.95) RETURNS jsonb
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    series  double precision[];
    times   timestamptz[];
    zone    text := current_setting('citybigdata.time_zone');
    methods jsonb;
    better  text;
BEGIN
    SELECT coalesce(array_agg(s.cases::double precision ORDER BY s.at), '{}'), array_agg(s.at ORDER BY s.at) INTO series, times FROM citybigdata.case_series(time_range, division_code, type_code, step) s;
    season := coalesce(season, citybigdata.season_of(step, cardinality(series), horizon));
    IF cardinality(series) < greatest(2 * season, 10) + horizon THEN
        RETURN citybigdata.no_verdict('too-short') || jsonb_build_object('interval', step, 'count', cardinality(series), 'needed', greatest(2 * season, 10) + horizon);
    ELSIF (SELECT max(v) = 0 FROM unnest(series) v) THEN
        RETURN citybigdata.no_verdict('no-data') || jsonb_build_object('interval', step, 'count', cardinality(series));
    END IF;
    WITH tested AS MATERIALIZED (SELECT t.*, row_number() OVER () AS place FROM citybigdata.forecast_back_test(series, season, horizon, 10, confidence) t)
    SELECT jsonb_agg(jsonb_build_object('method', t.method, 'origins', t.tried, 'mae', t.mae, 'mape', t.mape, 'smape', t.smape, 'coverage', t.coverage, 'forecast', f.rows) ORDER BY t.place),
           -- of equal ones the simpler
           (array_agg(t.method ORDER BY t.mae, t.place))[1] INTO methods, better
    FROM tested t JOIN citybigdata.forecast_rows(series, season, horizon, confidence, (times[cardinality(times)] AT TIME ZONE zone + ('1 ' || step)::interval) AT TIME ZONE zone, step) f ON f.method = t.method;
    RETURN jsonb_build_object('verdict', 'forecast', 'interval', step, 'count', cardinality(series), 'season', season, 'confidence', confidence, 'better', better, 'methods', methods);
END
$$;
COMMENT ON FUNCTION citybigdata.analysis_forecast(tstzrange, text, text, text, integer, integer, double precision) IS
'Forecast of reports behind the end of a time range by seasonal naive, Holt-Winters and the damped form, with prediction interval and the errors of a back-test from up to 10 rolling origins; better: the one with the least mean absolute error. '
'no-verdict when there are not two seasons (at least 10 intervals) and a horizon. Errors: 42204';

CREATE OR REPLACE FUNCTION citybigdata.analysis_change_points(time_range tstzrange, division_code text DEFAULT NULL, type_code text DEFAULT NULL, step text DEFAULT 'week', baseline integer DEFAULT 20,
                                                              k double precision DEFAULT 0.5, h double precision DEFAULT 5, spread text DEFAULT 'poisson') RETURNS jsonb
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    series double precision[];
    times  timestamptz[];
    found  jsonb;
    mean   double precision;
    excess double precision;
BEGIN
    IF spread IS NULL OR spread NOT IN ('poisson', 'measured') THEN
        PERFORM citybigdata.refuse(42204, citybigdata.say('{name} must be poisson or measured', 'name', 'spread'));
    END IF;
    SELECT coalesce(array_agg(s.cases::double precision ORDER BY s.at), '{}'), array_agg(s.at ORDER BY s.at) INTO series, times FROM citybigdata.case_series(time_range, division_code, type_code, step) s;
    IF cardinality(series) < baseline + 5 THEN
        RETURN citybigdata.no_verdict('too-short') || jsonb_build_object('interval', step, 'count', cardinality(series), 'needed', baseline + 5);
    ELSIF (SELECT max(v) = 0 FROM unnest(series) v) THEN
        RETURN citybigdata.no_verdict('no-data') || jsonb_build_object('interval', step, 'count', cardinality(series));
    ELSIF spread = 'measured' AND (SELECT min(v) = max(v) FROM unnest(series[1:baseline]) v) THEN
        RETURN citybigdata.no_verdict('no-variance') || jsonb_build_object('interval', step, 'count', cardinality(series));
    END IF;
    SELECT avg(v), var_samp(v) / nullif(avg(v), 0) INTO mean, excess FROM unnest(series[1:baseline]) v;
    SELECT coalesce(jsonb_agg(jsonb_build_object('at', citybigdata.analysis_time(times[c.change]), 'foundAt', citybigdata.analysis_time(times[c.signal]), 'direction', CASE WHEN c.after > c.before THEN 'up' ELSE 'down' END,
        'before', c.before, 'after', greatest(c.after, 0), 'sigma', c.sigma) ORDER BY c.change), '[]') INTO found
    FROM citybigdata.change_points(series, baseline, k, h, spread = 'poisson') c;
    RETURN jsonb_build_object('verdict', CASE WHEN found = '[]' THEN 'none' ELSE 'found' END, 'interval', step, 'count', cardinality(series), 'baselineMean', mean, 'dispersion', excess,
        'overdispersed', coalesce(spread = 'poisson' AND excess > 2, false), 'changes', found, 'series', citybigdata.series_rows(times, series));
END
$$;
COMMENT ON FUNCTION citybigdata.analysis_change_points(tstzrange, text, text, text, integer, double precision, double precision, text) IS
'When the level of reports changed, by two-sided CUSUM with k and h in sigmas; sigma by spread: poisson (root of the level) or measured (of the baseline). overdispersed: the counts vary more than Poisson''s, and false signals are likelier; '
'measured is better then. no-verdict for fewer than baseline + 5 intervals. Errors: 42204';

CREATE OR REPLACE FUNCTION citybigdata.analysis_closing_time(time_range tstzrange, division_code text DEFAULT NULL, type_code text DEFAULT NULL, group_by text DEFAULT NULL, hours text DEFAULT 'natural',
                                                             until timestamptz DEFAULT NULL, confidence double precision DEFAULT 0.95) RETURNS jsonb
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    last   timestamptz := least(coalesce(until, now()), now());
    groups jsonb;
    total  bigint;
BEGIN
    PERFORM citybigdata.check_analysis(time_range);
    IF hours IS NULL OR hours NOT IN ('natural', 'working') THEN
        PERFORM citybigdata.refuse(42204, citybigdata.say('{name} must be natural or working', 'name', 'hours'));
    ELSIF group_by NOT IN ('district', 'street', 'community', 'unit', 'type', 'mainType', 'source') THEN
        PERFORM citybigdata.refuse(42204, citybigdata.say('{name} must be district, street, community, unit, type, mainType or source', 'name', 'groupBy'));
    END IF;
    WITH one AS (
        SELECT CASE group_by WHEN 'district' THEN f.district_code WHEN 'street' THEN f.street_code WHEN 'community' THEN f.community_code WHEN 'unit' THEN f.unit_code WHEN 'type' THEN f.event_type_code
                             WHEN 'mainType' THEN f.main_type_code WHEN 'source' THEN f.event_src_id::text END AS code,
               f.report_time AS begun, coalesce(f.archive = 1 AND f.bundle_end <= last, false) AS closed, CASE WHEN f.archive = 1 AND f.bundle_end <= last THEN f.bundle_end ELSE last END AS ended
        FROM citybigdata.published_case_fact f
        WHERE citybigdata.in_time(f.report_time, time_range) AND f.report_time <= last AND f.cancel = 0 AND f.not_inst = 0 AND f.merged = 0
          AND (analysis_closing_time.division_code IS NULL OR starts_with(f.division_code, citybigdata.division_prefix(analysis_closing_time.division_code)))
          AND (type_code IS NULL OR starts_with(f.event_type_code, type_code))
        LIMIT 1000001),
    grouped AS (
        SELECT o.code, array_agg(o.took ORDER BY o.took) AS took, array_agg(o.closed ORDER BY o.took) AS closed, count(*) AS cases, count(*) FILTER (WHERE o.closed) AS ended
        FROM (SELECT one.code, one.closed, greatest(extract(epoch FROM CASE hours WHEN 'working' THEN citybigdata.work_between(one.begun, one.ended) ELSE one.ended - one.begun END)::double precision, 0) / 3600 AS took FROM one) o
        GROUP BY o.code)
    SELECT coalesce(jsonb_agg(jsonb_build_object('code', g.code, 'cases', g.cases, 'closed', g.ended, 'open', g.cases - g.ended,
        'quantiles', (SELECT jsonb_agg(jsonb_build_object('share', q.share, 'hours', s.value, 'lower', s.lower, 'upper', s.upper) ORDER BY q.share)
                      FROM (VALUES (0.25), (0.5), (0.75), (0.9)) q(share), citybigdata.survival_quantile(g.took, g.closed, q.share, confidence) s)) ORDER BY g.code), '[]'), sum(g.cases)
    INTO groups, total FROM grouped g;
    IF total > 1000000 THEN
        PERFORM citybigdata.refuse(42204, citybigdata.say('more than {limit} cases: choose a shorter time, a division or a type', 'limit', 1000000));
    ELSIF total IS NULL THEN
        RETURN citybigdata.no_verdict('no-data');
    ELSIF NOT jsonb_path_exists(groups, '$[*].closed ? (@ > 0)') THEN
        RETURN citybigdata.no_verdict('none-closed') || jsonb_build_object('cases', total);
    END IF;
    RETURN jsonb_build_object('verdict', 'found', 'hours', hours, 'until', citybigdata.analysis_time(last), 'cases', total, 'groups', groups);
END
$$;
COMMENT ON FUNCTION citybigdata.analysis_closing_time(tstzrange, text, text, text, text, timestamptz, double precision) IS
'Hours from report to closing of the cases reported in a time range, by Kaplan-Meier: those that are open at `until` (default now) count as lasting longer. Quartiles and the 90 % quantile with interval, of all or by group; null: not so many have '
'been closed. Void, refused and merged cases are left out. no-verdict without a closed case. Errors: 42204';

-- ---- places ----
CREATE OR REPLACE FUNCTION citybigdata.case_points(time_range tstzrange, division_code text DEFAULT NULL, type_code text DEFAULT NULL, OUT rec_id integer, OUT at timestamptz, OUT type text,
                                                   OUT x double precision, OUT y double precision) RETURNS SETOF record
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp ROWS 10000 AS $$
DECLARE
    count bigint;
BEGIN
    PERFORM citybigdata.check_analysis(time_range, 'day', 2);
    RETURN QUERY
        SELECT p.rec_id, p.create_time, p.event_type_code, citybigdata.plane_x(p.place), citybigdata.plane_y(p.place)
        FROM (SELECT c.rec_id, c.create_time, c.event_type_code, citybigdata.lonlat_to_plane(c.geom) AS place FROM citybigdata.published_case c
              WHERE citybigdata.in_time(c.create_time, time_range)
                AND (case_points.division_code IS NULL OR starts_with(c.division_code, citybigdata.division_prefix(case_points.division_code)))
                AND (type_code IS NULL OR starts_with(c.event_type_code, type_code))
              LIMIT 1000001) p;
    GET DIAGNOSTICS count = ROW_COUNT;
    IF count > 1000000 THEN
        PERFORM citybigdata.refuse(42204, citybigdata.say('more than {limit} cases: choose a shorter time, a division or a type', 'limit', 1000000));
    END IF;
END
$$;
COMMENT ON FUNCTION citybigdata.case_points(tstzrange, text, text) IS 'The cases reported in a time range with their places in the plane, metres. Errors: 42204 more than a million';

CREATE OR REPLACE FUNCTION citybigdata.analysis_cells(division_code text, grid text, cell_size double precision, OUT i integer, OUT j integer) RETURNS SETOF record
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp ROWS 10000 AS $$
DECLARE
    count double precision;
BEGIN
    IF grid IS NULL OR grid NOT IN ('square', 'hexagon') THEN
        PERFORM citybigdata.refuse(42204, citybigdata.say('grid must be square or hexagon'));
    ELSIF cell_size IS NULL OR NOT cell_size BETWEEN 10 AND 100000 THEN
        PERFORM citybigdata.refuse(42204, citybigdata.say('{name} must be from {least} to {most} metres', 'name', 'cellSize', 'least', 10, 'most', 100000));
    END IF;
    -- asked before a cell is made
    SELECT sum((b.width / cell_size + 1) * (b.height / cell_size + 1)) INTO count
    FROM citybigdata.division_boundary d, citybigdata.boundary_box(citybigdata.lonlat_to_plane(d.geom)) b
    WHERE analysis_cells.division_code IS NULL OR starts_with(d.code, citybigdata.division_prefix(analysis_cells.division_code));
    IF count > 200000 THEN
        PERFORM citybigdata.refuse(42204, citybigdata.say('the grid would have {count} cells, at most {limit} are allowed: take a larger cellSize or a smaller division', 'count', round(count::numeric), 'limit', 200000));
    END IF;
    RETURN QUERY
        -- materialised: boundary_cells() is taken into the query, and would transform the boundary once for each cell
        WITH area AS MATERIALIZED (
            SELECT citybigdata.lonlat_to_plane(d.geom) AS plane FROM citybigdata.division_boundary d
            WHERE analysis_cells.division_code IS NULL OR starts_with(d.code, citybigdata.division_prefix(analysis_cells.division_code)))
        SELECT DISTINCT c.i, c.j FROM area a, citybigdata.boundary_cells(a.plane, grid, cell_size) c ORDER BY 1, 2;
END
$$;
COMMENT ON FUNCTION citybigdata.analysis_cells(text, text, double precision) IS
'The cells of a grid that touch the boundaries of a division, or of all, numbered as grid_cell() does; none when no boundary is loaded. Errors: 42204 cell size, more than 200000 cells';

CREATE OR REPLACE FUNCTION citybigdata.analysis_hot_spots(time_range tstzrange, division_code text DEFAULT NULL, type_code text DEFAULT NULL, grid text DEFAULT 'square', cell_size double precision DEFAULT 500,
                                                          reach integer DEFAULT 1, rate double precision DEFAULT 0.05, dependent boolean DEFAULT false, "limit" integer DEFAULT 1000) RETURNS jsonb
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    i      integer[]; j integer[];
    cases  double precision[];
    inside bigint;
    total  bigint;
    found  jsonb;
BEGIN
    PERFORM citybigdata.check_analysis(time_range, 'day', 2);
    WITH counted AS MATERIALIZED (
        SELECT g.i, g.j, g.cases FROM (SELECT array_agg(p.x ORDER BY p.rec_id) AS x, array_agg(p.y ORDER BY p.rec_id) AS y FROM citybigdata.case_points(time_range, analysis_hot_spots.division_code, type_code) p) a,
            citybigdata.grid_count(a.x, a.y, cell_size, grid) g),
    cell AS MATERIALIZED (SELECT c.i, c.j, coalesce(n.cases, 0) AS cases FROM citybigdata.analysis_cells(analysis_hot_spots.division_code, grid, cell_size) c LEFT JOIN counted n USING (i, j))
    SELECT coalesce(array_agg(c.i ORDER BY c.i, c.j), '{}'), coalesce(array_agg(c.j ORDER BY c.i, c.j), '{}'), coalesce(array_agg(c.cases::double precision ORDER BY c.i, c.j), '{}'),
           coalesce(sum(c.cases), 0), (SELECT coalesce(sum(n.cases), 0) FROM counted n)
    INTO i, j, cases, inside, total FROM cell c;
    IF cardinality(cases) < 30 OR inside = 0 OR (SELECT min(v) = max(v) FROM unnest(cases) v) THEN
        RETURN citybigdata.no_verdict(CASE WHEN cardinality(cases) = 0 THEN 'no-boundary' WHEN cardinality(cases) < 30 THEN 'few-cells' WHEN inside = 0 THEN 'no-data' ELSE 'no-variance' END)
            || jsonb_build_object('cells', cardinality(cases), 'cases', inside, 'outside', total - inside);
    END IF;
    WITH judged AS MATERIALIZED (SELECT s.* FROM citybigdata.gi_star(i, j, cases, grid, reach) s),
    adjusted AS (SELECT citybigdata.adjusted_p(array_agg(s.p ORDER BY s.place), dependent) AS p, citybigdata.false_discovery(array_agg(s.p ORDER BY s.place), rate, dependent) AS discovered FROM judged s),
    spot AS MATERIALIZED (SELECT s.place, s.z, s.p, a.p[s.place] AS adjusted, row_number() OVER (ORDER BY abs(s.z) DESC, s.place) AS rank FROM judged s, adjusted a WHERE a.discovered[s.place])
    SELECT jsonb_build_object('verdict', CASE WHEN count(*) = 0 THEN 'none' ELSE 'found' END, 'hotCells', count(*) FILTER (WHERE s.z > 0), 'coldCells', count(*) FILTER (WHERE s.z < 0),
        'isolatedCells', (SELECT count(*) FROM judged g WHERE g.z IS NULL),
        'spots', coalesce(jsonb_agg(jsonb_build_object('kind', CASE WHEN s.z > 0 THEN 'hot' ELSE 'cold' END, 'i', i[s.place], 'j', j[s.place], 'cases', cases[s.place], 'z', s.z, 'p', s.p, 'pAdjusted', s.adjusted,
            'geometry', citybigdata.cell_shape(i[s.place], j[s.place], grid, cell_size)) ORDER BY s.rank) FILTER (WHERE s.rank <= "limit"), '[]'))
    INTO found FROM spot s;
    RETURN jsonb_build_object('grid', grid, 'cellSize', cell_size, 'cells', cardinality(cases), 'cases', inside, 'outside', total - inside, 'mean', inside::double precision / cardinality(cases)) || found;
END
$$;
COMMENT ON FUNCTION citybigdata.analysis_hot_spots(tstzrange, text, text, text, double precision, integer, double precision, boolean, integer) IS
'Hot-spots and cold-spots of reports: Gi* of the cells that touch the division''s boundary, those without a case too, false discovery rate controlled (Benjamini-Hochberg; dependent: Yekutieli). spots: the `limit` with the largest |z|, with GeoJSON. '
'no-verdict for fewer than 30 cells, equal counts, no boundary. Errors: 42204 more than 200000 cells or a million cases';

CREATE OR REPLACE FUNCTION citybigdata.analysis_emerging_hot_spots(time_range tstzrange, division_code text DEFAULT NULL, type_code text DEFAULT NULL, step text DEFAULT 'week', grid text DEFAULT 'square',
                                                                   cell_size double precision DEFAULT 1000, reach integer DEFAULT 1, significance double precision DEFAULT 0.05, "limit" integer DEFAULT 1000) RETURNS jsonb
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    zone   text := current_setting('citybigdata.time_zone');
    begins timestamptz[];
    span   record;
    i      integer[]; j integer[];
    cases  double precision[];
    found  jsonb;
BEGIN
    PERFORM citybigdata.check_analysis(time_range, step, 2);
    SELECT * INTO span FROM citybigdata.whole_intervals(time_range, step);
    begins := ARRAY(SELECT b.at AT TIME ZONE zone FROM generate_series(span."from", span."to" - interval '1 microsecond', ('1 ' || step)::interval) b(at) ORDER BY 1 LIMIT 1001);
    IF cardinality(begins) < 10 THEN
        RETURN citybigdata.no_verdict('too-short') || jsonb_build_object('interval', step, 'count', cardinality(begins));
    END IF;
    SELECT coalesce(array_agg(c.i ORDER BY c.i, c.j), '{}'), coalesce(array_agg(c.j ORDER BY c.i, c.j), '{}') INTO i, j FROM citybigdata.analysis_cells(analysis_emerging_hot_spots.division_code, grid, cell_size) c;
    IF cardinality(i) < 30 THEN
        RETURN citybigdata.no_verdict(CASE WHEN cardinality(i) = 0 THEN 'no-boundary' ELSE 'few-cells' END) || jsonb_build_object('cells', cardinality(i));
    ELSIF cardinality(begins) > 1000 OR cardinality(begins)::bigint * cardinality(i) > 4000000 THEN
        PERFORM citybigdata.refuse(42204, citybigdata.say('{cells} cells in {count} intervals are too many: at most {limit} together', 'cells', cardinality(i), 'count', cardinality(begins), 'limit', 4000000));
    END IF;
    WITH point AS (SELECT width_bucket(p.at, begins) AS slice, array_agg(p.x ORDER BY p.rec_id) AS x, array_agg(p.y ORDER BY p.rec_id) AS y
                   FROM citybigdata.case_points(tstzrange(span."from" AT TIME ZONE zone, span."to" AT TIME ZONE zone), analysis_emerging_hot_spots.division_code, type_code) p GROUP BY 1),
    counted AS (SELECT p.slice, g.i, g.j, g.cases FROM point p, citybigdata.grid_count(p.x, p.y, cell_size, grid) g)
    SELECT array_agg(coalesce(n.cases, 0)::double precision ORDER BY s.slice, u.place) INTO cases
    FROM generate_series(1, cardinality(begins)) s(slice) CROSS JOIN unnest(i, j) WITH ORDINALITY u(i, j, place) LEFT JOIN counted n ON n.slice = s.slice AND n.i = u.i AND n.j = u.j;
    IF (SELECT max(v) = 0 FROM unnest(cases) v) THEN
        RETURN citybigdata.no_verdict('no-data') || jsonb_build_object('cells', cardinality(i), 'count', cardinality(begins));
    END IF;
    WITH judged AS MATERIALIZED (SELECT e.*, row_number() OVER (ORDER BY abs(e.last_z) DESC, e.place) AS rank FROM citybigdata.emerging_hot_spots(i, j, cases, grid, reach, significance) e WHERE e.class <> 'none')
    SELECT jsonb_build_object('verdict', CASE WHEN count(*) = 0 THEN 'none' ELSE 'found' END,
        'classes', (SELECT coalesce(jsonb_object_agg(n.class, n.count), '{}') FROM (SELECT g.class, count(*) FROM judged g GROUP BY g.class) n(class, count)),
        'spots', coalesce(jsonb_agg(jsonb_build_object('class', e.class, 'i', i[e.place], 'j', j[e.place], 'hotIntervals', e.hot, 'coldIntervals', e.cold, 'z', e.last_z, 'trendZ', e.trend_z, 'trendP', e.trend_p,
            'geometry', citybigdata.cell_shape(i[e.place], j[e.place], grid, cell_size)) ORDER BY e.rank) FILTER (WHERE e.rank <= "limit"), '[]'))
    INTO found FROM judged e;
    RETURN jsonb_build_object('grid', grid, 'cellSize', cell_size, 'cells', cardinality(i), 'interval', step, 'count', cardinality(begins), 'from', citybigdata.analysis_time(begins[1]),
        'to', citybigdata.analysis_time(span."to" AT TIME ZONE zone), 'cases', (SELECT sum(v) FROM unnest(cases) v)) || found;
END
$$;
COMMENT ON FUNCTION citybigdata.analysis_emerging_hot_spots(tstzrange, text, text, text, text, double precision, integer, double precision, integer) IS
'What becomes of hot-spots: Gi* of each day, week or month and Mann-Kendall over it, classes as in emerging_hot_spots(); spots: the `limit` with the largest |z| of the last interval, with GeoJSON. no-verdict for fewer than 10 intervals or 30 cells, '
'no boundary, no case. Errors: 42204 more than 200000 cells, four million cells in all intervals, or a million cases';

CREATE OR REPLACE FUNCTION citybigdata.analysis_density(time_range tstzrange, division_code text DEFAULT NULL, type_code text DEFAULT NULL, cell_size double precision DEFAULT 250, bandwidth double precision DEFAULT NULL,
                                                        "limit" integer DEFAULT 10000) RETURNS jsonb
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    x     double precision[]; y double precision[];
    width double precision := bandwidth;
    found jsonb;
BEGIN
    IF cell_size IS NULL OR NOT cell_size BETWEEN 10 AND 100000 OR NOT bandwidth BETWEEN 10 AND 100000 THEN
        PERFORM citybigdata.refuse(42204, citybigdata.say('{name} must be from {least} to {most} metres', 'name', 'cellSize, bandwidth', 'least', 10, 'most', 100000));
    END IF;
    SELECT coalesce(array_agg(p.x ORDER BY p.rec_id), '{}'), coalesce(array_agg(p.y ORDER BY p.rec_id), '{}') INTO x, y FROM citybigdata.case_points(time_range, division_code, type_code) p;
    IF cardinality(x) = 0 THEN
        RETURN citybigdata.no_verdict('no-data');
    ELSIF width IS NULL AND cardinality(x) > 1 THEN
        width := citybigdata.silverman_bandwidth(x, y);
    END IF;
    IF width IS NULL THEN
        RETURN citybigdata.no_verdict('one-place') || jsonb_build_object('cases', cardinality(x));
    END IF;
    WITH cell AS MATERIALIZED (SELECT d.i, d.j, d.density * 1e6 AS density, row_number() OVER (ORDER BY d.density DESC, d.i, d.j) AS rank FROM citybigdata.kernel_density(x, y, cell_size, width) d)
    SELECT jsonb_build_object('cells', count(*), 'highest', max(c.density), 'densities', coalesce(jsonb_agg(jsonb_build_object('i', c.i, 'j', c.j, 'density', c.density,
            'geometry', citybigdata.cell_shape(c.i, c.j, 'square', cell_size)) ORDER BY c.rank) FILTER (WHERE c.rank <= "limit"), '[]'))
    INTO found FROM cell c;
    RETURN jsonb_build_object('verdict', 'found', 'cellSize', cell_size, 'bandwidth', width, 'bandwidthRule', CASE WHEN bandwidth IS NULL THEN 'silverman' ELSE 'given' END, 'cases', cardinality(x)) || found;
END
$$;
COMMENT ON FUNCTION citybigdata.analysis_density(tstzrange, text, text, double precision, double precision, integer) IS
'Kernel density of reports (quartic) in cases per square kilometre at the centres of square cells, the `limit` densest with GeoJSON; bandwidth in metres, null: by Silverman''s rule. no-verdict without a case, or when all are at one place and no '
'bandwidth is given. Errors: 42204 more than 200000 cells or a million cases';

CREATE OR REPLACE FUNCTION citybigdata.analysis_clusters(time_range tstzrange, division_code text DEFAULT NULL, type_code text DEFAULT NULL, eps double precision DEFAULT 100, min_points integer DEFAULT 5,
                                                         "limit" integer DEFAULT 1000) RETURNS jsonb
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    found jsonb;
BEGIN
    IF eps IS NULL OR NOT eps BETWEEN 1 AND 10000 OR min_points IS NULL OR min_points NOT BETWEEN 2 AND 10000 THEN
        PERFORM citybigdata.refuse(42204, citybigdata.say('eps must be from 1 to 10000 metres, minPoints from 2 to 10000'));
    END IF;
    WITH point AS MATERIALIZED (SELECT p.*, row_number() OVER (ORDER BY p.rec_id) AS place FROM citybigdata.case_points(time_range, analysis_clusters.division_code, type_code) p),
    labelled AS MATERIALIZED (
        SELECT p.x, p.y, p.at, p.type, p.rec_id, c.cluster FROM (SELECT array_agg(p.x ORDER BY p.place) AS x, array_agg(p.y ORDER BY p.place) AS y FROM point p) a,
            citybigdata.point_clusters(a.x, a.y, eps, min_points) c JOIN point p ON p.place = c.place),
    cluster AS (SELECT l.cluster, count(*) AS cases, array_agg(l.x ORDER BY l.rec_id) AS x, array_agg(l.y ORDER BY l.rec_id) AS y, min(l.at) AS first, max(l.at) AS last, min(l.rec_id) AS least
                FROM labelled l WHERE l.cluster IS NOT NULL GROUP BY l.cluster),
    commonest AS (SELECT DISTINCT ON (t.cluster) t.cluster, t.type, t.cases FROM (SELECT l.cluster, l.type, count(*) AS cases FROM labelled l WHERE l.cluster IS NOT NULL GROUP BY 1, 2) t ORDER BY t.cluster, t.cases DESC, t.type),
    ranked AS (SELECT c.*, m.type, m.cases AS type_cases, row_number() OVER (ORDER BY c.cases DESC, c.least) AS rank FROM cluster c JOIN commonest m USING (cluster))
    SELECT jsonb_build_object('cases', (SELECT count(*) FROM point), 'noise', (SELECT count(*) FROM labelled l WHERE l.cluster IS NULL), 'clusterCount', count(*),
        'clusters', coalesce(jsonb_agg(jsonb_build_object('cases', r.cases, 'firstTime', citybigdata.analysis_time(r.first), 'lastTime', citybigdata.analysis_time(r.last), 'commonestType', r.type, 'commonestTypeCases', r.type_cases,
            'centre', citybigdata.points_shape(r.x, r.y, 'centre'), 'hull', citybigdata.points_shape(r.x, r.y, 'hull')) ORDER BY r.rank) FILTER (WHERE r.rank <= "limit"), '[]'))
    INTO found FROM ranked r;
    IF (found ->> 'cases')::bigint = 0 THEN
        RETURN citybigdata.no_verdict('no-data');
    END IF;
    RETURN jsonb_build_object('verdict', CASE WHEN (found ->> 'clusterCount')::bigint = 0 THEN 'none' ELSE 'found' END, 'eps', eps, 'minPoints', min_points) || found;
END
$$;
COMMENT ON FUNCTION citybigdata.analysis_clusters(tstzrange, text, text, double precision, integer, integer) IS
'Clusters of reports by DBSCAN in the business plane: at least min_points within eps metres; the `limit` largest with centre, hull, first and last time, commonest type, and how many cases are in none (noise). Errors: 42204';

CREATE OR REPLACE FUNCTION citybigdata.analysis_duplicates(time_range tstzrange, division_code text DEFAULT NULL, type_code text DEFAULT NULL, min_score double precision DEFAULT 0.6) RETURNS jsonb
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    cases text[];
    found jsonb;
BEGIN
    PERFORM citybigdata.check_analysis(time_range, 'day', 2);
    IF min_score IS NULL OR NOT min_score BETWEEN 0 AND 1 THEN
        PERFORM citybigdata.refuse(42204, citybigdata.say('{name} must be from 0 to 1', 'name', 'minScore'));
    END IF;
    cases := ARRAY(SELECT c.task_num FROM citybigdata.published_case c
                   WHERE citybigdata.in_time(c.create_time, time_range) AND c.state NOT IN (6, 7) AND NOT c.archived
                     AND (analysis_duplicates.division_code IS NULL OR starts_with(c.division_code, citybigdata.division_prefix(analysis_duplicates.division_code)))
                     AND (type_code IS NULL OR starts_with(c.event_type_code, type_code)) ORDER BY c.rec_id LIMIT 5001);
    IF cardinality(cases) > 5000 THEN
        PERFORM citybigdata.refuse(42204, citybigdata.say('more than {limit} open cases: choose a shorter time, a division or a type', 'limit', 5000));
    ELSIF cardinality(cases) = 0 THEN
        RETURN citybigdata.no_verdict('no-data');
    END IF;
    WITH task AS MATERIALIZED (SELECT u.task_num, u.place::integer AS place FROM unnest(cases) WITH ORDINALITY u(task_num, place)),
    pair AS MATERIALIZED (
        -- either of the two may have found the other
        SELECT DISTINCT ON (least(t.place, o.place), greatest(t.place, o.place)) least(t.place, o.place) AS a, greatest(t.place, o.place) AS b, d.score, d.distance_m, d.minutes, d.reasons
        FROM task t, citybigdata.find_duplicates(t.task_num) d JOIN task o ON o.task_num = d.task_num
        WHERE d.score >= min_score AND t.place <> o.place ORDER BY 1, 2, d.score DESC),
    grouped AS (SELECT citybigdata.connected_groups(cardinality(cases), coalesce(array_agg(p.a ORDER BY p.a, p.b), '{}'), coalesce(array_agg(p.b ORDER BY p.a, p.b), '{}')) AS label FROM pair p),
    groups AS (SELECT g.label[t.place] AS label, array_agg(t.task_num ORDER BY t.place) AS tasks FROM grouped g, task t GROUP BY 1 HAVING count(*) > 1)
    SELECT jsonb_build_object('openCases', cardinality(cases), 'groupCount', count(*), 'groups', coalesce(jsonb_agg(jsonb_build_object('cases', to_jsonb(g.tasks),
        'pairs', (SELECT jsonb_agg(jsonb_build_object('taskNum', cases[p.a], 'otherTaskNum', cases[p.b], 'score', p.score, 'distance', p.distance_m, 'minutes', p.minutes, 'reasons', to_jsonb(p.reasons)) ORDER BY p.score DESC, p.a, p.b)
                  FROM pair p, grouped l WHERE l.label[p.a] = g.label)) ORDER BY cardinality(g.tasks) DESC, g.label), '[]'))
    INTO found FROM groups g;
    RETURN jsonb_build_object('verdict', CASE WHEN (found ->> 'groupCount')::bigint = 0 THEN 'none' ELSE 'found' END, 'minScore', min_score) || found;
END
$$;
COMMENT ON FUNCTION citybigdata.analysis_duplicates(tstzrange, text, text, double precision) IS
'Groups of open cases that may be of one problem, by the search and score of find_duplicates(): pairs with a score of at least min_score, and what hangs together over them. Errors: 42204 more than 5000 open cases';

-- ---- what the results are of ----
CREATE OR REPLACE FUNCTION citybigdata.analysis_data_version(params jsonb) RETURNS text
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    during   tstzrange := citybigdata.time_range(params ->> 'timeRange');
    prefix   text := citybigdata.division_prefix(params ->> 'divisionCode');
    selected text; area text;
BEGIN
    -- sums of hashes, so that the order of the rows does not matter
    IF params ?| ARRAY['cellSize', 'eps', 'minScore'] THEN
        SELECT concat_ws(' ', count(*), sum(hashtextextended(concat_ws(' ', c.rec_id, extract(epoch FROM c.create_time), c.event_type_code, c.division_code, c.geom::text,
                                                                       CASE WHEN params ? 'minScore' THEN extract(epoch FROM c.update_time) END), 0)::numeric)) INTO selected
        FROM citybigdata.published_case c
        WHERE citybigdata.in_time(c.create_time, during) AND (prefix IS NULL OR starts_with(c.division_code, prefix)) AND (params ->> 'typeCode' IS NULL OR starts_with(c.event_type_code, params ->> 'typeCode'));
    ELSE
        SELECT concat_ws(' ', count(*), sum(hashtextextended(concat_ws(' ', f.rec_id, extract(epoch FROM f.report_time), f.event_type_code, f.division_code, f.unit_code, f.event_src_id, f.archive, extract(epoch FROM f.bundle_end),
                                                                       f.cancel, f.not_inst, f.merged), 0)::numeric)) INTO selected
        FROM citybigdata.published_case_fact f
        WHERE citybigdata.in_time(f.report_time, during) AND (prefix IS NULL OR starts_with(f.division_code, prefix)) AND (params ->> 'typeCode' IS NULL OR starts_with(f.event_type_code, params ->> 'typeCode'));
    END IF;
    IF params ? 'grid' THEN
        SELECT string_agg(concat(d.code, md5(d.geom::text)), ' ' ORDER BY d.code) INTO area FROM citybigdata.division_boundary d WHERE prefix IS NULL OR starts_with(d.code, prefix);
    END IF;
    RETURN encode(sha256(convert_to(concat_ws('|', selected, area, params::text), 'UTF8')), 'hex');
END
$$;
COMMENT ON FUNCTION citybigdata.analysis_data_version(jsonb) IS
'The data version of a shipped statistical algorithm: a digest of what it reads of the cases that the parameters select, and of the boundaries';

-- ---- registrations ----
DO $$
DECLARE
    p jsonb := ('{"timeRange": {"name": "timeRange", "title": "Time of the reports", "titleZh": "上报时间", "description": "Both ends are needed", "descriptionZh": "起止均须给出", "required": true}}'::jsonb
        || '{"divisionCode": {"name": "divisionCode", "title": "Division, and all below it", "titleZh": "行政区划（含下级）", "codeTable": "divisions"}}'
        || '{"typeCode": {"name": "typeCode", "title": "Type, and all that begin with it", "titleZh": "问题类型（含以其开头的类型）", "min": 1, "max": 40}}'
        || '{"interval": {"name": "interval", "argument": "step", "title": "Step of the series", "titleZh": "序列的周期", "values": ["day", "week", "month"]}}'
        || '{"grid": {"name": "grid", "title": "Shape of the cells", "titleZh": "网格形状", "values": ["square", "hexagon"], "default": "square"}}'
        || '{"cellSize": {"name": "cellSize", "title": "Distance between the centres of neighbouring cells", "titleZh": "相邻单元中心的距离", "unit": "m", "min": 10, "max": 100000}}'
        || '{"reach": {"name": "reach", "title": "Steps to the farthest neighbour", "titleZh": "最远邻居的步数", "min": 1, "max": 5, "default": 1}}'
        || '{"limit": {"name": "limit", "title": "Places that are shown at most", "titleZh": "最多显示的地点数", "min": 1, "max": 10000, "default": 1000}}'
        || '{"significance": {"name": "significance", "title": "Significance", "titleZh": "显著性水平", "min": 0.0001, "max": 0.5, "default": 0.05}}'
        || '{"confidence": {"name": "confidence", "title": "Confidence of the intervals", "titleZh": "区间的置信度", "min": 0.5, "max": 0.999, "default": 0.95}}');
    selection jsonb := jsonb_build_array(p -> 'timeRange', p -> 'divisionCode', p -> 'typeCode');
    item record;
BEGIN
    FOR item IN SELECT * FROM (VALUES
        ('analysis_trend(tstzrange, text, text, text, double precision, double precision)', 1, 'trend', 'Trend', '趋势', 'Do reports increase or decrease, and by how many an interval', '上报数是否增减，每周期增减多少',
         'Mann 1945; Kendall 1975; Sen 1968', jsonb_build_array(p -> 'interval' || '{"default": "week"}', p -> 'significance', p -> 'confidence')),
        ('analysis_forecast(tstzrange, text, text, text, integer, integer, double precision)', 1, 'forecast', 'Forecast', '预测', 'Reports to come, with an interval, and the errors of a back-test', '将来的上报数及区间，以及回测误差',
         'Holt 1957; Winters 1960; Hyndman, Koehler, Ord, Snyder 2008', jsonb_build_array(p -> 'interval' || '{"default": "day"}', p -> 'confidence',
            '{"name": "horizon", "default": 14, "title": "Intervals to forecast", "titleZh": "预测的周期数", "min": 1, "max": 400}'::jsonb,
            '{"name": "season", "title": "Intervals of a season", "titleZh": "季节长度", "description": "Absent: 7 days, 52 weeks, 12 months, or none when the series is too short", "descriptionZh": "缺省：7 日、52 周、12 月，序列太短时无季节", "min": 1, "max": 400}'::jsonb)),
        ('analysis_change_points(tstzrange, text, text, text, integer, double precision, double precision, text)', 1, 'change-points', 'Change points', '变点', 'When the level of reports changed', '上报水平何时改变',
         'Page 1954; Montgomery, Statistical Quality Control', jsonb_build_array(p -> 'interval' || '{"default": "week"}',
            '{"name": "baseline", "default": 20, "title": "Intervals of a baseline", "titleZh": "基准期的周期数", "min": 5, "max": 1000}'::jsonb,
            '{"name": "k", "default": 0.5, "title": "Allowance", "titleZh": "容差", "unit": "sigma", "min": 0, "max": 10}'::jsonb, '{"name": "h", "default": 5, "title": "Threshold", "titleZh": "阈值", "unit": "sigma", "min": 1, "max": 1000}'::jsonb,
            '{"name": "spread", "default": "poisson", "title": "Sigma: root of the level, or measured", "titleZh": "标准差：水平的平方根，或实测", "values": ["poisson", "measured"]}'::jsonb)),
        ('analysis_closing_time(tstzrange, text, text, text, text, timestamptz, double precision)', 1, 'closing-time', 'Time to close', '结案用时', 'How long cases take, those that are still open counted rightly', '案件办结需多久，未结案件正确计入',
         'Kaplan, Meier 1958; Greenwood 1926; Brookmeyer, Crowley 1982', jsonb_build_array(p -> 'confidence',
            '{"name": "groupBy", "title": "Groups", "titleZh": "分组", "values": ["district", "street", "community", "unit", "type", "mainType", "source"]}'::jsonb,
            '{"name": "hours", "default": "natural", "title": "Natural or working hours", "titleZh": "自然时间或工作时间", "values": ["natural", "working"]}'::jsonb,
            '{"name": "until", "title": "State of the cases then", "titleZh": "截至时间", "description": "Absent: now", "descriptionZh": "缺省为当前"}'::jsonb)),
        ('analysis_hot_spots(tstzrange, text, text, text, double precision, integer, double precision, boolean, integer)', 2, 'hot-spots', 'Hot spots', '热点', 'Where there are more or fewer reports than chance explains', '何处的上报多于或少于偶然',
         'Getis, Ord 1992; Ord, Getis 1995; Benjamini, Hochberg 1995; Benjamini, Yekutieli 2001', jsonb_build_array(p -> 'grid', p -> 'cellSize' || '{"default": 500}', p -> 'reach', p -> 'limit',
            '{"name": "rate", "default": 0.05, "title": "False discovery rate", "titleZh": "错误发现率", "min": 0.0001, "max": 0.5}'::jsonb,
            '{"name": "dependent", "default": false, "title": "Control by Yekutieli, which holds however cells depend on each other", "titleZh": "用 Yekutieli 方法，任何相关下均成立"}'::jsonb)),
        ('analysis_emerging_hot_spots(tstzrange, text, text, text, text, double precision, integer, double precision, integer)', 2, 'emerging-hot-spots', 'Emerging hot spots', '热点演变', 'What becomes of hot spots: new, persistent, intensifying and others', '热点的演变：新增、持续、加强等',
         'Getis, Ord 1992; Mann 1945; Kendall 1975', jsonb_build_array(p -> 'interval' || '{"default": "week"}', p -> 'grid', p -> 'cellSize' || '{"default": 1000}', p -> 'reach', p -> 'significance', p -> 'limit')),
        ('analysis_density(tstzrange, text, text, double precision, double precision, integer)', 2, 'density', 'Density', '密度', 'Cases per square kilometre, smoothed', '平滑后的每平方公里案件数',
         'Silverman 1986', jsonb_build_array(p -> 'cellSize' || '{"default": 250}', p -> 'limit' || '{"default": 10000}',
            '{"name": "bandwidth", "title": "Bandwidth", "titleZh": "带宽", "description": "Absent: by Silverman''s rule", "descriptionZh": "缺省按 Silverman 准则", "unit": "m", "min": 10, "max": 100000}'::jsonb)),
        ('analysis_clusters(tstzrange, text, text, double precision, integer, integer)', 2, 'clusters', 'Clusters', '聚类', 'Groups of cases that lie close together', '彼此靠近的案件群',
         'Ester, Kriegel, Sander, Xu 1996', jsonb_build_array(p -> 'limit',
            '{"name": "eps", "default": 100, "title": "Radius", "titleZh": "半径", "unit": "m", "min": 1, "max": 10000}'::jsonb, '{"name": "minPoints", "default": 5, "title": "Least cases within the radius", "titleZh": "半径内的最少案件数", "min": 2, "max": 10000}'::jsonb)),
        ('analysis_duplicates(tstzrange, text, text, double precision)', 2, 'duplicates', 'Duplicates', '疑似重复', 'Open cases that may be of one problem', '可能属于同一问题的未结案件',
         'docs/duplicates.md', '[{"name": "minScore", "default": 0.6, "title": "Least score of a pair", "titleZh": "一对案件的最低评分", "min": 0, "max": 1}]'::jsonb)) AS a (function, level, code, title, title_zh, description, description_zh, source, parameters)
    LOOP
        PERFORM citybigdata.register_algorithm(concat('citybigdata.', item.function)::regprocedure, jsonb_build_object('code', item.code, 'title', item.title, 'titleZh', item.title_zh, 'description', item.description,
            'descriptionZh', item.description_zh, 'source', item.source, 'level', item.level, 'parameters', selection || item.parameters, 'timeout', 600000, 'cacheFor', 300, 'dataVersion', 'citybigdata.analysis_data_version'));
    END LOOP;
END
$$;
