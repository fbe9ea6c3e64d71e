"""Organisation over HTTPS: units, posts, duty grids and responsibilities, by whom, with every error at once."""
import json
import urllib.parse

import pytest
from rig import check_envelope, check_refused

ORGANISATION = ("units", "posts", "grids", "responsibilities")
SQUARE = {"type": "Polygon", "coordinates": [[[116.40, 39.91], [116.41, 39.91], [116.41, 39.92], [116.40, 39.92], [116.40, 39.91]]]}


@pytest.fixture(scope="module")
def secadmin(platform):
    return platform.administrator("secadmin")


@pytest.fixture(scope="module")
def sysadmin(platform):
    return platform.administrator("sysadmin")["token"]


@pytest.fixture(autouse=True)
def as_before(platform):
    """What a test has saved is taken away."""
    yield
    platform.sql("""DELETE FROM citybigdata.responsibility WHERE unit_code LIKE 't-%%'; DELETE FROM citybigdata.duty_grid WHERE grid_code LIKE 't-%%';
        DELETE FROM citybigdata.post WHERE unit_code LIKE 't-%%' OR account_id IN (SELECT account_id FROM citybigdata.account WHERE user_name LIKE 'user-%%');
        DELETE FROM citybigdata.unit WHERE unit_code LIKE 't-%%'""")


def errors(reply):
    check_refused(reply)
    return [(error["pointer"], error["statusCode"]) for error in reply.data["errors"]]


def all_items(client, path, token, size=7, **query):
    items, cursor = [], None
    while True:
        asked = {**query, "pageSize": str(size), **({"cursor": cursor} if cursor else {})}
        reply = check_envelope(client.get(f"{path}?{urllib.parse.urlencode(asked)}", token=token), 200, 0)
        items += reply.data["items"]
        cursor = reply.data["nextCursor"]
        if cursor is None:
            return items
        assert len(reply.data["items"]) == size


def test_demo_bureau(platform, client, sysadmin, secadmin):
    """The demo has a bureau: an operator of each role in the env file, and a unit that answers for type 6 in 110101."""
    roles = ("inspector", "desk", "filer", "dispatcher", "unit", "handler", "verifier", "supervisor", "leader")
    posts = all_items(client, "/admin/posts", secadmin["token"])
    held = {(post["account"], post["role"]) for post in posts if post["inForce"]}
    assert all((platform.env["CBD_OPERATOR_" + role.upper()], role) in held for role in roles), held
    assert len(platform.env["CBD_OPERATOR_PASSWORD"]) >= 24
    units = {unit["unit"]: unit for unit in all_items(client, "/admin/units", sysadmin)}
    lighting = platform.value("SELECT citybigdata.responsible_unit('6', '110101')")
    assert units[lighting]["parent"] == "lighting" and platform.value("SELECT citybigdata.responsible_unit('60201', '110101')") == lighting
    assert {post["unit"] for post in posts if post["account"] in ("op.unit", "op.handler")} == {lighting}
    answers = all_items(client, "/admin/responsibilities", sysadmin, size=3)
    assert {"type": "6", "division": "110101", "unit": lighting}.items() <= next(a for a in answers if a["type"] == "6" and a["division"] == "110101").items()
    assert len(answers) == platform.value("SELECT count(*) FROM citybigdata.responsibility")
    grids = all_items(client, "/admin/grids", sysadmin, division="110101")
    assert len(grids) > 3 and all(grid["geometry"]["type"] == "MultiPolygon" and grid["unit"] == "city-110101" for grid in grids)
    code = platform.value("SELECT citybigdata.duty_grid_at(public.st_pointonsurface(geom)) FROM citybigdata.duty_grid WHERE grid_code = %s", grids[0]["grid"])
    assert code == grids[0]["grid"]


