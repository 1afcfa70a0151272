-- Whose a case is: by the units of the city's register, whatever city systems call them. Nothing of
-- it is kept, so that an alias changes at once who sees a case, and taking it back undoes that.

drop index docket_of_unit;
create index docket_of_code on docket (unit, source, heard);
create index docket_open_of_code on docket (unit, source, due_at)
    include (id, accepted_at, is_provisional) where not is_ended;
create index docket_ended_of_code on docket (unit, source, ended_at) include (is_late)
    where ended_at is not null;
create index alert_of_code on alert (unit);
create index judgement_of_code on judgement (unit, raised_at, id) where stands;
create index unit_alias_of_unit on unit_alias (unit);

-- The unit that a source means by a code; the code itself where nobody said otherwise.
create function unit_of(of_source text, of_code text) returns text language sql stable as $$
    select coalesce((select unit from unit_alias where (source, code) = (of_source, of_code)), of_code)
$$;

-- The other way round: all by which sources that ever held a case with it mean one of some units.
create function codes_of(units text[]) returns table (teller text, code text)
    language sql stable rows 5 as $$
        with recursive told (unit, source) as (
            select unit, (select min(source) from docket where docket.unit = asked.unit)
            from unnest(units) as asked(unit)
            union all
            select unit, (select min(source) from docket
                          where docket.unit = told.unit and source > told.source)
            from told where source is not null
        )
        select source, unit from told
        where source is not null and unit_of(source, unit) = unit and unit <> ''
        union
        select source, unit_alias.code from unit_alias where unit = any(units)
    $$;

-- Who may know of a case: the unit that holds it now, and each that it was judged for.
create function is_of(of_docket text, units text[]) returns boolean language sql stable as $$
    select exists (
        select from docket
        where id = of_docket and unit <> '' and unit_of(source, unit) = any(units)
    ) or exists (
        select from judgement join docket on docket.id = judgement.docket
        where docket = of_docket and judgement.unit <> ''
              and unit_of(source, judgement.unit) = any(units)
    )
$$;

-- By what codes some units may be called; a source may mean another one by one of them.
create function called(units text[]) returns text[] language sql stable as $$
    select units || array(select code from unit_alias where unit = any(units))
$$;

-- A judgement as it is shown, with the unit that it was made for as the register has it.
create or replace view judged as
select judgement.id, docket as case, docket.source, number, judgement.unit, clock, level,
       judgement.due_at as due, fired_at, raised_at, withheld, stands,
       coalesce(unit_alias.unit, judgement.unit) as of_unit
from judgement
join docket on docket.id = judgement.docket
left join unit_alias on (unit_alias.source, unit_alias.code) = (docket.source, judgement.unit);

-- An alert as it is shown, with the code that its source knows the unit by, and whether the register
-- knows it too.
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

-- As shown_of, for those who may know of some units only.
create function shown_to(units text[], of_source text, of_ended boolean, search text)
    returns setof shown language sql stable as $$
        select * from shown
        where code = any(called(units)) and of_unit = any(units) and of_unit <> ''
          and (of_source = '' or source = of_source)
          and (of_ended is null or is_ended = of_ended)
          and (search = '' or strpos(lower(number), lower(search)) > 0
               or strpos(lower(item), lower(search)) > 0
               or strpos(lower(unit_name), lower(search)) > 0)
    $$;
