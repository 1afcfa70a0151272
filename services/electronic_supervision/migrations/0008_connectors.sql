-- What connectors read from systems that emit nothing. What they told is in the record; here is only
-- what saves them from looking there again, and what people see of their work.

create table connector (
    name       text        primary key,
    source     text        not null,
    place      text        not null,               -- folder and pattern, or view; never a password
    is_folder  boolean     not null,
    every      interval    not null,
    looked_at  timestamptz,                        -- last, whether or not there was anything to read
    next_at    timestamptz,
    failures   int         not null default 0,     -- in a row
    code       text        not null default '',    -- of what stands in its way; '' if all is well
    message    text        not null default '',
    mark       text        not null default '',    -- how far the rows of a view are known
    marked_by  bytea,                              -- fingerprint of the map by which they were read
    all_at     timestamptz                         -- when all rows were read, not just changed ones
);

-- A digest of what a source's rows said of a case when they were last compared with the record. Any
-- row may be lost: then the record is asked again.
create table connector_case (
    source text  not null,
    number text  not null,
    digest bytea not null,
    primary key (source, number)
);

-- Files that were read to their end: the same content by the same map says nothing new.
create table connector_file (
    connector text        not null,
    digest    bytea       not null,                -- sha256 of the content and the map
    name      text        not null,
    read_at   timestamptz not null,
    primary key (connector, digest)
);

create table connector_run (
    number    bigint      primary key generated always as identity,
    connector text        not null,
    place     text        not null,                -- file, or view
    began_at  timestamptz not null,
    ended_at  timestamptz,
    entries   int         not null default 0,      -- rows of the file or view
    cases     int         not null default 0,
    new       int         not null default 0,      -- cases never told of before
    changed   int         not null default 0,
    unchanged int         not null default 0,
    events    int         not null default 0,
    bad       int         not null default 0,      -- rows, and cases, that could not be told
    code      text        not null default '',
    message   text        not null default ''
);

create index connector_run_of on connector_run (connector, number desc);

-- The messages in quarantine that a run put there, or met again.
create table connector_bad (
    run     bigint not null references connector_run on delete cascade,
    line    int    not null,
    message text   not null,
    primary key (run, message)
);
