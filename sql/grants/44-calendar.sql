-- Working time is for everybody who reckons with it; the system administrator loads calendars.
GRANT SELECT ON citybigdata.calendar, citybigdata.calendar_hours, citybigdata.calendar_year, citybigdata.calendar_day
    TO citybigdata_sysadmin, citybigdata_secadmin, citybigdata_auditor, citybigdata_analyst;
GRANT EXECUTE ON FUNCTION citybigdata.add_work(timestamptz, numeric, integer, text), citybigdata.work_between(timestamptz, timestamptz, text),
    citybigdata.calendar_unknown_from(text), citybigdata.calendar_known(timestamptz, text), citybigdata.calendar_version(text), citybigdata.calendar_warnings(interval)
    TO citybigdata_sysadmin, citybigdata_secadmin, citybigdata_auditor, citybigdata_analyst;
-- calendar_problems() looks before loading; it calls the functions beside it as the caller.
GRANT EXECUTE ON FUNCTION citybigdata.load_calendar(jsonb), citybigdata.load_calendar(text, text), citybigdata.calendar_problems(jsonb)
    TO citybigdata_sysadmin;
GRANT EXECUTE ON FUNCTION citybigdata.calendar_date(text), citybigdata.calendar_shifts(jsonb), citybigdata.calendar_week(jsonb), citybigdata.calendar_days(jsonb),
    citybigdata.calendar_years(jsonb), citybigdata.calendar_hours_problem(text), citybigdata.calendar_hours_minutes(text), citybigdata.calendar_hours_problems(jsonb),
    citybigdata.calendar_days_problems(jsonb)
    TO citybigdata_sysadmin;
