-- What lists and walls show of cases, so that no page has to fold one to show many.

alter table docket
    add column accepted_at    timestamptz,
    add column ended_at       timestamptz,
    add column due_at         timestamptz,         -- end of its limit; null while paused, or without
    add column measure        text not null default '',  -- in what the limit is counted
    add column is_provisional boolean not null default false,  -- no notice has settled that end yet
    add column is_late        boolean;             -- null while open, and without a limit

create index docket_of_source on docket (source, heard);
create index docket_open on docket (due_at) where not is_ended;
create index docket_accepted on docket (accepted_at);
create index docket_ended on docket (ended_at) where ended_at is not null;

create function gravity(level text) returns int language sql immutable return
    array_position(array['reminder', 'yellow-lead', 'red-lead', 'yellow', 'red'], level);

-- One row for each case that something stands against: the gravest, which hides the others.
create table alert (
    docket    text        primary key,
    judgement text        not null,
    clock     text        not null,
    level     text        not null,
    unit      text        not null,
    due_at    timestamptz not null,
    fired_at  timestamptz not null,
    raised_at timestamptz not null,
    withheld  text        not null,
    hidden    int         not null                 -- how many others stand
);

create index alert_raised on alert (raised_at, docket);

insert into alert
select distinct on (docket) docket, id, clock, level, unit, due_at, fired_at, raised_at, withheld,
       count(*) over (partition by docket) - 1
from judgement where stands
order by docket, gravity(level) desc, fired_at desc, id;

-- An alert as it is shown: with its case, and the unit as the city's register names it.
create view shown as
select alert.docket as id, docket.source, docket.number, docket.item, docket.is_ended,
       docket.ended_at, docket.is_provisional, docket.measure,
       coalesce(unit.code, alert.unit) as unit, coalesce(unit.name, alert.unit) as unit_name,
       alert.clock, alert.level, gravity(alert.level) as gravity, alert.withheld, alert.hidden,
       case when alert.clock = 'total' then coalesce(docket.due_at, alert.due_at)
            else alert.due_at end as due_at,
       alert.fired_at, alert.raised_at
from alert
join docket on docket.id = alert.docket
left join unit_alias on (unit_alias.source, unit_alias.code) = (docket.source, alert.unit)
left join unit on unit.code = coalesce(unit_alias.unit, alert.unit);

-- Those of a source ('' for all), of open or ended cases (null for both), that a text is found in.
create function shown_of(of_source text, of_ended boolean, search text) returns setof shown
    language sql stable as $$
        select * from shown
        where (of_source = '' or source = of_source)
          and (of_ended is null or is_ended = of_ended)
          and (search = '' or strpos(lower(number), lower(search)) > 0
               or strpos(lower(item), lower(search)) > 0
               or strpos(lower(unit_name), lower(search)) > 0)
    $$;

-- Have every case looked at again, which fills the new columns: open ones at once, the others within
-- an hour, lest new deadlines wait behind all of them.
update docket
set next_at = coalesce((select min(heard_through) from checkpoint), clock_timestamp())
    + case when is_ended then random() * interval '1 hour' else interval '0' end;
