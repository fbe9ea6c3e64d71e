-- Daily roll-ups: at every moment what they and the unfolded cases add up to is what view case_facts says, whatever happens to the cases.
\set SHOW_CONTEXT never
\set VERBOSITY default
SET search_path = citybigdata, public;
SET timezone = 'Asia/Shanghai';
SET citybigdata.process = ''; -- histories are made up here
SET client_min_messages = warning;
SELECT status_code FROM report_event('rollup', jsonb_build_object('eventDesc', '井盖破损', 'otherTaskNum', 'R-1', 'address', '东华门大街1号', 'districtCode', '110101',
        'coordinateX', 448400.5, 'coordinateY', 4418600.25, 'eventSrcID', 1, 'recTypeID', 1, 'eventLevelID', 1, 'eventTypeCode', '6', 'createTime', '20240131083000')::json);
BEGIN;
DELETE FROM case_fact;
SELECT setseed(0.20261127);
-- 600 cases of any counters, in two years, in districts, streets, communities, units, types and sources; some keys are missing
CREATE FUNCTION pg_temp.key(chance double precision, value text) RETURNS text LANGUAGE sql AS $$ SELECT CASE WHEN random() < chance THEN value END $$;
CREATE FUNCTION pg_temp.bit(chance double precision DEFAULT 0.5) RETURNS smallint LANGUAGE sql AS $$ SELECT (random() < chance)::integer::smallint $$;
CREATE FUNCTION pg_temp.any_facts(id integer) RETURNS case_fact LANGUAGE sql AS $$
    SELECT jsonb_populate_record(NULL::case_fact, (SELECT jsonb_object_agg(a.attname, pg_temp.bit()) FROM pg_attribute a WHERE a.attrelid = 'citybigdata.case_fact'::regclass AND a.atttypid = 'smallint'::regtype)
        || jsonb_build_object('rec_id', id, 'report', 1, 'merged', pg_temp.bit(0.1), 'cancel', pg_temp.bit(0.1), 'archive', pg_temp.bit(0.3), 'inst', pg_temp.bit(0.8), 'folded', false,
        'report_time', '2026-01-01 00:00+08'::timestamptz + random() * interval '730 days', 'bundle_deadline', CASE WHEN random() < 0.8 THEN '2026-01-05 00:00+08'::timestamptz + random() * interval '730 days' END,
        'district_code', d, 'street_code', pg_temp.key(0.8, d || '00' || 1 + floor(random() * 3)), 'unit_code', pg_temp.key(0.8, 'RU-' || floor(random() * 4)),
        'event_src_id', 1 + floor(random() * 4), 'event_type_code', (ARRAY['01', '02'])[1 + floor(random() * 2)], 'main_type_code', pg_temp.key(0.9, '010' || floor(random() * 3)), 'sub_type_code', pg_temp.key(0.9, '01010' || floor(random() * 5)),
        'closer', CASE WHEN random() < 0.5 THEN 1 + floor(random() * 4) END)) FROM (SELECT '11010' || 1 + floor(random() * 3) AS d) x
$$;
INSERT INTO unit (unit_code, name) SELECT 'RU-' || n, '单位' || n FROM generate_series(0, 3) n;
INSERT INTO case_fact SELECT (pg_temp.any_facts(910000000 + n)).* FROM generate_series(1, 600) n;
UPDATE case_fact SET community_code = street_code || '001' WHERE street_code IS NOT NULL AND rec_id % 4 > 0;
INSERT INTO event SELECT (jsonb_populate_record(e, jsonb_build_object('rec_id', 910000000 + n, 'task_num', 'R' || n, 'other_task_num', 'R-' || n + 1))).* FROM event e, generate_series(1, 600) n WHERE e.other_task_num = 'R-1' AND e.sender_code = 'rollup';
-- what the view says, and what is read: groups that differ
CREATE FUNCTION pg_temp.different(cohort text, group_by text, first date, last date) RETURNS bigint LANGUAGE sql AS $$
    SELECT count(*) FROM case_indicators_of(first::timestamptz, (last + 1)::timestamptz, group_by, cohort) o
    FULL JOIN indicator_sums(cohort, group_by, ARRAY[first], ARRAY[last], NULL, NULL, NULL, NULL, false, 'default') s ON coalesce(s.key, '-') = coalesce(o.key, '-')
    WHERE s.cases IS DISTINCT FROM o.cases OR o.counters IS DISTINCT FROM (SELECT jsonb_object_agg(n.name, s.counters[n.place]) FROM unnest(indicator_counters()) WITH ORDINALITY n(name, place))
