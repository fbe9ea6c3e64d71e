-- The open data interface as the bridge calls it: frames, grants, levels, audit; discovery.
\set SHOW_CONTEXT never
\pset null '(null)'
CREATE TABLE public.bench (bench_id int PRIMARY KEY, name text, keeper text, district_code varchar(6));
INSERT INTO public.bench SELECT i, '长椅' || i, '李四', '110101' FROM generate_series(1, 5) i;
COMMENT ON TABLE public.bench IS '公园长椅';
SELECT code FROM citybigdata.publish('public.bench', '{"code": "benches", "level": 2, "fields": {"keeper": {"level": 3, "mask": "name"}}}');
-- applications with level 3 and 2 on it, one without a grant, an administrator
INSERT INTO citybigdata.account (user_name, password_digest, organization, contact_name, mobile, state, admin_role)
VALUES ('data.test', '$2a$04$none', 'test', 'test', '13800138000', 'active', NULL), ('data.admin', '$2a$04$none', 'test', 'test', '13800138000', 'active', 'secadmin');
INSERT INTO citybigdata.application (app_code, account_id, methods, ip_ranges, profile, level)
SELECT a.code, account_id, ARRAY['key'], '{}', 'strict', 3 FROM citybigdata.account, (VALUES ('11000098000001E'), ('11000098000002C'), ('11000098000003A')) a (code) WHERE user_name = 'data.test';
INSERT INTO citybigdata.app_grant (app_id, resource, level, granted_by)
SELECT app_id, 'benches', CASE app_code WHEN '11000098000001E' THEN 3 WHEN '11000098000002C' THEN 2 ELSE 1 END, 'test' FROM citybigdata.application WHERE app_code LIKE '11000098%';
INSERT INTO citybigdata.access_token (token_digest, app_id, account_id, issued_at, expires_at)
SELECT sha256(convert_to('data@' || substr(app_code, 14, 1), 'UTF8')), app_id, account_id, now(), now() + interval '1 hour' FROM citybigdata.application WHERE app_code LIKE '11000098%'
UNION ALL SELECT sha256('data@admin'), NULL, account_id, now(), now() + interval '1 hour' FROM citybigdata.account WHERE user_name = 'data.admin';
-- status, who writes the audit record, the other names, the lines of the body
CREATE FUNCTION pg_temp.data(who text, names text[] DEFAULT '{}', vals text[] DEFAULT '{}', resource text DEFAULT 'benches') RETURNS SETOF text LANGUAGE sql AS $$
SELECT line FROM citybigdata.read_reply_frame(citybigdata.rest_data_query('req-1', '192.0.2.9', NULL, 'bearer', sha256(('data@' || who)::bytea), resource, names, vals)) f,
    LATERAL (SELECT (f.fields ->> 'audit')::jsonb) a (audit),
    unnest(ARRAY[f.status::text, coalesce(audit ->> 'action' || ' ' || (audit ->> 'object'), '(audited)'), nullif((f.fields - 'audit')::text, '{}')]
           || regexp_split_to_array(nullif(convert_from(f.body, 'UTF8'), ''), E'\n')) WITH ORDINALITY r (line, n) WHERE line IS NOT NULL ORDER BY n $$;
-- a page
SELECT regexp_replace(d, '[\w-]{30,}', 'CURSOR', 'g') FROM pg_temp.data('1', '{pageSize}', '{1}') d;
SELECT regexp_replace(d, '[\w-]{30,}', 'CURSOR', 'g') FROM pg_temp.data('1', '{pageSize,format,benchId.gt}', '{10,ndjson,3}') d;
-- the same parameter twice is a list
SELECT * FROM pg_temp.data('1', '{benchId,benchId,fields,fields}', '{1,"2,3",benchId,name}');
-- level 2 sees the name masked and may not filter by it; level 1 and no grant see nothing
SELECT * FROM pg_temp.data('2', '{benchId}', '{1}');
SELECT * FROM pg_temp.data('2', '{keeper}', '{李四}');
SELECT * FROM pg_temp.data('3');
SELECT * FROM pg_temp.data('1', resource => 'events');
SELECT * FROM pg_temp.data('1', resource => 'no-such');
SELECT * FROM pg_temp.data('nobody');
SELECT * FROM pg_temp.data('1', resource => NULL);
-- whoever has a limit is told what is left of it, on pages too
SELECT citybigdata.set_limit('11000098000001E', 'benches', 0.001, 100);
SELECT reply.field(f, 'rate-policy') AS policy, split_part(reply.field(f, 'rate'), ';t', 1) AS state
FROM citybigdata.rest_data_query('req-9', '192.0.2.9', NULL, 'bearer', sha256('data@1'), 'benches', '{benchId}', '{1}') f;
SELECT citybigdata.set_limit('11000098000001E', 'benches');
-- faults
SELECT * FROM pg_temp.data('1', '{pageSize,benchid}', '{0,1}');
SELECT * FROM pg_temp.data('1', '{name}', '{NULL}');
SELECT * FROM pg_temp.data('1', '{divisionCode}', '{110101001}');
SELECT * FROM pg_temp.data('1', '{name,x/y~z}', '{"'' OR 1=1",1}');
-- a download goes on with a continuation: of this request and this resource alone, judged again for each page
CREATE FUNCTION pg_temp.further(request text, scheme text, credential bytea, cursor text DEFAULT NULL, resource text DEFAULT 'benches', addr inet DEFAULT '192.0.2.9',
    OUT status text, OUT rows int, OUT cursor_out text, OUT continuation bytea) LANGUAGE sql AS $$
