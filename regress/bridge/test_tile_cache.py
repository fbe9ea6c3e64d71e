"""The bridge's cache of vector tiles: never across callers, never without a judgement, bounded, counted; and tiles hold nobody else up."""
import itertools
import random
import urllib.parse

import pytest
from mvt import tile_of, tiles_of
from own_bridge import own_bridge
from rig import check_envelope, check_refused, until
from test_engine import parallel
from test_tiles import FILLED, FILTERS, MIDDLE
from tile_rig import BOX, TREES, WELLS, ZOOM, check_equal, contents, features, get_tile, layer_of, make_trees, metric, pages, publish, readers


@pytest.fixture(scope="module")
def trees(demo_data):
    make_trees(demo_data)
    # tags hold for as long as a test may take: what changes is the data's version alone
    demo_data.sql("ALTER SYSTEM SET citybigdata.tile_age = 3600")
    demo_data.sql("SELECT pg_reload_conf()")
    yield demo_data
    demo_data.sql("ALTER SYSTEM RESET citybigdata.tile_age")
    demo_data.sql("SELECT pg_reload_conf()")
    demo_data.sql(f"SELECT citybigdata.unpublish('{TREES}'), citybigdata.unpublish('{WELLS}')")


@pytest.fixture(scope="module")
def apps(trees):
    return readers(trees, TREES, WELLS)


@pytest.fixture(scope="module")
def own(trees):
    """A bridge whose cache is this module's alone."""
    with own_bridge(trees, workers="2") as bridge:
        yield bridge.client


def test_callers_in_turn(own, apps):
    """Levels and masks by turns, with the filters of the other tests, cached and not: each gets what its pages have, byte for byte what it got before."""
    before = metric(own, "hits_total")
    chance = random.Random(14)
    queries = [query for query in FILTERS if "fields" not in query]
    first = {}
    for _ in range(3):
        asked = list(itertools.product(apps, range(len(queries))))
        chance.shuffle(asked)
        for level, number in asked:
            token = apps[level]["token"]
            if (level, number) not in first:
                check_equal(features(own, token, TREES, queries[number], zoom=12), pages(own, token, TREES, queries[number]), zoom=12)
            bodies = [(reply.status, reply.body) for reply in (get_tile(own, token, TREES, place, queries[number]) for place in tiles_of(12, *BOX))]
            assert first.setdefault((level, number), bodies) == bodies
    assert metric(own, "hits_total") - before > 100
    for number in range(len(queries) - 1):
        # what differs between the levels differs in the tiles
        assert len({str(first[level, number]) for level in apps}) == 3, queries[number]


def test_tags_of_others(own, apps):
    """The tag of another caller's tile opens nothing: the reply is one's own tile."""
    mine, other = (get_tile(own, apps[level]["token"], TREES, FILLED) for level in (1, 3))
    for _ in range(2):
        for tag in (other.header("ETag"), f'{other.header("ETag")}, "x"'):
            reply = get_tile(own, apps[1]["token"], TREES, FILLED, headers={"If-None-Match": tag})
            assert (reply.status, reply.body) == (200, mine.body)
    assert mine.body != other.body


def test_order_of_parameters(own, apps):
    """The same question in another order, or with a version, is the same tile of the cache; another value is not."""
    token, misses = apps[2]["token"], metric(own, "misses_total")
    for query in ([("kind", "杨"), ("treeId.gt", "7")], [("treeId.gt", "7"), ("kind", "杨")], [("v", "1"), ("treeId.gt", "7"), ("kind", "杨")]):
        assert get_tile(own, token, TREES, FILLED, query).status == 200
    assert metric(own, "misses_total") == misses + 1
    get_tile(own, token, TREES, FILLED, [("treeId.gt", "77"), ("kind", "杨")])
    assert metric(own, "misses_total") == misses + 2


