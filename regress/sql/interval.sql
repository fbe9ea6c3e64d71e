SET search_path = citybigdata, public;
SET timezone = 'UTC';
-- SQLSTATE, place and whether the hint shows a valid value
CREATE FUNCTION pg_temp.fault(call text, input text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE state text; message text; detail text; hint text;
BEGIN
    EXECUTE format('SELECT citybigdata.%I($1)', call) USING input;
    RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
    RETURN state || ' ' || detail || CASE WHEN hint ~ '\d{10}' THEN ' (example)' ELSE ' (no example)' END;
END $$;

-- time_point: the two codings
SELECT time_point('20240102030405') = '2024-01-02 03:04:05+08'::timestamptz AS calendar,
       time_point('1704135845') = '2024-01-02 03:04:05+08'::timestamptz AS unix,
       time_point('000000000') = '1970-01-01 00:00+00'::timestamptz AS zero,
       time_point('9999999999') = to_timestamp(9999999999) AS largest,
       time_point(E' \t20240229000000　') = '2024-02-29 00:00+08'::timestamptz AS leap_day_blanks,
       time_point(NULL) IS NULL AS strict;
SELECT input, pg_temp.fault('time_point', input) FROM unnest(ARRAY[
    '20230229000000', '20240230000000', '20240102240000', '20240102006000', '20240102000060', '20241302000000', '20240002000000',
    '20240100000000', '00000101000000', '1704135845000', '17041358451', '202401020304055', '-5', '+5', '', '  ', '2024-01-02',
    '20240102030405Z', '２０２４', 'now', '1.5', '1e3', '一20240102030405', E'20240102\n030405', 'infinity']) input;

-- days, and RFC 3339
SELECT time_point('20240102') = '2024-01-02 00:00+08'::timestamptz AS day, time_point('2024-01-02') = time_point('20240102') AS rfc3339_day,
       time_point('2024-01-02T03:04:05+08:00') = time_point('20240102030405') AS rfc3339, time_point('2024-01-01T19:04:05Z') = time_point('20240102030405') AS zulu,
       time_point('2024-01-02T03:04:05.25+08:00') = time_point('20240102030405') + '0.25 s' AS fraction, time_point('0001-01-01T00:00:00Z') = '0001-01-01 00:00+00' AS first,
       time_point('2024-02-29T23:59:59-11:30') = '2024-02-29 23:59:59-11:30'::timestamptz AS west;
SELECT input, pg_temp.fault('time_point', input) FROM unnest(ARRAY['2024', '202401', '202401020304', '20240102030405678', '20230229', '2023-02-29', '2024-1-2',
    '2024-01-02T03:04:05', '2024-01-02T03:04', '2024-01-02T25:04:05Z', '2024-01-02 03:04:05', '2024-01-02T03:04:05 08:00', '2024-01-02T03:04:05+99:00']) input;
-- what was probably meant
SELECT time_range('[2020,2021)');
SELECT time_range('[1704124800000,1704211200000)');
-- a closed bound holds its day, an open one nothing of it
SELECT time_range('[20240101,20240131]') = tstzrange('2024-01-01 00:00+08', '2024-02-01 00:00+08') AS month,
       time_range('(20240101,20240131)') = tstzrange('2024-01-02 00:00+08', '2024-01-31 00:00+08') AS open_days,
       time_range('[2024-01-01,20240101]') = tstzrange('2024-01-01 00:00+08', '2024-01-02 00:00+08') AS one_day, isempty(time_range('(20240101,20240101]')) AS no_day,
       time_range('[2024-01-01T00:00:00+08:00,2024-01-02T00:00:00+08:00)') = tstzrange('2024-01-01 00:00+08', '2024-01-02 00:00+08') AS zoned,
       time_range('[20240101,20240102120000]') = tstzrange('2024-01-01 00:00+08', '2024-01-02 12:00+08', '[]') AS mixed;

-- the four notations
SELECT time_range('(20240102000000,20240103000000)') = tstzrange('2024-01-02 00:00+08', '2024-01-03 00:00+08', '()') AS open,
       time_range('(20240102000000,20240103000000]') = tstzrange('2024-01-02 00:00+08', '2024-01-03 00:00+08', '(]') AS left_open,
       time_range('[20240102000000,20240103000000)') = tstzrange('2024-01-02 00:00+08', '2024-01-03 00:00+08', '[)') AS right_open,
       time_range('[20240102000000,20240103000000]') = tstzrange('2024-01-02 00:00+08', '2024-01-03 00:00+08', '[]') AS closed,
       time_range('[1704124800,1704211200)') = time_range('[20240102000000,20240103000000)') AS unix,
       time_range('　［ 20240102000000 ， 20240103000000 ）　') = time_range('[20240102000000,20240103000000)') AS full_width,
       time_range('（20240102000000，20240103000000］') = time_range('(20240102000000,20240103000000]') AS full_width_too;
-- equal bounds
SELECT isempty(time_range('(1700000005,1700000005)')) AND isempty(time_range('[1700000005,1700000005)')) AND isempty(time_range('(1700000005,1700000005]')) AS empty,
       time_range('[1700000005,1700000005]') = tstzrange(to_timestamp(1700000005), to_timestamp(1700000005), '[]') AS one_instant;
SELECT input, pg_temp.fault('time_range', input) FROM unnest(ARRAY[
    '[20240103000000,20240102000000)', '[20240102000000,20240230000000)', '[20240102000000,]', '[,20240102000000]', '[,]',
    '[20240102000000,1704211200)', '[1704124800000,1704211200000)', '20240102000000,20240103000000', '[20240102000000,20240103000000',
    '[20240102000000,20240103000000) x', '[20240102000000;20240103000000)', '[20240102000000 20240103000000)', '', '[', '[5', '[5,', '[5,6',
    '{5,6}', '［20240102000000，20241302000000］', '[20240102000000,20240103000000)[5,6)', '[1700000002,1700000001]', '[-1,5]', '[1700000005', '[1700000005,', '[1700000005,1700000006', 'empty', '(,)']) input;
-- a long text is quoted in part, at a character's edge
SELECT time_range(repeat('时', 100));
SELECT time_range('[100000001,100000002]') = time_range('[ 100000001 , 100000002 ]') AS good_again;

-- summer time in Shanghai, 1986 to 1991: read as PostgreSQL reads it, twice-occurring and skipped hours too
SELECT bool_and(time_point(to_char(t, 'YYYYMMDDHH24MISS')) = t AT TIME ZONE 'Asia/Shanghai') AS as_postgresql,
       count(DISTINCT time_point(to_char(t, 'YYYYMMDDHH24MISS')) - (t AT TIME ZONE 'UTC')) AS offsets
FROM generate_series('1985-12-31'::timestamp, '1992-01-02', '29 minutes') t;
SELECT pg_temp.fault('time_range', '[19860504023000,19860504031000]') AS skipped_hour;
-- another zone; an unknown one is refused
SET citybigdata.time_zone = 'Asia/Urumqi';
SELECT time_point('20240102030405') = '2024-01-02 03:04:05+06'::timestamptz AS urumqi;
SET citybigdata.time_zone = 'Mars/Olympus';
SELECT time_point('20240102030405') = '2024-01-02 03:04:05+06'::timestamptz AS still_urumqi;
RESET citybigdata.time_zone;
SELECT time_point('20240102030405') = '2024-01-02 03:04:05+08'::timestamptz AS shanghai_again;

-- canonical notation
SELECT time_range_text(time_range(' ( 1704124800 , 1704211200 ] ')) AS canonical,
       time_range_text(tstzrange('2024-01-02 00:00:00.5+08', '2024-01-02 00:00:01.5+08', '(]')) AS widened,
       time_range_text(tstzrange('1990-01-02 00:00:00.5+08', '1990-01-02 00:00:01.5+08')) AS widened_before_2000,
       time_range_text('empty') IS NULL AND time_range_text('[2024-01-01,)') IS NULL AND time_range_text('[-infinity,2024-01-01]') IS NULL
       AND time_range_text('[0044-03-15 BC,2024-01-01]') IS NULL AND time_range_text('[2024-01-01,10000-01-01 12:00]') IS NULL AS cannot_say;
SELECT bool_and(time_range(time_range_text(r)) = r) AS round_trip
FROM (SELECT tstzrange(to_timestamp(n::bigint * 7654321), to_timestamp(n::bigint * 7654321 + n), b) AS r
      FROM generate_series(1, 400) n, unnest(ARRAY['()', '(]', '[)', '[]']) b) s
WHERE lower(r) NOT BETWEEN '1986-01-01' AND '1992-01-01';

-- the result uses indexes
CREATE TEMP TABLE observed (at timestamptz, during tstzrange);
INSERT INTO observed SELECT to_timestamp(1704067200 + n * 600), tstzrange(to_timestamp(1704067200 + n * 600), to_timestamp(1704067800 + n * 600))
FROM generate_series(1, 5000) n;
CREATE INDEX observed_at ON observed (at);
CREATE INDEX observed_during ON observed USING gist (during);
CREATE INDEX observed_at_range ON observed USING gist (tstzrange(at, at, '[]'));
ANALYZE observed;
SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_indexonlyscan = off;
-- an instant in a range by a plain index: of a text, of a range that is known when the query runs, through a view, with a parameter
EXPLAIN (COSTS OFF) SELECT * FROM observed o WHERE in_time(o.at, '[20240102000000,20240102010000)');
CREATE TEMP VIEW seen AS SELECT o.at FROM observed o;
EXPLAIN (COSTS OFF) SELECT * FROM seen s WHERE in_time(s.at, tstzrange('2024-01-02 00:00+08', '2024-01-02 01:00+08', '(]'));
PREPARE one_day(text) AS SELECT count(*) FROM observed o WHERE in_time(o.at, $1);
SET plan_cache_mode = force_generic_plan;
EXPLAIN (COSTS OFF) EXECUTE one_day('[20240102,20240102]');
EXECUTE one_day('[20240102,20240102]');
EXECUTE one_day('(20240102,20240102)');
RESET plan_cache_mode;
SELECT bool_and(in_time(o.at, r) IS NOT DISTINCT FROM (o.at <@ r)) AS as_contained, count(*) FROM observed o, unnest(ARRAY['empty', '(,)', '[2024-01-02,)', '(,2024-01-02]', '[2024-01-02 08:00+08,2024-01-02 08:00+08]',
    '(2024-01-02 08:00+08,2024-01-03 08:00+08)', '[2024-01-02 08:00+08,2024-01-03 08:00+08)', '(2024-01-02 08:00+08,2024-01-03 08:00+08]']::tstzrange[]) r;
SELECT in_time(NULL, '(,)'::tstzrange) IS NULL AS null_instant, in_time(now(), NULL::tstzrange) IS NULL AS null_range;

EXPLAIN (COSTS OFF) SELECT * FROM observed WHERE during && time_range('[20240102000000,20240102010000)');
EXPLAIN (COSTS OFF) SELECT * FROM observed WHERE during @> time_point('20240102000000');
EXPLAIN (COSTS OFF) SELECT * FROM observed WHERE tstzrange(at, at, '[]') <@ time_range('[20240102000000,20240102010000)');
EXPLAIN (COSTS OFF) SELECT * FROM observed WHERE at >= lower(time_range('[20240102000000,20240102010000)')) AND at < time_point('20240102010000');
SELECT (SELECT count(*) FROM observed WHERE during && time_range('[20240102000000,20240102010000)')) = 6 AS six_of_ten_minutes,
       (SELECT count(*) FROM observed WHERE during @> time_point('20240102000000')) = 1 AS one;
