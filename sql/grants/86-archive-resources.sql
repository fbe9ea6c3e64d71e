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
GRANT SELECT ON citybigdata.event, citybigdata.event_archive, citybigdata.event_step, citybigdata.event_step_archive, citybigdata.event_archive_key,
    citybigdata.case_fact, citybigdata.unit TO citybigdata_publisher;
GRANT EXECUTE ON FUNCTION citybigdata.event_person(integer, bytea, text) TO citybigdata_publisher;
