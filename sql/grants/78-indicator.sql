-- Counters name nobody: they are for analysts; who did it is for those who may see people.
GRANT SELECT (rec_id, report_time, district_code, street_code, community_code, unit_code, event_src_id, event_type_code, main_type_code, sub_type_code, bundle_deadline, report, public_report, valid_report, operate, inst, intime_inst, accur_inst, not_inst, need_dispatch, dispatch, intime_dispatch, accur_dispatch, wrong_dispatch, need_dispose, dispose, need_verify, verify, intime_verify, need_check, "check", intime_check, archive, rework, multi_rework, back, his_hang, postpone, exempt, cancel, visit, satisfied, neutral, unsatisfied, merged, intime_dispose, overtime_dispose, intime_archive, overtime_archive, hang, public_inst, to_operate, to_dispose, intime_to_dispose, overtime_to_dispose, to_archive, intime_to_archive, overtime_to_archive, need_archive, due_archive, bundle_begin, bundle_end, dispose_begin, dispose_end, dispose_deadline, dispose_used, dispose_limit, bundle_used, bundle_limit, overtime_multiple)
    ON citybigdata.case_facts TO citybigdata_analyst;
GRANT SELECT ON citybigdata.case_facts TO citybigdata_analyst_personal;
GRANT SELECT ON citybigdata.indicator, citybigdata.public_source TO citybigdata_sysadmin, citybigdata_analyst, citybigdata_analyst_personal;
GRANT EXECUTE ON FUNCTION citybigdata.case_indicators(timestamptz, timestamptz, text, text), citybigdata.indicator_counters()
    TO citybigdata_sysadmin, citybigdata_analyst, citybigdata_analyst_personal;
GRANT EXECUTE ON FUNCTION citybigdata.case_indicators_by_person(timestamptz, timestamptz, text, text) TO citybigdata_analyst_personal;
-- The system administrator sets formulas and sources, and has the facts worked out again.
GRANT INSERT, DELETE ON citybigdata.public_source TO citybigdata_sysadmin;
GRANT EXECUTE ON FUNCTION citybigdata.save_indicator(text, text[], text[], text, text), citybigdata.recount_case_facts(integer, integer),
    citybigdata.recount_case_facts(integer[]), citybigdata.case_fact_differences(integer, integer) TO citybigdata_sysadmin;
