-- Sealing the audit log, verifying the seal, reading and exporting.
COMMENT ON TABLE citybigdata.audit_seal_block IS 'Sealed stretches of the audit log, each chained to the one before; written by audit_seal() alone';
COMMENT ON COLUMN citybigdata.audit_seal_block.block_no IS 'Number in the chain, from 1 without gaps';
COMMENT ON COLUMN citybigdata.audit_seal_block.sealed_at IS 'When it was sealed';
COMMENT ON COLUMN citybigdata.audit_seal_block.first_id IS 'First audit_id of the stretch: follows last_id of the block before';
COMMENT ON COLUMN citybigdata.audit_seal_block.last_id IS 'Last audit_id of the stretch; numbers of transactions that were rolled back have no row';
COMMENT ON COLUMN citybigdata.audit_seal_block.first_at IS 'Earliest time among its rows';
COMMENT ON COLUMN citybigdata.audit_seal_block.last_at IS 'Latest time among its rows';
COMMENT ON COLUMN citybigdata.audit_seal_block.row_count IS 'How many rows it seals';
COMMENT ON COLUMN citybigdata.audit_seal_block.algorithm IS 'SHA256 or SM3, as citybigdata.crypto_suite was';
COMMENT ON COLUMN citybigdata.audit_seal_block.row_marks IS 'Per row its audit_id and the first 8 bytes of its digest: they tell which row differs, the digests below prove it';
COMMENT ON COLUMN citybigdata.audit_seal_block.rows_digest IS 'Digest of the rows'' digests, in the order of audit_id; a row''s digest is that of its columns as a JSON array';
COMMENT ON COLUMN citybigdata.audit_seal_block.integrity_digest IS 'Digest of the codes of integrity_row that are sealed, in the order of change_no; zero bytes when they were not as the block before had them';
COMMENT ON COLUMN citybigdata.audit_seal_block.previous_digest IS 'block_digest of the block before; zero bytes in the first';
COMMENT ON COLUMN citybigdata.audit_seal_block.block_digest IS 'Digest of previous_digest, block_no, first_id, last_id, first_at, last_at, row_count, rows_digest and integrity_digest';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.audit_seal_block', '');

COMMENT ON TABLE citybigdata.audit_seal_wait IS
'How far the log can be sealed once the transactions that were writing it have ended: until then one of them may still add a row with a lower number';
COMMENT ON COLUMN citybigdata.audit_seal_wait.only_row IS 'Always true: the table has one row';
COMMENT ON COLUMN citybigdata.audit_seal_wait.upper_id IS 'Last audit_id that was handed out when the writers were listed';
COMMENT ON COLUMN citybigdata.audit_seal_wait.writers IS 'The transactions that were writing then (pg_locks.virtualtransaction)';
-- transactions of the server that was dumped mean nothing elsewhere
SELECT pg_catalog.pg_extension_config_dump('citybigdata.audit_seal_wait', 'WHERE false');
CREATE OR REPLACE TRIGGER audit_refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON citybigdata.audit_seal_block
    FOR EACH STATEMENT EXECUTE FUNCTION citybigdata.audit_refuse_change();

CREATE OR REPLACE FUNCTION citybigdata.audit_seal(at_most integer DEFAULT 1000000) RETURNS bigint
    AS 'MODULE_PATHNAME', 'cbd_audit_seal' LANGUAGE c VOLATILE STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.audit_seal(integer) IS
'Seals the audit log in a chain of digests (SHA-256, or SM3 with citybigdata.crypto_suite = sm) as far as no open transaction can still add a row below, about at_most '
'rows, and returns how many; what cannot be sealed yet is at a later call. One sealer at a time: a second one returns 0';

CREATE OR REPLACE FUNCTION citybigdata.audit_unsealed(OUT audit_id bigint, OUT at timestamptz, OUT age interval) RETURNS record
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF to_regclass('citybigdata.audit_log') IS NOT NULL THEN -- setup() makes it
        SELECT l.audit_id, l.at, clock_timestamp() - l.at INTO audit_id, at, age FROM citybigdata.audit_log l
        WHERE l.audit_id > coalesce((SELECT b.last_id FROM citybigdata.audit_seal_block b ORDER BY b.block_no DESC LIMIT 1), 0)
        ORDER BY l.audit_id LIMIT 1;
    END IF;
END
$$;
COMMENT ON FUNCTION citybigdata.audit_unsealed() IS
'The oldest audit row that is not sealed yet, and how old it is; NULLs when all are. It grows when sealing does not run, or a transaction that has written the log stays open';

CREATE OR REPLACE FUNCTION citybigdata.audit_unsealed_seconds() RETURNS bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(floor(extract(epoch FROM u.age))::bigint, 0) FROM citybigdata.audit_unsealed() u
$$;
COMMENT ON FUNCTION citybigdata.audit_unsealed_seconds() IS 'The age that audit_unsealed() tells, in whole seconds; 0: all rows are sealed. For maintain()';

CREATE OR REPLACE FUNCTION citybigdata.audit_head(OUT block_no bigint, OUT sealed_at timestamptz, OUT audit_id bigint, OUT digest text) RETURNS record
    AS 'MODULE_PATHNAME', 'cbd_audit_head' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.audit_head() IS
'The end of the chain: keep block_no and digest outside the database, for audit_verify(): then nobody can replace or shorten the chain unseen. NULLs while nothing is sealed';

