-- Map service (extension/map/tile.h): vector tiles of published resources.
COMMENT ON TABLE citybigdata.map_layer IS 'Kept counts of large layers of the map service; made by maintain() and count_layer(), and left out of dumps';
COMMENT ON COLUMN citybigdata.map_layer.resource_code IS 'Code of the resource';
COMMENT ON COLUMN citybigdata.map_layer.version IS 'Version of the resource that was counted';
COMMENT ON COLUMN citybigdata.map_layer.counted_at IS 'When it was counted; null: never, see failure';
COMMENT ON COLUMN citybigdata.map_layer.checked_at IS 'When the counts were known to be right last: the data had not changed until then';
COMMENT ON COLUMN citybigdata.map_layer.changes IS 'Rows that were ever written to the table, by the statistics of PostgreSQL, before it was counted; null: not known, of views';
COMMENT ON COLUMN citybigdata.map_layer.took_ms IS 'Milliseconds that counting took';
COMMENT ON COLUMN citybigdata.map_layer.places IS 'Rows that have a place';
COMMENT ON COLUMN citybigdata.map_layer.west IS 'Least longitude of the places, EPSG:4490; null: there are none';
COMMENT ON COLUMN citybigdata.map_layer.south IS 'Least latitude';
COMMENT ON COLUMN citybigdata.map_layer.east IS 'Greatest longitude';
COMMENT ON COLUMN citybigdata.map_layer.north IS 'Greatest latitude';
COMMENT ON COLUMN citybigdata.map_layer.districts IS 'Rows by district code, of a layer whose places are above the level of some callers; null: of others';
COMMENT ON COLUMN citybigdata.map_layer.failed_at IS 'When maintain() could not count it last; it tries again after six hours';
COMMENT ON COLUMN citybigdata.map_layer.failure IS 'Why';
COMMENT ON TABLE citybigdata.map_cells IS 'Kept counts of the tiles that have more rows than a tile shows as features';
COMMENT ON COLUMN citybigdata.map_cells.resource_code IS 'Code of the resource';
COMMENT ON COLUMN citybigdata.map_cells.gcj02 IS 'Is the tile one of GCJ-02? Else of EPSG:3857';
COMMENT ON COLUMN citybigdata.map_cells.z IS 'Zoom';
COMMENT ON COLUMN citybigdata.map_cells.x IS 'Column, from the west';
COMMENT ON COLUMN citybigdata.map_cells.y IS 'Row, from the north';
COMMENT ON COLUMN citybigdata.map_cells.cells IS 'Cells with rows, six bytes each, the lowest first: number of the cell (row times 32 and column), count';
COMMENT ON TABLE citybigdata.map_seen IS 'Who was shown tiles of which layer, for the audit log, which has one row for a token, a layer and a minute';
COMMENT ON COLUMN citybigdata.map_seen.key IS 'Digest of application, account, token and layer';
COMMENT ON COLUMN citybigdata.map_seen.minute IS 'Minutes since 2000 of the last audit row';
-- made anew: no rows in a dump
SELECT pg_catalog.pg_extension_config_dump('citybigdata.map_layer', 'WHERE false');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.map_cells', 'WHERE false');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.map_seen', 'WHERE false');

