-- Loading working calendars: one document says what is to be, all of its errors are found before anything is changed.
CREATE OR REPLACE FUNCTION citybigdata.calendar_date(value text) RETURNS date
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN p.y BETWEEN 1900 AND 2199 AND p.m BETWEEN 1 AND 12 AND p.d BETWEEN 1 AND 31
                     AND (make_date(p.y, p.m, 1) + interval '1 month')::date > make_date(p.y, p.m, 1) + p.d - 1
                THEN make_date(p.y, p.m, 1) + p.d - 1 END
    FROM (SELECT m[1]::integer AS y, m[2]::integer AS m, m[3]::integer AS d
          FROM (SELECT coalesce(regexp_match(value, '^([0-9]{4})([0-9]{2})([0-9]{2})$'),
                                (SELECT ARRAY[r[1], r[3], r[4]] FROM regexp_match(value, '^([0-9]{4})([-/])([0-9]{1,2})\2([0-9]{1,2})$') r))) t(m)) p
$$;
COMMENT ON FUNCTION citybigdata.calendar_date(text) IS 'A day written 2027-01-01, 20270101 or 2027/1/1, from 1900 to 2199; null: none of these';

CREATE OR REPLACE FUNCTION citybigdata.calendar_shifts(value jsonb) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE jsonb_typeof(value)
        WHEN 'string' THEN value #>> '{}'
        WHEN 'array' THEN coalesce((SELECT string_agg(coalesce(s.shift #>> '{}', 'null'), ',' ORDER BY s.n)
                                    FROM jsonb_array_elements(value) WITH ORDINALITY s(shift, n)), '') END
$$;
COMMENT ON FUNCTION citybigdata.calendar_shifts(jsonb) IS 'Shifts from a JSON array or string as stored, not checked; null: of another type';

CREATE OR REPLACE FUNCTION citybigdata.calendar_week(hours jsonb) RETURNS TABLE (key text, weekday integer, shifts text)
    LANGUAGE sql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp AS $$
    SELECT e.key, CASE WHEN e.key = 'makeUp' THEN 0 ELSE d.weekday END, citybigdata.calendar_shifts(e.value)
    FROM jsonb_each(CASE WHEN jsonb_typeof(hours) = 'object' THEN hours ELSE '{}' END) e
    CROSS JOIN (SELECT ARRAY['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] AS list) names
    LEFT JOIN LATERAL generate_series(array_position(names.list, split_part(e.key, '-', 1)),
        array_position(names.list, CASE WHEN e.key ~ '^[a-z]{3}-[a-z]{3}$' THEN split_part(e.key, '-', 2) WHEN e.key ~ '^[a-z]{3}$' THEN e.key END)) d(weekday) ON true
$$;
COMMENT ON FUNCTION citybigdata.calendar_week(jsonb) IS 'Hours by weekday (0 make-up days, 1 Monday to 7 Sunday; null: the key is no weekday) of the member hours';

CREATE OR REPLACE FUNCTION citybigdata.calendar_hours_problems(hours jsonb) RETURNS TABLE (pointer text, status_code integer, message text)
    LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp AS $$
    SELECT '/hours', 42202, citybigdata.say('an object is expected, for example {"mon-fri":["08:00-12:00","14:00-18:00"],"sat":[],"sun":[]}')
    WHERE jsonb_typeof(hours) <> 'object'
    UNION ALL
    SELECT DISTINCT '/hours/' || w.key, CASE WHEN w.weekday IS NULL THEN 42225 WHEN w.shifts IS NULL THEN 42202 ELSE 42230 END,
           CASE WHEN w.weekday IS NULL THEN citybigdata.say('a weekday is mon, tue, wed, thu, fri, sat or sun; several are mon-fri; make-up days are makeUp')
                WHEN w.shifts IS NULL THEN citybigdata.say('shifts are expected, for example ["08:00-12:00","14:00-18:00"]')
                ELSE citybigdata.say('{shifts}: {problem}; for example ["08:00-12:00","14:00-18:00"]', 'shifts', w.shifts, 'problem', citybigdata.calendar_hours_problem(w.shifts)) END
    FROM citybigdata.calendar_week(hours) w
    WHERE w.weekday IS NULL OR w.shifts IS NULL OR citybigdata.calendar_hours_problem(w.shifts) IS NOT NULL
    UNION ALL
    SELECT '/hours/' || max(w.key), 42230, citybigdata.say('the weekday is in {key}; each has its hours once', 'key', string_agg(w.key, citybigdata.say(' and ') ORDER BY w.key))
    FROM citybigdata.calendar_week(hours) w GROUP BY w.weekday HAVING count(*) > 1 AND w.weekday IS NOT NULL
    UNION ALL
    SELECT '/hours', 42231, citybigdata.say('no hours for {name}; a day without work has []', 'name', string_agg(d.name, ', ' ORDER BY d.n))
    FROM unnest(ARRAY['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']) WITH ORDINALITY d(name, n)
    WHERE jsonb_typeof(hours) = 'object' AND NOT EXISTS (SELECT FROM citybigdata.calendar_week(hours) w WHERE w.weekday = d.n)
    HAVING count(*) > 0
    UNION ALL
    SELECT '/hours', 42231, citybigdata.say('no weekday has any hours; for example {"mon-sun":["00:00-24:00"]}')
    FROM citybigdata.calendar_week(hours) w HAVING count(DISTINCT w.weekday) FILTER (WHERE w.weekday > 0 AND w.shifts IS NOT NULL) = 7 AND coalesce(max(w.shifts) FILTER (WHERE w.weekday > 0), '') = ''
$$;
COMMENT ON FUNCTION citybigdata.calendar_hours_problems(jsonb) IS 'Errors of the member hours of a calendar document';

CREATE OR REPLACE FUNCTION citybigdata.calendar_days(document jsonb)
    RETURNS TABLE (n bigint, element jsonb, day date, kind text, shifts text, name text, name_en text)
    LANGUAGE sql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp AS $$
    SELECT e.n - 1, e.element, citybigdata.calendar_date(e.element ->> 'date'),
           CASE e.element ->> 'kind' WHEN '休' THEN 'off' WHEN '班' THEN 'work' ELSE e.element ->> 'kind' END,
           citybigdata.calendar_shifts(CASE WHEN e.element ->> 'hours' IS NOT NULL THEN e.element -> 'hours' END),
           nullif(e.element ->> 'name', ''), nullif(e.element ->> 'nameEn', '')
    FROM jsonb_array_elements(CASE WHEN jsonb_typeof(document -> 'days') = 'array' THEN document -> 'days' ELSE '[]' END) WITH ORDINALITY e(element, n)
$$;
COMMENT ON FUNCTION citybigdata.calendar_days(jsonb) IS 'The days of a calendar document, not checked; n is their place from 0, day is null when the date is none';

CREATE OR REPLACE FUNCTION citybigdata.calendar_years(document jsonb) RETURNS SETOF integer
    LANGUAGE sql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp AS $$
    SELECT DISTINCT CASE WHEN y.year::text ~ '^(19|20|21)[0-9]{2}$' THEN y.year::text::integer END
    FROM jsonb_array_elements(CASE WHEN jsonb_typeof(document -> 'years') = 'array' THEN document -> 'years' ELSE '[]' END) y(year)
    UNION
    SELECT extract(year FROM d.day)::integer FROM citybigdata.calendar_days(document) d WHERE NOT document ? 'years' AND d.day IS NOT NULL
$$;
COMMENT ON FUNCTION citybigdata.calendar_years(jsonb) IS 'The years that a calendar document loads: its member years, else those of its days; null for what is no year';

CREATE OR REPLACE FUNCTION citybigdata.calendar_days_problems(document jsonb) RETURNS TABLE (pointer text, status_code integer, message text)
    LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp AS $$
    WITH given AS MATERIALIZED (
        SELECT d.*, count(*) OVER (PARTITION BY d.day) AS times, jsonb_typeof(d.element) = 'object' AS proper FROM citybigdata.calendar_days(document) d
    ), fault AS (
        SELECT g.n, g.element, f.* FROM given g CROSS JOIN LATERAL (VALUES
            (NOT g.proper, '', 42202, citybigdata.say('an object is expected, for example {"date":"2027-01-01","kind":"off","name":"元旦"}')),
            (g.proper AND g.element ->> 'date' IS NULL, '/date', 42201, citybigdata.say('the date is missing, for example "2027-01-01"')),
            (g.element ->> 'date' IS NOT NULL AND g.day IS NULL, '/date', 42213,
                citybigdata.say('{element} is no day of the years 1900 to 2199, written 2027-01-01, 20270101 or 2027/1/1', 'element', left(g.element ->> 'date', 32))),
            (g.day IS NOT NULL AND g.times > 1, '/date', 42204, citybigdata.say('{day} occurs {times} times; each day occurs once', 'day', g.day, 'times', g.times)),
            (g.day IS NOT NULL AND NOT extract(year FROM g.day) IN (SELECT y FROM citybigdata.calendar_years(document) y WHERE y IS NOT NULL), '/date', 42204,
                citybigdata.say('{day} is in none of the years that are loaded', 'day', g.day)),
            (g.proper AND g.kind IS NULL, '/kind', 42201, citybigdata.say('the kind is missing: off (休) or work (班)')),
            (g.kind NOT IN ('off', 'work'), '/kind', 42204, citybigdata.say('{kind} is not a kind: off (休) or work (班)', 'kind', left(g.kind, 32))),
            (g.element ->> 'hours' IS NOT NULL AND g.shifts IS NULL, '/hours', 42202, citybigdata.say('shifts are expected, for example ["08:00-12:00"]')),
            (g.shifts IS NOT NULL AND g.kind = 'off', '/hours', 42230, citybigdata.say('a day off has no hours; a short day is of the kind work')),
            (g.shifts = '' AND g.kind = 'work', '/hours', 42230, citybigdata.say('a working day has hours; a day without is of the kind off')),
            (citybigdata.calendar_hours_problem(g.shifts) IS NOT NULL, '/hours', 42230,
                citybigdata.say('{shifts}: {problem}; for example ["08:00-12:00"]', 'shifts', left(g.shifts, 64), 'problem', citybigdata.calendar_hours_problem(g.shifts))),
            (length(g.name) > 64 OR length(g.name_en) > 64, '/name', 42203, citybigdata.say('a name has at most 64 characters'))
        ) f(wrong, member, code, says) WHERE f.wrong
        UNION ALL
        SELECT g.n, g.element, true, '/' || k.member, 42225, citybigdata.say('the members of a day are date, kind, name, nameEn, hours')
        FROM given g CROSS JOIN LATERAL jsonb_object_keys(CASE WHEN g.proper THEN g.element ELSE '{}' END) k(member)
        WHERE k.member NOT IN ('date', 'kind', 'name', 'nameEn', 'hours', 'line')
    )
    SELECT format('/days/%s%s', f.n, f.member), f.code, CASE WHEN f.element ->> 'line' IS NULL THEN '' ELSE format('line %s: ', f.element ->> 'line') END || f.says
    FROM fault f
    UNION ALL
    -- more than half of a year's days: a list of every day, of which none may be missing
    SELECT '/days', 42231, citybigdata.say('{days} days of {year} are listed, and {missing} is missing; list every day, or only holidays and make-up days', 'days', l.days, 'year', l.year, 'missing', (SELECT min(d)::date FROM generate_series(make_date(l.year, 1, 1), make_date(l.year, 12, 31), interval '1 day') d WHERE d::date NOT IN (SELECT g.day FROM given g WHERE g.day IS NOT NULL)))
    FROM (SELECT extract(year FROM g.day)::integer AS year, count(DISTINCT g.day) AS days FROM given g WHERE g.day IS NOT NULL GROUP BY 1) l
    WHERE l.days > 183 AND l.days < make_date(l.year + 1, 1, 1) - make_date(l.year, 1, 1)
$$;
COMMENT ON FUNCTION citybigdata.calendar_days_problems(jsonb) IS 'Errors of the member days of a calendar document';

CREATE OR REPLACE FUNCTION citybigdata.calendar_problems(document jsonb) RETURNS TABLE (pointer text, status_code integer, message text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    WITH given AS MATERIALIZED (
        SELECT g.*, g.document -> 'hours' AS hours, coalesce(g.document ->> 'calendar', 'default') AS code,
               coalesce(g.document ->> 'holidays', c.holidays, CASE WHEN g.document ? 'days' OR g.document ? 'years' THEN 'own' ELSE 'default' END) AS follows,
               c.code IS NOT NULL AS known, ARRAY(SELECT y FROM citybigdata.calendar_years(g.document) y ORDER BY y) AS years
        FROM (SELECT CASE WHEN jsonb_typeof(document) = 'object' THEN document ELSE '{}' END AS document) g
        LEFT JOIN citybigdata.calendar c ON c.code = coalesce(g.document ->> 'calendar', 'default')
    )
    SELECT '', 42202, citybigdata.say('an object is expected, for example {"calendar":"default","days":[{"date":"2027-01-01","kind":"off","name":"元旦"}]}')
    WHERE jsonb_typeof(document) IS DISTINCT FROM 'object'
    UNION ALL
    SELECT f.pointer, f.code, f.says FROM given g CROSS JOIN LATERAL (VALUES
        (jsonb_typeof(calendar_problems.document) = 'object' AND NOT g.document ?| ARRAY['hours', 'days', 'years', 'holidays', 'title', 'titleZh', 'dayMinutes'], '', 42201, citybigdata.say('there is nothing to load: hours, days or years are expected')),
        (g.code !~ '^[a-z][a-z0-9-]{0,62}$' OR g.code IN ('own', 'none'), '/calendar', 42204, citybigdata.say('a name has small letters, digits and hyphens, for example night-shift')),
        (g.code ~ '^[a-z][a-z0-9-]{0,62}$' AND NOT g.known AND g.hours IS NULL, '/calendar', 40409,
            citybigdata.say('there is no calendar {code}; a new one needs hours, for example {"mon-fri":["08:00-12:00","14:00-18:00"],"sat":[],"sun":[]}', 'code', g.code)),
        (jsonb_typeof(g.document -> 'days') <> 'array', '/days', 42202, citybigdata.say('an array is expected, for example [{"date":"2027-01-01","kind":"off","name":"元旦"}]')),
        (jsonb_typeof(g.document -> 'years') <> 'array' OR array_position(g.years, NULL) > 0, '/years', 42204, citybigdata.say('years from 1900 to 2199 are expected, for example [2027]')),
        (g.document ? 'hoursFrom' AND citybigdata.calendar_date(g.document ->> 'hoursFrom') IS NULL, '/hoursFrom', 42213, citybigdata.say('a day is expected, for example "2027-05-01"')),
        (g.document ? 'hoursFrom' AND g.hours IS NULL, '/hours', 42201, citybigdata.say('hoursFrom says from when hours are valid, and there are none')),
        (g.document ? 'dayMinutes' AND CASE WHEN g.document ->> 'dayMinutes' ~ '^[1-9][0-9]{0,3}$' THEN (g.document ->> 'dayMinutes')::integer > 1440 ELSE true END,
            '/dayMinutes', 42204, citybigdata.say('the working minutes of a working day are expected, 1 to 1440, for example 480')),
        (NOT g.document ? 'dayMinutes' AND NOT g.known AND (SELECT count(DISTINCT citybigdata.calendar_hours_minutes(w.shifts)) > 1
             FROM citybigdata.calendar_week(g.hours) w WHERE w.weekday > 0 AND w.shifts <> ''), '/dayMinutes', 42201,
            citybigdata.say('the weekdays have different hours: dayMinutes says how many minutes are one working day, for example 480')),
        (g.follows NOT IN ('own', 'none') AND (g.follows = g.code OR NOT EXISTS (SELECT FROM citybigdata.calendar o WHERE o.code = g.follows AND o.holidays = 'own')),
            '/holidays', 42204, citybigdata.say('{follows}: own, none, or a calendar that has its own holidays, for example default', 'follows', left(g.follows, 64))),
        (g.known AND g.follows <> 'own' AND EXISTS (SELECT FROM citybigdata.calendar o WHERE o.holidays = g.code), '/holidays', 42204, citybigdata.say('other calendars use the holidays of this one')),
        (g.follows <> 'own' AND (g.document ? 'days' OR g.document ? 'years'), '/days', 42204,
            CASE WHEN g.follows = 'none' THEN citybigdata.say('the calendar has no holidays') ELSE citybigdata.say('the calendar uses the holidays of {follows}; load the days there', 'follows', left(g.follows, 64)) END),
        (g.follows = 'own' AND cardinality(g.years) = 0 AND NOT EXISTS (SELECT FROM citybigdata.calendar_year y WHERE y.calendar = g.code), '/years', 42231,
            citybigdata.say('a calendar with holidays of its own knows at least one year, for example [2027]'))
    ) f(wrong, pointer, code, says) WHERE f.wrong
    UNION ALL
    SELECT '/' || t.name, 42204, citybigdata.say('a text of at most 255 characters is expected') FROM given g CROSS JOIN unnest(ARRAY['calendar', 'title', 'titleZh', 'holidays', 'source']) t(name)
    WHERE g.document ? t.name AND (jsonb_typeof(g.document -> t.name) <> 'string' OR length(g.document ->> t.name) NOT BETWEEN 1 AND 255)
    UNION ALL
    SELECT '/' || k.member, 42225, citybigdata.say('the members are calendar, title, titleZh, holidays, hours, hoursFrom, dayMinutes, years, days, source')
    FROM given g CROSS JOIN LATERAL jsonb_object_keys(g.document) k(member)
    WHERE k.member NOT IN ('calendar', 'title', 'titleZh', 'holidays', 'hours', 'hoursFrom', 'dayMinutes', 'years', 'days', 'source')
    UNION ALL
    SELECT p.* FROM given g CROSS JOIN LATERAL citybigdata.calendar_hours_problems(g.hours) p
    UNION ALL
    SELECT p.* FROM given g CROSS JOIN LATERAL citybigdata.calendar_days_problems(g.document) p
    UNION ALL
    -- known and new years together have no gap
    SELECT '/years', 42231, citybigdata.say('the calendar knows {first} to {last}, and {year} would be missing between; load that first', 'first', k.first, 'last', k.last, 'year', string_agg(m.year::text, ', ' ORDER BY m.year))
    FROM given g CROSS JOIN LATERAL (SELECT min(y.year) AS first, max(y.year) AS last FROM citybigdata.calendar_year y WHERE y.calendar = g.code) k
    CROSS JOIN LATERAL generate_series(least(k.first, g.years[1]), greatest(k.last, (SELECT max(y) FROM unnest(g.years) y))) m(year)
    WHERE m.year <> ALL (g.years) AND cardinality(g.years) > 0 AND array_position(g.years, NULL) IS NULL
      AND NOT EXISTS (SELECT FROM citybigdata.calendar_year y WHERE y.calendar = g.code AND y.year = m.year)
    GROUP BY k.first, k.last
$$;
COMMENT ON FUNCTION citybigdata.calendar_problems(jsonb) IS
'Errors of a calendar document: where (RFC 6901 pointer), status code, and what would be right; no row: load_calendar() takes it';
