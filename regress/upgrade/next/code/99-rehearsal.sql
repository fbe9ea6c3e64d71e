-- What of the new chapter can be replayed.
COMMENT ON TABLE citybigdata.rehearsal IS 'Rehearsal';
COMMENT ON COLUMN citybigdata.rehearsal.code IS 'Code';
COMMENT ON TYPE citybigdata.rehearsal_state IS 'State';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.rehearsal', 'WHERE NOT shipped');
SELECT pg_catalog.pg_extension_config_dump('citybigdata.rehearsal_rehearsal_id_seq', '');

CREATE OR REPLACE FUNCTION citybigdata.rehearsal_changed() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$ BEGIN RETURN NULL; END $$;
CREATE OR REPLACE TRIGGER rehearsal_changed AFTER INSERT OR UPDATE ON citybigdata.rehearsal
    FOR EACH STATEMENT EXECUTE FUNCTION citybigdata.rehearsal_changed();
CREATE OR REPLACE FUNCTION citybigdata.rehearse(code citybigdata.rehearsal_code, times integer DEFAULT 1) RETURNS SETOF citybigdata.rehearsal
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$ SELECT r.* FROM citybigdata.rehearsal r, generate_series(1, times) WHERE r.code = rehearse.code $$;
COMMENT ON FUNCTION citybigdata.rehearse(citybigdata.rehearsal_code, integer) IS 'Rehearses';
CREATE OR REPLACE VIEW citybigdata.rehearsals AS SELECT r.code, pg_catalog.count(*) AS times FROM citybigdata.rehearsal r GROUP BY r.code;
COMMENT ON VIEW citybigdata.rehearsals IS 'Rehearsals';

DELETE FROM citybigdata.rehearsal WHERE shipped;
INSERT INTO citybigdata.rehearsal (rehearsal_id, code, shipped) OVERRIDING SYSTEM VALUE VALUES (-1, 'a', true), (-2, 'b', true)
ON CONFLICT ON CONSTRAINT rehearsal_pkey DO NOTHING;
