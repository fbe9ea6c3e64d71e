-- SMS (annex A.2): gateways, messages, their numbers.
--
-- A message has one row, each of its numbers one, and each call of a gateway one (a batch: numbers that stand beside each other in the
-- list). A number that nothing is known of has no state of its own: it is as its batch, so that sending 200 numbers changes one row.
-- There are no foreign keys between messages and numbers: they are written with row_insert.h and removed together, oldest first, by
-- their number, which grows with time; therefore no partitions either.

-- Gateways. url, headers, body: templates of kind http; of kind kannel only the address of sendsms.
CREATE TABLE citybigdata.sms_gateway (
    gateway_id      integer GENERATED ALWAYS AS IDENTITY CONSTRAINT sms_gateway_pkey PRIMARY KEY,
    gateway_code    text NOT NULL CONSTRAINT sms_gateway_code_key UNIQUE
        CONSTRAINT sms_gateway_code_check CHECK (gateway_code OPERATOR(pg_catalog.~) '^[a-z0-9][a-z0-9._-]{0,62}$'),
    title           text NOT NULL,
    kind            text NOT NULL CONSTRAINT sms_gateway_kind_check CHECK (kind OPERATOR(pg_catalog.=) ANY (ARRAY['kannel', 'http'])),
    destination_id  bigint NOT NULL CONSTRAINT sms_gateway_destination_id_key UNIQUE
        CONSTRAINT sms_gateway_destination_id_fkey REFERENCES citybigdata.outbox_destination,
    state           text NOT NULL DEFAULT 'active' CONSTRAINT sms_gateway_state_check
        CHECK (state OPERATOR(pg_catalog.=) ANY (ARRAY['active', 'disabled'])),
    rank            integer NOT NULL DEFAULT 1 CONSTRAINT sms_gateway_rank_check CHECK (rank BETWEEN 1 AND 1000),
    weight          integer NOT NULL DEFAULT 1 CONSTRAINT sms_gateway_weight_check CHECK (weight BETWEEN 1 AND 1000),
    rate_per_minute integer CONSTRAINT sms_gateway_rate_check CHECK (rate_per_minute BETWEEN 1 AND 1000000),
    batch_size      integer NOT NULL DEFAULT 200 CONSTRAINT sms_gateway_batch_size_check CHECK (batch_size BETWEEN 1 AND 200),
    timeout_seconds integer NOT NULL DEFAULT 30 CONSTRAINT sms_gateway_timeout_check CHECK (timeout_seconds BETWEEN 1 AND 120),
    resend_doubtful boolean NOT NULL DEFAULT false,
    method          text NOT NULL DEFAULT 'GET' CONSTRAINT sms_gateway_method_check CHECK (method OPERATOR(pg_catalog.=) ANY (ARRAY['GET', 'POST'])),
    url             text NOT NULL CONSTRAINT sms_gateway_url_check CHECK (pg_catalog.length(url) BETWEEN 1 AND 2048),
    headers         text[] NOT NULL DEFAULT '{}',
    body            text,
    number_separator text NOT NULL DEFAULT ',' CONSTRAINT sms_gateway_separator_check CHECK (pg_catalog.length(number_separator) BETWEEN 1 AND 3),
    success         text,
    refusal         text,
    id_pattern      text,
    user_name       text,
    password        bytea,
    sender          text,
    report_base     text,
    token           bytea NOT NULL,
    token_digest    bytea NOT NULL CONSTRAINT sms_gateway_token_digest_key UNIQUE,
    report_networks cidr[] NOT NULL DEFAULT '{}',
    report_fields   jsonb,
    report_states   jsonb,
    created_at      timestamptz NOT NULL DEFAULT pg_catalog.now(),
    changed_at      timestamptz NOT NULL DEFAULT pg_catalog.now()
);

-- Signature, caps and quiet hours of an application; app_id 0: of those that have none of their own, and of the platform itself.
CREATE TABLE citybigdata.sms_policy (
    app_id          integer NOT NULL CONSTRAINT sms_policy_pkey PRIMARY KEY,
    signature       text CONSTRAINT sms_policy_signature_check CHECK (pg_catalog.length(signature) BETWEEN 2 AND 20),
    per_minute      integer CONSTRAINT sms_policy_per_minute_check CHECK (per_minute BETWEEN 0 AND 1000),
    per_hour        integer CONSTRAINT sms_policy_per_hour_check CHECK (per_hour BETWEEN 0 AND 1000),
    per_day         integer CONSTRAINT sms_policy_per_day_check CHECK (per_day BETWEEN 0 AND 1000),
    text_per_minute integer CONSTRAINT sms_policy_text_per_minute_check CHECK (text_per_minute BETWEEN 0 AND 1000),
    text_per_hour   integer CONSTRAINT sms_policy_text_per_hour_check CHECK (text_per_hour BETWEEN 0 AND 1000),
    text_per_day    integer CONSTRAINT sms_policy_text_per_day_check CHECK (text_per_day BETWEEN 0 AND 1000),
    quiet_from      time,
    quiet_to        time,
    changed_at      timestamptz NOT NULL DEFAULT pg_catalog.now(),
    CONSTRAINT sms_policy_quiet_check CHECK ((quiet_from IS NULL) OPERATOR(pg_catalog.=) (quiet_to IS NULL))
);

