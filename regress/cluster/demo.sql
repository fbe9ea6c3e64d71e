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

-- Filing conditions of these types with typical time limits; one of type 6 is told to scripts.
SELECT citybigdata.load_conditions_file('filing_conditions.csv');
SELECT condition_code AS condition FROM citybigdata.filing_condition WHERE event_type_code = '6' AND limit_amount = 4 AND limit_unit = 2 \gset

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
SELECT citybigdata.request_access('demo', '{events,cases}', '{key,password,signature}', 'demo', sender_codes => '{362200}',
                                  profile => 'egova', level => 4) AS request \gset
SELECT citybigdata.approve_access(:request);
SELECT app_code, key, signing_secret FROM citybigdata.take_credentials(:request) \gset
SELECT citybigdata.request_access('demo', '{events,cases}', '{ip}', 'demo, known by its address', ip_ranges => '{127.0.0.1/32}',
                                  sender_codes => '{120110-02}', profile => 'egova', level => 4) AS request \gset
SELECT citybigdata.approve_access(:request);

-- A small bureau: the city's centre and those of two districts, and the units that handle: lighting, drainage, sanitation, roads.
SELECT citybigdata.load_units('unit,name,parent,divisions,types,contact,telephone
city,北京市城市管理监督指挥中心,,,,赵敏,010-65130000
city-110101,东城区城市管理监督指挥中心,city,110101,,钱进,010-64010001
city-110102,西城区城市管理监督指挥中心,city,110102,,孙丽,010-66010002
lighting,北京市城市照明管理中心,,,6,周明,010-67110001
lighting-110101,东城区照明管理所,lighting,,,吴亮,010-67110101
lighting-110102,西城区照明管理所,lighting,,,郑辉,010-67110102
drainage,北京市排水管理中心,,,0404;0406,冯涛,010-68120001
drainage-110101,东城区排水管理所,drainage,,,陈江,010-68120101
sanitation,北京市环境卫生管理中心,,,,褚洁,010-63140001
sanitation-110101,东城区环境卫生服务中心,sanitation,,,卫清,010-63140101
sanitation-110102,西城区环境卫生服务中心,sanitation,,,蒋新,010-63140102
roads,北京市城市道路养护管理中心,,,0110;0305;0401,沈路,010-62150001
roads-110101,东城区道路养护队,roads,,,韩桥,010-62150101');
SELECT citybigdata.load_responsibilities('type,division,unit
,110101,city-110101
,110102,city-110102
6,110101,lighting-110101
6,110102,lighting-110102
0404,110101,drainage-110101
0406,110101,drainage-110101
01,110101,sanitation-110101
01,110102,sanitation-110102
0407,110101,sanitation-110101
0110,110101,roads-110101
0401,110101,roads-110101');
-- One operator of each role, and one for each other unit. Their password is random: a slow digest adds nothing.
SELECT 'Yun-' || encode(public.gen_random_bytes(12), 'hex') AS operator_password \gset
SET citybigdata.bcrypt_cost = 4;
SELECT citybigdata.approve_account(citybigdata.register_account('op.' || o.name, :'operator_password', o.organization, o.contact, '137001370' || lpad(o.n::text, 2, '0')))
FROM (VALUES (1, 'inspector', '东城区城市管理监督指挥中心', '何采'), (2, 'desk', '东城区城市管理监督指挥中心', '吕受'), (3, 'filer', '东城区城市管理监督指挥中心', '施值'),
    (4, 'dispatcher', '东城区城市管理监督指挥中心', '张派'), (5, 'unit', '东城区照明管理所', '孔部'), (6, 'handler', '东城区照明管理所', '曹处'), (7, 'verifier', '东城区城市管理监督指挥中心', '严核'),
    (8, 'supervisor', '北京市城市管理监督指挥中心', '华督'), (9, 'leader', '北京市城市管理监督指挥中心', '金领'), (10, 'drainage', '东城区排水管理所', '魏水'),
    (11, 'sanitation', '东城区环境卫生服务中心', '陶净'), (12, 'roads', '东城区道路养护队', '姜路')) o(n, name, organization, contact);
RESET citybigdata.bcrypt_cost;
SELECT citybigdata.load_posts('account,role,unit,division
op.inspector,inspector,,110000
op.desk,desk,,110000
op.filer,filer,,110000
op.dispatcher,dispatcher,,110000
op.unit,unit,lighting-110101,
op.handler,handler,lighting-110101,
op.verifier,verifier,,110000
op.supervisor,supervisor,,
op.leader,leader,,
op.drainage,unit,drainage-110101,
op.drainage,handler,drainage-110101,
op.sanitation,unit,sanitation-110101,
op.sanitation,handler,sanitation-110101,
op.roads,unit,roads-110101,
op.roads,handler,roads-110101,');
-- Duty grids: squares of some two kilometres of the two districts.
SELECT citybigdata.load_grids(jsonb_build_object('type', 'FeatureCollection', 'features', jsonb_agg(jsonb_build_object('type', 'Feature', 'geometry', public.st_asgeojson(g.geom, 5)::jsonb,
    'properties', jsonb_build_object('grid', g.code || '-' || lpad(g.n::text, 2, '0'), 'name', g.name || '第' || g.n || '网格', 'division', g.code, 'unit', 'city-' || g.code,
        'inspector', CASE g.code WHEN '110101' THEN 'op.inspector' END)))))
FROM (SELECT b.code, d.name, row_number() OVER (PARTITION BY b.code ORDER BY s.j DESC, s.i) AS n, c.geom
      FROM citybigdata.division_boundary b JOIN citybigdata.division d ON d.code = b.code CROSS JOIN LATERAL public.st_squaregrid(0.02, b.geom) s
      CROSS JOIN LATERAL (SELECT public.st_collectionextract(public.st_reduceprecision(public.st_intersection(s.geom, b.geom), 0.00001), 3) AS geom) c
      WHERE b.code IN ('110101', '110102') AND public.st_area(c.geom) > 0.00008) g;

\o
\echo CBD_APP_CODE=:app_code
\echo CBD_KEY=:key
\echo CBD_USER=demo
\echo CBD_PASSWORD=:password
\echo CBD_SIGNING_SECRET=:signing_secret
\echo CBD_SENDER_CODE=362200
\echo CBD_IP_SENDER_CODE=120110-02
\echo CBD_CONDITION=:condition
\echo CBD_ADMIN_USER=admin
\echo CBD_ADMIN_PASSWORD=:admin_password
\echo CBD_ADMIN_TOTP_SECRET=:totp_secret
\echo CBD_OPERATOR_PASSWORD=:operator_password
\echo CBD_OPERATOR_INSPECTOR=op.inspector
\echo CBD_OPERATOR_DESK=op.desk
\echo CBD_OPERATOR_FILER=op.filer
\echo CBD_OPERATOR_DISPATCHER=op.dispatcher
\echo CBD_OPERATOR_UNIT=op.unit
\echo CBD_OPERATOR_HANDLER=op.handler
\echo CBD_OPERATOR_VERIFIER=op.verifier
\echo CBD_OPERATOR_SUPERVISOR=op.supervisor
\echo CBD_OPERATOR_LEADER=op.leader
