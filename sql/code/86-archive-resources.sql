-- Cases, their steps and facts, and the responsible units in the open data interface: views that setup() publishes as the role
-- citybigdata_publisher, which owns them and nothing else. Each row is of a case at work or archived; both are read by their own indexes.
CREATE OR REPLACE VIEW citybigdata.published_case AS
    SELECT e.rec_id, e.task_num, e.sender_code, e.other_task_num, e.event_desc, e.address, e.geom, e.district_code, e.district_name, e.street_code, e.street_name,
           e.community_code, e.community_name, e.event_src_id, e.rec_type_id, e.event_level_id, e.event_type_code, e.main_type_code, e.sub_type_code,
           e.create_time, e.receive_time, e.update_time, e.state, e.process_code, e.process_version, e.stage, e.base_state, e.unit_code, e.condition_code, e.part_code,
           e.supervised, e.suspended_until, e.rework_count, e.closed_at,
           coalesce(e.human_name, citybigdata.event_person(e.rec_id, e.personal, 'humanName')) AS human_name,
           coalesce(e.cellphone, citybigdata.event_person(e.rec_id, e.personal, 'cellphone')) AS cellphone,
           e.media_count, e.step_count,
           coalesce(e.community_code, e.street_code, e.district_code) AS division_code, e.archived
    FROM (SELECT rec_id, task_num, sender_code, other_task_num, event_desc, address, geom, district_code, district_name, street_code, street_name,
                 community_code, community_name, event_src_id, rec_type_id, event_level_id, event_type_code, main_type_code, sub_type_code, create_time,
                 receive_time, update_time, state, process_code, process_version, stage, base_state, unit_code, condition_code, part_code, supervised,
                 suspended_until, rework_count, closed_at, human_name, cellphone, personal, media_count, step_count, false AS archived
          FROM citybigdata.event
          UNION ALL
          SELECT rec_id, task_num, sender_code, other_task_num, event_desc, address, geom, district_code, district_name, street_code, street_name,
                 community_code, community_name, event_src_id, rec_type_id, event_level_id, event_type_code, main_type_code, sub_type_code, create_time,
                 receive_time, update_time, state, process_code, process_version, stage, base_state, unit_code, condition_code, part_code, supervised,
                 suspended_until, rework_count, closed_at, human_name, cellphone, personal, media_count, step_count, true
          FROM citybigdata.event_archive) e;
COMMENT ON VIEW citybigdata.published_case IS 'Cases. 案件。Resource cases: one row a case, at work or archived';

-- joined, so that a filter on taskNum finds the case by its index first
CREATE OR REPLACE VIEW citybigdata.published_case_step AS
    SELECT s.rec_id, s.step_no, e.task_num,
           s.step_time, s.action, s.result, s.from_stage, s.to_stage, s.from_state, s.to_state, s.by_role, s.by_unit, s.step_by, s.to_unit, s.note, s.reason,
           s.until, s.evaluation, s.version
    FROM (SELECT rec_id, step_no, step_time, action, result, from_stage, to_stage, from_state, to_state, by_role, by_unit, step_by, to_unit, note, reason, until, evaluation, version
          FROM citybigdata.event_step
          UNION ALL
          SELECT rec_id, step_no, step_time, action, result, from_stage, to_stage, from_state, to_state, by_role, by_unit, step_by, to_unit, note, reason, until, evaluation, version
          FROM citybigdata.event_step_archive) s
    JOIN (SELECT rec_id, task_num FROM citybigdata.event UNION ALL SELECT rec_id, task_num FROM citybigdata.event_archive) e ON e.rec_id OPERATOR(pg_catalog.=) s.rec_id;
COMMENT ON VIEW citybigdata.published_case_step IS 'Steps of cases. 案件办理过程。Resource case-steps: one row a step';

CREATE OR REPLACE VIEW citybigdata.published_unit AS
    SELECT u.unit_code, u.name, u.parent_code, u.divisions, u.event_types, u.contact, u.telephone, u.calendar, u.state, u.updated_at FROM citybigdata.unit u;
COMMENT ON VIEW citybigdata.published_unit IS 'Responsible units. 责任单位。Resource units';

