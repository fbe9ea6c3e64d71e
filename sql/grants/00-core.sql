-- Ownership and what every chapter's grants stand on. Grants are all in this folder, with their reasons; nothing is granted elsewhere.

-- Nothing is for PUBLIC: every function is granted by name. The owner calls the chapters' inner functions; the bridge may execute the
-- endpoint functions and do nothing else. Tables, sequences and SECURITY DEFINER functions belong to a role that is no superuser, all
-- other functions to the owner of the extension. Only what belongs to the extension is touched.
DO $$
DECLARE
    object    record;
    path      text := pg_catalog.current_setting('search_path');
    extension oid;
    installer name;
    owner     name;
BEGIN
    -- no operator of another schema may take part
    PERFORM pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
    SELECT x.oid, pg_get_userbyid(x.extowner) INTO extension, installer FROM pg_extension x WHERE x.extname = 'citybigdata';
    FOR object IN
        SELECT c.oid::regclass AS name, c.relkind
        FROM pg_depend d JOIN pg_class c ON d.classid = 'pg_class'::regclass AND c.oid = d.objid
        WHERE d.refclassid = 'pg_extension'::regclass AND d.refobjid = extension AND d.deptype = 'e'
          AND c.relkind IN ('r', 'p', 'v', 'S') AND c.relowner <> 'citybigdata_owner'::regrole
          -- a sequence of a column follows its table
          AND NOT EXISTS (SELECT FROM pg_depend o WHERE o.classid = d.classid AND o.objid = c.oid AND o.deptype IN ('a', 'i'))
    LOOP
        EXECUTE format('ALTER %s %s OWNER TO citybigdata_owner',
                       CASE object.relkind WHEN 'S' THEN 'SEQUENCE' WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END, object.name);
    END LOOP;
    FOR object IN
        SELECT p.oid::regprocedure AS name, p.proname, p.prosecdef, p.proowner
        FROM pg_depend d JOIN pg_proc p ON d.classid = 'pg_proc'::regclass AND p.oid = d.objid
        WHERE d.refclassid = 'pg_extension'::regclass AND d.refobjid = extension AND d.deptype = 'e'
    LOOP
        owner := CASE WHEN object.prosecdef THEN 'citybigdata_owner' ELSE installer END;
        EXECUTE format('REVOKE EXECUTE ON ROUTINE %s FROM PUBLIC', object.name);
        IF pg_get_userbyid(object.proowner) <> owner THEN
            EXECUTE format('ALTER ROUTINE %s OWNER TO %I', object.name, owner);
        END IF;
        EXECUTE format('GRANT EXECUTE ON ROUTINE %s TO citybigdata_owner', object.name);
        EXECUTE format(CASE WHEN object.prosecdef AND starts_with(object.proname, 'rest_')
                            THEN 'GRANT EXECUTE ON ROUTINE %s TO citybigdata_bridge'
                            ELSE 'REVOKE EXECUTE ON ROUTINE %s FROM citybigdata_bridge' END, object.name);
    END LOOP;
    PERFORM set_config('search_path', path, true);
END
$$;

-- The owner makes audit partitions in the schema.
GRANT USAGE, CREATE ON SCHEMA citybigdata TO citybigdata_owner;
GRANT USAGE ON SCHEMA citybigdata
    TO citybigdata_sysadmin, citybigdata_secadmin, citybigdata_auditor, citybigdata_analyst, citybigdata_analyst_personal, citybigdata_bridge;

-- PostGIS and pgcrypto may live in schemas of their own; what PUBLIC may do with a schema is often revoked later, so that these roles
-- have the right by themselves.
DO $$
DECLARE
    place record;
BEGIN
    FOR place IN
        SELECT n.nspname, r.rolname FROM pg_catalog.pg_extension x JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) x.extnamespace
        JOIN pg_catalog.pg_roles r ON r.rolname OPERATOR(pg_catalog.=) ANY (ARRAY['citybigdata_owner', 'citybigdata_analyst', 'citybigdata_analyst_personal', 'citybigdata_sysadmin',
                                                                          'citybigdata_publisher', 'citybigdata_algorithm']::name[])
        WHERE x.extname OPERATOR(pg_catalog.=) ANY (ARRAY['postgis', 'pgcrypto']::name[])
          AND NOT EXISTS (SELECT FROM pg_catalog.aclexplode(n.nspacl) a WHERE a.grantee OPERATOR(pg_catalog.=) r.oid AND a.privilege_type OPERATOR(pg_catalog.=) 'USAGE')
    LOOP
        EXECUTE pg_catalog.format('GRANT USAGE ON SCHEMA %I TO %I', place.nspname, place.rolname);
    END LOOP;
END
$$;

-- Reference data and arithmetic on times are for everybody who may look into the schema.
GRANT SELECT ON citybigdata.status_code, citybigdata.platform
    TO citybigdata_sysadmin, citybigdata_secadmin, citybigdata_auditor, citybigdata_analyst;
GRANT EXECUTE ON FUNCTION citybigdata.library_version(),
    citybigdata.time_point(text), citybigdata.time_range(text), citybigdata.time_range_text(tstzrange),
    citybigdata.in_time(timestamptz, tstzrange), citybigdata.in_time(timestamptz, text)
    TO citybigdata_sysadmin, citybigdata_secadmin, citybigdata_auditor, citybigdata_analyst;

-- System administrators run the platform.
GRANT EXECUTE ON FUNCTION citybigdata.setup(text, text, text), citybigdata.maintain(), citybigdata.restore_problems(),
    citybigdata.master_key_state() TO citybigdata_sysadmin;

-- Words are no secret: whoever calls a function of the extension is told by it what is wrong.
GRANT EXECUTE ON FUNCTION citybigdata.say(text), citybigdata.say(text, "any")
    TO citybigdata_sysadmin, citybigdata_secadmin, citybigdata_auditor, citybigdata_analyst, citybigdata_analyst_personal;
