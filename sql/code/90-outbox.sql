-- Outbox: what leaves the platform (extension/outbox/outbox.h).
COMMENT ON TABLE citybigdata.outbox_destination IS 'Receivers of what leaves the platform, one row for each of a purpose, and how it goes with them';
COMMENT ON COLUMN citybigdata.outbox_destination.destination_id IS 'Number of the destination';
COMMENT ON COLUMN citybigdata.outbox_destination.purpose IS 'What is sent there: callback ...';
COMMENT ON COLUMN citybigdata.outbox_destination.key IS 'The receiver within the purpose: the number of a call-back, for example';
COMMENT ON COLUMN citybigdata.outbox_destination.state IS 'active; disabled: nothing is sent, messages wait';
COMMENT ON COLUMN citybigdata.outbox_destination.rate_per_minute IS 'Messages a minute that the receiver allows; null: no limit';
COMMENT ON COLUMN citybigdata.outbox_destination.not_before IS 'Nothing is sent before: the breaker is open, the receiver asked for a pause (Retry-After), or its rate is used up';
COMMENT ON COLUMN citybigdata.outbox_destination.failures IS 'Failures since the last success; from five on it gets one message at a time';
COMMENT ON COLUMN citybigdata.outbox_destination.openings IS 'How often the breaker opened since the last success: each time for twice as long, 30 s to 10 min';
COMMENT ON COLUMN citybigdata.outbox_destination.failing_since IS 'First failure since the last success';
COMMENT ON COLUMN citybigdata.outbox_destination.last_error IS 'What went wrong last';
COMMENT ON COLUMN citybigdata.outbox_destination.changed_at IS 'When the row was changed last, but for pauses of a rate';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.outbox_destination', '');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.outbox_destination_destination_id_seq', '');

COMMENT ON TABLE citybigdata.outbox_message IS 'Messages to be sent, or that were sent: rows that never change, made in the transaction of what they tell';
COMMENT ON COLUMN citybigdata.outbox_message.message_id IS 'Number; the receiver knows a repetition by it';
COMMENT ON COLUMN citybigdata.outbox_message.destination_id IS 'Where it goes';
COMMENT ON COLUMN citybigdata.outbox_message.kind IS 'What it tells: case.step, case.closed, case.overdue ...';
COMMENT ON COLUMN citybigdata.outbox_message.subject IS 'What it is about: a taskNum';
COMMENT ON COLUMN citybigdata.outbox_message.payload IS 'Content, as its purpose has it; no secret, nothing personal';
COMMENT ON COLUMN citybigdata.outbox_message.created_at IS 'When it was put';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.outbox_message', '');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.outbox_message_id_seq', '');

COMMENT ON TABLE citybigdata.outbox_queue IS 'One narrow row for each message that is not finished: whose turn it is, and who sends it';
COMMENT ON COLUMN citybigdata.outbox_queue.destination_id IS 'Where it goes';
COMMENT ON COLUMN citybigdata.outbox_queue.message_id IS 'The message';
COMMENT ON COLUMN citybigdata.outbox_queue.order_key IS 'Messages of one destination with the same key (a case) are sent one after the other; null: in no order';
COMMENT ON COLUMN citybigdata.outbox_queue.judged IS 'Its purpose judges successes too';
COMMENT ON COLUMN citybigdata.outbox_queue.attempts IS 'Attempts that are over';
COMMENT ON COLUMN citybigdata.outbox_queue.due_at IS 'When it is tried again; null: it has not failed yet';
COMMENT ON COLUMN citybigdata.outbox_queue.lease_until IS 'Until then the holder of the lease sends it; afterwards somebody else may';
COMMENT ON COLUMN citybigdata.outbox_queue.lease_token IS 'Who has the lease: only he records what became of it';
COMMENT ON COLUMN citybigdata.outbox_queue.http_status IS 'HTTP status of the last attempt; null: no answer';
COMMENT ON COLUMN citybigdata.outbox_queue.error IS 'What went wrong in the last attempt';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.outbox_queue', '');

COMMENT ON TABLE citybigdata.outbox_result IS 'How messages ended, kept for citybigdata.outbox_retention_days or, of dead ones, citybigdata.outbox_dead_retention_days';
COMMENT ON COLUMN citybigdata.outbox_result.message_id IS 'The message';
COMMENT ON COLUMN citybigdata.outbox_result.destination_id IS 'Where it went';
COMMENT ON COLUMN citybigdata.outbox_result.state IS 'delivered; dead: given up, see error';
COMMENT ON COLUMN citybigdata.outbox_result.attempts IS 'Attempts in all';
COMMENT ON COLUMN citybigdata.outbox_result.http_status IS 'HTTP status of the last one; null: no answer';
COMMENT ON COLUMN citybigdata.outbox_result.error IS 'Why it is dead';
COMMENT ON COLUMN citybigdata.outbox_result.finished_at IS 'When it ended';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.outbox_result', '');

