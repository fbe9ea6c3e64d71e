-- Publishing: what can be derived of a relation, and the catalogue rows that come of it.
COMMENT ON TABLE citybigdata.resource_version IS 'Published data interfaces 数据接口, one row a version; publish() writes it';
COMMENT ON COLUMN citybigdata.resource_version.resource_code IS 'Code of the resource, the address identifier of clause 5.3.3';
COMMENT ON COLUMN citybigdata.resource_version.version IS 'Version, from 1; publishing again makes the next one';
COMMENT ON COLUMN citybigdata.resource_version.state IS 'current, superseded, withdrawn; proposed: waits for the security administrator, see level_proposal; refused. At most one current version a resource';
COMMENT ON COLUMN citybigdata.resource_version.publisher IS 'Database role that owned the relation when it was published; the relation is read as that role, and only while it owns it';
COMMENT ON COLUMN citybigdata.resource_version.schema_name IS 'Schema of the relation or function';
COMMENT ON COLUMN citybigdata.resource_version.relation_name IS 'Name of the table, view or set-returning function';
COMMENT ON COLUMN citybigdata.resource_version.arguments IS 'Identity arguments of the function; null for a table or view';
COMMENT ON COLUMN citybigdata.resource_version.title IS 'English title';
COMMENT ON COLUMN citybigdata.resource_version.title_zh IS 'Chinese title';
COMMENT ON COLUMN citybigdata.resource_version.description IS 'English description for the interface manual';
COMMENT ON COLUMN citybigdata.resource_version.description_zh IS 'Chinese description for the interface manual';
COMMENT ON COLUMN citybigdata.resource_version.layer IS 'Layer of the data: theme 专项, industry 行业, base 基础 (chapter 4)';
COMMENT ON COLUMN citybigdata.resource_version.industry IS 'Code of code table industry: lighting, water, power ...; null where it does not apply';
COMMENT ON COLUMN citybigdata.resource_version.source IS 'Where base data come from: society 社会, government 政务, own 自有; null where it does not apply';
COMMENT ON COLUMN citybigdata.resource_version.level IS 'Data level 1 to 3; level 4 (classified 涉密) is never published';
COMMENT ON COLUMN citybigdata.resource_version.data_owner IS 'Who is responsible for the data';
COMMENT ON COLUMN citybigdata.resource_version.update_cycle IS 'How often the data change, for the manual';
COMMENT ON COLUMN citybigdata.resource_version.sunset IS 'Day from which the interface is no longer served; null = none planned';
COMMENT ON COLUMN citybigdata.resource_version.key_columns IS 'Unique, not null columns that order the pages';
COMMENT ON COLUMN citybigdata.resource_version.time_column IS 'Column that time and timeRange look at';
COMMENT ON COLUMN citybigdata.resource_version.division_column IS 'Column with GB/T 2260 codes that divisionCode looks at';
COMMENT ON COLUMN citybigdata.resource_version.division_digits IS 'Every code in it has so many digits (6, 9, 12); null = mixed. Known length allows equality instead of a range';
COMMENT ON COLUMN citybigdata.resource_version.geometry_column IS 'Column that bbox and crs look at; with latitude_column: the longitude in degrees';
COMMENT ON COLUMN citybigdata.resource_version.srid IS 'Its coordinate system';
COMMENT ON COLUMN citybigdata.resource_version.version_column IS 'Column whose values tell the state of the data (ETag); null = none';
COMMENT ON COLUMN citybigdata.resource_version.latency_budget IS 'Milliseconds a page may take; beyond them 504';
COMMENT ON COLUMN citybigdata.resource_version.published_at IS 'When this version was published';
COMMENT ON COLUMN citybigdata.resource_version.latitude_column IS 'Column of the latitude, where the place is made of two columns; null = geometry_column is a geometry';
COMMENT ON COLUMN citybigdata.resource_version.withdrawn_at IS 'When it was superseded or withdrawn';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.resource_version', '');

