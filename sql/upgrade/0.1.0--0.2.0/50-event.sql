-- Cases: where they stand in their process, and what a step tells.
ALTER TABLE citybigdata.event ADD COLUMN version integer NOT NULL DEFAULT 0,
    ADD COLUMN process_code text,
    ADD COLUMN process_version integer,
    ADD COLUMN stage text,
    ADD COLUMN base_state integer,
    ADD COLUMN unit_code text,
    ADD COLUMN holder bigint,
    ADD COLUMN condition_code text,
    ADD COLUMN part_code text,
    ADD COLUMN supervised boolean NOT NULL DEFAULT false,
    ADD COLUMN suspended_until timestamptz,
    ADD COLUMN rework_count integer NOT NULL DEFAULT 0,
    ADD COLUMN closed_at timestamptz;
ALTER TABLE citybigdata.event_step ADD COLUMN result text
        CONSTRAINT event_step_result_check CHECK (result OPERATOR(pg_catalog.=) ANY (ARRAY['pass', 'fail'])),
    ADD COLUMN from_stage text,
    ADD COLUMN to_stage text,
    ADD COLUMN by_role text,
    ADD COLUMN by_unit text,
    ADD COLUMN by_account bigint,
    ADD COLUMN by_app integer,
    ADD COLUMN to_unit text,
    ADD COLUMN to_account bigint,
    ADD COLUMN reason text,
    ADD COLUMN until timestamptz,
    ADD COLUMN evaluation integer CONSTRAINT event_step_evaluation_check CHECK (evaluation BETWEEN 1 AND 5),
    ADD COLUMN media_from integer,
    ADD COLUMN media_to integer,
    ADD COLUMN version integer NOT NULL DEFAULT 0,
    ADD COLUMN main_rec_id integer;
-- of an operator's client, each account has keys of its own
ALTER TABLE citybigdata.event_idempotency ADD COLUMN account_id bigint NOT NULL DEFAULT 0;
ALTER TABLE citybigdata.event_idempotency DROP CONSTRAINT event_idempotency_pkey;
ALTER TABLE citybigdata.event_idempotency ADD CONSTRAINT event_idempotency_pkey PRIMARY KEY (app_id, account_id, key);
-- lists have parameters of their own
DROP FUNCTION citybigdata.rest_event_find(text, inet, text, text, bytea, text, text, text, text, text);
