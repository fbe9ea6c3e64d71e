-- Taking the platform out of a database, and its roles out of the cluster; granted to nobody.

CREATE OR REPLACE FUNCTION citybigdata.uninstall(platform_code text, dependents boolean DEFAULT false, roles boolean DEFAULT true) RETURNS void
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    known    text := (SELECT p.platform_code FROM citybigdata.platform p);
    ours     text[] := ARRAY['citybigdata_owner', 'citybigdata_sysadmin', 'citybigdata_secadmin', 'citybigdata_auditor', 'citybigdata_analyst',
                             'citybigdata_analyst_personal', 'citybigdata_bridge', 'citybigdata_publisher', 'citybigdata_algorithm'];
    -- 0.1.0 took temporary objects from PUBLIC and gave them to its roles
    took     boolean := EXISTS (SELECT FROM pg_database d, aclexplode(d.datacl) a WHERE d.datname = current_database() AND a.privilege_type = 'TEMPORARY'
                                AND a.grantee IN (SELECT r.oid FROM pg_roles r WHERE r.rolname = 'citybigdata_sysadmin'));
    everyone boolean := EXISTS (SELECT FROM pg_database d, aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
                                WHERE d.datname = current_database() AND a.privilege_type = 'TEMPORARY' AND a.grantee = 0);
    -- said while the functions are there
    given    text := citybigdata.say('PUBLIC may make temporary objects in database "{database}" again', 'database', current_database());
    owns     text := citybigdata.say('role "{role}" stays: it owns objects of this database', 'role', '%1$s');
    used     text := citybigdata.say('role "{role}" stays: it is used in {where}', 'role', '%1$s', 'where', '%2$s');
    cluster  text := citybigdata.say('the cluster');
    removed  text := citybigdata.say('the platform is removed from database "{database}"; PostGIS, pgcrypto and the key file stay', 'database', current_database());
    setting  record;
    preload  text;
    role     text;
    users    text;
BEGIN
    IF NOT (SELECT r.rolsuper FROM pg_roles r WHERE r.rolname = current_user) THEN
        RAISE EXCEPTION USING MESSAGE = citybigdata.say('only a superuser may uninstall the platform'), ERRCODE = 'insufficient_privilege';
    END IF;
    IF platform_code IS DISTINCT FROM known THEN
        RAISE EXCEPTION USING MESSAGE = citybigdata.say('this is not the platform {code}', 'code', coalesce(platform_code, 'null')), ERRCODE = 'invalid_parameter_value',
            HINT = citybigdata.say('Every event and the audit log are deleted. Dump first, then: SELECT citybigdata.uninstall({code})', 'code', coalesce(quote_literal(known), 'NULL'));
    END IF;
    -- made by setup(), so no part of the extension
    DROP TABLE IF EXISTS citybigdata.audit_log;
    DROP SEQUENCE IF EXISTS citybigdata.audit_log_audit_id_seq;
    IF dependents THEN
        DROP EXTENSION citybigdata CASCADE;
    ELSE
        DROP EXTENSION citybigdata;
    END IF;
    FOR setting IN
        SELECT s.setrole, r.rolname, split_part(c, '=', 1) AS name, substr(c, strpos(c, '=') + 1) AS value
        FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase AND d.datname = current_database() LEFT JOIN pg_roles r ON r.oid = s.setrole, unnest(s.setconfig) c
    LOOP
        IF starts_with(setting.name, 'citybigdata.') THEN
            preload := NULL;
        ELSIF setting.name = 'session_preload_libraries' AND setting.value ~ '\mcitybigdata\M' THEN
            SELECT string_agg(quote_ident(btrim(l, ' "')), ', ' ORDER BY n) INTO preload FROM regexp_split_to_table(setting.value, ',') WITH ORDINALITY t (l, n) WHERE btrim(l, ' "') <> 'citybigdata';
        ELSE
            CONTINUE;
        END IF;
        EXECUTE format(CASE WHEN setting.setrole = 0 THEN 'ALTER DATABASE %1$I %3$s' ELSE 'ALTER ROLE %2$I IN DATABASE %1$I %3$s' END, current_database(), setting.rolname,
                       CASE WHEN preload IS NULL THEN format('RESET %s', setting.name) ELSE format('SET session_preload_libraries = %s', preload) END);
    END LOOP;
    IF took AND NOT everyone THEN
        EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO PUBLIC', current_database());
        RAISE NOTICE USING MESSAGE = given;
    END IF;
    FOREACH role IN ARRAY ours
    LOOP
        CONTINUE WHEN NOT roles OR NOT EXISTS (SELECT FROM pg_roles r WHERE r.rolname = role);
        -- what it owns here is somebody's own; what other databases give it, theirs
        IF EXISTS (SELECT FROM pg_shdepend s JOIN pg_database d ON d.datname = current_database() AND s.dbid IN (0, d.oid)
                   WHERE s.refclassid = 'pg_authid'::regclass AND s.refobjid = role::regrole AND s.deptype = 'o') THEN
            RAISE NOTICE USING MESSAGE = format(owns, role);
            CONTINUE;
        END IF;
        EXECUTE format('DROP OWNED BY %I', role);
        SELECT string_agg(DISTINCT coalesce(quote_ident(d.datname), cluster), ', ') INTO users
        FROM pg_shdepend s LEFT JOIN pg_database d ON d.oid = s.dbid WHERE s.refclassid = 'pg_authid'::regclass AND s.refobjid = role::regrole;
        IF users IS NOT NULL THEN
            RAISE NOTICE USING MESSAGE = format(used, role, users);
        ELSE
            EXECUTE format('DROP ROLE %I', role);
        END IF;
    END LOOP;
    RAISE NOTICE USING MESSAGE = removed;
END
$$;
COMMENT ON FUNCTION citybigdata.uninstall(text, boolean, boolean) IS
'Removes the platform from this database with all its data: DROP EXTENSION, the audit log, the settings citybigdata.* of the database, what the installation granted, and the roles that no other database uses (roles => false keeps them). '
'platform_code must be the platform''s own (null before setup()). Refused where other objects depend on it, unless dependents => true, which drops them too. For superusers';
