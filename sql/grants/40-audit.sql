-- The auditor reads and checks the audit log; sealing is housekeeping, and whoever seals cannot change what is sealed.
GRANT EXECUTE ON FUNCTION citybigdata.audit_verify(bigint, text), citybigdata.audit_head(), citybigdata.audit_unsealed(),
    citybigdata.audit_read(timestamptz, timestamptz, text, text, text), citybigdata.audit_export(timestamptz, timestamptz)
    TO citybigdata_auditor;
GRANT EXECUTE ON FUNCTION citybigdata.audit_seal(integer) TO citybigdata_sysadmin, citybigdata_auditor;
REVOKE UPDATE, DELETE, TRUNCATE ON citybigdata.audit_seal_block FROM citybigdata_owner;
-- What differs may be accepted by who answers for access, and is told to the auditor.
GRANT EXECUTE ON FUNCTION citybigdata.integrity_problems() TO citybigdata_auditor, citybigdata_secadmin;
GRANT EXECUTE ON FUNCTION citybigdata.accept_integrity(text) TO citybigdata_secadmin;
