"""The register of units, sections, posts and people: carry out one command."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial

import asyncpg

from kernel.handle import Handler
from kernel.relay.epoch import current
from services.evaluation.project import project
from services.evaluation.publish import say
from services.evaluation.store import CODEC, Command, Event, kind_of, stream_of
from services.evaluation.tenancy import TENANCY


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
    # asked each time: an operator may have opened another epoch
    epoch = await current(connection)
    handler = Handler(
        decider=kind_of(command).decider,
        codec=CODEC,
        publish=partial(say, source=TENANCY.source_in(epoch), now=now),
        project=project,
        epoch=epoch,
    )
    return await handler.handle(
        connection,
        stream_of(command),
        command,
        now=now,
        key=None if key is None else f"{acting['by']}\n{key}",
        metadata=acting,
    )
