-- The role that the platform's own resources are published by: it owns their views, reads what they show, and nobody logs in as it.
DO $$
DECLARE
    view text;
BEGIN
    FOREACH view IN ARRAY ARRAY['published_case', 'published_case_step', 'published_case_fact', 'published_unit'] LOOP
        EXECUTE pg_catalog.format('ALTER VIEW citybigdata.%I OWNER TO citybigdata_publisher', view);
    END LOOP;
END
$$;
GRANT USAGE ON SCHEMA citybigdata TO citybigdata_publisher;
GRANT SELECT (rec_id, task_num, sender_code, other_task_num, event_desc, address, geom, district_code, district_name, street_code, street_name,
              community_code, community_name, event_src_id, rec_type_id, event_level_id, event_type_code, main_type_code, sub_type_code, create_time,
              receive_time, update_time, state, process_code, process_version, stage, base_state, unit_code, condition_code, part_code, supervised,
              suspended_until, rework_count, closed_at, human_name, cellphone, personal, media_count, step_count)
    ON citybigdata.event, citybigdata.event_archive TO citybigdata_publisher;
GRANT SELECT (rec_id, step_no, step_time, action, result, from_stage, to_stage, from_state, to_state, by_role, by_unit, step_by, to_unit, note, reason,
              until, evaluation, version)
    ON citybigdata.event_step, citybigdata.event_step_archive TO citybigdata_publisher;
GRANT SELECT ON citybigdata.case_facts, citybigdata.unit TO citybigdata_publisher;
GRANT EXECUTE ON FUNCTION citybigdata.event_person(integer, bytea, text) TO citybigdata_publisher;
-- The upgrade of a platform that was set up before publishes them once the last of their views has its owner: 96-camera.sql.
