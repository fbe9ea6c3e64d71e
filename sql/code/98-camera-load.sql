-- Cameras: codes of GB/T 28181, and loading. One place checks and stores, for SQL, CSV, GeoJSON, REST and lists of upstream platforms: camera_save().

-- Names of what is in a device id; digits 40 to 59 of the industry mean other things from the edition of 2022 on.
INSERT INTO citybigdata.code_table (name, title, title_zh, version, shipped) VALUES
('gb28181-type', 'GB/T 28181: type of a device (digits 11 to 13)', 'GB/T 28181 类型编码（第 11 至 13 位）', '2022', true),
('gb28181-industry-2016', 'GB/T 28181-2011 and 2016: industry (digits 9 and 10)', 'GB/T 28181—2011、2016 行业编码（第 9、10 位）', '2016', true),
('gb28181-industry-2022', 'GB/T 28181-2022: industry (digits 9 and 10)', 'GB/T 28181—2022 行业编码（第 9、10 位）', '2022', true),
('gb28181-network', 'GB/T 28181: network (digit 14)', 'GB/T 28181 网络标识编码（第 14 位）', '2016', true)
ON CONFLICT ON CONSTRAINT code_table_pkey DO NOTHING;
INSERT INTO citybigdata.code_table_row (table_name, code, name, sort, shipped) VALUES
('gb28181-type', '111', 'DVR', 1, true), ('gb28181-type', '112', '视频服务器', 2, true), ('gb28181-type', '113', '编码器', 3, true),
('gb28181-type', '114', '解码器', 4, true), ('gb28181-type', '115', '视频切换矩阵', 5, true), ('gb28181-type', '116', '音频切换矩阵', 6, true),
('gb28181-type', '117', '报警控制器', 7, true), ('gb28181-type', '118', '网络视频录像机(NVR)', 8, true), ('gb28181-type', '120', '在线视频图像信息采集系统', 9, true),
('gb28181-type', '121', '视频卡口', 10, true), ('gb28181-type', '122', '多目设备', 11, true), ('gb28181-type', '123', '停车场出入口控制设备', 12, true),
('gb28181-type', '124', '人员出入口控制设备', 13, true), ('gb28181-type', '125', '安检设备', 14, true), ('gb28181-type', '130', '混合硬盘录像机(HVR)', 15, true),
('gb28181-type', '131', '摄像机', 16, true), ('gb28181-type', '132', '网络摄像机(IPC)', 17, true), ('gb28181-type', '133', '显示器', 18, true),
('gb28181-type', '134', '报警输入设备(如红外、烟感、门禁等)', 19, true), ('gb28181-type', '135', '报警输出设备(如警灯、警铃等)', 20, true),
('gb28181-type', '136', '语音输入设备', 21, true), ('gb28181-type', '137', '语音输出设备', 22, true), ('gb28181-type', '138', '移动传输设备', 23, true),
('gb28181-type', '139', '其他外围设备', 24, true), ('gb28181-type', '140', '报警输出设备(如继电器或触发器控制的设备)', 25, true),
('gb28181-type', '141', '道闸(控制车辆通行)', 26, true), ('gb28181-type', '142', '智能门(控制人员通行)', 27, true), ('gb28181-type', '143', '凭证识别单元', 28, true),
('gb28181-type', '200', '中心信令控制服务器', 29, true), ('gb28181-type', '201', 'Web应用服务器', 30, true), ('gb28181-type', '202', '媒体分发服务器', 31, true),
('gb28181-type', '203', '代理服务器', 32, true), ('gb28181-type', '204', '安全服务器', 33, true), ('gb28181-type', '205', '报警服务器', 34, true),
('gb28181-type', '206', '数据库服务器', 35, true), ('gb28181-type', '207', 'GIS服务器', 36, true), ('gb28181-type', '208', '管理服务器', 37, true),
('gb28181-type', '209', '接入网关', 38, true), ('gb28181-type', '210', '媒体存储服务器', 39, true), ('gb28181-type', '211', '信令安全路由网关', 40, true),
('gb28181-type', '215', '业务分组', 41, true), ('gb28181-type', '216', '虚拟组织', 42, true), ('gb28181-type', '300', '中心用户', 43, true),
('gb28181-type', '400', '终端用户', 44, true), ('gb28181-type', '500', '视频图像信息综合应用平台', 45, true), ('gb28181-type', '501', '视频图像信息运维管理平台', 46, true),
('gb28181-type', '502', '视频图像分析系统', 47, true), ('gb28181-type', '503', '视频图像信息数据库', 48, true), ('gb28181-type', '505', '视频图像分析设备', 49, true),
('gb28181-industry-2016', '00', '社会治安路面接入', 1, true), ('gb28181-industry-2016', '01', '社会治安社区接入', 2, true),
('gb28181-industry-2016', '02', '社会治安内部接入', 3, true), ('gb28181-industry-2016', '03', '社会治安其他接入', 4, true),
('gb28181-industry-2016', '04', '交通路面接入', 5, true), ('gb28181-industry-2016', '05', '交通卡口接入', 6, true),
('gb28181-industry-2016', '06', '交通内部接入', 7, true), ('gb28181-industry-2016', '07', '交通其他接入', 8, true),
('gb28181-industry-2016', '08', '城市管理接入', 9, true), ('gb28181-industry-2016', '09', '卫生环保接入', 10, true),
('gb28181-industry-2016', '10', '商检海关接入', 11, true), ('gb28181-industry-2016', '11', '教育部门接入', 12, true),
('gb28181-industry-2016', '40', '农林牧渔业接入', 13, true), ('gb28181-industry-2016', '41', '采矿企业接入', 14, true),
('gb28181-industry-2016', '42', '制造企业接入', 15, true), ('gb28181-industry-2016', '43', '冶金企业接入', 16, true),
('gb28181-industry-2016', '44', '电力企业接入', 17, true), ('gb28181-industry-2016', '45', '燃气企业接入', 18, true),
('gb28181-industry-2016', '46', '建筑企业接入', 19, true), ('gb28181-industry-2016', '47', '物流企业接入', 20, true),
('gb28181-industry-2016', '48', '邮政企业接入', 21, true), ('gb28181-industry-2016', '49', '信息企业接入', 22, true),
('gb28181-industry-2016', '50', '住宿和餐饮业接入', 23, true), ('gb28181-industry-2016', '51', '金融企业接入', 24, true),
('gb28181-industry-2016', '52', '房地产业接入', 25, true), ('gb28181-industry-2016', '53', '商务服务业接入', 26, true),
('gb28181-industry-2016', '54', '水利企业接入', 27, true), ('gb28181-industry-2016', '55', '娱乐企业接入', 28, true),
('gb28181-industry-2022', '00', '社会治安路面接入', 1, true), ('gb28181-industry-2022', '01', '社会治安社区接入', 2, true),
('gb28181-industry-2022', '02', '社会治安内部接入', 3, true), ('gb28181-industry-2022', '03', '社会治安其他接入', 4, true),
('gb28181-industry-2022', '04', '交通路面接入', 5, true), ('gb28181-industry-2022', '05', '交通卡口接入', 6, true),
('gb28181-industry-2022', '06', '交通内部接入', 7, true), ('gb28181-industry-2022', '07', '交通其他接入', 8, true),
('gb28181-industry-2022', '08', '城市管理接入', 9, true), ('gb28181-industry-2022', '09', '卫生环保接入', 10, true),
('gb28181-industry-2022', '10', '商检海关接入', 11, true), ('gb28181-industry-2022', '11', '教育部门接入', 12, true),
('gb28181-industry-2022', '12', '民航接入', 13, true), ('gb28181-industry-2022', '13', '铁路接入', 14, true),
('gb28181-industry-2022', '14', '航运接入', 15, true), ('gb28181-industry-2022', '40', '农、林、牧、渔业接入', 16, true),
('gb28181-industry-2022', '41', '采矿业接入', 17, true), ('gb28181-industry-2022', '42', '制造业接入', 18, true),
('gb28181-industry-2022', '43', '电力、热力、燃气及水生产和供应业接入', 19, true), ('gb28181-industry-2022', '44', '建筑业接入', 20, true),
('gb28181-industry-2022', '45', '批发和零售业接入', 21, true), ('gb28181-industry-2022', '46', '交通运输、仓储和邮政业接入', 22, true),
('gb28181-industry-2022', '47', '住宿和餐饮业接入', 23, true), ('gb28181-industry-2022', '48', '信息传输、软件和信息技术服务业接入', 24, true),
('gb28181-industry-2022', '49', '金融业接入', 25, true), ('gb28181-industry-2022', '50', '房地产业接入', 26, true),
('gb28181-industry-2022', '51', '租赁和商务服务业接入', 27, true), ('gb28181-industry-2022', '52', '科学研究和技术服务业接入', 28, true),
('gb28181-industry-2022', '53', '水利、环境和公共设施管理业接入', 29, true), ('gb28181-industry-2022', '54', '居民服务、修理和其他服务业接入', 30, true),
('gb28181-industry-2022', '55', '教育接入', 31, true), ('gb28181-industry-2022', '56', '卫生和社会工作接入', 32, true),
('gb28181-industry-2022', '57', '文化、体育和娱乐业接入', 33, true), ('gb28181-industry-2022', '58', '公共管理、社会保障和社会组织接入', 34, true),
('gb28181-industry-2022', '59', '国际组织', 35, true), ('gb28181-network', '0', '监控报警专网', 1, true), ('gb28181-network', '1', '监控报警专网', 2, true),
('gb28181-network', '2', '监控报警专网', 3, true), ('gb28181-network', '3', '监控报警专网', 4, true), ('gb28181-network', '4', '监控报警专网', 5, true),
('gb28181-network', '5', '公安信息网', 6, true), ('gb28181-network', '6', '政务网', 7, true), ('gb28181-network', '7', 'Internet网', 8, true),
('gb28181-network', '8', '社会资源接入网', 9, true), ('gb28181-network', '9', '预留', 10, true)
ON CONFLICT ON CONSTRAINT code_table_row_pkey DO NOTHING;

