-- A new chapter: every kind of thing that one may bring.
CREATE DOMAIN citybigdata.rehearsal_code AS text CONSTRAINT rehearsal_code_check CHECK (VALUE OPERATOR(pg_catalog.~) '^[a-z]+$');
CREATE TYPE citybigdata.rehearsal_state AS ENUM ('open', 'closed');
CREATE TABLE citybigdata.rehearsal (
    rehearsal_id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT rehearsal_pkey PRIMARY KEY,
    code         citybigdata.rehearsal_code NOT NULL,
    state        citybigdata.rehearsal_state NOT NULL DEFAULT 'open',
    app_id       integer CONSTRAINT rehearsal_app_id_fkey REFERENCES citybigdata.application ON DELETE CASCADE,
    place        geometry(Point, 4490),
    double_id    bigint GENERATED ALWAYS AS (app_id OPERATOR(pg_catalog.*) 2) STORED,
    shipped      boolean NOT NULL DEFAULT false
);
CREATE INDEX rehearsal_code_idx ON citybigdata.rehearsal (code) WHERE state OPERATOR(pg_catalog.=) 'open'::citybigdata.rehearsal_state;
