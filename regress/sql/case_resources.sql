-- The resources cases, case-steps, case-facts and units: published by setup(), masked by level, at work and archived.
\pset null '(null)'
\set SHOW_CONTEXT never
SET citybigdata.time_zone = 'Asia/Shanghai';
SET timezone = 'Asia/Shanghai';
-- (what other tests withdrew or lowered)
DELETE FROM citybigdata.level_proposal WHERE resource_code ~ '^(case|units|cameras|divisions|grid)';
DELETE FROM citybigdata.resource_field WHERE resource_code ~ '^(case|units|cameras|divisions|grid)';
DELETE FROM citybigdata.resource_version WHERE resource_code ~ '^(case|units|cameras|divisions|grid)';
SELECT citybigdata.publish_cases();
SELECT v.resource_code, v.publisher, v.relation_name, v.key_columns, v.time_column, v.division_column, v.geometry_column FROM citybigdata.resource_version v
WHERE v.publisher = 'citybigdata_publisher' AND v.state = 'current' ORDER BY 1;
SELECT c.relname, pg_get_userbyid(c.relowner) AS owner, r.rolcanlogin FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner WHERE c.relname LIKE 'published\_%' AND c.relkind = 'v' ORDER BY 1;
-- again: nothing new
SELECT count(*) AS versions FROM citybigdata.resource_version WHERE publisher = 'citybigdata_publisher' \gset
SELECT citybigdata.publish_cases();
SELECT count(*) - :versions AS new FROM citybigdata.resource_version WHERE publisher = 'citybigdata_publisher';
SELECT f.resource_code, string_agg(f.name || ' ' || f.level || coalesce(' ' || f.mask, ''), ', ' ORDER BY f.position) AS above_level_1 FROM citybigdata.resource_field f JOIN citybigdata.resource_version v USING (resource_code, version)
WHERE v.publisher = 'citybigdata_publisher' AND v.state = 'current' AND f.level > 1 GROUP BY 1 ORDER BY 1;
INSERT INTO citybigdata.event_staging (data, state, receive_time, closed_time, steps) SELECT jsonb_build_object('eventDesc', '井盖破损', 'otherTaskNum', 'P-' || i, 'address', '东华门大街1号', 'coordinateX', 448400.5, 'coordinateY', 4418600.25,
    'eventSrcID', 1, 'recTypeID', 1, 'eventLevelID', 1, 'eventTypeCode', '6', 'createTime', '20160131083000', 'humanName', '王小明', 'cellphone', '13800138000'), CASE i WHEN 3 THEN 4 ELSE 6 END, '2016-01-31 08:31',
    CASE WHEN i < 3 THEN timestamptz '2016-02-01' + i * interval '1 year' END,
    CASE WHEN i < 3 THEN '[{"time": "20160201000000", "action": "close", "fromState": 5, "toState": 6, "by": "李核查", "note": "已修复"}]' END FROM generate_series(1, 3) i;
SELECT loaded FROM citybigdata.load_events(sender => 'publ-1', profile => 'strict');
UPDATE citybigdata.case_fact f SET inst = 1 FROM citybigdata.event e WHERE e.rec_id = f.rec_id AND e.sender_code = 'publ-1';
SELECT citybigdata.archive_events('2017-06-01', 1) AS archived;
CREATE FUNCTION pg_temp.items(code text, params jsonb, level int DEFAULT 3) RETURNS SETOF jsonb LANGUAGE sql AS $$
    SELECT i FROM jsonb_array_elements(citybigdata.query(code, params || '{"senderCode": "publ-1"}')::jsonb -> 'items') i $$;
