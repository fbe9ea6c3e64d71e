-- The first administrators (extension/access/first_admin.h, docs/first-administrators.md).
COMMENT ON TABLE citybigdata.first_administrator IS 'The first administrators, one of each role: until the first log-in with a second factor, a change of the password shows one';
COMMENT ON COLUMN citybigdata.first_administrator.admin_role IS 'sysadmin, secadmin or auditor';
COMMENT ON COLUMN citybigdata.first_administrator.account_id IS 'The account';
COMMENT ON COLUMN citybigdata.first_administrator.made_at IS 'When first_administrators() was called';
COMMENT ON COLUMN citybigdata.first_administrator.enrol_until IS 'From then on no second factor is shown any more; a superuser makes one by enrol_totp()';
COMMENT ON COLUMN citybigdata.first_administrator.enrolled_at IS 'First log-in with the second factor; null: none yet';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.first_administrator', '');

-- For superusers alone: granted to nobody.
CREATE OR REPLACE FUNCTION citybigdata.first_administrators(sysadmin text, secadmin text, auditor text, organization text,
    contact_names text[] DEFAULT NULL, mobiles text[] DEFAULT NULL,
    OUT admin_role text, OUT user_name text, OUT password text, OUT enrol_until timestamptz) RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'cbd_first_administrators' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.first_administrators(text, text, text, text, text[], text[]) IS
'Makes the first administrators, three persons, while there is none, and shows their one-time passwords, this once. Each changes it within a week by POST /accounts/password, which shows the second factor. '
'contact_names and mobiles: of the three, in the same order. A statement of its own, for superusers. Errors: 40310 there is an administrator already; 40902 a name is taken; 42200';
