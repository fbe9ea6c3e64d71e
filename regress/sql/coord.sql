SET search_path = citybigdata, public;
-- vectors: 60-digit evaluations of the published formulas, printed to nine digits
CREATE TEMP TABLE vector (name text, op text, x float8, y float8, out_x float8, out_y float8, outside int);
COPY vector FROM stdin;
天安门 Beijing Tiananmen	wgs84_to_gcj02	116.3914	39.9055	116.397640979	39.906901236	0
天安门 Beijing Tiananmen	gcj02_to_bd09	116.3914	39.9055	116.397786843	39.911812526	0
天安门 Beijing Tiananmen	bd09_to_gcj02_exact	116.3914	39.9055	116.384983828	39.899253066	0
天安门 Beijing Tiananmen	gcj02_to_wgs84_exact	116.3914	39.9055	116.385163412	39.904102567	0
天安门 Beijing Tiananmen	wgs84_to_bd09	116.3914	39.9055	116.404015481	39.913245476	0
北京首都机场 Capital Airport	wgs84_to_gcj02	116.5871	40.0799	116.592906869	40.080949092	0
北京首都机场 Capital Airport	gcj02_to_bd09	116.5871	40.0799	116.593711927	40.085574096	0
北京首都机场 Capital Airport	bd09_to_gcj02_exact	116.5871	40.0799	116.580485424	40.074251556	0
北京首都机场 Capital Airport	gcj02_to_wgs84_exact	116.5871	40.0799	116.581290071	40.078847541	0
北京首都机场 Capital Airport	wgs84_to_bd09	116.5871	40.0799	116.599501622	40.086676515	0
八达岭 Badaling	wgs84_to_gcj02	116.0137	40.3545	116.019933166	40.355804772	0
八达岭 Badaling	gcj02_to_bd09	116.0137	40.3545	116.020195061	40.360573395	0
八达岭 Badaling	bd09_to_gcj02_exact	116.0137	40.3545	116.007163252	40.348544951	0
八达岭 Badaling	gcj02_to_wgs84_exact	116.0137	40.3545	116.007488137	40.353214202	0
八达岭 Badaling	wgs84_to_bd09	116.0137	40.3545	116.026391024	40.361984015	0
上海人民广场 Shanghai	wgs84_to_gcj02	121.4737	31.2304	121.478223059	31.228457738	0
上海人民广场 Shanghai	gcj02_to_bd09	121.4737	31.2304	121.480237403	31.236334820	0
上海人民广场 Shanghai	bd09_to_gcj02_exact	121.4737	31.2304	121.467195181	31.224341914	0
上海人民广场 Shanghai	gcj02_to_wgs84_exact	121.4737	31.2304	121.469162263	31.232329239	0
上海人民广场 Shanghai	wgs84_to_bd09	121.4737	31.2304	121.484781469	31.234310594	0
东京 Tokyo (outside strict box of coordtransform, outside 137.8347)	wgs84_to_gcj02	139.7671	35.6812	139.767100000	35.681200000	1
东京 Tokyo (outside strict box of coordtransform, outside 137.8347)	gcj02_to_wgs84_exact	139.7671	35.6812	139.767100000	35.681200000	1
\.
SELECT op, count(*) > 0 AS some, max(abs(st_x(g) - out_x)) < 6e-10 AND max(abs(st_y(g) - out_y)) < 6e-10 AS equal, bool_and(st_srid(g) = 4490) AS srid_kept
FROM (SELECT *, CASE op WHEN 'wgs84_to_gcj02' THEN wgs84_to_gcj02(p) WHEN 'gcj02_to_bd09' THEN gcj02_to_bd09(p)
                        WHEN 'gcj02_to_wgs84_exact' THEN gcj02_to_wgs84(p) WHEN 'bd09_to_gcj02_exact' THEN bd09_to_gcj02(p)
                        WHEN 'wgs84_to_bd09' THEN gcj02_to_bd09(wgs84_to_gcj02(p)) END AS g
      FROM (SELECT *, st_setsrid(st_makepoint(x, y), 4490) AS p FROM vector) v) w
