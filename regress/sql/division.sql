\set SHOW_CONTEXT never
SET search_path = citybigdata, public;
SET citybigdata.boundary_tolerance = 150;
-- what ships: GB/T 2260 codes with parent, level, validity; retired ones with their successor
SELECT count(*) > 3800 AS many, count(*) FILTER (WHERE level = 1 AND valid_to IS NULL) AS provinces,
       bool_and(parent_code IS NULL = (level = 1)) AS parents, bool_and(shipped) AS shipped,
       bool_and(parent_code IS NULL OR EXISTS (SELECT FROM division p WHERE p.code = d.parent_code)) AS parents_known
FROM division d;
SELECT * FROM division_find('110101');
SELECT * FROM division_find('110103');
SELECT c, f.current, f.successor_code FROM unnest(ARRAY['110103', '110104', '110228', '110229', '110118', '110100']) c, division_find(c) f;
SELECT f IS NULL AS nothing FROM unnest(ARRAY['999999', '', '11', '1101011', 'abcdef', '110101; DROP', '１１０１０１', repeat('1', 100)]) c, division_find(c) f;
SELECT former_name, name FROM division WHERE code = '232701';
-- files of the extension, and nothing else
SELECT load_divisions_file('beijing_streets.tsv'), load_divisions_file('beijing_communities.tsv');
SELECT load_divisions_file('beijing_streets.tsv') AS again, load_divisions_file('divisions.tsv') AS shipped_again;
SELECT data_file('../citybigdata.control');
SELECT data_file('/etc/passwd');
SELECT data_file('.');
SELECT data_file('');
SELECT count(*) FILTER (WHERE level = 4) AS streets, count(*) FILTER (WHERE level = 5) AS communities, bool_and(NOT shipped) AS ours
FROM division WHERE level > 3;
SELECT * FROM division_find('110101001');
SELECT * FROM division_find('110101001001');
SELECT bool_and(starts_with(code, parent_code)) AS nested FROM division WHERE level > 3;

-- a newer table: new and changed rows; the look-up sees it at once
SELECT load_divisions('[{"code":"110199","name":"新设区"},{"code":"110199001","name":"新街道","kind":"街道"},{"code":"110103","name":"崇文区","kind":"retired","valid_to":"2010-07-01","successor":"110101"}]');
SELECT * FROM division_find('110199001');
SELECT parent_code, level FROM division WHERE code = '110199';
SELECT code, to_char(valid_to, 'YYYY-MM-DD') AS valid_to, shipped FROM division WHERE code IN ('110103', '110104') ORDER BY code;
SELECT load_divisions('[{"code":"110199","name":"又一区","valid_from":"2099-01-01"}]');
SELECT name, current FROM division_find('110199');
SELECT load_divisions('[{"code":"110198","name":"短命区","valid_from":"2001-01-01","valid_to":"2002-01-01"}]');
SELECT name, current FROM division_find('110198');
-- faults refuse all
SELECT load_divisions('{}');
SELECT load_divisions(NULL);
SELECT load_divisions('[{"code":"110197","name":"好"},{"code":"1101","name":"坏"}]');
SELECT load_divisions('[{"code":"110197"}]');
SELECT load_divisions('[{"code":"110197","name":"甲"},{"code":"110197","name":"乙"}]');
SELECT load_divisions('[{"code":"110197","name":"甲","level":2}]');
SELECT load_divisions('[{"code":"110197","name":"甲","parent":"990000"}]');
SELECT load_divisions('[{"code":"110197001","name":"甲"}]');
SELECT load_divisions('[{"code":"110101009","name":"甲","parent":"110102"}]');
SELECT load_divisions('[{"code":"110197","name":"甲","successor":"990000"}]');
SELECT load_divisions('[{"code":"110197","name":"甲","valid_from":"2020-01-01","valid_to":"2019-01-01"}]');
SELECT load_divisions('[5]');
SELECT load_divisions('[]') AS nothing, (SELECT count(*) FROM division WHERE code = '110197') AS none_of_them;
-- a complete table retires what it does not have; only in its provinces
BEGIN;
SELECT load_divisions((SELECT jsonb_agg(jsonb_build_object('code', code, 'name', name, 'parent', parent_code, 'kind', kind, 'revision', revision))
                       FROM division WHERE starts_with(code, '1101') AND length(code) = 9 AND code <> '110101001' AND valid_to IS NULL AND parent_code <> '110199'), true) AS retired;
