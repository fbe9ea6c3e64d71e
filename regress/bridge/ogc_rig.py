"""OGC API Features for the tests: a client of /ogc by token or behind a sealed base, and what the standard says of each document, as JSON Schema."""
import json
import urllib.parse

import jsonschema

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
JSON, GEOJSON, HTML, SCHEMA = "application/json", "application/geo+json", "text/html", "application/schema+json"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
REL_QUERYABLES = "http://www.opengis.net/def/rel/ogc/1.0/queryables"
TIME = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$"

_link = {"type": "object", "required": ["href", "rel", "type"], "properties": {"href": {"type": "string", "pattern": "^https://"}, **{n: {"type": "string"} for n in ("rel", "type", "title", "hreflang")}}}
_links = {"type": "array", "items": _link, "minItems": 1}
_extent = {"type": "object", "properties": {
    "spatial": {"type": "object", "required": ["bbox"], "properties": {"crs": {"const": CRS84}, "bbox": {"type": "array", "minItems": 1, "items": {
        "type": "array", "items": {"type": "number"}, "oneOf": [{"minItems": 4, "maxItems": 4}, {"minItems": 6, "maxItems": 6}]}}}},
    "temporal": {"type": "object", "required": ["interval"], "properties": {"interval": {"type": "array", "minItems": 1, "items": {
        "type": "array", "minItems": 2, "maxItems": 2, "items": {"type": ["string", "null"], "pattern": TIME}}}}}}}
_collection = {"type": "object", "required": ["id", "links"], "properties": {
    "id": {"type": "string"}, "title": {"type": "string"}, "description": {"type": "string"}, "links": _links, "extent": _extent, "itemType": {"const": "feature"},
    "crs": {"type": "array", "minItems": 1, "items": {"type": "string", "format": "uri"}}, "storageCrs": {"type": "string"}}}
_position = {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 3}


def _nested(depth):
    return _position if depth == 0 else {"type": "array", "items": _nested(depth - 1)}


_geometry = {"oneOf": [{"type": "null"}] + [{"type": "object", "required": ["type", "coordinates"], "properties": {"type": {"const": name}, "coordinates": _nested(depth)}} for name, depth in (
    ("Point", 0), ("MultiPoint", 1), ("LineString", 1), ("MultiLineString", 2), ("Polygon", 2), ("MultiPolygon", 3))]}
_feature = {"type": "object", "required": ["type", "id", "geometry", "properties"], "properties": {
    "type": {"const": "Feature"}, "id": {"type": ["string", "integer"]}, "geometry": _geometry, "properties": {"type": ["object", "null"]}, "links": _links}}
SCHEMAS = {
    "landing": {"type": "object", "required": ["links"], "properties": {"title": {"type": "string"}, "description": {"type": "string"}, "links": _links}},
    "conformance": {"type": "object", "required": ["conformsTo"], "properties": {"conformsTo": {"type": "array", "items": {"type": "string", "format": "uri"}}}},
    "collections": {"type": "object", "required": ["links", "collections"], "properties": {"links": _links, "collections": {"type": "array", "items": _collection}}},
    "collection": _collection,
    "features": {"type": "object", "required": ["type", "features", "links"], "properties": {
        "type": {"const": "FeatureCollection"}, "features": {"type": "array", "items": _feature}, "links": _links, "timeStamp": {"type": "string", "pattern": TIME},
        "numberReturned": {"type": "integer", "minimum": 0}, "numberMatched": {"type": "integer", "minimum": 0}}},
    "feature": {**_feature, "required": _feature["required"] + ["links"]},
    "queryables": {"type": "object", "required": ["$schema", "$id", "type", "properties"], "properties": {
        "$schema": {"enum": ["https://json-schema.org/draft/2019-09/schema", "https://json-schema.org/draft/2020-12/schema"]}, "type": {"const": "object"},
        "properties": {"type": "object", "additionalProperties": {"type": "object", "anyOf": [{"required": ["type"]}, {"required": ["format"]}]}}}},
    "exception": {"type": "object", "required": ["code", "description"], "additionalProperties": False,
                  "properties": {"code": {"type": "string", "pattern": r"^\d{5}$"}, "description": {"type": "string", "minLength": 1}}},
}


