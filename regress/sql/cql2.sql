-- CQL2 text as a filter of features: every predicate against what SQL says, every fault with its place, bombs.
\set SHOW_CONTEXT never
\pset format unaligned
\pset tuples_only on
CREATE SCHEMA cql;
CREATE TYPE cql.state AS ENUM ('lit', 'dark');
CREATE TABLE cql.light (
    light_id bigint PRIMARY KEY, lamp_type text, power integer, height double precision, cost numeric(8,2), lit boolean, serial uuid, code char(4), state cql.state,
    installed_at timestamptz NOT NULL, checked_on date, keeper text, note text, geom geometry(Point,4490));
INSERT INTO cql.light
SELECT i, CASE i % 3 WHEN 0 THEN 'LED' WHEN 1 THEN 'a,b' ELSE 'it''s' END, nullif(i * 10, 100), i / 4.0, i * 1.5, CASE WHEN i % 5 <> 0 THEN i % 2 = 0 END,
    ('00000000-0000-4000-8000-' || lpad(i::text, 12, '0'))::uuid, 'c' || i, CASE WHEN i % 2 = 0 THEN 'lit' ELSE 'dark' END::cql.state,
    '2024-01-01 00:00:00+08'::timestamptz + i * interval '1 hour', '2024-02-01'::date + i, '李四', '长安街' || i, ST_SetSRID(ST_Point(116.3 + i * 0.01, 39.9), 4490)
FROM generate_series(1, 20) i;
UPDATE cql.light SET geom = NULL WHERE light_id = 20;
CREATE TABLE cql.plot (plot_id integer PRIMARY KEY, name text, outline geometry(Geometry,4548));
INSERT INTO cql.plot SELECT i, 'p' || i, ST_Transform(ST_SetSRID(ST_MakeEnvelope(116.3 + i * 0.01, 39.9, 116.31 + i * 0.01, 39.91), 4490), 4548) FROM generate_series(1, 5) i;
INSERT INTO cql.plot SELECT 6, 'both', ST_Collect(ST_SetSRID(ST_Point(440000, 4418000), 4548), ST_SetSRID(ST_MakeLine(ST_Point(440000, 4418000), ST_Point(441000, 4418000)), 4548));
INSERT INTO cql.plot SELECT 7, 'line', ST_SetSRID(ST_MakeLine(ST_Point(440000, 4418000), ST_Point(441000, 4418000)), 4548);
SELECT code FROM citybigdata.publish('cql.light', '{"code": "cql-lights", "timeColumn": "installed_at", "fields": {"keeper": {"level": 2}, "note": {"filterable": false}}}');
SELECT code FROM citybigdata.publish('cql.plot', '{"code": "cql-plots"}');
INSERT INTO citybigdata.account (user_name, password_digest, organization, contact_name, mobile, state)
VALUES ('cql.test', '$2a$04$none', 'test', 'test', '13800138000', 'active');
INSERT INTO citybigdata.application (app_code, account_id, methods, ip_ranges, profile, level)
SELECT '11000012000001E', account_id, ARRAY['key'], '{}', 'strict', 1 FROM citybigdata.account WHERE user_name = 'cql.test';
INSERT INTO citybigdata.app_grant (app_id, resource, level, granted_by)
SELECT app_id, r, 1, 'test' FROM citybigdata.application, unnest(ARRAY['cql-lights', 'cql-plots']) r WHERE app_code = '11000012000001E';
INSERT INTO citybigdata.access_token (token_digest, app_id, account_id, issued_at, expires_at)
SELECT sha256('cql@token'), app_id, account_id, now(), now() + interval '1 hour' FROM citybigdata.application WHERE app_code = '11000012000001E';
CREATE FUNCTION pg_temp.frame(filter text, resource text, names text[] DEFAULT '{}', vals text[] DEFAULT '{}', scheme text DEFAULT 'bearer') RETURNS bytea LANGUAGE sql AS $$
SELECT citybigdata.rest_ogc_items('req-1', '192.0.2.9', NULL, scheme, sha256('cql@token'), resource, 'https://x.example/ogc', names || ARRAY['filter', 'limit'], vals || ARRAY[filter, '50']) $$;
-- the ids of what the filter finds, or its faults
CREATE FUNCTION pg_temp.find(filter text, resource text DEFAULT 'cql-lights', names text[] DEFAULT '{}', vals text[] DEFAULT '{}', scheme text DEFAULT 'bearer') RETURNS text LANGUAGE sql AS $$
SELECT CASE WHEN reply.status(f) = '0' THEN coalesce((SELECT string_agg(e ->> 'id', ',') FROM jsonb_array_elements(reply.data(f)::jsonb -> 'features') e), '-')
       ELSE (SELECT string_agg(format('%s %s: %s', e ->> 'statusCode', e ->> 'pointer', e ->> 'message'), ' | ') FROM jsonb_array_elements(reply.data(f)::jsonb -> 'errors') e) END