SELECT reply.status(f), (SELECT count(*) FROM regexp_split_to_table(reply.data(f), E'\n') l WHERE l ~ '^{"benchId'), substring(reply.field(f, 'link') FROM '^cursor=(.*)'),
    convert_to(reply.field(f, 'more'), 'UTF8')
FROM citybigdata.rest_data_query(request, addr, NULL, scheme, credential, resource, ARRAY['format', 'pageSize'] || CASE WHEN cursor IS NULL THEN '{}' ELSE '{cursor}'::text[] END,
    ARRAY['ndjson', '2'] || CASE WHEN cursor IS NULL THEN '{}' ELSE ARRAY[cursor] END) f $$;
SELECT status, rows, cursor_out AS cursor, continuation FROM pg_temp.further('req-2', 'bearer', sha256('data@1')) \gset first_
SELECT :'first_status' AS status, :first_rows AS rows, length(:'first_continuation') > 100 AS sealed;
SELECT status, rows, cursor_out AS cursor, continuation FROM pg_temp.further('req-2', 'continued', :'first_continuation', :'first_cursor') \gset second_
SELECT :'second_status' AS status, :second_rows AS rows, :'second_continuation' <> :'first_continuation' AS renewed;
SELECT status, rows, continuation IS NULL AS last FROM pg_temp.further('req-2', 'continued', :'second_continuation', :'second_cursor');
SELECT (pg_temp.further('req-3', 'continued', :'first_continuation')).status AS other_request, (pg_temp.further('req-2', 'continued', :'first_continuation', resource => 'events')).status AS other_resource,
    (pg_temp.further('req-2', 'continued', set_byte(:'first_continuation', 70, CASE get_byte(:'first_continuation', 70) WHEN 66 THEN 67 ELSE 66 END))).status AS changed, (pg_temp.further('req-2', 'continued', NULL)).status AS missing,
    (pg_temp.further('req-2', 'continued', sha256('data@1'))).status AS token, (pg_temp.further('req-2', 'bearer', :'first_continuation')).status AS as_token;
