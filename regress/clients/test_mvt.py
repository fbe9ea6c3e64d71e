"""Vector tiles by mapbox-vector-tile of PyPI, a decoder of others: it reads what the tests' own decoder (regress/bridge/mvt.py) reads."""
# /// script
# dependencies = ["mapbox-vector-tile~=2.2"]
# ///
import mapbox_vector_tile
import pytest
from mvt import decode, tile_of


def parts(geometry):
    """The coordinates of a GeoJSON geometry as a set of points: the two decoders nest them differently."""
    found, stack = set(), [geometry["coordinates"]]
    while stack:
        value = stack.pop()
        if isinstance(value[0], (int, float)):
            found.add((round(value[0]), round(value[1])))
        else:
            stack.extend(value)
    return found


def own_parts(parts_):
    return {point for part in parts_ for point in (part if isinstance(part, list) else [part])}


@pytest.mark.parametrize("zoom", [5, 9, 12, 15])
@pytest.mark.parametrize("layer", ["street-lights", "city-events"])
def test_the_same_by_another_decoder(platform, demo_data, layer, zoom):
    token = platform.token()
    table = {"street-lights": "demo.street_light", "city-events": "demo.city_event"}[layer]
    lon, lat = platform.sql(f"SELECT public.st_x(geom), public.st_y(geom) FROM {table} LIMIT 1")[0]
    x, y = tile_of(zoom, lon, lat)
    reply = platform.client.get(f"/tiles/{layer}/{zoom}/{x}/{y}.mvt", token=token)
    assert reply.status == 200
    own = decode(reply.body)[layer]
    other = mapbox_vector_tile.decode(reply.body, default_options={"y_coord_down": True})[layer]
    assert other["extent"] == own.extent == 4096 and other["version"] == own.version == 2
    assert len(other["features"]) == len(own.features) > 0
    for theirs, ours in zip(other["features"], own.features):
        assert theirs["properties"] == ours.properties
        assert parts(theirs["geometry"]) == own_parts(ours.parts)
        assert theirs.get("id", 0) == (ours.id or 0)


def test_areas(platform, demo_data):
    """Boundaries: polygons with rings."""
    token = platform.token()
    lon, lat = platform.sql("SELECT public.st_x(geom), public.st_y(geom) FROM demo.street_light LIMIT 1")[0]
    x, y = tile_of(9, lon, lat)
    reply = platform.client.get(f"/tiles/divisions/9/{x}/{y}.mvt", token=token)
    assert reply.status == 200
    (own,), (other,) = decode(reply.body).values(), mapbox_vector_tile.decode(reply.body, default_options={"y_coord_down": True}).values()
    assert len(other["features"]) == len(own.features) > 0
    for theirs, ours in zip(other["features"], own.features):
        assert theirs["geometry"]["type"] in ("Polygon", "MultiPolygon") and parts(theirs["geometry"]) == own_parts(ours.parts)
