-- The manual of all that an application may use, as GET /resources lists it; code tables go along while they are small enough to be read in it.
CREATE OR REPLACE FUNCTION citybigdata.manual_documents(app_id integer, everything boolean, token bytea DEFAULT NULL) RETURNS json
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    WITH may AS MATERIALIZED (
        SELECT r.resource_code AS code
        FROM citybigdata.resource r LEFT JOIN citybigdata.resource_version v ON v.resource_code = r.resource_code AND v.state = 'current'
        LEFT JOIN citybigdata.algorithm a ON a.algorithm_code = r.resource_code
        WHERE $2 OR citybigdata.granted($1, $3, r.resource_code, coalesce(v.level, a.level))
    ), used AS (
        SELECT DISTINCT f.code_table FROM may
        JOIN citybigdata.resource_version v ON v.resource_code = may.code AND v.state = 'current'
        JOIN citybigdata.resource_field f ON f.resource_code = v.resource_code AND f.version = v.version
        UNION SELECT 'industry' -- that of a resource itself
    )
    SELECT json_build_object(
        'resources', (SELECT coalesce(json_agg(citybigdata.resource_document(may.code) ORDER BY may.code), '[]') FROM may),
        'codeTables', (SELECT coalesce(json_object_agg(t.table_name, t.codes), '{}') FROM (
            SELECT r.table_name, json_agg(json_build_object('code', r.code, 'name', r.name) ORDER BY r.sort, r.code) AS codes
            FROM citybigdata.code_table_row r JOIN used ON used.code_table = r.table_name GROUP BY r.table_name HAVING count(*) <= 60) t))
$$;
COMMENT ON FUNCTION citybigdata.manual_documents(integer, boolean, bytea) IS
'resource_document() of every resource that an application, or its narrowed token, may use (everything: all), and the codes of their small code tables';
CREATE OR REPLACE FUNCTION citybigdata.rest_manual(request_id text, client_addr inet, app_code text, scheme text, credential bytea) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_manual' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_manual(text, inet, text, text, bytea) IS
'GET /openapi.json and /docs with a credential: the documents of the resources that the caller may use, administrators all';