SELECT code, kind, valid_to = current_date AS today FROM division WHERE length(code) = 9 AND valid_to IS NOT NULL ORDER BY code;
ROLLBACK;
SELECT current FROM division_find('110101001');
-- rolled back: the look-up does not remember it
BEGIN;
SELECT load_divisions('[{"code":"110196","name":"暂有区"}]');
SELECT name FROM division_find('110196');
ROLLBACK;
SELECT name IS NULL AS gone FROM division_find('110196');
-- tab-separated text
SELECT data_rows(E'# comment\r\ncode\tname\tparent\r\n01\t一\t\r\n\r\n02\t二\t01\n'), data_rows(''), data_rows('only\theading');
SELECT data_rows(E'a\tb\n1\n');

-- boundaries
SELECT division_at(116.3913, 39.9075) IS NULL AS no_boundaries, division_distance('110101', 116.3913, 39.9075) IS NULL AS no_distance, area_distance(116.3913, 39.9075) IS NULL AS no_area;
SELECT load_boundaries_file('beijing_districts.geojson', 'echarts 4.9.0') AS loaded;
SELECT load_boundaries_file('beijing_districts.geojson', 'echarts 4.9.0') AS again;
CREATE TEMP TABLE landmark (name text, lon float8, lat float8, expected text, metres float8);
COPY landmark FROM stdin;
天安门城楼	116.3913	39.9075	110101	197
人民大会堂	116.3873	39.9032	110102	191
西单	116.3736	39.9068	110102	1062
首都机场 (exclave)	116.587	40.08	110105	915
石景山游乐园	116.204	39.9105	110107	582
潭柘寺	116.024	39.904	110109	4359
环球度假区	116.676	39.853	110112	4751
明长陵	116.24	40.2985	110114	8295
慕田峪	116.564	40.432	110116	7621
密云水库	116.83	40.48	110118	9871
三河市 (河北)	117.072	39.983	\N	6837
\.
SELECT name, division_at(lon, lat) IS NOT DISTINCT FROM expected AS found,
       division_at(st_setsrid(st_makepoint(lon, lat), 4326)) IS NOT DISTINCT FROM expected AS as_geometry,
       division_at(lonlat_to_plane(st_setsrid(st_makepoint(lon, lat), 4490))) IS NOT DISTINCT FROM expected AS as_plane
FROM landmark;
-- inside 0; outside metres to the border, as PostGIS measures on the spheroid
SELECT bool_and(division_distance(expected, lon, lat) = 0 AND area_distance(lon, lat) = 0) AS inside FROM landmark WHERE expected IS NOT NULL;
SELECT bool_and(abs(area_distance(lon, lat) - metres) / metres < 0.005) AS outside FROM landmark WHERE expected IS NULL;
SELECT count(*) > 200 AS many, bool_and(abs(d - s) <= 0.01 * s + 0.01) AS as_postgis, bool_and((d = 0) = st_intersects(g, p)) AS inside_alike
FROM (SELECT division_distance(b.code, x, y) AS d, st_distance(b.geom::geography, st_setsrid(st_makepoint(x, y), 4490)::geography) AS s, b.geom AS g, st_setsrid(st_makepoint(x, y), 4490) AS p
      FROM division_boundary b, generate_series(115.3, 117.6, 0.21) x, generate_series(39.3, 41.2, 0.23) y
      WHERE st_distance(b.geom, st_setsrid(st_makepoint(x, y), 4490)) < 0.5) s;
