-- Open311 GeoReport v2: endpoints; docs/open311.md. The bodies are arrays as the specification has them.
-- grants name it, so it is never deleted
INSERT INTO citybigdata.resource AS r (resource_code, title, title_zh, shipped) VALUES
('open311', 'Open311 GeoReport v2: reporting, and following one''s own requests', 'Open311 GeoReport v2 上报与跟踪', true)
ON CONFLICT ON CONSTRAINT resource_pkey DO UPDATE SET title = excluded.title, title_zh = excluded.title_zh WHERE r.shipped;

CREATE OR REPLACE FUNCTION citybigdata.rest_open311_services(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
        api_key bytea) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_open311_services' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_open311_services(text, inet, text, text, bytea, bytea) IS
'GET services: the leaves of code table event-type. api_key: SHA-256 of an application''s key; null: the credential of the context';
CREATE OR REPLACE FUNCTION citybigdata.rest_open311_service(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
        service_code text, api_key bytea) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_open311_service' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_open311_service(text, inet, text, text, bytea, text, bytea) IS
'GET services/{code}: its definition, with the attribute level where the site has a dictionary event-level; 40400';
CREATE OR REPLACE FUNCTION citybigdata.rest_open311_report(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
        api_key bytea, jurisdiction_id text, service_code text, lat text, long text, address_string text, description text, first_name text, last_name text,
        phone text, email text, media_url text, media text, level text, idempotency_key text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_open311_report' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_open311_report(text, inet, text, text, bytea, bytea, text, text, text, text, text, text, text, text, text, text, text, text, text, text) IS
'POST requests: a report of table A.4 in the name of the application''s sender (jurisdiction_id, if that is one of them); media: a picture in base64; 400nn, 422nn what is wrong with a field, 40301 it has no sender';
CREATE OR REPLACE FUNCTION citybigdata.rest_open311_requests(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
        api_key bytea, service_request_id text, service_code text, start_date text, end_date text, status text, updated_after text, updated_before text, page text,
        page_size text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_open311_requests' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_open311_requests(text, inet, text, text, bytea, bytea, text, text, text, text, text, text, text, text, text) IS
'GET requests: cases of the caller''s senders, or all with the grant cases, newest first; without a time those of the last 90 days';
CREATE OR REPLACE FUNCTION citybigdata.rest_open311_request(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
        service_request_id text, api_key bytea) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_open311_request' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_open311_request(text, inet, text, text, bytea, text, bytea) IS 'GET requests/{id}: one case; 40402';
CREATE OR REPLACE FUNCTION citybigdata.rest_open311_token(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
        token text, api_key bytea) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_open311_token' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_open311_token(text, inet, text, text, bytea, text, bytea) IS 'GET tokens/{id}: the service_request_id, which is the token itself; 40402';
CREATE OR REPLACE FUNCTION citybigdata.rest_open311_updates(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
        api_key bytea, start_date text, end_date text, service_request_id text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_open311_updates' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_open311_updates(text, inet, text, text, bytea, bytea, text, text, text) IS
'GET servicerequestupdates: steps of cases, oldest first, 1000 at most; of the last day unless a time of at most 31 days, or cases, are named';
CREATE OR REPLACE FUNCTION citybigdata.rest_open311_update(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
        api_key bytea, update_id text, service_request_id text, status text, updated_datetime text, description text, body_digest bytea) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_open311_update' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_open311_update(text, inet, text, text, bytea, bytea, text, text, text, text, text, bytea) IS
'POST servicerequestupdates: a comment of the sender; the same update_id again gets the first reply. 400nn, 40402, 40320 the case is another sender''s';
