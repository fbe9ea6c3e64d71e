-- Organisation: what is wrong with what is to be saved. One document for REST, SQL and CSV: a JSON array of items whose members are texts,
-- arrays of texts (codes) or null. A member that an item has not stays as it is, in a new row its default; null is: none.
-- <kind>_given() is what the rows would be; <kind>_problems() what is wrong with that: item (from 1), member, status code, what would be right.

CREATE OR REPLACE FUNCTION citybigdata.organisation_columns(kind text) RETURNS TABLE (member text, title_zh text, required boolean)
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT c.member, c.title_zh, c.required
    FROM (VALUES ('units', 'unit', '单位代码', true), ('units', 'name', '单位名称', false), ('units', 'parent', '上级单位', false), ('units', 'divisions', '负责区划', false),
        ('units', 'types', '负责类型', false), ('units', 'contact', '联系人', false), ('units', 'telephone', '电话', false), ('units', 'calendar', '工作日历', false),
        ('units', 'state', '状态', false), ('units', 'remove', '删除', false),
        ('posts', 'account', '用户名', false), ('posts', 'role', '角色', false), ('posts', 'unit', '单位代码', false), ('posts', 'division', '区划代码', false), ('posts', 'from', '开始时间', false),
        ('posts', 'to', '结束时间', false), ('posts', 'delegate', '代理人', false), ('posts', 'delegateFrom', '代理开始', false), ('posts', 'delegateTo', '代理结束', false),
        ('posts', 'postId', '岗位编号', false), ('posts', 'remove', '删除', false),
        ('grids', 'grid', '网格代码', true), ('grids', 'name', '网格名称', false), ('grids', 'division', '区划代码', false), ('grids', 'inspector', '采集员', false),
        ('grids', 'unit', '单位代码', false), ('grids', 'geometry', '范围', false), ('grids', 'remove', '删除', false),
        ('responsibilities', 'type', '类型代码', false), ('responsibilities', 'division', '区划代码', false), ('responsibilities', 'unit', '单位代码', false), ('responsibilities', 'remove', '删除', false),
        ('cameras', 'camera', '监控点编号', true), ('cameras', 'name', '监控点名称', false), ('cameras', 'gbCode', '国标编码', false), ('cameras', 'gbEdition', '国标版本', false),
        ('cameras', 'type', '监控点类型', false), ('cameras', 'division', '区划代码', false), ('cameras', 'address', '地址', false), ('cameras', 'longitude', '经度', false),
        ('cameras', 'latitude', '纬度', false), ('cameras', 'geometry', '位置', false), ('cameras', 'protocols', '取流协议', false), ('cameras', 'transports', '传输协议', false),
        ('cameras', 'state', '状态', false), ('cameras', 'level', '数据级别', false), ('cameras', 'provider', '提供方', false), ('cameras', 'upstreamCode', '上级平台编号', false),
        ('cameras', 'codec', '主码流编码', false), ('cameras', 'subCodec', '子码流编码', false), ('cameras', 'source', '主码流地址', false), ('cameras', 'subSource', '子码流地址', false),
        ('cameras', 'remove', '删除', false))
        AS c(kind, member, title_zh, required)
    WHERE c.kind = organisation_columns.kind
$$;
COMMENT ON FUNCTION citybigdata.organisation_columns(text) IS 'Members of an item of units, posts, grids, responsibilities or cameras, which are the headings of a CSV, too: in English and in Chinese';

CREATE OR REPLACE FUNCTION citybigdata.organisation_list(value jsonb) RETURNS text[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(array_agg(c.code ORDER BY c.n) FILTER (WHERE c.code <> ''), '{}')
    FROM (SELECT a.code, a.n FROM jsonb_array_elements_text(CASE WHEN jsonb_typeof(value) = 'array' THEN value ELSE '[]' END) WITH ORDINALITY a(code, n)
          UNION ALL
          SELECT s.code, s.n FROM regexp_split_to_table(CASE WHEN jsonb_typeof(value) <> 'array' THEN value #>> '{}' END, '[\s,;|\u3000\uff0c\uff1b\u3001]+') WITH ORDINALITY s(code, n)) c
$$;
COMMENT ON FUNCTION citybigdata.organisation_list(jsonb) IS 'Codes of a member: a JSON array, or a text with blanks, commas, semicolons or 、 between them';

CREATE OR REPLACE FUNCTION citybigdata.organisation_time(value text, until boolean DEFAULT false) RETURNS timestamptz
    LANGUAGE plpgsql STABLE STRICT SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    zone text := current_setting('citybigdata.time_zone');
BEGIN
    IF value ~ '^([0-9]{14}|[0-9]{9,10})$' THEN
        RETURN citybigdata.time_point(value);
    ELSIF citybigdata.calendar_date(value) IS NOT NULL THEN
        RETURN (citybigdata.calendar_date(value) + CASE WHEN until THEN 1 ELSE 0 END)::timestamp AT TIME ZONE zone;
    ELSIF value ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?$' THEN
        RETURN value::timestamp AT TIME ZONE zone;
    ELSIF value ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,6})?)?(Z|[+-][0-9]{2}(:?[0-9]{2})?)$' THEN
        RETURN value::timestamptz;
    END IF;
    RETURN NULL;
