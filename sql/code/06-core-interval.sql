-- Times and intervals in the notation of the standard.
CREATE OR REPLACE FUNCTION citybigdata.time_point(text) RETURNS timestamptz
    AS 'MODULE_PATHNAME', 'cbd_time_point' LANGUAGE c STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.time_point(text) IS
'A time as the standard writes it (clause 5.3.4): yyyyMMddHHmmss in the zone citybigdata.time_zone, yyyyMMdd or yyyy-MM-dd for the begin of a day, Unix seconds of 9 or 10 digits, or an RFC 3339 date-time with its zone';

CREATE OR REPLACE FUNCTION citybigdata.time_range(text) RETURNS tstzrange
    AS 'MODULE_PATHNAME', 'cbd_time_range' LANGUAGE c STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.time_range(text) IS
'A time interval as the standard writes it (clause 5.3.4): (a,b) (a,b] [a,b) [a,b], both bounds calendar times (yyyyMMddHHmmss, yyyyMMdd, yyyy-MM-dd) or both instants (Unix seconds, RFC 3339 date-times); a closed bound that is a day holds the day; '
'blanks and full-width brackets and comma are allowed; equal bounds give empty unless closed on both sides';

CREATE OR REPLACE FUNCTION citybigdata.time_range_text(tstzrange) RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_time_range_text' LANGUAGE c STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.time_range_text(tstzrange) IS
'The canonical notation of an interval, [20240102000000,20240103000000), widened to whole seconds; NULL for empty and open-ended ranges, which the notation cannot say';

-- PostgreSQL 15 has no index for timestamptz <@ tstzrange. These are taken into the query that calls them; their bodies are parsed here, once.
CREATE OR REPLACE FUNCTION citybigdata.in_time(at timestamptz, during tstzrange) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN $1 OPERATOR(pg_catalog.>=) COALESCE(pg_catalog.lower($2), CASE WHEN pg_catalog.isempty($2) THEN 'infinity'::timestamptz ELSE '-infinity'::timestamptz END)
       AND $1 OPERATOR(pg_catalog.<=) COALESCE(pg_catalog.upper($2), 'infinity'::timestamptz) AND $1 OPERATOR(pg_catalog.<@) $2;
COMMENT ON FUNCTION citybigdata.in_time(timestamptz, tstzrange) IS
'Is the instant in the range? The same as at <@ during, but an index on the column of at serves it: the planner sees the bounds';

CREATE OR REPLACE FUNCTION citybigdata.in_time(at timestamptz, during text) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN $1 OPERATOR(pg_catalog.>=) COALESCE(pg_catalog.lower(citybigdata.time_range($2)), CASE WHEN pg_catalog.isempty(citybigdata.time_range($2)) THEN 'infinity'::timestamptz ELSE '-infinity'::timestamptz END)
       AND $1 OPERATOR(pg_catalog.<=) COALESCE(pg_catalog.upper(citybigdata.time_range($2)), 'infinity'::timestamptz) AND $1 OPERATOR(pg_catalog.<@) citybigdata.time_range($2);
COMMENT ON FUNCTION citybigdata.in_time(timestamptz, text) IS
'Is the instant in the interval, written as the standard does (clause 5.3.4; see time_range())? An index on the column of at serves it. Error: 40011';
