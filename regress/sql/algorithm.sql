-- Algorithms: registering, parameters, running within limits, rights. Roles: ana publishes, eve attacks, own owns the platform's roles.
\set SHOW_CONTEXT never
\pset null '(null)'
\pset format unaligned
\pset tuples_only on
SET client_min_messages = warning;
CREATE ROLE al_ana IN ROLE citybigdata_analyst;
CREATE ROLE al_eve IN ROLE citybigdata_analyst;
CREATE SCHEMA al AUTHORIZATION al_ana;
GRANT USAGE, CREATE ON SCHEMA al TO al_eve;
CREATE TABLE public.al_secret AS SELECT 'secret' AS word;
-- what a statement answers: its value, or its error and the first status of its errors
CREATE FUNCTION public.al_try(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE more text; hint text; value text;
BEGIN
    EXECUTE statement INTO value;
    RETURN value;
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS more = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
    RETURN SQLSTATE || ' ' || SQLERRM || coalesce(' | ' || nullif(more, ''), '');
END $$;

CREATE FUNCTION public.al_versions(OUT data text, OUT code text) LANGUAGE sql AS $$ SELECT r ->> 'dataVersion', r ->> 'codeHash' FROM citybigdata.run_algorithm('bright-lights', '{"minPower": 20}') r $$;
SET ROLE al_ana;
CREATE TABLE al.light (id integer PRIMARY KEY, power numeric, lit date, geom geometry(Point, 4490));
INSERT INTO al.light SELECT i, i * 10, date '2024-01-01' + i, st_setsrid(st_makepoint(116 + i / 100.0, 39.9), 4490) FROM generate_series(1, 5) i;

-- 1. a table and a json, their parameters, columns and defaults
CREATE FUNCTION al.bright_lights(min_power numeric, max_rows integer DEFAULT 3) RETURNS TABLE (light_id integer, power numeric, lit date, place geometry, lit_since timestamptz)
    LANGUAGE sql STABLE AS $$ SELECT l.id, l.power, l.lit, l.geom, l.lit::timestamptz FROM al.light l WHERE l.power >= min_power ORDER BY l.id LIMIT max_rows $$;
COMMENT ON FUNCTION al.bright_lights IS 'Bright lights 亮灯';
SELECT jsonb_pretty(citybigdata.register_algorithm('al.bright_lights(numeric, integer)', '{"title": "Bright lights", "titleZh": "亮灯", "source": "own",
    "parameters": [{"name": "minPower", "min": 0, "max": 1000, "unit": "W", "required": true}, {"argument": "max_rows", "name": "rows", "min": 1, "max": 100, "default": 2}],
    "columns": [{"name": "power", "title": "Power", "titleZh": "功率", "unit": "W"}], "dataVersion": ["al.light"], "cacheFor": 60}') - 'codeHash');
SELECT citybigdata.run_algorithm('bright-lights', '{"minPower": 20}') -> 'result';
SELECT r ->> 'algorithm', r -> 'parameters', length(r ->> 'dataVersion'), length(r ->> 'codeHash'), r ->> 'computedAt' ~ '^[0-9]{14}$' FROM citybigdata.run_algorithm('bright-lights', '{"minPower": "20.5", "rows": 1}') r;
CREATE FUNCTION al.kinds(numbers integer[], words text[], truth boolean, days date[], period tstzrange, at timestamptz, area geometry, more jsonb, half real, big bigint, word text DEFAULT 'own')
    RETURNS jsonb LANGUAGE plpgsql STABLE SET search_path = public AS $$
BEGIN
    RETURN jsonb_build_object('numbers', numbers, 'words', words, 'truth', truth, 'days', days, 'period', period, 'at', at, 'area', st_astext(area), 'more', more, 'half', half, 'big', big, 'word', word,
                              'who', current_user, 'zone', current_setting('TimeZone'));
END $$;
SELECT citybigdata.register_algorithm('al.kinds(integer[], text[], boolean, date[], tstzrange, timestamptz, geometry, jsonb, real, bigint, text)', '{"code": "kinds", "parameters": [{"name": "words", "values": ["a", "b"]}, {"name": "days", "min": "20240101", "max": "20241231"}]}') ->> 'address';
SELECT r -> 'parameters', r -> 'result' FROM citybigdata.run_algorithm('kinds', '{"numbers": [1, 2], "words": "a,b", "truth": true, "days": ["20240301", "2024-03-02"], "period": "[20240101,20240102]",
    "at": "20240101120000", "area": {"type": "Point", "coordinates": [116.4, 39.9]}, "more": {"b": [1], "a": null}, "half": 0.5, "big": 9007199254740993}') r;
SELECT citybigdata.run_algorithm('kinds') -> 'result';

-- 2. all that is wrong, at once, in both languages
SELECT public.al_try($$SELECT citybigdata.run_algorithm('bright-lights', '{"minPower": "much", "rows": 101, "colour": 1}')$$);
SET citybigdata.language = 'zh';
SELECT public.al_try($$SELECT citybigdata.run_algorithm('bright-lights', '{"rows": 0}')$$);
RESET citybigdata.language;
SELECT public.al_try(format($$SELECT citybigdata.run_algorithm('kinds', '{"%s": %s}') #>> '{result,word}'$$, n, v)) FROM (VALUES ('numbers', '[1, "x"]'), ('numbers', '[]'), ('words', '"c"'), ('truth', '"yes"'), ('days', '"20250101"'),
    ('period', '"20240101"'), ('at', '"24:00"'), ('area', '{"type": "Nothing"}'), ('area', '"x"'), ('half', '1e99'), ('big', '9223372036854775808'), ('appCode', '"ignored"'), ('jobId', '"ignored"')) v (n, v);
SELECT public.al_try($$SELECT citybigdata.run_algorithm('kinds', '[]')$$), public.al_try($$SELECT citybigdata.run_algorithm('nothing')$$);

-- 3. the data version tells a change of the rows, and nothing else; the code hash one of the code and of the registration
SELECT data, code FROM public.al_versions() \gset
SELECT length(:'data');
VACUUM al.light;
SELECT data = :'data', code = :'code' FROM public.al_versions();
UPDATE al.light SET power = power WHERE id = 1;
SELECT data = :'data', code = :'code' FROM public.al_versions();
CREATE OR REPLACE FUNCTION al.bright_lights(min_power numeric, max_rows integer DEFAULT 3) RETURNS TABLE (light_id integer, power numeric, lit date, place geometry, lit_since timestamptz)
    LANGUAGE sql STABLE AS $$ SELECT l.id, l.power, l.lit, l.geom, l.lit::timestamptz FROM al.light l WHERE l.power > min_power ORDER BY l.id LIMIT max_rows $$;
SELECT code = :'code' FROM public.al_versions();
CREATE FUNCTION al.version_of(jsonb) RETURNS text LANGUAGE sql STABLE AS $$ SELECT 'rows ' || count(*) || ' for ' || $1::text FROM al.light $$;
CREATE FUNCTION al.one() RETURNS jsonb LANGUAGE sql STABLE AS $$ SELECT '1'::jsonb $$;
SELECT citybigdata.register_algorithm('al.one()', '{"code": "one", "dataVersion": "al.version_of"}') IS NOT NULL;
SELECT r - 'codeHash' - 'computedAt' FROM citybigdata.run_algorithm('one') r;

-- 4. what may not be registered
CREATE FUNCTION al.writes() RETURNS jsonb LANGUAGE sql AS $$ INSERT INTO al.light VALUES (9) RETURNING '{}'::jsonb $$;
CREATE FUNCTION al.unnamed(integer) RETURNS jsonb LANGUAGE sql STABLE AS $$ SELECT '{}'::jsonb $$;
CREATE FUNCTION al.odd(x point) RETURNS jsonb LANGUAGE sql STABLE AS $$ SELECT '{}'::jsonb $$;
CREATE FUNCTION al.number() RETURNS integer LANGUAGE sql STABLE AS $$ SELECT 1 $$;
CREATE FUNCTION al.two(app_code text) RETURNS jsonb LANGUAGE sql STABLE AS $$ SELECT '{}'::jsonb $$;
SELECT public.al_try(format('SELECT citybigdata.register_algorithm(%L, %L)', f, o)) FROM (VALUES ('al.writes()', '{}'), ('al.unnamed(integer)', '{}'), ('al.odd(point)', '{}'), ('al.number()', '{}'), ('al.two(text)', '{}'),
    ('al.one()', '{"level": 4}'), ('al.one()', '{"timeout": 1}'), ('al.one()', '{"cost": "cheap"}'), ('al.one()', '{"colour": 1}'), ('al.one()', '{"code": "cases"}'), ('al.one()', '{"code": "Hot Spots"}'), ('al.one()', '{"result": "table"}'),
    ('al.one()', '{"dataVersion": 1}'), ('al.one()', '{"dataVersion": ["al.nothing"]}'), ('al.bright_lights(numeric, integer)', '{"parameters": [{"name": "colour"}]}'),
    ('al.bright_lights(numeric, integer)', '{"parameters": [{"name": "minPower", "min": "low"}]}'), ('al.bright_lights(numeric, integer)', '{"parameters": [{"name": "minPower", "max": 5, "default": 6}]}'),
    ('al.bright_lights(numeric, integer)', '{"columns": [{"name": "colour"}]}'), ('pg_catalog.pg_backend_pid()', '{}')) v (f, o);
SET ROLE al_eve;
SELECT public.al_try($$SELECT citybigdata.register_algorithm('al.one()')$$), public.al_try($$SELECT citybigdata.unregister_algorithm('one')$$), public.al_try($$SELECT citybigdata.suspend_algorithm('one')$$);
CREATE FUNCTION al.hers() RETURNS jsonb LANGUAGE sql STABLE AS $$ SELECT '{}'::jsonb $$;
SELECT public.al_try($$SELECT citybigdata.register_algorithm('al.hers()', '{"code": "one"}')$$);
SELECT public.al_try($$SELECT citybigdata.publish('al.light', '{"code": "one"}')$$) ~ '^42501';
SET ROLE al_ana;
SELECT public.al_try($$SELECT citybigdata.publish('al.light', '{"code": "one"}')$$);

-- 5. who writes, loops, allocates, returns too much or reads what he may not is stopped
CREATE FUNCTION al.executes(statement text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE statement; EXCEPTION WHEN query_canceled THEN NULL; END $$;
CREATE FUNCTION al.attack(how text) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
    CASE how
    WHEN 'write' THEN PERFORM al.writes();
    WHEN 'table' THEN PERFORM al.executes('CREATE TABLE al.new (x integer)');
    WHEN 'temporary' THEN PERFORM al.executes('CREATE TEMP TABLE new (x integer)');
    WHEN 'caught' THEN PERFORM al.executes('SELECT pg_sleep(3)');
    WHEN 'mode' THEN PERFORM set_config('transaction_read_only', 'off', false); PERFORM al.writes();
    WHEN 'role' THEN PERFORM set_config('role', 'none', false);
    WHEN 'object' THEN PERFORM lo_create(4711);
    WHEN 'loop' THEN LOOP NULL; END LOOP;
    WHEN 'sleep' THEN PERFORM pg_sleep(60);
    WHEN 'memory' THEN PERFORM string_agg(repeat('x', 1000000), '') FROM generate_series(1, 2000);
    WHEN 'files' THEN PERFORM count(*) FROM (SELECT repeat(md5(i::text), 20) AS t FROM generate_series(1, 2000000) i ORDER BY 1) s;
    WHEN 'large' THEN RETURN to_jsonb(repeat('x', 2000000));
    WHEN 'read' THEN RETURN (SELECT to_jsonb(s.word) FROM public.al_secret s);
    WHEN 'ask' THEN RETURN citybigdata.run_algorithm('one');
    WHEN 'refuse' THEN RAISE EXCEPTION 'no such way: %', how;
    WHEN 'divide' THEN RETURN to_jsonb(1 / 0);
    WHEN 'settings' THEN PERFORM set_config('work_mem', '1234kB', false); RETURN to_jsonb(current_user || ' ' || current_setting('search_path'));
    END CASE;
    RETURN to_jsonb(current_user);
END $$;
SELECT citybigdata.register_algorithm('al.attack(text)', '{"code": "attack", "timeout": 2000}') IS NOT NULL;
RESET ROLE;
SET citybigdata.analysis_memory = '64MB';
SET citybigdata.analysis_temp_size = '10MB';
SET citybigdata.analysis_size = '1MB';
SET ROLE al_ana;
SELECT how, public.al_try(format($$SELECT citybigdata.run_algorithm('attack', '{"how": "%s"}') -> 'result'$$, how))
FROM unnest(ARRAY['write', 'table', 'temporary', 'mode', 'role', 'object', 'loop', 'sleep', 'caught', 'memory', 'files', 'large', 'read', 'ask', 'refuse', 'divide', 'settings']) how;
SELECT count(*) FROM al.light;
SELECT count(*) FROM pg_largeobject_metadata WHERE oid = 4711;
SELECT current_user, current_setting('work_mem') <> '1234kB', current_setting('transaction_read_only');
SELECT count(*) FROM pg_class WHERE relname = 'new';
CREATE FUNCTION al.many(rows integer) RETURNS TABLE (i integer) LANGUAGE sql STABLE AS $$ SELECT generate_series(1, rows) $$;
SELECT citybigdata.register_algorithm('al.many(integer)', '{"code": "many"}') IS NOT NULL;
RESET ROLE;
SET citybigdata.analysis_rows = 1000;
SELECT jsonb_array_length(citybigdata.run_algorithm('many', '{"rows": 1000}') #> '{result,rows}'), public.al_try($$SELECT citybigdata.run_algorithm('many', '{"rows": 1001}')$$);
RESET citybigdata.analysis_rows;
RESET citybigdata.analysis_memory;
RESET citybigdata.analysis_temp_size;
RESET citybigdata.analysis_size;

-- 6. the function is its publisher's at each run: another owner, another function of the name, a superuser
ALTER FUNCTION al.one() OWNER TO al_eve;
SELECT public.al_try($$SELECT citybigdata.run_algorithm('one')$$);
ALTER FUNCTION al.one() OWNER TO al_ana;
ALTER FUNCTION al.version_of(jsonb) OWNER TO al_eve;
SELECT public.al_try($$SELECT citybigdata.run_algorithm('one')$$);
ALTER FUNCTION al.version_of(jsonb) OWNER TO al_ana;
SET ROLE al_ana;
DROP FUNCTION al.one();
SELECT public.al_try($$SELECT citybigdata.run_algorithm('one')$$);
CREATE FUNCTION al.one() RETURNS jsonb LANGUAGE sql STABLE AS $$ SELECT '2'::jsonb $$;
SELECT public.al_try($$SELECT citybigdata.run_algorithm('one')$$);
SELECT citybigdata.register_algorithm('al.one()', '{"code": "one", "level": 2}') IS NOT NULL, public.al_try($$SELECT citybigdata.register_algorithm('al.one()', '{"code": "one", "level": 1}')$$);
ALTER FUNCTION al.one() VOLATILE;
SELECT public.al_try($$SELECT citybigdata.run_algorithm('one')$$);
ALTER FUNCTION al.one() STABLE;
SET ROLE al_eve;
SELECT public.al_try($$SELECT citybigdata.run_algorithm('one')$$), public.al_try($$SELECT citybigdata.run_algorithm('many', '{"rows": 1}') -> 'result' -> 'rows'$$);
RESET ROLE;
CREATE FUNCTION public.al_super() RETURNS jsonb LANGUAGE sql STABLE AS $$ SELECT to_jsonb(current_user) $$;
SET citybigdata.superuser_code = off;
SELECT public.al_try($$SELECT citybigdata.register_algorithm('public.al_super()') ->> 'code'$$);
RESET citybigdata.superuser_code;
SET ROLE al_ana;
SELECT citybigdata.suspend_algorithm('one'), public.al_try($$SELECT citybigdata.run_algorithm('one')$$);
SELECT citybigdata.suspend_algorithm('one', false), citybigdata.run_algorithm('one') -> 'result';
SELECT citybigdata.unregister_algorithm('one'), public.al_try($$SELECT citybigdata.run_algorithm('one')$$), public.al_try($$SELECT citybigdata.unregister_algorithm('one')$$);
SET ROLE al_eve;
SELECT public.al_try($$SELECT citybigdata.register_algorithm('al.hers()', '{"code": "one"}')$$);
RESET ROLE;
-- a restored database knows functions by name and owner
DELETE FROM citybigdata.bound_object WHERE kind = 'algorithm';
SELECT citybigdata.bind_restored() > 0, (SELECT count(*) FROM citybigdata.bound_object WHERE kind = 'algorithm' AND code IN ('kinds', 'attack'));
-- nobody reads results and jobs of others; every option of register_algorithm() has its words
SELECT has_table_privilege('citybigdata_sysadmin', 'citybigdata.analysis_job', 'SELECT'), has_table_privilege('citybigdata_analyst', 'citybigdata.analysis_result', 'SELECT');
SELECT count(*) > 25, bool_and(meaning <> '' AND example <> '') FROM citybigdata.algorithm_options();

DROP SCHEMA al CASCADE;
DELETE FROM citybigdata.algorithm WHERE NOT shipped;
DELETE FROM citybigdata.resource WHERE resource_code IN ('bright-lights', 'kinds', 'attack', 'many');
DELETE FROM citybigdata.bound_object WHERE kind = 'algorithm' AND code IN ('bright-lights', 'kinds', 'attack', 'many', 'one');
DROP FUNCTION public.al_super(), public.al_try(text), public.al_versions();
DROP TABLE public.al_secret;
DROP ROLE al_ana, al_eve;
