-- Grants of the open data interface.

-- Analysts and system administrators publish what they may read, and query what is published.
GRANT EXECUTE ON FUNCTION citybigdata.publish(text, jsonb), citybigdata.unpublish(text), citybigdata.query(text, jsonb),
      citybigdata.query_text(text, jsonb), citybigdata.query_parameters(), citybigdata.catalogue_problems()
    TO citybigdata_analyst, citybigdata_sysadmin;
GRANT SELECT ON citybigdata.resource_version, citybigdata.resource_field, citybigdata.resource_parameter
    TO citybigdata_analyst, citybigdata_sysadmin, citybigdata_secadmin, citybigdata_auditor;

GRANT EXECUTE ON FUNCTION citybigdata.publish_options(), citybigdata.option_fault(text, text, jsonb), citybigdata.is_day(text) TO citybigdata_analyst, citybigdata_sysadmin;

-- They define datasets, ingest and fuse. Staged rows carry the role's name, which nobody may choose; row security does the rest.
GRANT EXECUTE ON FUNCTION citybigdata.define_dataset(text, text, jsonb), citybigdata.ingest(text, jsonb), citybigdata.ingest_staged(text),
      citybigdata.ingest_insert(text, text, text[], jsonb[]), citybigdata.ingest_group(text, text[], text[], jsonb[]),
      citybigdata.ingest_command(text, text[], text[], boolean), citybigdata.clean_row(jsonb, jsonb), citybigdata.clean_text(text), citybigdata.clean_phone(text),
      citybigdata.text_similarity(text, text), citybigdata.check_option_names(jsonb, text[], text), citybigdata.fuse(text, text[], jsonb),
      citybigdata.fuse_source(text, integer, text, jsonb), citybigdata.fuse_place(text, text), citybigdata.relation_columns(text, text, text)
    TO citybigdata_analyst, citybigdata_sysadmin;
GRANT SELECT ON citybigdata.dataset, citybigdata.ingest_batch, citybigdata.ingest_reject TO citybigdata_analyst, citybigdata_sysadmin;
GRANT INSERT (dataset_code, record) ON citybigdata.ingest_staging TO citybigdata_analyst, citybigdata_sysadmin;
GRANT SELECT, INSERT, DELETE ON citybigdata.fusion_member TO citybigdata_analyst, citybigdata_sysadmin;
