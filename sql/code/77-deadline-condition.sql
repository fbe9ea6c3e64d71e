-- Filing conditions 立案条件: saving and loading. One document for SQL, CSV and REST: a JSON array of items, whose members are code, major,
-- type, condition, limit, limitUnit, unit, closing, calendar, warningShare, active. All errors are found before anything is stored.
CREATE OR REPLACE FUNCTION citybigdata.limit_unit(name text) RETURNS integer
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT max(u.unit) FROM (VALUES
        (1, '{1,天,日,工作日,工作天,day,days,working day,working days}'::text[]), (2, '{2,时,小时,工作时,工作小时,h,hour,hours,working hour,working hours}'),
        (3, '{3,分,分钟,工作分钟,min,minute,minutes,working minute,working minutes}'), (11, '{11,紧急工作日,紧急日,紧急天,自然日,running day,running days}'),
        (12, '{12,紧急工作时,紧急工作小时,紧急时,紧急小时,自然小时,running hour,running hours}'), (13, '{13,紧急工作分钟,紧急分钟,自然分钟,running minute,running minutes}')) u(unit, names)
    WHERE lower(regexp_replace(btrim(limit_unit.name, E' \t\u3000'), '^个', '')) = ANY (u.names)
$$;
COMMENT ON FUNCTION citybigdata.limit_unit(text) IS 'Number of code table limit-unit for how lists write a unit: 天, 小时, 工作时, 紧急工作时, 2 …; null: none. Bare hours and days are working time';

CREATE OR REPLACE FUNCTION citybigdata.time_limit("limit" text, OUT amount numeric, OUT unit integer, OUT rest text) RETURNS record
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT m.part[1]::numeric, citybigdata.limit_unit(m.part[2]), nullif(m.part[2], '')
    FROM (SELECT regexp_match(btrim(translate("limit", '０１２３４５６７８９．－', '0123456789.-'), E' \t\u3000'), '^([-+]?[0-9]{1,20}(?:\.[0-9]{1,6})?)[ \t\u3000]*(.*)$') AS part) m
$$;
COMMENT ON FUNCTION citybigdata.time_limit(text) IS
'A time limit in parts: 2 紧急工作时, 4小时, 5 天, 1.5天, or a number alone. rest: what stands behind the number, unit: which unit that is, null: none. time_limit(''4小时'') is 4, 2';

CREATE OR REPLACE FUNCTION citybigdata.condition_columns() RETURNS TABLE (member text, headings text[])
    LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    VALUES ('code', '{code,代码,立案条件代码}'::text[]), ('major', '{major,大类,问题大类}'), ('type', '{type,小类,问题小类,类型}'), ('condition', '{condition,立案条件}'),
        ('limit', '{limit,处置时限,时限}'), ('either', '{单位}'), ('limitUnit', '{limitunit,时限单位}'), ('unit', '{unit,责任单位,处置单位}'), ('closing', '{closing,结案条件}'),
        ('calendar', '{calendar,工作日历}'), ('warningShare', '{warningshare,预警比例}'), ('active', '{active,启用}')
$$;
COMMENT ON FUNCTION citybigdata.condition_columns() IS
'Members of a filing condition, and the headings that a list may give them, in small letters. either: the column 单位, of the limit, or who handles it where the limit has its unit with it';

CREATE OR REPLACE FUNCTION citybigdata.condition_type(major text, type text, OUT code text, OUT at text, OUT status_code integer, OUT message text) RETURNS record
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    wanted text := coalesce(type, major);
    majors text[];
    found  text[];