CREATE OR REPLACE FUNCTION citybigdata.audit_verify(known_block bigint DEFAULT NULL, known_digest text DEFAULT NULL)
    RETURNS TABLE (block_no bigint, audit_id bigint, problem text)
    AS 'MODULE_PATHNAME', 'cbd_audit_verify' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.audit_verify(bigint, text) IS
'Checks the sealed part of the audit log; no row = all is as it was. problem: row changed, row missing, row inserted, rows changed, block changed, block missing, chain broken, '
'not sealed for 3 hours (sealing does not run, or an open transaction holds it up), known head not in the chain (known_block and known_digest: of an earlier audit_head()); '
'and with block_no null what integrity_problems() tells of accounts, applications, grants, levels and proposals. Rows older than citybigdata.audit_retention_days may have left. Audited';

CREATE OR REPLACE FUNCTION citybigdata.audit_read(since timestamptz, until timestamptz, action_like text DEFAULT '%', of_app_code text DEFAULT NULL,
                                                  of_user_name text DEFAULT NULL)
    RETURNS TABLE (audit_id bigint, at timestamptz, request_id text, app_code text, user_name text, authenticated boolean, client_addr inet,
                   scheme text, action text, object text, status_code integer, detail text, session_role text)
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM citybigdata.require_own_transaction('audit_read');
    PERFORM citybigdata.audit_event('audit.read', format('%s %s %s', since, until, action_like), NULL);
    RETURN QUERY
        SELECT l.audit_id, l.at, l.request_id, l.app_code, l.user_name, l.authenticated, l.client_addr, l.scheme, l.action, l.object,
               l.status_code, l.detail, l.session_role
        FROM citybigdata.audit_log l
        WHERE l.at >= since AND l.at < until AND l.action LIKE action_like
          AND (of_app_code IS NULL OR l.app_code = of_app_code) AND (of_user_name IS NULL OR l.user_name = of_user_name)
        ORDER BY l.at, l.audit_id;
END
$$;
COMMENT ON FUNCTION citybigdata.audit_read(timestamptz, timestamptz, text, text, text) IS
'The audit rows of [since, until), optionally of one kind of action (LIKE pattern, for example auth.%), application or account. The reading is audited itself';

CREATE OR REPLACE FUNCTION citybigdata.syslog_value(value text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT replace(replace(replace(regexp_replace(value, '[\x01-\x1f\x7f-\x9f]', ' ', 'g'), '\', '\\'), '"', '\"'), ']', '\]')
$$;
COMMENT ON FUNCTION citybigdata.syslog_value(text) IS
'A value as it stands between quotes in structured data of RFC 5424; control characters become blanks: one record is one line';

CREATE OR REPLACE FUNCTION citybigdata.host_name() RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_host_name' LANGUAGE c STABLE SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.host_name() IS 'Name of the database''s server, for audit_export(); - where it has none; for the functions of this extension only';

CREATE OR REPLACE FUNCTION citybigdata.audit_export(since timestamptz, until timestamptz) RETURNS SETOF text
    LANGUAGE plpgsql VOLATILE STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    host text := coalesce(substring(current_setting('citybigdata.public_url') FROM '^https?://([A-Za-z0-9.-]+)'), citybigdata.host_name());
    sd_id text := 'audit@' || current_setting('citybigdata.syslog_enterprise_number');
BEGIN
    PERFORM citybigdata.require_own_transaction('audit_export');
    PERFORM citybigdata.audit_event('audit.export', format('%s %s', since, until), NULL);
    RETURN QUERY
        -- facility 13 (log audit); severity 6 information, 4 warning (refused), 3 error (failed)
        SELECT format('<%s>1 %s %s citybigdata - %s [%s id="%s"%s scheme="%s"%s status="%s" role="%s"]%s',
                      104 + CASE WHEN l.status_code = 0 THEN 6 WHEN l.status_code < 50000 THEN 4 ELSE 3 END,
                      to_char(l.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), host,
                      coalesce(nullif(left(regexp_replace(l.action, '[^!-~]', '', 'g'), 32), ''), '-'), sd_id, l.audit_id,
                      concat(' requestId="' || citybigdata.syslog_value(l.request_id) || '"',
                             ' appCode="' || citybigdata.syslog_value(l.app_code) || '"',
                             ' userName="' || citybigdata.syslog_value(l.user_name) || '"',
                             ' authenticated="' || l.authenticated::text || '"',
                             ' client="' || host(l.client_addr) || '"'),
                      citybigdata.syslog_value(l.scheme),
                      ' object="' || citybigdata.syslog_value(l.object) || '"',
                      l.status_code, citybigdata.syslog_value(l.session_role),
                      -- the mark of UTF-8 that the RFC wants before a text
                      ' ' || U&'\FEFF' || nullif(regexp_replace(l.detail, '[\x01-\x1f\x7f-\x9f]', ' ', 'g'), ''))
        FROM citybigdata.audit_log l
        WHERE l.at >= since AND l.at < until
        ORDER BY l.at, l.audit_id;
END
$$;
COMMENT ON FUNCTION citybigdata.audit_export(timestamptz, timestamptz) IS
'The audit rows of [since, until) as RFC 5424 syslog lines for security devices: facility 13, HOSTNAME that of citybigdata.public_url, else the server''s, structured data audit@<citybigdata.syslog_enterprise_number>. '
'The export is audited itself';
