-- For the shipped algorithms that show places (99-analysis-statistics.sql): geometry by functions whose bodies are parsed here, where PostGIS
-- is found. Their callers have a fixed search path without it.
CREATE OR REPLACE FUNCTION citybigdata.plane_x(place geometry) RETURNS double precision
    LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN st_x($1);
COMMENT ON FUNCTION citybigdata.plane_x(geometry) IS 'Easting of a point; for the algorithms';
CREATE OR REPLACE FUNCTION citybigdata.plane_y(place geometry) RETURNS double precision
    LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN st_y($1);
COMMENT ON FUNCTION citybigdata.plane_y(geometry) IS 'Northing of a point; for the algorithms';

CREATE OR REPLACE FUNCTION citybigdata.boundary_box(area geometry, OUT width double precision, OUT height double precision) RETURNS record
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    BEGIN ATOMIC
        SELECT st_xmax($1) OPERATOR(pg_catalog.-) st_xmin($1), st_ymax($1) OPERATOR(pg_catalog.-) st_ymin($1);
    END;
COMMENT ON FUNCTION citybigdata.boundary_box(geometry) IS 'Width and height of an area in the plane; for the algorithms';

-- cell_size is the distance between centres; the edge of a hexagon is that by the root of 3
CREATE OR REPLACE FUNCTION citybigdata.boundary_cells(area geometry, grid text, cell_size double precision, OUT i integer, OUT j integer) RETURNS SETOF record
    LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 10000
    BEGIN ATOMIC
        SELECT g.i, g.j FROM st_squaregrid($3, $1) g WHERE $2 OPERATOR(pg_catalog.=) 'square' AND st_intersects($1, g.geom)
        UNION ALL
        SELECT g.i, g.j FROM st_hexagongrid($3 OPERATOR(pg_catalog./) pg_catalog.sqrt(3::double precision), $1) g WHERE $2 OPERATOR(pg_catalog.=) 'hexagon' AND st_intersects($1, g.geom);
    END;
COMMENT ON FUNCTION citybigdata.boundary_cells(geometry, text, double precision) IS 'The cells of a grid that touch an area in the plane, numbered as grid_cell() does; for the algorithms';

CREATE OR REPLACE FUNCTION citybigdata.cell_shape(i integer, j integer, grid text, cell_size double precision) RETURNS jsonb
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN st_asgeojson(citybigdata.plane_to_lonlat(CASE WHEN $3 OPERATOR(pg_catalog.=) 'hexagon'
        THEN st_hexagon($4 OPERATOR(pg_catalog./) pg_catalog.sqrt(3::double precision), $1, $2) ELSE st_square($4, $1, $2) END), 6, 0)::jsonb;
COMMENT ON FUNCTION citybigdata.cell_shape(integer, integer, text, double precision) IS 'A cell of a grid as GeoJSON, longitude and latitude; for the algorithms';

CREATE OR REPLACE FUNCTION citybigdata.points_shape(x double precision[], y double precision[], what text) RETURNS jsonb
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC
        SELECT st_asgeojson(citybigdata.plane_to_lonlat(CASE WHEN $3 OPERATOR(pg_catalog.=) 'hull' THEN st_convexhull(p.points) ELSE st_centroid(p.points) END), 6, 0)::jsonb
        FROM (SELECT st_collect(st_makepoint(u.x, u.y)) AS points FROM ROWS FROM (pg_catalog.unnest($1), pg_catalog.unnest($2)) AS u(x, y)) p;
    END;
COMMENT ON FUNCTION citybigdata.points_shape(double precision[], double precision[], text) IS
'The centre (centroid) or hull of points of the plane as GeoJSON, longitude and latitude; for the algorithms';

CREATE OR REPLACE FUNCTION citybigdata.point_clusters(x double precision[], y double precision[], eps double precision, min_points integer, OUT place bigint, OUT cluster integer) RETURNS SETOF record
    LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 1000
    BEGIN ATOMIC
        SELECT u.place, st_clusterdbscan(st_makepoint(u.x, u.y), $3, $4) OVER (ORDER BY u.place ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
        FROM ROWS FROM (pg_catalog.unnest($1), pg_catalog.unnest($2)) WITH ORDINALITY AS u(x, y, place);
    END;
COMMENT ON FUNCTION citybigdata.point_clusters(double precision[], double precision[], double precision, integer) IS
'DBSCAN of points of the plane (PostGIS): for each its cluster, null: noise; for the algorithms';
