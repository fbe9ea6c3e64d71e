-- The analyst's queries of the READMEs and the manual's pages go by an index: their plans on 30,000 events of three years.
\pset format unaligned
\pset tuples_only on
SET client_min_messages = warning;
BEGIN;
INSERT INTO citybigdata.event (rec_id, task_num, sender_code, other_task_num, event_desc, address, geom, coordinate_x, coordinate_y, district_code, event_src_id, rec_type_id, event_type_code, create_time, receive_time, update_time, state, content_digest)
SELECT 2000000000 + n, '110000' || n, 'plan-' || n % 40, 'plan-' || n, '路灯不亮', '第' || n % 97 || '大街', public.ST_SetSRID(public.ST_MakePoint(116 + n % 997 / 1000.0, 39.6 + n % 991 / 1000.0), 4490), 0, 0, (110101 + n % 16)::text, 1, 1, '6',
    timestamptz '2022-01-01 00:00+08' + n * interval '53 minutes', now(), now(), 6, sha256(n::text::bytea)
FROM generate_series(1, 30000) n;
ANALYZE citybigdata.event;
SET LOCAL max_parallel_workers_per_gather = 0;
-- which indexes and scans a query uses, without figures
CREATE FUNCTION pg_temp.plan(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE line text;
BEGIN
    FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP
        IF line ~ 'Scan|Sort|Limit' THEN RETURN NEXT btrim(replace(line, '->', '')); END IF;
    END LOOP;
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
    (8, $$SELECT * FROM citybigdata.event WHERE sender_code = 'plan-7' ORDER BY create_time DESC LIMIT 10$$);
SELECT a.n, p.line FROM pg_temp.asked a CROSS JOIN LATERAL pg_temp.plan(a.query) WITH ORDINALITY p (line, m) ORDER BY a.n, p.m;
-- no range operator goes by an index before PostgreSQL 17; this is why in_time() is there
SELECT p FROM pg_temp.plan($$SELECT * FROM citybigdata.event WHERE create_time <@ citybigdata.time_range('[20240101,20240101]')$$) p;
-- the same rows
SELECT count(*), count(*) FILTER (WHERE citybigdata.in_time(create_time, '[20240101,20240131]')) FROM citybigdata.event WHERE create_time <@ citybigdata.time_range('[20240101,20240131]') AND sender_code LIKE 'plan-%';
ROLLBACK;
