-- Daily roll-ups of case facts, what is read from them: indicators of groups and periods, and the workload of units and people.
--
-- A case whose clocks are stopped, or that has none, is folded: its counters, which no clock changes any more, are added to case_rollup
-- and case_fact.folded is set, in one transaction. All others are worked out when somebody asks. A trigger takes a case out again before
-- its facts change, and so does whoever starts a clock of it; so a report and a step cost nothing, and at every moment
-- rollups + cases that are not folded = all cases, in each snapshot.
COMMENT ON TABLE citybigdata.case_rollup IS 'Daily sums of the counters of folded cases 案件统计日汇总; indicators() reads them and the cases that are not folded';
COMMENT ON COLUMN citybigdata.case_rollup.dimension IS 'What the row is of: community (district, street, community), street (district, street), unit (district, unit), type (type, major and minor class), source (district, source)';
COMMENT ON COLUMN citybigdata.case_rollup.cohort IS 'Which day it is: reported (of the report 按上报时间), due (of the deadline of the whole chain 按应结案时间)';
COMMENT ON COLUMN citybigdata.case_rollup.day IS 'Day in the zone citybigdata.time_zone';
COMMENT ON COLUMN citybigdata.case_rollup.appended IS 'Not put together with the other rows of its day yet';
COMMENT ON COLUMN citybigdata.case_rollup.event_src_id IS 'Source, code table event-src';
COMMENT ON COLUMN citybigdata.case_rollup.district_code IS 'District';
COMMENT ON COLUMN citybigdata.case_rollup.street_code IS 'Street';
COMMENT ON COLUMN citybigdata.case_rollup.community_code IS 'Community';
COMMENT ON COLUMN citybigdata.case_rollup.unit_code IS 'Unit that had the case last';
COMMENT ON COLUMN citybigdata.case_rollup.event_type_code IS 'Type 问题类型';
COMMENT ON COLUMN citybigdata.case_rollup.main_type_code IS 'Major class 大类';
COMMENT ON COLUMN citybigdata.case_rollup.sub_type_code IS 'Minor class 小类';
COMMENT ON COLUMN citybigdata.case_rollup.cases IS 'How many cases; below zero: they were taken out again';
COMMENT ON COLUMN citybigdata.case_rollup.counters IS 'Sums of the counters, in the order of indicator_counters()';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.case_rollup', '');

CREATE OR REPLACE FUNCTION citybigdata.fact_counters(fact citybigdata.case_fact, stage_late boolean, chain_late boolean, standing boolean) RETURNS smallint[]
    AS 'MODULE_PATHNAME', 'cbd_fact_counters' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.fact_counters(citybigdata.case_fact, boolean, boolean, boolean) IS
'0 or 1 for each of indicator_counters(), as case_facts has them: by a row of case_fact, whether its clocks are late and not stopped, and whether the chain clock stands';
CREATE OR REPLACE FUNCTION citybigdata.add_counters(bigint[], smallint[]) RETURNS bigint[]
    AS 'MODULE_PATHNAME', 'cbd_add_counters' LANGUAGE c IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.add_counters(bigint[], smallint[]) IS 'The step of sum_counters()';
CREATE OR REPLACE FUNCTION citybigdata.add_counters(bigint[], integer[]) RETURNS bigint[]
    AS 'MODULE_PATHNAME', 'cbd_add_counters' LANGUAGE c IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.add_counters(bigint[], integer[]) IS 'The same of sums';
CREATE OR REPLACE FUNCTION citybigdata.add_counters(bigint[], bigint[]) RETURNS bigint[]
    AS 'MODULE_PATHNAME', 'cbd_add_counters' LANGUAGE c IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.add_counters(bigint[], bigint[]) IS 'The same of large sums';
CREATE OR REPLACE AGGREGATE citybigdata.sum_counters(smallint[]) (sfunc = citybigdata.add_counters, stype = bigint[], combinefunc = citybigdata.add_counters, parallel = safe);
COMMENT ON AGGREGATE citybigdata.sum_counters(smallint[]) IS 'Sums of lists of counters, place by place';
CREATE OR REPLACE AGGREGATE citybigdata.sum_counters(integer[]) (sfunc = citybigdata.add_counters, stype = bigint[], combinefunc = citybigdata.add_counters, parallel = safe);
COMMENT ON AGGREGATE citybigdata.sum_counters(integer[]) IS 'The same of sums';
CREATE OR REPLACE AGGREGATE citybigdata.sum_counters(bigint[]) (sfunc = citybigdata.add_counters, stype = bigint[], combinefunc = citybigdata.add_counters, parallel = safe);
COMMENT ON AGGREGATE citybigdata.sum_counters(bigint[]) IS 'The same of large sums';
CREATE OR REPLACE FUNCTION citybigdata.signed_counters(counters bigint[], sign integer) RETURNS integer[]
    AS 'MODULE_PATHNAME', 'cbd_signed_counters' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.signed_counters(bigint[], integer) IS 'Sums, with their sign turned by -1, as case_rollup has them';
CREATE OR REPLACE FUNCTION citybigdata.indicator_rate(counters bigint[], above integer[], below integer[]) RETURNS numeric
    AS 'MODULE_PATHNAME', 'cbd_indicator_rate' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.indicator_rate(bigint[], integer[], integer[]) IS
'A rate in per cent with two digits, of sums in the order of indicator_counters(); above and below the line: places in them. Null where there is nothing to divide by';

CREATE OR REPLACE VIEW citybigdata.case_rollup_part AS
SELECT f.rec_id, g.dimension, k.cohort, k.day, g.event_src_id, g.district_code, g.street_code, g.community_code, g.unit_code, g.event_type_code, g.main_type_code, g.sub_type_code,
    citybigdata.fact_counters(f, false, false, true) AS counters
FROM citybigdata.case_fact f
CROSS JOIN LATERAL (VALUES ('reported', (pg_catalog.timezone(pg_catalog.current_setting('citybigdata.time_zone'), f.report_time))::date),
                           ('due', (pg_catalog.timezone(pg_catalog.current_setting('citybigdata.time_zone'), f.bundle_deadline))::date)) k (cohort, day)
CROSS JOIN LATERAL (VALUES ('community', NULL::integer, f.district_code, f.street_code, f.community_code, NULL, NULL, NULL, NULL), ('street', NULL, f.district_code, f.street_code, NULL, NULL, NULL, NULL, NULL),
                           ('unit', NULL, f.district_code, NULL, NULL, f.unit_code, NULL, NULL, NULL),
                           ('type', NULL, NULL, NULL, NULL, NULL, f.event_type_code, f.main_type_code, f.sub_type_code), ('source', f.event_src_id, f.district_code, NULL, NULL, NULL, NULL, NULL, NULL))
    g (dimension, event_src_id, district_code, street_code, community_code, unit_code, event_type_code, main_type_code, sub_type_code)