UPDATE citybigdata.access_token SET revoked_at = now() WHERE token_digest = sha256('data@1');
SELECT (pg_temp.further('req-2', 'continued', :'first_continuation', :'first_cursor')).status AS revoked;
UPDATE citybigdata.access_token SET revoked_at = NULL WHERE token_digest = sha256('data@1');
UPDATE citybigdata.app_grant SET state = 'revoked' WHERE resource = 'benches' AND level = 3;
SELECT (pg_temp.further('req-2', 'continued', :'first_continuation', :'first_cursor')).status AS no_grant;
UPDATE citybigdata.app_grant SET state = 'active' WHERE resource = 'benches' AND level = 3;
-- a one-time code is spent by the first page; its application is judged at the others
INSERT INTO citybigdata.auth_code (code_digest, app_id, method, issued_at, expires_at) SELECT sha256('data-code'), app_id, 'key', now(), now() + interval '1 minute' FROM citybigdata.application WHERE app_code = '11000098000001E';
SELECT status, rows, cursor_out AS cursor, continuation FROM pg_temp.further('req-4', 'code', sha256('data-code')) \gset code_
SELECT :'code_status' AS status, (pg_temp.further('req-4', 'code', sha256('data-code'))).status AS again, status AS continued, rows FROM pg_temp.further('req-4', 'continued', :'code_continuation', :'code_cursor');
UPDATE citybigdata.application SET ip_ranges = '{192.0.2.0/24}' WHERE app_code = '11000098000001E';
SELECT (pg_temp.further('req-4', 'continued', :'code_continuation', :'code_cursor')).status AS here, (pg_temp.further('req-4', 'continued', :'code_continuation', :'code_cursor', addr => '198.51.100.1')).status AS elsewhere;
UPDATE citybigdata.application SET ip_ranges = '{}' WHERE app_code = '11000098000001E';
-- a changed relation: 50304, and its words stay in the server's log; the audit row commits
ALTER TABLE public.bench RENAME COLUMN name TO label;
SELECT * FROM pg_temp.data('1');
ALTER TABLE public.bench RENAME COLUMN label TO name;
-- another owner: its code would run with the rights of the one before
ALTER TABLE public.bench OWNER TO citybigdata_analyst;
SELECT * FROM pg_temp.data('1', '{benchId}', '{1}');
REVOKE SELECT ON public.bench FROM PUBLIC;
-- the keeper open to level 2: a security administrator must consent
CREATE ROLE data_secadmin IN ROLE citybigdata_secadmin;
SELECT code, version, advice FROM citybigdata.publish('public.bench', '{"code": "benches", "level": 2}');
SET ROLE data_secadmin;
SELECT citybigdata.approve_levels('benches', 2);
RESET ROLE;
SELECT * FROM pg_temp.data('1', '{benchId}', '{1}');
REVOKE SELECT ON public.bench FROM citybigdata_analyst;
SELECT * FROM pg_temp.data('1');
GRANT SELECT ON public.bench TO citybigdata_analyst;
SELECT action, object, status_code, count(*) FROM citybigdata.audit_log WHERE action = 'data.query' AND request_id = 'req-1' AND object = 'benches' GROUP BY 1, 2, 3 ORDER BY 3;
-- a version column gives an entity tag; who has it gets no text
ALTER TABLE public.bench ADD changed_at timestamptz DEFAULT '2024-01-01 00:00:00+08';
SELECT version FROM citybigdata.publish('public.bench', '{"code": "benches", "versionColumn": "changed_at"}');
SET ROLE data_secadmin;
SELECT citybigdata.approve_levels('benches', 3);
RESET ROLE;
DROP ROLE data_secadmin;
CREATE FUNCTION pg_temp.tag(names text[], vals text[], tag text DEFAULT NULL, OUT http text, OUT tag text, OUT length int) LANGUAGE sql AS $$
SELECT reply.field(f, 'http'), substring(reply.field(f, 'etag') FROM '^W/"(.*)"$'), length(reply.data(f))
FROM citybigdata.rest_data_query('req-1', '192.0.2.9', NULL, 'bearer', sha256('data@1'), 'benches', names, vals, format('W/"%s"', tag)) f $$;
SELECT (pg_temp.tag('{pageSize}', '{10}')).tag AS tag \gset
SELECT length(:'tag') AS length, (pg_temp.tag('{pageSize,appCode}', '{10,11000098000001E}')).tag = :'tag' AS same, (pg_temp.tag('{pageSize}', '{9}')).tag <> :'tag' AS other_request,
    (pg_temp.tag('{pageSize,format}', '{10,csv}')).tag <> :'tag' AS other_format, (pg_temp.tag('{pageSize,expandCodes}', '{10,true}')).tag AS with_names;
SELECT t.http, t.tag = :'tag' AS tag, t.length FROM pg_temp.tag('{pageSize}', '{10}', :'tag') t;
SELECT substring(d FROM '"totalCount":[^}]*') AS counted FROM pg_temp.data('1', '{pageSize,count}', '{1,exact}') d WHERE d ~ 'totalCount';
SELECT t.http, t.length > 0 AS text FROM pg_temp.tag('{pageSize}', '{10}', 'another') t;
UPDATE public.bench SET changed_at = '2024-01-02 00:00:00+08' WHERE bench_id = 1;
SELECT t.http, t.tag <> :'tag' AS changed, t.length > 0 AS text FROM pg_temp.tag('{pageSize}', '{10}', :'tag') t;
-- beyond the latency budget: 504
CREATE VIEW public.slow_bench AS SELECT bench_id, pg_sleep(2)::text AS nap FROM public.bench;
SELECT code FROM citybigdata.publish('public.slow_bench', '{"code": "slow-benches", "keyset": ["bench_id"], "latencyBudget": 20}');
INSERT INTO citybigdata.app_grant (app_id, resource, level, granted_by) SELECT app_id, 'slow-benches', 3, 'test' FROM citybigdata.application WHERE app_code = '11000098000001E';
SELECT * FROM pg_temp.data('1', resource => 'slow-benches');
-- past its sunset it is gone
SELECT code FROM citybigdata.publish('public.slow_bench', '{"code": "slow-benches", "keyset": ["bench_id"], "sunset": "2020-01-01"}');
SELECT * FROM pg_temp.data('1', resource => 'slow-benches');
-- discovery: only what is granted
CREATE FUNCTION pg_temp.resources(who text) RETURNS SETOF text LANGUAGE sql AS $$
SELECT reply.outcome(f) || ' ' || coalesce((SELECT string_agg(i ->> 'code' || ' ' || (i ->> 'address'), ', ') FROM json_array_elements(nullif(reply.data(f), '')::json -> 'items') i
    WHERE i ->> 'code' IN ('benches', 'slow-benches', 'events')), '')
