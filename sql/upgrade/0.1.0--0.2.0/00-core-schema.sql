-- The role that the shipped views of cases belong to.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname OPERATOR(pg_catalog.=) 'citybigdata_publisher') THEN
        CREATE ROLE citybigdata_publisher NOLOGIN;
    END IF;
END
$$;
