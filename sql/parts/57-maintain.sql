-- Housekeeping: called by the bridge (one at a time) or by pg_cron, as often as one likes.
CREATE FUNCTION citybigdata.maintain_access() RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    token_ttl interval := current_setting('citybigdata.token_ttl')::interval;
    lock_time interval := current_setting('citybigdata.lockout_duration')::interval;
    removed bigint;
    total bigint := 0;
BEGIN
    -- a used code is kept as long as a token made from it can live, so that a replay is recognised
    DELETE FROM citybigdata.auth_code WHERE code_digest IN
        (SELECT code_digest FROM citybigdata.auth_code WHERE expires_at < now() - token_ttl - interval '1 day' LIMIT 10000);
    GET DIAGNOSTICS removed = ROW_COUNT;
    total := total + removed;
    DELETE FROM citybigdata.access_token WHERE token_digest IN
        (SELECT token_digest FROM citybigdata.access_token WHERE expires_at < now() - interval '1 day' LIMIT 10000);
    GET DIAGNOSTICS removed = ROW_COUNT;
    total := total + removed;
    -- a log-in locks its address row first, then its subject's: never wait for one of them here
    DELETE FROM citybigdata.lockout WHERE (kind, subject) IN
        (SELECT l.kind, l.subject FROM citybigdata.lockout l
         WHERE l.last_attempt_at < now() - lock_time AND coalesce(l.locked_until < now(), true) LIMIT 10000 FOR UPDATE SKIP LOCKED);
    GET DIAGNOSTICS removed = ROW_COUNT;
    total := total + removed;
    DELETE FROM citybigdata.login_reservation WHERE reserved_at < now() - interval '5 minutes';
    GET DIAGNOSTICS removed = ROW_COUNT;
    RETURN total + removed;
END
$$;
COMMENT ON FUNCTION citybigdata.maintain_access() IS 'Removes codes, tokens, lock-outs and reservations that have no effect any more; returns how many';

-- A key serves a client that repeats a request whose reply was lost: a day is plenty.
CREATE FUNCTION citybigdata.maintain_event() RETURNS bigint
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH old AS (
        SELECT i.app_id, i.key FROM citybigdata.event_idempotency i WHERE i.created_at < now() - interval '1 day' LIMIT 10000
    ), removed AS (
        DELETE FROM citybigdata.event_idempotency i USING old WHERE i.app_id = old.app_id AND i.key = old.key RETURNING 1
    )
    SELECT count(*) FROM removed
$$;
COMMENT ON FUNCTION citybigdata.maintain_event() IS 'Removes Idempotency-Keys older than a day, 10000 at most; returns how many';

-- Whole months that ended before the retention time leave; the floor of 180 days is in the setting's range.
CREATE FUNCTION citybigdata.audit_drop_months() RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    keep integer := current_setting('citybigdata.audit_retention_days')::integer;
    month record;
    dropped integer := 0;
BEGIN
    FOR month IN
        SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = 'citybigdata.audit_log'::regclass AND c.relname ~ '^audit_log_[0-9]{6}$'
          AND (to_date(right(c.relname, 6), 'YYYYMM') + interval '1 month') AT TIME ZONE 'UTC' < now() - make_interval(days => keep)
        ORDER BY c.relname
    LOOP
        EXECUTE format('DROP TABLE citybigdata.%I', month.relname);
        PERFORM citybigdata.audit_event('audit.drop', month.relname, format('older than %s days', keep));
        dropped := dropped + 1;
    END LOOP;
    RETURN dropped;
END
$$;
COMMENT ON FUNCTION citybigdata.audit_drop_months() IS
'Drops audit partitions of months that ended more than citybigdata.audit_retention_days (at least 180) ago, each with an audit row; returns how many';

CREATE FUNCTION citybigdata.maintain() RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    done jsonb := '{}';
BEGIN
    IF NOT pg_try_advisory_xact_lock(hashtext('citybigdata.maintain'), 0) THEN
        RETURN '{"busy": true}';
    END IF;
    -- an audit partition is attached or dropped in an instant or next time: never stand in the way of requests
    PERFORM set_config('lock_timeout', '2s', true);
    BEGIN
        done := done || jsonb_build_object('auditMonthsMade', citybigdata.audit_make_months(), 'auditMonthsDropped', citybigdata.audit_drop_months());
    EXCEPTION WHEN lock_not_available THEN
        done := done || '{"auditMonths": "busy"}';
    END;
    RETURN done || jsonb_build_object('accessRowsRemoved', citybigdata.maintain_access() + citybigdata.maintain_oauth(),
                                      'noncesRemoved', citybigdata.expire_nonces(), 'sealedUsesRemoved', citybigdata.expire_sealed_uses(),
                                      'idempotencyKeysRemoved', citybigdata.maintain_event(),
                                      'auditRowsSealed', citybigdata.audit_seal(100000));
END
$$;
COMMENT ON FUNCTION citybigdata.maintain() IS
'Housekeeping, harmless at any time: audit months ahead, audit months past retention, void codes, tokens, lock-outs, nonces and Idempotency-Keys, sealing of the audit log. Returns what it did; '
'{"busy": true} when another one runs';

CREATE FUNCTION citybigdata.rest_maintain() RETURNS text
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN (done->>'auditRowsSealed')::bigint >= 100000 OR (done->>'accessRowsRemoved')::bigint >= 10000
                     OR (done->>'idempotencyKeysRemoved')::bigint >= 10000 THEN E'0 1\n\n'
                ELSE E'0 0\n\n' END || done::text
    FROM citybigdata.maintain() done
$$;
COMMENT ON FUNCTION citybigdata.rest_maintain() IS 'maintain() as a reply frame, for the bridge; its second number is 1 when a portion was full: there may be more to do at once';
