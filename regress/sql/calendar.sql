\set SHOW_CONTEXT never
SET search_path = citybigdata, public;
SET timezone = 'Asia/Shanghai';
-- vectors: start, amount, unit, when it is over
SELECT v.start, v.amount, v.unit, add_work(v.start, v.amount, v.unit), add_work(v.start, v.amount, v.unit) = v.expected AS right
FROM (VALUES
    ('2026-02-13 17:00'::timestamptz, 4::numeric, 2, '2026-02-14 11:00'::timestamptz),
    ('2026-02-14 17:30', 2, 2, '2026-02-24 09:30'),
    ('2026-02-14 17:30', 2, 12, '2026-02-14 19:30'),
    ('2026-09-30 17:00', 2, 2, '2026-10-08 09:00'),
    ('2026-10-09 17:00', 9, 2, '2026-10-10 18:00'),
    ('2026-01-04 09:00', 1, 1, '2026-01-05 09:00')) v(start, amount, unit, expected);
