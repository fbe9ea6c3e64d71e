-- The query engine from SQL: every parameter, every form, every wrong value; pages, formats, levels.
\set SHOW_CONTEXT never
\set VERBOSITY default
\pset format unaligned
\pset tuples_only on
\pset null '(null)'
CREATE SCHEMA lamp;
CREATE TYPE lamp.state AS ENUM ('lit', 'dark');
CREATE TABLE lamp.light (
    light_id bigint PRIMARY KEY, lamp_type text NOT NULL, power numeric(6,1), height real, district_code varchar(6) NOT NULL, street_code text,
    name text, phone text, installed_at timestamptz NOT NULL, checked_at timestamp, checked_on date, lit boolean, serial uuid, tags text[], extra jsonb, note json,
    state lamp.state, code char(4), geom geometry(Point,4490));
INSERT INTO lamp.light
SELECT i, CASE i % 3 WHEN 0 THEN 'LED' WHEN 1 THEN 'HPS' ELSE 'a,b' END, i * 1.5, i / 4.0, CASE WHEN i % 2 = 0 THEN '110101' ELSE '110105' END,
    CASE WHEN i % 2 = 0 THEN '110101001' ELSE '110105001' END || CASE WHEN i % 4 = 0 THEN '001' ELSE '' END,
    E'长安街 "' || i || E'"\n\\', '1391234' || lpad(i::text, 4, '0'), '2024-01-01 00:00:00+08'::timestamptz + i * interval '1 hour',
    timestamp '2024-01-01' + i * interval '1 day', '2024-02-01'::date + i, CASE WHEN i % 5 <> 0 THEN i % 3 = 0 END,
    ('00000000-0000-4000-8000-' || lpad(i::text, 12, '0'))::uuid, ARRAY['t' || i], jsonb_build_object('k', i), E'{"a":\n 1}',
    CASE WHEN i % 2 = 0 THEN 'lit' ELSE 'dark' END::lamp.state, 'c' || i, ST_SetSRID(ST_Point(116.3 + i * 0.01, 39.9), 4490)
FROM generate_series(1, 25) i;
UPDATE lamp.light SET power = NULL, geom = NULL WHERE light_id = 25;
CREATE INDEX ON lamp.light (power);
CREATE INDEX ON lamp.light (installed_at, light_id);
SELECT code FROM citybigdata.publish('lamp.light', '{"code": "lamps", "fields": {"phone": {"level": 2, "mask": "phone"}, "serial": {"level": 3}, "lamp_type": {"codeTable": "lamp-type"},
    "lit": {"sortable": true}, "height": {"filterable": false}}, "parameters": [{"name": "minPower", "column": "power", "operator": "ge"}]}');
-- the ids of a page, and what else it says
CREATE FUNCTION pg_temp.ids(params jsonb, resource text DEFAULT 'lamps') RETURNS text LANGUAGE sql AS $$
SELECT coalesce((SELECT string_agg(i->>'lightId', ',') FROM json_array_elements(q->'items') i), '') || CASE WHEN q->>'nextCursor' IS NULL THEN '' ELSE ' ...' END
FROM (SELECT citybigdata.query(resource, '{"pageSize": 30}' || params) q OFFSET 0) q $$;
-- the faults of a request
CREATE FUNCTION pg_temp.fault(params jsonb, resource text DEFAULT 'lamps') RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE found text; state text;
BEGIN
    PERFORM citybigdata.query_text(resource, params);
    RETURN NEXT 'accepted';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS found = PG_EXCEPTION_DETAIL, state = RETURNED_SQLSTATE;
    IF found LIKE '[%' THEN
        RETURN QUERY SELECT format('%s %s: %s', f->>'statusCode', f->>'pointer', f->>'message') FROM json_array_elements(found::json) f;
    ELSE
        RETURN NEXT state || ' ' || SQLERRM;
    END IF;
