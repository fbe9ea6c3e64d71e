"""What a call of each route takes, for test_walk.py: functions of its World, so that nothing but the credential is wrong with a call."""

from analysis_rig import make_job, register, wait  # noqa: F401

_done = {}
REDIRECT = "https://client.example/walk"
# what the applications are granted
PUBLISHED = """CREATE TABLE IF NOT EXISTS public.walk_seat (seat_id int PRIMARY KEY);
SELECT citybigdata.publish('public.walk_seat', '{"code": "walk-seats"}');
CREATE TABLE IF NOT EXISTS public.walk_place (place_id int PRIMARY KEY, geom public.geometry(Point, 4490));
INSERT INTO public.walk_place VALUES (1, public.ST_SetSRID(public.ST_MakePoint(116.4, 39.9), 4490)) ON CONFLICT DO NOTHING;
SELECT citybigdata.publish('public.walk_place', '{"code": "walk-places"}')"""


def walk_done_job(world):
    """A job of the application that is done; one for all calls."""
    if world.app["appCode"] not in _done:
        token = world.platform.token(world.app)
        _done[world.app["appCode"]] = make_job(world.platform.client, token, 0, "walk")
        wait(world.platform.client, token, _done[world.app["appCode"]], "done")
    return _done[world.app["appCode"]]


def walk_open_job(world):
    """One that nobody runs, as if it had been begun tomorrow."""
    return world.platform.value("""INSERT INTO citybigdata.analysis_job (job_id, algorithm_code, app_id, parameters, request_digest, state, started_at)
                                   SELECT gen_random_uuid(), 'rig-job', a.app_id, '{}', sha256('walk'), 'running', now() + interval '1 day'
                                   FROM citybigdata.application a WHERE a.app_code = %s RETURNING job_id::text""", world.app["appCode"])


# what seals the base of OGC API Features, and a call below one
BASE = {"resource": "/ogc", "params": {}}


def base(sealed):
    return {"path": {"sealed": sealed, "collection": "walk-places", "fid": "1"}}


