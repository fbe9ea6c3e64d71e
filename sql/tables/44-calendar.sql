-- Working calendars (clause 4): hours of the weekdays, and the holidays and make-up working days of whole years.
CREATE TABLE citybigdata.calendar (
    code        text    NOT NULL CONSTRAINT calendar_pkey PRIMARY KEY,
    title       text    NOT NULL,
    title_zh    text    NOT NULL,
    day_minutes integer NOT NULL CONSTRAINT calendar_day_minutes_check CHECK (day_minutes BETWEEN 1 AND 1440),
    holidays    text    NOT NULL,
    shipped     boolean NOT NULL DEFAULT false,
    CONSTRAINT calendar_code_check CHECK (code OPERATOR(pg_catalog.~) '^[a-z][a-z0-9-]{0,62}$'
        AND code OPERATOR(pg_catalog.<>) ALL (ARRAY['own', 'none']))
);

-- weekday 0: make-up working days. The rows of one calendar and valid_from are replaced together.
CREATE TABLE citybigdata.calendar_hours (
    calendar   text    NOT NULL,
    valid_from date    NOT NULL,
    weekday    integer NOT NULL CONSTRAINT calendar_hours_weekday_check CHECK (weekday BETWEEN 0 AND 7),
    hours      text    NOT NULL,
    shipped    boolean NOT NULL DEFAULT false,
    CONSTRAINT calendar_hours_pkey PRIMARY KEY (calendar, valid_from, weekday)
);

CREATE TABLE citybigdata.calendar_year (
    calendar text    NOT NULL,
    year     integer NOT NULL CONSTRAINT calendar_year_year_check CHECK (year BETWEEN 1900 AND 2199),
    source   text,
    shipped  boolean NOT NULL DEFAULT false,
    CONSTRAINT calendar_year_pkey PRIMARY KEY (calendar, year)
);

CREATE TABLE citybigdata.calendar_day (
    calendar text    NOT NULL,
    day      date    NOT NULL,
    kind     text    NOT NULL CONSTRAINT calendar_day_kind_check CHECK (kind OPERATOR(pg_catalog.=) ANY (ARRAY['off', 'work'])),
    hours    text,
    name     text,
    name_en  text,
    shipped  boolean NOT NULL DEFAULT false,
    CONSTRAINT calendar_day_pkey PRIMARY KEY (calendar, day),
    CONSTRAINT calendar_day_hours_check CHECK (hours IS NULL OR kind OPERATOR(pg_catalog.=) 'work')
);
