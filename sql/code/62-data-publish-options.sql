-- The options of publish(): one list that the checks and the manual are made of.

CREATE OR REPLACE FUNCTION citybigdata.publish_options(OUT place text, OUT name text, OUT kind text, OUT valid text, OUT default_value text, OUT example text, OUT meaning text)
    RETURNS SETOF record LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT * FROM (VALUES
    ('options', 'code', 'text', '0 200', citybigdata.say('name of the relation'), '"street-lights"', citybigdata.say('Code of the resource, the last part of its address')),
    ('options', 'names', 'choice', 'column pinyin number', 'column', '"pinyin"', citybigdata.say('Names of columns, and the code, where their own cannot stand in JSON: column tells them all, pinyin or number (c1, c2) makes them')),
    ('options', 'title', 'text', '0 200', citybigdata.say('first sentence of the comment, else the code'), '"Street lights"', citybigdata.say('English title')),
    ('options', 'titleZh', 'text', '0 200', citybigdata.say('first Chinese sentence of the comment'), '"路灯"', citybigdata.say('Chinese title')),
    ('options', 'description', 'text', '0 4000', citybigdata.say('comment of the relation'), '"Every lamp of the city"', citybigdata.say('English description for the manual')),
    ('options', 'descriptionZh', 'text', '0 4000', 'description', '"全市路灯"', citybigdata.say('Chinese description for the manual')),
    ('options', 'layer', 'text', '0 200', citybigdata.say('industry when that is given, else base when source is, else theme'), '"industry"', citybigdata.say('Layer of the data: theme 专项, industry 行业, base 基础')),
    ('options', 'industry', 'text', '0 200', citybigdata.say('none'), '"lighting"', citybigdata.say('Code of code table industry; layer industry needs one')),
    ('options', 'source', 'text', '0 200', citybigdata.say('own for layer base, else none'), '"government"', citybigdata.say('Where base data come from: society 社会, government 政务, own 自有')),
    ('options', 'level', 'integer', '-9 9', '1', '2', citybigdata.say('Data level of the resource and of its fields, 1 to 3')),
    ('options', 'owner', 'text', '1 200', citybigdata.say('the publishing role'), '"城市照明管理中心"', citybigdata.say('Who is responsible for the data')),
    ('options', 'updateCycle', 'text', '1 200', citybigdata.say('none'), '"daily"', citybigdata.say('How often the data change')),
    ('options', 'sunset', 'day', '', citybigdata.say('none'), '"2030-01-01"', citybigdata.say('Day from which it is no longer served')),
    ('options', 'keyset', 'texts', '1 8', citybigdata.say('primary key, else a unique index over columns that are not null'), '["light_id"]', citybigdata.say('Columns that order the pages: unique, never null')),
    ('options', 'timeColumn', 'text', '1 63', citybigdata.say('an indexed time column, else one named so; null: none'), '"installed_at"', citybigdata.say('Column of time and timeRange')),
    ('options', 'divisionColumn', 'text', '1 63', citybigdata.say('by name; null: none'), '"district_code"', citybigdata.say('Column of divisionCode')),
    ('options', 'divisionDigits', 'choice', '6 9 12', citybigdata.say('6 for a column of type varchar(6), else mixed'), '6', citybigdata.say('Digits of every code in it: makes divisionCode an equality')),
    ('options', 'geometryColumn', 'text', '1 63', citybigdata.say('the first geometry whose coordinate system is declared; null: none'), '"geom"', citybigdata.say('Column of bbox and crs')),
    ('options', 'longitudeColumn', 'text', '1 63', citybigdata.say('lon, lng, longitude or 经度 where there is no geometry'), '"lng"', citybigdata.say('With latitudeColumn: degrees of EPSG:4490 that make the place')),
    ('options', 'latitudeColumn', 'text', '1 63', citybigdata.say('lat, latitude or 纬度 where there is no geometry'), '"lat"', citybigdata.say('The other column of the place')),
    ('options', 'srid', 'integer', '1 999999', citybigdata.say('of the column''s type'), '4490', citybigdata.say('Its coordinate system, EPSG code')),
    ('options', 'versionColumn', 'text', '1 63', citybigdata.say('none'), '"changed_at"', citybigdata.say('Column whose values tell the state of the data, for ETag')),
    ('options', 'latencyBudget', 'integer', '10 60000', '1000', '500', citybigdata.say('Milliseconds that a page may take')),
    ('options', 'fields', 'object', '', citybigdata.say('every column by its name'), '{"keeper_phone": {"level": 2, "mask": "phone"}}', citybigdata.say('What is to be said of columns')),
    ('options', 'parameters', 'objects', '', citybigdata.say('none; for a function its arguments'), '[{"name": "minPower", "column": "power_watt", "operator": "ge"}]', citybigdata.say('Parameters beyond those that all resources have')),
    ('fields', 'name', 'text', '1 200', citybigdata.say('camelCase of the column''s name'), '"keeperPhone"', citybigdata.say('Name in JSON and XML')),
    ('fields', 'title', 'text', '0 200', citybigdata.say('first sentence of the comment'), '"Phone of the keeper"', citybigdata.say('English title')),
    ('fields', 'titleZh', 'text', '0 200', citybigdata.say('first Chinese sentence of the comment'), '"养护人电话"', citybigdata.say('Chinese title')),
    ('fields', 'description', 'text', '0 4000', citybigdata.say('comment of the column'), '"Reachable day and night"', citybigdata.say('Meaning, for the manual')),
    ('fields', 'unit', 'text', '1 50', citybigdata.say('none'), '"W"', citybigdata.say('Unit of measure')),
    ('fields', 'level', 'integer', '-9 9', citybigdata.say('level of the resource'), '2', citybigdata.say('Data level, 1 to 3')),
    ('fields', 'codeTable', 'text', '1 200', citybigdata.say('divisions for division codes; null: none'), '"lamp-type"', citybigdata.say('Code table of the values')),
    ('fields', 'mask', 'text', '0 200', citybigdata.say('none: left out (null)'), '"phone"', citybigdata.say('What a caller below the level sees: all, phone, name, address, id-number')),
    ('fields', 'filterable', 'boolean', '', 'true', 'false', citybigdata.say('May be used as a filter')),
    ('fields', 'sortable', 'boolean', '', citybigdata.say('true for key columns and those that lead an index'), 'true', citybigdata.say('May be used in sort')),
    ('fields', 'exclude', 'boolean', '', 'false', 'true', citybigdata.say('Leaves the column out')),
    ('fields', 'file', 'file', '', citybigdata.say('false: a bytea column is left out'), '{"type": "image/jpeg"}', citybigdata.say('The bytea values are pictures, videos or files, given by URL; true, or what is known of them')),
    ('file', 'type', 'text', '3 100', citybigdata.say('by the leading bytes'), '"image/jpeg"', citybigdata.say('Content type where the bytes do not tell it')),
    ('file', 'typeColumn', 'text', '1 63', citybigdata.say('none'), '"photo_type"', citybigdata.say('Column of the relation with the content type')),
    ('file', 'nameColumn', 'text', '1 63', citybigdata.say('none'), '"photo_name"', citybigdata.say('Column of the relation with the file''s name')),
    ('parameters', 'name', 'text', '1 64', citybigdata.say('camelCase of the column''s or argument''s name'), '"minPower"', citybigdata.say('Name in the request')),
    ('parameters', 'column', 'text', '1 63', citybigdata.say('none'), '"power_watt"', citybigdata.say('Column that it filters, or argument of the function')),
    ('parameters', 'operator', 'choice', 'eq ne lt le gt ge in like isNull', 'eq', '"ge"', citybigdata.say('Comparison')),
    ('parameters', 'required', 'boolean', '', 'false', 'true', citybigdata.say('A request without it is refused')),
    ('parameters', 'default', 'scalar', '', citybigdata.say('none'), '"100"', citybigdata.say('Value when it is absent')),
    ('parameters', 'title', 'text', '0 200', citybigdata.say('its name'), '"Least power in watts"', citybigdata.say('English title')),
    ('parameters', 'titleZh', 'text', '0 200', 'title', '"最小功率"', citybigdata.say('Chinese title')),
    ('parameters', 'description', 'text', '0 4000', citybigdata.say('empty'), '"Lamps below are left out"', citybigdata.say('Meaning, for the manual'))) o
