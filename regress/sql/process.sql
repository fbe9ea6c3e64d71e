-- Definitions of processes: what is shipped, what is refused and why, versions.
\pset null '(null)'
SET client_min_messages = warning;
\set VERBOSITY terse
SET search_path = citybigdata, public;
-- the shipped process: every stage and move
SELECT process_code, version, title, title_zh, shipped FROM process WHERE process_code = 'city-management';
SELECT stage, state FROM process_stage WHERE process_code = 'city-management' AND version = 1 ORDER BY state, stage;
SELECT from_stage, string_agg(action || CASE WHEN to_stage = from_stage THEN '' ELSE ' > ' || to_stage END, ', ' ORDER BY to_stage = from_stage, action) AS moves
FROM process_move WHERE process_code = 'city-management' AND version = 1 GROUP BY from_stage ORDER BY 1;
SELECT count(*) AS problems FROM process p, process_problems(p.definition) WHERE p.shipped;
-- every action of it is in the code table, whose other actions are the platform's and those of later chapters
SELECT code, name FROM code_table_row WHERE table_name = 'case-action' AND code NOT IN (SELECT action FROM process_move WHERE shipped) ORDER BY sort;
SELECT action FROM process_move WHERE action NOT IN (SELECT code FROM code_table_row WHERE table_name = 'case-action');
SELECT code FROM code_table_row WHERE table_name = 'case-action' AND name_en IS NULL;
-- installed again: nothing; with another content: refused
SELECT install_process(definition, 1) FROM process WHERE shipped;
SELECT install_process(jsonb_set(definition, '{title}', '"x"'), 1) FROM process WHERE shipped;

-- the examples of the manual are valid, in both languages the same
\getenv regress PG_ABS_SRCDIR
SELECT count(DISTINCT m[1]) AS examples, (SELECT count(*) FROM process_problems(min(m[1])::jsonb)) AS problems
FROM unnest(ARRAY['/../docs/processes.md', '/../docs/zh/processes.md']) page, regexp_matches(pg_read_file(:'regress' || page), '```json\n(.*?)```', 'g') m;
-- a small process, and what is wrong with variants of it
CREATE TEMP TABLE small AS SELECT '{"code": "street-lamps", "title": "Street lamps", "titleZh": "路灯报修", "start": "new", "stages": [
  {"name": "new", "title": "New", "titleZh": "新报", "state": 1, "roles": ["desk"], "pool": "division", "limit": {"amount": 30, "unit": 3}},
  {"name": "repair", "title": "Repair", "titleZh": "维修", "state": 4, "roles": ["unit"], "pool": "unit", "limit": {"amount": 2, "unit": 1, "warningShare": 0.5}},
  {"name": "done", "title": "Done", "titleZh": "办结", "state": 6}], "actions": [
  {"name": "dispatch", "from": ["new"], "to": "repair", "roles": ["desk"]},
  {"name": "return", "from": ["repair"], "to": "before", "roles": ["unit"]},
  {"name": "handle", "from": ["repair"], "to": "done", "roles": ["unit"], "effects": ["handle", "close"]},
  {"name": "reopen", "from": ["done"], "to": "repair", "roles": ["desk"]},
  {"name": "comment", "from": "all", "to": "stay", "roles": "posts"}]}'::jsonb AS d;
