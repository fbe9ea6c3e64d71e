-- Facts of cases and rates: worked out from history and clocks, the published figures of a city, both ways of what had to be closed.
\set SHOW_CONTEXT never
\set VERBOSITY default
SET search_path = citybigdata, public;
SET timezone = 'Asia/Shanghai';
SET citybigdata.process = ''; -- histories are made up here
CREATE FUNCTION pg_temp.case(number text) RETURNS integer LANGUAGE sql AS $$
    SELECT rec_id FROM citybigdata.report_event('indicator', jsonb_build_object('eventDesc', '井盖破损', 'otherTaskNum', number, 'address', '东华门大街1号', 'districtCode', '110101',
        'coordinateX', 448400.5, 'coordinateY', 4418600.25, 'eventSrcID', 1, 'recTypeID', 1, 'eventLevelID', 1, 'eventTypeCode', '6', 'createTime', '20240131083000')::json) $$;
-- what steps say: action[:result or role or evaluation][!s stage late][!c chain late]
CREATE FUNCTION pg_temp.history(case_id integer, steps text) RETURNS void LANGUAGE sql AS $$
    WITH step AS (
        SELECT n, '2026-03-02 08:00+08'::timestamptz + n * interval '1 hour' AS at, split_part(split_part(s, '!', 1), ':', 1) AS action, split_part(split_part(s, '!', 1), ':', 2) AS says, s ~ '!s' AS stage_late, s ~ '!c' AS chain_late
        FROM string_to_table(steps, ' ') WITH ORDINALITY t(s, n)
    ), stops AS (
        INSERT INTO citybigdata.case_clock_stop (rec_id, kind, stopped_at, started_at, deadline, budget, consumed, late)
        SELECT case_id, k.kind, s.at, s.at - interval '1 hour', s.at, 3600000000, 3600000000, k.late FROM step s CROSS JOIN LATERAL (VALUES ('stage', s.stage_late), ('chain', s.chain_late)) k(kind, late)
        WHERE s.action IN ('file', 'dispatch', 'handle', 'close', 'direct')
    )
    INSERT INTO citybigdata.event_step (rec_id, step_no, step_time, action, from_state, to_state, result, by_role, by_account, evaluation)
    SELECT case_id, n, at, action, 1, 1, CASE WHEN says IN ('pass', 'fail') THEN says END, CASE WHEN says ~ '^[a-z]' AND says NOT IN ('pass', 'fail') THEN says END, 1000 + n, CASE WHEN says ~ '^[0-9]$' THEN says::integer END FROM step
$$;
-- the counters that are 1
CREATE FUNCTION pg_temp.counted(case_id integer) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(j.key, ' ' ORDER BY array_position(citybigdata.indicator_counters(), j.key), j.key) FROM citybigdata.case_fact f CROSS JOIN LATERAL jsonb_each_text(to_jsonb(f)) j
    WHERE f.rec_id = case_id AND j.value = '1' AND j.key NOT IN ('event_src_id')
