\set SHOW_CONTEXT never
SET search_path = citybigdata, public;
SET timezone = 'Asia/Shanghai';
SET datestyle = 'ISO';
-- a year as a list, tab-separated
BEGIN;
SELECT calendar_version() AS version \gset
SELECT add_work('2026-12-31 17:00', 2, 2) AS assumed;
SELECT code, changed, unknown_from, version = :version AS same_version FROM load_calendar(E'# made up for this test\ndate\tkind\tname\tname_en\n2027-01-01\toff\t元旦\tNew Year''s Day\n2027-01-03\twork\t元旦\t\n');
SELECT add_work('2026-12-31 17:00', 2, 2) AS loaded, calendar_unknown_from(), calendar_known('2027-06-01'), calendar_version() <> :version AS changed;
SELECT * FROM calendar_day WHERE NOT shipped ORDER BY day;
SELECT code, changed FROM load_calendar(E'date\tkind\tname\tname_en\n2027-01-01\toff\t元旦\tNew Year''s Day\n2027-01-03\twork\t元旦\t') AS again;
-- the year is replaced as a whole; a name changes no deadline
SELECT calendar_version() AS version \gset
SELECT code, changed, version = :version AS same_version FROM load_calendar(E'date,kind,name\n20270101,off,New Year\n2027/1/3,work,New Year');
SELECT code, changed, version = :version AS same_version FROM load_calendar(E'\uFEFF日期,类别,名称,工作时段\r\n2027/1/1,休,元旦,\r\n2027/2/5,班,除夕,08:00-12:00\r\n');
SELECT day, kind, hours, name, name_en FROM calendar_day WHERE day >= '2027-01-01' ORDER BY day;
SELECT add_work('2027-02-05 08:00', 5, 2) AS short_day;
SELECT action, object, detail FROM audit_log WHERE action = 'calendar.load' ORDER BY audit_id DESC LIMIT 1;
ROLLBACK;
SELECT calendar_unknown_from(), add_work('2026-12-31 17:00', 2, 2), calendar_version() = :version AS other_again;
-- what was shipped, once more: nothing changes
SELECT code, changed FROM load_calendar(data_file('cn_holidays.tsv'));
SELECT count(*) AS of_the_site FROM calendar_year WHERE NOT shipped;
-- another calendar: own hours, the same holidays
BEGIN;
SELECT code, changed, unknown_from FROM load_calendar('{"calendar": "hotline", "titleZh": "热线", "hours": {"mon-sun": ["00:00-08:00", "08:00-24:00"]}, "holidays": "none"}'::jsonb);
SELECT code, changed, unknown_from FROM load_calendar('{"calendar": "market", "hours": {"mon-thu": ["06:30-11:30"], "fri": ["06:30-11:30"], "sat-sun": ["05:00-12:00", "13:00-20:00"], "makeUp": "06:00-07:00"}, "dayMinutes": 300}');
SELECT * FROM calendar WHERE NOT shipped ORDER BY code;
SELECT weekday, hours FROM calendar_hours WHERE calendar = 'market' ORDER BY weekday;
SELECT add_work('2026-02-14 17:30', 2, 2, 'hotline') AS day_and_night, work_between('2026-01-01', '2026-02-01', 'hotline') AS month, calendar_unknown_from('hotline') IS NULL AS all_known, calendar_known('2100-01-01', 'hotline') AS known,
       add_work('2026-02-14 07:00', 1, 2, 'market') AS saturday, add_work('2026-02-16 07:00', 1, 3, 'market') AS after_the_festival, add_work('2026-02-23 12:00', 1, 1, 'market') AS a_day;
