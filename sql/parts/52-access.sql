-- Application codes, readiness.
CREATE FUNCTION citybigdata.app_code_parts(app_code text, OUT platform_code text, OUT serial integer)
    AS 'MODULE_PATHNAME', 'cbd_app_code_parts' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.app_code_parts(text) IS
'Platform code and serial of an appCode (clause 5.3.3); error UD00D (40013) when it is malformed or its check character (ISO 7064 MOD 37,36) is wrong';

CREATE FUNCTION citybigdata.rest_ready() RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_rest_ready' LANGUAGE c STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_ready() IS
'Reply frame: 0 and {"extensionVersion","libraryVersion"} when the platform can work, 50303 before setup()';
