-- Gone, and less for an auditor.
DROP FUNCTION citybigdata.rest_lockout_unlock(text, inet, text, text, bytea, text, text);
REVOKE EXECUTE ON FUNCTION citybigdata.app_code_parts(text) FROM citybigdata_auditor;