COMMENT ON TABLE citybigdata.resource_field IS 'Fields of a published version, in order';
COMMENT ON COLUMN citybigdata.resource_field.resource_code IS 'Code of the resource';
COMMENT ON COLUMN citybigdata.resource_field.version IS 'Its version';
COMMENT ON COLUMN citybigdata.resource_field.position IS 'Place in the reply, from 1';
COMMENT ON COLUMN citybigdata.resource_field.name IS 'JSON name: camelCase, a valid XML name (clause 5.4.2)';
COMMENT ON COLUMN citybigdata.resource_field.column_name IS 'Column of the relation';
COMMENT ON COLUMN citybigdata.resource_field.type_name IS 'Its type at the time of publishing; another type later stops the interface';
COMMENT ON COLUMN citybigdata.resource_field.title IS 'English title';
COMMENT ON COLUMN citybigdata.resource_field.title_zh IS 'Chinese title';
COMMENT ON COLUMN citybigdata.resource_field.description IS 'Meaning, for the manual';
COMMENT ON COLUMN citybigdata.resource_field.unit IS 'Unit of measure; null = none';
COMMENT ON COLUMN citybigdata.resource_field.level IS 'Data level 1 to 3; a caller below it sees the masked value';
COMMENT ON COLUMN citybigdata.resource_field.code_table IS 'Code table of the values; divisions = GB/T 2260 codes';
COMMENT ON COLUMN citybigdata.resource_field.mask IS 'How it is masked: all, phone, name, address, id-number; null = left out (null)';
COMMENT ON COLUMN citybigdata.resource_field.filterable IS 'May be used as a filter';
COMMENT ON COLUMN citybigdata.resource_field.sortable IS 'May be used in sort';
COMMENT ON COLUMN citybigdata.resource_field.file IS 'The values are files, given by URL (clause 5.4.4-b): {type, typeColumn, nameColumn}, each may be missing; null = no file';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.resource_field', '');

COMMENT ON TABLE citybigdata.resource_parameter IS 'Parameters that a resource declares beyond those that all have; for a function: its arguments';
COMMENT ON COLUMN citybigdata.resource_parameter.resource_code IS 'Code of the resource';
COMMENT ON COLUMN citybigdata.resource_parameter.version IS 'Its version';
COMMENT ON COLUMN citybigdata.resource_parameter.position IS 'Place in the manual, from 1';
COMMENT ON COLUMN citybigdata.resource_parameter.name IS 'Name in the request: camelCase';
COMMENT ON COLUMN citybigdata.resource_parameter.column_name IS 'Column that it filters, or argument of the function';
COMMENT ON COLUMN citybigdata.resource_parameter.type_name IS 'Type of the column or argument';
COMMENT ON COLUMN citybigdata.resource_parameter.operator IS 'Comparison; eq for function arguments';
COMMENT ON COLUMN citybigdata.resource_parameter.required IS 'A request without it is refused';
COMMENT ON COLUMN citybigdata.resource_parameter.default_value IS 'Value when it is absent; null = no filter, or the function''s own default';
COMMENT ON COLUMN citybigdata.resource_parameter.title IS 'English title';
COMMENT ON COLUMN citybigdata.resource_parameter.title_zh IS 'Chinese title';
COMMENT ON COLUMN citybigdata.resource_parameter.description IS 'Meaning, for the manual';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.resource_parameter', '');

COMMENT ON TABLE citybigdata.cursor_key IS 'Key that authenticates page cursors (HMAC-SHA-256): one row';
COMMENT ON COLUMN citybigdata.cursor_key.only_row IS 'Always true: the table has one row';
COMMENT ON COLUMN citybigdata.cursor_key.key IS '32 random bytes';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.cursor_key', '');

COMMENT ON TABLE citybigdata.bound_object IS 'Which relation or function a resource, dataset or algorithm means, by OID; a dump leaves it out, bind_restored() makes it again';
COMMENT ON COLUMN citybigdata.bound_object.kind IS 'resource, dataset or algorithm';
COMMENT ON COLUMN citybigdata.bound_object.code IS 'Code of the resource or dataset';
COMMENT ON COLUMN citybigdata.bound_object.version IS 'Version of the resource; 0 for a dataset or algorithm';
COMMENT ON COLUMN citybigdata.bound_object.object_oid IS 'OID of the table, view or function';
COMMENT ON COLUMN citybigdata.bound_object.cluster_id IS 'System identifier of the cluster in which that OID is valid';
COMMENT ON COLUMN citybigdata.bound_object.database_oid IS 'OID of the database in which that OID is valid';

-- Backends keep what they read of the catalogue; a change of it tells them to forget.
CREATE OR REPLACE FUNCTION citybigdata.catalogue_changed() RETURNS trigger
    AS 'MODULE_PATHNAME', 'cbd_catalogue_changed' LANGUAGE c VOLATILE;
COMMENT ON FUNCTION citybigdata.catalogue_changed() IS 'Trigger: every backend reads the catalogue again';
CREATE OR REPLACE TRIGGER resource_version_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON citybigdata.resource_version
    FOR EACH STATEMENT EXECUTE FUNCTION citybigdata.catalogue_changed();
CREATE OR REPLACE TRIGGER bound_object_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON citybigdata.bound_object
    FOR EACH STATEMENT EXECUTE FUNCTION citybigdata.catalogue_changed();
CREATE OR REPLACE TRIGGER resource_field_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON citybigdata.resource_field
    FOR EACH STATEMENT EXECUTE FUNCTION citybigdata.catalogue_changed();
