-- Accounts, failed log-ins: from SQL and the endpoints.
COMMENT ON TABLE citybigdata.account IS 'Accounts 用户: a person or organisation that registered (clause 5.2-a)';
COMMENT ON COLUMN citybigdata.account.account_id IS 'Number of the account';
COMMENT ON COLUMN citybigdata.account.user_name IS 'Name to log in with, 3 to 64 of A-Z a-z 0-9 . _ @ -; unique whatever the case';
COMMENT ON COLUMN citybigdata.account.password_digest IS 'bcrypt (pgcrypto) of the base64 of the SHA-256 of the password; the password itself is nowhere';
COMMENT ON COLUMN citybigdata.account.organization IS 'Organisation';
COMMENT ON COLUMN citybigdata.account.contact_name IS 'Person to contact';
COMMENT ON COLUMN citybigdata.account.mobile IS 'Mobile number of the contact';
COMMENT ON COLUMN citybigdata.account.state IS 'pending (waits for review), active, rejected, suspended, revoked (for good); only an active account is let in';
COMMENT ON COLUMN citybigdata.account.admin_role IS
'sysadmin (runs the platform), secadmin (reviews and grants), auditor (reads the audit log, nothing else); null: no administrator. One account has one role';
COMMENT ON COLUMN citybigdata.account.valid_until IS 'The account and its applications are refused from then on; null = no end';
COMMENT ON COLUMN citybigdata.account.password_changed_at IS 'When the password was last set; administrator''s tokens of before are void';
COMMENT ON COLUMN citybigdata.account.password_temporary IS 'Set by an administrator: good for changing it and nothing else';
COMMENT ON COLUMN citybigdata.account.former_digests IS 'Digests of former passwords, the newest first, as many as citybigdata.password_history needs';
COMMENT ON COLUMN citybigdata.account.created_at IS 'When it was registered';
COMMENT ON COLUMN citybigdata.account.reviewed_at IS 'When its state was last decided by an administrator';
COMMENT ON COLUMN citybigdata.account.reviewed_by IS 'Who decided: an administrator''s user name, or role:<database role>';
COMMENT ON COLUMN citybigdata.account.review_note IS 'Reason of a rejection or suspension';
COMMENT ON COLUMN citybigdata.account.approved_by IS 'Who approved it: an administrator''s user name, or role:<database role>';
COMMENT ON COLUMN citybigdata.account.password_held IS 'An administrator reset the password and no security administrator has confirmed that: credentials are not given out, and the password opens nothing';
COMMENT ON COLUMN citybigdata.account.technical IS 'Nobody''s: it owns what the platform itself has (setup()), and no password opens it';
COMMENT ON COLUMN citybigdata.account.epoch IS 'Raised by each change of the password: codes, tokens and sealed addresses that were had with the one before are void';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.account', '');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.account_account_id_seq', '');

COMMENT ON TABLE citybigdata.lockout IS 'Failed log-ins and what they locked (clause 5.2-e); maintain() removes stale rows';
COMMENT ON COLUMN citybigdata.lockout.kind IS 'address (IPv4, or IPv6 by /64), account (user name, known or not), application (appCode, known or not), registration (address, registrations), totp (user name, second factor)';
COMMENT ON COLUMN citybigdata.lockout.subject IS 'The address (of a registration too), the user name in small letters, or the appCode';
COMMENT ON COLUMN citybigdata.lockout.address IS 'The client address that the subject was tried from, - when it is unknown; empty: from wherever';
COMMENT ON COLUMN citybigdata.lockout.failures IS 'Attempts reserved and not yet undone by success; a password attempt is counted before it is checked';
COMMENT ON COLUMN citybigdata.lockout.confirmed IS 'How many of them were checked and found wrong; the difference is still being checked';
COMMENT ON COLUMN citybigdata.lockout.last_attempt_at IS 'The last attempt; the count starts anew citybigdata.lockout_duration after it, one from wherever after a day, that of a second factor after 30';
COMMENT ON COLUMN citybigdata.lockout.locked_until IS 'Every attempt is refused until then; null = not locked';
COMMENT ON COLUMN citybigdata.lockout.succeeded_at IS 'When the right password last came from this address: for 30 days failures elsewhere do not delay it here';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.lockout', '');

