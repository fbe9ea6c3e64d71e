-- Cleaning and ingestion (chapter 4: data made by cleaning and fusion).
COMMENT ON TABLE citybigdata.dataset IS 'Datasets of the data layer: where records go and how they are cleaned on the way in';
COMMENT ON COLUMN citybigdata.dataset.dataset_code IS 'Code of the dataset';
COMMENT ON COLUMN citybigdata.dataset.owner_role IS 'Database role that owned the table when it was defined; rows are written as that role, and only while it owns the table';
COMMENT ON COLUMN citybigdata.dataset.schema_name IS 'Schema of the table';
COMMENT ON COLUMN citybigdata.dataset.relation_name IS 'Table that good rows go to';
COMMENT ON COLUMN citybigdata.dataset.title IS 'English title';
COMMENT ON COLUMN citybigdata.dataset.title_zh IS 'Chinese title';
COMMENT ON COLUMN citybigdata.dataset.layer IS 'theme 专项, industry 行业 or base 基础';
COMMENT ON COLUMN citybigdata.dataset.industry IS 'Industry: lighting, water, power ...';
COMMENT ON COLUMN citybigdata.dataset.source IS 'Source of base data: society 社会, government 政务, own 自有';
COMMENT ON COLUMN citybigdata.dataset.key_columns IS 'Key: a record whose key is there already changes it; null = always added';
COMMENT ON COLUMN citybigdata.dataset.rules IS 'Cleaning rules in order: [{"column", "rule", …arguments}]';
COMMENT ON COLUMN citybigdata.dataset.changed_at IS 'When it was last defined';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.dataset', '');

COMMENT ON TABLE citybigdata.ingest_batch IS 'Each call of ingest() with its counts';
COMMENT ON COLUMN citybigdata.ingest_batch.batch_id IS 'Number of the batch';
COMMENT ON COLUMN citybigdata.ingest_batch.dataset_code IS 'The dataset';
COMMENT ON COLUMN citybigdata.ingest_batch.accepted IS 'Records stored';
COMMENT ON COLUMN citybigdata.ingest_batch.rejected IS 'Records refused';
COMMENT ON COLUMN citybigdata.ingest_batch.ignored IS 'Members that no column of the table and no rule takes, with the number of records that have them';
COMMENT ON COLUMN citybigdata.ingest_batch.ingested_by IS 'Role that called';
COMMENT ON COLUMN citybigdata.ingest_batch.ingested_at IS 'When';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.ingest_batch', '');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.ingest_batch_batch_id_seq', '');

COMMENT ON TABLE citybigdata.ingest_reject IS 'Records refused by ingest(): one row for each error, with the record as it came; kept for citybigdata.reject_retention_days';
COMMENT ON COLUMN citybigdata.ingest_reject.reject_id IS 'Number of the row';
COMMENT ON COLUMN citybigdata.ingest_reject.batch_id IS 'The batch';
COMMENT ON COLUMN citybigdata.ingest_reject.row_no IS 'Place of the record in the batch, from 1';
COMMENT ON COLUMN citybigdata.ingest_reject.record IS 'The record as it came';
COMMENT ON COLUMN citybigdata.ingest_reject.column_name IS 'Column with the error; null = the whole record';
COMMENT ON COLUMN citybigdata.ingest_reject.rule IS 'Rule that it broke; insert = the table itself refused it';
COMMENT ON COLUMN citybigdata.ingest_reject.reason IS 'What is wrong, in the language of the call (citybigdata.language); what the table itself says in that of the server (lc_messages)';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.ingest_reject', '');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.ingest_reject_reject_id_seq', '');

COMMENT ON TABLE citybigdata.ingest_staging IS 'Records on their way in, for COPY; ingest_staged() takes those of the calling role';
COMMENT ON COLUMN citybigdata.ingest_staging.staged_id IS 'Order of arrival';
COMMENT ON COLUMN citybigdata.ingest_staging.dataset_code IS 'The dataset';
COMMENT ON COLUMN citybigdata.ingest_staging.record IS 'The record: a JSON object by column names';
COMMENT ON COLUMN citybigdata.ingest_staging.staged_by IS 'Role that put it here';
COMMENT ON COLUMN citybigdata.ingest_staging.staged_at IS 'When; maintain() removes what waits longer than citybigdata.staging_retention_days';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.ingest_staging', '');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.ingest_staging_staged_id_seq', '');

CREATE OR REPLACE FUNCTION citybigdata.clean_row(record jsonb, rules jsonb, OUT cleaned jsonb, OUT errors jsonb)
    AS 'MODULE_PATHNAME', 'cbd_clean_row' LANGUAGE c STABLE STRICT;