def test_who_may(platform, client, token, secadmin, sysadmin):
    """Posts are for security administrators, the rest for system administrators; nobody else."""
    auditor = platform.administrator("auditor")["token"]
    for name in ORGANISATION:
        fits, wrong = (secadmin["token"], sysadmin) if name == "posts" else (sysadmin, secadmin["token"])
        for other, code in ((wrong, 40307), (auditor, 40307), (token, 40304), (None, None)):
            for ask in (lambda: client.get(f"/admin/{name}", token=other), lambda: client.post(f"/admin/{name}", {"items": []}, token=other)):
                refused = check_refused(ask())
                assert refused.code == code or (code is None and refused.status == 401), refused
        check_envelope(client.get(f"/admin/{name}", token=fits), 200, 0)
        assert errors(client.post(f"/admin/{name}", {"items": []}, token=fits)) == [("/items", 42204)]
    # in SQL too: the roles of the database
    for role, statement in (("citybigdata_sysadmin", "SELECT citybigdata.save_post('demo', 'desk')"), ("citybigdata_secadmin", "SELECT citybigdata.save_unit('t-x', 'x')"),
                            ("citybigdata_analyst", "SELECT * FROM citybigdata.post"), ("citybigdata_bridge", "SELECT * FROM citybigdata.unit")):
        with pytest.raises(Exception, match="permission denied"):
            platform.sql(statement, role=role)


def test_units(platform, client, sysadmin):
    """One by its fields, many by items or CSV; what is left out stays; a circle and a unit in use are refused."""
    def save(body):
        return client.post("/admin/units", body, token=sysadmin)
    assert errors(save({"unit": "t-a", "name": "甲", "types": "6,7"})) == [("/types", 42205)]
    assert check_envelope(save({"unit": "t-a", "name": "甲", "divisions": ["110101", "110102"], "types": "6,602", "telephone": "010-65120000"}), 200, 0).data == {"changed": 1}
    assert check_envelope(save({"items": [{"unit": "t-b", "name": "乙", "parent": "t-a"}, {"unit": "t-c", "name": "丙", "parent": "t-b"}]}), 200, 0).data == {"changed": 2}
    assert check_envelope(save({"csv": "\ufeff单位代码,单位名称\r\nt-b,\"乙,所\"\r\n"}), 200, 0).data == {"changed": 1}
    units = {unit["unit"]: unit for unit in all_items(client, "/admin/units", sysadmin, parent="t-a")}
    assert units["t-b"]["name"] == "乙,所" and units["t-b"]["state"] == "active" and set(units) == {"t-b"}
    assert check_envelope(save({"unit": "t-b", "parent": ""}), 200, 0).data == {"changed": 1}
    assert all_items(client, "/admin/units", sysadmin, parent="t-a") == []
    save({"unit": "t-b", "parent": "t-a"})
    circle = save({"unit": "t-a", "parent": "t-c"})
    assert (circle.status, errors(circle)) == (422, [("/parent", 42271)]) and "t-a < t-c" in circle.data["errors"][0]["message"]
    used = save({"unit": "t-a", "remove": True})
    assert (used.status, used.code, errors(used)) == (409, 40971, [("/unit", 40971)])
    assert check_refused(save({"unit": "t-nobody", "remove": "true"})).code == 40470
    assert check_envelope(save({"items": [{"unit": name, "remove": True} for name in ("t-a", "t-b", "t-c")]}), 200, 0).data == {"changed": 3}
    audit = platform.sql("SELECT action, detail FROM citybigdata.audit_log WHERE request_id = %s", circle.header("X-Request-Id"))
    assert audit and audit[0][0] == "unit.save"