FROM pg_temp.frame(filter, resource, names, vals, scheme) f $$;
-- comparisons: of every type, from either side
SELECT pg_temp.find('power = 50'), pg_temp.find('50 = power'), pg_temp.find('power <> 50 AND power < 70'), pg_temp.find('70 > power'), pg_temp.find('power<=30'), pg_temp.find('power >= 190'), pg_temp.find('190<power');
SELECT pg_temp.find('power = 50.0'), pg_temp.find('power = 5e1'), pg_temp.find('lightId < 1e17') = pg_temp.find('TRUE') AS exponent, pg_temp.find('height = 1.25'), pg_temp.find('height < .6'), pg_temp.find('cost = 4.5'), pg_temp.find('cost > +28'), pg_temp.find('lightId > -1 and lightId < 3');
-- numbers that a whole one cannot be
SELECT pg_temp.find('power > 182.5'), pg_temp.find('power >= 182.5'), pg_temp.find('power < 15.5'), pg_temp.find('power <= -0.5'), pg_temp.find('power = 10.5'), pg_temp.find('power <> 10.5') = pg_temp.find('power IS NOT NULL') AS all_but_null, pg_temp.find('power BETWEEN 15.5 AND 35.5'), pg_temp.find('power < 99999999999') = pg_temp.find('power IS NOT NULL') AS all_but_null, pg_temp.find('power > 99999999999'),
    pg_temp.find('power > -99999999999') = pg_temp.find('power IS NOT NULL') AS all_but_null, pg_temp.find('NOT power = 10.5') = pg_temp.find('power IS NOT NULL') AS all_but_null, pg_temp.find('lightId < 9223372036854775808') = pg_temp.find('TRUE') AS everything, pg_temp.find('lightId = 9223372036854775807'), pg_temp.find('lightId < -92233720368547758090'), pg_temp.find('lightId IN (1, 2.5)'), pg_temp.find('lightId > 1e300');
SELECT pg_temp.find('lit = TRUE'), pg_temp.find('lit = false'), pg_temp.find('lit <> true'), pg_temp.find('TRUE') = pg_temp.find('lightId > 0') AS everything, pg_temp.find('FALSE');
SELECT pg_temp.find('lampType = ''it''''s'' AND lightId < 6'), pg_temp.find('lampType = ''a,b'' AND lightId < 6'), pg_temp.find('"lampType" = ''LED'' AND lightId < 7');
SELECT pg_temp.find('serial = ''00000000-0000-4000-8000-000000000007'''), pg_temp.find('code = ''c2'''), pg_temp.find('state = ''lit'' AND lightId < 5'), pg_temp.find('lampType = ''x'''' OR TRUE --''');
-- advanced comparisons
SELECT pg_temp.find('lampType LIKE ''i%'' AND lightId < 6'), pg_temp.find('lampType NOT LIKE ''i%'' AND lightId < 6'), pg_temp.find('code like ''c_'''), pg_temp.find('power BETWEEN 30 AND 50'), pg_temp.find('power NOT BETWEEN 30 AND 170');
SELECT pg_temp.find('lightId IN (3)'), pg_temp.find('lightId in (3, 5 , 7)'), pg_temp.find('lightId NOT IN (1,2,3) AND lightId < 6'), pg_temp.find('lampType IN (''a,b'', ''LED'') AND lightId < 5'), pg_temp.find('power IS NULL'), pg_temp.find('NOT power IS NOT NULL'), pg_temp.find('geom IS NULL');
-- joined: NOT binds most, then AND; nulls are never found, not by NOT either
SELECT pg_temp.find('lightId = 1 OR lightId = 2 AND lightId = 3'), pg_temp.find('(lightId = 1 OR lightId = 2) AND lightId = 2'), pg_temp.find('NOT lightId > 2 OR lightId = 20'), pg_temp.find('NOT (lightId > 2 OR lightId = 1)'), pg_temp.find('NOT NOT lightId = 4');
SELECT pg_temp.find('power > 80 AND power < 120'), pg_temp.find('NOT (power > 20)'), pg_temp.find('lit = TRUE OR NOT (lit = TRUE)') = pg_temp.find('lit IS NOT NULL') AS three_valued;
-- times: a second, a day, an interval
SELECT pg_temp.find('installedAt = TIMESTAMP(''2023-12-31T17:00:00Z'')'), pg_temp.find('installedAt >= TIMESTAMP(''2024-01-01T19:00:00+08:00'')'), pg_temp.find('installedAt > ''2024-01-01T19:00:00+08:00'''), pg_temp.find('installedAt = DATE(''2024-01-02'')'), pg_temp.find('checkedOn <= DATE(''2024-02-03'')'), pg_temp.find('checkedOn = ''2024-02-05''');
SELECT pg_temp.find('T_AFTER(checkedOn, DATE(''2024-02-19''))'), pg_temp.find('T_BEFORE(checkedOn, DATE(''2024-02-04''))'), pg_temp.find('T_AFTER(DATE(''2024-02-04''), checkedOn)'), pg_temp.find('T_EQUALS(checkedOn, DATE(''2024-02-04''))'), pg_temp.find('T_DURING(checkedOn, INTERVAL(''2024-02-04'', ''2024-02-07''))'),
    pg_temp.find('T_INTERSECTS(checkedOn, INTERVAL(''2024-02-04'', ''2024-02-07''))'), pg_temp.find('T_DISJOINT(checkedOn, INTERVAL(''2024-02-04'', ''..''))'), pg_temp.find('T_AFTER(checkedOn, INTERVAL(''..'', ''2024-02-19''))'), pg_temp.find('T_BEFORE(checkedOn, INTERVAL(''..'', ''2024-02-04''))'),
    pg_temp.find('T_DURING(installedAt, INTERVAL(''2023-12-31T17:00:00Z'', ''2023-12-31T20:00:00Z''))'), pg_temp.find('T_DISJOINT(checkedOn, DATE(''2024-02-03'')) AND lightId < 4');
