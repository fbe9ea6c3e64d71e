-- Organisation: what the tables hold, and looking up. Saving and loading: 75-organisation-load.sql.
COMMENT ON TABLE citybigdata.unit IS 'Responsible units 责任单位: the offices and firms that handle cases; save_unit() and load_units() make and change them';
COMMENT ON COLUMN citybigdata.unit.unit_code IS 'Code in calls, for example lighting-110101';
COMMENT ON COLUMN citybigdata.unit.name IS 'Name';
COMMENT ON COLUMN citybigdata.unit.parent_code IS 'The unit above; null: none';
COMMENT ON COLUMN citybigdata.unit.divisions IS 'Divisions that it answers for, each with all below it; empty: said by responsibilities, or everywhere when event_types says something';
COMMENT ON COLUMN citybigdata.unit.event_types IS 'Event types that it answers for, each with all below it; empty: said by responsibilities, or all when divisions says something';
COMMENT ON COLUMN citybigdata.unit.contact IS 'Person to ask';
COMMENT ON COLUMN citybigdata.unit.telephone IS 'Telephone of the unit';
COMMENT ON COLUMN citybigdata.unit.calendar IS 'Working calendar by which its deadlines run';
COMMENT ON COLUMN citybigdata.unit.state IS 'active; closed: it answers for nothing and gets no cases any more';
COMMENT ON COLUMN citybigdata.unit.updated_at IS 'When the row was changed last';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.unit', '');

COMMENT ON TABLE citybigdata.post IS 'Posts 岗位: what an account does for a unit in a division; save_post(), end_post() and delegate_post() change them';
COMMENT ON COLUMN citybigdata.post.post_id IS 'Number of the post';
COMMENT ON COLUMN citybigdata.post.account_id IS 'Who holds it';
COMMENT ON COLUMN citybigdata.post.role IS 'Role (code table case-role)';
COMMENT ON COLUMN citybigdata.post.unit_code IS 'The unit for which, with all below it; null: for all, and for cases that are with no unit yet';
COMMENT ON COLUMN citybigdata.post.division_code IS 'The division in which, with all below it; null: in all';
COMMENT ON COLUMN citybigdata.post.valid_from IS 'From when it is held';
COMMENT ON COLUMN citybigdata.post.valid_until IS 'Until when; null: until it is ended';
COMMENT ON COLUMN citybigdata.post.delegate_id IS 'Who acts in it from delegate_from until delegate_until, instead of the holder';
COMMENT ON COLUMN citybigdata.post.delegate_from IS 'When the delegate begins';
COMMENT ON COLUMN citybigdata.post.delegate_until IS 'When the delegate ends';
COMMENT ON COLUMN citybigdata.post.given_by IS 'Who gave it, or changed it last';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.post', '');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.post_post_id_seq', '');

COMMENT ON TABLE citybigdata.duty_grid IS 'Duty grids 责任网格: an area with its inspector and its unit; save_grid() and load_grids() make and change them';
COMMENT ON COLUMN citybigdata.duty_grid.grid_code IS 'Code in calls';
COMMENT ON COLUMN citybigdata.duty_grid.name IS 'Name';
COMMENT ON COLUMN citybigdata.duty_grid.division_code IS 'The division that it lies in';
COMMENT ON COLUMN citybigdata.duty_grid.geom IS 'Area, EPSG:4490';
COMMENT ON COLUMN citybigdata.duty_grid.inspector_id IS 'The account of its inspector';
COMMENT ON COLUMN citybigdata.duty_grid.unit_code IS 'The unit that answers for it';
COMMENT ON COLUMN citybigdata.duty_grid.updated_at IS 'When the row was changed last';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.duty_grid', '');

COMMENT ON TABLE citybigdata.responsibility IS
'Which unit answers for a type in a division; the most special row wins: the longest type, then the longest division. save_responsibility() and load_responsibilities() change it';
COMMENT ON COLUMN citybigdata.responsibility.event_type_code IS 'Event type, with all whose codes begin with it; empty: every type';
COMMENT ON COLUMN citybigdata.responsibility.division_code IS 'Division, with all below it; empty: everywhere';
COMMENT ON COLUMN citybigdata.responsibility.unit_code IS 'The unit that answers';
COMMENT ON COLUMN citybigdata.responsibility.updated_at IS 'When the row was changed last';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.responsibility', '');

CREATE OR REPLACE TRIGGER unit_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON citybigdata.unit
    FOR EACH STATEMENT EXECUTE FUNCTION citybigdata.reference_changed();

CREATE OR REPLACE FUNCTION citybigdata.responsible_unit(event_type text, division text) RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_responsible_unit' LANGUAGE c STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.responsible_unit(text, text) IS
'The unit that answers for an event type in a division; null: nobody does. The most special responsibility or unit wins: the longest type, then the longest division. '
'responsible_unit(''60201'', ''110101'')';
CREATE OR REPLACE FUNCTION citybigdata.unit_answers(unit text, event_type text, division text) RETURNS boolean
    AS 'MODULE_PATHNAME', 'cbd_unit_answers' LANGUAGE c STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.unit_answers(text, text, text) IS
'Does the unit answer for the event type in the division: it, or a unit above it, is the responsible one, or its own lists say so?';
CREATE OR REPLACE FUNCTION citybigdata.unit_within(unit text, ancestor text) RETURNS boolean
    AS 'MODULE_PATHNAME', 'cbd_unit_within' LANGUAGE c STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.unit_within(text, text) IS 'Is the unit the other one, or below it?';
CREATE OR REPLACE FUNCTION citybigdata.post_covers(post_unit text, post_division text, unit text, division text) RETURNS boolean
    AS 'MODULE_PATHNAME', 'cbd_post_covers' LANGUAGE c STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.post_covers(text, text, text, text) IS
'Does a post with that unit and division (null: every one) reach a case that is with the unit in the division?';
