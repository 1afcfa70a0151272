"""The partners on record, and as they stand. The connection's search path is access's schema."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import assert_never

import asyncpg

from kernel.access.partner import (
    PARTNER,
    Command,
    Event,
    KeysRotated,
    PartnerAdded,
    PartnerChanged,
    PartnerRevoked,
    State,
    Terms,
)
from kernel.access.principal import Acting
from kernel.access.refused import Refused
from kernel.codec import Codec
from kernel.handle import Handler
from kernel.store.events import NewPublication

STREAMS = "partner-"
"""How the names of their streams begin."""

CODEC: Codec[Event] = Codec(PartnerAdded, PartnerChanged, KeysRotated, PartnerRevoked)

PUT = """
insert into partner (name, title, source, settle, subscribes, units, durable, rate, largest, nkey,
                     added_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
on conflict (name) do update set
    title = excluded.title, source = excluded.source, settle = excluded.settle,
    subscribes = excluded.subscribes, units = excluded.units, durable = excluded.durable,
    rate = excluded.rate, largest = excluded.largest, nkey = excluded.nkey,
    added_at = excluded.added_at, revoked_at = null
"""
CHANGE = """
update partner set title = $2, source = $3, settle = $4, subscribes = $5, units = $6,
                   durable = $7, rate = $8, largest = $9
where name = $1
"""
ROTATE = "update partner set nkey = $2 where name = $1"
REVOKE = "update partner set nkey = null, revoked_at = $2 where name = $1"
KNOWN_BY = "select name from partner where name = $1 or source = $2 order by name = $1 limit 1"
ALL = """
select name, title, source, settle, subscribes, units, durable, rate, largest, nkey,
       added_at, revoked_at
from partner order by revoked_at is not null, name
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerRow:
    """A partner as it stands; times are UTC, `revoked_at` None while it takes part."""

    name: str
    terms: Terms
    nkey: str | None
    added_at: datetime
    revoked_at: datetime | None


async def carry_out(
    connection: asyncpg.Connection, name: str, command: Command, *, now: datetime, by: Acting
) -> Sequence[Event]:
    """Return what a command made happen to a partner. Raises Refused, as `partner.decide` says."""
    handler: Handler[Command, Event, State] = Handler(
        decider=PARTNER, codec=CODEC, publish=_nothing, project=partial(project, at=now)
    )
    return await handler.handle(connection, f"{STREAMS}{name}", command, now=now, metadata=by)


async def partners(connection: asyncpg.Connection) -> list[PartnerRow]:
    """Return all partners, those that take part first, by name."""
    return [_row(row) for row in await connection.fetch(ALL)]


async def make_sure_of_no_partner(
    connection: asyncpg.Connection, name: str, source: str | None
) -> None:
    """Refuse what a partner is known by, also one that was revoked, until the transaction ends.

    Raises Refused (`source-of-partner`, `name-of-partner`).
    """
    await connection.execute("lock table partner in share mode")  # none may come in meanwhile
    found = await connection.fetchrow(KNOWN_BY, name, source)
    if found is not None:
        is_name = found["name"] == name
        code, field = ("name-of-partner", "name") if is_name else ("source-of-partner", "source")
        raise Refused(code, field=field)


async def project(connection: asyncpg.Connection, events: Sequence[Event], *, at: datetime) -> None:
    """Write what follows from events recorded at an instant (aware)."""
    for event in events:
        match event:
            case PartnerAdded():
                await connection.execute(PUT, event.name, *_columns(event.terms), event.nkey, at)
            case PartnerChanged():
                await connection.execute(CHANGE, event.name, *_columns(event.terms))
            case KeysRotated():
                await connection.execute(ROTATE, event.name, event.nkey)
            case PartnerRevoked():
                await connection.execute(REVOKE, event.name, at)
            case _:
                assert_never(event)


def _columns(terms: Terms) -> tuple[object, ...]:
    return (
        terms.title,
        terms.source,
        terms.settle,
        list(terms.subscribes),
        list(terms.units),
        terms.durable,
        terms.rate,
        terms.largest,
    )


def _nothing(_: Sequence[tuple[str, Event]]) -> Sequence[NewPublication]:
    return ()


def _row(row: asyncpg.Record) -> PartnerRow:
    settle: timedelta = row["settle"]
    terms = Terms(
        title=row["title"],
        source=row["source"],
        settle=settle,
        subscribes=tuple(row["subscribes"]),
        units=tuple(row["units"]),
        durable=row["durable"],
        rate=row["rate"],
        largest=row["largest"],
    )
    return PartnerRow(
        name=row["name"],
        terms=terms,
        nkey=row["nkey"],
        added_at=row["added_at"],
        revoked_at=row["revoked_at"],
    )
