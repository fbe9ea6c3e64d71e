-- Accounts: registration and review, from SQL and as the bridge calls it.
SELECT citybigdata.register_account('account.one', 'Correct-1-horse', '市城管委', '张三', '13800138000') > 0 AS registered;
SELECT citybigdata.register_account('ACCOUNT.one', 'Correct-1-horse', '市城管委', '张三', '13800138000'); -- the same name
SELECT citybigdata.register_account('x y', 'short', '', NULL, '12345'); -- every field wrong
SELECT citybigdata.register_account('张三', 'Password', '市', '张', '13800138000');
SELECT citybigdata.register_account('account.two', 'account.two-A', '市', '张', '+8613800138000');
SELECT state, admin_role, starts_with(password_digest, '$2a$'), password_digest !~ 'Correct' FROM citybigdata.account WHERE user_name = 'account.one';
-- As the bridge calls it: a reply frame, all faults at once, whatever a client sends.
\set SHOW_CONTEXT never
SELECT reply.outcome(f) AS status, reply.data(f)::json->>'state' AS state
FROM citybigdata.rest_account_register('req-1', '192.0.2.9', NULL, 'none', NULL, 'account.rest', 'Correct-1-horse', '市城管委', '张三', '13800138000') AS f;
SELECT reply.outcome(f) AS status, e->>'pointer' AS pointer, e->>'statusCode' AS code
FROM citybigdata.rest_account_register('req-2', '192.0.2.9', NULL, 'none', NULL, repeat('x', 1000000), repeat('密', 1000000), repeat('x', 256), E'a\u0007', '1e9') AS f,
     json_array_elements(reply.data(f)::json->'errors') e;
SELECT reply.outcome(f) AS status, e->>'pointer' AS pointer, e->>'statusCode' AS code
FROM citybigdata.rest_account_register('req-3', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL) AS f,
     json_array_elements(reply.data(f)::json->'errors') e;
SELECT reply.outcome(f) AS status, reply.data(f)
FROM citybigdata.rest_account_register('req-4', '2001:db8::1', NULL, 'none', NULL, 'Account.Rest', 'Correct-1-horse', '市', '张', '13800138000') AS f;
-- From one address so many, whether a name is taken or not, but faults do not count; then not for a while. Over IPv6 it is the /64.
SET citybigdata.registration_limit = 2;
SELECT n, a, reply.outcome(citybigdata.rest_account_register('req-5', a, NULL, 'none', NULL, name, 'Correct-1-horse', '市', '张', '13800138000')) ~ '^42900 (900|89.)$' AS refused
FROM (VALUES (1, '192.0.2.50'::inet, 'acc.limit1'), (2, '192.0.2.50', '?'), (3, '192.0.2.50', 'acc.limit1'), (4, '192.0.2.50', 'acc.limit2'), (5, '::ffff:192.0.2.50', 'acc.limit2'), (6, '192.0.2.51', 'acc.limit3'),
             (7, '2001:db8:5:5::1', 'acc.limit4'), (8, '2001:db8:5:5::2', 'acc.limit5'), (9, '2001:db8:5:5::3', 'acc.limit6')) v (n, a, name) ORDER BY n;
SELECT string_agg(user_name, ' ' ORDER BY user_name) AS made FROM citybigdata.account WHERE user_name LIKE 'acc.limit%';
SELECT citybigdata.unlock('registration', '192.0.2.50') AS unlocked;
SET citybigdata.registration_limit = 0;
SELECT reply.status(citybigdata.rest_account_register('req-5', '2001:db8:5:5::3', NULL, 'none', NULL, 'acc.limit6', 'Correct-1-horse', '市', '张', '13800138000')) AS no_limit;
RESET citybigdata.registration_limit;
DELETE FROM citybigdata.lockout WHERE kind = 'registration';
-- Readiness
SELECT reply.data(citybigdata.rest_ready()) ~ '^{"extensionVersion":"[0-9.]+","libraryVersion":"[0-9.]+","calendarUnknownFrom":"[0-9]{8}","auditUnsealedSeconds":[0-9]+,"masterKey":"[a-z-]+"}$' AS ready;
-- Suspended, resumed
SELECT citybigdata.suspend_account('account.rest'); -- not yet active
SELECT citybigdata.approve_account(account_id), citybigdata.suspend_account('ACCOUNT.rest', 'test') FROM citybigdata.account WHERE user_name = 'account.rest';
SELECT state, review_note FROM citybigdata.account WHERE user_name = 'account.rest';
SELECT citybigdata.resume_account('account.rest');
SELECT citybigdata.unlock('account', 'nobody-there');