SELECT i ->> 'otherTaskNum' AS number, i -> 'archived' AS archived, i ->> 'humanName' AS name, i ->> 'cellphone' AS phone, i ->> 'address' AS address, i -> 'state' AS state, round((i ->> 'longitude')::numeric, 3) AS lon, i ? 'geom' AS geom
FROM pg_temp.items('cases', '{}') i;
SELECT i ->> 'otherTaskNum' AS number FROM pg_temp.items('cases', '{"timeRange": "[20160101000000,20170101000000)", "state": "6", "divisionCode": "110101", "bbox": "116,39,117,41"}') i;
SELECT i ->> 'seq' AS seq, i ->> 'action' AS action, i ->> 'by' AS by, i ->> 'note' AS note, i ->> 'taskNum' ~ '^11000020160131' AS task_num
FROM jsonb_array_elements(citybigdata.query('case-steps', '{"timeRange": "[20160201000000,20160201000000]"}')::jsonb -> 'items') i;
SELECT i -> 'inst' AS inst, i -> 'archive' AS archive, i -> 'disposer' AS account FROM jsonb_array_elements(citybigdata.query('case-facts', '{"timeRange": "[20160131000000,20160201000000)"}')::jsonb -> 'items') i;
SELECT jsonb_array_length(citybigdata.query('units', '{}')::jsonb -> 'items') >= 0 AS units;
-- over the interface: masked by the level of the grant; a field above it cannot be asked about
INSERT INTO citybigdata.account (user_name, password_digest, organization, contact_name, mobile, state)
VALUES ('publ.test', '$2a$10$' || repeat('x', 53), '测试单位', '李四', '13800138000', 'active');
INSERT INTO citybigdata.application (app_code, account_id, methods, ip_ranges, profile, level)
SELECT '1100006600000' || a.code, account_id, '{ip}', '{192.0.2.0/24}', 'strict', 3 FROM citybigdata.account, (VALUES ('1A'), ('2B')) a (code) WHERE user_name = 'publ.test';
INSERT INTO citybigdata.app_grant (app_id, resource, level, granted_by)
SELECT a.app_id, g.resource, g.level, 'test' FROM citybigdata.application a, (VALUES ('1A', 'cases', 1), ('1A', 'case-steps', 1), ('2B', 'cases', 3)) g (code, resource, level) WHERE a.app_code = '1100006600000' || g.code;
INSERT INTO citybigdata.access_token (token_digest, app_id, account_id, issued_at, expires_at)
SELECT sha256(convert_to('token#' || app_code, 'UTF8')), app_id, account_id, now(), now() + interval '1 hour' FROM citybigdata.application WHERE app_code LIKE '1100006600000%';
CREATE FUNCTION pg_temp.data(app text, code text, names text[], vals text[]) RETURNS text LANGUAGE sql AS $$
    SELECT concat(reply.status(r), ' ', coalesce(nullif(reply.data(r), '')::jsonb #>> '{errors,0,pointer}', (SELECT jsonb_agg(jsonb_build_array(i -> 'otherTaskNum', i -> 'humanName', i -> 'cellphone', i -> 'address', i -> 'longitude' <> 'null', i -> 'by'))::text
        FROM jsonb_array_elements(nullif(reply.data(r), '')::jsonb -> 'items') i)))
    FROM citybigdata.rest_data_query('req', '192.0.2.9', NULL, 'bearer', sha256(convert_to('token#1100006600000' || app, 'UTF8')), code, names, vals) r $$;
SELECT pg_temp.data('1A', 'cases', '{senderCode,state}', '{publ-1,4}') AS level_1, pg_temp.data('2B', 'cases', '{senderCode,state}', '{publ-1,4}') AS level_3;
SELECT pg_temp.data('1A', 'cases', '{cellphone}', '{13800138000}') AS phone, pg_temp.data('1A', 'cases', '{eventDesc.like}', '{%井盖%}') AS words, pg_temp.data('1A', 'cases', '{bbox}', '{"116,39,117,41"}') AS box;
SELECT pg_temp.data('1A', 'case-steps', '{timeRange}', '{"[20160201000000,20160201000000]"}') AS steps, pg_temp.data('2B', 'case-steps', '{}', '{}') AS not_granted;
-- a raised level counts at once, a lowered one waits for a second person
SELECT citybigdata.set_event_level('districtName', 2, 'all');
SELECT f.level, f.mask, v.state FROM citybigdata.resource_field f JOIN citybigdata.resource_version v USING (resource_code, version) WHERE f.resource_code = 'cases' AND f.name = 'districtName' ORDER BY v.version DESC LIMIT 1;
SELECT citybigdata.set_event_level('districtName', 1);
SELECT f.level, f.mask, v.state FROM citybigdata.resource_field f JOIN citybigdata.resource_version v USING (resource_code, version) WHERE f.resource_code = 'cases' AND f.name = 'districtName' ORDER BY v.version DESC LIMIT 2;
SELECT citybigdata.publish_cases();
SELECT count(*) AS waiting FROM citybigdata.resource_version WHERE resource_code = 'cases' AND state = 'proposed';
-- while that waits, another one that is raised counts at once
SELECT citybigdata.set_event_level('streetName', 3, 'all');
SELECT f.name, f.level, f.mask, v.state FROM citybigdata.resource_field f JOIN citybigdata.resource_version v USING (resource_code, version)
WHERE f.resource_code = 'cases' AND f.name IN ('districtName', 'streetName') AND v.state IN ('current', 'proposed') ORDER BY v.state, 1;
-- a column that everybody selects by is no longer selected by once it is above level 1
SELECT citybigdata.set_event_level('createTime', 2);
SELECT v.time_column, v.division_column FROM citybigdata.resource_version v WHERE v.resource_code = 'case-facts' AND v.state = 'current';
SELECT citybigdata.set_event_level('createTime', 1), citybigdata.set_event_level('streetName', 1);
-- what the site withdraws stays withdrawn; nobody else may take the code
SELECT citybigdata.unpublish('case-facts');
SELECT citybigdata.publish_cases();
SELECT DISTINCT state FROM citybigdata.resource_version WHERE resource_code = 'case-facts' ORDER BY 1;
CREATE TABLE public.my_cases (id int PRIMARY KEY);
SELECT citybigdata.publish('public.my_cases', '{"code": "cases"}');
DROP TABLE public.my_cases;
-- no way for others to the rows
SET ROLE citybigdata_analyst;
SELECT count(*) FROM citybigdata.published_case;
RESET ROLE;
SELECT has_table_privilege('citybigdata_publisher', 'citybigdata.account', 'SELECT') AS accounts, has_table_privilege('citybigdata_publisher', 'citybigdata.event', 'UPDATE') AS changes,
       has_table_privilege('citybigdata_publisher', 'citybigdata.post', 'SELECT') AS posts;
SELECT code, regexp_replace(problem, '[0-9]+', 'n') AS problem FROM citybigdata.catalogue_problems() WHERE code IN ('cases', 'case-steps', 'units');
