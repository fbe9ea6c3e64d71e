"""Who sees what in tiles: a tile never has what the same caller's page of the data interface would not have.

Layers, levels, masks, callers, filters and tiles are drawn at random, the same lines again and again, by callers in turn, so that most tiles come from
the bridge's cache; meanwhile grants are raised, lowered and revoked, and rows change. After each step the tile is compared with the caller's page of
that moment, field by field; what the page refuses the tile refuses with the same code.
"""
import os
import random
import urllib.parse

import pytest
from mvt import lonlat, tile_of
from rig import check_envelope
from tile_rig import get_tile, in_tile, layer_of, pages, publish

BOX = (116.36, 39.88, 116.44, 39.94)
ROWS = 120
MASKS = ["phone", "name", "address", "id-number", "all"]
STEPS = 60
SEEDS = range(24 if os.environ.get("CBD_TEST_ALL") else 4)
# name of a column: its type, and a value of row n
COLUMNS = {"label": ("text", "'标签' || n % 9"), "phone": ("text", "'138' || lpad((n * 7919 % 100000000)::text, 8, '0')"), "keeper": ("text", "'王小明' || n"), "kind": ("int", "n % 5"),
           "weight": ("numeric(9,3)", "n * 1.375"), "rate": ("float8", "n / 7.0"), "lit": ("boolean", "n % 3 = 0"), "day": ("date", "'2024-01-01'::date + n"),
           "noted_at": ("timestamptz", "'2024-01-01 00:00:00+08'::timestamptz + n * interval '1 hour'"), "long_number": ("bigint", "-9007199254740993 - n")}


class Layer:
    """A layer of random levels and masks, and what may be asked of it."""

    def __init__(self, platform, seed):
        self.platform, self.rng = platform, random.Random(seed)
        self.code, self.table = f"tile-rights-{seed}", f"demo.tile_rights_{seed}"
        levels = {name: self.rng.choice([1, 1, 2, 3]) for name in COLUMNS}
        self.place_level = self.rng.choice([1, 1, 1, 3]) if seed else 3
        fields = {name: {"level": level, **({"mask": self.rng.choice(MASKS)} if COLUMNS[name][0] == "text" and level > 1 and self.rng.random() < 0.7 else {})}
                  for name, level in levels.items()}
        platform.sql(f"""DROP TABLE IF EXISTS {self.table};
            CREATE TABLE {self.table} (id int PRIMARY KEY, {', '.join(f'{name} {kind}' for name, (kind, _) in COLUMNS.items())}, district_code varchar(6),
                changed_at timestamptz NOT NULL DEFAULT '2024-01-01 00:00:00+08', geom public.geometry(Point, 4490));
            INSERT INTO {self.table} (id, {', '.join(COLUMNS)}, district_code, geom) SELECT n, {', '.join(value for _, value in COLUMNS.values())},
                CASE n % 3 WHEN 0 THEN '110105' ELSE '110101' END, public.st_setsrid(public.st_point({BOX[0]} + n * 37 % 101 / 101.0 * {BOX[2] - BOX[0]:.2f},
                {BOX[1]} + n * 53 % 103 / 103.0 * {BOX[3] - BOX[1]:.2f}), 4490) FROM generate_series(1, {ROWS}) n;
            ALTER TABLE {self.table} OWNER TO demo_analyst""")
        publish(platform, self.table, {"code": self.code, "level": 1, "versionColumn": "changed_at", "divisionColumn": "district_code", "geometryColumn": "geom", "timeColumn": None,
                                       "fields": {**fields, "geom": {"level": self.place_level}, "changed_at": {"level": 1}}})

    def query(self):
        """Filters, some of which a caller of a lower level may not use."""
        made = {}
        for _ in range(self.rng.choice([0, 0, 1, 1, 2])):
            name, value = self.rng.choice([("label", "标签3"), ("phone.like", "138%"), ("keeper", "王小明7"), ("kind", "2"), ("kind.in", "1,4"), ("weight.gt", "60"), ("lit", "true"),
                                           ("notedAt.lt", "20240104000000"), ("divisionCode", "110105"), ("bbox", "116.38,39.89,116.41,39.93"), ("id.le", "70"), ("longNumber.isNull", "false")])
            made[name] = value
        return made

    def change(self, callers):
        """Something that decides what is seen: a grant, or a row."""
        app = self.rng.choice(callers)
        kind = self.rng.choice(["level", "level", "state", "row"])
        if kind == "level":
            app["level"] = self.rng.choice([1, 2, 3])
            self.platform.sql("UPDATE citybigdata.app_grant SET level = %s WHERE resource = %s AND app_id = (SELECT app_id FROM citybigdata.application WHERE app_code = %s)",
                              app["level"], self.code, app["appCode"])
        elif kind == "state":
            self.platform.sql("UPDATE citybigdata.app_grant SET state = CASE state WHEN 'active' THEN 'revoked' ELSE 'active' END WHERE resource = %s AND app_id = (SELECT app_id FROM "
                              "citybigdata.application WHERE app_code = %s)", self.code, app["appCode"])
        else:
            self.platform.sql(f"UPDATE {self.table} SET keeper = '李四' || id, changed_at = now() WHERE id = %s", self.rng.randint(1, ROWS))


