-- OGC API Features as the bridge calls it: collections, queryables, pages, single features; rights, levels, masks; every parameter and every wrong one.
\set SHOW_CONTEXT never
\pset format unaligned
\pset tuples_only on
\pset null '(null)'
CREATE SCHEMA gis;
CREATE TABLE gis.lamp (
    lamp_id bigint PRIMARY KEY, lamp_type text, power integer, phone text, secret text, installed_at timestamptz NOT NULL, checked_at timestamp, checked_on date, changed integer NOT NULL, geom geometry(Point,4490));
INSERT INTO gis.lamp SELECT i, CASE i % 3 WHEN 0 THEN 'LED' ELSE 'a,b' END, i * 10, '1391234' || lpad(i::text, 4, '0'), 's' || i, '2024-01-01 00:00:00+08'::timestamptz + i * interval '1 day',
    timestamp '2024-03-01 12:00:00' + i * interval '1 day', '2024-02-01'::date + i, i, ST_SetSRID(ST_Point(116.3 + i * 0.01, 39.9), 4490) FROM generate_series(1, 25) i;
UPDATE gis.lamp SET geom = NULL, checked_on = NULL, checked_at = NULL, lamp_type = E'"\n' WHERE lamp_id = 25;
CREATE INDEX ON gis.lamp (installed_at);
COMMENT ON TABLE gis.lamp IS '路灯';
-- two keys, planes, heights, no time; and one whose place is for level 3
CREATE TABLE gis.plot (town text, no integer, name text, outline geometry(Polygon,4548) NOT NULL, PRIMARY KEY (town, no));
INSERT INTO gis.plot SELECT t, i, t || i, ST_Transform(ST_SetSRID(ST_MakeEnvelope(116.3 + i * 0.01, 39.9, 116.31 + i * 0.01, 39.91), 4490), 4548) FROM unnest(ARRAY['a', 'b,c', 'd%2C', '东城']) t, generate_series(1, 2) i;
CREATE TABLE gis.well (well_id uuid PRIMARY KEY, at geometry(PointZ,4490));
INSERT INTO gis.well SELECT ('00000000-0000-4000-8000-' || lpad(i::text, 12, '0'))::uuid, ST_SetSRID(ST_MakePoint(116 + i * 0.1, 40, i * 10), 4490) FROM generate_series(1, 5) i;
CREATE TABLE gis.home (home_id integer PRIMARY KEY, name text, geom geometry(Point,4490));
INSERT INTO gis.home SELECT i, 'h' || i, ST_SetSRID(ST_Point(116.4, 39.9), 4490) FROM generate_series(1, 3) i;
CREATE TABLE gis.far (far_id integer PRIMARY KEY, geom geometry(Point,4490) NOT NULL);
INSERT INTO gis.far VALUES (1, ST_SetSRID(ST_Point(179.5, 10), 4490)), (2, ST_SetSRID(ST_Point(-179.5, 10), 4490)), (3, ST_SetSRID(ST_Point(0, 10), 4490)), (4, ST_SetSRID(ST_Point(0, 89.9), 4490));
CREATE TABLE gis.place (place_id integer PRIMARY KEY, x double precision, y double precision);
INSERT INTO gis.place VALUES (1, 116.4, 39.9), (2, 116.5, NULL);
CREATE TABLE gis.plain (plain_id integer PRIMARY KEY);
CREATE TABLE gis.log (at timestamptz PRIMARY KEY, geom geometry(Point,4490));
INSERT INTO gis.log VALUES ('2024-01-02 03:04:05.678901+08', ST_SetSRID(ST_Point(116.4, 39.9), 4490));
CREATE FUNCTION gis.near(metres integer) RETURNS TABLE (lamp_id bigint, geom geometry(Point,4490)) LANGUAGE sql STABLE AS $$ SELECT l.lamp_id, l.geom FROM gis.lamp l WHERE l.lamp_id <= metres $$;
SELECT code FROM citybigdata.publish('gis.lamp', '{"code": "gis-lamps", "title": "Street lamps", "titleZh": "路灯", "description": "All lamps", "timeColumn": "installed_at", "versionColumn": "changed",
    "fields": {"phone": {"level": 2, "mask": "phone"}, "secret": {"level": 3}}, "parameters": [{"name": "minPower", "column": "power", "operator": "ge"}, {"name": "secretIs", "column": "secret", "operator": "eq"}]}');
