-- The data layer: cleaning rules, ingestion with rejects, fusion with score and lineage.
\set SHOW_CONTEXT never
\pset null '(null)'
-- texts
SELECT citybigdata.clean_text('　ＡＢＣ１２３（路）　'), citybigdata.clean_text(E'\t x \u00a0') = 'x' AS trimmed, citybigdata.clean_text('　') = '' AS blank, citybigdata.clean_text('') = '' AS empty;
SELECT p, citybigdata.clean_phone(p) FROM unnest(ARRAY['13800138000', ' 138-0013-8000', '+86 138 0013 8000', '008613800138000', '8613800138000', '１３８００１３８０００', '(010) 12345678', '（010）62345678', '010-62345678-801',
    '01062345678', '+86 10 62345678', '0755-8234567', '07558234567', '+8675582345678', '123', '138001380001', '12800138000', '010-1234567890', 'abc', '', '+1 555 0100', '00', '0', '-', '+', repeat('1', 100), '86',
    '400-810-1234', '4008101234', '（400）8101234', '+86 400 810 1234', '800 810 1234', '12345', '95598', '１１０', '118114', '12-319', '111', '22345', '4008101', '40081012345', '0100000000', '13800138000转801', '138001380–​00']) p;
SELECT left(a, 10) AS a, left(b, 10) AS b, round(citybigdata.text_similarity(a, b)::numeric, 3) FROM (VALUES ('长安街1号', '长安街１号'), ('长安街1号', '长安街2号'), ('东华门大街', '长安街'), ('A', 'a'), ('', 'x'), (repeat('路', 1000), repeat('路', 1000)), ('ab', 'b')) v (a, b);
-- rules one by one: cleaned, or the fault
CREATE FUNCTION pg_temp.clean(record jsonb, VARIADIC rules jsonb[]) RETURNS text LANGUAGE sql AS $$
SELECT coalesce((SELECT string_agg(f ->> 'column' || ' ' || (f ->> 'rule') || ': ' || (f ->> 'reason'), '; ') FROM jsonb_array_elements(c.errors) f), c.cleaned::text)
FROM citybigdata.clean_row(record, to_jsonb(rules)) c $$;
SELECT pg_temp.clean('{"a": " x ", "b": 1.50, "c": true, "d": null, "e": [1, {"f": 2}]}', '{"column": "a", "rule": "trim"}'), pg_temp.clean('{"a": "　"}', '{"column": "a", "rule": "trim"}', '{"column": "a", "rule": "required"}'),
       pg_temp.clean('{}', '{"column": "a", "rule": "default", "value": 7}'), pg_temp.clean('{"a": "ａb"}', '{"column": "a", "rule": "halfWidth"}', '{"column": "a", "rule": "upper"}'), pg_temp.clean('{"a": "ÄB"}', '{"column": "a", "rule": "lower"}');
SELECT pg_temp.clean('{"p": "138 0013 8000"}', '{"column": "p", "rule": "phone"}'), pg_temp.clean('{"p": "none"}', '{"column": "p", "rule": "phone"}'),
       pg_temp.clean('{"k": "1"}', '{"column": "k", "rule": "codeMap", "map": {"1": "LED"}}'), pg_temp.clean('{"k": "2"}', '{"column": "k", "rule": "codeMap", "map": {"1": "LED"}}'), pg_temp.clean('{"k": "2"}', '{"column": "k", "rule": "codeMap", "map": {"1": "LED"}, "others": "keep"}');