-- ---- the bridge's side ----

CREATE OR REPLACE FUNCTION citybigdata.rest_outbox_claim(free integer, per_destination integer, lease integer, busy bigint[], busy_messages integer[], limits integer[] DEFAULT '{}') RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_outbox_claim' LANGUAGE c VOLATILE STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_outbox_claim(integer, integer, integer, bigint[], integer[], integer[]) IS
'Leases messages of the outbox for the bridge, for so many milliseconds: at most free ones, at most per_destination of one destination (of those in busy: limits, when it is given), of which busy_messages are with the bridge. '
'{"messages":[{"messageId","lease","destination","purpose","kind","method","url","headers","body","timeout","plain"}],"full"}; 40007: arguments out of range';

CREATE OR REPLACE FUNCTION citybigdata.rest_outbox_record(outcomes text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_outbox_record' LANGUAGE c VOLATILE STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_outbox_record(text) IS
'What became of messages, from the bridge: [{"messageId","destination","lease","http","retryAfter","headers","reply","error","refused","released"}]. {"recorded","late"}: late ones had lost their lease, and nothing was changed';

CREATE OR REPLACE FUNCTION citybigdata.rest_outbox_wake() RETURNS bytea
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM pg_notify('citybigdata_outbox', '');
    RETURN citybigdata.reply_frame(0, 0, '{}');
END
$$;
COMMENT ON FUNCTION citybigdata.rest_outbox_wake() IS 'Tells the bridges that send to look at once: NOTIFY citybigdata_outbox in a transaction of its own, from a bridge that does not send itself';

CREATE OR REPLACE FUNCTION citybigdata.outbox_counts(OUT waiting bigint, OUT oldest_seconds bigint, OUT dead bigint, OUT failing bigint) RETURNS record
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT (SELECT count(*) FROM (SELECT FROM citybigdata.outbox_queue LIMIT 1000000) q),
           (SELECT greatest(0, floor(extract(epoch FROM clock_timestamp() - min(m.created_at))))::bigint
            FROM citybigdata.outbox_destination d
            CROSS JOIN LATERAL (SELECT q.message_id FROM citybigdata.outbox_queue q WHERE q.destination_id = d.destination_id ORDER BY q.message_id LIMIT 1) first
            JOIN citybigdata.outbox_message m ON m.message_id = first.message_id
            WHERE d.state = 'active'),
           (SELECT count(*) FROM (SELECT FROM citybigdata.outbox_result r WHERE r.state = 'dead' LIMIT 1000000) r),
           (SELECT count(*) FROM citybigdata.outbox_destination d WHERE d.state = 'active' AND d.openings > 0)
$$;
COMMENT ON FUNCTION citybigdata.outbox_counts() IS
'How the outbox is: messages that wait (counted up to a million), age of the oldest one that is not held back by its owner, dead letters, destinations whose breaker opened; for rest_outbox_state() and outbox_problems()';

CREATE OR REPLACE FUNCTION citybigdata.sms_counts(OUT waiting bigint, OUT doubtful bigint) RETURNS record
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(sum(b.numbers) FILTER (WHERE b.state <> 'doubtful'), 0), coalesce(sum(b.numbers) FILTER (WHERE b.state = 'doubtful'), 0)
    FROM (SELECT o.state, o.last_ordinal - o.first_ordinal + 1 AS numbers FROM citybigdata.sms_batch o
          WHERE o.state = 'queued' OR o.state = 'sending' OR o.state = 'doubtful' LIMIT 1000000) b
$$;
COMMENT ON FUNCTION citybigdata.sms_counts() IS 'Numbers of SMS messages that no gateway has taken yet, and those whose gateway''s answer was lost, of a million batches at most; for rest_outbox_state()';

CREATE OR REPLACE FUNCTION citybigdata.rest_outbox_state() RETURNS bytea
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT citybigdata.reply_frame(0, 0, json_build_object('waiting', c.waiting, 'oldestSeconds', coalesce(c.oldest_seconds, 0), 'dead', c.dead, 'failing', c.failing,
                                                               'smsWaiting', s.waiting, 'smsDoubtful', s.doubtful)::text)
    FROM citybigdata.outbox_counts() c, citybigdata.sms_counts() s
$$;
COMMENT ON FUNCTION citybigdata.rest_outbox_state() IS 'outbox_counts() and sms_counts() for the metrics of the bridge: {"waiting","oldestSeconds","dead","failing","smsWaiting","smsDoubtful"}';

-- ---- administration ----

CREATE OR REPLACE FUNCTION citybigdata.outbox_requeue(message_id bigint, destination_id bigint) RETURNS boolean
    AS 'MODULE_PATHNAME', 'cbd_outbox_requeue' LANGUAGE c VOLATILE STRICT SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.outbox_requeue(bigint, bigint) IS 'Has a message sent as soon as possible, once more if it was finished; false: there is none of that number at the destination (0: at any)';

-- Messages by number, or what waits or is dead at a destination.
CREATE OR REPLACE FUNCTION citybigdata.outbox_change(action text, messages bigint[], purpose text, destination text) RETURNS integer
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    chosen bigint[] := messages;
    number bigint;
    changed integer := 0;
BEGIN
    IF chosen IS NULL THEN
        SELECT array_agg(x.message_id ORDER BY x.message_id) INTO chosen
        FROM citybigdata.outbox_destination d
        CROSS JOIN LATERAL (SELECT q.message_id FROM citybigdata.outbox_queue q WHERE q.destination_id = d.destination_id
                            UNION ALL SELECT r.message_id FROM citybigdata.outbox_result r WHERE r.destination_id = d.destination_id AND r.state = 'dead' AND action = 'retry'
                            ORDER BY 1 LIMIT 10000) x
        WHERE d.purpose = outbox_change.purpose AND d.key = outbox_change.destination;
    END IF;
    IF action = 'discard' THEN
        -- what is under way is not taken from who sends it
        WITH gone AS (DELETE FROM citybigdata.outbox_queue q USING citybigdata.outbox_message m
                      WHERE m.message_id = ANY (chosen) AND q.destination_id = m.destination_id AND q.message_id = m.message_id
                        AND (q.lease_until IS NULL OR q.lease_until < clock_timestamp())
                      RETURNING q.message_id, q.destination_id, q.attempts, q.http_status)
        INSERT INTO citybigdata.outbox_result (message_id, destination_id, state, attempts, http_status, error)
        SELECT g.message_id, g.destination_id, 'dead', g.attempts, g.http_status, citybigdata.say('discarded') FROM gone g;
        GET DIAGNOSTICS changed = ROW_COUNT;
        RETURN changed;
    END IF;
    FOREACH number IN ARRAY coalesce(chosen, '{}') LOOP
        changed := changed + citybigdata.outbox_requeue(number, 0)::integer;
    END LOOP;
    -- somebody believes that it works again
    UPDATE citybigdata.outbox_destination d SET not_before = '-infinity', openings = 0, failures = least(d.failures, 4), changed_at = now()
    WHERE d.purpose = outbox_change.purpose AND d.key = outbox_change.destination AND d.failures > 0;
    RETURN changed;
END
$$;
COMMENT ON FUNCTION citybigdata.outbox_change(text, bigint[], text, text) IS
'retry or discard of messages by number or, null, of what waits and (retry) is dead at a destination, at most 10,000; returns how many; for the functions of this extension only';

CREATE OR REPLACE FUNCTION citybigdata.outbox_retry(message_id bigint) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM citybigdata.audit_event('outbox.retry', outbox_retry.message_id::text, NULL);
    RETURN citybigdata.outbox_change('retry', ARRAY[outbox_retry.message_id], NULL, NULL) > 0;
END
$$;
COMMENT ON FUNCTION citybigdata.outbox_retry(bigint) IS 'Has a message sent as soon as possible: a dead or delivered one once more, with the same number, a waiting one at once. false: there is none';

CREATE OR REPLACE FUNCTION citybigdata.outbox_retry(purpose text, destination text) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM citybigdata.audit_event('outbox.retry', outbox_retry.purpose || ' ' || outbox_retry.destination, NULL);
    RETURN citybigdata.outbox_change('retry', NULL, outbox_retry.purpose, outbox_retry.destination);
END
$$;
COMMENT ON FUNCTION citybigdata.outbox_retry(text, text) IS
'The same for everything that waits or is dead at a destination, at most 10,000 messages; closes its breaker; returns how many. outbox_retry(''callback'', ''7'')';

CREATE OR REPLACE FUNCTION citybigdata.outbox_problems()
    RETURNS TABLE (purpose text, destination text, state text, waiting bigint, oldest timestamptz, dead bigint, failures integer, failing_since timestamptz, not_before timestamptz, last_error text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT d.purpose, d.key, d.state, w.waiting, m.created_at, x.dead, d.failures, d.failing_since, nullif(d.not_before, '-infinity'), d.last_error
    FROM citybigdata.outbox_destination d
    CROSS JOIN LATERAL (SELECT count(*) AS waiting, min(q.message_id) AS first FROM citybigdata.outbox_queue q WHERE q.destination_id = d.destination_id) w
    CROSS JOIN LATERAL (SELECT count(*) AS dead FROM citybigdata.outbox_result r WHERE r.destination_id = d.destination_id AND r.state = 'dead') x
    LEFT JOIN citybigdata.outbox_message m ON m.message_id = w.first
    WHERE d.failures > 0 OR x.dead > 0 OR (w.waiting > 0 AND (d.state = 'disabled' OR m.created_at < now() - interval '5 minutes'))
    ORDER BY m.created_at NULLS LAST, d.destination_id
$$;
COMMENT ON FUNCTION citybigdata.outbox_problems() IS
'Destinations that something is wrong with: failures, dead letters, messages that have waited for five minutes, or wait for one that is disabled. outbox_retry() sends again';

-- What ended is kept for a time; what waits for a destination that stays disabled ends too.
CREATE OR REPLACE FUNCTION citybigdata.maintain_outbox() RETURNS bigint
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    kept integer := current_setting('citybigdata.outbox_retention_days')::integer;
    kept_dead integer := current_setting('citybigdata.outbox_dead_retention_days')::integer;
    done bigint;
BEGIN
    WITH old AS (SELECT q.destination_id, q.message_id FROM citybigdata.outbox_queue q JOIN citybigdata.outbox_destination d ON d.destination_id = q.destination_id
                 JOIN citybigdata.outbox_message m ON m.message_id = q.message_id
                 WHERE d.state = 'disabled' AND d.changed_at < now() - make_interval(days => kept) AND m.created_at < now() - make_interval(days => kept)
                 LIMIT 10000 FOR UPDATE OF q SKIP LOCKED),
         gone AS (DELETE FROM citybigdata.outbox_queue q USING old o WHERE q.destination_id = o.destination_id AND q.message_id = o.message_id
                  RETURNING q.message_id, q.destination_id, q.attempts, q.http_status)
    INSERT INTO citybigdata.outbox_result (message_id, destination_id, state, attempts, http_status, error)
    SELECT g.message_id, g.destination_id, 'dead', g.attempts, g.http_status, citybigdata.say('the destination stayed disabled') FROM gone g;
    WITH old AS (SELECT r.message_id FROM citybigdata.outbox_result r
                 WHERE (r.state = 'delivered' AND r.finished_at < now() - make_interval(days => kept))
                    OR (r.state = 'dead' AND r.finished_at < now() - make_interval(days => kept_dead))
                 ORDER BY r.finished_at LIMIT 10000 FOR UPDATE SKIP LOCKED),
         gone AS (DELETE FROM citybigdata.outbox_result r USING old o WHERE r.message_id = o.message_id)
    DELETE FROM citybigdata.outbox_message m USING old o WHERE m.message_id = o.message_id;
    GET DIAGNOSTICS done = ROW_COUNT;
    RETURN done;
END
$$;
COMMENT ON FUNCTION citybigdata.maintain_outbox() IS 'Removes messages past their retention, at most 10,000 at a time; those that wait for a destination which stays disabled become dead letters; part of maintain()';

CREATE OR REPLACE FUNCTION citybigdata.rest_admin_outbox(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    purpose text, destination text, state text, cursor text, page_size text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_admin_outbox' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_admin_outbox(text, inet, text, text, bytea, text, text, text, text, text) IS
'GET /admin/outbox: {items, nextCursor} of messages, with neither payload nor address; without a state those that wait and dead ones. For sysadmin. 401nn, 40304, 40307; 42200';

CREATE OR REPLACE FUNCTION citybigdata.rest_outbox_change(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    action text, messages text[], purpose text, destination text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_outbox_change' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_outbox_change(text, inet, text, text, bytea, text, text[], text, text) IS
'POST /admin/outbox: {changed}; retry or discard messages by number, or all of a destination. For sysadmin. 401nn, 40304, 40307; 42200';
