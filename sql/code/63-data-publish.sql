-- publish() behind the C function that knows who calls: derives, checks, writes the catalogue.

-- The option file of a field, as it is kept: null for none.
CREATE OR REPLACE FUNCTION citybigdata.file_option(schema_name text, relation_name text, arguments text, column_name text, base oid, given jsonb) RETURNS jsonb
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    file jsonb := CASE given -> 'file' WHEN 'true' THEN '{}' WHEN 'false' THEN NULL WHEN 'null' THEN NULL ELSE given -> 'file' END;
    role record;
    example constant text := '{"fields": {%s: {"file": {"type": "image/jpeg"}}}}';
BEGIN
    IF file IS NULL AND base IN ('bytea'::regtype, 'bytea[]'::regtype) THEN
        RAISE EXCEPTION USING MESSAGE = citybigdata.say('column "{column}" has type {type}', 'column', column_name, 'type', format_type(base, NULL)), ERRCODE = 'datatype_mismatch',
            DETAIL = citybigdata.say('Pictures and files are given by URL (clause 5.4.4-b).'),
            HINT = CASE WHEN base = 'bytea'::regtype THEN citybigdata.say('Declare it: {example}.', 'example', format(example, to_json(column_name))) ELSE citybigdata.say('Publish a view with one file a row.') END;
    ELSIF file IS NULL THEN
        RETURN NULL;
    ELSIF base <> 'bytea'::regtype THEN
        RAISE EXCEPTION USING MESSAGE = citybigdata.say('column "{column}" of type {type} is no file', 'column', column_name, 'type', format_type(base, NULL)), ERRCODE = 'datatype_mismatch',
            HINT = citybigdata.say('The bytes of a file are in a column of type bytea; a column that holds a URL is published as it is.');
    ELSIF arguments IS NOT NULL THEN
        RAISE EXCEPTION USING MESSAGE = citybigdata.say('file "{column}" is of a function', 'column', column_name), ERRCODE = 'feature_not_supported',
            DETAIL = citybigdata.say('A file is read by the key of its row, which a function''s result cannot be looked up by.'), HINT = citybigdata.say('Publish a table or a view.');
    ELSIF given ?| ARRAY['mask', 'codeTable', 'filterable', 'sortable'] THEN
        RAISE EXCEPTION USING MESSAGE = citybigdata.say('file "{column}" has an option of values', 'column', column_name), ERRCODE = 'invalid_parameter_value',
            HINT = citybigdata.say('A file takes name, title, titleZh, description, level and file.');
    END IF;
    PERFORM citybigdata.check_options(file, 'file', format('fields.%s.file', column_name));
    IF file ->> 'type' !~ '^[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+$' THEN
        RAISE EXCEPTION USING MESSAGE = citybigdata.say('invalid content type "{type}" of file "{column}"', 'type', file ->> 'type', 'column', column_name), ERRCODE = 'invalid_parameter_value',
            HINT = citybigdata.say('For example {example}.', 'example', format(example, to_json(column_name)));
    END IF;
    FOR role IN SELECT o.key AS option, o.value AS name, c.type_oid FROM jsonb_each_text(file - 'type') o
        LEFT JOIN citybigdata.relation_columns(schema_name, relation_name, arguments) c ON c.column_name = o.value WHERE o.value IS NOT NULL LOOP
        IF role.type_oid IS NULL THEN
            RAISE EXCEPTION USING MESSAGE = citybigdata.say('{option} "{name}" is no column', 'option', role.option, 'name', role.name), ERRCODE = 'undefined_column',
                HINT = citybigdata.say('Of file "{column}"; for example {"typeColumn": "photo_type", "nameColumn": "photo_name"}.', 'column', column_name);
        ELSIF NOT citybigdata.column_serves(role.type_oid, 'text') THEN
            RAISE EXCEPTION USING MESSAGE = citybigdata.say('{option} "{name}" has type {type}', 'option', role.option, 'name', role.name, 'type', format_type(role.type_oid, NULL)), ERRCODE = 'datatype_mismatch',
                HINT = citybigdata.say('It holds text.');
        END IF;
    END LOOP;
    RETURN jsonb_strip_nulls(file);
END
$$;
COMMENT ON FUNCTION citybigdata.file_option(text, text, text, text, oid, jsonb) IS 'Checks the option file of a field; for publish_as()';

