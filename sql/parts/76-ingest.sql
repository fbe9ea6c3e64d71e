-- Cleaning, ingestion, fusion (chapter 4: data made by cleaning and fusion).

CREATE FUNCTION citybigdata.clean_row(record jsonb, rules jsonb, OUT cleaned jsonb, OUT faults jsonb)
    AS 'MODULE_PATHNAME', 'cbd_clean_row' LANGUAGE c STABLE STRICT;
COMMENT ON FUNCTION citybigdata.clean_row(jsonb, jsonb) IS
'Applies cleaning rules to a record: required, default {value}, trim, halfWidth, upper, lower, phone, codeMap {map, others: keep}, codeTable {table}, division, '
'range {min, max}, time, point {x, y, crs} (column = where the point goes). faults: [{column, rule, reason}], null when it is good';
CREATE FUNCTION citybigdata.clean_text(text) RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_clean_text' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.clean_text(text) IS 'Full-width letters, digits and signs as ASCII, without blanks at both ends';
CREATE FUNCTION citybigdata.clean_phone(text) RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_clean_phone' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.clean_phone(text) IS 'A phone number in one form: 13800138000, 010-62345678, 010-62345678-801; null when it is none';
CREATE FUNCTION citybigdata.text_similarity(text, text) RETURNS double precision
    AS 'MODULE_PATHNAME', 'cbd_text_similarity' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.text_similarity(text, text) IS 'How alike two texts are, 0 to 1: Dice coefficient of their pairs of characters';

CREATE FUNCTION citybigdata.define_dataset(code text, relation text, options jsonb DEFAULT '{}') RETURNS void
    AS 'MODULE_PATHNAME', 'cbd_define_dataset' LANGUAGE c VOLATILE STRICT;
COMMENT ON FUNCTION citybigdata.define_dataset(text, text, jsonb) IS
'Defines, or defines anew, where the records of a dataset go and how they are cleaned. Options: title, titleZh, layer, industry, source (society, government, own), '
'key [columns], rules [{"column": "phone", "rule": "phone"}, …] as clean_row() has them';
CREATE FUNCTION citybigdata.ingest(dataset text, rows jsonb, OUT batch_id bigint, OUT accepted bigint, OUT rejected bigint)
    AS 'MODULE_PATHNAME', 'cbd_ingest' LANGUAGE c VOLATILE STRICT;
COMMENT ON FUNCTION citybigdata.ingest(text, jsonb) IS
'Cleans the records of a JSON array and stores the good ones as the role that defined the dataset; the others go to ingest_reject with rule and reason';
CREATE FUNCTION citybigdata.ingest_staged(dataset text, OUT batch_id bigint, OUT accepted bigint, OUT rejected bigint)
    AS 'MODULE_PATHNAME', 'cbd_ingest_staged' LANGUAGE c VOLATILE STRICT;
COMMENT ON FUNCTION citybigdata.ingest_staged(text) IS 'The same for the records that the calling role has copied into ingest_staging; batch_id is that of the last ten thousand';

CREATE FUNCTION citybigdata.define_dataset_as(owner_role text, is_administrator boolean, code text, relation oid, options jsonb) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    holder text := (SELECT d.owner_role FROM citybigdata.dataset d WHERE d.dataset_code = code);
    rules jsonb := coalesce(options -> 'rules', '[]');
    key text[] := coalesce((SELECT array_agg(k) FROM jsonb_array_elements_text(options -> 'key') k), citybigdata.derived_key(relation, 'r'));
    missing text;
BEGIN
    PERFORM citybigdata.check_option_names(options, ARRAY['title', 'titleZh', 'layer', 'industry', 'source', 'key', 'rules'], 'options');
    IF code !~ '^[a-z][a-z0-9-]{0,63}$' THEN
        RAISE EXCEPTION 'invalid dataset code "%"', code USING ERRCODE = 'invalid_name', HINT = 'Small letters, digits and hyphens: street-lights.';
    ELSIF holder <> owner_role AND NOT is_administrator THEN
        RAISE EXCEPTION 'dataset "%" was defined by %', code, holder USING ERRCODE = 'insufficient_privilege', HINT = 'Choose another code.';
    END IF;
    PERFORM citybigdata.clean_row('{}', rules); -- refuses malformed rules
    SELECT k INTO missing FROM unnest(key) k WHERE NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = relation AND a.attname = k AND NOT a.attisdropped);
    IF FOUND THEN
        RAISE EXCEPTION 'key column "%" does not exist', missing USING ERRCODE = 'undefined_column', HINT = '{"key": ["light_id"]}';
    END IF;
    INSERT INTO citybigdata.dataset AS d (dataset_code, owner_role, schema_name, relation_name, title, title_zh, layer, industry, source, key_columns, rules)
    SELECT code, define_dataset_as.owner_role, n.nspname, c.relname, coalesce(options ->> 'title', code), coalesce(options ->> 'titleZh', options ->> 'title', code),
           coalesce(options ->> 'layer', 'base'), options ->> 'industry', options ->> 'source', key, rules
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = relation
    ON CONFLICT ON CONSTRAINT dataset_pkey DO UPDATE SET owner_role = excluded.owner_role, schema_name = excluded.schema_name, relation_name = excluded.relation_name,
        title = excluded.title, title_zh = excluded.title_zh, layer = excluded.layer, industry = excluded.industry, source = excluded.source,
        key_columns = excluded.key_columns, rules = excluded.rules, changed_at = now();
END
$$;
COMMENT ON FUNCTION citybigdata.define_dataset_as(text, boolean, text, oid, jsonb) IS 'The work of define_dataset(), after it has found out who calls';

