-- Discovery: what the open data interface offers, to whom (clauses 5.1, 5.2-b, A.1).

-- The parameters that every resource understands; query_parameters() has their names, a test compares. One row a line, no quote inside:
-- bridge/data_parameters.sh reads them for the manual.
CREATE OR REPLACE FUNCTION citybigdata.standard_parameters(OUT place integer, OUT name text, OUT type_name text, OUT title text, OUT title_zh text,
                                                           OUT description text, OUT description_zh text, OUT example text)
    RETURNS SETOF record LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT * FROM (VALUES
    (1, 'appCode', 'text', 'Application code', '应用识别码', 'Optional beside a bearer token, and must match it when given', '有访问令牌时可省略；给出时须与令牌一致', '11000000000001R'),
    (2, 'authCode', 'text', 'Authorisation code', '授权码', 'One-time code in place of a bearer token; spent by the request', '一次性授权码，代替访问令牌；请求后即失效', NULL),
    (3, 'accessToken', 'text', 'Access token', '访问令牌', 'In place of the Authorization header, in a POST body only', '代替 Authorization 请求头，仅可用于 POST 请求体', NULL),
    (4, 'divisionCode', 'text[]', 'Division code', '行政区划代码', 'GB/T 2260 codes of 6, 9 or 12 digits; a code covers the divisions below it', 'GB/T 2260 的 6、9 或 12 位代码；上级代码包含其下级', '110101'),
    (5, 'platformCode', 'text[]', 'Platform code', '平台标识', 'Identifier of this platform', '本平台的标识', '110000'),
    (6, 'platformName', 'text[]', 'Platform name', '平台标识信息', 'Name of this platform', '本平台的名称', '北京市城市管理大数据平台'),
    (7, 'dataKind', 'text[]', 'Kind of data', '数据种类', 'Code, layer or industry of the resource', '资源代码、层次或行业', 'lighting'),
    (8, 'timeRange', 'interval', 'Time range', '时间段', 'Interval in any of the notations ( , ) ( , ] [ , ) [ , ]; yyyyMMddHHmmss or Unix seconds', '区间，可用 ( , ) ( , ] [ , ) [ , ] 四种写法；时间为 yyyyMMddHHmmss 或 Unix 秒', '[20240101000000,20240201000000)'),
    (9, 'time', 'time[]', 'Time', '时间', 'Time points, to the second; a day where the column holds days', '时间点，精确到秒；字段为日期时按日', '20240102030405'),
    (10, 'bbox', 'number[4]', 'Box', '空间范围', 'minX,minY,maxX,maxY; what touches the box', 'minX,minY,maxX,maxY；与该范围相交的数据', '116.3,39.8,116.5,40.0'),
    (11, 'bboxCrs', 'text', 'Coordinate system of bbox', '空间范围坐标系', 'EPSG:n, GCJ02, BD09; default EPSG:4490', 'EPSG:n、GCJ02、BD09；默认 EPSG:4490', 'GCJ02'),
    (12, 'crs', 'text', 'Coordinate system of the reply', '返回坐标系', 'EPSG:n, GCJ02, BD09; default EPSG:4490. Planes answer coordinateX, coordinateY', 'EPSG:n、GCJ02、BD09；默认 EPSG:4490。平面坐标系返回 coordinateX、coordinateY', 'EPSG:4548'),
    (13, 'fields', 'text[]', 'Fields', '返回字段', 'The fields wanted; default all', '需要的字段；默认全部', NULL),
    (14, 'sort', 'text[]', 'Order', '排序', 'Sortable fields, - before a descending one; default the key, with timeRange the time and then the key', '可排序字段，降序时前加 -；默认按主键，给出 timeRange 时先按时间再按主键', NULL),
    (15, 'pageSize', 'integer', 'Page size', '每页条数', '1 to 1000, default 100', '1 至 1000，默认 100', '100'),
    (16, 'cursor', 'text', 'Cursor', '游标', 'nextCursor of the page before, with the same filters and sort', '上一页的 nextCursor，筛选与排序须相同', NULL),
    (17, 'count', 'text', 'Count', '计数方式', 'none (default), estimate or exact: totalCount of all pages', 'none（默认）、estimate 或 exact：返回总条数 totalCount', 'estimate'),
    (18, 'expandCodes', 'boolean', 'Expand codes', '展开代码', 'true adds the name of each coded value: lampTypeName beside lampType', '为 true 时，为每个代码字段增加名称字段，如 lampType 之外的 lampTypeName', 'true'),
    (19, 'timeFormat', 'text', 'Time format', '时间格式', 'unix: Unix seconds; default yyyyMMddHHmmss', 'unix 表示 Unix 秒；默认 yyyyMMddHHmmss', 'unix'),
    (20, 'format', 'text', 'Format', '返回格式', 'json, xml, csv, geojson, ndjson; default by Accept, else json', 'json、xml、csv、geojson、ndjson；默认按 Accept，否则为 json', 'csv'),
    (21, 'charset', 'text', 'Charset', '字符集', 'UTF-8 (default) or GB18030', 'UTF-8（默认）或 GB18030', 'GB18030'),
    (22, 'headings', 'text', 'Headings', '标题', 'CSV and GeoJSON: name (default) or title, the titles of the fields in the language of lang', 'CSV 和 GeoJSON 的列名：name（默认，字段名）或 title（字段标题，语言由 lang 指定）', 'title'),
    (23, 'lang', 'text', 'Language of titles', '标题语言', 'en or zh; default by Accept-Language', 'en 或 zh；默认按 Accept-Language', 'zh'),
    (24, 'download', 'boolean', 'Download', '整体下载', 'true: all rows in one reply, as csv, geojson or ndjson, without pageSize', '为 true 时一次返回全部数据，格式为 csv、geojson 或 ndjson，不带 pageSize', 'true'),
    (25, 'bigint', 'text', 'Big numbers', '大整数', 'text: bigint and numeric values as texts, for readers whose numbers are doubles; default number', 'text 表示长整数和高精度数以字符串返回，适用于数值为双精度的客户端；默认 number', 'text'),
    (26, 'bom', 'boolean', 'Byte order mark', '字节顺序标记', 'true puts one before CSV, and an apostrophe before texts that a spreadsheet would take for a formula', '为 true 时在 CSV 前加字节顺序标记，并在会被电子表格当作公式的文本前加撇号', 'true')) p
