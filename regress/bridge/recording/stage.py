"""Where a recording is played: a fresh database of the running cluster, filled as the demo is, and a bridge of its own in front of it."""
import contextlib
import os
import shutil
import tempfile

from own_bridge import OwnBridge, free_port
from platform_rig import Platform, shell

from .prepare import prepare

NAME = "recording"
MAKE = """database_new '{folder}' {name}
db_psql '{folder}' -d {name} -v platform_code="$PLATFORM_CODE" -v platform_name="$PLATFORM_NAME" < "$TOP/regress/cluster/demo.sql"
db_psql '{folder}' -d postgres -c "ALTER DATABASE {name} SET citybigdata.public_url = 'https://localhost:{port}'"
"""


@contextlib.contextmanager
def stage(platform):
    """A Platform of that database and that bridge; both are removed at the end."""
    port, folder = free_port(), tempfile.mkdtemp()
    settings = {"port": port, "public_url": f"https://localhost:{port}", "database": f"host='{platform.env['PGHOST']}' port={platform.env['PGPORT']} "
                f"dbname={NAME} user=citybigdata_bridge"}
    bridge = None
    try:
        made = shell(MAKE.format(folder=platform.folder, name=NAME, port=port))
        with open(os.path.join(folder, "env"), "w", encoding="utf-8") as file:
            for name, value in {"CBD_URL": settings["public_url"], "CBD_CA": platform.env["CBD_CA"], "PGHOST": platform.env["PGHOST"],
                                "PGPORT": platform.env["PGPORT"], "PGDATABASE": NAME, "PGUSER": platform.env["PGUSER"]}.items():
                file.write(f"export {name}='{value}'\n")
            file.writelines(f"export {line}\n" for line in made.splitlines() if line.startswith("CBD_"))
        own = Platform(folder)
        prepare(own)
        bridge = OwnBridge(platform, **settings).start()
        yield own
    finally:
        if bridge:
            bridge.remove()
        shutil.rmtree(folder)
        shell(f"db_psql '{platform.folder}' -d postgres -c 'DROP DATABASE IF EXISTS {NAME} WITH (FORCE)'")
