"""Keep the catalogue of items: carry out one command, or those of a whole document."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import partial

import asyncpg

from kernel.document.batch import Recording
from kernel.handle import Handler
from kernel.relay.epoch import current
from services.electronic_supervision.amendment import amended, wake_items
from services.electronic_supervision.catalogue.saying import say
from services.electronic_supervision.catalogue.store import CODEC, stream_for
from services.electronic_supervision.catalogue.tables import write
from services.electronic_supervision.domain.catalogue.item import ITEM, State
from services.electronic_supervision.domain.catalogue.item_acts import (
    Command,
    Event,
    ItemAliasAdded,
    ItemAliasRemoved,
)

ALIASES = ItemAliasAdded | ItemAliasRemoved
# by all that cases of some items may be called
CALLED = """
select unnest($1::text[]) as code union select code from item_alias where item = any($1)
"""


async def changed(connection: asyncpg.Connection, events: Sequence[Event]) -> None:
    """Write what follows from any change of the catalogue, in the transaction that records it.

    Commands and documents alike come by here, before their events are appended. Raises what
    tables.write raises.
    """
    await write(connection, events)


async def took_effect(connection: asyncpg.Connection, events: Sequence[Event]) -> None:
    """Have the cases judged anew that changes of items may concern."""
    if not events:
        return
    await amended(connection)
    told = [event.alias.code for event in events if isinstance(event, ALIASES)]
    rows = await connection.fetch(CALLED, [event.code for event in events])
    since = min(
        date.min if isinstance(event, ALIASES) else event.effective_from for event in events
    )
    await wake_items(connection, [*told, *(row["code"] for row in rows)], since)


async def _single(connection: asyncpg.Connection, events: Sequence[Event]) -> None:
    await changed(connection, events)
    await took_effect(connection, events)


RECORDING: Recording[Command, Event] = Recording(
    codec=CODEC,
    stream_of=stream_for,
    decider_of=lambda _: ITEM,
    project=changed,
    say=say,
    settle=took_effect,
)
"""How documents record what follows from them."""


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
    epoch = await current(connection)
    handler: Handler[Command, Event, State] = Handler(
        decider=ITEM,
        codec=CODEC,
        publish=partial(say, epoch=epoch, now=now),
        project=_single,
        epoch=epoch,
    )
    return await handler.handle(
        connection,
        stream_for(command),
        command,
        now=now,
        key=None if key is None else f"{acting['by']}\n{key}",
        metadata=acting,
    )