$$;
COMMENT ON FUNCTION citybigdata.publish_options() IS
'Manual of the options of publish(): where an option stands (options, fields, file of a field, parameters), its kind, what is valid, its default and an example';

-- Is the text a day of the calendar?
CREATE OR REPLACE FUNCTION citybigdata.is_day(given text) RETURNS boolean
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN given ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'
        AND make_date(substr(given, 1, 4)::integer, substr(given, 6, 2)::integer, substr(given, 9, 2)::integer) IS NOT NULL;
EXCEPTION WHEN datetime_field_overflow THEN
    RETURN false;
END
$$;
COMMENT ON FUNCTION citybigdata.is_day(text) IS 'Is it a day that exists, written yyyy-MM-dd?';

-- What is wrong with a value of a kind; null: nothing. JSON null stands for the default.
CREATE OR REPLACE FUNCTION citybigdata.option_error(kind text, valid text, value jsonb) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN jsonb_typeof(value) = 'null' THEN NULL ELSE CASE kind
        WHEN 'text' THEN CASE WHEN jsonb_typeof(value) <> 'string' THEN citybigdata.say('must be a text')
            WHEN length(value #>> '{}') NOT BETWEEN split_part(valid, ' ', 1)::integer AND split_part(valid, ' ', 2)::integer
            THEN citybigdata.say('must have {min} to {max} characters', 'min', split_part(valid, ' ', 1), 'max', split_part(valid, ' ', 2))
            WHEN value #>> '{}' ~ '[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]' THEN citybigdata.say('has a control character') END
        WHEN 'integer' THEN CASE WHEN jsonb_typeof(value) <> 'number' OR value #>> '{}' !~ '^-?[0-9]{1,9}$'
                OR NOT (value #>> '{}')::numeric BETWEEN split_part(valid, ' ', 1)::numeric AND split_part(valid, ' ', 2)::numeric
            THEN CASE WHEN valid = '-9 9' THEN citybigdata.say('must be a whole number from 1 to 3') ELSE citybigdata.say('must be a whole number from {min} to {max}', 'min', split_part(valid, ' ', 1), 'max', split_part(valid, ' ', 2)) END END
        WHEN 'choice' THEN CASE WHEN jsonb_typeof(value) NOT IN ('string', 'number') OR (value #>> '{}') <> ALL (string_to_array(valid, ' '))
            THEN citybigdata.say('must be one of {values}', 'values', replace(valid, ' ', ', ')) END
        WHEN 'boolean' THEN CASE WHEN jsonb_typeof(value) <> 'boolean' THEN citybigdata.say('must be true or false') END
        WHEN 'day' THEN CASE WHEN jsonb_typeof(value) <> 'string' OR NOT citybigdata.is_day(value #>> '{}') THEN citybigdata.say('must be a day, yyyy-MM-dd') END
        WHEN 'texts' THEN CASE WHEN jsonb_typeof(value) <> 'array' THEN citybigdata.say('must be an array of texts')
            WHEN NOT jsonb_array_length(value) BETWEEN split_part(valid, ' ', 1)::integer AND split_part(valid, ' ', 2)::integer
            THEN citybigdata.say('must have {min} to {max} members', 'min', split_part(valid, ' ', 1), 'max', split_part(valid, ' ', 2))
            WHEN EXISTS (SELECT FROM jsonb_array_elements(CASE WHEN jsonb_typeof(value) = 'array' THEN value ELSE '[]' END) m WHERE jsonb_typeof(m) <> 'string') THEN citybigdata.say('must be an array of texts')
            WHEN (SELECT count(*) <> count(DISTINCT m) FROM jsonb_array_elements(CASE WHEN jsonb_typeof(value) = 'array' THEN value ELSE '[]' END) m) THEN citybigdata.say('has a member twice') END
        WHEN 'scalar' THEN CASE WHEN jsonb_typeof(value) NOT IN ('string', 'number', 'boolean') THEN citybigdata.say('must be a text, a number, true or false') END
        WHEN 'file' THEN CASE WHEN jsonb_typeof(value) NOT IN ('boolean', 'object') THEN citybigdata.say('must be true, false or an object') END
        WHEN 'object' THEN CASE WHEN jsonb_typeof(value) <> 'object' THEN citybigdata.say('must be an object') END
        WHEN 'objects' THEN CASE WHEN jsonb_typeof(value) <> 'array' OR jsonb_array_length(value) > 64 THEN citybigdata.say('must be an array of at most 64 objects') END
        END END
$$;
COMMENT ON FUNCTION citybigdata.option_error(text, text, jsonb) IS 'What is wrong with the value of an option; null = nothing';

-- Refuses the first option of a place that is unknown or malformed. `shown`: how the place is called in messages.
CREATE OR REPLACE FUNCTION citybigdata.check_options(given jsonb, place text, shown text) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    wrong record;
BEGIN
    PERFORM citybigdata.check_option_names(given, (SELECT array_agg(o.name) FROM (SELECT * FROM citybigdata.publish_options() UNION ALL SELECT * FROM citybigdata.algorithm_options()) o WHERE o.place = check_options.place), shown);
    SELECT o.name, f.fault, given -> o.name AS seen, o.example INTO wrong
    FROM (SELECT * FROM citybigdata.publish_options() UNION ALL SELECT * FROM citybigdata.algorithm_options()) o CROSS JOIN LATERAL citybigdata.option_error(o.kind, o.valid, given -> o.name) f (fault)
    WHERE o.place = check_options.place AND given ? o.name AND f.fault IS NOT NULL ORDER BY o.name COLLATE "C" LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION USING MESSAGE = citybigdata.say('option "{name}" in {shown} {fault}', 'name', wrong.name, 'shown', shown, 'fault', wrong.fault), ERRCODE = 'invalid_parameter_value',
            DETAIL = citybigdata.say('It is {seen}.', 'seen', left(wrong.seen::text, 100)), HINT = citybigdata.say('For example {"{name}": {example}}.', 'name', wrong.name, 'example', wrong.example);
    END IF;
END
$$;
COMMENT ON FUNCTION citybigdata.check_options(jsonb, text, text) IS 'Refuses unknown and malformed options of publish() and register_algorithm()';

-- Does a unique index make the columns a key: all its columns among them, and none of a table null?
CREATE OR REPLACE FUNCTION citybigdata.key_error(relation oid, relation_kind "char", key text[]) RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN $2 IS NULL OR $2 NOT IN ('r', 'p', 'm') THEN NULL
        -- an index of the parent does not see the children's rows
        WHEN $2 = 'r' AND EXISTS (SELECT FROM pg_inherits i WHERE i.inhparent = $1)
        THEN citybigdata.say('the table has children (INHERITS), for example {child}, whose rows its index does not cover; publish them one by one, or a view that adds a column telling them apart', 'child', (SELECT i.inhrelid::regclass FROM pg_inherits i WHERE i.inhparent = $1 ORDER BY i.inhrelid LIMIT 1))
        WHEN $2 <> 'm' AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = $1 AND a.attname = ANY ($3) AND NOT a.attnotnull)
        THEN (SELECT citybigdata.say('column "{column}" may be null', 'column', a.attname) FROM pg_attribute a WHERE a.attrelid = $1 AND a.attname = ANY ($3) AND NOT a.attnotnull ORDER BY a.attnum LIMIT 1)
        WHEN NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = $1 AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL
            -- with all its columns among them
            AND NOT EXISTS (SELECT FROM unnest(i.indkey::smallint[]) WITH ORDINALITY k (attnum, place) JOIN pg_attribute a ON a.attrelid = $1 AND a.attnum = k.attnum
                            WHERE k.place <= i.indnkeyatts AND a.attname <> ALL ($3)))
        THEN citybigdata.say('no unique index covers them') END
$$;
COMMENT ON FUNCTION citybigdata.key_error(oid, "char", text[]) IS 'Why columns are no key of a table or materialised view; null = they are, or nobody can tell';

-- What does not work with this version and would be missed, and what will surprise; for tables and views.
CREATE OR REPLACE FUNCTION citybigdata.publish_remarks(code text, version integer, options jsonb) RETURNS text[]
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    WITH v AS (SELECT * FROM citybigdata.resource_version r WHERE r.resource_code = $1 AND r.version = $2 AND r.arguments IS NULL),
    columns AS (SELECT c.*, format_type(c.type_oid, NULL) AS type FROM v, citybigdata.relation_columns(v.schema_name, v.relation_name, v.arguments) c
                JOIN citybigdata.resource_field f ON f.column_name = c.column_name WHERE f.resource_code = $1 AND f.version = $2)
    SELECT coalesce(array_agg(a.text ORDER BY a.place, a.text COLLATE "C"), '{}') FROM (
        SELECT 1, citybigdata.say('no column of time: timeRange and time do not work') || coalesce('; {"timeColumn": ' || to_json((SELECT c.column_name FROM columns c WHERE citybigdata.column_serves(c.type_oid, 'time') ORDER BY c.place LIMIT 1)) || '}',
               (SELECT citybigdata.say('; column {column} is {type}, a view with {cast} serves', 'column', quote_ident(c.column_name), 'type', c.type, 'cast', quote_ident(c.column_name) || '::timestamp') FROM columns c
                WHERE citybigdata.column_fit('time', c.column_name) IS NOT NULL AND citybigdata.column_serves(c.type_oid, 'text') ORDER BY c.place LIMIT 1), '')
        FROM v WHERE v.time_column IS NULL AND NOT $3 ? 'timeColumn'
        UNION ALL
        SELECT 2, citybigdata.say('no column of division codes: divisionCode does not work') || coalesce((SELECT CASE WHEN citybigdata.column_serves(c.type_oid, 'division')
                   THEN citybigdata.say('; if column {column} has GB/T 2260 codes: {option}', 'column', quote_ident(c.column_name), 'option', format('{"divisionColumn": %s}', to_json(c.column_name)))
                   ELSE citybigdata.say('; column {column} is {type}, a view with {cast} serves', 'column', quote_ident(c.column_name), 'type', c.type, 'cast', quote_ident(c.column_name) || '::text') END
               FROM columns c WHERE coalesce(citybigdata.column_fit('division', c.column_name), citybigdata.column_fit('division word', c.column_name)) IS NOT NULL ORDER BY c.place LIMIT 1), '')
        FROM v WHERE v.division_column IS NULL AND NOT $3 ? 'divisionColumn'
        UNION ALL
        SELECT 3, citybigdata.say('no place: bbox, crs and format=geojson do not work') || coalesce(
                   (SELECT citybigdata.say('; columns {columns} may be of any system: {option} if they are degrees, else a view with a geometry', 'columns', string_agg(quote_ident(c.column_name), ', ' ORDER BY c.place),
                        'option', '{"longitudeColumn": …, "latitudeColumn": …}') FROM columns c WHERE citybigdata.column_fit('axis', c.column_name) = 1 HAVING count(*) > 0),
                   (SELECT citybigdata.say('; columns {columns} are no numbers: a view that casts them to double precision', 'columns', string_agg(quote_ident(c.column_name), ', ' ORDER BY c.place)) FROM columns c
                    WHERE coalesce(citybigdata.column_fit('longitude', c.column_name), citybigdata.column_fit('latitude', c.column_name)) = 1 AND NOT citybigdata.column_serves(c.type_oid, 'degree') HAVING count(*) > 0), '')
        FROM v WHERE v.geometry_column IS NULL AND NOT $3 ? 'geometryColumn'
        UNION ALL
        SELECT 4, citybigdata.say('columns {longitude}, {latitude} are the place, taken as degrees of EPSG:4490; {option} leaves them as numbers', 'longitude', quote_ident(v.geometry_column), 'latitude', quote_ident(v.latitude_column),
                                  'option', '{"geometryColumn": null}')
        FROM v WHERE v.latitude_column IS NOT NULL AND NOT $3 ? 'longitudeColumn'
        UNION ALL
        SELECT 5, citybigdata.say('columns {columns} are shown and cannot be filters; a view that casts them to text can', 'columns', string_agg(quote_ident(c.column_name), citybigdata.say(', ') ORDER BY c.place))
        FROM columns c JOIN pg_type t ON t.oid = c.type_oid
        WHERE t.typtype <> 'c' AND t.typcategory <> 'A' AND c.type NOT IN ('json', 'jsonb', 'xml')
          AND NOT citybigdata.column_serves(c.type_oid, 'filter') AND NOT citybigdata.column_serves(c.type_oid, 'file') AND NOT citybigdata.column_serves(c.type_oid, 'place') AND NOT citybigdata.column_serves(c.type_oid, 'geography')
        HAVING count(*) > 0
        UNION ALL
        SELECT 5, citybigdata.say('column {column} shows personal data in the clear to all who may use the resource (level {level}): {option}', 'column', quote_ident(f.column_name), 'level', f.level::text, 'option',
                         format('{"fields": {%s: {"level": %s, "mask": "%s"}}}', to_json(f.column_name), least(v.level + 1, 3), CASE WHEN f.column_name ~* '(phone|mobile|tel)|电话|手机' THEN 'phone'
                         WHEN f.column_name ~* 'card|number|passport|身份证|证件|护照' THEN 'id-number' ELSE 'all' END))
        FROM v JOIN citybigdata.resource_field f ON f.resource_code = v.resource_code AND f.version = v.version
        WHERE f.level <= v.level AND v.level < 3 AND citybigdata.column_fit('person', f.column_name) = 1
        UNION ALL
        SELECT 6, citybigdata.say('nobody can read it over HTTPS before {call}', 'call', format('SELECT citybigdata.grant_access(''appCode'', %L);', $1))
        FROM v WHERE NOT EXISTS (SELECT FROM citybigdata.app_grant g WHERE g.resource = $1 AND g.state = 'active')) a (place, text)
$$;
COMMENT ON FUNCTION citybigdata.publish_remarks(text, integer, jsonb) IS 'What will be missed of a published version: time, division, place, protection of personal data, grants; for publish_as()';