COMMENT ON FUNCTION citybigdata.clean_row(jsonb, jsonb) IS
'Applies cleaning rules to a record: required, default {value}, trim, halfWidth, upper, lower, phone, codeMap {map, others: keep}, codeTable {table}, division, '
'number {unit}, range {min, max}, time, point {x, y, crs, minX, minY, maxX, maxY} (column = where the point goes; the box in degrees that it must lie in). errors: [{column, rule, reason}], null when it is good';
CREATE OR REPLACE FUNCTION citybigdata.clean_text(text) RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_clean_text' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.clean_text(text) IS 'Full-width letters, digits and signs as ASCII, without blanks at both ends';
CREATE OR REPLACE FUNCTION citybigdata.clean_phone(text) RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_clean_phone' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.clean_phone(text) IS 'A phone number in one form: 13800138000, 010-62345678, 010-62345678-801, 400-810-1234, 12345; null when it is none';
CREATE OR REPLACE FUNCTION citybigdata.text_similarity(text, text) RETURNS double precision
    AS 'MODULE_PATHNAME', 'cbd_text_similarity' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.text_similarity(text, text) IS 'How alike two texts are, 0 to 1: Dice coefficient of their pairs of characters';

CREATE OR REPLACE FUNCTION citybigdata.define_dataset(code text, relation text, options jsonb DEFAULT '{}') RETURNS void
    AS 'MODULE_PATHNAME', 'cbd_define_dataset' LANGUAGE c VOLATILE STRICT;
COMMENT ON FUNCTION citybigdata.define_dataset(text, text, jsonb) IS
'Defines, or defines anew, where the records of a dataset go and how they are cleaned; for the owner of the table or a member of that role. Options: title, titleZh, layer, industry, source (society, government, own), '
'key [columns], rules [{"column": "phone", "rule": "phone"}, …] as clean_row() has them';
CREATE OR REPLACE FUNCTION citybigdata.ingest(dataset text, rows jsonb, OUT batch_id bigint, OUT accepted bigint, OUT rejected bigint)
    AS 'MODULE_PATHNAME', 'cbd_ingest' LANGUAGE c VOLATILE STRICT;
COMMENT ON FUNCTION citybigdata.ingest(text, jsonb) IS
'Cleans the records of a JSON array and stores the good ones as the owner of the table; the others go to ingest_reject with rule and reason. A record whose key is there already changes it: columns that it does not have stay. One call at a time for a dataset with a key';
CREATE OR REPLACE FUNCTION citybigdata.ingest_staged(dataset text, OUT batch_id bigint, OUT accepted bigint, OUT rejected bigint)
    AS 'MODULE_PATHNAME', 'cbd_ingest_staged' LANGUAGE c VOLATILE STRICT;
COMMENT ON FUNCTION citybigdata.ingest_staged(text) IS 'ingest() of the records that the calling role has copied into ingest_staging; batch_id is that of the last ten thousand';

-- Arguments of cleaning rules: a misspelt one must not be ignored, a rule without those it needs do nothing.
CREATE OR REPLACE FUNCTION citybigdata.check_rules(rules jsonb) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    item record;
    wrong record;
