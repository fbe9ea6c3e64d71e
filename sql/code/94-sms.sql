-- SMS (extension/sms/sms.h).
COMMENT ON TABLE citybigdata.sms_gateway IS 'SMS gateways: where messages are handed over, and how';
COMMENT ON COLUMN citybigdata.sms_gateway.gateway_id IS 'Number';
COMMENT ON COLUMN citybigdata.sms_gateway.gateway_code IS 'Code; key of its destination in the outbox (purpose gateway)';
COMMENT ON COLUMN citybigdata.sms_gateway.title IS 'What people call it';
COMMENT ON COLUMN citybigdata.sms_gateway.kind IS 'kannel: the HTTP interface of Kannel (sendsms); http: a template of a request';
COMMENT ON COLUMN citybigdata.sms_gateway.destination_id IS 'Its destination in the outbox: failures, breaker, rate';
COMMENT ON COLUMN citybigdata.sms_gateway.state IS 'active; disabled: nothing new goes there, what waits goes to others';
COMMENT ON COLUMN citybigdata.sms_gateway.rank IS 'Gateways of the lowest rank that work take the messages; the next rank is for when none of them does';
COMMENT ON COLUMN citybigdata.sms_gateway.weight IS 'Share among the gateways of its rank';
COMMENT ON COLUMN citybigdata.sms_gateway.rate_per_minute IS 'Numbers a minute that it may be given; null: no limit';
COMMENT ON COLUMN citybigdata.sms_gateway.batch_size IS 'Numbers in one call, at most';
COMMENT ON COLUMN citybigdata.sms_gateway.timeout_seconds IS 'Time of one call in all; the bridge''s own limit counts too';
COMMENT ON COLUMN citybigdata.sms_gateway.resend_doubtful IS 'A batch whose answer was lost is sent once more, so that a number may get the message twice; false: it stays doubtful until a report comes';
COMMENT ON COLUMN citybigdata.sms_gateway.method IS 'GET, POST';
COMMENT ON COLUMN citybigdata.sms_gateway.url IS 'Address; of kind http a template, whose placeholders are encoded for a URL';
COMMENT ON COLUMN citybigdata.sms_gateway.headers IS 'Headers "Name: value", templates';
COMMENT ON COLUMN citybigdata.sms_gateway.body IS 'Body of a POST, a template; placeholders are encoded as the Content-Type says: JSON, form, else as they are';
COMMENT ON COLUMN citybigdata.sms_gateway.number_separator IS 'What stands between numbers';
COMMENT ON COLUMN citybigdata.sms_gateway.success IS 'Regular expression that the reply 2xx of an accepted batch matches; null: any reply 2xx';
COMMENT ON COLUMN citybigdata.sms_gateway.refusal IS 'Regular expression that the reply 2xx of a refused batch matches: it goes to another gateway; a reply 2xx that matches neither leaves the batch doubtful';
COMMENT ON COLUMN citybigdata.sms_gateway.id_pattern IS 'Regular expression whose first group is the gateway''s own number of a message in its reply, one for each number or one for all; null: it tells none';
COMMENT ON COLUMN citybigdata.sms_gateway.user_name IS 'User at the gateway';
COMMENT ON COLUMN citybigdata.sms_gateway.password IS 'Its password, encrypted by the key file';
COMMENT ON COLUMN citybigdata.sms_gateway.sender IS 'Number or name that messages come from';
COMMENT ON COLUMN citybigdata.sms_gateway.report_base IS 'Address of the platform as the gateway reaches it, for reports; null: citybigdata.public_url';
COMMENT ON COLUMN citybigdata.sms_gateway.token IS 'Last part of the addresses /gateway/sms/report and reply, encrypted by the key file: it is told to the gateway with each message';
COMMENT ON COLUMN citybigdata.sms_gateway.token_digest IS 'SHA-256 of it, by which the gateway is found';
COMMENT ON COLUMN citybigdata.sms_gateway.report_networks IS 'Addresses that its reports and replies come from; none: they are refused';
COMMENT ON COLUMN citybigdata.sms_gateway.report_fields IS 'Names of the fields of its reports and replies, by ours: {"id", "mobile", "state", "time", "reason", "reference", "content", "to"}; null: as its kind has them';
COMMENT ON COLUMN citybigdata.sms_gateway.report_states IS 'Its words for states, by which ours they are: {"DELIVRD": "delivered"}; null: as its kind has them';
COMMENT ON COLUMN citybigdata.sms_gateway.created_at IS 'When it was saved first';
COMMENT ON COLUMN citybigdata.sms_gateway.changed_at IS 'When the row was changed last';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.sms_gateway', '');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.sms_gateway_gateway_id_seq', '');

