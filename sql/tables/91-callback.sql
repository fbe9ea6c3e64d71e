-- Call-backs (clause 4): what an application wants to be told, and where.
CREATE SEQUENCE citybigdata.callback_id_seq;

CREATE TABLE citybigdata.callback (
    callback_id     bigint NOT NULL CONSTRAINT callback_pkey PRIMARY KEY,
    app_id          integer NOT NULL CONSTRAINT callback_app_id_fkey REFERENCES citybigdata.application,
    destination_id  bigint NOT NULL CONSTRAINT callback_destination_id_key UNIQUE
        CONSTRAINT callback_destination_id_fkey REFERENCES citybigdata.outbox_destination,
    url             text NOT NULL CONSTRAINT callback_url_check CHECK (pg_catalog.length(url) BETWEEN 1 AND 2048),
    events          text[] NOT NULL,
    sender_codes    text[],
    signatures      text[] NOT NULL DEFAULT '{v1}' CONSTRAINT callback_signatures_check
        CHECK (signatures OPERATOR(pg_catalog.<@) ARRAY['v1', 'v1sm3'] AND 'v1' OPERATOR(pg_catalog.=) ANY (signatures)),
    secret          bytea NOT NULL,
    previous_secret bytea,
    previous_until  timestamptz,
    state           text NOT NULL DEFAULT 'pending' CONSTRAINT callback_state_check
        CHECK (state OPERATOR(pg_catalog.=) ANY (ARRAY['pending', 'active', 'disabled'])),
    reason          text CONSTRAINT callback_reason_check CHECK (reason OPERATOR(pg_catalog.=) ANY (ARRAY['owner', 'gone', 'failing'])),
    consent         text CONSTRAINT callback_consent_check CHECK (consent OPERATOR(pg_catalog.=) ANY (ARRAY['options', 'challenge'])),
    consented_at    timestamptz,
    note            text,
    created_at      timestamptz NOT NULL DEFAULT pg_catalog.now(),
    changed_at      timestamptz NOT NULL DEFAULT pg_catalog.now(),
    CONSTRAINT callback_app_id_url_key UNIQUE (app_id, url),
    CONSTRAINT callback_reason_state_check CHECK ((reason IS NOT NULL) OPERATOR(pg_catalog.=) (state OPERATOR(pg_catalog.=) 'disabled'))
);