-- One field: its row, or a refusal with the reason.
CREATE OR REPLACE FUNCTION citybigdata.publish_field(code text, version integer, place integer, columns record, given jsonb,
                                                     resource_level integer, sortable boolean, is_division boolean, file jsonb) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    column_name text := columns.column_name;
    type_name text := format_type(columns.type_oid, NULL);
    name text := coalesce(given ->> 'name', citybigdata.camel_case(column_name));
    level integer := coalesce((given ->> 'level')::integer, resource_level);
    comparable boolean := citybigdata.column_serves(columns.type_oid, 'filter');
    mask text := given ->> 'mask';
    code_table text := CASE WHEN given ? 'codeTable' THEN given ->> 'codeTable'
        WHEN (column_name ~ '(^|_)(division|district|street|community)_?code$' OR citybigdata.column_fit('division', column_name) IS NOT NULL OR is_division) AND citybigdata.column_serves(columns.type_oid, 'division') THEN 'divisions' END;
BEGIN
    IF NOT citybigdata.column_serves(columns.type_oid, 'shown') THEN
        RAISE EXCEPTION USING MESSAGE = citybigdata.say('column "{column}" has a type of a session, {type}', 'column', column_name, 'type', type_name),
            ERRCODE = 'datatype_mismatch', DETAIL = citybigdata.say('Types in pg_temp end with the session that made them.'),
                  HINT = citybigdata.say('Give it a type that stays, or exclude it: {"fields": {{column}: {"exclude": true}}}.', 'column', to_json(column_name));
    END IF;
    IF level = 4 THEN
        RAISE EXCEPTION USING MESSAGE = citybigdata.say('column "{column}" has level 4', 'column', column_name), ERRCODE = 'invalid_parameter_value',
            DETAIL = citybigdata.say('Level 4 is classified 涉密 and is never published.'), HINT = format('{"fields": {%s: {"exclude": true}}}', to_json(column_name));
    ELSIF level NOT BETWEEN 1 AND 3 THEN
        RAISE EXCEPTION USING MESSAGE = citybigdata.say('invalid level {level} of column "{column}"', 'level', level, 'column', column_name), ERRCODE = 'invalid_parameter_value', HINT = citybigdata.say('Levels are 1, 2 and 3.');
    END IF;
    IF mask IS NOT NULL AND mask <> ALL (ARRAY['all', 'phone', 'name', 'address', 'id-number']) THEN
        RAISE EXCEPTION USING MESSAGE = citybigdata.say('unknown mask "{mask}" of column "{column}"', 'mask', mask, 'column', column_name),
            ERRCODE = 'invalid_parameter_value', HINT = citybigdata.say('Masks are all, phone, name, address, id-number.');
    ELSIF mask IS NOT NULL AND NOT citybigdata.column_serves(columns.type_oid, 'text') THEN
        RAISE EXCEPTION USING MESSAGE = citybigdata.say('column "{column}" of type {type} cannot be masked', 'column', column_name, 'type', type_name),
            ERRCODE = 'datatype_mismatch', HINT = citybigdata.say('Masks are for texts; without one the column is left out (null) below its level.');
    END IF;
    INSERT INTO citybigdata.resource_field (resource_code, version, position, name, column_name, type_name, title, title_zh, description,
                                            unit, level, code_table, mask, filterable, sortable, file)
    VALUES (code, publish_field.version, place, name, column_name, type_name,
            citybigdata.derived_title(given ->> 'title', columns.comment, column_name, false),
            citybigdata.derived_title(given ->> 'titleZh', columns.comment, column_name, true),
            coalesce(given ->> 'description', columns.comment, ''), given ->> 'unit', level, code_table, mask,
            comparable AND coalesce((given ->> 'filterable')::boolean, true),
            comparable AND coalesce((given ->> 'sortable')::boolean, publish_field.sortable), file);
EXCEPTION WHEN unique_violation THEN
    RAISE EXCEPTION USING MESSAGE = citybigdata.say('two columns are named "{name}"', 'name', name), ERRCODE = 'duplicate_column', DETAIL = citybigdata.say('One is column "{column}".', 'column', column_name),
        HINT = format('{"fields": {%s: {"name": "anotherName"}}}', to_json(column_name));
END
$$;
COMMENT ON FUNCTION citybigdata.publish_field(text, integer, integer, record, jsonb, integer, boolean, boolean, jsonb) IS 'Writes one field of a version; for publish_as()';

-- A parameter that is named like one of the standard could never be given.
CREATE OR REPLACE FUNCTION citybigdata.check_parameter_names(code text, version integer) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    taken record;
BEGIN
    SELECT p.name, p.column_name INTO taken FROM citybigdata.resource_parameter p
    WHERE p.resource_code = code AND p.version = check_parameter_names.version AND p.name = ANY (citybigdata.query_parameters()) ORDER BY p.position LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION USING MESSAGE = citybigdata.say('parameter name "{name}" belongs to every resource', 'name', taken.name), ERRCODE = 'duplicate_object',
            DETAIL = citybigdata.say('Names of the standard: {names}.', 'names', array_to_string(citybigdata.query_parameters(), ', ')),
            HINT = format('{"parameters": [{"column": %s, "name": "another"}]}', to_json(taken.column_name));
    END IF;
