-- Who took over from a closed unit: its cases stay under its name, and people ask who answers now.

alter table unit_told add column successor text;   -- code; null if the unit has none, or goes on

create or replace view unit as
select told.code, coalesce(named.name, told.name) as name, told.closed_from, told.successor
from unit_told told
left join (
    select distinct on (unit) unit, name from unit_day
    where first_day <= local_day() order by unit, first_day desc
) named on named.unit = told.code;

-- The units that are no more today, with the name of the one that took over.
create view closed_unit as
select unit.code, coalesce(heir.name, unit.successor) as successor
from unit left join unit heir on heir.code = unit.successor
where unit.closed_from <= local_day();

-- Who closed was told before: provisioning, which runs this, has the units heard again from the
-- first message on, as after an older backup. To hear them twice changes nothing.
update source_sequence set last = 0
where (source = '/xiaoneng/evaluation' or starts_with(source, '/xiaoneng/evaluation/epoch-'))
      and exists (select from unit_told where closed_from is not null);
delete from checkpoint
where stream = 'ORGANISATION' and exists (select from unit_told where closed_from is not null);
