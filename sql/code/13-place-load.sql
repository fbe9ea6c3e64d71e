-- Loading reference data: rows as JSON, so that any source will do, or files that were installed with the extension.
CREATE OR REPLACE FUNCTION citybigdata.data_file(file text) RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_data_file' LANGUAGE c STABLE STRICT;
COMMENT ON FUNCTION citybigdata.data_file(text) IS
'Text of a data file that was installed with the extension (see README.md there), for example divisions.tsv';

CREATE OR REPLACE FUNCTION citybigdata.data_rows(content text) RETURNS jsonb
    LANGUAGE plpgsql STABLE STRICT SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    names text[];
    rows  jsonb;
    bad   bigint;
BEGIN
    WITH line AS (
        SELECT string_to_array(l.line, E'\t', '') AS cells, l.line, l.n
        FROM string_to_table(replace(content, E'\r\n', E'\n'), E'\n') WITH ORDINALITY l(line, n)
        WHERE l.line <> '' AND NOT starts_with(l.line, '#')
    ), heading AS (
        SELECT l.cells, l.n FROM line l ORDER BY l.n LIMIT 1
    )
    SELECT (SELECT h.cells FROM heading h),
           min(l.n) FILTER (WHERE cardinality(l.cells) <> cardinality(h.cells)),
           jsonb_agg(jsonb_strip_nulls(jsonb_object(h.cells, l.cells)) ORDER BY l.n) FILTER (WHERE cardinality(l.cells) = cardinality(h.cells))
    INTO names, bad, rows
    FROM line l CROSS JOIN heading h WHERE l.n > h.n;
    IF bad IS NOT NULL THEN
        RAISE EXCEPTION USING MESSAGE = citybigdata.say('line {bad} has not as many cells as the heading', 'bad', bad), ERRCODE = 'invalid_parameter_value',
            DETAIL = citybigdata.say('The columns are {names}.', 'names', array_to_string(names, ', ')), HINT = citybigdata.say('Cells are separated by one tab each; an empty cell is nothing between two tabs.');
    END IF;
    RETURN coalesce(rows, '[]');
END
$$;
COMMENT ON FUNCTION citybigdata.data_rows(text) IS
'Tab-separated text as a JSON array of objects: the first line names the columns, lines from # are comments, empty cells are left out';

CREATE OR REPLACE FUNCTION citybigdata.load_divisions(rows jsonb, retire_missing boolean DEFAULT false) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    bad     record;
    changed integer;
    retired integer := 0;
