-- Ownership and grants, all of them, with the reasons.

-- Nothing is for PUBLIC: every function is granted by name below.
REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA citybigdata FROM PUBLIC;

-- Tables, sequences and SECURITY DEFINER functions belong to a role that is no superuser.
DO $$
DECLARE
    object record;
BEGIN
    FOR object IN
        SELECT c.oid::regclass AS name FROM pg_catalog.pg_class c
        WHERE c.relnamespace = 'citybigdata'::regnamespace AND c.relkind IN ('r', 'p', 'v')
    LOOP
        EXECUTE pg_catalog.format('ALTER TABLE %s OWNER TO citybigdata_owner', object.name);
    END LOOP;
    FOR object IN
        SELECT c.oid::regclass AS name FROM pg_catalog.pg_class c
        WHERE c.relnamespace = 'citybigdata'::regnamespace AND c.relkind = 'S'
          AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.objid = c.oid AND d.deptype IN ('a', 'i'))
    LOOP
        EXECUTE pg_catalog.format('ALTER SEQUENCE %s OWNER TO citybigdata_owner', object.name);
    END LOOP;
    FOR object IN
        SELECT p.oid::regprocedure AS name, p.proname FROM pg_catalog.pg_proc p
        WHERE p.pronamespace = 'citybigdata'::regnamespace AND p.prosecdef
    LOOP
        EXECUTE pg_catalog.format('ALTER FUNCTION %s OWNER TO citybigdata_owner', object.name);
        -- the bridge may execute the endpoint functions and do nothing else
        IF pg_catalog.starts_with(object.proname, 'rest_') THEN
            EXECUTE pg_catalog.format('GRANT EXECUTE ON FUNCTION %s TO citybigdata_bridge', object.name);
        END IF;
    END LOOP;
END
$$;

-- The owner makes audit partitions in the schema, and calls the chapters' inner functions.
GRANT USAGE, CREATE ON SCHEMA citybigdata TO citybigdata_owner;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA citybigdata TO citybigdata_owner;
GRANT USAGE ON SCHEMA citybigdata
    TO citybigdata_sysadmin, citybigdata_secadmin, citybigdata_auditor, citybigdata_analyst, citybigdata_bridge;

-- Reference data is for everybody who may look into the schema.
GRANT SELECT ON citybigdata.status_code, citybigdata.platform
    TO citybigdata_sysadmin, citybigdata_secadmin, citybigdata_auditor, citybigdata_analyst;
GRANT EXECUTE ON FUNCTION citybigdata.library_version()
    TO citybigdata_sysadmin, citybigdata_secadmin, citybigdata_auditor, citybigdata_analyst;

-- Analysts read events and may check one; storing one is the system administrator's (imports, repairs), who answers for the sender.
GRANT SELECT ON citybigdata.event, citybigdata.event_media, citybigdata.event_step TO citybigdata_analyst;
GRANT EXECUTE ON FUNCTION citybigdata.validate_event(json, text), citybigdata.validate_event(text, text),
    citybigdata.validate_event(jsonb, text) TO citybigdata_analyst, citybigdata_sysadmin;
GRANT EXECUTE ON FUNCTION citybigdata.report_event(text, json, text), citybigdata.report_event(text, text, text),
    citybigdata.report_event(text, jsonb, text), citybigdata.report_events(text, json[], text),
    citybigdata.report_events(text, text[], text) TO citybigdata_sysadmin;

-- System administrators run the platform.
GRANT EXECUTE ON FUNCTION citybigdata.setup(text, text, text) TO citybigdata_sysadmin;

-- Time, coordinates and reference data: arithmetic and public knowledge, for everybody who may look into the schema.
GRANT EXECUTE ON FUNCTION citybigdata.time_point(text), citybigdata.time_range(text), citybigdata.time_range_text(tstzrange),
    citybigdata.wgs84_to_gcj02(geometry), citybigdata.gcj02_to_wgs84(geometry),
    citybigdata.gcj02_to_bd09(geometry), citybigdata.bd09_to_gcj02(geometry),
    citybigdata.plane_to_lonlat(double precision, double precision), citybigdata.plane_to_lonlat(geometry),
    citybigdata.lonlat_to_plane(geometry),
    citybigdata.metres_between(double precision, double precision, double precision, double precision),
    citybigdata.division_find(text), citybigdata.division_at(double precision, double precision),
    citybigdata.division_at(double precision, double precision, double precision), citybigdata.division_at(geometry),
    citybigdata.division_distance(text, double precision, double precision),
    citybigdata.area_distance(double precision, double precision),
    citybigdata.code_known(text, text), citybigdata.code_name(text, text)
    TO citybigdata_sysadmin, citybigdata_secadmin, citybigdata_auditor, citybigdata_analyst;

