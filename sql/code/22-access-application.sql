-- Access requests, applications and grants: from SQL and the endpoints.
COMMENT ON TABLE citybigdata.resource IS 'Service resources 服务资源 that can be applied for and granted';
COMMENT ON COLUMN citybigdata.resource.resource_code IS 'Code of the resource: small letters, digits, hyphens; at most 64';
COMMENT ON COLUMN citybigdata.resource.title IS 'English title';
COMMENT ON COLUMN citybigdata.resource.title_zh IS 'Chinese title';
COMMENT ON COLUMN citybigdata.resource.shipped IS 'Came with the extension (not dumped)';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.resource', 'WHERE NOT shipped');
-- grants name it, so it is never deleted
INSERT INTO citybigdata.resource AS r (resource_code, title, title_zh, shipped) VALUES
('events', 'City-management events: reporting, and reading one''s own', '城市管理问题上报及本单位上报问题查询', true),
('cases', 'Cases: reading all', '全部案件查询', true)
ON CONFLICT ON CONSTRAINT resource_pkey DO UPDATE SET title = excluded.title, title_zh = excluded.title_zh WHERE r.shipped;

COMMENT ON TABLE citybigdata.application IS 'Applications: what an approved access request became';
COMMENT ON COLUMN citybigdata.application.app_id IS 'Number of the application, the serial in its appCode';
COMMENT ON COLUMN citybigdata.application.app_code IS 'appCode 应用识别码: platform code, 8-digit serial, ISO 7064 MOD 37,36 check character (clause 5.3.3)';
COMMENT ON COLUMN citybigdata.application.account_id IS 'The account that owns it';
COMMENT ON COLUMN citybigdata.application.key_digest IS 'SHA-256 of the UUID key; null until the credentials were collected';
COMMENT ON COLUMN citybigdata.application.signing_secret IS 'Signing secret under the master key (AES-256-GCM); null until collected or when signature is not granted';
COMMENT ON COLUMN citybigdata.application.methods IS 'How it may authenticate: key, password, signature, ip (clause 5.5 a-d)';
COMMENT ON COLUMN citybigdata.application.ip_ranges IS
'With method ip: the addresses that need no other credential. Without it, when not empty: the only addresses that its requests may come from';
COMMENT ON COLUMN citybigdata.application.profile IS 'How its event reports are validated: strict or egova';
COMMENT ON COLUMN citybigdata.application.level IS 'Highest data level, 1 to 4';
COMMENT ON COLUMN citybigdata.application.valid_until IS 'Refused from then on; null = no end';
COMMENT ON COLUMN citybigdata.application.redirect_uris IS 'OAuth redirect addresses, matched exactly';
COMMENT ON COLUMN citybigdata.application.client_type IS 'OAuth client type: confidential or public';
COMMENT ON COLUMN citybigdata.application.state IS 'active, suspended, or revoked (for good)';
COMMENT ON COLUMN citybigdata.application.created_at IS 'When its request was approved';
COMMENT ON COLUMN citybigdata.application.credentials_taken_at IS 'When key and secret were made and shown, once; null = not yet, or new ones wait to be collected';
COMMENT ON COLUMN citybigdata.application.rotation_overlap IS 'New credentials wait to be collected; those of before stay valid for so long after that';
COMMENT ON COLUMN citybigdata.application.previous_key_digest IS 'SHA-256 of the key before the last rotation';
COMMENT ON COLUMN citybigdata.application.previous_signing_secret IS 'The signing secret before the last rotation, encrypted as signing_secret is';
COMMENT ON COLUMN citybigdata.application.previous_valid_until IS 'Until when the credentials before the last rotation are accepted beside the new ones';
COMMENT ON COLUMN citybigdata.application.operators IS 'It is the operators'' client, made by setup(): operators and administrators sign in there, and its tokens are theirs';
COMMENT ON COLUMN citybigdata.application.epoch IS 'Raised by renew_credentials(): codes, tokens and sealed addresses of before are void';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.application', '');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.application_app_id_seq', '');