COMMENT ON TABLE citybigdata.sms_policy IS 'Signature, caps and quiet hours of applications; what is null there is as in the row of application 0, and where that is null as the platform has it by itself';
COMMENT ON COLUMN citybigdata.sms_policy.app_id IS 'The application; 0: the platform itself, and what others have not said';
COMMENT ON COLUMN citybigdata.sms_policy.signature IS 'Stands in 【】 before the content; its characters count in the parts, not in the 990';
COMMENT ON COLUMN citybigdata.sms_policy.per_minute IS 'Messages of the application to a number within a minute; 0: any number';
COMMENT ON COLUMN citybigdata.sms_policy.per_hour IS 'The same within an hour';
COMMENT ON COLUMN citybigdata.sms_policy.per_day IS 'The same within 24 hours';
COMMENT ON COLUMN citybigdata.sms_policy.text_per_minute IS 'Messages of the application with the same text to a number within a minute; 0: any number';
COMMENT ON COLUMN citybigdata.sms_policy.text_per_hour IS 'The same within an hour';
COMMENT ON COLUMN citybigdata.sms_policy.text_per_day IS 'The same within 24 hours';
COMMENT ON COLUMN citybigdata.sms_policy.quiet_from IS 'Begin of the quiet hours in the platform''s zone: nothing is accepted in them';
COMMENT ON COLUMN citybigdata.sms_policy.quiet_to IS 'Their end; before the begin: on the next day; equal: there are none';
COMMENT ON COLUMN citybigdata.sms_policy.changed_at IS 'When the row was changed last';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.sms_policy', '');

COMMENT ON TABLE citybigdata.sms_template IS 'Templates of messages';
COMMENT ON COLUMN citybigdata.sms_template.template_code IS 'Code';
COMMENT ON COLUMN citybigdata.sms_template.title IS 'What people call it';
COMMENT ON COLUMN citybigdata.sms_template.content IS 'Text with parameters in braces, as {taskNum}; a brace itself is doubled';
COMMENT ON COLUMN citybigdata.sms_template.state IS 'active, disabled';
COMMENT ON COLUMN citybigdata.sms_template.changed_at IS 'When the row was changed last';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.sms_template', '');

COMMENT ON TABLE citybigdata.sms_block IS 'Numbers that get no messages: they have opted out, or an administrator has listed them';
COMMENT ON COLUMN citybigdata.sms_block.mobile IS 'Number, 11 digits';
COMMENT ON COLUMN citybigdata.sms_block.app_id IS 'None of this application; 0: of any';
COMMENT ON COLUMN citybigdata.sms_block.source IS 'reply: the owner of the number asked for it; administrator';
COMMENT ON COLUMN citybigdata.sms_block.note IS 'Why';
COMMENT ON COLUMN citybigdata.sms_block.created_at IS 'Since when';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.sms_block', '');

COMMENT ON TABLE citybigdata.sms_message IS 'Messages that were accepted; rows do not change but for erasing a person';
COMMENT ON COLUMN citybigdata.sms_message.sms_id IS 'Number; grows with time';
COMMENT ON COLUMN citybigdata.sms_message.accepted_at IS 'When it was accepted';
COMMENT ON COLUMN citybigdata.sms_message.valid_until IS 'What was not handed over by then is not any more';
COMMENT ON COLUMN citybigdata.sms_message.app_id IS 'The application; 0: the platform itself';
COMMENT ON COLUMN citybigdata.sms_message.parts IS 'Parts on the air, with the signature';
COMMENT ON COLUMN citybigdata.sms_message.accepted IS 'Numbers that were accepted';
COMMENT ON COLUMN citybigdata.sms_message.refused IS 'Numbers that were refused';
COMMENT ON COLUMN citybigdata.sms_message.need_reply IS 'Replies are wanted';
COMMENT ON COLUMN citybigdata.sms_message.unicode IS 'Sent as UCS-2: 70 or 67 UTF-16 units a part; else as GSM-7: 160 or 153 septets';
COMMENT ON COLUMN citybigdata.sms_message.msg_id IS 'The application''s own number (msgId)';
COMMENT ON COLUMN citybigdata.sms_message.content IS 'Content in normal form (NFC), without the signature';
COMMENT ON COLUMN citybigdata.sms_message.signature IS 'The signature that it was sent with, without 【】';
COMMENT ON COLUMN citybigdata.sms_message.digest IS 'SHA-256 of what was asked for: the same msgId with another one is a conflict';
COMMENT ON COLUMN citybigdata.sms_message.source IS 'Who made it: api, sql, rule';
COMMENT ON COLUMN citybigdata.sms_message.subject IS 'What it is about, for people: a taskNum; the role of a caller from SQL';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.sms_message', '');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.sms_id_seq', '');

