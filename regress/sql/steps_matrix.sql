-- Every action from every stage, by every role: what is allowed is what the process says, and nothing else.
\set SHOW_CONTEXT never
\pset null '(null)'
SET search_path = citybigdata, public;
SET client_min_messages = warning;
CREATE FUNCTION pg_temp.report(number text) RETURNS text LANGUAGE sql AS $$ SELECT task_num FROM citybigdata.report_event('step-sender', jsonb_build_object(
    'eventDesc', '路灯不亮', 'otherTaskNum', number, 'address', '东华门大街1号', 'districtCode', '110101', 'districtName', '东城区', 'coordinateX', 448400.5, 'coordinateY', 4418600.25,
    'eventSrcID', 1, 'recTypeID', 1, 'eventLevelID', 1, 'eventTypeCode', '6', 'createTime', '20240131083000')::json) $$;
-- everything that any action needs
CREATE FUNCTION pg_temp.whole(action text, version integer) RETURNS jsonb LANGUAGE sql AS $$ SELECT jsonb_build_object('action', action, 'version', version, 'result', 'pass', 'note', 'n', 'reason', 'r',
    'conditionCode', 'step-1', 'evaluation', 4, 'mainTaskNum', (SELECT e.task_num FROM citybigdata.event e WHERE e.sender_code = 'step-sender' AND e.other_task_num = 'MM'),
    'until', to_char(now() + interval '5 days', 'YYYYMMDDHH24MISS'), 'to', CASE WHEN action = 'assign' THEN '{"account": "step-handler"}'::jsonb
    WHEN action = 'dispatch' THEN '{"unit": "step-light-1"}' ELSE '{}' END) $$;
-- the status of an attempt that is taken back
CREATE FUNCTION pg_temp.attempt(task text, action text, account text, OUT status integer) LANGUAGE plpgsql AS $$
BEGIN
    SELECT a.status_code INTO status FROM citybigdata.event e, citybigdata.advance_case(task, pg_temp.whole(action, e.version), account) a WHERE e.task_num = task;
    RAISE EXCEPTION SQLSTATE 'ZZ001';
EXCEPTION WHEN SQLSTATE 'ZZ001' THEN
END
$$;
CREATE TEMP TABLE matrix (place text, action text, who text, status integer);
CREATE FUNCTION pg_temp.try_all(place text, task text) RETURNS void LANGUAGE sql AS $$
    INSERT INTO pg_temp.matrix SELECT place, c.code, w.who, pg_temp.attempt(task, c.code, 'step-' || w.who)
    FROM citybigdata.code_table_row c, unnest(ARRAY['desk', 'filer', 'dispatcher', 'unit', 'handler', 'verifier', 'supervisor', 'leader', 'inspector', NULL]) w(who)
    WHERE c.table_name = 'case-action';
$$;
CREATE FUNCTION pg_temp.go(task text, VARIADIC actions text[]) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    action text;
    r record;
BEGIN
    FOREACH action IN ARRAY actions LOOP
        SELECT a.* INTO r FROM citybigdata.event e, citybigdata.advance_case(task, pg_temp.whole(action, e.version)) a WHERE e.task_num = task;
        IF r.status_code <> 0 THEN RETURN action || ' ' || r.status_code; END IF;
    END LOOP;
    RETURN r.stage;
END
$$;
SELECT pg_temp.report('MM') AS main \gset
SELECT pg_temp.report('M') AS task \gset
SELECT pg_temp.try_all('accept', :'task');
SELECT pg_temp.go(:'task', 'accept') AS stage;
SELECT pg_temp.try_all('file', :'task');
SELECT pg_temp.go(:'task', 'file') AS stage;
SELECT pg_temp.try_all('dispatch', :'task');
SELECT pg_temp.go(:'task', 'dispatch') AS stage;
SELECT pg_temp.try_all('handle', :'task');
SELECT pg_temp.go(:'task', 'suspend') AS stage;
SELECT pg_temp.try_all('handle, suspended', :'task');
SELECT pg_temp.go(:'task', 'resume', 'supervise') AS stage;
SELECT pg_temp.try_all('handle, supervised', :'task');
SELECT pg_temp.go(:'task', 'answer', 'handle') AS stage;
SELECT pg_temp.try_all('check', :'task');
SELECT pg_temp.go(:'task', 'close') AS stage;
SELECT pg_temp.try_all('closed', :'task');
SELECT pg_temp.report('MV') AS void \gset
SELECT pg_temp.go(:'void', 'reject') AS stage;
SELECT pg_temp.try_all('void', :'void');
-- who may do what where: the roles for which the attempt succeeds
SELECT place, action, string_agg(who, ' ' ORDER BY who) AS roles FROM matrix WHERE status = 0 AND who IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2;
-- an action that is asked for first is refused by 40924; the decisions are in steps.sql
SELECT place, action, string_agg(who, ' ' ORDER BY who) AS roles FROM matrix WHERE status = 40924 AND who IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2;
-- every other attempt is refused, by one of these
SELECT status, count(*) > 0 AS some FROM matrix GROUP BY 1 ORDER BY 1;
-- nobody gets past the process: each success is one of its moves
SELECT m.place, m.action FROM matrix m WHERE m.status = 0 AND NOT EXISTS (SELECT FROM process_move p WHERE p.process_code = 'city-management' AND p.version = 1
    AND p.from_stage = split_part(m.place, ',', 1) AND p.action = m.action);
-- and each move of the process that stands open was allowed to somebody
SELECT p.from_stage, p.action FROM process_move p WHERE p.process_code = 'city-management' AND p.version = 1 AND p.action NOT IN ('escalate', 'withdraw', 'resume', 'unmerge')
    AND NOT EXISTS (SELECT FROM matrix m WHERE m.place = p.from_stage AND m.action = p.action AND m.status IN (0, 40924)) ORDER BY 1, 2;
