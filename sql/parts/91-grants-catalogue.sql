-- Grants of the open data interface.

-- Analysts and system administrators publish what they may read, and query what is published.
GRANT EXECUTE ON FUNCTION citybigdata.publish(text, jsonb), citybigdata.unpublish(text), citybigdata.query(text, jsonb),
      citybigdata.query_text(text, jsonb), citybigdata.query_parameters(), citybigdata.catalogue_problems()
    TO citybigdata_analyst, citybigdata_sysadmin;
GRANT SELECT ON citybigdata.resource_version, citybigdata.resource_field, citybigdata.resource_parameter
    TO citybigdata_analyst, citybigdata_sysadmin, citybigdata_secadmin, citybigdata_auditor;
