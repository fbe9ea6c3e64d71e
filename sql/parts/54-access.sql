-- Access requests, applications and grants: from SQL and the endpoints.
CREATE FUNCTION citybigdata.request_access(user_name text, resources text[], methods text[], purpose text DEFAULT NULL,
    ip_ranges text[] DEFAULT '{}', sender_codes text[] DEFAULT '{}', profile text DEFAULT 'strict', level integer DEFAULT 1,
    valid_until timestamptz DEFAULT NULL, redirect_uris text[] DEFAULT '{}', client_type text DEFAULT 'confidential') RETURNS bigint
    AS 'MODULE_PATHNAME', 'cbd_request_access' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.request_access(text, text[], text[], text, text[], text[], text, integer, timestamptz, text[], text) IS
'Applies for resources in the name of an active account (clause 5.2-a); returns access_request_id. methods: key, password, signature, ip; '
'ip_ranges: CIDR, with method ip those that need no other credential, without it those that requests must come from. '
'Errors: 42200 with every fault in the detail, 40904 a senderCode is taken, 40405';

CREATE FUNCTION citybigdata.approve_access(access_request_id bigint) RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_approve_access' LANGUAGE c VOLATILE STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.approve_access(bigint) IS
'Approves a pending request: application, senders and grants; returns the appCode (clause 5.3.3). Errors: 40406, 40903, 40904 a senderCode is taken';

CREATE FUNCTION citybigdata.reject_access(access_request_id bigint, reason text DEFAULT NULL) RETURNS void
    AS 'MODULE_PATHNAME', 'cbd_reject_access' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.reject_access(bigint, text) IS 'Rejects a pending request. Errors: 40406, 40903';

CREATE FUNCTION citybigdata.take_credentials(access_request_id bigint, OUT app_code text, OUT key text, OUT signing_secret text)
    AS 'MODULE_PATHNAME', 'cbd_take_credentials' LANGUAGE c VOLATILE STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.take_credentials(bigint) IS
'Makes and returns the credentials of an approved request, exactly once: UUID key (null for a public client that did not ask for one) and '
'signing secret (null unless method signature). Kept are a digest and an encrypted form. Errors: 40406; 40900 not approved; 40905 taken before; '
'50303 no master key';

