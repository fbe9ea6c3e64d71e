-- Endpoints of administration.
CREATE FUNCTION citybigdata.rest_account_suspend(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    id text, reason text) RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_rest_account_suspend' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_account_suspend(text, inet, text, text, bytea, text, text) IS
'POST /admin/accounts/{id}/suspend: {accountId, state}. For sysadmin and secadmin. 401nn, 40304, 40307; 40405; 40900 not active';

CREATE FUNCTION citybigdata.rest_account_resume(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    id text) RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_rest_account_resume' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_account_resume(text, inet, text, text, bytea, text) IS
'POST /admin/accounts/{id}/resume: {accountId, state}. For secadmin. 401nn, 40304, 40307; 40405; 40900 not suspended';

CREATE FUNCTION citybigdata.rest_account_reset_password(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    id text) RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_rest_account_reset_password' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_account_reset_password(text, inet, text, text, bytea, text) IS
'POST /admin/accounts/{id}/reset-password: {accountId, password}, shown this once. For sysadmin. 401nn, 40304, 40307; 40405; 40300 an administrator''s account';

CREATE FUNCTION citybigdata.rest_account_unlock(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    id text) RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_rest_account_unlock' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_account_unlock(text, inet, text, text, bytea, text) IS
'POST /admin/accounts/{id}/unlock: {accountId, unlocked}. For sysadmin and secadmin. 401nn, 40304, 40307; 40405';

CREATE FUNCTION citybigdata.rest_application_suspend(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    application text, reason text) RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_rest_application_suspend' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_application_suspend(text, inet, text, text, bytea, text, text) IS
'POST /admin/applications/{appCode}/suspend: {appCode, state}. For sysadmin and secadmin. 401nn, 40304, 40307; 40400; 40900 not active';

CREATE FUNCTION citybigdata.rest_application_resume(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    application text) RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_rest_application_resume' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_application_resume(text, inet, text, text, bytea, text) IS
'POST /admin/applications/{appCode}/resume: {appCode, state}. For secadmin. 401nn, 40304, 40307; 40400; 40900 not suspended';

CREATE FUNCTION citybigdata.rest_application_revoke(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    application text, reason text) RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_rest_application_revoke' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_application_revoke(text, inet, text, text, bytea, text, text) IS
'POST /admin/applications/{appCode}/revoke: {appCode, state}; for good. For secadmin. 401nn, 40304, 40307; 40400; 40900 revoked before';

CREATE FUNCTION citybigdata.rest_application_rotate(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    application text, overlap text) RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_rest_application_rotate' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_application_rotate(text, inet, text, text, bytea, text, text) IS
'POST /admin/applications/{appCode}/rotate: {appCode, state}; the owner collects the new credentials, the old ones stay valid for overlap seconds after that. For sysadmin and secadmin. 401nn, 40304, 40307; 40400; 42204';

CREATE FUNCTION citybigdata.rest_application_limit(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    application text, resource text, per_second text, burst text, daily_quota text) RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_rest_application_limit' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_application_limit(text, inet, text, text, bytea, text, text, text, text, text) IS
'POST /admin/applications/{appCode}/limit: null; see set_limit(). For sysadmin and secadmin. 401nn, 40304, 40307; 40400; 42204';

CREATE FUNCTION citybigdata.rest_admin_audit(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    since text, until text, action text, cursor text, page_size text) RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_rest_admin_audit' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_admin_audit(text, inet, text, text, bytea, text, text, text, text, text) IS
'GET /admin/audit: {items, nextCursor}; for auditors, audited itself. 401nn, 40304, 40307; 42200';
