-- Duplicates: candidates for a case, links to a main case; docs/duplicates.md.
COMMENT ON TABLE citybigdata.case_link IS 'Cases that are merged into another one, their main case; the database refuses chains';
COMMENT ON COLUMN citybigdata.case_link.rec_id IS 'The duplicate: it stays in its stage, its clocks stand, its state is that of the main case';
COMMENT ON COLUMN citybigdata.case_link.main_rec_id IS 'The main case';
COMMENT ON COLUMN citybigdata.case_link.linked_at IS 'When it was merged';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.case_link', '');
COMMENT ON TABLE citybigdata.case_link_archive IS 'Links of archived cases: rows of case_link';
COMMENT ON COLUMN citybigdata.case_link_archive.rec_id IS 'The duplicate, archived';
COMMENT ON COLUMN citybigdata.case_link_archive.main_rec_id IS 'The main case';
COMMENT ON COLUMN citybigdata.case_link_archive.linked_at IS 'When it was merged';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.case_link_archive', '');
COMMENT ON COLUMN citybigdata.event_step.main_rec_id IS 'Of merge: the main case';
COMMENT ON COLUMN citybigdata.event_step_archive.main_rec_id IS 'Of merge: the main case';

COMMENT ON TABLE citybigdata.duplicate_setting IS
'What counts as near and recent, by type: the row with the longest code that the type begins with; the empty code is for all types. A site changes it by INSERT, UPDATE, DELETE';
COMMENT ON COLUMN citybigdata.duplicate_setting.event_type_code IS 'Type 问题类型, and all types that begin with it; empty: every type';
COMMENT ON COLUMN citybigdata.duplicate_setting.radius IS 'Metres, at most 2000';
COMMENT ON COLUMN citybigdata.duplicate_setting.open_days IS 'Days between the reports, when the other case is open';
COMMENT ON COLUMN citybigdata.duplicate_setting.closed_days IS 'Days between the reports, when it is closed; 0: closed cases are not looked at';
COMMENT ON COLUMN citybigdata.duplicate_setting.also_types IS 'Other types that people choose for the same problem';
COMMENT ON COLUMN citybigdata.duplicate_setting.shipped IS 'The row came with CREATE EXTENSION; pg_dump leaves it out';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.duplicate_setting', 'WHERE NOT shipped');
-- As for code tables: a row of the site replaces a shipped one of the same key, and a changed shipped row is the site's.
CREATE OR REPLACE FUNCTION citybigdata.duplicate_setting_keep() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        NEW.shipped := false;
    ELSIF NOT NEW.shipped THEN
        DELETE FROM citybigdata.duplicate_setting d WHERE d.event_type_code = NEW.event_type_code AND d.shipped;
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION citybigdata.duplicate_setting_keep() IS 'Trigger: a row of the site replaces the shipped one, also when a dump is restored';
CREATE OR REPLACE TRIGGER duplicate_setting_keep BEFORE INSERT OR UPDATE ON citybigdata.duplicate_setting
    FOR EACH ROW EXECUTE FUNCTION citybigdata.duplicate_setting_keep();
ALTER TABLE citybigdata.duplicate_setting ENABLE ALWAYS TRIGGER duplicate_setting_keep;
DELETE FROM citybigdata.duplicate_setting WHERE shipped;
INSERT INTO citybigdata.duplicate_setting (event_type_code, radius, open_days, closed_days, shipped) VALUES ('', 250, 30, 14, true)
ON CONFLICT ON CONSTRAINT duplicate_setting_pkey DO NOTHING;

-- The database itself refuses links that cannot be. Both cases are locked in the order of their numbers: of two links crosswise at once
-- the second one sees the first.
CREATE OR REPLACE FUNCTION citybigdata.case_link_check() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    main_state integer;
    own_state  integer;
BEGIN
    PERFORM FROM citybigdata.event e WHERE e.rec_id IN (NEW.rec_id, NEW.main_rec_id) ORDER BY e.rec_id FOR SHARE;
    SELECT e.state INTO main_state FROM citybigdata.event e WHERE e.rec_id = NEW.main_rec_id;
    SELECT coalesce(e.base_state, e.state) INTO own_state FROM citybigdata.event e WHERE e.rec_id = NEW.rec_id;
    -- a parallel restore (replica) does not keep the order of the tables
    IF main_state IS NULL AND current_setting('session_replication_role') <> 'replica' THEN
        PERFORM citybigdata.refuse(42297, citybigdata.say('There is no case {recId}.', 'recId', NEW.main_rec_id::text));
    ELSIF EXISTS (SELECT FROM citybigdata.case_link l WHERE l.rec_id = NEW.main_rec_id OR l.main_rec_id = NEW.rec_id) THEN
        PERFORM citybigdata.refuse(40941, citybigdata.say('Case {recId} cannot be merged into case {main}: there would be a chain.', 'recId', NEW.rec_id::text, 'main', NEW.main_rec_id::text));
    ELSIF main_state = 7 OR own_state IN (6, 7) THEN
        PERFORM citybigdata.refuse(40942, citybigdata.say('Case {recId} cannot be merged into case {main}: void cases stand for no other, and cases that have ended are not merged.', 'recId', NEW.rec_id::text, 'main', NEW.main_rec_id::text));
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION citybigdata.case_link_check() IS 'Trigger: no chain of merged cases, no void main case, no merge of a case that has ended. Errors: 40941, 40942, 42297';
CREATE OR REPLACE TRIGGER case_link_check BEFORE INSERT OR UPDATE ON citybigdata.case_link FOR EACH ROW EXECUTE FUNCTION citybigdata.case_link_check();
CREATE OR REPLACE TRIGGER case_link_keep BEFORE UPDATE OR DELETE ON citybigdata.case_link FOR EACH ROW EXECUTE FUNCTION citybigdata.kept_rows();
CREATE OR REPLACE TRIGGER case_link_all_keep BEFORE TRUNCATE ON citybigdata.case_link FOR EACH STATEMENT EXECUTE FUNCTION citybigdata.kept_rows();
ALTER TABLE citybigdata.case_link ENABLE ALWAYS TRIGGER case_link_check;
ALTER TABLE citybigdata.case_link ENABLE ALWAYS TRIGGER case_link_keep;
ALTER TABLE citybigdata.case_link ENABLE ALWAYS TRIGGER case_link_all_keep;

CREATE OR REPLACE FUNCTION citybigdata.find_duplicates(of_case text,
        OUT task_num text, OUT score double precision, OUT distance_m double precision, OUT minutes integer, OUT reasons text[]) RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'cbd_find_duplicates' LANGUAGE c STABLE STRICT SECURITY DEFINER ROWS 5 COST 10000 SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.find_duplicates(text) IS
'Cases that may be of the same problem as a case (its taskNum, or the JSON of a report of table A.4), best first, 20 at most: score 0 to 1, metres, minutes between the reports, '
'reasons of sameType, otherType, near, recent, similarText, samePart, closed. Void cases are none; for one that is merged its main case stands. '
'What is near and recent is in duplicate_setting. Errors: 40402, 42200 the report has no type or place';
CREATE OR REPLACE FUNCTION citybigdata.find_duplicates(data json,
        OUT task_num text, OUT score double precision, OUT distance_m double precision, OUT minutes integer, OUT reasons text[]) RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'cbd_find_duplicates' LANGUAGE c STABLE STRICT SECURITY DEFINER ROWS 5 COST 10000 SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.find_duplicates(json) IS 'find_duplicates(text) of a report of table A.4 that need not be stored';