-- The facts as they are now (case_facts), of all cases, also purged ones; who did it is left out.
DO $$
BEGIN
    EXECUTE pg_catalog.format('CREATE OR REPLACE VIEW citybigdata.published_case_fact AS
        SELECT %s, coalesce(f.community_code, f.street_code, f.district_code) AS division_code FROM citybigdata.case_facts f',
        (SELECT pg_catalog.string_agg(pg_catalog.format('f.%I', a.attname), ', ' ORDER BY a.attnum) FROM pg_catalog.pg_attribute a
         WHERE a.attrelid OPERATOR(pg_catalog.=) 'citybigdata.case_facts'::pg_catalog.regclass AND a.attnum OPERATOR(pg_catalog.>) 0 AND NOT a.attisdropped
           AND a.attname OPERATOR(pg_catalog.<>) ALL (ARRAY['reporter', 'verifier', 'filer', 'dispatcher', 'disposer', 'checker', 'closer']::name[])));
END
$$;
COMMENT ON VIEW citybigdata.published_case_fact IS 'Facts of cases. 案件统计事实。Resource case-facts: counters 0 or 1 of each case, every rate is a quotient of sums';

-- Comments of the columns are those of the tables; of what views add, here.
DO $$
DECLARE
    item record;
BEGIN
    FOR item IN
        SELECT v.name, a.attname, coalesce(
            CASE WHEN v.name OPERATOR(pg_catalog.=) 'published_case_step' AND a.attname OPERATOR(pg_catalog.=) 'task_num' THEN 'taskNum 我方问题唯一标识'
                 WHEN a.attname OPERATOR(pg_catalog.=) 'division_code' THEN 'The most special division code that is known, 6, 9 or 12 digits' END,
            (SELECT pg_catalog.col_description(t.attrelid, t.attnum) FROM pg_catalog.unnest(v.sources) WITH ORDINALITY AS s (name, place)
             JOIN pg_catalog.pg_attribute t ON t.attrelid OPERATOR(pg_catalog.=) ('citybigdata.' OPERATOR(pg_catalog.||) s.name)::pg_catalog.regclass AND t.attname OPERATOR(pg_catalog.=) a.attname
             ORDER BY s.place LIMIT 1),
            'Whether the case is archived') AS comment
        FROM (VALUES ('published_case', ARRAY['event']), ('published_case_step', ARRAY['event_step']), ('published_case_fact', ARRAY['case_facts', 'case_fact', 'event']), ('published_unit', ARRAY['unit'])) AS v (name, sources)
        JOIN pg_catalog.pg_attribute a ON a.attrelid OPERATOR(pg_catalog.=) ('citybigdata.' OPERATOR(pg_catalog.||) v.name)::pg_catalog.regclass AND a.attnum OPERATOR(pg_catalog.>) 0 AND NOT a.attisdropped
    LOOP
        EXECUTE pg_catalog.format('COMMENT ON COLUMN citybigdata.%I.%I IS %L', item.name, item.attname, item.comment);
    END LOOP;
END
$$;

