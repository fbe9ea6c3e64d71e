-- Accounts: from SQL and the endpoints.
CREATE FUNCTION citybigdata.audit_event(action text, object text, detail text) RETURNS void
    AS 'MODULE_PATHNAME', 'cbd_audit_event' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.audit_event(text, text, text) IS 'Writes the audit row of an administration function; for the functions of this extension only';

CREATE FUNCTION citybigdata.refuse(status_code integer, detail text) RETURNS void
    AS 'MODULE_PATHNAME', 'cbd_refuse' LANGUAGE c VOLATILE;
COMMENT ON FUNCTION citybigdata.refuse(integer, text) IS 'Raises a status code as an error (SQLSTATE class UD); for the functions of this extension only';

CREATE FUNCTION citybigdata.register_account(user_name text, password text, organization text, contact_name text, mobile text)
    RETURNS bigint
    AS 'MODULE_PATHNAME', 'cbd_register_account' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.register_account(text, text, text, text, text) IS
'Registers an account, state pending (clause 5.2-a); returns account_id. user_name: 3 to 64 of A-Z a-z 0-9 . _ @ -. password: 8 to 256 '
'characters of three kinds (two from 16 on), a secret: keep the statement out of logs (psql \bind, log_statement). mobile: 11 digits. '
'Errors: 42200 with every fault in the detail, 40902 name taken';

CREATE FUNCTION citybigdata.approve_account(account_id bigint) RETURNS void
    AS 'MODULE_PATHNAME', 'cbd_approve_account' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.approve_account(bigint) IS 'Approves a pending account (clause 5.2-a). Errors: 40405 unknown, 40903 reviewed before';

CREATE FUNCTION citybigdata.reject_account(account_id bigint, reason text DEFAULT NULL) RETURNS void
    AS 'MODULE_PATHNAME', 'cbd_reject_account' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.reject_account(bigint, text) IS 'Rejects a pending account. Errors: 40405 unknown, 40903 reviewed before';

-- One place for the changes of an account that is there.
CREATE FUNCTION citybigdata.change_account(user_name text, from_states text[], to_state text, make_administrator boolean, note text, action text)
    RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE citybigdata.account AS a
    SET state = coalesce(to_state, a.state), administrator = coalesce(make_administrator, a.administrator),
        reviewed_at = clock_timestamp(), reviewed_by = 'role:' || session_user, review_note = note
    WHERE lower(a.user_name COLLATE "C") = lower(change_account.user_name COLLATE "C") AND a.state = ANY (from_states);
    IF NOT FOUND THEN
        PERFORM citybigdata.refuse(40405, format('There is no account "%s" in state %s.', left(change_account.user_name, 64),
                                                 array_to_string(from_states, ' or ')));
    END IF;
    PERFORM citybigdata.audit_event(action, change_account.user_name, note);
END
$$;
COMMENT ON FUNCTION citybigdata.change_account(text, text[], text, boolean, text, text) IS
'Changes state or administrator of an account and writes the audit row; for the functions of this extension only';

CREATE FUNCTION citybigdata.make_administrator(user_name text, administrator boolean DEFAULT true) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT citybigdata.change_account(user_name, '{active}', NULL, administrator, NULL,
                                      CASE WHEN administrator THEN 'account.promote' ELSE 'account.demote' END)
$$;
COMMENT ON FUNCTION citybigdata.make_administrator(text, boolean) IS
'Makes an active account an administrator, or (false) an ordinary one: its administrator''s tokens are refused at once. Error 40405';

CREATE FUNCTION citybigdata.suspend_account(user_name text, reason text DEFAULT NULL) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT citybigdata.change_account(user_name, '{active}', 'suspended', NULL, reason, 'account.suspend')
$$;
COMMENT ON FUNCTION citybigdata.suspend_account(text, text) IS
'Suspends an active account: it and its applications are refused from the very next request on. Error 40405';

CREATE FUNCTION citybigdata.resume_account(user_name text) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT citybigdata.change_account(user_name, '{suspended}', 'active', NULL, NULL, 'account.resume')
$$;
COMMENT ON FUNCTION citybigdata.resume_account(text) IS 'Lets a suspended account in again. Error 40405';

CREATE FUNCTION citybigdata.unlock(kind text, subject text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    unlocked boolean;
BEGIN
    DELETE FROM citybigdata.lockout AS l
    WHERE l.kind = unlock.kind
      AND l.subject = CASE unlock.kind WHEN 'account' THEN lower(unlock.subject COLLATE "C") ELSE unlock.subject END;
    unlocked := FOUND;
    PERFORM citybigdata.audit_event('account.unlock', unlock.kind || ' ' || unlock.subject, NULL);
    RETURN unlocked;
END
$$;
COMMENT ON FUNCTION citybigdata.unlock(text, text) IS
'Ends a lock-out and forgets its failures. kind: address, account or application; subject as in table lockout. False: there was nothing';

CREATE FUNCTION citybigdata.rest_account_register(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    user_name text, password text, organization text, contact_name text, mobile text) RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_rest_account_register' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_account_register(text, inet, text, text, bytea, text, text, text, text, text) IS
'POST /accounts: {accountId, state} (clause 5.2-a). 42200, 42229 faults; 40902 name taken';

CREATE FUNCTION citybigdata.rest_account_approve(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    id text) RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_rest_account_approve' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_account_approve(text, inet, text, text, bytea, text) IS
'POST /admin/accounts/{id}/approve: {accountId, state}. 401nn, 40304; 40405; 40903';

CREATE FUNCTION citybigdata.rest_account_reject(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    id text, reason text) RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_rest_account_reject' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_account_reject(text, inet, text, text, bytea, text, text) IS
'POST /admin/accounts/{id}/reject: {accountId, state}; reason: at most 500 characters. 401nn, 40304; 40405; 40903';

CREATE FUNCTION citybigdata.rest_login_reserve(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    user_name text) RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_rest_login_reserve' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_login_reserve(text, inet, text, text, bytea, text) IS
'Counts a log-in attempt before its password is checked, in a transaction of its own (clause 5.2-e): 0 = go on within a minute with the same '
'requestId, user name and address; 42901 locked. For scheme basic the user name is in the credential';

CREATE FUNCTION citybigdata.rest_admin_login(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    user_name text, password text, totp text) RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_rest_admin_login' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_admin_login(text, inet, text, text, bytea, text, text, text) IS
'POST /admin/login: {accessToken, tokenType, expiresIn} for administrators (clause 6.3). 40101 for whatever is wrong; 42901 locked';
