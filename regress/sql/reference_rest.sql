-- The endpoints of reference data: GET /divisions/{code}, /code-tables, /code-tables/{name}, as the bridge calls them.
\set SHOW_CONTEXT never
BEGIN;
WITH person AS (
    INSERT INTO citybigdata.account (user_name, password_digest, organization, contact_name, mobile, state, admin_role)
    VALUES ('reference.test', '$2a$04$none', 'test', 'test', '13800000000', 'active', 'secadmin') RETURNING account_id
)
INSERT INTO citybigdata.access_token (token_digest, account_id, issued_at, expires_at)
SELECT sha256('reference token'), account_id, now(), now() + interval '1 hour' FROM person;
-- status and retry-after, whether an audit record is handed over, data
CREATE FUNCTION pg_temp.frame(f bytea, OUT status text, OUT audited boolean, OUT data text) LANGUAGE sql AS
$$ SELECT reply.outcome(f), reply.field(f, 'audit') IS NOT NULL, nullif(reply.data(f), '') $$;
CREATE FUNCTION pg_temp.division(code text, token text DEFAULT 'reference token') RETURNS bytea LANGUAGE sql AS
$$ SELECT citybigdata.rest_division('request-1', '192.0.2.1', NULL, 'bearer', sha256(token::bytea), code) $$;
CREATE FUNCTION pg_temp.codes(name text, token text DEFAULT 'reference token') RETURNS bytea LANGUAGE sql AS
$$ SELECT citybigdata.rest_code_table('request-1', '192.0.2.1', NULL, 'bearer', sha256(token::bytea), name) $$;
DO $$ BEGIN EXECUTE format('GRANT USAGE ON SCHEMA %I TO citybigdata_bridge', (SELECT nspname FROM pg_namespace WHERE oid = pg_my_temp_schema())); END $$;
SET LOCAL ROLE citybigdata_bridge;
SELECT * FROM pg_temp.frame(pg_temp.division('110103'));
SELECT status, audited, data::jsonb - 'children' AS data, jsonb_array_length(data::jsonb -> 'children') AS children, data::jsonb -> 'children' -> 0 AS first
FROM pg_temp.frame(pg_temp.division('110100'));
SELECT status, audited, data::jsonb ->> 'parentCode' AS parent, data::jsonb ->> 'level' AS level FROM pg_temp.frame(pg_temp.division('110101001001'));
SELECT data::jsonb ->> 'parentCode' AS parent, data::jsonb ->> 'validFrom' AS valid_from, data::jsonb ->> 'validTo' AS valid_to FROM pg_temp.frame(pg_temp.division('110000'));
-- unknown, malformed, absent, without a valid token
SELECT * FROM pg_temp.frame(pg_temp.division('999999'));
SELECT * FROM pg_temp.frame(pg_temp.division('1101'));
SELECT * FROM pg_temp.frame(pg_temp.division(E'110101\n'));
SELECT * FROM pg_temp.frame(pg_temp.division(NULL));
SELECT * FROM pg_temp.frame(pg_temp.division('110101', 'another token'));
SELECT * FROM pg_temp.frame(citybigdata.rest_division(NULL, NULL, NULL, 'none', NULL, '110101'));
SELECT status FROM pg_temp.frame(pg_temp.division('110101'));

SELECT status, audited, jsonb_array_length(data::jsonb -> 'items') >= 7 AS tables,
       (SELECT i FROM jsonb_array_elements(data::jsonb -> 'items') i WHERE i ->> 'name' = 'event-state') AS event_state
FROM pg_temp.frame(citybigdata.rest_code_tables('request-1', '192.0.2.1', NULL, 'bearer', sha256('reference token')));
SELECT * FROM pg_temp.frame(citybigdata.rest_code_tables('request-1', '192.0.2.1', NULL, 'bearer', sha256('no')));
SELECT * FROM pg_temp.frame(pg_temp.codes('event-state'));
SELECT * FROM pg_temp.frame(pg_temp.codes('event-src'));
SELECT * FROM pg_temp.frame(pg_temp.codes('no-such'));
SELECT * FROM pg_temp.frame(pg_temp.codes(NULL));
SELECT * FROM pg_temp.frame(pg_temp.codes('event-state', 'no'));
RESET ROLE;
-- refusals have written their audit rows
SELECT count(*) AS refusals_audited FROM citybigdata.audit_log WHERE action IN ('division.get', 'code-table.get', 'code-table.list');
ROLLBACK;
