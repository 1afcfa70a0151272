-- A finding over time as it is shown: `kind` is its level, with -lead behind it where it is no card.
create view found as
select finding.*,
       case when withheld = '' then level else level || '-lead' end as kind,
       coalesce(
           (select name from unit where code = finding.unit),
           (select min(name) from unit_alias join unit on unit.code = unit_alias.unit
            where unit_alias.code = finding.unit having count(distinct unit_alias.unit) = 1)
       ) as unit_name
from pattern_finding finding;

-- What somebody may know of, by the codes of his units (null for the whole city): leads only where
-- he looks into them. A code by which some source means another unit belongs to no unit alone.
create function found_for(units text[], leads boolean) returns setof found
    language sql stable as $$
        select * from found
        where (units is null or unit = any(units) and not exists (
                   select from unit_alias where code = found.unit and unit_alias.unit <> found.unit))
          and (leads or (level <> 'lead' and withheld = ''))
    $$;
