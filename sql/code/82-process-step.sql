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
'Takes a step as POST /events/{taskNum}/steps does: {action, version, result, note, reason, to: {unit, account}, until, conditionCode, mainTaskNum, medias, evaluation}. account: user '
'name or number of the operator whose posts count; null: the session''s role, which may do what any post may. One row with the case as it is then. status_code: 0, 40402, '
'422nn with errors, 40320 no post has the action, 40920 stale version, 40921 not from this stage (with actions), 40922 to 40925, 40940 to 40942 of merges';
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
CREATE OR REPLACE FUNCTION citybigdata.case_todo(account text DEFAULT NULL, role text DEFAULT NULL, unit text DEFAULT NULL, division text DEFAULT NULL,
        state integer DEFAULT NULL, light text DEFAULT NULL, type text DEFAULT NULL, mine boolean DEFAULT NULL, page_size integer DEFAULT NULL, "cursor" text DEFAULT NULL,
        OUT task_num text, OUT stage text, OUT case_state integer, OUT task_role text, OUT unit_code text, OUT holder text, OUT case_light text,
        OUT deadline timestamptz, OUT warning_time timestamptz, OUT supervised boolean, OUT suspended_until timestamptz, OUT version integer, OUT since timestamptz,
        OUT next_cursor text) RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'cbd_case_todo' LANGUAGE c STABLE SECURITY DEFINER ROWS 50 COST 10000 SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.case_todo(text, text, text, text, integer, text, text, boolean, integer, text) IS
'The work list of an operator (user name or number; null: of every pool) as GET /todo has it: by deadline, suspended ones last; page_size rows (50, at most 500), the next '
'ones after the next_cursor of the last row. Errors: 40405 no such account, 40007';

-- Endpoints: see extension/core/call.h for the call context and the reply frame.
CREATE OR REPLACE FUNCTION citybigdata.rest_case_step(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
        task_num text, action text, version text, result text, note text, reason text, "to" text, until text, condition_code text, medias text, evaluation text,
        main_task_num text, if_match text, idempotency_key text, body_digest bytea) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_case_step' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_case_step(text, inet, text, text, bytea, text, text, text, text, text, text, text, text, text, text, text, text, text, text, bytea) IS
'POST /events/{taskNum}/steps: reply frame with the case as it is then; a 409 has the case as it is now and what may be done';
CREATE OR REPLACE FUNCTION citybigdata.rest_case_bulk(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
        steps text, idempotency_key text, body_digest bytea) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_case_bulk' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_case_bulk(text, inet, text, text, bytea, text, text, bytea) IS
'POST /events/steps: reply frame with a result for each of at most 500 steps; good ones stay';
CREATE OR REPLACE FUNCTION citybigdata.rest_case_steps(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
        task_num text, time_format text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_case_steps' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_case_steps(text, inet, text, text, bytea, text, text) IS 'GET /events/{taskNum}/steps: reply frame with the history of a case';
CREATE OR REPLACE FUNCTION citybigdata.rest_case_actions(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
        task_num text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_case_actions' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_case_actions(text, inet, text, text, bytea, text) IS 'GET /events/{taskNum}/actions: reply frame with what the caller may do now';
CREATE OR REPLACE FUNCTION citybigdata.rest_case_todo(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
        role text, unit text, division text, state text, light text, type text, mine boolean, page_size text, "cursor" text, time_format text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_case_todo' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_case_todo(text, inet, text, text, bytea, text, text, text, text, text, text, boolean, text, text, text) IS
'GET /todo: reply frame with a page of the operator''s work list and counts per stage and light';

-- What a suspended account holds lies with nobody otherwise.
CREATE OR REPLACE FUNCTION citybigdata.account_cases_release() RETURNS trigger
    AS 'MODULE_PATHNAME', 'cbd_account_cases_release' LANGUAGE c SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.account_cases_release() IS 'Trigger: the cases of an account that is not active any more go to the pool of its post, by a step release each';
CREATE OR REPLACE TRIGGER account_cases_release AFTER UPDATE OF state ON citybigdata.account
    FOR EACH ROW WHEN (OLD.state OPERATOR(pg_catalog.=) 'active' AND NEW.state OPERATOR(pg_catalog.<>) 'active') EXECUTE FUNCTION citybigdata.account_cases_release();
CREATE OR REPLACE FUNCTION citybigdata.maintain_cases() RETURNS bigint
    AS 'MODULE_PATHNAME', 'cbd_maintain_cases' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.maintain_cases() IS
'Releases the cases of accounts without a post in force (it has ended, or is delegated), 1000 of each account at most, those that somebody works on next time; returns how many';
