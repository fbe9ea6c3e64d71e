-- Indicators: facts of cases, what depends on now, and the rates. Counters are kept by the steps: extension/indicator/case_fact.h.
COMMENT ON TABLE citybigdata.public_source IS 'Sources of reports that count as reports of the public 公众上报';
COMMENT ON COLUMN citybigdata.public_source.event_src_id IS 'Code of code table event-src';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.public_source', '');

COMMENT ON TABLE citybigdata.case_fact IS 'Facts of cases: counters that are 0 or 1 (地方统计指标), who did it last, and what a case is grouped by; kept by its steps, recount_case_facts() works them out again';
COMMENT ON COLUMN citybigdata.case_fact.rec_id IS 'The case';
COMMENT ON COLUMN citybigdata.case_fact.report IS 'Reported 上报数';
COMMENT ON COLUMN citybigdata.case_fact.public_report IS 'Reported by the public 公众上报数: its source is in public_source';
COMMENT ON COLUMN citybigdata.case_fact.valid_report IS 'Accepted, and neither refused, void nor withdrawn since 有效上报数';
COMMENT ON COLUMN citybigdata.case_fact.operate IS 'Accepted 受理数';
COMMENT ON COLUMN citybigdata.case_fact.inst IS 'Filed 立案数';
COMMENT ON COLUMN citybigdata.case_fact.intime_inst IS 'Filed in time, each time 按时立案数';
COMMENT ON COLUMN citybigdata.case_fact.accur_inst IS 'Filed rightly: not sent back by the dispatcher, not void since 准确立案数';
COMMENT ON COLUMN citybigdata.case_fact.not_inst IS 'Refused, void or withdrawn before it was filed 不予立案数';
COMMENT ON COLUMN citybigdata.case_fact.need_dispatch IS 'Had to be dispatched 应派遣数';
COMMENT ON COLUMN citybigdata.case_fact.dispatch IS 'Dispatched 派遣数';
COMMENT ON COLUMN citybigdata.case_fact.intime_dispatch IS 'Dispatched in time, each time 按时派遣数';
COMMENT ON COLUMN citybigdata.case_fact.accur_dispatch IS 'Dispatched and never sent back by a unit 准确派遣数';
COMMENT ON COLUMN citybigdata.case_fact.wrong_dispatch IS 'Sent back by a unit 错误派遣数';
COMMENT ON COLUMN citybigdata.case_fact.need_dispose IS 'Had to be handled 应处置数';
COMMENT ON COLUMN citybigdata.case_fact.dispose IS 'Handled 处置数; not after 返工, until it is handled again';
COMMENT ON COLUMN citybigdata.case_fact.intime_dispose IS 'Handled in time 按期处置数';
COMMENT ON COLUMN citybigdata.case_fact.overtime_dispose IS 'Handled late 超期处置数';
COMMENT ON COLUMN citybigdata.case_fact.need_verify IS 'Had to be verified before filing 应核实数';
COMMENT ON COLUMN citybigdata.case_fact.verify IS 'Verified 核实数';
COMMENT ON COLUMN citybigdata.case_fact.intime_verify IS 'Verified in time 按时核实数';
COMMENT ON COLUMN citybigdata.case_fact.need_check IS 'Had to be checked before closing 应核查数';
COMMENT ON COLUMN citybigdata.case_fact."check" IS 'Checked 核查数';
COMMENT ON COLUMN citybigdata.case_fact.intime_check IS 'Checked in time 按时核查数';
COMMENT ON COLUMN citybigdata.case_fact.archive IS 'Closed 结案数';
COMMENT ON COLUMN citybigdata.case_fact.intime_archive IS 'Closed in time 按期结案数, by the clock of the whole chain';
COMMENT ON COLUMN citybigdata.case_fact.overtime_archive IS 'Closed late 超期结案数';
COMMENT ON COLUMN citybigdata.case_fact.rework IS 'Sent back for more work 返工数';
COMMENT ON COLUMN citybigdata.case_fact.multi_rework IS 'Sent back for more work more than once 多次返工数';
COMMENT ON COLUMN citybigdata.case_fact.back IS 'Sent back 回退数';
COMMENT ON COLUMN citybigdata.case_fact.hang IS 'Suspended 挂账数';
COMMENT ON COLUMN citybigdata.case_fact.his_hang IS 'Was suspended at some time 曾挂账数';
COMMENT ON COLUMN citybigdata.case_fact.postpone IS 'Was given an extension 延期数';
COMMENT ON COLUMN citybigdata.case_fact.exempt IS 'An appeal was allowed 申诉通过: it counts in rates as if it had been in time';
COMMENT ON COLUMN citybigdata.case_fact.cancel IS 'Void or withdrawn 作废数';
COMMENT ON COLUMN citybigdata.case_fact.visit IS 'The reporter was asked 回访数';
COMMENT ON COLUMN citybigdata.case_fact.satisfied IS 'Evaluation 4 or 5 满意数';
COMMENT ON COLUMN citybigdata.case_fact.neutral IS 'Evaluation 3 一般数';
COMMENT ON COLUMN citybigdata.case_fact.unsatisfied IS 'Evaluation 1 or 2 不满意数';
COMMENT ON COLUMN citybigdata.case_fact.merged IS 'Merged into another case, which counts in its place 合并数';
COMMENT ON COLUMN citybigdata.case_fact.reporter IS 'Account that reported it; null: a sender';
COMMENT ON COLUMN citybigdata.case_fact.verifier IS 'Account that verified it last 核实人';
COMMENT ON COLUMN citybigdata.case_fact.filer IS 'Account that filed it last 立案人';
COMMENT ON COLUMN citybigdata.case_fact.dispatcher IS 'Account that dispatched it last 派遣人';
COMMENT ON COLUMN citybigdata.case_fact.disposer IS 'Account that reported its handling last 处置人';
COMMENT ON COLUMN citybigdata.case_fact.checker IS 'Account that checked it last 核查人';
COMMENT ON COLUMN citybigdata.case_fact.closer IS 'Account that closed it 结案人';
COMMENT ON COLUMN citybigdata.case_fact.bundle_begin IS 'When it was first filed: the whole chain 捆绑 begins';
COMMENT ON COLUMN citybigdata.case_fact.bundle_end IS 'When it was closed';
COMMENT ON COLUMN citybigdata.case_fact.dispose_begin IS 'When it was dispatched last';
COMMENT ON COLUMN citybigdata.case_fact.dispose_end IS 'When it was handled last';
COMMENT ON COLUMN citybigdata.case_fact.report_time IS 'createTime of the report';
COMMENT ON COLUMN citybigdata.case_fact.bundle_deadline IS 'Deadline of the whole chain, as of the last step';
COMMENT ON COLUMN citybigdata.case_fact.district_code IS 'District';
COMMENT ON COLUMN citybigdata.case_fact.street_code IS 'Street';
COMMENT ON COLUMN citybigdata.case_fact.community_code IS 'Community';
COMMENT ON COLUMN citybigdata.case_fact.unit_code IS 'Unit that has it, or had it last';
COMMENT ON COLUMN citybigdata.case_fact.event_src_id IS 'Source, code table event-src';
COMMENT ON COLUMN citybigdata.case_fact.event_type_code IS 'Type 问题类型';
COMMENT ON COLUMN citybigdata.case_fact.main_type_code IS 'Major class 大类';
COMMENT ON COLUMN citybigdata.case_fact.sub_type_code IS 'Minor class 小类';
COMMENT ON COLUMN citybigdata.case_fact.folded IS 'It counts in case_rollup 汇总; a trigger takes it out of there before the row changes';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.case_fact', '');

