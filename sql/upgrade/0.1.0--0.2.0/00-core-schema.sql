-- 0.1.0 took temporary objects from PUBLIC, in the whole database. Whether they were PUBLIC's before nobody knows, so the upgrade leaves it.
DO $$
BEGIN
    IF NOT pg_catalog.has_database_privilege('public', pg_catalog.current_database(), 'TEMPORARY') THEN
        RAISE NOTICE 'an earlier version took temporary objects from PUBLIC in database "%", which is not needed any more', pg_catalog.current_database()
            USING HINT = pg_catalog.format('GRANT TEMPORARY ON DATABASE %I TO PUBLIC', pg_catalog.current_database());
    END IF;
END
$$;
