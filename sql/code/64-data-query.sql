-- The open data interface: query() for analysts, rest_data_query() for the bridge.

CREATE OR REPLACE FUNCTION citybigdata.query(resource text, params jsonb DEFAULT '{}') RETURNS json
    AS 'MODULE_PATHNAME', 'cbd_query' LANGUAGE c VOLATILE STRICT;
COMMENT ON FUNCTION citybigdata.query(text, jsonb) IS
'One page of a published resource as GET /data/{resource} gives it: {items, nextCursor, codeTables}. params: {"divisionCode": "110101", "timeRange": '
'"[20240101000000,20240201000000)", "pageSize": 10, "cursor": …}. Who may not read the relation himself sees it as a caller of level 1';

CREATE OR REPLACE FUNCTION citybigdata.query_text(resource text, params jsonb DEFAULT '{}') RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_query' LANGUAGE c VOLATILE STRICT;
COMMENT ON FUNCTION citybigdata.query_text(text, jsonb) IS
'query() as text, for params with "format": csv, ndjson or geojson. CSV has its header line on the first page only';

CREATE OR REPLACE FUNCTION citybigdata.query_parameters() RETURNS text[]
    AS 'MODULE_PATHNAME', 'cbd_query_parameters' LANGUAGE c IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.query_parameters() IS 'Names of the parameters that every resource understands, as the engine has them; the manual documents each';

CREATE OR REPLACE FUNCTION citybigdata.rest_data_query(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
                                                       resource text, names text[], vals text[], if_none_match text DEFAULT NULL) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_data_query' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_data_query(text, inet, text, text, bytea, text, text[], text[], text) IS
'GET, POST /data/{resource}: parameters in the order and as often as given, format (json, csv, geojson, ndjson) among them. if_none_match: the header as it '
'came. Reply frame: the text of the page with its content type and entity tag, `link` with the cursor of the next page, and for a download `more`, the credential '
'of scheme continued for that page; http 304: the client has it';
