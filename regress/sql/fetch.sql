-- Fetching: what is put with a report, what a bridge is given, how the medium it brings is judged; findings, copies, rights, purge.
SET client_min_messages = warning;
\set VERBOSITY terse
-- off: nothing is put
CREATE FUNCTION pg_temp.report(number text, VARIADIC medias jsonb[]) RETURNS integer LANGUAGE sql AS $$
    SELECT r.rec_id FROM citybigdata.report_event('fetch-1', jsonb_build_object('eventDesc', '路灯不亮', 'otherTaskNum', number, 'address', '景山前街4号', 'coordinateX', 448463.732, 'coordinateY', 4421118.659,
        'eventSrcID', 1, 'recTypeID', 1, 'eventLevelID', 1, 'eventTypeCode', '6', 'mainTypeCode', '602', 'subTypeCode', '60201', 'humanName', '方七', 'cellphone', '13900139077',
        'createTime', to_char(now() - interval '1 hour', 'YYYYMMDDHH24MISS'), 'mediaNum', cardinality(medias), 'medias', to_jsonb(medias))::json) r $$;
CREATE FUNCTION pg_temp.medium(url text, kind text DEFAULT 'IMAGE') RETURNS jsonb LANGUAGE sql AS $$
    SELECT jsonb_build_object('mediaName', 'a.jpg', 'mediaType', kind, 'mediaUsage', '上报', 'mediaURL', url) $$;
CREATE VIEW pg_temp.fetches AS SELECT f.rec_id - (SELECT min(rec_id) FROM citybigdata.media_fetch) AS event, f.media_no, f.state, f.status_code, f.http_status, f.distance, f.message_id IS NOT NULL AS message,
    length(f.digest) AS digest FROM citybigdata.media_fetch f ORDER BY f.fetch_no;
SELECT pg_temp.report('fetch-off', pg_temp.medium('https://pictures.example/a.jpg')) > 0 AS reported;
SELECT count(*) FROM citybigdata.media_fetch;

-- on: one message for each address that can be fetched; content needs none
SET citybigdata.media_fetch = on;
SELECT pg_temp.report('fetch-a', pg_temp.medium('https://pictures.example/a.jpg'), pg_temp.medium('HTTPS://Pictures.example:8443/路灯[1].jpg?a=1%2f#top'), pg_temp.medium('ftp://pictures.example/a.jpg'),
    pg_temp.medium('http://pictures.example/a.jpg'), pg_temp.medium('https://127.1/a.jpg'), pg_temp.medium('https://汉字.example/a.jpg'), pg_temp.medium('https://pictures.example/film', 'VIDEO'),
    pg_temp.medium('https://pictures.example/c.jpg') - 'mediaURL' || jsonb_build_object('content', encode('\xffd8ffe000104a4649460001', 'base64'))) AS a \gset
SELECT * FROM pg_temp.fetches;
SELECT count(*) AS destinations, count(DISTINCT key) AS keys FROM citybigdata.outbox_destination WHERE purpose = 'media';
SELECT count(*) AS messages, bool_and(q.judged) AS judged, bool_and(q.order_key IS NULL) AS unordered FROM citybigdata.outbox_queue q JOIN citybigdata.outbox_message m USING (message_id) WHERE m.kind = 'media.fetch';
-- a repeat puts nothing more
SELECT pg_temp.report('fetch-off', pg_temp.medium('https://pictures.example/a.jpg')) > 0 AS repeated;
SELECT count(*) FROM citybigdata.media_fetch;

-- what a bridge is given: the address made fit, the limit; http:// is refused at once
CREATE FUNCTION pg_temp.claim() RETURNS TABLE (m jsonb) LANGUAGE sql AS $$
    SELECT jsonb_array_elements(reply.data(citybigdata.rest_outbox_claim(100, 100, 60000, '{}', '{}'))::jsonb -> 'messages') $$;