END $$;
-- one row, every type
SELECT regexp_replace(citybigdata.query('lamps', '{"pageSize": 1}')::text, '[\w-]{36,}(?=","code)', 'CURSOR');
SELECT citybigdata.query('lamps', '{"lightId": 25}')->'items';
SELECT citybigdata.query('lamps', '{"pageSize": 1, "timeFormat": "unix", "fields": "lightId,installedAt,checkedAt,checkedOn"}')->'items';
SELECT regexp_replace(citybigdata.query('lamps', '{"pageSize": 1, "expandCodes": true, "fields": ["districtCode", "lampType"]}')::text, '[\w-]{36,}(?=","code)', 'CURSOR');
SELECT citybigdata.query('lamps', '{"pageSize": 1, "fields": "longitude", "crs": "GCJ02"}')->'items', citybigdata.query('lamps', '{"pageSize": 1, "fields": "geom", "crs": "BD09"}')->'items';
SELECT citybigdata.query('lamps', '{"pageSize": 1, "fields": "coordinateX", "crs": "EPSG:4548"}')->'items', citybigdata.query('lamps', '{"pageSize": 1, "fields": "geom", "crs": "EPSG:4326"}')->'items';
-- the forms of a parameter
SELECT pg_temp.ids('{"lightId": 3}'), pg_temp.ids('{"lightId": "3,4"}'), pg_temp.ids('{"lightId": ["3", 4]}'), pg_temp.ids('{"lightId": "[3,4]"}'), pg_temp.ids('{"lightId": " 3 , 4 "}');
SELECT pg_temp.ids('{"lampType": ["a,b"], "pageSize": 2}'), pg_temp.ids('{"lampType": "[\"a\\u002cb\"]", "pageSize": 2}'), pg_temp.ids('{"lampType": "a,b"}');
-- division codes roll up
SELECT pg_temp.ids('{"divisionCode": "110101"}'), pg_temp.ids('{"divisionCode": "110000"}') = pg_temp.ids('{}') AS province, pg_temp.ids('{"divisionCode": "110100", "pageSize": 3}');
SELECT pg_temp.ids('{"divisionCode": "120000"}') AS elsewhere, pg_temp.ids('{"divisionCode": ["110101", "110105"]}') = pg_temp.ids('{}') AS both, pg_temp.ids('{"divisionCode": "110101,120000"}');
-- times
SELECT pg_temp.ids('{"timeRange": "[20240101010000,20240101030000]"}'), pg_temp.ids('{"timeRange": "(20240101010000,20240101030000)"}'),
       pg_temp.ids('{"timeRange": "[20240101010000,20240101030000)"}'), pg_temp.ids('{"timeRange": "(20240101010000,20240101030000]"}'), pg_temp.ids('{"timeRange": "[1704042000,1704049200]"}');
SELECT pg_temp.ids('{"time": "20240101020000"}'), pg_temp.ids('{"time": ["20240101020000", "1704049200"]}'), pg_temp.ids('{"checkedOn": "20240203"}'), pg_temp.ids('{"checkedAt.le": "20240103000000"}');
-- filters
SELECT pg_temp.ids('{"power.gt": 34}'), pg_temp.ids('{"power.ge": "34.5", "power.lt": "36"}'), pg_temp.ids('{"power.isNull": true}'), pg_temp.ids('{"power.isNull": false, "lightId.gt": 23}');
SELECT pg_temp.ids('{"name.like": "%\"1_\"%"}'), pg_temp.ids('{"name.like": "%\\\\"}') = pg_temp.ids('{}') AS backslash, pg_temp.ids('{"name.like": "长安街"}') AS whole, pg_temp.ids('{"lampType.ne": "LED", "lightId.le": 5}'), pg_temp.ids('{"lampType.ne": "LED,HPS", "lightId.le": 5}');
SELECT pg_temp.ids('{"lit": true}'), pg_temp.ids('{"lit.isNull": true}'), pg_temp.ids('{"state": "lit", "lightId.lt": 5}'), pg_temp.ids('{"state.in": "lit,dark", "lightId.lt": 5}'), pg_temp.ids('{"code": "c2"}'), pg_temp.ids('{"minPower": 36}');
SELECT pg_temp.ids('{"serial": "00000000-0000-4000-8000-000000000007"}'), pg_temp.ids('{"lampType": "x'' OR true --"}') AS injected, pg_temp.ids('{"height.isNull": true}');
-- more values in all than a statement takes
SELECT pg_temp.fault((SELECT jsonb_object_agg(f || o, to_jsonb(ARRAY(SELECT to_char(date '2024-01-01' + i, 'YYYYMMDD') FROM generate_series(1, 60) i))) FROM unnest(ARRAY['installedAt', 'checkedAt', 'checkedOn']) f, unnest(ARRAY['.ne', '.in']) o));
-- places
SELECT pg_temp.ids('{"bbox": "116.305,39.8,116.325,40"}'), pg_temp.ids('{"bbox": "116.31,39.9,116.31,39.9"}') AS exact, pg_temp.ids('{"bbox": "116.3100001,39.8,116.3199999,40"}') AS between;
SELECT pg_temp.ids('{"bbox": "116.311,39.8,116.331,40", "bboxCrs": "GCJ02"}'), pg_temp.ids('{"bbox": "440000,4400000,442000,4440000", "bboxCrs": "EPSG:4548"}');
-- platform and kind
SELECT pg_temp.ids('{"platformCode": "110000", "platformName": "北京市城市管理大数据平台", "dataKind": "theme", "lightId": 1}');
-- sort: both directions, nulls, ties
SELECT pg_temp.ids('{"sort": "-lightId", "pageSize": 3}'), pg_temp.ids('{"sort": "power", "lightId.gt": 22}'), pg_temp.ids('{"sort": "-power", "lightId.gt": 22}'), pg_temp.ids('{"sort": "lit,-lightId", "lightId.lt": 8}');
-- pages: every order gives every row once
CREATE FUNCTION pg_temp.walk(params jsonb, size int) RETURNS text LANGUAGE plpgsql AS $$
DECLARE page json; ids text[] := '{}'; cursor text;
BEGIN
    FOR i IN 1..40 LOOP
        page := citybigdata.query('lamps', params || jsonb_build_object('pageSize', size) || CASE WHEN cursor IS NULL THEN '{}' ELSE jsonb_build_object('cursor', cursor) END);
        ids := ids || ARRAY(SELECT r->>'lightId' FROM json_array_elements(page->'items') r);
        cursor := page->>'nextCursor';
        EXIT WHEN cursor IS NULL;
    END LOOP;
    RETURN array_to_string(ids, ',');
