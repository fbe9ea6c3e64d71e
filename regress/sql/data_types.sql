-- Published data of types that other systems stumbled over: domains, curves, several places, geography, collations, seconds, empty texts.
\set SHOW_CONTEXT never
\pset format unaligned
\pset tuples_only on
\pset null '(null)'
SET client_min_messages = warning;
DROP ROLE IF EXISTS types_publisher;
RESET client_min_messages;
CREATE ROLE types_publisher IN ROLE citybigdata_analyst;
CREATE SCHEMA types AUTHORIZATION types_publisher;
SET ROLE types_publisher;

\echo == a domain over an enumeration is filtered and paged
CREATE TYPE types.st AS ENUM ('new', 'open', 'done');
CREATE DOMAIN types.dst AS types.st;
CREATE TABLE types.dom (id int PRIMARY KEY, state types.dst NOT NULL);
INSERT INTO types.dom SELECT i, (enum_range(NULL::types.st))[i % 3 + 1] FROM generate_series(1, 9) i;
CREATE INDEX ON types.dom (state, id);
SELECT code FROM citybigdata.publish('types.dom', '{"code": "types-dom"}');
SELECT citybigdata.query('types-dom', '{"state": "open"}') -> 'items';
SELECT citybigdata.query('types-dom', '{"state.in": "open,done", "state.gt": "open", "pageSize": 1}') -> 'items';
SELECT citybigdata.query('types-dom', '{"sort": "state", "pageSize": 2}') ->> 'nextCursor' AS c \gset
SELECT citybigdata.query('types-dom', jsonb_build_object('sort', 'state', 'pageSize', 2, 'cursor', :'c'::text)) -> 'items';
SELECT citybigdata.query('types-dom', '{"sort": "-state", "pageSize": 2}') ->> 'nextCursor' AS c \gset
SELECT citybigdata.query('types-dom', jsonb_build_object('sort', '-state', 'pageSize', 2, 'cursor', :'c'::text)) -> 'items';

\echo == a plane: boxes within it, beyond it and far from it
CREATE TABLE types.plane (id int PRIMARY KEY, geom geometry(Geometry, 4548) NOT NULL);
INSERT INTO types.plane SELECT i, ST_Transform(ST_SetSRID(g::geometry, 4490), 4548) FROM (VALUES (1, 'POINT(116.4 39.9)'), (2, 'LINESTRING(117.1 36.6,117.2 36.7)')) p (i, g);
CREATE INDEX ON types.plane USING gist (geom);
SELECT code FROM citybigdata.publish('types.plane', '{"code": "types-plane"}');
SELECT b AS box, (SELECT string_agg(item ->> 'id', ' ') FROM json_array_elements(citybigdata.query('types-plane', jsonb_build_object('bbox', b)) -> 'items') item) AS ids
FROM unnest(ARRAY['116.3,39.8,116.5,40', '117.05,36.5,117.15,36.65', '-180,-90,180,90', '0,0,180,90', '116.3,-80,116.5,80', '-60,-10,-50,10', '-180,-90,-170,-80', '26,-40,28,40']) b;

\echo == arcs are shown as lines, also in another system
CREATE TABLE types.curve (id int PRIMARY KEY, geom geometry(Geometry, 4490));
INSERT INTO types.curve VALUES (1, 'SRID=4490;LINESTRING(116.3 39.9,116.4 39.9)'), (2, 'SRID=4490;CIRCULARSTRING(116.3 39.9,116.35 39.95,116.4 39.9)'),
    (3, 'SRID=4490;CURVEPOLYGON(CIRCULARSTRING(116.3 39.9,116.35 39.95,116.4 39.9,116.35 39.85,116.3 39.9))');
SELECT code FROM citybigdata.publish('types.curve', '{"code": "types-curve"}');
SELECT item ->> 'id', item -> 'geom' ->> 'type' FROM json_array_elements(citybigdata.query('types-curve') -> 'items') item;
SELECT item ->> 'id', item -> 'geom' ->> 'type' FROM json_array_elements(citybigdata.query('types-curve', '{"crs": "EPSG:4548"}') -> 'items') item;
SELECT item ->> 'id', item -> 'geom' ->> 'type' FROM json_array_elements(citybigdata.query('types-curve', '{"crs": "BD09"}') -> 'items') item;