SELECT code FROM citybigdata.publish('gis.plot', '{"code": "gis-plots"}');
SELECT code FROM citybigdata.publish('gis.well', '{"code": "gis-wells"}');
SELECT code FROM citybigdata.publish('gis.home', '{"code": "gis-homes", "fields": {"geom": {"level": 3}}}');
SELECT code FROM citybigdata.publish('gis.far', '{"code": "gis-far"}');
SELECT code FROM citybigdata.publish('gis.place', '{"code": "gis-places", "longitudeColumn": "x", "latitudeColumn": "y"}');
SELECT code FROM citybigdata.publish('gis.plain', '{"code": "gis-plain"}');
SELECT code FROM citybigdata.publish('gis.log', '{"code": "gis-log"}');
SELECT code FROM citybigdata.publish('gis.lamp', '{"code": "gis-level2", "level": 2}');
-- level 1, level 3, one of which the token is for two resources alone, none
INSERT INTO citybigdata.account (user_name, password_digest, organization, contact_name, mobile, state, admin_role)
VALUES ('gis.test', '$2a$04$none', 'test', 'test', '13800138000', 'active', NULL), ('gis.admin', '$2a$04$none', 'test', 'test', '13800138000', 'active', 'secadmin');
INSERT INTO citybigdata.application (app_code, account_id, methods, ip_ranges, profile, level)
SELECT a.code, account_id, ARRAY['key'], '{}', 'strict', 3 FROM citybigdata.account, (VALUES ('11000013000001E'), ('11000013000002C'), ('11000013000003A')) a (code) WHERE user_name = 'gis.test';
INSERT INTO citybigdata.app_grant (app_id, resource, level, granted_by)
SELECT app_id, r, CASE app_code WHEN '11000013000001E' THEN 1 ELSE 3 END, 'test' FROM citybigdata.application, unnest(ARRAY['gis-lamps', 'gis-plots', 'gis-wells', 'gis-homes', 'gis-far', 'gis-places', 'gis-plain', 'gis-log', 'gis-level2']) r WHERE app_code IN ('11000013000001E', '11000013000002C');
INSERT INTO citybigdata.access_token (token_digest, app_id, account_id, issued_at, expires_at)
SELECT sha256(convert_to('gis@' || substr(app_code, 14, 1), 'UTF8')), app_id, account_id, now(), now() + interval '1 hour' FROM citybigdata.application WHERE app_code LIKE '11000013%'
UNION ALL SELECT sha256('gis@admin'), NULL, account_id, now(), now() + interval '1 hour' FROM citybigdata.account WHERE user_name = 'gis.admin';
INSERT INTO citybigdata.access_token (token_digest, app_id, account_id, issued_at, expires_at, resources, level)
SELECT sha256('gis@narrow'), app_id, account_id, now(), now() + interval '1 hour', ARRAY['gis-lamps', 'gis-plots'], 2 FROM citybigdata.application WHERE app_code = '11000013000002C';
-- what a frame says: the body, else the faults, else the status
CREATE FUNCTION pg_temp.said(frame bytea) RETURNS text LANGUAGE sql AS $$
SELECT CASE WHEN reply.status(frame) = '0' THEN coalesce(nullif(reply.data(frame), ''), 'http ' || reply.field(frame, 'http')) ELSE
    coalesce((SELECT string_agg(format('%s %s: %s', e ->> 'statusCode', e ->> 'pointer', e ->> 'message'), ' | ') FROM jsonb_array_elements(nullif(reply.data(frame), '')::jsonb -> 'errors') e), reply.status(frame)) END $$;
CREATE FUNCTION pg_temp.frame(who text, collection text, params jsonb DEFAULT '{}', fid text DEFAULT NULL, tags text DEFAULT NULL, scheme text DEFAULT 'bearer') RETURNS bytea LANGUAGE sql AS $$
SELECT CASE WHEN fid IS NULL THEN citybigdata.rest_ogc_items('req-1', '192.0.2.9', NULL, scheme, sha256(('gis@' || who)::bytea), collection, 'https://x.example/ogc', n, v, tags)
    ELSE citybigdata.rest_ogc_item('req-1', '192.0.2.9', NULL, scheme, sha256(('gis@' || who)::bytea), collection, fid, 'https://x.example/ogc', n, v, tags) END
