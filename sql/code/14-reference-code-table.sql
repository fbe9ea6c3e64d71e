-- Code tables: reading and loading.
COMMENT ON TABLE citybigdata.code_table IS 'Code tables 代码表 (clause 5.4.4-c); load_code_table() fills or replaces one';
COMMENT ON COLUMN citybigdata.code_table.name IS 'Name in addresses, for example event-state';
COMMENT ON COLUMN citybigdata.code_table.title IS 'English title';
COMMENT ON COLUMN citybigdata.code_table.title_zh IS 'Chinese title';
COMMENT ON COLUMN citybigdata.code_table.version IS 'Edition of the codes';
COMMENT ON COLUMN citybigdata.code_table.shipped IS 'The row came with CREATE EXTENSION; pg_dump leaves it out';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.code_table', 'WHERE NOT shipped');

COMMENT ON TABLE citybigdata.code_table_row IS 'The codes of the code tables';
COMMENT ON COLUMN citybigdata.code_table_row.table_name IS 'Code table';
COMMENT ON COLUMN citybigdata.code_table_row.code IS 'Code, as text';
COMMENT ON COLUMN citybigdata.code_table_row.name IS 'What the code means';
COMMENT ON COLUMN citybigdata.code_table_row.name_en IS 'The same in English, where there is one';
COMMENT ON COLUMN citybigdata.code_table_row.parent_code IS 'Code of the class above, where the table has classes';
COMMENT ON COLUMN citybigdata.code_table_row.sort IS 'Order in lists, then by code';
COMMENT ON COLUMN citybigdata.code_table_row.shipped IS 'The row came with CREATE EXTENSION; pg_dump leaves it out';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.code_table_row', 'WHERE NOT shipped');

-- As for divisions: a row of the site replaces a shipped one of the same key, and a changed shipped row is the site's.
CREATE OR REPLACE FUNCTION citybigdata.code_table_keep() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        NEW.shipped := false;
    ELSIF NOT NEW.shipped AND TG_TABLE_NAME = 'code_table' THEN
        DELETE FROM citybigdata.code_table t WHERE t.name = NEW.name AND t.shipped;
    ELSIF NOT NEW.shipped THEN
        DELETE FROM citybigdata.code_table_row r WHERE r.table_name = NEW.table_name AND r.code = NEW.code AND r.shipped;
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION citybigdata.code_table_keep() IS 'Trigger: a changed shipped row becomes a row of the site, and a row of the site replaces the shipped one';
CREATE OR REPLACE TRIGGER code_table_keep BEFORE INSERT OR UPDATE ON citybigdata.code_table
    FOR EACH ROW EXECUTE FUNCTION citybigdata.code_table_keep();
ALTER TABLE citybigdata.code_table ENABLE ALWAYS TRIGGER code_table_keep;
CREATE OR REPLACE TRIGGER code_table_row_keep BEFORE INSERT OR UPDATE ON citybigdata.code_table_row
    FOR EACH ROW EXECUTE FUNCTION citybigdata.code_table_keep();
ALTER TABLE citybigdata.code_table_row ENABLE ALWAYS TRIGGER code_table_row_keep;
CREATE OR REPLACE TRIGGER code_table_row_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON citybigdata.code_table_row
    FOR EACH STATEMENT EXECUTE FUNCTION citybigdata.reference_changed();

CREATE OR REPLACE FUNCTION citybigdata.code_known(table_name text, code text) RETURNS boolean
    AS 'MODULE_PATHNAME', 'cbd_code_known' LANGUAGE c STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.code_known(text, text) IS
'Is the code in the code table? Null when the table is empty or missing: it accepts every value. Cached per session';
CREATE OR REPLACE FUNCTION citybigdata.code_name(table_name text, code text) RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_code_name' LANGUAGE c STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.code_name(text, text) IS 'What a code means by its code table; null when it is not in the table. Cached per session';

CREATE OR REPLACE FUNCTION citybigdata.load_code_table(name text, rows jsonb, version text DEFAULT NULL, replace boolean DEFAULT true,
                                                       title text DEFAULT NULL, title_zh text DEFAULT NULL) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    bad     record;
    changed integer;
    removed integer := 0;