CREATE TEMP TABLE got (n serial, m jsonb, media_no integer);
INSERT INTO got (m) SELECT m FROM pg_temp.claim() m WHERE m ->> 'purpose' = 'media';
UPDATE got SET media_no = f.media_no FROM citybigdata.media_fetch f WHERE f.message_id = (m ->> 'messageId')::bigint;
SELECT media_no, m ->> 'method' AS method, m ->> 'url' AS url, m -> 'limit' AS "limit", m -> 'plain' AS plain, m -> 'headers' AS headers, m ? 'body' AS body FROM got ORDER BY media_no;
SELECT * FROM pg_temp.fetches WHERE media_no = 4;
SELECT r.state, r.error FROM citybigdata.outbox_result r JOIN citybigdata.media_fetch f USING (message_id) WHERE f.media_no = 4;

-- what the bridge brings
CREATE FUNCTION pg_temp.brought(medium integer, content bytea, problem text DEFAULT NULL, longitude float8 DEFAULT NULL, latitude float8 DEFAULT NULL, lease bigint DEFAULT NULL) RETURNS text LANGUAGE sql AS $$
    SELECT reply.data(citybigdata.rest_media_fetched((g.m ->> 'messageId')::bigint, (g.m ->> 'destination')::bigint, coalesce(lease, (g.m ->> 'lease')::bigint), 200, problem,
        sha256(coalesce(content, '')), content, CASE WHEN content IS NOT NULL THEN '\xffd8ffe1'::bytea END, 640, 480, longitude, latitude)) FROM got g WHERE g.media_no = medium ORDER BY g.n DESC LIMIT 1 $$;
-- without the lease nothing happens
SELECT pg_temp.brought(1, '\xffd8ffe000104a46', lease => 1) AS forged;
SELECT state FROM pg_temp.fetches WHERE media_no = 1;
-- a picture of 200 m away, one of 5 km away; a lie, one that cannot be read, one that nobody could look at
SELECT ST_X(p) AS lon, ST_Y(p) AS lat FROM (SELECT ST_Project(geom::geography, 200, 1)::geometry AS p FROM citybigdata.event WHERE rec_id = :a) x \gset
SELECT pg_temp.brought(1, '\xffd8ffe000104a46', NULL, :lon, :lat) AS kept;
SELECT * FROM pg_temp.fetches WHERE media_no = 1;
SELECT pg_temp.brought(1, '\xffd8ffe000104a46') AS again;
SELECT pg_temp.brought(7, '\xffd8ffe000104a46') AS lie, pg_temp.brought(2, NULL, 'program') AS program;
SELECT * FROM pg_temp.fetches WHERE media_no IN (2, 7);
SELECT r.state, r.error, r.http_status FROM citybigdata.outbox_result r JOIN citybigdata.media_fetch f USING (message_id) WHERE f.media_no = 7;
SELECT q.attempts, q.due_at > now() AS later, q.error FROM citybigdata.outbox_queue q JOIN citybigdata.media_fetch f USING (message_id) WHERE f.media_no = 2;
UPDATE citybigdata.outbox_queue q SET due_at = now() - interval '1 s' FROM citybigdata.media_fetch f WHERE f.message_id = q.message_id AND f.media_no = 2;
INSERT INTO got (m, media_no) SELECT m, 2 FROM pg_temp.claim() m WHERE m ->> 'purpose' = 'media';
SELECT ST_X(p) AS lon, ST_Y(p) AS lat FROM (SELECT ST_Project(geom::geography, 5000, 2)::geometry AS p FROM citybigdata.event WHERE rec_id = :a) x \gset
SELECT pg_temp.brought(2, '\xffd8ffe000104a46', NULL, :lon, :lat) AS far;
SELECT * FROM pg_temp.fetches WHERE media_no = 2;
-- the same content is one copy
SELECT count(*) AS copies, min(content_type) AS type, min(width) AS width, min(length(content)) AS bytes FROM citybigdata.media_copy;
-- arguments that cannot be
SELECT reply.status(f) FROM (VALUES (citybigdata.rest_media_fetched(NULL, 1, 1, 200, NULL, sha256(''), '', NULL, NULL, NULL, NULL, NULL)), (citybigdata.rest_media_fetched(1, 1, 1, 200, NULL, '\x00', '', NULL, NULL, NULL, NULL, NULL)),
    (citybigdata.rest_media_fetched(1, 1, 1, 200, NULL, sha256(''), NULL, NULL, NULL, NULL, NULL, NULL)), (citybigdata.rest_media_fetched(1, 1, 1, 200, NULL, sha256(''), '', NULL, 70000, 1, NULL, NULL)),
    (citybigdata.rest_media_fetched(1, 1, 1, 200, NULL, sha256(''), '', NULL, 1, 1, 181, 0)), (citybigdata.rest_media_fetched(1, 1, 1, 200, NULL, sha256(''), '', NULL, 1, 1, 'NaN', 0))) v (f);