EXCEPTION WHEN data_exception OR SQLSTATE 'UD00A' THEN
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION citybigdata.organisation_time(text, boolean) IS
'A time: yyyyMMddHHmmss or 2027-01-31 08:00 in the platform''s zone, Unix seconds, 2027-01-31T08:00:00+08:00; or a day, 20270131, 2027-01-31, 2027/1/31: its begin, or (until) its end. Null: none of these';

CREATE OR REPLACE FUNCTION citybigdata.organisation_text(member text, value text, most integer, required boolean)
    RETURNS TABLE (at text, status_code integer, message text)
    LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT member, f.code, f.says FROM (VALUES
        (required AND coalesce(btrim(value, E' \u3000'), '') = '', 42201, citybigdata.say('a text is expected')),
        (length(value) > most, 42203, citybigdata.say('at most {most} characters', 'most', most)),
        (value ~ '[\u0001-\u001f\u007f-\u009f\u2028\u2029\ufffe\uffff]', 42226, citybigdata.say('no control characters or line breaks')),
        (value ~ '^[=+@-]', 42226, citybigdata.say('not with =, +, - or @ in front, which spreadsheets take for a formula'))) f(wrong, code, says)
    WHERE f.wrong
$$;
COMMENT ON FUNCTION citybigdata.organisation_text(text, text, integer, boolean) IS 'What is wrong with a name or another text for people; no row: nothing';

CREATE OR REPLACE FUNCTION citybigdata.organisation_division_known(division text) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (SELECT FROM citybigdata.division d WHERE d.code = organisation_division_known.division AND (d.valid_to IS NULL OR d.valid_to > current_date))
$$;
COMMENT ON FUNCTION citybigdata.organisation_division_known(text) IS 'Is there a division of that code today?';

CREATE OR REPLACE FUNCTION citybigdata.organisation_unit_open(unit text) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (SELECT FROM citybigdata.unit u WHERE u.unit_code = organisation_unit_open.unit AND u.state = 'active')
$$;
COMMENT ON FUNCTION citybigdata.organisation_unit_open(text) IS 'Is there a unit of that code which is not closed?';

CREATE OR REPLACE FUNCTION citybigdata.organisation_account(name text)
    RETURNS TABLE (account_id bigint, user_name text, active boolean, administrator boolean)
    LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT a.account_id, a.user_name, a.state = 'active' AND (a.valid_until IS NULL OR a.valid_until > statement_timestamp()), a.admin_role IS NOT NULL
    FROM citybigdata.account a WHERE lower(a.user_name COLLATE "C") = lower(name COLLATE "C")
$$;
COMMENT ON FUNCTION citybigdata.organisation_account(text) IS 'The account of a user name, whether it can act, and whether it is an administrator''s';

