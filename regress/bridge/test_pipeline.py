"""The extended protocol and pipelines of libpq (security 5): what must stay recorded cannot be undone by what is sent behind it."""
import contextlib
import ctypes
import ctypes.util

import psycopg2
import pytest

COUNT = "SELECT coalesce(max(failures), 0) FROM citybigdata.lockout WHERE kind = 'account' AND subject = %s"
FATAL_ERROR, PIPELINE_SYNC, PIPELINE_ABORTED = 7, 10, 11


class Pipeline:
    """libpq in pipeline mode: all statements are sent before any is answered."""

    def __init__(self, platform):
        self.pq = ctypes.CDLL(ctypes.util.find_library("pq"))
        for name, result in (("PQconnectdb", ctypes.c_void_p), ("PQgetResult", ctypes.c_void_p), ("PQresultErrorField", ctypes.c_char_p)):
            getattr(self.pq, name).restype = result
        env = platform.env
        self.connection = ctypes.c_void_p(self.pq.PQconnectdb(
            f"host={env['PGHOST']} port={env['PGPORT']} dbname={env['PGDATABASE']} user={env['PGUSER']}".encode()))
        assert self.pq.PQstatus(self.connection) == 0 and self.pq.PQenterPipelineMode(self.connection) == 1

    def run(self, *statements):
        """(status, SQLSTATE) of each statement before the one Sync."""
        for statement in statements:
            assert self.pq.PQsendQueryParams(self.connection, statement.encode(), 0, None, None, None, None, 0) == 1
        assert self.pq.PQpipelineSync(self.connection) == 1
        outcomes = []
        while True:
            result = self.pq.PQgetResult(self.connection)
            if result is None:
                continue
            status = self.pq.PQresultStatus(ctypes.c_void_p(result))
            state = self.pq.PQresultErrorField(ctypes.c_void_p(result), ord("C"))
            self.pq.PQclear(ctypes.c_void_p(result))
            if status == PIPELINE_SYNC:
                return outcomes
            outcomes.append((status, state.decode() if state else None))

    def close(self):
        self.pq.PQfinish(self.connection)


@pytest.fixture
def pipeline(platform):
    with contextlib.closing(Pipeline(platform)) as pipeline:
        yield pipeline


def guess(name):
    return f"SELECT status_code FROM citybigdata.change_password('{name}', 'Wrong-1-guess', 'Other-1-password')"


def test_s5_an_error_behind_it_undoes_nothing(platform, pipeline):
    """The first call commits before the next one runs: its count stays."""
    name = platform.make_account()["userName"]
    before = platform.value(COUNT, name)
    outcomes = pipeline.run(guess(name), "SELECT 1 / 0")
    assert outcomes[0][1] is None and outcomes[1] == (FATAL_ERROR, "22012")
    assert platform.value(COUNT, name) == before + 1


def test_s5_behind_another_statement_it_is_refused(platform, pipeline):
    name = platform.make_account()["userName"]
    outcomes = pipeline.run("SELECT 1", guess(name), "SELECT 2")
    assert outcomes[1] == (FATAL_ERROR, "25001") and outcomes[2][0] == PIPELINE_ABORTED
    assert platform.value(COUNT, name) == 0


def test_s5_each_behind_its_own_sync(platform, pipeline):
    name = platform.make_account()["userName"]
    for number in (1, 2):
        assert pipeline.run(guess(name))[0][1] is None
        assert platform.value(COUNT, name) == number


def test_s5_extended_protocol(platform, pipeline):
    """Drivers that prepare (JDBC) call as others do; a function around it is refused there too."""
    platform.sql("""CREATE OR REPLACE FUNCTION public.around_guess() RETURNS int LANGUAGE sql AS
        $$ SELECT status_code FROM citybigdata.change_password('nobody-here', 'Wrong-1-guess', 'Other-1-password') $$;
        CREATE OR REPLACE FUNCTION public.around_read() RETURNS bigint LANGUAGE sql AS $$ SELECT count(*) FROM citybigdata.audit_read(now(), now()) $$""")
    try:
        assert pipeline.run("SELECT count(*) FROM citybigdata.audit_read(now(), now())")[0][1] is None
        for statement in ("SELECT public.around_guess()", "SELECT public.around_read()"):
            assert pipeline.run(statement)[0] == (FATAL_ERROR, "25001"), statement
            with pytest.raises(psycopg2.errors.ActiveSqlTransaction):
                platform.sql(f"DECLARE c CURSOR WITH HOLD FOR {statement}")
    finally:
        platform.sql("DROP FUNCTION public.around_guess, public.around_read")