GROUP BY op ORDER BY op;
SELECT bool_and(st_equals(gcj02_to_wgs84(p), p) AND st_equals(wgs84_to_gcj02(p), p) AND st_equals(gcj02_to_bd09(p), p) AND st_equals(bd09_to_gcj02(p), p)) AS identity_outside
FROM (VALUES (st_makepoint(139.7671, 35.6812)), (st_makepoint(0, 0)), (st_makepoint(-74, 40.7)), (st_makepoint(72, 30)), (st_makepoint(100, 56)), (st_makepoint(1e300, -1e300))) v(p);
-- round trips over the whole country: below a millimetre
SELECT max(metres_between(x, y, st_x(b), st_y(b))) < 0.001 AS gcj02, max(metres_between(x, y, st_x(c), st_y(c))) < 0.001 AS bd09,
       max(metres_between(x, y, st_x(g), st_y(g))) BETWEEN 300 AND 1500 AS far
FROM (SELECT x, y, wgs84_to_gcj02(p) AS g, gcj02_to_wgs84(wgs84_to_gcj02(p)) AS b, bd09_to_gcj02(gcj02_to_bd09(p)) AS c
      FROM generate_series(73, 137, 0.71) x, generate_series(1, 55, 0.73) y, st_makepoint(x, y) p) s;

-- every geometry type; Z, M and SRID stay; empty stays empty
CREATE TEMP TABLE shape (id int, wkt text);
COPY shape FROM stdin WITH (DELIMITER '|');
1|SRID=4326;POINT(116.39 39.9)
2|POINT Z (116.39 39.9 52.5)
3|POINT M (116.39 39.9 7)
4|SRID=4490;POINT ZM (116.39 39.9 52.5 7)
5|LINESTRING(116.39 39.9,116.4 39.91,2 3)
6|POLYGON((116 39,117 39,117 40,116 39),(116.6 39.2,116.7 39.2,116.7 39.3,116.6 39.2))
7|MULTIPOINT(116.39 39.9,116.4 39.91)
8|MULTILINESTRING Z ((116 39 1,117 39 2),(116.5 39 3,117.5 39 4))
9|MULTIPOLYGON(((116 39,117 39,117 40,116 39)),((118 39,119 39,119 40,118 39)))
10|SRID=4490;GEOMETRYCOLLECTION(POINT(116 39),GEOMETRYCOLLECTION(LINESTRING(116 39,117 40),POLYGON EMPTY))
11|CIRCULARSTRING(116 39,116.1 39.1,116.2 39)
12|COMPOUNDCURVE(CIRCULARSTRING(116 39,116.1 39.1,116.2 39),(116.2 39,116 39))
13|CURVEPOLYGON(COMPOUNDCURVE(CIRCULARSTRING(116 39,116.1 39.1,116.2 39),(116.2 39,116 39)))
14|MULTICURVE((116 39,117 39),CIRCULARSTRING(116 39,116.1 39.1,116.2 39))
15|MULTISURFACE(CURVEPOLYGON(CIRCULARSTRING(116 39,116.1 39.1,116 39)),((118 39,119 39,119 40,118 39)))
16|POLYHEDRALSURFACE Z (((116 39 0,116 40 0,117 40 0,116 39 0)),((116 39 0,117 40 0,117 39 5,116 39 0)))
17|TRIANGLE((116 39,117 39,117 40,116 39))
18|TIN Z (((116 39 0,117 39 0,117 40 0,116 39 0)))
19|POINT EMPTY
20|SRID=4490;LINESTRING EMPTY
21|GEOMETRYCOLLECTION EMPTY
22|SRID=4490;MULTIPOINT(116.39 39.9, EMPTY)
\.
SELECT count(*) AS shapes, count(DISTINCT geometrytype(g)) AS types,
       bool_and(geometrytype(m) = geometrytype(g) AND st_npoints(m) = st_npoints(g) AND st_zmflag(m) = st_zmflag(g)
                AND st_srid(m) = st_srid(g) AND st_isempty(m) = st_isempty(g) AND st_numgeometries(m) = st_numgeometries(g)) AS form_kept,
       bool_and(st_isempty(g) OR st_astext(m) <> st_astext(g)) AS moved,
       bool_and(coalesce(st_z(st_pointn(st_points(m), 1)), 0) = coalesce(st_z(st_pointn(st_points(g), 1)), 0)) AS z_kept,
       bool_and(st_astext(gcj02_to_wgs84(m), 9) = st_astext(g, 9) AND st_astext(bd09_to_gcj02(gcj02_to_bd09(g)), 9) = st_astext(g, 9)) AS back
