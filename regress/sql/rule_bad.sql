-- Rules that cannot be right: refused with pointer and code when they are saved, or bounded when they run.
\set SHOW_CONTEXT never
\pset null '(null)'
SET search_path = citybigdata, public;
SET client_min_messages = warning;
CREATE FUNCTION pg_temp.wrong(more jsonb) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(p.pointer || ' ' || p.status_code, ', ' ORDER BY p.pointer, p.status_code)
    FROM citybigdata.rule_problems('{"code": "x", "order": 1, "then": [{"set": {"level": 1}}]}'::jsonb || more) p $$;
-- the whole
SELECT string_agg(p.pointer || ' ' || p.status_code, ', ' ORDER BY p.pointer) AS nothing FROM rule_problems('{}') p;
SELECT string_agg(p.pointer || ' ' || p.status_code, ', ' ORDER BY p.pointer) AS no_object FROM rule_problems('[]') p;
SELECT pg_temp.wrong('{}') AS good, pg_temp.wrong('{"colour": 1}') AS unknown_key, pg_temp.wrong('{"then": []}') AS empty_then, pg_temp.wrong('{"then": {}}') AS then_kind,
    pg_temp.wrong('{"order": 1000001}') AS order_high, pg_temp.wrong('{"order": -1}') AS order_low, pg_temp.wrong('{"order": 1.5}') AS order_part, pg_temp.wrong('{"order": "1"}') AS order_text,
    pg_temp.wrong('{"stop": "yes"}') AS stop;
SELECT pg_temp.wrong('{"code": ""}') AS empty, pg_temp.wrong('{"code": "a b"}') AS blank, pg_temp.wrong('{"code": "路灯"}') AS chinese, pg_temp.wrong(jsonb_build_object('code', repeat('x', 64))) AS long,
    pg_temp.wrong('{"validFrom": "tomorrow"}') AS no_time, pg_temp.wrong('{"validFrom": "20300101000000", "validTo": "20300101000000"}') AS no_period, pg_temp.wrong('{"validTo": []}') AS kind;
-- codes
SELECT pg_temp.wrong('{"when": {"types": [""]}}') AS empty_type, pg_temp.wrong('{"when": {"types": []}}') AS none, pg_temp.wrong('{"when": {"types": "6"}}') AS no_list, pg_temp.wrong('{"when": {"types": [6]}}') AS number,
    pg_temp.wrong('{"when": {"levels": ["1"]}}') AS level, pg_temp.wrong('{"when": {"levels": [1.5]}}') AS part, pg_temp.wrong('{"when": {"divisions": ["999999", "11", 110101]}}') AS divisions,
    pg_temp.wrong('{"when": {"senders": ["nobody-at-all"]}}') AS sender, pg_temp.wrong('{"when": {"steps": ["fly", "accept"]}}') AS step, pg_temp.wrong('{"when": {"color": 1}}') AS term, pg_temp.wrong('{"when": []}') AS kind;
BEGIN;
INSERT INTO code_table_row (table_name, code, name) VALUES ('event-type', 'rule-6', '照明'), ('event-level', '901', '一般'), ('event-src', '901', '监督员');
SELECT pg_temp.wrong('{"when": {"types": ["rule-6", "no-such"], "levels": [901, 77], "sources": [901, 88]}}') AS unknown_codes, pg_temp.wrong('{"then": [{"set": {"level": 77}}]}') AS unknown_level;
ROLLBACK;
-- time, place, count
SELECT pg_temp.wrong('{"when": {"time": {}}}') AS empty, pg_temp.wrong('{"when": {"time": {"days": [0, 8, "1"]}}}') AS days, pg_temp.wrong('{"when": {"time": {"hours": ["8-12", "08:00-25:00", "08:00-08:00", 8]}}}') AS hours,
    pg_temp.wrong('{"when": {"time": {"workday": 1}}}') AS workday, pg_temp.wrong('{"when": {"time": {"hours": "always"}}}') AS word;
SELECT pg_temp.wrong('{"when": {"within": {}}}') AS neither, pg_temp.wrong('{"when": {"within": {"geometry": {"type": "Point", "coordinates": [116.4, 39.9]}, "resource": "x", "metres": 1}}}') AS both,
    pg_temp.wrong('{"when": {"within": {"geometry": {"type": "Point", "coordinates": [116.4, 39.9]}}}}') AS no_metres, pg_temp.wrong('{"when": {"within": {"geometry": {"type": "Point", "coordinates": [39.9, 116.4]}, "metres": 10}}}') AS swapped,
    pg_temp.wrong('{"when": {"within": {"geometry": {"type": "Point"}, "metres": 10}}}') AS no_point, pg_temp.wrong('{"when": {"within": {"geometry": "POINT(116 39)", "metres": 10}}}') AS wkt,
    pg_temp.wrong('{"when": {"within": {"geometry": {"type": "Polygon", "coordinates": [[[116.3, 39.8], [116.5, 40], [116.5, 39.8], [116.3, 40], [116.3, 39.8]]]}}}}') AS bow_tie,
    pg_temp.wrong('{"when": {"within": {"geometry": {"type": "Polygon", "coordinates": []}}}}') AS empty, pg_temp.wrong('{"when": {"within": {"geometry": {"type": "Point", "coordinates": [116.4, 39.9]}, "metres": 1e9}}}') AS far,
    pg_temp.wrong('{"when": {"within": {"geometry": {"type": "Point", "coordinates": [1e300, 39.9]}, "metres": 1}}}') AS huge, pg_temp.wrong('{"when": {"within": {"resource": "no-such", "metres": 10}}}') AS no_resource;
