"""A decoder of vector tiles (Mapbox Vector Tile 2.1) that is strict: what the specification does not allow fails.

    layers = decode(body)        {name: Layer}
    layer.features[0]            Feature(id, kind, parts, properties)
    lonlat(z, x, y, layer.extent, px, py)

Only the wire format is read here (protocol buffers: varints, and texts with their length), with nothing but the standard library.
"""
import math
import struct
from dataclasses import dataclass, field

POINT, LINE, POLYGON = 1, 2, 3
EARTH = 6378137.0


@dataclass
class Feature:
    id: int | None
    kind: int
    parts: list  # points: [(x, y)]; lines: [[(x, y) ...]]; polygons: rings as lines, without the closing point
    properties: dict


@dataclass
class Layer:
    name: str
    version: int = 1
    extent: int = 4096
    features: list = field(default_factory=list)


def varint(data, at):
    """A number and where it ends."""
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value, at
        assert shift < 70, "a varint of more than ten bytes"


def zigzag(number):
    return (number >> 1) ^ -(number & 1)


def fields(data):
    """(number, wire type, value) of a message."""
    at = 0
    while at < len(data):
        key, at = varint(data, at)
        number, wire = key >> 3, key & 7
        if wire == 0:
            value, at = varint(data, at)
        else:
            size, at = varint(data, at) if wire == 2 else ({1: 8, 5: 4}[wire], at)
            value, at = data[at:at + size], at + size
            assert at <= len(data), "a message is cut"
        yield number, wire, value


def packed(data):
    """Numbers one behind the other."""
    at, numbers = 0, []
    while at < len(data):
        number, at = varint(data, at)
        numbers.append(number)
    return numbers


def read_value(data):
    (number, _, value), = fields(data)  # exactly one of them
    readers = {1: lambda: value.decode(), 2: lambda: struct.unpack("<f", value)[0], 3: lambda: struct.unpack("<d", value)[0],
               4: lambda: value - (1 << 64) if value >> 63 else value, 5: lambda: value, 6: lambda: zigzag(value), 7: lambda: bool(value)}
    return readers[number]()


def read_geometry(kind, numbers):
    """Points, or lines and rings as lists of points (4.3)."""
    at, x, y, parts = 0, 0, 0, []
    while at < len(numbers):
        command, count = numbers[at] & 7, numbers[at] >> 3
        at += 1
        assert command in (1, 2, 7) and count > 0
        if command == 7:
            assert kind == POLYGON and count == 1 and len(parts[-1]) >= 3, "a ring of two points"
            continue
        for _ in range(count):
            x, y = x + zigzag(numbers[at]), y + zigzag(numbers[at + 1])
            at += 2
            if kind == POINT:
                assert command == 1
                parts.append((x, y))
            elif command == 1:
                parts.append([(x, y)])
            else:
                parts[-1].append((x, y))
    assert kind == POINT or all(len(part) >= 2 for part in parts)
    return parts


def read_feature(data, keys, values):
    number, kind, tags, geometry = None, 0, [], []
    for name, _, value in fields(data):
        if name == 1:
            number = value
        elif name == 2:
            tags = packed(value)
        elif name == 3:
            kind = value
        elif name == 4:
            geometry = packed(value)
    assert kind in (POINT, LINE, POLYGON) and geometry and len(tags) % 2 == 0
    pairs = [(keys[tags[i]], values[tags[i + 1]]) for i in range(0, len(tags), 2)]
    assert len(dict(pairs)) == len(pairs), "a property stands twice"
    return Feature(number, kind, read_geometry(kind, geometry), dict(pairs))


def read_layer(data):
    layer, keys, values, features = Layer(""), [], [], []
    for number, _, value in fields(data):
        if number == 1:
            layer.name = value.decode()
        elif number == 2:
            features.append(value)
        elif number == 3:
            keys.append(value.decode())
        elif number == 4:
            values.append(read_value(value))
        elif number == 5:
            layer.extent = value
        elif number == 15:
            layer.version = value
    assert layer.name and layer.version == 2 and len(set(keys)) == len(keys)
    layer.features = [read_feature(feature, keys, values) for feature in features]
    numbers = [feature.id for feature in layer.features if feature.id is not None]
    assert len(set(numbers)) == len(numbers), "two features of one id"
    return layer


def decode(data):
    """{name: Layer} of a tile's bytes."""
    layers = [read_layer(value) for number, _, value in fields(data) if number == 3]
    assert len({layer.name for layer in layers}) == len(layers), "two layers of one name"
    return {layer.name: layer for layer in layers}


def lonlat(z, x, y, extent, px, py):
    """Degrees of a point in a tile's own coordinates."""
    size = 2 * math.pi * EARTH / 2 ** z
    east = -math.pi * EARTH + (x + px / extent) * size
    north = math.pi * EARTH - (y + py / extent) * size
    return math.degrees(east / EARTH), math.degrees(2 * math.atan(math.exp(north / EARTH)) - math.pi / 2)


def tile_of(z, lon, lat):
    """Column and row of the tile that holds a point."""
    n = 2 ** z
    x = (lon + 180) / 360 * n
    y = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * n
    return min(n - 1, int(x)), min(n - 1, int(y))


def tiles_of(z, west, south, east, north):
    """(z, x, y) of all tiles that cover a box."""
    left, top = tile_of(z, west, north)
    right, bottom = tile_of(z, east, south)
    return [(z, x, y) for x in range(left, right + 1) for y in range(top, bottom + 1)]