def valid(document, schema):
    jsonschema.Draft202012Validator(SCHEMAS[schema], format_checker=jsonschema.FormatChecker()).validate(document)
    return document


def links(document, rel, media=None):
    return [link["href"] for link in document["links"] if link["rel"] == rel and (media is None or link["type"] == media)]


class Ogc:
    """The service as one caller sees it. `token` None and `sealed` None: nobody."""

    def __init__(self, platform, token=None, sealed=None, client=None):
        self.platform, self.token = platform, token
        self.client = client or platform.client
        self.root = "/ogc/s/" + sealed if sealed else "/ogc"
        self.base = f"https://{self.client.host}:{self.client.port}{self.root}"

    def get(self, path="", query=None, headers=None, **more):
        """path from the base, or a whole address of a link."""
        if path.startswith("https://"):
            assert path.startswith(self.base), path
            path = path[len(self.base):]
        query = {**(query or {}), **more}
        if query:
            path += ("&" if "?" in path else "?") + urllib.parse.urlencode(query)
        return self.client.request("GET", "/" + self.root + path, headers=headers or {}, token=self.token)

    def json(self, path="", schema=None, media=None, query=None, **more):
        reply = self.get(path, query, **more)
        assert reply.status == 200, reply
        if media is not None:
            assert reply.header("Content-Type") == media, reply
        return valid(reply.json, schema) if schema else reply.json

    def items(self, collection, query=None, **more):
        return self.json(f"/collections/{collection}/items", "features", GEOJSON, query, **more)

    def all(self, collection, query=None, **more):
        """Features of all pages, by the links `next`."""
        page = self.items(collection, query, **more)
        features = page["features"]
        while links(page, "next"):
            page = self.json(links(page, "next")[0], "features", GEOJSON)
            assert page["features"], page
            features += page["features"]
        return features

    def ids(self, collection, query=None, **more):
        return [feature["id"] for feature in self.all(collection, {"limit": 1000, **(query or {}), **more})]


def refused(reply, status, code=None, *parts):
    """An exception of the standard, as JSON, whose description has these parts."""
    assert reply.status == status and reply.header("Content-Type") == JSON, reply
    valid(reply.json, "exception")
    assert int(reply.json["code"]) // 100 in (status, 422), reply
    assert code is None or reply.json["code"] == str(code), reply
    for part in parts:
        assert part in reply.json["description"], (part, reply)
    assert status == 403 or (status == 401) == (reply.header("WWW-Authenticate") is not None), reply
    return reply


def sealed_base(platform, token, **more):
    """The secret part of a sealed base address made with a token."""
    reply = platform.client.post("/auth/sealed-url", {"resource": "/ogc", **more}, token=token)
    assert reply.status == 200 and set(reply.data) == {"url", "expiresIn"}, reply
    sealed = reply.data["url"].rsplit("/", 1)[1]
    platform.client.secrets.add(sealed)
    assert reply.data["url"] == f"https://{platform.client.host}:{platform.client.port}/ogc/s/{sealed}"
    return sealed


def rows_of(platform, token, resource, **query):
    """All rows of /data/{resource} as GeoJSON features."""
    features, cursor = [], None
    while True:
        reply = platform.client.get(f"/data/{resource}?" + urllib.parse.urlencode({"format": "geojson", "pageSize": 1000, **query, **({"cursor": cursor} if cursor else {})}), token=token)
        assert reply.status == 200, reply
        features += json.loads(reply.body)["features"]
        link = reply.header("Link")
        if not link:
            return features
        cursor = urllib.parse.parse_qs(urllib.parse.urlsplit(link[1:link.index(">")]).query)["cursor"][0]
