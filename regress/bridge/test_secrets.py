"""No secret that this run used is in a log, in a statistics view or in a table in the clear. Runs last (see pytest.ini)."""
import glob
import os


def files(platform):
    names = [os.path.join(platform.folder, "data", "server.log")]
    names += glob.glob(os.path.join(platform.folder, "**", "*.log"), recursive=True)
    return sorted({n for n in names if os.path.isfile(n)})


def test_no_secret_in_a_log(platform, client):
    seen = files(platform)
    assert any(os.path.getsize(n) for n in seen)
    assert len(client.secrets) > 20
    for name in seen:
        with open(name, "rb") as file:
            text = file.read()
        for secret in client.secrets:
            assert secret.encode() not in text, f"a secret is in {name}"


def test_no_secret_in_a_statement_or_table(platform, client):
    """Digests only: the dump of the whole schema as text holds none of them."""
    running = str(platform.sql("SELECT query FROM pg_stat_activity WHERE usename LIKE 'citybigdata%'"))
    assert not any(secret in running for secret in client.secrets)
    tables = platform.sql("""SELECT c.oid::regclass::text FROM pg_class c
                             WHERE c.relnamespace = 'citybigdata'::regnamespace AND c.relkind = 'r'""")
    secrets = list(client.secrets)
    for (table,) in tables:
        found = platform.value(f"SELECT count(*) FROM {table} t WHERE EXISTS (SELECT FROM unnest(%s::text[]) s WHERE position(s in t::text) > 0)", secrets)
        assert found == 0, table


def test_logged_slow_statements_hide_parameters(platform, client, token):
    """With every statement logged, bind values of the bridge stay out of the log."""
    with platform.setting("log_min_duration_statement", "0"):
        code = client.post("/auth/code", {"appCode": platform.env["CBD_APP_CODE"], "method": "password",
                                          "userName": platform.env["CBD_USER"], "password": platform.env["CBD_PASSWORD"]})
        assert code.status == 200, code
        platform.token()
        client.post("/accounts", {"userName": "log-me", "password": "Zz9-never-logged-anywhere", "organization": "x",
                                  "contactName": "y", "mobile": "13800138000"})
        client.secrets.add("Zz9-never-logged-anywhere")
    with open(os.path.join(platform.folder, "data", "server.log"), "rb") as file:
        text = file.read()
    assert b"duration:" in text
    for secret in client.secrets:
        assert secret.encode() not in text
    assert platform.env["CBD_PASSWORD"].encode().hex().encode() not in text