END
$$;
COMMENT ON FUNCTION citybigdata.check_parameter_names(text, integer) IS 'Refuses declared parameters that are named like those every resource has; for publish_as()';

-- The declared parameters; a function's arguments are declared by themselves.
CREATE OR REPLACE FUNCTION citybigdata.publish_parameters(code text, version integer, function_oid oid, given jsonb) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    item record;
    argument record;
    type_name text;
    is_text boolean;
BEGIN
    FOR argument IN
        SELECT a.place, a.name, format_type(a.type, NULL) AS type_name, a.place <= p.pronargs - p.pronargdefaults AS required,
               y.typtype <> 'd' AND citybigdata.column_serves(a.type, 'argument') AND citybigdata.column_serves(a.type, 'shown') AS known
        FROM pg_proc p CROSS JOIN unnest(p.proargtypes::oid[]) WITH ORDINALITY AS t (type, place)
        CROSS JOIN LATERAL (SELECT t.type, t.place, p.proargnames[t.place] AS name) a
        JOIN pg_type y ON y.oid = a.type
        WHERE p.oid = function_oid ORDER BY a.place
    LOOP
        IF coalesce(argument.name, '') = '' THEN
            RAISE EXCEPTION USING MESSAGE = citybigdata.say('argument {place} of the function has no name', 'place', argument.place),
                ERRCODE = 'invalid_name', HINT = citybigdata.say('Parameters are passed by name: CREATE FUNCTION lights_near(longitude float8, latitude float8) ….');
        ELSIF NOT argument.known THEN
            RAISE EXCEPTION USING MESSAGE = citybigdata.say('argument "{name}" has type {type}', 'name', argument.name, 'type', argument.type_name),
                ERRCODE = 'datatype_mismatch', HINT = citybigdata.say('Numbers, texts, booleans, times, days, UUIDs and enumerations can be passed.');
        END IF;
        INSERT INTO citybigdata.resource_parameter (resource_code, version, position, name, column_name, type_name, operator, required, title, title_zh, description)
        VALUES (code, publish_parameters.version, argument.place, citybigdata.camel_case(argument.name), argument.name, argument.type_name, 'eq', argument.required,
                citybigdata.derived_title(NULL, NULL, argument.name, false), citybigdata.derived_title(NULL, NULL, argument.name, true), '');
    END LOOP;
    FOR item IN SELECT p.value AS parameter, p.ordinality AS place FROM jsonb_array_elements(given) WITH ORDINALITY p LOOP
        PERFORM citybigdata.check_options(item.parameter, 'parameters', format('parameters[%s]', item.place - 1));
        UPDATE citybigdata.resource_parameter p
        SET name = coalesce(item.parameter ->> 'name', p.name), required = coalesce((item.parameter ->> 'required')::boolean, p.required),
            default_value = item.parameter ->> 'default', title = coalesce(item.parameter ->> 'title', p.title),
            title_zh = coalesce(item.parameter ->> 'titleZh', item.parameter ->> 'title', p.title_zh), description = coalesce(item.parameter ->> 'description', '')
        WHERE p.resource_code = code AND p.version = publish_parameters.version AND p.position < 1000
          AND CASE WHEN item.parameter ? 'column' THEN p.column_name = item.parameter ->> 'column' ELSE p.name = item.parameter ->> 'name' END;
        CONTINUE WHEN FOUND;
        SELECT f.type_name, citybigdata.column_serves(c.type_oid, 'text') INTO type_name, is_text FROM citybigdata.resource_field f
        JOIN citybigdata.resource_version v ON v.resource_code = f.resource_code AND v.version = f.version
        JOIN citybigdata.relation_columns(v.schema_name, v.relation_name, v.arguments) c ON c.column_name = f.column_name
        WHERE f.resource_code = code AND f.version = publish_parameters.version AND f.filterable
          AND f.column_name = coalesce(item.parameter ->> 'column', '');
        IF NOT FOUND THEN
            RAISE EXCEPTION USING MESSAGE = citybigdata.say('parameter {parameter} names no filterable column', 'parameter', coalesce(item.parameter ->> 'name', item.place::text)),
                ERRCODE = 'undefined_column', HINT = '{"parameters": [{"name": "minPower", "column": "power", "operator": "ge"}]}';
        ELSIF item.parameter ->> 'operator' = 'like' AND NOT is_text THEN
            RAISE EXCEPTION USING MESSAGE = citybigdata.say('operator like of column "{column}" of type {type}', 'column', item.parameter ->> 'column', 'type', type_name),
                ERRCODE = 'datatype_mismatch', HINT = citybigdata.say('like is for texts; numbers and times have eq, ne, lt, le, gt, ge, in.');
        END IF;
        INSERT INTO citybigdata.resource_parameter (resource_code, version, position, name, column_name, type_name, operator, required, default_value, title, title_zh, description)
        SELECT code, publish_parameters.version, 1000 + item.place, name, item.parameter ->> 'column', type_name, coalesce(item.parameter ->> 'operator', 'eq'),
               coalesce((item.parameter ->> 'required')::boolean, false), item.parameter ->> 'default', coalesce(item.parameter ->> 'title', name),
               coalesce(item.parameter ->> 'titleZh', item.parameter ->> 'title', name), coalesce(item.parameter ->> 'description', '')
        FROM (SELECT coalesce(item.parameter ->> 'name', citybigdata.camel_case(item.parameter ->> 'column')) AS name) n;
    END LOOP;
    PERFORM citybigdata.check_parameter_names(code, version);
