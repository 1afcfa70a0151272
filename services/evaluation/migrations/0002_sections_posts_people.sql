-- Units over time; sections, posts and people: all written with the events they follow from.

-- What a unit was called from a local day on, and with whom it was compared.
create table unit_version (
    unit       text not null references unit,
    first_day  date not null,
    name       text not null,
    unit_group text not null,
    primary key (unit, first_day)
);

insert into unit_version (unit, first_day, name, unit_group)
select distinct on (unit.code, told.day) unit.code, told.day, told.name, unit.unit_group
from unit
join lateral (
    select version, (data::json ->> 'effective_from')::date as day, data::json ->> 'name' as name
    from event
    where stream = 'unit-' || unit.code and type in ('Registered', 'Renamed')
) told on true
order by unit.code, told.day, told.version desc;

create table section (
    code           text primary key,
    unit           text not null references unit,
    effective_from date not null,                  -- first local day with it
    closed_from    date                            -- first local day without it
);

create index section_of_unit on section (unit);

create table section_version (
    section   text not null references section,
    first_day date not null,
    name      text not null,
    primary key (section, first_day)
);

create table person (
    code           text primary key,
    effective_from date not null,
    closed_from    date                            -- first local day without him
);

create table person_version (
    person    text not null references person,
    first_day date not null,
    name      text not null,
    unit      text not null references unit,
    section   text references section,
    duty      text not null,
    primary key (person, first_day)
);

create index person_version_of_unit on person_version (unit);

create table post (
    code           text primary key,
    unit           text not null references unit,
    section        text references section,
    effective_from date not null,
    closed_from    date
);

create index post_of_unit on post (unit);

create table post_version (
    post      text not null references post,
    first_day date not null,
    name      text not null,
    primary key (post, first_day)
);

-- Who was A or B of a post, until somebody else was, or nobody.
create table tenure (
    post      text not null references post,
    place     text not null,                       -- A or B
    first_day date not null,
    person    text not null references person,
    end_day   date,                                -- first local day without him
    primary key (post, place, first_day)
);

-- On which local days A or B was away, both included; no last day: until he returns.
create table absence (
    post      text not null references post,
    place     text not null,
    first_day date not null,
    person    text not null references person,
    last_day  date,
    primary key (post, place, first_day)
);

-- The day from which a unit has had the name that it has on a day.
create function named_since(of_unit text, on_day date) returns date language sql stable as $$
    with told as (
        select first_day, name, row_number() over (order by first_day desc) as back
        from unit_version where unit = of_unit and first_day <= on_day
    )
    select min(first_day) from told
    where back < coalesce(
        (select min(back) from told where name <> (select name from told where back = 1)), 2147483647
    )
$$;

-- Who is A or B of a post on a day, unless he has left, and since when he is away if he is.
create function holder_on(of_post text, of_place text, on_day date) returns table (
    person text, name text, since date, away_from date, away_through date
) language sql stable as $$
    select tenure.person, version.name, tenure.first_day, absence.first_day, absence.last_day
    from tenure
    join person on person.code = tenure.person
        and (person.closed_from is null or on_day < person.closed_from)
    join lateral (
        select person_version.name from person_version
        where person_version.person = tenure.person and person_version.first_day <= on_day
        order by person_version.first_day desc limit 1
    ) version on true
    left join absence on absence.post = tenure.post and absence.place = tenure.place
        and absence.person = tenure.person and absence.first_day >= tenure.first_day
        and absence.first_day <= on_day
        and (absence.last_day is null or on_day <= absence.last_day)
    where tenure.post = of_post and tenure.place = of_place and tenure.first_day <= on_day
      and (tenure.end_day is null or on_day < tenure.end_day)
    order by tenure.first_day desc limit 1
$$;