BEGIN
    FOR item IN SELECT r.rule, r.rule ->> 'rule' AS name, format('rules[%s]', r.n - 1) AS shown FROM jsonb_array_elements(rules) WITH ORDINALITY r (rule, n) LOOP
        WITH known AS (
            SELECT * FROM (VALUES ('default', 'value', 'scalar', '', true, '0'), ('codeMap', 'map', 'object', '', true, '{"钠灯": "HPS"}'), ('codeMap', 'others', 'choice', 'keep', false, '"keep"'),
                ('codeTable', 'table', 'text', '1 200', true, '"lamp-type"'), ('number', 'unit', 'unit', '', false, '"米"'), ('range', 'min', 'number', '', false, '1'), ('range', 'max', 'number', '', false, '2000'),
                ('point', 'x', 'text', '1 63', true, '"lng"'), ('point', 'y', 'text', '1 63', true, '"lat"'), ('point', 'crs', 'crs', '', false, '"GCJ02"'),
                ('point', 'minX', 'number', '', false, '115.4'), ('point', 'minY', 'number', '', false, '39.4'), ('point', 'maxX', 'number', '', false, '117.6'), ('point', 'maxY', 'number', '', false, '41.1'))
                AS k (rule, name, kind, valid, needed, example) WHERE k.rule = item.name)
        SELECT f.name, f.fault, f.example, f.alien INTO wrong FROM (
            SELECT k.name, k.example, false AS alien, CASE WHEN NOT item.rule ? k.name OR item.rule -> k.name = 'null' THEN CASE WHEN k.needed THEN citybigdata.say('is missing') END
                WHEN k.kind = 'number' AND jsonb_typeof(item.rule -> k.name) <> 'number' THEN citybigdata.say('must be a number')
                WHEN k.kind = 'crs' AND coalesce(item.rule ->> k.name, '') !~ '^(WGS84|GCJ02|BD09|EPSG:[1-9][0-9]{0,5})$' THEN citybigdata.say('must be WGS84, GCJ02, BD09 or EPSG:n')
                WHEN k.kind = 'unit' THEN CASE WHEN citybigdata.option_error('text', '1 20', item.rule -> k.name) IS NOT NULL AND citybigdata.option_error('texts', '1 10', item.rule -> k.name) IS NOT NULL
                    THEN citybigdata.say('must be a text, or an array of at most 10 texts') END
                WHEN k.kind = 'object' AND jsonb_typeof(item.rule -> k.name) <> 'object' THEN citybigdata.say('must be an object of texts')
                WHEN k.kind NOT IN ('number', 'crs', 'object') THEN citybigdata.option_error(k.kind, k.valid, item.rule -> k.name) END AS fault FROM known k
            UNION ALL
            SELECT o, '"' || coalesce((SELECT string_agg(k.name, ', ' ORDER BY k.name COLLATE "C") FROM known k), citybigdata.say('no other')) || '"', true, citybigdata.say('is none of the rule') FROM jsonb_object_keys(item.rule) o
            WHERE o NOT IN ('column', 'rule') AND o NOT IN (SELECT k.name FROM known k)) f
        WHERE f.fault IS NOT NULL ORDER BY f.name COLLATE "C" LIMIT 1;
        IF FOUND THEN
            RAISE EXCEPTION USING MESSAGE = citybigdata.say('argument "{name}" of rule {rule} in {shown} {fault}', 'name', wrong.name, 'rule', item.name, 'shown', item.shown, 'fault', wrong.fault), ERRCODE = 'invalid_parameter_value',
                HINT = CASE WHEN wrong.alien THEN citybigdata.say('Its arguments: {example}.', 'example', btrim(wrong.example, '"')) ELSE citybigdata.say('For example {"{name}": {example}}.', 'name', wrong.name, 'example', wrong.example) END;
        END IF;
    END LOOP;
END
$$;
COMMENT ON FUNCTION citybigdata.check_rules(jsonb) IS 'Refuses cleaning rules with arguments that are missing, malformed or unknown; for define_dataset_as()';

-- Options of a dataset, refused with the reason.
CREATE OR REPLACE FUNCTION citybigdata.check_dataset_options(options jsonb) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    wrong record;
BEGIN
    PERFORM citybigdata.check_option_names(options, ARRAY['title', 'titleZh', 'layer', 'industry', 'source', 'key', 'rules'], 'options');
    SELECT o.name, f.fault, options -> o.name AS seen, o.example INTO wrong
    FROM (VALUES ('title', 'text', '0 200', '"Street lights"'), ('titleZh', 'text', '0 200', '"路灯"'), ('layer', 'choice', 'theme industry base', '"industry"'),
          ('industry', 'choice', (SELECT string_agg(c.code, ' ' ORDER BY c.sort, c.code) FROM citybigdata.code_table_row c WHERE c.table_name = 'industry'), '"lighting"'),
          ('source', 'choice', 'society government own', '"own"'), ('key', 'texts', '1 8', '["light_id"]'),
          ('rules', 'objects', '', '[{"column": "phone", "rule": "phone"}]')) AS o (name, kind, valid, example)
    CROSS JOIN LATERAL citybigdata.option_error(o.kind, o.valid, options -> o.name) f (fault)
    WHERE options ? o.name AND f.fault IS NOT NULL LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION USING MESSAGE = citybigdata.say('option "{name}" {fault}', 'name', wrong.name, 'fault', wrong.fault), ERRCODE = 'invalid_parameter_value',
            DETAIL = citybigdata.say('It is {seen}.', 'seen', left(wrong.seen::text, 100)), HINT = citybigdata.say('For example {"{name}": {example}}.', 'name', wrong.name, 'example', wrong.example);
    END IF;
END
$$;
COMMENT ON FUNCTION citybigdata.check_dataset_options(jsonb) IS 'Refuses unknown and malformed options of define_dataset()';

