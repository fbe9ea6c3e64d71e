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
    previous_digest bytea NOT NULL,
    block_digest    bytea NOT NULL,
    CONSTRAINT audit_seal_block_ids_check CHECK (first_id OPERATOR(pg_catalog.<=) last_id),
    CONSTRAINT audit_seal_block_marks_check CHECK (pg_catalog.octet_length(row_marks) OPERATOR(pg_catalog.=) (16 OPERATOR(pg_catalog.*) row_count))
);
CREATE TRIGGER audit_refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON citybigdata.audit_seal_block
    FOR EACH STATEMENT EXECUTE FUNCTION citybigdata.audit_refuse_change();
COMMENT ON TABLE citybigdata.audit_seal_block IS 'Sealed stretches of the audit log, each chained to the one before; written by audit_seal() alone';
COMMENT ON COLUMN citybigdata.audit_seal_block.block_no IS 'Number in the chain, from 1 without gaps';
COMMENT ON COLUMN citybigdata.audit_seal_block.sealed_at IS 'When it was sealed';
COMMENT ON COLUMN citybigdata.audit_seal_block.first_id IS 'First audit_id of the stretch: follows last_id of the block before';
COMMENT ON COLUMN citybigdata.audit_seal_block.last_id IS 'Last audit_id of the stretch; numbers of transactions that were rolled back have no row';
COMMENT ON COLUMN citybigdata.audit_seal_block.first_at IS 'Earliest time among its rows';
COMMENT ON COLUMN citybigdata.audit_seal_block.last_at IS 'Latest time among its rows';
COMMENT ON COLUMN citybigdata.audit_seal_block.row_count IS 'How many rows it seals';
COMMENT ON COLUMN citybigdata.audit_seal_block.algorithm IS 'SHA256 or SM3, as citybigdata.crypto_suite was';
COMMENT ON COLUMN citybigdata.audit_seal_block.row_marks IS 'Per row its audit_id and the first 8 bytes of its digest: they tell which row differs, the digests below prove it';
COMMENT ON COLUMN citybigdata.audit_seal_block.rows_digest IS 'Digest of the rows'' digests, in the order of audit_id; a row''s digest is that of its columns as a JSON array';
COMMENT ON COLUMN citybigdata.audit_seal_block.previous_digest IS 'block_digest of the block before; zero bytes in the first';
COMMENT ON COLUMN citybigdata.audit_seal_block.block_digest IS 'Digest of previous_digest, block_no, first_id, last_id, first_at, last_at, row_count and rows_digest';

CREATE TABLE citybigdata.audit_seal_wait (
    only_row boolean NOT NULL DEFAULT true CONSTRAINT audit_seal_wait_pkey PRIMARY KEY CONSTRAINT audit_seal_wait_only_row_check CHECK (only_row),
    upper_id bigint NOT NULL,
    writers  text[] NOT NULL
);
COMMENT ON TABLE citybigdata.audit_seal_wait IS
'How far the log can be sealed once the transactions that were writing it have ended: until then one of them may still add a row with a lower number';
COMMENT ON COLUMN citybigdata.audit_seal_wait.only_row IS 'Always true: the table has one row';
COMMENT ON COLUMN citybigdata.audit_seal_wait.upper_id IS 'Last audit_id that was handed out when the writers were listed';
COMMENT ON COLUMN citybigdata.audit_seal_wait.writers IS 'The transactions that were writing then (pg_locks.virtualtransaction)';
