-- Messages hold numbers and texts of persons, gateways hold passwords: applications see their own through the bridge, administrators what
-- the administration shows; nobody reads the tables.
GRANT EXECUTE ON FUNCTION citybigdata.send_sms(text, text, text, boolean, text, jsonb), citybigdata.save_gateway(jsonb) TO citybigdata_sysadmin;
GRANT EXECUTE ON FUNCTION citybigdata.sms_mobile(text), citybigdata.sms_parts(text, text) TO citybigdata_sysadmin, citybigdata_analyst;
