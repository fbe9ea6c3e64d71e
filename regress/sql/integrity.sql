-- Integrity codes of who may do what: a row that somebody changed without the functions is found, and what changed (GB/T 22239 8.1.4.7).
SELECT citybigdata.accept_integrity('fixtures of other tests') >= 0 AS accepted;
SELECT count(*) AS problems FROM citybigdata.integrity_problems();
SELECT citybigdata.audit_seal() > 0 AS sealed;
SELECT count(*) AS problems FROM citybigdata.audit_verify();
-- What functions do is good, sealed or not, and taken together with seals.
SELECT citybigdata.register_account('integrity.one', 'Correct-1-horse', 'Integrity Office', 'Li', '13800138000') AS account \gset
SELECT citybigdata.approve_account(:account);
SELECT citybigdata.set_event_level('address', 4, 'address');
SELECT count(*) AS problems FROM citybigdata.audit_verify();
SELECT citybigdata.audit_seal() > 0 AS sealed;
SELECT citybigdata.set_event_level('address', 3, 'address');
SELECT count(*) AS problems FROM citybigdata.audit_verify();
SELECT citybigdata.audit_seal() > 0 AS sealed;
SELECT count(*) AS problems FROM citybigdata.audit_verify();
SELECT citybigdata.suspend_account('integrity.one');
SELECT count(*) AS problems FROM citybigdata.integrity_problems();
-- A superuser, also one that takes the role of the tables' owner or switches triggers off.
CREATE FUNCTION pg_temp.problems() RETURNS SETOF text LANGUAGE sql AS
$$ SELECT regexp_replace(p.problem, '\(\d+', '(N') FROM citybigdata.integrity_problems() p ORDER BY 1 $$;
BEGIN;
UPDATE citybigdata.account SET admin_role = 'secadmin', state = 'active' WHERE user_name = 'integrity.one';
UPDATE citybigdata.event_field SET level = 1 WHERE field = 'address';
SELECT * FROM pg_temp.problems();
-- what a function changes afterwards is good, the rest goes on to differ
SELECT citybigdata.set_event_level('address', 1, 'all');
SELECT * FROM pg_temp.problems();
ROLLBACK;
BEGIN;
SET LOCAL ROLE citybigdata_owner;
UPDATE citybigdata.account SET state = 'active', password_digest = '$2x' WHERE user_name = 'integrity.one';
RESET ROLE;
SELECT * FROM pg_temp.problems();
ROLLBACK;
BEGIN;
SET LOCAL session_replication_role = replica;
DELETE FROM citybigdata.event_field WHERE field = 'address';
INSERT INTO citybigdata.event_field (field, level) VALUES ('forged', 1);
SELECT * FROM pg_temp.problems();
ROLLBACK;
-- Whoever knows of the codes: a content without a code, one with an old code, codes taken away.
SELECT citybigdata.integrity_code(1, false, 'account', '1', '{}');
BEGIN;
UPDATE citybigdata.event_field SET level = 1 WHERE field = 'address';
UPDATE citybigdata.integrity_row SET content = content || '{"level": 1}' WHERE relation = 'event_field' AND row_key = 'address' AND replaced_code IS NULL;
SELECT * FROM pg_temp.problems();
SELECT citybigdata.set_event_level('address', 2, 'all');
SELECT * FROM pg_temp.problems();
ROLLBACK;
BEGIN;
CREATE TEMP TABLE old ON COMMIT DROP AS SELECT * FROM citybigdata.integrity_row WHERE relation = 'event_field' AND row_key = 'address' AND replaced_code IS NULL;
SELECT citybigdata.set_event_level('address', 1, 'all');
SELECT citybigdata.audit_seal() > 0 AS sealed;
SELECT * FROM pg_temp.problems();
-- an earlier state put back, row and code
UPDATE citybigdata.event_field f SET level = (o.content ->> 'level')::int, mask = o.content ->> 'mask' FROM old o WHERE f.field = 'address';
DELETE FROM citybigdata.integrity_row WHERE relation = 'event_field' AND row_key = 'address';
INSERT INTO citybigdata.integrity_row OVERRIDING SYSTEM VALUE SELECT * FROM old;
SELECT * FROM pg_temp.problems();
SELECT count(*) AS problems FROM citybigdata.audit_verify();
-- the next seal does not take it over
SELECT citybigdata.audit_seal() > 0 AS sealed;
SELECT problem FROM citybigdata.audit_verify() WHERE block_no IS NULL;
ROLLBACK;
BEGIN;
DELETE FROM citybigdata.integrity_row;
SELECT count(*) > 10 AS many, count(*) FILTER (WHERE problem NOT LIKE '%: put in') AS others FROM citybigdata.integrity_problems();
ROLLBACK;
-- A security administrator accepts what a superuser repaired: audited, with what differed.
UPDATE citybigdata.account SET state = 'revoked' WHERE user_name = 'integrity.one';
SELECT citybigdata.accept_integrity('account closed by the DBA, paper no. 7') AS differences;
SELECT object, regexp_replace(detail, '\(\d+', '(N') AS detail FROM citybigdata.audit_log WHERE action = 'integrity.accept' ORDER BY audit_id DESC LIMIT 1;
SELECT count(*) AS problems FROM citybigdata.audit_verify();
SELECT citybigdata.audit_seal() > 0 AS sealed;
SELECT count(*) AS problems FROM citybigdata.audit_verify();
SET ROLE citybigdata_sysadmin;
SELECT citybigdata.accept_integrity('no');
RESET ROLE;
