-- Filing conditions: how lists write them, what is wrong with them, loading them again.
\set SHOW_CONTEXT never
\set VERBOSITY default
SET search_path = citybigdata, public;
CREATE FUNCTION pg_temp.fault(call text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE state text; message text; detail text; found text;
BEGIN
    EXECUTE 'SELECT ' || call INTO found;
    RETURN 'accepted: ' || coalesce(found, 'null');
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
    RETURN coalesce((SELECT s.status_code::text FROM citybigdata.status_code s WHERE s.sqlstate = state), state || ' ' || message) || coalesce(nullif(E'\n' || detail, E'\n'), '');
END $$;
CREATE VIEW pg_temp.shown AS SELECT condition_code, event_type_code, condition_text, limit_amount, limit_unit, closing_condition, unit_code, calendar, warning_share, active FROM citybigdata.filing_condition;
-- limits as lists write them
SELECT l.text, t.* FROM unnest(ARRAY['2 紧急工作时', '4小时', '5 天', '5天', '1个工作日', '30分钟', '１．５天', '2', '3工作时', '2 working hours', '7自然日', '1 紧急工作日', '0小时', '-1天', '4 周', '两小时', '4小时半', '', '1e9天', '99999999999天']) l(text), time_limit(l.text) t;
-- types of the test
BEGIN;
DELETE FROM filing_condition;
SELECT count(*) FROM load_code_table('event-type', '[{"code":"01","name":"市容环境"},{"code":"0102","name":"暴露垃圾","parent":"01"},{"code":"0110","name":"道路破损","parent":"01"},{"code":"02","name":"宣传广告"},
    {"code":"0201","name":"非法小广告","parent":"02"},{"code":"0299","name":"其他","parent":"02"},{"code":"0199","name":"其他","parent":"01"},{"code":"6","name":"类别 6"}]', 'test');
SELECT save_unit('lamps', '照明所');
-- the usual header; merged cells, quotes, a line break at the end, blanks around
SELECT * FROM load_conditions(E'大类,小类,立案条件,处置时限,单位,结案条件\n市容环境,,整个大类,6小时,,\n,,还是大类,7小时,,\n市容环境,暴露垃圾,"沿街有垃圾, 不足一立方米",4小时,,垃圾已清除\n,,一立方米以上,1 天,,垃圾已清除\n,道路破损,坑洞危及通行,2 紧急工作时,照明所,路面恢复\n宣传广告,0201,零星张贴,2,天, \n\n');
TABLE pg_temp.shown ORDER BY 1;
-- tabs, a byte order mark, line ends of Windows, number and unit in two columns, a new limit; the same text again keeps its code
SELECT * FROM load_conditions(U&'\FEFF' || E'小类\t立案条件\t处置时限\t时限单位\t责任单位\t预警比例\r\n0102\t一立方米以上\t2\t12\tlamps\t60%\r\n0102\t在公园\t30\t分钟\t\t\r\n');
SELECT * FROM load_conditions(E'小类\t立案条件\t处置时限\r\n0102\t在公园\t30分钟\r\n');
TABLE pg_temp.shown ORDER BY 1;
-- all errors at once, and nothing loaded
SELECT pg_temp.fault(format('load_conditions(%L)', E'大类,小类,立案条件,处置时限,单位,结案条件\n市容环境,暴露垃圾,好的一条,4小时,,\n市容环境,无此类,甲,4小时,,\n无此大类,暴露垃圾,乙,4小时,,\n,其他,丙,0小时,,\n02,其他,丁,-2,天,\n02,其他,戊,,,\n'
    '02,其他,己,4,,\n02,其他,庚,4,4,\n02,其他,辛,4 周,,\n02,其他,壬,很快,,\n02,其他,,2小时,,\n02,其他,癸,2小时,天,\n02,其他,子,2小时,无此单位,\n02,其他,丁,3小时,,'));
SELECT count(*) FILTER (WHERE condition_text = '好的一条') AS good_ones FROM filing_condition;
SELECT pg_temp.fault(format('load_conditions(%L)', x)) FROM unnest(ARRAY['', E'小类,立案条件\n0102,甲', E'小类,立案条件,处置时限,颜色\n0102,甲,1天,红', E'小类,小类,立案条件,处置时限\n0102,0102,甲,1天', E'小类,立案条件,处置时限\n0102,甲,1天,多\n',
    E'小类,立案条件,处置时限\n"0102,甲,1天', E'小类,立案条件,处置时限\n', E'小类,立案条件,处置时限\n,甲,1天', E'小类,立案条件,处置时限\n其他,甲,1天']) x;
-- documents
SELECT save_condition('{"type": "6", "condition": "路灯不亮", "limit": 4, "limitUnit": 2, "closing": "路灯亮"}') AS code;
SELECT save_condition('{"code": "lamp.out", "type": "*", "condition": "任何类型", "limit": "1天", "unit": "照明所", "active": false}') AS code;
SELECT save_condition('{"code": "lamp.out", "type": "*", "condition": "任何类型的问题", "limit": "2天"}') AS renamed;
SELECT save_condition('[{"major": "02", "condition": "大类的条件", "limit": "5天"}, {"type": "0201", "condition": "零星张贴", "limit": "1天", "warningShare": 1}]') AS first_of_two;
TABLE pg_temp.shown ORDER BY 1;
SELECT d AS document, pg_temp.fault(format('save_condition(%L)', d)) FROM unnest(ARRAY['{"type": "6", "condition": "x", "limit": "1天", "colour": 1}', '{"type": "6", "condition": "x", "limit": {"a": 1}}', '{"type": "6", "condition": "x", "limit": 1, "limitUnit": 4}',
    '{"type": "6", "condition": "x", "limit": "1天", "warningShare": 0}', '{"type": "6", "condition": "x", "limit": "1天", "warningShare": 1.5}', '{"type": "6", "condition": "x", "limit": "1天", "calendar": "no-such"}', '{"code": "长", "type": "6", "condition": "x", "limit": "1天"}',
    '{"code": "new", "type": "6", "condition": "路灯不亮", "limit": "1天"}', '[]', '3', '"x"', 'null', '[1]', '{"type": "6", "condition": "x", "limit": "1天", "active": "maybe"}', '{"type": "6", "condition": "a\nb", "limit": "1天"}', '{"type": "6", "condition": "x", "limit": "20000天"}']) d;
SELECT pg_temp.fault('save_condition(NULL)'), pg_temp.fault('load_conditions(NULL)');
SELECT action, object, detail FROM audit_log WHERE action ~ '^condition' AND at >= now() ORDER BY audit_id;
ROLLBACK;
-- an empty code table accepts every type
BEGIN;
DELETE FROM filing_condition;
DELETE FROM code_table_row WHERE table_name = 'event-type';
SELECT save_condition('{"type": "特殊", "condition": "x", "limit": "1天"}') AS code, save_condition('{"type": "60201", "condition": "x", "limit": "1天"}') AS other;
ROLLBACK;
-- the list that is shipped as an example
BEGIN;
DELETE FROM filing_condition;
SELECT load_code_table_file('event-type', 'cjt214_events.tsv') > 0 AS types, load_code_table('event-type', '[{"code":"6","name":"类别 6"},{"code":"602","name":"大类 602","parent":"6"},{"code":"60201","name":"小类 60201","parent":"602"}]', NULL, false) > 0 AS demo;
SELECT * FROM load_conditions_file('filing_conditions.csv');
SELECT * FROM load_conditions_file('filing_conditions.csv');
SELECT code_name('limit-unit', limit_unit::text) AS unit, limit_amount, count(*) FROM filing_condition GROUP BY limit_unit, limit_amount ORDER BY limit_unit, limit_amount;
SELECT condition_code, condition_text, limit_amount, limit_unit FROM filing_condition WHERE event_type_code ~ '^6' ORDER BY 1;
-- which of them a case may be filed by: its three codes and what is above them, the most special first
SELECT save_condition('{"type": "*", "condition": "任何问题", "limit": "7天"}') AS every, save_condition('{"type": "60201", "condition": "停用的", "limit": "7天", "active": false}') AS none;
CREATE TEMP TABLE reported AS SELECT n, e.rec_id FROM (VALUES ('A', '6', '602', '60201'), ('B', '6', NULL, NULL), ('C', '6', '602', NULL), ('D', '2', '01', '0102'), ('E', '9', NULL, NULL)) v(n, type, main, sub)
CROSS JOIN LATERAL report_event('conditions', (jsonb_build_object('eventDesc', '路灯不亮', 'otherTaskNum', 'T-' || n, 'address', '东华门大街1号', 'coordinateX', 448400.5, 'coordinateY', 4418600.25, 'eventSrcID', 1, 'recTypeID', 1,
    'eventTypeCode', type, 'mainTypeCode', main, 'subTypeCode', sub, 'createTime', '20240131083000'))::json, 'egova') e;
SELECT r.n, string_agg(c.condition_code, ' ' ORDER BY length(c.event_type_code) DESC, c.condition_code) AS conditions FROM reported r LEFT JOIN LATERAL case_conditions(r.rec_id) c ON true GROUP BY 1 ORDER BY 1;
ROLLBACK;
SET ROLE citybigdata_analyst;
SELECT save_condition('{}');
SELECT count(*) >= 0 AS readable FROM filing_condition;
RESET ROLE;