COMMENT ON TABLE citybigdata.indicator IS 'Formulas of rates: quotients of sums of counters of case_facts; save_indicator() changes them';
COMMENT ON COLUMN citybigdata.indicator.code IS 'Name of the rate in case_indicators()';
COMMENT ON COLUMN citybigdata.indicator.title IS 'English title';
COMMENT ON COLUMN citybigdata.indicator.title_zh IS 'Chinese title';
COMMENT ON COLUMN citybigdata.indicator.numerator IS 'Counters that are added above the line';
COMMENT ON COLUMN citybigdata.indicator.denominator IS 'Counters that are added below the line';
COMMENT ON COLUMN citybigdata.indicator.confirmed IS 'false: what to divide by differs from city to city, and is to be confirmed here';
COMMENT ON COLUMN citybigdata.indicator.sort IS 'Order';
COMMENT ON COLUMN citybigdata.indicator.shipped IS 'The row came with CREATE EXTENSION; pg_dump leaves it out';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.indicator', 'WHERE NOT shipped');

-- As for code tables: a row of the site replaces a shipped one of the same key, and a changed shipped row is the site's.
CREATE OR REPLACE FUNCTION citybigdata.indicator_keep() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        NEW.shipped := false;
    ELSIF NOT NEW.shipped THEN
        DELETE FROM citybigdata.indicator i WHERE i.code = NEW.code AND i.shipped;
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION citybigdata.indicator_keep() IS 'Trigger: a formula of the site replaces the shipped one, also when a dump is restored';
CREATE OR REPLACE TRIGGER indicator_keep BEFORE INSERT OR UPDATE ON citybigdata.indicator FOR EACH ROW EXECUTE FUNCTION citybigdata.indicator_keep();
ALTER TABLE citybigdata.indicator ENABLE ALWAYS TRIGGER indicator_keep;
DELETE FROM citybigdata.indicator WHERE shipped;
INSERT INTO citybigdata.indicator (code, title, title_zh, numerator, denominator, confirmed, sort, shipped) VALUES
('dispose', 'Handled', '处置率', '{dispose}', '{need_dispose}', true, 1, true),
('dispose_in_time', 'Handled in time', '按期处置率', '{intime_dispose}', '{need_dispose}', true, 2, true),
('dispose_late', 'Handled late', '超期处置率', '{overtime_dispose}', '{need_dispose}', false, 3, true),
('close', 'Closed', '结案率', '{archive}', '{need_archive}', true, 4, true),
('close_in_time', 'Closed in time', '按期结案率', '{intime_archive}', '{need_archive}', true, 5, true),
('close_late', 'Closed late', '超期结案率', '{overtime_archive}', '{need_archive}', true, 6, true),
('open', 'Not closed', '未结案率', '{to_archive}', '{report}', true, 7, true),
('accept', 'Accepted', '受理率', '{operate}', '{report}', false, 8, true),
('file', 'Filed', '立案率', '{inst}', '{report}', false, 9, true),
('file_in_time', 'Filed in time', '按时立案率', '{intime_inst}', '{inst}', true, 10, true),
('file_accurate', 'Filed rightly', '准确立案率', '{accur_inst}', '{inst}', true, 11, true),
('dispatch_in_time', 'Dispatched in time', '按期派遣率', '{intime_dispatch}', '{need_dispatch}', true, 12, true),
('dispatch_accurate', 'Dispatched rightly', '准确派遣率', '{accur_dispatch}', '{need_dispatch}', true, 13, true),
('valid_report', 'Valid reports', '有效上报率', '{valid_report}', '{report}', true, 14, true),
('verify_in_time', 'Verified in time', '按期核实率', '{intime_verify}', '{need_verify}', true, 15, true),
('check_in_time', 'Checked in time', '按期核查率', '{intime_check}', '{need_check}', true, 16, true),
('rework', 'More work needed', '返工率', '{rework}', '{dispose}', false, 17, true),
('satisfied', 'Satisfied', '满意率', '{satisfied}', '{visit}', false, 18, true),
('public', 'Filed from reports of the public', '公众上报立案占比', '{public_inst}', '{inst}', false, 19, true)
ON CONFLICT ON CONSTRAINT indicator_pkey DO NOTHING;

