-- What gateways tell of SMS (extension/sms/sms_report.h).
COMMENT ON TABLE citybigdata.sms_part IS 'The gateways'' own numbers of messages, with what was reported of each';
COMMENT ON COLUMN citybigdata.sms_part.sms_id IS 'The message';
COMMENT ON COLUMN citybigdata.sms_part.state_at IS 'When the state was reported';
COMMENT ON COLUMN citybigdata.sms_part.gateway_id IS 'The gateway';
COMMENT ON COLUMN citybigdata.sms_part.ordinal IS 'The number, as in sms_number; -1: all numbers of the call';
COMMENT ON COLUMN citybigdata.sms_part.part IS 'The part of the text, from 1; 1 where the gateway does not tell them apart';
COMMENT ON COLUMN citybigdata.sms_part.id_key IS 'The gateway''s number: small letters, no zeros in front';
COMMENT ON COLUMN citybigdata.sms_part.state IS 'What was reported: sent, delivered, failed, expired, unknown; null: nothing yet';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.sms_part', '');

COMMENT ON TABLE citybigdata.sms_orphan IS 'Reports of messages that are not known, or not yet; they are taken when the gateway''s answer is recorded';
COMMENT ON COLUMN citybigdata.sms_orphan.orphan_id IS 'Number';
COMMENT ON COLUMN citybigdata.sms_orphan.received_at IS 'When it came';
COMMENT ON COLUMN citybigdata.sms_orphan.reported_at IS 'The time that it has, or when it came';
COMMENT ON COLUMN citybigdata.sms_orphan.sms_id IS 'The message that it names; null: none';
COMMENT ON COLUMN citybigdata.sms_orphan.mobile IS 'The number that it names; null: none, or erased';
COMMENT ON COLUMN citybigdata.sms_orphan.gateway_id IS 'The gateway that reported';
COMMENT ON COLUMN citybigdata.sms_orphan.id_keys IS 'What the gateway''s number may be stored as';
COMMENT ON COLUMN citybigdata.sms_orphan.state IS 'What it reports: sent, delivered, failed, expired, unknown';
COMMENT ON COLUMN citybigdata.sms_orphan.reason IS 'Why, in the gateway''s words';
COMMENT ON COLUMN citybigdata.sms_orphan.digest IS 'SHA-256 of what it says: the same report again is no second row';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.sms_orphan', '');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.sms_orphan_orphan_id_seq', '');

COMMENT ON TABLE citybigdata.sms_reply IS 'Replies of handsets';
COMMENT ON COLUMN citybigdata.sms_reply.reply_id IS 'Number';
COMMENT ON COLUMN citybigdata.sms_reply.received_at IS 'When it came';
COMMENT ON COLUMN citybigdata.sms_reply.sent_at IS 'The time that it has; null: none';
COMMENT ON COLUMN citybigdata.sms_reply.sms_id IS 'The message that it answers; null: none is known';
COMMENT ON COLUMN citybigdata.sms_reply.mobile IS 'Who replied, 11 digits; null: another number, or erased';
COMMENT ON COLUMN citybigdata.sms_reply.gateway_id IS 'The gateway that it came by';
COMMENT ON COLUMN citybigdata.sms_reply.app_id IS 'The application that may read it; null: none';
COMMENT ON COLUMN citybigdata.sms_reply.ordinal IS 'Place of the number in the message';
COMMENT ON COLUMN citybigdata.sms_reply.opt_out IS 'It asks for no more messages: the number is on the block list since';
COMMENT ON COLUMN citybigdata.sms_reply.sender IS 'Who replied, where that is no mobile number; null: see mobile';
COMMENT ON COLUMN citybigdata.sms_reply.receiver IS 'The number that it was sent to';
COMMENT ON COLUMN citybigdata.sms_reply.content IS 'Its text';
COMMENT ON COLUMN citybigdata.sms_reply.digest IS 'SHA-256 of the gateway''s number of it, or of sender, text and time: the same reply again is no second row';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.sms_reply', '');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.sms_reply_id_seq', '');

CREATE OR REPLACE FUNCTION citybigdata.rest_sms_report(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    token bytea, names text[], texts text[]) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_sms_report' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_sms_report(text, inet, text, text, bytea, bytea, text[], text[]) IS
'GET, POST /gateway/sms/report/{token}: reports of delivery, {taken, repeated, waiting}; what is right is taken though others are not. 40385, 40485; 42200';

CREATE OR REPLACE FUNCTION citybigdata.rest_sms_reply(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    token bytea, names text[], texts text[]) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_sms_reply' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_sms_reply(text, inet, text, text, bytea, bytea, text[], text[]) IS
'GET, POST /gateway/sms/reply/{token}: replies of handsets, {taken, repeated}; TD, 退订 and the like put the number on the block list. 40385, 40485; 40955; 42200';

CREATE OR REPLACE FUNCTION citybigdata.rest_sms_message(request_id text, client_addr inet, app_code text, scheme text, credential bytea, msg_id text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_sms_message' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_sms_message(text, inet, text, text, bytea, text) IS
'GET /sms/messages/{msgId}: the state of each number of an own message. 401nn, 40300; 40486';

CREATE OR REPLACE FUNCTION citybigdata.rest_sms_replies(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    time_range text, msg_id text, cursor text, page_size text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_sms_replies' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_sms_replies(text, inet, text, text, bytea, text, text, text, text) IS
'GET /sms/replies: {items, nextCursor} of replies to own messages, by the time when they came. 401nn, 40300; 42200, 40011';
