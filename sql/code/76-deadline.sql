-- Deadlines: what the tables hold, lights and clocks. Filing conditions: 77-deadline-condition.sql.
COMMENT ON TABLE citybigdata.filing_condition IS 'Filing conditions 立案条件: when a problem of a type is filed, and how long its handling may take; load_conditions() and save_condition() write them';
COMMENT ON COLUMN citybigdata.filing_condition.condition_code IS 'Code, conditionCode of a step; stays the same when the list is loaded again';
COMMENT ON COLUMN citybigdata.filing_condition.event_type_code IS 'Type of code table event-type; empty: of every type';
COMMENT ON COLUMN citybigdata.filing_condition.condition_text IS 'The condition 立案条件, for example 井盖缺失';
COMMENT ON COLUMN citybigdata.filing_condition.limit_amount IS 'Time limit 处置时限, in limit_unit';
COMMENT ON COLUMN citybigdata.filing_condition.limit_unit IS 'Code table limit-unit: 1 working days, 2 working hours, 3 working minutes; 11, 12, 13 running time 紧急';
COMMENT ON COLUMN citybigdata.filing_condition.warning_share IS 'Part of the limit after which the light is yellow, to 1';
COMMENT ON COLUMN citybigdata.filing_condition.closing_condition IS 'When the case may be closed 结案条件';
COMMENT ON COLUMN citybigdata.filing_condition.unit_code IS 'Unit that handles it; null: the one that answers for type and division';
COMMENT ON COLUMN citybigdata.filing_condition.calendar IS 'Working calendar of the limit; null: that of the unit that has the case, or will have it';
COMMENT ON COLUMN citybigdata.filing_condition.active IS 'false: no case is filed by it any more';
COMMENT ON COLUMN citybigdata.filing_condition.updated_at IS 'When it was last changed';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.filing_condition', '');

COMMENT ON TABLE citybigdata.case_clock IS 'Clocks 计时 of cases: of the stage that a case is in, and of the whole chain (捆绑) since it was filed';
COMMENT ON COLUMN citybigdata.case_clock.rec_id IS 'The case';
COMMENT ON COLUMN citybigdata.case_clock.kind IS 'stage, chain';
COMMENT ON COLUMN citybigdata.case_clock.calendar IS 'Working calendar';
COMMENT ON COLUMN citybigdata.case_clock.running IS 'It counts running time 紧急, not working time';
COMMENT ON COLUMN citybigdata.case_clock.limit_amount IS 'The limit that it was started with, in limit_unit';
COMMENT ON COLUMN citybigdata.case_clock.limit_unit IS 'Code table limit-unit';
COMMENT ON COLUMN citybigdata.case_clock.limit_time IS 'The limit in microseconds; an extension 延期 adds as much';
COMMENT ON COLUMN citybigdata.case_clock.budget IS 'Microseconds that may be used, with extensions';
COMMENT ON COLUMN citybigdata.case_clock.warning IS 'Microseconds after which the light is yellow';
COMMENT ON COLUMN citybigdata.case_clock.consumed IS 'Microseconds that were used before running_since or resumes_at';
COMMENT ON COLUMN citybigdata.case_clock.started_at IS 'When it was started; escalations are counted from then';
COMMENT ON COLUMN citybigdata.case_clock.running_since IS 'Since when it runs; null: it stands or is stopped';
COMMENT ON COLUMN citybigdata.case_clock.resumes_at IS 'End of the suspension 挂账: from then on it runs, whether or not the clock job has been there';
COMMENT ON COLUMN citybigdata.case_clock.stopped_at IS 'When it was stopped';
COMMENT ON COLUMN citybigdata.case_clock.deadline IS 'When the budget is used up: reckoned by the calendar; while it stands, as it will be';
COMMENT ON COLUMN citybigdata.case_clock.warning_time IS 'From when on the light is yellow';
COMMENT ON COLUMN citybigdata.case_clock.extensions IS 'Extensions that were granted, at most two';
COMMENT ON COLUMN citybigdata.case_clock.calendar_version IS 'calendar_version() by which the deadline was reckoned';
COMMENT ON COLUMN citybigdata.case_clock.guessed IS 'The deadline lies in a year whose holidays are not known: Monday to Friday were assumed (42232)';
COMMENT ON COLUMN citybigdata.case_clock.next_due IS 'When run_clocks() has something to do: end of the suspension, warning time, deadline, further limits';
COMMENT ON COLUMN citybigdata.case_clock.escalations IS 'Points passed: 1 warning time, 2 deadline, 3 and more further limits';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.case_clock', '');