$$;
COMMENT ON FUNCTION citybigdata.standard_parameters() IS 'Manual of the parameters that every published resource understands';

-- What a filter operator is called with.
CREATE OR REPLACE FUNCTION citybigdata.json_type(type_name text) RETURNS text
    LANGUAGE sql STABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN $1 IN ('smallint', 'integer', 'bigint') THEN 'integer' WHEN $1 IN ('numeric', 'real', 'double precision') THEN 'number'
        WHEN $1 = 'boolean' THEN 'boolean' WHEN $1 IN ('timestamp without time zone', 'timestamp with time zone') THEN 'time' WHEN $1 = 'date' THEN 'day' WHEN $1 ~ '\[\]$' THEN 'array'
        WHEN $1 IN ('json', 'jsonb') THEN 'json' WHEN $1 = (SELECT quote_ident(n.nspname) || '.geometry' FROM pg_extension x JOIN pg_namespace n ON n.oid = x.extnamespace WHERE x.extname = 'postgis') THEN 'geometry' ELSE 'string' END
$$;
COMMENT ON FUNCTION citybigdata.json_type(text) IS 'Type of a field as the interface manual names it';

CREATE OR REPLACE FUNCTION citybigdata.resource_list(app_id integer, everything boolean, layers text[], industries text[], kinds text[], token bytea DEFAULT NULL) RETURNS json
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT json_build_object('items', coalesce(json_agg(json_build_object('code', r.resource_code, 'kind', CASE WHEN v.version IS NOT NULL THEN 'data' WHEN a.level IS NOT NULL THEN 'algorithm' ELSE 'service' END,
        'address', coalesce('/api/v1/data/' || v.resource_code, '/api/v1/analysis/' || a.algorithm_code, CASE r.resource_code WHEN 'open311' THEN '/open311/v2' WHEN 'cases' THEN '/api/v1/events' ELSE '/api/v1/' || r.resource_code END),
        'title', r.title, 'titleZh', r.title_zh, 'layer', v.layer, 'industry', v.industry, 'source', v.source, 'level', coalesce(v.level, a.level), 'version', v.version, 'updateCycle', v.update_cycle,
        'sunset', to_char(v.sunset, 'YYYYMMDD')) ORDER BY r.resource_code), '[]'))
    FROM citybigdata.resource r LEFT JOIN citybigdata.resource_version v ON v.resource_code = r.resource_code AND v.state = 'current'
    LEFT JOIN citybigdata.algorithm a ON a.algorithm_code = r.resource_code
    WHERE ($2 OR citybigdata.granted($1, $6, r.resource_code, coalesce(v.level, a.level)))
      AND ($3 IS NULL OR v.layer = ANY ($3)) AND ($4 IS NULL OR v.industry = ANY ($4)) AND ($5 IS NULL OR r.resource_code = ANY ($5) OR v.layer = ANY ($5) OR v.industry = ANY ($5))