COMMENT ON TABLE citybigdata.access_request IS 'Applications for service resources and their review (clause 5.2-a)';
COMMENT ON COLUMN citybigdata.access_request.access_request_id IS 'Number of the request';
COMMENT ON COLUMN citybigdata.access_request.account_id IS 'The account that applies';
COMMENT ON COLUMN citybigdata.access_request.resources IS 'Resource codes applied for';
COMMENT ON COLUMN citybigdata.access_request.purpose IS 'What for, for the reviewer';
COMMENT ON COLUMN citybigdata.access_request.methods IS 'Authorisation methods applied for: key, password, signature, ip';
COMMENT ON COLUMN citybigdata.access_request.ip_ranges IS 'Address ranges, see application.ip_ranges';
COMMENT ON COLUMN citybigdata.access_request.sender_codes IS 'senderCodes that the application will report as';
COMMENT ON COLUMN citybigdata.access_request.profile IS 'strict or egova';
COMMENT ON COLUMN citybigdata.access_request.level IS 'Highest data level, 1 to 4';
COMMENT ON COLUMN citybigdata.access_request.valid_until IS 'Wanted end of validity; null = none';
COMMENT ON COLUMN citybigdata.access_request.redirect_uris IS 'OAuth redirect addresses';
COMMENT ON COLUMN citybigdata.access_request.client_type IS 'OAuth client type';
COMMENT ON COLUMN citybigdata.access_request.state IS 'pending, approved or rejected';
COMMENT ON COLUMN citybigdata.access_request.app_id IS 'The application that it became';
COMMENT ON COLUMN citybigdata.access_request.created_at IS 'When it was made';
COMMENT ON COLUMN citybigdata.access_request.reviewed_at IS 'When it was decided';
COMMENT ON COLUMN citybigdata.access_request.reviewed_by IS 'Who decided: an administrator''s user name, or role:<database role>';
COMMENT ON COLUMN citybigdata.access_request.review_note IS 'Reason of a rejection';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.access_request', '');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.access_request_access_request_id_seq', '');

COMMENT ON TABLE citybigdata.sender IS 'Which application reports as which senderCode; a senderCode belongs to one application';
COMMENT ON COLUMN citybigdata.sender.sender_code IS 'senderCode of table A.3, free text of the sending system';
COMMENT ON COLUMN citybigdata.sender.app_id IS 'The application that owns it';
COMMENT ON COLUMN citybigdata.sender.created_at IS 'When it was given';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.sender', '');

COMMENT ON TABLE citybigdata.app_grant IS 'Grants 授权: this application may use this resource, until when, up to which level; read on every request (clause 5.5)';
COMMENT ON COLUMN citybigdata.app_grant.app_id IS 'The application';
COMMENT ON COLUMN citybigdata.app_grant.resource IS 'Code of the resource';
COMMENT ON COLUMN citybigdata.app_grant.level IS 'Highest data level of this resource, 1 to 4';
COMMENT ON COLUMN citybigdata.app_grant.valid_until IS 'Refused from then on; null = no end';
COMMENT ON COLUMN citybigdata.app_grant.state IS 'active, suspended or revoked';
COMMENT ON COLUMN citybigdata.app_grant.granted_at IS 'When it was granted';
COMMENT ON COLUMN citybigdata.app_grant.granted_by IS 'Who granted it: an administrator''s user name, or role:<database role>';
COMMENT ON COLUMN citybigdata.app_grant.revoked_at IS 'When it was revoked';
COMMENT ON COLUMN citybigdata.app_grant.rate_per_second IS 'Requests per second in the long run; null = no rate limit';
COMMENT ON COLUMN citybigdata.app_grant.rate_burst IS 'Requests that may come at once';
COMMENT ON COLUMN citybigdata.app_grant.daily_quota IS 'Requests per day of the platform''s zone; null = no quota';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.app_grant', '');

COMMENT ON TABLE citybigdata.rate_bucket IS 'What is left of the limits of grants that have one; shared by all bridges';
COMMENT ON COLUMN citybigdata.rate_bucket.app_id IS 'The application';
COMMENT ON COLUMN citybigdata.rate_bucket.resource IS 'Code of the resource';
COMMENT ON COLUMN citybigdata.rate_bucket.tokens IS 'Requests that were left at refilled_at';
COMMENT ON COLUMN citybigdata.rate_bucket.refilled_at IS 'When tokens was true';
COMMENT ON COLUMN citybigdata.rate_bucket.quota_day IS 'The day that quota_used is about';
COMMENT ON COLUMN citybigdata.rate_bucket.quota_used IS 'Requests of that day';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.rate_bucket', '');

CREATE OR REPLACE FUNCTION citybigdata.app_code_parts(app_code text, OUT platform_code text, OUT serial integer)
    AS 'MODULE_PATHNAME', 'cbd_app_code_parts' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.app_code_parts(text) IS
