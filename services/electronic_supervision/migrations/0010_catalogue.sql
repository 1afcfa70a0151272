-- The catalogue of items as pages list it: written with the events it follows from, and rebuilt from
-- them.

create table item (
    code           text primary key,
    since          date not null,                  -- first local day of its first version
    withdrawn_from date                            -- first local day without it
);

-- What an item was from a local day on, until the next one.
create table item_version (
    item         text    not null references item,
    first_day    date    not null,
    number       int     not null,                 -- how many times it was said anew, from 1
    name         text    not null,
    unit         text    not null,                 -- code in the register of units
    nature       text    not null,
    arrangement  text    not null,
    guide        boolean not null,                 -- whether a guide is published (办事指南)
    content      jsonb   not null,                 -- all of it, as the record has it
    is_backdated boolean not null,
    primary key (item, first_day)
);

create index item_version_of_unit on item_version (unit);

-- What a city system calls an item, at all times.
create table item_alias (
    source text not null,
    code   text not null,
    item   text not null references item,
    primary key (source, code)
);

create index item_alias_of_item on item_alias (item);
