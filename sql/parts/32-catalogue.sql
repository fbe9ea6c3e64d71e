-- Catalogue: what is published as a data interface, version by version (clauses 5.1, 5.3, 5.4, A.1).

CREATE TABLE citybigdata.resource_version (
    resource_code    text NOT NULL CONSTRAINT resource_version_code_check
        CHECK (resource_code OPERATOR(pg_catalog.~) '^[a-z][a-z0-9-]{0,63}$'),
    version          integer NOT NULL CONSTRAINT resource_version_version_check CHECK (version OPERATOR(pg_catalog.>) 0),
    state            text NOT NULL CONSTRAINT resource_version_state_check
        CHECK (state OPERATOR(pg_catalog.=) ANY (ARRAY['current', 'superseded', 'withdrawn'])),
    publisher        text NOT NULL,
    schema_name      text NOT NULL,
    relation_name    text NOT NULL,
    arguments        text,
    title            text NOT NULL,
    title_zh         text NOT NULL,
    description      text NOT NULL,
    description_zh   text NOT NULL,
    layer            text NOT NULL CONSTRAINT resource_version_layer_check
        CHECK (layer OPERATOR(pg_catalog.=) ANY (ARRAY['theme', 'industry', 'base'])),
    industry         text CONSTRAINT resource_version_industry_check CHECK (industry IS NOT NULL OR layer OPERATOR(pg_catalog.<>) 'industry'),
    source           text CONSTRAINT resource_version_source_check CHECK (source OPERATOR(pg_catalog.=) ANY (ARRAY['society', 'government', 'own'])),
    level            integer NOT NULL CONSTRAINT resource_version_level_check CHECK (level BETWEEN 1 AND 3),
    data_owner       text,
    update_cycle     text,
    sunset           date,
    key_columns      text[] NOT NULL CONSTRAINT resource_version_key_columns_check
        CHECK (pg_catalog.cardinality(key_columns) BETWEEN 1 AND 8),
    time_column      text,
    division_column  text,
    division_digits  integer CONSTRAINT resource_version_division_digits_check
        CHECK (division_digits OPERATOR(pg_catalog.=) ANY (ARRAY[6, 9, 12])),
    geometry_column  text,
    srid             integer,
    version_column   text,
    latency_budget   integer NOT NULL CONSTRAINT resource_version_latency_budget_check CHECK (latency_budget BETWEEN 10 AND 60000),
    published_at     timestamptz NOT NULL DEFAULT pg_catalog.now(),
    withdrawn_at     timestamptz,
    CONSTRAINT resource_version_pkey PRIMARY KEY (resource_code, version)
);
CREATE UNIQUE INDEX resource_version_current_idx ON citybigdata.resource_version (resource_code)
    WHERE state OPERATOR(pg_catalog.=) 'current';
COMMENT ON TABLE citybigdata.resource_version IS 'Published data interfaces 数据接口, one row a version; publish() writes it';
COMMENT ON COLUMN citybigdata.resource_version.resource_code IS 'Code of the resource, the address identifier of clause 5.3.3';
COMMENT ON COLUMN citybigdata.resource_version.version IS 'Version, from 1; publishing again makes the next one';
COMMENT ON COLUMN citybigdata.resource_version.state IS 'current, superseded or withdrawn; at most one current version a resource';
COMMENT ON COLUMN citybigdata.resource_version.publisher IS 'Database role that published it; the relation is read as that role';
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
COMMENT ON COLUMN citybigdata.resource_version.geometry_column IS 'Column that bbox and crs look at';
COMMENT ON COLUMN citybigdata.resource_version.srid IS 'Its coordinate system';
COMMENT ON COLUMN citybigdata.resource_version.version_column IS 'Column whose greatest value tells the state of the data (ETag); null = none';
COMMENT ON COLUMN citybigdata.resource_version.latency_budget IS 'Milliseconds a page may take; beyond them 504';
COMMENT ON COLUMN citybigdata.resource_version.published_at IS 'When this version was published';
COMMENT ON COLUMN citybigdata.resource_version.withdrawn_at IS 'When it was superseded or withdrawn';

