-- One-time password generators of accounts.
COMMENT ON TABLE citybigdata.account_totp IS 'One-time password generators of accounts (RFC 6238): six digits, 30 s; asked for by an administrator''s log-in, and by a change of password';
COMMENT ON COLUMN citybigdata.account_totp.account_id IS 'The account';
COMMENT ON COLUMN citybigdata.account_totp.secret IS 'The shared secret, encrypted with the master key';
COMMENT ON COLUMN citybigdata.account_totp.algorithm IS 'SHA1 (what every authenticator knows) or SHA256';
COMMENT ON COLUMN citybigdata.account_totp.last_step IS 'The last 30-second step whose password was used; it and those before it are void';
COMMENT ON COLUMN citybigdata.account_totp.enrolled_by IS 'Account of the administrator who was shown the secret: the two cannot confirm each other''s proposals; null = nobody over HTTPS';
COMMENT ON COLUMN citybigdata.account_totp.created_at IS 'When the secret was set';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.account_totp', '');

CREATE OR REPLACE FUNCTION citybigdata.totp_code(secret text, at timestamptz DEFAULT pg_catalog.now(), algorithm text DEFAULT 'SHA1') RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_totp_code' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.totp_code(text, timestamptz, text) IS
'The six-digit one-time password (RFC 6238) of a base32 secret at a time; algorithm: SHA1 or SHA256';

CREATE OR REPLACE FUNCTION citybigdata.enrol_totp(user_name text, secret text DEFAULT NULL, algorithm text DEFAULT 'SHA1') RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_enrol_totp' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.enrol_totp(text, text, text) IS
'Gives an account a second factor, or a new one, and returns the otpauth:// address for the authenticator, which is shown this once. An '
'administrator cannot log in without; tokens of an administrator''s log-in end. secret: base32 of 16 to 64 bytes; NULL makes a random one';

CREATE OR REPLACE FUNCTION citybigdata.remove_totp(user_name text) RETURNS boolean
    AS 'MODULE_PATHNAME', 'cbd_remove_totp' LANGUAGE c VOLATILE STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.remove_totp(text) IS 'Takes the second factor from an account, which then cannot log in as an administrator; its administrator''s tokens end. False: it had none';
