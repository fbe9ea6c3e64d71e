-- Cases for the lists: :cases more of them, over five years, of 200 types in 16 districts; one in a hundred at work, with a clock; a
-- word that one in ten has (井盖), one of two in a hundred (喷泉), and one that ten in all have (麒麟).
-- The indexes are taken away before and made again after: at ten million cases that is a tenth of the time.
SET synchronous_commit = off;
SET maintenance_work_mem = '1GB';
CREATE TEMP TABLE taken AS SELECT i.indexrelid::regclass::text AS name, pg_get_indexdef(i.indexrelid) AS definition FROM pg_index i
WHERE i.indrelid IN ('citybigdata.event'::regclass, 'citybigdata.event_words'::regclass) AND NOT i.indisunique AND :cases >= 100000;
SELECT format('DROP INDEX %s', name) FROM taken \gexec
SELECT coalesce(max(rec_id), 0) AS base, greatest(coalesce(max(rec_id), 0), (SELECT last_value FROM citybigdata.event_rec_id_seq)) AS last FROM citybigdata.event \gset
INSERT INTO citybigdata.event (rec_id, task_num, sender_code, other_task_num, event_desc, address, geom, coordinate_x, coordinate_y, district_code, street_code, event_src_id,
    rec_type_id, event_level_id, event_type_code, create_time, receive_time, update_time, state, base_state, unit_code, closed_at, content_digest)
SELECT :last + n, '110000' || :last + n, 'bench-' || n % 8, 'bench-list-' || :last + n,
    (ARRAY['路灯不亮影响夜间通行', '道路破损坑洼积水', '垃圾满溢无人清理', '占道经营影响交通', '树木倾斜存在安全隐患', '广告牌松动即将脱落', '施工扰民噪声很大', '护栏损坏缺失', '标识不清'])[1 + n::bigint * 7 % 9]
        || CASE WHEN n % 10 = 3 THEN '井盖丢失' ELSE '' END || CASE WHEN n % 50 = 7 THEN '喷泉旁' ELSE '' END || CASE WHEN n % (:cases / 10) = 11 THEN '麒麟雕像' ELSE '' END,
    '第' || n % 97 || '大街' || n % 331 || '号', public.ST_SetSRID(public.ST_MakePoint(116 + (n::bigint * 7919 % 10000) / 10000.0, 39.6 + (n::bigint * 104729 % 10000) / 12000.0), 4490), 0, 0,
    (110101 + n % 16)::text, (110101 + n % 16)::text || lpad((1 + n / 16 % 15)::text, 3, '0'), 1, 1, 1, (60000 + n::bigint * 31 % 200)::text,
    timestamptz '2020-01-01' + n * (interval '1826 days' / :cases), now(), clock_timestamp(), CASE WHEN n % 100 = 1 THEN 4 WHEN n % 33 = 2 THEN 7 ELSE 6 END,
    CASE WHEN n % 100 = 1 THEN 4 ELSE 6 END, 'bench-unit-' || n % 60, CASE WHEN n % 100 <> 1 THEN now() END, sha256(n::text::bytea)
FROM generate_series(1, :cases) n;
INSERT INTO citybigdata.unit (unit_code, name) SELECT 'bench-unit-' || n, n::text FROM generate_series(0, 59) n ON CONFLICT DO NOTHING;
-- clocks of running time, so that no calendar changes them: one in twenty red, one yellow, the others green
INSERT INTO citybigdata.case_clock (rec_id, kind, calendar, running, limit_amount, limit_unit, limit_time, budget, warning, started_at, running_since, deadline, warning_time)
SELECT e.rec_id, 'stage', 'default', true, 24, 3, 86400000000, 86400000000, 64800000000, due.at - interval '24 hours', due.at - interval '24 hours', due.at, due.at - interval '6 hours'
FROM citybigdata.event e, LATERAL (SELECT now() + interval '1 day' * (e.rec_id / 100 % 20 - 1) + interval '3 hours' AS at) due WHERE e.rec_id > :last AND e.state = 4;
SELECT setval('citybigdata.event_rec_id_seq', :last + :cases);
SELECT citybigdata.maintain_words(100000000);
SELECT citybigdata.maintain_words(100000000);
SELECT definition FROM taken \gexec
DROP TABLE taken;
VACUUM (ANALYZE) citybigdata.event, citybigdata.event_words, citybigdata.case_clock;
