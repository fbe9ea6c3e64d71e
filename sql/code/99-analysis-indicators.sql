-- Shipped algorithms of the indicators: what /analysis/indicators, indicators-by-person, workload and workload-by-person run. They belong to
-- citybigdata_algorithm, which has nothing but the functions that do the work (grants/99-analysis-indicators.sql).
CREATE OR REPLACE FUNCTION citybigdata.algorithm_indicators(from_day date, to_day date, cohort text DEFAULT 'reported', group_by text DEFAULT NULL, division_code text DEFAULT NULL, unit_code text DEFAULT NULL,
    event_type_code text DEFAULT NULL, event_src_id integer DEFAULT NULL, indicators text[] DEFAULT NULL, year_on_year boolean DEFAULT true, period_on_period boolean DEFAULT true,
    order_by text DEFAULT 'cases', descending boolean DEFAULT true, top integer DEFAULT 100, work_flag boolean DEFAULT false, calendar text DEFAULT 'default') RETURNS jsonb
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT citybigdata.indicators(from_day, to_day, cohort, group_by, division_code, unit_code, event_type_code, event_src_id, indicators, year_on_year, period_on_period, order_by, descending, top, work_flag, calendar)
$$;
COMMENT ON FUNCTION citybigdata.algorithm_indicators(date, date, text, text, text, text, text, integer, text[], boolean, boolean, text, boolean, integer, boolean, text) IS 'Algorithm indicators: the function of that name';
CREATE OR REPLACE FUNCTION citybigdata.algorithm_indicators_by_person(from_day date, to_day date, role text, cohort text DEFAULT 'reported', division_code text DEFAULT NULL, unit_code text DEFAULT NULL,
    event_type_code text DEFAULT NULL, event_src_id integer DEFAULT NULL, indicators text[] DEFAULT NULL, year_on_year boolean DEFAULT false, period_on_period boolean DEFAULT false,
    order_by text DEFAULT 'cases', descending boolean DEFAULT true, top integer DEFAULT 100, work_flag boolean DEFAULT false, calendar text DEFAULT 'default') RETURNS jsonb
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT citybigdata.indicators_by_person(from_day, to_day, role, cohort, division_code, unit_code, event_type_code, event_src_id, indicators, year_on_year, period_on_period, order_by, descending, top, work_flag, calendar)
$$;
COMMENT ON FUNCTION citybigdata.algorithm_indicators_by_person(date, date, text, text, text, text, text, integer, text[], boolean, boolean, text, boolean, integer, boolean, text) IS 'Algorithm indicators-by-person: the function of that name';
CREATE OR REPLACE FUNCTION citybigdata.algorithm_workload(from_day date, to_day date, division_code text DEFAULT NULL, unit_code text DEFAULT NULL, order_by text DEFAULT 'handled', descending boolean DEFAULT true, top integer DEFAULT 100)
    RETURNS TABLE (rank bigint, key text, name text, open_cases bigint, overdue_cases bigint, handled bigint, handled_in_time bigint, handled_late bigint, mean_hours numeric, median_hours numeric, rework bigint, rework_rate numeric)
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$ SELECT w.* FROM citybigdata.workload(from_day, to_day, division_code, unit_code, order_by, descending, top) w $$;
COMMENT ON FUNCTION citybigdata.algorithm_workload(date, date, text, text, text, boolean, integer) IS 'Algorithm workload: the function of that name';
CREATE OR REPLACE FUNCTION citybigdata.algorithm_workload_by_person(from_day date, to_day date, division_code text DEFAULT NULL, unit_code text DEFAULT NULL, order_by text DEFAULT 'handled', descending boolean DEFAULT true, top integer DEFAULT 100)
    RETURNS TABLE (rank bigint, key text, name text, open_cases bigint, overdue_cases bigint, handled bigint, handled_in_time bigint, handled_late bigint, mean_hours numeric, median_hours numeric, rework bigint, rework_rate numeric)
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$ SELECT w.* FROM citybigdata.workload_by_person(from_day, to_day, division_code, unit_code, order_by, descending, top) w $$;
COMMENT ON FUNCTION citybigdata.algorithm_workload_by_person(date, date, text, text, text, boolean, integer) IS 'Algorithm workload-by-person: the function of that name';

