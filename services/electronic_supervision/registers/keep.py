"""The one way by which the registers change: what follows is written with what happened."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

import asyncpg

from kernel.document.batch import Recording
from kernel.handle import Handler
from kernel.relay.epoch import current
from kernel.store.events import NewPublication
from kernel.store.store import read
from services.electronic_supervision.amendment import amended, wake_since
from services.electronic_supervision.domain.registers.registers import Event
from services.electronic_supervision.registers.load import events_of
from services.electronic_supervision.registers.store import (
    CODEC,
    STREAMS,
    Command,
    kind_of,
    stream_of,
)
from services.electronic_supervision.registers.tables import write

# who changes anything writes here first: while it is locked, the registers stay as they are
LOCK = "lock table register_entry, register_version in share row exclusive mode"
EMPTY = "delete from register_version; delete from register_entry"
TELL = """
insert into register_entry as known (kind, code, told) values ($1, $2, $3::text[])
on conflict (kind, code) do update set told = known.told || excluded.told returning told
"""


async def changed(connection: asyncpg.Connection, events: Sequence[Event]) -> None:
    """Write what follows from a change, single or part of a document, before it is appended.

    Every change passes here, in its transaction: what else has to happen with it belongs here.
    """
    for event in events:
        kind = kind_of(event)
        code = kind.code_of(event)
        told = await connection.fetchval(TELL, kind.name, code, CODEC.encode(event))
        await write(connection, kind.name, code, kind.decider.fold(events_of(told)))


async def took_effect(connection: asyncpg.Connection, events: Sequence[Event]) -> None:
    """Have the cases judged anew that changes of registers may concern."""
    if events:
        await amended(connection)
        days: list[date] = [getattr(event, "effective_from", date.min) for event in events]
        await wake_since(connection, min(days))


async def _single(connection: asyncpg.Connection, events: Sequence[Event]) -> None:
    await changed(connection, events)
    await took_effect(connection, events)


async def carry_out(
    connection: asyncpg.Connection,
    command: Command,
    *,
    now: datetime,
    acting: Mapping[str, str],
    key: str | None = None,
) -> Sequence[Event]:
    """Return what a command made happen, nothing if its wish was already true.

    `now` is aware; `acting` tells by whom, in which role and for which unit, as the record keeps
    it; a `key` of the caller's own makes telling it again harmless. Raises Refused and what
    kernel.handle.Handler.handle raises.
    """
    handler = Handler(
        decider=kind_of(command).decider,
        codec=CODEC,
        publish=lambda _: (),
        project=_single,
        epoch=await current(connection),
    )
    return await handler.handle(
        connection,
        stream_of(command),
        command,
        now=now,
        key=None if key is None else f"{acting['by']}\n{key}",
        metadata=acting,
    )


def _say(
    _events: Sequence[tuple[str, Event]], _epoch: int, _now: datetime
) -> Sequence[NewPublication]:
    """Say nothing: no other service has asked for the registers."""
    return ()


RECORDING: Recording[Command, Event] = Recording(
    codec=CODEC,
    stream_of=stream_of,
    decider_of=lambda command: kind_of(command).decider,
    project=changed,
    say=_say,
    settle=took_effect,
)
"""The same for documents: all commands of one are recorded in one append."""


async def rebuild(connection: asyncpg.Connection) -> None:
    """Make the tables anew from the record; meanwhile they can be read, and changes wait."""
    async with connection.transaction():
        await connection.execute(LOCK)
        await connection.execute(EMPTY)
        async for stored in read(connection):
            if stored.stream.startswith(STREAMS):
                await changed(connection, [CODEC.decode(stored.type, stored.data)])
