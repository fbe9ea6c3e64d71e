-- A valid report of table A.4, and one mistake at a time. Reference data: Beijing's districts, streets and communities.
\pset null '(null)'
SELECT citybigdata.load_boundaries_file('beijing_districts.geojson') >= 0 AS boundaries, citybigdata.load_divisions_file('beijing_streets.tsv') >= 0 AS streets,
       citybigdata.load_divisions_file('beijing_communities.tsv') >= 0 AS communities;
CREATE FUNCTION pg_temp.good() RETURNS jsonb LANGUAGE sql AS $$ SELECT jsonb_build_object(
    'eventDesc', '井盖破损', 'otherTaskNum', 'T-1', 'address', '东华门大街1号', 'coordinateX', 447950.51, 'coordinateY', 4419435.79,
    'eventSrcID', 1, 'recTypeID', 1, 'eventLevelID', 1, 'eventTypeCode', '6', 'createTime', '20240131083000') $$;
-- the good event with members replaced; "-" removes a member
CREATE FUNCTION pg_temp.but(change jsonb) RETURNS json LANGUAGE sql AS $$
SELECT jsonb_object_agg(key, value)::json FROM jsonb_each(pg_temp.good() || change) WHERE value <> '"-"' $$;
CREATE FUNCTION pg_temp.v(change jsonb, profile text DEFAULT 'strict', OUT pointer text, OUT code int, OUT message text, OUT severity text) RETURNS SETOF record LANGUAGE sql AS
$$ SELECT f.pointer, f.status_code, f.message, f.severity FROM citybigdata.validate_event(pg_temp.but(change), profile) f $$;
-- both profiles side by side: what each says of a change
CREATE FUNCTION pg_temp.both(change jsonb, OUT strict text, OUT egova text) LANGUAGE sql AS $$
SELECT (SELECT string_agg(f.severity || ' ' || f.status_code || ' ' || f.pointer, ', ') FROM citybigdata.validate_event(pg_temp.but(change), 'strict') f),
       (SELECT string_agg(f.severity || ' ' || f.status_code || ' ' || f.pointer, ', ') FROM citybigdata.validate_event(pg_temp.but(change), 'egova') f) $$;

SELECT count(*) FROM citybigdata.validate_event(pg_temp.good()::json);
SELECT count(*) FROM citybigdata.validate_event(pg_temp.good());
SELECT count(*) FROM citybigdata.validate_event(pg_temp.good()::text);
SELECT count(*) FROM citybigdata.validate_event(pg_temp.good()::json, 'egova');
SELECT count(*) FROM pg_temp.v('{"lontitude":116.397541,"latitude":39.908901,"districtCode":"110101","districtName":"东城区","streetCode":"110101001","streetName":"东华门街道",
    "communityCode":"110101001001","communityName":"多福巷社区居委会","mainTypeCode":"602","subTypeCode":"60201","mediaNum":2,"humanName":"张三","cellphone":"13800138000","taskNum":"S-1",
    "medias":[{"mediaName":"a.jpg","mediaURL":"https://example.org/a.jpg","mediaUsage":"上报","mediaType":"IMAGE","taskNum":"S-1"},
              {"mediaName":"b.png","mediaUsage":"核查","mediaType":"IMAGE","content":"iVBORw0KGgo=","mediaURL":"ftp://host:21/b"}]}');

-- not JSON, or not as it must be
SELECT * FROM citybigdata.validate_event('{"eventDesc":"a","eventDesc":"b","medias":[{"x/y~":1,"x/y~":2}]}');
SELECT * FROM citybigdata.validate_event('[]');
SELECT * FROM citybigdata.validate_event('{"a":1,}');
SELECT * FROM citybigdata.validate_event('{"描述":tru}');
SELECT * FROM citybigdata.validate_event('{"a" 1}');
SELECT * FROM citybigdata.validate_event('{"a":"\ud800"}');
SELECT * FROM citybigdata.validate_event('{"a":"\u0000"}');
SELECT * FROM citybigdata.validate_event('{"a":"\u12"}');
SELECT * FROM citybigdata.validate_event('{"a":NaN}');
SELECT * FROM citybigdata.validate_event('{"a":"b"');
SELECT * FROM citybigdata.validate_event('{"a":"b');
SELECT * FROM citybigdata.validate_event('');
SELECT * FROM citybigdata.validate_event(NULL::text);
SELECT * FROM citybigdata.validate_event(repeat('[', 100000));
SELECT pointer, status_code, message FROM citybigdata.validate_event(pg_temp.but(jsonb_build_object('eventDesc', repeat('x', 10000000))));
SELECT * FROM citybigdata.validate_event(pg_temp.good()::text, 'lax');

