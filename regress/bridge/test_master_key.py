"""The master key file: outside the data directory, looked at by /readyz and --check-config, named where it is missing."""
import contextlib
import os
import secrets
import shutil
import tempfile

import pytest

from own_bridge import USER, own_bridge
from rig import check_envelope, until


def give(path, mode=0o600, user=USER):
    os.chmod(path, mode)
    if os.getuid() == 0:
        shutil.chown(path, user)


@contextlib.contextmanager
def key_file(platform, content, mode=0o600, user=USER):
    """The platform uses another key file for a while; None: one that is not there."""
    folder = tempfile.mkdtemp()
    give(folder, 0o700)
    path = os.path.join(folder, "master.key")
    if content is not None:
        with open(path, "w", encoding="ascii") as file:
            file.write(content)
        give(path, mode, user)
    try:
        with platform.setting("citybigdata.key_file", path):
            until(lambda: platform.value("SELECT current_setting('citybigdata.key_file')") == path)
            yield path
    finally:
        shutil.rmtree(folder)


def key_of(platform):
    with open(platform.value("SELECT current_setting('citybigdata.key_file')"), encoding="ascii") as file:
        return file.read()


def seal(platform):
    return platform.client.post("/auth/sealed-url", {"resource": "events", "params": {}}, token=platform.token())


def test_outside_the_data_directory(platform):
    """No base backup has it: it lies beside the cluster, and no file of the data directory holds it."""
    path = platform.value("SELECT current_setting('citybigdata.key_file')")
    data = os.path.realpath(platform.value("SHOW data_directory"))
    assert not os.path.realpath(path).startswith(data + os.sep)
    key = key_of(platform).strip().encode()
    assert len(key) == 64
    found = [name for folder, _, names in os.walk(data) for name in (os.path.join(folder, n) for n in names)
             if os.path.isfile(name) and key in open(name, "rb").read()]
    assert found == []
    reply = platform.client.get("//readyz")
    assert reply.data["masterKey"] == "ok" and not any(p["lane"] == "masterKey" for p in reply.data["problems"])


def test_default_is_outside(platform):
    """The default is a path of its own, not in the data directory."""
    assert platform.value("SELECT boot_val FROM pg_settings WHERE name = 'citybigdata.key_file'") == "/etc/citybigdata/master.key"


FAULTS = [("missing", None, 0o600, "missing"), ("unsafe", "5" * 64, 0o644, "others"), ("malformed", "5" * 63, 0o600, "hexadecimal"),
          ("malformed", "", 0o600, "hexadecimal"), ("other", secrets.token_hex(32), 0o600, "encrypted")]


@pytest.mark.parametrize("state, content, mode, word", FAULTS)
def test_told_by_readyz_and_check_config(platform, state, content, mode, word):
    """503 with a code and a sentence of its own; what needs the key says the same, not that the platform is not set up."""
    check_envelope(seal(platform), 200, 0)
    token = platform.token()
    with own_bridge(platform) as bridge, key_file(platform, content, mode):
        reply = check_envelope(bridge.client.get("//readyz"), 503, 50305)
        assert reply.data["masterKey"] == state
        assert [word in p["message"] for p in reply.data["problems"] if p["lane"] == "masterKey"] == [True]
        chinese = bridge.client.get("//readyz", headers={"Accept-Language": "zh"})
        assert [p["message"] for p in chinese.data["problems"] if p["lane"] == "masterKey"][0].startswith("主密钥")
        assert "citybigdata_master_key_usable 0" in bridge.client.get("//metrics").body.decode()
        code, text = bridge.run("--check-config")
        assert code == 2 and word in text and "configuration: ok" not in text
        refused = platform.client.post("/auth/sealed-url", {"resource": "events", "params": {}}, token=token)
        check_envelope(refused, 503, 50305)
        assert "set up" not in refused.json["message"]
    until(lambda: platform.client.get("//readyz").status == 200)


def test_in_the_data_directory(platform):
    """An installation of before goes on, with a warning everywhere: by a relative path, and by the place of then."""
    data = platform.value("SHOW data_directory")
    path = os.path.join(data, "citybigdata.key")
    with open(path, "w", encoding="ascii") as file:
        file.write(key_of(platform))
    give(path)
    names = ["citybigdata.key", path] + ["/etc/citybigdata/master.key"] * (not os.path.exists("/etc/citybigdata/master.key"))
    try:
        for name in names:
            with platform.setting("citybigdata.key_file", name), own_bridge(platform) as bridge:
                until(lambda: platform.value("SELECT citybigdata.master_key_state()") == "data-directory")
                reply = check_envelope(bridge.client.get("//readyz"), 200, 0)
                assert "every base backup" in [p["message"] for p in reply.data["problems"] if p["lane"] == "masterKey"][0]
                code, text = bridge.run("--check-config")
                assert code == 0 and "every base backup" in text and "configuration: ok" in text
                check_envelope(seal(platform), 200, 0)
    finally:
        os.remove(path)


def test_check_config_without_a_database(platform):
    """The bridge starts without one, so it is no mistake of the configuration; a database without the platform is told."""
    with own_bridge(platform, started=False, database="host=/nowhere dbname=x user=citybigdata_bridge") as bridge:
        code, text = bridge.run("--check-config")
        assert code == 0 and "the database was not asked" in text and "configuration: ok" in text
    elsewhere = platform.value("SELECT current_database()")
    with own_bridge(platform, started=False) as bridge:
        bridge.settings["database"] = bridge.settings["database"].replace(f"dbname={elsewhere}", "dbname=postgres")
        bridge.write_conf()
        code, text = bridge.run("--check-config")
        assert code == 0 and "50303" in text


def test_check_config_of_a_good_platform(platform):
    with own_bridge(platform, started=False) as bridge:
        code, text = bridge.run("--check-config")
        assert (code, text) == (0, "configuration: ok\n")
