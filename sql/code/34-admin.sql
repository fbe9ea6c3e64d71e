-- Endpoints of administration.
CREATE OR REPLACE FUNCTION citybigdata.rest_account_suspend(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    id text, reason text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_account_suspend' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_account_suspend(text, inet, text, text, bytea, text, text) IS
'POST /admin/accounts/{id}/suspend: {accountId, state}. For sysadmin and secadmin. 401nn, 40304, 40307; 40405; 40900 not active';

CREATE OR REPLACE FUNCTION citybigdata.rest_account_resume(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    id text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_account_resume' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_account_resume(text, inet, text, text, bytea, text) IS
'POST /admin/accounts/{id}/resume: {accountId, state}. For secadmin. 401nn, 40304, 40307; 40405; 40900 not suspended';

CREATE OR REPLACE FUNCTION citybigdata.rest_account_reset_password(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    id text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_account_reset_password' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_account_reset_password(text, inet, text, text, bytea, text) IS
'POST /admin/accounts/{id}/reset-password: {accountId, password}, shown this once. For sysadmin. 401nn, 40304, 40307; 40405; 40300 an administrator''s account';

CREATE OR REPLACE FUNCTION citybigdata.rest_account_unlock(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    id text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_account_unlock' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_account_unlock(text, inet, text, text, bytea, text) IS
'POST /admin/accounts/{id}/unlock: {accountId, unlocked}. For sysadmin and secadmin. 401nn, 40304, 40307; 40405';

CREATE OR REPLACE FUNCTION citybigdata.rest_application_suspend(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    application text, reason text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_application_suspend' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_application_suspend(text, inet, text, text, bytea, text, text) IS
'POST /admin/applications/{appCode}/suspend: {appCode, state}. For sysadmin and secadmin. 401nn, 40304, 40307; 40400; 40900 not active';

CREATE OR REPLACE FUNCTION citybigdata.rest_application_resume(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    application text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_application_resume' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_application_resume(text, inet, text, text, bytea, text) IS
'POST /admin/applications/{appCode}/resume: {appCode, state}. For secadmin. 401nn, 40304, 40307; 40400; 40900 not suspended';

CREATE OR REPLACE FUNCTION citybigdata.rest_application_revoke(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    application text, reason text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_application_revoke' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_application_revoke(text, inet, text, text, bytea, text, text) IS
'POST /admin/applications/{appCode}/revoke: {appCode, state}; for good. For secadmin. 401nn, 40304, 40307; 40400; 40900 revoked before';

CREATE OR REPLACE FUNCTION citybigdata.rest_application_rotate(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    application text, overlap text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_application_rotate' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_application_rotate(text, inet, text, text, bytea, text, text) IS
'POST /admin/applications/{appCode}/rotate: {appCode, state}; the owner collects the new credentials, the old ones stay valid for overlap seconds after that. For sysadmin and secadmin. 401nn, 40304, 40307; 40400; 42204';

CREATE OR REPLACE FUNCTION citybigdata.rest_application_limit(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    application text, resource text, per_second text, burst text, daily_quota text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_application_limit' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_application_limit(text, inet, text, text, bytea, text, text, text, text, text) IS
'POST /admin/applications/{appCode}/limit: null; see set_limit(). For sysadmin and secadmin. 401nn, 40304, 40307; 40400; 42204';

CREATE OR REPLACE FUNCTION citybigdata.rest_admin_audit(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    since text, until text, action text, cursor text, page_size text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_admin_audit' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_admin_audit(text, inet, text, text, bytea, text, text, text, text, text) IS
'GET /admin/audit: {items, nextCursor}; for auditors, audited itself. 401nn, 40304, 40307; 42200';

CREATE OR REPLACE FUNCTION citybigdata.rest_account_revoke(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    id text, reason text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_account_revoke' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_account_revoke(text, inet, text, text, bytea, text, text) IS
'POST /admin/accounts/{id}/revoke: {accountId, state}; for good. For secadmin. 401nn, 40304, 40307; 40405; 40309 the own account; 40906 the last security administrator; 40900 revoked or rejected before';

CREATE OR REPLACE FUNCTION citybigdata.rest_account_expire(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    id text, valid_until text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_account_expire' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_account_expire(text, inet, text, text, bytea, text, text) IS
'POST /admin/accounts/{id}/expire: {accountId, state}; valid_until: a time, or never. For secadmin. 401nn, 40304, 40307; 40405; 40309 the own account; 40906 the last security administrator';

CREATE OR REPLACE FUNCTION citybigdata.rest_account_role(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    id text, role text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_account_role' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_account_role(text, inet, text, text, bytea, text, text) IS
'POST /admin/accounts/{id}/role: {accountId, state}; role: sysadmin, secadmin, auditor, none; tokens of the role before end. For secadmin. 401nn, 40304, 40307; 40405; 40309 the own account; 40906 the last security administrator; 40907 it holds a post; 40900 not active';

CREATE OR REPLACE FUNCTION citybigdata.rest_account_second_factor(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    id text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_account_second_factor' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_account_second_factor(text, inet, text, text, bytea, text) IS
'POST /admin/accounts/{id}/second-factor: {accountId, userName, address}, the otpauth:// address of a new secret, shown this once. For secadmin. 401nn, 40304, 40307; 40405; 40309 the own account; 40900 not active';

CREATE OR REPLACE FUNCTION citybigdata.rest_application_expire(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    application text, valid_until text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_application_expire' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_application_expire(text, inet, text, text, bytea, text, text) IS
'POST /admin/applications/{appCode}/expire: {appCode}; valid_until: a time, or never. For secadmin. 401nn, 40304, 40307; 40400; 40309; 40900 revoked';

CREATE OR REPLACE FUNCTION citybigdata.rest_grant_add(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    application text, resource text, level text, valid_until text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_grant_add' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_grant_add(text, inet, text, text, bytea, text, text, text, text) IS
'POST /admin/applications/{appCode}/grants: {appCode, resource, state}; level 1 to 4 (1), valid_until: a time, or never (never). For secadmin. 401nn, 40304, 40307; 40400; 40309; 40407; 42200; 40900 the application is revoked';

CREATE OR REPLACE FUNCTION citybigdata.rest_grant_suspend(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    application text, resource text, reason text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_grant_suspend' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_grant_suspend(text, inet, text, text, bytea, text, text, text) IS
'POST /admin/applications/{appCode}/grants/{resource}/suspend: {appCode, resource, state}. For sysadmin and secadmin. 401nn, 40304, 40307; 40400; 40309; 40900 not active';

CREATE OR REPLACE FUNCTION citybigdata.rest_grant_resume(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    application text, resource text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_grant_resume' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_grant_resume(text, inet, text, text, bytea, text, text) IS
'POST /admin/applications/{appCode}/grants/{resource}/resume: {appCode, resource, state}. For secadmin. 401nn, 40304, 40307; 40400; 40309; 40900 not suspended';

CREATE OR REPLACE FUNCTION citybigdata.rest_grant_revoke(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    application text, resource text, reason text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_grant_revoke' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_grant_revoke(text, inet, text, text, bytea, text, text, text) IS
'POST /admin/applications/{appCode}/grants/{resource}/revoke: {appCode, resource, state}. For secadmin. 401nn, 40304, 40307; 40400; 40309; 40900 revoked before';

CREATE OR REPLACE FUNCTION citybigdata.rest_grant_expire(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    application text, resource text, valid_until text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_grant_expire' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_grant_expire(text, inet, text, text, bytea, text, text, text) IS
'POST /admin/applications/{appCode}/grants/{resource}/expire: {appCode, resource}. For secadmin. 401nn, 40304, 40307; 40400; 40309; 40900 revoked';
