-- Code tables (clause 5.4.4-c): what a coded field may hold. An empty table accepts every value.
CREATE TABLE citybigdata.code_table (
    name     text    NOT NULL CONSTRAINT code_table_pkey PRIMARY KEY,
    title    text    NOT NULL,
    title_zh text    NOT NULL,
    version  text,
    shipped  boolean NOT NULL DEFAULT false,
    CONSTRAINT code_table_name_check CHECK (name OPERATOR(pg_catalog.~) '^[a-z][a-z0-9-]{0,62}$')
);

CREATE TABLE citybigdata.code_table_row (
    table_name  text    NOT NULL,
    code        text    NOT NULL,
    name        text    NOT NULL,
    parent_code text,
    sort        integer NOT NULL DEFAULT 0,
    shipped     boolean NOT NULL DEFAULT false,
    name_en     text,
    CONSTRAINT code_table_row_pkey PRIMARY KEY (table_name, code),
    CONSTRAINT code_table_row_code_check CHECK (pg_catalog.length(code) BETWEEN 1 AND 63)
);
