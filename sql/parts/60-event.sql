-- Event: validating, reporting, reading. The same C code serves SQL and the endpoints.
-- SECURITY DEFINER: callers need no right on the tables, only on the function.
CREATE FUNCTION citybigdata.validate_event(data json, profile text DEFAULT 'strict',
        OUT pointer text, OUT status_code integer, OUT message text, OUT severity text) RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'cbd_validate_event' LANGUAGE c STABLE SECURITY DEFINER ROWS 3 COST 1000 SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.validate_event(json, text) IS
'Checks an event of table A.4: one row per fault (severity error) or remark (severity warning); no row = valid. '
'pointer: RFC 6901 into data; profile: strict or egova';

CREATE FUNCTION citybigdata.validate_event(data text, profile text DEFAULT 'strict',
        OUT pointer text, OUT status_code integer, OUT message text, OUT severity text) RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'cbd_validate_event' LANGUAGE c STABLE SECURITY DEFINER ROWS 3 COST 1000 SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.validate_event(text, text) IS
'validate_event of a text: what is not JSON gives a row, not an error';

CREATE FUNCTION citybigdata.validate_event(data jsonb, profile text DEFAULT 'strict',
        OUT pointer text, OUT status_code integer, OUT message text, OUT severity text) RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'cbd_validate_event_jsonb' LANGUAGE c STABLE SECURITY DEFINER ROWS 3 COST 1000 SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.validate_event(jsonb, text) IS
'validate_event of a jsonb, which has lost duplicate keys already';

CREATE FUNCTION citybigdata.report_event(sender text, data json, profile text DEFAULT NULL,
        OUT rec_id integer, OUT task_num text, OUT status_code integer, OUT faults jsonb, OUT warnings jsonb) RETURNS record
    AS 'MODULE_PATHNAME', 'cbd_report_event' LANGUAGE c VOLATILE SECURITY DEFINER COST 10000 SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.report_event(text, json, text) IS
'Validates and stores one event of a sender. status_code 0: stored, or reported before with the same content; 40901: reported before with other '
'content, rec_id and task_num are the first ones; else faults tells why. profile: strict or egova; null = that of the sender''s application, else strict';

CREATE FUNCTION citybigdata.report_event(sender text, data text, profile text DEFAULT NULL,
        OUT rec_id integer, OUT task_num text, OUT status_code integer, OUT faults jsonb, OUT warnings jsonb) RETURNS record
    AS 'MODULE_PATHNAME', 'cbd_report_event' LANGUAGE c VOLATILE SECURITY DEFINER COST 10000 SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.report_event(text, text, text) IS 'report_event of a text: what is not JSON is a fault, not an error';

CREATE FUNCTION citybigdata.report_event(sender text, data jsonb, profile text DEFAULT NULL,
        OUT rec_id integer, OUT task_num text, OUT status_code integer, OUT faults jsonb, OUT warnings jsonb) RETURNS record
    AS 'MODULE_PATHNAME', 'cbd_report_event_jsonb' LANGUAGE c VOLATILE SECURITY DEFINER COST 10000 SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.report_event(text, jsonb, text) IS 'report_event of a jsonb, which has lost duplicate keys already';

CREATE FUNCTION citybigdata.report_events(sender text, data json[], profile text DEFAULT NULL,
        OUT rec_id integer, OUT task_num text, OUT status_code integer, OUT faults jsonb, OUT warnings jsonb) RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'cbd_report_events' LANGUAGE c VOLATILE SECURITY DEFINER COST 100000 SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.report_events(text, json[], text) IS
'report_event for each element, in one transaction: one row per element in their order; bad ones tell why, good ones are kept';

CREATE FUNCTION citybigdata.report_events(sender text, data text[], profile text DEFAULT NULL,
        OUT rec_id integer, OUT task_num text, OUT status_code integer, OUT faults jsonb, OUT warnings jsonb) RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'cbd_report_events' LANGUAGE c VOLATILE SECURITY DEFINER COST 100000 SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.report_events(text, text[], text) IS 'report_events of texts';

-- Endpoints: see extension/rest.h for the call context and the reply frame.
CREATE FUNCTION citybigdata.rest_event_report(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
        sender_code text, action_type text, data text, dry_run boolean, idempotency_key text, body_digest bytea) RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_rest_event_report' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_event_report(text, inet, text, text, bytea, text, text, text, boolean, text, bytea) IS
'POST /events (tables A.3-A.5): reply frame with data {recID, taskNum}';

CREATE FUNCTION citybigdata.rest_event_upstream(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
        sender_code text, action_type text, data text) RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_rest_event_upstream' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_event_upstream(text, inet, text, text, bytea, text, text, text) IS
'POST /openapi/v2/upstream[/uprecreport]: always profile egova; without a credential by senderCode and client address';

CREATE FUNCTION citybigdata.rest_event_get(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
        task_num text, time_format text, crs text) RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_rest_event_get' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_event_get(text, inet, text, text, bytea, text, text, text) IS
'GET /events/{taskNum}: reply frame with one case';

CREATE FUNCTION citybigdata.rest_event_find(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
        other_task_num text, sender_code text, since text, time_format text, crs text) RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_rest_event_find' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_event_find(text, inet, text, text, bytea, text, text, text, text, text) IS
'GET /events?otherTaskNum=, GET /events?since=: reply frame with {items: [case]}, those of the caller''s senders unless senderCode is given '
'(without senders of its own, a caller with a grant gets every sender''s). since: written at that time or later, with nextSince to ask for next; '
'each event comes at least once, none is skipped';