SELECT pg_temp.clean('{"d": "110101"}', '{"column": "d", "rule": "division"}'), pg_temp.clean('{"d": "110103"}', '{"column": "d", "rule": "division"}') AS successor, pg_temp.clean('{"d": "999999"}', '{"column": "d", "rule": "division"}');
SELECT pg_temp.clean('{"w": 100}', '{"column": "w", "rule": "range", "min": 0, "max": 400}'), pg_temp.clean('{"w": -1}', '{"column": "w", "rule": "range", "min": 0}'), pg_temp.clean('{"w": "401"}', '{"column": "w", "rule": "range", "max": 400}'), pg_temp.clean('{"w": "much"}', '{"column": "w", "rule": "range"}');
SELECT pg_temp.clean('{"t": "20240102030405"}', '{"column": "t", "rule": "time"}'), pg_temp.clean('{"t": "20240230000000"}', '{"column": "t", "rule": "time"}');
SELECT pg_temp.clean('{"x": 116.4, "y": "39.9"}', '{"column": "g", "rule": "point", "x": "x", "y": "y"}'), pg_temp.clean('{"x": 0, "y": 0}', '{"column": "g", "rule": "point", "x": "x", "y": "y"}'),
       pg_temp.clean('{"x": "NaN", "y": 1}', '{"column": "g", "rule": "point", "x": "x", "y": "y"}'), pg_temp.clean('{"x": 1}', '{"column": "g", "rule": "point", "x": "x", "y": "y"}'), pg_temp.clean('{"x": 200, "y": 1}', '{"column": "g", "rule": "point", "x": "x", "y": "y"}');
-- from the online map's system: half a kilometre away from what it says
SELECT round((regexp_match(c.cleaned ->> 'g', '\(([0-9.]+) '))[1]::numeric, 5) AS lon FROM citybigdata.clean_row('{"x": 116.40624, "y": 39.90140}', '[{"column": "g", "rule": "point", "x": "x", "y": "y", "crs": "GCJ02"}]') c;
-- malformed rules
SELECT citybigdata.clean_row('{}', '{}');
SELECT citybigdata.clean_row('{}', '[1]');
SELECT citybigdata.clean_row('{}', '[{"column": "a"}]');
SELECT citybigdata.clean_row('{}', '[{"column": "a", "rule": "magic"}]');
SELECT citybigdata.clean_row('[]', '[]'), citybigdata.clean_row('1', '[]');
-- a dataset
SET client_min_messages = warning;
DROP ROLE IF EXISTS ingest_owner, ingest_other;
RESET client_min_messages;
CREATE ROLE ingest_owner IN ROLE citybigdata_analyst;
CREATE ROLE ingest_other IN ROLE citybigdata_analyst;
CREATE SCHEMA yard AUTHORIZATION ingest_owner;
SET ROLE ingest_owner;
CREATE TABLE yard.lamp (lamp_code text PRIMARY KEY, name text NOT NULL, phone text, watt int CHECK (watt < 1000), district_code varchar(6), seen_at timestamptz, tags jsonb,
    writer text DEFAULT current_user, geom geometry(Point,4490));
SELECT citybigdata.define_dataset('yard-lamps', 'yard.lamp', '{"titleZh": "路灯", "layer": "industry", "industry": "lighting", "source": "own", "rules": [
    {"column": "lamp_code", "rule": "halfWidth"}, {"column": "lamp_code", "rule": "trim"}, {"column": "lamp_code", "rule": "required"}, {"column": "name", "rule": "trim"}, {"column": "phone", "rule": "phone"},
    {"column": "watt", "rule": "range", "min": 1, "max": 2000}, {"column": "district_code", "rule": "division"}, {"column": "seen_at", "rule": "time"}, {"column": "geom", "rule": "point", "x": "lng", "y": "lat"}]}');
SELECT accepted, rejected FROM citybigdata.ingest('yard-lamps', '[
    {"lamp_code": "　Ａ１", "name": "长安街 1 号灯", "phone": "138 0013 8000", "watt": 100, "district_code": "110103", "seen_at": "20240102030405", "tags": {"k": [1]}, "lng": 116.4, "lat": 39.9},
    {"lamp_code": "A2", "name": "长安街 2 号灯", "lng": 116.41, "lat": 39.9},
    {"lamp_code": "", "name": "x", "phone": "none", "watt": 0},
    {"lamp_code": "A3", "name": null, "watt": 50},
    {"lamp_code": "A4", "name": "y", "watt": 1500},
    {"lamp_code": "A5", "name": "z", "watt": "1.5"},
    7]');
