-- Operators: accounts with posts.
COMMENT ON TABLE citybigdata.role_level IS
'Data level that a post of the role gives its operator; set_role_level() changes it. An operator sees data up to the highest level of the posts in force, and no higher than the grants of the operators'' client';
COMMENT ON COLUMN citybigdata.role_level.role IS 'Role of a post';
COMMENT ON COLUMN citybigdata.role_level.level IS 'Data level 1 to 3; level 4 never leaves';
COMMENT ON COLUMN citybigdata.role_level.shipped IS 'The row came with CREATE EXTENSION; pg_dump leaves it out';
-- A restored row of the site takes the place of the shipped one: trigger role_level_keep.
SELECT pg_catalog.pg_extension_config_dump('citybigdata.role_level', 'WHERE NOT shipped');

CREATE OR REPLACE FUNCTION citybigdata.role_level_keep() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        NEW.shipped := false;
    ELSIF NOT NEW.shipped THEN
        DELETE FROM citybigdata.role_level l WHERE l.role = NEW.role AND l.shipped;
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION citybigdata.role_level_keep() IS 'Trigger: a changed shipped row becomes a row of the site, and a row of the site replaces the shipped one';
CREATE OR REPLACE TRIGGER role_level_keep BEFORE INSERT OR UPDATE ON citybigdata.role_level
    FOR EACH ROW EXECUTE FUNCTION citybigdata.role_level_keep();
ALTER TABLE citybigdata.role_level ENABLE ALWAYS TRIGGER role_level_keep;

CREATE OR REPLACE FUNCTION citybigdata.set_role_level(role text, level integer) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF level IS NULL OR level NOT BETWEEN 1 AND 3 THEN
        PERFORM citybigdata.refuse(42204, citybigdata.say('level: 1 to 3.'));
    END IF;
    UPDATE citybigdata.role_level AS l SET level = set_role_level.level WHERE l.role = set_role_level.role;
    IF NOT FOUND THEN
        PERFORM citybigdata.refuse(40400, citybigdata.say('There is no role "{role}".', 'role', left(set_role_level.role, 64)));
    END IF;
    PERFORM citybigdata.audit_event('role.set-level', role, format('level %s', level));
END
$$;
COMMENT ON FUNCTION citybigdata.set_role_level(text, integer) IS
'Sets the data level (1 to 3) that posts of a role give, from the next request on; see table role_level. set_role_level(''leader'', 3). Errors: 40400 no such role, 42204';

-- Who works on a case must read what was written and where it is (level 3). An inspector meets the case in the street, a leader
-- the figures. Shipped rows are replaced as a whole; a row of the site stays.
DELETE FROM citybigdata.role_level WHERE shipped;
INSERT INTO citybigdata.role_level (role, level, shipped) VALUES
('inspector', 2, true), ('desk', 3, true), ('filer', 3, true), ('dispatcher', 3, true), ('unit', 3, true), ('handler', 3, true),
('verifier', 3, true), ('supervisor', 3, true), ('leader', 2, true)
ON CONFLICT ON CONSTRAINT role_level_pkey DO NOTHING;

COMMENT ON TABLE citybigdata.login_session IS
'Sessions of browsers that signed in at the operators'' client: a reload of the console gets a new code without a password. Ended by log-out, a new password, '
'another role, suspension; digests only';
COMMENT ON COLUMN citybigdata.login_session.session_id IS 'Number of the session';
COMMENT ON COLUMN citybigdata.login_session.session_digest IS 'SHA-256 of the cookie';
COMMENT ON COLUMN citybigdata.login_session.account_id IS 'Who signed in';
COMMENT ON COLUMN citybigdata.login_session.account_epoch IS 'Epoch of the account whose password was given; void in another';
COMMENT ON COLUMN citybigdata.login_session.second_factor IS 'The second factor was given, too';
COMMENT ON COLUMN citybigdata.login_session.began_at IS 'When the password was given; the session ends citybigdata.login_session_ttl later';
COMMENT ON COLUMN citybigdata.login_session.last_used_at IS 'When it last led to a code; it ends citybigdata.login_session_idle_ttl after that, or after the last use of a token that came of it';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.login_session', '');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.login_session_session_id_seq', '');