CALLS = {
    "POST /api/v1/access-requests": lambda w: {"body": w.application_form()},
    "GET /api/v1/access-requests/{id}": lambda w: {"path": {"id": w.app["accessRequestId"]}},
    "POST /api/v1/admin/accounts/{id}/approve": lambda w: {"path": {"id": w.accounts[0]["accountId"]}},
    "POST /api/v1/admin/accounts/{id}/reject": lambda w: {"path": {"id": w.accounts[1]["accountId"]}, "body": {"reason": "walk"}},
    "POST /api/v1/admin/access-requests/{id}/approve": lambda w: {"path": {"id": w.requests[0]}},
    "POST /api/v1/admin/access-requests/{id}/reject": lambda w: {"path": {"id": w.requests[1]}, "body": {"reason": "walk"}},
    "POST /api/v1/admin/accounts/{id}/suspend": lambda w: {"path": {"id": w.victim("active")["accountId"]}},
    "POST /api/v1/admin/accounts/{id}/resume": lambda w: {"path": {"id": w.victim("suspended")["accountId"]}},
    "POST /api/v1/admin/accounts/{id}/reset-password": lambda w: {"path": {"id": w.victim("active")["accountId"]}},
    "POST /api/v1/admin/accounts/{id}/unlock": lambda w: {"path": {"id": w.victim("active")["accountId"]}},
    "POST /api/v1/admin/applications/{application}/suspend": lambda w: {"path": {"application": w.victim(application="active")["appCode"]}},
    "POST /api/v1/admin/applications/{application}/resume": lambda w: {"path": {"application": w.victim(application="suspended")["appCode"]}},
    "POST /api/v1/admin/applications/{application}/revoke": lambda w: {"path": {"application": w.victim(application="active")["appCode"]}},
    "POST /api/v1/admin/accounts/{id}/revoke": lambda w: {"path": {"id": w.victim("active")["accountId"]}},
    "POST /api/v1/admin/accounts/{id}/expire": lambda w: {"path": {"id": w.victim("active")["accountId"]}, "body": {"validUntil": "never"}},
    "POST /api/v1/admin/accounts/{id}/role": lambda w: {"path": {"id": w.victim("active")["accountId"]}, "body": {"role": "none"}},
    "POST /api/v1/admin/accounts/{id}/second-factor": lambda w: {"path": {"id": w.victim("active")["accountId"]}},
    "GET /api/v1/admin/accounts": lambda w: {"query": {"pageSize": "1"}},
    "GET /api/v1/admin/access-requests": lambda w: {"query": {"pageSize": "1"}},
    "GET /api/v1/admin/applications": lambda w: {"query": {"pageSize": "1"}},
    "GET /api/v1/admin/lockouts": lambda w: {"query": {"pageSize": "1"}},
    "POST /api/v1/admin/lockouts/unlock": lambda w: {"body": {"kind": "address", "subject": "192.0.2.99"}},
    "POST /api/v1/admin/applications/{application}/expire": lambda w: {
        "path": {"application": w.victim(application="active")["appCode"]}, "body": {"validUntil": "never"}},
    "POST /api/v1/admin/applications/{application}/grants": lambda w: {
        "path": {"application": w.victim(application="active")["appCode"]}, "body": {"resource": "events", "level": 2}},
    "POST /api/v1/admin/applications/{application}/grants/{resource}/suspend": lambda w: {"path": w.grant("active")},
    "POST /api/v1/admin/applications/{application}/grants/{resource}/resume": lambda w: {"path": w.grant("suspended")},
    "POST /api/v1/admin/applications/{application}/grants/{resource}/revoke": lambda w: {"path": w.grant("active")},
    "POST /api/v1/admin/applications/{application}/grants/{resource}/expire": lambda w: {"path": w.grant("active"), "body": {"validUntil": "never"}},
    "POST /api/v1/admin/applications/{application}/rotate": lambda w: {"path": {"application": w.victim(application="active")["appCode"]}},
    "POST /api/v1/admin/applications/{application}/limit": lambda w: {
        "path": {"application": w.victim(application="active")["appCode"]}, "body": {"resource": "events", "perSecond": 1000}},
    "GET /api/v1/admin/proposals": lambda w: {"query": {"pageSize": "1"}},
    "POST /api/v1/admin/proposals": lambda w: {"body": {"action": "password", "accountId": w.proposal()[1]}},
    "POST /api/v1/admin/proposals/{id}/confirm": lambda w: {"path": {"id": w.proposal()[0]}},
    "POST /api/v1/admin/proposals/{id}/refuse": lambda w: {"path": {"id": w.proposal()[0]}, "body": {"reason": "walk"}},
    "GET /api/v1/admin/audit": lambda w: {"query": {"pageSize": "1"}},
    "GET /api/v1/admin/units": lambda w: {"query": {"pageSize": "1"}},
    "POST /api/v1/admin/units": lambda w: {"body": {"unit": "walk", "name": "巡查"}},
    "GET /api/v1/admin/posts": lambda w: {"query": {"pageSize": "1"}},
    "POST /api/v1/admin/posts": lambda w: {"body": {"account": w.victim("active")["userName"], "role": "desk"}},
    "GET /api/v1/admin/grids": lambda w: {"query": {"pageSize": "1"}},
    "POST /api/v1/admin/grids": lambda w: {"body": {"grid": "walk", "name": "网格", "geometry": {
        "type": "Polygon", "coordinates": [[[116.39, 39.9], [116.4, 39.9], [116.4, 39.91], [116.39, 39.91], [116.39, 39.9]]]}}},
    "GET /api/v1/admin/responsibilities": lambda w: {"query": {"pageSize": "1"}},
    "POST /api/v1/admin/responsibilities": lambda w: {"body": {"type": "6", "division": "110102", "unit": w.unit()}},
    "GET /api/v1/admin/processes": lambda w: {"query": {"pageSize": "1"}},
    "POST /api/v1/admin/processes": lambda w: {"body": {"dryRun": True, "definition": w.process()}},
    "GET /api/v1/admin/rules": lambda w: {"query": {"pageSize": "1"}},
    "POST /api/v1/admin/rules": lambda w: {"body": {"dryRun": True, "rules": [w.rule()]}},
    "POST /api/v1/admin/rules/explain": lambda w: {"body": {"event": {"taskNum": w.task_num}}},
    "POST /api/v1/admin/rules/dry-run": lambda w: {"body": {"rule": w.rule(), "timeRange": "[20240101,20240102]"}},
    "GET /api/v1/admin/conditions": lambda w: {"query": {"pageSize": "1"}},
    "POST /api/v1/admin/conditions": lambda w: {"body": {"conditions": [{"type": "6", "condition": "巡查中发现", "limit": "4小时"}]}},
    "GET /api/v1/admin/outbox": lambda w: {"query": {"pageSize": "1"}},
    "GET /api/v1/admin/media-fetches": lambda w: {"query": {"pageSize": "1"}},
    "POST /api/v1/admin/outbox": lambda w: {"body": {"action": "retry", "messageIds": [w.delivery()["deliveryId"]]}},
    **{f"POST /api/v1/callbacks/{{id}}/{verb}": lambda w: {"path": {"id": w.callback()}} for verb in ("test", "rotate", "disable", "enable")},
    "GET /api/v1/admin/gateways": lambda w: {"query": {"pageSize": "1"}},
    "POST /api/v1/admin/gateways": lambda w: {"body": {"gateway": {"code": "walk", "title": "Walk", "url": "https://gateway.example/sendsms", "state": "disabled"}}},
    "GET /api/v1/admin/sms/policies": lambda w: {"query": {"pageSize": "1"}},
    "POST /api/v1/admin/sms/policies": lambda w: {"body": {"policy": {"appCode": w.app["appCode"], "perDay": 50}}},
    "GET /api/v1/admin/sms/templates": lambda w: {"query": {"pageSize": "1"}},
    "POST /api/v1/admin/sms/templates": lambda w: {"body": {"code": "walk", "title": "Walk", "content": "{taskNum}"}},
    "GET /api/v1/admin/sms/blocks": lambda w: {"query": {"pageSize": "1"}},
    "POST /api/v1/admin/sms/blocks": lambda w: {"body": {"action": "unblock", "mobileStr": "13800138000"}},
    "POST /api/v1/sms/messages": lambda w: {"body": w.sms()},
    "POST /api/v1/callbacks": lambda w: {"body": w.callback_form()},
    "GET /api/v1/callbacks": lambda w: {},
    "GET /api/v1/callbacks/{id}": lambda w: {"path": {"id": w.callback()}},
    "GET /api/v1/callbacks/{id}/deliveries": lambda w: {"path": {"id": w.callback()}, "query": {"pageSize": "1"}},
    "POST /api/v1/callbacks/{id}/deliveries/{deliveryId}/replay": lambda w: {"path": {"id": w.callback(), "deliveryId": w.delivery()["deliveryId"]}},
    "POST /api/v1/cameras/previewURLs": lambda w: {"body": {"cameraIndexCode": w.camera()}},
    "GET /api/v1/cameras": lambda w: {"query": {"pageSize": "1"}},
    "POST /api/v1/cameras/plays/{playId}/revoke": lambda w: {"path": {"playId": w.play()}},
    "POST /artemis/api/resource/v1/cameras": lambda w: {"body": {"pageNo": 1}},
    **{f"POST /artemis/api/video/{version}/cameras/previewURLs": lambda w: {"body": {"cameraIndexCode": w.camera()}} for version in ("v1", "v2")},
    "GET /api/v1/admin/cameras": lambda w: {"query": {"pageSize": "1"}},
    "POST /api/v1/admin/cameras": lambda w: {"body": {"items": [{"camera": w.camera(), "name": "walk"}]}},
    "GET /api/v1/admin/camera-providers": lambda w: {"query": {"pageSize": "1"}},
    "POST /api/v1/admin/camera-providers": lambda w: {"body": {"provider": "walk", "title": "walk", "kind": "media", "secret": "walk-0123456789-walk"}},
    "POST /api/v1/admin/camera-providers/{provider}/remove": lambda w: {"path": {"provider": w.provider("walk-gone")}},
    "POST /api/v1/admin/camera-providers/{provider}/list": lambda w: {"path": {"provider": w.provider("walk-up", "upstream")}},
    "GET /api/v1/admin/camera-plays": lambda w: {"query": {"pageSize": "1"}},
    "POST /api/v1/admin/camera-plays/{playId}/revoke": lambda w: {"path": {"playId": w.play()}},
    "GET /api/v1/admin/calendars": lambda w: {"query": {"pageSize": "1"}},
    "POST /api/v1/admin/calendars": lambda w: {"body": {"calendar": "walk", "title": "Walk", "titleZh": "巡查", "hours": {"mon-sun": ["08:00-12:00"]}}},
    "POST /api/v1/events/{taskNum}/steps": lambda w: {"path": {"taskNum": w.task_num}, "body": {"action": "comment", "note": "walk"}},
    "POST /api/v1/events/steps": lambda w: {"body": {"steps": [{"taskNum": w.task_num, "action": "comment", "note": "walk"}]}},
    "GET /api/v1/events/{taskNum}/steps": lambda w: {"path": {"taskNum": w.task_num}},
    "GET /api/v1/events/{taskNum}/actions": lambda w: {"path": {"taskNum": w.task_num}},
    "GET /api/v1/todo": lambda w: {"query": {"pageSize": "1"}},
    "POST /api/v1/auth/revoke": lambda w: {"body": {"token": "A" * 43}},
    "POST /api/v1/auth/introspect": lambda w: {"body": {"token": "A" * 43}},
    "POST /api/v1/auth/sealed-url": lambda w: {"body": {"resource": "events", "params": {"otherTaskNum": w.event["otherTaskNum"]}}},
    "POST /api/v1/events": lambda w: {"body": w.report()},
    "POST /openapi/v2/upstream": lambda w: {"body": w.report()},
    "POST /openapi/v2/upstream/uprecreport": lambda w: {"body": w.report()},
    "GET /api/v1/events/{taskNum}": lambda w: {"path": {"taskNum": w.task_num}},
    "GET /api/v1/events": lambda w: {"query": {"otherTaskNum": w.event["otherTaskNum"], "senderCode": w.app["senders"][0]}},
    "GET /api/v1/sms/messages/{msgId}": lambda w: {"path": {"msgId": w.message()}},
    "GET /api/v1/sms/replies": lambda w: {"query": {"pageSize": "1"}},
    "GET /ogc/collections": lambda w: {"path": {}},
    "GET /ogc/collections/{collection}": lambda w: {"path": {"collection": "walk-places"}},
    "GET /ogc/collections/{collection}/queryables": lambda w: {"path": {"collection": "walk-places"}},
    "GET /ogc/collections/{collection}/items": lambda w: {"path": {"collection": "walk-places"}, "query": {"limit": "1"}},
    "GET /ogc/collections/{collection}/items/{fid}": lambda w: {"path": {"collection": "walk-places", "fid": "1"}},
    "GET /open311/v2/services": lambda w: {"path": {}},
    "GET /open311/v2/services/{service_code}": lambda w: {"path": {"service_code": "60201"}},
    "GET /open311/v2/requests": lambda w: {"query": {"page_size": "1"}},
    "POST /open311/v2/requests": lambda w: {"body": {"service_code": "60201", "lat": "39.9097", "long": "116.4117", "description": "walk"}},
    "GET /open311/v2/requests/{service_request_id}": lambda w: {"path": {"service_request_id": w.task_num}},
    "GET /open311/v2/tokens/{token}": lambda w: {"path": {"token": w.task_num}},
    "GET /open311/v2/servicerequestupdates": lambda w: {"query": {"service_request_id": w.task_num}},
    "POST /open311/v2/servicerequestupdates": lambda w: {"body": {"service_request_id": w.task_num, "description": "walk"}},
    "GET /api/v1/data/{resource}": lambda w: {"path": {"resource": "walk-seats"}, "query": {"pageSize": "1"}},
    "POST /api/v1/data/{resource}": lambda w: {"path": {"resource": "walk-seats"}, "body": {"pageSize": 1}},
    "GET /api/v1/analysis": lambda w: {},
    "GET /api/v1/analysis/{algorithm}": lambda w: {"path": {"algorithm": "rig-steps"}, "query": {"seconds": "0"}},
    "POST /api/v1/analysis/{algorithm}": lambda w: {"path": {"algorithm": "rig-steps"}, "body": {"seconds": 0}},
    "GET /api/v1/jobs/{id}": lambda w: {"path": {"id": walk_done_job(w)}},
    "GET /api/v1/jobs/{id}/result": lambda w: {"path": {"id": walk_done_job(w)}},
    "POST /api/v1/jobs/{id}/cancel": lambda w: {"path": {"id": walk_open_job(w)}},
    "GET /api/v1/tiles/{layer}/{z}/{x}/{y}.mvt": lambda w: {"path": {"layer": "walk-places", "z": 0, "x": 0, "y": 0}},
    "GET /api/v1/tiles/{layer}.json": lambda w: {"path": {"layer": "walk-places"}},
    "GET /api/v1/tiles/{layer}/style.json": lambda w: {"path": {"layer": "walk-places"}},
    "GET /api/v1/resources": lambda w: {},
    "GET /api/v1/resources/{code}": lambda w: {"path": {"code": "events"}},
    "GET /api/v1/resources/{code}/schema.xsd": lambda w: {"path": {"code": "events"}},
    "GET /api/v1/divisions/{code}": lambda w: {"path": {"code": "110101"}},
    "GET /api/v1/code-tables": lambda w: {},
    "GET /api/v1/code-tables/{name}": lambda w: {"path": {"name": "event-state"}},
}
