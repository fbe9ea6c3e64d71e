-- Data levels of the fields of a case (clause 6.3, DB11/T 1918; the levels: code/61-data-mask.sql). What identifies a case and says how far it is
-- (recID, taskNum, senderCode, otherTaskNum, receiveTime, state, stateName) has no row: it is open to every caller that may see the case.
CREATE TABLE citybigdata.event_field (
    field   text    NOT NULL CONSTRAINT event_field_pkey PRIMARY KEY,
    level   integer NOT NULL CONSTRAINT event_field_level_check CHECK (level BETWEEN 1 AND 4),
    mask    text CONSTRAINT event_field_mask_check
        CHECK (mask OPERATOR(pg_catalog.=) ANY (ARRAY['all', 'phone', 'name', 'address', 'id-number'])),
    shipped boolean NOT NULL DEFAULT false
);
