-- The algorithm service: registering functions, what is known of them, results and jobs. How one runs: extension/analysis/.
COMMENT ON TABLE citybigdata.algorithm IS 'Algorithms 算法: functions that register_algorithm() has made interfaces of; each runs as the owner of its function, and only while he owns it';
COMMENT ON COLUMN citybigdata.algorithm.algorithm_code IS 'Code of the algorithm: the last part of /analysis/{algorithm}, and the resource that is granted';
COMMENT ON COLUMN citybigdata.algorithm.state IS 'active; suspended: refused for the time being; withdrawn by unregister_algorithm(), its code stays its publisher''s';
COMMENT ON COLUMN citybigdata.algorithm.publisher IS 'Database role that owned the function when it was registered';
COMMENT ON COLUMN citybigdata.algorithm.schema_name IS 'Schema of the function';
COMMENT ON COLUMN citybigdata.algorithm.function_name IS 'Name of the function';
COMMENT ON COLUMN citybigdata.algorithm.arguments IS 'Its identity arguments';
COMMENT ON COLUMN citybigdata.algorithm.title IS 'English title';
COMMENT ON COLUMN citybigdata.algorithm.title_zh IS 'Chinese title';
COMMENT ON COLUMN citybigdata.algorithm.description IS 'English description: what it computes, its limits';
COMMENT ON COLUMN citybigdata.algorithm.description_zh IS 'Chinese description';
COMMENT ON COLUMN citybigdata.algorithm.source IS 'Where its formula is from; empty = not said';
COMMENT ON COLUMN citybigdata.algorithm.result IS 'table: rows, shown as {rows, columns}; json: the value as it is';
COMMENT ON COLUMN citybigdata.algorithm.level IS 'Data level of the result, 1 to 3; registering anew does not lower it';
COMMENT ON COLUMN citybigdata.algorithm.cost IS 'quick: tried at once, and a job when that takes too long; job: always a job';
COMMENT ON COLUMN citybigdata.algorithm.timeout IS 'Milliseconds after which a job, or a call from SQL, is stopped';
COMMENT ON COLUMN citybigdata.algorithm.cache_for IS 'Seconds for which a result serves whoever asks the same; 0 = each request is computed';
COMMENT ON COLUMN citybigdata.algorithm.keep_days IS 'Days for which the result of a job is kept';
COMMENT ON COLUMN citybigdata.algorithm.data_version IS 'What tells the state of the data: array of relations whose rows are digested, or text, a function (jsonb) returns text; null = the snapshot';
COMMENT ON COLUMN citybigdata.algorithm.shipped IS 'Comes with the extension, which registers it anew at each upgrade';
COMMENT ON COLUMN citybigdata.algorithm.registered_at IS 'When it was registered last; null = shipped';
COMMENT ON COLUMN citybigdata.algorithm.registered_by IS 'Database role that did';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.algorithm', 'WHERE NOT shipped');

COMMENT ON TABLE citybigdata.algorithm_parameter IS 'Parameters of algorithms: the arguments of their functions';
COMMENT ON COLUMN citybigdata.algorithm_parameter.algorithm_code IS 'Code of the algorithm';
COMMENT ON COLUMN citybigdata.algorithm_parameter.position IS 'Place in the manual, from 1';
COMMENT ON COLUMN citybigdata.algorithm_parameter.name IS 'Name in requests: camelCase';
COMMENT ON COLUMN citybigdata.algorithm_parameter.argument IS 'Argument of the function';
COMMENT ON COLUMN citybigdata.algorithm_parameter.type_name IS 'Its type when it was registered; another type later stops the algorithm';
COMMENT ON COLUMN citybigdata.algorithm_parameter.title IS 'English title';
COMMENT ON COLUMN citybigdata.algorithm_parameter.title_zh IS 'Chinese title';
COMMENT ON COLUMN citybigdata.algorithm_parameter.description IS 'Meaning in English';
COMMENT ON COLUMN citybigdata.algorithm_parameter.description_zh IS 'Meaning in Chinese';
COMMENT ON COLUMN citybigdata.algorithm_parameter.unit IS 'Unit of measure; null = none';
COMMENT ON COLUMN citybigdata.algorithm_parameter.least IS 'Least value, of a text the least number of characters, as the manual shows values; null = none';
COMMENT ON COLUMN citybigdata.algorithm_parameter.greatest IS 'Greatest value, the same';
COMMENT ON COLUMN citybigdata.algorithm_parameter.code_table IS 'Code table of the values; divisions = GB/T 2260 codes; null = none';
COMMENT ON COLUMN citybigdata.algorithm_parameter.choices IS 'The values that may be given; null = any';
COMMENT ON COLUMN citybigdata.algorithm_parameter.required IS 'A request without it is refused';
COMMENT ON COLUMN citybigdata.algorithm_parameter.default_value IS 'Value when it is absent; null = the function''s own default, else null';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.algorithm_parameter', 'WHERE algorithm_code OPERATOR(pg_catalog.=) ANY (SELECT a.algorithm_code FROM citybigdata.algorithm a WHERE NOT a.shipped)');

COMMENT ON TABLE citybigdata.algorithm_column IS 'Columns of the results of algorithms whose result is a table';
COMMENT ON COLUMN citybigdata.algorithm_column.algorithm_code IS 'Code of the algorithm';
COMMENT ON COLUMN citybigdata.algorithm_column.position IS 'Place in the row, from 1';
COMMENT ON COLUMN citybigdata.algorithm_column.name IS 'Name in the result: camelCase of the column''s';
COMMENT ON COLUMN citybigdata.algorithm_column.column_name IS 'Column of the function''s result';
COMMENT ON COLUMN citybigdata.algorithm_column.type_name IS 'Its type when it was registered; another type later stops the algorithm';
COMMENT ON COLUMN citybigdata.algorithm_column.title IS 'English title';
COMMENT ON COLUMN citybigdata.algorithm_column.title_zh IS 'Chinese title';
COMMENT ON COLUMN citybigdata.algorithm_column.unit IS 'Unit of measure; null = none';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.algorithm_column', 'WHERE algorithm_code OPERATOR(pg_catalog.=) ANY (SELECT a.algorithm_code FROM citybigdata.algorithm a WHERE NOT a.shipped)');