-- the year that the default calendar learns counts for the one that follows it
SELECT calendar_version('market') AS version, calendar_version('hotline') AS hotline \gset
SELECT changed FROM load_calendar('{"days": [{"date": "2027-01-04", "kind": "off"}]}');
SELECT calendar_unknown_from('market'), calendar_version('market') <> :version AS changed, calendar_version('hotline') = :hotline AS not_concerned, add_work('2027-01-04 06:00', 1, 2, 'market') AS after_it;
-- summer hours from a day on; the days before keep theirs
SELECT code, changed FROM load_calendar('{"hours": {"mon-fri": ["08:00-12:00", "15:00-18:00"], "sat": [], "sun": []}, "hoursFrom": "2026-06-01"}');
SELECT code, changed FROM load_calendar('{"hours": {"mon-fri": ["08:00-12:00", "14:00-18:00"], "sat": [], "sun": []}, "hoursFrom": "20261001"}');
SELECT work_between('2026-05-29', '2026-05-30') AS friday, work_between('2026-06-01', '2026-06-02') AS monday, work_between('2026-09-20', '2026-09-21') AS make_up_sunday, work_between('2026-10-08', '2026-10-09') AS in_autumn,
       add_work('2026-06-01 08:00', 1, 1) AS eight_hours, (SELECT day_minutes FROM calendar WHERE code = 'default');
-- the minutes of a day that were set stay when a year is loaded, and follow new hours
SELECT changed FROM load_calendar('{"dayMinutes": 450}');
SELECT changed FROM load_calendar('{"years": [2028]}');
SELECT day_minutes FROM calendar WHERE code = 'default';
SELECT changed FROM load_calendar('{"calendar": "hotline", "hours": {"mon-sun": ["08:00-20:00"]}}');
SELECT day_minutes, holidays FROM calendar WHERE code = 'hotline';
ROLLBACK;
-- clocks that change within a shift: it is as long as it was
BEGIN;
SET LOCAL citybigdata.time_zone = 'America/New_York';
SELECT changed > 0 AS made FROM load_calendar('{"calendar": "night", "holidays": "none", "hours": {"mon-sun": ["00:00-08:00", "22:00-24:00"]}}');
SELECT work_between('2026-03-07 00:00 America/New_York', '2026-03-08 00:00 America/New_York', 'night') AS ordinary, work_between('2026-03-08 00:00 America/New_York', '2026-03-09 00:00 America/New_York', 'night') AS spring,
       work_between('2026-11-01 00:00 America/New_York', '2026-11-02 00:00 America/New_York', 'night') AS autumn, add_work('2026-03-08 00:00 America/New_York', 6.5, 2, 'night') = '2026-03-08 07:30 America/New_York' AS in_spring;
SELECT setseed(0.5);
SELECT count(*) AS pairs, count(*) FILTER (WHERE work_between(a, b, 'night') + work_between(b, a + interval '300 days', 'night') <> work_between(a, a + interval '300 days', 'night')) AS not_additive,
       count(*) FILTER (WHERE work_between(a, add_work(a, n, 2, 'night'), 'night') <> n * interval '1 hour' OR work_between(add_work(a, -n, 2, 'night'), a, 'night') <> n * interval '1 hour') AS not_given_back
FROM (SELECT '2026-01-01 00:00+00'::timestamptz + random() * interval '700 days' AS a, '2026-01-01 00:00+00'::timestamptz + random() * interval '700 days' AS b, floor(random() * 3000)::integer AS n FROM generate_series(1, 10000)) r;
ROLLBACK;