'Platform code and serial of an appCode (clause 5.3.3); error UD00D (40013) when it is malformed or its check character (ISO 7064 MOD 37,36) is wrong';
CREATE OR REPLACE FUNCTION citybigdata.request_access(user_name text, resources text[], methods text[], purpose text DEFAULT NULL,
    ip_ranges text[] DEFAULT '{}', sender_codes text[] DEFAULT '{}', profile text DEFAULT 'strict', level integer DEFAULT 1,
    valid_until timestamptz DEFAULT NULL, redirect_uris text[] DEFAULT '{}', client_type text DEFAULT 'confidential') RETURNS bigint
    AS 'MODULE_PATHNAME', 'cbd_request_access' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.request_access(text, text[], text[], text, text[], text[], text, integer, timestamptz, text[], text) IS
'Applies for resources in the name of an active account (clause 5.2-a); returns access_request_id. methods: key, password, signature, ip; '
'ip_ranges: CIDR, with method ip those that need no other credential, without it those that requests must come from. '
'Errors: 42200 with every error in the detail, 40904 a senderCode is taken, 40405';

CREATE OR REPLACE FUNCTION citybigdata.approve_access(access_request_id bigint) RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_approve_access' LANGUAGE c VOLATILE STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.approve_access(bigint) IS
'Approves a pending request: application, senders and grants; returns the appCode (clause 5.3.3). Errors: 40406, 40903, 40904 a senderCode is taken';

CREATE OR REPLACE FUNCTION citybigdata.reject_access(access_request_id bigint, reason text DEFAULT NULL) RETURNS void
    AS 'MODULE_PATHNAME', 'cbd_reject_access' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.reject_access(bigint, text) IS 'Rejects a pending request. Errors: 40406, 40903';

CREATE OR REPLACE FUNCTION citybigdata.take_credentials(access_request_id bigint, OUT app_code text, OUT key text, OUT signing_secret text)
    AS 'MODULE_PATHNAME', 'cbd_take_credentials' LANGUAGE c VOLATILE STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.take_credentials(bigint) IS
'Makes and returns the credentials of an approved request, exactly once: UUID key (null for a public client that did not ask for one) and '
'signing secret (null unless method signature). Kept are a digest and an encrypted form. Errors: 40406; 40900 not approved; 40905 taken before; '
'50305 no master key';

