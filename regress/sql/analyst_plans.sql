-- The analyst's queries of the READMEs and the manual's pages go by an index: their plans on 30,000 events of three years. With
-- CBD_PLAN_ROWS of as many as it says, and with milliseconds: regress/bench/plans.sh.
\set rows 30000
\getenv rows CBD_PLAN_ROWS
\pset format unaligned
\pset tuples_only on
SET client_min_messages = warning;
BEGIN;
INSERT INTO citybigdata.event (rec_id, task_num, sender_code, other_task_num, event_desc, address, geom, coordinate_x, coordinate_y, district_code, event_src_id, rec_type_id, event_type_code, create_time, receive_time, update_time, state, content_digest)
SELECT 2000000000 + n, '110000' || n, 'plan-' || n % 40, 'plan-' || n, '路灯不亮', '第' || n % 97 || '大街', public.ST_SetSRID(public.ST_MakePoint(116 + n % 997 / 1000.0, 39.6 + n % 991 / 1000.0), 4490), 0, 0, (110101 + n % 16)::text, 1, 1, '6',
    timestamptz '2022-01-01 00:00+08' + n * (interval '1104 days' / :rows), now(), now(), 6, sha256(n::text::bytea)
FROM generate_series(1, :rows) n;
ANALYZE citybigdata.event;
SET LOCAL max_parallel_workers_per_gather = 0;
-- which indexes a query uses, and whether it reads or sorts a whole table
CREATE FUNCTION pg_temp.plan(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE line text; plan text := '';
BEGIN
    FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP plan := plan || line || E'\n'; END LOOP;
    RETURN concat_ws(' ', (SELECT string_agg(DISTINCT m[1], ' ') FROM regexp_matches(plan, 'Index (?:Only )?Scan (?:Backward )?(?:using|on) (\S+)', 'g') m),
                     CASE WHEN plan ~ 'Seq Scan on event\M(?!_)' THEN 'SEQUENTIAL' END, CASE WHEN plan ~ 'Sort' THEN 'SORTED' END);
END $$;
CREATE TABLE pg_temp.asked (n integer, query text);
INSERT INTO pg_temp.asked VALUES
    (1, $$SELECT rec_id, task_num, event_desc, district_code, public.ST_AsText(geom, 6) AS place, create_time FROM citybigdata.event WHERE citybigdata.in_time(create_time, '[20240101000000,20240102000000)')$$),
    (2, $$SELECT * FROM citybigdata.event WHERE citybigdata.in_time(create_time, citybigdata.time_range('[20240101,20240101]'))$$),
    (3, $$SELECT * FROM citybigdata.event WHERE citybigdata.in_time(create_time, '[20240101,20240131]') AND district_code = '110105'$$),
    (4, $$SELECT * FROM citybigdata.event WHERE create_time >= citybigdata.time_point('20240101') AND create_time < citybigdata.time_point('20240102')$$),
    (5, $$SELECT * FROM citybigdata.event ORDER BY create_time DESC LIMIT 10$$),
    (6, $$SELECT * FROM citybigdata.event WHERE geom OPERATOR(public.&&) public.ST_MakeEnvelope(116.3, 39.9, 116.301, 39.901, 4490)$$),
    (7, $$SELECT * FROM citybigdata.event WHERE sender_code = 'plan-7' AND other_task_num = 'plan-7'$$),
    (8, $$SELECT * FROM citybigdata.event WHERE sender_code = 'plan-7' ORDER BY create_time DESC LIMIT 10$$),
    (9, $$SELECT * FROM citybigdata.event WHERE task_num = '1100007'$$),
    (10, $$SELECT * FROM citybigdata.event_masked WHERE rec_id IN (SELECT rec_id FROM citybigdata.event WHERE citybigdata.in_time(create_time, '[20240101,20240101]'))$$);
SELECT a.n, pg_temp.plan(a.query) FROM pg_temp.asked a ORDER BY a.n;
-- no range operator goes by an index before PostgreSQL 17; this is why in_time() is there
SELECT pg_temp.plan($$SELECT * FROM citybigdata.event WHERE create_time <@ citybigdata.time_range('[20240101,20240101]')$$);
-- the same rows
SELECT count(*) > 800 AS many, count(*) = count(*) FILTER (WHERE citybigdata.in_time(create_time, '[20240101,20240131]')) AS same FROM citybigdata.event WHERE create_time <@ citybigdata.time_range('[20240101,20240131]') AND sender_code LIKE 'plan-%';
-- when many rows are asked for: how long each takes, with its rows
SELECT :rows > 30000 AS many_rows \gset
\if :many_rows
CREATE FUNCTION pg_temp.took(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE line text; times numeric[] := '{}';
BEGIN
    FOR turn IN 1 .. 3 LOOP
        FOR line IN EXECUTE 'EXPLAIN (ANALYZE, TIMING OFF) ' || query LOOP
            IF line LIKE 'Execution Time%' THEN times := times || substring(line FROM '[0-9.]+')::numeric; END IF;
        END LOOP;
    END LOOP;
    RETURN (SELECT min(t) FROM unnest(times) t);
END $$;
SELECT 'took', a.n, pg_temp.took(a.query), a.query FROM pg_temp.asked a ORDER BY a.n;
\endif
ROLLBACK;