-- refused: nothing is loaded, every error is told with its place
SELECT left(document, 90) AS document, p.* FROM (VALUES
    ('null'), ('[]'), ('{}'), ('{"source": "x"}'), ('{"calender": "default", "years": [2027]}'),
    ('{"calendar": "no-such", "years": [2027]}'), ('{"calendar": "Bad Name", "hours": {}}'), ('{"calendar": "own", "years": [2027]}'), ('{"calendar": 7, "years": [2027]}'),
    ('{"days": {"date": "2027-01-01"}}'), ('{"days": [null, "x", {}]}'), ('{"days": [{"date": "2027-02-29", "kind": "off"}, {"date": "2027-13-01", "kind": "off"}, {"date": "20270100", "kind": "off"}]}'),
    ('{"days": [{"date": "1-1-2027", "kind": "off"}, {"date": "2027-1/1", "kind": "off"}, {"date": "3027-01-01", "kind": "off"}, {"date": 20270101, "kind": "off"}, {"date": "明天", "kind": "off"}]}'),
    ('{"days": [{"date": "2027-01-01", "kind": "off"}, {"date": "20270101", "kind": "work"}]}'), ('{"days": [{"date": "2027-01-01", "kind": "holiday"}, {"date": "2027-01-02", "name": "x"}]}'),
    ('{"years": [2028], "days": [{"date": "2027-01-01", "kind": "off"}]}'), ('{"years": [2028]}'), ('{"years": [2001]}'), ('{"years": [2027, 2030]}'), ('{"years": 2027}'), ('{"years": ["2027"]}'), ('{"years": [27]}'), ('{"years": [2027.5]}'),
    ('{"days": [{"date": "2027-01-01", "kind": "off", "hours": ["08:00-12:00"]}, {"date": "2027-01-02", "kind": "work", "hours": []}, {"date": "2027-01-03", "kind": "work", "hours": ["8-12"]}, {"date": "2027-01-04", "kind": "work", "hours": 8}]}'),
    ('{"days": [{"date": "2027-01-01", "kind": "off", "note": "x"}]}'),
    ('{"hours": []}'), ('{"hours": {}}'), ('{"hours": {"mon-fri": ["08:00-12:00"]}}'), ('{"hours": {"mon-sun": []}}'), ('{"hours": {"mon-sun": ["08:00-12:00", "11:00-18:00"]}}'), ('{"hours": {"mon-sun": ["14:00-18:00", "08:00-12:00"]}}'),
    ('{"hours": {"mon-sun": ["22:00-06:00"]}}'), ('{"hours": {"mon-sun": ["08:00-25:00"]}}'), ('{"hours": {"mon-sun": ["08:00-08:00"]}}'), ('{"hours": {"mon-sun": ["24:00-24:00"]}}'), ('{"hours": {"mon-sun": ["08:60-09:00"]}}'),
    ('{"hours": {"mon-sun": [480]}}'), ('{"hours": {"mon-sun": [null]}}'), ('{"hours": {"mon-sun": null}}'), ('{"hours": {"mon-sun": "08:00-12:00,"}}'),
    ('{"hours": {"mon-fri": ["08:00-12:00"], "fri-sun": []}}'), ('{"hours": {"mon-sun": ["08:00-12:00"], "holiday": []}}'), ('{"hours": {"fri-mon": ["08:00-12:00"]}}'),
    ('{"hours": {"mon-sun": "01:00-02:00,03:00-04:00,05:00-06:00,07:00-08:00,09:00-10:00,11:00-12:00,13:00-14:00,15:00-16:00,17:00-18:00"}}'),
    ('{"hoursFrom": "2026-02-30", "hours": {"mon-sun": ["08:00-12:00"]}}'), ('{"hoursFrom": "2026-02-03"}'), ('{"dayMinutes": 0}'), ('{"dayMinutes": 1441}'), ('{"dayMinutes": "eight"}'), ('{"dayMinutes": 7.5}'),
    ('{"calendar": "market", "hours": {"mon-fri": ["08:00-12:00"], "sat-sun": ["08:00-10:00"]}}'),
    ('{"holidays": "default"}'), ('{"holidays": "no-such"}'), ('{"calendar": "x", "holidays": "x", "hours": {"mon-sun": ["08:00-12:00"]}}'), ('{"calendar": "x", "holidays": "own", "hours": {"mon-sun": ["08:00-12:00"]}}'),
    ('{"calendar": "x", "holidays": "none", "hours": {"mon-sun": ["08:00-12:00"]}, "years": [2027]}'), ('{"calendar": "x", "holidays": "default", "hours": {"mon-sun": ["08:00-12:00"]}, "days": []}'),
    ('{"title": "", "titleZh": 7}')) d(document) CROSS JOIN LATERAL calendar_problems(document::jsonb) p ORDER BY d.document COLLATE "C", p.pointer COLLATE "C", p.status_code, p.message COLLATE "C";
SELECT p.* FROM calendar_problems(NULL) p;
-- every day of a year but one
SELECT p.* FROM (SELECT jsonb_build_object('days', jsonb_agg(jsonb_build_object('date', d::date, 'kind', 'work'))) AS document
                 FROM generate_series('2027-01-01'::timestamp, '2027-12-31', interval '1 day') d WHERE d <> '2027-05-17') l CROSS JOIN LATERAL calendar_problems(l.document) p;
