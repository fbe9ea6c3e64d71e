-- Status codes (clause 5.4.3).
CREATE TABLE citybigdata.status_code (
    status_code integer NOT NULL CONSTRAINT status_code_pkey PRIMARY KEY,
    name        text    NOT NULL CONSTRAINT status_code_name_key UNIQUE,
    http_status integer NOT NULL,
    sqlstate    text    NOT NULL,
    message     text    NOT NULL,
    message_zh  text    NOT NULL
);