END $$;
SELECT s.sort, bool_and(pg_temp.walk(jsonb_build_object('sort', s.sort), n) = pg_temp.ids(jsonb_build_object('sort', s.sort))) AS same
FROM (VALUES ('lightId'), ('-lightId'), ('power'), ('-power'), ('lit'), ('-lit'), ('lit,-power'), ('-lit,power'), ('lit,-lightId'), ('-lit,-power,lightId'), ('installedAt'), ('-installedAt')) s (sort),
     generate_series(1, 7, 3) n GROUP BY 1 ORDER BY 1;
-- the rows of a time range come in the order of time
SELECT pg_temp.walk('{"timeRange": "[20240101000000,20240101200000]"}', 3), pg_temp.ids('{"timeRange": "[20240101000000,20240101030000]", "sort": "-lightId"}');
-- a cursor survives inserts and deletes, another page size and format
SELECT citybigdata.query('lamps', '{"pageSize": 3}')->>'nextCursor' AS next \gset
INSERT INTO lamp.light (light_id, lamp_type, district_code, installed_at) VALUES (0, 'LED', '110101', now()), (-1, 'LED', '110101', now());
DELETE FROM lamp.light WHERE light_id = 3;
SELECT pg_temp.ids(jsonb_build_object('cursor', :'next', 'pageSize', 4)), citybigdata.query_text('lamps', jsonb_build_object('cursor', :'next', 'pageSize', 2, 'format', 'csv', 'fields', 'lightId,name'));
DELETE FROM lamp.light WHERE light_id < 1;
-- of another query, tampered, of another version
SELECT pg_temp.fault(jsonb_build_object('cursor', :'next', 'sort', '-lightId')), pg_temp.fault(jsonb_build_object('cursor', :'next', 'lit', true));
SELECT count(*) FILTER (WHERE f LIKE '40007 /cursor: not a cursor%') AS refused, count(*) AS tampered
FROM generate_series(1, length(:'next')) i, LATERAL pg_temp.fault(jsonb_build_object('cursor', overlay(:'next' placing CASE WHEN substr(:'next', i, 1) = 'A' THEN 'B' ELSE 'A' END from i))) f;
SELECT pg_temp.fault(jsonb_build_object('cursor', c)) FROM unnest(ARRAY['', 'x', '!', :'next' || 'A', repeat('A', 7000), '长安街']) c;
-- counting
SELECT q->>'totalCount', q->>'countMethod' FROM citybigdata.query('lamps', '{"count": "exact", "pageSize": 1, "lit": true}') q;
SELECT (q->>'totalCount')::int > 0, q->>'countMethod' FROM citybigdata.query('lamps', '{"count": "estimate", "pageSize": 1}') q;
SELECT q->>'totalCount' IS NULL FROM citybigdata.query('lamps', '{"count": "none"}') q;
-- formats
SELECT citybigdata.query_text('lamps', '{"pageSize": 2, "format": "csv", "fields": "lightId,name,tags,geom,lit", "lightId.ge": 24}');
SELECT citybigdata.query_text('lamps', '{"pageSize": 2, "format": "ndjson", "fields": "lightId,note,extra,tags"}');
SELECT citybigdata.query_text('lamps', '{"format": "geojson", "fields": "lightId,lampType", "lightId.ge": 24}');
-- wrong in every way: a fault that names the parameter and shows a valid value
SELECT pg_temp.fault('{"pageSize": 0, "count": "some", "sort": "geom", "fields": "x", "divisionCode": "999999", "nope": 1}');
SELECT pg_temp.fault(p::jsonb) FROM unnest(ARRAY['{"pageSize": 1001}', '{"pageSize": "ten"}', '{"pageSize": 1.5}', '{"pageSize": "99999999999999999999"}', '{"pageSize": [1, 2]}',
    '{"divisionCode": "1101"}', '{"divisionCode": "11010a"}', '{"divisionCode": ""}', '{"divisionCode": []}', '{"divisionCode": {"a": 1}}', '{"divisionCode": "110101,,110105"}',
    '{"divisioncode": "110101"}', '{"lightid": 1}', '{"light_id": 1}', '{"lightId.foo": 1}', '{"lightId.": 1}', '{"lightId": "x"}', '{"lightId": "9223372036854775808"}', '{"lightId": 1.0}', '{"lightId.gt": [1, 2]}',
    '{"power": "NaN"}', '{"power": "1e400"}', '{"power": "0x10"}', '{"height": 1}', '{"geom": 1}', '{"lit": "yes"}', '{"lit.isNull": "maybe"}', '{"lit.like": "t"}', '{"serial": "x"}', '{"state": "broken"}',
    '{"name.like": "a\\"}', '{"checkedOn": "20230229"}', '{"extra": "{}"}', '{"tags": "t1"}',
    '{"timeRange": "20240101000000"}', '{"timeRange": "[20240102000000,20240101000000]"}', '{"timeRange": "[20230229000000,20240101000000]"}', '{"timeRange": ["[1,2]", "[3,4]"]}', '{"time": "1704042000000"}', '{"time": "now"}',
    '{"bbox": "1,2,3"}', '{"bbox": "1,2,3,4,5"}', '{"bbox": "3,2,1,4"}', '{"bbox": "116,39,117,91"}', '{"bbox": "39.8,116.3,40.0,116.5"}', '{"bbox": "a,b,c,d"}', '{"bbox": "NaN,0,1,1"}', '{"bboxCrs": "GCJ02"}', '{"bbox": "1,2,3,4", "bboxCrs": "WGS72"}', '{"bbox": "0,0,1,1", "bboxCrs": "EPSG:999999"}',
    '{"crs": "EPSG:0"}', '{"crs": "epsg:4490"}', '{"crs": "EPSG:4490; DROP TABLE lamp.light"}', '{"sort": "name"}', '{"sort": "lightId,-lightId"}', '{"sort": "+lightId"}', '{"sort": ""}', '{"fields": ""}', '{"fields": "lightId; DROP"}',
    '{"platformCode": "440300"}', '{"platformName": "深圳"}', '{"dataKind": "water"}', '{"expandCodes": "si"}', '{"timeFormat": "iso"}', '{"format": "pdf"}', '{"count": true}', '{"lightId": "[1"}', '{"lightId": "[1]x"}', '{"lampType": "[\"\\ud800\"]"}', '{"lampType": "[\"a\", [1]]"}']) p;
