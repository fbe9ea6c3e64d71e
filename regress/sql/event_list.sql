-- GET /events by filters: what is found, in which order, page by page; what may not be asked; who sees what.
\pset null '(null)'
SET citybigdata.time_zone = 'Asia/Shanghai';
SET timezone = 'Asia/Shanghai';
CREATE FUNCTION pg_temp.event(number text, change jsonb DEFAULT '{}') RETURNS text LANGUAGE sql AS $$ SELECT (jsonb_strip_nulls(jsonb_build_object(
    'eventDesc', '井盖破损', 'otherTaskNum', number, 'address', '东华门大街1号', 'coordinateX', 448400.5, 'coordinateY', 4418600.25,
    'eventSrcID', 1, 'recTypeID', 1, 'eventLevelID', 1, 'eventTypeCode', '6', 'createTime', '20170131083000') || change))::text $$;
-- applications: a reads every case, b those of its sender, c every case at level 1
INSERT INTO citybigdata.account (user_name, password_digest, organization, contact_name, mobile, state)
VALUES ('list.test', '$2a$10$' || repeat('x', 53), '测试单位', '李四', '13800138000', 'active');
INSERT INTO citybigdata.application (app_code, account_id, methods, ip_ranges, profile, level)
SELECT '1100007700000' || a.code, account_id, '{ip}', '{192.0.2.0/24}', 'strict', a.level FROM citybigdata.account, (VALUES ('1A', 3), ('2B', 3), ('3C', 1)) a (code, level) WHERE user_name = 'list.test';
INSERT INTO citybigdata.app_grant (app_id, resource, level, granted_by)
SELECT a.app_id, r, a.level, 'test' FROM citybigdata.application a, unnest('{events,cases}'::text[]) r WHERE a.app_code LIKE '1100007700000%' AND (a.app_code NOT LIKE '%2B' OR r = 'events');
INSERT INTO citybigdata.sender (sender_code, app_id) SELECT s.sender, app_id FROM citybigdata.application a, (VALUES ('list-1', '2B'), ('list-2', '1A')) s (sender, code) WHERE a.app_code = '1100007700000' || s.code;
INSERT INTO citybigdata.access_token (token_digest, app_id, account_id, issued_at, expires_at)
SELECT sha256(convert_to('token?' || app_code, 'UTF8')), app_id, account_id, now(), now() + interval '1 hour' FROM citybigdata.application WHERE app_code LIKE '1100007700000%';
INSERT INTO citybigdata.event_staging (sender_code, data, state) VALUES
    ('list-1', pg_temp.event('L-1', '{"createTime": "20170101000000"}'), 1),
    ('list-1', pg_temp.event('L-2', '{"createTime": "20170102000000", "eventDesc": "路灯不亮，ＬＥＤ 灯杆 L-5 倾斜", "eventTypeCode": "60201"}'), 3),
    ('list-2', pg_temp.event('L-3', '{"createTime": "20170103000000", "coordinateX": 449400.5, "streetCode": "110101001"}'), 4),
    ('list-2', pg_temp.event('L-4', '{"createTime": "20170104000000", "address": "前门大街井盖旁"}'), 6),
    ('list-2', pg_temp.event('L-5', '{"createTime": "20170104000000", "eventDesc": "垃圾满溢"}'), 7),
    ('list-1', pg_temp.event('L-6', '{"createTime": "20170104000000", "eventDesc": "破损的井盖"}'), 6),
    ('list-1', pg_temp.event('L-7', '{"createTime": "20170107000000"}'), 5);
SELECT loaded FROM citybigdata.load_events(profile => 'strict');
UPDATE citybigdata.event SET unit_code = 'list-unit-2' WHERE other_task_num = 'L-3' AND sender_code = 'list-2';
INSERT INTO citybigdata.unit (unit_code, name, parent_code) VALUES ('list-unit', '测试单位', NULL), ('list-unit-2', '测试班组', 'list-unit'), ('list-other', '其他', NULL);
INSERT INTO citybigdata.case_clock (rec_id, kind, calendar, running, limit_amount, limit_unit, limit_time, budget, warning, started_at, running_since, stopped_at, deadline, warning_time)
SELECT e.rec_id, c.kind, 'default', false, 1, 2, 1, 1, 1, now(), CASE WHEN NOT c.stopped THEN now() END, CASE WHEN c.stopped THEN now() END, now() + c.deadline, now() + c.warning FROM citybigdata.event e JOIN (VALUES
    ('L-1', 'stage', false, interval '2 h', interval '1 h'), ('L-2', 'stage', false, '1 h', '-1 h'), ('L-3', 'stage', true, '1 h', '1 h'), ('L-3', 'chain', false, '-1 h', '-2 h')) c (number, kind, stopped, deadline, warning)
    ON e.other_task_num = c.number WHERE e.sender_code LIKE 'list-%';
