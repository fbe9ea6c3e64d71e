-- SMS: numbers, characters, parts; what is accepted, refused, repeated; batches at gateways and what answers mean.
SET client_min_messages = warning;
\set VERBOSITY terse
SELECT citybigdata.register_account('sms.one', 'Correct-1-horse', '市城管委', '张三', '13800138000') AS account \gset
SELECT citybigdata.approve_account(:account);
SELECT citybigdata.request_access('sms.one', '{sms}', '{key}') AS request \gset
SELECT citybigdata.approve_access(:request) AS app_code \gset
SELECT key FROM citybigdata.take_credentials(:request) \gset
SELECT auth_code FROM citybigdata.issue_auth_code(:'app_code', 'key', :'key') \gset
SELECT access_token AS token FROM citybigdata.exchange_auth_code(:'app_code', :'auth_code') \gset
SELECT app_id FROM citybigdata.application WHERE app_code = :'app_code' \gset
SELECT set_config('test.token', :'token', false) IS NULL AS token, set_config('test.key', :'key', false) IS NULL AS key, set_config('citybigdata.public_url', 'https://platform.example', false) IS NULL AS url;
CREATE FUNCTION pg_temp.send(mobiles text, content text, msg_id text DEFAULT NULL, need_reply text DEFAULT NULL, template text DEFAULT NULL, parameters text DEFAULT NULL) RETURNS bytea LANGUAGE sql AS $$
    SELECT citybigdata.rest_sms_send('s', '192.0.2.9', NULL, 'bearer', sha256(convert_to(current_setting('test.token'), 'UTF8')), NULL, mobiles, content, msg_id, need_reply, template, parameters) $$;
-- status and data; msgId only where it was given
CREATE FUNCTION pg_temp.sent(mobiles text, content text, msg_id text DEFAULT NULL, need_reply text DEFAULT NULL, template text DEFAULT NULL, parameters text DEFAULT NULL) RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(' ', reply.status(f), CASE WHEN msg_id IS NULL THEN reply.data(f)::jsonb - 'msgId' ELSE reply.data(f)::jsonb END)
    FROM (SELECT pg_temp.send(mobiles, content, msg_id, need_reply, template, parameters) OFFSET 0) s (f) $$;
CREATE FUNCTION pg_temp.errors(f bytea) RETURNS TABLE (status integer, pointer text, code integer, message text) LANGUAGE sql AS $$
    SELECT reply.status(f)::integer, e ->> 'pointer', (e ->> 'statusCode')::integer, e ->> 'message' FROM jsonb_array_elements(reply.data(f)::jsonb -> 'errors') e $$;
-- numbers of the mainland, however they are written
SELECT n, citybigdata.sms_mobile(n) FROM unnest(ARRAY['13800138000', '+8613800138000', '+86 138 0013 8000', '0086-138-0013-8000', '8613800138000', ' 13800138000 ', '19912345678',
    '12800138000', '1380013800', '138001380000', '+13800138000', '+008613800138000', '0013800138000', '1380013800a', '１３８００１３８０００', '106912345678', '01065281234', '', '-13800138000', '+85212345678']) n;
-- characters after NFC, parts on the air
SELECT what, s.* FROM (VALUES ('latin', repeat('a', 160), NULL), ('latin, 2 parts', repeat('a', 161), NULL), ('escaped', repeat('€', 80), NULL), ('escaped, 2 parts', repeat('{', 81), NULL), ('greek', 'ΔΩΣ', NULL),
    ('backtick', repeat('`', 70), NULL), ('chinese', repeat('汉', 70), NULL), ('chinese, 2 parts', repeat('汉', 71), NULL), ('134', repeat('汉', 134), NULL), ('135', repeat('汉', 135), NULL), ('most', repeat('汉', 990), NULL),
    ('astral', repeat('😀', 35), NULL), ('astral, 2 parts', repeat('😀', 36), NULL), ('composed', repeat(U&'e\0301', 70), NULL), ('signed', repeat('汉', 64), '城管'), ('signed, one more', repeat('汉', 67), '城管'),
    ('signed already', '【城管】您好', '城管'), ('latin, signed', 'hello', '城管')) t (what, content, signature), LATERAL citybigdata.sms_parts(content, signature) s;
