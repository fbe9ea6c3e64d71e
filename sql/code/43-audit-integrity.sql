-- Integrity codes of the rows that decide who may do what (extension/audit/integrity.h).
COMMENT ON TABLE citybigdata.integrity_row IS
'What functions of the extension wrote last into the rows of integrity_columns(), with a code over it. Written by trigger integrity_guard and by audit_seal()';
COMMENT ON COLUMN citybigdata.integrity_row.change_no IS 'Number of the change';
COMMENT ON COLUMN citybigdata.integrity_row.relation IS 'Table; empty: accept_integrity() was called; extension: the version whose shipped rows have codes';
COMMENT ON COLUMN citybigdata.integrity_row.row_key IS 'Its key columns, with blanks between them';
COMMENT ON COLUMN citybigdata.integrity_row.content IS 'Its columns that are looked after; of passwords, keys and secrets a digest';
COMMENT ON COLUMN citybigdata.integrity_row.code IS 'Kind (1 byte: 1 = SM3, 2 = keyed), key id (4), HMAC under the master key, or digest without one (32), over all of the above';
COMMENT ON COLUMN citybigdata.integrity_row.replaced_code IS 'Code that says that a later change took its place, or that the row was deleted; such rows stay until the next seal';
COMMENT ON COLUMN citybigdata.integrity_row.sealed_in IS 'Block of the audit log that has it in its integrity_digest; null: none yet';
COMMENT ON COLUMN citybigdata.integrity_row.changed_at IS 'When it was changed';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.integrity_row', '');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.integrity_row_change_no_seq', '');

CREATE OR REPLACE FUNCTION citybigdata.integrity_by_function() RETURNS boolean
    AS 'MODULE_PATHNAME', 'cbd_integrity_by_function' LANGUAGE c STABLE SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.integrity_by_function() IS 'Does a function of the extension, or its script, make the change that is under way?';
CREATE OR REPLACE FUNCTION citybigdata.integrity_code(change_no bigint, replaced boolean, relation text, row_key text, content jsonb) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_integrity_code' LANGUAGE c VOLATILE STRICT SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.integrity_code(bigint, boolean, text, text, jsonb) IS
'The code of a row of integrity_row; for functions of the extension only, refused to others. Errors: 50305 the key file is unsafe or malformed';
CREATE OR REPLACE FUNCTION citybigdata.integrity_code_fits(change_no bigint, replaced boolean, relation text, row_key text, content jsonb, code bytea) RETURNS boolean
    AS 'MODULE_PATHNAME', 'cbd_integrity_code_fits' LANGUAGE c STABLE STRICT SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.integrity_code_fits(bigint, boolean, text, text, jsonb, bytea) IS 'Is it the code of the row? Errors: 50305 the key file is unsafe or malformed';
CREATE OR REPLACE FUNCTION citybigdata.integrity_sealed_fits() RETURNS boolean
    AS 'MODULE_PATHNAME', 'cbd_integrity_sealed_fits' LANGUAGE c VOLATILE SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.integrity_sealed_fits() IS 'Are the sealed rows of integrity_row those that the newest block of the audit log has?';

