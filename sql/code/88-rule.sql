-- Rules (clause 4, 规则引擎): what the platform does with a report or a case by itself.
COMMENT ON TABLE citybigdata.rule IS 'Versions of rules; save_rule() adds one. A version is in force from valid_from until valid_to or the next version';
COMMENT ON COLUMN citybigdata.rule.rule_no IS 'In the order of the commits: a backend reads what is new after the last one it knows';
COMMENT ON COLUMN citybigdata.rule.rule_code IS 'The rule';
COMMENT ON COLUMN citybigdata.rule.version IS 'Version, from 1';
COMMENT ON COLUMN citybigdata.rule.rule_order IS 'Rules are judged in ascending order, those of the same order by their code';
COMMENT ON COLUMN citybigdata.rule.valid_from IS 'In force from then on: validFrom, else when it was saved';
COMMENT ON COLUMN citybigdata.rule.valid_to IS 'In force until then; null: without an end of its own';
COMMENT ON COLUMN citybigdata.rule.ended IS 'No rule: from valid_from on, no version saved before is in force';
COMMENT ON COLUMN citybigdata.rule.definition IS 'Terms and actions: docs/rules.md';
COMMENT ON COLUMN citybigdata.rule.geom IS 'Place of the term within, CGCS2000, as it was when the rule was saved; null: none';
COMMENT ON COLUMN citybigdata.rule.area IS 'Its box: west, east, south, north';
COMMENT ON COLUMN citybigdata.rule.saved_at IS 'When it was saved';
COMMENT ON COLUMN citybigdata.rule.saved_by IS 'Account or role that saved it';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.rule', '');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.rule_rule_no_seq', '');
COMMENT ON TABLE citybigdata.rule_act IS 'Which rules acted on a case, when it was reported or after a step';
COMMENT ON COLUMN citybigdata.rule_act.rec_id IS 'The case';
COMMENT ON COLUMN citybigdata.rule_act.acted_at IS 'When';
COMMENT ON COLUMN citybigdata.rule_act.step IS 'Action of the step; null: the report';
COMMENT ON COLUMN citybigdata.rule_act.rules IS 'Rules as code/version, in the order in which they acted';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.rule_act', '');
COMMENT ON TABLE citybigdata.rule_failure IS 'Rules that failed and were skipped; the report or step went on without them. maintain() removes rows of more than 90 days';
COMMENT ON COLUMN citybigdata.rule_failure.failure_no IS 'Number';
COMMENT ON COLUMN citybigdata.rule_failure.rule_code IS 'The rule';
COMMENT ON COLUMN citybigdata.rule_failure.version IS 'Its version';
COMMENT ON COLUMN citybigdata.rule_failure.rec_id IS 'The case';
COMMENT ON COLUMN citybigdata.rule_failure.step IS 'Action of the step; null: the report';
COMMENT ON COLUMN citybigdata.rule_failure.failed_at IS 'When';
COMMENT ON COLUMN citybigdata.rule_failure.status_code IS 'Why: status code';
COMMENT ON COLUMN citybigdata.rule_failure.message IS 'More of why';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.rule_failure', '');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.rule_failure_failure_no_seq', '');
COMMENT ON INDEX citybigdata.event_place_time_idx IS 'Reports within a time and a distance: the term count of rules';

CREATE OR REPLACE TRIGGER rule_keep BEFORE UPDATE OR DELETE ON citybigdata.rule FOR EACH ROW EXECUTE FUNCTION citybigdata.kept_rows();
CREATE OR REPLACE TRIGGER rule_all_keep BEFORE TRUNCATE ON citybigdata.rule FOR EACH STATEMENT EXECUTE FUNCTION citybigdata.kept_rows();
ALTER TABLE citybigdata.rule ENABLE ALWAYS TRIGGER rule_keep;
ALTER TABLE citybigdata.rule ENABLE ALWAYS TRIGGER rule_all_keep;
CREATE OR REPLACE TRIGGER rule_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON citybigdata.rule
    FOR EACH STATEMENT EXECUTE FUNCTION citybigdata.reference_changed();

