-- Levels of published data are lowered by two persons: who publishes proposes, a security administrator consents.
COMMENT ON TABLE citybigdata.level_proposal IS 'Published versions that show more than the versions before; not served before approve_levels()';
COMMENT ON COLUMN citybigdata.level_proposal.resource_code IS 'Code of the resource';
COMMENT ON COLUMN citybigdata.level_proposal.version IS 'The version that waits, or waited';
COMMENT ON COLUMN citybigdata.level_proposal.state IS 'waiting, approved, refused, superseded (published again or withdrawn meanwhile)';
COMMENT ON COLUMN citybigdata.level_proposal.changes IS 'What it shows more, an English text each; level_change_said() has it in the language in force';
COMMENT ON COLUMN citybigdata.level_proposal.proposed_by IS 'Database role that published it';
COMMENT ON COLUMN citybigdata.level_proposal.proposed_session IS 'The role that had logged in';
COMMENT ON COLUMN citybigdata.level_proposal.proposed_at IS 'When';
COMMENT ON COLUMN citybigdata.level_proposal.decided_by IS 'Who approved, refused or superseded it';
COMMENT ON COLUMN citybigdata.level_proposal.decided_at IS 'When; null = it waits';
COMMENT ON COLUMN citybigdata.level_proposal.proposal_id IS 'Number among all proposals: drawn from the same sequence as those of admin_proposal';
SELECT pg_catalog.pg_extension_config_dump('citybigdata.level_proposal', '');

-- What a version shows more to somebody than the versions that were in force before it. A column keeps the level that it had last, also
-- when a version between leaves it out; a column that was never published may be a restricted one by another name, so that where there
-- is a restricted one it needs the highest level of all.
CREATE OR REPLACE FUNCTION citybigdata.level_changes(code text, version integer) RETURNS text[]
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    WITH before AS (
        SELECT v.version, v.level FROM citybigdata.resource_version v
        WHERE v.resource_code = $1 AND v.version < $2 AND v.state IN ('current', 'superseded', 'withdrawn')),
    resource AS (
        SELECT n.level AS level, o.level AS old_level FROM citybigdata.resource_version n
        CROSS JOIN LATERAL (SELECT b.level FROM before b ORDER BY b.version DESC LIMIT 1) o
        WHERE n.resource_code = $1 AND n.version = $2),
    known AS ( -- each column as the last version had it that had it
        SELECT DISTINCT ON (f.column_name) f.column_name, f.name, f.level, f.mask, b.level AS resource_level
        FROM before b JOIN citybigdata.resource_field f ON f.resource_code = $1 AND f.version = b.version
        ORDER BY f.column_name, b.version DESC),
    field AS (
        SELECT f.position, f.name, f.level, f.mask, f.file, k.level AS old_level, k.mask AS old_mask, k.resource_level,
            (SELECT max(t.level) FROM known t WHERE t.level > t.resource_level) AS restricted
        FROM citybigdata.resource_field f
        LEFT JOIN LATERAL (SELECT k.level, k.mask, k.resource_level FROM known k WHERE k.column_name = f.column_name OR k.name = f.name
                              -- a place made of two columns shows the latitude too
                              OR EXISTS (SELECT FROM citybigdata.resource_version v WHERE v.resource_code = $1 AND v.version = $2
                                         AND v.geometry_column = f.column_name AND v.latitude_column = k.column_name)
                           ORDER BY k.level DESC, k.column_name = f.column_name DESC LIMIT 1) k ON true
        WHERE f.resource_code = $1 AND f.version = $2),
    change AS (
        SELECT 0 AS place, format('level of the resource %s instead of %s', r.level, r.old_level) AS text FROM resource r WHERE r.level < r.old_level
        UNION ALL
        SELECT f.position, CASE
            WHEN f.level < f.old_level THEN format('field %s: level %s instead of %s', f.name, f.level, f.old_level)
            WHEN f.old_level IS NULL AND f.level < f.restricted THEN format('field %s: new, of level %s; others had %s', f.name, f.level, f.restricted)
            WHEN f.old_level > f.resource_level AND f.mask IS DISTINCT FROM f.old_mask AND NOT coalesce(f.mask = 'all' AND f.old_mask IS NOT NULL, false)
                THEN format('field %s: mask %s instead of %s', f.name, coalesce(f.mask, 'none'), coalesce(f.old_mask, 'none'))
            WHEN f.file IS NOT NULL AND EXISTS (SELECT FROM known k WHERE k.column_name IN (f.file ->> 'typeColumn', f.file ->> 'nameColumn') AND k.level > f.level)
                THEN format('file %s: of level %s, type and name of a column above it', f.name, f.level) END
        FROM field f CROSS JOIN resource)
    SELECT coalesce(array_agg(c.text ORDER BY c.place), '{}') FROM change c WHERE c.text IS NOT NULL