FROM (SELECT coalesce(array_agg(key ORDER BY key), '{}') AS n, coalesce(array_agg(value ORDER BY key), '{}') AS v FROM jsonb_each_text(params)) p $$;
CREATE FUNCTION pg_temp.items(who text, collection text, params jsonb DEFAULT '{}') RETURNS text LANGUAGE sql AS $$ SELECT pg_temp.said(pg_temp.frame(who, collection, params)) $$;
CREATE FUNCTION pg_temp.item(who text, collection text, fid text, params jsonb DEFAULT '{}') RETURNS text LANGUAGE sql AS $$ SELECT pg_temp.said(pg_temp.frame(who, collection, params, fid)) $$;
-- the ids of a page, how many match, whether there is a next one; or its faults
CREATE FUNCTION pg_temp.ids(params jsonb, collection text DEFAULT 'gis-lamps', who text DEFAULT '1') RETURNS text LANGUAGE sql AS $$
SELECT CASE WHEN said ~ '^{' THEN concat_ws(' ', coalesce((SELECT string_agg(f ->> 'id', ',') FROM jsonb_array_elements(said::jsonb -> 'features') f), '-'), 'of ' || (said::jsonb ->> 'numberMatched'),
    CASE WHEN jsonb_path_exists(said::jsonb, '$.links[*] ? (@.rel == "next")') THEN '...' END) ELSE said END FROM pg_temp.items(who, collection, '{"limit": 30}' || params) said $$;
CREATE FUNCTION pg_temp.coordinates(collection text, params jsonb) RETURNS text LANGUAGE sql AS $$
SELECT concat_ws(' ', reply.field(f, 'content-crs'), reply.data(f)::jsonb -> 'features' -> 0 -> 'geometry' -> 'coordinates') FROM pg_temp.frame('1', collection, '{"limit": 1}' || params) f $$;
CREATE FUNCTION pg_temp.collection(who text, collection text, part text DEFAULT 'collection', scheme text DEFAULT 'bearer') RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    RETURN CASE part WHEN 'collection' THEN pg_temp.said(citybigdata.rest_ogc_collection('req-1', '192.0.2.9', NULL, scheme, sha256(('gis@' || who)::bytea), collection, 'https://x.example/ogc', '{}', '{}'))
        ELSE pg_temp.said(citybigdata.rest_ogc_queryables('req-1', '192.0.2.9', NULL, scheme, sha256(('gis@' || who)::bytea), collection, 'https://x.example/ogc', '{}', '{}')) END;
END $$;
CREATE FUNCTION pg_temp.collections(who text) RETURNS text LANGUAGE sql AS $$
SELECT CASE WHEN said ~ '^{' THEN coalesce((SELECT string_agg(c ->> 'id', ' ') FROM jsonb_array_elements(said::jsonb -> 'collections') c WHERE c ->> 'id' ~ '^gis-'), '-') ELSE said END
FROM pg_temp.said(citybigdata.rest_ogc_collections('req-1', '192.0.2.9', NULL, 'bearer', sha256(('gis@' || who)::bytea), 'https://x.example/ogc', '{}', '{}')) said $$;
-- who sees which collections
SELECT pg_temp.collections('1'), pg_temp.collections('2'), pg_temp.collections('narrow'), pg_temp.collections('3'), pg_temp.collections('admin'), pg_temp.collections('nobody');
SELECT reply.field(f, 'content-type'), reply.field(f, 'audit')::jsonb ->> 'action', jsonb_pretty(reply.data(f)::jsonb -> 'links') FROM citybigdata.rest_ogc_collections('req-1', '192.0.2.9', NULL, 'bearer', sha256('gis@1'), 'https://x.example/ogc/s/seal', '{}', '{}') f;
SELECT pg_temp.said(citybigdata.rest_ogc_collections('req-1', '192.0.2.9', NULL, 'bearer', sha256('gis@1'), 'https://x.example/ogc', '{limit,x/y}', '{1,2}'));
-- a collection is in the list as it is by itself
SELECT bool_and(c = pg_temp.collection('1', c ->> 'id')::jsonb) AS same, count(*) FROM jsonb_array_elements(reply.data(citybigdata.rest_ogc_collections('req-1', '192.0.2.9', NULL, 'bearer', sha256('gis@1'), 'https://x.example/ogc', '{}', '{}'))::jsonb -> 'collections') c WHERE c ->> 'id' ~ '^gis-';
SELECT pg_temp.collection('1', 'gis-lamps');
SELECT pg_temp.collection('1', 'gis-lamps', scheme => 'bearer;zh')::jsonb -> 'title', c::jsonb -> 'extent', c::jsonb -> 'crs', c::jsonb -> 'storageCrs' FROM unnest(ARRAY[pg_temp.collection('1', 'gis-plots'), pg_temp.collection('1', 'gis-wells'), pg_temp.collection('1', 'gis-places'), pg_temp.collection('1', 'gis-far')]) c;
SELECT pg_temp.collection('1', 'gis-homes')::jsonb -> 'extent' AS above_the_level, pg_temp.collection('2', 'gis-homes')::jsonb -> 'extent' AS level_3;
-- 404, 403, 401 as GET /data
SELECT who, c, pg_temp.collection(who, c) AS collection, pg_temp.collection(who, c, 'queryables') AS queryables, pg_temp.items(who, c) AS items, pg_temp.item(who, c, '1') AS item,
    reply.status(citybigdata.rest_data_query('req-1', '192.0.2.9', NULL, 'bearer', sha256(('gis@' || who)::bytea), c, '{}', '{}')) AS data
