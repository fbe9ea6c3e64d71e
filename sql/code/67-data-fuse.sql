-- Fusion: records of several sources that are one object.
COMMENT ON TABLE citybigdata.fusion_member IS 'Result of fuse(): which records of which datasets are one object, and why';
COMMENT ON COLUMN citybigdata.fusion_member.fusion_code IS 'Name of the fusion';
COMMENT ON COLUMN citybigdata.fusion_member.object_id IS 'The object; records of one object_id are one thing';
COMMENT ON COLUMN citybigdata.fusion_member.source_no IS 'Place of the dataset among the sources, from 1; earlier ones are trusted more';
COMMENT ON COLUMN citybigdata.fusion_member.dataset_code IS 'The dataset that the record is of';
COMMENT ON COLUMN citybigdata.fusion_member.record_key IS 'Its key there';
COMMENT ON COLUMN citybigdata.fusion_member.code IS 'Code that was compared';
COMMENT ON COLUMN citybigdata.fusion_member.name IS 'Name that was compared';
COMMENT ON COLUMN citybigdata.fusion_member.geom IS 'Place that was compared';
COMMENT ON COLUMN citybigdata.fusion_member.score IS '0 to 1: how sure that it belongs to the object; 1 for the same code and for the first record';
COMMENT ON COLUMN citybigdata.fusion_member.method IS 'new: first record of the object; code: the same code; place: near and of a similar name';
COMMENT ON COLUMN citybigdata.fusion_member.fused_by IS 'Role that fused';
COMMENT ON COLUMN citybigdata.fusion_member.fused_at IS 'When';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.fusion_member', '');

-- The place of a record in degrees: a point, or one inside of what is none.
CREATE OR REPLACE FUNCTION citybigdata.fuse_place(postgis text, place text) RETURNS text
    LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT format('(SELECT CASE WHEN %1$s.st_srid(q.p) IN (4490, 4326) THEN %1$s.st_setsrid(q.p, 4490) ELSE %1$s.st_transform(q.p, 4490) END
        FROM (SELECT CASE WHEN %1$s.st_geometrytype(r.%2$I) = ''ST_Point'' THEN r.%2$I ELSE %1$s.st_pointonsurface(r.%2$I) END AS p) q)', $1, $2)
$$;
COMMENT ON FUNCTION citybigdata.fuse_place(text, text) IS 'The expression of a record''s place; for fuse_source()';

-- `columns`: code, name, place. Casts are made by the query, so that nothing but texts and numbers leaves it.
CREATE OR REPLACE FUNCTION citybigdata.fuse_query(dataset text, columns jsonb) RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT format('SELECT t.key, t.code, t.name, %1$s.st_x(t.place)::pg_catalog.float8, %1$s.st_y(t.place)::pg_catalog.float8
        FROM (SELECT %2$s AS key, %3$s AS code, %4$s AS name, %5$s AS place FROM %6$I.%7$I r) t', g.postgis,
        CASE WHEN cardinality(d.key_columns) = 1 THEN format('r.%I::pg_catalog.text', d.key_columns[1])
             ELSE format('pg_catalog.jsonb_build_array(%s)::pg_catalog.text', (SELECT string_agg(format('r.%I', k), ', ' ORDER BY n) FROM unnest(d.key_columns) WITH ORDINALITY t (k, n))) END,
        CASE WHEN columns ? 'code' THEN format('r.%I::pg_catalog.text', columns ->> 'code') ELSE 'NULL::pg_catalog.text' END,
        CASE WHEN columns ? 'name' THEN format('r.%I::pg_catalog.text', columns ->> 'name') ELSE 'NULL::pg_catalog.text' END,
        CASE WHEN columns ? 'place' THEN citybigdata.fuse_place(g.postgis, columns ->> 'place') ELSE format('NULL::%s.geometry', g.postgis) END,
        d.schema_name, d.relation_name)
    FROM citybigdata.dataset d,
        (SELECT quote_ident(n.nspname) AS postgis FROM pg_extension x JOIN pg_namespace n ON n.oid = x.extnamespace WHERE x.extname = 'postgis') g
    WHERE d.dataset_code = $1
$$;
COMMENT ON FUNCTION citybigdata.fuse_query(text, jsonb) IS 'The query of fuse_records()';

CREATE OR REPLACE FUNCTION citybigdata.fuse_records(dataset text, columns jsonb, OUT key text, OUT code text, OUT name text, OUT x double precision, OUT y double precision)
    RETURNS SETOF record AS 'MODULE_PATHNAME', 'cbd_fuse_records' LANGUAGE c VOLATILE STRICT;