$$;
-- of a part of the groups and periods
CREATE FUNCTION pg_temp.wrong(part double precision DEFAULT 1) RETURNS bigint LANGUAGE sql AS $$
    SELECT coalesce(sum(CASE WHEN random() <= part THEN pg_temp.different(c, g, d.first, d.last) END), 0)
    FROM (VALUES ('2026-01-01'::date, '2028-01-31'::date), ('2026-05-01', '2026-08-12')) d(first, last), unnest(ARRAY['reported', 'due']) c,
         unnest(ARRAY[NULL, 'district', 'street', 'community', 'unit', 'source', 'type', 'major', 'minor', 'closer']) g
$$;
SELECT pg_temp.wrong() AS nothing_folded;
SELECT fold_case_facts(100) AS folded, pg_temp.wrong(0.25) AS wrong, (SELECT count(*) > 0 FROM case_rollup) AS rows;
SELECT fold_case_facts() AS folded, pg_temp.wrong(0.25) AS wrong;
SELECT count(*) AS differences FROM case_rollup_differences();
-- a clock takes the case out; it does not come back before that is stopped
SELECT count(start_clock(rec_id, k.kind, 1 + rec_id % 3, 12, now() - interval '130 minutes')) AS started FROM case_fact, (VALUES ('stage'), ('chain')) k(kind) WHERE rec_id % 5 = 0;
SELECT count(*) FILTER (WHERE NOT folded) AS unfolded, pg_temp.wrong(0.25) AS wrong FROM case_fact;
SELECT fold_case_facts() AS folded;
SELECT count(stop_clock(rec_id, 'stage')) AS stopped FROM case_fact WHERE rec_id % 10 = 0;
SELECT fold_case_facts() AS folded, pg_temp.wrong(0.25) AS wrong;
SELECT count(stop_clock(rec_id, 'chain')) AS stopped FROM case_fact WHERE rec_id % 10 = 0;
-- the deadline that the clock has is not the one in the facts until the next step
SELECT fold_case_facts() AS folded, pg_temp.wrong(0.25) AS wrong;
UPDATE case_fact f SET bundle_deadline = c.deadline FROM case_clock c WHERE c.rec_id = f.rec_id AND c.kind = 'chain' AND f.rec_id % 10 = 0;
SELECT fold_case_facts() AS folded, pg_temp.wrong(0.25) AS wrong;
SELECT count(restart_clock(rec_id, 'chain')) AS restarted FROM case_fact WHERE rec_id % 20 = 0;
SELECT count(*) FILTER (WHERE NOT folded) AS unfolded, pg_temp.wrong(0.25) AS wrong FROM case_fact;
SELECT count(pause_clocks(rec_id, now() + interval '1 hour')) AS paused FROM case_fact WHERE rec_id % 40 = 0;
SELECT pg_temp.wrong(0.25) AS wrong;
-- anything, in any order
CREATE TEMP TABLE happened (what text, wrong bigint);
CREATE FUNCTION pg_temp.happens() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    chosen integer[] := ARRAY(SELECT rec_id FROM citybigdata.case_fact WHERE random() < 0.05);
    what   text := (ARRAY['facts', 'facts', 'gone', 'new', 'fold', 'fold some', 'merge', 'clock', 'stop', 'recount', 'undone', 'archive', 'rebuild'])[1 + floor(random() * 13)];
