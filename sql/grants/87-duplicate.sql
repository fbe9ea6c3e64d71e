-- Which case stands for which is no personal data; where the candidates of a case are, analysts see in its row as well.
GRANT SELECT ON citybigdata.case_link, citybigdata.case_link_archive, citybigdata.duplicate_setting
    TO citybigdata_sysadmin, citybigdata_analyst, citybigdata_analyst_personal;
GRANT SELECT (main_rec_id) ON citybigdata.event_step, citybigdata.event_step_archive TO citybigdata_analyst;
GRANT EXECUTE ON FUNCTION citybigdata.find_duplicates(text), citybigdata.find_duplicates(json)
    TO citybigdata_sysadmin, citybigdata_analyst, citybigdata_analyst_personal;
-- The system administrator says what is near and recent.
GRANT INSERT, UPDATE, DELETE ON citybigdata.duplicate_setting TO citybigdata_sysadmin;
