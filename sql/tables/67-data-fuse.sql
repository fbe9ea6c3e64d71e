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
