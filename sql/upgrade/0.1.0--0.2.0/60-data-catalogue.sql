-- A place made of two columns of degrees.
ALTER TABLE citybigdata.resource_version ADD COLUMN latitude_column text;
DROP FUNCTION citybigdata.derived_columns(text, text, text, jsonb, text[]);
DROP FUNCTION citybigdata.publish_advice("char", text, text, text[], text, text, text, text[], text[]);
DROP FUNCTION citybigdata.publish_field(text, integer, integer, record, jsonb, integer, boolean, jsonb);
-- Functions that are registered as algorithms are bound, too.
ALTER TABLE citybigdata.bound_object DROP CONSTRAINT bound_object_kind_check,
    ADD CONSTRAINT bound_object_kind_check CHECK (kind OPERATOR(pg_catalog.=) ANY (ARRAY['resource', 'dataset', 'algorithm']));
