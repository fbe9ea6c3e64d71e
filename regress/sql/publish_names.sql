-- Chinese tables: names proposed all at once or taken, titles kept as headings, the columns of time, division and place recognised.
\pset format unaligned
\pset tuples_only on
SET client_min_messages = warning;
DROP SCHEMA IF EXISTS li CASCADE; CREATE SCHEMA li;
CREATE TABLE li.树木 (编号 integer PRIMARY KEY, 树种 varchar(40), 栽植时间 timestamptz, 区划代码 varchar(6), 经度 numeric(9, 6), 纬度 numeric(9, 6), 电话 text, "DBH(cm)" double precision, "1号" text, 编号2 bigint);
INSERT INTO li.树木 VALUES (1, '国槐', '2020-03-12 10:00+08', '110101', 116.39, 39.9, '13800138000', 31.5, 'a', 9007199254740993), (2, '银杏', '2021-03-12 10:00+08', '110102', 116.36, 39.91, '13900139000', 12, 'b', 2),
    (3, '=毛白杨', NULL, '110101', NULL, NULL, NULL, NULL, NULL, NULL);
CREATE FUNCTION li.attempt(relation text, options jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE d text; h text;
BEGIN
    PERFORM citybigdata.publish(relation, options);
    RETURN 'published';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS d = PG_EXCEPTION_DETAIL, h = PG_EXCEPTION_HINT;
    RETURN format(E'%s %s\n%s\n%s', SQLSTATE, SQLERRM, d, h);
END $$;
SELECT citybigdata.latin_text('栽植时间'), citybigdata.latin_text('ＧＰＳ 编号，Größe'), citybigdata.latin_text(''), citybigdata.latin_text('北京市2024年'), citybigdata.latin_text(repeat('长', 300)) = rtrim(repeat('zhang ', 85)) OR length(citybigdata.latin_text(repeat('长', 300))) > 300;
-- everything at once, to be pasted; the given options are in it
SELECT li.attempt('li.树木', '{}');
SELECT li.attempt('li.树木', '{"code": "trees", "level": 1, "fields": {"树种": {"name": "species", "titleZh": "树的种类"}, "编号": {"name": "编号"}}}');
-- what the hint says works as it is printed
DO $$
DECLARE h text;
BEGIN
    PERFORM citybigdata.publish('li.树木');
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS h = PG_EXCEPTION_HINT;
    EXECUTE substring(h FROM '^.*?\);(?= or )');
END $$;
SELECT f.column_name, f.name, f.title, f.title_zh, f.level, f.code_table FROM citybigdata.resource_field f WHERE f.resource_code = 'shu-mu' AND f.version = 1 ORDER BY f.position;
SELECT v.time_column, v.division_column, v.division_digits, v.geometry_column, v.latitude_column, v.srid FROM citybigdata.resource_version v WHERE v.resource_code = 'shu-mu';
SELECT citybigdata.unpublish('shu-mu');
-- taken at once
SELECT p.code, p.version, a.text FROM citybigdata.publish('li.树木', '{"names": "pinyin", "titleZh": "树木"}') p, unnest(p.advice) WITH ORDINALITY a (text, n) ORDER BY n;
SELECT string_agg(f.name, ' ' ORDER BY f.position) FROM citybigdata.resource_field f WHERE f.resource_code = 'shu-mu' AND f.version = 2;
SELECT code FROM citybigdata.publish('li.树木', '{"code": "trees-n", "names": "number"}');
SELECT string_agg(f.name, ' ' ORDER BY f.position) FROM citybigdata.resource_field f WHERE f.resource_code = 'trees-n';
SELECT li.attempt('li.树木', '{"names": "pinyin", "fields": {"树种": {"name": "Species"}}}'), li.attempt('li.树木', '{"code": "Bad Code", "names": "pinyin"}');
-- two that sound alike, a name that is too long, one that begins with xml, one without letters, reserved ones
CREATE TABLE li.names (id integer PRIMARY KEY, 市 text, 式 text, shi text, "xml码" text, "…" text, 一二三四五六七八九十一二三四五六七八九十 text);
SELECT code FROM citybigdata.publish('li.names', '{"code": "names", "names": "pinyin"}');
SELECT f.column_name, f.name FROM citybigdata.resource_field f WHERE f.resource_code = 'names' ORDER BY f.position;
-- the place of two columns: values, bbox, crs, GeoJSON, order, filters
SELECT citybigdata.query_text('shu-mu', '{"format": "geojson", "fields": "bianHao"}');
SELECT citybigdata.query('shu-mu', '{"bbox": "116.38,39.8,116.4,40", "fields": "bianHao,longitude"}'), citybigdata.query('shu-mu', '{"crs": "EPSG:4548", "fields": "bianHao,place", "place.isNull": true}') -> 'items';
SELECT citybigdata.query('shu-mu', '{"crs": "GCJ02", "fields": "place", "bianHao": 1}') -> 'items', citybigdata.query('shu-mu', '{"divisionCode": "110101", "timeRange": "[20200101000000,20210101000000)", "fields": "bianHao"}') -> 'items';
-- its index
SELECT a.text FROM citybigdata.publish('li.树木', '{"names": "pinyin", "longitudeColumn": "经度", "latitudeColumn": "纬度", "fields": {"经度": {"name": "location"}, "纬度": {"level": 2}, "电话": {"level": 2, "mask": "phone"}}}') p, unnest(p.advice) a (text) WHERE a.text LIKE '%gist%' \gset
\echo :text
:text
SELECT count(*) FROM citybigdata.catalogue_problems() p WHERE p.code = 'shu-mu' AND p.remedy LIKE '%gist%';
SELECT f.level FROM citybigdata.resource_field f WHERE f.resource_code = 'shu-mu' AND f.name = 'location' ORDER BY f.version DESC LIMIT 1;
INSERT INTO li.树木 (编号, 经度, 纬度) SELECT 100 + i, 116 + i / 20000.0, 39.5 + i / 20000.0 FROM generate_series(1, 10000) i; ANALYZE li.树木;
SET citybigdata.own_statement = off;
SELECT citybigdata.query('shu-mu', '{"bbox": "116.2,39.5,116.2005,40", "fields": "bianHao"}') -> 'items';
EXPLAIN (COSTS OFF) SELECT r.编号 FROM li.树木 r WHERE public.st_setsrid(public.st_makepoint(r.经度::double precision, r.纬度::double precision), 4490) OPERATOR(public.&&) public.st_makeenvelope(116.2, 39.5, 116.2005, 40, 4490);
-- a latitude that is lowered by leaving it to the place waits for the security administrator
SELECT left(p.advice[1], 60) FROM citybigdata.publish('li.树木', '{"names": "pinyin"}') p;
DELETE FROM li.树木 WHERE 编号 > 100;
-- refused
SELECT o, li.attempt('li.树木', '{"code": "t-r", "names": "pinyin"}'::jsonb || o) FROM unnest(ARRAY['{"longitudeColumn": "经度"}', '{"longitudeColumn": "树种", "latitudeColumn": "纬度"}', '{"longitudeColumn": "经度", "latitudeColumn": "no"}',
    '{"longitudeColumn": "经度", "latitudeColumn": "经度"}', '{"longitudeColumn": "经度", "latitudeColumn": "纬度", "srid": 4548}', '{"fields": {"纬度": {"name": "wei"}}}', '{"fields": {"经度": {"mask": "all"}}}',
    '{"longitudeColumn": "经度", "latitudeColumn": "纬度", "geometryColumn": "经度"}']::jsonb[]) o;
-- left as numbers
SELECT code FROM citybigdata.publish('li.树木', '{"code": "trees-plain", "names": "pinyin", "geometryColumn": null}');
SELECT citybigdata.query('trees-plain', '{"bianHao": 1, "fields": "jingDu,weiDu"}') -> 'items';
-- the column goes away: the interface stops, and says why
ALTER TABLE li.树木 RENAME 纬度 TO 纬度_旧;
SELECT p.problem, p.subject FROM citybigdata.catalogue_problems() p WHERE p.code = 'shu-mu' AND p.severity = 'error' AND p.subject = '纬度';
SELECT citybigdata.query('shu-mu');
ALTER TABLE li.树木 RENAME 纬度_旧 TO 纬度;
-- headings
SELECT citybigdata.query_text('shu-mu', '{"format": "csv", "headings": "title", "lang": "zh", "expandCodes": true, "pageSize": 1}');
SELECT citybigdata.query_text('shu-mu', '{"format": "csv", "headings": "title", "fields": "bianHao,location", "bom": true, "pageSize": 1}'), citybigdata.query_text('shu-mu', '{"format": "csv", "headings": "title", "lang": "zh", "crs": "EPSG:4548", "fields": "location", "pageSize": 1}');
SELECT citybigdata.query_text('shu-mu', '{"format": "geojson", "headings": "title", "lang": "zh", "fields": "shuZhong,quHuaDaiMa", "expandCodes": true, "bianHao": 1}');
CREATE TABLE li.same (id integer PRIMARY KEY, a text, b text, lon double precision, lat double precision);
COMMENT ON COLUMN li.same.a IS '名称,"全称"'; COMMENT ON COLUMN li.same.b IS '名称,"全称"'; INSERT INTO li.same VALUES (1, 'x', 'y', 116, 39);
SELECT code FROM citybigdata.publish('li.same', '{"code": "same", "fields": {"id": {"titleZh": "经度"}}}');
SELECT citybigdata.query_text('same', '{"format": "csv", "headings": "title", "lang": "zh"}'), citybigdata.query_text('same', '{"format": "geojson", "headings": "title", "lang": "zh"}');
-- big numbers as texts
SELECT citybigdata.query('shu-mu', '{"bigint": "text", "fields": "bianHao,bianHao2", "pageSize": 1}') -> 'items', citybigdata.query('shu-mu', '{"fields": "bianHao2", "pageSize": 1}') -> 'items',
    citybigdata.query_text('shu-mu', '{"bigint": "text", "format": "csv", "fields": "bianHao2", "pageSize": 1}');
CREATE TABLE li.big (id bigint PRIMARY KEY, n numeric, a bigint[]); INSERT INTO li.big VALUES (9007199254740993, 12345678901234567890.123456789, '{9007199254740993}'), (9007199254740994, 'NaN', NULL);
SELECT code FROM citybigdata.publish('li.big', '{"code": "big"}');
SELECT citybigdata.query('big', '{"bigint": "text"}') -> 'items', citybigdata.query_text('big', '{"bigint": "text", "format": "ndjson", "id": "9007199254740993"}');
SELECT f ->> 'name', f -> 'isExact' FROM json_array_elements(citybigdata.resource_fields('big')) f;
-- wrong forms
CREATE FUNCTION li.asked(parameters jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE d text;
BEGIN
    RETURN citybigdata.query_text('shu-mu', parameters);
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS d = PG_EXCEPTION_DETAIL;
    RETURN d;
END $$;
SELECT li.asked(p) FROM unnest(ARRAY['{"headings": "Title"}', '{"headings": "title"}', '{"headings": "title", "format": "ndjson"}', '{"lang": "fr"}', '{"bigint": "string"}', '{"download": true, "format": "csv"}', '{"download": "yes"}', '{"bbox": "39.8,116.3,40.0,116.5"}', '{"bbox": "39.8,116.3,40.0,116.5", "bboxCrs": "GCJ02"}', '{"bbox": "416.3,39.8,416.5,40.0"}']::jsonb[]) p;
-- codes in filters: a code that the table has not is told, an empty table takes every value
CREATE TABLE li.coded (id integer PRIMARY KEY, state_code integer, kind char(4), district_code text); INSERT INTO li.coded VALUES (1, 1, 'a', '110101'), (2, 9, 'b', '110101');
SELECT citybigdata.load_code_table('li-state', '[{"code": "1", "name": "正常"}, {"code": "2", "name": "停用"}, {"code": "3", "name": "报废"}]', title_zh => '状态');
SELECT code FROM citybigdata.publish('li.coded', '{"code": "coded", "fields": {"state_code": {"codeTable": "li-state"}, "kind": {"codeTable": "li-none"}}, "parameters": [{"name": "state", "column": "state_code"}]}');
CREATE OR REPLACE FUNCTION li.coded(parameters jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE d text;
BEGIN
    RETURN citybigdata.query('coded', parameters) -> 'items';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS d = PG_EXCEPTION_DETAIL;
    RETURN d;
END $$;
SELECT p, li.coded(p) FROM unnest(ARRAY['{"stateCode": 1}', '{"stateCode": 9}', '{"stateCode.in": "1,9"}', '{"state": "7"}', '{"stateCode.ge": 9}', '{"stateCode.ne": 1}', '{"kind": "zz"}', '{"districtCode": "110101"}', '{"districtCode": "东城区"}', '{"districtCode": "999999"}', '{"districtCode": "110101999"}']::jsonb[]) p;
-- English tables
CREATE TABLE li.seen (id integer PRIMARY KEY, seen timestamptz, district varchar(6), x double precision, y double precision, phone_no text, id_card text);
CREATE TABLE li.words (id integer PRIMARY KEY, 发生时间 text, 行政区划 text, lng text, lat text, updated_at timestamptz, reported_at timestamptz, area_code integer);
SELECT p.code, a.text FROM citybigdata.publish('li.seen') p, unnest(p.advice) WITH ORDINALITY a (text, n) ORDER BY n;
SELECT p.code, a.text FROM citybigdata.publish('li.words', '{"names": "pinyin", "timeColumn": null}') p, unnest(p.advice) WITH ORDINALITY a (text, n) ORDER BY n;
SELECT p.code, a.text FROM citybigdata.publish('li.words', '{"names": "pinyin", "fields": {"updated_at": {"exclude": true}, "reported_at": {"exclude": true}}}') p, unnest(p.advice) WITH ORDINALITY a (text, n) ORDER BY n;
SELECT v.resource_code, v.version, v.time_column, v.division_column, v.geometry_column FROM citybigdata.resource_version v WHERE v.resource_code IN ('seen', 'words') ORDER BY 1, 2;
SELECT code FROM citybigdata.publish('li.words', '{"names": "pinyin"}');
SELECT v.time_column FROM citybigdata.resource_version v WHERE v.resource_code = 'words' AND v.state = 'current';
-- in Chinese, when the session is
SET citybigdata.language = 'zh';
SELECT a.text FROM citybigdata.publish('li.words', '{"names": "pinyin"}') p, unnest(p.advice) WITH ORDINALITY a (text, n) ORDER BY n;
SELECT li.attempt('li.树木', '{"code": "Bad", "fields": {"树种": {"name": "Species"}}}');
SELECT citybigdata.query_text('shu-mu', '{"format": "csv", "headings": "title", "fields": "bianHao,location", "pageSize": 1}'), li.coded('{"stateCode": 9}'), li.asked('{"headings": "title"}');
RESET citybigdata.language;
SELECT citybigdata.unpublish(c) FROM unnest(ARRAY['shu-mu', 'trees-n', 'trees-plain', 'names', 'same', 'big', 'coded', 'seen', 'words']) c;
DROP SCHEMA li CASCADE;
