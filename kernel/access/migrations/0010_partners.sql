-- Partners as they stand, written with the events that tell of them.

create table partner (
    name       text        primary key,            -- city.<name>.… on the bus, _INBOX_<name>
    title      text        not null,               -- what officials call it
    source     text        unique,                 -- the only one it may report under
    settle     interval    not null,               -- how late it uploads what it knows
    subscribes text[]      not null,               -- names of contracts.grants
    units      text[]      not null,               -- of these only; empty for the whole city
    durable    boolean     not null,               -- the bus keeps what it has not heard yet
    rate       int,                                -- events a minute
    largest    int,                                -- bytes of one event
    nkey       text        unique,                 -- its public key on the bus
    added_at   timestamptz not null,
    revoked_at timestamptz                         -- null while it takes part
);
