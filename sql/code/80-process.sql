-- Processes (clause 4, 流程引擎): saved as versions that never change; what cases may do is refused by triggers when it is no move.
COMMENT ON TABLE citybigdata.process IS 'Versions of processes; save_process() adds one. New cases take the newest, running ones keep theirs';
COMMENT ON COLUMN citybigdata.process.process_code IS 'The process';
COMMENT ON COLUMN citybigdata.process.version IS 'Version, from 1; those that a site saves of a shipped process from 1001';
COMMENT ON COLUMN citybigdata.process.title IS 'English title';
COMMENT ON COLUMN citybigdata.process.title_zh IS 'Chinese title';
COMMENT ON COLUMN citybigdata.process.definition IS 'Stages, actions, limits and escalation: docs/processes.md';
COMMENT ON COLUMN citybigdata.process.shipped IS 'The row came with CREATE EXTENSION; pg_dump leaves it out';
COMMENT ON COLUMN citybigdata.process.saved_at IS 'When it was saved; null: shipped';
COMMENT ON COLUMN citybigdata.process.saved_by IS 'Account or role that saved it';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.process', 'WHERE NOT shipped');
COMMENT ON TABLE citybigdata.process_stage IS 'Stages of the versions of processes, as their definitions say';
COMMENT ON COLUMN citybigdata.process_stage.process_code IS 'The process';
COMMENT ON COLUMN citybigdata.process_stage.version IS 'Its version';
COMMENT ON COLUMN citybigdata.process_stage.stage IS 'The stage';
COMMENT ON COLUMN citybigdata.process_stage.state IS 'State of a case in it, code table event-state; 8 and 9 lie over it';
COMMENT ON COLUMN citybigdata.process_stage.shipped IS 'The row came with CREATE EXTENSION; pg_dump leaves it out';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.process_stage', 'WHERE NOT shipped');
COMMENT ON TABLE citybigdata.process_move IS 'What leads from where to where in the versions of processes, as their definitions say';
COMMENT ON COLUMN citybigdata.process_move.process_code IS 'The process';
COMMENT ON COLUMN citybigdata.process_move.version IS 'Its version';
COMMENT ON COLUMN citybigdata.process_move.from_stage IS 'Stage before';
COMMENT ON COLUMN citybigdata.process_move.action IS 'Action, code table case-action';
COMMENT ON COLUMN citybigdata.process_move.to_stage IS 'Stage after; the same: it stays';
COMMENT ON COLUMN citybigdata.process_move.shipped IS 'The row came with CREATE EXTENSION; pg_dump leaves it out';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.process_move', 'WHERE NOT shipped');

