-- Data levels of the fields of a case (clause 6.3, DB11/T 1918; the levels: 72-mask.sql). What identifies a case and says how far it is
-- (recID, taskNum, senderCode, otherTaskNum, receiveTime, state, stateName) has no row: it is open to every caller that may see the case.
CREATE TABLE citybigdata.event_field (
    field   text    NOT NULL CONSTRAINT event_field_pkey PRIMARY KEY,
    level   integer NOT NULL CONSTRAINT event_field_level_check CHECK (level BETWEEN 1 AND 4),
    mask    text CONSTRAINT event_field_mask_check
        CHECK (mask OPERATOR(pg_catalog.=) ANY (ARRAY['all', 'phone', 'name', 'address', 'id-number'])),
    shipped boolean NOT NULL DEFAULT false
);
COMMENT ON TABLE citybigdata.event_field IS
'Data levels of the fields of a case; set_event_level() changes them. A caller whose grant or token is below a field''s level gets it masked, unless its application '
'owns the senderCode';
COMMENT ON COLUMN citybigdata.event_field.field IS 'JSON name in the case; of a medium or step after a dot';
COMMENT ON COLUMN citybigdata.event_field.level IS 'Data level 1 to 4; level 4 never leaves, whoever asks';
COMMENT ON COLUMN citybigdata.event_field.mask IS 'How a text is masked: all, phone, name, address, id-number; null, and for numbers and times always: left out (null; warnings: none)';
COMMENT ON COLUMN citybigdata.event_field.shipped IS 'The row came with CREATE EXTENSION; pg_dump leaves it out';

-- What a citizen wrote or photographed, and who handled it, can tell who it was about; the exact place is for the departments that
-- work there; classes, times and administrative units are open.
INSERT INTO citybigdata.event_field (field, level, mask, shipped) VALUES
('eventDesc', 3, 'all', true), ('address', 3, 'address', true),
('coordinateX', 2, NULL, true), ('coordinateY', 2, NULL, true), ('longitude', 2, NULL, true), ('latitude', 2, NULL, true),
('districtCode', 1, NULL, true), ('districtName', 1, NULL, true), ('streetCode', 1, NULL, true), ('streetName', 1, NULL, true),
('communityCode', 1, NULL, true), ('communityName', 1, NULL, true),
('eventSrcID', 1, NULL, true), ('recTypeID', 1, NULL, true), ('eventLevelID', 1, NULL, true),
('eventTypeCode', 1, NULL, true), ('mainTypeCode', 1, NULL, true), ('subTypeCode', 1, NULL, true), ('createTime', 1, NULL, true),
('medias.mediaName', 3, 'all', true), ('medias.url', 3, NULL, true),
('steps.by', 3, 'name', true), ('steps.note', 3, 'all', true), ('warnings', 3, NULL, true);