SELECT citybigdata.sms_parts(repeat('汉', 991));
SELECT citybigdata.sms_parts(repeat('😀', 991));
-- marks to be put into their order: too many of them are refused before
SELECT citybigdata.sms_parts(repeat(U&'\0301', 200000) || repeat(U&'\0323', 200000));
SELECT (citybigdata.sms_parts(repeat('😀', 990))).*;
SELECT (citybigdata.sms_parts(repeat(U&'e\0301', 990))).*;
SELECT citybigdata.sms_parts(U&'a\0007b');
SELECT citybigdata.sms_parts(U&'a\0085b');
SELECT citybigdata.sms_parts(U&'a\+01FFFEb');

-- who may, and that there must be a gateway
SELECT reply.status(citybigdata.rest_sms_send('s', '192.0.2.9', NULL, 'none', NULL, NULL, '13800138000', 'a', NULL, NULL, NULL, NULL)) AS nobody;
SELECT reply.status(pg_temp.send('13800138000', '您好')) AS no_gateway;

-- gateways: what is wrong with one, all at once
\set VERBOSITY default
\set SHOW_CONTEXT never
SELECT citybigdata.save_gateway('{"code": "K 1", "kind": "smpp", "rank": 0, "batchSize": 201, "url": "ftp://x", "colour": "red", "reportNetworks": ["10.0.0.1/8", "here"], "idPattern": "(", "reportBase": "http://x/"}');
SELECT citybigdata.save_gateway('{"code": "v", "title": "V", "kind": "http", "url": "https://{sender}.example/send?to={numbers}", "headers": ["Host: x", "bad", "X-Key: {secret}"], "body": "x"}');
SELECT citybigdata.save_gateway('{"code": "v", "title": "V", "kind": "http", "url": "https://user@gateway.example/send?to={numbers}&text={text}"}');
SELECT citybigdata.save_gateway('{"code": "v", "title": "V", "url": "https://gateway.example/send?to={numbers}", "success": "ok"}');
\set VERBOSITY terse
SELECT gateway_code, added, moved, report_url ~ '^http://10\.0\.0\.9:8080/gateway/sms/report/[A-Za-z0-9_-]{43}$' AS report, reply_url ~ '/reply/' AS reply
FROM citybigdata.save_gateway('{"code": "kannel", "title": "Kannel", "url": "http://127.0.0.1:13013/cgi-bin/sendsms", "userName": "city", "password": "s3cret-kannel", "sender": "106912345", "reportBase": "http://10.0.0.9:8080", "reportNetworks": ["127.0.0.1"]}');
-- saved again: the password and the token stay
SELECT gateway_code, added, report_url FROM citybigdata.save_gateway('{"code": "kannel", "title": "Kannel 1", "url": "http://127.0.0.1:13013/cgi-bin/sendsms", "userName": "city", "sender": "106912345", "reportBase": "http://10.0.0.9:8080"}');
SELECT strpos(encode(password, 'escape'), 's3cret') AS plain, report_networks FROM citybigdata.sms_gateway;

-- accepted: wrong numbers among good ones are refused alone, repeats get it once
SELECT pg_temp.sent('13800138001,+86 138 0013 8002, 13800138001 ,abc,12345678901', '您好，案件已办结', 'm-1');
SELECT accepted, refused, parts, unicode, need_reply, source, content FROM citybigdata.sms_message;
SELECT mobile, seq, ordinal, state FROM citybigdata.sms_number ORDER BY ordinal;
SELECT * FROM citybigdata.sms_refusal;
-- the same again: the first answer; other content, other numbers: a conflict
SELECT pg_temp.sent('13800138001,008613800138002,abc,12345678901', '您好，案件已办结', 'm-1');
SELECT * FROM pg_temp.errors(pg_temp.send('13800138001', '您好，案件已办结', 'm-1'));
SELECT pg_temp.sent('13800138001,13800138002,abc,12345678901', '您好！', 'm-1');
SELECT count(*) FROM citybigdata.sms_message;
-- a key stands in too, beside nothing else
SELECT reply.status(citybigdata.rest_sms_send('s', '192.0.2.9', NULL, 'none', NULL, sha256(convert_to(current_setting('test.key'), 'UTF8')), '13800138003', 'hello', 'm-2', 'true', NULL, NULL)) AS key,
    reply.status(citybigdata.rest_sms_send('s', '192.0.2.9', NULL, 'none', NULL, sha256(convert_to(current_setting('test.token'), 'UTF8')), '13800138003', 'hello', 'm-2', '1', NULL, NULL)) AS token,
    reply.status(citybigdata.rest_sms_send('s', '192.0.2.9', NULL, 'none', NULL, sha256('x'), '13800138003', 'hello', 'm-2', '1', NULL, NULL)) AS wrong,
    reply.status(citybigdata.rest_sms_send('s', '192.0.2.9', NULL, 'bearer', sha256(convert_to(current_setting('test.token'), 'UTF8')), sha256('x'), '13800138003', 'hello', 'm-2', '1', NULL, NULL)) AS two;
