-- Archive: closed and void cases move out of the tables that everyday work reads, and leave after their retention.
COMMENT ON TABLE citybigdata.event_archive IS 'Archived cases: rows of event as they were, moved by archive_events()';
COMMENT ON TABLE citybigdata.event_media_archive IS 'Media of archived cases: rows of event_media';
COMMENT ON TABLE citybigdata.event_step_archive IS 'Steps of archived cases: rows of event_step';
COMMENT ON TABLE citybigdata.case_clock_archive IS 'Clocks of archived cases: rows of case_clock';
COMMENT ON TABLE citybigdata.case_clock_stop_archive IS 'How clocks of archived cases ended: rows of case_clock_stop';
COMMENT ON TABLE citybigdata.case_request_archive IS 'Requests of archived cases: rows of case_request';
-- the columns are those of the tables that the rows come from
DO $$
DECLARE
    item record;
BEGIN
    FOR item IN
        SELECT t.name, a.attname, pg_catalog.col_description(a.attrelid, a.attnum) AS comment
        FROM pg_catalog.unnest(ARRAY['event', 'event_media', 'event_step', 'case_clock', 'case_clock_stop', 'case_request']) AS t (name)
        JOIN pg_catalog.pg_attribute a ON a.attrelid OPERATOR(pg_catalog.=) ('citybigdata.' OPERATOR(pg_catalog.||) t.name)::pg_catalog.regclass
        WHERE a.attnum OPERATOR(pg_catalog.>) 0 AND NOT a.attisdropped
    LOOP
        EXECUTE pg_catalog.format('COMMENT ON COLUMN citybigdata.%I.%I IS %L', item.name OPERATOR(pg_catalog.||) '_archive', item.attname, item.comment);
    END LOOP;
END
$$;
SELECT pg_catalog.pg_extension_config_dump('citybigdata.event_archive', '');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.event_media_archive', '');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.event_step_archive', '');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.case_clock_archive', '');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.case_clock_stop_archive', '');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.case_request_archive', '');

COMMENT ON TABLE citybigdata.event_archive_key IS
'One row for each archived case, for ever: a sender who repeats a report gets its first answer, also after the case was purged';
COMMENT ON COLUMN citybigdata.event_archive_key.sender_code IS 'senderCode 发送方标识';
COMMENT ON COLUMN citybigdata.event_archive_key.other_task_num IS 'otherTaskNum 第三方问题唯一标识';
COMMENT ON COLUMN citybigdata.event_archive_key.rec_id IS 'recID 问题标识';
COMMENT ON COLUMN citybigdata.event_archive_key.task_num IS 'taskNum 我方问题唯一标识';
COMMENT ON COLUMN citybigdata.event_archive_key.content_digest IS 'As in event: tells a repeat from a conflict';
COMMENT ON COLUMN citybigdata.event_archive_key.archived_at IS 'When it was archived';
COMMENT ON COLUMN citybigdata.event_archive_key.purged_at IS 'When the case was removed from the archive; null: it is there';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.event_archive_key', '');

