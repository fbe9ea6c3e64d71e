-- Housekeeping of all chapters: called by the bridge (one at a time) or by pg_cron, as often as one likes.
CREATE OR REPLACE FUNCTION citybigdata.maintain() RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    done jsonb := '{}';
    moved record;
    counted record;
    key_state text := citybigdata.master_key_state();
BEGIN
    IF NOT citybigdata.try_own_lock('maintain') THEN
        RETURN jsonb_build_object('busy', true, 'auditUnsealedSeconds', citybigdata.audit_unsealed_seconds());
    END IF;
    PERFORM set_config('lock_timeout', '2s', true);
    IF key_state <> 'ok' THEN
        RAISE LOG 'the master key file: %', key_state;
    END IF;
    done := jsonb_build_object('accessRowsRemoved', citybigdata.maintain_access(), 'consentsRemoved', citybigdata.maintain_oauth(),
                               'noncesRemoved', citybigdata.expire_nonces(), 'sealedUsesRemoved', citybigdata.expire_sealed_uses(),
                               'auditSendersRemoved', citybigdata.expire_audit_senders(),
                               'idempotencyKeysRemoved', citybigdata.maintain_event(),
                               'casesReleased', citybigdata.maintain_cases(),
                               'ruleFailuresRemoved', citybigdata.maintain_rules(),
                               'ingestRowsRemoved', citybigdata.expire_ingested(), 'outboxMessagesRemoved', citybigdata.maintain_outbox(),
                               'smsRowsRemoved', citybigdata.maintain_sms(), 'playsRemoved', citybigdata.maintain_cameras(), 'analysisRowsRemoved', citybigdata.maintain_analysis(),
                               'auditRowsSealed', citybigdata.audit_seal(100000), 'masterKey', key_state,
                               'calendarWarnings', (SELECT coalesce(jsonb_agg(jsonb_build_object('calendar', w.calendar, 'unknownFrom', w.unknown_from, 'statusCode', w.status_code)), '[]')
                                                    FROM citybigdata.calendar_warnings() w));
    SELECT * INTO moved FROM citybigdata.maintain_archive();
    done := done || jsonb_build_object('eventsArchived', moved.archived, 'eventsPurged', moved.purged, 'loadRowsRemoved', citybigdata.expire_loaded(),
                                       'eventsMadeSearchable', citybigdata.maintain_words(), 'casesFolded', citybigdata.fold_case_facts(20000));
    SELECT * INTO counted FROM citybigdata.maintain_map();
    done := done || jsonb_build_object('layerCounted', counted.counted, 'tilesSeenRemoved', counted.seen_removed);
    -- Last, since whoever writes the log waits from here to the end: an audit partition is attached or dropped in an instant or next time.
    -- Each locks the whole log before any partition, as writers do: nobody waits in a circle.
    PERFORM set_config('lock_timeout', '200ms', true);
    BEGIN
        done := done || jsonb_build_object('auditRowsMoved', citybigdata.audit_sort_default()) || jsonb_build_object('auditMonthsDropped', citybigdata.audit_drop_months())
                     || jsonb_build_object('auditMonthsMade', citybigdata.audit_make_months());
    EXCEPTION WHEN lock_not_available THEN
        done := done || '{"auditMonths": "busy"}';
    END;
    RETURN done || jsonb_build_object('auditUnsealedSeconds', citybigdata.audit_unsealed_seconds());
END
$$;
COMMENT ON FUNCTION citybigdata.maintain() IS
'Housekeeping, harmless at any time: audit months ahead, audit months past retention, void codes, tokens, lock-outs, nonces and Idempotency-Keys, refused and staged records past retention, cases due for the archive or past its retention, sealing of the audit log, counts of large map layers, roll-ups of case facts. Returns what it did, master_key_state() as masterKey, '
'and the working calendars whose next year must be loaded; '
'and how old the oldest audit row is that is not sealed; {"busy": true} when another one runs';

CREATE OR REPLACE FUNCTION citybigdata.rest_maintain() RETURNS bytea
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT citybigdata.reply_frame(0, CASE WHEN (done->>'auditRowsSealed')::bigint >= 100000
                                                OR (done->>'eventsMadeSearchable')::bigint >= 10000 OR (done->>'casesFolded')::bigint >= 20000
                                                OR done->>'layerCounted' IS NOT NULL
                                                OR greatest((done->>'eventsArchived')::bigint, (done->>'eventsPurged')::bigint) >= 200
                                                OR EXISTS (SELECT FROM jsonb_each_text(done) d WHERE d.key LIKE '%Removed' AND d.value::bigint >= 10000)
                                           THEN 1 ELSE 0 END, done::text)
    FROM citybigdata.maintain() done
$$;
COMMENT ON FUNCTION citybigdata.rest_maintain() IS 'maintain() as a reply frame, for the bridge; retry-after is 1 when a portion was full: there may be more to do at once';