CREATE OR REPLACE FUNCTION citybigdata.define_dataset_as(owner_role text, is_administrator boolean, code text, relation oid, options jsonb) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    holder text := (SELECT d.owner_role FROM citybigdata.dataset d WHERE d.dataset_code = code);
    rules jsonb := coalesce(nullif(options -> 'rules', 'null'), '[]');
    layer text := coalesce(options ->> 'layer', CASE WHEN options ->> 'industry' IS NOT NULL THEN 'industry' ELSE 'base' END);
    kind "char" := (SELECT c.relkind FROM pg_class c WHERE c.oid = relation);
    key text[];
    missing text;
BEGIN
    PERFORM citybigdata.check_dataset_options(options);
    IF code !~ '^[a-z][a-z0-9-]{0,63}$' THEN
        RAISE EXCEPTION USING MESSAGE = citybigdata.say('invalid dataset code "{code}"', 'code', code), ERRCODE = 'invalid_name', HINT = citybigdata.say('Small letters, digits and hyphens: street-lights.');
    ELSIF holder <> owner_role AND NOT is_administrator THEN
        RAISE EXCEPTION USING MESSAGE = citybigdata.say('dataset "{code}" was defined by {holder}', 'code', code, 'holder', holder), ERRCODE = 'insufficient_privilege', HINT = citybigdata.say('Choose another code.');
    END IF;
    IF NOT has_function_privilege(owner_role, 'citybigdata.ingest_insert(text, text, text[], jsonb[])', 'EXECUTE') THEN
        RAISE EXCEPTION USING MESSAGE = citybigdata.say('role {ownerRole}, which owns the table, may not store records', 'ownerRole', owner_role), ERRCODE = 'insufficient_privilege', HINT = format('GRANT citybigdata_analyst TO %I;', owner_role);
    ELSIF layer = 'industry' AND options ->> 'industry' IS NULL THEN
        RAISE EXCEPTION USING MESSAGE = citybigdata.say('layer industry needs an industry'), ERRCODE = 'invalid_parameter_value', HINT = '{"industry": "lighting"}; SELECT code, name FROM citybigdata.code_table_row WHERE table_name = ''industry'';';
    END IF;
    PERFORM citybigdata.clean_row('{}', rules); -- refuses what is no rule
    PERFORM citybigdata.check_rules(rules);
    SELECT r.rule ->> 'column' INTO missing FROM jsonb_array_elements(rules) WITH ORDINALITY r (rule, n)
    WHERE r.rule ->> 'rule' = 'point' AND NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = relation AND a.attname = r.rule ->> 'column' AND a.attnum > 0 AND NOT a.attisdropped) ORDER BY n LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION USING MESSAGE = citybigdata.say('rule point puts the place into column "{missing}", which does not exist', 'missing', missing), ERRCODE = 'undefined_column', HINT = '{"column": "geom", "rule": "point", "x": "lng", "y": "lat"}';
    END IF;
    key := coalesce((SELECT array_agg(k ORDER BY n) FROM jsonb_array_elements_text(nullif(options -> 'key', 'null')) WITH ORDINALITY t (k, n)), citybigdata.derived_key(relation, kind));
    SELECT k INTO missing FROM unnest(key) k WHERE NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = relation AND a.attname = k AND NOT a.attisdropped);
    IF FOUND THEN
        RAISE EXCEPTION USING MESSAGE = citybigdata.say('key column "{missing}" does not exist', 'missing', missing), ERRCODE = 'undefined_column', HINT = '{"key": ["light_id"]}';
    ELSIF kind <> 'f' AND key IS NOT NULL AND NOT EXISTS (
        SELECT FROM pg_index i WHERE i.indrelid = relation AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL AND i.indnkeyatts = cardinality(key)
          AND NOT EXISTS (SELECT FROM unnest(i.indkey::smallint[]) WITH ORDINALITY k (attnum, place) JOIN pg_attribute a ON a.attrelid = relation AND a.attnum = k.attnum
                          WHERE k.place <= i.indnkeyatts AND a.attname <> ALL (key))) THEN
        RAISE EXCEPTION USING MESSAGE = citybigdata.say('key ({key}) has no unique index', 'key', array_to_string(key, ', ')), ERRCODE = 'invalid_table_definition',
            HINT = format('CREATE UNIQUE INDEX ON %s (%s);', relation::regclass, (SELECT string_agg(quote_ident(k), ', ') FROM unnest(key) k));
    END IF;
    INSERT INTO citybigdata.dataset AS d (dataset_code, owner_role, schema_name, relation_name, title, title_zh, layer, industry, source, key_columns, rules)
    SELECT define_dataset_as.code, define_dataset_as.owner_role, n.nspname, c.relname, coalesce(options ->> 'title', code), coalesce(options ->> 'titleZh', options ->> 'title', code),
           layer, options ->> 'industry', coalesce(options ->> 'source', CASE WHEN layer = 'base' THEN 'own' END), key, rules
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = relation
    ON CONFLICT ON CONSTRAINT dataset_pkey DO UPDATE SET owner_role = excluded.owner_role, schema_name = excluded.schema_name, relation_name = excluded.relation_name,
        title = excluded.title, title_zh = excluded.title_zh, layer = excluded.layer, industry = excluded.industry, source = excluded.source,
        key_columns = excluded.key_columns, rules = excluded.rules, changed_at = now();
    PERFORM citybigdata.bind_object('dataset', code, 0, relation);
