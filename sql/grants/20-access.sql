-- Accounts, applications, grants, credentials: who may decide what.

-- System administrators run the platform and act for an account that asks them to; they decide on no access.
-- They hold what identifies users (GB/T 22239): accounts and passwords, not what these may do. Stopping somebody is either's.
GRANT EXECUTE ON FUNCTION citybigdata.unlock(text, text), citybigdata.unlock_account(text), citybigdata.unlock_address(inet),
    citybigdata.change_password(text, text, text),
    citybigdata.suspend_account(text, text), citybigdata.suspend_application(text, text), citybigdata.suspend_grant(text, text),
    citybigdata.register_account(text, text, text, text, text),
    citybigdata.request_access(text, text[], text[], text, text[], text[], text, integer, timestamptz, text[], text),
    citybigdata.check_token(text), citybigdata.revoke_token(text)
    TO citybigdata_sysadmin;

-- Security administrators decide who may what, and read what they decide on: never a digest or a secret.
GRANT EXECUTE ON FUNCTION citybigdata.approve_account(bigint), citybigdata.reject_account(bigint, text),
    citybigdata.make_administrator(text, boolean), citybigdata.set_admin_role(text, text),
    citybigdata.revoke_account(text, text), citybigdata.expire_account(text, timestamptz),
    citybigdata.revoke_application(text, text), citybigdata.expire_application(text, timestamptz),
    citybigdata.grant_access(text, text, integer, timestamptz),
    citybigdata.suspend_grant(text, text), citybigdata.resume_grant(text, text), citybigdata.expire_grant(text, text, timestamptz),
    citybigdata.unlock_account(text), citybigdata.unlock_address(inet),
    citybigdata.suspend_account(text, text), citybigdata.resume_account(text),
    citybigdata.approve_access(bigint), citybigdata.reject_access(bigint, text), citybigdata.renew_credentials(text),
    citybigdata.suspend_application(text, text), citybigdata.resume_application(text), citybigdata.revoke_grant(text, text),
    citybigdata.revoke_token(text), citybigdata.revoke_consent(text), citybigdata.unlock(text, text)
    TO citybigdata_secadmin;
GRANT SELECT ON citybigdata.access_request TO citybigdata_secadmin;

-- Who is there and what was granted both must see, the system administrator to stop and to unlock; as over HTTPS.
GRANT SELECT ON citybigdata.sender, citybigdata.app_grant, citybigdata.lockout TO citybigdata_sysadmin, citybigdata_secadmin;
GRANT SELECT (account_id, user_name, organization, contact_name, mobile, state, admin_role, valid_until, password_changed_at, password_temporary, created_at, reviewed_at, reviewed_by, review_note)
    ON citybigdata.account TO citybigdata_sysadmin, citybigdata_secadmin;
GRANT SELECT (app_id, app_code, account_id, methods, ip_ranges, profile, level, valid_until, redirect_uris, client_type, state, created_at,
              credentials_taken_at, rotation_overlap, previous_valid_until)
    ON citybigdata.application TO citybigdata_sysadmin, citybigdata_secadmin;

-- What can be applied for, and how an appCode is made up, everybody may know.
GRANT SELECT ON citybigdata.resource TO citybigdata_sysadmin, citybigdata_secadmin, citybigdata_auditor, citybigdata_analyst;
GRANT EXECUTE ON FUNCTION citybigdata.app_code_parts(text)
    TO citybigdata_sysadmin, citybigdata_secadmin, citybigdata_auditor, citybigdata_analyst;

-- How much a grant carries is no question of who may what: whoever runs the platform must be able to protect it.
GRANT EXECUTE ON FUNCTION citybigdata.set_limit(text, text, double precision, integer, integer) TO citybigdata_sysadmin, citybigdata_secadmin;

-- What a role may see is a decision about access; what it is, everybody may know.
GRANT EXECUTE ON FUNCTION citybigdata.set_role_level(text, integer) TO citybigdata_secadmin;
GRANT SELECT ON citybigdata.role_level TO citybigdata_sysadmin, citybigdata_secadmin, citybigdata_auditor, citybigdata_analyst;

-- No secret: whoever signs in says it.
GRANT EXECUTE ON FUNCTION citybigdata.operators_client()
    TO citybigdata_sysadmin, citybigdata_secadmin, citybigdata_auditor, citybigdata_analyst;

-- Signing and one-time passwords compute on their arguments alone.
GRANT EXECUTE ON FUNCTION
    citybigdata.canonical_request(text, text, text, bytea, bigint, text, text),
    citybigdata.sign_request(text, text, text, text, bytea, bigint, text, text),
    citybigdata.artemis_string(text, text, text, text, text[], text),
    citybigdata.sign_artemis(text, text, text, text, text, text[], text),
    citybigdata.totp_code(text, timestamptz, text)
    TO citybigdata_sysadmin, citybigdata_secadmin, citybigdata_analyst;

-- What makes access out of nothing (credentials, passwords, codes, sealed addresses) is for no administrator's role: who could call it
-- would have every application's data alone. It is left to the owner of the database, and over HTTPS to the accounts themselves.
-- Appointments take two: one proposes, another one confirms.
GRANT EXECUTE ON FUNCTION citybigdata.propose_role(text, text), citybigdata.propose_second_factor(text), citybigdata.refuse_proposal(bigint, text)
    TO citybigdata_sysadmin, citybigdata_secadmin;
GRANT EXECUTE ON FUNCTION citybigdata.confirm_proposal(bigint) TO citybigdata_secadmin;
GRANT SELECT ON citybigdata.admin_proposal TO citybigdata_sysadmin, citybigdata_secadmin;

-- Security administrators grant and take access: the keys of sealed addresses, second factors.
GRANT EXECUTE ON FUNCTION citybigdata.rotate_sealing_key(), citybigdata.revoke_sealing_key(integer),
    citybigdata.enrol_totp(text, text, text), citybigdata.remove_totp(text)
    TO citybigdata_secadmin;

-- Housekeeping is the system administrator's.
GRANT EXECUTE ON FUNCTION citybigdata.expire_nonces(integer), citybigdata.expire_sealed_uses(integer) TO citybigdata_sysadmin;
