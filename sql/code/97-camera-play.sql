-- Plays of cameras (extension/camera/play.h): what media servers ask and tell; docs/camera-servers.md.
CREATE OR REPLACE FUNCTION citybigdata.rest_camera_play(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
        provider text, key bytea, event text, protocol text, token bytea, stream text, client text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_camera_play' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_camera_play(text, inet, text, text, bytea, text, bytea, text, text, bytea, text, text) IS
'POST /gateway/camera/play: may the address be opened, or its play go on? event: open, request (hls), keep, end; key, token: SHA-256. {codec, transport}; 40101, 40104 no media server of the provider; 40365 unknown or altered, 40366 expired, 40367 of another client address, 40368 ended, 40369 camera not to be had; whatever is said to its owner';
CREATE OR REPLACE FUNCTION citybigdata.rest_camera_source(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
        provider text, key bytea, source text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_camera_source' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_camera_source(text, inet, text, text, bytea, text, bytea, text) IS
'POST /gateway/camera/source: where the media server takes a stream from, which it runs from now on: {url, codec}; 40101, 40104, 40465 there is none, 50365 as many are transcoded as may be';
CREATE OR REPLACE FUNCTION citybigdata.rest_camera_report(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
        provider text, key bytea, sources text[]) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_camera_report' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_camera_report(text, inet, text, text, bytea, text, bytea, text[]) IS
'POST /gateway/camera/report: all streams that the media server runs, name=waking|live|failed|ended; plays of which nobody was seen for 15 s are ended. 40101, 40104';