EXCEPTION WHEN unique_violation THEN
    RAISE EXCEPTION USING MESSAGE = citybigdata.say('two parameters have one name'), ERRCODE = 'duplicate_object', HINT = '{"parameters": [{"name": "minPower", "column": "power", "operator": "ge"}]}';
WHEN check_violation THEN
    RAISE EXCEPTION USING MESSAGE = citybigdata.say('a parameter cannot be named so'), ERRCODE = 'invalid_name',
        DETAIL = citybigdata.say('A parameter''s name is a small letter, then at most 63 letters and digits; it does not begin with xml.'), HINT = '{"parameters": [{"column": "min_power", "name": "minPower"}]}';
END
$$;
COMMENT ON FUNCTION citybigdata.publish_parameters(text, integer, oid, jsonb) IS 'Writes the declared parameters of a version; for publish_as()';

-- Checks of the resource as a whole; raises with the reason.
CREATE OR REPLACE FUNCTION citybigdata.check_publishable(code text, publisher text, is_administrator boolean, options jsonb, layer text, source text, key text[], key_error text) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    holder text := (SELECT v.publisher FROM citybigdata.resource_version v WHERE v.resource_code = code AND v.state = 'current');
BEGIN
    IF EXISTS (SELECT FROM citybigdata.resource r WHERE r.resource_code = code AND r.shipped) AND publisher <> 'citybigdata_publisher' THEN
        RAISE EXCEPTION USING MESSAGE = citybigdata.say('resource code "{code}" belongs to the platform', 'code', code), ERRCODE = 'duplicate_object', HINT = '{"code": "city-events"}';
    ELSIF EXISTS (SELECT FROM citybigdata.algorithm a WHERE a.algorithm_code = code) THEN
        RAISE EXCEPTION USING MESSAGE = citybigdata.say('"{code}" is the code of another resource', 'code', code), ERRCODE = 'duplicate_object', HINT = '{"code": "city-events"}';
    ELSIF holder <> publisher AND NOT is_administrator
          AND NOT coalesce((SELECT pg_has_role(r.oid, h.oid, 'MEMBER') FROM pg_roles r, pg_roles h WHERE r.rolname = publisher AND h.rolname = holder), false) THEN
        RAISE EXCEPTION USING MESSAGE = citybigdata.say('resource "{code}" was published by {holder}', 'code', code, 'holder', holder), ERRCODE = 'insufficient_privilege', HINT = citybigdata.say('Choose another code: {"code": "street-lights-2"}.');
    ELSIF layer <> ALL (ARRAY['theme', 'industry', 'base']) THEN
        RAISE EXCEPTION USING MESSAGE = citybigdata.say('unknown layer "{layer}"', 'layer', layer), ERRCODE = 'invalid_parameter_value', HINT = citybigdata.say('Layers are theme 专项, industry 行业, base 基础.');
    ELSIF options ->> 'industry' NOT IN (SELECT c.code FROM citybigdata.code_table_row c WHERE c.table_name = 'industry') THEN
        RAISE EXCEPTION USING MESSAGE = citybigdata.say('unknown industry "{industry}"', 'industry', options ->> 'industry'), ERRCODE = 'invalid_parameter_value',
            HINT = citybigdata.say('Code table industry: {codes}.', 'codes', (SELECT string_agg(c.code, ', ' ORDER BY c.sort, c.code) FROM citybigdata.code_table_row c WHERE c.table_name = 'industry'));
    ELSIF layer = 'industry' AND options ->> 'industry' IS NULL THEN
        RAISE EXCEPTION USING MESSAGE = citybigdata.say('layer industry needs an industry'), ERRCODE = 'invalid_parameter_value', HINT = '{"industry": "lighting"}; SELECT code, name FROM citybigdata.code_table_row WHERE table_name = ''industry'';';
    ELSIF source <> ALL (ARRAY['society', 'government', 'own']) THEN
        RAISE EXCEPTION USING MESSAGE = citybigdata.say('unknown source "{source}"', 'source', source), ERRCODE = 'invalid_parameter_value', HINT = citybigdata.say('Sources are society 社会, government 政务, own 自有.');
    ELSIF (options ->> 'level')::integer = 4 THEN
        RAISE EXCEPTION USING MESSAGE = citybigdata.say('level 4 is never published'), ERRCODE = 'invalid_parameter_value', DETAIL = citybigdata.say('Level 4 is classified 涉密.'),
            HINT = citybigdata.say('Publish a view without the classified columns and rows: {"level": 3}.');
    ELSIF (options ->> 'level')::integer NOT BETWEEN 1 AND 3 THEN
        RAISE EXCEPTION USING MESSAGE = citybigdata.say('invalid level {level}', 'level', options ->> 'level'), ERRCODE = 'invalid_parameter_value', HINT = citybigdata.say('Levels are 1, 2 and 3.');
    ELSIF coalesce(cardinality(key), 0) = 0 THEN
        RAISE EXCEPTION USING MESSAGE = citybigdata.say('the relation has no key'), ERRCODE = 'invalid_table_definition',
            DETAIL = citybigdata.say('Pages need columns that are unique and not null to continue from.'),
            HINT = citybigdata.say('Add a primary key, or name the columns: options => ''{"keyset": ["light_id"]}''.');
    ELSIF key_error IS NOT NULL THEN
        RAISE EXCEPTION USING MESSAGE = citybigdata.say('keyset ({key}) is no key: {keyError}', 'key', array_to_string(key, ', '), 'keyError', key_error), ERRCODE = 'invalid_table_definition',
            DETAIL = citybigdata.say('Rows with equal or no key values would be missing between two pages.'),
            HINT = citybigdata.say('Set them NOT NULL and CREATE UNIQUE INDEX ON … ({key}), or name columns that are a key.', 'key', (SELECT string_agg(quote_ident(k), ', ') FROM unnest(key) k));
    END IF;
