-- Searching the texts of cases: an inverted index that is filled after the reports, not by them (it would treble their cost).

-- The pairs of characters of each case's texts, at work or archived. Made from the cases: a dump leaves it out, maintain() fills it.
CREATE TABLE citybigdata.event_words (
    rec_id integer   NOT NULL CONSTRAINT event_words_pkey PRIMARY KEY,
    pairs  integer[] NOT NULL
);
CREATE INDEX event_words_pairs_idx ON citybigdata.event_words USING gin (pairs);

-- How far it is filled: all cases up to done_to; next_to can be, once every transaction below next_xmax has ended.
CREATE TABLE citybigdata.event_words_state (
    one_row   boolean NOT NULL DEFAULT true CONSTRAINT event_words_state_pkey PRIMARY KEY CONSTRAINT event_words_state_one_row_check CHECK (one_row),
    done_to   integer NOT NULL DEFAULT 0,
    next_to   integer NOT NULL DEFAULT 0,
    next_xmax xid8    NOT NULL DEFAULT '0'
);
