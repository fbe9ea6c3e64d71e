-- Data levels of published data: no parameter asks about what a caller may not see; lowering them takes two persons.
\set SHOW_CONTEXT never
\pset null '(null)'
\pset format unaligned
\pset tuples_only on
SET client_min_messages = warning;
CREATE ROLE lv_pub IN ROLE citybigdata_analyst;
CREATE ROLE lv_both IN ROLE citybigdata_analyst, citybigdata_secadmin;
CREATE ROLE lv_sec IN ROLE citybigdata_secadmin;
CREATE ROLE lv_reader IN ROLE citybigdata_analyst;
CREATE ROLE lv_selects IN ROLE citybigdata_analyst;
CREATE SCHEMA lv AUTHORIZATION lv_pub;
SELECT citybigdata.load_code_table('lv-kinds', '[{"code":"a","name":"甲"}]', '1', true, 'Kinds', '种类');
SET ROLE lv_pub;
CREATE TABLE lv.house (id int PRIMARY KEY, open text NOT NULL, phone text, kind text, plain int, at timestamptz DEFAULT '2024-01-01 00:00:00+08', hidden_at timestamptz, code varchar(6) DEFAULT '110101', hidden_code varchar(6),
    photo bytea, photo_name text, geom geometry(Point, 4490));
