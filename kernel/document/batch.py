"""Many commands in one transaction, recorded in one step at its end, all or none."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from json import dumps
from typing import Any, Generic, TypeVar
from uuid import uuid5

import asyncpg

from kernel.codec import Codec
from kernel.decider import Decider
from kernel.handle import NAMESPACE, Project
from kernel.relay.epoch import current
from kernel.store.events import NewEvent, NewPublication
from kernel.store.store import append, load

Command = TypeVar("Command")
Happened = TypeVar("Happened")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording(Generic[Command, Happened]):
    """How a service takes its commands, of whichever kind, and records what happened.

    `say` is given new events with their ids, the epoch of the source, and the time. `settle` comes
    last, and not where documents are only tried out: what others would have to wait for.
    """

    codec: Codec[Happened]
    stream_of: Callable[[Command], str]
    decider_of: Callable[[Command], Decider[Any, Any, Any]]
    project: Project[Happened]
    say: Callable[[Sequence[tuple[str, Happened]], int, datetime], Sequence[NewPublication]]
    settle: Project[Happened] | None = None


@dataclass
class _Stream:
    """How far a stream got, and the state that its events lead to."""

    version: int
    state: Any


@dataclass
class Batch(Generic[Command, Happened]):
    """What has happened so far, in a transaction in which nobody else changes the same things."""

    connection: asyncpg.Connection
    recording: Recording[Command, Happened]
    now: datetime
    acting: Mapping[str, str]
    happened: list[tuple[NewEvent, Happened]] = field(default_factory=list)
    _streams: dict[str, _Stream] = field(default_factory=dict)

    async def carry_out(self, command: Command) -> None:
        """Write what follows from a command. Raises what refuses it; then nothing is written."""
        name, decider = self.recording.stream_of(command), self.recording.decider_of(command)
        stream = await self._stream(name, decider)
        events = decider.decide(command, stream.state)
        async with self.connection.transaction():
            await self.recording.project(self.connection, events)
        for event in events:
            stream.version += 1
            stream.state = decider.evolve(stream.state, event)
            self.happened.append((self._new(name, stream.version, event), event))

    async def record(self) -> None:
        """Record all that happened. Raises what kernel.store.store.append raises."""
        epoch = await current(self.connection)
        told = [(new.id, event) for new, event in self.happened]
        said = self.recording.say(told, epoch, self.now)
        events = [new for new, _ in self.happened]
        if self.recording.settle is not None:
            await self.recording.settle(self.connection, [event for _, event in self.happened])
        await append(self.connection, events, self.now, publications=said, epoch=epoch)

    async def _stream(self, name: str, decider: Decider[Any, Any, Any]) -> _Stream:
        if name not in self._streams:
            past = await load(self.connection, name)
            events = [self.recording.codec.decode(each.type, each.data) for each in past]
            self._streams[name] = _Stream(len(past), decider.fold(events))
        return self._streams[name]

    def _new(self, stream: str, version: int, event: Happened) -> NewEvent:
        kind, data = self.recording.codec.encode(event)
        return NewEvent(
            stream=stream,
            id=str(uuid5(NAMESPACE, f"{stream}/{version}")),
            type=kind,
            data=data,
            metadata=dumps(dict(self.acting), ensure_ascii=False, sort_keys=True),
            version=version,
        )
