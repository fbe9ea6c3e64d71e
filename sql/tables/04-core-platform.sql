-- What setup() records of the platform: one row.
CREATE TABLE citybigdata.platform (
    only_row      boolean NOT NULL DEFAULT true CONSTRAINT platform_pkey PRIMARY KEY CONSTRAINT platform_only_row_check CHECK (only_row),
    platform_code text NOT NULL CONSTRAINT platform_code_check CHECK (platform_code OPERATOR(pg_catalog.~) '^[0-9A-Z]{2,12}$'),
    platform_name text NOT NULL,
    division_code text NOT NULL,
    set_up_at     timestamptz NOT NULL DEFAULT pg_catalog.now()
);
