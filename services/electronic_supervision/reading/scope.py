"""Of which cases somebody may know: those of his units, as the register has them at this moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

import asyncpg
from fastapi import Depends

from kernel.access.policy import BOUND_TO_UNITS, Right
from kernel.access.principal import Caller, Units
from kernel.web.access import needs

NAMES = """
select coalesce(unit.name, asked.code) as name
from unnest($1::text[]) asked(code) left join unit using (code) order by asked.code
"""
MAY_KNOW = "select $1::text[] is null or is_of($2, $1)"
WHOLE_CITY = "(select * from docket where $1::text[] is null) docket"
OF_UNITS = """(
    select docket.* from codes_of($1) told
    join docket on docket.unit = told.code and docket.source = told.teller
) docket"""


ALERTS_OF_CITY = "(select * from shown_of($2, $3, $4) where $1::text[] is null) shown"
ALERTS_OF_UNITS = "shown_to($1, $2, $3, $4) shown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The codes of the units whose cases somebody may know of, None for the whole city.

    Every function that reads cases takes one, and nothing makes one but a caller: who is forgotten
    somewhere does not see all, he does not compile.
    """

    units: Units

    @property
    def codes(self) -> Sequence[str] | None:
        """Return the units as the statements of this service take them, as their `$1`."""
        return None if self.units is None else sorted(self.units)

    def narrowed(self, unit: str | None) -> "Scope":
        """Return it for one of its units, if one is asked for; a foreign one leaves nothing."""
        if unit is None:
            return self
        is_known = self.units is None or unit in self.units
        return Scope(units=frozenset({unit}) if is_known else frozenset())

    def over(self, statement: str) -> str:
        """Have a statement that asks of `{dockets}` see those that are held by the units now.

        Each scope has a statement of its own, lest one plan be made for both.
        """
        return statement.replace("{dockets}", WHOLE_CITY if self.units is None else OF_UNITS)

    def over_alerts(self, statement: str) -> str:
        """Have a statement that asks of `{alerts}` see those that were raised for the units.

        Its parameters: `$2` a source or "", `$3` whether the case has ended or null, `$4` a text to
        look for.
        """
        alerts = ALERTS_OF_CITY if self.units is None else ALERTS_OF_UNITS
        return statement.replace("{alerts}", alerts)


def scope_of(caller: Caller) -> Scope:
    """Return of what a caller may know; nothing, if his role is for units and he has none."""
    if caller.units is None and caller.role in BOUND_TO_UNITS:
        return Scope(units=frozenset())
    return Scope(units=caller.units)


async def _scope(caller: Annotated[Caller, Depends(needs(Right.SEE_CASES))]) -> Scope:
    return scope_of(caller)


CaseScope = Annotated[Scope, Depends(_scope)]
"""Makes a route need the right to see cases, and tells it of which."""


async def may_know(connection: asyncpg.Connection, scope: Scope, docket: str) -> bool:
    """Tell whether somebody may know of a case: his units hold it, or it was judged for them."""
    found: bool = await connection.fetchval(MAY_KNOW, scope.codes, docket)
    return found


async def unit_names(connection: asyncpg.Connection, scope: Scope) -> Sequence[str]:
    """Return the names of the units of a scope, for a heading; none for the whole city."""
    if scope.units is None:
        return ()
    return [row["name"] for row in await connection.fetch(NAMES, scope.codes)]
