-- Data layer: datasets with their cleaning rules, what came in, what was refused (chapter 4).
CREATE TABLE citybigdata.dataset (
    dataset_code  text NOT NULL CONSTRAINT dataset_pkey PRIMARY KEY
        CONSTRAINT dataset_code_check CHECK (dataset_code OPERATOR(pg_catalog.~) '^[a-z][a-z0-9-]{0,63}$'),
    owner_role    text NOT NULL,
    schema_name   text NOT NULL,
    relation_name text NOT NULL,
    title         text NOT NULL,
    title_zh      text NOT NULL,
    layer         text NOT NULL CONSTRAINT dataset_layer_check CHECK (layer OPERATOR(pg_catalog.=) ANY (ARRAY['theme', 'industry', 'base'])),
    industry      text CONSTRAINT dataset_industry_check CHECK (industry IS NOT NULL OR layer OPERATOR(pg_catalog.<>) 'industry'),
    source        text CONSTRAINT dataset_source_check CHECK (source OPERATOR(pg_catalog.=) ANY (ARRAY['society', 'government', 'own'])),
    key_columns   text[],
    rules         jsonb NOT NULL CONSTRAINT dataset_rules_check CHECK (pg_catalog.jsonb_typeof(rules) OPERATOR(pg_catalog.=) 'array'),
    changed_at    timestamptz NOT NULL DEFAULT pg_catalog.now()
);

CREATE TABLE citybigdata.ingest_batch (
    batch_id     bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT ingest_batch_pkey PRIMARY KEY,
    dataset_code text NOT NULL CONSTRAINT ingest_batch_dataset_code_fkey REFERENCES citybigdata.dataset,
    accepted     bigint NOT NULL DEFAULT 0,
    rejected     bigint NOT NULL DEFAULT 0,
    ignored      jsonb NOT NULL DEFAULT '{}',
    ingested_by  text NOT NULL,
    ingested_at  timestamptz NOT NULL DEFAULT pg_catalog.now()
);

CREATE INDEX ingest_batch_ingested_at_idx ON citybigdata.ingest_batch (ingested_at);

CREATE TABLE citybigdata.ingest_reject (
    reject_id   bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT ingest_reject_pkey PRIMARY KEY,
    batch_id    bigint NOT NULL CONSTRAINT ingest_reject_batch_id_fkey REFERENCES citybigdata.ingest_batch,
    row_no      integer NOT NULL,
    record      jsonb NOT NULL,
    column_name text,
    rule        text NOT NULL,
    reason      text NOT NULL
);
CREATE INDEX ingest_reject_batch_id_idx ON citybigdata.ingest_reject (batch_id, row_no);

-- COPY citybigdata.ingest_staging (dataset_code, record) FROM STDIN, then ingest_staged(dataset).
CREATE TABLE citybigdata.ingest_staging (
    staged_id    bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT ingest_staging_pkey PRIMARY KEY,
    dataset_code text NOT NULL,
    record       jsonb NOT NULL,
    staged_by    name NOT NULL DEFAULT CURRENT_USER,
    staged_at    timestamptz NOT NULL DEFAULT pg_catalog.now()
);
