-- Media by URL (clause 5.4.4-b): sealed addresses of stored media, ranges, files of published data.
\set SHOW_CONTEXT never
\pset null '(null)'
\set VERBOSITY terse
CREATE FUNCTION pg_temp.status(frame bytea) RETURNS integer LANGUAGE sql AS $$ SELECT reply.status(frame)::int $$;
CREATE FUNCTION pg_temp.data(frame bytea) RETURNS json LANGUAGE sql AS $$ SELECT nullif(reply.data(frame), '')::json $$;
CREATE FUNCTION pg_temp.token(url text) RETURNS text LANGUAGE sql AS $$ SELECT substring(url FROM '/api/v1/media/([A-Za-z0-9_-]+)$') $$;
-- a call as the bridge makes it: status, what the frame says of the medium, its bytes
CREATE FUNCTION pg_temp.media(url text, range text DEFAULT NULL, none_match text DEFAULT NULL, if_range text DEFAULT NULL, head boolean DEFAULT false,
    address inet DEFAULT '192.0.2.7', OUT status int, OUT state text, OUT total text, OUT first text, OUT count text, OUT tag text, OUT disposition text, OUT type text,
    OUT name text, OUT bytes bytea) LANGUAGE sql AS $$
SELECT f.status, CASE WHEN f.status = 0 THEN coalesce(f.fields ->> 'http', '200') END, coalesce(substring(r FROM '/(\d+)$'), f.fields ->> 'content-length'), substring(r FROM 'bytes (\d+)-'), f.fields ->> 'content-length',
    btrim(f.fields ->> 'etag', '"'), split_part(d, ';', 1), f.fields ->> 'content-type', substring(d FROM 'filename.*'), CASE WHEN f.status = 0 THEN f.body END
FROM citybigdata.read_reply_frame(citybigdata.rest_media('media-1', address, NULL, 'sealed', NULL, pg_temp.token(url), range, none_match, if_range, head)) f,
    LATERAL (SELECT f.fields ->> 'content-range', f.fields ->> 'content-disposition') x (r, d) $$;
CREATE FUNCTION pg_temp.code(url text, address inet DEFAULT '192.0.2.7') RETURNS int LANGUAGE sql AS $$ SELECT (pg_temp.media(url, address => address)).status $$;
SET citybigdata.public_url = 'https://data.example.org';
SELECT citybigdata.register_account('media.one', 'Correct-1-horse', '市城管委', '张三', '13800138000') AS account \gset
SELECT citybigdata.approve_account(:account);
SELECT citybigdata.request_access('media.one', '{events,cases}', '{key}', 'pictures', '{}', '{MEDIA}', 'egova', 3) AS request \gset
SELECT citybigdata.approve_access(:request) AS app_code \gset
SELECT app_id FROM citybigdata.application WHERE app_code = :'app_code' \gset
INSERT INTO citybigdata.access_token (token_digest, app_id, account_id, issued_at, expires_at)
SELECT sha256('media@token'), :app_id, :account, now(), now() + interval '1 hour';
INSERT INTO citybigdata.access_token (token_digest, app_id, account_id, issued_at, expires_at, level)
SELECT sha256('media@narrow'), :app_id, :account, now(), now() + interval '1 hour', 2;
SELECT citybigdata.request_access('media.one', '{events}', '{key}') AS request \gset
SELECT citybigdata.approve_access(:request) AS other_code \gset
SELECT app_id AS other_id FROM citybigdata.application WHERE app_code = :'other_code' \gset

-- an event with a picture, a voice recording, a web page as attachment, and an address
SELECT decode('ffd8ffe000104a46494600010100000100010000', 'hex') || decode(repeat('00112233445566778899aabbccddeeff', 40), 'hex') AS jpeg,
       decode('0000001c667479706d703432', 'hex') || sha256('x') AS mp4, convert_to('<html><script>alert(1)</script>', 'UTF8') AS page \gset