SELECT pg_temp.wrong('{"when": {"count": {}}}') AS empty, pg_temp.wrong('{"when": {"count": {"of": "cats", "within": "1 day", "metres": 0, "atLeast": 1}}}') AS all_wrong, pg_temp.wrong('{"when": {"count": {"within": "P400D", "metres": 5001, "atLeast": 1001}}}') AS too_much,
    pg_temp.wrong('{"when": {"count": {"within": "PT24H", "metres": 50, "atLeast": 3}}}') AS good;
-- paths: none, or without bound
\pset format unaligned
SELECT left(path, 40) AS path, (SELECT p.status_code || ' ' || p.message FROM rule_problems(jsonb_build_object('code', 'x', 'order', 1, 'then', '[{"set": {"level": 1}}]'::jsonb, 'when', jsonb_build_object('path', path))) p) AS told
FROM unnest(ARRAY['', 'not a path (', '$.a', '$.a == $.b', 'strict $.a[*] == $.b[*]', '$.**.a == 1', '$x == 1', '$.a ? (exists($.b[*] ? (@ == 1)))', '$.a[*] ? (@.b[*] ? (@.c == 1) == 2)', '$.keyvalue()', '$.a.size() > 3',
    '$.eventDesc like_regex "(a+)+$"', '$.eventDesc like_regex "a{1,255}"', '$.eventDesc like_regex "(a)\\1"', '$.eventDesc like_regex "(?=a)b"', '$.eventDesc like_regex "["', '$.eventDesc like_regex "a{2}" flag "q"',
    '$.a[$.b]', '$.a[last]', repeat('(', 30) || '$.a' || repeat(')', 30), repeat('!(', 20) || '$.a == 1' || repeat(')', 20), repeat('$.a == 1 || ', 50) || '$.a == 1']) path;
\pset format aligned
SELECT pg_temp.wrong(jsonb_build_object('when', jsonb_build_object('path', '$.' || repeat('a', 1000)))) AS long, pg_temp.wrong('{"when": {"path": 1}}') AS kind;
-- actions
SELECT pg_temp.wrong('{"then": [{"explode": 1}]}') AS unknown, pg_temp.wrong('{"then": [{}]}') AS none, pg_temp.wrong('{"then": [{"set": {"level": 1}, "dispatch": "x"}]}') AS two, pg_temp.wrong('{"then": [1]}') AS kind,
    pg_temp.wrong('{"then": [{"set": {}}]}') AS empty_set, pg_temp.wrong('{"then": [{"set": {"colour": 1}}]}') AS member, pg_temp.wrong('{"then": [{"set": {"process": "no-such", "unit": "no-such", "condition": "no-such", "level": "x"}}]}') AS unknown_values,
    pg_temp.wrong('{"then": [{"set": {"level": 1}}, {"set": {"level": 2}}]}') AS twice;
SELECT pg_temp.wrong('{"then": [{"dispatch": "no-such"}]}') AS unit, pg_temp.wrong('{"then": [{"start": "no-such"}]}') AS process, pg_temp.wrong('{"when": {"steps": ["accept"]}, "then": [{"start": "city-management"}]}') AS start_at_step,
    pg_temp.wrong('{"then": [{"reject": 200}]}') AS ok_code, pg_temp.wrong('{"then": [{"reject": 42999}]}') AS no_code, pg_temp.wrong('{"then": [{"reject": "42290"}]}') AS text,
    pg_temp.wrong('{"then": [{"notify": {"sms": "13800138000"}}]}') IS NOT NULL AS notify;
-- notices: a channel that there is, a receiver that there is, fields that there are
SELECT pg_temp.wrong('{"then": [{"notify": {"pigeon": "x", "template": "late"}}]}') AS channel, pg_temp.wrong('{"then": [{"notify": {"template": "late"}}]}') AS none,
    pg_temp.wrong('{"then": [{"notify": {"callback": "no-such", "template": "late"}}]}') AS application, pg_temp.wrong('{"then": [{"notify": {"callback": 7, "template": "late"}}]}') AS kind;
