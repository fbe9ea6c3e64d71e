-- What an extension made in a database, one line a fact, without anything that differs from database to database (numbers of
-- objects, order of rights): two databases are equal when these lines are. Unaligned psql output; used by upgrade.sh and by hand:
--   psql -XqAt -f catalogue.sql
\pset fieldsep '\t'
SET search_path = pg_catalog, pg_temp;
SET client_min_messages = warning;

-- rights in a fixed order; null (the default ones) stays apart from none
CREATE FUNCTION pg_temp.rights(acl aclitem[]) RETURNS text LANGUAGE sql AS
$$ SELECT CASE WHEN acl IS NOT NULL THEN coalesce((SELECT string_agg(a::text, ',' ORDER BY a::text COLLATE "C") FROM unnest(acl) a), 'nobody') END $$;
-- one line
CREATE FUNCTION pg_temp.line(text) RETURNS text LANGUAGE sql AS $$ SELECT replace(replace($1, E'\\', E'\\\\'), E'\n', E'\\n') $$;
CREATE FUNCTION pg_temp.object(class oid, object oid, part integer) RETURNS text LANGUAGE sql AS
$$ SELECT i.type || ' ' || i.identity FROM pg_identify_object(class, object, part) i $$;

CREATE TEMP VIEW facts AS
SELECT 'extension' AS kind, format('%s schema %s, relocatable %s, owner %s', extname, extnamespace::regnamespace, extrelocatable, extowner::regrole) AS fact
FROM pg_extension WHERE extname = 'citybigdata'
UNION ALL SELECT 'version', extversion FROM pg_extension WHERE extname = 'citybigdata'
UNION ALL SELECT 'dumped', format('%s %s', c.oid::regclass, c.condition)
FROM pg_extension x, ROWS FROM (unnest(x.extconfig), unnest(x.extcondition)) AS c(oid, condition) WHERE x.extname = 'citybigdata'
UNION ALL SELECT 'member', format('%s %s', d.deptype, pg_temp.object(d.classid, d.objid, d.objsubid))
FROM pg_depend d JOIN pg_extension x ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = x.oid WHERE x.extname = 'citybigdata'
UNION ALL SELECT 'schema', format('%s owner %s rights %s', nspname, nspowner::regrole, pg_temp.rights(nspacl)) FROM pg_namespace WHERE nspname = 'citybigdata'
UNION ALL SELECT 'database rights', coalesce(pg_temp.rights(datacl), 'as made') FROM pg_database WHERE datname = current_database()
UNION ALL SELECT 'relation', format('%s kind %s%s owner %s rights %s options %s method %s row security %s%s identity %s of type %s partition %s %s',
    c.oid::regclass, c.relkind, c.relpersistence, c.relowner::regrole, pg_temp.rights(c.relacl), c.reloptions, a.amname, c.relrowsecurity,
    c.relforcerowsecurity, c.relreplident, CASE WHEN c.reloftype <> 0 THEN c.reloftype::regtype END, c.relispartition,
    pg_get_expr(c.relpartbound, c.oid))
FROM pg_class c LEFT JOIN pg_am a ON a.oid = c.relam WHERE c.relnamespace = 'citybigdata'::regnamespace
UNION ALL SELECT 'column', format('%s %s %s %s collation %s not null %s identity "%s" generated "%s" storage %s compression "%s" statistics %s options %s rights %s default %s',
    c.oid::regclass, row_number() OVER (PARTITION BY c.oid ORDER BY a.attnum), quote_ident(a.attname), format_type(a.atttypid, a.atttypmod),
    CASE WHEN a.attcollation <> 0 THEN a.attcollation::regcollation END, a.attnotnull, a.attidentity, a.attgenerated, a.attstorage,
    a.attcompression, a.attstattarget,
    -- the server's own counter is no option
    (SELECT array_agg(o ORDER BY o) FROM unnest(a.attoptions) o WHERE NOT starts_with(o, 'pg_attver=')), pg_temp.rights(a.attacl), pg_get_expr(d.adbin, d.adrelid))
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum WHERE c.relnamespace = 'citybigdata'::regnamespace
UNION ALL SELECT 'constraint', format('%s %s %s validated %s', CASE WHEN contypid <> 0 THEN contypid::regtype::text ELSE conrelid::regclass::text END, conname,
    pg_get_constraintdef(oid), convalidated) FROM pg_constraint WHERE connamespace = 'citybigdata'::regnamespace