CREATE TABLE citybigdata.resource_field (
    resource_code  text NOT NULL,
    version        integer NOT NULL,
    position       integer NOT NULL,
    name           text NOT NULL CONSTRAINT resource_field_name_check
        CHECK (name OPERATOR(pg_catalog.~) '^[a-z][A-Za-z0-9]{0,63}$' AND name OPERATOR(pg_catalog.!~*) '^xml'),
    column_name    text NOT NULL,
    type_name      text NOT NULL,
    title          text NOT NULL,
    title_zh       text NOT NULL,
    description    text NOT NULL,
    unit           text,
    level          integer NOT NULL CONSTRAINT resource_field_level_check CHECK (level BETWEEN 1 AND 3),
    code_table     text,
    mask           text,
    filterable     boolean NOT NULL,
    sortable       boolean NOT NULL,
    file           jsonb,
    CONSTRAINT resource_field_pkey PRIMARY KEY (resource_code, version, position),
    CONSTRAINT resource_field_name_key UNIQUE (resource_code, version, name),
    CONSTRAINT resource_field_column_name_key UNIQUE (resource_code, version, column_name),
    CONSTRAINT resource_field_resource_version_fkey FOREIGN KEY (resource_code, version) REFERENCES citybigdata.resource_version
);
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

CREATE TABLE citybigdata.resource_parameter (
    resource_code  text NOT NULL,
    version        integer NOT NULL,
    position       integer NOT NULL,
    name           text NOT NULL CONSTRAINT resource_parameter_name_check
        CHECK (name OPERATOR(pg_catalog.~) '^[a-z][A-Za-z0-9]{0,63}$' AND name OPERATOR(pg_catalog.!~*) '^xml'),
    column_name    text NOT NULL,
    type_name      text NOT NULL,
    operator       text NOT NULL CONSTRAINT resource_parameter_operator_check
        CHECK (operator OPERATOR(pg_catalog.=) ANY (ARRAY['eq', 'ne', 'lt', 'le', 'gt', 'ge', 'in', 'like', 'isNull'])),
    required       boolean NOT NULL,
    default_value  text,
    title          text NOT NULL,
    title_zh       text NOT NULL,
    description    text NOT NULL,
    CONSTRAINT resource_parameter_pkey PRIMARY KEY (resource_code, version, position),
    CONSTRAINT resource_parameter_name_key UNIQUE (resource_code, version, name),
    CONSTRAINT resource_parameter_resource_version_fkey FOREIGN KEY (resource_code, version) REFERENCES citybigdata.resource_version
);
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

-- The key that authenticates page cursors: 32 random bytes, made by the first publish(). Who has it can choose where a
-- page starts and nothing else: it opens no data, so it may stand in a dump, where it keeps old cursors valid.
CREATE TABLE citybigdata.cursor_key (
    only_row boolean NOT NULL DEFAULT true CONSTRAINT cursor_key_pkey PRIMARY KEY CONSTRAINT cursor_key_only_row_check CHECK (only_row),
    key      bytea NOT NULL CONSTRAINT cursor_key_key_check CHECK (pg_catalog.octet_length(key) OPERATOR(pg_catalog.=) 32)
);
COMMENT ON TABLE citybigdata.cursor_key IS 'Key that authenticates page cursors (HMAC-SHA-256): one row';
COMMENT ON COLUMN citybigdata.cursor_key.only_row IS 'Always true: the table has one row';
COMMENT ON COLUMN citybigdata.cursor_key.key IS '32 random bytes';

-- Backends keep what they read of the catalogue; a change of it tells them to forget.
CREATE FUNCTION citybigdata.catalogue_changed() RETURNS trigger
    AS 'MODULE_PATHNAME', 'cbd_catalogue_changed' LANGUAGE c VOLATILE;
COMMENT ON FUNCTION citybigdata.catalogue_changed() IS 'Trigger: every backend reads the catalogue again';
CREATE TRIGGER resource_version_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON citybigdata.resource_version
    FOR EACH STATEMENT EXECUTE FUNCTION citybigdata.catalogue_changed();
CREATE TRIGGER resource_field_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON citybigdata.resource_field
    FOR EACH STATEMENT EXECUTE FUNCTION citybigdata.catalogue_changed();
CREATE TRIGGER resource_parameter_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON citybigdata.resource_parameter
    FOR EACH STATEMENT EXECUTE FUNCTION citybigdata.catalogue_changed();
