"""What the tests of vector tiles share: a layer of trees with levels, masks and a hidden field, applications of each level, and tiles decoded."""
import json
import urllib.parse

from mvt import decode, lonlat, tiles_of
from rig import check_envelope

TREES, WELLS = "tile-trees", "tile-wells"
BOX = (116.30, 39.85, 116.50, 39.99)  # west, south, east, north of all trees
COUNT = 600
ZOOM = 14


def make_trees(platform):
    """600 trees in a box of the city: a phone number of level 2 that is masked below, a note of level 3 that is hidden below; wells are the same rows
    with a geometry of level 3."""
    platform.sql(f"""DROP TABLE IF EXISTS demo.tile_tree CASCADE;
        CREATE TABLE demo.tile_tree (tree_id int PRIMARY KEY, kind text NOT NULL, height numeric(5,1), felled boolean, phone text, note text, district_code varchar(6),
            planted_at timestamptz NOT NULL, changed_at timestamptz NOT NULL DEFAULT '2024-01-01 00:00:00+08', geom public.geometry(Point, 4490) NOT NULL);
        INSERT INTO demo.tile_tree SELECT i, (ARRAY['槐', '杨', '柳'])[1 + i % 3], CASE WHEN i % 7 > 0 THEN i % 400 / 10.0 END, i % 5 = 0,
            '139' || lpad((i * 7919 % 100000000)::text, 8, '0'), '备注' || i, '110101', '2020-01-01 00:00:00+08'::timestamptz + i * interval '1 day',
            '2024-01-01 00:00:00+08', public.st_setsrid(public.st_point({BOX[0]} + i * 7 % 601 / 600.0 * {BOX[2] - BOX[0]:.2f}, {BOX[1]} + i * 11 % 599 / 600.0 * {BOX[3] - BOX[1]:.2f}), 4490)
        FROM generate_series(1, {COUNT}) i;
        CREATE INDEX ON demo.tile_tree USING gist (geom);
        CREATE VIEW demo.tile_well AS SELECT * FROM demo.tile_tree;
        ALTER TABLE demo.tile_tree OWNER TO demo_analyst; ALTER VIEW demo.tile_well OWNER TO demo_analyst; ANALYZE demo.tile_tree""")
    fields = {"phone": {"level": 2, "mask": "phone"}, "note": {"level": 3}}
    publish(platform, "demo.tile_tree", {"code": TREES, "titleZh": "树木", "title": "Trees", "versionColumn": "changed_at", "timeColumn": "planted_at", "fields": fields})
    publish(platform, "demo.tile_well", {"code": WELLS, "titleZh": "水井", "keyset": ["tree_id"], "timeColumn": "planted_at", "fields": {**fields, "geom": {"level": 3}}})


def publish(platform, relation, options):
    return platform.value("SELECT code FROM citybigdata.publish(%s, %s::jsonb)", relation, json.dumps(options))


def readers(platform, *resources):
    """{level: an application of that level with a token}"""
    made = {}
    for level in (1, 2, 3):
        app = platform.make_application(resources=list(resources), level=level)
        made[level] = {**app, "token": platform.token(app)}
    return made


def get_tile(client, token, layer, place, query=(), **more):
    query = urllib.parse.urlencode(query)
    return client.get(f"/tiles/{layer}/{'/'.join(map(str, place))}.mvt" + ("?" + query if query else ""), token=token, **more)


def layer_of(reply, layer):
    """The layer of a tile; None: the tile is empty."""
    if reply.status == 204:
        assert reply.body == b"" and reply.header("Content-Type") is None, reply
        return None
    assert reply.status == 200 and reply.header("Content-Type") == "application/vnd.mapbox-vector-tile", reply
    found, = decode(reply.body).items()
    assert found[0] == layer
    return found[1]


def in_tile(point, extent):
    """Not in the buffer, which belongs to the neighbours."""
    return all(0 <= value < extent for value in point)


def features(client, token, layer, query=(), zoom=ZOOM, box=BOX):
    """{id: (properties, longitude, latitude)} of the points of all tiles of a box, each from the tile that it is in."""
    found = {}
    for place in tiles_of(zoom, *box):
        tile = layer_of(get_tile(client, token, layer, place, query), layer)
        for feature in tile.features if tile is not None else []:
            (point,) = feature.parts
            if in_tile(point, tile.extent):
                assert feature.id not in found
                found[feature.id] = (feature.properties, *lonlat(*place, tile.extent, *point))
    return found


def counts(client, token, layer, query=(), zoom=5, box=BOX):
    """[(count, properties, longitude, latitude)] of tiles that hold counts; a feature counts once, where it is in the tile."""
    found = []
    for place in tiles_of(zoom, *box):
        tile = layer_of(get_tile(client, token, layer, place, query), layer)
        for feature in tile.features if tile is not None else []:
            (point,) = feature.parts
            if in_tile(point, tile.extent):
                count = feature.properties["count"] if "aggregate" in feature.properties else 1
                found.append((count, feature.properties, *lonlat(*place, tile.extent, *point)))
    return found


def pages(client, token, layer, query=()):
    """All rows of the data interface."""
    rows, cursor = [], None
    while True:
        asked = [*dict(query).items(), ("pageSize", 1000), *([("cursor", cursor)] if cursor else [])]
        data = check_envelope(client.get(f"/data/{layer}?" + urllib.parse.urlencode(asked), token=token), 200, 0).data
        rows += data["items"]
        cursor = data["nextCursor"]
        if cursor is None:
            return rows


def contents(reply, layer=TREES):
    """What is in a tile, in an order of its own: rows come as the database finds them."""
    tile = layer_of(reply, layer)
    return [] if tile is None else sorted((f.id or 0, f.parts, sorted(f.properties.items())) for f in tile.features)


def check_equal(found, rows, key="treeId", zoom=ZOOM):
    """Tiles have the rows of the pages, field by field, where the pages say they are."""
    unit = 360 / 2 ** zoom / 4096
    assert set(found) == {row[key] for row in rows}
    for row in rows:
        properties, lon, lat = found[row[key]]
        told = {name: value for name, value in row.items() if value is not None and name not in ("longitude", "latitude")}
        assert properties == told, (properties, row)
        assert abs(lon - row["longitude"]) < 0.75 * unit and abs(lat - row["latitude"]) < 0.75 * unit, (lon, lat, row)


def metric(client, name):
    """A counter or gauge of the cache."""
    for line in client.get("//metrics").body.decode().splitlines():
        if line.startswith(f"citybigdata_tile_cache_{name} "):
            return int(line.split()[1])
    raise AssertionError(name)