SELECT count(*) AS right FROM (SELECT jsonb_build_object('days', jsonb_agg(jsonb_build_object('date', d::date, 'kind', CASE WHEN extract(isodow FROM d) > 5 THEN 'off' ELSE 'work' END))) AS document
                 FROM generate_series('2028-01-01'::timestamp, '2028-12-31', interval '1 day') d) l CROSS JOIN LATERAL calendar_problems(l.document || '{"years": [2027, 2028]}') p;
\set VERBOSITY terse
SELECT load_calendar('{"years": [2028], "hours": {"mon-sun": []}}'::jsonb);
\set VERBOSITY default
SELECT load_calendar('{"hours": {"mon-sun": ["08:00-12:00", "11:00-18:00"]}, "days": [{"date": "2027-01-01", "kind": "off"}, {"date": "2027-02-30", "kind": "off"}]}'::jsonb);
SELECT load_calendar(NULL::jsonb);
SELECT load_calendar(NULL::text);
SELECT load_calendar('');
SELECT load_calendar('{"years": [2027');
SELECT load_calendar(E'date\tkind\n2027-01-01\toff\n2027-01-02');
SELECT load_calendar(E'date\tkind\n2027-01-01\toff\n2027-01-32\toff\n\t\n2027-01-03\t\n');
SELECT load_calendar(E'date,kind,name\n2027-01-01,off,"New Year, first"');
SELECT load_calendar(E'day,kind\n2027-01-01,off');
SELECT load_calendar(E'2027-01-01,off');
SELECT load_calendar(E'date\tkind\n2027-01-01\toff', 'no-such');
SELECT (SELECT count(*) FROM calendar_year WHERE NOT shipped) + (SELECT count(*) FROM calendar_day WHERE NOT shipped) + (SELECT count(*) FROM calendar WHERE NOT shipped) + (SELECT count(*) FROM calendar_hours WHERE NOT shipped) AS loaded;
-- hours that nobody can read are refused whoever writes them
UPDATE calendar_hours SET hours = '08:00-07:00' WHERE weekday = 1;
INSERT INTO calendar_day (calendar, day, kind, hours) VALUES ('default', '2027-01-01', 'work', 'always');
-- one's own row takes the place of the shipped one, a year with all its days
BEGIN;
INSERT INTO calendar_year (calendar, year) VALUES ('default', 2026);
SELECT count(*) AS days, (SELECT shipped FROM calendar_year WHERE year = 2026) AS shipped FROM calendar_day WHERE extract(year FROM day) = 2026;
UPDATE calendar_year SET source = 'x' WHERE year = 2025;
SELECT bool_or(shipped) AS shipped, count(*) > 0 AS there FROM calendar_day WHERE extract(year FROM day) = 2025;
INSERT INTO calendar_day (calendar, day, kind) VALUES ('default', '2024-01-01', 'work');
SELECT kind, shipped FROM calendar_day WHERE day = '2024-01-01';
-- and what a session has kept is forgotten
SELECT add_work('2024-01-01 09:00', 1, 2) AS works;
TRUNCATE calendar_day;
SELECT add_work('2024-01-02 09:00', 1, 2) AS day, add_work('2026-10-01 09:00', 1, 2) AS holiday;
DELETE FROM calendar WHERE code = 'default';
SELECT add_work('2024-01-02 09:00', 1, 2);
ROLLBACK;
-- who may
SET ROLE citybigdata_analyst;
SELECT add_work('2026-02-13 17:00', 4, 2) AS may_reckon, (SELECT count(*) > 0 FROM calendar_warnings('1000 years')) AS may_ask;
SELECT load_calendar('{"years": [2027]}'::jsonb);
RESET ROLE;
SET ROLE citybigdata_sysadmin;
BEGIN;
SELECT count(*) FROM calendar_problems('{"years": [2028]}');
SELECT changed FROM load_calendar('{"years": [2027]}'::jsonb);
ROLLBACK;
INSERT INTO calendar_year (calendar, year) VALUES ('default', 2027);
RESET ROLE;
