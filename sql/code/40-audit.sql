-- Audit: citybigdata.audit_log itself is made by setup(), outside the extension's membership: partitions made later
-- under a parent that belongs to the extension do not come back from a dump. The parent has no key, index or
-- foreign key of its own for the same reason; partitions are made by LIKE and ATTACH, never by PARTITION OF.
CREATE OR REPLACE FUNCTION citybigdata.audit_refuse_change() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION USING MESSAGE = citybigdata.say('the audit log is append-only'),
        ERRCODE = 'insufficient_privilege', DETAIL = citybigdata.say('{operation} on {table} was refused.', 'operation', TG_OP, 'table', TG_TABLE_NAME),
              HINT = citybigdata.say('Old months leave as whole partitions: SELECT citybigdata.maintain();');
END
$$;
COMMENT ON FUNCTION citybigdata.audit_refuse_change() IS 'Trigger of the audit log: refuses UPDATE, DELETE and TRUNCATE, to the owner too';
-- A table of the audit log's shape with its own key and index, not attached yet.
CREATE OR REPLACE FUNCTION citybigdata.audit_create_partition(name text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    EXECUTE format('CREATE TABLE citybigdata.%I (LIKE citybigdata.audit_log INCLUDING DEFAULTS, CONSTRAINT %I PRIMARY KEY (audit_id))',
                   name, name || '_pkey');
    EXECUTE format('CREATE INDEX %I ON citybigdata.%I USING brin (at) WITH (autosummarize = on)', name || '_at_idx', name);
    EXECUTE format('CREATE TRIGGER audit_refuse_truncate BEFORE TRUNCATE ON citybigdata.%I '
                   'FOR EACH STATEMENT EXECUTE FUNCTION citybigdata.audit_refuse_change()', name);
    EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON citybigdata.%I FROM citybigdata_owner', name);
END
$$;
COMMENT ON FUNCTION citybigdata.audit_create_partition(text) IS 'Makes a table to be attached to the audit log';

-- LOCK TABLE would want a privilege to change rows, which the owner does not have.
CREATE OR REPLACE FUNCTION citybigdata.audit_lock() RETURNS void
    AS 'MODULE_PATHNAME', 'cbd_audit_lock' LANGUAGE c VOLATILE SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.audit_lock() IS 'Locks the audit log without its partitions, as DDL does, until the transaction ends; for the functions of this extension only';

-- The whole log is locked before its DEFAULT partition, in the order of its writers.
CREATE OR REPLACE FUNCTION citybigdata.audit_attach_partition(name text, lower_bound timestamptz, upper_bound timestamptz) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM citybigdata.audit_lock();
    IF lower_bound IS NULL THEN
        EXECUTE format('ALTER TABLE citybigdata.audit_log ATTACH PARTITION citybigdata.%I DEFAULT', name);
        EXECUTE format('COMMENT ON TABLE citybigdata.%I IS %L', name, 'Audit rows of months that maintain() had not prepared');
    ELSE
        -- no check of the bounds: a new table has nothing to read, and each insert would parse it again
        EXECUTE format('ALTER TABLE citybigdata.audit_log ATTACH PARTITION citybigdata.%I FOR VALUES FROM (%L) TO (%L)',
                       name, lower_bound, upper_bound);
        EXECUTE format('COMMENT ON TABLE citybigdata.%I IS %L', name, 'Audit rows of one month (UTC)');
    END IF;
END
$$;
COMMENT ON FUNCTION citybigdata.audit_attach_partition(text, timestamptz, timestamptz) IS
'Attaches a table to the audit log for [lower_bound, upper_bound); bounds null: as the DEFAULT partition';

CREATE OR REPLACE FUNCTION citybigdata.audit_make_partition(name text, lower_bound timestamptz, upper_bound timestamptz) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT citybigdata.audit_create_partition(name);
    SELECT citybigdata.audit_attach_partition(name, lower_bound, upper_bound);
$$;
COMMENT ON FUNCTION citybigdata.audit_make_partition(text, timestamptz, timestamptz) IS
'Makes one partition of the audit log with its own key and index and attaches it; bounds null: the DEFAULT partition';

-- Rows that came while their month had no partition: they are copied before the log is locked, and those that came meanwhile after.
-- Each keeps its number, so that its seal stays good.
CREATE OR REPLACE FUNCTION citybigdata.audit_sort_default() RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    months timestamp[] := ARRAY(SELECT DISTINCT date_trunc('month', d.at AT TIME ZONE 'UTC') FROM citybigdata.audit_log_default d);
    month timestamp;
    copy text := 'INSERT INTO citybigdata.%I SELECT d.* FROM citybigdata.audit_log_default d WHERE d.at >= $1 AND d.at < $2 ON CONFLICT (audit_id) DO NOTHING';
    moved bigint;
BEGIN
    IF months = '{}' THEN
        RETURN 0;
    END IF;
    FOREACH month IN ARRAY months LOOP
        PERFORM citybigdata.audit_create_partition(to_char(month, '"audit_log_"YYYYMM'));
        EXECUTE format(copy, to_char(month, '"audit_log_"YYYYMM')) USING month AT TIME ZONE 'UTC', (month + interval '1 month') AT TIME ZONE 'UTC';
    END LOOP;
    PERFORM citybigdata.audit_lock();
    FOREACH month IN ARRAY months LOOP
        EXECUTE format(copy, to_char(month, '"audit_log_"YYYYMM')) USING month AT TIME ZONE 'UTC', (month + interval '1 month') AT TIME ZONE 'UTC';
    END LOOP;
    ALTER TABLE citybigdata.audit_log DETACH PARTITION citybigdata.audit_log_default;
    FOREACH month IN ARRAY months LOOP
        PERFORM citybigdata.audit_attach_partition(to_char(month, '"audit_log_"YYYYMM'), month AT TIME ZONE 'UTC', (month + interval '1 month') AT TIME ZONE 'UTC');
    END LOOP;
    ALTER TABLE citybigdata.audit_log_default RENAME TO audit_log_sorted;
    ALTER INDEX citybigdata.audit_log_default_pkey RENAME TO audit_log_sorted_pkey;
    ALTER INDEX citybigdata.audit_log_default_at_idx RENAME TO audit_log_sorted_at_idx;
    PERFORM citybigdata.audit_make_partition('audit_log_default', NULL, NULL);
    -- what is of a month that began meanwhile
    INSERT INTO citybigdata.audit_log
        SELECT d.* FROM citybigdata.audit_log_sorted d WHERE NOT EXISTS (SELECT FROM citybigdata.audit_log l WHERE l.audit_id = d.audit_id);
    SELECT count(*) INTO moved FROM citybigdata.audit_log_sorted;
    DROP TABLE citybigdata.audit_log_sorted;
    PERFORM citybigdata.audit_event('audit.sort', 'audit_log_default', format('%s rows to their months', moved));
    RETURN moved;
END
$$;
COMMENT ON FUNCTION citybigdata.audit_sort_default() IS 'Moves rows of the DEFAULT partition of the audit log into partitions of their months; returns how many';

-- This month and the two after it. A month with rows in the DEFAULT partition is audit_sort_default()'s.
CREATE OR REPLACE FUNCTION citybigdata.audit_make_months() RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    this_month timestamptz := date_trunc('month', now(), 'UTC');
    lower_bound timestamptz;
    upper_bound timestamptz;
    name text;
    made integer := 0;
BEGIN
    FOR ahead IN 0 .. 2 LOOP
        lower_bound := (this_month AT TIME ZONE 'UTC' + make_interval(months => ahead)) AT TIME ZONE 'UTC';
        upper_bound := (this_month AT TIME ZONE 'UTC' + make_interval(months => ahead + 1)) AT TIME ZONE 'UTC';
        name := 'audit_log_' || to_char(lower_bound AT TIME ZONE 'UTC', 'YYYYMM');
        CONTINUE WHEN to_regclass('citybigdata.' || name) IS NOT NULL
                   OR EXISTS (SELECT FROM citybigdata.audit_log_default d WHERE d.at >= lower_bound AND d.at < upper_bound);
        PERFORM citybigdata.audit_make_partition(name, lower_bound, upper_bound);
        made := made + 1;
    END LOOP;
    RETURN made;
END
$$;
COMMENT ON FUNCTION citybigdata.audit_make_months() IS 'Makes the audit partitions of this month and the next two where missing; returns how many it made';

CREATE OR REPLACE FUNCTION citybigdata.setup_audit() RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF to_regclass('citybigdata.audit_log') IS NULL THEN
        CREATE SEQUENCE citybigdata.audit_log_audit_id_seq;
        COMMENT ON SEQUENCE citybigdata.audit_log_audit_id_seq IS 'Numbers of audit rows';
        CREATE TABLE citybigdata.audit_log (
            audit_id      bigint      NOT NULL DEFAULT nextval('citybigdata.audit_log_audit_id_seq'),
            at            timestamptz NOT NULL DEFAULT clock_timestamp(),
            request_id    text,
            app_code      text,
            user_name     text,
            authenticated boolean     NOT NULL DEFAULT false,
            client_addr   inet,
            scheme        text        NOT NULL DEFAULT 'sql',
            action        text        NOT NULL,
            object        text,
            status_code   integer     NOT NULL,
            detail        text,
            session_role  text        NOT NULL
        ) PARTITION BY RANGE (at);
        CREATE TRIGGER audit_refuse_change BEFORE UPDATE OR DELETE ON citybigdata.audit_log
            FOR EACH ROW EXECUTE FUNCTION citybigdata.audit_refuse_change();
        CREATE TRIGGER audit_refuse_statement BEFORE UPDATE OR DELETE OR TRUNCATE ON citybigdata.audit_log
            FOR EACH STATEMENT EXECUTE FUNCTION citybigdata.audit_refuse_change();
        REVOKE UPDATE, DELETE, TRUNCATE ON citybigdata.audit_log FROM citybigdata_owner;
        -- nobody else has it: the auditor reads by audit_read() and audit_export(), which are audited
        COMMENT ON TABLE citybigdata.audit_log IS
            'One row per call, allowed or refused (clause 6.3); append-only, by month (UTC), kept at least 180 days';
        COMMENT ON COLUMN citybigdata.audit_log.audit_id IS 'Number of the row';
        COMMENT ON COLUMN citybigdata.audit_log.at IS 'When the call was decided';
        COMMENT ON COLUMN citybigdata.audit_log.request_id IS 'requestId of the reply; null for a call from SQL';
        COMMENT ON COLUMN citybigdata.audit_log.app_code IS 'The calling application; with authenticated false: as the client claimed';
        COMMENT ON COLUMN citybigdata.audit_log.user_name IS 'The calling account (for an application: its owner); with authenticated false: as the client claimed';
        COMMENT ON COLUMN citybigdata.audit_log.authenticated IS 'Was the caller known?';
        COMMENT ON COLUMN citybigdata.audit_log.client_addr IS 'Address of the client, proxies resolved';
        COMMENT ON COLUMN citybigdata.audit_log.scheme IS 'How the caller authenticated: none, bearer, code, basic, signature; sql = not over HTTPS';
        COMMENT ON COLUMN citybigdata.audit_log.action IS 'What was asked for: chapter.verb';
        COMMENT ON COLUMN citybigdata.audit_log.object IS 'What it was about: a taskNum, a user name, an appCode; never a secret';
        COMMENT ON COLUMN citybigdata.audit_log.status_code IS 'The answer, see status_code; 0 = done';
        COMMENT ON COLUMN citybigdata.audit_log.detail IS 'More for the auditor';
        COMMENT ON COLUMN citybigdata.audit_log.session_role IS 'Database role of the session';
    END IF;
    IF to_regclass('citybigdata.audit_log_default') IS NULL THEN
        PERFORM citybigdata.audit_make_partition('audit_log_default', NULL, NULL);
    END IF;
    PERFORM citybigdata.audit_make_months();
END
$$;
COMMENT ON FUNCTION citybigdata.setup_audit() IS 'Called by setup(): the audit log, its DEFAULT partition and its first months; repeatable';

-- Reads are many: their records are taken apart here and not by json_to_record, which takes three times as long.
CREATE OR REPLACE FUNCTION citybigdata.audit_records(records text[], OUT at timestamptz, OUT request_id text, OUT app_code text, OUT user_name text,
    OUT authenticated boolean, OUT client_addr inet, OUT scheme text, OUT action text, OUT object text, OUT status_code integer, OUT detail text)
    RETURNS SETOF record AS 'MODULE_PATHNAME', 'cbd_audit_records' LANGUAGE c STABLE STRICT ROWS 200 SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.audit_records(text[]) IS
'The audit records of reply frames as rows; error 22P02 when one of them cannot be read';

-- Rows from the bridge. A record that cannot be read becomes a row of its own, so that nothing is lost.
CREATE OR REPLACE FUNCTION citybigdata.rest_audit_append(records text[]) RETURNS bytea
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    record text;
BEGIN
    BEGIN
        INSERT INTO citybigdata.audit_log (at, request_id, app_code, user_name, authenticated, client_addr, scheme,
                                           action, object, status_code, detail, session_role)
        SELECT x.at, x.request_id, x.app_code, x.user_name, coalesce(x.authenticated, false), x.client_addr, coalesce(x.scheme, 'none'),
               x.action, x.object, coalesce(x.status_code, 0), x.detail, session_user
        FROM citybigdata.audit_records(records) AS x;
    EXCEPTION WHEN data_exception OR integrity_constraint_violation THEN
        IF cardinality(records) = 1 THEN
            INSERT INTO citybigdata.audit_log (action, status_code, detail, session_role)
            VALUES ('audit.unreadable', 50000, left(records[array_lower(records, 1)], 1000), session_user);
        ELSE
            FOREACH record IN ARRAY records LOOP
                PERFORM citybigdata.rest_audit_append(ARRAY[record]);
            END LOOP;
        END IF;
    END;
    RETURN citybigdata.reply_frame(0, 0, NULL);
END
$$;
COMMENT ON FUNCTION citybigdata.rest_audit_append(text[]) IS
'Appends audit records of successful reads (`audit` of reply frames), in batches; an unreadable one is kept as action audit.unreadable. Returns a reply frame';

-- A sender has one batch under way at a time, and repeats it as it was until it knows that it is stored. One whose
-- answer was lost may be stored already, or be under way in a session that the sender has given up: then the row lock
-- makes the second one wait for the outcome of the first.
CREATE OR REPLACE FUNCTION citybigdata.rest_audit_batch(sender text, batch bigint, records text[]) RETURNS bytea
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO citybigdata.audit_sender AS s (sender, last_batch) VALUES (rest_audit_batch.sender, rest_audit_batch.batch)
    ON CONFLICT ON CONSTRAINT audit_sender_pkey
        DO UPDATE SET last_batch = excluded.last_batch, changed_at = excluded.changed_at WHERE s.last_batch < excluded.last_batch;
    IF NOT FOUND THEN
        RETURN citybigdata.reply_frame(0, 0, NULL);
    END IF;
    RETURN citybigdata.rest_audit_append(records);
END
$$;
COMMENT ON FUNCTION citybigdata.rest_audit_batch(text, bigint, text[]) IS
'Appends audit records of successful reads as rest_audit_append() does, once: a batch whose number the sender has reached before is taken as done. Returns a reply frame';

COMMENT ON TABLE citybigdata.audit_sender IS 'Who hands in audit records in batches (each worker of a bridge, anew at each start), and how far; maintain() removes those of long ago';
COMMENT ON COLUMN citybigdata.audit_sender.sender IS 'A random name';
COMMENT ON COLUMN citybigdata.audit_sender.last_batch IS 'Number of the last batch that is stored';
COMMENT ON COLUMN citybigdata.audit_sender.changed_at IS 'When it was stored';
-- senders of before a dump repeat nothing to the database that is made of it
SELECT pg_catalog.pg_extension_config_dump('citybigdata.audit_sender', 'WHERE false');

-- Housekeeping, for maintain().
CREATE OR REPLACE FUNCTION citybigdata.expire_audit_senders() RETURNS bigint
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH gone AS (DELETE FROM citybigdata.audit_sender WHERE changed_at < now() - interval '30 days' RETURNING 1)
    SELECT count(*) FROM gone
$$;
COMMENT ON FUNCTION citybigdata.expire_audit_senders() IS 'Removes the senders of audit records that were not heard of for 30 days; returns how many';

-- Whole months that ended before the retention time leave; the floor of 180 days is in the setting's range.
CREATE OR REPLACE FUNCTION citybigdata.audit_drop_months() RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    keep integer := current_setting('citybigdata.audit_retention_days')::integer;
    month record;
    unsealed boolean;
    dropped integer := 0;
BEGIN
    FOR month IN
        SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = 'citybigdata.audit_log'::regclass AND c.relname ~ '^audit_log_[0-9]{6}$'
          AND (to_date(right(c.relname, 6), 'YYYYMM') + interval '1 month') AT TIME ZONE 'UTC' < now() - make_interval(days => keep)
        ORDER BY c.relname
    LOOP
        -- a row that leaves unsealed would leave without a trace: then the month waits
        EXECUTE format('SELECT EXISTS (SELECT FROM citybigdata.%I l WHERE l.audit_id > $1)', month.relname)
            INTO unsealed USING coalesce((SELECT max(b.last_id) FROM citybigdata.audit_seal_block b), 0);
        CONTINUE WHEN unsealed;
        PERFORM citybigdata.audit_lock();
        EXECUTE format('DROP TABLE citybigdata.%I', month.relname);
        PERFORM citybigdata.audit_event('audit.drop', month.relname, format('older than %s days', keep));
        dropped := dropped + 1;
    END LOOP;
    RETURN dropped;
END
$$;
COMMENT ON FUNCTION citybigdata.audit_drop_months() IS
'Drops audit partitions of months that ended more than citybigdata.audit_retention_days (at least 180) ago, each with an audit row; returns how many';
CREATE OR REPLACE FUNCTION citybigdata.audit_event(action text, object text, detail text) RETURNS void
    AS 'MODULE_PATHNAME', 'cbd_audit_event' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.audit_event(text, text, text) IS 'Writes the audit row of an administration function; for the functions of this extension only';
