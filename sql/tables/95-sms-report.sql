-- What gateways tell of SMS (annex A.2): their own numbers of messages, reports that belong to nothing yet, replies.

-- The gateway's numbers of what it took: one for each part of the text, one for a number, or (ordinal -1) one for the whole call.
-- id_key: extension/sms/sms_id.h.
CREATE TABLE citybigdata.sms_part (
    sms_id     bigint NOT NULL,
    state_at   timestamptz,
    gateway_id integer NOT NULL,
    ordinal    smallint NOT NULL CONSTRAINT sms_part_ordinal_check CHECK (ordinal BETWEEN -1 AND 199),
    part       smallint NOT NULL CONSTRAINT sms_part_part_check CHECK (part BETWEEN 1 AND 255),
    id_key     text NOT NULL CONSTRAINT sms_part_id_key_check CHECK (pg_catalog.length(id_key) BETWEEN 1 AND 128),
    state      text CONSTRAINT sms_part_state_check
        CHECK (state OPERATOR(pg_catalog.=) ANY (ARRAY['sent', 'delivered', 'failed', 'expired', 'unknown'])),
    CONSTRAINT sms_part_pkey PRIMARY KEY (gateway_id, id_key)
) WITH (fillfactor = 80);
CREATE INDEX sms_part_sms_id_idx ON citybigdata.sms_part (sms_id, ordinal);

-- Reports of what is not known, or not yet. digest: of what it says, so that the same one again is no second row.
CREATE TABLE citybigdata.sms_orphan (
    orphan_id   bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT sms_orphan_pkey PRIMARY KEY,
    received_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
    reported_at timestamptz NOT NULL,
    sms_id      bigint,
    mobile      bigint,
    gateway_id  integer NOT NULL,
    id_keys     text[] NOT NULL,
    state       text NOT NULL CONSTRAINT sms_orphan_state_check
        CHECK (state OPERATOR(pg_catalog.=) ANY (ARRAY['sent', 'delivered', 'failed', 'expired', 'unknown'])),
    reason      text,
    digest      bytea NOT NULL,
    CONSTRAINT sms_orphan_digest_key UNIQUE (gateway_id, digest)
);
CREATE INDEX sms_orphan_id_keys_idx ON citybigdata.sms_orphan USING gin (id_keys) WITH (fastupdate = off);
CREATE INDEX sms_orphan_received_at_idx ON citybigdata.sms_orphan (received_at);

-- Replies. digest: of the gateway's number of it, or of sender, text and time.
CREATE SEQUENCE citybigdata.sms_reply_id_seq;

CREATE TABLE citybigdata.sms_reply (
    reply_id    bigint NOT NULL CONSTRAINT sms_reply_pkey PRIMARY KEY,
    received_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
    sent_at     timestamptz,
    sms_id      bigint,
    mobile      bigint,
    gateway_id  integer NOT NULL,
    app_id      integer,
    ordinal     smallint,
    opt_out     boolean NOT NULL,
    sender      text,
    receiver    text,
    content     text NOT NULL,
    digest      bytea NOT NULL,
    CONSTRAINT sms_reply_digest_key UNIQUE (gateway_id, digest)
);
CREATE INDEX sms_reply_app_id_idx ON citybigdata.sms_reply (app_id, received_at, reply_id) WHERE app_id IS NOT NULL;
CREATE INDEX sms_reply_mobile_idx ON citybigdata.sms_reply (mobile) WHERE mobile IS NOT NULL;
