-- Sessions of operators.
ALTER TABLE citybigdata.oauth_grant ADD COLUMN session_id bigint;
CREATE INDEX oauth_grant_account_id_idx ON citybigdata.oauth_grant (account_id);
CREATE INDEX oauth_grant_session_id_idx ON citybigdata.oauth_grant (session_id) WHERE session_id IS NOT NULL;
ALTER TABLE citybigdata.oauth_code ADD COLUMN session_id bigint, ADD COLUMN administrator boolean NOT NULL DEFAULT false;
CREATE INDEX oauth_code_session_id_idx ON citybigdata.oauth_code (session_id) WHERE session_id IS NOT NULL;
-- with the session of the browser
DROP FUNCTION citybigdata.rest_oauth_authorize_check(text, inet, text, text, bytea, text, text, text, text, text, text, text, text);
DROP FUNCTION citybigdata.rest_oauth_authorize_decide(text, inet, text, text, bytea, text, text, text, text, text, text, text, text, text, text, text, text);