-- places
SELECT pg_temp.find('S_INTERSECTS(geom, BBOX(116.305,39.8,116.325,40))'), pg_temp.find('S_INTERSECTS(geometry, POLYGON((116.305 39.8, 116.325 39.8, 116.325 40, 116.305 40, 116.305 39.8)))'), pg_temp.find('S_WITHIN(geom, POLYGON((116.305 39.8,116.325 39.8,116.325 40,116.305 40,116.305 39.8)))'),
    pg_temp.find('S_CONTAINS(POLYGON((116.305 39.8,116.325 39.8,116.325 40,116.305 40,116.305 39.8)), geom)'), pg_temp.find('S_EQUALS(geom, POINT(116.33 39.9))'), pg_temp.find('S_INTERSECTS(geom, MULTIPOINT((116.31 39.9),(116.33 39.9)))'), pg_temp.find('S_TOUCHES(geom, LINESTRING(116.31 39.9, 116.36 39.9))'),
    pg_temp.find('NOT S_DISJOINT(geom, BBOX(116.305,39.8,116.325,40))'), pg_temp.find('S_DISJOINT(geom, BBOX(116.305,39.8,117,40))'), pg_temp.find('S_INTERSECTS(geom, GEOMETRYCOLLECTION(POINT(116.31 39.9), LINESTRING(116.32 39.9, 116.33 39.9)))');
SELECT pg_temp.find('S_INTERSECTS(geom, BBOX(39.8,116.305,40,116.325))', names => '{filter-crs}', vals => '{http://www.opengis.net/def/crs/EPSG/0/4326}'), pg_temp.find('S_INTERSECTS(geom, BBOX(4400000,440000,4440000,442000))', names => '{filter-crs}', vals => '{http://www.opengis.net/def/crs/EPSG/0/4548}') AS northing_first,
    pg_temp.find('S_INTERSECTS(geom, BBOX(12947000,4840000,12949000,4860000))', names => '{filter-crs}', vals => '{http://www.opengis.net/def/crs/EPSG/0/3857}'), pg_temp.find('S_INTERSECTS(geom, BBOX(170,39,-170,40))') AS over_the_date_line;
-- a plane, and geometries that are larger than what it is made for
SELECT pg_temp.find('S_INTERSECTS(outline, BBOX(-180,-90,180,90))', 'cql-plots') AS world, pg_temp.find('S_WITHIN(outline, BBOX(0,0,116.335,90))', 'cql-plots') AS west,
    pg_temp.find('S_DISJOINT(outline, BBOX(0,0,116.335,90))', 'cql-plots') AS east, pg_temp.find('S_INTERSECTS(outline, BBOX(-60,-10,-50,10))', 'cql-plots') AS elsewhere;
