-- pg_dump keeps every user row: configuration tables with their sequences; shipped rows filtered out.
SELECT pg_catalog.pg_extension_config_dump('citybigdata.platform', '');

SELECT pg_catalog.pg_extension_config_dump('citybigdata.account', '');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.account_account_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.lockout', '');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.application', '');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.application_app_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.access_request', '');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.access_request_access_request_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.sender', '');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.app_grant', '');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.rate_bucket', '');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.auth_code', '');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.auth_code_family_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.access_token', '');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.oauth_grant', '');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.oauth_code', '');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.refresh_token', '');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.resource', 'WHERE NOT shipped');
-- reservations live for the length of one log-in
SELECT pg_catalog.pg_extension_config_dump('citybigdata.login_reservation', 'WHERE false');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.login_reservation_reservation_id_seq', '');

SELECT pg_catalog.pg_extension_config_dump('citybigdata.event', '');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.event_rec_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.event_media', '');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.event_step', '');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.event_idempotency', '');
-- A restored row of the site takes the place of the shipped one: triggers *_keep.
SELECT pg_catalog.pg_extension_config_dump('citybigdata.event_field', 'WHERE NOT shipped');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.division', 'WHERE NOT shipped');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.division_boundary', 'WHERE NOT shipped');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.code_table', 'WHERE NOT shipped');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.code_table_row', 'WHERE NOT shipped');

-- nonces are of the last minutes
SELECT pg_catalog.pg_extension_config_dump('citybigdata.auth_nonce', 'WHERE false');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.sealing_key', '');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.sealing_key_key_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.sealed_use', '');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.account_totp', '');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.audit_seal_block', '');
-- transactions of the server that was dumped mean nothing elsewhere
SELECT pg_catalog.pg_extension_config_dump('citybigdata.audit_seal_wait', 'WHERE false');