CREATE TABLE citybigdata.sms_template (
    template_code text NOT NULL CONSTRAINT sms_template_pkey PRIMARY KEY
        CONSTRAINT sms_template_code_check CHECK (template_code OPERATOR(pg_catalog.~) '^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$'),
    title         text NOT NULL,
    content       text NOT NULL CONSTRAINT sms_template_content_check CHECK (pg_catalog.length(content) BETWEEN 1 AND 990),
    state         text NOT NULL DEFAULT 'active' CONSTRAINT sms_template_state_check
        CHECK (state OPERATOR(pg_catalog.=) ANY (ARRAY['active', 'disabled'])),
    changed_at    timestamptz NOT NULL DEFAULT pg_catalog.now()
);

-- Numbers that get nothing: of one application, or (app_id 0) of any.
CREATE TABLE citybigdata.sms_block (
    mobile     bigint NOT NULL,
    app_id     integer NOT NULL DEFAULT 0,
    source     text NOT NULL CONSTRAINT sms_block_source_check CHECK (source OPERATOR(pg_catalog.=) ANY (ARRAY['reply', 'administrator'])),
    note       text,
    created_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
    CONSTRAINT sms_block_pkey PRIMARY KEY (mobile, app_id)
);

CREATE SEQUENCE citybigdata.sms_id_seq;

CREATE TABLE citybigdata.sms_message (
    sms_id        bigint NOT NULL CONSTRAINT sms_message_pkey PRIMARY KEY,
    accepted_at   timestamptz NOT NULL,
    valid_until   timestamptz NOT NULL,
    app_id        integer NOT NULL,
    parts         smallint NOT NULL,
    accepted      smallint NOT NULL,
    refused       smallint NOT NULL,
    need_reply    boolean NOT NULL,
    unicode       boolean NOT NULL,
    msg_id        text NOT NULL,
    content       text NOT NULL,
    signature     text,
    digest        bytea NOT NULL,
    source        text NOT NULL,
    subject       text
);
CREATE UNIQUE INDEX sms_message_app_id_msg_id_key ON citybigdata.sms_message (app_id, msg_id);

-- seq: the how-manieth message of the application to the number. Two that are accepted at the same time would have the same: one of
-- them waits for the other, and then counts again, so that no cap is outrun.
CREATE TABLE citybigdata.sms_number (
    sms_id      bigint NOT NULL,
    mobile      bigint,
    text_key    bigint NOT NULL,
    accepted_at timestamptz NOT NULL,
    state_at    timestamptz,
    app_id      integer NOT NULL,
    seq         integer NOT NULL,
    ordinal     smallint NOT NULL,
    state       text CONSTRAINT sms_number_state_check
        CHECK (state OPERATOR(pg_catalog.=) ANY (ARRAY['sent', 'delivered', 'failed', 'expired', 'unknown'])),
    reason      text,
    CONSTRAINT sms_number_pkey PRIMARY KEY (sms_id, ordinal)
) WITH (fillfactor = 70);
CREATE UNIQUE INDEX sms_number_mobile_key ON citybigdata.sms_number (mobile, app_id, seq);

-- Numbers of a message that were refused; `mobile` as it was given.
CREATE TABLE citybigdata.sms_refusal (
    sms_id      bigint NOT NULL,
    ordinal     smallint NOT NULL,
    status_code integer NOT NULL,
    mobile      text,
    CONSTRAINT sms_refusal_pkey PRIMARY KEY (sms_id, ordinal)
);

-- Calls of gateways: numbers first_ordinal .. last_ordinal of a message. batch_id: the number of its message in the outbox.
CREATE TABLE citybigdata.sms_batch (
    sms_id        bigint NOT NULL,
    batch_id      bigint NOT NULL,
    first_ordinal smallint NOT NULL,
    last_ordinal  smallint NOT NULL,
    gateway_id    integer NOT NULL,
    attempts      integer NOT NULL DEFAULT 0,
    tried         integer[],
    state         text NOT NULL DEFAULT 'queued' CONSTRAINT sms_batch_state_check
        CHECK (state OPERATOR(pg_catalog.=) ANY (ARRAY['queued', 'sending', 'sent', 'doubtful', 'failed', 'expired'])),
    state_at      timestamptz,
    reason        text,
    CONSTRAINT sms_batch_pkey PRIMARY KEY (sms_id, first_ordinal)
) WITH (fillfactor = 70);
CREATE INDEX sms_batch_open_idx ON citybigdata.sms_batch (sms_id) 
    WHERE state OPERATOR(pg_catalog.=) 'queued' OR state OPERATOR(pg_catalog.=) 'sending' OR state OPERATOR(pg_catalog.=) 'doubtful';
