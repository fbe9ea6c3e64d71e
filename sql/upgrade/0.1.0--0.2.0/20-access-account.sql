-- Accounts that nobody logs in to.
ALTER TABLE citybigdata.account ADD COLUMN technical boolean NOT NULL DEFAULT false;