-- required
SELECT pointer, status_code, severity FROM citybigdata.validate_event('{}');
SELECT pointer, status_code, severity FROM citybigdata.validate_event('{}', 'egova');
SELECT * FROM pg_temp.both('{"eventDesc":""}');
SELECT * FROM pg_temp.both('{"otherTaskNum":null}');
SELECT * FROM pg_temp.both('{"address":"　 \t"}');
SELECT * FROM pg_temp.both('{"eventLevelID":"-"}');
SELECT * FROM pg_temp.both('{"createTime":"-"}');
-- types, and numbers out of range
SELECT * FROM pg_temp.both('{"eventSrcID":"1"}');
SELECT * FROM pg_temp.both('{"eventTypeCode":6}');
SELECT * FROM pg_temp.both('{"coordinateX":" 447950.51 "}');
SELECT * FROM pg_temp.both('{"humanName":null}');
SELECT * FROM pg_temp.both('{"recTypeID":1.0}');
SELECT * FROM pg_temp.v('{"recTypeID":1.5,"eventSrcID":3000000000,"eventLevelID":true,"eventDesc":["x"],"coordinateX":"12abc"}');
SELECT * FROM pg_temp.v('{"recTypeID":"one","eventSrcID":-1,"coordinateX":"NaN","coordinateY":"1e400"}', 'egova');
SELECT * FROM citybigdata.validate_event(replace(pg_temp.good()::text, '447950.51', '1e400'));
-- lengths count characters, and characters must be able to go into XML
SELECT * FROM pg_temp.both(jsonb_build_object('eventDesc', repeat('长', 4000), 'address', repeat('长', 500), 'otherTaskNum', repeat('长', 255)));
SELECT * FROM pg_temp.v(jsonb_build_object('eventDesc', repeat('长', 4001), 'address', repeat('长', 501), 'otherTaskNum', repeat('x', 256)));
SELECT * FROM pg_temp.both('{"eventDesc":"两行\n井盖"}');
SELECT * FROM pg_temp.v('{"eventDesc":"井\u0001盖"}');
SELECT * FROM pg_temp.v('{"humanName":"\uffff"}', 'egova');
-- unknown fields
SELECT * FROM pg_temp.both('{"newInstCondID":1,"x":{"y":[1e300]}}');
SELECT * FROM pg_temp.v('{"newInstCondID":1,"longitude":116.397541}');
SELECT * FROM pg_temp.v(jsonb_build_object('x', repeat('x', 65536)), 'egova');

-- times
SELECT * FROM pg_temp.both('{"createTime":"1706661000"}');
SELECT * FROM pg_temp.both('{"createTime":1706661000}');
SELECT * FROM pg_temp.both('{"createTime":"2024-01-31 08:30:00"}');
SELECT * FROM pg_temp.both('{"createTime":"2024-01-31T08:30:00.123+08:00"}');
SELECT * FROM pg_temp.both('{"createTime":"2024-01-31T00:30:00Z"}');
SELECT * FROM pg_temp.both('{"createTime":1706661000123}');
SELECT * FROM pg_temp.v('{"createTime":"20240230083000"}');
SELECT * FROM pg_temp.v('{"createTime":"2024-02-30 08:30:00"}', 'egova');
SELECT * FROM pg_temp.v('{"createTime":"2024-01-31 24:00:00"}', 'egova');
SELECT * FROM pg_temp.v('{"createTime":"yesterday"}', 'egova');
SELECT * FROM pg_temp.v('{"createTime":{}}', 'egova');
SELECT count(*) FROM pg_temp.v(jsonb_build_object('createTime', floor(extract(epoch FROM now()))::bigint + 540));
SELECT pointer, code, message ~ 'more than 10 minutes after' AS message FROM pg_temp.v(jsonb_build_object('createTime', floor(extract(epoch FROM now()))::bigint + 660));
SELECT pointer, code, severity FROM pg_temp.v(jsonb_build_object('createTime', floor(extract(epoch FROM now()))::bigint + 660), 'egova');

