-- Map service: vector tiles, what they show to whom, counts, tags; TileJSON and styles.
\set SHOW_CONTEXT never
\pset null '(null)'
\pset format unaligned
\pset tuples_only on
SET client_min_messages = warning;
SET citybigdata.tile_age = 3600;
-- ---- a decoder of vector tiles ----
CREATE SCHEMA mvt;
CREATE FUNCTION mvt.varint(b bytea, INOUT at int, OUT value bigint) LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE shift int := 0; byte int;
BEGIN
    value := 0;
    LOOP
        byte := get_byte(b, at); at := at + 1;
        value := value | ((byte & 127)::bigint << shift); shift := shift + 7;
        EXIT WHEN byte < 128;
    END LOOP;
END $$;
-- the fields of a message: number, value of a varint, bytes of a string or of a double
CREATE FUNCTION mvt.fields(b bytea) RETURNS TABLE (n int, field int, number bigint, bytes bytea) LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE at int := 0; head bigint; size bigint;
BEGIN
    n := 0;
    WHILE at < length(b) LOOP
        SELECT v.at, v.value INTO at, head FROM mvt.varint(b, at) v;
        n := n + 1; field := head >> 3; number := NULL; bytes := NULL;
        IF head & 7 = 0 THEN SELECT v.at, v.value INTO at, number FROM mvt.varint(b, at) v;
        ELSIF head & 7 = 1 THEN bytes := substr(b, at + 1, 8); at := at + 8;
        ELSE SELECT v.at, v.value INTO at, size FROM mvt.varint(b, at) v; bytes := substr(b, at + 1, size::int); at := at + size::int;
        END IF;
        RETURN NEXT;
    END LOOP;
END $$;
CREATE FUNCTION mvt.numbers(b bytea) RETURNS bigint[] LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE at int := 0; list bigint[] := '{}'; one bigint;
BEGIN
    WHILE at < length(b) LOOP SELECT v.at, v.value INTO at, one FROM mvt.varint(b, at) v; list := list || one; END LOOP;
    RETURN list;
END $$;
CREATE FUNCTION mvt.double(b bytea) RETURNS double precision LANGUAGE sql IMMUTABLE AS $$
SELECT CASE WHEN e = 0 AND m = 0 THEN 0 ELSE (CASE WHEN get_byte(b, 7) > 127 THEN -1 ELSE 1 END) * (1 + m / 4503599627370496.0) * 2::double precision ^ (e - 1023) END
FROM (SELECT ((get_byte(b, 7) & 127) << 4) | (get_byte(b, 6) >> 4) AS e,
    (SELECT sum((CASE i WHEN 6 THEN get_byte(b, 6) & 15 ELSE get_byte(b, i) END)::double precision * 256::double precision ^ i) FROM generate_series(0, 6) i) AS m) d $$;
