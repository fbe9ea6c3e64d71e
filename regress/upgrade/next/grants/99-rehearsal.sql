-- Everybody may rehearse, and sees what is open.
GRANT EXECUTE ON FUNCTION citybigdata.rehearse(citybigdata.rehearsal_code, integer) TO citybigdata_analyst;
GRANT SELECT (code, state), UPDATE (state) ON citybigdata.rehearsal TO citybigdata_analyst;
ALTER TABLE citybigdata.rehearsal ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS rehearsal_open ON citybigdata.rehearsal;
CREATE POLICY rehearsal_open ON citybigdata.rehearsal TO citybigdata_analyst USING (state OPERATOR(pg_catalog.=) 'open'::citybigdata.rehearsal_state);