END
$$;
COMMENT ON FUNCTION citybigdata.define_dataset_as(text, boolean, text, oid, jsonb) IS 'The work of define_dataset(), after it has found out who calls';

-- A byte order mark glued to the name of the first member, as of a CSV file that begins with one: the value would be lost.
CREATE OR REPLACE FUNCTION citybigdata.ingest_mark_error(record jsonb, errors jsonb) RETURNS jsonb
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN m.name IS NULL THEN errors ELSE coalesce(errors, '[]') || jsonb_build_object('column', substr(m.name, 2), 'rule', 'name',
                'reason', citybigdata.say('the name of member "{member}" begins with a byte order mark (U+FEFF)', 'member', substr(m.name, 2))) END
    FROM (SELECT min(k) AS name FROM jsonb_object_keys(CASE WHEN jsonb_typeof(record) = 'object' THEN record ELSE '{}' END) k WHERE starts_with(k, U&'\FEFF')) m
$$;
COMMENT ON FUNCTION citybigdata.ingest_mark_error(jsonb, jsonb) IS 'The errors of a record, with that of a member whose name begins with a byte order mark; for ingest_clean()';

-- Columns that a member of a record may go to. Of generated ones and identities GENERATED ALWAYS only a key's: its values are the records'.
CREATE OR REPLACE FUNCTION citybigdata.ingest_columns(relation oid, key text[]) RETURNS text[]
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(array_agg(a.attname::text ORDER BY a.attnum), '{}') FROM pg_attribute a
    WHERE a.attrelid = $1 AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' AND (a.attidentity <> 'a' OR coalesce(a.attname = ANY ($2), false))
$$;
COMMENT ON FUNCTION citybigdata.ingest_columns(oid, text[]) IS 'Columns of a table that ingested records fill';

-- Members that nothing takes, and how many records have them: a misspelt name must not lose a column in silence.
CREATE OR REPLACE FUNCTION citybigdata.ingest_ignored(dataset text, rows jsonb[]) RETURNS jsonb
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    WITH taken AS MATERIALIZED (
        SELECT citybigdata.ingest_columns((SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = d.schema_name AND c.relname = d.relation_name), d.key_columns)
               || ARRAY(SELECT m.value FROM jsonb_array_elements(d.rules) r, jsonb_each_text(r) m WHERE m.key IN ('column', 'x', 'y')) AS names
        FROM citybigdata.dataset d WHERE d.dataset_code = $1)
    SELECT coalesce(jsonb_object_agg(i.name, i.records), '{}')
    FROM (SELECT k.name, count(*) AS records FROM unnest($2) r CROSS JOIN LATERAL jsonb_object_keys(CASE WHEN jsonb_typeof(r) = 'object' THEN r ELSE '{}' END) k (name), taken t
          WHERE k.name <> ALL (t.names) GROUP BY k.name ORDER BY count(*) DESC, k.name COLLATE "C" LIMIT 100) i
$$;
COMMENT ON FUNCTION citybigdata.ingest_ignored(text, jsonb[]) IS 'Members of records that no column and no rule of the dataset takes, at most 100, with the number of records; for ingest_clean()';

-- First step, as the owner: the batch, its cleaned records with their places, the errors of the others.
CREATE OR REPLACE FUNCTION citybigdata.ingest_clean(dataset text, rows jsonb[], role text, OUT batch_id bigint, OUT places integer[], OUT records jsonb[])
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    rules jsonb := (SELECT d.rules FROM citybigdata.dataset d WHERE d.dataset_code = dataset);
    ignored jsonb := citybigdata.ingest_ignored(dataset, rows);
    marked boolean := EXISTS (SELECT FROM jsonb_object_keys(ignored) k WHERE starts_with(k, U&'\FEFF'));
