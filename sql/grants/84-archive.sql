-- The archive and batch history. Whoever may read events may read archived ones, the same columns.
REVOKE SELECT ON citybigdata.event_archive, citybigdata.event_media_archive, citybigdata.event_step_archive FROM citybigdata_analyst;
DO $$
DECLARE
    item record;
BEGIN
    -- the columns of the live tables that the analyst was given
    FOR item IN
        SELECT c.relname, pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), ', ' ORDER BY a.attnum) AS columns
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_attribute a ON a.attrelid OPERATOR(pg_catalog.=) c.oid AND a.attnum OPERATOR(pg_catalog.>) 0 AND NOT a.attisdropped
        WHERE c.oid OPERATOR(pg_catalog.=) ANY (ARRAY['citybigdata.event', 'citybigdata.event_media', 'citybigdata.event_step']::pg_catalog.regclass[])
          AND pg_catalog.has_column_privilege('citybigdata_analyst', c.oid, a.attnum, 'SELECT')
        GROUP BY c.relname
    LOOP
        EXECUTE pg_catalog.format('GRANT SELECT (%s) ON citybigdata.%I TO citybigdata_analyst', item.columns, item.relname OPERATOR(pg_catalog.||) '_archive');
    END LOOP;
END
$$;
GRANT SELECT ON citybigdata.event_archive, citybigdata.event_media_archive, citybigdata.event_step_archive TO citybigdata_analyst_personal;
-- Moving, removing and loading are the system administrator's.
GRANT EXECUTE ON FUNCTION citybigdata.archive_events(timestamptz, integer), citybigdata.purge_archive(timestamptz, integer) TO citybigdata_sysadmin;
GRANT EXECUTE ON FUNCTION citybigdata.load_events(regclass, text, text, bigint, bigint) TO citybigdata_sysadmin;
GRANT INSERT (sender_code, data, state, receive_time, closed_time, steps) ON citybigdata.event_staging TO citybigdata_sysadmin;
GRANT SELECT ON citybigdata.event_load, citybigdata.event_load_reject TO citybigdata_sysadmin;
