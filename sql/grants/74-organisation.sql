-- Who is in which unit and answers for what is known to every administrator and analyst; posts name persons: not to analysts. All
-- is changed by functions alone.
GRANT SELECT ON citybigdata.unit, citybigdata.duty_grid, citybigdata.responsibility
    TO citybigdata_sysadmin, citybigdata_secadmin, citybigdata_auditor, citybigdata_analyst;
GRANT SELECT ON citybigdata.post TO citybigdata_sysadmin, citybigdata_secadmin, citybigdata_auditor;
GRANT EXECUTE ON FUNCTION citybigdata.responsible_unit(text, text), citybigdata.unit_answers(text, text, text), citybigdata.unit_within(text, text),
    citybigdata.post_covers(text, text, text, text)
    TO citybigdata_sysadmin, citybigdata_secadmin, citybigdata_auditor, citybigdata_analyst;