CREATE FUNCTION pg_temp.report(number text, medias json, OUT rec_id int, OUT task_num text, OUT errors jsonb) LANGUAGE sql AS $$
SELECT r.rec_id, r.task_num, r.errors FROM citybigdata.report_event('MEDIA', json_build_object('eventDesc', '路灯不亮', 'otherTaskNum', number, 'address', '景山前街4号', 'eventSrcID', 1, 'recTypeID', 1,
    'eventTypeCode', '6', 'longitude', 116.403414, 'latitude', 39.924091, 'createTime', '20240102030405', 'medias', medias), 'egova') r $$;
SELECT rec_id, task_num, coalesce(errors, '[]') AS errors FROM pg_temp.report('M-1', json_build_array(
    json_build_object('mediaName', '现场 1.jpg', 'mediaType', 'IMAGE', 'mediaUsage', '上报', 'content', translate(encode(:'jpeg'::bytea, 'base64'), E'\n', '')),
    json_build_object('mediaName', 'a/b"c.mp4', 'mediaType', 'VOICE', 'mediaUsage', '上报', 'content', translate(encode(:'mp4'::bytea, 'base64'), E'\n', '')),
    json_build_object('mediaName', 'page.html', 'mediaType', 'ATTACH', 'mediaUsage', '核查', 'content', translate(encode(:'page'::bytea, 'base64'), E'\n', '')),
    json_build_object('mediaName', 'elsewhere.jpg', 'mediaType', 'IMAGE', 'mediaUsage', '上报', 'mediaURL', 'http://192.0.2.1/x.jpg'))) \gset