BEGIN
    at := CASE WHEN type IS NULL AND major IS NOT NULL THEN 'major' ELSE 'type' END;
    IF wanted IS NULL THEN
        status_code := 42201;
        message := citybigdata.say('the type (小类) is missing: its code or name; * stands for every type');
    ELSIF type = '*' OR NOT EXISTS (SELECT FROM citybigdata.code_table_row r WHERE r.table_name = 'event-type') THEN
        code := CASE WHEN type = '*' THEN '' ELSE wanted END;
    ELSE
        IF major IS NOT NULL AND type IS NOT NULL THEN
            majors := ARRAY(SELECT r.code FROM citybigdata.code_table_row r WHERE r.table_name = 'event-type' AND major IN (r.code, r.name));
        END IF;
        IF majors = '{}' THEN
            at := 'major';
            wanted := major;
        ELSE
            found := ARRAY(
                SELECT r.code FROM citybigdata.code_table_row r
                WHERE r.table_name = 'event-type' AND wanted IN (r.code, r.name)
                  AND (majors IS NULL OR r.parent_code = ANY (majors) OR EXISTS (SELECT FROM unnest(majors) m(code) WHERE starts_with(r.code, m.code) AND r.code <> m.code))
                ORDER BY r.code <> wanted, r.code LIMIT 4);
        END IF;
        IF cardinality(found) > 1 AND found[1] <> wanted THEN
            status_code := 42205;
            message := citybigdata.say('several types are called {wanted}: {found}; the code, or the major class (大类) beside it, says which', 'wanted', left(wanted, 64), 'found', array_to_string(found, ', '));
        ELSIF coalesce(cardinality(found), 0) = 0 THEN
            status_code := 42205;
            message := citybigdata.say('{wanted} is no code or name of code table event-type{majors}', 'wanted', left(wanted, 64), 'majors', CASE WHEN majors IS NOT NULL AND majors <> '{}' THEN citybigdata.say(' in {major}', 'major', left(major, 64)) ELSE '' END);
        ELSE
            code := found[1];
        END IF;
    END IF;
END
$$;
COMMENT ON FUNCTION citybigdata.condition_type(text, text) IS 'The type of code table event-type that a major class 大类 and a type 小类 name by code or name, else what is wrong; an empty code table accepts every code';

CREATE OR REPLACE FUNCTION citybigdata.condition_unit(unit text, OUT code text, OUT message text) RETURNS record
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN count(*) = 1 OR bool_or(u.unit_code = condition_unit.unit) THEN coalesce(max(u.unit_code) FILTER (WHERE u.unit_code = condition_unit.unit), max(u.unit_code)) END,
           CASE WHEN count(*) = 0 THEN citybigdata.say('{unit} is no code or name of a unit that is open', 'unit', left(condition_unit.unit, 64))
                WHEN count(*) > 1 AND NOT bool_or(u.unit_code = condition_unit.unit) THEN citybigdata.say('several units are called {unit}: {unitCode}', 'unit', left(condition_unit.unit, 64), 'unitCode', string_agg(u.unit_code, ', ' ORDER BY u.unit_code)) END
    FROM citybigdata.unit u WHERE u.state = 'active' AND condition_unit.unit IN (u.unit_code, u.name)
$$;
COMMENT ON FUNCTION citybigdata.condition_unit(text) IS 'The open unit of that code or name, else what is wrong';