FROM citybigdata.rest_resources('req-1', '192.0.2.9', NULL, 'bearer', sha256(('data@' || who)::bytea)) f $$;
SELECT pg_temp.resources('1'), pg_temp.resources('3'), pg_temp.resources('admin'), pg_temp.resources('nobody');
-- filters of the catalogue: layer, industry, kind of data, one or several
SELECT code FROM citybigdata.publish('public.bench', '{"code": "benches-2", "industry": "greening"}'), citybigdata.publish('public.bench', '{"code": "benches-3", "layer": "base", "source": "society"}') b (b) \gset ignored_
CREATE FUNCTION pg_temp.filtered(layer text, industry text DEFAULT NULL, kind text DEFAULT NULL) RETURNS text LANGUAGE sql AS $$
SELECT reply.outcome(f) || ' ' || coalesce((SELECT string_agg(concat_ws('/', i ->> 'code', i ->> 'layer', i ->> 'industry', i ->> 'source'), ', ') FROM json_array_elements(nullif(reply.data(f), '')::json -> 'items') i
    WHERE i ->> 'code' LIKE 'benches%'), reply.data(f))
FROM citybigdata.rest_resources('req-1', '192.0.2.9', NULL, 'bearer', sha256('data@admin'), layer, industry, kind) f $$;
SELECT pg_temp.filtered(NULL); SELECT pg_temp.filtered('industry'); SELECT pg_temp.filtered('base,theme'); SELECT pg_temp.filtered('["base"]'); SELECT pg_temp.filtered(NULL, 'greening'); SELECT pg_temp.filtered('base', 'greening');
SELECT pg_temp.filtered(NULL, NULL, 'greening,benches-3'); SELECT pg_temp.filtered(NULL, NULL, 'no-such');
SELECT pg_temp.filtered('Base', 'magic', 'a b'); SELECT pg_temp.filtered('', repeat('lighting,', 100), '['); SELECT pg_temp.filtered(repeat('theme,', 64) || 'theme');
SELECT citybigdata.unpublish('benches-2'), citybigdata.unpublish('benches-3');
CREATE FUNCTION pg_temp.resource(who text, code text) RETURNS json LANGUAGE sql AS $$
SELECT nullif(reply.data(citybigdata.rest_resource('req-1', '192.0.2.9', NULL, 'bearer', sha256(('data@' || who)::bytea), code)), '')::json $$;
SELECT r ->> 'address' AS address, r ->> 'titleZh' AS title, r ->> 'version' AS version, r ->> 'sample' AS sample,
    (SELECT string_agg(p ->> 'name', ',') FROM json_array_elements(r -> 'parameters') p) AS parameters FROM pg_temp.resource('1', 'benches') r;
SELECT f ->> 'name' AS name, f ->> 'type' AS type, f ->> 'level' AS level, f ->> 'filterable' AS filterable, f ->> 'isKey' AS key, f ->> 'codeTable' AS code_table
FROM json_array_elements(pg_temp.resource('1', 'benches') -> 'fields') f;
SELECT pg_temp.resource('1', 'events') IS NULL AS not_granted, pg_temp.resource('1', 'no-such') IS NULL AS unknown, pg_temp.resource('nobody', 'benches') IS NULL AS nobody, pg_temp.resource('admin', 'events') ->> 'address' AS admin;
-- above the level of the grant it is not there, in the list as little as by its code
BEGIN;
UPDATE citybigdata.resource_version SET level = 3 WHERE resource_code = 'benches' AND state = 'current';
UPDATE citybigdata.app_grant SET level = 2 WHERE resource = 'benches';
SELECT pg_temp.resource('1', 'benches') IS NULL AS hidden, pg_temp.resources('1') LIKE '% benches %' AS listed, pg_temp.resource('admin', 'benches') ->> 'code' AS admin;
UPDATE citybigdata.app_grant SET level = 3 WHERE resource = 'benches';
SELECT pg_temp.resource('1', 'benches') ->> 'code' AS shown;
ROLLBACK;
-- every live parameter is documented, and no other
SELECT p.name FROM citybigdata.standard_parameters() p FULL JOIN unnest(citybigdata.query_parameters()) AS q (name) ON p.name = q.name WHERE p.name IS NULL OR q.name IS NULL;