CREATE OR REPLACE TRIGGER resource_parameter_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON citybigdata.resource_parameter
    FOR EACH STATEMENT EXECUTE FUNCTION citybigdata.catalogue_changed();

CREATE OR REPLACE FUNCTION citybigdata.publish(relation text, options jsonb DEFAULT '{}',
                                               OUT code text, OUT version integer, OUT address text, OUT advice text[])
    AS 'MODULE_PATHNAME', 'cbd_publish' LANGUAGE c VOLATILE STRICT;
COMMENT ON FUNCTION citybigdata.publish(text, jsonb) IS
'Publishes a table, view or set-returning function (name(argument types)) as a data interface, for its owner or a member of that role; it is read from now on as its owner. '
'Again: as a new version; one that shows more than the one before waits for approve_levels(). '
'Options, all with defaults derived from the relation: code, names (column, pinyin, number), title, titleZh, description, descriptionZh, layer (theme, industry, base), industry, source (society, government, own), level (1-3), owner, '
'updateCycle, sunset, keyset, timeColumn, divisionColumn, divisionDigits, geometryColumn, longitudeColumn, latitudeColumn, srid, versionColumn, latencyBudget (ms), '
'fields {column: {name, title, titleZh, description, unit, level, codeTable, mask, filterable, sortable, exclude, file}}, '
'parameters [{name, column, operator, required, default, title, titleZh, description}]; publish_options() explains each. '
'A bytea column is published by URL with file: true, or {type, typeColumn, nameColumn} (content type; columns with type and file name); without it it is left out. '
'advice: what does not work with it and would be missed, what will surprise, and commands that make it faster';

CREATE OR REPLACE FUNCTION citybigdata.unpublish(code text) RETURNS void
    AS 'MODULE_PATHNAME', 'cbd_unpublish' LANGUAGE c VOLATILE STRICT;
COMMENT ON FUNCTION citybigdata.unpublish(text) IS 'Withdraws a data interface; its versions stay in the catalogue, its code can be published again';

-- The result columns of a relation or function, whoever may read it.
CREATE OR REPLACE FUNCTION citybigdata.relation_columns(schema_name text, relation_name text, arguments text,
    OUT place integer, OUT column_name text, OUT type_oid oid, OUT type_mod integer, OUT not_null boolean, OUT comment text)
    RETURNS SETOF record LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT a.attnum::integer, a.attname::text, a.atttypid, a.atttypmod, a.attnotnull, col_description(c.oid, a.attnum)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE $3 IS NULL AND n.nspname = $1 AND c.relname = $2 AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
      AND a.attnum > 0 AND NOT a.attisdropped
    UNION ALL
    SELECT o.place::integer, o.name, o.type, -1, false, NULL
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    CROSS JOIN unnest(p.proallargtypes, p.proargmodes, p.proargnames) WITH ORDINALITY AS o (type, mode, name, place)
    WHERE $3 IS NOT NULL AND n.nspname = $1 AND p.proname = $2 AND pg_get_function_identity_arguments(p.oid) = $3
      AND o.mode IN ('o', 'b', 't')
    UNION ALL
    SELECT a.attnum::integer, a.attname::text, a.atttypid, a.atttypmod, false, NULL
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    JOIN pg_type t ON t.oid = p.prorettype JOIN pg_attribute a ON a.attrelid = t.typrelid
    WHERE $3 IS NOT NULL AND n.nspname = $1 AND p.proname = $2 AND pg_get_function_identity_arguments(p.oid) = $3
      AND p.proallargtypes IS NULL AND a.attnum > 0 AND NOT a.attisdropped
    ORDER BY 1
$$;
COMMENT ON FUNCTION citybigdata.relation_columns(text, text, text) IS
'Result columns of a table, view or function (with its identity arguments); no row = it does not exist';

