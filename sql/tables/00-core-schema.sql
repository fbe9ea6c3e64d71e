-- What everything else stands on: the encoding, the schema, the roles.

-- Characters are UCS (clause 5.2): in a database of another encoding length() would count bytes and \u escapes fail.
DO $$
BEGIN
    IF pg_catalog.getdatabaseencoding() OPERATOR(pg_catalog.<>) 'UTF8' THEN
        RAISE EXCEPTION 'citybigdata needs a database with encoding UTF8, this one has %', pg_catalog.getdatabaseencoding()
            USING ERRCODE = 'feature_not_supported', HINT = 'createdb -T template0 -E UTF8 --locale=C.UTF-8 citybigdata';
    END IF;
END
$$;

-- The schema belongs to the extension: a planted one of that name stops the installation.
CREATE SCHEMA citybigdata;

-- Roles, made only where missing (they are shared by all databases of a cluster); none includes another.
DO $$
DECLARE
    wanted text;
BEGIN
    FOREACH wanted IN ARRAY ARRAY['citybigdata_owner', 'citybigdata_sysadmin', 'citybigdata_secadmin',
                                  'citybigdata_auditor', 'citybigdata_analyst', 'citybigdata_analyst_personal', 'citybigdata_bridge']
    LOOP
        IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = wanted) THEN
            EXECUTE pg_catalog.format('CREATE ROLE %I NOLOGIN', wanted);
            -- the bridge logs in by itself; how (peer, certificate, SCRAM) is the DBA's pg_hba.conf
            IF wanted = 'citybigdata_bridge' THEN
                ALTER ROLE citybigdata_bridge LOGIN;
                -- bind values carry digests and passwords: none may reach the server's log
                ALTER ROLE citybigdata_bridge SET log_parameter_max_length = 0;
                ALTER ROLE citybigdata_bridge SET log_parameter_max_length_on_error = 0;
                -- a redemption that waited for another one must see what that did, not fail
                ALTER ROLE citybigdata_bridge SET default_transaction_isolation = 'read committed';
            END IF;
        END IF;
    END LOOP;
END
$$;
