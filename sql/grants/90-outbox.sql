-- Messages name cases and addresses of other systems: for who runs the platform. Nobody writes them but the functions.
GRANT EXECUTE ON FUNCTION citybigdata.outbox_problems(), citybigdata.outbox_retry(bigint), citybigdata.outbox_retry(text, text) TO citybigdata_sysadmin;