-- Signing out, whatever changed the account: a function, an endpoint or an UPDATE by hand.
CREATE OR REPLACE FUNCTION citybigdata.account_signs_out() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM citybigdata.login_session WHERE account_id = NEW.account_id;
    -- the family first, as everywhere
    UPDATE citybigdata.oauth_grant o SET revoked_at = clock_timestamp() FROM citybigdata.application a
    WHERE o.account_id = NEW.account_id AND o.revoked_at IS NULL AND a.app_id = o.app_id AND a.operators;
    UPDATE citybigdata.access_token t SET revoked_at = clock_timestamp() FROM citybigdata.oauth_grant o, citybigdata.application a
    WHERE o.account_id = NEW.account_id AND t.family_id = o.family_id AND t.revoked_at IS NULL AND a.app_id = o.app_id AND a.operators;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION citybigdata.account_signs_out() IS
'Trigger: an account that is no longer active, or has another role or password, is signed out: its sessions end, and the tokens of the operators'' client';
CREATE OR REPLACE TRIGGER account_signs_out AFTER UPDATE OF state, admin_role, epoch ON citybigdata.account
    FOR EACH ROW WHEN (OLD.epoch OPERATOR(pg_catalog.<>) NEW.epoch OR OLD.admin_role IS DISTINCT FROM NEW.admin_role
                       OR OLD.state OPERATOR(pg_catalog.=) 'active' AND NEW.state OPERATOR(pg_catalog.<>) 'active')
    EXECUTE FUNCTION citybigdata.account_signs_out();

-- One account does not hold both: who runs the platform does not work on cases (GB/T 22239). Both sides lock the account's row.
CREATE OR REPLACE FUNCTION citybigdata.post_without_administrator() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF (SELECT bool_or(h.admin_role IS NOT NULL) FROM
        (SELECT a.admin_role FROM citybigdata.account a WHERE a.account_id = NEW.account_id OR a.account_id = NEW.delegate_id AND NEW.delegate_until > clock_timestamp()
         ORDER BY a.account_id FOR SHARE) h) THEN
        PERFORM citybigdata.refuse(40907, citybigdata.say('An administrator holds no post, and acts in none.'));
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION citybigdata.post_without_administrator() IS 'Trigger: refuses a post of an administrator, or delegated to one (40907)';
CREATE OR REPLACE TRIGGER post_without_administrator BEFORE INSERT OR UPDATE OF account_id, valid_until, delegate_id, delegate_until ON citybigdata.post
    FOR EACH ROW WHEN (NEW.valid_until IS NULL OR NEW.valid_until OPERATOR(pg_catalog.>) pg_catalog.clock_timestamp())
    EXECUTE FUNCTION citybigdata.post_without_administrator();

CREATE OR REPLACE FUNCTION citybigdata.administrator_without_post() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM citybigdata.post p WHERE (p.valid_until IS NULL OR p.valid_until > clock_timestamp())
               AND (p.account_id = NEW.account_id OR p.delegate_id = NEW.account_id AND p.delegate_until > clock_timestamp())) THEN
        PERFORM citybigdata.refuse(40907, citybigdata.say('The account holds a post, or acts in one; end that first.'));
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION citybigdata.administrator_without_post() IS 'Trigger: refuses an administrator''s role for an account that holds a post or acts in one (40907)';
CREATE OR REPLACE TRIGGER administrator_without_post BEFORE UPDATE OF admin_role ON citybigdata.account
    FOR EACH ROW WHEN (NEW.admin_role IS NOT NULL AND OLD.admin_role IS NULL) EXECUTE FUNCTION citybigdata.administrator_without_post();

