\set SHOW_CONTEXT never
SET search_path = citybigdata, public;
SET timezone = 'Asia/Shanghai';
SET datestyle = 'ISO';
-- vectors: 08:00-12:00 and 14:00-18:00, holidays and make-up days of 2026
SELECT v.start, v.amount, v.unit, add_work(v.start, v.amount, v.unit), add_work(v.start, v.amount, v.unit) = v.expected AS right
FROM (VALUES
    ('2026-02-13 17:00'::timestamptz, 4::numeric, 2, '2026-02-14 11:00'::timestamptz), -- on a Saturday, a make-up day
    ('2026-02-14 17:30', 2, 2, '2026-02-24 09:30'),
    ('2026-02-14 17:30', 2, 12, '2026-02-14 19:30'), -- running time
    ('2026-09-30 17:00', 2, 2, '2026-10-08 09:00'),
    ('2026-10-09 17:00', 9, 2, '2026-10-10 18:00'), -- with the shift's end, not the next one's beginning
    ('2026-01-04 09:00', 1, 1, '2026-01-05 09:00')) v(start, amount, unit, expected);
-- units: a day of work is eight hours, a running day 24
SELECT u.unit, code_name('limit-unit', u.unit::text), add_work('2026-03-02 08:00', 1, u.unit) FROM unnest(ARRAY[1, 2, 3, 11, 12, 13]) u(unit);
-- fractions, zero, below zero
SELECT add_work('2026-03-02 08:00', 0.5, 1) AS half_a_day, add_work('2026-03-02 08:00', 1.75, 2) AS hours, add_work('2026-03-02 08:00', 0.1, 3) AS six_seconds,
       add_work('2026-03-02 08:00', 1::numeric / 3, 3) AS rounded, add_work('2026-03-02 08:00', 0.00000001, 13) AS nothing;
SELECT add_work('2026-03-01 20:00', 0, 2) AS zero, add_work('2026-03-02 08:00', -1, 2) AS before, add_work('2026-10-10 18:00', -8, 2) AS whole_day_before,
       add_work('2026-10-10 18:00', -9, 2) AS nine_before, add_work('2026-03-02 10:00', -1, 1) AS day_before, add_work('2026-03-02 10:00', -1, 11) AS running_day_before;
-- boundaries of shifts: before, at the beginning, at the end, in the break, at night, on a day off
SELECT s.start, add_work(s.start, 1, 3) AS minute, add_work(s.start, 4, 2) AS four_hours, add_work(s.start, -1, 3) AS minute_before
FROM (VALUES ('2026-03-02 07:59:59'::timestamptz), ('2026-03-02 08:00'), ('2026-03-02 08:00:01'), ('2026-03-02 11:59:59.999999'), ('2026-03-02 12:00'), ('2026-03-02 13:00'),
             ('2026-03-02 14:00'), ('2026-03-02 18:00'), ('2026-03-02 23:59:59'), ('2026-03-07 10:00'), ('2026-01-01 10:00')) s(start);
SELECT work_between('2026-03-02 08:00', '2026-03-02 18:00') AS day, work_between('2026-03-02 12:00', '2026-03-02 14:00') AS break, work_between('2026-02-14 17:30', '2026-02-24 09:30') AS over_holidays,
       work_between('2026-03-03 08:00', '2026-03-02 08:00') AS backwards, work_between('2026-01-01 00:00', '2027-01-01 00:00') AS year, work_between('2026-03-02 09:00:00.000001', '2026-03-02 09:00:00.000003') AS little;
-- session time zone and zone of the platform: the same instants
SET timezone = 'America/New_York';
SELECT add_work('2026-02-13 17:00+08', 4, 2) = '2026-02-14 11:00+08'::timestamptz AS same;
SET timezone = 'Asia/Shanghai';
-- summer time of Shanghai, 1986-05-04 to 1986-09-14 and so on: running time is time that passed, working time is what the clock shows
SELECT add_work('1986-05-03 12:00', 1, 11) AS running_day, add_work('1986-05-03 12:00', 24, 12) AS running_hours, add_work('1986-09-13 12:00', 1, 11) AS in_autumn,
       add_work('1988-07-01 09:00', 1, 2) AS working_hour, work_between('1988-04-16 00:00', '1988-04-18 18:00') AS over_the_change, add_work('1991-09-13 17:00', 2, 2) AS over_the_other;
-- the ends of the calendar
SELECT add_work('2199-12-31 17:00', 1, 2) AS last, add_work('1900-01-01 09:00', -1, 2) AS first, add_work('2026-01-01', 40000, 1) AS far, add_work('2026-01-01', -30000, 1) AS long_ago,
       add_work('2026-01-01', 100000, 11) AS running;