-- First step, as the owner: the batch, its cleaned records with their places, the faults of the others.
CREATE FUNCTION citybigdata.ingest_clean(dataset text, rows jsonb, role text, OUT batch_id bigint, OUT good jsonb)
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    rules jsonb := (SELECT d.rules FROM citybigdata.dataset d WHERE d.dataset_code = dataset);
BEGIN
    IF jsonb_typeof(rows) <> 'array' THEN
        RAISE EXCEPTION 'rows must be a JSON array of objects' USING ERRCODE = 'invalid_parameter_value', HINT = '[{"light_id": 1}, {"light_id": 2}]';
    END IF;
    INSERT INTO citybigdata.ingest_batch AS b (dataset_code, ingested_by) VALUES (dataset, role) RETURNING b.batch_id INTO batch_id;
    WITH cleaned AS MATERIALIZED (
        SELECT r.place::integer AS n, r.record, c.cleaned, c.faults
        FROM jsonb_array_elements(rows) WITH ORDINALITY AS r (record, place) CROSS JOIN LATERAL citybigdata.clean_row(r.record, rules) c),
    refused AS (
        INSERT INTO citybigdata.ingest_reject (batch_id, row_no, record, column_name, rule, reason)
        SELECT ingest_clean.batch_id, c.n, c.record, f.fault ->> 'column', f.fault ->> 'rule', f.fault ->> 'reason'
        FROM cleaned c CROSS JOIN LATERAL jsonb_array_elements(c.faults) AS f (fault) ORDER BY c.n)
    SELECT coalesce(jsonb_agg(jsonb_build_object('n', c.n, 'r', c.cleaned) ORDER BY c.n), '[]') INTO good FROM cleaned c WHERE c.faults IS NULL;
END
$$;
COMMENT ON FUNCTION citybigdata.ingest_clean(text, jsonb, text) IS 'First step of ingest(), as the owner: cleans, keeps the faults';

-- Second step, as the role that defined the dataset: all at once, and one by one when a record is refused by the table.
CREATE FUNCTION citybigdata.ingest_insert(schema_name text, relation_name text, key text[], good jsonb) RETURNS jsonb
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    target text := format('%I.%I', schema_name, relation_name);
    names text[] := ARRAY(SELECT a.attname::text FROM pg_attribute a
                          WHERE a.attrelid = target::regclass AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' AND a.attidentity <> 'a'
                            AND EXISTS (SELECT FROM jsonb_array_elements(good) g WHERE g -> 'r' ? a.attname) ORDER BY a.attnum);
    others text := (SELECT string_agg(format('%I = excluded.%1$I', n), ', ') FROM unnest(names) n WHERE n <> ALL (key));
    command text;
    faults jsonb := '[]';
    item jsonb;
BEGIN
    IF good = '[]' THEN
        RETURN faults;
    ELSIF cardinality(names) = 0 THEN
        RETURN (SELECT jsonb_agg(jsonb_build_object('n', g -> 'n', 'reason', 'no member is a column of the table')) FROM jsonb_array_elements(good) g);
    END IF;
    command := format('INSERT INTO %1$s (%2$s) SELECT %3$s FROM jsonb_array_elements($1) g CROSS JOIN LATERAL jsonb_populate_record(NULL::%1$s, g -> ''r'') p %4$s', target,
        (SELECT string_agg(quote_ident(n), ', ') FROM unnest(names) n), (SELECT string_agg(format('p.%I', n), ', ') FROM unnest(names) n),
        CASE WHEN key IS NULL OR NOT key <@ names THEN '' ELSE format('ON CONFLICT (%s) DO %s', (SELECT string_agg(quote_ident(k), ', ') FROM unnest(key) k),
            CASE WHEN others IS NULL THEN 'NOTHING' ELSE 'UPDATE SET ' || others END) END);
    BEGIN
        EXECUTE command USING good;
        RETURN faults;
    EXCEPTION WHEN data_exception OR integrity_constraint_violation OR cardinality_violation THEN
        NULL; -- one of them is at fault: find out which
    END;
    FOR item IN SELECT g FROM jsonb_array_elements(good) g LOOP
        BEGIN
            EXECUTE command USING jsonb_build_array(item);
        EXCEPTION WHEN data_exception OR integrity_constraint_violation THEN
            faults := faults || jsonb_build_object('n', item -> 'n', 'reason', SQLERRM);
        END;
    END LOOP;
    RETURN faults;
END
$$;
COMMENT ON FUNCTION citybigdata.ingest_insert(text, text, text[], jsonb) IS 'Second step of ingest(), as the dataset''s role: stores the cleaned records';

-- Third step, as the owner again.
CREATE FUNCTION citybigdata.ingest_finish(batch bigint, rows jsonb, good jsonb, faults jsonb, OUT accepted bigint, OUT rejected bigint)
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO citybigdata.ingest_reject (batch_id, row_no, record, rule, reason)
    SELECT batch, (f ->> 'n')::integer, rows -> ((f ->> 'n')::integer - 1), 'insert', f ->> 'reason' FROM jsonb_array_elements(faults) f;
    accepted := jsonb_array_length(good) - jsonb_array_length(faults);
    rejected := jsonb_array_length(rows) - accepted;
    UPDATE citybigdata.ingest_batch b SET accepted = ingest_finish.accepted, rejected = ingest_finish.rejected WHERE b.batch_id = batch;
END
$$;
COMMENT ON FUNCTION citybigdata.ingest_finish(bigint, jsonb, jsonb, jsonb) IS 'Third step of ingest(), as the owner: keeps what the table refused, and the counts';
