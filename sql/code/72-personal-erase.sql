-- Erasing a person's data on request (Personal Information Protection Law, article 47; GB/T 35273). The case stays, the person goes.

-- A phone number however it is written: with +86, blanks or hyphens between, full-width digits; never a part of a longer number.
CREATE OR REPLACE FUNCTION citybigdata.phone_pattern(phone text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp AS $$
    SELECT '(?<![0-9０-９])([+＋]?(00)?86[- ]?)?' || string_agg('[' || d || translate(d, '0123456789', '０１２３４５６７８９') || ']', '[- ()]*' ORDER BY n) || '(?![0-9０-９])'
    FROM regexp_split_to_table(regexp_replace(citybigdata.clean_phone(phone), '[^0-9]', '', 'g'), '') WITH ORDINALITY AS t (d, n)
    HAVING count(*) >= 7
$$;
COMMENT ON FUNCTION citybigdata.phone_pattern(text) IS
'Regular expression that finds this phone number in a text; null for what is no phone number of 7 digits and more. Part of erase_person()';

-- A key that holds the person goes as a whole: what is left must still be JSON.
CREATE OR REPLACE FUNCTION citybigdata.without_person(data jsonb, pattern text, name text) RETURNS jsonb
    LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE jsonb_typeof(data)
        WHEN 'object' THEN (SELECT jsonb_object_agg(o.key, o.value) FROM jsonb_each(data) o
                            WHERE NOT (coalesce(concat(o.key, ' ', o.value::text) ~ pattern, false) OR coalesce(strpos(o.value::text, name) > 0, false)))
        WHEN 'array' THEN (SELECT jsonb_agg(a.value ORDER BY a.n) FROM jsonb_array_elements(data) WITH ORDINALITY AS a (value, n)
                           WHERE NOT (coalesce(a.value::text ~ pattern, false) OR coalesce(strpos(a.value::text, name) > 0, false)))
        ELSE data END
$$;
COMMENT ON FUNCTION citybigdata.without_person(jsonb, text, text) IS 'An object or array without the members that hold the pattern or the name; part of erase_person()';

CREATE OR REPLACE FUNCTION citybigdata.without_person(value text, pattern text, name text) RETURNS text
    LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN name IS NULL THEN t.value ELSE replace(t.value, name, '***') END
    FROM (SELECT CASE WHEN pattern IS NULL THEN without_person.value ELSE regexp_replace(without_person.value, pattern, '***', 'g') END) AS t (value)
$$;
COMMENT ON FUNCTION citybigdata.without_person(text, text, text) IS 'A text with *** in place of the pattern and the name; part of erase_person()';

-- `kind`: '' for cases at work, '_archive' for archived ones: the tables of both have the same columns.
CREATE OR REPLACE FUNCTION citybigdata.find_event_person(kind text, pattern text, name text, OUT reporter integer[], OUT mentioned integer[])
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    EXECUTE format($find$SELECT ARRAY(SELECT e.rec_id FROM citybigdata.event%1$s e
        WHERE coalesce(e.cellphone, citybigdata.event_person(e.rec_id, e.personal, 'cellphone')) ~ $1
          AND ($2 IS NULL OR coalesce(btrim(coalesce(e.human_name, citybigdata.event_person(e.rec_id, e.personal, 'humanName'))), $2) = $2) ORDER BY e.rec_id FOR UPDATE)$find$, kind)
    INTO reporter USING pattern, name;
    EXECUTE format($find$SELECT ARRAY(SELECT e.rec_id FROM citybigdata.event%1$s e
        WHERE ($2 IS NULL OR coalesce(btrim(coalesce(e.human_name, citybigdata.event_person(e.rec_id, e.personal, 'humanName'))), $2) = $2)
          AND (e.event_desc ~ $1 OR e.address ~ $1 OR e.ext::text ~ $1 OR e.warnings::text ~ $1
               OR EXISTS (SELECT FROM citybigdata.event_media%1$s m WHERE m.rec_id = e.rec_id AND concat_ws(' ', m.media_name, m.media_url, m.ext::text) ~ $1)
               OR EXISTS (SELECT FROM citybigdata.event_step%1$s s WHERE s.rec_id = e.rec_id AND concat_ws(' ', s.step_by, s.note, s.reason) ~ $1)
               OR EXISTS (SELECT FROM citybigdata.case_request%1$s q WHERE q.rec_id = e.rec_id AND q.reason ~ $1))
          AND e.rec_id <> ALL ($3) ORDER BY e.rec_id FOR UPDATE)$find$, kind)
    INTO mentioned USING pattern, name, reporter;
END
$$;
COMMENT ON FUNCTION citybigdata.find_event_person(text, text, text) IS 'The part of erase_person() that finds and locks cases, those at work or archived ones: reported by the person, or with the number in a text';

CREATE OR REPLACE FUNCTION citybigdata.erase_event_person(kind text, reporter integer[], mentioned integer[], pattern text, name text) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    named integer[] := reporter || mentioned;
    persons text[];
BEGIN
    -- in the texts of a case: the given name, else the reporter's own; one character would be everywhere
    EXECUTE format($find$SELECT ARRAY(SELECT coalesce($2, CASE WHEN e.rec_id = ANY ($3) AND length(btrim(h.human_name)) >= 2 THEN btrim(h.human_name) END)
        FROM unnest($1) WITH ORDINALITY AS n (rec_id, place) JOIN citybigdata.event%1$s e ON e.rec_id = n.rec_id
             CROSS JOIN LATERAL (SELECT coalesce(e.human_name, citybigdata.event_person(e.rec_id, e.personal, 'humanName'))) AS h (human_name) ORDER BY n.place)$find$, kind)
    INTO persons USING named, name, reporter;
    -- as update_time asks: readers of the feed get the changed case
    PERFORM pg_current_xact_id();
    -- with the old digest, the number could be found by trying all numbers
    EXECUTE format($change$UPDATE citybigdata.event%1$s e SET
        human_name = CASE WHEN e.rec_id = ANY ($1) THEN NULL ELSE e.human_name END,
        cellphone = CASE WHEN e.rec_id = ANY ($1) THEN NULL ELSE e.cellphone END,
        personal = CASE WHEN e.rec_id = ANY ($1) THEN NULL ELSE e.personal END,
        event_desc = citybigdata.without_person(e.event_desc, $4, p.person), address = citybigdata.without_person(e.address, $4, p.person),
        ext = citybigdata.without_person(e.ext, $4, p.person), warnings = citybigdata.without_person(e.warnings, $4, p.person),
        content_digest = sha256(uuid_send(gen_random_uuid())), update_time = clock_timestamp()
        FROM unnest($2, $3) AS p (rec_id, person) WHERE e.rec_id = p.rec_id$change$, kind) USING reporter, named, persons, pattern;
    EXECUTE format($change$UPDATE citybigdata.event_words w SET pairs = citybigdata.case_words(e.event_desc, e.address, e.event_type_code, e.create_time)
        FROM citybigdata.event%1$s e WHERE e.rec_id = w.rec_id AND w.rec_id = ANY ($1)$change$, kind) USING named;
    EXECUTE format($change$UPDATE citybigdata.event_media%1$s m SET media_name = citybigdata.without_person(m.media_name, $3, p.person),
        media_url = citybigdata.without_person(m.media_url, $3, p.person), ext = citybigdata.without_person(m.ext, $3, p.person)
        FROM unnest($1, $2) AS p (rec_id, person) WHERE m.rec_id = p.rec_id$change$, kind) USING named, persons, pattern;
    EXECUTE format($change$UPDATE citybigdata.event_step%1$s s SET step_by = citybigdata.without_person(s.step_by, $3, p.person),
        note = citybigdata.without_person(s.note, $3, p.person), reason = citybigdata.without_person(s.reason, $3, p.person)
        FROM unnest($1, $2) AS p (rec_id, person) WHERE s.rec_id = p.rec_id$change$, kind) USING named, persons, pattern;
    EXECUTE format($change$UPDATE citybigdata.case_request%1$s q SET reason = citybigdata.without_person(q.reason, $3, p.person)
        FROM unnest($1, $2) AS p (rec_id, person) WHERE q.rec_id = p.rec_id$change$, kind) USING named, persons, pattern;
    -- where the reporter stood; rows of media_fetch stay where they are when a case is archived
    UPDATE citybigdata.media_fetch f SET distance = NULL, status_code = CASE WHEN f.state = 'kept' THEN 0 ELSE f.status_code END
    WHERE f.rec_id = ANY (reporter) AND f.distance IS NOT NULL;
    IF kind <> '' THEN
        UPDATE citybigdata.event_archive_key k SET content_digest = e.content_digest FROM citybigdata.event_archive e WHERE e.rec_id = k.rec_id AND k.rec_id = ANY (named);
    END IF;
END
$$;
COMMENT ON FUNCTION citybigdata.erase_event_person(text, integer[], integer[], text, text) IS
'The part of erase_person() that changes cases, their media, steps and requests: kind empty for those at work, _archive for archived ones';

-- An account that is still open is its owner's: it is closed first (revoke_account).
CREATE OR REPLACE FUNCTION citybigdata.erase_account_person(accounts bigint[], pattern text, name text) RETURNS void
    LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
    UPDATE citybigdata.account a SET contact_name = '***', mobile = '***', former_digests = '{}', review_note = NULL,
        organization = citybigdata.without_person(a.organization, pattern, name)
    WHERE a.account_id = ANY (accounts);
    UPDATE citybigdata.access_request r SET purpose = NULL, review_note = NULL WHERE r.account_id = ANY (accounts);
    UPDATE citybigdata.access_request r SET purpose = citybigdata.without_person(r.purpose, pattern, NULL), review_note = citybigdata.without_person(r.review_note, pattern, NULL)
    WHERE r.purpose ~ pattern OR r.review_note ~ pattern
$$;
COMMENT ON FUNCTION citybigdata.erase_account_person(bigint[], text, text) IS 'The part of erase_person() that changes accounts and access requests';

CREATE OR REPLACE FUNCTION citybigdata.erase_person_as(phone text, reason text, name text, user_name text, dry_run boolean,
        OUT status_code integer, OUT result jsonb, OUT detail text)
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    pattern   text := citybigdata.phone_pattern(phone);
    person    text := nullif(btrim(name), '');
    live      record;
    old       record;
    rejects   bigint[];
    refused   bigint[];
    waiting   bigint[];
    staged    bigint[];
    closed    bigint[];
    open      bigint;
    requests  bigint;
    messages  record;
    fault     text := CASE
        WHEN nullif(btrim(reason), '') IS NULL OR length(reason) > 500 THEN 'reason: 1 to 500 characters.'
        WHEN phone IS NULL AND user_name IS NULL THEN citybigdata.say('phone or user_name is needed.')
        WHEN phone IS NOT NULL AND pattern IS NULL THEN citybigdata.say('phone: a phone number of at least 7 digits.')
        WHEN name IS NOT NULL AND coalesce(length(person), 0) NOT BETWEEN 2 AND 64 THEN 'name: 2 to 64 characters.'
        WHEN person IS NOT NULL AND phone IS NULL THEN citybigdata.say('name goes with a phone.')
        WHEN dry_run IS NULL THEN citybigdata.say('dry_run: true or false.') END;
BEGIN
    status_code := CASE WHEN fault IS NULL THEN 0 ELSE 42204 END;
    IF fault IS NOT NULL THEN
        result := jsonb_build_object('statusCode', status_code, 'message', fault);
        detail := fault;
        RETURN;
    END IF;
    SELECT * INTO live FROM citybigdata.find_event_person('', pattern, person);
    SELECT * INTO old FROM citybigdata.find_event_person('_archive', pattern, person);
    rejects := ARRAY(SELECT r.reject_id FROM citybigdata.ingest_reject r
                     WHERE concat_ws(' ', r.record::text, r.reason) ~ pattern AND (person IS NULL OR strpos(r.record::text, person) > 0));
    staged := ARRAY(SELECT s.staged_id FROM citybigdata.ingest_staging s WHERE s.record::text ~ pattern AND (person IS NULL OR strpos(s.record::text, person) > 0));
    refused := ARRAY(SELECT r.reject_id FROM citybigdata.event_load_reject r
                     WHERE concat_ws(' ', r.data, r.errors::text) ~ pattern AND (person IS NULL OR strpos(r.data, person) > 0));
    waiting := ARRAY(SELECT s.line FROM citybigdata.event_staging s WHERE concat_ws(' ', s.data, s.steps) ~ pattern AND (person IS NULL OR strpos(concat(s.data, s.steps), person) > 0));
    SELECT array_agg(a.account_id) FILTER (WHERE a.state IN ('rejected', 'revoked')), count(*) FILTER (WHERE a.state NOT IN ('rejected', 'revoked'))
    INTO closed, open FROM citybigdata.account a
    WHERE lower(a.user_name COLLATE "C") = lower(erase_person_as.user_name COLLATE "C") OR a.mobile ~ pattern AND (person IS NULL OR btrim(a.contact_name) = person);
    SELECT count(*) INTO requests FROM citybigdata.access_request r WHERE r.account_id = ANY (closed) OR r.purpose ~ pattern OR r.review_note ~ pattern;
    SELECT * INTO messages FROM citybigdata.erase_sms_person(phone, pattern, person, dry_run);
    IF NOT dry_run THEN
        PERFORM citybigdata.erase_event_person('', live.reporter, live.mentioned, pattern, person);
        PERFORM citybigdata.erase_event_person('_archive', old.reporter, old.mentioned, pattern, person);
        DELETE FROM citybigdata.event_load_reject r WHERE r.reject_id = ANY (refused);
        DELETE FROM citybigdata.event_staging s WHERE s.line = ANY (waiting);
        DELETE FROM citybigdata.ingest_reject r WHERE r.reject_id = ANY (rejects);
        DELETE FROM citybigdata.ingest_staging s WHERE s.staged_id = ANY (staged);
        PERFORM citybigdata.erase_account_person(closed, pattern, person);
    END IF;
    result := jsonb_build_object('statusCode', 0, 'dryRun', dry_run, 'eventsReported', cardinality(live.reporter || old.reporter),
        'eventsMentioning', cardinality(live.mentioned || old.mentioned), 'archivedEvents', cardinality(old.reporter || old.mentioned),
        'refusedRecords', cardinality(rejects || refused), 'stagedRecords', cardinality(staged || waiting), 'accounts', coalesce(cardinality(closed), 0), 'openAccounts', open, 'accessRequests', requests, 'smsNumbers', messages.numbers, 'smsReplies', messages.replies,
        'mediaToReview', (SELECT coalesce(jsonb_agg(jsonb_build_object('taskNum', m.task_num, 'media', m.media_count) ORDER BY m.rec_id), '[]')
                          FROM (SELECT e.rec_id, e.task_num, e.media_count FROM citybigdata.event e WHERE e.rec_id = ANY (live.reporter || live.mentioned)
                                UNION ALL SELECT e.rec_id, e.task_num, e.media_count FROM citybigdata.event_archive e WHERE e.rec_id = ANY (old.reporter || old.mentioned)) m
                          WHERE m.media_count > 0));
    detail := format('%s%s; %s', CASE WHEN dry_run THEN 'dry run; ' END, citybigdata.without_person(citybigdata.without_person(reason, pattern, person), NULL, nullif(user_name, '')),
                     (result - ARRAY['statusCode', 'dryRun'] || jsonb_build_object('mediaToReview', jsonb_array_length(result -> 'mediaToReview')))::text);
END
$$;
COMMENT ON FUNCTION citybigdata.erase_person_as(text, text, text, text, boolean) IS 'The work of erase_person()';

CREATE OR REPLACE FUNCTION citybigdata.erase_person(phone text, reason text, name text DEFAULT NULL, user_name text DEFAULT NULL, dry_run boolean DEFAULT true) RETURNS jsonb
    AS 'MODULE_PATHNAME', 'cbd_erase_person' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.erase_person(text, text, text, text, boolean) IS
'Erases a person by phone number (with name: only where the name is missing or this one) or user_name of a closed account, on request: name and number of who reported, the number wherever '
'it stands in texts of cases, archived ones too, refused and staged records, SMS and replies, contact and number of closed accounts. Cases stay; pictures must be looked at (mediaToReview). dry_run, the default, only counts. '
'The audit row has who, why and how many, not the person. Returns counts; statusCode 42204 with message when an argument is wrong. A statement of its own, as SELECT citybigdata.erase_person(…)';
