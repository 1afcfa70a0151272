-- The units of the city, as the service of evaluation tells of them; any row can be told anew.
create table unit (
    code        text primary key,
    name        text not null,
    closed_from date                               -- first local day without the unit
);

-- What city systems call a unit.
create table unit_alias (
    source text not null,
    code   text not null,
    unit   text not null,
    primary key (source, code)
);

-- A message of our own stream that can't be read, as long as it keeps coming.
create table unreadable_own (
    stream  text        not null,
    number  bigint      not null,                  -- its place in the stream
    code    text        not null,
    came_at timestamptz not null,                  -- last, by the clock of this server
    primary key (stream, number)
);