CREATE OR REPLACE FUNCTION citybigdata.renew_credentials(app_code text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM citybigdata.require_own_transaction('renew_credentials');
    UPDATE citybigdata.application AS a SET key_digest = NULL, signing_secret = NULL, credentials_taken_at = NULL,
        previous_key_digest = NULL, previous_signing_secret = NULL, previous_valid_until = NULL, rotation_overlap = NULL,
        epoch = a.epoch + 1
    WHERE a.app_code = renew_credentials.app_code;
    IF NOT FOUND THEN
        PERFORM citybigdata.refuse(40400, citybigdata.say('There is no such application.'));
    END IF;
    PERFORM citybigdata.audit_event('access.renew', renew_credentials.app_code, NULL);
END
$$;
COMMENT ON FUNCTION citybigdata.renew_credentials(text) IS
'Voids key and signing secret of an application at once, with all codes, tokens, consents and sealed addresses of before; new ones are made when its owner collects them (take_credentials). Error 40400';

CREATE OR REPLACE FUNCTION citybigdata.rotate_credentials(INOUT app_code text, overlap interval DEFAULT '7 days', OUT key text, OUT signing_secret text,
    OUT previous_valid_until timestamptz)
    AS 'MODULE_PATHNAME', 'cbd_rotate_credentials' LANGUAGE c VOLATILE STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rotate_credentials(text, interval) IS
'Makes new credentials of an application and returns them, this once; those of before stay valid for overlap (0 to 90 days). Tokens stay as they are. '
'Errors: 40400 no such application, or revoked; 42204';

CREATE OR REPLACE FUNCTION citybigdata.change_application(app_code text, from_state text, to_state text, action text, note text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE citybigdata.application AS a SET state = to_state
    WHERE a.app_code = change_application.app_code AND a.state = from_state;
    IF NOT FOUND THEN
        PERFORM citybigdata.refuse(40400, citybigdata.say('There is no application "{appCode}" in state {fromState}.', 'appCode', left(change_application.app_code, 64), 'fromState', from_state));
    END IF;
    PERFORM citybigdata.audit_event(action, change_application.app_code, note);
END
$$;
COMMENT ON FUNCTION citybigdata.change_application(text, text, text, text, text) IS
'Changes the state of an application and writes the audit row; for the functions of this extension only';

CREATE OR REPLACE FUNCTION citybigdata.suspend_application(app_code text, reason text DEFAULT NULL) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT citybigdata.change_application(app_code, 'active', 'suspended', 'access.suspend', reason)
$$;
COMMENT ON FUNCTION citybigdata.suspend_application(text, text) IS 'Refuses an application from the very next request on. Error 40400';

CREATE OR REPLACE FUNCTION citybigdata.resume_application(app_code text) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT citybigdata.change_application(app_code, 'suspended', 'active', 'access.resume', NULL)
$$;
COMMENT ON FUNCTION citybigdata.resume_application(text) IS 'Lets a suspended application in again. Error 40400';

CREATE OR REPLACE FUNCTION citybigdata.revoke_grant(app_code text, resource text DEFAULT NULL) RETURNS integer
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

CREATE OR REPLACE FUNCTION citybigdata.revoke_application(app_code text, reason text DEFAULT NULL) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE citybigdata.application AS a
    SET state = 'revoked', key_digest = NULL, signing_secret = NULL, previous_key_digest = NULL, previous_signing_secret = NULL,
        previous_valid_until = NULL, rotation_overlap = NULL
    WHERE a.app_code = revoke_application.app_code AND a.state <> 'revoked';
    IF NOT FOUND THEN
        PERFORM citybigdata.refuse(40400, citybigdata.say('There is no such application that is not revoked.'));
    END IF;
    PERFORM citybigdata.audit_event('access.close', revoke_application.app_code, reason);
END
$$;
COMMENT ON FUNCTION citybigdata.revoke_application(text, text) IS
'Closes an application for good: refused from the very next request on, its credentials are gone. Its senderCodes stay its own. Error 40400';

CREATE OR REPLACE FUNCTION citybigdata.expire_application(app_code text, valid_until timestamptz DEFAULT clock_timestamp()) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE citybigdata.application AS a SET valid_until = expire_application.valid_until WHERE a.app_code = expire_application.app_code;
    IF NOT FOUND THEN
        PERFORM citybigdata.refuse(40400, citybigdata.say('There is no such application.'));
    END IF;
    PERFORM citybigdata.audit_event('access.expire', expire_application.app_code, coalesce(expire_application.valid_until::text, 'no end'));
END
$$;
COMMENT ON FUNCTION citybigdata.expire_application(text, timestamptz) IS
'Sets the end of an application, now unless said otherwise; null = no end. Refused from then on. Error 40400';

CREATE OR REPLACE FUNCTION citybigdata.change_grant(app_code text, resource text, from_state text, to_state text, action text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE citybigdata.app_grant AS g SET state = to_state
    FROM citybigdata.application a
    WHERE a.app_code = change_grant.app_code AND g.app_id = a.app_id AND g.resource = change_grant.resource AND g.state = from_state;
    IF NOT FOUND THEN
        PERFORM citybigdata.refuse(40400, citybigdata.say('There is no such grant in state {fromState}.', 'fromState', from_state));
    END IF;
    PERFORM citybigdata.audit_event(action, change_grant.app_code, change_grant.resource);
END
$$;
COMMENT ON FUNCTION citybigdata.change_grant(text, text, text, text, text) IS
'Changes the state of a grant and writes the audit row; for the functions of this extension only';

CREATE OR REPLACE FUNCTION citybigdata.grant_access(app_code text, resource text, level integer DEFAULT 1, valid_until timestamptz DEFAULT NULL) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF grant_access.level IS NULL OR grant_access.level NOT BETWEEN 1 AND 4 THEN
        PERFORM citybigdata.refuse(42204, citybigdata.say('level must be 1 to 4.'));
    END IF;
    IF NOT EXISTS (SELECT FROM citybigdata.resource r WHERE r.resource_code = grant_access.resource) THEN
        PERFORM citybigdata.refuse(40407, citybigdata.say('There is no resource "{resource}".', 'resource', left(grant_access.resource, 64)));
    END IF;
    IF EXISTS (SELECT FROM citybigdata.application a JOIN citybigdata.account c ON c.account_id = a.account_id
               WHERE a.app_code = grant_access.app_code AND c.approved_by = 'role:' || session_user
                 AND grant_access.level >= current_setting('citybigdata.second_person_level')::integer)
       AND NOT (SELECT r.rolsuper FROM pg_roles r WHERE r.rolname = session_user) THEN
        PERFORM citybigdata.refuse(40310, citybigdata.say('You approved the account: another administrator grants this level.'));
    END IF;
    INSERT INTO citybigdata.app_grant AS g (app_id, resource, level, valid_until, granted_by)
    SELECT a.app_id, grant_access.resource, grant_access.level, grant_access.valid_until, 'role:' || session_user
    FROM citybigdata.application a WHERE a.app_code = grant_access.app_code AND a.state <> 'revoked'
    ON CONFLICT ON CONSTRAINT app_grant_pkey DO UPDATE SET level = excluded.level, valid_until = excluded.valid_until, state = 'active',
        granted_at = clock_timestamp(), granted_by = excluded.granted_by, revoked_at = NULL;
    IF NOT FOUND THEN
        PERFORM citybigdata.refuse(40400, citybigdata.say('There is no application "{appCode}" that is not revoked.', 'appCode', left(grant_access.app_code, 64)));
    END IF;
    PERFORM citybigdata.audit_event('access.grant', grant_access.app_code, format('%s, level %s', grant_access.resource, grant_access.level));
END
$$;
COMMENT ON FUNCTION citybigdata.grant_access(text, text, integer, timestamptz) IS
'Gives an application that is there one more resource, from the very next request on, or changes level and end of a grant; a suspended or revoked '
'grant counts again, its limits stay. Errors: 40400 no such application, or revoked; 40407; 42204';

CREATE OR REPLACE FUNCTION citybigdata.suspend_grant(app_code text, resource text) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT citybigdata.change_grant(app_code, resource, 'active', 'suspended', 'access.suspend-grant')
$$;
COMMENT ON FUNCTION citybigdata.suspend_grant(text, text) IS 'Refuses an application one resource from the very next request on. Error 40400';

CREATE OR REPLACE FUNCTION citybigdata.resume_grant(app_code text, resource text) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT citybigdata.change_grant(app_code, resource, 'suspended', 'active', 'access.resume-grant')
$$;
COMMENT ON FUNCTION citybigdata.resume_grant(text, text) IS 'Puts a suspended grant back. Error 40400';

CREATE OR REPLACE FUNCTION citybigdata.expire_grant(app_code text, resource text, valid_until timestamptz DEFAULT clock_timestamp()) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE citybigdata.app_grant AS g SET valid_until = expire_grant.valid_until
    FROM citybigdata.application a
    WHERE a.app_code = expire_grant.app_code AND g.app_id = a.app_id AND g.resource = expire_grant.resource;
    IF NOT FOUND THEN
        PERFORM citybigdata.refuse(40400, citybigdata.say('There is no such grant.'));
    END IF;
    PERFORM citybigdata.audit_event('access.expire-grant', expire_grant.app_code,
                                    expire_grant.resource || ': ' || coalesce(expire_grant.valid_until::text, 'no end'));
END
$$;
COMMENT ON FUNCTION citybigdata.expire_grant(text, text, timestamptz) IS
'Sets the end of a grant, now unless said otherwise; null = no end. Refused from then on. Error 40400';

CREATE OR REPLACE FUNCTION citybigdata.rest_access_request(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    platform_code text, resources text[], purpose text, methods text[], ip_ranges text[], sender_codes text[], profile text, level text,
    valid_until text, redirect_uris text[], client_type text, totp text DEFAULT NULL) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_access_request' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_access_request(text, inet, text, text, bytea, text, text[], text, text[], text[], text[], text, text, text, text[], text, text) IS
'POST /access-requests: {accessRequestId, state} (clause 5.2-a). 401nn; 42200 with all errors; 40904 a senderCode is taken';

CREATE OR REPLACE FUNCTION citybigdata.rest_access_request_state(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    id text, totp text DEFAULT NULL) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_access_request_state' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_access_request_state(text, inet, text, text, bytea, text, text) IS
'GET /access-requests/{id}: {accessRequestId, state, reason, appCode}, and once after approval, to its account by Basic, {key, signingSecret}. '
'40406 unknown or somebody else''s';

CREATE OR REPLACE FUNCTION citybigdata.rest_access_approve(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    id text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_access_approve' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_access_approve(text, inet, text, text, bytea, text) IS
'POST /admin/access-requests/{id}/approve: {accessRequestId, state, appCode}. 401nn, 40304; 40406; 40903; 40904 with the senderCodes';

CREATE OR REPLACE FUNCTION citybigdata.rest_access_reject(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    id text, reason text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_access_reject' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_access_reject(text, inet, text, text, bytea, text, text) IS
'POST /admin/access-requests/{id}/reject: {accessRequestId, state}; reason: at most 500 characters. 401nn, 40304; 40406; 40903';