-- Boundaries and duty grids as layers: setup() publishes them (86-archive-resources.sql).
CREATE OR REPLACE VIEW citybigdata.published_division AS
SELECT b.code, d.name, d.parent_code, d.level AS division_level, b.geom
FROM citybigdata.division_boundary b LEFT JOIN citybigdata.division d ON d.code OPERATOR(pg_catalog.=) b.code;
COMMENT ON VIEW citybigdata.published_division IS 'Boundaries of divisions 行政区划边界 as resource divisions shows them';
COMMENT ON COLUMN citybigdata.published_division.code IS 'Division code 行政区划代码';
COMMENT ON COLUMN citybigdata.published_division.name IS 'Name 名称';
COMMENT ON COLUMN citybigdata.published_division.parent_code IS 'Code of the division above 上级代码';
COMMENT ON COLUMN citybigdata.published_division.division_level IS '1 province, 2 prefecture, 3 district, 4 street, 5 community 级别';
COMMENT ON COLUMN citybigdata.published_division.geom IS 'Boundary 边界';
CREATE OR REPLACE VIEW citybigdata.published_grid AS
SELECT g.grid_code, g.name, g.division_code, g.unit_code, g.updated_at, g.geom FROM citybigdata.duty_grid g;
COMMENT ON VIEW citybigdata.published_grid IS 'Duty grids 责任网格 as resource grid shows them, without who inspects them';
COMMENT ON COLUMN citybigdata.published_grid.grid_code IS 'Code 网格编码';
COMMENT ON COLUMN citybigdata.published_grid.name IS 'Name 名称';
COMMENT ON COLUMN citybigdata.published_grid.division_code IS 'Division 行政区划代码';
COMMENT ON COLUMN citybigdata.published_grid.unit_code IS 'Responsible unit 责任单位';
COMMENT ON COLUMN citybigdata.published_grid.updated_at IS 'When it was changed last 更新时间';
COMMENT ON COLUMN citybigdata.published_grid.geom IS 'Area 范围';

-- ---- kept counts ----
CREATE OR REPLACE FUNCTION citybigdata.layer_changes(code text) RETURNS bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN c.relkind IN ('r', 'p') THEN
        (SELECT sum(pg_stat_get_tuples_inserted(t.relid) + pg_stat_get_tuples_updated(t.relid) + pg_stat_get_tuples_deleted(t.relid))::bigint
         FROM (SELECT c.oid AS relid UNION SELECT p.relid FROM pg_partition_tree(c.oid) p UNION SELECT i.inhrelid FROM pg_inherits i WHERE i.inhparent = c.oid) t) END
    FROM citybigdata.resource_version v JOIN pg_namespace n ON n.nspname = v.schema_name
    JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = v.relation_name
    WHERE v.resource_code = code AND v.state = 'current' AND v.arguments IS NULL
$$;
COMMENT ON FUNCTION citybigdata.layer_changes(text) IS 'How many rows were ever written to the table of a resource, by the statistics of PostgreSQL; null for a view; for maintain_map()';

CREATE OR REPLACE FUNCTION citybigdata.count_layer(code text, seconds integer DEFAULT 600) RETURNS bigint
    AS 'MODULE_PATHNAME', 'cbd_count_layer' LANGUAGE c VOLATILE STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.count_layer(text, integer) IS
'Counts the rows of a layer of the map service for its tiles of low zooms, as its publisher, within so many seconds; maintain() does it for layers of more than 100000 rows. Returns the number of places. '
'seconds 0: nothing is counted, the number of rows that the planner expects. Errors: 40407, 50304, 40007 no table or view with a place, 50400 not within the time';

-- Counts the layer that waits longest, when one is due: a large one that was never counted, or whose data have changed since.
CREATE OR REPLACE FUNCTION citybigdata.maintain_map(OUT counted text, OUT seen_removed bigint)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    age  interval := current_setting('citybigdata.tile_count_age')::interval;
    -- what the bridge gives maintain() is 30 s: what is done together is lost together
    left_over integer := 24 - extract(epoch FROM clock_timestamp() - statement_timestamp())::integer;
    tried boolean := false;
    due  record;
