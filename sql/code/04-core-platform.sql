-- The platform: its one row, setting up, readiness.
COMMENT ON TABLE citybigdata.platform IS 'This platform (城市管理大数据平台标识): one row, written by setup()';
COMMENT ON COLUMN citybigdata.platform.only_row IS 'Always true: the table has one row';
COMMENT ON COLUMN citybigdata.platform.platform_code IS 'Platform identifier, 2 to 12 digits or capital letters; every appCode and taskNum starts with it';
COMMENT ON COLUMN citybigdata.platform.platform_name IS 'Platform name (平台标识信息)';
COMMENT ON COLUMN citybigdata.platform.division_code IS 'GB/T 2260 code of the city that the platform serves';
COMMENT ON COLUMN citybigdata.platform.set_up_at IS 'When setup() first ran';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.platform', '');

-- setup() runs the setup_* function of each chapter that has something to make outside the extension.
CREATE OR REPLACE FUNCTION citybigdata.setup(platform_code text, platform_name text, division text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    known text := (SELECT p.platform_code FROM citybigdata.platform p);
    named text := (SELECT p.platform_name FROM citybigdata.platform p);
    placed text := (SELECT p.division_code FROM citybigdata.platform p);
    key_state text;
BEGIN
    IF platform_code IS NULL OR platform_code !~ '^[0-9A-Z]{2,12}$' THEN
        RAISE EXCEPTION USING MESSAGE = citybigdata.say('invalid platform code: {platformCode}', 'platformCode', platform_code),
            ERRCODE = 'invalid_parameter_value', HINT = citybigdata.say('2 to 12 digits or capital letters, for example 110000.');
    END IF;
    IF known IS NOT NULL AND known <> platform_code THEN
        RAISE EXCEPTION USING MESSAGE = citybigdata.say('the platform is already set up as {known}', 'known', known),
            ERRCODE = 'object_in_use',
                  HINT = citybigdata.say('Application codes and task numbers were issued under that code; it cannot change.');
    END IF;
    INSERT INTO citybigdata.platform AS p (platform_code, platform_name, division_code)
    VALUES (setup.platform_code, setup.platform_name, setup.division)
    ON CONFLICT ON CONSTRAINT platform_pkey
    DO UPDATE SET platform_name = excluded.platform_name, division_code = excluded.division_code;
    PERFORM citybigdata.setup_audit();
    PERFORM citybigdata.setup_operators();
    IF known IS NULL THEN
        PERFORM citybigdata.integrity_take_all();
    ELSE
        PERFORM citybigdata.integrity_version();
    END IF;
    PERFORM citybigdata.bind_restored();
    PERFORM citybigdata.publish_cases();
    IF named <> setup.platform_name THEN
        RAISE NOTICE USING MESSAGE = citybigdata.say('the platform is renamed from "{before}" to "{name}"', 'before', named, 'name', setup.platform_name);
    END IF;
    IF placed <> setup.division THEN
        RAISE NOTICE USING MESSAGE = citybigdata.say('the division that the platform serves is changed from {before} to {division}', 'before', placed, 'division', setup.division);
    END IF;
    key_state := citybigdata.master_key_state();
    IF key_state = 'data-directory' THEN
        RAISE WARNING USING MESSAGE = citybigdata.say('the master key lies in the data directory: every base backup has it'),
            HINT = citybigdata.say('Move the file to /etc/citybigdata/master.key, or elsewhere and name it in citybigdata.key_file.');
    ELSIF key_state <> 'ok' THEN
        RAISE WARNING USING MESSAGE = citybigdata.say('the master key cannot be used: {state}', 'state', key_state),
            HINT = citybigdata.say('A file of the server''s user with mode 0600: openssl rand -hex 32 > /etc/citybigdata/master.key');
    END IF;
END
$$;
COMMENT ON FUNCTION citybigdata.setup(text, text, text) IS
'Names the platform and makes what must not belong to the extension (audit partitions, keys), and the operators'' client, and publishes cases and units. Once after CREATE EXTENSION; repeatable: a notice tells of another name or division, a warning of a master key that is missing or in the data directory. '
'platform_code: 2 to 12 digits or capital letters, fixed for ever; division: GB/T 2260 code of the city';

-- The reply frames of the endpoint functions (extension/wire/frame.h).
CREATE OR REPLACE FUNCTION citybigdata.reply_frame(status integer, retry_after integer, data text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_reply_frame' LANGUAGE c IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.reply_frame(integer, integer, text) IS
'The reply frame of a function that is not written in C: status code, seconds after which the bridge may ask again (0 or null: nothing is said), data as JSON or null';
CREATE OR REPLACE FUNCTION citybigdata.read_reply_frame(frame bytea, OUT status integer, OUT fields jsonb, OUT body bytea)
    AS 'MODULE_PATHNAME', 'cbd_read_reply_frame' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.read_reply_frame(bytea) IS
'What an endpoint function rest_... returned, for tests and for whoever calls one from SQL: status code, the named values as a JSON object, the body; error 22P02 when it is no reply frame';

CREATE OR REPLACE FUNCTION citybigdata.rest_ready() RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_ready' LANGUAGE c STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_ready() IS
'Reply frame: 0 and {"extensionVersion","libraryVersion","calendarUnknownFrom","auditUnsealedSeconds","masterKey"} when the platform can work, masterKey as master_key_state(); 50303 before setup()';

-- The names of the states: extension/core/key_file.h.
CREATE OR REPLACE FUNCTION citybigdata.key_file_state(sealed bytea) RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_master_key_state' LANGUAGE c VOLATILE SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.key_file_state(bytea) IS 'master_key_state() for a secret that it must open; for the functions of this extension only';
CREATE OR REPLACE FUNCTION citybigdata.master_key_state() RETURNS text
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT citybigdata.key_file_state((SELECT s.secret FROM citybigdata.sealing_key s WHERE s.state = 'active'))
$$;
COMMENT ON FUNCTION citybigdata.master_key_state() IS
'What there is to say of the master key file (citybigdata.key_file): ok; data-directory (good, but every base backup has it); missing; unsafe (others may read or write it); unreadable; malformed; '
'other (it has not the key that the platform''s secrets were encrypted with)';

CREATE OR REPLACE FUNCTION citybigdata.require_own_transaction(name text) RETURNS void
    AS 'MODULE_PATHNAME', 'cbd_require_own_transaction' LANGUAGE c VOLATILE STRICT SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.require_own_transaction(text) IS
'First in a function in PL/pgSQL whose record must stay: errors 25001, 25006 unless it runs in a SELECT of its own, outside any block or function; tells the server''s log of the call';

-- Locks that nobody else can take, as everybody who can connect can take an advisory lock; granted to nobody.
CREATE OR REPLACE FUNCTION citybigdata.own_lock(name text) RETURNS void
    AS 'MODULE_PATHNAME', 'cbd_own_lock' LANGUAGE c VOLATILE STRICT SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.own_lock(text) IS 'Takes a lock of this extension until the transaction ends; for the functions of this extension only';
CREATE OR REPLACE FUNCTION citybigdata.try_own_lock(name text) RETURNS boolean
    AS 'MODULE_PATHNAME', 'cbd_try_own_lock' LANGUAGE c VOLATILE STRICT SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.try_own_lock(text) IS 'The same without waiting: false when another transaction holds it';