FROM (VALUES ('1', 'gis-level2'), ('3', 'gis-lamps'), ('narrow', 'gis-far'), ('1', 'no-such'), ('1', 'events'), ('admin', 'gis-lamps'), ('nobody', 'gis-lamps')) w (who, c);
SELECT pg_temp.collection('1', 'gis-plain') AS without_place, pg_temp.items('1', 'gis-plain'), pg_temp.items('1', NULL);
-- queryables: none above the level
SELECT pg_temp.collection('1', 'gis-lamps', 'queryables');
SELECT (SELECT string_agg(k, ' ') FROM jsonb_object_keys(pg_temp.collection(who, c, 'queryables')::jsonb -> 'properties') k) FROM (VALUES ('1', 'gis-lamps'), ('narrow', 'gis-lamps'), ('2', 'gis-lamps'), ('1', 'gis-homes'), ('2', 'gis-homes'), ('1', 'gis-plots')) w (who, c);
-- a page and its links; every page once
SELECT regexp_replace(regexp_replace(pg_temp.items('1', 'gis-lamps', '{"limit": 2, "minPower": 30, "properties": "lampId,lampType,installedAt"}'), '[\w-]{36,}', 'CURSOR', 'g'), 'timeStamp":"[^"]*"', 'timeStamp":"T"');
SELECT (reply.data(f)::jsonb ->> 'timeStamp')::timestamptz BETWEEN now() - interval '2 s' AND now() + interval '1 min' AS now, reply.field(f, 'content-type'), reply.field(f, 'content-crs'), reply.field(f, 'etag') ~ '^W/"', reply.field(f, 'audit')::jsonb ->> 'action' FROM pg_temp.frame('1', 'gis-lamps') f;
CREATE FUNCTION pg_temp.walk(collection text, params jsonb, size int) RETURNS text LANGUAGE plpgsql AS $$
DECLARE page jsonb; ids text[] := '{}'; cursor text; pages int := 0;
BEGIN
    LOOP
        page := pg_temp.items('1', collection, params || jsonb_build_object('limit', size) || CASE WHEN cursor IS NULL THEN '{}' ELSE jsonb_build_object('cursor', cursor) END)::jsonb;
        pages := pages + 1;
        ids := ids || ARRAY(SELECT f ->> 'id' FROM jsonb_array_elements(page -> 'features') f);
        cursor := substring(jsonb_path_query_first(page, '$.links[*] ? (@.rel == "next")') ->> 'href' FROM 'cursor=([^&]*)');
        EXIT WHEN cursor IS NULL OR pages > 40;
    END LOOP;
    RETURN format('%s pages, %s features, %s of them once', pages, cardinality(ids), (SELECT count(DISTINCT i) FROM unnest(ids) i));