FROM (SELECT g, wgs84_to_gcj02(g) AS m FROM (SELECT st_geomfromewkt(wkt) AS g FROM shape) s) t;
-- the box that PostGIS keeps with a geometry is made anew
SELECT m && st_makepoint(st_xmax(g) + 0.004, 39.5) AS box_moved FROM (SELECT g, wgs84_to_gcj02(g) AS m FROM st_geomfromtext('POLYGON((116 39,117 39,117 40,116 40,116 39))') g) s;
SELECT st_astext(wgs84_to_gcj02(st_makepoint('NaN', 39.9))) AS nan, st_x(wgs84_to_gcj02(st_makepoint('Infinity', 39.9))) AS infinite, wgs84_to_gcj02(NULL) IS NULL AS strict;

-- the business plane: EPSG:4548, the same as ST_Transform to 1e-9 degree
SHOW citybigdata.business_srid;
CREATE TEMP TABLE plane (name text, lon float8, lat float8, srid int, x float8, y float8);
COPY plane FROM stdin;
天安门 Tiananmen	116.3913	39.9075	4548	447950.5147	4419435.7897
天安门 Tiananmen	116.3913	39.9075	4509	447950.5147	4419435.7897
天安门 Tiananmen	116.3913	39.9075	4527	39447950.5147	4419435.7897
首都机场 Capital Airport	116.5871	40.0799	4548	464781.9537	4438482.4640
首都机场 Capital Airport	116.5871	40.0799	4527	39464781.9537	4438482.4640
平谷 Pinggu	117.115	40.142	4548	509799.9226	4445302.4822
\.
SELECT bool_and(abs(st_x(p) - lon) < 1e-8 AND abs(st_y(p) - lat) < 1e-8 AND st_srid(p) = 4490) AS vectors
FROM (SELECT *, plane_to_lonlat(x, y) AS p FROM plane WHERE srid = 4548) s;
CREATE FUNCTION pg_temp.vectors_of(wanted int) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('citybigdata.business_srid', wanted::text, true);
    RETURN (SELECT bool_and(abs(st_x(g) - x) < 0.001 AND abs(st_y(g) - y) < 0.001 AND st_srid(g) = wanted)
            FROM (SELECT *, citybigdata.lonlat_to_plane(st_setsrid(st_makepoint(lon, lat), 4490)) AS g FROM plane WHERE srid = wanted) s);
END $$;
SELECT srid, pg_temp.vectors_of(srid) FROM (SELECT DISTINCT srid FROM plane) s ORDER BY srid;
CREATE FUNCTION pg_temp.as_st_transform(wanted int) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('citybigdata.business_srid', wanted::text, true);
    RETURN (SELECT bool_and(abs(st_x(m) - st_x(o)) < 1e-9 AND abs(st_y(m) - st_y(o)) < 1e-9)
            FROM (SELECT citybigdata.plane_to_lonlat(st_x(q), st_y(q)) AS m, st_transform(q, 4490) AS o
                  FROM (SELECT st_transform(st_setsrid(st_makepoint(lon, lat), 4490), wanted) AS q
                        FROM generate_series(115.4, 117.6, 0.3) lon, generate_series(39.4, 41.1, 0.2) lat) a) b);
