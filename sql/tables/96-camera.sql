-- Cameras (annex A.3): what there is to be seen, by whom it is provided, and who watches.

-- Where pictures come from: the media servers of the platform, or another platform. A media server has the four addresses that
-- players open; an upstream platform has one, and a key whose secret signs what it is asked.
CREATE TABLE citybigdata.camera_provider (
    provider_code text NOT NULL CONSTRAINT camera_provider_pkey PRIMARY KEY
        CONSTRAINT camera_provider_code_check CHECK (provider_code OPERATOR(pg_catalog.~) '^[a-z][a-z0-9-]{0,31}$'),
    title         text NOT NULL,
    kind          text NOT NULL CONSTRAINT camera_provider_kind_check CHECK (kind OPERATOR(pg_catalog.=) ANY (ARRAY['media', 'upstream'])),
    state         text NOT NULL DEFAULT 'active'
        CONSTRAINT camera_provider_state_check CHECK (state OPERATOR(pg_catalog.=) ANY (ARRAY['active', 'disabled'])),
    secret        bytea NOT NULL,
    rtsp_url      text,
    rtmp_url      text,
    hls_url       text,
    ws_url        text,
    networks      cidr[] NOT NULL DEFAULT '{}',
    transcoders   integer NOT NULL DEFAULT 2 CONSTRAINT camera_provider_transcoders_check CHECK (transcoders BETWEEN 0 AND 1000),
    url           text,
    app_key       text,
    version       text CONSTRAINT camera_provider_version_check CHECK (version OPERATOR(pg_catalog.=) ANY (ARRAY['v1', 'v2'])),
    query         text,
    unknown_codes text[] NOT NULL DEFAULT '{40460}',
    offline_codes text[] NOT NULL DEFAULT '{40980}',
    url_seconds   integer NOT NULL DEFAULT 300 CONSTRAINT camera_provider_url_seconds_check CHECK (url_seconds BETWEEN 1 AND 86400),
    failures      integer NOT NULL DEFAULT 0,
    openings      integer NOT NULL DEFAULT 0,
    not_before    timestamptz NOT NULL DEFAULT '-infinity',
    last_error    text,
    listed_at     timestamptz,
    updated_at    timestamptz NOT NULL DEFAULT pg_catalog.now(),
    CONSTRAINT camera_provider_upstream_check CHECK ((kind OPERATOR(pg_catalog.=) 'upstream')
        OPERATOR(pg_catalog.=) (url IS NOT NULL AND app_key IS NOT NULL AND version IS NOT NULL))
) WITH (fillfactor = 70);

-- Cameras 监控点. upstream_code: how the upstream platform writes the camera's code, null: as 32 digits without dashes.
CREATE TABLE citybigdata.camera (
    camera_index_code uuid NOT NULL CONSTRAINT camera_pkey PRIMARY KEY,
    camera_name   text NOT NULL CONSTRAINT camera_name_check CHECK (pg_catalog.length(camera_name) BETWEEN 1 AND 255),
    gb_code       text CONSTRAINT camera_gb_code_key UNIQUE CONSTRAINT camera_gb_code_check CHECK (gb_code OPERATOR(pg_catalog.~) '^[0-9]{20}$'),
    gb_edition    text CONSTRAINT camera_gb_edition_check CHECK (gb_edition OPERATOR(pg_catalog.=) ANY (ARRAY['2011', '2016', '2022'])),
    camera_type   integer NOT NULL DEFAULT 0 CONSTRAINT camera_type_check CHECK (camera_type BETWEEN 0 AND 3),
    division_code text,
    address       text,
    geom          geometry(Point, 4490),
    protocols     text[] NOT NULL DEFAULT '{rtsp,rtmp,hls,ws}' CONSTRAINT camera_protocols_check
        CHECK (protocols OPERATOR(pg_catalog.<@) ARRAY['rtsp', 'rtmp', 'hls', 'ws'] AND protocols OPERATOR(pg_catalog.<>) '{}'),
    transports    text[] NOT NULL DEFAULT '{udp,tcp}' CONSTRAINT camera_transports_check
        CHECK (transports OPERATOR(pg_catalog.<@) ARRAY['udp', 'tcp'] AND transports OPERATOR(pg_catalog.<>) '{}'),
    state         text NOT NULL DEFAULT 'online' CONSTRAINT camera_state_check
        CHECK (state OPERATOR(pg_catalog.=) ANY (ARRAY['online', 'offline', 'closed'])),
    state_at      timestamptz NOT NULL DEFAULT pg_catalog.now(),
    level         integer NOT NULL DEFAULT 2 CONSTRAINT camera_level_check CHECK (level BETWEEN 1 AND 4),
    provider_code text NOT NULL CONSTRAINT camera_provider_code_fkey REFERENCES citybigdata.camera_provider,
    upstream_code text CONSTRAINT camera_upstream_code_check CHECK (pg_catalog.length(upstream_code) BETWEEN 1 AND 64),
    listed_at     timestamptz,
    created_at    timestamptz NOT NULL DEFAULT pg_catalog.now(),
    updated_at    timestamptz NOT NULL DEFAULT pg_catalog.now()
);
CREATE INDEX camera_geom_idx ON citybigdata.camera USING gist (geom);
CREATE INDEX camera_provider_code_idx ON citybigdata.camera (provider_code);

