-- What setup() records of the platform: one row.
CREATE TABLE citybigdata.platform (
    only_row      boolean NOT NULL DEFAULT true CONSTRAINT platform_pkey PRIMARY KEY CONSTRAINT platform_only_row_check CHECK (only_row),
    platform_code text NOT NULL CONSTRAINT platform_code_check CHECK (platform_code OPERATOR(pg_catalog.~) '^[0-9A-Z]{2,12}$'),
    platform_name text NOT NULL,
    division_code text NOT NULL,
    set_up_at     timestamptz NOT NULL DEFAULT pg_catalog.now()
);
COMMENT ON TABLE citybigdata.platform IS 'This platform (城市管理大数据平台标识): one row, written by setup()';
COMMENT ON COLUMN citybigdata.platform.only_row IS 'Always true: the table has one row';
COMMENT ON COLUMN citybigdata.platform.platform_code IS 'Platform identifier, 2 to 12 digits or capital letters; every appCode and taskNum starts with it';
COMMENT ON COLUMN citybigdata.platform.platform_name IS 'Platform name (平台标识信息)';
COMMENT ON COLUMN citybigdata.platform.division_code IS 'GB/T 2260 code of the city that the platform serves';
COMMENT ON COLUMN citybigdata.platform.set_up_at IS 'When setup() first ran';