COMMENT ON TABLE citybigdata.login_reservation IS
'Log-in attempts counted in one transaction and checked in the next; unlogged: after a crash the count stays and the attempt is void';
COMMENT ON COLUMN citybigdata.login_reservation.reservation_id IS 'Number of the reservation';
COMMENT ON COLUMN citybigdata.login_reservation.request_id IS 'The request that made it and alone may use it, once';
COMMENT ON COLUMN citybigdata.login_reservation.user_name IS 'User name in small letters';
COMMENT ON COLUMN citybigdata.login_reservation.address IS 'Client address as in lockout.subject, empty when unknown';
COMMENT ON COLUMN citybigdata.login_reservation.everywhere IS 'It counts for the user name from wherever, too';
COMMENT ON COLUMN citybigdata.login_reservation.reserved_at IS 'When it was made';
-- reservations live for the length of one log-in
SELECT pg_catalog.pg_extension_config_dump('citybigdata.login_reservation', 'WHERE false');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.login_reservation_reservation_id_seq', '');

CREATE OR REPLACE FUNCTION citybigdata.register_account(user_name text, password text, organization text, contact_name text, mobile text)
    RETURNS bigint
    AS 'MODULE_PATHNAME', 'cbd_register_account' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.register_account(text, text, text, text, text) IS
'Registers an account, state pending (clause 5.2-a); returns account_id. user_name: 3 to 64 of A-Z a-z 0-9 . _ @ -. password: 8 to 256 '
'characters of three kinds (two from 16 on), a secret: keep the statement out of logs (psql \bind, log_statement). mobile: 11 digits. '
'Errors: 42200 with every error in the detail, 40902 name taken';

CREATE OR REPLACE FUNCTION citybigdata.approve_account(account_id bigint) RETURNS void
    AS 'MODULE_PATHNAME', 'cbd_approve_account' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.approve_account(bigint) IS 'Approves a pending account (clause 5.2-a). Errors: 40405 unknown, 40903 reviewed before';

CREATE OR REPLACE FUNCTION citybigdata.reject_account(account_id bigint, reason text DEFAULT NULL) RETURNS void
    AS 'MODULE_PATHNAME', 'cbd_reject_account' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.reject_account(bigint, text) IS 'Rejects a pending account. Errors: 40405 unknown, 40903 reviewed before';

-- One place for the changes of an account that is there.
CREATE OR REPLACE FUNCTION citybigdata.change_account(user_name text, from_states text[], to_state text, new_role text, note text, action text)
    RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE citybigdata.account AS a
    SET state = coalesce(to_state, a.state), admin_role = nullif(coalesce(new_role, a.admin_role), ''),
        reviewed_at = clock_timestamp(), reviewed_by = 'role:' || session_user, review_note = note
    WHERE lower(a.user_name COLLATE "C") = lower(change_account.user_name COLLATE "C") AND a.state = ANY (from_states);
    IF NOT FOUND THEN
        PERFORM citybigdata.refuse(40405, citybigdata.say('There is no account "{userName}" in state {fromStates}.', 'userName', left(change_account.user_name, 64), 'fromStates', array_to_string(from_states, citybigdata.say(' or '))));
    END IF;
    IF new_role IS NOT NULL THEN
        UPDATE citybigdata.access_token AS t SET revoked_at = clock_timestamp()
        FROM citybigdata.account a
        WHERE lower(a.user_name COLLATE "C") = lower(change_account.user_name COLLATE "C")
          AND t.account_id = a.account_id AND t.app_id IS NULL AND t.revoked_at IS NULL;
    END IF;
    PERFORM citybigdata.audit_event(action, change_account.user_name, note);
END
$$;
COMMENT ON FUNCTION citybigdata.change_account(text, text[], text, text, text, text) IS
'Changes state (null: not) or administrator''s role (null: not; empty: takes it away) of an account and writes the audit row; for the functions of this extension only';