CREATE OR REPLACE FUNCTION citybigdata.camel_case(name text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT lower(left(joined, 1)) || substr(joined, 2)
    FROM (SELECT string_agg(CASE WHEN place = 1 THEN word ELSE upper(left(word, 1)) || substr(word, 2) END, '' ORDER BY place) AS joined
          -- all in capitals is a spelling, no word boundary
          FROM regexp_split_to_table(CASE WHEN $1 = upper($1) THEN lower($1) ELSE $1 END, '[^A-Za-z0-9一-龥]+') WITH ORDINALITY AS w (word, place) WHERE word <> '') j
$$;
COMMENT ON FUNCTION citybigdata.camel_case(text) IS 'The JSON name derived of a column name: street_light_id and STREET_LIGHT_ID give streetLightId';

-- A title in one language: what is given, else the comment's first sentence in that language, else the words of the name.
CREATE OR REPLACE FUNCTION citybigdata.derived_title(given text, comment text, name text, chinese boolean) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(nullif(btrim($1), ''),
        (SELECT nullif(btrim(substring($2 from '^[^\n。；;]*')), '') WHERE $4 = ($2 ~ '[一-龥]')),
        (SELECT nullif(btrim(substring($2 from '^[^\n。；;]*')), '') WHERE $4),
        upper(left($3, 1)) || substr(regexp_replace($3, '[_-]+', ' ', 'g'), 2))
$$;
COMMENT ON FUNCTION citybigdata.derived_title(text, text, text, boolean) IS 'Title of a resource or field where none is given';

-- Columns of the relation's key: option, primary key, or a unique index over columns that are not null.
CREATE OR REPLACE FUNCTION citybigdata.derived_key(relation oid, relation_kind "char") RETURNS text[]
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT array_agg(a.attname::text ORDER BY k.place)
    FROM (SELECT i.indexrelid, i.indkey FROM pg_index i
          WHERE i.indrelid = $1 AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL
            AND ($2 = 'm' OR NOT EXISTS (SELECT FROM pg_attribute n WHERE n.attrelid = $1 AND NOT n.attnotnull
                                         AND n.attnum = ANY (i.indkey::smallint[])))
          ORDER BY i.indisprimary DESC, i.indnkeyatts, i.indexrelid LIMIT 1) best
    CROSS JOIN unnest(best.indkey::smallint[]) WITH ORDINALITY AS k (attnum, place)
    JOIN pg_attribute a ON a.attrelid = $1 AND a.attnum = k.attnum
    JOIN pg_index x ON x.indexrelid = best.indexrelid AND k.place <= x.indnkeyatts
$$;
COMMENT ON FUNCTION citybigdata.derived_key(oid, "char") IS 'Key columns of a table: primary key, else a unique index over not null columns; null = none';

-- Column names that lead an index of the access method; `relation` null (a function) has none.
CREATE OR REPLACE FUNCTION citybigdata.index_leaders(relation oid, method name) RETURNS text[]
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(array_agg(DISTINCT coalesce(a.attname::text, pg_get_indexdef(i.indexrelid, 1, true))), '{}')
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am m ON m.oid = c.relam
    LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0] AND i.indkey[0] <> 0
    WHERE i.indrelid = $1 AND m.amname = $2 AND i.indisvalid AND i.indpred IS NULL
$$;
COMMENT ON FUNCTION citybigdata.index_leaders(oid, name) IS 'Columns that lead an index of the access method (btree, gist); one that leads with an expression names it as PostgreSQL writes it';

-- The type under all domains.
CREATE OR REPLACE FUNCTION citybigdata.base_type(type_oid oid) RETURNS oid
    LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp AS $$
    WITH RECURSIVE t AS (SELECT $1 AS oid UNION ALL SELECT y.typbasetype FROM t JOIN pg_type y ON y.oid = t.oid WHERE y.typtype = 'd')
    SELECT t.oid FROM t JOIN pg_type y ON y.oid = t.oid WHERE y.typtype <> 'd'
$$;
COMMENT ON FUNCTION citybigdata.base_type(oid) IS 'The type that a domain is made of, through all of them; any other type itself';

-- Types are judged by OID: a name may be anybody's.
CREATE OR REPLACE FUNCTION citybigdata.column_serves(type_oid oid, use text) RETURNS boolean
    AS 'MODULE_PATHNAME', 'cbd_column_serves' LANGUAGE c STABLE STRICT;
COMMENT ON FUNCTION citybigdata.column_serves(oid, text) IS
'May a column of the type be published at all (shown), and serve as key, time, division, place, version, filter, text (mask, like), file, argument or degree (longitude, latitude)? geography: is it that type of PostGIS?';
CREATE OR REPLACE FUNCTION citybigdata.place_srid(type_oid oid, type_mod integer) RETURNS integer
    AS 'MODULE_PATHNAME', 'cbd_place_srid' LANGUAGE c STABLE STRICT;
COMMENT ON FUNCTION citybigdata.place_srid(oid, integer) IS 'Coordinate system that the type of a PostGIS column declares; null = none, or no geometry';

-- The relation or function of that name now; null: there is none.
CREATE OR REPLACE FUNCTION citybigdata.named_object(schema_name text, relation_name text, arguments text, OUT object_oid oid, OUT owner name)
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT c.oid, pg_get_userbyid(c.relowner) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE $3 IS NULL AND n.nspname = $1 AND c.relname = $2 AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
    UNION ALL
    SELECT p.oid, pg_get_userbyid(p.proowner) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE $3 IS NOT NULL AND n.nspname = $1 AND p.proname = $2 AND pg_get_function_identity_arguments(p.oid) = $3
