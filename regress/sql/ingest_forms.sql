-- Values as files have them: times of every documented form, numbers with units; what is ambiguous is refused with a proposal.
\pset format unaligned
\pset tuples_only on
SET client_min_messages = warning;
CREATE FUNCTION pg_temp.clean(value jsonb, rule jsonb) RETURNS text LANGUAGE sql AS $$
    SELECT coalesce((SELECT string_agg(e ->> 'reason', '; ') FROM jsonb_array_elements(c.errors) e), c.cleaned ->> 'v') FROM citybigdata.clean_row(jsonb_build_object('v', value), jsonb_build_array(rule || '{"column": "v"}')) c $$;
-- taken: local time of the platform (+08) unless a zone says otherwise
SELECT v, pg_temp.clean(to_jsonb(v), '{"rule": "time"}') FROM unnest(ARRAY['20240102100005', '20240102', '1704160805', '2024-01-02', '2024-1-2', '2024/1/2', '2024.01.02', '2024年1月2日', '2024-01-02 10:00:05', '2024-01-02T10:00:05', '2024/1/2 9:05',
    '2024-01-02 10:00:05.25', '2024-01-02 10:00:05.1234567', '2024年1月2日10时5分', '2024年1月2日 10时5分6秒', '2024年1月2日 10:05', '2024-01-02T02:00:05Z', '2024-01-02 02:00:05+00', '2024-01-02 10:00:05+0800', '2024-01-02T10:00:05.5+08:00', '  2024-01-02 10:00  ']) WITH ORDINALITY t (v, n) ORDER BY n;
SELECT pg_temp.clean('1704160805', '{"rule": "time"}');
-- refused
SELECT v, pg_temp.clean(to_jsonb(v), '{"rule": "time"}') FROM unnest(ARRAY['01/02/2024', '31/12/2024', '12-31-2024', '1.2.24', '24-1-2', '2024-02-30', '2024/13/1', '2024-1-2 25:00', '2024-1-2 10', '2024-1-2 10:61', '2024/1/2 下午3:04', '2024-01-02 03:04 PM', '45293', '45293.5', '45293,5', '2024-01-02 noon',
    '2024-1/2', '2024年1月', '2024-01-02 10:00:05+8', '2024-01-02 10:00:05+99:00', '1704160805000', '昨天', '2024', '2024-01-02-03', '2024年1-2']) WITH ORDINALITY t (v, n) ORDER BY n;
-- numbers
SELECT v, r, pg_temp.clean(v, r) FROM (VALUES ('"2.5米"'::jsonb, '{"rule": "number", "unit": "米"}'::jsonb), ('"2.5 米"', '{"rule": "number", "unit": ["米", "m"]}'), ('"2.5m"', '{"rule": "number", "unit": ["米", "m"]}'), ('"2.5厘米"', '{"rule": "number", "unit": "米"}'),
    ('"2.5米"', '{"rule": "number"}'), ('2.5', '{"rule": "number", "unit": "米"}'), ('"-1e3"', '{"rule": "number"}'), ('"1,234"', '{"rule": "number"}'), ('"约2米"', '{"rule": "number", "unit": "米"}'), ('"米"', '{"rule": "number", "unit": "米"}'), ('""', '{"rule": "number"}'),
    ('"2.5米"', '{"rule": "range", "min": 0}'), ('"3e"', '{"rule": "number"}'), ('null', '{"rule": "number"}')) c (v, r);
-- arguments
CREATE TABLE forms_tree (id integer PRIMARY KEY, height double precision, planted_at timestamptz);
SELECT citybigdata.define_dataset('forms-tree', 'forms_tree', '{"rules": [{"column": "height", "rule": "number", "unit": 1}]}');
SELECT citybigdata.define_dataset('forms-tree', 'forms_tree', '{"rules": [{"column": "height", "rule": "number", "units": "米"}]}');
SELECT citybigdata.define_dataset('forms-tree', 'forms_tree', '{"rules": [{"column": "height", "rule": "number", "unit": "米"}, {"column": "height", "rule": "range", "min": 0, "max": 60}, {"column": "planted_at", "rule": "time"}]}');
SELECT accepted, rejected FROM citybigdata.ingest('forms-tree', '[{"id": 1, "height": "2.5米", "planted_at": "2024/1/3"}, {"id": 2, "height": "250厘米", "planted_at": "2024-01-02 10:00:00"}, {"id": 3, "height": 70, "planted_at": "01/02/2024"}]');
SELECT id, height, planted_at AT TIME ZONE 'Asia/Shanghai' FROM forms_tree;
SELECT r.row_no, r.column_name, r.rule, r.reason FROM citybigdata.ingest_reject r WHERE r.batch_id = (SELECT max(b.batch_id) FROM citybigdata.ingest_batch b) ORDER BY r.reject_id;
DROP TABLE forms_tree;
