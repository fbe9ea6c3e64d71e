-- Outbox (clause 4): what leaves the platform. A message is a row that never changes; what is done with it is told by narrow rows
-- beside it, so that many deliveries leave few and small dead rows behind.

-- Where messages go, and how that goes: one row for each receiver of a purpose.
CREATE TABLE citybigdata.outbox_destination (
    destination_id  bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT outbox_destination_pkey PRIMARY KEY,
    purpose         text NOT NULL CONSTRAINT outbox_destination_purpose_check CHECK (purpose OPERATOR(pg_catalog.~) '^[a-z][a-z-]{0,31}$'),
    key             text NOT NULL CONSTRAINT outbox_destination_key_check CHECK (pg_catalog.length(key) BETWEEN 1 AND 255),
    state           text NOT NULL DEFAULT 'active' CONSTRAINT outbox_destination_state_check
        CHECK (state OPERATOR(pg_catalog.=) ANY (ARRAY['active', 'disabled'])),
    rate_per_minute integer CONSTRAINT outbox_destination_rate_per_minute_check CHECK (rate_per_minute BETWEEN 1 AND 1000000),
    not_before      timestamptz NOT NULL DEFAULT '-infinity',
    failures        integer NOT NULL DEFAULT 0,
    openings        integer NOT NULL DEFAULT 0,
    failing_since   timestamptz,
    last_error      text,
    changed_at      timestamptz NOT NULL DEFAULT pg_catalog.now(),
    CONSTRAINT outbox_destination_purpose_key UNIQUE (purpose, key)
) WITH (fillfactor = 70);

CREATE SEQUENCE citybigdata.outbox_message_id_seq;

CREATE TABLE citybigdata.outbox_message (
    message_id     bigint NOT NULL CONSTRAINT outbox_message_pkey PRIMARY KEY,
    destination_id bigint NOT NULL,
    kind           text NOT NULL,
    subject        text,
    payload        text NOT NULL,
    created_at     timestamptz NOT NULL DEFAULT pg_catalog.now()
);
CREATE INDEX outbox_message_destination_idx ON citybigdata.outbox_message (destination_id, message_id);

-- The claim rows: one for each message that is not finished. No column of an index changes when a message is claimed, so that the
-- new version of the row finds room beside the old one (fillfactor) and the indexes stay as they are.
CREATE TABLE citybigdata.outbox_queue (
    destination_id bigint NOT NULL,
    message_id     bigint NOT NULL,
    order_key      text,
    judged         boolean NOT NULL DEFAULT false,
    attempts       integer NOT NULL DEFAULT 0,
    due_at         timestamptz,
    lease_until    timestamptz,
    lease_token    bigint,
    http_status    integer,
    error          text,
    CONSTRAINT outbox_queue_pkey PRIMARY KEY (destination_id, message_id)
) WITH (fillfactor = 70, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_cost_delay = 0,
        autovacuum_vacuum_insert_threshold = 100000, autovacuum_analyze_threshold = 10000);
CREATE INDEX outbox_queue_due_idx ON citybigdata.outbox_queue (destination_id, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX outbox_queue_order_idx ON citybigdata.outbox_queue (destination_id, order_key, message_id) WHERE order_key IS NOT NULL;

-- How messages ended.
CREATE TABLE citybigdata.outbox_result (
    message_id     bigint NOT NULL CONSTRAINT outbox_result_pkey PRIMARY KEY,
    destination_id bigint NOT NULL,
    state          text NOT NULL CONSTRAINT outbox_result_state_check CHECK (state OPERATOR(pg_catalog.=) ANY (ARRAY['delivered', 'dead'])),
    attempts       integer NOT NULL,
    http_status    integer,
    error          text,
    finished_at    timestamptz NOT NULL DEFAULT pg_catalog.now()
);
CREATE INDEX outbox_result_dead_idx ON citybigdata.outbox_result (destination_id, message_id) WHERE state OPERATOR(pg_catalog.=) 'dead';
CREATE INDEX outbox_result_finished_at_idx ON citybigdata.outbox_result (finished_at);