SELECT work_between('1900-01-01 00:00', '2199-12-31 23:59') - work_between('1900-01-01 00:00', '2026-01-01 00:00') = work_between('2026-01-01 00:00', '2199-12-31 23:59') AS additive;
-- what cannot be reckoned
CREATE FUNCTION pg_temp.fault(call text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE state text; message text; detail text; hint text; found text;
BEGIN
    EXECUTE 'SELECT ' || call INTO found;
    RETURN 'accepted: ' || found;
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
    RETURN coalesce((SELECT s.status_code::text FROM citybigdata.status_code s WHERE s.sqlstate = state), state) || ' ' || message || ' | ' || detail || coalesce(nullif(' | ' || hint, ' | '), '');
END $$;
SELECT c AS call, pg_temp.fault(c) FROM unnest(ARRAY['add_work(''2026-01-01'', 1, 4)', 'add_work(''2026-01-01'', 1, 0)', 'add_work(''2026-01-01'', 1, 14)', 'add_work(''2026-01-01'', 1, -8)',
    'add_work(''2026-01-01'', 1, 2147483647)', 'add_work(''2026-01-01'', 1, 2, ''no-such'')', 'add_work(''2026-01-01'', 1, 2, '''')',
    'add_work(''2026-01-01'', 1000000, 1)', 'add_work(''2026-01-01'', -1000000, 1)', 'add_work(''2026-01-01'', 1e30, 3)', 'add_work(''2026-01-01'', 1e30, 13)', 'add_work(''2026-01-01'', ''NaN'', 2)',
    'add_work(''2026-01-01'', ''Infinity'', 12)', 'add_work(''infinity'', 1, 2)', 'add_work(''-infinity'', 1, 12)', 'add_work(''infinity'', 0, 2)', 'add_work(''294276-12-31'', 2, 11)', 'add_work(''2200-01-02'', 1, 2)',
    'work_between(''infinity'', ''2026-01-01'')', 'work_between(''2026-01-01'', ''2300-01-01'')', 'work_between(''2026-01-01'', ''2026-01-02'', ''no-such'')',
    'calendar_unknown_from(''no-such'')', 'calendar_version(''no-such'')', 'calendar_known(now(), repeat(''长'', 100))']) c;
SELECT add_work(NULL, 1, 2) IS NULL AND work_between(NULL, now()) IS NULL AND add_work(now(), 1, 2, NULL) IS NULL AS strict;

-- 20 000 random pairs against a model that looks at every minute of 15 months (regress/calendar has more, without a database)
CREATE TEMP TABLE minute AS
SELECT at, working, sum(working::int) OVER (ORDER BY at) - working::int AS before
FROM (SELECT at, (at::time >= '08:00' AND at::time < '12:00' OR at::time >= '14:00' AND at::time < '18:00')
             AND CASE d.kind WHEN 'off' THEN false WHEN 'work' THEN true ELSE extract(isodow FROM at) < 6 END AS working
      FROM generate_series('2025-12-01'::timestamp, '2027-02-28 23:59', interval '1 minute') at LEFT JOIN calendar_day d ON d.calendar = 'default' AND d.day = at::date) m;
ANALYZE minute;
SELECT setseed(0.26);
CREATE TEMP TABLE pair AS
SELECT '2025-12-20'::timestamp + floor(random() * 540000) * interval '1 minute' AS start, floor(random() ^ 3 * 12000 + 1)::int AS n,
       '2025-12-20'::timestamp + floor(random() * 540000) * interval '1 minute' AS other, floor(random() * 6e7) * interval '1 microsecond' AS little
FROM generate_series(1, 20000);
SELECT count(*) AS pairs, count(*) FILTER (WHERE add_work(p.start::timestamptz, p.n, 3) <> r.at::timestamptz + interval '1 minute') AS later_wrong,
       count(*) FILTER (WHERE work_between(p.start::timestamptz, p.other::timestamptz) <> (o.before - s.before) * interval '1 minute') AS between_wrong
FROM pair p JOIN minute s ON s.at = p.start JOIN minute o ON o.at = p.other JOIN minute r ON r.working AND r.before = s.before + p.n - 1;
-- before: the beginning of the n-th working minute back
SELECT count(*) AS pairs, count(*) FILTER (WHERE add_work(p.start::timestamptz, -p.n, 3) <> r.at::timestamptz) AS earlier_wrong
FROM pair p JOIN minute s ON s.at = p.start JOIN minute r ON r.working AND r.before = s.before - p.n;
-- properties, at times with microseconds: the amount comes back, more is later, parts add up
SELECT count(*) AS pairs,
       count(*) FILTER (WHERE work_between(a.start, add_work(a.start, a.n / 7.0, 3)) <> round(a.n / 7.0 * 60000000) * interval '1 microsecond') AS not_given_back,
       count(*) FILTER (WHERE work_between(add_work(a.start, -a.n / 7.0, 3), a.start) <> round(a.n / 7.0 * 60000000) * interval '1 microsecond') AS not_taken_back,
       count(*) FILTER (WHERE add_work(a.start, a.n, 3) <= add_work(a.start, a.n - 0.000001, 3) OR add_work(a.start + interval '1 minute', a.n, 3) < add_work(a.start, a.n, 3)) AS not_monotonic,
       count(*) FILTER (WHERE add_work(add_work(a.start, a.n, 3), a.n, 3) <> add_work(a.start, 2 * a.n, 3)) AS steps_differ,
       count(*) FILTER (WHERE work_between(a.start, a.other) + work_between(a.other, a.start + interval '30 days') <> work_between(a.start, a.start + interval '30 days')) AS not_additive
FROM (SELECT (p.start + p.little)::timestamptz AS start, p.n, (p.other - p.little)::timestamptz AS other FROM pair p) a;
DROP TABLE minute, pair;

-- what is known
SELECT code, title_zh, day_minutes, holidays, shipped FROM calendar;
SELECT min(year), max(year), count(*), bool_and(shipped) AS shipped FROM calendar_year;
SELECT kind, count(*), bool_and(shipped) AS shipped FROM calendar_day GROUP BY kind ORDER BY kind;
SELECT calendar_unknown_from(), calendar_unknown_from('default'), calendar_known('2026-12-31 23:59'), calendar_known('2027-01-01 00:00') AS next_year, calendar_known('2003-12-31') AS before, calendar_known('infinity') AS never;
SELECT calendar, unknown_from, status_code, message FROM calendar_warnings('1000 years');
SELECT count(*) AS none FROM calendar_warnings('-1000 years');
SELECT maintain() ? 'calendarWarnings' AS told, convert_from((read_reply_frame(rest_ready())).body, 'UTF8')::json ->> 'calendarUnknownFrom' AS ready;
