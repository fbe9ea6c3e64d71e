-- The audit log sealed in a chain. Everything is undone at the end: other tests have an unsealed log.
BEGIN;
SELECT clock_timestamp() AS began \gset
SELECT citybigdata.audit_seal() >= 0 AS sealed_before;
SELECT coalesce((citybigdata.audit_head()).block_no, 0) AS head \gset
INSERT INTO citybigdata.audit_log (action, status_code, session_role, object, app_code, client_addr, request_id, detail, user_name)
SELECT 'test.seal', CASE i % 3 WHEN 0 THEN 0 WHEN 1 THEN 40300 ELSE 50000 END, 'tester', 'object "' || i || '] \', 'APP', '192.0.2.1', 'r' || i,
       CASE WHEN i < 3 THEN E'线路\n二' END, 'u'
FROM generate_series(1, 6) i;
SELECT citybigdata.audit_seal() AS sealed, citybigdata.audit_seal() AS again;
SELECT block_no - :head AS block, row_count, algorithm, octet_length(row_marks) AS marks, octet_length(block_digest) AS digest
FROM citybigdata.audit_seal_block WHERE block_no > :head;
SELECT count(block_no) AS problems FROM citybigdata.audit_verify();
SET LOCAL citybigdata.crypto_suite = sm;
SELECT citybigdata.audit_seal() AS the_verification;
SELECT algorithm FROM citybigdata.audit_seal_block ORDER BY block_no DESC LIMIT 1;
SELECT h.block_no AS known_block, h.digest AS known_digest, length(h.digest) AS digits FROM citybigdata.audit_head() h \gset
SELECT count(block_no) AS problems FROM citybigdata.audit_verify(:known_block, :'known_digest');
SELECT block_no = :known_block AS block, problem FROM citybigdata.audit_verify(:known_block, repeat('0', 64)) WHERE block_no IS NOT NULL;
SELECT block_no = :known_block + 7 AS block, problem FROM citybigdata.audit_verify(:known_block + 7, :'known_digest') WHERE block_no IS NOT NULL;
-- what a superuser can do, and how it shows
\set ON_ERROR_ROLLBACK on
SELECT min(audit_id) AS first FROM citybigdata.audit_log WHERE action = 'test.seal' \gset
UPDATE citybigdata.audit_log SET status_code = 0 WHERE audit_id = :first;
DELETE FROM citybigdata.audit_log WHERE audit_id = :first;
TRUNCATE citybigdata.audit_seal_block;
SAVEPOINT untouched;
SET LOCAL session_replication_role = replica;
UPDATE citybigdata.audit_log SET detail = 'changed' WHERE audit_id = :first;
DELETE FROM citybigdata.audit_log WHERE audit_id = :first + 1;
SELECT audit_id - :first AS row, problem FROM citybigdata.audit_verify() WHERE block_no IS NOT NULL ORDER BY 1;
ROLLBACK TO untouched;
SET LOCAL session_replication_role = replica;
DELETE FROM citybigdata.audit_log WHERE audit_id = :first + 2;
UPDATE citybigdata.audit_log SET audit_id = :first + 2 WHERE audit_id = :first + 3;
SELECT audit_id - :first AS row, problem FROM citybigdata.audit_verify() WHERE block_no IS NOT NULL ORDER BY 1;
ROLLBACK TO untouched;
SET LOCAL session_replication_role = replica;
INSERT INTO citybigdata.audit_log (audit_id, action, status_code, session_role) VALUES (0, 'forged', 0, 'x');
UPDATE citybigdata.audit_seal_block SET first_id = 0 WHERE block_no = 1;
SELECT block_no, audit_id, problem FROM citybigdata.audit_verify() WHERE block_no IS NOT NULL ORDER BY 1, 2 NULLS FIRST, 3;
ROLLBACK TO untouched;
SET LOCAL session_replication_role = replica;
UPDATE citybigdata.audit_seal_block SET previous_digest = rows_digest WHERE block_no = :known_block;
SELECT block_no = :known_block AS block, problem FROM citybigdata.audit_verify() WHERE block_no IS NOT NULL ORDER BY 2;
ROLLBACK TO untouched;
SET LOCAL session_replication_role = replica;
DELETE FROM citybigdata.audit_seal_block WHERE block_no = :head + 1;
SELECT block_no - :head AS block, problem FROM citybigdata.audit_verify() WHERE block_no IS NOT NULL;
ROLLBACK TO untouched;
-- the newest block cut off: only who kept the head sees it
SET LOCAL session_replication_role = replica;
DELETE FROM citybigdata.audit_seal_block WHERE block_no = :known_block;
SELECT count(block_no) AS unseen FROM citybigdata.audit_verify();
SELECT problem FROM citybigdata.audit_verify(:known_block, :'known_digest') WHERE block_no IS NOT NULL;
ROLLBACK TO untouched;
-- months that were kept long enough may leave
SET LOCAL session_replication_role = replica;
DELETE FROM citybigdata.audit_log WHERE audit_id = :first;
UPDATE citybigdata.audit_seal_block SET first_at = now() - interval '731 days' WHERE block_no = :head + 1;
SELECT problem FROM citybigdata.audit_verify() WHERE block_no IS NOT NULL;
ROLLBACK TO untouched;
-- reading and exporting, audited
SELECT object, status_code, detail FROM citybigdata.audit_read(:'began', 'infinity', 'test.%', 'APP', 'u') LIMIT 2;
SELECT count(*) AS others FROM citybigdata.audit_read(:'began', 'infinity', 'test.%', 'OTHER');
SELECT regexp_replace(regexp_replace(line, '^(<\d+>1) \S{27} \S+ ', '\1 TIME HOST '), ' id="\d+"', ' id="N"') AS line, line ~ '^<\d+>1 \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z ' AS rfc3339
FROM citybigdata.audit_export(:'began', 'infinity') AS line WHERE line ~ 'test.seal' LIMIT 3;
SELECT count(*) FILTER (WHERE split_part(line, ' ', 3) IN ('-', '')) AS without_hostname FROM citybigdata.audit_export(:'began', 'infinity') AS line;
SET LOCAL citybigdata.public_url = 'https://city.example:8443';
SELECT DISTINCT split_part(line, ' ', 3) AS hostname FROM citybigdata.audit_export(:'began', 'infinity') AS line;
RESET citybigdata.public_url;
SELECT bool_and(line !~ E'[\\x01-\\x1f\\x7f]') AS one_line_each FROM citybigdata.audit_export(:'began', 'infinity') AS line;
SELECT action, count(*) FROM citybigdata.audit_log WHERE at >= :'began' AND action LIKE 'audit.%' GROUP BY 1 ORDER BY 1;
ROLLBACK;
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT citybigdata.audit_seal();
ROLLBACK;
-- the auditor reads the log by these functions alone
SET ROLE citybigdata_auditor;
SELECT count(*) >= 0 AS readable FROM citybigdata.audit_read(now() - interval '1 day', now());
SELECT count(*) FROM citybigdata.audit_seal_block;
RESET ROLE;
SELECT citybigdata.syslog_value(E'a"b]c\\d\ne') AS escaped;