COMMENT ON TABLE citybigdata.case_clock_stop IS 'How clocks ended, one row a stop: facts of timeliness are recounted from them';
COMMENT ON COLUMN citybigdata.case_clock_stop.rec_id IS 'The case';
COMMENT ON COLUMN citybigdata.case_clock_stop.kind IS 'stage, chain';
COMMENT ON COLUMN citybigdata.case_clock_stop.stopped_at IS 'When: step_time of the step that stopped it';
COMMENT ON COLUMN citybigdata.case_clock_stop.started_at IS 'When it was started';
COMMENT ON COLUMN citybigdata.case_clock_stop.deadline IS 'Its deadline';
COMMENT ON COLUMN citybigdata.case_clock_stop.budget IS 'Microseconds that might be used';
COMMENT ON COLUMN citybigdata.case_clock_stop.consumed IS 'Microseconds that were used';
COMMENT ON COLUMN citybigdata.case_clock_stop.late IS 'It was stopped after its deadline';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.case_clock_stop', '');

COMMENT ON TABLE citybigdata.case_escalation IS 'Escalations that were taken: each once for a run of a clock';
COMMENT ON COLUMN citybigdata.case_escalation.rec_id IS 'The case';
COMMENT ON COLUMN citybigdata.case_escalation.kind IS 'Clock: stage, chain';
COMMENT ON COLUMN citybigdata.case_escalation.started_at IS 'When the clock was started';
COMMENT ON COLUMN citybigdata.case_escalation.rung IS '1 warning time, 2 deadline, 3 and more further limits';
COMMENT ON COLUMN citybigdata.case_escalation.at IS 'yellow, red, again';
COMMENT ON COLUMN citybigdata.case_escalation.roles IS 'Who was told: codes of case-role, with commas between';
COMMENT ON COLUMN citybigdata.case_escalation.due IS 'When the point was passed';
COMMENT ON COLUMN citybigdata.case_escalation.escalated_at IS 'When the job was there';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.case_escalation', '');

CREATE OR REPLACE FUNCTION citybigdata.clock_light(stopped_at timestamptz, running_since timestamptz, resumes_at timestamptz, warning_time timestamptz,
        deadline timestamptz, at timestamptz) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN stopped_at IS NOT NULL THEN NULL
                WHEN running_since IS NULL AND (resumes_at IS NULL OR at < resumes_at) THEN 'paused'
                WHEN at > deadline THEN 'red'
                WHEN at > warning_time THEN 'yellow'
                ELSE 'green' END
$$;
COMMENT ON FUNCTION citybigdata.clock_light(timestamptz, timestamptz, timestamptz, timestamptz, timestamptz, timestamptz) IS
'Light 红黄绿灯 of a row of case_clock at an instant: green, yellow, red, paused; null when it is stopped';

CREATE OR REPLACE FUNCTION citybigdata.case_light(rec_id integer, at timestamptz DEFAULT now()) RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT citybigdata.clock_light(c.stopped_at, c.running_since, c.resumes_at, c.warning_time, c.deadline, case_light.at)
    FROM citybigdata.case_clock c WHERE c.rec_id = case_light.rec_id AND c.stopped_at IS NULL
    ORDER BY c.kind DESC LIMIT 1
$$;
COMMENT ON FUNCTION citybigdata.case_light(integer, timestamptz) IS
'Light 红黄绿灯 of a case: green, yellow (after the warning time), red (after the deadline), paused (挂账); of its stage clock, else of its chain clock; null: no clock counts. '
'Right at every moment, whether or not run_clocks() ran';

