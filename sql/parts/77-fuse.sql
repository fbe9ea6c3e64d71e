-- Fusion: records of several sources that are one object.

CREATE FUNCTION citybigdata.fuse_source(fusion text, number integer, dataset text, options jsonb) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
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
        RAISE EXCEPTION 'dataset "%" is not defined, or has no key', dataset USING ERRCODE = 'undefined_object',
            HINT = 'SELECT citybigdata.define_dataset(''street-lights'', ''public.street_light'', ''{"key": ["light_id"]}'');';
    ELSIF NOT own ?| ARRAY['code', 'name'] THEN
        RAISE EXCEPTION 'nothing to compare of dataset "%"', dataset USING ERRCODE = 'invalid_parameter_value', HINT = '{"code": "lamp_code", "name": "street_name", "place": "geom", "distance": 30}';
    END IF;
    SELECT own ->> k INTO missing FROM unnest(ARRAY['code', 'name', 'place']) k WHERE own ? k AND NOT EXISTS (
        SELECT FROM citybigdata.relation_columns(source.schema_name, source.relation_name, NULL) c WHERE c.column_name = own ->> k);
    IF FOUND THEN
        RAISE EXCEPTION 'dataset "%" has no column "%"', dataset, missing USING ERRCODE = 'undefined_column',
            HINT = 'Columns: ' || (SELECT string_agg(c.column_name, ', ' ORDER BY c.place) FROM citybigdata.relation_columns(source.schema_name, source.relation_name, NULL) c) || '.';
    END IF;
    EXECUTE format($query$
        WITH record AS (
            SELECT concat_ws(',', %1$s) AS key, %2$s AS code, %3$s AS name, %4$s AS geom FROM %5$I.%6$I r),
        matched AS (
            SELECT r.*, b.object_id, b.score, b.method
            FROM record r LEFT JOIN LATERAL (
                SELECT c.object_id, c.score, c.method FROM (
                    SELECT m.object_id, 1.0 AS score, 'code' AS method FROM citybigdata.fusion_member m
                    WHERE m.fused_by = CURRENT_USER AND m.fusion_code = $1 AND m.source_no < $2 AND m.code = r.code
                    UNION ALL
                    SELECT m.object_id, 0.5 * (1 - d.metres / $3) + 0.5 * s.alike, 'place' FROM citybigdata.fusion_member m
                    CROSS JOIN LATERAL (SELECT citybigdata.metres_between(%7$s.st_x(m.geom), %7$s.st_y(m.geom), %7$s.st_x(r.geom), %7$s.st_y(r.geom)) AS metres) d
                    CROSS JOIN LATERAL (SELECT citybigdata.text_similarity(m.name, r.name) AS alike) s
                    WHERE m.fused_by = CURRENT_USER AND m.fusion_code = $1 AND m.source_no < $2
                      AND m.geom OPERATOR(%7$s.&&) %7$s.st_expand(r.geom, $3 / 50000) AND d.metres <= $3 AND s.alike >= $4) c
                ORDER BY c.score DESC, c.object_id LIMIT 1) b ON true)
        INSERT INTO citybigdata.fusion_member (fusion_code, object_id, source_no, dataset_code, record_key, code, name, geom, score, method)
        SELECT $1, coalesce(m.object_id, (SELECT coalesce(max(f.object_id), 0) FROM citybigdata.fusion_member f WHERE f.fused_by = CURRENT_USER AND f.fusion_code = $1)
                                         + row_number() OVER (PARTITION BY m.object_id IS NULL ORDER BY m.key)),
               $2, $5, m.key, m.code, m.name, m.geom, coalesce(m.score, 1), coalesce(m.method, 'new')
        FROM matched m
        $query$,
        (SELECT string_agg(format('r.%I', k), ', ') FROM unnest(source.key_columns) k),
        CASE WHEN own ? 'code' THEN format('r.%I::text', own ->> 'code') ELSE 'NULL::text' END,
        CASE WHEN own ? 'name' THEN format('r.%I::text', own ->> 'name') ELSE 'NULL::text' END,
        CASE WHEN own ? 'place' THEN format('CASE WHEN %1$s.st_srid(r.%2$I) IN (4490, 4326) THEN %1$s.st_setsrid(r.%2$I, 4490) ELSE %1$s.st_transform(r.%2$I, 4490) END', postgis, own ->> 'place')
             ELSE format('NULL::%s.geometry', postgis) END,
        source.schema_name, source.relation_name, postgis)
    USING fusion, number, distance, similarity, dataset;
END
$$;
COMMENT ON FUNCTION citybigdata.fuse_source(text, integer, text, jsonb) IS 'Adds the records of one dataset to a fusion; for fuse()';

CREATE FUNCTION citybigdata.fuse(fusion text, sources text[], options jsonb, OUT objects bigint, OUT records bigint, OUT by_code bigint, OUT by_place bigint)
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM citybigdata.check_option_names(options, ARRAY['code', 'name', 'place', 'distance', 'similarity', 'columns'], 'options');
    IF coalesce(cardinality(sources), 0) = 0 THEN
        RAISE EXCEPTION 'no sources' USING ERRCODE = 'invalid_parameter_value', HINT = 'For example ARRAY[''street-lights'', ''lamp-survey''].';
    ELSIF coalesce((options ->> 'distance')::double precision, 1) <= 0 OR coalesce((options ->> 'similarity')::double precision, 0) NOT BETWEEN 0 AND 1 THEN
        RAISE EXCEPTION 'distance must be above 0 metres, similarity between 0 and 1' USING ERRCODE = 'invalid_parameter_value', HINT = '{"distance": 30, "similarity": 0.5}';
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
'Read and stored as the calling role: fusion_member keeps each record''s object, score and method';
