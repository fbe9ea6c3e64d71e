-- Cases for find_duplicates(), in a database of their own: :cases of them over two years, of 200 types on an area of 80 by 110 km, one in ten
-- open; and 10,000 open ones of one type at one point in the last days. The indexes that nothing here reads are left out while they are filled.
SET synchronous_commit = off;
SET maintenance_work_mem = '1GB';
DO $$
DECLARE
    index record;
BEGIN
    FOR index IN SELECT i.indexrelid::regclass AS name FROM pg_index i WHERE i.indrelid = 'citybigdata.event'::regclass
                 AND i.indexrelid::regclass::text NOT IN ('citybigdata.event_pkey') AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid) LOOP
        EXECUTE format('DROP INDEX %s', index.name);
    END LOOP;
END
$$;
ALTER TABLE citybigdata.event DROP CONSTRAINT event_sender_code_other_task_num_key;
INSERT INTO citybigdata.event (rec_id, task_num, sender_code, other_task_num, event_desc, address, geom, coordinate_x, coordinate_y, event_src_id, rec_type_id, event_type_code,
    create_time, receive_time, update_time, state, base_state, content_digest)
SELECT n, 'dup-' || n, 'bench', 'dup-' || n,
    (ARRAY['路灯不亮影响夜间通行', '道路破损坑洼积水', '垃圾满溢无人清理', '占道经营影响交通', '树木倾斜存在安全隐患', '广告牌松动即将脱落', '施工扰民噪声很大', '护栏损坏缺失', '标识不清'])[1 + n::bigint * 7 % 9],
    '第' || n % 97 || '大街' || n % 331 || '号',
    CASE WHEN n > :cases - 10000 THEN public.ST_SetSRID(public.ST_MakePoint(116.4117, 39.9097), 4490)
         ELSE public.ST_SetSRID(public.ST_MakePoint(116 + (n::bigint * 7919 % 1000003) / 1000003.0, 39.4 + (n::bigint * 104729 % 1000033) / 1000033.0), 4490) END, 0, 0, 1, 1,
    CASE WHEN n > :cases - 10000 THEN '60000' ELSE (60000 + n::bigint * 31 % 200)::text END,
    CASE WHEN n > :cases - 10000 THEN timestamptz '2026-01-01' - (:cases - n) * interval '30 seconds' ELSE timestamptz '2024-01-01' + n * (interval '730 days' / :cases) END,
    now(), now(), CASE WHEN n > :cases - 10000 OR n % 10 = 1 THEN 1 WHEN n % 33 = 2 THEN 7 ELSE 6 END, CASE WHEN n % 10 = 1 THEN 1 ELSE 6 END, '\x00'
FROM generate_series(1, :cases) n;
CREATE INDEX event_duplicate_open_idx ON citybigdata.event (event_type_code, (floor(public.st_x(geom) * 200)::integer), (floor(public.st_y(geom) * 200)::integer), create_time)
    WHERE state <> ALL (ARRAY[6, 7]);
CREATE INDEX event_duplicate_closed_idx ON citybigdata.event (event_type_code, (floor(public.st_x(geom) * 200)::integer), (floor(public.st_y(geom) * 200)::integer), create_time)
    WHERE state = 6;
VACUUM (ANALYZE) citybigdata.event;
-- a report beside a case that is chosen by chance, or at the hot place
CREATE FUNCTION public.bench_report(lon float8, lat float8, type text, at timestamptz, words text) RETURNS text LANGUAGE sql AS $$
    SELECT json_build_object('eventDesc', words, 'otherTaskNum', 'x', 'address', '第1大街', 'coordinateX', public.ST_X(p), 'coordinateY', public.ST_Y(p), 'eventSrcID', 1, 'recTypeID', 1,
        'eventTypeCode', type, 'createTime', to_char(at AT TIME ZONE 'Asia/Shanghai', 'YYYYMMDDHH24MISS'))::text
    FROM public.ST_Transform(public.ST_SetSRID(public.ST_MakePoint(lon, lat), 4490), 4548) p $$;
-- milliseconds of each of 200 calls, the reports made beforehand
CREATE FUNCTION public.bench_find(hot boolean, radius integer, OUT mean numeric, OUT p99 numeric, OUT candidates numeric) LANGUAGE plpgsql AS $$
DECLARE
    reports text[];
    report  text;
    began   timestamptz;
    took    float8[] := '{}';
    total   bigint := 0;
BEGIN
    UPDATE citybigdata.duplicate_setting SET radius = bench_find.radius;
    IF hot THEN
        reports := ARRAY(SELECT public.bench_report(116.4117, 39.9097, '60000', timestamptz '2026-01-01' - n * interval '15 minutes', '占道经营影响交通') FROM generate_series(1, 200) n);
    ELSE
        reports := ARRAY(SELECT public.bench_report(public.ST_X(e.geom), public.ST_Y(e.geom), e.event_type_code, e.create_time, e.event_desc)
                         FROM generate_series(1, 200) n JOIN citybigdata.event e ON e.rec_id = 1 + (n * 7919::bigint * 977 % (SELECT max(rec_id) - 20000 FROM citybigdata.event)));
    END IF;
    FOR pass IN 1..2 LOOP
        took := '{}';
        total := 0;
        FOREACH report IN ARRAY reports LOOP
            began := clock_timestamp();
            total := total + (SELECT count(*) FROM citybigdata.find_duplicates(report));
            took := took || (extract(epoch FROM clock_timestamp() - began) * 1000)::float8;
        END LOOP;
    END LOOP;
    SELECT round(avg(t)::numeric, 3), round(percentile_cont(0.99) WITHIN GROUP (ORDER BY t)::numeric, 3) INTO mean, p99 FROM unnest(took) t;
    candidates := round(total / 200.0, 1);
END
$$;
