-- Endpoints of administration: what administrators look through.
CREATE OR REPLACE FUNCTION citybigdata.rest_admin_accounts(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    state text, user_name text, role text, cursor text, page_size text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_admin_accounts' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_admin_accounts(text, inet, text, text, bytea, text, text, text, text, text) IS
'GET /admin/accounts: {items, nextCursor}. For sysadmin and secadmin, audited. 401nn, 40304, 40307; 42204';

CREATE OR REPLACE FUNCTION citybigdata.rest_admin_access_requests(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    state text, account_id text, cursor text, page_size text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_admin_access_requests' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_admin_access_requests(text, inet, text, text, bytea, text, text, text, text) IS
'GET /admin/access-requests: {items, nextCursor}. For secadmin, audited. 401nn, 40304, 40307; 42204';

CREATE OR REPLACE FUNCTION citybigdata.rest_admin_applications(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    state text, account_id text, application text, cursor text, page_size text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_admin_applications' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_admin_applications(text, inet, text, text, bytea, text, text, text, text, text) IS
'GET /admin/applications: {items, nextCursor}, each with its senderCodes and grants. For sysadmin and secadmin, audited. 401nn, 40304, 40307; 42204';

CREATE OR REPLACE FUNCTION citybigdata.rest_admin_lockouts(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    kind text, cursor text, page_size text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_admin_lockouts' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_admin_lockouts(text, inet, text, text, bytea, text, text, text) IS
'GET /admin/lockouts: {items, nextCursor}. For sysadmin and secadmin, audited. 401nn, 40304, 40307; 42204';

CREATE OR REPLACE FUNCTION citybigdata.rest_lockout_unlock(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    kind text, subject text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_lockout_unlock' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_lockout_unlock(text, inet, text, text, bytea, text, text) IS
'POST /admin/lockouts/unlock: {kind, subject, unlocked}; kind: address, account, application, registration. For sysadmin and secadmin. 401nn, 40304, 40307; 42204';