BEGIN
    CASE what
    WHEN 'facts' THEN
        DELETE FROM citybigdata.case_fact WHERE rec_id = ANY (chosen);
        INSERT INTO citybigdata.case_fact SELECT (pg_temp.any_facts(c)).* FROM unnest(chosen) c;
        UPDATE citybigdata.case_fact SET rework = 1 - rework, unit_code = 'RU-9', report_time = report_time + interval '1 day' WHERE rec_id % 7 = 0;
    WHEN 'gone' THEN
        DELETE FROM citybigdata.case_fact WHERE rec_id = ANY (chosen[1:3]);
    WHEN 'new' THEN
        INSERT INTO citybigdata.case_fact SELECT (pg_temp.any_facts(c.id)).* FROM generate_series(910000001, 910000600) c(id) WHERE NOT EXISTS (SELECT FROM citybigdata.case_fact f WHERE f.rec_id = c.id);
    WHEN 'fold' THEN
        PERFORM citybigdata.fold_case_facts();
    WHEN 'fold some' THEN
        PERFORM citybigdata.fold_case_facts(20);
    WHEN 'merge' THEN
        PERFORM citybigdata.merge_rollups(1000);
    WHEN 'clock' THEN
        PERFORM citybigdata.start_clock(c, k.kind, 1, 12, now() - random() * interval '2 hours') FROM unnest(chosen) c, (VALUES ('stage'), ('chain')) k(kind) WHERE random() < 0.7;
    WHEN 'stop' THEN
        PERFORM citybigdata.stop_clock(c.rec_id, c.kind) FROM citybigdata.case_clock c WHERE c.rec_id > 910000000 AND c.stopped_at IS NULL AND random() < 0.5;
    WHEN 'recount' THEN
        PERFORM citybigdata.recount_case_facts(chosen);
    WHEN 'undone' THEN
        BEGIN
            UPDATE citybigdata.case_fact SET back = 1 - back WHERE rec_id = ANY (chosen);
            PERFORM citybigdata.fold_case_facts(), citybigdata.merge_rollups();
            RAISE EXCEPTION 'undone';
        EXCEPTION WHEN raise_exception THEN NULL;
        END;
    WHEN 'archive' THEN -- as archive_events() does with clocks
        DELETE FROM citybigdata.case_clock c WHERE c.rec_id = ANY (chosen) AND NOT EXISTS (SELECT FROM citybigdata.case_clock r WHERE r.rec_id = c.rec_id AND r.stopped_at IS NULL);
    WHEN 'rebuild' THEN
        PERFORM citybigdata.rebuild_case_rollups();
    END CASE;
    INSERT INTO happened VALUES (what, pg_temp.wrong(0.07) + (SELECT count(*) FROM citybigdata.case_rollup_differences()));
END $$;
SELECT count(pg_temp.happens()) AS times FROM generate_series(1, 60);
SELECT count(DISTINCT what) > 8 AS many_kinds, sum(wrong) AS wrong FROM happened;
SELECT what, wrong FROM happened WHERE wrong > 0;
SELECT fold_case_facts() > 0 AS folded, merge_rollups(10000) > 0 AS merged;
SELECT count(*) FILTER (WHERE appended) AS appended, count(*) - count(DISTINCT (dimension, cohort, day, event_src_id, district_code, street_code, community_code, unit_code, event_type_code, main_type_code, sub_type_code)) AS twice, pg_temp.wrong() AS wrong FROM case_rollup;
-- filters: by each dimension, by what no dimension has, and working days only
CREATE FUNCTION pg_temp.filtered(cohort text, division text, unit text, type text, source integer, work boolean) RETURNS bigint LANGUAGE sql AS $$
    WITH own AS (
        SELECT count(*) AS cases, coalesce(sum(f.need_archive), 0) AS need, coalesce(sum(f.overtime_to_dispose), 0) AS late, coalesce(sum(f.rework), 0) AS rework
        FROM case_facts f CROSS JOIN LATERAL (SELECT CASE cohort WHEN 'due' THEN f.bundle_deadline ELSE f.report_time END::date AS day) d
        WHERE d.day BETWEEN '2026-02-01' AND '2026-12-31' AND (division IS NULL OR CASE WHEN length(division) > 6 THEN coalesce(f.community_code, f.street_code) ELSE f.district_code END LIKE division || '%') AND (unit IS NULL OR f.unit_code = unit)
          AND (type IS NULL OR type IN (f.event_type_code, f.main_type_code, f.sub_type_code)) AND (source IS NULL OR f.event_src_id = source)
          AND (NOT work OR work_between(d.day::timestamptz, (d.day + 1)::timestamptz) > interval '0'))
    SELECT count(*) FROM own LEFT JOIN indicator_sums(cohort, NULL, '{2026-02-01}', '{2026-12-31}', division, unit, type, source, work, 'default') s ON true
    WHERE (own.cases, own.need, own.late, own.rework) IS DISTINCT FROM (coalesce(s.cases, 0), coalesce(s.counters[array_position(indicator_counters(), 'need_archive')], 0),
        coalesce(s.counters[array_position(indicator_counters(), 'overtime_to_dispose')], 0), coalesce(s.counters[array_position(indicator_counters(), 'rework')], 0))