-- What their parameters are, each once; an algorithm takes those that its function has.
DO $$
DECLARE
    parameters jsonb := '[
        {"name": "fromDay", "required": true, "title": "First day", "titleZh": "起始日", "description": "The period has at most 3,660 days", "descriptionZh": "时段最多 3660 天"},
        {"name": "toDay", "required": true, "title": "Last day", "titleZh": "截止日", "description": "It belongs to the period", "descriptionZh": "含当日"},
        {"name": "role", "required": true, "values": ["reporter", "verifier", "filer", "dispatcher", "disposer", "checker", "closer"], "title": "Grouped by who did it last", "titleZh": "人员角色",
         "description": "Who reported, verified, filed, dispatched, handled, checked or closed the case", "descriptionZh": "上报人、核实人、立案人、派遣人、处置人、核查人、结案人"},
        {"name": "cohort", "values": ["reported", "due"], "title": "Which cases", "titleZh": "统计口径", "description": "reported: reported in the period; due: whose deadline of the whole chain lies in it, whenever reported", "descriptionZh": "reported：按上报时间；due：按应结案时间，不论何时上报"},
        {"name": "groupBy", "values": ["district", "street", "community", "unit", "type", "major", "minor", "source"], "title": "Grouped by", "titleZh": "分组", "description": "Absent: the total alone", "descriptionZh": "不给时只计合计"},
        {"name": "divisionCode", "codeTable": "divisions", "title": "Division", "titleZh": "行政区划", "description": "With all divisions below it", "descriptionZh": "含其下级区划"},
        {"name": "unitCode", "min": 1, "max": 64, "title": "Unit", "titleZh": "责任单位"},
        {"name": "eventTypeCode", "min": 1, "max": 64, "title": "Type, major or minor class", "titleZh": "问题类型、大类或小类"},
        {"name": "eventSrcID", "argument": "event_src_id", "codeTable": "event-src", "title": "Source", "titleZh": "问题来源"},
        {"name": "indicators", "title": "Rates", "titleZh": "比率", "description": "Codes of table indicator, for example closeInTime; absent: all", "descriptionZh": "indicator 表中的代码，如 closeInTime；不给为全部"},
        {"name": "yearOnYear", "title": "Beside the same period a year before", "titleZh": "同比"},
        {"name": "periodOnPeriod", "title": "Beside the period before", "titleZh": "环比", "description": "As many months when it is whole months, else as many days", "descriptionZh": "整月与相同月数对比，否则与相同天数对比"},
        {"name": "orderBy", "min": 1, "max": 64, "title": "Order of the groups", "titleZh": "排序", "description": "cases, key, a counter or a rate", "descriptionZh": "cases、key、某计数或某比率"},
        {"name": "descending", "title": "Greatest first", "titleZh": "由大到小"},
        {"name": "top", "min": 1, "max": 10000, "title": "So many groups", "titleZh": "前若干组"},
        {"name": "workFlag", "title": "Working days only", "titleZh": "只计工作日"},
        {"name": "calendar", "min": 1, "max": 63, "title": "Working calendar of workFlag", "titleZh": "工作日历"}]';
    workload_order jsonb := ' {"name": "orderBy", "values": ["openCases", "overdueCases", "handled", "handledInTime", "handledLate", "meanHours", "medianHours", "rework", "reworkRate"], "title": "Order of the rows", "titleZh": "排序"}';
    columns jsonb := ' [{"name": "rank", "title": "Rank", "titleZh": "名次"}, {"name": "key", "title": "Code of the unit, number of the account", "titleZh": "单位代码或人员编号"}, {"name": "name", "title": "Name", "titleZh": "名称"},
        {"name": "openCases", "title": "Cases in the work list now", "titleZh": "待办案件数"}, {"name": "overdueCases", "title": "Of those, past the deadline of the stage", "titleZh": "其中超期数"}, {"name": "handled", "title": "Handled in the period", "titleZh": "处置数"},
        {"name": "handledInTime", "title": "Handled in time", "titleZh": "按期处置数"}, {"name": "handledLate", "title": "Handled late", "titleZh": "超期处置数"}, {"name": "meanHours", "title": "Mean handling time", "titleZh": "平均处置时长", "unit": "working hours"},
        {"name": "medianHours", "title": "Median handling time", "titleZh": "处置时长中位数", "unit": "working hours"}, {"name": "rework", "title": "Sent back for more work", "titleZh": "返工数"}, {"name": "reworkRate", "title": "The same of the handled", "titleZh": "返工率", "unit": "%"}]';
    one record;