SELECT bool_and(division_at(x, y, 0) IS NOT DISTINCT FROM (SELECT min(b.code) FROM division_boundary b WHERE st_intersects(b.geom, st_setsrid(st_makepoint(x, y), 4490)))) AS as_postgis
FROM generate_series(115.3, 117.6, 0.037) x, generate_series(39.3, 41.2, 0.041) y;
-- the nearest within the tolerance
SELECT division_at(117.072, 39.983, 6000) IS NULL AS not_within_6_km, division_at(117.072, 39.983, 7000) AS within_7_km, division_at(117.072, 39.983, 'Infinity') AS any;
SET citybigdata.boundary_tolerance = 7000;
SELECT division_at(117.072, 39.983) AS by_setting;
SET citybigdata.boundary_tolerance = 150;
SELECT division_at('NaN', 39.9) IS NULL AND division_at(116.4, 'Infinity') IS NULL AND division_at(1e300, -1e300) IS NULL AND division_at(0, 0) IS NULL AS nowhere,
       area_distance('NaN', 1) AS not_a_number, division_distance('110101', 'Infinity', 0) AS infinite, division_distance('110103', 116.4, 39.9) IS NULL AS no_boundary;
SELECT division_at(st_geomfromtext('POINT EMPTY')) IS NULL AS empty;
SELECT division_at(st_geomfromtext('LINESTRING(116 39,117 40)'));
SELECT division_at('SRID=12345;POINT(116 39)'::geometry);
SELECT division_at(116.3913, 39.9075) AS good_again;
-- a boundary in GCJ-02 is converted; what cannot be used is refused
BEGIN;
SELECT load_boundaries(jsonb_build_object('type', 'FeatureCollection', 'features', jsonb_build_array(jsonb_build_object('type', 'Feature', 'properties', jsonb_build_object('adcode', 110101),
    'geometry', st_asgeojson(wgs84_to_gcj02(geom), 15)::jsonb))), 'test', 'GCJ02') FROM (SELECT geom FROM division_boundary WHERE code = '110101') b;
SELECT st_hausdorffdistance(geom, (SELECT st_union(geom) FROM division_boundary o WHERE o.code = '110101')) < 1e-9 AS same, source FROM division_boundary WHERE code = '110101';
SELECT load_boundaries('{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"110101"},"geometry":{"type":"Polygon","coordinates":[[[110,30],[111,30],[111,31],[110,31],[110,30]]]}}]}') AS moved;
SELECT division_at(110.5, 30.5) AS moved_there, division_at(116.416, 39.93) IS NULL AS not_here;
ROLLBACK;
SELECT division_at(110.5, 30.5) IS NULL AS not_there, division_at(116.416, 39.93) AS here_again;
SELECT load_boundaries('{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"990101"},"geometry":{"type":"Polygon","coordinates":[[[110,30],[111,30],[111,31],[110,30]]]}}]}');
SELECT load_boundaries('{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"110101"},"geometry":{"type":"Point","coordinates":[110,30]}}]}');
SELECT load_boundaries('{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":null}]}');
SELECT load_boundaries('{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"110101"},"geometry":{"type":"Polygon","coordinates":[[[447950,4419435],[447950,4419535],[448950,4419435],[447950,4419435]]]}}]}');
SELECT load_boundaries('{"type":"FeatureCollection","features":[]}', NULL, 'EPSG:4548');
SELECT load_boundaries(NULL);
SELECT load_boundaries('[]') AS nothing, load_boundaries('{"features":5}') AS nothing_either;

-- another session sees a newly loaded boundary and a new division, in the middle of its transaction too
CREATE EXTENSION IF NOT EXISTS dblink SCHEMA public;
CREATE TEMP TABLE other (connection text);
INSERT INTO other SELECT format('host=%s port=%s dbname=%s user=%s', split_part(current_setting('unix_socket_directories'), ',', 1), current_setting('port'), current_database(), current_user);
SELECT dblink_connect('other', connection) FROM other;
SELECT dblink_exec('other', 'BEGIN');
SELECT * FROM dblink('other', $$SELECT citybigdata.division_at(116.3913, 39.9075), (citybigdata.division_find('110195')).name$$) AS o(at text, name text);
SELECT load_divisions('[{"code":"110195","name":"另一区"}]'),
       load_boundaries('{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"110195"},"geometry":{"type":"Polygon","coordinates":[[[110,30],[111,30],[111,31],[110,31],[110,30]]]}}]}');
