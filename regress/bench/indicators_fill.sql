-- Facts of :cases cases for the indicators, over five years, in 16 districts of 15 streets of 4 communities, of 60 units, 200 types in 20
-- classes and 10 sources; one in a hundred at work with its clocks, of running time, one in five of them late;
-- all others folded, rebuild_case_rollups() comes next.
SET synchronous_commit = off;
SET maintenance_work_mem = '512MB';
DROP INDEX citybigdata.case_fact_report_time_idx, citybigdata.case_fact_unfolded_idx;
INSERT INTO citybigdata.case_fact (rec_id, report_time, bundle_deadline, event_src_id, event_type_code, main_type_code, sub_type_code, district_code, street_code, community_code, unit_code, public_report, valid_report, operate,
    inst, intime_inst, accur_inst, need_dispatch, dispatch, intime_dispatch, accur_dispatch, need_dispose, dispose, intime_dispose, overtime_dispose, archive, intime_archive, overtime_archive, rework, visit, satisfied, closer,
    disposer, dispose_begin, dispose_end, folded)
SELECT n, t.at, t.at + interval '3 days', 1 + h % 10, (ARRAY['01', '02'])[1 + h % 2], '01' || lpad((h % 20)::text, 2, '0'), '01' || lpad((h % 20)::text, 2, '0') || lpad((h / 20 % 10)::text, 2, '0'),
    d.district, d.district || lpad((1 + h / 16 % 15)::text, 3, '0'), d.district || lpad((1 + h / 16 % 15)::text, 3, '0') || lpad((1 + h / 240 % 4)::text, 3, '0'), 'bench-unit-' || h % 60,
    (h % 10 = 3)::int, (h % 20 > 0)::int, 1, (h % 20 > 0)::int, (h % 25 > 0)::int, 1, 1, 1, (h % 15 > 0)::int, 1, 1, o.done, (o.done = 1 AND h % 8 > 0)::int, (o.done = 1 AND h % 8 = 0)::int,
    o.done, (o.done = 1 AND h % 7 > 0)::int, (o.done = 1 AND h % 7 = 0)::int, (h % 33 = 0)::int, (h % 3 = 0)::int, (h % 4 > 0)::int, 1 + h % 300, 1 + h % 900, t.at + interval '2 hours', CASE WHEN o.done = 1 THEN t.at + interval '1 day' END, o.done = 1
FROM generate_series(1, :cases) n CROSS JOIN LATERAL (SELECT n::bigint * 2654435761 % 4294967296 / 16 AS h) x CROSS JOIN LATERAL (SELECT now() - interval '1826 days' + n * (interval '1826 days' / :cases) AS at) t
CROSS JOIN LATERAL (SELECT (110101 + h % 16)::text AS district) d CROSS JOIN LATERAL (SELECT (n % 100 <> 1)::integer AS done) o;
INSERT INTO citybigdata.unit (unit_code, name) SELECT 'bench-unit-' || n, n::text FROM generate_series(0, 59) n ON CONFLICT DO NOTHING;
INSERT INTO citybigdata.case_clock (rec_id, kind, calendar, running, limit_amount, limit_unit, limit_time, budget, warning, started_at, running_since, deadline, warning_time)
SELECT f.rec_id, k.kind, 'default', true, 24, 12, 86400000000, 86400000000, 64800000000, f.report_time, f.report_time, now() + (f.rec_id / 100 % 5 - 1) * interval '1 day' + interval '3 hours', now()
FROM citybigdata.case_fact f, (VALUES ('stage'), ('chain')) k(kind) WHERE f.rec_id % 100 = 1 AND f.rec_id <= :cases;
CREATE INDEX case_fact_report_time_idx ON citybigdata.case_fact (report_time);
CREATE INDEX case_fact_unfolded_idx ON citybigdata.case_fact (report_time) WHERE NOT folded;
VACUUM (ANALYZE) citybigdata.case_fact, citybigdata.case_clock;
