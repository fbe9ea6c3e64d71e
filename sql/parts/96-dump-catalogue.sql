-- pg_dump keeps the catalogue.
SELECT pg_catalog.pg_extension_config_dump('citybigdata.resource_version', '');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.resource_field', '');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.resource_parameter', '');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.cursor_key', '');