SELECT pg_temp.fault(jsonb_build_object('name', repeat('x', 1000000))), pg_temp.fault(jsonb_build_object(repeat('x', 1000000), 1)), pg_temp.fault(jsonb_build_object('lightId', (SELECT jsonb_agg(i) FROM generate_series(1, 1001) i)));
SELECT pg_temp.fault((SELECT jsonb_object_agg('p' || i, 1) FROM generate_series(1, 65) i)), pg_temp.fault(jsonb_build_object('lampType', repeat('[', 5000)));
SELECT pg_temp.fault(jsonb_build_object('divisionCode', (SELECT jsonb_agg('110101'::text) FROM generate_series(1, 64)), 'time', (SELECT jsonb_agg('20240101000000'::text) FROM generate_series(1, 64))));
SELECT pg_temp.fault('[]'), pg_temp.fault('{}', 'no-such'), pg_temp.fault('{}', repeat('x', 100)), pg_temp.fault('{}', '');
-- the engine's parameters are those of the manual's list
SELECT citybigdata.query_parameters();
-- a function: its arguments by name, its errors as faults of the request
CREATE FUNCTION lamp.lights_of(kind text, min_power numeric DEFAULT 0) RETURNS TABLE (light_id bigint, power numeric) LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF kind = 'none' THEN RAISE EXCEPTION 'no such kind'; END IF;
    RETURN QUERY SELECT l.light_id, l.power FROM lamp.light l WHERE l.lamp_type = kind AND l.power >= min_power;
