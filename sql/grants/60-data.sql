-- The open data interface and the data layer.

-- Masking computes on its arguments alone.
GRANT EXECUTE ON FUNCTION citybigdata.mask_phone(text), citybigdata.mask_name(text), citybigdata.mask_address(text),
    citybigdata.mask_id_number(text), citybigdata.mask_keep(text, integer, integer),
    citybigdata.mask_value(text, text, integer, integer)
    TO citybigdata_sysadmin, citybigdata_secadmin, citybigdata_analyst;

-- Analysts and system administrators publish what is theirs, and query what is published.
GRANT EXECUTE ON FUNCTION citybigdata.publish(text, jsonb), citybigdata.unpublish(text), citybigdata.query(text, jsonb),
    citybigdata.query_text(text, jsonb), citybigdata.query_parameters(), citybigdata.catalogue_problems()
    TO citybigdata_analyst, citybigdata_sysadmin;
GRANT SELECT ON citybigdata.resource_version, citybigdata.resource_field, citybigdata.resource_parameter
    TO citybigdata_analyst, citybigdata_sysadmin, citybigdata_secadmin, citybigdata_auditor;
GRANT EXECUTE ON FUNCTION citybigdata.publish_options(), citybigdata.option_error(text, text, jsonb), citybigdata.is_day(text)
    TO citybigdata_analyst, citybigdata_sysadmin;

-- What shows more than before needs the consent of another kind of administrator.
GRANT EXECUTE ON FUNCTION citybigdata.approve_levels(text, integer), citybigdata.refuse_levels(text, integer) TO citybigdata_secadmin;
GRANT SELECT ON citybigdata.level_proposal TO citybigdata_analyst, citybigdata_sysadmin, citybigdata_secadmin, citybigdata_auditor;

-- They define datasets, ingest and fuse. Staged rows carry the role's name, which nobody may choose; row security does the rest.
GRANT EXECUTE ON FUNCTION citybigdata.define_dataset(text, text, jsonb), citybigdata.ingest(text, jsonb), citybigdata.ingest_staged(text),
    citybigdata.ingest_insert(text, text, text[], jsonb[]), citybigdata.ingest_turns(text, text[], text[], jsonb[]), citybigdata.ingest_group(text, text[], text[], jsonb[]),
    citybigdata.ingest_columns(oid, text[]), citybigdata.ingest_command(text, text[], text[], boolean), citybigdata.clean_row(jsonb, jsonb), citybigdata.clean_text(text), citybigdata.clean_phone(text),
    citybigdata.text_similarity(text, text), citybigdata.check_option_names(jsonb, text[], text), citybigdata.fuse(text, text[], jsonb),
    citybigdata.fuse_source(text, integer, text, jsonb), citybigdata.fuse_records(text, jsonb), citybigdata.column_serves(oid, text),
    citybigdata.relation_columns(text, text, text)
    TO citybigdata_analyst, citybigdata_sysadmin;
GRANT SELECT ON citybigdata.dataset, citybigdata.ingest_batch, citybigdata.ingest_reject TO citybigdata_analyst, citybigdata_sysadmin;
GRANT INSERT (dataset_code, record) ON citybigdata.ingest_staging TO citybigdata_analyst, citybigdata_sysadmin;
GRANT SELECT, INSERT, DELETE ON citybigdata.fusion_member TO citybigdata_analyst, citybigdata_sysadmin;

-- Refused records may hold personal data: the dataset's owner sees them, nobody else of the analysts.
ALTER TABLE citybigdata.ingest_reject ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS ingest_reject_owner ON citybigdata.ingest_reject;
CREATE POLICY ingest_reject_owner ON citybigdata.ingest_reject FOR SELECT
    USING (EXISTS (SELECT FROM citybigdata.ingest_batch b JOIN citybigdata.dataset d ON d.dataset_code OPERATOR(pg_catalog.=) b.dataset_code
                   JOIN pg_catalog.pg_roles r ON r.rolname OPERATOR(pg_catalog.=) d.owner_role::name
                   WHERE b.batch_id OPERATOR(pg_catalog.=) ingest_reject.batch_id AND pg_catalog.pg_has_role(r.oid, 'MEMBER')));

-- Everybody fuses for himself and sees his own.
ALTER TABLE citybigdata.fusion_member ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS fusion_member_own ON citybigdata.fusion_member;
CREATE POLICY fusion_member_own ON citybigdata.fusion_member USING (fused_by OPERATOR(pg_catalog.=) CURRENT_USER);

-- Housekeeping is the system administrator's.
GRANT EXECUTE ON FUNCTION citybigdata.expire_ingested(integer) TO citybigdata_sysadmin;