SELECT lamp_code, name, phone, watt, district_code, seen_at = '2024-01-02 03:04:05+08' AS seen, tags, writer, ST_AsText(geom) FROM yard.lamp ORDER BY 1;
SELECT row_no, record ->> 'lamp_code' AS lamp, column_name, rule, reason FROM citybigdata.ingest_reject ORDER BY reject_id;
-- the same key again replaces; twice in one batch: the last one stays
SELECT accepted, rejected FROM citybigdata.ingest('yard-lamps', '[{"lamp_code": "A2", "name": "new"}, {"lamp_code": "A2", "name": "newer"}]');
SELECT name FROM yard.lamp WHERE lamp_code = 'A2';
SELECT accepted, rejected FROM citybigdata.ingest('yard-lamps', '[]');
SELECT citybigdata.ingest('yard-lamps', '{}');
SELECT citybigdata.ingest('no-such', '[]');
-- by COPY
COPY citybigdata.ingest_staging (dataset_code, record) FROM STDIN;
yard-lamps	{"lamp_code": "C1", "name": "copied"}
yard-lamps	{"lamp_code": "C2"}
\.
SELECT batch_id IS NOT NULL AS batch, accepted, rejected FROM citybigdata.ingest_staged('yard-lamps');
SELECT batch_id IS NULL AS nothing, accepted, rejected FROM citybigdata.ingest_staged('yard-lamps');
SELECT citybigdata.define_dataset('yard-lamps', 'yard.no_such');
SELECT citybigdata.define_dataset('yard lamps', 'yard.lamp');
SELECT citybigdata.define_dataset('yard-lamps', 'yard.lamp', '{"key": ["nope"]}');
SELECT citybigdata.define_dataset('yard-lamps', 'yard.lamp', '{"rules": [{"column": "a", "rule": "magic"}]}');
SELECT citybigdata.define_dataset('yard-lamps', 'yard.lamp', '{"rule": []}');
INSERT INTO citybigdata.ingest_staging (dataset_code, record, staged_by) VALUES ('yard-lamps', '{}', 'postgres');
RESET ROLE;
-- a column that a record does not have keeps its value or gets its default, whatever columns the other records of the batch have
SET ROLE ingest_owner;
CREATE TABLE yard.meter (zone int, no int, reading numeric(4,1) NOT NULL DEFAULT 1, remark text DEFAULT 'none', outline geometry(Polygon, 4490), PRIMARY KEY (zone, no));
SELECT citybigdata.define_dataset('yard-meters', 'yard.meter');
SELECT layer, source, key_columns FROM citybigdata.dataset WHERE dataset_code = 'yard-meters';
SELECT accepted, rejected FROM citybigdata.ingest('yard-meters', '[{"zone": 1, "no": 1}, {"zone": 1, "no": 2, "reading": 2}, {"zone": 1, "no": 3, "remark": null}, {"no": 4}, {"zone": 1, "no": 5, "reading": null}, {"strange": 1}]');
SELECT accepted, rejected FROM citybigdata.ingest('yard-meters', '[{"zone": 1, "no": 2, "remark": "seen"}, {"zone": 1, "no": 1, "reading": 7}, {"zone": 1, "no": 1, "remark": "later"}]');
SELECT zone, no, reading, remark FROM yard.meter ORDER BY 1, 2;
-- many errors of every kind in a large batch: each found, the others stored, the later of two with one key stays
SELECT accepted, rejected FROM citybigdata.ingest('yard-meters', (SELECT jsonb_agg(jsonb_build_object('zone', 2, 'no', CASE WHEN n % 500 = 0 THEN n - 1 ELSE n END, 'reading',
    CASE WHEN n % 100 = 7 THEN 'x' WHEN n % 100 = 8 THEN '1e9' ELSE '1' END, 'remark', 'n' || n, 'outline', CASE WHEN n % 1000 = 3 THEN 'no geometry' END)) FROM generate_series(1, 3000) n));
