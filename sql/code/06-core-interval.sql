-- Times and intervals in the notation of the standard.
CREATE OR REPLACE FUNCTION citybigdata.time_point(text) RETURNS timestamptz
    AS 'MODULE_PATHNAME', 'cbd_time_point' LANGUAGE c STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.time_point(text) IS
'A time as the standard writes it (clause 5.3.4): yyyyMMddHHmmss in the zone citybigdata.time_zone, or Unix seconds of 1 to 10 digits';

CREATE OR REPLACE FUNCTION citybigdata.time_range(text) RETURNS tstzrange
    AS 'MODULE_PATHNAME', 'cbd_time_range' LANGUAGE c STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.time_range(text) IS
'A time interval as the standard writes it (clause 5.3.4): (a,b) (a,b] [a,b) [a,b], both bounds yyyyMMddHHmmss or both Unix seconds; '
'blanks and full-width brackets and comma are allowed; equal bounds give empty unless closed on both sides';

CREATE OR REPLACE FUNCTION citybigdata.time_range_text(tstzrange) RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_time_range_text' LANGUAGE c STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.time_range_text(tstzrange) IS
'The canonical notation of an interval, [20240102000000,20240103000000), widened to whole seconds; NULL for empty and open-ended ranges, which the notation cannot say';