BEGIN
    IF rows IS NULL OR jsonb_typeof(rows) <> 'array' THEN
        RAISE EXCEPTION USING MESSAGE = citybigdata.say('the divisions must be a JSON array of objects'), ERRCODE = 'invalid_parameter_value',
            HINT = citybigdata.say('For example [{"code":"110101","name":"东城区","parent":"110100"}].');
    END IF;
    -- Without a parent: the code shortened, for six digits the prefecture where there is one, else the province.
    WITH given AS MATERIALIZED (
        SELECT r.*, o.n, CASE length(r.code) WHEN 12 THEN 5 WHEN 9 THEN 4 ELSE
                   CASE WHEN r.code LIKE '%0000' THEN 1 WHEN r.code LIKE '%00' THEN 2 ELSE 3 END END AS level_of_code
        FROM jsonb_array_elements(rows) WITH ORDINALITY o(element, n)
        CROSS JOIN jsonb_to_record(CASE WHEN jsonb_typeof(o.element) = 'object' THEN o.element END)
            AS r(code text, name text, parent text, level integer, valid_from date, valid_to date, successor text)
    ), known AS (
        SELECT code FROM given UNION SELECT d.code FROM citybigdata.division d
    ), fault AS (
        SELECT g.n, g.code, CASE
            WHEN g.code IS NULL OR g.code !~ '^([0-9]{6}|[0-9]{9}|[0-9]{12})$' THEN citybigdata.say('a code has 6, 9 or 12 digits')
            WHEN coalesce(btrim(g.name), '') = '' THEN citybigdata.say('the name is missing')
            WHEN g.level <> g.level_of_code THEN citybigdata.say('the level of the code is {levelOfCode}', 'levelOfCode', g.level_of_code)
            WHEN count(*) OVER (PARTITION BY g.code) > 1 THEN citybigdata.say('the code occurs more than once')
            WHEN g.valid_from >= g.valid_to THEN citybigdata.say('valid_from must be before valid_to')
            WHEN g.parent IS NOT NULL AND NOT EXISTS (SELECT FROM known k WHERE k.code = g.parent) THEN citybigdata.say('the parent {parent} is not known', 'parent', g.parent)
            WHEN length(g.code) > 6 AND NOT starts_with(g.code, coalesce(g.parent, '')) THEN citybigdata.say('the code does not begin with its parent {parent}', 'parent', g.parent)
            WHEN length(g.code) > 6 AND NOT EXISTS (SELECT FROM known k WHERE k.code = left(g.code, length(g.code) - 3)) THEN citybigdata.say('the division above is not known')
            WHEN g.successor IS NOT NULL AND NOT EXISTS (SELECT FROM known k WHERE k.code = g.successor) THEN citybigdata.say('the successor {successor} is not known', 'successor', g.successor)
            END AS problem
        FROM given g
    )
    SELECT * INTO bad FROM fault f WHERE f.problem IS NOT NULL ORDER BY f.n LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION USING MESSAGE = citybigdata.say('division {code}: {problem}', 'code', coalesce(bad.code, '?'), 'problem', bad.problem),
            ERRCODE = 'invalid_parameter_value', DETAIL = citybigdata.say('Row {n} of the array; nothing was loaded.', 'n', bad.n),
                  HINT = citybigdata.say('A valid row is {"code":"110101001","name":"东华门街道","parent":"110101"}.');
    END IF;

    WITH given AS MATERIALIZED (
        SELECT r.* FROM jsonb_to_recordset(rows)
            AS r(code text, name text, parent text, kind text, revision text, valid_from date, valid_to date, successor text, former_name text)
    ), placed AS (
        SELECT g.*, coalesce(g.parent, CASE
                   WHEN length(g.code) > 6 THEN left(g.code, length(g.code) - 3)
                   WHEN g.code LIKE '%0000' THEN NULL
                   WHEN g.code NOT LIKE '%00' AND (EXISTS (SELECT FROM given o WHERE o.code = left(g.code, 4) || '00')
                        OR EXISTS (SELECT FROM citybigdata.division d WHERE d.code = left(g.code, 4) || '00')) THEN left(g.code, 4) || '00'
                   ELSE left(g.code, 2) || '0000' END) AS parent_code,
               CASE length(g.code) WHEN 12 THEN 5 WHEN 9 THEN 4 ELSE
                   CASE WHEN g.code LIKE '%0000' THEN 1 WHEN g.code LIKE '%00' THEN 2 ELSE 3 END END AS level
        FROM given g
    ), fresh AS (
        -- rows that say the same as before stay as they are, shipped ones too
        SELECT p.* FROM placed p WHERE NOT EXISTS (
            SELECT FROM citybigdata.division d WHERE d.code = p.code
            AND (d.name, d.parent_code, d.kind, d.revision, d.valid_from, d.valid_to, d.successor_code, d.former_name)
                IS NOT DISTINCT FROM (p.name, p.parent_code, p.kind, p.revision, p.valid_from, p.valid_to, p.successor, p.former_name))
    )
    INSERT INTO citybigdata.division AS d
        (code, name, parent_code, level, kind, revision, valid_from, valid_to, successor_code, former_name)
    SELECT f.code, f.name, f.parent_code, f.level, f.kind, f.revision, f.valid_from, f.valid_to, f.successor, f.former_name FROM fresh f
    ON CONFLICT ON CONSTRAINT division_pkey DO UPDATE
    SET name = excluded.name, parent_code = excluded.parent_code, level = excluded.level, kind = excluded.kind, revision = excluded.revision,
        valid_from = excluded.valid_from, valid_to = excluded.valid_to, successor_code = excluded.successor_code, former_name = excluded.former_name;
    GET DIAGNOSTICS changed = ROW_COUNT;

    IF retire_missing THEN
        WITH given AS MATERIALIZED (
            SELECT r.code, left(r.code, 2) AS province, length(r.code) AS digits FROM jsonb_to_recordset(rows) AS r(code text)
        )
        UPDATE citybigdata.division d SET kind = 'retired', valid_to = current_date
        WHERE d.valid_to IS NULL
          AND EXISTS (SELECT FROM given g WHERE g.province = left(d.code, 2) AND g.digits = length(d.code))
          AND NOT EXISTS (SELECT FROM given g WHERE g.code = d.code);
        GET DIAGNOSTICS retired = ROW_COUNT;
    END IF;
    RETURN changed + retired;
END
$$;
COMMENT ON FUNCTION citybigdata.load_divisions(jsonb, boolean) IS
'Loads divisions, new or changed, and returns how many rows changed; an error in any row refuses all. Members of a row: code, name, parent, kind, '
'revision, valid_from, valid_to, successor, former_name (the level follows from the code). retire_missing: the table is complete for its provinces and '
'number of digits, valid codes that are not in it are retired today. From a file: CREATE TEMP TABLE t (code text, name text, …), '
'\copy t FROM new.tsv, SELECT citybigdata.load_divisions(jsonb_agg(t)) FROM t';

CREATE OR REPLACE FUNCTION citybigdata.load_divisions_file(file text, retire_missing boolean DEFAULT false) RETURNS integer
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$ SELECT citybigdata.load_divisions(citybigdata.data_rows(citybigdata.data_file(file)), retire_missing) $$;
COMMENT ON FUNCTION citybigdata.load_divisions_file(text, boolean) IS
'load_divisions with a data file that was installed with the extension, for example beijing_streets.tsv';

CREATE OR REPLACE FUNCTION citybigdata.load_boundaries(geojson jsonb, source text DEFAULT NULL, crs text DEFAULT 'EPSG:4490') RETURNS integer
    AS 'MODULE_PATHNAME', 'cbd_load_boundaries' LANGUAGE c SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.load_boundaries(jsonb, text, text) IS
'Loads boundaries from a GeoJSON FeatureCollection of polygons whose features have the property code (or adcode), and returns how many rows changed; '
'sessions see them at once. crs: EPSG:4490, EPSG:4326 (counts as the same), GCJ02 or BD09, which are converted';

CREATE OR REPLACE FUNCTION citybigdata.load_boundaries_file(file text, source text DEFAULT NULL, crs text DEFAULT 'EPSG:4490') RETURNS integer
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$ SELECT citybigdata.load_boundaries(citybigdata.data_file(file)::jsonb, source, crs) $$;
COMMENT ON FUNCTION citybigdata.load_boundaries_file(text, text, text) IS
'load_boundaries with a data file that was installed with the extension, for example beijing_districts.geojson';
