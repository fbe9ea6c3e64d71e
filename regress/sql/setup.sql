-- Installs the extension; every other test runs in this database, set up as the demo platform (Beijing).
CREATE EXTENSION citybigdata CASCADE;
SELECT citybigdata.setup('110000', '北京市城市管理大数据平台', '110000');
SELECT citybigdata.setup('110000', '北京市城市管理大数据平台', '110000'); -- again: no harm
SELECT citybigdata.setup('440300', '深圳', '440300');
SELECT citybigdata.setup('bj!', 'x', '110000');
SELECT extversion = citybigdata.library_version() AS same_version FROM pg_extension WHERE extname = 'citybigdata';
-- What the tests read of reply frames.
\getenv regress PG_ABS_SRCDIR
\set reply_sql :regress '/reply.sql'
\i :reply_sql
-- Tests put many calls into one statement; own_statement.sql tests what this switches off.
ALTER DATABASE regression_citybigdata SET citybigdata.own_statement = off;
-- So they do with views and functions of the superuser that they run as; publisher.sql tests that.
ALTER DATABASE regression_citybigdata SET citybigdata.superuser_code = on;
