-- Who may speak of cases, how far they were judged, and what stands.

-- A city system speaks under its own source only: the subject or the token decides which it is.
create table city_system (
    name         text     primary key,             -- city.<name>.… on the bus
    source       text     not null unique,         -- the CloudEvents source
    settle       interval not null default '0',    -- how late it uploads what it knows
    token_digest bytea    unique                   -- sha256 of its token for the HTTP door
);

-- The streams of cases are named by a uuid, whose first digit gives the partition.
create function partition_of(stream text) returns int
    language sql immutable return (strpos('0123456789abcdef', left(stream, 1)) - 1) / 4;

create index event_of_partition on event (partition_of(stream), position);

create table partition (
    number   int    primary key,
    position bigint not null default 0             -- all facts up to here are in the dockets
);

insert into partition (number) select generate_series(0, 3);

-- One row for each case, written by the loop that holds its partition.
create table docket (
    id        text        primary key,             -- the case's stream
    source    text        not null,
    number    text        not null,
    unit      text        not null,                -- '' until its acceptance is known
    item      text        not null,
    is_ended  boolean     not null,
    heard     bigint      not null,                -- position of the last that was told of it
    position  bigint      not null,                -- up to which it was considered
    next_at   timestamptz,                         -- look at it again once this has passed
    calendar  text        not null,                -- version it was judged by
    is_stuck  boolean     not null default false,  -- our code failed on it
    unique (source, number)
);

create index docket_stuck on docket (id) where is_stuck;

create index docket_due on docket (partition_of(id), next_at) where next_at is not null;
create index docket_recent on docket (heard);
create index docket_of_unit on docket (unit, heard);

-- What was concluded, as it stands now; the whole story is in the events.
create table judgement (
    id        text        primary key,
    docket    text        not null,
    clock     text        not null,
    level     text        not null,
    unit      text        not null,
    due_at    timestamptz not null,
    fired_at  timestamptz not null,
    withheld  text        not null,
    stands    boolean     not null,
    raised_at timestamptz not null                 -- last
);

create index judgement_standing on judgement (raised_at, id) where stands;
create index judgement_of_docket on judgement (docket);

-- A judgement with the case it is about, as it is shown.
create view judged as
select judgement.id, docket as case, source, number, judgement.unit, clock, level, due_at as due,
       fired_at, raised_at, withheld, stands
from judgement join docket on docket.id = judgement.docket;
