-- Coordinate systems and distances.
-- `geometry` is found in the schema that PostGIS was installed in: CREATE EXTENSION puts it on the path.
CREATE OR REPLACE FUNCTION citybigdata.wgs84_to_gcj02(geometry) RETURNS geometry
    AS 'MODULE_PATHNAME', 'cbd_wgs84_to_gcj02' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 50;
COMMENT ON FUNCTION citybigdata.wgs84_to_gcj02(geometry) IS
'WGS-84 or CGCS2000 longitude/latitude to GCJ-02 (Chinese online maps): any geometry type, Z, M and SRID kept; identity outside China';

CREATE OR REPLACE FUNCTION citybigdata.gcj02_to_wgs84(geometry) RETURNS geometry
    AS 'MODULE_PATHNAME', 'cbd_gcj02_to_wgs84' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 50;
COMMENT ON FUNCTION citybigdata.gcj02_to_wgs84(geometry) IS
'The inverse of wgs84_to_gcj02, iterated to 1e-11 degree';

CREATE OR REPLACE FUNCTION citybigdata.gcj02_to_bd09(geometry) RETURNS geometry
    AS 'MODULE_PATHNAME', 'cbd_gcj02_to_bd09' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 50;
COMMENT ON FUNCTION citybigdata.gcj02_to_bd09(geometry) IS
'GCJ-02 to BD-09 (Baidu maps): any geometry type, Z, M and SRID kept; identity outside China';

CREATE OR REPLACE FUNCTION citybigdata.bd09_to_gcj02(geometry) RETURNS geometry
    AS 'MODULE_PATHNAME', 'cbd_bd09_to_gcj02' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 50;
COMMENT ON FUNCTION citybigdata.bd09_to_gcj02(geometry) IS
'The inverse of gcj02_to_bd09, iterated to 1e-11 degree';

CREATE OR REPLACE FUNCTION citybigdata.plane_to_lonlat(x double precision, y double precision) RETURNS geometry
    AS 'MODULE_PATHNAME', 'cbd_plane_to_lonlat' LANGUAGE c STABLE STRICT PARALLEL SAFE COST 50;
COMMENT ON FUNCTION citybigdata.plane_to_lonlat(double precision, double precision) IS
'A point of the business plane (citybigdata.business_srid, citybigdata.local_plane; x = easting, y = northing, metres) as EPSG:4490';

CREATE OR REPLACE FUNCTION citybigdata.plane_to_lonlat(geometry) RETURNS geometry
    AS 'MODULE_PATHNAME', 'cbd_plane_geometry_to_lonlat' LANGUAGE c STABLE STRICT PARALLEL SAFE COST 50;
COMMENT ON FUNCTION citybigdata.plane_to_lonlat(geometry) IS
'A geometry of the business plane as EPSG:4490: any type, Z and M kept';

CREATE OR REPLACE FUNCTION citybigdata.lonlat_to_plane(geometry) RETURNS geometry
    AS 'MODULE_PATHNAME', 'cbd_lonlat_to_plane' LANGUAGE c STABLE STRICT PARALLEL SAFE COST 50;
COMMENT ON FUNCTION citybigdata.lonlat_to_plane(geometry) IS
'A geometry of EPSG:4490 in the business plane, the inverse of plane_to_lonlat; SRID 0 when citybigdata.local_plane is set';

CREATE OR REPLACE FUNCTION citybigdata.metres_between(lon1 double precision, lat1 double precision, lon2 double precision, lat2 double precision)
    RETURNS double precision
    AS 'MODULE_PATHNAME', 'cbd_metres_between' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.metres_between(double precision, double precision, double precision, double precision) IS
'Metres between two points of longitude and latitude, on the sphere of the mean radius';