-- Streams 码流: 0 main, 1 sub. source: where a media server takes the pictures from, with user and password, so it is encrypted by the
-- key file; null: the camera, or somebody for it, publishes to the media server.
CREATE TABLE citybigdata.camera_stream (
    camera_index_code uuid NOT NULL CONSTRAINT camera_stream_camera_fkey REFERENCES citybigdata.camera ON DELETE CASCADE,
    stream_type  integer NOT NULL CONSTRAINT camera_stream_type_check CHECK (stream_type OPERATOR(pg_catalog.=) ANY (ARRAY[0, 1])),
    codec        text NOT NULL DEFAULT 'h264' CONSTRAINT camera_stream_codec_check CHECK (codec OPERATOR(pg_catalog.=) ANY (ARRAY['h264', 'h265'])),
    width        integer CONSTRAINT camera_stream_width_check CHECK (width BETWEEN 1 AND 16384),
    height       integer CONSTRAINT camera_stream_height_check CHECK (height BETWEEN 1 AND 16384),
    source       bytea,
    source_place text,
    CONSTRAINT camera_stream_pkey PRIMARY KEY (camera_index_code, stream_type)
);

-- Streams that a media server runs on demand: asleep (no row) until somebody watches. A transcoder is one with transcode.
CREATE TABLE citybigdata.camera_source (
    camera_index_code uuid NOT NULL CONSTRAINT camera_source_camera_fkey REFERENCES citybigdata.camera ON DELETE CASCADE,
    stream_type   integer NOT NULL,
    transcode     boolean NOT NULL,
    provider_code text NOT NULL,
    state         text NOT NULL DEFAULT 'waking' CONSTRAINT camera_source_state_check
        CHECK (state OPERATOR(pg_catalog.=) ANY (ARRAY['waking', 'live', 'failed'])),
    woken_at      timestamptz NOT NULL DEFAULT pg_catalog.now(),
    live_at       timestamptz,
    wanted_at     timestamptz NOT NULL DEFAULT pg_catalog.now(),
    reason        text,
    CONSTRAINT camera_source_pkey PRIMARY KEY (camera_index_code, stream_type, transcode)
) WITH (fillfactor = 50);
CREATE INDEX camera_source_provider_idx ON citybigdata.camera_source (provider_code);

-- Plays: one row for each address that was given. The address is judged by this row: by its digest, then by the application, account,
-- grant and token that it was given to, as they are at that moment; so nothing needs to be told to anybody when one of them is
-- revoked. No column of an index but ended_at changes, so that a new version of the row finds room beside the old one.
CREATE TABLE citybigdata.camera_play (
    token_digest  bytea NOT NULL CONSTRAINT camera_play_token_pkey PRIMARY KEY
        CONSTRAINT camera_play_token_digest_check CHECK (pg_catalog.octet_length(token_digest) OPERATOR(pg_catalog.=) 32),
    play_id       bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT camera_play_play_id_key UNIQUE,
    camera_index_code uuid NOT NULL,
    provider_code text NOT NULL,
    stream_type   integer NOT NULL,
    protocol      text NOT NULL CONSTRAINT camera_play_protocol_check CHECK (protocol OPERATOR(pg_catalog.=) ANY (ARRAY['rtsp', 'rtmp', 'hls', 'ws'])),
    transport     text NOT NULL CONSTRAINT camera_play_transport_check CHECK (transport OPERATOR(pg_catalog.=) ANY (ARRAY['udp', 'tcp'])),
    transcode     boolean NOT NULL DEFAULT false,
    app_id        integer,
    account_id    bigint,
    user_name     text,
    app_epoch     integer,
    account_epoch integer,
    by_address    boolean NOT NULL DEFAULT false,
    access_token_digest bytea CONSTRAINT camera_play_access_token_digest_check
        CHECK (pg_catalog.octet_length(access_token_digest) OPERATOR(pg_catalog.=) 32),
    access_token_until  timestamptz,
    given_at      timestamptz NOT NULL DEFAULT pg_catalog.now(),
    given_to      inet,
    open_until    timestamptz NOT NULL,
    opened_at     timestamptz,
    opened_from   inet,
    seen_at       timestamptz,
    ended_at      timestamptz,
    end_reason    text CONSTRAINT camera_play_end_reason_check
        CHECK (end_reason OPERATOR(pg_catalog.=) ANY (ARRAY['stopped', 'silent', 'revoked', 'refused', 'camera', 'source', 'busy', 'unused'])),
    CONSTRAINT camera_play_ended_check CHECK ((ended_at IS NULL) OPERATOR(pg_catalog.=) (end_reason IS NULL))
) WITH (fillfactor = 70);
CREATE INDEX camera_play_running_idx ON citybigdata.camera_play (provider_code, camera_index_code, stream_type, transcode) WHERE ended_at IS NULL;
CREATE INDEX camera_play_app_id_idx ON citybigdata.camera_play (app_id, play_id);
CREATE INDEX camera_play_camera_idx ON citybigdata.camera_play (camera_index_code, play_id);
