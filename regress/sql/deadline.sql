-- Clocks of cases: limits, lights at every moment, suspensions, extensions, escalation, calendars that are loaded later.
\set SHOW_CONTEXT never
SET search_path = citybigdata, public;
SET citybigdata.process = ''; -- clocks alone: the cases here are in no process
SET timezone = 'Asia/Shanghai';
SET datestyle = 'ISO';
CREATE FUNCTION pg_temp.case(number text) RETURNS integer LANGUAGE sql AS $$
    SELECT rec_id FROM citybigdata.report_event('deadline', jsonb_build_object('eventDesc', '井盖破损', 'otherTaskNum', number, 'address', '东华门大街1号',
        'coordinateX', 448400.5, 'coordinateY', 4418600.25, 'eventSrcID', 1, 'recTypeID', 1, 'eventLevelID', 1, 'eventTypeCode', '6', 'createTime', '20240131083000')::json) $$;
CREATE FUNCTION pg_temp.fault(call text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE state text; message text; detail text; found text;
BEGIN
    EXECUTE 'SELECT ' || call INTO found;
    RETURN 'accepted: ' || coalesce(found, 'null');
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
    RETURN coalesce((SELECT s.status_code::text FROM citybigdata.status_code s WHERE s.sqlstate = state), state) || ' ' || message || coalesce(nullif(' | ' || detail, ' | '), '');
END $$;
SELECT pg_temp.case('D-1') AS id \gset
-- the limits of units, begun on a Friday before a make-up Saturday
SELECT u.unit, c.deadline, c.warning_time, c.deadline = add_work('2026-02-13 17:00', 4, u.unit) AS right, c.late, c.extensions, c.guessed
FROM unnest(ARRAY[1, 2, 3, 11, 12, 13]) u(unit), start_clock(:id, 'stage', 4, u.unit, '2026-02-13 17:00') c;
-- lights from now alone: 4 working hours from 09:00; yellow after three
SELECT * FROM start_clock(:id, 'stage', 4, 2, '2026-03-02 09:00');
SELECT t.at, case_light(:id, t.at) AS light, c.remaining, c.consumed, c.late
FROM unnest(ARRAY['2026-03-02 09:00', '2026-03-02 12:00', '2026-03-02 13:00', '2026-03-02 14:00', '2026-03-02 14:00:00.000001', '2026-03-02 15:00', '2026-03-02 15:00:00.000001', '2026-03-03 09:00']::timestamptz[]) t(at),
     case_clocks(:id, t.at) c;
-- 紧急: running through the night, and a limit that ends with a shift is over then
SELECT start_clock(:id, 'chain', 2, 12, '2026-03-02 23:30');
SELECT kind, light, remaining, late FROM case_clocks(:id, '2026-03-03 01:31');
SELECT deadline, late FROM start_clock(:id, 'stage', 8, 2, '2026-03-02 08:00');
SELECT case_light(:id, '2026-03-02 18:00') AS last_moment, case_light(:id, '2026-03-02 18:00:01') AS night, case_light(:id, '2026-03-03 08:00') AS morning;
-- suspension: the light is paused until its end, then runs on though nobody has been there
SELECT start_clock(:id, 'stage', 4, 2, '2026-03-02 09:00');
SELECT pause_clocks(:id, '2026-03-09 10:00', '2026-03-02 10:00');
SELECT t.at, c.light, c.deadline, c.warning_time, c.remaining, c.resumes_at
FROM unnest(ARRAY['2026-03-02 11:00', '2026-03-09 09:59:59', '2026-03-09 10:00', '2026-03-09 14:30', '2026-03-09 15:30']::timestamptz[]) t(at), case_clocks(:id, t.at) c WHERE c.kind = 'stage';
-- a new end, an early return, and again
SELECT pause_clocks(:id, '2026-04-01 10:00', '2026-03-05 10:00');
SELECT case_light(:id, '2026-03-20 10:00') AS longer;
SELECT resume_clocks(:id, '2026-03-10 09:00');
SELECT light, deadline, remaining, resumes_at FROM case_clocks(:id, '2026-03-10 10:00') WHERE kind = 'stage';
SELECT pause_clocks(:id, '2026-03-12 08:00', '2026-03-10 10:00'), resume_clocks(:id, '2026-03-20 08:00'); -- the end was before: it ran from then
SELECT light, deadline, remaining FROM case_clocks(:id, '2026-03-20 08:00') WHERE kind = 'stage';
-- late stays late: suspended after the deadline, also at night when no working time passes
SELECT start_clock(:id, 'stage', 8, 2, '2026-03-02 08:00'), pause_clocks(:id, '2026-03-10 08:00', '2026-03-02 19:00');
SELECT t.at, c.light, c.deadline, c.late FROM unnest(ARRAY['2026-03-02 20:00', '2026-03-10 08:00', '2026-03-10 09:00']::timestamptz[]) t(at), case_clocks(:id, t.at) c WHERE c.kind = 'stage';
-- extension: one original limit, twice, before it is late; the chain clock gets as much
SELECT deadline AS stage FROM start_clock(:id, 'stage', 1, 1, '2026-03-02 09:00');
SELECT deadline AS chain FROM start_clock(:id, 'chain', 5, 1, '2026-03-02 09:00');
SELECT * FROM extend_clock(:id, '2026-03-03 08:30');
SELECT * FROM extend_clock(:id, '2026-03-04 08:30');
SELECT kind, deadline, extensions FROM case_clocks(:id, '2026-03-04 08:30');
SELECT pg_temp.fault(format('extend_clock(%s, ''2026-03-05 08:00'')', :id)) AS third;
SELECT deadline AS stage FROM start_clock(:id, 'stage', 1, 1, '2026-03-05 09:00');
SELECT pg_temp.fault(format('extend_clock(%s, ''2026-03-05 10:00'')', :id)) AS in_the_next_stage;
SELECT deadline AS chain FROM start_clock(:id, 'chain', 5, 11, '2026-03-05 09:00');
SELECT pg_temp.fault(format('extend_clock(%s, ''2026-03-06 09:00:01'')', :id)) AS late, pg_temp.fault(format('extend_clock(%s, ''2026-03-06 09:00'')', :id)) AS last_moment;
SELECT kind, deadline, extensions FROM case_clocks(:id, '2026-03-06 09:00'); -- a day of work over a weekend, in running time
-- an extension while it stands, and for the chain clock alone
SELECT start_clock(:id, 'stage', 4, 2, '2026-03-02 09:00'), start_clock(:id, 'chain', 1, 1, '2026-03-02 09:00');
SELECT pause_clocks(:id, '2026-03-09 10:00', '2026-03-02 10:00');
SELECT deadline, extensions FROM extend_clock(:id, '2026-03-02 11:00');
SELECT late, deadline FROM stop_clock(:id, 'stage', '2026-03-09 10:30');
SELECT deadline, extensions FROM extend_clock(:id, '2026-03-09 11:00');
-- stopping: was it late? and going on after a case was reopened
SELECT deadline, late FROM stop_clock(:id, 'chain', '2026-03-11 09:30');
SELECT kind, light, remaining, stopped_at FROM case_clocks(:id, '2026-05-01 09:00');
SELECT case_light(:id, '2026-05-01 09:00') AS closed;
SELECT pg_temp.fault(format('stop_clock(%s, ''chain'', ''2026-03-11 09:40'')', :id)) AS twice, pg_temp.fault(format('extend_clock(%s, ''2026-03-11 09:40'')', :id)) AS stopped;
SELECT deadline, late FROM restart_clock(:id, 'chain', '2026-03-16 09:00');
SELECT light, remaining FROM case_clocks(:id, '2026-03-16 09:00') WHERE kind = 'chain';
SELECT pg_temp.fault(format('restart_clock(%s, ''chain'', ''2026-03-17 09:40'')', :id)) AS runs_already;
SELECT kind, stopped_at, deadline, late FROM case_clock_stop WHERE rec_id = :id AND stopped_at > '2026-03-09' ORDER BY stopped_at;
-- what is refused
SELECT c AS call, pg_temp.fault(format(c, :id)) FROM unnest(ARRAY['start_clock(%s, ''stage'', 0, 2)', 'start_clock(%s, ''stage'', -1, 2)', 'start_clock(%s, ''stage'', ''NaN'', 2)', 'start_clock(%s, ''stage'', 0.000000001, 3)',
    'start_clock(%s, ''stage'', 1, 4)', 'start_clock(%s, ''stage'', 1e9, 1)', 'start_clock(%s, ''stage'', 1, 2, now(), ''no-such'')', 'start_clock(%s, ''other'', 1, 2)', 'start_clock(2147483647, ''stage'', 1, 2)',
    'pause_clocks(%s, ''2026-03-01'', ''2026-03-02'')', 'pause_clocks(%s, ''2026-03-02'', ''2026-03-02'')', 'pause_clocks(%s, ''2027-03-02 00:00:01'', ''2026-03-02'')', 'pause_clocks(%s, ''infinity'', ''2026-03-02'')',
    'pause_clocks(%s, ''2027-03-02'', ''2026-03-02'')', 'run_clocks(0)', 'run_clocks(-5)', 'run_clocks(1000000)']) c;
SELECT count(*) AS refused_changed_nothing FROM case_clock WHERE rec_id = :id AND limit_amount IN (0, -1);
-- a year that nobody knows: Monday to Friday are assumed; reckoned again when it is loaded
SELECT code, changed, unknown_from FROM load_calendar('{"calendar": "deadline-test", "hours": {"mon-fri": ["08:00-12:00", "14:00-18:00"], "sat": [], "sun": []}, "days": [{"date": "2026-01-01", "kind": "off"}]}'::jsonb);
SELECT pg_temp.case('D-2') AS id2, pg_temp.case('D-3') AS id3 \gset
SELECT deadline, guessed FROM start_clock(:id2, 'stage', 2, 1, '2026-12-31 09:00', 'deadline-test');
SELECT deadline, guessed FROM start_clock(:id3, 'stage', 2, 1, '2026-12-28 09:00', 'deadline-test');
SELECT deadline, guessed FROM start_clock(:id3, 'chain', 2, 11, '2026-12-31 09:00', 'deadline-test'); -- running time is no guess
INSERT INTO case_task (rec_id, role, stage, state, event_type_code, deadline, warning_time) SELECT rec_id, 'unit', 'handle', 4, '6', deadline, warning_time FROM case_clock WHERE rec_id IN (:id2, :id3) AND kind = 'stage';
UPDATE case_clock SET next_due = NULL WHERE rec_id IN (:id, :id2, :id3); -- nothing but the calendar here
CREATE TEMP TABLE before AS SELECT rec_id, update_time FROM event WHERE rec_id IN (:id2, :id3);
SELECT busy, recomputed, escalated, failed, more FROM run_clocks();
SELECT code, changed, unknown_from FROM load_calendar('{"calendar": "deadline-test", "days": [{"date": "2027-01-01", "kind": "off"}, {"date": "2027-01-04", "kind": "off"}]}'::jsonb);
SELECT recomputed, more FROM run_clocks(1);
SELECT recomputed, more FROM run_clocks();
SELECT recomputed, more FROM run_clocks();
SELECT c.rec_id = :id2 AS second, c.kind, c.deadline, c.warning_time, c.guessed, t.deadline = c.deadline AND t.warning_time = c.warning_time AS work_list, e.update_time > b.update_time AS in_the_feed
FROM case_clock c JOIN event e USING (rec_id) JOIN before b USING (rec_id) LEFT JOIN case_task t ON t.rec_id = c.rec_id AND c.kind = 'stage' WHERE c.rec_id IN (:id2, :id3) ORDER BY 1, 2;
DELETE FROM case_task WHERE rec_id IN (:id2, :id3);
-- escalation: each point once, also when all are over at once; further limits as the process has it
SELECT pg_temp.case('D-4') AS id4, pg_temp.case('D-5') AS id5 \gset
SELECT start_clock(:id4, 'stage', 1, 12, now() - interval '3 hours 30 minutes') IS NOT NULL AS started;
SELECT start_clock(:id5, 'stage', 4, 12, now() - interval '3 hours 30 minutes') IS NOT NULL AS started;
SELECT escalated, resumed, failed, more FROM run_clocks();
SELECT escalated FROM run_clocks();
SELECT rec_id = :id4 AS fourth, kind, rung, at, roles, due < escalated_at AS due FROM case_escalation WHERE rec_id IN (:id4, :id5) ORDER BY 1, 3;
SELECT next_due - deadline AS next, escalations FROM case_clock WHERE rec_id = :id4;
SELECT start_clock(:id4, 'stage', 1, 13, now() - interval '3 hours') IS NOT NULL AS another_run;
SELECT escalated FROM run_clocks();
SELECT count(*), max(rung) FROM case_escalation WHERE rec_id = :id4 AND started_at = (SELECT started_at FROM case_clock WHERE rec_id = :id4);
SELECT next_due IS NULL AS enough FROM case_clock WHERE rec_id = :id4;
-- an extension puts the deadline off: the warning is not given twice, the deadline is
SELECT extensions FROM extend_clock(:id5);
SELECT escalated FROM run_clocks();
SELECT next_due = deadline AS at_the_deadline FROM case_clock WHERE rec_id = :id5;
-- a suspension that is over: the clock runs on from its end
SELECT pause_clocks(:id5, now() - interval '1 hour', now() - interval '2 hours') IS NULL AS paused;
SELECT resumed, escalated FROM run_clocks();
SELECT running_since = now() - interval '1 hour' OR running_since < now() AS runs, resumes_at IS NULL AS none FROM case_clock WHERE rec_id = :id5;
-- rungs of a process: those of its member escalation; the job's steps are in the history
SELECT save_process(p.definition || '{"code": "deadline-test", "escalation": [{"at": "red", "roles": ["dispatcher", "leader"]}, {"at": "further", "times": 2, "roles": ["leader"], "supervise": true}]}') IS NOT NULL AS saved
FROM process p WHERE process_code = 'city-management' AND version = 1;
SET citybigdata.process = 'deadline-test';
SELECT pg_temp.case('D-6') AS id6 \gset
SET citybigdata.process = '';
SELECT start_clock(:id6, 'stage', 1, 12, now() - interval '190 minutes') IS NOT NULL AS one, start_clock(:id5, 'chain', 1, 12, now() - interval '90 minutes') IS NOT NULL AS two, stop_clock(:id5, 'stage') IS NOT NULL AS three;
SELECT escalated FROM run_clocks();
SELECT x.rec_id = :id6 AS sixth, x.kind, x.rung, x.at, x.roles FROM case_escalation x JOIN case_clock c USING (rec_id, kind, started_at) WHERE rec_id IN (:id5, :id6) ORDER BY 1, 2, 3;
SELECT step_no, action, step_by, note FROM event_step WHERE rec_id = :id6 ORDER BY 1;
SELECT supervised, state FROM event WHERE rec_id = :id6;
SELECT * FROM escalation_rungs('deadline-test', 1);
SELECT * FROM escalation_rungs(NULL, NULL);
-- suspensions that are over: the case comes back, also one that has no clock
SET citybigdata.process = 'city-management';
SELECT pg_temp.case('S-1') AS with_clock, pg_temp.case('S-2') AS without_clock \gset
SET citybigdata.process = '';
BEGIN;
ALTER TABLE event DISABLE TRIGGER USER; -- as if it had been suspended two hours ago
UPDATE event SET suspended_until = now() - interval '1 hour', state = 8, base_state = 4, stage = 'handle' WHERE rec_id IN (:with_clock, :without_clock);
UPDATE case_task SET paused = true WHERE rec_id IN (:with_clock, :without_clock);
SELECT pause_clocks(:with_clock, now() - interval '1 hour', now() - interval '2 hours');
DELETE FROM case_clock WHERE rec_id = :without_clock;
SELECT resumed, failed FROM run_clocks();
SELECT e.rec_id = :with_clock AS with_clock, e.state, e.suspended_until, t.paused, s.action, s.step_by FROM event e JOIN case_task t USING (rec_id) JOIN event_step s USING (rec_id) WHERE e.rec_id IN (:with_clock, :without_clock) ORDER BY 1;
SELECT resumed, failed FROM run_clocks();
ROLLBACK;
-- portions, and one at a time
SELECT count(start_clock(pg_temp.case('P-' || n), 'chain', 1, 12, now() - interval '61 minutes')) FROM generate_series(1, 5) n;
SELECT r.escalated, r.more FROM run_clocks(3) r;
SELECT r.escalated, r.more FROM run_clocks(3) r;
SELECT convert_from(rest_run_clocks(), 'UTF8') ~ '"busy": false' AS frame;
-- a case that raises an error does not hold up the others
SELECT start_clock(pg_temp.case('F-1'), 'chain', 1, 12, now() - interval '70 minutes') IS NOT NULL AS one, start_clock(pg_temp.case('F-2'), 'chain', 1, 12, now() - interval '65 minutes') IS NOT NULL AS two;
CREATE FUNCTION pg_temp.fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (SELECT other_task_num FROM citybigdata.event e WHERE e.rec_id = NEW.rec_id) = 'F-1' THEN RAISE 'made to fail'; END IF; RETURN NEW; END $$;
CREATE TRIGGER made_to_fail BEFORE INSERT ON case_escalation FOR EACH ROW EXECUTE FUNCTION pg_temp.fail();
SELECT escalated, failed FROM run_clocks();
SELECT escalated, failed FROM run_clocks();
DROP TRIGGER made_to_fail ON case_escalation;
SELECT next_due > now() + interval '9 minutes' AS later, escalations FROM case_clock WHERE rec_id = (SELECT rec_id FROM event WHERE other_task_num = 'F-1' AND sender_code = 'deadline');
-- rights: analysts read, the system administrator runs the job, nobody turns clocks
SET ROLE citybigdata_analyst;
SELECT count(*) > 0 AS readable, case_light(:id) IS NOT NULL AS light FROM case_clock;
SELECT start_clock(:id, 'stage', 1, 2);
SELECT run_clocks();
RESET ROLE;
SET ROLE citybigdata_sysadmin;
SELECT busy FROM run_clocks();
SELECT pause_clocks(:id, now() + interval '1 day');
RESET ROLE;
-- nothing of this is due for the tests that follow
UPDATE case_clock SET next_due = NULL WHERE rec_id IN (SELECT rec_id FROM event WHERE sender_code = 'deadline');
DELETE FROM case_clock WHERE calendar = 'deadline-test';
DELETE FROM calendar_day WHERE calendar = 'deadline-test';
DELETE FROM calendar_year WHERE calendar = 'deadline-test';
DELETE FROM calendar_hours WHERE calendar = 'deadline-test';
DELETE FROM calendar WHERE code = 'deadline-test';
