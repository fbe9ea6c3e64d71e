-- The abstract tests of OGC API Features parts 1, 2 and 3 that need no HTTP, over every collection of a caller: one row each, by its name in the
-- standard, with how many collections or cases it looked at. Those of CQL2 are in cql2, those of HTTP, HTML and OpenAPI in bridge/test_ogc.py.
\set SHOW_CONTEXT never
\pset format unaligned
\pset tuples_only on
CREATE SCHEMA cite;
CREATE TABLE cite.point (point_id integer PRIMARY KEY, name text, seen_at timestamptz, geom geometry(Point,4490));
INSERT INTO cite.point SELECT i, 'p' || i % 7, CASE WHEN i % 10 <> 0 THEN '2024-01-01 00:00:00+00'::timestamptz + i * interval '6 hours' END, CASE WHEN i % 9 <> 0 THEN ST_SetSRID(ST_Point(-180 + i * 3.6, -90 + i * 1.8), 4490) END FROM generate_series(1, 99) i;
CREATE INDEX ON cite.point (seen_at);
CREATE TABLE cite.area (town text, no integer, area geometry(MultiPolygon,4548), PRIMARY KEY (town, no));
INSERT INTO cite.area SELECT 't' || i % 3, i, ST_Transform(ST_SetSRID(ST_Multi(ST_MakeEnvelope(116 + i * 0.02, 39.5, 116.03 + i * 0.02, 39.6)), 4490), 4548) FROM generate_series(1, 30) i;
CREATE TABLE cite.mast (mast_id text PRIMARY KEY, top geometry(PointZ,4326));
INSERT INTO cite.mast SELECT 'm/' || i, ST_SetSRID(ST_MakePoint(116 + i * 0.01, 39.9, i * 10), 4326) FROM generate_series(1, 12) i;
SELECT code FROM citybigdata.publish('cite.point', '{"code": "cite-points", "timeColumn": "seen_at"}');
SELECT code FROM citybigdata.publish('cite.area', '{"code": "cite-areas"}');
SELECT code FROM citybigdata.publish('cite.mast', '{"code": "cite-masts"}');
INSERT INTO citybigdata.account (user_name, password_digest, organization, contact_name, mobile, state) VALUES ('cite.test', '$2a$04$none', 'test', 'test', '13800138000', 'active');
INSERT INTO citybigdata.application (app_code, account_id, methods, ip_ranges, profile, level) SELECT '11000016000001E', account_id, ARRAY['key'], '{}', 'strict', 1 FROM citybigdata.account WHERE user_name = 'cite.test';
INSERT INTO citybigdata.app_grant (app_id, resource, level, granted_by) SELECT app_id, r, 1, 'test' FROM citybigdata.application, unnest(ARRAY['cite-points', 'cite-areas', 'cite-masts']) r WHERE app_code = '11000016000001E';
INSERT INTO citybigdata.access_token (token_digest, app_id, account_id, issued_at, expires_at) SELECT sha256('cite'), app_id, account_id, now(), now() + interval '1 hour' FROM citybigdata.application WHERE app_code = '11000016000001E';
CREATE FUNCTION pg_temp.frame(collection text, params jsonb) RETURNS bytea LANGUAGE sql AS $$
SELECT citybigdata.rest_ogc_items('r', '192.0.2.9', NULL, 'bearer', sha256('cite'), collection, 'https://x.example/ogc', coalesce(array_agg(key ORDER BY key), '{}'), coalesce(array_agg(value ORDER BY key), '{}')) FROM jsonb_each_text(params) $$;
CREATE FUNCTION pg_temp.items(collection text, params jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$ SELECT reply.data(pg_temp.frame(collection, params))::jsonb $$;
CREATE FUNCTION pg_temp.refused(collection text, params jsonb) RETURNS boolean LANGUAGE sql AS $$ SELECT reply.status(pg_temp.frame(collection, params)) LIKE '400__' $$;
CREATE FUNCTION pg_temp.ids(collection text, params jsonb) RETURNS text[] LANGUAGE sql AS $$ SELECT ARRAY(SELECT f ->> 'id' FROM jsonb_array_elements(pg_temp.items(collection, '{"limit": 1000}' || params) -> 'features') f ORDER BY 1) $$;
CREATE FUNCTION pg_temp.link(doc jsonb, rel text, type text) RETURNS text LANGUAGE sql AS $$ SELECT l ->> 'href' FROM jsonb_array_elements(doc -> 'links') l WHERE l ->> 'rel' = rel AND l ->> 'type' = type LIMIT 1 $$;
-- the parameters of an address, as the bridge hands them on
CREATE FUNCTION pg_temp.follow(href text) RETURNS jsonb LANGUAGE sql AS $$
SELECT pg_temp.items(substring(href FROM 'collections/([^/]*)/items'), coalesce(jsonb_object_agg(split_part(p, '=', 1), replace(replace(split_part(p, '=', 2), '%2C', ','), '%20', ' ')) FILTER (WHERE p !~ '^f='), '{}')) FROM regexp_split_to_table(split_part(href, '?', 2), '&') p $$;
CREATE TABLE cite.collection AS SELECT c ->> 'id' AS id, c AS doc FROM jsonb_array_elements(reply.data(citybigdata.rest_ogc_collections('r', '192.0.2.9', NULL, 'bearer', sha256('cite'), 'https://x.example/ogc', '{}', '{}'))::jsonb -> 'collections') c WHERE c ->> 'id' ~ '^cite-';
-- part 1: collections
SELECT '/conf/core/fc-md-success', count(*), bool_and(doc ?& ARRAY['id', 'title', 'description', 'links', 'extent', 'itemType', 'crs']) FROM cite.collection;
SELECT '/conf/core/fc-md-links, fc-md-items-links', count(*), bool_and(pg_temp.link(doc, 'self', 'application/json') LIKE '%/collections/' || id || '?f=json' AND pg_temp.link(doc, 'alternate', 'text/html') IS NOT NULL AND pg_temp.link(doc, 'items', 'application/geo+json') IS NOT NULL) FROM cite.collection;
SELECT '/conf/core/fc-md-extent', count(*), bool_and(NOT EXISTS (SELECT FROM jsonb_array_elements(pg_temp.items(id, '{"limit": 1000}') -> 'features') f, LATERAL (SELECT ST_GeomFromGeoJSON(f ->> 'geometry') AS g) p WHERE NOT ST_Within(ST_SetSRID(ST_Force2D(g), 0), ST_Expand(ST_MakeEnvelope((b ->> 0)::float8, (b ->> 1)::float8, (b ->> 2)::float8, (b ->> 3)::float8), 1e-9))))
FROM cite.collection, LATERAL (SELECT doc #> '{extent,spatial,bbox,0}' AS b) e;
SELECT '/conf/core/sfc-md-success', count(*), bool_and(reply.data(citybigdata.rest_ogc_collection('r', '192.0.2.9', NULL, 'bearer', sha256('cite'), id, 'https://x.example/ogc', '{}', '{}'))::jsonb = doc) FROM cite.collection;
-- features of a page
SELECT '/conf/core/fc-response, geojson/content', count(*), bool_and(i ->> 'type' = 'FeatureCollection' AND NOT EXISTS (SELECT FROM jsonb_array_elements(i -> 'features') f WHERE NOT f ?& ARRAY['type', 'id', 'geometry', 'properties'] OR f ->> 'type' <> 'Feature')) FROM cite.collection, LATERAL (SELECT pg_temp.items(id) AS i OFFSET 0) p;
SELECT '/conf/core/fc-links, fc-rel-type', count(*), bool_and(pg_temp.link(i, 'self', 'application/geo+json') IS NOT NULL AND pg_temp.link(i, 'alternate', 'text/html') IS NOT NULL AND NOT EXISTS (SELECT FROM jsonb_array_elements(i -> 'links') l WHERE NOT l ?& ARRAY['rel', 'type', 'href'])) FROM cite.collection, LATERAL (SELECT pg_temp.items(id, '{"limit": 5}') AS i OFFSET 0) p;
SELECT '/conf/core/fc-timeStamp', count(*), bool_and((i ->> 'timeStamp')::timestamptz BETWEEN now() - interval '2 s' AND now() + interval '1 min') FROM cite.collection, LATERAL (SELECT pg_temp.items(id) AS i OFFSET 0) p;
SELECT '/conf/core/fc-numberReturned', count(*), bool_and((i ->> 'numberReturned')::int = jsonb_array_length(i -> 'features')) FROM cite.collection, generate_series(1, 20, 6) n, LATERAL (SELECT pg_temp.items(id, jsonb_build_object('limit', n)) AS i OFFSET 0) p;
SELECT '/conf/core/fc-numberMatched', count(*), bool_and((i ->> 'numberMatched')::int = cardinality(pg_temp.ids(id, params))) FROM cite.collection, unnest(ARRAY['{}', '{"bbox": "116,39,116.2,40"}', '{"datetime": "2024-01-05/.."}']::jsonb[]) params, LATERAL (SELECT pg_temp.items(id, '{"limit": 3}' || params) AS i OFFSET 0) p;
SELECT '/conf/core/fc-limit-response', count(*), bool_and(jsonb_array_length(pg_temp.items(id, jsonb_build_object('limit', n)) -> 'features') = least(n, total)) FROM cite.collection, unnest(ARRAY[1, 2, 9, 10, 11, 99, 100, 101, 999, 1000, 1001, 10000]) n, LATERAL (SELECT cardinality(pg_temp.ids(id, '{}')) AS total) t;
SELECT '/conf/core/fc-limit-definition', count(*), bool_and(pg_temp.refused(id, jsonb_build_object('limit', n))) FROM cite.collection, unnest(ARRAY['0', '-1', 'x', '', '1.5', '1,2']) n;
SELECT '/conf/core/query-param-unknown, query-param-invalid', count(*), bool_and(pg_temp.refused(id, p)) FROM cite.collection, unnest(ARRAY['{"unknownQueryParameter": "1"}', '{"bbox": "a"}', '{"datetime": "x"}', '{"crs": "x"}', '{"filter": "("}', '{"dUmmYColLection": "1"}']::jsonb[]) p;
-- next: to the end, each feature once, in one order
CREATE FUNCTION pg_temp.walk(collection text, params jsonb) RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE page jsonb := pg_temp.items(collection, params); ids text[] := '{}';
BEGIN
    FOR i IN 1..200 LOOP
        ids := ids || ARRAY(SELECT f ->> 'id' FROM jsonb_array_elements(page -> 'features') f);
        EXIT WHEN pg_temp.link(page, 'next', 'application/geo+json') IS NULL;
        page := pg_temp.follow(pg_temp.link(page, 'next', 'application/geo+json'));
    END LOOP;
    RETURN ARRAY(SELECT i FROM unnest(ids) i ORDER BY 1);
END $$;
SELECT '/rec/core/fc-next', count(*), bool_and(pg_temp.walk(id, params || jsonb_build_object('limit', n)) = pg_temp.ids(id, params)) FROM cite.collection, unnest(ARRAY[1, 7, 10]) n, unnest(ARRAY['{}', '{"bbox": "116,39,116.2,40"}', '{"datetime": "../2024-01-20"}']::jsonb[]) params;
-- bbox: what PostGIS finds, and what has no place; boxes everywhere, over the date line, at the poles
SELECT '/conf/core/fc-bbox-response', count(*), bool_and(pg_temp.ids('cite-points', jsonb_build_object('bbox', format('%s,%s,%s,%s', x, y, CASE WHEN x + 40 > 180 THEN x - 320 ELSE x + 40 END, y + 30)))
    = ARRAY(SELECT point_id::text FROM cite.point WHERE geom IS NULL OR (ST_Y(geom) BETWEEN y AND y + 30 AND (ST_X(geom) BETWEEN x AND x + 40 OR ST_X(geom) <= x - 320)) ORDER BY 1)) FROM generate_series(-180, 170, 35) x, generate_series(-90, 60, 30) y;
SELECT '/conf/core/fc-bbox-response', count(*), bool_and(pg_temp.ids('cite-areas', jsonb_build_object('bbox', format('%s,%s,%s,%s', x, y, x + 0.05, y + 0.05)))
    = ARRAY(SELECT town || ',' || no FROM cite.area WHERE ST_Intersects(area, ST_Transform(ST_SetSRID(ST_MakeEnvelope(x, y, x + 0.05, y + 0.05), 4490), 4548)) ORDER BY 1)) FROM generate_series(116.005, 116.7, 0.07) x, generate_series(39.423, 39.62, 0.06) y;
-- datetime: instants, intervals, half-bounded ones, against SQL
SELECT '/conf/core/fc-time-response', count(*), bool_and(pg_temp.ids('cite-points', jsonb_build_object('datetime', d)) = ARRAY(SELECT point_id::text FROM cite.point WHERE seen_at IS NULL OR (seen_at >= coalesce(a, '-infinity') AND seen_at <= coalesce(b, 'infinity')) ORDER BY 1))
FROM (SELECT format('%s/%s', to_char(a AT TIME ZONE 'UTC', f), to_char(b AT TIME ZONE 'UTC', f)) AS d, a, b FROM generate_series('2024-01-01 00:00:00+00'::timestamptz, '2024-01-20', '37 hours') a, LATERAL (SELECT a + interval '50 hours' AS b) t, (VALUES ('YYYY-MM-DD"T"HH24:MI:SS"Z"')) v (f)
    UNION ALL SELECT to_char(a AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), a, a FROM generate_series('2024-01-01 00:00:00+00'::timestamptz, '2024-01-20', '18 hours') a
    UNION ALL SELECT format(o, to_char(a AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')), CASE WHEN o LIKE '\%%' THEN a END, CASE WHEN o NOT LIKE '\%%' THEN a END FROM generate_series('2024-01-01 00:00:00+00'::timestamptz, '2024-01-20', '53 hours') a, unnest(ARRAY['%s/..', '%s/', '../%s', '/%s']) o) t;
SELECT '/conf/core/fc-time-definition', count(*), bool_and(pg_temp.refused(id, jsonb_build_object('datetime', d))) FROM cite.collection, unnest(ARRAY['', '/', '..', '../..', '2024-01-05/2024-01-01', '2024-01-01/2024-01-02/2024-01-03', '20240101', '2024-01-01T00:00:00', '2024-02-30']) d;
-- one feature: that of the page, by its id
SELECT '/conf/core/f-success, f-links', count(*), bool_and(one - 'links' = f AND pg_temp.link(one, 'self', 'application/geo+json') IS NOT NULL AND pg_temp.link(one, 'alternate', 'text/html') IS NOT NULL AND pg_temp.link(one, 'collection', 'application/json') LIKE '%/collections/' || id || '?f=json')
FROM cite.collection, LATERAL jsonb_array_elements(pg_temp.items(id) -> 'features') f, LATERAL (SELECT reply.data(citybigdata.rest_ogc_item('r', '192.0.2.9', NULL, 'bearer', sha256('cite'), id, f ->> 'id', 'https://x.example/ogc', '{}', '{}'))::jsonb AS one OFFSET 0) p;
-- part 2: systems by reference. Coordinates stand in the order of the axes and come back by bbox-crs; the header names the system
SELECT '/conf/crs/fc-md-crs-list, fc-md-storageCrs', count(*), bool_and(doc #>> '{crs,0}' IN ('http://www.opengis.net/def/crs/OGC/1.3/CRS84', 'http://www.opengis.net/def/crs/OGC/0/CRS84h') AND doc -> 'crs' ? (doc ->> 'storageCrs') AND (doc #>> '{crs,0}' ~ '84h$') = (id = 'cite-masts')) FROM cite.collection;
SELECT '/conf/crs/fc-crs-valid-value, fc-bbox-crs-valid-value, filter-crs-wgs84', count(*), bool_and(pg_temp.refused(id, jsonb_build_object(p, v))) FROM cite.collection, unnest(ARRAY['crs', 'bbox-crs', 'filter-crs']) p, unnest(ARRAY['', 'EPSG:4326', 'http://www.opengis.net/def/crs/EPSG/0/0', 'http://www.opengis.net/def/crs/EPSG/0/2154', 'http://www.opengis.net/def/crs/OGC/1.3/CRS83']) v;
SELECT '/conf/crs/ogc-crs-header, ogc-crs-header-value', count(*), bool_and(reply.field(pg_temp.frame(id, jsonb_build_object('limit', 1, 'crs', c)), 'content-crs') = format('<%s>', CASE WHEN c ~ 'CRS84' THEN doc #>> '{crs,0}' ELSE c END)) FROM cite.collection, jsonb_array_elements_text(doc -> 'crs') c;
SELECT '/conf/crs/fc-crs-action, fc-bbox-crs-action', count(*), bool_and(f ->> 'id' = ANY (pg_temp.ids('cite-masts', jsonb_build_object('bbox', format('%s,%s,%s,%s', x - d, y - d, x + d, y + d), 'bbox-crs', c))) AND cardinality(pg_temp.ids('cite-masts', jsonb_build_object('bbox', format('%s,%s,%s,%s', x - d, y - d, x + d, y + d), 'bbox-crs', c))) = 1)
FROM jsonb_array_elements_text((SELECT doc -> 'crs' FROM cite.collection WHERE id = 'cite-masts')) c, jsonb_array_elements(pg_temp.items('cite-masts', jsonb_build_object('crs', c)) -> 'features') f,
    LATERAL (SELECT (f #>> '{geometry,coordinates,0}')::float8 AS x, (f #>> '{geometry,coordinates,1}')::float8 AS y) g, LATERAL (SELECT CASE WHEN x > 1000 OR y > 1000 THEN 10 ELSE 1e-4 END AS d) s;
SELECT '/conf/crs/geojson', count(*), bool_and(NOT EXISTS (SELECT FROM jsonb_array_elements(pg_temp.items('cite-masts', jsonb_build_object('crs', c)) -> 'features') f, LATERAL (SELECT ST_Transform(top, s) AS p FROM cite.mast WHERE mast_id = f ->> 'id') m
    WHERE abs((f #>> '{geometry,coordinates,0}')::float8 - CASE WHEN flip THEN ST_Y(p) ELSE ST_X(p) END) > 0.001 OR abs((f #>> '{geometry,coordinates,1}')::float8 - CASE WHEN flip THEN ST_X(p) ELSE ST_Y(p) END) > 0.001))
FROM (VALUES ('http://www.opengis.net/def/crs/OGC/1.3/CRS84', 4326, false), ('http://www.opengis.net/def/crs/EPSG/0/4326', 4326, true), ('http://www.opengis.net/def/crs/EPSG/0/4548', 4548, true), ('http://www.opengis.net/def/crs/EPSG/0/3857', 3857, false)) v (c, s, flip);
-- part 3: queryables, as parameters and in filters
CREATE TABLE cite.queryables AS SELECT id, reply.data(citybigdata.rest_ogc_queryables('r', '192.0.2.9', NULL, 'bearer', sha256('cite'), id, 'https://x.example/ogc', '{}', '{}'))::jsonb AS doc FROM cite.collection;
SELECT '/conf/queryables/get-queryables-response', count(*), bool_and(doc ->> 'type' = 'object' AND doc ->> '$schema' = 'https://json-schema.org/draft/2020-12/schema' AND doc ->> '$id' LIKE '%/collections/' || id || '/queryables' AND doc -> 'additionalProperties' = 'false'
    AND jsonb_path_exists(doc, '$.properties.* ? (@."x-ogc-role" == "primary-geometry")')) FROM cite.queryables;
SELECT '/conf/queryables/get-queryables-op', count(*), bool_and(pg_temp.link(doc, 'http://www.opengis.net/def/rel/ogc/1.0/queryables', 'application/schema+json') LIKE '%/collections/' || id || '/queryables?f=json') FROM cite.collection;
SELECT '/conf/queryables-query-parameters/parameters, features-filter/filter-param', count(*), bool_and(f ->> 'id' = ANY (pg_temp.ids(id, jsonb_build_object(p.key, p.value))) AND pg_temp.ids(id, jsonb_build_object(p.key, p.value)) = pg_temp.ids(id, jsonb_build_object('filter', format(CASE WHEN jsonb_typeof(p.value) = 'number' THEN '%s = %s' ELSE '%s = ''%s''' END, p.key, p.value #>> '{}'))))
FROM cite.queryables, LATERAL jsonb_array_elements(pg_temp.items(id, '{"limit": 12}') -> 'features') f, LATERAL jsonb_each(f -> 'properties') p WHERE doc -> 'properties' ? p.key AND p.value <> 'null';
SELECT '/conf/filter/mixed with other parameters', count(*), bool_and(pg_temp.ids('cite-points', jsonb_build_object('filter', format('name = ''p%s''', n), 'datetime', '2024-01-05/..', 'bbox', '-180,-90,100,90')) = ARRAY(SELECT i FROM unnest(pg_temp.ids('cite-points', jsonb_build_object('name', 'p' || n))) i WHERE i = ANY (pg_temp.ids('cite-points', '{"datetime": "2024-01-05/.."}')) AND i = ANY (pg_temp.ids('cite-points', '{"bbox": "-180,-90,100,90"}')) ORDER BY 1)) FROM generate_series(0, 6) n;
SET client_min_messages = warning;
SELECT count(*) FROM (SELECT citybigdata.unpublish(resource_code) FROM citybigdata.resource_version WHERE state = 'current' AND resource_code LIKE 'cite-%' OFFSET 0) u;
DROP SCHEMA cite CASCADE;
