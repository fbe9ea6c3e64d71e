-- load_calendar(): what calendar_problems() finds nothing wrong with.
CREATE OR REPLACE FUNCTION citybigdata.calendar_store(document jsonb)
    RETURNS TABLE (code text, changed bigint, years integer[])
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    target  text := coalesce(document ->> 'calendar', 'default');
    since   date := coalesce(citybigdata.calendar_date(document ->> 'hoursFrom'), '-infinity');
    minutes integer;
    touched integer[];
    done    bigint := 0;
    part    bigint;
BEGIN
    -- hours; what is not given stays
    WITH week AS (
        SELECT target, since, d.weekday, coalesce(w.shifts, (SELECT m.shifts FROM citybigdata.calendar_week(document -> 'hours') m
                                                              WHERE m.weekday > 0 AND m.shifts <> '' ORDER BY m.weekday LIMIT 1)) AS hours
        FROM generate_series(0, 7) d(weekday) LEFT JOIN citybigdata.calendar_week(document -> 'hours') w ON w.weekday = d.weekday
        WHERE document ? 'hours'
    )
    INSERT INTO citybigdata.calendar_hours AS h (calendar, valid_from, weekday, hours)
    SELECT w.* FROM week w
    WHERE EXISTS (SELECT FROM week n WHERE NOT EXISTS (SELECT FROM citybigdata.calendar_hours o
        WHERE o.calendar = target AND o.valid_from = since AND o.weekday = n.weekday AND o.hours = n.hours))
    ON CONFLICT ON CONSTRAINT calendar_hours_pkey DO UPDATE SET hours = excluded.hours;
    GET DIAGNOSTICS done = ROW_COUNT;

    SELECT coalesce((document ->> 'dayMinutes')::integer, CASE WHEN document ? 'hours' AND count(DISTINCT m.minutes) = 1 THEN min(m.minutes) END, (SELECT c.day_minutes FROM citybigdata.calendar c WHERE c.code = target))
    INTO minutes FROM (SELECT citybigdata.calendar_hours_minutes(h.hours) AS minutes FROM citybigdata.calendar_hours h WHERE h.calendar = target AND h.weekday > 0 AND h.hours <> '') m;
    INSERT INTO citybigdata.calendar AS c (code, title, title_zh, day_minutes, holidays)
    SELECT target, coalesce(document ->> 'title', o.title, target), coalesce(document ->> 'titleZh', o.title_zh, target), minutes,
           coalesce(document ->> 'holidays', o.holidays, CASE WHEN document ?| ARRAY['days', 'years'] THEN 'own' ELSE 'default' END)
    FROM (SELECT) one LEFT JOIN citybigdata.calendar o ON o.code = target
    WHERE (o.title, o.title_zh, o.day_minutes, o.holidays) IS DISTINCT FROM (coalesce(document ->> 'title', o.title, target), coalesce(document ->> 'titleZh', o.title_zh, target), minutes,
           coalesce(document ->> 'holidays', o.holidays, CASE WHEN document ?| ARRAY['days', 'years'] THEN 'own' ELSE 'default' END))
    ON CONFLICT ON CONSTRAINT calendar_pkey DO UPDATE
    SET title = excluded.title, title_zh = excluded.title_zh, day_minutes = excluded.day_minutes, holidays = excluded.holidays;
    GET DIAGNOSTICS part = ROW_COUNT;
    done := done + part;

    -- years that are not the same already: shipped ones stay shipped
    WITH stored AS (
        SELECT d.day, d.kind, d.hours, d.name, d.name_en FROM citybigdata.calendar_day d WHERE d.calendar = target
    ), fresh AS (
        SELECT d.day, d.kind, d.shifts, d.name, d.name_en FROM citybigdata.calendar_days(document) d
    ), differs AS (
        (TABLE fresh EXCEPT TABLE stored) UNION ALL (TABLE stored EXCEPT TABLE fresh)
    )
    SELECT array_agg(y.year ORDER BY y.year), coalesce(sum(n.days + (k.year IS NULL)::integer), 0) INTO touched, part
    FROM citybigdata.calendar_years(document) y(year)
    CROSS JOIN LATERAL (SELECT count(*) AS days FROM differs d WHERE extract(year FROM d.day) = y.year) n
    LEFT JOIN citybigdata.calendar_year k ON k.calendar = target AND k.year = y.year
    WHERE n.days > 0 OR k.year IS NULL;
    done := done + part;
    DELETE FROM citybigdata.calendar_day d WHERE d.calendar = target AND extract(year FROM d.day) = ANY (touched);
    DELETE FROM citybigdata.calendar_year y WHERE y.calendar = target AND y.year = ANY (touched);
    INSERT INTO citybigdata.calendar_year (calendar, year, source) SELECT target, t.year, document ->> 'source' FROM unnest(touched) t(year);
    INSERT INTO citybigdata.calendar_day (calendar, day, kind, hours, name, name_en)
    SELECT target, d.day, d.kind, d.shifts, d.name, d.name_en FROM citybigdata.calendar_days(document) d WHERE extract(year FROM d.day) = ANY (touched);

    RETURN QUERY SELECT target, done, touched;