$$;
COMMENT ON FUNCTION citybigdata.resource_list(integer, boolean, text[], text[], text[], bytea) IS
'The resources that an application, or its narrowed token, may use (everything: all), of these layers, industries and kinds (null: any), for GET /resources';

-- As AddFieldFilter() of the engine takes them (extension/data/query_filter.c).
CREATE OR REPLACE FUNCTION citybigdata.filter_operators(filterable boolean, is_text boolean) RETURNS json
    LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT to_json(CASE WHEN $1 THEN ARRAY['eq', 'ne', 'lt', 'le', 'gt', 'ge', 'in'] ELSE '{}' END || CASE WHEN $1 AND $2 THEN ARRAY['like'] ELSE '{}' END || ARRAY['isNull'])
$$;
COMMENT ON FUNCTION citybigdata.filter_operators(boolean, boolean) IS 'Operators that a field can be compared by: field.op=value';

-- Fields, their place in two members where it is a point.
CREATE OR REPLACE FUNCTION citybigdata.resource_fields(code text) RETURNS json
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT json_agg(json_build_object('name', f.name, 'type', CASE WHEN f.file IS NOT NULL THEN 'file' WHEN f.column_name = v.geometry_column AND v.latitude_column IS NOT NULL THEN 'geometry' ELSE citybigdata.json_type(f.type_name) END, 'title', f.title, 'titleZh', f.title_zh, 'description', f.description,
        'unit', f.unit, 'level', f.level, 'masked', f.mask, 'filterable', f.filterable, 'sortable', f.sortable,
        'operators', citybigdata.filter_operators(f.filterable, f.column_name = ANY (c.texts)), 'isKey', f.column_name = ANY (v.key_columns),
        'isTime', f.column_name = v.time_column, 'isDivision', f.column_name = v.division_column, 'isPlace', f.column_name = v.geometry_column,
        'isExact', f.type_name IN ('bigint', 'numeric') AND f.column_name IS DISTINCT FROM v.geometry_column,
        'codeTable', CASE f.code_table WHEN 'divisions' THEN '/api/v1/divisions/{code}' ELSE '/api/v1/code-tables/' || f.code_table END,
        'contentType', f.file ->> 'type') ORDER BY f.position)
    FROM citybigdata.resource_version v
    CROSS JOIN LATERAL (SELECT ARRAY(SELECT t.column_name FROM citybigdata.relation_columns(v.schema_name, v.relation_name, v.arguments) t
                                     WHERE citybigdata.column_serves(t.type_oid, 'text')) AS texts OFFSET 0) c
    JOIN citybigdata.resource_field f ON f.resource_code = v.resource_code AND f.version = v.version
    WHERE v.resource_code = $1 AND v.state = 'current'
$$;
COMMENT ON FUNCTION citybigdata.resource_fields(text) IS 'Fields of a published resource for its manual';