CREATE OR REPLACE VIEW citybigdata.case_facts AS
SELECT f.rec_id, f.report_time, f.district_code, f.street_code, f.community_code, f.unit_code, f.event_src_id, f.event_type_code, f.main_type_code, f.sub_type_code,
    coalesce(c.deadline, f.bundle_deadline) AS bundle_deadline,
    f.report, f.public_report, f.valid_report, f.operate, f.inst, f.intime_inst, f.accur_inst, f.not_inst, (coalesce(f.need_dispatch OPERATOR(pg_catalog.=) 1 AND (f.merged OPERATOR(pg_catalog.=) 0 OR f.dispatch OPERATOR(pg_catalog.=) 1), false))::integer::smallint AS need_dispatch, f.dispatch, f.intime_dispatch, f.accur_dispatch, f.wrong_dispatch, (coalesce(f.need_dispose OPERATOR(pg_catalog.=) 1 AND (f.merged OPERATOR(pg_catalog.=) 0 OR f.dispose OPERATOR(pg_catalog.=) 1), false))::integer::smallint AS need_dispose, f.dispose, f.need_verify, f.verify, f.intime_verify, f.need_check, f."check", f.intime_check, f.archive, f.rework, f.multi_rework, f.back, f.his_hang, f.postpone, f.exempt, f.cancel, f.visit, f.satisfied, f.neutral, f.unsatisfied, f.merged,
    (coalesce(f.intime_dispose OPERATOR(pg_catalog.=) 1 OR f.overtime_dispose OPERATOR(pg_catalog.=) 1 AND f.exempt OPERATOR(pg_catalog.=) 1, false))::integer::smallint AS intime_dispose,
    (coalesce(f.overtime_dispose OPERATOR(pg_catalog.=) 1 AND f.exempt OPERATOR(pg_catalog.=) 0, false))::integer::smallint AS overtime_dispose,
    (coalesce(f.intime_archive OPERATOR(pg_catalog.=) 1 OR f.overtime_archive OPERATOR(pg_catalog.=) 1 AND f.exempt OPERATOR(pg_catalog.=) 1, false))::integer::smallint AS intime_archive,
    (coalesce(f.overtime_archive OPERATOR(pg_catalog.=) 1 AND f.exempt OPERATOR(pg_catalog.=) 0, false))::integer::smallint AS overtime_archive,
    (coalesce(f.hang OPERATOR(pg_catalog.=) 1 AND c.running_since IS NULL AND (c.resumes_at IS NULL OR c.resumes_at OPERATOR(pg_catalog.>) pg_catalog.now()), false))::integer::smallint AS hang,
    (coalesce(f.public_report OPERATOR(pg_catalog.=) 1 AND f.inst OPERATOR(pg_catalog.=) 1, false))::integer::smallint AS public_inst,
    (coalesce(f.operate OPERATOR(pg_catalog.=) 0 AND f.not_inst OPERATOR(pg_catalog.=) 0 AND f.cancel OPERATOR(pg_catalog.=) 0 AND f.merged OPERATOR(pg_catalog.=) 0 AND f.inst OPERATOR(pg_catalog.=) 0, false))::integer::smallint AS to_operate,
    (coalesce(f.need_dispose OPERATOR(pg_catalog.=) 1 AND f.dispose OPERATOR(pg_catalog.=) 0 AND f.archive OPERATOR(pg_catalog.=) 0 AND f.cancel OPERATOR(pg_catalog.=) 0 AND f.merged OPERATOR(pg_catalog.=) 0, false))::integer::smallint AS to_dispose,
    (coalesce(f.need_dispose OPERATOR(pg_catalog.=) 1 AND f.dispose OPERATOR(pg_catalog.=) 0 AND f.archive OPERATOR(pg_catalog.=) 0 AND f.cancel OPERATOR(pg_catalog.=) 0 AND f.merged OPERATOR(pg_catalog.=) 0 AND NOT coalesce((s.stopped_at IS NULL AND pg_catalog.now() OPERATOR(pg_catalog.>) s.deadline), false), false))::integer::smallint AS intime_to_dispose,
    (coalesce(f.need_dispose OPERATOR(pg_catalog.=) 1 AND f.dispose OPERATOR(pg_catalog.=) 0 AND f.archive OPERATOR(pg_catalog.=) 0 AND f.cancel OPERATOR(pg_catalog.=) 0 AND f.merged OPERATOR(pg_catalog.=) 0 AND (s.stopped_at IS NULL AND pg_catalog.now() OPERATOR(pg_catalog.>) s.deadline), false))::integer::smallint AS overtime_to_dispose,
    (coalesce(f.inst OPERATOR(pg_catalog.=) 1 AND f.archive OPERATOR(pg_catalog.=) 0 AND f.cancel OPERATOR(pg_catalog.=) 0 AND f.merged OPERATOR(pg_catalog.=) 0, false))::integer::smallint AS to_archive,
    (coalesce(f.inst OPERATOR(pg_catalog.=) 1 AND f.archive OPERATOR(pg_catalog.=) 0 AND f.cancel OPERATOR(pg_catalog.=) 0 AND f.merged OPERATOR(pg_catalog.=) 0 AND NOT coalesce((c.stopped_at IS NULL AND pg_catalog.now() OPERATOR(pg_catalog.>) c.deadline), false), false))::integer::smallint AS intime_to_archive,
    (coalesce(f.inst OPERATOR(pg_catalog.=) 1 AND f.archive OPERATOR(pg_catalog.=) 0 AND f.cancel OPERATOR(pg_catalog.=) 0 AND f.merged OPERATOR(pg_catalog.=) 0 AND (c.stopped_at IS NULL AND pg_catalog.now() OPERATOR(pg_catalog.>) c.deadline), false))::integer::smallint AS overtime_to_archive,
    (coalesce(f.archive OPERATOR(pg_catalog.=) 1 OR f.inst OPERATOR(pg_catalog.=) 1 AND f.archive OPERATOR(pg_catalog.=) 0 AND f.cancel OPERATOR(pg_catalog.=) 0 AND f.merged OPERATOR(pg_catalog.=) 0 AND (c.stopped_at IS NULL AND pg_catalog.now() OPERATOR(pg_catalog.>) c.deadline), false))::integer::smallint AS need_archive,
    (coalesce(f.inst OPERATOR(pg_catalog.=) 1 AND f.cancel OPERATOR(pg_catalog.=) 0 AND f.merged OPERATOR(pg_catalog.=) 0, false))::integer::smallint AS due_archive,
    f.reporter, f.verifier, f.filer, f.dispatcher, f.disposer, f.checker, f.closer, f.bundle_begin, f.bundle_end, f.dispose_begin, f.dispose_end,
    d.deadline AS dispose_deadline, d.consumed OPERATOR(pg_catalog./) 60000000 AS dispose_used, d.budget OPERATOR(pg_catalog./) 60000000 AS dispose_limit,
    c.consumed OPERATOR(pg_catalog./) 60000000 AS bundle_used, c.budget OPERATOR(pg_catalog./) 60000000 AS bundle_limit,
    CASE WHEN c.stopped_at IS NOT NULL AND c.consumed OPERATOR(pg_catalog.>) c.budget THEN (c.consumed OPERATOR(pg_catalog.-) c.budget) OPERATOR(pg_catalog./) c.limit_time END AS overtime_multiple
