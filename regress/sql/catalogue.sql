-- Publishing: what is derived, what is refused, what happens when the relation changes.
\set SHOW_CONTEXT never
\pset null '(null)'
SET client_min_messages = warning;
DROP ROLE IF EXISTS catalogue_publisher, catalogue_other, catalogue_sysadmin;
RESET client_min_messages;
CREATE ROLE catalogue_publisher IN ROLE citybigdata_analyst;
CREATE ROLE catalogue_other IN ROLE citybigdata_analyst;
CREATE SCHEMA city AUTHORIZATION catalogue_publisher;
SET ROLE catalogue_publisher;
CREATE TABLE city.street_light (
    light_id      bigint PRIMARY KEY,
    lamp_type     text NOT NULL,
    power_watt    numeric(6,1),
    district_code varchar(6) NOT NULL,
    street_name   text,
    keeper_phone  text,
    installed_at  timestamptz NOT NULL,
    checked_on    date,
    is_lit        boolean,
    geom          geometry(Point,4490),
    photo         bytea
);
COMMENT ON TABLE city.street_light IS '路灯。Street lights of the city';
COMMENT ON COLUMN city.street_light.power_watt IS 'Power';
-- one call is enough
SELECT code, version, address FROM citybigdata.publish('city.street_light');
SELECT position, name, column_name, type_name, title, level, code_table, filterable, sortable FROM citybigdata.resource_field WHERE resource_code = 'street-light' ORDER BY 1;
SELECT publisher, title, title_zh, layer, level, key_columns, time_column, division_column, division_digits, geometry_column, srid
FROM citybigdata.resource_version WHERE resource_code = 'street-light';
-- again: a new version, with the names of the caller's choice; the advice of the first is followed
CREATE INDEX ON city.street_light (district_code, light_id);
SELECT v.code, v.version, a.text AS advice FROM citybigdata.publish('city.street_light', '{
    "code": "street-light", "title": "Street lights", "titleZh": "路灯", "industry": "lighting", "owner": "城市照明中心", "updateCycle": "daily",
    "fields": {"keeper_phone": {"level": 2, "mask": "phone"}, "street_name": {"level": 3}, "photo": {"exclude": true}, "power_watt": {"unit": "W"}},
    "parameters": [{"name": "minPower", "column": "power_watt", "operator": "ge", "title": "Least power"}]}') v, unnest(v.advice) WITH ORDINALITY a (text, n) ORDER BY n;