CREATE OR REPLACE FUNCTION citybigdata.condition_given(items jsonb)
    RETURNS TABLE (n bigint, item jsonb, given_code text, type_code text, type_at text, type_status integer, type_message text, condition_text text, limit_text text, amount numeric, own_unit integer,
                   own_rest text, unit_text text, limit_unit integer, unit_code text, unit_message text, closing text, calendar text, warning_share double precision, active boolean,
                   old_code text, condition_code text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    WITH given AS (
        SELECT e.n, e.item FROM jsonb_array_elements(items) WITH ORDINALITY e(item, n) WHERE jsonb_typeof(e.item) = 'object'
    ), plain AS (
        SELECT g.n, g.item, nullif(btrim(g.item ->> 'code', E' \t\u3000'), '') AS code, nullif(btrim(g.item ->> 'major', E' \t\u3000'), '') AS major, nullif(btrim(g.item ->> 'type', E' \t\u3000'), '') AS type,
               nullif(btrim(g.item ->> 'condition', E' \t\u3000'), '') AS condition, nullif(btrim(g.item ->> 'limit', E' \t\u3000'), '') AS limit_text,
               nullif(btrim(g.item ->> 'limitUnit', E' \t\u3000'), '') AS unit_text, nullif(btrim(g.item ->> 'unit', E' \t\u3000'), '') AS unit,
               nullif(btrim(g.item ->> 'closing', E' \t\u3000'), '') AS closing, nullif(btrim(g.item ->> 'calendar', E' \t\u3000'), '') AS calendar,
               nullif(btrim(g.item ->> 'warningShare', E' \t\u3000'), '') AS warning, lower(nullif(btrim(g.item ->> 'active', E' \t\u3000'), '')) AS active
        FROM given g
    ), resolved AS (
        SELECT p.*, t.code AS type_code, t.at AS type_at, t.status_code AS type_status, t.message AS type_message, l.amount, l.unit AS own_unit, l.rest AS own_rest,
               coalesce(citybigdata.limit_unit(p.unit_text), l.unit) AS limit_unit, u.code AS unit_code, CASE WHEN p.unit IS NOT NULL THEN u.message END AS unit_message
        FROM plain p CROSS JOIN LATERAL citybigdata.condition_type(p.major, p.type) t CROSS JOIN LATERAL citybigdata.time_limit(coalesce(p.limit_text, '')) l
        CROSS JOIN LATERAL citybigdata.condition_unit(p.unit) u
    ), matched AS (
        SELECT r.*, coalesce(c.condition_code, b.condition_code) AS old_code, coalesce(c.calendar, b.calendar) AS old_calendar,
               coalesce(c.warning_share, b.warning_share, 0.75) AS old_share, coalesce(c.active, b.active, true) AS old_active, coalesce(c.unit_code, b.unit_code) AS old_unit,
               coalesce(c.closing_condition, b.closing_condition) AS old_closing,
               CASE WHEN r.type_code ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,50}$' THEN r.type_code WHEN r.type_code = '' THEN 'any' ELSE 'c' END AS base
        FROM resolved r
        LEFT JOIN citybigdata.filing_condition c ON c.condition_code = r.code
        LEFT JOIN citybigdata.filing_condition b ON r.code IS NULL AND b.event_type_code = r.type_code AND b.condition_text = r.condition
    )
    SELECT m.n, m.item, m.code, m.type_code, m.type_at, m.type_status, m.type_message, m.condition, m.limit_text, m.amount, m.own_unit, m.own_rest, m.unit_text, m.limit_unit,
           CASE WHEN m.item ? 'unit' THEN m.unit_code ELSE m.old_unit END, m.unit_message, CASE WHEN m.item ? 'closing' THEN m.closing ELSE m.old_closing END,
           CASE WHEN m.item ? 'calendar' THEN m.calendar ELSE m.old_calendar END,
           CASE WHEN m.warning IS NULL THEN m.old_share WHEN m.warning ~ '^[0-9]{1,3}(\.[0-9]{1,6})?$' THEN m.warning::double precision WHEN m.warning ~ '^[0-9]{1,3}(\.[0-9]{1,6})?%$' THEN rtrim(m.warning, '%')::double precision / 100 END,
           CASE WHEN m.active IS NULL THEN m.old_active WHEN m.active IN ('true', 't', 'yes', '1', '是', '启用') THEN true WHEN m.active IN ('false', 'f', 'no', '0', '否', '停用') THEN false END,
           m.old_code,
           coalesce(m.code, m.old_code, m.base || '-' || coalesce((SELECT max(substr(o.condition_code, length(m.base) + 2)::integer) FROM citybigdata.filing_condition o
               WHERE starts_with(o.condition_code, m.base || '-') AND substr(o.condition_code, length(m.base) + 2) ~ '^[0-9]{1,8}$'), 0)
               + row_number() OVER (PARTITION BY m.base, m.code IS NULL AND m.old_code IS NULL ORDER BY m.n))
    FROM matched m
$$;
COMMENT ON FUNCTION citybigdata.condition_given(jsonb) IS 'Items of conditions as they would be stored, not checked: a condition without a code has that of the same type and text, else the next number of its type';

