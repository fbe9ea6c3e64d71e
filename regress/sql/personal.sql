-- Personal data: how long refused and staged records stay, and what is erased on a person's request.
\set SHOW_CONTEXT never
\set VERBOSITY terse
SELECT name, setting, min_val FROM pg_settings WHERE name ~ '^citybigdata.*(reject|staging)_retention' ORDER BY 1;
CREATE SCHEMA personal;
CREATE TABLE personal.lamp (code text PRIMARY KEY, power integer);
SELECT citybigdata.define_dataset('personal-lamps', 'personal.lamp');
SELECT accepted, rejected FROM citybigdata.ingest('personal-lamps', '[{"code": "1", "power": "x"}, {"code": "2", "power": "y"}, {"code": "3", "power": 1}]');
SELECT accepted, rejected FROM citybigdata.ingest('personal-lamps', '[{"code": "4", "power": "z"}]');
CREATE TEMP TABLE batch AS SELECT batch_id, row_number() OVER (ORDER BY batch_id) AS n FROM citybigdata.ingest_batch WHERE dataset_code = 'personal-lamps';
UPDATE citybigdata.ingest_batch b SET ingested_at = now() - interval '91 days' FROM batch WHERE b.batch_id = batch.batch_id AND n = 1;
INSERT INTO citybigdata.ingest_staging (dataset_code, record, staged_at) SELECT 'personal-lamps', '{}', now() - make_interval(days => d) FROM unnest(ARRAY[8, 7, 6]) d;
BEGIN;
SET LOCAL citybigdata.reject_retention_days = 0;
SET LOCAL citybigdata.staging_retention_days = 0;
SELECT citybigdata.expire_ingested() AS kept;
COMMIT;
SELECT citybigdata.expire_ingested(1) = 2 AS one_of_each;
SET ROLE citybigdata_sysadmin;
SELECT (citybigdata.maintain() ->> 'ingestRowsRemoved')::int >= 1 AS by_maintain;
RESET ROLE;
SELECT n, count(reject_id) AS rejects, rejected FROM batch JOIN citybigdata.ingest_batch USING (batch_id) LEFT JOIN citybigdata.ingest_reject USING (batch_id) GROUP BY 1, 3 ORDER BY 1;
SELECT min(staged_at) > now() - interval '7 days' AS none_older, count(*) >= 1 AS the_newest_stays FROM citybigdata.ingest_staging;
INSERT INTO citybigdata.ingest_staging (dataset_code, record, staged_at) VALUES ('x', '{}', now());
SET ROLE citybigdata_analyst;
INSERT INTO citybigdata.ingest_staging (dataset_code, record, staged_at) VALUES ('x', '{}', 'infinity');
RESET ROLE;
DELETE FROM citybigdata.ingest_staging WHERE dataset_code IN ('x', 'personal-lamps');
DELETE FROM citybigdata.ingest_reject USING batch WHERE ingest_reject.batch_id = batch.batch_id;
DROP SCHEMA personal CASCADE;