COMMENT ON TABLE citybigdata.sms_number IS 'Numbers of messages. What has no state of its own is as its batch';
COMMENT ON COLUMN citybigdata.sms_number.sms_id IS 'The message';
COMMENT ON COLUMN citybigdata.sms_number.mobile IS 'Number, 11 digits; null: erased';
COMMENT ON COLUMN citybigdata.sms_number.text_key IS 'The same for the same text: for the caps by text';
COMMENT ON COLUMN citybigdata.sms_number.accepted_at IS 'As in the message: for the caps';
COMMENT ON COLUMN citybigdata.sms_number.state_at IS 'When the state was reported';
COMMENT ON COLUMN citybigdata.sms_number.app_id IS 'As in the message';
COMMENT ON COLUMN citybigdata.sms_number.seq IS 'The how-manieth message of the application to the number: two at the same time cannot both be it';
COMMENT ON COLUMN citybigdata.sms_number.ordinal IS 'Place among the accepted numbers of the message, from 0';
COMMENT ON COLUMN citybigdata.sms_number.state IS 'What the gateway reported: sent, delivered, failed, expired, unknown; null: nothing yet';
COMMENT ON COLUMN citybigdata.sms_number.reason IS 'Why, in the gateway''s words';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.sms_number', '');

COMMENT ON TABLE citybigdata.sms_refusal IS 'Numbers of messages that were refused';
COMMENT ON COLUMN citybigdata.sms_refusal.sms_id IS 'The message';
COMMENT ON COLUMN citybigdata.sms_refusal.ordinal IS 'Place among the refused numbers, from 0';
COMMENT ON COLUMN citybigdata.sms_refusal.status_code IS 'Why: a status code';
COMMENT ON COLUMN citybigdata.sms_refusal.mobile IS 'The number as it was given, cut to 40 characters; null: erased';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.sms_refusal', '');

COMMENT ON TABLE citybigdata.sms_batch IS 'Calls of gateways: numbers of a message that go there together';
COMMENT ON COLUMN citybigdata.sms_batch.sms_id IS 'The message';
COMMENT ON COLUMN citybigdata.sms_batch.batch_id IS 'Number of its message in the outbox; it changes when the batch goes to another gateway';
COMMENT ON COLUMN citybigdata.sms_batch.first_ordinal IS 'Its first number';
COMMENT ON COLUMN citybigdata.sms_batch.last_ordinal IS 'Its last number';
COMMENT ON COLUMN citybigdata.sms_batch.gateway_id IS 'The gateway that it goes to, or went to';
COMMENT ON COLUMN citybigdata.sms_batch.attempts IS 'Calls that were begun';
COMMENT ON COLUMN citybigdata.sms_batch.tried IS 'Gateways that did not take it';
COMMENT ON COLUMN citybigdata.sms_batch.state IS 'queued; sending: a call was begun, and its end is not recorded; sent: the gateway has it; doubtful: its answer was lost; failed; expired: not handed over in time';
COMMENT ON COLUMN citybigdata.sms_batch.state_at IS 'Since when';
COMMENT ON COLUMN citybigdata.sms_batch.reason IS 'Why, in the words of the platform or of the gateway';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.sms_batch', '');

INSERT INTO citybigdata.resource AS r (resource_code, title, title_zh, shipped) VALUES
('sms', 'SMS: sending messages, their states, replies', '短信：下发、状态报告与回复', true)
ON CONFLICT ON CONSTRAINT resource_pkey DO UPDATE SET title = excluded.title, title_zh = excluded.title_zh, shipped = true;