-- Masking and signing compute on their arguments alone.
GRANT EXECUTE ON FUNCTION citybigdata.mask_phone(text), citybigdata.mask_name(text), citybigdata.mask_address(text),
      citybigdata.mask_id_number(text), citybigdata.mask_keep(text, integer, integer),
      citybigdata.mask_value(text, text, integer, integer),
      citybigdata.canonical_request(text, text, text, bytea, bigint, text, text),
      citybigdata.sign_request(text, text, text, text, bytea, bigint, text, text),
      citybigdata.artemis_string(text, text, text, text, text[], text),
      citybigdata.sign_artemis(text, text, text, text, text, text[], text)
    TO citybigdata_sysadmin, citybigdata_secadmin, citybigdata_analyst;

-- Divisions, boundaries and codes are public knowledge; they are loaded by the functions of 55-load.sql.
GRANT SELECT ON citybigdata.division, citybigdata.division_boundary, citybigdata.code_table, citybigdata.code_table_row
    TO citybigdata_sysadmin, citybigdata_secadmin, citybigdata_auditor, citybigdata_analyst;
GRANT EXECUTE ON FUNCTION citybigdata.data_file(text), citybigdata.data_rows(text),
    citybigdata.load_divisions(jsonb, boolean), citybigdata.load_divisions_file(text, boolean),
    citybigdata.load_boundaries(jsonb, text, text), citybigdata.load_boundaries_file(text, text, text),
    citybigdata.load_code_table(text, jsonb, text, boolean, text, text),
    citybigdata.load_code_table_file(text, text, text, boolean, text, text)
    TO citybigdata_sysadmin;

-- Temporary objects: the bridge needs none, so PUBLIC loses what every database gives it; people who work in SQL keep it.
DO $$
BEGIN
    EXECUTE pg_catalog.format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', pg_catalog.current_database());
    EXECUTE pg_catalog.format('GRANT TEMPORARY ON DATABASE %I TO citybigdata_sysadmin, citybigdata_secadmin, citybigdata_auditor, '
                              'citybigdata_analyst', pg_catalog.current_database());
END
$$;

-- System administrators run the platform and act for an account that asks them to; they decide on no access.
-- They hold what identifies users (GB/T 22239): accounts and passwords, not what these may do. Stopping somebody is either's.
GRANT EXECUTE ON FUNCTION citybigdata.maintain(), citybigdata.unlock(text, text), citybigdata.unlock_account(text), citybigdata.unlock_address(inet),
    citybigdata.reset_password(text), citybigdata.change_password(text, text, text), citybigdata.rotate_credentials(text, interval),
    citybigdata.suspend_account(text, text), citybigdata.suspend_application(text, text), citybigdata.suspend_grant(text, text),
    citybigdata.register_account(text, text, text, text, text),
    citybigdata.request_access(text, text[], text[], text, text[], text[], text, integer, timestamptz, text[], text),
    citybigdata.take_credentials(bigint),
    citybigdata.issue_auth_code(text, text, text, text, text, inet), citybigdata.exchange_auth_code(text, text),
    citybigdata.check_token(text), citybigdata.revoke_token(text)
    TO citybigdata_sysadmin;

