-- Functions whose record must stay demand a statement of their own: what they write is not undone by ROLLBACK, READ ONLY or an error.
SET citybigdata.own_statement = on;
SET client_min_messages = warning;
CREATE FUNCTION pg_temp.attempts() RETURNS bigint LANGUAGE sql AS
$$ SELECT count(*) FROM citybigdata.audit_log WHERE action = 'account.change-password' AND object = 'own.statement' $$;
SELECT citybigdata.register_account('own.statement', 'Correct-1-horse', '市城管委', '张三', '13800138000') AS account \gset
\set VERBOSITY terse
-- each of them, in a block, each by itself
CREATE FUNCTION pg_temp.refusal(call text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE call;
    RETURN 'not refused';
EXCEPTION WHEN OTHERS THEN
    RETURN SQLSTATE || ' ' || SQLERRM;
END $$;
SELECT call, pg_temp.refusal('SELECT citybigdata.' || call) FROM unnest(ARRAY[
    $$change_password('own.statement', 'guess', 'Better-2-horses')$$, $$issue_auth_code('11000000000001S', 'password', user_name => 'x', password => 'y')$$,
    $$exchange_auth_code('11000000000001S', 'x')$$, $$check_token('x')$$, $$revoke_token('x')$$, $$take_credentials(1)$$, $$reset_password('own.statement')$$,
    $$rotate_credentials('x')$$, $$renew_credentials('x')$$, $$approve_account(1)$$, $$reject_account(1)$$, $$approve_access(1)$$,
    $$seal_url('x', 'events')$$, $$open_url('x', NULL)$$, $$media_url('x', 1, 1)$$, $$rotate_sealing_key()$$, $$revoke_sealing_key(1)$$,
    $$enrol_totp('x')$$, $$remove_totp('x')$$, $$audit_verify()$$, $$audit_read('-infinity', 'infinity')$$, $$audit_export('-infinity', 'infinity')$$]) AS call;
BEGIN;
SELECT status_code FROM citybigdata.change_password('own.statement', 'guess', 'Better-2-horses');
ROLLBACK;
BEGIN READ ONLY;
SELECT count(*) FROM citybigdata.audit_read('-infinity', 'infinity');
ROLLBACK;
SET default_transaction_read_only = on;
SELECT count(*) FROM citybigdata.audit_read('-infinity', 'infinity');
SELECT status_code FROM citybigdata.check_token('x');
RESET default_transaction_read_only;
DO $$ BEGIN PERFORM citybigdata.check_token('x'); END $$;
DO $$ BEGIN PERFORM citybigdata.audit_export('-infinity', 'infinity'); END $$;
CREATE PROCEDURE pg_temp.guess() LANGUAGE plpgsql AS $$ BEGIN PERFORM citybigdata.check_token('x'); ROLLBACK; END $$;
CALL pg_temp.guess();
CREATE FUNCTION pg_temp.look() RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT count(*) FROM citybigdata.audit_read('-infinity', 'infinity')); END $$;
SELECT pg_temp.look();
CREATE FUNCTION pg_temp.look_sql() RETURNS bigint LANGUAGE sql VOLATILE AS $$ SELECT count(*) FROM citybigdata.audit_read('-infinity', 'infinity') $$;
SELECT pg_temp.look_sql();
-- two statements in one message are a block
SELECT 1 AS one\; SELECT status_code FROM citybigdata.change_password('own.statement', 'guess', 'Better-2-horses')\; SELECT 1/0;
-- an error that tells the outcome
SELECT 1 / status_code FROM citybigdata.change_password('own.statement', 'guess', 'Better-2-horses');
SELECT (SELECT message FROM citybigdata.check_token('x'))::integer;
SELECT ((citybigdata.check_token('x')).message)::integer;
SELECT status_code FROM citybigdata.check_token('x') WHERE message::integer = 1;
SELECT status_code FROM citybigdata.check_token((SELECT message FROM citybigdata.check_token('x')));
WITH c AS MATERIALIZED (SELECT * FROM citybigdata.check_token('x')) SELECT message::integer FROM c;
CREATE TEMP TABLE kept AS SELECT * FROM citybigdata.check_token('x');
EXPLAIN ANALYZE SELECT * FROM citybigdata.check_token('x');
SELECT pg_temp.attempts() AS none_undone;
-- by itself
SELECT status_code FROM citybigdata.change_password('own.statement', 'guess', 'Better-2-horses');
SELECT (citybigdata.check_token('x')).status_code;
SELECT status_code, message IS NOT NULL AS message FROM citybigdata.check_token('x') WHERE status_code = 40101;
SELECT count(*) > 0 AS read FROM citybigdata.audit_read('-infinity', 'infinity', 'account.%');
SELECT count(block_no) AS problems FROM citybigdata.audit_verify();
SELECT pg_temp.attempts() AS attempts;