-- What changes with every use of a credential is left out: it decides nothing.
CREATE OR REPLACE FUNCTION citybigdata.integrity_columns(OUT relation text, OUT keys text[], OUT columns text[]) RETURNS SETOF record
    LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    VALUES ('account', '{account_id}'::text[], '{user_name,state,admin_role,valid_until,epoch,approved_by,password_digest,password_temporary,password_held,technical}'::text[]),
           ('account_totp', '{account_id}', '{secret,algorithm,enrolled_by}'),
           ('application', '{app_id}', '{app_code,account_id,key_digest,signing_secret,methods,ip_ranges,profile,level,valid_until,redirect_uris,client_type,state,'
                                       'previous_key_digest,previous_signing_secret,previous_valid_until,epoch,operators}'),
           ('sender', '{sender_code}', '{app_id}'),
           ('access_request', '{access_request_id}', '{account_id,resources,methods,ip_ranges,sender_codes,profile,level,valid_until,redirect_uris,client_type,state,app_id}'),
           ('app_grant', '{app_id,resource}', '{level,valid_until,state,granted_by,rate_per_second,rate_burst,daily_quota}'),
           ('admin_proposal', '{proposal_id}', '{action,account_id,access_request_id,role,app_code,resource,level,valid_until,state,proposed_by,proposer_id,decided_by,decider_id}'),
           ('level_proposal', '{resource_code,version}', '{state,changes,proposed_by,proposed_session,decided_by}'),
           ('event_field', '{field}', '{level,mask}'),
           ('role_level', '{role}', '{level}'),
           ('post', '{post_id}', '{account_id,role,unit_code,division_code,valid_from,valid_until,delegate_id,delegate_from,delegate_until,given_by}'),
           ('resource_version', '{resource_code,version}', '{state,publisher,schema_name,relation_name,level}'),
           ('resource_field', '{resource_code,version,position}', '{name,column_name,level,mask}')
$$;
COMMENT ON FUNCTION citybigdata.integrity_columns() IS 'The tables whose rows decide who may do what, their key columns, and the columns that have a code';

CREATE OR REPLACE FUNCTION citybigdata.integrity_content(relation text, row_values jsonb, OUT row_key text, OUT content jsonb) RETURNS record
    LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT (SELECT string_agg(row_values ->> k.name, ' ' ORDER BY k.n) FROM unnest(i.keys) WITH ORDINALITY k (name, n)),
           (SELECT jsonb_object_agg(c.name, CASE WHEN c.name ~ '(digest|secret)$' THEN to_jsonb(encode(sha256(convert_to(row_values ->> c.name, 'UTF8')), 'hex'))
                                                 ELSE row_values -> c.name END) FROM unnest(i.columns) c (name))
    FROM citybigdata.integrity_columns() i WHERE i.relation = integrity_content.relation
$$;
COMMENT ON FUNCTION citybigdata.integrity_content(text, jsonb) IS 'Key and content, for integrity_row, of a row of that table as to_jsonb() gives it in UTC';

-- Content null: the row is gone. A content whose code is not good stays, so that it is found.
CREATE OR REPLACE FUNCTION citybigdata.integrity_put(relation text, row_key text, content jsonb) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    number bigint;
BEGIN
    UPDATE citybigdata.integrity_row r SET replaced_code = citybigdata.integrity_code(r.change_no, true, r.relation, r.row_key, r.content)
    WHERE r.relation = integrity_put.relation AND r.row_key = integrity_put.row_key AND r.replaced_code IS NULL;
    -- taken out and put in again as it was, as shipped rows are by an upgrade
    UPDATE citybigdata.integrity_row u SET replaced_code = NULL
    WHERE u.change_no = (SELECT max(r.change_no) FROM citybigdata.integrity_row r WHERE r.relation = integrity_put.relation AND r.row_key = integrity_put.row_key)
      AND u.content = integrity_put.content AND citybigdata.integrity_code_fits(u.change_no, true, u.relation, u.row_key, u.content, u.replaced_code);
    IF FOUND THEN
        RETURN;
    END IF;
    IF content IS NOT NULL THEN
        number := nextval('citybigdata.integrity_row_change_no_seq');
        INSERT INTO citybigdata.integrity_row (change_no, relation, row_key, content, code) OVERRIDING SYSTEM VALUE
        VALUES (number, integrity_put.relation, integrity_put.row_key, integrity_put.content,
                citybigdata.integrity_code(number, false, integrity_put.relation, integrity_put.row_key, integrity_put.content));
    END IF;
END
$$;
COMMENT ON FUNCTION citybigdata.integrity_put(text, text, jsonb) IS 'Writes the content of a row into integrity_row; null: it was deleted. For functions of the extension only';

-- Only what this change changed is taken over: what somebody else changed before goes on to differ.
CREATE OR REPLACE FUNCTION citybigdata.integrity_guard() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    was record;
    now record;
    kept record;