CREATE OR REPLACE VIEW citybigdata.rules_in_force AS
    SELECT r.rule_no, r.rule_code, r.version, r.rule_order, r.valid_from, r.valid_to, r.definition
    FROM citybigdata.rule r
    WHERE NOT r.ended AND r.valid_from OPERATOR(pg_catalog.<=) pg_catalog.now()
        AND (r.valid_to IS NULL OR pg_catalog.now() OPERATOR(pg_catalog.<) r.valid_to)
        AND NOT EXISTS (SELECT FROM citybigdata.rule o WHERE o.rule_code OPERATOR(pg_catalog.=) r.rule_code AND o.rule_no OPERATOR(pg_catalog.>) r.rule_no
            AND (o.valid_from OPERATOR(pg_catalog.>) r.valid_from AND o.valid_from OPERATOR(pg_catalog.<=) pg_catalog.now()
                OR o.ended AND o.valid_from OPERATOR(pg_catalog.<=) r.valid_from));
COMMENT ON VIEW citybigdata.rules_in_force IS 'The version of each rule that is in force now';
COMMENT ON COLUMN citybigdata.rules_in_force.rule_no IS 'Number of the row of rule';
COMMENT ON COLUMN citybigdata.rules_in_force.rule_code IS 'The rule';
COMMENT ON COLUMN citybigdata.rules_in_force.version IS 'Version';
COMMENT ON COLUMN citybigdata.rules_in_force.rule_order IS 'Rules are judged in ascending order';
COMMENT ON COLUMN citybigdata.rules_in_force.valid_from IS 'In force from then on';
COMMENT ON COLUMN citybigdata.rules_in_force.valid_to IS 'In force until then; null: without an end of its own';
COMMENT ON COLUMN citybigdata.rules_in_force.definition IS 'Terms and actions: docs/rules.md';

CREATE OR REPLACE FUNCTION citybigdata.rule_problems(definition jsonb, OUT pointer text, OUT status_code integer, OUT message text) RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'cbd_rule_problems' LANGUAGE c VOLATILE STRICT SECURITY DEFINER COST 1000 ROWS 3 SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rule_problems(jsonb) IS
'What is wrong with a rule, all at once: pointer (RFC 6901), status code, message; no row: save_rule() takes it, unless its time overlaps another version. 42205 code that is not in its table, '
'42206 division, 42294 sender, 42270 unit, 42260 filing condition, 40411 process, 42280 no such action of the process, 42291 path, 42292 an action that a rule cannot do, 42274 place';
CREATE OR REPLACE FUNCTION citybigdata.save_rule(definition jsonb, OUT rule_code text, OUT version integer) RETURNS record
    AS 'MODULE_PATHNAME', 'cbd_save_rule' LANGUAGE c VOLATILE STRICT SECURITY DEFINER COST 10000 SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.save_rule(jsonb) IS
'Saves a rule as the next version of its code, in force from validFrom or at once; content equal to the newest version makes no new one. {"code", "validTo"} alone ends the rule. Form: docs/rules.md. '
'Errors: 42200 with all that rule_problems() tells; 42293 a version that begins later is overlapped; 40412 no rule to end';
CREATE OR REPLACE FUNCTION citybigdata.explain_rules(data json, "every" boolean DEFAULT false,
        OUT rule_code text, OUT version integer, OUT rule_order integer, OUT acts boolean, OUT term text, OUT message text) RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'cbd_explain_rules' LANGUAGE c VOLATILE STRICT SECURITY DEFINER COST 10000 SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.explain_rules(json, boolean) IS
'What each rule in force would do with an event of table A.4, with {"senderCode", "data"}, or with a stored case {"taskNum", "step"}: one row for each candidate that the index of types, levels, sources, '
'divisions, senders and steps gives, or with every of all, in their order. term: the first that does not hold, null: it matches; acts: no rule before it stops; message: it cannot be judged. '
'Errors: 42200 what is wrong with the event, 40402';
CREATE OR REPLACE FUNCTION citybigdata.dry_run_rule(definition jsonb, period tstzrange, OUT task_num text, OUT judged_time timestamptz,
        OUT rules_before jsonb, OUT outcome_before jsonb, OUT rules_after jsonb, OUT outcome_after jsonb) RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'cbd_dry_run_rule' LANGUAGE c VOLATILE STRICT SECURITY DEFINER COST 100000 SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.dry_run_rule(jsonb, tstzrange) IS
