# /// script
# dependencies = ["datamodel-code-generator==0.89.0", "pydantic~=2.12"]
# ///
"""datamodel-code-generator (PyPI): Python classes made of the OpenAPI document, by which requests are written and replies are read.

A class refuses what its schema does not allow: a member that is missing, a null where none may be, a value that is not among those named.
"""
import importlib
import json
import subprocess
import sys

import pydantic
import pytest


@pytest.fixture(scope="module")
def app(platform, demo_data):
    return platform.make_application(profile="strict", resources=["events", "cases", "street-lights"], level=2)


@pytest.fixture(scope="module")
def models(platform, app, tmp_path_factory):
    folder = tmp_path_factory.mktemp("models")
    spec = platform.client.get("//openapi.json?lang=en", token=platform.token(app))
    (folder / "openapi.json").write_bytes(spec.body)
    subprocess.run([sys.executable, "-m", "datamodel_code_generator", "--input", str(folder / "openapi.json"), "--input-file-type", "openapi", "--output",
                    str(folder / "platform_models"), "--output-model-type", "pydantic_v2.BaseModel", "--target-python-version", "3.11", "--formatters", "builtin"],
                   check=True, capture_output=True, timeout=300)
    sys.path.insert(0, str(folder))
    yield importlib.import_module("platform_models")
    sys.path.remove(str(folder))


def test_report_and_read(platform, app, models):
    """A report written by its class; the case, the feed, the steps read by theirs."""
    token, client = platform.token(app), platform.client
    event = models.EventReport(**platform.event())
    body = models.ReportEventRequest(senderCode=app["senders"][0], actionType="UP_REC_REPORT", data=event)
    reply = models.ReportEventReply.model_validate_json(client.post("/events", json.loads(body.model_dump_json(exclude_none=True)), token=token).body)
    assert reply.success and reply.data.recID > 0 and len(reply.data.taskNum) == 25
    tried = models.ReportEventReply.model_validate_json(
        client.post("/events", {**json.loads(body.model_dump_json(exclude_none=True)), "dryRun": True}, token=token).body)
    assert tried.data.dryRun is True
    case = models.GetEventReply.model_validate_json(client.get(f"/events/{reply.data.taskNum}", token=token).body).data
    assert case.eventDesc == event.eventDesc and case.state == 1 and case.version == 0 and case.steps == []
    found = models.FindEventsReply.model_validate_json(client.get(f"/events?otherTaskNum={event.otherTaskNum}", token=token).body).data
    assert [item.recID for item in found.items] == [reply.data.recID]


def test_tokens_and_refusals(platform, app, models):
    client = platform.client
    code = models.IssueAuthCodeReply.model_validate_json(client.post("/auth/code", {"appCode": app["appCode"], "method": "key", "key": app["key"]}).body).data
    token = models.IssueTokenReply.model_validate_json(client.post("/auth/token", {"appCode": app["appCode"], "authCode": code.authCode}).body).data
    client.secrets.update((code.authCode, token.accessToken))
    assert token.tokenType == "Bearer" and token.expiresIn > 0
    refused = models.Failure.model_validate_json(platform.report({"eventDesc": ""}, token.accessToken, app["senders"][0]).body)
    assert not refused.success and {e.statusCode for e in refused.data.errors} >= {42201} and all(e.pointer.startswith("/") for e in refused.data.errors)


def test_data(platform, app, models):
    """A published resource has classes of its own."""
    token = platform.token(app)
    lights = importlib.import_module("platform_models.street_lights")
    page = lights.Page.model_validate(platform.client.get("/data/street-lights?pageSize=50&count=exact", token=token).data)
    assert len(page.items) == 50 and page.totalCount > 50 and page.nextCursor and isinstance(page.items[0].lightId, int)


def test_what_is_wrong_is_refused_at_home(platform, models):
    """Limits of the document hold in the classes: nothing wrong needs to be sent."""
    good = {"resources": ["events"], "methods": ["key"], "level": 2}
    assert models.RequestAccessRequest(**good)
    for wrong in ({"methods": ["keys"]}, {"resources": []}, {"level": 9}, {"profile": "lax"}, {"purpose": "x" * 1001}):
        with pytest.raises(pydantic.ValidationError):
            models.RequestAccessRequest(**{**good, **wrong})
    account = {"userName": "lamp-office", "password": "Street-Light-2024", "organization": "市城市照明管理中心", "contactName": "张三", "mobile": "13800138000"}
    assert models.RegisterAccountRequest(**account)
    for wrong in ({"userName": "x"}, {"userName": "灯"}, {"mobile": "123"}, {"organization": None}):
        with pytest.raises(pydantic.ValidationError):
            models.RegisterAccountRequest(**{**account, **wrong})
