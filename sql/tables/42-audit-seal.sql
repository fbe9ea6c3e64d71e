-- The chain that seals the audit log (clause 6.3): who changes, deletes or adds a sealed row breaks it.
CREATE TABLE citybigdata.audit_seal_block (
    block_no        bigint NOT NULL CONSTRAINT audit_seal_block_pkey PRIMARY KEY,
    sealed_at       timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
    first_id        bigint NOT NULL,
    last_id         bigint NOT NULL,
    first_at        timestamptz NOT NULL,
    last_at         timestamptz NOT NULL,
    row_count       integer NOT NULL,
    algorithm       text NOT NULL CONSTRAINT audit_seal_block_algorithm_check CHECK (algorithm OPERATOR(pg_catalog.=) ANY (ARRAY['SHA256', 'SM3'])),
    row_marks       bytea NOT NULL,
    rows_digest     bytea NOT NULL,
    integrity_digest bytea NOT NULL,
    previous_digest bytea NOT NULL,
    block_digest    bytea NOT NULL,
    CONSTRAINT audit_seal_block_ids_check CHECK (first_id OPERATOR(pg_catalog.<=) last_id),
    CONSTRAINT audit_seal_block_marks_check CHECK (pg_catalog.octet_length(row_marks) OPERATOR(pg_catalog.=) (16 OPERATOR(pg_catalog.*) row_count))
);

CREATE TABLE citybigdata.audit_seal_wait (
    only_row boolean NOT NULL DEFAULT true CONSTRAINT audit_seal_wait_pkey PRIMARY KEY CONSTRAINT audit_seal_wait_only_row_check CHECK (only_row),
    upper_id bigint NOT NULL,
    writers  text[] NOT NULL
);