-- Security administrators decide who may what, and read what they decide on: never a digest or a secret.
GRANT EXECUTE ON FUNCTION citybigdata.approve_account(bigint), citybigdata.reject_account(bigint, text),
    citybigdata.make_administrator(text, boolean), citybigdata.set_admin_role(text, text),
    citybigdata.revoke_account(text, text), citybigdata.expire_account(text, timestamptz),
    citybigdata.revoke_application(text, text), citybigdata.expire_application(text, timestamptz),
    citybigdata.grant_access(text, text, integer, timestamptz),
    citybigdata.suspend_grant(text, text), citybigdata.resume_grant(text, text), citybigdata.expire_grant(text, text, timestamptz),
    citybigdata.unlock_account(text), citybigdata.unlock_address(inet),
    citybigdata.suspend_account(text, text), citybigdata.resume_account(text),
    citybigdata.approve_access(bigint), citybigdata.reject_access(bigint, text), citybigdata.renew_credentials(text),
    citybigdata.suspend_application(text, text), citybigdata.resume_application(text), citybigdata.revoke_grant(text, text),
    citybigdata.revoke_token(text), citybigdata.revoke_consent(text), citybigdata.unlock(text, text)
    TO citybigdata_secadmin;
GRANT SELECT ON citybigdata.access_request TO citybigdata_secadmin;
-- Who is there and what was granted both must see, the system administrator to stop and to unlock; as over HTTPS.
GRANT SELECT ON citybigdata.sender, citybigdata.app_grant, citybigdata.lockout TO citybigdata_sysadmin, citybigdata_secadmin;
GRANT SELECT (account_id, user_name, organization, contact_name, mobile, state, admin_role, valid_until, password_changed_at, password_temporary, created_at, reviewed_at, reviewed_by, review_note)
    ON citybigdata.account TO citybigdata_sysadmin, citybigdata_secadmin;
GRANT SELECT (app_id, app_code, account_id, methods, ip_ranges, profile, level, valid_until, redirect_uris, client_type, state, created_at,
              credentials_taken_at, rotation_overlap, previous_valid_until)
    ON citybigdata.application TO citybigdata_sysadmin, citybigdata_secadmin;
-- At what level the fields of a case are shown is a decision of the same kind; what it is, everybody may know.
GRANT EXECUTE ON FUNCTION citybigdata.set_event_level(text, integer, text) TO citybigdata_secadmin;
GRANT SELECT ON citybigdata.event_field TO citybigdata_sysadmin, citybigdata_secadmin, citybigdata_auditor, citybigdata_analyst;
GRANT SELECT ON citybigdata.resource TO citybigdata_sysadmin, citybigdata_secadmin, citybigdata_auditor, citybigdata_analyst;
GRANT EXECUTE ON FUNCTION citybigdata.app_code_parts(text)
    TO citybigdata_sysadmin, citybigdata_secadmin, citybigdata_auditor, citybigdata_analyst;

GRANT EXECUTE ON FUNCTION citybigdata.totp_code(text, timestamptz, text) TO citybigdata_sysadmin, citybigdata_secadmin, citybigdata_analyst;

-- Security administrators grant and take access: sealed addresses, their keys, second factors.
GRANT EXECUTE ON FUNCTION citybigdata.seal_url(text, text, jsonb, interval, cidr, integer), citybigdata.open_url(text, inet),
      citybigdata.media_url(text, integer, integer, interval, cidr), citybigdata.rotate_sealing_key(), citybigdata.revoke_sealing_key(integer),
      citybigdata.enrol_totp(text, text, text), citybigdata.remove_totp(text)
    TO citybigdata_secadmin;
-- How much a grant carries is no question of who may what: whoever runs the platform must be able to protect it.
GRANT EXECUTE ON FUNCTION citybigdata.set_limit(text, text, double precision, integer, integer) TO citybigdata_sysadmin, citybigdata_secadmin;
-- Housekeeping is the system administrator's.
GRANT EXECUTE ON FUNCTION citybigdata.expire_nonces(integer), citybigdata.expire_sealed_uses(integer) TO citybigdata_sysadmin;

-- The auditor reads and checks the audit log; sealing is housekeeping, and whoever seals cannot change what is sealed.
GRANT EXECUTE ON FUNCTION citybigdata.audit_verify(bigint, text), citybigdata.audit_head(),
      citybigdata.audit_read(timestamptz, timestamptz, text, text, text), citybigdata.audit_export(timestamptz, timestamptz)
    TO citybigdata_auditor;
GRANT EXECUTE ON FUNCTION citybigdata.audit_seal(integer) TO citybigdata_sysadmin, citybigdata_auditor;
REVOKE UPDATE, DELETE, TRUNCATE ON citybigdata.audit_seal_block FROM citybigdata_owner;
