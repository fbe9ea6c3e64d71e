-- The algorithm service.

-- Analysts and system administrators register functions that are theirs, and run what is registered.
GRANT EXECUTE ON FUNCTION citybigdata.register_algorithm(regprocedure, jsonb), citybigdata.unregister_algorithm(text),
    citybigdata.suspend_algorithm(text, boolean), citybigdata.run_algorithm(text, jsonb), citybigdata.algorithm_options()
    TO citybigdata_analyst, citybigdata_sysadmin;
GRANT SELECT ON citybigdata.algorithm, citybigdata.algorithm_parameter, citybigdata.algorithm_column
    TO citybigdata_analyst, citybigdata_sysadmin, citybigdata_secadmin, citybigdata_auditor;
-- An algorithm tells its progress as whoever it runs as.
GRANT EXECUTE ON FUNCTION citybigdata.job_progress(double precision) TO citybigdata_analyst, citybigdata_sysadmin, citybigdata_algorithm;
-- Who runs jobs sees nothing of them.
GRANT EXECUTE ON FUNCTION citybigdata.claim_job(), citybigdata.run_job(bigint, integer) TO citybigdata_sysadmin;
GRANT EXECUTE ON PROCEDURE citybigdata.run_jobs(integer) TO citybigdata_sysadmin;
-- Results and parameters of jobs are their callers': nobody has a right on analysis_job and analysis_result.

-- The shipped algorithms belong to a role that has nothing but the schema and what their own grants give it (99-analysis-…). Their
-- functions were made by the installer, and 00-core.sql has given them back to him.
GRANT USAGE ON SCHEMA citybigdata TO citybigdata_algorithm;
DO $$
DECLARE
    item record;
    path text := pg_catalog.current_setting('search_path');
BEGIN
    PERFORM pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
    FOR item IN
        SELECT o.object_oid::regprocedure AS name FROM citybigdata.algorithm a
        CROSS JOIN LATERAL citybigdata.named_object(a.schema_name, a.function_name, a.arguments) o WHERE a.shipped
        UNION
        SELECT to_regprocedure((a.data_version #>> '{}') || '(jsonb)') FROM citybigdata.algorithm a WHERE a.shipped AND jsonb_typeof(a.data_version) = 'string'
    LOOP
        EXECUTE format('ALTER FUNCTION %s OWNER TO citybigdata_algorithm', item.name);
        -- again, so that what is remembered as the first rights (pg_init_privs) is by the new owner
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO citybigdata_owner', item.name);
    END LOOP;
    PERFORM set_config('search_path', path, true);
END
$$;