-- A case that something still waits for stays: an appeal, an unanswered supervision. What somebody has locked is left for next time.
CREATE OR REPLACE FUNCTION citybigdata.archive_events_as(before timestamptz, portion integer) RETURNS bigint
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    chosen integer[];
BEGIN
    IF before IS NULL OR portion IS NULL OR portion NOT BETWEEN 1 AND 100000 THEN
        PERFORM citybigdata.refuse(42204, citybigdata.say('before is a time, portion 1 to 100000.'));
    END IF;
    chosen := ARRAY(SELECT e.rec_id FROM citybigdata.event e
                    WHERE e.state = ANY (ARRAY[6, 7]) AND coalesce(e.closed_at, e.update_time) < before
                      AND NOT EXISTS (SELECT FROM citybigdata.case_request q WHERE q.rec_id = e.rec_id AND q.state = 'open')
                      AND NOT EXISTS (SELECT FROM citybigdata.case_link l WHERE l.main_rec_id = e.rec_id)
                    ORDER BY coalesce(e.closed_at, e.update_time) LIMIT portion FOR UPDATE OF e SKIP LOCKED);
    IF cardinality(chosen) = 0 THEN
        RETURN 0;
    END IF;
    INSERT INTO citybigdata.event_archive SELECT e.* FROM citybigdata.event e WHERE e.rec_id = ANY (chosen);
    INSERT INTO citybigdata.event_archive_key (sender_code, other_task_num, rec_id, task_num, content_digest)
    SELECT e.sender_code, e.other_task_num, e.rec_id, e.task_num, e.content_digest FROM citybigdata.event e WHERE e.rec_id = ANY (chosen);
    INSERT INTO citybigdata.event_media_archive SELECT m.* FROM citybigdata.event_media m WHERE m.rec_id = ANY (chosen);
    INSERT INTO citybigdata.event_step_archive SELECT s.* FROM citybigdata.event_step s WHERE s.rec_id = ANY (chosen);
    INSERT INTO citybigdata.case_clock_archive SELECT c.* FROM citybigdata.case_clock c WHERE c.rec_id = ANY (chosen);
    INSERT INTO citybigdata.case_clock_stop_archive SELECT c.* FROM citybigdata.case_clock_stop c WHERE c.rec_id = ANY (chosen);
    INSERT INTO citybigdata.case_request_archive SELECT q.* FROM citybigdata.case_request q WHERE q.rec_id = ANY (chosen);
    INSERT INTO citybigdata.case_link_archive SELECT l.* FROM citybigdata.case_link l WHERE l.rec_id = ANY (chosen);
    DELETE FROM citybigdata.case_request q WHERE q.rec_id = ANY (chosen);
    DELETE FROM citybigdata.case_task t WHERE t.rec_id = ANY (chosen);
    DELETE FROM citybigdata.case_clock c WHERE c.rec_id = ANY (chosen);
    -- media, steps, escalations, the ends of clocks and the link go with it
    DELETE FROM citybigdata.event e WHERE e.rec_id = ANY (chosen);
    PERFORM citybigdata.audit_event('event.archive', NULL, format('%s cases closed before %s', cardinality(chosen), before));
    RETURN cardinality(chosen);
END
$$;
COMMENT ON FUNCTION citybigdata.archive_events_as(timestamptz, integer) IS 'The work of archive_events()';
CREATE OR REPLACE FUNCTION citybigdata.archive_events(before timestamptz, portion integer DEFAULT 1000) RETURNS bigint
    AS 'MODULE_PATHNAME', 'cbd_archive_events' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.archive_events(timestamptz, integer) IS
'Moves cases that were closed or void before that time to the archive, with media, steps, clocks and requests, oldest first, so many at most; returns how many, 0 when none is left. '
'A case with an open request stays, and a main case until its duplicates have gone. Archived cases are read by GET /events/{taskNum} and the feed, repeats still get their first answer; their facts stay in case_fact. '
'Errors: 42204 an argument is out of range';

CREATE OR REPLACE FUNCTION citybigdata.purge_archive_as(before timestamptz, portion integer) RETURNS bigint
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    chosen integer[];
BEGIN
    IF before IS NULL OR portion IS NULL OR portion NOT BETWEEN 1 AND 100000 THEN
        PERFORM citybigdata.refuse(42204, citybigdata.say('before is a time, portion 1 to 100000.'));
    END IF;
    chosen := ARRAY(SELECT e.rec_id FROM citybigdata.event_archive e WHERE coalesce(e.closed_at, e.update_time) < before
                    ORDER BY coalesce(e.closed_at, e.update_time), e.rec_id LIMIT portion FOR UPDATE SKIP LOCKED);
    IF cardinality(chosen) = 0 THEN
        RETURN 0;
    END IF;
    DELETE FROM citybigdata.event_media_archive m WHERE m.rec_id = ANY (chosen);
    DELETE FROM citybigdata.event_step_archive s WHERE s.rec_id = ANY (chosen);
    DELETE FROM citybigdata.case_clock_archive c WHERE c.rec_id = ANY (chosen);
    DELETE FROM citybigdata.case_clock_stop_archive c WHERE c.rec_id = ANY (chosen);
    DELETE FROM citybigdata.case_request_archive q WHERE q.rec_id = ANY (chosen);
    DELETE FROM citybigdata.case_link_archive l WHERE l.rec_id = ANY (chosen);
    DELETE FROM citybigdata.event_archive e WHERE e.rec_id = ANY (chosen);
    DELETE FROM citybigdata.event_words w WHERE w.rec_id = ANY (chosen);
    PERFORM citybigdata.forget_fetched(chosen);
    UPDATE citybigdata.event_archive_key k SET purged_at = now() WHERE k.rec_id = ANY (chosen);
    PERFORM citybigdata.audit_event('event.purge', NULL, format('%s archived cases closed before %s', cardinality(chosen), before));
    RETURN cardinality(chosen);
