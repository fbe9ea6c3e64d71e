-- What the functions of the extension wrote last into the rows that decide who may do what, with a code over it.
CREATE TABLE citybigdata.integrity_row (
    change_no  bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT integrity_row_pkey PRIMARY KEY,
    relation   text NOT NULL,
    row_key    text NOT NULL,
    content    jsonb NOT NULL,
    code       bytea NOT NULL CONSTRAINT integrity_row_code_check CHECK (pg_catalog.octet_length(code) OPERATOR(pg_catalog.=) 37),
    replaced_code bytea CONSTRAINT integrity_row_replaced_code_check CHECK (pg_catalog.octet_length(replaced_code) OPERATOR(pg_catalog.=) 37),
    sealed_in  bigint,
    changed_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp()
);
CREATE UNIQUE INDEX integrity_row_current_key ON citybigdata.integrity_row (relation, row_key) WHERE replaced_code IS NULL;
CREATE INDEX integrity_row_unsealed_idx ON citybigdata.integrity_row (change_no) WHERE sealed_in IS NULL;
