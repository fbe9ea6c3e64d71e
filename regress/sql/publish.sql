-- The options of publish(): each wrong in every way, and what relations of odd shapes become.
\set SHOW_CONTEXT never
\pset format unaligned
\pset tuples_only on
SET client_min_messages = warning;
DROP ROLE IF EXISTS publish_analyst;
RESET client_min_messages;
CREATE ROLE publish_analyst IN ROLE citybigdata_analyst;
CREATE SCHEMA yard AUTHORIZATION publish_analyst;
SET ROLE publish_analyst;
CREATE TABLE yard.street_light (light_id bigint PRIMARY KEY, lamp_type text NOT NULL, power_watt numeric(6,1), installed_at timestamptz NOT NULL, geom geometry(Point,4490));
-- every option wrong in every way: told which, what it is, what would be right
CREATE FUNCTION yard.attempt(options jsonb, relation text DEFAULT 'yard.street_light') RETURNS text LANGUAGE plpgsql AS $$
DECLARE detail text; hint text;
BEGIN
    PERFORM citybigdata.publish(relation, options || '{"code": "attempt"}');
    PERFORM citybigdata.unpublish('attempt');
    RETURN 'published';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
    RETURN concat_ws(' | ', SQLERRM, nullif(detail, ''), nullif(left(hint, 90), ''));
END $$;
SELECT t.* FROM (SELECT o.name, v.value, yard.attempt(jsonb_build_object(o.name, v.value)) AS result
    FROM citybigdata.publish_options() o CROSS JOIN (VALUES ('true'::jsonb), ('-1'), ('1.5'), ('""'), ('"x"'), ('[1]'), ('["a", "a"]'), ('{"a": 1}'), ('"\u0001"')) v (value)
    WHERE o.place = 'options' AND o.name NOT IN ('code', 'titleZh', 'description', 'descriptionZh', 'owner') OFFSET 0) t
