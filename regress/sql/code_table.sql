\set SHOW_CONTEXT never
SET search_path = citybigdata, public;
SELECT t.name, count(r.code) AS codes FROM code_table t LEFT JOIN code_table_row r ON r.table_name = t.name GROUP BY t.name ORDER BY t.name;
SELECT code, name FROM code_table_row WHERE table_name = 'event-state' ORDER BY sort;
-- known, unknown; an empty or missing table accepts every value
SELECT code_known('event-state', '1') AS known, code_known('event-state', '2') AS unknown, code_known('event-src', '1') IS NULL AS empty, code_known('no-such', '1') IS NULL AS missing,
       code_known('event-state', '') AS no_code, code_known('', '') IS NULL AS no_table, code_known('event-state', repeat('9', 1000)) AS long, code_known(repeat('x', 1000), '1') IS NULL AS long_table;
SELECT code_name('event-state', '6'), code_name('event-state', '2') IS NULL AS unknown, code_name('media-type', 'IMAGE'), code_name('no-such', '') IS NULL AS none;
-- loading
BEGIN;
SELECT load_code_table('event-src', '[{"code":"1","name":"监督员上报"},{"code":"11","name":"热线","parent":"1","sort":2}]', '2026');
SELECT code_known('event-src', '11') AS known, code_known('event-src', '12') AS unknown, code_name('event-src', '11'), (SELECT version FROM code_table WHERE name = 'event-src');
SELECT load_code_table('event-src', '[{"code":"1","name":"监督员上报"},{"code":"11","name":"热线","parent":"1","sort":2}]', '2026') AS again;
SELECT load_code_table('event-src', '[{"code":"56","name":"视频"}]', replace => false) AS added;
SELECT code, name, parent_code, sort, shipped FROM code_table_row WHERE table_name = 'event-src' ORDER BY code;
SELECT load_code_table('event-src', '[{"code":"56","name":"视频监控"}]') AS replaced;
SELECT code, name FROM code_table_row WHERE table_name = 'event-src';
SELECT load_code_table('site-table', '[{"code":"A","name":"甲"}]', title => 'Of the site', title_zh => '自定');
SELECT * FROM code_table WHERE name IN ('event-src', 'site-table') ORDER BY name;
SELECT load_code_table_file('event-type', 'cjt214_events.tsv', 'CJ/T 214-2007') AS events, load_code_table_file('component-type', 'cjt214_components.tsv', 'CJ/T 214-2007', title => 'Classes of components', title_zh => '部件类型') AS components;
SELECT code_name('event-type', '0102'), code_name('component-type', '0101'), code_name('event-type', '01');
-- a changed shipped code is the site's
SELECT load_code_table('event-state', '[{"code":"1","name":"待办"}]', replace => false);
SELECT name, shipped, (SELECT name FROM code_table_row WHERE table_name = 'event-state' AND code = '3') AS other FROM code_table_row WHERE table_name = 'event-state' AND code = '1';
ROLLBACK;
SELECT code_known('event-src', '11') IS NULL AS empty_again, code_name('event-state', '1');
SELECT load_code_table('Bad Name', '[]');
SELECT load_code_table('event-src', '{"code":"1"}');
SELECT load_code_table('event-src', '[{"code":"1","name":"a"},{"code":"1","name":"b"}]');
SELECT load_code_table('event-src', '[{"code":"1"}]');
SELECT load_code_table('event-src', '[{"code":"2","name":"a","parent":"1"}]');
SELECT load_code_table('event-src', '[{"code":" 2","name":"a"}]');
SELECT load_code_table('event-src', '[null]');
SELECT load_code_table_file('event-src', 'no-such.tsv');
SELECT count(*) AS none_loaded FROM code_table_row WHERE table_name = 'event-src';
