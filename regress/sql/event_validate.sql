-- A valid report of table A.4, and one mistake at a time.
\pset null '(null)'
CREATE FUNCTION pg_temp.good() RETURNS jsonb LANGUAGE sql AS $$ SELECT jsonb_build_object(
    'eventDesc', '井盖破损', 'otherTaskNum', 'T-1', 'address', '东华门大街1号', 'coordinateX', 448400.5, 'coordinateY', 4418600.25,
    'eventSrcID', 1, 'recTypeID', 1, 'eventLevelID', 1, 'eventTypeCode', '6', 'createTime', '20240131083000') $$;
-- the good event with members replaced (null removes)
CREATE FUNCTION pg_temp.but(change jsonb) RETURNS json LANGUAGE sql AS $$ SELECT jsonb_strip_nulls(pg_temp.good() || change)::json $$;
CREATE FUNCTION pg_temp.v(change jsonb, profile text DEFAULT 'strict') RETURNS SETOF record LANGUAGE sql AS
$$ SELECT f.pointer, f.status_code, f.message, f.severity FROM citybigdata.validate_event(pg_temp.but(change), profile) f $$;

SELECT count(*) FROM citybigdata.validate_event(pg_temp.good()::json);
SELECT count(*) FROM citybigdata.validate_event(pg_temp.good());
SELECT count(*) FROM citybigdata.validate_event(pg_temp.good()::text);
SELECT * FROM citybigdata.validate_event('{"eventDesc":"a","eventDesc":"b","medias":[{"x/y~":1,"x/y~":2}]}');
SELECT * FROM citybigdata.validate_event('{}');
SELECT * FROM citybigdata.validate_event('{}', 'egova');
SELECT * FROM citybigdata.validate_event('[]');
SELECT * FROM citybigdata.validate_event('{"a":1,}');
SELECT * FROM citybigdata.validate_event('{"描述":tru}');
SELECT * FROM citybigdata.validate_event('{"a":"\ud800"}');
SELECT * FROM citybigdata.validate_event('{"a":"\u0000"}');
SELECT * FROM citybigdata.validate_event('{"a":NaN}');
SELECT * FROM citybigdata.validate_event('{"a":"b"');
SELECT * FROM citybigdata.validate_event('{"a":"b');
SELECT * FROM citybigdata.validate_event('');
SELECT * FROM citybigdata.validate_event(repeat('[', 100000));
SELECT * FROM citybigdata.validate_event(pg_temp.but('{"coordinateX":1e400}'));
SELECT pointer, status_code, message FROM citybigdata.validate_event(pg_temp.but(jsonb_build_object('eventDesc', repeat('x', 10000000))));
SELECT * FROM citybigdata.validate_event(pg_temp.good()::text, 'lax');