SELECT :'errors' AS errors;
CREATE FUNCTION pg_temp.medias(task_num text, token text DEFAULT 'media@token') RETURNS json LANGUAGE sql AS $$
SELECT pg_temp.data(citybigdata.rest_event_get('media-0', '192.0.2.7', NULL, 'bearer', sha256(token::bytea), task_num, NULL, NULL)) -> 'medias' $$;
SELECT pg_temp.medias(:'task_num') AS medias \gset
SELECT m ->> 'mediaName' AS name, m ->> 'url' ~ '^https://data\.example\.org/api/v1/media/[A-Za-z0-9_-]{80,}$' AS sealed, CASE WHEN m ->> 'url' !~ 'data.example' THEN m ->> 'url' END AS url
FROM json_array_elements(:'medias') m;
SELECT :'medias'::json #>> '{0,url}' AS picture, :'medias'::json #>> '{1,url}' AS sound, :'medias'::json #>> '{2,url}' AS page_url \gset
SELECT m.status, state, total, first, count, length(tag) AS tag, disposition, type, name, m.bytes = b.bytes AS same
FROM (VALUES (1, :'picture', :'jpeg'::bytea), (2, :'sound', :'mp4'::bytea), (3, :'page_url', :'page'::bytea)) b (n, url, bytes), pg_temp.media(b.url) m ORDER BY n;
-- the same from the list and from the feed; never the same address twice
SELECT bool_and((pg_temp.media(m ->> 'url')).bytes = :'jpeg'::bytea) AS same, bool_or(m ->> 'url' = :'picture') AS repeated
FROM (VALUES ('M-1', NULL), (NULL, '20240101000000')) p (number, since),
     json_array_elements(pg_temp.data(citybigdata.rest_event_find('media-0', '192.0.2.7', NULL, 'bearer', sha256('media@token'), number, NULL, since, NULL, NULL)) -> 'items') i,
     LATERAL (SELECT i #> '{medias,0}') x (m);
-- ranges (RFC 9110): what is malformed, in another unit or several is ignored
SELECT r.range, status, state, first, count, bytes = substr(:'jpeg'::bytea, coalesce(first::int, 0) + 1, count::int) AS same
FROM unnest(ARRAY['bytes=0-0', 'bytes=10-19', 'bytes=600-', 'bytes=600-99999999999999999999', 'bytes=-5', 'bytes=-9999', 'Bytes= 0-1 ', 'bytes=660-', 'bytes=99999999999999999999-', 'bytes=-0',
    'bytes=5-4', 'bytes=', 'bytes=-', 'bytes=a-b', 'bytes=0-1,3-4', 'bytes=0-1x', 'items=0-1', 'bytes 0-1', 'bytes=--1', '']) WITH ORDINALITY r (range, n), pg_temp.media(:'picture', range) ORDER BY n;
SELECT f.status, f.fields, convert_from(f.body, 'UTF8') AS data
FROM citybigdata.read_reply_frame(citybigdata.rest_media('media-416', '192.0.2.7', NULL, 'sealed', NULL, pg_temp.token(:'picture'), 'bytes=660-', NULL, NULL, false)) f;
-- conditions
SELECT '"' || (pg_temp.media(:'picture')).tag || '"' AS tag \gset
SELECT c.n, m.status, m.state, m.count, length(m.bytes) AS bytes FROM (VALUES (1, NULL, :'tag', NULL, false), (2, NULL, '"x", ' || :'tag', NULL, false), (3, NULL, '*', NULL, false), (4, NULL, '"x"', NULL, false),
    (5, 'bytes=0-9', NULL, :'tag', false), (6, 'bytes=0-9', NULL, '"x"', false), (7, 'bytes=0-9', NULL, 'W/' || :'tag', false), (8, 'bytes=0-9', NULL, 'Tue, 15 Nov 1994 12:45:26 GMT', false),
    (9, 'bytes=0-9', :'tag', NULL, false), (10, 'bytes=0-9', NULL, NULL, true), (11, 'bytes=9999-', NULL, NULL, true), (12, 'bytes=9999-', :'tag', NULL, false)) c (n, range, none_match, if_range, head),
    pg_temp.media(:'picture', range, none_match, if_range, head) m ORDER BY n;
-- a large one: slices, each from where the last ended, tag and application judged every time
UPDATE citybigdata.event_media SET content = :'jpeg'::bytea || decode(repeat('0123456789abcdef', 125000), 'hex') WHERE rec_id = :rec_id AND media_no = 1;
SELECT attstorage FROM pg_attribute WHERE attrelid = 'citybigdata.event_media'::regclass AND attname = 'content';
CREATE FUNCTION pg_temp.slice(url text, first bigint, tag text) RETURNS bytea LANGUAGE sql AS
$$ SELECT citybigdata.rest_media_slice('media-2', '192.0.2.7', NULL, 'sealed', NULL, pg_temp.token(url), first || '-1000659 ' || tag) $$;
SELECT m.status, m.total, m.tag <> btrim(:'tag', '"') AS new_tag, length(m.bytes) AS slice, m.tag AS large_tag FROM pg_temp.media(:'picture') m \gset large_
SELECT :large_status AS status, :large_total AS total, :'large_new_tag'::bool AS new_tag, :large_slice AS slice;
WITH RECURSIVE s AS (SELECT 0 AS n, bytes FROM pg_temp.media(:'picture')
    UNION ALL SELECT n + 1, (citybigdata.read_reply_frame(pg_temp.slice(:'picture', length(bytes) * (n + 1), :'large_large_tag'))).body FROM s WHERE length(bytes) = 262144 AND n < 9)
SELECT count(*), string_agg(s.bytes, '' ORDER BY n) = m.content AS same FROM s, citybigdata.event_media m WHERE m.rec_id = :rec_id AND m.media_no = 1 GROUP BY m.content;
SELECT pg_temp.status(pg_temp.slice(:'picture', 0, 'x')) AS other_tag, pg_temp.status(pg_temp.slice(:'picture', 0, NULL)) AS no_tag,
       length((citybigdata.read_reply_frame(pg_temp.slice(:'picture', 99999999, :'large_large_tag'))).body) AS beyond, reply.field(pg_temp.slice(:'picture', 0, :'large_large_tag'), 'audit') AS not_audited_again,
       reply.field(pg_temp.slice(:'picture', 0, :'large_large_tag'), 'more') = '262144-1000659 ' || :'large_large_tag' AS goes_on;
-- every character counts
SELECT count(*) > 80 AS tried, min(c) AS least, max(c) AS most FROM generate_series(1, length(pg_temp.token(:'sound'))) i,
    LATERAL (SELECT pg_temp.code('/api/v1/media/' || overlay(t PLACING CASE substr(t, i, 1) WHEN 'A' THEN 'B' ELSE 'A' END FROM i FOR 1)) AS c FROM pg_temp.token(:'sound') t) x;
SELECT pg_temp.status(citybigdata.rest_media('media-1', '192.0.2.7', NULL, 'sealed', NULL, id, NULL, NULL, NULL, false)) AS refused
FROM unnest(ARRAY[NULL, '', '=', 'AQ', repeat('A', 20000), substring(citybigdata.seal_url(:'app_code', 'events') FROM '[^/]+$')]) id;
-- end and address: media_url is the administrator's
SELECT citybigdata.media_url(:'app_code', :rec_id, 2, '1 second') AS short, citybigdata.media_url(:'app_code', :rec_id, 2, cidr => '192.0.2.0/28') AS bound \gset
SELECT pg_temp.code(:'bound') AS inside, pg_temp.code(:'bound', '192.0.2.16') AS outside, pg_temp.code(:'bound', NULL) AS unknown, pg_temp.code(:'bound', '2001:db8::1') AS another_family;
SELECT citybigdata.media_url(:'app_code', :rec_id, 4) AS not_stored, citybigdata.media_url(:'app_code', :rec_id, 9) AS no_such;
SELECT citybigdata.media_url('110000990000000', :rec_id, 1);
SELECT citybigdata.media_url(:'app_code', :rec_id, 1, '0');
SELECT citybigdata.media_url(:'app_code', :rec_id, 1, '1000 days');
SELECT citybigdata.media_url(:'app_code', NULL, 1);
SELECT pg_sleep(1.1);
SELECT pg_temp.code(:'short') AS ended;
-- a download that began before goes on
SELECT pg_temp.status(pg_temp.slice(:'short', 0, (pg_temp.media(:'sound')).tag)) AS under_way;
-- bound to the client that asked, by setting
SET citybigdata.media_url_bound = on;
SELECT pg_temp.medias(:'task_num') #>> '{1,url}' AS bound \gset
RESET citybigdata.media_url_bound;
SELECT pg_temp.code(:'bound') AS same, pg_temp.code(:'bound', '192.0.2.8') AS other;
-- as is whatever was asked for through a sealed address that has a range
SELECT substring(citybigdata.seal_url(:'app_code', 'events', cidr => '192.0.2.0/24') FROM '[^/]+$') AS sealed \gset
SELECT pg_temp.data(citybigdata.rest_event_get('media-0', '192.0.2.7', NULL, 'sealed', convert_to(:'sealed', 'UTF8'), :'task_num', NULL, NULL)) #>> '{medias,1,url}' AS bound \gset
SELECT pg_temp.code(:'bound') AS same, pg_temp.code(:'bound', '192.0.2.8') AS other;
SET citybigdata.media_url_ttl = 1;
SELECT pg_temp.medias(:'task_num') #>> '{1,url}' AS short \gset
RESET citybigdata.media_url_ttl;
SELECT pg_temp.code(:'short') AS good, pg_sleep(1.1);
SELECT pg_temp.code(:'short') AS ended;
-- application, account, grant, level and key as they are now
CREATE FUNCTION pg_temp.void(change text, url text, back text) RETURNS int LANGUAGE plpgsql AS $$
DECLARE r int; BEGIN EXECUTE change; r := pg_temp.code(url); EXECUTE back; RETURN r; END $$;
SELECT pg_temp.void(format($$SELECT citybigdata.suspend_application(%L)$$, :'app_code'), :'sound', format($$SELECT citybigdata.resume_application(%L)$$, :'app_code')) AS application,
       pg_temp.void($$SELECT citybigdata.suspend_account('media.one')$$, :'sound', $$SELECT citybigdata.resume_account('media.one')$$) AS account,
       pg_temp.void(format($$UPDATE citybigdata.app_grant SET state = 'revoked' WHERE app_id = %s$$, :app_id), :'sound', format($$UPDATE citybigdata.app_grant SET state = 'active' WHERE app_id = %s$$, :app_id)) AS own_sender_without_grant;
-- of a sender that is not one's own: not without a grant, nor below the level of the field
UPDATE citybigdata.sender SET app_id = :other_id WHERE sender_code = 'MEDIA';
SELECT pg_temp.code(:'sound') AS granted, pg_temp.void(format($$UPDATE citybigdata.app_grant SET state = 'revoked' WHERE app_id = %s$$, :app_id), :'sound', format($$UPDATE citybigdata.app_grant SET state = 'active' WHERE app_id = %s$$, :app_id)) AS no_grant,
       pg_temp.void(format($$UPDATE citybigdata.app_grant SET level = 2 WHERE app_id = %s$$, :app_id), :'sound', format($$UPDATE citybigdata.app_grant SET level = 3 WHERE app_id = %s$$, :app_id)) AS level_too_low;
UPDATE citybigdata.app_grant SET level = 2 WHERE app_id = :app_id;
SELECT pg_temp.medias(:'task_num') #>> '{1,url}' AS below_the_level;
-- an address is no wider than the token that made it, own senders or not
SELECT citybigdata.set_event_level('medias.url', 2);
UPDATE citybigdata.app_grant SET level = 3 WHERE app_id = :app_id;
SELECT pg_temp.medias(:'task_num', 'media@narrow') #>> '{1,url}' AS narrow \gset
SELECT pg_temp.code(:'narrow') AS at_its_level, (pg_temp.media(:'narrow')).name AS name;
SELECT citybigdata.set_event_level('medias.url', 3);
UPDATE citybigdata.sender SET app_id = :app_id WHERE sender_code = 'MEDIA';
SELECT pg_temp.code(:'narrow') AS own;
UPDATE citybigdata.sender SET app_id = :other_id WHERE sender_code = 'MEDIA';
SELECT pg_temp.code(:'narrow') AS above_its_level, pg_temp.code(:'sound') AS not_narrowed, (pg_temp.media(:'sound')).name AS name;
UPDATE citybigdata.sender SET app_id = :app_id WHERE sender_code = 'MEDIA';
SELECT pg_temp.void(format($$DELETE FROM citybigdata.event_media WHERE rec_id = %s AND media_no = 3$$, :rec_id), :'page_url', 'SELECT') AS gone;
SELECT citybigdata.rotate_sealing_key() > 0 AS rotated;
SELECT pg_temp.code(:'sound') AS old_key, citybigdata.revoke_sealing_key((SELECT max(key_id) - 1 FROM citybigdata.sealing_key)) AS revoked;
SELECT pg_temp.code(:'sound') AS void;
-- audit: one row a request of what was refused; what was allowed is the bridge's to append
SELECT action, regexp_replace(object, '\d+/', 'N/') AS object, status_code, detail, app_code = :'app_code' AS app FROM citybigdata.audit_log WHERE action LIKE 'media.%' AND request_id IN ('media-1', 'media-2', 'media-416')
GROUP BY 1, 2, 3, 4, 5 ORDER BY 3, 4, 2, 5;
SELECT reply.field(citybigdata.rest_media('media-3', '192.0.2.7', NULL, 'sealed', NULL, pg_temp.token(pg_temp.medias(:'task_num') #>> '{1,url}'), NULL, NULL, NULL, false), 'audit')::json ->> 'object'
    = format('events/medias/%s/2', :'rec_id') AS audited_by_the_bridge;
-- it counts towards the grant's limit
SELECT citybigdata.set_limit(:'app_code', 'cases', NULL, NULL, 2);
SELECT pg_temp.medias(:'task_num') #>> '{1,url}' AS last \gset
SELECT pg_temp.code(:'last') AS second, pg_temp.code(:'last') AS third;
SELECT citybigdata.set_limit(:'app_code', 'cases', NULL, NULL, NULL);

-- files of published data
CREATE DOMAIN public.picture_bytes AS bytea;
CREATE TABLE public.monument (district_code varchar(6), number int, name text, photo public.picture_bytes, plan bytea, plan_type text, plan_name text, secret_photo bytea, home_page text,
    changed_at timestamptz DEFAULT '2024-01-01', PRIMARY KEY (district_code, number));
INSERT INTO public.monument VALUES ('110101', 1, '钟楼', :'jpeg'::bytea, '%PDF-1.4 x', 'application/pdf', 'plan.pdf', '\x00', 'https://example.org/1'),
    ('110101', 2, '鼓楼', NULL, :'page'::bytea, 'text/html', NULL, '\x', NULL), ('110102', 1, '白塔', 'not a picture', :'mp4'::bytea, 'audio/mp4', E'a\tb\n.m4a', NULL, NULL);
ALTER TABLE public.monument OWNER TO citybigdata_analyst;
-- left out and told; declared without what it is, or what is none: refused
SELECT advice FROM citybigdata.publish('public.monument', '{"code": "monuments"}');
SELECT citybigdata.publish('public.monument', '{"code": "monuments", "fields": {"photo": {"title": "Photo"}}}');
SELECT citybigdata.publish('public.monument', '{"code": "monuments", "fields": {"name": {"file": true}}}');
SELECT citybigdata.publish('public.monument', '{"code": "monuments", "fields": {"photo": {"file": {"type": "jpeg"}}}}');
SELECT citybigdata.publish('public.monument', '{"code": "monuments", "fields": {"photo": {"file": {"kind": "x"}}}}');
SELECT citybigdata.publish('public.monument', '{"code": "monuments", "fields": {"photo": {"file": "image/jpeg"}}}');
SELECT citybigdata.publish('public.monument', '{"code": "monuments", "fields": {"photo": {"file": {"typeColumn": "no"}}}}');
SELECT citybigdata.publish('public.monument', '{"code": "monuments", "fields": {"photo": {"file": {"nameColumn": "number"}}}}');
SELECT citybigdata.publish('public.monument', '{"code": "monuments", "fields": {"photo": {"file": true, "mask": "all"}}}');
CREATE FUNCTION public.monuments_of(code text) RETURNS TABLE (number int, photo bytea) LANGUAGE sql STABLE AS $$ SELECT m.number, m.photo FROM public.monument m WHERE m.district_code = $1 $$;
SELECT citybigdata.publish('public.monuments_of(text)', '{"keyset": ["number"], "fields": {"photo": {"file": true}}}');
SELECT code, version, advice FROM citybigdata.publish('public.monument', '{"code": "monuments", "versionColumn": "changed_at", "fields": {"photo": {"file": {"type": "image/jpeg"}},
    "plan": {"file": {"typeColumn": "plan_type", "nameColumn": "plan_name"}, "level": 2}, "secret_photo": {"file": true, "level": 3}, "plan_type": {"exclude": true}, "plan_name": {"exclude": true}}}');
SELECT f ->> 'name' AS name, f ->> 'type' AS type, f ->> 'contentType' AS content_type, f ->> 'filterable' AS filterable, f ->> 'sortable' AS sortable
FROM json_array_elements(citybigdata.resource_fields('monuments')) f WHERE f ->> 'type' = 'file';
-- an SQL caller has no application to seal for
SELECT citybigdata.query('monuments', '{"fields": ["number", "photo"]}') -> 'items' AS items;
INSERT INTO citybigdata.app_grant (app_id, resource, level, granted_by) VALUES (:app_id, 'monuments', 2, 'test');
CREATE FUNCTION pg_temp.page(names text[] DEFAULT '{}', vals text[] DEFAULT '{}') RETURNS bytea LANGUAGE sql AS $$
SELECT citybigdata.rest_data_query('media-0', '192.0.2.7', NULL, 'bearer', sha256('media@token'), 'monuments', names, vals) $$;
SELECT pg_temp.page() AS page \gset
SELECT reply.field(:'page', 'etag') AS no_entity_tag;
SELECT i ->> 'districtCode' AS code, i ->> 'number' AS number, i ->> 'photo' ~ '^https://data.example.org/api/v1/media/' AS photo, i ->> 'plan' ~ '/media/' AS plan, i ->> 'secretPhoto' AS secret, i ->> 'homePage' AS page
FROM json_array_elements((reply.data(:'page')::json) -> 'items') i;
SELECT i ->> 'name' AS row, f.key, m.status, m.total, m.disposition, m.type, m.name FROM json_array_elements((reply.data(:'page')::json) -> 'items') i, json_each_text(i) f, pg_temp.media(f.value) m
WHERE f.key IN ('photo', 'plan') AND f.value IS NOT NULL ORDER BY 2, 1;
-- in the other formats; with a sort, a cursor and few fields the key is there all the same
SELECT regexp_replace(reply.data(pg_temp.page('{format,fields}', '{csv,"name,photo"}')), '/media/[\w-]+', '/media/TOKEN', 'g') ~ E'name,photo\r\n钟楼,https://data.example.org/api/v1/media/TOKEN\r\n鼓楼,\r\n' AS csv;
SELECT bool_and((pg_temp.media(l::json ->> 'photo')).bytes = CASE l::json ->> 'name' WHEN '钟楼' THEN :'jpeg'::bytea ELSE 'not a picture'::bytea END) AS same, count(*)
FROM regexp_split_to_table(reply.data(pg_temp.page('{format,fields,sort,name.ne}', '{ndjson,"name,photo",-number,鼓楼}')), E'\n') l WHERE l <> '';
-- level, publisher's rights, the row and the resource as they are now
SELECT reply.data(:'page')::json #>> '{items,0,photo}' AS photo, reply.data(:'page')::json #>> '{items,0,plan}' AS plan \gset
SELECT pg_temp.void(format($$UPDATE citybigdata.app_grant SET level = 1 WHERE app_id = %s$$, :app_id), :'plan', format($$UPDATE citybigdata.app_grant SET level = 2 WHERE app_id = %s$$, :app_id)) AS level_too_low,
       pg_temp.void($$UPDATE citybigdata.app_grant SET state = 'revoked' WHERE resource = 'monuments'$$, :'plan', $$UPDATE citybigdata.app_grant SET state = 'active' WHERE resource = 'monuments'$$) AS no_grant,
       pg_temp.void($$UPDATE public.monument SET photo = NULL WHERE number = 1$$, :'photo', $$UPDATE public.monument SET photo = 'x' WHERE number = 1$$) AS null_by_now,
       pg_temp.void($$UPDATE public.monument SET number = 9 WHERE number = 1$$, :'photo', $$UPDATE public.monument SET number = 1 WHERE number = 9$$) AS gone;
UPDATE public.monument SET photo = '' WHERE number = 1;
SELECT status, state, total, first, count, length(bytes) AS length FROM pg_temp.media(:'photo') UNION ALL SELECT status, state, total, first, count, length(bytes) FROM pg_temp.media(:'photo', 'bytes=0-0');
ALTER TABLE public.monument RENAME COLUMN photo TO picture;
SELECT pg_temp.code(:'photo') AS broken;
ALTER TABLE public.monument RENAME COLUMN picture TO photo;
SELECT pg_temp.code(:'photo') AS whole;
REVOKE SELECT ON public.monument FROM citybigdata_analyst;
SELECT pg_temp.code(:'photo');
GRANT SELECT ON public.monument TO citybigdata_analyst;
SELECT code FROM citybigdata.publish('public.monument', '{"code": "monuments", "keyset": ["number", "district_code"], "fields": {"photo": {"file": true}}}');
SELECT pg_temp.code(:'photo') AS another_key, pg_temp.code(:'plan') AS no_file_any_more;
SELECT citybigdata.unpublish('monuments');
SELECT pg_temp.code(:'photo') AS withdrawn;
SELECT object, status_code, detail FROM citybigdata.audit_log WHERE action = 'media.get' AND object LIKE 'monuments/%' ORDER BY at DESC LIMIT 3;
-- a file of a view, computed: no stored value to point at
CREATE VIEW public.monument_card AS SELECT number, name, convert_to('card of ' || name, 'UTF8') AS card FROM public.monument WHERE district_code = '110101';
CREATE ROLE media_secadmin IN ROLE citybigdata_secadmin;
SELECT version FROM citybigdata.publish('public.monument_card', '{"code": "monuments", "keyset": ["number"], "fields": {"card": {"file": {"type": "text/plain"}}}}') \gset
-- a new column where there were restricted ones
SET ROLE media_secadmin;
SELECT citybigdata.approve_levels('monuments', :version);
RESET ROLE;
DROP ROLE media_secadmin;
SELECT reply.data(pg_temp.page())::json #>> '{items,0,card}' AS card \gset
SELECT status, total, disposition, type, name, convert_from(bytes, 'UTF8') AS text FROM pg_temp.media(:'card', 'bytes=5-');
SELECT citybigdata.unpublish('monuments');
DROP VIEW public.monument_card;
DROP FUNCTION public.monuments_of(text);
DROP TABLE public.monument;
DROP DOMAIN public.picture_bytes;
