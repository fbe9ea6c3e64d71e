-- Searching the texts of cases (GET /events?q=): by pairs of characters, since Chinese has no blanks between words.
COMMENT ON TABLE citybigdata.event_words IS 'The pairs of characters of each case''s texts and marks of its type and month, for searching; maintain() fills it';
COMMENT ON COLUMN citybigdata.event_words.rec_id IS 'The case, at work or archived';
COMMENT ON COLUMN citybigdata.event_words.pairs IS 'case_words() of the case: text_pairs() of eventDesc and address, and marks of its type and month';
COMMENT ON TABLE citybigdata.event_words_state IS 'How far event_words is filled: later cases are looked through one by one';
COMMENT ON COLUMN citybigdata.event_words_state.one_row IS 'One row';
COMMENT ON COLUMN citybigdata.event_words_state.done_to IS 'recID up to which all cases are in it';
COMMENT ON COLUMN citybigdata.event_words_state.next_to IS 'recID up to which cases are put in next';
COMMENT ON COLUMN citybigdata.event_words_state.next_xmax IS 'Transactions below must have ended before that: each has its number before its recIDs';
INSERT INTO citybigdata.event_words_state (one_row) VALUES (true) ON CONFLICT ON CONSTRAINT event_words_state_pkey DO NOTHING;

CREATE OR REPLACE FUNCTION citybigdata.text_pairs(a text, b text DEFAULT NULL) RETURNS integer[]
    AS 'MODULE_PATHNAME', 'cbd_text_pairs' LANGUAGE c IMMUTABLE PARALLEL SAFE COST 50;
COMMENT ON FUNCTION citybigdata.text_pairs(text, text) IS
'The pairs of adjacent characters of both texts as numbers, each once, ascending; full-width letters as ASCII, small letters, no blanks';
CREATE OR REPLACE FUNCTION citybigdata.case_words(event_desc text, address text, event_type_code text, create_time timestamptz) RETURNS integer[]
    AS 'MODULE_PATHNAME', 'cbd_case_words' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 50;
COMMENT ON FUNCTION citybigdata.case_words(text, text, text, timestamptz) IS
'text_pairs() of both texts, with marks of the type, of the month (UTC) and of both among them: what event_words has of a case';
CREATE OR REPLACE FUNCTION citybigdata.text_has(value text, words text) RETURNS boolean
    AS 'MODULE_PATHNAME', 'cbd_text_has' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 50;
COMMENT ON FUNCTION citybigdata.text_has(text, text) IS 'Does the text have the words, whatever the width and case of letters and the blanks are?';

CREATE OR REPLACE FUNCTION citybigdata.maintain_words(portion integer DEFAULT 10000) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    known citybigdata.event_words_state;
    upto  integer;
    added bigint := 0;
BEGIN
    SELECT * INTO known FROM citybigdata.event_words_state s FOR UPDATE;
    IF known.done_to < known.next_to AND pg_snapshot_xmin(pg_current_snapshot()) >= known.next_xmax THEN
        upto := least(known.next_to, known.done_to::bigint + portion);
        INSERT INTO citybigdata.event_words (rec_id, pairs)
        SELECT e.rec_id, citybigdata.case_words(e.event_desc, e.address, e.event_type_code, e.create_time)
        FROM (SELECT l.rec_id, l.event_desc, l.address, l.event_type_code, l.create_time FROM citybigdata.event l
              UNION ALL SELECT a.rec_id, a.event_desc, a.address, a.event_type_code, a.create_time FROM citybigdata.event_archive a) e
        WHERE e.rec_id > known.done_to AND e.rec_id <= upto ORDER BY e.rec_id
        ON CONFLICT ON CONSTRAINT event_words_pkey DO UPDATE SET pairs = excluded.pairs;
        GET DIAGNOSTICS added = ROW_COUNT;
        known.done_to := upto;
    END IF;
    IF known.done_to >= known.next_to THEN
        SELECT s.last_value INTO known.next_to FROM citybigdata.event_rec_id_seq s;
        known.next_xmax := pg_snapshot_xmax(pg_current_snapshot());
    END IF;
    UPDATE citybigdata.event_words_state s SET done_to = known.done_to, next_to = greatest(known.next_to, known.done_to), next_xmax = known.next_xmax
    WHERE (s.done_to, s.next_to, s.next_xmax) <> (known.done_to, greatest(known.next_to, known.done_to), known.next_xmax);
    RETURN added;
END
$$;
COMMENT ON FUNCTION citybigdata.maintain_words(integer) IS
'Puts the texts of the next so many recIDs into event_words, once no running transaction can add a case among them; returns how many cases. Part of maintain()';
