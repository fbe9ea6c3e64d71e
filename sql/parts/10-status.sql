CREATE TABLE citybigdata.status_code (
    status_code integer NOT NULL CONSTRAINT status_code_pkey PRIMARY KEY,
    name        text    NOT NULL CONSTRAINT status_code_name_key UNIQUE,
    http_status integer NOT NULL,
    sqlstate    text    NOT NULL,
    message     text    NOT NULL,
    message_zh  text    NOT NULL
);
COMMENT ON TABLE citybigdata.status_code IS 'Unified status code table 状态信息编码表 (clause 5.4.3); shipped, made from status_codes.txt';
COMMENT ON COLUMN citybigdata.status_code.status_code IS 'HTTP status x 100 + nn; 0 is success';
COMMENT ON COLUMN citybigdata.status_code.name IS 'Name in the C sources, without CBD_';
COMMENT ON COLUMN citybigdata.status_code.http_status IS 'HTTP status of the reply';
COMMENT ON COLUMN citybigdata.status_code.sqlstate IS 'SQLSTATE when it is raised as an error: class UD';
COMMENT ON COLUMN citybigdata.status_code.message IS 'English message';
COMMENT ON COLUMN citybigdata.status_code.message_zh IS 'Chinese message';