'The events received in the period, the newest 10000 at most, whose outcome would change if the rule were saved: judged by the rules that are in force now, and by these with the rule in the place of its '
'older versions. Archived cases are not looked at. Nothing is written. Errors: 42200 with all that rule_problems() tells';
CREATE OR REPLACE FUNCTION citybigdata.rule_failures(since timestamptz DEFAULT now() - interval '7 days')
    RETURNS TABLE (rule_code text, version integer, failures bigint, last_at timestamptz, task_num text, status_code integer, message text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT DISTINCT ON (f.rule_code, f.version) f.rule_code, f.version, count(*) OVER (PARTITION BY f.rule_code, f.version), f.failed_at, e.task_num, f.status_code, f.message
    FROM citybigdata.rule_failure f LEFT JOIN citybigdata.event e ON e.rec_id = f.rec_id
    WHERE f.failed_at >= since
    ORDER BY f.rule_code, f.version, f.failure_no DESC
$$;
COMMENT ON FUNCTION citybigdata.rule_failures(timestamptz) IS 'Rules that failed since then and were skipped: how often, and the last failure with its case and reason';
CREATE OR REPLACE FUNCTION citybigdata.maintain_rules() RETURNS bigint
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH old AS (
        SELECT f.failure_no FROM citybigdata.rule_failure f WHERE f.failed_at < now() - interval '90 days' ORDER BY f.failure_no LIMIT 10000
    ), removed AS (
        DELETE FROM citybigdata.rule_failure f USING old WHERE f.failure_no = old.failure_no RETURNING 1
    ), oldest AS MATERIALIZED (
        -- numbers of cases grow: those that were purged come first
        SELECT a.rec_id FROM citybigdata.rule_act a ORDER BY a.rec_id LIMIT 10000
    ), gone AS (
        DELETE FROM citybigdata.rule_act a USING (SELECT DISTINCT o.rec_id FROM oldest o) o WHERE a.rec_id = o.rec_id
            AND NOT EXISTS (SELECT FROM citybigdata.event e WHERE e.rec_id = o.rec_id) AND NOT EXISTS (SELECT FROM citybigdata.event_archive e WHERE e.rec_id = o.rec_id)
        RETURNING 1
    )
    SELECT (SELECT count(*) FROM removed) + (SELECT count(*) FROM gone)
$$;
COMMENT ON FUNCTION citybigdata.maintain_rules() IS 'Removes failures of rules older than 90 days, and what rules did with cases that were purged, 10000 of each at most; returns how many';

-- Endpoints: see extension/core/call.h for the call context and the reply frame.
CREATE OR REPLACE FUNCTION citybigdata.rest_admin_rules(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    code text, active text, failing text, cursor text, page_size text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_admin_rules' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_admin_rules(text, inet, text, text, bytea, text, text, text, text, text) IS
'GET /admin/rules: {items, nextCursor} of versions of rules with their failures. For sysadmin. 401nn, 40304, 40307; 42200';
CREATE OR REPLACE FUNCTION citybigdata.rest_rule_save(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    rules text, dry_run boolean) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_rule_save' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_rule_save(text, inet, text, text, bytea, text, boolean) IS
'POST /admin/rules: save_rule() of each of an array, all or none: {rules: [{code, version, changed}]}. For sysadmin. 401nn, 40304, 40307; 42200 with every error';
CREATE OR REPLACE FUNCTION citybigdata.rest_rule_explain(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    event text, "every" boolean) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_rule_explain' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_rule_explain(text, inet, text, text, bytea, text, boolean) IS
'POST /admin/rules/explain: explain_rules() as {rules: [{code, version, order, acts, term, message}]}, 1000 at most. For sysadmin. 401nn, 40304, 40307; 42200, 40402';
CREATE OR REPLACE FUNCTION citybigdata.rest_rule_dry_run(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    rule text, time_range text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_rule_dry_run' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_rule_dry_run(text, inet, text, text, bytea, text, text) IS
'POST /admin/rules/dry-run: dry_run_rule() as {judged, more, changed, items: [{taskNum, time, before, after}]}, 500 items at most. For sysadmin. 401nn, 40304, 40307; 42200';
