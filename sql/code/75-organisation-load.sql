-- Organisation: saving and loading. One place checks and stores, for SQL, CSV and REST: organisation_save().

CREATE OR REPLACE FUNCTION citybigdata.organisation_csv(kind text, csv text) RETURNS TABLE (line integer, item jsonb, member text, status_code integer, message text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    WITH row AS MATERIALIZED (
        -- full: up to which cell there is something
        SELECT r.line, r.cells, r.problem, row_number() OVER () AS n,
               (SELECT coalesce(max(c.n), 0) FROM unnest(r.cells) WITH ORDINALITY c(cell, n) WHERE btrim(c.cell, E' \t\u3000') <> '') AS full
        FROM citybigdata.csv_rows(csv) r
    ), head AS MATERIALIZED (
        SELECT h.n, btrim(h.heading, E' \t\u3000') AS heading, c.member, c.required, count(*) OVER (PARTITION BY c.member) AS times, r.line
        FROM row r CROSS JOIN LATERAL unnest(r.cells) WITH ORDINALITY h(heading, n)
        LEFT JOIN citybigdata.organisation_columns(kind) c ON lower(btrim(h.heading, E' \t\u3000')) = lower(c.member) OR btrim(h.heading, E' \t\u3000') = c.title_zh
        WHERE r.n = 1
    ), wide AS (SELECT max(n) AS columns FROM head)
    SELECT r.line, NULL::jsonb, '', 42275, r.problem FROM row r WHERE r.problem IS NOT NULL
    UNION ALL
    SELECT 1, NULL, '', 42275, citybigdata.say('the first line names the columns: {member}', 'member', (SELECT string_agg(c.member, ',') FROM citybigdata.organisation_columns(kind) c))
    WHERE NOT EXISTS (SELECT FROM row r WHERE r.cells IS NOT NULL)
    UNION ALL
    SELECT h.line, NULL, left(h.heading, 64), CASE WHEN h.member IS NULL THEN 42225 ELSE 42204 END,
           CASE WHEN h.member IS NULL THEN citybigdata.say('the columns are {member}', 'member', (SELECT string_agg(c.member, ', ') FROM citybigdata.organisation_columns(kind) c)) ELSE citybigdata.say('the column stands twice') END
    FROM head h WHERE (h.member IS NULL AND h.heading <> '') OR h.times > 1 AND h.member IS NOT NULL
    UNION ALL
    SELECT 1, NULL, c.member, 42201, citybigdata.say('the column is missing') FROM citybigdata.organisation_columns(kind) c
    WHERE c.required AND EXISTS (SELECT FROM head) AND NOT EXISTS (SELECT FROM head h WHERE h.member = c.member)
    UNION ALL
    SELECT r.line, NULL, '', 42275, citybigdata.say('{cells} cells, and the first line names {columns} columns', 'cells', cardinality(r.cells), 'columns', w.columns)
    FROM row r CROSS JOIN wide w WHERE r.n > 1 AND r.full > 0 AND (cardinality(r.cells) < w.columns OR r.full > w.columns)
    UNION ALL
    SELECT r.line, NULL, '', 42275, citybigdata.say('cell {number} has no heading', 'number', h.n) FROM head h JOIN row r ON r.n > 1 AND btrim(r.cells[h.n], E' \t\u3000') <> '' WHERE h.heading = ''
    UNION ALL
    -- a row of another width says nothing, nor do rows without their key
    SELECT r.line, i.item, NULL, NULL, NULL FROM row r CROSS JOIN wide w
    CROSS JOIN LATERAL (SELECT jsonb_object_agg(h.member, nullif(btrim(r.cells[h.n], E' \t\u3000'), '')) AS item FROM head h WHERE h.member IS NOT NULL) i
    WHERE r.n > 1 AND r.full BETWEEN 1 AND w.columns AND cardinality(r.cells) >= w.columns AND i.item IS NOT NULL
      AND NOT EXISTS (SELECT FROM citybigdata.organisation_columns(kind) c WHERE c.required AND NOT EXISTS (SELECT FROM head h WHERE h.member = c.member))
$$;
COMMENT ON FUNCTION citybigdata.organisation_csv(text, text) IS 'Items of a CSV, with their lines, and what is wrong with its form; an empty cell is none';

CREATE OR REPLACE FUNCTION citybigdata.organisation_problems(kind text, items jsonb, giver bigint, giver_name text)
    RETURNS TABLE (n bigint, member text, status_code integer, message text)
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    CASE kind
        WHEN 'units' THEN RETURN QUERY SELECT p.* FROM citybigdata.unit_problems(items) p;
        WHEN 'posts' THEN RETURN QUERY SELECT p.* FROM citybigdata.post_problems(items, giver, giver_name) p;
        WHEN 'grids' THEN RETURN QUERY SELECT p.* FROM citybigdata.grid_problems(items) p;
        ELSE RETURN QUERY SELECT p.* FROM citybigdata.responsibility_problems(items) p;
    END CASE;
END
$$;
COMMENT ON FUNCTION citybigdata.organisation_problems(text, jsonb, bigint, text) IS 'What is wrong with items of units, posts, grids or responsibilities; no row: they can be saved';

-- What is stored: after organisation_problems() found nothing, in the same transaction, under the lock of organisation_save().
CREATE OR REPLACE FUNCTION citybigdata.unit_store(items jsonb) RETURNS integer
    LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
    WITH given AS MATERIALIZED (
        SELECT * FROM citybigdata.unit_given(items)
    ), gone AS (
        DELETE FROM citybigdata.unit u USING given g WHERE g.removing AND u.unit_code = g.unit_code RETURNING 1
    ), saved AS (
        INSERT INTO citybigdata.unit AS u (unit_code, name, parent_code, divisions, event_types, contact, telephone, calendar, state)
        SELECT g.unit_code, g.name, g.parent_code, g.divisions, g.event_types, g.contact, g.telephone, g.calendar, g.state FROM given g WHERE NOT g.removing
        ON CONFLICT ON CONSTRAINT unit_pkey DO UPDATE SET name = excluded.name, parent_code = excluded.parent_code, divisions = excluded.divisions, event_types = excluded.event_types,
            contact = excluded.contact, telephone = excluded.telephone, calendar = excluded.calendar, state = excluded.state, updated_at = now()
        WHERE (u.name, u.parent_code, u.divisions, u.event_types, u.contact, u.telephone, u.calendar, u.state)
            IS DISTINCT FROM (excluded.name, excluded.parent_code, excluded.divisions, excluded.event_types, excluded.contact, excluded.telephone, excluded.calendar, excluded.state)
        RETURNING 1
    )
    SELECT ((SELECT count(*) FROM gone) + (SELECT count(*) FROM saved))::integer
$$;
COMMENT ON FUNCTION citybigdata.unit_store(jsonb) IS 'Stores checked items of units; how many rows changed';

CREATE OR REPLACE FUNCTION citybigdata.responsibility_store(items jsonb) RETURNS integer
    LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
    WITH given AS MATERIALIZED (
        SELECT * FROM citybigdata.responsibility_given(items)
    ), gone AS (
        DELETE FROM citybigdata.responsibility r USING given g WHERE g.removing AND r.event_type_code = g.event_type_code AND r.division_code = g.division_code RETURNING 1
    ), saved AS (
        INSERT INTO citybigdata.responsibility AS r (event_type_code, division_code, unit_code)
        SELECT g.event_type_code, g.division_code, g.unit_code FROM given g WHERE NOT g.removing
        ON CONFLICT ON CONSTRAINT responsibility_pkey DO UPDATE SET unit_code = excluded.unit_code, updated_at = now() WHERE r.unit_code <> excluded.unit_code
        RETURNING 1
    )
    SELECT ((SELECT count(*) FROM gone) + (SELECT count(*) FROM saved))::integer
$$;
COMMENT ON FUNCTION citybigdata.responsibility_store(jsonb) IS 'Stores checked items of responsibilities; how many rows changed';

CREATE OR REPLACE FUNCTION citybigdata.grid_store(items jsonb) RETURNS integer
    LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
    WITH given AS MATERIALIZED (
        SELECT * FROM citybigdata.grid_given(items)
    ), gone AS (
        DELETE FROM citybigdata.duty_grid d USING given g WHERE g.removing AND d.grid_code = g.grid_code RETURNING 1
    ), saved AS (
        INSERT INTO citybigdata.duty_grid AS d (grid_code, name, division_code, geom, inspector_id, unit_code)
        SELECT g.grid_code, g.name, g.division_code, g.area, g.inspector_id, g.unit_code FROM given g WHERE NOT g.removing
        ON CONFLICT ON CONSTRAINT duty_grid_pkey DO UPDATE SET name = excluded.name, division_code = excluded.division_code, geom = excluded.geom, inspector_id = excluded.inspector_id,
            unit_code = excluded.unit_code, updated_at = now()
        WHERE (d.name, d.division_code, d.inspector_id, d.unit_code) IS DISTINCT FROM (excluded.name, excluded.division_code, excluded.inspector_id, excluded.unit_code)
            OR d.geom::bytea <> excluded.geom::bytea
        RETURNING 1
    )
    SELECT ((SELECT count(*) FROM gone) + (SELECT count(*) FROM saved))::integer
$$;
COMMENT ON FUNCTION citybigdata.grid_store(jsonb) IS 'Stores checked items of duty grids; how many rows changed';

CREATE OR REPLACE FUNCTION citybigdata.post_store(items jsonb, giver_name text) RETURNS TABLE (changed integer, post_ids bigint[])
    LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
    WITH given AS MATERIALIZED (
        SELECT * FROM citybigdata.post_given(items)
    ), gone AS (
        -- one that has not begun was never held
        DELETE FROM citybigdata.post p USING given g WHERE g.removing AND p.post_id = g.post_id AND p.valid_from >= statement_timestamp() RETURNING p.post_id
    ), ended AS (
        UPDATE citybigdata.post p SET valid_until = statement_timestamp(), given_by = giver_name FROM given g
        WHERE g.removing AND p.post_id = g.post_id AND p.valid_from < statement_timestamp() RETURNING p.post_id
    ), kept AS (
        UPDATE citybigdata.post p SET valid_from = g.valid_from, valid_until = g.valid_until, delegate_id = g.delegate_id, delegate_from = g.delegate_from,
            delegate_until = g.delegate_until, given_by = giver_name
        FROM given g WHERE NOT g.removing AND p.post_id = g.post_id
            AND (p.valid_from, p.valid_until, p.delegate_id, p.delegate_from, p.delegate_until) IS DISTINCT FROM (g.valid_from, g.valid_until, g.delegate_id, g.delegate_from, g.delegate_until)
        RETURNING p.post_id
    ), made AS (
        INSERT INTO citybigdata.post (account_id, role, unit_code, division_code, valid_from, valid_until, delegate_id, delegate_from, delegate_until, given_by)
        SELECT g.account_id, g.role, g.unit_code, g.division_code, g.valid_from, g.valid_until, g.delegate_id, g.delegate_from, g.delegate_until, giver_name
        FROM given g WHERE NOT g.removing AND g.post_id IS NULL ORDER BY g.n
        RETURNING post_id
    )
    SELECT ((SELECT count(*) FROM gone) + (SELECT count(*) FROM ended) + (SELECT count(*) FROM kept) + (SELECT count(*) FROM made))::integer,
           ARRAY(SELECT m.post_id FROM made m UNION SELECT g.post_id FROM given g WHERE g.post_id IS NOT NULL ORDER BY 1)
$$;
COMMENT ON FUNCTION citybigdata.post_store(jsonb, text) IS 'Stores checked items of posts; how many rows changed, and the numbers of all of them';

CREATE OR REPLACE FUNCTION citybigdata.organisation_save(kind text, items jsonb, csv text, giver bigint, giver_name text, given_by text)
    RETURNS TABLE (n bigint, line integer, member text, status_code integer, message text, changed integer, post_ids bigint[])
    -- the planner takes a list for longer than it is, and would compile for seconds
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp SET jit = off AS $$
DECLARE
    lines integer[];
    found boolean := false;
    given jsonb := items;
BEGIN
    -- who saves comes one after the other, and accounts do not become administrators meanwhile: what was checked is what is stored
    LOCK TABLE citybigdata.unit, citybigdata.post, citybigdata.duty_grid, citybigdata.responsibility IN SHARE ROW EXCLUSIVE MODE;
    IF csv IS NOT NULL THEN
        FOR line, member, status_code, message IN
            SELECT c.line, c.member, c.status_code, c.message FROM citybigdata.organisation_csv(kind, csv) c WHERE c.item IS NULL ORDER BY c.line LOOP
            found := true;
            RETURN NEXT;
        END LOOP;
        SELECT coalesce(jsonb_agg(c.item ORDER BY c.line), '[]'), array_agg(c.line ORDER BY c.line) INTO given, lines FROM citybigdata.organisation_csv(kind, csv) c WHERE c.item IS NOT NULL;
    END IF;
    IF kind = 'posts' THEN
        PERFORM FROM citybigdata.account a
        WHERE a.account_id IN (SELECT unnest(ARRAY[g.account_id, g.delegate_id]) FROM citybigdata.post_given(given) g) ORDER BY a.account_id FOR SHARE;
    END IF;
    FOR n, line, member, status_code, message IN
        SELECT p.n, lines[p.n], p.member, p.status_code, p.message FROM citybigdata.organisation_problems(kind, given, giver, giver_name) p ORDER BY p.n, p.member, p.status_code, p.message COLLATE "C" LOOP
        found := true;
        RETURN NEXT;
    END LOOP;
    IF NOT found THEN
        n := NULL; line := NULL; member := NULL; message := NULL; status_code := 0;
        CASE kind
            WHEN 'units' THEN changed := citybigdata.unit_store(given);
            WHEN 'posts' THEN SELECT s.changed, s.post_ids INTO changed, post_ids FROM citybigdata.post_store(given, given_by) s;
            WHEN 'grids' THEN changed := citybigdata.grid_store(given);
            ELSE changed := citybigdata.responsibility_store(given);
        END CASE;
        RETURN NEXT;
    END IF;
END
$$;
COMMENT ON FUNCTION citybigdata.organisation_save(text, jsonb, text, bigint, text, text) IS
'Checks and stores items, of a JSON array or a CSV: either one row with status 0, or what is wrong and nothing is stored. For the functions of this extension only';

CREATE OR REPLACE FUNCTION citybigdata.organisation_apply(kind text, items jsonb, csv text, action text, object text)
    RETURNS TABLE (changed integer, post_ids bigint[])
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    found record;
BEGIN
    SELECT array_agg(s.status_code) AS codes, count(*) AS errors, max(s.changed) AS changed, max(s.post_ids) AS post_ids,
           string_agg(concat(concat_ws(citybigdata.say(', '), CASE WHEN s.line IS NOT NULL THEN citybigdata.say('line {line}', 'line', s.line) END, CASE WHEN jsonb_array_length(items) > 1 THEN citybigdata.say('item {number}', 'number', s.n) END, nullif(s.member, '')),
                             format(': %s %s', s.status_code, s.message)), E'\n' ORDER BY s.line, s.n, s.member, s.position) FILTER (WHERE s.position <= 100) AS detail
    INTO found FROM (SELECT a.*, row_number() OVER () AS position FROM citybigdata.organisation_save(kind, items, csv, NULL, session_user, 'role:' || session_user) a) s;
    IF found.codes[1] <> 0 THEN
        PERFORM citybigdata.refuse(CASE WHEN found.errors = 1 THEN found.codes[1] ELSE 42200 END,
                                   found.detail || CASE WHEN found.errors > 100 THEN E'\n' || citybigdata.say('and {count} more', 'count', found.errors - 100) ELSE '' END);
    END IF;
    PERFORM citybigdata.audit_event(action, object, format('%s changed', found.changed));
    changed := found.changed;
    post_ids := found.post_ids;
    RETURN NEXT;
END
$$;
COMMENT ON FUNCTION citybigdata.organisation_apply(text, jsonb, text, text, text) IS
'organisation_save() for a caller from SQL: what is wrong is raised, all of it in the detail, and the change has its audit row; for the functions of this extension only';

CREATE OR REPLACE FUNCTION citybigdata.save_unit(unit text, name text, parent text DEFAULT NULL, divisions text[] DEFAULT '{}', types text[] DEFAULT '{}',
                                                 contact text DEFAULT NULL, telephone text DEFAULT NULL, calendar text DEFAULT NULL, state text DEFAULT NULL) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM citybigdata.organisation_apply('units', jsonb_build_array(jsonb_build_object('unit', unit, 'name', name, 'parent', parent, 'divisions', to_jsonb(divisions),
        'types', to_jsonb(types), 'contact', contact, 'telephone', telephone, 'calendar', calendar, 'state', state)), NULL, 'unit.save', unit);
END
$$;
COMMENT ON FUNCTION citybigdata.save_unit(text, text, text, text[], text[], text, text, text, text) IS
'Makes or replaces a unit 责任单位. divisions and types: what it answers for, each with all below it; calendar: working calendar (default); state: active or closed (active). '
'Errors: 42200 with every error in the detail; alone 40409, 422nn. save_unit(''lighting'', ''照明所'', types => ''{6}'')';

CREATE OR REPLACE FUNCTION citybigdata.remove_unit(unit text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM citybigdata.organisation_apply('units', jsonb_build_array(jsonb_build_object('unit', unit, 'remove', 'true')), NULL, 'unit.remove', unit);
END
$$;
COMMENT ON FUNCTION citybigdata.remove_unit(text) IS 'Deletes a unit that nothing names; one that had cases or posts is closed instead: save_unit(…, state => ''closed''). Errors: 40470 no such unit, 40971 named by something';

CREATE OR REPLACE FUNCTION citybigdata.load_units(csv text) RETURNS integer
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$ SELECT a.changed FROM citybigdata.organisation_apply('units', NULL, csv, 'unit.load', NULL) a $$;
COMMENT ON FUNCTION citybigdata.load_units(text) IS
'Loads units from CSV and returns how many changed; an error in any line refuses all. Columns: unit, name, parent, divisions, types, contact, telephone, calendar, state, remove, '
'or the Chinese headings; a column that is left out stays as it is. Errors: 42200 with every error in the detail';

CREATE OR REPLACE FUNCTION citybigdata.save_responsibility(type text, division text, unit text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM citybigdata.organisation_apply('responsibilities', jsonb_build_array(jsonb_build_object('type', type, 'division', division, 'unit', unit)), NULL,
        'responsibility.save', concat_ws('/', coalesce(nullif(type, ''), '*'), coalesce(nullif(division, ''), '*')));
END
$$;
COMMENT ON FUNCTION citybigdata.save_responsibility(text, text, text) IS
'Says which unit answers for an event type (null: every) in a division (null: everywhere), each with all below it; the most special one wins. '
'Errors: 42205 not in code table event-type, 42206 no such division, 42270 no such unit, or closed; 42200 several of them. save_responsibility(''6'', ''110101'', ''lighting'')';

CREATE OR REPLACE FUNCTION citybigdata.remove_responsibility(type text, division text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM citybigdata.organisation_apply('responsibilities', jsonb_build_array(jsonb_build_object('type', type, 'division', division, 'remove', 'true')), NULL,
        'responsibility.remove', concat_ws('/', coalesce(nullif(type, ''), '*'), coalesce(nullif(division, ''), '*')));
END
$$;
COMMENT ON FUNCTION citybigdata.remove_responsibility(text, text) IS 'Takes back what save_responsibility() said. Error: 40473 it says nothing';

CREATE OR REPLACE FUNCTION citybigdata.load_responsibilities(csv text) RETURNS integer
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$ SELECT a.changed FROM citybigdata.organisation_apply('responsibilities', NULL, csv, 'responsibility.load', NULL) a $$;
COMMENT ON FUNCTION citybigdata.load_responsibilities(text) IS
'Loads responsibilities from CSV and returns how many changed; an error in any line refuses all. Columns: type, division, unit, remove, or the Chinese headings. Errors: 42200 with every error in the detail';

CREATE OR REPLACE FUNCTION citybigdata.save_post(account text, role text, unit text DEFAULT NULL, division text DEFAULT NULL,
                                                 "from" timestamptz DEFAULT NULL, "to" timestamptz DEFAULT NULL) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN (SELECT a.post_ids[1] FROM citybigdata.organisation_apply('posts', jsonb_build_array(jsonb_build_object('account', account, 'role', role, 'unit', nullif(unit, ''),
        'division', nullif(division, ''), 'from', floor(extract(epoch FROM "from"))::bigint::text, 'to', floor(extract(epoch FROM "to"))::bigint::text)), NULL, 'post.save',
        concat_ws(' ', account, role, unit, division)) a);
END
$$;
COMMENT ON FUNCTION citybigdata.save_post(text, text, text, text, timestamptz, timestamptz) IS
'Gives an account a post 岗位 (role of code table case-role, for a unit or null: all, in a division or null: all) from a time (null: now) until another (null: until it is ended), to the second; '
'the same post again changes its times. Returns its number. Never to oneself. Errors: 42272 no active account, 42273 an administrator, 42205, 42206, 42270; 42200 several. '
'save_post(''zhang.san'', ''handler'', ''lighting'', ''110101'')';

CREATE OR REPLACE FUNCTION citybigdata.end_post(post bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM citybigdata.organisation_apply('posts', jsonb_build_array(jsonb_build_object('postId', post::text, 'remove', 'true')), NULL, 'post.end', post::text);
END
$$;
COMMENT ON FUNCTION citybigdata.end_post(bigint) IS 'Ends a post now; one that has not begun is deleted. For another end: save_post(…, "to" => …). Errors: 40471 no such post, 42204 it has ended';

CREATE OR REPLACE FUNCTION citybigdata.delegate_post(post bigint, account text, "from" timestamptz DEFAULT NULL, "until" timestamptz DEFAULT NULL) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM citybigdata.organisation_apply('posts', jsonb_build_array(jsonb_build_object('postId', post::text, 'delegate', account,
        'delegateFrom', floor(extract(epoch FROM "from"))::bigint::text, 'delegateTo', floor(extract(epoch FROM "until"))::bigint::text)), NULL,
        'post.delegate', concat_ws(' ', post::text, account));
END
$$;
COMMENT ON FUNCTION citybigdata.delegate_post(bigint, text, timestamptz, timestamptz) IS
'Lets another account act in a post, from a time (null: now) until another one; the holder does not act in it meanwhile. account null: nobody any more. '
'Errors: 40471 no such post, 42201 until is missing, 42272 no active account, 42273 an administrator; 42200 several. delegate_post(7, ''li.si'', NULL, now() + interval ''14 days'')';

CREATE OR REPLACE FUNCTION citybigdata.load_posts(csv text) RETURNS integer
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$ SELECT a.changed FROM citybigdata.organisation_apply('posts', NULL, csv, 'post.load', NULL) a $$;
COMMENT ON FUNCTION citybigdata.load_posts(text) IS
'Loads posts from CSV and returns how many changed; an error in any line refuses all. Columns: account, role, unit, division, from, to, delegate, delegateFrom, delegateTo, postId, remove, '
'or the Chinese headings. Errors: 42200 with every error in the detail';

CREATE OR REPLACE FUNCTION citybigdata.save_grid(grid text, name text, geometry text, division text DEFAULT NULL, inspector text DEFAULT NULL, unit text DEFAULT NULL) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM citybigdata.organisation_apply('grids', jsonb_build_array(jsonb_build_object('grid', grid, 'name', name, 'geometry', geometry, 'division', division,
        'inspector', inspector, 'unit', unit)), NULL, 'grid.save', grid);
END
$$;
COMMENT ON FUNCTION citybigdata.save_grid(text, text, text, text, text, text) IS
'Makes or replaces a duty grid 责任网格: a GeoJSON or WKT polygon in CGCS2000 longitude and latitude, with the user name of its inspector and its unit. '
'Errors: 42274 no polygon of that kind, 42206, 42270, 42272; 42200 several';

CREATE OR REPLACE FUNCTION citybigdata.remove_grid(grid text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM citybigdata.organisation_apply('grids', jsonb_build_array(jsonb_build_object('grid', grid, 'remove', 'true')), NULL, 'grid.remove', grid);
END
$$;
COMMENT ON FUNCTION citybigdata.remove_grid(text) IS 'Deletes a duty grid. Error: 40472 no such grid';

CREATE OR REPLACE FUNCTION citybigdata.organisation_features(geojson jsonb, kind text, as_text boolean) RETURNS jsonb
    LANGUAGE sql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(jsonb_agg(p.item || jsonb_build_object('geometry', f.feature ->> 'geometry') ORDER BY f.n), '[]')
    FROM jsonb_array_elements(geojson -> 'features') WITH ORDINALITY f(feature, n)
    CROSS JOIN LATERAL (SELECT coalesce(jsonb_object_agg(m.member, CASE WHEN as_text THEN to_jsonb(m.value #>> '{}') ELSE m.value END), '{}') AS item
        FROM jsonb_each(CASE WHEN jsonb_typeof(f.feature -> 'properties') = 'object' THEN f.feature -> 'properties' ELSE '{}' END) m(member, value)
        WHERE m.member IN (SELECT c.member FROM citybigdata.organisation_columns(kind) c)) p
$$;
COMMENT ON FUNCTION citybigdata.organisation_features(jsonb, text, boolean) IS
'Items of a kind (see organisation_columns()) from the features of a GeoJSON FeatureCollection, members as they are or as texts; other properties are left out';

CREATE OR REPLACE FUNCTION citybigdata.load_grids(geojson jsonb) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF geojson ->> 'type' IS DISTINCT FROM 'FeatureCollection' OR jsonb_typeof(geojson -> 'features') IS DISTINCT FROM 'array' THEN
        PERFORM citybigdata.refuse(42202, citybigdata.say('A GeoJSON FeatureCollection is expected: {"type":"FeatureCollection","features":[{"type":"Feature","properties":{"grid":"110101-01","name":"东华门一"},"geometry":{…}}]}.'));
    END IF;
    RETURN (SELECT a.changed FROM citybigdata.organisation_apply('grids', citybigdata.organisation_features(geojson, 'grids', true), NULL, 'grid.load', NULL) a);
END
$$;
COMMENT ON FUNCTION citybigdata.load_grids(jsonb) IS
'Loads duty grids from a GeoJSON FeatureCollection of polygons in CGCS2000 and returns how many changed; an error in any feature refuses all. Properties: grid, name, division, inspector, unit, remove; '
'others are left out. Errors: 42200 with every error in the detail';