WHERE f.folded AND k.day IS NOT NULL;
COMMENT ON VIEW citybigdata.case_rollup_part IS 'What each folded case adds to case_rollup, a row for each dimension and cohort';
COMMENT ON COLUMN citybigdata.case_rollup_part.rec_id IS 'The case';
COMMENT ON COLUMN citybigdata.case_rollup_part.dimension IS 'As in case_rollup';
COMMENT ON COLUMN citybigdata.case_rollup_part.cohort IS 'As in case_rollup';
COMMENT ON COLUMN citybigdata.case_rollup_part.day IS 'Day in the zone citybigdata.time_zone';
COMMENT ON COLUMN citybigdata.case_rollup_part.event_src_id IS 'Source, code table event-src';
COMMENT ON COLUMN citybigdata.case_rollup_part.district_code IS 'District';
COMMENT ON COLUMN citybigdata.case_rollup_part.street_code IS 'Street';
COMMENT ON COLUMN citybigdata.case_rollup_part.community_code IS 'Community';
COMMENT ON COLUMN citybigdata.case_rollup_part.unit_code IS 'Unit that had the case last';
COMMENT ON COLUMN citybigdata.case_rollup_part.event_type_code IS 'Type 问题类型';
COMMENT ON COLUMN citybigdata.case_rollup_part.main_type_code IS 'Major class 大类';
COMMENT ON COLUMN citybigdata.case_rollup_part.sub_type_code IS 'Minor class 小类';
COMMENT ON COLUMN citybigdata.case_rollup_part.counters IS '0 or 1 for each of indicator_counters()';

CREATE OR REPLACE FUNCTION citybigdata.append_rollups(rec_ids integer[], sign integer) RETURNS void
    LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp SET work_mem = '64MB' AS $$
    INSERT INTO citybigdata.case_rollup (dimension, cohort, day, event_src_id, district_code, street_code, community_code, unit_code, event_type_code, main_type_code, sub_type_code, cases, counters)
    SELECT p.dimension, p.cohort, p.day, p.event_src_id, p.district_code, p.street_code, p.community_code, p.unit_code, p.event_type_code, p.main_type_code, p.sub_type_code,
           count(*) * sign, citybigdata.signed_counters(citybigdata.sum_counters(p.counters), sign)
    FROM citybigdata.case_rollup_part p WHERE p.rec_id = ANY (rec_ids) GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 ORDER BY 1, 2, 3
$$;
COMMENT ON FUNCTION citybigdata.append_rollups(integer[], integer) IS 'Adds rows to case_rollup: of folded cases, sign 1; what takes them out again, sign -1';

CREATE OR REPLACE FUNCTION citybigdata.case_fact_unfold() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM citybigdata.append_rollups(ARRAY[OLD.rec_id], -1);
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    NEW.folded := false;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION citybigdata.case_fact_unfold() IS 'Trigger: a folded case is taken out of case_rollup before its facts change';
CREATE OR REPLACE TRIGGER case_fact_unfold BEFORE UPDATE OR DELETE ON citybigdata.case_fact
    FOR EACH ROW WHEN (OLD.folded) EXECUTE FUNCTION citybigdata.case_fact_unfold();
ALTER TABLE citybigdata.case_fact ENABLE ALWAYS TRIGGER case_fact_unfold;

-- Puts the rows of a group together where rows were appended, of so many days at most. Rows that others append meanwhile stay as they are.
CREATE OR REPLACE FUNCTION citybigdata.merge_rollups(portion integer DEFAULT 500) RETURNS bigint
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET work_mem = '64MB' AS $$
DECLARE
    merged bigint;
BEGIN
    IF NOT citybigdata.try_own_lock('case_rollup') THEN
        RETURN 0;
    END IF;
    WITH chosen AS MATERIALIZED (
        SELECT r.dimension, r.cohort, r.day FROM citybigdata.case_rollup r WHERE r.appended GROUP BY r.dimension, r.cohort, r.day ORDER BY count(*) DESC LIMIT portion
    ), gone AS (
        DELETE FROM citybigdata.case_rollup r USING chosen c WHERE r.dimension = c.dimension AND r.cohort = c.cohort AND r.day = c.day RETURNING r.*
    ), made AS (
        INSERT INTO citybigdata.case_rollup (dimension, cohort, day, appended, district_code, street_code, community_code, unit_code, event_src_id, event_type_code, main_type_code, sub_type_code, cases, counters)
        SELECT g.dimension, g.cohort, g.day, false, g.district_code, g.street_code, g.community_code, g.unit_code, g.event_src_id, g.event_type_code, g.main_type_code, g.sub_type_code,
               sum(g.cases), citybigdata.signed_counters(citybigdata.sum_counters(g.counters), 1)
        FROM gone g GROUP BY g.dimension, g.cohort, g.day, g.district_code, g.street_code, g.community_code, g.unit_code, g.event_src_id, g.event_type_code, g.main_type_code, g.sub_type_code
        HAVING sum(g.cases) <> 0 ORDER BY 1, 2, 3
    )
    SELECT count(*) INTO merged FROM gone;
    RETURN merged;
END
$$;
COMMENT ON FUNCTION citybigdata.merge_rollups(integer) IS 'Puts rows of case_rollup together that were appended, of so many days at most; returns how many rows it has read. Part of maintain()';

-- A case of which a step is being taken is left for next time. The row is locked first: what its clocks say is looked at after that, and
-- whoever starts one locks the row (extension/indicator/case_fact.c).
CREATE OR REPLACE FUNCTION citybigdata.fold_case_facts(portion integer DEFAULT 100000) RETURNS bigint
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    locked integer[];
    folded integer[];