-- The actions of cases. start, migrate: of the platform, in no process.
INSERT INTO citybigdata.code_table (name, title, title_zh, version, shipped) VALUES
('case-action', 'Actions on cases', '案件办理动作', '1', true)
ON CONFLICT ON CONSTRAINT code_table_pkey DO NOTHING;
INSERT INTO citybigdata.code_table_row (table_name, code, name, name_en, sort, shipped) VALUES
('case-action', 'start', '进入流程', 'Enter a process', 1, true), ('case-action', 'accept', '受理', 'Accept', 2, true),
('case-action', 'reject', '不予受理', 'Reject', 3, true), ('case-action', 'askVerify', '核实派发', 'Ask for verification', 4, true),
('case-action', 'verify', '核实', 'Verify', 5, true), ('case-action', 'direct', '自行处置', 'Handle directly', 6, true),
('case-action', 'file', '立案', 'File', 7, true), ('case-action', 'dispatch', '派遣', 'Dispatch', 8, true),
('case-action', 'take', '接收', 'Take over', 9, true), ('case-action', 'assign', '指派', 'Assign', 10, true),
('case-action', 'return', '回退', 'Return', 11, true), ('case-action', 'handle', '处置反馈', 'Report as handled', 12, true),
('case-action', 'askCheck', '核查派发', 'Ask for a check', 13, true), ('case-action', 'check', '核查', 'Check', 14, true),
('case-action', 'rework', '返工', 'Send back for rework', 15, true), ('case-action', 'close', '结案', 'Close', 16, true),
('case-action', 'void', '作废', 'Void', 17, true), ('case-action', 'reopen', '重新启动', 'Reopen', 18, true),
('case-action', 'askSuspend', '申请挂账', 'Ask for suspension', 19, true), ('case-action', 'suspend', '挂账', 'Suspend', 20, true),
('case-action', 'refuseSuspend', '不予挂账', 'Refuse suspension', 21, true), ('case-action', 'resume', '恢复办理', 'Resume', 22, true),
('case-action', 'askExtension', '申请延期', 'Ask for extension', 23, true), ('case-action', 'grantExtension', '同意延期', 'Grant extension', 24, true),
('case-action', 'refuseExtension', '不予延期', 'Refuse extension', 25, true), ('case-action', 'supervise', '督办', 'Supervise', 26, true),
('case-action', 'answer', '督办回复', 'Answer the supervision', 27, true), ('case-action', 'appeal', '申诉', 'Appeal', 28, true),
('case-action', 'decideAppeal', '申诉裁定', 'Decide the appeal', 29, true), ('case-action', 'claim', '认领', 'Claim', 30, true),
('case-action', 'release', '释放', 'Release', 31, true), ('case-action', 'merge', '合并', 'Merge', 32, true),
('case-action', 'unmerge', '取消合并', 'Undo a merge', 33, true), ('case-action', 'comment', '批注', 'Comment', 34, true),
('case-action', 'visit', '回访', 'Visit', 35, true), ('case-action', 'withdraw', '撤回', 'Withdraw', 36, true),
('case-action', 'escalate', '升级', 'Escalate', 37, true), ('case-action', 'migrate', '流程版本迁移', 'Change the version of the process', 38, true)
ON CONFLICT ON CONSTRAINT code_table_row_pkey DO NOTHING;

-- Saved versions, and the history of cases, stay as they are, for whoever it is; ENABLE ALWAYS: in a session that restores or
-- replicates too. Nothing here acts on INSERT, so that a restore and the loading of history are free.
CREATE OR REPLACE FUNCTION citybigdata.kept_rows() RETURNS trigger
    AS 'MODULE_PATHNAME', 'cbd_kept_rows' LANGUAGE c SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.kept_rows() IS 'Trigger: rows are not changed or deleted but by functions of this extension that erase a person or archive. Error 40931';
CREATE OR REPLACE TRIGGER process_keep BEFORE UPDATE OR DELETE ON citybigdata.process FOR EACH ROW EXECUTE FUNCTION citybigdata.kept_rows();
CREATE OR REPLACE TRIGGER process_all_keep BEFORE TRUNCATE ON citybigdata.process FOR EACH STATEMENT EXECUTE FUNCTION citybigdata.kept_rows();
CREATE OR REPLACE TRIGGER process_stage_keep BEFORE UPDATE OR DELETE ON citybigdata.process_stage FOR EACH ROW EXECUTE FUNCTION citybigdata.kept_rows();
CREATE OR REPLACE TRIGGER process_stage_all_keep BEFORE TRUNCATE ON citybigdata.process_stage FOR EACH STATEMENT EXECUTE FUNCTION citybigdata.kept_rows();
CREATE OR REPLACE TRIGGER process_move_keep BEFORE UPDATE OR DELETE ON citybigdata.process_move FOR EACH ROW EXECUTE FUNCTION citybigdata.kept_rows();
CREATE OR REPLACE TRIGGER process_move_all_keep BEFORE TRUNCATE ON citybigdata.process_move FOR EACH STATEMENT EXECUTE FUNCTION citybigdata.kept_rows();
CREATE OR REPLACE TRIGGER event_step_keep BEFORE UPDATE OR DELETE ON citybigdata.event_step FOR EACH ROW EXECUTE FUNCTION citybigdata.kept_rows();
CREATE OR REPLACE TRIGGER event_step_all_keep BEFORE TRUNCATE ON citybigdata.event_step FOR EACH STATEMENT EXECUTE FUNCTION citybigdata.kept_rows();
CREATE OR REPLACE TRIGGER event_keep BEFORE DELETE ON citybigdata.event FOR EACH ROW EXECUTE FUNCTION citybigdata.kept_rows();
CREATE OR REPLACE TRIGGER event_all_keep BEFORE TRUNCATE ON citybigdata.event FOR EACH STATEMENT EXECUTE FUNCTION citybigdata.kept_rows();
CREATE OR REPLACE FUNCTION citybigdata.event_guard() RETURNS trigger
    AS 'MODULE_PATHNAME', 'cbd_event_guard' LANGUAGE c SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.event_guard() IS
