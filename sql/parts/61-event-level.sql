-- Data levels of the fields of a case.
CREATE FUNCTION citybigdata.event_field_keep() RETURNS trigger
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
CREATE TRIGGER event_field_keep BEFORE INSERT OR UPDATE ON citybigdata.event_field
    FOR EACH ROW EXECUTE FUNCTION citybigdata.event_field_keep();
CREATE TRIGGER event_field_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON citybigdata.event_field
    FOR EACH STATEMENT EXECUTE FUNCTION citybigdata.reference_changed();

CREATE FUNCTION citybigdata.set_event_level(field text, level integer, mask text DEFAULT NULL) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF level IS NULL OR level NOT BETWEEN 1 AND 4 THEN
        PERFORM citybigdata.refuse(42204, 'level: 1 to 4.');
    ELSIF mask NOT IN ('all', 'phone', 'name', 'address', 'id-number') THEN
        PERFORM citybigdata.refuse(42204, 'mask: all, phone, name, address, id-number, or null (left out).');
    END IF;
    UPDATE citybigdata.event_field AS f SET level = set_event_level.level, mask = set_event_level.mask
    WHERE f.field = set_event_level.field;
    IF NOT FOUND THEN
        PERFORM citybigdata.refuse(40400, format('A case has no field "%s" with a level.', left(set_event_level.field, 64)));
    END IF;
    PERFORM citybigdata.audit_event('event.set-level', field, format('level %s, mask %s', level, coalesce(mask, 'none')));
END
$$;
COMMENT ON FUNCTION citybigdata.set_event_level(text, integer, text) IS
'Sets the data level (1 to 4) and the mask of a field of cases, from the next request on; see table event_field. set_event_level(''address'', 2, ''address''). '
'Errors: 40400 no such field, 42204';