BEGIN
    IF portion IS NULL OR portion NOT BETWEEN 1 AND 1000000 THEN
        PERFORM citybigdata.refuse(42204, citybigdata.say('portion: 1 to {limit}.', 'limit', 1000000));
    ELSIF NOT citybigdata.try_own_lock('case_rollup') THEN
        RETURN 0;
    END IF;
    locked := ARRAY(SELECT f.rec_id FROM citybigdata.case_fact f
                    WHERE NOT f.folded AND NOT EXISTS (SELECT FROM citybigdata.case_clock c WHERE c.rec_id = f.rec_id AND (c.stopped_at IS NULL OR c.kind = 'chain' AND c.deadline IS DISTINCT FROM f.bundle_deadline))
                    LIMIT portion FOR UPDATE OF f SKIP LOCKED);
    WITH changed AS (
        UPDATE citybigdata.case_fact f SET folded = true
        WHERE f.rec_id = ANY (locked) AND NOT f.folded
          AND NOT EXISTS (SELECT FROM citybigdata.case_clock c WHERE c.rec_id = f.rec_id AND (c.stopped_at IS NULL OR c.kind = 'chain' AND c.deadline IS DISTINCT FROM f.bundle_deadline))
        RETURNING f.rec_id)
    SELECT array_agg(c.rec_id) INTO folded FROM changed c;
    IF folded IS NOT NULL THEN
        PERFORM citybigdata.append_rollups(folded, 1);
    END IF;
    IF (SELECT count(*) = 20000 FROM (SELECT FROM citybigdata.case_rollup r WHERE r.appended LIMIT 20000) a) THEN
        PERFORM citybigdata.merge_rollups();
    END IF;
    RETURN coalesce(cardinality(folded), 0);
END
$$;
COMMENT ON FUNCTION citybigdata.fold_case_facts(integer) IS
'Adds cases whose clocks are stopped to case_rollup, so many at most, and returns how many; 0: none is left, or another one is at it. Part of maintain(); after much history was loaded, call it until it returns 0. Error 42204';

-- Rows lie in the order in which they are read. One statement, one snapshot: what is taken out of the roll-ups meanwhile is taken out of the new rows, since only rows that this one sees go.
CREATE OR REPLACE FUNCTION citybigdata.rebuild_case_rollups() RETURNS bigint
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET work_mem = '256MB' AS $$
DECLARE
    made bigint;
BEGIN
    PERFORM citybigdata.own_lock('case_rollup');
    WITH gone AS (
        DELETE FROM citybigdata.case_rollup
    ), fresh AS (
        INSERT INTO citybigdata.case_rollup (dimension, cohort, day, appended, event_src_id, district_code, street_code, community_code, unit_code, event_type_code, main_type_code, sub_type_code, cases, counters)
        SELECT p.dimension, p.cohort, p.day, false, p.event_src_id, p.district_code, p.street_code, p.community_code, p.unit_code, p.event_type_code, p.main_type_code, p.sub_type_code,
               count(*), citybigdata.signed_counters(citybigdata.sum_counters(p.counters), 1)
        FROM citybigdata.case_rollup_part p GROUP BY 1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12 ORDER BY 1, 2, 3
        RETURNING 1)
    SELECT count(*) INTO made FROM fresh;
    PERFORM citybigdata.audit_event('indicator.rebuild', NULL, format('%s rows', made));
    RETURN made;
