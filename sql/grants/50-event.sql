-- Analysts read what a case is about: no column that tells who reported it (name, phone number, what a sender said against their
-- spelling), who handled it, or shows somebody (pictures and sound, their names and addresses). content_digest is left out too: with all
-- else known, a phone number is found by trying them all. citybigdata_analyst_personal is for those who need the rest.
REVOKE SELECT ON citybigdata.event, citybigdata.event_media, citybigdata.event_step FROM citybigdata_analyst;
GRANT SELECT (rec_id, task_num, sender_code, other_task_num, event_desc, address, geom, coordinate_x, coordinate_y, map_longitude, map_latitude,
              district_code, district_name, street_code, street_name, community_code, community_name, event_src_id, rec_type_id, event_level_id,
              event_type_code, main_type_code, sub_type_code, create_time, receive_time, update_time, state, app_id, sender_task_num,
              media_count, step_count, ext)
    ON citybigdata.event TO citybigdata_analyst;
GRANT SELECT (rec_id, media_no, media_type, media_usage, sender_task_num) ON citybigdata.event_media TO citybigdata_analyst;
GRANT SELECT (rec_id, step_no, step_time, action, from_state, to_state) ON citybigdata.event_step TO citybigdata_analyst;
GRANT SELECT ON citybigdata.event, citybigdata.event_media, citybigdata.event_step TO citybigdata_analyst_personal;
-- The view shows each caller what the caller's role may see.
GRANT SELECT ON citybigdata.event_masked TO citybigdata_analyst, citybigdata_analyst_personal;
GRANT EXECUTE ON FUNCTION citybigdata.analyst_level() TO citybigdata_analyst, citybigdata_analyst_personal;
GRANT EXECUTE ON FUNCTION citybigdata.mask_value(text, text, integer, integer) TO citybigdata_analyst_personal;
GRANT EXECUTE ON FUNCTION citybigdata.event_person(integer, bytea, text) TO citybigdata_analyst, citybigdata_analyst_personal;
GRANT EXECUTE ON FUNCTION citybigdata.encrypt_events(integer, integer) TO citybigdata_sysadmin;
-- Validating is for analysts and for who reports.
GRANT EXECUTE ON FUNCTION citybigdata.validate_event(json, text), citybigdata.validate_event(text, text),
    citybigdata.validate_event(jsonb, text) TO citybigdata_analyst, citybigdata_sysadmin;
GRANT EXECUTE ON FUNCTION citybigdata.report_event(text, json, text), citybigdata.report_event(text, text, text),
    citybigdata.report_event(text, jsonb, text), citybigdata.report_events(text, json[], text),
    citybigdata.report_events(text, text[], text) TO citybigdata_sysadmin;

-- At what level the fields of a case are shown is a decision about access; what it is, everybody may know.
GRANT EXECUTE ON FUNCTION citybigdata.set_event_level(text, integer, text) TO citybigdata_secadmin;
GRANT SELECT ON citybigdata.event_field TO citybigdata_sysadmin, citybigdata_secadmin, citybigdata_auditor, citybigdata_analyst;