SELECT msg_id, need_reply, unicode FROM citybigdata.sms_message WHERE msg_id = 'm-2';

-- bad input: all at once, nothing stored
SELECT * FROM pg_temp.errors(pg_temp.send((SELECT string_agg('138' || lpad(n::text, 8, '0'), ',') FROM generate_series(1, 201) n), repeat('😀', 991), repeat('x', 51), 'maybe'));
SELECT * FROM pg_temp.errors(pg_temp.send('', '', NULL, NULL));
SELECT * FROM pg_temp.errors(pg_temp.send(NULL, NULL, NULL, NULL));
SELECT * FROM pg_temp.errors(pg_temp.send('13800138001,', '您好'));
SELECT * FROM pg_temp.errors(pg_temp.send('13800138001,,13800138002', '您好'));
SELECT * FROM pg_temp.errors(pg_temp.send('abc,1380013800x', U&'a\0001b', U&'m\0001'));
SELECT code, message FROM pg_temp.errors(citybigdata.rest_sms_send('s', '192.0.2.9', NULL, 'bearer;zh', sha256(convert_to(current_setting('test.token'), 'UTF8')), NULL, '13800138001,', repeat('汉', 991), NULL, NULL, NULL, NULL));
SELECT count(*) FROM citybigdata.sms_message;

-- caps: two of the same text within a minute, then of any text
SELECT pg_temp.sent('13800138010', '相同内容') AS first, pg_temp.sent('13800138010', '相同内容') AS second;
SELECT pg_temp.sent('13800138010,13800138011', '相同内容') AS third;
INSERT INTO citybigdata.sms_policy (app_id, per_minute, per_hour, per_day, text_per_minute) VALUES (:app_id, 3, 4, 5, 0), (0, 1, 1, 1, 1);
SELECT pg_temp.sent('13800138010', '相同内容') AS text_uncapped, pg_temp.sent('13800138010', '不同内容') AS capped;
-- within an hour, a day: what is older does not count
UPDATE citybigdata.sms_number SET accepted_at = accepted_at - interval '2 minutes' WHERE mobile = 13800138010;
SELECT pg_temp.sent('13800138010', '一小时内第四条') AS fourth, pg_temp.sent('13800138010', '一小时内第五条') AS hour;
UPDATE citybigdata.sms_number SET accepted_at = accepted_at - interval '1 hour' WHERE mobile = 13800138010;
SELECT pg_temp.sent('13800138010', '一天内第五条') AS fifth, pg_temp.sent('13800138010', '一天内第六条') AS day;
UPDATE citybigdata.sms_number SET accepted_at = accepted_at - interval '23 hours' WHERE mobile = 13800138010;
SELECT pg_temp.sent('13800138010', '第二天') AS next_day;
SELECT max(seq), count(*) FROM citybigdata.sms_number WHERE mobile = 13800138010;
-- of all applications: the platform itself has the caps of application 0
SELECT length(s.id), s.message, s.parts FROM citybigdata.send_sms('13800138010', '平台') s;
SELECT s.status_code, s.accepted, s.rejected FROM citybigdata.send_sms('13800138010', '平台') s;
SELECT s.status_code, s.message, s.rejected FROM citybigdata.send_sms('13800138010,', '') s;
-- quiet hours, over midnight and not; none although application 0 has some
UPDATE citybigdata.sms_policy SET quiet_from = t, quiet_to = t + interval '1 hour' FROM (SELECT (now() AT TIME ZONE 'Asia/Shanghai')::time - interval '30 minutes') s (t) WHERE app_id = 0;
SELECT pg_temp.sent('13800138012,x', '夜间');
UPDATE citybigdata.sms_policy SET quiet_from = '00:00', quiet_to = '00:00' WHERE app_id = :app_id;
SELECT pg_temp.sent('13800138012', '夜间');
-- block list: of all, of this application; not of another one
INSERT INTO citybigdata.sms_block VALUES (13800138013, 0, 'administrator'), (13800138014, :app_id, 'reply'), (13800138015, :app_id + 1, 'reply');
SELECT pg_temp.sent('13800138013,13800138014,13800138015', '您好');
-- signatures: the own one is put in front once, another's is refused
UPDATE citybigdata.sms_policy SET signature = '城管委' WHERE app_id = :app_id;
SELECT pg_temp.sent('13800138016', repeat('汉', 66)) AS parts, pg_temp.sent('13800138017', '【城管委】' || repeat('汉', 66)) AS own, pg_temp.sent('13800138018', '【工商银行】您的密码') AS another,
    pg_temp.sent('13800138019', '您的密码【工商银行】 ') AS behind, pg_temp.sent('13800138020', '详见【通知】栏目') AS inside;
