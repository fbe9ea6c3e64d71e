-- pg_dump keeps the catalogue.
SELECT pg_catalog.pg_extension_config_dump('citybigdata.resource_version', '');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.resource_field', '');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.resource_parameter', '');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.cursor_key', '');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.dataset', '');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.ingest_batch', '');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.ingest_batch_batch_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.ingest_reject', '');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.ingest_reject_reject_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.ingest_staging', '');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.ingest_staging_staged_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.fusion_member', '');