$$;
COMMENT ON FUNCTION citybigdata.level_changes(text, integer) IS 'What a version shows more than those in force before it; empty = nothing';

-- What level_changes() found is kept in English; here it is in the language in force.
CREATE OR REPLACE FUNCTION citybigdata.level_change_said(change text) RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE
        WHEN resource IS NOT NULL THEN citybigdata.say('level of the resource {level} instead of {former}', 'level', resource[1], 'former', resource[2])
        WHEN level IS NOT NULL THEN citybigdata.say('field {field}: level {level} instead of {former}', 'field', level[1], 'level', level[2], 'former', level[3])
        WHEN added IS NOT NULL THEN citybigdata.say('field {field}: new, of level {level}; others had {others}', 'field', added[1], 'level', added[2], 'others', added[3])
        WHEN mask IS NOT NULL THEN citybigdata.say('field {field}: mask {mask} instead of {former}', 'field', mask[1], 'mask', mask[2], 'former', mask[3])
        WHEN file IS NOT NULL THEN citybigdata.say('file {field}: of level {level}, type and name of a column above it', 'field', file[1], 'level', file[2])
        ELSE change END
    FROM regexp_match(change, '^level of the resource (\S+) instead of (\S+)$') resource, regexp_match(change, '^field (\S+): level (\S+) instead of (\S+)$') level,
         regexp_match(change, '^field (\S+): new, of level (\S+); others had (\S+)$') added, regexp_match(change, '^field (\S+): mask (\S+) instead of (\S+)$') mask,
         regexp_match(change, '^file (\S+): of level (\S+), type and name of a column above it$') file
$$;
COMMENT ON FUNCTION citybigdata.level_change_said(text) IS 'A text of level_proposal.changes in the language in force';

CREATE OR REPLACE FUNCTION citybigdata.supersede_proposal(code text, by text) RETURNS void
    LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
    WITH ended AS (
        UPDATE citybigdata.level_proposal p SET state = 'superseded', decided_by = $2, decided_at = now()
        WHERE p.resource_code = $1 AND p.state = 'waiting' RETURNING p.version)
    UPDATE citybigdata.resource_version v SET state = 'refused', withdrawn_at = now() FROM ended e WHERE v.resource_code = $1 AND v.version = e.version
$$;
COMMENT ON FUNCTION citybigdata.supersede_proposal(text, text) IS 'Ends the proposal that waits for a resource, if any; for publish() and unpublish()';

-- The title by which access requests know the resource: of the version in force; no version, no resource.
CREATE OR REPLACE FUNCTION citybigdata.name_resource(code text) RETURNS void
    LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO citybigdata.resource AS r (resource_code, title, title_zh)
    SELECT v.resource_code, v.title, v.title_zh FROM citybigdata.resource_version v WHERE v.resource_code = $1 AND v.state = 'current'
    ON CONFLICT ON CONSTRAINT resource_pkey DO UPDATE SET title = excluded.title, title_zh = excluded.title_zh WHERE NOT r.shipped;
    DELETE FROM citybigdata.resource r WHERE r.resource_code = $1 AND NOT r.shipped
      AND NOT EXISTS (SELECT FROM citybigdata.resource_version v WHERE v.resource_code = $1 AND v.state = 'current')
$$;
COMMENT ON FUNCTION citybigdata.name_resource(text) IS 'Writes or removes the row of table resource; for publish_finish() and decide_levels_as()';

-- Last step of publish(), after the new version was found to work: one that shows more gives way to the version before.
CREATE OR REPLACE FUNCTION citybigdata.publish_finish(by text, session text, code text, version integer, advice text[]) RETURNS text[]
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    changes text[] := citybigdata.level_changes(code, version);
    former record;
