-- Audit: citybigdata.audit_log itself is made by setup(), outside the extension's membership: partitions made later
-- under a parent that belongs to the extension do not come back from a dump. The parent has no key, index or
-- foreign key of its own for the same reason; partitions are made by LIKE and ATTACH, never by PARTITION OF.
CREATE FUNCTION citybigdata.audit_refuse_change() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'the audit log is append-only'
        USING ERRCODE = 'insufficient_privilege', DETAIL = format('%s on %s was refused.', TG_OP, TG_TABLE_NAME),
              HINT = 'Old months leave as whole partitions: SELECT citybigdata.maintain();';
END
$$;
COMMENT ON FUNCTION citybigdata.audit_refuse_change() IS 'Trigger of the audit log: refuses UPDATE, DELETE and TRUNCATE, to the owner too';