BEGIN
    FOR one IN
        SELECT p.oid::pg_catalog.regprocedure AS function, a.options || pg_catalog.jsonb_build_object('parameters',
                   (SELECT pg_catalog.jsonb_agg(CASE WHEN a.name ~ 'workload' AND n.item OPERATOR(pg_catalog.->>) 'name' OPERATOR(pg_catalog.=) 'orderBy' THEN workload_order ELSE n.item END)
                    FROM pg_catalog.jsonb_array_elements(parameters) n (item)
                    WHERE coalesce(n.item OPERATOR(pg_catalog.->>) 'argument', citybigdata.snake_case(n.item OPERATOR(pg_catalog.->>) 'name')) OPERATOR(pg_catalog.=) ANY (p.proargnames[1:p.pronargs]))) AS options
        FROM (VALUES
            ('algorithm_indicators', '{"code": "indicators", "title": "Indicators", "titleZh": "统计指标", "level": 1, "cost": "quick", "timeout": 60000, "result": "json", "source": "GB/T 30428.2, CJ/T 292-2008; table indicator",
              "description": "Rates of a period in per cent, by place, unit, type or source, beside the same period of the year before and the period before; from daily roll-ups, as the cases are now.",
              "descriptionZh": "时段内的各项比率（百分数），按区划、单位、类型或来源分组，含同比和环比；取自日汇总，以当前数据为准。"}'::jsonb),
            ('algorithm_indicators_by_person', '{"code": "indicators-by-person", "title": "Indicators by person", "titleZh": "人员统计指标", "level": 3, "cost": "job", "timeout": 600000, "result": "json", "source": "GB/T 30428.2, CJ/T 292-2008; table indicator",
              "description": "Rates of a period in per cent, by who did it last. It reads the facts of each case and tells of people.", "descriptionZh": "时段内的各项比率（百分数），按最后办理人分组；逐案读取，结果涉及个人。"}'),
            ('algorithm_workload', '{"code": "workload", "title": "Workload of units", "titleZh": "单位工作量", "level": 1, "cost": "quick", "timeout": 600000, "result": "table", "source": "median: percentile_cont(0.5)",
              "description": "Cases in the work list and overdue now, handled in the period, mean and median handling time in working hours, rework; ranked.", "descriptionZh": "当前待办和超期案件，时段内处置案件，平均和中位处置时长（工作小时），返工；带名次。"}'),
            ('algorithm_workload_by_person', '{"code": "workload-by-person", "title": "Workload of people", "titleZh": "人员工作量", "level": 3, "cost": "job", "timeout": 600000, "result": "table", "source": "median: percentile_cont(0.5)",
              "description": "The same of people: cases that each holds now and those that he handled last.", "descriptionZh": "同单位工作量，按人员：当前持有的和最后由其处置的案件。"}')) AS a (name, options)
        JOIN pg_catalog.pg_proc p ON p.pronamespace OPERATOR(pg_catalog.=) 'citybigdata'::pg_catalog.regnamespace AND p.proname OPERATOR(pg_catalog.=) a.name::name
    LOOP
        PERFORM citybigdata.register_algorithm(one.function, one.options || CASE WHEN one.options OPERATOR(pg_catalog.->>) 'result' OPERATOR(pg_catalog.=) 'table' THEN pg_catalog.jsonb_build_object('columns', columns) ELSE '{}' END);
    END LOOP;
END
$$;
