-- Installs the extension; every other test runs in this database, set up as the demo platform (Beijing).
-- The roles that were there before: `make installcheck` leaves them (uninstall.sql).
CREATE TABLE public.roles_before AS SELECT rolname FROM pg_roles WHERE rolname ~ '^citybigdata_';
CREATE TABLE public.rights_before AS SELECT datacl FROM pg_database WHERE datname = current_database();
-- where the key file lies is the server's matter
SET client_min_messages = error;
CREATE EXTENSION citybigdata CASCADE;
SELECT citybigdata.setup('110000', '北京市城市管理大数据平台', '110000');
SELECT citybigdata.setup('110000', '北京市城市管理大数据平台', '110000'); -- again: no harm
-- the database's rights are as they were
SELECT d.datacl IS NOT DISTINCT FROM b.datacl AS rights_unchanged FROM public.rights_before b, pg_database d WHERE d.datname = current_database();
SELECT citybigdata.setup('440300', '深圳', '440300');
SELECT citybigdata.setup('bj!', 'x', '110000');
-- another name or division, and a master key that is missing, are told
BEGIN;
SET LOCAL client_min_messages = notice;
SET LOCAL citybigdata.key_file = 'no-such-file';
SELECT citybigdata.setup('110000', '北京市城市管理大数据平台', '110000');
SELECT citybigdata.setup('110000', '另一个名称', '110100');
SELECT platform_name, division_code, citybigdata.master_key_state() FROM citybigdata.platform;
ROLLBACK;
SET client_min_messages = notice;
SELECT extversion = citybigdata.library_version() AS same_version FROM pg_extension WHERE extname = 'citybigdata';
-- What the tests read of reply frames.
\getenv regress PG_ABS_SRCDIR
\set reply_sql :regress '/reply.sql'
\i :reply_sql
-- Tests put many calls into one statement; own_statement.sql tests what this switches off.
ALTER DATABASE regression_citybigdata SET citybigdata.own_statement = off;
-- So they do with views and functions of the superuser that they run as; publisher.sql tests that.
ALTER DATABASE regression_citybigdata SET citybigdata.superuser_code = on;
