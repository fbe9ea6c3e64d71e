-- Working calendars: what the tables hold, and reckoning with them. Loading: 45-calendar-load.sql.
COMMENT ON TABLE citybigdata.calendar IS 'Working calendars 工作日历; load_calendar() makes and changes them';
COMMENT ON COLUMN citybigdata.calendar.code IS 'Name in calls, for example default';
COMMENT ON COLUMN citybigdata.calendar.title IS 'English title';
COMMENT ON COLUMN citybigdata.calendar.title_zh IS 'Chinese title';
COMMENT ON COLUMN citybigdata.calendar.day_minutes IS 'Working minutes that count as one working day (unit 1 天)';
COMMENT ON COLUMN citybigdata.calendar.holidays IS 'own: those in calendar_day; none: it has no holidays; else the calendar whose holidays count';
COMMENT ON COLUMN citybigdata.calendar.shipped IS 'The row came with CREATE EXTENSION; pg_dump leaves it out';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.calendar', 'WHERE NOT shipped');

COMMENT ON TABLE citybigdata.calendar_hours IS 'Working hours 作息时间 of the weekdays, from a day on until the next valid_from of the calendar';
COMMENT ON COLUMN citybigdata.calendar_hours.calendar IS 'Working calendar';
COMMENT ON COLUMN citybigdata.calendar_hours.valid_from IS 'First day of these hours; -infinity: always';
COMMENT ON COLUMN citybigdata.calendar_hours.weekday IS '1 Monday to 7 Sunday; 0: make-up working days';
COMMENT ON COLUMN citybigdata.calendar_hours.hours IS 'Shifts, for example 08:00-12:00,14:00-18:00; empty: no work';
COMMENT ON COLUMN citybigdata.calendar_hours.shipped IS 'The row came with CREATE EXTENSION; pg_dump leaves it out';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.calendar_hours', 'WHERE NOT shipped');

COMMENT ON TABLE citybigdata.calendar_year IS 'Years whose holidays a calendar knows, without a gap';
COMMENT ON COLUMN citybigdata.calendar_year.calendar IS 'Working calendar';
COMMENT ON COLUMN citybigdata.calendar_year.year IS 'Year';
COMMENT ON COLUMN citybigdata.calendar_year.source IS 'Where the holidays come from, for example the number of the notice';
COMMENT ON COLUMN citybigdata.calendar_year.shipped IS 'The row came with CREATE EXTENSION; pg_dump leaves it out';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.calendar_year', 'WHERE NOT shipped');

COMMENT ON TABLE citybigdata.calendar_day IS 'Holidays 节假日 and make-up working days 补班日';
COMMENT ON COLUMN citybigdata.calendar_day.calendar IS 'Working calendar';
COMMENT ON COLUMN citybigdata.calendar_day.day IS 'Day';
COMMENT ON COLUMN citybigdata.calendar_day.kind IS 'off: no work; work: a working day, also on a Saturday or Sunday';
COMMENT ON COLUMN citybigdata.calendar_day.hours IS 'Shifts of this day alone; null: those of its weekday, else of make-up days';
COMMENT ON COLUMN citybigdata.calendar_day.name IS 'Name of the holiday in Chinese';
COMMENT ON COLUMN citybigdata.calendar_day.name_en IS 'Name of the holiday in English';
COMMENT ON COLUMN citybigdata.calendar_day.shipped IS 'The row came with CREATE EXTENSION; pg_dump leaves it out';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.calendar_day', 'WHERE NOT shipped');

CREATE OR REPLACE FUNCTION citybigdata.calendar_hours_problem(hours text) RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_calendar_hours_problem' LANGUAGE c STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.calendar_hours_problem(text) IS 'What is wrong with shifts; null: nothing. 08:00-12:00,14:00-18:00 is right';
CREATE OR REPLACE FUNCTION citybigdata.calendar_hours_minutes(hours text) RETURNS integer
    AS 'MODULE_PATHNAME', 'cbd_calendar_hours_minutes' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.calendar_hours_minutes(text) IS 'Minutes of shifts; null when they are wrong';