COMMENT ON FUNCTION citybigdata.fuse_records(text, jsonb) IS
'What fuse() compares of a dataset''s records, read as the owner of its table, for who may read the table: key, the columns code, name, place {"code": "lamp_code"}';

CREATE OR REPLACE FUNCTION citybigdata.fuse_source(fusion text, number integer, dataset text, options jsonb) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET enable_nestloop = off SET enable_mergejoin = off SET jit = off AS $$
DECLARE
    source citybigdata.dataset;
    postgis text := (SELECT quote_ident(n.nspname) FROM pg_extension x JOIN pg_namespace n ON n.oid = x.extnamespace WHERE x.extname = 'postgis');
    own jsonb := coalesce(options -> 'columns' -> dataset, options);
    distance double precision := coalesce((options ->> 'distance')::double precision, 50);
    similarity double precision := coalesce((options ->> 'similarity')::double precision, 0.5);
    missing text;
BEGIN
    SELECT * INTO source FROM citybigdata.dataset d WHERE d.dataset_code = dataset;
    IF NOT FOUND OR source.key_columns IS NULL THEN
        RAISE EXCEPTION USING MESSAGE = citybigdata.say('dataset "{dataset}" is not defined, or has no key', 'dataset', dataset), ERRCODE = 'undefined_object',
            HINT = 'SELECT citybigdata.define_dataset(''street-lights'', ''public.street_light'', ''{"key": ["light_id"]}'');';
    ELSIF NOT own ?| ARRAY['code', 'name'] THEN
        RAISE EXCEPTION USING MESSAGE = citybigdata.say('nothing to compare of dataset "{dataset}"', 'dataset', dataset), ERRCODE = 'invalid_parameter_value', HINT = '{"code": "lamp_code", "name": "street_name", "place": "geom", "distance": 30}';
    END IF;
    SELECT own ->> k INTO missing FROM unnest(ARRAY['code', 'name', 'place']) k WHERE own ? k AND NOT EXISTS (
        SELECT FROM citybigdata.relation_columns(source.schema_name, source.relation_name, NULL) c WHERE c.column_name = own ->> k);
    IF FOUND THEN
        RAISE EXCEPTION USING MESSAGE = citybigdata.say('dataset "{dataset}" has no column "{missing}"', 'dataset', dataset, 'missing', missing), ERRCODE = 'undefined_column',
            HINT = citybigdata.say('Columns: {names}.', 'names', (SELECT string_agg(c.column_name, ', ' ORDER BY c.place) FROM citybigdata.relation_columns(source.schema_name, source.relation_name, NULL) c));
    ELSIF NOT (SELECT citybigdata.column_serves(c.type_oid, 'place') FROM citybigdata.relation_columns(source.schema_name, source.relation_name, NULL) c WHERE c.column_name = own ->> 'place') THEN
        RAISE EXCEPTION USING MESSAGE = citybigdata.say('column "{place}" of dataset "{dataset}" is no place', 'place', own ->> 'place', 'dataset', dataset), ERRCODE = 'datatype_mismatch', HINT = citybigdata.say('A place is a column of PostGIS''s type geometry.');
    END IF;
    -- Near is: in the same square of the grid or in one of the eight around it. Squares are compared by equality, so that both joins are
    -- hash joins, whatever the planner knows of the table: each record costs the same however many there are.
    EXECUTE format($query$
        WITH record AS MATERIALIZED (
            SELECT s.key, s.code, s.name, s.place, s.x, s.y, floor(s.x / $6)::bigint AS square_x, floor(s.y / $6)::bigint AS square_y
            FROM (SELECT t.key, t.code, t.name, %1$s.st_setsrid(%1$s.st_makepoint(t.x, t.y), 4490) AS place,
                         CASE WHEN abs(t.x) <= 180 THEN t.x END AS x, CASE WHEN abs(t.y) <= 90 THEN t.y END AS y
                  FROM citybigdata.fuse_records($5, $7) t) s),
        member AS MATERIALIZED (
            SELECT m.object_id, m.code, m.name, m.x, m.y, floor(m.x / $6)::bigint AS square_x, floor(m.y / $6)::bigint AS square_y
            FROM (SELECT f.object_id, f.code, f.name, %1$s.st_x(f.geom) AS x, %1$s.st_y(f.geom) AS y FROM citybigdata.fusion_member f
                  WHERE f.fused_by = CURRENT_USER AND f.fusion_code = $1 AND f.source_no < $2) m),
        around AS (
            SELECT r.key, r.name, r.x, r.y, r.square_x + dx AS square_x, r.square_y + dy AS square_y
            FROM record r CROSS JOIN generate_series(-1, 1) dx CROSS JOIN generate_series(-1, 1) dy WHERE r.name IS NOT NULL),
        candidate AS (
            SELECT r.key, m.object_id, 1.0::double precision AS score, 'code' AS method FROM record r JOIN member m ON m.code = r.code
            UNION ALL
            SELECT r.key, m.object_id, 0.5 * (1 - d.metres / $3) + 0.5 * s.alike, 'place' FROM around r JOIN member m ON m.square_x = r.square_x AND m.square_y = r.square_y
            CROSS JOIN LATERAL (SELECT citybigdata.metres_between(m.x, m.y, r.x, r.y) AS metres) d
            CROSS JOIN LATERAL (SELECT CASE WHEN d.metres <= $3 THEN citybigdata.text_similarity(m.name, r.name) END AS alike) s
            WHERE d.metres <= $3 AND s.alike >= $4),
        best AS (
            SELECT DISTINCT ON (c.key) c.key, c.object_id, c.score, c.method FROM candidate c ORDER BY c.key, c.score DESC, c.object_id)
        INSERT INTO citybigdata.fusion_member (fusion_code, object_id, source_no, dataset_code, record_key, code, name, geom, score, method)
        SELECT $1, coalesce(b.object_id, (SELECT coalesce(max(f.object_id), 0) FROM citybigdata.fusion_member f WHERE f.fused_by = CURRENT_USER AND f.fusion_code = $1)
                                         + row_number() OVER (PARTITION BY b.object_id IS NULL ORDER BY r.key COLLATE "C")),
               $2, $5, r.key, r.code, r.name, r.place, coalesce(b.score, 1), coalesce(b.method, 'new')
        FROM record r LEFT JOIN best b ON b.key = r.key
        $query$, postgis)
    USING fusion, number, distance, similarity, dataset, distance / 50000, own;
