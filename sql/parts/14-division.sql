-- GB/T 2260 divisions and their boundaries. Rows that ship are replaced, never changed: see 54-division.sql.
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
COMMENT ON TABLE citybigdata.division IS 'Administrative divisions 行政区划: GB/T 2260 codes, streets and communities, retired codes too; load_divisions() brings a newer table';
COMMENT ON COLUMN citybigdata.division.code IS '6 digits (province, prefecture, county), 9 (street 街道, town) or 12 (community 社区, village)';
COMMENT ON COLUMN citybigdata.division.name IS 'Name; of a retired code the last one';
COMMENT ON COLUMN citybigdata.division.parent_code IS 'Code of the division above; null for a province';
COMMENT ON COLUMN citybigdata.division.level IS '1 province, 2 prefecture, 3 county or district, 4 street, 5 community';
COMMENT ON COLUMN citybigdata.division.kind IS 'official, pseudo (市辖区 and the like), retired, superseded, statistical-zone (not in GB/T 2260), or the kind of street or community';
COMMENT ON COLUMN citybigdata.division.revision IS 'List and date that the row was taken from';
COMMENT ON COLUMN citybigdata.division.valid_from IS 'First day; null: before the lists begin, or not known';
COMMENT ON COLUMN citybigdata.division.valid_to IS 'First day on which the code is not listed any more; null: still valid';
COMMENT ON COLUMN citybigdata.division.successor_code IS 'Of a retired code: the code that took its place, where it is known';
COMMENT ON COLUMN citybigdata.division.former_name IS 'What the code named before, where a code was given to another division or renamed since 2016';
COMMENT ON COLUMN citybigdata.division.shipped IS 'The row came with CREATE EXTENSION; pg_dump leaves it out';

CREATE TABLE citybigdata.division_boundary (
    code    text    NOT NULL CONSTRAINT division_boundary_pkey PRIMARY KEY,
    geom    geometry(MultiPolygon, 4490) NOT NULL,
    source  text,
    shipped boolean NOT NULL DEFAULT false
);
CREATE INDEX division_boundary_geom_idx ON citybigdata.division_boundary USING gist (geom);
COMMENT ON TABLE citybigdata.division_boundary IS 'Boundaries of divisions; load_boundaries() fills it';
COMMENT ON COLUMN citybigdata.division_boundary.code IS 'Division code';
COMMENT ON COLUMN citybigdata.division_boundary.geom IS 'Boundary in CGCS2000 longitude and latitude, EPSG:4490';
COMMENT ON COLUMN citybigdata.division_boundary.source IS 'Where the boundary comes from';
COMMENT ON COLUMN citybigdata.division_boundary.shipped IS 'The row came with CREATE EXTENSION; pg_dump leaves it out';
