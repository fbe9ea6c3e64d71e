-- The time that judging a report may take: a predicate that has to look at thirty thousand cases is interrupted after a millisecond, whatever
-- the machine; the report is stored, rules in front of it act, it is listed, and those behind it are not judged.
\set SHOW_CONTEXT never
\pset null '(null)'
SET search_path = citybigdata, public;
SET client_min_messages = warning;
SELECT save_rule(jsonb_build_object('code', f.rule_code, 'validTo', '20200101000000')) IS NOT NULL AS ended FROM rules_in_force f;
CREATE FUNCTION pg_temp.level(number text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM citybigdata.report_event('rule-sender', json_build_object(
        'eventDesc', '路灯不亮', 'otherTaskNum', number, 'address', '东华门大街1号', 'districtCode', '110101', 'districtName', '东城区', 'coordinateX', 448400.5, 'coordinateY', 4418600.25,
        'eventSrcID', 1, 'recTypeID', 1, 'eventLevelID', 4, 'eventTypeCode', '6', 'mainTypeCode', '602', 'createTime', '20240131083000'));
    RETURN (SELECT 'L' || e.event_level_id || coalesce((SELECT string_agg(' ' || f.rule_code || ' ' || f.status_code, '' ORDER BY f.rule_code) FROM citybigdata.rule_failure f WHERE f.rec_id = e.rec_id), '')
            FROM citybigdata.event e WHERE e.sender_code = 'rule-sender' AND e.other_task_num = number);
END
$$;
SELECT pg_temp.level('budget-first') AS no_rule;
INSERT INTO event (rec_id, task_num, sender_code, other_task_num, event_desc, address, geom, coordinate_x, coordinate_y, event_src_id, rec_type_id, event_type_code,
                   create_time, receive_time, update_time, content_digest)
SELECT nextval('event_rec_id_seq'), 'budget-' || n, 'budget', n::text, '积水', '东华门大街1号', (SELECT geom FROM event WHERE other_task_num = 'budget-first'), 448400.5, 4418600.25, 1, 1, '6',
       now(), now(), now(), sha256(n::text::bytea) FROM generate_series(1, 30000) n;
ANALYZE event;
SELECT s.rule_code, s.version > 0 AS saved FROM jsonb_array_elements('[
  {"code": "budget-1", "order": 1, "when": {"path": "$.mediaNum == 0"}, "then": [{"set": {"level": 1}}]},
  {"code": "budget-2", "order": 2, "when": {"count": {"of": "mainType", "within": "PT24H", "metres": 100, "atLeast": 1000}}, "then": [{"set": {"level": 3}}]},
  {"code": "budget-3", "order": 3, "then": [{"set": {"level": 2}}]}]'::jsonb) r(rule), save_rule(r.rule) s ORDER BY 1;
-- time enough: all are judged, and the later one stays
SET citybigdata.rule_budget = '10s';
SELECT pg_temp.level('budget-long') AS judged;
-- not enough: the first one acted
SET citybigdata.rule_budget = '1ms';
SELECT pg_temp.level('budget-short') AS interrupted;
-- the session goes on, and a time limit of the statement is no rule's failure
SET citybigdata.rule_budget = '10s';
SELECT pg_temp.level('budget-after') AS judged;
SET statement_timeout = '1ms';
SELECT pg_temp.level('budget-cancelled') AS cancelled;
RESET statement_timeout;
SELECT count(*) AS stored FROM event WHERE sender_code = 'rule-sender' AND other_task_num LIKE 'budget-%';
-- for anybody but a superuser it is the site's
SET ROLE citybigdata_sysadmin;
SET citybigdata.rule_budget = '10s';
RESET ROLE;
SELECT save_rule(jsonb_build_object('code', f.rule_code, 'validTo', '20200101000000')) IS NOT NULL AS ended FROM rules_in_force f;