$$;
COMMENT ON FUNCTION citybigdata.named_object(text, text, text) IS 'OID and owner of the table, view or function of that name';

CREATE OR REPLACE FUNCTION citybigdata.cluster_id() RETURNS bigint
    AS 'MODULE_PATHNAME', 'cbd_cluster_id' LANGUAGE c STABLE;
COMMENT ON FUNCTION citybigdata.cluster_id() IS 'System identifier of this cluster: OIDs of another one mean nothing here';

CREATE OR REPLACE FUNCTION citybigdata.bind_object(kind text, code text, version integer, object_oid oid) RETURNS void
    LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO citybigdata.bound_object AS b (kind, code, version, object_oid, cluster_id, database_oid)
    SELECT $1, $2, $3, $4, citybigdata.cluster_id(), d.oid FROM pg_database d WHERE d.datname = current_database()
    ON CONFLICT ON CONSTRAINT bound_object_pkey DO UPDATE
    SET object_oid = excluded.object_oid, cluster_id = excluded.cluster_id, database_oid = excluded.database_oid
$$;
COMMENT ON FUNCTION citybigdata.bind_object(text, text, integer, oid) IS 'Remembers which object a resource, dataset or algorithm means; for publish_as(), define_dataset_as(), register_algorithm_as() and bind_restored()';

-- After a restore or a copy of the database OIDs are others. What has name, owner and columns as recorded is taken for the same.
CREATE OR REPLACE FUNCTION citybigdata.bind_restored() RETURNS bigint
    LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
    WITH meant AS (
        SELECT 'resource' AS kind, v.resource_code AS code, v.version, v.publisher AS owner, v.schema_name, v.relation_name, v.arguments
        FROM citybigdata.resource_version v WHERE v.state IN ('current', 'proposed')
        UNION ALL
        SELECT 'dataset', d.dataset_code, 0, d.owner_role, d.schema_name, d.relation_name, NULL FROM citybigdata.dataset d
        UNION ALL
        SELECT 'algorithm', a.algorithm_code, 0, a.publisher, a.schema_name, a.function_name, a.arguments FROM citybigdata.algorithm a),
    unbound AS (
        SELECT m.* FROM meant m WHERE NOT EXISTS (
            SELECT FROM citybigdata.bound_object b JOIN pg_database d ON d.oid = b.database_oid AND d.datname = current_database()
            WHERE b.cluster_id = citybigdata.cluster_id() AND (b.kind, b.code, b.version) = (m.kind, m.code, m.version)))
    SELECT count(*) FROM (
        SELECT citybigdata.bind_object(u.kind, u.code, u.version, o.object_oid)
        FROM unbound u CROSS JOIN LATERAL citybigdata.named_object(u.schema_name, u.relation_name, u.arguments) o
        WHERE o.owner = u.owner AND NOT EXISTS (
            SELECT FROM citybigdata.resource_field f WHERE u.kind = 'resource' AND f.resource_code = u.code AND f.version = u.version AND NOT EXISTS (
                SELECT FROM citybigdata.relation_columns(u.schema_name, u.relation_name, u.arguments) c
                WHERE c.column_name = f.column_name AND format_type(c.type_oid, NULL) = f.type_name)) OFFSET 0) bound
$$;
COMMENT ON FUNCTION citybigdata.bind_restored() IS
'Remembers by OID what resources, datasets and algorithms mean where that is not known, after a restore: what has name, owner and columns as recorded. For setup() and maintain(); returns how many';