def test_revoked_at_once(trees, own):
    """A tile that is kept is refused as soon as its grant, level or token has ended."""
    app = trees.make_application(resources=[TREES], level=3)
    token = trees.token(app)
    whole = get_tile(own, token, TREES, FILLED)
    assert get_tile(own, token, TREES, FILLED).body == whole.body
    trees.sql("""UPDATE citybigdata.app_grant SET level = 1 WHERE resource = %s AND app_id = (SELECT app_id FROM citybigdata.application WHERE app_code = %s)""", TREES, app["appCode"])
    lower = get_tile(own, token, TREES, FILLED)
    assert lower.status == 200 and lower.body != whole.body and "note" not in layer_of(lower, TREES).features[0].properties
    tags = {"If-None-Match": whole.header("ETag")}
    assert get_tile(own, token, TREES, FILLED, headers=tags).status == 200
    check_envelope(own.post(f"/admin/applications/{app['appCode']}/grants/{TREES}/revoke", {}, token=trees.admin_token), 200, 0)
    for headers in ({}, tags, {"If-None-Match": lower.header("ETag")}, {"If-None-Match": "*"}):
        check_envelope(get_tile(own, token, TREES, FILLED, headers=headers), 403)


def test_changed_data(trees, own, apps):
    """A version column that moves is a new tile at once; a layer without one is new after citybigdata.tile_age."""
    token = apps[3]["token"]
    number = layer_of(get_tile(own, token, TREES, FILLED), TREES).features[0].id
    trees.sql("UPDATE demo.tile_tree SET note = 'moved', changed_at = now() WHERE tree_id = %s", number)
    until(lambda: any(f.properties.get("note") == "moved" for f in layer_of(get_tile(own, token, TREES, FILLED), TREES).features), 15)
    trees.sql("ALTER SYSTEM SET citybigdata.tile_age = 2")
    trees.sql("SELECT pg_reload_conf()")
    get_tile(own, token, WELLS, FILLED)
    trees.sql("UPDATE demo.tile_tree SET note = 'again', changed_at = now() WHERE tree_id = %s", number)
    until(lambda: any(f.properties.get("note") == "again" for f in layer_of(get_tile(own, token, WELLS, FILLED), WELLS).features), 10, 0.2)
    trees.sql("ALTER SYSTEM SET citybigdata.tile_age = 3600")
    trees.sql("SELECT pg_reload_conf()")


def test_bounded(trees, apps):
    """Never more bytes than the setting, whatever is asked; the latest stay. Without a cache nothing is kept, and tiles are the same."""
    token = apps[1]["token"]
    places = [place for zoom in (11, 12, 13) for place in tiles_of(zoom, *BOX)]
    with own_bridge(trees, workers="2", tile_cache="64KiB") as small, own_bridge(trees, tile_cache="0") as none:
        for place in places:
            assert contents(get_tile(small.client, token, TREES, place)) == contents(get_tile(none.client, token, TREES, place))
            assert metric(small.client, "bytes") <= 65536
        assert metric(small.client, "evictions_total") > 0 and metric(small.client, "tiles") > 3
        hits = metric(small.client, "hits_total")
        get_tile(small.client, token, TREES, places[-1])
        assert metric(small.client, "hits_total") == hits + 1
        get_tile(none.client, token, TREES, places[-1])
        assert [metric(none.client, name) for name in ("hits_total", "misses_total", "bytes", "tiles")] == [0, 0, 0, 0]


def test_variants_of_a_line(trees, apps, own):
    """More callers than tiles that are kept of one address: each still gets its own."""
    tokens = [app["token"] for app in apps.values()]
    queries = [{"height.ge": str(n)} for n in range(3)]
    wanted = {(t, n): get_tile(own, token, TREES, FILLED, queries[n]).body for t, token in enumerate(tokens) for n in range(3)}
    for (t, n), body in list(wanted.items()) * 2:
        assert get_tile(own, tokens[t], TREES, FILLED, queries[n]).body == body


def test_many_at_once(trees, own, apps):
    """Eight threads of three levels at the same tiles: no reply of another level."""
    places = tiles_of(12, *BOX)
    wanted = {(level, place): get_tile(own, apps[level]["token"], TREES, place).body for level in apps for place in places}

    def ask(number):
        chance = random.Random(number)
        connection = own.connection()
        for _ in range(60):
            level, place = chance.choice((1, 2, 3)), chance.choice(places)
            path = f"/tiles/{TREES}/{'/'.join(map(str, place))}.mvt"
            assert own.get(path, token=apps[level]["token"], connection=connection).body == wanted[level, place]
        connection.close()
    parallel(8, ask)


