-- Organisation (clause 4, 业务支撑): who does what, and where.

-- Responsible units 责任单位. divisions and event_types: what the unit answers for, as codes that stand for all below them;
-- empty: not said here (responsibility says it more closely).
CREATE TABLE citybigdata.unit (
    unit_code   text NOT NULL CONSTRAINT unit_pkey PRIMARY KEY
        CONSTRAINT unit_code_check CHECK (unit_code OPERATOR(pg_catalog.~) '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$'),
    name        text NOT NULL,
    parent_code text CONSTRAINT unit_parent_check CHECK (parent_code OPERATOR(pg_catalog.<>) unit_code),
    divisions   text[] NOT NULL DEFAULT '{}',
    event_types text[] NOT NULL DEFAULT '{}',
    contact     text,
    telephone   text,
    calendar    text NOT NULL DEFAULT 'default',
    state       text NOT NULL DEFAULT 'active'
        CONSTRAINT unit_state_check CHECK (state OPERATOR(pg_catalog.=) ANY (ARRAY['active', 'closed'])),
    updated_at  timestamptz NOT NULL DEFAULT pg_catalog.now()
);
CREATE INDEX unit_parent_code_idx ON citybigdata.unit (parent_code);

-- Posts 岗位: what an account does for a unit in a division; null: for every unit, in every division. The delegate acts in the
-- post from delegate_from until delegate_until.
CREATE TABLE citybigdata.post (
    post_id        bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT post_pkey PRIMARY KEY,
    account_id     bigint NOT NULL,
    role           text NOT NULL CONSTRAINT post_role_check CHECK (role OPERATOR(pg_catalog.=) ANY (ARRAY['inspector', 'desk', 'filer', 'dispatcher',
        'unit', 'handler', 'verifier', 'supervisor', 'leader'])),
    unit_code      text,
    division_code  text,
    valid_from     timestamptz NOT NULL DEFAULT pg_catalog.now(),
    valid_until    timestamptz,
    delegate_id    bigint,
    delegate_from  timestamptz,
    delegate_until timestamptz,
    given_by       text NOT NULL,
    CONSTRAINT post_time_check CHECK (valid_until OPERATOR(pg_catalog.>) valid_from),
    CONSTRAINT post_delegate_check CHECK ((delegate_id IS NULL) OPERATOR(pg_catalog.=) (delegate_from IS NULL)
        AND (delegate_id IS NULL) OPERATOR(pg_catalog.=) (delegate_until IS NULL)
        AND delegate_until OPERATOR(pg_catalog.>) delegate_from AND delegate_id OPERATOR(pg_catalog.<>) account_id)
);
CREATE INDEX post_account_id_idx ON citybigdata.post (account_id);
CREATE INDEX post_delegate_id_idx ON citybigdata.post (delegate_id) WHERE delegate_id IS NOT NULL;
CREATE INDEX post_role_unit_code_idx ON citybigdata.post (role, unit_code);

-- Duty grids 责任网格.
CREATE TABLE citybigdata.duty_grid (
    grid_code     text NOT NULL CONSTRAINT duty_grid_pkey PRIMARY KEY
        CONSTRAINT duty_grid_code_check CHECK (grid_code OPERATOR(pg_catalog.~) '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$'),
    name          text NOT NULL,
    division_code text,
    geom          geometry(MultiPolygon, 4490) NOT NULL,
    inspector_id  bigint,
    unit_code     text,
    updated_at    timestamptz NOT NULL DEFAULT pg_catalog.now()
);
CREATE INDEX duty_grid_geom_idx ON citybigdata.duty_grid USING gist (geom);

-- Which unit answers for a type in a division. '' stands for every type or division; a code stands for all that begin with it. The
-- most special row wins: the longest type, then the longest division.
CREATE TABLE citybigdata.responsibility (
    event_type_code text NOT NULL,
    division_code   text NOT NULL,
    unit_code       text NOT NULL,
    updated_at      timestamptz NOT NULL DEFAULT pg_catalog.now(),
    CONSTRAINT responsibility_pkey PRIMARY KEY (event_type_code, division_code)
);
