-- Lights of clocks that are suspended, go on, are extended and stopped at random, against a model that adds up minutes.
\set SHOW_CONTEXT never
SET search_path = citybigdata, public;
SET timezone = 'Asia/Shanghai';
SET citybigdata.process = ''; -- clocks alone
CREATE TEMP TABLE minute AS
SELECT at, sum(working::int) OVER (ORDER BY at) - working::int AS before
FROM (SELECT at, (at::time >= '08:00' AND at::time < '12:00' OR at::time >= '14:00' AND at::time < '18:00')
             AND CASE d.kind WHEN 'off' THEN false WHEN 'work' THEN true ELSE extract(isodow FROM at) < 6 END AS working
      FROM generate_series('2026-02-09 00:00'::timestamptz, '2026-03-31 00:00', interval '1 minute') at
      LEFT JOIN calendar_day d ON d.calendar = 'default' AND d.day = at::date) m;
ALTER TABLE minute ADD PRIMARY KEY (at);
-- when the clock ran
CREATE TEMP TABLE ran (since timestamptz, until timestamptz);
CREATE FUNCTION pg_temp.used(at timestamptz, running boolean) RETURNS bigint LANGUAGE sql AS $$
    SELECT coalesce(sum(CASE WHEN running THEN extract(epoch FROM x.until - x.since) / 60 ELSE (SELECT u.before FROM minute u WHERE u.at = x.until) - (SELECT s.before FROM minute s WHERE s.at = x.since) END), 0)::bigint
    FROM (SELECT least(r.since, used.at) AS since, least(coalesce(r.until, used.at), used.at) AS until FROM ran r) x
$$;
CREATE FUNCTION pg_temp.expected(at timestamptz, running boolean, budget bigint, warning bigint) RETURNS text LANGUAGE sql AS $$
    SELECT CASE WHEN NOT EXISTS (SELECT FROM ran r WHERE r.since <= expected.at AND (r.until IS NULL OR r.until > expected.at)) THEN 'paused'
                WHEN pg_temp.used(expected.at - interval '1 minute', running) >= budget THEN 'red' WHEN pg_temp.used(expected.at - interval '1 minute', running) >= warning THEN 'yellow' ELSE 'green' END
$$;
CREATE FUNCTION pg_temp.some_minutes(most integer) RETURNS interval LANGUAGE sql AS $$ SELECT make_interval(mins => 1 + floor(random() * most)::integer) $$;
CREATE TABLE lights_seen (light text, expected text, late boolean, guess text);
CREATE FUNCTION pg_temp.life(id integer) RETURNS void LANGUAGE plpgsql AS $$
#variable_conflict use_variable
DECLARE
    running boolean := random() < 0.3;
    size    integer := 4 * (1 + floor(random() * 180))::integer;
    budget  bigint := size;
    warning bigint := size * 3 / 4;
    granted integer := 0;
    at      timestamptz := '2026-02-10 00:00'::timestamptz + pg_temp.some_minutes(8000);
    ended   timestamptz;
    probe   timestamptz;
    late    boolean;
    refused text;
BEGIN
    DELETE FROM ran;
    PERFORM citybigdata.start_clock(id, 'stage', size, CASE WHEN running THEN 13 ELSE 3 END, at);
    INSERT INTO ran VALUES (at, NULL);
    FOR step IN 1..6 LOOP
        ended := at + pg_temp.some_minutes(CASE WHEN random() < 0.3 THEN 4000 ELSE 400 END);
        FOR n IN 0..3 LOOP
            probe := CASE n WHEN 0 THEN at ELSE at + pg_temp.some_minutes((extract(epoch FROM ended - at) / 60)::integer) END;
            INSERT INTO lights_seen SELECT citybigdata.case_light(id, probe), pg_temp.expected(probe, running, budget, warning), c.late, format('case %s step %s', id, step)
            FROM citybigdata.case_clocks(id, probe) c WHERE c.kind = 'stage';
        END LOOP;
        at := ended;
        late := pg_temp.used(at - interval '1 minute', running) >= budget;
        CASE floor(random() * 3)::integer
        WHEN 0 THEN -- suspended, or longer or shorter when it was already
            ended := at + pg_temp.some_minutes(2000);
            PERFORM citybigdata.pause_clocks(id, ended, at);
            UPDATE ran SET until = at WHERE since <= at AND until IS NULL;
            DELETE FROM ran WHERE since > at;
            INSERT INTO ran VALUES (ended, NULL);
        WHEN 1 THEN
            PERFORM citybigdata.resume_clocks(id, at);
            UPDATE ran SET since = at WHERE since > at;
        ELSE
            BEGIN
                PERFORM citybigdata.extend_clock(id, at);
                refused := NULL;
            EXCEPTION WHEN OTHERS THEN
                refused := SQLERRM;
            END;
            IF (refused IS NULL) <> (NOT late AND granted < 2) THEN
                RAISE 'extension %: late %, granted %', coalesce(refused, 'granted'), late, granted;
            END IF;
            IF refused IS NULL THEN
                granted := granted + 1;
                budget := budget + size;
                warning := warning + size;
            END IF;
        END CASE;
    END LOOP;
    IF (SELECT s.late FROM citybigdata.stop_clock(id, 'stage', at + interval '1 minute') s) <> (pg_temp.used(at, running) >= budget) THEN
        RAISE 'stop of case %', id;
    END IF;
END $$;
SELECT setseed(0.27);
SELECT count(*) AS cases FROM report_events('property', ARRAY(SELECT json_build_object('eventDesc', '井盖破损', 'otherTaskNum', 'L-' || n, 'address', '东华门大街1号', 'coordinateX', 448400.5, 'coordinateY', 4418600.25,
    'eventSrcID', 1, 'recTypeID', 1, 'eventLevelID', 1, 'eventTypeCode', '6', 'createTime', '20240131083000') FROM generate_series(1, 150) n));
SELECT count(pg_temp.life(rec_id)) AS lives FROM event WHERE sender_code = 'property';
SELECT count(*) AS probes, count(*) FILTER (WHERE light IS DISTINCT FROM expected) AS wrong, count(DISTINCT light) AS lights FROM lights_seen;
SELECT light, expected, guess FROM lights_seen WHERE light IS DISTINCT FROM expected ORDER BY guess LIMIT 10;
SELECT count(*) FILTER (WHERE light = 'red') > 50 AS reds, count(*) FILTER (WHERE light = 'yellow') > 10 AS yellows, count(*) FILTER (WHERE light = 'paused') > 50 AS pauses, bool_and(late) FILTER (WHERE light = 'red') AS red_is_late,
       bool_or(late) FILTER (WHERE light IN ('green', 'yellow')) AS others_are_not FROM lights_seen;
DROP TABLE lights_seen;
