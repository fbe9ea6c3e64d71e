-- Analysts read events and may check one; storing one is the system administrator's (imports, repairs), who answers for the sender.
GRANT SELECT ON citybigdata.event, citybigdata.event_media, citybigdata.event_step TO citybigdata_analyst;
GRANT EXECUTE ON FUNCTION citybigdata.validate_event(json, text), citybigdata.validate_event(text, text),
    citybigdata.validate_event(jsonb, text) TO citybigdata_analyst, citybigdata_sysadmin;
GRANT EXECUTE ON FUNCTION citybigdata.report_event(text, json, text), citybigdata.report_event(text, text, text),
    citybigdata.report_event(text, jsonb, text), citybigdata.report_events(text, json[], text),
    citybigdata.report_events(text, text[], text) TO citybigdata_sysadmin;

-- At what level the fields of a case are shown is a decision about access; what it is, everybody may know.
GRANT EXECUTE ON FUNCTION citybigdata.set_event_level(text, integer, text) TO citybigdata_secadmin;
GRANT SELECT ON citybigdata.event_field TO citybigdata_sysadmin, citybigdata_secadmin, citybigdata_auditor, citybigdata_analyst;