BEGIN
    -- before setup() there are no codes
    IF NOT citybigdata.integrity_by_function() OR NOT EXISTS (SELECT FROM citybigdata.integrity_row) THEN
        RETURN NULL;
    END IF;
    IF TG_OP = 'INSERT' THEN
        SELECT * INTO now FROM citybigdata.integrity_content(TG_TABLE_NAME, to_jsonb(NEW));
        PERFORM citybigdata.integrity_put(TG_TABLE_NAME, now.row_key, now.content);
        RETURN NULL;
    END IF;
    SELECT * INTO was FROM citybigdata.integrity_content(TG_TABLE_NAME, to_jsonb(OLD));
    IF TG_OP = 'UPDATE' THEN
        SELECT * INTO now FROM citybigdata.integrity_content(TG_TABLE_NAME, to_jsonb(NEW));
        IF now.content = was.content THEN
            RETURN NULL;
        END IF;
    END IF;
    SELECT r.* INTO kept FROM citybigdata.integrity_row r WHERE r.relation = TG_TABLE_NAME AND r.row_key = was.row_key AND r.replaced_code IS NULL FOR UPDATE;
    IF NOT FOUND OR NOT citybigdata.integrity_code_fits(kept.change_no, false, kept.relation, kept.row_key, kept.content, kept.code) THEN
        RETURN NULL;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        kept.content := kept.content || (SELECT jsonb_object_agg(n.key, n.value) FROM jsonb_each(now.content) n WHERE n.value IS DISTINCT FROM was.content -> n.key);
    ELSE
        kept.content := NULL;
    END IF;
    PERFORM citybigdata.integrity_put(TG_TABLE_NAME, was.row_key, kept.content);
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION citybigdata.integrity_guard() IS 'Trigger of the tables of integrity_columns(): a change by a function of the extension goes into integrity_row, every other one does not';
DO $$
DECLARE
    guarded record;
BEGIN
    FOR guarded IN SELECT * FROM citybigdata.integrity_columns() LOOP
        EXECUTE pg_catalog.format('CREATE OR REPLACE TRIGGER integrity_guard AFTER INSERT OR DELETE OR UPDATE OF %s ON citybigdata.%I '
                                  'FOR EACH ROW EXECUTE FUNCTION citybigdata.integrity_guard()',
                                  (SELECT pg_catalog.string_agg(pg_catalog.quote_ident(c), ', ') FROM pg_catalog.unnest(guarded.columns) c), guarded.relation);
        EXECUTE pg_catalog.format('ALTER TABLE citybigdata.%I ENABLE ALWAYS TRIGGER integrity_guard', guarded.relation);
    END LOOP;
END
$$;

CREATE OR REPLACE FUNCTION citybigdata.integrity_problems(OUT problem text) RETURNS SETOF text
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    guarded record;
BEGIN
    FOR guarded IN SELECT * FROM citybigdata.integrity_columns() LOOP
        RETURN QUERY EXECUTE format($sql$
            SELECT format('%%s (%%s): %%s', $1, row_key, CASE WHEN i.content IS NULL THEN citybigdata.say('put in') WHEN t.content IS NULL THEN citybigdata.say('taken out')
                WHEN NOT i.fits THEN citybigdata.say('its code was changed')
                ELSE (SELECT string_agg(CASE WHEN k.key ~ '(digest|secret)$' THEN citybigdata.say('{column} changed', 'column', k.key)
                                             ELSE citybigdata.say('{column} was {former}, is {value}', 'column', k.key, 'former', coalesce(k.value, 'null'), 'value', coalesce(t.content -> k.key, 'null')) END, citybigdata.say('; ') ORDER BY k.key)
                      FROM jsonb_each(i.content) k WHERE k.value IS DISTINCT FROM t.content -> k.key) END)
            FROM (SELECT c.row_key, c.content FROM citybigdata.%I r, citybigdata.integrity_content($1, to_jsonb(r)) c) t
            FULL JOIN (SELECT r.row_key, r.content, citybigdata.integrity_code_fits(r.change_no, false, r.relation, r.row_key, r.content, r.code) AS fits
                       FROM citybigdata.integrity_row r WHERE r.relation = $1 AND r.replaced_code IS NULL) i USING (row_key)
            WHERE i.content IS DISTINCT FROM t.content OR NOT i.fits ORDER BY row_key$sql$, guarded.relation) USING guarded.relation;
    END LOOP;
    IF NOT citybigdata.integrity_sealed_fits() THEN
        problem := citybigdata.say('integrity codes are not those that were sealed');
        RETURN NEXT;
    END IF;