END $$;
SELECT pg_temp.walk('gis-lamps', '{}', 10), pg_temp.walk('gis-lamps', '{"datetime": "2024-01-05/.."}', 7), pg_temp.walk('gis-lamps', '{"filter": "power > 50", "crs": "http://www.opengis.net/def/crs/EPSG/0/4548"}', 1), pg_temp.walk('gis-plots', '{}', 3), pg_temp.walk('gis-lamps', '{"bbox": "116,39,117,40"}', 24);
-- the cursor is of this query
SELECT pg_temp.ids('{"cursor": "abc"}'), pg_temp.ids(jsonb_build_object('filter', 'power > 60', 'cursor', substring(pg_temp.items('1', 'gis-lamps', '{"limit": 1, "filter": "power > 50"}') FROM 'cursor=([^&"]*)')));
-- limit
SELECT pg_temp.ids('{"limit": 1}'), pg_temp.ids('{"limit": 25}'), pg_temp.ids('{"limit": 10000}') = pg_temp.ids('{"limit": 999999}') AS clamped, pg_temp.ids('{"limit": 0}'), pg_temp.ids('{"limit": -1}'), pg_temp.ids('{"limit": "x"}'), pg_temp.ids('{"limit": "1.5"}'), pg_temp.ids('{"limit": ""}');
SELECT jsonb_array_length(pg_temp.items('1', 'gis-lamps')::jsonb -> 'features') AS default_limit;
CREATE TABLE gis.many (many_id integer PRIMARY KEY, geom geometry(Point,4490));
INSERT INTO gis.many SELECT i, ST_SetSRID(ST_Point(116, 40), 4490) FROM generate_series(1, 10500) i;
ANALYZE gis.many;
SELECT code FROM citybigdata.publish('gis.many', '{"code": "gis-many"}');
INSERT INTO citybigdata.app_grant (app_id, resource, level, granted_by) SELECT app_id, 'gis-many', 1, 'test' FROM citybigdata.application WHERE app_code = '11000013000001E';
SELECT (m -> 'numberReturned')::int AS returned, (m -> 'numberMatched')::int AS matched, jsonb_array_length(m -> 'features') AS features, jsonb_path_exists(m, '$.links[*] ? (@.rel == "next")') AS next FROM (SELECT pg_temp.items('1', 'gis-many', '{"limit": 20000}')::jsonb AS m OFFSET 0) p;
-- bbox: of the system and its axes; over the date line; heights; features without place belong to every one
SELECT pg_temp.ids('{"bbox": "116.305,39.8,116.325,40"}'), pg_temp.ids('{"bbox": "39.8,116.305,40,116.325", "bbox-crs": "http://www.opengis.net/def/crs/EPSG/0/4326"}'), pg_temp.ids('{"bbox": "39.8,116.305,40,116.325", "bbox-crs": "http://www.opengis.net/def/crs/EPSG/0/4490"}'),
    pg_temp.ids('{"bbox": "116.305,39.8,116.325,40", "bbox-crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84"}'), pg_temp.ids('{"bbox": "4400000,440000,4440000,442000", "bbox-crs": "http://www.opengis.net/def/crs/EPSG/0/4548"}'), pg_temp.ids('{"bbox": "12947000,4840000,12949000,4860000", "bbox-crs": "http://www.opengis.net/def/crs/EPSG/0/3857"}');
SELECT pg_temp.ids('{"bbox": "179,0,-179,20"}', 'gis-far') AS date_line, pg_temp.ids('{"bbox": "0,179,20,-179", "bbox-crs": "http://www.opengis.net/def/crs/EPSG/0/4326"}', 'gis-far') AS its_axes, pg_temp.ids('{"bbox": "-180,-90,180,90"}', 'gis-far') AS world, pg_temp.ids('{"bbox": "-1,80,1,90"}', 'gis-far') AS pole, pg_temp.ids('{"bbox": "116.4,39.9,116.4,39.9"}', 'gis-places') AS point;
SELECT pg_temp.ids('{"bbox": "116,39,15,117,41,35"}', 'gis-wells'), pg_temp.ids('{"bbox": "116,39,117,41"}', 'gis-wells'), pg_temp.ids('{"bbox": "116.305,39.8,1,116.325,40,2"}') AS flat, pg_temp.ids('{"bbox": "116.305,39.902,116.325,39.905"}', 'gis-plots');
SELECT pg_temp.ids(b::jsonb) FROM unnest(ARRAY['{"bbox": "1,2,3"}', '{"bbox": "1,2,3,4,5"}', '{"bbox": "1,2,3,4,5,6,7"}', '{"bbox": "a,b,c,d"}', '{"bbox": ""}', '{"bbox": "116,40,117,39"}', '{"bbox": "116,39,117,91"}', '{"bbox": "116,-91,117,40"}', '{"bbox": "181,39,182,40"}', '{"bbox": "116,39,9,117,41,1"}', '{"bbox": "NaN,1,2,3"}', '{"bbox": "1e999,1,2,3"}',
    '{"bbox": "116.3,39.8,116.4,40", "bbox-crs": "http://www.opengis.net/def/crs/EPSG/0/4326"}', '{"bbox": "1,2,3,4", "bbox-crs": "EPSG:4326"}', '{"bbox-crs": "http://www.opengis.net/def/crs/EPSG/0/99999"}', '{"bbox": "4440000,440000,4400000,442000", "bbox-crs": "http://www.opengis.net/def/crs/EPSG/0/4548"}']) b;
