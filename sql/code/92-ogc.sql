-- OGC API Features: published resources with a place as collections of features. What the bridge calls; the documents are made in C.

CREATE OR REPLACE FUNCTION citybigdata.rest_ogc_collections(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
                                                            base text, names text[], vals text[]) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_ogc_collections' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_ogc_collections(text, inet, text, text, bytea, text, text[], text[]) IS
'GET /ogc/collections: {links, collections} of the published resources with a place that the caller may read, each with its extent, coordinate systems and links. base: the address that '
'links begin with. 401nn; 40008 any parameter';
CREATE OR REPLACE FUNCTION citybigdata.rest_ogc_collection(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
                                                           collection text, base text, names text[], vals text[]) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_ogc_collection' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_ogc_collection(text, inet, text, text, bytea, text, text, text[], text[]) IS
'GET /ogc/collections/{collection}: one collection. 401nn, 403nn, 40407 as GET /data/{resource}, a resource without place too; 40008 any parameter';
CREATE OR REPLACE FUNCTION citybigdata.rest_ogc_queryables(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
                                                           collection text, base text, names text[], vals text[]) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_ogc_queryables' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_ogc_queryables(text, inet, text, text, bytea, text, text, text[], text[]) IS
'GET /ogc/collections/{collection}/queryables: a JSON Schema with the fields that the caller may filter by, none above his level. 401nn, 403nn, 40407; 40008 any parameter';
CREATE OR REPLACE FUNCTION citybigdata.rest_ogc_items(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
                                                      collection text, base text, names text[], vals text[], tags text DEFAULT NULL) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_ogc_items' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_ogc_items(text, inet, text, text, bytea, text, text, text[], text[], text) IS
'GET /ogc/collections/{collection}/items: a GeoJSON FeatureCollection with its links. Parameters limit, bbox, bbox-crs, datetime, crs, properties, filter (CQL2 text), filter-crs, '
'filter-lang, cursor, and name=value of queryables; tags: the header If-None-Match. Level, masks and budget as GET /data/{resource}. 401nn, 403nn, 40407; 400nn with pointers, in a filter '
'with the place of the character; 50304 the relation changed, 50400 beyond the latency budget; http 304: the client has it';
CREATE OR REPLACE FUNCTION citybigdata.rest_ogc_item(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
                                                     collection text, fid text, base text, names text[], vals text[], tags text DEFAULT NULL) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_ogc_item' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_ogc_item(text, inet, text, text, bytea, text, text, text, text[], text[], text) IS
'GET /ogc/collections/{collection}/items/{fid}: one GeoJSON Feature with its links. fid: the key, several joined by commas (%2C inside one). Parameters crs and properties. '
'401nn, 403nn, 40407; 40450 no such feature';
CREATE OR REPLACE FUNCTION citybigdata.rest_ogc_api(request_id text, client_addr inet, app_code text, scheme text, credential bytea, base text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_ogc_api' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_ogc_api(text, inet, text, text, bytea, text) IS
'GET /ogc/api: {collections}, each with id, title and queryables, of what the caller may read: the bridge describes the interface with it. 401nn';
CREATE OR REPLACE FUNCTION citybigdata.rest_ogc_open(request_id text, client_addr inet, app_code text, scheme text, credential bytea) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_ogc_open' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_ogc_open(text, inet, text, text, bytea) IS
'GET /ogc/s/{sealed} and its /conformance: no data; 401nn when the sealed base is good for nothing any more';
