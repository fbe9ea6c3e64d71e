-- Sums name nobody: they are for analysts; by person only for those who may see people.
GRANT SELECT ON citybigdata.case_rollup TO citybigdata_sysadmin, citybigdata_analyst, citybigdata_analyst_personal;
GRANT EXECUTE ON FUNCTION citybigdata.indicators(date, date, text, text, text, text, text, integer, text[], boolean, boolean, text, boolean, integer, boolean, text),
    citybigdata.workload(date, date, text, text, text, boolean, integer) TO citybigdata_sysadmin, citybigdata_analyst, citybigdata_analyst_personal;
GRANT EXECUTE ON FUNCTION citybigdata.indicators_by_person(date, date, text, text, text, text, text, integer, text[], boolean, boolean, text, boolean, integer, boolean, text),
    citybigdata.workload_by_person(date, date, text, text, text, boolean, integer) TO citybigdata_analyst_personal;
-- The system administrator has the roll-ups made and looked after.
GRANT EXECUTE ON FUNCTION citybigdata.fold_case_facts(integer), citybigdata.merge_rollups(integer), citybigdata.rebuild_case_rollups(), citybigdata.case_rollup_differences() TO citybigdata_sysadmin;