CREATE OR REPLACE FUNCTION citybigdata.camera_encrypt(purpose text, plain text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_camera_encrypt' LANGUAGE c VOLATILE STRICT SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.camera_encrypt(text, text) IS 'A source or secret under the key file, bound to its purpose; for the functions of this extension only';

-- Cameras as the items would make them: what an item does not name stays as it is.
CREATE OR REPLACE FUNCTION citybigdata.camera_given(items jsonb)
    RETURNS TABLE (n bigint, removing boolean, known boolean, given text, camera uuid, item jsonb, point geometry, place_code integer, place_problem text, placed boolean)
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT e.n, citybigdata.organisation_removes(e.item), c.camera_index_code IS NOT NULL, e.item ->> 'camera', citybigdata.camera_uuid(e.item ->> 'camera'), m.item,
           coalesce(p.point, c.geom), p.status_code, p.problem, p.point IS NOT NULL
    FROM jsonb_array_elements(items) WITH ORDINALITY e(item, n)
    LEFT JOIN citybigdata.camera c ON c.camera_index_code = citybigdata.camera_uuid(e.item ->> 'camera')
    LEFT JOIN citybigdata.camera_stream main ON main.camera_index_code = c.camera_index_code AND main.stream_type = 0
    LEFT JOIN citybigdata.camera_stream sub ON sub.camera_index_code = c.camera_index_code AND sub.stream_type = 1
    CROSS JOIN LATERAL (SELECT jsonb_build_object('name', c.camera_name, 'gbCode', c.gb_code, 'gbEdition', c.gb_edition, 'type', coalesce(c.camera_type, 0)::text, 'division', c.division_code,
        'address', c.address, 'protocols', coalesce(to_jsonb(c.protocols), '["rtsp","rtmp","hls","ws"]'), 'transports', coalesce(to_jsonb(c.transports), '["udp","tcp"]'),
        'state', coalesce(c.state, 'online'), 'level', coalesce(c.level, 2)::text, 'provider', c.provider_code, 'upstreamCode', c.upstream_code,
        'codec', coalesce(main.codec, 'h264'), 'subCodec', sub.codec) || CASE WHEN jsonb_typeof(e.item) = 'object' THEN jsonb_strip_nulls(e.item) ELSE '{}' END AS item) m
    LEFT JOIN LATERAL citybigdata.camera_point(e.item ->> 'geometry', e.item ->> 'longitude', e.item ->> 'latitude') p ON jsonb_typeof(e.item) = 'object'
$$;
COMMENT ON FUNCTION citybigdata.camera_given(jsonb) IS 'Cameras as the items would make them; not checked';

CREATE OR REPLACE FUNCTION citybigdata.camera_gb_problem(id text) RETURNS text
    LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN g.verdict = 'bad-format' THEN citybigdata.say('a device id of GB/T 28181 has exactly 20 digits')
                WHEN g.verdict = 'bad-centre-padding' THEN citybigdata.say('digits 1 to 8: below a level that is 00 everything is 00')
                WHEN g.verdict = 'unknown-division' THEN citybigdata.say('digits 1 to 6 ({code}) are no division', 'code', left(id, 6))
                WHEN g.verdict = 'bad-type' OR g.type NOT IN ('131', '132') THEN citybigdata.say('digits 11 to 13 ({code}) are not those of a camera: 131 or 132', 'code', substr(id, 11, 3)) END
    FROM citybigdata.gb28181(id) g
$$;
COMMENT ON FUNCTION citybigdata.camera_gb_problem(text) IS 'Why it is no GB/T 28181 id of a camera; null: it is one. A division that is retired, and an industry that no edition has, are no reason';

CREATE OR REPLACE FUNCTION citybigdata.camera_form_problems(items jsonb) RETURNS TABLE (n bigint, member text, status_code integer, message text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT e.n, '', 42202, citybigdata.say('an object is expected, for example {example}', 'example', '{"camera":"2f1d…","name":"东长安街口","provider":"media"}')
    FROM jsonb_array_elements(items) WITH ORDINALITY e(item, n) WHERE jsonb_typeof(e.item) <> 'object'
    UNION ALL
    SELECT e.n, m.member, CASE WHEN c.member IS NULL THEN 42225 ELSE 42202 END,
           CASE WHEN c.member IS NULL THEN citybigdata.say('the members are {member}', 'member', (SELECT string_agg(o.member, ', ') FROM citybigdata.organisation_columns('cameras') o))
                ELSE citybigdata.say('a text is expected, not an array') END
    FROM jsonb_array_elements(items) WITH ORDINALITY e(item, n)
    CROSS JOIN LATERAL jsonb_each(CASE WHEN jsonb_typeof(e.item) = 'object' THEN e.item ELSE '{}' END) m(member, value)
    LEFT JOIN citybigdata.organisation_columns('cameras') c ON c.member = m.member
    WHERE c.member IS NULL OR (jsonb_typeof(m.value) = 'array' AND m.member NOT IN ('protocols', 'transports'))
    UNION ALL
    SELECT e.n, 'remove', 42204, citybigdata.say('true, false, or nothing') FROM jsonb_array_elements(items) WITH ORDINALITY e(item, n)
    WHERE lower(e.item ->> 'remove') NOT IN ('true', 'false', '1', '0', '是', '否')
$$;
COMMENT ON FUNCTION citybigdata.camera_form_problems(jsonb) IS 'Members that an item of a camera does not have, and values of a wrong type';

CREATE OR REPLACE FUNCTION citybigdata.camera_problems(items jsonb) RETURNS TABLE (n bigint, member text, status_code integer, message text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    WITH given AS MATERIALIZED (
        SELECT g.*, count(*) OVER (PARTITION BY g.camera) AS times, count(*) OVER (PARTITION BY g.item ->> 'gbCode') AS gb_times, v.kind
        FROM citybigdata.camera_given(items) g LEFT JOIN citybigdata.camera_provider v ON v.provider_code = g.item ->> 'provider'
    )
    SELECT p.* FROM citybigdata.camera_form_problems(items) p
    UNION ALL
    SELECT g.n, f.member, f.code, f.says FROM given g CROSS JOIN LATERAL (VALUES
        (g.given IS NULL, 'camera', 42201, citybigdata.say('a UUID is expected, for example {example}', 'example', '2f1d6d3e-8f0b-4f0e-9d53-0c1b7a3e5f11')),
        (g.given IS NOT NULL AND g.camera IS NULL, 'camera', 42245, citybigdata.say('a UUID is expected, for example {example}', 'example', '2f1d6d3e-8f0b-4f0e-9d53-0c1b7a3e5f11')),
        (g.camera IS NOT NULL AND g.times > 1, 'camera', 42204, citybigdata.say('{camera} occurs {times} times; each camera occurs once', 'camera', left(g.given, 36), 'times', g.times)),
        (g.removing AND NOT g.known AND g.camera IS NOT NULL, 'camera', 40460, citybigdata.say('there is no camera of that code'))) f(wrong, member, code, says)
    WHERE f.wrong
    UNION ALL
    SELECT g.n, f.member, f.code, f.says FROM given g CROSS JOIN LATERAL (VALUES
        (g.place_code IS NOT NULL, CASE WHEN g.item ? 'geometry' THEN 'geometry' ELSE 'longitude' END, g.place_code, g.place_problem),
        (citybigdata.camera_gb_problem(g.item ->> 'gbCode') IS NOT NULL, 'gbCode', 42254, citybigdata.camera_gb_problem(g.item ->> 'gbCode')),
        (g.item ->> 'gbCode' IS NOT NULL AND (g.gb_times > 1 OR EXISTS (SELECT FROM citybigdata.camera c WHERE c.gb_code = g.item ->> 'gbCode' AND c.camera_index_code <> g.camera)), 'gbCode', 42254,
            citybigdata.say('{gbCode} is the id of another camera', 'gbCode', left(g.item ->> 'gbCode', 20))),
        (g.item ->> 'gbEdition' NOT IN ('2011', '2016', '2022'), 'gbEdition', 42204, citybigdata.say('one of {choices}', 'choices', '2011, 2016, 2022')),
        (g.item ->> 'type' NOT IN ('0', '1', '2', '3'), 'type', 42204, citybigdata.say('one of {choices}', 'choices', '0, 1, 2, 3')),
        (g.item ->> 'division' IS NOT NULL AND NOT citybigdata.organisation_division_known(g.item ->> 'division'), 'division', 42206, citybigdata.say('{divisionCode} is no division', 'divisionCode', left(g.item ->> 'division', 32))),
        (NOT citybigdata.organisation_list(g.item -> 'protocols') <@ '{rtsp,rtmp,hls,ws}' OR citybigdata.organisation_list(g.item -> 'protocols') = '{}', 'protocols', 42204,
            citybigdata.say('of {choices}', 'choices', 'rtsp, rtmp, hls, ws')),
        (NOT citybigdata.organisation_list(g.item -> 'transports') <@ '{udp,tcp}' OR citybigdata.organisation_list(g.item -> 'transports') = '{}', 'transports', 42204, citybigdata.say('of {choices}', 'choices', 'udp, tcp')),
        (g.item ->> 'state' NOT IN ('online', 'offline', 'closed'), 'state', 42204, citybigdata.say('one of {choices}', 'choices', 'online, offline, closed')),
        (g.item ->> 'level' NOT IN ('1', '2', '3', '4'), 'level', 42204, citybigdata.say('one of {choices}', 'choices', '1, 2, 3, 4')),
        (g.item ->> 'provider' IS NULL, 'provider', 42201, citybigdata.say('the code of a camera provider is expected')),
        (g.item ->> 'provider' IS NOT NULL AND g.kind IS NULL, 'provider', 40462, citybigdata.say('{provider} is no camera provider', 'provider', left(g.item ->> 'provider', 32))),
        (g.item ->> 'upstreamCode' !~ '^[A-Za-z0-9_.:-]{1,64}$', 'upstreamCode', 42204, citybigdata.say('at most 64 letters, digits and _ . : -')),
        (g.item ->> 'codec' NOT IN ('h264', 'h265'), 'codec', 42204, citybigdata.say('one of {choices}', 'choices', 'h264, h265')),
        (g.item ->> 'subCodec' NOT IN ('h264', 'h265'), 'subCodec', 42204, citybigdata.say('one of {choices}', 'choices', 'h264, h265'))) f(wrong, member, code, says)
    WHERE f.wrong AND NOT g.removing
    UNION ALL
    SELECT g.n, s.member, 42204, citybigdata.say('an address of rtsp, rtmp, http or https is expected, for example {example}', 'example', 'rtsp://user:password@192.0.2.10:554/stream1')
    FROM given g CROSS JOIN (VALUES ('source'), ('subSource')) s(member)
    WHERE NOT g.removing AND (g.item ->> s.member !~ '^(rtsps?|rtmps?|https?)://[!#-&(-;=?-Z_a-z~]+$' OR length(g.item ->> s.member) > 1000)
    UNION ALL
    SELECT g.n, t.* FROM given g CROSS JOIN LATERAL (VALUES ('name', 255, true), ('address', 500, false)) v(member, most, required)
    CROSS JOIN LATERAL citybigdata.organisation_text(v.member, g.item ->> v.member, v.most, v.required) t WHERE NOT g.removing
$$;
COMMENT ON FUNCTION citybigdata.camera_problems(jsonb) IS 'What is wrong with items of cameras; no row: they can be saved';

CREATE OR REPLACE FUNCTION citybigdata.camera_store(items jsonb) RETURNS integer
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    changed integer;
    more    integer;
BEGIN
    WITH given AS MATERIALIZED (
        SELECT g.*, coalesce(g.item ->> 'division', CASE WHEN g.point IS NOT NULL THEN citybigdata.division_at(g.point) END) AS division FROM citybigdata.camera_given(items) g
    ), gone AS (
        DELETE FROM citybigdata.camera c USING given g WHERE g.removing AND c.camera_index_code = g.camera RETURNING 1
    ), saved AS (
        INSERT INTO citybigdata.camera AS c (camera_index_code, camera_name, gb_code, gb_edition, camera_type, division_code, address, geom, protocols, transports, state, level, provider_code, upstream_code)
        SELECT g.camera, g.item ->> 'name', g.item ->> 'gbCode', g.item ->> 'gbEdition', (g.item ->> 'type')::integer, g.division, g.item ->> 'address', g.point,
               citybigdata.organisation_list(g.item -> 'protocols'), citybigdata.organisation_list(g.item -> 'transports'), g.item ->> 'state', (g.item ->> 'level')::integer, g.item ->> 'provider',
               g.item ->> 'upstreamCode' FROM given g WHERE NOT g.removing
        ON CONFLICT ON CONSTRAINT camera_pkey DO UPDATE SET camera_name = excluded.camera_name, gb_code = excluded.gb_code, gb_edition = excluded.gb_edition, camera_type = excluded.camera_type,
            division_code = excluded.division_code, address = excluded.address, geom = excluded.geom, protocols = excluded.protocols, transports = excluded.transports, state = excluded.state,
            state_at = CASE WHEN c.state = excluded.state THEN c.state_at ELSE now() END, level = excluded.level, provider_code = excluded.provider_code, upstream_code = excluded.upstream_code, updated_at = now()
        WHERE (c.camera_name, c.gb_code, c.gb_edition, c.camera_type, c.division_code, c.address, c.protocols, c.transports, c.state, c.level, c.provider_code, c.upstream_code)
            IS DISTINCT FROM (excluded.camera_name, excluded.gb_code, excluded.gb_edition, excluded.camera_type, excluded.division_code, excluded.address, excluded.protocols, excluded.transports, excluded.state,
                excluded.level, excluded.provider_code, excluded.upstream_code)
            OR c.geom::bytea IS DISTINCT FROM excluded.geom::bytea
        RETURNING 1
    )
    SELECT (SELECT count(*) FROM gone) + (SELECT count(*) FROM saved) INTO changed;
    WITH wanted AS (
        SELECT g.camera, t.stream_type, g.item ->> t.codec AS codec, g.item ->> t.source AS source
        FROM citybigdata.camera_given(items) g CROSS JOIN (VALUES (0, 'codec', 'source'), (1, 'subCodec', 'subSource')) t(stream_type, codec, source)
        WHERE NOT g.removing AND g.item ->> t.codec IS NOT NULL
    ), saved AS (
        INSERT INTO citybigdata.camera_stream AS s (camera_index_code, stream_type, codec, source, source_place)
        SELECT w.camera, w.stream_type, w.codec, CASE WHEN w.source IS NOT NULL THEN citybigdata.camera_encrypt('camera-source ' || w.camera || ' ' || w.stream_type, w.source) END,
               -- an @ behind the first / or ? may be the end of a password that was written as it is
               CASE WHEN w.source ~ '^[a-z]+://[^/?#]*[/?#].*@' THEN regexp_replace(w.source, '^([a-z]+://).*$', '\1…')
                    ELSE regexp_replace(regexp_replace(w.source, '^([a-z]+://)[^/?#]*@', '\1'), '[?].*$', '') END FROM wanted w
        ON CONFLICT ON CONSTRAINT camera_stream_pkey DO UPDATE SET codec = excluded.codec, source = coalesce(excluded.source, s.source), source_place = coalesce(excluded.source_place, s.source_place)
        WHERE s.codec <> excluded.codec OR excluded.source IS NOT NULL
        RETURNING 1
    )
    SELECT count(*) INTO more FROM saved;
    RETURN greatest(changed, least(more, jsonb_array_length(items)));
END
$$;
COMMENT ON FUNCTION citybigdata.camera_store(jsonb) IS 'Stores checked items of cameras; how many changed';

CREATE OR REPLACE FUNCTION citybigdata.camera_save(items jsonb, csv text) RETURNS TABLE (n bigint, line integer, member text, status_code integer, message text, changed integer)
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp SET jit = off AS $$
DECLARE
    lines integer[];
    found boolean := false;
    given jsonb := items;
BEGIN
    -- who saves comes one after the other: what was checked is what is stored
    LOCK TABLE citybigdata.camera, citybigdata.camera_provider IN SHARE ROW EXCLUSIVE MODE;
    IF csv IS NOT NULL THEN
        FOR line, member, status_code, message IN
            SELECT c.line, c.member, c.status_code, c.message FROM citybigdata.organisation_csv('cameras', csv) c WHERE c.item IS NULL ORDER BY c.line LOOP
            found := true;
            RETURN NEXT;
        END LOOP;
        SELECT coalesce(jsonb_agg(c.item ORDER BY c.line), '[]'), array_agg(c.line ORDER BY c.line) INTO given, lines FROM citybigdata.organisation_csv('cameras', csv) c WHERE c.item IS NOT NULL;
    END IF;
    FOR n, line, member, status_code, message IN
        SELECT p.n, lines[p.n], p.member, p.status_code, p.message FROM citybigdata.camera_problems(given) p ORDER BY p.n, p.member, p.status_code LOOP
        found := true;
        RETURN NEXT;
    END LOOP;
    IF NOT found THEN
        n := NULL; line := NULL; member := NULL; message := NULL; status_code := 0;
        changed := citybigdata.camera_store(given);
        RETURN NEXT;
    END IF;
END
$$;
COMMENT ON FUNCTION citybigdata.camera_save(jsonb, text) IS
'Checks and stores cameras, of a JSON array or a CSV: either one row with status 0, or what is wrong and nothing is stored. For the functions of this extension only';

CREATE OR REPLACE FUNCTION citybigdata.camera_apply(items jsonb, csv text, action text, object text) RETURNS integer
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    found record;
BEGIN
    SELECT array_agg(s.status_code) AS codes, count(*) AS errors, max(s.changed) AS changed,
           string_agg(concat(concat_ws(citybigdata.say(', '), CASE WHEN s.line IS NOT NULL THEN citybigdata.say('line {line}', 'line', s.line) END,
                                       CASE WHEN jsonb_array_length(items) > 1 THEN citybigdata.say('item {number}', 'number', s.n) END, nullif(s.member, '')),
                             format(': %s %s', s.status_code, s.message)), E'\n' ORDER BY s.line, s.n, s.member) FILTER (WHERE s.position <= 100) AS detail
    INTO found FROM (SELECT a.*, row_number() OVER () AS position FROM citybigdata.camera_save(items, csv) a) s;
    IF found.codes[1] <> 0 THEN
        PERFORM citybigdata.refuse(CASE WHEN found.errors = 1 THEN found.codes[1] ELSE 42200 END,
                                   found.detail || CASE WHEN found.errors > 100 THEN E'\n' || citybigdata.say('and {count} more', 'count', found.errors - 100) ELSE '' END);
    END IF;
    PERFORM citybigdata.audit_event(action, object, format('%s changed', found.changed));
    RETURN found.changed;
END
$$;
COMMENT ON FUNCTION citybigdata.camera_apply(jsonb, text, text, text) IS
'camera_save() for a caller from SQL: what is wrong is raised, all of it in the detail, and the change has its audit row; for the functions of this extension only';

CREATE OR REPLACE FUNCTION citybigdata.save_camera(camera text, name text, provider text, longitude double precision DEFAULT NULL, latitude double precision DEFAULT NULL,
                                                   gb_code text DEFAULT NULL, codec text DEFAULT NULL, sub_codec text DEFAULT NULL, state text DEFAULT NULL, level integer DEFAULT NULL) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM citybigdata.camera_apply(jsonb_build_array(jsonb_strip_nulls(jsonb_build_object('camera', camera, 'name', name, 'provider', provider, 'longitude', longitude::numeric::text, 'latitude', latitude::numeric::text,
        'gbCode', gb_code, 'codec', codec, 'subCodec', sub_codec, 'state', state, 'level', level::text))), NULL, 'camera.save', camera);
END
$$;
COMMENT ON FUNCTION citybigdata.save_camera(text, text, text, double precision, double precision, text, text, text, text, integer) IS
'Makes a camera 监控点, or changes it: what is null stays as it is; load_cameras() knows every member. camera: a UUID, with or without dashes. '
'Errors: 42200 with every error in the detail; alone 40462, 42204, 42206, 42210, 42245, 42254. save_camera(''2f1d6d3e8f0b4f0e9d530c1b7a3e5f11'', ''东长安街口'', ''media'', 116.4, 39.9)';

CREATE OR REPLACE FUNCTION citybigdata.remove_camera(camera text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM citybigdata.camera_apply(jsonb_build_array(jsonb_build_object('camera', camera, 'remove', 'true')), NULL, 'camera.remove', camera);
END
$$;
COMMENT ON FUNCTION citybigdata.remove_camera(text) IS 'Deletes a camera; what was played of it stays known. Errors: 40460 no such camera, 42245 no UUID';

CREATE OR REPLACE FUNCTION citybigdata.load_cameras(csv text) RETURNS integer
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$ SELECT citybigdata.camera_apply(NULL, csv, 'camera.load', NULL) $$;
COMMENT ON FUNCTION citybigdata.load_cameras(text) IS
'Loads cameras from CSV and returns how many changed; an error in any line refuses all. Columns: camera, name, gbCode, gbEdition, type, division, address, longitude, latitude, protocols, transports, state, level, '
'provider, upstreamCode, codec, subCodec, source, subSource, remove, or the Chinese headings; an empty cell leaves it as it is. Errors: 42200 with every error in the detail';

CREATE OR REPLACE FUNCTION citybigdata.load_cameras(geojson jsonb) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF geojson ->> 'type' IS DISTINCT FROM 'FeatureCollection' OR jsonb_typeof(geojson -> 'features') IS DISTINCT FROM 'array' THEN
        PERFORM citybigdata.refuse(42202, citybigdata.say('A GeoJSON FeatureCollection of points is expected, with the members of a camera as properties.'));
    END IF;
    RETURN citybigdata.camera_apply(citybigdata.organisation_features(geojson, 'cameras', false), NULL, 'camera.load', NULL);
END
$$;
COMMENT ON FUNCTION citybigdata.load_cameras(jsonb) IS
'Loads cameras from a GeoJSON FeatureCollection of points, in CGCS2000 longitude and latitude, with the members of load_cameras(text) as properties, and returns how many changed. '
'Errors: 42202 another JSON; 42200 with every error in the detail';

-- ---- lists of upstream platforms ----
CREATE OR REPLACE FUNCTION citybigdata.camera_upstream_items(provider text, list jsonb) RETURNS jsonb
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object('camera',
               -- a code that is no UUID: one that is made of it, always the same
               coalesce(citybigdata.camera_uuid(l.item ->> 'cameraIndexCode'), md5('camera ' || provider || ' ' || (l.item ->> 'cameraIndexCode'))::uuid)::text,
               'upstreamCode', l.item ->> 'cameraIndexCode', 'name', left(btrim(coalesce(l.item ->> 'cameraName', l.item ->> 'name')), 255), 'provider', provider,
               'gbCode', CASE WHEN citybigdata.camera_gb_problem(l.item ->> 'gbIndexCode') IS NULL THEN nullif(l.item ->> 'gbIndexCode', '') END,
               'longitude', CASE WHEN p.point IS NOT NULL THEN l.item ->> 'longitude' END, 'latitude', CASE WHEN p.point IS NOT NULL THEN l.item ->> 'latitude' END,
               'division', CASE WHEN citybigdata.organisation_division_known(l.item ->> 'regionIndexCode') THEN l.item ->> 'regionIndexCode' END,
               'type', CASE WHEN l.item ->> 'cameraType' IN ('0', '1', '2', '3') THEN l.item ->> 'cameraType' END,
               'state', CASE WHEN l.item ->> 'status' IN ('0', '2') THEN 'offline' ELSE 'online' END)) ORDER BY l.n), '[]')
    FROM jsonb_array_elements(CASE WHEN jsonb_typeof(list) = 'array' THEN list ELSE '[]' END) WITH ORDINALITY l(item, n)
    CROSS JOIN LATERAL citybigdata.camera_point(NULL, l.item ->> 'longitude', l.item ->> 'latitude') p
    WHERE l.item ->> 'cameraIndexCode' ~ '^[A-Za-z0-9_.:-]{1,64}$'
$$;
COMMENT ON FUNCTION citybigdata.camera_upstream_items(text, jsonb) IS 'Items of cameras from the list of an upstream platform (Artemis, POST /api/resource/v1/cameras); what is wrong with a place or an id is left out';

CREATE OR REPLACE FUNCTION citybigdata.camera_take_list(provider text, list jsonb, started timestamptz, last boolean) RETURNS TABLE (taken integer, refused integer, gone integer)
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp SET jit = off AS $$
DECLARE
    items jsonb := citybigdata.camera_upstream_items(provider, list);
    good  jsonb;
BEGIN
    LOCK TABLE citybigdata.camera, citybigdata.camera_provider IN SHARE ROW EXCLUSIVE MODE;
    -- a camera of another provider is not taken away from it; one that was given up here stays given up
    SELECT coalesce(jsonb_agg(CASE WHEN EXISTS (SELECT FROM citybigdata.camera c WHERE c.camera_index_code = (i.item ->> 'camera')::uuid AND c.state = 'closed')
                                   THEN i.item - 'state' ELSE i.item END ORDER BY i.n), '[]') INTO good FROM jsonb_array_elements(items) WITH ORDINALITY i(item, n)
    WHERE NOT EXISTS (SELECT FROM citybigdata.camera_problems(items) p WHERE p.n = i.n)
      AND NOT EXISTS (SELECT FROM citybigdata.camera c WHERE c.camera_index_code = (i.item ->> 'camera')::uuid AND c.provider_code <> provider);
    PERFORM citybigdata.camera_store(good);
    UPDATE citybigdata.camera c SET listed_at = started FROM jsonb_array_elements(good) g(item) WHERE c.camera_index_code = (g.item ->> 'camera')::uuid;
    taken := jsonb_array_length(good);
    refused := jsonb_array_length(CASE WHEN jsonb_typeof(list) = 'array' THEN list ELSE '[]' END) - taken;
    gone := 0;
    IF last THEN
        UPDATE citybigdata.camera c SET state = 'offline', state_at = now(), updated_at = now()
        WHERE c.provider_code = provider AND c.state = 'online' AND c.listed_at IS NOT NULL AND c.listed_at < started;
        GET DIAGNOSTICS gone = ROW_COUNT;
        UPDATE citybigdata.camera_provider v SET listed_at = started WHERE v.provider_code = provider;
    END IF;
    RETURN NEXT;
END
$$;
COMMENT ON FUNCTION citybigdata.camera_take_list(text, jsonb, timestamptz, boolean) IS
'Takes a page of an upstream platform''s list over; with the last one, cameras that it did not list go off line. For the functions of this extension only';
