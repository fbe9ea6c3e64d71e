-- Housekeeping of all chapters: called by the bridge (one at a time) or by pg_cron, as often as one likes.
CREATE OR REPLACE FUNCTION citybigdata.maintain() RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    done jsonb := '{}';
BEGIN
    IF NOT pg_try_advisory_xact_lock(hashtext('citybigdata.maintain'), 0) THEN
        RETURN '{"busy": true}';
    END IF;
    PERFORM citybigdata.bind_restored();
    -- an audit partition is attached or dropped in an instant or next time: never stand in the way of requests
    PERFORM set_config('lock_timeout', '2s', true);
    BEGIN
        done := done || jsonb_build_object('auditMonthsMade', citybigdata.audit_make_months(), 'auditMonthsDropped', citybigdata.audit_drop_months());
    EXCEPTION WHEN lock_not_available THEN
        done := done || '{"auditMonths": "busy"}';
    END;
    RETURN done || jsonb_build_object('accessRowsRemoved', citybigdata.maintain_access() + citybigdata.maintain_oauth(),
                                      'noncesRemoved', citybigdata.expire_nonces(), 'sealedUsesRemoved', citybigdata.expire_sealed_uses(),
                                      'auditSendersRemoved', citybigdata.expire_audit_senders(),
                                      'idempotencyKeysRemoved', citybigdata.maintain_event(),
                                      'ingestRowsRemoved', citybigdata.expire_ingested(),
                                      'auditRowsSealed', citybigdata.audit_seal(100000),
                                      'calendarWarnings', (SELECT coalesce(jsonb_agg(jsonb_build_object('calendar', w.calendar, 'unknownFrom', w.unknown_from, 'statusCode', w.status_code)), '[]')
                                                           FROM citybigdata.calendar_warnings() w));
END
$$;
COMMENT ON FUNCTION citybigdata.maintain() IS
'Housekeeping, harmless at any time: audit months ahead, audit months past retention, void codes, tokens, lock-outs, nonces and Idempotency-Keys, refused and staged records past retention, sealing of the audit log. Returns what it did, '
'and the working calendars whose next year must be loaded; '
'{"busy": true} when another one runs';

CREATE OR REPLACE FUNCTION citybigdata.rest_maintain() RETURNS bytea
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT citybigdata.reply_frame(0, CASE WHEN (done->>'auditRowsSealed')::bigint >= 100000 OR (done->>'accessRowsRemoved')::bigint >= 10000
                                                OR (done->>'idempotencyKeysRemoved')::bigint >= 10000
                                                OR (done->>'ingestRowsRemoved')::bigint >= 10000 THEN 1 ELSE 0 END, done::text)
    FROM citybigdata.maintain() done
$$;
COMMENT ON FUNCTION citybigdata.rest_maintain() IS 'maintain() as a reply frame, for the bridge; retry-after is 1 when a portion was full: there may be more to do at once';
