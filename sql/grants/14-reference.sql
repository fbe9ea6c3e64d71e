-- Codes are public knowledge; the system administrator loads them.
GRANT SELECT ON citybigdata.code_table, citybigdata.code_table_row
    TO citybigdata_sysadmin, citybigdata_secadmin, citybigdata_auditor, citybigdata_analyst;
GRANT EXECUTE ON FUNCTION citybigdata.code_known(text, text), citybigdata.code_name(text, text)
    TO citybigdata_sysadmin, citybigdata_secadmin, citybigdata_auditor, citybigdata_analyst;
GRANT EXECUTE ON FUNCTION citybigdata.load_code_table(text, jsonb, text, boolean, text, text),
    citybigdata.load_code_table_file(text, text, text, boolean, text, text)
    TO citybigdata_sysadmin;
