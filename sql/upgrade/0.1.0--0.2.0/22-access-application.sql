-- The client of operators and administrators.
ALTER TABLE citybigdata.application ADD COLUMN operators boolean NOT NULL DEFAULT false;
CREATE UNIQUE INDEX application_operators_key ON citybigdata.application (operators)
    WHERE operators AND state OPERATOR(pg_catalog.<>) 'revoked';