CREATE OR REPLACE FUNCTION citybigdata.set_admin_role(user_name text, role text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF role <> ALL (ARRAY['sysadmin', 'secadmin', 'auditor']) THEN
        PERFORM citybigdata.refuse(42204, citybigdata.say('sysadmin, secadmin, auditor, or null.'));
    END IF;
    IF role IS NOT NULL AND NOT (SELECT r.rolsuper FROM pg_roles r WHERE r.rolname = session_user) THEN
        PERFORM citybigdata.refuse(40310, citybigdata.say('Use propose_role(); another administrator confirms it.'));
    END IF;
    PERFORM citybigdata.change_account(user_name, '{active}', NULL, coalesce(role, ''), role,
                                       CASE WHEN role IS NULL THEN 'account.demote' ELSE 'account.promote' END);
END
$$;
COMMENT ON FUNCTION citybigdata.set_admin_role(text, text) IS
'Makes an active account an administrator of one role, in place of the one it had: sysadmin, secadmin or auditor (kept apart as GB/T 22239 asks); '
'null: an ordinary account, and its administrator''s tokens are refused at once. Only a superuser makes one alone: see propose_role(). Errors: 40310; 40405; 42204';

CREATE OR REPLACE FUNCTION citybigdata.make_administrator(user_name text, administrator boolean DEFAULT true) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT citybigdata.set_admin_role(user_name, CASE WHEN administrator THEN 'secadmin' END)
$$;
COMMENT ON FUNCTION citybigdata.make_administrator(text, boolean) IS
'set_admin_role(user_name, ''secadmin''): makes an active account the administrator who reviews, or (false) an ordinary one. Error 40405';

CREATE OR REPLACE FUNCTION citybigdata.suspend_account(user_name text, reason text DEFAULT NULL) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT citybigdata.change_account(user_name, '{active}', 'suspended', NULL, reason, 'account.suspend')
$$;
COMMENT ON FUNCTION citybigdata.suspend_account(text, text) IS
'Suspends an active account: it and its applications are refused from the very next request on. Error 40405';

CREATE OR REPLACE FUNCTION citybigdata.resume_account(user_name text) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT citybigdata.change_account(user_name, '{suspended}', 'active', NULL, NULL, 'account.resume')
$$;
COMMENT ON FUNCTION citybigdata.resume_account(text) IS 'Lets a suspended account in again. Error 40405';

CREATE OR REPLACE FUNCTION citybigdata.revoke_account(user_name text, reason text DEFAULT NULL) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT citybigdata.change_account(user_name, '{pending,active,suspended}', 'revoked', '', reason, 'account.revoke')
$$;
COMMENT ON FUNCTION citybigdata.revoke_account(text, text) IS
'Closes an account for good: it and its applications are refused from the very next request on; its name stays taken. Error 40405';

CREATE OR REPLACE FUNCTION citybigdata.expire_account(user_name text, valid_until timestamptz DEFAULT clock_timestamp()) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE citybigdata.account AS a SET valid_until = expire_account.valid_until
    WHERE lower(a.user_name COLLATE "C") = lower(expire_account.user_name COLLATE "C");
    IF NOT FOUND THEN
        PERFORM citybigdata.refuse(40405, citybigdata.say('There is no such account.'));
    END IF;
    PERFORM citybigdata.audit_event('account.expire', expire_account.user_name, coalesce(expire_account.valid_until::text, 'no end'));
END
$$;
COMMENT ON FUNCTION citybigdata.expire_account(text, timestamptz) IS
'Sets the end of an account, now unless said otherwise; null = no end. It and its applications are refused from then on. Error 40405';

CREATE OR REPLACE FUNCTION citybigdata.reset_password(user_name text) RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_reset_password' LANGUAGE c VOLATILE STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.reset_password(text) IS
'Gives an account a random password and returns it, this once; it must be changed before anything else (40306 until then). '
'An administrator''s tokens end. Errors: 40405; 40900 changed by somebody else meanwhile';

CREATE OR REPLACE FUNCTION citybigdata.change_password(user_name text, password text, new_password text, OUT status_code integer, OUT message text,
    OUT retry_after integer)
    AS 'MODULE_PATHNAME', 'cbd_change_password' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.change_password(text, text, text) IS
'Changes a password; needs the one of before (expired or temporary is no obstacle), whose failures count towards the lock-out. An administrator''s tokens end. '
'0; 40101; 42901 with retry_after; 40300 not active. Error 42200, 42229: the new one breaks a rule or is one of the last citybigdata.password_history. Secrets: keep the statement out of logs';

CREATE OR REPLACE FUNCTION citybigdata.unlock(kind text, subject text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    unlocked boolean;
BEGIN
    DELETE FROM citybigdata.lockout AS l
    WHERE l.kind = unlock.kind
      AND l.subject = CASE WHEN unlock.kind IN ('account', 'totp') THEN lower(unlock.subject COLLATE "C") ELSE unlock.subject END;
    unlocked := FOUND;
    PERFORM citybigdata.audit_event('account.unlock', unlock.kind || ' ' || unlock.subject, NULL);
    RETURN unlocked;
END
$$;
COMMENT ON FUNCTION citybigdata.unlock(text, text) IS
'Ends a lock-out and forgets its failures. from every address. kind: address, account, totp, application or registration; subject as in table lockout. False: there was nothing';

CREATE OR REPLACE FUNCTION citybigdata.unlock_account(user_name text) RETURNS boolean
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    -- both, whatever the first one finds
    SELECT citybigdata.unlock('account', user_name)::integer + citybigdata.unlock('totp', user_name)::integer > 0
$$;
COMMENT ON FUNCTION citybigdata.unlock_account(text) IS 'Ends the lock-out of a user name, of its password and of its second factor. False: there was nothing';

CREATE OR REPLACE FUNCTION citybigdata.lockout_subject(address inet) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN family(address) = 4 THEN host(address)
                WHEN address <<= inet '::ffff:0:0/96' THEN host(inet '0.0.0.0' + (set_masklen(address, 128) - inet '::ffff:0:0'))
                ELSE host(network(set_masklen(address, 64))) || '/64' END
$$;
COMMENT ON FUNCTION citybigdata.lockout_subject(inet) IS 'How a client address is counted in table lockout: IPv4 whole, IPv6 by its /64';

CREATE OR REPLACE FUNCTION citybigdata.unlock_address(address inet) RETURNS boolean
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT citybigdata.unlock('address', citybigdata.lockout_subject(address))
$$;
COMMENT ON FUNCTION citybigdata.unlock_address(inet) IS 'Ends the lock-out of a client address (IPv6: of its /64). False: there was nothing';

CREATE OR REPLACE FUNCTION citybigdata.rest_account_register(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    user_name text, password text, organization text, contact_name text, mobile text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_account_register' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_account_register(text, inet, text, text, bytea, text, text, text, text, text) IS
'POST /accounts: {accountId, state} (clause 5.2-a). 42200, 42229 with all errors; 40902 name taken; 42900 too many from this client address';

CREATE OR REPLACE FUNCTION citybigdata.rest_account_approve(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    id text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_account_approve' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_account_approve(text, inet, text, text, bytea, text) IS
'POST /admin/accounts/{id}/approve: {accountId, state}. 401nn, 40304; 40405; 40903';

CREATE OR REPLACE FUNCTION citybigdata.rest_account_reject(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    id text, reason text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_account_reject' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_account_reject(text, inet, text, text, bytea, text, text) IS
'POST /admin/accounts/{id}/reject: {accountId, state}; reason: at most 500 characters. 401nn, 40304; 40405; 40903';

CREATE OR REPLACE FUNCTION citybigdata.rest_account_password(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    user_name text, password text, new_password text, totp text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_account_password' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_account_password(text, inet, text, text, bytea, text, text, text, text) IS
'POST /accounts/password: changes a password, an expired or temporary one too; totp for an account that has a second factor. {secondFactor} for a first administrator: an address for the authenticator. 40101 for whatever is wrong; '
'42901 locked; 42200, 42229 errors of the new one; 40300 the account is not active';

CREATE OR REPLACE FUNCTION citybigdata.rest_login_reserve(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    user_name text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_login_reserve' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_login_reserve(text, inet, text, text, bytea, text) IS
'Counts a log-in attempt before its password is checked, in a transaction of its own (clause 5.2-e): 0 = go on within a minute with the same '
'requestId, user name and address; 42901 locked. For scheme basic the user name is in the credential';

CREATE OR REPLACE FUNCTION citybigdata.rest_admin_login(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    user_name text, password text, totp text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_admin_login' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_admin_login(text, inet, text, text, bytea, text, text, text) IS
'POST /admin/login: {accessToken, tokenType, expiresIn} for administrators (clause 6.3). 40101 for whatever is wrong; 42901 locked; 40308 the password was right, but no second factor is enrolled; 40306 it must be changed first';