-- The operators' client.
CREATE OR REPLACE FUNCTION citybigdata.make_app_code(platform_code text, app_id integer) RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_make_app_code' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.make_app_code(text, integer) IS 'The appCode of an application''s number (clause 5.3.3); for the functions of this extension only';

CREATE OR REPLACE FUNCTION citybigdata.operators_client() RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT a.app_code FROM citybigdata.application a WHERE a.operators AND a.state <> 'revoked'
$$;
COMMENT ON FUNCTION citybigdata.operators_client() IS
'appCode of the operators'' client, which is client_id where operators and administrators sign in (OAuth 2.0 with PKCE): no secret. Null before setup()';

CREATE OR REPLACE FUNCTION citybigdata.rest_console_config() RETURNS bytea
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN c.client IS NULL THEN citybigdata.reply_frame(50303, 0, NULL) ELSE citybigdata.reply_frame(0, 0, jsonb_build_object('clientId', c.client)::text) END
    FROM citybigdata.operators_client() c (client)
$$;
COMMENT ON FUNCTION citybigdata.rest_console_config() IS
'GET /console/config.json: {"clientId"}, what a page or program for operators needs to begin signing in; it is no secret. 50303 before setup()';

-- Its numbers and its owner's are far above all others, whose sequences go on without gaps; those of clients are counted down.
CREATE OR REPLACE FUNCTION citybigdata.setup_operators() RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    owner  CONSTANT bigint := 999999999999;
    client integer := (SELECT a.app_id FROM citybigdata.application a WHERE a.operators AND a.state <> 'revoked');
    name   text := 'operators';
BEGIN
    IF client IS NULL THEN
        IF NOT EXISTS (SELECT FROM citybigdata.account a WHERE a.account_id = owner) THEN
            -- a name that somebody has is his
            FOR n IN 2 .. 1000 LOOP
                EXIT WHEN NOT EXISTS (SELECT FROM citybigdata.account a WHERE lower(a.user_name COLLATE "C") = name);
                name := 'operators-' || n;
            END LOOP;
            INSERT INTO citybigdata.account (account_id, user_name, password_digest, organization, contact_name, mobile, state, technical)
            OVERRIDING SYSTEM VALUE VALUES (owner, name, '$2a$10$' || repeat('.', 53), (SELECT p.platform_name FROM citybigdata.platform p), '-', '-', 'active', true);
        END IF;
        INSERT INTO citybigdata.application (app_id, app_code, account_id, methods, profile, level, redirect_uris, client_type, operators)
        OVERRIDING SYSTEM VALUE
        SELECT i.id, citybigdata.make_app_code(p.platform_code, i.id), owner, '{}', 'strict', 4, '{http://127.0.0.1/callback,http://[::1]/callback}', 'public', true
        FROM citybigdata.platform p, (SELECT coalesce(min(a.app_id) - 1, 99990000) AS id FROM citybigdata.application a WHERE a.operators) i
        RETURNING app_id INTO client;
    END IF;
    -- what an operator works with; a security administrator may take it away and add to it
    INSERT INTO citybigdata.app_grant (app_id, resource, level, granted_by)
    SELECT client, r.resource_code, 3, 'setup' FROM citybigdata.resource r WHERE r.shipped AND r.resource_code NOT IN ('events', 'open311', 'callbacks', 'sms')
    ON CONFLICT ON CONSTRAINT app_grant_pkey DO NOTHING;
    -- what inspectors report under
    INSERT INTO citybigdata.sender (sender_code, app_id)
    SELECT coalesce(nullif(current_setting('citybigdata.operator_sender', true), ''), p.platform_code), client FROM citybigdata.platform p
    ON CONFLICT ON CONSTRAINT sender_pkey DO NOTHING;
END
$$;
COMMENT ON FUNCTION citybigdata.setup_operators() IS
'Makes the operators'' client, a public application of an account that nobody can log in to, grants it the shipped resources at level 3, and gives it the senderCode citybigdata.operator_sender; for setup()';
