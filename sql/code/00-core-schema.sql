-- The schema and the library.
COMMENT ON SCHEMA citybigdata IS 'Urban-management data platform: authorisation, open data interface, event reports';

CREATE OR REPLACE FUNCTION citybigdata.library_version() RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_library_version' LANGUAGE c STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.library_version() IS 'Version of the loaded library; should equal extversion in pg_extension';