def test_all_errors_at_once(platform, client, sysadmin):
    """Every item with its member, every line with its column; and nothing of it is stored."""
    items = [{"unit": "t-1", "name": "好"}, {"unit": "-", "name": "=HYPERLINK(\"http://x\")", "parent": "t-9", "divisions": ["999999", "110101"], "types": ["nope"], "calendar": "none",
             "state": "open", "telephone": "tel", "colour": "red"}, "text", {"unit": "t-1", "name": "\t"}, {"name": ["a", "b"], "unit": {"a": 1e300}}]
    found = errors(client.post("/admin/units", {"items": items}, token=sysadmin))
    for pointer, code in (("/items/0/unit", 42204), ("/items/1/unit", 42204), ("/items/1/name", 42226), ("/items/1/parent", 42270), ("/items/1/divisions", 42206), ("/items/1/types", 42205),
                          ("/items/1/calendar", 40409), ("/items/1/state", 42204), ("/items/1/telephone", 42215), ("/items/1/colour", 42225), ("/items/2", 42202), ("/items/3/name", 42226),
                          ("/items/4/name", 42202)):
        assert (pointer, code) in found, (pointer, code, found)
    reply = client.post("/admin/units", {"csv": "unit,name,parent\nt-1,好,\nt-2,=1+1,t-9\nt-3\n"}, token=sysadmin)
    assert errors(reply) == [("/csv", 42275), ("/csv", 42226), ("/csv", 42270)], reply
    assert [error["message"].split(":")[0] for error in reply.data["errors"]] == ["line 4", "line 3, column name", "line 3, column parent"]
    assert not platform.value("SELECT count(*) FROM citybigdata.unit WHERE unit_code LIKE 't-%%'")


@pytest.mark.parametrize("body, status", [
    ({}, 422), ({"items": "not json"}, 400), ({"items": {"unit": "t-1"}}, 422), ({"items": [{"unit": "t-1"}], "csv": "unit"}, 422), ({"unit": "t-1", "items": []}, 422),
    ({"csv": "unit,name\nt-1,\"open"}, 422), ({"csv": "unit,name\nt-1,a\u0001b"}, 422), ({"csv": "unit,name\nt-1,\ufffe"}, 422), ({"csv": ""}, 422), ({"csv": "\n\n"}, 422), ({"csv": "a"}, 422),
    ({"csv": "unit\tname\nt-1"}, 422), ({"csv": "unit,name\n" + "t-1,x\n" * 2}, 422), ({"items": [[[[]]]]}, 422), ({"items": [None, 1, True]}, 422), ({"unit": "t-1", "name": "a" * 101}, 422),
    ({"unit": "t-1", "name": "行\u2028分"}, 422), ({"unit": "t" * 5000, "name": "x"}, 422), ({"items": [{"unit": "t-1", "name": "x", "n" * 300: "y"}]}, 422),
    ({"items": [{"unit": "t-1", "name": "x", "divisions": ["110101"] * 300}]}, 422), ({"csv": "unit,name\n" + ",,,,,,\n" * 100 + "t-1;x"}, 422)])
def test_bad_input(platform, client, sysadmin, body, status):
    """Whatever a client sends is refused with its reason, never an error of the server."""
    refused = check_refused(client.post("/admin/units", body, token=sysadmin))
    assert refused.status == status, refused
    assert not platform.value("SELECT count(*) FROM citybigdata.unit WHERE unit_code LIKE 't-%%'")


def test_malformed_json(client, sysadmin):
    """NUL, duplicate members, too deep."""
    for raw in (b'{"items":[{"unit":"t-1","name":"a\\u0000b"}]}', b'{"csv":"unit,name\\nt-1,\\u0000"}', b'{"items":[{"unit":"t-1","unit":"t-2"}]}',
                b'{"items":' + b"[" * 200 + b"]" * 200 + b"}", b'{"csv":"unit,name\nt-1,x"}', b'{"unit":"\xff","name":"x"}'):
        refused = check_refused(client.post("/admin/units", raw, headers={"Content-Type": "application/json"}, token=sysadmin))
        assert refused.status in (400, 422), refused