-- What every kind is checked for: members and their types, and no key twice.
CREATE OR REPLACE FUNCTION citybigdata.organisation_form_problems(kind text, items jsonb)
    RETURNS TABLE (n bigint, member text, status_code integer, message text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT e.n, '', 42202, citybigdata.say('an object is expected, for example {example}', 'example', CASE kind
        WHEN 'units' THEN '{"unit":"lighting","name":"照明所"}' WHEN 'posts' THEN '{"account":"zhang.san","role":"desk"}'
        WHEN 'grids' THEN '{"grid":"110101-01","name":"东华门一","geometry":{"type":"Polygon","coordinates":[…]}}' ELSE '{"type":"6","division":"110101","unit":"lighting"}' END)
    FROM jsonb_array_elements(items) WITH ORDINALITY e(item, n) WHERE jsonb_typeof(e.item) <> 'object'
    UNION ALL
    SELECT e.n, m.member, CASE WHEN c.member IS NULL THEN 42225 ELSE 42202 END,
           CASE WHEN c.member IS NULL THEN citybigdata.say('the members are {member}', 'member', (SELECT string_agg(o.member, ', ') FROM citybigdata.organisation_columns(kind) o))
                ELSE citybigdata.say('a text is expected, not an array') END
    FROM jsonb_array_elements(items) WITH ORDINALITY e(item, n)
    CROSS JOIN LATERAL jsonb_each(CASE WHEN jsonb_typeof(e.item) = 'object' THEN e.item ELSE '{}' END) m(member, value)
    LEFT JOIN citybigdata.organisation_columns(kind) c ON c.member = m.member
    WHERE c.member IS NULL OR (jsonb_typeof(m.value) = 'array' AND m.member NOT IN ('divisions', 'types'))
    UNION ALL
    SELECT e.n, 'remove', 42204, citybigdata.say('true, false, or nothing') FROM jsonb_array_elements(items) WITH ORDINALITY e(item, n)
    WHERE lower(e.item ->> 'remove') NOT IN ('true', 'false', '1', '0', '是', '否')
$$;
COMMENT ON FUNCTION citybigdata.organisation_form_problems(text, jsonb) IS 'Members that an item of that kind does not have, and values of a wrong type';

CREATE OR REPLACE FUNCTION citybigdata.organisation_removes(item jsonb) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$ SELECT coalesce(lower(item ->> 'remove') IN ('true', '1', '是'), false) $$;
COMMENT ON FUNCTION citybigdata.organisation_removes(jsonb) IS 'Does the item take its row away?';

CREATE OR REPLACE FUNCTION citybigdata.unit_given(items jsonb)
    RETURNS TABLE (n bigint, removing boolean, known boolean, unit_code text, name text, parent_code text, divisions text[], event_types text[],
                   contact text, telephone text, calendar text, state text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT e.n, citybigdata.organisation_removes(e.item), u.unit_code IS NOT NULL, e.item ->> 'unit', m.item ->> 'name', m.item ->> 'parent',
           citybigdata.organisation_list(m.item -> 'divisions'), citybigdata.organisation_list(m.item -> 'types'),
           m.item ->> 'contact', m.item ->> 'telephone', coalesce(m.item ->> 'calendar', 'default'), coalesce(m.item ->> 'state', 'active')
    FROM jsonb_array_elements(items) WITH ORDINALITY e(item, n)
    LEFT JOIN citybigdata.unit u ON u.unit_code = e.item ->> 'unit'
    CROSS JOIN LATERAL (SELECT jsonb_build_object('name', u.name, 'parent', u.parent_code, 'divisions', u.divisions, 'types', u.event_types, 'contact', u.contact,
        'telephone', u.telephone, 'calendar', u.calendar, 'state', u.state) || CASE WHEN jsonb_typeof(e.item) = 'object' THEN e.item ELSE '{}' END AS item) m
$$;
COMMENT ON FUNCTION citybigdata.unit_given(jsonb) IS 'Units as the items would make them; not checked';

CREATE OR REPLACE FUNCTION citybigdata.unit_circles(items jsonb) RETURNS TABLE (n bigint, chain text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    WITH RECURSIVE given AS MATERIALIZED (
        SELECT * FROM citybigdata.unit_given(items)
    ), above AS MATERIALIZED (
        SELECT g.unit_code, g.parent_code FROM given g WHERE g.parent_code IS NOT NULL
        UNION ALL
        SELECT u.unit_code, u.parent_code FROM citybigdata.unit u WHERE u.parent_code IS NOT NULL AND NOT EXISTS (SELECT FROM given g WHERE g.unit_code = u.unit_code)
    ), climb AS (
        SELECT g.n, g.unit_code AS start, g.parent_code AS unit_code, g.unit_code || ' < ' || g.parent_code AS chain, 1 AS depth FROM given g WHERE g.parent_code IS NOT NULL
        UNION ALL
        SELECT c.n, c.start, a.parent_code, CASE WHEN c.depth < 8 THEN c.chain || ' < ' || a.parent_code ELSE c.chain END, c.depth + 1
        FROM climb c JOIN above a ON a.unit_code = c.unit_code WHERE c.depth < 32 AND c.unit_code <> c.start
    )
    SELECT c.n, min(CASE WHEN c.unit_code = c.start THEN citybigdata.say('{chain}: a unit cannot be below itself', 'chain', left(c.chain, 200)) ELSE citybigdata.say('at most 31 units are above another') END)
    FROM climb c WHERE c.unit_code = c.start OR c.depth = 32 GROUP BY c.n
$$;
COMMENT ON FUNCTION citybigdata.unit_circles(jsonb) IS 'Items that would make a unit stand below itself, together with the units that are there';

CREATE OR REPLACE FUNCTION citybigdata.unit_uses(items jsonb) RETURNS TABLE (n bigint, uses text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    WITH given AS MATERIALIZED (
        SELECT * FROM citybigdata.unit_given(items)
    ), gone AS MATERIALIZED (
        SELECT array_agg(g.unit_code) AS codes FROM given g WHERE g.removing AND g.known
    ), named AS (
        SELECT DISTINCT u.parent_code AS unit_code, 1 AS place, citybigdata.say('units below it') AS what FROM citybigdata.unit u, gone
        WHERE u.parent_code = ANY (gone.codes) AND u.unit_code NOT IN (SELECT g.unit_code FROM given g WHERE g.unit_code IS NOT NULL)
        UNION SELECT g.parent_code, 1, citybigdata.say('units below it') FROM given g, gone WHERE NOT g.removing AND g.parent_code = ANY (gone.codes)
        UNION SELECT r.unit_code, 2, citybigdata.say('responsibilities') FROM citybigdata.responsibility r, gone WHERE r.unit_code = ANY (gone.codes)
        UNION SELECT d.unit_code, 3, citybigdata.say('duty grids') FROM citybigdata.duty_grid d, gone WHERE d.unit_code = ANY (gone.codes)
        UNION SELECT p.unit_code, 4, citybigdata.say('posts') FROM citybigdata.post p, gone WHERE p.unit_code = ANY (gone.codes)
        UNION SELECT e.unit_code, 5, citybigdata.say('cases') FROM citybigdata.event e, gone WHERE e.unit_code = ANY (gone.codes)
    )
    SELECT g.n, string_agg(o.what, ', ' ORDER BY o.place) FROM given g JOIN named o USING (unit_code) WHERE g.removing GROUP BY g.n
$$;
COMMENT ON FUNCTION citybigdata.unit_uses(jsonb) IS 'Which of the items take a unit away that is still named, and by what';

CREATE OR REPLACE FUNCTION citybigdata.unit_problems(items jsonb) RETURNS TABLE (n bigint, member text, status_code integer, message text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    WITH given AS MATERIALIZED (
        SELECT g.*, count(*) OVER (PARTITION BY g.unit_code) AS times FROM citybigdata.unit_given(items) g
    )
    SELECT p.* FROM citybigdata.organisation_form_problems('units', items) p
    UNION ALL
    SELECT g.n, f.member, f.code, f.says FROM given g CROSS JOIN LATERAL (VALUES
        (g.unit_code IS NULL, 'unit', 42201, citybigdata.say('the code of the unit is expected, for example lighting-110101')),
        (g.unit_code !~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$', 'unit', 42204, citybigdata.say('a code has at most 64 letters, digits and . _ -, a letter or digit first, for example lighting-110101')),
        (g.unit_code IS NOT NULL AND g.times > 1, 'unit', 42204, citybigdata.say('{unitCode} occurs {times} times; each unit occurs once', 'unitCode', left(g.unit_code, 64), 'times', g.times)),
        (g.removing AND NOT g.known, 'unit', 40470, citybigdata.say('there is no unit of that code')),
        (NOT g.removing AND g.parent_code IS NOT NULL AND NOT EXISTS (SELECT FROM given o WHERE o.unit_code = g.parent_code AND NOT o.removing)
            AND NOT EXISTS (SELECT FROM citybigdata.unit u WHERE u.unit_code = g.parent_code AND NOT EXISTS (SELECT FROM given o WHERE o.unit_code = u.unit_code)),
            'parent', 42270, citybigdata.say('{parentCode} is no unit', 'parentCode', left(g.parent_code, 64))),
        (NOT g.removing AND g.state NOT IN ('active', 'closed'), 'state', 42204, citybigdata.say('active or closed')),
        (NOT g.removing AND NOT EXISTS (SELECT FROM citybigdata.calendar c WHERE c.code = g.calendar), 'calendar', 40409, citybigdata.say('{calendar} is no working calendar, for example default', 'calendar', left(g.calendar, 64))),
        (NOT g.removing AND g.telephone !~ '^[0-9+][0-9 ()#*,-]{2,31}$', 'telephone', 42215, citybigdata.say('a telephone number is expected, for example 010-65120000')),
        (cardinality(g.divisions) > 200, 'divisions', 42204, citybigdata.say('at most 200 divisions; responsibilities say more')),
        (cardinality(g.event_types) > 200, 'types', 42204, citybigdata.say('at most 200 types; responsibilities say more'))) f(wrong, member, code, says)
    WHERE f.wrong
    UNION ALL
    SELECT g.n, t.* FROM given g CROSS JOIN LATERAL (VALUES ('name', g.name, 100, true), ('contact', g.contact, 64, false)) v(member, value, most, required)
    CROSS JOIN LATERAL citybigdata.organisation_text(v.member, v.value, v.most, v.required) t WHERE NOT g.removing
    UNION ALL
    SELECT g.n, 'divisions', 42206, citybigdata.say('{code} is no division', 'code', left(d.code, 32)) FROM given g CROSS JOIN LATERAL unnest(g.divisions) d(code)
    WHERE NOT g.removing AND NOT citybigdata.organisation_division_known(d.code)
    UNION ALL
    SELECT g.n, 'types', 42205, citybigdata.say('{code} is not in code table event-type', 'code', left(t.code, 63)) FROM given g CROSS JOIN LATERAL unnest(g.event_types) t(code)
    WHERE NOT g.removing AND (NOT citybigdata.code_known('event-type', t.code) OR length(t.code) > 63)
    UNION ALL
    SELECT c.n, 'parent', 42271, c.chain FROM citybigdata.unit_circles(items) c
    UNION ALL
    SELECT u.n, 'unit', 40971, citybigdata.say('it is named by {uses}; a unit that is needed no more is closed: state closed', 'uses', u.uses) FROM citybigdata.unit_uses(items) u
$$;
COMMENT ON FUNCTION citybigdata.unit_problems(jsonb) IS 'What is wrong with items of units; no row: they can be saved';

CREATE OR REPLACE FUNCTION citybigdata.responsibility_given(items jsonb)
    RETURNS TABLE (n bigint, removing boolean, known boolean, event_type_code text, division_code text, unit_code text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT e.n, citybigdata.organisation_removes(e.item), r.unit_code IS NOT NULL, coalesce(e.item ->> 'type', ''), coalesce(e.item ->> 'division', ''), e.item ->> 'unit'
    FROM jsonb_array_elements(items) WITH ORDINALITY e(item, n)
    LEFT JOIN citybigdata.responsibility r ON r.event_type_code = coalesce(e.item ->> 'type', '') AND r.division_code = coalesce(e.item ->> 'division', '')
$$;
COMMENT ON FUNCTION citybigdata.responsibility_given(jsonb) IS 'Responsibilities as the items would make them; not checked';

CREATE OR REPLACE FUNCTION citybigdata.responsibility_problems(items jsonb) RETURNS TABLE (n bigint, member text, status_code integer, message text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    WITH given AS MATERIALIZED (
        SELECT g.*, count(*) OVER (PARTITION BY g.event_type_code, g.division_code) AS times FROM citybigdata.responsibility_given(items) g
    )
    SELECT p.* FROM citybigdata.organisation_form_problems('responsibilities', items) p
    UNION ALL
    SELECT g.n, f.member, f.code, f.says FROM given g CROSS JOIN LATERAL (VALUES
        (g.times > 1, 'type', 42204, citybigdata.say('type {eventTypeCode} in division {divisionCode} occurs {times} times; each occurs once', 'eventTypeCode', coalesce(nullif(left(g.event_type_code, 63), ''), citybigdata.say('every')), 'divisionCode', coalesce(nullif(left(g.division_code, 12), ''), citybigdata.say('every')), 'times', g.times)),
        (g.removing AND NOT g.known, 'type', 40473, citybigdata.say('there is no responsibility of that type and division')),
        (NOT g.removing AND g.event_type_code <> '' AND (length(g.event_type_code) > 63 OR NOT citybigdata.code_known('event-type', g.event_type_code)), 'type', 42205,
            citybigdata.say('{eventTypeCode} is not in code table event-type; empty is: every type', 'eventTypeCode', left(g.event_type_code, 63))),
        (NOT g.removing AND g.division_code <> '' AND NOT citybigdata.organisation_division_known(g.division_code), 'division', 42206,
            citybigdata.say('{divisionCode} is no division; empty is: everywhere', 'divisionCode', left(g.division_code, 32))),
        (NOT g.removing AND g.unit_code IS NULL, 'unit', 42201, citybigdata.say('the code of the unit is expected')),
        (NOT g.removing AND g.unit_code IS NOT NULL AND NOT citybigdata.organisation_unit_open(g.unit_code), 'unit', 42270, citybigdata.say('{unitCode} is no unit, or it is closed', 'unitCode', left(g.unit_code, 64)))) f(wrong, member, code, says)
    WHERE f.wrong
$$;
COMMENT ON FUNCTION citybigdata.responsibility_problems(jsonb) IS 'What is wrong with items of responsibilities; no row: they can be saved';

CREATE OR REPLACE FUNCTION citybigdata.case_roles() RETURNS text[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS
$$ SELECT ARRAY['inspector', 'desk', 'filer', 'dispatcher', 'unit', 'handler', 'verifier', 'supervisor', 'leader'] $$;
COMMENT ON FUNCTION citybigdata.case_roles() IS 'Roles of posts (code table case-role)';

CREATE OR REPLACE FUNCTION citybigdata.post_given(items jsonb)
    RETURNS TABLE (n bigint, item jsonb, removing boolean, post_id bigint, ended boolean, holder text, account_id bigint, role text, unit_code text, division_code text,
                   valid_from timestamptz, valid_until timestamptz, delegate text, delegate_id bigint, delegate_from timestamptz, delegate_until timestamptz)
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT e.n, i.item, citybigdata.organisation_removes(i.item), p.post_id, coalesce(p.valid_until <= statement_timestamp(), false),
           CASE WHEN i.item ? 'account' THEN i.item ->> 'account' ELSE h.user_name END, CASE WHEN i.item ? 'account' THEN a.account_id ELSE p.account_id END,
           CASE WHEN i.item ? 'role' THEN i.item ->> 'role' ELSE p.role END, CASE WHEN i.item ? 'unit' THEN i.item ->> 'unit' ELSE p.unit_code END,
           CASE WHEN i.item ? 'division' THEN i.item ->> 'division' ELSE p.division_code END,
           CASE WHEN i.item ->> 'from' IS NOT NULL THEN citybigdata.organisation_time(i.item ->> 'from') ELSE coalesce(p.valid_from, statement_timestamp()) END,
           CASE WHEN i.item ? 'to' THEN citybigdata.organisation_time(i.item ->> 'to', true) ELSE p.valid_until END,
           CASE WHEN i.item ? 'delegate' THEN i.item ->> 'delegate' ELSE dh.user_name END, CASE WHEN i.item ? 'delegate' THEN d.account_id ELSE p.delegate_id END,
           CASE WHEN i.item ? 'delegate' AND i.item ->> 'delegate' IS NULL THEN NULL
                WHEN i.item ->> 'delegateFrom' IS NOT NULL THEN citybigdata.organisation_time(i.item ->> 'delegateFrom')
                WHEN i.item ->> 'delegate' IS NOT NULL THEN statement_timestamp() ELSE p.delegate_from END,
           CASE WHEN i.item ? 'delegate' AND i.item ->> 'delegate' IS NULL THEN NULL
                WHEN i.item ? 'delegateTo' THEN citybigdata.organisation_time(i.item ->> 'delegateTo', true) ELSE p.delegate_until END
    FROM jsonb_array_elements(items) WITH ORDINALITY e(given, n)
    CROSS JOIN LATERAL (SELECT CASE WHEN jsonb_typeof(e.given) = 'object' THEN e.given ELSE '{}' END AS item) i
    LEFT JOIN LATERAL citybigdata.organisation_account(i.item ->> 'account') a ON true
    LEFT JOIN LATERAL citybigdata.organisation_account(i.item ->> 'delegate') d ON true
    -- the post of that number; else the one that the account holds or will hold with the same role, unit and division
    LEFT JOIN LATERAL (SELECT o.* FROM citybigdata.post o WHERE CASE WHEN i.item ->> 'postId' IS NOT NULL
            THEN o.post_id = CASE WHEN i.item ->> 'postId' ~ '^[0-9]{1,18}$' THEN (i.item ->> 'postId')::bigint END
            ELSE o.account_id = a.account_id AND o.role = i.item ->> 'role' AND o.unit_code IS NOT DISTINCT FROM i.item ->> 'unit'
                AND o.division_code IS NOT DISTINCT FROM i.item ->> 'division' AND (o.valid_until IS NULL OR o.valid_until > statement_timestamp()) END
        ORDER BY o.post_id LIMIT 1) p ON true
    LEFT JOIN citybigdata.account h ON h.account_id = p.account_id
    LEFT JOIN citybigdata.account dh ON dh.account_id = p.delegate_id
$$;
COMMENT ON FUNCTION citybigdata.post_given(jsonb) IS 'Posts as the items would make them; not checked. Without a number the post of the same account, role, unit and division is meant, if there is one';

CREATE OR REPLACE FUNCTION citybigdata.post_problems(items jsonb, giver bigint, giver_name text)
    RETURNS TABLE (n bigint, member text, status_code integer, message text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    WITH given AS MATERIALIZED (
        SELECT g.*, count(*) OVER (PARTITION BY coalesce(g.post_id::text, g.account_id || '/' || g.role || '/' || coalesce(g.unit_code, '') || '/' || coalesce(g.division_code, '')), g.account_id) AS times,
               ha.active AS holder_active, ha.administrator AS holder_administrator, da.active AS delegate_active, da.administrator AS delegate_administrator,
               p.account_id AS held_by, p.role AS held_role, p.unit_code AS held_unit, p.division_code AS held_division
        FROM citybigdata.post_given(items) g
        LEFT JOIN LATERAL citybigdata.organisation_account(g.holder) ha ON true
        LEFT JOIN LATERAL citybigdata.organisation_account(g.delegate) da ON true
        LEFT JOIN citybigdata.post p ON p.post_id = g.post_id
    )
    SELECT p.* FROM citybigdata.organisation_form_problems('posts', items) p
    UNION ALL
    SELECT g.n, f.member, f.code, f.says FROM given g CROSS JOIN LATERAL (VALUES
        (g.post_id IS NULL AND (g.removing OR g.item ->> 'postId' IS NOT NULL), 'postId', 40471, citybigdata.say('there is no such post')),
        (g.post_id IS NOT NULL AND g.ended, 'postId', 42204, citybigdata.say('the post has ended; give another one')),
        (g.post_id IS NOT NULL AND NOT g.ended AND (g.account_id IS DISTINCT FROM g.held_by OR g.role IS DISTINCT FROM g.held_role OR g.unit_code IS DISTINCT FROM g.held_unit
            OR g.division_code IS DISTINCT FROM g.held_division), 'postId', 42204, citybigdata.say('a post keeps its account, role, unit and division; end it and give another one')),
        (g.account_id IS NOT NULL AND g.times > 1, 'account', 42204, citybigdata.say('the same post occurs {times} times', 'times', g.times)),
        (NOT g.removing AND g.holder IS NULL AND g.item ->> 'postId' IS NULL, 'account', 42201, citybigdata.say('the user name of the account is expected')),
        (NOT g.removing AND g.holder IS NOT NULL AND (g.account_id IS NULL OR NOT g.holder_active), 'account', 42272, citybigdata.say('{holder} is no active account', 'holder', left(g.holder, 64))),
        (NOT g.removing AND g.holder_administrator, 'account', 42273, citybigdata.say('{holder} is an administrator', 'holder', left(g.holder, 64))),
        (g.account_id = giver OR lower(g.holder COLLATE "C") = lower(giver_name COLLATE "C"), 'account', 40309, citybigdata.say('another administrator gives it')),
        (g.delegate_id = giver OR lower(g.delegate COLLATE "C") = lower(giver_name COLLATE "C"), 'delegate', 40309, citybigdata.say('another administrator gives it')),
        (NOT g.removing AND g.role IS NULL AND g.item ->> 'postId' IS NULL, 'role', 42201, citybigdata.say('a role is expected: {roles}', 'roles', array_to_string(citybigdata.case_roles(), ', '))),
        (NOT g.removing AND g.role <> ALL (citybigdata.case_roles()), 'role', 42205, citybigdata.say('{role} is no role: {roles}', 'role', left(g.role, 32), 'roles', array_to_string(citybigdata.case_roles(), ', '))),
        (NOT g.removing AND g.post_id IS NULL AND g.role IN ('unit', 'handler') AND g.unit_code IS NULL, 'unit', 42201, citybigdata.say('a post of the role {role} is for a unit', 'role', g.role)),
        (NOT g.removing AND g.post_id IS NULL AND g.unit_code IS NOT NULL AND NOT citybigdata.organisation_unit_open(g.unit_code), 'unit', 42270,
            citybigdata.say('{unitCode} is no unit, or it is closed', 'unitCode', left(g.unit_code, 64))),
        (NOT g.removing AND g.post_id IS NULL AND g.division_code IS NOT NULL AND NOT citybigdata.organisation_division_known(g.division_code), 'division', 42206,
            citybigdata.say('{divisionCode} is no division', 'divisionCode', left(g.division_code, 32))),
        (NOT g.removing AND g.valid_from IS NULL, 'from', 42213, citybigdata.say('a time is expected, for example 20270101080000')),
        (NOT g.removing AND g.item ->> 'to' IS NOT NULL AND g.valid_until IS NULL, 'to', 42213, citybigdata.say('a time is expected, for example 20271231180000')),
        (NOT g.removing AND NOT g.ended AND g.item ->> 'to' IS NOT NULL AND g.valid_until <= statement_timestamp(), 'to', 42204, citybigdata.say('that time is over; remove ends the post now')),
        (NOT g.removing AND g.valid_until <= g.valid_from, 'to', 42204, citybigdata.say('the end is after the beginning')),
        (NOT g.removing AND g.delegate IS NOT NULL AND (g.delegate_id IS NULL OR NOT g.delegate_active), 'delegate', 42272, citybigdata.say('{delegate} is no active account', 'delegate', left(g.delegate, 64))),
        (NOT g.removing AND g.delegate_administrator, 'delegate', 42273, citybigdata.say('{delegate} is an administrator', 'delegate', left(g.delegate, 64))),
        (NOT g.removing AND g.delegate_id = g.account_id, 'delegate', 42204, citybigdata.say('the holder needs no delegate for that')),
        (NOT g.removing AND g.delegate IS NULL AND (g.item ->> 'delegateFrom' IS NOT NULL OR g.item ->> 'delegateTo' IS NOT NULL), 'delegate', 42201, citybigdata.say('the user name of the delegate is expected')),
        (NOT g.removing AND g.item ->> 'delegateFrom' IS NOT NULL AND g.delegate_from IS NULL, 'delegateFrom', 42213, citybigdata.say('a time is expected, for example 20270101080000')),
        (NOT g.removing AND g.delegate IS NOT NULL AND g.delegate_until IS NULL, 'delegateTo', CASE WHEN g.item ->> 'delegateTo' IS NULL THEN 42201 ELSE 42213 END,
            citybigdata.say('the time is expected until which the delegate acts, for example 20270115180000')),
        (NOT g.removing AND g.item ->> 'delegateTo' IS NOT NULL AND g.delegate_until <= statement_timestamp(), 'delegateTo', 42204, citybigdata.say('that time is over; delegate null ends it now')),
        (NOT g.removing AND g.delegate IS NOT NULL AND g.delegate_until <= g.delegate_from, 'delegateTo', 42204, citybigdata.say('the end is after the beginning'))) f(wrong, member, code, says)
    WHERE f.wrong
$$;
COMMENT ON FUNCTION citybigdata.post_problems(jsonb, bigint, text) IS
'What is wrong with items of posts; no row: they can be saved. giver, giver_name: account and user name of whoever gives them, which is never to oneself';

CREATE OR REPLACE FUNCTION citybigdata.grid_area(geometry text, OUT area geometry, OUT problem text)
    AS 'MODULE_PATHNAME', 'cbd_grid_area' LANGUAGE c STABLE STRICT SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.grid_area(text) IS 'An area in GeoJSON or WKT as a multipolygon in EPSG:4490, or what is wrong with it; errors of the parsers are raised';

CREATE OR REPLACE FUNCTION citybigdata.organisation_area(value text, OUT area geometry, OUT problem text)
    LANGUAGE plpgsql STABLE STRICT SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    SELECT g.area, g.problem INTO area, problem FROM citybigdata.grid_area(value) g;
EXCEPTION WHEN internal_error OR data_exception OR feature_not_supported THEN
    problem := left(SQLERRM, 200);
END
$$;
COMMENT ON FUNCTION citybigdata.organisation_area(text) IS 'grid_area(), with what the parsers find wrong as the problem';

CREATE OR REPLACE FUNCTION citybigdata.grid_given(items jsonb)
    RETURNS TABLE (n bigint, removing boolean, known boolean, grid_code text, name text, division_code text, inspector text, inspector_id bigint, unit_code text,
                   given text, area geometry, problem text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT e.n, citybigdata.organisation_removes(e.item), d.grid_code IS NOT NULL, e.item ->> 'grid', CASE WHEN e.item ? 'name' THEN e.item ->> 'name' ELSE d.name END,
           CASE WHEN e.item ? 'division' THEN e.item ->> 'division' ELSE d.division_code END, CASE WHEN e.item ? 'inspector' THEN e.item ->> 'inspector' ELSE i.user_name END,
           CASE WHEN e.item ? 'inspector' THEN a.account_id ELSE d.inspector_id END, CASE WHEN e.item ? 'unit' THEN e.item ->> 'unit' ELSE d.unit_code END,
           e.item ->> 'geometry', coalesce(g.area, d.geom), g.problem
    FROM jsonb_array_elements(items) WITH ORDINALITY e(item, n)
    LEFT JOIN citybigdata.duty_grid d ON d.grid_code = e.item ->> 'grid'
    LEFT JOIN citybigdata.account i ON i.account_id = d.inspector_id
    LEFT JOIN LATERAL citybigdata.organisation_account(e.item ->> 'inspector') a ON true
    LEFT JOIN LATERAL citybigdata.organisation_area(e.item ->> 'geometry') g ON true
$$;
COMMENT ON FUNCTION citybigdata.grid_given(jsonb) IS 'Duty grids as the items would make them; not checked';

CREATE OR REPLACE FUNCTION citybigdata.grid_problems(items jsonb) RETURNS TABLE (n bigint, member text, status_code integer, message text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    WITH given AS MATERIALIZED (
        SELECT g.*, count(*) OVER (PARTITION BY g.grid_code) AS times FROM citybigdata.grid_given(items) g
    )
    SELECT p.* FROM citybigdata.organisation_form_problems('grids', items) p
    UNION ALL
    SELECT g.n, f.member, f.code, f.says FROM given g LEFT JOIN LATERAL citybigdata.organisation_account(g.inspector) a ON true CROSS JOIN LATERAL (VALUES
        (g.grid_code IS NULL, 'grid', 42201, citybigdata.say('the code of the grid is expected, for example 110101-01')),
        (g.grid_code !~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$', 'grid', 42204, citybigdata.say('a code has at most 64 letters, digits and . _ -, a letter or digit first, for example 110101-01')),
        (g.grid_code IS NOT NULL AND g.times > 1, 'grid', 42204, citybigdata.say('{gridCode} occurs {times} times; each grid occurs once', 'gridCode', left(g.grid_code, 64), 'times', g.times)),
        (g.removing AND NOT g.known, 'grid', 40472, citybigdata.say('there is no grid of that code')),
        (NOT g.removing AND g.division_code IS NOT NULL AND NOT citybigdata.organisation_division_known(g.division_code), 'division', 42206, citybigdata.say('{divisionCode} is no division', 'divisionCode', left(g.division_code, 32))),
        (NOT g.removing AND g.inspector IS NOT NULL AND (a.account_id IS NULL OR NOT a.active), 'inspector', 42272, citybigdata.say('{inspector} is no active account', 'inspector', left(g.inspector, 64))),
        (NOT g.removing AND a.administrator, 'inspector', 42273, citybigdata.say('{inspector} is an administrator', 'inspector', left(g.inspector, 64))),
        (NOT g.removing AND g.unit_code IS NOT NULL AND NOT citybigdata.organisation_unit_open(g.unit_code), 'unit', 42270, citybigdata.say('{unitCode} is no unit, or it is closed', 'unitCode', left(g.unit_code, 64))),
        (NOT g.removing AND g.problem IS NOT NULL, 'geometry', 42274, g.problem),
        (NOT g.removing AND g.problem IS NULL AND g.area IS NULL, 'geometry', 42201, citybigdata.say('an area is expected: a GeoJSON Polygon or MultiPolygon, or WKT, in longitude and latitude'))) f(wrong, member, code, says)
    WHERE f.wrong
    UNION ALL
    SELECT g.n, t.* FROM given g CROSS JOIN LATERAL citybigdata.organisation_text('name', g.name, 100, true) t WHERE NOT g.removing
$$;
COMMENT ON FUNCTION citybigdata.grid_problems(jsonb) IS 'What is wrong with items of duty grids; no row: they can be saved';
