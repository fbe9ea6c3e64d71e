-- Operators: up to which data level a role sees (clause 4, 业务支撑; 6.3). The roles are those of table post.
CREATE TABLE citybigdata.role_level (
    role    text NOT NULL CONSTRAINT role_level_pkey PRIMARY KEY CONSTRAINT role_level_role_check
        CHECK (role OPERATOR(pg_catalog.=) ANY (ARRAY['inspector', 'desk', 'filer', 'dispatcher', 'unit', 'handler', 'verifier', 'supervisor', 'leader'])),
    level   integer NOT NULL CONSTRAINT role_level_level_check CHECK (level BETWEEN 1 AND 3),
    shipped boolean NOT NULL DEFAULT false
);