BEGIN
    PERFORM citybigdata.supersede_proposal(code, by);
    IF cardinality(changes) = 0 THEN
        RETURN advice;
    END IF;
    SELECT v.version, v.state INTO former FROM citybigdata.resource_version v
    WHERE v.resource_code = code AND v.version < publish_finish.version AND v.state IN ('superseded', 'withdrawn') ORDER BY v.version DESC LIMIT 1;
    UPDATE citybigdata.resource_version v SET state = 'proposed' WHERE v.resource_code = code AND v.version = publish_finish.version;
    UPDATE citybigdata.resource_version v SET state = 'current', withdrawn_at = NULL
    WHERE v.resource_code = code AND v.version = former.version AND former.state = 'superseded';
    PERFORM citybigdata.name_resource(code);
    INSERT INTO citybigdata.level_proposal (resource_code, version, changes, proposed_by, proposed_session, proposal_id)
    VALUES (code, publish_finish.version, changes, by, session, nextval('citybigdata.admin_proposal_proposal_id_seq'));
    PERFORM citybigdata.audit_event('data.propose-levels', code, format('version %s: %s', version, array_to_string(changes, '; ')));
    RETURN (citybigdata.say('version {version} shows more than before and waits for a security administrator: {changes}. ', 'version', version,
                            'changes', (SELECT string_agg(citybigdata.level_change_said(c), citybigdata.say('; ') ORDER BY n) FROM unnest(changes) WITH ORDINALITY u (c, n)))
            || CASE former.state WHEN 'superseded' THEN citybigdata.say('Version {version} stays in force. ', 'version', former.version) ELSE '' END
            || citybigdata.say('He consents by SELECT citybigdata.approve_levels({code}, {version});', 'code', quote_literal(code), 'version', version)) || advice;
END
$$;
COMMENT ON FUNCTION citybigdata.publish_finish(text, text, text, integer, text[]) IS 'Keeps a new version back that shows more than the one before; for publish()';

-- `by`, `session`: who decides, and the log-in behind it. Nobody consents to what he proposed himself.
CREATE OR REPLACE FUNCTION citybigdata.decide_levels_as(by text, session text, code text, version integer, consent boolean) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    proposal citybigdata.level_proposal;
BEGIN
    PERFORM citybigdata.own_lock('publish ' || code);
    SELECT * INTO proposal FROM citybigdata.level_proposal p WHERE p.resource_code = code AND p.version = decide_levels_as.version AND p.state = 'waiting' FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING MESSAGE = citybigdata.say('no version {version} of resource "{code}" waits', 'version', version, 'code', code), ERRCODE = 'undefined_object',
            HINT = 'SELECT resource_code, version, changes FROM citybigdata.level_proposal WHERE state = ''waiting'';';
    ELSIF consent AND (proposal.proposed_by = by OR (proposal.proposed_session = session
                       AND NOT coalesce((SELECT r.rolsuper FROM pg_roles r WHERE r.rolname = session), false))) THEN
        RAISE EXCEPTION USING MESSAGE = citybigdata.say('version {version} of resource "{code}" was proposed by the same person', 'version', version, 'code', code), ERRCODE = 'insufficient_privilege',
            HINT = citybigdata.say('Another security administrator can consent.');
    END IF;
    IF consent THEN
        UPDATE citybigdata.resource_version v SET state = 'superseded', withdrawn_at = now() WHERE v.resource_code = code AND v.state = 'current';
    END IF;
    UPDATE citybigdata.resource_version v SET state = CASE WHEN consent THEN 'current' ELSE 'refused' END, withdrawn_at = CASE WHEN NOT consent THEN now() END
    WHERE v.resource_code = code AND v.version = decide_levels_as.version;
    UPDATE citybigdata.level_proposal p SET state = CASE WHEN consent THEN 'approved' ELSE 'refused' END, decided_by = by, decided_at = now()
    WHERE p.resource_code = code AND p.version = decide_levels_as.version;
    PERFORM citybigdata.name_resource(code);
    PERFORM citybigdata.audit_event(CASE WHEN consent THEN 'data.approve-levels' ELSE 'data.refuse-levels' END, code,
                                    format('version %s of %s: %s', version, proposal.proposed_by, array_to_string(proposal.changes, '; ')));
END
$$;
COMMENT ON FUNCTION citybigdata.decide_levels_as(text, text, text, integer, boolean) IS
'The work of approve_levels() and refuse_levels(), after it is known who decides: a database role, or the user name of an administrator';

CREATE OR REPLACE FUNCTION citybigdata.approve_levels(code text, version integer) RETURNS void
    AS 'MODULE_PATHNAME', 'cbd_approve_levels' LANGUAGE c VOLATILE STRICT;
COMMENT ON FUNCTION citybigdata.approve_levels(text, integer) IS
'Consents to a published version that shows more than before (table level_proposal): it is in force from now on. For security administrators, not for who proposed it';
CREATE OR REPLACE FUNCTION citybigdata.refuse_levels(code text, version integer) RETURNS void
    AS 'MODULE_PATHNAME', 'cbd_refuse_levels' LANGUAGE c VOLATILE STRICT;
COMMENT ON FUNCTION citybigdata.refuse_levels(text, integer) IS 'Refuses such a version: the one before stays in force';