-- What setup() publishes. Levels and masks of a case's fields are those of event_field, by their names in a case.
CREATE OR REPLACE FUNCTION citybigdata.case_resources(OUT code text, OUT relation text, OUT options jsonb) RETURNS SETOF record
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    WITH field AS (
        SELECT r.code, r.relation, r.options, a.attname::text AS column_name, a.atttypid = 'text'::regtype AS is_text, n.name, n.code_table,
               coalesce(r.levels -> a.attname::text, to_jsonb(f.level), '1')::integer AS level, coalesce(r.masks ->> a.attname::text, f.mask) AS mask
        FROM (VALUES
            ('cases', 'published_case', '{"keyset": ["rec_id"], "timeColumn": "create_time", "divisionColumn": "division_code", "geometryColumn": "geom"}'::jsonb, '{}'::jsonb, '{}'::jsonb, ''),
            ('case-steps', 'published_case_step', '{"keyset": ["rec_id", "step_no"], "timeColumn": "step_time", "divisionColumn": null, "geometryColumn": null}', '{}', '{}', 'steps.'),
            ('case-facts', 'published_case_fact', '{"keyset": ["rec_id"], "timeColumn": "report_time", "divisionColumn": "division_code", "geometryColumn": null}', '{}', '{}', ''),
            ('units', 'published_unit', '{"keyset": ["unit_code"], "timeColumn": null, "divisionColumn": null, "geometryColumn": null}',
             '{"contact": 3, "telephone": 3}', '{"contact": "name", "telephone": "phone"}', '-'),
            ('cameras', 'published_camera', '{"keyset": ["camera_index_code"], "timeColumn": null, "divisionColumn": "division_code", "geometryColumn": "geom"}',
             -- cameras of level 2 are among them: what they are called and where they are is of that level
             '{"camera_name": 2, "gb_code": 2, "address": 2, "geom": 2, "division_code": 1, "state": 1, "updated_at": 1}', '{}', '-'),
            ('divisions', 'published_division', '{"keyset": ["code"], "timeColumn": null, "divisionColumn": "code", "geometryColumn": "geom", "layer": "base"}', '{"geom": 1}', '{}', '-'),
            ('grid', 'published_grid', '{"keyset": ["grid_code"], "timeColumn": null, "divisionColumn": "division_code", "geometryColumn": "geom", "versionColumn": "updated_at", "layer": "base"}',
             '{"geom": 1, "division_code": 1}', '{}', '-')) AS r (code, relation, options, levels, masks, prefix)
        JOIN pg_attribute a ON a.attrelid = ('citybigdata.' || r.relation)::regclass AND a.attnum > 0 AND NOT a.attisdropped
        LEFT JOIN (VALUES ('rec_id', 'recID', NULL), ('event_src_id', 'eventSrcID', 'event-src'), ('rec_type_id', 'recTypeID', 'rec-type'), ('event_level_id', 'eventLevelID', 'event-level'),
            ('event_type_code', NULL, 'event-type'), ('main_type_code', NULL, 'event-type'), ('sub_type_code', NULL, 'event-type'), ('state', NULL, 'event-state'), ('base_state', NULL, 'event-state'),
            ('from_state', NULL, 'event-state'), ('to_state', NULL, 'event-state'), ('action', NULL, 'case-action'), ('by_role', NULL, 'case-role'), ('process_code', 'process', NULL), ('unit_code', 'unit', NULL),
            ('step_no', 'seq', NULL), ('step_time', 'time', NULL), ('step_by', 'by', NULL)) AS n (column_name, name, code_table)
            ON n.column_name = a.attname AND r.relation NOT IN ('published_unit', 'published_camera', 'published_division', 'published_grid')
        LEFT JOIN LATERAL (SELECT max(e.level) AS level, min(e.mask) AS mask FROM citybigdata.event_field e
            WHERE e.field = ANY (CASE a.attname WHEN 'report_time' THEN ARRAY['createTime'] WHEN 'geom' THEN ARRAY['longitude', 'latitude', 'coordinateX', 'coordinateY']
                                 WHEN 'division_code' THEN ARRAY['districtCode', 'streetCode', 'communityCode']
                                 ELSE ARRAY[r.prefix || coalesce(n.name, citybigdata.camel_case(a.attname::text))] END)) f ON true)
    SELECT f.code, f.relation, '{"layer": "theme"}' || f.options || jsonb_build_object('code', f.code, 'updateCycle', 'at once', 'fields', jsonb_object_agg(f.column_name,
        jsonb_strip_nulls(CASE WHEN f.level > 3 THEN '{"exclude": true}' ELSE jsonb_build_object('name', f.name, 'level', f.level,
            'mask', CASE WHEN f.level > 1 AND f.is_text THEN f.mask END, 'codeTable', f.code_table) END)))
    FROM field f GROUP BY f.code, f.relation, f.options
$$;
COMMENT ON FUNCTION citybigdata.case_resources() IS 'The resources that setup() publishes: code, view and options of publish(); levels and masks as table event_field has them';