-- The states of numbers as everybody is told them.
CREATE OR REPLACE VIEW citybigdata.sms_number_now AS
    SELECT n.sms_id, n.ordinal, n.mobile, n.app_id, n.accepted_at,
        CASE WHEN coalesce(n.state, b.state) OPERATOR(pg_catalog.=) 'sent' AND n.accepted_at OPERATOR(pg_catalog.<) (pg_catalog.now() OPERATOR(pg_catalog.-)
                 pg_catalog.make_interval(hours => pg_catalog.current_setting('citybigdata.sms_report_hours')::integer)) THEN 'unknown'
             WHEN n.state IS NOT NULL THEN n.state
             WHEN b.state OPERATOR(pg_catalog.=) 'sending' THEN 'queued' ELSE b.state END AS state,
        CASE WHEN n.state IS NOT NULL THEN n.reason ELSE b.reason END AS reason,
        coalesce(n.state_at, b.state_at, n.accepted_at) AS state_at, b.gateway_id
    FROM citybigdata.sms_number n
    LEFT JOIN citybigdata.sms_batch b ON b.sms_id OPERATOR(pg_catalog.=) n.sms_id
        AND n.ordinal OPERATOR(pg_catalog.>=) b.first_ordinal AND n.ordinal OPERATOR(pg_catalog.<=) b.last_ordinal;
COMMENT ON VIEW citybigdata.sms_number_now IS
'Numbers with their state: queued, sent, delivered, failed, expired, unknown (no report for citybigdata.sms_report_hours), doubtful (the gateway''s answer was lost); for the functions of this extension only';
COMMENT ON COLUMN citybigdata.sms_number_now.sms_id IS 'The message';
COMMENT ON COLUMN citybigdata.sms_number_now.ordinal IS 'Place among the accepted numbers of the message, from 0';
COMMENT ON COLUMN citybigdata.sms_number_now.mobile IS 'Number, 11 digits; null: erased';
COMMENT ON COLUMN citybigdata.sms_number_now.app_id IS 'The application; 0: the platform itself';
COMMENT ON COLUMN citybigdata.sms_number_now.accepted_at IS 'When it was accepted';
COMMENT ON COLUMN citybigdata.sms_number_now.state IS 'queued, sent, delivered, failed, expired, unknown, doubtful';
COMMENT ON COLUMN citybigdata.sms_number_now.reason IS 'Why, in the words of the platform or of the gateway';
COMMENT ON COLUMN citybigdata.sms_number_now.state_at IS 'Since when';
COMMENT ON COLUMN citybigdata.sms_number_now.gateway_id IS 'The gateway that it goes to, or went to';

CREATE OR REPLACE FUNCTION citybigdata.sms_mobile(number text) RETURNS bigint
    AS 'MODULE_PATHNAME', 'cbd_sms_mobile' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.sms_mobile(text) IS 'A mobile number of the mainland as 11 digits, from any way of writing it (+86, 0086, blanks, hyphens); null: it is none';

CREATE OR REPLACE FUNCTION citybigdata.sms_parts(content text, signature text DEFAULT NULL, OUT characters integer, OUT units integer, OUT unicode boolean, OUT parts integer) RETURNS record
    AS 'MODULE_PATHNAME', 'cbd_sms_shape' LANGUAGE c STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.sms_parts(text, text) IS
'How a content goes over the air: its characters in NFC (at most 990), UTF-16 units (unicode) or GSM-7 septets with the signature, and parts: 70 or 67, 160 or 153 units each. Errors: 42200, 42203, 42226';

CREATE OR REPLACE FUNCTION citybigdata.send_sms(mobile_str text, content text, msg_id text DEFAULT NULL, need_reply boolean DEFAULT false, template text DEFAULT NULL, parameters jsonb DEFAULT NULL,
    OUT status_code integer, OUT message text, OUT id text, OUT parts integer, OUT accepted integer, OUT rejected jsonb) RETURNS record
    AS 'MODULE_PATHNAME', 'cbd_send_sms' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.send_sms(text, text, text, boolean, text, jsonb) IS
