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

CREATE OR REPLACE FUNCTION citybigdata.duty_grid_at(point geometry) RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_duty_grid_at' LANGUAGE c STABLE STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.duty_grid_at(geometry) IS 'The duty grid that a point (EPSG:4490) lies in, of several the smallest; null: in none';

-- Who acts in which post now: its holder, or while it is delegated the delegate.
CREATE OR REPLACE VIEW citybigdata.post_in_force AS
SELECT p.post_id, a.account_id, p.account_id AS holder_id, p.role, p.unit_code, p.division_code
FROM citybigdata.post p
JOIN citybigdata.account a ON a.account_id OPERATOR(pg_catalog.=) CASE
    WHEN p.delegate_from OPERATOR(pg_catalog.<=) pg_catalog.statement_timestamp() AND p.delegate_until OPERATOR(pg_catalog.>) pg_catalog.statement_timestamp()
    THEN p.delegate_id ELSE p.account_id END
WHERE p.valid_from OPERATOR(pg_catalog.<=) pg_catalog.statement_timestamp()
  AND (p.valid_until IS NULL OR p.valid_until OPERATOR(pg_catalog.>) pg_catalog.statement_timestamp())
  AND a.state OPERATOR(pg_catalog.=) 'active' AND a.admin_role IS NULL
  AND (a.valid_until IS NULL OR a.valid_until OPERATOR(pg_catalog.>) pg_catalog.statement_timestamp());
COMMENT ON VIEW citybigdata.post_in_force IS 'Posts that somebody acts in now: the holder, or while it is delegated the delegate; accounts that are suspended, expired or administrators do not count';
COMMENT ON COLUMN citybigdata.post_in_force.post_id IS 'Number of the post';
COMMENT ON COLUMN citybigdata.post_in_force.account_id IS 'Who acts';
COMMENT ON COLUMN citybigdata.post_in_force.holder_id IS 'Who holds it';
COMMENT ON COLUMN citybigdata.post_in_force.role IS 'Role (code table case-role)';
COMMENT ON COLUMN citybigdata.post_in_force.unit_code IS 'Unit; null: all';
COMMENT ON COLUMN citybigdata.post_in_force.division_code IS 'Division; null: all';

-- Shipped rows are replaced as a whole by each version; a row of the site with the same key stays.
INSERT INTO citybigdata.code_table (name, title, title_zh, version, shipped) VALUES
('case-role', 'Roles of posts', '岗位角色', '1', true)
ON CONFLICT ON CONSTRAINT code_table_pkey DO NOTHING;
INSERT INTO citybigdata.code_table_row (table_name, code, name, name_en, sort, shipped) VALUES
('case-role', 'inspector', '采集员', 'Inspector', 1, true), ('case-role', 'desk', '受理员', 'Desk officer', 2, true),
('case-role', 'filer', '值班长', 'Duty officer', 3, true), ('case-role', 'dispatcher', '派遣员', 'Dispatcher', 4, true),
('case-role', 'unit', '专业部门', 'Responsible unit', 5, true), ('case-role', 'handler', '处置人员', 'Handler', 6, true),
('case-role', 'verifier', '核查员', 'Verifier', 7, true), ('case-role', 'supervisor', '督查员', 'Supervisor', 8, true),
('case-role', 'leader', '领导', 'Leader', 9, true)
ON CONFLICT ON CONSTRAINT code_table_row_pkey DO NOTHING;

-- Endpoints of administration.
CREATE OR REPLACE FUNCTION citybigdata.rest_admin_units(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    parent text, state text, cursor text, page_size text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_admin_units' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_admin_units(text, inet, text, text, bytea, text, text, text, text) IS
'GET /admin/units: {items, nextCursor}. For sysadmin, audited. 401nn, 40304, 40307; 42204';

CREATE OR REPLACE FUNCTION citybigdata.rest_admin_posts(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    account text, role text, unit text, state text, cursor text, page_size text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_admin_posts' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_admin_posts(text, inet, text, text, bytea, text, text, text, text, text, text) IS
'GET /admin/posts: {items, nextCursor}; account: of the holder or the delegate; state: current, coming, ended. For secadmin, audited. 401nn, 40304, 40307; 42204';

CREATE OR REPLACE FUNCTION citybigdata.rest_admin_grids(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    division text, unit text, cursor text, page_size text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_admin_grids' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_admin_grids(text, inet, text, text, bytea, text, text, text, text) IS
'GET /admin/grids: {items, nextCursor}, each with its geometry as GeoJSON. For sysadmin, audited. 401nn, 40304, 40307; 42204';

CREATE OR REPLACE FUNCTION citybigdata.rest_admin_responsibilities(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    type text, division text, unit text, cursor text, page_size text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_admin_responsibilities' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_admin_responsibilities(text, inet, text, text, bytea, text, text, text, text, text) IS
'GET /admin/responsibilities: {items, nextCursor}. For sysadmin, audited. 401nn, 40304, 40307; 42204';

CREATE OR REPLACE FUNCTION citybigdata.rest_unit_save(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    unit text, name text, parent text, divisions text[], types text[], contact text, telephone text, calendar text, state text, remove text, items text, csv text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_unit_save' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_unit_save(text, inet, text, text, bytea, text, text, text, text[], text[], text, text, text, text, text, text, text) IS
'POST /admin/units: {changed}; the fields of one unit, or items (JSON), or csv; all errors at once, and then nothing is stored. For sysadmin. 401nn, 40304, 40307; 42200 or the one error: see save_unit(), remove_unit()';

CREATE OR REPLACE FUNCTION citybigdata.rest_post_save(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    account text, role text, unit text, division text, "from" text, "to" text, delegate text, delegate_from text, delegate_to text, post_id text, remove text, items text, csv text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_post_save' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_post_save(text, inet, text, text, bytea, text, text, text, text, text, text, text, text, text, text, text, text, text) IS
'POST /admin/posts: {changed, postIds}; the fields of one post, or items (JSON), or csv; all errors at once, and then nothing is stored. For secadmin. 401nn, 40304, 40307; 40309 for oneself; 42200 or the one error: see save_post(), end_post(), delegate_post()';

CREATE OR REPLACE FUNCTION citybigdata.rest_grid_save(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    grid text, name text, division text, inspector text, unit text, geometry text, remove text, items text, csv text, features text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_grid_save' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_grid_save(text, inet, text, text, bytea, text, text, text, text, text, text, text, text, text, text) IS
'POST /admin/grids: {changed}; the fields of one grid, or items (JSON), or csv, or the features of a GeoJSON FeatureCollection; all errors at once, and then nothing is stored. For sysadmin. 401nn, 40304, 40307; 42200 or the one error: see save_grid()';

CREATE OR REPLACE FUNCTION citybigdata.rest_responsibility_save(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    type text, division text, unit text, remove text, items text, csv text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_responsibility_save' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_responsibility_save(text, inet, text, text, bytea, text, text, text, text, text, text) IS
'POST /admin/responsibilities: {changed}; the fields of one, or items (JSON), or csv; all errors at once, and then nothing is stored. For sysadmin. 401nn, 40304, 40307; 42200 or the one error: see save_responsibility()';
