-- Proposals: what needs a second administrator (docs/access.md).
COMMENT ON TABLE citybigdata.admin_proposal IS 'What one administrator proposed and another one decides on: appointments, second factors of administrators, approvals that concern one''s own';
COMMENT ON COLUMN citybigdata.admin_proposal.proposal_id IS 'Number of the proposal';
COMMENT ON COLUMN citybigdata.admin_proposal.action IS
'role (make the account an administrator), second-factor (enrol one of an administrator), account and access (approve), grant, password (let a password that an administrator reset count)';
COMMENT ON COLUMN citybigdata.admin_proposal.account_id IS 'The account that it is about';
COMMENT ON COLUMN citybigdata.admin_proposal.access_request_id IS 'The access request, of access';
COMMENT ON COLUMN citybigdata.admin_proposal.role IS 'The role, of role';
COMMENT ON COLUMN citybigdata.admin_proposal.app_code IS 'The application, of grant';
COMMENT ON COLUMN citybigdata.admin_proposal.resource IS 'The resource, of grant';
COMMENT ON COLUMN citybigdata.admin_proposal.level IS 'The data level, of grant';
COMMENT ON COLUMN citybigdata.admin_proposal.valid_until IS 'The end, of grant; null = none';
COMMENT ON COLUMN citybigdata.admin_proposal.state IS 'open, confirmed, refused, expired';
COMMENT ON COLUMN citybigdata.admin_proposal.proposed_by IS 'Who proposed: an administrator''s user name, or role:<database role>';
COMMENT ON COLUMN citybigdata.admin_proposal.proposer_id IS 'Account of who proposed; null = a database role';
COMMENT ON COLUMN citybigdata.admin_proposal.proposed_at IS 'When it was proposed';
COMMENT ON COLUMN citybigdata.admin_proposal.expires_at IS 'From then on nobody can confirm it (citybigdata.proposal_ttl)';
COMMENT ON COLUMN citybigdata.admin_proposal.decided_by IS 'Who decided: an administrator''s user name, or role:<database role>';
COMMENT ON COLUMN citybigdata.admin_proposal.decider_id IS 'Account of who decided; null = a database role';
COMMENT ON COLUMN citybigdata.admin_proposal.decided_at IS 'When it was decided';
COMMENT ON COLUMN citybigdata.admin_proposal.note IS 'Reason of a refusal';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.admin_proposal', '');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.admin_proposal_proposal_id_seq', '');

CREATE OR REPLACE FUNCTION citybigdata.propose_role(user_name text, role text) RETURNS bigint
    AS 'MODULE_PATHNAME', 'cbd_propose_role' LANGUAGE c VOLATILE STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.propose_role(text, text) IS
'Proposes to make an active account an administrator: sysadmin, secadmin or auditor; returns the number of the proposal, which another administrator confirms. Errors: 40405; 42204; 40900 proposed before';

CREATE OR REPLACE FUNCTION citybigdata.propose_second_factor(user_name text) RETURNS bigint
    AS 'MODULE_PATHNAME', 'cbd_propose_second_factor' LANGUAGE c VOLATILE STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.propose_second_factor(text) IS
'Proposes a new second factor of an account; who confirms it is shown the address for the authenticator and hands it over. Errors: 40405; 40900 proposed before';

CREATE OR REPLACE FUNCTION citybigdata.confirm_proposal(proposal_id bigint) RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_confirm_proposal' LANGUAGE c VOLATILE STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.confirm_proposal(bigint) IS
'Confirms what somebody else proposed, once, and does it: returns the otpauth:// address of a second factor, shown this once, the appCode of an approved access request, else null. Number of a level_proposal: as approve_levels(). '
'Errors: 40410; 40310 one''s own, or of an administrator whose second factor one holds; 40900 decided or expired before, or not possible any more';

CREATE OR REPLACE FUNCTION citybigdata.refuse_proposal(proposal_id bigint, reason text DEFAULT NULL) RETURNS void
    AS 'MODULE_PATHNAME', 'cbd_refuse_proposal' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.refuse_proposal(bigint, text) IS 'Refuses a proposal, also a level_proposal, or takes back one''s own. Errors: 40410; 40900';

CREATE OR REPLACE FUNCTION citybigdata.rest_admin_proposals(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    state text, cursor text, page_size text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_admin_proposals' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_admin_proposals(text, inet, text, text, bytea, text, text, text) IS
'GET /admin/proposals: {items, nextCursor}. For sysadmin and secadmin, audited. 401nn, 40304, 40307; 42204';

CREATE OR REPLACE FUNCTION citybigdata.rest_proposal_add(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    action text, account_id text, role text, access_request_id text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_proposal_add' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_proposal_add(text, inet, text, text, bytea, text, text, text, text) IS
'POST /admin/proposals: {proposalId, state, expiresAt}; action role (account_id, role), second-factor, account, password (account_id), access (access_request_id). '
'For sysadmin and secadmin. 401nn, 40304, 40307; 40309 the own account; 40405, 40406; 40900 proposed before, or not in a state for it; 42200';

CREATE OR REPLACE FUNCTION citybigdata.rest_proposal_confirm(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    id text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_proposal_confirm' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_proposal_confirm(text, inet, text, text, bytea, text) IS
'POST /admin/proposals/{id}/confirm: {proposalId, state, address, appCode}. For secadmin. 401nn, 40304, 40307; 40310 one''s own; 40309; 40410; 40900 decided or expired before; 40904';

CREATE OR REPLACE FUNCTION citybigdata.rest_proposal_refuse(request_id text, client_addr inet, app_code text, scheme text, credential bytea,
    id text, reason text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'cbd_rest_proposal_refuse' LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION citybigdata.rest_proposal_refuse(text, inet, text, text, bytea, text, text) IS
'POST /admin/proposals/{id}/refuse: {proposalId, state}. For secadmin, and for who proposed it. 401nn, 40304, 40307; 40410; 40900';
