-- Operators: accounts with posts.
COMMENT ON TABLE citybigdata.role_level IS
'Data level that a post of the role gives its operator; set_role_level() changes it. An operator sees data up to the highest level of the posts in force, and no higher than the grants of the operators'' client';
COMMENT ON COLUMN citybigdata.role_level.role IS 'Role of a post';
COMMENT ON COLUMN citybigdata.role_level.level IS 'Data level 1 to 3; level 4 never leaves';
COMMENT ON COLUMN citybigdata.role_level.shipped IS 'The row came with CREATE EXTENSION; pg_dump leaves it out';
-- A restored row of the site takes the place of the shipped one: trigger role_level_keep.
SELECT pg_catalog.pg_extension_config_dump('citybigdata.role_level', 'WHERE NOT shipped');

CREATE OR REPLACE FUNCTION citybigdata.role_level_keep() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        NEW.shipped := false;
    ELSIF NOT NEW.shipped THEN
        DELETE FROM citybigdata.role_level l WHERE l.role = NEW.role AND l.shipped;
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION citybigdata.role_level_keep() IS 'Trigger: a changed shipped row becomes a row of the site, and a row of the site replaces the shipped one';
CREATE OR REPLACE TRIGGER role_level_keep BEFORE INSERT OR UPDATE ON citybigdata.role_level
    FOR EACH ROW EXECUTE FUNCTION citybigdata.role_level_keep();
ALTER TABLE citybigdata.role_level ENABLE ALWAYS TRIGGER role_level_keep;

CREATE OR REPLACE FUNCTION citybigdata.set_role_level(role text, level integer) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF level IS NULL OR level NOT BETWEEN 1 AND 3 THEN
        PERFORM citybigdata.refuse(42204, 'level: 1 to 3.');
    END IF;
    UPDATE citybigdata.role_level AS l SET level = set_role_level.level WHERE l.role = set_role_level.role;
    IF NOT FOUND THEN
        PERFORM citybigdata.refuse(40400, format('There is no role "%s".', left(set_role_level.role, 64)));
    END IF;
    PERFORM citybigdata.audit_event('role.set-level', role, format('level %s', level));
END
$$;
COMMENT ON FUNCTION citybigdata.set_role_level(text, integer) IS
'Sets the data level (1 to 3) that posts of a role give, from the next request on; see table role_level. set_role_level(''leader'', 3). Errors: 40400 no such role, 42204';

-- Who works on a case must read what was written and where it is (level 3). An inspector meets the case in the street, a leader
-- the figures. Shipped rows are replaced as a whole; a row of the site stays.
DELETE FROM citybigdata.role_level WHERE shipped;
INSERT INTO citybigdata.role_level (role, level, shipped) VALUES
('inspector', 2, true), ('desk', 3, true), ('filer', 3, true), ('dispatcher', 3, true), ('unit', 3, true), ('handler', 3, true),
('verifier', 3, true), ('supervisor', 3, true), ('leader', 2, true)
ON CONFLICT ON CONSTRAINT role_level_pkey DO NOTHING;