CREATE OR REPLACE FUNCTION citybigdata.case_clocks(rec_id integer, at timestamptz DEFAULT now())
    RETURNS TABLE (kind text, light text, deadline timestamptz, warning_time timestamptz, remaining interval, consumed interval, budget interval,
                   resumes_at timestamptz, stopped_at timestamptz, extensions integer, late boolean, guessed boolean, calendar text,
                   limit_amount numeric, limit_unit integer)
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT c.kind, citybigdata.clock_light(c.stopped_at, c.running_since, c.resumes_at, c.warning_time, c.deadline, case_clocks.at), c.deadline, c.warning_time,
           interval '1 microsecond' * c.budget - used.time, used.time, interval '1 microsecond' * c.budget, c.resumes_at, c.stopped_at, c.extensions,
           coalesce(coalesce(c.stopped_at, case_clocks.at) > c.deadline, false), c.guessed, c.calendar, c.limit_amount, c.limit_unit
    FROM (SELECT * FROM citybigdata.case_clock UNION ALL SELECT * FROM citybigdata.case_clock_archive) c
    CROSS JOIN LATERAL (SELECT coalesce(c.running_since, CASE WHEN c.resumes_at <= case_clocks.at THEN c.resumes_at END) AS instant) since
    CROSS JOIN LATERAL (SELECT interval '1 microsecond' * c.consumed
        + CASE WHEN since.instant IS NULL OR since.instant >= case_clocks.at THEN interval '0'
               WHEN c.running THEN interval '1 microsecond' * (extract(epoch FROM case_clocks.at - since.instant) * 1000000)::double precision
               ELSE citybigdata.work_between(since.instant, case_clocks.at, c.calendar) END AS time) used
    WHERE c.rec_id = case_clocks.rec_id
    ORDER BY c.kind DESC
$$;
COMMENT ON FUNCTION citybigdata.case_clocks(integer, timestamptz) IS
'The clocks of a case at an instant: light, deadline, and the time that was used and that remains (working time, or running time for 紧急 limits). '
'guessed: the deadline lies in a year whose holidays are not known (42232)';