END $$;
SELECT srid, pg_temp.as_st_transform(srid) FROM unnest(ARRAY[4548, 4527, 4509, 2436, 2344, 32650, 3857, 4326, 4490]) srid ORDER BY srid;
-- a system of the site's own
INSERT INTO public.spatial_ref_sys (srid, auth_name, auth_srid, proj4text)
VALUES (990001, 'site', 1, '+proj=tmerc +lat_0=39.865766 +lon_0=116.350177 +k=1 +x_0=500000 +y_0=300000 +ellps=GRS80 +units=m +no_defs');
SELECT pg_temp.as_st_transform(990001) AS own_system;
DELETE FROM public.spatial_ref_sys WHERE srid = 990001;
-- whole geometries both ways
SELECT st_srid(g) = 4548 AS srid, st_astext(plane_to_lonlat(g), 9) AS back FROM lonlat_to_plane('SRID=4490;LINESTRING Z (116.39 39.9 5,116.4 39.91 6)'::geometry) g;
-- a local plane: dx dy scale rotation onto the business SRID
SET citybigdata.local_plane = '-500.25 120.5 1.0000021 0.0031';
SELECT abs(st_x(p) - st_x(o)) < 1e-9 AND abs(st_y(p) - st_y(o)) < 1e-9 AS as_by_hand, st_srid(b) = 0 AND abs(st_x(b) - 447950) < 1e-4 AND abs(st_y(b) - 4419435) < 1e-4 AS back
FROM (SELECT plane_to_lonlat(447950, 4419435) AS p, lonlat_to_plane(plane_to_lonlat(447950, 4419435)) AS b,
             st_transform(st_setsrid(st_makepoint(-500.25 + 1.0000021 * (447950 * cosd(0.0031) - 4419435 * sind(0.0031)),
                                                  120.5 + 1.0000021 * (447950 * sind(0.0031) + 4419435 * cosd(0.0031))), 4548), 4490) AS o) s;
SET citybigdata.local_plane = '1 2 3';
SET citybigdata.local_plane = '1 2 3 4 5';
SET citybigdata.local_plane = '1 2 0 0';
SET citybigdata.local_plane = 'nan 2 1 0';
RESET citybigdata.local_plane;
-- out of the system's domain, not numbers, unknown systems, wrong SRID
SELECT plane_to_lonlat('NaN', 4419435);
SELECT plane_to_lonlat(447950, 'Infinity');
SELECT plane_to_lonlat(1e300, 4419435);
SELECT lonlat_to_plane('SRID=4490;POINT(116 95)');
SELECT lonlat_to_plane('SRID=3857;POINT(116 39)');
SELECT plane_to_lonlat('SRID=4490;POINT(116 39)'::geometry);
SET citybigdata.business_srid = 123;
SELECT plane_to_lonlat(447950, 4419435);
RESET citybigdata.business_srid;
SELECT st_astext(plane_to_lonlat(447950.5147, 4419435.7897), 8) AS good_again;
SELECT st_astext(lonlat_to_plane('SRID=4490;POINT EMPTY')) AS empty;
SELECT abs(metres_between(116.39, 39.9, 116.39, 40.9) - 111195) < 10 AS one_degree, metres_between(116.39, 39.9, 116.39, 39.9) = 0 AS same_place;

CREATE FUNCTION pg_temp.refused(query text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN EXECUTE query; RETURN 'taken'; EXCEPTION WHEN OTHERS THEN RETURN SQLSTATE || ' ' || SQLERRM; END $$;
-- The systems of maps are degrees: coordinates of a plane are refused by all four, with the conversion; 0 counts as degrees.
SELECT f.name, pg_temp.refused(format($$SELECT citybigdata.%I('SRID=3857;POINT(12956609 4852306)'::public.geometry)$$, f.name)) AS plane,
       pg_temp.refused(format($$SELECT citybigdata.%I('POINT(116.4 39.9)'::public.geometry)$$, f.name)) AS degrees
FROM unnest(ARRAY['wgs84_to_gcj02', 'gcj02_to_wgs84', 'gcj02_to_bd09', 'bd09_to_gcj02']) f (name);