UNION ALL SELECT 'index', format('%s valid %s clustered %s identity %s', pg_get_indexdef(i.indexrelid), i.indisvalid, i.indisclustered, i.indisreplident)
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE c.relnamespace = 'citybigdata'::regnamespace
UNION ALL SELECT 'sequence', format('%s %s start %s by %s from %s to %s cache %s cycle %s of %s', s.seqrelid::regclass, s.seqtypid::regtype, s.seqstart, s.seqincrement,
    s.seqmin, s.seqmax, s.seqcache, s.seqcycle, (SELECT pg_temp.object(d.refclassid, d.refobjid, d.refobjsubid) FROM pg_depend d
    WHERE d.classid = 'pg_class'::regclass AND d.objid = s.seqrelid AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')))
FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid WHERE c.relnamespace = 'citybigdata'::regnamespace
UNION ALL SELECT 'function', format('%s owner %s rights %s support %s: %s', p.oid::regprocedure, p.proowner::regrole, pg_temp.rights(p.proacl), p.prosupport,
    CASE WHEN p.prokind <> 'a' THEN pg_temp.line(pg_get_functiondef(p.oid)) END)
FROM pg_proc p WHERE p.pronamespace = 'citybigdata'::regnamespace
UNION ALL SELECT 'aggregate', format('%s %s %s %s', a.aggfnoid::regprocedure, a.aggtransfn, a.aggfinalfn, a.agginitval)
FROM pg_aggregate a JOIN pg_proc p ON p.oid = a.aggfnoid WHERE p.pronamespace = 'citybigdata'::regnamespace
UNION ALL SELECT 'rule', format('%s %s: %s', r.ev_class::regclass, r.rulename, pg_temp.line(pg_get_ruledef(r.oid)))
FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class WHERE c.relnamespace = 'citybigdata'::regnamespace
UNION ALL SELECT 'trigger', format('%s enabled %s', pg_get_triggerdef(t.oid), t.tgenabled)
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE c.relnamespace = 'citybigdata'::regnamespace AND NOT t.tgisinternal
UNION ALL SELECT 'policy', format('%s %s permissive %s for %s to %s using %s check %s', p.polrelid::regclass, p.polname, p.polpermissive, p.polcmd,
    (SELECT array_agg(pg_get_userbyid(r) ORDER BY r) FROM unnest(p.polroles) r), pg_temp.line(pg_get_expr(p.polqual, p.polrelid)), pg_temp.line(pg_get_expr(p.polwithcheck, p.polrelid)))
FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid WHERE c.relnamespace = 'citybigdata'::regnamespace
UNION ALL SELECT 'type', format('%s %s owner %s rights %s base %s not null %s default %s labels %s', t.oid::regtype, t.typtype, t.typowner::regrole, pg_temp.rights(t.typacl),
    CASE WHEN t.typbasetype <> 0 THEN format_type(t.typbasetype, t.typtypmod) END, t.typnotnull, t.typdefault,
    (SELECT array_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid))
FROM pg_type t WHERE t.typnamespace = 'citybigdata'::regnamespace
UNION ALL SELECT 'statistics', pg_get_statisticsobjdef(s.oid) FROM pg_statistic_ext s WHERE s.stxnamespace = 'citybigdata'::regnamespace
UNION ALL SELECT 'comment', format('%s is %s', pg_temp.object(d.classoid, d.objoid, d.objsubid), pg_temp.line(d.description))
FROM pg_description d, LATERAL pg_identify_object(d.classoid, d.objoid, d.objsubid) i
WHERE i.schema = 'citybigdata' OR i.identity ~ '^citybigdata\.| on citybigdata\.' OR i.type IN ('schema', 'extension') AND i.identity = 'citybigdata'
-- the rights that pg_dump takes for granted
UNION ALL SELECT 'first rights', format('%s %s %s', pg_temp.object(p.classoid, p.objoid, p.objsubid), p.privtype, pg_temp.rights(p.initprivs))
FROM pg_init_privs p, LATERAL pg_identify_object(p.classoid, p.objoid, p.objsubid) i
WHERE i.schema = 'citybigdata' OR i.identity LIKE 'citybigdata%';

SELECT kind || ': ' || fact FROM facts ORDER BY kind COLLATE "C", fact COLLATE "C";

-- Reference rows that were shipped: all of a table that pg_dump leaves out, else those that are marked. A row after its table and key;
-- for marked ones the keys of the rows that are the site's, which take the place of shipped ones. Not bound_object: OIDs are others; not the words of events, which are made anew.
SELECT format($f$SELECT 'shipped', %1$L, k.key, to_jsonb(t) FROM %1$s t, LATERAL (SELECT (%3$s)::text) k(key) WHERE %2$s
                 UNION ALL SELECT 'site', %1$L, k.key, NULL FROM %1$s t, LATERAL (SELECT (%3$s)::text) k(key) WHERE NOT (%2$s) ORDER BY 1, 3$f$,
              c.oid::regclass, CASE WHEN m.marked THEN 'shipped' ELSE 'true' END,
              (SELECT 'ROW(' || string_agg('t.' || quote_ident(a.attname), ', ' ORDER BY k.place) || ')'
               FROM pg_index i, unnest(i.indkey) WITH ORDINALITY AS k(attnum, place), pg_attribute a
               WHERE i.indrelid = c.oid AND i.indisprimary AND a.attrelid = c.oid AND a.attnum = k.attnum))
FROM pg_class c JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e'
JOIN pg_extension x ON x.oid = d.refobjid AND x.extname = 'citybigdata',
LATERAL (SELECT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'shipped' AND NOT a.attisdropped) AS marked) m
WHERE c.relkind = 'r' AND c.relname <> ALL ('{bound_object,event_words,event_words_state}') AND (m.marked OR c.oid <> ALL (x.extconfig))
ORDER BY c.relname COLLATE "C" \gexec