'POST /sms/messages from SQL, for the platform itself: mobile_str as in table A.1 (commas, at most 200), content (at most 990 characters) or template with parameters; the same msg_id again answers the first outcome. '
'(status_code, message, id = msgId, parts, accepted, rejected = [{mobile, statusCode, message}], or the errors of the arguments). 0; 42200, 40950, 40481, 50306. It leaves when the transaction commits';

CREATE OR REPLACE FUNCTION citybigdata.rest_sms_send(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    token_id bytea, mobile_str text, content text, msg_id text, need_reply text, template text, parameters text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_sms_send' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_sms_send(text, inet, text, text, bytea, bytea, text, text, text, text, text, text) IS
'POST /sms/messages (table A.1): {msgId, parts, accepted, rejected}; token_id: SHA-256 of an access token or key, instead of the credential. Refusals of a number: 42215, 42233 to 42237. 40015, 401nn, 40300, 42901; 42200; 40950; 50306';

CREATE OR REPLACE FUNCTION citybigdata.sms_readable(kind text, value text) RETURNS boolean
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF kind = 'network' THEN
        PERFORM value::inet::cidr;
    ELSE
        PERFORM '' ~ value;
    END IF;
    RETURN true;
EXCEPTION WHEN data_exception THEN
    RETURN false;
END
$$;
COMMENT ON FUNCTION citybigdata.sms_readable(text, text) IS 'Is the text a regular expression (pattern), an address or range (network)? For save_gateway()';

CREATE OR REPLACE FUNCTION citybigdata.save_gateway(definition jsonb, OUT gateway_code text, OUT added boolean, OUT moved integer, OUT report_url text, OUT reply_url text) RETURNS record
    AS 'MODULE_PATHNAME', 'cbd_save_gateway' LANGUAGE c VOLATILE STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.save_gateway(jsonb) IS
'Saves an SMS gateway: {code, title, kind: kannel or http, url, state, rank, weight, ratePerMinute, batchSize, timeout, resendDoubtful, method, headers, body, numberSeparator, success, refusal, idPattern, userName, password, sender, '
'reportBase, reportNetworks, reportFields, reportStates, newToken}; what is left out is as when it is new, the password stays. Batches that moved away from one that is disabled; the addresses of reports and replies once, when the token is new. '
'Errors: 42200, 42239, 50305';

CREATE OR REPLACE FUNCTION citybigdata.rest_admin_gateways(request_id text, client_addr inet, app_code text, scheme text, credential bytea, state text, cursor text, page_size text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_admin_gateways' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_admin_gateways(text, inet, text, text, bytea, text, text, text) IS
'GET /admin/gateways: {items, nextCursor} of SMS gateways with their health; neither passwords nor tokens. For sysadmin. 401nn, 40304, 40307; 42200';

CREATE OR REPLACE FUNCTION citybigdata.rest_gateway_save(request_id text, client_addr inet, app_code text, scheme text, credential bytea, gateway text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_gateway_save' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_gateway_save(text, inet, text, text, bytea, text) IS
'POST /admin/gateways: {code, added, moved, reportUrl, replyUrl} as save_gateway(). For sysadmin. 401nn, 40304, 40307; 42200, 42239; 50305';

CREATE OR REPLACE FUNCTION citybigdata.sms_policy_now(app_id integer, OUT signature text, OUT per_minute integer, OUT per_hour integer, OUT per_day integer,
    OUT text_per_minute integer, OUT text_per_hour integer, OUT text_per_day integer, OUT quiet_from time, OUT quiet_to time) RETURNS record
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(own.signature, every.signature), coalesce(own.per_minute, every.per_minute, 15), coalesce(own.per_hour, every.per_hour, 30),
           coalesce(own.per_day, every.per_day, 50), coalesce(own.text_per_minute, every.text_per_minute, 2), coalesce(own.text_per_hour, every.text_per_hour, 5),
           coalesce(own.text_per_day, every.text_per_day, 10), CASE WHEN own.quiet_from IS NULL THEN every.quiet_from ELSE own.quiet_from END,
           CASE WHEN own.quiet_from IS NULL THEN every.quiet_to ELSE own.quiet_to END
    FROM (SELECT 1) one LEFT JOIN citybigdata.sms_policy own ON own.app_id = sms_policy_now.app_id LEFT JOIN citybigdata.sms_policy every ON every.app_id = 0
$$;
COMMENT ON FUNCTION citybigdata.sms_policy_now(integer) IS 'What an application (0: the platform) may now: its own policy, else that of application 0, else 15, 30, 50 messages to a number and 2, 5, 10 of the same text within a minute, an hour, a day';

CREATE OR REPLACE FUNCTION citybigdata.rest_admin_sms_policies(request_id text, client_addr inet, app_code text, scheme text, credential bytea, cursor text, page_size text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_admin_sms_policies' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_admin_sms_policies(text, inet, text, text, bytea, text, text) IS
'GET /admin/sms/policies: {items, nextCursor}: what was saved, and what holds. For sysadmin. 401nn, 40304, 40307; 42200';

CREATE OR REPLACE FUNCTION citybigdata.rest_sms_policy_save(request_id text, client_addr inet, app_code text, scheme text, credential bytea, policy text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_sms_policy_save' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_sms_policy_save(text, inet, text, text, bytea, text) IS
'POST /admin/sms/policies: {appCode}; signature, caps and quiet hours of an application, without appCode of all others. For sysadmin. 401nn, 40304, 40307; 42200';

CREATE OR REPLACE FUNCTION citybigdata.rest_admin_sms_templates(request_id text, client_addr inet, app_code text, scheme text, credential bytea, state text, cursor text, page_size text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_admin_sms_templates' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_admin_sms_templates(text, inet, text, text, bytea, text, text, text) IS 'GET /admin/sms/templates: {items, nextCursor}. For sysadmin. 401nn, 40304, 40307; 42200';

CREATE OR REPLACE FUNCTION citybigdata.rest_sms_template_save(request_id text, client_addr inet, app_code text, scheme text, credential bytea, code text, title text, content text, state text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_sms_template_save' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_sms_template_save(text, inet, text, text, bytea, text, text, text, text) IS 'POST /admin/sms/templates: {code, parameters}. For sysadmin. 401nn, 40304, 40307; 42200';

CREATE OR REPLACE FUNCTION citybigdata.rest_admin_sms_blocks(request_id text, client_addr inet, app_code text, scheme text, credential bytea, mobile text, cursor text, page_size text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_admin_sms_blocks' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_admin_sms_blocks(text, inet, text, text, bytea, text, text, text) IS 'GET /admin/sms/blocks: {items, nextCursor} of the block list. For sysadmin. 401nn, 40304, 40307; 42200';

CREATE OR REPLACE FUNCTION citybigdata.rest_sms_block(request_id text, client_addr inet, app_code text, scheme text, credential bytea, action text, mobile_str text, app text, note text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_sms_block' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_sms_block(text, inet, text, text, bytea, text, text, text, text) IS
'POST /admin/sms/blocks: {changed}; block or unblock numbers, for one application or all. For sysadmin. 401nn, 40304, 40307; 42200, 42215';

-- Oldest first: numbers of messages grow with time.
CREATE OR REPLACE FUNCTION citybigdata.maintain_sms() RETURNS bigint
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    before timestamptz := now() - make_interval(days => current_setting('citybigdata.sms_retention_days')::integer);
    old bigint[];
    rows bigint;
    done bigint;
BEGIN
    -- batches that the outbox does not have any more: discarded there
    UPDATE citybigdata.sms_batch b SET state = 'expired', state_at = now() FROM citybigdata.sms_message m
    WHERE (b.state = 'queued' OR b.state = 'sending') AND m.sms_id = b.sms_id AND m.valid_until < now() - interval '1 hour'
      AND NOT EXISTS (SELECT FROM citybigdata.outbox_queue q WHERE q.message_id = b.batch_id);
    old := ARRAY(SELECT m.sms_id FROM (SELECT o.sms_id, o.accepted_at FROM citybigdata.sms_message o ORDER BY o.sms_id LIMIT 5000) m WHERE m.accepted_at < before);
    DELETE FROM citybigdata.sms_number n WHERE n.sms_id = ANY (old);
    GET DIAGNOSTICS done = ROW_COUNT;
    DELETE FROM citybigdata.sms_refusal r WHERE r.sms_id = ANY (old);
    DELETE FROM citybigdata.sms_batch b WHERE b.sms_id = ANY (old);
    DELETE FROM citybigdata.sms_part p WHERE p.sms_id = ANY (old);
    DELETE FROM citybigdata.sms_message m WHERE m.sms_id = ANY (old);
    done := done + cardinality(old);
    DELETE FROM citybigdata.sms_reply r WHERE r.reply_id IN (SELECT o.reply_id FROM (SELECT x.reply_id, x.received_at FROM citybigdata.sms_reply x ORDER BY x.reply_id LIMIT 10000) o WHERE o.received_at < before);
    GET DIAGNOSTICS rows = ROW_COUNT;
    done := done + rows;
    DELETE FROM citybigdata.sms_orphan o WHERE o.orphan_id IN (SELECT x.orphan_id FROM citybigdata.sms_orphan x WHERE x.received_at < before ORDER BY x.received_at LIMIT 10000);
    GET DIAGNOSTICS rows = ROW_COUNT;
    RETURN done + rows;
END
$$;
COMMENT ON FUNCTION citybigdata.maintain_sms() IS 'Removes messages with their numbers, replies and reports past citybigdata.sms_retention_days, 5000 messages at a time; returns how many rows; part of maintain()';

-- The block list stays: it is there so that the person gets nothing.
CREATE OR REPLACE FUNCTION citybigdata.erase_sms_person(phone text, pattern text, name text, dry_run boolean, OUT numbers bigint, OUT replies bigint) RETURNS record
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    erased bigint := citybigdata.sms_mobile(phone);
    messages bigint[];
BEGIN
    messages := ARRAY(SELECT n.sms_id FROM citybigdata.sms_number n WHERE n.mobile = erased
                      UNION SELECT m.sms_id FROM citybigdata.sms_message m WHERE m.content ~ pattern OR m.subject ~ pattern);
    SELECT count(*) INTO numbers FROM citybigdata.sms_number n WHERE n.mobile = erased;
    SELECT count(*) INTO replies FROM citybigdata.sms_reply r WHERE r.mobile = erased OR concat_ws(' ', r.sender, r.content) ~ pattern;
    IF dry_run THEN
        RETURN;
    END IF;
    -- with the old digest, the number could be found by trying all numbers
    UPDATE citybigdata.sms_message m SET content = CASE WHEN m.accepted = 1 AND EXISTS (SELECT FROM citybigdata.sms_number n WHERE n.sms_id = m.sms_id AND n.mobile = erased) THEN '***'
            ELSE citybigdata.without_person(m.content, pattern, name) END,
        subject = citybigdata.without_person(m.subject, pattern, name), digest = sha256(uuid_send(gen_random_uuid()))
    WHERE m.sms_id = ANY (messages);
    UPDATE citybigdata.sms_refusal r SET mobile = NULL WHERE citybigdata.sms_mobile(r.mobile) = erased OR r.mobile ~ pattern;
    UPDATE citybigdata.sms_number n SET mobile = NULL WHERE n.mobile = erased;
    UPDATE citybigdata.sms_reply r SET mobile = NULL, sender = NULL, digest = sha256(uuid_send(gen_random_uuid())), content = CASE WHEN r.mobile = erased THEN '***' ELSE citybigdata.without_person(r.content, pattern, name) END
    WHERE r.mobile = erased OR concat_ws(' ', r.sender, r.content) ~ pattern;
    UPDATE citybigdata.sms_orphan o SET mobile = CASE WHEN o.mobile = erased THEN NULL ELSE o.mobile END,
        reason = citybigdata.without_person(o.reason, pattern, name), digest = sha256(uuid_send(gen_random_uuid())) WHERE o.mobile = erased OR o.reason ~ pattern;
    -- gateways name numbers in their words; so do administrators in their notes
    UPDATE citybigdata.sms_batch b SET reason = citybigdata.without_person(b.reason, pattern, name) WHERE b.reason ~ pattern;
    UPDATE citybigdata.sms_number n SET reason = citybigdata.without_person(n.reason, pattern, name) WHERE n.reason ~ pattern;
    UPDATE citybigdata.sms_block b SET note = citybigdata.without_person(b.note, pattern, name) WHERE b.note ~ pattern OR b.mobile = erased AND b.note IS NOT NULL;
END
$$;
COMMENT ON FUNCTION citybigdata.erase_sms_person(text, text, text, boolean) IS
'The part of erase_person() for SMS: numbers of messages, refused ones, replies, and the number where it stands in a text; dry_run only counts. The block list stays';