\echo == every place is shown in degrees, whatever its own system; heights; what is no number is no place
CREATE DOMAIN types.place AS geometry(Point, 4490);
CREATE TABLE types.geo (id int PRIMARY KEY, geom geometry(PointZ, 4490), geom_3857 geometry(Point, 3857), any_place geometry, geog geography(Point, 4326), dom types.place);
INSERT INTO types.geo VALUES (1, 'SRID=4490;POINT Z(116.3912 39.9061 43.5)', ST_Transform('SRID=4490;POINT(116.3912 39.9061)'::geometry, 3857),
      ST_Transform('SRID=4490;POINT(116.3912 39.9061)'::geometry, 4548), 'SRID=4326;POINT(116.3912 39.9061)', 'SRID=4490;POINT(116.3912 39.9061)'),
    (2, ST_SetSRID(ST_MakePoint('NaN'::float8, 39.9, 1), 4490), NULL, NULL, NULL, NULL);
SELECT code FROM citybigdata.publish('types.geo', '{"code": "types-geo"}');
SELECT citybigdata.query_text('types-geo', '{"format": "geojson", "id": 1}');
SELECT citybigdata.query_text('types-geo', '{"format": "geojson", "crs": "GCJ02", "id": 1, "fields": "id,geom3857"}');
SELECT citybigdata.query_text('types-geo', '{"format": "geojson", "crs": "EPSG:4548", "id": 1, "fields": "id,anyPlace"}');
SELECT citybigdata.query_text('types-geo', '{"format": "geojson", "id": 2, "fields": "id"}');
SELECT citybigdata.query('types-geo', '{"id": 2, "fields": "id,geom"}') -> 'items';
SELECT code FROM citybigdata.publish('types.geo', '{"code": "types-no-place", "geometryColumn": null}');
SELECT citybigdata.query('types-no-place', '{"id": 1}') -> 'items';

\echo == GeoJSON: outer rings run counterclockwise (RFC 7946 3.1.6)
CREATE TABLE types.ring (id int PRIMARY KEY, geom geometry(Polygon, 4490));
INSERT INTO types.ring VALUES (1, 'SRID=4490;POLYGON((116 39,116 40,117 40,117 39,116 39))');
SELECT code FROM citybigdata.publish('types.ring', '{"code": "types-ring"}');
SELECT citybigdata.query_text('types-ring', '{"format": "geojson"}');

\echo == a time stands for its whole second, a day for the whole day, in every parameter
CREATE TABLE types.frac (id int PRIMARY KEY, seen_at timestamptz NOT NULL, day date NOT NULL);
INSERT INTO types.frac VALUES (1, '2024-01-01 23:59:59+08', '2024-01-01'), (2, '2024-01-01 23:59:59.789+08', '2024-01-01'), (3, '2024-01-02 00:00:00+08', '2024-01-02');
CREATE INDEX ON types.frac (seen_at, id);
SELECT code FROM citybigdata.publish('types.frac', '{"code": "types-frac"}');
SELECT p, (SELECT json_agg(i -> 'id') FROM json_array_elements(citybigdata.query('types-frac', p::jsonb) -> 'items') i) FROM unnest(ARRAY[
    '{"timeRange": "[20240101000000,20240101235959]"}', '{"timeRange": "[20240101000000,20240101235959)"}', '{"timeRange": "(20240101235959,20240102000000]"}',
    '{"timeRange": "[20240101,20240101]"}', '{"timeRange": "[2024-01-01,2024-01-02]"}', '{"timeRange": "(20240101,20240102]"}', '{"timeRange": "[20240101,20240102)"}',
    '{"timeRange": "[2024-01-01T15:59:59Z,2024-01-01T16:00:00Z)"}', '{"timeRange": "[2024-01-01T15:59:59.5Z,2024-01-01T16:00:00.0Z)"}', '{"time": "20240101235959"}', '{"time": "20240101"}',
    '{"seenAt": "20240101235959"}', '{"seenAt": "20240101"}', '{"seenAt.ne": "20240101235959"}', '{"seenAt.le": "20240101235959"}', '{"seenAt.lt": "20240101235959"}',
    '{"seenAt.gt": "20240101235959"}', '{"seenAt.ge": "20240101235959"}', '{"seenAt.in": "20240101235959,20240102000000"}', '{"seenAt.gt": "2024-01-01"}',
    '{"day": "20240101"}', '{"day": "2024-01-02"}', '{"day.gt": "20240101"}', '{"day.le": "20240101"}', '{"day.ne": "20240101"}', '{"day": "20240101235959"}']) p;
