-- Language: what SQL callers are told, by citybigdata.language. Messages are in English and Chinese, nothing else changes.
\pset format unaligned
\set SHOW_CONTEXT never
SET citybigdata.language = 'zh';
SHOW citybigdata.language;
SET citybigdata.language = 'fr';

-- validate_event and report_event: many faults at once
SELECT * FROM citybigdata.validate_event('{"eventDesc":"", "cellphone":"12", "longitude":116.4, "createTime":"2024-13-02", "mediaNum":3, "districtID":"999999",
    "coordinateX":4418300, "coordinateY":446500, "medias":[{"mediaType":"FILM","mediaURL":"gopher://x"}, 5]}', 'strict');
SELECT status_code, errors FROM citybigdata.report_event('362200', '{"eventDesc": 1}'::json, 'strict');
SELECT * FROM citybigdata.validate_event('{"eventDesc": }', 'strict');
SELECT status_code, errors FROM citybigdata.report_event('362200', NULL::json, 'strict');

-- errors of C functions: message, detail, hint
SELECT citybigdata.time_point('202401020304');
SELECT citybigdata.time_range('[20240101000000,20230101000000)');
SELECT citybigdata.add_work(now(), 4, 7);
SELECT citybigdata.app_code_parts('110000x');
SELECT citybigdata.request_access('nobody', '{events}', '{key}');
SELECT citybigdata.query('no-such', '{}');
CREATE TABLE public.language_pole (id integer PRIMARY KEY, name text, made_at timestamptz, geom geometry(Point,4490));
SELECT code FROM citybigdata.publish('public.language_pole', '{"code": "language-pole"}');
SELECT citybigdata.query('language-pole', '{"pageSize": 0, "bbox": "1,2,3", "crs": "x", "nosuch": 1, "sort": "x", "fields": "y", "id": "z", "timeRange": "[2020,2021)"}');
SELECT citybigdata.query('language-pole', '[]');
SELECT citybigdata.unpublish('language-pole');
DROP TABLE public.language_pole;
SELECT * FROM citybigdata.process_problems('{"code":"X","stages":[]}');
SELECT citybigdata.register_account('li', 'short', '', '', '1');

-- errors of SQL functions
SELECT citybigdata.setup('a', 'x', '110000');
SELECT citybigdata.load_divisions('[{"code":"11","name":"x"}]');
SELECT citybigdata.publish('pg_catalog.pg_class');
CREATE TABLE public.language_lamp (id integer PRIMARY KEY, "灯 型" text, photo bytea);
SELECT citybigdata.publish('public.language_lamp', '{"code": "Lamp"}');
ALTER TABLE public.language_lamp RENAME "灯 型" TO kind;
SELECT citybigdata.publish('public.language_lamp', '{"code": "Lamp"}');
SELECT citybigdata.publish('public.language_lamp', '{"level": 4}');
SELECT citybigdata.publish('public.language_lamp', '{"colour": 1}');
SELECT citybigdata.publish('public.language_lamp', '{"latencyBudget": "x"}');
SELECT citybigdata.publish('public.language_lamp', '{"fields": {"id": {"level": 7}}}');
SELECT citybigdata.publish('public.language_lamp', '{"fields": {"photo": {"file": {"type": "x"}}}}');
DROP TABLE public.language_lamp;
SELECT citybigdata.load_units(E'unit,name,parent\n,,\na b,x,zz\nu1'::text);
SELECT citybigdata.load_conditions(E'小类,立案条件,处置时限\nnosuch,x,9 世纪'::text);
SELECT citybigdata.load_calendar('{"calendar":"default","days":[{"date":"2027-13-01"}]}');
SELECT citybigdata.suspend_account('nobody', 'x');

-- reasons of rejected records, problems of the catalogue and of a restore, options of publish(): in the language in force too
SELECT r ->> 'column' AS at, r ->> 'rule' AS rule, r ->> 'reason' AS reason FROM citybigdata.clean_row('{"a":"12.5米","b":"03/04/2022","c":"x","d":"999999","e":"45000","f":"2024-13-02","g":"abc","h":"1"}',
    '[{"column":"a","rule":"number"},{"column":"b","rule":"time"},{"column":"c","rule":"phone"},{"column":"d","rule":"division"},{"column":"e","rule":"time"},{"column":"f","rule":"time"},
      {"column":"g","rule":"codeMap","map":{}},{"column":"h","rule":"range","min":2},{"column":"p","rule":"point","x":"g","y":"h"},{"column":"q","rule":"required"}]') c, jsonb_array_elements(c.errors) r;