-- crs: axes in the order of the system, named by Content-Crs
SELECT pg_temp.coordinates('gis-lamps', '{}'), pg_temp.coordinates('gis-lamps', '{"crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84"}'), pg_temp.coordinates('gis-lamps', '{"crs": "http://www.opengis.net/def/crs/EPSG/0/4326"}'), pg_temp.coordinates('gis-lamps', '{"crs": "http://www.opengis.net/def/crs/EPSG/0/4490"}'), pg_temp.coordinates('gis-lamps', '{"crs": "http://www.opengis.net/def/crs/EPSG/0/4548"}'),
    pg_temp.coordinates('gis-lamps', '{"crs": "http://www.opengis.net/def/crs/EPSG/0/3857"}'), pg_temp.coordinates('gis-wells', '{}'), pg_temp.coordinates('gis-wells', '{"crs": "http://www.opengis.net/def/crs/EPSG/0/4326"}');
SELECT pg_temp.coordinates('gis-plots', '{}'), pg_temp.coordinates('gis-plots', '{"crs": "http://www.opengis.net/def/crs/EPSG/0/4326"}'), pg_temp.coordinates('gis-plots', '{"crs": "http://www.opengis.net/def/crs/EPSG/0/4548"}');
SELECT pg_temp.ids('{"crs": "EPSG:4326"}'), pg_temp.ids('{"crs": "http://www.opengis.net/def/crs/EPSG/0/2154"}'), pg_temp.ids('{"crs": "http://www.opengis.net/def/crs/EPSG/0/4490 OR 1"}');
-- what is shown of 4548 is found there again
SELECT count(*) AS features, count(*) FILTER (WHERE again = id || ' of 1') AS found_again FROM (SELECT f ->> 'id' AS id, pg_temp.ids(jsonb_build_object('filter', format('S_INTERSECTS(geom, BBOX(%s,%s,%s,%s))', n - 1, e - 1, n + 1, e + 1), 'filter-crs', 'http://www.opengis.net/def/crs/EPSG/0/4548')) AS again
    FROM jsonb_array_elements(pg_temp.items('1', 'gis-lamps', '{"crs": "http://www.opengis.net/def/crs/EPSG/0/4548"}')::jsonb -> 'features') f, LATERAL (SELECT (f #>> '{geometry,coordinates,0}')::float8 AS n, (f #>> '{geometry,coordinates,1}')::float8 AS e) c WHERE f #>> '{geometry,type}' = 'Point') t;
-- datetime
SELECT pg_temp.ids('{"datetime": "2024-01-02T16:00:00Z"}'), pg_temp.ids('{"datetime": "2024-01-03T00:00:00+08:00"}'), pg_temp.ids('{"datetime": "2024-01-03"}'), pg_temp.ids('{"datetime": "2024-01-02/2024-01-04"}'), pg_temp.ids('{"datetime": "2024-01-23T16:00:00Z/.."}'), pg_temp.ids('{"datetime": "../2024-01-03"}'), pg_temp.ids('{"datetime": "/2024-01-03"}'), pg_temp.ids('{"datetime": "2024-01-25/"}'),
    pg_temp.ids('{"datetime": "2024-01-01"}', 'gis-plots') AS without_time;
SELECT pg_temp.ids(jsonb_build_object('datetime', t)) FROM unnest(ARRAY['', '/', '../..', '..', 'now', '20240102', '2024-01', '2024-13-01', '2024-01-02T03:04:05', '2024-01-02T25:00:00Z', '2024-01-04/2024-01-02', '2024-01-02/2024-01-03/2024-01-04', '2024-01-02/x']) t;
-- properties of features: times of RFC 3339, masks, levels; all, some, none
SELECT pg_temp.items('1', 'gis-lamps', '{"limit": 1}')::jsonb -> 'features' -> 0, pg_temp.items('narrow', 'gis-lamps', '{"limit": 1}')::jsonb -> 'features' -> 0 -> 'properties', pg_temp.items('2', 'gis-lamps', '{"limit": 1}')::jsonb -> 'features' -> 0 -> 'properties';
SELECT pg_temp.items('1', 'gis-lamps', '{"lampId": 25}')::jsonb -> 'features' -> 0, pg_temp.items('1', 'gis-lamps', '{"limit": 1, "properties": "power"}')::jsonb -> 'features' -> 0, pg_temp.items('1', 'gis-lamps', '{"limit": 1, "properties": "geom"}')::jsonb -> 'features' -> 0 -> 'properties';
SELECT pg_temp.items('1', 'gis-homes', '{"limit": 1}')::jsonb -> 'features' -> 0 AS above_the_level, pg_temp.items('2', 'gis-homes', '{"limit": 1}')::jsonb -> 'features' -> 0 -> 'geometry' AS level_3;
SELECT pg_temp.ids('{"bbox": "116,39,117,40"}', 'gis-homes'), pg_temp.ids('{"filter": "S_INTERSECTS(geom, BBOX(116,39,117,40))"}', 'gis-homes'), pg_temp.ids('{"filter": "geometry IS NULL"}', 'gis-homes'), pg_temp.ids('{"bbox": "116,39,117,40"}', 'gis-homes', '2');
SELECT pg_temp.ids('{"properties": "nobody"}'), pg_temp.ids('{"properties": "secret"}'), pg_temp.ids('{"properties": "secret"}', who => '2'), pg_temp.ids('{"properties": ""}');
-- properties as filters: exactly this value; above the level they are as unknown as what is not there
SELECT pg_temp.ids('{"lampType": "LED", "power": 30}'), pg_temp.ids('{"lampType": "a,b", "power": 10}'), pg_temp.ids('{"power": "10,20"}'), pg_temp.ids('{"checkedOn": "2024-02-03"}'), pg_temp.ids('{"checkedAt": "2024-03-02T04:00:00Z"}'), pg_temp.ids('{"minPower": 240}'), pg_temp.ids('{"power": "x"}');
SELECT pg_temp.ids('{"secret": "s1"}'), pg_temp.ids('{"nobody": "s1"}'), pg_temp.ids('{"secretIs": "s1"}'), pg_temp.ids('{"phone": "1"}'), pg_temp.ids('{"secret": "s1"}', who => '2'), pg_temp.ids('{"secretIs": "s2"}', who => '2'), pg_temp.ids('{"geom": "x"}'), pg_temp.ids('{"power.gt": "10"}'), pg_temp.ids('{"pageSize": 10}'), pg_temp.ids('{"count": "exact", "sort": "power"}'), pg_temp.ids('{"x'' OR true --": 1}');
SELECT pg_temp.said(citybigdata.rest_ogc_items('req-1', '192.0.2.9', NULL, 'bearer', sha256('gis@1'), 'gis-lamps', 'b', ARRAY['limit', 'limit', 'power', 'power'], ARRAY['1', '2', '10', '20'])), pg_temp.said(citybigdata.rest_ogc_items('req-1', '192.0.2.9', NULL, 'bearer', sha256('gis@1'), 'gis-lamps', 'b', array_fill('limit'::text, ARRAY[65]), array_fill('1'::text, ARRAY[65])));
-- one feature: its id is its key; several keys are joined, and come back from the id of the page
SELECT regexp_replace(pg_temp.item('1', 'gis-lamps', '3', '{"properties": "power"}'), 'timeStamp":"[^"]*"', ''), pg_temp.item('1', 'gis-lamps', '3', '{"crs": "http://www.opengis.net/def/crs/EPSG/0/4326", "properties": "power"}')::jsonb -> 'geometry';
SELECT f ->> 'id' AS id, pg_temp.item('1', 'gis-plots', f ->> 'id')::jsonb - 'links' = f AS same, pg_temp.item('1', 'gis-plots', f ->> 'id')::jsonb #>> '{links,0,href}' FROM jsonb_array_elements(pg_temp.items('1', 'gis-plots')::jsonb -> 'features') f;
SELECT f -> 'id' AS id, pg_temp.item('1', c, f ->> 'id')::jsonb - 'links' = f AS same FROM unnest(ARRAY['gis-wells', 'gis-log', 'gis-places']) c, jsonb_array_elements(pg_temp.items('1', c, '{"limit": 1}')::jsonb -> 'features') f;
SELECT pg_temp.item('1', 'gis-lamps', i) FROM unnest(ARRAY['99', '', 'x', '3.5', '3,4', '99999999999999999999', '3 OR 1=1', '3%20']) i;
SELECT pg_temp.item('1', 'gis-plots', i) FROM unnest(ARRAY['a', 'a,1,2', 'a,x', 'b,c,1', 'a,9', '%,1', '%00,1', '%FF,1', ',']) i;
SELECT pg_temp.item('1', 'gis-lamps', '3', '{"limit": 1}'), pg_temp.item('1', 'gis-lamps', '3', '{"bbox": "1,2,3,4"}'), pg_temp.item('1', 'gis-lamps', '3', '{"power": 1}'), pg_temp.item('1', 'gis-log', '99999999999999999'), pg_temp.item('1', 'gis-log', '-9223372036854775808');
-- a time before the zones had whole minutes is in UTC; what has no date is null
INSERT INTO gis.log VALUES ('1890-01-01 00:00:00+00', NULL), ('infinity', NULL);
SELECT f -> 'id', f #> '{properties,at}', pg_temp.item('1', 'gis-log', f ->> 'id')::jsonb -> 'id' FROM jsonb_array_elements(pg_temp.items('1', 'gis-log')::jsonb -> 'features') f;
-- entity tags: what the client has it does not get again, until the data changes
CREATE FUNCTION pg_temp.tag(who text, params jsonb DEFAULT '{}', fid text DEFAULT NULL) RETURNS text LANGUAGE sql AS $$ SELECT reply.field(pg_temp.frame(who, 'gis-lamps', params, fid), 'etag') $$;
SELECT pg_temp.said(pg_temp.frame('1', 'gis-lamps', '{}', NULL, pg_temp.tag('1'))), pg_temp.said(pg_temp.frame('1', 'gis-lamps', '{}', '3', pg_temp.tag('1', '{}', '3'))), pg_temp.tag('1') <> pg_temp.tag('2') AS by_level, pg_temp.tag('1') <> pg_temp.tag('1', '{"limit": 5}') AS by_parameters, pg_temp.tag('1', '{}', '3') <> pg_temp.tag('1', '{}', '4') AS by_id;
SELECT pg_temp.tag('1') AS tag \gset
UPDATE gis.lamp SET changed = 100 WHERE lamp_id = 1;
SELECT left(pg_temp.said(pg_temp.frame('1', 'gis-lamps', '{}', NULL, :'tag')), 30) AS changed;
-- a published function with an argument; a relation that changed; the budget
SELECT code FROM citybigdata.publish('gis.near(integer)', '{"code": "gis-near", "keyset": ["lamp_id"], "geometryColumn": "geom", "srid": 4490}');
CREATE VIEW gis.slow AS SELECT l.lamp_id, l.geom, pg_sleep(1)::text AS nap FROM gis.lamp l;
SELECT code FROM citybigdata.publish('gis.slow', '{"code": "gis-slow", "keyset": ["lamp_id"], "latencyBudget": 50}');
INSERT INTO citybigdata.app_grant (app_id, resource, level, granted_by) SELECT app_id, r, 1, 'test' FROM citybigdata.application, unnest(ARRAY['gis-near', 'gis-slow']) r WHERE app_code = '11000013000001E';
SELECT pg_temp.ids('{"metres": 3}', 'gis-near'), pg_temp.ids('{}', 'gis-near'), pg_temp.item('1', 'gis-near', '2', '{"metres": 3}')::jsonb -> 'id', pg_temp.collection('1', 'gis-near')::jsonb -> 'itemType';
SELECT pg_temp.ids('{}', 'gis-slow'), pg_temp.collection('1', 'gis-slow')::jsonb -> 'id' AS still_described;
ALTER TABLE gis.far ALTER COLUMN far_id TYPE bigint;
SELECT pg_temp.ids('{}', 'gis-far'), pg_temp.collections('1') ~ 'gis-far' AS listed;
-- refusals are in the audit log, with what was asked for
SELECT action, object, outcome FROM (SELECT DISTINCT a.action, a.object, a.status_code AS outcome FROM citybigdata.audit_log a WHERE a.action LIKE 'ogc.%' AND a.object LIKE 'gis-l%') t ORDER BY 1, 2, 3;
SET client_min_messages = warning;
SELECT count(*) FROM (SELECT citybigdata.unpublish(resource_code) FROM citybigdata.resource_version WHERE state = 'current' AND resource_code LIKE 'gis-%' OFFSET 0) u;
DROP SCHEMA gis CASCADE;