CREATE FUNCTION pg_temp.fault(resource text, params jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE found text;
BEGIN
    PERFORM citybigdata.query(resource, params);
    RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS found = PG_EXCEPTION_DETAIL;
    RETURN SQLSTATE || ' ' || SQLERRM || ' ' || found;
END $$;
SELECT pg_temp.fault('types-frac', p::jsonb) FROM unnest(ARRAY['{"timeRange": "[2020,2021)"}', '{"timeRange": "[1704124800000,1704211200000)"}', '{"time": "-5"}',
    '{"seenAt": "202401"}', '{"seenAt.ge": "2024-01-01T00:00:00"}']) p;

\echo == collations: digits are compared bytewise, like of one that takes different texts for equal
RESET ROLE;
CREATE COLLATION types.ci (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
CREATE COLLATION types.kn (provider = icu, locale = 'und-u-kn-true');
SET ROLE types_publisher;
CREATE TABLE types.coll (id int PRIMARY KEY, name text COLLATE types.ci, district_code varchar(6) COLLATE types.kn);
INSERT INTO types.coll VALUES (1, 'Lamp', '110101');
SELECT code FROM citybigdata.publish('types.coll', '{"code": "types-coll"}');
SELECT citybigdata.query('types-coll', '{"divisionCode": "110101"}') -> 'items', citybigdata.query('types-coll', '{"divisionCode": "110000"}') -> 'items';
SELECT citybigdata.query('types-coll', '{"name.like": "La%"}') -> 'items', citybigdata.query('types-coll', '{"name.like": "LA%"}') -> 'items', citybigdata.query('types-coll', '{"name": "LAMP"}') -> 'items';

\echo == CSV tells null from an empty text, also in the only column
CREATE TABLE types.cell (id int PRIMARY KEY, name text, note text);
INSERT INTO types.cell VALUES (1, 'a', NULL), (2, '', ''), (3, NULL, 'b');
SELECT code FROM citybigdata.publish('types.cell', '{"code": "types-cell"}');
SELECT replace(citybigdata.query_text('types-cell', '{"format": "csv"}'), E'\r', '');
SELECT replace(citybigdata.query_text('types-cell', '{"format": "csv", "fields": "name"}'), E'\r', '');

\echo == a materialised view that was never filled is unavailable, not an internal error
CREATE MATERIALIZED VIEW types.mv AS SELECT 1 AS id WITH NO DATA;
CREATE UNIQUE INDEX ON types.mv (id);
SELECT code FROM citybigdata.publish('types.mv', '{"code": "types-mv", "keyset": ["id"]}');
SELECT pg_temp.fault('types-mv', '{}');
SELECT severity, subject, problem, remedy FROM citybigdata.catalogue_problems() WHERE code = 'types-mv';
REFRESH MATERIALIZED VIEW types.mv;
SELECT citybigdata.query('types-mv') -> 'items';

\echo == the text of numbers does not depend on settings, inside arrays and composites either
CREATE TYPE types.pair AS (a float8, b float4);
CREATE TABLE types.fl (id int PRIMARY KEY, f float8, fs float8[], p types.pair, pt point, raw bytea[]);
INSERT INTO types.fl VALUES (1, 116.39716912345678, ARRAY[116.39716912345678], ROW(0.1::float8 + 0.2, 0.1::float4), point(116.39716912345678, 1));
SELECT code FROM citybigdata.publish('types.fl', '{"code": "types-fl", "fields": {"raw": {"exclude": true}}}');
SELECT citybigdata.query('types-fl') -> 'items';
SET extra_float_digits = -3;
SELECT citybigdata.query('types-fl') -> 'items';
RESET extra_float_digits;

\echo == what cannot be published says why: children without a common key, functions without names of columns; a geography is advised about
CREATE TABLE types.parent (id int PRIMARY KEY, a text);
CREATE TABLE types.child () INHERITS (types.parent);
SELECT citybigdata.publish('types.parent', '{"code": "types-parent"}');
CREATE FUNCTION types.rec(n int) RETURNS SETOF record LANGUAGE sql STABLE AS 'SELECT 1, 2';
SELECT citybigdata.publish('types.rec(int)', '{"keyset": ["id"], "code": "types-rec"}');
CREATE FUNCTION types.many(VARIADIC n int[]) RETURNS TABLE (id int) LANGUAGE sql STABLE AS 'SELECT unnest($1)';
SELECT citybigdata.publish('types.many(int[])', '{"keyset": ["id"], "code": "types-many"}');
CREATE FUNCTION types.bare() RETURNS SETOF int LANGUAGE sql STABLE AS 'SELECT 1';
SELECT citybigdata.publish('types.bare()', '{"keyset": ["id"], "code": "types-bare"}');
SELECT advice FROM citybigdata.publish('types.geo', '{"code": "types-geo"}');

RESET ROLE;
SELECT count(citybigdata.unpublish(code)) FROM unnest(ARRAY['dom', 'curve', 'geo', 'no-place', 'ring', 'frac', 'coll', 'cell', 'mv', 'fl']) c (name), LATERAL (SELECT 'types-' || c.name AS code) r;
SET client_min_messages = warning;
DROP SCHEMA types CASCADE;
DROP OWNED BY types_publisher CASCADE;
DROP ROLE types_publisher;
RESET client_min_messages;