INSERT INTO lv.house (id, open, phone, kind, plain, hidden_at, hidden_code, photo, photo_name, geom) SELECT n, 'o' || n, '1380013800' || n, 'a', n, '2024-01-02', '110102', 'x', 'secret.png', ST_SetSRID(ST_Point(116.38 + n / 100.0, 39.86), 4490) FROM generate_series(1, 3) n;
GRANT USAGE ON SCHEMA lv TO lv_selects, lv_reader;
GRANT SELECT ON lv.house TO lv_selects;
CREATE FUNCTION pg_temp.options(more jsonb DEFAULT '{}', fields jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$
SELECT '{"code": "lv-houses", "timeColumn": "at", "divisionColumn": "code", "geometryColumn": "geom", "versionColumn": "at", "parameters": [{"name": "called", "column": "phone"}, {"name": "reached", "column": "phone", "operator": "isNull"}]}'::jsonb || more
    || jsonb_build_object('fields', '{"phone": {"level": 3, "mask": "phone", "sortable": true}, "kind": {"level": 3, "codeTable": "lv-kinds", "sortable": true}, "plain": {"level": 2, "sortable": true},
       "hidden_at": {"level": 3}, "hidden_code": {"level": 3, "codeTable": "divisions", "mask": "all"}, "geom": {"level": 3}, "photo_name": {"level": 3}, "photo": {"exclude": true}}'::jsonb || fields) $$;
SELECT code, version FROM citybigdata.publish('lv.house', pg_temp.options());
-- what all see order and select by may not be above the resource; nor may the name of a file be above the file
CREATE FUNCTION pg_temp.refused(options jsonb) RETURNS text LANGUAGE plpgsql AS $$ BEGIN PERFORM citybigdata.publish('lv.house', options); RETURN 'published'; EXCEPTION WHEN OTHERS THEN RETURN SQLERRM; END $$;
SELECT pg_temp.refused(pg_temp.options(o) || '{"code": "lv-other"}') FROM unnest(ARRAY['{"timeColumn": "hidden_at"}', '{"divisionColumn": "hidden_code"}', '{"versionColumn": "hidden_at"}', '{"keyset": ["id", "phone"]}']::jsonb[]) o;
SELECT pg_temp.refused(pg_temp.options('{"code": "lv-other"}', '{"photo": {"file": {"nameColumn": "photo_name"}}}'));
RESET ROLE;

SELECT citybigdata.register_account('lv.one', 'Correct-1-horse', '市城管委', '张三', '13800138000') AS account \gset
SELECT citybigdata.approve_account(:account);
SELECT citybigdata.request_access('lv.one', '{events}', '{key}', 'houses', '{}', '{LV}', 'egova', 3) AS request \gset
SELECT citybigdata.approve_access(:request) AS app_code \gset
SELECT app_id FROM citybigdata.application WHERE app_code = :'app_code' \gset
INSERT INTO citybigdata.access_token (token_digest, app_id, account_id, issued_at, expires_at) SELECT sha256('lv@token'), :app_id, :account, now(), now() + interval '1 hour';
INSERT INTO citybigdata.app_grant (app_id, resource, level, granted_by) VALUES (:app_id, 'lv-houses', 1, 'test');
CREATE FUNCTION public.lv_rest(params jsonb, OUT status int, OUT codes text, OUT body json) LANGUAGE sql AS $$
SELECT f.status, (SELECT string_agg(DISTINCT e ->> 'statusCode' || ' ' || (e ->> 'pointer'), ', ') FROM json_array_elements(CASE WHEN f.status <> 0 THEN nullif(convert_from(f.body, 'UTF8'), '')::json -> 'errors' END) e),
    CASE WHEN f.status = 0 AND coalesce(params ->> 'format', 'json') IN ('json', 'geojson') THEN convert_from(f.body, 'UTF8')::json END
FROM citybigdata.read_reply_frame(citybigdata.rest_data_query('r', '192.0.2.7', NULL, 'bearer', sha256('lv@token'), 'lv-houses', (SELECT array_agg(key) FROM jsonb_each_text(params)), (SELECT array_agg(value) FROM jsonb_each_text(params)))) f $$;
CREATE FUNCTION public.lv_sql(params jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE more text;
BEGIN
    PERFORM citybigdata.query_text('lv-houses', params);
    RETURN '0';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS more = PG_EXCEPTION_DETAIL;
    RETURN coalesce(substring(more FROM '"statusCode":([0-9]+)'), SQLSTATE || ' ' || SQLERRM);
END $$;
-- every parameter that reads a column, about hidden ones: 40302 over HTTPS and in SQL; with SELECT on the table: answered
CREATE TABLE public.lv_asked AS SELECT p AS params, n FROM unnest(ARRAY[
    '{"bbox": "116,39,117,40"}', '{"bbox": "116,39,117,40", "bboxCrs": "GCJ02"}', '{"bbox": "[116,39,117,40]", "count": "exact"}', '{"bbox": "116,39,117,40", "count": "estimate"}', '{"bbox": "x"}', '{"geom.isNull": "true"}',
    '{"phone": "13800138001"}', '{"phone.ne": "1"}', '{"phone.lt": "2"}', '{"phone.le": "2"}', '{"phone.gt": "1"}', '{"phone.ge": "1"}', '{"phone.in": "1,2"}', '{"phone.like": "1%"}', '{"phone.isNull": "true"}', '{"phone.in": ""}',
    '{"plain": "1"}', '{"plain.isNull": "false"}', '{"plain": "x"}', '{"kind": "a"}', '{"kind": "a", "expandCodes": "true"}', '{"hiddenAt": "20240102000000"}', '{"hiddenCode": "110102"}',
    '{"called": "1"}', '{"reached": "true"}', '{"sort": "phone"}', '{"sort": "-plain"}', '{"sort": "id,phone"}', '{"sort": "kind", "count": "exact"}', '{"photoName.like": "s%"}']::jsonb[]) WITH ORDINALITY u (p, n);
GRANT SELECT ON public.lv_asked TO PUBLIC;
SELECT params, r.status, r.codes FROM public.lv_asked, public.lv_rest(params) r ORDER BY n;
SET ROLE lv_reader;
SELECT string_agg(DISTINCT public.lv_sql(params), ', ') FROM public.lv_asked;
SET ROLE lv_selects;
SELECT params, public.lv_sql(params) FROM public.lv_asked WHERE public.lv_sql(params) <> '0' ORDER BY n;
RESET ROLE;
-- what does not ask: the same masked or missing values, however they are asked for
SELECT params, r.status, r.body #>> '{items,0,phone}' AS phone, r.body #>> '{items,0,kind}' AS kind, r.body #>> '{items,0,kindName}' AS kind_name, r.body #>> '{items,0,hiddenCode}' AS code, r.body #>> '{items,0,longitude}' AS longitude,
    r.body #>> '{features,0,geometry}' AS geometry
FROM unnest(ARRAY['{}', '{"fields": "phone,kind,hiddenCode,geom"}', '{"expandCodes": "true"}', '{"fields": "longitude"}', '{"crs": "EPSG:4548"}', '{"format": "geojson"}', '{"timeRange": "[20230101000000,20250101000000)"}', '{"time": "20240101000000"}', '{"divisionCode": "110101"}', '{"count": "exact"}']::jsonb[]) p (params), public.lv_rest(p.params) r;
-- a cursor of a caller who may sort by a hidden field is none for one who may not
UPDATE citybigdata.app_grant SET level = 3 WHERE resource = 'lv-houses';
SELECT r.body ->> 'nextCursor' AS cursor FROM public.lv_rest('{"sort": "phone", "pageSize": "1"}') r \gset
UPDATE citybigdata.app_grant SET level = 1 WHERE resource = 'lv-houses';
SELECT r.status, r.codes FROM public.lv_rest(jsonb_build_object('sort', 'phone', 'cursor', :'cursor'::text)) r UNION ALL SELECT r.status, r.codes FROM public.lv_rest(jsonb_build_object('cursor', :'cursor'::text)) r;
-- where the catalogue was changed by hand, standard parameters ask no more than others: the entry is not loaded
BEGIN;
UPDATE citybigdata.resource_field SET level = 2 WHERE resource_code = 'lv-houses' AND column_name = 'at';
SELECT status FROM public.lv_rest('{"timeRange": "[20230101000000,20250101000000)"}');
ROLLBACK;

-- Consent. What is published anew and shows more waits; the version before stays in force.
CREATE FUNCTION public.lv_shown() RETURNS text LANGUAGE sql AS $$
SELECT concat_ws(' ', r.status, 'phone', coalesce(r.body #>> '{items,0,phone}', '-'), 'kind', coalesce(r.body #>> '{items,0,kind}', '-'), 'plain', coalesce(r.body #>> '{items,0,plain}', '-'),
    'versions', (SELECT string_agg(version || ' ' || state, ', ' ORDER BY version) FROM citybigdata.resource_version WHERE resource_code = 'lv-houses')) FROM public.lv_rest('{}') r $$;
GRANT EXECUTE ON FUNCTION public.lv_shown() TO PUBLIC;
SET ROLE lv_pub;
SELECT version, advice[1] FROM citybigdata.publish('lv.house', pg_temp.options('{}', '{"phone": {"level": 1}}'));
RESET ROLE;
SELECT public.lv_shown();
SELECT severity, subject, problem, remedy FROM citybigdata.catalogue_problems() WHERE code = 'lv-houses' AND subject = 'levels';
-- nobody but a security administrator, and not who proposed it
SET ROLE lv_pub;
SELECT citybigdata.approve_levels('lv-houses', 2);
SET ROLE lv_both;
SELECT citybigdata.approve_levels('lv-houses', 3);
SET ROLE lv_sec;
SELECT version, state, changes, proposed_by FROM citybigdata.level_proposal WHERE resource_code LIKE 'lv-%';
SELECT citybigdata.refuse_levels('lv-houses', 2);
SELECT citybigdata.approve_levels('lv-houses', 2);
RESET ROLE;
SELECT public.lv_shown();
-- each way to show more
SET ROLE lv_pub;
CREATE FUNCTION pg_temp.attempt(relation text, options jsonb) RETURNS text LANGUAGE sql AS $$
SELECT coalesce(substring(p.advice[1] FROM 'administrator: (.*?)\. '), 'in force') FROM citybigdata.publish(relation, options) p $$;
SELECT f, pg_temp.attempt('lv.house', pg_temp.options('{}', f)) FROM unnest(ARRAY['{"phone": {"level": 2, "mask": "phone"}}', '{"phone": {"level": 3, "mask": "name"}}', '{"phone": {"level": 3}}', '{"kind": {"level": 3, "mask": "all"}}', '{"kind": {"level": 3, "mask": "address"}}',
    '{"phone": {"level": 2, "mask": "phone", "name": "other"}}', '{"geom": {"level": 1}}', '{"phone": {"exclude": true}}']::jsonb[]) f WHERE f <> '{"phone": {"exclude": true}}';
SELECT pg_temp.attempt('lv.house', pg_temp.options() || '{"fields": {}}');
RESET ROLE;
SELECT public.lv_shown();
-- left out, then back with another level; under another name; of another relation
SET ROLE lv_pub;
SELECT pg_temp.attempt('lv.house', pg_temp.options('{"parameters": []}', '{"phone": {"exclude": true}}'));
SELECT pg_temp.attempt('lv.house', pg_temp.options('{}', '{"phone": {"level": 1}}'));
ALTER TABLE lv.house RENAME COLUMN phone TO line;
SELECT pg_temp.attempt('lv.house', pg_temp.options('{"parameters": []}') #- '{fields,phone}');
ALTER TABLE lv.house RENAME COLUMN line TO phone;
CREATE VIEW lv.again AS SELECT id, open, phone AS number, at, code, geom FROM lv.house;
SELECT pg_temp.attempt('lv.again', '{"code": "lv-houses", "keyset": ["id"]}');
-- withdrawn and published again: grants outlive that
SELECT citybigdata.unpublish('lv-houses');
SELECT pg_temp.attempt('lv.house', pg_temp.options('{}', '{"phone": {"level": 1}}'));
RESET ROLE;
SELECT public.lv_shown();
SELECT count(*) FROM citybigdata.resource WHERE resource_code = 'lv-houses';
-- raised: at once; and down again only with consent
SET ROLE lv_pub;
SELECT pg_temp.attempt('lv.house', pg_temp.options('{}', '{"plain": {"level": 3}, "open": {"level": 2, "mask": "all"}}'));
RESET ROLE;
SELECT public.lv_shown();
SET ROLE lv_pub;
SELECT pg_temp.attempt('lv.house', pg_temp.options('{}', '{"plain": {"level": 1}, "open": {"level": 2, "mask": "all"}}'));
SELECT max(version) AS version FROM citybigdata.resource_version WHERE resource_code = 'lv-houses' \gset
-- what was proposed ends with the next publication and with the withdrawal
SELECT pg_temp.attempt('lv.house', pg_temp.options('{}', '{"plain": {"level": 2}, "open": {"level": 2, "mask": "all"}}'));
SET ROLE lv_sec;
SELECT citybigdata.approve_levels('lv-houses', :version);
SELECT citybigdata.approve_levels('lv-houses', :version + 1);
RESET ROLE;
SELECT public.lv_shown();
SET ROLE lv_pub;
SELECT pg_temp.attempt('lv.house', pg_temp.options('{"level": 2}', '{"open": {"level": 2, "mask": "all"}, "plain": {"level": 2}}'));
SELECT pg_temp.attempt('lv.house', pg_temp.options('{"level": 1}', '{"open": {"level": 2, "mask": "all"}, "plain": {"level": 2}}'));
SELECT citybigdata.unpublish('lv-houses');
RESET ROLE;
SELECT version - :version AS version, state, decided_by FROM citybigdata.level_proposal WHERE resource_code LIKE 'lv-%' ORDER BY 1 DESC LIMIT 3;
-- who holds both roles does not consent to himself
GRANT lv_pub TO lv_both;
SET SESSION AUTHORIZATION lv_both;
SELECT version FROM citybigdata.publish('lv.house', '{"code": "lv-houses", "fields": {"photo": {"exclude": true}}}') \gset
SELECT citybigdata.approve_levels('lv-houses', :version);
-- the same among all proposals (whose number hangs on what other tests have proposed)
\set VERBOSITY terse
SELECT proposal_id FROM citybigdata.level_proposal WHERE resource_code = 'lv-houses' AND version = :version \gset
SELECT citybigdata.confirm_proposal(:proposal_id);
RESET SESSION AUTHORIZATION;
BEGIN;
SET LOCAL SESSION AUTHORIZATION lv_sec;
SELECT citybigdata.confirm_proposal(:proposal_id);
SELECT state, decided_by FROM citybigdata.level_proposal WHERE proposal_id = :proposal_id;
SAVEPOINT decided;
SELECT citybigdata.refuse_proposal(:proposal_id, 'late');
ROLLBACK;
BEGIN;
SET LOCAL SESSION AUTHORIZATION lv_sec;
SELECT citybigdata.refuse_proposal(:proposal_id, 'no');
\set VERBOSITY default
SELECT state, decided_by FROM citybigdata.level_proposal WHERE proposal_id = :proposal_id;
ROLLBACK;
-- all of it is in the audit log
SELECT action, count(*) FROM citybigdata.audit_log WHERE object = 'lv-houses' AND action LIKE 'data.%-levels' GROUP BY 1 ORDER BY 1;
SELECT detail FROM citybigdata.audit_log WHERE object = 'lv-houses' AND action = 'data.approve-levels';
DELETE FROM citybigdata.access_token WHERE token_digest = sha256('lv@token');
DELETE FROM citybigdata.app_grant WHERE resource = 'lv-houses';
DROP TABLE public.lv_asked;
DROP FUNCTION public.lv_rest(jsonb), public.lv_sql(jsonb), public.lv_shown();
DROP OWNED BY lv_pub, lv_both, lv_sec, lv_reader, lv_selects CASCADE;
DROP ROLE lv_pub, lv_both, lv_sec, lv_reader, lv_selects;
