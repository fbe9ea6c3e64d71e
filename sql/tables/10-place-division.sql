-- GB/T 2260 divisions and their boundaries. Rows that ship are replaced, never changed: see the trigger in code/10-place-division.sql.
CREATE TABLE citybigdata.division (
    code           text    NOT NULL CONSTRAINT division_pkey PRIMARY KEY,
    name           text    NOT NULL,
    parent_code    text,
    level          integer NOT NULL,
    kind           text,
    revision       text,
    valid_from     date,
    valid_to       date,
    successor_code text,
    former_name    text,
    shipped        boolean NOT NULL DEFAULT false,
    CONSTRAINT division_code_check CHECK (code OPERATOR(pg_catalog.~) '^([0-9]{6}|[0-9]{9}|[0-9]{12})$'),
    CONSTRAINT division_level_check CHECK (level BETWEEN 1 AND 5),
    CONSTRAINT division_validity_check CHECK (valid_from < valid_to)
);
CREATE INDEX division_parent_code_idx ON citybigdata.division (parent_code);

CREATE TABLE citybigdata.division_boundary (
    code    text    NOT NULL CONSTRAINT division_boundary_pkey PRIMARY KEY,
    geom    geometry(MultiPolygon, 4490) NOT NULL,
    source  text,
    shipped boolean NOT NULL DEFAULT false
);
CREATE INDEX division_boundary_geom_idx ON citybigdata.division_boundary USING gist (geom);
