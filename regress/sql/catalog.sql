-- What every object of the extension must have; each query names the offenders, no row = all is well.
-- A comment: it is the only prose description, and the manual is made of it.
SELECT pg_describe_object(d.classid, d.objid, 0) AS without_comment
FROM pg_depend d JOIN pg_extension x ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = x.oid
WHERE x.extname = 'citybigdata' AND d.deptype = 'e'
  AND d.classid IN ('pg_class'::regclass, 'pg_proc'::regclass, 'pg_type'::regclass, 'pg_namespace'::regclass,
                    'pg_operator'::regclass, 'pg_cast'::regclass)
  AND obj_description(d.objid, d.classid::regclass::name) IS NULL
  AND NOT EXISTS (SELECT FROM pg_class c WHERE d.classid = 'pg_class'::regclass AND c.oid = d.objid AND c.relkind IN ('i', 'S', 't'))
  AND NOT EXISTS (SELECT FROM pg_type t LEFT JOIN pg_class c ON c.oid = t.typrelid
                  WHERE d.classid = 'pg_type'::regclass AND t.oid = d.objid AND (t.typelem <> 0 OR c.relkind IN ('r', 'p', 'v')))
ORDER BY 1;
SELECT a.attrelid::regclass AS relation, a.attname AS column_without_comment
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
WHERE c.relnamespace = 'citybigdata'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'c') AND NOT c.relispartition
  AND a.attnum > 0 AND NOT a.attisdropped AND col_description(a.attrelid, a.attnum) IS NULL
ORDER BY a.attrelid::regclass::text, a.attnum;
-- SECURITY DEFINER: a fixed search_path that ends in pg_temp, an owner that is no superuser, nothing for PUBLIC.
SELECT p.oid::regprocedure AS unsafe_definer
FROM pg_proc p JOIN pg_roles r ON r.oid = p.proowner
WHERE p.pronamespace = 'citybigdata'::regnamespace AND p.prosecdef
  AND (r.rolsuper OR NOT EXISTS (SELECT FROM unnest(p.proconfig) s WHERE s ~ '^search_path=pg_catalog(, public)?, pg_temp$'))
ORDER BY p.oid::regprocedure::text;
SELECT p.oid::regprocedure AS executable_by_public
FROM pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
WHERE p.pronamespace = 'citybigdata'::regnamespace AND a.grantee = 0
ORDER BY p.oid::regprocedure::text;
SELECT c.oid::regclass AS relation_for_public
FROM pg_class c, aclexplode(c.relacl) a
WHERE c.relnamespace = 'citybigdata'::regnamespace AND a.grantee = 0
ORDER BY c.oid::regclass::text;
-- Functions written in SQL or plpgsql run with a fixed search_path.
SELECT p.oid::regprocedure AS path_of_the_caller
FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
WHERE p.pronamespace = 'citybigdata'::regnamespace AND l.lanname IN ('sql', 'plpgsql') AND p.prosqlbody IS NULL
  AND p.prokind <> 'p' -- a procedure that commits cannot have one: it names all with their schema
  AND NOT EXISTS (SELECT FROM unnest(p.proconfig) s WHERE s ~ '^search_path=')
ORDER BY p.oid::regprocedure::text;
-- The bridge's role: EXECUTE on endpoint functions, USAGE of the schema, and nothing else anywhere.
SELECT p.oid::regprocedure AS beyond_the_endpoints
FROM pg_proc p WHERE p.pronamespace = 'citybigdata'::regnamespace
  AND has_function_privilege('citybigdata_bridge', p.oid, 'EXECUTE') AND p.proname !~ '^rest_'
ORDER BY p.oid::regprocedure::text;
SELECT c.oid::regclass AS readable_by_the_bridge
FROM pg_class c WHERE c.relnamespace = 'citybigdata'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
  AND has_table_privilege('citybigdata_bridge', c.oid, 'SELECT,INSERT,UPDATE,DELETE,TRUNCATE,REFERENCES,TRIGGER')
ORDER BY c.oid::regclass::text;
SELECT p.oid::regprocedure AS endpoint_out_of_reach
FROM pg_proc p WHERE p.pronamespace = 'citybigdata'::regnamespace AND p.proname ~ '^rest_'
  AND NOT (p.prosecdef AND has_function_privilege('citybigdata_bridge', p.oid, 'EXECUTE'))
ORDER BY p.oid::regprocedure::text;
-- Roles: none includes another, none is more than a role.
SELECT r.rolname AS too_mighty FROM pg_roles r
WHERE r.rolname ~ '^citybigdata_' AND (r.rolsuper OR r.rolcreaterole OR r.rolcreatedb OR r.rolbypassrls OR r.rolreplication
   OR EXISTS (SELECT FROM pg_auth_members m WHERE m.member = r.oid))
ORDER BY 1;
-- Constraints of our own name: no generated names with numbers at the end, so that upgrades can name them.
SELECT c.conrelid::regclass AS relation, c.conname AS generated_name FROM pg_constraint c
WHERE c.connamespace = 'citybigdata'::regnamespace AND c.conname ~ '_(check|fkey|key)[0-9]+$'
ORDER BY 1, 2;
-- Every table that can hold user rows is dumped: ordinary tables of the extension are configuration tables.
SELECT c.oid::regclass AS not_dumped
FROM pg_extension x CROSS JOIN pg_class c
WHERE x.extname = 'citybigdata' AND c.relnamespace = 'citybigdata'::regnamespace AND c.relkind = 'r'
  AND c.relname <> 'status_code' -- shipped only, nobody adds rows
  AND c.relname <> 'bound_object' -- OIDs of this database, made anew after a restore
  AND c.relname !~ '^event_words' -- made of the cases by maintain()
  AND NOT c.oid = ANY (coalesce(x.extconfig, '{}'))
  AND EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.classid = 'pg_class'::regclass AND d.deptype = 'e')
ORDER BY 1;
SELECT c.oid::regclass AS sequence_not_dumped
FROM pg_extension x CROSS JOIN pg_class c
WHERE x.extname = 'citybigdata' AND c.relnamespace = 'citybigdata'::regnamespace AND c.relkind = 'S'
  AND NOT c.oid = ANY (coalesce(x.extconfig, '{}'))
  AND EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.classid = 'pg_class'::regclass AND d.deptype = 'e')
ORDER BY 1;