-- the place: where it is read wrong, what it is read as
SELECT * FROM pg_temp.v('{"coordinateX":4419435.79,"coordinateY":447950.51}');
SELECT * FROM pg_temp.v('{"coordinateX":116.3913,"coordinateY":39.9075}', 'egova');
SELECT * FROM pg_temp.v('{"coordinateX":39.9075,"coordinateY":116.3913}');
SELECT * FROM pg_temp.v('{"coordinateX":704488.22,"coordinateY":4421996.95}');
SELECT * FROM pg_temp.v('{"coordinateX":191387.33,"coordinateY":4425498.02}');
SELECT * FROM pg_temp.v('{"coordinateX":39447950.51,"coordinateY":4419435.79}');
SELECT * FROM pg_temp.v('{"coordinateX":20447950.51,"coordinateY":4419435.79}');
SELECT * FROM pg_temp.v('{"coordinateX":4419435.79,"coordinateY":39447950.51}');
SELECT * FROM pg_temp.v('{"coordinateX":12956620.25,"coordinateY":4852509.52}');
SELECT * FROM pg_temp.v('{"coordinateX":517293.54,"coordinateY":4332955.21}');
SELECT * FROM pg_temp.v('{"coordinateX":517293.54,"coordinateY":4332955.21}', 'egova');
SELECT * FROM pg_temp.v('{"coordinateX":0,"coordinateY":0}');
SELECT * FROM pg_temp.v('{"coordinateX":1e300,"coordinateY":-1e300}');
-- two pairs
SELECT * FROM pg_temp.both('{"lontitude":116.397541,"latitude":39.908901}');
SELECT * FROM pg_temp.both('{"lontitude":0,"latitude":0}');
SELECT * FROM pg_temp.v('{"lontitude":116.3913,"latitude":39.9075}');
SELECT * FROM pg_temp.v('{"lontitude":116.403914,"latitude":39.915245}', 'egova');
SELECT * FROM pg_temp.v('{"lontitude":39.908901,"latitude":116.397541}');
SELECT * FROM pg_temp.v('{"lontitude":447950.51,"latitude":4419435.79}');
SELECT * FROM pg_temp.v('{"lontitude":116.427541,"latitude":39.908901}');
SELECT * FROM pg_temp.v('{"lontitude":117.2,"latitude":39.13}');
SELECT * FROM pg_temp.v('{"lontitude":116.397541}');
SELECT * FROM pg_temp.v('{"latitude":39.9}');
SET citybigdata.coordinate_tolerance = 3000;
SELECT * FROM pg_temp.v('{"lontitude":116.427541,"latitude":39.908901}');
RESET citybigdata.coordinate_tolerance;
-- egova: longitude and latitude alone, in either spelling; (0,0) is none
SELECT * FROM pg_temp.both('{"coordinateX":"-","coordinateY":"-","lontitude":116.397541,"latitude":39.908901}');
SELECT * FROM pg_temp.both('{"coordinateX":0,"coordinateY":0,"longitude":"116.397541","latitude":"39.908901"}');
SELECT * FROM pg_temp.v('{"coordinateX":0,"coordinateY":"0","lontitude":0,"latitude":"0.0"}', 'egova');
SELECT * FROM pg_temp.v('{"coordinateX":"-"}', 'egova');
SELECT * FROM pg_temp.v('{"coordinateX":"-","coordinateY":"-","lontitude":39.908901,"latitude":116.397541}', 'egova');
SELECT * FROM pg_temp.v('{"coordinateX":"-","coordinateY":"-","lontitude":117.206305,"latitude":39.131035}', 'egova');
SELECT * FROM pg_temp.v('{"coordinateX":"-","coordinateY":"-","lontitude":447950.51,"latitude":4419435.79}', 'egova');
SELECT * FROM pg_temp.v('{"coordinateX":"-","coordinateY":"-","lontitude":1e10,"latitude":5}', 'egova');
SELECT * FROM pg_temp.v('{"lontitude":116.397541,"longitude":116.5,"latitude":39.908901}', 'egova');
-- every fault at once
SELECT pointer, code FROM pg_temp.v('{"eventDesc":"","coordinateX":4419435.79,"coordinateY":447950.51,"lontitude":117.2,"latitude":39.13,"cellphone":"1","createTime":"x","mediaNum":3,"zz":1}');

-- divisions
SELECT * FROM pg_temp.both('{"districtCode":"110101"}');
SELECT * FROM pg_temp.both('{"districtCode":"110105"}');
SELECT * FROM pg_temp.v('{"districtCode":"110105"}');
SELECT * FROM pg_temp.v('{"districtCode":"110103"}');
SELECT * FROM pg_temp.v('{"districtCode":"110103"}', 'egova');
SELECT * FROM pg_temp.v('{"districtCode":"110188"}');
SELECT * FROM pg_temp.v('{"districtCode":"110000"}');
SELECT * FROM pg_temp.v('{"districtCode":"东城区","streetCode":"110101","communityCode":"999999999999"}');
SELECT * FROM pg_temp.both('{"districtCode":"110101","streetCode":"110102001"}');
SELECT * FROM pg_temp.v('{"districtCode":"110101","streetCode":"110102001"}');
SELECT * FROM pg_temp.v('{"streetCode":"110101001","communityCode":"110101002001"}');
SELECT * FROM pg_temp.v('{"districtCode":"110102","communityCode":"110101001001"}');
SELECT * FROM pg_temp.v('{"streetCode":"110105001"}');