-- failures: later, at the end given up; what may not be reached is refused at once
SELECT pg_temp.report('fetch-b', pg_temp.medium('https://pictures.example/1.jpg'), pg_temp.medium('https://pictures.example/2.jpg'), pg_temp.medium('https://pictures.example/3.jpg'), pg_temp.medium('https://pictures.example/4.jpg')) AS b \gset
TRUNCATE got;
INSERT INTO got (m) SELECT m FROM pg_temp.claim() m WHERE m ->> 'purpose' = 'media';
UPDATE got SET media_no = f.media_no FROM citybigdata.media_fetch f WHERE f.message_id = (m ->> 'messageId')::bigint;
CREATE FUNCTION pg_temp.told(medium integer, more jsonb) RETURNS text LANGUAGE sql AS $$
    SELECT reply.data(citybigdata.rest_outbox_record(jsonb_build_array(jsonb_build_object('messageId', g.m -> 'messageId', 'destination', g.m -> 'destination', 'lease', g.m -> 'lease') || more)::text))
    FROM got g WHERE g.media_no = medium ORDER BY g.n DESC LIMIT 1 $$;
SELECT pg_temp.told(1, '{"http": 404}'), pg_temp.told(2, '{"error": "refused: the address is not public, and not in outbound_networks", "refused": true}'),
    pg_temp.told(3, '{"error": "large: more bytes than are taken"}'), pg_temp.told(4, '{"http": 410}');
SELECT * FROM pg_temp.fetches WHERE event = :b - :a;
-- a host that fails holds up no other of its destination
SELECT sum(failures) AS failures, bool_and(not_before < now()) AS open FROM citybigdata.outbox_destination WHERE purpose = 'media';
-- the last attempt
UPDATE citybigdata.outbox_queue q SET due_at = now() - interval '1 s', attempts = 8 FROM citybigdata.media_fetch f WHERE f.message_id = q.message_id AND f.rec_id = :b;
INSERT INTO got (m, media_no) SELECT m, 1 FROM pg_temp.claim() m WHERE m ->> 'purpose' = 'media';
SELECT pg_temp.told(1, '{"error": "timeout: no answer in time"}');
SELECT * FROM pg_temp.fetches WHERE event = :b - :a AND media_no = 1;

-- erased: where the reporter stood
SELECT count(*) FROM citybigdata.erase_person('13900139077', '演练', '方七', dry_run => false) e;
SELECT * FROM pg_temp.fetches WHERE state = 'kept';
-- purged: with the last event the copy goes
SELECT citybigdata.forget_fetched(ARRAY[:b]);
SELECT (SELECT count(*) FROM citybigdata.media_fetch) AS fetches, (SELECT count(*) FROM citybigdata.media_copy) AS copies;
SELECT citybigdata.forget_fetched(ARRAY[:a]);
SELECT (SELECT count(*) FROM citybigdata.media_fetch) AS fetches, (SELECT count(*) FROM citybigdata.media_copy) AS copies;
-- what waits for a medium that is gone ends at the next claim
SELECT count(*) FROM pg_temp.claim() m WHERE m ->> 'purpose' = 'media';
-- nobody but the functions reads them
SELECT r.rolname, c.relname FROM pg_roles r, pg_class c WHERE c.oid IN ('citybigdata.media_fetch'::regclass, 'citybigdata.media_copy'::regclass) AND r.rolname ~ '^citybigdata_' AND r.rolname <> 'citybigdata_owner'
    AND has_any_column_privilege(r.oid, c.oid, 'SELECT, INSERT, UPDATE');
RESET citybigdata.media_fetch;
