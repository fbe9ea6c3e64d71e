-- Open311: an application is found by its key.
CREATE INDEX application_key_digest_idx ON citybigdata.application (key_digest) WHERE key_digest IS NOT NULL;
CREATE INDEX application_previous_key_digest_idx ON citybigdata.application (previous_key_digest) WHERE previous_key_digest IS NOT NULL;
