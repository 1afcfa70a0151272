-- What this service has heard: each message once, in which order, and what it could not read.

-- An event is known by its source and id; the digest of its content tells a double from another.
create table seen (
    source text  not null,
    id     text  not null,
    digest bytea not null,
    primary key (source, id)
);

-- From where to hear a stream again, and until when all that was said is in.
create table checkpoint (
    stream          text        primary key,
    stream_sequence bigint      not null default 0, -- everything up to here is in
    heard_through   timestamptz                    -- all that the stream held then is in
);

-- The sources that number their events, and the numbers that never came.
create table source_sequence (
    source text   primary key,
    last   bigint not null                         -- the highest heard
);

create table gap (
    source     text        not null,
    first      bigint      not null,
    last       bigint      not null,
    noticed_at timestamptz not null,
    primary key (source, first)
);

-- Messages that could not be read, kept for people until they expire.
create table quarantine (
    id          text        primary key,           -- derives from the message
    stream      text        not null,
    subject     text        not null,
    source      text        not null,              -- by the subject, whatever the message says
    event_id    text,                              -- if it could be read
    noted_in    text        not null,              -- the stream of the record that tells of it
    raw         bytea,                             -- null once it has expired
    code        text        not null,
    field       text        not null,
    message     text        not null,
    received_at timestamptz not null,
    expires_at  timestamptz not null,
    times       int         not null default 1,
    settled     text        check (settled in ('released', 'discarded')),
    settled_at  timestamptz
);

create index quarantine_open on quarantine (received_at, id) where settled is null;
