-- The demo database: the extension, the platform, reference data, dictionaries, accounts and applications. Run by
-- database_fill in platform.sh in a fresh database as superuser, with psql variables platform_code and platform_name;
-- what it prints are the lines of demo.env.
\set QUIET on
SET client_min_messages = warning;
\o /dev/null
CREATE EXTENSION citybigdata CASCADE;
SELECT citybigdata.setup(:'platform_code', :'platform_name', :'platform_code');

-- Reference data that ships as files beside the country's six-digit codes.
SELECT citybigdata.load_divisions_file('beijing_streets.tsv');
SELECT citybigdata.load_divisions_file('beijing_communities.tsv');
SELECT citybigdata.load_boundaries_file('beijing_districts.geojson', 'echarts 4.9.0');

-- Dictionaries are the site's: what senders of this interface were seen to send. Their meaning is theirs, so the names say no more.
SELECT citybigdata.load_code_table('event-src', '[{"code":"1","name":"来源 1"},{"code":"11","name":"来源 11"},
    {"code":"56","name":"来源 56"},{"code":"3004","name":"来源 3004"}]', 'demo');
SELECT citybigdata.load_code_table('rec-type', '[{"code":"1","name":"类型 1"},{"code":"1305","name":"类型 1305"}]', 'demo');
SELECT citybigdata.load_code_table('event-level', '[{"code":"1","name":"级别 1"},{"code":"2","name":"级别 2"}]', 'demo');
SELECT citybigdata.load_code_table_file('event-type', 'cjt214_events.tsv', 'CJ/T 214-2007');
SELECT citybigdata.load_code_table('event-type', '[{"code":"6","name":"类别 6"},{"code":"602","name":"大类 602","parent":"6"},
    {"code":"60201","name":"小类 60201","parent":"602"}]', 'CJ/T 214-2007, demo', false);

-- Passwords are made here, so that none is on a command line.
SELECT 'Yan-' || encode(public.gen_random_bytes(12), 'hex') AS password,
       'Guan-' || encode(public.gen_random_bytes(12), 'hex') AS admin_password \gset
SELECT citybigdata.register_account('demo', :'password', '示范单位', '张三', '13800138000') AS account \gset
SELECT citybigdata.approve_account(:account);
SELECT citybigdata.register_account('admin', :'admin_password', '平台管理处', '李四', '13900139000') AS account \gset
SELECT citybigdata.approve_account(:account);
SELECT citybigdata.make_administrator('admin');
-- The second factor: 20 random bytes in base32, as authenticators take them.
SELECT string_agg(substr('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', get_byte(b, n) % 32 + 1, 1), '') AS totp_secret
FROM (SELECT public.gen_random_bytes(32) AS b) r, generate_series(0, 31) n \gset
SELECT citybigdata.enrol_totp('admin', :'totp_secret');

-- One application with credentials, one whose sender is known by its address.
SELECT citybigdata.request_access('demo', '{events}', '{key,password,signature}', 'demo', sender_codes => '{362200}',
                                  profile => 'egova', level => 4) AS request \gset
SELECT citybigdata.approve_access(:request);
SELECT app_code, key, signing_secret FROM citybigdata.take_credentials(:request) \gset
SELECT citybigdata.request_access('demo', '{events}', '{ip}', 'demo, known by its address', ip_ranges => '{127.0.0.1/32}',
                                  sender_codes => '{120110-02}', profile => 'egova', level => 4) AS request \gset
SELECT citybigdata.approve_access(:request);

\o
\echo CBD_APP_CODE=:app_code
\echo CBD_KEY=:key
\echo CBD_USER=demo
\echo CBD_PASSWORD=:password
\echo CBD_SIGNING_SECRET=:signing_secret
\echo CBD_SENDER_CODE=362200
\echo CBD_IP_SENDER_CODE=120110-02
\echo CBD_ADMIN_USER=admin
\echo CBD_ADMIN_PASSWORD=:admin_password
\echo CBD_ADMIN_TOTP_SECRET=:totp_secret