CREATE FUNCTION mvt.value(b bytea) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
SELECT CASE f.field WHEN 1 THEN to_jsonb(convert_from(f.bytes, 'UTF8')) WHEN 3 THEN to_jsonb(mvt.double(f.bytes)) WHEN 5 THEN to_jsonb(f.number)
    WHEN 6 THEN to_jsonb((f.number >> 1) # -(f.number & 1)) WHEN 7 THEN to_jsonb(f.number = 1) END FROM mvt.fields(b) f $$;
CREATE FUNCTION mvt.zigzag(bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$ SELECT ($1 >> 1) # -($1 & 1) $$;
CREATE FUNCTION mvt.features(b bytea) RETURNS TABLE (layer text, id bigint, kind int, x bigint, y bigint, points int, props jsonb) LANGUAGE sql AS $$
WITH l AS MATERIALIZED (SELECT t.bytes AS b FROM mvt.fields(b) t WHERE t.field = 3),
f AS MATERIALIZED (SELECT f.* FROM l, mvt.fields(l.b) f),
k AS MATERIALIZED (SELECT array_agg(convert_from(f.bytes, 'UTF8') ORDER BY n) AS names FROM f WHERE field = 3),
v AS MATERIALIZED (SELECT array_agg(mvt.value(f.bytes) ORDER BY n) AS list FROM f WHERE field = 4)
SELECT (SELECT convert_from(f.bytes, 'UTF8') FROM f WHERE field = 1), (SELECT m.number FROM mvt.fields(f.bytes) m WHERE m.field = 1), (SELECT m.number::int FROM mvt.fields(f.bytes) m WHERE m.field = 3),
    mvt.zigzag(g.list[2]), mvt.zigzag(g.list[3]), cardinality(g.list), (SELECT jsonb_object_agg(k.names[t.list[i] + 1], v.list[t.list[i + 1] + 1]) FROM k, v, generate_series(1, cardinality(t.list), 2) i)
FROM f, LATERAL (SELECT mvt.numbers(m.bytes) AS list FROM mvt.fields(f.bytes) m WHERE m.field = 4) g, LATERAL (SELECT coalesce((SELECT mvt.numbers(m.bytes) FROM mvt.fields(f.bytes) m WHERE m.field = 2), '{}') AS list) t
WHERE f.field = 2 ORDER BY f.n $$;
-- ---- the platform's own layers as they ship, whatever other tests did to them ----
DELETE FROM citybigdata.level_proposal WHERE resource_code IN ('cases', 'divisions', 'grid');
DELETE FROM citybigdata.resource_field WHERE resource_code IN ('cases', 'divisions', 'grid');
DELETE FROM citybigdata.resource_version WHERE resource_code IN ('cases', 'divisions', 'grid');
SELECT citybigdata.publish_cases();
-- ---- layers; the districts of Beijing ----
CREATE TABLE public.tile_before AS TABLE citybigdata.division_boundary;
DELETE FROM citybigdata.division_boundary;
SELECT citybigdata.load_boundaries_file('beijing_districts.geojson', 'echarts 4.9.0') AS districts;
CREATE ROLE tile_pub IN ROLE citybigdata_analyst;
CREATE SCHEMA tl AUTHORIZATION tile_pub;
SET ROLE tile_pub;
CREATE TABLE tl.lamp (id int PRIMARY KEY, name text NOT NULL, keeper text, power numeric, lit boolean, rate double precision, small real, depth bigint, day date, at timestamptz, extra jsonb, secret text, code varchar(6), geom geometry(Point, 4490));
INSERT INTO tl.lamp SELECT n, '灯' || n, '李四' || n, 100.50 + n, n % 2 = 0, n / 3.0, n / 10.0, -n, date '2024-01-01' + n, timestamptz '2024-01-01 08:00:00+08' + n * interval '1 hour', '{"a": 1}', 's' || n, '110101',
    ST_SetSRID(ST_Point(116.40 + n / 1000.0, 39.90 + n / 2000.0), 4490) FROM generate_series(1, 12) n;
CREATE INDEX ON tl.lamp USING gist (geom);
CREATE TABLE tl.road (id bigint PRIMARY KEY, name text, changed_at timestamptz DEFAULT '2024-01-01', geom geometry(Geometry, 4490));
INSERT INTO tl.road VALUES (1, '长安街', DEFAULT, ST_GeomFromText('LINESTRING(116.30 39.908, 116.50 39.908)', 4490)), (2, '二环', DEFAULT, ST_GeomFromText('POLYGON((116.35 39.87, 116.44 39.87, 116.44 39.95, 116.35 39.95, 116.35 39.87), (116.39 39.91, 116.40 39.91, 116.40 39.92, 116.39 39.92, 116.39 39.91))', 4490)),
    (3, '点', DEFAULT, ST_GeomFromText('MULTIPOINT(116.41 39.90, 116.42 39.91)', 4490)), (4, '弧', DEFAULT, ST_GeomFromText('CIRCULARSTRING(116.36 39.90, 116.38 39.92, 116.40 39.90)', 4490)), (5, NULL, DEFAULT, NULL),
    (6, '极地', DEFAULT, ST_GeomFromText('POLYGON((-170 80, 170 80, 170 90, -170 90, -170 80))', 4490));
CREATE TABLE tl.plan (id int PRIMARY KEY, code varchar(6), geom geometry(Point, 4548));
INSERT INTO tl.plan SELECT n, '110102', ST_Transform(ST_SetSRID(ST_Point(116.40 + n / 1000.0, 39.90), 4490), 4548) FROM generate_series(1, 3) n;
CREATE TABLE tl.plain (id int PRIMARY KEY, name text);
CREATE TABLE tl.many (id int PRIMARY KEY, code varchar(6) NOT NULL, kind int NOT NULL, geom geometry(Point, 4490));
INSERT INTO tl.many SELECT n, CASE WHEN n % 3 = 0 THEN '110105' ELSE '110101' END, n % 7, ST_SetSRID(ST_Point(116.30 + (n % 173) / 1000.0, 39.85 + (n % 131) / 1000.0), 4490) FROM generate_series(1, 12000) n;
CREATE INDEX ON tl.many USING gist (geom);
ANALYZE tl.many;
CREATE FUNCTION tl.nearby(lowest integer) RETURNS TABLE (id int, name text, geom geometry(Point, 4490)) LANGUAGE sql STABLE AS 'SELECT id, name, geom FROM tl.lamp WHERE id >= lowest';
SELECT code FROM citybigdata.publish('tl.lamp', '{"code": "tl-lamps", "divisionColumn": "code", "geometryColumn": "geom", "timeColumn": "at", "level": 1, "title": "Lamps", "titleZh": "路灯", "owner": "市城管委",
    "fields": {"keeper": {"level": 2, "mask": "name"}, "secret": {"level": 3}, "name": {"title": "Name", "titleZh": "名称"}}}');
SELECT code FROM citybigdata.publish('tl.road', '{"code": "tl-roads", "geometryColumn": "geom", "versionColumn": "changed_at", "level": 1}');
SELECT code FROM citybigdata.publish('tl.plan', '{"code": "tl-plans", "divisionColumn": "code", "geometryColumn": "geom", "level": 1}');
SELECT code FROM citybigdata.publish('tl.plain', '{"code": "tl-plain", "level": 1}');
SELECT code FROM citybigdata.publish('tl.many', '{"code": "tl-many", "divisionColumn": "code", "geometryColumn": "geom", "level": 1, "latencyBudget": 10000}');
SELECT code FROM citybigdata.publish('tl.many', '{"code": "tl-hidden", "divisionColumn": "code", "geometryColumn": "geom", "level": 1, "latencyBudget": 10000, "fields": {"geom": {"level": 3}}}');
SELECT code FROM citybigdata.publish('tl.many', '{"code": "tl-located", "divisionColumn": null, "geometryColumn": "geom", "level": 1, "latencyBudget": 10000, "fields": {"geom": {"level": 3}}}');
SELECT code FROM citybigdata.publish('tl.nearby(integer)', '{"code": "tl-nearby", "keyset": ["id"], "geometryColumn": "geom", "srid": 4490, "level": 1}');
RESET ROLE;
-- ---- callers of level 1 and 3, one without a grant ----
INSERT INTO citybigdata.account (user_name, password_digest, organization, contact_name, mobile, state) VALUES ('tile.test', '$2a$04$none', 'test', 'test', '13800138000', 'active');
INSERT INTO citybigdata.application (app_code, account_id, methods, ip_ranges, profile, level)
SELECT '1100003300000' || a.code, account_id, '{key}', '{}', 'strict', 3 FROM citybigdata.account, (VALUES ('1A'), ('3C'), ('0Z')) a (code) WHERE user_name = 'tile.test';
INSERT INTO citybigdata.app_grant (app_id, resource, level, granted_by)
SELECT app_id, r, substr(app_code, 14, 1)::int, 'test' FROM citybigdata.application, unnest('{tl-lamps,tl-roads,tl-plans,tl-plain,tl-many,tl-hidden,tl-located,tl-nearby,grid}'::text[]) r WHERE app_code ~ '^11000033.*[13].$';
INSERT INTO citybigdata.access_token (token_digest, app_id, account_id, issued_at, expires_at)
SELECT sha256(convert_to('tile@' || substr(app_code, 14, 1), 'UTF8')), app_id, account_id, now(), now() + interval '1 hour' FROM citybigdata.application WHERE app_code LIKE '11000033%';
-- a frame; the tile of a zoom that has a place of Beijing
CREATE FUNCTION mvt.frame(who text, layer text, z text, x text, y text, params jsonb DEFAULT '{}', tags text DEFAULT NULL) RETURNS bytea LANGUAGE sql AS $$
SELECT citybigdata.rest_tile('tile-1', '192.0.2.9', NULL, 'bearer', sha256(convert_to('tile@' || who, 'UTF8')), layer, z, x, y,
    (SELECT array_agg(key) FROM jsonb_each_text(params)), (SELECT array_agg(value) FROM jsonb_each_text(params)), tags) $$;
CREATE FUNCTION mvt.at(z int, lon float8 DEFAULT 116.4, lat float8 DEFAULT 39.9, OUT x text, OUT y text) LANGUAGE sql AS $$
SELECT floor((lon + 180) / 360 * 2 ^ z)::int::text, floor((0.5 - asinh(tan(radians(lat))) / (2 * pi())) * 2 ^ z)::int::text $$;
CREATE FUNCTION mvt.get(who text, layer text, z int, params jsonb DEFAULT '{}', tags text DEFAULT NULL, lon float8 DEFAULT 116.4, lat float8 DEFAULT 39.9) RETURNS bytea LANGUAGE sql AS $$
SELECT mvt.frame(who, layer, z::text, a.x, a.y, params, tags) FROM mvt.at(z, lon, lat) a $$;
CREATE FUNCTION mvt.body(frame bytea) RETURNS bytea LANGUAGE sql AS $$ SELECT body FROM citybigdata.read_reply_frame(frame) $$;
CREATE FUNCTION mvt.told(frame bytea) RETURNS text LANGUAGE sql AS $$
SELECT concat_ws(' ', f.status, f.fields ->> 'http', f.fields ->> 'content-type', CASE WHEN f.status <> 0 THEN
    (SELECT string_agg(concat_ws(' ', e ->> 'statusCode', e ->> 'pointer', e ->> 'message'), '; ') FROM json_array_elements(nullif(convert_from(f.body, 'UTF8'), '')::json -> 'errors') e) END)
FROM citybigdata.read_reply_frame(frame) f $$;

\echo == features: what GET /data shows, by level
SELECT f.layer, f.id, f.kind, f.x BETWEEN 0 AND 4096, f.props FROM mvt.features(mvt.body(mvt.get('1', 'tl-lamps', 12))) f WHERE f.id IN (1, 12);
SELECT f.id, f.props FROM mvt.features(mvt.body(mvt.get('3', 'tl-lamps', 12))) f WHERE f.id = 2;
SELECT count(*), count(*) FILTER (WHERE f.props ? 'secret') AS secret, count(*) FILTER (WHERE f.props ->> 'keeper' LIKE '%*%') AS masked FROM mvt.features(mvt.body(mvt.get('1', 'tl-lamps', 12))) f;
\echo == the same places as ST_AsMVTGeom() has them
SELECT count(*), count(*) FILTER (WHERE f.x <> ST_X(g) OR f.y <> ST_Y(g)) AS elsewhere FROM mvt.features(mvt.body(mvt.get('1', 'tl-lamps', 14))) f JOIN tl.lamp l USING (id),
    LATERAL (SELECT ST_AsMVTGeom(ST_Transform(l.geom, 3857), ST_TileEnvelope(14, a.x::int, a.y::int), 4096, 64) AS g FROM mvt.at(14) a) m;
\echo == filters as those of GET /data
SELECT p, count(f.*) FROM unnest(ARRAY['{"id.gt": "10"}', '{"name": "灯3"}', '{"bbox": "116.40,39.90,116.4025,39.95"}', '{"divisionCode": "110102"}', '{"divisionCode": "110000"}', '{"timeRange": "[20240101090000,20240101110000]"}', '{"v": "abc", "lang": "zh"}']::jsonb[]) WITH ORDINALITY u (p, n)
    LEFT JOIN LATERAL mvt.features(mvt.body(mvt.get('1', 'tl-lamps', 10, p))) f ON true GROUP BY n, p ORDER BY n;
SELECT f.props FROM mvt.features(mvt.body(mvt.get('1', 'tl-lamps', 12, '{"fields": "name,lit", "id": "4"}'))) f;
\echo == lines, areas, points of many parts, arcs, nothing beyond the poles
SELECT f.id, f.kind, f.points, f.props ->> 'name' FROM mvt.features(mvt.body(mvt.get('1', 'tl-roads', 11))) f ORDER BY 1;
\echo == their geometries are those of ST_AsMVT()
CREATE FUNCTION mvt.geometries(b bytea) RETURNS TABLE (id bigint, kind bigint, list bigint[]) LANGUAGE sql AS $$
SELECT (SELECT m.number FROM mvt.fields(f.bytes) m WHERE m.field = 1), (SELECT m.number FROM mvt.fields(f.bytes) m WHERE m.field = 3), (SELECT mvt.numbers(m.bytes) FROM mvt.fields(f.bytes) m WHERE m.field = 4)
FROM mvt.fields(b) l, mvt.fields(l.bytes) f WHERE l.field = 3 AND f.field = 2 $$;
SELECT z, count(*) AS features, count(*) FILTER (WHERE (o.kind, o.list) IS DISTINCT FROM (t.kind, t.list)) AS differ FROM generate_series(5, 14, 3) z, mvt.at(z) a,
    LATERAL (SELECT ST_AsMVT(q, 'x', 4096, 'g', 'id') AS b FROM (SELECT id, ST_AsMVTGeom(ST_Transform(ST_CurveToLine(geom), 3857), ST_TileEnvelope(z, a.x::int, a.y::int), 4096, 64) AS g FROM tl.road WHERE id < 6) q) s,
    mvt.geometries(s.b) t FULL JOIN mvt.geometries(mvt.body(mvt.get('1', 'tl-roads', z, '{"id.lt": "6"}'))) o USING (id) GROUP BY z ORDER BY z;
SELECT f.id, f.kind FROM mvt.features(mvt.body(mvt.frame('1', 'tl-roads', '0', '0', '0'))) f WHERE f.id = 6;
\echo == a plane: every zoom, whole of the world and far from its zone
SELECT string_agg((SELECT count(*) FROM mvt.features(mvt.body(mvt.get('1', 'tl-plans', z))) f)::text, ' ' ORDER BY z) AS plane FROM generate_series(0, 13) z;
SELECT string_agg(DISTINCT mvt.told(mvt.get('1', 'tl-plans', z, '{}', NULL, lon, lat)), ', ') AS elsewhere FROM generate_series(2, 22) z, (VALUES (-60.0, 10.0), (0.0, -80.0), (100.0, 75.0), (27.0, 0.0), (-63.0, 84.0), (179.9, 60.0)) p (lon, lat);
SELECT count(*) AS plane_shifted FROM mvt.features(mvt.body(mvt.get('1', 'tl-plans', 12, '{"crs": "GCJ02"}'))) f;
SELECT count(*) AS of_a_function FROM mvt.features(mvt.body(mvt.get('1', 'tl-nearby', 12, '{"lowest": "10"}'))) f;
\echo == GCJ-02: shifted as GET /data shifts
SELECT abs(f.x - e.x) <= 1 AND abs(f.y - e.y) <= 1 AS shifted FROM mvt.features(mvt.body(mvt.get('1', 'tl-lamps', 13, '{"crs": "GCJ02", "id": "1"}'))) f,
    LATERAL (SELECT citybigdata.wgs84_to_gcj02(geom) AS g FROM tl.lamp WHERE id = 1) l,
    LATERAL (SELECT ST_X(m) AS x, ST_Y(m) AS y FROM (SELECT ST_AsMVTGeom(ST_Transform(ST_SetSRID(l.g, 4490), 3857), ST_TileEnvelope(13, a.x::int, a.y::int), 4096, 64) AS m FROM mvt.at(13) a) s) e;
SELECT count(*) > 0 AS areas FROM mvt.features(mvt.body(mvt.get('1', 'tl-roads', 11, '{"crs": "GCJ02"}'))) f WHERE f.kind = 3;
\echo == more than a tile holds: counts per cell, all of them
SELECT count(*) < 1024 AS cells, sum((f.props ->> 'count')::int), min(f.props ->> 'aggregate'), max(f.props ->> 'countedAt'), bool_and(f.id IS NULL), bool_and(f.x % 128 = 64 AND f.y % 128 = 64) AS middles FROM mvt.features(mvt.body(mvt.get('1', 'tl-many', 5))) f;
SELECT sum((f.props ->> 'count')::int) AS filtered, count(*) FILTER (WHERE f.props ? 'kind') AS rows FROM mvt.features(mvt.body(mvt.get('1', 'tl-many', 5, '{"kind": "3"}'))) f;
SELECT sum((f.props ->> 'count')::int) AS shifted FROM mvt.features(mvt.body(mvt.get('1', 'tl-many', 5, '{"crs": "GCJ02"}'))) f;
SELECT (SELECT count(*) FROM mvt.features(mvt.body(mvt.get('1', 'tl-many', 14))) f WHERE f.props ->> 'aggregate' IS NULL) > 0 AS features;
\echo == kept counts say the same
SELECT citybigdata.count_layer('tl-many') AS places, citybigdata.count_layer('tl-many', 0) > 10000 AS expected;
SELECT l.version, l.places, round(l.west::numeric, 3), round(l.north::numeric, 3), l.districts, l.failure, (SELECT count(*) FROM citybigdata.map_cells c WHERE c.resource_code = l.resource_code) > 8 AS tiles FROM citybigdata.map_layer l WHERE resource_code = 'tl-many';
SET citybigdata.tile_age = 3599;
SELECT sum((f.props ->> 'count')::int), bool_and(f.props ->> 'countedAt' ~ '^[0-9]{14}$') AS dated FROM mvt.features(mvt.body(mvt.get('1', 'tl-many', 5))) f;
SELECT sum((f.props ->> 'count')::int), bool_and(f.props ->> 'countedAt' ~ '^[0-9]{14}$') AS dated FROM mvt.features(mvt.body(mvt.get('1', 'tl-many', 5, '{"crs": "GCJ02"}'))) f;
SELECT sum((f.props ->> 'count')::int) AS filtered, count(f.props ->> 'countedAt') AS dated FROM mvt.features(mvt.body(mvt.get('1', 'tl-many', 5, '{"kind.ne": "3"}'))) f;
INSERT INTO tl.many SELECT n, '110101', 1, ST_SetSRID(ST_Point(116.4, 39.9), 4490) FROM generate_series(20001, 20010) n;
SELECT sum((f.props ->> 'count')::int) AS as_they_were_kept FROM mvt.features(mvt.body(mvt.get('1', 'tl-many', 4))) f;
SET citybigdata.tile_count_age = 0;
SELECT sum((f.props ->> 'count')::int) AS as_they_are FROM mvt.features(mvt.body(mvt.get('1', 'tl-many', 4))) f;
RESET citybigdata.tile_count_age;
\echo == a geometry above the level of the caller: counts per district at every zoom, nothing finer
SELECT z, f.id, f.props FROM unnest(ARRAY[0, 9]) z, mvt.features(mvt.body(mvt.get('1', 'tl-hidden', z))) f ORDER BY 1, 2;
SELECT (SELECT count(*) FROM mvt.features(mvt.body(mvt.get('3', 'tl-hidden', 14))) f WHERE f.props ? 'kind') > 0 AS level_3;
SELECT max((f.props ->> 'count')::int) AS one_kind FROM mvt.features(mvt.body(mvt.get('1', 'tl-hidden', 9, '{"kind": "3"}'))) f WHERE f.id = 110101;
SELECT mvt.told(mvt.get('1', 'tl-hidden', 9, '{"bbox": "116,39,117,40"}'));
SELECT sum((f.props ->> 'count')::int) AS located, count(*) > 1 AS districts FROM mvt.features(mvt.body(mvt.get('1', 'tl-located', 6))) f;
SELECT citybigdata.count_layer('tl-hidden') AS places, citybigdata.count_layer('tl-located') AS located;
SELECT resource_code, districts ? '110101' AS districts, (SELECT sum(d.value::int) FROM jsonb_each_text(districts) d) FROM citybigdata.map_layer WHERE resource_code IN ('tl-hidden', 'tl-located') ORDER BY 1;
SELECT sum((f.props ->> 'count')::int), bool_and(f.props ? 'countedAt') AS dated FROM mvt.features(mvt.body(mvt.get('1', 'tl-hidden', 8))) f;

\echo == who may
SELECT mvt.told(mvt.get('0', 'tl-lamps', 9)); SELECT mvt.told(mvt.get('x', 'tl-lamps', 9)); SELECT mvt.told(mvt.get('1', 'no-such', 9)); SELECT mvt.told(mvt.get('1', 'tl-plain', 9)); SELECT mvt.told(mvt.get('1', 'cases', 9)); SELECT mvt.told(mvt.get('1', NULL, 9));
SELECT who, mvt.told(mvt.get(who, 'divisions', 8)), (SELECT count(*) > 5 FROM mvt.features(mvt.body(mvt.get(who, 'divisions', 8)))) FROM unnest('{0,1,x}'::text[]) who WHERE who <> 'x' OR mvt.told(mvt.get(who, 'divisions', 8)) LIKE '401%';
SELECT mvt.told(mvt.get('1', 'grid', 9)); SELECT mvt.told(mvt.get('0', 'grid', 9));
\echo == cases: an operator is shown what his posts reach, as GET /events lists it; nobody by name
INSERT INTO citybigdata.unit (unit_code, name, parent_code) VALUES ('tl-unit', '单位', NULL), ('tl-team', '班组', 'tl-unit');
INSERT INTO citybigdata.event_staging (sender_code, data, state) SELECT 'tile-1', jsonb_build_object('eventDesc', '井盖破损', 'otherTaskNum', 'T-' || n, 'address', '东华门大街1号', 'coordinateX', 448400.5 + n, 'coordinateY', 4418600.25, 'eventSrcID', 1, 'recTypeID', 1,
    'eventLevelID', 1, 'eventTypeCode', '6', 'createTime', '20180131083000', 'humanName', '王小明', 'cellphone', '13800138000')::text, 3 FROM generate_series(1, 5) n;
SELECT loaded FROM citybigdata.load_events(profile => 'strict');
SELECT reply.unguarded($$UPDATE citybigdata.event SET district_code = CASE WHEN other_task_num IN ('T-3', 'T-5') THEN '110105' ELSE '110101' END, street_code = CASE WHEN other_task_num = 'T-2' THEN '110101001' END, community_code = NULL,
    unit_code = CASE other_task_num WHEN 'T-4' THEN 'tl-team' WHEN 'T-5' THEN 'tl-unit' END WHERE sender_code = 'tile-1'$$);
INSERT INTO citybigdata.account (user_name, password_digest, organization, contact_name, mobile, state) VALUES ('tile.op', '$2a$04$none', 'test', 'test', '13800138000', 'active');
SELECT citybigdata.setup_operators();
INSERT INTO citybigdata.access_token (token_digest, app_id, account_id, issued_at, expires_at)
SELECT sha256('tile@op'), a.app_id, o.account_id, now(), now() + interval '1 hour' FROM citybigdata.application a, citybigdata.account o WHERE a.operators AND a.state = 'active' AND o.user_name = 'tile.op';
CREATE FUNCTION mvt.posts(VARIADIC posts text[]) RETURNS TABLE (seen text, listed text, person text, refused text) LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM citybigdata.post WHERE account_id = (SELECT account_id FROM citybigdata.account WHERE user_name = 'tile.op');
    INSERT INTO citybigdata.post (account_id, role, division_code, unit_code, given_by)
    SELECT account_id, split_part(p, '/', 1), nullif(split_part(p, '/', 2), ''), nullif(split_part(p, '/', 3), ''), 'test' FROM citybigdata.account, unnest(posts) p WHERE user_name = 'tile.op';
    RETURN QUERY SELECT (SELECT string_agg(f.props ->> 'otherTaskNum', ' ' ORDER BY f.props ->> 'otherTaskNum') FROM mvt.features(mvt.body(mvt.get('op', 'cases', 13, '{"senderCode": "tile-1"}'))) f),
        (SELECT string_agg(i ->> 'otherTaskNum', ' ' ORDER BY i ->> 'otherTaskNum') FROM json_array_elements(reply.data(citybigdata.rest_event_find('req', '192.0.2.9', NULL, 'bearer', sha256('tile@op'), NULL, 'tile-1', NULL, NULL, NULL,
            NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL))::json -> 'items') i),
        (SELECT string_agg(DISTINCT f.props ->> 'humanName', ' ') FROM mvt.features(mvt.body(mvt.get('op', 'cases', 13, '{"senderCode": "tile-1"}'))) f), mvt.told(mvt.get('op', 'cases', 13, '{"humanName": "王小明"}'));
END $$;
SELECT * FROM mvt.posts('desk//');
SELECT * FROM mvt.posts('desk/110101/');
SELECT * FROM mvt.posts('desk/110101001/');
SELECT * FROM mvt.posts('handler//tl-unit');
SELECT * FROM mvt.posts('dispatcher//tl-team');
SELECT * FROM mvt.posts('handler/110105/tl-unit', 'desk/110101001/');
SELECT * FROM mvt.posts('desk/120000/');
SELECT seen = listed AS many_posts FROM mvt.posts(VARIADIC (SELECT array_agg('desk/1101010' || lpad(n::text, 2, '0') || '/') FROM generate_series(1, 20) n));
SELECT reply.field(mvt.get('op', 'cases', 13), 'etag') AS tag \gset
SELECT * FROM mvt.posts('desk/110105/') \gset ignored_
SELECT mvt.told(mvt.get('op', 'cases', 13, '{}', :'tag')) AS tag_of_other_posts, (SELECT count(*) FROM citybigdata.map_layer WHERE resource_code = 'cases') AS kept;
SELECT reply.field(mvt.get('op', 'cases', 13), 'etag') AS tag, reply.field(citybigdata.rest_tile('tile-1', '192.0.2.9', NULL, 'bearer', sha256('tile@op'), 'cases', '13', a.x, a.y, NULL, NULL, NULL, true), 'more') AS more, a.x, a.y FROM mvt.at(13) a \gset
SELECT mvt.told(mvt.get('op', 'cases', 13, '{}', :'tag')) AS same, (SELECT string_agg(f.props ->> 'otherTaskNum', ' ') FROM mvt.features(mvt.body(citybigdata.rest_tile('tile-1', '192.0.2.9', NULL, 'continued', convert_to(:'more', 'UTF8'), 'cases', '13', :'x', :'y', '{senderCode}', '{tile-1}', NULL))) f) AS continued;
\echo == wrong addresses and parameters
SELECT mvt.told(mvt.frame('1', 'tl-lamps', z, x, y)) FROM (VALUES ('23', '0', '0'), ('-1', '0', '0'), ('1', '2', '0'), ('1', '0', '2'), ('1', '5', '-1'), ('a', '0', '0'), ('1.0', '0', '0'), ('22', '4194304', '0'), ('', '', ''), (NULL, NULL, NULL), ('99999999999999999999', '0', '0'), ('+1', '0', '0'), ('22', '4194303', '4194303')) t (z, x, y);
SELECT p, mvt.told(mvt.get('1', 'tl-lamps', 9, p)) FROM unnest(ARRAY['{"pageSize": "1", "sort": "id", "cursor": "x", "count": "exact", "format": "csv"}', '{"crs": "EPSG:4326"}', '{"bbox": "170,80,-170,95"}', '{"bbox": "x"}', '{"nosuch": "1"}', '{"keeper": "李四1"}', '{"secret.isNull": "true"}',
    '{"timeRange": "[20250101000000,20240101000000]"}', '{"id": "abc"}', '{"fields": "nosuch"}']::jsonb[]) p;
SELECT mvt.told(citybigdata.rest_tile('tile-1', '192.0.2.9', NULL, 'bearer', sha256('tile@1'), 'tl-lamps', '1', '1', '0', '{crs,crs}', '{GCJ02,GCJ02}', NULL));
SELECT mvt.told(mvt.get('1', 'tl-nearby', 12));
\echo == tags: of the tile, the caller and the state of the data
SELECT reply.field(mvt.get('1', 'tl-roads', 11), 'etag') AS tag \gset
SELECT :'tag' ~ '^"[0-9a-f]{32}"$' AS strong, mvt.told(mvt.get('1', 'tl-roads', 11, '{}', :'tag')) AS same, mvt.told(mvt.get('1', 'tl-roads', 11, '{"v": "2"}', '"x", W/' || :'tag')) AS one_of_them, mvt.told(mvt.get('1', 'tl-roads', 11, '{}', '"x"')) AS other,
    length(mvt.body(mvt.get('1', 'tl-roads', 11, '{}', :'tag'))) AS bytes;
SELECT bool_and(reply.field(f, 'etag') <> :'tag') AS all_others FROM unnest(ARRAY[mvt.get('3', 'tl-roads', 11), mvt.get('1', 'tl-roads', 12), mvt.get('1', 'tl-roads', 11, '{"crs": "GCJ02"}'), mvt.get('1', 'tl-roads', 11, '{"id.gt": "0"}'), mvt.get('1', 'tl-lamps', 11)]) f;
SET citybigdata.tile_age = 0; -- the state is asked for each time
UPDATE tl.road SET changed_at = '2024-02-01' WHERE id = 1;
SELECT mvt.told(mvt.get('1', 'tl-roads', 11, '{}', :'tag')) AS changed;
SELECT reply.field(mvt.get('1', 'tl-lamps', 11), 'etag') <> reply.field(mvt.get('1', 'tl-lamps', 11), 'etag') AS never_kept;
RESET citybigdata.tile_age;
SELECT mvt.told(mvt.get('1', 'tl-lamps', 11, '{"id": "99"}')) AS empty, mvt.told(mvt.get('1', 'tl-lamps', 11, '{"id": "99"}', reply.field(mvt.get('1', 'tl-lamps', 11, '{"id": "99"}'), 'etag'))) AS empty_again;
SELECT reply.field(mvt.get('0', 'divisions', 8), 'etag') AS tag \gset
SELECT mvt.told(mvt.get('0', 'divisions', 8, '{}', :'tag')) AS same;
BEGIN;
UPDATE citybigdata.division_boundary SET source = 'survey' WHERE code = '110101';
SELECT mvt.told(mvt.get('0', 'divisions', 8, '{}', :'tag')) AS changed;
ROLLBACK;
\echo == judged only: the tag, or the right to ask for the tile
CREATE FUNCTION mvt.judge(who text, layer text, tags text DEFAULT NULL) RETURNS bytea LANGUAGE sql AS $$
SELECT citybigdata.rest_tile('tile-1', '192.0.2.9', NULL, 'bearer', sha256(convert_to('tile@' || who, 'UTF8')), layer, '11', a.x, a.y, NULL, NULL, tags, true) FROM mvt.at(11) a $$;
SELECT reply.field(mvt.get('1', 'tl-roads', 11), 'etag') AS tag, reply.field(mvt.judge('1', 'tl-roads'), 'more') AS more \gset
SELECT mvt.told(mvt.judge('1', 'tl-roads', :'tag')) AS same, mvt.told(mvt.judge('1', 'tl-roads')) AS other, length(mvt.body(mvt.judge('1', 'tl-roads'))) AS bytes, mvt.told(mvt.judge('0', 'tl-roads')) AS refused, mvt.told(mvt.judge('0', 'divisions')) AS open_to_all;
CREATE FUNCTION mvt.continued(layer text, more text) RETURNS bytea LANGUAGE sql AS $$
SELECT citybigdata.rest_tile('tile-1', '192.0.2.9', NULL, 'continued', convert_to(more, 'UTF8'), layer, '11', a.x, a.y, NULL, NULL, NULL, false) FROM mvt.at(11) a $$;
SELECT mvt.told(mvt.continued('tl-roads', :'more')) AS made, mvt.body(mvt.continued('tl-roads', :'more')) = mvt.body(mvt.get('1', 'tl-roads', 11)) AS same, mvt.told(mvt.continued('tl-lamps', :'more')) AS another_layer;
\echo == the audit: one row of a token, a layer and a minute (two when a minute ends meanwhile); every refusal
DELETE FROM citybigdata.map_seen;
SELECT object, status_code, count(*) > 1 AS several FROM citybigdata.audit_log WHERE request_id = 'tile-1' AND action = 'map.tile' AND object IN ('tl-lamps', 'no-such') GROUP BY 1, 2 ORDER BY 1, 2;
CREATE FUNCTION mvt.records(who text, layer text, n int) RETURNS TABLE (record jsonb) LANGUAGE sql AS $$
SELECT reply.field(mvt.frame(who, layer, '3', '6', '3'), 'audit')::jsonb FROM generate_series(1, n) $$;
SELECT count(record) BETWEEN 1 AND 2 AS one, count(*) AS tiles, min(record ->> 'action') AS action, min(record ->> 'object') AS object FROM mvt.records('3', 'tl-plans', 20);
INSERT INTO citybigdata.access_token (token_digest, app_id, account_id, issued_at, expires_at) SELECT sha256('tile@9'), app_id, account_id, issued_at, expires_at FROM citybigdata.access_token WHERE token_digest = sha256('tile@3');
SELECT (SELECT count(record) BETWEEN 1 AND 2 FROM mvt.records('3', 'tl-located', 20)) AS another_layer, (SELECT count(record) BETWEEN 1 AND 2 FROM mvt.records('9', 'tl-plans', 20)) AS another_token;
SELECT count(*) AS rows FROM citybigdata.map_seen;
\echo == beyond the latency budget, and a relation that changed
SET ROLE tile_pub;
CREATE VIEW tl.slow AS SELECT id, pg_sleep(1)::text AS nap, geom FROM tl.lamp;
SELECT code FROM citybigdata.publish('tl.slow', '{"code": "tl-slow", "keyset": ["id"], "geometryColumn": "geom", "level": 1, "latencyBudget": 20}');
RESET ROLE;
INSERT INTO citybigdata.app_grant (app_id, resource, level, granted_by) SELECT app_id, 'tl-slow', 1, 'test' FROM citybigdata.application WHERE app_code = '11000033000001A';
SELECT mvt.told(mvt.get('1', 'tl-slow', 11));
ALTER TABLE tl.plan RENAME COLUMN code TO other;
SELECT mvt.told(mvt.get('1', 'tl-plans', 11));
ALTER TABLE tl.plan RENAME COLUMN other TO code;
SELECT citybigdata.count_layer('tl-plain');
SELECT citybigdata.count_layer('no-such');
SELECT citybigdata.count_layer('tl-slow', 1);
\echo == housekeeping: what is not current is forgotten
SELECT citybigdata.unpublish('tl-located');
SELECT counted FROM citybigdata.maintain_map();
SELECT DISTINCT resource_code FROM citybigdata.map_layer WHERE resource_code LIKE 'tl-%' ORDER BY 1;
\echo == TileJSON and style
CREATE FUNCTION mvt.doc(frame bytea) RETURNS jsonb LANGUAGE sql AS $$ SELECT CASE WHEN f.fields ->> 'content-type' = 'application/json' THEN convert_from(f.body, 'UTF8')::jsonb END FROM citybigdata.read_reply_frame(frame) f $$;
SELECT jsonb_pretty(jsonb_set(d, '{tiles,0}', to_jsonb(regexp_replace(d #>> '{tiles,0}', '=[0-9a-f]{12}$', '=VERSION')))) FROM mvt.doc(citybigdata.rest_tile_layer('tile-2', '192.0.2.9', NULL, 'bearer', sha256('tile@1'), 'tl-lamps', 'https://p.example/api/v1')) d;
SELECT d -> 'counts' ->> 'by', d -> 'vector_layers' -> 0 -> 'fields' ? 'secret' AS secret, d -> 'vector_layers' -> 0 -> 'fields' ? 'kind' AS kind FROM mvt.doc(citybigdata.rest_tile_layer('tile-2', '192.0.2.9', NULL, 'bearer', sha256('tile@1'), 'tl-hidden', 'b')) d;
SELECT (d -> 'counts') - 'countedAt', d -> 'bounds' FROM mvt.doc(citybigdata.rest_tile_layer('tile-2', '192.0.2.9', NULL, 'bearer', sha256('tile@1'), 'tl-many', 'b')) d;
SELECT jsonb_pretty(d - 'layers'), (SELECT string_agg(l ->> 'id' || ' ' || (l ->> 'type'), ', ') FROM jsonb_array_elements(d -> 'layers') l) FROM mvt.doc(citybigdata.rest_tile_style('tile-2', '192.0.2.9', NULL, 'bearer', sha256('tile@1'), 'tl-lamps', 'https://p.example/api/v1')) d;
SELECT (SELECT string_agg(l ->> 'id' || ' ' || (l ->> 'type'), ', ') FROM jsonb_array_elements(d -> 'layers') l) FROM mvt.doc(citybigdata.rest_tile_style('tile-2', '192.0.2.9', NULL, 'bearer', sha256('tile@0'), 'divisions', 'b')) d;
SELECT reply.status(citybigdata.rest_tile_layer('tile-2', '192.0.2.9', NULL, 'bearer', sha256('tile@0'), 'tl-lamps', 'b')), reply.status(citybigdata.rest_tile_style('tile-2', '192.0.2.9', NULL, 'bearer', sha256('tile@1'), 'tl-plain', 'b')),
    reply.status(citybigdata.rest_tile_layer('tile-2', '192.0.2.9', NULL, 'bearer', sha256('tile@1'), NULL, NULL)), mvt.doc(citybigdata.rest_tile_layer('tile-2', '192.0.2.9', NULL, 'bearer', sha256('tile@1'), 'tl-nearby', 'b')) ->> 'name';
-- clearing up
DELETE FROM citybigdata.post WHERE account_id = (SELECT account_id FROM citybigdata.account WHERE user_name = 'tile.op');
SELECT reply.unguarded($$DELETE FROM citybigdata.event WHERE sender_code = 'tile-1'$$);
DELETE FROM citybigdata.unit WHERE unit_code LIKE 'tl-%';
SELECT count(citybigdata.unpublish(c)) FROM unnest('{tl-lamps,tl-roads,tl-plans,tl-plain,tl-many,tl-hidden,tl-nearby,tl-slow}'::text[]) c;
DELETE FROM citybigdata.map_layer WHERE resource_code LIKE 'tl-%';
DELETE FROM citybigdata.map_cells WHERE resource_code LIKE 'tl-%';
DELETE FROM citybigdata.division_boundary;
INSERT INTO citybigdata.division_boundary TABLE public.tile_before;
DROP TABLE public.tile_before;
DROP SCHEMA mvt CASCADE;
DROP SCHEMA tl CASCADE;
DROP ROLE tile_pub;