END
$$;
COMMENT ON FUNCTION citybigdata.fuse_source(text, integer, text, jsonb) IS 'Adds the records of one dataset to a fusion; for fuse()';

CREATE OR REPLACE FUNCTION citybigdata.fuse(fusion text, sources text[], options jsonb, OUT objects bigint, OUT records bigint, OUT by_code bigint, OUT by_place bigint)
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM citybigdata.check_option_names(options, ARRAY['code', 'name', 'place', 'distance', 'similarity', 'columns'], 'options');
    IF coalesce(cardinality(sources), 0) = 0 THEN
        RAISE EXCEPTION USING MESSAGE = citybigdata.say('no sources'), ERRCODE = 'invalid_parameter_value', HINT = citybigdata.say('For example ARRAY[''street-lights'', ''lamp-survey''].');
    ELSIF coalesce((options ->> 'distance')::double precision, 1) <= 0 OR coalesce((options ->> 'similarity')::double precision, 0) NOT BETWEEN 0 AND 1 THEN
        RAISE EXCEPTION USING MESSAGE = citybigdata.say('distance must be above 0 metres, similarity between 0 and 1'), ERRCODE = 'invalid_parameter_value', HINT = '{"distance": 30, "similarity": 0.5}';
    END IF;
    DELETE FROM citybigdata.fusion_member m WHERE m.fused_by = CURRENT_USER AND m.fusion_code = fusion;
    FOR number IN 1..cardinality(sources) LOOP
        PERFORM citybigdata.fuse_source(fusion, number, sources[number], options);
    END LOOP;
    SELECT count(DISTINCT m.object_id), count(*), count(*) FILTER (WHERE m.method = 'code'), count(*) FILTER (WHERE m.method = 'place')
    INTO objects, records, by_code, by_place FROM citybigdata.fusion_member m WHERE m.fused_by = CURRENT_USER AND m.fusion_code = fusion;
END
$$;
COMMENT ON FUNCTION citybigdata.fuse(text, text[], jsonb) IS
'Finds records of several datasets that are one object: the same code, or within distance (metres, default 50) and of a similar name (similarity, default 0.5). '
'Sources in order of trust. Options: code, name, place (column names; per dataset in columns {dataset: {code, name, place}}), distance, similarity. '
'Read as the owners of the tables, for who may read them, stored as the calling role: fusion_member keeps each record''s object, score and method';
