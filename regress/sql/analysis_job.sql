-- The algorithm service as the bridge calls it: results at once, jobs, their owners, limits, what is kept. Roles: aj publishes.
\set SHOW_CONTEXT never
\pset null '(null)'
\pset format unaligned
\pset tuples_only on
SET client_min_messages = warning;
CREATE ROLE aj IN ROLE citybigdata_analyst;
CREATE SCHEMA aj AUTHORIZATION aj;
SET ROLE aj;
CREATE FUNCTION aj.wait(seconds double precision, word text DEFAULT 'word') RETURNS jsonb LANGUAGE sql STABLE AS $$ SELECT to_jsonb(word) FROM pg_sleep(seconds) $$;
CREATE FUNCTION aj.fails(how text) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF how = 'words' THEN RAISE EXCEPTION 'no such way'; END IF;
    PERFORM citybigdata.job_progress(0.5);
    RETURN to_jsonb((SELECT count(*) FROM pg_authid));
END $$;
SELECT citybigdata.register_algorithm('aj.wait(double precision, text)', '{"code": "wait", "cacheFor": 60, "keepDays": 2, "timeout": 1500, "parameters": [{"name": "seconds", "min": 0, "max": 60, "required": true}]}') ->> 'address',
       citybigdata.register_algorithm('aj.wait(double precision, text)', '{"code": "wait-job", "cost": "job", "level": 2}') ->> 'address',
       citybigdata.register_algorithm('aj.fails(text)', '{"code": "fails", "cost": "job"}') ->> 'address';
RESET ROLE;
-- applications with level 3, with level 1, without a grant; an administrator; an operator of one district and one of all
INSERT INTO citybigdata.account (user_name, password_digest, organization, contact_name, mobile, state, admin_role)
VALUES ('aj.test', '$2a$04$none', 'test', 'test', '13800138000', 'active', NULL), ('aj.admin', '$2a$04$none', 'test', 'test', '13800138000', 'active', 'secadmin');
INSERT INTO citybigdata.application (app_code, account_id, methods, ip_ranges, profile, level)
SELECT a.code, account_id, ARRAY['key'], '{}', 'strict', 3 FROM citybigdata.account, (VALUES ('11000097000001E'), ('11000097000002C'), ('11000097000003A')) a (code) WHERE user_name = 'aj.test';
INSERT INTO citybigdata.app_grant (app_id, resource, level, granted_by)
SELECT a.app_id, r, CASE a.app_code WHEN '11000097000001E' THEN 3 ELSE 1 END, 'test' FROM citybigdata.application a, unnest(ARRAY['wait', 'wait-job', 'fails']) r WHERE a.app_code IN ('11000097000001E', '11000097000002C');
INSERT INTO citybigdata.access_token (token_digest, app_id, account_id, issued_at, expires_at)
SELECT sha256(convert_to('aj@' || substr(app_code, 14, 1), 'UTF8')), app_id, account_id, now(), now() + interval '1 hour' FROM citybigdata.application WHERE app_code LIKE '11000097%'
UNION ALL SELECT sha256('aj@admin'), NULL, account_id, now(), now() + interval '1 hour' FROM citybigdata.account WHERE user_name = 'aj.admin';
-- status, http where it differs, data without what differs from run to run
CREATE FUNCTION public.aj_shown(frame bytea) RETURNS text LANGUAGE sql SECURITY DEFINER AS $$
SELECT concat_ws(' ', f.status, f.fields ->> 'http', CASE WHEN f.fields ? 'location' THEN 'location' END, CASE WHEN f.fields ? 'audit' THEN (f.fields ->> 'audit')::jsonb ->> 'action' END,
    regexp_replace(regexp_replace(regexp_replace(convert_from(f.body, 'UTF8'), '[0-9a-f]{8}-[0-9a-f-]{27}', 'ID', 'g'), '"(codeHash|dataVersion)":"[^"]*"', '"\1":"…"', 'g'), '"[0-9]{14}"', '"TIME"', 'g'))
FROM citybigdata.read_reply_frame(frame) f $$;
CREATE FUNCTION public.aj_run(who text, code text, names text[] DEFAULT '{}', vals text[] DEFAULT '{}') RETURNS bytea LANGUAGE sql AS $$
SELECT citybigdata.rest_analysis_run('req-1', '192.0.2.9', NULL, 'bearer', sha256(('aj@' || who)::bytea), code, names, vals) $$;
CREATE FUNCTION public.aj_last() RETURNS text LANGUAGE sql SECURITY DEFINER AS $$ SELECT job_id::text FROM citybigdata.analysis_job ORDER BY job_no DESC LIMIT 1 $$;
CREATE FUNCTION public.aj_job(who text, what text DEFAULT 'job', id text DEFAULT public.aj_last()) RETURNS text LANGUAGE sql AS $$
SELECT public.aj_shown(CASE what WHEN 'job' THEN citybigdata.rest_job('req-2', '192.0.2.9', NULL, 'bearer', sha256(('aj@' || who)::bytea), id)
    WHEN 'result' THEN citybigdata.rest_job_result('req-2', '192.0.2.9', NULL, 'bearer', sha256(('aj@' || who)::bytea), id)
    ELSE citybigdata.rest_job_cancel('req-2', '192.0.2.9', NULL, 'bearer', sha256(('aj@' || who)::bytea), id) END) $$;

