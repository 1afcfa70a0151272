-- A unit is called on each local day what it is called from that day on, and not before.

create table unit_day (
    unit      text not null,
    first_day date not null,                       -- first local day of that name
    name      text not null,
    primary key (unit, first_day)
);

create function local_day() returns date language sql stable as $$
    select (now() at time zone 'Asia/Shanghai')::date
$$;

-- What evaluation told; `name` is the one that had begun when it was told of last.
alter table unit rename to unit_told;

-- The units as they are today.
create view unit as
select told.code, coalesce(named.name, told.name) as name, told.closed_from
from unit_told told
left join (
    select distinct on (unit) unit, name from unit_day
    where first_day <= local_day() order by unit, first_day desc
) named on named.unit = told.code;

-- As it was, with the units as they are today.
create or replace view shown as
select alert.docket as id, docket.source, docket.number, docket.item, docket.is_ended,
       docket.ended_at, docket.is_provisional, docket.measure,
       coalesce(unit.code, alert.unit) as unit, coalesce(unit.name, alert.unit) as unit_name,
       alert.clock, alert.level, gravity(alert.level) as gravity, alert.withheld, alert.hidden,
       case when alert.clock = 'total' then coalesce(docket.due_at, alert.due_at)
            else alert.due_at end as due_at,
       alert.fired_at, alert.raised_at,
       coalesce(unit_alias.unit, alert.unit) as of_unit, alert.unit as code,
       unit.code is not null or alert.unit = '' as is_registered
from alert
join docket on docket.id = alert.docket
left join unit_alias on (unit_alias.source, unit_alias.code) = (docket.source, alert.unit)
left join unit on unit.code = coalesce(unit_alias.unit, alert.unit);
