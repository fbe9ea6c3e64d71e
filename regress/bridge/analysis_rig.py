"""Algorithms of a publisher of the tests' own: one that counts its steps and tells its progress, quick and as a job."""
import contextlib

from rig import check_envelope, until

PUBLISHER = """
DO $$ BEGIN CREATE ROLE rig_analyst IN ROLE citybigdata_analyst; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
CREATE SCHEMA IF NOT EXISTS rig_analysis AUTHORIZATION rig_analyst;
SET ROLE rig_analyst;
CREATE OR REPLACE FUNCTION rig_analysis.steps(seconds double precision, word text DEFAULT 'word') RETURNS jsonb LANGUAGE plpgsql STABLE AS $f$
BEGIN
    FOR i IN 1 .. 20 LOOP
        PERFORM pg_sleep(seconds / 20), citybigdata.job_progress(i / 20.0);
        WHILE i = 10 AND word LIKE 'gate-%' AND NOT pg_try_advisory_xact_lock_shared(hashtext('rig gate')) LOOP
            PERFORM pg_sleep(0.05);
        END LOOP;
    END LOOP;
    RETURN jsonb_build_object('word', word, 'by', current_user);
END $f$;
CREATE OR REPLACE FUNCTION rig_analysis.rows(period tstzrange, area geometry DEFAULT NULL, kinds text[] DEFAULT NULL) RETURNS TABLE (day_no integer, area_type text, kind_count integer) LANGUAGE sql STABLE
    SET search_path = public AS $f$ SELECT i, geometrytype(area), cardinality(kinds) FROM generate_series(1, extract(day FROM upper(period) - lower(period))::integer) i $f$;
SELECT citybigdata.register_algorithm('rig_analysis.steps(double precision, text)', '{"code": "rig-steps", "titleZh": "步骤", "timeout": 120000, "parameters": [{"name": "seconds", "min": 0, "max": 90, "unit": "s", "required": true}]}'),
       citybigdata.register_algorithm('rig_analysis.steps(double precision, text)', '{"code": "rig-job", "cost": "job", "timeout": 120000, "keepDays": 3}'),
       citybigdata.register_algorithm('rig_analysis.rows(tstzrange, geometry, text[])', '{"code": "rig-rows", "cacheFor": 600, "parameters": [{"name": "period", "required": true}, {"name": "kinds", "values": ["a", "b"]}]}');
RESET ROLE
"""
CODES = ["rig-steps", "rig-job", "rig-rows"]


def register(platform):
    """Registers them; repeatable."""
    platform.sql(PUBLISHER)
    return CODES


@contextlib.contextmanager
def gate(platform):
    """While it is shut, runs whose word begins with gate- go half their way and wait."""
    with contextlib.closing(platform.connect()) as session, session.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtext('rig gate'))")
        yield


def make_job(client, token, seconds, word, **more):
    """A job: its id."""
    reply = check_envelope(client.get(f"/analysis/rig-job?seconds={seconds}&word={word}", token=token, **more), 202, 0)
    assert reply.header("Location") == f"/api/v1/jobs/{reply.data['jobId']}" and int(reply.header("Retry-After")) > 0
    return reply.data["jobId"]


def job(client, token, job_id):
    return check_envelope(client.get(f"/jobs/{job_id}", token=token), 200, 0).data


def wait(client, token, job_id, *states, seconds=60):
    """The job, once it is in one of the states."""
    return until(lambda: (lambda data: data if data["state"] in states else None)(job(client, token, job_id)), seconds, 0.05)
