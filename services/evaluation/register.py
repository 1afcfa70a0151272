"""The register of units: carry out a command, and look up what stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

import asyncpg

from kernel.handle import Handler
from kernel.relay.epoch import current
from services.evaluation.domain.unit import UNIT, Command, Event
from services.evaluation.project import project
from services.evaluation.publish import say
from services.evaluation.store import CODEC, stream_of
from services.evaluation.tenancy import TENANCY

OF_CODE = """
select u.*,
       array(select a.source from unit_alias a where a.unit = u.code order by a.source, a.code)
           as sources,
       array(select a.code from unit_alias a where a.unit = u.code order by a.source, a.code)
           as codes
from unit u where u.code = $1
"""
AFTER = """
select u.*,
       array(select a.source from unit_alias a where a.unit = u.code order by a.source, a.code)
           as sources,
       array(select a.code from unit_alias a where a.unit = u.code order by a.source, a.code)
           as codes
from unit u where u.code > $1 order by u.code limit $2
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitRow:
    """A unit as it stands; `sources` and `codes` are its aliases, side by side."""

    code: str
    name: str
    name_from: date
    unit_group: str
    effective_from: date
    closed_from: date | None
    successor: str | None
    sources: Sequence[str]
    codes: Sequence[str]


async def carry_out(
    connection: asyncpg.Connection,
    command: Command,
    *,
    now: datetime,
    by: str,
    key: str | None = None,
) -> Sequence[Event]:
    """Return what a command of `by` made happen, nothing if its wish was already true.

    `now` is aware; a `key` of the caller's own makes telling it again harmless. Raises Refused and
    what kernel.handle.Handler.handle raises.
    """
    # asked each time: an operator may have opened another epoch
    epoch = await current(connection)
    handler = Handler(
        decider=UNIT,
        codec=CODEC,
        publish=partial(say, source=TENANCY.source_in(epoch), now=now),
        project=project,
        epoch=epoch,
    )
    return await handler.handle(
        connection,
        stream_of(command.code),
        command,
        now=now,
        key=None if key is None else f"{by}\n{key}",
        metadata={"by": by},
    )


async def unit(connection: asyncpg.Connection, code: str) -> UnitRow | None:
    """Return a unit, None if it was never registered."""
    row = await connection.fetchrow(OF_CODE, code)
    return None if row is None else UnitRow(**row)


async def units(connection: asyncpg.Connection, *, after: str, limit: int) -> list[UnitRow]:
    """Return the units whose codes follow one, in order of their codes."""
    rows = await connection.fetch(AFTER, after, limit)
    return [UnitRow(**row) for row in rows]