-- As for divisions: a row of the site replaces a shipped one of the same key, and a changed shipped row is the site's. A year is the
-- site's as a whole: none of its days is mixed with shipped ones. Hours that nobody could read are refused, whoever writes them.
CREATE OR REPLACE FUNCTION citybigdata.calendar_keep() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_TABLE_NAME IN ('calendar_hours', 'calendar_day') THEN
        IF citybigdata.calendar_hours_problem(NEW.hours) IS NOT NULL THEN
            PERFORM citybigdata.refuse(42230, citybigdata.say('{place}: {message}.', 'place', NEW.hours, 'message', citybigdata.calendar_hours_problem(NEW.hours)));
        END IF;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        IF TG_TABLE_NAME = 'calendar_year' AND OLD.shipped THEN
            UPDATE citybigdata.calendar_day d SET shipped = false
            WHERE d.calendar = OLD.calendar AND d.shipped AND extract(year FROM d.day) = OLD.year;
        END IF;
        NEW.shipped := false;
    ELSIF NEW.shipped THEN
        NULL;
    ELSIF TG_TABLE_NAME = 'calendar' THEN
        DELETE FROM citybigdata.calendar c WHERE c.code = NEW.code AND c.shipped;
    ELSIF TG_TABLE_NAME = 'calendar_hours' THEN
        DELETE FROM citybigdata.calendar_hours h
        WHERE h.calendar = NEW.calendar AND h.valid_from = NEW.valid_from AND h.weekday = NEW.weekday AND h.shipped;
    ELSIF TG_TABLE_NAME = 'calendar_year' THEN
        DELETE FROM citybigdata.calendar_year y WHERE y.calendar = NEW.calendar AND y.year = NEW.year AND y.shipped;
        DELETE FROM citybigdata.calendar_day d WHERE d.calendar = NEW.calendar AND extract(year FROM d.day) = NEW.year AND d.shipped;
    ELSE
        DELETE FROM citybigdata.calendar_day d WHERE d.calendar = NEW.calendar AND d.day = NEW.day AND d.shipped;
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION citybigdata.calendar_keep() IS
'Trigger: a changed shipped row becomes a row of the site, a row of the site replaces the shipped one, a year with all its days. Errors: 42230';
CREATE OR REPLACE TRIGGER calendar_keep BEFORE INSERT OR UPDATE ON citybigdata.calendar
    FOR EACH ROW EXECUTE FUNCTION citybigdata.calendar_keep();
ALTER TABLE citybigdata.calendar ENABLE ALWAYS TRIGGER calendar_keep;
CREATE OR REPLACE TRIGGER calendar_hours_keep BEFORE INSERT OR UPDATE ON citybigdata.calendar_hours
    FOR EACH ROW EXECUTE FUNCTION citybigdata.calendar_keep();
ALTER TABLE citybigdata.calendar_hours ENABLE ALWAYS TRIGGER calendar_hours_keep;
CREATE OR REPLACE TRIGGER calendar_year_keep BEFORE INSERT OR UPDATE ON citybigdata.calendar_year
    FOR EACH ROW EXECUTE FUNCTION citybigdata.calendar_keep();
ALTER TABLE citybigdata.calendar_year ENABLE ALWAYS TRIGGER calendar_year_keep;
CREATE OR REPLACE TRIGGER calendar_day_keep BEFORE INSERT OR UPDATE ON citybigdata.calendar_day
    FOR EACH ROW EXECUTE FUNCTION citybigdata.calendar_keep();
ALTER TABLE citybigdata.calendar_day ENABLE ALWAYS TRIGGER calendar_day_keep;

CREATE OR REPLACE FUNCTION citybigdata.calendar_changed() RETURNS trigger
    AS 'MODULE_PATHNAME', 'cbd_calendar_changed' LANGUAGE c;
COMMENT ON FUNCTION citybigdata.calendar_changed() IS 'Trigger: every session forgets what it has kept of the working calendars';
CREATE OR REPLACE TRIGGER calendar_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON citybigdata.calendar
    FOR EACH STATEMENT EXECUTE FUNCTION citybigdata.calendar_changed();
CREATE OR REPLACE TRIGGER calendar_hours_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON citybigdata.calendar_hours
    FOR EACH STATEMENT EXECUTE FUNCTION citybigdata.calendar_changed();
CREATE OR REPLACE TRIGGER calendar_year_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON citybigdata.calendar_year
    FOR EACH STATEMENT EXECUTE FUNCTION citybigdata.calendar_changed();
CREATE OR REPLACE TRIGGER calendar_day_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON citybigdata.calendar_day
    FOR EACH STATEMENT EXECUTE FUNCTION citybigdata.calendar_changed();

CREATE OR REPLACE FUNCTION citybigdata.add_work(start timestamptz, amount numeric, unit integer, calendar text DEFAULT 'default') RETURNS timestamptz
    AS 'MODULE_PATHNAME', 'cbd_add_work' LANGUAGE c STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.add_work(timestamptz, numeric, integer, text) IS
