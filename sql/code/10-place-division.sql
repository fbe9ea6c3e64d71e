-- Divisions and their boundaries.
COMMENT ON TABLE citybigdata.division IS 'Administrative divisions 行政区划: GB/T 2260 codes, streets and communities, retired codes too; load_divisions() brings a newer table';
COMMENT ON COLUMN citybigdata.division.code IS '6 digits (province, prefecture, county), 9 (street 街道, town) or 12 (community 社区, village)';
COMMENT ON COLUMN citybigdata.division.name IS 'Name; of a retired code the last one';
COMMENT ON COLUMN citybigdata.division.parent_code IS 'Code of the division above; null for a province';
COMMENT ON COLUMN citybigdata.division.level IS '1 province, 2 prefecture, 3 county or district, 4 street, 5 community';
COMMENT ON COLUMN citybigdata.division.kind IS 'official, pseudo (市辖区 and the like), retired, superseded, statistical-zone (not in GB/T 2260), or the kind of street or community';
COMMENT ON COLUMN citybigdata.division.revision IS 'List and date that the row was taken from';
COMMENT ON COLUMN citybigdata.division.valid_from IS 'First day; null: before the lists begin, or not known';
COMMENT ON COLUMN citybigdata.division.valid_to IS 'First day on which the code is not listed any more; null: still valid';
COMMENT ON COLUMN citybigdata.division.successor_code IS 'Of a retired code: the code that took its place, where it is known';
COMMENT ON COLUMN citybigdata.division.former_name IS 'What the code named before, where a code was given to another division or renamed since 2016';
COMMENT ON COLUMN citybigdata.division.shipped IS 'The row came with CREATE EXTENSION; pg_dump leaves it out';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.division', 'WHERE NOT shipped');

COMMENT ON TABLE citybigdata.division_boundary IS 'Boundaries of divisions; load_boundaries() fills it';
COMMENT ON COLUMN citybigdata.division_boundary.code IS 'Division code';
COMMENT ON COLUMN citybigdata.division_boundary.geom IS 'Boundary in CGCS2000 longitude and latitude, EPSG:4490';
COMMENT ON COLUMN citybigdata.division_boundary.source IS 'Where the boundary comes from';
COMMENT ON COLUMN citybigdata.division_boundary.shipped IS 'The row came with CREATE EXTENSION; pg_dump leaves it out';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.division_boundary', 'WHERE NOT shipped');

-- Whoever changes a row that shipped makes it a row of the site: pg_dump keeps those, and a restore puts them in the
-- place of the shipped ones. Hence an update clears `shipped`, and an insert removes the shipped row of that key.
CREATE OR REPLACE FUNCTION citybigdata.division_keep() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        NEW.shipped := false;
    ELSIF NOT NEW.shipped THEN
        DELETE FROM citybigdata.division d WHERE d.code = NEW.code AND d.shipped;
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION citybigdata.division_keep() IS 'Trigger: a changed shipped row becomes a row of the site, and a row of the site replaces the shipped one';
CREATE OR REPLACE TRIGGER division_keep BEFORE INSERT OR UPDATE ON citybigdata.division
    FOR EACH ROW EXECUTE FUNCTION citybigdata.division_keep();
ALTER TABLE citybigdata.division ENABLE ALWAYS TRIGGER division_keep;

CREATE OR REPLACE FUNCTION citybigdata.reference_changed() RETURNS trigger
    AS 'MODULE_PATHNAME', 'cbd_reference_changed' LANGUAGE c;
COMMENT ON FUNCTION citybigdata.reference_changed() IS 'Trigger: every session forgets what it has cached of the table';
CREATE OR REPLACE TRIGGER division_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON citybigdata.division
    FOR EACH STATEMENT EXECUTE FUNCTION citybigdata.reference_changed();
CREATE OR REPLACE TRIGGER division_boundary_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON citybigdata.division_boundary
    FOR EACH STATEMENT EXECUTE FUNCTION citybigdata.reference_changed();

CREATE OR REPLACE FUNCTION citybigdata.division_find(wanted text, OUT code text, OUT name text, OUT parent_code text, OUT level integer,
                                                     OUT current boolean, OUT successor_code text) RETURNS record
    AS 'MODULE_PATHNAME', 'cbd_division_find' LANGUAGE c STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.division_find(text) IS
'The division of a code, retired ones too (current tells whether it is valid today); nulls when there is none. Cached per session';

CREATE OR REPLACE FUNCTION citybigdata.division_at(lon double precision, lat double precision) RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_division_at' LANGUAGE c STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.division_at(double precision, double precision) IS
'Code of the district that contains the point (EPSG:4490), else of the nearest within citybigdata.boundary_tolerance; null when there is none';
CREATE OR REPLACE FUNCTION citybigdata.division_at(lon double precision, lat double precision, tolerance double precision) RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_division_at' LANGUAGE c STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.division_at(double precision, double precision, double precision) IS
'Code of the district that contains the point (EPSG:4490), else of the nearest within `tolerance` metres; null when there is none';
CREATE OR REPLACE FUNCTION citybigdata.division_at(geometry) RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_division_at_geometry' LANGUAGE c STABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION citybigdata.division_at(geometry) IS
'Code of the district that contains the point, else of the nearest within citybigdata.boundary_tolerance. A point of another SRID is transformed to EPSG:4490; 0 counts as 4490';

CREATE OR REPLACE FUNCTION citybigdata.division_distance(code text, lon double precision, lat double precision) RETURNS double precision
    AS 'MODULE_PATHNAME', 'cbd_division_distance' LANGUAGE c STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.division_distance(text, double precision, double precision) IS
'Metres from the point (EPSG:4490) to the division''s boundary, 0 inside; null when no boundary of that code is loaded';
CREATE OR REPLACE FUNCTION citybigdata.area_distance(lon double precision, lat double precision) RETURNS double precision
    AS 'MODULE_PATHNAME', 'cbd_area_distance' LANGUAGE c STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.area_distance(double precision, double precision) IS
'Metres from the point (EPSG:4490) to the platform''s area, which is all districts with a boundary; 0 inside; null when there are none';

CREATE OR REPLACE FUNCTION citybigdata.rest_division(request_id text, client_addr inet, app_code text, scheme text, credential bytea, code text)
    RETURNS bytea AS 'MODULE_PATHNAME', 'cbd_rest_division' LANGUAGE c SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_division(text, inet, text, text, bytea, text) IS
'Endpoint GET /divisions/{code}: the division with the divisions directly below it (clause 5.4.3)';
