-- What the code and the data of a published relation can do to the session, to other callers and to the plans: nothing.
\set SHOW_CONTEXT never
\pset format unaligned
\pset tuples_only on
\pset null '(null)'
SET client_min_messages = warning;
DROP ROLE IF EXISTS guard_publisher;
CREATE EXTENSION IF NOT EXISTS dblink;
RESET client_min_messages;
CREATE ROLE guard_publisher IN ROLE citybigdata_analyst;
CREATE SCHEMA guard AUTHORIZATION guard_publisher;
CREATE FUNCTION pg_temp.fault(resource text, params jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE found text;
BEGIN
    PERFORM citybigdata.query(resource, params);
    RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS found = PG_EXCEPTION_DETAIL;
    RETURN SQLSTATE || ' ' || SQLERRM || ' ' || found;
END $$;
SET ROLE guard_publisher;
CREATE TABLE guard.lamp (id int PRIMARY KEY, kind text NOT NULL, lit_for interval, seen tstzrange, at timestamptz[], state text);
INSERT INTO guard.lamp SELECT n, CASE n % 2 WHEN 0 THEN 'LED' ELSE 'HPS' END, n * interval '1 hour', tstzrange('2024-01-01 00:00:00+08', NULL), ARRAY['2024-01-01 00:00:00+08'::timestamptz], 'on' FROM generate_series(1, 50) n;
CREATE INDEX ON guard.lamp (kind, id);
-- settings that its code makes end with the read
CREATE FUNCTION guard.set_all() RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('statement_timeout', '1', false), set_config('search_path', 'guard', false), set_config('default_transaction_read_only', 'on', false), set_config('enable_indexscan', 'off', false);
    RETURN set_config('timezone', 'Asia/Tokyo', false);
END $$;
CREATE VIEW guard.setter AS SELECT 1 AS id, guard.set_all() AS zone;
SELECT code FROM citybigdata.publish('guard.setter', '{"keyset": ["id"]}');
RESET ROLE;
SHOW timezone \gset before_
SELECT citybigdata.query('setter') -> 'items';
SELECT current_setting('timezone') = :'before_TimeZone', current_setting('statement_timeout'), current_setting('search_path'), current_setting('default_transaction_read_only'), current_setting('enable_indexscan');
-- the text of values does not depend on the session's settings
SELECT code FROM citybigdata.publish('guard.lamp', '{"code": "guard-lamps"}');
SET timezone = 'America/New_York'; SET datestyle = 'German'; SET intervalstyle = 'sql_standard';
SELECT citybigdata.query('guard-lamps', '{"id": 1, "fields": "litFor,seen,at"}') -> 'items';
RESET timezone; RESET datestyle; RESET intervalstyle;
-- code that asks the interface again would end the budget and drop the plans of the query that it runs in
SET ROLE guard_publisher;
CREATE FUNCTION guard.again() RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    FOR n IN 1 .. 300 LOOP
        PERFORM citybigdata.query('again', jsonb_build_object('id.in', (SELECT jsonb_agg(i) FROM generate_series(1, n) i), 'fields', 'id', CASE n % 2 WHEN 0 THEN 'id.gt' ELSE 'id.lt' END, n));
    END LOOP;
    RETURN 'done';
END $$;
CREATE VIEW guard.again AS SELECT id, guard.again() AS answer FROM guard.lamp;
SELECT code FROM citybigdata.publish('guard.again', '{"keyset": ["id"]}');
RESET ROLE;
SELECT citybigdata.query('again');
SELECT citybigdata.query('guard-lamps', '{"id": 2, "fields": "id"}') -> 'items' AS goes_on;
-- code that catches the end of its budget: once the interruption, then the session
SET ROLE guard_publisher;
CREATE FUNCTION guard.stay() RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    LOOP
        BEGIN
            PERFORM pg_sleep(60);
        EXCEPTION WHEN query_canceled THEN
            NULL;
        END;
    END LOOP;
END $$;
CREATE VIEW guard.stayer AS SELECT 1 AS id, guard.stay() AS answer;
SELECT code FROM citybigdata.publish('guard.stayer', '{"keyset": ["id"], "latencyBudget": 1000}');
RESET ROLE;
CREATE FUNCTION pg_temp.elsewhere(query text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    RETURN (SELECT r FROM public.dblink(format('dbname=%L port=%s host=%L user=%L', current_database(), current_setting('port'), split_part(current_setting('unix_socket_directories'), ',', 1), current_user), query) AS t (r text));
EXCEPTION WHEN OTHERS THEN
    RETURN CASE WHEN SQLERRM LIKE '%terminating connection%' THEN 'the session ended' ELSE SQLERRM END;
END $$;
SELECT pg_temp.elsewhere($$SELECT citybigdata.query('stayer')::text$$);
-- what its code or its data do wrong is its fault: 503, with the reason for the log; what the caller's crs does, the caller's
SET ROLE guard_publisher;
CREATE FUNCTION guard.fail(kind text) RETURNS int LANGUAGE plpgsql AS $$
BEGIN
    CASE kind WHEN 'raise' THEN RAISE EXCEPTION 'secret'; WHEN 'zero' THEN RETURN 1 / 0; WHEN 'rows' THEN RETURN (SELECT n FROM generate_series(1, 2) n); WHEN 'case' THEN RETURN (CASE kind WHEN 'x' THEN 1 END); WHEN 'feature' THEN RETURN lo_import('/etc/passwd'); END CASE;
END $$;
CREATE VIEW guard.failing AS SELECT id, kind, guard.fail(kind) AS x FROM (VALUES (1, 'raise'), (2, 'zero'), (3, 'rows'), (4, 'feature'), (5, 'unknown')) v (id, kind);
SELECT code FROM citybigdata.publish('guard.failing', '{"keyset": ["id"]}');
CREATE TABLE guard.area (id int PRIMARY KEY, geom geometry(MultiPolygon, 4490));
INSERT INTO guard.area VALUES (1, 'SRID=4490;MULTIPOLYGON(((116 39,117 39,117 40,116 39)))'), (2, 'SRID=4490;MULTIPOLYGON(((300 300,301 300,301 301,300 300)))');
SELECT code FROM citybigdata.publish('guard.area');
RESET ROLE;
SELECT kind, pg_temp.fault('failing', jsonb_build_object('kind', kind)) FROM (VALUES ('raise'), ('zero'), ('rows'), ('feature'), ('unknown')) v (kind);
SELECT pg_temp.fault('area', '{"crs": "EPSG:4548", "id": 1}'), pg_temp.fault('area', '{"crs": "EPSG:4548"}'), pg_temp.fault('area', '{"crs": "GCJ02"}'), pg_temp.fault('area', '{"crs": "EPSG:22300", "id": 1}'), pg_temp.fault('area', '{"crs": "EPSG:999999"}');
-- a plan is made a few times for a shape and then kept: a constant function speaks whenever one is made
SET ROLE guard_publisher;
CREATE FUNCTION guard.planned() RETURNS int IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN RAISE NOTICE 'planned'; RETURN 1; END $$;
CREATE VIEW guard.noisy AS SELECT id, kind FROM guard.lamp WHERE guard.planned() = 1;
SELECT code FROM citybigdata.publish('guard.noisy', '{"keyset": ["id"], "code": "noisy"}');
RESET ROLE;
SELECT length(citybigdata.query('noisy', jsonb_build_object('pageSize', 1))::text) > 0 FROM generate_series(1, 3);
DO $$ BEGIN FOR n IN 1 .. 6 LOOP PERFORM citybigdata.query('noisy', jsonb_build_object('kind', CASE n % 2 WHEN 0 THEN 'LED' ELSE 'HPS' END)); END LOOP; END $$;
DO $$ BEGIN RAISE NOTICE 'from here on nothing is planned'; FOR n IN 1 .. 20 LOOP PERFORM citybigdata.query('noisy', jsonb_build_object('kind', 'LED', 'pageSize', 11 + n)); END LOOP; END $$;
-- a republished or changed relation is planned anew
SELECT code FROM citybigdata.publish('guard.noisy', '{"keyset": ["id"], "code": "noisy"}');
SELECT length(citybigdata.query('noisy', jsonb_build_object('pageSize', 1))::text) > 0;
-- however many shapes are asked, the plans kept stay bounded
SET client_min_messages = warning;
CREATE FUNCTION pg_temp.plans() RETURNS bigint LANGUAGE sql AS $$ SELECT count(*) FROM pg_backend_memory_contexts WHERE name = 'CachedPlanSource' AND ident LIKE '%guard.lamp%' $$;
DO $$
DECLARE ops text[] := ARRAY['eq', 'ne', 'lt', 'le', 'gt', 'ge']; dirs text[] := ARRAY['id', '-id'];
BEGIN
    FOR a IN 1 .. 6 LOOP FOR b IN 1 .. 6 LOOP FOR c IN 1 .. 6 LOOP FOR d IN 1 .. 2 LOOP
        PERFORM citybigdata.query('guard-lamps', jsonb_build_object('id.' || ops[a], 5, 'kind.' || ops[b], 'LED', 'state.' || ops[c], 'on', 'sort', dirs[d]));
    END LOOP; END LOOP; END LOOP; END LOOP;
END $$;
SELECT pg_temp.plans() BETWEEN 1 AND 128;
DO $$
BEGIN
    FOR r IN 1 .. 6 LOOP
        PERFORM citybigdata.publish('guard.lamp', jsonb_build_object('code', 'shapes-' || r));
        FOR n IN 1 .. 120 LOOP
            PERFORM citybigdata.query('shapes-' || r, jsonb_build_object('fields', (SELECT jsonb_agg(f) FROM unnest(ARRAY['id', 'kind', 'litFor', 'seen', 'at', 'state']) WITH ORDINALITY u (f, i) WHERE (n % 63 + 1) & (1 << (i::int - 1)) > 0), 'sort', CASE WHEN n > 60 THEN 'id' ELSE '-id' END));
        END LOOP;
    END LOOP;
END $$;
SELECT pg_temp.plans() BETWEEN 1 AND 512;
-- a cursor with the label of an enumeration that was renamed meanwhile is none of this query
SET ROLE guard_publisher;
CREATE TYPE guard.state AS ENUM ('lit', 'dark');
CREATE TABLE guard.stated (id int PRIMARY KEY, state guard.state NOT NULL);
INSERT INTO guard.stated VALUES (1, 'lit'), (2, 'lit'), (3, 'dark');
SELECT code FROM citybigdata.publish('guard.stated', '{"fields": {"state": {"sortable": true}}}');
SELECT citybigdata.query('stated', '{"pageSize": 1, "sort": "state"}') ->> 'nextCursor' AS cursor \gset
SELECT citybigdata.query('stated', jsonb_build_object('sort', 'state', 'fields', 'id', 'cursor', :'cursor'::text)) -> 'items';
ALTER TYPE guard.state RENAME VALUE 'lit' TO 'burning';
RESET ROLE;
SELECT pg_temp.fault('stated', jsonb_build_object('sort', 'state', 'cursor', :'cursor'::text));
-- a retired division code finds what still carries it; rule division of a dataset brings such data to today's codes
SET ROLE guard_publisher;
CREATE TABLE guard.old (id int PRIMARY KEY, district_code varchar(6));
INSERT INTO guard.old VALUES (1, '110103'), (2, '110101'), (3, NULL);
SELECT code FROM citybigdata.publish('guard.old');
SELECT citybigdata.query('old', '{"divisionCode": "110103", "fields": "id"}') -> 'items', citybigdata.query('old', '{"divisionCode": "110101", "fields": "id"}') -> 'items', citybigdata.query('old', '{"divisionCode": "110000", "fields": "id"}') -> 'items';
SELECT citybigdata.define_dataset('guard-old', 'guard.old', '{"rules": [{"column": "district_code", "rule": "division"}]}');
SELECT accepted, rejected FROM citybigdata.ingest('guard-old', '[{"id": 1, "district_code": "110103"}]');
SELECT citybigdata.query('old', '{"divisionCode": "110101", "fields": "id"}') -> 'items';
RESET ROLE;
-- the indexes that publish() asks for are those that the queries use
SET ROLE guard_publisher;
CREATE TABLE guard.big (id int NOT NULL, district_code varchar(6) NOT NULL, seen_at timestamptz NOT NULL, geom geometry(Point, 4490) NOT NULL);
INSERT INTO guard.big SELECT n, CASE WHEN n % 500 = 0 THEN '110105' ELSE '110101' END, '2024-01-01 00:00:00+08'::timestamptz + n * interval '1 minute', ST_SetSRID(ST_Point(116 + n % 100 / 100.0, 39 + n / 100 / 100.0), 4490) FROM generate_series(1, 20000) n;
ALTER TABLE guard.big ADD PRIMARY KEY (id);
ANALYZE guard.big;
CREATE TABLE guard.advised AS SELECT a.command FROM citybigdata.publish('guard.big') p, unnest(p.advice) a (command) WHERE a.command LIKE 'CREATE %';
SELECT command FROM guard.advised ORDER BY 1;
CREATE FUNCTION pg_temp.scans(params jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE before jsonb; heap bigint;
BEGIN
    PERFORM pg_stat_force_next_flush(), pg_stat_clear_snapshot();
    SELECT pg_stat_get_xact_numscans('guard.big'::regclass) INTO heap;
    SELECT jsonb_object_agg(i.indexrelid::regclass::text, pg_stat_get_xact_numscans(i.indexrelid)) INTO before FROM pg_index i WHERE i.indrelid = 'guard.big'::regclass;
    PERFORM citybigdata.query('big', params || '{"pageSize": 10}');
    RETURN concat_ws(' ', CASE WHEN pg_stat_get_xact_numscans('guard.big'::regclass) > heap THEN 'whole table' END,
        (SELECT string_agg(i.indexrelid::regclass::text, ' ' ORDER BY 1) FROM pg_index i WHERE i.indrelid = 'guard.big'::regclass AND pg_stat_get_xact_numscans(i.indexrelid) > (before ->> i.indexrelid::regclass::text)::bigint));
END $$;
DO $$ DECLARE c text; BEGIN FOR c IN SELECT command FROM guard.advised LOOP EXECUTE c; END LOOP; END $$;
ANALYZE guard.big;
SELECT code, advice FROM citybigdata.publish('guard.big');
SELECT pg_temp.scans('{}') AS by_key, pg_temp.scans('{"divisionCode": "110105"}') AS by_division, pg_temp.scans('{"timeRange": "[20240105000000,20240105010000)"}') AS by_time, pg_temp.scans('{"bbox": "116.1,39.1,116.102,39.102"}') AS by_place;
RESET ROLE;
SELECT count(*) FROM (SELECT citybigdata.unpublish(resource_code) FROM citybigdata.resource_version WHERE state = 'current' AND (publisher = 'guard_publisher' OR schema_name = 'guard') OFFSET 0) u;
SET client_min_messages = warning;
DROP OWNED BY guard_publisher CASCADE;
DROP ROLE guard_publisher;
DROP EXTENSION dblink;