SELECT pg_temp.find('S_INTERSECTS(outline, POINT(116.315 39.905))', 'cql-plots'), pg_temp.find('S_OVERLAPS(outline, BBOX(116.315,39.9,116.325,39.91))', 'cql-plots'), pg_temp.find('S_CROSSES(outline, LINESTRING(116.315 39.905, 116.325 39.905))', 'cql-plots'), pg_temp.find('S_WITHIN(outline, BBOX(116.2,39.8,116.335,40))', 'cql-plots'),
    pg_temp.find('S_CONTAINS(outline, POINT(116.315 39.905))', 'cql-plots'), pg_temp.find('S_EQUALS(outline, POINT(0 0))', 'cql-plots'), pg_temp.find('S_INTERSECTS(outline, MULTIPOLYGON(((116.3 39.8,116.4 39.8,116.4 39.95,116.3 39.95,116.3 39.8))))', 'cql-plots');
-- each predicate as PostGIS has it, over a grid of boxes
SELECT p AS predicate, count(*) AS boxes, bool_and(found = wanted) AS as_postgis FROM (
    SELECT p, pg_temp.find(format('S_%s(outline, BBOX(%s,%s,%s,%s))', p, x, y, x + 0.015, y + 0.01), 'cql-plots') AS found,
        coalesce((SELECT string_agg(plot_id::text, ',' ORDER BY plot_id) FROM cql.plot, ST_Transform(ST_SetSRID(ST_MakeEnvelope(x, y, x + 0.015, y + 0.01), 4490), 4548) b
            WHERE CASE p WHEN 'INTERSECTS' THEN ST_Intersects(outline, b) WHEN 'DISJOINT' THEN NOT ST_Intersects(outline, b) WHEN 'WITHIN' THEN plot_id <> 6 AND ST_Within(outline, b)
                         WHEN 'CONTAINS' THEN plot_id <> 6 AND ST_Contains(outline, b) WHEN 'OVERLAPS' THEN plot_id <> 6 AND ST_Overlaps(outline, b) WHEN 'TOUCHES' THEN plot_id <> 6 AND ST_Touches(outline, b)
                         WHEN 'CROSSES' THEN plot_id <> 6 AND ST_Crosses(outline, b) ELSE plot_id <> 6 AND ST_Equals(outline, b) END), '-') AS wanted
    FROM unnest(ARRAY['INTERSECTS', 'DISJOINT', 'WITHIN', 'CONTAINS', 'OVERLAPS', 'TOUCHES', 'CROSSES', 'EQUALS']) p,
        generate_series(116.305, 116.34, 0.007) x, generate_series(39.895, 39.91, 0.005) y) t GROUP BY p ORDER BY p;
