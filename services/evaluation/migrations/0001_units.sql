-- The units as they stand: written with the events they follow from, and rebuilt from them.

create table unit (
    code           text primary key,
    name           text not null,                  -- the one it got last
    name_from      date not null,                  -- first local day of that name
    unit_group     text not null,
    effective_from date not null,                  -- first local day under supervision
    closed_from    date,                           -- first local day without it
    successor      text references unit
);

-- What city systems call a unit.
create table unit_alias (
    unit    text    not null references unit,
    source  text    not null,
    code    text    not null,
    is_open boolean not null default true,         -- false once the unit is closed
    primary key (unit, source, code)
);

-- a city system must not mean two units by one code
create unique index unit_alias_of_open on unit_alias (source, code) where is_open;
