-- Who is in which unit and answers for what is known to every administrator and analyst; posts name persons: not to analysts. All
-- is changed by functions alone.
GRANT SELECT ON citybigdata.unit, citybigdata.duty_grid, citybigdata.responsibility
    TO citybigdata_sysadmin, citybigdata_secadmin, citybigdata_auditor;
-- Analysts read no person: neither whom a unit is asked by, which resource units shows masked, nor who inspects a grid.
REVOKE SELECT ON citybigdata.unit, citybigdata.duty_grid FROM citybigdata_analyst;
GRANT SELECT (unit_code, name, parent_code, divisions, event_types, calendar, state, updated_at) ON citybigdata.unit TO citybigdata_analyst;
GRANT SELECT (grid_code, name, division_code, geom, unit_code, updated_at) ON citybigdata.duty_grid TO citybigdata_analyst;
GRANT SELECT ON citybigdata.responsibility TO citybigdata_analyst;
GRANT SELECT ON citybigdata.post TO citybigdata_sysadmin, citybigdata_secadmin, citybigdata_auditor;
GRANT EXECUTE ON FUNCTION citybigdata.responsible_unit(text, text), citybigdata.unit_answers(text, text, text), citybigdata.unit_within(text, text),
    citybigdata.post_covers(text, text, text, text)
    TO citybigdata_sysadmin, citybigdata_secadmin, citybigdata_auditor, citybigdata_analyst;
GRANT SELECT ON citybigdata.post_in_force TO citybigdata_sysadmin, citybigdata_secadmin, citybigdata_auditor;
GRANT EXECUTE ON FUNCTION citybigdata.duty_grid_at(geometry) TO citybigdata_sysadmin, citybigdata_secadmin, citybigdata_auditor, citybigdata_analyst;

-- The system administrator says how the work is divided among units; who may act in them is access, for the security administrator.
GRANT EXECUTE ON FUNCTION citybigdata.save_unit(text, text, text, text[], text[], text, text, text, text), citybigdata.remove_unit(text), citybigdata.load_units(text),
    citybigdata.save_responsibility(text, text, text), citybigdata.remove_responsibility(text, text), citybigdata.load_responsibilities(text),
    citybigdata.save_grid(text, text, text, text, text, text), citybigdata.remove_grid(text), citybigdata.load_grids(jsonb)
    TO citybigdata_sysadmin;
GRANT EXECUTE ON FUNCTION citybigdata.save_post(text, text, text, text, timestamptz, timestamptz), citybigdata.end_post(bigint),
    citybigdata.delegate_post(bigint, text, timestamptz, timestamptz), citybigdata.load_posts(text)
    TO citybigdata_secadmin;