SELECT * FROM dblink('other', $$SELECT citybigdata.division_at(110.5, 30.5), (citybigdata.division_find('110195')).name$$) AS o(at text, name text);
DELETE FROM division_boundary WHERE code = '110195';
SELECT * FROM dblink('other', $$SELECT citybigdata.division_at(110.5, 30.5), (citybigdata.division_find('110195')).name$$) AS o(at text, name text);
SELECT dblink_exec('other', 'COMMIT');
-- a session with an old snapshot does not keep what it must not see: it reads the newest rows
SELECT dblink_exec('other', 'BEGIN ISOLATION LEVEL REPEATABLE READ');
SELECT * FROM dblink('other', 'SELECT count(*) > 0 FROM citybigdata.division') AS o(snapshot boolean);
SELECT load_divisions('[{"code":"110195","name":"改名区"}]');
SELECT * FROM dblink('other', $$SELECT (citybigdata.division_find('110195')).name$$) AS o(name text);
SELECT dblink_exec('other', 'COMMIT');
SELECT * FROM dblink('other', $$SELECT (citybigdata.division_find('110195')).name$$) AS o(name text);
SELECT dblink_disconnect('other');
DROP EXTENSION dblink;
-- in parallel workers, and called inside other functions' queries
SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0; SET max_parallel_workers_per_gather = 2;
CREATE TABLE place AS SELECT 116.3913 + n * 1e-7 AS lon, 39.9075::float8 AS lat FROM generate_series(1, 20000) n;
ANALYZE place;
SELECT count(*) FILTER (WHERE division_at(lon, lat) = '110101') = 20000 AS in_parallel, count(DISTINCT (division_find('110101')).name) AS names FROM place;
DROP TABLE place;
CREATE FUNCTION pg_temp.nested(c text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE r record; found text := '';
BEGIN
    FOR r IN SELECT d.code FROM citybigdata.division d WHERE d.parent_code = c ORDER BY d.code LIMIT 3 LOOP
        found := found || (citybigdata.division_find(r.code)).name || citybigdata.division_at(116.3913, 39.9075);
    END LOOP;
    RETURN found;
END $$;
SELECT pg_temp.nested('110101');

-- who may do what
SET ROLE citybigdata_analyst;
SELECT division_at(116.3913, 39.9075), (division_find('110101')).name, division_at(plane_to_lonlat(447950.5, 4419435.8)), (SELECT count(*) > 10000 FROM division) AS reads;
SELECT load_divisions('[]');
INSERT INTO division (code, name, level) VALUES ('999999', 'x', 3);
RESET ROLE;
SET ROLE citybigdata_sysadmin;
SELECT load_divisions('[{"code":"110194","name":"管理员区"}]') AS by_sysadmin;
UPDATE division SET name = 'x' WHERE code = '110194';
RESET ROLE;
-- a fresh session of an analyst fills its own caches
\c - postgres
SET ROLE citybigdata_analyst;
SELECT citybigdata.division_at(116.3913, 39.9075), (citybigdata.division_find('110101')).name;
\c - postgres
SET ROLE citybigdata_owner;
SELECT citybigdata.division_at(116.3913, 39.9075), (citybigdata.division_find('110101')).name, citybigdata.code_name('event-state', '1');
RESET ROLE;
SET search_path = citybigdata, public;
-- a changed shipped row is the site's from then on
BEGIN;
UPDATE division SET name = '北京' WHERE code = '110000';
SELECT shipped FROM division WHERE code = '110000';
ROLLBACK;
BEGIN;
INSERT INTO division (code, name, level) VALUES ('110000', '北京', 1);
SELECT name, shipped FROM division WHERE code = '110000';
ROLLBACK;
SELECT reference_changed();
DELETE FROM division WHERE code IN ('110199', '110199001', '110198', '110195', '110194') AND NOT shipped;
DELETE FROM division WHERE code = '110103';
SELECT load_divisions_file('divisions.tsv') AS put_back;