CREATE OR REPLACE FUNCTION citybigdata.resource_document(code text) RETURNS json
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce((jsonb_build_object('layer', NULL, 'industry', NULL, 'version', NULL, 'owner', NULL, 'updateCycle', NULL, 'sunset', NULL, 'publishedAt', NULL, 'latencyBudget', NULL, 'crs', NULL, 'fields', NULL)
                     || citybigdata.algorithm_document(r.resource_code)::jsonb)::json, json_build_object('code', r.resource_code, 'kind', CASE WHEN v.version IS NOT NULL THEN 'data' ELSE 'service' END,
        'address', coalesce('/api/v1/data/' || v.resource_code, CASE r.resource_code WHEN 'open311' THEN '/open311/v2' WHEN 'cases' THEN '/api/v1/events' ELSE '/api/v1/' || r.resource_code END), 'methods', json_build_array('GET', 'POST'),
        'title', r.title, 'titleZh', r.title_zh, 'description', v.description, 'descriptionZh', v.description_zh, 'layer', v.layer, 'industry', v.industry, 'source', v.source,
        'level', v.level, 'version', v.version, 'owner', v.data_owner, 'updateCycle', v.update_cycle, 'sunset', to_char(v.sunset, 'YYYYMMDD'),
        'publishedAt', to_char(v.published_at AT TIME ZONE current_setting('citybigdata.time_zone'), 'YYYYMMDDHH24MISS'), 'latencyBudget', v.latency_budget, 'crs', CASE WHEN v.geometry_column IS NOT NULL THEN 'EPSG:4490' END,
        'parameters', CASE WHEN v.version IS NOT NULL THEN (SELECT json_agg(p.parameter ORDER BY p.kind, p.place) FROM (
            SELECT 1 AS kind, d.position AS place, json_build_object('name', d.name, 'type', citybigdata.json_type(d.type_name), 'operator', d.operator, 'required', d.required,
                'default', d.default_value, 'title', d.title, 'titleZh', d.title_zh, 'description', d.description) AS parameter
            FROM citybigdata.resource_parameter d WHERE d.resource_code = v.resource_code AND d.version = v.version
            UNION ALL
            SELECT 2, s.place, json_build_object('name', s.name, 'type', s.type_name, 'required', false, 'title', s.title, 'titleZh', s.title_zh, 'description', s.description, 'descriptionZh', s.description_zh, 'example', s.example)
            FROM citybigdata.standard_parameters() s
            WHERE (s.name NOT IN ('timeRange', 'time') OR v.time_column IS NOT NULL) AND (s.name <> 'divisionCode' OR v.division_column IS NOT NULL)
              AND (s.name NOT IN ('bbox', 'bboxCrs', 'crs') OR v.geometry_column IS NOT NULL)) p) END,
        'fields', citybigdata.resource_fields($1),
        'sample', CASE WHEN v.version IS NOT NULL THEN
            format('curl -H "Authorization: Bearer $TOKEN" "$CBD_URL/api/v1/data/%s?pageSize=10"', v.resource_code) END))
    FROM citybigdata.resource r LEFT JOIN citybigdata.resource_version v ON v.resource_code = r.resource_code AND v.state = 'current'
    WHERE r.resource_code = $1
$$;
COMMENT ON FUNCTION citybigdata.resource_document(text) IS 'Everything that the manual says of a resource, for GET /resources/{code}';

CREATE OR REPLACE FUNCTION citybigdata.rest_resources(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
                                                      layer text DEFAULT NULL, industry text DEFAULT NULL, data_kind text DEFAULT NULL) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_resources' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_resources(text, inet, text, text, bytea, text, text, text) IS
'GET /resources: the resources that the caller may use, administrators all; of the layers, industries and kinds of data asked for (clause 5.3.4), several joined by commas or as a JSON array';
CREATE OR REPLACE FUNCTION citybigdata.rest_resource(request_id text, client_addr inet, app_code text, scheme text, credential bytea, code text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_resource' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_resource(text, inet, text, text, bytea, text) IS
'GET /resources/{code}: address, parameters, fields, code tables and a sample call; 404 for a resource that the caller may not use';

CREATE OR REPLACE FUNCTION citybigdata.resource_service(code text) RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN $1 = 'events' THEN 'events' WHEN EXISTS (SELECT FROM citybigdata.algorithm a WHERE a.algorithm_code = $1) THEN 'analysis' ELSE 'data' END
$$;
COMMENT ON FUNCTION citybigdata.resource_service(text) IS 'The service that a sealed address of the resource leads to: events, data or analysis';