CREATE FUNCTION pg_temp.ask(app text, VARIADIC given text[]) RETURNS bytea LANGUAGE sql AS $$
    SELECT citybigdata.rest_event_find('req', '192.0.2.9', NULL, 'bearer', sha256(convert_to('token?1100007700000' || app, 'UTF8')), NULL, p ->> 'senderCode', NULL, NULL, p ->> 'crs',
        p ->> 'bbox', p ->> 'divisionCode', p ->> 'timeRange', p ->> 'state', p ->> 'light', p ->> 'type', p ->> 'unit', p ->> 'q', p ->> 'pageSize', p ->> 'cursor') FROM (SELECT jsonb_object(given)) g (p) $$;
-- the numbers found, only of what this test stored
CREATE FUNCTION pg_temp.found(app text, VARIADIC given text[]) RETURNS text LANGUAGE sql AS $$
    SELECT CASE WHEN reply.status(r) = '0' THEN (SELECT coalesce(string_agg(i ->> 'otherTaskNum', ' ' ORDER BY n), '-') FROM jsonb_array_elements(reply.data(r)::jsonb -> 'items') WITH ORDINALITY t (i, n) WHERE i ->> 'senderCode' LIKE 'list-%')
        ELSE reply.status(r) || ' ' || (SELECT string_agg((e ->> 'pointer') || ' ' || (e ->> 'statusCode'), ', ') FROM jsonb_array_elements(nullif(reply.data(r), '')::jsonb -> 'errors') e) END
    FROM pg_temp.ask(app, VARIADIC given) r $$;
\set range '''timeRange'', ''[20170101000000,20180101000000)'''
-- newest first; of one time, the later recID first
SELECT pg_temp.found('1A', :range);
SELECT pg_temp.found('1A', :range, 'state', '6') AS closed, pg_temp.found('1A', :range, 'state', '1,3,4') AS at_work, pg_temp.found('1A', :range, 'state', '[6,7]') AS over;
SELECT pg_temp.found('1A', :range, 'light', 'green') AS green, pg_temp.found('1A', :range, 'light', 'yellow') AS yellow, pg_temp.found('1A', :range, 'light', 'red') AS red, pg_temp.found('1A', :range, 'light', 'paused') AS paused;
SELECT pg_temp.found('1A', :range, 'type', '6') AS main, pg_temp.found('1A', :range, 'type', '60201') AS leaf, pg_temp.found('1A', :range, 'type', '9') AS none;
SELECT pg_temp.found('1A', :range, 'unit', 'list-unit') AS above, pg_temp.found('1A', :range, 'unit', 'list-unit-2') AS itself, pg_temp.found('1A', :range, 'unit', 'list-other') AS other, pg_temp.found('1A', 'unit', 'no-such') AS unknown;
SELECT pg_temp.found('1A', :range, 'divisionCode', '110000') AS city, pg_temp.found('1A', :range, 'divisionCode', '110101') AS district, pg_temp.found('1A', :range, 'divisionCode', '110101001') AS street,
       pg_temp.found('1A', :range, 'divisionCode', '110101001001') AS community, pg_temp.found('1A', :range, 'divisionCode', '120000') AS elsewhere;
