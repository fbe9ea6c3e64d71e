-- Batch history: load_events() stores reports of past years, with what became of them.
COMMENT ON TABLE citybigdata.event_staging IS
'Reports of past years on their way in, for COPY citybigdata.event_staging (data) or more columns; load_events() takes those of the calling role';
COMMENT ON COLUMN citybigdata.event_staging.line IS 'Order of arrival';
COMMENT ON COLUMN citybigdata.event_staging.sender_code IS 'senderCode 发送方标识; null: the sender that load_events() is given';
COMMENT ON COLUMN citybigdata.event_staging.data IS 'The report (table A.4) as JSON';
COMMENT ON COLUMN citybigdata.event_staging.state IS 'State that the case is in, code table event-state, 1 to 7; null: 6, closed';
COMMENT ON COLUMN citybigdata.event_staging.receive_time IS 'receiveTime 接收时间; null: the report''s createTime';
COMMENT ON COLUMN citybigdata.event_staging.closed_time IS 'When the case was closed or void; null: the time of its last step, else of receipt';
COMMENT ON COLUMN citybigdata.event_staging.steps IS
'What was done, oldest first: [{time, action, fromState, toState, by, note, reason, result, fromStage, toStage, byRole, byUnit}] as JSON; the first four are required';
COMMENT ON COLUMN citybigdata.event_staging.staged_by IS 'Role that put it here';
COMMENT ON COLUMN citybigdata.event_staging.staged_at IS 'When; maintain() removes what waits longer than citybigdata.staging_retention_days';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.event_staging', '');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.event_staging_line_seq', '');

COMMENT ON TABLE citybigdata.event_load IS 'Each call of load_events() with its counts';
COMMENT ON COLUMN citybigdata.event_load.load_id IS 'Number of the call';
COMMENT ON COLUMN citybigdata.event_load.source IS 'The relation that was read';
COMMENT ON COLUMN citybigdata.event_load.sender_code IS 'Sender of lines that had none of their own';
COMMENT ON COLUMN citybigdata.event_load.loaded IS 'Lines stored';
COMMENT ON COLUMN citybigdata.event_load.repeated IS 'Lines that were stored before with the same content';
COMMENT ON COLUMN citybigdata.event_load.rejected IS 'Lines refused';
COMMENT ON COLUMN citybigdata.event_load.loaded_by IS 'Role that called';
COMMENT ON COLUMN citybigdata.event_load.loaded_at IS 'When';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.event_load', '');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.event_load_load_id_seq', '');

COMMENT ON TABLE citybigdata.event_load_reject IS 'Lines that load_events() refused, as they came; kept for citybigdata.reject_retention_days';
COMMENT ON COLUMN citybigdata.event_load_reject.reject_id IS 'Number of the row';
COMMENT ON COLUMN citybigdata.event_load_reject.load_id IS 'The call';
COMMENT ON COLUMN citybigdata.event_load_reject.line IS 'Column line of the source, else the place of the row in it, from 1';
COMMENT ON COLUMN citybigdata.event_load_reject.sender_code IS 'senderCode 发送方标识';
COMMENT ON COLUMN citybigdata.event_load_reject.data IS 'The report as it came';
COMMENT ON COLUMN citybigdata.event_load_reject.status_code IS 'Status of the refusal: 42200, 40901 (reported before with other content) …';
COMMENT ON COLUMN citybigdata.event_load_reject.errors IS 'All errors: [{pointer, statusCode, message}]; /state, /receiveTime, /closedTime, /steps/… stand for the columns beside data';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.event_load_reject', '');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.event_load_reject_reject_id_seq', '');

CREATE OR REPLACE FUNCTION citybigdata.load_events(source regclass DEFAULT 'citybigdata.event_staging', sender text DEFAULT NULL, profile text DEFAULT NULL,
        after bigint DEFAULT 0, portion bigint DEFAULT NULL,
        OUT load_id bigint, OUT loaded bigint, OUT repeated bigint, OUT rejected bigint, OUT last bigint)
    AS 'MODULE_PATHNAME', 'cbd_load_events' LANGUAGE c VOLATILE;
COMMENT ON FUNCTION citybigdata.load_events(regclass, text, text, bigint, bigint) IS
'Loads reports of past years: from event_staging, what the calling role copied there; or from any table or view that it may read, with a column data (a report of table A.4 as json, jsonb or text) '
'and, where there are, line, sender_code, state, receive_time, closed_time, steps as in event_staging. Checked like reports (profile: strict or egova, null: that of the sender''s application); '
'a line that was reported before with the same content counts as repeated; what is refused is in event_load_reject. No process is started. '
'after, portion: only so many lines whose column line is beyond after; last: where to go on. Errors: wrong_object_type, undefined_column, datatype_mismatch: the source is not as it must be';

CREATE OR REPLACE FUNCTION citybigdata.expire_loaded(portion integer DEFAULT 10000) RETURNS bigint
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH kept AS (SELECT current_setting('citybigdata.reject_retention_days')::integer AS rejects, current_setting('citybigdata.staging_retention_days')::integer AS staged),
    last AS MATERIALIZED (
        SELECT l.load_id FROM citybigdata.event_load l, kept k
        WHERE k.rejects > 0 AND l.loaded_at < now() - make_interval(days => k.rejects) ORDER BY l.loaded_at DESC LIMIT 1),
    old AS (SELECT r.reject_id FROM citybigdata.event_load_reject r WHERE r.load_id <= (SELECT l.load_id FROM last l)
            ORDER BY r.load_id, r.line LIMIT portion FOR UPDATE SKIP LOCKED),
    refused AS (DELETE FROM citybigdata.event_load_reject r USING old WHERE r.reject_id = old.reject_id RETURNING 1),
    first AS (SELECT s.line, s.staged_at FROM citybigdata.event_staging s ORDER BY s.line LIMIT portion FOR UPDATE SKIP LOCKED),
    left_over AS (
        DELETE FROM citybigdata.event_staging s USING first f, kept k
        WHERE s.line = f.line AND k.staged > 0 AND f.staged_at < now() - make_interval(days => k.staged) RETURNING 1)
    SELECT (SELECT count(*) FROM refused) + (SELECT count(*) FROM left_over)
$$;
COMMENT ON FUNCTION citybigdata.expire_loaded(integer) IS
'Removes lines that load_events() refused and those that wait in event_staging, past citybigdata.reject_retention_days and citybigdata.staging_retention_days, '
'so many of each at most; the counts of event_load stay. Returns how many; part of maintain()';