SELECT reason, count(*), min(row_no), max(row_no) FROM citybigdata.ingest_reject WHERE batch_id = (SELECT max(batch_id) FROM citybigdata.ingest_batch) GROUP BY 1 ORDER BY 2, 1;
SELECT count(*), bool_and(remark = 'n' || CASE WHEN no % 500 = 499 THEN no + 1 ELSE no END) AS later FROM yard.meter WHERE zone = 2;
-- a trigger that refuses a record refuses that one; settings that it makes end with it
CREATE FUNCTION yard.judge() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('statement_timeout', '1', false), set_config('timezone', 'Asia/Tokyo', false);
    IF new.no < 0 THEN RAISE EXCEPTION 'meter % does not exist', new.no; END IF;
    RETURN new;
END $$;
CREATE TRIGGER judge BEFORE INSERT ON yard.meter FOR EACH ROW EXECUTE FUNCTION yard.judge();
SELECT accepted, rejected FROM citybigdata.ingest('yard-meters', '[{"zone": 3, "no": 1}, {"zone": 3, "no": -1}, {"zone": 3, "no": 2}]');
SELECT current_setting('statement_timeout'), current_setting('timezone') <> 'Asia/Tokyo' AS zone;
SELECT reason FROM citybigdata.ingest_reject ORDER BY reject_id DESC LIMIT 1;
-- options of a dataset wrong in every way
CREATE FUNCTION yard.attempt(options jsonb) RETURNS text LANGUAGE plpgsql AS $$
BEGIN PERFORM citybigdata.define_dataset('attempt', 'yard.meter', options); RETURN 'defined'; EXCEPTION WHEN OTHERS THEN RETURN SQLERRM; END $$;
SELECT o.name, v.value, yard.attempt(jsonb_build_object(o.name, v.value)) FROM (VALUES ('title'), ('layer'), ('industry'), ('source'), ('key'), ('rules')) o (name) CROSS JOIN (VALUES ('true'::jsonb), ('"x"'), ('["a"]'), ('{}'), ('null')) v (value) ORDER BY 1, 2;
SELECT yard.attempt('{"layer": "industry"}'), yard.attempt('{"key": ["no"]}'), yard.attempt('{"rules": [{"column": "place", "rule": "point", "x": "x", "y": "y"}]}'), yard.attempt('{"rules": [{"column": 1, "rule": "trim"}]}');
-- arguments of rules
SELECT r, yard.attempt(jsonb_build_object('rules', jsonb_build_array(r::jsonb || '{"column": "remark"}'))) FROM unnest(ARRAY['{"rule": "trim", "x": 1}', '{"rule": "codeMap"}', '{"rule": "codeMap", "map": 1}', '{"rule": "codeMap", "map": {}, "others": "drop"}',
    '{"rule": "codeTable"}', '{"rule": "range", "min": "1"}', '{"rule": "range", "minimum": 1}', '{"rule": "default"}', '{"rule": "default", "value": [1]}', '{"rule": "point", "x": "x"}', '{"rule": "point", "x": "x", "y": "y", "crs": "gcj02"}',
    '{"rule": "point", "x": "x", "y": "y", "crs": "BD09", "minX": 1}', '{"rule": "range"}']) r;
SELECT pg_temp.clean('{"x": 116.4, "y": 39.9}', '{"column": "g", "rule": "point", "x": "x", "y": "y", "minX": 115, "maxX": 117, "minY": 39, "maxY": 41}'), pg_temp.clean('{"x": 39.9, "y": 16.4}', '{"column": "g", "rule": "point", "x": "x", "y": "y", "minX": 115}'),
       pg_temp.clean('{"x": 448500, "y": 4419300}', '{"column": "g", "rule": "point", "x": "x", "y": "y", "crs": "EPSG:4548", "maxY": 39.8}');
