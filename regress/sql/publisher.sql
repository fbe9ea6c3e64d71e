-- Whose code runs as whom: published relations, their types, datasets. Roles: eve attacks, pub publishes, sys and sec administer.
\set SHOW_CONTEXT never
\pset null '(null)'
\pset format unaligned
\pset tuples_only on
SET client_min_messages = warning;
CREATE ROLE pb_eve IN ROLE citybigdata_analyst;
CREATE ROLE pb_pub IN ROLE citybigdata_analyst;
CREATE ROLE pb_team;
CREATE ROLE pb_member IN ROLE citybigdata_analyst, pb_team;
CREATE ROLE pb_sys IN ROLE citybigdata_sysadmin;
CREATE ROLE pb_sec IN ROLE citybigdata_secadmin;
CREATE ROLE pb_reader IN ROLE citybigdata_analyst;
CREATE SCHEMA pb AUTHORIZATION pb_pub;
GRANT ALL ON SCHEMA pb TO pb_eve, pb_team;
GRANT USAGE ON SCHEMA pb TO PUBLIC;
-- what a statement answers: accepted, or its error
CREATE FUNCTION public.pb_try(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE more text;
BEGIN
    EXECUTE statement;
    RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS more = PG_EXCEPTION_DETAIL;
    RETURN SQLSTATE || ' ' || regexp_replace(SQLERRM, 'pg_temp_[0-9]+', 'pg_temp') || CASE WHEN SQLSTATE LIKE 'UD%' THEN coalesce(' ' || substring(more, '"statusCode":([0-9]+)'), '') ELSE '' END;
END $$;

-- 1. a type is what its OID is, whatever it is called
SET ROLE pb_eve;
CREATE FUNCTION pb.f(int) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'ran as %', current_user; END $$;
CREATE DOMAIN pb.d AS int CHECK (pb.f(VALUE) OR true);
CREATE FUNCTION pb.named(name text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE form text;
BEGIN
    -- a composite type, a domain over one, an enumeration, a range, an array, named like a built-in type
    FOREACH form IN ARRAY ARRAY['AS (x int)', 'AS ENUM (''a'', ''b'')', 'AS RANGE (SUBTYPE = float4)'] LOOP
        EXECUTE format('CREATE TYPE pg_temp.%I %s', name, form);
        EXECUTE format('CREATE TYPE pb.%I %s', name, form);
        EXECUTE format('CREATE DOMAIN pb.over_it AS pb.%I', name);
        EXECUTE format('CREATE TABLE pb.named (id int PRIMARY KEY, a pg_temp.%I, b pb.%1$I, c pb.%1$I[], d pb.over_it)', name);
        RETURN NEXT concat_ws(' | ', name || ' ' || form, public.pb_try($q$SELECT citybigdata.publish('pb.named')$q$),
            (SELECT string_agg(use || ' ' || c || ': ' || public.pb_try(format($q$SELECT citybigdata.publish('pb.named', '{"%s": %s, "fields": {"a": {"exclude": true}%s}}')$q$, use,
                CASE use WHEN 'keyset' THEN format('["id", "%s"]', c) ELSE format('"%s"', c) END, CASE use WHEN 'geometryColumn' THEN '}, "srid": 4490, "x": {' ELSE '' END)), ', ' ORDER BY use, c)
             FROM unnest(ARRAY['timeColumn', 'divisionColumn', 'versionColumn']) use, unnest(ARRAY['b', 'c', 'd']) c));
        DROP TABLE pb.named;
        DROP DOMAIN pb.over_it;
        EXECUTE format('DROP TYPE pb.%I', name);
        EXECUTE format('DROP TYPE pg_temp.%I', name);
    END LOOP;
END $$;
SELECT pb.named(n) FROM unnest(ARRAY['text_c', 'date_c', 'timestamp', 'geometry']) n;
-- a key of them
CREATE TYPE pb.text AS (x pb.d);
CREATE TYPE pb.integer AS (x int);
CREATE DOMAIN pb.text_code AS text;
CREATE TABLE pb.keyed (k pb.integer PRIMARY KEY, v text);
CREATE VIEW pb.viewed AS SELECT ROW(id)::pb.text AS k, ARRAY[id] AS l, id::text::pb.text_code AS c, id FROM generate_series(1, 3) id;
SELECT public.pb_try($$SELECT citybigdata.publish('pb.keyed')$$), public.pb_try($$SELECT citybigdata.publish('pb.viewed', '{"keyset": ["k"]}')$$), public.pb_try($$SELECT citybigdata.publish('pb.viewed', '{"keyset": ["l"]}')$$);
-- a domain is what it is made of: divisions, masks, cursors
SELECT version, advice FROM citybigdata.publish('pb.viewed', '{"code": "pb-viewed", "keyset": ["c"], "divisionColumn": "c", "fields": {"c": {"sortable": true}}}');
SELECT citybigdata.query('pb-viewed', '{"fields": "c", "pageSize": 1, "sort": "-c"}') ->> 'nextCursor' AS cursor \gset
SELECT citybigdata.query('pb-viewed', jsonb_build_object('fields', 'c', 'sort', '-c', 'cursor', :'cursor'::text)) -> 'items';
-- hidden deeper: a composite, an array, a domain of a type of the session
CREATE TYPE pg_temp.inner_one AS (x int);
CREATE TYPE pb.outer_one AS (i pg_temp.inner_one);
CREATE TABLE pb.deep (id int PRIMARY KEY, o pb.outer_one[]);
SELECT public.pb_try($$SELECT citybigdata.publish('pb.deep')$$);
-- a type that comes later: composite columns change without the table
CREATE TYPE pb.later AS (x int);
CREATE TABLE pb.changing (id int PRIMARY KEY, v pb.later);
INSERT INTO pb.changing VALUES (1, ROW(1));
SELECT code FROM citybigdata.publish('pb.changing', '{"code": "pb-changing"}');
SELECT citybigdata.query('pb-changing') -> 'items';
ALTER TYPE pb.later ADD ATTRIBUTE y int;
ALTER TABLE pb.changing ALTER v TYPE text USING 'x';
SELECT public.pb_try($$SELECT citybigdata.query('pb-changing')$$);
SELECT problem FROM citybigdata.catalogue_problems() WHERE code = 'pb-changing' AND severity = 'error';
ALTER TABLE pb.changing DROP v, ADD v pg_temp.inner_one;
SELECT public.pb_try($$SELECT citybigdata.query('pb-changing')$$);
RESET ROLE;
-- a function's row type changes without the function
SET ROLE pb_eve;
CREATE TYPE pb.row_type AS (id int, v bigint);
CREATE FUNCTION pb.rows() RETURNS SETOF pb.row_type LANGUAGE plpgsql AS $$ BEGIN RETURN QUERY EXECUTE 'SELECT r.* FROM jsonb_populate_record(NULL::pb.row_type, ''{"id": 1, "v": "1"}'') r'; END $$;
SELECT code FROM citybigdata.publish('pb.rows()', '{"code": "pb-rows", "keyset": ["id"]}');
SELECT citybigdata.query('pb-rows') -> 'items';
ALTER TYPE pb.row_type ALTER ATTRIBUTE v TYPE text;
SELECT public.pb_try($$SELECT citybigdata.query('pb-rows')$$), public.pb_try($$SELECT citybigdata.query('pb-rows', '{"v": "1"}')$$);
RESET ROLE;
-- even when the catalogue is changed by hand: roles are judged at each load
BEGIN;
SET ROLE pb_eve;
CREATE TYPE pg_temp.date_c AS (x int);
CREATE TABLE pb.timed (id int PRIMARY KEY, t pb.integer, n bigint, s text);
INSERT INTO pb.timed VALUES (1, ROW(1), 1, 'x');
SELECT code FROM citybigdata.publish('pb.timed', '{"code": "pb-timed", "timeColumn": null}');
RESET ROLE;
CREATE FUNCTION public.pb_by_hand(change text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE seen text;
BEGIN
    EXECUTE 'UPDATE citybigdata.' || change || ' WHERE resource_code = ''pb-timed''' || CASE WHEN change LIKE 'resource_field%' THEN ' AND column_name = ''t''' ELSE '' END;
    seen := public.pb_try($q$SELECT citybigdata.query('pb-timed', '{"time": "20240102030405", "divisionCode": "110101", "bbox": "1,1,2,2"}')$q$);
    RAISE EXCEPTION USING ERRCODE = 'P0001', MESSAGE = seen;
EXCEPTION WHEN raise_exception THEN
    RETURN SQLERRM;
END $$;
SELECT c, public.pb_by_hand(c) FROM unnest(ARRAY['resource_version SET time_column = ''t''', 'resource_version SET time_column = ''n''', 'resource_version SET division_column = ''t''', 'resource_version SET division_column = ''n''',
    'resource_version SET geometry_column = ''t'', srid = 4490', 'resource_version SET geometry_column = ''s'', srid = 4490', 'resource_version SET version_column = ''t''', 'resource_version SET key_columns = ''{t}''',
    'resource_field SET filterable = true', 'resource_field SET sortable = true', 'resource_field SET mask = ''all''', 'resource_field SET file = ''{}''', 'resource_version SET level = 1, time_column = ''s''']) c;
ROLLBACK;

-- 2. input and output code runs as the owner of the relation, restricted and read-only, or not at all
SET ROLE pb_pub;
-- whoever runs this says as whom and how
CREATE FUNCTION pb.who(place text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('pb.armed', true) IS DISTINCT FROM 'on' THEN
        RETURN true; -- the table is being filled
    ELSIF current_user <> 'pb_pub' THEN
        RAISE EXCEPTION '% ran as %', place, current_user;
    END IF;
    BEGIN
        CREATE TEMPORARY TABLE unrestricted ();
        RAISE EXCEPTION 'unrestricted';
    EXCEPTION
        WHEN insufficient_privilege THEN NULL; -- within security-restricted operation
        WHEN read_only_sql_transaction THEN NULL;
    END;
    RAISE NOTICE '%', place;
    RETURN true;
END $$;
CREATE DOMAIN pb.checked AS text CHECK (pb.who('domain'));
CREATE TYPE pb.shown AS (x int);
CREATE FUNCTION pb.shown_json(pb.shown) RETURNS json LANGUAGE plpgsql AS $$ BEGIN PERFORM pb.who('cast of composite'); RETURN to_json($1.x); END $$;
CREATE CAST (pb.shown AS json) WITH FUNCTION pb.shown_json(pb.shown);
CREATE FUNCTION pb.shown_text(pb.shown) RETURNS text LANGUAGE plpgsql AS $$ BEGIN PERFORM pb.who('cast to text'); RETURN $1.x; END $$;
CREATE CAST (pb.shown AS text) WITH FUNCTION pb.shown_text(pb.shown);
CREATE TYPE pb.mood AS ENUM ('on', 'off');
CREATE FUNCTION pb.mood_json(pb.mood) RETURNS json LANGUAGE plpgsql AS $$ BEGIN PERFORM pb.who('cast of enumeration'); RETURN '1'; END $$;
CREATE CAST (pb.mood AS json) WITH FUNCTION pb.mood_json(pb.mood);
CREATE TABLE pb.guarded (id int PRIMARY KEY, code varchar(6), one pb.shown, many pb.shown[], moods pb.mood[], mood pb.mood, at timestamptz, geom geometry(Point, 4490), photo bytea, photo_name text, checked text);
INSERT INTO pb.guarded SELECT n, '110101', ROW(n)::pb.shown, ARRAY[ROW(n)::pb.shown], ARRAY['on'::pb.mood], 'on', '2024-01-01', ST_SetSRID(ST_Point(116.4, 39.9), 4490), 'x', 'x.png', 'v' FROM generate_series(1, 3) n;
ALTER TABLE pb.guarded ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY p ON pb.guarded USING (pb.who('policy'));
CREATE VIEW pb.guarded_view WITH (security_barrier) AS SELECT *, checked::pb.checked AS d, pb.who('view') AS w FROM pb.guarded;
CREATE FUNCTION pb.guarded_function(mood pb.mood DEFAULT CASE WHEN pb.who('default') THEN 'on'::pb.mood END, low int DEFAULT 0) RETURNS TABLE (id int, one pb.shown, d pb.checked) LANGUAGE plpgsql AS
$$ BEGIN PERFORM pb.who('function'); RETURN QUERY SELECT g.id, g.one, g.checked::pb.checked FROM pb.guarded g WHERE g.id >= low; END $$;
SELECT code, advice FROM citybigdata.publish('pb.guarded_view', '{"code": "pb-guarded", "keyset": ["id"], "timeColumn": "at", "divisionColumn": "code", "versionColumn": "at", "title": "t",
    "fields": {"photo": {"file": {"nameColumn": "photo_name"}}, "mood": {"sortable": true, "codeTable": "pb-moods"}, "one": {"codeTable": "pb-moods"}, "d": {"sortable": true, "level": 2, "mask": "all"}}}');
SELECT code FROM citybigdata.publish('pb.guarded_function(pb.mood,integer)', '{"code": "pb-function", "keyset": ["id"]}');
SELECT count(*) FROM citybigdata.catalogue_problems() WHERE code LIKE 'pb-guarded%' AND severity = 'error';
RESET ROLE;
SELECT count(*) > 0 FROM citybigdata.resource_document('pb-guarded') d;
SELECT length(citybigdata.manual_documents(NULL, true)::text) > 0;
-- each in turn
SET pb.armed = on;
SET ROLE pb_reader;
CREATE FUNCTION pg_temp.ask(resource text, params jsonb) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    RETURN coalesce(substring(citybigdata.query_text(resource, params) from '"nextCursor":"([^"]+)"'), 'answered');
EXCEPTION WHEN OTHERS THEN RETURN SQLSTATE || ' ' || SQLERRM;
END $$;
SELECT p, pg_temp.ask('pb-guarded', p) IN ('answered') FROM unnest(ARRAY['{}', '{"fields": "one,many,moods"}', '{"format": "csv"}', '{"format": "ndjson"}', '{"format": "geojson"}', '{"count": "exact"}', '{"count": "estimate"}', '{"expandCodes": true}',
    '{"mood": "on"}', '{"mood.in": ["on", "off"]}', '{"checked.like": "v%"}', '{"id.ge": 1, "one.isNull": false}', '{"sort": "-mood"}', '{"bbox": "116,39,117,40"}', '{"bbox": "116,39,117,40", "bboxCrs": "GCJ02"}', '{"divisionCode": "110101"}',
    '{"timeRange": "[20230101000000,20250101000000)"}', '{"time": "20240101000000"}', '{"crs": "EPSG:4548"}']::jsonb[]) p;
SELECT pg_temp.ask('pb-guarded', '{"pageSize": 1, "sort": "mood"}') AS cursor \gset
SELECT pg_temp.ask('pb-guarded', jsonb_build_object('sort', 'mood', 'cursor', :'cursor'::text));
SELECT p, pg_temp.ask('pb-function', p) FROM unnest(ARRAY['{}', '{"mood": "on"}', '{"low": 2}', '{"id": 2}']::jsonb[]) p;
RESET ROLE;
-- which places ran at all
SET client_min_messages = notice;
SELECT citybigdata.query('pb-guarded', '{"fields": "one,many,moods,mood,d", "pageSize": 1, "expandCodes": true, "id": 1}') -> 'items';
SELECT citybigdata.query('pb-function', '{"pageSize": 1, "id": 1}') -> 'items';
-- over HTTPS, with an entity tag, a page of CSV, and a file
SELECT citybigdata.register_account('pb.one', 'Correct-1-horse', '市城管委', '张三', '13800138000') AS account \gset
SELECT citybigdata.approve_account(:account);
SELECT citybigdata.request_access('pb.one', '{events}', '{key}', 'pictures', '{}', '{PB}', 'egova', 3) AS request \gset
SELECT citybigdata.approve_access(:request) AS app_code \gset
SELECT app_id FROM citybigdata.application WHERE app_code = :'app_code' \gset
INSERT INTO citybigdata.access_token (token_digest, app_id, account_id, issued_at, expires_at) SELECT sha256('pb@token'), :app_id, :account, now(), now() + interval '1 hour';
INSERT INTO citybigdata.app_grant (app_id, resource, level, granted_by) VALUES (:app_id, 'pb-guarded', 1, 'test');
SELECT citybigdata.rotate_sealing_key() > 0;
CREATE FUNCTION pg_temp.rest(names text[], vals text[], OUT status int, OUT tag text, OUT body text) LANGUAGE sql AS $$
SELECT f.status, substring(f.fields ->> 'etag' FROM '"(.*)"'), convert_from(f.body, 'UTF8')
FROM citybigdata.read_reply_frame(citybigdata.rest_data_query('r', '192.0.2.7', NULL, 'bearer', sha256('pb@token'), 'pb-guarded', names, vals)) f $$;
SELECT status, length(tag) FROM pg_temp.rest('{fields,format}', '{"id,one",csv}');
SELECT status, body::json #>> '{items,0,photo}' AS photo FROM pg_temp.rest('{fields,id}', '{photo,1}') \gset
SELECT f.status, f.body FROM citybigdata.read_reply_frame(citybigdata.rest_media('r', '192.0.2.7', NULL, 'sealed', NULL, substring(:'photo' FROM '[^/]+$'), NULL, NULL, NULL, false)) f;
SET client_min_messages = warning;
RESET pb.armed;

-- 3. who publishes: the owner, or a member of the owner's role
SET ROLE pb_pub;
CREATE TABLE pb.mine (id int PRIMARY KEY, v text);
INSERT INTO pb.mine VALUES (1, 'a'), (2, 'b');
GRANT ALL ON pb.mine TO pb_eve, pb_sys, pb_team;
CREATE FUNCTION pb.mine_f() RETURNS SETOF pb.mine LANGUAGE sql AS 'SELECT * FROM pb.mine';
SET ROLE pb_sys;
SELECT public.pb_try($$SELECT citybigdata.publish('pb.mine')$$), public.pb_try($$SELECT citybigdata.publish('pb.mine_f()', '{"keyset": ["id"]}')$$), public.pb_try($$SELECT citybigdata.define_dataset('pb-mine', 'pb.mine')$$);
SET ROLE pb_team;
CREATE TABLE pb.of_team (id int PRIMARY KEY);
SET ROLE pb_member;
SELECT code, advice FROM citybigdata.publish('pb.of_team', '{"code": "pb-team"}');
SELECT public.pb_try($$SELECT citybigdata.define_dataset('pb-team', 'pb.of_team')$$);
SELECT publisher, state FROM citybigdata.resource_version WHERE resource_code = 'pb-team';
SELECT citybigdata.unpublish('pb-team');
-- a partition of another
SET ROLE pb_pub;
CREATE TABLE pb.parted (id int PRIMARY KEY) PARTITION BY RANGE (id);
CREATE TABLE pb.part PARTITION OF pb.parted FOR VALUES FROM (0) TO (10);
SELECT code FROM citybigdata.publish('pb.parted', '{"code": "pb-parted"}');
SELECT citybigdata.define_dataset('pb-parted', 'pb.parted');
SELECT citybigdata.query('pb-parted') -> 'items';
RESET ROLE;
ALTER TABLE pb.part OWNER TO pb_eve;
SELECT public.pb_try($$SELECT citybigdata.query('pb-parted')$$), public.pb_try($$SELECT citybigdata.ingest('pb-parted', '[{"id": 1}]')$$), public.pb_try($$SELECT citybigdata.publish('pb.parted', '{"code": "pb-parted"}')$$);
SELECT problem FROM citybigdata.catalogue_problems() WHERE code = 'pb-parted' AND severity = 'error';
-- renamed, replaced, given away, dropped; and back
SET ROLE pb_pub;
SELECT code FROM citybigdata.publish('pb.mine', '{"code": "pb-mine"}');
CREATE FUNCTION pg_temp.state() RETURNS text LANGUAGE sql AS $$ SELECT public.pb_try($q$SELECT citybigdata.query('pb-mine')$q$) || ' | ' || coalesce((SELECT string_agg(problem, ', ') FROM citybigdata.catalogue_problems() WHERE code = 'pb-mine' AND severity = 'error'), 'no problem') $$;
ALTER TABLE pb.mine RENAME TO was_mine;
SELECT pg_temp.state();
CREATE VIEW pb.mine AS SELECT 1 AS id, 'x'::text AS v;
SELECT pg_temp.state();
DROP VIEW pb.mine;
SET ROLE pb_eve;
CREATE VIEW pb.mine AS SELECT w.*, pb.f(1) FROM pb.was_mine w;
RESET ROLE;
SELECT pg_temp.state();
DROP VIEW pb.mine;
ALTER TABLE pb.was_mine RENAME TO mine;
SELECT pg_temp.state();
ALTER TABLE pb.mine OWNER TO pb_eve;
SELECT pg_temp.state();
ALTER TABLE pb.mine OWNER TO pb_pub;
SELECT pg_temp.state();
-- as after a restore: no OID is known; name, owner and columns decide, and housekeeping remembers again
UPDATE citybigdata.bound_object SET cluster_id = 1;
SELECT pg_temp.state(), citybigdata.bind_restored() > 0, (SELECT count(*) FROM citybigdata.bound_object WHERE cluster_id = 1 AND code = 'pb-mine');
ALTER TABLE pb.mine OWNER TO pb_eve;
UPDATE citybigdata.bound_object SET cluster_id = 1 WHERE code = 'pb-mine';
SELECT pg_temp.state(), (SELECT citybigdata.bind_restored() IS NOT NULL), (SELECT count(*) FROM citybigdata.bound_object WHERE cluster_id = 1 AND code = 'pb-mine');
ALTER TABLE pb.mine OWNER TO pb_pub;
SELECT citybigdata.bind_restored() IS NOT NULL;
-- a function that another one of its name would take the place of
SET ROLE pb_pub;
CREATE FUNCTION pb.lights(low int DEFAULT 1) RETURNS TABLE (id int) LANGUAGE sql AS 'SELECT $1';
SELECT code FROM citybigdata.publish('pb.lights(integer)', '{"code": "pb-lights", "keyset": ["id"]}');
SELECT citybigdata.query('pb-lights') -> 'items';
SET ROLE pb_eve;
CREATE FUNCTION pb.lights() RETURNS TABLE (id int) LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM pb.f(1); RETURN QUERY SELECT 1; END $$;
RESET ROLE;
SELECT public.pb_try($$SELECT citybigdata.query('pb-lights')$$), public.pb_try($$SELECT citybigdata.query('pb-lights', '{"low": 5}')$$);
DROP FUNCTION pb.lights();
SELECT citybigdata.query('pb-lights') -> 'items';
SET ROLE pb_pub;
CREATE FUNCTION pb.lights(kind varchar) RETURNS TABLE (id int) LANGUAGE sql AS 'SELECT 1';
SELECT code FROM citybigdata.publish('pb.lights(varchar)', '{"code": "pb-kinds", "keyset": ["id"]}');
SELECT citybigdata.query('pb-kinds', '{"kind": "x"}') -> 'items';
SET ROLE pb_eve;
CREATE FUNCTION pb.lights(kind text) RETURNS TABLE (id int) LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM pb.f(1); RETURN QUERY SELECT 1; END $$;
RESET ROLE;
SELECT public.pb_try($$SELECT citybigdata.query('pb-kinds', '{"kind": "x"}')$$);
-- the same by a schema that is renamed, and another of its name
SET ROLE pb_eve;
CREATE TABLE pb.typed (id int PRIMARY KEY, v bigint);
INSERT INTO pb.typed VALUES (1, 1);
SELECT code FROM citybigdata.publish('pb.typed', '{"code": "pb-typed"}');
SELECT citybigdata.query('pb-typed') -> 'items';
RESET ROLE;
BEGIN;
ALTER SCHEMA pb RENAME TO pb_old;
CREATE SCHEMA pb;
CREATE TABLE pb.typed (id text PRIMARY KEY, v text);
INSERT INTO pb.typed VALUES ('x', 'y');
ALTER TABLE pb.typed OWNER TO pb_eve;
SELECT public.pb_try($$SELECT citybigdata.query('pb-typed')$$);
ROLLBACK;

-- 4. datasets: triggers, domains, defaults of the table run as its owner, restricted; a deferred trigger would run later as the caller
SET ROLE pb_eve;
CREATE TABLE pb.survey (id int PRIMARY KEY, v text, by text DEFAULT current_user);
GRANT SELECT, INSERT, UPDATE ON pb.survey TO pb_sys;
CREATE FUNCTION pb.steal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.v := current_user || ': ' || public.pb_try('SELECT citybigdata.reset_password(''admin'')') || '; ' || public.pb_try('SET ROLE pb_sys') || '; ' || public.pb_try('CREATE TEMPORARY TABLE x ()');
    RETURN NEW;
END $$;
CREATE TRIGGER steal BEFORE INSERT ON pb.survey FOR EACH ROW EXECUTE FUNCTION pb.steal();
SET ROLE pb_sys;
SELECT public.pb_try($$SELECT citybigdata.define_dataset('pb-survey', 'pb.survey')$$);
SET ROLE pb_eve;
SELECT citybigdata.define_dataset('pb-survey', 'pb.survey');
SET ROLE pb_sys;
SELECT accepted, rejected FROM citybigdata.ingest('pb-survey', '[{"id": 1}]');
SELECT * FROM pb.survey;
SET ROLE pb_eve;
DROP TRIGGER steal ON pb.survey;
CREATE CONSTRAINT TRIGGER later AFTER INSERT ON pb.survey DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION pb.steal();
SET ROLE pb_sys;
SELECT public.pb_try($$SELECT citybigdata.ingest('pb-survey', '[{"id": 2}]')$$);
SET ROLE pb_eve;
DROP TRIGGER later ON pb.survey;
RESET ROLE;
ALTER TABLE pb.survey OWNER TO pb_pub;
SELECT public.pb_try($$SELECT citybigdata.ingest('pb-survey', '[{"id": 3}]')$$);
ALTER TABLE pb.survey OWNER TO pb_eve;
ALTER TABLE pb.survey RENAME TO survey_old;
SET ROLE pb_eve;
CREATE TABLE pb.survey (id int PRIMARY KEY, v text);
RESET ROLE;
SELECT public.pb_try($$SELECT citybigdata.ingest('pb-survey', '[{"id": 3}]')$$);

-- 5. fuse() reads as the owner of each table, for who may read it
SET ROLE pb_pub;
CREATE TABLE pb.fused (id pb.shown PRIMARY KEY, name pb.checked, place geometry(Point, 4490));
SET client_min_messages = error;
INSERT INTO pb.fused VALUES (ROW(1), 'a', ST_SetSRID(ST_Point(116.4, 39.9), 4490));
ALTER TABLE pb.fused ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY p ON pb.fused USING (pb.who('policy of fused'));
SELECT citybigdata.define_dataset('pb-fused', 'pb.fused');
SET ROLE pb_sys;
SELECT public.pb_try($$SELECT citybigdata.fuse('pb', '{pb-fused}', '{"name": "name", "place": "place"}')$$);
RESET ROLE;
GRANT SELECT ON pb.fused TO pb_sys;
SET ROLE pb_sys;
SELECT public.pb_try($$SELECT citybigdata.fuse('pb', '{pb-fused}', '{"name": "name", "place": "place"}')$$) AS row_security;
SELECT public.pb_try($$SELECT citybigdata.fuse('pb', '{pb-fused}', '{"name": "name", "place": "name"}')$$) AS no_place;
RESET ROLE;
GRANT pb_pub TO pb_member;
SET ROLE pb_member;
SET pb.armed = on;
SELECT objects, records FROM citybigdata.fuse('pb', '{pb-fused}', '{"name": "name", "place": "place"}');
RESET pb.armed;
SELECT record_key, name, ST_AsText(geom) FROM citybigdata.fusion_member;
SET client_min_messages = warning;
RESET ROLE;
REVOKE pb_pub FROM pb_member;

-- 6. errors: what the author of a function says to callers goes to them, what PostgreSQL says of his data does not
SET ROLE pb_pub;
CREATE TABLE pb.secret (id int, phone text);
INSERT INTO pb.secret VALUES (1, '13800138000');
CREATE FUNCTION pb.erring(kind text) RETURNS TABLE (id int) LANGUAGE plpgsql AS $$
BEGIN
    CASE kind
        WHEN 'said' THEN RAISE EXCEPTION 'kind must be known' USING HINT = 'one of a, b';
        WHEN 'cast' THEN RETURN QUERY SELECT s.phone::date::text::int FROM pb.secret s;
        WHEN 'state' THEN RAISE EXCEPTION 'secret 13800138000' USING ERRCODE = '22023';
        WHEN 'assert' THEN ASSERT false, (SELECT s.phone FROM pb.secret s);
        WHEN 'none' THEN SELECT s.id INTO STRICT id FROM pb.secret s WHERE s.id = 9;
        WHEN 'unique' THEN RAISE EXCEPTION 'secret 13800138000' USING ERRCODE = 'unique_violation';
    END CASE;
END $$;
CREATE VIEW pb.erring_view AS SELECT id, phone::date AS day FROM pb.secret;
SELECT code FROM citybigdata.publish('pb.erring(text)', '{"code": "pb-erring", "keyset": ["id"]}');
SELECT code FROM citybigdata.publish('pb.erring_view', '{"code": "pb-erring-view", "keyset": ["id"]}');
SET ROLE pb_reader;
SELECT kind, public.pb_try(format($$SELECT citybigdata.query('pb-erring', '{"kind": "%s"}')$$, kind)) FROM unnest(ARRAY['said', 'cast', 'state', 'assert', 'none', 'unique', 'other']) kind;
SELECT public.pb_try($$SELECT citybigdata.query('pb-erring-view')$$);
SET ROLE pb_pub;
SELECT public.pb_try($$SELECT citybigdata.query('pb-erring', '{"kind": "cast"}')$$), public.pb_try($$SELECT citybigdata.query('pb-erring-view')$$);

-- 7. the level of a SQL caller: SELECT must be the whole truth
CREATE TABLE pb.leveled (id int PRIMARY KEY, v text, w text);
INSERT INTO pb.leveled VALUES (1, 'hidden', 'w');
CREATE FUNCTION pb.leveled_f() RETURNS SETOF pb.leveled LANGUAGE sql AS 'SELECT * FROM pb.leveled';
CREATE VIEW pb.leveled_v WITH (security_invoker) AS SELECT * FROM pb.leveled;
GRANT SELECT ON pb.leveled_v TO pb_reader;
SELECT count(*) FROM (VALUES ('pb.leveled', 'pb-lt'), ('pb.leveled_f()', 'pb-lf'), ('pb.leveled_v', 'pb-lv')) r (relation, code), LATERAL citybigdata.publish(relation, jsonb_build_object('code', r.code, 'keyset', '["id"]'::jsonb, 'fields', '{"v": {"level": 3}}'::jsonb)) p;
SET ROLE pb_reader;
SELECT code, citybigdata.query(code) #>> '{items,0,v}' FROM unnest(ARRAY['pb-lt', 'pb-lf', 'pb-lv']) code;
SET ROLE pb_pub;
GRANT SELECT ON pb.leveled TO pb_reader;
SET ROLE pb_reader;
SELECT code, citybigdata.query(code) #>> '{items,0,v}' FROM unnest(ARRAY['pb-lt', 'pb-lf', 'pb-lv']) code;
SET ROLE pb_pub;
ALTER TABLE pb.leveled ENABLE ROW LEVEL SECURITY;
SET ROLE pb_reader;
SELECT citybigdata.query('pb-lt') #>> '{items,0,v}';
RESET ROLE;

-- 8. code of a superuser: views and functions are refused, also what became one's later; tables are read as they are
SET citybigdata.superuser_code = off;
CREATE TABLE pb.dba (id int PRIMARY KEY, v text);
INSERT INTO pb.dba VALUES (1, 'plain');
CREATE VIEW pb.dba_view AS SELECT * FROM pb.dba;
CREATE FUNCTION pb.dba_f() RETURNS SETOF pb.dba LANGUAGE sql AS 'SELECT * FROM pb.dba';
CREATE MATERIALIZED VIEW pb.dba_kept AS SELECT * FROM pb.dba;
CREATE UNIQUE INDEX ON pb.dba_kept (id);
SELECT public.pb_try(format($$SELECT code FROM citybigdata.publish(%L, '{"code": "pb-dba", "keyset": ["id"]}')$$, r)) FROM unnest(ARRAY['pb.dba', 'pb.dba_view', 'pb.dba_f()', 'pb.dba_kept']) r;
SET citybigdata.superuser_code = on;
SELECT code FROM citybigdata.publish('pb.dba_view', '{"code": "pb-dba", "keyset": ["id"]}');
SELECT citybigdata.query('pb-dba') #>> '{items,0,v}';
SET citybigdata.superuser_code = off;
\c -
SET client_min_messages = warning;
SET citybigdata.superuser_code = off;
SELECT public.pb_try($$SELECT citybigdata.query('pb-dba')$$);
SELECT severity, problem FROM citybigdata.catalogue_problems() WHERE code = 'pb-dba' AND severity = 'error';
ALTER VIEW pb.dba_view OWNER TO pb_pub;
GRANT SELECT ON pb.dba TO pb_pub;
SET ROLE pb_pub;
SELECT code FROM citybigdata.publish('pb.dba_view', '{"code": "pb-dba-2", "keyset": ["id"]}');
SELECT citybigdata.query('pb-dba-2') #>> '{items,0,v}';
RESET ROLE;
-- triggers of a superuser's table
CREATE FUNCTION pb.dba_trigger() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN new; END $$;
SELECT public.pb_try($$SELECT citybigdata.define_dataset('pb-dba', 'pb.dba')$$);
CREATE TRIGGER dba BEFORE INSERT ON pb.dba FOR EACH ROW EXECUTE FUNCTION pb.dba_trigger();
SELECT public.pb_try($$SELECT accepted FROM citybigdata.ingest('pb-dba', '[{"id": 2, "v": "x"}]')$$);
SELECT public.pb_try($$SELECT citybigdata.define_dataset('pb-dba', 'pb.dba')$$);
SET citybigdata.superuser_code = on;
SELECT public.pb_try($$SELECT accepted FROM citybigdata.ingest('pb-dba', '[{"id": 2, "v": "x"}]')$$);
SET citybigdata.superuser_code = off;
CREATE TABLE pb.dba_part (id int, v text) PARTITION BY LIST (id);
CREATE TABLE pb.dba_part_1 PARTITION OF pb.dba_part FOR VALUES IN (1);
CREATE TRIGGER dba BEFORE INSERT ON pb.dba_part_1 FOR EACH ROW EXECUTE FUNCTION pb.dba_trigger();
SELECT public.pb_try($$SELECT citybigdata.define_dataset('pb-dba-part', 'pb.dba_part')$$);
SET citybigdata.superuser_code = on;
DELETE FROM citybigdata.ingest_batch WHERE dataset_code = 'pb-dba';
DELETE FROM citybigdata.dataset WHERE dataset_code = 'pb-dba';

SELECT count(*) FROM (SELECT citybigdata.unpublish(resource_code) FROM citybigdata.resource_version WHERE state = 'current' AND resource_code LIKE 'pb-%' OFFSET 0) u;
DELETE FROM citybigdata.fusion_member WHERE fusion_code = 'pb';
DROP OWNED BY pb_eve, pb_pub, pb_team, pb_member, pb_sys, pb_sec, pb_reader CASCADE;
DROP ROLE pb_eve, pb_pub, pb_team, pb_member, pb_sys, pb_sec, pb_reader;
DELETE FROM citybigdata.access_token WHERE token_digest = sha256('pb@token');
DELETE FROM citybigdata.app_grant WHERE resource = 'pb-guarded';
DROP FUNCTION public.pb_try(text);