'Trigger: a case changes stage, state, version, supervision and suspension only by a step of its process that was written in the same transaction; '
'every change moves update_time. Error 40930';
CREATE OR REPLACE TRIGGER event_move_keep BEFORE UPDATE ON citybigdata.event FOR EACH ROW EXECUTE FUNCTION citybigdata.event_guard();
ALTER TABLE citybigdata.process ENABLE ALWAYS TRIGGER process_keep;
ALTER TABLE citybigdata.process ENABLE ALWAYS TRIGGER process_all_keep;
ALTER TABLE citybigdata.process_stage ENABLE ALWAYS TRIGGER process_stage_keep;
ALTER TABLE citybigdata.process_stage ENABLE ALWAYS TRIGGER process_stage_all_keep;
ALTER TABLE citybigdata.process_move ENABLE ALWAYS TRIGGER process_move_keep;
ALTER TABLE citybigdata.process_move ENABLE ALWAYS TRIGGER process_move_all_keep;
ALTER TABLE citybigdata.event_step ENABLE ALWAYS TRIGGER event_step_keep;
ALTER TABLE citybigdata.event_step ENABLE ALWAYS TRIGGER event_step_all_keep;
ALTER TABLE citybigdata.event ENABLE ALWAYS TRIGGER event_keep;
ALTER TABLE citybigdata.event ENABLE ALWAYS TRIGGER event_all_keep;
ALTER TABLE citybigdata.event ENABLE ALWAYS TRIGGER event_move_keep;
CREATE OR REPLACE TRIGGER process_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON citybigdata.process
    FOR EACH STATEMENT EXECUTE FUNCTION citybigdata.reference_changed();

CREATE OR REPLACE FUNCTION citybigdata.process_problems(definition jsonb, OUT pointer text, OUT status_code integer, OUT message text) RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'cbd_process_problems' LANGUAGE c STABLE STRICT SECURITY DEFINER COST 1000 ROWS 3 SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.process_problems(jsonb) IS
'What is wrong with a definition of a process, all at once: pointer (RFC 6901), status code, message; no row: save_process() takes it. 42205 unknown role, action, '
'need or effect; 42240 no such stage; 42241 it cannot be reached; 42242 no way leads out of it to an end; 42243 nobody may act; 42244 effects that do not go together';
CREATE OR REPLACE FUNCTION citybigdata.save_process(definition jsonb, OUT process_code text, OUT version integer) RETURNS record
    AS 'MODULE_PATHNAME', 'cbd_save_process' LANGUAGE c VOLATILE STRICT SECURITY DEFINER COST 10000 SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.save_process(jsonb) IS
'Saves a definition as the newest version of its process, which new cases take; running ones keep theirs (migrate_cases). Content equal to the newest version makes no '
'new one. Errors: 42200 with all that process_problems() tells';
CREATE OR REPLACE FUNCTION citybigdata.install_process(definition jsonb, version integer) RETURNS void
    AS 'MODULE_PATHNAME', 'cbd_install_process' LANGUAGE c VOLATILE STRICT SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.install_process(jsonb, integer) IS
'Installs a shipped version of a process, as the scripts of the extension do; nothing when it is there. Errors: 40931 it is there with another content';
CREATE OR REPLACE FUNCTION citybigdata.migrate_cases(process text, from_version integer, to_version integer, filter jsonb DEFAULT '{}', dry_run boolean DEFAULT true,
        OUT task_num text, OUT from_stage text, OUT to_stage text, OUT status_code integer, OUT message text) RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'cbd_migrate_cases' LANGUAGE c VOLATILE STRICT SECURITY DEFINER COST 100000 SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.migrate_cases(text, integer, integer, jsonb, boolean) IS