END
$$;
COMMENT ON FUNCTION citybigdata.calendar_store(jsonb) IS 'Stores a document that calendar_problems() finds nothing wrong with, under the lock of load_calendar(): how many entries changed, and which years. For the functions of this extension only';

CREATE OR REPLACE FUNCTION citybigdata.load_calendar(document jsonb)
    RETURNS TABLE (code text, changed bigint, unknown_from date, version bigint)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    bad  record;
    done record;
BEGIN
    -- one at a time: each is checked against what the one before has left
    PERFORM citybigdata.own_lock('calendar');
    SELECT min(p.status_code) AS code, string_agg(citybigdata.say('{place}: {message}.', 'place', coalesce(nullif(p.pointer, ''), citybigdata.say('The whole')), 'message', p.message), E'\n') AS says
    INTO bad FROM (SELECT * FROM citybigdata.calendar_problems(document) p ORDER BY p.status_code, p.pointer LIMIT 20) p;
    IF bad.code IS NOT NULL THEN
        PERFORM citybigdata.refuse(bad.code, bad.says || E'\n' || citybigdata.say('Nothing was loaded.'));
    END IF;
    SELECT s.* INTO done FROM citybigdata.calendar_store(document) s;
    PERFORM citybigdata.audit_event('calendar.load', done.code, format('%s changes, years %s', done.changed, coalesce(array_to_string(done.years, ','), 'none')));
    RETURN QUERY SELECT done.code, done.changed, citybigdata.calendar_unknown_from(done.code), citybigdata.calendar_version(done.code);
END
$$;
COMMENT ON FUNCTION citybigdata.load_calendar(jsonb) IS
'Makes or changes a working calendar: {"calendar", "title", "titleZh", "holidays", "hours", "hoursFrom", "dayMinutes", "years", "days", "source"}; a year is replaced as a whole. '
'Returns how many entries changed, the day from which holidays are not known, and the new version. Errors: those of calendar_problems(), and then nothing is loaded';

CREATE OR REPLACE FUNCTION citybigdata.calendar_table(content text, calendar text) RETURNS jsonb
    LANGUAGE plpgsql STABLE STRICT SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    separator text;
    names     text[];
    days      jsonb;
    bad       bigint;
BEGIN
    content := ltrim(replace(content, E'\r', ''), chr(65279));
    SELECT CASE WHEN strpos(l.line, E'\t') > 0 THEN E'\t' ELSE ',' END, string_to_array(l.line, CASE WHEN strpos(l.line, E'\t') > 0 THEN E'\t' ELSE ',' END)
    INTO separator, names FROM string_to_table(content, E'\n') WITH ORDINALITY l(line, n)
    WHERE btrim(l.line, E' \t,') <> '' AND NOT starts_with(l.line, '#') ORDER BY l.n LIMIT 1;
    SELECT array_agg(coalesce(c.member, h.name) ORDER BY h.n) INTO names
    FROM unnest(names) WITH ORDINALITY h(name, n)
    LEFT JOIN (VALUES ('date', 'date'), ('kind', 'kind'), ('name', 'name'), ('name_en', 'nameEn'), ('hours', 'hours'),
                      ('日期', 'date'), ('类别', 'kind'), ('名称', 'name'), ('英文名称', 'nameEn'), ('工作时段', 'hours')) c(heading, member) ON c.heading = btrim(h.name);
    IF names IS NULL OR NOT names @> ARRAY['date', 'kind'] OR NOT names <@ ARRAY['date', 'kind', 'name', 'nameEn', 'hours'] THEN
        PERFORM citybigdata.refuse(40002, citybigdata.say('The first line names the columns: date, kind and, if need be, name, name_en, hours (日期、类别、名称、英文名称、工作时段); it is {names}.', 'names', coalesce(left(array_to_string(names, ' '), 100), citybigdata.say('missing'))));
    END IF;
    WITH line AS (
        SELECT l.n, l.line, string_to_array(l.line, separator) AS cells
        FROM string_to_table(content, E'\n') WITH ORDINALITY l(line, n) WHERE btrim(l.line, E' \t,') <> '' AND NOT starts_with(l.line, '#')
    )
    SELECT min(l.n) FILTER (WHERE cardinality(l.cells) <> cardinality(names) OR strpos(l.line, '"') > 0),
           jsonb_agg(d.day || jsonb_build_object('line', l.n) ORDER BY l.n)
    INTO bad, days
    FROM line l CROSS JOIN LATERAL (
        SELECT jsonb_object_agg(c.name, CASE WHEN c.name = 'hours' THEN regexp_replace(btrim(c.cell), '[; ]+', ',', 'g') ELSE btrim(c.cell) END)
            FILTER (WHERE c.name IS NOT NULL AND btrim(c.cell) <> '') AS day
        FROM unnest(names, l.cells) c(name, cell)) d
    WHERE l.n > (SELECT min(f.n) FROM line f);
    IF bad IS NOT NULL THEN
        PERFORM citybigdata.refuse(40002, citybigdata.say('Line {line} has not the {cells} cells of the first line, or has quotation marks. Cells are separated by {separator}; several shifts of a day are written 08:00-12:00;14:00-18:00.',
                                                          'line', bad, 'cells', cardinality(names), 'separator', CASE separator WHEN ',' THEN citybigdata.say('a comma') ELSE citybigdata.say('a tab') END));
    END IF;
    RETURN jsonb_build_object('calendar', calendar, 'days', coalesce(days, '[]'));
