-- Rows that are written without a statement (extension/core/row_insert.h) are as a statement would write them: defaults, NOT NULL, CHECK,
-- unique keys, all indexes; and what a database administrator adds to a table later holds at once, in sessions that have written before.
\pset null '(null)'
SET client_min_messages = warning;
SET search_path = citybigdata, public;
\set VERBOSITY default
\set SHOW_CONTEXT never
CREATE FUNCTION pg_temp.report(number text) RETURNS TABLE (status_code integer, sqlstate text, said text) LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY SELECT r.status_code, NULL::text, NULL::text FROM citybigdata.report_event('row-insert', json_build_object('eventDesc', '井盖破损', 'address', '东华门大街1号',
        'longitude', 116.403414, 'latitude', 39.924091, 'eventSrcID', 1, 'recTypeID', 1, 'eventLevelID', 1, 'eventTypeCode', '6', 'createTime', '20240131083000', 'otherTaskNum', number), 'egova') r;
EXCEPTION WHEN OTHERS THEN
    RETURN QUERY SELECT NULL::integer, SQLSTATE, SQLERRM;
END
$$;
CREATE FUNCTION pg_temp.beside(number text) RETURNS TABLE (tasks bigint, clocks bigint, facts bigint) LANGUAGE sql AS $$
SELECT (SELECT count(*) FROM citybigdata.case_task t WHERE t.rec_id = e.rec_id AND t.paused IS FALSE AND t.role = 'desk'),
       (SELECT count(*) FROM citybigdata.case_clock c WHERE c.rec_id = e.rec_id AND c.consumed = 0 AND c.extensions = 0),
       (SELECT count(*) FROM citybigdata.case_fact f WHERE f.rec_id = e.rec_id AND f.report = 1 AND f.archive = 0 AND f.unit_code IS NULL)
FROM citybigdata.event e WHERE e.sender_code = 'row-insert' AND e.other_task_num = number
$$;
SELECT * FROM pg_temp.report('plain');
SELECT * FROM pg_temp.beside('plain');
-- every index leads to the row
SET enable_seqscan = off;
SELECT t.role, c.kind FROM case_task t JOIN event e USING (rec_id) JOIN case_clock c USING (rec_id) WHERE t.role = 'desk' AND t.holder IS NULL AND NOT t.paused AND e.sender_code = 'row-insert';
SELECT count(*) FROM case_clock WHERE next_due IS NOT NULL AND next_due > '2000-01-01' AND rec_id = (SELECT rec_id FROM event WHERE sender_code = 'row-insert');
SELECT count(*) FROM case_fact WHERE report_time = '2024-01-31 08:30:00+08' AND rec_id = (SELECT rec_id FROM event WHERE sender_code = 'row-insert');
RESET enable_seqscan;

-- an index that comes later, with a condition and of an expression
CREATE INDEX row_insert_later ON case_task (stage) WHERE rec_id > 0;
SELECT * FROM pg_temp.report('index');
CREATE INDEX row_insert_expression ON case_task (upper(stage));
SELECT * FROM pg_temp.report('expression');
SET enable_seqscan = off;
SET enable_bitmapscan = off;
SELECT count(*) FROM case_task WHERE stage = 'accept' AND rec_id > 0 AND rec_id IN (SELECT rec_id FROM event WHERE sender_code = 'row-insert');
SELECT count(*) FROM case_task WHERE upper(stage) = 'ACCEPT' AND rec_id IN (SELECT rec_id FROM event WHERE sender_code = 'row-insert');
RESET enable_seqscan;
RESET enable_bitmapscan;
DROP INDEX row_insert_later, row_insert_expression;

-- the event itself: all indexes lead to it, also one of an expression; a repeat and a conflict are told as before
SELECT sum((SELECT count(*) FROM pg_temp.report(n::text))) AS reports FROM generate_series(1, 3) n;
SELECT status_code FROM pg_temp.report('plain');
SET enable_seqscan = off;
SELECT count(*) FROM event WHERE geom && public.st_makeenvelope(116.39, 39.92, 116.40, 39.93, 4490) AND sender_code = 'row-insert';
SELECT count(*) FROM event WHERE event_type_code = '6' AND create_time = '2024-01-31 08:30:00+08' AND sender_code = 'row-insert';
SELECT count(*) FROM event WHERE pg_catalog.floor(public.st_x(geom) OPERATOR(pg_catalog.*) 500)::integer = 58198 AND sender_code = 'row-insert';
RESET enable_seqscan;
-- a CHECK on the event, a trigger on the event
ALTER TABLE event ADD CONSTRAINT row_insert_check CHECK (other_task_num <> 'event check') NOT VALID;
SELECT * FROM pg_temp.report('event check');
ALTER TABLE event DROP CONSTRAINT row_insert_check;
CREATE FUNCTION public.row_insert_event() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.address := NEW.address || '!'; RETURN NEW; END $$;
CREATE TRIGGER row_insert_event BEFORE INSERT ON event FOR EACH ROW EXECUTE FUNCTION public.row_insert_event();
SELECT * FROM pg_temp.report('event trigger');
SELECT address, public.st_astext(geom) FROM event WHERE sender_code = 'row-insert' AND other_task_num IN ('event trigger', 'plain') ORDER BY rec_id;
DROP TRIGGER row_insert_event ON event;
DROP FUNCTION public.row_insert_event;
-- a function that an index calls is replaced: sessions that have written before call the new one
CREATE FUNCTION public.row_insert_key(text) RETURNS text IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN RETURN 'a' || $1; END $$;
GRANT EXECUTE ON FUNCTION public.row_insert_key TO PUBLIC;
CREATE INDEX row_insert_key ON event (public.row_insert_key(other_task_num));
SELECT * FROM pg_temp.report('key 1');
CREATE OR REPLACE FUNCTION public.row_insert_key(text) RETURNS text IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN RETURN 'b' || $1; END $$;
SELECT * FROM pg_temp.report('key 2');
SET enable_seqscan = off;
SELECT other_task_num FROM event WHERE public.row_insert_key(other_task_num) = 'bkey 2' AND sender_code = 'row-insert';
RESET enable_seqscan;
DROP INDEX row_insert_key;
DROP FUNCTION public.row_insert_key;