SELECT pg_temp.sent('13800138018', U&'\3000\200B\200D【工商银行】您的密码') AS hidden, pg_temp.sent('13800138019', U&'您的密码【工商银行】\00A0\2060') AS hidden_behind;
SELECT DISTINCT signature FROM citybigdata.sms_message WHERE app_id = :app_id AND signature IS NOT NULL;
-- templates
INSERT INTO citybigdata.sms_template (template_code, title, content) VALUES ('closed', 'Closed', '案件{taskNum}已于{time}办结 {} {"a"}');
SELECT pg_temp.sent('13800138021', NULL, NULL, NULL, 'closed', '{"taskNum": "T1", "time": 8}');
SELECT content FROM citybigdata.sms_message ORDER BY sms_id DESC LIMIT 1;
SELECT * FROM pg_temp.errors(pg_temp.send('13800138021', '您好', NULL, NULL, 'closed', '{"taskNum": "T1"}'));
SELECT * FROM pg_temp.errors(pg_temp.send('13800138021', NULL, NULL, NULL, 'closed', '{"taskNum": ["T1"], "place": "x"}'));
SELECT * FROM pg_temp.errors(pg_temp.send('13800138021', NULL, NULL, NULL, 'none', 'x'));
SELECT * FROM pg_temp.errors(pg_temp.send('13800138021', NULL, NULL, NULL, 'closed', json_build_object('taskNum', repeat('x', 3961), 'time', 8)::text));
SELECT * FROM pg_temp.errors(pg_temp.send('13800138021', '您好', NULL, NULL, NULL, '{}'));
SELECT * FROM pg_temp.errors(pg_temp.send('13800138021', NULL, NULL, NULL, 'closed', '[1]'));
-- 200 numbers: 2 batches of a gateway that takes 150
SELECT added FROM citybigdata.save_gateway('{"code": "kannel", "title": "Kannel", "url": "http://127.0.0.1:13013/cgi-bin/sendsms", "batchSize": 150}');
SELECT (reply.data(pg_temp.send((SELECT string_agg('139' || lpad(n::text, 8, '0'), ',' ORDER BY n DESC) FROM generate_series(1, 200) n), '群发', 'm-200'))::jsonb) ->> 'accepted' AS accepted;
SELECT b.first_ordinal, b.last_ordinal, b.state FROM citybigdata.sms_batch b JOIN citybigdata.sms_message m ON m.sms_id = b.sms_id WHERE m.msg_id = 'm-200' ORDER BY 1;
SELECT min(n.mobile), max(n.mobile), min(n.ordinal), max(n.ordinal), min(n.seq) FROM citybigdata.sms_number n JOIN citybigdata.sms_message m ON m.sms_id = n.sms_id WHERE m.msg_id = 'm-200';
-- audited: neither numbers nor texts
SELECT action, object, status_code, detail FROM citybigdata.audit_log WHERE action = 'sms.send' AND (object LIKE 'm-%' OR object IS NULL) ORDER BY audit_id LIMIT 12;
-- a range by one of its addresses; rates of five digits; a stored password goes to no other host
SELECT gateway_code FROM citybigdata.save_gateway('{"code": "wide", "title": "Wide", "state": "disabled", "url": "https://gateway.example:8443/send", "ratePerMinute": 60000, "reportNetworks": ["10.1.2.3/8"], "password": "s3cret-wide"}');
SELECT report_networks, rate_per_minute FROM citybigdata.sms_gateway WHERE gateway_code = 'wide';
SELECT gateway_code FROM citybigdata.save_gateway('{"code": "wide", "title": "Wide", "state": "disabled", "url": "https://Gateway.example/v2"}');
\set VERBOSITY default
SELECT gateway_code FROM citybigdata.save_gateway('{"code": "wide", "title": "Wide", "state": "disabled", "url": "https://gateway.example.net/v2"}');
SELECT gateway_code FROM citybigdata.save_gateway('{"code": "wide", "title": "Wide", "state": "disabled", "url": "http://gateway.example/v2"}');
\set VERBOSITY terse