$$;
CREATE TEMP TABLE story (n serial, title text, steps text, case_id integer);
INSERT INTO story (title, steps) VALUES
('reported', ''), ('in time', 'accept file dispatch handle check:pass close'), ('late everywhere', 'accept file!s dispatch!s handle!s close!c'),
('verified and checked', 'askVerify verify:pass accept file dispatch handle askCheck check:pass close visit:5'), ('asked, not answered', 'askVerify accept file dispatch handle askCheck'),
('refused', 'accept reject'), ('void after filing', 'accept file void'), ('void after handling', 'accept file dispatch handle void'), ('withdrawn', 'withdraw'), ('void and back', 'accept void reopen file'),
('sent back by the unit', 'accept file dispatch return:unit dispatch handle close'), ('not sent again yet', 'accept file dispatch return:handler'), ('sent back by the dispatcher', 'accept file return:dispatcher file dispatch'),
('filed twice, late once', 'accept file!s return:dispatcher file dispatch'), ('sent back by the filer', 'accept return:filer accept file'),
('more work', 'accept file dispatch handle!s rework handle close'), ('more work twice', 'accept file dispatch handle rework handle rework'),
('by the inspector', 'direct close'), ('suspended', 'accept file dispatch suspend'), ('was suspended', 'accept file dispatch suspend resume handle close'), ('closed while suspended', 'accept file dispatch suspend close'),
('extended', 'accept file dispatch grantExtension handle close'), ('appeal allowed', 'accept file dispatch handle!s close!c appeal decideAppeal:pass'), ('appeal refused', 'accept file dispatch handle!s close!c appeal decideAppeal:fail'),
('reopened', 'accept file dispatch handle!s close!c decideAppeal:pass reopen'), ('reopened and closed', 'accept file dispatch handle close!c reopen dispatch!s handle close'),
('visits', 'accept file dispatch handle close visit:5 visit:3'), ('unhappy', 'accept file dispatch handle close visit:1'), ('nothing counted', 'comment claim release supervise answer escalate');
UPDATE story SET case_id = pg_temp.case('S-' || n);
SELECT count(pg_temp.history(case_id, steps)) FROM story WHERE steps <> '';
SELECT count(*) AS rows_missing FROM case_fact_differences((SELECT min(case_id) FROM story), (SELECT max(case_id) FROM story)) WHERE member = 'row';
SELECT recount_case_facts((SELECT min(case_id) FROM story), (SELECT max(case_id) FROM story)) AS recounted;
SELECT title, pg_temp.counted(case_id) AS counted FROM story ORDER BY n;
SELECT recount_case_facts(array_agg(case_id)) AS again, count(*) FILTER (WHERE EXISTS (SELECT FROM case_fact_differences(case_id, case_id))) AS different FROM story;
-- people and times: the last of each
SELECT title, verifier, filer, dispatcher, disposer, checker, closer, bundle_begin, bundle_end, dispose_begin, dispose_end FROM story JOIN case_fact ON rec_id = case_id WHERE title IN ('verified and checked', 'more work twice', 'reopened and closed') ORDER BY n;
SELECT title, unit_code, district_code, event_type_code, report_time FROM story JOIN case_fact ON rec_id = case_id WHERE n = 1;
-- an answer that came late
SELECT case_id AS checked FROM story WHERE title = 'verified and checked' \gset
INSERT INTO case_request (rec_id, kind, asked_at, due, state, decided_at) SELECT rec_id, action, step_time - interval '1 day', step_time - interval '1 minute', 'answered', step_time FROM event_step WHERE rec_id = :checked AND action IN ('verify', 'check');
SELECT member, stored, recounted FROM case_fact_differences(:checked, :checked);
-- what was spoilt is found and put right
UPDATE case_fact SET archive = 0, closer = 7, dispose_end = NULL, bundle_end = '2020-01-01+08' WHERE rec_id = :checked;
SELECT member, stored, recounted FROM case_fact_differences(:checked, :checked);
SELECT recount_case_facts(ARRAY[:checked, :checked, NULL, 2147483647]) AS changed;
SELECT count(*) AS differences FROM case_fact_differences(:checked, :checked);
-- what the view makes of an appeal
SELECT s.title, f.intime_archive, f.overtime_archive, f.intime_dispose, f.overtime_dispose, r.overtime_archive AS fact FROM story s JOIN case_facts f ON f.rec_id = s.case_id JOIN case_fact r ON r.rec_id = s.case_id WHERE s.title ~ 'appeal' ORDER BY n;
-- what time changes: waiting for handling and for closing, in time and late
BEGIN;
SELECT case_id AS id FROM story WHERE title = 'not sent again yet' \gset
SELECT case_id AS sent FROM story WHERE title = 'sent back by the dispatcher' \gset
SELECT start_clock(:sent, 'stage', 1, 12, now() - interval '30 minutes') IS NOT NULL AS one, start_clock(:sent, 'chain', 2, 12, now() - interval '30 minutes') IS NOT NULL AS two;
CREATE VIEW pg_temp.waiting AS SELECT to_operate, to_dispose, intime_to_dispose, overtime_to_dispose, to_archive, intime_to_archive, overtime_to_archive, need_archive, due_archive, hang FROM case_facts WHERE rec_id = :sent;
TABLE pg_temp.waiting;
SELECT start_clock(:sent, 'stage', 1, 12, now() - interval '90 minutes') IS NOT NULL AS one;
TABLE pg_temp.waiting;
SELECT start_clock(:sent, 'chain', 1, 12, now() - interval '90 minutes') IS NOT NULL AS two;
TABLE pg_temp.waiting;
UPDATE case_fact SET hang = 1 WHERE rec_id = :sent;
SELECT start_clock(:sent, 'chain', 9, 12, now() - interval '90 minutes') IS NOT NULL AS again, pause_clocks(:sent, now() + interval '1 hour') IS NULL AS paused;
TABLE pg_temp.waiting;
SELECT resume_clocks(:sent), pause_clocks(:sent, now() - interval '1 minute', now() - interval '1 hour'); -- over, though no job was there
TABLE pg_temp.waiting;
ROLLBACK;
-- a published month (天门 2016-12): 1054 reports, 996 filed, 911 closed, 737 of them in time, 61 late and open, 24 open in time; 43 filed from the public; components (02) 9 of 16
BEGIN;
DELETE FROM case_fact;
INSERT INTO event SELECT (jsonb_populate_record(e, jsonb_build_object('rec_id', 900000000 + n, 'task_num', 'V' || n, 'other_task_num', 'V-' || n, 'event_type_code', CASE WHEN n % 2 = 0 THEN '01' ELSE '02' END))).*
FROM event e, generate_series(1, 85) n WHERE e.rec_id = (SELECT case_id FROM story WHERE n = 1);
INSERT INTO case_fact (rec_id, report_time, event_src_id, event_type_code, district_code, operate, valid_report, inst, intime_inst, accur_inst, public_report, need_dispose, dispose, archive, intime_archive, overtime_archive, bundle_deadline)
SELECT 900000000 + n, '2016-12-15+08', 1, CASE WHEN n <= 7 OR n BETWEEN 86 AND 94 THEN '02' ELSE '01' END, CASE WHEN n % 2 = 0 THEN '110101' ELSE '110102' END, 1, (n <= 996)::int, (n <= 996)::int, (n <= 996)::int, (n <= 996)::int, (n <= 43)::int,
       (n <= 996)::int, (n BETWEEN 86 AND 996)::int, (n BETWEEN 86 AND 996)::int, (n BETWEEN 86 AND 822)::int, (n BETWEEN 823 AND 996)::int, CASE WHEN n <= 996 THEN '2016-12-20+08'::timestamptz + n % 20 * interval '1 day' END
