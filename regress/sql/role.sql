-- Least privilege, shown by walking the catalogue and by trying.
\set SHOW_CONTEXT never
\set VERBOSITY terse
-- The bridge: EXECUTE on the endpoint functions and nothing else of ours or of anybody else's.
SELECT p.oid::regprocedure AS function_beyond FROM pg_proc p
WHERE p.pronamespace = 'citybigdata'::regnamespace AND p.proname !~ '^(rest_|say$)' AND has_function_privilege('citybigdata_bridge', p.oid, 'EXECUTE');
SELECT count(*) > 15 AS endpoints, bool_and(has_function_privilege('citybigdata_bridge', p.oid, 'EXECUTE')) AS all_of_them,
       bool_and(p.prosecdef AND pg_get_userbyid(p.proowner) = 'citybigdata_owner') AS as_the_owner
FROM pg_proc p WHERE p.pronamespace = 'citybigdata'::regnamespace AND p.proname ~ '^rest_';
SELECT c.oid::regclass AS relation_beyond FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
  AND NOT EXISTS (SELECT FROM pg_depend d JOIN pg_extension x ON x.oid = d.refobjid
                  WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e' AND x.extname <> 'citybigdata')
  AND has_any_column_privilege('citybigdata_bridge', c.oid, 'SELECT, INSERT, UPDATE, REFERENCES')
  OR (c.relnamespace = 'citybigdata'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
      AND has_table_privilege('citybigdata_bridge', c.oid, 'DELETE, TRUNCATE, TRIGGER'));
SELECT c.oid::regclass AS sequence_beyond FROM pg_class c
WHERE c.relnamespace = 'citybigdata'::regnamespace
  AND CASE WHEN c.relkind = 'S' THEN has_sequence_privilege('citybigdata_bridge', c.oid, 'USAGE, SELECT, UPDATE') END;
SELECT n.nspname AS schema_beyond FROM pg_namespace n WHERE has_schema_privilege('citybigdata_bridge', n.oid, 'CREATE');
SELECT has_database_privilege('citybigdata_bridge', current_database(), 'CREATE') AS may_create;
-- the installation takes nothing from PUBLIC; who wants the bridge without temporary objects takes TEMPORARY himself
SELECT has_database_privilege('public', current_database(), 'TEMP') AS as_it_was, has_database_privilege('citybigdata_bridge', current_database(), 'TEMP') AS bridge;
SELECT current_database() AS db \gset
REVOKE TEMPORARY ON DATABASE :"db" FROM PUBLIC;
SELECT has_database_privilege('citybigdata_bridge', current_database(), 'TEMP') AS bridge;
GRANT TEMPORARY ON DATABASE :"db" TO PUBLIC;
SELECT rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls, rolcanlogin FROM pg_roles WHERE rolname IN ('citybigdata_bridge', 'citybigdata_owner') ORDER BY rolname;
-- None includes another; whom a DBA grants them to is his.
SELECT count(*) AS memberships FROM pg_auth_members m WHERE m.member::regrole::text ~ '^citybigdata_' AND m.roleid::regrole::text ~ '^citybigdata_';
-- Tried, as the bridge.
SET ROLE citybigdata_bridge;
SELECT reply.outcome(citybigdata.rest_ready()) AS endpoint;
SELECT count(*) FROM citybigdata.account;
SELECT key_digest FROM citybigdata.application;
SELECT count(*) FROM citybigdata.access_token;
SELECT count(*) FROM citybigdata.audit_log;
SELECT message FROM citybigdata.status_code;
INSERT INTO citybigdata.audit_log_default (action, status_code, session_role) VALUES ('x', 0, 'x');
UPDATE citybigdata.account SET admin_role = 'secadmin';
DELETE FROM citybigdata.lockout;
SELECT nextval('citybigdata.application_app_id_seq');
SELECT citybigdata.make_administrator('x');
SELECT citybigdata.approve_account(1);
SELECT citybigdata.take_credentials(1);
SELECT citybigdata.check_token('x');
SELECT citybigdata.setup('110000', 'x', '110000');
SELECT citybigdata.audit_make_partition('x', NULL, NULL);
SELECT citybigdata.audit_event('x', 'x', 'x');
SELECT citybigdata.maintain();
CREATE TABLE citybigdata.x (a integer);
CREATE TABLE public.x (a integer);
-- temporary objects with the names of ours and of pg_catalog's take no part in the endpoint functions
CREATE TEMPORARY TABLE platform (platform_code text);
CREATE TEMPORARY TABLE pg_extension (extname name, extversion text);
CREATE FUNCTION pg_temp.lower(text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'a temporary function as %', current_user; END $$;
CREATE FUNCTION pg_temp.differs(text, text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'a temporary operator as %', current_user; END $$;
CREATE OPERATOR pg_temp.= (LEFTARG = text, RIGHTARG = text, FUNCTION = pg_temp.differs);
SELECT reply.outcome(citybigdata.rest_ready()) AS endpoint, reply.status(citybigdata.rest_login_reserve('temporary', '192.0.2.1', NULL, 'none', NULL, 'Nobody.There')) AS login;
DROP TABLE platform, pg_extension;
CREATE FUNCTION citybigdata.rest_x() RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE SCHEMA x;
SET citybigdata.lockout_threshold = 1000;
SET citybigdata.key_file = '/etc/passwd';
SHOW citybigdata.key_file;
SELECT pg_read_file('citybigdata.key');
RESET ROLE;
-- A session of the bridge cannot become anybody else (a superuser's SET ROLE would prove nothing).
SET SESSION AUTHORIZATION citybigdata_bridge;
SET ROLE citybigdata_owner;
SET ROLE citybigdata_sysadmin;
RESET SESSION AUTHORIZATION;
-- Roles of people: who reviews does not run the platform, who runs it does not review, who audits does neither.
SELECT f AS function, string_agg(substr(r, 13), ' ' ORDER BY r) AS may
FROM unnest(ARRAY['approve_account(bigint)', 'approve_access(bigint)', 'revoke_grant(text,text)', 'make_administrator(text,boolean)',
                  'setup(text,text,text)', 'maintain()', 'take_credentials(bigint)', 'unlock(text,text)', 'check_token(text)',
                  'set_admin_role(text,text)', 'reset_password(text)', 'change_password(text,text,text)', 'unlock_account(text)', 'unlock_address(inet)',
                  'suspend_account(text,text)', 'resume_account(text)', 'revoke_account(text,text)', 'expire_account(text,timestamptz)',
                  'suspend_application(text,text)', 'resume_application(text)', 'revoke_application(text,text)', 'expire_application(text,timestamptz)',
                  'suspend_grant(text,text)', 'resume_grant(text,text)', 'expire_grant(text,text,timestamptz)', 'rotate_credentials(text,interval)',
                  'renew_credentials(text)', 'set_limit(text,text,double precision,integer,integer)', 'audit_read(timestamptz,timestamptz,text,text,text)',
                  'audit_export(timestamptz,timestamptz)', 'enrol_totp(text,text,text)', 'rotate_sealing_key()', 'change_grant(text,text,text,text,text)',
                  'audit_event(text,text,text)', 'change_account(text,text[],text,text,text,text)', 'refuse(integer,text)']) AS f
LEFT JOIN unnest(ARRAY['citybigdata_sysadmin', 'citybigdata_secadmin', 'citybigdata_auditor', 'citybigdata_analyst', 'citybigdata_analyst_personal', 'citybigdata_bridge']) AS r
     ON has_function_privilege(r, 'citybigdata.' || f, 'EXECUTE')
GROUP BY f ORDER BY f;
SET ROLE citybigdata_secadmin;
SELECT count(*) >= 0 AS reviews FROM citybigdata.access_request;
SELECT count(user_name) >= 0 AS without_digests FROM citybigdata.account;
SELECT password_digest FROM citybigdata.account;
SELECT signing_secret FROM citybigdata.application;
SELECT citybigdata.maintain();
SET ROLE citybigdata_sysadmin;
SELECT (SELECT count(user_name) FROM citybigdata.account) + (SELECT count(app_code) FROM citybigdata.application) + (SELECT count(*) FROM citybigdata.lockout) >= 0 AS sees_whom_to_stop;
SELECT count(*) FROM citybigdata.access_request;
SELECT citybigdata.approve_account(1);
SELECT citybigdata.setup('110000', '北京市城市管理大数据平台', '110000');
SET ROLE citybigdata_auditor;
SELECT citybigdata.unlock('account', 'x');
SET ROLE citybigdata_analyst;
SELECT count(*) FROM citybigdata.account;
SELECT count(*) FROM citybigdata.sender;
RESET ROLE;
-- Secrets at rest: nobody but the owner reads digests.
SELECT r.rolname, c.relname, a.attname FROM pg_roles r, pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE r.rolname ~ '^citybigdata_' AND r.rolname <> 'citybigdata_owner' AND c.relnamespace = 'citybigdata'::regnamespace AND c.relkind = 'r'
  AND a.attname IN ('password_digest', 'former_digests', 'key_digest', 'signing_secret', 'previous_key_digest', 'previous_signing_secret', 'code_digest', 'token_digest')
  AND has_column_privilege(r.oid, c.oid, a.attnum, 'SELECT, INSERT, UPDATE');
-- Personal data of events, units and grids: what each role reads, column by column; the table itself (SELECT *) only who may read all of it.
SELECT c.relname, substr(r.rolname, 13) AS role, string_agg(a.attname, ' ' ORDER BY a.attnum) AS hidden
FROM pg_roles r CROSS JOIN pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE r.rolname IN ('citybigdata_analyst', 'citybigdata_analyst_personal') AND c.oid IN ('citybigdata.event'::regclass, 'citybigdata.event_media'::regclass, 'citybigdata.event_step'::regclass,
    'citybigdata.unit'::regclass, 'citybigdata.duty_grid'::regclass)
  AND NOT has_column_privilege(r.oid, c.oid, a.attnum, 'SELECT')
GROUP BY 1, 2 ORDER BY 1, 2;
SELECT r.rolname, c.relname, a.attname FROM pg_roles r CROSS JOIN pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
WHERE r.rolname ~ '^citybigdata_' AND r.rolname NOT IN ('citybigdata_owner', 'citybigdata_analyst', 'citybigdata_analyst_personal')
  AND c.relname IN ('event', 'event_media', 'event_step', 'event_masked') AND c.relnamespace = 'citybigdata'::regnamespace AND has_column_privilege(r.oid, c.oid, a.attnum, 'SELECT');
BEGIN;
SELECT status_code FROM citybigdata.report_event('role-1', jsonb_build_object('eventDesc', '井盖破损', 'otherTaskNum', 'P-1', 'address', '北京市东城区东华门大街1号',
    'coordinateX', 448400.5, 'coordinateY', 4418600.25, 'eventSrcID', 1, 'recTypeID', 1, 'eventLevelID', 1, 'eventTypeCode', '6', 'createTime', '20240131083000',
    'humanName', '张三', 'cellphone', '13800138000')::json);
SET ROLE citybigdata_analyst;
SELECT event_desc, address, district_code, state FROM citybigdata.event WHERE sender_code = 'role-1';
SELECT event_desc, address, round(coordinate_x) AS x, district_code, human_name, cellphone, geom IS NOT NULL AS placed FROM citybigdata.event_masked WHERE sender_code = 'role-1';
SELECT count(*) FROM (SELECT * FROM citybigdata.event_masked) e WHERE e.cellphone = '13800138000';
SAVEPOINT s;
SELECT * FROM citybigdata.event;
ROLLBACK TO s;
SELECT 1 FROM citybigdata.event WHERE cellphone = '13800138000';
ROLLBACK TO s;
SELECT to_jsonb(e) FROM citybigdata.event e;
ROLLBACK TO s;
COPY citybigdata.event TO STDOUT;
ROLLBACK TO s;
SELECT content FROM citybigdata.event_media;
ROLLBACK TO s;
SELECT note FROM citybigdata.event_step;
ROLLBACK TO s;
SET ROLE citybigdata_analyst_personal;
SELECT human_name, cellphone FROM citybigdata.event WHERE sender_code = 'role-1';
SELECT event_desc, address, human_name, cellphone FROM citybigdata.event_masked WHERE sender_code = 'role-1';
RESET ROLE;
-- a level that the security administrator changes is that of the view too; level 4 is for nobody
SELECT citybigdata.set_event_level('address', 1, 'address'), citybigdata.set_event_level('coordinateX', 3), citybigdata.set_event_level('eventDesc', 4, 'all');
SET ROLE citybigdata_analyst;
SELECT event_desc, address, coordinate_x, coordinate_y IS NOT NULL AS y, geom FROM citybigdata.event_masked WHERE sender_code = 'role-1';
SET ROLE citybigdata_analyst_personal;
SELECT event_desc, coordinate_x IS NOT NULL AS x FROM citybigdata.event_masked WHERE sender_code = 'role-1';
ROLLBACK;
-- A resource of an analyst over events: as its owner, who has no right to the hidden columns either.
CREATE SCHEMA role_events;
CREATE ROLE role_analyst IN ROLE citybigdata_analyst;
GRANT USAGE, CREATE ON SCHEMA role_events TO role_analyst;
SET ROLE role_analyst;
CREATE VIEW role_events.named AS SELECT rec_id, human_name FROM citybigdata.event;
CREATE VIEW role_events.masked AS SELECT rec_id, human_name, cellphone FROM citybigdata.event_masked;
SELECT citybigdata.publish('role_events.named', '{"code": "role-named", "keyset": ["rec_id"]}');
SELECT citybigdata.publish('role_events.masked', '{"code": "role-masked", "keyset": ["rec_id"]}');
SELECT citybigdata.query('role-named', '{}');
SELECT citybigdata.query('role-masked', '{}') IS NOT NULL AS masked;
RESET ROLE;
SELECT citybigdata.unpublish(resource_code) FROM citybigdata.resource_version WHERE resource_code ~ '^role-' AND state = 'current';
DROP SCHEMA role_events CASCADE;
DROP ROLE role_analyst;
-- The server's log: bind values of the bridge stay out of it.
SELECT s AS setting FROM pg_db_role_setting JOIN pg_roles ON pg_roles.oid = setrole, unnest(setconfig) s
WHERE rolname = 'citybigdata_bridge' AND setdatabase = 0 AND s ~ '^log_' ORDER BY 1;
