-- Steps name people: the system administrator takes and reads them; analysts see how far cases are, not who has them.
GRANT EXECUTE ON FUNCTION citybigdata.start_process(text, text), citybigdata.advance_case(text, jsonb, text) TO citybigdata_sysadmin;
GRANT EXECUTE ON FUNCTION citybigdata.case_history(text) TO citybigdata_sysadmin, citybigdata_analyst_personal;
GRANT EXECUTE ON FUNCTION citybigdata.case_todo(text, text, text, text, integer, text, text, boolean, integer, text) TO citybigdata_sysadmin;