def check_tile(client, layer, app, place, query):
    """The tile has the page's rows that lie in it, no more and no less, or both are refused alike."""
    page = client.get(f"/data/{layer.code}?" + urllib.parse.urlencode({**query, "pageSize": 1000}), token=app["token"])
    reply = get_tile(client, app["token"], layer.code, place, query)
    if page.status != 200:
        assert (reply.status, reply.code) == (page.status, page.code), (query, reply, page)
        return "refused"
    rows = {row["id"]: row for row in check_envelope(page, 200, 0).data["items"]}
    tile = layer_of(reply, layer.code)
    found = tile.features if tile is not None else []
    if layer.place_level > app["level"]:
        assert all(feature.properties["aggregate"] == "district" and set(feature.properties) <= {"count", "aggregate", "divisionCode", "divisionName"} for feature in found)
        for feature in found:
            assert feature.properties["count"] == sum(row["districtCode"] == feature.properties["divisionCode"] for row in rows.values()), (query, feature)
        return "districts"
    for feature in found:
        row = rows[feature.id]
        assert feature.properties == {name: value for name, value in row.items() if value is not None and name not in ("longitude", "latitude")}, (app, query, row)
        lon, lat = lonlat(*place, tile.extent, *feature.parts[0])
        unit = 360 / 2 ** place[0] / tile.extent
        assert abs(lon - row["longitude"]) < 0.75 * unit and abs(lat - row["latitude"]) < 0.75 * unit
    inside = {feature.id for feature in found if in_tile(feature.parts[0], tile.extent)}
    # a point at the very edge may be rounded to the other side of it
    expected = {number for number, row in rows.items() if tile_of(place[0], row["longitude"], row["latitude"]) == place[1:]}
    assert len(inside ^ expected) <= 2, (query, inside ^ expected)
    return "features" if found else "empty"


@pytest.mark.parametrize("seed", SEEDS)
def test_tiles_show_what_pages_show(demo_data, client, seed):
    layer = Layer(demo_data, seed)
    callers = []
    for level in (1, 2, 3):
        app = demo_data.make_application(resources=[layer.code], level=level)
        callers.append({**app, "level": level, "token": demo_data.token(app)})
    lines = [((zoom, *tile_of(zoom, layer.rng.uniform(BOX[0], BOX[2]), layer.rng.uniform(BOX[1], BOX[3]))), layer.query()) for zoom in (8, 11, 12, 13, 14, 14) for _ in range(2)]
    seen = []
    for step in range(STEPS):
        if step % 6 == 5:
            layer.change(callers)
            # the state of the version column is known to a session for a second
            demo_data.sql("SELECT pg_sleep(1.1)")
        place, query = layer.rng.choice(lines)
        for app in layer.rng.sample(callers, 2):
            seen.append(check_tile(client, layer, app, place, query))
    assert "districts" in seen if layer.place_level == 3 else "features" in seen, seen
    demo_data.sql(f"SELECT citybigdata.unpublish('{layer.code}')")
    demo_data.sql(f"DROP TABLE {layer.table}")


def test_pages_and_tiles_know_the_same_rows(demo_data, client):
    """All tiles of a zoom together have every row of the layer once."""
    layer = Layer(demo_data, 1000)
    layer.place_level = 1
    publish(demo_data, layer.table, {"code": layer.code, "level": 1, "divisionColumn": "district_code", "geometryColumn": "geom", "timeColumn": None})
    app = demo_data.make_application(resources=[layer.code], level=3)
    token = demo_data.token(app)
    west, north = tile_of(13, BOX[0], BOX[3])
    east, south = tile_of(13, BOX[2], BOX[1])
    found = []
    for x in range(west, east + 1):
        for y in range(north, south + 1):
            tile = layer_of(get_tile(client, token, layer.code, (13, x, y)), layer.code)
            found += [feature.id for feature in tile.features if in_tile(feature.parts[0], tile.extent)] if tile is not None else []
    assert sorted(found) == sorted(row["id"] for row in pages(client, token, layer.code))
    demo_data.sql(f"SELECT citybigdata.unpublish('{layer.code}')")
    demo_data.sql(f"DROP TABLE {layer.table}")
