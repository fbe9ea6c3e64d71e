-- Tables as CSV (RFC 4180).
CREATE OR REPLACE FUNCTION citybigdata.csv_rows(csv text) RETURNS TABLE (line integer, cells text[], problem text)
    AS 'MODULE_PATHNAME', 'cbd_csv_rows' LANGUAGE c STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.csv_rows(text) IS
'The rows of a CSV text (RFC 4180; separated by commas, tabs or semicolons, as its first line is): the line that each begins in and its cells as they stand, without quotes; '
'empty lines are left out. Where the text is no CSV, a last row with the problem';
