-- The audit log itself is made by setup(): code/40-audit.sql. Which batches of records it has from whom:
CREATE TABLE citybigdata.audit_sender (
    sender     text        NOT NULL CONSTRAINT audit_sender_pkey PRIMARY KEY
                           CONSTRAINT audit_sender_sender_check CHECK (pg_catalog.length(sender) OPERATOR(pg_catalog.<=) 64),
    last_batch bigint      NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT pg_catalog.now()
) WITH (fillfactor = 10);
