-- Divisions, boundaries and coordinates: arithmetic and public knowledge, for everybody who may look into the schema.
GRANT EXECUTE ON FUNCTION
    citybigdata.wgs84_to_gcj02(geometry), citybigdata.gcj02_to_wgs84(geometry),
    citybigdata.gcj02_to_bd09(geometry), citybigdata.bd09_to_gcj02(geometry),
    citybigdata.plane_to_lonlat(double precision, double precision), citybigdata.plane_to_lonlat(geometry),
    citybigdata.lonlat_to_plane(geometry),
    citybigdata.metres_between(double precision, double precision, double precision, double precision),
    citybigdata.division_find(text), citybigdata.division_at(double precision, double precision),
    citybigdata.division_at(double precision, double precision, double precision), citybigdata.division_at(geometry),
    citybigdata.division_distance(text, double precision, double precision),
    citybigdata.area_distance(double precision, double precision)
    TO citybigdata_sysadmin, citybigdata_secadmin, citybigdata_auditor, citybigdata_analyst;
GRANT SELECT ON citybigdata.division, citybigdata.division_boundary
    TO citybigdata_sysadmin, citybigdata_secadmin, citybigdata_auditor, citybigdata_analyst;

-- They are loaded by the functions of code/13-place-load.sql; that is the system administrator's.
GRANT EXECUTE ON FUNCTION citybigdata.data_file(text), citybigdata.data_rows(text),
    citybigdata.load_divisions(jsonb, boolean), citybigdata.load_divisions_file(text, boolean),
    citybigdata.load_boundaries(jsonb, text, text), citybigdata.load_boundaries_file(text, text, text)
    TO citybigdata_sysadmin;