END
$$;
COMMENT ON FUNCTION citybigdata.check_publishable(text, text, boolean, jsonb, text, text, text[], text) IS 'Refuses what may not be published; for publish_as()';

-- Every column that an option or the derivation names must be a published, comparable field of no higher level than the resource.
CREATE OR REPLACE FUNCTION citybigdata.check_column(code text, version integer, column_name text, role text, type_oid oid, use text, resource_level integer) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    field citybigdata.resource_field;
BEGIN
    IF column_name IS NULL THEN
        RETURN;
    END IF;
    SELECT * INTO field FROM citybigdata.resource_field f
    WHERE f.resource_code = code AND f.version = check_column.version AND f.column_name = check_column.column_name;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING MESSAGE = citybigdata.say('{role} "{column}" is not a published column', 'role', role, 'column', column_name), ERRCODE = 'undefined_column',
            HINT = coalesce((SELECT citybigdata.say('Columns: {names}.', 'names', string_agg(f.column_name, ', ' ORDER BY f.position)) FROM citybigdata.resource_field f
                             WHERE f.resource_code = code AND f.version = check_column.version HAVING count(*) > 0), citybigdata.say('It has no columns that could be published.'));
    ELSIF NOT citybigdata.column_serves(type_oid, use) THEN
        RAISE EXCEPTION USING MESSAGE = citybigdata.say('{role} "{column}" has type {type}', 'role', role, 'column', column_name, 'type', field.type_name), ERRCODE = 'datatype_mismatch',
            HINT = citybigdata.say('Publish a view that casts it.');
    ELSIF field.level > resource_level AND role <> 'geometryColumn' THEN
        RAISE EXCEPTION USING MESSAGE = citybigdata.say('{role} "{column}" has level {level}, above the resource''s {resourceLevel}', 'role', role, 'column', column_name, 'level', field.level, 'resourceLevel', resource_level),
            ERRCODE = 'invalid_parameter_value', DETAIL = citybigdata.say('Everybody who may use the resource sees what it orders or selects by.'),
                  HINT = format('{"level": %s}', field.level);
    END IF;
END
$$;
COMMENT ON FUNCTION citybigdata.check_column(text, integer, text, text, oid, text, integer) IS 'Refuses a column that cannot play its role; for publish_as()';