def test_posts(platform, client, secadmin):
    """A post is given, delegated, ended; never to oneself, to an administrator, or to an account that is not active."""
    token, holder, other = secadmin["token"], platform.make_account(), platform.make_account()
    platform.sql("SELECT citybigdata.save_unit('t-light', '照明')")

    def save(body):
        return client.post("/admin/posts", body, token=token)
    given = check_envelope(save({"account": holder["userName"].upper(), "role": "handler", "unit": "t-light", "division": "110101"}), 200, 0).data
    assert given["changed"] == 1 and len(given["postIds"]) == 1
    number = given["postIds"][0]
    assert check_envelope(save({"account": holder["userName"], "role": "handler", "unit": "t-light", "division": "110101"}), 200, 0).data == {"changed": 0, "postIds": [number]}
    post = all_items(client, "/admin/posts", token, account=holder["userName"])[0]
    assert {"postId": number, "account": holder["userName"], "accountId": holder["accountId"], "role": "handler", "state": "current", "inForce": True}.items() <= post.items()
    # nobody gives a post to oneself, nor a delegation
    own = save({"account": secadmin["userName"], "role": "leader"})
    assert (own.status, ("/account", 40309) in errors(own)) == (422, True)
    assert ("/delegate", 40309) in errors(save({"postId": number, "delegate": secadmin["userName"], "delegateTo": "20991231000000"}))
    assert errors(save({"account": platform.env["CBD_ADMIN_USER"], "role": "leader"})) == [("/account", 42273)]
    waiting = platform.make_account(approve=False)
    assert errors(save({"account": waiting["userName"], "role": "leader"})) == [("/account", 42272)]
    assert errors(save({"account": "nobody", "role": "king", "unit": "nobody", "division": "000000", "to": "2020"})) == [
        ("/account", 42272), ("/division", 42206), ("/role", 42205), ("/to", 42213), ("/unit", 42270)]
    # an account with a post becomes no administrator, by neither way
    role = client.post(f"/admin/accounts/{holder['accountId']}/role", {"role": "auditor"}, token=token)
    assert (role.status, check_refused(role).code) == (409, 40907)
    proposed = client.post("/admin/proposals", {"action": "role", "accountId": str(holder["accountId"]), "role": "auditor"}, token=token)
    assert check_refused(proposed).code == 40907
    # proposed before the post was given: then refused when it is confirmed
    waits = check_envelope(client.post(f"/admin/accounts/{other['accountId']}/role", {"role": "auditor"}, token=token), 200, 0).data["proposalId"]
    check_envelope(save({"account": other["userName"], "role": "desk"}), 200, 0)
    assert check_refused(client.post(f"/admin/proposals/{waits}/confirm", {}, token=platform.admin_token)).code == 40907
    # delegated: the delegate acts; suspended: nobody
    check_envelope(save({"postId": str(number), "delegate": other["userName"], "delegateTo": "20991231000000"}), 200, 0)
    acting = "SELECT account_id FROM citybigdata.post_in_force WHERE post_id = %s"
    assert platform.sql(acting, number) == [(other["accountId"],)]
    check_envelope(save({"postId": number, "delegate": ""}), 200, 0)
    assert platform.sql(acting, number) == [(holder["accountId"],)]
    check_envelope(client.post(f"/admin/accounts/{holder['accountId']}/suspend", {}, token=token), 200, 0)
    assert platform.sql(acting, number) == []
    check_envelope(client.post(f"/admin/accounts/{holder['accountId']}/resume", {}, token=token), 200, 0)
    # ended: at once, and once
    check_envelope(save({"postId": number, "remove": True}), 200, 0)
    assert platform.sql(acting, number) == [] and errors(save({"postId": number, "remove": True})) == [("/postId", 42204)]
    assert check_refused(save({"postId": "0", "remove": True})).code == 40471
    assert all_items(client, "/admin/posts", token, account=holder["userName"], state="ended")[0]["postId"] == number
    check_envelope(client.post(f"/admin/accounts/{holder['accountId']}/role", {"role": "auditor"}, token=token), 200, 0)