SELECT version, state, layer, industry, data_owner, update_cycle, withdrawn_at IS NOT NULL AS ended FROM citybigdata.resource_version WHERE resource_code = 'street-light' ORDER BY 1;
SELECT name, level, mask, unit FROM citybigdata.resource_field WHERE resource_code = 'street-light' AND version = 2 AND (mask IS NOT NULL OR level > 1 OR unit IS NOT NULL) ORDER BY 1;
SELECT name, column_name, type_name, operator, required FROM citybigdata.resource_parameter WHERE resource_code = 'street-light' AND version = 2;
-- refused, each with its reason and a valid call
CREATE TABLE city.no_key (a int);
SELECT citybigdata.publish('city.no_key');
SELECT citybigdata.publish('city.no_key', '{"keyset": ["a"]}');
ALTER TABLE city.no_key ALTER a SET NOT NULL;
SELECT citybigdata.publish('city.no_key', '{"keyset": ["a"]}');
CREATE UNIQUE INDEX no_key_a_idx ON city.no_key (a);
SELECT code, version FROM citybigdata.publish('city.no_key', '{"keyset": ["a"]}');
DROP INDEX city.no_key_a_idx;
SELECT severity, subject, problem, remedy FROM citybigdata.catalogue_problems() WHERE code = 'no-key';
CREATE UNIQUE INDEX ON city.no_key (a);
CREATE TABLE city.chinese (id int PRIMARY KEY, "名称" text, "_2" int);
SELECT citybigdata.publish('city.chinese');
SELECT citybigdata.publish('city.chinese', '{"fields": {"名称": {"name": "mingCheng"}}}');
SELECT code, version FROM citybigdata.publish('city.chinese', '{"fields": {"名称": {"name": "mingCheng"}, "_2": {"exclude": true}}}');
SELECT citybigdata.publish('city.chinese', '{"fields": {"名称": {"name": "xmlName"}, "_2": {"exclude": true}}}');
SELECT citybigdata.publish('city.chinese', '{"fields": {"名称": {"name": "id"}, "_2": {"exclude": true}}}');
SELECT citybigdata.publish('city.chinese', '{"level": 4, "names": "pinyin"}');
SELECT citybigdata.publish('city.chinese', '{"level": 0, "names": "pinyin"}');
SELECT citybigdata.publish('city.street_light', '{"fields": {"keeper_phone": {"level": 4}}}');
SELECT citybigdata.publish('city.street_light', '{"fields": {"light_id": {"level": 2}}}');
SELECT citybigdata.publish('city.street_light', '{"fields": {"keeper_phone": {"mask": "half"}}}');
SELECT citybigdata.publish('city.street_light', '{"fields": {"keeper_fone": {"level": 2}}}');
SELECT citybigdata.publish('city.street_light', '{"titel": "x"}');
SELECT citybigdata.publish('city.street_light', '[]');
SELECT citybigdata.publish('city.street_light', '{"layer": "sky"}');
SELECT citybigdata.publish('city.street_light', '{"industry": "magic"}');
SELECT citybigdata.publish('city.street_light', '{"timeColumn": "lamp_type"}');
SELECT citybigdata.publish('city.street_light', '{"divisionColumn": "no_such"}');
SELECT citybigdata.publish('city.street_light', '{"keyset": ["geom"]}');
SELECT citybigdata.publish('city.street_light', '{"code": "events"}');
SELECT citybigdata.publish('city.street_light', '{"code": "Street Lights"}');
SELECT citybigdata.publish('city.street_light', '{"fields": {"photo": {"level": 1}}}');
SELECT citybigdata.publish('city.street_light', '{"parameters": [{"name": "p", "column": "geom"}]}');
SELECT citybigdata.publish('city.no_such');
SELECT citybigdata.publish('city.street_light; DROP TABLE city.no_key');
SELECT citybigdata.publish('999999999');
CREATE TEMP TABLE gone (id int PRIMARY KEY);
SELECT citybigdata.publish('pg_temp.gone');
SELECT citybigdata.publish('pg_catalog.now()');
-- set-returning functions: their arguments are the parameters
CREATE FUNCTION city.lights_of(lamp_type text, least_power numeric DEFAULT 0) RETURNS TABLE (light_id bigint, power_watt numeric) LANGUAGE sql STABLE
BEGIN ATOMIC SELECT l.light_id, l.power_watt FROM city.street_light l WHERE l.lamp_type = $1 AND l.power_watt >= $2; END;
SELECT citybigdata.publish('city.lights_of(text, numeric)');
SELECT code, version FROM citybigdata.publish('city.lights_of(text, numeric)', '{"keyset": ["light_id"]}');
SELECT name, column_name, type_name, required FROM citybigdata.resource_parameter WHERE resource_code = 'lights-of' ORDER BY position;
-- one column; an argument that is named like a parameter is named anew
CREATE FUNCTION city.lights_at("time" timestamptz, page_size int DEFAULT 3) RETURNS TABLE (light_id bigint) LANGUAGE sql STABLE BEGIN ATOMIC SELECT g::bigint FROM generate_series(1, page_size) g; END;
SELECT citybigdata.publish('city.lights_at(timestamptz, int)', '{"keyset": ["light_id"]}');
SELECT code FROM citybigdata.publish('city.lights_at(timestamptz, int)', '{"keyset": ["light_id"], "parameters": [{"column": "time", "name": "at"}, {"column": "page_size", "name": "lamps", "default": 2}]}');
SELECT citybigdata.query('lights-at', '{"at": "20240101000000"}') -> 'items', citybigdata.query('lights-at', '{"at": "20240101000000", "lamps": 1}') -> 'items';
CREATE FUNCTION city.numbers() RETURNS SETOF int LANGUAGE sql AS 'SELECT 1';
SELECT citybigdata.publish('city.numbers()', '{"keyset": ["numbers"]}');
RESET ROLE;
-- another role may neither take the code nor withdraw it, nor publish what it may not read
SET ROLE catalogue_other;
SELECT citybigdata.publish('city.street_light', '{"code": "other-lights"}');
CREATE TEMP TABLE mine (id int PRIMARY KEY);
RESET ROLE;
CREATE TABLE public.other_light (id int PRIMARY KEY);
ALTER TABLE public.other_light OWNER TO catalogue_other;
GRANT USAGE ON SCHEMA city TO catalogue_other;
SET ROLE catalogue_other;
SELECT citybigdata.publish('city.street_light', '{"code": "other-lights"}');
SELECT citybigdata.publish('public.other_light', '{"code": "street-light"}');
SELECT citybigdata.unpublish('street-light');
SELECT citybigdata.unpublish('no-such');
SELECT citybigdata.publish_as('postgres', true, NULL, NULL, 'pg_catalog', 'pg_authid', NULL, '{}');
SELECT citybigdata.unpublish_as('postgres', true, 'street-light');
DELETE FROM citybigdata.resource_version;
SELECT key FROM citybigdata.cursor_key;
RESET ROLE;
-- a superuser publishes in the name of the relation's owner; a system administrator may withdraw
SELECT code FROM citybigdata.publish('public.other_light');
SELECT publisher FROM citybigdata.resource_version WHERE resource_code = 'other-light';
CREATE ROLE catalogue_sysadmin IN ROLE citybigdata_sysadmin;
SET ROLE catalogue_sysadmin;
SELECT citybigdata.unpublish('other-light');
RESET ROLE;
SELECT resource_code FROM citybigdata.resource WHERE resource_code IN ('street-light', 'other-light');
-- what breaks is told, and put right it is quiet again
SELECT code, severity, subject, problem FROM citybigdata.catalogue_problems() WHERE severity = 'error' AND code = 'street-light';
ALTER TABLE city.street_light RENAME COLUMN lamp_type TO lamp;
SELECT code, severity, subject, problem, remedy FROM citybigdata.catalogue_problems() WHERE severity = 'error' AND code = 'street-light';
SELECT citybigdata.query('street-light');
ALTER TABLE city.street_light RENAME COLUMN lamp TO lamp_type;
SELECT citybigdata.query('street-light');
ALTER TABLE city.street_light ALTER is_lit TYPE text;
SELECT citybigdata.query('street-light');
SELECT subject, problem FROM citybigdata.catalogue_problems() WHERE severity = 'error' AND code = 'street-light';
ALTER TABLE city.street_light ALTER is_lit TYPE boolean USING is_lit::boolean;
ALTER TABLE city.street_light RENAME TO light;
SELECT citybigdata.query('street-light');
SELECT subject, problem FROM citybigdata.catalogue_problems() WHERE severity = 'error' AND code = 'street-light';
ALTER TABLE city.light RENAME TO street_light;
ALTER SCHEMA city RENAME TO town;
SELECT citybigdata.query('street-light');
ALTER SCHEMA town RENAME TO city;
REVOKE SELECT ON city.street_light FROM catalogue_publisher;
SELECT citybigdata.query('street-light');
SELECT subject, problem, remedy FROM citybigdata.catalogue_problems() WHERE severity = 'error' AND code = 'street-light';
GRANT SELECT ON city.street_light TO catalogue_publisher;
SELECT citybigdata.query('street-light');
SELECT count(*) AS errors FROM citybigdata.catalogue_problems() WHERE severity = 'error';
-- the helpers by themselves
SELECT citybigdata.camel_case('street_light_id'), citybigdata.camel_case('A'), citybigdata.camel_case('__x__y');
SELECT citybigdata.derived_title(NULL, NULL, 'power_watt', false), citybigdata.derived_title(NULL, '功率。Power', 'power_watt', true);
-- withdrawn and back
SET ROLE catalogue_publisher;
SELECT citybigdata.unpublish('no-key');
SELECT citybigdata.query('no-key');
SELECT code, version FROM citybigdata.publish('city.no_key', '{"keyset": ["a"]}');
SELECT citybigdata.query('no-key');
RESET ROLE;
-- the publisher's role goes: told, and refused
SET client_min_messages = warning;
DROP OWNED BY catalogue_publisher, catalogue_other, catalogue_sysadmin CASCADE;
DROP ROLE catalogue_publisher, catalogue_other, catalogue_sysadmin;
RESET client_min_messages;
SELECT code, subject, problem FROM citybigdata.catalogue_problems() WHERE code IN ('street-light', 'lights-of') ORDER BY 1, 2, 3;
SELECT citybigdata.query('street-light');
SELECT citybigdata.unpublish(resource_code) FROM citybigdata.resource_version WHERE state = 'current';