END
$$;
COMMENT ON FUNCTION citybigdata.purge_archive_as(timestamptz, integer) IS 'The work of purge_archive()';
CREATE OR REPLACE FUNCTION citybigdata.purge_archive(before timestamptz, portion integer DEFAULT 1000) RETURNS bigint
    AS 'MODULE_PATHNAME', 'cbd_purge_archive' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.purge_archive(timestamptz, integer) IS
'Removes archived cases that were closed before that time, oldest first, so many at most; returns how many, 0 when none is left. What stays is what answers a repeat '
'(event_archive_key) and the counters of case_fact; GET /events/{taskNum} then answers 410. Errors: 42204 an argument is out of range';

-- A small portion each time: cases have media, and maintain() is one transaction.
CREATE OR REPLACE FUNCTION citybigdata.maintain_archive(OUT archived bigint, OUT purged bigint)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    after_days integer := current_setting('citybigdata.archive_after_days')::integer;
    kept_days  integer := current_setting('citybigdata.archive_retention_days')::integer;
BEGIN
    archived := CASE WHEN after_days > 0 THEN citybigdata.archive_events(now() - make_interval(days => after_days), 200) ELSE 0 END;
    purged := CASE WHEN kept_days > 0 THEN citybigdata.purge_archive(now() - make_interval(days => kept_days), 200) ELSE 0 END;
END
$$;
COMMENT ON FUNCTION citybigdata.maintain_archive() IS
'archive_events() and purge_archive() by the settings citybigdata.archive_after_days and citybigdata.archive_retention_days, 200 cases of each at most; part of maintain()';

-- What is archived is kept as it was kept before; ENABLE ALWAYS: in a session that restores or replicates too.
CREATE OR REPLACE TRIGGER event_archive_keep BEFORE DELETE ON citybigdata.event_archive FOR EACH ROW EXECUTE FUNCTION citybigdata.kept_rows();
CREATE OR REPLACE TRIGGER event_archive_all_keep BEFORE TRUNCATE ON citybigdata.event_archive FOR EACH STATEMENT EXECUTE FUNCTION citybigdata.kept_rows();
CREATE OR REPLACE TRIGGER event_archive_key_keep BEFORE DELETE ON citybigdata.event_archive_key FOR EACH ROW EXECUTE FUNCTION citybigdata.kept_rows();
CREATE OR REPLACE TRIGGER event_archive_key_all_keep BEFORE TRUNCATE ON citybigdata.event_archive_key FOR EACH STATEMENT EXECUTE FUNCTION citybigdata.kept_rows();
CREATE OR REPLACE TRIGGER event_step_archive_keep BEFORE UPDATE OR DELETE ON citybigdata.event_step_archive FOR EACH ROW EXECUTE FUNCTION citybigdata.kept_rows();
CREATE OR REPLACE TRIGGER event_step_archive_all_keep BEFORE TRUNCATE ON citybigdata.event_step_archive FOR EACH STATEMENT EXECUTE FUNCTION citybigdata.kept_rows();
ALTER TABLE citybigdata.event_archive ENABLE ALWAYS TRIGGER event_archive_keep;
ALTER TABLE citybigdata.event_archive ENABLE ALWAYS TRIGGER event_archive_all_keep;
ALTER TABLE citybigdata.event_archive_key ENABLE ALWAYS TRIGGER event_archive_key_keep;
ALTER TABLE citybigdata.event_archive_key ENABLE ALWAYS TRIGGER event_archive_key_all_keep;
ALTER TABLE citybigdata.event_step_archive ENABLE ALWAYS TRIGGER event_step_archive_keep;
ALTER TABLE citybigdata.event_step_archive ENABLE ALWAYS TRIGGER event_step_archive_all_keep;