WHERE result <> 'published' ORDER BY name COLLATE "C", value;
SELECT o.name, v.value, yard.attempt(jsonb_build_object('fields', jsonb_build_object('power_watt', jsonb_build_object(o.name, v.value)))) AS result
FROM citybigdata.publish_options() o CROSS JOIN (VALUES ('1.5'::jsonb), ('""'), ('[]')) v (value) WHERE o.place = 'fields' ORDER BY o.name COLLATE "C", v.value;
SELECT o.name, v.value, yard.attempt(jsonb_build_object('parameters', jsonb_build_array('{"name": "p", "column": "power_watt"}'::jsonb || jsonb_build_object(o.name, v.value)))) AS result
FROM citybigdata.publish_options() o CROSS JOIN (VALUES ('1.5'::jsonb), ('""'), ('[]')) v (value) WHERE o.place = 'parameters' ORDER BY o.name COLLATE "C", v.value;
SELECT yard.attempt(jsonb_build_object('title', repeat('路', 201))), yard.attempt(jsonb_build_object('title', repeat('路', 200))), yard.attempt('{"parameters": [{"name": "Min power", "column": "power_watt"}]}');
-- null is the default, and every example is valid
SELECT o.name, yard.attempt(jsonb_build_object(o.name, NULL)) AS result FROM citybigdata.publish_options() o WHERE o.place = 'options' AND yard.attempt(jsonb_build_object(o.name, NULL)) <> 'published';
SELECT o.place, o.name, citybigdata.option_error(o.kind, o.valid, o.example::jsonb) FROM citybigdata.publish_options() o WHERE citybigdata.option_error(o.kind, o.valid, o.example::jsonb) IS NOT NULL;
SELECT yard.attempt('{"sunset": "2025-02-30"}'), yard.attempt('{"sunset": "2030-02-28"}'), yard.attempt('{"layer": "industry"}'), yard.attempt('{"source": "church"}'), yard.attempt('{"source": "society"}');
SELECT code FROM citybigdata.publish('yard.street_light', '{"code": "based", "layer": "base"}');
SELECT layer, source FROM citybigdata.resource_version WHERE resource_code = 'based';
-- parameters: names of the standard, twice, defaults that the type cannot hold, like on numbers; masks of numbers
SELECT yard.attempt('{"parameters": [{"name": "pageSize", "column": "power_watt"}]}'), yard.attempt('{"parameters": [{"name": "a", "column": "power_watt"}, {"name": "a", "column": "lamp_type"}]}');
SELECT yard.attempt('{"parameters": [{"name": "a", "column": "power_watt", "default": "much"}]}'), yard.attempt('{"parameters": [{"name": "a", "column": "power_watt", "default": 7}]}'), yard.attempt('{"parameters": [{"name": "a", "column": "power_watt", "operator": "like"}]}');
SELECT yard.attempt('{"fields": {"power_watt": {"level": 2, "mask": "phone"}}}'), yard.attempt('{"fields": {"light_id": 1}}'), yard.attempt('{"fields": {"lamp_type": {"name": "xmlType"}}}');
SELECT yard.attempt('{"keyset": ["light_id", "lamp_type"]}'), yard.attempt('{"keyset": ["lamp_type"]}'), yard.attempt('{"keyset": []}');
-- a table with two columns for the place beside it, names in capitals, names of parameters, a code table that nobody loaded
CREATE TABLE yard.wide (id int PRIMARY KEY, longitude float8, "LATITUDE" float8, "LAMP_ID" text, "lamp-no" text, "sort" int, geom geometry(Point, 4490));
SELECT a.advice FROM citybigdata.publish('yard.wide', '{"fields": {"LAMP_ID": {"codeTable": "no-such"}}}') p, unnest(p.advice) WITH ORDINALITY a (advice, n) ORDER BY n;
SELECT string_agg(name, ', ' ORDER BY position) FROM citybigdata.resource_field WHERE resource_code = 'wide';
SELECT yard.attempt('{"fields": {"longitude": {"level": 2}}}', 'yard.wide'), yard.attempt('{"fields": {"longitude": {"name": "givenLongitude"}}}', 'yard.wide'), yard.attempt('{"geometryColumn": null}', 'yard.wide');
-- the widest table
DO $$ BEGIN EXECUTE (SELECT format('CREATE TABLE yard.widest (id int PRIMARY KEY, %s)', string_agg(format('c%s int', n), ', ' ORDER BY n)) FROM generate_series(2, 1600) n); END $$;
SELECT code FROM citybigdata.publish('yard.widest');
INSERT INTO yard.widest (id, c1600) VALUES (1, 7);
SELECT citybigdata.query('widest', '{"fields": "c1600"}') -> 'items', length(citybigdata.query('widest')::text) > 16000 AS whole;
-- materialised views, partitioned tables
CREATE MATERIALIZED VIEW yard.summary AS SELECT 1 AS n, 'a'::text AS name;
SELECT yard.attempt('{}', 'yard.summary'), yard.attempt('{"keyset": ["n"]}', 'yard.summary');
CREATE UNIQUE INDEX ON yard.summary (n);
SELECT yard.attempt('{}', 'yard.summary');
CREATE TABLE yard.part (id int, at timestamptz NOT NULL, PRIMARY KEY (at, id)) PARTITION BY RANGE (at);
SELECT code FROM citybigdata.publish('yard.part');
SELECT key_columns FROM citybigdata.resource_version WHERE resource_code = 'part';
SELECT citybigdata.query('part', '{"timeRange": "[20240101000000,20240102000000)"}') -> 'items';
CREATE TABLE yard.odd (id int PRIMARY KEY, address inet, open_from time, lasts interval, j jsonb, list text[], photo bytea, note text);
SELECT a.advice FROM citybigdata.publish('yard.odd', '{"fields": {"photo": {"file": true}}}') p, unnest(p.advice) a (advice) WHERE a.advice ~ 'filters';
RESET ROLE;
SELECT count(*) FROM (SELECT citybigdata.unpublish(resource_code) FROM citybigdata.resource_version WHERE state = 'current' AND publisher = 'publish_analyst' OFFSET 0) u;
DROP OWNED BY publish_analyst CASCADE;
DROP ROLE publish_analyst;