-- A point is shown in members of its own: a column that would have the name of one of them is left out, unless it is named otherwise.
CREATE OR REPLACE FUNCTION citybigdata.is_shown_by_point(column_name text, options jsonb, geometry_column text, needed text[]) RETURNS boolean
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    given jsonb := coalesce(options #> ARRAY['fields', column_name], '{}');
BEGIN
    IF geometry_column IS NULL OR coalesce(given ->> 'name', citybigdata.camel_case(column_name)) <> ALL (ARRAY['longitude', 'latitude', 'coordinateX', 'coordinateY']) THEN
        RETURN false;
    ELSIF column_name = ANY (needed) OR given <> '{}' THEN
        RAISE EXCEPTION USING MESSAGE = citybigdata.say('column "{column}" is named like a member of the place', 'column', column_name), ERRCODE = 'duplicate_column',
            DETAIL = citybigdata.say('{geometry} is shown as longitude, latitude, in a plane as coordinateX, coordinateY.', 'geometry', quote_ident(geometry_column)),
            HINT = format('{"fields": {%s: {"name": "%s"}}}', to_json(column_name), 'measured' || initcap(citybigdata.camel_case(column_name)));
    END IF;
    RETURN true;
END
$$;
COMMENT ON FUNCTION citybigdata.is_shown_by_point(text, jsonb, text, text[]) IS 'Is a column left out because the place is shown under its name? For publish_as()';

-- What is not wrong, but will surprise.
CREATE OR REPLACE FUNCTION citybigdata.field_advice(code text, version integer) RETURNS text[]
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(array_agg(a.text ORDER BY f.position, a.text), '{}')
    FROM citybigdata.resource_field f
    CROSS JOIN LATERAL (VALUES
        (CASE WHEN f.filterable AND f.name = ANY (citybigdata.query_parameters()) THEN citybigdata.say('field {name} is named like a parameter: filter it by {name}.eq=…', 'name', f.name) END),
        (CASE WHEN f.code_table <> 'divisions' AND NOT EXISTS (SELECT FROM citybigdata.code_table t WHERE t.name = f.code_table)
              THEN citybigdata.say('code table {codeTable} of field {name} does not exist: SELECT citybigdata.load_code_table({codeTableText}, …);', 'codeTable', f.code_table, 'name', f.name, 'codeTableText', quote_literal(f.code_table)) END)) AS a (text)
    WHERE f.resource_code = $1 AND f.version = $2 AND a.text IS NOT NULL
$$;
COMMENT ON FUNCTION citybigdata.field_advice(text, integer) IS 'Fields whose name or code table will surprise the caller; for publish_as()';

-- The options of a place that is made of two columns stand with the longitude: name and titles of a place, the higher level of both.
CREATE OR REPLACE FUNCTION citybigdata.place_option(schema_name text, relation_name text, arguments text, options jsonb, longitude text, latitude text) RETURNS jsonb
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    fields jsonb := CASE WHEN jsonb_typeof(options -> 'fields') = 'object' THEN options -> 'fields' ELSE '{}' END;
    other jsonb := coalesce(fields -> latitude, '{}');
    name text := CASE WHEN EXISTS (SELECT FROM citybigdata.relation_columns(schema_name, relation_name, arguments) c WHERE citybigdata.camel_case(c.column_name) = 'place') THEN 'location' ELSE 'place' END;
BEGIN
    IF latitude IS NULL THEN
        RETURN options;
    ELSIF other - 'level' <> '{}' OR coalesce(fields -> longitude, '{}') ?| ARRAY['mask', 'codeTable', 'filterable', 'sortable', 'unit', 'file', 'exclude'] THEN
        RAISE EXCEPTION USING MESSAGE = citybigdata.say('columns "{longitude}", "{latitude}" are the place', 'longitude', longitude, 'latitude', latitude), ERRCODE = 'invalid_parameter_value',
            DETAIL = citybigdata.say('They are shown as one field, with the longitude''s options name, title, titleZh, description, level; of the latitude only level is read.'),
            HINT = citybigdata.say('To show them as numbers: {option}.', 'option', '{"geometryColumn": null}');
    END IF;
    RETURN jsonb_set(jsonb_set(options, '{fields}', fields - latitude), ARRAY['fields', longitude],
                     jsonb_build_object('name', name, 'title', 'Place', 'titleZh', '位置', 'description', 'Longitude and latitude 经度和纬度') || coalesce(fields -> longitude, '{}')
                     || jsonb_build_object('level', greatest(coalesce((fields #>> ARRAY[longitude, 'level'])::integer, (options ->> 'level')::integer, 1),
                                                             coalesce((other ->> 'level')::integer, (options ->> 'level')::integer, 1))));
END
$$;
COMMENT ON FUNCTION citybigdata.place_option(text, text, text, jsonb, text, text) IS 'Options of the field that two columns of degrees make; for publish_as()';

CREATE OR REPLACE FUNCTION citybigdata.publish_as(publisher text, is_administrator boolean, relation oid, function_oid oid, schema_name text, relation_name text,
                                                  arguments text, options jsonb, OUT code text, OUT version integer, OUT address text, OUT advice text[])
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    kind "char" := (SELECT c.relkind FROM pg_class c WHERE c.oid = relation);
    remark text := coalesce(obj_description(relation, 'pg_class'), obj_description(function_oid, 'pg_proc'));
    layer text;
    source text;
    level integer;
    key text[];
    sorted text[] := citybigdata.index_leaders(relation, 'btree');
    spatial text[] := citybigdata.index_leaders(relation, 'gist');
    columns record;
    base oid;
    file jsonb;
    chosen record;
    place integer := 0;
BEGIN
    PERFORM citybigdata.check_options(options, 'options', 'options');
    PERFORM citybigdata.check_options(f.value, 'fields', format('fields.%s', f.key))
    FROM jsonb_each(CASE WHEN jsonb_typeof(options -> 'fields') = 'object' THEN options -> 'fields' ELSE '{}' END) f;
    -- null is the default; of these three columns: none
    options := (SELECT coalesce(jsonb_object_agg(o.key, o.value), '{}') FROM jsonb_each(options) o
                WHERE o.value <> 'null' OR o.key IN ('timeColumn', 'divisionColumn', 'geometryColumn'));
    layer := coalesce(options ->> 'layer', CASE WHEN options ? 'industry' THEN 'industry' WHEN options ? 'source' THEN 'base' ELSE 'theme' END);
    source := coalesce(options ->> 'source', CASE WHEN layer = 'base' THEN 'own' END);
    level := coalesce((options ->> 'level')::integer, 1);
    SELECT * INTO chosen FROM citybigdata.derived_columns(schema_name, relation_name, arguments, options, sorted);
    options := citybigdata.with_names(schema_name, relation_name, arguments, options, chosen.geometry_column, chosen.latitude_column);
    options := citybigdata.place_option(schema_name, relation_name, arguments, options, chosen.geometry_column, chosen.latitude_column);
    code := options ->> 'code';
    key := coalesce((SELECT array_agg(k ORDER BY n) FROM jsonb_array_elements_text(options -> 'keyset') WITH ORDINALITY t (k, n)), citybigdata.derived_key(relation, kind));
    PERFORM citybigdata.own_lock('publish ' || code);
    PERFORM citybigdata.check_publishable(code, publisher, is_administrator, options, layer, source, key, citybigdata.key_error(relation, kind, key));
    PERFORM citybigdata.check_option_names(coalesce(options -> 'fields', '{}'),
        (SELECT array_agg(c.column_name) FROM citybigdata.relation_columns(schema_name, relation_name, arguments) c), 'fields');
    version := coalesce((SELECT max(v.version) FROM citybigdata.resource_version v WHERE v.resource_code = code), 0) + 1;
    advice := ARRAY(SELECT citybigdata.say('it is read as {role}, a superuser: give it to a role of its own', 'role', quote_ident(r.rolname))
                    FROM pg_roles r WHERE r.rolname = publisher AND r.rolsuper
                    UNION ALL SELECT format('GRANT citybigdata_analyst TO %I; its owner may not run the coordinate functions that crs=GCJ02 of a polygon needs', publisher)
                    WHERE NOT has_schema_privilege(publisher, 'citybigdata', 'USAGE'));

    UPDATE citybigdata.resource_version v SET state = 'superseded', withdrawn_at = now() WHERE v.resource_code = code AND v.state = 'current';
    INSERT INTO citybigdata.resource_version (resource_code, version, state, publisher, schema_name, relation_name, arguments, title, title_zh, description,
        description_zh, layer, industry, source, level, data_owner, update_cycle, sunset, key_columns, time_column, division_column, division_digits,
        geometry_column, srid, version_column, latency_budget, latitude_column)
    VALUES (code, publish_as.version, 'current', publisher, schema_name, relation_name, arguments,
        citybigdata.derived_title(options ->> 'title', remark, code, false), citybigdata.derived_title(options ->> 'titleZh', remark, code, true),
        coalesce(options ->> 'description', remark, ''), coalesce(options ->> 'descriptionZh', options ->> 'description', remark, ''), layer,
        options ->> 'industry', source, level, coalesce(options ->> 'owner', publisher), options ->> 'updateCycle', (options ->> 'sunset')::date, key, chosen.time_column,
        chosen.division_column, chosen.division_digits, chosen.geometry_column, chosen.srid, options ->> 'versionColumn',
        coalesce((options ->> 'latencyBudget')::integer, 1000), chosen.latitude_column);

    FOR columns IN SELECT * FROM citybigdata.relation_columns(schema_name, relation_name, arguments) c ORDER BY c.place LOOP
        -- the longitude stands for both columns of a place
        CONTINUE WHEN coalesce((options #>> ARRAY['fields', columns.column_name, 'exclude'])::boolean, false) OR columns.column_name = chosen.latitude_column;
        IF columns.column_name IS DISTINCT FROM chosen.geometry_column AND citybigdata.is_shown_by_point(columns.column_name, options, chosen.geometry_column, key || chosen.time_column || chosen.division_column) THEN
            advice := advice || citybigdata.say('column {column} is left out: {geometry} is shown as longitude, latitude, in a plane as coordinateX, coordinateY', 'column', quote_ident(columns.column_name), 'geometry', quote_ident(chosen.geometry_column));
            CONTINUE;
        END IF;
        base := citybigdata.base_type(columns.type_oid);
        IF base IN ('bytea'::regtype, 'bytea[]'::regtype) AND NOT coalesce(options -> 'fields' ? columns.column_name, false) THEN
            advice := advice || citybigdata.say('column {column} ({type}) is left out: files are given by URL (clause 5.4.4-b), {"fields": {{columnJson}: {"file": true}}}', 'column', quote_ident(columns.column_name), 'type', format_type(base, NULL), 'columnJson', to_json(columns.column_name));
            CONTINUE;
        END IF;
        IF citybigdata.column_serves(base, 'geography') THEN
            advice := advice || citybigdata.say('column {column} is a geography: bbox, crs and format=geojson are for geometry; publish a view with {column}::geometry(Point, 4326), say', 'column', quote_ident(columns.column_name));
        END IF;
        file := citybigdata.file_option(schema_name, relation_name, arguments, columns.column_name, base,
                                        coalesce(options #> ARRAY['fields', columns.column_name], '{}'));
        -- a compressed value is read from its beginning for every piece of it
        IF file IS NOT NULL AND kind IN ('r', 'm') AND (SELECT a.attstorage IN ('x', 'm') FROM pg_attribute a WHERE a.attrelid = relation AND a.attname = columns.column_name) THEN
            advice := advice || format('ALTER %s %I.%I ALTER COLUMN %I SET STORAGE EXTERNAL;', CASE kind WHEN 'r' THEN 'TABLE' ELSE 'MATERIALIZED VIEW' END,
                                       schema_name, relation_name, columns.column_name);
        END IF;
        place := place + 1;
        PERFORM citybigdata.publish_field(code, publish_as.version, place, columns, coalesce(options #> ARRAY['fields', columns.column_name], '{}'), level,
                                          columns.column_name = ANY (sorted || key), coalesce(columns.column_name = chosen.division_column, false), file);
    END LOOP;
    PERFORM citybigdata.publish_parameters(code, publish_as.version, function_oid, coalesce(options -> 'parameters', '[]'));
    PERFORM citybigdata.check_column(code, publish_as.version, r.name, r.role, c.type_oid, r.use, level)
    FROM (SELECT n AS place, k AS name, citybigdata.say('key column') AS role, 'key' AS use FROM unnest(key) WITH ORDINALITY u (k, n)
          UNION ALL VALUES (101, chosen.time_column, 'timeColumn', 'time'), (102, chosen.division_column, 'divisionColumn', 'division'),
                           (103, chosen.geometry_column, 'geometryColumn', CASE WHEN chosen.latitude_column IS NULL THEN 'place' ELSE 'degree' END), (104, options ->> 'versionColumn', 'versionColumn', 'version')) r
    LEFT JOIN citybigdata.relation_columns(schema_name, relation_name, arguments) c ON c.column_name = r.name ORDER BY r.place;
    IF NOT EXISTS (SELECT FROM citybigdata.resource_field f WHERE f.resource_code = code AND f.version = publish_as.version) THEN
        RAISE EXCEPTION USING MESSAGE = citybigdata.say('nothing to publish: no column'), ERRCODE = 'invalid_table_definition', HINT = citybigdata.say('Leave at least the key: do not exclude every column.');
    END IF;

    INSERT INTO citybigdata.resource AS r (resource_code, title, title_zh)
    SELECT v.resource_code, v.title, v.title_zh FROM citybigdata.resource_version v WHERE v.resource_code = code AND v.state = 'current'
    ON CONFLICT ON CONSTRAINT resource_pkey DO UPDATE SET title = excluded.title, title_zh = excluded.title_zh WHERE NOT r.shipped;
    INSERT INTO citybigdata.cursor_key (key) SELECT uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())
    ON CONFLICT ON CONSTRAINT cursor_key_pkey DO NOTHING;
    PERFORM citybigdata.bind_object('resource', code, publish_as.version, coalesce(relation, function_oid));
    address := '/api/v1/data/' || code;
    advice := advice || citybigdata.field_advice(code, publish_as.version) || citybigdata.publish_remarks(code, publish_as.version, options)
        || citybigdata.publish_advice(kind, schema_name, relation_name, key, chosen.time_column, chosen.division_column, chosen.geometry_column, chosen.latitude_column, sorted, spatial);
END
$$;
COMMENT ON FUNCTION citybigdata.publish_as(text, boolean, oid, oid, text, text, text, jsonb) IS
'The work of publish(), after it has found out who calls and that he may read the relation';