BEGIN
    INSERT INTO citybigdata.ingest_batch AS b (dataset_code, ignored, ingested_by) VALUES (dataset, ignored, role) RETURNING b.batch_id INTO batch_id;
    IF ignored <> '{}' THEN
        RAISE WARNING USING MESSAGE = citybigdata.say('members that no column and no rule of dataset "{dataset}" takes are left out: {names}', 'dataset', dataset, 'names', (SELECT string_agg(citybigdata.say('{name} ({count} records)', 'name', k.key, 'count', k.value), citybigdata.say(', ') ORDER BY k.key COLLATE "C") FROM jsonb_each_text(ignored) k)),
            HINT = citybigdata.say('Names are compared as they are written; ingest_batch.ignored keeps the counts.');
    END IF;
    -- the composite once for each row: a function in FROM would keep its row in a tuple store of its own
    WITH made AS MATERIALIZED (
        SELECT r.place::integer AS n, citybigdata.clean_row(r.record, rules) AS c FROM unnest(rows) WITH ORDINALITY AS r (record, place)),
    cleaned AS (SELECT m.n, (m.c).cleaned, CASE WHEN marked THEN citybigdata.ingest_mark_error(rows[m.n], (m.c).errors) ELSE (m.c).errors END AS errors FROM made m),
    refused AS (
        INSERT INTO citybigdata.ingest_reject (batch_id, row_no, record, column_name, rule, reason)
        SELECT ingest_clean.batch_id, c.n, rows[c.n], f.fault ->> 'column', f.fault ->> 'rule', f.fault ->> 'reason'
        FROM cleaned c CROSS JOIN LATERAL jsonb_array_elements(c.errors) AS f (fault) WHERE c.errors IS NOT NULL ORDER BY c.n)
    SELECT array_agg(c.n ORDER BY c.n), array_agg(c.cleaned ORDER BY c.n) INTO places, records FROM cleaned c WHERE c.errors IS NULL;
END
$$;
COMMENT ON FUNCTION citybigdata.ingest_clean(text, jsonb[], text) IS 'First step of ingest(), as the owner: cleans, records the errors';

-- The INSERT of records ($1) that have these columns. Of two with one key the later one stays, which `once` sees to within a statement.
CREATE OR REPLACE FUNCTION citybigdata.ingest_command(target text, key text[], names text[], once boolean) RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT format('INSERT INTO %1$s (%2$s) OVERRIDING SYSTEM VALUE SELECT %3$s %4$s FROM (SELECT jsonb_populate_record(NULL::%1$s, u.record) AS p, u.n
        FROM unnest($1) WITH ORDINALITY u (record, n) OFFSET 0) q %5$s %6$s', target, l.names,
        CASE WHEN k.keys IS NOT NULL AND once THEN format('DISTINCT ON (%s)', k.keys) END, l.parts,
        CASE WHEN k.keys IS NOT NULL AND once THEN format('ORDER BY %s, q.n DESC', k.keys) END,
        CASE WHEN k.keys IS NOT NULL THEN format('ON CONFLICT (%s) DO %s', k.bare, coalesce('UPDATE SET ' || l.others, 'NOTHING')) END)
    FROM (SELECT string_agg(quote_ident(n), ', ' ORDER BY i) AS names, string_agg(format('(q.p).%I', n), ', ' ORDER BY i) AS parts,
                 string_agg(format('%I = excluded.%1$I', n), ', ' ORDER BY i) FILTER (WHERE n <> ALL (key)) AS others FROM unnest(names) WITH ORDINALITY u (n, i)) l,
         (SELECT string_agg(format('(q.p).%I', c), ', ' ORDER BY place) AS keys, string_agg(quote_ident(c), ', ' ORDER BY place) AS bare
          FROM unnest(key) WITH ORDINALITY AS k (c, place) WHERE key <@ names) k
$$;
COMMENT ON FUNCTION citybigdata.ingest_command(text, text[], text[], boolean) IS 'The command that stores records; for ingest_insert()';

-- Records that have the same columns, halved as long as one of them is refused: a fault costs a few statements, not one for each record.
CREATE OR REPLACE FUNCTION citybigdata.ingest_group(target text, key text[], names text[], records jsonb[], OUT errors integer[], OUT reasons text[])
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    command text := citybigdata.ingest_command(target, key, names, false);
    waiting integer[] := ARRAY[1, cardinality(records)]; -- first and last of each part, the next one first
    low integer;
    high integer;
    state text;
