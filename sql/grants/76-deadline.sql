-- Filing conditions are for everybody who deals with cases; the system administrator loads them.
GRANT SELECT ON citybigdata.filing_condition TO citybigdata_sysadmin, citybigdata_secadmin, citybigdata_auditor, citybigdata_analyst;
GRANT EXECUTE ON FUNCTION citybigdata.escalation_rungs(text, integer) TO citybigdata_sysadmin, citybigdata_secadmin, citybigdata_auditor, citybigdata_analyst;
GRANT EXECUTE ON FUNCTION citybigdata.run_clocks(integer) TO citybigdata_sysadmin;
-- Deadlines name nobody.
GRANT SELECT ON citybigdata.case_clock, citybigdata.case_clock_stop, citybigdata.case_escalation TO citybigdata_sysadmin, citybigdata_analyst;
GRANT EXECUTE ON FUNCTION citybigdata.case_light(integer, timestamptz), citybigdata.case_clocks(integer, timestamptz),
    citybigdata.clock_light(timestamptz, timestamptz, timestamptz, timestamptz, timestamptz, timestamptz) TO citybigdata_sysadmin, citybigdata_analyst;
GRANT EXECUTE ON FUNCTION citybigdata.save_condition(jsonb), citybigdata.load_conditions(text), citybigdata.load_conditions_file(text) TO citybigdata_sysadmin;
GRANT EXECUTE ON FUNCTION citybigdata.limit_unit(text), citybigdata.time_limit(text), citybigdata.case_conditions(integer) TO citybigdata_sysadmin, citybigdata_analyst;