def test_limits_count_once(trees, own):
    """A tile of the cache counts in the caller's limit like any other, and one that has become old counts once."""
    app = trees.make_application(resources=[TREES], level=1)
    check_envelope(own.post(f"/admin/applications/{app['appCode']}/limit", {"resource": TREES, "perSecond": 1000, "burst": 1000, "dailyQuota": 6}, token=trees.admin_token), 200, 0)
    token = trees.token(app)
    place = (13, *tile_of(13, *MIDDLE))
    for turn in range(6):
        if turn % 2:  # what is kept is old: judged, then made
            trees.sql("UPDATE demo.tile_tree SET changed_at = now() WHERE tree_id = 1")
        assert get_tile(own, token, TREES, place).status == 200
    assert check_refused(get_tile(own, token, TREES, place)).status == 429


def test_slow_layer_holds_nobody_up(trees):
    """A map of twenty tiles that each take long, three times over: pages, reads and other layers' tiles go on; beyond the budget the tile is a 504."""
    trees.sql("""CREATE OR REPLACE FUNCTION demo.tile_nap(tree_id int) RETURNS text LANGUAGE plpgsql STABLE AS 'BEGIN PERFORM pg_catalog.pg_sleep(0.02); RETURN ''''; END';
        CREATE VIEW demo.tile_slow AS SELECT tree_id, CASE WHEN tree_id % 10 = 0 THEN demo.tile_nap(tree_id) END AS nap, geom FROM demo.tile_tree;
        ALTER FUNCTION demo.tile_nap OWNER TO demo_analyst; ALTER VIEW demo.tile_slow OWNER TO demo_analyst""")
    publish(trees, "demo.tile_slow", {"code": "tile-slow", "keyset": ["tree_id"], "latencyBudget": 900})
    app = trees.make_application(resources=[TREES, "tile-slow"], level=1)
    token = trees.token(app)
    with own_bridge(trees, tile_connections="2", slow_connections="2", data_connections="2") as bridge:
        client, statuses, left = bridge.client, [], []

        def busy(number):
            for n in range(3):
                # a filter of its own: nobody's tile of before
                statuses.append(get_tile(client, token, "tile-slow", (10, *tile_of(10, *MIDDLE)), {"treeId.le": str(1000 + 100 * number + n)}).status)

        def quick(_):
            for place in tiles_of(ZOOM, *BOX)[:12]:
                check_envelope(client.get(f"/data/{TREES}?pageSize=1", token=token), 200, 0)
                check_envelope(client.get("/resources", token=token), 200, 0)
                assert get_tile(client, token, TREES, place).status in (200, 204)
            left.append(60 - len(statuses))
        parallel(21, lambda number: busy(number) if number < 20 else quick(number))
        assert set(statuses) <= {200, 504, 503} and 200 in statuses, statuses
        assert left[0] > 0, "the slow tiles were all answered before the quick requests"
        whole = {"treeId.le": "600"}
        trees.sql("CREATE OR REPLACE FUNCTION demo.tile_nap(tree_id int) RETURNS text LANGUAGE plpgsql STABLE AS 'BEGIN PERFORM pg_catalog.pg_sleep(0.2); RETURN ''''; END'")
        reply = check_envelope(get_tile(client, token, "tile-slow", (9, *tile_of(9, *MIDDLE)), whole), 504, 50400)
        assert "900 ms" in reply.data["errors"][0]["message"]
    trees.sql("SELECT citybigdata.unpublish('tile-slow'); DROP VIEW demo.tile_slow; DROP FUNCTION demo.tile_nap")


def test_address_is_no_key(own, apps):
    """What is in the cache is not to be had without a credential, nor by another method."""
    path = f"/tiles/{TREES}/{'/'.join(map(str, FILLED))}.mvt"
    kept = get_tile(own, apps[3]["token"], TREES, FILLED)
    for headers in ({}, {"If-None-Match": kept.header("ETag")}, {"If-None-Match": "*"}, {"Authorization": "Bearer " + "A" * 43}):
        check_envelope(own.get(path, headers=headers), 401)
    assert check_refused(own.get(path + "?" + urllib.parse.urlencode({"appCode": apps[1]["appCode"]}), token=apps[3]["token"])).status in (401, 403)
