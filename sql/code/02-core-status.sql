-- Status codes: the table that is shipped, and how SQL raises one as an error. Messages in the caller's language.
COMMENT ON TABLE citybigdata.status_code IS 'Unified status code table 状态信息编码表 (clause 5.4.3); shipped, made from status_codes.txt';
COMMENT ON COLUMN citybigdata.status_code.status_code IS 'HTTP status x 100 + nn; 0 is success';
COMMENT ON COLUMN citybigdata.status_code.name IS 'Name in the C sources, without CBD_';
COMMENT ON COLUMN citybigdata.status_code.http_status IS 'HTTP status of the reply';
COMMENT ON COLUMN citybigdata.status_code.sqlstate IS 'SQLSTATE when it is raised as an error: class UD';
COMMENT ON COLUMN citybigdata.status_code.message IS 'English message';
COMMENT ON COLUMN citybigdata.status_code.message_zh IS 'Chinese message';

CREATE OR REPLACE FUNCTION citybigdata.refuse(status_code integer, detail text) RETURNS void
    AS 'MODULE_PATHNAME', 'cbd_refuse' LANGUAGE c VOLATILE;
COMMENT ON FUNCTION citybigdata.refuse(integer, text) IS 'Raises a status code as an error (SQLSTATE class UD); for the functions of this extension only';

CREATE OR REPLACE FUNCTION citybigdata.say(message text) RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_say' LANGUAGE c STABLE PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.say(text) IS
'A message of the catalogue in the language in force, the caller''s or citybigdata.language. One that is not in the catalogue stays English';

CREATE OR REPLACE FUNCTION citybigdata.say(message text, VARIADIC "values" "any") RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_say' LANGUAGE c STABLE PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.say(text, "any") IS
'The same with {name} replaced; values: name, value, name, value ... A null value is nothing. For example say(''at most {limit} elements'', ''limit'', 5)';