SELECT * FROM process_problems((SELECT d FROM small));
-- one thing wrong: at(path, value) replaces, without(path) takes away
CREATE FUNCTION pg_temp.at(path text[], value jsonb) RETURNS SETOF record LANGUAGE sql AS $$ SELECT * FROM citybigdata.process_problems((SELECT jsonb_set(d, path, value) FROM small)) $$;
CREATE FUNCTION pg_temp.without(path text[]) RETURNS SETOF record LANGUAGE sql AS $$ SELECT * FROM citybigdata.process_problems((SELECT d #- path FROM small)) $$;
SELECT * FROM process_problems('[]');
SELECT * FROM process_problems('"x"');
SELECT * FROM process_problems('{}');
SELECT t.* FROM unnest(ARRAY['code', 'title', 'titleZh', 'start', 'stages', 'actions']) m, LATERAL pg_temp.without(ARRAY[m]) t (pointer text, status_code int, message text);
SELECT t.* FROM (VALUES
    ('{code}', '"Lamps!"'), ('{title}', '5'), ('{titleZh}', to_jsonb(repeat('路', 256))), ('{start}', '"nowhere"'), ('{start}', '"done"'), ('{more}', '1'),
    ('{stages}', '[]'), ('{stages}', '{}'), ('{stages,0}', '7'), ('{stages,0,name}', '"repair"'), ('{stages,0,name}', '"stay"'), ('{stages,0,state}', '8'), ('{stages,0,state}', '"1"'),
    ('{stages,0,roles}', '["boss"]'), ('{stages,0,roles}', '[]'), ('{stages,0,roles}', '["clock"]'), ('{stages,0,roles}', '["leader"]'), ('{stages,0,pool}', '"nobody"'), ('{stages,0,colour}', '"red"'),
    ('{stages,0,limit}', '"soon"'), ('{stages,0,limit}', '"condition"'), ('{stages,0,limit}', '{"amount": 0, "unit": 1}'), ('{stages,0,limit}', '{"amount": -1, "unit": 1}'),
    ('{stages,0,limit}', '{"amount": 1, "unit": 4}'), ('{stages,0,limit}', '{"amount": 1e9, "unit": 1}'), ('{stages,0,limit}', '{"amount": 99999999999, "unit": 1}'), ('{stages,0,limit}', '{"unit": 1}'),
    ('{stages,0,limit}', '{"amount": 1, "unit": 1, "calendar": "moon"}'), ('{stages,0,limit}', '{"amount": 1, "unit": 1, "warningShare": 1.5}'), ('{chainLimit}', '"condition"'),
    ('{actions}', '"x"'), ('{actions,0}', 'null'), ('{actions,0,name}', '"dance"'), ('{actions,0,name}', '"start"'), ('{actions,0,from}', '["nowhere"]'), ('{actions,0,from}', '[]'), ('{actions,0,from}', '"some"'),
    ('{actions,0,to}', '"nowhere"'), ('{actions,0,roles}', '["boss"]'), ('{actions,0,roles}', '[]'), ('{actions,0,needs}', '["money"]'), ('{actions,0,effects}', '["magic"]'),
    ('{actions,0,reviewers}', '3'), ('{actions,0,reviewers}', '2'), ('{actions,0,whileSuspended}', '"yes"'), ('{actions,0,reply}', '"condition"'),
    ('{escalation}', '[{"at": "noon", "roles": []}]'), ('{escalation}', '[{"at": "red", "roles": ["unit"]}, {"at": "yellow", "roles": ["unit"]}]'), ('{escalation}', '[{"at": "red", "times": 2, "roles": ["unit"]}]')
) v(path, value), LATERAL pg_temp.at(v.path::text[], v.value::jsonb) t (pointer text, status_code int, message text);
-- the whole: what cannot be reached, has no way out, nobody may do, does not go together
SELECT t.* FROM (VALUES
    ('{actions,0,to}', '"stay"'), ('{actions,2,to}', '"stay"'), ('{actions,0,roles}', '["sender"]'), ('{actions,2,roles}', '["sender"]'), ('{actions,2,effects}', '[]'), ('{actions,0,effects}', '["close"]'),
    ('{actions,0,effects}', '["void"]'), ('{actions,3,effects}', '[]'), ('{actions,0,effects}', '["reopen"]'), ('{actions,0,effects}', '["claim"]'), ('{actions,1,effects}', '[]'),
    ('{actions,4,effects}', '["askSuspend"]'), ('{actions,4}', '{"name": "supervise", "from": "open", "to": "stay", "roles": ["leader"]}'),
    ('{actions,4}', '{"name": "resume", "from": "open", "to": "stay", "roles": ["leader"]}'), ('{actions,4}', '{"name": "dispatch", "from": ["new"], "to": "repair", "roles": ["leader"]}'),
    ('{actions,1,from}', '["new"]'), ('{stages,2,state}', '7'), ('{stages,2,state}', '5')
) v(path, value), LATERAL pg_temp.at(v.path::text[], v.value::jsonb) t (pointer text, status_code int, message text);
-- many at once
SELECT pointer, status_code FROM process_problems((SELECT d || '{"code": "?", "start": null, "more": 1}' #- '{stages,1,title}' #- '{actions,1,roles}' FROM small));
SELECT save_process((SELECT d #- '{stages,2}' FROM small));
SELECT count(*) AS saved FROM process WHERE process_code = 'street-lamps';

-- versions: equal content makes none, whatever the order of its members
SELECT * FROM save_process((SELECT d FROM small));
SELECT * FROM save_process((SELECT d FROM small));
SELECT * FROM save_process((SELECT jsonb_set(d, '{title}', '"Lamps"') FROM small));
SELECT * FROM save_process((SELECT d FROM small));
SELECT version, title, shipped, saved_by FROM process WHERE process_code = 'street-lamps' ORDER BY 1;
SELECT version, from_stage, action, to_stage FROM process_move WHERE process_code = 'street-lamps' AND version = 2 ORDER BY 2, 3, 4;
-- of a shipped process the site counts from 1001
BEGIN;
SELECT * FROM save_process((SELECT jsonb_set(definition, '{stages,0,limit,amount}', '4') FROM process WHERE process_code = 'city-management' AND version = 1));
SELECT * FROM save_process((SELECT definition FROM process WHERE process_code = 'city-management' AND version = 1));
ROLLBACK;
SELECT * FROM save_process((SELECT definition FROM process WHERE process_code = 'city-management' AND version = 1));
SELECT action, object, status_code, detail FROM audit_log WHERE action = 'process.save' ORDER BY audit_id DESC LIMIT 3;

-- versions stay as they are
UPDATE process SET title = 'x' WHERE process_code = 'street-lamps';
DELETE FROM process WHERE process_code = 'street-lamps';
DELETE FROM process_move WHERE process_code = 'street-lamps';
UPDATE process_stage SET state = 3;
TRUNCATE process_move;
TRUNCATE process;
SET session_replication_role = replica;
DELETE FROM process WHERE process_code = 'street-lamps';
RESET session_replication_role;
-- who may
SELECT r.rolname, f.name FROM pg_roles r, unnest(ARRAY['save_process(jsonb)', 'process_problems(jsonb)', 'install_process(jsonb,integer)']) f(name)
WHERE r.rolname ~ '^citybigdata_' AND has_function_privilege(r.oid, 'citybigdata.' || f.name, 'EXECUTE') ORDER BY 1, 2;
SET ROLE citybigdata_sysadmin;
SELECT * FROM save_process((SELECT definition FROM process WHERE process_code = 'street-lamps' AND version = 3));
INSERT INTO process SELECT * FROM process;
RESET ROLE;