END
$$;
COMMENT ON FUNCTION citybigdata.rebuild_case_rollups() IS 'Makes case_rollup anew of the folded cases, for example after citybigdata.time_zone was changed; returns its rows. Steps need not wait';
CREATE OR REPLACE FUNCTION citybigdata.case_rollup_differences()
    RETURNS TABLE (dimension text, cohort text, day date, key text, stored text, recounted text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH side AS (
        SELECT r.dimension, r.cohort, r.day, concat_ws('/', r.event_src_id, r.district_code, r.street_code, r.community_code, r.unit_code, r.event_type_code, r.main_type_code, r.sub_type_code) AS key,
               r.cases, r.counters::bigint[] AS counters, true AS is_stored FROM citybigdata.case_rollup r
        UNION ALL
        SELECT p.dimension, p.cohort, p.day, concat_ws('/', p.event_src_id, p.district_code, p.street_code, p.community_code, p.unit_code, p.event_type_code, p.main_type_code, p.sub_type_code),
               1, p.counters::bigint[], false FROM citybigdata.case_rollup_part p
    ), summed AS (
        SELECT s.dimension, s.cohort, s.day, s.key, s.is_stored, sum(s.cases) AS cases, citybigdata.sum_counters(s.counters) AS counters FROM side s GROUP BY 1, 2, 3, 4, 5 HAVING sum(s.cases) <> 0
    )
    SELECT coalesce(a.dimension, b.dimension), coalesce(a.cohort, b.cohort), coalesce(a.day, b.day), coalesce(a.key, b.key), a.cases || ' ' || a.counters::text, b.cases || ' ' || b.counters::text
    FROM (SELECT * FROM summed s WHERE s.is_stored) a
    FULL JOIN (SELECT * FROM summed s WHERE NOT s.is_stored) b ON (a.dimension, a.cohort, a.day, a.key) = (b.dimension, b.cohort, b.day, b.key)
    WHERE a.cases IS DISTINCT FROM b.cases OR a.counters IS DISTINCT FROM b.counters
    ORDER BY 1, 2, 3, 4
$$;
COMMENT ON FUNCTION citybigdata.case_rollup_differences() IS
'Groups whose sums in case_rollup are not those of the folded cases: number of cases and counters of both; no row: they agree. It reads all facts. rebuild_case_rollups() puts it right';

-- Which dimension has what is asked for; null: none, the facts are read.
CREATE OR REPLACE FUNCTION citybigdata.rollup_dimension(group_by text, division_code text, unit_code text, type_code text, event_src_id integer) RETURNS text
    LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN n.places + n.units + n.types + n.sources > 1 OR n.types = 1 AND n.districts OR group_by IN ('reporter', 'verifier', 'filer', 'dispatcher', 'disposer', 'checker', 'closer') THEN NULL
                WHEN n.communities THEN 'community' WHEN n.places = 1 THEN 'street' WHEN n.units = 1 THEN 'unit' WHEN n.types = 1 THEN 'type' ELSE 'source' END
    FROM (SELECT (coalesce(group_by IN ('street', 'community'), false) OR coalesce(length(division_code) > 6, false))::integer AS places, coalesce(group_by = 'community', false) OR coalesce(length(division_code) > 9, false) AS communities,
                 (coalesce(group_by = 'unit', false) OR unit_code IS NOT NULL)::integer AS units, (coalesce(group_by IN ('type', 'major', 'minor'), false) OR type_code IS NOT NULL)::integer AS types,
                 (coalesce(group_by = 'source', false) OR event_src_id IS NOT NULL)::integer AS sources, coalesce(group_by = 'district', false) OR division_code IS NOT NULL AS districts) n
$$;
COMMENT ON FUNCTION citybigdata.rollup_dimension(text, text, text, text, integer) IS 'Dimension of case_rollup that has these groups and filters; null: none has, indicators() reads the facts';

-- Days of each period; with work_flag those on which a calendar has working time.
CREATE OR REPLACE FUNCTION citybigdata.period_days(from_day date, to_day date, work_flag boolean, calendar text) RETURNS date[]
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(array_agg(d.day ORDER BY d.day), '{}') FROM (SELECT from_day + n AS day FROM generate_series(0, to_day - from_day) n) d
    WHERE NOT work_flag OR citybigdata.work_between(d.day::timestamp AT TIME ZONE current_setting('citybigdata.time_zone'), (d.day + 1)::timestamp AT TIME ZONE current_setting('citybigdata.time_zone'), calendar) > interval '0'
$$;
COMMENT ON FUNCTION citybigdata.period_days(date, date, boolean, text) IS 'The days from one to another, both in it; work_flag: only those with working time by that calendar';

-- Sums of groups: the roll-ups of these days, and the cases that are not folded, or all where no dimension fits. Each period with a plan of
-- its own: how many cases it has decides how their clocks are looked for.
CREATE OR REPLACE FUNCTION citybigdata.indicator_sums(cohort text, group_by text, first date[], last date[], division_code text, unit_code text, type_code text, event_src_id integer, work_flag boolean, calendar text)
    RETURNS TABLE (period integer, key text, cases bigint, counters bigint[])
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan SET jit = off SET work_mem = '64MB' AS $$
#variable_conflict use_variable
DECLARE
    dimension text := citybigdata.rollup_dimension(group_by, division_code, unit_code, type_code, event_src_id);
    zone      text := current_setting('citybigdata.time_zone');
    prefix    text := CASE WHEN division_code ~ '^[0-9]{2}0000$' THEN left(division_code, 2) WHEN division_code ~ '^[0-9]{4}00$' THEN left(division_code, 4) ELSE division_code END;
    from_day  date;
    to_day    date;
    since     timestamptz;
    until     timestamptz;
    days      date[];
BEGIN
    FOR n IN 1..cardinality(first) LOOP
        from_day := first[n];
        to_day := last[n];
        since := from_day::timestamp AT TIME ZONE zone;
        until := (to_day + 1)::timestamp AT TIME ZONE zone;
        IF work_flag THEN
            days := citybigdata.period_days(from_day, to_day, true, calendar);
        END IF;
        RETURN QUERY
        SELECT n, x.key, sum(x.cases)::bigint, citybigdata.sum_counters(x.counters)
        FROM (
            SELECT CASE group_by WHEN 'district' THEN r.district_code WHEN 'street' THEN r.street_code WHEN 'community' THEN r.community_code WHEN 'unit' THEN r.unit_code
                       WHEN 'source' THEN r.event_src_id::text WHEN 'type' THEN r.event_type_code WHEN 'major' THEN r.main_type_code WHEN 'minor' THEN r.sub_type_code END AS key,
                   sum(r.cases) AS cases, citybigdata.sum_counters(r.counters) AS counters
            FROM citybigdata.case_rollup r
            WHERE r.dimension = dimension AND r.cohort = cohort AND r.day >= from_day AND r.day <= to_day AND (NOT work_flag OR r.day = ANY (days))
              AND (prefix IS NULL OR starts_with(CASE WHEN length(prefix) > 6 THEN coalesce(r.community_code, r.street_code) ELSE r.district_code END, prefix)) AND (unit_code IS NULL OR r.unit_code = unit_code)
              AND (type_code IS NULL OR type_code IN (r.event_type_code, r.main_type_code, r.sub_type_code)) AND (event_src_id IS NULL OR r.event_src_id = event_src_id)
            GROUP BY 1
            UNION ALL
            SELECT CASE group_by WHEN 'district' THEN f.district_code WHEN 'street' THEN f.street_code WHEN 'community' THEN f.community_code WHEN 'unit' THEN f.unit_code
                       WHEN 'source' THEN f.event_src_id::text WHEN 'type' THEN f.event_type_code WHEN 'major' THEN f.main_type_code WHEN 'minor' THEN f.sub_type_code
                       WHEN 'reporter' THEN f.reporter::text WHEN 'verifier' THEN f.verifier::text WHEN 'filer' THEN f.filer::text WHEN 'dispatcher' THEN f.dispatcher::text
                       WHEN 'disposer' THEN f.disposer::text WHEN 'checker' THEN f.checker::text WHEN 'closer' THEN f.closer::text END,
                   count(*), citybigdata.sum_counters(citybigdata.fact_counters(f, coalesce(s.stopped_at IS NULL AND now() > s.deadline, false), coalesce(c.stopped_at IS NULL AND now() > c.deadline, false),
                       c.running_since IS NULL AND (c.resumes_at IS NULL OR c.resumes_at > now())))
            FROM citybigdata.case_fact f LEFT JOIN citybigdata.case_clock c ON c.rec_id = f.rec_id AND c.kind = 'chain' LEFT JOIN citybigdata.case_clock s ON s.rec_id = f.rec_id AND s.kind = 'stage'
            WHERE CASE WHEN cohort = 'due' THEN coalesce(c.deadline, f.bundle_deadline) ELSE f.report_time END >= since
              AND CASE WHEN cohort = 'due' THEN coalesce(c.deadline, f.bundle_deadline) ELSE f.report_time END < until AND (dimension IS NULL OR NOT f.folded)
              AND (prefix IS NULL OR starts_with(CASE WHEN length(prefix) > 6 THEN coalesce(f.community_code, f.street_code) ELSE f.district_code END, prefix)) AND (unit_code IS NULL OR f.unit_code = unit_code)
              AND (type_code IS NULL OR type_code IN (f.event_type_code, f.main_type_code, f.sub_type_code)) AND (event_src_id IS NULL OR f.event_src_id = event_src_id)
              AND (NOT work_flag OR (CASE WHEN cohort = 'due' THEN coalesce(c.deadline, f.bundle_deadline) ELSE f.report_time END AT TIME ZONE zone)::date = ANY (days))
            GROUP BY 1
        ) x GROUP BY 2 HAVING sum(x.cases) <> 0;
    END LOOP;
END
$$;
COMMENT ON FUNCTION citybigdata.indicator_sums(text, text, date[], date[], text, text, text, integer, boolean, text) IS 'The sums behind indicators(), whose arguments were checked; periods by their number from 1';

CREATE OR REPLACE FUNCTION citybigdata.snake_case(name text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$ SELECT lower(regexp_replace(name, '([A-Z])', '_\1', 'g')) $$;
COMMENT ON FUNCTION citybigdata.snake_case(text) IS 'closeInTime as close_in_time; what is written so already stays';

CREATE OR REPLACE FUNCTION citybigdata.group_title(group_by text, key text) RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN group_by IN ('district', 'street', 'community') THEN (SELECT d.name FROM citybigdata.division d WHERE d.code = key)
                WHEN group_by = 'unit' THEN (SELECT u.name FROM citybigdata.unit u WHERE u.unit_code = key)
                WHEN group_by = 'source' THEN citybigdata.code_name('event-src', key)
                WHEN group_by IN ('type', 'major', 'minor') THEN citybigdata.code_name('event-type', key)
                WHEN group_by IS NOT NULL THEN (SELECT a.user_name FROM citybigdata.account a WHERE a.account_id::text = key) END
$$;
COMMENT ON FUNCTION citybigdata.group_title(text, text) IS 'Name of a group: of a division, unit, code or account';

-- Formulas of the rates, with places in indicator_counters(). What is due is all of it in the cohort of those that were due.
CREATE OR REPLACE FUNCTION citybigdata.indicator_formulas(cohort text) RETURNS TABLE (code text, name text, title text, title_zh text, above integer[], below integer[], confirmed boolean, sort integer)
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT i.code, citybigdata.camel_case(i.code), i.title, i.title_zh, ARRAY(SELECT array_position(k.counters, n.name) FROM unnest(i.numerator) n(name)),
           ARRAY(SELECT array_position(k.counters, CASE WHEN cohort = 'due' AND n.name = 'need_archive' THEN 'due_archive' ELSE n.name END) FROM unnest(i.denominator) n(name)), i.confirmed, i.sort
    FROM citybigdata.indicator i CROSS JOIN (SELECT citybigdata.indicator_counters()) k(counters)
$$;
COMMENT ON FUNCTION citybigdata.indicator_formulas(text) IS 'Formulas of table indicator as indicator_rate() takes them';

-- The same period a year before (同比), and the one just before (环比): of whole months so many months, else of so many days.
CREATE OR REPLACE FUNCTION citybigdata.compared_periods(from_day date, to_day date, OUT first date[], OUT last date[])
    LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT ARRAY[from_day, (from_day - interval '1 year')::date, CASE WHEN p.months > 0 THEN (from_day - make_interval(months => p.months))::date ELSE from_day - (p.after - from_day) END],
           ARRAY[to_day, (p.after - interval '1 year')::date - 1, from_day - 1]
    FROM (SELECT to_day + 1 AS after, CASE WHEN extract(day FROM from_day) = 1 AND extract(day FROM to_day + 1) = 1
              THEN ((extract(year FROM to_day + 1) - extract(year FROM from_day)) * 12 + extract(month FROM to_day + 1) - extract(month FROM from_day))::integer ELSE 0 END AS months) p
$$;
COMMENT ON FUNCTION citybigdata.compared_periods(date, date) IS 'First and last days: of the period, of the same one a year before 同比, of the one before 环比';

-- What is wrong with the arguments that indicators() and workload() share; nothing: it returns.
CREATE OR REPLACE FUNCTION citybigdata.check_period(from_day date, to_day date, division_code text, unit_code text, calendar text, top integer) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF from_day IS NULL OR to_day IS NULL OR from_day > to_day OR from_day < '1990-01-01' OR to_day > '2199-12-31' OR to_day - from_day > 3660 THEN
        PERFORM citybigdata.refuse(42204, citybigdata.say('from_day is not after to_day, from 1990 to 2199, and they are at most {limit} days apart.', 'limit', 3660));
    ELSIF top IS NULL OR top NOT BETWEEN 1 AND 10000 THEN
        PERFORM citybigdata.refuse(42204, citybigdata.say('top: 1 to {limit}.', 'limit', 10000));
    ELSIF division_code IS NOT NULL AND NOT EXISTS (SELECT FROM citybigdata.division d WHERE d.code = check_period.division_code) THEN
        PERFORM citybigdata.refuse(42206, citybigdata.say('There is no division {code}.', 'code', left(division_code, 40)));
    ELSIF unit_code IS NOT NULL AND NOT EXISTS (SELECT FROM citybigdata.unit u WHERE u.unit_code = check_period.unit_code) THEN
        PERFORM citybigdata.refuse(42205, citybigdata.say('There is no unit {code}.', 'code', left(unit_code, 40)));
    ELSIF calendar IS NULL OR NOT EXISTS (SELECT FROM citybigdata.calendar c WHERE c.code = check_period.calendar) THEN
        PERFORM citybigdata.refuse(40409, citybigdata.say('There is no calendar {code}.', 'code', left(calendar, 40)));
    END IF;
END
$$;
COMMENT ON FUNCTION citybigdata.check_period(date, date, text, text, text, integer) IS 'Refuses what is wrong with a period, a division, a unit, a calendar or a number of groups: 42204, 42205, 42206, 40409';

CREATE OR REPLACE FUNCTION citybigdata.indicators_of(from_day date, to_day date, cohort text, group_by text, division_code text, unit_code text, event_type_code text, event_src_id integer,
    indicators text[], year_on_year boolean, period_on_period boolean, order_by text, descending boolean, top integer, work_flag boolean, calendar text) RETURNS jsonb
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
    first    date[];
    last     date[];
    chosen   integer[] := array_remove(ARRAY[1, CASE WHEN year_on_year THEN 2 END, CASE WHEN period_on_period THEN 3 END], NULL);
    called   text[] := ARRAY['current', 'yearOnYear', 'periodOnPeriod'];
    counted  text[] := ARRAY(SELECT citybigdata.camel_case(c.name) FROM unnest(citybigdata.indicator_counters()) WITH ORDINALITY c(name, place) ORDER BY c.place);
    place    integer := array_position(citybigdata.indicator_counters(), citybigdata.snake_case(order_by));
    ordering text := citybigdata.snake_case(order_by);
    wanted   text[] := CASE WHEN indicators IS NOT NULL THEN ARRAY(SELECT citybigdata.snake_case(w.code) FROM unnest(indicators) w(code)) END;
    result   jsonb;
BEGIN
    SELECT p.first, p.last INTO first, last FROM citybigdata.compared_periods(from_day, to_day) p;
    WITH formula AS MATERIALIZED (
        SELECT f.*, wanted IS NULL OR f.code = ANY (wanted) AS asked FROM citybigdata.indicator_formulas(cohort) f
    ), sums AS MATERIALIZED (
        SELECT chosen[s.period] AS period, s.key, s.cases, s.counters
        FROM citybigdata.indicator_sums(cohort, group_by, ARRAY(SELECT first[n] FROM unnest(chosen) n), ARRAY(SELECT last[n] FROM unnest(chosen) n), division_code, unit_code, event_type_code, event_src_id, work_flag, calendar) s
    ), part AS MATERIALIZED (
        -- the total has no name; a group without a key has one, too
        SELECT s.period, coalesce('=' || s.key, '-') AS id, s.key, s.cases, s.counters FROM sums s
        UNION ALL
        SELECT s.period, '', NULL, sum(s.cases)::bigint, citybigdata.sum_counters(s.counters) FROM sums s GROUP BY s.period
    ), valued AS (
        SELECT p.*, CASE WHEN order_by = 'cases' THEN p.cases WHEN order_by = 'key' THEN NULL WHEN place IS NOT NULL THEN p.counters[place]
                   ELSE (SELECT citybigdata.indicator_rate(p.counters, f.above, f.below) FROM formula f WHERE f.code = ordering) END AS value
        FROM part p WHERE p.period = 1 AND p.id <> '' AND group_by IS NOT NULL
    ), ranked AS (
        SELECT v.*, row_number() OVER (ORDER BY CASE WHEN descending THEN -v.value ELSE v.value END NULLS LAST, CASE WHEN order_by <> 'key' OR NOT descending THEN v.key END, v.key DESC) AS rank FROM valued v
    ), shown AS MATERIALIZED (
        SELECT 0 AS rank, '' AS id, NULL AS key, coalesce(p.cases, 0) AS cases, coalesce(p.counters, array_fill(0::bigint, ARRAY[cardinality(counted)])) AS counters
        FROM (SELECT) one LEFT JOIN part p ON p.period = 1 AND p.id = ''
        UNION ALL
        SELECT r.rank, r.id, r.key, r.cases, r.counters FROM ranked r WHERE r.rank <= top
    ), compared AS (
        SELECT s.id, jsonb_object_agg(called[n], jsonb_build_object('cases', coalesce(o.cases, 0), 'casesChange', s.cases - coalesce(o.cases, 0), 'casesPercent', round(100.0 * (s.cases - o.cases) / nullif(o.cases, 0), 2),
                   'rates', b.rates, 'differences', b.differences)) AS periods
        FROM shown s CROSS JOIN unnest(chosen) n LEFT JOIN part o ON o.period = n AND o.id = s.id
        CROSS JOIN LATERAL (SELECT coalesce(jsonb_object_agg(r.name, r.before), '{}') AS rates, coalesce(jsonb_object_agg(r.name, r.rate - r.before), '{}') AS differences
            FROM (SELECT f.name, citybigdata.indicator_rate(s.counters, f.above, f.below) AS rate, citybigdata.indicator_rate(o.counters, f.above, f.below) AS before FROM formula f WHERE f.asked) r) b
        WHERE n > 1 GROUP BY s.id
    ), item AS (
        SELECT s.rank, jsonb_build_object('cases', s.cases, 'counters', (SELECT jsonb_object_agg(c.name, s.counters[c.place]) FROM unnest(counted) WITH ORDINALITY c(name, place)),
                   'rates', (SELECT coalesce(jsonb_object_agg(f.name, citybigdata.indicator_rate(s.counters, f.above, f.below)), '{}') FROM formula f WHERE f.asked)) || coalesce(c.periods, '{}')
               || CASE WHEN s.rank > 0 THEN jsonb_build_object('key', s.key, 'name', citybigdata.group_title(group_by, s.key)) ELSE '{}' END AS object
        FROM shown s LEFT JOIN compared c ON c.id = s.id
    )
    SELECT jsonb_build_object('cohort', cohort, 'groupBy', group_by, 'workFlag', work_flag, 'calendar', CASE WHEN work_flag THEN calendar END,
        'asOf', to_char(now() AT TIME ZONE current_setting('citybigdata.time_zone'), 'YYYYMMDDHH24MISS'),
        'periods', (SELECT jsonb_object_agg(called[n], jsonb_build_object('fromDay', first[n], 'toDay', last[n], 'days', cardinality(citybigdata.period_days(first[n], last[n], work_flag, calendar)))) FROM unnest(chosen) n),
        'indicators', (SELECT jsonb_agg(jsonb_build_object('name', f.name, 'code', f.code, 'title', f.title, 'titleZh', f.title_zh, 'confirmed', f.confirmed) ORDER BY f.sort, f.code) FROM formula f WHERE f.asked),
        'groupCount', (SELECT count(*) FROM valued), 'total', (SELECT i.object FROM item i WHERE i.rank = 0),
        'groups', (SELECT coalesce(jsonb_agg(i.object ORDER BY i.rank), '[]') FROM item i WHERE i.rank > 0))
    INTO result;
    RETURN result;
END
$$;
COMMENT ON FUNCTION citybigdata.indicators_of(date, date, text, text, text, text, text, integer, text[], boolean, boolean, text, boolean, integer, boolean, text) IS 'The work of indicators(), whose groups were checked';

-- What is wrong with the other arguments.
CREATE OR REPLACE FUNCTION citybigdata.check_indicators(cohort text, indicators text[], order_by text, flags boolean[]) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    unknown text;
BEGIN
    IF cohort IS NULL OR cohort NOT IN ('reported', 'due') THEN
        PERFORM citybigdata.refuse(42204, citybigdata.say('cohort: reported (reported in that time) or due (due in that time, whenever reported).'));
    ELSIF array_position(flags, NULL) IS NOT NULL THEN
        PERFORM citybigdata.refuse(42204, citybigdata.say('year_on_year, period_on_period, descending and work_flag are true or false.'));
    END IF;
    SELECT string_agg(coalesce(w.code, 'null'), ', ') INTO unknown FROM unnest(indicators) w(code)
    WHERE NOT EXISTS (SELECT FROM citybigdata.indicator i WHERE i.code = citybigdata.snake_case(w.code));
    IF unknown IS NOT NULL OR cardinality(indicators) = 0 THEN
        PERFORM citybigdata.refuse(42205, citybigdata.say('indicators: codes of table indicator, not {unknown}.', 'unknown', left(coalesce(unknown, '{}'), 200)));
    ELSIF order_by IS NULL OR order_by NOT IN ('cases', 'key') AND citybigdata.snake_case(order_by) <> ALL (citybigdata.indicator_counters())
          AND NOT EXISTS (SELECT FROM citybigdata.indicator i WHERE i.code = citybigdata.snake_case(order_by)) THEN
        PERFORM citybigdata.refuse(42205, citybigdata.say('order_by: cases, key, a counter of indicator_counters() or a code of table indicator.'));
    END IF;
END
$$;
COMMENT ON FUNCTION citybigdata.check_indicators(text, text[], text, boolean[]) IS 'Refuses an unknown cohort, rate or order, and flags that are null: 42204, 42205';

CREATE OR REPLACE FUNCTION citybigdata.indicators(from_day date, to_day date, cohort text DEFAULT 'reported', group_by text DEFAULT NULL, division_code text DEFAULT NULL, unit_code text DEFAULT NULL,
    event_type_code text DEFAULT NULL, event_src_id integer DEFAULT NULL, indicators text[] DEFAULT NULL, year_on_year boolean DEFAULT true, period_on_period boolean DEFAULT true,
    order_by text DEFAULT 'cases', descending boolean DEFAULT true, top integer DEFAULT 100, work_flag boolean DEFAULT false, calendar text DEFAULT 'default') RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM citybigdata.check_period(from_day, to_day, division_code, unit_code, calendar, top), citybigdata.check_indicators(cohort, indicators, order_by, ARRAY[year_on_year, period_on_period, descending, work_flag]);
    IF group_by NOT IN ('district', 'street', 'community', 'unit', 'source', 'type', 'major', 'minor') THEN
        PERFORM citybigdata.refuse(42204, citybigdata.say('group_by: district, street, community, unit, source, type, major, minor; null: all together. By person: indicators_by_person().'));
    END IF;
    RETURN citybigdata.indicators_of(from_day, to_day, cohort, group_by, division_code, unit_code, event_type_code, event_src_id, indicators, year_on_year, period_on_period, order_by, descending, top, work_flag, calendar);
END
$$;
COMMENT ON FUNCTION citybigdata.indicators(date, date, text, text, text, text, text, integer, text[], boolean, boolean, text, boolean, integer, boolean, text) IS
'Rates of a period of days, from the daily roll-ups: {cohort, periods, indicators, total, groupCount, groups: [{key, name, cases, counters, rates, yearOnYear 同比, periodOnPeriod 环比}]}; rates in per cent, differences in percentage points. '
'cohort reported (reported in the period) or due (due in it); group_by: district, street, community, unit, source, type, major, minor; order_by: cases, key, a counter or a rate; top: that many groups; work_flag: working days of the calendar only. '
'Errors: 42204, 42205, 42206, 40409. indicators(''2026-11-01'', ''2026-11-30'', group_by => ''unit'', order_by => ''closeInTime'')';

CREATE OR REPLACE FUNCTION citybigdata.indicators_by_person(from_day date, to_day date, role text, cohort text DEFAULT 'reported', division_code text DEFAULT NULL, unit_code text DEFAULT NULL,
    event_type_code text DEFAULT NULL, event_src_id integer DEFAULT NULL, indicators text[] DEFAULT NULL, year_on_year boolean DEFAULT false, period_on_period boolean DEFAULT false,
    order_by text DEFAULT 'cases', descending boolean DEFAULT true, top integer DEFAULT 100, work_flag boolean DEFAULT false, calendar text DEFAULT 'default') RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM citybigdata.check_period(from_day, to_day, division_code, unit_code, calendar, top), citybigdata.check_indicators(cohort, indicators, order_by, ARRAY[year_on_year, period_on_period, descending, work_flag]);
    IF role IS NULL OR role NOT IN ('reporter', 'verifier', 'filer', 'dispatcher', 'disposer', 'checker', 'closer') THEN
        PERFORM citybigdata.refuse(42204, citybigdata.say('role: reporter, verifier, filer, dispatcher, disposer, checker or closer.'));
    END IF;
    RETURN citybigdata.indicators_of(from_day, to_day, cohort, role, division_code, unit_code, event_type_code, event_src_id, indicators, year_on_year, period_on_period, order_by, descending, top, work_flag, calendar);
END
$$;
COMMENT ON FUNCTION citybigdata.indicators_by_person(date, date, text, text, text, text, text, integer, text[], boolean, boolean, text, boolean, integer, boolean, text) IS
'indicators() by who did it last: reporter, verifier, filer, dispatcher, disposer, checker, closer. It reads the facts, no roll-ups, and tells of people: for citybigdata_analyst_personal. Errors: 42204, 42205, 42206, 40409';

-- Workload 工作量. Open: what stands in the work list now. Handled: cases whose last handling lay in the period.
CREATE OR REPLACE FUNCTION citybigdata.workload_of(from_day date, to_day date, by_person boolean, division_code text, unit_code text, order_by text, descending boolean, top integer)
    RETURNS TABLE (rank bigint, key text, name text, open_cases bigint, overdue_cases bigint, handled bigint, handled_in_time bigint, handled_late bigint, mean_hours numeric, median_hours numeric, rework bigint, rework_rate numeric)
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan AS $$
#variable_conflict use_variable
DECLARE
    zone   text := current_setting('citybigdata.time_zone');
    since  timestamptz := from_day::timestamp AT TIME ZONE zone;
    until  timestamptz := (to_day + 1)::timestamp AT TIME ZONE zone;
    prefix text := CASE WHEN division_code ~ '^[0-9]{2}0000$' THEN left(division_code, 2) WHEN division_code ~ '^[0-9]{4}00$' THEN left(division_code, 4) ELSE division_code END;
BEGIN
    RETURN QUERY
    WITH waiting AS (
        SELECT CASE WHEN by_person THEN t.holder::text ELSE t.unit_code END AS key, count(*) AS open_cases, count(*) FILTER (WHERE s.stopped_at IS NULL AND now() > s.deadline) AS overdue_cases
        FROM citybigdata.case_task t JOIN citybigdata.case_fact f ON f.rec_id = t.rec_id LEFT JOIN citybigdata.case_clock s ON s.rec_id = t.rec_id AND s.kind = 'stage'
        WHERE (CASE WHEN by_person THEN t.holder::text ELSE t.unit_code END) IS NOT NULL AND f.merged = 0
          AND (prefix IS NULL OR starts_with(CASE WHEN length(prefix) > 6 THEN coalesce(f.community_code, f.street_code) ELSE f.district_code END, prefix)) AND (unit_code IS NULL OR t.unit_code = unit_code)
        GROUP BY 1
    ), done AS (
        SELECT CASE WHEN by_person THEN f.disposer::text ELSE f.unit_code END AS key, f.rework, f.overtime_dispose = 1 AND f.exempt = 0 AS late,
               extract(epoch FROM citybigdata.work_between(coalesce(f.dispose_begin, f.report_time), f.dispose_end, coalesce(c.code, 'default'))) / 3600 AS hours
        FROM citybigdata.case_fact f LEFT JOIN citybigdata.unit u ON u.unit_code = f.unit_code LEFT JOIN citybigdata.calendar c ON c.code = u.calendar
        WHERE f.dispose = 1 AND f.dispose_end >= since AND f.dispose_end < until AND f.report_time < until
          AND (prefix IS NULL OR starts_with(CASE WHEN length(prefix) > 6 THEN coalesce(f.community_code, f.street_code) ELSE f.district_code END, prefix)) AND (unit_code IS NULL OR f.unit_code = unit_code)
    ), handled AS (
        SELECT d.key, count(*) AS handled, count(*) FILTER (WHERE NOT d.late) AS handled_in_time, count(*) FILTER (WHERE d.late) AS handled_late, round(avg(d.hours), 2) AS mean_hours,
               round((percentile_cont(0.5) WITHIN GROUP (ORDER BY d.hours::double precision))::numeric, 2) AS median_hours, sum(d.rework)::bigint AS rework
        FROM done d WHERE d.key IS NOT NULL GROUP BY 1
    ), merged AS (
        SELECT coalesce(w.key, h.key) AS key, coalesce(w.open_cases, 0) AS open_cases, coalesce(w.overdue_cases, 0) AS overdue_cases, coalesce(h.handled, 0) AS handled, coalesce(h.handled_in_time, 0) AS handled_in_time,
               coalesce(h.handled_late, 0) AS handled_late, h.mean_hours, h.median_hours, coalesce(h.rework, 0) AS rework, round(100.0 * h.rework / h.handled, 2) AS rework_rate
        FROM waiting w FULL JOIN handled h ON h.key = w.key
    ), valued AS (
        SELECT m.*, CASE citybigdata.snake_case(order_by) WHEN 'open_cases' THEN m.open_cases WHEN 'overdue_cases' THEN m.overdue_cases WHEN 'handled_in_time' THEN m.handled_in_time WHEN 'handled_late' THEN m.handled_late
                   WHEN 'mean_hours' THEN m.mean_hours WHEN 'median_hours' THEN m.median_hours WHEN 'rework' THEN m.rework WHEN 'rework_rate' THEN m.rework_rate ELSE m.handled END AS value
        FROM merged m
    ), ranked AS (
        SELECT pg_catalog.rank() OVER (ORDER BY CASE WHEN descending THEN -v.value ELSE v.value END NULLS LAST) AS rank, v.* FROM valued v
    )
    SELECT r.rank, r.key, citybigdata.group_title(CASE WHEN by_person THEN 'disposer' ELSE 'unit' END, r.key), r.open_cases, r.overdue_cases, r.handled, r.handled_in_time, r.handled_late, r.mean_hours, r.median_hours, r.rework, r.rework_rate
    FROM ranked r ORDER BY r.rank, r.key LIMIT top;
END
$$;
COMMENT ON FUNCTION citybigdata.workload_of(date, date, boolean, text, text, text, boolean, integer) IS 'The work of workload() and workload_by_person()';

CREATE OR REPLACE FUNCTION citybigdata.check_workload(order_by text, descending boolean) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF order_by IS NULL OR descending IS NULL
       OR citybigdata.snake_case(order_by) NOT IN ('open_cases', 'overdue_cases', 'handled', 'handled_in_time', 'handled_late', 'mean_hours', 'median_hours', 'rework', 'rework_rate') THEN
        PERFORM citybigdata.refuse(42205, citybigdata.say('order_by: openCases, overdueCases, handled, handledInTime, handledLate, meanHours, medianHours, rework or reworkRate; descending: true or false.'));
    END IF;
END
$$;
COMMENT ON FUNCTION citybigdata.check_workload(text, boolean) IS 'Refuses an unknown order: 42205';

CREATE OR REPLACE FUNCTION citybigdata.workload(from_day date, to_day date, division_code text DEFAULT NULL, unit_code text DEFAULT NULL, order_by text DEFAULT 'handled', descending boolean DEFAULT true, top integer DEFAULT 100)
    RETURNS TABLE (rank bigint, key text, name text, open_cases bigint, overdue_cases bigint, handled bigint, handled_in_time bigint, handled_late bigint, mean_hours numeric, median_hours numeric, rework bigint, rework_rate numeric)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM citybigdata.check_period(from_day, to_day, division_code, unit_code, 'default', top), citybigdata.check_workload(order_by, descending);
    RETURN QUERY SELECT w.* FROM citybigdata.workload_of(from_day, to_day, false, division_code, unit_code, order_by, descending, top) w;
END
$$;
COMMENT ON FUNCTION citybigdata.workload(date, date, text, text, text, boolean, integer) IS
'Workload of units: cases in the work list now and overdue, cases whose last handling lay in the days, in time and late, mean and median handling time in working hours of the unit''s calendar, how many were sent back for more work, in per cent; '
'ranked. Errors: 42204, 42205, 42206. workload(''2026-11-01'', ''2026-11-30'', order_by => ''medianHours'')';
CREATE OR REPLACE FUNCTION citybigdata.workload_by_person(from_day date, to_day date, division_code text DEFAULT NULL, unit_code text DEFAULT NULL, order_by text DEFAULT 'handled', descending boolean DEFAULT true, top integer DEFAULT 100)
    RETURNS TABLE (rank bigint, key text, name text, open_cases bigint, overdue_cases bigint, handled bigint, handled_in_time bigint, handled_late bigint, mean_hours numeric, median_hours numeric, rework bigint, rework_rate numeric)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM citybigdata.check_period(from_day, to_day, division_code, unit_code, 'default', top), citybigdata.check_workload(order_by, descending);
    RETURN QUERY SELECT w.* FROM citybigdata.workload_of(from_day, to_day, true, division_code, unit_code, order_by, descending, top) w;
END
$$;
COMMENT ON FUNCTION citybigdata.workload_by_person(date, date, text, text, text, boolean, integer) IS
'workload() of people: cases that each holds now, and those that he handled last. It tells of people: for citybigdata_analyst_personal. Errors: 42204, 42205, 42206';
