# /// script
# dependencies = ["schemathesis==4.32.5"]
# ///
"""schemathesis (PyPI) against a running platform: its OpenAPI document as everybody's, an application's and administrators'.

Every operation is called with the document's examples, with each limit of each parameter (coverage), and with random data, right and
wrong. No reply may be a 5xx, break its schema, have a type or a status that the document does not name; wrong data are refused; calls
without a credential, with another method, without a header that is needed are refused as the document says.

Not asked, and why:
    positive_data_acceptance      a schema cannot say that a value means something: that there is such an account, code or application,
                                  that two filters go together. test_manual_examples.py sends what must be accepted
    use_after_free, ensure_resource_availability, object_level_authorization
                                  of the phase of states, which needs links between operations; test_walk.py looks at rights
    negative_data_rejection, missing_required_header
                                  are asked by schemathesis_hooks.py, which knows the conventions of the manual
In the document that is given to it, ways of authorisation beside the bearer token are left out (appCode and accessToken in a body too): a
request with two credentials is refused (40015), and a wrong one-time code is 400 (invalid_grant), not 401.
"""
import json
import os
import re
import subprocess
import sys

import pytest

HERE = os.path.dirname(os.path.abspath(__file__))
CHECKS = ("not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,response_schema_conformance,"
          "missing_header_refused,unsupported_method,allow_header_conformance,ignored_auth,negative_data_rejected")
# Calls of these would end what the test itself stands on.
ENDS = {"POST /api/v1/auth/revoke"}
SETTINGS = {"lockout_threshold": "1000", "lockout_address_threshold": "1000000", "registration_limit": "0"}


def log_of(platform):
    return os.path.join(platform.folder, "bridge.log")


@pytest.fixture(scope="module")
def open_gates(platform, demo_data):
    """Wrong credentials by the thousand lock nobody out. Yields how long the bridge's log was before."""
    before = os.path.getsize(log_of(platform))
    for name, value in SETTINGS.items():
        platform.sql(f"ALTER SYSTEM SET citybigdata.{name} = {value}")
    platform.sql("SELECT pg_reload_conf()")
    yield before
    for name in SETTINGS:
        platform.sql(f"ALTER SYSTEM RESET citybigdata.{name}")
    platform.sql("SELECT pg_reload_conf()")


def drop_credentials(spec, operation):
    """appCode, accessToken and api_key are no members of its body, appCode and api_key are no parameters of it."""
    for media in operation.get("requestBody", {}).get("content", {}).values():
        schema = media["schema"]
        schema = spec["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]] if "$ref" in schema else schema
        for name in ("appCode", "accessToken", "api_key"):
            schema["properties"].pop(name, None)
    operation["parameters"] = [p for p in operation.get("parameters", []) if p.get("$ref") != "#/components/parameters/data.appCode" and p.get("name") != "api_key"]


def document_of(platform, token, wanted, folder):
    """The document with the operations that are wanted, and the bearer token as the only way of authorisation."""
    spec = platform.client.get("//openapi.json?lang=en", token=token).json
    for path, item in list(spec["paths"].items()):
        for method in [m for m in item if m in ("get", "post")]:
            if not wanted(path) or f"{method.upper()} {path}" in ENDS:
                del item[method]
                continue
            item[method]["security"] = [way for way in item[method]["security"] if set(way) <= {"bearer"}]
            if item[method]["security"]:
                drop_credentials(spec, item[method])
        if not set(item) & {"get", "post"}:
            del spec["paths"][path]
    spec["components"]["securitySchemes"] = {"bearer": spec["components"]["securitySchemes"]["bearer"]}
    file = os.path.join(folder, "openapi.json")
    with open(file, "w", encoding="utf-8") as out:
        json.dump(spec, out)
    return file


def run(platform, folder, file, token, examples):
    with open(os.path.join(folder, "schemathesis.toml"), "w", encoding="utf-8") as out:
        out.write(f'[auth.openapi.bearer]\nbearer = "{token}"\n')
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", os.path.join(folder, "schemathesis.toml"), "run", file, "--url", platform.env["CBD_URL"],
               "--tls-verify", platform.env["CBD_CA"], "--phases", "examples,coverage,fuzzing", "--checks", CHECKS, "--max-examples", str(examples),
               "--suppress-health-check", "all", "--continue-on-failure", "--warnings", "off", "--seed", "1", "--no-color",
               "--report", "json", "--report-json-path", os.path.join(folder, "report.json")]
    done = subprocess.run(command, cwd=folder, env={**os.environ, "SCHEMATHESIS_HOOKS": "schemathesis_hooks", "PYTHONPATH": HERE}, capture_output=True, text=True,
                          timeout=1100, check=False)
    # what it prints of a request has its credentials taken out
    told = done.stdout.replace(token, "TOKEN") + done.stderr
    assert done.returncode == 0, told[-30000:]
    with open(os.path.join(folder, "report.json"), encoding="utf-8") as report:
        summary = json.load(report)
    assert summary["complete"] and not summary["failures"] and not summary["errors"], summary["failures"]
    return summary["test_cases"]["generated"]


WHO = {"application": (lambda platform: platform.token(platform.make_application(resources=["events", "cases", "street-lights"], level=2)),
                       lambda path: not path.startswith("/api/v1/admin/"), 15),
       "secadmin": (lambda platform: platform.administrator("secadmin")["token"], lambda path: path.startswith("/api/v1/admin/"), 5),
       "sysadmin": (lambda platform: platform.administrator("sysadmin")["token"], lambda path: path.startswith("/api/v1/admin/"), 5)}


@pytest.mark.parametrize("who", WHO)
def test_fuzzed(platform, open_gates, tmp_path, who):
    make, wanted, examples = WHO[who]
    token = make(platform)
    count = run(platform, str(tmp_path), document_of(platform, token, wanted, str(tmp_path)), token, examples)
    assert count > 500
    print(f"{who}: {count} cases")


def test_the_log_has_no_errors(platform, open_gates):
    """After all of it: nothing that the bridge calls a mistake of its own."""
    with open(log_of(platform), encoding="utf-8") as log:
        log.seek(open_gates)
        lines = [line for line in log if re.search(r'"level":"(error|warning)"', line)]
    assert not lines, lines[:5]
