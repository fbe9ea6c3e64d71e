-- Catalogue: what is published as a data interface, version by version (clauses 5.1, 5.3, 5.4, A.1).

CREATE TABLE citybigdata.resource_version (
    resource_code    text NOT NULL CONSTRAINT resource_version_code_check
        CHECK (resource_code OPERATOR(pg_catalog.~) '^[a-z][a-z0-9-]{0,63}$'),
    version          integer NOT NULL CONSTRAINT resource_version_version_check CHECK (version OPERATOR(pg_catalog.>) 0),
    state            text NOT NULL CONSTRAINT resource_version_state_check
        CHECK (state OPERATOR(pg_catalog.=) ANY (ARRAY['current', 'superseded', 'withdrawn', 'proposed', 'refused'])),
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
    latitude_column  text,
    CONSTRAINT resource_version_pkey PRIMARY KEY (resource_code, version)
);
CREATE UNIQUE INDEX resource_version_current_idx ON citybigdata.resource_version (resource_code)
    WHERE state OPERATOR(pg_catalog.=) 'current';

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

-- What publish(), define_dataset() and register_algorithm() saw under the name: its OID, in this database of this cluster. Not in a dump, where it would
-- say nothing; bind_restored() writes it anew for what is the same by name, owner and columns.
CREATE TABLE citybigdata.bound_object (
    kind         text NOT NULL CONSTRAINT bound_object_kind_check CHECK (kind OPERATOR(pg_catalog.=) ANY (ARRAY['resource', 'dataset', 'algorithm'])),
    code         text NOT NULL,
    version      integer NOT NULL,
    object_oid   oid NOT NULL,
    cluster_id   bigint NOT NULL,
    database_oid oid NOT NULL,
    CONSTRAINT bound_object_pkey PRIMARY KEY (kind, code, version)
);

-- Versions that show more than the ones before: they wait for the security administrator.
CREATE TABLE citybigdata.level_proposal (
    resource_code    text NOT NULL,
    version          integer NOT NULL,
    state            text NOT NULL DEFAULT 'waiting' CONSTRAINT level_proposal_state_check
        CHECK (state OPERATOR(pg_catalog.=) ANY (ARRAY['waiting', 'approved', 'refused', 'superseded'])),
    changes          text[] NOT NULL,
    proposed_by      text NOT NULL,
    proposed_session text NOT NULL,
    proposed_at      timestamptz NOT NULL DEFAULT pg_catalog.now(),
    decided_by       text,
    decided_at       timestamptz,
    proposal_id      bigint NOT NULL CONSTRAINT level_proposal_proposal_id_key UNIQUE,
    CONSTRAINT level_proposal_pkey PRIMARY KEY (resource_code, version),
    CONSTRAINT level_proposal_resource_version_fkey FOREIGN KEY (resource_code, version) REFERENCES citybigdata.resource_version,
    CONSTRAINT level_proposal_decided_check CHECK ((state OPERATOR(pg_catalog.=) 'waiting') OPERATOR(pg_catalog.=) (decided_at IS NULL))
);
CREATE UNIQUE INDEX level_proposal_waiting_idx ON citybigdata.level_proposal (resource_code) WHERE state OPERATOR(pg_catalog.=) 'waiting';

-- The key that authenticates page cursors: 32 random bytes, made by the first publish(). Who has it can choose where a
-- page starts and nothing else: it opens no data, so it may stand in a dump, where it keeps old cursors valid.
CREATE TABLE citybigdata.cursor_key (
    only_row boolean NOT NULL DEFAULT true CONSTRAINT cursor_key_pkey PRIMARY KEY CONSTRAINT cursor_key_only_row_check CHECK (only_row),
    key      bytea NOT NULL CONSTRAINT cursor_key_key_check CHECK (pg_catalog.octet_length(key) OPERATOR(pg_catalog.=) 32)
);
