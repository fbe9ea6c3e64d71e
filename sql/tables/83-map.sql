-- Map service (clause 4, 地图服务): kept counts of large layers, and which tiles the audit log has.

-- Layers whose rows were counted, one row each.
CREATE TABLE citybigdata.map_layer (
    resource_code text NOT NULL CONSTRAINT map_layer_pkey PRIMARY KEY,
    version       integer NOT NULL,
    counted_at    timestamptz,
    checked_at    timestamptz,
    changes       bigint,
    took_ms       integer,
    places        bigint,
    west          double precision,
    south         double precision,
    east          double precision,
    north         double precision,
    districts     jsonb,
    failed_at     timestamptz,
    failure       text
);

-- Tiles with more rows than a tile shows as features: how many there are in each of its cells.
CREATE TABLE citybigdata.map_cells (
    resource_code text NOT NULL,
    gcj02         boolean NOT NULL,
    z             integer NOT NULL CONSTRAINT map_cells_z_check CHECK (z BETWEEN 0 AND 22),
    x             integer NOT NULL,
    y             integer NOT NULL,
    cells         bytea NOT NULL,
    CONSTRAINT map_cells_pkey PRIMARY KEY (resource_code, gcj02, z, x, y)
);

-- The minute in which the audit log has a tile of a token and a layer.
CREATE TABLE citybigdata.map_seen (
    key    bytea NOT NULL CONSTRAINT map_seen_pkey PRIMARY KEY,
    minute bigint NOT NULL
);
