-- Data levels of the fields of a case.
COMMENT ON TABLE citybigdata.event_field IS
'Data levels of the fields of a case; set_event_level() changes them. A caller whose grant or token is below a field''s level gets it masked, unless its application '
'owns the senderCode';
COMMENT ON COLUMN citybigdata.event_field.field IS 'JSON name in the case; of a medium or step after a dot';
COMMENT ON COLUMN citybigdata.event_field.level IS 'Data level 1 to 4; level 4 never leaves, whoever asks';
COMMENT ON COLUMN citybigdata.event_field.mask IS 'How a text is masked: all, phone, name, address, id-number; null, and for numbers and times always: left out (null; warnings: none)';
COMMENT ON COLUMN citybigdata.event_field.shipped IS 'The row came with CREATE EXTENSION; pg_dump leaves it out';
-- A restored row of the site takes the place of the shipped one: triggers *_keep.
SELECT pg_catalog.pg_extension_config_dump('citybigdata.event_field', 'WHERE NOT shipped');

CREATE OR REPLACE FUNCTION citybigdata.event_field_keep() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        NEW.shipped := false;
    ELSIF NOT NEW.shipped THEN
        DELETE FROM citybigdata.event_field f WHERE f.field = NEW.field AND f.shipped;
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION citybigdata.event_field_keep() IS 'Trigger: a changed shipped row becomes a row of the site, and a row of the site replaces the shipped one';
CREATE OR REPLACE TRIGGER event_field_keep BEFORE INSERT OR UPDATE ON citybigdata.event_field
    FOR EACH ROW EXECUTE FUNCTION citybigdata.event_field_keep();
ALTER TABLE citybigdata.event_field ENABLE ALWAYS TRIGGER event_field_keep;
CREATE OR REPLACE TRIGGER event_field_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON citybigdata.event_field
    FOR EACH STATEMENT EXECUTE FUNCTION citybigdata.reference_changed();

CREATE OR REPLACE FUNCTION citybigdata.set_event_level(field text, level integer, mask text DEFAULT NULL) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF level IS NULL OR level NOT BETWEEN 1 AND 4 THEN
        PERFORM citybigdata.refuse(42204, citybigdata.say('level: 1 to 4.'));
    ELSIF mask NOT IN ('all', 'phone', 'name', 'address', 'id-number') THEN
        PERFORM citybigdata.refuse(42204, citybigdata.say('mask: all, phone, name, address, id-number, or null (left out).'));
    END IF;
    UPDATE citybigdata.event_field AS f SET level = set_event_level.level, mask = set_event_level.mask
    WHERE f.field = set_event_level.field;
    IF NOT FOUND THEN
        PERFORM citybigdata.refuse(40400, citybigdata.say('A case has no field "{field}" with a level.', 'field', left(set_event_level.field, 64)));
    END IF;
    PERFORM citybigdata.publish_cases();
    PERFORM citybigdata.audit_event('event.set-level', field, format('level %s, mask %s', level, coalesce(mask, 'none')));
END
$$;
COMMENT ON FUNCTION citybigdata.set_event_level(text, integer, text) IS
'Sets the data level (1 to 4) and the mask of a field of cases, from the next request on; see table event_field. set_event_level(''address'', 2, ''address''). '
'Errors: 40400 no such field, 42204';

-- What a citizen wrote or photographed, and who handled it, can tell who it was about; the exact place is for the departments that
-- work there; classes, times and administrative units are open. Shipped rows are replaced as a whole; a row of the site stays.
DELETE FROM citybigdata.event_field WHERE shipped;
INSERT INTO citybigdata.event_field (field, level, mask, shipped) VALUES
('eventDesc', 3, 'all', true), ('address', 3, 'address', true),
('coordinateX', 2, NULL, true), ('coordinateY', 2, NULL, true), ('longitude', 2, NULL, true), ('latitude', 2, NULL, true),
('districtCode', 1, NULL, true), ('districtName', 1, NULL, true), ('streetCode', 1, NULL, true), ('streetName', 1, NULL, true),
('communityCode', 1, NULL, true), ('communityName', 1, NULL, true),
('eventSrcID', 1, NULL, true), ('recTypeID', 1, NULL, true), ('eventLevelID', 1, NULL, true),
('eventTypeCode', 1, NULL, true), ('mainTypeCode', 1, NULL, true), ('subTypeCode', 1, NULL, true), ('createTime', 1, NULL, true),
('medias.mediaName', 3, 'all', true), ('medias.url', 3, NULL, true),
('holder', 3, 'name', true), ('humanName', 3, 'name', true), ('cellphone', 3, 'phone', true),
('steps.by', 3, 'name', true), ('steps.note', 3, 'all', true), ('steps.reason', 3, 'all', true), ('steps.to', 3, 'name', true), ('warnings', 3, NULL, true)
ON CONFLICT ON CONSTRAINT event_field_pkey DO NOTHING;
