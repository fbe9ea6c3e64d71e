-- Steps of cases: who has a case now, and what people and the clock do with it.
COMMENT ON TABLE citybigdata.case_task IS 'Work list 待办: one row of each case that waits for somebody';
COMMENT ON COLUMN citybigdata.case_task.rec_id IS 'The case';
COMMENT ON COLUMN citybigdata.case_task.role IS 'Whose work it is, code table case-role';
COMMENT ON COLUMN citybigdata.case_task.unit_code IS 'Responsible unit; null: none yet';
COMMENT ON COLUMN citybigdata.case_task.division_code IS 'The most special division that is known of the place';
COMMENT ON COLUMN citybigdata.case_task.holder IS 'Account that claimed it, was assigned, or got it back; null: it is in the pool of the role';
COMMENT ON COLUMN citybigdata.case_task.stage IS 'Stage of the process';
COMMENT ON COLUMN citybigdata.case_task.state IS 'State as others see it, code table event-state';
COMMENT ON COLUMN citybigdata.case_task.event_type_code IS 'Type of the problem';
COMMENT ON COLUMN citybigdata.case_task.paused IS 'Suspended: listed last';
COMMENT ON COLUMN citybigdata.case_task.deadline IS 'Of the stage, else of the whole chain; infinity: none';
COMMENT ON COLUMN citybigdata.case_task.warning_time IS 'When the light becomes yellow';
COMMENT ON COLUMN citybigdata.case_task.returned_from IS 'Stage that returned it here: nobody hands it on past that one';
COMMENT ON COLUMN citybigdata.case_task.since IS 'When the case came to the stage';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.case_task', '');
COMMENT ON TABLE citybigdata.case_request IS 'What was asked for about cases and waits for a decision, or was decided';
COMMENT ON COLUMN citybigdata.case_request.request_id IS 'Number';
COMMENT ON COLUMN citybigdata.case_request.rec_id IS 'The case';
COMMENT ON COLUMN citybigdata.case_request.kind IS 'verify 核实, check 核查, suspend 挂账, extension 延期, supervise 督办, appeal 申诉';
COMMENT ON COLUMN citybigdata.case_request.asked_at IS 'When';
COMMENT ON COLUMN citybigdata.case_request.asked_by IS 'Account; null: a database role or the clock';
COMMENT ON COLUMN citybigdata.case_request.until IS 'Time that was asked for: end of the suspension, reply to the supervision';
COMMENT ON COLUMN citybigdata.case_request.due IS 'When it should be decided or answered';
COMMENT ON COLUMN citybigdata.case_request.reason IS 'Why';
COMMENT ON COLUMN citybigdata.case_request.state IS 'open, granted, refused, answered, withdrawn (the case has left its stage)';
COMMENT ON COLUMN citybigdata.case_request.decided_at IS 'When it was decided';
COMMENT ON COLUMN citybigdata.case_request.decided_by IS 'Account that decided; null: a database role, or nobody';
COMMENT ON COLUMN citybigdata.case_request.first_by IS 'First of two reviewers; 0: a database role';
COMMENT ON COLUMN citybigdata.case_request.first_result IS 'What the first reviewer thinks: pass, fail';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.case_request', '');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.case_request_request_id_seq', '');

CREATE OR REPLACE FUNCTION citybigdata.start_process(task_num text, process text DEFAULT NULL,
        OUT case_task_num text, OUT status_code integer, OUT version integer, OUT stage text, OUT state integer, OUT errors jsonb, OUT warnings jsonb,
        OUT actions jsonb) RETURNS record
    AS 'MODULE_PATHNAME', 'cbd_start_process' LANGUAGE c VOLATILE SECURITY DEFINER COST 10000 SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.start_process(text, text) IS
'Puts a case that is in no process (reported before there were any, or loaded history) into the newest version of one; null = that of citybigdata.process. It enters '
'at the start, or at the first stage that has the state of the case. status_code 0, 40402, 40411 no such process, 40900 it is in one';
CREATE OR REPLACE FUNCTION citybigdata.advance_case(task_num text, step jsonb, account text DEFAULT NULL,
        OUT case_task_num text, OUT status_code integer, OUT version integer, OUT stage text, OUT state integer, OUT errors jsonb, OUT warnings jsonb,
        OUT actions jsonb) RETURNS record
    AS 'MODULE_PATHNAME', 'cbd_advance_case' LANGUAGE c VOLATILE SECURITY DEFINER COST 10000 SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.advance_case(text, jsonb, text) IS
'Takes a step as POST /events/{taskNum}/steps does: {action, version, result, note, reason, to: {unit, account}, until, conditionCode, medias, evaluation}. account: user '
'name or number of the operator whose posts count; null: the session''s role, which may do what any post may. One row with the case as it is then. status_code: 0, 40402, '
'422nn with errors, 40320 no post has the action, 40920 stale version, 40921 not from this stage (with actions), 40922 to 40925';
CREATE OR REPLACE FUNCTION citybigdata.task_rec_id(task_num text) RETURNS integer
    AS 'MODULE_PATHNAME', 'cbd_task_rec_id' LANGUAGE c STABLE STRICT SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.task_rec_id(text) IS 'The recID in a taskNum of this platform; null: it is none';
CREATE OR REPLACE FUNCTION citybigdata.case_history(task_num text,
        OUT seq integer, OUT step_time timestamptz, OUT action text, OUT result text, OUT from_stage text, OUT to_stage text, OUT from_state integer,
        OUT to_state integer, OUT by_role text, OUT by_unit text, OUT step_by text, OUT to_unit text, OUT to_account text, OUT note text, OUT reason text,
        OUT until timestamptz, OUT evaluation integer, OUT version integer) RETURNS SETOF record
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT s.step_no, s.step_time, s.action, s.result, s.from_stage, s.to_stage, s.from_state, s.to_state, s.by_role, s.by_unit, s.step_by, s.to_unit, a.user_name,
           s.note, s.reason, s.until, s.evaluation, s.version
    FROM citybigdata.event e JOIN citybigdata.event_step s ON s.rec_id = e.rec_id LEFT JOIN citybigdata.account a ON a.account_id = s.to_account
    WHERE e.task_num = case_history.task_num AND e.rec_id = citybigdata.task_rec_id(case_history.task_num)
    ORDER BY s.step_no
$$;
COMMENT ON FUNCTION citybigdata.case_history(text) IS 'What was done with a case, oldest first, as GET /events/{taskNum}/steps tells it; no row: there is no such case, or nothing was done';
