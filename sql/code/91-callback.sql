-- Call-backs (extension/callback/callback.h).
COMMENT ON TABLE citybigdata.callback IS 'Call-backs: addresses that applications want to be told at what becomes of their cases';
COMMENT ON COLUMN citybigdata.callback.callback_id IS 'Number; key of its destination in the outbox';
COMMENT ON COLUMN citybigdata.callback.app_id IS 'The application that owns it';
COMMENT ON COLUMN citybigdata.callback.destination_id IS 'Its destination in the outbox';
COMMENT ON COLUMN citybigdata.callback.url IS 'Address of the receiver';
COMMENT ON COLUMN citybigdata.callback.events IS 'What it is told: case.step, case.closed, case.overdue, case.notice, sms.report, sms.reply';
COMMENT ON COLUMN citybigdata.callback.sender_codes IS 'Of which of the application''s senderCodes; null: of all';
COMMENT ON COLUMN citybigdata.callback.signatures IS 'Kinds of signatures: v1 HMAC-SHA256 (Standard Webhooks 1.0), v1sm3 HMAC-SM3';
COMMENT ON COLUMN citybigdata.callback.secret IS 'Secret of the signatures, encrypted by the key file; its text whsec_… is shown once';
COMMENT ON COLUMN citybigdata.callback.previous_secret IS 'The one before, which signs too until previous_until';
COMMENT ON COLUMN citybigdata.callback.previous_until IS 'End of a rotation';
COMMENT ON COLUMN citybigdata.callback.state IS 'pending: the receiver has not consented; active; disabled';
COMMENT ON COLUMN citybigdata.callback.reason IS 'Why it is disabled: owner, gone (the receiver answered 410), failing (nothing but failures for 120 hours)';
COMMENT ON COLUMN citybigdata.callback.consent IS 'How the receiver consented: options (WebHook-Allowed-Origin), challenge (echoed)';
COMMENT ON COLUMN citybigdata.callback.consented_at IS 'When it did last';
COMMENT ON COLUMN citybigdata.callback.note IS 'Why there is no consent yet';
COMMENT ON COLUMN citybigdata.callback.created_at IS 'When it was registered';
COMMENT ON COLUMN citybigdata.callback.changed_at IS 'When the row was changed last';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.callback', '');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.callback_id_seq', '');

INSERT INTO citybigdata.resource AS r (resource_code, title, title_zh, shipped) VALUES
('callbacks', 'Call-backs: being told what becomes of one''s own cases', '回调：接收本单位案件的办理进展通知', true)
ON CONFLICT ON CONSTRAINT resource_pkey DO UPDATE SET title = excluded.title, title_zh = excluded.title_zh, shipped = true;

CREATE OR REPLACE FUNCTION citybigdata.rest_callback_save(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    url text, events text[], sender_codes text[], secret text, signatures text[]) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_callback_save' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_callback_save(text, inet, text, text, bytea, text, text[], text[], text, text[]) IS
'POST /callbacks: {callbackId, secret, state}; the secret once; the same url again changes events, senderCodes and signatures, without a secret. 401nn, 40300; 40990; 42200, 40301, 42278, 42279';

CREATE OR REPLACE FUNCTION citybigdata.rest_callbacks(request_id text, client_addr inet, app_code text, scheme text, credential bytea) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_callbacks' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_callbacks(text, inet, text, text, bytea) IS 'GET /callbacks: {items} of the application''s own. 401nn, 40300';

CREATE OR REPLACE FUNCTION citybigdata.rest_callback(request_id text, client_addr inet, app_code text, scheme text, credential bytea, id text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_callback' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_callback(text, inet, text, text, bytea, text) IS 'GET /callbacks/{id}: how it is, with the messages that wait and dead ones. 401nn, 40300; 40490';

CREATE OR REPLACE FUNCTION citybigdata.rest_callback_deliveries(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    id text, state text, cursor text, page_size text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_callback_deliveries' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_callback_deliveries(text, inet, text, text, bytea, text, text, text, text) IS
'GET /callbacks/{id}/deliveries: {items, nextCursor}; state pending, delivered, dead. 401nn, 40300; 40490; 42200';

CREATE OR REPLACE FUNCTION citybigdata.rest_callback_test(request_id text, client_addr inet, app_code text, scheme text, credential bytea, id text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_callback_test' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_callback_test(text, inet, text, text, bytea, text) IS
'POST /callbacks/{id}/test: {deliveryId, state}; a signed test, or, while the receiver has not consented, the question for consent. 401nn, 40300; 40490; 40991';

CREATE OR REPLACE FUNCTION citybigdata.rest_callback_rotate(request_id text, client_addr inet, app_code text, scheme text, credential bytea, id text, secret text, overlap text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_callback_rotate' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_callback_rotate(text, inet, text, text, bytea, text, text, text) IS
'POST /callbacks/{id}/rotate: {callbackId, secret, state}; the old secret signs too for overlap seconds, a day unless said. 401nn, 40300; 40490; 42200, 42279';

CREATE OR REPLACE FUNCTION citybigdata.rest_callback_disable(request_id text, client_addr inet, app_code text, scheme text, credential bytea, id text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_callback_disable' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_callback_disable(text, inet, text, text, bytea, text) IS 'POST /callbacks/{id}/disable: {callbackId, state}; what waits, waits. 401nn, 40300; 40490';

CREATE OR REPLACE FUNCTION citybigdata.rest_callback_enable(request_id text, client_addr inet, app_code text, scheme text, credential bytea, id text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_callback_enable' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_callback_enable(text, inet, text, text, bytea, text) IS
'POST /callbacks/{id}/enable: {callbackId, state}; one that its owner did not switch off is asked for consent again. 401nn, 40300; 40490';

CREATE OR REPLACE FUNCTION citybigdata.rest_callback_replay(request_id text, client_addr inet, app_code text, scheme text, credential bytea, id text, delivery_id text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_callback_replay' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_callback_replay(text, inet, text, text, bytea, text, text) IS
'POST /callbacks/{id}/deliveries/{deliveryId}/replay: {deliveryId, state}; a delivery once more, with its number. 401nn, 40300; 40490, 40491';