SELECT pg_temp.clean('{"x": 1, "y": 2}', '{"column": "g", "rule": "point", "x": "x", "y": "y", "crs": "gcj02"}');
RESET ROLE;
-- another role: neither ingests, nor sees the refused records, nor takes what was staged; after a GRANT it ingests, and rows are written by the dataset's role
GRANT USAGE ON SCHEMA yard TO ingest_other;
SET ROLE ingest_other;
SELECT citybigdata.ingest('yard-lamps', '[]');
SELECT count(*) FROM citybigdata.ingest_reject;
SELECT citybigdata.define_dataset('yard-lamps', 'yard.lamp');
SELECT record FROM citybigdata.ingest_staging;
RESET ROLE;
GRANT INSERT ON yard.lamp TO ingest_other;
SET ROLE ingest_other;
SELECT accepted, rejected FROM citybigdata.ingest('yard-lamps', '[{"lamp_code": "B1", "name": "other"}]');
SELECT citybigdata.define_dataset('yard-lamps', 'yard.lamp');
RESET ROLE;
CREATE TABLE yard.of_other (lamp_code text PRIMARY KEY);
ALTER TABLE yard.of_other OWNER TO ingest_other;
SET ROLE ingest_other;
SELECT citybigdata.define_dataset('yard-lamps', 'yard.of_other');
RESET ROLE;
DROP TABLE yard.of_other;
SELECT writer FROM yard.lamp WHERE lamp_code = 'B1';
-- a trigger of the table gets the rights of its role and no more
SET ROLE ingest_owner;
CREATE FUNCTION yard.climb() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN DELETE FROM citybigdata.resource_version; RETURN new; END $$;
CREATE TRIGGER climb BEFORE INSERT ON yard.lamp FOR EACH ROW EXECUTE FUNCTION yard.climb();
RESET ROLE;
SELECT citybigdata.ingest('yard-lamps', '[{"lamp_code": "B2", "name": "climber"}]');
DROP TRIGGER climb ON yard.lamp;
-- fusion: a survey of the same lamps
SET ROLE ingest_owner;
CREATE TABLE yard.survey (id int PRIMARY KEY, code text, title text, place geometry(Point,4326));
INSERT INTO yard.survey VALUES (1, 'A1', 'no matter', NULL), (2, NULL, '长安街2号灯', ST_SetSRID(ST_Point(116.41, 39.90005), 4326)), (3, NULL, '别的东西', ST_SetSRID(ST_Point(116.41, 39.9), 4326)),
    (4, NULL, '长安街2号灯', ST_SetSRID(ST_Point(116.42, 39.9), 4326));
UPDATE yard.lamp SET name = '长安街 2 号灯' WHERE lamp_code = 'A2';
SELECT citybigdata.define_dataset('yard-survey', 'yard.survey');
SELECT * FROM citybigdata.fuse('lamps', ARRAY['yard-lamps', 'yard-survey'],
    '{"distance": 30, "columns": {"yard-lamps": {"code": "lamp_code", "name": "name", "place": "geom"}, "yard-survey": {"code": "code", "name": "title", "place": "place"}}}');
SELECT s.record_key AS survey, l.record_key AS lamp, round(s.score::numeric, 2) AS score, s.method FROM citybigdata.fusion_member s
LEFT JOIN citybigdata.fusion_member l ON l.fusion_code = s.fusion_code AND l.object_id = s.object_id AND l.dataset_code = 'yard-lamps'
WHERE s.fusion_code = 'lamps' AND s.dataset_code = 'yard-survey' ORDER BY 1;
-- the same again gives the same; keys of several columns, places that are no points, thousands of records
SELECT md5(string_agg(m::text, ',' ORDER BY dataset_code, record_key)) AS first FROM (SELECT fusion_code, object_id, source_no, dataset_code, record_key, score, method FROM citybigdata.fusion_member) m \gset
SELECT objects FROM citybigdata.fuse('lamps', ARRAY['yard-lamps', 'yard-survey'],
    '{"distance": 30, "columns": {"yard-lamps": {"code": "lamp_code", "name": "name", "place": "geom"}, "yard-survey": {"code": "code", "name": "title", "place": "place"}}}');