BEGIN
    DELETE FROM citybigdata.map_seen s WHERE s.minute < floor(extract(epoch FROM now() - timestamptz '2000-01-01 00:00:00+00') / 60) - 2;
    GET DIAGNOSTICS seen_removed = ROW_COUNT;
    DELETE FROM citybigdata.map_layer l
    WHERE NOT EXISTS (SELECT FROM citybigdata.resource_version v WHERE v.resource_code = l.resource_code AND v.version = l.version AND v.state = 'current');
    DELETE FROM citybigdata.map_cells c WHERE NOT EXISTS (SELECT FROM citybigdata.map_layer l WHERE l.resource_code = c.resource_code);
    IF age = interval '0' OR left_over < 5 THEN
        RETURN;
    END IF;
    UPDATE citybigdata.map_layer l SET checked_at = now()
    WHERE l.checked_at < now() - age * 0.4 AND l.changes = citybigdata.layer_changes(l.resource_code);
    FOR due IN
        SELECT v.resource_code, v.version FROM citybigdata.resource_version v LEFT JOIN citybigdata.map_layer l ON l.resource_code = v.resource_code
        WHERE v.state = 'current' AND v.geometry_column IS NOT NULL AND v.arguments IS NULL
          AND (l.checked_at IS NULL OR l.checked_at < now() - age * 0.4) AND (l.failed_at IS NULL OR l.failed_at < now() - interval '6 hours')
        ORDER BY l.checked_at NULLS FIRST, v.resource_code
    LOOP
        BEGIN
            CONTINUE WHEN citybigdata.count_layer(due.resource_code, 0) <= 100000;
            tried := true;
            PERFORM citybigdata.count_layer(due.resource_code, left_over);
            counted := due.resource_code;
            RETURN;
        EXCEPTION WHEN lock_not_available THEN
            NULL; -- somebody counts it at this moment
        WHEN OTHERS THEN
            RAISE LOG 'layer % was not counted: %', due.resource_code, SQLERRM;
            INSERT INTO citybigdata.map_layer (resource_code, version, failed_at, failure) VALUES (due.resource_code, due.version, now(), SQLERRM)
            ON CONFLICT (resource_code) DO UPDATE SET failed_at = excluded.failed_at, failure = excluded.failure;
        END;
        EXIT WHEN tried;
    END LOOP;
END
$$;
COMMENT ON FUNCTION citybigdata.maintain_map() IS
'Housekeeping of the map service, part of maintain(): counts at most one large layer, whose counts are missing or older than two fifths of citybigdata.tile_count_age while its data have changed; returns its code and how many rows of map_seen were removed';

-- ---- endpoints ----
CREATE OR REPLACE FUNCTION citybigdata.rest_tile(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    layer text, z text, x text, y text, names text[], vals text[], tags text, judge boolean DEFAULT false) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_tile' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_tile(text, inet, text, text, bytea, text, text, text, text, text[], text[], text, boolean) IS
'GET /tiles/{layer}/{z}/{x}/{y}.mvt: parameters in the order and as often as given. tags: the header If-None-Match. Reply frame: the vector tile with its content type and entity tag; http 304: one of the tags '
'is the tile''s; 204: it is empty. judge: no row of the layer is read; where no tag fits, `more` is the credential of scheme continued for the call that makes the tile. 401nn, 40300, 40301, 40407 as GET /data/{resource}; 40007, 40008, 40009, 40019 with every wrong parameter; 50304, 50400';

CREATE OR REPLACE FUNCTION citybigdata.rest_tile_layer(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    layer text, base text, names text[] DEFAULT NULL, vals text[] DEFAULT NULL, tags text DEFAULT NULL) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_tile_layer' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_tile_layer(text, inet, text, text, bytea, text, text, text[], text[], text) IS
'GET /tiles/{layer}.json: the layer as TileJSON 3.0, with the fields that the caller sees. base: the public address of the API; names, vals: parameters of the tiles, which their addresses carry; tags: the header If-None-Match. 401nn, 40300, 40301, 40407 as GET /data/{resource}';

CREATE OR REPLACE FUNCTION citybigdata.rest_tile_style(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    layer text, base text, names text[] DEFAULT NULL, vals text[] DEFAULT NULL, tags text DEFAULT NULL) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_tile_style' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_tile_style(text, inet, text, text, bytea, text, text, text[], text[], text) IS
'GET /tiles/{layer}/style.json: a style of MapLibre for the layer. base: the public address of the API; names, vals: parameters of the tiles, which their addresses carry; tags: the header If-None-Match. 401nn, 40300, 40301, 40407 as GET /data/{resource}';
