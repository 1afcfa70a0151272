"""The statements that list cases, those told of last first, of the whole city or some units."""

from services.electronic_supervision.reading.scope import Scope

OF_CITY = """
select * from docket where $1::text[] is null and heard < $2 and {which}
order by heard desc limit $3
"""
# each code by its own index: the planner would rather walk a million cases of other units
OF_UNITS = """
select docket.* from codes_of($1) told cross join lateral (
    select * from docket
    where docket.unit = told.code and docket.source = told.teller and heard < $2 and {which}
    order by heard desc limit $3
) docket order by heard desc limit $3
"""


def newest(scope: Scope, which: str) -> str:
    """Return the statement for the dockets of a scope of which a condition holds.

    Its parameters: `$1` the codes of the scope, `$2` the place (`heard`) before which to begin,
    `$3` how many; from `$4` on those of the condition.
    """
    statement = OF_CITY if scope.units is None else OF_UNITS
    return statement.replace("{which}", which)
