-- Whether a restore brought everything back.
-- Foreign keys between tables of an extension exist before the data come, and a parallel restore does not keep their order: it loses
-- rows, or with session_replication_role = replica takes rows that point nowhere. The *_keep triggers work there too (ENABLE ALWAYS).
CREATE OR REPLACE FUNCTION citybigdata.restore_problems(OUT subject text, OUT problem text) RETURNS SETOF record
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    link record;
    lost bigint;
    last timestamptz;
BEGIN
    FOR link IN
        SELECT c.conrelid::regclass AS child, c.confrelid::regclass AS parent,
               string_agg(format('p.%I = t.%I', p.attname, t.attname), ' AND ' ORDER BY k.n) AS joined,
               string_agg(format('t.%I IS NOT NULL', t.attname), ' AND ' ORDER BY k.n) AS given
        FROM pg_constraint c CROSS JOIN LATERAL unnest(c.conkey, c.confkey) WITH ORDINALITY k (child, parent, n)
        JOIN pg_attribute t ON t.attrelid = c.conrelid AND t.attnum = k.child JOIN pg_attribute p ON p.attrelid = c.confrelid AND p.attnum = k.parent
        WHERE c.contype = 'f' AND c.connamespace = 'citybigdata'::regnamespace GROUP BY c.oid, c.conrelid, c.confrelid ORDER BY c.conrelid::regclass::text, c.oid
    LOOP
        EXECUTE format('SELECT count(*) FROM %s t WHERE %s AND NOT EXISTS (SELECT FROM %s p WHERE %s)', link.child, link.given, link.parent, link.joined) INTO lost;
        IF lost > 0 THEN
            subject := link.child::text;
            problem := citybigdata.say('{count} rows belong to no row of {table}', 'count', lost, 'table', link.parent);
            RETURN NEXT;
        END IF;
    END LOOP;
    SELECT count(*) INTO lost FROM citybigdata.event e
    WHERE e.media_count <> (SELECT count(*) FROM citybigdata.event_media m WHERE m.rec_id = e.rec_id);
    IF lost > 0 THEN
        subject := 'citybigdata.event_media';
        problem := citybigdata.say('media of {count} events are missing', 'count', lost);
        RETURN NEXT;
    END IF;
    IF (SELECT max(e.rec_id) > (SELECT s.last_value FROM citybigdata.event_rec_id_seq s) FROM citybigdata.event e) THEN
        subject := 'citybigdata.event_rec_id_seq';
        problem := citybigdata.say('is behind the numbers that were given');
        RETURN NEXT;
    END IF;
    FOR subject IN
        SELECT t.tgrelid::regclass::text FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
        WHERE c.relnamespace = 'citybigdata'::regnamespace AND t.tgname LIKE '%\_keep' AND t.tgenabled <> 'A' ORDER BY 1
    LOOP
        problem := citybigdata.say('its trigger *_keep does not work in every restore');
        RETURN NEXT;
    END LOOP;
    IF to_regclass('citybigdata.audit_log') IS NULL THEN
        subject := 'citybigdata.audit_log';
        problem := citybigdata.say('it does not exist');
        RETURN NEXT;
        RETURN;
    END IF;
    -- codes and tokens stay for a day after their end
    SELECT max(l.at) INTO last FROM citybigdata.audit_log l;
    FOR subject IN
        SELECT DISTINCT CASE l.action WHEN 'auth.token' THEN 'citybigdata.access_token' ELSE 'citybigdata.auth_code' END FROM citybigdata.audit_log l
        WHERE l.at > last - interval '1 day' AND l.status_code = 0
          AND (l.action = 'auth.token' AND NOT EXISTS (SELECT FROM citybigdata.access_token)
               OR l.action = 'auth.code' AND NOT EXISTS (SELECT FROM citybigdata.auth_code)) ORDER BY 1
    LOOP
        problem := citybigdata.say('is empty, though the audit log tells of some of its last day');
        RETURN NEXT;
    END LOOP;
END
$$;
COMMENT ON FUNCTION citybigdata.restore_problems() IS
'What a restore did not bring back: rows that point nowhere, missing media, codes and tokens, a sequence behind; no row = whole. After every restore, with audit_verify() and catalogue_problems()';