BEGIN
    IF name IS NULL OR name !~ '^[a-z][a-z0-9-]{0,62}$' THEN
        RAISE EXCEPTION USING MESSAGE = citybigdata.say('invalid name of a code table: {name}', 'name', name), ERRCODE = 'invalid_parameter_value',
            HINT = citybigdata.say('Small letters, digits and hyphens, for example event-type.');
    END IF;
    IF rows IS NULL OR jsonb_typeof(rows) <> 'array' THEN
        RAISE EXCEPTION USING MESSAGE = citybigdata.say('the codes must be a JSON array of objects'), ERRCODE = 'invalid_parameter_value',
            HINT = citybigdata.say('For example [{"code":"01","name":"市容环境"},{"code":"0102","name":"暴露垃圾","parent":"01"}].');
    END IF;
    WITH given AS MATERIALIZED (
        SELECT r.*, o.n FROM jsonb_array_elements(rows) WITH ORDINALITY o(element, n)
        CROSS JOIN jsonb_to_record(CASE WHEN jsonb_typeof(o.element) = 'object' THEN o.element END) AS r(code text, name text, parent text)
    ), fault AS (
        SELECT g.n, g.code, CASE
            WHEN g.code IS NULL OR length(g.code) NOT BETWEEN 1 AND 63 OR g.code <> btrim(g.code) THEN citybigdata.say('a code has 1 to 63 characters, no blanks around it')
            WHEN coalesce(btrim(g.name), '') = '' THEN citybigdata.say('the name is missing')
            WHEN count(*) OVER (PARTITION BY g.code) > 1 THEN citybigdata.say('the code occurs more than once')
            WHEN g.parent IS NOT NULL AND NOT EXISTS (SELECT FROM given o WHERE o.code = g.parent)
                 AND (replace OR NOT EXISTS (SELECT FROM citybigdata.code_table_row r WHERE r.table_name = load_code_table.name AND r.code = g.parent))
                THEN citybigdata.say('the parent {parent} is not known', 'parent', g.parent)
            END AS problem
        FROM given g
    )
    SELECT * INTO bad FROM fault f WHERE f.problem IS NOT NULL ORDER BY f.n LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION USING MESSAGE = citybigdata.say('code {code}: {problem}', 'code', coalesce(bad.code, '?'), 'problem', bad.problem),
            ERRCODE = 'invalid_parameter_value', DETAIL = citybigdata.say('Row {n} of the array; nothing was loaded.', 'n', bad.n),
                  HINT = citybigdata.say('A valid row is {"code":"0102","name":"暴露垃圾","parent":"01"}.');
    END IF;

    INSERT INTO citybigdata.code_table AS t (name, title, title_zh, version)
    SELECT load_code_table.name, coalesce(load_code_table.title, o.title, load_code_table.name),
           coalesce(load_code_table.title_zh, o.title_zh, load_code_table.name), coalesce(load_code_table.version, o.version)
    FROM (SELECT) one LEFT JOIN citybigdata.code_table o ON o.name = load_code_table.name
    WHERE (o.title, o.title_zh, o.version) IS DISTINCT FROM (coalesce(load_code_table.title, o.title, load_code_table.name),
           coalesce(load_code_table.title_zh, o.title_zh, load_code_table.name), coalesce(load_code_table.version, o.version))
    ON CONFLICT ON CONSTRAINT code_table_pkey DO UPDATE
    SET title = excluded.title, title_zh = excluded.title_zh, version = excluded.version;
    IF replace THEN
        DELETE FROM citybigdata.code_table_row r
        WHERE r.table_name = load_code_table.name
          AND NOT EXISTS (SELECT FROM jsonb_to_recordset(rows) AS g(code text) WHERE g.code = r.code);
        GET DIAGNOSTICS removed = ROW_COUNT;
    END IF;
    INSERT INTO citybigdata.code_table_row AS r (table_name, code, name, parent_code, sort, name_en)
    SELECT load_code_table.name, g.code, g.name, g.parent, coalesce(g.sort, 0), nullif(g."nameEn", '')
    FROM jsonb_to_recordset(rows) AS g(code text, name text, parent text, sort integer, "nameEn" text)
    WHERE NOT EXISTS (SELECT FROM citybigdata.code_table_row o
                      WHERE o.table_name = load_code_table.name AND o.code = g.code
                        AND (o.name, o.parent_code, o.sort, o.name_en) IS NOT DISTINCT FROM (g.name, g.parent, coalesce(g.sort, 0), nullif(g."nameEn", '')))
    ON CONFLICT ON CONSTRAINT code_table_row_pkey DO UPDATE
    SET name = excluded.name, parent_code = excluded.parent_code, sort = excluded.sort, name_en = excluded.name_en;
    GET DIAGNOSTICS changed = ROW_COUNT;
    RETURN changed + removed;
END
$$;
COMMENT ON FUNCTION citybigdata.load_code_table(text, jsonb, text, boolean, text, text) IS
'Loads a code table and returns how many rows changed; an error in any row refuses all. Members of a row: code, name, nameEn, parent, sort. '
'replace: codes that are not given are removed, otherwise they stay; title and version stay as they are when null';

CREATE OR REPLACE FUNCTION citybigdata.load_code_table_file(name text, file text, version text DEFAULT NULL, replace boolean DEFAULT true,
                                                            title text DEFAULT NULL, title_zh text DEFAULT NULL) RETURNS integer
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$ SELECT citybigdata.load_code_table(name, citybigdata.data_rows(citybigdata.data_file(file)), version, replace, title, title_zh) $$;
COMMENT ON FUNCTION citybigdata.load_code_table_file(text, text, text, boolean, text, text) IS
'load_code_table with a data file that was installed with the extension, for example cjt214_events.tsv';

CREATE OR REPLACE FUNCTION citybigdata.rest_code_tables(request_id text, client_addr inet, app_code text, scheme text, credential bytea)
    RETURNS bytea AS 'MODULE_PATHNAME', 'cbd_rest_code_tables' LANGUAGE c SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_code_tables(text, inet, text, text, bytea) IS
'Endpoint GET /code-tables: name, titles, version and size of every code table (clause 5.4.4-c)';
CREATE OR REPLACE FUNCTION citybigdata.rest_code_table(request_id text, client_addr inet, app_code text, scheme text, credential bytea, name text)
    RETURNS bytea AS 'MODULE_PATHNAME', 'cbd_rest_code_table' LANGUAGE c SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_code_table(text, inet, text, text, bytea, text) IS
'Endpoint GET /code-tables/{name}: the codes of one code table (clause 5.4.4-c)';