-- What everybody selects by must be open to everybody.
CREATE OR REPLACE FUNCTION citybigdata.open_columns(options jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT options || jsonb_object_agg(o.name, CASE WHEN (coalesce(options -> 'fields' -> (options ->> o.name) ->> 'level', '1') = '1' OR o.name = 'geometryColumn')
                                                     AND NOT coalesce(options -> 'fields' -> (options ->> o.name) ? 'exclude', false) THEN options ->> o.name END)
    FROM unnest(ARRAY['timeColumn', 'divisionColumn', 'geometryColumn']) o (name)
$$;
COMMENT ON FUNCTION citybigdata.open_columns(jsonb) IS 'The options without a time or division column that is above level 1, or a place that is left out; for publish_cases()';

-- Is a version what the options say? Compared are columns, levels and masks.
CREATE OR REPLACE FUNCTION citybigdata.is_published(code text, version integer, options jsonb) RETURNS boolean
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT NOT EXISTS (
        SELECT FROM (SELECT w.key AS column_name, coalesce(w.value ->> 'level', '1')::integer AS level, w.value ->> 'mask' AS mask FROM jsonb_each(options -> 'fields') w WHERE NOT w.value ? 'exclude') w
        FULL JOIN (SELECT f.column_name, f.level, f.mask FROM citybigdata.resource_field f WHERE f.resource_code = $1 AND f.version = $2) f ON f.column_name = w.column_name
        WHERE (f.column_name, f.level, f.mask) IS DISTINCT FROM (w.column_name, w.level, w.mask))
$$;
COMMENT ON FUNCTION citybigdata.is_published(text, integer, jsonb) IS 'Has the version the columns, levels and masks of the options? For publish_cases()';

-- Publishes what is not published yet, and anew what has other fields, levels or masks: first what shows less, which counts at once, then
-- what shows more, which waits for a second person as for every resource. A code that the site has published or withdrawn is left alone.
CREATE OR REPLACE FUNCTION citybigdata.publish_cases() RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    wanted record;
    known  record;
    made   record;
    tried  jsonb;
    last   integer;
BEGIN
    FOR wanted IN SELECT * FROM citybigdata.case_resources() LOOP
        SELECT v.publisher, v.state INTO known FROM citybigdata.resource_version v WHERE v.resource_code = wanted.code AND v.state <> 'refused' ORDER BY v.version DESC LIMIT 1;
        CONTINUE WHEN known.publisher <> 'citybigdata_publisher' OR known.state = 'withdrawn';
        FOR tried IN
            SELECT wanted.options || jsonb_build_object('fields', jsonb_object_agg(w.key, CASE
                WHEN w.value ? 'exclude' OR f.level IS NULL OR f.level < (w.value ->> 'level')::integer OR f.level = (w.value ->> 'level')::integer AND w.value ->> 'mask' = 'all' THEN w.value
                ELSE jsonb_strip_nulls(w.value || jsonb_build_object('level', f.level, 'mask', f.mask)) END))
            FROM jsonb_each(wanted.options -> 'fields') w
            LEFT JOIN (citybigdata.resource_field f JOIN citybigdata.resource_version v ON v.resource_code = f.resource_code AND v.version = f.version AND v.state = 'current')
                ON f.resource_code = wanted.code AND f.column_name = w.key
            UNION ALL SELECT wanted.options
        LOOP
            SELECT max(v.version) INTO last FROM citybigdata.resource_version v
            WHERE v.resource_code = wanted.code AND (v.state = 'current' OR v.state = 'proposed' AND tried = wanted.options);
            CONTINUE WHEN citybigdata.is_published(wanted.code, last, tried);
            SELECT * INTO made FROM citybigdata.publish_as('citybigdata_publisher', true, ('citybigdata.' || wanted.relation)::regclass, NULL, 'citybigdata', wanted.relation, NULL,
                                                           citybigdata.open_columns(tried));
            PERFORM citybigdata.publish_finish('citybigdata_publisher', session_user::text, made.code, made.version, made.advice);
        END LOOP;
    END LOOP;
END
$$;
COMMENT ON FUNCTION citybigdata.publish_cases() IS 'Publishes the resources cases, case-steps, case-facts, units, cameras, divisions and grid as citybigdata_publisher; part of setup() and set_event_level()';