-- 1. what is told: lists by grant and level
SELECT string_agg(i ->> 'code', ' ' ORDER BY i ->> 'code') FROM jsonb_array_elements(reply.data(citybigdata.rest_analysis('req', '192.0.2.9', NULL, 'bearer', sha256('aj@1')))::jsonb -> 'items') i;
SELECT string_agg(i ->> 'code', ' ' ORDER BY i ->> 'code') FROM jsonb_array_elements(reply.data(citybigdata.rest_analysis('req', '192.0.2.9', NULL, 'bearer', sha256('aj@2')))::jsonb -> 'items') i;
SELECT count(*) FROM jsonb_array_elements(reply.data(citybigdata.rest_analysis('req', '192.0.2.9', NULL, 'bearer', sha256('aj@3')))::jsonb -> 'items') i;
SELECT i ->> 'kind', i ->> 'address', i ->> 'level' FROM jsonb_array_elements(reply.data(citybigdata.rest_resources('req', '192.0.2.9', NULL, 'bearer', sha256('aj@1')))::jsonb -> 'items') i ORDER BY 2;
SELECT reply.status(citybigdata.rest_resource('req', '192.0.2.9', NULL, 'bearer', sha256('aj@2'), 'wait-job')), d -> 'parameters' -> 0, d -> 'sample'
FROM (SELECT reply.data(citybigdata.rest_resource('req', '192.0.2.9', NULL, 'bearer', sha256('aj@2'), 'wait'))::jsonb) x (d);
-- 2. at once: the document, kept for who asks the same; errors; rights
SELECT public.aj_shown(public.aj_run('1', 'wait', '{seconds,word}', '{0,once}'));
SELECT count(*) FROM citybigdata.analysis_result;
SELECT reply.data(public.aj_run('1', 'wait', '{word,seconds}', '{once,0.0}')) = reply.data(public.aj_run('2', 'wait', '{seconds,word}', '{0,once}')), (SELECT count(*) FROM citybigdata.analysis_result);
SELECT public.aj_shown(public.aj_run('1', 'wait', '{word,word,colour,seconds}', '{a,b,c,99}'));
SELECT public.aj_shown(public.aj_run('2', 'wait-job', '{seconds}', '{0}')), public.aj_shown(public.aj_run('3', 'wait', '{seconds}', '{0}')), public.aj_shown(public.aj_run('1', 'no-such')), public.aj_shown(public.aj_run('nobody', 'wait')),
       public.aj_shown(public.aj_run('admin', 'wait'));
