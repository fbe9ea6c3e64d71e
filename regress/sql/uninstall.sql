-- what the installation changed is gone. The last test: it takes the extension, its data and the database of the tests away.
\set SHOW_CONTEXT never
SELECT count(*) = 0 AS made_by_us FROM public.roles_before \gset
-- not by mistake, not by anybody, not what is somebody else's
SELECT citybigdata.uninstall('110001');
SELECT citybigdata.uninstall(NULL);
SET ROLE citybigdata_sysadmin;
SELECT citybigdata.uninstall('110000');
RESET ROLE;
CREATE TABLE public.depends AS SELECT 1 AS id;
CREATE VIEW public.depending AS SELECT rec_id FROM citybigdata.event;
\set VERBOSITY sqlstate
SELECT citybigdata.uninstall('110000');
\set VERBOSITY default
SELECT count(*) AS still_there FROM pg_extension WHERE extname = 'citybigdata';
SELECT current_database() AS db \gset
ALTER DATABASE :"db" SET citybigdata.time_zone = 'Asia/Shanghai';
ALTER DATABASE :"db" SET session_preload_libraries = auto_explain, citybigdata, "$libdir/pg_prewarm";
ALTER DATABASE :"db" SET work_mem = '5MB';
-- as 0.1.0 left it
REVOKE TEMPORARY ON DATABASE :"db" FROM PUBLIC;
GRANT TEMPORARY ON DATABASE :"db" TO citybigdata_sysadmin;
SET client_min_messages = warning;
DROP VIEW public.depending;
SELECT citybigdata.uninstall('110000', roles => :'made_by_us');
RESET client_min_messages;
SELECT extname FROM pg_extension WHERE extname IN ('citybigdata', 'postgis', 'pgcrypto') ORDER BY 1;
SELECT nspname FROM pg_namespace WHERE nspname = 'citybigdata';
SELECT to_regclass('public.depends') AS own_table;
SELECT setting FROM (SELECT unnest(s.setconfig) AS setting FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase WHERE d.datname = current_database() AND s.setrole = 0) s
WHERE setting ~ '^(citybigdata|session_preload|work_mem)' ORDER BY 1;
SELECT has_database_privilege('public', current_database(), 'TEMP') AS given_back;
-- roles that nobody had before, and nobody uses elsewhere, are gone: those that others use stay with their members
SELECT count(*) AS left_for_nobody FROM pg_roles r WHERE r.rolname ~ '^citybigdata_' AND NOT EXISTS (SELECT FROM public.roles_before b WHERE b.rolname = r.rolname)
    AND NOT EXISTS (SELECT FROM pg_shdepend s WHERE s.refclassid = 'pg_authid'::regclass AND s.refobjid = r.oid);
SELECT count(*) AS lost FROM public.roles_before b WHERE NOT EXISTS (SELECT FROM pg_roles r WHERE r.rolname = b.rolname);
-- nothing of the tests stays behind
\connect postgres
DROP DATABASE :"db";
