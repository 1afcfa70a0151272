-- The entries of the registers that rules judge against, as pages list them: a row for each day from
-- which something is otherwise. Written with the events they follow from, and rebuilt from them.

create table register_version (
    kind      text not null,                       -- green-card, inspection-approval, …
    code      text not null,
    first_day date not null,                       -- first local day of this version
    last_day  date,                                -- last local day on which it may hold; null: open
    standing  text not null,                       -- valid, suspended or withdrawn
    name      text not null,
    unit      text not null,                       -- code of the unit; '' if it is not of one
    words     text not null,                       -- all that may be searched for
    primary key (kind, code, first_day)
);

-- What happened to each entry, so that all registers are read at once, those in the making too.
create table register_entry (
    kind text   not null,
    code text   not null,
    told text[] not null,                          -- type and data of each event, in turn
    primary key (kind, code)
);
