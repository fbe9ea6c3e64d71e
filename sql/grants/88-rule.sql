-- Rules are the system administrator's; they name nobody. Who audits sees what acted, and what failed.
GRANT SELECT ON citybigdata.rule, citybigdata.rules_in_force, citybigdata.rule_act, citybigdata.rule_failure TO citybigdata_sysadmin, citybigdata_auditor;
GRANT EXECUTE ON FUNCTION citybigdata.rule_problems(jsonb), citybigdata.save_rule(jsonb), citybigdata.explain_rules(json, boolean),
    citybigdata.dry_run_rule(jsonb, tstzrange), citybigdata.rule_failures(timestamptz) TO citybigdata_sysadmin;
