-- What processes there are is no secret; the system administrator saves them.
GRANT SELECT ON citybigdata.process, citybigdata.process_stage, citybigdata.process_move
    TO citybigdata_sysadmin, citybigdata_secadmin, citybigdata_auditor, citybigdata_analyst;
GRANT EXECUTE ON FUNCTION citybigdata.process_problems(jsonb), citybigdata.save_process(jsonb) TO citybigdata_sysadmin;