BEGIN
    errors := '{}';
    reasons := '{}';
    WHILE cardinality(waiting) > 0 LOOP
        low := waiting[1];
        high := waiting[2];
        waiting := waiting[3:];
        BEGIN
            EXECUTE command USING records[low:high];
        EXCEPTION
            WHEN cardinality_violation THEN -- a key twice
                command := citybigdata.ingest_command(target, key, names, true);
                waiting := low || (high || waiting);
            -- what a column's type, a constraint, a trigger or PostGIS says against a value
            WHEN data_exception OR integrity_constraint_violation OR plpgsql_error OR program_limit_exceeded OR internal_error OR insufficient_privilege THEN
                GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE;
                -- a row that a policy refuses is that row's error; a right that is missing (class 42) is everybody's
                IF state LIKE '42%' AND NOT (SELECT c.relrowsecurity FROM pg_class c WHERE c.oid = target::regclass) THEN
                    RAISE;
                ELSIF low = high THEN
                    errors := errors || low;
                    reasons := reasons || SQLERRM;
                ELSE
                    waiting := ARRAY[low, (low + high) / 2, (low + high) / 2 + 1, high] || waiting;
                END IF;
        END;
    END LOOP;
END
$$;
COMMENT ON FUNCTION citybigdata.ingest_group(text, text[], text[], jsonb[]) IS 'Stores records of the same columns and tells which the table refuses; for ingest_insert()';

-- The turn of each record: the second one of a key after all first ones. Keys are compared as the table compares them: 1, "01" and "1.0"
-- are one number. Where a key cannot be read as its type, records of other columns wait for those before them.
CREATE OR REPLACE FUNCTION citybigdata.ingest_turns(target text, key text[], used text[], records jsonb[]) RETURNS bigint[]
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    turns bigint[];
BEGIN
    IF key IS NULL THEN
        RETURN array_fill(1::bigint, ARRAY[cardinality(records)]);
    END IF;
    EXECUTE format('SELECT array_agg(t.turn ORDER BY t.n) FROM (SELECT q.n, row_number() OVER (PARTITION BY %s ORDER BY q.n) AS turn
        FROM (SELECT u.n, jsonb_populate_record(NULL::%s, (SELECT jsonb_object_agg(k, u.record -> k) FROM unnest($2) k)) AS p
              FROM unnest($1) WITH ORDINALITY u (record, n) OFFSET 0) q) t',
        (SELECT string_agg(format('(q.p).%I', k), ', ' ORDER BY n) FROM unnest(key) WITH ORDINALITY c (k, n)), target) INTO turns USING records, key;
    RETURN turns;
EXCEPTION
    WHEN data_exception OR integrity_constraint_violation OR plpgsql_error OR program_limit_exceeded OR internal_error OR syntax_error_or_access_rule_violation THEN
        RETURN (SELECT array_agg(s.run ORDER BY s.n) FROM (
                    SELECT c.n, count(*) FILTER (WHERE c.changed) OVER (ORDER BY c.n) AS run FROM (
                        SELECT m.n, m.names IS DISTINCT FROM lag(m.names) OVER (ORDER BY m.n) AS changed FROM (
                            SELECT u.n, ARRAY(SELECT c FROM unnest(used) WITH ORDINALITY AS k (c, i) WHERE u.record ? c ORDER BY i) AS names
                            FROM unnest(records) WITH ORDINALITY u (record, n)) m) c) s);
END
$$;
COMMENT ON FUNCTION citybigdata.ingest_turns(text, text[], text[], jsonb[]) IS 'In which turn each record is stored, so that of two with one key the later one stays; for ingest_insert()';

-- Second step, as the owner of the table. A column that a record does not have keeps its value, or gets its default.
CREATE OR REPLACE FUNCTION citybigdata.ingest_insert(schema_name text, relation_name text, key text[], records jsonb[], OUT errors integer[], OUT reasons text[])
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    target text := format('%I.%I', schema_name, relation_name);
    columns text[] := citybigdata.ingest_columns(target::regclass, key);
    used text[] := ARRAY(SELECT c FROM unnest(columns) WITH ORDINALITY AS k (c, n) WHERE EXISTS (SELECT FROM unnest(records) r WHERE r ? c) ORDER BY n);
    turns bigint[];
    part record;
    told record;