$$;
SELECT coalesce(rollup_dimension(NULL, division, unit, type, source), 'facts') AS dimension, count(*) AS filters, sum(pg_temp.filtered(c, division, unit, type, source, work)) AS wrong
FROM unnest(ARRAY[NULL, '110101', '110102001', '110103002001']) division, unnest(ARRAY[NULL, 'RU-1']) unit, unnest(ARRAY[NULL, '010103']) type, unnest(ARRAY[NULL, 2]) source, (VALUES (false, 'reported'), (true, 'reported'), (false, 'due')) w(work, c)
GROUP BY 1 ORDER BY 1;
-- a province and a city stand for what is in them
SELECT division, (indicators('2026-02-01', '2026-12-31', division_code => division) #>> '{total,cases}')::integer = (SELECT count(*) FROM case_facts WHERE report_time >= '2026-02-01' AND report_time < '2027-01-01') AS all FROM unnest(ARRAY['110000', '110100']) division WHERE EXISTS (SELECT FROM division WHERE code = division);
-- what was spoilt is found and put right
UPDATE case_rollup SET cases = cases + 1 WHERE ctid = (SELECT min(ctid) FROM case_rollup);
SELECT count(*) AS differences FROM case_rollup_differences();
SELECT rebuild_case_rollups() > 0 AS rows;
SELECT count(*) AS differences FROM case_rollup_differences();
ROLLBACK;
-- a published month (天门 2016-12): 1054 reports, 996 filed, 972 had to be closed, 911 closed, 737 of them in time; events (01) 902 of 956, components (02) 9 of 16; 953 filed from inspectors' reports, 43 from the public's
BEGIN;
DELETE FROM case_fact;
INSERT INTO case_fact (rec_id, report_time, event_src_id, event_type_code, district_code, operate, valid_report, inst, intime_inst, accur_inst, public_report, need_dispose, dispose, archive, intime_archive, overtime_archive, bundle_deadline)
SELECT 920000000 + n, '2016-12-15+08', 1, CASE WHEN n <= 7 OR n BETWEEN 86 AND 94 THEN '02' ELSE '01' END, CASE WHEN n % 2 = 0 THEN '110101' ELSE '110102' END, 1, (n <= 996)::int, (n <= 996)::int, (n <= 996)::int, (n <= 996)::int, (n <= 43)::int,
       (n <= 996)::int, (n BETWEEN 86 AND 996)::int, (n BETWEEN 86 AND 996)::int, (n BETWEEN 86 AND 822)::int, (n BETWEEN 823 AND 996)::int, CASE WHEN n <= 996 THEN '2016-12-20+08'::timestamptz + n % 10 * interval '1 day' END
FROM generate_series(1, 1054) n;
INSERT INTO event SELECT (jsonb_populate_record(e, jsonb_build_object('rec_id', 920000000 + n, 'task_num', 'V' || n, 'other_task_num', 'V-' || n, 'sender_code', 'rollup'))).* FROM event e, generate_series(1, 85) n WHERE e.other_task_num = 'R-1' AND e.sender_code = 'rollup';
SELECT count(start_clock(920000000 + n, 'chain', 1, 12, CASE WHEN n <= 61 THEN now() - interval '2 hours' ELSE now() END)) FROM generate_series(1, 85) n;
-- the month before: half of it; the same month of the year before: none
INSERT INTO case_fact (rec_id, report_time, event_src_id, event_type_code, district_code, inst, archive, intime_archive) SELECT 920001054 + n, '2016-11-15+08', 1, '01', '110101', 1, 1, (n > 10)::int FROM generate_series(1, 100) n;
CREATE FUNCTION pg_temp.vector() RETURNS TABLE (reported text, filed text, to_be_closed text, closed text, in_time text, late_and_open text, open_in_time text, close text, close_in_time text, public text, components text, events text, before text, points text, year_before text) LANGUAGE sql AS $$
    SELECT i #>> '{total,cases}', c ->> 'inst', c ->> 'needArchive', c ->> 'archive', c ->> 'intimeArchive', c ->> 'overtimeToArchive', c ->> 'intimeToArchive', i #>> '{total,rates,close}', i #>> '{total,rates,closeInTime}', i #>> '{total,rates,public}',
           (SELECT format('%s of %s: %s', g #>> '{counters,archive}', g #>> '{counters,needArchive}', g #>> '{rates,close}') FROM jsonb_array_elements(i -> 'groups') g WHERE g ->> 'key' = '02'),
           (SELECT format('%s of %s: %s', g #>> '{counters,archive}', g #>> '{counters,needArchive}', g #>> '{rates,close}') FROM jsonb_array_elements(i -> 'groups') g WHERE g ->> 'key' = '01'),
           i #>> '{total,periodOnPeriod,rates,closeInTime}', i #>> '{total,periodOnPeriod,differences,closeInTime}', i #>> '{total,yearOnYear,casesPercent}'
    FROM (SELECT i, i #> '{total,counters}' AS c FROM indicators('2016-12-01', '2016-12-31', group_by => 'type') i) x
$$;
\x on
SELECT * FROM pg_temp.vector();
SELECT fold_case_facts() AS folded;
SELECT * FROM pg_temp.vector();
SELECT 953 + 43 AS filed, round(100.0 * 953 / 996, 2) AS inspectors, i #>> '{total,rates,public}' AS public FROM indicators('2016-12-01', '2016-12-31', indicators => '{public}') i;
\x off
-- the other cohort: due in that month, whenever reported; 85 clocks run today
SELECT i #>> '{total,cases}' AS due, i #>> '{total,counters,archive}' AS closed, i #>> '{total,rates,close}' AS close FROM indicators('2016-12-01', '2016-12-31', 'due') i;
-- periods: whole months before whole months, days before days; the end of February
SET datestyle = 'ISO';
SELECT p.* FROM (VALUES ('2016-12-01'::date, '2016-12-31'::date), ('2024-02-01', '2024-02-29'), ('2024-02-28', '2024-02-29'), ('2026-01-01', '2026-12-31'), ('2026-11-09', '2026-11-15'), ('2026-03-01', '2026-05-31')) d(a, b), compared_periods(d.a, d.b) p;
-- the shape of a result
SELECT jsonb_pretty(i - 'asOf') FROM indicators('2016-12-01', '2016-12-31', group_by => 'district', indicators => '{close,closeInTime}', order_by => 'closeInTime', top => 1) i;
SELECT i -> 'periods' AS periods FROM indicators('2016-12-01', '2016-12-31', work_flag => true) i;
SELECT i #>> '{total,cases}' AS on_working_days FROM indicators('2016-12-01', '2016-12-31', work_flag => true, year_on_year => false, period_on_period => false) i;
-- orders
SELECT o, d, (SELECT string_agg(g ->> 'key', ' ') FROM jsonb_array_elements(indicators('2016-12-01', '2016-12-31', group_by => 'type', order_by => o, descending => d) -> 'groups') g) AS groups
FROM unnest(ARRAY['cases', 'key', 'close', 'intime_archive', 'closeLate']) o, unnest(ARRAY[true, false]) d;
-- a period without data
SELECT i -> 'groups' AS groups, i #>> '{total,cases}' AS cases, i #> '{total,rates,close}' AS close, i #> '{total,counters,inst}' AS filed FROM indicators('2001-01-01', '2001-01-31', group_by => 'unit') i;
SELECT i ->> 'groupCount' AS people, i #>> '{groups,0,cases}' AS cases FROM indicators_by_person('2016-12-01', '2016-12-31', 'closer') i;
-- workload: two units and a person; hours of the working calendar
INSERT INTO unit (unit_code, name) VALUES ('RU-1', '路灯所'), ('RU-2', '市政所');
UPDATE case_fact SET unit_code = CASE WHEN rec_id % 3 = 0 THEN 'RU-1' ELSE 'RU-2' END, disposer = 1, dispose_begin = '2016-12-16 08:00+08', dispose_end = '2016-12-16 08:00+08'::timestamptz + (rec_id % 3 + 1) * interval '1 hour', rework = (rec_id % 30 = 0)::int
WHERE dispose = 1 AND rec_id < 920001055;
INSERT INTO case_task (rec_id, role, unit_code, division_code, holder, stage, state, event_type_code) SELECT 920000000 + n, 'unit', 'RU-2', '110101', 7, 'handle', 4, '01' FROM generate_series(1, 5) n;
SELECT count(start_clock(920000000 + n, 'stage', 1, 12, now() - interval '2 hours')) FROM generate_series(1, 2) n;
SELECT * FROM workload('2016-12-01', '2016-12-31');
SELECT rank, key, median_hours FROM workload('2016-12-01', '2016-12-31', order_by => 'medianHours', descending => false);
SELECT rank, key, handled FROM workload('2016-12-01', '2016-12-31', unit_code => 'RU-1', top => 1);
SELECT rank, key, open_cases, overdue_cases, handled, mean_hours FROM workload_by_person('2016-12-01', '2016-12-31', division_code => '110100');
SELECT count(*) AS rows FROM workload('2001-01-01', '2001-01-31', order_by => 'openCases') WHERE handled > 0;
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
SELECT c, pg_temp.fault(c) FROM unnest(ARRAY['indicators(NULL, ''2026-01-31'')', 'indicators(''2026-02-01'', ''2026-01-31'')', 'indicators(''1900-01-01'', ''2026-01-31'')', 'indicators(''2010-01-01'', ''2026-01-31'')', 'indicators(''2026-01-01'', ''infinity'')',
    'indicators(''2026-01-01'', ''2026-01-31'', ''other'')', 'indicators(''2026-01-01'', ''2026-01-31'', group_by => ''closer'')', 'indicators(''2026-01-01'', ''2026-01-31'', division_code => ''999999'')',
    'indicators(''2026-01-01'', ''2026-01-31'', unit_code => ''none'')', 'indicators(''2026-01-01'', ''2026-01-31'', indicators => ''{close,nonsense}'')', 'indicators(''2026-01-01'', ''2026-01-31'', indicators => ''{}'')',
    'indicators(''2026-01-01'', ''2026-01-31'', order_by => ''x'')', 'indicators(''2026-01-01'', ''2026-01-31'', top => 0)', 'indicators(''2026-01-01'', ''2026-01-31'', work_flag => NULL)', 'indicators(''2026-01-01'', ''2026-01-31'', calendar => ''none'')',
    'indicators(''2026-01-01'', ''2026-01-31'', event_type_code => ''nothing'', event_src_id => 77)', 'indicators_by_person(''2026-01-01'', ''2026-01-31'', ''unit'')', 'workload(''2026-01-01'', ''2026-01-31'', order_by => ''rank'')', 'workload_by_person(''2026-01-01'', NULL)', 'fold_case_facts(0)']) c;
-- as algorithms
SELECT a.algorithm_code, a.level, a.cost, a.result FROM algorithm a WHERE a.algorithm_code ~ 'indicators|workload' ORDER BY 1;
SELECT run_algorithm('indicators', '{"fromDay": "2001-01-01", "toDay": "2001-01-31", "groupBy": "unit"}') #>> '{result,total,cases}' AS cases, run_algorithm('workload', '{"fromDay": "2001-01-01", "toDay": "2001-01-31"}') #>> '{result,columns,0,name}' AS first_column;
-- rights: analysts read sums and no people; nobody changes them
SET ROLE citybigdata_analyst;
SELECT indicators('2026-01-01', '2026-01-31') ->> 'cohort' AS cohort, (SELECT count(*) FROM workload('2001-01-01', '2001-01-31')) >= 0 AS workload, (SELECT count(*) FROM case_rollup) >= 0 AS rollups;
SELECT indicators_by_person('2026-01-01', '2026-01-31', 'closer');
SELECT count(*) FROM workload_by_person('2026-01-01', '2026-01-31');
SELECT fold_case_facts();
DELETE FROM case_rollup;
RESET ROLE;
SET ROLE citybigdata_sysadmin;
SELECT count(*) AS differences FROM case_rollup_differences();
RESET ROLE;
