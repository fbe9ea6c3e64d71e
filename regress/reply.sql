-- What the tests read of a reply frame, whoever they run as: status code, "status retry-after", a named value (null: absent), the body as text (empty: none).
CREATE SCHEMA reply;
GRANT USAGE ON SCHEMA reply TO PUBLIC;
CREATE FUNCTION reply.status(frame bytea) RETURNS text LANGUAGE sql SECURITY DEFINER AS
$$ SELECT status::text FROM citybigdata.read_reply_frame(frame) $$;
CREATE FUNCTION reply.outcome(frame bytea) RETURNS text LANGUAGE sql SECURITY DEFINER AS
$$ SELECT concat(status, ' ', coalesce(fields ->> 'retry-after', '0')) FROM citybigdata.read_reply_frame(frame) $$;
CREATE FUNCTION reply.field(frame bytea, name text) RETURNS text LANGUAGE sql SECURITY DEFINER AS
$$ SELECT fields ->> name FROM citybigdata.read_reply_frame(frame) $$;
CREATE FUNCTION reply.data(frame bytea) RETURNS text LANGUAGE sql SECURITY DEFINER AS
$$ SELECT convert_from(body, 'UTF8') FROM citybigdata.read_reply_frame(frame) $$;
-- Runs a command that the guards of cases and their history refuse: making a case of a certain state, clearing up. In this transaction
-- they do not work; afterwards they do again.
CREATE FUNCTION reply.unguarded(command text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    guard record;
BEGIN
    FOR guard IN SELECT t.tgrelid::regclass AS relation, t.tgname AS name FROM pg_trigger t
                 WHERE t.tgfoid IN ('citybigdata.kept_rows()'::regprocedure, 'citybigdata.event_guard()'::regprocedure) LOOP
        EXECUTE format('ALTER TABLE %s DISABLE TRIGGER %I', guard.relation, guard.name);
    END LOOP;
    EXECUTE command;
    -- a case that is gone is on no work list and has no clock
    DELETE FROM citybigdata.case_task t WHERE NOT EXISTS (SELECT FROM citybigdata.event e WHERE e.rec_id = t.rec_id);
    DELETE FROM citybigdata.case_clock c WHERE NOT EXISTS (SELECT FROM citybigdata.event e WHERE e.rec_id = c.rec_id);
    FOR guard IN SELECT t.tgrelid::regclass AS relation, t.tgname AS name FROM pg_trigger t
                 WHERE t.tgfoid IN ('citybigdata.kept_rows()'::regprocedure, 'citybigdata.event_guard()'::regprocedure) LOOP
        EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', guard.relation, guard.name);
    END LOOP;
END
$$;