COMMENT ON TABLE citybigdata.analysis_result IS 'Results of algorithms 算法结果 that are kept: for jobs, and for who asks the same again';
COMMENT ON COLUMN citybigdata.analysis_result.result_id IS 'Number of the result';
COMMENT ON COLUMN citybigdata.analysis_result.algorithm_code IS 'The algorithm';
COMMENT ON COLUMN citybigdata.analysis_result.request_digest IS 'SHA-256 of code, code hash and parameters with their defaults: equal for who asks the same';
COMMENT ON COLUMN citybigdata.analysis_result.document IS 'The reply: algorithm, parameters, dataVersion, codeHash, computedAt and result';
COMMENT ON COLUMN citybigdata.analysis_result.seconds IS 'How long it was computed';
COMMENT ON COLUMN citybigdata.analysis_result.computed_at IS 'When the data were as it tells';
COMMENT ON COLUMN citybigdata.analysis_result.fresh_until IS 'Until then it answers who asks the same';
COMMENT ON COLUMN citybigdata.analysis_result.keep_until IS 'maintain() removes it then';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.analysis_result', '');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.analysis_result_result_id_seq', '');

COMMENT ON TABLE citybigdata.analysis_job IS 'Jobs 分析任务: requests for a result that takes longer than a caller waits';
COMMENT ON COLUMN citybigdata.analysis_job.job_no IS 'Order in which they are run';
COMMENT ON COLUMN citybigdata.analysis_job.job_id IS 'Its name in addresses: random';
COMMENT ON COLUMN citybigdata.analysis_job.algorithm_code IS 'The algorithm';
COMMENT ON COLUMN citybigdata.analysis_job.app_id IS 'Application that asked for it; nobody else sees it';
COMMENT ON COLUMN citybigdata.analysis_job.account_id IS 'Operator that asked by that application; null = none';
COMMENT ON COLUMN citybigdata.analysis_job.parameters IS 'Parameters with their defaults: a JSON object';
COMMENT ON COLUMN citybigdata.analysis_job.request_digest IS 'As in analysis_result, of the time when it was asked for';
COMMENT ON COLUMN citybigdata.analysis_job.state IS 'waiting, running, done, failed, cancelled, expired (its result is removed)';
COMMENT ON COLUMN citybigdata.analysis_job.tries IS 'How often it was begun: a run whose server or runner ends is begun again, up to citybigdata.analysis_tries';
COMMENT ON COLUMN citybigdata.analysis_job.claim IS 'Number of the claim that runs it, or ran it last: a runner that lost its job knows by it';
COMMENT ON COLUMN citybigdata.analysis_job.created_at IS 'When it was asked for';
COMMENT ON COLUMN citybigdata.analysis_job.started_at IS 'When it was begun last';
COMMENT ON COLUMN citybigdata.analysis_job.ended_at IS 'When it was done, failed or cancelled';
COMMENT ON COLUMN citybigdata.analysis_job.keep_until IS 'The result is kept until then; null = not done';
COMMENT ON COLUMN citybigdata.analysis_job.status_code IS 'Why it failed; null = it did not';
COMMENT ON COLUMN citybigdata.analysis_job.message IS 'The same in words';
COMMENT ON COLUMN citybigdata.analysis_job.message_zh IS 'The same in Chinese';
COMMENT ON COLUMN citybigdata.analysis_job.result_id IS 'Its result; null = not done, or removed';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.analysis_job', '');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.analysis_job_job_no_seq', '');

-- The options of register_algorithm(): one list that the checks and the manual are made of; kinds as in publish_options().
CREATE OR REPLACE FUNCTION citybigdata.algorithm_options(OUT place text, OUT name text, OUT kind text, OUT valid text, OUT default_value text, OUT example text, OUT meaning text)
    RETURNS SETOF record LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT * FROM (VALUES
    ('algorithm', 'code', 'text', '1 64', citybigdata.say('the function''s name'), '"hot-spots"', citybigdata.say('Code of the algorithm, the last part of its address')),
    ('algorithm', 'title', 'text', '0 200', citybigdata.say('first sentence of the comment, else the code'), '"Hot spots"', citybigdata.say('English title')),
    ('algorithm', 'titleZh', 'text', '0 200', citybigdata.say('first Chinese sentence of the comment'), '"热点分析"', citybigdata.say('Chinese title')),
    ('algorithm', 'description', 'text', '0 4000', citybigdata.say('comment of the function'), '"Getis-Ord Gi* of square cells"', citybigdata.say('English description for the manual')),
    ('algorithm', 'descriptionZh', 'text', '0 4000', 'description', '"方格网的 Getis-Ord Gi* 统计量"', citybigdata.say('Chinese description for the manual')),
    ('algorithm', 'source', 'text', '0 1000', citybigdata.say('empty'), '"Ord, Getis (1995)"', citybigdata.say('Where the formula is from')),
    ('algorithm', 'parameters', 'objects', '', citybigdata.say('the function''s arguments'), '[{"name": "cellSize", "min": 50, "max": 5000, "default": 500, "unit": "m"}]', citybigdata.say('What is to be said of parameters')),
    ('algorithm', 'columns', 'objects', '', citybigdata.say('the columns of the result'), '[{"name": "z", "title": "z score", "titleZh": "z 值"}]', citybigdata.say('What is to be said of columns of the result')),
    ('algorithm', 'result', 'choice', 'table json', citybigdata.say('by the function''s result'), '"table"', citybigdata.say('table: rows and columns; json: the jsonb as it is')),
    ('algorithm', 'level', 'integer', '-9 9', '1', '2', citybigdata.say('Data level of the result, 1 to 3')),
    ('algorithm', 'cost', 'choice', 'quick job', 'quick', '"job"', citybigdata.say('quick is tried at once; job is always a job')),
    ('algorithm', 'timeout', 'integer', '100 86400000', '60000', '600000', citybigdata.say('Milliseconds after which it is stopped')),
    ('algorithm', 'cacheFor', 'integer', '0 31536000', '0', '3600', citybigdata.say('Seconds for which a result serves whoever asks the same')),
    ('algorithm', 'keepDays', 'integer', '1 3660', '7', '30', citybigdata.say('Days for which the result of a job is kept')),
    ('algorithm', 'dataVersion', 'any', '', citybigdata.say('the snapshot'), '["public.street_light"]', citybigdata.say('What tells the state of the data: relations whose rows are digested, or the name of a function (jsonb) returns text')),
    ('algorithmParameter', 'name', 'text', '1 64', citybigdata.say('camelCase of the column''s or argument''s name'), '"cellSize"', citybigdata.say('Name in the request')),
    ('algorithmParameter', 'argument', 'text', '1 63', citybigdata.say('the argument that gives the name'), '"cell_size"', citybigdata.say('Argument of the function')),
    ('algorithmParameter', 'title', 'text', '0 200', citybigdata.say('its name'), '"Side of a cell"', citybigdata.say('English title')),
    ('algorithmParameter', 'titleZh', 'text', '0 200', 'title', '"网格边长"', citybigdata.say('Chinese title')),
    ('algorithmParameter', 'description', 'text', '0 4000', citybigdata.say('empty'), '"Smaller cells need more cases"', citybigdata.say('Meaning, for the manual')),
    ('algorithmParameter', 'descriptionZh', 'text', '0 4000', 'description', '"网格越小，所需案件越多"', citybigdata.say('Chinese description for the manual')),
    ('algorithmParameter', 'unit', 'text', '1 50', citybigdata.say('none'), '"m"', citybigdata.say('Unit of measure')),
    ('algorithmParameter', 'min', 'scalar', '', citybigdata.say('none'), '50', citybigdata.say('Least value, of a text the least number of characters')),
    ('algorithmParameter', 'max', 'scalar', '', citybigdata.say('none'), '5000', citybigdata.say('Greatest value, of a text the greatest number of characters')),
    ('algorithmParameter', 'codeTable', 'text', '1 200', citybigdata.say('none'), '"event-type"', citybigdata.say('Code table of the values')),
    ('algorithmParameter', 'values', 'any', '', citybigdata.say('any'), '["square", "hexagon"]', citybigdata.say('The values that may be given')),
    ('algorithmParameter', 'required', 'boolean', '', 'false', 'true', citybigdata.say('A request without it is refused')),
    ('algorithmParameter', 'default', 'any', '', citybigdata.say('the function''s own default, else null'), '500', citybigdata.say('Value when it is absent')),
    ('algorithmColumn', 'name', 'text', '1 64', citybigdata.say('camelCase of the column''s or argument''s name'), '"z"', citybigdata.say('Name in the result')),
    ('algorithmColumn', 'title', 'text', '0 200', citybigdata.say('its name'), '"z score"', citybigdata.say('English title')),
    ('algorithmColumn', 'titleZh', 'text', '0 200', 'title', '"z 值"', citybigdata.say('Chinese title')),
    ('algorithmColumn', 'unit', 'text', '1 50', citybigdata.say('none'), '"m"', citybigdata.say('Unit of measure'))) o
