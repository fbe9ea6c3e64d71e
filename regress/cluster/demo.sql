-- The demo database: the extension, the platform, its data. Run by database_fill in platform.sh in a fresh database as
-- superuser, with psql variables platform_code and platform_name; what it prints are the lines of demo.env.
\set QUIET on
SET client_min_messages = warning;
\o /dev/null
CREATE EXTENSION citybigdata CASCADE;
SELECT citybigdata.setup(:'platform_code', :'platform_name', :'platform_code');
\o
\echo CBD_APP_CODE=x