'When an amount of time is over. Unit (code table limit-unit): 1 working days, 2 working hours, 3 working minutes; 11, 12, 13 days, hours, minutes that run through nights and '
'holidays. Below zero: how long before; zero: start itself. add_work(now(), 4, 2). Errors: 40409 no such calendar, 42205 no such unit, 42204 before 1900 or after 2199';
CREATE OR REPLACE FUNCTION citybigdata.work_between("from" timestamptz, "to" timestamptz, calendar text DEFAULT 'default') RETURNS interval
    AS 'MODULE_PATHNAME', 'cbd_work_between' LANGUAGE c STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.work_between(timestamptz, timestamptz, text) IS
'Working time between two times, in hours, minutes and seconds; negative when the second is the earlier one. Errors: 40409, 42204 before 1900 or after 2199';

CREATE OR REPLACE FUNCTION citybigdata.calendar_unknown_from(calendar text DEFAULT 'default') RETURNS date
    AS 'MODULE_PATHNAME', 'cbd_calendar_unknown_from' LANGUAGE c STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.calendar_unknown_from(text) IS
'The day from which the calendar knows no holidays and ordinary weeks are assumed; null: it has none. Errors: 40409';
CREATE OR REPLACE FUNCTION citybigdata.calendar_known(at timestamptz, calendar text DEFAULT 'default') RETURNS boolean
    AS 'MODULE_PATHNAME', 'cbd_calendar_known' LANGUAGE c STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.calendar_known(timestamptz, text) IS
'Are the holidays of that year known? A reply with a deadline for which they are not has the warning 42232. Errors: 40409';
CREATE OR REPLACE FUNCTION citybigdata.calendar_version(calendar text DEFAULT 'default') RETURNS bigint
    AS 'MODULE_PATHNAME', 'cbd_calendar_version' LANGUAGE c STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.calendar_version(text) IS
'A number that changes when hours, holidays or the time zone do: what was computed with another one is to be computed again. It has no order. Errors: 40409';

CREATE OR REPLACE FUNCTION citybigdata.calendar_warnings(within interval DEFAULT '60 days')
    RETURNS TABLE (calendar text, unknown_from date, status_code integer, message text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT c.code, u.day, s.status_code, s.message
    FROM citybigdata.calendar c CROSS JOIN LATERAL citybigdata.calendar_unknown_from(c.code) u(day)
    JOIN citybigdata.status_code s ON s.status_code = 42232
    WHERE c.holidays = 'own' AND u.day <= now() + within
    ORDER BY c.code
$$;
COMMENT ON FUNCTION citybigdata.calendar_warnings(interval) IS
'Calendars whose next year must be loaded: its holidays are not known and it begins within that time. maintain() tells them';

-- Shipped rows are replaced as a whole by each version; a row of the site with the same key stays. The days: code/46-calendar-rows.sql.
INSERT INTO citybigdata.code_table (name, title, title_zh, version, shipped) VALUES
('limit-unit', 'Unit of a time limit', '时限单位', '1', true)
ON CONFLICT ON CONSTRAINT code_table_pkey DO NOTHING;
INSERT INTO citybigdata.code_table_row (table_name, code, name, sort, shipped) VALUES
('limit-unit', '1', '工作日', 1, true), ('limit-unit', '2', '工作时', 2, true), ('limit-unit', '3', '工作分钟', 3, true),
('limit-unit', '11', '紧急工作日', 11, true), ('limit-unit', '12', '紧急工作时', 12, true), ('limit-unit', '13', '紧急工作分钟', 13, true)
ON CONFLICT ON CONSTRAINT code_table_row_pkey DO NOTHING;
DELETE FROM citybigdata.calendar WHERE shipped;
INSERT INTO citybigdata.calendar (code, title, title_zh, day_minutes, holidays, shipped) VALUES
('default', 'Offices, holidays of the State Council', '机关作息，国务院节假日安排', 480, 'own', true)
ON CONFLICT ON CONSTRAINT calendar_pkey DO NOTHING;
DELETE FROM citybigdata.calendar_hours WHERE shipped;
INSERT INTO citybigdata.calendar_hours (calendar, valid_from, weekday, hours, shipped)
SELECT 'default', '-infinity', w.weekday, CASE WHEN w.weekday OPERATOR(pg_catalog.<) 6 THEN '08:00-12:00,14:00-18:00' ELSE '' END, true
FROM pg_catalog.generate_series(0, 7) w(weekday)
ON CONFLICT ON CONSTRAINT calendar_hours_pkey DO NOTHING;