FROM citybigdata.case_fact f
LEFT JOIN citybigdata.case_clock c ON c.rec_id OPERATOR(pg_catalog.=) f.rec_id AND c.kind OPERATOR(pg_catalog.=) 'chain'
LEFT JOIN citybigdata.case_clock s ON s.rec_id OPERATOR(pg_catalog.=) f.rec_id AND s.kind OPERATOR(pg_catalog.=) 'stage'
LEFT JOIN citybigdata.case_clock_stop d ON d.rec_id OPERATOR(pg_catalog.=) f.rec_id AND d.kind OPERATOR(pg_catalog.=) 'stage' AND d.stopped_at OPERATOR(pg_catalog.=) f.dispose_end;
COMMENT ON VIEW citybigdata.case_facts IS 'Facts of cases as they are now: the counters of case_fact, those that time changes, and times in minutes; exempt cases count as in time';
COMMENT ON COLUMN citybigdata.case_facts.rec_id IS 'The case';
COMMENT ON COLUMN citybigdata.case_facts.report_time IS 'createTime of the report';
COMMENT ON COLUMN citybigdata.case_facts.district_code IS 'District';
COMMENT ON COLUMN citybigdata.case_facts.street_code IS 'Street';
COMMENT ON COLUMN citybigdata.case_facts.community_code IS 'Community';
COMMENT ON COLUMN citybigdata.case_facts.unit_code IS 'Unit that has it, or had it last';
COMMENT ON COLUMN citybigdata.case_facts.event_src_id IS 'Source, code table event-src';
COMMENT ON COLUMN citybigdata.case_facts.event_type_code IS 'Type 问题类型';
COMMENT ON COLUMN citybigdata.case_facts.main_type_code IS 'Major class 大类';
COMMENT ON COLUMN citybigdata.case_facts.sub_type_code IS 'Minor class 小类';
COMMENT ON COLUMN citybigdata.case_facts.bundle_deadline IS 'Deadline of the whole chain, as of the last step';
COMMENT ON COLUMN citybigdata.case_facts.report IS 'Reported 上报数';
COMMENT ON COLUMN citybigdata.case_facts.public_report IS 'Reported by the public 公众上报数: its source is in public_source';
COMMENT ON COLUMN citybigdata.case_facts.valid_report IS 'Accepted, and neither refused, void nor withdrawn since 有效上报数';
COMMENT ON COLUMN citybigdata.case_facts.operate IS 'Accepted 受理数';
COMMENT ON COLUMN citybigdata.case_facts.inst IS 'Filed 立案数';
COMMENT ON COLUMN citybigdata.case_facts.intime_inst IS 'Filed in time, each time 按时立案数';
COMMENT ON COLUMN citybigdata.case_facts.accur_inst IS 'Filed rightly: not sent back by the dispatcher, not void since 准确立案数';
COMMENT ON COLUMN citybigdata.case_facts.not_inst IS 'Refused, void or withdrawn before it was filed 不予立案数';
COMMENT ON COLUMN citybigdata.case_facts.need_dispatch IS 'Had to be dispatched 应派遣数';
COMMENT ON COLUMN citybigdata.case_facts.dispatch IS 'Dispatched 派遣数';
COMMENT ON COLUMN citybigdata.case_facts.intime_dispatch IS 'Dispatched in time, each time 按时派遣数';
COMMENT ON COLUMN citybigdata.case_facts.accur_dispatch IS 'Dispatched and never sent back by a unit 准确派遣数';
COMMENT ON COLUMN citybigdata.case_facts.wrong_dispatch IS 'Sent back by a unit 错误派遣数';
COMMENT ON COLUMN citybigdata.case_facts.need_dispose IS 'Had to be handled 应处置数';
COMMENT ON COLUMN citybigdata.case_facts.dispose IS 'Handled 处置数; not after 返工, until it is handled again';
COMMENT ON COLUMN citybigdata.case_facts.need_verify IS 'Had to be verified before filing 应核实数';
COMMENT ON COLUMN citybigdata.case_facts.verify IS 'Verified 核实数';
COMMENT ON COLUMN citybigdata.case_facts.intime_verify IS 'Verified in time 按时核实数';
COMMENT ON COLUMN citybigdata.case_facts.need_check IS 'Had to be checked before closing 应核查数';
COMMENT ON COLUMN citybigdata.case_facts."check" IS 'Checked 核查数';
COMMENT ON COLUMN citybigdata.case_facts.intime_check IS 'Checked in time 按时核查数';
COMMENT ON COLUMN citybigdata.case_facts.archive IS 'Closed 结案数';
COMMENT ON COLUMN citybigdata.case_facts.rework IS 'Sent back for more work 返工数';
COMMENT ON COLUMN citybigdata.case_facts.multi_rework IS 'Sent back for more work more than once 多次返工数';
COMMENT ON COLUMN citybigdata.case_facts.back IS 'Sent back 回退数';
COMMENT ON COLUMN citybigdata.case_facts.his_hang IS 'Was suspended at some time 曾挂账数';
COMMENT ON COLUMN citybigdata.case_facts.postpone IS 'Was given an extension 延期数';
COMMENT ON COLUMN citybigdata.case_facts.exempt IS 'An appeal was allowed 申诉通过: it counts in rates as if it had been in time';
COMMENT ON COLUMN citybigdata.case_facts.cancel IS 'Void or withdrawn 作废数';
COMMENT ON COLUMN citybigdata.case_facts.visit IS 'The reporter was asked 回访数';
COMMENT ON COLUMN citybigdata.case_facts.satisfied IS 'Evaluation 4 or 5 满意数';
COMMENT ON COLUMN citybigdata.case_facts.neutral IS 'Evaluation 3 一般数';
COMMENT ON COLUMN citybigdata.case_facts.unsatisfied IS 'Evaluation 1 or 2 不满意数';
COMMENT ON COLUMN citybigdata.case_facts.merged IS 'Merged into another case, which is dispatched, handled and closed in its place 合并数';
COMMENT ON COLUMN citybigdata.case_facts.intime_dispose IS 'Handled in time 按期处置数, or exempt by an appeal';
COMMENT ON COLUMN citybigdata.case_facts.overtime_dispose IS 'Handled late 超期处置数, and not exempt';
COMMENT ON COLUMN citybigdata.case_facts.intime_archive IS 'Closed in time 按期结案数, or exempt by an appeal';
COMMENT ON COLUMN citybigdata.case_facts.overtime_archive IS 'Closed late 超期结案数, and not exempt';
COMMENT ON COLUMN citybigdata.case_facts.hang IS 'Suspended now 挂账数';
COMMENT ON COLUMN citybigdata.case_facts.public_inst IS 'Filed, and reported by the public 公众上报立案数';
COMMENT ON COLUMN citybigdata.case_facts.to_operate IS 'Waits for being accepted 待受理数';
COMMENT ON COLUMN citybigdata.case_facts.to_dispose IS 'Waits for being handled 待处置数';
COMMENT ON COLUMN citybigdata.case_facts.intime_to_dispose IS 'The same, in time 按期待处置数';
COMMENT ON COLUMN citybigdata.case_facts.overtime_to_dispose IS 'The same, late 超期待处置数';
COMMENT ON COLUMN citybigdata.case_facts.to_archive IS 'Filed and not closed 未结案数';
COMMENT ON COLUMN citybigdata.case_facts.intime_to_archive IS 'The same, in time 按期未结案数';
COMMENT ON COLUMN citybigdata.case_facts.overtime_to_archive IS 'The same, late 超期未结案数';
COMMENT ON COLUMN citybigdata.case_facts.need_archive IS 'To be closed 应结案数: closed, or late and not closed (结案 + 超期未结案)';
COMMENT ON COLUMN citybigdata.case_facts.due_archive IS 'To be closed 应结案数 of those that were due in a time, whenever reported: filed and not void';
COMMENT ON COLUMN citybigdata.case_facts.reporter IS 'Account that reported it; null: a sender';
COMMENT ON COLUMN citybigdata.case_facts.verifier IS 'Account that verified it last 核实人';
COMMENT ON COLUMN citybigdata.case_facts.filer IS 'Account that filed it last 立案人';
COMMENT ON COLUMN citybigdata.case_facts.dispatcher IS 'Account that dispatched it last 派遣人';
COMMENT ON COLUMN citybigdata.case_facts.disposer IS 'Account that reported its handling last 处置人';
COMMENT ON COLUMN citybigdata.case_facts.checker IS 'Account that checked it last 核查人';
COMMENT ON COLUMN citybigdata.case_facts.closer IS 'Account that closed it 结案人';
COMMENT ON COLUMN citybigdata.case_facts.bundle_begin IS 'When it was first filed: the whole chain 捆绑 begins';
COMMENT ON COLUMN citybigdata.case_facts.bundle_end IS 'When it was closed';
COMMENT ON COLUMN citybigdata.case_facts.dispose_begin IS 'When it was dispatched last';
COMMENT ON COLUMN citybigdata.case_facts.dispose_end IS 'When it was handled last';
COMMENT ON COLUMN citybigdata.case_facts.dispose_deadline IS 'Deadline of the handling that is counted 处置截止时间';
COMMENT ON COLUMN citybigdata.case_facts.dispose_used IS 'Minutes that it took 处置用时, of working time or, for 紧急 limits, of running time';
COMMENT ON COLUMN citybigdata.case_facts.dispose_limit IS 'Minutes that it might take 处置时限';
COMMENT ON COLUMN citybigdata.case_facts.bundle_used IS 'Minutes that the whole chain had used when its clock last began to run, or in all when it is closed';
COMMENT ON COLUMN citybigdata.case_facts.bundle_limit IS 'Minutes that the whole chain may use';
COMMENT ON COLUMN citybigdata.case_facts.overtime_multiple IS 'Of a closed case: whole limits over the time 超期倍数';