-- 3. longer than a caller waits: a job, the same one for the same request; another's is none
SET citybigdata.analysis_wait = '100ms';
SELECT public.aj_shown(public.aj_run('1', 'wait', '{seconds}', '{0.5}'));
SELECT public.aj_last() AS job \gset
SELECT public.aj_shown(public.aj_run('1', 'wait', '{seconds}', '{0.5}')), public.aj_last() = :'job';
SELECT public.aj_job('1'), public.aj_job('2'), public.aj_job('3'), public.aj_job('admin'), public.aj_job('nobody'), public.aj_job('1', id => 'x'), public.aj_job('1', id => gen_random_uuid()::text);
SELECT public.aj_job('1', 'result'), public.aj_job('2', 'result'), public.aj_job('2', 'cancel');
CALL citybigdata.run_jobs();
SELECT regexp_replace(public.aj_job('1'), '"resultUrl":"[^"]*"', '"resultUrl":"…"'), public.aj_job('1', 'result'), public.aj_job('2', 'result'), public.aj_job('1', 'cancel');
-- who asks the same now has it at once
SELECT public.aj_shown(public.aj_run('2', 'wait', '{seconds}', '{0.5}'));
-- 4. too slow even for a job; what its author says; what is wrong inside, which nobody is told
SELECT public.aj_shown(public.aj_run('1', 'wait', '{seconds}', '{2}'));
CALL citybigdata.run_jobs(1);
SELECT public.aj_job('1'), public.aj_job('1', 'result');
SELECT public.aj_shown(public.aj_run('1', 'fails', '{how}', '{words}')) ~ '^0 202';
CALL citybigdata.run_jobs();
SELECT public.aj_job('1', 'result');
SELECT public.aj_shown(public.aj_run('1', 'fails', '{how}', '{rights}')) ~ '^0 202';
CALL citybigdata.run_jobs();
SET citybigdata.language = 'zh';
SELECT reply.data(citybigdata.rest_job('req-2', '192.0.2.9', NULL, 'bearer;zh', sha256('aj@1'), public.aj_last())) ~ '需由其登记者检查', public.aj_job('1') ~ 'permission';
RESET citybigdata.language;
-- 5. cancelled before it is begun; too many; a runner that is gone; tries; suspended meanwhile; expired
SELECT public.aj_shown(public.aj_run('1', 'wait-job', '{seconds}', '{9}')) ~ '^0 202', public.aj_job('1', 'cancel'), public.aj_job('1', 'cancel'), public.aj_job('1', 'result');
SET citybigdata.analysis_jobs_open = 2;
SELECT public.aj_shown(public.aj_run('1', 'wait-job', '{seconds,word}', ARRAY['0', n::text])) FROM generate_series(1, 3) n;
SELECT public.aj_shown(public.aj_run('2', 'fails', '{how}', '{words}')) ~ '^0 202';
RESET citybigdata.analysis_jobs_open;
SELECT * FROM citybigdata.claim_job() \gset
-- nobody holds it: its runner is gone. It is begun again, and the first claim is in force no more
UPDATE citybigdata.analysis_job SET started_at = started_at - interval '1 minute' WHERE job_no = :job_no;
SELECT c.job_no = :job_no AS same, c.claim FROM citybigdata.claim_job() c;
SELECT citybigdata.run_job(:job_no, :claim), citybigdata.run_job(:job_no, :claim + 1), citybigdata.run_job(:job_no, :claim + 1);
SELECT j.state, j.tries FROM citybigdata.analysis_job j WHERE j.job_no = :job_no;
-- the level of the grant counts when the result is read
UPDATE citybigdata.app_grant SET level = 1 WHERE resource = 'wait-job';
SELECT public.aj_job('1', 'result', j.job_id::text) FROM citybigdata.analysis_job j WHERE j.job_no = :job_no;
UPDATE citybigdata.app_grant SET level = 3 WHERE resource = 'wait-job';
SELECT * FROM citybigdata.claim_job() \gset
UPDATE citybigdata.analysis_job SET started_at = started_at - interval '1 minute', tries = 3 WHERE job_no = :job_no;
SELECT reply.data(citybigdata.rest_job_claim())::jsonb - 'jobNo' - 'claim';
SELECT j.state, j.status_code, j.message, j.message_zh FROM citybigdata.analysis_job j WHERE j.job_no = :job_no;
CALL citybigdata.run_jobs();
SELECT public.aj_shown(public.aj_run('1', 'wait-job', '{seconds,word}', '{0,gone}')) ~ '^0 202';
SELECT citybigdata.suspend_algorithm('wait-job');
CALL citybigdata.run_jobs();
SELECT public.aj_job('1', 'result'), public.aj_shown(public.aj_run('1', 'wait-job', '{seconds}', '{0}'));
SELECT citybigdata.suspend_algorithm('wait-job', false);
UPDATE citybigdata.analysis_job SET keep_until = now() - interval '1 s' WHERE job_id = :'job';
UPDATE citybigdata.analysis_result SET keep_until = now() - interval '1 s' WHERE result_id = (SELECT result_id FROM citybigdata.analysis_job WHERE job_id = :'job');
SELECT public.aj_job('1', 'result', :'job');
SELECT citybigdata.maintain_analysis(), (SELECT state FROM citybigdata.analysis_job WHERE job_id = :'job'), public.aj_job('1', 'result', :'job');
UPDATE citybigdata.analysis_job SET keep_until = now() - interval '40 days', ended_at = now() - interval '42 days' WHERE job_id = :'job';
SELECT citybigdata.maintain_analysis(), public.aj_job('1', 'result', :'job');
-- what is in the audit log
SELECT DISTINCT action, status_code, detail ~ '^job ' FROM citybigdata.audit_log WHERE (action LIKE 'job.%' OR action LIKE 'analysis.%') AND status_code = 0 AND object <> 'one' ORDER BY 1;
-- the same by the bridge's runner
SELECT public.aj_shown(public.aj_run('1', 'wait-job', '{seconds,word}', '{0,bridge}')) ~ '^0 202';
SELECT (reply.data(citybigdata.rest_job_claim())::jsonb ->> 'jobNo')::bigint AS job_no \gset
SELECT reply.data(citybigdata.rest_job_run(:job_no, 1)), reply.data(citybigdata.rest_job_claim())::jsonb -> 'jobNo';
RESET citybigdata.analysis_wait;

DELETE FROM citybigdata.analysis_job;
DELETE FROM citybigdata.analysis_result;
DROP FUNCTION public.aj_job(text, text, text), public.aj_last(), public.aj_run(text, text, text[], text[]), public.aj_shown(bytea);
DROP SCHEMA aj CASCADE;
DELETE FROM citybigdata.algorithm WHERE algorithm_code IN ('wait', 'wait-job', 'fails');
DELETE FROM citybigdata.bound_object WHERE kind = 'algorithm' AND code IN ('wait', 'wait-job', 'fails');
DELETE FROM citybigdata.app_grant WHERE resource IN ('wait', 'wait-job', 'fails');
DELETE FROM citybigdata.resource WHERE resource_code IN ('wait', 'wait-job', 'fails');
UPDATE citybigdata.account SET user_name = 'gone.' || account_id, state = 'revoked', admin_role = NULL WHERE user_name LIKE 'aj.%';
DROP ROLE aj;
