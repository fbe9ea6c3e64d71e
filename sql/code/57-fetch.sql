-- Media that were reported as an address, fetched and kept (extension/fetch/fetch.h).
COMMENT ON TABLE citybigdata.media_fetch IS 'What became of media that were reported as an address: one row for each that was to be fetched, while citybigdata.media_fetch was on';
COMMENT ON COLUMN citybigdata.media_fetch.fetch_no IS 'Number, in the order in which they were reported';
COMMENT ON COLUMN citybigdata.media_fetch.rec_id IS 'The event, at work or archived';
COMMENT ON COLUMN citybigdata.media_fetch.media_no IS 'The medium: event_media.media_no';
COMMENT ON COLUMN citybigdata.media_fetch.state IS 'waiting: to be fetched, perhaps again; kept; refused: it is not taken, whatever is tried; failed: given up after the last attempt';
COMMENT ON COLUMN citybigdata.media_fetch.message_id IS 'Message of the outbox that fetches it; null: its address cannot be fetched';
COMMENT ON COLUMN citybigdata.media_fetch.status_code IS '0; why it is not kept, or what the last attempt ended with; of a kept one: the finding';
COMMENT ON COLUMN citybigdata.media_fetch.http_status IS 'HTTP status of the last answer; null: there was none';
COMMENT ON COLUMN citybigdata.media_fetch.distance IS 'Metres from the event to where the picture says that it was taken; null: it says nothing';
COMMENT ON COLUMN citybigdata.media_fetch.digest IS 'The copy that is kept';
COMMENT ON COLUMN citybigdata.media_fetch.changed_at IS 'When the state or what is known of it changed';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.media_fetch', '');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.media_fetch_fetch_no_seq', '');

COMMENT ON TABLE citybigdata.media_copy IS 'Fetched media, each content once, without what a picture or film says about where and by whom it was made';
COMMENT ON COLUMN citybigdata.media_copy.digest IS 'SHA-256 of the bytes as they were fetched';
COMMENT ON COLUMN citybigdata.media_copy.content IS 'The bytes as they are served';
COMMENT ON COLUMN citybigdata.media_copy.thumbnail IS 'A small JPEG of a picture, at most 320 by 320; null: there is none';
COMMENT ON COLUMN citybigdata.media_copy.content_type IS 'By the leading bytes';
COMMENT ON COLUMN citybigdata.media_copy.width IS 'Of a picture: pixels';
COMMENT ON COLUMN citybigdata.media_copy.height IS 'Of a picture: pixels';
COMMENT ON COLUMN citybigdata.media_copy.kept_at IS 'When it was kept first';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.media_copy', '');

CREATE OR REPLACE FUNCTION citybigdata.rest_media_fetched(message_id bigint, destination_id bigint, lease bigint, http integer, problem text,
    digest bytea, content bytea, thumbnail bytea, width integer, height integer, longitude double precision, latitude double precision) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_media_fetched' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_media_fetched(bigint, bigint, bigint, integer, text, bytea, bytea, bytea, integer, integer, double precision, double precision) IS
'A medium that the bridge fetched under the lease of a message of the outbox: content is kept as it is given here, digest is the SHA-256 of what came. problem: unreadable, large, program; null: none. '
'longitude, latitude: where the picture says that it was taken (EPSG:4326). {"recorded","late"}: a late one had lost its lease, and nothing was changed; 40007: an argument is missing or out of range';

-- The part of purge_archive(): rows that are locked first, and looked at again behind the lock, since a fetch may have come to the same copy.
CREATE OR REPLACE FUNCTION citybigdata.forget_fetched(events integer[]) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    digests bytea[];
BEGIN
    WITH gone AS (DELETE FROM citybigdata.media_fetch f WHERE f.rec_id = ANY (events) RETURNING f.digest)
    SELECT array_agg(DISTINCT g.digest) INTO digests FROM gone g WHERE g.digest IS NOT NULL;
    IF digests IS NULL THEN
        RETURN;
    END IF;
    PERFORM FROM citybigdata.media_copy c WHERE c.digest = ANY (digests) ORDER BY c.digest FOR UPDATE;
    DELETE FROM citybigdata.media_copy c WHERE c.digest = ANY (digests) AND NOT EXISTS (SELECT FROM citybigdata.media_fetch f WHERE f.digest = c.digest);
END
$$;
COMMENT ON FUNCTION citybigdata.forget_fetched(integer[]) IS 'Removes what was fetched for these events, and copies that no other event has; part of purge_archive()';

CREATE OR REPLACE FUNCTION citybigdata.rest_admin_media_fetches(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    state text, task_num text, cursor text, page_size text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_admin_media_fetches' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_admin_media_fetches(text, inet, text, text, bytea, text, text, text, text) IS
'GET /admin/media-fetches: {items, nextCursor} of media that were reported as an address, with the host and not the address; without a state those that something is to be said of. For sysadmin. 401nn, 40304, 40307; 42200';