CREATE OR REPLACE FUNCTION citybigdata.recount_case_fact(rec_id integer) RETURNS boolean
    AS 'MODULE_PATHNAME', 'cbd_recount_case_fact' LANGUAGE c VOLATILE STRICT SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.recount_case_fact(integer) IS 'Works the facts of one case out again from history and clocks, and stores them: true: they were others; null: no such case. For the functions of this extension only';
CREATE OR REPLACE FUNCTION citybigdata.case_fact_difference(rec_id integer) RETURNS TABLE (member text, stored text, recounted text)
    AS 'MODULE_PATHNAME', 'cbd_case_fact_difference' LANGUAGE c VOLATILE STRICT ROWS 1 COST 1000 SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.case_fact_difference(integer) IS 'Members of case_fact that are not what history and clocks of the case come to. For the functions of this extension only';

CREATE OR REPLACE FUNCTION citybigdata.recount_case_facts(first integer DEFAULT 1, last integer DEFAULT 2147483647) RETURNS bigint
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT count(*) FILTER (WHERE citybigdata.recount_case_fact(e.rec_id)) FROM (SELECT r.rec_id FROM citybigdata.event r WHERE r.rec_id BETWEEN first AND last ORDER BY r.rec_id) e
$$;
COMMENT ON FUNCTION citybigdata.recount_case_facts(integer, integer) IS
'Works the facts of cases out again from their history and clocks, of a range of recID (all), and returns how many were others. The cases stay locked until the end: take large tables in portions';
CREATE OR REPLACE FUNCTION citybigdata.recount_case_facts(rec_ids integer[]) RETURNS bigint
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT count(*) FILTER (WHERE citybigdata.recount_case_fact(r.rec_id)) FROM (SELECT DISTINCT u.rec_id FROM unnest(rec_ids) u(rec_id) WHERE u.rec_id IS NOT NULL ORDER BY 1) r
$$;
COMMENT ON FUNCTION citybigdata.recount_case_facts(integer[]) IS 'The same of chosen cases';
CREATE OR REPLACE FUNCTION citybigdata.case_fact_differences(first integer DEFAULT 1, last integer DEFAULT 2147483647)
    RETURNS TABLE (rec_id integer, member text, stored text, recounted text)
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT e.rec_id, d.member, d.stored, d.recounted FROM citybigdata.event e CROSS JOIN LATERAL citybigdata.case_fact_difference(e.rec_id) d
    WHERE e.rec_id BETWEEN first AND last ORDER BY e.rec_id, d.member
