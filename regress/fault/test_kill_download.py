"""kill -9 of PostgreSQL while a result is downloaded: the client is told, and can tell what it has from what it has not."""
import os
import signal

from platform_rig import demo_data  # noqa: F401
from rig import until
from test_download import READINGS, ROWS, download, numbers, readings  # noqa: F401


def test_postgres_dies_during_a_download(readings, client, token):  # noqa: F811
    """Its server process is killed, so all of them end. The last line says so, and HTTP's end of the reply is missing."""
    with download(client, "/data/slow-readings?format=ndjson&fields=readingId,nap", token) as going:
        going.read(1)
        pid = until(lambda: readings.sql("""SELECT pid FROM pg_stat_activity WHERE usename = 'citybigdata_bridge' AND application_name ~ 'slow'
                                            AND state = 'active'"""))[0][0]
        os.kill(pid, signal.SIGKILL)
        assert going.read().error() == 50302
    until(lambda: client.get("//readyz").status == 200)
    until(lambda: all(client.get(READINGS + "&readingId.le=10", token=token).status == 200 for _ in range(20)))  # every worker's lanes
    with download(client, READINGS, token) as again:
        assert numbers(again.read().rows()) == list(range(1, ROWS + 1)) and not again.broken