SELECT pg_temp.found('1A', :range, 'bbox', '116.40,39.80,116.42,40.00') AS inside, pg_temp.found('1A', :range, 'bbox', '116.39,39.80,116.40,40.00') AS west;
SELECT pg_temp.found('1A', 'timeRange', '[20170102000000,20170104000000)') AS two_days, pg_temp.found('1A', :range, 'senderCode', 'list-1') AS sender;
-- words: of two characters on, in the description or the address, whatever the width, the case and the blanks are; before and after they are indexed
SELECT pg_temp.found('1A', :range, 'q', '井盖') AS two, pg_temp.found('1A', :range, 'q', '盖破损') AS three, pg_temp.found('1A', :range, 'q', 'led灯 杆') AS folded, pg_temp.found('1A', :range, 'q', '前门') AS address, pg_temp.found('1A', :range, 'q', '盖井') AS none;
DO $$ BEGIN FOR i IN 1..50 LOOP PERFORM citybigdata.maintain_words(100000); END LOOP; END $$;
-- (this transaction's own number keeps nobody waiting: the next ones see to it)
SELECT citybigdata.maintain_words() >= 0 AS filled;
SELECT citybigdata.maintain_words() >= 0 AS filled;
SELECT s.done_to = s.next_to AND s.done_to >= (SELECT max(rec_id) FROM citybigdata.event WHERE sender_code LIKE 'list-%') AS indexed,
       (SELECT count(*) FROM citybigdata.event_words w JOIN citybigdata.event e USING (rec_id) WHERE e.sender_code LIKE 'list-%') AS cases FROM citybigdata.event_words_state s;
SELECT pg_temp.found('1A', :range, 'q', '井盖') AS two, pg_temp.found('1A', :range, 'q', '盖破损') AS three, pg_temp.found('1A', :range, 'q', 'led灯 杆') AS folded, pg_temp.found('1A', :range, 'q', '前门') AS address, pg_temp.found('1A', :range, 'q', '盖井') AS none;
SELECT pg_temp.found('1A', :range, 'q', '井盖', 'state', '6', 'type', '6') AS combined;
SELECT citybigdata.text_pairs('ＡＢ c', 'bc') = citybigdata.text_pairs('abc') AS folded, cardinality(citybigdata.text_pairs('一', NULL)) AS one, citybigdata.text_has('井 盖', '井盖') AS has, citybigdata.text_has('𠀀𠀁', '𠀁') AS beyond;
-- archived cases are found as before
SELECT citybigdata.archive_events('2017-06-01') AS moved;
SELECT pg_temp.found('1A', :range) AS all_of_them, pg_temp.found('1A', :range, 'q', '井盖', 'state', '6') AS words, pg_temp.found('1A', :range, 'state', '6,7') AS over;
-- pages: no case twice, none left out
CREATE FUNCTION pg_temp.pages(size int) RETURNS TABLE (page int, numbers text) LANGUAGE plpgsql AS $$
DECLARE
    next text;
    data jsonb;
BEGIN
    FOR i IN 1..20 LOOP
        data := reply.data(pg_temp.ask('1A', VARIADIC ARRAY['timeRange', '[20170101000000,20180101000000)', 'pageSize', size::text] || CASE WHEN next IS NULL THEN '{}' ELSE ARRAY['cursor', next] END))::jsonb;
        page := i;
        numbers := (SELECT string_agg(e ->> 'otherTaskNum', ' ' ORDER BY n) FROM jsonb_array_elements(data -> 'items') WITH ORDINALITY t (e, n));
        next := data ->> 'nextCursor';
        RETURN NEXT;
        EXIT WHEN next IS NULL;
    END LOOP;
END $$;
SELECT * FROM pg_temp.pages(2);
SELECT max(page) AS pages FROM pg_temp.pages(7);
SELECT reply.field(pg_temp.ask('1A', :range, 'pageSize', '3'), 'link') = 'cursor=' || (reply.data(pg_temp.ask('1A', :range, 'pageSize', '3'))::jsonb ->> 'nextCursor') AS link;
-- a cursor serves no other query
SELECT pg_temp.found('1A', :range, 'state', '6', 'cursor', reply.data(pg_temp.ask('1A', :range, 'pageSize', '3'))::jsonb ->> 'nextCursor') AS other_filter,
       pg_temp.found('1A', 'cursor', 'x') AS malformed, pg_temp.found('1A', 'cursor', repeat('A', 28)) AS made_up;
-- who sees what: without the grant cases, one's own; a field above the level may not be asked about
SELECT pg_temp.found('2B', :range) AS own, pg_temp.found('2B', :range, 'senderCode', 'list-2') AS not_own, pg_temp.found('2B', :range, 'q', '井盖') AS own_words;
SELECT pg_temp.found('3C', :range) AS level_1, pg_temp.found('3C', :range, 'q', '井盖') AS words, pg_temp.found('3C', 'bbox', '116.40,39.80,116.42,40.00') AS box, pg_temp.found('3C', :range, 'divisionCode', '110101') AS division;
SELECT citybigdata.set_event_level('createTime', 2), citybigdata.set_event_level('eventTypeCode', 2);
SELECT pg_temp.found('3C', :range) AS hidden_time, pg_temp.found('3C', 'type', '6') AS hidden_type, pg_temp.found('3C', 'senderCode', 'list-1') AS by_number;
SELECT jsonb_array_length(reply.data(pg_temp.ask('3C', 'senderCode', 'list-1', 'pageSize', '1', 'cursor', reply.data(pg_temp.ask('3C', 'senderCode', 'list-1', 'pageSize', '1'))::jsonb ->> 'nextCursor'))::jsonb -> 'items') AS second_page;
SELECT citybigdata.set_event_level('createTime', 1), citybigdata.set_event_level('eventTypeCode', 1);
-- only the address is open: words are looked for there alone
SELECT citybigdata.set_event_level('address', 1);
SELECT pg_temp.found('3C', :range, 'q', '井盖') AS address_only;
SELECT citybigdata.set_event_level('address', 3, 'address');
-- what is no filter
SELECT pg_temp.found('1A', 'bbox', '1,2,3') AS bbox, pg_temp.found('1A', 'bbox', '-181,0,1,1') AS beyond, pg_temp.found('1A', 'divisionCode', '11') AS division, pg_temp.found('1A', 'timeRange', '[2,1]') AS time_range,
       pg_temp.found('1A', 'timeRange', '[20180101000000,20170101000000)') AS backwards, pg_temp.found('1A', 'state', '10') AS state, pg_temp.found('1A', 'state', '') AS no_state;
SELECT pg_temp.found('1A', 'light', 'blue') AS light, pg_temp.found('1A', 'type', ' ') AS type, pg_temp.found('1A', 'unit', '') AS unit, pg_temp.found('1A', 'q', '井') AS one_character, pg_temp.found('1A', 'q', repeat('井', 65)) AS many,
       pg_temp.found('1A', 'pageSize', '0') AS page_size, pg_temp.found('1A', 'pageSize', '1001') AS too_many, pg_temp.found('1A', 'pageSize', 'x', 'state', 'y') AS both;
SELECT reply.status(citybigdata.rest_event_find('req', '192.0.2.9', NULL, 'bearer', sha256(convert_to('token?11000077000001A', 'UTF8')), 'L-1', NULL, NULL, NULL, NULL, state => '1')) AS with_number,
       reply.status(citybigdata.rest_event_find('req', '192.0.2.9', NULL, 'bearer', sha256(convert_to('token?11000077000001A', 'UTF8')), NULL, NULL, '20170101000000', NULL, NULL, q => '井盖')) AS with_since,
       reply.status(citybigdata.rest_event_find('req', '192.0.2.9', NULL, 'none', NULL, NULL, NULL, NULL, NULL, NULL)) AS nobody;
DELETE FROM citybigdata.case_clock c USING citybigdata.event e WHERE e.rec_id = c.rec_id AND e.sender_code LIKE 'list-%';
DELETE FROM citybigdata.unit WHERE unit_code LIKE 'list-%';
-- words among many cases: windows of time one after the other, each case once and in order; of a word of a type no more cases are looked at than are shown
BEGIN;
INSERT INTO citybigdata.event (rec_id, task_num, sender_code, other_task_num, event_desc, address, geom, coordinate_x, coordinate_y, event_src_id, rec_type_id, event_type_code,
    create_time, receive_time, update_time, state, content_digest)
SELECT 1900000000 + n, 'w' || n, 'list-2', 'W-' || n, '垃圾满溢' || CASE WHEN n % 30 = 7 THEN '井盖' ELSE '' END || CASE WHEN n IN (5, 9000, 20007) THEN '麒麟' ELSE '' END, '第' || n % 97 || '大街', 'SRID=4490;POINT(116 40)', 0, 0, 1, 1,
    'w' || n % 40, '2010-01-01 08:00:00+08'::timestamptz + n / 3 * interval '70 min', now(), now(), 6, '\x00' FROM generate_series(1, 24000) n;
INSERT INTO citybigdata.event_words SELECT e.rec_id, citybigdata.case_words(e.event_desc, e.address, e.event_type_code, e.create_time) FROM citybigdata.event e WHERE e.rec_id > 1900000000;
UPDATE citybigdata.event_words_state SET done_to = 1900024000;
ANALYZE citybigdata.event, citybigdata.event_words;
CREATE FUNCTION pg_temp.walk(size int, VARIADIC given text[]) RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
    next text;
    data jsonb;
    numbers text[] := '{}';
BEGIN
    FOR i IN 1..1000 LOOP
        data := reply.data(pg_temp.ask('1A', VARIADIC given || ARRAY['senderCode', 'list-2', 'pageSize', size::text] || CASE WHEN next IS NULL THEN '{}' ELSE ARRAY['cursor', next] END))::jsonb;
        numbers := numbers || ARRAY(SELECT e ->> 'otherTaskNum' FROM jsonb_array_elements(data -> 'items') WITH ORDINALITY t (e, n) WHERE e ->> 'otherTaskNum' LIKE 'W-%' ORDER BY n);
        next := data ->> 'nextCursor';
        EXIT WHEN next IS NULL;
    END LOOP;
    RETURN numbers;
END $$;
CREATE FUNCTION pg_temp.expected(words text, types text[], low text DEFAULT '-infinity', high text DEFAULT 'infinity') RETURNS text[] LANGUAGE sql AS $$
    SELECT array_agg(e.other_task_num ORDER BY e.create_time DESC, e.rec_id DESC) FROM citybigdata.event e WHERE e.sender_code = 'list-2' AND e.rec_id > 1900000000
        AND e.event_desc LIKE '%' || words || '%' AND (types IS NULL OR e.event_type_code = ANY (types)) AND e.create_time >= low::timestamptz AND e.create_time < high::timestamptz $$;
SELECT cardinality(w) AS cases, w = pg_temp.expected('井盖', NULL) AS words FROM pg_temp.walk(50, 'q', '井盖') w;
SELECT cardinality(w) AS cases, w = pg_temp.expected('井盖', '{w7}') AS words_of_a_type FROM pg_temp.walk(7, 'q', '井盖', 'type', 'w7') w;
SELECT cardinality(w) AS cases, w = pg_temp.expected('麒麟', NULL) AS rare FROM pg_temp.walk(2, 'q', '麒麟') w;
SELECT cardinality(w) AS cases, w = pg_temp.expected('井盖', NULL, '2010-02-01+08', '2010-08-01+08') AS words_of_months FROM pg_temp.walk(20, 'q', '井盖', 'timeRange', '[20100201000000,20100801000000)') w;
SELECT cardinality(w) AS cases, w = pg_temp.expected('井盖', '{w7}', '2010-02-01+08', '2010-08-01+08') AS of_a_type_and_months FROM pg_temp.walk(2, 'q', '井盖', 'type', 'w7', 'timeRange', '[20100201000000,20100801000000)') w;
-- what is found is looked at again with text_has(): of a word of a type, little more than is shown; of one that no case of the type has, next to nothing, though 800 have
-- the word and 600 the type
SET track_functions = 'all';
CREATE FUNCTION pg_temp.looked_at(VARIADIC given text[], OUT shown int, OUT looks bigint) LANGUAGE plpgsql AS $$
BEGIN
    looks := -coalesce(pg_stat_get_xact_function_calls('citybigdata.text_has(text,text)'::regprocedure), 0);
    shown := cardinality(pg_temp.walk(100, VARIADIC given));
    looks := looks + coalesce(pg_stat_get_xact_function_calls('citybigdata.text_has(text,text)'::regprocedure), 0);
END $$;
SELECT l.shown, l.looks BETWEEN 200 AND 500 AS few_looks FROM pg_temp.looked_at('q', '井盖', 'type', 'w7') l;
SELECT l.shown, l.looks < 50 AS few_looks FROM pg_temp.looked_at('q', '井盖', 'type', 'w8') l;
ROLLBACK;
