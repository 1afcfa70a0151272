-- What breaks a rule at once has no limit that ran out: a wall says what is wrong, and by which rule.
alter table alert
    add column rule    text not null default '',
    add column message text not null default '';

update alert set rule = judgement.rule, message = judgement.message
from judgement where judgement.id = alert.judgement;

create or replace view shown as
select alert.docket as id, docket.source, docket.number, docket.item, docket.is_ended,
       docket.ended_at, docket.is_provisional, docket.measure,
       coalesce(unit.code, alert.unit) as unit, coalesce(unit.name, alert.unit) as unit_name,
       alert.clock, alert.level, gravity(alert.level) as gravity, alert.withheld, alert.hidden,
       case when alert.clock = 'total' then coalesce(docket.due_at, alert.due_at)
            else alert.due_at end as due_at,
       alert.fired_at, alert.raised_at,
       coalesce(unit_alias.unit, alert.unit) as of_unit, alert.unit as code,
       unit.code is not null or alert.unit = '' as is_registered,
       alert.rule, alert.message
from alert
join docket on docket.id = alert.docket
left join unit_alias on (unit_alias.source, unit_alias.code) = (docket.source, alert.unit)
left join unit on unit.code = coalesce(unit_alias.unit, alert.unit);

-- What is asked of a judgement tells the same.
create or replace view judged as
select judgement.id, docket as case, docket.source, number, judgement.unit, clock, level,
       judgement.due_at as due, fired_at, raised_at, withheld, stands,
       coalesce(unit_alias.unit, judgement.unit) as of_unit, judgement.rule, judgement.message
from judgement
join docket on docket.id = judgement.docket
left join unit_alias on (unit_alias.source, unit_alias.code) = (docket.source, judgement.unit);