CREATE OR REPLACE FUNCTION citybigdata.condition_problems(items jsonb, lines integer[]) RETURNS TABLE (n bigint, member text, status_code integer, message text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    WITH given AS MATERIALIZED (
        SELECT g.*, count(*) OVER (PARTITION BY g.type_code, g.condition_text) AS same, min(g.n) OVER (PARTITION BY g.type_code, g.condition_text) AS first,
               count(*) OVER (PARTITION BY g.condition_code) AS same_code
        FROM citybigdata.condition_given(items) g
    )
    SELECT e.n, '', 42202, citybigdata.say('an object is expected, for example {"type":"0102","condition":"…","limit":"4小时"}') FROM jsonb_array_elements(items) WITH ORDINALITY e(item, n) WHERE jsonb_typeof(e.item) <> 'object'
    UNION ALL
    SELECT g.n, k.member, 42225, citybigdata.say('the members are code, major, type, condition, limit, limitUnit, unit, closing, calendar, warningShare, active')
    FROM given g CROSS JOIN LATERAL jsonb_object_keys(g.item) k(member)
    WHERE k.member NOT IN ('code', 'major', 'type', 'condition', 'limit', 'limitUnit', 'unit', 'closing', 'calendar', 'warningShare', 'active')
    UNION ALL
    SELECT g.n, k.member, 42202, citybigdata.say('a text or a number is expected') FROM given g CROSS JOIN LATERAL jsonb_each(g.item) k(member, value) WHERE jsonb_typeof(k.value) IN ('object', 'array')
    UNION ALL
    SELECT g.n, g.type_at, g.type_status, g.type_message FROM given g WHERE g.type_status IS NOT NULL
    UNION ALL
    SELECT g.n, f.member, f.code, f.says FROM given g CROSS JOIN LATERAL (VALUES
        (g.given_code !~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$', 'code', 42204, citybigdata.say('a code has letters, digits, dots, hyphens and underscores, at most 64, for example 0102-1')),
        (g.same_code > 1 AND g.given_code IS NOT NULL, 'code', 42204, citybigdata.say('the code {givenCode} is given more than once', 'givenCode', left(g.given_code, 64))),
        (g.condition_text IS NULL, 'condition', 42201, citybigdata.say('the condition (立案条件) is missing')),
        (length(g.condition_text) > 500, 'condition', 42203, citybigdata.say('at most 500 characters')),
        (length(g.closing) > 500, 'closing', 42203, citybigdata.say('at most 500 characters')),
        (g.same > 1 AND g.n > g.first, 'condition', 42204, CASE WHEN lines IS NULL THEN citybigdata.say('the same type and condition stand in item {first}', 'first', g.first)
            ELSE citybigdata.say('the same type and condition stand in line {line}', 'line', lines[g.first]) END),
        (g.limit_text IS NULL, 'limit', 42201, citybigdata.say('the time limit (处置时限) is missing, for example 4小时 or 2 紧急工作时')),
        (g.limit_text IS NOT NULL AND g.amount IS NULL, 'limit', 42263, citybigdata.say('{limitText}: a number and a unit are expected, for example 4小时, 5 天 or 2 紧急工作时', 'limitText', left(g.limit_text, 64))),
        (g.own_rest IS NOT NULL AND g.own_unit IS NULL, 'limit', 42205, citybigdata.say('{ownRest} is no unit: 天, 小时, 分钟, 紧急工作日, 紧急工作时, 紧急工作分钟', 'ownRest', left(g.own_rest, 64))),
        (g.amount <= 0, 'limit', 42204, citybigdata.say('{limitText}: a time limit is above zero', 'limitText', left(g.limit_text, 64))),
        (g.amount > 10000, 'limit', 42204, citybigdata.say('{limitText}: at most 10000', 'limitText', left(g.limit_text, 64))),
        (g.amount IS NOT NULL AND g.own_rest IS NULL AND g.unit_text IS NULL, 'limitUnit', 42201, citybigdata.say('the unit of the time limit is missing: 天, 小时, 分钟, 紧急工作日, 紧急工作时, 紧急工作分钟')),
        (g.unit_text IS NOT NULL AND citybigdata.limit_unit(g.unit_text) IS NULL, 'limitUnit', 42205, citybigdata.say('{unitText} is no unit: 1 天, 2 小时, 3 分钟, 11 紧急工作日, 12 紧急工作时, 13 紧急工作分钟', 'unitText', left(g.unit_text, 64))),
        (g.own_unit IS NOT NULL AND citybigdata.limit_unit(g.unit_text) <> g.own_unit, 'limitUnit', 42204, citybigdata.say('{unitText} beside the time limit {limitText}', 'unitText', left(g.unit_text, 64), 'limitText', left(g.limit_text, 64))),
        (g.unit_message IS NOT NULL, 'unit', 42270, g.unit_message),
        (g.calendar IS NOT NULL AND NOT EXISTS (SELECT FROM citybigdata.calendar c WHERE c.code = g.calendar), 'calendar', 40409, citybigdata.say('there is no working calendar {calendar}', 'calendar', left(g.calendar, 64))),
        (coalesce(g.warning_share <= 0 OR g.warning_share > 1, true), 'warningShare', 42204, citybigdata.say('a part of the limit is expected, above 0 to 1, for example 0.75 or 75%')),
        (g.active IS NULL, 'active', 42204, citybigdata.say('true or false (是、否) is expected'))
    ) f(wrong, member, code, says) WHERE f.wrong
    UNION ALL
    SELECT g.n, 'condition', 42204, citybigdata.say('the condition {conditionCode} has this type and text', 'conditionCode', o.condition_code)
    FROM given g JOIN citybigdata.filing_condition o ON o.event_type_code = g.type_code AND o.condition_text = g.condition_text AND o.condition_code <> g.condition_code
    UNION ALL
    SELECT g.n, k.member, 42226, citybigdata.say('no control characters or line breaks') FROM given g CROSS JOIN LATERAL (VALUES ('condition', g.condition_text), ('closing', g.closing)) k(member, value)
    WHERE k.value ~ '[\u0001-\u001f\u007f-\u009f\u2028\u2029\ufffe\uffff]'
$$;
COMMENT ON FUNCTION citybigdata.condition_problems(jsonb, integer[]) IS 'What is wrong with items of conditions (lines: where they stand in a CSV, null: in none), by their place from 1; no row: they can be saved';

CREATE OR REPLACE FUNCTION citybigdata.condition_csv(csv text) RETURNS TABLE (line integer, item jsonb, heading text, status_code integer, message text, headings jsonb)
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    WITH row AS MATERIALIZED (
        SELECT r.line, r.cells, r.problem, row_number() OVER () AS n FROM citybigdata.csv_rows(csv) r
    ), head AS MATERIALIZED (
        SELECT h.n, btrim(h.heading, E' \t\u3000') AS heading, c.member, count(*) OVER (PARTITION BY c.member) AS times, r.line
        FROM row r CROSS JOIN LATERAL unnest(r.cells) WITH ORDINALITY h(heading, n)
        LEFT JOIN citybigdata.condition_columns() c ON lower(btrim(h.heading, E' \t\u3000')) = ANY (c.headings)
        WHERE r.n = 1
    ), cell AS MATERIALIZED (
        -- merged cells of a sheet: an empty class is that of the row above; under a new major class there is no minor one yet
        SELECT c.row_n, c.line, c.member, c.n, CASE WHEN c.member IN ('major', 'type') AND c.filled THEN max(c.value) OVER (PARTITION BY c.member, c.part) ELSE c.value END AS value
        FROM (SELECT r.*, count(*) FILTER (WHERE CASE r.member WHEN 'type' THEN r.begins ELSE r.value IS NOT NULL END) OVER (PARTITION BY r.member ORDER BY r.row_n) AS part
              FROM (SELECT *, bool_or(value IS NOT NULL) OVER (PARTITION BY row_n) AS filled, bool_or(value IS NOT NULL AND member IN ('major', 'type')) OVER (PARTITION BY row_n) AS begins
                    FROM (SELECT r.n AS row_n, r.line, h.member, c.n, nullif(btrim(c.cell, E' \t\u3000'), '') AS value
                          FROM row r CROSS JOIN LATERAL unnest(r.cells) WITH ORDINALITY c(cell, n) LEFT JOIN head h ON h.n = c.n WHERE r.n > 1) raw) r) c
    ), item AS (
        SELECT c.row_n, c.line, coalesce(jsonb_object_agg(c.member, c.value) FILTER (WHERE c.member IS NOT NULL), '{}') AS item
        FROM cell c GROUP BY c.row_n, c.line HAVING count(c.value) > 0
    ), names AS (SELECT coalesce(jsonb_object_agg(h.member, h.heading), '{}') AS headings FROM head h WHERE h.member IS NOT NULL)
    SELECT r.line, NULL::jsonb, '', 42275, r.problem, NULL::jsonb FROM row r WHERE r.problem IS NOT NULL
    UNION ALL
    SELECT 1, NULL, '', 42275, citybigdata.say('the first line names the columns, for example 大类,小类,立案条件,处置时限,单位,结案条件'), NULL WHERE NOT EXISTS (SELECT FROM row r WHERE r.cells IS NOT NULL)
    UNION ALL
    SELECT h.line, NULL, left(h.heading, 64), CASE WHEN h.member IS NULL THEN 42225 ELSE 42204 END,
           CASE WHEN h.member IS NULL THEN citybigdata.say('the columns are {columns}', 'columns', (SELECT string_agg(c.headings[CASE WHEN c.member = 'either' THEN 1 ELSE 2 END], ', ') FROM citybigdata.condition_columns() c)) ELSE citybigdata.say('the column stands twice') END, NULL
    FROM head h WHERE h.member IS NULL AND h.heading <> '' OR h.times > 1 AND h.member IS NOT NULL
    UNION ALL
    SELECT 1, NULL, m.heading, 42201, citybigdata.say('the column is missing'), NULL FROM (VALUES ('condition', '立案条件'), ('limit', '处置时限')) m(member, heading)
    WHERE EXISTS (SELECT FROM head) AND NOT EXISTS (SELECT FROM head h WHERE h.member = m.member)
    UNION ALL
    SELECT r.line, NULL, '', 42275, citybigdata.say('{cells} cells, and the first line names {n} columns', 'cells', cardinality(r.cells), 'n', (SELECT max(h.n) FROM head h)), NULL
    FROM row r WHERE r.n > 1 AND cardinality(r.cells) > (SELECT max(h.n) FROM head h)
      AND EXISTS (SELECT FROM cell c WHERE c.row_n = r.n AND c.n > (SELECT max(h.n) FROM head h) AND c.value IS NOT NULL)
    UNION ALL
    SELECT c.line, NULL, '', 42275, citybigdata.say('cell {number} has no heading', 'number', c.n), NULL FROM cell c JOIN head h ON h.n = c.n WHERE h.heading = '' AND c.value IS NOT NULL
    UNION ALL
    (SELECT i.line, i.item - 'either' || CASE WHEN i.item ->> 'either' IS NULL THEN '{}'::jsonb
                WHEN citybigdata.limit_unit(i.item ->> 'either') IS NULL AND l.unit IS NOT NULL THEN jsonb_build_object('unit', i.item ->> 'either')
                ELSE jsonb_build_object('limitUnit', i.item ->> 'either') END,
            NULL, NULL, NULL, n.headings || CASE WHEN n.headings ? 'either' THEN jsonb_build_object('limitUnit', n.headings -> 'either') || jsonb_build_object('unit', coalesce(n.headings -> 'unit', n.headings -> 'either')) ELSE '{}' END
     FROM item i CROSS JOIN names n CROSS JOIN LATERAL citybigdata.time_limit(coalesce(i.item ->> 'limit', '')) l ORDER BY i.row_n)
$$;
COMMENT ON FUNCTION citybigdata.condition_csv(text) IS 'Items of a CSV of conditions, with their lines and the headings that name their members, and what is wrong with its form';

CREATE OR REPLACE FUNCTION citybigdata.condition_save(items jsonb, csv text)
    RETURNS TABLE (n bigint, line integer, member text, heading text, status_code integer, message text, added integer, changed integer, codes text[])
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp SET jit = off AS $$
DECLARE
    given jsonb := items;
    lines integer[];
    names jsonb := '{}';
    found boolean := false;
    lacks boolean := false; -- a column, so that every row would have the same error
BEGIN
    -- one at a time: what was checked is what is stored
    PERFORM citybigdata.own_lock('filing_condition');
    IF csv IS NOT NULL THEN
        FOR line, heading, status_code, message IN
            SELECT c.line, c.heading, c.status_code, c.message FROM citybigdata.condition_csv(csv) c WHERE c.item IS NULL ORDER BY c.line LOOP
            found := true;
            lacks := lacks OR status_code = 42201;
            RETURN NEXT;
        END LOOP;
        SELECT coalesce(jsonb_agg(c.item ORDER BY c.line), '[]'), array_agg(c.line ORDER BY c.line), coalesce((array_agg(c.headings))[1], '{}') INTO given, lines, names
        FROM citybigdata.condition_csv(csv) c WHERE c.item IS NOT NULL;
    END IF;
    IF jsonb_typeof(given) IS DISTINCT FROM 'array' THEN
        given := '[]';
        found := true;
        status_code := 42202;
        message := citybigdata.say('an array is expected, for example [{"type":"0102","condition":"…","limit":"4小时"}]');
        RETURN NEXT;
    ELSIF jsonb_array_length(given) = 0 AND NOT found THEN
        found := true;
        status_code := 42201;
        message := citybigdata.say('there is no condition');
        RETURN NEXT;
    END IF;
    FOR n, line, member, heading, status_code, message IN
        SELECT p.n, lines[p.n], p.member, coalesce(names ->> p.member, p.member), p.status_code, p.message
        FROM citybigdata.condition_problems(given, lines) p WHERE NOT lacks ORDER BY p.n, p.member, p.status_code LOOP
        found := true;
        RETURN NEXT;
    END LOOP;
    IF NOT found THEN
        n := NULL; line := NULL; member := NULL; heading := NULL; message := NULL; status_code := 0;
        WITH item AS MATERIALIZED (
            SELECT * FROM citybigdata.condition_given(given)
        ), saved AS (
            INSERT INTO citybigdata.filing_condition AS f (condition_code, event_type_code, condition_text, limit_amount, limit_unit, warning_share, closing_condition, unit_code, calendar, active)
            SELECT i.condition_code, i.type_code, i.condition_text, i.amount, i.limit_unit, i.warning_share, i.closing, i.unit_code, i.calendar, i.active FROM item i ORDER BY i.n
            ON CONFLICT ON CONSTRAINT filing_condition_pkey DO UPDATE SET event_type_code = excluded.event_type_code, condition_text = excluded.condition_text, limit_amount = excluded.limit_amount,
                limit_unit = excluded.limit_unit, warning_share = excluded.warning_share, closing_condition = excluded.closing_condition, unit_code = excluded.unit_code, calendar = excluded.calendar,
                active = excluded.active, updated_at = now()
            WHERE (f.event_type_code, f.condition_text, f.limit_amount, f.limit_unit, f.warning_share, f.closing_condition, f.unit_code, f.calendar, f.active)
                IS DISTINCT FROM (excluded.event_type_code, excluded.condition_text, excluded.limit_amount, excluded.limit_unit, excluded.warning_share, excluded.closing_condition,
                                  excluded.unit_code, excluded.calendar, excluded.active)
            RETURNING f.condition_code
        )
        SELECT count(*) FILTER (WHERE i.old_code IS NULL), count(s.condition_code) FILTER (WHERE i.old_code IS NOT NULL), array_agg(i.condition_code ORDER BY i.n)
        INTO added, changed, codes FROM item i LEFT JOIN saved s ON s.condition_code = i.condition_code;
        RETURN NEXT;
    END IF;
END
$$;
COMMENT ON FUNCTION citybigdata.condition_save(jsonb, text) IS
'Checks and stores conditions, of a JSON array or a CSV: either one row with status 0, or what is wrong and nothing is stored. For the functions of this extension only';

CREATE OR REPLACE FUNCTION citybigdata.condition_apply(items jsonb, csv text, action text) RETURNS TABLE (added integer, changed integer, codes text[])
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    done record;
BEGIN
    SELECT array_agg(s.status_code) AS statuses, count(*) AS errors, max(s.added) AS added, max(s.changed) AS changed, max(s.codes) AS codes,
           string_agg(concat(nullif(concat_ws(citybigdata.say(', '), CASE WHEN s.line IS NOT NULL THEN citybigdata.say('line {line}', 'line', s.line) WHEN s.n IS NOT NULL THEN citybigdata.say('item {number}', 'number', s.n) END, nullif(s.heading, '')), '') || ': ',
                             format('%s %s', s.status_code, s.message)), E'\n') FILTER (WHERE s.place <= 100) AS detail
    INTO done FROM (SELECT a.*, row_number() OVER () AS place FROM citybigdata.condition_save(items, csv) a) s;
    IF done.statuses[1] <> 0 THEN
        PERFORM citybigdata.refuse(CASE WHEN done.errors = 1 THEN done.statuses[1] ELSE 42200 END,
            done.detail || CASE WHEN done.errors > 100 THEN E'\n' || citybigdata.say('and {count} more', 'count', done.errors - 100) ELSE '' END || E'\n' || citybigdata.say('Nothing was saved.'));
    END IF;
    PERFORM citybigdata.audit_event(action, CASE WHEN cardinality(done.codes) = 1 THEN done.codes[1] END, format('%s conditions, %s new, %s changed', cardinality(done.codes), done.added, done.changed));
    added := done.added;
    changed := done.changed;
    codes := done.codes;
    RETURN NEXT;
END
$$;
COMMENT ON FUNCTION citybigdata.condition_apply(jsonb, text, text) IS 'condition_save() for a caller from SQL: what is wrong is raised, all of it in the detail; for the functions of this extension only';

CREATE OR REPLACE FUNCTION citybigdata.save_condition(document jsonb) RETURNS text
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$ SELECT a.codes[1] FROM citybigdata.condition_apply(CASE WHEN jsonb_typeof(document) = 'array' THEN document ELSE jsonb_build_array(document) END, NULL, 'condition.save') a $$;
COMMENT ON FUNCTION citybigdata.save_condition(jsonb) IS
'Makes or changes a filing condition 立案条件 (or an array of them) and returns its code: {"code", "major", "type", "condition", "limit", "limitUnit", "unit", "closing", "calendar", "warningShare", "active"}. '
'One without a code is found by its type and text. Errors: 42200 with every error in the detail; alone 40409, 422nn. save_condition(''{"type":"0102","condition":"暴露垃圾","limit":"4小时"}'')';

CREATE OR REPLACE FUNCTION citybigdata.load_conditions(csv text) RETURNS TABLE (loaded integer, added integer, changed integer)
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$ SELECT cardinality(a.codes), a.added, a.changed FROM citybigdata.condition_apply(NULL, coalesce(csv, ''), 'condition.load') a $$;
COMMENT ON FUNCTION citybigdata.load_conditions(text) IS
'Loads filing conditions 立案条件 from CSV (commas, tabs or semicolons): 大类,小类,立案条件,处置时限,单位,结案条件, and if need be 责任单位, 工作日历, 预警比例, 启用, 立案条件代码. Types by code or name; '
'an empty class is that of the row above; limits such as 2 紧急工作时, 4小时, 5 天, or a number with the unit in 单位. Loading again changes by type and text, codes stay. '
'Errors: 42200 with every error, its line and column in the detail, and then nothing is loaded';

CREATE OR REPLACE FUNCTION citybigdata.case_conditions(rec_id integer)
    RETURNS TABLE (condition_code text, event_type_code text, condition_text text, limit_amount numeric, limit_unit integer, closing_condition text, unit_code text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH RECURSIVE given AS MATERIALIZED (
        SELECT array_remove(ARRAY[e.sub_type_code, e.main_type_code, e.event_type_code], NULL) AS codes FROM citybigdata.event e WHERE e.rec_id = case_conditions.rec_id
    ), above AS (
        SELECT c.code, r.parent_code FROM given g CROSS JOIN LATERAL unnest(g.codes) c(code) LEFT JOIN citybigdata.code_table_row r ON r.table_name = 'event-type' AND r.code = c.code
        UNION
        SELECT r.code, r.parent_code FROM above a JOIN citybigdata.code_table_row r ON r.table_name = 'event-type' AND r.code = a.parent_code
    )
    SELECT f.condition_code, f.event_type_code, f.condition_text, f.limit_amount, f.limit_unit, f.closing_condition, f.unit_code
    FROM given g JOIN citybigdata.filing_condition f ON f.active
    WHERE f.event_type_code IN (SELECT a.code FROM above a) OR EXISTS (SELECT FROM unnest(g.codes) c(code) WHERE starts_with(c.code, f.event_type_code))
    ORDER BY length(f.event_type_code) DESC, f.condition_code
$$;
COMMENT ON FUNCTION citybigdata.case_conditions(integer) IS
'The filing conditions that a case may be filed by: in use, of its minor class, its major class, its type or one above them; the most special first';

CREATE OR REPLACE FUNCTION citybigdata.load_conditions_file(file text) RETURNS TABLE (loaded integer, added integer, changed integer)
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$ SELECT l.* FROM citybigdata.load_conditions(citybigdata.data_file(file)) l $$;
COMMENT ON FUNCTION citybigdata.load_conditions_file(text) IS 'load_conditions with a data file that was installed with the extension, for example filing_conditions.csv';

CREATE OR REPLACE FUNCTION citybigdata.rest_admin_conditions(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    type text, active text, q text, cursor text, page_size text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_admin_conditions' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_admin_conditions(text, inet, text, text, bytea, text, text, text, text, text) IS
'GET /admin/conditions: {items, nextCursor} of filing conditions, of a type and those below it. For sysadmin. 401nn, 40304, 40307; 42200';

CREATE OR REPLACE FUNCTION citybigdata.rest_condition_save(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    conditions text, csv text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_condition_save' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_condition_save(text, inet, text, text, bytea, text, text) IS
'POST /admin/conditions: {added, changed, codes}; save_condition() of an array, or load_conditions() of a CSV. For sysadmin. 401nn, 40304, 40307; 42200 with every error';