-- dictionaries: an empty one accepts every value
SELECT citybigdata.load_code_table('event-src', '[{"code":"1","name":"监督员"},{"code":"11","name":"热线"},{"code":"3004","name":"大数据"}]'),
       citybigdata.load_code_table('event-type', '[{"code":"6","name":"部件"},{"code":"602","name":"公用"},{"code":"60201","name":"井盖"}]');
SELECT * FROM pg_temp.both('{"eventSrcID":11,"mainTypeCode":"602","subTypeCode":"60201","recTypeID":987}');
SELECT * FROM pg_temp.v('{"eventSrcID":2,"eventTypeCode":"7","subTypeCode":"x"}');
SELECT * FROM pg_temp.both('{"eventSrcID":2,"eventTypeCode":"7"}');
SELECT citybigdata.load_code_table('event-src', '[]'), citybigdata.load_code_table('event-type', '[]');

-- telephone
SELECT p, (SELECT count(*) FROM pg_temp.v(jsonb_build_object('cellphone', p))) AS errors
FROM unnest(ARRAY['13800138000', '+8613800138000', '86 19912345678', '12345678901', '1380013800', '138001380000', '010-12345678', 'abc', '１３８００１３８０００', '']) p;

-- media
CREATE FUNCTION pg_temp.m(medium jsonb, profile text DEFAULT 'strict', OUT pointer text, OUT code int, OUT message text, OUT severity text) RETURNS SETOF record LANGUAGE sql AS
$$ SELECT * FROM pg_temp.v(jsonb_build_object('mediaNum', 1, 'medias', jsonb_build_array('{"mediaName":"a","mediaUsage":"上报","mediaType":"IMAGE"}'::jsonb || medium)), profile) $$;
SELECT * FROM pg_temp.m('{"mediaURL":"https://example.org/a%20b.jpg?x=1#y"}');
SELECT * FROM pg_temp.m('{"mediaURL":"http://[2001:db8::1]:8080/图片.jpg","content":""}', 'egova');
SELECT * FROM pg_temp.m('{}');
SELECT u, (SELECT string_agg(message, '; ') FROM pg_temp.m(jsonb_build_object('mediaURL', u))) AS fault
FROM unnest(ARRAY['example.org/a.jpg', 'file:///etc/passwd', 'javascript:alert(1)', 'http://', 'http://a b/', 'http://host:99999/', 'http://ho<st/', 'http://[::1/']) u;
-- written badly, or with a user part: an error, of deployed senders a warning
SELECT u, strict.code AS strict, strict.severity, egova.code AS egova, egova.severity, egova.message
FROM unnest(ARRAY['http://10.1.1.1/a b.jpg', 'http://10.1.1.1/a\b.jpg', 'http://10.1.1.1\a.jpg', 'ftp://user@host:21/b', 'http://city.gov.cn@evil.example/a', 'http://u:p@h/', 'http://h/a@b', 'http://u@/', 'http://u@ho<st/', 'http://a b/']) WITH ORDINALITY t (u, n)
LEFT JOIN LATERAL pg_temp.m(jsonb_build_object('mediaURL', u)) strict ON true LEFT JOIN LATERAL pg_temp.m(jsonb_build_object('mediaURL', u), 'egova') egova ON true ORDER BY n;
SELECT pointer, code FROM pg_temp.m(jsonb_build_object('mediaURL', 'http://example.org/' || repeat('x', 2030)));
SELECT * FROM pg_temp.m('{"mediaURL":"http://e.org/a","mediaType":"PICTURE","mediaUsage":"其他","mediaName":""}');
SELECT t, (SELECT string_agg(code::text, ' ') FROM pg_temp.m(jsonb_build_object('mediaURL', 'http://e.org/a', 'mediaType', t))) AS strict,
       (SELECT string_agg(code::text, ' ') FROM pg_temp.m(jsonb_build_object('mediaURL', 'http://e.org/a', 'mediaType', t), 'egova')) AS egova