-- faults, with their place
SELECT pg_temp.find(f) FROM unnest(ARRAY['', ' ', 'power', 'power =', 'power == 5', '= 5', 'power = 5 lit = TRUE', 'power = 5 AND', '(power = 5', 'power = 5)', 'power = ''5''', 'power = abc', 'power IN (2.5)', 'power = 1.2.3',
    'lampType = 5', 'lit = ''TRUE''', 'installedAt = 5', 'installedAt = ''5''', 'installedAt = DATE(''2024-13-01'')', 'installedAt > DATE(''20240101'')', 'installedAt > TIMESTAMP(''2024-01-01'')', 'installedAt > TIMESTAMP(''2024-01-01T25:00:00Z'')',
    'serial = ''x''', 'state = ''off''', 'power LIKE ''1%''', 'lampType LIKE 5', 'lampType LIKE ''a\''', 'power BETWEEN 1', 'power IN ()', 'power IN (1', 'power NOT 5', 'power IS 5', '1 = 1', 'power = power', 'lampType = ''a', '长度 = 5 AND', 'note = ''a''', 'keeper = ''李四''', 'keeper IS NULL', 'nobody = 1',
    'CASEI(lampType) = ''led''', 'S_NEAR(geom, POINT(1 2))', 'S_INTERSECTS(geom)', 'S_INTERSECTS(power, POINT(1 2))', 'S_INTERSECTS(geom, geom)', 'S_INTERSECTS(geom, CIRCLE(1 2))', 'S_INTERSECTS(geom, POINT(1))', 'S_INTERSECTS(geom, POINT(1 2)', 'S_INTERSECTS(geom, LINESTRING(1 2))', 'S_INTERSECTS(geom, BBOX(1,2,3))',
    'S_INTERSECTS(geom, POLYGON((0 0,1 0,1 1)))', 'S_INTERSECTS(geom, POLYGON((0 0,2 2,2 0,0 2,0 0)))', 'S_INTERSECTS(geom, POINT(39.9 116.3))', 'S_INTERSECTS(geom, BBOX(116,39,117,91))', 'S_TOUCHES(geom, GEOMETRYCOLLECTION(POINT(1 1)))',
    'T_AFTER(power, DATE(''2024-01-01''))', 'T_AFTER(installedAt, 5)', 'T_DURING(installedAt, DATE(''2024-01-01''))', 'T_DURING(INTERVAL(''2024-01-01'', ''..''), installedAt)', 'T_DURING(installedAt, INTERVAL(''..'', ''..''))', 'T_EQUALS(installedAt, INTERVAL(''2024-01-01'', ''..''))', 'T_MEETS(installedAt, DATE(''2024-01-01''))']) f;
-- in Chinese
SELECT pg_temp.find(f, scheme => 'bearer;zh') FROM unnest(ARRAY['power =', 'power = ''5''', 'power IN (2.5)', 'nobody = 1', 'S_INTERSECTS(geom, POINT(39.9 116.3))']) f;
-- bombs end at once: depth, parts, points, length, codes, times
SELECT left(pg_temp.find(f), 100) FROM unnest(ARRAY[repeat('(', 4000), repeat('NOT ', 2000) || 'TRUE', repeat('TRUE AND ', 900) || 'TRUE', repeat('(TRUE OR ', 40) || 'TRUE' || repeat(')', 40), 'lightId IN (' || repeat('1,', 2000) || '1)', 'S_INTERSECTS(geom, MULTIPOINT(' || repeat('0 0,', 1900) || '0 0))',
    'S_INTERSECTS(geom, ' || repeat('GEOMETRYCOLLECTION(', 300) || 'POINT(0 0)' || repeat(')', 300) || ')', repeat('x', 9000), 'S_INTERSECTS(geom, LINESTRING(' || repeat('0 0,', 1990) || '0 0))', '''' || repeat('''''', 4000)]) f;
SELECT pg_temp.find('lightId IN (' || string_agg(i::text, ',') || ')') FROM generate_series(1, 300) i;
SELECT pg_temp.find(string_agg(format('checkedOn = DATE(''2024-02-%s'')', lpad((i % 28 + 1)::text, 2, '0')), ' OR ')) FROM generate_series(1, 130) i;
SELECT pg_temp.find('TRUE', names => array_agg(c), vals => array_agg(v)) FROM (SELECT 'checkedOn' AS c, '2024-02-03' AS v) p;
-- other languages of filters
SELECT pg_temp.find('power = 50', names => '{filter-lang}', vals => '{cql2-text}'), pg_temp.find('power = 50', names => '{filter-lang}', vals => '{cql-text}'), pg_temp.find('power = 50', names => '{filter-lang}', vals => '{cql2-json}'), pg_temp.find('TRUE', names => '{filter-crs}', vals => '{EPSG:4326}');
-- the index serves what it would serve in /data
CREATE TABLE cql.many (many_id integer PRIMARY KEY, kind integer NOT NULL, geom geometry(Point,4490) NOT NULL);
INSERT INTO cql.many SELECT i, i % 1000, ST_SetSRID(ST_Point(116 + (i % 100) * 0.01, 39 + i / 100 * 0.01), 4490) FROM generate_series(1, 10000) i;
CREATE INDEX ON cql.many (kind);
CREATE INDEX ON cql.many USING gist (geom);
ANALYZE cql.many;
SELECT code FROM citybigdata.publish('cql.many', '{"code": "cql-many"}');
INSERT INTO citybigdata.app_grant (app_id, resource, level, granted_by) SELECT app_id, 'cql-many', 1, 'test' FROM citybigdata.application WHERE app_code = '11000012000001E';
CREATE FUNCTION pg_temp.index_reads(filter text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE before bigint; found text;
BEGIN
    PERFORM pg_stat_force_next_flush();
    PERFORM pg_stat_clear_snapshot();
    SELECT pg_stat_get_xact_numscans('cql.many'::regclass) INTO before;
    found := pg_temp.find(filter, 'cql-many');
    RETURN format('%s, %s sequential scans', found, pg_stat_get_xact_numscans('cql.many'::regclass) - before);
END $$;
SELECT pg_temp.index_reads('kind = 7 AND manyId > 8000'), pg_temp.index_reads('kind IN (7, 8) AND manyId < 1010'), pg_temp.index_reads('S_INTERSECTS(geom, BBOX(116.105,39.105,116.135,39.115))');
DROP SCHEMA cql CASCADE;
SELECT citybigdata.unpublish(r) FROM unnest(ARRAY['cql-lights', 'cql-plots', 'cql-many']) r;
