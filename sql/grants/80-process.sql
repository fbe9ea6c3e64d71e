-- What processes there are is no secret; the system administrator saves them.
GRANT SELECT ON citybigdata.process, citybigdata.process_stage, citybigdata.process_move
    TO citybigdata_sysadmin, citybigdata_secadmin, citybigdata_auditor, citybigdata_analyst;
GRANT EXECUTE ON FUNCTION citybigdata.process_problems(jsonb), citybigdata.save_process(jsonb) TO citybigdata_sysadmin;
GRANT EXECUTE ON FUNCTION citybigdata.migrate_cases(text, integer, integer, jsonb, boolean) TO citybigdata_sysadmin;
-- Where cases stand is no personal data; who holds them, did something, and what was said is.
GRANT SELECT (version, process_code, process_version, stage, base_state, unit_code, condition_code, part_code, supervised, suspended_until, rework_count, closed_at)
    ON citybigdata.event TO citybigdata_analyst;
GRANT SELECT (result, from_stage, to_stage, by_role, by_unit, to_unit, until, evaluation, version) ON citybigdata.event_step TO citybigdata_analyst;