$$;
COMMENT ON FUNCTION citybigdata.algorithm_options() IS
'Manual of the options of register_algorithm(): where an option stands (algorithm, algorithmParameter, algorithmColumn), its kind, what is valid, its default and an example';

-- Names that every request may have, or that mean something else there.
CREATE OR REPLACE FUNCTION citybigdata.algorithm_reserved() RETURNS text[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT ARRAY['appCode', 'authCode', 'accessToken', 'format', 'charset', 'lang', 'jobId']
$$;
COMMENT ON FUNCTION citybigdata.algorithm_reserved() IS 'Names that no parameter of an algorithm may have';

-- A list of texts; null: none is given. `shown`: how the option is called in messages.
CREATE OR REPLACE FUNCTION citybigdata.algorithm_choices(given jsonb, shown text) RETURNS text[]
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF given IS NULL OR given = 'null' THEN
        RETURN NULL;
    ELSIF jsonb_typeof(given) <> 'array' OR jsonb_array_length(given) NOT BETWEEN 1 AND 200
          OR EXISTS (SELECT FROM jsonb_array_elements(CASE WHEN jsonb_typeof(given) = 'array' THEN given ELSE '[]' END) m WHERE jsonb_typeof(m) NOT IN ('string', 'number')) THEN
        RAISE EXCEPTION USING MESSAGE = citybigdata.say('{option} must be an array of 1 to 200 texts or numbers', 'option', shown), ERRCODE = 'invalid_parameter_value', HINT = '{"values": ["square", "hexagon"]}';
    END IF;
    RETURN ARRAY(SELECT m.value FROM jsonb_array_elements_text(given) WITH ORDINALITY m (value, n) ORDER BY m.n);
END
$$;
COMMENT ON FUNCTION citybigdata.algorithm_choices(jsonb, text) IS 'The option values of a parameter as texts; for register_algorithm_as()';

-- Rows of the parameters: what the function's arguments say, and what was given of them.
CREATE OR REPLACE FUNCTION citybigdata.register_parameters(code text, function_oid oid, given jsonb) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    argument record;
    option record;
    item jsonb;
    strange text;
BEGIN
    FOR option IN SELECT p.value AS item, p.ordinality - 1 AS n FROM jsonb_array_elements(given) WITH ORDINALITY p LOOP
        PERFORM citybigdata.check_options(option.item, 'algorithmParameter', format('parameters[%s]', option.n));
    END LOOP;
    FOR argument IN
        SELECT t.place, p.proargnames[t.place] AS name, format_type(t.type, NULL) AS type_name
        FROM pg_proc p CROSS JOIN unnest(p.proargtypes::oid[]) WITH ORDINALITY AS t (type, place) WHERE p.oid = function_oid ORDER BY t.place
    LOOP
        IF coalesce(argument.name, '') = '' THEN
            RAISE EXCEPTION USING MESSAGE = citybigdata.say('argument {place} of the function has no name', 'place', argument.place),
                ERRCODE = 'invalid_name', HINT = citybigdata.say('Parameters are passed by name: CREATE FUNCTION lights_near(longitude float8, latitude float8) ….');
        END IF;
        SELECT g.value INTO item FROM jsonb_array_elements(given) WITH ORDINALITY g
        WHERE coalesce(g.value ->> 'argument', CASE WHEN citybigdata.camel_case(argument.name) = g.value ->> 'name' THEN argument.name END) = argument.name ORDER BY g.ordinality LIMIT 1;
        item := coalesce(item, '{}');
        INSERT INTO citybigdata.algorithm_parameter (algorithm_code, position, name, argument, type_name, title, title_zh, description, description_zh, unit, least, greatest,
                                                     code_table, choices, required, default_value)
        SELECT code, argument.place, n.name, argument.name, argument.type_name, coalesce(item ->> 'title', citybigdata.derived_title(NULL, NULL, argument.name, false)),
               coalesce(item ->> 'titleZh', item ->> 'title', citybigdata.derived_title(NULL, NULL, argument.name, true)), coalesce(item ->> 'description', ''),
               coalesce(item ->> 'descriptionZh', item ->> 'description', ''), item ->> 'unit', item ->> 'min', item ->> 'max', item ->> 'codeTable',
               citybigdata.algorithm_choices(item -> 'values', format('parameters.%s.values', n.name)), coalesce((item ->> 'required')::boolean, false), nullif(item -> 'default', 'null')
        FROM (SELECT coalesce(item ->> 'name', citybigdata.camel_case(argument.name)) AS name) n;
    END LOOP;
    SELECT coalesce(g ->> 'argument', g ->> 'name', g::text) INTO strange FROM jsonb_array_elements(given) g
    WHERE NOT EXISTS (SELECT FROM citybigdata.algorithm_parameter p WHERE p.algorithm_code = code AND (p.argument = g ->> 'argument' OR NOT g ? 'argument' AND p.name = g ->> 'name')) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION USING MESSAGE = citybigdata.say('parameter {parameter} is no argument of the function', 'parameter', strange), ERRCODE = 'undefined_column',
            HINT = citybigdata.say('Arguments: {names}.', 'names', (SELECT coalesce(string_agg(p.argument, ', ' ORDER BY p.position), '-') FROM citybigdata.algorithm_parameter p WHERE p.algorithm_code = code));
    END IF;
    SELECT p.name INTO strange FROM citybigdata.algorithm_parameter p WHERE p.algorithm_code = code AND p.name = ANY (citybigdata.algorithm_reserved()) ORDER BY p.position LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION USING MESSAGE = citybigdata.say('parameter name "{name}" belongs to every resource', 'name', strange), ERRCODE = 'duplicate_object',
            DETAIL = citybigdata.say('Names of the standard: {names}.', 'names', array_to_string(citybigdata.algorithm_reserved(), ', ')), HINT = '{"parameters": [{"argument": "format", "name": "outputForm"}]}';
    END IF;
EXCEPTION WHEN unique_violation THEN
    RAISE EXCEPTION USING MESSAGE = citybigdata.say('two parameters have one name'), ERRCODE = 'duplicate_object', HINT = '{"parameters": [{"argument": "cell_size", "name": "cellSize"}]}';
WHEN check_violation THEN
    RAISE EXCEPTION USING MESSAGE = citybigdata.say('a parameter cannot be named so'), ERRCODE = 'invalid_name',
        DETAIL = citybigdata.say('A parameter''s name is a small letter, then at most 63 letters and digits; it does not begin with xml.'), HINT = '{"parameters": [{"argument": "cell_size", "name": "cellSize"}]}';
END
$$;
COMMENT ON FUNCTION citybigdata.register_parameters(text, oid, jsonb) IS 'Writes the parameters of an algorithm; for register_algorithm_as()';

-- Rows of the columns of a result that is a table.
CREATE OR REPLACE FUNCTION citybigdata.register_columns(code text, schema_name text, function_name text, arguments text, given jsonb) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    option record;
    strange text;
BEGIN
    FOR option IN SELECT p.value AS item, p.ordinality - 1 AS n FROM jsonb_array_elements(given) WITH ORDINALITY p LOOP
        PERFORM citybigdata.check_options(option.item, 'algorithmColumn', format('columns[%s]', option.n));
    END LOOP;
    INSERT INTO citybigdata.algorithm_column (algorithm_code, position, name, column_name, type_name, title, title_zh, unit)
    SELECT code, row_number() OVER (ORDER BY c.place), n.name, c.column_name, format_type(c.type_oid, NULL), coalesce(g.item ->> 'title', citybigdata.derived_title(NULL, c.comment, c.column_name, false)),
           coalesce(g.item ->> 'titleZh', g.item ->> 'title', citybigdata.derived_title(NULL, c.comment, c.column_name, true)), g.item ->> 'unit'
    FROM citybigdata.relation_columns(schema_name, function_name, arguments) c CROSS JOIN LATERAL (SELECT citybigdata.camel_case(c.column_name) AS name) n
    LEFT JOIN LATERAL (SELECT v.value AS item FROM jsonb_array_elements(given) WITH ORDINALITY v WHERE v.value ->> 'name' = n.name ORDER BY v.ordinality LIMIT 1) g ON true;
    SELECT g ->> 'name' INTO strange FROM jsonb_array_elements(given) g
    WHERE NOT EXISTS (SELECT FROM citybigdata.algorithm_column c WHERE c.algorithm_code = code AND c.name = g ->> 'name') LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION USING MESSAGE = citybigdata.say('the result has no column {name}', 'name', coalesce(strange, 'null')), ERRCODE = 'undefined_column',
            HINT = citybigdata.say('Columns: {names}.', 'names', (SELECT coalesce(string_agg(c.name, ', ' ORDER BY c.position), '-') FROM citybigdata.algorithm_column c WHERE c.algorithm_code = code));
    END IF;
EXCEPTION WHEN unique_violation THEN
    RAISE EXCEPTION USING MESSAGE = citybigdata.say('two columns of the result have one name'), ERRCODE = 'duplicate_column', HINT = citybigdata.say('For example {example}.', 'example', 'RETURNS TABLE (cell_id integer, z double precision)');
WHEN check_violation THEN
    RAISE EXCEPTION USING MESSAGE = citybigdata.say('a column of the result cannot be named so'), ERRCODE = 'invalid_name',
        DETAIL = citybigdata.say('A column''s name in JSON is a small letter, then at most 63 letters and digits; it does not begin with xml.'), HINT = citybigdata.say('For example {example}.', 'example', 'RETURNS TABLE (cell_id integer, z double precision)');
END
$$;
COMMENT ON FUNCTION citybigdata.register_columns(text, text, text, text, jsonb) IS 'Writes the columns of an algorithm''s result; for register_algorithm_as()';

-- Checks of the algorithm as a whole; raises with the reason.
CREATE OR REPLACE FUNCTION citybigdata.check_algorithm(code text, publisher text, is_administrator boolean, level integer, data_version jsonb, shipped boolean) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    known citybigdata.algorithm;
BEGIN
    SELECT * INTO known FROM citybigdata.algorithm a WHERE a.algorithm_code = code;
    IF code !~ '^[a-z][a-z0-9-]{0,63}$' THEN
        RAISE EXCEPTION USING MESSAGE = citybigdata.say('"{code}" cannot be the code of an algorithm', 'code', code), ERRCODE = 'invalid_name',
            DETAIL = citybigdata.say('A code is a small letter, then at most 63 small letters, digits and hyphens.'), HINT = '{"code": "hot-spots"}';
    ELSIF known.shipped AND NOT shipped THEN
        RAISE EXCEPTION USING MESSAGE = citybigdata.say('resource code "{code}" belongs to the platform', 'code', code), ERRCODE = 'duplicate_object', HINT = '{"code": "hot-spots-2"}';
    ELSIF known.algorithm_code IS NULL AND EXISTS (SELECT FROM citybigdata.resource r WHERE r.resource_code = code)
          OR EXISTS (SELECT FROM citybigdata.resource_version v WHERE v.resource_code = code) THEN
        RAISE EXCEPTION USING MESSAGE = citybigdata.say('"{code}" is the code of another resource', 'code', code), ERRCODE = 'duplicate_object', HINT = '{"code": "hot-spots-2"}';
    ELSIF known.publisher <> publisher AND NOT is_administrator
          AND NOT coalesce((SELECT pg_has_role(r.oid, h.oid, 'MEMBER') FROM pg_roles r, pg_roles h WHERE r.rolname = publisher AND h.rolname = known.publisher), false) THEN
        RAISE EXCEPTION USING MESSAGE = citybigdata.say('algorithm "{code}" was registered by {holder}', 'code', code, 'holder', known.publisher), ERRCODE = 'insufficient_privilege', HINT = '{"code": "hot-spots-2"}';
    ELSIF level = 4 THEN
        RAISE EXCEPTION USING MESSAGE = citybigdata.say('level 4 is never published'), ERRCODE = 'invalid_parameter_value', DETAIL = citybigdata.say('Level 4 is classified 涉密.'), HINT = '{"level": 3}';
    ELSIF level NOT BETWEEN 1 AND 3 THEN
        RAISE EXCEPTION USING MESSAGE = citybigdata.say('invalid level {level}', 'level', level), ERRCODE = 'invalid_parameter_value', HINT = citybigdata.say('Levels are 1, 2 and 3.');
    ELSIF level < known.level AND NOT shipped THEN
        RAISE EXCEPTION USING MESSAGE = citybigdata.say('algorithm "{code}" has level {level}, which cannot be lowered', 'code', code, 'level', known.level), ERRCODE = 'insufficient_privilege',
            DETAIL = citybigdata.say('Who may use it would see more than was granted.'), HINT = citybigdata.say('Register it under another code, which a security administrator grants anew.');
    ELSIF data_version IS NOT NULL AND jsonb_typeof(data_version) NOT IN ('string', 'array')
          OR jsonb_typeof(data_version) = 'array' AND (jsonb_array_length(data_version) NOT BETWEEN 1 AND 16 OR EXISTS (SELECT FROM jsonb_array_elements(data_version) m WHERE jsonb_typeof(m) <> 'string')) THEN
        RAISE EXCEPTION USING MESSAGE = citybigdata.say('dataVersion must be an array of 1 to 16 relations, or the name of a function'), ERRCODE = 'invalid_parameter_value',
            HINT = '{"dataVersion": ["public.street_light"]}, {"dataVersion": "public.lights_version"}';
    END IF;
END
$$;
COMMENT ON FUNCTION citybigdata.check_algorithm(text, text, boolean, integer, jsonb, boolean) IS 'Refuses what may not be registered; for register_algorithm_as()';

-- The relations or the function of dataVersion by their whole names, as they are found in the caller's search path.
CREATE OR REPLACE FUNCTION citybigdata.register_algorithm_as(publisher text, by text, is_administrator boolean, function_oid oid, is_table boolean, options jsonb, data_version jsonb, shipped boolean) RETURNS text
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    remark text := obj_description(function_oid, 'pg_proc');
    named record;
    code text;
    level integer;
BEGIN
    PERFORM citybigdata.check_options(options, 'algorithm', 'options');
    options := (SELECT coalesce(jsonb_object_agg(o.key, o.value), '{}') FROM jsonb_each(options) o WHERE o.value <> 'null');
    SELECT n.nspname::text AS schema_name, p.proname::text AS function_name, pg_get_function_identity_arguments(p.oid) AS arguments INTO named
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.oid = function_oid;
    code := coalesce(options ->> 'code', replace(named.function_name, '_', '-'));
    level := coalesce((options ->> 'level')::integer, 1);
    PERFORM citybigdata.own_lock('publish ' || code);
    PERFORM citybigdata.check_algorithm(code, publisher, is_administrator, level, data_version, shipped);
    IF options ->> 'result' <> (CASE WHEN is_table THEN 'table' ELSE 'json' END) THEN
        RAISE EXCEPTION USING MESSAGE = citybigdata.say('the function''s result is no {result}', 'result', options ->> 'result'), ERRCODE = 'datatype_mismatch',
            HINT = citybigdata.say('table: RETURNS TABLE (...) or RETURNS SETOF row type; json: RETURNS jsonb.');
    END IF;
    INSERT INTO citybigdata.algorithm AS a (algorithm_code, state, publisher, schema_name, function_name, arguments, title, title_zh, description, description_zh, source, result, level, cost, timeout,
                                            cache_for, keep_days, data_version, shipped, registered_at, registered_by)
    VALUES (code, 'active', publisher, named.schema_name, named.function_name, named.arguments, citybigdata.derived_title(options ->> 'title', remark, code, false),
            citybigdata.derived_title(options ->> 'titleZh', remark, code, true), coalesce(options ->> 'description', remark, ''), coalesce(options ->> 'descriptionZh', options ->> 'description', remark, ''),
            coalesce(options ->> 'source', ''), CASE WHEN is_table THEN 'table' ELSE 'json' END, level, coalesce(options ->> 'cost', 'quick'), coalesce((options ->> 'timeout')::integer, 60000),
            coalesce((options ->> 'cacheFor')::integer, 0), coalesce((options ->> 'keepDays')::integer, 7), register_algorithm_as.data_version, register_algorithm_as.shipped,
            CASE WHEN NOT register_algorithm_as.shipped THEN now() END, by)
    ON CONFLICT ON CONSTRAINT algorithm_pkey DO UPDATE
    SET state = CASE WHEN a.state = 'suspended' THEN 'suspended' ELSE 'active' END, publisher = excluded.publisher, schema_name = excluded.schema_name, function_name = excluded.function_name,
        arguments = excluded.arguments, title = excluded.title, title_zh = excluded.title_zh, description = excluded.description, description_zh = excluded.description_zh, source = excluded.source,
        result = excluded.result, level = excluded.level, cost = excluded.cost, timeout = excluded.timeout, cache_for = excluded.cache_for, keep_days = excluded.keep_days,
        data_version = excluded.data_version, shipped = excluded.shipped, registered_at = excluded.registered_at, registered_by = excluded.registered_by;
    DELETE FROM citybigdata.algorithm_parameter p WHERE p.algorithm_code = code;
    DELETE FROM citybigdata.algorithm_column c WHERE c.algorithm_code = code;
    PERFORM citybigdata.register_parameters(code, function_oid, coalesce(options -> 'parameters', '[]'));
    IF is_table THEN
        PERFORM citybigdata.register_columns(code, named.schema_name, named.function_name, named.arguments, coalesce(options -> 'columns', '[]'));
    END IF;
    INSERT INTO citybigdata.resource AS r (resource_code, title, title_zh, shipped)
    SELECT a.algorithm_code, a.title, a.title_zh, a.shipped FROM citybigdata.algorithm a WHERE a.algorithm_code = code
    ON CONFLICT ON CONSTRAINT resource_pkey DO UPDATE SET title = excluded.title, title_zh = excluded.title_zh, shipped = excluded.shipped;
    PERFORM citybigdata.bind_object('algorithm', code, 0, function_oid);
    RETURN code;
END
$$;
COMMENT ON FUNCTION citybigdata.register_algorithm_as(text, text, boolean, oid, boolean, jsonb, jsonb, boolean) IS 'The work of register_algorithm(), after it has found out who calls and that the function is his; returns the code';

-- What tells whether the same would be computed again: the function, what it is known to use, and what was registered.
CREATE OR REPLACE FUNCTION citybigdata.algorithm_code_hash(code text, function_oid oid) RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT encode(sha256(convert_to(jsonb_build_array(
        pg_get_functiondef($2),
        -- functions and views that a body of standard SQL names; of a text nothing is known
        (SELECT jsonb_agg(CASE d.refclassid WHEN 'pg_proc'::regclass THEN pg_get_functiondef(d.refobjid) ELSE pg_get_viewdef(d.refobjid) END ORDER BY d.refclassid, d.refobjid)
         FROM (SELECT DISTINCT x.refclassid, x.refobjid FROM pg_depend x
               WHERE x.classid = 'pg_proc'::regclass AND x.objid = $2 AND x.deptype = 'n'
                 AND (x.refclassid = 'pg_proc'::regclass AND (SELECT p.prokind = 'f' FROM pg_proc p WHERE p.oid = x.refobjid)
                      OR x.refclassid = 'pg_class'::regclass AND (SELECT c.relkind = 'v' FROM pg_class c WHERE c.oid = x.refobjid))) d),
        citybigdata.library_version(), current_setting('server_version_num'),
        (SELECT jsonb_object_agg(x.extname, x.extversion) FROM pg_extension x WHERE x.extname IN ('citybigdata', 'postgis')),
        (SELECT jsonb_build_array(a.result, a.level, a.data_version) FROM citybigdata.algorithm a WHERE a.algorithm_code = $1),
        (SELECT jsonb_agg(to_jsonb(p) - ARRAY['title', 'title_zh', 'description', 'description_zh'] ORDER BY p.position) FROM citybigdata.algorithm_parameter p WHERE p.algorithm_code = $1),
        (SELECT jsonb_agg(jsonb_build_array(c.name, c.column_name, c.type_name) ORDER BY c.position) FROM citybigdata.algorithm_column c WHERE c.algorithm_code = $1))::text, 'UTF8')), 'hex')
$$;
COMMENT ON FUNCTION citybigdata.algorithm_code_hash(text, oid) IS
'SHA-256 in hexadecimal digits of the function''s definition, the functions and views that it is known to use, the versions of the server, of the extension and of PostGIS, and the registration without its words';

CREATE OR REPLACE FUNCTION citybigdata.register_algorithm(function regprocedure, options jsonb DEFAULT '{}') RETURNS jsonb
    AS 'MODULE_PATHNAME', 'cbd_register_algorithm' LANGUAGE c VOLATILE STRICT;
COMMENT ON FUNCTION citybigdata.register_algorithm(regprocedure, jsonb) IS
'Makes an interface of a STABLE or IMMUTABLE function that the caller, or a role that he belongs to, owns: /analysis/{code}. It runs read-only as its owner. options as in algorithm_options(). '
'Returns {code, address, codeHash, advice}; registering again replaces it. Errors (SQLSTATE): insufficient_privilege, wrong_object_type, and what is wrong with an option';
CREATE OR REPLACE FUNCTION citybigdata.unregister_algorithm(code text) RETURNS void
    AS 'MODULE_PATHNAME', 'cbd_unregister_algorithm' LANGUAGE c VOLATILE STRICT;
COMMENT ON FUNCTION citybigdata.unregister_algorithm(text) IS 'Withdraws an algorithm that the caller, or a role that he belongs to, registered; administrators any. Results that are kept stay until their time';
CREATE OR REPLACE FUNCTION citybigdata.suspend_algorithm(code text, suspended boolean DEFAULT true) RETURNS void
    AS 'MODULE_PATHNAME', 'cbd_suspend_algorithm' LANGUAGE c VOLATILE STRICT;
COMMENT ON FUNCTION citybigdata.suspend_algorithm(text, boolean) IS 'Refuses requests for an algorithm for the time being, shipped ones too; false: no more. For who may unregister it';
CREATE OR REPLACE FUNCTION citybigdata.run_algorithm(code text, params jsonb DEFAULT '{}') RETURNS jsonb
    AS 'MODULE_PATHNAME', 'cbd_run_algorithm' LANGUAGE c VOLATILE STRICT;
COMMENT ON FUNCTION citybigdata.run_algorithm(text, jsonb) IS
'Runs an algorithm now, up to its timeout: {algorithm, parameters, dataVersion, codeHash, computedAt, result}, as /analysis/{algorithm} replies. Algorithms of level 1 are for every caller, others for '
'members of their publisher''s role, shipped ones for members of citybigdata_analyst_personal too. Errors: class UD, with all errors of the parameters as detail';

-- State of an algorithm changed by whoever may.
CREATE OR REPLACE FUNCTION citybigdata.change_algorithm_as(caller text, is_administrator boolean, code text, state text) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    known citybigdata.algorithm;
BEGIN
    PERFORM citybigdata.own_lock('publish ' || code);
    SELECT * INTO known FROM citybigdata.algorithm a WHERE a.algorithm_code = code AND a.state <> 'withdrawn';
    IF NOT FOUND THEN
        RAISE EXCEPTION USING MESSAGE = citybigdata.say('algorithm "{code}" is not registered', 'code', code), ERRCODE = 'undefined_object',
            HINT = 'SELECT algorithm_code, title FROM citybigdata.algorithm;';
    ELSIF known.publisher <> caller AND NOT is_administrator
          AND NOT coalesce((SELECT pg_has_role(r.oid, h.oid, 'MEMBER') FROM pg_roles r, pg_roles h WHERE r.rolname = caller AND h.rolname = known.publisher), false) THEN
        RAISE EXCEPTION USING MESSAGE = citybigdata.say('algorithm "{code}" was registered by {holder}', 'code', code, 'holder', known.publisher), ERRCODE = 'insufficient_privilege',
            HINT = citybigdata.say('SET ROLE {role}; or ask a member of citybigdata_sysadmin.', 'role', quote_ident(known.publisher));
    ELSIF known.shipped AND state = 'withdrawn' THEN
        RAISE EXCEPTION USING MESSAGE = citybigdata.say('resource code "{code}" belongs to the platform', 'code', code), ERRCODE = 'insufficient_privilege',
            HINT = format('SELECT citybigdata.suspend_algorithm(%L);', code);
    END IF;
    UPDATE citybigdata.algorithm a SET state = change_algorithm_as.state WHERE a.algorithm_code = code;
    PERFORM citybigdata.audit_event('analysis.' || state, code, NULL);
    IF state = 'withdrawn' THEN
        DELETE FROM citybigdata.resource r WHERE r.resource_code = code;
    END IF;
END
$$;
COMMENT ON FUNCTION citybigdata.change_algorithm_as(text, boolean, text, text) IS 'The work of unregister_algorithm() and suspend_algorithm(), after they have found out who calls';

-- What the manual says of an algorithm; the members that every resource has are named as in resource_document().
CREATE OR REPLACE FUNCTION citybigdata.algorithm_document(code text) RETURNS json
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT json_build_object('code', a.algorithm_code, 'kind', 'algorithm', 'address', '/api/v1/analysis/' || a.algorithm_code, 'methods', json_build_array('GET', 'POST'),
        'title', a.title, 'titleZh', a.title_zh, 'description', a.description, 'descriptionZh', a.description_zh, 'source', nullif(a.source, ''), 'level', a.level, 'cost', a.cost,
        'timeout', a.timeout, 'cacheFor', a.cache_for, 'keepDays', a.keep_days, 'resultShape', a.result, 'suspended', a.state = 'suspended',
        'parameters', (SELECT coalesce(json_agg(json_build_object('name', p.name, 'type', CASE WHEN p.type_name = 'tstzrange' THEN 'interval' ELSE citybigdata.json_type(p.type_name) END,
                'required', p.required, 'default', p.default_value, 'title', p.title, 'titleZh', p.title_zh, 'description', p.description, 'descriptionZh', p.description_zh, 'unit', p.unit,
                'min', p.least, 'max', p.greatest, 'values', p.choices,
                'codeTable', CASE p.code_table WHEN 'divisions' THEN '/api/v1/divisions/{code}' ELSE '/api/v1/code-tables/' || p.code_table END) ORDER BY p.position), '[]')
            FROM citybigdata.algorithm_parameter p WHERE p.algorithm_code = a.algorithm_code),
        'columns', (SELECT json_agg(json_build_object('name', c.name, 'type', citybigdata.json_type(c.type_name), 'title', c.title, 'titleZh', c.title_zh, 'unit', c.unit) ORDER BY c.position)
            FROM citybigdata.algorithm_column c WHERE c.algorithm_code = a.algorithm_code),
        'sample', format('curl -H "Authorization: Bearer $TOKEN" "$CBD_URL/api/v1/analysis/%s%s"', a.algorithm_code,
            (SELECT '?' || string_agg(format('%s=%s', p.name, CASE WHEN p.choices IS NOT NULL THEN p.choices[1] ELSE coalesce(p.least, '…') END), '&' ORDER BY p.position)
             FROM citybigdata.algorithm_parameter p WHERE p.algorithm_code = a.algorithm_code AND p.required)))
    FROM citybigdata.algorithm a WHERE a.algorithm_code = $1 AND a.state <> 'withdrawn'
$$;
COMMENT ON FUNCTION citybigdata.algorithm_document(text) IS 'Everything that the manual says of an algorithm, for GET /resources/{code} and GET /analysis; null = there is none';

CREATE OR REPLACE FUNCTION citybigdata.algorithm_list(app_id integer, everything boolean, token bytea) RETURNS json
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT json_build_object('items', coalesce(json_agg(citybigdata.algorithm_document(a.algorithm_code) ORDER BY a.algorithm_code), '[]'))
    FROM citybigdata.algorithm a WHERE a.state = 'active' AND ($2 OR citybigdata.granted($1, $3, a.algorithm_code, a.level))
$$;
COMMENT ON FUNCTION citybigdata.algorithm_list(integer, boolean, bytea) IS 'The algorithms that an application, or its narrowed token, may run (everything: all), for GET /analysis';

-- Jobs: how one is claimed, run and cancelled is extension/analysis/job.h.
CREATE OR REPLACE FUNCTION citybigdata.claim_job(OUT job_no bigint, OUT claim integer)
    AS 'MODULE_PATHNAME', 'cbd_claim_job' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.claim_job() IS 'Claims the next job that waits, or whose runner is gone; null = there is none. Commit before run_job(); for run_jobs()';
CREATE OR REPLACE FUNCTION citybigdata.run_job(job_no bigint, claim integer) RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_run_job' LANGUAGE c VOLATILE STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.run_job(bigint, integer) IS 'Runs a job that this session has claimed, and returns its state then; lost: it is another''s by now. For run_jobs()';
CREATE OR REPLACE PROCEDURE citybigdata.run_jobs(jobs integer DEFAULT NULL) LANGUAGE plpgsql AS $$
DECLARE
    claimed record;
    n integer := 0;
BEGIN
    LOOP
        EXIT WHEN n OPERATOR(pg_catalog.>=) jobs;
        SELECT c.job_no, c.claim INTO claimed FROM citybigdata.claim_job() c;
        COMMIT;
        EXIT WHEN claimed.job_no IS NULL;
        PERFORM citybigdata.run_job(claimed.job_no, claimed.claim);
        COMMIT;
        n := n OPERATOR(pg_catalog.+) 1;
    END LOOP;
END
$$;
COMMENT ON PROCEDURE citybigdata.run_jobs(integer) IS
'Runs the jobs that wait, one after the other, at most so many (null: until none waits); each in a transaction of its own, so not within one. For platforms without the bridge, and beside it';
CREATE OR REPLACE FUNCTION citybigdata.job_progress(fraction double precision) RETURNS void
    AS 'MODULE_PATHNAME', 'cbd_job_progress' LANGUAGE c VOLATILE STRICT PARALLEL RESTRICTED;
COMMENT ON FUNCTION citybigdata.job_progress(double precision) IS
'Tells how much of a job is done, 0 to 1: for algorithms to call, seen at once in /jobs/{id}. Nothing where no job runs, or where track_activities is off';
CREATE OR REPLACE FUNCTION citybigdata.maintain_analysis() RETURNS bigint
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    removed bigint;
    gone bigint;
BEGIN
    UPDATE citybigdata.analysis_job j SET state = 'expired', result_id = NULL
    WHERE j.job_no = ANY (ARRAY(SELECT d.job_no FROM citybigdata.analysis_job d WHERE d.state = 'done' AND d.ended_at IS NOT NULL AND d.keep_until <= clock_timestamp() ORDER BY d.job_no LIMIT 10000 FOR UPDATE SKIP LOCKED));
    DELETE FROM citybigdata.analysis_result r
    WHERE r.result_id = ANY (ARRAY(SELECT d.result_id FROM citybigdata.analysis_result d WHERE d.keep_until <= clock_timestamp() ORDER BY d.keep_until LIMIT 10000));
    GET DIAGNOSTICS removed = ROW_COUNT;
    -- who asks for an old result is told that it was there, for a month
    DELETE FROM citybigdata.analysis_job j
    WHERE j.job_no = ANY (ARRAY(SELECT d.job_no FROM citybigdata.analysis_job d WHERE d.ended_at < clock_timestamp() - interval '30 days' AND d.state <> 'done'
                                AND coalesce(d.keep_until, d.ended_at) < clock_timestamp() - interval '30 days' ORDER BY d.ended_at LIMIT 10000 FOR UPDATE SKIP LOCKED));
    GET DIAGNOSTICS gone = ROW_COUNT;
    RETURN removed + gone;
END
$$;
COMMENT ON FUNCTION citybigdata.maintain_analysis() IS 'Removes results past their time, and jobs a month after; returns how many. Part of maintain()';

CREATE OR REPLACE FUNCTION citybigdata.rest_job_claim() RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_job_claim' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_job_claim() IS 'claim_job() as a reply frame, for the bridge: {jobNo, claim, waiting, running, failed}; jobNo null = none waits; failed: of the last day';
CREATE OR REPLACE FUNCTION citybigdata.rest_job_run(job_no bigint, claim integer) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_job_run' LANGUAGE c VOLATILE STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_job_run(bigint, integer) IS 'run_job() as a reply frame, for the bridge: {state}';

CREATE OR REPLACE FUNCTION citybigdata.rest_analysis(request_id text, client_addr inet, app_code text, scheme text, credential bytea) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_analysis' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_analysis(text, inet, text, text, bytea) IS 'GET /analysis: the algorithms that the caller may run, administrators see all';
CREATE OR REPLACE FUNCTION citybigdata.rest_analysis_run(request_id text, client_addr inet, app_code text, scheme text, credential bytea, algorithm text, names text[], vals text[]) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_analysis_run' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_analysis_run(text, inet, text, text, bytea, text, text[], text[]) IS
'GET, POST /analysis/{algorithm}: the document, or HTTP 202 with {jobId, state, progress} and the address of the job. Errors: 40407, 40300, 40302, 400xx with all errors of the parameters, 42276 result too '
'large, 42277 too slow, 42282 too much memory, 42903 too many jobs, 50304 the function fails';
CREATE OR REPLACE FUNCTION citybigdata.rest_job(request_id text, client_addr inet, app_code text, scheme text, credential bytea, job_id text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_job' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_job(text, inet, text, text, bytea, text) IS
'GET /jobs/{id}: state, progress, times, why it failed, and where its result is: {jobId, algorithm, state, progress, createdAt, startedAt, endedAt, keepUntil, error, resultUrl}; 40415 no such job of the caller';
CREATE OR REPLACE FUNCTION citybigdata.rest_job_result(request_id text, client_addr inet, app_code text, scheme text, credential bytea, job_id text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_job_result' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_job_result(text, inet, text, text, bytea, text) IS 'GET /jobs/{id}/result: the document; 40415, 40910 not done yet, 40912 failed, 40913 cancelled, 41010 no longer kept';
CREATE OR REPLACE FUNCTION citybigdata.rest_job_cancel(request_id text, client_addr inet, app_code text, scheme text, credential bytea, job_id text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_job_cancel' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_job_cancel(text, inet, text, text, bytea, text) IS 'POST /jobs/{id}/cancel: a job that waits is not begun, one that runs is stopped; 40415, 40911 it has ended';