def test_grids_and_responsibilities(platform, client, sysadmin):
    """Grids by fields, GeoJSON features and CSV; responsibilities, of which the most special wins."""
    platform.sql("SELECT citybigdata.save_unit('t-x', '甲'), citybigdata.save_unit('t-y', '乙')")

    def grids(body):
        return client.post("/admin/grids", body, token=sysadmin)
    inspector = platform.env["CBD_OPERATOR_INSPECTOR"]
    assert check_envelope(grids({"grid": "t-1", "name": "一", "division": "110101", "inspector": inspector, "unit": "t-x", "geometry": SQUARE}), 200, 0).data == {"changed": 1}
    feature = {"type": "Feature", "id": 7, "properties": {"grid": "t-2", "name": "二", "area": 1.5}, "geometry": SQUARE}
    assert check_envelope(grids({"type": "FeatureCollection", "features": [feature]}), 200, 0).data == {"changed": 1}
    assert check_envelope(grids({"csv": 'grid,name,geometry\nt-3,三,"POLYGON((116.4 39.9,116.5 39.9,116.5 40,116.4 39.9))"\n'}), 200, 0).data == {"changed": 1}
    assert [g["geometry"] for g in all_items(client, "/admin/grids", sysadmin, unit="t-x")] == [{"type": "MultiPolygon", "coordinates": [SQUARE["coordinates"]]}]
    for geometry in ({"type": "Point", "coordinates": [116.4, 39.9]}, {"type": "Polygon", "coordinates": [[[39.9, 116.4], [39.9, 116.5], [40, 116.5], [39.9, 116.4]]]}, {"type": "Polygon"}, {}, [],
                     "POLYGON((0 0", "SRID=3857;POLYGON((1 1,2 2,3 3,1 1))", {"type": "Polygon", "coordinates": [[[1e308, 1e308], [1e308, 0], [0, 0], [1e308, 1e308]]]}, {"type": "Feature", "geometry": SQUARE}):
        assert errors(grids({"grid": "t-4", "name": "四", "geometry": geometry}))[-1][0] == "/geometry", geometry
    assert errors(grids({"features": [feature, {"type": "Feature", "properties": None, "geometry": None}]})) == [("/features/1/geometry", 42201), ("/features/1/grid", 42201), ("/features/1/name", 42201)]

    def answers(body):
        return client.post("/admin/responsibilities", body, token=sysadmin)
    assert check_envelope(answers({"items": [{"type": "6", "unit": "t-x"}, {"type": "60201", "division": "110100", "unit": "t-y"}]}), 200, 0).data == {"changed": 2}
    assert platform.sql("SELECT citybigdata.responsible_unit('60201', '110101'), citybigdata.responsible_unit('60201', '120101')")[0] == ("t-y", "t-x")
    assert errors(answers({"csv": "type,division,unit\nzz,110101,t-x\n6,1,t-none\n"})) == [("/csv", 42205), ("/csv", 42206), ("/csv", 42270)]
    assert check_refused(answers({"type": "602", "remove": True})).code == 40473
    assert check_envelope(answers({"type": "6", "remove": True}), 200, 0).data == {"changed": 1}
    for path, code in (("/admin/responsibilities?cursor=x", 42204), ("/admin/responsibilities?pageSize=0", 42204), ("/admin/units?state=x", 42204), ("/admin/grids?pageSize=1001", 42204)):
        assert check_refused(client.get(path, token=sysadmin)).data["errors"][0]["statusCode"] == code


def test_many(platform, client, sysadmin):
    """Some thousand in one request, and the same again changes nothing."""
    csv = "unit,name,parent\n" + "".join(f"t-{n},单位{n},{f't-{n // 10}' if n > 9 else ''}\n" for n in range(1, 2001))
    assert check_envelope(client.post("/admin/units", {"csv": csv}, token=sysadmin), 200, 0).data == {"changed": 2000}
    assert check_envelope(client.post("/admin/units", {"csv": csv}, token=sysadmin), 200, 0).data == {"changed": 0}
    assert len(all_items(client, "/admin/units", sysadmin, size=1000)) >= 2000
    items = [{"unit": f"t-{n}", "remove": True} for n in range(1, 2001)]
    assert check_envelope(client.post("/admin/units", {"items": items}, token=sysadmin), 200, 0).data == {"changed": 2000}


def test_as_form(client, sysadmin):
    """A form and XML work as for every endpoint."""
    reply = client.form("/admin/units", {"unit": "t-form", "name": "表单", "divisions": "110101,110102"}, token=sysadmin)
    assert check_envelope(reply, 200, 0).data == {"changed": 1}
    reply = client.get("/admin/units?format=xml&pageSize=1", token=sysadmin)
    assert reply.status == 200 and b"<item>" in reply.body
    assert json.loads(client.get("/admin/units?pageSize=1", token=sysadmin).body)["data"]["nextCursor"]
