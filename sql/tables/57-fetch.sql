-- Media that were reported as an address, fetched and kept (clause 5.4.4-b): what became of each, and the bytes, once for each content.

CREATE TABLE citybigdata.media_fetch (
    fetch_no    bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT media_fetch_fetch_no_key UNIQUE,
    rec_id      integer NOT NULL,
    media_no    integer NOT NULL CONSTRAINT media_fetch_media_no_check CHECK (media_no OPERATOR(pg_catalog.>) 0),
    state       text NOT NULL DEFAULT 'waiting' CONSTRAINT media_fetch_state_check
        CHECK (state OPERATOR(pg_catalog.=) ANY (ARRAY['waiting', 'kept', 'refused', 'failed'])),
    message_id  bigint,
    status_code integer NOT NULL DEFAULT 0,
    http_status integer,
    distance    integer CONSTRAINT media_fetch_distance_check CHECK (distance OPERATOR(pg_catalog.>=) 0),
    digest      bytea,
    changed_at  timestamptz NOT NULL DEFAULT pg_catalog.now(),
    CONSTRAINT media_fetch_pkey PRIMARY KEY (rec_id, media_no),
    CONSTRAINT media_fetch_kept_check CHECK ((state OPERATOR(pg_catalog.=) 'kept') OPERATOR(pg_catalog.=) (digest IS NOT NULL))
);
CREATE INDEX media_fetch_digest_idx ON citybigdata.media_fetch (digest) WHERE digest IS NOT NULL;
CREATE INDEX media_fetch_problem_idx ON citybigdata.media_fetch (fetch_no) WHERE status_code OPERATOR(pg_catalog.<>) 0;

-- No foreign key between the two: cases move to the archive and back out of dumps table by table. What refers to a copy locks its row.
CREATE TABLE citybigdata.media_copy (
    digest       bytea NOT NULL CONSTRAINT media_copy_pkey PRIMARY KEY CONSTRAINT media_copy_digest_check CHECK (pg_catalog.octet_length(digest) OPERATOR(pg_catalog.=) 32),
    content      bytea NOT NULL,
    thumbnail    bytea,
    content_type text  NOT NULL,
    width        integer,
    height       integer,
    kept_at      timestamptz NOT NULL DEFAULT pg_catalog.now()
);
ALTER TABLE citybigdata.media_copy ALTER COLUMN content SET STORAGE EXTERNAL;
ALTER TABLE citybigdata.media_copy ALTER COLUMN thumbnail SET STORAGE EXTERNAL;