FROM unnest(ARRAY['VIDEO', 'VOICE', 'ATTACH', 'image', 'jpg', '.MP4', 'docx', 'a b', '图片']) t;
-- base64
SELECT * FROM pg_temp.m('{"content":"iVBORw0KGgo="}');
SELECT c, (SELECT string_agg(code || ' ' || message, '; ') FROM pg_temp.m(jsonb_build_object('content', c, 'mediaType', 'ATTACH'))) AS strict,
       (SELECT string_agg(code || ' ' || message, '; ') FROM pg_temp.m(jsonb_build_object('content', c, 'mediaType', 'ATTACH'), 'egova')) AS egova
FROM unnest(ARRAY['QQ==', 'QQ', 'QQ=', 'QR==', 'Q', 'QUI=', 'QU I=', E'QU\nI=', 'data:text/plain;base64,QQ==', 'QQ==QQ==', '!!!!', '====', 'QUJD中']) c;
SELECT * FROM pg_temp.m('{"content":7}');
-- leading bytes
SELECT kind, b, (SELECT string_agg(message, '; ') FROM pg_temp.m(jsonb_build_object('content', encode(b, 'base64'), 'mediaType', kind))) AS fault
FROM (VALUES ('IMAGE', '\xffd8ffe000104a464946'::bytea), ('IMAGE', 'GIF89a'), ('IMAGE', 'BMxx'), ('IMAGE', 'RIFFxxxxWEBP'), ('VIDEO', '\x00000018667479706d703432'), ('VIDEO', 'RIFFxxxxAVI '),
     ('VIDEO', '\x464c5601'), ('VIDEO', '\x1a45dfa3'), ('VOICE', 'ID3x'), ('VOICE', '\xfffb9064'), ('VOICE', '\xfff15080'), ('VOICE', '#!AMR'), ('VOICE', 'RIFFxxxxWAVE'), ('VOICE', 'OggS'), ('ATTACH', '%PDF-1.4'),
     ('IMAGE', '%PDF-1.4'), ('IMAGE', 'ID3x'), ('VIDEO', 'GIF89a'), ('VOICE', 'xxxxxxxxxxxx'), ('IMAGE', 'x')) v (kind, b);
SET citybigdata.media_limit = '1kB';
SELECT count(*) FROM pg_temp.m(jsonb_build_object('mediaType', 'ATTACH', 'content', encode(repeat('x', 750)::bytea, 'base64')), 'egova');
SELECT pointer, code, message FROM pg_temp.m(jsonb_build_object('mediaType', 'ATTACH', 'content', encode(repeat('x', 1025)::bytea, 'base64')), 'egova');
RESET citybigdata.media_limit;
-- number of media
SELECT * FROM pg_temp.both('{"medias":[]}');
SELECT * FROM pg_temp.both('{"mediaNum":2}');
SELECT * FROM pg_temp.both('{"mediaNum":0,"medias":[{"mediaName":"a","mediaURL":"http://e.org/a","mediaUsage":"上报","mediaType":"IMAGE"}]}');
SELECT * FROM pg_temp.v('{"medias":[{"mediaName":"a","mediaURL":"http://e.org/a","mediaUsage":"上报","mediaType":"IMAGE"}]}');
SELECT * FROM pg_temp.v('{"medias":{}}');
SELECT * FROM pg_temp.v('{"mediaNum":2,"medias":["x",{"extra":1}]}');
SELECT * FROM pg_temp.v(jsonb_build_object('mediaNum', 51, 'medias', (SELECT jsonb_agg('{"mediaName":"a","mediaURL":"http://e.org/a","mediaUsage":"上报","mediaType":"IMAGE"}'::jsonb) FROM generate_series(1, 51))));

-- the business plane is a setting
SET citybigdata.business_srid = 4547;
SELECT count(*) FROM pg_temp.v('{"coordinateX":704488.22,"coordinateY":4421996.95}');
SELECT * FROM pg_temp.v('{}');
RESET citybigdata.business_srid;
-- without boundaries the area is not checked, and says so
BEGIN;
DELETE FROM citybigdata.division_boundary;
SELECT * FROM pg_temp.v('{"coordinateX":517293.54,"coordinateY":4332955.21,"districtCode":"110105"}');
SELECT pointer, code FROM pg_temp.v('{"coordinateX":4419435.79,"coordinateY":447950.51}');
SELECT pointer, code FROM pg_temp.v('{"coordinateX":116.3913,"coordinateY":39.9075}');
ROLLBACK;
SELECT pointer, code FROM pg_temp.v('{"coordinateX":517293.54,"coordinateY":4332955.21}');
