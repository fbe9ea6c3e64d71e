-- Media by URL (clause 5.4.4-b): addresses of stored pictures, videos and files.

CREATE OR REPLACE FUNCTION citybigdata.media_url(app_code text, rec_id integer, media_no integer, expires_in interval DEFAULT '1 hour',
                                                 cidr cidr DEFAULT NULL) RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_media_url' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.media_url(text, integer, integer, interval, cidr) IS
'The address under which this application reads the stored content of a medium of an event, without further credentials, until expires_in is over (at most '
'citybigdata.sealed_url_ttl), optionally from an address range only; null when nothing is stored. Whoever has it can use it. GET /events/{taskNum} gives such addresses by itself';

CREATE OR REPLACE FUNCTION citybigdata.rest_media(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
                                                  id text, range text, if_none_match text, if_range text, head boolean,
                                                  thumbnail boolean DEFAULT false) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_media' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_media(text, inet, text, text, bytea, text, text, text, text, boolean, boolean) IS
'GET /media/{id}: the first slice of a picture, video or file, id its sealed token; range, if_none_match and if_range: the headers as they came; thumbnail: the small JPEG of a picture that was fetched. '
'Reply frame: the bytes of the slice, and with `more` what rest_media_slice gives the next one for';

CREATE OR REPLACE FUNCTION citybigdata.rest_media_slice(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
                                                        id text, more text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_media_slice' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_media_slice(text, inet, text, text, bytea, text, text) IS
'The next slice of a download that rest_media began, more as the reply frame before said it; refused when it is no longer allowed or the medium has changed';