-- a CHECK, a NOT NULL, a unique key: refused, and nothing of the report is left
ALTER TABLE case_task ADD CONSTRAINT row_insert_check CHECK (stage <> 'accept') NOT VALID;
SELECT * FROM pg_temp.report('check');
ALTER TABLE case_task DROP CONSTRAINT row_insert_check;
ALTER TABLE case_fact ADD COLUMN row_insert_needed integer DEFAULT 7 NOT NULL;
SELECT * FROM pg_temp.report('default');
SELECT row_insert_needed FROM case_fact WHERE rec_id = (SELECT rec_id FROM event WHERE sender_code = 'row-insert' AND other_task_num = 'default');
ALTER TABLE case_fact ALTER COLUMN row_insert_needed DROP DEFAULT;
SELECT * FROM pg_temp.report('not null');
ALTER TABLE case_fact DROP COLUMN row_insert_needed;
SELECT * FROM pg_temp.report('dropped');
SELECT * FROM pg_temp.beside('dropped');
SELECT max(rec_id) AS last FROM case_clock \gset
CREATE UNIQUE INDEX row_insert_unique ON citybigdata.case_clock (kind) WHERE rec_id > :last;
SELECT * FROM pg_temp.report('first');
SELECT status_code, sqlstate, said FROM pg_temp.report('unique');
DROP INDEX row_insert_unique;
SELECT count(*) FROM event WHERE sender_code = 'row-insert' AND other_task_num IN ('check', 'not null', 'unique');

-- a default that is not constant, and triggers: the statement writes, and they act
ALTER TABLE case_task ADD COLUMN row_insert_at timestamptz DEFAULT clock_timestamp();
SELECT * FROM pg_temp.report('volatile');
SELECT row_insert_at IS NOT NULL AS filled FROM case_task WHERE rec_id = (SELECT rec_id FROM event WHERE sender_code = 'row-insert' AND other_task_num = 'volatile');
ALTER TABLE case_task DROP COLUMN row_insert_at;
CREATE TABLE row_insert_seen (relation text, rec_id integer);
GRANT INSERT ON row_insert_seen TO PUBLIC;
CREATE FUNCTION public.row_insert_see() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN INSERT INTO citybigdata.row_insert_seen VALUES (TG_TABLE_NAME, NEW.rec_id); RETURN NULL; END $$;
CREATE TRIGGER row_insert_see AFTER INSERT ON case_task FOR EACH ROW EXECUTE FUNCTION public.row_insert_see();
CREATE TRIGGER row_insert_see AFTER INSERT ON case_fact FOR EACH ROW EXECUTE FUNCTION public.row_insert_see();
CREATE TRIGGER row_insert_see AFTER INSERT ON case_clock FOR EACH ROW EXECUTE FUNCTION public.row_insert_see();
SELECT * FROM pg_temp.report('trigger');
SELECT relation FROM row_insert_seen JOIN event USING (rec_id) WHERE other_task_num = 'trigger' ORDER BY 1;
SELECT * FROM pg_temp.beside('trigger');
DROP TRIGGER row_insert_see ON case_task;
DROP TRIGGER row_insert_see ON case_fact;
DROP TRIGGER row_insert_see ON case_clock;
DROP TABLE row_insert_seen;
DROP FUNCTION public.row_insert_see;
SELECT * FROM pg_temp.report('plain again');
SELECT * FROM pg_temp.beside('plain again');
-- what all these say is what the history says
SELECT count(*) AS differences FROM case_fact_differences() d JOIN event e USING (rec_id) WHERE e.sender_code = 'row-insert';
SELECT reply.unguarded($$DELETE FROM citybigdata.event WHERE sender_code = 'row-insert'$$);