END $$;
SELECT code FROM citybigdata.publish('lamp.lights_of(text, numeric)', '{"code": "lamps-of", "keyset": ["light_id"], "parameters": [{"name": "minPower", "default": "20"}]}');
SELECT pg_temp.ids('{"kind": "LED"}', 'lamps-of'), pg_temp.ids('{"kind": "LED", "minPower": 30, "lightId.lt": 24}', 'lamps-of');
SELECT pg_temp.fault('{}', 'lamps-of'), pg_temp.fault('{"kind": "none"}', 'lamps-of'), pg_temp.fault('{"kind": ["a", "b"]}', 'lamps-of'), pg_temp.fault('{"kind": "LED", "minPower": "x"}', 'lamps-of');
-- read as the publisher, read-only: never as the extension's owner, nor as the caller
SET client_min_messages = warning;
DROP ROLE IF EXISTS query_publisher, query_reader;
RESET client_min_messages;
CREATE ROLE query_publisher IN ROLE citybigdata_analyst;
CREATE ROLE query_reader IN ROLE citybigdata_analyst;
GRANT ALL ON SCHEMA lamp TO query_publisher;
SET ROLE query_publisher;
CREATE FUNCTION lamp.who() RETURNS text LANGUAGE sql VOLATILE AS 'SELECT current_user::text';
CREATE TABLE lamp.trace (at timestamptz);
CREATE FUNCTION lamp.write() RETURNS int LANGUAGE sql VOLATILE AS 'INSERT INTO lamp.trace VALUES (now()) RETURNING 1';
CREATE FUNCTION lamp.rise() RETURNS int LANGUAGE plpgsql VOLATILE AS $$ BEGIN SET LOCAL ROLE postgres; RETURN 1; END $$;
CREATE VIEW lamp.whoami AS SELECT 1 AS id, lamp.who() AS role, session_user <> current_user AS other;
CREATE VIEW lamp.writer AS SELECT 1 AS id, lamp.write() AS n;
CREATE VIEW lamp.climber AS SELECT 1 AS id, lamp.rise() AS n;
SELECT count(*) FROM (VALUES ('whoami'), ('writer'), ('climber')) v (name), LATERAL citybigdata.publish('lamp.' || name, '{"keyset": ["id"]}');
RESET ROLE;
SELECT citybigdata.query('whoami')->'items';
SELECT citybigdata.query('writer');
SELECT citybigdata.query('climber');
SELECT current_user = session_user AS back, current_setting('transaction_read_only') AS read_only;
-- who may not read the relation himself is a caller of level 1: masked, left out, no filter, no order by it
SET ROLE query_reader;
SELECT citybigdata.query('lamps', '{"pageSize": 1, "fields": "lightId,phone,serial"}')->'items';
RESET ROLE;
CREATE FUNCTION lamp.attempt(params jsonb) RETURNS text LANGUAGE plpgsql AS $$
BEGIN PERFORM citybigdata.query('lamps', params); RETURN 'accepted'; EXCEPTION WHEN OTHERS THEN RETURN SQLSTATE || ' ' || SQLERRM; END $$;
GRANT USAGE ON SCHEMA lamp TO query_reader;
SET ROLE query_reader;
SELECT lamp.attempt('{"phone": "13912340001"}'), lamp.attempt('{"serial.isNull": true}'), lamp.attempt('{"lightId": 1}');
RESET ROLE;
-- the latency budget
CREATE VIEW lamp.slow AS SELECT light_id, pg_sleep(1)::text AS nap FROM lamp.light;
SELECT code FROM citybigdata.publish('lamp.slow', '{"keyset": ["light_id"], "latencyBudget": 50}');
SELECT citybigdata.query('slow');
SELECT pg_temp.ids('{"lightId": 1}') AS goes_on;
SET client_min_messages = warning;
DROP OWNED BY query_publisher, query_reader CASCADE;
DROP ROLE query_publisher, query_reader;
RESET client_min_messages;
SELECT citybigdata.query('whoami');