BEGIN
    errors := '{}';
    reasons := '{}';
    IF NOT EXISTS (SELECT FROM unnest(records) r WHERE NOT r ?& used) AND cardinality(used) > 0 THEN
        SELECT * INTO errors, reasons FROM citybigdata.ingest_group(target, key, used, records);
        RETURN;
    END IF;
    -- records of one key one after the other, as they came
    turns := citybigdata.ingest_turns(target, key, used, records);
    FOR part IN
        SELECT s.names, array_agg(s.n::integer ORDER BY s.n) AS places, array_agg(s.record ORDER BY s.n) AS records
        FROM (SELECT u.n, u.record, ARRAY(SELECT c FROM unnest(used) WITH ORDINALITY AS k (c, i) WHERE u.record ? c ORDER BY i) AS names,
                     turns[u.n] AS turn
              FROM unnest(ingest_insert.records) WITH ORDINALITY u (record, n)) s
        GROUP BY s.turn, s.names ORDER BY s.turn, min(s.n)
    LOOP
        IF cardinality(part.names) = 0 THEN
            errors := errors || part.places;
            reasons := reasons || array_fill(citybigdata.say('no member is a column of the table'), ARRAY[cardinality(part.places)]);
        ELSE
            SELECT * INTO told FROM citybigdata.ingest_group(target, key, part.names, part.records);
            errors := errors || ARRAY(SELECT part.places[f] FROM unnest(told.errors) WITH ORDINALITY AS t (f, n) ORDER BY n);
            reasons := reasons || told.reasons;
        END IF;
    END LOOP;
END
$$;
COMMENT ON FUNCTION citybigdata.ingest_insert(text, text, text[], jsonb[]) IS 'Second step of ingest(), as the dataset''s role: stores the cleaned records, tells the places of those that the table refuses';

-- Third step, as the owner again.
CREATE OR REPLACE FUNCTION citybigdata.ingest_finish(batch bigint, rows jsonb[], places integer[], errors integer[], reasons text[], OUT accepted bigint, OUT rejected bigint)
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO citybigdata.ingest_reject (batch_id, row_no, record, rule, reason)
    SELECT batch, places[f.place], rows[places[f.place]], 'insert', f.reason FROM unnest(errors, reasons) AS f (place, reason) ORDER BY 2;
    accepted := coalesce(cardinality(places), 0) - coalesce(cardinality(errors), 0);
    rejected := cardinality(rows) - accepted;
    UPDATE citybigdata.ingest_batch b SET accepted = ingest_finish.accepted, rejected = ingest_finish.rejected WHERE b.batch_id = batch;
END
$$;
COMMENT ON FUNCTION citybigdata.ingest_finish(bigint, jsonb[], integer[], integer[], text[]) IS 'Third step of ingest(), as the owner: keeps what the table refused, and the counts';

-- What was refused or left waiting may hold personal data: it goes in portions, oldest first. What a running ingest_staged() has locked stays.
CREATE OR REPLACE FUNCTION citybigdata.expire_ingested(portion integer DEFAULT 10000) RETURNS bigint
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH kept AS (SELECT current_setting('citybigdata.reject_retention_days')::integer AS rejects, current_setting('citybigdata.staging_retention_days')::integer AS staged),
    last AS MATERIALIZED (
        SELECT b.batch_id FROM citybigdata.ingest_batch b, kept k
        WHERE k.rejects > 0 AND b.ingested_at < now() - make_interval(days => k.rejects) ORDER BY b.ingested_at DESC LIMIT 1),
    old AS (SELECT r.reject_id FROM citybigdata.ingest_reject r WHERE r.batch_id <= (SELECT l.batch_id FROM last l)
            ORDER BY r.batch_id, r.row_no LIMIT portion FOR UPDATE SKIP LOCKED),
    refused AS (DELETE FROM citybigdata.ingest_reject r USING old WHERE r.reject_id = old.reject_id RETURNING 1),
    first AS (SELECT s.staged_id, s.staged_at FROM citybigdata.ingest_staging s ORDER BY s.staged_id LIMIT portion FOR UPDATE SKIP LOCKED),
    left_over AS (
        DELETE FROM citybigdata.ingest_staging s USING first f, kept k
        WHERE s.staged_id = f.staged_id AND k.staged > 0 AND f.staged_at < now() - make_interval(days => k.staged) RETURNING 1)
    SELECT (SELECT count(*) FROM refused) + (SELECT count(*) FROM left_over)
$$;
COMMENT ON FUNCTION citybigdata.expire_ingested(integer) IS
'Removes refused records older than citybigdata.reject_retention_days and staged ones older than citybigdata.staging_retention_days, so many of each at most; the counts of '
'ingest_batch stay. Returns how many; part of maintain()';