CREATE FUNCTION citybigdata.renew_credentials(app_code text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE citybigdata.application AS a SET key_digest = NULL, signing_secret = NULL, credentials_taken_at = NULL,
        previous_key_digest = NULL, previous_signing_secret = NULL, previous_valid_until = NULL, rotation_overlap = NULL
    WHERE a.app_code = renew_credentials.app_code;
    IF NOT FOUND THEN
        PERFORM citybigdata.refuse(40400, 'There is no such application.');
    END IF;
    PERFORM citybigdata.audit_event('access.renew', renew_credentials.app_code, NULL);
END
$$;
COMMENT ON FUNCTION citybigdata.renew_credentials(text) IS
'Voids key and signing secret of an application at once; new ones are made when its owner collects them (take_credentials). Error 40400';

CREATE FUNCTION citybigdata.rotate_credentials(INOUT app_code text, overlap interval DEFAULT '7 days', OUT key text, OUT signing_secret text,
    OUT previous_valid_until timestamptz)
    AS 'MODULE_PATHNAME', 'cbd_rotate_credentials' LANGUAGE c VOLATILE STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rotate_credentials(text, interval) IS
'Makes new credentials of an application and returns them, this once; those of before stay valid for overlap (0 to 90 days). Tokens stay as they are. '
'Errors: 40400 no such application, or revoked; 42204';

CREATE FUNCTION citybigdata.change_application(app_code text, from_state text, to_state text, action text, note text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE citybigdata.application AS a SET state = to_state
    WHERE a.app_code = change_application.app_code AND a.state = from_state;
    IF NOT FOUND THEN
        PERFORM citybigdata.refuse(40400, format('There is no application "%s" in state %s.', left(change_application.app_code, 64), from_state));
    END IF;
    PERFORM citybigdata.audit_event(action, change_application.app_code, note);
END
$$;
COMMENT ON FUNCTION citybigdata.change_application(text, text, text, text, text) IS
'Changes the state of an application and writes the audit row; for the functions of this extension only';

CREATE FUNCTION citybigdata.suspend_application(app_code text, reason text DEFAULT NULL) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT citybigdata.change_application(app_code, 'active', 'suspended', 'access.suspend', reason)
$$;
COMMENT ON FUNCTION citybigdata.suspend_application(text, text) IS 'Refuses an application from the very next request on. Error 40400';

CREATE FUNCTION citybigdata.resume_application(app_code text) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT citybigdata.change_application(app_code, 'suspended', 'active', 'access.resume', NULL)
$$;
COMMENT ON FUNCTION citybigdata.resume_application(text) IS 'Lets a suspended application in again. Error 40400';

CREATE FUNCTION citybigdata.revoke_grant(app_code text, resource text DEFAULT NULL) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    revoked integer;
BEGIN
    UPDATE citybigdata.app_grant AS g SET state = 'revoked', revoked_at = clock_timestamp()
    FROM citybigdata.application a
    WHERE a.app_code = revoke_grant.app_code AND g.app_id = a.app_id AND g.state <> 'revoked'
      AND (revoke_grant.resource IS NULL OR g.resource = revoke_grant.resource);
    GET DIAGNOSTICS revoked = ROW_COUNT;
    PERFORM citybigdata.audit_event('access.revoke', revoke_grant.app_code, coalesce(revoke_grant.resource, 'all resources'));
    RETURN revoked;
END
$$;
COMMENT ON FUNCTION citybigdata.revoke_grant(text, text) IS
'Revokes the grant of one resource, or of all (null), from the very next request on; returns how many it revoked';

CREATE FUNCTION citybigdata.revoke_application(app_code text, reason text DEFAULT NULL) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE citybigdata.application AS a
    SET state = 'revoked', key_digest = NULL, signing_secret = NULL, previous_key_digest = NULL, previous_signing_secret = NULL,
        previous_valid_until = NULL, rotation_overlap = NULL
    WHERE a.app_code = revoke_application.app_code AND a.state <> 'revoked';
    IF NOT FOUND THEN
        PERFORM citybigdata.refuse(40400, 'There is no such application that is not revoked.');
    END IF;
    PERFORM citybigdata.audit_event('access.close', revoke_application.app_code, reason);
END
$$;
COMMENT ON FUNCTION citybigdata.revoke_application(text, text) IS
'Closes an application for good: refused from the very next request on, its credentials are gone. Its senderCodes stay its own. Error 40400';

CREATE FUNCTION citybigdata.expire_application(app_code text, valid_until timestamptz DEFAULT clock_timestamp()) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE citybigdata.application AS a SET valid_until = expire_application.valid_until WHERE a.app_code = expire_application.app_code;
    IF NOT FOUND THEN
        PERFORM citybigdata.refuse(40400, 'There is no such application.');
    END IF;
    PERFORM citybigdata.audit_event('access.expire', expire_application.app_code, coalesce(expire_application.valid_until::text, 'no end'));
END
$$;
COMMENT ON FUNCTION citybigdata.expire_application(text, timestamptz) IS
'Sets the end of an application, now unless said otherwise; null = no end. Refused from then on. Error 40400';

CREATE FUNCTION citybigdata.change_grant(app_code text, resource text, from_state text, to_state text, action text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE citybigdata.app_grant AS g SET state = to_state
    FROM citybigdata.application a
    WHERE a.app_code = change_grant.app_code AND g.app_id = a.app_id AND g.resource = change_grant.resource AND g.state = from_state;
    IF NOT FOUND THEN
        PERFORM citybigdata.refuse(40400, format('There is no such grant in state %s.', from_state));
    END IF;
    PERFORM citybigdata.audit_event(action, change_grant.app_code, change_grant.resource);
END
$$;
COMMENT ON FUNCTION citybigdata.change_grant(text, text, text, text, text) IS
'Changes the state of a grant and writes the audit row; for the functions of this extension only';

CREATE FUNCTION citybigdata.grant_access(app_code text, resource text, level integer DEFAULT 1, valid_until timestamptz DEFAULT NULL) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF grant_access.level IS NULL OR grant_access.level NOT BETWEEN 1 AND 4 THEN
        PERFORM citybigdata.refuse(42204, 'level must be 1 to 4.');
    END IF;
    IF NOT EXISTS (SELECT FROM citybigdata.resource r WHERE r.resource_code = grant_access.resource) THEN
        PERFORM citybigdata.refuse(40407, format('There is no resource "%s".', left(grant_access.resource, 64)));
    END IF;
    INSERT INTO citybigdata.app_grant AS g (app_id, resource, level, valid_until, granted_by)
    SELECT a.app_id, grant_access.resource, grant_access.level, grant_access.valid_until, 'role:' || session_user
    FROM citybigdata.application a WHERE a.app_code = grant_access.app_code AND a.state <> 'revoked'
    ON CONFLICT ON CONSTRAINT app_grant_pkey DO UPDATE SET level = excluded.level, valid_until = excluded.valid_until, state = 'active',
        granted_at = clock_timestamp(), granted_by = excluded.granted_by, revoked_at = NULL;
    IF NOT FOUND THEN
        PERFORM citybigdata.refuse(40400, format('There is no application "%s" that is not revoked.', left(grant_access.app_code, 64)));
    END IF;
    PERFORM citybigdata.audit_event('access.grant', grant_access.app_code, format('%s, level %s', grant_access.resource, grant_access.level));
END
$$;
COMMENT ON FUNCTION citybigdata.grant_access(text, text, integer, timestamptz) IS
'Gives an application that is there one more resource, from the very next request on, or changes level and end of a grant; a suspended or revoked '
'grant counts again, its limits stay. Errors: 40400 no such application, or revoked; 40407; 42204';

CREATE FUNCTION citybigdata.suspend_grant(app_code text, resource text) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT citybigdata.change_grant(app_code, resource, 'active', 'suspended', 'access.suspend-grant')
$$;
COMMENT ON FUNCTION citybigdata.suspend_grant(text, text) IS 'Refuses an application one resource from the very next request on. Error 40400';

CREATE FUNCTION citybigdata.resume_grant(app_code text, resource text) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT citybigdata.change_grant(app_code, resource, 'suspended', 'active', 'access.resume-grant')
$$;
COMMENT ON FUNCTION citybigdata.resume_grant(text, text) IS 'Puts a suspended grant back. Error 40400';

CREATE FUNCTION citybigdata.expire_grant(app_code text, resource text, valid_until timestamptz DEFAULT clock_timestamp()) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE citybigdata.app_grant AS g SET valid_until = expire_grant.valid_until
    FROM citybigdata.application a
    WHERE a.app_code = expire_grant.app_code AND g.app_id = a.app_id AND g.resource = expire_grant.resource;
    IF NOT FOUND THEN
        PERFORM citybigdata.refuse(40400, 'There is no such grant.');
    END IF;
    PERFORM citybigdata.audit_event('access.expire-grant', expire_grant.app_code,
                                    expire_grant.resource || ': ' || coalesce(expire_grant.valid_until::text, 'no end'));
END
$$;
COMMENT ON FUNCTION citybigdata.expire_grant(text, text, timestamptz) IS
'Sets the end of a grant, now unless said otherwise; null = no end. Refused from then on. Error 40400';

CREATE FUNCTION citybigdata.rest_access_request(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    platform_code text, resources text[], purpose text, methods text[], ip_ranges text[], sender_codes text[], profile text, level text,
    valid_until text, redirect_uris text[], client_type text) RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_rest_access_request' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_access_request(text, inet, text, text, bytea, text, text[], text, text[], text[], text[], text, text, text, text[], text) IS
'POST /access-requests: {accessRequestId, state} (clause 5.2-a). 401nn; 42200 with all faults; 40904 a senderCode is taken';

CREATE FUNCTION citybigdata.rest_access_request_state(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    id text) RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_rest_access_request_state' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_access_request_state(text, inet, text, text, bytea, text) IS
'GET /access-requests/{id}: {accessRequestId, state, reason, appCode}, and once after approval, to its account by Basic, {key, signingSecret}. '
'40406 unknown or somebody else''s';

CREATE FUNCTION citybigdata.rest_access_approve(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    id text) RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_rest_access_approve' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_access_approve(text, inet, text, text, bytea, text) IS
'POST /admin/access-requests/{id}/approve: {accessRequestId, state, appCode}. 401nn, 40304; 40406; 40903; 40904 with the senderCodes';

CREATE FUNCTION citybigdata.rest_access_reject(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    id text, reason text) RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_rest_access_reject' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_access_reject(text, inet, text, text, bytea, text, text) IS
'POST /admin/access-requests/{id}/reject: {accessRequestId, state}; reason: at most 500 characters. 401nn, 40304; 40406; 40903';
