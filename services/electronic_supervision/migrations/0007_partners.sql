-- What a city system may send at most, and what partners are shown to be; the record of access
-- decides, and the same command writes both.

alter table city_system
    add column rate    int,                        -- events a minute; null for any number
    add column largest int;                        -- bytes of one event; null for what all may send

create table partner (
    name       text        primary key,
    title      text        not null,
    subscribes text[]      not null,
    units      text[]      not null,               -- empty for the whole city
    durable    boolean     not null,
    has_keys   boolean     not null,
    added_at   timestamptz not null,
    revoked_at timestamptz
);

-- Until when what a partner sent uses up its rate. Lost in a crash, as a minute is soon over.
create unlogged table pace (
    partner text        not null,
    door    text        not null,                  -- http or bus
    full_at timestamptz not null,
    primary key (partner, door)
);

-- What was refused over HTTP is answered and not kept: how often, by local day and reason. On the
-- bus, `over-rate` counts what was taken all the same.
create table rejection (
    partner text        not null,
    day     date        not null,
    code    text        not null,
    times   bigint      not null,
    last_at timestamptz not null,
    primary key (partner, day, code)
);