END
$$;
COMMENT ON FUNCTION citybigdata.integrity_problems() IS
'Rows of accounts, applications, grants, levels and proposals that somebody wrote without the functions of the extension: what was changed, put in or taken out; no row = none. For audit_verify()';

-- Everything as it is now.
CREATE OR REPLACE FUNCTION citybigdata.integrity_take_all() RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    guarded record;
BEGIN
    LOCK TABLE citybigdata.integrity_row IN SHARE ROW EXCLUSIVE MODE;
    DELETE FROM citybigdata.integrity_row;
    PERFORM citybigdata.integrity_put('', '', jsonb_build_object('at', clock_timestamp()));
    PERFORM citybigdata.integrity_put('extension', 'citybigdata', to_jsonb(x.extversion)) FROM pg_extension x WHERE x.extname = 'citybigdata';
    FOR guarded IN SELECT * FROM citybigdata.integrity_columns() LOOP
        EXECUTE format('SELECT count(citybigdata.integrity_put($1, c.row_key, c.content)) FROM citybigdata.%I r, citybigdata.integrity_content($1, to_jsonb(r)) c',
                       guarded.relation) USING guarded.relation;
    END LOOP;
END
$$;
COMMENT ON FUNCTION citybigdata.integrity_take_all() IS 'Makes all codes anew from the rows as they are; for setup() and accept_integrity()';

-- Shipped rows are those of the version that is installed: a dump of another one had others.
CREATE OR REPLACE FUNCTION citybigdata.integrity_version() RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    installed jsonb := (SELECT to_jsonb(x.extversion) FROM pg_extension x WHERE x.extname = 'citybigdata');
BEGIN
    IF NOT EXISTS (SELECT FROM citybigdata.integrity_row r WHERE r.relation = 'extension' AND r.replaced_code IS NULL AND r.content = installed) THEN
        PERFORM citybigdata.integrity_put('event_field', c.row_key, c.content)
        FROM citybigdata.event_field f, citybigdata.integrity_content('event_field', to_jsonb(f)) c WHERE f.shipped;
        PERFORM citybigdata.integrity_put('role_level', c.row_key, c.content)
        FROM citybigdata.role_level l, citybigdata.integrity_content('role_level', to_jsonb(l)) c WHERE l.shipped;
        PERFORM citybigdata.integrity_put('extension', 'citybigdata', installed);
    END IF;
END
$$;
COMMENT ON FUNCTION citybigdata.integrity_version() IS 'Makes the codes of shipped rows anew when another version of the extension made them; for setup()';

CREATE OR REPLACE FUNCTION citybigdata.accept_integrity(reason text) RETURNS bigint
    LANGUAGE plpgsql VOLATILE STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    problems text[];
BEGIN
    PERFORM citybigdata.require_own_transaction('accept_integrity');
    PERFORM set_config('citybigdata.language', 'en', true); -- of what is audited
    problems := ARRAY(SELECT p.problem FROM citybigdata.integrity_problems() p);
    PERFORM citybigdata.integrity_take_all();
    PERFORM citybigdata.audit_event('integrity.accept', left(reason, 200), format('%s differences: %s', cardinality(problems), array_to_string(problems, ' | ')));
    RETURN cardinality(problems);
END
$$;
COMMENT ON FUNCTION citybigdata.accept_integrity(text) IS
'Takes accounts, applications, grants, levels and proposals as they are now, after maintenance by a superuser or with a new key file, and returns how many differences there were. Audited with them';