FROM generate_series(1, 1054) n;
SELECT count(start_clock(900000000 + n, 'chain', 1, 12, CASE WHEN n <= 61 THEN now() - interval '2 hours' ELSE now() END)) FROM generate_series(1, 85) n;
SELECT cases, counters ->> 'inst' AS filed, counters ->> 'need_archive' AS to_be_closed, counters ->> 'archive' AS closed, counters ->> 'overtime_to_archive' AS late_and_open, counters ->> 'intime_to_archive' AS open_in_time,
       rates ->> 'close' AS close, rates ->> 'close_in_time' AS close_in_time, rates ->> 'public' AS public, rates ->> 'open' AS open FROM case_indicators('2016-12-01+08', '2017-01-01+08');
SELECT jsonb_pretty(rates) AS rates FROM case_indicators('2016-12-01+08', '2017-01-01+08');
-- the other cohort: due in that month, whenever reported; clocks that run have their deadlines now
SELECT cases, counters ->> 'due_archive' AS due, counters ->> 'archive' AS closed, rates ->> 'close' AS close, rates ->> 'close_in_time' AS close_in_time FROM case_indicators('2016-12-01+08', '2017-01-01+08', NULL, 'due');
SELECT key, name, cases, counters ->> 'archive' AS closed, rates ->> 'close' AS close FROM case_indicators('2016-12-01+08', '2017-01-01+08', 'district');
SELECT key, counters ->> 'need_archive' AS to_be_closed, counters ->> 'archive' AS closed, rates ->> 'close' AS close FROM case_indicators(NULL, NULL, 'type');
SELECT g, count(i.*) FROM unnest(ARRAY['street', 'community', 'unit', 'source', 'major', 'minor']) g, case_indicators(group_by => g) i GROUP BY 1 ORDER BY 1;
SELECT g, count(i.*) FROM unnest(ARRAY['reporter', 'verifier', 'filer', 'dispatcher', 'disposer', 'checker', 'closer']) g, case_indicators_by_person(NULL, NULL, g) i GROUP BY 1 ORDER BY 1;
-- nothing to divide by
SELECT count(*) AS rows FROM case_indicators('2001-01-01', '2002-01-01');
DELETE FROM case_fact WHERE rec_id > 900000001;
SELECT rates ->> 'verify_in_time' AS none, rates ->> 'satisfied' AS none_either, rates ->> 'file' AS all FROM case_indicators();
-- formulas are data
SELECT code, title_zh, numerator, denominator FROM indicator WHERE NOT confirmed ORDER BY sort;
SELECT save_indicator('rework', '{rework,multi_rework}', '{inst}'), save_indicator('ours', '{hang}', '{report}', 'Suspended', '挂账率');
SELECT code, title, title_zh, numerator, denominator, confirmed, shipped FROM indicator WHERE NOT shipped ORDER BY 1;
SELECT rates ? 'ours' AS used FROM case_indicators();
ROLLBACK;
CREATE FUNCTION pg_temp.fault(call text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE state text; detail text;
BEGIN
    EXECUTE 'SELECT count(*) FROM ' || call;
    RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, detail = PG_EXCEPTION_DETAIL;
    RETURN coalesce((SELECT s.status_code::text FROM citybigdata.status_code s WHERE s.sqlstate = state), state) || ' ' || detail;
END $$;
SELECT c, pg_temp.fault(c) FROM unnest(ARRAY['case_indicators(NULL, NULL, ''colour'')', 'case_indicators(NULL, NULL, ''closer'')', 'case_indicators(NULL, NULL, NULL, ''other'')', 'case_indicators(NULL, NULL, NULL, NULL)',
    'case_indicators(''2026-02-01'', ''2026-01-01'')', 'case_indicators(''2026-02-01'', ''2026-02-01'')', 'case_indicators_by_person(NULL, NULL, ''unit'')', 'case_indicators_by_person(NULL, NULL, NULL)',
    'save_indicator(''x y'', ''{report}'', ''{report}'')', 'save_indicator(''x'', ''{}'', ''{report}'')', 'save_indicator(''x'', ''{report}'', NULL)', 'save_indicator(''x'', ''{report,nonsense}'', ''{report}'')', 'save_indicator(''x'', ''{report,NULL}'', ''{report}'')']) c;
-- rights: analysts do not see who did it
SET ROLE citybigdata_analyst;
SELECT count(*) > 0 AS rates FROM case_indicators();
SELECT count(archive) > 0 AS facts FROM case_facts;
SELECT closer FROM case_facts LIMIT 1;
SELECT count(*) FROM case_indicators_by_person(NULL, NULL, 'closer');
SELECT recount_case_facts();
RESET ROLE;
SET ROLE citybigdata_sysadmin;
SELECT save_indicator('rework', '{rework}', '{dispose}');
INSERT INTO public_source VALUES (999);
DELETE FROM public_source;
SELECT case_fact_differences(1, 0);
RESET ROLE;
DELETE FROM indicator WHERE NOT shipped;