-- What is wrong with the object behind a name, for who reads catalogue_problems(); null: nothing.
CREATE OR REPLACE FUNCTION citybigdata.object_fault(kind text, code text, version integer, owner text, schema_name text, relation_name text, arguments text) RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    WITH bound AS (
        SELECT b.object_oid, CASE WHEN $7 IS NULL THEN (SELECT c.oid::regclass::text FROM pg_class c WHERE c.oid = b.object_oid)
                                  ELSE (SELECT p.oid::regprocedure::text FROM pg_proc p WHERE p.oid = b.object_oid) END AS called
        FROM citybigdata.bound_object b JOIN pg_database d ON d.oid = b.database_oid AND d.datname = current_database()
        WHERE b.cluster_id = citybigdata.cluster_id() AND b.kind = $1 AND b.code = $2 AND b.version = $3)
    SELECT CASE
        WHEN o.object_oid IS NULL AND b.called IS NOT NULL THEN citybigdata.say('the relation is called {called} now', 'called', b.called)
        WHEN o.object_oid IS NULL THEN citybigdata.say('the relation does not exist')
        WHEN b.object_oid <> o.object_oid AND b.called IS NOT NULL THEN citybigdata.say('another relation has its name; it is called {called} now', 'called', b.called)
        WHEN b.object_oid <> o.object_oid THEN citybigdata.say('the relation was dropped and made again')
        WHEN o.owner <> $4 THEN citybigdata.say('the relation belongs to {owner}; it was published as that of {publisher}', 'owner', o.owner, 'publisher', $4)
        WHEN NOT current_setting('citybigdata.superuser_code')::boolean AND (SELECT r.rolsuper FROM pg_roles r WHERE r.rolname = $4)
             AND ($7 IS NOT NULL OR EXISTS (SELECT FROM pg_class c WHERE c.oid = o.object_oid AND c.relkind IN ('v', 'f'))
                  OR $1 = 'dataset' AND EXISTS (
                      WITH RECURSIVE part AS (SELECT o.object_oid AS oid UNION SELECT i.inhrelid FROM part JOIN pg_inherits i ON i.inhparent = part.oid)
                      SELECT FROM part JOIN pg_trigger t ON t.tgrelid = part.oid AND NOT t.tgisinternal))
            THEN citybigdata.say('it belongs to {owner}, a superuser, and its code would run with all rights: give it to a role of its own, or set citybigdata.superuser_code', 'owner', o.owner)
        WHEN $7 IS NULL THEN (
            WITH RECURSIVE part AS (SELECT o.object_oid AS oid UNION SELECT i.inhrelid FROM part JOIN pg_inherits i ON i.inhparent = part.oid)
            SELECT citybigdata.say('its partition or child {part} belongs to {owner}', 'part', c.oid::regclass, 'owner', pg_get_userbyid(c.relowner))
            FROM part JOIN pg_class c ON c.oid = part.oid WHERE pg_get_userbyid(c.relowner) <> $4 ORDER BY c.oid LIMIT 1) END
    FROM (SELECT) one LEFT JOIN bound b ON true LEFT JOIN LATERAL citybigdata.named_object($5, $6, $7) o ON true
$$;
COMMENT ON FUNCTION citybigdata.object_fault(text, text, integer, text, text, text, text) IS
'Why the object of that name is not, or not rightfully, what a resource or dataset means; null = it is';

-- Refuses an option that nobody reads: a misspelt one must not be ignored.
CREATE OR REPLACE FUNCTION citybigdata.check_option_names(options jsonb, known text[], place text) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    strange text;
BEGIN
    IF jsonb_typeof(options) <> 'object' THEN
        RAISE EXCEPTION USING MESSAGE = citybigdata.say('{place} must be a JSON object', 'place', place), ERRCODE = 'invalid_parameter_value', HINT = citybigdata.say('For example {"level": 2}.');
    END IF;
    SELECT k INTO strange FROM jsonb_object_keys(options) k WHERE k <> ALL (known) ORDER BY k LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION USING MESSAGE = citybigdata.say('unknown option "{strange}" in {place}', 'strange', strange, 'place', place),
            ERRCODE = 'invalid_parameter_value', HINT = citybigdata.say('Known: {known}.', 'known', array_to_string(known, ', '));
    END IF;
END
$$;
COMMENT ON FUNCTION citybigdata.check_option_names(jsonb, text[], text) IS 'Refuses unknown members of an options object';

CREATE OR REPLACE FUNCTION citybigdata.unpublish_as(publisher text, is_administrator boolean, code text) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    holder text;
BEGIN
    PERFORM citybigdata.own_lock('publish ' || code);
    SELECT v.publisher INTO holder FROM citybigdata.resource_version v WHERE v.resource_code = code AND v.state = 'current';
    IF NOT FOUND THEN
        RAISE EXCEPTION USING MESSAGE = citybigdata.say('resource "{code}" is not published', 'code', code), ERRCODE = 'undefined_object',
            HINT = coalesce((SELECT citybigdata.say('Published: {codes}.', 'codes', string_agg(v.resource_code, ', ' ORDER BY v.resource_code)) FROM citybigdata.resource_version v WHERE v.state = 'current' HAVING count(*) > 0),
                            citybigdata.say('Nothing is published; SELECT citybigdata.publish(''public.street_light'') publishes a table.'));
    ELSIF holder <> publisher AND NOT is_administrator
          AND NOT coalesce((SELECT pg_has_role(r.oid, h.oid, 'MEMBER') FROM pg_roles r, pg_roles h WHERE r.rolname = publisher AND h.rolname = holder), false) THEN
        RAISE EXCEPTION USING MESSAGE = citybigdata.say('resource "{code}" was published by {holder}', 'code', code, 'holder', holder), ERRCODE = 'insufficient_privilege',
            HINT = citybigdata.say('SET ROLE {role}; or ask a member of citybigdata_sysadmin.', 'role', quote_ident(holder));
    END IF;
    UPDATE citybigdata.resource_version v SET state = 'withdrawn', withdrawn_at = now() WHERE v.resource_code = code AND v.state = 'current';
    PERFORM citybigdata.supersede_proposal(code, publisher);
    DELETE FROM citybigdata.resource r WHERE r.resource_code = code AND NOT r.shipped;
