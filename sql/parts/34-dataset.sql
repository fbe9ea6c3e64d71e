-- Data layer: datasets with their cleaning rules, what came in, what was refused, what was found to be one (chapter 4).

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
COMMENT ON TABLE citybigdata.dataset IS 'Datasets of the data layer: where records go and how they are cleaned on the way in';
COMMENT ON COLUMN citybigdata.dataset.dataset_code IS 'Code of the dataset';
COMMENT ON COLUMN citybigdata.dataset.owner_role IS 'Database role that defined it; rows are written as that role';
COMMENT ON COLUMN citybigdata.dataset.schema_name IS 'Schema of the table';
COMMENT ON COLUMN citybigdata.dataset.relation_name IS 'Table that good rows go to';
COMMENT ON COLUMN citybigdata.dataset.title IS 'English title';
COMMENT ON COLUMN citybigdata.dataset.title_zh IS 'Chinese title';
COMMENT ON COLUMN citybigdata.dataset.layer IS 'theme 专项, industry 行业 or base 基础';
COMMENT ON COLUMN citybigdata.dataset.industry IS 'Industry: lighting, water, power ...';
COMMENT ON COLUMN citybigdata.dataset.source IS 'Source of base data: society 社会, government 政务, own 自有';
COMMENT ON COLUMN citybigdata.dataset.key_columns IS 'Key: a record whose key is there already changes it; null = always added';
COMMENT ON COLUMN citybigdata.dataset.rules IS 'Cleaning rules in order: [{"column", "rule", …arguments}]';
COMMENT ON COLUMN citybigdata.dataset.changed_at IS 'When it was last defined';

CREATE TABLE citybigdata.ingest_batch (
    batch_id     bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT ingest_batch_pkey PRIMARY KEY,
    dataset_code text NOT NULL CONSTRAINT ingest_batch_dataset_code_fkey REFERENCES citybigdata.dataset,
    accepted     bigint NOT NULL DEFAULT 0,
    rejected     bigint NOT NULL DEFAULT 0,
    ingested_by  text NOT NULL,
    ingested_at  timestamptz NOT NULL DEFAULT pg_catalog.now()
);
COMMENT ON TABLE citybigdata.ingest_batch IS 'Each call of ingest() with its counts';
COMMENT ON COLUMN citybigdata.ingest_batch.batch_id IS 'Number of the batch';
COMMENT ON COLUMN citybigdata.ingest_batch.dataset_code IS 'The dataset';
COMMENT ON COLUMN citybigdata.ingest_batch.accepted IS 'Records stored';
COMMENT ON COLUMN citybigdata.ingest_batch.rejected IS 'Records refused';
COMMENT ON COLUMN citybigdata.ingest_batch.ingested_by IS 'Role that called';
COMMENT ON COLUMN citybigdata.ingest_batch.ingested_at IS 'When';

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
COMMENT ON TABLE citybigdata.ingest_reject IS 'Records refused by ingest(): one row a fault, with the record as it came';
COMMENT ON COLUMN citybigdata.ingest_reject.reject_id IS 'Number of the fault';
COMMENT ON COLUMN citybigdata.ingest_reject.batch_id IS 'The batch';
COMMENT ON COLUMN citybigdata.ingest_reject.row_no IS 'Place of the record in the batch, from 1';
COMMENT ON COLUMN citybigdata.ingest_reject.record IS 'The record as it came';
COMMENT ON COLUMN citybigdata.ingest_reject.column_name IS 'Column at fault; null = the whole record';
COMMENT ON COLUMN citybigdata.ingest_reject.rule IS 'Rule that it broke; insert = the table itself refused it';
COMMENT ON COLUMN citybigdata.ingest_reject.reason IS 'What is wrong';
-- Refused records may hold personal data: the dataset's owner sees them, nobody else of the analysts.
ALTER TABLE citybigdata.ingest_reject ENABLE ROW LEVEL SECURITY;
CREATE POLICY ingest_reject_owner ON citybigdata.ingest_reject FOR SELECT
    USING (EXISTS (SELECT FROM citybigdata.ingest_batch b JOIN citybigdata.dataset d ON d.dataset_code OPERATOR(pg_catalog.=) b.dataset_code
                   JOIN pg_catalog.pg_roles r ON r.rolname OPERATOR(pg_catalog.=) d.owner_role::name
                   WHERE b.batch_id OPERATOR(pg_catalog.=) ingest_reject.batch_id AND pg_catalog.pg_has_role(r.oid, 'MEMBER')));

-- COPY citybigdata.ingest_staging (dataset_code, record) FROM STDIN, then ingest_staged(dataset).
CREATE TABLE citybigdata.ingest_staging (
    staged_id    bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT ingest_staging_pkey PRIMARY KEY,
    dataset_code text NOT NULL,
    record       jsonb NOT NULL,
    staged_by    name NOT NULL DEFAULT CURRENT_USER
);
COMMENT ON TABLE citybigdata.ingest_staging IS 'Records on their way in, for COPY; ingest_staged() takes those of the calling role';
COMMENT ON COLUMN citybigdata.ingest_staging.staged_id IS 'Order of arrival';
COMMENT ON COLUMN citybigdata.ingest_staging.dataset_code IS 'The dataset';
COMMENT ON COLUMN citybigdata.ingest_staging.record IS 'The record: a JSON object by column names';
COMMENT ON COLUMN citybigdata.ingest_staging.staged_by IS 'Role that put it here';

-- Which records of which sources are one object, with what score: the lineage of fused data.
DO $$
BEGIN
    EXECUTE pg_catalog.format($table$
CREATE TABLE citybigdata.fusion_member (
    fusion_code  text NOT NULL,
    object_id    bigint NOT NULL,
    source_no    integer NOT NULL,
    dataset_code text NOT NULL,
    record_key   text NOT NULL,
    code         text,
    name         text,
    geom         %I.geometry(Point, 4490),
    score        double precision NOT NULL,
    method       text NOT NULL,
    fused_by     name NOT NULL DEFAULT CURRENT_USER,
    fused_at     timestamptz NOT NULL DEFAULT pg_catalog.now(),
    CONSTRAINT fusion_member_pkey PRIMARY KEY (fused_by, fusion_code, dataset_code, record_key),
    CONSTRAINT fusion_member_method_check CHECK (method OPERATOR(pg_catalog.=) ANY (ARRAY['new', 'code', 'place']))
)$table$, (SELECT n.nspname FROM pg_catalog.pg_extension x JOIN pg_catalog.pg_namespace n ON n.oid = x.extnamespace WHERE x.extname = 'postgis'));
END
$$;
CREATE INDEX fusion_member_geom_idx ON citybigdata.fusion_member USING gist (geom);
CREATE INDEX fusion_member_code_idx ON citybigdata.fusion_member (fusion_code, code);
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
-- Everybody fuses for himself and sees his own.
ALTER TABLE citybigdata.fusion_member ENABLE ROW LEVEL SECURITY;
CREATE POLICY fusion_member_own ON citybigdata.fusion_member USING (fused_by OPERATOR(pg_catalog.=) CURRENT_USER);