CREATE OR REPLACE FUNCTION citybigdata.escalation_rungs(process_code text, version integer) RETURNS TABLE (at text, times integer, roles text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    WITH own AS MATERIALIZED (
        SELECT CASE e.rung ->> 'at' WHEN 'further' THEN 'again' ELSE e.rung ->> 'at' END AS at, coalesce((e.rung ->> 'times')::integer, 0) AS times,
               (SELECT string_agg(r.role, ', ' ORDER BY r.n) FROM jsonb_array_elements_text(CASE WHEN jsonb_typeof(e.rung -> 'roles') = 'array' THEN e.rung -> 'roles' ELSE '[]' END) WITH ORDINALITY r(role, n)) AS roles
        FROM citybigdata.process p CROSS JOIN LATERAL jsonb_array_elements(p.definition -> 'escalation') e(rung)
        WHERE p.process_code = escalation_rungs.process_code AND p.version = escalation_rungs.version
    )
    SELECT o.at, o.times, o.roles FROM own o WHERE o.roles <> ''
    UNION ALL SELECT d.at, d.times, d.roles FROM (VALUES ('yellow', 0, 'unit'), ('red', 0, 'supervisor'), ('again', 1, 'leader')) d(at, times, roles)
    WHERE escalation_rungs.process_code IS NULL
$$;
COMMENT ON FUNCTION citybigdata.escalation_rungs(text, integer) IS
'Who is told when a clock passes its warning time (yellow), its deadline (red), and so many further limits (again, times): the member escalation of a version of a process; of a case without a process unit, supervisor, leader';

CREATE OR REPLACE FUNCTION citybigdata.run_clocks(portion integer DEFAULT 1000, OUT busy boolean, OUT escalated integer, OUT resumed integer,
        OUT recomputed integer, OUT failed integer, OUT more boolean) RETURNS record
    AS 'MODULE_PATHNAME', 'cbd_run_clocks' LANGUAGE c VOLATILE STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.run_clocks(integer) IS
'The clock job, harmless at any time: ends suspensions that are over, escalates what is due, reckons deadlines again by a calendar that was loaded; at most so many cases of each. '
'busy: another one runs; more: a portion was full; failed: cases that an error held up, told in the server''s log and tried again after ten minutes. Error 42204';

CREATE OR REPLACE FUNCTION citybigdata.rest_run_clocks() RETURNS bytea
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT citybigdata.reply_frame(0, CASE WHEN r.more THEN 1 ELSE 0 END,
        jsonb_build_object('busy', r.busy, 'escalated', r.escalated, 'resumed', r.resumed, 'recomputed', r.recomputed, 'failed', r.failed)::text)
    -- a small portion: its cases stay locked until the end, and an operator may want one of them
    FROM citybigdata.run_clocks(300) r
$$;
COMMENT ON FUNCTION citybigdata.rest_run_clocks() IS 'run_clocks() in portions of 300 cases as a reply frame, for the bridge; retry-after is 1 when a portion was full: there may be more to do at once';

-- What the steps do to clocks, for who puts a case right in the database: nobody is granted them.
CREATE OR REPLACE FUNCTION citybigdata.start_clock(rec_id integer, kind text, amount numeric, unit integer, at timestamptz DEFAULT now(), calendar text DEFAULT 'default',
        warning_share double precision DEFAULT 0.75, OUT deadline timestamptz, OUT warning_time timestamptz, OUT late boolean, OUT extensions integer, OUT guessed boolean) RETURNS record
    AS 'MODULE_PATHNAME', 'cbd_start_clock' LANGUAGE c VOLATILE STRICT SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.start_clock(integer, text, numeric, integer, timestamptz, text, double precision) IS
'Starts the clock of the stage or chain of a case, in place of the one before; guessed: warn with 42232. Errors: 40402, 40409, 42204, 42205';
CREATE OR REPLACE FUNCTION citybigdata.pause_clocks(rec_id integer, until timestamptz, at timestamptz DEFAULT now()) RETURNS void
    AS 'MODULE_PATHNAME', 'cbd_pause_clocks' LANGUAGE c VOLATILE STRICT SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.pause_clocks(integer, timestamptz, timestamptz) IS 'Both clocks of a case stand until then (挂账), and go on by themselves. Errors: 40402, 42261';
CREATE OR REPLACE FUNCTION citybigdata.resume_clocks(rec_id integer, at timestamptz DEFAULT now()) RETURNS void
    AS 'MODULE_PATHNAME', 'cbd_resume_clocks' LANGUAGE c VOLATILE STRICT SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.resume_clocks(integer, timestamptz) IS 'Both clocks of a case go on. Error 40402';
CREATE OR REPLACE FUNCTION citybigdata.extend_clock(rec_id integer, at timestamptz DEFAULT now(),
        OUT deadline timestamptz, OUT warning_time timestamptz, OUT late boolean, OUT extensions integer, OUT guessed boolean) RETURNS record
    AS 'MODULE_PATHNAME', 'cbd_extend_clock' LANGUAGE c VOLATILE STRICT SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.extend_clock(integer, timestamptz) IS
'One more original limit (延期) for the stage clock of a case, and as much for its chain clock; at most two, only before it is late. Errors: 40402, 40960, 40961, 40962';
CREATE OR REPLACE FUNCTION citybigdata.stop_clock(rec_id integer, kind text, at timestamptz DEFAULT now(),
        OUT deadline timestamptz, OUT warning_time timestamptz, OUT late boolean, OUT extensions integer, OUT guessed boolean) RETURNS record
    AS 'MODULE_PATHNAME', 'cbd_stop_clock' LANGUAGE c VOLATILE STRICT SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.stop_clock(integer, text, timestamptz) IS 'Stops a clock; late: it was over its deadline. Errors: 40402, 40962';
CREATE OR REPLACE FUNCTION citybigdata.restart_clock(rec_id integer, kind text, at timestamptz DEFAULT now(),
        OUT deadline timestamptz, OUT warning_time timestamptz, OUT late boolean, OUT extensions integer, OUT guessed boolean) RETURNS record
    AS 'MODULE_PATHNAME', 'cbd_restart_clock' LANGUAGE c VOLATILE STRICT SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.restart_clock(integer, text, timestamptz) IS 'A clock that was stopped goes on with what is left. Errors: 40402, 40962';