END
$$;
COMMENT ON FUNCTION citybigdata.unpublish_as(text, boolean, text) IS 'The work of unpublish(), after it has found out who calls';

CREATE OR REPLACE FUNCTION citybigdata.catalogue_problems(OUT code text, OUT version integer, OUT severity text, OUT subject text, OUT problem text, OUT remedy text)
    RETURNS SETOF record LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH published AS (
        SELECT v.*, r.oid AS role_oid, (SELECT n.oid FROM pg_namespace n WHERE n.nspname = v.schema_name) AS schema_oid,
            (SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE v.arguments IS NULL AND n.nspname = v.schema_name AND c.relname = v.relation_name AND c.relkind IN ('r', 'p', 'v', 'm', 'f')) AS relation_oid,
            (SELECT p.oid FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
             WHERE n.nspname = v.schema_name AND p.proname = v.relation_name AND pg_get_function_identity_arguments(p.oid) = v.arguments) AS function_oid
        FROM citybigdata.resource_version v LEFT JOIN pg_roles r ON r.rolname = v.publisher WHERE v.state = 'current'),
    columns AS (
        SELECT p.resource_code, c.* FROM published p CROSS JOIN LATERAL citybigdata.relation_columns(p.schema_name, p.relation_name, p.arguments) c)
    SELECT '-', NULL::integer, 'error', x.extname::text, citybigdata.say('the platform may not use its schema {schema}: reports and places fail', 'schema', quote_ident(n.nspname)),
           format('GRANT USAGE ON SCHEMA %I TO citybigdata_owner;', n.nspname)
    FROM pg_extension x JOIN pg_namespace n ON n.oid = x.extnamespace
    WHERE x.extname IN ('postgis', 'pgcrypto') AND NOT has_schema_privilege('citybigdata_owner', n.oid, 'USAGE')
    UNION ALL
    SELECT p.resource_code, p.version, 'error', format('%I.%I', p.schema_name, p.relation_name), o.fault,
           CASE WHEN p.relation_oid IS NULL AND p.function_oid IS NULL THEN citybigdata.say('Restore it, or {command}', 'command', format('SELECT citybigdata.unpublish(%L);', p.resource_code))
                ELSE citybigdata.say('Its owner publishes it again; or {command}', 'command', format('SELECT citybigdata.unpublish(%L);', p.resource_code)) END
    FROM published p
    CROSS JOIN LATERAL citybigdata.object_fault('resource', p.resource_code, p.version, p.publisher, p.schema_name, p.relation_name, p.arguments) o (fault)
    WHERE o.fault IS NOT NULL
    UNION ALL
    SELECT p.resource_code, w.version, 'warning', 'levels', citybigdata.say('version {version} shows more and waits for the security administrator: {changes}', 'version', w.version,
               'changes', (SELECT string_agg(citybigdata.level_change_said(c), citybigdata.say('; ') ORDER BY n) FROM unnest(w.changes) WITH ORDINALITY u (c, n))),
           citybigdata.say('{approve} or {refuse}.', 'approve', format('SELECT citybigdata.approve_levels(%L, %s);', p.resource_code, w.version),
               'refuse', format('refuse_levels(%L, %s)', p.resource_code, w.version))
    FROM published p JOIN citybigdata.level_proposal w ON w.resource_code = p.resource_code AND w.state = 'waiting'
    UNION ALL
    SELECT p.resource_code, p.version, 'error', p.publisher, citybigdata.say('the publishing role does not exist'), citybigdata.say('Publish again as another role.')
    FROM published p WHERE p.role_oid IS NULL
    UNION ALL
    SELECT p.resource_code, p.version, 'error', p.publisher, citybigdata.say('the publishing role may no longer read it'),
           CASE WHEN NOT has_schema_privilege(p.role_oid, p.schema_oid, 'USAGE') THEN format('GRANT USAGE ON SCHEMA %I TO %I;', p.schema_name, p.publisher)
                WHEN p.relation_oid IS NULL THEN format('GRANT EXECUTE ON FUNCTION %s TO %I;', p.function_oid::regprocedure, p.publisher)
                ELSE format('GRANT SELECT ON %I.%I TO %I;', p.schema_name, p.relation_name, p.publisher) END
    FROM published p
    WHERE p.role_oid IS NOT NULL AND p.schema_oid IS NOT NULL AND NOT (has_schema_privilege(p.role_oid, p.schema_oid, 'USAGE') AND coalesce(has_table_privilege(p.role_oid, p.relation_oid, 'SELECT'), has_function_privilege(p.role_oid, p.function_oid, 'EXECUTE'), true))
    UNION ALL
    SELECT p.resource_code, p.version, 'error', f.column_name,
           CASE WHEN c.column_name IS NULL THEN citybigdata.say('the column does not exist')
                WHEN NOT citybigdata.column_serves(c.type_oid, 'shown') THEN citybigdata.say('the column''s type belongs to a session')
                ELSE citybigdata.say('the column''s type was {former} and is {type}', 'former', f.type_name, 'type', format_type(c.type_oid, NULL)) END,
           citybigdata.say('Publish again, or restore the column.')
    FROM published p JOIN citybigdata.resource_field f ON f.resource_code = p.resource_code AND f.version = p.version
    LEFT JOIN columns c ON c.resource_code = p.resource_code AND c.column_name = f.column_name
    WHERE (p.relation_oid IS NOT NULL OR p.function_oid IS NOT NULL) AND (c.column_name IS NULL OR format_type(c.type_oid, NULL) <> f.type_name OR NOT citybigdata.column_serves(c.type_oid, 'shown'))
    UNION ALL
    SELECT p.resource_code, p.version, 'error', p.latitude_column, citybigdata.say('the column of the latitude does not exist or has another type'), citybigdata.say('Publish again, or restore the column.')
    FROM published p WHERE p.latitude_column IS NOT NULL AND (p.relation_oid IS NOT NULL OR p.function_oid IS NOT NULL)
      AND NOT EXISTS (SELECT FROM columns c WHERE c.resource_code = p.resource_code AND c.column_name = p.latitude_column AND citybigdata.column_serves(c.type_oid, 'degree'))
    UNION ALL
    SELECT p.resource_code, p.version, 'error', format('%I.%I', p.schema_name, p.relation_name), citybigdata.say('the materialised view was never filled'), format('REFRESH MATERIALIZED VIEW %I.%I;', p.schema_name, p.relation_name)
    FROM published p JOIN pg_class c ON c.oid = p.relation_oid WHERE c.relkind = 'm' AND NOT c.relispopulated
    UNION ALL
    SELECT p.resource_code, p.version, 'error', p.sunset::text, citybigdata.say('its sunset day is past'), citybigdata.say('{command} or publish again with a later day.', 'command', format('SELECT citybigdata.unpublish(%L);', p.resource_code))
    FROM published p WHERE p.sunset <= (now() AT TIME ZONE current_setting('citybigdata.time_zone'))::date
    UNION ALL
    SELECT p.resource_code, p.version, 'warning', 'index', citybigdata.say('an index is missing'), a.command
    FROM published p JOIN pg_class c ON c.oid = p.relation_oid
    CROSS JOIN LATERAL unnest(citybigdata.publish_advice(c.relkind, p.schema_name, p.relation_name, p.key_columns, p.time_column, p.division_column,
        p.geometry_column, p.latitude_column, citybigdata.index_leaders(c.oid, 'btree'), citybigdata.index_leaders(c.oid, 'gist'))) AS a (command)
    UNION ALL
    SELECT p.resource_code, p.version, 'error', array_to_string(p.key_columns, ', '), citybigdata.say('the key is none any more: {fault}', 'fault', k.fault), citybigdata.say('Restore the unique index and NOT NULL, or publish again with another keyset.')
    FROM published p JOIN pg_class c ON c.oid = p.relation_oid CROSS JOIN LATERAL citybigdata.key_error(c.oid, c.relkind, p.key_columns) k (fault)
    WHERE k.fault IS NOT NULL AND p.key_columns <@ ARRAY(SELECT o.column_name FROM columns o WHERE o.resource_code = p.resource_code)
    UNION ALL
    SELECT p.resource_code, p.version, 'warning', f.name, citybigdata.say('its code table does not exist'), format('SELECT citybigdata.load_code_table(%L, …);', f.code_table)
    FROM published p JOIN citybigdata.resource_field f ON f.resource_code = p.resource_code AND f.version = p.version
    WHERE f.code_table <> 'divisions' AND NOT EXISTS (SELECT FROM citybigdata.code_table t WHERE t.name = f.code_table)
    ORDER BY 1, 3, 4, 5, 6
$$;
COMMENT ON FUNCTION citybigdata.catalogue_problems() IS
'What is wrong with published interfaces: errors make them answer 503 (50304) or, with a key that is none any more, lose rows between pages; warnings make them slow or incomplete; with the remedy';