'Moves cases to another version of their process: one row each with what happens, or with dry_run, the default, what would. filter: {taskNums, stages, types, divisions, units, '
'stageMap: {old: new}, includeClosed, limit}; types and divisions stand for all below them; open cases only unless includeClosed. status_code 42240: the stage is not in the new version '
'and not mapped, the case stays. Each case is locked by itself and gets a step migrate. Errors: 40411 no such version, 42200 what is wrong with the filter';

-- What the process adds to cases and their steps.
COMMENT ON COLUMN citybigdata.event.version IS 'Version of the case: one more with each step that changes it; a step tells which one it saw';
COMMENT ON COLUMN citybigdata.event.process_code IS 'Process that the case is in; null: none, as history that was loaded';
COMMENT ON COLUMN citybigdata.event.process_version IS 'Version of the process; it stays unless migrate_cases() changes it';
COMMENT ON COLUMN citybigdata.event.stage IS 'Stage that the case is in';
COMMENT ON COLUMN citybigdata.event.base_state IS 'State of the stage, beneath 8 and 9; null: in no process';
COMMENT ON COLUMN citybigdata.event.unit_code IS 'Unit that answers for the case';
COMMENT ON COLUMN citybigdata.event.holder IS 'Account that has the case; null: it is in the pool';
COMMENT ON COLUMN citybigdata.event.condition_code IS 'Filing condition 立案条件';
COMMENT ON COLUMN citybigdata.event.part_code IS 'partCode 部件标识';
COMMENT ON COLUMN citybigdata.event.supervised IS 'Is it under supervision 督办? state shows 9 unless it is suspended';
COMMENT ON COLUMN citybigdata.event.suspended_until IS 'Until when it is suspended 挂账; null: it is not. state shows 8';
COMMENT ON COLUMN citybigdata.event.rework_count IS 'How often it was sent back for rework 返工';
COMMENT ON COLUMN citybigdata.event.closed_at IS 'When it was closed; null: open';
COMMENT ON COLUMN citybigdata.event_step.result IS 'pass or fail, of a verification, check or decision';
COMMENT ON COLUMN citybigdata.event_step.from_stage IS 'Stage before; null: in no process';
COMMENT ON COLUMN citybigdata.event_step.to_stage IS 'Stage after; the same: it stayed';
COMMENT ON COLUMN citybigdata.event_step.by_role IS 'Role of the post that did it, code table case-role';
COMMENT ON COLUMN citybigdata.event_step.by_unit IS 'Unit of that post';
COMMENT ON COLUMN citybigdata.event_step.by_account IS 'Account that did it; null: an application or the platform';
COMMENT ON COLUMN citybigdata.event_step.by_app IS 'Application that it was done by';
COMMENT ON COLUMN citybigdata.event_step.to_unit IS 'Unit that it was given to';
COMMENT ON COLUMN citybigdata.event_step.to_account IS 'Account that it was given to';
COMMENT ON COLUMN citybigdata.event_step.reason IS 'Reason';
COMMENT ON COLUMN citybigdata.event_step.until IS 'Until when: of a suspension, of a reply';
COMMENT ON COLUMN citybigdata.event_step.evaluation IS '1 to 5, of a visit 回访';
COMMENT ON COLUMN citybigdata.event_step.media_from IS 'First medium that came with the step; null: none';
COMMENT ON COLUMN citybigdata.event_step.media_to IS 'Last medium that came with the step';
COMMENT ON COLUMN citybigdata.event_step.version IS 'Version of the case after the step';

CREATE OR REPLACE FUNCTION citybigdata.rest_admin_processes(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    process text, version text, cursor text, page_size text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_admin_processes' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_admin_processes(text, inet, text, text, bytea, text, text, text, text) IS
'GET /admin/processes: {items, nextCursor}, with a version their definitions too. For sysadmin. 401nn, 40304, 40307; 42200, 42204';
CREATE OR REPLACE FUNCTION citybigdata.rest_process_save(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    definition text, dry_run boolean) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_process_save' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_process_save(text, inet, text, text, bytea, text, boolean) IS
'POST /admin/processes: {process, version, changed}; dry_run only looks: {process, dryRun}. For sysadmin. 401nn, 40304, 40307; 422nn all that process_problems() tells';