$$;
COMMENT ON FUNCTION citybigdata.case_fact_differences(integer, integer) IS
'Facts that are not what history and clocks come to, of a range of recID; no row: all agree. A row that is missing is one of a case that was reported without a process';

CREATE OR REPLACE FUNCTION citybigdata.indicator_counters() RETURNS text[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT ARRAY['report', 'public_report', 'valid_report', 'operate', 'inst', 'intime_inst', 'accur_inst', 'not_inst', 'need_dispatch', 'dispatch', 'intime_dispatch', 'accur_dispatch', 'wrong_dispatch', 'need_dispose', 'dispose', 'need_verify', 'verify', 'intime_verify', 'need_check', 'check', 'intime_check', 'archive', 'rework', 'multi_rework', 'back', 'his_hang', 'postpone', 'exempt', 'cancel', 'visit', 'satisfied', 'neutral', 'unsatisfied', 'merged', 'intime_dispose', 'overtime_dispose', 'intime_archive', 'overtime_archive', 'hang', 'public_inst', 'to_operate', 'to_dispose', 'intime_to_dispose', 'overtime_to_dispose', 'to_archive', 'intime_to_archive', 'overtime_to_archive', 'need_archive', 'due_archive']
$$;
COMMENT ON FUNCTION citybigdata.indicator_counters() IS 'The counters that a formula may use';

CREATE OR REPLACE FUNCTION citybigdata.save_indicator(code text, numerator text[], denominator text[], title text DEFAULT NULL, title_zh text DEFAULT NULL) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    unknown text;
BEGIN
    IF coalesce(save_indicator.code !~ '^[a-z][a-z0-9_]{0,62}$', true) THEN
        PERFORM citybigdata.refuse(42204, citybigdata.say('code: small letters, digits and underscores, for example close_in_time.'));
    ELSIF coalesce(cardinality(save_indicator.numerator), 0) = 0 OR coalesce(cardinality(save_indicator.denominator), 0) = 0 THEN
        PERFORM citybigdata.refuse(42201, citybigdata.say('numerator and denominator: names of counters, for example {intime_archive} and {need_archive}.'));
    END IF;
    SELECT string_agg(coalesce(n.name, 'null'), ', ') INTO unknown FROM unnest(save_indicator.numerator || save_indicator.denominator) n(name)
    WHERE n.name IS NULL OR n.name <> ALL (citybigdata.indicator_counters());
    IF unknown IS NOT NULL THEN
        PERFORM citybigdata.refuse(42205, citybigdata.say('No counter of case_facts: {unknown}. indicator_counters() lists them.', 'unknown', left(unknown, 200)));
    END IF;
    INSERT INTO citybigdata.indicator AS i (code, title, title_zh, numerator, denominator, sort)
    SELECT save_indicator.code, coalesce(save_indicator.title, o.title, save_indicator.code), coalesce(save_indicator.title_zh, o.title_zh, save_indicator.code), save_indicator.numerator,
           save_indicator.denominator, coalesce(o.sort, 100)
    FROM (SELECT) one LEFT JOIN citybigdata.indicator o ON o.code = save_indicator.code
    ON CONFLICT ON CONSTRAINT indicator_pkey DO UPDATE SET title = excluded.title, title_zh = excluded.title_zh, numerator = excluded.numerator, denominator = excluded.denominator, confirmed = true;
    PERFORM citybigdata.audit_event('indicator.save', save_indicator.code, format('%s / %s', save_indicator.numerator, save_indicator.denominator));
END
$$;
COMMENT ON FUNCTION citybigdata.save_indicator(text, text[], text[], text, text) IS
'Sets the formula of a rate, which is confirmed by that: sums of counters of case_facts above and below the line. Errors: 42201, 42204, 42205. save_indicator(''rework'', ''{rework}'', ''{archive}'')';

CREATE OR REPLACE FUNCTION citybigdata.indicator_rates(counters jsonb, cohort text) RETURNS jsonb
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT jsonb_object_agg(i.code, round(100 * v.above / nullif(v.below, 0), 2))
    FROM citybigdata.indicator i
    CROSS JOIN LATERAL (SELECT
        (SELECT sum((counters ->> n.name)::numeric) FROM unnest(i.numerator) n(name)) AS above,
        (SELECT sum((counters ->> CASE WHEN cohort = 'due' AND d.name = 'need_archive' THEN 'due_archive' ELSE d.name END)::numeric) FROM unnest(i.denominator) d(name)) AS below) v
$$;
COMMENT ON FUNCTION citybigdata.indicator_rates(jsonb, text) IS
'Rates in per cent, by the formulas of table indicator, of sums of counters; null where there is nothing to divide by. cohort due: those that were due, for need_archive';

CREATE OR REPLACE FUNCTION citybigdata.case_indicators_of("from" timestamptz, "to" timestamptz, group_by text, cohort text)
    RETURNS TABLE (key text, name text, cases bigint, counters jsonb, rates jsonb)
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    WITH x AS (
        SELECT f.*, CASE group_by WHEN 'district' THEN f.district_code WHEN 'street' THEN f.street_code WHEN 'community' THEN f.community_code WHEN 'unit' THEN f.unit_code
                WHEN 'source' THEN f.event_src_id::text WHEN 'type' THEN f.event_type_code WHEN 'major' THEN f.main_type_code WHEN 'minor' THEN f.sub_type_code
                WHEN 'reporter' THEN f.reporter::text WHEN 'verifier' THEN f.verifier::text WHEN 'filer' THEN f.filer::text WHEN 'dispatcher' THEN f.dispatcher::text
                WHEN 'disposer' THEN f.disposer::text WHEN 'checker' THEN f.checker::text WHEN 'closer' THEN f.closer::text END AS group_key
        FROM citybigdata.case_facts f
        WHERE cohort = 'due' AND f.bundle_deadline >= coalesce("from", '-infinity') AND f.bundle_deadline < coalesce("to", 'infinity')
        UNION ALL
        SELECT f.*, CASE group_by WHEN 'district' THEN f.district_code WHEN 'street' THEN f.street_code WHEN 'community' THEN f.community_code WHEN 'unit' THEN f.unit_code
                WHEN 'source' THEN f.event_src_id::text WHEN 'type' THEN f.event_type_code WHEN 'major' THEN f.main_type_code WHEN 'minor' THEN f.sub_type_code
                WHEN 'reporter' THEN f.reporter::text WHEN 'verifier' THEN f.verifier::text WHEN 'filer' THEN f.filer::text WHEN 'dispatcher' THEN f.dispatcher::text
                WHEN 'disposer' THEN f.disposer::text WHEN 'checker' THEN f.checker::text WHEN 'closer' THEN f.closer::text END
        FROM citybigdata.case_facts f
        WHERE cohort = 'reported' AND f.report_time >= coalesce("from", '-infinity') AND f.report_time < coalesce("to", 'infinity')
    ), summed AS (
        SELECT x.group_key, count(*) AS cases,
               jsonb_build_object('report', sum(x.report), 'public_report', sum(x.public_report), 'valid_report', sum(x.valid_report), 'operate', sum(x.operate), 'inst', sum(x.inst), 'intime_inst', sum(x.intime_inst), 'accur_inst', sum(x.accur_inst), 'not_inst', sum(x.not_inst), 'need_dispatch', sum(x.need_dispatch), 'dispatch', sum(x.dispatch), 'intime_dispatch', sum(x.intime_dispatch), 'accur_dispatch', sum(x.accur_dispatch), 'wrong_dispatch', sum(x.wrong_dispatch), 'need_dispose', sum(x.need_dispose), 'dispose', sum(x.dispose), 'need_verify', sum(x.need_verify), 'verify', sum(x.verify), 'intime_verify', sum(x.intime_verify), 'need_check', sum(x.need_check), 'check', sum(x."check"), 'intime_check', sum(x.intime_check), 'archive', sum(x.archive), 'rework', sum(x.rework), 'multi_rework', sum(x.multi_rework))
               || jsonb_build_object('back', sum(x.back), 'his_hang', sum(x.his_hang), 'postpone', sum(x.postpone), 'exempt', sum(x.exempt), 'cancel', sum(x.cancel), 'visit', sum(x.visit), 'satisfied', sum(x.satisfied), 'neutral', sum(x.neutral), 'unsatisfied', sum(x.unsatisfied), 'merged', sum(x.merged), 'intime_dispose', sum(x.intime_dispose), 'overtime_dispose', sum(x.overtime_dispose), 'intime_archive', sum(x.intime_archive), 'overtime_archive', sum(x.overtime_archive), 'hang', sum(x.hang), 'public_inst', sum(x.public_inst), 'to_operate', sum(x.to_operate), 'to_dispose', sum(x.to_dispose), 'intime_to_dispose', sum(x.intime_to_dispose), 'overtime_to_dispose', sum(x.overtime_to_dispose), 'to_archive', sum(x.to_archive), 'intime_to_archive', sum(x.intime_to_archive), 'overtime_to_archive', sum(x.overtime_to_archive), 'need_archive', sum(x.need_archive), 'due_archive', sum(x.due_archive)) AS counters
        FROM x GROUP BY x.group_key
    )
    SELECT s.group_key,
           CASE WHEN group_by IN ('district', 'street', 'community') THEN (SELECT d.name FROM citybigdata.division d WHERE d.code = s.group_key)
                WHEN group_by = 'unit' THEN (SELECT u.name FROM citybigdata.unit u WHERE u.unit_code = s.group_key)
                WHEN group_by = 'source' THEN citybigdata.code_name('event-src', s.group_key)
                WHEN group_by IN ('type', 'major', 'minor') THEN citybigdata.code_name('event-type', s.group_key)
                WHEN group_by IS NOT NULL THEN (SELECT a.user_name FROM citybigdata.account a WHERE a.account_id::text = s.group_key) END,
           s.cases, s.counters, citybigdata.indicator_rates(s.counters, cohort)
    FROM summed s ORDER BY s.group_key
$$;
COMMENT ON FUNCTION citybigdata.case_indicators_of(timestamptz, timestamptz, text, text) IS 'The work of case_indicators(), whose arguments were checked';

CREATE OR REPLACE FUNCTION citybigdata.case_indicators("from" timestamptz DEFAULT NULL, "to" timestamptz DEFAULT NULL, group_by text DEFAULT NULL, cohort text DEFAULT 'reported')
    RETURNS TABLE (key text, name text, cases bigint, counters jsonb, rates jsonb)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF cohort IS NULL OR cohort NOT IN ('reported', 'due') THEN
        PERFORM citybigdata.refuse(42204, citybigdata.say('cohort: reported (reported in that time) or due (due in that time, whenever reported).'));
    ELSIF group_by NOT IN ('district', 'street', 'community', 'unit', 'source', 'type', 'major', 'minor') THEN
        PERFORM citybigdata.refuse(42204, citybigdata.say('group_by: district, street, community, unit, source, type, major, minor; null: all together. By person: case_indicators_by_person().'));
    ELSIF "from" >= "to" THEN
        PERFORM citybigdata.refuse(42204, citybigdata.say('from lies before to; each may be null.'));
    END IF;
    RETURN QUERY SELECT i.* FROM citybigdata.case_indicators_of("from", "to", group_by, cohort) i;
END
$$;
COMMENT ON FUNCTION citybigdata.case_indicators(timestamptz, timestamptz, text, text) IS
'Sums of counters, and rates in per cent, of the cases that were reported in a time (cohort reported: 应结案 = 结案 + 超期未结案) or whose deadline lay in it, whenever reported (cohort due: 应结案 = all of them), as they are now; '
'group_by: district, street, community, unit, source, type, major, minor. A rate with nothing to divide by is null. Error 42204. case_indicators(''2026-11-01+08'', ''2026-12-01+08'', ''unit'')';

CREATE OR REPLACE FUNCTION citybigdata.case_indicators_by_person("from" timestamptz, "to" timestamptz, role text, cohort text DEFAULT 'reported')
    RETURNS TABLE (key text, name text, cases bigint, counters jsonb, rates jsonb)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF cohort IS NULL OR cohort NOT IN ('reported', 'due') THEN
        PERFORM citybigdata.refuse(42204, citybigdata.say('cohort: reported (reported in that time) or due (due in that time, whenever reported).'));
    ELSIF role IS NULL OR role NOT IN ('reporter', 'verifier', 'filer', 'dispatcher', 'disposer', 'checker', 'closer') THEN
        PERFORM citybigdata.refuse(42204, citybigdata.say('role: reporter, verifier, filer, dispatcher, disposer, checker or closer.'));
    ELSIF "from" >= "to" THEN
        PERFORM citybigdata.refuse(42204, citybigdata.say('from lies before to; each may be null.'));
    END IF;
    RETURN QUERY SELECT i.* FROM citybigdata.case_indicators_of("from", "to", role, cohort) i;
END
$$;
COMMENT ON FUNCTION citybigdata.case_indicators_by_person(timestamptz, timestamptz, text, text) IS
'case_indicators() by who did it: reporter, verifier, filer, dispatcher, disposer, checker, closer. It tells of people: for citybigdata_analyst_personal. Error 42204';