SELECT md5(string_agg(m::text, ',' ORDER BY dataset_code, record_key)) = :'first' AS same FROM (SELECT fusion_code, object_id, source_no, dataset_code, record_key, score, method FROM citybigdata.fusion_member) m;
CREATE TABLE yard.house (block text, no text, name text, outline geometry(Polygon, 4490), PRIMARY KEY (block, no));
INSERT INTO yard.house VALUES ('a,b', 'c', '长安街 1 号', 'SRID=4490;POLYGON((116.4 39.9,116.4001 39.9,116.4001 39.9001,116.4 39.9001,116.4 39.9))'), ('a', 'b,c', '长安街 2 号', NULL), ('a', 'd', '别处', 'SRID=4490;POLYGON EMPTY');
SELECT citybigdata.define_dataset('yard-houses', 'yard.house');
CREATE TABLE yard.many AS SELECT n AS id, 'D' || n AS code, '路灯' || n AS name, ST_SetSRID(ST_Point(116 + n % 100 * 0.001, 39 + n / 100 * 0.001), 4490) AS place FROM generate_series(1, 3000) n;
ALTER TABLE yard.many ADD PRIMARY KEY (id);
SELECT citybigdata.define_dataset('yard-many', 'yard.many');
CREATE TABLE yard.more AS SELECT id + 0 AS id, CASE WHEN id % 2 = 0 THEN code END AS code, name || ' 号' AS name, ST_Translate(place, 0.0001, 0.0001) AS place FROM yard.many;
ALTER TABLE yard.more ADD PRIMARY KEY (id);
SELECT citybigdata.define_dataset('yard-more', 'yard.more');
SELECT * FROM citybigdata.fuse('all', ARRAY['yard-houses', 'yard-many', 'yard-more'], '{"name": "name", "distance": 30, "columns": {"yard-houses": {"name": "name", "place": "outline"},
    "yard-many": {"code": "code", "name": "name", "place": "place"}, "yard-more": {"code": "code", "name": "name", "place": "place"}}}');
SELECT count(*) AS pairs, count(*) FILTER (WHERE a.record_key = b.record_key) AS right FROM citybigdata.fusion_member a JOIN citybigdata.fusion_member b USING (fusion_code, object_id)
WHERE fusion_code = 'all' AND a.dataset_code = 'yard-many' AND b.dataset_code = 'yard-more';
SELECT record_key, ST_AsText(geom, 4) FROM citybigdata.fusion_member WHERE dataset_code = 'yard-houses' ORDER BY 1;
SELECT * FROM citybigdata.fuse('lamps', '{}', '{}');
SELECT * FROM citybigdata.fuse('lamps', ARRAY['yard-lamps'], '{}');
SELECT * FROM citybigdata.fuse('lamps', ARRAY['nope'], '{"code": "lamp_code"}');
SELECT * FROM citybigdata.fuse('lamps', ARRAY['yard-lamps'], '{"code": "lamp_code", "distance": -1}');
SELECT * FROM citybigdata.fuse('lamps', ARRAY['yard-lamps'], '{"code": "1; DROP TABLE yard.lamp"}');
RESET ROLE;
SET ROLE ingest_other;
SELECT count(*) FROM citybigdata.fusion_member;
INSERT INTO citybigdata.fusion_member (fusion_code, object_id, source_no, dataset_code, record_key, score, method, fused_by) VALUES ('lamps', 1, 1, 'x', 'y', 1, 'new', 'ingest_owner');
SELECT * FROM citybigdata.fuse('mine', ARRAY['yard-survey'], '{"code": "code"}');
RESET ROLE;
SET client_min_messages = warning;
DROP OWNED BY ingest_owner, ingest_other CASCADE;
DROP ROLE ingest_owner, ingest_other;
RESET client_min_messages;
SELECT citybigdata.ingest('yard-lamps', '[]');