SELECT pg_temp.wrong('{"then": [{"notify": {"callback": "no-such", "template": "{humanName} {taskNum}"}}]}') AS personal, pg_temp.wrong('{"then": [{"notify": {"callback": "no-such", "template": "a } b"}}]}') AS brace,
    pg_temp.wrong('{"then": [{"notify": {"callback": "no-such"}}]}') AS no_template, pg_temp.wrong('{"then": [{"notify": "late"}]}') AS no_object;
SELECT pg_temp.wrong('{"then": [{"linkDuplicate": true}]}') AS kind, pg_temp.wrong('{"then": [{"linkDuplicate": {"minScore": 2, "metres": 0, "within": "1 day", "far": 1}}]}') AS wrong, pg_temp.wrong('{"then": [{"linkDuplicate": {}}]}') AS good,
    pg_temp.wrong('{"when": {"steps": ["accept"]}, "then": [{"linkDuplicate": {}}]}') AS at_step;
-- a process without such an action, and a platform whose reports start none
SELECT save_process('{"code": "rule-short", "title": "Short", "titleZh": "短", "start": "open", "stages": [{"name": "open", "title": "Open", "titleZh": "待办", "state": 1, "roles": ["desk"]},
    {"name": "closed", "title": "Closed", "titleZh": "结案", "state": 6}], "actions": [{"name": "close", "from": ["open"], "to": "closed", "roles": ["desk"]}]}') IS NOT NULL AS saved;
INSERT INTO unit (unit_code, name) VALUES ('rule-bad', '测试单位');
SELECT pg_temp.wrong('{"then": [{"set": {"process": "rule-short"}}, {"dispatch": "rule-bad"}]}') AS no_dispatch, pg_temp.wrong('{"then": [{"reject": 42290}, {"start": "rule-short"}]}') AS no_void,
    pg_temp.wrong('{"then": [{"reject": 42290}, {"dispatch": "rule-bad"}]}') AS both;
SET citybigdata.process = '';
SELECT pg_temp.wrong('{"then": [{"dispatch": "rule-bad"}]}') AS none, pg_temp.wrong('{"then": [{"dispatch": "rule-bad"}, {"start": "city-management"}]}') AS started, pg_temp.wrong('{"then": [{"reject": 42290}]}') AS rejected;
RESET citybigdata.process;
-- duplicate keys are told of what comes over REST (test_rules.py); jsonb has none
SELECT * FROM save_rule('{"code": "x", "order": 1, "then": []}');
SELECT explain_rules('[]');
SELECT explain_rules('{"taskNum": "x"}');
SELECT explain_rules('{"eventDesc": "x"}');
SELECT * FROM dry_run_rule('{"code": "x"}', tstzrange(now(), NULL));
-- a role that may not, and nothing of it is open to others
SET ROLE citybigdata_analyst;
SELECT * FROM save_rule('{"code": "x", "order": 1, "then": [{"set": {"level": 1}}]}');
SELECT count(*) FROM rule;
RESET ROLE;
-- what is bounded: a report whose unknown fields are large, with as many rules as hold paths over them
SET ROLE citybigdata_sysadmin;
SELECT count(*) AS saved FROM generate_series(1, 60) n, LATERAL save_rule(jsonb_build_object('code', 'slow-' || n, 'order', n, 'when', jsonb_build_object('path', '$.ext.a[*] ? (@.b like_regex "(x+x+)+y")'), 'then', '[{"set": {"level": 1}}]'::jsonb));
RESET ROLE;
SELECT r.status_code FROM report_event('rule-slow', (jsonb_build_object('eventDesc', repeat('x', 4000), 'otherTaskNum', 'slow', 'address', '东华门大街1号', 'districtCode', '110101', 'districtName', '东城区', 'coordinateX', 448400.5, 'coordinateY', 4418600.25,
    'eventSrcID', 1, 'recTypeID', 1, 'eventLevelID', 2, 'eventTypeCode', '6', 'createTime', '20240131083000', 'a', (SELECT jsonb_agg(jsonb_build_object('b', repeat('x', 500))) FROM generate_series(1, 25))))::text::json, 'egova') r;
DELETE FROM unit WHERE unit_code = 'rule-bad';
SELECT count(*) AS ended FROM rules_in_force f, save_rule(jsonb_build_object('code', f.rule_code, 'validTo', '20200101000000'));
-- in Chinese as well
SET citybigdata.language = 'zh';
SELECT p.pointer, p.status_code, p.message FROM rule_problems('{"code": "x", "order": -1, "when": {"path": "$.**", "divisions": ["1"], "within": {"geometry": {"type": "Point", "coordinates": [39.9, 116.4]}, "metres": 10}}, "then": [{"explode": 1}, {"set": {"unit": "no-such"}}]}') p ORDER BY 1;
SELECT p.pointer, p.message FROM rule_problems('{"code": "x", "order": 1, "when": {"within": {"geometry": {"type": "Point", "coordinates": [39.9, 116.4]}, "metres": 10}}, "then": [{"set": {"level": 1}}]}') p;
RESET citybigdata.language;
