-- A column more, its check, an index.
ALTER TABLE citybigdata.platform ADD COLUMN contact text NOT NULL DEFAULT '' CONSTRAINT platform_contact_check CHECK (pg_catalog.length(contact) OPERATOR(pg_catalog.<=) 64);
CREATE INDEX platform_contact_idx ON citybigdata.platform (contact);
