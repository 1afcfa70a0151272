-- What lists and walls show of cases, so that no page has to fold one to show many.

alter table docket
    add column accepted_at    timestamptz,
    add column ended_at       timestamptz,
    add column due_at         timestamptz,         -- end of its limit; null while paused, or without
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

-- have every case looked at again: that fills the new columns
update docket
set next_at = coalesce((select min(heard_through) from checkpoint), clock_timestamp());
