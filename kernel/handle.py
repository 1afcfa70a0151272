"""Carry out a command: load, fold, decide, append; again if somebody else was quicker."""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Generic, TypeVar
from uuid import UUID, uuid5

import asyncpg

from kernel.codec import Codec
from kernel.decider import Decider
from kernel.store.events import CommandKey, NewEvent, NewPublication
from kernel.store.store import VersionConflictError, append, carried_out, load

Command = TypeVar("Command")
Happened = TypeVar("Happened")
State = TypeVar("State")

NAMESPACE = UUID("b0a1a0f5-8f0e-5a94-a1d6-6a1d1d7c9d11")
ATTEMPTS = 20

Publish = Callable[[Sequence[tuple[str, Happened]]], Sequence[NewPublication]]
"""From new events with their ids, in order, to what is said of them."""

Project = Callable[[asyncpg.Connection, Sequence[Happened]], Awaitable[None]]
"""Writes what follows from new events, in their transaction and before they are appended."""


class _RepeatedError(Exception):
    """The same command was carried out meanwhile: what follows from it is written already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handler(Generic[Command, Happened, State]):
    """How one kind of stream takes its commands; `epoch` is that of the source `publish` names.

    What `project` raises refuses the command: then nothing of it is recorded.
    """

    decider: Decider[Command, Happened, State]
    codec: Codec[Happened]
    publish: Publish[Happened]
    project: Project[Happened] | None = None
    epoch: int = 1

    async def handle(
        self,
        connection: asyncpg.Connection,
        stream: str,
        command: Command,
        *,
        now: datetime,
        key: str | None = None,
        metadata: Mapping[str, str] | None = None,
    ) -> Sequence[Happened]:
        """Return what the command made happen; nothing if its wish was already true.

        `now` (aware) is when it is recorded. A `key` makes a repeated command harmless: it returns
        what it made happen, and records nothing twice. Raises what `decide` and `project` raise,
        KeyReusedError, and VersionConflictError if others are quicker again and again.
        """
        about = json.dumps(dict(metadata or {}), ensure_ascii=False, sort_keys=True)
        named = None if key is None else _named(key, command)
        for _ in range(ATTEMPTS):
            if named is not None and (done := await carried_out(connection, named)) is not None:
                return [self.codec.decode(each.type, each.data) for each in done]
            past = await load(connection, stream)
            state = self.decider.fold(self.codec.decode(each.type, each.data) for each in past)
            happened = self.decider.decide(command, state)
            events = self._events(stream, len(past), happened, about)
            try:
                await self._record(connection, happened, events, now, named)
            except (VersionConflictError, _RepeatedError):
                continue
            return happened
        raise VersionConflictError

    async def _record(
        self,
        connection: asyncpg.Connection,
        happened: Sequence[Happened],
        events: Sequence[NewEvent],
        now: datetime,
        key: CommandKey | None,
    ) -> None:
        """Write all that follows from a decision, or nothing."""
        said = self.publish([(e.id, h) for e, h in zip(events, happened, strict=True)])
        async with AsyncExitStack() as stack:
            # only who projects pays for a transaction: append() alone is one already
            if self.project is not None:
                await stack.enter_async_context(connection.transaction())
                await self.project(connection, happened)
            told = await append(
                connection, events, now, publications=said, key=key, epoch=self.epoch
            )
            if told.is_repeat:
                raise _RepeatedError

    def _events(
        self, stream: str, version: int, happened: Sequence[Happened], about: str
    ) -> list[NewEvent]:
        """Give events their versions, and ids that derive from their place."""
        events = []
        for number, event in enumerate(happened, version + 1):
            name, data = self.codec.encode(event)
            id_ = str(uuid5(NAMESPACE, f"{stream}/{number}"))
            events.append(
                NewEvent(
                    stream=stream, id=id_, type=name, data=data, metadata=about, version=number
                )
            )
        return events


def _named(key: str, command: object) -> CommandKey:
    """Take the command's own words as its digest; commands are frozen dataclasses of values."""
    return CommandKey(key=key, digest=sha256(repr(command).encode()).digest())