END
$$;
COMMENT ON FUNCTION citybigdata.calendar_table(text, text) IS
'A list of days, tab-separated or CSV, as a calendar document: the first line names the columns, lines from # are comments. Errors: 40002';

CREATE OR REPLACE FUNCTION citybigdata.load_calendar(content text, calendar text DEFAULT 'default')
    RETURNS TABLE (code text, changed bigint, unknown_from date, version bigint)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    document jsonb;
BEGIN
    IF content IS NULL THEN
        PERFORM citybigdata.refuse(42201, citybigdata.say('The content is missing.'));
    ELSIF content ~ '^\s*[{[]' THEN
        BEGIN
            document := content::jsonb;
        EXCEPTION WHEN data_exception THEN
            PERFORM citybigdata.refuse(40001, SQLERRM);
        END;
    ELSE
        document := citybigdata.calendar_table(content, calendar);
    END IF;
    RETURN QUERY SELECT * FROM citybigdata.load_calendar(document);
END
$$;
COMMENT ON FUNCTION citybigdata.load_calendar(text, text) IS
'load_calendar() of a JSON text, or of whole years as a list of their holidays and make-up days, tab-separated or CSV with the columns date, kind (off, work), name, name_en, hours. '
'Errors: 40001, 40002, those of calendar_problems()';

CREATE OR REPLACE FUNCTION citybigdata.calendar_save(document jsonb, csv text)
    RETURNS TABLE (pointer text, status_code integer, message text, code text, changed bigint, unknown_from date, version bigint, years integer[])
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    given jsonb := document;
    found boolean := false;
BEGIN
    PERFORM citybigdata.own_lock('calendar');
    IF csv IS NOT NULL THEN
        BEGIN
            given := document || (citybigdata.calendar_table(csv, coalesce(document ->> 'calendar', 'default')) - 'calendar');
        EXCEPTION WHEN OTHERS THEN
            -- its own refusals; what the database does is not ours to tell
            IF SQLSTATE NOT LIKE 'UD%' THEN
                RAISE;
            END IF;
            GET STACKED DIAGNOSTICS message = PG_EXCEPTION_DETAIL;
            pointer := '/csv';
            status_code := 42275;
            RETURN NEXT;
            RETURN;
        END;
    END IF;
    FOR pointer, status_code, message IN SELECT p.pointer, p.status_code, p.message FROM citybigdata.calendar_problems(given) p ORDER BY p.pointer, p.status_code LOOP
        found := true;
        pointer := CASE WHEN csv IS NOT NULL AND pointer ~ '^/days' THEN '/csv' ELSE pointer END;
        RETURN NEXT;
    END LOOP;
    IF NOT found THEN
        RETURN QUERY SELECT NULL::text, 0, NULL::text, s.code, s.changed, citybigdata.calendar_unknown_from(s.code), citybigdata.calendar_version(s.code), s.years FROM citybigdata.calendar_store(given) s;
    END IF;
END
$$;
COMMENT ON FUNCTION citybigdata.calendar_save(jsonb, text) IS
'load_calendar() for the endpoint: a document, and a list of days as CSV if need be; either one row with status 0, or what is wrong and nothing is loaded. For the functions of this extension only';

CREATE OR REPLACE FUNCTION citybigdata.rest_admin_calendars(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    calendar text, year text, cursor text, page_size text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_admin_calendars' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_admin_calendars(text, inet, text, text, bytea, text, text, text, text) IS
'GET /admin/calendars: {items, nextCursor} of working calendars; with year the days of that year. For sysadmin. 401nn, 40304, 40307; 42200';

CREATE OR REPLACE FUNCTION citybigdata.rest_calendar_save(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    calendar text, title text, title_zh text, holidays text, hours text, hours_from text, day_minutes text, years text, days text, source text, csv text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_calendar_save' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_calendar_save(text, inet, text, text, bytea, text, text, text, text, text, text, text, text, text, text, text) IS
'POST /admin/calendars: {calendar, changed, unknownFrom, version}; load_calendar() of the body. For sysadmin. 401nn, 40304, 40307; 42200 with every error';
