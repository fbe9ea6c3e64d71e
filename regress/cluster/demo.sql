-- The demo database: the extension, the platform, its data. Run by database_fill in platform.sh in a fresh database as
-- superuser, with psql variables platform_code and platform_name; what it prints are the lines of demo.env.
\set QUIET on
SET client_min_messages = warning;
\o /dev/null
CREATE EXTENSION citybigdata CASCADE;
SELECT citybigdata.setup(:'platform_code', :'platform_name', :'platform_code');
-- Beijing's streets, communities and districts; the dictionaries of a site
SELECT citybigdata.load_divisions_file('beijing_streets.tsv');
SELECT citybigdata.load_divisions_file('beijing_communities.tsv');
SELECT citybigdata.load_boundaries_file('beijing_districts.geojson', 'echarts 4.9.0');
SELECT citybigdata.load_code_table('event-src', '[{"code":"1","name":"来源1(示例)"},{"code":"11","name":"来源11(示例)"},{"code":"56","name":"来源56(示例)"},{"code":"3004","name":"来源3004(示例)"}]', 'demo');
SELECT citybigdata.load_code_table('rec-type', '[{"code":"1","name":"类型1(示例)"},{"code":"1305","name":"类型1305(示例)"}]', 'demo');
SELECT citybigdata.load_code_table('event-level', '[{"code":"1","name":"级别1(示例)"},{"code":"2","name":"级别2(示例)"}]', 'demo');
SELECT citybigdata.load_code_table_file('event-type', 'cjt214_events.tsv', 'CJ/T 214-2007 and demo');
SELECT citybigdata.load_code_table('event-type', '[{"code":"6","name":"大类6(示例)"},{"code":"602","name":"小类602(示例)","parent":"6"},{"code":"60201","name":"细类60201(示例)","parent":"602"}]', replace => false);
SELECT citybigdata.load_code_table_file('component-type', 'cjt214_components.tsv', 'CJ/T 214-2007', title => 'Classes of components', title_zh => '部件类型');
\o
\echo CBD_APP_CODE=x
