-- pg_dump keeps every user row: configuration tables with their sequences; shipped rows filtered out.
SELECT pg_catalog.pg_extension_config_dump('citybigdata.platform', '');