SELECT citybigdata.clean_row('5', '[]');
CREATE TABLE public.language_well (id integer PRIMARY KEY);
SELECT citybigdata.define_dataset('language-wells', 'public.language_well');
SELECT accepted, rejected FROM citybigdata.ingest('language-wells', '[{"x":1},{"\ufeffid":2}]');
SELECT r.row_no, r.column_name, r.reason FROM citybigdata.ingest_reject r JOIN citybigdata.ingest_batch b USING (batch_id) WHERE b.dataset_code = 'language-wells' ORDER BY r.reject_id;
SELECT code FROM citybigdata.publish('public.language_well', '{"code": "language-well"}');
ALTER TABLE public.language_well RENAME id TO well_id;
SELECT severity, subject, problem, remedy FROM citybigdata.catalogue_problems() WHERE code = 'language-well';
DROP TABLE public.language_well;
SELECT severity, subject, problem, remedy FROM citybigdata.catalogue_problems() WHERE code = 'language-well';
SELECT citybigdata.unpublish('language-well');
BEGIN;
ALTER TABLE citybigdata.event DISABLE TRIGGER event_keep;
SELECT * FROM citybigdata.restore_problems() WHERE subject = 'citybigdata.event';
ROLLBACK;
SELECT line, problem FROM citybigdata.csv_rows(E'a,b\n"1,2') WHERE problem IS NOT NULL;
SELECT name, default_value, meaning FROM citybigdata.publish_options() WHERE place = 'options' AND name IN ('keyset', 'sunset');
SELECT citybigdata.level_change_said(c) FROM unnest(ARRAY['level of the resource 1 instead of 2', 'field phone: level 1 instead of 3', 'field x: new, of level 1; others had 3', 'field phone: mask phone instead of none',
    'file photo: of level 1, type and name of a column above it', 'something else']) c;
-- what is cut is cut between characters
SELECT (c.errors -> 0 ->> 'reason') AS reason FROM citybigdata.clean_row(jsonb_build_object('a', repeat('灯', 30)), '[{"column":"a","rule":"number"}]') c;

-- a client that cannot show Chinese is told English, whatever the setting says
SET client_encoding = 'LATIN1';
SELECT citybigdata.time_point('x');
RESET client_encoding;

-- say(): by name, in any order; a star, a null, what is not there
SELECT citybigdata.say('at most {limit} characters', 'limit', 5), citybigdata.say('not in the catalogue {a}', 'a', 1, 'b'), citybigdata.say(NULL),
       citybigdata.say('{name} is required', 'name', NULL), citybigdata.say('{name} must be {wanted*}, not {found*}', 'found', 'a number', 'wanted', citybigdata.say('an integer'), 'name', 'x{name}y');
-- the mark of two languages comes from the code alone
SELECT citybigdata.say('{why*}', 'why', E'\x01ffffffffx'), citybigdata.say('{why*}', 'why', E'\x0100000002abcd'), citybigdata.say(E'\x01ffffffffx');
SELECT * FROM citybigdata.validate_event(E'{"eventDesc":"x", "\\u0001ffffffff": 1}', 'strict') WHERE message ~ 'ffff';

-- what is stored is English in both languages, and nothing but words differs
CREATE FUNCTION pg_temp.report(number text) RETURNS TABLE (status_code integer, message text) LANGUAGE sql AS $$
SELECT r.status_code, w ->> 'message' FROM citybigdata.report_event('LANGUAGE', json_build_object('eventDesc', '灯', 'otherTaskNum', number, 'address', '东华门大街', 'eventTypeCode', '6',
    'eventSrcID', 1, 'recTypeID', 1, 'lontitude', 116.41, 'latitude', 39.91, 'mediaNum', 1), 'egova') r, jsonb_array_elements(r.warnings) w WHERE w ->> 'pointer' IN ('/createTime', '/mediaNum') $$;
SELECT * FROM pg_temp.report('ZH-1');
SET citybigdata.language = 'en';
SELECT * FROM pg_temp.report('EN-1');
SELECT count(*), count(DISTINCT e.warnings) FROM citybigdata.event e WHERE e.sender_code = 'LANGUAGE';
-- it is for everybody to set
SELECT context, enumvals FROM pg_settings WHERE name = 'citybigdata.language';
